"""Reading a configuration file, with `key=value` overrides, into a typed object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from inference.errors import SokhanError, nearest
from training.config import Config

_BY_TASK: dict[str, type[BaseModel]] = {
    get_args(kind.model_fields["task"].annotation)[0]: kind for kind in get_args(Config)
}


def load_config(path: Path, overrides: Sequence[str] = ()) -> Config:
    """Read a YAML file.

    Args:
        path: The file.
        overrides: `dotted.key=value`, each value in YAML; a number steps into a list.

    Raises:
        SokhanError: For a missing or broken file, an unknown key (with the nearest valid one) or a bad value.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SokhanError(f"can't read {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SokhanError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, dict):
        raise SokhanError(f"{path} holds no keys")
    for override in overrides:
        _override(values, override)
    task = values.get("task")
    if task not in _BY_TASK:
        raise SokhanError(f"{path}: task is {task!r}{nearest(str(task), _BY_TASK)}")
    try:
        return _BY_TASK[task].model_validate(values)  # type: ignore[return-value]
    except ValidationError as error:
        raise SokhanError(f"{path}: {_first_problem(error, _BY_TASK[task], values)}") from error


def dump_config(config: Config) -> str:
    """The resolved configuration as YAML, every default spelt out."""
    written: str = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    return written


def _override(values: dict[str, Any], override: str) -> None:
    key, sign, written = override.partition("=")
    if not sign or not key:
        raise SokhanError(f"'{override}' is no override; write it as key=value, such as train.epochs=3")
    try:
        value = yaml.safe_load(written)
    except yaml.YAMLError as error:
        raise SokhanError(f"the value of '{override}' is not valid YAML") from error
    *path, last = key.split(".")
    place: Any = values
    for step in path:
        if isinstance(place, list):
            place = place[_index(place, step, override)]
        else:
            if not isinstance(place.get(step), dict | list):
                place[step] = {}
            place = place[step]
    if isinstance(place, list):
        place[_index(place, last, override)] = value
    else:
        place[last] = value


def _index(items: list[Any], step: str, override: str) -> int:
    if not step.isdigit() or int(step) >= len(items):
        raise SokhanError(f"'{override}': '{step}' is not one of the {len(items)} list items, counted from 0")
    return int(step)


def _first_problem(error: ValidationError, model: type[BaseModel], values: dict[str, Any]) -> str:
    problem = error.errors()[0]
    steps = list(problem["loc"])
    key = ".".join(map(str, steps))
    if problem["type"] == "extra_forbidden":
        return f"unknown key '{key}'{nearest(str(steps[-1]), _keys_at(model, steps[:-1]))}"
    if problem["type"] == "missing":
        return f"key '{key}' is missing"
    message = problem["msg"].removeprefix("Value error, ")
    given = problem["input"]
    shown = "" if isinstance(given, dict | list) else f" (it is {given!r})"
    return f"{key}: {message}{shown}" if key else message


def _keys_at(model: type[BaseModel], steps: list[int | str]) -> list[str]:
    """Valid keys of the section at `steps`."""
    section: Any = model
    for step in steps:
        if isinstance(step, int):
            continue
        section = _section_in(section.model_fields[step].annotation)
    return list(section.model_fields)


def _section_in(annotation: Any) -> Any:
    """The section class inside an annotation such as `X | None` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(found for inner in get_args(annotation) if (found := _section_in(inner)))
