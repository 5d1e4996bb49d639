"""The bundled tokenizers read the same in both major versions of transformers that we allow."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerFast

MODELS = Path(__file__).resolve().parent.parent / "models"
TEXTS = [
    "سردار سرلشکر حسین سلامی گفت: همکاری‌های دو کشور گسترش می‌یابد.",
    "همكاريهاي دو كشور گسترش مي يابد؛ آیت‌الله در آذربایجان",
    "در سال ۱۴۰۲ و ٢٠٢٣ و 2024، ﷲ اَکبَر 😀 NATO\u200f",
    "",
    "\u200c\u200c \u00a0",
]
# How the other version is asked: it knows nothing of us but the folder.
ASK = """
import json, sys
from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
print(json.dumps([tokenizer(text)["input_ids"] for text in json.loads(sys.argv[2])]))
"""


@pytest.mark.parametrize("name", ["encoder", "ner", "themes"])
def test_our_normaliser_survives_loading(name: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(MODELS / name)
    assert isinstance(tokenizer, PreTrainedTokenizerFast)
    settings = json.loads((MODELS / name / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert settings["tokenizer_class"] == "PreTrainedTokenizerFast"
    joined, parted = ("همکاریها آذر", "همکاری‌ها آذر")
    assert tokenizer(joined)["input_ids"] == tokenizer(parted)["input_ids"]
    assert "".join(tokenizer.tokenize("آذر")).replace("##", "") == "آذر"


@pytest.mark.soak
def test_the_oldest_transformers_that_we_allow_gives_the_same_ids(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "transformers==4.57.*"], check=True)
    ids = []
    for interpreter in (python, sys.executable):
        command = [str(interpreter), "-c", ASK, str(MODELS / "encoder"), json.dumps(TEXTS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
        ids.append(json.loads(done.stdout.splitlines()[-1]))
    assert ids[0] == ids[1]
    assert all(len(one) > 5 for one in ids[0][:3])
