"""An annotation as text for a terminal or a file: every mark has its name beside it, colour only adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from inference.annotation import Annotation, Entity, Sentence, StanceCounts, Statement, Theme
from inference.bidi import Run, visual_lines, width_of
from inference.cast import Places, Role, by_stance, cast_of, facts, relations_by_stance, stance_places
from inference.glossary import (
    ACTOR_FACTS,
    ACTOR_KINDS,
    KINDS,
    PARTS,
    STANCES,
    in_order,
    label_name,
    number,
    percent,
    theme_name,
    theme_side,
)
from inference.labels import Stance
from inference.marking import Part, Piece, Speech, mentions_by_sentence, pieces, statement_by_sentence
from inference.visible import visible

# Only the sixteen colours that a terminal's own theme makes legible on its background.
_LABEL_STYLES = {
    "SPEAKER": "1;32",
    "PERSON": "32",
    "RANK": "33",
    "POSITION": "35",
    "ORG": "94",
    "LOC": "36",
}
_OTHER_LABEL = "1"
_SIDE_STYLES = {"cooperation": "32", "threat": "31", "other": ""}
_STANCE_STYLES = {"cooperative": "1;32", "threatening": "1;31", "mixed": "1;33", "neutral": "2"}
# Signs for the stance bar and for the parts of a statement: they tell the same without colour.
_STANCE_SIGNS: dict[Stance, str] = {"cooperative": "+", "threatening": "!", "mixed": "±", "neutral": "·"}
_PART_SIGNS: dict[Part, tuple[str, str]] = {"cue": ("<", ">"), "content": ("{", "}")}
_ROLE_STYLES = ("1;34", "1;33", "1;35", "1;36")
_FACT_STYLES = {
    field: _LABEL_STYLES[label]
    for field, label in {"ranks": "RANK", "positions": "POSITION", "organizations": "ORG", "countries": "LOC"}.items()
}
_BOLD, _DIM, _WARNING = "1", "2", "1;33"

_NO_BREAK = "\u00a0"

_WIDEST = 100
"""Columns of the longest line: longer ones are hard to read."""
_NARROWEST = 20
_INDENT = 4

_VTE_WITH_BIDI = 5800
_BIDI_VARIABLES = ("KONSOLE_VERSION", "MLTERM", "INSIDE_EMACS")
_BIDI_PROGRAMS = ("Apple_Terminal", "mintty")


def does_bidi(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one that reorders right-to-left text and joins Arabic letters by itself.

    They are known by the variables that they set: VTE from 0.58 (GNOME Terminal, Tilix, xfce4-terminal) by
    `VTE_VERSION`, Konsole by `KONSOLE_VERSION`, mlterm by `MLTERM`, Emacs by `INSIDE_EMACS`, Apple's
    Terminal and mintty by `TERM_PROGRAM`. xterm, kitty, Alacritty, foot, Windows Terminal and VS Code do
    not reorder, WezTerm and iTerm2 only when they are told to, so everything else is taken not to.
    """
    vte = environment.get("VTE_VERSION", "")
    return (
        (vte.isascii() and vte.isdecimal() and int(vte) >= _VTE_WITH_BIDI)
        or any(environment.get(name) for name in _BIDI_VARIABLES)
        or environment.get("TERM_PROGRAM") in _BIDI_PROGRAMS
    )


def wants_color(environment: Mapping[str, str]) -> bool:
    """Whether colour is welcome on a terminal: not where `NO_COLOR` is set (no-color.org) or it is `dumb`."""
    return not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


@dataclass(frozen=True, slots=True)
class Look:
    """How the view is drawn.

    Attributes:
        width: Columns of the terminal.
        visual: Wrap, shape and reorder here, for a terminal that does not; else the text is left in reading
            order and each paragraph is one line.
        color: Send SGR sequences.
    """

    width: int = 80
    visual: bool = False
    color: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    runs: Sequence[Run] = ()
    indent: int = 0


def render(annotation: Annotation, name: str, look: Look) -> str:
    """Who's who, then the article statement by statement, then what the marks mean.

    Args:
        annotation: What to show.
        name: What the article is called, such as its file name.
        look: How to draw.
    """
    lines = [line for paragraph in _view(annotation, name) for line in _drawn(paragraph, look)]
    return "\n".join(lines) + "\n"


