"""A markup in which people write and correct annotated articles; `training.corpus` compiles it to JSONL.

    === meetings-001
    [RANK سرتیپ] [PERSON کاظم بهرامی] با [POSITION رئیس پلیس] [LOC عمان] دیدار کرد || cooperation.diplomacy || -

    [SPEAKER بهرامی] {cue گفت}: {content مرز امن است}. || - || کاظم بهرامی || direct
    @ کاظم بهرامی | names: کاظم بهرامی; بهرامی | ranks: سرتیپ

An article begins with `===` and its id. Then one sentence a line: the sentence with its mentions in square
brackets, its themes parted by commas or `-`, its speaker or `-`. An empty line between two sentences is a line
break in the article; without it they stand in one line, parted by a space. The title is the first sentence.

An article may also say how speech is reported and who is who. Then a sentence that has a speaker has the parts of
the speech in braces (`training.inline_markup`) and a fourth field, its kind; each numbered speech in speech adds a
field `2: speaker = kind`. After the last sentence stands a line for each actor, which begins with `@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from inference.errors import SokhanError, nearest
from training.articles import KINDS, Article, GoldActor, GoldSentence, GoldSpan, GoldSpeech, Piece
from training.inline_markup import MarkError, read_marks, speech_of, write_marks
from training.lines import read_lines

_HEAD = re.compile(r"=== (\S+)")
_PART = " || "
_NONE = "-"
_NESTED = re.compile(r"([2-9]): (.+) = (\S+)")
_ACTOR = "@ "
_ACTOR_KEYS = {
    "names": "names",
    "ranks": "ranks",
    "positions": "positions",
    "organizations": "organizations",
    "countries": "countries",
    "by_office": "mentions_by_office",
}


@dataclass(slots=True)
class _Draft:
    id: str
    source: str
    text: str = ""
    entities: list[GoldSpan] = field(default_factory=list)
    sentences: list[GoldSentence] = field(default_factory=list)
    actors: list[GoldActor] = field(default_factory=list)
    in_full: bool = False

    def add(self, line: str, gap: str, place: str) -> None:
        parts = [part.strip() for part in line.split(_PART)]
        if len(parts) < 3:
            raise SokhanError(f"{place}: a line must be 'sentence || themes || speaker', with blanks around '||'")
        if not all(parts[:3]):
            raise SokhanError(f"{place}: sentence, themes and speaker must not be empty; '-' stands for none")
        try:
            marked = read_marks(parts[0])
        except MarkError as error:
            raise SokhanError(f"{place}: {error}") from error
        self.text += gap if self.text else ""
        start = len(self.text)
        self.text += marked.text
        moved = [replace(span, start=span.start + start, end=span.end + start) for span in marked.entities]
        self.entities += sorted(moved, key=lambda span: span.start)
        pieces = {
            number: {
                name: [Piece(piece.start + start, piece.end + start) for piece in pieces]
                for name, pieces in named.items()
            }
            for number, named in marked.parts.items()
        }
        themes = () if parts[1] == _NONE else tuple(theme.strip() for theme in parts[1].split(","))
        speaker = None if parts[2] == _NONE else parts[2]
        speech = _speech(pieces, parts[3:], speaker, place)
        self.in_full |= speech is not None
        self.sentences.append(GoldSentence(start, len(self.text), themes, speaker, speech))

    def article(self) -> Article:
        if not self.sentences:
            raise SokhanError(f"{self.source}: article '{self.id}' has no sentence")
        actors = tuple(self.actors) if self.actors or self.in_full else None
        return Article(self.id, self.text, tuple(self.entities), tuple(self.sentences), self.source, actors=actors)


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
                yield draft.article()
            draft = _Draft(head[1], place)
        elif draft is None:
            raise SokhanError(f"{place}: an article must begin with '=== id'")
        elif line.startswith(_ACTOR):
            draft.actors.append(_actor(line.removeprefix(_ACTOR), place))
        else:
            draft.add(line.strip(), " " if number == before + 1 else "\n", place)
        before = number
    if draft is None:
        raise SokhanError(f"{file} holds no articles")
    yield draft.article()


def render(article: Article) -> str:
    """The markup of an article; `parse` gives the same article back.

    Raises:
        SokhanError: If the article can't be said in markup: it is not annotated in full, holds brackets or braces,
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
        if sentence.themes is None or re.search(r"[\[\]{}\n]|\|\|", text):
            raise SokhanError(f"{article.source}: the sentence at {sentence.start} has no markup")
        lines += [""] if gap == "\n" else []
        inside = [span for span in article.entities if sentence.start <= span.start < sentence.end]
        try:
            marked = write_marks(text, sentence.start, inside, sentence.speech)
        except MarkError as error:
            raise SokhanError(f"{article.source}: {error}") from error
        parts = [marked, ",".join(sentence.themes) or _NONE, sentence.speaker or _NONE]
        if sentence.speech:
            nested = enumerate(sentence.speech.nested, start=2)
            parts += [sentence.speech.kind, *(f"{i}: {speaker} = {inner.kind}" for i, (speaker, inner) in nested)]
        lines.append(_PART.join(parts))
        before = sentence.end
    if before != len(article.text):
        raise SokhanError(f"{article.source}: text after the last sentence has no markup")
    lines += [_render_actor(actor) for actor in article.actors or ()]
    return "\n".join(lines) + "\n"


def _speech(
    pieces: dict[int, dict[str, list[Piece]]], fields: list[str], speaker: str | None, place: str
) -> GoldSpeech | None:
    if not fields:
        if pieces:
            raise SokhanError(f"{place}: parts of speech in braces need a fourth field, {', '.join(KINDS)}")
        return None
    if speaker is None:
        raise SokhanError(f"{place}: a sentence without speaker has no fourth field")
    nested = {}
    for written in fields[1:]:
        match = _NESTED.fullmatch(written)
        if not match:
            raise SokhanError(
                f"{place}: '{written}' must be 'number: speaker = kind', such as '2: وزیر دفاع = direct'"
            )
        nested[int(match[1])] = (match[2], match[3])
    for kind in (fields[0], *(kind for _, kind in nested.values())):
        if kind not in KINDS:
            raise SokhanError(f"{place}: unknown kind '{kind}'{nearest(kind, KINDS)}; kinds are {', '.join(KINDS)}")
    inner = set(pieces) - {1}
    if inner != set(nested):
        raise SokhanError(
            f"{place}: the braces number speech in speech {sorted(inner)}, the fields after the kind {sorted(nested)}"
        )
    return speech_of(pieces, fields[0], dict(sorted(nested.items())))


def _actor(line: str, place: str) -> GoldActor:
    name, *parts = (part.strip() for part in line.split(" | "))
    lists: dict[str, tuple[str, ...]] = {}
    for part in parts:
        key, colon, entries = part.partition(": ")
        if key not in _ACTOR_KEYS or not colon:
            raise SokhanError(f"{place}: '{part}' must be 'key: entry; entry'{nearest(key, _ACTOR_KEYS)}")
        lists[_ACTOR_KEYS[key]] = tuple(entry.strip() for entry in entries.split("; "))
    return GoldActor(name, **lists)


def _render_actor(actor: GoldActor) -> str:
    parts = [f"{key}: {'; '.join(getattr(actor, name))}" for key, name in _ACTOR_KEYS.items() if getattr(actor, name)]
    return _ACTOR + " | ".join([actor.name, *parts])
