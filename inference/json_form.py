"""The JSON form of annotations; the schema that it follows is `inference/annotation.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inference.annotation import (
    Actor,
    Annotation,
    Attested,
    Nested,
    Sentence,
    Span,
    StanceCounts,
    Statement,
    Summary,
    Theme,
)

SCHEMA_VERSION = 2
"""Version of the JSON form; raised when a reader of the old form would misread the new one."""

_SCORE_DECIMALS = 4


def to_dict(annotation: Annotation) -> dict[str, Any]:
    """The JSON form as plain values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "text": annotation.text,
        "entities": [
            {"start": e.start, "end": e.end, "label": e.label, "text": e.text, "score": _rounded(e.score)}
            for e in annotation.entities
        ],
        "sentences": [_sentence(one) for one in annotation.sentences],
        "actors": [_actor(one) for one in annotation.actors],
        "statements": [_statement(one) for one in annotation.statements],
        "summary": _summary(annotation.summary),
        "warnings": list(annotation.warnings),
    }


def to_json(annotation: Annotation, indent: int | None = None) -> str:
    """The JSON form as text that is valid UTF-8 whatever the article holds."""
    written = json.dumps(to_dict(annotation), ensure_ascii=False, indent=indent)
    return written.encode("utf-8", "backslashreplace").decode("utf-8")


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "themes": _themes(sentence.themes),
        "stance": sentence.stance,
        "speaker": sentence.speaker,
    }


def _actor(actor: Actor) -> dict[str, Any]:
    return {
        "name": actor.name,
        "kind": actor.kind,
        "names": _attested(actor.names),
        "ranks": _attested(actor.ranks),
        "positions": _attested(actor.positions),
        "organizations": _attested(actor.organizations),
        "countries": _attested(actor.countries),
        "mentions_by_office": _attested(actor.mentions_by_office),
        "references": _spans(actor.references),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "start": statement.start,
        "end": statement.end,
        "actor": statement.actor,
        "speaker": statement.speaker,
        "kind": statement.kind,
        "mention": None if statement.mention is None else _span(statement.mention),
        "cue": _spans(statement.cue),
        "content": _spans(statement.content),
        "sentences": list(statement.sentences),
        "themes": _themes(statement.themes),
        "stance": statement.stance,
        "addressees": _spans(statement.addressees),
        "nested": [_nested(one) for one in statement.nested],
    }


def _nested(nested: Nested) -> dict[str, Any]:
    return {
        "speaker": _span(nested.speaker),
        "kind": nested.kind,
        "cue": _spans(nested.cue),
        "content": _spans(nested.content),
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "actors": [
            {"actor": one.actor, "stance": one.counts.stance, **_counts(one.counts)} for one in summary.actors
        ],
        "relations": [
            {
                "actor": one.actor,
                "target": one.target,
                "label": one.label,
                "stance": one.counts.stance,
                **_counts(one.counts),
            }
            for one in summary.relations
        ],
    }


def _counts(counts: StanceCounts) -> dict[str, list[int]]:
    return {
        "cooperative": list(counts.cooperative),
        "threatening": list(counts.threatening),
        "mixed": list(counts.mixed),
        "neutral": list(counts.neutral),
    }


def _attested(forms: Sequence[Attested]) -> list[dict[str, Any]]:
    return [{"text": form.text, "spans": _spans(form.spans)} for form in forms]


def _spans(spans: Sequence[Span]) -> list[dict[str, Any]]:
    return [_span(span) for span in spans]


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _themes(themes: Sequence[Theme]) -> list[dict[str, Any]]:
    return [{"name": theme.name, "score": _rounded(theme.score)} for theme in themes]


def _rounded(score: float) -> float:
    return round(score, _SCORE_DECIMALS)
