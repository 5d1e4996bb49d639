"""What differs between the two classifiers; everything else of a run is the same for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, PreTrainedTokenizerFast

from inference.checkpoint import LoadedModel, ModelSettings
from inference.document import Document
from inference.labels import SIDES, SPEECH, bio_tags, side
from inference.tagger import Tagger
from inference.themes import ThemeClassifier
from training.config import FineTuningConfig, NerConfig, ThemesConfig
from training.data import Sourced, allowed_tags
from training.examples import IGNORED, Row, ner_examples, theme_examples
from training.formats import Article
from training.lattice import BioMarginalLoss, at_words
from training.meanings import unpacked
from training.scoring import score_entities

_AS_GOOD = 0.005
_THRESHOLDS = np.arange(0.15, 0.71, 0.05)


class NerTask:
    """Entities with a token classifier.

    Attributes:
        auto: The `transformers` class that loads the model.
        problem_type: As in `transformers`' configuration, if it needs to be told.
        per_token: Whether there is an output for every token or one for the input.
        outputs: What the model's outputs mean, in order.
        settings: How the model is to be fed.
    """

    auto = AutoModelForTokenClassification
    problem_type = None
    per_token = True

    def __init__(self, config: NerConfig) -> None:
        self._config = config
        self.outputs = tuple(bio_tags(config.labels))
        self.settings = ModelSettings("ner", config.windows.max_length, config.windows.overlap)
        self._marginal = BioMarginalLoss(self.outputs)

    def examples(self, train: Sourced, tokenizer: PreTrainedTokenizerFast) -> list[Row]:
        """Model inputs with targets: which tags the labels of the source allow."""
        allowed = allowed_tags(self._config, train.source)
        return ner_examples(train.articles, tokenizer, self._config, allowed)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean loss of a word, from logits `(rows, tokens, tags)` and allowed tags `(rows, tokens)`."""
        is_word = labels != IGNORED
        scores, words = at_words(logits, is_word)
        bits, _ = at_words(labels, is_word)
        return self._marginal(scores, unpacked(bits, len(self.outputs)), words)

    def metrics(self, loaded: LoadedModel, dev: Sequence[Article]) -> dict[str, float]:
        """Scores while training; `score` chooses the checkpoint."""
        documents = [Document(article.text) for article in dev]
        micro = score_entities(dev, Tagger(loaded)(documents)).micro
        return {"score": micro.f1, "precision": micro.precision, "recall": micro.recall}

    def calibrated(self, loaded: LoadedModel, dev: Sequence[Article]) -> ModelSettings:
        """The settings with what dev decides."""
        return self.settings


class ThemesTask:
    """Themes with a multi-label sentence classifier; its attributes are those of `NerTask`."""

    auto = AutoModelForSequenceClassification
    problem_type = "multi_label_classification"
    per_token = False

    def __init__(self, config: ThemesConfig) -> None:
        self._config = config
        self.outputs = (*config.labels, SPEECH) if config.speech else config.labels
        self.settings = ModelSettings("themes", config.windows.max_length, context=config.windows.context)

    def examples(self, train: Sourced, tokenizer: PreTrainedTokenizerFast) -> list[Row]:
        """Model inputs with targets."""
        return theme_examples(train.articles, tokenizer, self._config)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean binary cross-entropy of a theme, from logits and labels `(rows, themes)`."""
        return binary_cross_entropy_with_logits(logits.float(), labels)

    def metrics(self, loaded: LoadedModel, dev: Sequence[Article]) -> dict[str, float]:
        """Scores while training; `score` chooses the checkpoint."""
        gold, scores = self._dev_scores(loaded, dev)
        score, threshold = _best_threshold(gold, scores, self._config.labels)
        return {"score": score, "threshold": threshold, "f1_at_0.5": _score(gold, scores >= 0.5, self._config.labels)}

    def calibrated(self, loaded: LoadedModel, dev: Sequence[Article]) -> ModelSettings:
        """The settings with what dev decides."""
        _, threshold = _best_threshold(*self._dev_scores(loaded, dev), self._config.labels)
        return replace(self.settings, threshold=threshold)

    def _dev_scores(
        self, loaded: LoadedModel, dev: Sequence[Article]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float32]]:
        """Gold and scores of the annotated sentences, both `(sentences, themes)`."""
        documents = [Document(article.text) for article in dev]
        gold: list[list[bool]] = []
        scores: list[npt.NDArray[np.float32]] = []
        for article, document, rows in zip(dev, documents, ThemeClassifier(loaded).scores(documents), strict=True):
            themes = {(s.start, s.end): s.themes for s in article.sentences or ()}
            for sentence, row in zip(document.sentences, rows, strict=True):
                carried = themes.get((sentence.start, sentence.end))
                if carried is not None:
                    gold.append([name in carried for name in self._config.labels])
                    scores.append(row)
        return np.array(gold), np.array(scores)


Task = NerTask | ThemesTask


def task_of(config: FineTuningConfig) -> Task:
    """The task that a configuration trains."""
    return NerTask(config) if isinstance(config, NerConfig) else ThemesTask(config)


def _best_threshold(
    gold: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32], names: Sequence[str]
) -> tuple[float, float]:
    """The score of `_score` and the common threshold that gives it: the middle one of those that are as good
    as the best, which a few articles more would move."""
    found = [_score(gold, scores >= threshold, names) for threshold in _THRESHOLDS]
    best = [i for i, value in enumerate(found) if value >= max(found) - _AS_GOOD]
    middle = best[len(best) // 2]
    return found[middle], round(float(_THRESHOLDS[middle]), 2)


def _score(gold: npt.NDArray[np.bool_], carried: npt.NDArray[np.bool_], names: Sequence[str]) -> float:
    """Mean of the F1 of the sides and the micro F1 of the themes: both the coarse and the fine reading count."""
    sides = [[side(name) == wanted for name in names] for wanted in SIDES]
    per_side = [
        _f1(gold[:, columns].any(axis=1), carried[:, columns].any(axis=1)) for columns in sides if any(columns)
    ]
    return float(np.mean([*per_side, _f1(gold, carried)]))


def _f1(gold: npt.NDArray[np.bool_], carried: npt.NDArray[np.bool_]) -> float:
    hits = int((gold & carried).sum())
    total = int(gold.sum() + carried.sum())
    return 2 * hits / total if total else 0.0
