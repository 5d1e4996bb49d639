"""An annotation as text for a terminal or a file: every mark has its name beside it, colour only adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inference.annotation import Annotation, Entity, Sentence
from inference.bidi import Run, visual_lines, width_of
from inference.glossary import STANCES, in_order, label_name, number, percent, theme_name, theme_side
from inference.marking import mentions_by_sentence, pieces
from inference.speakers import Speaker, speakers
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
    """The article sentence by sentence, then who speaks, then what the marks mean.

    Args:
        annotation: What to show.
        name: What the article is called, such as its file name.
        look: How to draw.
    """
    lines = [line for paragraph in _view(annotation, name) for line in _drawn(paragraph, look)]
    return "\n".join(lines) + "\n"


def _view(annotation: Annotation, name: str) -> Iterator[_Paragraph]:
    yield _Paragraph([Run(visible(name), _BOLD)])
    for warning in annotation.warnings:
        yield _Paragraph([Run("هشدار: ", _WARNING), Run(visible(warning))])
    for place, (sentence, mentions) in enumerate(mentions_by_sentence(annotation)):
        yield _Paragraph()
        yield _Paragraph(_sentence(sentence, mentions, place))
        yield _Paragraph(_chips(sentence), _INDENT)
    yield _Paragraph()
    yield from _speaker_list(speakers(annotation))
    yield _Paragraph()
    yield from _legend(annotation)


def _sentence(sentence: Sentence, mentions: Sequence[Entity], place: int) -> list[Run]:
    runs = [Run(f"{number(place + 1)}. ", _DIM)]
    for text, mention in pieces(sentence, mentions):
        if mention is None:
            runs.append(Run(visible(text), _BOLD if place == 0 else ""))
        else:
            runs += _mark(visible(text), mention.label)
    return runs


def _mark(text: str, label: str) -> list[Run]:
    style = _LABEL_STYLES.get(label, _OTHER_LABEL)
    return [Run("[", _DIM), Run(text, style), Run(f"·{visible(label_name(label))}]", _DIM)]


def _chips(sentence: Sentence) -> list[Run]:
    runs = [Run(STANCES[sentence.stance], _STANCE_STYLES[sentence.stance])]
    for theme in sentence.themes:
        text = f"{visible(theme_name(theme.name))}{_NO_BREAK}{percent(theme.score)}"
        runs += [Run(" | ", _DIM), Run(text, _SIDE_STYLES[theme_side(theme.name)])]
    if sentence.speaker is not None:
        runs += [Run(" | ", _DIM), Run("گوینده: "), Run(visible(sentence.speaker), _LABEL_STYLES["SPEAKER"])]
    return runs


def _speaker_list(persons: Sequence[Speaker]) -> Iterator[_Paragraph]:
    yield _Paragraph([Run("چه کسانی سخن می‌گویند", _BOLD)])
    if not persons:
        yield _Paragraph([Run("کسی به نام یافت نشد", _DIM)], _INDENT)
    for person in persons:
        runs = [Run(visible(person.name), _LABEL_STYLES["SPEAKER"])]
        for label, values in person.attributes.items():
            if values:
                text = visible("، ".join(values))
                runs += [Run(" | ", _DIM), Run(f"{label_name(label)}: "), Run(text, _LABEL_STYLES[label])]
        where = "، ".join(number(place + 1) for place in person.sentences)
        yield _Paragraph([*runs, Run(" | ", _DIM), Run(f"جمله: {where}")], _INDENT)


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
