"""Models on the CPU with OpenVINO."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from openvino import opset13 as op

from inference.backends.backend import UnsupportedModelError
from inference.backends.bert_graph import bert, roberta
from inference.backends.graph import Weights
from inference.backends.modernbert_graph import modernbert
from inference.batching import Array, Batch

# With more, more is padding, less stays in the processor's cache, and memory grows.
_TOKENS_A_BATCH = 1024
# transformers writes no names for its default of two.
_UNNAMED = ("LABEL_0", "LABEL_1")
_ROBERTAS = ("roberta", "xlm-roberta", "camembert")


class OpenVinoBackend:
    """A classifier, compiled for the processor it runs on.

    Args:
        weights: The `model.safetensors` of a checkpoint.
        config: Its `config.json`.
        pooled: Whether an input has one set of outputs (probabilities each) or each token (one tag of several).
        typed: Whether the model is to tell segments apart.
        bf16: Whether matrix products are computed in bfloat16.
        threads: How many it may use.

    Raises:
        UnsupportedModelError: If the model is of a kind that is not known here, or lacks weights.
    """

    def __init__(
        self, weights: Path, config: dict[str, Any], pooled: bool, typed: bool, bf16: bool, threads: int
    ) -> None:
        self.name = "openvino-bf16" if bf16 else "openvino"
        self.tokens_a_batch = _TOKENS_A_BATCH
        core = openvino.Core()
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            "INFERENCE_NUM_THREADS": threads,
            # What is to be bfloat16 says so in the graph.
            "INFERENCE_PRECISION_HINT": "f32",
            # Pinned threads would wait for whoever else runs on their core.
            "ENABLE_CPU_PINNING": False,
            "ENABLE_HYPER_THREADING": True,
        }
        compiled = core.compile_model(_graph(weights, config, pooled, typed, bf16), "CPU", settings)
        self._request = compiled.create_infer_request()
        # One request at a time fills all threads; a second one would only need more memory.
        self._lock = threading.Lock()

    def __call__(self, batch: Batch) -> Array:
        """Scores of a batch; see `Backend`."""
        inputs = [batch.input_ids, batch.attention_mask]
        if batch.token_type_ids is not None:
            inputs.append(batch.token_type_ids)
        with self._lock:
            self._request.infer(inputs)
            return np.array(self._request.get_output_tensor().data, dtype=np.float32)


def _graph(file: Path, config: dict[str, Any], pooled: bool, typed: bool, bf16: bool) -> openvino.Model:
    kind = config.get("model_type")
    if kind not in ("modernbert", "bert", *_ROBERTAS):
        raise UnsupportedModelError(f"it is a {kind or 'nameless'} model")
    ids, mask, types = (op.parameter([-1, -1], np.int64) for _ in range(3))
    weights = Weights(file)
    try:
        if kind == "modernbert":
            logits = modernbert(config, weights, pooled, bf16, ids, mask)
        else:
            draw = bert if kind == "bert" else roberta
            logits = draw(config, weights, pooled, bf16, ids, mask, types if typed else None)
    except KeyError as error:
        raise UnsupportedModelError(f"its config.json lacks {error}") from error
    count, named = logits.get_output_partial_shape(0)[-1].get_length(), len(config.get("id2label") or _UNNAMED)
    if count != named:
        raise UnsupportedModelError(f"it has {count} outputs, but its config.json names {named}")
    scores = op.sigmoid(logits) if pooled else op.log_softmax(logits, -1)
    return openvino.Model([op.result(scores)], [ids, mask, *([types] if typed and kind != "modernbert" else [])])
