"""Scores are what the definitions say, on cases small enough to count by hand, and what seqeval says."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.annotation import Entity
from training.articles import Article, GoldSentence, GoldSpan
from training.scoring import MACRO_SUPPORT, estimate, in_scheme_order, score_entities, score_themes
from training.token_formats import from_tokens
from training.token_scoring import score_tokens

TEXT = "سردار حسین رستمی در تهران گفت"


def article(*spans: tuple[int, int, str], number: int = 0) -> Article:
    return Article(str(number), TEXT, tuple(GoldSpan(*span) for span in spans), None, f"a.jsonl:{number}")


def found(*spans: tuple[int, int, str], text: str = TEXT) -> list[Entity]:
    return [Entity(start, end, label, text[start:end], 0.9) for start, end, label in spans]


def themed(*themes: tuple[str, ...] | None) -> Article:
    sentences = tuple(GoldSentence(2 * n, 2 * n + 1, carried, None) for n, carried in enumerate(themes))
    return Article("t", ". " * len(themes), None, sentences, "t.jsonl:1")


def test_only_exact_offsets_and_label_count() -> None:
    gold = [article((0, 5, "RANK"), (6, 16, "SPEAKER"), (20, 25, "LOC"))]
    scores = score_entities(gold, [found((0, 5, "RANK"), (6, 10, "SPEAKER"), (20, 25, "ORG"))])
    assert [(name, s.correct, s.predicted, s.support) for name, s in scores.labels.items()] == [
        ("SPEAKER", 0, 1, 1),
        ("RANK", 1, 1, 1),
        ("ORG", 0, 1, 0),
        ("LOC", 0, 0, 1),
    ]
    assert scores.micro.precision == scores.micro.recall == scores.micro.f1 == pytest.approx(1 / 3)
    assert scores.labels["LOC"].precision == scores.labels["ORG"].recall == 0.0


def test_precision_and_recall_are_not_confused() -> None:
    scores = score_entities([article((0, 5, "RANK"))], [found((0, 5, "RANK"), (6, 16, "PERSON"), (20, 25, "LOC"))])
    assert scores.micro.precision == pytest.approx(1 / 3)
    assert scores.micro.recall == 1.0
    assert scores.micro.f1 == pytest.approx(0.5)


def test_unannotated_articles_are_not_counted() -> None:
    plain = Article("x", TEXT, None, None, "a.jsonl:2")
    one = score_entities([article((0, 5, "RANK")), plain], [found((0, 5, "RANK")), found((6, 16, "PERSON"))])
    assert one.micro.f1 == 1.0
    assert one.articles == 1
    none = score_entities([plain], [found((0, 5, "RANK"))])
    assert (none.labels, none.micro.f1, none.micro.support, none.articles) == ({}, 0.0, 0, 0)


def test_gold_and_prediction_must_be_of_as_many_articles() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score_entities([article(), article()], [[]])


def test_intervals_hold_the_score_and_are_the_same_every_time() -> None:
    gold = [article((0, 5, "RANK"), (20, 25, "LOC"), number=n) for n in range(40)]
    predicted = [found((0, 5, "RANK"), *([(20, 25, "LOC")] if n % 4 else [])) for n in range(40)]
    scores = score_entities(gold, predicted)
    low, high = scores.labels["LOC"].interval
    assert low < scores.labels["LOC"].f1 < high < 1
    assert high - low < 0.3
    assert scores.labels["RANK"].interval == (1.0, 1.0)
    assert score_entities(gold, predicted) == scores


def test_articles_are_resampled_not_mentions() -> None:
    """All mistakes in one article of two: a draw has it twice, once or never."""
    gold = [article(*[(n, n + 1, "LOC") for n in range(20)], number=k) for k in range(2)]
    scores = score_entities(gold, [found(*[(n, n + 1, "LOC") for n in range(20)]), []])
    assert scores.micro.interval == (0.0, 1.0)


def test_a_draw_that_holds_nothing_does_not_widen_the_interval_of_a_share() -> None:
    share = estimate(np.array([[3.0, 3.0], [0.0, 0.0]]))
    assert (share.value, share.interval) == (1.0, (1.0, 1.0))
    assert estimate(np.zeros((2, 2))).interval == (0.0, 0.0)
    low, high = estimate(np.array([[3.0, 3.0], [0.0, 1.0]])).interval
    assert (low, high) == (0.0, 1.0)


def test_scoring_a_large_corpus_takes_under_two_seconds() -> None:
    gold = [article((0, 5, "RANK"), (6, 16, "SPEAKER"), (20, 25, "LOC"), number=n) for n in range(2000)]
    themes = [themed(("threat.border",), (), ("cooperation.unity", "threat.warning")) for _ in gold]
    started = time.perf_counter()
    score_entities(gold, [found((0, 5, "RANK"), (6, 16, "SPEAKER"))] * len(gold))
    score_themes(themes, [[("threat.border",), (), ("cooperation.unity",)]] * len(gold))
    assert time.perf_counter() - started < 2


def test_themes_by_hand() -> None:
    gold = [themed(("cooperation.defense", "threat.military"), ("cooperation.unity",), (), None)]
    predicted = [[("cooperation.defense",), ("cooperation.defense",), ("threat.border",), ("threat.border",)]]
    scores = score_themes(gold, predicted)
    assert scores.sentences == 3
    assert scores.themes["cooperation.defense"].precision == 0.5
    assert scores.themes["cooperation.defense"].recall == 1.0
    assert scores.themes["threat.border"].predicted == 1
    # The wrong theme of the right side is right for the side.
    assert (scores.sides["cooperation"].correct, scores.sides["cooperation"].support) == (2, 2)
    assert (scores.sides["threat"].correct, scores.sides["threat"].predicted) == (0, 1)
    assert scores.stance.value == pytest.approx(1 / 3)
    assert (scores.micro.correct, scores.micro.predicted, scores.micro.support) == (1, 3, 3)
    assert scores.macro is None


def test_macro_is_over_themes_with_enough_gold() -> None:
    gold = [themed(("threat.border",)) for _ in range(MACRO_SUPPORT)]
    gold += [themed(("threat.warning",)) for _ in range(MACRO_SUPPORT - 1)]
    predicted = [[("threat.border",)] for _ in range(MACRO_SUPPORT // 2)] + [[()]] * (len(gold) - MACRO_SUPPORT // 2)
    scores = score_themes(gold, predicted)
    assert scores.macro_themes == ("threat.border",)
    assert scores.macro is not None
    assert scores.macro.value == scores.themes["threat.border"].f1 == pytest.approx(2 / 3)
    assert scores.macro.interval[0] < 2 / 3 < scores.macro.interval[1]
    assert scores.stance.value == pytest.approx(10 / 39)


def test_other_themes_and_labels_are_scored_after_those_of_the_scheme() -> None:
    scores = score_themes([themed(("sport",))], [[("sport", "threat.border")]])
    assert list(scores.themes)[-1] == "sport"
    assert scores.themes["sport"].f1 == 1.0
    assert scores.sides["threat"].predicted == 1
    assert in_scheme_order(["PER", "LOC", "DATE", "SPEAKER"]) == ["SPEAKER", "LOC", "DATE", "PER"]


def test_json_form() -> None:
    entities = score_entities([article((0, 5, "RANK"))], [found((0, 5, "RANK"))]).to_dict()
    themes = score_themes([themed(("threat.border",))], [[()]]).to_dict()
    assert json.loads(json.dumps(entities))["labels"]["RANK"]["f1"] == 1.0
    assert json.loads(json.dumps(themes))["sides"]["threat"]["recall"] == 0.0


@st.composite
def _spans(draw: st.DrawFn, tokens: int) -> list[tuple[int, int, str]]:
    """Disjoint spans in tokens."""
    borders = sorted(draw(st.sets(st.integers(0, tokens), max_size=8)))
    labels = st.sampled_from(["PER", "LOC", "ORG"])
    pairs = pairwise(borders)
    return [(first, last, draw(labels)) for first, last in pairs if draw(st.booleans())]


@st.composite
def _corpora(draw: st.DrawFn) -> list[tuple[Article, list[Entity]]]:
    """Token articles with gold and predictions, some of whose borders fall inside a token."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        tokens = draw(st.lists(st.sampled_from(["از", "تهران", "زباله های", "۱۴", "،"]), min_size=1, max_size=12))
        tags = ["O"] * len(tokens)
        for first, last, label in draw(_spans(len(tokens))):
            tags[first:last] = [f"B-{label}", *[f"I-{label}"] * (last - first - 1)]
        gold = from_tokens(str(number), tokens, tags, f"t.jsonl:{number}")
        assert gold.tokens is not None
        entities = []
        for first, last, label in draw(_spans(len(tokens))):
            start, end = gold.tokens[first][0], gold.tokens[last - 1][1]
            inside = end - gold.tokens[last - 1][0] > 1 and draw(st.booleans())
            entities += found((start, end - inside, label), text=gold.text)
        made.append((gold, entities))
    return made


@given(_corpora())
@settings(max_examples=60, deadline=None)
def test_seqeval_agrees_with_the_span_scores(corpus: list[tuple[Article, list[Entity]]]) -> None:
    gold, predicted = [one for one, _ in corpus], [entities for _, entities in corpus]
    ours, seqeval = score_entities(gold, predicted), score_tokens(gold, predicted)
    pairs = [(ours.micro, seqeval["micro"])]
    assert list(seqeval["labels"]) == list(ours.labels)
    pairs += [(ours.labels[label], seqeval["labels"][label]) for label in ours.labels]
    for mine, theirs in pairs:
        assert mine.support == theirs["support"]
        for name in ("precision", "recall", "f1"):
            assert getattr(mine, name) == pytest.approx(theirs[name])
