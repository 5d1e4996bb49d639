"""Which backend runs a model: the one that is asked for, or the fastest that is sure to work here."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from inference.backends.backend import Backend, UnsupportedModelError
from inference.errors import SokhanError, SokhanWarning, nearest

BACKENDS = ("auto", "openvino", "openvino-bf16", "torch", "torch-bf16")
"""`-bf16` computes matrix products in bfloat16, faster where the processor has it: scores move by up to 0.04, also
with what else is in the batch, and with them one mention of a thousand. The others compute in float32."""

_CUDA_DRIVER = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}


def load_backend(
    folder: Path,
    config: dict[str, Any],
    pooled: bool,
    typed: bool,
    device: str = "auto",
    backend: str = "auto",
    threads: int | None = None,
) -> tuple[Backend, str]:
    """Make a checkpoint ready to run.

    Args:
        folder: A checkpoint with `model.safetensors`.
        config: Its `config.json`.
        pooled: Whether an input has one set of outputs or each token.
        typed: Whether the model is to tell segments apart.
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps`. `auto` takes CUDA where there is one and the backend can.
        backend: One of `BACKENDS`. `auto` is OpenVINO on a CPU, or torch with a warning where OpenVINO can't, and
            torch on any other device.
        threads: CPU threads; by default as many as the process may use, and for torch as many as it takes itself.

    Returns:
        The backend, and the device that it is on.

    Raises:
        UnsupportedModelError: If the folder holds no classifier that the backend can run.
        SokhanError: If backend, device or threads are not to be had.
    """
    if backend not in BACKENDS:
        raise SokhanError(f"unknown backend '{backend}'{nearest(backend, BACKENDS)}")
    if threads is not None and threads < 1:
        raise SokhanError(f"threads is {threads}; at least 1 is needed")
    asked = backend.startswith("openvino")
    on_cpu = device == "cpu" or (device == "auto" and (asked or not _may_have_cuda()))
    if asked and not on_cpu:
        raise SokhanError(f"backend '{backend}' runs on the CPU, not on '{device}'; use 'auto' or 'torch'")
    if not on_cpu or backend.startswith("torch"):
        return _torch(folder, pooled, device, backend, threads)
    count = threads or available_cores()
    if asked:
        try:
            return _openvino(folder, config, pooled, typed, backend, count), "cpu"
        except ImportError as error:
            raise SokhanError(f"backend '{backend}' needs the package openvino, which is not there") from error
    try:
        return _openvino(folder, config, pooled, typed, backend, count), "cpu"
    except ImportError:
        reason = "the package openvino is not there"
    except Exception as error:  # whatever another library may raise, torch can still do it
        reason = f"OpenVINO can't run {folder} ({_reason(error)})"
    found = _torch(folder, pooled, "cpu", "torch", threads)
    warnings.warn(f"{reason}; torch computes the model, more slowly", SokhanWarning, stacklevel=4)
    return found


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _may_have_cuda() -> bool:
    """Whether there is a driver of CUDA; torch, which knows more, takes seconds to be asked."""
    name = _CUDA_DRIVER.get(sys.platform)
    if name is None:
        return False
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _openvino(folder: Path, config: dict[str, Any], pooled: bool, typed: bool, backend: str, threads: int) -> Backend:
    from inference.backends.openvino_backend import OpenVinoBackend

    bf16 = backend == "openvino-bf16"
    try:
        return OpenVinoBackend(folder / "model.safetensors", config, pooled, typed, bf16, threads)
    except RuntimeError as error:  # OpenVINO's own
        raise UnsupportedModelError(_reason(error)) from error


def _torch(folder: Path, pooled: bool, device: str, backend: str, threads: int | None) -> tuple[Backend, str]:
    import torch

    from inference.backends.torch_backend import choose_device, load_torch

    place = choose_device(device)
    if threads is not None:
        torch.set_num_threads(threads)  # of the whole process
    return load_torch(folder, pooled, place, bf16=backend == "torch-bf16"), str(place)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else repr(error)
