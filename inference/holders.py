"""Who holds an office that stands without a name: `فرمانده کل سپاه … گفت`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from inference.annotation import Entity
from inference.document import Document
from inference.names import key_of
from inference.offices import Office

_HOME = frozenset(["ایران"])
_NEAR = 64
"""So many offices with the same first word are weighed for one without a name, so that time stays linear."""
_AHEAD = 8
"""So many mentions after a speaker may show that the office before is somebody else's."""
_FAR = 400
"""So many characters before an office say whether it is the subject of its sentence."""
_OPENING = re.compile(r"(?:به گزارش [^،:]{1,60}،\s*|به گفته\s+|ا[یي]ن\s+)?")
_ALSO = re.compile(r"\s*[،,]?\s*(?:هم|ن[یي]ز|در مقابل)(?!\w)")
_NOT_SUBJECT = re.compile(
    r"(?:^|\s)(?:با|از|برا[یي]|توسط|بر|در|تا|عل[یي]ه|نزد|د[یي]دار|سفر|حضور|انتخاب|سو[یي]|به)\s+(?:[یي][کك]\s+)?$"
)
# A colon after these quotes nobody.
_SECTION = re.compile(
    r"^\s*(?:گروه|سرو[یي]س)\s+\w+(?:\s+\w+)?\s*[:-]"
    r"|^(?:خبرگزار\w+\s+)?(?:مهر|فارس|ا[یي]سنا|ا[یي]رنا|تسن[یي]م|ا[یي]لنا)\s*:"
)


def holders_of(
    document: Document,
    entities: Sequence[Entity],
    persons: Mapping[int, int],
    offices: Sequence[Office],
    beside: Iterable[tuple[Office, int]],
) -> dict[int, int]:
    """Who holds each office of an article.

    Args:
        document: The article.
        entities: Its mentions in order.
        persons: For the number of each entity that is a name its person, from 0.
        offices: The offices in order.
        beside: Those that stand beside a name, with the person.

    Returns:
        For the number of each office's `POSITION` a person, or, where the article names nobody, a number beyond
        those of persons, the same for the same office.
    """
    holders = _Holders(max(persons.values(), default=-1) + 1)
    for office, person in beside:
        holders.tie(office, person)
    _resolve(document, entities, persons, offices, holders)
    return holders.of_office


class _Holders:
    """Who holds each office: a number below `persons` is a person, any other an office without a name."""

    def __init__(self, persons: int) -> None:
        self.persons = persons
        self._next = persons
        self._holder: dict[int, int] = {}
        self._became: dict[int, int] = {}
        self._deputies: set[int] = set()
        self._titles: set[tuple[int | None, str]] = set()
        self._places: dict[int | None, set[str]] = defaultdict(set)
        self._with_office: set[int] = set()
        self._tied: dict[str, list[tuple[Office, int]]] = defaultdict(list)
        self._met: dict[str, list[tuple[Office, int]]] = defaultdict(list)

    @property
    def of_office(self) -> dict[int, int]:
        """For the number of each office's `POSITION` its holder."""
        return {first: self._now(holder) for first, holder in self._holder.items()}

    def tie(self, office: Office, person: int) -> None:
        """An apposition says that the person holds the office."""
        self._hold(office, person)
        self._with_office.add(person)
        if len(self._tied[office.head]) < _NEAR:
            self._tied[office.head].append((office, person))

    def tied(self, office: Office) -> bool:
        """Whether the holder is known."""
        return office.first in self._holder

    def resolve(self, office: Office, last_speaker: int | None, subject: bool, alone: bool) -> int:
        """The holder of an office that stands without a name; offices come in order.

        Args:
            office: The office.
            last_speaker: The person who was last named as speaking.
            subject: Whether the office may be who speaks in its sentence.
            alone: Whether nobody else speaks before and after, and the sentence begins with the office.
        """
        holder = None if office.vague else self._same(office)
        # `فرمانده` of another body, and who has an office in another country, is somebody else.
        alone = alone and (last_speaker, office.title) not in self._titles and not self._abroad(office, last_speaker)
        known = office.pointed or alone or (office.parliamentary and last_speaker in self._deputies)
        if holder is None and subject and known:
            holder = last_speaker
        if holder is None:
            holder = self._next
            self._next += 1
        self._hold(office, holder)
        self._met[office.head].append((office, holder))
        return holder

    def _abroad(self, office: Office, person: int | None) -> bool:
        """Whether all that is known of a person's offices is in places other than this one's."""
        places = self._places[person]
        return bool(office.places and places and not office.places & places)

    def name(self, office: Office, person: int) -> None:
        """The person turns out to be who held an office without a name; refused to who has an office already."""
        holder = self._holder[office.first]
        if person not in self._with_office and holder >= self.persons:
            self._became[holder] = person
            self._with_office.add(person)
            if office.parliamentary:
                self._deputies.add(person)

    def _hold(self, office: Office, holder: int) -> None:
        self._holder[office.first] = holder
        self._places[holder] |= office.places
        self._titles.add((holder, office.title))
        if office.parliamentary:
            self._deputies.add(holder)

    def _now(self, holder: int) -> int:
        return self._became.get(holder, holder)

    def _same(self, office: Office) -> int | None:
        """The holder of the most alike office of the article, of several the nearest, rather before than after."""
        best: tuple[int, bool, int] = (0, False, 0)
        chosen = None
        for other, holder in (*self._tied[office.head], *self._met[office.head][-_NEAR:]):
            likeness = office.likeness(other)
            distance = office.first - other.first
            if office.pointed and office.head == other.head and distance > 0:
                likeness = max(likeness, 1)  # `این نماینده` is the one of whom we read
            if likeness == 1 and distance < 0 and not office.places and not _HOME & other.places:
                continue  # the first minister without a country is not the foreign one who comes later
            rank = (likeness, distance > 0, -abs(distance))
            if likeness and rank > best:
                best, chosen = rank, self._now(holder)
        return chosen


