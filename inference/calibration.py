"""Scores that are probabilities: what a model says of itself, mapped to how often it was right on given articles.

Temperature scaling with a shift (Guo et al. 2017; Platt 1999) or isotonic regression (Zadrozny and Elkan 2002), kept
beside the model as `calibration.json`. Neither ever turns the order of two scores.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from inference.errors import SokhanError, nearest
from inference.textfile import write_whole

CALIBRATION_FILE = "calibration.json"

Float = TypeVar("Float", bound=np.floating[Any])

# A float32 score of exactly 0 or 1 has no finite log-odds.
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Temperature:
    """`sigmoid(log-odds / temperature + shift)`.

    Attributes:
        temperature: Above 0; over 1 makes a model less sure of itself.
        shift: Below 0 makes everything less likely.

    Raises:
        ValueError: If they are not such numbers.
    """

    temperature: float
    shift: float = 0.0

    def __post_init__(self) -> None:
        _require_numbers("temperature", [self.temperature])
        _require_numbers("shift", [self.shift])
        if self.temperature <= 0:
            raise ValueError(f"temperature is {self.temperature}, not above 0")

    def __call__(self, scores: npt.NDArray[Float]) -> npt.NDArray[Float]:
        """Probabilities of scores, of the same shape and type."""
        with np.errstate(over="ignore"):
            scaled = log_odds(scores) / self.temperature + self.shift
        return (0.5 + 0.5 * np.tanh(scaled / 2)).astype(scores.dtype)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A line through knots, level before the first and after the last.

    Attributes:
        scores: Scores of the knots, each higher than the one before.
        probabilities: Their probabilities, none lower than the one before.

    Raises:
        ValueError: If they are not such numbers.
    """

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.scores or len(self.scores) != len(self.probabilities):
            raise ValueError(f"{len(self.scores)} scores and {len(self.probabilities)} probabilities are no knots")
        for name, values in (("scores", self.scores), ("probabilities", self.probabilities)):
            _require_numbers(name, values)
            if not 0 <= min(values) <= max(values) <= 1:
                raise ValueError(f"{name} are not all between 0 and 1")
        if any(before >= after for before, after in pairwise(self.scores)):
            raise ValueError("scores do not rise from knot to knot")
        if any(before > after for before, after in pairwise(self.probabilities)):
            raise ValueError("probabilities fall from one knot to the next")

    def __call__(self, scores: npt.NDArray[Float]) -> npt.NDArray[Float]:
        """Probabilities of scores, of the same shape and type."""
        return np.interp(scores, self.scores, self.probabilities).astype(scores.dtype)


Calibration = Temperature | Isotonic

_METHODS: dict[str, type[Temperature] | type[Isotonic]] = {"temperature": Temperature, "isotonic": Isotonic}


def log_odds(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """`log(p / (1 - p))`, finite for 0 and 1 too."""
    clipped = np.clip(scores.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.log(clipped) - np.log1p(-clipped)


def method_of(calibration: Calibration) -> str:
    """`temperature` or `isotonic`."""
    return next(name for name, kind in _METHODS.items() if isinstance(calibration, kind))


def save_calibration(calibration: Calibration, folder: Path) -> None:
    """Write `calibration.json` into a model folder."""
    values = {"method": method_of(calibration), **asdict(calibration)}
    write_whole(folder / CALIBRATION_FILE, json.dumps(values, indent=2).encode() + b"\n")


def load_calibration(folder: Path) -> Calibration | None:
    """The calibration of a model folder; None if it has none.

    Raises:
        SokhanError: If its file holds none.
    """
    file = folder / CALIBRATION_FILE
    if not file.is_file():
        return None
    try:
        return _calibration(json.loads(file.read_bytes()))
    except (ValueError, TypeError, OverflowError) as error:
        raise SokhanError(f"{file} is not a calibration: {error}") from error


def _calibration(values: object) -> Calibration:
    if not isinstance(values, dict):
        raise ValueError("it is not an object")
    method = values.get("method")
    kind = _METHODS.get(method) if isinstance(method, str) else None
    if kind is None:
        raise ValueError(f"unknown method '{method}'{nearest(str(method), _METHODS)}")
    keys = [field.name for field in fields(kind)]
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    del given["method"]
    for key in given:
        if key not in keys:
            raise ValueError(f"unknown key '{key}'{nearest(key, keys)}")
    for key in keys:
        if key not in given or isinstance(given[key], tuple) != (kind is Isotonic):
            raise ValueError(f"'{key}' is missing or not {'a list' if kind is Isotonic else 'a number'}")
    return kind(**given)


def _require_numbers(name: str, values: Sequence[object]) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{name}: {value!r} is not a finite number")
