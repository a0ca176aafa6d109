"""A file of rows left from an earlier detached certificate made the report of a good one say REJECTED."""

from __future__ import annotations

import numpy as np
import pytest

import eigenstill
from eigenstill import folder
from eigenstill.reporting.sources import gather


@pytest.mark.parametrize("detached", [[True, False], [False, True]], ids=["left over", "needed"])
def test_rows_are_given_to_the_checker_only_where_the_certificate_lacks_them(tmp_path, detached):
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((40, 2))
    student = eigenstill.distill(np.sin(rows[:, 0]) + rows[:, 1], rows, landmarks=8)
    folder.save(student, tmp_path)
    for apart in detached:
        eigenstill.certify(student, tmp_path, detached=apart)
    verdict = gather(tmp_path).verdict
    assert verdict is not None
    assert verdict.accepted, verdict.message
