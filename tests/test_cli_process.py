"""`sokhan` as a process: what it loads, terminals, pipes, signals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ARTICLE

import inference

ESCAPE = "\x1b"


def test_help_and_version_load_nothing_heavy() -> None:
    check = (
        "import sys\nfrom inference.cli import main\n"
        "for argv in (['--version'], ['--help'], ['annotate', '--help'], ['batch', '--help']):\n"
        "    assert main(argv) == 0, argv\n"
        "heavy = {'torch', 'transformers', 'hazm', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"sokhan {inference.__version__}\n")
    assert "annotate" in done.stdout
    assert "batch" in done.stdout


def sokhan(*args: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    """`sokhan` in a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "inference", *args], capture_output=True, timeout=120, **more
    )


def test_standard_input_to_standard_output_with_a_plain_locale(models: list[str]) -> None:
    done = sokhan(
        "annotate",
        "-",
        *models,
        input=ARTICLE.encode(),
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    view = done.stdout.decode()
    assert view.startswith("stdin\n")
    assert ESCAPE not in view
    assert done.stderr == b""


def seen_on_a_terminal(args: list[str], **environment: str) -> str:
    """What `sokhan` sends to a terminal of 60 columns."""
    pty = pytest.importorskip("pty")
    fcntl, struct, termios = (pytest.importorskip(name) for name in ("fcntl", "struct", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    hidden = ("COLUMNS", "NO_COLOR", "VTE_VERSION", "KONSOLE_VERSION", "MLTERM", "INSIDE_EMACS", "TERM_PROGRAM")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= {"TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "inference", *args], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux tells that the other end has closed
            chunk = b""
        if not chunk:
            break
        sent += chunk
    os.close(ours)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return sent.decode().replace("\r\n", "\n")


def test_terminal_that_does_no_bidi(models: list[str], article: Path) -> None:
    view = seen_on_a_terminal(["annotate", str(article), *models])
    assert ESCAPE in view
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in view.splitlines()]
    assert {len(line) for line in lines if line} <= {60, 56, 52}  # indented up to twice
    assert any("ﻢﯿﻨﮐ" in line for line in lines)


@pytest.mark.parametrize("of_annotate", [False, True])
def test_reader_that_has_gone_ends_it_quietly(models: list[str], article: Path, of_annotate: bool) -> None:
    read, write = os.pipe()
    os.close(read)
    args = ["annotate", str(article), *models] if of_annotate else ["--help"]
    done = subprocess.run(
        [sys.executable, "-m", "inference", *args], stdout=write, stderr=subprocess.PIPE, timeout=120
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is sent otherwise on Windows")
def test_ctrl_c_ends_it_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "inference", "annotate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    # The last thing that is imported before standard input is waited for.
    for line in process.stderr:
        if line.rstrip().endswith(b"inference.batch.command"):
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert all(line.startswith(b"import time:") for line in err.splitlines())


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is sent otherwise on Windows")
def test_ctrl_c_is_not_lost_while_numpy_and_torch_load(models: list[str], article: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-v", "-m", "inference", "annotate", str(article), *models],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    # torch's C code imports numpy, and drops whatever that raises.
    for line in process.stderr:
        if line.startswith(b"import 'numpy.version'"):
            break
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "inference", "--help"], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert done.returncode == 2
    assert re.fullmatch(rb"sokhan: [^\n]+\n", done.stderr)