def _resolve(
    document: Document,
    entities: Sequence[Entity],
    persons: Mapping[int, int],
    offices: Sequence[Office],
    holders: _Holders,
) -> None:
    """Find the holder of every office without a name beside it.

    Often the office speaks first and its holder is named after it, as if known:
    `سفیر ایران در کویت … خبر داد. جلال سعیدکیا … گفت`.
    """
    starting = {office.first: office for office in offices}
    fullest: dict[int, str] = {}
    for number, person in persons.items():
        fullest[person] = max(fullest.get(person, ""), key_of(entities[number].text), key=len)
    upcoming = [person for number, person in persons.items() if entities[number].label == "SPEAKER"][::-1]
    several = len(set(upcoming)) > 1
    nameless: tuple[int, Office] | None = None
    others: set[int] = set()  # named in the sentence of that office: they do not hold it
    last_speaker: int | None = None
    for number, entity in enumerate(entities):
        if office := starting.get(number):
            if holders.tied(office):
                continue
            sentence = _sentence_start(document, entity.start)
            subject = _may_speak(document, sentence, entity.start)
            same = upcoming[-1] == last_speaker if upcoming else not several
            alone = same and subject and _goes_on(document.text, sentence, office)
            holder = holders.resolve(office, last_speaker, subject, alone)
            if holder >= holders.persons and subject and (nameless is None or nameless[0] != sentence):
                nameless, others = (sentence, office), set()
        elif number in persons:
            person = persons[number]
            if nameless is not None and nameless[0] == _sentence_start(document, entity.start):
                others.add(person)
            if entity.label != "SPEAKER":
                continue
            last_speaker = upcoming.pop()
            if nameless is None or nameless[0] == _sentence_start(document, entity.start):
                continue
            full = key_of(entity.text) == fullest[person] and person not in others
            if full and not _speaks_of(nameless[1], document, entities, number, starting):
                holders.name(nameless[1], person)
            nameless = None


def _goes_on(text: str, sentence: int, office: Office) -> bool:
    """Whether the sentence begins with the office, and not as with somebody new."""
    return bool(_OPENING.fullmatch(text, sentence, office.start)) and not _ALSO.match(text, office.end)


def _speaks_of(
    office: Office, document: Document, entities: Sequence[Entity], speaker: int, starting: Mapping[int, Office]
) -> bool:
    """Whether the sentence of the speaker names the office as somebody else's."""
    sentence = _sentence_start(document, entities[speaker].start)
    for number in range(speaker + 1, min(speaker + _AHEAD, len(entities))):
        other = starting.get(number)
        if other and _sentence_start(document, other.start) == sentence and office.likeness(other) > 1:
            return True
    return False


def _may_speak(document: Document, sentence: int, start: int) -> bool:
    """Whether what stands there may be the subject of its sentence, outside what somebody says."""
    before = document.text[max(sentence, start - _FAR) : start]
    return ":" not in _SECTION.sub("", before) and not _NOT_SUBJECT.search(before)


def _sentence_start(document: Document, place: int) -> int:
    number = bisect_right(document.sentences, place, key=attrgetter("start")) - 1
    return document.sentences[number].start if number >= 0 else 0
