"""What `annotate` returns: frozen values with exact offsets, and their JSON form."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from inference.labels import SIDES, Stance, side, stance

SCHEMA_VERSION = 1
"""Version of the JSON form; raised when a reader of the old form would misread the new one."""

_SCORE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention. Offsets are code points of the text as the caller gave it.

    Attributes:
        start: First character.
        end: One past the last character; `text[start:end]` of the article is `self.text`.
        label: A label of the model, such as `SPEAKER`.
        text: The mention.
        score: Probability in the model's view, 0 to 1.
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
        speaker: Name of the person to whom the sentence gives the word, if it names one.
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
class Annotation:
    """Everything found in one article.

    Attributes:
        text: The article exactly as it was given.
        entities: Mentions in order, disjoint.
        sentences: Sentences in order, disjoint.
        warnings: What may make the result doubtful, in plain words.
    """

    text: str
    entities: tuple[Entity, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    warnings: tuple[str, ...] = ()

    def entities_in(self, sentence: Sentence) -> tuple[Entity, ...]:
        """The mentions that stand in a sentence."""
        first = bisect_left(self.entities, sentence.start, key=lambda e: e.start)
        last = bisect_right(self.entities, sentence.end, key=lambda e: e.end)
        return self.entities[first:last]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form as plain values; scores have four decimals."""
        return {
            "schema_version": SCHEMA_VERSION,
            "text": self.text,
            "entities": [
                {"start": e.start, "end": e.end, "label": e.label, "text": e.text, "score": _rounded(e.score)}
                for e in self.entities
            ],
            "sentences": [
                {
                    "start": s.start,
                    "end": s.end,
                    "text": s.text,
                    "themes": [{"name": t.name, "score": _rounded(t.score)} for t in s.themes],
                    "stance": s.stance,
                    "speaker": s.speaker,
                }
                for s in self.sentences
            ],
            "warnings": list(self.warnings),
        }

    def to_json(self, indent: int | None = None) -> str:
        """The JSON form. Persian stays readable; lone surrogates are escaped, so it is always valid UTF-8."""
        written = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return written.encode("utf-8", "backslashreplace").decode("utf-8")


def _rounded(score: float) -> float:
    return round(score, _SCORE_DECIMALS)
