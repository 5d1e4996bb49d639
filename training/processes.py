"""Which of the processes that `torchrun` starts this is."""

from __future__ import annotations

import os


def is_main_process() -> bool:
    """Whether this is the process that writes files and talks; true without `torchrun`."""
    return os.environ.get("RANK", "0") == "0"


def process_count() -> int:
    """How many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))
