"""Options of the command line that say which models annotate, and with what; the same for all commands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from inference.backends.choice import BACKENDS

if TYPE_CHECKING:
    from inference.annotator import Annotator


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add `--ner`, `--themes`, `--device`, `--backend` and `--threads`."""
    parser.add_argument("--ner", metavar="DIR", help="entity model instead of the bundled one")
    parser.add_argument("--themes", metavar="DIR", help="theme model instead of the bundled one")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps (auto)")
    parser.add_argument(
        "--backend",
        default="auto",
        help=f"what computes the models: {', '.join(BACKENDS)}; auto is openvino, or torch on a GPU (auto)",
    )
    parser.add_argument("--threads", type=int, metavar="N", help="CPU threads of the models (all)")


def make_annotator(args: argparse.Namespace) -> Annotator:
    """The annotator that the options ask for.

    Raises:
        SokhanError: If it is not to be had.
    """
    from inference.annotator import Annotator

    return Annotator(args.ner, args.themes, args.device, args.backend, args.threads)
