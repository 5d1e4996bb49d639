"""Any string in formats that hold UTF-8 only, with no offset moved."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
# What would end a line, steer a terminal, or is no UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def encodable(text: str) -> str:
    """`text` with U+FFFD for each lone surrogate: valid UTF-8, of the same length in code points."""
    return _SURROGATE.sub("\ufffd", text)


def all_encodable(value: Any) -> Any:
    """A value of JSON's kinds with every string in it `encodable`, but for the keys of objects."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {key: all_encodable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [all_encodable(inner) for inner in value]
    return value


def escaped(text: str) -> str:
    r"""`text` on one line: control characters, bidi overrides and lone surrogates as `\uXXXX`."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_line(value: Any) -> str:
    """JSON on one line. Persian stays readable; every string comes back exactly as it was."""
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))
