"""Reading one sentence of reported speech from left to right: its cues, what is said, in whose words.

An opener (`با بیان اینکه`) has its content behind it up to the next cue; a verb has it behind a colon (own words),
behind `که` or nothing (retold), or before it (`از … خبر داد`, `… را … خواند`).
"""

from __future__ import annotations

from collections.abc import Sequence

from inference.cue_words import WITHOUT_CONTENT, word_set
from inference.cues import Cue, preposition_at
from inference.datelines import Place
from inference.speech_partners import addressed
from inference.speech_source import SpeechSource
from inference.speech_words import ADVERBS

_ENDS = frozenset({"", ".", "!", "؟", "?", "/"})
_FEW_WORDS = 14
"""Between the last comma of what an opener opens and the next cue stands no more than this."""
_NO_CONTENT_FROM = word_set(
    "پس پیش قبل بعد یکی برخی بخشی بسیاری خارج غیر بیش کمتر بازدید نقل جمعی شماری گروهی استفاده حکایت ناشی حاکی متشکل "
    "گزارشی دیدار"
)
_NO_CONTENT_BEHIND = word_set("سوی طرفی اساس این روی جمله نزدیک طریق")
_AFTER_COMMA = word_set("در از به بر خواستار همچنین خطاب نسبت درباره نیز وی او با طی")


