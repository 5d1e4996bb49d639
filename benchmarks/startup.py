"""How long `sokhan annotate` takes in a new process, and which imports take most of it.

    python benchmarks/startup.py [--runs 5] [--top 12] [--backend auto]

The figures are minima of the runs. Processor seconds, of all threads, hardly depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

SEED = Path(__file__).resolve().parent.parent / "seeds" / "seed.txt"

# As `-X importtime` writes it: own and cumulative microseconds, and the name behind blanks for its depth.
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| +(\S+)")


def annotate(backend: str, *python_options: str) -> subprocess.CompletedProcess[str]:
    """Annotate the seed article in a new process."""
    command = [sys.executable, *python_options, "-m", "inference", "annotate", str(SEED), "--backend", backend]
    environment = os.environ | {"PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=True)


def seconds(backend: str) -> tuple[float, float]:
    """Wall-clock and processor seconds of a process that annotates the seed article."""
    before, began = os.times(), time.perf_counter()
    annotate(backend)
    after, ended = os.times(), time.perf_counter()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return ended - began, processor


def import_seconds(backend: str) -> dict[str, float]:
    """Seconds that the modules of each package take to import, without those that they import."""
    added: dict[str, float] = {}
    for line in annotate(backend, "-X", "importtime").stderr.splitlines():
        found = _IMPORT.match(line)
        if found:
            own, package = int(found[1]) / 1e6, found[3].partition(".")[0]
            added[package] = added.get(package, 0.0) + own
    return added


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs, of which the minimum is printed")
    parser.add_argument("--top", type=int, default=12, help="packages whose import time is printed")
    parser.add_argument("--backend", default="auto", help="as of `sokhan annotate`")
    options = parser.parse_args()
    taken = [seconds(options.backend) for _ in range(options.runs)]
    wall, processor = (min(column) for column in zip(*taken, strict=True))
    print(f"sokhan annotate seeds/seed.txt, new process: {wall:.2f} s, {processor:.2f} s of processor time")
    print("modules' own import time by package:")
    packages = import_seconds(options.backend)
    for package in sorted(packages, key=lambda name: -packages[name])[: options.top]:
        print(f"  {packages[package]:.3f} s  {package}")


if __name__ == "__main__":
    main()
