"""Early stopping without a validation set: the monitor sees the predictions on the training rows only."""

import copy

import torch

import eigenstill
from eigenstill.demo.teacher import build_network, split_ames

split = split_ames()
monitor = eigenstill.OverfitMonitor(split.inputs, split.labels, patience=15)

torch.manual_seed(0)
network = build_network(split.inputs, split.labels, (128,))
x, y = (torch.as_tensor(values) for values in (split.inputs, split.labels))
optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
best = copy.deepcopy(network)
for _ in range(100):
    for rows in torch.randperm(len(x)).split(64):
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(network(x[rows]), y[rows]).backward()
        optimiser.step()
    with torch.no_grad():
        reading = monitor.update(network(x).numpy())
    if reading.best_epoch == reading.epoch:
        best = copy.deepcopy(network)
    if reading.should_stop:
        break


def test_rmse(model: torch.nn.Module) -> float:
    """Only to see how well it went: no decision above used these rows."""
    with torch.no_grad():
        errors = model(torch.as_tensor(split.test_inputs)).numpy() - split.test_labels
    return float((errors**2).mean() ** 0.5)


print(monitor.summary())
print(f"test RMSE of the best network {test_rmse(best):.3f}, of the last one {test_rmse(network):.3f}")
