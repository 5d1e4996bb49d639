"""`sokhan report`: what is counted, who is one actor, what the page and the tables show and never run."""

from __future__ import annotations

import csv
import datetime
import json
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_cases import documents, run_batch, write_jsonl
from test_html_style import contrast

from inference.batch.rows import parquet_schema
from inference.cli import main
from inference.errors import SokhanError
from inference.html_style import STYLE
from inference.labels import stance
from inference.names import key_of
from inference.report.calendar import axis, from_jalali, month_of
from inference.report.charts import Point, timeline
from inference.report.counting import Counts, Tally, Target
from inference.report.findings import Findings, find
from inference.report.merging import identity, merge
from inference.report.page import render
from inference.report.reading import Person, find_parts, read
from inference.report.style import REPORT_STYLE
from inference.report.tables import table
from inference.visible import visible

Said = tuple[str, str | None, Sequence[str], Sequence[str]]
"""A sentence, who says it, its themes, the countries that it names."""


def actor(name: str, organizations: Sequence[str] = (), countries: Sequence[str] = (), kind: str = "person") -> Any:
    forms = {"organizations": organizations, "countries": countries}
    kinds = ("names", "ranks", "positions", "organizations", "countries", "mentions_by_office")
    attested = {one: [{"text": form, "spans": []} for form in forms.get(one, ())] for one in kinds}
    return {"name": name, "kind": kind, **attested, "references": []}


def row(id: str, said: Sequence[Said], actors: Sequence[Any] = (), date: Any = None, **more: Any) -> dict[str, Any]:
    """A row as `sokhan batch` writes it, its statements of one sentence each."""
    numbers = {one["name"]: number for number, one in enumerate(actors)}
    text = " ".join(sentence for sentence, *_ in said)
    sentences: list[Any] = []
    statements: list[Any] = []
    relations: dict[tuple[int, str], Any] = {}
    start = 0
    for number, (sentence, speaker, themes, targets) in enumerate(said):
        scored = [{"name": theme, "score": 0.9} for theme in themes]
        place = {"start": start, "end": start + len(sentence)}
        sentences.append({**place, "text": sentence, "themes": scored, "stance": stance(themes), "speaker": speaker})
        if speaker in numbers:
            statement = {**place, "actor": numbers[speaker], "speaker": speaker, "kind": "direct", "mention": None}
            lists = {"cue": [], "content": [], "addressees": [], "nested": []}
            statements.append(
                {**statement, **lists, "sentences": [number], "themes": scored, "stance": stance(themes)}
            )
            for target in targets:
                empty = {one: [] for one in ("cooperative", "threatening", "mixed", "neutral")}
                about = {"actor": numbers[speaker], "target": target, "label": "LOC", "stance": "neutral", **empty}
                relations.setdefault((numbers[speaker], target), about)[stance(themes)].append(number)
        start += len(sentence) + 1
    return {
        "id": id,
        "schema_version": 2,
        "text": text,
        "entities": [],
        "sentences": sentences,
        "actors": list(actors),
        "statements": statements,
        "summary": {"actors": [], "relations": list(relations.values())},
        "warnings": [],
        "origin": f"news.jsonl:{id}",
        "source": {} if date is None else {"published": date},
        "models": {"ner": "a", "themes": "b"},
        "error": None,
        **more,
    }


def error(id: str, reason: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("sentences", "actors", "statements", "summary", "warnings", "entities", "text"))
    return row(id, []) | nothing | {"error": reason}


SALAMI = actor("حسین سلامی", ["سپاه"])
ROWS = [
    row(
        "1",
        [
            ("گزارش این است.", None, ["threat.border"], []),
            ("به آمریکا پاسخ می‌دهیم.", "حسین سلامی", ["threat.warning"], ["آمریکا"]),
            ("با پاکستان همکاری می‌کنیم.", "حسین سلامی", ["cooperation.defense"], ["پاکستان"]),
        ],
        [SALAMI],
        "۱۴۰۲/۱۲/۱۰",
    ),
    row(
        "2",
        [("هم این و هم آن با آمریکا.", "حسین سلامي", ["threat.warning", "cooperation.unity"], ["آمریکا"])],
        [actor("حسین سلامي", ["سپاه پاسداران"])],
        "2024-03-05T10:00:00+03:30",
    ),
    row("3", [("می‌رویم.", "عاصم منیر", [], ["ایران"])], [actor("عاصم منیر", [], ["پاکستان"])], "دیروز"),
    error("4", "it has no text"),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "part-00000.jsonl", ROWS)


