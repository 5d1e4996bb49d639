"""The words that say that someone speaks: verbs, openers and nouns of reported speech.

All are folded words: as `inference.normalize` gives them, without ZWNJ (`میگوید`). Only third persons are listed,
neither passive (`تاکید شد`) nor negated (`نگفت`): `گفته‌ایم` and `اعلام شد` report nobody.
"""

from __future__ import annotations

from typing import Literal

CueKind = Literal["say", "judge", "demand", "ask", "open", "according"]
"""What stands where. `say`: content behind it, or before it with a preposition (`از … خبر داد`); `judge`: `… را رد
کرد`, `… را … خواند`; `demand`: `خواستار … شد`; `ask`: `از … خواست`; `open`: `با بیان اینکه …`; `according`: `به
گفته …`."""


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


PRONOUNS = frozenset({"وی", "او", "ایشان"})
"""They mean who spoke last."""

LIGHT = {
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

AUXILIARIES = frozenset({"است", "اند", "بود", "بودند", "باشد", "باشند"})
"""Behind a participle these belong to the verb."""
PASSIVES = frozenset({"شد", "شده", "میشود", "نشد", "نشده", "شدهاست", "شدند", "میشد", "خواهد"})
"""Behind a participle these make it passive."""

_VERBS: tuple[tuple[CueKind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("say", (), (*_forms("گفت", "گوی"), *_forms("افزود", "افزای"), *_forms("نوشت", "نویس"))),
    ("say", (), (*_forms("پرسید", "پرس"), "گوید", "گویند", "معتقدند", "افزاید", "مینگارد")),
    ("judge", (), (*_forms("خواند", "خوان"), *_forms("دانست", "دان"), *_forms("نامید", "نام"))),
    ("judge", (), (*_forms("برشمرد"), *_forms("نپذیرفت"), "ندانست")),
    ("ask", ("از",), (*_forms("خواست", "خواه"), "طلبید")),
)
FULL = {form: (kind, prepositions) for kind, prepositions, forms in _VERBS for form in forms}
"""Verbs of one word: kind, prepositions of content before the verb."""

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
NOUNS: dict[str, tuple[CueKind, frozenset[str], tuple[str, ...]]] = {
    noun: (kind, word_set(verbs), prepositions)
    for kind, verbs, prepositions, nouns in _COMPOUNDS
    for noun in nouns.split()
}
"""Nouns of compound verbs: kind, their light verbs, prepositions of content before the verb."""

ACTS = frozenset({"ادامه", "پاسخ"})
"""These may be any act (`به جست‌وجو ادامه داد`); they are cues where words follow."""
TWO_WORDS = {"نشان": ("خاطر",), "بینی": ("پیش",), "آور": ("یاد",)}
"""Nouns that are a cue only behind these words."""
VOICING = frozenset({"ابراز", "اظهار", "اعلام"})
"""Nouns of compound verbs that take what is voiced between them: `ابراز امیدواری کرد`."""
VOICED = word_set(
    "امیدواری نگرانی خرسندی خوشحالی تاسف عقیده آمادگی مخالفت تمایل همدردی نظر رضایت انزجار تشکر نارضایتی اطمینان "
    "علاقه حمایت موافقت شگفتی تعجب تردید بیاطلاعی"
)
"""What is voiced."""
VOICED_PREPOSITIONS = ("از", "نسبت به", "درباره", "با", "به")
"""What may open the content of what is voiced."""
GLUED = {
    f"{noun}{light}": noun
    for noun, (_, verbs, _) in NOUNS.items()
    for light, verb in LIGHT.items()
    if verb in verbs and noun not in TWO_WORDS
}
"""`خبرداد`, `اظهارداشت`, written without blank."""

OPENING = frozenset({"با", "ضمن"})
"""First words of openers: `با بیان اینکه`."""
OPENERS: dict[str, tuple[str, ...]] = {
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
"""Such nouns that say all by themselves."""

SAYING = frozenset({"گفته", "باور", "اعتقاد", "عقیده", "نوشته", "اظهار", "ادعای", "زعم", "گفتهی"})
"""Nouns behind `به` that name a source: `به گفته …`."""
BASIS = (("بر", "اساس"), ("براساس",), ("بنا", "بر"), ("بنابر",), ("بنا", "به"), ("طبق",))
"""What names a source before one of `BASES`: `بر اساس اعلام …`."""
NOT_ACCORDING = frozenset({"پاسخ", "واکنش", "اشاره", "استناد", "توجه", "نسبت"})
"""Before `به گفته` these take it as their object: `در پاسخ به گفته …`."""
BASES = frozenset({"اعلام", "گفته", "اظهارات", "اظهار", "نوشته"})
"""Nouns behind `BASIS`."""
ACCORDING = frozenset({"به", *(parts[0] for parts in BASIS)})
"""First words of what names a source."""

NOBODY = frozenset({"سخن", "باید", "نباید", "میتوان", "نمیتوان", "بتوان", "شاید", "میشود"})
"""Before `گفت` these make it say nothing: `باید گفت`."""
DEMANDING = frozenset({"خواستار", "خواهان"})
"""`خواستار … شد`."""
BELIEVING = frozenset({"معتقد", "مدعی", "امیدوار", "مصر"})
"""`معتقد است`."""
WRITTEN = frozenset({"آمده", "آورده"})
"""`در بیانیه … آمده است`."""
WRITINGS = ("بیانیه", "اطلاعیه", "نامه", "پیام", "گزارش", "متن", "ادامه", "اعلامیه", "قطعنامه", "بخش")
"""Beginnings of words for what is written, one of which stands before `WRITTEN`."""
AUTHORED = ("بیانیه", "اطلاعیه", "نامه", "پیام", "اعلامیه", "قطعنامه")
"""Those that somebody speaks in; a report only tells."""
STATED = word_set("تصریح تاکید اعلام اضافه ذکر عنوان بیان خاطرنشان")
"""Nouns of passives that give what is written: `در این بیانیه تصریح شده است`."""

HEADLINE_NOUNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("انتقاد", "استقبال", "حمایت", "قدردانی", "تقدیر", "تشکر", "گلایه"), ("از",)),
    **dict.fromkeys(("مخالفت", "موافقت"), ("با",)),
    **dict.fromkeys(("پاسخ", "واکنش"), ("به", "درباره", "در مورد", "در پی")),
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
HEADLINE_ADJECTIVES = frozenset({"شدید", "تند", "صریح", "رسمی", "دوباره", "جدی"})
"""Words that may stand behind these nouns: `انتقاد شدید … از …`."""
