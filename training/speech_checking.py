"""What can be wrong with annotated speech and actors of an article that reads well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from inference.document import Document
from inference.normalize import ZWNJ
from training.articles import Article, GoldActor, GoldSentence, GoldSpeech, Piece

_LABELS = {
    "names": ("SPEAKER", "PERSON"),
    "ranks": ("RANK",),
    "positions": ("POSITION",),
    "organizations": ("ORG",),
    "countries": ("LOC",),
}
"""Which mentions the entries of an actor are."""


def speech_reasons(article: Article, document: Document) -> Iterator[str]:
    """Reasons why the speech of a sentence can't be as annotated; where one sentence has it, all speakers need it."""
    annotated = any(sentence.speech for sentence in article.sentences or ())
    for sentence in article.sentences or ():
        place = f"sentence {sentence.start}"
        if sentence.speech:
            yield from (f"{place}: {reason}" for reason in _reasons(article, document, sentence, sentence.speech))
        elif sentence.speaker is not None and annotated:
            yield f"{place}: has a speaker but not how the speech is reported, as the article's other sentences"


def actor_reasons(article: Article) -> Iterator[str]:
    """Reasons why the actors can't be as annotated: entries that are no mentions, persons who are nobody."""
    if article.actors is None:
        return
    mentions: dict[str, set[str]] = {}
    for span in article.entities or ():
        mentions.setdefault(article.text[span.start : span.end], set()).add(span.label)
    for actor in article.actors:
        for key in (field.name for field in fields(GoldActor) if field.name != "name"):
            for entry in getattr(actor, key):
                if entry not in article.text:
                    yield f"actor '{actor.name}': '{entry}' in {key} stands nowhere in the text"
                elif key in _LABELS and not mentions.get(entry, set()) & set(_LABELS[key]):
                    yield f"actor '{actor.name}': '{entry}' in {key} is no {' or '.join(_LABELS[key])} of the article"
        if actor.name not in actor.names and not any(actor.name in one for one in actor.mentions_by_office):
            yield f"actor '{actor.name}': the name is neither in names nor in mentions_by_office"
    known = {name for actor in article.actors for name in actor.names}
    for mention, labels in mentions.items():
        if labels & set(_LABELS["names"]) and mention not in known:
            yield f"'{mention}' is a name of no actor"


def _reasons(article: Article, document: Document, sentence: GoldSentence, speech: GoldSpeech) -> Iterator[str]:
    edges = {edge for word in document.words for edge in (word.start, word.end)}
    mentions = [span for span in article.entities or () if sentence.start <= span.start < sentence.end]
    for speaker, one in ((None, speech), *speech.nested):
        whose = f"speech of '{speaker}': " if speaker else ""
        if not one.content:
            yield f"{whose}nothing is marked as content"
        for piece in (*one.cue, *one.content, *one.addressee):
            words = article.text[piece.start : piece.end]
            if any(letter.isspace() or letter == ZWNJ for letter in (words[0], words[-1])):
                yield f"{whose}'{words[:50]}' has a blank or ZWNJ at its edge"
            elif _cuts_word(piece, article.text, edges):
                yield f"{whose}'{words[:50]}' begins or ends inside a word"
            if any(m.start < piece.start < m.end or m.start < piece.end < m.end for m in mentions):
                yield f"{whose}'{words[:50]}' cuts a mention"
        for before, after in pairwise(sorted((*one.cue, *one.content), key=lambda piece: piece.start)):
            if after.start < before.end:
                yield f"{whose}cue and content overlap at {after.start}"
    for speaker, one in speech.nested:
        for piece in (*one.cue, *one.content):
            if not any(outer.start <= piece.start and piece.end <= outer.end for outer in speech.content):
                words = article.text[piece.start : piece.end]
                yield f"speech of '{speaker}': '{words[:50]}' is not inside what the outer speaker says"


def _cuts_word(piece: Piece, text: str, edges: set[int]) -> bool:
    """Whether an end of the piece stands between two letters that are one word of ours."""
    return any(
        0 < place < len(text) and place not in edges and text[place - 1].isalnum() and text[place].isalnum()
        for place in (piece.start, piece.end)
    )
