"""A model trained for real, and the entity at the very end of texts of 2 MB."""

from __future__ import annotations

import random
import time

import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
    PreTrainedTokenizerFast,
)

from inference.annotator import Annotator
from inference.batching import pad
from inference.checkpoint import ModelSettings
from inference.document import Document
from inference.labels import THEMES, bio_tags
from inference.windows import DROPPED, Windower, WindowSize
from training.pretraining.tokenizer import train_tokenizer

NOTHING_NAMED = "در دیدار امروز مردم شهر از گسترش همکاری خبر داد که پس آن راه آب نان کار سال ماه روز شب باران"
WORDS = NOTHING_NAMED.split()
NAME = "کریم‌خان یلماز"
SIZE = WindowSize(64, 16)


def sentence(chance: random.Random, *inside: str) -> str:
    words = [*chance.choices(WORDS, k=chance.randint(4, 12)), *inside]
    chance.shuffle(words)
    return " ".join(words) + "."


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer([NOTHING_NAMED, NAME] * 20, vocab_size=400, max_length=SIZE.max_length)


@pytest.fixture(scope="module")
def annotator(tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    """An annotator whose `ner` has learnt the name, and whose `themes` has learnt nothing."""
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    size = {"vocab_size": len(tokenizer), "max_position_embeddings": SIZE.max_length, **shape}
    root = tmp_path_factory.mktemp("trained")
    ner = BertForTokenClassification(_config(size, bio_tags(["PERSON"])))
    _learn(ner, tokenizer)
    themes = BertForSequenceClassification(_config(size, list(THEMES)))
    for name, model in (("ner", ner), ("themes", themes)):
        model.save_pretrained(root / name)
        tokenizer.save_pretrained(root / name)
        ModelSettings(name, SIZE.max_length, SIZE.overlap).save(root / name)  # type: ignore[arg-type]
    return Annotator(ner=root / "ner", themes=root / "themes", device="cpu")


def _config(size: dict[str, int], labels: list[str]) -> BertConfig:
    names = dict(enumerate(labels))
    return BertConfig(**size, id2label=names, label2id={v: k for k, v in names.items()})


def _learn(model: BertForTokenClassification, tokenizer: PreTrainedTokenizerFast) -> None:
    """Learn the name from a hundred articles, fed through the windows that serve them."""
    chance = random.Random(0)
    inputs, labels = [], []
    for _ in range(100):
        text = "\n".join(sentence(chance, *([NAME] if chance.random() < 0.5 else [])) for _ in range(6))
        document = Document(text)
        names = NAME.split()
        for window in Windower(tokenizer, SIZE)(document):
            row = [-100] * len(window.input_ids)
            for word, place in zip(window.words, window.places, strict=True):
                text_of = document.words[word].text
                if place != DROPPED:
                    row[place] = names.index(text_of) + 1 if text_of in names else 0
            inputs.append(window.input_ids)
            labels.append(row)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for step in range(60):
        chosen = [(step * 16 + n) % len(inputs) for n in range(16)]
        ids = torch.from_numpy(pad([inputs[n] for n in chosen], tokenizer.pad_token_id))
        loss = model(
            input_ids=ids,
            attention_mask=(ids != tokenizer.pad_token_id).long(),
            labels=torch.from_numpy(pad([labels[n] for n in chosen], -100)),
        ).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_it_has_learnt_the_name(annotator: Annotator) -> None:
    found = annotator.annotate(f"در دیدار امروز {NAME} از گسترش همکاری خبر داد.\nمردم شهر نان و آب.")
    assert [(entity.label, entity.text) for entity in found.entities] == [("PERSON", NAME)]


def megabytes(join: str) -> str:
    """2 MB of sentences and, as the very last words, the name."""
    chance = random.Random(1)
    block = "".join(sentence(chance).rstrip(".") + join for _ in range(2000))
    return block * (2_000_000 // len(block.encode()) + 1) + f"در دیدار امروز {NAME}"


@pytest.mark.parametrize(
    "join", [pytest.param(".\n", id="many lines"), pytest.param(" ", id="one line, one sentence")]
)
def test_the_last_words_of_two_megabytes_are_read(annotator: Annotator, join: str) -> None:
    text = megabytes(join)
    assert len(text.encode()) > 2_000_000
    begun = time.process_time()
    found = annotator.annotate(text)
    seconds = time.process_time() - begun
    last = found.entities[-1]
    assert (last.label, last.text, last.start, last.end) == ("PERSON", NAME, len(text) - len(NAME), len(text))
    assert found.sentences[-1].end == len(text)
    assert seconds < 60


def test_a_name_across_the_edge_of_windows_is_found_once(annotator: Annotator) -> None:
    """One sentence without end, the name at every distance from the edges of windows."""
    chance = random.Random(2)
    filler = " ".join(chance.choices(WORDS, k=200))
    words = filler.split()
    for place in range(0, 200, 3):
        text = " ".join([*words[:place], NAME, *words[place:]])
        assert [entity.text for entity in annotator.annotate(text).entities] == [NAME], place
