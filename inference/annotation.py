"""What `annotate` returns: frozen values with exact offsets. Their JSON form is in `inference.json_form`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any, Literal

from inference.labels import SIDES, Stance, side, stance

Kind = Literal["direct", "indirect", "mixed"]
"""Own words (after a colon, quoted, or going on with such), words retold, or both."""

ActorKind = Literal["person", "office", "body"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention. Offsets are code points of the text as the caller gave it.

    Attributes:
        start: First character.
        end: One past the last character; `text[start:end]` of the article is `self.text`.
        label: A label of the model, such as `SPEAKER`.
        text: The mention.
        score: Probability, 0 to 1, that the mention is right, span and label, as far as the model is calibrated.
    """

    start: int
    end: int
    label: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme that a sentence carries, with its probability."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its themes.

    Attributes:
        start: First character, as in `Entity`.
        end: One past the last character.
        text: The sentence.
        themes: Themes that it carries, likeliest first.
        speaker: Whose words the sentence reports: the name of one of the actors; None where the article speaks.
    """

    start: int
    end: int
    text: str
    themes: tuple[Theme, ...] = ()
    speaker: str | None = None

    @property
    def stance(self) -> Stance:
        """`cooperative`, `threatening`, `mixed` or `neutral`, from the themes."""
        return stance(theme.name for theme in self.themes)

    @property
    def sides(self) -> dict[str, float]:
        """Score of `cooperation` and `threat`, each the highest of its themes."""
        return {
            name: max(theme.score for theme in self.themes if side(theme.name) == name)
            for name in SIDES
            if any(side(theme.name) == name for theme in self.themes)
        }


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text: `text[start:end]` of the article is `self.text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Attested:
    """One form of a name, rank, office …, and where it stands.

    Attributes:
        text: The form, with its blanks folded to single spaces.
        spans: Where it stands, in order; each proves that it is the actor's.
    """

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is who in the article.

    Attributes:
        name: Fullest name; of an office without a name its fullest mention; of a body its name.
        kind: `person` (has a name), `office` (never named) or `body` (an organization or country that speaks).
        names: Forms of the name.
        ranks: Ranks.
        positions: Offices, without body or country.
        organizations: Organizations of these offices.
        countries: Countries and other places of these offices.
        mentions_by_office: Mentions by office in full, such as `فرمانده ارتش پاکستان`.
        references: `وی`, `او`, `این مقام` that mean this actor.
    """

    name: str
    kind: ActorKind
    names: tuple[Attested, ...] = ()
    ranks: tuple[Attested, ...] = ()
    positions: tuple[Attested, ...] = ()
    organizations: tuple[Attested, ...] = ()
    countries: tuple[Attested, ...] = ()
    mentions_by_office: tuple[Attested, ...] = ()
    references: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Nested:
    """Speech reported within a statement: somebody else's words in the speaker's mouth.

    Attributes:
        speaker: Whose, as the text names them.
        kind: Own words or retold.
        cue: The words that say that they speak.
        content: What they say.
    """

    speaker: Span
    kind: Kind
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What an actor says in consecutive sentences of one line.

    Attributes:
        start: First character of the first sentence.
        end: One past the last character of the last one.
        actor: Number of the speaker in `Annotation.actors`.
        speaker: Name of that actor.
        kind: Over all its sentences.
        mention: The words that name the speaker here (name, office or pronoun); None where only what came before
            says who speaks.
        cue: The words that say that someone speaks.
        content: What is said, without cue and source.
        sentences: Numbers of its sentences in `Annotation.sentences`.
        themes: Themes of its sentences, each with its highest score, likeliest first.
        addressees: To whom it is said, where the text says so.
        nested: Speech within the speech.
    """

    start: int
    end: int
    actor: int
    speaker: str
    kind: Kind
    mention: Span | None = None
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    sentences: tuple[int, ...] = ()
    themes: tuple[Theme, ...] = ()
    addressees: tuple[Span, ...] = ()
    nested: tuple[Nested, ...] = ()

    @property
    def stance(self) -> Stance:
        """From the themes of all its sentences."""
        return stance(theme.name for theme in self.themes)


@dataclass(frozen=True, slots=True)
class StanceCounts:
    """Sentences of each stance, by their numbers in `Annotation.sentences`: count and evidence in one."""

    cooperative: tuple[int, ...] = ()
    threatening: tuple[int, ...] = ()
    mixed: tuple[int, ...] = ()
    neutral: tuple[int, ...] = ()

    @property
    def stance(self) -> Stance:
        """Of all of them together: `mixed` where there is cooperation and threat, `neutral` where there is none."""
        if self.mixed or (self.cooperative and self.threatening):
            return "mixed"
        return "cooperative" if self.cooperative else "threatening" if self.threatening else "neutral"


@dataclass(frozen=True, slots=True)
class ActorStance:
    """The stances of all that an actor says.

    Attributes:
        actor: Number of the actor in `Annotation.actors`.
        counts: Its sentences by stance.
    """

    actor: int
    counts: StanceCounts


@dataclass(frozen=True, slots=True)
class Relation:
    """What an actor says in sentences that name a country or organization.

    Attributes:
        actor: Number of the actor in `Annotation.actors`.
        target: The country or organization.
        label: `LOC` or `ORG`.
        counts: These sentences by stance.
    """

    actor: int
    target: str
    label: str
    counts: StanceCounts


@dataclass(frozen=True, slots=True)
class Summary:
    """Who takes which stance, and towards whom; actors who say nothing are left out."""

    actors: tuple[ActorStance, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """Everything found in one article.

    Attributes:
        text: The article exactly as it was given.
        entities: Mentions in order, disjoint.
        sentences: Sentences in order, disjoint.
        actors: Who is who, in order of their first mention.
        statements: What they say, in order, disjoint.
        summary: Their stances.
        warnings: What may make the result doubtful, in plain words.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    actors: tuple[Actor, ...] = ()
    statements: tuple[Statement, ...] = ()
    summary: Summary = Summary()
    warnings: tuple[str, ...] = ()

    def entities_in(self, sentence: Sentence) -> tuple[Entity, ...]:
        """The mentions that stand in a sentence."""
        first = bisect_left(self.entities, sentence.start, key=lambda e: e.start)
        last = bisect_right(self.entities, sentence.end, key=lambda e: e.end)
        return self.entities[first:last]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form as plain values; scores have four decimals."""
        from inference.json_form import to_dict  # it needs the classes above

        return to_dict(self)

    def to_json(self, indent: int | None = None) -> str:
        """The JSON form. Persian stays readable; lone surrogates are escaped, so it is always valid UTF-8."""
        from inference.json_form import to_json

        return to_json(self, indent)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Annotation:
        """The annotation whose JSON form this is, also of version 1; a row of `sokhan batch` will do too.

        Raises:
            SokhanError: If a value is missing or wrong, with its path, such as `statements[2].cue[0].start`.
        """
        from inference.json_reading import from_dict

        return from_dict(values)

    @classmethod
    def from_json(cls, text: str) -> Annotation:
        """The annotation whose JSON form this is, as text.

        Raises:
            SokhanError: If it is not JSON, or as `from_dict`.
        """
        from inference.json_reading import from_json

        return from_json(text)
