"""Dirty variants of clean articles, as the web has them, made when a run begins; every offset moves along.

>>> import random
>>> dirty(article, ("arabic", "plurals"), random.Random(1)).text  # doctest: +SKIP
'همكاريهاي دو كشور …'

All kinds change letters inside sentences only: what stands between two sentences, and so the sentences, stay.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, TypeVar, get_args

from inference.document import sentence_offsets
from inference.normalize import ZWNJ
from training.articles import Article, GoldSentence, GoldSpan, GoldSpeech, Piece

Dirt = Literal["zwnj", "plurals", "arabic", "punctuation", "nbsp", "digits", "diacritics"]
"""
- `zwnj`: dropped, or a blank in its place, or doubled, or with a blank after it
- `plurals`: joined, `همکاریها`, and some other endings
- `arabic`: ي and ك for ی and ک, and ة or ۀ for ه where they fit
- `punctuation`: a blank before it, none after it
- `nbsp`: no-break and narrow blanks for blanks, and two for one
- `digits`: ASCII, Persian and Arabic digits mixed
- `diacritics`: short vowels and tashdid on some letters, or a tatweel
"""

ALL_DIRT: tuple[Dirt, ...] = get_args(Dirt)

_NBSP, _NARROW = "\u00a0", "\u202f"
_ENDINGS = re.compile(f"{ZWNJ}(?=(?:های|هایی|ها|هایش|هایشان|ای|اند|تر|ترین)\\b)")
_JOINS_LEFT = frozenset("بپتثجچحخسشصضطظعغفقکگلمنهی")
"""Letters that a tatweel may follow: they join to the next one."""
_MARKS = "\u064e\u064f\u0650\u0651"  # fatha, damma, kasra, shadda
_DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")

_Spot = TypeVar("_Spot", GoldSpan, Piece, GoldSentence)


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`; with `start == end` something is put in, outside of spans that end there."""

    start: int
    end: int
    new: str


def augmented(articles: Iterable[Article], share: float, kinds: Sequence[Dirt], seed: int) -> Iterator[Article]:
    """The articles, a share of them in a dirty variant instead.

    Args:
        articles: Clean articles.
        share: Probability that an article becomes dirty, with some of the kinds at once.
        kinds: What may be done to them.
        seed: Of the choices; those for an article do not depend on the other articles.
    """
    for article in articles:
        chance = random.Random(f"{seed} {article.id}")
        if chance.random() < share:
            yield dirty(article, chance.sample(kinds, chance.randint(1, len(kinds))), chance)
        else:
            yield article


def dirty(article: Article, kinds: Sequence[Dirt], chance: random.Random) -> Article:
    """The article with dirt of all these kinds, each as thick as chance says; annotation and sentences stay."""
    for kind in (kind for kind in ALL_DIRT if kind in kinds):
        places = [range(start, end) for start, end, _ in sentence_offsets(article.text)]
        edits = [edit for edit in _MAKERS[kind](article.text, chance) if _within(edit, places)]
        made = edited(article, edits)
        move = _Mover(edits)
        moved = [(move.start(place.start), move.end(place.stop)) for place in places]
        # Odd texts may fall into other sentences when their punctuation moves; they stay as they are.
        if moved == [(start, end) for start, end, _ in sentence_offsets(made.text)]:
            article = made
    return article


def without_zwnj(article: Article) -> Article:
    """The article with no ZWNJ at all, as many keyboards write."""
    return edited(article, [Edit(match.start(), match.end(), "") for match in re.finditer(ZWNJ, article.text)])


def edited(article: Article, edits: Sequence[Edit]) -> Article:
    """The article with disjoint edits carried out and all offsets moved.

    Args:
        article: Any article.
        edits: In the order of the text. One that touches an edge of a span must not reach across it.
    """
    parts, position = list[str](), 0
    for edit in edits:
        parts += [article.text[position : edit.start], edit.new]
        position = edit.end
    parts.append(article.text[position:])
    move = _Mover(edits)
    entities, sentences = article.entities, article.sentences
    return replace(
        article,
        text="".join(parts),
        entities=None if entities is None else tuple(map(move.spot, entities)),
        sentences=None if sentences is None else tuple(map(move.sentence, sentences)),
        tokens=None if article.tokens is None else tuple((move.start(a), move.end(b)) for a, b in article.tokens),
    )


