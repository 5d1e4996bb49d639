"""Statements: runs of sentences of one line with the same speaker, put together from what each of them reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from inference.annotation import Actor, Kind, Sentence, Statement, Theme
from inference.attribution import Attribution
from inference.document import Document, SentenceSpan
from inference.reported_speech import Reported


def make_statements(
    document: Document,
    sentences: Sequence[Sentence],
    attributions: Sequence[Attribution | None],
    reports: Sequence[Reported | None],
    actors: Sequence[Actor],
) -> Iterator[Statement]:
    """The statements of an article, in order.

    Args:
        document: The article.
        sentences: Its sentences with their themes.
        attributions: Whose words each sentence reports; None where the article speaks.
        reports: How each sentence reports them; None where the article speaks.
        actors: Who is who; attributions refer to them.
    """
    for run in _runs(document.sentences, attributions):
        first, last = run[0], run[-1]
        attribution = attributions[first]
        assert attribution is not None
        said = [report for number in run if (report := reports[number]) is not None]
        mentions = [one.mention for number in run if (one := attributions[number]) is not None and one.mention]
        yield Statement(
            start=document.sentences[first].start,
            end=document.sentences[last].end,
            actor=attribution.actor,
            speaker=actors[attribution.actor].name,
            kind=_kind([report.kind for report in said]),
            mention=mentions[0] if mentions else None,
            cue=tuple(span for report in said for span in report.cue),
            content=tuple(span for report in said for span in report.content),
            sentences=tuple(run),
            themes=_themes([sentences[number] for number in run]),
            addressees=tuple(span for report in said for span in report.addressees),
            nested=tuple(nested for report in said for nested in report.nested),
        )


def _runs(spans: Sequence[SentenceSpan], attributions: Sequence[Attribution | None]) -> Iterator[list[int]]:
    """Numbers of consecutive sentences of one line with the same speaker."""

    def key(number: int) -> tuple[int, int | None]:
        attribution = attributions[number]
        return spans[number].line, None if attribution is None else attribution.actor

    for (_, actor), numbers in groupby(range(len(spans)), key):
        if actor is not None:
            yield list(numbers)


def _kind(kinds: Sequence[Kind]) -> Kind:
    distinct = set(kinds)
    return distinct.pop() if len(distinct) == 1 else "mixed" if distinct else "indirect"


def _themes(sentences: Sequence[Sentence]) -> tuple[Theme, ...]:
    """Every theme of the sentences with its highest score, likeliest first."""
    best: dict[str, float] = {}
    for theme in (theme for sentence in sentences for theme in sentence.themes):
        best[theme.name] = max(theme.score, best.get(theme.name, 0.0))
    return tuple(Theme(name, score) for name, score in sorted(best.items(), key=lambda item: -item[1]))