def _view(annotation: Annotation, name: str) -> Iterator[_Paragraph]:
    roles = cast_of(annotation)
    yield _Paragraph([Run(visible(name), _BOLD)])
    for warning in annotation.warnings:
        yield _Paragraph([Run("هشدار: ", _WARNING), Run(visible(warning))])
    if roles:
        yield _Paragraph()
        yield _Paragraph([Run("چه کسانی در این متن‌اند", _BOLD)])
        places = Places(annotation)
        for role in roles.values():
            yield from _actor(role, places)
    yield from _article(annotation, roles)
    yield _Paragraph()
    yield from _legend(annotation)


def _actor(role: Role, places: Places) -> Iterator[_Paragraph]:
    actor = role.actor
    runs = [*_name(role), Run(" | ", _DIM), Run(ACTOR_KINDS[actor.kind], _DIM)]
    for field, forms in facts(actor):
        text = visible("، ".join(form.text for form in forms))
        runs += [Run(" | ", _DIM), Run(f"{ACTOR_FACTS[field]}: ", _DIM), Run(text, _FACT_STYLES.get(field, ""))]
    where = places.of(span for _, forms in facts(actor) for form in forms for span in form.spans)
    if where and not role.statements:
        runs += [Run(" | ", _DIM), Run(f"جمله {_numbers(where)}", _DIM)]
    yield _Paragraph(runs, _INDENT)
    if by_stance(role.counts):
        yield _Paragraph(_stances(role.counts), 2 * _INDENT)
    for stance, relations in relations_by_stance(role):
        targets = "، ".join(f"{visible(one.target)} ({_numbers(stance_places(one))})" for one in relations)
        yield _Paragraph([Run(STANCES[stance], _STANCE_STYLES[stance]), Run(f" درباره {targets}")], 2 * _INDENT)


def _name(role: Role) -> list[Run]:
    style = _ROLE_STYLES[(role.color - 1) % len(_ROLE_STYLES)] if role.color else _BOLD
    return [Run(f"({number(role.number)}) {visible(role.actor.name)}", style)]


def _stances(counts: StanceCounts) -> list[Run]:
    """The stance bar: a sign a sentence, then which sentences they are."""
    found = by_stance(counts)
    runs = [Run(_STANCE_SIGNS[stance] * len(places), _STANCE_STYLES[stance]) for stance, places in found.items()]
    for stance, places in found.items():
        style = _STANCE_STYLES[stance]
        runs += [Run(" | ", _DIM), Run(f"{STANCES[stance]} {number(len(places))}", style)]
        runs.append(Run(f" (جمله {_numbers(places)})", _DIM))
    return runs


def _numbers(places: Sequence[int]) -> str:
    return "، ".join(number(place + 1) for place in places)


def _article(annotation: Annotation, roles: Mapping[int, Role]) -> Iterator[_Paragraph]:
    numbers = statement_by_sentence(annotation)
    rows = enumerate(mentions_by_sentence(annotation))
    for said, group in groupby(rows, key=lambda row: numbers[row[0]]):
        if said is None:
            for place, (sentence, mentions) in group:
                yield _Paragraph()
                yield _Paragraph(_sentence(sentence, mentions, place, None, None))
                yield _Paragraph([*_chips(sentence), *_speaker(sentence)], _INDENT)
            continue
        statement = annotation.statements[said]
        role = roles[statement.actor]
        speech = Speech(statement)
        yield _Paragraph()
        yield _Paragraph(_heading(statement, role))
        for place, (sentence, mentions) in group:
            yield _Paragraph(_sentence(sentence, mentions, place, speech, role), _INDENT)
            # The heading has said the themes of a single sentence.
            if len(statement.sentences) > 1:
                yield _Paragraph(_chips(sentence), 2 * _INDENT)


def _heading(statement: Statement, role: Role) -> list[Run]:
    runs = [*_name(role), Run(" | ", _DIM), Run(KINDS[statement.kind])]
    runs += [Run(" | ", _DIM), Run(STANCES[statement.stance], _STANCE_STYLES[statement.stance])]
    runs += _themes(statement.themes)
    if statement.addressees:
        text = visible("، ".join(one.text for one in statement.addressees))
        runs += [Run(" | ", _DIM), Run(f"{PARTS['addressee']}: {text}")]
    for one in statement.nested:
        runs += [Run(" | ", _DIM), Run(f"سخن {visible(one.speaker.text)} از زبان گوینده، {KINDS[one.kind]}")]
    return runs


