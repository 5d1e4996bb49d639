"""The loss of sides against the probabilities that it stands for."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.side_loss import SideLoss

THEMES = ["cooperation.defense", "cooperation.unity", "threat.military"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-8, 8), min_size=3, max_size=3), st.lists(st.booleans(), min_size=3, max_size=3))
def test_it_is_the_likelihood_of_the_sides(values: list[float], carried: list[bool]) -> None:
    absent = [1 / (1 + math.exp(value)) for value in values]
    none_of = absent[0] * absent[1], absent[2]
    holds = carried[0] or carried[1], carried[2]
    wanted = -sum(math.log(1 - none if held else none) for none, held in zip(none_of, holds, strict=True)) / 2
    # A fourth output, as that of reported speech, has no part in it.
    logits, labels = torch.tensor([[*values, 5.0]]), torch.tensor([[*map(float, carried), 0.0]])
    assert float(SideLoss(THEMES)(logits, labels)) == pytest.approx(wanted, abs=1e-3)


def test_either_theme_of_a_side_will_do_and_the_gradient_stays_finite() -> None:
    loss = SideLoss(THEMES)
    labels = torch.tensor([[0.0, 1.0, 0.0]])
    near = loss(torch.tensor([[6.0, -6.0, -6.0]]), labels)
    assert float(near) < 0.01, "the other theme of the same side"
    assert float(loss(torch.tensor([[-6.0, -6.0, 6.0]]), labels)) > 5
    logits = torch.full((1, 3), -60.0, requires_grad=True)
    loss(logits, labels).backward()
    assert logits.grad is not None
    assert bool(logits.grad.isfinite().all())


def test_themes_of_one_side_alone_have_one_side() -> None:
    assert float(SideLoss(["threat.military"])(torch.tensor([[0.0]]), torch.tensor([[1.0]]))) == pytest.approx(
        math.log(2), abs=1e-4
    )
