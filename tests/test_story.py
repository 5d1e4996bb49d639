"""Who said what in whole articles, from given mentions: speakers, statements, stances."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.actors import find_actors
from inference.annotation import Annotation, Entity, Theme
from inference.attribution import attribute
from inference.document import Document
from inference.reported_speech import speech_cues
from inference.story import tell
from training.articles import Article
from training.formats import read_articles

SEEDS = Path(__file__).parent.parent / "seeds"


def told(article: Article, speech: list[float] | None = None) -> Annotation:
    document = Document(article.text)
    entities = [
        Entity(span.start, span.end, span.label, article.text[span.start : span.end], 1.0)
        for span in article.entities or ()
    ]
    gold = {(s.start, s.end): s.themes or () for s in article.sentences or ()}
    themes = [tuple(Theme(name, 0.9) for name in gold.get((s.start, s.end), ())) for s in document.sentences]
    return tell(document, entities, themes, speech)


def of(text: str, *mentions: tuple[str, str], speech: list[float] | None = None) -> Annotation:
    """The annotation of a text whose mentions are `(surface, label)`, in order."""
    document, entities, at = Document(text), [], 0
    for surface, label in mentions:
        at = text.index(surface, at)
        entities.append(Entity(at, at + len(surface), label, surface, 1.0))
        at += len(surface)
    return tell(document, entities, [()] * len(document.sentences), speech)


def speakers(annotation: Annotation) -> list[str | None]:
    return [sentence.speaker for sentence in annotation.sentences]


@pytest.fixture(scope="module")
def seed() -> Annotation:
    (article,) = read_articles(SEEDS / "seed.jsonl")
    return told(article)


def test_the_seed_article_is_told(seed: Annotation) -> None:
    by_speaker = [statement.speaker for statement in seed.statements]
    assert by_speaker.count("حسین سلامی") == 3
    assert by_speaker.count("سید عاصم منیر") == 2
    assert len(by_speaker) == 5
    mentions = [statement.mention and statement.mention.text for statement in seed.statements]
    assert mentions[1] == "وی"
    assert mentions[2] == "فرمانده کل سپاه"
    assert mentions[4] == "فرمانده ارتش پاکستان"
    salami, munir = (next(a for a in seed.actors if a.name == name) for name in ("حسین سلامی", "سید عاصم منیر"))
    assert [form.text for form in salami.ranks] == ["سردار", "سرلشکر", "سردار سرلشکر پاسدار"]
    assert [form.text for form in salami.positions] == ["فرمانده کل"]
    assert "سپاه پاسداران انقلاب اسلامی" in [form.text for form in salami.organizations]
    assert [form.text for form in munir.ranks] == ["ژنرال"]
    assert "ارتش پاکستان" in [form.text for form in munir.organizations]
    assert len(salami.references) == 1
    assert all(statement.speaker != "قاسم سلیمانی" for statement in seed.statements)


def test_the_seed_articles_stances_are_summed_up(seed: Annotation) -> None:
    stances = {seed.actors[one.actor].name: one.counts for one in seed.summary.actors}
    assert stances["حسین سلامی"].stance == "mixed"
    numbers = {n for counts in stances.values() for n in (*counts.mixed, *counts.cooperative, *counts.threatening)}
    assert numbers <= set(range(len(seed.sentences)))
    assert all(relation.target != "سپاه" for relation in seed.summary.relations)


def test_pronouns_and_offices_mean_who_was_named() -> None:
    text = (
        "سردار رستمی به کابل رفت\nسردار حسین رستمی فرمانده مرزبانی گفت: مرز امن است. وی افزود: آماده‌ایم.\n"
        "فرمانده مرزبانی تاکید کرد: ادامه می‌دهیم.\nانتهای پیام"
    )
    annotation = of(
        text, ("سردار", "RANK"), ("رستمی", "PERSON"), ("کابل", "LOC"), ("سردار", "RANK"), ("حسین رستمی", "SPEAKER"),
        ("فرمانده", "POSITION"), ("مرزبانی", "ORG"), ("فرمانده", "POSITION"), ("مرزبانی", "ORG"),
    )  # fmt: skip
    assert speakers(annotation) == [None, "حسین رستمی", "حسین رستمی", "حسین رستمی", None]
    assert [statement.sentences for statement in annotation.statements] == [(1, 2), (3,)]


def test_a_quotation_over_several_lines_is_of_who_opened_it() -> None:
    annotation = of(
        "آرش نیکان در پیامی نوشت:\n«مرزها امن است. پرویز راد هم گفت آماده‌ایم.\nاز همه سپاسگزارم.»\nباران می‌بارد.",
        ("آرش نیکان", "SPEAKER"),
        ("پرویز راد", "SPEAKER"),
    )
    assert speakers(annotation) == ["آرش نیکان"] * 4 + [None]
    assert [statement.kind for statement in annotation.statements] == ["direct"] * 3
    lost = of("آرش نیکان نوشت:\n«مرزها امن است.\nباران می‌بارد.", ("آرش نیکان", "SPEAKER"))
    assert speakers(lost) == ["آرش نیکان", None, None], "nobody knows where it was to end"


def test_who_writes_a_statement_speaks_by_it() -> None:
    annotation = of(
        "ارتش بلاروس حمله را محکوم کرد.\nدر این بیانیه آمده است: مرزها امن است.\n"
        "این بیانیه افزوده است: آماده‌ایم.\nدر پایان این بیانیه تاکید شده است که پاسخ می‌دهیم.\n"
        "در گزارش دیگری آمده است که باران می‌بارد.",
        ("ارتش بلاروس", "ORG"),
    )
    assert speakers(annotation) == ["ارتش بلاروس"] * 4 + [None]


def test_an_agency_before_a_colon_carries_the_news_and_says_nothing() -> None:
    annotation = of(
        "خبرگزاری فارس: باران می‌بارد.\nخبرگزاری فارس: وزارت دفاع گرجستان اعلام کرد مرزها امن است.\n"
        "گروه سیاسی: آرش نیکان گفت آماده‌ایم.",
        ("خبرگزاری فارس", "ORG"),
        ("خبرگزاری فارس", "ORG"),
        ("وزارت دفاع گرجستان", "ORG"),
        ("آرش نیکان", "SPEAKER"),
    )
    assert speakers(annotation) == [None, "وزارت دفاع گرجستان", "آرش نیکان"]


def test_short_names_of_a_body_are_the_body() -> None:
    annotation = of(
        "کمیسیون امنیت مجلس توهین را محکوم کرد.\n"
        "کمیسیون امنیت ملی و سیاست خارجی مجلس اعلام کرد پاسخ می‌دهیم.\nکمیسیون اقتصادی مجلس خبر داد.",
        ("کمیسیون امنیت مجلس", "ORG"),
        ("کمیسیون امنیت ملی و سیاست خارجی مجلس", "ORG"),
        ("کمیسیون اقتصادی مجلس", "ORG"),
    )
    full = "کمیسیون امنیت ملی و سیاست خارجی مجلس"
    assert speakers(annotation) == [full, full, "کمیسیون اقتصادی مجلس"]
    names = [form.text for form in annotation.actors[0].names]
    assert names == ["کمیسیون امنیت مجلس", full], "each with the places that prove it"


def test_a_country_that_speaks_is_the_person_named_for_it() -> None:
    annotation = of(
        "گرجستان: مرزها امن است\nنیکا برادزه وزیر دفاع گرجستان گفت: آماده‌ایم.\nبلاروس: ما هم آماده‌ایم",
        ("گرجستان", "LOC"),
        ("نیکا برادزه", "SPEAKER"),
        ("وزیر دفاع", "POSITION"),
        ("گرجستان", "LOC"),
        ("بلاروس", "LOC"),
    )
    assert speakers(annotation) == ["نیکا برادزه", "نیکا برادزه", "بلاروس"]


def test_an_office_of_another_country_is_not_the_speakers() -> None:
    annotation = of(
        "نیکا برادزه، رئیس جمهور گرجستان گفت: آماده‌ایم.\n"
        "وزیر دفاع بلاروس اظهار کرد: ما هم می‌آییم.\nبرادزه افزود: خوب است.",
        ("نیکا برادزه", "SPEAKER"),
        ("رئیس جمهور", "POSITION"),
        ("گرجستان", "LOC"),
        ("وزیر دفاع", "POSITION"),
        ("بلاروس", "LOC"),
        ("برادزه", "SPEAKER"),
    )
    assert speakers(annotation) == ["نیکا برادزه", "وزیر دفاع بلاروس", "نیکا برادزه"]


def test_a_source_without_a_name_is_nobody_and_so_are_its_pronouns() -> None:
    annotation = of(
        "آرش نیکان گفت: آماده‌ایم.\nیک منبع آگاه در بغداد گفت: مرزها بسته است.\nوی افزود: راهی نیست.\n"
        "این منبع تاکید کرد: باز نمی‌شود. راه دیگری نیست.\nنیکان نیز گفت: می‌بینیم.\nوی افزود: خواهیم دید.",
        ("آرش نیکان", "SPEAKER"),
        ("بغداد", "LOC"),
        ("نیکان", "SPEAKER"),
    )
    assert speakers(annotation) == ["آرش نیکان", None, None, None, None, "آرش نیکان", "آرش نیکان"]


def test_a_name_in_latin_letters_in_parentheses_is_the_same_one() -> None:
    annotation = of(
        'شرکت "نورث"( North) اعلام کرد عینک می‌سازد.\n'
        '"تیمور شگای"(Timur Shegai) گفت: خوب است.\nشگای افزود: بهتر می‌شود.',
        ("نورث", "ORG"),
        ("North", "ORG"),
        ("تیمور شگای", "SPEAKER"),
        ("Timur Shegai", "SPEAKER"),
        ("شگای", "SPEAKER"),
    )
    assert speakers(annotation) == ["نورث", "تیمور شگای", "تیمور شگای"]
    shegai = annotation.actors[0]
    assert [form.text for form in shegai.names] == ["تیمور شگای", "Timur Shegai", "شگای"]


def test_what_introduces_a_text_is_the_articles_and_the_text_its_authors() -> None:
    annotation = of("متن پیام آرش نیکان به شرح زیر است:\n«مرزها امن است.\nآماده‌ایم.»", ("آرش نیکان", "SPEAKER"))
    assert speakers(annotation) == [None, "آرش نیکان", "آرش نیکان"]


def test_a_model_that_hears_no_speech_ends_a_statement() -> None:
    text = "حسین رستمی گفت: مرز امن است. امنیت از همه مهم‌تر است.\nاین مراسم دیروز برگزار شد."
    named = ("حسین رستمی", "SPEAKER")
    assert speakers(of(text, named)) == ["حسین رستمی", "حسین رستمی", None]
    assert speakers(of(text, named, speech=[0.9, 0.9, 0.9])) == ["حسین رستمی"] * 3
    assert speakers(of(text, named, speech=[0.9, 0.1, 0.1])) == ["حسین رستمی", None, None]
    assert speakers(of(text, named, speech=[0.01, 0.1, 0.1])) == [None, None, None]


def test_bodies_speak_and_stay_themselves() -> None:
    text = "وزارت خارجه ترکیه اعلام کرد که مرز بسته است.\nسپاه در بیانیه‌ای تاکید کرد: پاسخ می‌دهیم."
    annotation = of(text, ("وزارت خارجه ترکیه", "ORG"), ("سپاه", "ORG"))
    assert speakers(annotation) == ["وزارت خارجه ترکیه", "سپاه"]
    assert [actor.kind for actor in annotation.actors] == ["body", "body"]


def test_a_body_that_speaks_again_is_one_actor_and_keeps_its_pronouns() -> None:
    text = "كرملين اعلام کرد که مرز بسته است. وی افزود که ادامه دارد.\nکرملین اعلام کرد که مرز باز است."
    annotation = of(text, ("كرملين", "ORG"), ("کرملین", "ORG"))
    (body,) = annotation.actors
    assert (body.name, body.kind) == ("كرملين", "body")
    assert [form.text for form in body.names] == ["كرملين", "کرملین"]
    assert [span.text for span in body.references] == ["وی"]
    assert speakers(annotation) == ["كرملين"] * 3


def test_time_of_attribution_grows_with_the_length_only_however_many_speak() -> None:
    def seconds(times: int) -> float:
        text, entities = "", []
        for number in range(times):
            for surface, label, rest in (
                (f"شرکت نفت{number}", "ORG", " اعلام کرد که مرز امن است.\n"),
                ("حسین رستمی", "SPEAKER", " گفت که می‌آیند.\nوی افزود که می‌مانند.\n"),
            ):
                entities.append(Entity(len(text), len(text) + len(surface), label, surface, 1.0))
                text += surface + rest
        document = Document(text)
        cues = [speech_cues(document, number, entities) for number in range(len(document.sentences))]
        cast = find_actors(document, entities)
        best = float("inf")
        for _ in range(3):
            begin = time.process_time()
            told, found = attribute(document, entities, cast, cues, {})
            best = min(best, time.process_time() - begin)
        assert len(told.actors) == times + 1
        assert len(told.actors[0].references) == times
        assert None not in found
        return best

    # Eight times the length; had each speaker been looked for among all others, it would be 64 times.
    assert seconds(2400) < 24 * seconds(300)


def test_relations_are_counted_by_country_in_any_spelling_and_by_sentence() -> None:
    text = "حسین رستمی گفت: مرز امن است. ایران و قطر دوست‌اند. آمریکا دشمن است و امریکا دور است."
    mentions = (("حسین رستمی", "SPEAKER"), ("ایران", "LOC"), ("قطر", "LOC"), ("آمریکا", "LOC"), ("امریکا", "LOC"))
    (statement,) = of(text, *mentions).statements
    assert len(statement.content) == 3
    relations = of(text, *mentions).summary.relations
    assert [(one.target, one.counts.neutral) for one in relations] == [
        ("ایران", (1,)),
        ("قطر", (1,)),
        ("آمریکا", (2,)),
    ]


PIECES = [
    "سردار ",
    "رستمی",
    " گفت: ",
    "وی افزود ",
    "وزیر ",
    "«",
    "»",
    "\n",
    ". ",
    "\u200c",
    "\u202b",
    "😀",
    "به گفته ",
    "که ",
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(0, 2**31))
def test_any_text_with_any_mentions_is_told_exactly(pieces: list[str], seed: int) -> None:
    text = "".join(pieces)
    document = Document(text)
    labels = ["SPEAKER", "PERSON", "RANK", "POSITION", "ORG", "LOC"]
    entities = [
        Entity(word.start, word.end, labels[(seed + n) % 6], text[word.start : word.end], 0.5)
        for n, word in enumerate(document.words)
        if (seed >> (n % 30)) & 1
    ]
    annotation = tell(document, entities, [()] * len(document.sentences))
    assert Annotation.from_dict(annotation.to_dict()).to_dict() == annotation.to_dict()
    places = [
        p
        for s in annotation.statements
        for p in (*s.cue, *s.content, *s.addressees, *([s.mention] if s.mention else []))
    ]
    assert all(text[place.start : place.end] == place.text for place in places)
