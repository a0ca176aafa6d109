"""The positive-semidefinite test of one certificate by several means, each on the same integers.

numpy.linalg.eigh finds the eigenvalues of M and proves nothing. The checker's test proves W = V D V^T + mu I - M positive
semidefinite by one product; python-flint forms the same product with FLINT's matrices; mpmath's interval Cholesky
factorisation of W goes entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from eigenstill_check.arithmetic import ARITHMETICS, arithmetic
from eigenstill_check.certificate import Certificate, read
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.exact import Exact
from eigenstill_check.operator import Operator
from eigenstill_check.spectral import psd_failure

MEANS = ("eigh", *ARITHMETICS, "flint", "mpmath")


def prepared(path: str | Path, means: str) -> Callable[[], bool]:
    """The test of the certificate at ``path`` by one of MEANS, ready to be run; True where it holds."""
    certificate = read(Path(path))
    operator = Exact(certificate, arithmetic=arithmetic("numpy")).operator
    claim = next(claim for claim in certificate.claims if claim["claim"] == "eckart_young")
    threshold, slack = (Dyadic.parse(claim[name]["exact"]) for name in ("threshold", "slack"))
    if means == "eigh":
        return _eigh(operator)
    if means == "flint":
        import flint

        return lambda: flint_psd(flint, certificate, operator, threshold, slack)
    if means == "mpmath":
        return lambda: interval_cholesky(certificate, operator, threshold)
    who = arithmetic(means)
    return lambda: psd_failure(certificate.basis, certificate.model, operator, threshold, slack, who) is None


def _eigh(operator: Operator) -> Callable[[], bool]:
    import numpy as np

    from eigenstill.spectrum.limb_floats import to_float

    floats = to_float(np.array(operator.matrix, dtype=object), operator.exponent)
    return lambda: bool(np.linalg.eigh(floats)[0][-1] > 0)


def flint_psd(flint: Any, certificate: Certificate, operator: Operator, threshold: Dyadic, slack: Dyadic) -> bool:
    """The same integers by fmpz_mat products, the same test entry by entry."""
    basis, model = certificate.basis, certificate.model
    spectral, factor = 2 * basis.vector_exponent + basis.excess_exponent, 2 * basis.factor_exponent
    low = min(spectral, factor, operator.exponent, threshold.exponent, slack.exponent)
    vectors, lower = flint.fmpz_mat(model.eigenvectors), flint.fmpz_mat(model.factor)
    weighted = flint.fmpz_mat([[d * v for v in row] for d, row in zip(model.excess, model.eigenvectors, strict=True)])
    rest = (
        vectors.transpose() * weighted * 2 ** (spectral - low)
        - flint.fmpz_mat(operator.matrix) * 2 ** (operator.exponent - low)
        - lower * lower.transpose() * 2 ** (factor - low)
    )
    size = model.columns
    diagonal, bits = (threshold - slack).at(low), (slack.at(low) // size).bit_length()
    window = 1 << (bits - 1)
    return all(
        -window <= int(rest[i, j]) + (diagonal if i == j else 0) < window for i in range(size) for j in range(size)
    )


def interval_cholesky(certificate: Certificate, operator: Operator, threshold: Dyadic) -> bool:
    """Whether an interval Cholesky factorisation of W, 53 digits, finds all pivots positive."""
    import mpmath

    basis, model = certificate.basis, certificate.model
    size = model.columns
    mpmath.iv.dps = 53
    unit, scale = (
        mpmath.mpf(2) ** (2 * basis.vector_exponent + basis.excess_exponent),
        mpmath.mpf(2) ** operator.exponent,
    )
    columns = list(zip(*model.eigenvectors, strict=True))
    w = [
        [
            mpmath.iv.mpf(sum(d * a * b for d, a, b in zip(model.excess, columns[i], columns[j], strict=True))) * unit
            - mpmath.iv.mpf(operator.matrix[i][j]) * scale
            + (mpmath.iv.mpf(threshold.mantissa) * mpmath.mpf(2) ** threshold.exponent if i == j else 0)
            for j in range(i + 1)
        ]
        for i in range(size)
    ]
    for i in range(size):
        for j in range(i + 1):
            w[i][j] -= sum((w[i][k] * w[j][k] for k in range(j)), mpmath.iv.mpf(0))
            if i == j:
                if not w[i][i].a > 0:
                    return False
                w[i][i] = mpmath.iv.sqrt(w[i][i])
            else:
                w[i][j] /= w[j][j]
    return True
