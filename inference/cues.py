"""The words that say that someone speaks: verbs, openers and nouns of reported speech, and where a sentence has them.

Everything is compared in folded words: as `inference.normalize` gives them, without ZWNJ (`میگوید`). Only third
persons are listed, neither passive (`تاکید شد`) nor negated (`نگفت`): `گفته‌ایم` and `اعلام شد` report nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

CueKind = Literal["say", "judge", "demand", "ask", "open", "according"]
"""What stands where. `say`: content behind it, or before it with a preposition (`از … خبر داد`); `judge`: `… را رد
کرد`, `… را … خواند`; `demand`: `خواستار … شد`; `ask`: `از … خواست`; `open`: `با بیان اینکه …`; `according`: `به
گفته …`."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a sentence, in numbers of its words.

    Attributes:
        kind: Where its source and content stand.
        start: First word.
        end: One past the last word; what follows `خواستار` is not counted.
        prepositions: What may open the content before the verb.
        closing: Words of the verb of `خواستار … شد`, `(start, end)`; None elsewhere.
        participle: Whether it is no more than a participle or noun, which says little by itself.
    """

    kind: CueKind
    start: int
    end: int
    prepositions: tuple[str, ...] = ()
    closing: tuple[int, int] | None = None
    participle: bool = False


MAX_CUES = 60
"""A sentence with more is no sentence; the rest are passed over, so that time stays linear."""


def word_set(words: str) -> frozenset[str]:
    """Words parted by blanks, as a set."""
    return frozenset(words.split())


def _forms(past: str, *present: str) -> tuple[str, ...]:
    """Third persons of a verb: `گفت`, `گفتند`, `میگفت`, `گفتهاند` …"""
    participle = f"{past}ه"
    return (
        past,
        f"{past}ند",
        f"می{past}",
        f"می{past}ند",
        participle,
        f"{participle}اند",
        f"{participle}است",
        f"{participle}بود",
        *(form for stem in present for form in (f"می{stem}د", f"می{stem}ند")),
    )


_LIGHT = {
    form: verb
    for verb, forms in {
        "کرد": (*_forms("کرد", "کن"), *_forms("نمود", "نمای"), *_forms("ساخت", "ساز")),
        "داشت": (*_forms("داشت"), "دارد", "دارند"),
        "داد": (*_forms("داد"), "میدهد", "میدهند"),
        "شد": _forms("شد", "شو"),
        "گفت": _forms("گفت", "گوی"),
    }.items()
    for form in forms
}
"""Light verbs: which verb a form belongs to."""

_AUXILIARIES = frozenset({"است", "اند", "بود", "بودند", "باشد", "باشند"})
_PASSIVES = frozenset({"شد", "شده", "میشود", "نشد", "نشده", "شدهاست", "شدند", "میشد", "خواهد"})

_VERBS: tuple[tuple[CueKind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("say", (), (*_forms("گفت", "گوی"), *_forms("افزود", "افزای"), *_forms("نوشت", "نویس"))),
    ("say", (), (*_forms("پرسید", "پرس"), "گوید", "گویند", "معتقدند", "افزاید", "مینگارد")),
    ("judge", (), (*_forms("خواند", "خوان"), *_forms("دانست", "دان"), *_forms("نامید", "نام"))),
    ("judge", (), (*_forms("برشمرد"), *_forms("نپذیرفت"))),
    ("ask", ("از",), (*_forms("خواست", "خواه"), "طلبید")),
)
_FULL = {form: (kind, prepositions) for kind, prepositions, forms in _VERBS for form in forms}

_COMPOUNDS: tuple[tuple[CueKind, str, tuple[str, ...], str], ...] = (
    ("say", "کرد داشت", (), "اظهار بیان عنوان اعلام اذعان ابراز ایراد"),
    ("say", "کرد", (), "اضافه تصریح خاطرنشان نشان ادعا نقل ذکر مطرح پیشبینی بینی فاش افشا سوال سؤال تعریف"),
    ("say", "کرد", ("بر",), "تاکید"),
    ("say", "کرد", ("به",), "توصیه"),
    ("say", "کرد داد", ("به", "از"), "اشاره اعتراف پیشنهاد"),
    ("say", "داد", ("از",), "خبر گزارش"),
    ("say", "داد", ("نسبت به", "درباره", "در مورد", "به", "از"), "هشدار اخطار"),
    ("say", "داد", (), "ادامه توضیح پاسخ وعده قول اطمینان اطلاع پیام پیغام"),
    ("say", "کرد", ("از", "نسبت به"), "تشکر قدردانی تقدیر تجلیل تمجید استقبال انتقاد گلایه سپاسگزاری نگرانی انتظار"),
    ("say", "کرد", ("از", "نسبت به"), "امیدواری خرسندی خوشحالی تاسف حمایت تقاضا درخواست"),
    ("say", "کرد", ("با",), "مخالفت موافقت همدردی"),
    ("say", "کرد", ("به", "نسبت به"), "اعتراض تهدید"),
    ("say", "کرد", ("برای",), "آمادگی"),
    ("say", "شد", (), "یادآور متذکر مدعی معترف آور"),
    ("judge", "کرد", (), "رد تکذیب محکوم تایید تائید توصیف ارزیابی متهم قلمداد تلقی تشریح قرائت ابلاغ تشبیه"),
    ("judge", "گفت", (), "تسلیت تبریک"),
)
_NOUNS: dict[str, tuple[CueKind, frozenset[str], tuple[str, ...]]] = {
    noun: (kind, word_set(verbs), prepositions)
    for kind, verbs, prepositions, nouns in _COMPOUNDS
    for noun in nouns.split()
}
"""Nouns of compound verbs: kind, their light verbs, prepositions of content before the verb."""

_ACTS = frozenset({"ادامه", "پاسخ"})
"""These may be any act (`به جست‌وجو ادامه داد`); they are cues where words follow."""
_TWO_WORDS = {"نشان": ("خاطر",), "بینی": ("پیش",), "آور": ("یاد",)}
"""Nouns that are a cue only behind these words."""
_VOICING = frozenset({"ابراز", "اظهار", "اعلام"})
_VOICED = word_set(
    "امیدواری نگرانی خرسندی خوشحالی تاسف عقیده آمادگی مخالفت تمایل همدردی نظر رضایت انزجار تشکر نارضایتی اطمینان "
    "علاقه حمایت موافقت شگفتی تعجب تردید بیاطلاعی"
)
_GLUED = {
    f"{noun}{light}": noun
    for noun, (_, verbs, _) in _NOUNS.items()
    for light, verb in _LIGHT.items()
    if verb in verbs and noun not in _TWO_WORDS
}
"""`خبرداد`, `اظهارداشت`, written without blank."""

_OPENING = frozenset({"با", "ضمن"})
_OPENERS: dict[str, tuple[str, ...]] = {
    noun: prepositions
    for prepositions, nouns in (
        ((), "بیان یادآوری اعلام رد تایید تائید تکذیب ابلاغ تبیین تشریح توصیف گرامیداشت طرح ارائه تسلیت تبریک"),
        ((), "محکومیت خیرمقدم خوشآمدگویی"),
        (("به",), "اشاره استناد اذعان"),
        (("به", "نسبت به"), "اعتراض"),
        (("بر", "به"), "تاکید"),
        (("از",), "انتقاد تشکر سپاس قدردانی تقدیر تجلیل تمجید استقبال گلایه دفاع حمایت"),
        (("درباره", "نسبت به", "به"), "هشدار"),
        (("با",), "مخالفت"),
        (("کردن",), "محکوم متهم"),
    )
    for noun in nouns.split()
}
"""Nouns behind `با` and `ضمن`, with the prepositions of their content."""
WITHOUT_CONTENT = frozenset({"خیرمقدم", "خوشآمدگویی"})
_VOICED_PREPOSITIONS = ("از", "نسبت به", "درباره", "با", "به")
_SAYING = frozenset({"گفته", "باور", "اعتقاد", "عقیده", "نوشته", "اظهار", "ادعای", "زعم", "گفتهی"})
_BASIS = (("بر", "اساس"), ("براساس",), ("بنا", "بر"), ("بنابر",), ("بنا", "به"), ("طبق",))
_NOT_ACCORDING = frozenset({"پاسخ", "واکنش", "اشاره", "استناد", "توجه", "نسبت"})
_BASES = frozenset({"اعلام", "گفته", "اظهارات", "اظهار", "نوشته"})

_NOBODY = frozenset({"سخن", "باید", "نباید", "میتوان", "نمیتوان", "بتوان", "شاید", "میشود"})
"""Before `گفت` these make it say nothing: `باید گفت`."""
_DEMANDING = frozenset({"خواستار", "خواهان"})
_BELIEVING = frozenset({"معتقد", "مدعی", "امیدوار", "مصر"})
_WRITTEN = frozenset({"آمده", "آورده"})
_WRITINGS = ("بیانیه", "اطلاعیه", "نامه", "پیام", "گزارش", "متن", "ادامه", "اعلامیه", "قطعنامه", "بخش")

_ACCORDING = frozenset({"به", *(parts[0] for parts in _BASIS)})
_TRIGGERS = frozenset().union(_FULL, _LIGHT, _OPENING, _GLUED, _DEMANDING, _WRITTEN, _BELIEVING, _NOUNS, _ACCORDING)
"""Words with which a cue begins or ends; all others are passed over at once."""

HEADLINE_NOUNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("انتقاد", "استقبال", "حمایت", "قدردانی", "تقدیر", "تشکر", "گلایه"), ("از",)),
    **dict.fromkeys(("مخالفت", "موافقت"), ("با",)),
    **dict.fromkeys(("پاسخ", "واکنش"), ("به",)),
    "تاکید": ("بر",),
    "هشدار": ("درباره", "در مورد", "نسبت به", "به"),
    "تذکر": ("درباره", "در خصوص", "نسبت به", "به"),
    "ابراز نگرانی": ("از", "نسبت به"),
    "پیام تسلیت": ("در پی", "به مناسبت", "برای"),
    "پیام تبریک": ("به مناسبت", "در پی"),
    "بیانیه": ("در محکومیت", "درباره"),
    "نامه": ("درباره",),
    "اعتراض": ("به", "نسبت به"),
    "درخواست": ("برای", "از"),
}
"""Nouns that open a headline, `هشدار … درباره …`, with the prepositions of their content, the surest first."""


def find_cues(words: Sequence[str]) -> list[Cue]:
    """The cues among folded words, in order and disjoint; no more than `MAX_CUES`."""
    cues: list[Cue] = []
    free = 0  # first word that no cue has
    for at, word in enumerate(words):
        if word not in _TRIGGERS or at < free:
            continue
        cue = _cue_at(words, at, free)
        if cue:
            cues.append(cue)
            # What is demanded is content, whatever verbs it has.
            free = cue.closing[1] if cue.closing else cue.end
            if len(cues) == MAX_CUES:
                break
    return cues


def _cue_at(words: Sequence[str], at: int, free: int) -> Cue | None:
    word = words[at]
    if word in _FULL:
        return _full(words, at, free)
    if word in _LIGHT:
        return _compound(words, at, free)
    if word in _OPENING:
        return _opener(words, at)
    if word in _GLUED:
        kind, _, prepositions = _NOUNS[_GLUED[word]]
        return Cue(kind, at, _behind(words, at), prepositions)
    if word in _DEMANDING:
        return _demand(words, at)
    if word in _WRITTEN or word in _BELIEVING:
        return _stated(words, at)
    if word in _NOUNS:
        return _ellipsis(words, at)
    return _according(words, at)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _behind(words: Sequence[str], at: int) -> int:
    """One past a verb with its auxiliary."""
    return at + 2 if words[at].endswith("ه") and _word(words, at + 1) in _AUXILIARIES else at + 1


def _full(words: Sequence[str], at: int, free: int) -> Cue | None:
    end = _behind(words, at)
    lone = _is_lone(words, at, end)
    if lone and (_word(words, end) in _PASSIVES or _word(words, at - 1) in ("به", "این", "ها", "طبق")):
        return None
    kind, prepositions = _FULL[words[at]]
    behind = _word(words, at + 1)
    if words[at] == "گفت" and (behind.startswith("وگو") or (behind == "و" and _word(words, at + 2).startswith("گو"))):
        return None  # گفت و گو
    if _word(words, at - 1) in _NOBODY or "آنچه" in words[max(0, at - 10) : at]:
        return None
    if words[at] in ("خواند", "خوانده", "دانست", "دانسته") and "را" not in words[max(0, at - 60) : at]:
        return None
    noun = _NOUNS.get(words[at - 1]) if at > free else None
    if noun and noun[1] == {_LIGHT.get(words[at])}:
        return Cue(noun[0], at - 1, end, noun[2])
    if kind == "ask" and _word(words, at - 1) == "نام":
        return None
    return Cue(kind, at, end, prepositions, participle=lone)


def _compound(words: Sequence[str], at: int, free: int) -> Cue | None:
    if at <= free:
        return None
    noun = words[at - 1]
    before = words[at - 2] if at - 2 >= free else ""
    end = _behind(words, at)
    if before in _VOICING and (noun in _VOICED or noun in _NOUNS) and _LIGHT[words[at]] == "کرد":
        return Cue("say", at - 2, end, (*_VOICED_PREPOSITIONS, "برای"))
    frame = _NOUNS.get(noun)
    if not frame or _LIGHT[words[at]] not in frame[1] or "آنچه" in words[max(0, at - 10) : at]:
        return None
    if noun in _TWO_WORDS:
        return Cue(frame[0], at - 2, end, frame[2]) if before in _TWO_WORDS[noun] else None
    if noun in _ACTS and _word(words, end) not in (":", "که", "و", "«", '"'):
        return None
    return Cue(frame[0], at - 1, end, frame[2], participle=_is_lone(words, at, end))


def _is_lone(words: Sequence[str], at: int, end: int) -> bool:
    """Whether a verb is a participle without auxiliary, and no `که` says that it reports all the same."""
    return words[at].endswith("ه") and end == at + 1 and _word(words, end) not in ("که", ":")


def _ellipsis(words: Sequence[str], at: int) -> Cue | None:
    """`… را توصیف و تصریح کرد`: the noun shares the verb of the next one."""
    kind, _, prepositions = _NOUNS[words[at]]
    if _word(words, at + 1) != "و":
        return None
    near = words[max(0, at - 40) : at]
    if kind == "judge" and "را" in near:
        return Cue(kind, at, at + 1, prepositions, participle=True)
    if _word(words, at - 1) == "را" and words[at] in ("مطرح", "عنوان"):
        return Cue("judge", at, at + 1, (), participle=True)
    if words[at] == "اشاره" and "به" in near:
        return Cue(kind, at, at + 1, ("به",), participle=True)
    return None


def _opener(words: Sequence[str], at: int) -> Cue | None:
    noun = _word(words, at + 1)
    end = at + 2
    prepositions: tuple[str, ...]
    if noun in _VOICING and _word(words, at + 2) in _VOICED:
        prepositions, end = _VOICED_PREPOSITIONS, at + 3
    elif noun in _OPENERS:
        prepositions = _OPENERS[noun]
    else:
        return None
    found = preposition_at(words, end, prepositions)
    if prepositions and not found:
        return None
    end += found
    if noun in ("اعلام", "ارائه") and _word(words, end) in ("این", "جزئیات", "گزارشی"):
        return None
    if _word(words, end) == "اینکه":
        end += 1
    elif _word(words, end) == "این" and _word(words, end + 1) == "که":
        end += 2
    elif noun == "بیان" and _word(words, end) not in ("این",):
        return None
    return Cue("open", at, end)


def preposition_at(words: Sequence[str], at: int, prepositions: Sequence[str]) -> int:
    """How many words at this place are one of the prepositions; 0 if none is."""
    for preposition in prepositions:
        parts = preposition.split(" ")
        if list(words[at : at + len(parts)]) == parts:
            return len(parts)
    return 0


def _demand(words: Sequence[str], at: int) -> Cue | None:
    for place in range(at + 1, min(len(words), at + 120)):
        if _LIGHT.get(words[place]) == "شد":
            end = _behind(words, place)
            behind = _word(words, end)
            if place == at + 1:
                return Cue("judge", at, end)
            if not behind[:1].isalnum() or behind in ("و", "که", "تا"):
                return Cue("demand", at, at + 1, (), (place, end))
    return Cue("demand", at, at + 2) if _word(words, at + 1) in ("است", "هستند") else None


def _stated(words: Sequence[str], at: int) -> Cue | None:
    if words[at] in _WRITTEN:
        near = words[max(0, at - 25) : at]
        if _word(words, at + 1) == "است" and any(word.startswith(_WRITINGS) for word in near):
            return Cue("say", at, at + 2)
        return None
    return Cue("say", at, at + 2) if _word(words, at + 1) in ("است", "هستند", "بود") else None


def _according(words: Sequence[str], at: int) -> Cue | None:
    if words[at] == "به":
        if _word(words, at - 1) in _NOT_ACCORDING:
            return None
        found = _word(words, at + 1) in _SAYING and _word(words, at + 2)[:1].isalnum()
        return Cue("according", at, at + 2) if found else None
    for parts in _BASIS:
        end = at + len(parts)
        if tuple(words[at:end]) == parts:
            if _word(words, end) in _BASES:
                return Cue("according", at, end + 1)
            if list(words[end : end + 2]) == ["آخرین", "آمار"]:
                return Cue("according", at, end + 2)
    return None
