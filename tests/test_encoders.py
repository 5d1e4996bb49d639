"""Where the encoder comes from: a folder, the cache, a stand-in for the Hub, or the fallback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from conftest import SENTENCES
from huggingface_hub import constants
from test_training import corpus, write_config  # noqa: F401
from transformers import AutoTokenizer, BertConfig, BertForMaskedLM

from inference.errors import SokhanError
from training.config import ModelConfig
from training.encoders import find_encoder, load_tokenizer, longest_input

NAME = "SomeLab/bert-fa-tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def parsbert_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT in the files of ParsBERT's repository: `vocab.txt` and `pytorch_model.bin`."""
    folder = tmp_path_factory.mktemp("parsbert")
    words = sorted({word.strip("،.:") for sentence in SENTENCES for word in sentence.split()})
    letters = sorted({letter for word in words for letter in word if letter.isalpha()})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "،", ".", ":", *words, *letters]
    pieces += [f"##{letter}" for letter in letters]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)) + "\n", encoding="utf-8")
    config = BertConfig(
        vocab_size=len(dict.fromkeys(pieces)),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=512,
    )
    config.architectures = ["BertForMaskedLM"]
    torch.manual_seed(0)
    torch.save(BertForMaskedLM(config).state_dict(), folder / "pytorch_model.bin")
    config.save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False}))
    return folder


class _Hub(BaseHTTPRequestHandler):
    """As much of the Hub as a download asks for."""

    folder: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        self.asked.append(self.path)
        prefix = f"/{NAME}/resolve/"
        file = self.folder / self.path.rsplit("/", 1)[-1]
        if not self.path.startswith(prefix) or not file.is_file():
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{file.name}-{len(content)}"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(parsbert_like: Path) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Hub", (_Hub,), {"folder": parsbert_like, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def run(config: Path, folder: Path, endpoint: str, *arguments: str) -> tuple[int, str, str]:
    environment = os.environ | {
        "SOKHAN_RUNS": str(folder / "runs"),
        "HF_HOME": str(folder / "hf"),
        "HF_ENDPOINT": endpoint,
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "training.run", str(config), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def test_encoder_from_the_hub_then_from_its_cache(
    hub: tuple[str, list[str]],
    corpus: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    endpoint, asked = hub
    config = write_config(tmp_path, "ner", NAME, corpus, train={"epochs": 2, "learning_rate": 1e-3})
    code, _, errors = run(config, tmp_path, endpoint)
    assert code == 0, errors
    (folder,) = (tmp_path / "runs").iterdir()
    card = json.loads((folder / "run.json").read_text())
    assert (card["encoder"]["used"], card["encoder"]["origin"]) == (NAME, "hub")
    model = folder / "model"
    assert (model / "model.safetensors").is_file()
    assert not list(model.glob("*.bin"))
    tokenizer = AutoTokenizer.from_pretrained(model)
    assert tokenizer.tokenize("سردار حسین رستمی گفت") == ["سردار", "حسین", "رستمی", "گفت"]
    assert "token_type_ids" in tokenizer.model_input_names
    assert not [path for path in asked if "discussions" in path or "convert" in path]

    asked.clear()
    code, output, errors = run(config, tmp_path, endpoint, "--dry-run")
    assert code == 0, errors
    assert f"encoder: {NAME} (cache)" in output
    assert not [path for path in asked if NAME in path], "what is in the cache is not asked for"


def test_dead_endpoint_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        began = time.monotonic()
        with pytest.raises(SokhanError, match="did not answer in 3 s; put the checkpoint into a local folder"):
            find_encoder(ModelConfig(encoder=NAME))
        assert time.monotonic() - began < 10, "huggingface_hub by itself takes 23 s"


def test_fallback_is_taken_loudly(
    make_encoder,  # type: ignore[no-untyped-def]
    corpus: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    # A server that takes connections and never answers: the dearest way of being dead.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        fallback = {"encoder": str(make_encoder("modernbert")), "learning_rate": 1e-3, "epochs": 1, "batch_size": 2}
        config = write_config(tmp_path, "ner", NAME, corpus, model={"fallback": fallback})
        code, output, errors = run(config, tmp_path, endpoint, "--dry-run")
        assert code == 0, errors
        assert f"WARNING: this is the fallback: {NAME}" in output
        code, _, errors = run(config, tmp_path, endpoint)
        assert code == 0, errors
        assert errors.startswith("WARNING: ")
        (folder,) = (tmp_path / "runs").iterdir()
        card = json.loads((folder / "run.json").read_text())
        assert card["encoder"]["used"] == fallback["encoder"]
        assert "did not answer in 3 s" in card["encoder"]["fallback_because"]
        assert (card["train_settings"]["epochs"], card["train_settings"]["batch_size"]) == (1, 2)
        code, _, errors = run(config, tmp_path, endpoint, "model.fallback=null")
        assert code == 2
        assert "set model.fallback" in errors
        assert errors.count("\n") == 1


def test_pickled_code_in_weights_is_refused(parsbert_like: Path, corpus: Path, tmp_path: Path) -> None:  # noqa: F811
    import pickle
    import shutil

    class Harmful:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(str(tmp_path / "harmed")),)  # type: ignore[return-value]

    folder = tmp_path / "encoder"
    shutil.copytree(parsbert_like, folder)
    with (folder / "pytorch_model.bin").open("wb") as file:
        pickle.dump({"weight": Harmful()}, file)
    code, _, errors = run(write_config(tmp_path, "ner", folder, corpus), tmp_path, "http://127.0.0.1:1")
    assert code == 2
    assert errors.splitlines()[-1].startswith(f"sokhan: the encoder in {folder} can't be loaded")
    assert "Traceback" not in errors
    assert not (tmp_path / "harmed").exists()


def test_positions_of_xlm_roberta_begin_after_the_padding(make_encoder) -> None:  # type: ignore[no-untyped-def]
    from transformers import AutoModel

    folder = make_encoder("xlm-roberta")
    model = AutoModel.from_pretrained(folder)
    longest = longest_input(model)
    assert longest == 512
    model(input_ids=torch.full((1, longest), 10))
    with pytest.raises((IndexError, RuntimeError)):
        model(input_ids=torch.full((1, longest + 1), 10))
    assert load_tokenizer(folder).is_fast
