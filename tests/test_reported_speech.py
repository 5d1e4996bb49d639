"""How a sentence reports speech: cue, content, kind, addressee, nesting; and its scores."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.annotation import Entity, Span
from inference.cues import find_cues
from inference.document import Document
from inference.reported_speech import Reported, SpeechCues, report, speech_cues
from inference.speech_source import SpeechSource
from inference.speech_words import SpeechWords
from tests.hostile_text import hostile_texts
from training.articles import Article
from training.formats import read_articles
from training.predicting import gold_entities
from training.speech_scoring import by_place, score_speech

SEEDS = Path(__file__).parents[1] / "seeds"
_MENTION = re.compile(r"\[([A-Z]+) ([^]]+)\]")


def marked(draft: str) -> tuple[Document, list[Entity]]:
    """`[SPEAKER سلامی] گفت` as a document and its mentions."""
    text, entities, position = "", [], 0
    for match in _MENTION.finditer(draft):
        text += draft[position : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[2]), match[1], match[2], 1.0))
        text += match[2]
        position = match.end()
    return Document(text + draft[position:]), entities


def reported(draft: str, quoting: bool = False, sentence: int = 0) -> Reported:
    document, entities = marked(draft)
    found = report(document, sentence, entities, True, quoting)
    assert found is not None
    return found


def cues(draft: str) -> SpeechCues:
    document, entities = marked(draft)
    return speech_cues(document, 0, entities)


def surfaces(spans: Sequence[Span]) -> list[str]:
    return [span.text for span in spans]


@pytest.mark.parametrize(
    ("draft", "kind", "cue", "content"),
    [
        ("[SPEAKER سلامی] تاکید کرد:امنیت ما یکی است.", "direct", ["تاکید کرد"], ["امنیت ما یکی است"]),
        ("وی افزود: آیا کسی به ما موشک فروخت؟", "direct", ["افزود"], ["آیا کسی به ما موشک فروخت؟"]),
        ("او اذعان کرد که بودجه کم است.", "indirect", ["اذعان کرد"], ["بودجه کم است"]),
        ("[SPEAKER رستمی] می‌گوید مرز امن است.", "indirect", ["می‌گوید"], ["مرز امن است"]),
        ("وي از اعزام يك گروه خبر داد.", "indirect", ["خبر داد"], ["اعزام يك گروه"]),
        ("وی همچنین بر گسترش همکاری‌ها تأکید کرد.", "indirect", ["تأکید کرد"], ["گسترش همکاری‌ها"]),
        ("[ORG وزارت خارجه چین] این حمله هوایی را محکوم کرد.", "indirect", ["محکوم کرد"], ["این حمله هوایی"]),
        ("او این دیدار را «مفید» خواند.", "mixed", ["خواند"], ["این دیدار", "مفید"]),
        ("وی خواستار بازگشایی مرز شد.", "indirect", ["خواستار", "شد"], ["بازگشایی مرز"]),
        ("به گفته [SPEAKER رستمی]، مرز امن است.", "indirect", ["به گفته"], ["مرز امن است"]),
        ("[SPEAKER رستمی]: مرز امن است", "direct", [], ["مرز امن است"]),
        ("هشدار [ORG وزارت دفاع] درباره ناامنی مرز", "indirect", ["هشدار"], ["ناامنی مرز"]),
        (
            "[SPEAKER رستمی] با بیان اینکه مرز امن است، گفت: همکاری می‌کنیم.",
            "mixed",
            ["با بیان اینکه", "گفت"],
            ["مرز امن است", "همکاری می‌کنیم"],
        ),
        (
            "وی درگیری‌ها را نقشه دشمن توصیف و تصریح کرد: متحد می‌مانیم.",
            "mixed",
            ["توصیف", "تصریح کرد"],
            ["درگیری‌ها", "نقشه دشمن", "متحد می‌مانیم"],
        ),
        (
            "وی افزود: «مرز امن است» و هشدار داد: «پاسخ می‌دهیم».",
            "direct",
            ["افزود", "هشدار داد"],
            ["مرز امن است", "پاسخ می‌دهیم"],
        ),
        ("«ما آماده‌ایم»؛ این را [SPEAKER رستمی] گفت.", "direct", ["گفت"], ["ما آماده‌ایم"]),
        ("«ما آماده‌ایم»، وی گفت، «و می‌مانیم».", "direct", ["گفت"], ["ما آماده‌ایم", "و می‌مانیم"]),
    ],
)
def test_cue_content_and_kind(draft: str, kind: str, cue: list[str], content: list[str]) -> None:
    found = reported(draft)
    assert (found.kind, surfaces(found.cue), surfaces(found.content)) == (kind, cue, content)


@pytest.mark.parametrize(
    "verb",
    ["خاطرنشان کرد", "خاطر نشان کرد", "خاطر\u200cنشان کرد", "خاطرنشان كرد", "خبرداد", "اظهارداشت", "گفته\u200cاند",
     "گفته‌است", "مي‌گويد", "می گویند", "اظهار کرده بود", "یادآور شد", "ابراز امیدواری کرد"],
)  # fmt: skip
def test_verbs_are_known_in_every_spelling(verb: str) -> None:
    found = reported(f"وی {verb}: مرز امن است.")
    assert (surfaces(found.cue), surfaces(found.content), found.kind) == ([verb], ["مرز امن است"], "direct")


@pytest.mark.parametrize(
    "text",
    ["باید گفت مرز امن است.", "گفتنی است مرز امن است.", "بر همکاری تاکید شد.", "وی چیزی نگفت.", "ما گفته‌ایم نه.",
     "دو طرف گفت و گو کردند.", "جست‌وجو ادامه دارد و نیروها به کار ادامه می‌دهند."],
)  # fmt: skip
def test_what_only_looks_like_a_cue_is_none(text: str) -> None:
    assert not cues(text).cue


def test_a_quotation_goes_on_until_somebody_is_given_the_word() -> None:
    goes_on = reported("حتی سیم خاردار هم به ما نفروختند.", quoting=True)
    assert (goes_on.kind, goes_on.cue, goes_on.source) == ("direct", (), None)
    assert surfaces(goes_on.content) == ["حتی سیم خاردار هم به ما نفروختند"]
    assert surfaces(reported("آنها بارها گفتند که می‌آیند.", quoting=True).cue) == []
    assert surfaces(reported("وی گفت که می‌آیند.", quoting=True).cue) == ["گفت"]


def test_what_comes_in_the_next_sentence_is_not_here() -> None:
    found = reported("در متن این پیام آمده است:")
    assert (found.kind, surfaces(found.cue), found.content) == ("direct", ["آمده است"], ())


def test_nobody_speaks_without_a_speaker() -> None:
    document, entities = marked("[SPEAKER رستمی] گفت: مرز امن است.")
    assert report(document, 0, entities, False, False) is None


@pytest.mark.parametrize(
    ("draft", "addressees"),
    [
        ("[SPEAKER رستمی] در جمع خبرنگاران گفت: مرز امن است.", ["خبرنگاران"]),
        ("[SPEAKER رستمی] به خبرنگاران گفت: مرز امن است.", ["خبرنگاران"]),
        ("وی از مردم خواست هوشیار باشند.", ["مردم"]),
        ("وی خطاب به حاکمان [LOC ریاض] افزود: می‌آییم.", ["حاکمان ریاض"]),
        (
            "[SPEAKER رستمی] در دیدار با [PERSON منیر] [POSITION فرمانده] [ORG ارتش پاکستان] گفت: آماده‌ایم.",
            ["منیر فرمانده ارتش پاکستان"],
        ),
        ("[SPEAKER رستمی] در گفت‌وگو با [ORG ایسنا] گفت: آماده‌ایم.", []),
        ("وی درباره سفر او به [LOC بلاروس] گفت: خوب بود.", []),
    ],
)
def test_addressees(draft: str, addressees: list[str]) -> None:
    assert surfaces(reported(draft).addressees) == addressees


def test_speech_in_speech_is_nested() -> None:
    found = reported("[SPEAKER نوری] گفت: [POSITION سفیر] [LOC عمان] تاکید کرد که مرز امن است اما ما نگرانیم.")
    assert surfaces(found.cue) == ["گفت"]
    (nested,) = found.nested
    assert (nested.speaker.text, nested.kind) == ("سفیر عمان", "indirect")
    assert (surfaces(nested.cue), surfaces(nested.content)) == (["تاکید کرد"], ["مرز امن است"])


@pytest.mark.parametrize(
    ("draft", "source", "kind"),
    [
        ("[RANK سردار] [SPEAKER رستمی] گفت: آماده‌ایم.", "رستمی", "name"),
        ("«آماده‌ایم»، افزود [SPEAKER رستمی].", "رستمی", "name"),
        ("به گزارش [ORG ایرنا]، وی افزود: آماده‌ایم.", "وی", "pronoun"),
        ("این مقام ارشد قضایی گفت: آماده‌ایم.", "این مقام ارشد قضایی", "demonstrative"),
        ("به گفته این [POSITION نماینده] [ORG مجلس]، مرز امن است.", "این نماینده مجلس", "demonstrative"),
        ("[POSITION وزیر دفاع] [LOC پاکستان] در [LOC تهران] گفت: آماده‌ایم.", "وزیر دفاع پاکستان", "office"),
        ("[ORG پلیس پاکستان] اعلام کرد آماده است.", "پلیس پاکستان", "body"),
        ("یک مقام [LOC آمریکا] گفت: [POSITION رئیس جمهور] می‌آید.", "یک مقام", "nobody"),
        ("این منبع آگاه گفت: آماده‌ایم.", "منبع", "nobody"),
        ("طرفین بر دوستی تاکید کردند.", "طرفین", "nobody"),
        ("در این بیانیه آمده است: آماده‌ایم.", None, None),
    ],
)
def test_source(draft: str, source: str | None, kind: str | None) -> None:
    found = cues(draft)
    assert found.cue
    assert (found.source and found.source.text, found.source_kind) == (source, kind)


def test_what_attribution_needs() -> None:
    only_agency = cues("به گزارش [ORG ایرنا]، دو مرزبان کشته شدند.")
    assert (only_agency.cue, only_agency.source, only_agency.headline) == (False, None, False)
    named = cues("به گزارش [ORG ایرنا]، [SPEAKER رستمی] گفت: آماده‌ایم.")
    assert (named.cue, named.source and named.source.text) == (True, "رستمی")
    noun = cues("هشدار [ORG وزارت دفاع] درباره ناامنی مرز")
    assert (noun.headline, noun.cue, noun.source and noun.source.text) == (False, True, "وزارت دفاع")
    headline = cues("[POSITION وزیر دفاع]: آماده‌ایم")
    assert (headline.headline, headline.cue, headline.source and headline.source.text) == (True, False, "وزیر دفاع")
    assert not cues("گروه سیاسی: [ORG مجلس] قانونی تازه دارد").headline
    unnamed = cues("یک منبع آگاه گفت: آماده‌اند.")
    assert (unnamed.cue, unnamed.source_kind) == (True, "nobody")


def from_gold(article: Article) -> dict[tuple[int, int], Reported]:
    """What is read with the article's own entities and speakers."""
    document = Document(article.text)
    said = {(sentence.start, sentence.end): sentence.speaker for sentence in article.sentences or ()}
    return by_place(document, gold_entities(article), [said.get((s.start, s.end)) for s in document.sentences])


