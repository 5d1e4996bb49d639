"""The report as one HTML page: right-to-left, printable, with nothing in it that runs or loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inference.glossary import STANCES, number, theme_name
from inference.html_markup import head, isolated
from inference.labels import Stance
from inference.report.calendar import UNDATED
from inference.report.charts import sparkline, stance_bar, swatch, timeline
from inference.report.counting import Counts, Tally
from inference.report.findings import Findings, points
from inference.report.markup import joined, passages, period
from inference.report.matrices import relations, speakers_by_theme, themes_by_period
from inference.report.style import REPORT_STYLE

_ERRORS_SHOWN = 50
_ROLES_SHOWN = 2
_KINDS = {"person": "شخص", "office": "سمت", "body": "نهاد"}
_SIDES = {"cooperation": "همکاری", "threat": "تهدید"}
_SECTIONS = {
    "timeline": "همکاری و تهدید در گذر زمان",
    "actors": "گویندگان اصلی",
    "themes": "گویندگان، موضوع‌ها و ماه‌ها",
    "relations": "چه کسی به که تهدید یا همکاری نشان داد",
    "notes": "شمارش چگونه است",
}


def render(findings: Findings, inputs: Sequence[str], date_field: str) -> str:
    """The page.

    Args:
        findings: What to show.
        inputs: Names of the files and folders that were read.
        date_field: The field that the dates are from.
    """
    return "\n".join([*head("گزارش بایگانی", REPORT_STYLE), *_body(findings, inputs, date_field), "</html>", ""])


def _body(findings: Findings, inputs: Sequence[str], date_field: str) -> Iterator[str]:
    counts = findings.counts
    yield "<body>"
    yield "<header><h1>گزارش بایگانی: که چه گفت</h1>"
    yield f'<p class="summary">{joined(_summary(counts))}</p>'
    yield f'<p class="summary">از {joined(map(isolated, inputs))}</p>'
    yield "<nav><ul>" + "".join(f'<li><a href="#{id}">{title}</a></li>' for id, title in _SECTIONS.items())
    yield "</ul></nav></header>"
    if counts.failed:
        yield f'<p class="warning" role="note">{_failed(counts)}</p>'
    yield "<main>"
    for id, content in (
        ("timeline", _timeline(findings)),
        ("actors", _actors(findings)),
        ("themes", _themes(findings)),
        ("relations", relations(findings)),
        ("notes", _notes(findings, date_field)),
    ):
        yield f'<section aria-labelledby="{id}"><h2 id="{id}">{_SECTIONS[id]}</h2>'
        yield from content
        yield "</section>"
    yield "</main></body>"


def _summary(counts: Counts) -> Iterator[str]:
    yield f"{number(counts.documents)} سند"
    yield f"{number(counts.sentences.total())} جمله"
    yield f"{number(len(counts.actors))} گوینده"
    months = sorted(counts.months - {UNDATED})
    if months:
        yield period(months[0]) if len(months) == 1 else f"{period(months[0])} تا {period(months[-1])}"


def _failed(counts: Counts) -> str:
    return f'{number(counts.failed)} سند خوانده نشد و در شمارش نیست؛ <a href="#errors">فهرست آنها</a>'


def _timeline(findings: Findings) -> Iterator[str]:
    drawn = points(findings.counts.sentences, findings.timeline)
    if drawn:
        yield _key(("cooperative", "threatening"))
        links = {point.period: f"p{point.period}" for point in drawn if _has_passages(findings, point.period)}
        yield timeline(drawn, "شمار جمله‌های همکاری و تهدید در هر دوره", links)
        yield '<p class="note">زمان از راست به چپ. جمله‌ای که هر دو را دارد در هر دو شمرده شده است.</p>'
    else:
        yield '<p class="none">هیچ سندی تاریخ خوانا ندارد.</p>'
    periods = [one for one in [UNDATED, *findings.timeline.periods] if _has_passages(findings, one)]
    if periods:
        yield "<details><summary>گزیده‌هایی از هر دوره</summary><div>"
        for one in periods:
            yield f'<h3 id="p{one}">{period(one)}</h3>'
            for side, title in _SIDES.items():
                if found := findings.evidence.periods[one, side]:
                    yield f"<h4>{title}</h4>"
                    yield from passages(found, findings.names)
        yield "</div></details>"


def _has_passages(findings: Findings, one: str) -> bool:
    return any(findings.evidence.periods[one, side] for side in _SIDES)


def _actors(findings: Findings) -> Iterator[str]:
    if not findings.shown:
        yield '<p class="none">کسی سخن نمی‌گوید.</p>'
        return
    yield _key(("cooperative", "mixed", "neutral", "threatening"))
    over_time = bool(findings.timeline.periods)
    heads = ["گوینده", "نوع", "سند", "جمله", "همکاری", "هر دو", "تهدید", "سهم هر یک", *["در گذر زمان"] * over_time]
    yield '<div class="table"><table><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for actor in findings.shown:
        stances = {stance: actor.of_stance(stance) for stance in STANCES}
        numbers = [actor.documents, actor.sentences]
        numbers += [stances[stance] for stance in ("cooperative", "mixed", "threatening")]
        cells = [
            f"<td>{_KINDS.get(actor.kind, '–')}</td>",
            *(f'<td class="figure">{number(value)}</td>' for value in numbers),
        ]
        cells.append(f"<td>{stance_bar(stances)}</td>")
        if over_time:
            drawn = points(actor.stances, findings.timeline)
            cells.append(f"<td>{sparkline(drawn, f'همکاری و تهدید {actor.name} در گذر زمان')}</td>")
        yield f'<tr><th scope="row">{isolated(actor.name)}{_roles(actor)}</th>{"".join(cells)}</tr>'
    yield "</tbody></table></div>"
    if rest := len(findings.counts.actors) - len(findings.shown):
        yield f'<p class="note">و {number(rest)} گوینده دیگر، که در جدول‌های CSV هستند.</p>'


def _roles(actor: Tally) -> str:
    roles = [
        role
        for counts in (actor.positions, actor.affiliations)
        for role in sorted(counts, key=lambda role: (-counts[role], role))[:_ROLES_SHOWN]
    ]
    return f'<span class="roles">{"، ".join(map(isolated, roles))}</span>' if roles else ""


def _themes(findings: Findings) -> Iterator[str]:
    if not findings.themes or not findings.shown:
        yield '<p class="none">موضوعی یافت نشد.</p>'
        return
    yield from speakers_by_theme(findings)
    for place, actor in enumerate(findings.shown):
        if actor.themes:
            yield f"<details><summary>{isolated(actor.name)}: موضوع‌ها در هر دوره، با گزیده‌ها</summary>"
            yield f'<div id="a{place}">'
            yield from themes_by_period(findings, place)
            for theme in findings.themes:
                if found := findings.evidence.themes[place, theme]:
                    yield f"<h4>{isolated(theme_name(theme))}</h4>"
                    yield from passages(found, findings.names)
            yield "</div></details>"


def _key(stances: Sequence[Stance]) -> str:
    return '<ul class="key">' + "".join(f"<li>{swatch(one)}{STANCES[one]}</li>" for one in stances) + "</ul>"


def _notes(findings: Findings, date_field: str) -> Iterator[str]:
    counts = findings.counts
    yield "<ul>"
    yield (
        "<li>گویندگان سندهای گوناگون یکی شمرده شده‌اند اگر نامشان، پس از یکسان کردن حروف و فاصله‌ها، یکی باشد و "
        "سازمانشان، یا کشورشان اگر سازمان روشن نیست، یکی باشد یا روشن نباشد. پس دو همنام بی‌سمت شاید یکی شده باشند، و "
        "کسی که سندی فقط نام کوتاهش را دارد شاید دو بار آمده باشد.</li>"
    )
    yield (
        "<li>واحد شمارش جمله است. هر جمله از آنِ گوینده بیرونی است. موضوع‌ها و گویندگان را برنامه یافته است و خطا "
        "دارد؛ گزیده‌ها محتمل‌ترین‌ها هستند. نویسه‌ها جای جمله در فیلد <code>text</code> سطرِ همان سند است.</li>"
    )
    example = f" (مانند {isolated(counts.unreadable)})" if counts.unreadable_dates else ""
    yield (
        f"<li>ماه‌ها میلادی‌اند، از فیلد <code>{isolated(date_field)}</code>؛ تاریخ‌های شمسی برگردانده شده‌اند. "
        f"{number(counts.without_date)} سند تاریخ ندارد و تاریخ {number(counts.unreadable_dates)} سند خوانا "
        f"نیست{example}. جدول‌ها اگر ماه‌ها بسیار باشند سال‌ها را نشان می‌دهند؛ ماه‌ها در جدول‌های CSV هستند.</li>"
    )
    yield "</ul>"
    if counts.failed:
        yield f'<h3 id="errors">سندهای خوانده‌نشده: {number(counts.failed)}</h3>'
        yield '<div class="table"><table><thead><tr><th scope="col">سند</th><th scope="col">جا</th>'
        yield '<th scope="col">چرا</th></tr></thead><tbody>'
        for row in counts.errors[:_ERRORS_SHOWN]:
            cells = (f"<td>{isolated(value)}</td>" for value in (row.id, row.origin, row.reason))
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table></div>"
        if counts.failed > _ERRORS_SHOWN:
            yield f'<p class="note">و {number(counts.failed - _ERRORS_SHOWN)} سند دیگر.</p>'
