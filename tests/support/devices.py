"""The torch devices of this machine: "cpu" goes through a device's code everywhere, and a GPU where there is one."""

from __future__ import annotations


def device_names() -> list[str]:
    """As torch names them, "cpu" first; none without torch."""
    try:
        import torch
    except ImportError:
        return []
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]
