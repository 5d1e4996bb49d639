"""Names of persons: which forms in an article mean the same one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from inference.annotation import Entity
from inference.normalize import fold_text

# Spellings that writers mix freely: رئیسی and رییسی, آمریکا and امریکا.
_VARIANTS = str.maketrans({"ئ": "ی", "ؤ": "و", "آ": "ا", "ء": None})
_WORD = re.compile(r"\w+")
_HONORIFICS = frozenset(["حاج", "حاجی", "سید", "سیده", "شهید", "اقای", "خانم", "دکتر", "مهندس"])
_PARENTHESIS = re.compile(r"\W{0,3}\(\W{0,3}")
_MOST_WORDS = 12
"""No name is longer; a longer mention only means itself."""
_MOST_PERSONS = 32
"""More are not weighed for one short form, so that time stays linear in any text."""
_NAMES_REMEMBERED = 1 << 14
"""Articles of one archive have the same names again and again; these take some 15 MB."""


@lru_cache(_NAMES_REMEMBERED)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a mention in one spelling and case; a ZWNJ parts words as a blank does."""
    return tuple(_WORD.findall(fold_text(text.casefold()).translate(_VARIANTS)))


@lru_cache(_NAMES_REMEMBERED)
def key_of(text: str) -> str:
    """A mention in one spelling, without blanks and ZWNJ: `رياحي‌فرد` and `ریاحی فرد` have the same.

    A mention without a letter is itself.
    """
    return "".join(words_of(text)) or text


def is_latin(name: str) -> bool:
    """Whether a name is written in Latin letters."""
    return any(letter.isascii() and letter.isalpha() for letter in name)


def aliases_of(text: str, entities: Sequence[Entity]) -> dict[int, int]:
    """Names in Latin letters in parentheses behind a name, `نورث (North)`.

    Returns:
        For the number of such an entity that of the one before it, whose name it is.
    """
    return {
        number: number - 1
        for number in range(1, len(entities))
        if is_latin(entities[number].text)
        and not is_latin(entities[number - 1].text)
        and _PARENTHESIS.fullmatch(text, entities[number - 1].end, entities[number].start)
    }


def persons_of(mentions: Sequence[str]) -> list[int]:
    """Which person each mention of a name means.

    A short form (`سلامی`, `حاج قاسم`) is the person whose longer name ends with it, or begins with it, or has its
    words in this order and the same last one. Of several such persons it is the one mentioned last, before the first
    of them the first one.

    Args:
        mentions: The mentions of an article in order.

    Returns:
        For each a number of a person, from 0 in order of their first mention.
    """
    keys = [key_of(mention) for mention in mentions]
    words = {key: words_of(mention) for key, mention in zip(keys, mentions, strict=True)}
    longer = _longer_forms(words)
    fullest = {key: _fullest(key, longer, words) for key in words}
    first_seen = {key: place for place, key in reversed(list(enumerate(keys)))}
    numbers: dict[str, int] = {}
    last_seen: dict[str, int] = {}
    persons = []
    for place, key in enumerate(keys):
        candidates = fullest[key]
        seen = [name for name in candidates if name in last_seen]
        person = max(seen, key=last_seen.__getitem__) if seen else min(candidates, key=first_seen.__getitem__)
        last_seen[person] = place
        persons.append(numbers.setdefault(person, len(numbers)))
    return persons


def _longer_forms(words: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """For each name the longer names of the article that it may stand for."""
    ends: dict[str, list[str]] = defaultdict(list)
    begins: dict[str, list[str]] = defaultdict(list)
    last: dict[str, list[str]] = defaultdict(list)
    for key, parts in words.items():
        if 2 <= len(parts) <= _MOST_WORDS:
            if len(last[parts[-1]]) < _MOST_PERSONS:
                last[parts[-1]].append(key)
            for first in range(1, len(parts)):
                ends["".join(parts[first:])].append(key)
                begins["".join(parts[:first])].append(key)
    longer = {}
    for key, parts in words.items():
        bare = _without_honorifics(parts)
        short = "".join(bare)
        forms = [form for form in ends.get(key) or ends.get(short) or () if form != key]
        if not forms and 2 <= len(bare) <= _MOST_WORDS:
            forms = [other for other in last[parts[-1]] if other != key and _within(bare, words[other])]
        forms = forms or [form for form in begins.get(key) or begins.get(short) or () if form != key]
        longer[key] = [form for form in forms if len(form) > len(short)][:_MOST_PERSONS]
    return longer


def _without_honorifics(parts: tuple[str, ...]) -> tuple[str, ...]:
    for place, part in enumerate(parts[:-1]):
        if part not in _HONORIFICS:
            return parts[place:]
    return parts[-1:]


def _within(short: Iterable[str], long: Iterable[str]) -> bool:
    """Whether all words stand in the longer name in this order."""
    rest = iter(long)
    return all(word in rest for word in short)


def _fullest(key: str, longer: Mapping[str, list[str]], words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The fullest names that a form may stand for; itself if there is none."""
    names: dict[str, None] = {}
    pending, met = [key], {key}
    while pending:
        name = pending.pop()
        further = [form for form in longer[name] if form not in met]
        if not longer[name]:
            names[name] = None
        met.update(further)
        pending += further
    return list(names) or [key]
