"""Your own torch model -> a formula -> a certificate -> a verdict: python examples/my_torch_model.py [FOLDER]"""

import sys

import torch

import eigenstill

torch.manual_seed(0)
X = torch.randn(600, 3)
y = torch.sin(X[:, 0]) + 0.5 * X[:, 1] * X[:, 2] + 0.1 * torch.randn(600)

network = torch.nn.Sequential(torch.nn.Linear(3, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1), torch.nn.Flatten(0))
optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
for _ in range(500):
    optimiser.zero_grad()
    torch.nn.functional.mse_loss(network(X[:400]), y[:400]).backward()
    optimiser.step()

rows, labels = X.double().numpy(), y.double().numpy()
student = eigenstill.distill(
    network, rows[:400], labels[:400], holdout=rows[400:], holdout_y=labels[400:], landmarks=48
)
certificate = eigenstill.certify(student, sys.argv[1] if len(sys.argv) > 1 else "my_model")
print(eigenstill.check(certificate).message, "->", certificate)
print("formula at the first row:", student.predict(rows[:1]), "network:", network(X[:1]).detach().numpy())
