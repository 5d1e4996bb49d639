"""Text into rows of tokens: documents cut into sequences, sequences packed into rows without loss."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import torch
from transformers import PreTrainedTokenizerFast

from inference.errors import SokhanError

Rows = npt.NDArray[np.uint16]

_OPEN_ROWS = 64  # rows kept open for the short sequences; more would only fill the last per cent
_LINES_A_BATCH = 4096


def read_lines(path: Path) -> Iterator[str]:
    """Lines of a text file, `.xz` or plain; an empty line ends a document."""
    try:
        with _open_text(path) as file:
            for line in file:
                yield line.rstrip("\n")
    except (lzma.LZMAError, UnicodeDecodeError, EOFError) as error:
        raise SokhanError(f"{path} is not readable as UTF-8 text: {error}") from error
    except OSError as error:
        raise SokhanError(f"{path}: {error.strerror or error}") from error


def _open_text(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def sequences(lines: Iterable[str], tokenizer: PreTrainedTokenizerFast, length: int) -> Iterator[list[int]]:
    """Cut documents into sequences of at most `length` tokens.

    A sequence is `[CLS] line [SEP] line [SEP] …`; a document longer than `length` goes on in the next one.
    """
    cls_id, sep_id = tokenizer.cls_token_id, tokenizer.sep_token_id
    document: list[int] = []
    for ids in _line_ids(lines, tokenizer):
        if ids:
            document += [*ids, sep_id]
        elif document:
            yield from _cut(document, cls_id, length)
            document = []
    if document:
        yield from _cut(document, cls_id, length)


def _line_ids(lines: Iterable[str], tokenizer: PreTrainedTokenizerFast) -> Iterator[list[int]]:
    backend = tokenizer.backend_tokenizer
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _LINES_A_BATCH:
            yield from (encoding.ids for encoding in backend.encode_batch_fast(batch, add_special_tokens=False))
            batch = []
    yield from (encoding.ids for encoding in backend.encode_batch_fast(batch, add_special_tokens=False))


def _cut(document: list[int], cls_id: int, length: int) -> Iterator[list[int]]:
    for start in range(0, len(document), length - 1):
        yield [cls_id, *document[start : start + length - 1]]


def pack(sequences: Iterable[list[int]], length: int, pad_id: int) -> Rows:
    """Pack sequences into rows, each whole in one row.

    Best fit over a small pool of open rows. A row needs no index of its sequences: each begins with `[CLS]`.

    Returns:
        `(rows, length)`, padded with `pad_id` at the end of a row.
    """
    full: list[npt.NDArray[np.uint16]] = []
    opened: list[list[int]] = []
    for sequence in sequences:
        fitting = [row for row in opened if len(row) + len(sequence) <= length]
        if len(sequence) == length or (not fitting and len(opened) < _OPEN_ROWS):
            row: list[int] = list(sequence)
            opened.append(row)
        elif fitting:
            row = max(fitting, key=len)
            row += sequence
        else:
            longest = max(opened, key=len)
            opened.remove(longest)
            full.append(_padded(longest, length, pad_id))
            row = list(sequence)
            opened.append(row)
        if len(row) == length:
            opened.remove(row)
            full.append(_padded(row, length, pad_id))
    full += [_padded(row, length, pad_id) for row in opened]
    return np.stack(full) if full else np.zeros((0, length), dtype=np.uint16)


def _padded(row: list[int], length: int, pad_id: int) -> npt.NDArray[np.uint16]:
    return np.array(row + [pad_id] * (length - len(row)), dtype=np.uint16)


def packed_attention(ids: torch.Tensor, cls_id: int, pad_id: int, sliding_window: int) -> dict[str, torch.Tensor]:
    """Attention masks that keep packed sequences apart, in the form ModernBERT takes.

    Position ids alone leak under SDPA; rotary positions are relative, so they need not start anew.

    Args:
        ids: `(batch, tokens)`.
        sliding_window: Tokens seen to each side in the local layers.

    Returns:
        `full_attention` and `sliding_attention`, `(batch, 1, tokens, tokens)`, to be added to the logits of
        attention: 0 where a token sees, the least float where it does not.
    """
    sequence = torch.where(ids == pad_id, -1, (ids == cls_id).cumsum(dim=1))
    same = sequence[:, None, :, None] == sequence[:, None, None, :]
    place = torch.arange(ids.shape[1], device=ids.device)
    near = (place[:, None] - place[None, :]).abs() <= sliding_window
    hidden = torch.finfo(torch.float32).min
    seen = {"full_attention": same, "sliding_attention": same & near}
    return {
        name: torch.zeros(mask.shape, device=ids.device).masked_fill(~mask, hidden) for name, mask in seen.items()
    }
