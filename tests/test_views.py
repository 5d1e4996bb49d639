"""The views: what a reader sees, and what a hostile text can't do."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from annotation_cases import hostile, mentioned
from hypothesis import given
from hypothesis import strategies as st

from inference import html, terminal
from inference.annotation import Annotation
from inference.bidi import Run, width_of
from inference.html_style import STYLE
from inference.terminal import Look
from inference.visible import visible


@pytest.fixture
def annotation() -> Annotation:
    return mentioned()


# --- terminal


def test_everything_is_told_without_colour(annotation: Annotation) -> None:
    view = terminal.render(annotation, "news.txt", Look())
    assert "\x1b" not in view
    assert "[سردار سرتیپ·درجه] [حسین رستمی·گوینده]، [فرمانده کل·سمت] [سپاه·سازمان] گفت" in view
    for told in ("news.txt", "a doubt", "همکاری: دفاعی\u00a0۹۱٪", "تهدید: هشدار\u00a0۸۰٪", "گوینده: حسین رستمی"):
        assert told in view
    assert "گوینده (۲) = SPEAKER" in view
    assert "جمله‌ها: ۳ | همکاری ۱ | تهدید ۰ | همکاری و تهدید ۱ | خنثی ۱" in view


def test_logical_view_holds_each_sentence_verbatim_on_one_line(annotation: Annotation) -> None:
    plain = re.sub(r"\[([^·\]]*)·[^\]]*\]", r"\1", terminal.render(annotation, "x", Look(width=20)))
    for sentence in annotation.sentences:
        assert sentence.text in plain


def test_colour_only_adds_to_the_view(annotation: Annotation) -> None:
    for visual in (False, True):
        colored = terminal.render(annotation, "x", Look(60, visual, color=True))
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == terminal.render(annotation, "x", Look(60, visual))
        opened = re.findall(r"\x1b\[[1-9][0-9;]*m[^\x1b]*\x1b\[0m", colored)
        assert len(opened) * 2 == colored.count("\x1b")


def test_visual_view_is_aligned_at_the_right_edge(annotation: Annotation) -> None:
    lines = terminal.render(annotation, "x", Look(60, visual=True)).splitlines()
    assert {width_of([Run(line)]) for line in lines if line} <= {60, 56}


@pytest.mark.parametrize("width", [1, 5, 20, 40, 1000])
def test_visual_view_fits_any_width(annotation: Annotation, width: int) -> None:
    lines = terminal.render(annotation, "x", Look(width, visual=True)).splitlines()
    assert max(width_of([Run(line)]) for line in lines) <= max(width, 20)


def test_empty_article_has_a_view() -> None:
    empty = Annotation("", warnings=("the text has no letters",))
    assert "the text has no letters" in terminal.render(empty, "x", Look(visual=True))
    assert "the text has no letters" in html.render(empty, "x")


INJECTIONS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZWNobw==\x07",
    "\x1b[2J\x1b[H",
    "\x1bP+q544e\x1b\\",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x90q\x9c",
    "a\rb",
    "a\bb\x00\x7f",
    "a\x85b",
    "a\nb\x0b\x0c",
    "a\u2028b\u2029",
    "\u202eevil\u202c",
    "\u2066\u2067\u2068\u2069",
    "\U000e0041\U000e0042",
    "\udc9b31m\ud83d",
]


@pytest.mark.parametrize("payload", INJECTIONS)
@pytest.mark.parametrize("visual", [False, True])
@pytest.mark.parametrize("color", [False, True])
def test_nothing_of_a_text_steers_the_terminal(payload: str, visual: bool, color: bool) -> None:
    view = terminal.render(hostile(payload), payload, Look(70, visual, color))
    view.encode("utf-8")
    rest = re.sub(r"\x1b\[[0-9;]+m", "", view) if color else view
    dangerous = [c for c in rest if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    dangerous += re.findall("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", rest)
    assert not dangerous
    # The view has no more sequences and no more lines than that of a harmless text of the same kind.
    harmless = terminal.render(hostile("a"), "a", Look(70, visual, color))
    assert set(re.findall(r"\x1b\[[0-9;]+m", view)) == set(re.findall(r"\x1b\[[0-9;]+m", harmless))
    if not visual:
        assert view.count("\n") == harmless.count("\n")


def test_controls_are_shown_as_symbols() -> None:
    shown = visible("\x1b\x00\x07\r\n\x7f\x9b\u202e\u2066\ud800\u2028\tx")
    assert shown == "␛␀␇␍␊␡‹009B›‹RLO›‹LRI›\ufffd‹2028› x"
    ordinary = "می\u200cشود\u200f \u200eAB\u00ad \u06dd۱۲ كتابٌ 👨\u200d👩"
    assert visible(ordinary) == ordinary


@given(st.text())
def test_visible_has_no_control_character_left(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"VTE_VERSION": "7600"}, True),
        ({"VTE_VERSION": "5202"}, False),
        ({"VTE_VERSION": "odd"}, False),
        ({"KONSOLE_VERSION": "230804"}, True),
        ({"MLTERM": "3.9.0"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, True),
        ({"TERM_PROGRAM": "mintty"}, True),
        ({"TERM_PROGRAM": "vscode"}, False),
    ],
)
def test_terminals_that_do_bidi_are_known(environment: dict[str, str], expected: bool) -> None:
    assert terminal.does_bidi(environment) is expected


# --- HTML


class Page(HTMLParser):
    """Elements, attributes and text of a page as a browser would read them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.marks: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += data
        if "mark" in self._open and "span" not in self._open:
            self.marks[-1] += data

    @property
    def balanced(self) -> bool:
        return not self._open


ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "p", "div"}
ELEMENTS |= {"h3", "ol", "ul", "li", "dl", "dt", "dd", "a", "mark", "span", "strong", "bdi", "code"}
ATTRIBUTES = {"lang", "dir", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "title"}
ATTRIBUTES |= {"role", "aria-labelledby"}

