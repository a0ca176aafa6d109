"""Settings of all tests: hypothesis draws the same examples every time, and no example fails for taking long.

With several processes (`pytest -n`, as `make test` calls it) the tests of a file run in one of them, in their order, and
so do files that share what takes minutes to make.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPMATH_NOGMPY", "1")  # mpmath's numbers stay Python's where gmpy2 is installed too
settings.register_profile("eigenstill", deadline=None, derandomize=True)
settings.load_profile("eigenstill")

TESTS = Path(__file__).parent
TOGETHER = {"demo/test_theorem.py": "demo/test_demo.py", "lean/test_audit.py": "lean/test_attacks.py"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Before pytest-xdist reads the marks, which it does first of all once everything is collected."""
    file = item.path.relative_to(TESTS).as_posix()
    item.add_marker(pytest.mark.xdist_group(TOGETHER.get(file, file)))
