"""A Dask cluster gives the local result byte for byte, also when one of its four workers is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys

import numpy as np
import pytest

from eigenstill.cli import main
from eigenstill.engine import Distributed, Local, total
from eigenstill.errors import EngineError
from eigenstill.streaming import distill_stream, open_rows
from eigenstill_check import check

distributed = pytest.importorskip("distributed", reason="dask is not installed: no cluster was started")
cloudpickle = pytest.importorskip("cloudpickle")
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # no worker could import this module

pytestmark = pytest.mark.filterwarnings("ignore")  # of the cluster's own start and stop
ROWS = np.round(np.random.default_rng(5).normal(size=(2_000, 3)), 5)


def network(rows):
    return np.sin(2 * rows[:, 0]) + rows[:, 1] * rows[:, 2]


def broken(rows):
    raise ValueError("no such network")


def source():
    return open_rows(lambda: iter([ROWS]))


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=4, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Forty blocks: enough for a worker to be lost among them."""
    for module in ("tables.blocks", "streaming.sources", "streaming.survey", "streaming.run", "streaming.shards"):
        monkeypatch.setattr(f"eigenstill.{module}.ROWS", 50)
    monkeypatch.setattr("eigenstill.certificate.row_sums.ROWS", 50)


class OneIsKilled(Distributed):
    """Kills a worker once, after some answers."""

    def __init__(self, address, after=5):
        super().__init__(address)
        self.after, self.killed = after, None

    def answers(self, function, items):
        for number, answer in enumerate(super().answers(function, items)):
            if number == self.after and self.killed is None:
                self.killed = next(iter(self._client.run(os.getpid).values()))
                os.kill(self.killed, signal.SIGKILL)
            yield answer


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("by", "after"), [("k-means", 5), ("mini-batch-k-means", 5), ("mini-batch-k-means", 20)])
def test_a_killed_worker_changes_no_byte(cluster, tmp_path, by, after):
    """Lost while landmarks are moved, in batches of 16 blocks, or later, while sums are made."""
    options = {"landmarks": 12, "basis": "rational-quadratic", "shard_rows": 600, "landmarks_by": by}
    distill_stream(network, source(), tmp_path / "here", engine=Local(), **options)
    engine = OneIsKilled(cluster.scheduler_address, after)
    try:
        found = distill_stream(network, source(), tmp_path / "there", engine=engine, **options)
    finally:
        engine.close()
    assert engine.killed is not None
    assert bytes_of(tmp_path / "here") == bytes_of(tmp_path / "there")
    assert check(found.certificate).accepted


def test_sums_come_in_any_order(cluster):
    engine = Distributed(cluster.scheduler_address)
    try:
        assert total(engine, lambda item: item * item, range(100)) == total(
            Local(), lambda item: item * item, range(100)
        )
        assert sorted(engine.answers(lambda item: -item, range(30))) == [(k, -k) for k in range(30)]
    finally:
        engine.close()


def test_function_that_fails_on_a_worker_is_one_sentence(cluster):
    engine = Distributed(cluster.scheduler_address)
    engine.RETRIES = 0
    try:
        with pytest.raises(EngineError, match="block 0: ValueError: no such network; need the same packages"):
            list(engine.answers(broken, [1]))
    finally:
        engine.close()


def test_command_with_a_scheduler(cluster, tmp_path, capsys):
    np.save(tmp_path / "rows.npy", ROWS)
    np.save(tmp_path / "outputs.npy", network(ROWS))
    call = ["distill", "--scheduler", cluster.scheduler_address, "--teacher", str(tmp_path / "outputs.npy")]
    call += ["--data", str(tmp_path / "rows.npy"), "--out", str(tmp_path / "out"), "--landmarks", "8", "--quiet"]
    assert main(call) == 0
    assert main(["check", "--quiet", str(tmp_path / "out" / "student.cert.json")]) == 0
    assert "ACCEPTED" in capsys.readouterr().out


def test_no_scheduler_there(monkeypatch):
    with pytest.raises(EngineError, match="need the address of a Dask scheduler"):
        Distributed("tcp://127.0.0.1:1", timeout=0.5)
