"""`sokhan batch`: every document, good or bad, gives a row."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_cases import article, documents, rows, run_batch, write_jsonl
from conftest import SENTENCES

from inference.annotation import Annotation
from inference.annotator import Annotator
from inference.batch.command import EXIT_ERROR_ROWS
from inference.batch.inputs import find_inputs
from inference.batch.job import Job, run_job
from inference.errors import SokhanError

Batch = Callable[..., int]


@pytest.fixture
def batch(tiny_models: dict[str, Path]) -> Batch:
    return partial(run_batch, tiny_models)


@pytest.fixture(scope="module")
def annotator(tiny_models: dict[str, Path]) -> Annotator:
    return Annotator(tiny_models["ner"], tiny_models["themes"], "cpu")


def test_rows_hold_the_annotation_and_what_came_along(tmp_path: Path, batch: Batch, annotator: Annotator) -> None:
    given = [
        {
            "key": 7,
            "title": "سخن\nروز",
            "body": article(1),
            "url": "https://example.ir",
            "tags": ["الف", None],
            "id": 1,
        },
        {"key": "x", "title": None, "body": article(2), "text": "ستون دیگر", "error": 1.5},
    ]
    file = write_jsonl(tmp_path / "a.jsonl", given)
    options = ("--text-field", "body", "--title-field", "title", "--id-field", "key")
    assert batch(file, "--out", tmp_path / "out", *options) == 0
    first, second = rows(tmp_path / "out")
    for row, text in ((first, f"سخن روز\n{article(1)}"), (second, article(2))):
        # Both were annotated in one batch, which may move the last decimal.
        expected = annotator.annotate(text).to_dict()
        assert row["text"] == text
        assert [e["label"] for e in row["entities"]] == [e["label"] for e in expected["entities"]]
        assert [s["text"] for s in row["sentences"]] == [s["text"] for s in expected["sentences"]]
        assert all(text[e["start"] : e["end"]] == e["text"] for e in row["entities"])
        assert expected.keys() < row.keys()
        assert row["schema_version"] == expected["schema_version"]
        assert row["models"] == annotator.model_hashes
        assert row["error"] is None
    assert (first["id"], first["origin"]) == ("7", f"{file}:1")
    assert first["source"] == {key: given[0][key] for key in ("title", "url", "tags", "id")}
    assert second["id"] == "x"
    assert second["source"] == {"title": None, "text": "ستون دیگر", "error": 1.5}


def test_bad_documents_are_error_rows_with_their_reason(
    tmp_path: Path, batch: Batch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"text": SENTENCES[0]}
    bad: list[tuple[Any, str]] = [
        (b'{"text": ', "not JSON"),
        (["text"], "an array, not an object"),
        ({"txet": "سلام"}, "did you mean 'txet'"),
        ({"text": None}, "no text"),
        ({"text": 5}, "a number"),
        (b'{"text": "\xff"}', "not UTF-8 (byte 11)"),
        (b"[" * 100_000, "nested"),
        ({"text": "سلام", "id": [1]}, "an array"),
        ({"text": "سلام", "id": True}, "a boolean"),
    ]
    values = [value for wrong, _ in bad for value in (wrong, good)]
    file = write_jsonl(tmp_path / "a.jsonl", values)
    assert batch(file, "--out", tmp_path / "out") == EXIT_ERROR_ROWS
    found = rows(tmp_path / "out")
    assert len(found) == len(values)
    assert [row["origin"] for row in found] == [f"{file}:{line}" for line in range(1, len(values) + 1)]
    for row, (_, reason) in zip(found[::2], bad, strict=True):
        assert reason in row["error"]
        assert row["entities"] is row["sentences"] is None
        assert row["id"] == row["origin"]
        assert row["models"]
        assert row["schema_version"]
    assert all(row["error"] is None and row["sentences"] for row in found[1::2])
    assert f"{len(bad)} of them error rows" in capsys.readouterr().out


def test_blank_lines_and_bom_and_crlf(tmp_path: Path, batch: Batch) -> None:
    file = tmp_path / "a.jsonl"
    line = json.dumps({"text": SENTENCES[0]}).encode()
    file.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n  \n" + line)
    assert batch(file, "--out", tmp_path / "out") == 0
    assert [row["id"] for row in rows(tmp_path / "out")] == [f"{file}:1", f"{file}:4"]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_odd_unicode_survives(tmp_path: Path, batch: Batch, kind: str) -> None:
    odd = ["a\ud800ب \u2028گ\u0085فت\x00 \ufeff", "\udc00", "👩‍🚀 \U0010ffff", "می‌رود\u200b\u202e", ""]
    raw = b'{"text": "\xed\xa0\xbd\xed\xb8\x80 \xd8\xa8 \xed\xa0\x80"}'  # surrogates as bytes: a pair and a lone one
    file = write_jsonl(tmp_path / "a.jsonl", [*({"text": text, "kept": text} for text in odd), raw])
    assert batch(file, "--out", tmp_path / "out", "--format", kind) == 0
    expected = [*odd, "\U0001f600 ب \ud800"]
    if kind == "parquet":
        expected = [text.replace("\ud800", "\ufffd").replace("\udc00", "\ufffd") for text in expected]
    found = rows(tmp_path / "out")
    assert [row["text"] for row in found] == expected
    assert [row["source"]["kept"] for row in found[:-1]] == odd
    for row in found:
        for span in [*row["entities"], *row["sentences"]]:
            assert row["text"][span["start"] : span["end"]] == span["text"]


def test_values_that_json_lacks(tmp_path: Path, batch: Batch) -> None:
    lines = [b'{"text": "a", "x": NaN, "y": [1e999, 12345678901234567890123], "z": "\\ud800"}']
    assert batch(write_jsonl(tmp_path / "a.jsonl", lines), "--out", tmp_path / "out") == 0
    written = (tmp_path / "out" / "part-00000.jsonl").read_text(encoding="utf-8")

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    source = json.loads(written, parse_constant=refuse)["source"]
    assert source == {"x": None, "y": [None, 12345678901234567890123], "z": "\ud800"}


def test_parquet_in(tmp_path: Path, batch: Batch) -> None:
    moment = datetime.datetime(2024, 5, 1, 12, 30)
    table = pa.table(
        {
            "text": pa.array([SENTENCES[0], None, SENTENCES[1]]).dictionary_encode(),
            "id": pa.array([10, 11, None]),
            "when": pa.array([moment, None, None], pa.timestamp("ns")),
            "nested": [{"a": [1, 2]}, None, {"a": []}],
            "share": [0.5, float("nan"), 2.0],
            "raw": [b"\x00\xff", None, b""],
        }
    )
    file = tmp_path / "a.parquet"
    pq.write_table(table, file, row_group_size=2)
    assert batch(file, "--out", tmp_path / "out") == EXIT_ERROR_ROWS
    first, second, third = rows(tmp_path / "out")
    assert [first["id"], second["id"], third["id"]] == ["10", "11", f"{file}:3"]
    assert first["source"] == {"when": moment.isoformat(), "nested": {"a": [1, 2]}, "share": 0.5, "raw": "AP8="}
    assert second["source"]["share"] is None
    assert "no text" in second["error"]
    assert third["text"] == SENTENCES[1]


def test_parquet_out_equals_jsonl(tmp_path: Path, batch: Batch) -> None:
    file = write_jsonl(
        tmp_path / "a.jsonl", [*documents(12), {"id": "bad"}, {"text": SENTENCES[0], "deep": [{"a": "پ"}]}]
    )
    for kind in ("jsonl", "parquet"):
        assert batch(file, "--out", tmp_path / kind, "--format", kind, "--part-size", "5") == EXIT_ERROR_ROWS
    as_json = rows(tmp_path / "jsonl")
    assert rows(tmp_path / "parquet") == as_json
    assert any(row["entities"] for row in as_json)
    assert any(sentence["themes"] for row in as_json for sentence in row["sentences"] or [])
    schema = pq.read_schema(tmp_path / "parquet" / "part-00000.parquet")
    assert pa.types.is_struct(schema.field("entities").type.value_type)
    assert {str(pq.read_schema(path)) for path in (tmp_path / "parquet").glob("part-*")} == {str(schema)}


def test_folder_of_texts(tmp_path: Path, batch: Batch) -> None:
    folder = tmp_path / "news"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "2.txt").write_bytes("\ufeffسطر یک\r\nسطر دو".encode())
    (folder / "a.txt").write_text(SENTENCES[0], encoding="utf-8")
    (folder / "c.txt").write_bytes(b"ab\xff")
    (folder / "note.md").write_text("x")
    assert batch(folder, "--out", tmp_path / "out") == EXIT_ERROR_ROWS
    found = rows(tmp_path / "out")
    assert [row["id"] for row in found] == [str(folder / name) for name in ("a.txt", "b/2.txt", "c.txt")]
    assert found[1]["text"] == "سطر یک\r\nسطر دو"
    assert "not UTF-8: byte 0xFF at offset 2" in found[2]["error"]


def test_globs_and_several_inputs(tmp_path: Path, batch: Batch) -> None:
    for name in "ba":
        write_jsonl(tmp_path / f"{name}.jsonl", [{"id": name, "text": SENTENCES[0]}])
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "c.txt").write_text(SENTENCES[0], encoding="utf-8")
    assert batch(tmp_path / "c", tmp_path / "[ab].jsonl", "--out", tmp_path / "out") == 0
    assert [row["id"] for row in rows(tmp_path / "out")] == [str(tmp_path / "c" / "c.txt"), "a", "b"]


def test_empty_inputs(tmp_path: Path, batch: Batch) -> None:
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "texts").mkdir()
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    names = [tmp_path / "a.jsonl", tmp_path / "texts", tmp_path / "a.parquet"]
    for _ in range(2):
        assert batch(*names, "--out", tmp_path / "out") == 0
    assert rows(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.jsonl", "there is no input"),
        ("none-*.jsonl", "no file matches"),
        ("a.csv", "is none of .jsonl"),
        ("broken.parquet", "not a readable Parquet file"),
        ("other.parquet", "has no column 'text'; did you mean 'texts'?"),
        ("numbers.parquet", "type int64"),
        ("folder", "has no .txt files"),
    ],
)
def test_impossible_inputs(tmp_path: Path, batch: Batch, name: str, reason: str) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    pq.write_table(pa.table({"texts": ["a"]}), tmp_path / "other.parquet")
    pq.write_table(pa.table({"text": [1]}), tmp_path / "numbers.parquet")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.jsonl").touch()
    with pytest.raises(SokhanError, match=reason):
        batch(tmp_path / name, "--out", tmp_path / "out")
    assert not list(tmp_path.glob("out/part-*"))


def test_an_input_is_named_once_and_outside_the_output(tmp_path: Path, batch: Batch) -> None:
    file = write_jsonl(tmp_path / "a.jsonl", documents(1))
    with pytest.raises(SokhanError, match="named twice"):
        batch(file, tmp_path / "*.jsonl", "--out", tmp_path / "out")
    with pytest.raises(SokhanError, match="output folder"):
        batch(file, "--out", tmp_path)


class FailingOn:
    """An engine that can't stand one word."""

    def __init__(self, engine: Annotator, word: str) -> None:
        self._engine, self._word = engine, word
        self.model_hashes = engine.model_hashes
        self.calls = 0

    def annotate_many(self, texts: Sequence[str]) -> list[Annotation]:
        self.calls += 1
        if any(self._word in text for text in texts):
            raise RuntimeError(f"can't stand {self._word}\nsecond line")
        return self._engine.annotate_many(texts)


def test_a_document_that_fails_is_an_error_row_of_its_own(tmp_path: Path, annotator: Annotator) -> None:
    values = [{"text": SENTENCES[0]}, {"text": "سلام kaboom"}, {"text": SENTENCES[1]}, {"text": SENTENCES[2]}]
    inputs = tuple(find_inputs([str(write_jsonl(tmp_path / "a.jsonl", values))], tmp_path / "out"))
    engine = FailingOn(annotator, "kaboom")
    manifest = run_job(Job(inputs, tmp_path / "out", batch_size=3), lambda: engine, lambda: None)
    found = rows(tmp_path / "out")
    assert [row["error"] for row in found] == [
        None,
        "annotating it failed: RuntimeError: can't stand kaboom",
        None,
        None,
    ]
    assert found[2]["sentences"][0]["text"] == SENTENCES[1]
    assert manifest.errors == 1
    assert engine.calls == 5  # a batch, its three documents, the last batch


@pytest.mark.parametrize(
    "option", [("--part-size", "0"), ("--max-errors", "-1"), ("--batch-size", "x"), ("--format", "csv")]
)
def test_bad_options(tmp_path: Path, batch: Batch, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        batch(tmp_path, "--out", tmp_path / "out", *option)
    assert stopped.value.code == 2
