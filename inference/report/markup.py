"""Pieces of the page: periods, and passages with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inference.glossary import STANCES, number, percent, theme_name
from inference.html_markup import isolated
from inference.report.calendar import period_name
from inference.report.evidence import Passage


def digits(value: str) -> str:
    """A text of ours with Persian digits."""
    return "".join(number(int(one)) if one.isdecimal() else one for one in value)


def period(value: str) -> str:
    """A month or year for reading."""
    return digits(period_name(value))


def passages(found: Sequence[Passage], speakers: Sequence[str]) -> Iterator[str]:
    """A list of passages; `speakers` are the names of the actors by their numbers."""
    yield '<ul class="passages">'
    for one in found:
        place = [] if one.speaker is None else [f"گوینده: {isolated(speakers[one.speaker])}"]
        place.append(f"سند {isolated(one.document)}")
        if one.origin != one.document:
            place.append(isolated(one.origin))
        place.append(f'نویسه <bdi dir="ltr">{one.start}–{one.end}</bdi>')
        place.append(period(one.month))
        place += [STANCES[one.stance]] * (not one.themes)
        place += [f"{isolated(theme_name(theme.name))} {percent(theme.score)}" for theme in one.themes]
        yield f'<li class="{one.stance}"><p>{isolated(one.text)}</p><p class="place">{joined(place)}</p></li>'
    yield "</ul>"


def joined(items: Iterable[str]) -> str:
    """Items of one line."""
    return " · ".join(items)
