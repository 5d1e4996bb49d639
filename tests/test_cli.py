"""`sokhan annotate`: files, encodings, outputs, and what is said when it cannot be done."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ARTICLE

from inference.cli import main

ESCAPE = "\x1b"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(models: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """`run(file, ...)` in this process: exit code, standard output, standard error."""

    def annotate(file: Path | str, *options: str) -> tuple[int, str, str]:
        code = main(["annotate", str(file), *models, *options])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return annotate


def fails(outcome: tuple[int, str, str], *told: str) -> None:
    """One sentence that tells these things, exit code 2, nothing on standard output."""
    code, out, err = outcome
    assert code == 2
    assert out == ""
    assert re.fullmatch(r"sokhan: [^\n]+\n", err)
    for part in told:
        assert part in err


# --- outputs


def test_json_is_the_annotation(run: Run, article: Path) -> None:
    code, out, _ = run(article, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["text"] == ARTICLE
    assert [s["text"] for s in found["sentences"]] == ARTICLE.splitlines()
    assert all(ARTICLE[e["start"] : e["end"]] == e["text"] for e in found["entities"])


def test_json_keeps_line_ends_and_sends_no_control_character(run: Run, tmp_path: Path) -> None:
    text = "سلام\r\nدنیا\x1b[31m\x9b\x7f\u202e\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    _, out, _ = run(tmp_path / "a.txt", "--format", "json")
    assert json.loads(out)["text"] == text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)


def test_html_names_the_file_escaped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "<b>&.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    code, out, _ = run(path, "--format", "html")
    assert code == 0
    assert out.startswith("<!DOCTYPE html>")
    assert "<h1><bdi>&lt;b&gt;&amp;.txt</bdi></h1>" in out


def test_text_off_a_terminal_is_logical_and_has_no_escapes(run: Run, article: Path) -> None:
    code, out, err = run(article)
    assert code == 0
    assert ESCAPE not in out + err
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufefe]", out)
    # The signs of mentions, of the source around one, and of cue and content.
    plain = re.sub(r"[{}<>]", "", out)
    for _ in range(2):
        plain = re.sub(r"\[([^·\[\]]*)·[^\[\]]*\]", r"\1", plain)
    assert all(line in plain for line in ARTICLE.splitlines())


def test_options_force_visual_and_colour(run: Run, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = run(article, "--bidi", "visual", "--color", "always")
    assert ESCAPE in out
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in out.splitlines()]
    assert max(map(len, lines)) == 40
    assert "ﺩﺮﻛ" not in out  # the Persian kaf, not the Arabic one
    assert "ﻢﯿﻨﮐ" in out


def test_output_file_is_written_and_nothing_shown(run: Run, article: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    target.chmod(0o640)
    assert run(article, "--format", "json", "--output", str(target)) == (0, "", "")
    assert json.loads(target.read_text(encoding="utf-8"))["text"] == ARTICLE
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.txt", "out.json"]


def test_json_beside_the_view(run: Run, article: Path, tmp_path: Path) -> None:
    target = tmp_path / "seed.json"
    code, view, errors = run(article, "--json", str(target))
    assert (code, errors) == (0, "")
    assert run(article, "--format", "text")[1] == view
    assert run(article, "--format", "json")[1] == target.read_text(encoding="utf-8")
    fails(run(article, "--json", str(article)), "is the article itself")


def test_output_to_a_link_and_to_a_device(run: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    assert run(article, "--format", "html", "--output", str(tmp_path / "link.html"))[0] == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text(encoding="utf-8").startswith("<!DOCTYPE")
    assert run(article, "--output", os.devnull)[0] == 0
    assert not Path(os.devnull).is_file()


def test_output_in_text_has_no_escapes(run: Run, article: Path, tmp_path: Path) -> None:
    assert run(article, "--output", str(tmp_path / "view.txt"))[0] == 0
    assert ESCAPE not in (tmp_path / "view.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "plain English", "a\x00\x1b\x85\u2028b", "‌", "😀" * 50])
def test_any_text_has_every_view(run: Run, tmp_path: Path, form: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    code, out, _ = run(tmp_path / "a.txt", "--format", form)
    assert code == 0
    assert out
    assert ESCAPE not in out


def test_terminal_that_does_bidi_and_wants_no_colour(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("VTE_VERSION", "7600")
    monkeypatch.setenv("NO_COLOR", "1")
    _, logical, _ = run(article)
    assert ESCAPE not in logical
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufefe]", logical)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert ESCAPE in run(article)[1]


# --- reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_their_marks(run: Run, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE.encode(encoding))
    _, out, _ = run(tmp_path / "a.txt", "--format", "json")
    assert json.loads(out)["text"] == ARTICLE


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("سلام ".encode() + b"\xff\xfe", ("UTF-8", "0xFF", "offset 9")),
        (b"\xef\xbb\xbf" + "سلام".encode() + b"\xd8", ("UTF-8", "0xD8", "offset 11")),
        ("سلام".encode("cp1256"), ("UTF-8", "0xD3", "offset 0")),
        ("سلام".encode("utf-16") + b"\x00", ("UTF-16", "offset 10")),
        (b"\xed\xa0\x80", ("UTF-8", "offset 0")),
    ],
)
def test_bad_encoding_names_the_file_and_the_byte(
    run: Run, tmp_path: Path, data: bytes, told: tuple[str, ...]
) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    fails(run(tmp_path / "a.txt"), str(tmp_path / "a.txt"), *told)


def test_missing_file_and_folder(run: Run, tmp_path: Path) -> None:
    fails(run(tmp_path / "none.txt"), "there is no file", "none.txt")
    fails(run(tmp_path), "is a folder", str(tmp_path))


def test_message_does_not_steer_the_terminal(run: Run) -> None:
    fails(run("\x1b[31m\nno\u202e.txt"), "␛[31m␊no‹RLO›.txt")
    fails(run("x", "--bogus\x1b[31m"), "--bogus␛[31m")


def test_output_that_cannot_be_written_is_told_before_the_models_are_loaded(
    article: Path, tmp_path: Path, run: Run
) -> None:
    fails(run(article, "--output", str(tmp_path)), "is a folder")
    fails(run(article, "--output", str(tmp_path / "no" / "x.json")), "there is no folder", str(tmp_path / "no"))
    fails(run(article, "--output", str(article)), "is the article itself")
    assert article.read_bytes() == ARTICLE.encode()


def test_no_model_folder_and_unknown_device(article: Path, tmp_path: Path, run: Run) -> None:
    fails(run(article, "--ner", str(tmp_path / "none")), "no model folder", str(tmp_path / "none"))
    fails(run(article, "--device", "cdua"), "cdua")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "COMMAND"),
        (["annotate"], "FILE"),
        (["annotate", "x", "--format", "xml"], "'xml'"),
        (["annotate", "x", "--bidi", "up"], "'up'"),
        (["anotate", "x"], "'anotate'"),
    ],
)
def test_wrong_command_line(argv: list[str], told: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = main(argv)
    out, err = capfdbinary.readouterr()
    fails((code, out.decode(), err.decode()), told, "--help")
