"""Reported speech and actors: markup, JSONL and the checks of both."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from inference.errors import SokhanError
from training.articles import Article, Piece
from training.checking import check_article
from training.formats import read_articles
from training.markup import parse, render

DRAFT = """\
=== talks-001
سفر [RANK سردار] [PERSON بهرامی] به [LOC مسقط] || cooperation.diplomacy || -

[RANK سرتیپ] [SPEAKER کاظم بهرامی] در دیدار با {to [POSITION رئیس پلیس] [LOC عمان]} \
{cue با تاکید بر} {content امنیت مرزها} {cue گفت}: {content ما آماده‌ایم}. || - || کاظم بهرامی || mixed
{content [POSITION سفیر] [LOC عمان] {cue2 گفته} که {content2 آن‌ها هم آماده‌اند}}. \
|| - || کاظم بهرامی || direct || 2: سفیر عمان = indirect
«{content ما}»، وی {cue گفت}، «{content [LOC مسقط] را دوست داریم}». || - || کاظم بهرامی || direct
پایان || - || -
@ کاظم بهرامی | names: بهرامی; کاظم بهرامی | ranks: سردار; سرتیپ
@ سفیر عمان | positions: سفیر | countries: عمان | by_office: سفیر عمان
"""


def parsed(draft: str, folder: Path) -> Article:
    file = folder / "talks.txt"
    file.write_text(draft, encoding="utf-8")
    (article,) = parse(file)
    return article


def surfaces(article: Article, pieces: tuple[Piece, ...]) -> list[str]:
    return [article.text[piece.start : piece.end] for piece in pieces]


def test_markup_gives_pieces_nesting_and_actors(tmp_path: Path) -> None:
    article = parsed(DRAFT, tmp_path)
    title, first, second, third, last = article.sentences or ()
    assert title.speech is None
    assert last.speech is None
    assert first.speech
    assert first.speech.kind == "mixed"
    assert surfaces(article, first.speech.cue) == ["با تاکید بر", "گفت"]
    assert surfaces(article, first.speech.content) == ["امنیت مرزها", "ما آماده‌ایم"]
    assert surfaces(article, first.speech.addressee) == ["رئیس پلیس عمان"]
    assert second.speech
    assert surfaces(article, second.speech.content) == ["سفیر عمان گفته که آن‌ها هم آماده‌اند"]
    ((speaker, inner),) = second.speech.nested
    assert (speaker, inner.kind, surfaces(article, inner.cue)) == ("سفیر عمان", "indirect", ["گفته"])
    assert third.speech
    assert surfaces(article, third.speech.content) == ["ما", "مسقط را دوست داریم"]
    assert [(actor.name, actor.ranks, actor.mentions_by_office) for actor in article.actors or ()] == [
        ("کاظم بهرامی", ("سردار", "سرتیپ"), ()),
        ("سفیر عمان", (), ("سفیر عمان",)),
    ]
    assert [str(problem) for problem in check_article(article)] == []


def test_markup_and_json_say_the_same(tmp_path: Path) -> None:
    article = parsed(DRAFT, tmp_path)
    assert render(article) == DRAFT
    file = tmp_path / "talks.jsonl"
    file.write_text(json.dumps(article.to_dict(), ensure_ascii=False) + "\n", encoding="utf-8")
    (again,) = read_articles(file)
    assert again.to_dict() == article.to_dict()
    assert again.sentences == article.sentences


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("|| mixed", "", ":4: parts of speech in braces need a fourth field"),
        ("|| mixed", "|| mixd", ":4: unknown kind 'mixd'.*did you mean 'mixed'|unknown kind 'mixd'"),
        ("پایان || - || -", "پایان || - || - || direct", ":7: a sentence without speaker has no fourth field"),
        (" || 2: سفیر عمان = indirect", "", r":5: the braces number speech in speech \[2\]"),
        ("2: سفیر عمان = indirect", "سفیر عمان", ":5: 'سفیر عمان' must be 'number: speaker = kind'"),
        ("{cue گفت}:", "{cue گفت:", ":4: '{cue' is not closed"),
        ("{cue گفت}:", "{cue [LOC گفت}:]", ":4: '}' closes nothing"),
        ("{cue گفت}:", "{say گفت}:", ":4: brackets must hold"),
        ("| ranks: سردار", "| rank: سردار", ":8: 'rank: سردار; سرتیپ' must be 'key: entry; entry'.*ranks"),
    ],
)
def test_mistakes_in_markup_name_line_and_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(SokhanError, match=reason):
        parsed(DRAFT.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{content ما آماده‌ایم}", "{content ما آماده‌ا}یم", "begins or ends inside a word"),
        ("{cue گفت}: {content ما", "{cue گفت}:{content  ما", "has a blank or ZWNJ at its edge"),
        ("{content امنیت مرزها} {cue گفت}: {content ما آماده‌ایم}", "{cue گفت}: امنیت مرزها", "nothing is marked as"),
        ("names: بهرامی; ", "names: ", "'بهرامی' is a name of no actor"),
        ("positions: سفیر", "positions: وزیر", "'وزیر' in positions stands nowhere"),
        ("positions: سفیر", "positions: عمان", "'عمان' in positions is no POSITION"),
        (" | by_office: سفیر عمان", "", "the name is neither in names nor in mentions_by_office"),
        ("{cue2 گفته} که {content2 آن", "گفته که {content2 آن", None),
        ("«{content ما}»، وی {cue گفت}، «{content [LOC مسقط] را دوست داریم}». || - || کاظم بهرامی || direct",
         "وی گفت. || - || کاظم بهرامی", "has a speaker but not how the speech is reported"),
    ],
)  # fmt: skip
def test_the_check_finds_what_cannot_be(tmp_path: Path, old: str, new: str, reason: str | None) -> None:
    article = parsed(DRAFT.replace(old, new, 1), tmp_path)
    found = [str(problem) for problem in check_article(article)]
    assert len(found) == (reason is not None), found
    assert all(reason in problem for problem in found if reason)


def test_inner_speech_lies_inside_the_outer(tmp_path: Path) -> None:
    draft = DRAFT.replace("{content [POSITION سفیر] [LOC عمان] {cue2", "[POSITION سفیر] [LOC عمان] {cue2")
    draft = draft.replace("{content2 آن‌ها هم آماده‌اند}}.", "{content2 آن‌ها} {content هم آماده‌اند}.")
    found = [str(problem) for problem in check_article(parsed(draft, tmp_path))]
    assert len(found) == 2
    assert all("is not inside what the outer speaker says" in problem for problem in found)


def _records(tmp_path: Path) -> dict[str, Any]:
    return copy.deepcopy(parsed(DRAFT, tmp_path).to_dict())


def test_mistakes_in_json_name_line_and_reason(tmp_path: Path) -> None:
    def told(change: Any) -> str:
        record = _records(tmp_path)
        change(record)
        file = tmp_path / "a.jsonl"
        file.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        with pytest.raises(SokhanError) as error:
            read_articles(file)
        return str(error.value).removeprefix(f"{file}:1: ")

    assert told(lambda r: r["sentences"][1].update(kind="direkt")).startswith("sentence 2: unknown kind 'direkt'")
    assert told(lambda r: r["sentences"][1].pop("kind")).startswith("sentence 2: 'cue' without 'kind'")
    assert told(lambda r: r["sentences"][1].update(speaker=None)) == "sentence 2: 'kind' needs a 'speaker'"
    assert "is not inside its sentence" in told(lambda r: r["sentences"][1]["cue"][0].update(start=0))
    assert told(lambda r: r["sentences"][1]["cue"][0].update(start=True)).endswith("must be whole numbers")
    assert told(lambda r: r["sentences"][2].update(nested=[{"kind": "direct"}])).startswith(
        "sentence 3: nested 1: 'speaker' is missing"
    )
    assert told(lambda r: r["actors"][0].pop("name")).startswith("actor 1: 'name' is missing")
    assert told(lambda r: r["actors"][0].update(ranks="سردار")) == "actor 1: 'ranks' must be a list, not a string"
    assert told(lambda r: r.update(actors=[3])).startswith("actor 1: must be an object")
