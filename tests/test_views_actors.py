"""The views tell who is who and who said what: actors, statements, stances."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from annotation_cases import spoken
from hypothesis import given
from hypothesis import strategies as st
from test_html_style import contrast

from inference import html, terminal
from inference.annotation import Actor, Annotation, Entity, Nested, Sentence, Span, Statement
from inference.cast import COLORS, cast_of
from inference.html_style import STYLE
from inference.marking import Speech, pieces
from inference.terminal import Look


@pytest.fixture
def annotation() -> Annotation:
    return spoken()


def words_of(source: str) -> str:
    return re.sub(r"<[^>]+>", "", source)


def card(source: str, number: int) -> str:
    (found,) = re.findall(rf'<li class="actor [^"]*" id="a{number}">.*?\n</li>', source, re.DOTALL)
    return str(found)


# --- who is who


def test_those_who_speak_come_first_and_have_a_colour(annotation: Annotation) -> None:
    roles = cast_of(annotation)
    assert [(role.number, role.actor.name, role.color) for role in roles.values()] == [
        (1, "رستمی", 1),
        (2, "سخنگوی دولت", 2),
        (3, "کریمی", 0),
    ]
    assert list(roles) == [1, 2, 0]


def test_colours_come_again_but_numbers_do_not() -> None:
    text = "گفت"
    actors = tuple(Actor(f"a{n}", "person") for n in range(COLORS + 2))
    statements = tuple(Statement(0, 3, n, f"a{n}", "direct") for n in range(len(actors)))
    roles = cast_of(Annotation(text, actors=actors, statements=statements)).values()
    assert [role.color for role in roles] == [*range(1, COLORS + 1), 1, 2]
    assert [role.number for role in roles] == list(range(1, COLORS + 3))


def test_card_has_what_is_known_with_evidence_and_stances(annotation: Annotation) -> None:
    source = html.render(annotation, "x")
    told = card(source, 1)
    assert '<li class="actor c1" id="a1">' in told
    assert "شخص · ۲ گفته" in told
    assert '<dt>درجه</dt> <dd><a class="evidence" href="#s2" title="جمله ۲"><bdi>سردار</bdi></a></dd>' in told
    assert re.search(r'<dt>با اشاره</dt> <dd><a class="evidence" href="#s4".*?><bdi>وی</bdi></a> \(۲\)</dd>', told)
    cells = told[told.index('class="cells"') :]
    bar = re.findall(r'<a class="(\w+)" href="#s(\d)" title="[^"]*">', cells)
    assert bar == [("cooperative", "2"), ("threatening", "4"), ("neutral", "3")]
    assert "همکاری ۱ · تهدید ۱ · خنثی ۱" in told
    assert "همکاری درباره ایران (۲)" in words_of(told)
    assert "کرملین" not in told
    assert "سمت بی‌نام · ۱ گفته" in card(source, 2)
    assert "bar" not in card(source, 3)


def test_terminal_has_the_same_cards_without_colour(annotation: Annotation) -> None:
    view = terminal.render(annotation, "x", Look())
    assert "(۱) رستمی | شخص | درجه: سردار | با اشاره: وی\n" in view
    assert "+!· | همکاری ۱ (جمله ۲) | تهدید ۱ (جمله ۴) | خنثی ۱ (جمله ۳)\n" in view
    assert "همکاری درباره ایران (۲)\n" in view
    assert "(۲) سخنگوی دولت | سمت بی‌نام | سمت: سخنگوی | سازمان: دولت\n" in view
    assert view.index("(۳) کریمی") < view.index("۱. دیدار")


# --- who said what


def test_page_groups_sentences_by_statement_in_the_colour_of_the_speaker(annotation: Annotation) -> None:
    source = html.render(annotation, "x")
    assert re.findall(r'<li class="statement (c\d)', source) == ["c1", "c1", "c2"]
    first, second, third = re.findall(r'<li class="statement .*?</ol></li>', source, re.DOTALL)
    assert [re.findall(r'id="(s\d)"', one) for one in (first, second, third)] == [["s2", "s3"], ["s4"], ["s5"]]
    heading = first[: first.index("</ul>")]
    assert '<a href="#a1"><span class="badge">۱</span> <bdi>رستمی</bdi></a>' in heading
    for told in ("نقل آمیخته", "همکاری: دفاعی ۹۱٪", "مخاطب: وزیر", "سخن کرملین از زبان گوینده، نقل غیرمستقیم"):
        assert told in words_of(heading)
    assert '<li class="sentence neutral title" id="s1">' in source[: source.index("statement c1")]


def test_page_sets_source_cue_and_content_apart(annotation: Annotation) -> None:
    source = html.render(annotation, "x")
    assert re.search(
        r'<span class="source" title="گوینده: رستمی"><mark.*?<span class="label">۱</span></span>', source
    )
    assert '<span class="source" title="گوینده: رستمی">وی<span class="label">۱</span></span>' in source
    assert '<span class="cue" title="فعل گفتن: رستمی">افزود</span>: <span class="content"' in source
    (nested,) = re.findall(r'<span class="nested">(<mark|<span class="inner.*?)</p>', source)
    assert nested.startswith('<span class="inner-source" title="گوینده: کرملین">')
    assert '<span class="inner-cue" title="فعل گفتن: کرملین">گفته</span> که <span class="inner-content"' in nested
    (addressee,) = re.findall(r'<span class="addressee" title="مخاطب: رستمی">(.*?)</span></mark>', source)
    assert "<bdi>وزیر</bdi>" in addressee


def test_page_with_statements_reads_as_the_article(annotation: Annotation) -> None:
    source = re.sub(r'<span class="(label|number)">.*?</span>', "", html.render(annotation, "x"))
    read = [words_of(paragraph) for paragraph in re.findall(r"<p>(.*?)</p>", source)]
    assert read == [sentence.text for sentence in annotation.sentences]


def test_terminal_sets_source_cue_and_content_apart(annotation: Annotation) -> None:
    view = terminal.render(annotation, "x", Look())
    assert "(۱) رستمی | نقل آمیخته | همکاری | همکاری: دفاعی\u00a0۹۱٪ | مخاطب: وزیر | سخن کرملین از زبان" in view
    assert "[[سردار·درجه] [رستمی·گوینده]·۱] به [وزیر·سمت] <گفت>: {با [ایران·مکان] همکاری می‌کنیم}." in view
    assert "{[کرملین·سازمان] <گفته> که {جنگ نمی‌خواهد}.}" in view
    assert "[وی·۱] <افزود>: {پاسخ می‌دهیم}." in view


@pytest.mark.parametrize("visual", [False, True])
def test_colour_only_adds_to_statements(annotation: Annotation, visual: bool) -> None:
    colored = terminal.render(annotation, "x", Look(60, visual, color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == terminal.render(annotation, "x", Look(60, visual))


# --- the text cut at speech and mentions


def spans_in(text: str) -> st.SearchStrategy[tuple[Span, ...]]:
    place = st.integers(0, len(text))
    pair = st.tuples(place, place).map(sorted)
    return st.lists(pair.map(lambda p: Span(p[0], p[1], text[p[0] : p[1]])), max_size=5).map(tuple)


@given(st.data())
def test_pieces_join_to_the_sentence_whatever_overlaps(data: st.DataObject) -> None:
    text = "0123456789abcdefghij"
    start, end = sorted(data.draw(st.tuples(st.integers(0, 20), st.integers(0, 20))))
    nested = tuple(
        Nested(one, "direct", data.draw(spans_in(text)), data.draw(spans_in(text)))
        for one in data.draw(spans_in(text))
    )
    cue, content = data.draw(spans_in(text)), data.draw(spans_in(text))
    said = Statement(0, 20, 0, "x", "direct", cue=cue, content=content, nested=nested)
    entities = [Entity(start + 2, start + 4, "ORG", text[start + 2 : start + 4], 1)] if end - start > 4 else []
    cut = list(pieces(Sentence(start, end, text[start:end]), entities, Speech(said)))
    assert "".join(piece.text for piece in cut) == text[start:end]
    assert [piece.text for piece in cut if piece.mention] == [one.text for one in entities]
    place = start
    for piece in cut:
        covering = [
            kind for kind in ("cue", "content") for one in getattr(said, kind) if one.start <= place < one.end
        ]
        assert piece.part in covering if covering else piece.part is None
        place += len(piece.text)


def test_of_parts_within_each_other_the_innermost_counts() -> None:
    text = "aabbaa"
    said = Statement(0, 6, 0, "x", "direct", cue=(Span(2, 4, "bb"),), content=(Span(0, 6, text),))
    cut = pieces(Sentence(0, 6, text), [], Speech(said))
    assert [(piece.text, piece.part) for piece in cut] == [("aa", "content"), ("bb", "cue"), ("aa", "content")]


def test_long_statement_is_cut_in_the_order_of_its_parts() -> None:
    count = 20_000
    text = "ab" * count
    said = Statement(
        0,
        len(text),
        0,
        "x",
        "direct",
        cue=tuple(Span(2 * n, 2 * n + 1, "a") for n in range(count)),
        content=(Span(0, len(text), text),),
    )
    cut = pieces(Sentence(0, len(text), text), [], Speech(said))
    assert [part for part, _ in groupby(piece.part for piece in cut)] == ["cue", "content"] * count


# --- colours


def test_actors_can_be_read_in_light_dark_and_print() -> None:
    for scheme in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL):
        color = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", scheme))
        owns = [color[f"c{n}"] for n in range(1, COLORS + 1)]
        assert len(set(owns)) == COLORS
        for n, own in enumerate(owns, start=1):
            assert contrast(color["ink"], color[f"c{n}-soft"]) >= 4.5
            assert contrast(own, color["paper"]) >= 4.5
            assert contrast(own, color[f"c{n}-soft"]) >= 4.5
            assert contrast(color["on-badge"], own) >= 4.5
        for ground in ("plain", "good", "bad"):
            assert contrast(color["on-badge"], color[ground]) >= 4.5
        assert f".c{COLORS} " in STYLE
