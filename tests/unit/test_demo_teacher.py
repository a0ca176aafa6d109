"""The demo's data and network."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import numpy as np
import pytest

from eigenstill.demo.teacher import load_ames, split_ames
from eigenstill.tables import load_table


def test_vendored_data_is_what_its_readme_says():
    folder = files("eigenstill").joinpath("data")
    data = folder.joinpath("ames.csv").read_bytes()
    assert hashlib.sha256(data).hexdigest() in folder.joinpath("README.md").read_text(encoding="utf-8")
    inputs, prices, names = load_ames()
    assert inputs.shape == (2930, 14)
    assert prices.min() > 1
    table = load_table(str(folder.joinpath("ames.csv")))
    assert table.names == (*names, "Sale_Price")
    assert np.array_equal(table.values[:, :-1], inputs)


def test_splits_are_disjoint_and_follow_the_seed():
    first, again, other = split_ames(0), split_ames(0), split_ames(1)
    assert np.array_equal(first.inputs, again.inputs)
    assert not np.array_equal(first.inputs, other.inputs)
    assert (len(first.labels), len(first.test_labels)) == (1400, 1530)
    rows = np.vstack([first.inputs, first.test_inputs])
    assert np.array_equal(np.unique(rows, axis=0), np.unique(load_ames()[0], axis=0))


@pytest.mark.torch
def test_network_takes_raw_columns_and_trains():
    torch = pytest.importorskip("torch")
    from eigenstill.demo.teacher import build_network, train_network

    split = split_ames(0)
    threads, seen = torch.get_num_threads(), []
    network = train_network(split.inputs, split.labels, (32,), epochs=3, progress=lambda *step: seen.append(step))
    assert torch.get_num_threads() == threads
    assert seen[-1] == ("training the network", 3, 3)
    assert not network.training
    with torch.no_grad():
        values = network(torch.as_tensor(split.test_inputs)).numpy()
    assert values.shape == (1530,)
    assert np.sqrt(((values - split.test_labels) ** 2).mean()) < 0.7 * split.test_labels.std()
    count = sum(p.numel() for p in build_network(split.inputs, split.labels, (512, 256)).parameters())
    assert count == 139_265
    again = train_network(split.inputs, split.labels, (32,), epochs=3)
    with torch.no_grad():
        assert np.array_equal(again(torch.as_tensor(split.test_inputs)).numpy(), values)
