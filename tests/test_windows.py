"""Windows: every word decided once, where most context is; nothing cut off."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hostile_text import hostile_texts, mutations
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from inference.document import Document
from inference.errors import SokhanError
from inference.windows import DROPPED, Window, Windower, WindowSize

KINDS = ["bert", "modernbert", "xlm-roberta"]


@pytest.fixture(scope="module")
def whole_word_tokenizer() -> PreTrainedTokenizerFast:
    """One token a word, `w0` to `w1999`, so that a window's tokens say which words it shows."""
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3} | {f"w{n}": n + 4 for n in range(2000)}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )


def shown_words(window: Window) -> list[int]:
    return [token - 4 for token in window.input_ids if token >= 4]


def numbered(lines: list[list[int]]) -> Document:
    """Lines of sentences of so many words: `w0 w1 w2 ...`, each with its number; a sentence ends in `!`."""
    number = iter(range(2000))
    return Document(
        "\n".join(
            " ".join(" ".join(f"w{next(number)}" for _ in range(size)) + " !" for size in line) for line in lines
        )
    )


def assert_decided_once(windows: list[Window], document: Document, max_length: int) -> None:
    decided = sorted(word for window in windows for word in window.words)
    assert decided == list(range(len(document.words)))
    for window in windows:
        assert len(window.input_ids) <= max_length
        assert len(window.words) == len(window.places)
        places = [place for place in window.places if place != DROPPED]
        assert places == sorted(set(places))
        assert all(0 < place < len(window.input_ids) - 1 for place in places)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("max_length", "overlap"), [(8, 0), (8, 4), (16, 5), (64, 16), (192, 64)])
def test_every_word_is_decided_once(
    kind: str, max_length: int, overlap: int, make_encoder: Callable[[str], Path]
) -> None:
    windower = Windower(AutoTokenizer.from_pretrained(make_encoder(kind)), WindowSize(max_length, overlap))
    articles = list(mutations(30, seed=3))
    for text in [*articles, " ".join(articles[:10]), "\n".join(articles), "ا" * 2000, "", "\u064b"]:
        document = Document(text)
        assert_decided_once(windower(document), document, max_length)


@settings(max_examples=100, deadline=None)
@given(text=hostile_texts(), max_length=st.integers(8, 40), share=st.floats(0, 0.5))
def test_any_text_any_size(
    persian_tokenizer: PreTrainedTokenizerFast, text: str, max_length: int, share: float
) -> None:
    document = Document(text)
    windows = Windower(persian_tokenizer, WindowSize(max_length, int(max_length * share)))(document)
    assert_decided_once(windows, document, max_length)


LINES = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=4), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    max_length=st.integers(10, 40),
    share=st.floats(0, 0.5),
)
def test_a_word_is_decided_where_most_is_around_it(
    whole_word_tokenizer: PreTrainedTokenizerFast, lines: list[int], max_length: int, share: float
) -> None:
    number = iter(range(2000))
    document = Document("\n".join(" ".join(f"w{next(number)}" for _ in range(size)) for size in lines))
    windows = Windower(whole_word_tokenizer, WindowSize(max_length, int(max_length * share)))(document)
    assert_decided_once(windows, document, max_length)
    last = len(document.words) - 1
    shown = [shown_words(window) for window in windows]

    def context(words: list[int], word: int) -> float:
        """Words on the poorer side; the edges of the document hide nothing."""
        before = word - words[0] if words[0] > 0 else float("inf")
        behind = words[-1] - word if words[-1] < last else float("inf")
        return min(before, behind)

    for window, own in zip(windows, shown, strict=True):
        for word in window.words:
            assert context(own, word) == max(context(words, word) for words in shown if word in words)


