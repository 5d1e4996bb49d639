"""Entities of documents: windows, token classifier, stitched scores, decoding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.annotation import Entity
from inference.batching import Array, budget_batches
from inference.checkpoint import LoadedModel
from inference.decoding import BioDecoder
from inference.document import Document
from inference.labels import OUTSIDE, tags_of, tags_to_spans
from inference.windows import DROPPED, Window, Windower, WindowSize

_IMPOSSIBLE = -1e4


class Tagger:
    """Finds entities with a token classifier. Safe for threads."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._calibration = loaded.calibration
        self.tags = tags_of(loaded.outputs)
        self._decode = BioDecoder(self.tags)
        self._windows = Windower(loaded.tokenizer, WindowSize(loaded.settings.max_length, loaded.settings.overlap))
        # A word that the tokenizer dropped was never read: it is O.
        self._outside = np.full(len(self.tags), _IMPOSSIBLE, dtype=np.float32)
        self._outside[self.tags.index(OUTSIDE)] = 0.0

    def __call__(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """Entities of each document, in order of appearance."""
        scores = self.word_scores(documents)
        sentences: list[Array] = []
        for document, of_document in zip(documents, scores, strict=True):
            ends = np.cumsum([len(sentence.words) for sentence in document.sentences])[:-1]
            sentences += np.split(of_document, ends) if document.sentences else []
        paths = iter(self._decode(sentences))
        scored = iter(sentences)
        return [self._entities(document, paths, scored) for document in documents]

    def word_scores(self, documents: Sequence[Document]) -> list[Array]:
        """Log-probabilities of the tags, for each document `(words, tags)`, stitched over its windows."""
        windows: list[Window] = []
        origin: list[int] = []
        for number, document in enumerate(documents):
            of_document = self._windows(document)
            windows += of_document
            origin += [number] * len(of_document)
        scores = [np.tile(self._outside, (len(document.words), 1)) for document in documents]
        lengths = [len(window.input_ids) for window in windows]
        for batch in budget_batches(lengths, self._loaded.backend.tokens_a_batch):
            log_scores = self._loaded.scores([windows[index].input_ids for index in batch])
            for row, index in enumerate(batch):
                window = windows[index]
                words, places = np.array(window.words, dtype=int), np.array(window.places, dtype=int)
                read = places != DROPPED
                scores[origin[index]][words[read]] = log_scores[row, places[read]]
        return scores

    def _entities(self, document: Document, paths, scored) -> list[Entity]:  # type: ignore[no-untyped-def]
        spans: list[tuple[int, int, str]] = []
        sureness: list[float] = []
        for sentence in document.sentences:
            path, log_scores = next(paths), next(scored)
            for first, last, label in tags_to_spans([self.tags[tag] for tag in path]):
                start, end = sentence.words[first].start, sentence.words[last - 1].end
                # A span is as sure as its least sure word.
                sureness.append(min(float(log_scores[word, path[word]]) for word in range(first, last)))
                spans.append((start, end, label))
        scores = np.exp(np.array(sureness))
        if self._calibration is not None:
            scores = self._calibration(scores)
        return [
            Entity(start, end, label, document.text[start:end], score)
            for (start, end, label), score in zip(spans, scores.tolist(), strict=True)
        ]
