"""Scores of who says what: against the annotation of a whole article, and by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inference.annotation import Annotation, Entity, Nested, Span
from inference.document import Document
from inference.reported_speech import Reported
from inference.story import tell
from training.articles import Article, GoldActor, GoldSentence, GoldSpeech, Piece
from training.attribution_scoring import AttributionScores, score_attribution
from training.evaluate import main
from training.markup import parse
from training.predicting import gold_entities
from training.score_table import print_attribution
from training.speech_scoring import score_speech, speech_of

DRAFT = """\
=== talks-001
سفر [RANK سردار] [PERSON رستمی] به [LOC مسقط] || - || -

[RANK سردار] [SPEAKER حسین رستمی] {cue گفت}: {content مرز امن است}. || - || حسین رستمی || direct
وی {cue افزود} که {content آماده‌ایم}. || - || حسین رستمی || indirect

{content [POSITION سفیر] [LOC عمان] هم {cue2 گفت} که {content2 آماده است}}. \
|| - || حسین رستمی || direct || 2: سفیر عمان = indirect
پایان || - || -
@ حسین رستمی | names: رستمی; حسین رستمی | ranks: سردار
@ سفیر عمان | positions: سفیر | countries: عمان | by_office: سفیر عمان
"""


@pytest.fixture
def article(tmp_path: Path) -> Article:
    file = tmp_path / "talks.txt"
    file.write_text(DRAFT, encoding="utf-8")
    (parsed,) = parse(file)
    return parsed


def told(article: Article) -> Annotation:
    """The chain's annotation, from the gold entities."""
    document = Document(article.text)
    return tell(document, gold_entities(article), [()] * len(document.sentences))


def as_gold(annotation: Annotation) -> Article:
    """An article whose gold is what an annotation says."""

    def pieces(spans: tuple[Span, ...]) -> tuple[Piece, ...]:
        return tuple(Piece(span.start, span.end) for span in spans)

    def speech(said: Reported | Nested) -> GoldSpeech:
        if isinstance(said, Nested):
            return GoldSpeech(said.kind, pieces(said.cue), pieces(said.content))
        inner = tuple((one.speaker.text, speech(one)) for one in said.nested)
        return GoldSpeech(said.kind, pieces(said.cue), pieces(said.content), pieces(said.addressees), inner)

    said = {place: speech(report) for place, report in speech_of(annotation).items()}
    sentences = tuple(
        GoldSentence(s.start, s.end, None, s.speaker, said.get((s.start, s.end))) for s in annotation.sentences
    )
    actors = tuple(
        GoldActor(
            actor.name,
            *(
                tuple(form.text for form in forms)
                for forms in (
                    actor.names, actor.ranks, actor.positions, actor.organizations, actor.countries,
                    actor.mentions_by_office,
                )
            ),
        )
        for actor in annotation.actors
        if actor.kind != "body"
    )  # fmt: skip
    return Article("g", annotation.text, None, sentences, "g:1", actors=actors)


def shares(scores: AttributionScores) -> list[float]:
    """Every figure there is."""
    assert scores.speakers
    assert scores.actors
    assert scores.speech
    every = [*scores.speakers.statements.values(), *scores.actors.kinds.values()]
    every += [scores.actors.micro, scores.actors.actors, scores.speech.kind, scores.speech.cue, scores.speech.content]
    every += [scores.speech.content_overlap, scores.speech.addressee, scores.speech.nested]
    values = [scores.speakers.sentences, scores.speakers.spoken, *scores.speakers.sources.values()]
    return [score.f1 for score in every if score.support] + [one.value for one in values]


def test_a_perfect_annotation_scores_one_in_everything() -> None:
    text = "سردار حسین رستمی به خبرنگاران گفت: مرز امن است.\nفرمانده کل سپاه افزود: سفیر عمان تاکید کرد که می‌آید."
    document, entities, at = Document(text), [], 0
    for surface, label in (
        ("سردار", "RANK"), ("حسین رستمی", "SPEAKER"), ("فرمانده کل", "POSITION"), ("سپاه", "ORG"),
        ("سفیر", "POSITION"), ("عمان", "LOC"),
    ):  # fmt: skip
        at = text.index(surface, at)
        entities.append(Entity(at, at + len(surface), label, surface, 1.0))
    annotation = tell(document, entities, [()] * len(document.sentences))
    scores = score_attribution([as_gold(annotation)], [annotation])
    assert scores
    assert set(shares(scores)) == {1.0}
    assert scores.speech
    assert scores.speech.nested.support == scores.speech.addressee.support == 1


def test_speech_by_sentence_is_what_the_statements_are_made_of(article: Article) -> None:
    annotation = told(article)
    reports = speech_of(annotation)
    assert annotation.statements
    for statement in annotation.statements:
        places = [annotation.sentences[number] for number in statement.sentences]
        said = [reports[s.start, s.end] for s in places if (s.start, s.end) in reports]
        for part in ("cue", "content", "addressees", "nested"):
            assert getattr(statement, part) == tuple(span for one in said for span in getattr(one, part))
        kinds = {one.kind for one in said}
        assert statement.kind == (kinds.pop() if len(kinds) == 1 else "mixed")