@settings(max_examples=100, deadline=None)
@given(lines=LINES, max_length=st.integers(10, 40), share=st.floats(0, 0.5))
def test_overlap_is_respected(
    whole_word_tokenizer: PreTrainedTokenizerFast, lines: list[list[int]], max_length: int, share: float
) -> None:
    overlap = int(max_length * share)
    windows = Windower(whole_word_tokenizer, WindowSize(max_length, overlap))(numbered(lines))
    for before, behind in pairwise(windows):
        assert len(set(shown_words(before)) & set(shown_words(behind))) <= overlap


def test_whole_sentences_share_their_document(whole_word_tokenizer: PreTrainedTokenizerFast) -> None:
    windows = Windower(whole_word_tokenizer, WindowSize(22, 6))(numbered([[4], [5, 4], [5]]))
    # Tokens: 4 + mark, SEP, 5 + mark, 4 + mark = 17 of 20; the last line would need 7 more.
    assert [shown_words(window) for window in windows] == [[*range(13)], [*range(9, 18)]]
    assert [window.words[0] for window in windows] == [0, windows[0].words[-1] + 1]


def test_a_long_sentence_is_split_at_words_and_its_parts_overlap(
    whole_word_tokenizer: PreTrainedTokenizerFast,
) -> None:
    document = Document(" ".join(f"w{n}" for n in range(500)))
    windows = Windower(whole_word_tokenizer, WindowSize(50, 20))(document)
    assert_decided_once(windows, document, 50)
    shown = [shown_words(window) for window in windows]
    for before, behind in pairwise(shown):
        assert 10 <= len(set(before) & set(behind)) <= 20
    for window, words in zip(windows, shown, strict=True):
        assert window.words[0] == 0 or window.words[0] - words[0] >= 5
        assert window.words[-1] == 499 or words[-1] - window.words[-1] >= 5


def test_a_window_is_full_before_another_begins(whole_word_tokenizer: PreTrainedTokenizerFast) -> None:
    windows = Windower(whole_word_tokenizer, WindowSize(50, 0))(Document(" ".join(f"w{n}" for n in range(480))))
    assert max(len(window.input_ids) for window in windows) >= 49
    assert len(windows) <= 480 // 46 + 1


def test_lines_are_parted_by_a_separator(whole_word_tokenizer: PreTrainedTokenizerFast) -> None:
    # A line of marks alone has no words; the next sentence of that line begins it all the same.
    windows = Windower(whole_word_tokenizer, WindowSize(50, 8))(Document("w0\nw1 w2. w3\n\u064b! w4"))
    tokens = windows[0].input_ids
    assert tokens == [2, 4, 3, 5, 6, 1, 7, 3, 1, 8, 3]


def test_a_dropped_word_keeps_its_place(whole_word_tokenizer: PreTrainedTokenizerFast) -> None:
    tokenizer = copy.deepcopy(whole_word_tokenizer)
    tokenizer.backend_tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True)
    document = Document("w0 \x07 w1 \x07")
    (window,) = Windower(tokenizer, WindowSize(64, 16))(document)
    assert window.input_ids == [2, 4, 5, 3]
    assert dict(zip(window.words, window.places, strict=True)) == {0: 1, 1: DROPPED, 2: 2, 3: DROPPED}


@pytest.mark.parametrize(("max_length", "overlap"), [(7, 0), (64, 33), (64, -1)])
def test_impossible_sizes_are_errors(max_length: int, overlap: int) -> None:
    with pytest.raises(SokhanError, match=r"windows\."):
        WindowSize(max_length, overlap)


def test_windows_grow_with_the_text(whole_word_tokenizer: PreTrainedTokenizerFast) -> None:
    """Work is counted, not timed: twice the text makes twice the tokens."""
    windower = Windower(whole_word_tokenizer, WindowSize(64, 24))

    def tokens(text: str) -> int:
        return sum(len(window.input_ids) for window in windower(Document(text)))

    for piece in ("w1 w2 w3. ", "w1 w2\n", "w1 "):
        assert tokens(piece * 8000) <= 2.1 * tokens(piece * 4000)
