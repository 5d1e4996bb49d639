"""Annotated articles: what every corpus becomes, whatever its format."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """An annotated mention.

    Attributes:
        start: First character, a code point of the article's text.
        end: One past the last character.
        label: Its label, such as `SPEAKER`.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """An annotated sentence.

    Attributes:
        start: First character, a code point of the article's text.
        end: One past the last character.
        themes: Themes that it carries; None where themes were not annotated.
        speaker: Who says it; None where the article itself speaks.
    """

    start: int
    end: int
    themes: tuple[str, ...] | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its annotation.

    Attributes:
        id: Its name in the corpus.
        text: The text exactly as published; all offsets refer to it.
        entities: Mentions in order, disjoint; None where entities were not annotated.
        sentences: Sentences in order, disjoint; None where sentences were not annotated.
        source: `file:line` that it was read from.
        tokens: Place `(start, end)` of every token, where the corpus comes in tokens.
    """

    id: str
    text: str
    entities: tuple[GoldSpan, ...] | None
    sentences: tuple[GoldSentence, ...] | None
    source: str
    tokens: tuple[tuple[int, int], ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: `id`, `text`, `entities`, `sentences`, as `training.formats` reads it."""
        entities = None if self.entities is None else [asdict(span) for span in self.entities]
        sentences = None if self.sentences is None else [asdict(sentence) for sentence in self.sentences]
        return {"id": self.id, "text": self.text, "entities": entities, "sentences": sentences}
