"""How a sentence reports speech: cue, content, kind, addressee, and the speech within the speech.

A sentence is read from left to right, cue by cue: an opener (`با بیان اینکه`) has its content behind it up to the
next cue, a verb has it behind a colon (own words), behind `که` or nothing (retold), or before it (`از … خبر داد`,
`… را … خواند`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.annotation import Entity, Kind, Nested, Span
from inference.document import Document
from inference.speech_partners import addressees, nested
from inference.speech_reading import SpeechReading
from inference.speech_words import ADVERBS, PRONOUNS, SourceKind, SpeechWords


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
        opening_pronoun: Whether the sentence opens with `وی`, `او` or `ایشان`.
        unnamed: Whether the source is `یک منبع`, `برخی رسانه‌ها` or the like, and no mention.
        headline: Whether it is `name: what they say`, without a verb.
        ends_in_colon: Whether what is said comes in the next sentence.
        agency: Whether it says which agency carries the news.
        agency_only: Whether that is all: there is no other cue.
        opens_quote: Whether it opens a quotation that it doesn't close.
        closes_quote: Whether it closes one that it didn't open.
    """

    cue: bool
    source: Span | None
    source_kind: SourceKind | None
    opening_pronoun: bool
    unnamed: bool
    headline: bool
    ends_in_colon: bool
    agency: bool
    agency_only: bool
    opens_quote: bool
    closes_quote: bool


def speech_cues(
    document: Document, sentence: int, entities: Sequence[Entity], words: SpeechWords | None = None
) -> SpeechCues:
    """What a sentence shows of whose words it has.

    Args:
        document: The article.
        sentence: Number of the sentence.
        entities: Mentions of the article, in order.
        words: The sentence's `SpeechWords`, if they are there already; they take half of the time.
    """
    view = words or SpeechWords(document, sentence, entities)
    reading = SpeechReading(view)
    colon = reading.headline()
    said = bool(reading.main) or (not colon and reading.read_noun())
    source = reading.source
    first = next((at for at, word in enumerate(view.words) if word not in '«"' and word not in ADVERBS), 0)
    if source is None and colon:
        source = view.source(0, colon, ())
    agency = view.agency[1] > 0
    return SpeechCues(
        cue=said,
        source=view.span(*source[0]) if source else None,
        source_kind=source[1] if source else None,
        opening_pronoun=view.word(first) in PRONOUNS,
        unnamed=source is None and bool(reading.main) and view.unnamed(reading.main[-1].start),
        headline=not said and colon > 0,
        ends_in_colon=view.word(len(view) - 1) == ":",
        agency=agency,
        agency_only=agency and not said,
        opens_quote=view.left_open,
        closes_quote=view.stray_close,
    )


def report(
    document: Document,
    sentence: int,
    entities: Sequence[Entity],
    has_speaker: bool,
    quoting: bool,
    words: SpeechWords | None = None,
) -> Reported | None:
    """How a sentence reports speech.

    Args:
        document: The article.
        sentence: Number of the sentence.
        entities: Mentions of the article, in order.
        has_speaker: Whether the sentence has a speaker.
        quoting: Whether the sentence before was direct speech of the same speaker: one without a cue of its own
            then goes on with it.
        words: As in `speech_cues`.

    Returns:
        None where nobody speaks.
    """
    if not has_speaker:
        return None
    view = words or SpeechWords(document, sentence, entities)
    sentences = document.sentences
    new_line = sentence == 0 or sentences[sentence - 1].line != sentences[sentence].line
    reading = SpeechReading(view, quoting, new_line)
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
