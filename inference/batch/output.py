"""The output folder of a job: one job at a time, and what an earlier one left in it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.batch.manifest import MANIFEST_FILE, JobKey, Manifest, first_difference, load_manifest
from inference.batch.writing import PART_NAME
from inference.errors import SokhanError
from inference.whole_file import remove_temporary

IDS_FILE = "ids.bin"
_LOCK_FILE = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder if need be and keep other jobs out of it, where the system has `fcntl`.

    Raises:
        SokhanError: If another job is at work in it.
    """
    if folder.exists() and not folder.is_dir():
        raise SokhanError(f"the output {folder} is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK_FILE).open("wb") as file:
        if importlib.util.find_spec("fcntl"):
            import fcntl

            try:
                # The system takes the lock back when the process ends, however it ends.
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SokhanError(f"another job is writing to {folder}") from error
        yield


def prepared(folder: Path, key: JobKey) -> Manifest:
    """The manifest to go on from, in a folder cleared of what a killed job left half done.

    Raises:
        SokhanError: If the folder holds another job, or parts of no known job.
    """
    manifest = load_manifest(folder)
    if manifest is None:
        stray = next((path for path in folder.iterdir() if PART_NAME.fullmatch(path.name)), None)
        if stray:
            raise SokhanError(f"{stray} belongs to no known job; name another folder, or begin anew with --restart")
        manifest = Manifest(key)
        manifest.save(folder)
    elif difference := first_difference(manifest.key, key):
        raise SokhanError(f"{folder} holds another job: {difference}; name another folder, or use --restart")
    remove_temporary(folder)
    return manifest


def clear(folder: Path) -> None:
    """Delete the parts, ids and manifest of an earlier job; other files stay."""
    remove_temporary(folder)
    for path in folder.iterdir():
        if PART_NAME.fullmatch(path.name):
            path.unlink()
    # The manifest goes last: a kill in between leaves a folder that asks for --restart again.
    (folder / IDS_FILE).unlink(missing_ok=True)
    (folder / MANIFEST_FILE).unlink(missing_ok=True)
