"""How much memory annotating takes: the peak of a new process, for one article and for a collection.

python benchmarks/memory.py [--backend auto] [--data seeds]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from training.formats import read_articles

ROOT = Path(__file__).resolve().parent.parent

# The peak is asked of the process itself: what a parent is told of its children is the largest of them all.
_ANNOTATE = """
import json, resource, sys
from pathlib import Path
from inference import Annotator
texts = json.load(sys.stdin)
annotator = Annotator(backend=sys.argv[1])
assert len(annotator.annotate_many(texts)) == len(texts)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak / 1024 if sys.platform != "darwin" else peak / 1024**2)
"""


def peak_megabytes(texts: list[str], backend: str) -> float:
    """The peak of resident memory, in MiB, of a process that annotates the texts."""
    command = [sys.executable, "-c", _ANNOTATE, backend]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backend", default="auto", help="as of `sokhan annotate`")
    parser.add_argument("--data", type=Path, default=ROOT / "seeds", help="articles of the collection")
    options = parser.parse_args()
    collection = [article.text for article in read_articles(options.data, None)]
    seed = (ROOT / "seeds" / "seed.txt").read_text(encoding="utf-8")
    for name, texts in (("nothing", []), ("the seed article", [seed]), (f"{len(collection)} articles", collection)):
        print(f"{name}: {peak_megabytes(texts, options.backend):.0f} MiB")


if __name__ == "__main__":
    main()
