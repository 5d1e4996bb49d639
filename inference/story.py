"""Who said what, from mentions and themes: actors, attribution, statements, stances."""

from __future__ import annotations

from collections.abc import Sequence

from inference.actors import find_actors
from inference.annotation import Annotation, Entity, Sentence, Theme
from inference.attribution import Attribution, attribute
from inference.document import Document
from inference.reported_speech import report, speech_cues
from inference.speech_source import SpeechSource
from inference.speech_words import SpeechWords
from inference.statements import make_statements
from inference.summary import summarize


def tell(
    document: Document,
    entities: Sequence[Entity],
    themes: Sequence[tuple[Theme, ...]],
    speech: Sequence[float] | None = None,
) -> Annotation:
    """The whole annotation of an article.

    Args:
        document: The article.
        entities: Its mentions, in order, disjoint.
        themes: Themes of each sentence.
        speech: Probability that each sentence reports speech, if a model says so.
    """
    heard = [SpeechSource(SpeechWords(document, number, entities)) for number in range(len(document.sentences))]
    cues = [speech_cues(document, number, entities, of_one) for number, of_one in enumerate(heard)]
    cast, found = attribute(document, entities, find_actors(document, entities), cues, speech)
    speaking = {one.actor for one in found if one is not None}
    actors, numbers = cast.without_silent_offices(speaking)
    attributions = [one and Attribution(numbers[one.actor], one.mention) for one in found]

    sentences = tuple(
        Sentence(span.start, span.end, document.text[span.start : span.end], carried,
                 None if one is None else actors[one.actor].name)
        for span, carried, one in zip(document.sentences, themes, attributions, strict=True)
    )  # fmt: skip
    reports = []
    quoting = False
    for number, one in enumerate(attributions):
        before = attributions[number - 1] if number else None
        quoting = quoting and one is not None and before is not None and one.actor == before.actor
        reports.append(report(document, number, entities, one is not None, quoting, heard[number]))
        last = reports[-1]
        quoting = last is not None and last.kind in ("direct", "mixed")
    statements = tuple(make_statements(document, sentences, attributions, reports, actors))
    summary = summarize(actors, statements, sentences, entities)
    return Annotation(document.text, tuple(entities), sentences, actors, statements, summary)