def test_seed_article() -> None:
    (article,) = read_articles(SEEDS / "seed.jsonl")
    found = from_gold(article)
    scores = score_speech([article], [found])
    assert scores.kind.support == 6
    assert (scores.kind.f1, scores.cue.f1, scores.content.f1) == (1.0, 1.0, 1.0)
    sources = [one.source and one.source.text for one in found.values()]
    assert sources == ["سلامی", None, "وی", "فرمانده کل سپاه", "سید عاصم منیر", "فرمانده ارتش پاکستان"]


def test_scores_of_the_seeds() -> None:
    articles = read_articles(SEEDS, "dev")
    scores = score_speech(articles, [from_gold(article) for article in articles])
    assert scores.kind.support > 500
    assert scores.kind.recall >= 0.93
    assert scores.cue.f1 >= 0.92
    assert scores.content_overlap.f1 >= 0.9


def test_scores_fall_with_what_is_wrong() -> None:
    (article,) = read_articles(SEEDS / "seed.jsonl")
    found = from_gold(article)
    del found[min(found)]
    scores = score_speech([article], [found])
    assert (scores.kind.precision, scores.kind.recall) == (1.0, pytest.approx(5 / 6))
    assert scores.cue.recall < 1 == scores.cue.precision
    assert scores.content_overlap.f1 == pytest.approx(10 / 11)


