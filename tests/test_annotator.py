"""Models behind `annotate`: loading, threads, no network, foreign labels, clear errors, themes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import SENTENCES
from hostile_text import mutations
from safetensors.torch import load_file, save_file
from tokenizers import normalizers
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    pipeline,
)

from inference.annotator import Annotator
from inference.checkpoint import ModelSettings, Task, load, model_hash
from inference.document import Document
from inference.errors import SokhanError
from inference.labels import THEMES, bio_tags
from inference.tagger import Tagger
from inference.themes import ThemeClassifier, ThemeEncoder, text_pairs

ARTICLE = "\n".join(SENTENCES[:2]) + "\n" + " ".join(SENTENCES[2:])


@pytest.fixture(scope="module")
def annotator(tiny_models: dict[str, Path]) -> Annotator:
    return Annotator(ner=tiny_models["ner"], themes=tiny_models["themes"], device="cpu")


@pytest.fixture
def copy_of(tiny_models: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """`copy_of("ner")`: a copy of the model folder that a test may spoil."""
    return lambda name: Path(shutil.copytree(tiny_models[name], tmp_path / name))


def save_model(folder: Path, encoder: Path, task: Task, labels: list[str]) -> Path:
    torch.manual_seed(1)
    auto = AutoModelForTokenClassification if task == "ner" else AutoModelForSequenceClassification
    more = {"problem_type": "multi_label_classification"} if task == "themes" else {}
    names = dict(enumerate(labels))
    model = auto.from_pretrained(
        encoder, id2label=names, label2id={v: k for k, v in names.items()}, dtype=torch.float32, **more
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(encoder).save_pretrained(folder)
    return folder


def test_many_texts_give_the_same_as_one_by_one(annotator: Annotator) -> None:
    texts = [ARTICLE, "", "\n".join(SENTENCES), *mutations(40, seed=5)]
    for alone, together in zip(map(annotator.annotate, texts), annotator.annotate_many(texts), strict=True):
        assert [(e.start, e.end, e.label) for e in alone.entities] == [
            (e.start, e.end, e.label) for e in together.entities
        ]
        assert [(s.start, s.end, s.speaker) for s in alone.sentences] == [
            (s.start, s.end, s.speaker) for s in together.sentences
        ]


def test_threads_give_the_same_as_serial(annotator: Annotator) -> None:
    texts = [ARTICLE, *SENTENCES, *mutations(30, seed=6)]
    serial = [annotator.annotate(text).to_json() for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: annotator.annotate(text).to_json(), texts)) == serial


def test_sentences_actors_and_statements_say_the_same(annotator: Annotator) -> None:
    found = annotator.annotate("\n".join(SENTENCES))
    spoken = {number: statement for statement in found.statements for number in statement.sentences}
    for number, sentence in enumerate(found.sentences):
        inside = [e for e in found.entities if sentence.start <= e.start and e.end <= sentence.end]
        assert found.entities_in(sentence) == tuple(inside)
        assert sentence.speaker == (spoken[number].speaker if number in spoken else None)
    assert all(found.actors[one.actor].name == one.speaker for one in found.statements)
    assert {one.actor for one in found.summary.actors} == {one.actor for one in found.statements}


NO_NETWORK = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
from inference import Annotator
annotator = Annotator(ner=sys.argv[1], themes=sys.argv[2], device="cpu")
print(len(annotator.annotate("سردار سلامی گفت: آماده‌ایم.").sentences))
"""


def test_annotate_never_touches_the_network(tiny_models: dict[str, Path]) -> None:
    # Without HF_HUB_OFFLINE, which would hide it.
    found = subprocess.run(
        [sys.executable, "-c", NO_NETWORK, str(tiny_models["ner"]), str(tiny_models["themes"])],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=_environment(without=("HF_HUB_OFFLINE",)),
        cwd=Path(__file__).parent.parent,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout == "1\n"
    assert "Traceback" not in found.stderr


def _environment(without: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in without} | {"PYTHONUTF8": "1"}


@pytest.mark.parametrize("task", ["ner", "themes"])
def test_float16_files_are_computed_in_float32(task: Task, copy_of: Callable[[str], Path]) -> None:
    folder = copy_of(task)
    whole = load(folder, task, "cpu")
    weights = folder / "model.safetensors"
    save_file({name: tensor.half() for name, tensor in load_file(weights).items()}, weights, {"format": "pt"})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"dtype": "float16"}), encoding="utf-8")
    halved = load(folder, task, "cpu")
    assert halved.sha256 != whole.sha256
    document = [Document(ARTICLE)]
    scores = [
        Tagger(one).word_scores(document)[0] if task == "ner" else ThemeClassifier(one).scores(document)[0]
        for one in (whole, halved)
    ]
    np.testing.assert_allclose(scores[0], scores[1], atol=0.02)


