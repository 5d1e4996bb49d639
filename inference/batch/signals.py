"""Stopping on SIGTERM or Ctrl-C at a moment of the job's choice."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StoppedError(Exception):
    """The job was asked to stop, by the signal `signum`."""

    def __init__(self, signum: int) -> None:
        super().__init__(f"stopped by {signal.Signals(signum).name}")
        self.signum = signum


@contextmanager
def noted_signals() -> Iterator[Callable[[], None]]:
    """Note SIGTERM and SIGINT instead of dying; the function given raises `StoppedError` once one has come.

    A second signal does at once what it always did. Only for the main thread.
    """
    # A signal that the caller has had ignored (nohup, a background job) stays ignored.
    before = {s: signal.getsignal(s) for s in _SIGNALS if signal.getsignal(s) is not signal.SIG_IGN}
    received: list[int] = []

    def restore() -> None:
        for signum, handler in before.items():
            signal.signal(signum, handler)

    def note(signum: int, _frame: FrameType | None) -> None:
        received.append(signum)
        restore()

    def check() -> None:
        if received:
            raise StoppedError(received[0])

    for signum in before:
        signal.signal(signum, note)
    try:
        yield check
    finally:
        restore()
