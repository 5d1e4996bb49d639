"""Mentions of persons by their office: the office with its body and country, and which of them are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.annotation import Entity
from inference.names import words_of

_BLANK = r"[\s\u200b-\u200f]+"
_LINKS = (
    "سابق|پیشین|پيشين|اسبق|جدید|جديد|فعلی|فعلي|کنونی|كنوني|وقت|موقت|محترم|جمهوری[‌ ]?خواه|دموکرات|ارشد"
    "|استان|ايالت|ایالت|شهر|شهرستان|شهرك|شهرک|کشور|كشور|مرکز|مركز|مردم|شریف|دولت|اهل سنت|مهمانشهر|منطقه|بخش|ناحیه"
)
_GAP = re.compile(rf"{_BLANK}(?:(?:{_LINKS}){_BLANK}){{0,3}}")
# `سفیر ایران در کویت`, `نماینده ولی فقیه در سپاه`; elsewhere `در` says where something happens.
_IN = re.compile(
    rf"{_BLANK}(?:(?:سابق|پیشین|جدید|کشورمان|كشورمان|ویژه|دائم|مقیم|امور){_BLANK})*در"
    rf"{_BLANK}(?:(?:استان|شهر|شهرستان|امور){_BLANK})?"
)
_ONLY_BLANK = re.compile(_BLANK)
_COMMA_BEFORE = re.compile(r"[،,]\s*$")
_COMMA_AFTER = re.compile(r"\s*[،,]")
# `کارگردان نمایش «پلاک نهم»،` between commas: words of the office that are no mention.
_REST = re.compile(r"[^،,:؛.!؟?()\n]{2,40}?(?=[،,])")
_SENT = frozenset(["سفیر", "نماینده", "کاردار", "سرکنسول", "کنسول", "رایزن", "وابسته", "مستشار", "سرپرست"])
_DEPUTY = "نماینده"
_OF_PARLIAMENT = frozenset(["مجلس", "کمیسیون", "فراکسیون", "مردم"])
# `نماینده مردم بیرجند، درمیان و خوسف`
_AND_PLACE = re.compile(rf"(?:\s*[،,]{_BLANK}|{_BLANK}و{_BLANK})")
_TAIL = re.compile(
    rf"{_BLANK}(?:(?:سابق|پیشین){_BLANK})?(?:ک|ك)شورمان(?!\w)|{_BLANK}دستگاه (?:دیپلماسی|قضا|قضایی)(?!\w)"
    rf"|{_BLANK}(?:استان|نمایشگاه|قوه|دولت)(?=[\s،:.])"
    rf"|{_BLANK}این{_BLANK}(?!سخنان|هفته|ماه|سال|روز|بار|که|در|از|با|را|به|گونه|کشور|کار|جمله|مراسم|دیدار|سفر|طرح)\w{{3,}}(?!\w)"
)
_CLAUSE = re.compile(r"(?:^|\s)(?:در|با|که|به|از|بر|را|هم|نیز|و|تا|گفت|روز|برای)(?=\s|$)|^\s*[یهم]")
_OURS = re.compile(r"[کك]شورمان")
_HOME = frozenset(["ایران"])
_THIS = re.compile(r"(?:^|\W)ا[یي]ن\s+$")
_ONE = re.compile(r"(?:^|\W)(?:[یي][کك]|[یي][کك][یي] از|هر|هیچ|چند)\s+$")
_LEAD = 12
"""Characters before an office that may say `این` or `یک`."""

# Words of which the one writer is as sparing as the other is fond.
_SILENT = frozenset(
    ["امور", "محترم", "عمومی", "جدید", "فعلی", "کنونی", "وقت", "در", "و", "استان", "شهر", "شهرستان", "کشور", "ایالت"]
)


@dataclass(frozen=True, slots=True)
class Office:
    """A mention of an office.

    Attributes:
        first: Number of its `POSITION` among the entities.
        last: Number of its last body or place; `first` if it has none.
        start: First character in the text.
        end: One past the last character, of the last body or place or of words such as `کشورمان`.
        title: The `POSITION` in one spelling (`فرمانده کل`).
        head: Its first word (`فرمانده`).
        words: All other words of office, body and place that tell it from other offices.
        places: The words of its places.
        pointed: `این` stands before it.
        vague: `یک` stands before it: one of many.
    """

    first: int
    last: int
    start: int
    end: int
    title: str
    head: str
    words: frozenset[str]
    places: frozenset[str]
    pointed: bool
    vague: bool

    def likeness(self, other: Office) -> int:
        """How well both may be the same office: 0 if not, 3 if they say the same.

        One may say less than the other (`وزیر خارجه`, `وزیر امور خارجه پاکستان`), but not something else.
        """
        if self.head != other.head:
            return 0
        if self.words == other.words:
            return 3
        if (self.words < other.words or self.words > other.words) and (self.pointed or (self.words and other.words)):
            return 2 if self.places == other.places else 1
        return 0

    @property
    def parliamentary(self) -> bool:
        """`نماینده مردم …`, `عضو کمیسیون … مجلس`: one person often is called by several of these."""
        return bool(self.words & _OF_PARLIAMENT) or (self.head == _DEPUTY and "ولی" not in self.words)


def offices_in(text: str, entities: Sequence[Entity]) -> Iterator[Office]:
    """Every `POSITION` with the bodies and places that follow it, in order."""
    place = 0
    while place < len(entities):
        if entities[place].label == "POSITION":
            office = _office(text, entities, place)
            yield office
            place = office.last
        place += 1


def _office(text: str, entities: Sequence[Entity], first: int) -> Office:
    position = entities[first]
    words = [_stem(word) for word in words_of(position.text)] or [""]
    head = words[0]
    last = first
    while last + 1 < len(entities) and _belongs(text, entities, first, last, head):
        last += 1
    end = entities[last].end
    if last == first and (tail := _TAIL.match(text, end)):
        end = tail.end()
    elif rest := _rest(text, entities, first, last):
        end = rest
    bodies = entities[first + 1 : last + 1]
    places = frozenset(_stem(word) for e in bodies if e.label == "LOC" for word in words_of(e.text))
    if _OURS.search(text, position.end, bodies[0].start if bodies else end):
        places |= _HOME
    further = (_stem(word) for entity in bodies for word in words_of(entity.text))
    every = frozenset([*words[1:], *further, *places])
    before = text[max(position.start - _LEAD, 0) : position.start]
    return Office(
        first,
        last,
        position.start,
        end,
        " ".join(words),
        head,
        every - _SILENT,
        places - _SILENT,
        pointed=bool(_THIS.search(before)),
        vague=bool(_ONE.search(before)),
    )


def _belongs(text: str, entities: Sequence[Entity], first: int, last: int, head: str) -> bool:
    """Whether the next entity is a body or place of the office that goes to `last` so far."""
    here, following = entities[last], entities[last + 1]
    gap = (here.end, following.start)
    if following.label == here.label == "POSITION":  # `سخنگوی` + `والی` + `ننگرهار`
        return bool(_ONLY_BLANK.fullmatch(text, *gap))
    if following.label not in ("ORG", "LOC"):
        return False
    if (here.label == "POSITION" or here.label != following.label) and _GAP.fullmatch(text, *gap):
        return True
    if _IN.fullmatch(text, *gap):
        return head in _SENT or _in_commas(text, entities[first].start, following.end)
    if head == _DEPUTY and here.label == following.label == "LOC":
        return bool(_AND_PLACE.fullmatch(text, *gap))
    return False


def _rest(text: str, entities: Sequence[Entity], first: int, last: int) -> int | None:
    """Where an office that stands between commas ends, if words that are no mention end it."""
    start, end = entities[first].start, entities[last].end
    rest = _REST.match(text, end) if _COMMA_BEFORE.search(text, max(start - 3, 0), start) else None
    if rest is None or _CLAUSE.search(rest[0]):
        return None
    if last + 1 < len(entities) and entities[last + 1].start < rest.end():
        return None
    return rest.end()


def _in_commas(text: str, start: int, end: int) -> bool:
    """Whether a comma stands before and after, as around an apposition."""
    return bool(_COMMA_BEFORE.search(text, max(start - 3, 0), start) and _COMMA_AFTER.match(text, end))


def _stem(word: str) -> str:
    """`سخنگوی` and `سخنگو`, `جمهوری` and `جمهور` are one."""
    return word[:-1] if word.endswith(("وی", "جمهوری", "ای")) and len(word) > 3 else word
