"""An annotation as one HTML page: right-to-left, printable, with nothing in it that runs or loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inference.annotation import Annotation
from inference.glossary import PARTS, STANCES, in_order, label_name, number
from inference.html_actors import cards
from inference.html_article import article, entity_class
from inference.html_markup import head, isolated
from inference.html_style import STYLE


def render(annotation: Annotation, name: str) -> str:
    """The page: who's who, the article statement by statement, what the marks mean.

    Args:
        annotation: What to show.
        name: What the article is called, such as its file name.
    """
    return "\n".join([*head(name, STYLE), *_body(annotation, name), "</html>", ""])


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
