"""What is installed and shipped: versions, the wheel, what imports what, no trace of anyone's machine."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import inference

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Names under which packages are imported, where these differ from what they are installed as.
IMPORTED_AS = {"bidi": "python-bidi"}
# What the dependencies bring along and could not do without.
BROUGHT_ALONG = {"tokenizers"}
# Extras for serving; what they name is imported only where it is used.
SERVED = ("spacy",)


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Top-level packages that a file imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_version_is_told_and_the_same_everywhere() -> None:
    assert run(sys.executable, "-m", "inference", "--version") == f"sokhan {inference.__version__}\n"
    assert re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)[1] == (
        inference.__version__
    )
    assert re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)[1] == (
        inference.__version__
    )


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import inference, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = set(run(sys.executable, "-c", code).split())
    assert not loaded & {"torch", "transformers", "hazm", "numpy", "rich", "pyarrow", "training"}


def test_serving_imports_neither_training_nor_its_packages() -> None:
    lines = [*PROJECT["dependencies"], *(line for name in SERVED for line in PROJECT["optional-dependencies"][name])]
    served = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for line in lines}
    allowed = served | set(sys.stdlib_module_names) | {"inference"} | BROUGHT_ALONG
    foreign = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files("inference")
        for name in imports(file)
        if IMPORTED_AS.get(name, name).lower().replace("_", "-") not in allowed and name not in allowed
    }
    assert not foreign


def test_the_command_is_there() -> None:
    module, _, function = PROJECT["scripts"]["sokhan"].partition(":")
    assert callable(getattr(__import__(module, fromlist=[function]), function))


def shipped_texts() -> Iterator[Path]:
    folders = ("inference", "training", "tests", "configs", "docs", "seeds", "models", ".ci")
    for folder in folders:
        yield from (file for file in (ROOT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    yield from (file for file in ROOT.iterdir() if file.is_file() and file.suffix in (".md", ".toml", ".cff", ""))


def test_no_trace_of_a_machine() -> None:
    of_a_machine = re.compile("/(?:" + "|".join(["work", "root", r"home/\w+", r"Users/\w+"]) + ")/")
    found = {
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in shipped_texts()
        if file.suffix not in (".safetensors", ".png")
        for match in [of_a_machine.search(file.read_text(encoding="utf-8", errors="replace"))]
        if match and file.name != ".git"
    }
    assert not found


def test_links_of_the_documentation_lead_somewhere() -> None:
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "seeds").glob("*.md")):
        text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in target:
                assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_licence_and_typing_marker() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "inference" / "py.typed").is_file()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_code_and_models(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    for file in (*python_files("inference"), *python_files("training"), ROOT / "inference" / "py.typed"):
        assert file.relative_to(ROOT).as_posix() in names
    assert "inference/annotation.schema.json" in names
    for model in ("ner", "themes"):
        for file in (ROOT / "models" / model).iterdir():
            assert f"inference/models/{model}/{file.name}" in names
    assert not {name for name in names if name.startswith(("tests/", "seeds/", "models/", "docs/"))}
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert f"Version: {inference.__version__}\n" in metadata
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert not [line for line in needed if re.search("accelerate|datasets|seqeval|matplotlib|pydantic", line)]


@pytest.mark.soak
def test_the_wheel_annotates_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    bin_folder = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(bin_folder / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    shutil.copy(ROOT / "seeds" / "seed.txt", tmp_path / "article.txt")
    shown = run(bin_folder / "sokhan", "annotate", "article.txt", cwd=tmp_path)
    assert "سلامی" in shown
