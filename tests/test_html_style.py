"""The page's colours: every text can be read on its ground."""

from __future__ import annotations

import re

from inference.html_style import STYLE


def luminance(color: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(color[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_enough_in_light_dark_and_print() -> None:
    schemes = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    assert len(schemes) == 3
    for scheme in schemes:
        color = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", scheme))
        for text in ("ink", "faint", "good", "bad", "both", "plain"):
            assert min(contrast(color[text], color[ground]) for ground in ("paper", "panel")) >= 4.5, text
        for mark in ("speaker", "person", "rank", "position", "org", "loc", "unknown"):
            assert contrast(color["on-mark"], color[mark]) >= 4.5, mark
