"""Sokhan: who spoke, what they said, and what a Persian statement carries.

>>> from inference import annotate
>>> annotate("سردار سلامی گفت: آماده‌ایم.").entities[0].label
'RANK'

Importing the package loads neither torch nor any model; `Annotator()` and the first `annotate` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inference.annotation import Annotation, Entity, Sentence, Theme
from inference.errors import SokhanError

if TYPE_CHECKING:
    from inference.annotator import Annotator, annotate

__version__ = "0.1.0"

__all__ = ["Annotation", "Annotator", "Entity", "Sentence", "SokhanError", "Theme", "__version__", "annotate"]


def __getattr__(name: str) -> Any:
    if name in ("Annotator", "annotate"):
        from inference import annotator

        return getattr(annotator, name)
    raise AttributeError(f"module 'inference' has no attribute '{name}'")
