"""Checkpoints that a kill can't spoil: only complete ones are ever resumed from."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

COMPLETE = "complete"
"""Empty file, written last: its absence marks a save that was cut short."""

_NAME = re.compile(r"checkpoint-(\d+)")


def runs_root() -> Path:
    """Where runs live: `$SOKHAN_RUNS`, else the user's cache, so that a run outlives a checkout."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("SOKHAN_RUNS") or cache / "sokhan" / "runs")


def checkpoint_folder(run: Path, step: int) -> Path:
    """The folder of the checkpoint at `step`, named as `transformers.Trainer` names it."""
    return run / f"checkpoint-{step}"


def complete_checkpoints(run: Path) -> list[Path]:
    """Complete checkpoints of a run, oldest first."""
    found = [
        (int(match[1]), path)
        for path in (run.iterdir() if run.is_dir() else ())
        if (match := _NAME.fullmatch(path.name)) and (path / COMPLETE).exists()
    ]
    return [path for _, path in sorted(found)]


def mark_complete(folder: Path) -> None:
    """Declare a checkpoint whole, after its files have reached the disk."""
    for path in folder.iterdir():
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    (folder / COMPLETE).touch()


def remove_incomplete(run: Path) -> None:
    """Delete what a killed save left behind."""
    for path in run.glob("checkpoint-*"):
        if path.is_dir() and not (path / COMPLETE).exists():
            shutil.rmtree(path)


def remove_checkpoint(folder: Path) -> None:
    """Delete a checkpoint, its mark first: a kill in between leaves an incomplete one."""
    (folder / COMPLETE).unlink(missing_ok=True)
    shutil.rmtree(folder)
