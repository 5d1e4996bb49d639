"""The ids that a job has seen, in memory and on disk, so that a double id is found across parts and kills."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from inference.batch.reading import Record
from inference.errors import SokhanError

_BYTES = 16
"""Of a digest: among a billion ids the chance of one false double is 1 in 10^21."""


class SeenIds:
    """A set of digests, some 100 bytes of memory a document, and a file of 16 bytes a document.

    Args:
        file: Digests in the order of the documents; made if it is not there.
        documents: How many documents are in recorded parts; what the file has beyond them is cut off.

    Raises:
        SokhanError: If the file has fewer.
    """

    def __init__(self, file: Path, documents: int) -> None:
        self._file = file
        known = file.read_bytes()[: documents * _BYTES] if file.exists() else b""
        if len(known) < documents * _BYTES:
            raise SokhanError(f"{file} has lost ids of documents already done; begin anew with --restart")
        with file.open("ab") as opened:
            opened.truncate(len(known))
        self._seen = {known[at : at + _BYTES] for at in range(0, len(known), _BYTES)}

    def check(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, but an error where an id has been seen before."""
        for record in records:
            digest = _digest(record.id)
            if digest in self._seen and record.error is None:
                yield replace(record, error=f"its id '{record.id}' is that of an earlier document")
            else:
                yield record
            self._seen.add(digest)

    def save(self, ids: Iterable[str]) -> None:
        """Append the ids of a part to the file."""
        with self._file.open("ab") as opened:
            opened.write(b"".join(map(_digest, ids)))
            opened.flush()
            os.fsync(opened.fileno())


def _digest(document_id: str) -> bytes:
    return blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
