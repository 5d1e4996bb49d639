"""The one kind of error that users cause and can mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

EXIT_USAGE = 2
"""Exit code of a command that was stopped by a `SokhanError`."""


class SokhanError(Exception):
    """A bad file, key, label or line, told in one sentence that names it.

    Commands print the sentence and exit with `EXIT_USAGE`; a traceback means a bug.
    """


class SokhanWarning(UserWarning):
    """Something that works, but not as well as it could; told once."""


def nearest(wrong: str, valid: Iterable[str]) -> str:
    """A hint that names the valid value closest to `wrong`.

    >>> nearest("epoch", ["epochs", "seed"])
    "; did you mean 'epochs'?"
    """
    options = list(valid)
    close = difflib.get_close_matches(wrong, options, n=1, cutoff=0.5)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; valid are: {', '.join(options)}" if options else ""
