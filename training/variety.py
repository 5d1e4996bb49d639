"""How varied the language of a corpus is, and how well a plain classifier tells it from another one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.articles import Article
from training.near_duplicates import shingles_of, words_of

REPEATED_IN = 3
"""Articles beyond which a sequence of words counts as repeated."""

_LONG, _SHORT = 8, 4
_VOCABULARY_WORDS = 10_000
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Variety:
    """Figures of a corpus's language. Words are letters and digits in one spelling, without ZWNJ.

    Attributes:
        repeated: Sequences of 8 words that stand in more than 3 articles, with the number of articles, most first.
        distinct: Share of different ones among all sequences of 4 words in its first 10,000 words.
        vocabulary: Different words among the first 10,000, as a share (type/token ratio).
        article_words: Words of an article, at the 10th, 50th and 90th percentile.
        sentence_words: Words of a sentence, at the 10th, 50th and 90th percentile.
    """

    repeated: tuple[tuple[str, int], ...]
    distinct: float
    vocabulary: float
    article_words: tuple[int, int, int]
    sentence_words: tuple[int, int, int]


def variety(articles: Sequence[Article]) -> Variety:
    """Measure a corpus.

    Articles are taken evenly over the corpus for the 10,000 words, so that files of one topic don't count double.
    """
    words = [words_of(article.text) for article in articles]
    holders: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in words:
        for shingle in set(shingles_of(row, _LONG)):
            holders[shingle] += 1
    repeated = Counter({" ".join(gram): count for gram, count in holders.items() if count > REPEATED_IN})
    order = np.random.default_rng(0).permutation(len(words))
    sample = [word for number in order for word in words[number]][:_VOCABULARY_WORDS]
    grams = list(shingles_of(sample, _SHORT))
    return Variety(
        tuple(repeated.most_common()),
        len(set(grams)) / max(1, len(grams)),
        len(set(sample)) / max(1, len(sample)),
        _percentiles([len(row) for row in words]),
        _percentiles([len(words_of(text)) for text in sentence_texts(articles)]),
    )


def telling_apart(ours: Sequence[Article], other: Sequence[Article]) -> float:
    """Area under the ROC curve of a sentence classifier that tells two corpora apart: 0.5 says that it can't.

    Logistic regression on tf-idf of words and pairs of words in one spelling, so that code points and ZWNJ tell
    nothing; numbers are one word; cross-validated in 5 parts by article.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    texts, is_ours, groups = list[str](), list[bool](), list[int]()
    for number, article in enumerate((*ours, *other)):
        for text in sentence_texts([article]):
            words = ["0" if word.isdigit() else word for word in words_of(text)]
            texts.append(" ".join(words))
            is_ours.append(number < len(ours))
            groups.append(number)
    model = make_pipeline(
        TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=4.0, class_weight="balanced", max_iter=1000),
    )
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    scores = cross_val_predict(model, texts, is_ours, groups=groups, cv=folds, method="decision_function")
    return float(roc_auc_score(is_ours, scores))


def sentence_texts(articles: Sequence[Article]) -> list[str]:
    """Texts of the annotated sentences."""
    return [article.text[s.start : s.end] for article in articles for s in article.sentences or ()]


def _percentiles(counts: Sequence[int]) -> tuple[int, int, int]:
    low, middle, high = np.percentile(counts, (10, 50, 90)).round().astype(int) if counts else (0, 0, 0)
    return int(low), int(middle), int(high)
