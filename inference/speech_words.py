"""A sentence as reported speech is read from it: folded words, mentions by word, quotations, source, addressees."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal

from inference.annotation import Entity, Span
from inference.cue_words import PRONOUNS, word_set
from inference.cues import find_cues
from inference.datelines import Mention, Place, agency_of
from inference.document import Document
from inference.normalize import ZWNJ

SourceKind = Literal["name", "office", "body", "pronoun", "demonstrative", "nobody"]
"""`nobody`: a source without a name, `یک منبع آگاه`, or both sides of a meeting."""
_POINTING = PRONOUNS | {"این", "همین"}
_PERSONS = word_set(
    "مقام مسئول مسؤول نماینده فرمانده دیپلمات کارشناس سیاستمدار عضو وزیر سناتور روحانی مرجع فعال استاد "
    "تحلیلگر خبرنگار سخنگو سفیر رئیس رییس مدیر کارگردان نویسنده بازیگر مربی ورزشکار بازیکن هنرمند پژوهشگر اقتصاددان "
    "حقوقدان وکیل عالم ژنرال سردار امیر سرهنگ سرلشکر مرد زن حزب نهاد سازمان وزارتخانه گروه شرکت بیانیه قاضی "
    "اطلاعیه اعلامیه پیام نامه کمیسیون کمیته شورا مجمع انجمن اتحادیه فراکسیون ستاد روزنامه شبکه "
    "دادستان شهردار استاندار فرماندار معاون دبیر مشاور محقق نظامی خلبان داور پیشکسوت پزشک"
)
_SOURCES = word_set("منبع منابع مقام مقامات دیپلمات دیپلماتها شاهد شاهدان کارشناسان ناظران تحلیلگران منبعی مقامی")
_BOTH = frozenset({"طرفین"})
_ANONYMOUS = _SOURCES | _BOTH | {"یک", "یکی", "برخی", "بعضی"}
_GOVERNING = word_set("با به از در توسط علیه برای درباره بین میان سوی نزد بر مانند همچون جمله")
ADVERBS = word_set(
    "نیز هم همچنین امروز دیروز امشب دیشب سپس البته باز مجددا ضمنا صریحا رسما بارها پیشتر روز شب صبح عصر "
    "ظهر شامگاه بامداد شنبه یکشنبه دوشنبه سهشنبه چهارشنبه پنجشنبه جمعه گذشته جاری بار دیگر کشورمان"
)
_BODIES = word_set("شرکت روزنامه خبرگزاری گروه حزب دولت تلویزیون شبکه رادیو هفتهنامه سازمان نشریه پایگاه سایت باشگاه")
_PUNCTUATION = frozenset("،,؛;.:/-–—()[]…'")
_NAMES = ("SPEAKER", "PERSON")
_QUOTATION_MARK = re.compile('[«»"]')
_INDEFINITE = word_set("نامهای بیانیهای پیامی اطلاعیهای گزارشی سخنانی یادداشتی توییتی مصاحبهای گفتگویی مراسمی نشستی")
_ADJUNCTS = word_set("در با طی پس بعد پیش ضمن روز به درباره")
_HEADS = word_set("با جمع صدور انتشار دیدار نشست واکنش به پاسخ مراسم پی حاشیه گفتگو گفتوگو")


class SpeechWords:
    """One sentence, ready for reading.

    Attributes:
        words: Folded words.
        mentions: Its mentions, in order.
        cues: Its cues, in order.
        quotes: What stands in quotation marks, without them, in order; one that isn't closed goes to the end.
        agency: Words that say which agency carries the news, `به گزارش …` or `خبرگزاری …:`; `(0, 0)` without any.
    """

    def __init__(self, document: Document, sentence: int, entities: Sequence[Entity], quoted: bool = False) -> None:
        span = document.sentences[sentence]
        self._text, self._words = document.text, span.words
        self.words = [word.text.replace(ZWNJ, "") for word in span.words]
        self.mentions = self._mentions(span.start, span.end, entities)
        self._mention_at = {at: one for one in self.mentions for at in range(one.start, one.end)}
        self.cues = find_cues(self.words)
        self.quotes = _quotes(self.words, quoted) if quoted or _QUOTATION_MARK.search(span.normalized) else []
        self._opened_at = {quote[0] - 1: quote for quote in self.quotes}
        self.agency = agency_of(self.words, self.mentions)

    def __len__(self) -> int:
        return len(self.words)

    def word(self, at: int) -> str:
        """A word, empty beyond the ends."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def span(self, start: int, end: int) -> Span:
        """The place of words in the caller's text."""
        first, last = self._words[start].start, self._words[end - 1].end
        return Span(first, last, self._text[first:last])

    def mention_at(self, at: int) -> Mention | None:
        """The mention that has this word."""
        return self._mention_at.get(at)

    def quote_of(self, at: int) -> Place | None:
        """The quotation that has this word."""
        return next((quote for quote in self.quotes if quote[0] <= at < quote[1]), None)

    def opens_quote(self, at: int) -> Place | None:
        """The quotation whose opening mark is this word."""
        return self._opened_at.get(at)

    def trimmed(self, start: int, end: int) -> Place | None:
        """Without commas, full stop and surrounding quotation marks; None if nothing is left."""
        while start < end:
            first, last = self.words[start], self.words[end - 1]
            if first in _PUNCTUATION and first != "(":
                start += 1
            elif (last in _PUNCTUATION and (last != ")" or "(" not in self.words[start:end])) or last == "«":
                end -= 1
            elif first in '«"' and self.opens_quote(start) in ((start + 1, end - 1), (start + 1, end)):
                start, end = start + 1, end - (self.opens_quote(start) == (start + 1, end - 1))
            elif first == "»" or (last in '»"' and not self.quote_of(end - 2)):
                start, end = start + (first == "»"), end - (first != "»")
            elif last in '»"' and (quote := self.quote_of(end - 2)) and quote[0] <= start:
                end -= 1
            else:
                break
        return (start, end) if start < end else None

    def source(self, first: int, limit: int, closed: Sequence[Place]) -> tuple[Place, SourceKind] | None:
        """Who speaks, if named between two words: a speaker, a pronoun, `این مقام`, an office, a body.

        Args:
            first: Where to begin.
            limit: One past the last word.
            closed: Words that are something else, such as what is said.
        """
        shut = [place for place in (self.agency, *closed) if place[0] < place[1]]
        mentions = [m for m in self.mentions if first <= m.start < limit and not (shut and _inside(m.start, shut))]
        for mention in mentions:
            if mention.label == "SPEAKER":
                return (mention.start, mention.end), "name"
        named = min((m.start for m in mentions if m.label in ("POSITION", "ORG")), default=limit)
        for at in range(first, named):
            if self.words[at] in PRONOUNS:
                break
            if self.words[at] not in _ANONYMOUS or (self.word(at - 1) in _POINTING and self.words[at] != "منبع"):
                continue
            if not _inside(at, shut) and self._may_open(at, first):
                end = self._anonymous(at, limit)
                if end:
                    return (at, end), "nobody"
        # A pronoun deep in the sentence (`سفر او`) is no subject.
        for at in range(first, limit):
            word = self.words[at]
            if word not in _POINTING or _inside(at, shut) or not self._may_open(at, first):
                continue
            if word in PRONOUNS:
                return (at, at + 1), "pronoun"
            end = self._demonstrative(at, limit)
            if end:
                return (at, end), "demonstrative"
        free = [m for m in mentions if self.word(m.start - 1) not in _GOVERNING or m.start == first]
        for mention in free:
            if mention.label == "POSITION":
                return (mention.start, self.chain(mention.end)), "office"
        for mention in free:
            # `یک مقام آمریکا` is not the country.
            carries = self.words[mention.start].startswith("خبرگزار")  # an agency only carries the news
            if (
                mention.label in ("ORG", "LOC")
                and not carries
                and (self._may_open(mention.start, first) or self.word(mention.start - 1) in _BODIES)
            ):
                return (mention.start, mention.end), "body"
        return None

    def chain(self, at: int) -> int:
        """One past the bodies and places that follow an office without a gap."""
        while (mention := self.mention_at(at)) and mention.start == at and mention.label in ("ORG", "LOC"):
            at = mention.end
        return at

    def behind_names(self, at: int) -> int:
        """Behind mentions that go on, `، رئیس …،`, and what stands in parentheses."""
        while at < len(self):
            mention = self.mention_at(at)
            ahead = self.mention_at(at + 1)
            if mention:
                at = mention.end
            elif self.words[at] == "،" and ahead and ahead.label == "POSITION":
                at = ahead.end
            elif self.words[at] == "(" and ")" in self.words[at : at + 12]:
                at = self.words.index(")", at) + 1
            elif self.words[at] in ADVERBS:
                at += 1
            else:
                break
        return at

    def behind_adjuncts(self, at: int, limit: int) -> int:
        """Behind what only says where, when and on which occasion somebody speaks."""
        words = self.words
        while at < limit:
            word = words[at]
            if word in ADVERBS or word in ("،", "و"):
                at += 1
            elif word in _ADJUNCTS or word in ("که", "از"):
                comma = next((place for place in range(at, limit) if words[place] == "،"), 0)
                ahead = comma or self._behind_phrase(at + 1, limit)
                if ahead >= limit:
                    break
                at = ahead
            else:
                break
        return min(at, limit)

    def _behind_phrase(self, at: int, limit: int) -> int:
        """Behind the noun phrase of an adjunct."""
        words = self.words
        if words[at : at + 1] == ["این"]:
            return at + 2
        while at < limit:
            mention = self.mention_at(at)
            if mention:
                return self.chain(mention.end)
            at += 1
            if words[at - 1] in _INDEFINITE or words[at - 1] in ("پایان", "ادامه", "خبرنگاران", "عین", "حال"):
                return at
            if words[at - 1] not in _HEADS:
                while at < limit and words[at] in ("خود", "تلویزیونی", "خبری", "تلفنی", "مشترک", "هفتگی"):
                    at += 1
                if at >= limit or words[at] not in ("با", "به"):
                    return at
        return at

    def _may_open(self, at: int, first: int) -> bool:
        before = self.word(at - 1)
        return (
            at in (first, self.agency[1])
            or before in ADVERBS
            or before in _PUNCTUATION
            or before in ("و", "»", '"', "این")
        )

    def _anonymous(self, at: int, limit: int) -> int | None:
        """One past a source without a name that begins at a word; an office (`یک سخنگوی ارتش`) has one."""
        if self.words[at] in _BOTH:
            return at + 1
        nouns = range(at if self.words[at] in _SOURCES else at + 1, min(at + 3, limit))
        noun = next((place for place in nouns if self.words[place] in _SOURCES), None)
        return noun + 1 if noun is not None and self.mention_at(noun) is None else None

    def _demonstrative(self, at: int, limit: int) -> int | None:
        mention = self.mention_at(at + 1)
        if mention and mention.label in ("POSITION", "RANK", "ORG"):
            return self.chain(mention.end)
        if self.word(at + 1) not in _PERSONS or at + 1 >= limit:
            return None
        end = at + 2
        while end < min(limit, at + 5) and (
            self.words[end].endswith("ی") or self.words[end] in ("ارشد", "مسئول", "آگاه")
        ):
            end += 1
        return self.chain(end)

    def _mentions(self, start: int, end: int, entities: Sequence[Entity]) -> list[Mention]:
        found: list[Mention] = []
        words, first = self._words, 0
        for place in range(bisect_left(entities, start, key=attrgetter("start")), len(entities)):
            entity = entities[place]
            if entity.start >= end:
                break
            while first < len(words) and words[first].end <= entity.start:
                first += 1
            last = first
            while last < len(words) and words[last].start < entity.end:
                last += 1
            if first < last and (not found or found[-1].end <= first):
                found.append(Mention(first, last, entity.label))
        return found

    def addressee(self, at: int, limit: int) -> Place | None:
        """The phrase that begins at a word, if it is one to whom somebody may speak."""
        place = at
        limit = min(limit, at + _LONGEST_PHRASE)
        while place < limit:
            mention = self.mention_at(place)
            if mention:
                place = mention.end
                continue
            word = self.words[place]
            follower = self.mention_at(place + 1)
            if word == "،" and place > at and follower and follower.label == "POSITION":
                before = self.mention_at(place - 1)
                if before and before.label in _NAMES:
                    place += 1
                    continue
            if word == "در" and follower and follower.label == "LOC" and self.words[at].startswith(_ENVOYS):
                place = follower.end
                continue
            if word in _PUNCTUATION or word in _PHRASE_ENDS or word in '«»"':
                break
            if word == "و" and self.word(place + 1) in _PHRASE_ENDS:
                break
            place += 1
        while place > at and self.words[place - 1] == "و":
            place -= 1
        if place == at or self.words[at] in _POINTING or self.words[at] == "خود":
            return None
        return at, place


