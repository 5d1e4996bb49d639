"""What differs between the two classifiers; everything else of a run is the same for both."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, PreTrainedTokenizerFast

from inference.checkpoint import LoadedModel, ModelSettings
from inference.document import Document
from inference.labels import SPEECH, bio_tags
from inference.tagger import Tagger
from training.calibrating import theme_scores
from training.config import FineTuningConfig, NerConfig, ThemesConfig
from training.data import Sourced, allowed_tags
from training.examples import IGNORED, Row, ner_examples, theme_examples
from training.formats import Article
from training.lattice import BioMarginalLoss, at_words
from training.meanings import unpacked
from training.scoring import score_entities
from training.side_loss import SideLoss
from training.thresholds import common_threshold, sides_and_themes


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


class ThemesTask:
    """Themes with a multi-label sentence classifier; its attributes are those of `NerTask`."""

    auto = AutoModelForSequenceClassification
    problem_type = "multi_label_classification"
    per_token = False

    def __init__(self, config: ThemesConfig) -> None:
        self._config = config
        self.outputs = (*config.labels, SPEECH) if config.speech else config.labels
        self._sides = SideLoss(config.labels)
        self.settings = ModelSettings("themes", config.windows.max_length, context=config.windows.context)

    def examples(self, train: Sourced, tokenizer: PreTrainedTokenizerFast) -> list[Row]:
        """Model inputs with targets."""
        return theme_examples(train.articles, tokenizer, self._config)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean binary cross-entropy of a theme, and that of a side as it weighs, from logits and labels
        `(rows, themes)`."""
        loss = binary_cross_entropy_with_logits(logits.float(), labels)
        weight = self._config.side_weight
        return loss + weight * self._sides(logits, labels) if weight else loss

    def metrics(self, loaded: LoadedModel, dev: Sequence[Article]) -> dict[str, float]:
        """Scores while training; `score` chooses the checkpoint."""
        names = self._config.labels
        gold, scores, _ = theme_scores(loaded, dev)
        score, threshold = common_threshold(gold, scores, names)
        return {
            "score": score,
            "threshold": threshold,
            "f1_at_0.5": sides_and_themes(gold, scores >= 0.5, names),
        }


Task = NerTask | ThemesTask


def task_of(config: FineTuningConfig) -> Task:
    """The task that a configuration trains."""
    return NerTask(config) if isinstance(config, NerConfig) else ThemesTask(config)