def found(path: Path, **options: Any) -> Findings:
    return find([path], options.get("date_field"), options.get("top", 20), options.get("each", 3))


def by_name(counts: Counts) -> dict[str, Tally]:
    return {tally.name: tally for tally in counts.actors}


# --- dates


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1300, 1, 1), "1921-03-21"),
        ((1357, 11, 22), "1979-02-11"),
        ((1375, 12, 30), "1997-03-20"),
        ((1399, 12, 30), "2021-03-20"),
        ((1400, 1, 1), "2021-03-21"),
        ((1403, 1, 1), "2024-03-20"),
        ((1403, 12, 30), "2025-03-20"),
        ((1404, 1, 1), "2025-03-21"),
        ((1408, 12, 30), "2030-03-20"),
    ],
)
def test_jalali_dates_are_converted(jalali: tuple[int, int, int], gregorian: str) -> None:
    assert from_jalali(*jalali) == datetime.date.fromisoformat(gregorian)


def test_jalali_days_follow_each_other_without_gap_and_years_begin_in_march() -> None:
    day = from_jalali(1300, 1, 1)
    for year in range(1300, 1500):
        assert day.month == 3
        assert 19 <= day.day <= 22
        for month in range(1, 13):
            for number in range(1, 32):
                try:
                    converted = from_jalali(year, month, number)
                except ValueError:
                    assert number >= 30
                    continue
                assert converted == day
                day += datetime.timedelta(days=1)


def test_jalali_leap_years_are_those_of_the_calendar() -> None:
    known = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412]
    leap = []
    for year in range(1367, 1413):
        try:
            from_jalali(year, 12, 30)
            leap.append(year)
        except ValueError:
            pass
    assert leap == known


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("2024-03-05", "2024-03"),
        ("2024-03-05T23:59:59+03:30", "2024-03"),
        ("2024/3/5 10:00", "2024-03"),
        ("20240305", "2024-03"),
        ("2024-03", "2024-03"),
        ("۲۰۲۴/۰۳/۰۵", "2024-03"),
        ("٢٠٢٤-٠٣-٠٥", "2024-03"),
        ("۱۴۰۲/۱۲/۱۱", "2024-03"),
        ("1402-12-10", "2024-02"),
        (" \u200f۱۴۰۲/۱۲/۱۱، ۱۰:۳۰", "2024-03"),
        ("1399/12/30", "2021-03"),
        ("1402/12", None),  # it lies in two months
        ("1402/12/30", None),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("05/03/2024", None),
        ("0001-01-01", None),
        ("دیروز", None),
        ("", None),
        (None, None),
        (1402, None),
        (["2024-03-05"], None),
        ("2024-03-05 " + "x" * 1000, None),
    ],
)
def test_months_of_dates(date: object, month: str | None) -> None:
    assert month_of(date) == month


def test_gaps_in_time_are_filled_and_many_months_become_years() -> None:
    assert axis(["2023-11", "2024-02", ""], 24).periods == ("2023-11", "2023-12", "2024-01", "2024-02")
    years = axis(["1999-01", "2003-02"], 24)
    assert years.periods == ("1999", "2000", "2001", "2002", "2003")
    assert years.period("2003-02") == "2003"
    assert axis(["1800-01", "2100-02"], 24).periods == ("1800", "2100")
    assert axis([""], 24).periods == ()


# --- who is one actor


def same(*persons: Person) -> list[int]:
    """A number for each person, equal for one actor."""
    identities = [identity(one) for one in persons]
    merged = merge(dict.fromkeys(identities))
    return [merged[one] for one in identities]


def person(name: str, organizations: Sequence[str] = (), countries: Sequence[str] = ()) -> Person:
    return Person(name, "person", (), tuple(organizations), tuple(countries))


