"""The counts as CSV: everything that was counted, not only what the page shows. UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from inference.errors import SokhanError
from inference.escaping import encodable
from inference.glossary import STANCES
from inference.report.counting import Counts, Tally
from inference.report.evidence import Passage
from inference.report.findings import Findings
from inference.textfile import write_whole

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, which could run."""

Cell = str | int


def write_tables(findings: Findings, folder: Path) -> None:
    """Write `actors`, `themes`, `relations`, `timeline`, `passages` and `errors`, each as `.csv`.

    Raises:
        SokhanError: If the folder can't be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SokhanError(f"the folder {folder} can't be made: {error.strerror or error}") from error
    counts = findings.counts
    actor = ("actor", "name", "affiliation")
    for name, head, rows in (
        ("actors", (*actor, "kind", "documents", "sentences", *STANCES), _actors(counts)),
        ("themes", (*actor, "month", "theme", "sentences"), _themes(counts)),
        ("relations", (*actor, "target", "label", "month", *STANCES), _relations(counts)),
        ("timeline", ("month", *STANCES), _timeline(counts)),
        ("passages", _PASSAGE, _passages(findings)),
        ("errors", ("id", "origin", "reason"), ((e.id, e.origin, e.reason) for e in counts.errors)),
    ):
        write_whole(folder / f"{name}.csv", table([head, *rows]))


def table(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_cell(cell) for cell in row] for row in rows)
    return BOM_UTF8 + written.getvalue().encode("utf-8")


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, int):
        return cell
    return encodable(f"'{cell}" if cell.startswith(_FORMULA) else cell)


def _actor(number: int, tally: Tally) -> tuple[Cell, ...]:
    """Number from 1, name, and what tells it from others of that name."""
    return number + 1, tally.name, "; ".join(role for role, _ in tally.affiliations.most_common())


def _actors(counts: Counts) -> Iterator[tuple[Cell, ...]]:
    for number, tally in enumerate(counts.actors):
        stances = (tally.of_stance(stance) for stance in STANCES)
        yield *_actor(number, tally), tally.kind, tally.documents, tally.sentences, *stances


def _themes(counts: Counts) -> Iterator[tuple[Cell, ...]]:
    for number, tally in enumerate(counts.actors):
        for (month, theme), sentences in sorted(tally.themes.items()):
            yield *_actor(number, tally), month, theme, sentences


def _relations(counts: Counts) -> Iterator[tuple[Cell, ...]]:
    for number, tally in enumerate(counts.actors):
        for target, month in sorted({(target, month) for target, month, _ in tally.relations}):
            stances = (tally.relations[target, month, stance] for stance in STANCES)
            yield *_actor(number, tally), counts.targets[target], target.label, month, *stances


def _timeline(counts: Counts) -> Iterator[tuple[Cell, ...]]:
    for month in sorted(counts.months):
        yield month, *(counts.sentences[month, stance] for stance in STANCES)


_PASSAGE = ("about", "of", "actor", "name", "document", "origin", "month", "start", "end", "stance", "themes", "text")


def _passages(findings: Findings) -> Iterator[tuple[Cell, ...]]:
    """The passages that the page shows: of a theme of an actor, of a relation, of a side in a period."""
    evidence, counts = findings.evidence, findings.counts
    for (_, theme), found in evidence.themes.items():
        yield from (("theme", theme, *_passage(counts, one)) for one in found)
    for (_, target, _), found in evidence.relations.items():
        yield from (("relation", counts.targets[target], *_passage(counts, one)) for one in found)
    for (period, side), found in evidence.periods.items():
        yield from (("period", f"{period} {side}".strip(), *_passage(counts, one)) for one in found)


def _passage(counts: Counts, one: Passage) -> tuple[Cell, ...]:
    speaker: tuple[Cell, ...] = (
        ("", "") if one.speaker is None else (one.speaker + 1, counts.actors[one.speaker].name)
    )
    themes = " ".join(theme.name for theme in one.themes)
    return *speaker, one.document, one.origin, one.month, one.start, one.end, one.stance, themes, one.text
