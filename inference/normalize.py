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
_DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}
_BLANKS = "\t\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_TO_SPACE = dict.fromkeys(
    re.sub("(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), _BLANKS), " "
)
_LONE_SURROGATES = {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
_ONE_TO_ONE = str.maketrans(_LETTERS | _DIGITS | _TO_SPACE | _LONE_SURROGATES)

# Soft hyphen, ZWJ, bidi marks and controls, word joiner, BOM, tatweel.
_INVISIBLE = "\u00ad\u061c\u0640\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"
)
_PRESENTATION = "\ufb00-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc\uff01-\uff5e"
_HTML = r"</?[A-Za-z][^<>\n]{0,200}>|&(?:nbsp|zwnj|rlm|lrm|quot|laquo|raquo|amp|lt|gt|#\d{1,7});"
_SPECIAL = re.compile(
    f"(?P<html>{_HTML})|(?P<cluster>[^\\s{_MARKS}][{_MARKS}{_INVISIBLE}]*[{_MARKS}][{_MARKS}]*)"
    f"|(?P<invisible>[{_INVISIBLE}{_MARKS}]+)|(?P<presentation>[{_PRESENTATION}])"
)
_KEPT_IN_CLUSTER = re.compile(f"[{_MARKS}{_INVISIBLE}]")
_ENTITIES = {"nbsp": " ", "zwnj": ZWNJ, "quot": '"', "laquo": "«", "raquo": "»", "amp": "&", "lt": "<", "gt": ">"}

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


def _append_plain(text: str, first: int, last: int, parts: list[str], starts: list[int], ends: list[int]) -> None:
    if first < last:
        parts.append(text[first:last].translate(_ONE_TO_ONE))
        starts += range(first, last)
        ends += range(first + 1, last + 1)


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    if match["html"]:
        return _ENTITIES.get(found[1:-1], " ") if found[0] == "&" else " "
    if match["invisible"]:
        return ""
    if match["presentation"]:
        composed = unicodedata.normalize("NFKC", found)
        # A ligature of whole words (ﷺ) stays one character: its parts would share one place.
        whole = len(composed) == 1 or composed.isalnum()
        return composed.translate(_ONE_TO_ONE) if whole else found
    composed = unicodedata.normalize("NFC", found)
    return _KEPT_IN_CLUSTER.sub("", composed).translate(_ONE_TO_ONE) or composed[0]


def space(folded: Shadow) -> Shadow:
    """Mend the spacing with hazm's Normalizer.

    Only blanks and ZWNJ are taken from what hazm says; a piece in which it changed anything else stays as
    it is.
    """
    source = folded.text
    mended = "".join(_spaced(piece) for piece in _pieces(source))
    if mended == source:
        return folded
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for character in mended:
        if _is_gap(character):
            run = at
            while run < len(source) and _is_gap(source[run]):
                run += 1
            place = folded.starts[at] if at < len(source) else (folded.ends[-1] if folded.ends else 0)
            starts.append(place)
            ends.append(folded.ends[run - 1] if run > at else place)
            at = run
        else:
            while _is_gap(source[at]):
                at += 1
            starts.append(folded.starts[at])
            ends.append(folded.ends[at])
            at += 1
    return Shadow(mended, starts, ends)


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
    return mended if _letters(mended) == _letters(piece) else piece


def _letters(text: str) -> str:
    return "".join(text.replace(ZWNJ, "").split())


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
    from hazm import Normalizer  # heavy: 1 to 3 s with hazm 0.10

    return Normalizer(
        persian_style=False,
        persian_numbers=False,
        remove_diacritics=False,
        remove_specials_chars=False,
        decrease_repeated_chars=False,
        unicodes_replacement=False,
    )


def _hazm_normalizer() -> Any:
    with _lock:
        return _make_normalizer()
