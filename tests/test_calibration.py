"""Scores become probabilities: the fit, its file, and what it changes where models are served."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_cases import documents, rows, run_batch, write_jsonl
from conftest import ARTICLE, SENTENCES
from test_training import article, finish, only_run, write_config

from inference import Annotator, SokhanError
from inference.calibration import Isotonic, Temperature, load_calibration, save_calibration
from inference.checkpoint import SETTINGS_FILE, load, model_hash
from inference.document import Document
from inference.themes import ThemeClassifier
from training.calibrate import main as calibrate_main
from training.calibrating import Outcomes, fit, outcomes_of
from training.evaluate import main as evaluate_main
from training.formats import read_articles
from training.reliability import reliability
from training.thresholds import OWN_SUPPORT, common_threshold, own_thresholds

GRID = np.linspace(0, 1, 2001)
SURE = {"method": "temperature", "temperature": 0.5, "shift": 0.25}


def synthetic(truth: Callable[[Any], Any], count: int = 6000) -> Outcomes:
    """Scores of 60 articles that are right with the probability `truth(score)`."""
    random = np.random.default_rng(1)
    scores = random.beta(2, 1, count)
    right = random.random(count) < truth(scores)
    return Outcomes(scores, right, np.arange(count) % 60, np.ones(count, dtype=bool))


def doubted(scores: Any) -> Any:
    """A model twice too sure of itself, in log-odds."""
    return 1 / (1 + np.exp(-(np.log(scores / (1 - scores)) / 2 - 0.5)))


def in_steps(scores: Any) -> Any:
    """What no temperature undoes."""
    return np.where(scores < 0.4, 0.3, np.where(scores < 0.8, 0.35, 0.95))


@pytest.mark.parametrize(("truth", "method", "count"), [(doubted, Temperature, 1000), (in_steps, Isotonic, 6000)])
def test_wrong_probabilities_become_right_by_the_better_method(truth: Any, method: type, count: int) -> None:
    fitted = fit(synthetic(truth, count))
    assert fitted is not None
    assert isinstance(fitted.calibration, method)
    assert fitted.before.error > 0.1
    assert min(fitted.errors.values()) < 0.04
    # On scores that it has never seen.
    random = np.random.default_rng(2)
    fresh = random.beta(2, 1, 20000)
    assert reliability(fitted.calibration(fresh), random.random(20000) < truth(fresh)).error < 0.04


@pytest.mark.parametrize("truth", [doubted, in_steps, lambda s: s * 0, lambda s: s * 0 + 1, lambda s: 1 - s])
def test_order_is_kept_and_nothing_is_wholly_sure(truth: Any) -> None:
    """Whatever the outcomes: also all right, all wrong, or better where the score is lower."""
    fitted = fit(synthetic(truth, 600))
    assert fitted is not None
    calibrated = fitted.calibration(GRID)
    assert np.all(np.diff(calibrated) >= 0)
    assert calibrated[1] > 0
    assert calibrated[-2] < 1
    assert fitted.calibration(GRID.astype(np.float32)).dtype == np.float32


def test_too_few_articles_or_scores_calibrate_nothing() -> None:
    many = synthetic(doubted)
    assert fit(Outcomes(many.scores, many.right, many.articles % 4, many.shown)) is None
    few = slice(40)
    assert fit(Outcomes(many.scores[few], many.right[few], many.articles[few], many.shown[few])) is None


def test_reliability_by_hand() -> None:
    found = reliability(np.array([0.05, 0.15, 0.15, 1.0]), np.array([False, True, False, True]))
    assert found.counts == (1, 2, 1)
    assert found.right == (0, 0.5, 1)
    assert found.error == pytest.approx((0.05 + 2 * 0.35 + 0) / 4)


def test_a_theme_often_seen_has_its_own_threshold() -> None:
    names = ["cooperation.defense", "threat.border", "threat.warning"]
    random = np.random.default_rng(3)
    gold = random.random((400, 3)) < (0.3, 0.3, 0.02)
    assert gold[:, 2].sum() < OWN_SUPPORT
    low, high = np.where(gold, 0.35, 0.1), np.where(gold, 0.85, 0.6)
    scores = np.stack([low[:, 0], high[:, 1], low[:, 2]], axis=1).astype(np.float32)
    own = own_thresholds(gold, scores, names)
    assert set(own) == set(names[:2])
    assert 0.1 < own["cooperation.defense"] <= 0.35
    assert 0.6 < own["threat.border"] <= 0.85
    value, threshold = common_threshold(gold[:, :1], scores[:, :1], names[:1])
    assert (value, 0.1 < threshold <= 0.35) == (pytest.approx(1.0), True)


@pytest.mark.parametrize("calibration", [Temperature(1.7, -0.3), Isotonic((0.1, 0.5, 0.9), (0.05, 0.05, 0.99))])
def test_file_gives_back_what_was_saved(calibration: Any, tmp_path: Path) -> None:
    save_calibration(calibration, tmp_path)
    assert load_calibration(tmp_path) == calibration


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", "not an object"),
        ('{"method": "temprature"}', "did you mean 'temperature'?"),
        ('{"method": ["isotonic"]}', "unknown method"),
        ('{"method": "temperature"}', "'temperature' is missing"),
        ('{"method": "temperature", "temperature": 0, "shift": 0}', "not above 0"),
        ('{"method": "temperature", "temperature": NaN, "shift": 0}', "not a finite number"),
        ('{"method": "temperature", "temperature": 1, "shift": "0"}', "not a finite number"),
        (f'{{"method": "temperature", "temperature": 1{"0" * 400}, "shift": 0}}', "too large"),
        ('{"method": "temperature", "temperatur": 1, "shift": 0}', "did you mean 'temperature'?"),
        ('{"method": "isotonic", "scores": [], "probabilities": []}', "no knots"),
        ('{"method": "isotonic", "scores": [0.1], "probabilities": 0.5}', "'probabilities' is missing or not a list"),
        ('{"method": "isotonic", "scores": [0.1, 0.1], "probabilities": [0.1, 0.2]}', "do not rise"),
        ('{"method": "isotonic", "scores": [0.1, 0.2], "probabilities": [0.3, 0.2]}', "fall"),
        ('{"method": "isotonic", "scores": [0.1, 0.2], "probabilities": [0.3, 1.2]}', "between 0 and 1"),
    ],
)
def test_wrong_file_is_told_in_a_sentence(
    content: str, reason: str, tiny_models: dict[str, Path], tmp_path: Path
) -> None:
    folder = copied(tiny_models["ner"], tmp_path, None)
    (folder / "calibration.json").write_text(content, encoding="utf-8")
    with pytest.raises(SokhanError) as raised:
        load(folder, "ner", "cpu")
    told = str(raised.value)
    assert reason in told
    assert str(folder / "calibration.json") in told
    assert "\n" not in told


def copied(model: Path, to: Path, calibration: dict[str, Any] | None) -> Path:
    folder = to / model.name
    shutil.copytree(model, folder)
    if calibration is not None:
        (folder / "calibration.json").write_text(json.dumps(calibration), encoding="utf-8")
    return folder


def test_only_scores_change_and_the_hash(tiny_models: dict[str, Path], tmp_path: Path) -> None:
    plain = Annotator(tiny_models["ner"], tiny_models["themes"], "cpu")
    ner, themes = (copied(tiny_models[name], tmp_path, SURE) for name in ("ner", "themes"))
    calibrated = Annotator(ner, themes, "cpu")
    texts = [ARTICLE, "\n".join(SENTENCES), ""]
    pairs = list(zip(plain.annotate_many(texts), calibrated.annotate_many(texts), strict=True))
    befores = [entity for one, _ in pairs for entity in one.entities]
    afters = [entity for _, one in pairs for entity in one.entities]
    assert befores
    assert [(e.start, e.end, e.label, e.text) for e in afters] == [(e.start, e.end, e.label, e.text) for e in befores]
    expected = Temperature(0.5, 0.25)(np.array([entity.score for entity in befores]))
    assert [entity.score for entity in afters] == pytest.approx(expected.tolist())
    documents = [Document(text) for text in texts]
    raw, new = (ThemeClassifier(load(f, "themes", "cpu")).scores(documents) for f in (tiny_models["themes"], themes))
    for before, after in zip(raw, new, strict=True):
        np.testing.assert_allclose(after, Temperature(0.5, 0.25)(before), rtol=1e-5)
    assert model_hash(ner) != model_hash(tiny_models["ner"])
    (ner / "calibration.json").unlink()
    assert model_hash(ner) == model_hash(tiny_models["ner"])


def test_min_score_leaves_out_what_is_less_sure(tiny_models: dict[str, Path]) -> None:
    annotator = Annotator(tiny_models["ner"], tiny_models["themes"], "cpu")
    text = "\n".join(SENTENCES)
    every = annotator.annotate(text)
    scores = sorted(entity.score for entity in every.entities)
    middle = scores[len(scores) // 2]
    chosen = annotator.annotate(text, min_score=middle)
    assert chosen.entities == tuple(entity for entity in every.entities if entity.score >= middle)
    assert 0 < len(chosen.entities) < len(every.entities)
    carried = [theme.score for sentence in every.sentences for theme in sentence.themes]
    assert any(score < max(carried) for score in carried)
    surest = annotator.annotate(text, min_score=max(carried))
    assert [theme.score for sentence in surest.sentences for theme in sentence.themes] == [max(carried)]
    assert [(s.start, s.end) for s in surest.sentences] == [(s.start, s.end) for s in every.sentences]
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(SokhanError, match="between 0 and 1"):
            annotator.annotate(text, min_score=wrong)


def test_min_score_on_the_command_line(article: Path, models: list[str]) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "inference", "annotate", str(article), "--format", "json", *models, *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    found = run("--min-score", "1")
    assert (found.returncode, json.loads(found.stdout)["entities"]) == (0, [])
    wrong = run("--min-score", "90")
    assert (wrong.returncode, "'90' is not a number from 0 to 1" in wrong.stderr) == (2, True)
    assert wrong.stderr.count("\n") == 1


def test_min_score_is_part_of_a_batch_job(tiny_models: dict[str, Path], tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", documents(4))
    out = tmp_path / "out"
    assert run_batch(tiny_models, source, "--out", out) == 0
    assert any(row["entities"] for row in rows(out))
    with pytest.raises(SokhanError, match=r"--min-score was not given, now it is 1\.0"):
        run_batch(tiny_models, source, "--out", out, "--min-score", "1")
    assert run_batch(tiny_models, source, "--out", out, "--min-score", "0") == 0
    assert run_batch(tiny_models, source, "--out", out, "--min-score", "1", "--restart") == 0
    assert not any(row["entities"] for row in rows(out))
    assert [row["error"] for row in rows(out)] == [None] * 4


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelled") / "articles.jsonl"
    records = [article(number) for number in range(20)]
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize("task", ["ner", "themes"])
def test_finished_model_is_calibrated_in_its_folder(
    task: str, tiny_models: dict[str, Path], labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tiny_models[task], tmp_path, None)
    articles = read_articles(labelled)
    before = outcomes_of(load(folder, task, "cpu"), articles)  # type: ignore[arg-type]
    picture = tmp_path / "fit.png"
    arguments = [str(folder), str(labelled), "--device", "cpu", "--reliability", str(picture)]
    assert calibrate_main(arguments) == 0
    assert "expected calibration error before" in capsys.readouterr().out
    assert picture.read_bytes().startswith(b"\x89PNG")
    after = outcomes_of(load(folder, task, "cpu"), articles)  # type: ignore[arg-type]
    np.testing.assert_array_equal(after.right, before.right)
    # A random model knows nothing: its scores become the share that is right.
    error, was = (reliability(one.scores, one.right).error for one in (after, before))
    assert error < min(was, 0.05)
    if task == "themes":
        assert json.loads((folder / SETTINGS_FILE).read_text())["threshold"] != 0.5
    # Again it is fitted on the model's own scores, not on those that it has calibrated before.
    fitted = (folder / "calibration.json").read_bytes()
    assert calibrate_main(arguments) == 0
    assert (folder / "calibration.json").read_bytes() == fitted


def test_too_little_data_leaves_the_folder_as_it_is(
    tiny_models: dict[str, Path], labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tiny_models["themes"], tmp_path, SURE)
    before = model_hash(folder)
    few = tmp_path / "few.jsonl"
    few.write_text("".join(labelled.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    assert calibrate_main([str(folder), str(few), "--device", "cpu"]) == 2
    assert "too little to calibrate" in capsys.readouterr().err
    assert model_hash(folder) == before


def test_evaluation_draws_the_reliability(tiny_models: dict[str, Path], labelled: Path, tmp_path: Path) -> None:
    picture, scores = tmp_path / "all.png", tmp_path / "scores.json"
    command = [sys.executable, "-m", "training.evaluate", "--annotator", str(labelled), "--device", "cpu"]
    command += ["--ner", str(tiny_models["ner"]), "--themes", str(tiny_models["themes"])]
    command += ["--reliability", str(picture), "--json", str(scores)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "80"})
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    told = json.loads(scores.read_text(encoding="utf-8"))["reliability"]
    assert {"entities", "all themes"} <= set(told)
    assert sum(told["all themes"]["counts"]) == 20 * 2 * 10
    assert f"entities: {100 * told['entities']['expected_calibration_error']:.1f} %" in done.stdout
    missing = ["models", str(labelled), "--reliability", str(tmp_path / "nowhere" / "all.png")]
    assert evaluate_main(missing) == 2


def test_training_ends_with_a_calibrated_model(
    make_encoder: Callable[[str], Path], labelled: Path, tmp_path: Path
) -> None:
    config = write_config(tmp_path, "themes", make_encoder("bert"), labelled, train={"epochs": 2, "patience": 2})
    code, output, errors = finish(config, tmp_path / "runs")
    assert code == 0, errors
    run = only_run(tmp_path / "runs")
    calibration = load_calibration(run / "model")
    assert calibration is not None
    card = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert card["calibration"]["scores"] == 20 * 2 * 10
    assert card["model_sha256"] == model_hash(run / "model")
    assert "calibrated by" in output
    assert (run / "reliability.png").read_bytes().startswith(b"\x89PNG")
