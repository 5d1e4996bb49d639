"""Which mentions stand in which sentence, and a sentence cut at them: what every view begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inference.annotation import Annotation, Entity, Sentence


def mentions_by_sentence(annotation: Annotation) -> Iterator[tuple[Sentence, list[Entity]]]:
    """Each sentence with its mentions, in linear time. A mention belongs where it begins."""
    place = 0
    entities = annotation.entities
    for sentence in annotation.sentences:
        mentions = []
        while place < len(entities) and entities[place].start < sentence.end:
            if entities[place].start >= sentence.start:
                mentions.append(entities[place])
            place += 1
        yield sentence, mentions


def pieces(sentence: Sentence, mentions: Sequence[Entity]) -> Iterator[tuple[str, Entity | None]]:
    """The text of a sentence in pieces, each with the mention that it is. Joined they are the sentence."""
    position = 0
    for mention in mentions:
        start, end = mention.start - sentence.start, mention.end - sentence.start
        if start > position:
            yield sentence.text[position:start], None
        yield sentence.text[start:end], mention
        position = end
    if position < len(sentence.text):
        yield sentence.text[position:], None
