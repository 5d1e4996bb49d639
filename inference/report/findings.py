"""What a report shows of an archive: the counts, the actors and relations chosen from them, and their passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.errors import SokhanError, nearest
from inference.labels import THEMES, Stance
from inference.report.calendar import Axis, axis
from inference.report.charts import Point
from inference.report.counting import Counts, Tally, Target, count
from inference.report.evidence import Evidence, Wanted, collect
from inference.report.reading import read

DATE_FIELD = "published"
_TIMELINE_PERIODS = 120
_TABLE_PERIODS = 24
_MATRIX_ROWS, _MATRIX_COLUMNS = 15, 12


@dataclass(frozen=True, slots=True)
class Findings:
    """What is shown.

    Attributes:
        counts: Counts over the whole archive.
        evidence: Passages of what is shown.
        top: How many actors are shown, from the first.
        sources: Actors of the matrix, those with most sentences of cooperation and threat towards others first.
        targets: Countries and organizations of the matrix, the same way.
        timeline: Periods of the timeline.
        periods: Periods of the tables.
        themes: All themes that occur, those of the scheme first.
    """

    counts: Counts
    evidence: Evidence
    top: int
    sources: tuple[int, ...]
    targets: tuple[Target, ...]
    timeline: Axis
    periods: Axis
    themes: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Names of all actors by their numbers."""
        return [actor.name for actor in self.counts.actors]

    @property
    def shown(self) -> Sequence[Tally]:
        """The actors that are shown."""
        return self.counts.actors[: self.top]


def find(parts: Sequence[Path], date_field: str | None, top: int, each: int) -> Findings:
    """Read the parts twice: for the counts, then for the passages of what is shown of them.

    Args:
        parts: Files of rows.
        date_field: Field of `source` with the date; None for `DATE_FIELD`, which may be missing.
        top: Actors to show.
        each: Passages for each count that is shown.

    Raises:
        SokhanError: If a part can't be read, or no document has the field.
    """
    field = date_field or DATE_FIELD
    counts = count(read(parts), field)
    if date_field is not None and counts.fields and date_field not in counts.fields:
        raise SokhanError(f"no document has the field '{date_field}'{nearest(date_field, sorted(counts.fields))}")
    sources, targets = _matrix(counts)
    timeline = axis(counts.months, _TIMELINE_PERIODS)
    shown = frozenset(range(min(top, len(counts.actors))))
    cells = frozenset((source, target) for source in sources for target in targets)
    evidence = collect(read(parts), counts, field, Wanted(shown, cells, timeline, each))
    found = {theme for actor in counts.actors for _, theme in actor.themes}
    themes = tuple(theme for theme in THEMES if theme in found) + tuple(sorted(found - set(THEMES)))
    return Findings(counts, evidence, top, sources, targets, timeline, axis(counts.months, _TABLE_PERIODS), themes)


def points(counts: Counter[tuple[str, Stance]], over: Axis) -> list[Point]:
    """Cooperation and threat in each period of counts by month and stance."""
    sums: Counter[tuple[str, Stance]] = Counter()
    for (month, stance), sentences in counts.items():
        sums[over.period(month), stance] += sentences
    return [
        Point(one, sums[one, "cooperative"] + sums[one, "mixed"], sums[one, "threatening"] + sums[one, "mixed"])
        for one in over.periods
    ]


def _matrix(counts: Counts) -> tuple[tuple[int, ...], tuple[Target, ...]]:
    by_source: Counter[int] = Counter()
    by_target: Counter[Target] = Counter()
    for number, actor in enumerate(counts.actors):
        for (target, _, stance), sentences in actor.relations.items():
            if stance != "neutral":
                by_source[number] += sentences
                by_target[target] += sentences
    sources = sorted(by_source, key=lambda number: (-by_source[number], number))[:_MATRIX_ROWS]
    targets = sorted(by_target, key=lambda target: (-by_target[target], target))[:_MATRIX_COLUMNS]
    return tuple(sources), tuple(targets)
