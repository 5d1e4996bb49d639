"""Scores of who says what: speakers and statements, actors, reported speech; each where the data annotates it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference.annotation import Annotation
from training.actor_scoring import ActorScores, score_actors
from training.articles import Article
from training.speaker_scoring import Said, SpeakerScores, score_speakers
from training.speech_scoring import SpeechScores, has_speech, score_speech, speech_of


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """Scores of attribution.

    Attributes:
        speakers: Speakers of sentences, and statements; None where no sentence of the data has a speaker.
        actors: Actors and what is known of them; None where the data annotates no actors.
        speech: How sentences report speech; None where the data doesn't say.
    """

    speakers: SpeakerScores | None
    actors: ActorScores | None
    speech: SpeechScores | None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; statements and their sources by least overlap, each under a key of its own."""
        speakers = self.speakers.to_dict() if self.speakers else {}
        by_overlap = {name: speakers.pop(name, None) for name in ("statements", "sources")}
        return {
            "speakers": speakers or None,
            **by_overlap,
            "actors": self.actors and self.actors.to_dict(),
            "speech": self.speech and self.speech.to_dict(),
        }


def score_attribution(gold: Sequence[Article], found: Sequence[Annotation]) -> AttributionScores | None:
    """Score who says what, for each article the annotation of its text; None if the data annotates nothing of it.

    A corpus in which nobody speaks is one without speakers; in one with speakers, articles where nobody speaks count.
    """
    speakers = actors = speech = None
    sentences = [sentence for article in gold for sentence in article.sentences or ()]
    if any(sentence.speaker is not None for sentence in sentences):
        said = [[Said(s.start, s.end, s.speaker) for s in one.sentences] for one in found]
        speakers = score_speakers(gold, said)
    if any(article.actors is not None for article in gold):
        actors = score_actors(gold, [one.actors for one in found])
    if any(sentence.speech is not None for sentence in sentences) and any(map(has_speech, gold)):
        speech = score_speech(gold, [speech_of(one) for one in found])
    if speakers is None and actors is None and speech is None:
        return None
    return AttributionScores(speakers, actors, speech)
