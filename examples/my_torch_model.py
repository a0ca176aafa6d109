"""Your own torch model -> a formula -> a certificate -> a verdict: python examples/my_torch_model.py [FOLDER]"""

import sys
from pathlib import Path

import numpy as np
import torch

import eigenstill

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "my_model")
rng = np.random.default_rng(0)
X = rng.normal(size=(600, 3))
y = np.sin(X[:, 0]) + 0.5 * X[:, 1] * X[:, 2] + 0.1 * rng.normal(size=600)

torch.manual_seed(0)
network = torch.nn.Sequential(torch.nn.Linear(3, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
inputs, targets = torch.tensor(X[:400], dtype=torch.float32), torch.tensor(y[:400, None], dtype=torch.float32)
for _ in range(500):
    loss = torch.nn.functional.mse_loss(network(inputs), targets)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()

student = eigenstill.distill(network, X[:400], y[:400], holdout=X[400:], holdout_y=y[400:], landmarks=48)
certificate = eigenstill.certify(student, folder)
print(eigenstill.check(certificate).message, "->", certificate)
print("formula at the first row:", student.predict(X[:1]), "network:", network(inputs[:1]).detach().numpy().ravel())
