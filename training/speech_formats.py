"""Reads reported speech and actors of the project's own JSONL; `training.formats` reads the rest of it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from inference.errors import SokhanError, nearest
from training.articles import KINDS, GoldActor, GoldSpeech, Piece
from training.json_values import as_list, kind_of, required

_PARTS = ("cue", "content", "addressee")


def read_speech(sentence: dict[str, Any], start: int, end: int, place: str) -> GoldSpeech | None:
    """Reported speech of a sentence, or of an entry of `nested`; None if it has no `kind`.

    Args:
        sentence: The JSON object.
        start: First character of the sentence.
        end: One past its last.
        place: `file:line: sentence n` for error messages.

    Raises:
        SokhanError: If a value is not of its form, or a piece lies outside the sentence; names the place.
    """
    if "kind" not in sentence:
        stray = [name for name in (*_PARTS, "nested") if name in sentence]
        if stray:
            raise SokhanError(f"{place}: '{stray[0]}' without 'kind'{nearest('kind', sentence)}")
        return None
    kind = sentence["kind"]
    if kind not in KINDS:
        raise SokhanError(f"{place}: unknown kind {kind!r}{nearest(str(kind), KINDS)}; kinds are {', '.join(KINDS)}")
    parts = {name: _pieces(sentence.get(name, []), start, end, f"{place}: {name}") for name in _PARTS}
    nested = []
    for number, entry in enumerate(as_list(sentence.get("nested", []), place, "nested"), start=1):
        inner = f"{place}: nested {number}"
        if not isinstance(entry, dict):
            raise SokhanError(f"{inner}: must be an object with 'speaker' and 'kind', not {kind_of(entry)}")
        speaker = required(entry, "speaker", inner)
        if not isinstance(speaker, str):
            raise SokhanError(f"{inner}: 'speaker' must be a string, not {kind_of(speaker)}")
        required(entry, "kind", inner)
        speech = read_speech(entry, start, end, inner)
        assert speech is not None  # it has a kind
        nested.append((speaker, speech))
    return GoldSpeech(kind, parts["cue"], parts["content"], parts["addressee"], tuple(nested))


def read_actors(written: Any, source: str) -> tuple[GoldActor, ...] | None:
    """The `actors` of an article; None if it has none.

    Raises:
        SokhanError: If a value is not of its form; names `source` and the actor.
    """
    if written is None:
        return None
    actors = []
    for number, entry in enumerate(as_list(written, source, "actors"), start=1):
        place = f"{source}: actor {number}"
        if not isinstance(entry, dict):
            raise SokhanError(f"{place}: must be an object with a 'name', not {kind_of(entry)}")
        name = required(entry, "name", place)
        if not isinstance(name, str):
            raise SokhanError(f"{place}: 'name' must be a string, not {kind_of(name)}")
        lists = {}
        for key in (field.name for field in fields(GoldActor) if field.name != "name"):
            values = as_list(entry.get(key, []), place, key)
            if not all(isinstance(value, str) for value in values):
                raise SokhanError(f"{place}: '{key}' must hold strings")
            lists[key] = tuple(values)
        actors.append(GoldActor(name, **lists))
    return tuple(actors)


def _pieces(written: Any, start: int, end: int, place: str) -> tuple[Piece, ...]:
    pieces = []
    for entry in as_list(written, place, "pieces"):
        if not isinstance(entry, dict):
            raise SokhanError(f"{place}: must hold objects with 'start' and 'end', not {kind_of(entry)}")
        piece = Piece(*(required(entry, key, place) for key in ("start", "end")))
        if type(piece.start) is not int or type(piece.end) is not int:
            raise SokhanError(f"{place}: 'start' and 'end' must be whole numbers")
        if not start <= piece.start < piece.end <= end:
            raise SokhanError(f"{place}: {piece.start}-{piece.end} is not inside its sentence {start}-{end}")
        pieces.append(piece)
    return tuple(sorted(pieces, key=lambda piece: piece.start))
