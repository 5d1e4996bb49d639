"""A markup in which people write and correct annotated articles; `training.corpus` compiles it to JSONL.

    === meetings-001
    [RANK سرتیپ] [PERSON کاظم بهرامی] با [POSITION رئیس پلیس] [LOC عمان] دیدار کرد || cooperation.diplomacy || -

    [SPEAKER بهرامی] گفت: مرز امن است. || - || کاظم بهرامی
    وی افزود: آماده‌ایم. || - || کاظم بهرامی

An article begins with `===` and its id. Then one sentence a line: the sentence with its mentions in square
brackets, its themes parted by commas or `-`, its speaker or `-`. An empty line between two sentences is a line
break in the article; without it they stand in one line, parted by a space. The title is the first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inference.errors import SokhanError
from training.articles import Article, GoldSentence, GoldSpan
from training.lines import read_lines

_HEAD = re.compile(r"=== (\S+)")
_PART = " || "
_NONE = "-"
_MENTION = re.compile(r"\[([^\s\[\]]+) ([^\[\]]+)\]")


@dataclass(slots=True)
class _Draft:
    id: str
    source: str
    text: str = ""
    entities: list[GoldSpan] = field(default_factory=list)
    sentences: list[GoldSentence] = field(default_factory=list)

    def add(self, sentence: str, themes: tuple[str, ...], speaker: str | None, gap: str) -> None:
        self.text += gap if self.text else ""
        start = position = len(self.text)
        last = 0
        for match in _MENTION.finditer(sentence):
            self.text += sentence[last : match.start()]
            position = len(self.text)
            self.text += match[2]
            self.entities.append(GoldSpan(position, len(self.text), match[1]))
            last = match.end()
        self.text += sentence[last:]
        self.sentences.append(GoldSentence(start, len(self.text), themes, speaker))

    def article(self) -> Article:
        return Article(self.id, self.text, tuple(self.entities), tuple(self.sentences), self.source)


def parse(file: Path) -> Iterator[Article]:
    """Articles of a markup file; their `source` is the line that begins them.

    Raises:
        SokhanError: If a line is not of this form; names file and line.
    """
    draft: _Draft | None = None
    before = 0
    for number, line in read_lines(file):
        place = f"{file}:{number}"
        head = _HEAD.fullmatch(line.rstrip())
        if head:
            if draft:
                yield _finished(draft)
            draft = _Draft(head[1], place)
        elif draft is None:
            raise SokhanError(f"{place}: an article must begin with '=== id'")
        else:
            draft.add(*_sentence(line.strip(), place), gap=" " if number == before + 1 else "\n")
        before = number
    if draft is None:
        raise SokhanError(f"{file} holds no articles")
    yield _finished(draft)


def render(article: Article) -> str:
    """The markup of an article; `parse` gives the same article back.

    Raises:
        SokhanError: If the article can't be said in markup: it is not annotated in full, holds brackets,
            or has something else than a space or a line break between two sentences.
    """
    if article.entities is None or not article.sentences:
        raise SokhanError(f"{article.source}: only an article annotated in full can be written as markup")
    lines = [f"=== {article.id}"]
    before = 0
    for sentence in article.sentences:
        text = article.text[sentence.start : sentence.end]
        gap = article.text[before : sentence.start]
        if gap not in ((" ", "\n") if before else ("",)):
            raise SokhanError(f"{article.source}: {gap!r} before the sentence at {sentence.start} has no markup")
        if sentence.themes is None or re.search(r"[\[\]\n]|\|\|", text):
            raise SokhanError(f"{article.source}: the sentence at {sentence.start} has no markup")
        lines += [""] if gap == "\n" else []
        inside = [span for span in article.entities if sentence.start <= span.start < sentence.end]
        for span in reversed(inside):
            first, last = span.start - sentence.start, span.end - sentence.start
            text = f"{text[:first]}[{span.label} {text[first:last]}]{text[last:]}"
        lines.append(_PART.join((text, ",".join(sentence.themes) or _NONE, sentence.speaker or _NONE)))
        before = sentence.end
    if before != len(article.text):
        raise SokhanError(f"{article.source}: text after the last sentence has no markup")
    return "\n".join(lines) + "\n"


def _sentence(line: str, place: str) -> tuple[str, tuple[str, ...], str | None]:
    parts = line.split(_PART)
    if len(parts) != 3:
        raise SokhanError(f"{place}: a line must be 'sentence || themes || speaker', with blanks around '||'")
    text, themes, speaker = (part.strip() for part in parts)
    if re.search(r"[\[\]]", _MENTION.sub("", text)):
        raise SokhanError(f"{place}: brackets must hold a label and a mention, such as [LOC تهران]")
    if not text or not themes or not speaker:
        raise SokhanError(f"{place}: sentence, themes and speaker must not be empty; '-' stands for none")
    carried = () if themes == _NONE else tuple(theme.strip() for theme in themes.split(","))
    return text, carried, None if speaker == _NONE else speaker


def _finished(draft: _Draft) -> Article:
    if not draft.sentences:
        raise SokhanError(f"{draft.source}: article '{draft.id}' has no sentence")
    return draft.article()
