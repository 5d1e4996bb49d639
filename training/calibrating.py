"""Make the scores of a model probabilities, and choose the thresholds of its themes, on annotated articles.

The score of a mention is the probability that it is right, span and label; that of a theme, that the sentence carries
it. Temperature and isotonic regression are each tried on articles that they were not fitted on; the one with the
lower expected calibration error is fitted on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from inference.calibration import (
    CALIBRATION_FILE,
    Calibration,
    Isotonic,
    Temperature,
    log_odds,
    method_of,
    save_calibration,
)
from inference.checkpoint import LoadedModel, load
from inference.document import Document
from inference.errors import SokhanError
from inference.tagger import Tagger
from inference.themes import ThemeClassifier
from training.articles import Article
from training.predicting import task_of
from training.reliability import Reliability, reliability
from training.thresholds import common_threshold, own_thresholds

_LEAST_ARTICLES = 5
_LEAST_SCORES = 50
_FOLDS = 5
_DRAWS = 5
"""One division of few articles into folds would choose by chance."""
_SEED = 20
_ARTICLES_AT_ONCE = 32

Found = TypeVar("Found")
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Scores and what became of them, each `(scores,)`.

    Attributes:
        scores: What the model said.
        right: Whether it was right.
        articles: Number of the article.
        shown: Whether a user sees it: every mention, but only the themes that reach their threshold.
    """

    scores: Floats
    right: Flags
    articles: npt.NDArray[np.int64]
    shown: Flags


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration and why it was chosen.

    Attributes:
        calibration: Fitted on everything.
        before: Reliability of the model's own scores.
        after: Reliability of each score after what was learned from the other folds.
        errors: By method, expected calibration error on the folds that it was not fitted on, mean of several draws.
        scores: How many scores there were.
        articles: In how many articles.
    """

    calibration: Calibration
    before: Reliability
    after: Reliability
    errors: dict[str, float]
    scores: int
    articles: int

    @property
    def summary(self) -> str:
        """One line for the terminal."""
        errors = ", ".join(f"{method} {100 * error:.1f} %" for method, error in self.errors.items())
        return (
            f"calibrated by {method_of(self.calibration)} on {self.scores} scores of {self.articles} articles; "
            f"expected calibration error before {100 * self.before.error:.1f} %, on held-out folds {errors}"
        )

    @property
    def lines(self) -> dict[str, Reliability]:
        """Of its reliability diagram."""
        return {"before": self.before, "on held-out folds": self.after}

    def to_dict(self) -> dict[str, Any]:
        """What a run card says of it."""
        return {
            "method": method_of(self.calibration),
            "scores": self.scores,
            "articles": self.articles,
            "expected_calibration_error_before": self.before.error,
            "expected_calibration_error_on_held_out_folds": self.errors,
        }


def calibrate(
    folder: Path, articles: Sequence[Article], device: str = "auto", required: bool = False
) -> Fitted | None:
    """Calibrate a model folder: its `calibration.json`, and of a theme model the thresholds in `sokhan.json`.

    Returns:
        What was fitted; None if there is too little to fit on, which leaves the folder without a calibration and its
        thresholds chosen on the scores as they are.

    Raises:
        SokhanError: If the folder holds no model; with `required`, instead of returning None, the folder untouched.
    """
    loaded = replace(load(folder, task_of(folder), device, "torch"), calibration=None)
    if loaded.settings.task == "ner":
        return _stored(fit(entity_outcomes(loaded, articles)), folder, required)
    gold, scores, origin = theme_scores(loaded, articles)
    fitted = _stored(fit(_theme_outcomes(loaded, gold, scores, origin)), folder, required)
    if fitted is not None:
        scores = fitted.calibration(scores)
    if gold.any():
        names = ThemeClassifier(loaded).names
        _, threshold = common_threshold(gold, scores, names)
        own = own_thresholds(gold, scores, names)
        replace(loaded.settings, threshold=threshold, thresholds=own or None).save(folder)
    return fitted


def outcomes_of(loaded: LoadedModel, articles: Sequence[Article]) -> Outcomes:
    """What a model says of the articles, as it is served, and whether it is right."""
    if loaded.settings.task == "ner":
        return entity_outcomes(loaded, articles)
    return _theme_outcomes(loaded, *theme_scores(loaded, articles))


def entity_outcomes(loaded: LoadedModel, articles: Sequence[Article]) -> Outcomes:
    """Every mention that is found in an article whose entities are annotated."""
    tag = Tagger(loaded)
    scores: list[float] = []
    right: list[bool] = []
    origin: list[int] = []
    for number, article, _, mentions in _read(articles, lambda article: article.entities is not None, tag):
        gold = {(span.start, span.end, span.label) for span in article.entities or ()}
        for found in mentions:
            scores.append(found.score)
            right.append((found.start, found.end, found.label) in gold)
            origin.append(number)
    shown = np.ones(len(scores), dtype=np.bool_)
    return Outcomes(np.array(scores, dtype=np.float64), np.array(right, dtype=np.bool_), _numbers(origin), shown)


def theme_scores(
    loaded: LoadedModel, articles: Sequence[Article]
) -> tuple[Flags, npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Gold and scores of the annotated sentences, both `(sentences, themes)`, and the number of their article."""
    classify = ThemeClassifier(loaded)
    gold: list[list[bool]] = []
    scores: list[npt.NDArray[np.float32]] = []
    origin: list[int] = []
    for number, article, document, rows in _read(
        articles, lambda article: article.sentences is not None, classify.scores
    ):
        themes = {(s.start, s.end): s.themes for s in article.sentences or ()}
        for sentence, row in zip(document.sentences, rows, strict=True):
            carried = themes.get((sentence.start, sentence.end))
            if carried is not None:
                gold.append([name in carried for name in classify.names])
                scores.append(row)
                origin.append(number)
    shape = (len(gold), len(classify.names))
    return (
        np.array(gold, dtype=np.bool_).reshape(shape),
        np.array(scores, dtype=np.float32).reshape(shape),
        _numbers(origin),
    )


