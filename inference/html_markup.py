"""The parts of a page: its head, escaped text, isolated names, chips, links to sentences."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape

from inference.annotation import Theme
from inference.cast import Role
from inference.glossary import STANCES, number, percent, theme_name, theme_side
from inference.labels import Stance
from inference.visible import visible


def head(title: str, style: str) -> Iterator[str]:
    """A page up to its body.

    Args:
        title: Any text.
        style: The style sheet. Whatever a text might smuggle in, the browser has leave for nothing else.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield "<!DOCTYPE html>"
    yield '<html lang="fa" dir="rtl">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{plain(title)} – Sokhan</title>"
    yield f"<style>{style}</style>"
    yield "</head>"


def plain(text: str) -> str:
    """Text for any place in the page, quoted attributes too: control characters as symbols, then escaped."""
    return escape(visible(text))


def isolated(text: str) -> str:
    """Text whose direction must not disturb what stands around it."""
    return f"<bdi>{plain(text)}</bdi>"


def joined(items: Iterable[str]) -> str:
    """A list as Persian writes it."""
    return "، ".join(items)


def chips(items: Iterable[str]) -> str:
    """A row of chips, each of them a list item."""
    return f'<ul class="chips">{"".join(items)}</ul>'


def chip(kind: str, content: str, title: str = "") -> str:
    """A chip of the classes `kind`; `content` is markup, `title` text that shows up under the pointer."""
    hover = f' title="{plain(title)}"' if title else ""
    return f'<li class="{kind}"{hover}>{content}</li>'


def stance_chip(stance: Stance) -> str:
    """A chip that names a stance."""
    return chip(f"stance {stance}", STANCES[stance])


def theme_chip(theme: Theme) -> str:
    """A chip that names a theme and its score."""
    content = f"{isolated(theme_name(theme.name))} {percent(theme.score)}"
    return chip(theme_side(theme.name), content, theme.name)


def badge(role: Role) -> str:
    """The actor's number in the actor's colour."""
    return f'<span class="badge">{number(role.number)}</span>'


def color_class(role: Role) -> str:
    """The class that gives an element the actor's colours."""
    return f"c{role.color}"


def evidence(form: str, places: list[int]) -> str:
    """A form that leads to the first sentence in which it stands and tells the others under the pointer."""
    if not places:
        return isolated(form)
    title = f"جمله {joined(number(place + 1) for place in places)}"
    return f'<a class="evidence" href="#s{places[0] + 1}" title="{title}">{isolated(form)}</a>'


def sentence_link(place: int, stance: Stance | None = None) -> str:
    """A link to a sentence, as a cell of the stance bar if it comes with a stance."""
    if stance is None:
        return f'<a href="#s{place + 1}">{number(place + 1)}</a>'
    return (
        f'<a class="{stance}" href="#s{place + 1}" title="جمله {number(place + 1)}: {STANCES[stance]}">'
        f"{number(place + 1)}</a>"
    )
