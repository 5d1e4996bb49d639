"""Marks inside a sentence of the markup: `[LABEL mention]` and `{cue …}`, `{content …}`, `{to …}`.

Square brackets hold a mention and no other mark. Braces hold a part of reported speech, which may hold mentions
and, within `content`, the parts of speech in speech, numbered from 2: `{cue2 …}`. A part may come in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from training.articles import GoldSpan, GoldSpeech, Piece

_OPEN = re.compile(r"\[([^\s\[\]{}]+) |\{(cue|content|to)([2-9]?) ")
_OUTER = 1


class MarkError(ValueError):
    """A mark that is not of its form; the text is one clause for a message."""


@dataclass(slots=True)
class Marked:
    """A sentence without its marks.

    Attributes:
        text: The sentence as it stands in the article.
        entities: Its mentions; offsets count from the sentence's first character.
        parts: Pieces of reported speech by number (1 is the outer) and part (`cue`, `content`, `to`).
    """

    text: str = ""
    entities: list[GoldSpan] = field(default_factory=list)
    parts: dict[int, dict[str, list[Piece]]] = field(default_factory=dict)


def read_marks(line: str) -> Marked:
    """Take the marks out of a sentence.

    Raises:
        MarkError: If brackets or braces are not paired, or a mark is unknown.
    """
    marked = Marked()
    opened: list[tuple[str, re.Match[str], int]] = []
    position = 0
    while position < len(line):
        character = line[position]
        begins = _OPEN.match(line, position)
        if begins:
            if opened and opened[-1][0] == "[":
                raise MarkError(f"a mark begins inside the mention '{line[opened[-1][1].start() : position]}'")
            opened.append((character, begins, len(marked.text)))
            position = begins.end()
            continue
        if character in "]}":
            if not opened or opened[-1][0] != {"]": "[", "}": "{"}[character]:
                raise MarkError(f"'{character}' closes nothing")
            _, begins, start = opened.pop()
            _close(marked, begins, start)
        elif character in "[{":
            raise MarkError(
                "brackets must hold a label and a mention, such as [LOC تهران], braces cue, content or to, "
                "such as {cue گفت}"
            )
        else:
            marked.text += character
        position += 1
    if opened:
        raise MarkError(f"'{opened[-1][1][0].strip()}' is not closed")
    return marked


def write_marks(text: str, start: int, entities: Iterable[GoldSpan], speech: GoldSpeech | None) -> str:
    """Put marks into a sentence; `read_marks` gives them back.

    Args:
        text: The sentence.
        start: Its first character in the article, from which the offsets of mentions and pieces count.
        entities: Its mentions.
        speech: How it reports speech.

    Raises:
        MarkError: If two marks cross.
    """
    marks = [(span.start - start, span.end - start, f"[{span.label} ", "]") for span in entities]
    marks += [(first - start, last - start, f"{{{name} ", "}") for first, last, name in _named(speech)]
    # Of two marks in one place the one listed later is the outer one: a part of speech holds a mention.
    order = sorted(range(len(marks)), key=lambda i: (marks[i][0], -marks[i][1], -_depth(marks[i][2]), i))
    written, position, closing = "", 0, list[tuple[int, str]]()
    for first, last, opener, closer in (marks[i] for i in order):
        while closing and closing[-1][0] <= first:
            end, mark = closing.pop()
            written += text[position:end] + mark
            position = end
        if closing and closing[-1][0] < last:
            raise MarkError(f"the mark '{opener.strip()}' at {start + first} crosses another one")
        written += text[position:first] + opener
        position = first
        closing.append((last, closer))
    for end, mark in reversed(closing):
        written += text[position:end] + mark
        position = end
    return written + text[position:]


def speech_of(
    parts: Mapping[int, Mapping[str, list[Piece]]], kind: str, nested: Mapping[int, tuple[str, str]]
) -> GoldSpeech:
    """Speech from the pieces of `read_marks`, the outer kind, and speaker and kind of each numbered one."""
    inner = tuple((speaker, _speech(parts.get(number, {}), what)) for number, (speaker, what) in nested.items())
    return _speech(parts.get(_OUTER, {}), kind, inner)


def _speech(
    parts: Mapping[str, list[Piece]], kind: str, nested: tuple[tuple[str, GoldSpeech], ...] = ()
) -> GoldSpeech:
    cue, content, to = (tuple(sorted(parts.get(name, []), key=_start)) for name in ("cue", "content", "to"))
    return GoldSpeech(kind, cue, content, to, nested)  # type: ignore[arg-type]  # the caller has checked the kind


def _start(piece: Piece) -> int:
    return piece.start


def _close(marked: Marked, begins: re.Match[str], start: int) -> None:
    end = len(marked.text)
    if start == end:
        raise MarkError(f"'{begins[0].strip()}' holds nothing")
    if begins[1]:
        marked.entities.append(GoldSpan(start, end, begins[1]))
    else:
        numbered = marked.parts.setdefault(int(begins[3] or _OUTER), {})
        numbered.setdefault(begins[2], []).append(Piece(start, end))


def _named(speech: GoldSpeech | None) -> Iterator[tuple[int, int, str]]:
    """Pieces with the names of their marks, inner speech first."""
    if speech is None:
        return
    numbered = [(f"{number}", inner) for number, (_, inner) in enumerate(speech.nested, start=2)]
    for suffix, one in (*reversed(numbered), ("", speech)):
        for name, pieces in (("cue", one.cue), ("content", one.content), ("to", one.addressee)):
            for piece in pieces:
                yield piece.start, piece.end, f"{name}{suffix}"


def _depth(opener: str) -> int:
    """Marks of the same place stand in this order: outer speech, inner speech, mention."""
    if opener.startswith("["):
        return 0
    return 1 if opener[-2].isdigit() else 2
