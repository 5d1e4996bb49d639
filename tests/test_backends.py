"""Backends: the same scores from each, whatever else is in the batch; which is chosen, and what is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import SENTENCES
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    ElectraConfig,
    ElectraForTokenClassification,
)

from inference.annotator import Annotator
from inference.backends.choice import available_cores, load_backend
from inference.batching import Array, padded
from inference.checkpoint import LoadedModel, ModelSettings, Task, load
from inference.cli import main
from inference.document import Document
from inference.errors import SokhanError, SokhanWarning
from inference.labels import bio_tags
from inference.tagger import Tagger
from inference.tokenizer import FileTokenizer, special_ids

KINDS = ["bert", "modernbert", "xlm-roberta"]
LENGTHS = [3, 40, 170, 9, 101]
"""Shorter and longer than the sliding window of the tiny ModernBERT, in one batch."""

MakeModel = Callable[..., Path]


@pytest.fixture(scope="module")
def make_model(make_encoder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> MakeModel:
    """`make_model(kind, task)`: folder of a tiny classifier, with weights large enough that its scores differ."""

    def make(kind: str, task: Task, **config: object) -> Path:
        folder = tmp_path_factory.mktemp(f"{kind}-{task}")
        auto = AutoModelForTokenClassification if task == "ner" else AutoModelForSequenceClassification
        labels = dict(enumerate(bio_tags(["X", "Y"])))
        torch.manual_seed(2)
        model = auto.from_pretrained(
            make_encoder(kind), id2label=labels, label2id={v: k for k, v in labels.items()}, **config
        )
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if parameter.ndim == 2 and "embed" not in name:
                    parameter.mul_(6)
        model.save_pretrained(folder)
        AutoTokenizer.from_pretrained(make_encoder(kind)).save_pretrained(folder)
        ModelSettings(task, max_length=128, overlap=32).save(folder)
        return folder

    return make


def random_rows(vocabulary: int, lengths: list[int] = LENGTHS) -> list[list[int]]:
    chance = np.random.default_rng(0)
    return [chance.integers(5, vocabulary, length).tolist() for length in lengths]


def vocabulary_of(loaded: LoadedModel) -> int:
    return int(loaded.tokenizer.backend_tokenizer.get_vocab_size())


def real(scores: Array, lengths: list[int]) -> list[Array]:
    """Without what was said of filling."""
    return [row[:length] if row.ndim == 2 else row for row, length in zip(scores, lengths, strict=True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("task", ["ner", "themes"])
def test_openvino_says_what_torch_says(kind: str, task: Task, make_model: MakeModel) -> None:
    folder = make_model(kind, task)
    openvino, plain = load(folder, task, "cpu", "openvino"), load(folder, task, "cpu", "torch")
    rows = random_rows(vocabulary_of(openvino))
    types = None
    if "token_type_ids" in openvino.tokenizer.model_input_names:
        types = [[0] * (len(row) // 2) + [1] * (len(row) - len(row) // 2) for row in rows]
    found, expected = (real(one.scores(rows, types), LENGTHS) for one in (openvino, plain))
    assert np.concatenate([row.ravel() for row in expected]).std() > 0.01
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    assert found[0].dtype == np.float32


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_poolings_of_modernbert(pooling: str, make_model: MakeModel) -> None:
    folder = make_model("modernbert", "themes", classifier_pooling=pooling)
    openvino, plain = (load(folder, "themes", "cpu", backend) for backend in ("openvino", "torch"))
    rows = random_rows(vocabulary_of(openvino))
    np.testing.assert_allclose(openvino.scores(rows), plain.scores(rows), atol=1e-3)


def test_the_sliding_window_ends_where_it_should(make_model: MakeModel) -> None:
    """One layer that sees 16 tokens to each side: the 17th changes nothing, the 16th does."""
    folder = make_model("modernbert", "ner", num_hidden_layers=1, layer_types=["sliding_attention"])
    loaded = load(folder, "ner", "cpu", "openvino")
    (row,) = random_rows(vocabulary_of(loaded), [100])
    for distance, changed in ((16, True), (17, False)):
        other = list(row)
        other[50 + distance] = 5 if row[50 + distance] != 5 else 6
        before, after = loaded.scores([row])[0][50], loaded.scores([other])[0][50]
        assert (np.abs(before - after).max() > 1e-5) == changed, distance


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_what_else_is_in_the_batch_changes_nothing(kind: str, backend: str, make_model: MakeModel) -> None:
    loaded = load(make_model(kind, "ner"), "ner", "cpu", backend)
    rows = random_rows(vocabulary_of(loaded))
    for row, together in zip(rows, real(loaded.scores(rows), LENGTHS), strict=True):
        np.testing.assert_allclose(loaded.scores([row])[0], together, atol=1e-4)


def test_roberta_counts_positions_past_padding_tokens_in_the_text(make_model: MakeModel) -> None:
    folder = make_model("xlm-roberta", "ner")
    openvino, plain = (load(folder, "ner", "cpu", backend) for backend in ("openvino", "torch"))
    (row,) = random_rows(vocabulary_of(openvino), [30])
    row[10] = row[11] = openvino.pad_id
    np.testing.assert_allclose(openvino.scores([row]), plain.scores([row]), atol=1e-3)


@pytest.mark.parametrize("backend", ["openvino-bf16", "torch-bf16"])
def test_bfloat16_is_close(backend: str, make_model: MakeModel) -> None:
    folder = make_model("modernbert", "themes")
    plain, rough = load(folder, "themes", "cpu", "torch"), load(folder, "themes", "cpu", backend)
    rows = random_rows(vocabulary_of(plain))
    np.testing.assert_allclose(rough.scores(rows), plain.scores(rows), atol=0.1)
    assert rough.backend.name == backend


@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_the_same_input_gives_the_same_bytes(backend: str, make_model: MakeModel) -> None:
    loaded = load(make_model("modernbert", "ner"), "ner", "cpu", backend)
    rows = random_rows(vocabulary_of(loaded))
    first = loaded.scores(rows)
    with ThreadPoolExecutor(4) as pool:
        for again in pool.map(lambda _: loaded.scores(rows), range(8)):
            assert again.tobytes() == first.tobytes()


def test_annotations_are_alike(tiny_models: dict[str, Path]) -> None:
    text = "\n".join(SENTENCES)
    plain, default = (Annotator(tiny_models["ner"], tiny_models["themes"], "cpu", b) for b in ("torch", "auto"))
    assert (plain.backend, default.backend) == ("torch", "openvino")
    one, other = plain.annotate(text), default.annotate(text)
    assert [(e.start, e.end, e.label) for e in one.entities] == [(e.start, e.end, e.label) for e in other.entities]
    scores = [[theme.score for s in a.sentences for theme in s.themes] for a in (one, other)]
    np.testing.assert_allclose(scores[0], scores[1], atol=0.02)


def test_an_encoder_without_a_graph_falls_back_to_torch(make_encoder: Callable[[str], Path], tmp_path: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(make_encoder("bert"))
    size = {"hidden_size": 16, "embedding_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    names = {0: "O", 1: "B-X", 2: "I-X"}
    config = ElectraConfig(vocab_size=len(tokenizer), intermediate_size=16, id2label=names, **size)
    ElectraForTokenClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    with pytest.warns(SokhanWarning, match=r"can't run .* \(it is a electra model\); torch"):
        loaded = load(tmp_path, "ner", "cpu")
    assert loaded.backend.name == "torch"
    assert len(Tagger(loaded).word_scores([Document(SENTENCES[0])])[0]) > 5
    with pytest.raises(SokhanError, match="can't be loaded as a ner model: it is a electra model"):
        load(tmp_path, "ner", "cpu", "openvino")


@pytest.fixture
def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("openvino", "inference.backends."))]:
        if name != "inference.backends.choice":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "openvino", None)


@pytest.mark.usefixtures("without_openvino")
def test_without_openvino_torch_does_it_and_says_so(tiny_models: dict[str, Path]) -> None:
    with pytest.warns(SokhanWarning, match="the package openvino is not there; torch"):
        loaded = load(tiny_models["ner"], "ner", "cpu")
    assert loaded.backend.name == "torch"
    with pytest.raises(SokhanError, match="backend 'openvino' needs the package openvino"):
        load(tiny_models["ner"], "ner", "cpu", "openvino")


WITHOUT_OPENVINO = """
import sys
sys.modules["openvino"] = None
from inference.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parent.parent
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        cwd=root,
        check=False,
    )


