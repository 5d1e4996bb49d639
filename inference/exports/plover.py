"""EXPERIMENTAL: events in the terms of PLOVER, one JSON object a line; each says that it is experimental.

PLOVER (Open Event Data Alliance, https://github.com/openeventdata/PLOVER; the 16 types of POLECAT) codes who did what
to whom. Here the source is the speaker, so the event is what the speaker does in saying it: who speaks of an attack
accuses, and does not attack. The deed that is spoken of stands beside it as `about`. Nothing is known of whether it
happened, of its date, or of who did it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.actors import own_keys
from inference.annotation import Actor, Annotation, Entity, Statement
from inference.escaping import json_line
from inference.exports import Documents
from inference.marking import mentions_by_sentence
from inference.names import key_of

_SCORE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Coding:
    """How a theme is coded.

    Attributes:
        event_type: What a speaker does who says such a thing.
        about: Type of the deed that is spoken of.
        contexts: PLOVER's contexts.
    """

    event_type: str
    about: str
    contexts: tuple[str, ...] = ()


CODINGS: Mapping[str, Coding] = {
    "cooperation.diplomacy": Coding("CONSULT", "CONSULT", ("diplomatic",)),
    "cooperation.defense": Coding("COOPERATE", "COOPERATE", ("military",)),
    "cooperation.security": Coding("COOPERATE", "COOPERATE", ("intelligence",)),
    "cooperation.economy": Coding("COOPERATE", "COOPERATE", ("economic",)),
    "cooperation.unity": Coding("SUPPORT", "SUPPORT"),
    "threat.terrorism": Coding("ACCUSE", "ASSAULT", ("terrorism",)),
    "threat.military": Coding("ACCUSE", "ASSAULT", ("military",)),
    "threat.interference": Coding("ACCUSE", "COERCE"),
    "threat.warning": Coding("THREATEN", "THREATEN"),
}
"""The types by theme. `threat.border` (smuggling, insecurity) is near no type and gives no event."""


def to_plover(documents: Documents) -> bytes:
    """The events in order, a line each; none gives an empty file."""
    return "".join(
        json_line(event) + "\n" for name, annotation in documents.items() for event in events(name, annotation)
    ).encode()


def events(name: str, annotation: Annotation) -> Iterator[dict[str, Any]]:
    """An event for each theme, of those in `CODINGS`, of each sentence that someone says."""
    mentions = [found for _, found in mentions_by_sentence(annotation)]
    for number, statement in enumerate(annotation.statements):
        source = annotation.actors[statement.actor]
        for place in statement.sentences:
            sentence = annotation.sentences[place]
            target = _target(mentions[place], source, statement)
            for theme in sentence.themes:
                coding = CODINGS.get(theme.name)
                if coding is None:
                    continue
                yield {
                    "experimental": True,
                    "document": name,
                    "source": {"actor": statement.actor, "name": source.name, "kind": source.kind},
                    "event_type": coding.event_type,
                    "about": coding.about,
                    "contexts": list(coding.contexts),
                    "target": target and _mention(target),
                    "theme": theme.name,
                    "score": round(theme.score, _SCORE_DECIMALS),
                    "statement": number,
                    "sentence": {
                        "number": place,
                        "start": sentence.start,
                        "end": sentence.end,
                        "text": sentence.text,
                    },
                }


def _target(mentions: Sequence[Entity], source: Actor, statement: Statement) -> Entity | None:
    """The one country or organization that is named and is not the source's own; None where there are more."""
    own = own_keys(source)
    mention = statement.mention
    others: dict[str, Entity] = {}
    for entity in mentions:
        within_source = mention is not None and mention.start <= entity.start and entity.end <= mention.end
        if entity.label in ("LOC", "ORG") and not within_source and key_of(entity.text) not in own:
            others.setdefault(key_of(entity.text), entity)
    return next(iter(others.values())) if len(others) == 1 else None


def _mention(entity: Entity) -> dict[str, Any]:
    return {"label": entity.label, "start": entity.start, "end": entity.end, "text": entity.text}
