"""BERT (Devlin et al. 2018), RoBERTa (Liu et al. 2019) and XLM-R as a graph: one encoder, two heads."""

from __future__ import annotations

from typing import Any

from openvino import opset13 as op

from inference.backends.graph import (
    Layers,
    Node,
    Weights,
    activation,
    attention,
    first_token,
    hiding,
    ints,
    positions,
    require,
    seen_keys,
    split_heads,
)


def bert(
    config: dict[str, Any], weights: Weights, pooled: bool, bf16: bool, ids: Node, mask: Node, types: Node | None
) -> Node:
    """Logits of a BERT classifier, `(batch, tokens, labels)` or, where `pooled`, `(batch, labels)`.

    Args:
        config: The checkpoint's configuration.
        pooled: Whether an input has one set of outputs or each token.
        ids: Tokens `(batch, tokens)`.
        mask: 1 for a token, 0 for filling.
        types: Segments `(batch, tokens)`, if the model is to tell them apart.

    Raises:
        UnsupportedModelError: If it is of a kind that is not drawn here.
    """
    layers = Layers(weights, config.get("layer_norm_eps", 1e-12), bf16)
    x = _encoded(config, weights, layers, "bert", positions(ids), ids, mask, types)
    if pooled:
        x = op.tanh(layers.linear(first_token(x), "bert.pooler.dense"))
    return layers.linear(x, "classifier")


def roberta(
    config: dict[str, Any], weights: Weights, pooled: bool, bf16: bool, ids: Node, mask: Node, types: Node | None
) -> Node:
    """Logits of a RoBERTa or XLM-R classifier; as `bert`."""
    layers = Layers(weights, config.get("layer_norm_eps", 1e-12), bf16)
    x = _encoded(config, weights, layers, "roberta", _counted(ids, config.get("pad_token_id", 1)), ids, mask, types)
    if not pooled:
        return layers.linear(x, "classifier")
    return layers.linear(op.tanh(layers.linear(first_token(x), "classifier.dense")), "classifier.out_proj")


def _counted(ids: Node, pad_id: int) -> Node:
    """Positions that begin behind `pad_id` and pass over every such token."""
    token = op.convert(op.not_equal(ids, ints(pad_id, scalar=True)), "i64")
    return op.add(op.multiply(op.cum_sum(token, ints(1, scalar=True)), token), ints(pad_id, scalar=True))


def _encoded(
    config: dict[str, Any],
    weights: Weights,
    layers: Layers,
    prefix: str,
    place: Node,
    ids: Node,
    mask: Node,
    types: Node | None,
) -> Node:
    """The last hidden states `(batch, tokens, hidden)`."""
    require(config, "position_embedding_type", ["absolute"])
    require(config, "is_decoder", [False])
    embeddings = f"{prefix}.embeddings"
    segment = ints(0, scalar=True) if types is None else types
    x = op.add(
        layers.embedding(ids, f"{embeddings}.word_embeddings"),
        layers.embedding(segment, f"{embeddings}.token_type_embeddings"),
    )
    x = op.add(x, layers.embedding(place, f"{embeddings}.position_embeddings"))
    x = layers.norm(x, f"{embeddings}.LayerNorm")
    heads = config["num_attention_heads"]
    hidden = hiding(seen_keys(mask))
    for number in range(config["num_hidden_layers"]):
        name = f"{prefix}.encoder.layer.{number}"
        mixed = _attended(layers, f"{name}.attention.self", x, heads, config["hidden_size"] // heads, hidden)
        added = op.add(x, layers.linear(mixed, f"{name}.attention.output.dense"))
        x = layers.norm(added, f"{name}.attention.output.LayerNorm")
        wide = activation(layers.linear(x, f"{name}.intermediate.dense"), config.get("hidden_act", "gelu"))
        x = layers.norm(op.add(x, layers.linear(wide, f"{name}.output.dense")), f"{name}.output.LayerNorm")
    weights.require_all_taken(f"{prefix}.encoder.")
    return x


def _attended(layers: Layers, name: str, x: Node, heads: int, size: int, hidden: Node) -> Node:
    # Rounding of queries and keys moves scores more than all other rounding together.
    query = split_heads(layers.linear(x, f"{name}.query", exact=True), heads, size)
    key = split_heads(layers.linear(x, f"{name}.key", exact=True), heads, size)
    value = split_heads(layers.linear(x, f"{name}.value"), heads, size)
    return attention(query, key, value, hidden, size)
