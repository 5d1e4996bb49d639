"""Lines of corpus files, with numbers for error messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inference.errors import SokhanError


def read_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of every line that is not blank.

    Only a line feed ends a line: U+2028 and its like may stand in a JSON string.

    Raises:
        SokhanError: If the file can't be opened or a line is not UTF-8.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SokhanError(f"{file} can't be read: {error.strerror}") from error
    for number, raw in enumerate(content.split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise SokhanError(f"{file}:{number}: not UTF-8: {error.reason}") from error
        if line.strip():
            yield number, line
