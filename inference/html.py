"""An annotation as one HTML page: right-to-left, printable, with nothing in it that runs or loads."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from inference.annotation import Annotation, Entity, Sentence
from inference.glossary import STANCES, in_order, label_name, number, percent, theme_name, theme_side
from inference.html_style import STYLE
from inference.labels import ENTITY_LABELS
from inference.marking import mentions_by_sentence, pieces
from inference.speakers import Speaker, speakers
from inference.visible import visible

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The page is text and one style sheet: whatever a text might smuggle in, the browser has leave for nothing else.
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
_COLUMNS = ("RANK", "POSITION", "ORG", "LOC")


def render(annotation: Annotation, name: str) -> str:
    """The page: who speaks, the article sentence by sentence, what the marks mean.

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
    yield f"<title>{_text(name)} – Sokhan</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"


def _body(annotation: Annotation, name: str) -> Iterator[str]:
    yield "<body>"
    yield f"<header><h1>{_name(name)}</h1>{_summary(annotation)}</header>"
    for warning in annotation.warnings:
        yield f'<p class="warning" role="note">هشدار: {_name(warning)}</p>'
    yield "<main>"
    yield '<section aria-labelledby="who"><h2 id="who">چه کسانی سخن می‌گویند</h2>'
    yield from _speakers(speakers(annotation))
    yield '</section><section aria-labelledby="article"><h2 id="article">متن</h2>'
    yield from _sentences(annotation)
    yield '</section><section aria-labelledby="legend"><h2 id="legend">نشانه‌ها</h2>'
    yield from _legend(annotation)
    yield "</section></main></body>"


def _summary(annotation: Annotation) -> str:
    stances = Counter(sentence.stance for sentence in annotation.sentences)
    counts = " · ".join(f"{text}: {number(stances[stance])}" for stance, text in STANCES.items())
    return f'<p class="summary">{number(len(annotation.sentences))} جمله — {counts}</p>'


def _speakers(persons: Sequence[Speaker]) -> Iterator[str]:
    if not persons:
        yield '<p class="none">کسی به نام یافت نشد.</p>'
        return
    columns = [label for label in _COLUMNS if any(person.attributes[label] for person in persons)]
    heads = ["گوینده", *map(label_name, columns), "جمله"]
    yield '<div class="table"><table>'
    yield "<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for person in persons:
        cells = [f'<th scope="row">{_name(person.name)}</th>']
        cells += [f"<td>{_list(map(_name, person.attributes[label]))}</td>" for label in columns]
        links = (f'<a href="#s{place + 1}">{number(place + 1)}</a>' for place in person.sentences)
        yield f"<tr>{''.join(cells)}<td>{_list(links)}</td></tr>"
    yield "</tbody></table></div>"


def _sentences(annotation: Annotation) -> Iterator[str]:
    yield '<ol class="sentences">'
    end = 0
    for place, (sentence, mentions) in enumerate(mentions_by_sentence(annotation)):
        between = annotation.text[end : sentence.start]
        new_line = len(f"|{between}|".splitlines()) > 1
        kinds = ["sentence", sentence.stance] + ["title"] * (place == 0) + ["new-line"] * new_line
        yield f'<li class="{" ".join(kinds)}" id="s{place + 1}">'
        marked = "".join(_piece(*piece) for piece in pieces(sentence, mentions))
        yield f'<p><span class="number">{number(place + 1)}</span>{marked}</p>{_chips(sentence)}</li>'
        end = sentence.end
    yield "</ol>"


def _piece(text: str, mention: Entity | None) -> str:
    return _text(text) if mention is None else _mark(text, mention.label)


def _mark(text: str, label: str) -> str:
    return f'<mark{_kind(label)}>{_name(text)}<span class="label">{_name(label_name(label))}</span></mark>'


def _kind(label: str) -> str:
    return f' class="{label.lower()}"' if label in ENTITY_LABELS else ""


def _chips(sentence: Sentence) -> str:
    chips = [f'<li class="stance {sentence.stance}">{STANCES[sentence.stance]}</li>']
    for theme in sentence.themes:
        name = f"{_name(theme_name(theme.name))} {percent(theme.score)}"
        chips.append(f'<li class="{theme_side(theme.name)}" title="{_text(theme.name)}">{name}</li>')
    if sentence.speaker is not None:
        chips.append(f'<li class="says">گوینده: {_name(sentence.speaker)}</li>')
    return f'<ul class="chips">{"".join(chips)}</ul>'


def _legend(annotation: Annotation) -> Iterator[str]:
    labels = Counter(entity.label for entity in annotation.entities)
    yield '<ul class="legend">'
    for label in in_order(labels):
        mark = f"<mark{_kind(label)}>{_name(label_name(label))}</mark>"
        yield f"<li>{mark} <code>{_name(label)}</code> {number(labels[label])}</li>"
    yield "</ul>"


def _text(text: str) -> str:
    """Text for any place in the page: control characters as symbols, then escaped."""
    return escape(visible(text))


def _name(text: str) -> str:
    """Text whose direction must not disturb what stands around it."""
    return f"<bdi>{_text(text)}</bdi>"


def _list(items: Iterable[str]) -> str:
    return "، ".join(items)