def _sentence(
    sentence: Sentence, mentions: Sequence[Entity], place: int, speech: Speech | None, role: Role | None
) -> list[Run]:
    runs = [Run(f"{number(place + 1)}. ", _DIM)]
    for part, group in groupby(pieces(sentence, mentions, speech), key=lambda piece: piece.part):
        inner: list[Run] = []
        for voice, same in groupby(group, key=lambda piece: piece.voice and (piece.voice.number, piece.voice.part)):
            told = [run for piece in same for run in _piece(piece, bold=place == 0 or part == "cue")]
            inner += _enclosed(told, voice[1] if voice else None, None)
        runs += _enclosed(inner, part, role)
    return runs


def _enclosed(runs: list[Run], part: Part | None, role: Role | None) -> list[Run]:
    """A part of a statement between its signs; behind the words that name the speaker stands the actor's number."""
    if part == "source" and role is not None:
        return [Run("[", _DIM), *runs, Run(f"·{number(role.number)}]", _DIM)]
    before, after = _PART_SIGNS.get(part, ("", "")) if part else ("", "")
    return [Run(before, _DIM), *runs, Run(after, _DIM)]


def _piece(piece: Piece, bold: bool) -> list[Run]:
    if piece.mention is None:
        return [Run(visible(piece.text), _BOLD if bold else "")]
    return _mark(visible(piece.text), piece.mention.label)


def _mark(text: str, label: str) -> list[Run]:
    style = _LABEL_STYLES.get(label, _OTHER_LABEL)
    return [Run("[", _DIM), Run(text, style), Run(f"·{visible(label_name(label))}]", _DIM)]


def _chips(sentence: Sentence) -> list[Run]:
    return [Run(STANCES[sentence.stance], _STANCE_STYLES[sentence.stance]), *_themes(sentence.themes)]


def _speaker(sentence: Sentence) -> list[Run]:
    if sentence.speaker is None:
        return []
    return [Run(" | ", _DIM), Run("گوینده: "), Run(visible(sentence.speaker), _LABEL_STYLES["SPEAKER"])]


def _themes(themes: Sequence[Theme]) -> Iterator[Run]:
    for theme in themes:
        yield Run(" | ", _DIM)
        text = f"{visible(theme_name(theme.name))}{_NO_BREAK}{percent(theme.score)}"
        yield Run(text, _SIDE_STYLES[theme_side(theme.name)])


def _legend(annotation: Annotation) -> Iterator[_Paragraph]:
    yield _Paragraph([Run("نشانه‌ها", _BOLD)])
    labels = Counter(entity.label for entity in annotation.entities)
    for label in in_order(labels):
        name = label_name(label)
        runs = [Run(visible(name), _LABEL_STYLES.get(label, _OTHER_LABEL)), Run(f" ({number(labels[label])})")]
        if name != label:
            # Last, as digits behind a Latin word would be ordered with it.
            runs.append(Run(f" = {label}", _DIM))
        yield _Paragraph(runs, _INDENT)
    stances = Counter(sentence.stance for sentence in annotation.sentences)
    runs = [Run(f"جمله‌ها: {number(len(annotation.sentences))}")]
    for stance, text in STANCES.items():
        runs += [Run(" | ", _DIM), Run(f"{text} {number(stances[stance])}", _STANCE_STYLES[stance])]
    yield _Paragraph(runs, _INDENT)
    if annotation.statements:
        signs = " | ".join(f"{sign} {STANCES[stance]}" for stance, sign in _STANCE_SIGNS.items())
        yield _Paragraph([Run(f"هر جمله: {signs}")], _INDENT)
        parts = " | ".join(f"{before}{PARTS[part]}{after}" for part, (before, after) in _PART_SIGNS.items())
        yield _Paragraph([Run(f"{parts} | [{PARTS['source']}·شماره]")], _INDENT)


def _drawn(paragraph: _Paragraph, look: Look) -> Iterator[str]:
    if not look.visual:
        yield _painted([Run(" " * paragraph.indent), *paragraph.runs], look.color).rstrip(" ")
        return
    width = max(look.width, _NARROWEST)
    for line in visual_lines(paragraph.runs, min(width, _WIDEST) - paragraph.indent):
        margin = Run(" " * (width - paragraph.indent - width_of(line)))
        yield _painted([margin, *line], look.color) if line else ""


def _painted(line: Sequence[Run], color: bool) -> str:
    return "".join(
        f"\x1b[{run.style}m{run.text}\x1b[0m" if color and run.style and run.text else run.text for run in line
    )