@pytest.mark.parametrize(
    ("persons", "together"),
    [
        ([person("ا", ["سپاه"]), person("ا", ["سپاه"])], True),
        ([person("ا", ["سپاه"]), person("ا", ["سپاه پاسداران"])], True),
        ([person("ا", ["سپاه"]), person("ا", ["ناجا", "سپاه"])], True),
        ([person("ا", ["سپاه"]), person("ا")], True),
        ([person("ا", ["سپاه"], ["ایران"]), person("ا", [], ["ایران"])], True),
        ([person("ا", ["سپاه"]), person("ا", [], ["ایران"])], True),
        ([person("ا"), person("ا")], True),
        (
            [person("كريم\u200cخان  علي", ["سپاه\u200cملی"]), person("کریم خان\u00a0علی", ["سپاه ملی"])],
            True,
        ),
        ([person("ا", ["CNN"]), person("ا", ["cnn"])], True),
        ([person("ا", ["سپاه"]), person("ب", ["سپاه"])], False),
        ([person("ا", ["سپاه"], ["ایران"]), person("ا", ["بانک"], ["ایران"])], False),
        ([person("ا", ["سپاه"], ["ایران"]), person("ا", [], ["پاکستان"])], False),
        ([person("ا", [], ["ایران"]), person("ا", [], ["پاکستان"])], False),
    ],
)
def test_actors_are_merged_by_name_and_what_is_known_of_them(persons: list[Person], together: bool) -> None:
    first, second = same(*persons)
    assert (first == second) == together
    assert len(set(same(*reversed(persons)))) == (1 if together else 2)


def test_who_may_be_one_of_two_is_neither() -> None:
    army_a, army_b, unknown = same(person("ا", ["ارتش ا"]), person("ا", ["ارتش ب"]), person("ا"))
    assert len({army_a, army_b, unknown}) == 3
    short = same(person("ا", ["ارتش"]), person("ا", ["ارتش ا"]), person("ا", ["ارتش ب"]))
    assert len(set(short)) == 3


# --- counts


def test_counts(archive: Path) -> None:
    counts = found(archive).counts
    assert (counts.documents, counts.failed, len(counts.actors)) == (4, 1, 2)
    assert (counts.errors[0].id, counts.errors[0].reason) == ("4", "it has no text")
    assert (counts.without_date, counts.unreadable_dates, counts.unreadable) == (0, 1, "دیروز")
    assert counts.sentences == {
        ("2024-02", "threatening"): 2,
        ("2024-02", "cooperative"): 1,
        ("2024-03", "mixed"): 1,
        ("", "neutral"): 1,
    }
    salami, munir = counts.actors
    assert salami.name in ("حسین سلامی", "حسین سلامي")
    assert (salami.documents, salami.sentences, munir.sentences) == (2, 3, 1)
    assert salami.themes == {
        ("2024-02", "threat.warning"): 1,
        ("2024-02", "cooperation.defense"): 1,
        ("2024-03", "threat.warning"): 1,
        ("2024-03", "cooperation.unity"): 1,
    }
    america, pakistan = Target(key_of("آمریکا"), "LOC"), Target(key_of("پاکستان"), "LOC")
    assert salami.relations == {
        (america, "2024-02", "threatening"): 1,
        (pakistan, "2024-02", "cooperative"): 1,
        (america, "2024-03", "mixed"): 1,
    }


def test_speaker_who_is_no_actor_of_the_row_counts_by_name(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [row("1", [("الف.", "ناصر", [], []), ("ب.", "ناصر", [], [])])])
    assert by_name(found(path).counts)["ناصر"].sentences == 2


def test_two_of_one_article_who_are_one_count_as_one_document(tmp_path: Path) -> None:
    said = [("الف.", "علي", [], []), ("ب.", "علی", [], [])]
    path = write_jsonl(tmp_path / "a.jsonl", [row("1", said, [actor("علي"), actor("علی")])])
    (tally,) = found(path).counts.actors
    assert (tally.documents, tally.sentences) == (1, 2)


# --- passages


