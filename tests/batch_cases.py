"""What the tests of `sokhan batch` share: documents, a way to run the command, what it wrote."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from conftest import SENTENCES

from inference.annotation import Annotation, Entity
from inference.batch.command import add_parser


def article(number: int) -> str:
    return "\n".join(SENTENCES[(number + step) % len(SENTENCES)] for step in range(1 + number % 3))


def write_jsonl(path: Path, values: Sequence[Any]) -> Path:
    lines = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def documents(count: int) -> list[dict[str, Any]]:
    return [{"id": f"d{number}", "text": article(number), "n": number} for number in range(count)]


def rows(out: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted(out.glob("part-*")):
        if path.suffix == ".jsonl":
            found += [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
        else:
            found += [row | {"source": json.loads(row["source"])} for row in pq.read_table(path).to_pylist()]
    return found


def parts(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.glob("part-*"))}


def models(tiny: dict[str, Path]) -> list[str]:
    return ["--ner", str(tiny["ner"]), "--themes", str(tiny["themes"]), "--device", "cpu"]


def run_batch(tiny: dict[str, Path], *args: str | Path) -> int:
    """Run the command in this process, with tiny models; gives the exit code."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["batch", *map(str, args), *models(tiny)])
    code = parsed.run(parsed)
    assert isinstance(code, int)
    return code


class Quick:
    """An engine without models. Its scores tell with how many others a text was annotated."""

    model_hashes: Mapping[str, str] = {"ner": "quick", "themes": "quick"}

    def annotate_many(self, texts: Sequence[str]) -> list[Annotation]:
        return [Annotation(text, (Entity(0, 1, "PERSON", text[:1], len(texts) / 100),)) for text in texts]
