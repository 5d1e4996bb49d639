"""Who said what, from mentions and themes: actors, attribution, statements, stances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inference.actors import find_actors
from inference.annotation import Annotation, Entity, Sentence, Theme
from inference.attribution import attribute
from inference.document import Document
from inference.quotations import open_quotations
from inference.reported_speech import read_speech, speech_cues
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
    quotations = open_quotations(document)
    cast, found = attribute(document, entities, find_actors(document, entities), cues, quotations, speech)
    speaking = {one.actor for one in found if one is not None}
    actors, numbers = cast.without_silent_offices(speaking)
    attributions = [one and replace(one, actor=numbers[one.actor]) for one in found]

    sentences = tuple(
        Sentence(span.start, span.end, document.text[span.start : span.end], carried,
                 None if one is None else actors[one.actor].name)
        for span, carried, one in zip(document.sentences, themes, attributions, strict=True)
    )  # fmt: skip
    speakers = [None if one is None else one.actor for one in attributions]
    reports = read_speech(document, entities, speakers, quotations, heard)
    statements = tuple(make_statements(document, sentences, attributions, reports, actors))
    summary = summarize(actors, statements, sentences, entities)
    return Annotation(document.text, tuple(entities), sentences, actors, statements, summary)
