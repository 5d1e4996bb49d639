"""The inputs of a job: files, globs and folders, in an order that the arguments alone decide."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from inference.errors import SokhanError

Kind = Literal["jsonl", "parquet", "txt"]

_KINDS: dict[str, Kind] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".txt": "txt"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or a folder with the `.txt` files below it.

    Attributes:
        name: Its path as the caller wrote it, or as the glob found it.
        kind: What is in its files.
        files: The file; of a folder all `.txt` files, in order of their paths.
    """

    name: str
    kind: Kind
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies the content of an input.

    Attributes:
        path: `Input.name`.
        bytes: Size of all its files.
        sha256: Hash of the file's content, or of a folder's file names and contents.
        documents: How many documents to expect (blank lines counted), for the progress bar.
    """

    path: str
    bytes: int
    sha256: str
    documents: int


def find_inputs(names: Sequence[str], out: Path) -> list[Input]:
    """Files and folders that the arguments name; globs are expanded, and sorted.

    Raises:
        SokhanError: If one does not exist, is of no known kind, is named twice, or lies in `out`.
    """
    inputs = [_input(path) for name in names for path in _expanded(name)]
    seen: set[Path] = set()
    for found in inputs:
        for file in found.files:
            real = file.resolve()
            if real in seen:
                raise SokhanError(f"input {file} is named twice")
            if real.is_relative_to(out.resolve()):
                raise SokhanError(f"input {file} lies in the output folder {out}")
            seen.add(real)
    return inputs


def _expanded(name: str) -> list[str]:
    if os.path.lexists(name):
        return [name]
    if not glob.has_magic(name):
        raise SokhanError(f"there is no input {name}")
    found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  # Path.glob knows no absolute patterns
    if not found:
        raise SokhanError(f"no file matches the input {name}")
    return found


def _input(name: str) -> Input:
    path = Path(name)
    if path.is_dir():
        files = sorted((file for file in path.rglob("*.txt") if file.is_file()), key=str)
        if not files and (other := next((f for f in path.rglob("*") if f.suffix in _KINDS), None)):
            raise SokhanError(f"folder {name} has no .txt files; name files such as {other} themselves")
        return Input(name, "txt", tuple(files))
    if path.suffix not in _KINDS:
        raise SokhanError(f"input {name} is none of {', '.join(_KINDS)} or a folder of .txt files")
    if not path.is_file():
        raise SokhanError(f"input {name} is not a regular file")
    return Input(name, _KINDS[path.suffix], (path,))


def fingerprints(inputs: Sequence[Input], check_stop: Callable[[], None]) -> list[Fingerprint]:
    """Read all inputs once, far faster than they can be annotated, and say what identifies them."""
    size = sum(file.stat().st_size for found in inputs for file in found.files)
    with tqdm(desc="reading", total=size, unit="B", unit_scale=True, disable=None, delay=2) as bar:
        made = []
        for found in inputs:
            made.append(_fingerprint(found, bar, check_stop))
        return made


def _fingerprint(found: Input, bar: tqdm[Any], check_stop: Callable[[], None]) -> Fingerprint:
    size = lines = 0
    of_files = []
    for file in found.files:
        digest = hashlib.sha256()
        last = b"\n"
        for chunk in _chunks(file):
            check_stop()
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            bar.update(len(chunk))
        lines += last != b"\n"
        of_files.append(digest)
    if found.kind == "txt":
        whole = hashlib.sha256()
        for file, digest in zip(found.files, of_files, strict=True):
            whole.update(os.fsencode(file) + b"\0" + digest.digest())
        return Fingerprint(found.name, size, whole.hexdigest(), len(found.files))
    documents = parquet_file(found.files[0]).metadata.num_rows if found.kind == "parquet" else lines
    return Fingerprint(found.name, size, of_files[0].hexdigest(), documents)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def parquet_file(path: Path) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        SokhanError: If it is none.
    """
    try:
        return pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise SokhanError(f"{path} is not a readable Parquet file: {str(error).splitlines()[0]}") from error
