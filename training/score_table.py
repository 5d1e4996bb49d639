"""Scores as a table for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.scoring import MACRO_SUPPORT, EntityScores, Interval, Score, ThemeScores


def print_scores(scores: EntityScores | ThemeScores, title: str = "", tokens: dict[str, Any] | None = None) -> None:
    """Print scores to standard output, in percent.

    Args:
        scores: What to show.
        title: A line above.
        tokens: What `training.token_scoring` counted, for entities of a token corpus.
    """
    table = Table(title=Text(title), title_justify="left")
    # Short names: the table must fit a terminal of 80 columns.
    for name in ("", "P", "R", "F1", "95 %", "gold", "found"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    single = scores.labels if isinstance(scores, EntityScores) else scores.themes
    for name, score in single.items():
        table.add_row(Text(name), *_cells(score))
    table.add_section()
    if isinstance(scores, ThemeScores):
        for name, score in scores.sides.items():
            table.add_row(name, *_cells(score))
    table.add_row("micro", *_cells(scores.micro))
    if isinstance(scores, ThemeScores):
        if scores.macro:
            name = f"macro, {len(scores.macro_themes)} of {MACRO_SUPPORT}+ gold"
            table.add_row(name, "", "", _percent(scores.macro.value), _range(scores.macro.interval))
        table.add_row("stance accuracy", "", "", _percent(scores.stance.value), _range(scores.stance.interval))
    if tokens:
        micro = tokens["micro"]
        figures = (_percent(micro[name]) for name in ("precision", "recall", "f1"))
        table.add_row("micro, by seqeval", *figures, "", str(micro["support"]))
    Console().print(table)


def _cells(score: Score) -> tuple[str, ...]:
    shares = (_percent(share) for share in (score.precision, score.recall, score.f1))
    return (*shares, _range(score.interval), str(score.support), str(score.predicted))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _range(interval: Interval) -> str:
    return "-".join(_percent(share) for share in interval)
