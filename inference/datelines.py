"""Which agency or desk carries the news, as a sentence may begin: `خبرگزاری فارس:`, `به گزارش ایسنا، …`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inference.cue_words import PRONOUNS, word_set

Place = tuple[int, int]
"""First word of a sentence and one past the last."""

_DATELINE_WITHIN = 6
"""A colon further on closes no dateline."""
_AGENCIES = word_set("مهر فارس ایسنا ایرنا تسنیم ایلنا ایکنا آنا میزان رویترز")
_SECTIONS = frozenset({"گروه", "سرویس"})
_REPORTED_WITHIN = 12
"""`به گزارش` begins within so many words, and goes on for so many:"""
_LONGEST_REPORT = 25
_LONGEST_REPORTS = 40
"""The same with a second agency behind the first."""
_REPORTS = (["به", "نقل"], ["به", "گزارش"])


class Mention(NamedTuple):
    """A mention in numbers of words."""

    start: int
    end: int
    label: str


def agency_of(words: Sequence[str], mentions: Sequence[Mention]) -> Place:
    """The words that say who carries the news; `(0, 0)` if none do.

    Args:
        words: Folded words of a sentence.
        mentions: Its mentions, in order.
    """
    return _dateline(words, mentions) or _report(words, mentions)


def _dateline(words: Sequence[str], mentions: Sequence[Mention]) -> Place | None:
    opening = words[:_DATELINE_WITHIN]
    if ":" not in opening:
        return None
    colon = opening.index(":")
    agency = words[0].startswith("خبرگزار") or (colon == 1 and words[0] in _AGENCIES)
    desk = words[0] in _SECTIONS and not any(mention.start < colon for mention in mentions)
    return (0, colon + 1) if agency or desk else None


def _report(words: Sequence[str], mentions: Sequence[Mention]) -> Place:
    """`به گزارش …` or `به نقل از …`, up to a comma or to who speaks."""
    places = range(min(len(words) - 2, _REPORTED_WITHIN)) if "به" in words[:_REPORTED_WITHIN] else ()
    begin = next((at for at in places if list(words[at : at + 2]) in _REPORTS), None)
    if begin is None:
        return 0, 0
    mention_at = {place: mention for mention in mentions for place in range(mention.start, mention.end)}
    at = begin
    while at < min(len(words), begin + _LONGEST_REPORT) and words[at] != "،":
        mention = mention_at.get(at)
        if (mention and mention.label in ("SPEAKER", "RANK")) or words[at] in PRONOUNS:
            break
        at = mention.end if mention else at + 1
    if list(words[at + 1 : at + 3]) in _REPORTS:
        at += 1
        while at < min(len(words), begin + _LONGEST_REPORTS) and words[at] != "،":
            at += 1
    return begin, min(at, len(words))
