"""Where an export is written: a file or a folder of files, each of them whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inference.errors import SokhanError
from inference.exports import EXPORTS, Folder
from inference.textfile import check_writable, write_whole


def check_output(name: str, output: str | None) -> None:
    """See, before any work is done, that the format `name` is available and that `output` will do for it.

    Raises:
        SokhanError: If a package is missing, `output` is needed and not given, or it can't be written.
    """
    export = EXPORTS[name]
    export.load()
    if isinstance(export, Folder):
        if output is None:
            raise SokhanError(f"the format {name} is a folder of files; name it with --output")
        if not Path(output).is_dir():
            _check_new_folder(output)
    elif output is not None:
        check_writable(output)
    elif not export.text:
        raise SokhanError(f"the format {name} is binary and can't be shown; name a file with --output")


def write_folder(path: str, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is made if it is not there; other files in it stay.

    Raises:
        SokhanError: If one can't be written.
    """
    try:
        Path(path).mkdir(exist_ok=True)
    except OSError as error:
        raise SokhanError(f"{path} can't be made: {error.strerror or error}") from error
    for name, data in files.items():
        write_whole(Path(path) / name, data)


def _check_new_folder(path: str) -> None:
    if Path(path).exists():
        raise SokhanError(f"{path} is a file, not a folder to write files into")
    check_writable(path)  # what is asked of a new file's place holds for a new folder's
