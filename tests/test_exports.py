"""Exports are read back by those whose formats they are: same offsets, same labels, whatever the text holds."""

from __future__ import annotations

import io
import json
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import ARTICLE
from hostile_text import SENTENCES, mutations

from inference.annotation import Actor, Annotation, Attested, Entity, Sentence, Span, Statement, Theme
from inference.cli import main
from inference.document import Document
from inference.errors import SokhanError
from inference.exports import EXPORTS
from inference.exports.conll import to_conll
from inference.exports.label_studio import labeling_config, to_label_studio
from inference.exports.plover import CODINGS, to_plover
from inference.exports.tables import SCHEMAS, to_parquet
from inference.exports.words import cut_words
from inference.labels import ENTITY_LABELS, THEMES

TITLE = "دیدار 😀 در تهران"
SAID = "سردار\u00a0حسین سلامی فرمانده کل سپاه\u202c گفت: حمله\u200f به پاکستان \ud800 را محکوم می کنیم."
WENT_ON = "با ارتش پاکستان\tو آمریکاست همکاری  می‌کنیم!"
OTHERS = "وی افزود: ایران، ترکیه و قطر از جنگ می\u200cگویند."
DIRTY = f"\ufeff{TITLE}\r\n\r\n{SAID} {WENT_ON}\u2028{OTHERS}\n"

THEME_NAMES = [(), ("threat.military",), ("cooperation.defense", "threat.border"), ("threat.warning",)]


@pytest.fixture(scope="module")
def annotation() -> Annotation:
    """A dirty article in which Salami speaks in three sentences, each annotation where it would be."""
    text = DIRTY
    sentences = [(one.start, one.end) for one in Document(text).sentences]
    assert [text[start:end] for start, end in sentences] == ["\ufeff" + TITLE, SAID, WENT_ON, OTHERS]
    name, office, pronoun = span("حسین سلامی"), span("فرمانده کل سپاه"), span("وی")
    body = span("سپاه")
    spoken = "حسین سلامی"
    return Annotation(
        text=text,
        entities=tuple(
            Entity(found.start, found.end, label, found.text, 0.987654)
            for label, found in [
                ("LOC", span("تهران")),
                ("RANK", span("سردار")),
                ("SPEAKER", name),
                ("POSITION", span("فرمانده کل")),
                ("ORG", body),
                ("LOC", span("پاکستان")),
                ("ORG", span("ارتش پاکستان")),
                ("LOC", span("آمریکا")),
                *(("LOC", span(country)) for country in ("ایران", "ترکیه", "قطر")),
            ]
        ),
        sentences=tuple(
            Sentence(start, end, text[start:end], scored(names), speaker)
            for (start, end), names, speaker in zip(
                sentences, THEME_NAMES, (None, spoken, spoken, spoken), strict=True
            )
        ),
        actors=(
            Actor(
                spoken,
                "person",
                names=(Attested(spoken, (name,)),),
                ranks=(Attested("سردار", (span("سردار"),)),),
                positions=(Attested("فرمانده کل", (span("فرمانده کل"),)),),
                organizations=(Attested("سپاه", (body,)),),
                mentions_by_office=(Attested(office.text, (office,)),),
                references=(pronoun,),
            ),
            Actor("دولت", "body"),
        ),
        statements=(
            Statement(
                *(sentences[1][0], sentences[2][1], 0, spoken, "mixed"),
                mention=name,
                cue=(span("گفت"),),
                content=(span("حمله\u200f به"), span("محکوم می کنیم")),
                sentences=(1, 2),
                themes=scored((*THEME_NAMES[1], *THEME_NAMES[2])),
            ),
            Statement(
                *(*sentences[3], 0, spoken, "direct"),
                mention=pronoun,
                cue=(span("افزود"),),
                sentences=(3,),
                themes=scored(THEME_NAMES[3]),
                addressees=(span("ترکیه"),),
            ),
        ),
        warnings=("short",),
    )


def span(words: str) -> Span:
    """The first place of these words in the dirty article."""
    start = DIRTY.index(words)
    return Span(start, start + len(words), words)


def scored(names: tuple[str, ...]) -> tuple[Theme, ...]:
    return tuple(Theme(name, round(0.9 - 0.1 * place, 1)) for place, name in enumerate(names))


def places(items: Any) -> list[tuple[int, int]]:
    return [(item.start, item.end) for item in items]


