"""What a model, or the whole chain, says about articles, laid beside their gold annotation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from inference.annotation import Annotation, Entity
from inference.annotator import Annotator
from inference.checkpoint import SETTINGS_FILE, Task, load
from inference.document import Document
from inference.errors import SokhanError
from inference.story import tell
from inference.tagger import Tagger
from inference.themes import ThemeClassifier
from training.articles import Article, GoldSentence, GoldSpan
from training.checking import inexpressible

_ARTICLES_AT_ONCE = 32
_TASK_OF_HEAD: dict[str, Task] = {"ForTokenClassification": "ner", "ForSequenceClassification": "themes"}

Place = tuple[int, int]


@dataclass(slots=True)
class Predictions:
    """Predictions for articles, in their order.

    Attributes:
        hashes: Hash of each model that spoke, by task.
        entities: Mentions of each article; None if no `ner` model was asked.
        themes: Themes for each gold sentence of each article; None if no `themes` model was asked. A gold
            sentence that is none of ours has none.
        annotations: All that the chain says of each article; None if it was a single model that was asked.
        unmatched: Gold sentences with themes that are none of ours, with the number of their article.
        inexpressible: Gold mentions that our words can't express, with the number of their article.
    """

    hashes: dict[str, str]
    entities: list[list[Entity]] | None = None
    themes: list[list[tuple[str, ...]]] | None = None
    annotations: list[Annotation] | None = None
    unmatched: list[tuple[int, GoldSentence]] = field(default_factory=list)
    inexpressible: list[tuple[int, GoldSpan]] = field(default_factory=list)


def predict(folder: Path, articles: Sequence[Article], device: str = "auto") -> Predictions:
    """Have one model, of either task, read the articles.

    Raises:
        SokhanError: If the folder holds no such model.
    """
    task = task_of(folder)
    loaded = load(folder, task, device, "torch")
    predictions = Predictions({task: loaded.sha256})
    if task == "ner":
        tag = Tagger(loaded)
        predictions.entities = [found for part in _batches(articles) for found in tag(_documents(part))]
        _note_inexpressible(predictions, articles)
        return predictions
    classify = ThemeClassifier(loaded)

    def read(texts: Sequence[str]) -> Iterator[dict[Place, tuple[str, ...]]]:
        documents = [Document(text) for text in texts]
        for document, found in zip(documents, classify(documents), strict=True):
            yield {
                (sentence.start, sentence.end): tuple(theme.name for theme in themes)
                for sentence, themes in zip(document.sentences, found, strict=True)
            }

    _lay_themes(predictions, articles, [one for part in _batches(articles) for one in read(_texts(part))])
    return predictions


def annotate_articles(annotator: Annotator, articles: Sequence[Article]) -> Predictions:
    """Have the whole chain read the articles, as a user would."""
    found = [one for part in _batches(articles) for one in annotator.annotate_many(_texts(part))]
    entities = [list(one.entities) for one in found]
    predictions = Predictions(dict(annotator.model_hashes), entities=entities, annotations=found)
    _note_inexpressible(predictions, articles)
    _lay_themes(
        predictions,
        articles,
        [{(s.start, s.end): tuple(theme.name for theme in s.themes) for s in one.sentences} for one in found],
    )
    return predictions


def annotate_gold_entities(folder: Path, articles: Sequence[Article], device: str = "auto") -> Predictions:
    """Have the chain read the articles, but with their gold entities for those of a model.

    Args:
        folder: Model of themes, which may also hear speech.
        articles: Articles with annotated entities.
        device: As of `Annotator`.

    Returns:
        Predictions of annotations only: entities are given, and themes do not depend on them.

    Raises:
        SokhanError: If the folder holds no such model.
    """
    loaded = load(folder, "themes", device, "torch")
    classify = ThemeClassifier(loaded)
    found = []
    for part in _batches(articles):
        documents = _documents(part)
        for article, document, (themes, speech) in zip(part, documents, classify.read(documents), strict=True):
            found.append(tell(document, gold_entities(article), themes, speech))
    return Predictions({"themes": loaded.sha256}, annotations=found)


def gold_entities(article: Article) -> list[Entity]:
    """The annotated mentions as the chain takes them, with full certainty."""
    return [Entity(s.start, s.end, s.label, article.text[s.start : s.end], 1.0) for s in article.entities or ()]


def task_of(folder: Path) -> Task:
    """What a model folder is for, by its `sokhan.json` or else its architecture.

    Raises:
        SokhanError: If the folder doesn't say.
    """
    if not folder.is_dir():
        raise SokhanError(f"there is no model folder {folder}")
    for name, reader in ((SETTINGS_FILE, _task_in_settings), ("config.json", _task_in_config)):
        if (folder / name).is_file():
            try:
                task = reader(json.loads((folder / name).read_text(encoding="utf-8")))
            except (ValueError, AttributeError) as error:
                raise SokhanError(f"{folder / name} is not readable: {error}") from error
            if task:
                return task
    raise SokhanError(
        f"{folder} is no model folder of ours: neither {SETTINGS_FILE} names a task 'ner' or 'themes', "
        "nor config.json a token or sequence classifier"
    )


def _task_in_settings(settings: dict[str, str]) -> Task | None:
    tasks: dict[str, Task] = {task: task for task in _TASK_OF_HEAD.values()}
    return tasks.get(settings.get("task", ""))


def _task_in_config(config: dict[str, list[str]]) -> Task | None:
    for architecture in config.get("architectures") or ():
        for head, task in _TASK_OF_HEAD.items():
            if architecture.endswith(head):
                return task
    return None


def _batches(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    with tqdm(total=len(articles), desc="reading", unit=" articles", disable=None) as bar:
        for start in range(0, len(articles), _ARTICLES_AT_ONCE):
            part = articles[start : start + _ARTICLES_AT_ONCE]
            yield part
            bar.update(len(part))


def _texts(articles: Sequence[Article]) -> list[str]:
    return [article.text for article in articles]


def _documents(articles: Sequence[Article]) -> list[Document]:
    return [Document(article.text) for article in articles]


def _note_inexpressible(predictions: Predictions, articles: Sequence[Article]) -> None:
    for number, article in enumerate(articles):
        spans = inexpressible(Document(article.text), article.entities) if article.entities else ()
        predictions.inexpressible += [(number, span) for span in spans]


def _lay_themes(
    predictions: Predictions, articles: Sequence[Article], ours: Sequence[dict[Place, tuple[str, ...]]]
) -> None:
    predictions.themes = []
    for number, (article, found) in enumerate(zip(articles, ours, strict=True)):
        sentences = article.sentences or ()
        predictions.themes.append([found.get((s.start, s.end), ()) for s in sentences])
        missing = [s for s in sentences if s.themes is not None and (s.start, s.end) not in found]
        predictions.unmatched += [(number, sentence) for sentence in missing]
