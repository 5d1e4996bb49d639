"""Dirty variants: what changes, and that every offset moves along."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.document import Document
from inference.normalize import ZWNJ, fold
from training.articles import Article, GoldSentence, GoldSpan, GoldSpeech, Piece
from training.augmentation import ALL_DIRT, Dirt, Edit, augmented, dirty, edited, without_zwnj
from training.checking import inexpressible, letters
from training.formats import read_articles

SEEDS = Path(__file__).parent.parent / "seeds"
TEXT = f"همکاری{ZWNJ}های دو کشور\nژنرال کریم{ZWNJ}خان، وزیر دفاع، گفت: ۱۲ گروهک را شناسایی کرده{ZWNJ}ایم. او رفت."


def article(text: str = TEXT) -> Article:
    document = Document(text)
    sentences = tuple(GoldSentence(s.start, s.end, (), None) for s in document.sentences)
    at = text.index("کریم")
    spans = (GoldSpan(at - 6, at - 1, "RANK"), GoldSpan(at, text.index("،"), "SPEAKER"))
    cue = text.index("گفت")
    speech = GoldSpeech("direct", (Piece(cue, cue + 3),), (Piece(cue + 5, sentences[1].end - 1),))
    return Article("a", text, spans, (sentences[0], replace(sentences[1], speech=speech), *sentences[2:]), "here:1")


def surfaces(one: Article) -> list[str]:
    """Letters of everything that has a place in the text."""
    places = [*(one.entities or ()), *(one.sentences or ())]
    for sentence in one.sentences or ():
        if sentence.speech:
            places += [*sentence.speech.cue, *sentence.speech.content, *sentence.speech.addressee]
    return [letters(one.text[place.start : place.end]) for place in places]


@pytest.mark.parametrize("kind", ALL_DIRT)
def test_each_kind_changes_the_text_and_no_letter_of_any_span(kind: Dirt) -> None:
    made = [dirty(article(), [kind], random.Random(seed)) for seed in range(40)]
    assert any(one.text != TEXT for one in made)
    for one in made:
        assert surfaces(one) == surfaces(article())
        assert one.text.count("\n") == 1


def test_the_kinds_do_what_they_say() -> None:
    made = {kind: [dirty(article(), [kind], random.Random(seed)).text for seed in range(60)] for kind in ALL_DIRT}
    assert all("همکاریهای دو" in text for text in made["plurals"])
    assert any("همکاری های دو" in text for text in made["zwnj"])
    assert any(f"کریم{ZWNJ}{ZWNJ}خان" in text for text in made["zwnj"])
    assert all("هم" + "كاري" in text for text in made["arabic"])
    assert any("گفت:۱۲" in text for text in made["punctuation"])
    assert any("دفاع ، گفت" in text for text in made["punctuation"])
    assert any("\u00a0" in text for text in made["nbsp"])
    assert {"12", "۱۲", "١٢"} == {text.split("گفت: ")[1][:2] for text in made["digits"]}
    assert any("\u0651" in text for text in made["diacritics"])


def test_what_is_put_in_at_the_end_of_a_name_is_not_part_of_it() -> None:
    end = TEXT.index("،")
    made = edited(article(), [Edit(end, end, "  "), Edit(end + 1, end + 2, "")])
    span = (made.entities or ())[1]
    assert made.text[span.start : span.end] == f"کریم{ZWNJ}خان"
    assert made.text[span.end :].startswith("  ،وزیر")


def test_without_zwnj_every_span_stays() -> None:
    made = without_zwnj(article())
    assert ZWNJ not in made.text
    assert surfaces(made) == surfaces(article())
    assert made.text.startswith("همکاریهای دو کشور")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.lists(st.sampled_from(ALL_DIRT), min_size=1, unique=True))
def test_seed_articles_keep_sentences_words_and_spans(seed: int, kinds: list[Dirt]) -> None:
    chance = random.Random(seed)
    clean = chance.choice(_seeds())
    made = dirty(clean, kinds, chance)
    document = Document(made.text)
    assert [(s.start, s.end) for s in made.sentences or ()] == [(s.start, s.end) for s in document.sentences]
    assert inexpressible(document, made.entities or ()) == []
    assert surfaces(made) == surfaces(clean)


@settings(deadline=None)
@given(st.text("آبیکه ۱2" + ZWNJ + "،.:؟»\n()a\u064e", max_size=60), st.integers(0, 1000))
def test_any_text_keeps_its_sentences(text: str, seed: int) -> None:
    document = Document(text)
    clean = Article("x", text, (), tuple(GoldSentence(s.start, s.end, (), None) for s in document.sentences), "x:1")
    made = dirty(clean, ALL_DIRT, random.Random(seed))
    ours = [(s.start, s.end) for s in Document(made.text).sentences]
    assert ours == [(s.start, s.end) for s in made.sentences or ()]
    assert letters(made.text) == letters(text)


def test_the_share_is_kept_and_the_choice_is_the_articles_own() -> None:
    many = [replace(article(), id=f"n{number}") for number in range(200)]
    made = list(augmented(many, 0.5, ALL_DIRT, seed=3))
    changed = [one.id for one in made if one.text != TEXT]
    assert 60 < len(changed) < 120
    assert made[50:] == list(augmented(many[50:], 0.5, ALL_DIRT, seed=3))
    assert list(augmented(many, 0.0, ALL_DIRT, seed=3)) == many
    assert all(fold(one.text).text for one in made)


_cache: list[Article] = []


def _seeds() -> list[Article]:
    if not _cache:
        _cache.extend(read_articles(SEEDS))
    return _cache
