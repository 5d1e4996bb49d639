"""`sokhan batch`: no kill, stop or second run changes a byte of the output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_cases import Quick, article, documents, models, parts, rows, run_batch, write_jsonl
from conftest import SENTENCES

from inference.batch.command import EXIT_ERROR_ROWS, EXIT_TOO_MANY_ERRORS
from inference.batch.inputs import find_inputs
from inference.batch.job import Job, run_job
from inference.batch.signals import StoppedError
from inference.errors import SokhanError

Batch = Callable[..., int]


@pytest.fixture
def batch(tiny_models: dict[str, Path]) -> Batch:
    return partial(run_batch, tiny_models)


@pytest.mark.parametrize("resumed", [False, True])
def test_double_ids_are_found_across_inputs_parts_and_kills(tmp_path: Path, resumed: bool) -> None:
    one = write_jsonl(tmp_path / "1.jsonl", [{"id": "x", "text": "یک"}, {"id": 5, "text": "دو"}, {"text": "سه"}])
    two = write_jsonl(
        tmp_path / "2.jsonl", [{"id": "5", "text": "چهار"}, {"id": "y", "text": "پنج"}, {"id": "x", "text": "شش"}]
    )
    job = Job(tuple(find_inputs([str(one), str(two)], tmp_path / "out")), tmp_path / "out", part_size=2)
    if resumed:
        with pytest.raises(StoppedError):
            run_job(job, Quick, stop_once(job.out, parts=1))
    run_job(job, Quick, lambda: None)
    errors = {row["origin"]: row["error"] for row in rows(job.out) if row["error"]}
    assert set(errors) == {f"{two}:1", f"{two}:3"}
    assert "its id '5' is that of an earlier document" in errors[f"{two}:1"]


def stop_once(out: Path, parts: int) -> Callable[[], None]:
    """Stops a job at the first chance after so many parts are recorded."""

    def check() -> None:
        if recorded(out) >= parts:
            raise StoppedError(signal.SIGTERM)

    return check


def recorded(out: Path) -> int:
    manifest = out / "manifest.json"
    return len(json.loads(manifest.read_text())["parts"]) if manifest.exists() else 0


@pytest.fixture(params=["jsonl", "parquet", "txt"])
def collection(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Two inputs with 23 documents, some of them bad or double."""
    values = [
        *documents(11),
        {"id": "d3", "text": "دوباره"},
        {"id": "bad"},
        *documents(14)[11:],
        *[{"text": "باز"}] * 7,
    ]
    names = []
    for name, share in (("one", values[:10]), ("two", values[10:])):
        if request.param == "jsonl":
            path = write_jsonl(tmp_path / f"{name}.jsonl", [b"", *share[:3], b"  ", *share[3:]])
        elif request.param == "parquet":
            path = tmp_path / f"{name}.parquet"
            schema = pa.schema({"id": pa.string(), "text": pa.string(), "n": pa.int64()})
            pq.write_table(pa.Table.from_pylist(share, schema), path, row_group_size=3)
        else:
            path = tmp_path / name
            path.mkdir()
            for number, value in enumerate(share):
                (path / f"{number:02}.txt").write_bytes(value.get("text", "\udcff").encode(errors="surrogateescape"))
        names.append(str(path))
    return names


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_stopped_after_any_part_it_ends_the_same(tmp_path: Path, collection: list[str], kind: Any) -> None:
    whole, broken = (
        Job(tuple(find_inputs(collection, out)), out, format=kind, part_size=5, batch_size=3)
        for out in (tmp_path / "whole", tmp_path / "broken")
    )
    run_job(whole, Quick, lambda: None)
    for done in (1, 2, 3, 4):
        with pytest.raises(StoppedError):
            run_job(broken, Quick, stop_once(broken.out, done))
        assert len(parts(broken.out)) == recorded(broken.out) == done
        assert not list(broken.out.glob(".part*"))
        # A kill between a part's appearance and its record, and one in the middle of a part.
        (broken.out / f"part-{done:05d}.{kind}").write_bytes(b"not recorded")
        (broken.out / f".part-{done:05d}.{kind}.tmp").write_bytes(b"half")
        with (broken.out / "ids.bin").open("ab") as file:
            file.write(b"x" * 80)
    manifest = run_job(broken, Quick, lambda: None)
    assert parts(broken.out) == parts(whole.out)
    assert not list(broken.out.glob(".part*"))
    assert [part.documents for part in manifest.parts] == [5, 5, 5, 5, 3]
    assert (broken.out / "manifest.json").read_bytes() == (whole.out / "manifest.json").read_bytes()
    assert (broken.out / "ids.bin").read_bytes() == (whole.out / "ids.bin").read_bytes()


