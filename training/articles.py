"""Annotated articles: what every corpus becomes, whatever its format."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, get_args

from inference.annotation import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


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
class Piece:
    """A part of a sentence: `text[start:end]` of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GoldSpeech:
    """How a sentence reports speech. A part may come in several pieces, in the order of the text.

    Attributes:
        kind: Whether the words are the speaker's own or retold.
        cue: The words that say that someone speaks (`گفت`, `با بیان اینکه`); none where a quotation goes on.
        content: What is said, without cue, source and outer quotation marks.
        addressee: To whom, where the sentence says so.
        nested: Speech reported within the content, each by its speaker.
    """

    kind: Kind
    cue: tuple[Piece, ...] = ()
    content: tuple[Piece, ...] = ()
    addressee: tuple[Piece, ...] = ()
    nested: tuple[tuple[str, GoldSpeech], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, as keys of a sentence."""
        parts = {"cue": self.cue, "content": self.content, "addressee": self.addressee}
        written: dict[str, Any] = {"kind": self.kind}
        written |= {name: [asdict(piece) for piece in pieces] for name, pieces in parts.items()}
        if self.nested:
            written["nested"] = [{"speaker": speaker, **speech.to_dict()} for speaker, speech in self.nested]
        return written


@dataclass(frozen=True, slots=True)
class GoldActor:
    """Who is who: a named person, or an office that speaks without a name. All entries stand so in the text.

    Attributes:
        name: Fullest name, else the office.
        names: Every form of the name.
        ranks: Ranks.
        positions: Offices, without body or country.
        organizations: Bodies that the article ties to the person.
        countries: Places that the article ties to the person.
        mentions_by_office: Mentions by office in full, such as `فرمانده ارتش پاکستان`.
    """

    name: str
    names: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    mentions_by_office: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """An annotated sentence.

    Attributes:
        start: First character, a code point of the article's text.
        end: One past the last character.
        themes: Themes that it carries; None where themes were not annotated.
        speaker: Who says it; None where the article itself speaks.
        speech: How it is said; None where nobody speaks or that was not annotated.
    """

    start: int
    end: int
    themes: tuple[str, ...] | None
    speaker: str | None
    speech: GoldSpeech | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        written = {"start": self.start, "end": self.end, "themes": self.themes, "speaker": self.speaker}
        return written | (self.speech.to_dict() if self.speech else {})


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
        actors: Who is who; None where actors and reported speech were not annotated.
    """

    id: str
    text: str
    entities: tuple[GoldSpan, ...] | None
    sentences: tuple[GoldSentence, ...] | None
    source: str
    tokens: tuple[tuple[int, int], ...] | None = None
    actors: tuple[GoldActor, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, as `training.formats` reads it."""
        entities = None if self.entities is None else [asdict(span) for span in self.entities]
        sentences = None if self.sentences is None else [sentence.to_dict() for sentence in self.sentences]
        written: dict[str, Any] = {"id": self.id, "text": self.text, "entities": entities, "sentences": sentences}
        if self.actors is not None:
            written["actors"] = [asdict(actor) for actor in self.actors]
        return written
