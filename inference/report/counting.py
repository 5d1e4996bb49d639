"""Counts over an archive: who carries which theme in which month, and which stance towards whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inference.labels import Stance
from inference.names import key_of
from inference.report.calendar import UNDATED, month_of
from inference.report.merging import Identity, identity, merge
from inference.report.reading import Article, Person

_ERRORS_NAMED = 1000
_FIELDS_NAMED = 1000
_REASON = 300
"""Characters of a reason, id or origin that are kept."""


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A document that was not annotated, and why."""

    id: str
    origin: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A country or organization that is spoken of: its name in one spelling and `LOC` or `ORG`."""

    name: str
    label: str


@dataclass(slots=True)
class Tally:
    """What is counted of one actor; counts are sentences unless they say otherwise.

    Attributes:
        names: Forms of the name, in documents.
        kinds: `person`, `office`, `body`, in documents.
        positions: Offices, in documents.
        affiliations: Organizations and countries of the offices, in documents.
        documents: Documents in which it speaks.
        stances: By month and stance.
        themes: By month and theme.
        relations: By target, month and stance.
    """

    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    positions: Counter[str] = field(default_factory=Counter)
    affiliations: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    stances: Counter[tuple[str, Stance]] = field(default_factory=Counter)
    themes: Counter[tuple[str, str]] = field(default_factory=Counter)
    relations: Counter[tuple[Target, str, Stance]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Take another's counts over: both are the same actor."""
        self.documents += other.documents
        self.names.update(other.names)
        self.kinds.update(other.kinds)
        self.positions.update(other.positions)
        self.affiliations.update(other.affiliations)
        self.stances.update(other.stances)
        self.themes.update(other.themes)
        self.relations.update(other.relations)

    @property
    def name(self) -> str:
        """The form of most documents, the longest of these."""
        return max(self.names, key=lambda form: (self.names[form], len(form), form))

    @property
    def kind(self) -> str:
        """The kind in most documents."""
        return max(self.kinds, key=lambda kind: (self.kinds[kind], kind))

    @property
    def sentences(self) -> int:
        """All sentences that it says."""
        return self.stances.total()

    def of_stance(self, *stances: Stance) -> int:
        """Its sentences of these stances."""
        return sum(count for (_, stance), count in self.stances.items() if stance in stances)


@dataclass(slots=True)
class Counts:
    """What is counted over an archive.

    Attributes:
        documents: Rows, error rows among them.
        failed: Error rows.
        errors: The first of them.
        without_date: Annotated documents without the field of the date.
        unreadable_dates: Annotated documents with a date that can't be read.
        unreadable: The first such date.
        fields: Names of fields that documents have, to help who names the wrong one.
        sentences: All sentences by month and stance, whoever says them.
        actors: Who speaks, the one with most sentences first.
        numbers: Number, in `actors`, of each identity.
        targets: Names of the targets as they are most often written.
    """

    documents: int = 0
    failed: int = 0
    errors: list[ErrorRow] = field(default_factory=list)
    without_date: int = 0
    unreadable_dates: int = 0
    unreadable: str = ""
    fields: set[str] = field(default_factory=set)
    sentences: Counter[tuple[str, Stance]] = field(default_factory=Counter)
    actors: list[Tally] = field(default_factory=list)
    numbers: dict[Identity, int] = field(default_factory=dict)
    targets: dict[Target, str] = field(default_factory=dict)

    @property
    def months(self) -> set[str]:
        """Months of all sentences."""
        return {month for month, _ in self.sentences}


def count(articles: Iterable[Article], date_field: str) -> Counts:
    """Count a stream of articles. Memory grows with the actors and with what differs in their counts, not with the
    articles: some 3 KB for an actor, and 200 bytes more for each month with a theme, a stance or a target.
    """
    counts = Counts()
    tallies: dict[Identity, Tally] = {}
    forms: dict[Target, Counter[str]] = {}
    for article in articles:
        counts.documents += 1
        if article.error is not None:
            _count_error(counts, article, article.error)
            continue
        month = _count_date(counts, article.source, date_field)
        _count_sentences(counts, tallies, forms, article, month)
    _merge(counts, tallies)
    counts.targets = {target: max(of, key=lambda form: (of[form], len(form), form)) for target, of in forms.items()}
    return counts


def article_month(article: Article, date_field: str) -> str:
    """The month of an article; `UNDATED` where there is none."""
    return month_of(article.source.get(date_field)) or UNDATED


def _count_error(counts: Counts, article: Article, reason: str) -> None:
    counts.failed += 1
    if len(counts.errors) < _ERRORS_NAMED:
        counts.errors.append(ErrorRow(article.id[:_REASON], article.origin[:_REASON], reason[:_REASON]))


def _count_date(counts: Counts, source: Mapping[str, object], date_field: str) -> str:
    if len(counts.fields) < _FIELDS_NAMED:
        counts.fields.update(source)
    date = source.get(date_field)
    month = month_of(date)
    if month is not None:
        return month
    if date in (None, ""):
        counts.without_date += 1
    else:
        counts.unreadable = counts.unreadable or str(date)[:_REASON]
        counts.unreadable_dates += 1
    return UNDATED


def _count_sentences(
    counts: Counts,
    tallies: dict[Identity, Tally],
    forms: dict[Target, Counter[str]],
    article: Article,
    month: str,
) -> None:
    speaking = {sentence.actor for sentence in article.sentences} - {None}
    of_actor: dict[int, Tally] = {}
    seen: set[int] = set()
    for number, person in enumerate(article.actors):
        if number in speaking:
            tally = tallies.setdefault(identity(person), Tally())
            _count_person(tally, person, again=id(tally) in seen)
            seen.add(id(tally))
            of_actor[number] = tally
    for sentence in article.sentences:
        counts.sentences[month, sentence.stance] += 1
        if sentence.actor is not None:
            tally = of_actor[sentence.actor]
            tally.stances[month, sentence.stance] += 1
            for theme in {theme.name for theme in sentence.themes}:
                tally.themes[month, theme] += 1
    for relation in article.relations:
        if relation.actor in of_actor and relation.sentences:
            target = Target(key_of(relation.target), relation.label)
            forms.setdefault(target, Counter())[relation.target] += 1
            for _, stance in relation.sentences:
                of_actor[relation.actor].relations[target, month, stance] += 1


def _count_person(tally: Tally, person: Person, again: bool) -> None:
    tally.documents += not again
    tally.names[person.name] += 1
    tally.kinds[person.kind] += 1
    tally.positions.update(set(person.positions))
    tally.affiliations.update({*person.organizations, *person.countries})


def _merge(counts: Counts, tallies: dict[Identity, Tally]) -> None:
    groups = merge(tallies)
    merged: dict[int, Tally] = {}
    for one, tally in tallies.items():
        if groups[one] in merged:
            merged[groups[one]].add(tally)
        else:
            merged[groups[one]] = tally
    order = sorted(merged, key=lambda group: (-merged[group].sentences, merged[group].name, group))
    places = {group: place for place, group in enumerate(order)}
    counts.actors = [merged[group] for group in order]
    counts.numbers = {one: places[group] for one, group in groups.items()}
