"""Scores as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.attribution_scoring import AttributionScores
from training.scoring import MACRO_SUPPORT, EntityScores, Estimate, Interval, Score, ThemeScores
from training.speaker_scoring import OVERLAPS, SpeakerScores
from training.speech_scoring import CONTENT_OVERLAP, SpeechScores

_Row = tuple[str, ...]


def print_scores(scores: EntityScores | ThemeScores, title: str = "", tokens: dict[str, Any] | None = None) -> None:
    """Print scores to standard output, in percent.

    Args:
        scores: What to show.
        title: A line above.
        tokens: What `training.token_scoring` counted, for entities of a token corpus.
    """
    single = scores.labels if isinstance(scores, EntityScores) else scores.themes
    together = [*_rows(scores.sides.items())] if isinstance(scores, ThemeScores) else []
    together.append(_row("micro", scores.micro))
    if isinstance(scores, ThemeScores):
        if scores.macro:
            together.append(_row(f"macro, {len(scores.macro_themes)} of {MACRO_SUPPORT}+ gold", scores.macro))
        together.append(_row("stance accuracy", scores.stance))
    if tokens:
        micro = tokens["micro"]
        figures = (_percent(micro[name]) for name in ("precision", "recall", "f1"))
        together.append(("micro, by seqeval", *figures, "", str(micro["support"])))
    _print(title, [[*_rows(single.items())], together])


def print_attribution(scores: AttributionScores) -> None:
    """Print scores of who says what to standard output, in percent: a table of each part that is annotated."""
    if scores.speakers:
        _print(f"speakers, {scores.speakers.articles} articles", _speaker_rows(scores.speakers))
    if scores.actors:
        actors = scores.actors
        together = [_row("micro", actors.micro), _row("actors themselves", actors.actors)]
        _print(f"attributes of actors, {actors.articles} articles", [[*_rows(actors.kinds.items())], together])
    if scores.speech:
        _print(f"reported speech, {scores.speech.articles} articles", [_speech_rows(scores.speech)])


def _speaker_rows(scores: SpeakerScores) -> Iterator[list[_Row]]:
    yield [
        _row("speaker accuracy", scores.sentences, scores.support),
        _row("… where one speaks", scores.spoken, scores.spoken_support),
    ]
    for overlap in OVERLAPS:
        matched = scores.statements[overlap]
        yield [
            _row(f"statements, overlap {overlap}", matched),
            _row("… right source", scores.sources[overlap], matched.correct),
        ]


def _speech_rows(scores: SpeechScores) -> list[_Row]:
    named = {
        "kind": scores.kind,
        "cue": scores.cue,
        "content": scores.content,
        f"content, overlap {CONTENT_OVERLAP}": scores.content_overlap,
        "addressee": scores.addressee,
        "nested": scores.nested,
    }
    return [*_rows(named.items())]


def _print(title: str, sections: Iterable[Sequence[_Row]]) -> None:
    table = Table(title=Text(title), title_justify="left")
    # Short names: the table must fit a terminal of 80 columns.
    for name in ("", "P", "R", "F1", "95 %", "gold", "found"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for rows in sections:
        for name, *cells in rows:
            table.add_row(Text(name), *cells)
        table.add_section()
    Console().print(table)


def _rows(scores: Iterable[tuple[str, Score]]) -> Iterator[_Row]:
    return (_row(name, score) for name, score in scores)


def _row(name: str, score: Score | Estimate, support: int | None = None) -> _Row:
    """A single figure stands in the column of F1, beside how many it is a share of, where that is given."""
    if isinstance(score, Estimate):
        return name, "", "", _percent(score.value), _range(score.interval), "" if support is None else str(support)
    shares = (_percent(share) for share in (score.precision, score.recall, score.f1))
    return (name, *shares, _range(score.interval), str(score.support), str(score.predicted))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _range(interval: Interval) -> str:
    return "-".join(_percent(share) for share in interval)