def assert_exact(text: str, found: Reported) -> None:
    inner = [span for one in found.nested for span in (one.speaker, *one.cue, *one.content)]
    source = [found.source] if found.source else []
    for span in (*found.cue, *found.content, *found.addressees, *inner, *source):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    for spans in (found.cue, found.content, found.addressees):
        assert all(before.end <= after.start for before, after in pairwise(spans))
    said = [(span.start, span.end) for span in found.content]
    assert all(end <= cue.start or cue.end <= start for cue in found.cue for start, end in said)


_PARTS = ["وی", "گفت", ":", "که", "«", "»", '"', "،", "را", "خواند", "به گفته", "خواستار", "شد", "با بیان اینکه", "و",
          "از", "بر", "تاکید کرد", "خبر داد", "این مقام", "در دیدار با", "به گزارش", ".", "امنیت", "خطاب به", "مردم",
          "خواست", "(", ")", "رد", "توصیف و", "افزود", "\u200c", "\u00a0", "هشدار", "تسلیت گفت"]  # fmt: skip
_SPEECH = st.lists(st.sampled_from(_PARTS), max_size=25).map(" ".join)
_LABELS = st.sampled_from(["SPEAKER", "PERSON", "RANK", "POSITION", "ORG", "LOC"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(_SPEECH, hostile_texts(), st.tuples(_SPEECH, hostile_texts()).map(" ".join)), st.data())
def test_any_text_gives_exact_spans(text: str, data: st.DataObject) -> None:
    document = Document(text)
    entities = [
        Entity(word.start, word.end, data.draw(_LABELS), text[word.start : word.end], 1.0)
        for word in document.words[: data.draw(st.integers(0, 40)) : 3]
    ]
    for number in range(len(document.sentences)):
        found = report(document, number, entities, True, data.draw(st.booleans()))
        if found:
            assert_exact(text, found)
        seen = speech_cues(document, number, entities)
        if seen.source:
            assert text[seen.source.start : seen.source.end] == seen.source.text


@pytest.mark.parametrize(
    "row", ["وی گفت که ", "«", "خواستار ", "با بیان اینکه وی را ", "به گفته او، ", "تاکید را و "]
)
def test_time_grows_with_the_length_only(row: str) -> None:
    def seconds(times: int) -> float:
        document = Document(row * times)
        assert document.sentences
        begin = time.process_time()
        report(document, 0, (), True, False)
        speech_cues(document, 0, ())
        return time.process_time() - begin

    seconds(100)
    assert seconds(8000) < 1.0


def test_a_source_that_is_there_already_gives_the_same() -> None:
    document, entities = marked("[SPEAKER رستمی] با اشاره به مرز به خبرنگاران گفت: آماده‌ایم.")
    heard = SpeechSource(SpeechWords(document, 0, entities))
    assert speech_cues(document, 0, entities, heard) == speech_cues(document, 0, entities)
    assert report(document, 0, entities, True, False, heard) == report(document, 0, entities, True, False)
    assert report(document, 0, entities, True, False, heard) == report(document, 0, entities, True, False, heard)


def test_cues_are_disjoint_and_in_order() -> None:
    words = ["وی", "خواستار", "آتش", "بس", "شد", "و", "گفت", "که", "به", "گفته", "او", "خبر", "داد"]
    found = find_cues(words)
    assert [" ".join(words[cue.start : cue.end]) for cue in found] == ["خواستار", "گفت", "به گفته", "خبر داد"]
    assert found[0].closing == (4, 5)
    kinds = [(cue.kind, cue.start, cue.end) for cue in find_cues(["وی", "با", "تسلیت", "گفت"])]
    assert kinds == [("open", 1, 3), ("say", 3, 4)]
