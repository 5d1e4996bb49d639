"""`python -m training.run CONFIG [key=value …]`: one training run, from the config to the report."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from inference.errors import EXIT_USAGE, SokhanError
from inference.textfile import write_whole
from training.checkpoints import runs_root
from training.config import Config, EncoderConfig
from training.config_file import dump_config, load_config
from training.processes import is_main_process


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_intermixed_args(arguments)
    try:
        config = load_config(options.config, options.overrides)
        if options.dry_run:
            return _dry_run(config)
        if options.seeds:
            _run_seeds(config, options.seeds, options.restart)
        else:
            run(config, restart=options.restart)
    except SokhanError as error:
        print(f"sokhan: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        print("sokhan: stopped; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def run(config: Config, restart: bool = False) -> Path:
    """Train as `config` says; a run that was cut short goes on from its newest complete checkpoint.

    Args:
        config: What to train.
        restart: Throw away what an earlier run of the same config left.

    Returns:
        The run's folder.
    """
    if isinstance(config, EncoderConfig):
        from training.pretraining.loop import pretrain

        folder = _folder(config.name, config, restart)
        print(f"encoder written to {pretrain(config, folder)}")
        return folder
    from training.finetune import finetune, run_name

    folder = _folder(run_name(config), config, restart)
    finetune(config, folder)
    return folder


def _run_seeds(config: Config, written: str, restart: bool) -> None:
    if isinstance(config, EncoderConfig):
        raise SokhanError("--seeds is for classifiers; an encoder has one seed")
    try:
        seeds = set(map(int, written.split(",")))
    except ValueError:
        raise SokhanError(f"--seeds must be numbers parted by commas, not '{written}'") from None
    if len(seeds) < 2:
        raise SokhanError("--seeds needs two seeds or more; for one: seed=7")
    from training.seeds import run_seeds

    run_seeds(config, sorted(seeds), lambda one: run(one, restart=restart))


def _folder(name: str, config: Config, restart: bool) -> Path:
    folder = runs_root() / name
    if not is_main_process():
        return folder
    if restart and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "config.yaml", dump_config(config).encode())
    return folder


def _dry_run(config: Config) -> int:
    from training.dry_run import check_run

    return check_run(config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.run",
        description="Train a token classifier, a theme classifier or an encoder.",
        epilog="Runs are kept in $SOKHAN_RUNS (by default in the user's cache) and go on by themselves after a kill.",
    )
    parser.add_argument("config", type=Path, help="a YAML file such as configs/ner.yaml")
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="such as train.epochs=3 seed=7")
    parser.add_argument(
        "--seeds", metavar="N,N", help="train with each of these seeds; tells the best and the spread"
    )
    parser.add_argument("--dry-run", action="store_true", help="check config and data, train nothing")
    parser.add_argument("--restart", action="store_true", help="begin anew instead of going on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
