"""`annotate`: an article in, who spoke and what it carries out."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from inference.annotation import Annotation, Entity, Theme
from inference.checkpoint import bundled, load
from inference.document import Document
from inference.errors import SokhanError
from inference.language import language_warnings
from inference.story import tell
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
        backend: What computes the models: `auto`, `openvino`, `openvino-bf16`, `torch`, `torch-bf16`. `auto` is
            OpenVINO on a CPU, or torch where OpenVINO can't, and torch on a GPU; see `inference.backends.choice`.
        threads: CPU threads of the models; by default as many as the process may use.

    Raises:
        SokhanError: If a folder holds no such model, or device or backend are not to be had.
    """

    def __init__(
        self,
        ner: str | Path | None = None,
        themes: str | Path | None = None,
        device: str = "auto",
        backend: str = "auto",
        threads: int | None = None,
    ) -> None:
        tagger = load(ner or bundled("ner"), "ner", device, backend, threads)
        classifier = load(themes or bundled("themes"), "themes", device, backend, threads)
        self._tag = Tagger(tagger)
        self._classify = ThemeClassifier(classifier)
        self.device = tagger.device
        self.backend = tagger.backend.name
        self.model_hashes = {"ner": tagger.sha256, "themes": classifier.sha256}

    def annotate(self, text: str, min_score: float = 0.0) -> Annotation:
        """Annotate one article; any string will do. Arguments and errors are those of `annotate_many`."""
        return self.annotate_many([text], min_score)[0]

    def annotate_many(self, texts: Iterable[str], min_score: float = 0.0) -> list[Annotation]:
        """Annotate many articles, in the order given; faster than one by one.

        Args:
            texts: Any strings.
            min_score: Entities and themes with a lower score are left out, and nothing is built on them.

        Raises:
            SokhanError: If `min_score` is not between 0 and 1.
        """
        if not 0 <= min_score <= 1:
            raise SokhanError(f"min_score is {min_score}, not between 0 and 1")
        annotations: list[Annotation] = []
        documents = [Document(text) for text in texts]
        for start in range(0, len(documents), _DOCUMENTS_AT_ONCE):
            annotations += self._annotate(documents[start : start + _DOCUMENTS_AT_ONCE], min_score)
        return annotations

    def _annotate(self, documents: list[Document], min_score: float) -> list[Annotation]:
        found = self._tag(documents)
        read = self._classify.read(documents)
        return [
            _annotation(document, entities, themes, speech, min_score)
            for document, entities, (themes, speech) in zip(documents, found, read, strict=True)
        ]


def _annotation(
    document: Document,
    entities: Sequence[Entity],
    themes: Sequence[tuple[Theme, ...]],
    speech: Sequence[float] | None,
    min_score: float,
) -> Annotation:
    """The annotation of a document, from what is sure enough."""
    sure = [entity for entity in entities if entity.score >= min_score]
    carried = [tuple(theme for theme in of_one if theme.score >= min_score) for of_one in themes]
    return replace(tell(document, sure, carried, speech), warnings=language_warnings(document.text))


_lock = threading.Lock()


@cache
def _make_default() -> Annotator:
    return Annotator()


def annotate(text: str, min_score: float = 0.0) -> Annotation:
    """Annotate one article with the bundled models, which are loaded at the first call."""
    with _lock:
        annotator = _make_default()
    return annotator.annotate(text, min_score)
