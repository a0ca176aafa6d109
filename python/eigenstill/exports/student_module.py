"""The formula as a torch module. Its source is also what `export(..., "torch")` writes, so it names torch alone."""

import torch


class StudentModule(torch.nn.Module):
    """b + w . x + sum_j a_j phi_j(x) at rows x (n, d): scriptable, exportable, with gradients.

    landmarks (m, d), scales (d,), coefficients (m, c), intercept (c,), weights (d, c), or (0, c) without linear term;
    with `flat` the result has shape (n,).
    """

    landmarks: torch.Tensor
    scales: torch.Tensor
    coefficients: torch.Tensor
    intercept: torch.Tensor
    weights: torch.Tensor

    def __init__(
        self,
        kernel: str,
        flat: bool,
        landmarks: torch.Tensor,
        scales: torch.Tensor,
        coefficients: torch.Tensor,
        intercept: torch.Tensor,
        weights: torch.Tensor,
    ) -> None:
        super().__init__()
        self.kernel = kernel
        self.flat = flat
        self.linear = len(weights) > 0
        self.register_buffer("landmarks", landmarks)
        self.register_buffer("scales", scales)
        self.register_buffer("coefficients", coefficients)
        self.register_buffer("intercept", intercept)
        self.register_buffer("weights", weights)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The formula's values at the rows x."""
        x = x.to(self.landmarks.dtype)
        gaps = x.unsqueeze(1) - self.landmarks
        sizes = gaps.abs() if self.kernel == "rational-l1" else gaps * gaps
        q = torch.matmul(sizes, self.scales)
        if self.kernel == "gaussian":
            phi = torch.exp(-q)
        elif self.kernel == "matern-3/2":
            # the bounds keep the slope at a landmark 0, where the root's own is infinite, and inf exp(-inf) away
            t = torch.sqrt(torch.clamp(3 * q, min=1e-30, max=1099511627776.0))
            phi = (1 + t) * torch.exp(-t)
        else:
            phi = 1 / (1 + q)
        values = torch.matmul(phi, self.coefficients) + self.intercept
        if self.linear:
            values = values + torch.matmul(x, self.weights)
        return values.squeeze(1) if self.flat else values
