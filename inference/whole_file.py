"""Files that appear whole or not at all, whatever kills the writer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_PREFIX, _SUFFIX = ".", ".tmp"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the name `path` once the block has ended and the disk has it."""
    temporary = path.with_name(f"{_PREFIX}{path.name}{_SUFFIX}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove_temporary(folder: Path) -> None:
    """Delete what killed writers left in a folder."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        path.unlink()


def sync_folder(folder: Path) -> None:
    """Have the names of a folder reach the disk; Windows can't, and does without."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
