"""Other programs' formats for annotations: what they are called and what makes them. What is heavy loads on use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inference.annotation import Annotation

Documents = Mapping[str, Annotation]
"""Annotations by the name of their document."""

ToBytes = Callable[[Documents], bytes]
ToFiles = Callable[[Documents], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class OneFile:
    """A format of one file.

    Attributes:
        text: Whether it is UTF-8 text, which can be shown.
        load: Imports what makes it and returns that. Raises `SokhanError` where an optional package is missing.
    """

    text: bool
    load: Callable[[], ToBytes]


@dataclass(frozen=True, slots=True)
class Folder:
    """A format of several files in one folder.

    Attributes:
        load: Imports what makes the files, by their names, and returns that.
    """

    load: Callable[[], ToFiles]


Export = OneFile | Folder


def _conll() -> ToBytes:
    from inference.exports.conll import to_conll

    return to_conll


def _spacy() -> ToBytes:
    from inference.exports.spacy_doc import load_spacy, to_docbin

    load_spacy()
    return to_docbin


def _label_studio() -> ToBytes:
    from inference.exports.label_studio import to_label_studio

    return to_label_studio


def _parquet() -> ToFiles:
    from inference.exports.tables import to_parquet

    return to_parquet


def _plover() -> ToBytes:
    from inference.exports.plover import to_plover

    return to_plover


EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        "conll": OneFile(text=True, load=_conll),
        "spacy": OneFile(text=False, load=_spacy),
        "label-studio": OneFile(text=True, load=_label_studio),
        "parquet": Folder(load=_parquet),
        "plover": OneFile(text=True, load=_plover),
    }
)
"""The formats by the names that `sokhan annotate --format` knows them by."""
