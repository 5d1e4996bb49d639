"""Label Studio: tasks to import, with everything found as predictions to accept or mend.

A prediction has a region for each mention and one for each sentence; the themes are choices of the sentence's region,
whose `id` they share. Label Studio, too, counts code points in plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from inference import __version__
from inference.annotation import Annotation, Entity, Sentence
from inference.escaping import json_line
from inference.exports import Documents
from inference.labels import ENTITY_LABELS, THEMES

_SENTENCE = "SENTENCE"
_SCORE_DECIMALS = 4


def to_label_studio(documents: Documents) -> bytes:
    """A JSON list of tasks for a project that is set up with `labeling_config()`."""
    tasks = ",\n".join(json_line(_task(name, annotation)) for name, annotation in documents.items())
    return f"[\n{tasks}\n]\n".encode()


def labeling_config(labels: Iterable[str] = ENTITY_LABELS, themes: Iterable[str] = THEMES) -> str:
    """The labelling interface that the tasks need, as XML; name the labels and themes of a model of your own."""
    return "\n".join(
        [
            "<View>",
            '  <Labels name="entity" toName="text">',
            *(f"    <Label value={quoteattr(label)}/>" for label in labels),
            "  </Labels>",
            '  <Labels name="sentence" toName="text">',
            f'    <Label value="{_SENTENCE}"/>',
            "  </Labels>",
            '  <View style="direction: rtl">',
            '    <Text name="text" value="$text"/>',
            "  </View>",
            '  <Choices name="themes" toName="text" choice="multiple" perRegion="true" whenTagName="sentence">',
            *(f"    <Choice value={quoteattr(theme)}/>" for theme in themes),
            "  </Choices>",
            "</View>",
            "",
        ]
    )


def _task(name: str, annotation: Annotation) -> dict[str, Any]:
    return {
        "data": {"text": annotation.text, "document": name},
        "predictions": [{"model_version": f"sokhan {__version__}", "result": list(_results(annotation))}],
    }


def _results(annotation: Annotation) -> Iterator[dict[str, Any]]:
    for number, entity in enumerate(annotation.entities):
        region = _region(f"entity-{number}", "entity", "labels", entity, [entity.label])
        yield {**region, "score": round(entity.score, _SCORE_DECIMALS)}
    for number, sentence in enumerate(annotation.sentences):
        place = f"sentence-{number}"
        yield _region(place, "sentence", "labels", sentence, [_SENTENCE])
        if sentence.themes:
            chosen = _region(place, "themes", "choices", sentence, [theme.name for theme in sentence.themes])
            yield {**chosen, "score": round(max(theme.score for theme in sentence.themes), _SCORE_DECIMALS)}


def _region(place: str, control: str, kind: str, span: Entity | Sentence, values: list[str]) -> dict[str, Any]:
    return {
        "id": place,
        "from_name": control,
        "to_name": "text",
        "type": kind,
        "value": {"start": span.start, "end": span.end, "text": span.text, kind: values},
    }
