"""Measure a model, or the whole chain, on annotated articles.

    python -m training.evaluate models/ner seeds --split dev
    python -m training.evaluate --annotator seeds --split dev --json scores.json --html mistakes.html
    python -m training.evaluate --annotator seeds --split dev --gold-entities
    python -m training.evaluate models/themes seeds --split dev --reliability themes.png

Data may come in any format that `training.formats` reads; what is not annotated is not counted. A mention counts
only with exact character offsets and label. Themes are compared sentence by sentence, on our sentences. Of the whole
chain it is also told how well it finds who says what; with `--gold-entities` that alone, apart from the entities.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from inference.annotator import Annotator
from inference.checkpoint import bundled, load
from inference.errors import EXIT_USAGE, SokhanError
from inference.textfile import write_whole
from training.articles import Article
from training.attribution_scoring import AttributionScores, score_attribution
from training.augmentation import without_zwnj
from training.calibrating import outcomes_of
from training.checking import shown
from training.error_page import error_page
from training.formats import read_articles
from training.mistakes import entity_mistakes, theme_mistakes
from training.predicting import Predictions, annotate_articles, annotate_gold_entities, predict, task_of
from training.reliability import Reliability, draw_reliability, reliability
from training.score_table import print_attribution, print_scores
from training.scoring import EntityScores, ThemeScores, score_entities, score_themes
from training.token_scoring import score_tokens


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of predictions on articles.

    Attributes:
        articles: The articles.
        predictions: What was said about them.
        entities: Entity scores; None without predictions or annotation.
        tokens: The same as seqeval counts them, for corpora that come in tokens.
        themes: Theme scores; None without predictions or annotation.
        attribution: Scores of who says what; None for a single model or without annotation.
    """

    articles: Sequence[Article]
    predictions: Predictions
    entities: EntityScores | None
    tokens: dict[str, Any] | None
    themes: ThemeScores | None
    attribution: AttributionScores | None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, with the gold mentions and sentences that nothing could have matched."""
        places = [(number, s.start, s.end, None) for number, s in self.predictions.unmatched]
        spans = [(number, s.start, s.end, s.label) for number, s in self.predictions.inexpressible]
        return {
            "models": self.predictions.hashes,
            "articles": len(self.articles),
            "entities": self.entities and self.entities.to_dict(),
            "tokens": self.tokens,
            "themes": self.themes and self.themes.to_dict(),
            "attribution": self.attribution and self.attribution.to_dict(),
            "inexpressible": [self._place(*span) for span in spans],
            "unmatched_sentences": [self._place(*place) for place in places],
        }

    def _place(self, number: int, start: int, end: int, label: str | None) -> dict[str, Any]:
        article = self.articles[number]
        place = {"source": article.source, "id": article.id, "start": start, "end": end}
        named = place if label is None else place | {"label": label}
        return named | {"text": article.text[start:end]}


def evaluate(articles: Sequence[Article], predictions: Predictions) -> Evaluation:
    """Score predictions.

    Raises:
        SokhanError: If nothing of what was predicted is annotated in the articles.
    """
    entities = tokens = themes = attribution = None
    if predictions.entities is not None and any(article.entities is not None for article in articles):
        entities = score_entities(articles, predictions.entities)
        if all(article.tokens is not None for article in articles):
            tokens = score_tokens(articles, predictions.entities)
    annotated = any(s.themes is not None for article in articles for s in article.sentences or ())
    if predictions.themes is not None and annotated:
        themes = score_themes(articles, predictions.themes)
    if predictions.annotations is not None:
        attribution = score_attribution(articles, predictions.annotations)
    if entities is None and themes is None and attribution is None:
        asked = {
            "entities": predictions.entities,
            "themes": predictions.themes,
            "speakers or actors": predictions.annotations,
        }
        missing = " or ".join(name for name, said in asked.items() if said is not None)
        raise SokhanError(f"nothing to score: no {missing} annotated in the data")
    return Evaluation(articles, predictions, entities, tokens, themes, attribution)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    try:
        for file in (options.json, options.html, options.reliability):
            if file and not file.parent.is_dir():
                raise SokhanError(f"there is no folder {file.parent} for {file.name}")
        articles = _articles(options)
        if options.gold_entities:
            folder = options.themes or bundled("themes")
            result = evaluate(articles, annotate_gold_entities(folder, articles, options.device))
        elif options.annotator:
            annotator = Annotator(options.ner, options.themes, options.device)
            result = evaluate(articles, annotate_articles(annotator, articles))
        else:
            result = evaluate(articles, predict(options.model, articles, options.device))
        reliabilities = _reliabilities(options, articles) if options.reliability else {}
    except SokhanError as error:
        print(f"sokhan: {error}", file=sys.stderr)
        return EXIT_USAGE
    data = str(options.data) + (f" ({options.split})" if options.split else "")
    data += " without ZWNJ" if options.without_zwnj else ""
    data += " with gold entities" if options.gold_entities else ""
    model = "annotator" if options.annotator else str(options.model)
    _show(result, f"{model} on {data}")
    for name, found in reliabilities.items():
        print(f"expected calibration error, {name}: {100 * found.error:.1f} % of {sum(found.counts)} scores")
    if options.reliability:
        panels = {name: {"as served": found} for name, found in reliabilities.items()}
        draw_reliability(panels, f"{model} on {data}", options.reliability)
    if options.json:
        report = {"model": model, "data": data, **result.to_dict()}
        if reliabilities:
            report["reliability"] = {name: found.to_dict() for name, found in reliabilities.items()}
        # Lone surrogates, which no file can hold, come out escaped.
        write_whole(
            options.json,
            json.dumps(report, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n",
        )
    if options.html:
        entities = list(entity_mistakes(articles, result.predictions)) if result.entities else []
        themes = list(theme_mistakes(articles, result.predictions)) if result.themes else []
        write_whole(options.html, error_page(f"{model} on {data}", articles, entities, themes).encode())
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate", description="Measure a model, or the whole chain, on annotated articles."
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="MODEL_DIR DATA", help="with --annotator only DATA")
    parser.add_argument("--annotator", action="store_true", help="measure the whole chain as it annotates")
    parser.add_argument("--ner", type=Path, metavar="DIR", help="with --annotator: instead of the bundled model")
    parser.add_argument("--themes", type=Path, metavar="DIR", help="with --annotator: instead of the bundled model")
    parser.add_argument("--gold-entities", action="store_true", help="with --annotator: attribution from these alone")
    parser.add_argument("--split", choices=("train", "dev"), help="only this part, by the corpus's split.json")
    parser.add_argument("--without-zwnj", action="store_true", help="remove every ZWNJ from the articles first")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N, mps")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores there")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page of all mistakes there")
    parser.add_argument("--reliability", type=Path, metavar="FILE.png", help="draw there how far to trust the scores")
    options = parser.parse_args(arguments)
    if len(options.paths) != (1 if options.annotator else 2):
        parser.error("name DATA after --annotator" if options.annotator else "name MODEL_DIR and DATA")
    if not options.annotator and (options.ner or options.themes or options.gold_entities):
        parser.error("--ner, --themes and --gold-entities go with --annotator")
    if options.gold_entities and (options.ner or options.html or options.reliability):
        parser.error("--gold-entities measures attribution alone: it goes without --ner, --html and --reliability")
    options.data = options.paths[-1]
    options.model = options.paths[0]
    return options


def _articles(options: argparse.Namespace) -> list[Article]:
    """What is to be read; with `--gold-entities` only articles that have them."""
    articles = read_articles(options.data, options.split)
    if not articles:
        raise SokhanError(f"{options.data} has no articles in split '{options.split}'")
    if options.gold_entities:
        articles = [article for article in articles if article.entities is not None]
        if not articles:
            raise SokhanError(f"{options.data} has no article with entities to begin with")
    return list(map(without_zwnj, articles)) if options.without_zwnj else articles


def _reliabilities(options: argparse.Namespace, articles: Sequence[Article]) -> dict[str, Reliability]:
    """Of mentions; of the themes of every sentence, and of only those that are shown."""
    folders = [options.model]
    if options.annotator:
        folders = [options.ner or bundled("ner"), options.themes or bundled("themes")]
    found = {}
    for folder in folders:
        task = task_of(folder)
        outcomes = outcomes_of(load(folder, task, options.device), articles)
        if task == "ner":
            found["entities"] = reliability(outcomes.scores, outcomes.right)
        else:
            found["all themes"] = reliability(outcomes.scores, outcomes.right)
            found["shown themes"] = reliability(outcomes.scores[outcomes.shown], outcomes.right[outcomes.shown])
    found = {name: of_kind for name, of_kind in found.items() if of_kind.counts}
    if not found:
        raise SokhanError("there is no score to be reliable: nothing was found in what is annotated")
    return found


def _show(result: Evaluation, title: str) -> None:
    console = Console()
    console.print(Text(title, style="bold"), soft_wrap=True)
    if result.entities:
        print_scores(result.entities, f"entities, {result.entities.articles} articles", result.tokens)
    if result.themes:
        print_scores(result.themes, f"themes, {result.themes.sentences} sentences")
    if result.attribution:
        print_attribution(result.attribution)
    for number, span in result.predictions.inexpressible if result.entities else ():
        article = result.articles[number]
        mention = shown(article.text[span.start : span.end])
        line = f"{article.source}: our words can't express {span.label} '{mention}': missed"
        console.print(Text(line), soft_wrap=True)
    for number, sentence in result.predictions.unmatched if result.themes else ():
        article = result.articles[number]
        beginning = shown(article.text[sentence.start : sentence.end])
        line = f"{article.source}: none of our sentences: '{beginning}': counted as without themes"
        console.print(Text(line), soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
