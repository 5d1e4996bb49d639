"""The tables of the page: speakers by theme, themes by month, and who stands how towards whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from inference.glossary import STANCES, number, theme_name, theme_side
from inference.html_markup import isolated, plain
from inference.labels import Stance
from inference.report.calendar import UNDATED
from inference.report.charts import level
from inference.report.counting import Target
from inference.report.findings import Findings
from inference.report.markup import digits, passages, period

_SIDES = {"cooperation": "همکاری", "threat": "تهدید", "other": "دیگر"}
_SHADES = {"cooperation": "coop", "threat": "threat", "other": "plain"}
_OUTWEIGHS = 2
"""How many times as many sentences give a cell the colour of one side."""
_RELATION_ORDER: tuple[Stance, ...] = ("threatening", "mixed", "cooperative", "neutral")


def speakers_by_theme(findings: Findings) -> Iterator[str]:
    """Sentences of each actor that is shown with each theme; an actor leads to its months and passages."""
    sums = [_by_theme(actor.themes) for actor in findings.shown]
    highest = max((value for one in sums for value in one.values()), default=0)
    yield '<div class="table wide"><table><thead><tr><td></td>'
    of_side = Counter(map(theme_side, findings.themes))
    for side, title in _SIDES.items():
        if of_side[side]:
            yield f'<th class="side" scope="colgroup" colspan="{of_side[side]}">{title}</th>'
    yield '</tr><tr><th scope="col">گوینده</th>'
    for theme in findings.themes:
        yield f'<th class="target" scope="col" title="{plain(theme)}">{isolated(_short(theme))}</th>'
    yield "</tr></thead><tbody>"
    for place, (actor, counts) in enumerate(zip(findings.shown, sums, strict=True)):
        link = f'<a href="#a{place}">{isolated(actor.name)}</a>'
        cells = "".join(_shaded(theme, counts[theme], highest) for theme in findings.themes)
        yield f'<tr><th scope="row">{link if counts else isolated(actor.name)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def themes_by_period(findings: Findings, actor: int) -> Iterator[str]:
    """Sentences of an actor with each of its themes in each month or year."""
    axis = findings.periods
    counts: Counter[tuple[str, str]] = Counter()
    for (month, theme), sentences in findings.counts.actors[actor].themes.items():
        counts[theme, axis.period(month)] += sentences
    undated = [UNDATED] * any(one == UNDATED for _, one in counts)
    periods = [one for one in axis.periods if axis.by_year is False or any((t, one) in counts for t, _ in counts)]
    highest = max(counts.values(), default=0)
    yield '<div class="table wide"><table><thead><tr><th scope="col">موضوع</th>'
    for one in [*periods, *undated]:
        title = digits(one.replace("-", "<br>")) or period(one)
        yield f'<th class="target" scope="col">{title}</th>'
    yield "</tr></thead><tbody>"
    for theme in findings.themes:
        if any(theme == known for known, _ in counts):
            cells = "".join(_shaded(theme, counts[theme, one], highest) for one in [*periods, *undated])
            yield f'<tr><th scope="row">{isolated(theme_name(theme))}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def relations(findings: Findings) -> Iterator[str]:
    """Who stands how towards whom, and under it the passages of every cell."""
    if not findings.sources:
        yield '<p class="none">چنین جمله‌ای یافت نشد.</p>'
        return
    yield (
        '<p class="note">سطر: گوینده؛ ستون: کشور یا سازمانی که در جمله از آن نام می‌برد. '
        '<bdi dir="ltr">+</bdi> همکاری، <bdi dir="ltr">−</bdi> تهدید، ○ فقط خنثی؛ '
        "رنگ از آنِ سویی است که دست‌کم دو برابر دیگری است. نام بردن از کسی در جمله‌ای "
        "تهدیدآمیز همیشه تهدیدِ او نیست؛ گزیده‌ها را بخوانید.</p>"
    )
    names = [isolated(findings.counts.targets[target]) for target in findings.targets]
    yield '<div class="table wide"><table><thead><tr><th scope="col">گوینده</th>'
    yield "".join(f'<th class="target" scope="col">{one}</th>' for one in names)
    yield "</tr></thead><tbody>"
    details: list[str] = []
    for row, source in enumerate(findings.sources):
        actor = findings.counts.actors[source]
        cells = []
        inner: list[str] = []
        for column, target in enumerate(findings.targets):
            counts: Counter[Stance] = Counter()
            for (known, _, stance), sentences in actor.relations.items():
                if known == target:
                    counts[stance] += sentences
            id = f"r{row}-{column}"
            cells.append(_relation(counts, id))
            if counts.total():
                inner += _relation_passages(findings, source, target, counts, id)
        yield f'<tr><th scope="row">{isolated(actor.name)}</th>{"".join(cells)}</tr>'
        if inner:
            details += [f"<details><summary>{isolated(actor.name)}</summary><div>", *inner, "</div></details>"]
    yield "</tbody></table></div>"
    yield from details


def _relation(counts: Mapping[Stance, int], id: str) -> str:
    cooperation, threat = counts["cooperative"] + counts["mixed"], counts["threatening"] + counts["mixed"]
    if not any(counts.values()):
        return "<td></td>"
    title = "، ".join(f"{STANCES[stance]}: {number(counts[stance])}" for stance in _RELATION_ORDER)
    shown = [f"+{number(cooperation)}"] * bool(cooperation) + [f"−{number(threat)}"] * bool(threat)
    shown = shown or [f"○{number(counts['neutral'])}"]
    shade = _shade(cooperation, threat)
    link = f'<a href="#{id}" title="{title}"><bdi dir="ltr">{" ".join(shown)}</bdi></a>'
    return f'<td class="count {shade}">{link}</td>'


def _shade(cooperation: int, threat: int) -> str:
    if not cooperation and not threat:
        return "plain-1"
    if cooperation >= _OUTWEIGHS * threat:
        return "coop-2"
    return "threat-2" if threat >= _OUTWEIGHS * cooperation else "both-1"


def _relation_passages(
    findings: Findings, source: int, target: Target, counts: Mapping[Stance, int], id: str
) -> Iterator[str]:
    summary = "، ".join(
        f"{STANCES[stance]}: {number(counts[stance])}" for stance in _RELATION_ORDER if counts[stance]
    )
    yield f'<h4 id="{id}">{isolated(findings.counts.targets[target])} — {summary}</h4>'
    for stance in _RELATION_ORDER:
        found = findings.evidence.relations[source, target, stance]
        if found and (stance != "neutral" or counts["neutral"] == sum(counts.values())):
            yield from passages(found, findings.names)


def _by_theme(counts: Mapping[tuple[str, str], int]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (_, theme), sentences in counts.items():
        sums[theme] += sentences
    return sums


def _shaded(theme: str, value: int, highest: int) -> str:
    if not value:
        return "<td></td>"
    return f'<td class="count {_SHADES[theme_side(theme)]}-{level(value, highest)}">{number(value)}</td>'


def _short(theme: str) -> str:
    """Name of a theme under the heading of its side."""
    _, _, rest = theme_name(theme).partition(": ")
    return rest if rest and theme_side(theme) != "other" else theme_name(theme)
