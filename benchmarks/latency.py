"""How long one article takes: a new process with both models, and a warm `annotate`.

    python benchmarks/latency.py [--runs 5]

Each figure is the minimum of the runs: what the machine can do when nothing else disturbs it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

SEED = Path(__file__).resolve().parent.parent / "seeds" / "seed.txt"

_NEW_PROCESS = """
import sys
from pathlib import Path
from inference import annotate
assert annotate(Path(sys.argv[1]).read_text(encoding="utf-8")).entities
"""


def new_process() -> float:
    """Seconds of a process that starts, loads both models and annotates the seed article."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _NEW_PROCESS, str(SEED)], check=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of each; the minimum is printed")
    runs = parser.parse_args().runs
    cold = min(new_process() for _ in range(runs))
    print(f"new process, both models loaded, seed article annotated: {cold:.2f} s (minimum of {runs})")

    from inference import Annotator

    annotator, text = Annotator(), SEED.read_text(encoding="utf-8")
    annotator.annotate(text)
    warm = []
    for _ in range(runs):
        began = time.perf_counter()
        annotator.annotate(text)
        warm.append(time.perf_counter() - began)
    print(f"warm annotate of the seed article: {min(warm):.3f} s (minimum of {runs})")


if __name__ == "__main__":
    main()
