"""The rows of `sokhan batch` as a stream of articles: who says which sentence, about whom, carrying what."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from inference.annotation import Theme
from inference.batch.inputs import parquet_file
from inference.batch.manifest import load_manifest
from inference.batch.writing import PART_NAME
from inference.errors import SokhanError
from inference.glossary import STANCES
from inference.json_form import SCHEMA_VERSION
from inference.labels import Stance

_COLUMNS = ("id", "schema_version", "sentences", "actors", "statements", "summary", "origin", "source", "error")
_ROWS_AT_ONCE = 64
_SUFFIXES = (".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article.

    Attributes:
        start: First code point in the row's `text`.
        end: One past the last.
        text: The sentence.
        themes: What it carries, likeliest first.
        stance: Of these themes.
        actor: Number of the speaker in `Article.actors`; None where the article speaks.
    """

    start: int
    end: int
    text: str
    themes: tuple[Theme, ...]
    stance: Stance
    actor: int | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who may speak, as one article tells it.

    Attributes:
        name: Name, office or body.
        kind: `person`, `office` or `body`; empty where the row only names a speaker.
        positions: Offices.
        organizations: Of these offices.
        countries: Of these offices.
    """

    name: str
    kind: str = ""
    positions: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Sentences in which an actor names a country or organization.

    Attributes:
        actor: Number in `Article.actors`.
        target: The country or organization.
        label: `LOC` or `ORG`.
        sentences: Numbers in `Article.sentences`, with the stance of each.
    """

    actor: int
    target: str
    label: str
    sentences: tuple[tuple[int, Stance], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A row.

    Attributes:
        id: The document's id.
        origin: Where the document stood.
        source: Its other fields.
        error: Why it was not annotated; then there is nothing in what follows.
        sentences: All its sentences.
        actors: Who is who.
        relations: Who speaks of whom.
    """

    id: str
    origin: str
    source: Mapping[str, Any]
    error: str | None
    sentences: tuple[Sentence, ...] = ()
    actors: tuple[Person, ...] = ()
    relations: tuple[Relation, ...] = ()


def find_parts(names: Sequence[Path]) -> list[Path]:
    """Files of rows: those named, and the parts in the folders named, in order.

    Raises:
        SokhanError: If there is none, one is of no known kind or is named twice.
    """
    found: dict[Path, Path] = {}
    for name in names:
        for file in _parts_of(name):
            if file.resolve() in found:
                raise SokhanError(f"{file} is named twice")
            found[file.resolve()] = file
    return list(found.values())


def unfinished(names: Sequence[Path]) -> list[Path]:
    """The folders among them whose job has not written all its parts."""
    return [name for name in names if name.is_dir() and (known := load_manifest(name)) and not known.finished]


def _parts_of(name: Path) -> list[Path]:
    if name.is_dir():
        files = sorted(file for file in name.iterdir() if PART_NAME.fullmatch(file.name))
        if not files:
            raise SokhanError(f"folder {name} holds no parts of `sokhan batch` (part-00000.jsonl and so on)")
        return files
    if not name.is_file():
        raise SokhanError(f"there is no file or folder {name}")
    if name.suffix not in _SUFFIXES:
        raise SokhanError(f"{name} is none of {', '.join(_SUFFIXES)}; name parts of `sokhan batch` or their folder")
    return [name]


def read(parts: Sequence[Path]) -> Iterator[Article]:
    """The articles of all parts in order, one in memory at a time.

    Raises:
        SokhanError: If a part can't be read, or holds what is no row of `sokhan batch`; place and reason are told.
    """
    for path in parts:
        for number, row in enumerate(_rows(path), start=1):
            place = f"{path}:{number}"
            if row["schema_version"] != SCHEMA_VERSION:
                raise SokhanError(
                    f"{place} is in form {row['schema_version']} of the annotation, and a report needs form "
                    f"{SCHEMA_VERSION}; annotate again with this version"
                )
            try:
                yield _article(row)
            except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
                raise SokhanError(f"{place} is no row of `sokhan batch`: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    rows = _lines(path) if path.suffix == ".jsonl" else _records(path)
    try:
        for number, row in enumerate(rows, start=1):
            missing = next((name for name in _COLUMNS if name not in row), None)
            if missing:
                raise SokhanError(f"{path}:{number} is no row of `sokhan batch`: it lacks '{missing}'")
            yield row
    except (pa.ArrowException, OSError) as error:
        raise SokhanError(f"{path} can't be read: {str(error).splitlines()[0]}") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise SokhanError(f"{path}:{number} is no row of `sokhan batch`: it is not JSON") from error
            if not isinstance(row, dict):
                raise SokhanError(f"{path}:{number} is no row of `sokhan batch`: it is not an object")
            yield row


def _records(path: Path) -> Iterator[dict[str, Any]]:
    file = parquet_file(path)
    columns = [name for name in _COLUMNS if name in file.schema_arrow.names]
    for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, columns=columns):
        for row in batch.to_pylist():
            source = row.get("source")
            yield row | ({"source": json.loads(source)} if isinstance(source, str) else {})


def _article(row: Mapping[str, Any]) -> Article:
    source = row["source"] or {}
    if not isinstance(source, dict):
        raise TypeError("its 'source' is not an object")
    if row["error"] is not None:
        return Article(str(row["id"]), str(row["origin"]), source, str(row["error"]))
    actors = [_person(one) for one in row["actors"]]
    speaking = _speaking(row, actors)
    sentences = tuple(_sentence(one, speaking.get(number)) for number, one in enumerate(row["sentences"]))
    relations = tuple(_relation(one, len(actors), len(sentences)) for one in row["summary"]["relations"])
    return Article(str(row["id"]), str(row["origin"]), source, None, sentences, tuple(actors), relations)


def _speaking(row: Mapping[str, Any], actors: list[Person]) -> dict[int, int]:
    """Number of the actor who says each sentence; a speaker who is no actor of the row is added to them."""
    speaking: dict[int, int] = {}
    for statement in row["statements"]:
        if not 0 <= statement["actor"] < len(actors):
            raise ValueError(f"there is no actor {statement['actor']}")
        speaking |= dict.fromkeys(statement["sentences"], statement["actor"])
    numbers: dict[str, int] = {}
    for number, actor in enumerate(actors):
        numbers.setdefault(actor.name, number)
    for number, sentence in enumerate(row["sentences"]):
        name = sentence["speaker"]
        if name is not None and number not in speaking:
            if name not in numbers:
                numbers[name] = len(actors)
                actors.append(Person(str(name)))
            speaking[number] = numbers[name]
    return speaking


def _person(actor: Mapping[str, Any]) -> Person:
    positions, organizations, countries = (
        tuple(form["text"] for form in actor[kind]) for kind in ("positions", "organizations", "countries")
    )
    return Person(str(actor["name"]), sys.intern(actor["kind"]), positions, organizations, countries)


def _sentence(sentence: Mapping[str, Any], actor: int | None) -> Sentence:
    themes = tuple(Theme(sys.intern(one["name"]), float(one["score"])) for one in sentence["themes"])
    start, end = int(sentence["start"]), int(sentence["end"])
    return Sentence(start, end, str(sentence["text"]), themes, _stance(sentence["stance"]), actor)


def _stance(name: str) -> Stance:
    for stance in STANCES:
        if stance == name:
            return stance
    raise ValueError(f"'{name}' is no stance")


def _relation(relation: Mapping[str, Any], actors: int, sentences: int) -> Relation:
    numbers = tuple((int(number), stance) for stance in STANCES for number in relation[stance])
    actor = int(relation["actor"])
    if not 0 <= actor < actors or not all(0 <= number < sentences for number, _ in numbers):
        raise ValueError("a relation names an actor or a sentence that is not there")
    return Relation(actor, str(relation["target"]), sys.intern(relation["label"]), numbers)