def test_passages_are_few_and_name_their_place(archive: Path) -> None:
    findings = found(archive)
    (passage,) = findings.evidence.themes[0, "cooperation.defense"]
    assert (passage.document, passage.origin, passage.month) == ("1", "news.jsonl:1", "2024-02")
    assert ROWS[0]["text"][passage.start : passage.end] == passage.text == "با پاکستان همکاری می‌کنیم."
    america = Target(key_of("آمریکا"), "LOC")
    assert [one.document for one in findings.evidence.relations[0, america, "mixed"]] == ["2"]
    assert [one.speaker for one in findings.evidence.periods["2024-02", "threat"]] == [None, 0]


def test_the_likeliest_passages_are_kept_and_none_twice(tmp_path: Path) -> None:
    made = []
    for number, score in enumerate([0.5, 0.9, 0.7, 0.9, 0.6]):
        one = row(str(number), [(f"جمله {number % 4}.", "ا", ["threat.border"], [])], [actor("ا")])
        one["sentences"][0]["themes"][0]["score"] = score
        made.append(one)
    findings = found(write_jsonl(tmp_path / "a.jsonl", made), each=2)
    assert [one.document for one in findings.evidence.themes[0, "threat.border"]] == ["1", "3"]
    findings = found(tmp_path / "a.jsonl", each=9)
    assert [one.document for one in findings.evidence.themes[0, "threat.border"]] == ["1", "3", "2", "0"]


def test_long_sentence_is_cut_but_keeps_its_offsets(tmp_path: Path) -> None:
    long = "الف " * 5000 + "."
    path = write_jsonl(tmp_path / "a.jsonl", [row("1", [(long, "ا", ["threat.border"], [])], [actor("ا")])])
    findings = found(path)
    (passage,) = findings.evidence.themes[0, "threat.border"]
    assert (passage.start, passage.end) == (0, len(long))
    assert len(passage.text) < 1000
    assert len(render(findings, ["a"], "published")) < 60_000


# --- what is read


def test_parquet_gives_the_same_page(tmp_path: Path, archive: Path) -> None:
    for_parquet = [one | {"source": json.dumps(one["source"])} for one in ROWS]
    path = tmp_path / "part-00000.parquet"
    pq.write_table(pa.Table.from_pylist(for_parquet, parquet_schema(["ner", "themes"])), path)
    assert render(found(path), ["a"], "published") == render(found(archive), ["a"], "published")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b"[]", "not an object"),
        (b'{"id": "1"}', "lacks 'schema_version'"),
        (row("1", [], schema_version=1), "form 1"),
        (row("1", [], statements=[{"actor": 3, "sentences": [0]}]), "no actor 3"),
        (row("1", [], sentences=[{"start": 0}]), "lacks"),
        (row("1", [], sentences=7), "no row"),
        (row("1", [], summary={"relations": [{"actor": 0}]}), "lacks"),
        (row("1", [], source=[1]), "'source' is not an object"),
    ],
)
def test_what_is_no_row_is_told_with_its_place(tmp_path: Path, line: Any, told: str) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [ROWS[0], line])
    with pytest.raises(SokhanError, match=rf"a\.jsonl:2 .*{told}"):
        list(read([path]))


def test_parts_are_found_and_what_is_none_is_refused(tmp_path: Path, archive: Path) -> None:
    second = write_jsonl(tmp_path / "part-00001.jsonl", [])
    (tmp_path / "manifest.txt").write_text("x")
    assert find_parts([tmp_path]) == [archive, second]
    for names, told in (
        ([tmp_path, archive], "named twice"),
        ([tmp_path / "none"], "no file or folder"),
        ([tmp_path / "manifest.txt"], "none of"),
    ):
        with pytest.raises(SokhanError, match=told):
            find_parts(names)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SokhanError, match="holds no parts"):
        find_parts([tmp_path / "empty"])


def test_wrong_date_field_is_told_with_the_nearest(archive: Path) -> None:
    with pytest.raises(SokhanError, match=r"no document has the field 'publishd'; did you mean 'published'\?"):
        found(archive, date_field="publishd")


# --- the page


