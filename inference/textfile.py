"""Text files: read whatever the encoding marks say, written whole or not at all."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from pathlib import Path

from inference.errors import SokhanError
from inference.whole_file import whole_file

STANDARD_INPUT = "-"

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(path: str) -> str:
    """Read a file, or standard input where `path` is `-`.

    The text is UTF-8 unless a byte order mark says UTF-16 or UTF-32; the mark is no part of it. Line ends
    stay as they are, so offsets into the text are offsets into the file.

    Raises:
        SokhanError: If the file can't be read or is not of its encoding; the byte is named.
    """
    return decode(*_read(path))


def decode(name: str, data: bytes) -> str:
    """Decode the bytes of the file `name`; see `read_text`."""
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = error.start + len(mark)
        raise SokhanError(
            f"{name} is not {encoding.upper()}: byte 0x{data[offset]:02X} at offset {offset} "
            f"can't be read ({error.reason}); convert the file to UTF-8"
        ) from error


def _read(path: str) -> tuple[str, bytes]:
    if path == STANDARD_INPUT:
        return "standard input", sys.stdin.buffer.read()
    file = Path(path)
    if file.is_dir():
        raise SokhanError(f"{path} is a folder, not a text file")
    try:
        return path, file.read_bytes()
    except FileNotFoundError as error:
        raise SokhanError(f"there is no file {path}") from error
    except OSError as error:
        raise SokhanError(f"{path} can't be read: {error.strerror or error}") from error


def check_writable(path: str) -> None:
    """See, before any work is done, that `write_whole` can be expected to succeed.

    Raises:
        SokhanError: If `path` is a folder, or its folder does not exist or can't be written to.
    """
    file = Path(path)
    if file.is_dir():
        raise SokhanError(f"{path} is a folder, not a file to write")
    if not file.parent.is_dir():
        raise SokhanError(f"{path} can't be written: there is no folder {file.parent}")
    if not os.access(file.parent, os.W_OK):
        raise SokhanError(f"{path} can't be written: the folder {file.parent} is read-only")


def write_whole(path: str | Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; a file that was there keeps its permissions.

    Raises:
        SokhanError: If it can't be written.
    """
    try:
        target = Path(path).resolve()  # the file behind a link, not the link, is replaced
        if target.exists() and not target.is_file():
            target.write_bytes(data)  # a device or a pipe, which a file must not replace
            return
        mode = target.stat().st_mode if target.exists() else None
        with whole_file(target) as file:
            file.write(data)
        if mode is not None:
            target.chmod(stat.S_IMODE(mode))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SokhanError(f"{path} can't be written: {error.strerror or error}") from error
