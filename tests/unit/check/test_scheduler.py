"""Checking on a Dask cluster: the verdict of one process, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import eigenstill
from eigenstill import workers as module
from eigenstill.cli import main
from eigenstill.engine import Distributed
from eigenstill.workers import Workers
from eigenstill_check import accelerated, check
from eigenstill_check.__main__ import render
from eigenstill_check.arithmetic import Arithmetic
from eigenstill_check.certificate import read
from eigenstill_check.errors import NoVerdict, Rejected
from eigenstill_check.parallel import Forked
from eigenstill_check.row_values import row_values
from eigenstill_check.rows import block_places, part_of, rows_at, scan

distributed = pytest.importorskip("distributed", reason="dask is not installed: no cluster was started")
cloudpickle = pytest.importorskip("cloudpickle")
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # no worker could import this module

pytestmark = pytest.mark.filterwarnings("ignore")  # of the cluster's own start and stop


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=4, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def engine(cluster):
    engine = Distributed(cluster.scheduler_address)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    rng = np.random.default_rng(0)
    rows, aside = rng.normal(size=(400, 3)), rng.normal(size=(250, 3))

    def network(x):
        return np.sin(x[:, 0]) + x[:, 1] * x[:, 2]

    student = eigenstill.distill(
        network, rows, network(rows), landmarks=12, holdout=aside, holdout_y=network(aside) + 0.1
    )
    return eigenstill.certify(student, tmp_path_factory.mktemp("certificate"), exports=["numpy"])


@pytest.fixture(autouse=True)
def all_is_shared(monkeypatch):
    """Small blocks, and nothing too small to be sent away."""
    monkeypatch.setattr("eigenstill_check.rows.BLOCK_ROWS", 16)
    monkeypatch.setattr("eigenstill_check.rows.CARRIED", 2)
    monkeypatch.setattr("eigenstill_check.rows.WORTH_SHARING", 0)
    monkeypatch.setattr("eigenstill_check.arithmetic.WORTH_FORKING", 0)


class OneIsKilled(Distributed):
    """Kills a worker once, after some answers."""

    def __init__(self, address, after):
        super().__init__(address)
        self.after, self.killed, self.count = after, None, 0

    def answers(self, function, items):
        for answer in super().answers(function, items):
            self.count += 1
            if self.count == self.after and self.killed is None:
                self.killed = next(iter(self._client.run(os.getpid).values()))
                os.kill(self.killed, signal.SIGKILL)
            yield answer


def told(verdict):
    return {**verdict.to_json(), "seconds": 0}


def with_workers(verdict, cluster):
    """What is told of the same verdict where workers were believed: one line more."""
    line = f"that the workers of the Dask scheduler at {cluster.scheduler_address} sent back what they were asked for"
    lines = [*verdict.not_covered, f"{line}: they were believed"]
    return {**told(verdict), "not_covered": lines}


@pytest.mark.parametrize("arithmetic", ["stdlib", "numpy"])
def test_verdict_is_that_of_one_process_and_names_the_workers(certificate, engine, cluster, arithmetic):
    expected = check(certificate, arithmetic=arithmetic)
    assert expected.accepted
    found = check(certificate, arithmetic=arithmetic, pool=Workers(engine))
    assert told(found) == with_workers(expected, cluster)
    assert f"  - that the workers of the Dask scheduler at {cluster.scheduler_address}" in " ".join(
        render(found).split("\n")
    )


@pytest.mark.parametrize("after", [3, 25])
def test_a_killed_worker_changes_nothing(certificate, cluster, after):
    engine = OneIsKilled(cluster.scheduler_address, after)
    try:
        found = check(certificate, pool=Workers(engine))
    finally:
        engine.close()
    assert engine.killed is not None
    assert told(found) == with_workers(check(certificate), cluster)


def test_rejection_is_that_of_one_process(certificate, engine, cluster, tmp_path):
    for path in certificate.parent.iterdir():
        shutil.copy(path, tmp_path)
    changed = tmp_path / certificate.name
    changed.write_text(
        re.sub(r'"stored_numbers": (\d+)', lambda m: f'"stored_numbers": {int(m[1]) + 1}', changed.read_text())
    )
    expected = check(changed)
    assert expected.code == 1
    assert told(check(changed, pool=Workers(engine))) == with_workers(expected, cluster)


def test_refusal_of_a_worker_is_raised_here(certificate, engine):
    """A training row outside the grid is met on a worker."""
    held = read(certificate)
    moved = replace(held, model=replace(held.model, offsets=[value + 1.0 for value in held.model.offsets]))
    for pool in (Forked(1), Workers(engine)):
        with pytest.raises(Rejected, match="a linear column outside"):
            scan(moved, arithmetic=Arithmetic(pool=pool))


def test_tasks_carry_their_rows_and_no_others(certificate):
    held = read(certificate)
    places = block_places(held)
    part, there = part_of(held, places[3:5])
    assert [rows_at(part, place) for place in there] == [
        tuple(list(entry) if not isinstance(entry, dict) else {k: list(v) for k, v in entry.items()} for entry in rows)
        for rows in (rows_at(held, place) for place in places[3:5])
    ]
    assert sum(len(rows.inputs) for rows in part.shards["train"]) == 32
    assert not part.claims


def test_values_row_by_row(certificate, engine):
    held = read(certificate)
    expected = row_values(held, "holdout")
    found = row_values(held, "holdout", Arithmetic(pool=Workers(engine)))
    assert [(vector.entries, vector.exponent) for vector in found] == [
        (vector.entries, vector.exponent) for vector in expected
    ]


def test_arithmetic_travels_without_its_pool(engine):
    sent = pickle.loads(pickle.dumps(Arithmetic(pool=Workers(engine))))
    assert sent.pool == Forked(1)


def test_arithmetic_travels_without_what_it_keeps(engine):
    """Kept slices are found by places in memory, which mean nothing on another machine."""
    here = accelerated.NumpyArithmetic(pool=Workers(engine))
    assert here.image([[1, 2], [3, 4]], [1, 1]) == [3, 7]
    assert here._held
    there = cloudpickle.loads(cloudpickle.dumps(here))
    assert not there._held
    assert there.pool == Forked(1)
    assert there.image([[1, 2], [3, 5]], [1, 1]) == [3, 8]


def test_other_version_of_the_checker_is_refused(certificate, engine, monkeypatch):
    monkeypatch.setattr(module, "__version__", "0.0.0")
    verdict = check(certificate, pool=Workers(engine))
    assert verdict.code == 3
    assert "need the same on both" in verdict.message


def test_workers_that_cannot_finish_are_no_verdict(engine, monkeypatch):
    def fails(tasks):
        raise MemoryError("no room")

    monkeypatch.setattr(module, "_attempt", lambda version, tasks: fails(tasks))
    engine.RETRIES = 0
    with pytest.raises(NoVerdict, match="scheduler: block 0: MemoryError: no room"):
        Workers(engine).run([lambda: 1])


def test_command(certificate, cluster, capsys):
    assert main(["check", "--quiet", "--scheduler", cluster.scheduler_address, str(certificate)]) == 0
    assert capsys.readouterr().out.startswith("ACCEPTED")
    call = ["check", str(certificate), "--scheduler", cluster.scheduler_address]
    assert main([*call, "--engine", "lean"]) == 2
    assert main([*call, "--shard", "0", "--sums-out", "x"]) == 2
    assert not Path("x").exists()
    monkey = ["check", str(certificate), "--scheduler", "nonsense"]
    assert main(monkey) == 3
    assert "scheduler nonsense" in " ".join(capsys.readouterr().err.split())
