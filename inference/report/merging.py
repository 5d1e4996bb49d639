"""One actor from the persons of many articles: by the name, and organization or country where one is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference.names import key_of, words_of
from inference.report.reading import Person


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared, all in one spelling: persons of two articles with equal identities are one actor.

    Attributes:
        name: The name, without blanks.
        organizations: Organizations of the offices, their words parted by blanks.
        countries: Countries and other places of the offices, without blanks.
    """

    name: str
    organizations: frozenset[str]
    countries: frozenset[str]


def identity(person: Person) -> Identity:
    """The identity of a person."""
    organizations = frozenset(" ".join(words_of(name)) or name for name in person.organizations)
    return Identity(key_of(person.name), organizations, frozenset(map(key_of, person.countries)))


def merge(identities: Iterable[Identity]) -> dict[Identity, int]:
    """The actor, numbered from 0, that each of some distinct identities belongs to.

    Of one name are one actor: those that share an organization (`سپاه` is `سپاه پاسداران` where no other longer name
    begins so); those of whom only a country is known, with the one who has it, or with the one of whom no country
    is known; those of whom nothing is known, with the only other actor of that name.
    """
    by_name: dict[str, list[Identity]] = defaultdict(list)
    for one in identities:
        by_name[one.name].append(one)
    merged: dict[Identity, int] = {}
    count = 0
    for same_name in by_name.values():
        for group in _groups(same_name):
            merged |= dict.fromkeys(group, count)
            count += 1
    return merged


def _groups(same_name: Sequence[Identity]) -> list[list[Identity]]:
    full = _full_names({name for one in same_name for name in one.organizations})
    groups = _connected([(one, {full[name] for name in one.organizations}) for one in same_name if one.organizations])
    known = [(group, {country for one in group for country in one.countries}) for group in groups]
    strangers: list[Identity] = []
    for one in same_name:
        if not one.organizations and one.countries:
            fitting = [group for group, countries in known if countries & one.countries]
            if not fitting and len(known) == 1 and not known[0][1]:
                fitting = [known[0][0]]
            if len(fitting) == 1:
                fitting[0].append(one)
            else:
                strangers.append(one)
    groups += _connected([(one, set(one.countries)) for one in strangers])
    unknown = [one for one in same_name if not one.organizations and not one.countries]
    if len(groups) == 1:
        groups[0].extend(unknown)
    elif unknown:
        groups.append(unknown)
    return groups


def _full_names(names: set[str]) -> dict[str, str]:
    """For each organization the longest name that begins with it, if all that do are beginnings of that one."""
    longer: dict[str, list[str]] = defaultdict(list)
    for name in names:
        words = name.split()
        for last in range(1, len(words) + 1):
            longer[" ".join(words[:last])].append(name)
    full = {}
    for name in names:
        longest = max(longer[name], key=len, default=name)
        certain = all(longest == other or longest.startswith(f"{other} ") for other in longer[name])
        full[name] = longest if certain else name
    return full


def _connected(marked: Sequence[tuple[Identity, set[str]]]) -> list[list[Identity]]:
    """Groups of those that share a mark, directly or through others."""
    parent = list(range(len(marked)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    first: dict[str, int] = {}
    for number, (_, marks) in enumerate(marked):
        for mark in marks:
            parent[root(number)] = root(first.setdefault(mark, number))
    groups: dict[int, list[Identity]] = defaultdict(list)
    for number, (one, _) in enumerate(marked):
        groups[root(number)].append(one)
    return list(groups.values())
