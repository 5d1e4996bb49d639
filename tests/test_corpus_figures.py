"""Figures of a corpus: near-duplicates, variety, agreement, and the command that prints and draws them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from inference.document import sentence_offsets
from inference.errors import SokhanError
from training.agreement import agreement
from training.articles import Article, GoldSentence, GoldSpan
from training.checking import check_corpus
from training.near_duplicates import NEAR, near_duplicates
from training.variety import REPEATED_IN, telling_apart, variety


def prose(seed: int, words: int = 120, stem: str = "و") -> str:
    chance = random.Random(seed)
    made = [stem + "".join(chance.choices("ابپتجدرسشعقکلمن", k=4)) for _ in range(words)]
    return ". ".join(" ".join(made[at : at + 12]) for at in range(0, words, 12)) + "."


def article(text: str, name: str = "a", **parts: object) -> Article:
    sentences = tuple(GoldSentence(start, end, (), None) for start, end, _ in sentence_offsets(text))
    return replace(Article(name, text, (), sentences, f"{name}:1"), **parts)  # type: ignore[arg-type]


def test_an_edited_copy_is_a_near_duplicate_and_other_prose_is_not() -> None:
    text = prose(1)
    words = text.split()
    copied = " ".join([*words[30:100], *prose(2, 60).split()]).replace("ی", "ي")
    (pair,) = near_duplicates([text, prose(3), copied, prose(4)])
    assert (pair.first, pair.second) == (0, 2)
    assert NEAR < pair.containment < 0.8


def test_set_phrases_are_no_duplicates() -> None:
    phrase = "به گزارش خبرگزاری ایرنا به نقل از روابط عمومی "
    assert list(near_duplicates([phrase + prose(seed) for seed in range(60)])) == []


def test_check_tells_of_near_duplicates_across_the_split_only(tmp_path: Path) -> None:
    text = prose(1)
    near = text + " " + prose(2, 24)
    lines = [json.dumps(article(t, name).to_dict(), ensure_ascii=False) for name, t in (("a", text), ("b", near))]
    (tmp_path / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "split.json").write_text('{"dev": []}')
    assert list(check_corpus([tmp_path])) == []
    (tmp_path / "split.json").write_text('{"dev": ["b"]}')
    (problem,) = check_corpus([tmp_path])
    assert "'b' and 'a'" in problem.reason
    assert "5-word sequences, one in train and one in dev" in problem.reason


def test_variety_counts_what_repeats() -> None:
    stamp = "این جمله هشت کلمه دارد و همیشه هست."
    same = [article(f"{prose(seed)} {stamp}", f"n{seed}") for seed in range(REPEATED_IN + 1)]
    found = variety(same)
    assert found.repeated == (("این جمله هشت کلمه دارد و همیشه هست", REPEATED_IN + 1),)
    assert variety(same[1:]).repeated == ()
    assert found.distinct > 0.97
    assert 0.5 < found.vocabulary <= 1
    assert found.sentence_words == (12, 12, 12)
    repeated = variety([article("گفت و رفت و گفت و رفت و گفت و رفت.", "r")])
    assert repeated.vocabulary < 0.4
    assert repeated.distinct < 0.7


def test_a_classifier_tells_other_prose_from_ours_but_not_ours_from_ours() -> None:
    ours = [article(prose(seed, stem="و"), f"o{seed}") for seed in range(12)]
    more = [article(prose(seed, stem="و"), f"m{seed}") for seed in range(100, 112)]
    # Words of one syllable repeat, those of five letters don't: only stems that repeat can be learned from.
    marked = [replace(one, text=one.text.replace(" ", " نیز ")) for one in more]
    marked = [article(one.text, one.id) for one in marked]
    assert telling_apart(ours, marked) > 0.95
    assert 0.2 < telling_apart(ours, more) < 0.8


def test_agreement_by_hand() -> None:
    text = "سردار رستمی در کابل گفت. وی افزود."
    one = article(text, "a", entities=(GoldSpan(0, 5, "RANK"), GoldSpan(6, 11, "SPEAKER"), GoldSpan(15, 19, "LOC")))
    sentences = one.sentences or ()
    first = replace(
        one,
        sentences=(
            replace(sentences[0], themes=("threat.border", "threat.warning"), speaker="رستمی"),
            replace(sentences[1], speaker="رستمی"),
        ),
    )
    second = replace(
        one,
        entities=(GoldSpan(0, 5, "RANK"), GoldSpan(6, 11, "PERSON"), GoldSpan(15, 19, "LOC")),
        sentences=(replace(sentences[0], themes=("threat.border",), speaker="رستمي"), sentences[1]),
    )
    found = agreement([first, article("x", "other")], [second])
    assert (found.articles, found.sentences) == (1, 2)
    assert found.entities == {"RANK": 1.0, "LOC": 1.0, "SPEAKER": 0.0, "PERSON": 0.0, "micro": pytest.approx(2 / 3)}
    assert found.themes == {
        "threat.border": 1.0, "threat.warning": 0.0, "threat": 1.0, "micro": pytest.approx(2 / 3)
    }  # fmt: skip
    assert found.speakers == 0.5
    with pytest.raises(SokhanError, match="'b' was not annotated a first time"):
        agreement([first], [replace(second, id="b")])
    with pytest.raises(SokhanError, match="'a' has another text"):
        agreement([first], [article(text + " نه.", "a")])


def test_commands_print_and_draw(tmp_path: Path) -> None:
    for name, seeds in (("ours", range(8)), ("real", range(50, 58))):
        made = [article(prose(seed), f"{name}{seed}").to_dict() for seed in seeds]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in made))
    ours, real = tmp_path / "ours.jsonl", tmp_path / "real.jsonl"
    command = [sys.executable, "-m", "training.corpus"]
    done = subprocess.run(
        [*command, "stats", str(ours), "--beside", str(real), "--draw", str(tmp_path / "c.png")],
        capture_output=True, text=True, check=True, env={"COLUMNS": "160", "PATH": ""},
    )  # fmt: skip
    for row in ("articles", "sentence: words", "different of 10,000 words", "AUC"):
        assert row in done.stdout
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    agreed = subprocess.run([*command, "agreement", str(ours), str(ours)], capture_output=True, text=True, check=True)
    assert "100.0" in agreed.stdout
