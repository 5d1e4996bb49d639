"""The look that all pictures share, and how a picture gets into its file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from inference.textfile import write_whole

BLUE, ORANGE, GREY = "#2b6cb0", "#dd6b20", "#4a5568"
COLOURS = (BLUE, ORANGE, GREY, "#38a169", "#805ad5", "#d53f8c")


def finish(figure: Figure, to: Path) -> None:
    """Write the figure as PNG and forget it."""
    for axis in figure.axes:
        axis.spines[["top", "right"]].set_visible(False)
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=130)
    plt.close(figure)
    write_whole(to, drawn.getvalue())
