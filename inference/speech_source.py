"""Who speaks in one sentence: the cues that are the article's own, and the mention or pronoun that they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from inference.cue_words import HEADLINE_ADJECTIVES, HEADLINE_NOUNS
from inference.cues import Cue, preposition_at
from inference.datelines import Place
from inference.speech_words import SourceKind, SpeechWords

_HEADLINE_WORDS = 25
"""A colon further on parts no speaker from what they say."""
_HEADLINE_SOURCE_WORDS = 16
"""Behind the first mention of a headline that opens with a noun the content begins within so many words."""


@dataclass(frozen=True, slots=True)
class NounHeadline:
    """`هشدار … به … درباره …`, a headline without a verb.

    Attributes:
        cue: The noun.
        source: Who speaks, if that is found.
        content: What is said.
    """

    cue: Place
    source: tuple[Place, SourceKind] | None
    content: Place


class SpeechSource:
    """The cues and the source of one sentence.

    Attributes:
        view: The sentence.
        main: The cues that are the article's own, not those of quoted speech.
        source: Who speaks by them, where the sentence says so.
        colon: The colon behind the speaker of a headline, `name: what they say`; 0 if there is none.
    """

    def __init__(self, view: SpeechWords) -> None:
        self.view = view
        cues = [cue for cue in view.cues if view.quote_of(cue.start) is None and cue.start >= view.agency[1]]
        self.main = self._main(cues)
        self.source = self._source()
        self.colon = self._colon()

    def _main(self, cues: list[Cue]) -> list[Cue]:
        """The cues that are the article's own: up to the one whose words go to the end."""
        view = self.view
        main: list[Cue] = []
        for number, cue in enumerate(cues):
            behind = view.word(cue.end)
            if cue.kind in ("say", "judge", "ask"):
                if view.word(cue.start - 1) == "که":
                    continue
                before = view.words[main[-1].start if main else 0 : cue.start] if behind == "،" else ()
                opened = "که" in before or "اینکه" in before
                if opened and any(later.kind not in ("open", "according") for later in cues[number + 1 :]):
                    continue  # the verb of a relative clause, or of what an opener opens
            main.append(cue)
            if behind == ":" and view.opens_quote(cue.end + 1) is None:
                break
        while main and main[-1].kind == "open":
            main.pop()
        if main and all(cue.participle for cue in main):
            return []
        return main

    def _source(self) -> tuple[Place, SourceKind] | None:
        if not self.main:
            return None
        view = self.view
        verb = next((cue for cue in self.main if cue.kind != "open"), self.main[0])
        if verb.kind == "according":
            return view.source(verb.end, min(verb.end + 12, len(view)), ())
        closed = [*view.quotes]
        openers = [cue for cue in self.main if cue.kind == "open" and cue.start < verb.start]
        first = openers[0].start if openers else verb.start
        found = view.source(0, first, closed)
        if found is None and openers:
            found = view.source(first, verb.start, closed)
        if found is None and (mention := view.mention_at(verb.end)) and mention.start == verb.end:
            found = view.source(verb.end, mention.end, closed)  # `«…»، افزود هلتای`
        return found

    def _colon(self) -> int:
        view = self.view
        if ":" not in view.words:
            return 0
        begin = view.agency[1] if view.agency[0] == 0 else 0
        for at in range(begin + 1, min(len(view), begin + _HEADLINE_WORDS)):
            if view.words[at] == ":":
                speakers = [m for m in view.mentions if begin <= m.start and m.end <= at]
                named = any(m.label in ("SPEAKER", "POSITION") for m in speakers)
                return at if named or (speakers and speakers[-1].end == at) else 0
        return 0

    def noun_headline(self) -> NounHeadline | None:
        """The parts of the sentence as a headline that opens with a noun; None if it is none."""
        view = self.view
        for length in (2, 1):
            prepositions = HEADLINE_NOUNS.get(" ".join(view.words[:length]), ())
            if length == 1 and view.word(1) in HEADLINE_ADJECTIVES:
                length = 2
            end = view.mentions[0].end if view.mentions else len(view)
            for preposition in prepositions:
                for at in range(end, min(len(view), end + _HEADLINE_SOURCE_WORDS)):
                    found = preposition_at(view.words, at, (preposition,))
                    content = view.trimmed(at + found, len(view)) if found else None
                    if content:
                        return NounHeadline((0, length), view.source(length, at, ()), content)
        return None