def test_the_command_tells_a_warning_in_one_line(models: list[str], article: Path) -> None:
    done = run_python(WITHOUT_OPENVINO, "annotate", str(article), *models)
    assert done.returncode == 0
    assert done.stderr == "sokhan: the package openvino is not there; torch computes the model, more slowly\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--backend", "openvno"], "unknown backend 'openvno'; did you mean 'openvino'?"),
        (["--threads", "0"], "threads is 0; at least 1 is needed"),
        (["--device", "cuda", "--backend", "openvino"], "backend 'openvino' runs on the CPU, not on 'cuda'"),
    ],
)
def test_what_is_not_to_be_had(
    options: list[str], message: str, models: list[str], article: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["annotate", str(article), *models, *options]) == 2
    errors = capfd.readouterr().err
    assert message in errors
    assert "Traceback" not in errors


def test_outputs_that_the_configuration_does_not_name(make_model: MakeModel) -> None:
    folder = make_model("bert", "ner")
    file = folder / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(config | {"id2label": {"0": "O"}, "label2id": {"O": 0}}), encoding="utf-8")
    with pytest.raises(SokhanError, match=r"it has 5 outputs, but its config\.json names 1"):
        load(folder, "ner", "cpu", "openvino")


def test_weights_that_no_graph_has_are_not_passed_over(make_model: MakeModel) -> None:
    folder = make_model("bert", "ner")
    weights = load_file(folder / "model.safetensors")
    weights["bert.encoder.layer.0.adapter.weight"] = torch.zeros(2, 2)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(SokhanError, match=r"its weights have bert\.encoder\.layer\.0\.adapter\.weight"):
        load(folder, "ner", "cpu", "openvino")


