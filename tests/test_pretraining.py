"""Pre-training: packing, masking, tokenizer, schedule, and a run that survives kill -9."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import SENTENCES
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM, AutoTokenizer, PreTrainedTokenizerFast

from training.encoders import save_tokenizer
from training.pretraining.masking import WholeWordMasker
from training.pretraining.packing import pack, packed_attention, sequences
from training.pretraining.schedule import Schedule

PAD, CLS = 0, 2


@given(st.lists(st.integers(1, 15), max_size=80))
@settings(max_examples=60, deadline=None)
def test_packing_loses_nothing_and_splits_nothing(lengths: list[int]) -> None:
    made = [[CLS, *[10 + index] * (length - 1)] for index, length in enumerate(lengths)]
    rows = pack(made, 16, PAD)
    unpacked = []
    for row in rows.tolist():
        text = [token for token in row if token != PAD]
        assert row == text + [PAD] * (16 - len(text)), "padding stands at the end"
        starts = [place for place, token in enumerate(text) if token == CLS] + [len(text)]
        unpacked += [text[a:b] for a, b in pairwise(starts)]
    assert sorted(unpacked) == sorted(made)


def test_long_documents_go_on_in_the_next_sequence(persian_tokenizer: PreTrainedTokenizerFast) -> None:
    lines = [*SENTENCES, "", SENTENCES[0], ""]
    made = list(sequences(lines, persian_tokenizer, 32))
    assert all(len(one) <= 32 and one[0] == persian_tokenizer.cls_token_id for one in made)
    seen = [token for one in made for token in one[1:]]
    sep = persian_tokenizer.sep_token_id
    wanted = [
        token
        for line in lines
        if line
        for token in [*persian_tokenizer(line, add_special_tokens=False)["input_ids"], sep]
    ]
    assert seen == wanted


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_packed_sequences_do_not_see_one_another(make_encoder: Callable[[str], Path], attention: str) -> None:
    folder = make_encoder("modernbert")
    model = AutoModelForMaskedLM.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    # One is longer than the local window, so that both kinds of layers are told apart.
    alone = [tokenizer(text)["input_ids"] for text in (SENTENCES[0], " ".join(SENTENCES[1:4]), SENTENCES[5])]
    row = [token for ids in alone for token in ids] + [tokenizer.pad_token_id] * 5
    ids = torch.tensor([row])
    masks = packed_attention(ids, tokenizer.cls_token_id, tokenizer.pad_token_id, model.config.sliding_window)
    with torch.no_grad():
        packed = model(input_ids=ids, attention_mask=masks).logits[0]
        start = 0
        for sequence in alone:
            logits = model(input_ids=torch.tensor([sequence])).logits[0]
            assert torch.allclose(packed[start : start + len(sequence)], logits, atol=1e-5)
            start += len(sequence)


def test_masking_hides_whole_words_and_never_special_tokens(persian_tokenizer: PreTrainedTokenizerFast) -> None:
    rows = pack(sequences(SENTENCES * 20, persian_tokenizer, 64), 64, persian_tokenizer.pad_token_id)
    masker = WholeWordMasker(persian_tokenizer)
    batch = masker(rows, 0.3, (1, 2))
    again, other = masker(rows, 0.3, (1, 2)), masker(rows, 0.3, (1, 3))
    assert torch.equal(batch.input_ids, again.input_ids)
    assert not torch.equal(batch.input_ids, other.input_ids)
    hidden = np.zeros(rows.size, dtype=bool)
    hidden[batch.places.numpy()] = True
    hidden = hidden.reshape(rows.shape)
    assert not np.isin(rows[hidden], persian_tokenizer.all_special_ids).any()
    assert np.array_equal(rows.reshape(-1)[batch.places.numpy()], batch.targets.numpy())
    pieces = persian_tokenizer.convert_ids_to_tokens(rows.reshape(-1).tolist())
    flat = hidden.reshape(-1)
    for place, piece in enumerate(pieces):
        if piece.startswith("##") and place % rows.shape[1]:
            assert flat[place] == flat[place - 1], "a word is hidden as a whole"
    assert 0.2 < hidden.sum() / (~np.isin(rows, persian_tokenizer.all_special_ids)).sum() < 0.4


def test_tokenizer_reads_one_word_in_all_its_spellings(persian_tokenizer: PreTrainedTokenizerFast) -> None:
    def ids(text: str) -> list[int]:
        found: list[int] = persian_tokenizer(text, add_special_tokens=False)["input_ids"]
        return found

    assert ids("همکاری\u200cها") == ids("همکاریها")
    assert ids("سپاه پاكستان") == ids("سپاه پاکستان")
    assert ids("امنيت") == ids("امنیت")
    assert ids("اِعلام") == ids("اعلام")
    assert ids("۱۲٣") == ids("123")
    assert ids("آن") != ids("ان")
    assert ids("سپاه\u200bگفت") == ids("سپاه گفت")


def test_saved_tokenizer_keeps_its_normaliser(persian_tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    save_tokenizer(persian_tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    text = "آیت\u200cالله نوربخش در ۱۲ تير گفت: همكاري\u200cها را می\u200cپذیریم. KARIM"
    assert loaded(text)["input_ids"] == persian_tokenizer(text)["input_ids"]
    assert loaded.model_input_names == ["input_ids", "attention_mask"]
    assert (
        json.loads((tmp_path / "tokenizer_config.json").read_text())["tokenizer_class"] == "PreTrainedTokenizerFast"
    )


def test_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(total=1000, warmup=100, decay_share=0.4, final=0.02, mask_start=0.3, mask_end=0.15)
    assert schedule.rate(0) < schedule.rate(50) < schedule.rate(100) == 1
    assert schedule.rate(600) == 1
    assert schedule.rate(1000) == pytest.approx(0.02)
    assert schedule.masking(300) == 0.3
    assert schedule.masking(1000) == pytest.approx(0.15)


CONFIG = """
task: encoder
name: tiny
data: {{text: {text}, row_length: 32}}
tokenizer: {{vocab_size: 300}}
model: {{layers: 2, hidden_size: 32, intermediate_size: 32, heads: 2, local_attention: 16, max_positions: 64}}
optimizer: {{warmup_tokens: 2560}}
train: {{tokens: {tokens}, batch_tokens: 256, precision: fp32, checkpoint_minutes: 0.005, log_every: 5}}
"""


def _start(folder: Path, tokens: int, *overrides: str) -> subprocess.Popen[str]:
    text = folder.parent / "text.txt"
    text.write_text("\n".join([*SENTENCES, ""] * 12), encoding="utf-8")
    config = folder.parent / "encoder.yaml"
    config.write_text(CONFIG.format(text=text, tokens=tokens), encoding="utf-8")
    environment = os.environ | {"SOKHAN_RUNS": str(folder), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "training.run", str(config), *overrides]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _finish(folder: Path, tokens: int, *overrides: str) -> str:
    process = _start(folder, tokens, *overrides)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output


def test_killed_run_ends_like_an_unbroken_one(tmp_path: Path) -> None:
    _finish(tmp_path / "unbroken", 25_600)
    run = tmp_path / "killed" / "tiny"
    # The tokenizer's training breaks ties at random: both runs use one.
    for name in ("tokenizer", "rows-32.npy"):
        source = tmp_path / "unbroken" / "tiny" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, _made(run) / name)
    process = _start(tmp_path / "killed", 25_600)
    while not list(run.glob("checkpoint-*/complete")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    newest = max(int(path.parent.name.split("-")[1]) for path in run.glob("checkpoint-*/complete"))
    assert newest < 100, "it was killed before the end"
    (run / "checkpoint-99999").mkdir()  # as a save that was cut short leaves it
    assert "resuming" in _finish(tmp_path / "killed", 25_600)
    one, other = (
        load_file(tmp_path / name / "tiny" / "model" / "model.safetensors") for name in ("unbroken", "killed")
    )
    assert all(torch.equal(one[name], other[name]) for name in one)
    AutoTokenizer.from_pretrained(run / "model")
    AutoModelForMaskedLM.from_pretrained(run / "model", dtype=torch.float32)

    # A larger budget goes on from where the rate had not yet begun to fall.
    output = _finish(tmp_path / "killed", 51_200)
    assert "resuming after 0.0" in output
    state = [json.loads(path.read_text()) for path in run.glob("checkpoint-*/state.json")]
    assert max(record["tokens"] for record in state) >= 51_200


def test_a_run_goes_on_from_a_published_encoder(tmp_path: Path) -> None:
    """Its tokenizer, its weights and its count of tokens; the texts it would see next come next."""
    _finish(tmp_path / "first", 5120)
    published = tmp_path / "first" / "tiny" / "model"
    facts = json.loads((published / "pretraining.json").read_text())
    _finish(tmp_path / "second", 10_240, f"start={published}")
    model = tmp_path / "second" / "tiny" / "model"
    later = json.loads((model / "pretraining.json").read_text())
    assert (facts["tokens"], later["tokens"]) == (5120, 10_240)
    assert later["step"] == 2 * facts["step"]
    assert (model / "tokenizer.json").read_bytes() == (published / "tokenizer.json").read_bytes()
    records = [json.loads(line) for line in (tmp_path / "second" / "tiny" / "metrics.jsonl").read_text().splitlines()]
    before = [json.loads(line) for line in (tmp_path / "first" / "tiny" / "metrics.jsonl").read_text().splitlines()]
    assert records[0]["loss"] < before[0]["loss"] - 0.3, "it does not begin anew"

    process = _start(tmp_path / "third", 10_240, f"start={published}", "model.layers=3")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 2
    assert f"start: {published} is no encoder of this shape" in errors
    assert "Traceback" not in errors