def _theme_outcomes(
    loaded: LoadedModel, gold: Flags, scores: npt.NDArray[np.float32], origin: npt.NDArray[np.int64]
) -> Outcomes:
    """Every theme of every annotated sentence, whether the sentence is said to carry it or not."""
    shown = scores >= ThemeClassifier(loaded).thresholds
    articles = np.repeat(origin, gold.shape[1])
    return Outcomes(scores.ravel().astype(np.float64), gold.ravel(), articles, shown.ravel())


def fit(outcomes: Outcomes) -> Fitted | None:
    """The better of both methods; None with fewer than `_LEAST_SCORES` scores or `_LEAST_ARTICLES` articles."""
    scores, right = outcomes.scores, outcomes.right
    articles = np.unique(outcomes.articles)
    if len(articles) < _LEAST_ARTICLES or len(scores) < _LEAST_SCORES:
        return None
    errors: dict[str, float] = {}
    held_out: dict[str, Floats] = {}
    for method, fit_one in _METHODS.items():
        draws = [_on_held_out_folds(outcomes, articles, fit_one, _SEED + draw) for draw in range(_DRAWS)]
        usable = [one for one in draws if one is not None]
        if len(usable) == _DRAWS and fit_one(scores, right) is not None:
            errors[method] = float(np.mean([reliability(one, right).error for one in usable]))
            held_out[method] = usable[0]
    chosen = min(errors, key=lambda method: errors[method])
    calibration = _METHODS[chosen](scores, right)
    assert calibration is not None
    before, after = reliability(scores, right), reliability(held_out[chosen], right)
    return Fitted(calibration, before, after, errors, len(scores), len(articles))


def _on_held_out_folds(
    outcomes: Outcomes, articles: npt.NDArray[np.int64], fit_one: _Fit, seed: int
) -> Floats | None:
    """Each score as calibrated by what the other folds teach; None if the method can't be fitted to one of them."""
    order = np.random.default_rng(seed).permutation(len(articles))
    folds = order[np.searchsorted(articles, outcomes.articles)] % _FOLDS
    calibrated = np.zeros_like(outcomes.scores)
    for fold in range(_FOLDS):
        held_out = folds == fold
        calibration = fit_one(outcomes.scores[~held_out], outcomes.right[~held_out])
        if calibration is None:
            return None
        calibrated[held_out] = calibration(outcomes.scores[held_out])
    return calibrated


def _temperature(scores: Floats, right: Flags) -> Temperature | None:
    """The likeliest temperature and shift; None if all came out alike, or higher scores are no better."""
    if right.all() or not right.any():
        return None
    found = LogisticRegression().fit(log_odds(scores)[:, None], right)
    slope = float(found.coef_[0, 0])
    return Temperature(1 / slope, float(found.intercept_[0])) if slope > 0 else None


def _isotonic(scores: Floats, right: Flags) -> Isotonic:
    """The non-decreasing steps that are closest to the outcomes, never wholly sure."""
    found = IsotonicRegression().fit(scores, right)
    # So many scores say no more of the next one: the rule of succession.
    surest = 1 / (len(scores) + 2)
    probabilities = np.clip(found.y_thresholds_, surest, 1 - surest)
    return Isotonic(tuple(found.X_thresholds_.tolist()), tuple(np.maximum.accumulate(probabilities).tolist()))


_Fit = Callable[[Floats, Flags], Calibration | None]
_METHODS: Mapping[str, _Fit] = {"temperature": _temperature, "isotonic": _isotonic}


def _stored(fitted: Fitted | None, folder: Path, required: bool) -> Fitted | None:
    if fitted is None:
        if required:
            raise SokhanError(
                f"too little to calibrate {folder} on: {_LEAST_SCORES} scores in {_LEAST_ARTICLES} annotated "
                "articles are the least"
            )
        (folder / CALIBRATION_FILE).unlink(missing_ok=True)
    else:
        save_calibration(fitted.calibration, folder)
    return fitted


def _read(
    articles: Sequence[Article],
    annotated: Callable[[Article], bool],
    model: Callable[[Sequence[Document]], Sequence[Found]],
) -> Iterator[tuple[int, Article, Document, Found]]:
    """Number, article, document and what the model found of each annotated article."""
    chosen = [(number, article) for number, article in enumerate(articles) if annotated(article)]
    for start in range(0, len(chosen), _ARTICLES_AT_ONCE):
        part = chosen[start : start + _ARTICLES_AT_ONCE]
        documents = [Document(article.text) for _, article in part]
        for (number, article), document, found in zip(part, documents, model(documents), strict=True):
            yield number, article, document, found


def _numbers(values: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
