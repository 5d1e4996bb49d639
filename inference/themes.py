"""Themes of sentences: a multi-label sentence classifier that sees title and previous sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.annotation import Theme
from inference.batching import budget_batches
from inference.checkpoint import LoadedModel
from inference.document import Document
from inference.labels import SPEECH
from inference.tokenizer import FastTokenizer, plain_backend

# More of a title or sentence fits into no input; an endless one would be read again for every sentence.
_CONTEXT_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class ThemeInput:
    """One model input: tokens of the sentence, or a part of it, and of its context.

    Attributes:
        input_ids: Tokens, special ones included.
        type_ids: 0 in the first segment, 1 in the second.
        sentence: Number of the sentence in its document.
    """

    input_ids: list[int]
    type_ids: list[int]
    sentence: int


def text_pairs(document: Document, context: bool = True) -> list[tuple[str, str]]:
    """What the classifier reads of each sentence: the sentence; title and previous sentence.

    These are the `text` and `text_pair` of transformers' text-classification pipeline.
    """
    texts = [sentence.normalized for sentence in document.sentences]
    if not context:
        return [(text, "") for text in texts]
    shown = [text[:_CONTEXT_CHARACTERS] for text in texts]
    pairs = []
    for number, text in enumerate(texts):
        before = shown[:1] if number == 1 else [*shown[:1], shown[number - 1]] if number else []
        pairs.append((text, " ".join(before)))
    return pairs


class ThemeEncoder:
    """Turns sentences into model inputs; training and serving share it. Safe for threads."""

    def __init__(self, tokenizer: FastTokenizer, max_length: int, context: bool) -> None:
        self._backend = plain_backend(tokenizer)
        self._max_length = max_length
        self._context = context

    def __call__(self, document: Document) -> list[ThemeInput]:
        """Inputs of all sentences; one that is longer than `max_length` gives several, overlapping by half."""
        pairs = text_pairs(document, self._context)
        first = self._backend.encode_batch([text for text, _ in pairs], add_special_tokens=False)
        second = self._backend.encode_batch([text for _, text in pairs], add_special_tokens=False)
        return [
            made
            for number, (sentence, context) in enumerate(zip(first, second, strict=True))
            for made in self._inputs(number, sentence, context)
        ]

    def _inputs(self, number: int, sentence: Any, context: Any) -> Iterator[ThemeInput]:
        paired = len(context) > 0
        room = self._max_length - self._backend.num_special_tokens_to_add(paired)
        if len(sentence) > room:
            # No place for context; the parts are read by themselves.
            alone = self._max_length - self._backend.num_special_tokens_to_add(False)
            sentence.truncate(alone, stride=alone // 2)
            for part in (sentence, *sentence.overflowing):
                yield self._input(number, part, None)
            return
        if paired:
            context.truncate(room - len(sentence))
        yield self._input(number, sentence, context if len(context) else None)

    def _input(self, number: int, sentence: Any, context: Any) -> ThemeInput:
        encoding = self._backend.post_process(sentence, context)
        return ThemeInput(encoding.ids, encoding.type_ids, number)


class ThemeClassifier:
    """Gives sentences their themes. Safe for threads."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._calibration = loaded.calibration
        settings = loaded.settings
        self._typed = "token_type_ids" in loaded.tokenizer.model_input_names
        self._encode = ThemeEncoder(loaded.tokenizer, settings.max_length, settings.context)
        # What a model may have learned besides stands behind the themes.
        self.names = [name for name in loaded.outputs if name != SPEECH]
        self._hears = SPEECH in loaded.outputs
        single = settings.thresholds or {}
        self.thresholds = np.array([single.get(name, settings.threshold) for name in self.names])

    def __call__(self, documents: Sequence[Document]) -> list[list[tuple[Theme, ...]]]:
        """Themes of each sentence of each document, likeliest first."""
        return [themes for themes, _ in self.read(documents)]

    def read(self, documents: Sequence[Document]) -> list[tuple[list[tuple[Theme, ...]], list[float] | None]]:
        """For each document the themes of each sentence, likeliest first, and the probability that each sentence
        reports speech; None if the model has not learned that."""
        both = []
        for outputs in self._outputs(documents):
            themes = [self._carried(row) for row in self._calibrated(outputs)]
            both.append((themes, outputs[:, -1].tolist() if self._hears else None))
        return both

    def scores(self, documents: Sequence[Document]) -> list[npt.NDArray[np.float32]]:
        """Probability of every theme, for each document `(sentences, themes)`.

        A long sentence that was read in parts has the highest score of its parts. Calibrated if the model is.
        """
        return [self._calibrated(outputs) for outputs in self._outputs(documents)]

    def _calibrated(self, outputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        scores = outputs[:, : len(self.names)]
        return scores if self._calibration is None else self._calibration(scores)

    def _outputs(self, documents: Sequence[Document]) -> list[npt.NDArray[np.float32]]:
        """All outputs of the model as probabilities, for each document `(sentences, outputs)`."""
        inputs: list[ThemeInput] = []
        origin: list[int] = []
        for number, document in enumerate(documents):
            of_document = self._encode(document)
            inputs += of_document
            origin += [number] * len(of_document)
        width = len(self.names) + self._hears
        scores = [np.zeros((len(d.sentences), width), dtype=np.float32) for d in documents]
        lengths = [len(made.input_ids) for made in inputs]
        for batch in budget_batches(lengths, self._loaded.backend.tokens_a_batch):
            chosen = [inputs[index] for index in batch]
            types = [made.type_ids for made in chosen] if self._typed else None
            found = self._loaded.scores([made.input_ids for made in chosen], types)
            for made, index, row in zip(chosen, batch, found, strict=True):
                place = scores[origin[index]][made.sentence]
                np.maximum(place, row, out=place)
        return scores

    def _carried(self, row: npt.NDArray[np.float32]) -> tuple[Theme, ...]:
        carried = [Theme(self.names[i], float(row[i])) for i in np.flatnonzero(row >= self.thresholds)]
        return tuple(sorted(carried, key=lambda theme: -theme.score))
