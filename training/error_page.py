"""The mistakes of a model as one self-contained right-to-left HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from training.articles import Article
from training.mistakes import KINDS, EntityMistake, ThemeMistake

_CONTEXT = 70  # characters on each side of a mention

_STYLE = """
body { font: 16px/1.9 Vazirmatn, Tahoma, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
h1, h2, p.note { direction: ltr; text-align: left; font-family: sans-serif; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
td, th { border-bottom: 1px solid #ddd; padding: .3rem .6rem; vertical-align: top; text-align: start; }
td.name { direction: ltr; text-align: left; white-space: nowrap; font: 13px/1.9 monospace; }
mark.gold { background: #cdeccd; } mark.predicted { background: #f6d0cd; } mark.both { background: #f3e5ab; }
.missed { color: #1b6e1b; } .spurious { color: #a3231b; }
"""


def error_page(
    title: str,
    articles: Sequence[Article],
    entities: Sequence[EntityMistake] = (),
    themes: Sequence[ThemeMistake] = (),
) -> str:
    """A page that lists mistakes by kind. Everything that comes from data is escaped."""
    parts = [
        '<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">',
        f"<title>{_safe(title)}</title><style>{_STYLE}</style></head><body><h1>{_safe(title)}</h1>",
        '<p class="note"><mark class="gold">gold</mark> <mark class="predicted">predicted</mark> '
        '<mark class="both">both</mark></p>',
        *_entity_sections(articles, entities),
        *_theme_section(articles, themes),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _entity_sections(articles: Sequence[Article], mistakes: Sequence[EntityMistake]) -> Iterator[str]:
    for kind in KINDS:
        chosen = [mistake for mistake in mistakes if mistake.kind == kind]
        if not chosen:
            continue
        pairs = Counter(_labels(mistake) for mistake in chosen)
        summary = ", ".join(f"{_safe(labels)} {number}" for labels, number in pairs.most_common())
        yield f'<h2>{kind}: {len(chosen)}</h2><p class="note">{summary}</p><table>'
        for mistake in sorted(chosen, key=_labels):
            article = articles[mistake.article]
            note = "" if mistake.expressible else "<br>our words can't express it"
            yield (
                f'<tr><td class="name">{_safe(_labels(mistake))}{note}</td>'
                f'<td>{_in_context(article.text, mistake)}</td><td class="name">{_safe(article.id)}</td></tr>'
            )
        yield "</table>"


def _theme_section(articles: Sequence[Article], mistakes: Sequence[ThemeMistake]) -> Iterator[str]:
    if not mistakes:
        return
    yield f"<h2>themes: {len(mistakes)} sentences</h2><table>"
    for mistake in mistakes:
        article = articles[mistake.article]
        names = [f'<span class="missed">−{_safe(theme)}</span>' for theme in mistake.missed]
        names += [f'<span class="spurious">+{_safe(theme)}</span>' for theme in mistake.spurious]
        names += [] if mistake.matched else ["none of our sentences"]
        yield (
            f'<tr><td class="name">{"<br>".join(names)}</td><td>{_safe(article.text[mistake.start : mistake.end])}'
            f'</td><td class="name">{_safe(article.id)}</td></tr>'
        )
    yield "</table>"


def _labels(mistake: EntityMistake) -> str:
    names = [spot.label if spot else "" for spot in (mistake.gold, mistake.predicted)]
    return names[0] or names[1] if names[0] == names[1] or not all(names) else " → ".join(names)


def _in_context(text: str, mistake: EntityMistake) -> str:
    gold, predicted = mistake.gold, mistake.predicted
    spots = [(spot.start, spot.end) for spot in (gold, predicted) if spot]
    first, last = min(start for start, _ in spots), max(end for _, end in spots)
    low, high = max(0, first - _CONTEXT), min(len(text), last + _CONTEXT)
    borders = sorted({low, high, *(border for spot in spots for border in spot)})
    written = []
    for start, end in pairwise(borders):
        in_gold = gold is not None and gold.start <= start < gold.end
        in_prediction = predicted is not None and predicted.start <= start < predicted.end
        shown = _safe(text[start:end])
        name = "both" if in_gold and in_prediction else "gold" if in_gold else "predicted" if in_prediction else ""
        written.append(f'<mark class="{name}">{shown}</mark>' if name else shown)
    return f"{'…' if low else ''}{''.join(written)}{'…' if high < len(text) else ''}"


def _safe(text: str) -> str:
    """Escaped; a lone surrogate, which no file can hold, becomes a question mark."""
    return escape(text.encode("utf-8", "replace").decode("utf-8"))
