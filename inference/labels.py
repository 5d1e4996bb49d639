"""The labelling scheme: entities, themes, stance, and the BIO tags that models predict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from inference.errors import SokhanError

ENTITY_LABELS = ("SPEAKER", "PERSON", "RANK", "POSITION", "ORG", "LOC")

COOPERATION_THEMES = (
    "cooperation.diplomacy",
    "cooperation.defense",
    "cooperation.security",
    "cooperation.economy",
    "cooperation.unity",
)
THREAT_THEMES = (
    "threat.terrorism",
    "threat.military",
    "threat.border",
    "threat.interference",
    "threat.warning",
)
THEMES = COOPERATION_THEMES + THREAT_THEMES
SIDES = ("cooperation", "threat")

SPEECH = "speech"
"""One more output that a sentence classifier may have: whether the sentence reports what someone says."""

Stance = Literal["cooperative", "threatening", "mixed", "neutral"]

OUTSIDE = "O"


def side(theme: str) -> str:
    """`cooperation` or `threat`, the part of a theme before its point."""
    return theme.partition(".")[0]


def stance(themes: Iterable[str]) -> Stance:
    """Stance of a sentence that carries `themes`."""
    sides = {side(theme) for theme in themes}
    if sides.issuperset(SIDES):
        return "mixed"
    if "cooperation" in sides:
        return "cooperative"
    return "threatening" if "threat" in sides else "neutral"


def bio_tags(labels: Sequence[str]) -> list[str]:
    """IOB2 tags of entity labels: `O`, then `B-` and `I-` of each.

    >>> bio_tags(["RANK"])
    ['O', 'B-RANK', 'I-RANK']
    """
    return [OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def tags_of(outputs: Sequence[str]) -> list[str]:
    """The tags of a model, which are its outputs.

    Raises:
        SokhanError: If they are not a complete IOB2 set.
    """
    tags = list(outputs)
    for tag in tags:
        prefix, _, label = tag.partition("-")
        if tag != OUTSIDE and (prefix not in ("B", "I") or not label):
            raise SokhanError(f"label '{tag}' of the model is not an IOB2 tag (O, B-X, I-X)")
        if prefix == "I" and f"B-{label}" not in tags:
            raise SokhanError(f"the model has label '{tag}' but no 'B-{label}'")
    if OUTSIDE not in tags:
        raise SokhanError("the model has no label 'O'")
    return tags


def tags_to_spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans `(first, last + 1, label)` of valid IOB2 tags, in words.

    >>> tags_to_spans(["B-RANK", "I-RANK", "O", "B-LOC"])
    [(0, 2, 'RANK'), (3, 4, 'LOC')]
    """
    spans: list[tuple[int, int, str]] = []
    for index, tag in enumerate(tags):
        prefix, _, label = tag.partition("-")
        if prefix == "B":
            spans.append((index, index + 1, label))
        elif prefix == "I":
            first, _, _ = spans[-1]
            spans[-1] = (first, index + 1, label)
    return spans


def spans_to_tags(length: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """IOB2 tags of disjoint spans `(first, last + 1, label)` over `length` words."""
    tags = [OUTSIDE] * length
    for first, last, label in spans:
        tags[first] = f"B-{label}"
        tags[first + 1 : last] = [f"I-{label}"] * (last - first - 1)
    return tags
