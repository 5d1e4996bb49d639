"""The scheme in the words of a Persian reader, for the views. Labels of a user's own stay as they are."""

from __future__ import annotations

from collections.abc import Iterable

from inference.annotation import ActorKind, Kind
from inference.labels import SIDES, Stance, side
from inference.marking import Part

_LABELS = {
    "SPEAKER": "گوینده",
    "PERSON": "شخص",
    "RANK": "درجه",
    "POSITION": "سمت",
    "ORG": "سازمان",
    "LOC": "مکان",
}
_THEMES = {
    "cooperation.diplomacy": "همکاری: دیپلماسی",
    "cooperation.defense": "همکاری: دفاعی",
    "cooperation.security": "همکاری: امنیتی",
    "cooperation.economy": "همکاری: اقتصادی",
    "cooperation.unity": "همکاری: وحدت",
    "threat.terrorism": "تهدید: تروریسم",
    "threat.military": "تهدید: نظامی",
    "threat.border": "تهدید: مرزی",
    "threat.interference": "تهدید: مداخله",
    "threat.warning": "تهدید: هشدار",
}
STANCES: dict[Stance, str] = {
    "cooperative": "همکاری",
    "threatening": "تهدید",
    "mixed": "همکاری و تهدید",
    "neutral": "خنثی",
}
"""Persian name of each stance, in the order in which they are listed."""
KINDS: dict[Kind, str] = {"direct": "نقل مستقیم", "indirect": "نقل غیرمستقیم", "mixed": "نقل آمیخته"}
"""Persian name of each way to report speech."""

PARTS: dict[Part, str] = {"source": "گوینده", "cue": "فعل گفتن", "addressee": "مخاطب", "content": "گفته"}
"""Persian name of each part of a statement."""

ACTOR_KINDS: dict[ActorKind, str] = {"person": "شخص", "office": "سمت بی‌نام", "body": "نهاد"}
"""Persian name of each kind of actor."""

ACTOR_FACTS = {
    "ranks": "درجه",
    "positions": "سمت",
    "organizations": "سازمان",
    "countries": "مکان",
    "names": "نام‌های دیگر",
    "mentions_by_office": "با سمت",
    "references": "با اشاره",
}
"""Persian name of what is known of an actor, by field of `Actor`."""

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def label_name(label: str) -> str:
    """Persian name of an entity label."""
    return _LABELS.get(label, label)


def in_order(labels: Iterable[str]) -> list[str]:
    """Labels in the order of the scheme, a user's own after them."""
    found = set(labels)
    return [label for label in _LABELS if label in found] + sorted(found - set(_LABELS))


def theme_name(theme: str) -> str:
    """Persian name of a theme, its side first."""
    return _THEMES.get(theme, theme)


def theme_side(theme: str) -> str:
    """`cooperation`, `threat`, or `other` for a theme of a user's own."""
    return side(theme) if side(theme) in SIDES else "other"


def number(value: int) -> str:
    """A number in Persian digits.

    >>> number(42)
    '۴۲'
    """
    return str(value).translate(_DIGITS)


def percent(score: float) -> str:
    """A score from 0 to 1 as a percentage in Persian digits."""
    return number(round(100 * score)) + "٪"
