"""Learning from labels that may mean several of ours: the loss against enumeration, the meanings by hand."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import SokhanError
from inference.labels import bio_tags
from training.lattice import BioMarginalLoss, at_words
from training.meanings import AllowedTags, unpacked

TAGS = bio_tags(["SPEAKER", "PERSON", "RANK"])


def valid(path: tuple[int, ...]) -> bool:
    """Whether every `I-X` but the first word's follows an `X`."""
    names = [TAGS[tag] for tag in path]
    pairs = pairwise(names)
    return all(after[0] != "I" or (before != "O" and before[2:] == after[2:]) for before, after in pairs)


def by_enumeration(logits: torch.Tensor, allowed: torch.Tensor) -> float:
    """The loss of one row, over every sequence there is."""
    every, ours = [], []
    for path in product(range(len(TAGS)), repeat=len(logits)):
        if valid(path):
            score = sum(logits[word, tag] for word, tag in enumerate(path))
            every.append(score)
            if all(allowed[word, tag] for word, tag in enumerate(path)):
                ours.append(score)
    return float(torch.logsumexp(torch.stack(every), 0) - torch.logsumexp(torch.stack(ours), 0))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_the_loss_equals_enumeration_over_all_sequences(seed: int) -> None:
    torch.manual_seed(seed)
    words = torch.randint(1, 4, (3,))
    logits = torch.log_softmax(3 * torch.randn(3, 3, len(TAGS)), -1)
    allowed = torch.rand(3, 3, len(TAGS)) < 0.4
    allowed[..., 0] = True  # so that a valid sequence is allowed
    expected = [by_enumeration(logits[row, :count], allowed[row, :count]) for row, count in enumerate(words.tolist())]
    found = BioMarginalLoss(TAGS)(logits, allowed, words)
    assert float(found) == pytest.approx(sum(expected) / int(words.sum()), abs=1e-4)


def test_one_tag_a_word_is_the_likelihood_of_that_sequence_and_gradients_point_to_it() -> None:
    logits = torch.zeros(1, 4, len(TAGS), requires_grad=True)
    allowed = torch.zeros(1, 4, len(TAGS), dtype=torch.bool)
    for word, tag in enumerate(("B-RANK", "B-SPEAKER", "I-SPEAKER", "O")):
        allowed[0, word, TAGS.index(tag)] = True
    loss = BioMarginalLoss(TAGS)(logits, allowed, torch.tensor([4]))
    loss.backward()
    assert float(loss.detach()) == pytest.approx(by_enumeration(logits[0].detach(), allowed[0]) / 4, abs=1e-5)
    assert logits.grad is not None
    assert bool((logits.grad[allowed] < 0).all())


def test_silence_that_may_mean_a_rank_teaches_nothing_about_ranks() -> None:
    """Whichever of O and RANK the model believes, the loss is the same; a SPEAKER there costs."""
    allowed = unpacked(
        torch.tensor([AllowedTags(["SPEAKER", "PERSON", "RANK"], {"O": ["O", "RANK"]})(2, [])]), len(TAGS)
    )

    def loss(*believed: str) -> float:
        logits = torch.full((1, 2, len(TAGS)), -9.0)
        for word, tag in enumerate(believed):
            logits[0, word, TAGS.index(tag)] = 9.0
        return float(BioMarginalLoss(TAGS)(logits, allowed, torch.tensor([2])))

    assert loss("O", "O") == pytest.approx(0, abs=1e-4)
    assert loss("B-RANK", "I-RANK") == pytest.approx(0, abs=1e-4)
    assert loss("O", "B-SPEAKER") > 5


def names(bits: int) -> set[str]:
    return {tag for number, tag in enumerate(TAGS) if bits >> number & 1}


def test_meanings_by_hand() -> None:
    allow = AllowedTags(
        ["SPEAKER", "PERSON", "RANK"],
        {"PER": ["SPEAKER", "PERSON"], "DAT": ["O"], "O": ["O", "RANK"]},
        {"PER": ["O", "RANK"]},
    )
    assert set(allow.known) == {"SPEAKER", "PERSON", "RANK", "PER", "DAT"}
    free = {"O", "B-RANK", "I-RANK"}
    found = [names(bits) for bits in allow(8, [(1, 4, "PER"), (5, 7, "DAT"), (7, 8, "RANK")])]
    assert found[0] == free
    assert found[1] == {"B-SPEAKER", "B-PERSON"} | free
    assert found[2] == {"B-SPEAKER", "B-PERSON", "I-SPEAKER", "I-PERSON"} | free
    assert found[3] == {"B-SPEAKER", "B-PERSON", "I-SPEAKER", "I-PERSON"}
    assert found[4] == free
    assert found[5] == found[6] == {"O"}
    assert found[7] == {"B-RANK"}
    with pytest.raises(SokhanError, match=r"unknown label 'SPEAKR'.*SPEAKER"):
        AllowedTags(["SPEAKER"], {"PER": ["SPEAKR"]})


def test_a_mention_may_reach_over_unmarked_words_around_it() -> None:
    allow = AllowedTags(["SPEAKER", "PERSON", "RANK"], {"PER": ["PERSON"]}, around={"PER": 2})
    found = [names(bits) for bits in allow(8, [(3, 5, "PER"), (6, 7, "PER")])]
    assert found[0] == {"O"}, "too far"
    assert found[1] == found[2] == {"O", "B-PERSON", "I-PERSON"}
    assert found[3] == {"B-PERSON", "I-PERSON"}, "it may have begun before"
    assert found[4] == {"I-PERSON"}
    assert found[5] == {"O", "B-PERSON", "I-PERSON"}, "either mention may have it"
    assert found[7] == {"O", "I-PERSON"}, "nothing begins behind a mention"
    marked = [names(bits) for bits in allow(3, [(0, 1, "PER"), (1, 3, "RANK")])]
    assert marked == [{"B-PERSON"}, {"B-RANK"}, {"I-RANK"}], "marked words stay what they are"


def test_words_move_to_the_front_of_their_row() -> None:
    values = torch.arange(10).reshape(2, 5)
    is_word = torch.tensor([[0, 1, 0, 1, 0], [1, 0, 0, 0, 0]]) == 1
    found, words = at_words(values, is_word)
    assert words.tolist() == [2, 1]
    assert found[0].tolist() == [1, 3]
    assert found[1, 0] == 5
    deep, _ = at_words(values[..., None].expand(2, 5, 3), is_word)
    assert deep[0].tolist() == [[1, 1, 1], [3, 3, 3]]