class SpeechReading:
    """The pieces of one sentence, filled by `read`.

    Args:
        heard: Who speaks in it.
        quoting: Whether the sentence before was direct speech of the same speaker.
        new_line: Whether the sentence begins a line.

    Attributes:
        view: The sentence.
        main: The cues that are the article's own; none where a quotation goes on.
        source: Who speaks, where the sentence says so.
        cues: Words that are cues.
        content: Words that are said, in order and disjoint once `read` has ended.
        direct: Whether some of it is in own words.
        indirect: Whether some of it is retold.
    """

    def __init__(self, heard: SpeechSource, quoting: bool, new_line: bool) -> None:
        self.view = heard.view
        self.main, self.source = heard.main, heard.source
        self.cues: list[Place] = []
        self.content: list[Place] = []
        self.direct = self.indirect = False
        self._heard = heard
        if quoting and self.main and not self._certain(new_line):
            self.main, self.source = [], None

    def _certain(self, new_line: bool) -> bool:
        """Whether the cue starts something new though a quotation might go on."""
        if any(self.view.word(cue.end) == ":" for cue in self.main):
            return True
        if self.source is None:
            return False
        place, kind = self.source
        return kind in ("name", "pronoun", "demonstrative") or new_line or self._opens(place[0])

    def _opens(self, at: int) -> bool:
        """Whether nothing but adverbs stands before a word."""
        return all(word in ADVERBS or word in "،:" for word in self.view.words[:at])

    def read(self) -> None:
        """Fill cues, content and kind."""
        if self.main:
            self._read_clauses()
        else:
            self._read_verbless()
        self.content = _disjoint(self.content, self.cues)

    def _read_clauses(self) -> None:
        view = self.view
        at = self._behind_source(0)
        self._opening_quote()
        for number, cue in enumerate(self.main):
            if cue.start < at and self.content and cue.start < self.content[-1][1]:
                continue  # within what an earlier cue has
            follower = self.main[number + 1] if number + 1 < len(self.main) else None
            at = self._clause(cue, follower, at)
        if not self.content:
            # `در این پیام آمده است:` is followed by what is said.
            self.direct = any(view.word(cue.end) == ":" for cue in self.main)
            self.indirect = not self.direct
            if self.indirect:
                self._add(self._behind_source(0), self.main[0].start)

    def _read_verbless(self) -> None:
        view, colon = self.view, self._heard.colon
        if colon:
            found = view.source(0, colon, ())
            if found and self._add(colon + 1, len(view)):
                self.source, self.direct = found, True
                return
        if headline := self._heard.noun_headline():
            self.cues.append(headline.cue)
            self.content.append(headline.content)
            self.source, self.indirect = headline.source, True
            return
        self._add(0, len(view))
        self.direct = True

    def _add(self, start: int, end: int) -> bool:
        place = self.view.trimmed(start, end)
        if place is None:
            return False
        self.content.append(place)
        return True

    def _opening_quote(self) -> None:
        """`«…»؛ این را … گفت`."""
        quote = self.view.quotes[0] if self.view.quotes else None
        if quote and quote[0] == 1 and quote[1] < self.main[0].start and self._add(*quote):
            self.direct = True

    def _clause(self, cue: Cue, follower: Cue | None, at: int) -> int:
        """Read one cue; `at` is where what may belong to it begins. Returns where the next one's begins."""
        view = self.view
        self.cues.append((cue.start, cue.end))
        limit = follower.start if follower else len(view)
        if cue.kind == "open":
            end = self._end_of_opened(cue, follower, limit)
            if view.word(cue.start + 1) in WITHOUT_CONTENT or view.word(cue.end) == "به":
                return cue.end
            if end > cue.end and self._add(cue.end, end):
                self.indirect = True
            return max(end, cue.end)
        if cue.kind == "demand" and cue.closing:
            self.indirect |= self._add(cue.end, cue.closing[0])
            self.cues.append(cue.closing)
            return cue.closing[1]
        if cue.kind == "according":
            return self._according(cue, limit)
        behind = self._content_behind(cue, follower, limit)
        if behind is None:
            self._content_before(cue, at)
            return cue.end
        if cue.kind == "judge" and "را" in view.words[at : cue.start]:
            self._content_before(cue, at)
        return behind

    def _end_of_opened(self, cue: Cue, follower: Cue | None, limit: int) -> int:
        """Where what an opener opens ends: at the last comma before the next cue, or where its parts begin."""
        words = self.view.words
        comma = max((at for at in range(cue.end, limit) if words[at] == "،"), default=-1)
        if comma == limit - 1 or (comma > 0 and limit - comma <= _FEW_WORDS and words[comma + 1] in _AFTER_COMMA):
            return comma
        if follower and follower.prepositions and words[follower.end : follower.end + 1] not in ([":"], ["که"]):
            for at in range(cue.end + 1, limit):
                if self._opens_content(at, follower):
                    return at
        if follower and follower.kind == "say":
            at = addressed(self.view, follower.start)
            return at - 1 if at > cue.end else limit
        return limit

    def _opens_content(self, at: int, cue: Cue) -> int:
        """Words of the preposition that opens the content of a cue here; 0 if none does."""
        view = self.view
        length = preposition_at(view.words, at, cue.prepositions)
        if not length or view.word(at - 1) in _NO_CONTENT_FROM or view.word(at + length) in _NO_CONTENT_BEHIND:
            return 0
        mention = view.mention_at(at)
        return 0 if mention and mention.start < at else length

    def _content_behind(self, cue: Cue, follower: Cue | None, limit: int) -> int | None:
        """Content behind a verb; where the next begins. None if there is none."""
        view, words = self.view, self.view.words
        at = cue.end
        if self.source and self.source[0][0] == at:
            at = self.source[0][1]
        if view.word(at) == "به" and view.word(at + 1) == "خبرنگاران":
            at += 2
        mark = view.word(at)
        if mark == "که" and view.word(at + 1) == ":":
            at += 1
        if mark in (":", "،") and view.opens_quote(at + 1):
            return self._quoted(at + 1)
        if mark == "که" and (quote := view.opens_quote(at + 1)) and quote[1] - at > 6:
            return self._quoted(at + 1)
        if view.opens_quote(at) and cue.kind == "say":
            return self._quoted(at)
        if mark == ":":
            self.direct |= self._add(at + 1, len(words))
            return len(words)
        if mark in _ENDS or mark in ("و", "،", "؛", "»", '"', ")") or (cue.kind == "judge" and mark != "که"):
            return None
        if cue.participle and mark != "که":
            return None
        at += mark in ("که", "تا")
        end = len(words)
        if follower and words[follower.start - 1] == "و" and not follower.participle and follower.kind != "according":
            end = follower.start - 1
        else:
            joined = self._joined(at, len(words))
            end = joined if joined else end
        self.indirect |= self._add(at, end)
        return end

    def _joined(self, start: int, limit: int) -> int:
        """Where `و … گفت` goes on with another cue of the same speaker; 0 if nowhere."""
        for cue in self.main:
            inside = start < cue.start < limit and cue.kind in ("say", "demand") and not cue.participle
            if inside and self.view.word(cue.start - 1) == "و" and self.view.word(cue.end) in (":", "که"):
                return cue.start - 1
        return 0

    def _quoted(self, at: int) -> int:
        """A quotation, and those that only marks part from it."""
        view = self.view
        while quote := view.opens_quote(at):
            self.direct |= self._add(*quote)
            at = min(quote[1] + 1, len(view))
            ahead = at
            while view.word(ahead) in ("و", "،", "؛"):
                ahead += 1
            if not view.opens_quote(ahead):
                rest = any(cue.start >= at for cue in self.main)
                if not rest and len(view) - at > 3 and self.content:
                    # The marks are around the first words only.
                    self.content[-1] = view.trimmed(self.content[-1][0] - 1, len(view)) or self.content[-1]
                break
            at = ahead
        return at

    def _according(self, cue: Cue, limit: int) -> int:
        view = self.view
        found = view.source(cue.end, min(cue.end + 12, len(view)), ())
        at = view.chain(found[0][1]) if found else cue.end
        at = self.view.behind_names(at)
        quote_before = self.content and self.direct
        if quote_before:
            ahead = at + (view.word(at) == "،")
            return self._quoted(ahead) if view.opens_quote(ahead) else at
        if cue.start > 3 and view.word(cue.start - 1) == "،":
            self.indirect |= self._add(view.agency[1], cue.start)
        self.indirect |= self._add(at, len(view))
        return len(view)

    def _content_before(self, cue: Cue, at: int) -> None:
        view, words = self.view, self.view.words
        start = max(at, self._behind_source(at))
        mark = max((place for place in range(start, cue.start) if words[place] == "را"), default=-1)
        if mark >= 0:
            begin = view.behind_adjuncts(start, mark)
            quoted = any(begin <= quote[0] and quote[1] <= cue.start for quote in view.quotes)
            rest = mark + 1
            if words[begin] not in ("این", "آن") or mark - begin > 2 or (rest < cue.start and mark - begin > 1):
                self.indirect |= self._add(begin, mark)
            if words[cue.start] in ("تسلیت", "تبریک"):
                return
            while rest < cue.start and (words[rest] in ADVERBS or words[rest] in ("شدیدا", "به", "شدت")):
                rest += 1
            if cue.start - rest > 0 and self._add(rest, cue.start):
                self.indirect = True
                self.direct |= quoted and any(rest <= quote[0] <= rest + 2 for quote in view.quotes)
            return
        for place in range(start, cue.start):
            length = self._opens_content(place, cue)
            if length:
                self.indirect |= self._add(place + length, cue.start)
                return

    def _behind_source(self, at: int) -> int:
        """Behind the source, if it stands here or further on before the first cue."""
        if self.source and self.main and self.source[0][0] < self.main[0].start:
            return max(at, self.view.behind_names(self.source[0][1]))
        return max(at, self.view.agency[1])


def _disjoint(content: Sequence[Place], cues: Sequence[Place]) -> list[Place]:
    """Content in order, without what overlaps content before it or a cue."""
    kept: list[Place] = []
    for start, end in sorted(content):
        overlaps = any(start < cue[1] and cue[0] < end for cue in cues)
        if not overlaps and (not kept or start >= kept[-1][1]):
            kept.append((start, end))
    return kept
