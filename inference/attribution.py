"""Whose words a sentence reports: from its cue and source, from what came before, from what a model hears.

Sources are resolved in the manner of citron (BBC, `citron/source.py`): a name, else an office whose holder the
article names, else a body; a pronoun is the last speaker; a sentence without source goes on with the last speaker as
long as it sounds like speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from inference.actors import Cast
from inference.annotation import Actor, Attested, Entity, Span
from inference.document import Document
from inference.names import aliases_of, key_of, words_of
from inference.reported_speech import SpeechCues

_CLOSING = re.compile(r"\W*(?:انتهای|پایان)\s+(?:پیام|خبر|گزارش)\W*[\w/.]*\W*")
# `متن پیام … به شرح زیر است:` is the article's; what it introduces is not.
_INTRODUCES = re.compile(r"(?:^|\s)متن\s.*\s(?:شرح|ز[یي]ر|ذ[یي]ل)(?!\w).*:\W*$", re.DOTALL)
_END = 300
"""So many characters at its end say whether a sentence introduces a text; more would be slow in an endless one."""
_WITHOUT_LETTERS = re.compile(r"[\W\d_]*")

GOES_ON = 0.7
"""A sentence without source goes on with the last speaker from this probability of speech on."""
BEGINS = 0.8
"""Without anyone who spoke before, a sentence without source is the article's only speaker's from here on."""
UNHEARD = 0.05
"""Below this nobody speaks, whatever names stand in the sentence."""
_LONGEST_SHORT_NAME = 12
"""Words of a name that may be short for a longer one."""
_MOST_NAMES = 32
"""More names with the same first word are not weighed for a short one, so that time stays linear."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a sentence reports.

    Attributes:
        actor: Number of the actor.
        mention: The words that name them in this sentence, if any do.
    """

    actor: int
    mention: Span | None


def attribute(
    document: Document,
    entities: Sequence[Entity],
    cast: Cast,
    cues: Sequence[SpeechCues],
    quotations: Mapping[int, int],
    speech: Sequence[float] | None = None,
) -> tuple[Cast, list[Attribution | None]]:
    """Find the speaker of every sentence.

    Args:
        document: The article.
        entities: Its mentions, in order.
        cast: Its persons and offices.
        cues: What each sentence shows.
        quotations: As from `inference.quotations.open_quotations`.
        speech: Probability that each sentence reports speech, in a model's view; without it only what is in the same
            line goes on.

    Returns:
        The cast with the bodies that speak, and for each sentence its speaker; None where the article speaks.
    """
    speakers = _Speakers(document, entities, cast, cues, quotations, speech)
    found = [speakers.of(number) for number in range(len(document.sentences))]
    return speakers.told(), found


class _Speakers:
    """Goes through an article and knows who spoke last."""

    def __init__(
        self,
        document: Document,
        entities: Sequence[Entity],
        cast: Cast,
        cues: Sequence[SpeechCues],
        quotations: Mapping[int, int],
        speech: Sequence[float] | None,
    ) -> None:
        self._cast = cast
        self._document, self._entities, self._cues, self._speech = document, entities, cues, speech
        self._starts = [entity.start for entity in entities]
        self._named = [number for number, entity in enumerate(entities) if entity.label == "SPEAKER"]
        self._bodies: dict[str, tuple[int, list[Span]]] = {}  # by key: number of the actor, and its places
        self._references: dict[int, list[Span]] = defaultdict(list)
        self._aliases = aliases_of(document.text, entities)
        self._open = quotations
        self._quoted: tuple[int, int] | None = None  # whose quotation is open, and its last sentence
        self._last: int | None = None  # who spoke last
        self._unnamed = False  # whether a source without a name spoke since
        self._before: Attribution | None = None  # of the sentence before

    def of(self, number: int) -> Attribution | None:
        if self._quoted and number <= self._quoted[1]:
            found: Attribution | None = Attribution(self._quoted[0], None)
        else:
            found = self._find(number)
            if number in self._open and found:
                self._quoted = found.actor, self._open[number]
            if found and _INTRODUCES.search(self._text(number)[-_END:]):
                self._last, found = found.actor, None
        self._before = found
        if found:
            self._last, self._unnamed = found.actor, False
        return found

    def _text(self, number: int) -> str:
        sentence = self._document.sentences[number]
        return self._document.text[sentence.start : sentence.end]

    def told(self) -> Cast:
        """The cast with what the sentences told of it."""
        return self._cast.with_speech([places for _, places in self._bodies.values()], self._references)

    def _find(self, number: int) -> Attribution | None:
        text = self._text(number)
        heard = None if self._speech is None else self._speech[number]
        silent = _CLOSING.fullmatch(text) or _WITHOUT_LETTERS.fullmatch(text)
        if silent or (heard is not None and heard < UNHEARD):
            return None
        found = self._by_name(number) or self._by_source(number)
        return found or (None if self._without_name(number) else self._going_on(number, heard))

    def _without_name(self, number: int) -> bool:
        """Whether a source speaks that has no name, now or as the pronoun's last one."""
        cues = self._cues[number]
        if cues.cue and cues.source_kind == "nobody":
            self._unnamed = True
        return self._unnamed and cues.cue and cues.source_kind in ("nobody", "pronoun", "demonstrative")

    def _by_name(self, number: int) -> Attribution | None:
        """A name that speaks: the one that the cue belongs to, else the first."""
        sentence, source = self._document.sentences[number], self._cues[number].source
        first, end = (bisect_left(self._starts, place) for place in (sentence.start, sentence.end))
        named = [place for place in range(first, end) if self._entities[place].label == "SPEAKER"]
        if not named:
            return None
        at_source = [place for place in named if source and source.start <= self._entities[place].start < source.end]
        entity = (at_source or named)[0]
        mention = self._entities[entity]
        return Attribution(self._cast.of_mention[entity], Span(mention.start, mention.end, mention.text))

    def _by_source(self, number: int) -> Attribution | None:
        """An office, a body or a pronoun that the cue, or a headline's colon, belongs to."""
        cues = self._cues[number]
        source = cues.source
        if source is None and cues.written and self._last is not None:
            return Attribution(self._last, None)
        if source is None or not (cues.cue or cues.headline):
            return None
        if cues.source_kind in ("pronoun", "demonstrative"):
            if self._unnamed:
                return None
            actor = self._last if self._last is not None else self._next_named(number)
            return None if actor is None else self._referring(actor, source)
        if cues.source_kind == "office":
            actor = self._of_office(number, source)
            return None if actor is None else Attribution(actor, source)
        if cues.source_kind == "body":
            person = self._person_of(source, cues.headline)
            return Attribution(self._of_body(source) if person is None else person, source)
        return None

    def _person_of(self, source: Span, headline: bool) -> int | None:
        """The one speaking person whose country it is, or in a headline whose body, for whom it stands."""
        at = bisect_left(self._starts, source.start)
        label = self._entities[at].label if at < len(self._entities) else ""
        if label != "LOC" and not headline:
            return None
        key = key_of(source.text)
        found = []
        for number in self._speaking:
            actor = self._cast.actors[number]
            homes = (*actor.countries, *actor.organizations) if headline else actor.countries
            if any(key_of(home.text) == key for home in homes):
                found.append(number)
        return found[0] if len(found) == 1 else None

    @cached_property
    def _speaking(self) -> list[int]:
        """The persons who are named as speaking."""
        return sorted({self._cast.of_mention[place] for place in self._named})

    @cached_property
    def _called(self) -> dict[str, int]:
        """For each key of a name or a mention by office the first actor that is called so."""
        called: dict[str, int] = {}
        for number, actor in enumerate(self._cast.actors):
            for form in (*actor.names, *actor.mentions_by_office):
                called.setdefault(key_of(form.text), number)
        return called

    def _of_body(self, source: Span) -> int:
        """The first actor with the name of a body; the body is an actor all the same."""
        full = self._full_name(source)
        key = key_of(full.text)
        number, places = self._bodies.setdefault(key, (len(self._cast.actors) + len(self._bodies), [full]))
        if source != places[0]:
            places.append(source)
        return self._called.setdefault(key, number)

    def _full_name(self, source: Span) -> Span:
        """The longest mention of a body that has all words of another in their order, with the same first one; that
        before a parenthesis for the Latin name within."""
        at = bisect_left(self._starts, source.start)
        if at in self._aliases:
            named = self._entities[self._aliases[at]]
            source = Span(named.start, named.end, named.text)
        words = words_of(source.text)
        if not 2 <= len(words) <= _LONGEST_SHORT_NAME:
            return source
        longest = source
        for words_of_full, full in self._body_names.get(words[0], ()):
            rest = iter(words_of_full)
            if len(full.text) > len(longest.text) and all(word in rest for word in words):
                longest = full
        return longest

    @cached_property
    def _body_names(self) -> dict[str, list[tuple[tuple[str, ...], Span]]]:
        """The distinct names of bodies by their first word."""
        names: dict[tuple[str, ...], Span] = {}
        for entity in self._entities:
            if entity.label == "ORG" and len(words := words_of(entity.text)) > 2:
                names.setdefault(words, Span(entity.start, entity.end, entity.text))
        by_first: dict[str, list[tuple[tuple[str, ...], Span]]] = defaultdict(list)
        for words, span in names.items():
            if len(by_first[words[0]]) < _MOST_NAMES:
                by_first[words[0]].append((words, span))
        return by_first

    def _of_office(self, number: int, source: Span) -> int | None:
        """Who holds the office at a place: whom the article names for it, else the one speaker that may hold it."""
        at = bisect_left(self._starts, source.start)
        place = next((n for n in range(at, len(self._entities)) if n in self._cast.of_mention), len(self._entities))
        if place == len(self._entities) or self._entities[place].start >= source.end:
            return None
        actor = self._cast.of_mention[place]
        if self._cast.actors[actor].kind == "person":
            return actor
        candidate = self._last if self._last is not None else self._next_named(number)
        if candidate is not None and self._may_hold(candidate, self._cast.actors[actor]):
            return candidate
        return actor

    def _may_hold(self, candidate: int, office: Actor) -> bool:
        """Whether a speaker may hold an office that the article ties to nobody: theirs is alike, or nothing is known
        against it, such as another country or body."""
        if candidate >= len(self._cast.actors) or self._cast.actors[candidate].kind != "person":
            return False
        actor = self._cast.actors[candidate]
        if not actor.positions or _words(actor.positions) & _words(office.positions):
            return True
        theirs, its = (_words((*one.organizations, *one.countries)) for one in (actor, office))
        return not theirs or not its or bool(theirs & its)

    def _going_on(self, number: int, heard: float | None) -> Attribution | None:
        """No source: the words of whoever spoke in the sentence before, or last."""
        sentences = self._document.sentences
        before = self._before
        same_line = number > 0 and sentences[number].line == sentences[number - 1].line
        if heard is None:
            return Attribution(before.actor, None) if before and same_line else None
        if heard >= GOES_ON and before:
            return Attribution(before.actor, None)
        if heard >= BEGINS:
            actor = self._last if self._last is not None else self._next_named(number)
            return None if actor is None else Attribution(actor, None)
        return None

    def _next_named(self, number: int) -> int | None:
        """The first speaker that is named from here on."""
        start = self._document.sentences[number].start
        place = bisect_left(self._named, start, key=lambda entity: self._entities[entity].start)
        return self._cast.of_mention[self._named[place]] if place < len(self._named) else None

    def _referring(self, actor: int, source: Span) -> Attribution:
        self._references[actor].append(source)
        return Attribution(actor, source)


def _words(forms: Iterable[Attested]) -> set[str]:
    return {word for form in forms for word in words_of(form.text)}