def test_only_what_is_annotated_is_scored(article: Article) -> None:
    annotation = told(article)
    bare = replace(article, sentences=None, actors=None)
    assert score_attribution([bare], [annotation]) is None
    silent = replace(article, sentences=tuple(replace(s, speaker=None, speech=None) for s in article.sentences or ()))
    assert score_attribution([replace(silent, actors=None)], [annotation]) is None
    unreported = replace(article, sentences=tuple(replace(s, speech=None) for s in article.sentences or ()))
    for gold, parts in (
        (article, (True, True, True)),
        (unreported, (True, True, False)),
        (replace(unreported, actors=None), (True, False, False)),
        (replace(article, sentences=None), (False, True, False)),
    ):
        scores = score_attribution([gold, bare], [annotation, annotation])
        assert scores
        of_parts = (scores.speakers, scores.actors, scores.speech)
        assert tuple(part is not None for part in of_parts) == parts
        assert all(part is None or part.articles == 1 for part in of_parts)
    # In data with speakers, an article in which nobody speaks counts.
    both = score_attribution([article, silent], [annotation, annotation])
    assert both
    assert both.speakers
    assert both.speakers.articles == 2


def test_speech_by_hand(article: Article) -> None:
    _, first, second, third, last = article.sentences or ()

    def span(surface: str, after: int = 0) -> Span:
        start = article.text.index(surface, after)
        return Span(start, start + len(surface), surface)

    found = {
        (first.start, first.end): Reported("direct", (span("گفت"),), (span("مرز امن است"),), (), (), None),
        # Another kind, another cue, content of which 5 of 9 characters are right; speech in speech that isn't there.
        (second.start, second.end): Reported(
            "direct", (span("وی افزود"),), (span("آماده", second.start),), (span("که", second.start),),
            (Nested(span("وی", second.start), "direct", (), (span("که", second.start),)),), None,
        ),
        # Speech where the article speaks.
        (last.start, last.end): Reported("direct", (), (span("پایان"),), (), (), None),
    }  # fmt: skip
    scores = score_speech([article], [found])
    assert (third.start, third.end) not in found

    def counts(name: str) -> tuple[int, int, int]:
        score = getattr(scores, name)
        return score.correct, score.predicted, score.support

    assert counts("kind") == (1, 3, 3)
    assert counts("cue") == (1, 2, 2)
    assert counts("content") == (1, 3, 3)
    assert counts("content_overlap") == (1, 3, 3)
    assert counts("addressee") == (0, 1, 0)
    assert counts("nested") == (0, 1, 1)
    near = {place: replace(one, content=(span("آماده‌ای", second.start),)) for place, one in found.items()}
    # 8 of 9 characters are near enough for the overlap, and no exact content.
    assert score_speech([article], [near]).content_overlap.correct == 1
    assert score_speech([article], [near]).content.correct == 0


def test_nested_speech_is_found_by_what_is_said(article: Article) -> None:
    third = (article.sentences or ())[3]
    assert third.speech
    ((_, inner),) = third.speech.nested
    (piece,) = inner.content

    def nested(start: int, end: int) -> float:
        said = Nested(Span(0, 3, article.text[:3]), "indirect", (), (Span(start, end, article.text[start:end]),))
        reported = Reported("direct", (), (), (), (said,), None)
        return score_speech([article], [{(third.start, third.end): reported}]).nested.f1

    length = piece.end - piece.start
    assert nested(piece.start, piece.end) == nested(piece.start, piece.end - length // 2) == 1.0
    assert nested(piece.start, piece.start + length // 2 - 1) == 0.0


def test_command_tells_all_parts(
    article: Article,
    tiny_models: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    file, written = tmp_path / "talks.jsonl", tmp_path / "scores.json"
    file.write_text(json.dumps(article.to_dict(), ensure_ascii=False) + "\n", encoding="utf-8")
    options = ["--annotator", str(file), "--themes", str(tiny_models["themes"]), "--device", "cpu"]
    assert main([*options, "--gold-entities", "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    for row in (
        "speaker accuracy",
        "statements, overlap 0.3",
        "mentions_by_office",
        "content, overlap 0.8",
        "nested",
    ):
        assert row in printed
    assert "…│" not in printed.replace(" ", "")  # no cell is cut
    found = json.loads(written.read_text(encoding="utf-8"))["attribution"]
    assert list(found) == ["speakers", "statements", "sources", "actors", "speech"]
    assert found["actors"]["kinds"]["ranks"]["f1"] == 1.0
    assert found["actors"]["micro"]["interval"] == [found["actors"]["micro"]["f1"]] * 2
    assert found["speech"]["cue"]["support"] == 2
    assert found["speakers"]["support"] == 5
    # The same with entities of a model that knows nothing is no better.
    assert main([*options, "--ner", str(tiny_models["ner"]), "--json", str(written)]) == 0
    unknown = json.loads(written.read_text(encoding="utf-8"))["attribution"]
    assert unknown["actors"]["micro"]["f1"] < found["actors"]["micro"]["f1"]


def test_tables_hold_only_what_was_scored(article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    scores = score_attribution([replace(article, actors=None)], [told(article)])
    assert scores
    print_attribution(scores)
    printed = capsys.readouterr().out
    assert "speakers, 1 articles" in printed
    assert "actors" not in printed
    assert "reported speech" not in printed