def held(text: str) -> str:
    """What formats without lone surrogates hold of a text."""
    return text.replace("\ud800", "\ufffd")


def by_words(text: str) -> Annotation:
    """All that a text can be annotated with: mentions of one to three words, themes, a statement of each sentence."""
    sentences, entities, statements = [], [], []
    for number, one in enumerate(Document(text).sentences):
        sentences.append(Sentence(one.start, one.end, text[one.start : one.end], scored(THEMES[:2]), "x\udfff"))
        statements.append(
            Statement(one.start, one.end, 0, "x\udfff", "direct", sentences=(number,), themes=scored(THEMES[:2]))
        )
        for first in range(0, len(one.words), 4):
            words = one.words[first : first + 1 + first % 3]
            start, end = words[0].start, words[-1].end
            entities.append(Entity(start, end, ENTITY_LABELS[first % 6], text[start:end], 0.5))
    actor = Actor("x\udfff", "office")
    return Annotation(text, tuple(entities), tuple(sentences), (actor,), tuple(statements))


HOSTILE = [
    *("", "\n", " ", "  \n  ", "\x00", "\ud800", "😀", "\u200c\u200f", "#", "# \t#"),
    "\u202bسلام\u202c.  \u00a0 دنیا!",
    *mutations(25, seed=6),
    " ".join(SENTENCES * 40),
]
hostile = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))


# --- CoNLL


def read_conll(data: bytes) -> list[list[tuple[str, int, int, str]]]:
    """Sentences of a file, as any reader of columns would have them."""
    blocks = [
        [line.split("\t") for line in block.split("\n") if line and not line.startswith("# ")]
        for block in data.decode().split("\n\n")
    ]
    return [[(word, int(start), int(end), tag) for word, start, end, tag in rows] for rows in blocks if rows]


def mentions_of(sentences: list[list[tuple[str, int, int, str]]]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for rows in sentences:
        for _, start, end, tag in rows:
            if tag.startswith("B-"):
                found.append((start, end, tag[2:]))
            elif tag.startswith("I-"):
                assert found[-1][2] == tag[2:]
                found[-1] = (found[-1][0], end, tag[2:])
    return found


def test_conll_has_mentions_sentences_and_words(annotation: Annotation) -> None:
    data = to_conll({"a\n.txt": annotation})
    sentences = read_conll(data)
    assert mentions_of(sentences) == [(e.start, e.end, e.label) for e in annotation.entities]
    assert [(rows[0][1], rows[-1][2]) for rows in sentences[1:]] == places(annotation.sentences)[1:]
    assert [row[0] for row in sentences[1]][:3] == ["سردار", "حسین", "سلامی"]
    assert "می\u200cکنیم" in [row[0] for row in sentences[1]]  # normalised, as the model reads it
    assert [row[0::3] for row in sentences[2]][4:6] == [("آمریکا", "B-LOC"), ("ست", "O")]
    comments = [line for line in data.decode().split("\n") if line.startswith("# ")]
    assert comments[0] == r"# document = a\u000a.txt"
    assert comments[3] == "# text = " + WENT_ON.replace("\t", r"\u0009")
    assert r"\ud800" in comments[2]


@hostile
def test_conll_of_hostile_texts(text: str) -> None:
    annotation = by_words(text)
    sentences = read_conll(to_conll({"a": annotation, "b": annotation}))
    assert mentions_of(sentences[: len(annotation.sentences)]) == [
        (e.start, e.end, e.label) for e in annotation.entities
    ]
    assert len(sentences) == 2 * len(annotation.sentences)


def test_words_are_cut_at_edges_only() -> None:
    text = "ارتش آمریکاست"
    assert [word.text for word in cut_words(text, [0, 4, 5, 13])] == ["ارتش", "آمریکاست"]
    assert [(w.text, w.start, w.end) for w in cut_words(text, [11])][1:] == [("آمریکا", 5, 11), ("ست", 11, 13)]


# --- spaCy


def read_docbin(data: bytes) -> list[Any]:
    spacy = pytest.importorskip("spacy")
    return list(spacy.tokens.DocBin().from_bytes(data).get_docs(spacy.blank("fa").vocab))


def to_docbin(documents: dict[str, Annotation]) -> bytes:
    pytest.importorskip("spacy")
    from inference.exports import spacy_doc

    return spacy_doc.to_docbin(documents)


def spans_of(group: Any) -> list[tuple[int, int, str]]:
    return [(one.start_char, one.end_char, one.label_) for one in group]


def test_spacy_reads_everything_back(annotation: Annotation) -> None:
    doc, clean = read_docbin(to_docbin({"news.txt": annotation, "b": Annotation("سلام.")}))
    assert doc.text == held(DIRTY)
    assert spans_of(doc.ents) == [(e.start, e.end, e.label) for e in annotation.entities]
    assert [entity.text for entity in doc.ents] == [e.text for e in annotation.entities]
    assert spans_of(doc.spans["sentences"]) == [(s.start, s.end, s.stance) for s in annotation.sentences]
    assert [sentence.start_char for sentence in doc.sents] == [s.start for s in annotation.sentences]
    assert spans_of(doc.spans["themes"]) == [(s.start, s.end, t.name) for s in annotation.sentences for t in s.themes]
    assert spans_of(doc.spans["statements"]) == [(s.start, s.end, s.kind) for s in annotation.statements]
    assert [one.id_ for one in doc.spans["statements"]] == ["حسین سلامی"] * 2
    assert doc.user_data["document"] == "news.txt"
    assert json.loads(doc.user_data["annotation"]) == annotation.to_dict()
    assert (clean.text, [token.text for token in clean]) == ("سلام.", ["سلام", "."])


@hostile
def test_spacy_of_hostile_texts(text: str) -> None:
    annotation = by_words(text)
    (doc,) = read_docbin(to_docbin({"a": annotation}))
    assert len(doc.text) == len(text)
    assert doc.text.encode() == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text).encode()
    assert spans_of(doc.ents) == [(e.start, e.end, e.label) for e in annotation.entities]
    assert places_of(doc.spans["sentences"]) == places_of(doc.spans["statements"]) == places(annotation.sentences)