def test_max_errors(tmp_path: Path, batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
    values = [*documents(4), {}, {}, {}, *documents(20)[10:]]
    file = write_jsonl(tmp_path / "a.jsonl", values)
    out = tmp_path / "out"
    for _ in range(2):
        assert batch(file, "--out", out, "--part-size", "2", "--max-errors", "2") == EXIT_TOO_MANY_ERRORS
        stderr = capsys.readouterr().err
        assert stderr.startswith("sokhan: stopped at error row 3")
        assert f"{file}:7" in stderr
        assert stderr.count("\n") == 1
        assert sorted(parts(out)) == [f"part-{n:05d}.jsonl" for n in range(3)]
    assert batch(file, "--out", out, "--part-size", "2", "--max-errors", "3") == EXIT_ERROR_ROWS
    assert len(rows(out)) == len(values)
    assert batch(file, "--out", out, "--part-size", "2", "--max-errors", "0") == EXIT_TOO_MANY_ERRORS


def test_another_job_is_refused_and_restart_begins_anew(
    tmp_path: Path, batch: Batch, make_encoder: Callable[[str], Path], tiny_models: dict[str, Path]
) -> None:
    file, out = write_jsonl(tmp_path / "a.jsonl", documents(6)), tmp_path / "out"
    assert batch(file, "--out", out, "--part-size", "2") == 0
    before = parts(out)
    (out / "mine.txt").touch()
    with pytest.raises(SokhanError, match="--part-size was 2, now it is 3"):
        batch(file, "--out", out, "--part-size", "3")
    with pytest.raises(SokhanError, match="--title-field was not given, now it is n"):
        batch(file, "--out", out, "--part-size", "2", "--title-field", "n")
    more = write_jsonl(tmp_path / "b.jsonl", [])
    with pytest.raises(SokhanError, match=r"input .*b.jsonl is new"):
        batch(file, more, "--out", out, "--part-size", "2")
    content = file.read_bytes()
    file.write_bytes(content.replace(b"d5", b"d6"))
    with pytest.raises(SokhanError, match=r"input .*a.jsonl has changed"):
        batch(file, "--out", out, "--part-size", "2")
    file.write_bytes(content)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["key"]["models"]["ner"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SokhanError, match="model 'ner' was 000000000000, now it is"):
        batch(file, "--out", out, "--part-size", "2")
    assert parts(out) == before
    assert batch(file, "--out", out, "--part-size", "4", "--restart") == 0
    assert [row["id"] for row in rows(out)] == [f"d{n}" for n in range(6)]
    assert sorted(parts(out)) == ["part-00000.jsonl", "part-00001.jsonl"]
    assert (out / "mine.txt").exists()


HARMS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "lost part": (lambda out: (out / "part-00000.jsonl").unlink(), "part-00000.jsonl is missing or changed"),
    "cut part": (lambda out: (out / "part-00001.jsonl").write_bytes(b"{}"), "part-00001.jsonl is missing or changed"),
    "lost manifest": (lambda out: (out / "manifest.json").unlink(), "belongs to no known job"),
    "bad manifest": (lambda out: (out / "manifest.json").write_text("{}"), "is not the manifest of a batch job"),
    "lost ids": (lambda out: (out / "ids.bin").unlink(), "has lost ids"),
}


@pytest.mark.parametrize("name", HARMS)
def test_a_harmed_folder_is_refused(tmp_path: Path, name: str) -> None:
    file, out = write_jsonl(tmp_path / "a.jsonl", documents(6)), tmp_path / "out"
    job = Job(tuple(find_inputs([str(file)], out)), out, part_size=2)
    with pytest.raises(StoppedError):
        run_job(job, Quick, stop_once(out, parts=2))
    harm, reason = HARMS[name]
    harm(out)
    with pytest.raises(SokhanError, match=f"{reason}.*--restart"):
        run_job(job, Quick, lambda: None)
    run_job(replace(job, restart=True), Quick, lambda: None)
    assert [row["id"] for row in rows(out)] == [f"d{number}" for number in range(6)]


def test_two_jobs_on_one_folder(tmp_path: Path, batch: Batch) -> None:
    fcntl = pytest.importorskip("fcntl")
    file, out = write_jsonl(tmp_path / "a.jsonl", documents(1)), tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SokhanError, match="another job is writing"):
            batch(file, "--out", out)
    assert batch(file, "--out", out) == 0


def process(args: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "inference", "batch", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def wait_for_parts(running: subprocess.Popen[str], out: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.glob("part-*"))) < count:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_killed_and_run_again_it_ends_the_same(tmp_path: Path, tiny_models: dict[str, Path]) -> None:
    values = [{"id": f"d{n}", "text": "\n".join(SENTENCES) + article(n)} for n in range(120)]
    file = write_jsonl(tmp_path / "a.jsonl", values)
    args = [str(file), "--part-size", "10", "--batch-size", "4", *models(tiny_models), "--out"]
    out, unbroken = tmp_path / "out", tmp_path / "unbroken"

    undisturbed = process([*args, str(unbroken)])
    killed = process([*args, str(out)])
    wait_for_parts(killed, out, 3)
    killed.kill()
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    after_kill = parts(out)
    assert 3 <= len(after_kill) < 12

    stopped = process([*args, str(out)])
    wait_for_parts(stopped, out, len(after_kill) + 2)
    stopped.terminate()
    _, stderr = stopped.communicate(timeout=60)
    assert stopped.returncode == 128 + signal.SIGTERM
    assert stderr == "sokhan: stopped by SIGTERM; run the same command again to go on\n"
    after_stop = parts(out)
    assert len(after_kill) + 2 <= len(after_stop) < 12
    assert not list(out.glob(".part*"))

    for finished in (process([*args, str(out)]), undisturbed):
        stdout, stderr = finished.communicate(timeout=120)
        assert (finished.returncode, stderr) == (0, "")
        assert stdout.startswith("120 documents, 0 of them error rows, in 12 parts")
    whole = parts(unbroken)
    assert parts(out) == whole
    assert whole.items() >= after_stop.items() >= after_kill.items()
    assert [row["id"] for row in rows(out)] == [value["id"] for value in values]