_LONGEST_PHRASE = 25
_MAX_QUOTES = 60
"""As `inference.cues.MAX_CUES`."""
_PHRASE_ENDS = word_set(
    "که در با به از نیز هم را روز ضمن درباره پیرامون خواستار بر طی برای امروز دیروز همچنین تا تاکید هنگام "
    "پس حضور سخن صحبت حاضر گفت افزود"
)
_ENVOYS = ("سفیر", "کاردار", "سرکنسول")


def _inside(at: int, places: Sequence[Place]) -> bool:
    return any(start <= at < end for start, end in places)


def _quotes(words: Sequence[str], quoted: bool) -> list[Place]:
    """Quotations, the first of which may have begun in a sentence before."""
    quotes: list[Place] = []
    opened = -1 if quoted else None
    depth = int(quoted)
    for at, word in enumerate(words):
        if len(quotes) == _MAX_QUOTES:
            break
        if word == "«" or (word == '"' and opened is None):
            depth += 1
            opened = at if opened is None else opened
        elif word in ("»", '"') and opened is not None:
            depth -= 1
            if depth == 0 or word == '"':
                quotes.append((opened + 1, at))
                opened, depth = None, 0
    if opened is not None and opened + 1 < len(words):
        quotes.append((opened + 1, len(words)))
    return quotes
