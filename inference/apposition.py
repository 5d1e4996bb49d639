"""Ranks and offices that stand beside a name: `سردار سلامی`, `اسحاق دار، وزیر خارجه پاکستان`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from inference.annotation import Entity
from inference.offices import Office

# What may part a name from its rank or office: blanks and the honorifics that the scheme leaves unmarked.
_HONORIFICS = "حاج|شه[یي]د|آقا[یي]|خانم|د[کك]تر|مهندس|مرحوم|بانو|پروفسور|بازنشسته"
_GAP = re.compile(rf"[\s\u200b-\u200f]*(?:(?:{_HONORIFICS})\s+)*")
_GAP_OR_COMMA = re.compile(rf"\s*(?:[،,(]|به عنوان)?(?:{_GAP.pattern})")
_AND = re.compile(r"\s*[،,]?\s*و\s+|\s*[،,]\s+")
# After `به گفته سلامی،` something new begins.
_SAYS = re.compile(r"(?:به گفته|به گزارش|به نقل از|به اعتقاد|به باور|از نظر|به اظهار)\s+$")


def ranks_beside(text: str, entities: Sequence[Entity], persons: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The ranks that stand before a name, as person and number of the entity."""
    for number, person in persons.items():
        for rank in range(number - 1, _before_ranks(text, entities, number), -1):
            yield person, rank


def _before_ranks(text: str, entities: Sequence[Entity], number: int) -> int:
    """The number of the entity before a name and its ranks, -1 if there is none."""
    before = number - 1
    while before >= 0 and entities[before].label == "RANK":
        if not _GAP.fullmatch(text, entities[before].end, entities[before + 1].start):
            break
        before -= 1
    return before


def offices_beside(
    text: str, entities: Sequence[Entity], offices: Sequence[Office], persons: Mapping[int, int]
) -> list[tuple[Office, int]]:
    """The offices that stand beside a name, or are joined to one that does, with the person."""
    ends_at = {office.last: place for place, office in enumerate(offices)}
    before: dict[int, int] = {}  # place of an office: the name that follows
    after: dict[int, int] = {}  # place of an office: the name that it follows
    touching: set[int] = set()  # offices with no comma before the name that follows
    for number in persons:
        last = _before_ranks(text, entities, number)
        place = ends_at.get(last)
        if place is not None:
            gap = (offices[place].end, entities[last + 1].start)
            if _GAP.fullmatch(text, *gap):
                before[place] = number
                touching.add(place)
    starts_at = {office.first: place for place, office in enumerate(offices)}
    for number in persons:
        place = starts_at.get(number + 1)
        if place is None or not _GAP_OR_COMMA.fullmatch(text, entities[number].end, offices[place].start):
            continue
        blank = _GAP.fullmatch(text, entities[number].end, offices[place].start)
        of_name = entities[_before_ranks(text, entities, number) + 1].start
        if blank or (place not in touching and not _SAYS.search(text, max(of_name - 16, 0), of_name)):
            after[place] = number
            before.pop(place, None)
    for place, office in enumerate(offices[1:], start=1):
        earlier = offices[place - 1]
        if place - 1 in after and place not in after and place not in before and _joined(text, earlier, office):
            after[place] = after[place - 1]
    for place in range(len(offices) - 2, -1, -1):
        free = place not in after and place not in before
        if free and place + 1 in before and _joined(text, offices[place], offices[place + 1]):
            before[place] = before[place + 1]
    return [(offices[place], persons[number]) for place, number in sorted((before | after).items())]


def _joined(text: str, first: Office, second: Office) -> bool:
    """Whether both are offices of one person: `نماینده … و دبیر …`."""
    return (
        first.last + 1 == second.first
        and first.head != second.head
        and bool(_AND.fullmatch(text, first.end, second.start))
    )
