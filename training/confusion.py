"""What was taken for what: confusion of entity labels over words, of themes over sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.annotation import Entity
from inference.document import Document
from training.examples import word_tags
from training.formats import Article, GoldSpan

Confusion = tuple[list[str], npt.NDArray[np.int64]]
"""Names, and counts `(gold, predicted)` over them."""

NONE = "none"


def entity_confusion(
    articles: Sequence[Article], predicted: Sequence[Sequence[Entity]], labels: Sequence[str]
) -> Confusion:
    """Labels of words; words that are outside in both are not counted."""
    names = [*labels, NONE]
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for article, entities in zip(articles, predicted, strict=True):
        document = Document(article.text)
        found = [GoldSpan(entity.start, entity.end, entity.label) for entity in entities]
        for gold, guess in zip(word_tags(document, article.entities or ()), word_tags(document, found), strict=True):
            counts[names.index(gold[2:] or NONE), names.index(guess[2:] or NONE)] += 1
    counts[-1, -1] = 0
    return names, counts


def theme_confusion(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], labels: Sequence[str]
) -> Confusion:
    """Themes of sentences: what both have is a hit; a gold theme that was missed counts against the
    spurious ones of its sentence, or against none."""
    names = [*labels, NONE]
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for wanted, found in zip(gold, predicted, strict=True):
        for name in set(wanted) & set(found):
            counts[names.index(name), names.index(name)] += 1
        missed = sorted(set(wanted) - set(found)) or [NONE]
        spurious = sorted(set(found) - set(wanted)) or [NONE]
        for miss in missed:
            for extra in spurious:
                counts[names.index(miss), names.index(extra)] += 1
    counts[-1, -1] = 0
    return names, counts
