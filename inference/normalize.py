"""A normalised shadow of a text, with the place of every character in the original.

Two passes, both linear. `fold` gives each letter and digit one form and drops what carries no meaning;
`space` lets hazm mend the spacing (`می خواهد`, `گروهک های`, ` ،`). Each keeps the alignment as it goes.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

ZWNJ = "\u200c"

_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا"}
_QUOTES = {"“": '"', "”": '"'}
_DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}
_BLANKS = "\t\x1c\x1d\x1e\x1f\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200C)))
BLANKS_TO_SPACE = str.maketrans(dict.fromkeys(_BLANKS, " "))
"""Each blank within a line as a space, the zero-width space too; one character for one."""
_LONE_SURROGATES = {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
_ONE_TO_ONE = BLANKS_TO_SPACE | str.maketrans(_LETTERS | _QUOTES | _DIGITS | _LONE_SURROGATES)

INVISIBLE = "\u00ad\u061c\u180e\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Soft hyphen, ZWJ, bidi marks and controls, word joiner, BOM: the inside of a regular expression's set."""
_TATWEEL = "\u0640"
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\ufe00-\ufe0f"
)
_DROPPED = INVISIBLE + _TATWEEL + _MARKS
_PRESENTATION = "\ufb00-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc\uff01-\uff5e"
_HTML = r"</?[A-Za-z][^<>\n]{0,200}>|&(?:nbsp|zwnj|rlm|lrm|quot|laquo|raquo|amp|lt|gt|#\d{1,7});"
_SPECIAL = re.compile(
    f"(?P<html>{_HTML})|(?P<cluster>[^\\s{_DROPPED}][{_DROPPED}]*[{_MARKS}])"
    f"|(?P<dropped>[{_DROPPED}]+)|(?P<presentation>[{_PRESENTATION}])"
)
_MAY_BE_SPECIAL = re.compile(f"[<&{_DROPPED}{_PRESENTATION}]")
_NOT_A_MARK = re.compile(f"[{INVISIBLE}{_TATWEEL}]+")
_IS_PRESENTATION = re.compile(f"[{_PRESENTATION}]")
_ALL_DROPPED = re.compile(f"[{_DROPPED}]+")
_ENTITIES = {"nbsp": " ", "zwnj": ZWNJ, "quot": '"', "laquo": "«", "raquo": "»", "amp": "&", "lt": "<", "gt": ">"}
# Composing marks takes quadratic time, and no letter carries more than three.
_CLUSTER = 16

# hazm's patterns are run on pieces of this many characters at most; the cut falls on a blank.
_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Shadow:
    """Normalised text and where each of its characters comes from.

    Attributes:
        text: The normalised text.
        starts: For each character of `text`, the first character in the original.
        ends: One past the last character in the original. A character that was put in has both at the
            place where it was put.
    """

    text: str
    starts: list[int]
    ends: list[int]


def shadow(text: str) -> Shadow:
    """Normalise a sentence (or any text without line breaks), keeping the alignment.

    `shadow(t).starts` and `.ends` are non-decreasing offsets into `t`.
    """
    return space(fold(text))


def fold(text: str) -> Shadow:
    """One form for each letter and digit, blanks to spaces, marks and invisible characters dropped.

    A dropped vowel mark belongs to the letter before it. Never changes which characters are blank except
    where a no-break or zero-width space becomes a space.
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _SPECIAL.finditer(text):
        first, last = match.span()
        _append_plain(text, position, first, parts, starts, ends)
        replaced = _replacement(match)
        parts.append(replaced)
        starts += [first] * len(replaced)
        ends += [last] * len(replaced)
        position = last
    _append_plain(text, position, len(text), parts, starts, ends)
    return Shadow("".join(parts), starts, ends)


def fold_text(text: str) -> str:
    """The text of `fold`, without the places."""
    if _MAY_BE_SPECIAL.search(text):
        text = _SPECIAL.sub(_replacement, text)
    return text.translate(_ONE_TO_ONE)


def _append_plain(text: str, first: int, last: int, parts: list[str], starts: list[int], ends: list[int]) -> None:
    if first < last:
        parts.append(text[first:last].translate(_ONE_TO_ONE))
        starts += range(first, last)
        ends += range(first + 1, last + 1)


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    if match["html"]:
        return _ENTITIES.get(found[1:-1], " ") if found[0] == "&" else " "
    if match["dropped"]:
        return ""
    base = found[0]
    if match["cluster"]:
        composed = unicodedata.normalize("NFC", _NOT_A_MARK.sub("", found[:_CLUSTER]))
        composed = _ALL_DROPPED.sub("", composed)
        base = composed if len(composed) == 1 else base
    form = unicodedata.normalize("NFKC", base) if _IS_PRESENTATION.match(base) else base
    # A ligature of several words (ﷺ) stays one character: its parts would share one place.
    return (form if len(form) == 1 or form.isalnum() else base).translate(_ONE_TO_ONE)


def space(folded: Shadow) -> Shadow:
    """Mend the spacing with hazm's Normalizer.

    Only blanks and ZWNJ are taken from what hazm says; a piece of which it lost or doubled a letter stays
    as it is.
    """
    source = folded.text
    mended = "".join(_spaced(piece) for piece in _pieces(source))
    if mended == source:
        return folded
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for character in mended:
        if _is_gap(character):
            run = at
            while run < len(source) and _is_gap(source[run]):
                run += 1
            if run == at and _within_ligature(folded, at):
                continue
            place = folded.starts[at] if at < len(source) else (folded.ends[-1] if folded.ends else 0)
            characters.append(character)
            starts.append(place)
            ends.append(folded.ends[run - 1] if run > at else place)
            at = run
        else:
            while _is_gap(source[at]):
                at += 1
            characters.append(source[at])
            starts.append(folded.starts[at])
            ends.append(folded.ends[at])
            at += 1
    return Shadow("".join(characters), starts, ends)


def _within_ligature(folded: Shadow, at: int) -> bool:
    """Whether a character and the one before it were made from the same one."""
    return 0 < at < len(folded.text) and folded.starts[at] < folded.ends[at - 1]


def _is_gap(character: str) -> bool:
    return character == ZWNJ or character.isspace()


def _pieces(text: str) -> list[str]:
    """Cut at blanks into pieces short enough for hazm's patterns."""
    pieces: list[str] = []
    position = 0
    while len(text) - position > _PIECE:
        cut = text.rfind(" ", position + 1, position + _PIECE)
        cut = position + _PIECE if cut == -1 else cut
        pieces.append(text[position:cut])
        position = cut
    pieces.append(text[position:])
    return pieces


def _spaced(piece: str) -> str:
    if piece.isascii() or piece.isspace():
        return piece
    mended = _normalize(piece)
    if piece[0] == " " and not mended.startswith(" "):
        mended = " " + mended
    return mended if _count_letters(mended) == _count_letters(piece) else piece


def _count_letters(text: str) -> int:
    return sum(map(len, text.replace(ZWNJ, "").split()))


_lock = threading.Lock()


def _normalize(text: str) -> str:
    try:
        mended: str = _hazm_normalizer().normalize(text)
    except (IndexError, KeyError, ValueError, RecursionError):
        # hazm may stumble over text that is not language; the text is then used as it stands.
        return text
    return mended


@cache
def _make_normalizer() -> Any:
    from inference.spacing import SpacingNormalizer

    return SpacingNormalizer()


def _hazm_normalizer() -> Any:
    with _lock:
        return _make_normalizer()