def test_threads_of_torch_can_be_set(tiny_models: dict[str, Path]) -> None:
    before = torch.get_num_threads()
    try:
        load(tiny_models["ner"], "ner", "cpu", "torch", threads=3)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert available_cores() >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_tokenizer_is_read_as_transformers_reads_it(kind: str, make_model: MakeModel) -> None:
    folder = make_model(kind, "ner")
    ours, theirs = FileTokenizer(folder, segments=2), AutoTokenizer.from_pretrained(folder)
    assert special_ids(ours) == special_ids(theirs)
    assert set(ours.model_input_names) == set(theirs.model_input_names)
    for sentence in SENTENCES:
        assert ours.backend_tokenizer.encode(sentence).ids == theirs(sentence)["input_ids"]


def test_a_tokenizer_without_a_configuration_says_itself_how_an_input_begins(make_model: MakeModel) -> None:
    folder = make_model("bert", "ner")
    expected = special_ids(FileTokenizer(folder, segments=2))
    (folder / "tokenizer_config.json").unlink()
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    bare = FileTokenizer(folder, segments=1)
    assert special_ids(bare) == expected
    assert "token_type_ids" not in bare.model_input_names


NEITHER_TORCH_NOR_TRANSFORMERS = """
import sys
from inference import Annotator
assert Annotator(sys.argv[1], sys.argv[2], device="cpu").annotate(sys.argv[3]).sentences
sys.exit(", ".join({"torch", "transformers"} & set(sys.modules)) or 0)
"""


def test_annotating_loads_neither_torch_nor_transformers(tiny_models: dict[str, Path]) -> None:
    folders = [str(tiny_models[task]) for task in ("ner", "themes")]
    done = run_python(NEITHER_TORCH_NOR_TRANSFORMERS, *folders, SENTENCES[0])
    assert done.returncode == 0, done.stderr


def test_filling_of_a_batch() -> None:
    batch = padded([[5, 6, 7], [8]], 1, [[0, 0, 1], [0]])
    assert batch.input_ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert batch.attention_mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.token_type_ids is not None
    assert batch.token_type_ids.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert padded([[5]], 0).token_type_ids is None


def test_a_backend_by_itself(make_model: MakeModel) -> None:
    folder = make_model("modernbert", "themes")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    backend, device = load_backend(folder, config, pooled=True, typed=False, device="cpu", threads=1)
    assert device == "cpu"
    assert backend(padded([[5, 6], [7]], 0)).shape == (2, 5)
