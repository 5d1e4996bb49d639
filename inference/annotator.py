"""`annotate`: an article in, who spoke and what it carries out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from inference.annotation import Annotation, Entity, Sentence, Theme
from inference.checkpoint import bundled, load
from inference.document import Document
from inference.language import language_warnings
from inference.tagger import Tagger
from inference.themes import ThemeClassifier

_DOCUMENTS_AT_ONCE = 32


class Annotator:
    """Both models, loaded once. Safe for threads; never touches the network.

    >>> annotator = Annotator()
    >>> annotator.annotate("سردار سلامی گفت: آماده‌ایم.").entities[0].text
    'سردار'

    Args:
        ner: Folder of a token classifier; by default the bundled one.
        themes: Folder of a sentence classifier; by default the bundled one.
        device: `auto`, `cpu`, `cuda`, `cuda:N`, `mps` (untested).

    Raises:
        SokhanError: If a folder holds no such model or the device is not there.
    """

    def __init__(self, ner: str | Path | None = None, themes: str | Path | None = None, device: str = "auto") -> None:
        tagger = load(ner or bundled("ner"), "ner", device)
        classifier = load(themes or bundled("themes"), "themes", device)
        self._tag = Tagger(tagger)
        self._classify = ThemeClassifier(classifier)
        self.device = str(tagger.device)
        self.model_hashes = {"ner": tagger.sha256, "themes": classifier.sha256}

    def annotate(self, text: str) -> Annotation:
        """Annotate one article; any string will do."""
        return self.annotate_many([text])[0]

    def annotate_many(self, texts: Iterable[str]) -> list[Annotation]:
        """Annotate many articles, in the order given; faster than one by one."""
        annotations: list[Annotation] = []
        documents = [Document(text) for text in texts]
        for start in range(0, len(documents), _DOCUMENTS_AT_ONCE):
            annotations += self._annotate(documents[start : start + _DOCUMENTS_AT_ONCE])
        return annotations

    def _annotate(self, documents: list[Document]) -> list[Annotation]:
        entities = self._tag(documents)
        themes = self._classify(documents)
        return [_annotation(*parts) for parts in zip(documents, entities, themes, strict=True)]


def _annotation(document: Document, entities: Sequence[Entity], themes: Sequence[tuple[Theme, ...]]) -> Annotation:
    text = document.text
    annotation = Annotation(text, tuple(entities), warnings=language_warnings(text))
    sentences = []
    for span, carried in zip(document.sentences, themes, strict=True):
        sentence = Sentence(span.start, span.end, text[span.start : span.end], carried)
        named = [entity.text for entity in annotation.entities_in(sentence) if entity.label == "SPEAKER"]
        sentences.append(replace(sentence, speaker=named[0] if named else None))
    return replace(annotation, sentences=tuple(sentences))


_lock = threading.Lock()


@cache
def _make_default() -> Annotator:
    return Annotator()


def annotate(text: str) -> Annotation:
    """Annotate one article with the bundled models, which are loaded at the first call."""
    with _lock:
        annotator = _make_default()
    return annotator.annotate(text)
