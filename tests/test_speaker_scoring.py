"""Scores of attribution, by hand."""

from __future__ import annotations

import pytest

from training.articles import Article, GoldActor, GoldSentence
from training.speaker_scoring import Said, same_speaker, score_speakers, statements

TEXT = "سلامی آمد\nوی گفت: یک. دو است. سه است.\nانتهای پیام"
PLACES = [(0, 9), (10, 21), (22, 29), (30, 37), (38, 49)]
ACTORS = (
    GoldActor("حسین سلامی", ("حسین سلامی", "سلامی"), mentions_by_office=("فرمانده کل سپاه",)),
    GoldActor("رضا سلامی", ("رضا سلامی",)),
)


def article(*speakers: str | None, actors: tuple[GoldActor, ...] | None = ACTORS) -> Article:
    sentences = tuple(GoldSentence(*place, (), name) for place, name in zip(PLACES, speakers, strict=True))
    return Article("a", TEXT, (), sentences, "a:1", actors=actors)


def said(*speakers: str | None) -> list[Said]:
    return [Said(*place, name) for place, name in zip(PLACES, speakers, strict=True)]


def test_statements_are_runs_of_one_speaker_in_one_line() -> None:
    runs = list(statements(said("الف", "الف", "الف", "ب", "ب"), TEXT))
    assert [(one.start, one.end, one.speaker) for one in runs] == [
        (0, 9, "الف"), (10, 29, "الف"), (30, 37, "ب"), (38, 49, "ب"),
    ]  # fmt: skip
    assert list(statements(said(None, None, None, None, None), TEXT)) == []


def test_a_speaker_is_right_by_any_name_or_office_in_any_spelling() -> None:
    gold = article(None, "حسین سلامی", None, None, None)
    for found in ("حسین سلامي", "سلامی", "فرمانده\u00a0كل سپاه", "حسین\u200cسلامی"):
        assert same_speaker(found, "حسین سلامی", gold)
    for other in ("رضا سلامی", "سپاه", None, "حسین"):
        assert not same_speaker(other, "حسین سلامی", gold)
    assert same_speaker(None, None, gold)
    assert not same_speaker("سلامی", None, gold)
    unknown = article(None, "سلامی", None, None, None, actors=None)
    assert same_speaker("حسین سلامی", "سلامی", unknown)
    assert not same_speaker("حسین رستمی", "سلامی", unknown)


def test_scores_by_hand() -> None:
    gold = [article(None, "حسین سلامی", "حسین سلامی", "حسین سلامی", None)]
    found = [said(None, "سلامی", "سلامی", None, "رضا سلامی")]
    scores = score_speakers(gold, found)
    assert scores.sentences.value == pytest.approx(3 / 5)
    assert scores.spoken.value == pytest.approx(2 / 3)
    # 10-29 of 10-37 is found: 19 of 27 characters; the last line is a statement too much.
    assert (scores.statements[0.3].correct, scores.statements[0.3].predicted, scores.statements[0.3].support) == (
        1,
        2,
        1,
    )
    assert scores.statements[0.8].correct == 0
    assert scores.sources[0.3].value == 1.0
    assert scores.to_dict()["statements"][0.3]["f1"] == pytest.approx(2 / 3)


def test_articles_without_annotated_sentences_are_not_counted() -> None:
    gold = article(None, "حسین سلامی", "حسین سلامی", None, None)
    bare = Article("b", TEXT, (), None, "a:2")
    found = said(None, "حسین سلامی", "حسین سلامی", None, None)
    scores = score_speakers([gold, bare], [found, found])
    assert scores.statements[0.8].f1 == scores.sentences.value == scores.sources[0.8].value == 1.0
    assert (scores.support, scores.spoken_support, scores.articles) == (5, 2, 1)


def test_a_sentence_that_is_none_of_ours_is_wrong_even_without_speaker() -> None:
    scores = score_speakers([article(None, None, None, None, None)], [said(None, None, None, None, None)[:-1]])
    assert scores.sentences.value == pytest.approx(4 / 5)
    assert scores.spoken.value == 0.0
