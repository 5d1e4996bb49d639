"""How a sentence reports speech: cue, content, kind, addressee, and the speech within the speech.

A sentence is read from left to right, cue by cue: an opener (`با بیان اینکه`) has its content behind it up to the
next cue, a verb has it behind a colon (own words), behind `که` or nothing (retold), or before it (`از … خبر داد`,
`… را … خواند`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.annotation import Entity, Kind, Nested, Span
from inference.document import Document
from inference.speech_partners import addressees, nested
from inference.speech_reading import SpeechReading
from inference.speech_source import SpeechSource
from inference.speech_words import SourceKind, SpeechWords


@dataclass(frozen=True, slots=True)
class Reported:
    """How a sentence reports speech. Places are in the caller's text.

    Attributes:
        kind: Own words, retold, or both.
        cue: The words that say that someone speaks, in order; none where a quotation goes on.
        content: What is said, in order, without cue and source; none where it comes in the next sentence.
        addressees: To whom, where the sentence says so.
        nested: Speech of others within the content.
        source: The mention to which the cue belongs; None if the sentence only goes on.
    """

    kind: Kind
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    addressees: tuple[Span, ...]
    nested: tuple[Nested, ...]
    source: Span | None


@dataclass(frozen=True, slots=True)
class SpeechCues:
    """What a sentence shows of whose words it has, for telling whose they are.

    Attributes:
        cue: Whether somebody speaks by a cue outside quotations.
        source: Who, if a mention or pronoun is found for it.
        source_kind: What that is.
        headline: Whether it is `name: what they say`, without a verb.
        written: Whether it gives what stands in a message or statement, whose author it need not name again.
    """

    cue: bool
    source: Span | None
    source_kind: SourceKind | None
    headline: bool
    written: bool = False


def speech_cues(
    document: Document, sentence: int, entities: Sequence[Entity], heard: SpeechSource | None = None
) -> SpeechCues:
    """What a sentence shows of whose words it has.

    Args:
        document: The article.
        sentence: Number of the sentence.
        entities: Mentions of the article, in order.
        heard: The sentence's `SpeechSource`, if it is there already; it takes most of the time.
    """
    heard = heard or SpeechSource(SpeechWords(document, sentence, entities))
    view, source = heard.view, heard.source
    said = bool(heard.main)
    if not said and not heard.colon and (headline := heard.noun_headline()):
        said, source = True, headline.source
    if source is None and heard.colon:
        source = view.source(0, heard.colon, ())
    return SpeechCues(
        cue=said,
        source=view.span(*source[0]) if source else None,
        source_kind=source[1] if source else None,
        headline=not said and heard.colon > 0,
        written=any(cue.written for cue in heard.main),
    )


def read_speech(
    document: Document,
    entities: Sequence[Entity],
    speakers: Sequence[str | int | None],
    quotations: Mapping[int, int],
    heard: Sequence[SpeechSource] | None = None,
) -> list[Reported | None]:
    """How each sentence of an article reports speech, given who says it.

    Args:
        document: The article.
        entities: Its mentions, in order.
        speakers: Name or number of who says each sentence; None where the article speaks.
        quotations: As from `inference.quotations.open_quotations`.
        heard: As in `speech_cues`, of each sentence.
    """
    within = {
        number
        for first, last in quotations.items()
        for number in range(first + 1, last + 1)
        if speakers[number] is not None and speakers[number] == speakers[first]
    }
    found: list[Reported | None] = []
    before, quoting = None, False
    for number, speaker in enumerate(speakers):
        one = heard[number] if heard else None
        if number in within:
            one = SpeechSource(SpeechWords(document, number, entities, quoted=True))
        said = report(document, number, entities, speaker is not None, quoting and speaker == before, one)
        found.append(said)
        before, quoting = speaker, said is not None and said.kind != "indirect"
    return found


def report(
    document: Document,
    sentence: int,
    entities: Sequence[Entity],
    has_speaker: bool,
    quoting: bool,
    heard: SpeechSource | None = None,
) -> Reported | None:
    """How a sentence reports speech.

    Args:
        document: The article.
        sentence: Number of the sentence.
        entities: Mentions of the article, in order.
        has_speaker: Whether the sentence has a speaker.
        quoting: Whether the sentence before was direct speech of the same speaker: one without a cue of its own
            then goes on with it.
        heard: As in `speech_cues`.

    Returns:
        None where nobody speaks.
    """
    if not has_speaker:
        return None
    sentences = document.sentences
    new_line = sentence == 0 or sentences[sentence - 1].line != sentences[sentence].line
    heard = heard or SpeechSource(SpeechWords(document, sentence, entities))
    reading = SpeechReading(heard, quoting, new_line)
    reading.read()
    return _reported(reading)


def _reported(reading: SpeechReading) -> Reported | None:
    view, content = reading.view, reading.content
    if not content and not reading.cues:
        return None
    direct, indirect = reading.direct, reading.indirect
    return Reported(
        kind="mixed" if direct and indirect else "direct" if direct else "indirect",
        cue=tuple(view.span(*place) for place in sorted(reading.cues)),
        content=tuple(view.span(*place) for place in content),
        addressees=tuple(view.span(*place) for place in addressees(view, reading.main, reading.cues, content)),
        nested=tuple(nested(view, reading.cues, content)),
        source=view.span(*reading.source[0]) if reading.source else None,
    )