def places_of(group: Any) -> list[tuple[int, int]]:
    return [(one.start_char, one.end_char) for one in group]


def test_spacy_missing_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(SokhanError, match=r"^the format spacy needs spaCy: pip install 'sokhan\[spacy\]'$"):
        EXPORTS["spacy"].load()


# --- Label Studio


@pytest.mark.parametrize("text", [None, *HOSTILE], ids=range(-1, len(HOSTILE)))
def test_label_studio_tasks_fit_the_labelling_interface(annotation: Annotation, text: str | None) -> None:
    annotation = annotation if text is None else by_words(text)
    tasks = json.loads(to_label_studio({"a\udcff": annotation, "b": annotation}).decode())
    assert [task["data"] for task in tasks] == [{"text": annotation.text, "document": n} for n in ("a\udcff", "b")]
    config = ElementTree.fromstring(labeling_config())
    controls = {one.get("name"): one for one in config.iter() if one.get("toName")}
    (shown,) = config.iter("Text")
    assert shown.get("value") == "$text"
    (prediction,) = tasks[1]["predictions"]
    assert prediction["model_version"].startswith("sokhan ")
    regions: dict[str, list[dict[str, Any]]] = {}
    for result in prediction["result"]:
        control, value = controls[result["from_name"]], result["value"]
        assert result["to_name"] == control.get("toName") == shown.get("name")
        assert result["type"] == control.tag.lower()
        assert set(value[result["type"]]) <= {option.get("value") for option in control}
        assert annotation.text[value["start"] : value["end"]] == value["text"]
        assert 0 <= result.get("score", 0) <= 1
        regions.setdefault(result["from_name"], []).append(result)
    found = {name: [(r["value"]["start"], r["value"]["end"]) for r in some] for name, some in regions.items()}
    assert found.get("entity", []) == places(annotation.entities)
    assert found.get("sentence", []) == places(annotation.sentences)
    assert [r["value"]["labels"] for r in regions.get("entity", [])] == [[e.label] for e in annotation.entities]
    at = {r["id"]: (r["value"]["start"], r["value"]["choices"]) for r in regions.get("themes", [])}
    assert at == {
        r["id"]: (s.start, [theme.name for theme in s.themes])
        for r, s in zip(regions.get("sentence", []), annotation.sentences, strict=True)
        if s.themes
    }
    ids = [(r["from_name"], r["id"]) for r in prediction["result"]]
    assert len(set(ids)) == len(ids)


def test_labelling_interface_takes_labels_of_ones_own() -> None:
    config = ElementTree.fromstring(labeling_config(["A&B", '"<'], ["x"]))
    assert [one.get("value") for one in config.iter("Label")] == ["A&B", '"<', "SENTENCE"]
    assert [one.get("value") for one in config.iter("Choice")] == ["x"]
    assert [one.get("perRegion") for one in config.iter("Choices")] == ["true"]


