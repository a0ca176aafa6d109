"""What people would use instead, without a certificate."""

from __future__ import annotations

from typing import Any

from .rows import INPUTS, data, timed

RIDGE = 1e-2
EPOCHS = 10


def nystroem(kernel: str, rows: int, landmarks: int) -> dict[str, Any]:
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    x, _, labels = data(rows)
    features = Nystroem(kernel=kernel, gamma=1 / INPUTS, n_components=landmarks, random_state=0)
    model = make_pipeline(features, Ridge(alpha=RIDGE))
    return timed({"fit": lambda: model.fit(x, labels)})


def kernel_ridge(rows: int, _landmarks: int) -> dict[str, Any]:
    from sklearn.kernel_ridge import KernelRidge

    x, _, labels = data(rows)
    model = KernelRidge(kernel="rbf", gamma=1 / INPUTS, alpha=RIDGE)
    return timed({"fit": lambda: model.fit(x, labels)})


def sparse_gaussian_process(rows: int, landmarks: int) -> dict[str, Any]:
    """Hensman, Matthews and Ghahramani's variational Gaussian process as GPyTorch has it: inducing points are rows, kept."""
    import gpytorch
    import torch

    class Process(gpytorch.models.ApproximateGP):
        def __init__(self, points: Any) -> None:
            distribution = gpytorch.variational.CholeskyVariationalDistribution(len(points))
            super().__init__(
                gpytorch.variational.VariationalStrategy(self, points, distribution, learn_inducing_locations=False)
            )
            self.mean = gpytorch.means.ConstantMean()
            self.kernel = gpytorch.kernels.ScaleKernel(gpytorch.kernels.RBFKernel(ard_num_dims=INPUTS))

        def forward(self, points: Any) -> Any:
            return gpytorch.distributions.MultivariateNormal(self.mean(points), self.kernel(points))

    torch.manual_seed(0)
    x, _, labels = data(rows)
    inputs, wanted = torch.tensor(x, dtype=torch.float32), torch.tensor(labels, dtype=torch.float32)
    process, likelihood = Process(inputs[:landmarks].clone()), gpytorch.likelihoods.GaussianLikelihood()
    bound = gpytorch.mlls.VariationalELBO(likelihood, process, num_data=rows)
    optimiser = torch.optim.Adam([*process.parameters(), *likelihood.parameters()], lr=1e-2)

    def train() -> None:
        for _ in range(EPOCHS):
            for places in torch.randperm(rows).split(1024):
                optimiser.zero_grad()
                (-bound(process(inputs[places]), wanted[places])).backward()
                optimiser.step()

    return timed({"fit": train})


def network_student(rows: int, _landmarks: int) -> dict[str, Any]:
    """A 64-64 network as the student."""
    import torch

    torch.manual_seed(0)
    x, outputs, _ = data(rows)
    inputs, wanted = torch.tensor(x, dtype=torch.float32), torch.tensor(outputs, dtype=torch.float32)[:, None]
    layers = [torch.nn.Linear(INPUTS, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(64, 1))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)

    def train() -> None:
        for _ in range(EPOCHS):
            for places in torch.randperm(rows).split(256):
                optimiser.zero_grad()
                torch.nn.functional.mse_loss(model(inputs[places]), wanted[places]).backward()
                optimiser.step()

    return timed({"fit": train})
