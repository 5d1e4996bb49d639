"""The pieces of which OpenVINO graphs of encoders are made, fed with the tensors of a checkpoint.

The graph is made straight from `config.json` and `model.safetensors`, in a tenth of a second: neither torch nor
transformers is needed, and there is no converted model that could be stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from openvino import opset13 as op
from safetensors import SafetensorError
from safetensors.numpy import load_file

from inference.backends.backend import UnsupportedModelError
from inference.batching import Array

Node = Any
"""An output of the graph; openvino's own types change with its versions."""

# Scores of hidden tokens: `exp` of it is 0, and a row that is all hidden stays finite.
_HIDDEN = -65504.0
_GELU = {"gelu": "ERF", "gelu_new": "TANH", "gelu_pytorch_tanh": "TANH"}


class Weights:
    """Tensors of a checkpoint in float32, taken one by one.

    Raises:
        UnsupportedModelError: If the file can't be read with numpy.
    """

    def __init__(self, file: Path) -> None:
        try:
            self._tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(file).items()}
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise UnsupportedModelError(f"its weights can't be read: {error}") from error
        self._left = set(self._tensors)

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def __getitem__(self, name: str) -> Array:
        """A tensor.

        Raises:
            UnsupportedModelError: If there is none of that name.
        """
        if name not in self._tensors:
            raise UnsupportedModelError(f"its weights lack {name}")
        self._left.discard(name)
        return self._tensors[name]

    def require_all_taken(self, within: str) -> None:
        """See that no tensor of the encoder's layers is left: it would be a part that the graph does not have.

        Raises:
            UnsupportedModelError: If one is.
        """
        left = sorted(name for name in self._left if name.startswith(within))
        if left:
            raise UnsupportedModelError(f"its weights have {left[0]}, which no graph here has")


class Layers:
    """Makes the layers that encoders share.

    Args:
        weights: The tensors, by the names of transformers.
        epsilon: Of layer normalisation.
        bf16: Whether matrix products are computed in bfloat16; all else is float32.
    """

    def __init__(self, weights: Weights, epsilon: float, bf16: bool) -> None:
        self._weights = weights
        self._epsilon = epsilon
        self._bf16 = bf16

    def linear(self, x: Node, name: str, rows: slice = slice(None), exact: bool = False) -> Node:
        """`x @ weight.T + bias`, the bias if there is one.

        Args:
            rows: Which outputs.
            exact: In float32 whatever the precision.
        """
        weight: Node = op.constant(np.ascontiguousarray(self._weights[f"{name}.weight"][rows]))
        if self._bf16 and not exact:
            product = op.convert(op.matmul(op.convert(x, "bf16"), op.convert(weight, "bf16"), False, True), "f32")
        else:
            product = op.matmul(x, weight, False, True)
        bias = f"{name}.bias"
        return op.add(product, op.constant(self._weights[bias][rows])) if bias in self._weights else product

    def norm(self, x: Node, name: str) -> Node:
        """Layer normalisation, with a bias if there is one."""
        normed = op.multiply(op.mvn(x, ints(-1), True, self._epsilon, "INSIDE_SQRT"), self.tensor(f"{name}.weight"))
        bias = f"{name}.bias"
        return op.add(normed, self.tensor(bias)) if bias in self._weights else normed

    def tensor(self, name: str) -> Node:
        """A tensor of the checkpoint as it is."""
        return op.constant(self._weights[name])

    def embedding(self, ids: Node, name: str) -> Node:
        """`(batch, tokens, hidden)` of ids `(batch, tokens)`, or `(tokens, hidden)` of `(tokens,)`."""
        return op.gather(self.tensor(f"{name}.weight"), ids, ints(0, scalar=True))


def activation(x: Node, name: str) -> Node:
    """The activation that transformers calls `name`.

    Raises:
        UnsupportedModelError: If it is none of those known here.
    """
    if name in _GELU:
        return op.gelu(x, _GELU[name])
    if name == "relu":
        return op.relu(x)
    raise UnsupportedModelError(f"its activation is {name}")


def ints(*values: int, scalar: bool = False) -> Node:
    """A constant of whole numbers, `(values,)` or a scalar."""
    return op.constant(np.array(values[0] if scalar else values, dtype=np.int64))


def floats(value: Array | float) -> Node:
    """A constant of float32."""
    return op.constant(np.asarray(value, dtype=np.float32))


def positions(ids: Node) -> Node:
    """`(tokens,)`: 0, 1, 2 … of ids `(batch, tokens)`."""
    zero = ints(0, scalar=True)
    length = op.gather(op.shape_of(ids, "i64"), ints(1, scalar=True), zero)
    return op.range(zero, length, ints(1, scalar=True), "i64")


def hiding(seen: Node) -> Node:
    """What is added to attention scores, from a truth value for each."""
    return op.select(seen, floats(0.0), floats(_HIDDEN))


def seen_keys(attention_mask: Node) -> Node:
    """`(batch, 1, 1, tokens)`: whether a key is a token, from a mask `(batch, tokens)`."""
    return op.unsqueeze(op.convert(attention_mask, "boolean"), ints(1, 2))


def split_heads(x: Node, heads: int, size: int) -> Node:
    """`(batch, heads, tokens, size)` from `(batch, tokens, hidden)`."""
    return op.transpose(op.reshape(x, ints(0, 0, heads, size), True), ints(0, 2, 1, 3))


def attention(query: Node, key: Node, value: Node, hidden: Node, size: int) -> Node:
    """Scaled dot-product attention of split heads, joined again to `(batch, tokens, hidden)`."""
    scores = op.add(op.matmul(op.multiply(query, floats(size**-0.5)), key, False, True), hidden)
    mixed = op.matmul(op.softmax(scores, -1), value, False, False)
    return op.reshape(op.transpose(mixed, ints(0, 2, 1, 3)), ints(0, 0, -1), True)


def first_token(x: Node) -> Node:
    """`(batch, hidden)` of the first token, from `(batch, tokens, hidden)`."""
    return op.gather(x, ints(0, scalar=True), ints(1, scalar=True))


def mean_of_tokens(x: Node, attention_mask: Node) -> Node:
    """`(batch, hidden)`: the mean over what is not filling."""
    counted = op.unsqueeze(op.convert(attention_mask, "f32"), ints(-1))
    return op.divide(op.reduce_sum(op.multiply(x, counted), ints(1)), op.reduce_sum(counted, ints(1)))


def require(config: dict[str, Any], key: str, allowed: Sequence[Any]) -> None:
    """See that a configuration asks for nothing that the graph does not do; a missing key is its default.

    Raises:
        UnsupportedModelError: If it does.
    """
    if key in config and config[key] not in allowed:
        raise UnsupportedModelError(f"its {key} is {config[key]}")
