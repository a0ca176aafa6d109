"""`kernel_values` on a torch device: the same formulas from differences, so the same bound of their error."""

from __future__ import annotations

from typing import Any

from ..arrays import FloatArray
from .kernels import FAR, RATIONAL_KERNELS, require_kernel


def device_kernel_values(kernel: str, inputs: Any, landmarks: Any, scales: FloatArray) -> Any:
    """phi_j(x_i), a float64 tensor (n, m) on the device of the tensors inputs (n, d) and landmarks (m, d).

    Every operation is one of IEEE 754's, but for exp, which torch and CUDA give within 1 unit of the last place:
    `error_bound` covers them in any order of summation.
    """
    import torch

    require_kernel(kernel)
    total = torch.zeros((len(inputs), len(landmarks)), dtype=torch.float64, device=inputs.device)
    gaps = torch.empty_like(total)
    for place, scale in enumerate(scales.tolist()):
        torch.sub(inputs[:, place, None], landmarks[:, place], out=gaps)
        if kernel == "rational-l1":
            total.add_(gaps.abs_(), alpha=scale)
        else:
            total.addcmul_(gaps, gaps, value=scale)
    if kernel in RATIONAL_KERNELS:
        return total.add_(1.0).reciprocal_()
    if kernel == "gaussian":
        return total.neg_().exp_()
    total.mul_(3.0).sqrt_().clamp_(max=FAR)
    return (1.0 + total).mul_(torch.exp(-total))
