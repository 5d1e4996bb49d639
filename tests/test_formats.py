"""Corpora are read as they are written, and every mistake in them is named with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.errors import SokhanError
from training.formats import Article, GoldSentence, GoldSpan, read_articles

ARTICLE: dict[str, Any] = {
    "id": "a1",
    "text": "سردار رستمی گفت: خوب.",
    "entities": [{"start": 6, "end": 11, "label": "SPEAKER"}, {"start": 0, "end": 5, "label": "RANK"}],
    "sentences": [{"start": 0, "end": 21, "themes": [], "speaker": "رستمی"}],
    "actors": [{"name": "رستمی"}],
}


def write(folder: Path, *records: Any, name: str = "a.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return file


def without(key: str) -> dict[str, Any]:
    return {k: v for k, v in ARTICLE.items() if k != key}


def test_own_format_with_extra_keys(tmp_path: Path) -> None:
    (article,) = read_articles(write(tmp_path, ARTICLE))
    assert article.entities == (GoldSpan(0, 5, "RANK"), GoldSpan(6, 11, "SPEAKER"))
    assert article.sentences == (GoldSentence(0, 21, (), "رستمی"),)
    assert article.source == f"{tmp_path / 'a.jsonl'}:1"
    assert article.tokens is None


def test_null_is_not_annotated_and_not_the_same_as_none_found(tmp_path: Path) -> None:
    sentence = {"start": 0, "end": 21, "themes": None}
    nulls = read_articles(
        write(
            tmp_path,
            ARTICLE | {"entities": None, "sentences": [sentence]},
            ARTICLE | {"entities": [], "sentences": None},
            without("sentences"),
        )
    )
    assert [article.entities for article in nulls[:2]] == [None, ()]
    assert [article.sentences for article in nulls] == [(GoldSentence(0, 21, None, None),), None, None]


def test_json_form_reads_back(tmp_path: Path) -> None:
    article = read_articles(write(tmp_path, ARTICLE, without("sentences") | {"entities": None}))
    again = read_articles(write(tmp_path, *(one.to_dict() for one in article)))
    assert again == article


def test_tokens_are_joined_by_a_space(tmp_path: Path) -> None:
    tokens = ["ژنرال", "منیر", "و", "شیرابه های", "کرج"]
    record = {"tokens": tokens, "ner_tags": ["B-RANK", "B-PER", "O", "B-LOC", "I-LOC"]}
    (article,) = read_articles(write(tmp_path, record, name="t.jsonl"))
    assert article.text == "ژنرال منیر و شیرابه های کرج"
    assert article.id == "t:1"
    assert [(article.text[s.start : s.end], s.label) for s in article.entities or ()] == [
        ("ژنرال", "RANK"),
        ("منیر", "PER"),
        ("شیرابه های کرج", "LOC"),
    ]
    assert article.sentences == (GoldSentence(0, len(article.text), None, None),)
    assert [article.text[start:end] for start, end in article.tokens or ()] == tokens


def test_blank_tokens_add_nothing_to_an_entity(tmp_path: Path) -> None:
    record = {"tokens": ["اشکان", "  ", "", "گفت"], "ner_tags": ["B-PER", "I-PER", "O", "O"]}
    (article,) = read_articles(write(tmp_path, record))
    assert article.entities == (GoldSpan(0, 5, "PER"),)


def test_columns_equal_tokens(tmp_path: Path) -> None:
    file = tmp_path / "a.conll"
    file.write_text(
        "-DOCSTART- -X- O\n\nرئیس NN B-POSITION\nجمهور NN I-POSITION\nچین NNP B-LOC\n\n\n"
        "-DOCSTART-\nوی\tO\nشیرابه های\tO",
        encoding="utf-8",
    )
    first, second = read_articles(file)
    assert (first.text, first.source) == ("رئیس جمهور چین", f"{file}:3")
    assert first.entities == (GoldSpan(0, 10, "POSITION"), GoldSpan(11, 14, "LOC"))
    assert (second.text, second.source, second.entities) == ("وی شیرابه های", f"{file}:9", ())


def test_comments_between_columns_are_passed_over_and_hash_tokens_are_not(tmp_path: Path) -> None:
    file = tmp_path / "a.conll"
    file.write_text("# text = سردار رستمی\nسردار B-RANK\n# O\n\n# next\nرستمی B-PERSON\n", encoding="utf-8")
    assert [article.text for article in read_articles(file)] == ["سردار #", "رستمی"]


def test_line_ends_inside_json_strings_are_text(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    record = json.dumps({"id": "x", "text": "یک\u2028دو", "entities": []}, ensure_ascii=False)
    file.write_bytes(b"\xef\xbb\xbf" + (record + "\r\n\r\n" + record).encode())
    assert [(a.text, a.source[-1]) for a in read_articles(file)] == [("یک\u2028دو", "1"), ("یک\u2028دو", "3")]


def test_folder_in_name_order_and_split(tmp_path: Path) -> None:
    write(tmp_path, ARTICLE | {"id": "b1"}, ARTICLE | {"id": "b2"}, name="b.jsonl")
    file = write(tmp_path, ARTICLE)
    (tmp_path / "README.md").write_text("no corpus", encoding="utf-8")

    def ids(**options: Any) -> list[str]:
        return [article.id for article in read_articles(tmp_path, **options)]

    assert ids() == ["a1", "b1", "b2"]
    with pytest.raises(SokhanError, match=r"split 'dev'.*split\.json"):
        ids(split="dev")
    with pytest.raises(SokhanError, match=r"split 'train'.*split\.json"):
        read_articles(file, split="train")
    (tmp_path / "split.json").write_text('{"dev": ["b1"]}', encoding="utf-8")
    assert ids(split="dev") == ["b1"]
    assert ids(split="train") == ["a1", "b2"]
    assert [article.id for article in read_articles(file, split="train")] == ["a1"]
    (tmp_path / "split.json").write_text('{"dev": "b1"}', encoding="utf-8")
    with pytest.raises(SokhanError, match=r"split\.json must be"):
        ids(split="dev")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([], "must be a JSON object, not a list"),
        ({"id": "x", "txt": "?"}, "unknown format: .* did you mean 'txt'"),
        (without("id"), "'id' is missing"),
        (without("entities"), "'entities' is missing"),
        (ARTICLE | {"id": 7}, "'id' must be a string, not a number"),
        (ARTICLE | {"text": None}, "'text' must be a string, not null"),
        (ARTICLE | {"entities": {}}, "'entities' must be a list, not an object"),
        (ARTICLE | {"entities": [3]}, "entity 1: must be an object"),
        (ARTICLE | {"entities": [{"start": 0, "end": 5, "lable": "X"}]}, "'label' is missing; did you mean 'lable'"),
        (ARTICLE | {"entities": [{"start": 0, "end": 5, "label": ""}]}, "'label' must be a word"),
        (ARTICLE | {"entities": [{"start": 0, "end": 22, "label": "X"}]}, "offsets 0-22 are not inside .* 21"),
        (ARTICLE | {"entities": [{"start": 5, "end": 5, "label": "X"}]}, "offsets 5-5"),
        (ARTICLE | {"entities": [{"start": -1, "end": 5, "label": "X"}]}, "offsets -1-5"),
        (ARTICLE | {"entities": [{"start": False, "end": 5, "label": "X"}]}, "'start' must be a whole number"),
        (
            ARTICLE | {"entities": [{"start": 0, "end": 5, "label": "X"}, {"start": 4, "end": 9, "label": "Y"}]},
            "entities overlap: 'سردار' .0-5. and",
        ),
        (ARTICLE | {"sentences": [{"start": 0, "end": 5}]}, "sentence 1: 'themes' is missing"),
        (ARTICLE | {"sentences": [{"start": 0, "end": 5, "themes": "x"}]}, "'themes' must be a list"),
        (ARTICLE | {"sentences": [{"start": 0, "end": 5, "themes": [1]}]}, "'themes' must hold names"),
        (ARTICLE | {"sentences": [{"start": 0, "end": 5, "themes": [], "speaker": 1}]}, "'speaker' must be a string"),
        ({"tokens": ["الف"]}, "'ner_tags' is missing"),
        ({"tokens": ["الف"], "ner_tags": []}, "1 tokens but 0 tags"),
        ({"tokens": [1], "ner_tags": ["O"]}, "'tokens' must hold strings"),
        ({"tokens": ["الف"], "ner_tags": ["PER"]}, "token 1 'الف': tag 'PER' is not IOB2"),
        ({"tokens": [" "], "ner_tags": ["B-PER"]}, "holds only blanks"),
    ],
)
def test_mistakes_name_file_line_and_reason(tmp_path: Path, record: Any, reason: str) -> None:
    file = write(tmp_path, ARTICLE, record)
    with pytest.raises(SokhanError, match=rf"a\.jsonl:2: .*{reason}"):
        read_articles(file)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", '{"id": "x"\n', r"a\.jsonl:1: broken JSON"),
        ("a.jsonl", b"\n\xff\n", r"a\.jsonl:2: not UTF-8"),
        ("a.jsonl", "\n", r"a\.jsonl holds no articles"),
        ("a.csv", "id,text\n", r"a\.csv:1: unknown format"),
        ("a.conll", "الف O\nب PER\n", r"a\.conll:2: tag 'PER' is not IOB2"),
        ("a.conll", "الف O\n\nب\n", r"a\.conll:3: unknown format"),
    ],
)
def test_unreadable_files(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SokhanError, match=reason):
        read_articles(file)


def test_missing_paths(tmp_path: Path) -> None:
    write(tmp_path, ARTICLE, name="border.jsonl")
    with pytest.raises(SokhanError, match=r"no file or folder .*boarder\.jsonl; did you mean 'border\.jsonl'"):
        read_articles(tmp_path / "boarder.jsonl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SokhanError, match=r"holds no \*\.jsonl"):
        read_articles(tmp_path / "empty")


def test_article_is_frozen() -> None:
    article = Article("a", "متن", None, None, "a.jsonl:1")
    with pytest.raises(AttributeError):
        article.text = "دیگر"  # type: ignore[misc]


@pytest.mark.parametrize("kind", ["jsonl", "conll"])
def test_stray_inside_tags_begin_an_entity(tmp_path: Path, kind: str) -> None:
    tokens, tags = ["علی", "رضا", "در", "تهران", "ایران"], ["I-PER", "I-PER", "O", "B-LOC", "I-ORG"]
    file = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        file.write_text(json.dumps({"tokens": tokens, "ner_tags": tags}), encoding="utf-8")
    else:
        rows = (f"{token} {tag}\n" for token, tag in zip(tokens, tags, strict=True))
        file.write_text("".join(rows), encoding="utf-8")
    (article,) = read_articles(file)
    found = [(article.text[span.start : span.end], span.label) for span in article.entities or ()]
    assert found == [("علی رضا", "PER"), ("تهران", "LOC"), ("ایران", "ORG")]
