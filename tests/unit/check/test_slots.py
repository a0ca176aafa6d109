"""The cheat against packed rows: a factor whose Gram matrix is wrong by a multiple of 2^width in the topmost slot.

W with a threshold too small is not positive semidefinite. L is the Cholesky factor of W - sigma I + H e_i e_i^T with
H = 2^(width + low): modulo 2^width its diagonal entry i is that of W. A checker with slots of that width is fooled; the
width must grow with the entries of L (DESIGN section 4).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log2
from pathlib import Path

import numpy as np
import pytest

from eigenstill_check.certificate import read
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.errors import Rejected
from eigenstill_check.exact import Exact
from eigenstill_check.spectral import psd_failure
from support.drafts import Draft
from support.files import draft_from
from support.reference import exact_string, matmul, transposed, two

BASE = Path(__file__).parents[2] / "corpus" / "accept" / "quadratic_linear.cert.json"
SLACK = two(-8)


def dyadic(value: Fraction) -> Dyadic:
    return Dyadic.parse(exact_string(value))


def lowest(draft: Draft) -> int:
    """The exponent of the common grid, as long as the factor's is above it."""
    basis = draft.basis
    parts = (dyadic(value).reduced().exponent for value in (draft.threshold, draft.slack))
    return min(
        2 * basis["vector_exponent"] + basis["excess_exponent"],
        2 * (basis["metric_exponent"] - basis["grid_bits"]),
        *parts,
    )


def cheat(width: int) -> Draft:
    """A draft with too small a threshold and a factor made for slots of ``width`` bits."""
    draft = draft_from(BASE)
    draft.tensors["excess"] = [value + draft.tensors["excess"][0] for value in draft.tensors["excess"]]
    reference = draft.reference()
    weighted = [[d * v for v in row] for d, row in zip(reference.excess, reference.vectors, strict=True)]
    spectral = matmul(transposed(reference.vectors), weighted)
    psd = [[a - b for a, b in zip(left, right, strict=True)] for left, right in zip(spectral, reference.m, strict=True)]
    floats = np.array(psd, dtype=float)
    needed = -np.linalg.eigvalsh(floats)[0]
    # without row and column i a smaller threshold is enough
    less = [-np.linalg.eigvalsh(np.delete(np.delete(floats, i, 0), i, 1))[0] for i in range(len(floats))]
    index = int(np.argmin(less))
    draft.threshold, draft.slack = Fraction(round((needed + less[index]) * 2**19), 2**20), SLACK
    for i, row in enumerate(psd):
        row[i] += draft.threshold - SLACK
    assert np.linalg.eigvalsh(np.array(psd, dtype=float))[0] < -0.01, "no factor is right"
    psd[index][index] += two(width + lowest(draft))
    factor = np.linalg.cholesky(np.array(psd, dtype=float))
    exponent = ceil(log2(factor.max())) - 62
    draft.basis["factor_exponent"] = exponent
    draft.tensors["factor"] = [[round(Fraction(v) / two(exponent)) for v in row] for row in factor.tolist()]
    return draft


def widths() -> list[int]:
    """From slots just large enough for W to those where float64 no longer resolves the rest."""
    draft = draft_from(BASE)
    draft.slack = SLACK
    largest = float(draft.reference().trace())
    return [
        width
        for width in range(8, 400, 8)
        if 64 * largest < float(two(width + lowest(draft))) < float(SLACK) * 2.0**48 / 8
    ]


@pytest.mark.parametrize("width", widths())
def test_a_factor_made_for_any_slot_width_is_rejected(tmp_path, monkeypatch, width):
    draft = cheat(width)
    path = draft.seal("cheat").write(tmp_path, "cheat")
    exact = Exact(read(path))
    with pytest.raises(Rejected, match="of W - L L"):
        exact.require_psd("eckart_young", dyadic(draft.threshold), dyadic(draft.slack))
    assert not draft.reference().psd_holds(draft.threshold, draft.slack)
    monkeypatch.setattr("eigenstill_check.spectral.slot_width", lambda bound: width)
    parts = exact.certificate.basis, exact.certificate.model, exact.operator
    # slots that narrow are fooled: the cheat is real
    assert psd_failure(*parts, dyadic(draft.threshold), dyadic(draft.slack)) is None


def test_there_are_widths_to_try():
    assert len(widths()) >= 3
