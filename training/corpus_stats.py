"""What a corpus holds, as tables of rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as Drawn
from rich.text import Text

from inference.labels import SIDES, side, stance
from training.agreement import Agreement
from training.articles import KINDS, Article, GoldSpeech
from training.formats import dev_ids, read_articles
from training.scoring import in_scheme_order
from training.variety import REPEATED_IN, telling_apart, variety

Parts = Mapping[str, Sequence[Article]]
"""Articles by the name of the part of a corpus that they are."""

_SHOWN_REPEATED = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A table in sections: rows of a name and a cell for each column."""

    columns: tuple[str, ...]
    sections: tuple[tuple[tuple[str, ...], ...], ...]


def count(articles: Iterable[Article]) -> dict[str, Counter[str]]:
    """Counts of `all` (articles, sentences, words), `entities`, `themes`, `sides`, `stances`, `speech`."""
    names = ("all", "entities", "themes", "sides", "stances", "speech")
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for article in articles:
        sentences = article.sentences or ()
        counts["all"].update(articles=1, sentences=len(sentences), words=len(article.text.split()))
        counts["entities"].update(span.label for span in article.entities or ())
        for themes in (sentence.themes for sentence in sentences):
            if themes is not None:
                counts["themes"].update(themes)
                counts["sides"].update({side(theme) for theme in themes} & set(SIDES))
                counts["stances"][stance(themes)] += 1
        counts["speech"]["sentences with a speaker"] += sum(s.speaker is not None for s in sentences)
        if article.actors is not None:
            counts["speech"].update({"articles with speech and actors": 1, "actors": len(article.actors)})
        for sentence in sentences:
            counts["speech"].update(_counted(sentence.speech) if sentence.speech else ())
    return counts


def parts_of(paths: Sequence[Path]) -> dict[str, list[Article]]:
    """The parts of some corpora, train and dev apart where a corpus has a split."""
    parts: dict[str, list[Article]] = {}
    for path in paths:
        if dev_ids(path) is None:
            parts[str(path)] = read_articles(path)
        else:
            parts[f"{path} train"], parts[f"{path} dev"] = read_articles(path, "train"), read_articles(path, "dev")
    return parts


def counts_table(parts: Parts) -> Table:
    """How much of what there is."""
    columns = {name: count(articles) for name, articles in parts.items()}
    sections = []
    for part in ("all", "entities", "themes", "sides", "stances", "speech"):
        rows = in_scheme_order({key for counts in columns.values() for key in counts[part] if counts[part][key]})
        sections.append(tuple((row, *(f"{counts[part][row]:,}" for counts in columns.values())) for row in rows))
    return Table(tuple(columns), tuple(filter(None, sections)))


def variety_table(parts: Parts, beside: Parts) -> Table:
    """How varied the language is; every part and corpus in a column, and how well each is told from those beside."""
    measured = {name: variety(articles) for name, articles in (*parts.items(), *beside.items())}
    every = measured.values()
    rows = [
        ("article: words (10 50 90 %)", *(_percentiles(one.article_words) for one in every)),
        ("sentence: words (10 50 90 %)", *(_percentiles(one.sentence_words) for one in every)),
        ("different of 10,000 words", *(f"{one.vocabulary:.1%}" for one in every)),
        ("different 4-word sequences", *(f"{one.distinct:.1%}" for one in every)),
        (f"8 words in over {REPEATED_IN} articles", *(str(len(one.repeated)) for one in every)),
    ]
    for name, other in beside.items():
        told = [f"{telling_apart(articles, other):.3f}" for articles in parts.values()]
        rows.append((f"told from {name}: AUC", *told, *("" for _ in beside)))
    found = Counter(dict(pair for one in (measured[name] for name in parts) for pair in one.repeated))
    repeated = [
        (f"“{words}”", f"{articles} articles", *("" for _ in list(every)[1:]))
        for words, articles in found.most_common(_SHOWN_REPEATED)
    ]
    return Table(tuple(measured), tuple(filter(None, (tuple(rows), tuple(repeated)))))


def agreement_table(found: Agreement) -> Table:
    """Agreement of two annotators, in percent."""
    sections = [
        tuple((name, f"{100 * scores[name]:.1f}") for name in (*in_scheme_order(set(scores) - {"micro"}), "micro"))
        for scores in (found.entities, found.themes)
    ]
    told = (("same speaker or none", f"{100 * found.speakers:.1f}"),)
    size = (("articles", str(found.articles)), ("sentences", str(found.sentences)))
    return Table(("agreement",), (size, *sections, told))


def print_table(table: Table) -> None:
    """Print a table to standard output."""
    drawn = Drawn()
    drawn.add_column("")
    for name in table.columns:
        drawn.add_column(Text(name), justify="right")
    for section in table.sections:
        drawn.add_section()
        for row in section:
            drawn.add_row(*map(Text, row))
    Console().print(drawn)


def _counted(speech: GoldSpeech) -> Counter[str]:
    counted = Counter({speech.kind: 1, "cues": len(speech.cue) > 0, "addressees": len(speech.addressee) > 0})
    assert speech.kind in KINDS
    return counted + Counter({"speech in speech": len(speech.nested)})


def _percentiles(three: tuple[int, int, int]) -> str:
    return " ".join(map(str, three))
