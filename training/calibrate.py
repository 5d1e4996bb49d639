"""Calibrate a finished model on annotated articles, in its folder.

    python -m training.calibrate models/ner corpora/real/dev.jsonl --reliability ner.png

Writes `calibration.json` into the folder, and for a theme model the thresholds into `sokhan.json`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from inference.errors import EXIT_USAGE, SokhanError
from inference.textfile import check_writable
from training.calibrating import calibrate
from training.formats import read_articles
from training.predicting import task_of
from training.reliability import draw_reliability


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    try:
        if options.reliability:
            check_writable(options.reliability)
        task = task_of(options.model)
        articles = [article for path in options.data for article in read_articles(path, options.split)]
        fitted = calibrate(options.model, articles, options.device, required=True)
    except SokhanError as error:
        print(f"sokhan: {error}", file=sys.stderr)
        return EXIT_USAGE
    assert fitted is not None
    print(fitted.summary)
    if options.reliability:
        draw_reliability({task: fitted.lines}, f"{options.model}, calibrated", options.reliability)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.calibrate", description="Make the scores of a finished model probabilities."
    )
    parser.add_argument("model", type=Path, metavar="MODEL_DIR", help="folder of the model; its files are changed")
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="annotated articles it did not learn from")
    parser.add_argument("--split", choices=("train", "dev"), help="only this part, by the corpus's split.json")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N, mps")
    parser.add_argument("--reliability", type=Path, metavar="FILE.png", help="draw the reliability diagram there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
