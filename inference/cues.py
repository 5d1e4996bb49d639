"""Where a sentence says that someone speaks: the cues among its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inference.cue_words import (
    ACCORDING,
    ACTS,
    AUTHORED,
    AUXILIARIES,
    BASES,
    BASIS,
    BELIEVING,
    DEMANDING,
    FULL,
    GLUED,
    LIGHT,
    NOBODY,
    NOT_ACCORDING,
    NOUNS,
    OPENERS,
    OPENING,
    PASSIVES,
    SAYING,
    STATED,
    TWO_WORDS,
    VOICED,
    VOICED_PREPOSITIONS,
    VOICING,
    WRITINGS,
    WRITTEN,
    CueKind,
)


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
        written: Whether it says what stands in a message or statement: `در این بیانیه آمده است`.
    """

    kind: CueKind
    start: int
    end: int
    prepositions: tuple[str, ...] = ()
    closing: tuple[int, int] | None = None
    participle: bool = False
    written: bool = False


MAX_CUES = 60
"""A sentence with more is no sentence; the rest are passed over, so that time stays linear."""


def find_cues(words: Sequence[str]) -> list[Cue]:
    """The cues among folded words, in order and disjoint; no more than `MAX_CUES`."""
    cues: list[Cue] = []
    free = 0  # first word that no cue has
    for at in [at for at, word in enumerate(words) if word in _READERS]:
        cue = _READERS[words[at]](words, at, free) if at >= free else None
        if cue:
            cues.append(cue)
            # What is demanded is content, whatever verbs it has.
            free = cue.closing[1] if cue.closing else cue.end
            if len(cues) == MAX_CUES:
                break
    return cues


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _behind(words: Sequence[str], at: int) -> int:
    """One past a verb with its auxiliary."""
    return at + 2 if words[at].endswith("ه") and _word(words, at + 1) in AUXILIARIES else at + 1


def _full(words: Sequence[str], at: int, free: int) -> Cue | None:
    end = _behind(words, at)
    lone = _is_lone(words, at, end)
    if lone and (_word(words, end) in PASSIVES or _word(words, at - 1) in ("به", "این", "ها", "طبق")):
        return None
    kind, prepositions = FULL[words[at]]
    behind = _word(words, at + 1)
    if words[at] == "گفت" and (behind.startswith("وگو") or (behind == "و" and _word(words, at + 2).startswith("گو"))):
        return None  # گفت و گو
    if _word(words, at - 1) in NOBODY or "آنچه" in words[max(0, at - 10) : at]:
        return None
    if words[at] in ("خواند", "خوانده", "دانست", "دانسته", "ندانست") and "را" not in words[max(0, at - 60) : at]:
        return None
    noun = NOUNS.get(words[at - 1]) if at > free else None
    if noun and noun[1] == {LIGHT.get(words[at])}:
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
    if before in VOICING and (noun in VOICED or noun in NOUNS) and LIGHT[words[at]] == "کرد":
        return Cue("say", at - 2, end, (*VOICED_PREPOSITIONS, "برای"))
    if noun in STATED and words[at] == "شده" and end == at + 2:
        near = words[max(0, at - 25) : at]
        return Cue("say", at - 1, end, written=True) if any(word.startswith(AUTHORED) for word in near) else None
    frame = NOUNS.get(noun)
    if not frame or LIGHT[words[at]] not in frame[1] or "آنچه" in words[max(0, at - 10) : at]:
        return None
    if noun in TWO_WORDS:
        return Cue(frame[0], at - 2, end, frame[2]) if before in TWO_WORDS[noun] else None
    if noun in ACTS and _word(words, end) not in (":", "که", "و", "«", '"'):
        return None
    return Cue(frame[0], at - 1, end, frame[2], participle=_is_lone(words, at, end))


def _is_lone(words: Sequence[str], at: int, end: int) -> bool:
    """Whether a verb is a participle without auxiliary, and no `که` says that it reports all the same."""
    return words[at].endswith("ه") and end == at + 1 and _word(words, end) not in ("که", ":")


def _ellipsis(words: Sequence[str], at: int, free: int) -> Cue | None:
    """`… را توصیف و تصریح کرد`: the noun shares the verb of the next one."""
    kind, _, prepositions = NOUNS[words[at]]
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


def _glued(words: Sequence[str], at: int, free: int) -> Cue:
    kind, _, prepositions = NOUNS[GLUED[words[at]]]
    return Cue(kind, at, _behind(words, at), prepositions)


def _opener(words: Sequence[str], at: int, free: int) -> Cue | None:
    noun = _word(words, at + 1)
    end = at + 2
    prepositions: tuple[str, ...]
    if noun in VOICING and _word(words, at + 2) in VOICED:
        prepositions, end = VOICED_PREPOSITIONS, at + 3
    elif noun in OPENERS:
        prepositions = OPENERS[noun]
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


def _demand(words: Sequence[str], at: int, free: int) -> Cue | None:
    for place in range(at + 1, min(len(words), at + 120)):
        if LIGHT.get(words[place]) == "شد":
            end = _behind(words, place)
            behind = _word(words, end)
            if place == at + 1:
                return Cue("judge", at, end)
            if not behind[:1].isalnum() or behind in ("و", "که", "تا"):
                return Cue("demand", at, at + 1, (), (place, end))
    return Cue("demand", at, at + 2) if _word(words, at + 1) in ("است", "هستند") else None


def _stated(words: Sequence[str], at: int, free: int) -> Cue | None:
    if words[at] in WRITTEN:
        near = words[max(0, at - 25) : at]
        if _word(words, at + 1) == "است" and any(word.startswith(WRITINGS) for word in near):
            return Cue("say", at, at + 2, written=any(word.startswith(AUTHORED) for word in near))
        return None
    return Cue("say", at, at + 2) if _word(words, at + 1) in ("است", "هستند", "بود") else None


def _according(words: Sequence[str], at: int, free: int) -> Cue | None:
    if words[at] == "به":
        if _word(words, at - 1) in NOT_ACCORDING:
            return None
        found = _word(words, at + 1) in SAYING and _word(words, at + 2)[:1].isalnum()
        return Cue("according", at, at + 2) if found else None
    for parts in BASIS:
        end = at + len(parts)
        if tuple(words[at:end]) == parts:
            if _word(words, end) in BASES:
                return Cue("according", at, end + 1)
            if list(words[end : end + 2]) == ["آخرین", "آمار"]:
                return Cue("according", at, end + 2)
    return None


_READERS: Mapping[str, Callable[[Sequence[str], int, int], Cue | None]] = {
    word: read
    for first_words, read in (
        (ACCORDING, _according),
        (NOUNS, _ellipsis),
        (WRITTEN | BELIEVING, _stated),
        (DEMANDING, _demand),
        (GLUED, _glued),
        (OPENING, _opener),
        (LIGHT, _compound),
        (FULL, _full),
    )
    for word in first_words
}
"""Words with which a cue begins or ends, each with what reads the cue from all words, this one's place and the first
free one's. A word of several kinds is of the last."""
