"""Right-to-left text for terminals that know nothing of it: wrapped, shaped, reordered.

The rules are those of UAX #9 by python-bidi and the letter forms those of arabic-reshaper. What is added is
that styles travel with the characters: levels are resolved over a paragraph, and lines are cut and reordered
afterwards, as the standard has it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from rich.cells import cell_len

_ARABIC_BLOCKS = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    Attributes:
        text: The text.
        style: Parameters of the terminal's SGR sequence, such as `1;32`; empty for none.
    """

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    """What stands in one place: a character with its combining marks."""

    text: str
    style: str
    width: int


def width_of(line: Iterable[Run]) -> int:
    """Terminal columns that a line takes."""
    return sum(cell_len(run.text) for run in line)


def visual_lines(paragraph: Sequence[Run], width: int) -> list[list[Run]]:
    """The lines of a right-to-left paragraph, each in the order in which it is seen from left to right.

    Args:
        paragraph: Text in logical order, without line breaks or control characters. A change of style ends
            the joining of letters.
        width: Columns that a line may take. Lines break at spaces, and inside longer words.

    Returns:
        Lines of at most `width` columns; one empty line if there is nothing to show.
    """
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = 1, "R"
    storage["chars"] = [_character(cell) for run in paragraph for cell in _cells(run)]
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    lines = []
    for line in _wrapped(storage["chars"], width):
        storage["chars"] = line
        algorithm.reorder_resolved_levels(storage, False)
        algorithm.apply_mirroring(storage, False)
        lines.append(_runs(storage["chars"]))
    return lines


def _cells(run: Run) -> list[_Cell]:
    cells: list[_Cell] = []
    for character in _reshaper().reshape(run.text):
        if cells and unicodedata.category(character) in ("Mn", "Me"):
            # A mark follows its letter in either direction.
            cells[-1] = _Cell(cells[-1].text + character, run.style, cells[-1].width)
        else:
            cells.append(_Cell(character, run.style, cell_len(character)))
    return cells


@cache
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper

    # The ligature of الله is five letters wide in print and one column here: no one can read it.
    return ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})


def _character(cell: _Cell) -> dict[str, Any]:
    """A character as python-bidi keeps it, with the cell that it carries along."""
    kind = unicodedata.bidirectional(cell.text[0]) or _kind_of_unassigned(cell.text[0])
    return {"ch": cell.text[0], "level": 1, "type": kind, "orig": kind, "cell": cell}


def _kind_of_unassigned(character: str) -> str:
    return "R" if any(first <= ord(character) <= last for first, last in _ARABIC_BLOCKS) else "L"


def _wrapped(characters: list[dict[str, Any]], width: int) -> list[list[dict[str, Any]]]:
    """Lines of at most `width` columns, in logical order, without the spaces at which they were cut."""
    lines: list[list[dict[str, Any]]] = []
    line: list[dict[str, Any]] = []
    used = 0
    for is_space, word in groupby(characters, key=lambda character: character["orig"] == "WS"):
        piece = list(word)
        columns = sum(character["cell"].width for character in piece)
        if used + columns > width and not is_space and line:
            lines.append(line)
            line, used = [], 0
        if is_space and lines and not line:
            continue
        for character in piece:
            wide = character["cell"].width
            if used + wide > width and not is_space and line:
                lines.append(line)
                line, used = [], 0
            line.append(character)
            used += wide
    lines.append(line)
    return [_without_end_spaces(line) for line in lines]


def _without_end_spaces(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    end = len(line)
    while end and line[end - 1]["orig"] == "WS":
        end -= 1
    return line[:end]


def _runs(characters: list[dict[str, Any]]) -> list[Run]:
    """Cells in visual order as runs; a mirrored character has changed, its marks have not."""
    shown = [
        (character["ch"] + character["cell"].text[1:], character["cell"].style)
        for character in characters
        if character["cell"].width
    ]
    return [Run("".join(t for t, _ in same), style) for style, same in groupby(shown, key=lambda pair: pair[1])]