ATTACKS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<!-- --><iframe src=//evil.example>",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<style>*{background:url(//evil.example)}</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<form action=//evil.example><input>",
    "</bdi></p></li></ol></main><h1>x",
    "\x00<scr\x00ipt>",
    "\ud800<b>",
    "\u202e<b>\u202c",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_page_shows_hostile_text_and_does_nothing_with_it(attack: str) -> None:
    source = html.render(hostile(attack), attack)
    source.encode("utf-8")
    page = Page(source)
    assert page.balanced
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    links = [attributes["href"] for _, attributes in page.elements if "href" in attributes]
    assert all(link is not None and re.fullmatch(r"#[as]\d+", link) for link in links)
    harmless = Page(html.render(hostile("a"), "a"))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in harmless.elements]
    # The name, the warning and every word, label, theme, name, rank and target of the article: all of it as text.
    assert page.words.count(visible(attack)) == harmless.words.count("a") - len(re.findall("[a]", "Sokhan SPEAKER"))


def test_page_allows_nothing_but_its_own_style(annotation: Annotation) -> None:
    source = html.render(annotation, "news.txt")
    page = Page(source)
    (policy,) = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"https?:|//|url\(|@import|<script|<link|\sstyle=|\son\w+=", source.replace(STYLE, ""))
    assert not re.search(r"url\(|@import|//", STYLE)


def test_page_marks_mentions_and_names_them(annotation: Annotation) -> None:
    source = html.render(annotation, "news.txt")
    page = Page(source)
    assert page.marks[: len(annotation.entities)] == [entity.text for entity in annotation.entities]
    assert ("html", {"lang": "fa", "dir": "rtl"}) in page.elements
    name = "<bdi>حسین رستمی</bdi>"
    label = '<span class="label"><bdi>گوینده</bdi></span>'
    assert f'<mark class="speaker" title="گوینده ۹۰٪">{name}{label}</mark>' in source
    assert '<ol class="article by-stance">' in source
    assert '<li class="says">گوینده: <bdi>حسین رستمی</bdi></li>' in source
    assert 'id="who"' not in source
    assert '<li class="sentence mixed" id="s3">' in source
    assert '<li class="threat" title="threat.warning"><bdi>تهدید: هشدار</bdi> ۸۰٪</li>' in source


def test_page_without_marks_reads_as_the_article(annotation: Annotation) -> None:
    source = re.sub(r'<span class="(label|number)">.*?</span>', "", html.render(annotation, "x"))
    read = [re.sub(r"<[^>]+>", "", paragraph) for paragraph in re.findall(r"<p>(.*?)</p>", source)]
    assert read == [sentence.text for sentence in annotation.sentences]
