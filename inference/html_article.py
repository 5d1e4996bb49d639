"""The article in the page: sentence by sentence, what someone says in that one's colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from inference.annotation import Annotation, Entity, Sentence, Statement
from inference.cast import Role, cast_of
from inference.glossary import KINDS, PARTS, label_name, number, percent
from inference.html_markup import badge, chip, chips, color_class, isolated, joined, plain, stance_chip, theme_chip
from inference.labels import ENTITY_LABELS
from inference.marking import Piece, Speech, mentions_by_sentence, pieces, statement_by_sentence


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence with its place in the article and its mentions."""

    place: int
    sentence: Sentence
    mentions: Sequence[Entity]
    opens_line: bool


def article(annotation: Annotation) -> Iterator[str]:
    """The sentences as a list; those of a statement are a list of their own under a heading."""
    roles = cast_of(annotation)
    numbers = statement_by_sentence(annotation)
    # Without statements the edges of sentences are free to show the stance.
    yield f'<ol class="{"article" if annotation.statements else "article by-stance"}">'
    for said, group in groupby(_lines(annotation), key=lambda line: numbers[line.place]):
        if said is None:
            for line in group:
                yield from _sentence(line, None, None, _chips(line.sentence))
        else:
            statement = annotation.statements[said]
            yield from _statement(statement, roles[statement.actor], list(group))
    yield "</ol>"


def entity_class(label: str) -> str:
    """The class attribute of a mention's mark; a user's own label has none."""
    return f' class="{label.lower()}"' if label in ENTITY_LABELS else ""


def _lines(annotation: Annotation) -> Iterator[_Line]:
    end = 0
    for place, (sentence, mentions) in enumerate(mentions_by_sentence(annotation)):
        between = annotation.text[end : sentence.start]
        yield _Line(place, sentence, mentions, opens_line=len(f"|{between}|".splitlines()) > 1)
        end = sentence.end


def _statement(statement: Statement, role: Role, lines: Sequence[_Line]) -> Iterator[str]:
    new_line = " new-line" if lines[0].opens_line else ""
    yield f'<li class="statement {color_class(role)}{new_line}">{_heading(statement, role)}<ol>'
    speech = Speech(statement)
    for line in lines:
        # The themes of a single sentence are in the heading.
        themes = map(theme_chip, line.sentence.themes) if len(lines) > 1 else ()
        yield from _sentence(line, speech, role, themes)
    yield "</ol></li>"


def _heading(statement: Statement, role: Role) -> str:
    name = f'<a href="#a{role.number}">{badge(role)} {isolated(statement.speaker)}</a>'
    heading = [chip("says", name), chip("kind", KINDS[statement.kind]), stance_chip(statement.stance)]
    heading += map(theme_chip, statement.themes)
    if statement.addressees:
        heading.append(
            chip("to", f"{PARTS['addressee']}: {joined(isolated(one.text) for one in statement.addressees)}")
        )
    heading += (
        chip("within", f"سخن {isolated(one.speaker.text)} از زبان گوینده، {KINDS[one.kind]}")
        for one in statement.nested
    )
    return chips(heading)


def _sentence(line: _Line, speech: Speech | None, role: Role | None, below: Iterable[str]) -> Iterator[str]:
    sentence = line.sentence
    kinds = ["sentence", sentence.stance] + ["title"] * (line.place == 0) + ["new-line"] * line.opens_line
    yield f'<li class="{" ".join(kinds)}" id="s{line.place + 1}">'
    marked = "".join(_marked(pieces(sentence, line.mentions, speech), role))
    yield f'<p><span class="number">{number(line.place + 1)}</span>{marked}</p>{_row(below)}</li>'


def _row(below: Iterable[str]) -> str:
    items = list(below)
    return chips(items) if items else ""


def _chips(sentence: Sentence) -> Iterator[str]:
    yield stance_chip(sentence.stance)
    yield from map(theme_chip, sentence.themes)
    if sentence.speaker is not None:
        yield chip("says", f"گوینده: {isolated(sentence.speaker)}")


def _marked(parts: Iterable[Piece], role: Role | None) -> Iterator[str]:
    for part, group in groupby(parts, key=lambda piece: piece.part):
        if part is None or role is None:
            yield from _voices(group)
            continue
        tag = f'<span class="label">{number(role.number)}</span>' if part == "source" else ""
        title = _hint(PARTS[part], role.actor.name)
        yield f'<span class="{part}" title="{title}">{"".join(_voices(group))}{tag}</span>'


def _voices(parts: Iterable[Piece]) -> Iterator[str]:
    for nested, group in groupby(parts, key=lambda piece: piece.voice and (piece.voice.number, piece.voice.nested)):
        if nested is None:
            yield "".join(map(_piece, group))
            continue
        speaker = nested[1].speaker.text
        inner = []
        for part, same in groupby(group, key=lambda piece: piece.voice and piece.voice.part):
            text = "".join(map(_piece, same))
            inner.append(
                f'<span class="inner-{part}" title="{_hint(PARTS[part], speaker)}">{text}</span>' if part else text
            )
        yield f'<span class="nested">{"".join(inner)}</span>'


def _hint(part: str, name: str) -> str:
    return plain(f"{part}: {name}")


def _piece(piece: Piece) -> str:
    if piece.mention is None:
        return plain(piece.text)
    label = piece.mention.label
    title = plain(f"{label_name(label)} {percent(piece.mention.score)}")
    named = f'<span class="label">{isolated(label_name(label))}</span>'
    return f'<mark{entity_class(label)} title="{title}">{isolated(piece.text)}{named}</mark>'
