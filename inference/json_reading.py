"""Reading the JSON form back. Every value is checked; a wrong one is told with the way to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar, get_args

from inference.annotation import (
    Actor,
    ActorKind,
    ActorStance,
    Annotation,
    Attested,
    Entity,
    Kind,
    Nested,
    Relation,
    Sentence,
    Span,
    StanceCounts,
    Statement,
    Summary,
    Theme,
)
from inference.errors import SokhanError, nearest
from inference.json_form import SCHEMA_VERSION

_WITHOUT_SPEECH = 1
"""The form that had neither actors nor statements nor summary."""

_LONGEST_SHOWN = 60
_MOST_BITS_SHOWN = 64

_Option = TypeVar("_Option")


def from_dict(values: Any) -> Annotation:
    """The annotation that `to_dict` or an earlier version of it wrote; what follows from other values is checked.

    Keys that are not in the schema are passed over, so that a row of `sokhan batch` can be read as it is.

    Raises:
        SokhanError: If a value is missing or wrong, with its path, such as `statements[2].cue[0].start`.
    """
    root = _Value(values)
    version = root["schema_version"]
    if type(version.of) is not int or version.of not in (_WITHOUT_SPEECH, SCHEMA_VERSION):
        readable = f"this version of Sokhan reads {_WITHOUT_SPEECH} and {SCHEMA_VERSION}"
        raise version.wrong(f"is {_shown(version.of)}; {readable}")
    annotation = _Reader(root["text"].string()).read(root, with_speech=version.of != _WITHOUT_SPEECH)
    _require_order("entities", [(one.start, one.end) for one in annotation.entities])
    _require_order("sentences", [(one.start, one.end) for one in annotation.sentences])
    _require_order("statements", [(one.start, one.end) for one in annotation.statements])
    return annotation


def from_json(text: str) -> Annotation:
    """The annotation that `to_json` wrote.

    Raises:
        SokhanError: If the text is not JSON, or as `from_dict`.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise SokhanError(f"the annotation is not JSON: {error}") from error
    except RecursionError as error:
        raise SokhanError("the annotation is not JSON that can be read: it is too deeply nested") from error
    return from_dict(values)


