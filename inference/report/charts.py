"""Charts as SVG: plain shapes with a title each, in the classes of the style sheet. Time runs from right to left."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inference.glossary import STANCES, number
from inference.html_markup import plain
from inference.labels import Stance
from inference.report.markup import digits, period

_WIDTH, _HEIGHT = 960, 270
_TOP, _BOTTOM, _LEFT, _RIGHT = 12, 30, 8, 44
_LABELS = 12
"""Labels under a timeline, at most."""
_TICKS = 5
_WIDEST_BAR = 48
_BAR_ORDER: tuple[Stance, ...] = ("cooperative", "mixed", "neutral", "threatening")


@dataclass(frozen=True, slots=True)
class Point:
    """A period of a timeline.

    Attributes:
        period: `YYYY-MM` or `YYYY`.
        cooperation: Sentences that carry cooperation.
        threat: Sentences that carry threat; one that carries both counts in both.
    """

    period: str
    cooperation: int
    threat: int


def timeline(points: Sequence[Point], label: str, links: Mapping[str, str]) -> str:
    """Cooperation above the line and threat below it, a bar a period.

    Args:
        points: The periods in order; at least one.
        label: What the chart is, for who can't see it.
        links: Where a click on a period leads, an id of the page; a period may have none.
    """
    inner = _WIDTH - _LEFT - _RIGHT
    above, below = max(p.cooperation for p in points), max(p.threat for p in points)
    unit = (_HEIGHT - _TOP - _BOTTOM) / max(above + below, 1)
    line = _TOP + above * unit
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    parts = [f'<svg class="timeline" {size} direction="ltr" role="img" aria-label="{plain(label)}">']
    step = _step(max(above, below))
    for value in range(-(below // step) * step, above + 1, step):
        y = _at(line - value * unit)
        kind = "grid" if value else "axis"
        parts.append(f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 6}" y="{_at(line - value * unit + 4)}">{number(abs(value))}</text>'
        )
    slot = inner / len(points)
    every = -(-len(points) // _LABELS)
    for place, point in enumerate(points):
        middle = _WIDTH - _RIGHT - (place + 0.5) * slot
        bars = "".join(_bars(point, middle, min(slot * 0.75, _WIDEST_BAR), line, unit))
        link = links.get(point.period)
        parts.append(f'<a href="#{link}">{bars}</a>' if bars and link else bars)
        if place % every == 0:
            short = digits(point.period.replace("-", "/"))
            parts.append(f'<text x="{_at(middle)}" y="{_HEIGHT - 8}" text-anchor="middle">{short}</text>')
    return "".join(parts) + "</svg>"


def sparkline(points: Sequence[Point], label: str) -> str:
    """A timeline in the size of a word."""
    width, height = 120, 28
    above, below = max(p.cooperation for p in points), max(p.threat for p in points)
    unit = (height - 2) / max(above + below, 1)
    line = 1 + above * unit
    slot = width / len(points)
    bars = (
        bar
        for place, point in enumerate(points)
        for bar in _bars(point, width - (place + 0.5) * slot, min(slot * 0.75, 10), line, unit)
    )
    y = _at(line)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return (
        f'<svg {size} role="img" aria-label="{plain(label)}">'
        f'{"".join(bars)}<line class="grid" x1="0" x2="{width}" y1="{y}" y2="{y}"/></svg>'
    )


def stance_bar(counts: Mapping[Stance, int]) -> str:
    """The shares of the stances in one bar, from the right."""
    width, height = 140, 12
    total = sum(counts.values())
    parts = []
    right = float(width)
    for stance in _BAR_ORDER:
        share = width * counts[stance] / max(total, 1)
        if share:
            title = f"<title>{STANCES[stance]}: {number(counts[stance])}</title>"
            place = f'x="{_at(right - share)}" y="0" width="{_at(share)}" height="{height}"'
            parts.append(f'<rect class="{stance}" {place}>{title}</rect>')
        right -= share
    label = "، ".join(f"{STANCES[stance]}: {number(counts[stance])}" for stance in _BAR_ORDER)
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def swatch(stance: Stance) -> str:
    """The colour of a stance, for a key."""
    square = f'<rect class="{stance}" width="14" height="14"/>'
    return f'<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">{square}</svg>'


def level(value: int, highest: int) -> int:
    """The shade, 1 to 4, of a count above 0: by its root, as a few counts are far above all others."""
    return max(1, math.ceil(4 * math.sqrt(value / max(highest, 1))))


def _bars(point: Point, middle: float, width: float, line: float, unit: float) -> Iterator[str]:
    for side, value in (("cooperative", point.cooperation), ("threatening", point.threat)):
        if value:
            high = value * unit
            y = line - high if side == "cooperative" else line
            title = f"{period(point.period)} – {'همکاری' if side == 'cooperative' else 'تهدید'}: {number(value)}"
            yield (
                f'<rect class="{side}" x="{_at(middle - width / 2)}" y="{_at(y)}" width="{_at(width)}" '
                f'height="{_at(high)}"><title>{title}</title></rect>'
            )


def _step(highest: int) -> int:
    """A round number that fits into `highest` at most `_TICKS` times."""
    step = 1
    while highest // step > _TICKS:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def _at(value: float) -> str:
    return f"{value:.1f}"
