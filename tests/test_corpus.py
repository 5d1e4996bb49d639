"""The corpus tool finds every mistake it promises to find, and markup says the same as JSONL."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inference.document import sentence_offsets
from inference.errors import SokhanError
from training.articles import Article
from training.checking import check_corpus, holds_seed
from training.corpus import compile_drafts
from training.corpus_stats import count
from training.formats import read_articles
from training.markup import parse, render

SEEDS = Path(__file__).parent.parent / "seeds"

DRAFT = """\
=== border-001
[RANK سرتیپ] [PERSON کاظم بهرامی] با [POSITION رئیس پلیس] [LOC عمان] دیدار کرد || cooperation.diplomacy || -

[SPEAKER بهرامی] گفت: مرز امن است. || - || کاظم بهرامی
وی افزود: آماده‌ایم. || cooperation.security, threat.border || کاظم بهرامی
=== border-002
درگیری در [LOC میرجاوه] || threat.border || -
"""

TEXT = "سردار حسین رستمی گفت\nبه گفته وی، مرز امن است."


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def record(**changes: Any) -> dict[str, Any]:
    sentences = [
        {"start": start, "end": end, "themes": [], "speaker": "حسین رستمی"}
        for start, end, _ in sentence_offsets(TEXT)
    ]
    return {"id": "a", "text": TEXT, "entities": [], "sentences": sentences} | changes


def write(folder: Path, *records: dict[str, Any], name: str = "a.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return file


def span(start: int, end: int, label: str = "SPEAKER") -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def problems(*paths: Path, **options: bool) -> list[str]:
    return [str(problem) for problem in check_corpus(paths, **options)]


def test_markup_to_article(tmp_path: Path) -> None:
    draft = tmp_path / "border.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    first, second = parse(draft)
    assert first.text == (
        "سرتیپ کاظم بهرامی با رئیس پلیس عمان دیدار کرد\nبهرامی گفت: مرز امن است. وی افزود: آماده‌ایم."
    )
    assert [(first.text[s.start : s.end], s.label) for s in first.entities or ()] == [
        ("سرتیپ", "RANK"),
        ("کاظم بهرامی", "PERSON"),
        ("رئیس پلیس", "POSITION"),
        ("عمان", "LOC"),
        ("بهرامی", "SPEAKER"),
    ]
    assert [(s.themes, s.speaker) for s in first.sentences or ()] == [
        (("cooperation.diplomacy",), None),
        ((), "کاظم بهرامی"),
        (("cooperation.security", "threat.border"), "کاظم بهرامی"),
    ]
    assert (second.id, second.source) == ("border-002", f"{draft}:6")


def test_compiled_seeds_come_back_through_markup(tmp_path: Path) -> None:
    articles = read_articles(SEEDS)
    for number, article in enumerate(articles):
        draft = tmp_path / f"{number}.txt"
        draft.write_text(render(article), encoding="utf-8")
    compile_drafts(sorted(tmp_path.glob("*.txt")), tmp_path / "out")
    again = {article.id: article.to_dict() for article in read_articles(tmp_path / "out")}
    assert again == {article.id: article.to_dict() for article in articles}


def test_compile_command(tmp_path: Path) -> None:
    draft = tmp_path / "border.txt"
    draft.write_text(DRAFT, encoding="utf-8")
    assert run("compile", draft, "--out", tmp_path / "out").returncode == 0
    assert [article.id for article in read_articles(tmp_path / "out" / "border.jsonl")] == [
        "border-001",
        "border-002",
    ]
    printed = run("render", tmp_path / "out" / "border.jsonl").stdout
    assert [line for line in printed.splitlines() if line] == [
        line.replace(", threat", ",threat") for line in DRAFT.splitlines() if line
    ]


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("خبر || - || -\n", r":1: an article must begin with '=== id'"),
        ("=== a\nخبر || -\n", r":2: a line must be 'sentence \|\| themes \|\| speaker'"),
        ("=== a\nخبر ||  || -\n", r":2: sentence, themes and speaker must not be empty"),
        ("=== a\n[LOC] خبر || - || -\n", r":2: brackets must hold a label and a mention"),
        ("=== a\n[LOC تهران خبر || - || -\n", r":2: '\[LOC' is not closed"),
        ("=== a\n=== b\nخبر || - || -\n", r":1: article 'a' has no sentence"),
        ("\n", "holds no articles"),
        ("=== a\nیک. دو. || - || -\n", r":1: article 'a': the line 'یک\. دو\.' is not one sentence of ours"),
        ("=== a\nعنوان\u200b\u200b || - || -\n", r":1: article 'a': the line .* is not one sentence of ours"),
        ("=== a\nیک || - || -\nدو || - || -\n", r":1: article 'a': the line 'یک' is not one sentence of ours"),
    ],
)
def test_mistakes_in_markup(tmp_path: Path, draft: str, reason: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(draft, encoding="utf-8")
    with pytest.raises(SokhanError, match=reason):
        compile_drafts([file], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_markup_cannot_say(tmp_path: Path) -> None:
    (article,) = read_articles(write(tmp_path, record(text=TEXT.replace("\n", "\r"))))
    with pytest.raises(SokhanError, match=r"'\\r' before the sentence at 21 has no markup"):
        render(article)
    with pytest.raises(SokhanError, match="annotated in full"):
        render(Article("a", TEXT, None, None, "a.jsonl:1"))


def test_sound_article_has_no_problem(tmp_path: Path) -> None:
    file = write(tmp_path, record(entities=[span(0, 5, "RANK"), span(6, 16)]))
    assert problems(file) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"entities": [span(5, 16)]}, r"SPEAKER ' حسین رستمی' \(5-16\): blank at its edge"),
        ({"entities": [span(29, 32)]}, r"punctuation at its edge"),
        ({"text": TEXT.replace("ن ر", "ن\u200c"), "entities": [span(6, 11)], "sentences": None}, "ZWNJ at its edge"),
        ({"entities": [span(17, 27)]}, "reaches across sentences"),
        ({"entities": [span(0, 3)]}, "begins or ends inside a word"),
        ({"entities": [span(6, 16, "SPEKER")]}, "unknown label 'SPEKER'; did you mean 'SPEAKER'"),
        ({"entities": [span(0, 5), span(3, 8)]}, "entities overlap"),
        ({"entities": [span(0, 99)]}, "offsets 0-99"),
        ({"sentences": [{"start": 0, "end": 45, "themes": []}]}, "sentence 0-45 .* is none of ours"),
        ({"sentences": [{"start": 0, "end": 20, "themes": []}]}, "our sentence 21-45 .* is not annotated"),
        ({"sentences": [{"start": 0, "end": 20, "themes": ["threat.boarder"]}]}, "did you mean 'threat.border'"),
        ({"sentences": [{"start": 0, "end": 20, "themes": ["x", "x"]}]}, "a theme stands twice"),
        (
            {"sentences": [{"start": 0, "end": 20, "themes": [], "speaker": "ناصر"}]},
            "speaker 'ناصر' stands nowhere",
        ),
    ],
)
def test_problems_name_file_line_and_reason(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    file = write(tmp_path, record(id="sound", text="خبری دیگر", sentences=None), record(**changes))
    found = problems(file)
    assert all(problem.startswith(f"{file}:2: ") for problem in found)
    assert any(re.search(reason, problem) for problem in found), found


def test_joint_speakers_and_other_spacing_are_found_in_the_text(tmp_path: Path) -> None:
    text = "رستمی و كاظم بهرامی\u200cنیا گفتند"
    sentence = {"start": 0, "end": len(text), "themes": [], "speaker": "کاظم بهرامی نیا و رستمی"}
    assert problems(write(tmp_path, record(text=text, sentences=[sentence]))) == []


def test_every_broken_line_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1}\n{\n' + json.dumps(record(), ensure_ascii=False) + "\n[]\n", encoding="utf-8")
    assert [problem.removeprefix(f"{file}:")[0] for problem in problems(file)] == ["1", "2", "4"]


def test_doubles(tmp_path: Path) -> None:
    write(tmp_path, record(), record(id="b", text=TEXT.replace(" ", "  "), sentences=None))
    write(tmp_path, record(text="دیگر", sentences=None), name="b.jsonl")
    first, second = problems(tmp_path)
    assert f"article 'b' and 'a' at {tmp_path / 'a.jsonl'}:1: has the same text" in first
    assert f"{tmp_path / 'b.jsonl'}:1: id 'a' stands at {tmp_path / 'a.jsonl'}:1 already" in second
    (tmp_path / "split.json").write_text('{"dev": ["b", "c"]}', encoding="utf-8")
    found = problems(tmp_path)
    assert any("the same text, one in train and one in dev" in problem for problem in found)
    assert any("split.json: there is no article 'c'" in problem for problem in found)


def test_the_seed_article_must_stay_in_dev(tmp_path: Path) -> None:
    (seed,) = read_articles(SEEDS / "seed.jsonl")
    assert (seed.id, problems(SEEDS / "seed.jsonl")) == ("seed", [])
    respaced = "\n".join(seed.text.replace("ی", "ي").replace(" ", "  ").split("\n")[2:4])
    file = write(tmp_path, record(id="other", text="خبر\n" + respaced, sentences=None))
    (problem,) = problems(file)
    assert "article 'other' holds the seed article, which must stay in dev" in problem
    (tmp_path / "split.json").write_text('{"dev": ["other"]}', encoding="utf-8")
    assert problems(file) == []
    assert not holds_seed(TEXT)


def test_other_labels_are_allowed_on_request_and_in_token_corpora(tmp_path: Path) -> None:
    file = write(tmp_path, record(entities=[span(6, 16, "PER")]))
    assert len(problems(file)) == 1
    assert problems(file, any_labels=True) == []
    tokens = write(tmp_path, {"tokens": ["تهران", ".", "کرج"], "ner_tags": ["B-CITY", "O", "O"]}, name="t.jsonl")
    assert problems(tokens) == []


def test_check_command(tmp_path: Path) -> None:
    file = write(tmp_path, record(entities=[span(0, 3)]), record(id="b"))
    done = run("check", file)
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == [f"{file}:1", f"{file}:2"]
    assert done.stderr.strip() == "sokhan: 2 problems"
    missing = run("check", tmp_path / "b.jsonl")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("sokhan: there is no file or folder")


def test_bundled_seeds_are_sound() -> None:
    assert problems(SEEDS) == []
    train, dev = read_articles(SEEDS, "train"), read_articles(SEEDS, "dev")
    assert "seed" in {article.id for article in dev}
    counts = count(train + dev)
    assert counts["all"]["articles"] >= 300
    assert counts["all"]["words"] >= 60_000
    assert counts["all"]["sentences"] >= 3_000
    assert min(counts["themes"].values()) >= 150
    assert min(counts["entities"].values()) >= 700
    assert sum(article.actors is not None for article in train) >= 60
    assert all(article.actors is not None for article in dev)


def test_stats_command(tmp_path: Path) -> None:
    themes = [{"start": 0, "end": 20, "themes": ["threat.border", "cooperation.unity"]}]
    file = write(tmp_path, record(entities=[span(6, 16), span(0, 5, "RANK")], sentences=themes))
    done = run("stats", file)
    assert done.returncode == 0
    for row in ("articles", "SPEAKER", "RANK", "threat.border", "mixed"):
        (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"│ {row} ")]
        assert "1" in line
    assert "PERSON" not in done.stdout


def test_seed_is_verbatim() -> None:
    published = Path(__file__).parent.parent.parent / "shared" / "seed.txt"
    if not published.is_file():
        pytest.skip("the published seed article does not lie beside the project")
    (seed,) = read_articles(SEEDS / "seed.jsonl")
    assert seed.text == published.read_text(encoding="utf-8")
