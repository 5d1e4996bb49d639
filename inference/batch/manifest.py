"""The manifest of a job: what it was asked to do, and the parts that are done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inference.batch.inputs import Fingerprint
from inference.errors import SokhanError
from inference.whole_file import whole_file

MANIFEST_FILE = "manifest.json"
_VERSION = 1
_HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class JobKey:
    """All that decides what a job writes. Two jobs with equal keys write the same parts.

    Attributes:
        version: Version of Sokhan.
        models: SHA-256 of each model.
        inputs: The inputs in order.
        options: Options by their names on the command line.
    """

    version: str
    models: dict[str, str]
    inputs: tuple[Fingerprint, ...]
    options: dict[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is done: its file, its size, its rows and how many of them are errors."""

    name: str
    bytes: int
    documents: int
    errors: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` holds.

    Attributes:
        key: The job.
        parts: Parts that are done, in order.
        finished: Whether they are all.
    """

    key: JobKey
    parts: tuple[Part, ...] = ()
    finished: bool = False

    @property
    def documents(self) -> int:
        """Rows in all parts."""
        return sum(part.documents for part in self.parts)

    @property
    def errors(self) -> int:
        """Error rows in all parts."""
        return sum(part.errors for part in self.parts)

    def save(self, folder: Path) -> None:
        """Replace the manifest of an output folder."""
        with whole_file(folder / MANIFEST_FILE) as file:
            file.write(json.dumps({"manifest_version": _VERSION, **asdict(self)}, indent=2).encode() + b"\n")


def load_manifest(folder: Path) -> Manifest | None:
    """The manifest of an output folder, `None` if it has none.

    Raises:
        SokhanError: If it can't be read, or a part that it lists is not there as it was.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        return None
    try:
        values: dict[str, Any] = json.loads(path.read_bytes())
        if values["manifest_version"] != _VERSION:
            raise ValueError(f"its version is {values['manifest_version']}, not {_VERSION}")
        key = JobKey(**values["key"] | {"inputs": tuple(Fingerprint(**entry) for entry in values["key"]["inputs"])})
        manifest = Manifest(key, tuple(Part(**entry) for entry in values["parts"]), values["finished"])
    except (ValueError, TypeError, KeyError) as error:
        reason = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise SokhanError(
            f"{path} is not the manifest of a batch job ({reason}); begin anew with --restart"
        ) from error
    for part in manifest.parts:
        file = folder / part.name
        if not file.is_file() or file.stat().st_size != part.bytes:
            raise SokhanError(f"{file} is missing or changed since it was written; begin anew with --restart")
    return manifest


def first_difference(old: JobKey, new: JobKey) -> str | None:
    """What two jobs differ in, in words; `None` if they are the same job."""
    return next(_differences(old, new), None)


def _differences(old: JobKey, new: JobKey) -> Iterator[str]:
    if old.version != new.version:
        yield f"it was begun by sokhan {old.version}, this is {new.version}"
    for name in sorted({*old.models, *new.models}):
        before, now = old.models.get(name, "none"), new.models.get(name, "none")
        if before != now:
            yield f"model '{name}' was {before[:_HASH_SHOWN]}, now it is {now[:_HASH_SHOWN]}"
    for name in {**old.options, **new.options}:
        before_option, now_option = old.options.get(name), new.options.get(name)
        if before_option != now_option:
            yield f"{name} was {_shown(before_option)}, now it is {_shown(now_option)}"
    before_inputs, now_inputs = _by_path(old), _by_path(new)
    for path in {**before_inputs, **now_inputs}:
        if path not in now_inputs:
            yield f"input {path} is not named now"
        elif path not in before_inputs:
            yield f"input {path} is new"
        elif before_inputs[path] != now_inputs[path]:
            yield f"input {path} has changed"
    if old.inputs != new.inputs:
        yield "the inputs come in another order"


def _shown(option: str | float | None) -> str:
    return "not given" if option is None else str(option)


def _by_path(key: JobKey) -> Mapping[str, Fingerprint]:
    return {entry.path: entry for entry in key.inputs}