class Page(HTMLParser):
    """Elements, their attributes and the words of a page; void elements aside, they must close in order."""

    _VOID = frozenset({"meta", "br"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "h1", "h2", "h3"}
ELEMENTS |= {"h4", "p", "div", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "a", "span", "bdi", "code"}
ELEMENTS |= {"br", "details", "summary", "svg", "rect", "line", "text"}
ATTRIBUTES = {"lang", "dir", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "colspan"}
ATTRIBUTES |= {"title", "role", "viewbox", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "direction"}
ATTRIBUTES |= {"text-anchor", "aria-label", "aria-labelledby", "aria-hidden"}

ATTACKS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<!-- --><iframe src=//evil.example>",
    "]]><script>alert(1)</script>",
    "</svg></title></rect><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>*{background:url(//evil.example)}</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "</bdi></details></section></main><h1>x",
    "\x00<scr\x00ipt>",
    "\ud800<b>",
    "\u202e<b>\u202c",
]


def hostile(attack: str) -> list[dict[str, Any]]:
    """Rows with the attack wherever a string of others can stand."""
    about = [attack, attack]
    said: list[Said] = [(attack, attack, ["threat.warning", attack], about), (attack, None, [attack], [])]
    who = actor(attack, about, about, kind=attack)
    who["positions"] = [{"text": attack, "spans": []}]
    good = row(attack, said, [who], "2024-01-01")
    return [
        good | {"origin": attack},
        row(attack, said, [who], attack) | {"origin": attack},
        error(attack, attack) | {"origin": attack},
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_page_shows_hostile_text_and_does_nothing_with_it(tmp_path: Path, attack: str) -> None:
    source, harmless = (
        render(found(write_jsonl(tmp_path / "a.jsonl", hostile(one))), [one], one) for one in (attack, "ааа")
    )
    source.encode("utf-8")
    page = Page(source)
    assert not page.open
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in Page(harmless).elements]
    assert page.words.count(visible(attack)) >= Page(harmless).words.count("ааа")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] or "" for _, attributes in page.elements if "href" in attributes]
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_page_allows_and_loads_nothing(archive: Path) -> None:
    source = render(found(archive), ["a"], "published")
    (policy,) = [a["content"] for _, a in Page(source).elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(
        r"https?:|//|url\(|@import|<script|<link|\sstyle=|\son\w+=", source.replace(REPORT_STYLE, "")
    )
    assert not re.search(r"url\(|@import|//", REPORT_STYLE)


def test_page_tells_who_what_and_where(archive: Path) -> None:
    page = Page(render(found(archive), ["annotated"], "published"))
    for words in ("حسین سلام", "عاصم منیر", "annotated", "it has no text", "دیروز", "news.jsonl:1", "فوریه ۲۰۲۴"):
        assert words in page.words
    assert ("html", {"lang": "fa", "dir": "rtl"}) in page.elements
    assert sum(tag == "svg" for tag, _ in page.elements) >= 5
    assert all("aria-label" in a or a.get("aria-hidden") for tag, a in page.elements if tag == "svg")


def test_empty_archive_has_a_page(tmp_path: Path) -> None:
    Page(render(found(write_jsonl(tmp_path / "a.jsonl", [error("1", "x")])), ["a"], "published"))
    assert found(write_jsonl(tmp_path / "a.jsonl", [ROWS[2]])).timeline.periods == ()


def test_bars_of_a_timeline_are_as_high_as_their_counts() -> None:
    drawn = timeline([Point("2024-01", 10, 5), Point("2024-02", 0, 10)], "x", {})
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert heights[0] == heights[2]
    first, second = re.findall(r'threatening" x="([\d.]+)"', drawn)
    assert float(first) > float(second)  # time runs from right to left


def test_contrast_is_enough_on_every_shade() -> None:
    base = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    own = re.findall(r":root \{(.*?)\}", REPORT_STYLE.removeprefix(STYLE), re.DOTALL)
    assert len(base) == len(own) == 3
    for scheme, shades in zip(base, own, strict=True):
        color = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", scheme + shades))
        for shade in ("mixed", *(f"{side}-{level}" for side in ("coop", "threat") for level in range(1, 5))):
            assert contrast(color["ink"], color[shade]) >= 4.5, shade
        assert contrast(color["quiet"], color["paper"]) >= 3
        assert contrast(color["good"], color["paper"]) >= 3


def test_every_colour_that_is_used_is_there() -> None:
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", REPORT_STYLE)) - {"--own", "--own-soft"} <= set(
        re.findall(r"(--[a-z0-9-]+):", REPORT_STYLE)
    )


