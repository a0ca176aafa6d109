"""A certified truncated SVD beside the uncertified ones, in one run; nothing is asserted about time.

Run: make bench. numpy's full decomposition, scipy's svds and scikit-learn's TruncatedSVD and PCA find the same
factors; only `certify_svd` says, and only `check` verifies, how good they are.
"""

from __future__ import annotations

import numpy as np
import pytest

import eigenstill

SHAPES = ((300, 50), (1000, 100), (2000, 200))
RANK = 10


@pytest.fixture(scope="module", params=SHAPES, ids=lambda shape: f"{shape[0]}x{shape[1]}")
def matrix(request):
    rng = np.random.default_rng(0)
    rows, columns = request.param
    decay = np.exp(-np.arange(columns) / 10)
    return np.float32(rng.standard_normal((rows, columns)) * decay).astype(float)


def run(benchmark, matrix, function, *arguments, **options):
    benchmark.group = f"rank {RANK} of {matrix.shape[0]} x {matrix.shape[1]}"
    return benchmark.pedantic(function, args=arguments, kwargs=options, rounds=3, warmup_rounds=1)


def test_numpy_svd(benchmark, matrix):
    run(benchmark, matrix, np.linalg.svd, matrix, full_matrices=False)


def test_scipy_svds(benchmark, matrix):
    from scipy.sparse.linalg import svds

    run(benchmark, matrix, svds, matrix, k=RANK)


def test_sklearn_truncated_svd(benchmark, matrix):
    decomposition = pytest.importorskip("sklearn.decomposition")
    run(benchmark, matrix, decomposition.TruncatedSVD(RANK).fit, matrix)


def test_sklearn_pca(benchmark, matrix):
    decomposition = pytest.importorskip("sklearn.decomposition")
    run(benchmark, matrix, decomposition.PCA(RANK).fit, matrix)


def test_certify_svd(benchmark, matrix, tmp_path):
    run(benchmark, matrix, eigenstill.certify_svd, matrix, RANK, tmp_path)


def test_check_svd(benchmark, matrix, tmp_path):
    path = eigenstill.certify_svd(matrix, RANK, tmp_path).path
    assert run(benchmark, matrix, eigenstill.check, path).accepted