class _Mover:
    """Offsets before edits to offsets after them."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts = [edit.start for edit in edits]
        self._ends = [edit.end for edit in edits]
        self._grown = [0, *accumulate(len(edit.new) - (edit.end - edit.start) for edit in edits)]

    def start(self, place: int) -> int:
        """A first character: what is put in before it comes before it."""
        return place + self._grown[bisect_right(self._ends, place)]

    def end(self, place: int) -> int:
        """One past a last character: what is put in there comes after it."""
        return place + self._grown[bisect_left(self._starts, place)]

    def spot(self, spot: _Spot) -> _Spot:
        return replace(spot, start=self.start(spot.start), end=self.end(spot.end))

    def sentence(self, sentence: GoldSentence) -> GoldSentence:
        moved = self.spot(sentence)
        return replace(moved, speech=self.speech(sentence.speech)) if sentence.speech else moved

    def speech(self, speech: GoldSpeech) -> GoldSpeech:
        cue, content, addressee = (
            tuple(map(self.spot, pieces)) for pieces in (speech.cue, speech.content, speech.addressee)
        )
        nested = tuple((speaker, self.speech(inner)) for speaker, inner in speech.nested)
        return GoldSpeech(speech.kind, cue, content, addressee, nested)


def _within(edit: Edit, sentences: Sequence[range]) -> bool:
    """Whether an edit leaves the edges of sentences alone."""
    at = bisect_right(sentences, edit.start, key=lambda place: place.start) - 1
    return at >= 0 and sentences[at].start < edit.start and edit.end < sentences[at].stop


def _zwnj(text: str, chance: random.Random) -> Iterator[Edit]:
    habit = chance.choice(("", " ", ZWNJ * 2, f"{ZWNJ} "))
    share = chance.choice((0.3, 1.0))
    for match in re.finditer(f"(?<=\\w){ZWNJ}(?=\\w)", text):
        if chance.random() < share:
            yield Edit(match.start(), match.end(), habit)


def _plurals(text: str, chance: random.Random) -> Iterator[Edit]:
    yield from (Edit(match.start(), match.end(), "") for match in _ENDINGS.finditer(text))


def _arabic(text: str, chance: random.Random) -> Iterator[Edit]:
    with_heh = chance.random() < 0.2
    for match in re.finditer("[یک]|ه(?=\\s)" if with_heh else "[یک]", text):
        yield Edit(match.start(), match.end(), {"ی": "ي", "ک": "ك", "ه": "ة"}[match[0]])


def _punctuation(text: str, chance: random.Random) -> Iterator[Edit]:
    before, after = chance.choice(((0.6, 0.0), (0.0, 0.6), (0.2, 0.2)))
    for match in re.finditer("(?<=\\w)[،؛:.؟!»)](\\s?)", text):
        if chance.random() < before:
            yield Edit(match.start(), match.start(), " ")
        elif match[1] == " " and match[0][0] in "،؛:»)" and chance.random() < after:
            yield Edit(match.start(1), match.end(1), "")


def _nbsp(text: str, chance: random.Random) -> Iterator[Edit]:
    share = chance.choice((0.05, 0.5))
    for match in re.finditer("(?<=\\w) (?=\\w)", text):
        if chance.random() < share:
            yield Edit(match.start(), match.end(), chance.choice((_NBSP, _NBSP, _NARROW, "  ")))


def _digits(text: str, chance: random.Random) -> Iterator[Edit]:
    for match in re.finditer("\\d+", text):
        numerals = chance.choice(_DIGITS)
        yield Edit(match.start(), match.end(), "".join(numerals[int(digit)] for digit in match[0]))


def _diacritics(text: str, chance: random.Random) -> Iterator[Edit]:
    for match in re.finditer("[آ-ی](?=[\\sآ-ی])", text):
        if chance.random() < 0.04:
            yield Edit(match.start(), match.end(), match[0] + chance.choice(_MARKS))
        elif match[0] in _JOINS_LEFT and text[match.end()].isalpha() and chance.random() < 0.01:
            yield Edit(match.start(), match.end(), match[0] + "ـ")


_MAKERS: dict[Dirt, Callable[[str, random.Random], Iterator[Edit]]] = {
    "zwnj": _zwnj,
    "plurals": _plurals,
    "arabic": _arabic,
    "punctuation": _punctuation,
    "nbsp": _nbsp,
    "digits": _digits,
    "diacritics": _diacritics,
}
"""The order matters: endings lose their ZWNJ after some have become blanks, marks come last."""