# --- tables


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    written = table([("a", f"{start}1+1", -5)])
    assert written.startswith(b"\xef\xbb\xbf")
    ((text, quoted, number),) = csv.reader(written.decode("utf-8-sig").splitlines(keepends=True), strict=True)
    assert (text, quoted, number) == ("a", f"'{start}1+1", "-5")


def test_tables_say_what_was_counted(tmp_path: Path, archive: Path) -> None:
    assert main(["report", str(archive), "-o", str(tmp_path / "r.html"), "--csv", str(tmp_path / "csv")]) == 0
    tables = {}
    for path in (tmp_path / "csv").iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    assert set(tables) == {"actors", "themes", "relations", "timeline", "passages", "errors"}
    assert [line["sentences"] for line in tables["actors"]] == ["3", "1"]
    assert {(line["month"], line["theme"], line["sentences"]) for line in tables["themes"]} == {
        ("2024-02", "threat.warning", "1"),
        ("2024-02", "cooperation.defense", "1"),
        ("2024-03", "threat.warning", "1"),
        ("2024-03", "cooperation.unity", "1"),
    }
    assert [(line["target"], line["month"], line["threatening"]) for line in tables["relations"]] == [
        ("آمریکا", "2024-02", "1"),
        ("آمریکا", "2024-03", "0"),
        ("پاکستان", "2024-02", "0"),
        ("ایران", "", "0"),
    ]
    assert tables["errors"] == [{"id": "4", "origin": "news.jsonl:4", "reason": "it has no text"}]
    assert all(ROWS[int(line["document"]) - 1]["text"][int(line["start"]) :] for line in tables["passages"])


# --- the command


def test_command_reports_on_what_batch_wrote(
    tmp_path: Path, tiny_models: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    dated = [one | {"when": f"۱۴۰۳/۰{1 + n % 4}/۱۵"} for n, one in enumerate(documents(12))]
    for kind in ("jsonl", "parquet"):
        out = tmp_path / kind
        file = write_jsonl(tmp_path / f"{kind}.jsonl", [*dated, {"id": "bad"}])
        assert run_batch(tiny_models, file, "--out", out, "--part-size", "5", "--format", kind) == 3
        page = tmp_path / f"{kind}.html"
        assert main(["report", str(out), "-o", str(page), "--date-field", "when", "--top", "5"]) == 0
        assert "13 documents, 1 of them error rows" in capsys.readouterr().out
        shown = Page(page.read_text(encoding="utf-8"))
        assert "آوریل ۲۰۲۴ تا ژوئیه ۲۰۲۴" in shown.words
        assert not shown.open


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--top", "0"], "at least 1"),
        (["--date-field", "day"], "no document has the field 'day'"),
        (["-o", "nowhere/r.html"], "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    tmp_path: Path, archive: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(archive), "-o", str(tmp_path / "r.html"), *options]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_a_part_is_not_written_over(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = archive.read_bytes()
    assert main(["report", str(archive), "-o", str(archive)]) == 2
    assert "one of the parts" in capsys.readouterr().err
    assert archive.read_bytes() == before


def test_the_program_writes_the_same_page_each_time(tmp_path: Path, archive: Path) -> None:
    pages = []
    for seed in ("1", "2"):
        page = tmp_path / f"{seed}.html"
        command = [sys.executable, "-m", "inference", "report", str(archive), "-o", str(page)]
        done = subprocess.run(command, env={"PYTHONHASHSEED": seed, "PATH": ""}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]


def test_memory_does_not_grow_with_the_articles(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", ROWS * 1000)
    tracemalloc.start()
    found(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < path.stat().st_size / 5