@pytest.mark.parametrize("kind", ["bert", "modernbert", "xlm-roberta"])
def test_foreign_labels_and_encoders(kind: str, make_encoder: Callable[[str], Path], tmp_path: Path) -> None:
    ner = save_model(tmp_path / "ner", make_encoder(kind), "ner", ["B-TEAM", "I-CUP", "O", "B-CUP", "I-TEAM"])
    themes = save_model(tmp_path / "themes", make_encoder(kind), "themes", ["sport", "threat.fire"])
    ModelSettings("themes", threshold=0.0).save(themes)
    found = Annotator(ner=ner, themes=themes, device="cpu").annotate(ARTICLE)
    assert {entity.label for entity in found.entities} <= {"TEAM", "CUP"}
    assert found.entities
    for sentence in found.sentences:
        assert {theme.name for theme in sentence.themes} == {"sport", "threat.fire"}
        assert sentence.themes[0].score >= sentence.themes[1].score
        assert sentence.stance == "threatening"


def test_a_word_that_the_tokenizer_drops_is_outside(make_encoder: Callable[[str], Path], tmp_path: Path) -> None:
    folder = save_model(tmp_path / "ner", make_encoder("bert"), "ner", ["B-X", "I-X", "O"])
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = torch.tensor([100.0, 0.0, 0.0])
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    loaded = load(folder, "ner", "cpu")
    loaded.tokenizer.backend_tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True)
    (found,) = Tagger(loaded)([Document("سلام \x07 دنیا\n\x07")])
    assert [entity.text for entity in found] == ["سلام", "دنیا"]


def test_thresholds_of_single_themes(tiny_models: dict[str, Path]) -> None:
    loaded = load(tiny_models["themes"], "themes", "cpu")
    first, second = THEMES[:2]
    settings = replace(loaded.settings, threshold=2.0, thresholds={first: 0.0, second: 1.5})
    found = ThemeClassifier(replace(loaded, settings=settings))([Document(ARTICLE)])[0]
    assert {tuple(theme.name for theme in themes) for themes in found} == {(first,)}


@pytest.mark.parametrize("kind", ["bert", "modernbert", "xlm-roberta"])
@pytest.mark.parametrize("context", [True, False])
def test_themes_are_those_of_the_pipeline(
    kind: str, context: bool, make_encoder: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = save_model(tmp_path / "themes", make_encoder(kind), "themes", list(THEMES))
    ModelSettings("themes", max_length=192, context=context).save(folder)
    document = Document("\n".join([SENTENCES[0], " ".join(SENTENCES[1:4]), *SENTENCES[4:]]))
    classifier = ThemeClassifier(load(folder, "themes", "cpu", "openvino"))
    (scores,) = classifier.scores([document])
    told = pipeline("text-classification", model=str(folder), tokenizer=str(folder), device="cpu")
    for (text, pair), row in zip(text_pairs(document, context), scores, strict=True):
        asked = {"text": text, "text_pair": pair} if pair else {"text": text}
        answer = {a["label"]: a["score"] for a in told(asked, top_k=None, function_to_apply="sigmoid")}
        np.testing.assert_allclose(row, [answer[name] for name in classifier.names], atol=1e-4)


def test_text_pairs_hold_title_and_previous_sentence() -> None:
    assert text_pairs(Document("تیتر\nیک. دو.")) == [("تیتر", ""), ("یک.", "تیتر"), ("دو.", "تیتر یک.")]
    assert text_pairs(Document("تیتر\nیک."), context=False) == [("تیتر", ""), ("یک.", "")]
    assert text_pairs(Document("")) == []


def test_an_endless_title_is_not_read_again_with_every_sentence() -> None:
    pairs = text_pairs(Document("الف " * 100_000 + "\n" + "ب\n" * 100))
    assert sum(len(pair) for _, pair in pairs) < 1_000_000


def test_a_long_sentence_has_the_highest_score_of_its_parts(tiny_models: dict[str, Path]) -> None:
    loaded = load(tiny_models["themes"], "themes", "cpu", "openvino")
    document = Document(" ".join([SENTENCES[2][:-1], *["سلام"] * 100, SENTENCES[8][:-1]]))
    parts = ThemeEncoder(loaded.tokenizer, loaded.settings.max_length, loaded.settings.context)(document)
    assert len(parts) > 3
    assert all(len(part.input_ids) <= loaded.settings.max_length for part in parts)
    whole = loaded.tokenizer.backend_tokenizer.encode(document.sentences[0].normalized, add_special_tokens=False).ids
    assert parts[0].input_ids[1:-1] == whole[: len(parts[0].input_ids) - 2]
    assert parts[-1].input_ids[1:-1] == whole[-len(parts[-1].input_ids) + 2 :]
    apart = np.concatenate([loaded.scores([part.input_ids]) for part in parts])
    np.testing.assert_allclose(ThemeClassifier(loaded).scores([document])[0][0], apart.max(axis=0), atol=1e-5)


def spoil_config(folder: Path, **values: object) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def broken_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"not a tensor")


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")