# --- tables


def read_tables(documents: dict[str, Annotation]) -> dict[str, list[dict[str, Any]]]:
    files = to_parquet(documents)
    assert list(files) == [f"{name}.parquet" for name in SCHEMAS]
    return {name.partition(".")[0]: pq.read_table(io.BytesIO(data)).to_pylist() for name, data in files.items()}


def test_tables_read_everything_back(annotation: Annotation) -> None:
    tables = read_tables({"a": Annotation(""), "b": annotation})
    assert tables["documents"] == [
        {"document": "a", "text": "", "warnings": []},
        {"document": "b", "text": held(DIRTY), "warnings": ["short"]},
    ]
    assert {
        row["document"] for name in ("entities", "sentences", "statements", "actors") for row in tables[name]
    } == {"b"}
    assert [(r["start"], r["end"], r["label"], r["score"]) for r in tables["entities"]] == [
        (e.start, e.end, e.label, e.score) for e in annotation.entities
    ]
    assert [row["sentence"] for row in tables["entities"]] == [0, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3]
    assert [(r["statement"], r["speaker"], r["stance"]) for r in tables["sentences"]] == [
        (None, None, "neutral"),
        (0, "حسین سلامی", "threatening"),
        (0, "حسین سلامی", "mixed"),
        (1, "حسین سلامی", "threatening"),
    ]
    assert tables["sentences"][2]["themes"] == ["cooperation.defense", "threat.border"]
    assert tables["sentences"][2]["theme_scores"] == [0.9, 0.8]
    first, second = tables["statements"]
    assert (first["start"], first["end"], first["actor"], first["kind"], first["sentences"]) == (
        *(annotation.statements[0].start, annotation.statements[0].end),
        *(0, "mixed", [1, 2]),
    )
    assert first["content_texts"] == ["حمله\u200f به", "محکوم می کنیم"]
    assert second["addressee_texts"] == ["ترکیه"]
    for row in tables["statements"]:
        for part in ("cue", "content", "addressee"):
            pieces = zip(*(row[f"{part}_{what}"] for what in ("starts", "ends", "texts")), strict=True)
            assert all(DIRTY[start:end] == text for start, end, text in pieces)
        assert DIRTY[row["mention_start"] : row["mention_end"]] == row["mention_text"]
        assert held(DIRTY[row["start"] : row["end"]]) == row["text"]
    assert [(r["actor"], r["attribute"], r["form"]) for r in tables["actors"]] == [
        (0, "name", "حسین سلامی"),
        (0, "rank", "سردار"),
        (0, "position", "فرمانده کل"),
        (0, "organization", "سپاه"),
        (0, "mention_by_office", "فرمانده کل سپاه"),
        (0, "reference", "وی"),
        (1, None, None),
    ]
    assert all(DIRTY[r["start"] : r["end"]] == r["text"] for r in tables["actors"] if r["attribute"])


@hostile
def test_tables_of_hostile_texts(text: str) -> None:
    annotation = by_words(text)
    tables = read_tables({"a\udcff": annotation})
    (document,) = tables["documents"]
    assert len(document["text"]) == len(text)
    for name, items in (("entities", annotation.entities), ("sentences", annotation.sentences)):
        assert [(row["start"], row["end"]) for row in tables[name]] == places(items)
        assert all(document["text"][row["start"] : row["end"]] == row["text"] for row in tables[name])


# --- PLOVER


def read_events(annotation: Annotation) -> list[dict[str, Any]]:
    return [json.loads(line) for line in to_plover({"a": annotation}).decode().splitlines()]


def test_plover_events_are_what_the_speaker_does_in_saying_it(annotation: Annotation) -> None:
    events = read_events(annotation)
    assert [(e["theme"], e["event_type"], e["about"], e["contexts"], e["statement"]) for e in events] == [
        ("threat.military", "ACCUSE", "ASSAULT", ["military"], 0),
        ("cooperation.defense", "COOPERATE", "COOPERATE", ["military"], 0),
        ("threat.warning", "THREATEN", "THREATEN", [], 1),
    ]
    assert all(event["experimental"] is True for event in events)
    assert all(e["source"] == {"actor": 0, "name": "حسین سلامی", "kind": "person"} for e in events)
    assert [e["sentence"]["number"] for e in events] == [1, 2, 3]
    for event in events:
        sentence = event["sentence"]
        assert DIRTY[sentence["start"] : sentence["end"]] == sentence["text"]


