"""Fine-tuning for real on ten sentences: it learns, it survives kill -9, it says what is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from conftest import SENTENCES
from safetensors.torch import load_file

from inference import Annotator
from inference.checkpoint import load
from inference.document import Document
from inference.tagger import Tagger
from inference.themes import ThemeClassifier
from training.run import main
from training.sampling import LengthGroupedSampler

MENTIONS = {
    "حسین رستمی": "SPEAKER", "کریم‌خان": "SPEAKER", "صادق نوربخش": "SPEAKER", "ناصر الکعبی": "SPEAKER",
    "مراد یلماز": "PERSON", "سردار": "RANK", "ژنرال": "RANK", "سرهنگ": "RANK", "آیت‌الله": "RANK",
    "فرمانده کل": "POSITION", "وزیر دفاع": "POSITION", "نماینده": "POSITION", "سپاه": "ORG", "ایرنا": "ORG",
    "ارتش پاکستان": "ORG", "وزارت خارجه ترکیه": "ORG", "خبرگزاری فارس": "ORG", "افغانستان": "LOC",
    "کابل": "LOC", "سراوان": "LOC", "تهران": "LOC", "تبریز": "LOC", "قطر": "LOC", "آمریکا": "LOC",
}  # fmt: skip
THEMES = [["cooperation.defense"], ["cooperation.defense"], ["threat.terrorism"], ["threat.warning"],
          ["cooperation.defense"], ["threat.border"], ["cooperation.unity"], [], ["cooperation.diplomacy"],
          ["threat.interference"]]  # fmt: skip


def article(number: int) -> dict[str, Any]:
    """Two of the ten sentences, annotated."""
    chosen = [number % 10, (number * 3 + 1) % 10]
    text = "\n".join(SENTENCES[index] for index in chosen)
    entities = [
        {"start": match.start(), "end": match.end(), "label": label}
        for mention, label in MENTIONS.items()
        for match in re.finditer(mention, text)
    ]
    split = len(SENTENCES[chosen[0]])
    places = [(0, split), (split + 1, len(text))]
    sentences = [
        {"start": start, "end": end, "themes": THEMES[index], "speaker": None}
        for (start, end), index in zip(places, chosen, strict=True)
    ]
    entities.sort(key=lambda entity: entity["start"])
    return {"id": f"a{number}", "text": text, "entities": entities, "sentences": sentences}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    records = [article(number) for number in range(20)]
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def write_config(folder: Path, task: str, encoder: Path | str, corpus: Path, **changes: Any) -> Path:
    windows: dict[str, Any] = {"max_length": 64}
    if task == "ner":
        windows["overlap"] = 16
    config = {
        "task": task,
        "name": task,
        "model": {"encoder": str(encoder), "fallback": None},
        "data": {"train": [{"path": str(corpus)}], "dev": [{"path": str(corpus)}]},
        "windows": windows,
        "train": {"learning_rate": 5e-3, "epochs": 12, "batch_size": 4, "patience": 12, "precision": "fp32"},
    }
    for key, value in changes.items():
        config[key] = {**config[key], **value} if isinstance(value, dict) else value
    path = folder / f"{task}.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def start(config: Path, runs: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"SOKHAN_RUNS": str(runs), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "training.run", str(config), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(config: Path, runs: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(config, runs, *arguments)
    output, errors = process.communicate(timeout=300)
    return process.returncode, output, errors


def in_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], runs: Path, config: Path, *arguments: str
) -> tuple[int, str, str]:
    """The command without a process of its own, where a start-up a case would cost too much."""
    monkeypatch.setenv("SOKHAN_RUNS", str(runs))
    code = main([str(config), *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def only_run(runs: Path) -> Path:
    (run,) = runs.iterdir()
    return run


def losses(run: Path) -> list[tuple[int, float]]:
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [(record["step"], record["loss"]) for record in records if "loss" in record]


@pytest.mark.parametrize("kind", ["modernbert", "bert", "xlm-roberta"])
def test_token_classifier_learns_ten_sentences(
    kind: str, make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    config = write_config(tmp_path, "ner", make_encoder(kind), corpus, model={"weights": "float16"})
    code, output, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    run = only_run(tmp_path / "runs")
    card = json.loads((run / "run.json").read_text())
    assert card["dev_scores"]["micro"]["f1"] > 0.9, output
    assert card["encoder"]["used"] == str(make_encoder(kind))
    assert len(card["data"]["train"]["sha256"]) == 64
    for picture in ("curves.png", "scores.png", "confusion.png"):
        assert (run / picture).read_bytes().startswith(b"\x89PNG")
    told = (run / "model" / "README.md").read_text()
    assert "| SPEAKER |" in told
    assert f"| `{corpus}` |" in told, "it names each source"
    index = yaml.safe_load(told.split("---")[1])["model-index"]
    assert index[0]["results"][0]["metrics"][0]["name"] == "F1, micro"
    assert load_file(run / "model" / "model.safetensors")["classifier.weight"].dtype == torch.float16
    (found,) = Tagger(load(run / "model", "ner", "cpu"))([Document(SENTENCES[0])])
    assert [(entity.text, entity.label) for entity in found][:3] == [
        ("سردار", "RANK"), ("حسین رستمی", "SPEAKER"), ("فرمانده کل", "POSITION")]  # fmt: skip


def test_theme_classifier_learns_and_serves(
    make_encoder: Callable[[str], Path], corpus: Path, tiny_models: dict[str, Path], tmp_path: Path
) -> None:
    config = write_config(
        tmp_path, "themes", make_encoder("modernbert"), corpus, train={"learning_rate": 1e-2, "epochs": 20}
    )
    code, output, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    model = only_run(tmp_path / "runs") / "model"
    assert json.loads((model.parent / "run.json").read_text())["dev_scores"]["micro"]["f1"] > 0.9, output
    annotator = Annotator(ner=tiny_models["ner"], themes=model, device="cpu")
    annotation = annotator.annotate(article(5)["text"])
    assert [[theme.name for theme in sentence.themes] for sentence in annotation.sentences] == [
        ["threat.border"], ["cooperation.unity"]]  # fmt: skip
    assert [sentence.stance for sentence in annotation.sentences] == ["threatening", "cooperative"]


def test_killed_run_ends_like_an_unbroken_one(
    make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    # Two checkpoints an epoch: the run goes on from the middle of one as well as from its end.
    config = write_config(tmp_path, "ner", make_encoder("bert"), corpus, train={"evaluations_per_epoch": 2})
    assert finish(config, tmp_path / "unbroken")[0] == 0
    process = start(config, tmp_path / "killed")
    while len(list((tmp_path / "killed").glob("*/checkpoint-*/complete"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run = only_run(tmp_path / "killed")
    assert not (run / "run.json").exists()
    # A save that the kill cut short: the newest by number, without the files that a resume needs.
    torn = run / "checkpoint-9999"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half")
    code, output, errors = finish(config, tmp_path / "killed")
    assert code == 0, errors
    assert "going on from" in output
    unbroken = only_run(tmp_path / "unbroken")
    assert losses(run) == losses(unbroken)
    one, other = (load_file(folder / "model" / "model.safetensors") for folder in (run, unbroken))
    assert all(torch.equal(one[name], other[name]) for name in one)
    code, output, _ = finish(config, tmp_path / "killed")
    assert code == 0
    assert "is finished" in output


def test_speech_is_learned_beside_the_themes_and_is_none_of_them(
    make_encoder: Callable[[str], Path], tmp_path: Path
) -> None:
    spoken = []
    for number in range(10):
        one = article(number)
        for sentence in one["sentences"]:
            said = one["text"][sentence["start"] : sentence["end"]]
            sentence["speaker"] = "کسی" if "گفت" in said or "افزود" in said else None
        spoken.append(one)
    corpus = tmp_path / "spoken.jsonl"
    corpus.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in spoken), encoding="utf-8")
    config = write_config(tmp_path, "themes", make_encoder("modernbert"), corpus, speech=True)
    code, _, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    loaded = load(only_run(tmp_path / "runs") / "model", "themes", "cpu")
    assert loaded.outputs[-1] == "speech"
    classifier = ThemeClassifier(loaded)
    assert "speech" not in classifier.names
    (scores,) = classifier.scores([Document(spoken[0]["text"])])
    assert scores.shape == (2, 10)


def test_several_seeds_tell_their_spread_and_the_best(
    make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    config = write_config(tmp_path, "ner", make_encoder("bert"), corpus, train={"epochs": 2})
    code, output, errors = finish(config, tmp_path / "runs", "--seeds", "2,1")
    assert code == 0, errors
    scores = {int(seed): float(score) for seed, score in re.findall(r"^seed (\d): (\d+\.\d)", output, re.M)}
    assert set(scores) == {1, 2}
    (best,) = [line.split()[-1] for line in output.splitlines() if "(best)" in line]
    card = json.loads((Path(best) / "run.json").read_text(encoding="utf-8"))
    assert scores[card["seed"]] == max(scores.values())
    assert len(card["dev_score_of_seeds"]) == 2
    told = (Path(best) / "model" / "README.md").read_text(encoding="utf-8")
    assert told.count("## Seeds\n") == 1
    assert "standard deviation" in told
    again = finish(config, tmp_path / "runs", "--seeds", "1,2")[1]
    assert again.count("this run is finished") == 2
    assert (Path(best) / "model" / "README.md").read_text(encoding="utf-8") == told
    code, _, errors = finish(config, tmp_path / "runs", "--seeds", "1")
    assert (code, errors) == (2, "sokhan: --seeds needs two seeds or more; for one: seed=7\n")


def test_training_stops_when_dev_gets_no_better(
    make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    changes = {"learning_rate": 1e-9, "epochs": 9, "patience": 2}
    config = write_config(tmp_path, "ner", make_encoder("bert"), corpus, train=changes)
    code, output, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    assert len(re.findall(r"^epoch ", output, re.M)) == 3


def test_order_has_every_example_once_and_batches_of_like_length() -> None:
    lengths = [(number * 37) % 101 for number in range(1003)]
    sampler = LengthGroupedSampler(lengths, 8, seed=1)
    first = list(sampler)
    assert sorted(first) == list(range(1003))
    assert list(sampler) == first
    sampler.set_epoch(1)
    assert sorted(sampler) == sorted(first)
    assert list(sampler) != first
    padded = sum(8 * max(lengths[i] for i in first[at : at + 8]) for at in range(0, 1000, 8))
    assert padded < 1.15 * sum(lengths)


def test_weights_say_how_often_an_epoch_sees_an_example() -> None:
    weights = [0.25] * 40 + [2.5] * 10 + [1.0] * 3
    sampler = LengthGroupedSampler([5] * len(weights), 4, seed=1, weights=weights)
    seen: Counter[int] = Counter()
    for epoch in range(8):
        sampler.set_epoch(epoch)
        order = list(sampler)
        assert len(order) == len(sampler) == 10 + 25 + 3
        assert all(order.count(index) == 1 for index in (50, 51, 52))
        assert all(order.count(index) in (2, 3) for index in range(40, 50))
        seen.update(order)
    assert len([index for index in range(40) if seen[index]]) > 25


def test_labels_of_another_scheme_teach_what_they_may_mean(
    make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    """A corpus of persons only, in which a rank is silence: ranks are still found, persons are learned from it."""
    foreign = tmp_path / "foreign.jsonl"
    rows = [
        {"tokens": ["سردار", name, "به", "تهران", "رفت"], "ner_tags": ["O", "B-PER", "O", "O", "O"]}
        for name in ("نادری", "کاویانی", "صفوی", "ملکی")
    ]
    foreign.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows * 6), encoding="utf-8")
    other = {"path": str(foreign), "means": {"PER": ["SPEAKER", "PERSON"], "O": ["O", "RANK", "LOC"]}, "weight": 0.5}
    sources = {"train": [{"path": str(corpus)}, other]}
    config = write_config(tmp_path, "ner", make_encoder("modernbert"), corpus, data=sources)
    code, _, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    tagger = Tagger(load(only_run(tmp_path / "runs") / "model", "ner", "cpu"))
    (found,) = tagger([Document("سردار ملکی به تهران رفت")])
    labels = {entity.text: entity.label for entity in found}
    assert labels.get("ملکی") in ("SPEAKER", "PERSON")
    other["means"] = {"PER": ["SPEKER"]}
    config = write_config(tmp_path, "ner", make_encoder("modernbert"), corpus, data=sources)
    code, _, errors = finish(config, tmp_path / "more")
    assert (code, errors.count("\n")) == (2, 1)
    assert "unknown label 'SPEKER' in what labels mean; did you mean 'SPEAKER'?" in errors
    other["means"] = {}
    config = write_config(tmp_path, "ner", make_encoder("modernbert"), corpus, data=sources)
    code, _, errors = finish(config, tmp_path / "more")
    assert "foreign.jsonl:1: unknown label 'PER'" in errors


def test_other_labels_train_unchanged(make_encoder: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "train.conll"
    rows = "".join(
        f"{word}\t{tag}\n" for word, tag in [("علی", "B-PER"), ("به", "O"), ("تهران", "B-CITY"), ("رفت", "O")]
    )
    path.write_text(f"{rows}\n" * 12, encoding="utf-8")
    config = write_config(tmp_path, "ner", make_encoder("modernbert"), path, labels=["PER", "CITY"])
    code, _, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    (found,) = Tagger(load(only_run(tmp_path / "runs") / "model", "ner", "cpu"))([Document("علی به تهران رفت")])
    assert [(entity.text, entity.label) for entity in found] == [("علی", "PER"), ("تهران", "CITY")]


def test_articles_without_entities_teach_nothing(
    make_encoder: Callable[[str], Path], corpus: Path, tmp_path: Path
) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text(json.dumps(article(1) | {"entities": None}) + "\n", encoding="utf-8")
    config = write_config(tmp_path, "ner", make_encoder("bert"), path)
    code, _, errors = finish(config, tmp_path / "runs")
    assert (code, errors.count("\n")) == (2, 1)
    assert "nothing that is annotated" in errors


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train.epoch=3"], "unknown key 'train.epoch'; did you mean 'epochs'?"),
        (["seed=x"], "seed: "),
        (["data.train.0.path=nowhere.jsonl"], "nowhere.jsonl"),
        (["labels=[SPEAKER, PERSON, RANK, POSITION, ORGS, LOC]"], "unknown label 'ORG'; did you mean 'ORGS'?"),
        (["windows.max_length=600"], "the encoder reads at most 512 tokens"),
        (["model.encoder=no/such-model"], "no/such-model is not in the Hugging Face cache"),
        (["model.encoder=models/nothing"], "there is no encoder folder models/nothing"),
        (["task=nerr"], "task is 'nerr'; did you mean 'ner'?"),
        (["oops"], "write it as key=value"),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    arguments: list[str],
    told: str,
    make_encoder: Callable[[str], Path],
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = write_config(tmp_path, "ner", make_encoder("bert"), corpus)
    code, _, errors = in_process(monkeypatch, capsys, tmp_path / "runs", config, *arguments)
    assert code == 2
    assert told in errors
    assert errors.startswith("sokhan: ")
    assert errors.count("\n") == 1


def test_dry_run_names_doubtful_places(
    make_encoder: Callable[[str], Path],
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "سردار رستمی گفت. وی رفت."
    record = {
        "id": "x",
        "text": text,
        "entities": [{"start": 0, "end": 6, "label": "RANK"}, {"start": 7, "end": 10, "label": "SPEAKER"}],
        "sentences": [{"start": 0, "end": 16, "themes": [], "speaker": None}],
    }
    path = tmp_path / "doubtful.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    config = write_config(
        tmp_path, "ner", make_encoder("bert"), corpus, data={"dev": [{"path": str(path)}, {"path": str(corpus)}]}
    )
    code, output, errors = in_process(monkeypatch, capsys, tmp_path / "runs", config, "--dry-run")
    assert code == 0, errors
    lines = output.splitlines()
    assert any(line.startswith(f"{path}:1: ") and "(0-6)" in line for line in lines), "an edge blank"
    assert any(line.startswith(f"{path}:1: ") and "(7-10)" in line for line in lines), "half a word"
    assert any("is also in train" in line for line in lines)
    assert re.search(r"SPEAKER\s*│\s*\d+ │\s*\d+", output)
    assert not (tmp_path / "runs").exists()