def broken_settings(folder: Path) -> None:
    (folder / "sokhan.json").write_text('{"task": "ner", "max_lenght": 3}', encoding="utf-8")


def labels_are_no_tags(folder: Path) -> None:
    names = [f"LABEL_{n}" for n in range(len(bio_tags("abcdef")))]
    spoil_config(folder, id2label=dict(enumerate(names)), label2id={v: k for k, v in enumerate(names)})


def without_head(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})


def other_head(folder: Path) -> None:
    (folder / "sokhan.json").unlink()
    spoil_config(folder, architectures=["ModernBertForSequenceClassification"])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_weights, r"model\.safetensors is missing"),
        (broken_weights, "can't be loaded as a ner model"),
        (broken_config, "can't be loaded as a ner model"),
        (broken_settings, r"sokhan\.json is not readable.*max_lenght"),
        (labels_are_no_tags, "'LABEL_0' of the model is not an IOB2 tag"),
        (without_head, "its weights lack classifier"),
        (other_head, "it is a ModernBertForSequenceClassification"),
        (shutil.rmtree, "there is no model folder"),
    ],
)
def test_a_bad_folder_is_one_clear_sentence(
    spoil: Callable[[Path], None], message: str, copy_of: Callable[[str], Path], tiny_models: dict[str, Path]
) -> None:
    folder = copy_of("ner")
    spoil(folder)
    with pytest.raises(SokhanError, match=message) as caught:
        Annotator(ner=folder, themes=tiny_models["themes"], device="cpu")
    assert "\n" not in str(caught.value)


def test_models_of_the_wrong_task(tiny_models: dict[str, Path]) -> None:
    with pytest.raises(SokhanError, match="is a 'themes' model, not a 'ner' model"):
        Annotator(ner=tiny_models["themes"], themes=tiny_models["themes"], device="cpu")


@pytest.mark.parametrize(
    ("device", "message"),
    [("gpu", "unknown device 'gpu'"), ("cuda:99", "not available"), ("meta", "not available"), ("cpuu", "'cpu'")],
)
def test_bad_devices(device: str, message: str, tiny_models: dict[str, Path]) -> None:
    with pytest.raises(SokhanError, match=message):
        load(tiny_models["ner"], "ner", device)


def test_hashes_name_what_decides_the_answer(copy_of: Callable[[str], Path]) -> None:
    folder = copy_of("ner")
    before = model_hash(folder)
    (folder / "README.md").write_text("a card", encoding="utf-8")
    assert model_hash(folder) == before
    ModelSettings("ner", max_length=32, overlap=8).save(folder)
    assert model_hash(folder) != before


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", "no letters"),
        ("123 !؟", "no letters"),
        ("This is an English text.", "does not look Persian"),
        ("في العراق " * 40, "may be Arabic"),
    ],
)
def test_doubtful_texts_are_warned_of(text: str, warning: str, annotator: Annotator) -> None:
    (said,) = annotator.annotate(text).warnings
    assert warning in said


def test_a_persian_article_has_no_warning(annotator: Annotator) -> None:
    assert annotator.annotate(ARTICLE).warnings == ()