def test_plover_has_a_target_only_where_one_other_is_named(annotation: Annotation) -> None:
    pakistan = annotation.entities[5]
    assert [event["target"] for event in read_events(annotation)] == [
        {"label": "LOC", "start": pakistan.start, "end": pakistan.end, "text": "پاکستان"},
        None,  # two: an army and a country
        None,  # three
    ]
    # The same country twice, in two spellings, is one; the speaker's own country is no other.
    again = Entity(annotation.entities[8].start, annotation.entities[8].end, "LOC", "تركيه", 0.9)
    qatar = replace(annotation.actors[0], countries=(Attested("قطر", (span("قطر"),)),))
    same = replace(
        annotation,
        entities=(*annotation.entities[:8], again, *annotation.entities[9:]),
        actors=(qatar, *annotation.actors[1:]),
    )
    assert read_events(same)[2]["target"]["start"] == again.start


def test_plover_takes_nothing_where_nobody_speaks(annotation: Annotation) -> None:
    assert read_events(replace(annotation, statements=())) == []
    assert set(CODINGS) == set(THEMES) - {"threat.border"}


@hostile
def test_plover_of_hostile_texts(text: str) -> None:
    annotation = by_words(text)
    found = [(event["sentence"]["start"], event["sentence"]["text"]) for event in read_events(annotation)]
    assert found == [(s.start, s.text) for s in annotation.sentences for _ in s.themes]


# --- the command

Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def run(article: Path, models: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """`run(option, ...)`: `sokhan annotate` on the article: exit code, standard output, standard error."""

    def annotate(*options: str) -> tuple[int, bytes, str]:
        code = main(["annotate", str(article), *models, *options])
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return annotate


@pytest.mark.parametrize("form", ["conll", "label-studio", "plover"])
def test_text_formats_are_shown_or_written(run: Run, tmp_path: Path, form: str) -> None:
    code, out, _ = run("--format", form)
    assert code == 0
    assert run("--format", form, "--output", str(tmp_path / "out")) == (0, b"", "")
    assert (tmp_path / "out").read_bytes() == out
    if form != "plover":  # what the tiny models find gives no event for sure
        assert "news.txt" in out.decode()


def test_parquet_is_a_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    for _ in range(2):  # the second time over the first
        assert run("--format", "parquet", "--output", str(folder)) == (0, b"", "")
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.parquet" for name in SCHEMAS)
    (row,) = pq.read_table(folder / "documents.parquet").to_pylist()
    assert (row["document"], row["text"]) == ("news.txt", ARTICLE)


def test_spacy_is_written_by_the_command(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    assert run("--format", "spacy", "--output", str(tmp_path / "a.spacy"))[0] == 0
    (doc,) = read_docbin((tmp_path / "a.spacy").read_bytes())
    assert doc.text == ARTICLE


def test_formats_that_cannot_be_shown_or_written_are_told_before_anything_is_loaded(
    run: Run, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*options: str) -> str:
        code, out, err = run("--ner", "none", *options)
        assert (code, out) == (2, b"")
        assert err.count("\n") == 1
        return err

    assert "parquet is a folder of files; name it with --output" in told("--format", "parquet")
    assert "is a file, not a folder" in told("--format", "parquet", "--output", str(article))
    assert "there is no folder" in told("--format", "parquet", "--output", str(tmp_path / "no" / "tables"))
    assert "is a folder" in told("--format", "conll", "--output", str(tmp_path))
    monkeypatch.setitem(sys.modules, "spacy", None)
    assert "needs spaCy" in told("--format", "spacy", "--output", str(tmp_path / "a.spacy"))


def test_binary_is_not_shown(run: Run) -> None:
    pytest.importorskip("spacy")
    code, out, err = run("--format", "spacy")
    assert (code, out) == (2, b"")
    assert "spacy is binary and can't be shown; name a file with --output" in err


@pytest.mark.parametrize("form", ["text", "html", *(name for name in EXPORTS if name not in ("spacy", "parquet"))])
def test_file_name_that_is_no_text(
    models: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    file = tmp_path / "\udcff.txt"
    try:
        file.write_text(ARTICLE, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    assert main(["annotate", str(file), *models, "--format", form]) == 0
    assert capfdbinary.readouterr().out.decode() or form == "plover"
