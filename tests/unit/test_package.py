"""The package: quick to import, lazy, and its stages depend on earlier ones only."""

from __future__ import annotations

import subprocess
import sys

import pytest

import eigenstill


def test_every_public_name_is_there():
    for name in eigenstill.__all__:
        assert getattr(eigenstill, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = eigenstill.nothing


def test_importing_the_package_loads_no_numerical_library():
    code = "import eigenstill, sys; print([m for m in ('numpy', 'scipy', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SLOW = {"asyncio", "multiprocessing", "unittest", "email", "http", "ssl", "socket", "sqlite3", "xml", "tkinter"}


@pytest.mark.parametrize("package", ["eigenstill", "eigenstill_check"])
def test_an_import_is_quick(package):
    """Counted, not timed, for a busy machine: the standard library alone, few modules of it, none of the slow ones.

    On an idle one both took 0.04 s of processor time (budgets: 0.3 s for eigenstill, 0.1 s for the checker).
    """
    code = f"import sys; before = set(sys.modules); import {package}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    roots = {name.partition(".")[0] for name in loaded}
    assert roots <= sys.stdlib_module_names | {"eigenstill", "eigenstill_check"}
    assert not roots & SLOW
    assert len(loaded) < 130


def test_the_producer_loads_torch_only_for_torch_teachers():
    code = (
        "import eigenstill, sys, numpy as np; x = np.random.default_rng(0).standard_normal((30, 2)); "
        "eigenstill.distill(lambda r: r[:, 0] ** 2, x, landmarks=3); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_functions_are_not_hidden_by_modules():
    import eigenstill.distillation

    assert callable(eigenstill.distill)
