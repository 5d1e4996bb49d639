"""Values of parsed JSON, with one clear sentence where something is missing or of the wrong kind."""

from __future__ import annotations

from typing import Any

from inference.errors import SokhanError, nearest


def required(record: dict[str, Any], key: str, place: str) -> Any:
    """The value of a key.

    Raises:
        SokhanError: If the key is missing; names `place`, the key and the nearest one that is there.
    """
    if key not in record:
        raise SokhanError(f"{place}: '{key}' is missing{nearest(key, record)}")
    return record[key]


def as_list(value: Any, place: str, key: str) -> list[Any]:
    """The value, a list.

    Raises:
        SokhanError: If it is none.
    """
    if not isinstance(value, list):
        raise SokhanError(f"{place}: '{key}' must be a list, not {kind_of(value)}")
    return value


def kind_of(value: Any) -> str:
    """What a value is, for messages: `a string`, `null` …"""
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), str(value).lower())
