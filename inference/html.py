"""An annotation as one HTML page: right-to-left, printable, with nothing in it that runs or loads."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from html import escape

from inference.annotation import Annotation
from inference.glossary import PARTS, STANCES, in_order, label_name, number
from inference.html_actors import cards
from inference.html_article import article, entity_class
from inference.html_markup import isolated, plain
from inference.html_style import STYLE

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The page is text and one style sheet: whatever a text might smuggle in, the browser has leave for nothing else.
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def render(annotation: Annotation, name: str) -> str:
    """The page: who's who, the article statement by statement, what the marks mean.

    Args:
        annotation: What to show.
        name: What the article is called, such as its file name.
    """
    return "\n".join([*_head(name), *_body(annotation, name), "</html>", ""])


def _head(name: str) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="fa" dir="rtl">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{plain(name)} – Sokhan</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"


def _body(annotation: Annotation, name: str) -> Iterator[str]:
    yield "<body>"
    yield f"<header><h1>{isolated(name)}</h1>{_summary(annotation)}</header>"
    for warning in annotation.warnings:
        yield f'<p class="warning" role="note">هشدار: {isolated(warning)}</p>'
    yield "<main>"
    if annotation.actors:
        yield '<section aria-labelledby="who"><h2 id="who">چه کسانی در این متن‌اند</h2>'
        yield from cards(annotation)
        yield "</section>"
    yield '<section aria-labelledby="article"><h2 id="article">متن</h2>'
    yield from article(annotation)
    yield '</section><section aria-labelledby="legend"><h2 id="legend">نشانه‌ها</h2>'
    yield from _legend(annotation)
    yield "</section></main></body>"


def _summary(annotation: Annotation) -> str:
    stances = Counter(sentence.stance for sentence in annotation.sentences)
    counts = " · ".join(f"{text}: {number(stances[stance])}" for stance, text in STANCES.items())
    said = f"، {number(len(annotation.statements))} گفته" if annotation.statements else ""
    return f'<p class="summary">{number(len(annotation.sentences))} جمله{said} — {counts}</p>'


def _legend(annotation: Annotation) -> Iterator[str]:
    labels = Counter(entity.label for entity in annotation.entities)
    yield '<ul class="legend">'
    for label in in_order(labels):
        mark = f"<mark{entity_class(label)}>{isolated(label_name(label))}</mark>"
        yield f"<li>{mark} <code>{isolated(label)}</code> {number(labels[label])}</li>"
    yield "</ul>"
    if annotation.statements:
        parts = "".join(f'<li><span class="{part}">{text}</span></li>' for part, text in PARTS.items())
        nested = '<li><span class="nested">سخنی در سخن</span></li>'
        yield f'<ul class="legend c1">{parts}{nested}</ul>'
