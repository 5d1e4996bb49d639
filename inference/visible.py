"""Control characters as symbols: what a text hides is shown, and never reaches a terminal or a page."""

from __future__ import annotations

import unicodedata

_BIDI_NAMES = {
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
# Format characters of ordinary writing: soft hyphen, ALM, ZWSP, ZWNJ, ZWJ, LRM, RLM, word joiner, BOM. They
# join, part or order their neighbours only.
_ORDINARY = {0xAD, 0x61C, *range(0x200B, 0x2010), 0x2060, 0xFEFF}
# Format characters with a glyph: the Arabic number signs and the end of a verse.
_WITH_GLYPH = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
_DELETE = 0x7F


def visible(text: str) -> str:
    """The text with every control character as a symbol, on one line.

    C0 controls and DEL become their pictures, a tab a space, lone surrogates U+FFFD; C1 controls, line and
    paragraph separators, bidi embeddings, overrides and isolates and other hidden format characters their
    name or code between `‹` and `›`.

    >>> visible("\\x1b[31m\\u202e")
    '␛[31m‹RLO›'
    """
    return text.translate(_SYMBOLS)


class _Symbols(dict[int, int | str]):
    """A table for `str.translate` that is filled in as characters turn up."""

    def __missing__(self, code: int) -> int | str:
        self[code] = symbol = _symbol(code)
        return symbol


_SYMBOLS = _Symbols()


def _symbol(code: int) -> int | str:
    category = unicodedata.category(chr(code))
    if category == "Cs":
        return "\ufffd"
    hidden = category in ("Cc", "Zl", "Zp") or (category == "Cf" and code not in _ORDINARY | _WITH_GLYPH)
    if not hidden:
        return code
    if code == ord("\t"):
        return " "
    if code < ord(" "):
        return chr(0x2400 + code)
    if code == _DELETE:
        return "\u2421"
    return f"‹{_BIDI_NAMES.get(code, f'{code:04X}')}›"
