"""Others in reported speech: to whom it is said, and who speaks within it."""

from __future__ import annotations

from collections.abc import Sequence

from inference.annotation import Nested
from inference.cue_words import word_set
from inference.cues import Cue
from inference.datelines import Place
from inference.speech_words import SpeechWords

_NEAR = 20
"""A subject stands no further before its verb, in words."""
_OBJECTS = word_set("با به از در توسط علیه برای درباره بین میان سوی نزد بر سمت و")
_MEETINGS = word_set("دیدار ملاقات نشست جلسه گفتوگو گفتگو گو تلفنی مذاکره دیداری گفتوگوی")
_LISTENERS = word_set("خبرنگار مردم ملت دولت کمیسیون اعضای نمایندگان خانواده خانوادههای حاضران رسانهها")
_SENT = word_set("خطاب تسلیت تبریک خیرمقدم خوشآمدگویی نامهای سرگشاده پیامی")
_LEADING = _SENT | {"با", "جمع"}
"""Words before whom is spoken to."""


def addressees(
    view: SpeechWords, main: Sequence[Cue], cues: Sequence[Place], content: Sequence[Place]
) -> list[Place]:
    """To whom it is said, in order."""
    words = view.words
    found: list[Place] = []
    taken = [*content, *cues]

    def add(at: int, limit: int) -> None:
        place = view.addressee(at, limit)
        if place and not any(start < place[1] and place[0] < end for start, end in (*content, *found)):
            found.append(place)

    starts = [cue.start for cue in main]
    last = max(starts, default=0)
    for at in range(last):
        if words[at] not in _LEADING:
            continue
        if any(start <= at < end for start, end in taken) and words[at] not in _SENT:
            continue
        if words[at] == "جمع" and view.word(at - 1) == "در":
            add(at + 1, next(start for start in starts if start > at))
        elif words[at] == "با" and (_MEETINGS & {view.word(at - 1), view.word(at - 2)}):
            mention = view.mention_at(at + 1)
            if not (mention and mention.label == "ORG") and view.word(at + 1) != "خبرنگار":
                add(at + 1, next(start for start in starts if start > at))
        elif words[at] in _SENT and view.word(at + 1) == "به":
            add(at + 2, next((start for start in starts if start > at + 2), last))
    for cue in main:
        if cue.kind == "say" and (cue.start, cue.end) in cues and (at := addressed(view, cue.start)):
            add(at, cue.start)
        elif cue.kind == "ask":
            for at in range(cue.start - 1, max(0, cue.start - 30), -1):
                if words[at] == "از" and view.addressee(at + 1, cue.start) == (at + 1, cue.start):
                    add(at + 1, cue.start)
                    break
    return sorted(found)


def addressed(view: SpeechWords, verb: int) -> int:
    """First word of whom `به … گفت` speaks to; 0 if the verb has none."""
    for at in range(verb - 1, max(verb - 14, 0), -1):
        if view.words[at] == "به" and not view.mention_at(at):
            found = view.addressee(at + 1, verb)
            return at + 1 if found and found[1] == verb and _listens(view, at + 1) else 0
        if view.words[at] in ("،", ":", "که"):
            return 0
    return 0


def _listens(view: SpeechWords, at: int) -> bool:
    """Whether this phrase names somebody who can be spoken to; media carry words, they don't listen."""
    mention = view.mention_at(at)
    if mention:
        return mention.label in ("PERSON", "RANK", "POSITION", "SPEAKER")
    if view.word(at - 2) in ("پاسخ", "واکنش", "خصوص"):
        return False
    word = view.word(at)
    return word in _LISTENERS or (word.endswith(("ان", "ین")) and len(word) > 4 and word not in ("عنوان", "میزان"))


def nested(view: SpeechWords, cues: Sequence[Place], content: Sequence[Place]) -> list[Nested]:
    """Speech of others within the content, where the text names them."""
    found: list[Nested] = []
    free = 0
    for cue in view.cues:
        if cue.start < free or (cue.start, cue.end) in cues or cue.kind not in ("say", "according"):
            continue
        inside = next((place for place in content if place[0] <= cue.start and cue.end < place[1]), None)
        if inside is None:
            continue
        behind = view.word(cue.end)
        if cue.kind == "according":
            named = view.source(cue.end, min(inside[1], cue.end + 12), ())
            source = named[0] if named else None
            start = view.behind_names(view.chain(source[1])) if source else 0
        else:
            if not (behind[:1].isalnum() or behind == ":" or view.opens_quote(cue.end)) or behind == "و":
                continue
            source = _subject(view, max(inside[0], free), cue.start)
            start = cue.end + (behind in ("که", ":"))
        said = view.trimmed(start, _end_of_nested(view, start, inside[1])) if source else None
        if source is None or said is None:
            continue
        own = behind == ":" or view.opens_quote(cue.end) or view.opens_quote(start)
        speech = (view.span(cue.start, cue.end),), (view.span(*said),)
        found.append(Nested(view.span(*source), "direct" if own else "indirect", *speech))
        free = said[1]
    return found


def _subject(view: SpeechWords, first: int, verb: int) -> Place | None:
    """Who speaks within speech: the nearest person, office or body before the verb that may be its subject."""
    for mention in reversed(view.mentions):
        if first <= mention.start and mention.end <= verb and verb - mention.end < _NEAR:
            if view.word(mention.start - 1) in _OBJECTS or view.mention_at(mention.start - 1):
                continue
            end = view.chain(mention.end) if mention.label == "POSITION" else mention.end
            return mention.start, end
    for at in range(verb - 1, max(first, verb - 12) - 1, -1):
        if view.words[at] in ("ایشان", "مردم", "آنها", "آنان"):
            return (at, at + 1) if view.word(at - 1) not in _OBJECTS else None
    return None


def _end_of_nested(view: SpeechWords, start: int, limit: int) -> int:
    for at in range(start + 1, limit):
        if view.words[at] in ("اما", "ولی") or view.words[at : at + 3] == ["و", "انتظار", "ما"]:
            return at
    return limit
