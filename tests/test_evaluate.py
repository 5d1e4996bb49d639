"""Models and the whole chain are measured from the command line, on every format, and mistakes are listed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.annotation import Entity
from inference.annotator import Annotator
from inference.document import Document
from inference.errors import SokhanError
from training.articles import Article, GoldSentence, GoldSpan
from training.error_page import error_page
from training.evaluate import evaluate, main
from training.mistakes import entity_mistakes, theme_mistakes
from training.predicting import Predictions, annotate_articles, predict, task_of

TEXT = "سردار حسین رستمی در تهران گفت: <b>مرز</b> امن است.\nوی به آمریکاست هشدار داد."


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.evaluate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def span(mention: str, label: str) -> GoldSpan:
    start = TEXT.index(mention)
    return GoldSpan(start, start + len(mention), label)


def entity(mention: str, label: str) -> Entity:
    gold = span(mention, label)
    return Entity(gold.start, gold.end, label, mention, 0.9)


@pytest.fixture
def article() -> Article:
    places = [(s.start, s.end) for s in Document(TEXT).sentences]
    first, second = places
    return Article(
        "a",
        TEXT,
        (span("سردار", "RANK"), span("حسین رستمی", "SPEAKER"), span("تهران", "LOC"), span("آمریکا", "LOC")),
        (
            GoldSentence(*first, ("cooperation.security",), "حسین رستمی"),
            GoldSentence(second[0], second[1] - 1, ("threat.warning",), "حسین رستمی"),
        ),
        "a.jsonl:1",
    )


@pytest.fixture
def data(tmp_path: Path, article: Article) -> Path:
    """The article, and one that is not annotated at all, in a folder with a split."""
    bare = replace(article, id="b", text="خبری بی‌نشان درباره هوا.", entities=None, sentences=None)
    folder = tmp_path / "data"
    folder.mkdir()
    lines = [json.dumps(one.to_dict(), ensure_ascii=False) + "\n" for one in (article, bare)]
    (folder / "a.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "split.json").write_text('{"dev": ["a"]}', encoding="utf-8")
    return folder


def perfect(article: Article, *entities: Entity) -> Predictions:
    return Predictions({}, entities=[list(entities)])


def test_kinds_of_mistakes(article: Article) -> None:
    predictions = perfect(
        article,
        entity("سردار حسین", "RANK"),
        entity("تهران", "ORG"),
        entity("گفت", "PERSON"),
    )
    predictions.inexpressible = [(0, span("آمریکا", "LOC"))]
    mistakes = list(entity_mistakes([article], predictions))
    assert [(m.kind, m.gold and m.gold.label, m.predicted and m.predicted.label) for m in mistakes] == [
        ("wrong border", "RANK", "RANK"),
        ("missed", "SPEAKER", None),
        ("wrong label", "LOC", "ORG"),
        ("spurious", None, "PERSON"),
        ("missed", "LOC", None),
    ]
    assert [m.expressible for m in mistakes] == [True, True, True, True, False]


def test_right_mentions_are_no_mistakes(article: Article) -> None:
    found = [entity(TEXT[s.start : s.end], s.label) for s in article.entities or ()]
    assert list(entity_mistakes([article], perfect(article, *found))) == []
    assert evaluate([article], perfect(article, *found)).entities.micro.f1 == 1.0  # type: ignore[union-attr]


def test_page_escapes_and_marks(article: Article) -> None:
    hostile = replace(article, id="<script>alert(1)</script>")
    mistakes = list(entity_mistakes([hostile], perfect(hostile, entity("حسین", "PERSON"))))
    predictions = Predictions({}, themes=[[("threat.border",), ()]], unmatched=[(0, article.sentences[1])])  # type: ignore[index]
    page = error_page("ner & co", [hostile], mistakes, list(theme_mistakes([hostile], predictions)))
    assert 'dir="rtl"' in page
    assert "ner &amp; co" in page
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert '<mark class="both">حسین</mark><mark class="gold"> رستمی</mark>' in page
    assert "SPEAKER → PERSON" in page
    assert "−cooperation.security" in page
    assert "+threat.border" in page
    assert "none of our sentences" in page
    assert "http" not in page


def test_chain_lists_what_it_could_not_have_found(
    tiny_models: dict[str, Path], article: Article, tmp_path: Path
) -> None:
    annotator = Annotator(tiny_models["ner"], tiny_models["themes"], "cpu")
    predictions = annotate_articles(annotator, [article])
    assert predictions.inexpressible == [(0, span("آمریکا", "LOC"))]
    assert [sentence.themes for _, sentence in predictions.unmatched] == [("threat.warning",)]
    report = evaluate([article], predictions).to_dict()
    assert report["inexpressible"][0]["text"] == "آمریکا"
    assert report["entities"]["micro"]["support"] == 4
    # A gold sentence that is none of ours counts as one without themes.
    assert report["themes"]["themes"]["threat.warning"]["support"] == 1
    assert report["themes"]["themes"]["threat.warning"]["recall"] == 0.0
    assert report["models"] == annotator.model_hashes


def test_themes_are_compared_on_the_same_sentence(tiny_models: dict[str, Path], article: Article) -> None:
    predictions = predict(tiny_models["themes"], [article], "cpu")
    annotation = Annotator(tiny_models["ner"], tiny_models["themes"], "cpu").annotate(TEXT)
    assert predictions.entities is None
    assert predictions.themes == [[tuple(theme.name for theme in annotation.sentences[0].themes), ()]]


def test_nothing_annotated_is_an_error(tiny_models: dict[str, Path], article: Article) -> None:
    bare = replace(article, entities=None)
    with pytest.raises(SokhanError, match="nothing to score: no entities annotated"):
        evaluate([bare], predict(tiny_models["ner"], [bare], "cpu"))


def test_task_is_read_from_settings_or_architecture(tiny_models: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_models["themes"], folder)
    assert task_of(folder) == "themes"
    (folder / "sokhan.json").unlink()
    assert task_of(folder) == "themes"
    (folder / "config.json").write_text('{"architectures": ["BertForMaskedLM"]}', encoding="utf-8")
    with pytest.raises(SokhanError, match="no model folder of ours"):
        task_of(folder)
    (folder / "config.json").write_text("[", encoding="utf-8")
    with pytest.raises(SokhanError, match=r"config\.json is not readable"):
        task_of(folder)


def test_command_on_one_model(tiny_models: dict[str, Path], data: Path, tmp_path: Path) -> None:
    scores, page = tmp_path / "scores.json", tmp_path / "mistakes.html"
    done = run(tiny_models["ner"], data, "--split", "dev", "--json", scores, "--html", page, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    assert "SPEAKER" in done.stdout
    assert "a.jsonl:1: our words can't express LOC 'آمریکا': missed" in done.stdout
    report: dict[str, Any] = json.loads(scores.read_text(encoding="utf-8"))
    assert report["articles"] == 1
    assert report["entities"]["micro"]["support"] == 4
    assert report["themes"] is None
    assert report["tokens"] is None
    assert "آمریکا" in page.read_text(encoding="utf-8")


def test_command_on_the_chain(tiny_models: dict[str, Path], data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = ("--ner", str(tiny_models["ner"]), "--themes", str(tiny_models["themes"]))
    assert main(["--annotator", str(data), *models, "--device", "cpu"]) == 0
    printed = capsys.readouterr().out
    for row in ("SPEAKER", "cooperation.diplomacy", "threat.warning", "stance accuracy", "micro", "… right source"):
        assert row in printed


def test_command_with_gold_entities_measures_attribution_alone(
    tiny_models: dict[str, Path], data: Path, tmp_path: Path
) -> None:
    scores = tmp_path / "scores.json"
    chosen = ("--themes", tiny_models["themes"], "--device", "cpu", "--json", scores)
    done = run("--annotator", data, "--gold-entities", *chosen)
    assert done.returncode == 0, done.stderr
    assert f"annotator on {data} with gold entities" in done.stdout
    report = json.loads(scores.read_text(encoding="utf-8"))
    # The article that has no entities is not read.
    assert (report["articles"], report["entities"], report["themes"]) == (1, None, None)
    assert list(report["models"]) == ["themes"]
    attribution = report["attribution"]
    # The second gold sentence is none of ours; as a statement it is found all the same.
    assert attribution["speakers"]["sentences"]["value"] == attribution["speakers"]["spoken"]["value"] == 0.5
    assert attribution["statements"]["0.8"]["f1"] == attribution["sources"]["0.8"]["value"] == 1.0
    assert attribution["statements"]["0.8"]["support"] == 2
    assert attribution["actors"] is attribution["speech"] is None


def test_command_without_zwnj(tiny_models: dict[str, Path], data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tiny_models["ner"]), str(data), "--without-zwnj", "--device", "cpu"]) == 0
    assert f"on {data} without ZWNJ" in capsys.readouterr().out


def test_command_on_a_token_corpus(
    tiny_models: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = tmp_path / "a.conll"
    columns.write_text("سردار B-RANK\nدر O\nتهران B-LOC\n\nایران B-LOC\n", encoding="utf-8")
    scores = tmp_path / "scores.json"
    assert main([str(tiny_models["ner"]), str(columns), "--json", str(scores), "--device", "cpu"]) == 0
    assert "micro, by seqeval" in capsys.readouterr().out
    report = json.loads(scores.read_text(encoding="utf-8"))
    assert report["tokens"]["micro"]["support"] == report["entities"]["micro"]["support"] == 3
    for name in ("precision", "recall", "f1"):
        assert report["tokens"]["micro"][name] == pytest.approx(report["entities"]["micro"][name])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("{ner}", "{data}/b.jsonl"), "no file or folder"),
        (("{ner}x", "{data}"), "there is no model folder"),
        (("{themes}", "{data}/a.conll"), "nothing to score: no themes annotated"),
        (("{ner}", "{data}/a.jsonl", "--json", "{data}/none/scores.json"), "there is no folder"),
        (("{ner}",), "name MODEL_DIR and DATA"),
        (("--annotator", "{ner}", "{data}"), "name DATA after --annotator"),
        (("{ner}", "{data}", "--themes", "{themes}"), "go with --annotator"),
        (("{ner}", "{data}", "--gold-entities"), "go with --annotator"),
        (("--annotator", "{data}", "--gold-entities", "--html", "{data}/a.html"), "measures attribution alone"),
        (("--annotator", "{data}/b.txt", "--gold-entities", "--themes", "{themes}"), "no file or folder"),
        (("--annotator", "{data}/bare.json", "--gold-entities", "--themes", "{themes}"), "no article with entities"),
        (("--annotator", "{data}/a.conll", "--gold-entities", "--themes", "{themes}"), "no speakers or actors"),
    ],
)
def test_mistakes_of_the_user(
    tiny_models: dict[str, Path],
    data: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    reason: str,
) -> None:
    (data / "a.conll").write_text("تهران B-LOC\n", encoding="utf-8")
    (data / "bare.json").write_text('{"id": "a", "text": "تهران", "entities": null}', encoding="utf-8")
    try:
        code = main([one.format(data=data, **tiny_models) for one in arguments])
    except SystemExit as usage:  # argparse leaves so
        code = usage.code  # type: ignore[assignment]
    assert code == 2
    assert reason in capsys.readouterr().err


def test_command_tells_mistakes_in_one_sentence(data: Path) -> None:
    done = run(data / "none", data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"sokhan: there is no model folder {data / 'none'}\n"
