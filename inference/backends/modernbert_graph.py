"""ModernBERT (Warner et al. 2024) as a graph: rotary positions, gated layers, every other attention local."""

from __future__ import annotations

from typing import Any

import numpy as np
from openvino import opset13 as op

from inference.backends.backend import UnsupportedModelError
from inference.backends.graph import (
    Layers,
    Node,
    Weights,
    activation,
    attention,
    first_token,
    floats,
    hiding,
    ints,
    mean_of_tokens,
    positions,
    require,
    seen_keys,
    split_heads,
)

_EVERY = 3  # layers, of which the first sees all, in configurations that do not list them
_THETA = {"full_attention": ("global_rope_theta", 160_000.0), "sliding_attention": ("local_rope_theta", 10_000.0)}


def modernbert(config: dict[str, Any], weights: Weights, pooled: bool, bf16: bool, ids: Node, mask: Node) -> Node:
    """Logits of a classifier.

    Args:
        config: The checkpoint's configuration.
        pooled: Whether an input has one set of outputs or each token.
        ids: Tokens `(batch, tokens)`.
        mask: 1 for a token, 0 for filling.

    Returns:
        `(batch, tokens, labels)` or `(batch, labels)`.

    Raises:
        UnsupportedModelError: If it is of a kind that is not drawn here.
    """
    layers = Layers(weights, config.get("norm_eps", 1e-5), bf16)
    kinds = _kinds(config)
    heads = config["num_attention_heads"]
    size = config["hidden_size"] // heads
    place = positions(ids)
    hidden = _hidden(place, mask, config.get("local_attention", 128) // 2)
    turns = {kind: _turns(place, _theta(config, kind), size) for kind in set(kinds)}
    x = layers.norm(layers.embedding(ids, "model.embeddings.tok_embeddings"), "model.embeddings.norm")
    for number, kind in enumerate(kinds):
        name = f"model.layers.{number}"
        x = op.add(x, _attended(layers, name, x, number > 0, heads, size, hidden[kind], turns[kind]))
        x = op.add(x, _gated(layers, name, x, config))
    x = layers.norm(x, "model.final_norm")
    if pooled:
        require(config, "classifier_pooling", ["cls", "mean"])
        x = mean_of_tokens(x, mask) if config.get("classifier_pooling") == "mean" else first_token(x)
    x = activation(layers.linear(x, "head.dense"), config.get("classifier_activation", "gelu"))
    logits = layers.linear(layers.norm(x, "head.norm"), "classifier")
    weights.require_all_taken("model.")
    return logits


def _kinds(config: dict[str, Any]) -> list[str]:
    """Full or sliding attention, for each layer."""
    every = config.get("global_attn_every_n_layers", _EVERY)
    count = config["num_hidden_layers"]
    kinds = config.get("layer_types") or [
        "sliding_attention" if number % every else "full_attention" for number in range(count)
    ]
    if len(kinds) != count or not set(kinds) <= set(_THETA):
        raise UnsupportedModelError(f"its layer_types are {kinds}")
    return list(kinds)


def _theta(config: dict[str, Any], kind: str) -> float:
    """Base of the wavelengths; configurations of transformers 4 name it otherwise."""
    require(config, "rope_scaling", [None])
    key, default = _THETA[kind]
    given = (config.get("rope_parameters") or {}).get(kind) or {}
    require(given, "rope_type", ["default"])
    return float(given.get("rope_theta", config.get(key, default)))


def _turns(place: Node, theta: float, size: int) -> tuple[Node, Node]:
    """Cosines and sines `(tokens, size)` of rotary positions (Su et al. 2021)."""
    frequencies = 1.0 / theta ** (np.arange(0, size, 2, dtype=np.float32) / size)
    angles = op.multiply(op.unsqueeze(op.convert(place, "f32"), ints(1)), floats(np.tile(frequencies, 2)[None]))
    return op.cos(angles), op.sin(angles)


def _turned(x: Node, turns: tuple[Node, Node]) -> Node:
    cosines, sines = turns
    first, second = op.split(x, ints(-1, scalar=True), 2).outputs()
    return op.add(op.multiply(x, cosines), op.multiply(op.concat([op.negative(second), first], -1), sines))


def _hidden(place: Node, mask: Node, reach: int) -> dict[str, Node]:
    """What each kind of attention does not see; the sliding one sees `reach` tokens to each side."""
    key = seen_keys(mask)
    distance = op.abs(op.subtract(op.unsqueeze(place, ints(1)), op.unsqueeze(place, ints(0))))
    near = op.unsqueeze(op.less_equal(distance, ints(reach, scalar=True)), ints(0, 1))
    return {"full_attention": hiding(key), "sliding_attention": hiding(op.logical_and(key, near))}


def _attended(
    layers: Layers, name: str, x: Node, normed: bool, heads: int, size: int, hidden: Node, turns: tuple[Node, Node]
) -> Node:
    """What attention adds; the first layer's input is normalised already."""
    if normed:
        x = layers.norm(x, f"{name}.attn_norm")
    width = heads * size
    # Rounding of queries and keys moves scores more than all other rounding together.
    query, key, value = (
        split_heads(
            layers.linear(x, f"{name}.attn.Wqkv", slice(n * width, (n + 1) * width), exact=n < 2), heads, size
        )
        for n in range(3)
    )
    mixed = attention(_turned(query, turns), _turned(key, turns), value, hidden, size)
    return layers.linear(mixed, f"{name}.attn.Wo")


def _gated(layers: Layers, name: str, x: Node, config: dict[str, Any]) -> Node:
    """What the gated layer adds (GeGLU, Shazeer 2020)."""
    x = layers.norm(x, f"{name}.mlp_norm")
    half = config["intermediate_size"]
    given = layers.linear(x, f"{name}.mlp.Wi", slice(0, half))
    gate = layers.linear(x, f"{name}.mlp.Wi", slice(half, 2 * half))
    opened = op.multiply(activation(given, config.get("hidden_activation", "gelu")), gate)
    return layers.linear(opened, f"{name}.mlp.Wo")
