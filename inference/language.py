"""Whether a text is Persian at all: models answer anyway, so the caller should know."""

from __future__ import annotations

import re

_LETTER = re.compile(r"[^\W\d_]")
_ARABIC_SCRIPT = re.compile(r"[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_PERSIAN_ONLY = re.compile("[پچژگ]")
_SAMPLE = 20_000  # characters looked at
_ENOUGH = 200  # letters; shorter texts may lack the four letters by chance


def language_warnings(text: str) -> tuple[str, ...]:
    """Plain sentences about a text that is empty or does not look Persian."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return ("the text has no letters",)
    if len(_ARABIC_SCRIPT.findall(sample)) < letters / 2:
        return ("the text does not look Persian: most letters are not of the Arabic script",)
    if letters >= _ENOUGH and not _PERSIAN_ONLY.search(sample):
        return ("the text may be Arabic rather than Persian: it has none of پ چ ژ گ",)
    return ()