def _require_order(name: str, places: Iterable[tuple[int, int]]) -> None:
    """They are searched by bisection, so they must be in order and disjoint."""
    for number, ((_, end), (start, _)) in enumerate(pairwise(places), 1):
        if start < end:
            raise SokhanError(f"{name}[{number}].start is {start}, but {name}[{number - 1}] ends at {end}")


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of the JSON form and the way to it, which is spelled out only for an error."""

    of: Any
    step: str | int = ""
    parent: _Value | None = None

    @property
    def path(self) -> str:
        if self.parent is None:
            return ""
        before = self.parent.path
        if isinstance(self.step, int):
            return f"{before}[{self.step}]"
        return f"{before}.{self.step}" if before else self.step

    def wrong(self, what: str) -> SokhanError:
        return SokhanError(f"{self.path or 'the annotation'} {what}")

    def __getitem__(self, key: str) -> _Value:
        if not isinstance(self.of, dict):
            raise self.wrong(f"is {_shown(self.of)}, not an object")
        if key not in self.of:
            raise _Value(None, key, self).wrong(f"is missing; there is {_shown(', '.join(map(str, self.of)))}")
        return _Value(self.of[key], key, self)

    def __iter__(self) -> Iterator[_Value]:
        if not isinstance(self.of, list):
            raise self.wrong(f"is {_shown(self.of)}, not a list")
        return (_Value(one, number, self) for number, one in enumerate(self.of))

    def string(self) -> str:
        if not isinstance(self.of, str):
            raise self.wrong(f"is {_shown(self.of)}, not a string")
        return self.of

    def whole(self, lowest: int, highest: int) -> int:
        if not isinstance(self.of, int) or isinstance(self.of, bool) or not lowest <= self.of <= highest:
            raise self.wrong(f"is {_shown(self.of)}, not a whole number from {lowest} to {highest}")
        return self.of

    def number_of(self, what: str, there_are: int) -> int:
        if not isinstance(self.of, int) or isinstance(self.of, bool) or not 0 <= self.of < there_are:
            raise self.wrong(f"is {_shown(self.of)}, not the number of one of the {there_are} {what}, counted from 0")
        return self.of

    def score(self) -> float:
        if not isinstance(self.of, int | float) or isinstance(self.of, bool) or not 0 <= self.of <= 1:
            raise self.wrong(f"is {_shown(self.of)}, not a number from 0 to 1")
        return float(self.of)

    def one_of(self, options: tuple[_Option, ...]) -> _Option:
        for option in options:
            if option == self.of:
                return option
        written = self.of if isinstance(self.of, str) else ""
        raise self.wrong(f"is {_shown(self.of)}{nearest(written[:_LONGEST_SHOWN], map(str, options))}")

    def require(self, expected: str, reason: str) -> None:
        """That a value which follows from others is what follows from them."""
        if self.string() != expected:
            raise self.wrong(f"is {_shown(self.of)}, but {reason} {_shown(expected)}")


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…")
    # Python refuses to write out numbers of thousands of digits.
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _MOST_BITS_SHOWN):
        return repr(value)
    kinds = {dict: "an object", list: "a list", int: "a number that is far too big"}
    return kinds.get(type(value), f"a Python {type(value).__name__}")


class _Reader:
    """Reads the parts of one article's annotation, whose spans must be in its text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sentences: tuple[Sentence, ...] = ()
        self._actors: tuple[Actor, ...] = ()

    def read(self, root: _Value, with_speech: bool) -> Annotation:
        entities = tuple(self._entity(one) for one in root["entities"])
        self._sentences = tuple(self._sentence(one) for one in root["sentences"])
        warnings = tuple(one.string() for one in root["warnings"])
        if not with_speech:
            return Annotation(self._text, entities, self._sentences, warnings=warnings)
        self._actors = tuple(self._actor(one) for one in root["actors"])
        statements = tuple(self._statement(one) for one in root["statements"])
        summary = self._summary(root["summary"])
        return Annotation(self._text, entities, self._sentences, self._actors, statements, summary, warnings)

    def _place(self, value: _Value) -> tuple[int, int]:
        start = value["start"].whole(0, len(self._text))
        return start, value["end"].whole(start, len(self._text))

    def _span(self, value: _Value) -> Span:
        start, end = self._place(value)
        text = self._text[start:end]
        value["text"].require(text, f"text[{start}:{end}] is")
        return Span(start, end, text)

    def _spans(self, value: _Value) -> tuple[Span, ...]:
        return tuple(self._span(one) for one in value)

    def _entity(self, value: _Value) -> Entity:
        span = self._span(value)
        return Entity(span.start, span.end, value["label"].string(), span.text, value["score"].score())

    def _sentence(self, value: _Value) -> Sentence:
        span = self._span(value)
        speaker = value["speaker"]
        sentence = Sentence(
            span.start,
            span.end,
            span.text,
            _themes(value["themes"]),
            None if speaker.of is None else speaker.string(),
        )
        value["stance"].require(sentence.stance, "by its themes it is")
        return sentence

    def _actor(self, value: _Value) -> Actor:
        return Actor(
            name=value["name"].string(),
            kind=value["kind"].one_of(get_args(ActorKind)),
            names=self._attested(value["names"]),
            ranks=self._attested(value["ranks"]),
            positions=self._attested(value["positions"]),
            organizations=self._attested(value["organizations"]),
            countries=self._attested(value["countries"]),
            mentions_by_office=self._attested(value["mentions_by_office"]),
            references=self._spans(value["references"]),
        )

    def _attested(self, value: _Value) -> tuple[Attested, ...]:
        return tuple(Attested(one["text"].string(), self._spans(one["spans"])) for one in value)

    def _statement(self, value: _Value) -> Statement:
        start, end = self._place(value)
        actor, mention = self._actor_number(value["actor"]), value["mention"]
        speaker = self._actors[actor].name
        value["speaker"].require(speaker, f"the name of actors[{actor}] is")
        statement = Statement(
            start=start,
            end=end,
            actor=actor,
            speaker=speaker,
            kind=value["kind"].one_of(get_args(Kind)),
            mention=None if mention.of is None else self._span(mention),
            cue=self._spans(value["cue"]),
            content=self._spans(value["content"]),
            sentences=self._sentence_numbers(value["sentences"]),
            themes=_themes(value["themes"]),
            addressees=self._spans(value["addressees"]),
            nested=tuple(self._nested(one) for one in value["nested"]),
        )
        value["stance"].require(statement.stance, "by its themes it is")
        return statement

    def _nested(self, value: _Value) -> Nested:
        return Nested(
            speaker=self._span(value["speaker"]),
            kind=value["kind"].one_of(get_args(Kind)),
            cue=self._spans(value["cue"]),
            content=self._spans(value["content"]),
        )

    def _summary(self, value: _Value) -> Summary:
        return Summary(
            tuple(ActorStance(self._actor_number(one["actor"]), self._counts(one)) for one in value["actors"]),
            tuple(
                Relation(
                    self._actor_number(one["actor"]),
                    one["target"].string(),
                    one["label"].string(),
                    self._counts(one),
                )
                for one in value["relations"]
            ),
        )

    def _counts(self, value: _Value) -> StanceCounts:
        counts = StanceCounts(
            cooperative=self._sentence_numbers(value["cooperative"]),
            threatening=self._sentence_numbers(value["threatening"]),
            mixed=self._sentence_numbers(value["mixed"]),
            neutral=self._sentence_numbers(value["neutral"]),
        )
        value["stance"].require(counts.stance, "by its sentences it is")
        return counts

    def _actor_number(self, value: _Value) -> int:
        return value.number_of("actors", len(self._actors))

    def _sentence_numbers(self, value: _Value) -> tuple[int, ...]:
        return tuple(one.number_of("sentences", len(self._sentences)) for one in value)


def _themes(value: _Value) -> tuple[Theme, ...]:
    return tuple(Theme(one["name"].string(), one["score"].score()) for one in value)
