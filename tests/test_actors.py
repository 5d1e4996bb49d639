"""Mentions become the right actors, with what the text says of them and where it says so."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.actors import Cast, find_actors
from inference.annotation import Actor, Attested, Entity, Span
from inference.document import Document
from inference.names import key_of
from training.actor_scoring import score_actors
from training.articles import Article, GoldActor
from training.formats import read_articles

_MARK = re.compile(r"\[([A-Z]+) ([^\]]+)\]")


def read(marked: str) -> tuple[str, list[Entity]]:
    """The text and entities of `[RANK سردار] [SPEAKER سلامی] گفت`."""
    text, entities, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        entities.append(Entity(len(text), len(text) + len(mark[2]), mark[1], mark[2], 1.0))
        text += mark[2]
        at = mark.end()
    return text + marked[at:], entities


def cast(marked: str) -> Cast:
    text, entities = read(marked)
    return find_actors(Document(text), entities)


def forms(entries: tuple[Attested, ...]) -> list[str]:
    return [entry.text for entry in entries]


def article(name: str) -> tuple[Article, list[Entity]]:
    one = next(a for a in read_articles(Path("seeds")) if a.id == name)
    return one, [Entity(e.start, e.end, e.label, one.text[e.start : e.end], 1.0) for e in one.entities or ()]


def test_the_seed_article_has_its_three_persons_with_all_that_is_said_of_them() -> None:
    gold, entities = article("seed")
    found = find_actors(Document(gold.text), entities)
    assert [actor.name for actor in found.actors] == ["حسین سلامی", "سید عاصم منیر", "قاسم سلیمانی"]
    scores = score_actors([gold], [found.actors])
    assert scores.micro.f1 == scores.actors.f1 == 1.0
    offices = [
        entity.text for n, entity in enumerate(entities) if entity.label == "POSITION" and n in found.of_mention
    ]
    assert offices == ["فرمانده", "فرمانده", "فرمانده کل", "فرمانده کل", "فرمانده", "فرمانده"]
    assert [found.of_mention[n] for n, e in enumerate(entities) if e.label == "POSITION"] == [1, 1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("حسین سلامی", "سلامی"),
        ("کاظم بیات‌سرمدی", "بیات سرمدی"),
        ("حسین سلامی", "حسين\u00a0سلامي"),
        ("سیدعباس موسوی", "سید عباس موسوی"),
        ("محمود رضائی", "رضایی"),
        ("قاسم سلیمانی", "حاج قاسم"),
        ("محمد باقر قالیباف", "محمد قالیباف"),
    ],
)
def test_forms_of_one_name(full: str, short: str) -> None:
    found = cast(f"[PERSON {short}] آمد.\n[SPEAKER {full}] گفت: آمدم. [SPEAKER {short}] رفت.")
    assert len(found.actors) == 1
    assert {found.of_mention[number] for number in range(3)} == {0}
    assert key_of(found.actors[0].name) == max(key_of(full), key_of(short), key=len)


def test_a_family_name_that_two_share_merges_nobody_and_means_the_one_named_last() -> None:
    found = cast("[SPEAKER علی رضایی] گفت. [SPEAKER رضایی] افزود. [SPEAKER مریم رضایی] گفت. [SPEAKER رضایی] افزود.")
    assert [actor.name for actor in found.actors] == ["علی رضایی", "مریم رضایی"]
    assert dict(found.of_mention) == {0: 0, 1: 0, 2: 1, 3: 1}


def test_an_ending_that_is_no_word_is_another_name() -> None:
    assert len(cast("[SPEAKER محمود میراحمدی] گفت. [SPEAKER احمدی] هم گفت.").actors) == 2


@pytest.mark.parametrize(
    "marked",
    [
        "[POSITION وزیر خارجه] [LOC پاکستان] [RANK ژنرال] دکتر [SPEAKER منیر] گفت",
        "[RANK ژنرال] [SPEAKER منیر]، [POSITION وزیر خارجه] [LOC پاکستان]، گفت",
        "[RANK ژنرال] [SPEAKER منیر] [POSITION وزیر خارجه] [LOC پاکستان] و [PERSON سلامی] آمدند",
    ],
)
def test_rank_and_office_beside_the_name(marked: str) -> None:
    found = cast(marked)
    actor = found.actors[found.of_mention[next(n for n, e in enumerate(read(marked)[1]) if e.text == "منیر")]]
    assert (forms(actor.ranks), forms(actor.positions), forms(actor.countries)) == (
        ["ژنرال"],
        ["وزیر خارجه"],
        ["پاکستان"],
    )
    assert forms(actor.mentions_by_office) == ["وزیر خارجه پاکستان"]


def test_an_office_after_who_is_cited_is_not_theirs() -> None:
    found = cast("به گفته [SPEAKER ولکونسکی]، [POSITION رئیس جمهور] سخنرانی خواهد کرد.")
    assert found.actors[0].positions == ()


def test_stacked_offices_are_of_one_person() -> None:
    found = cast("[SPEAKER کریمی]، [POSITION نماینده مردم] [LOC قم] و [POSITION دبیر] [ORG شورای نگهبان] گفت")
    assert forms(found.actors[0].positions) == ["نماینده مردم", "دبیر"]
    assert forms(found.actors[0].organizations) == ["شورای نگهبان"]
    two = cast("[PERSON اراقچی] [POSITION وزیر خارجه] [LOC ایران] و [POSITION وزیر خارجه] [LOC عمان] دیدار کردند")
    assert forms(two.actors[0].countries) == ["ایران"]
    assert two.actors[1].kind == "office"


def test_an_office_with_its_two_places() -> None:
    found = cast("[SPEAKER لی]، [POSITION سفیر] [LOC چین] در [LOC تهران] گفت")
    assert forms(found.actors[0].mentions_by_office) == ["سفیر چین در تهران"]
    assert forms(found.actors[0].countries) == ["چین", "تهران"]


def test_a_place_where_something_happens_is_no_part_of_the_office() -> None:
    found = cast("[POSITION وزیر خارجه] [LOC عمان] در [LOC تهران] گفت: آمدم")
    assert forms(found.actors[0].mentions_by_office) == ["وزیر خارجه عمان"]


@pytest.mark.parametrize(
    ("apposed", "alone"),
    [
        ("[POSITION فرمانده] [ORG ارتش جمهوری اسلامی پاکستان]", "[POSITION فرمانده] [ORG ارتش پاکستان]"),
        ("[POSITION فرمانده کل] [ORG سپاه پاسداران انقلاب اسلامی]", "[POSITION فرمانده کل] [ORG سپاه]"),
        ("[POSITION وزیر امور خارجه] [LOC پاکستان]", "[POSITION وزیر خارجه]"),
        ("[POSITION مشاور امنیت ملی] [LOC افغانستان]", "[POSITION مشاور امنیت ملی]"),
        ("[POSITION سخنگوی] [ORG وزارت امور خارجه]", "[POSITION سخنگوي] [ORG وزارت خارجه ایران]"),
        ("[POSITION سفیر] [LOC ایران] در [LOC کویت]", "[POSITION سفیر] کشورمان"),
        ("[POSITION نماینده مردم] [LOC قم]", "این [POSITION نماینده] [ORG مجلس]"),
    ],
)
def test_an_office_without_a_name_is_the_person_whose_apposition_says_so(apposed: str, alone: str) -> None:
    found = cast(f"[RANK سردار] [SPEAKER منیر] {apposed} گفت: آمدم.\n[SPEAKER تقوی] هم آمد.\n{alone} گفت: رفتم.")
    assert [actor.kind for actor in found.actors] == ["person", "person"]
    last = max(n for n in found.of_mention)
    positions = [n for n, e in enumerate(read(f"{apposed} {alone}")[1]) if e.label == "POSITION"]
    assert len(positions) == 2
    assert found.actors[found.of_mention[last]].name == "منیر"


def test_another_body_or_country_is_another_office() -> None:
    found = cast(
        "[SPEAKER منیر] [POSITION فرمانده] [ORG ارتش پاکستان] گفت: آمدم.\n"
        "[POSITION فرمانده] [ORG ارتش هند] گفت: رفتم.\n"
        "[POSITION جانشین فرمانده] [ORG ارتش پاکستان] هم گفت: رفتم."
    )
    assert [(actor.kind, actor.name) for actor in found.actors] == [
        ("person", "منیر"),
        ("office", "فرمانده ارتش هند"),
        ("office", "جانشین فرمانده ارتش پاکستان"),
    ]


def test_the_minister_without_a_country_is_not_the_foreign_one_who_comes_later() -> None:
    found = cast(
        "[POSITION وزیر دفاع] گفت: محدودیتی نداریم.\nبه گزارش [ORG ایسنا]، [SPEAKER ناصر یگانه] در دیدار با "
        "[PERSON عدنان جبار] [POSITION وزیر دفاع] [LOC عراق] گفت: خوش آمدید.\n[POSITION وزیر دفاع] [LOC عراق] رفت."
    )
    assert {actor.name: forms(actor.mentions_by_office) for actor in found.actors} == {
        "ناصر یگانه": ["وزیر دفاع"],
        "عدنان جبار": ["وزیر دفاع عراق"],
    }


def test_who_is_named_after_the_office_spoke_holds_it() -> None:
    found = cast(
        "[POSITION سفیر] [LOC ایران] در [LOC کویت] از آزادی ماهیگیران خبر داد.\n[SPEAKER جلال سعید] گفت: آزادند.\n"
        "به گزارش [ORG ایسنا]، [SPEAKER کریم امینی] [POSITION استاندار] [LOC قم] هم آمد."
    )
    assert [actor.name for actor in found.actors] == ["جلال سعید", "کریم امینی"]
    assert forms(found.actors[0].mentions_by_office) == ["سفیر ایران در کویت"]


def test_an_office_that_the_article_never_names_is_an_actor_once() -> None:
    found = cast(
        "[POSITION سخنگوی] [ORG ارتش] گفت: بله.\n[ORG ناتو] رد کرد.\n[POSITION سخنگوی] [ORG ارتش] افزود: نه."
    )
    (office,) = found.actors
    assert (office.kind, office.name, office.names) == ("office", "سخنگوی ارتش", ())
    assert dict(found.of_mention) == {0: 0, 3: 0}
    assert [len(entry.spans) for entry in office.mentions_by_office] == [2]


def test_bodies_are_added_and_silent_offices_removed_without_touching_the_rest() -> None:
    found = cast("[POSITION وزیر کشور] با [PERSON سلامی] دیدار کرد. [SPEAKER سلامی] گفت: بله. [ORG كرملين] گفت.")
    first, second, pronoun = Span(60, 66, "كرملين"), Span(70, 76, "کرملین"), Span(80, 82, "وی")
    more = found.with_speech([[first, second]], {1: [pronoun], 2: [pronoun]})
    assert [actor.kind for actor in more.actors] == ["office", "person", "body"]
    assert [entry.spans for entry in more.actors[2].names] == [(first,), (second,)]
    assert [actor.references for actor in more.actors] == [(), (pronoun,), (pronoun,)]
    assert more.actors[0] == found.actors[0]
    assert len(found.actors) == 2
    actors, numbers = more.without_silent_offices({1, 2})
    assert [actor.name for actor in actors] == ["سلامی", "كرملين"]
    assert numbers == {1: 0, 2: 1}


_PIECES = st.sampled_from(
    [
        "سلامی",
        "حسین سلامی",
        "حاج",
        "وزیر",
        "وزير خارجه",
        "ارتش",
        "ایران",
        "\u200c",
        "\u00a0",
        "،",
        " و ",
        " در ",
        "\n",
        "«",
        ": ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            _PIECES | st.text(max_size=4),
            st.sampled_from(["", "SPEAKER", "PERSON", "RANK", "POSITION", "ORG", "LOC"]),
        )
    )
)
def test_any_text_every_span_is_in_the_text_and_every_name_and_office_has_an_actor(
    pieces: list[tuple[str, str]],
) -> None:
    text, entities = "", []
    for piece, label in pieces:
        if label and piece:
            entities.append(Entity(len(text), len(text) + len(piece), label, piece, 1.0))
        text += piece + " " * (len(piece) % 2)
    found = find_actors(Document(text), entities)
    wanted = {n for n, e in enumerate(entities) if e.label in ("SPEAKER", "PERSON", "POSITION")}
    assert set(found.of_mention) == wanted
    assert set(found.of_mention.values()) == set(range(len(found.actors)))
    for actor in found.actors:
        for kind in ("names", "ranks", "positions", "organizations", "countries", "mentions_by_office"):
            for entry in getattr(actor, kind):
                assert entry.spans
                assert all(text[span.start : span.end] == span.text for span in entry.spans)
                assert all(" ".join(span.text.split()) == entry.text for span in entry.spans)


def test_time_is_linear_and_short() -> None:
    gold, entities = article("seed")
    document = Document(gold.text)
    assert document.sentences
    assert _seconds(document, entities) < 0.005
    for line in ("[POSITION وزیر کار{n}] گفت. [SPEAKER نام{n} رضایی] رفت.", "[RANK سردار] [SPEAKER رضایی] گفت."):
        short, long = (_crowd(line, size) for size in (1_000, 8_000))
        assert _seconds(*long) < 30 * _seconds(*short) + 0.05


def _seconds(document: Document, entities: list[Entity]) -> float:
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        find_actors(document, entities)
        best = min(best, time.process_time() - begin)
    return best


def _crowd(line: str, size: int) -> tuple[Document, list[Entity]]:
    text, entities = read("\n".join(line.replace("{n}", str(n)) for n in range(size)))
    document = Document(text)
    assert document.sentences
    return document, entities


def test_scores_count_triples_of_actor_kind_and_surface() -> None:
    text = "سلامي فرمانده سپاه"
    gold = Article("a", text, None, None, "a.jsonl:1", actors=(
        GoldActor("حسین سلامی", names=("حسین سلامی", "سلامی"), positions=("فرمانده",)),
        GoldActor("سخنگوی ارتش", positions=("سخنگوی",), mentions_by_office=("سخنگوی ارتش",)),
    ))  # fmt: skip

    def entry(surface: str) -> Attested:
        return Attested(surface, (Span(0, 1, "س"),))

    found = [
        Actor("سلامي", "person", names=(entry("سلامي"),), ranks=(entry("سردار"),), positions=(entry("فرمانده"),)),
        Actor("منیر", "person", names=(entry("منیر"),), positions=(entry("سخنگوی"),)),
        Actor("کرملین", "body", names=(entry("کرملین"),)),
    ]
    scores = score_actors([gold, Article("b", text, None, None, "a.jsonl:2")], [found, found])
    assert (scores.micro.correct, scores.micro.predicted, scores.micro.support) == (2, 5, 5)
    assert (scores.kinds["positions"].precision, scores.kinds["positions"].recall) == (0.5, 0.5)
    assert (scores.actors.correct, scores.actors.predicted, scores.actors.support) == (1, 2, 2)
    assert scores.articles == 1
    assert score_actors([], []).micro.f1 == 0.0


def test_the_corpus_is_read_well_with_its_own_entities() -> None:
    gold = [one for one in read_articles(Path("seeds"), split="dev") if one.actors is not None]
    found = []
    for one in gold:
        entities = [Entity(e.start, e.end, e.label, one.text[e.start : e.end], 1.0) for e in one.entities or ()]
        found.append(find_actors(Document(one.text), entities).actors)
    scores = score_actors(gold, found)
    assert scores.micro.recall > 0.85
    assert scores.micro.f1 > 0.82  # offices that say nothing are still among them
