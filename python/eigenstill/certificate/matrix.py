"""The certificate of a truncated singular value decomposition of any real matrix (FORMAT.md section 4)."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.claims import MATRIX_CLAIMS
from eigenstill_check.dyadic import Dyadic, float_integers, quotient53, sqrt53
from eigenstill_check.exact import MatrixExact
from eigenstill_check.matrix_certificate import MAX_ENTRY_BITS, PROFILE, MatrixCertificate, Settings
from eigenstill_check.matrix_certificate import Witnesses as MatrixWitnesses
from eigenstill_check.matrix_operator import centred
from eigenstill_check.operator import Operator

from ..arrays import FloatArray, float_array, frozen, require_finite
from ..errors import DataError, EigenstillWarning, UnreadableError
from ..spectrum.limbs import multiply
from .files import write_files
from .prove import Proof, claimed_ranks, prove
from .witness import VECTOR_EXPONENT, PsdWitness, Spectral


@dataclass(frozen=True, eq=False)
class CertifiedSvd:
    """A truncated singular value decomposition A ~ left diag(singular_values) components, with proved bounds.

    Attributes
    ----------
    path : the certificate, for `eigenstill check`
    rank : K, the highest rank that is proved
    singular_values : float64 (K,), descending
    intervals : float64 (K, 2): the k-th largest singular value of A lies between the two, counted with multiplicity
    components : float64 (K, columns), rows are right singular vectors to rounding
    means : float64 (columns,), what was taken from the columns; zeros unless centred
    error_at_least : no matrix of rank K is nearer to A than this squared Frobenius norm
    error_at_most : squared Frobenius norm that the projection on the stored modes reaches
    total : norm(A)_F^2, rounded up
    """

    path: Path
    rank: int
    singular_values: FloatArray
    intervals: FloatArray
    components: FloatArray
    means: FloatArray
    error_at_least: float
    error_at_most: float
    total: float

    def __post_init__(self) -> None:
        for name in ("singular_values", "intervals", "components", "means"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def transform(self, rows: Any) -> FloatArray:
        """Scores (rows - means) components^T, float64 (n, K)."""
        scores: FloatArray = (float_array(rows, "rows") - self.means) @ self.components.T
        return scores


def certify_svd(
    matrix: Any,
    rank: int,
    folder: str | Path = ".",
    *,
    name: str = "matrix",
    centre: bool = False,
    symmetric: bool = False,
    source: str = "matrix",
    sha256: str | None = None,
) -> CertifiedSvd:
    """Write the certificate of the best approximation of rank `rank`. It holds the matrix.

    Parameters
    ----------
    matrix : real (n, q), finite, with at least two rows and columns; taken as exact float64
    rank : K, 1 <= K < min(n, q); lower, with a notice, where the tail beyond drowns in rounding
    folder, name : where ``name``.cert.json and ``name``.cert.safetensors are written; the folder is made
    centre : take the column means away first (principal components); means are rounded down to the matrix's grid
    symmetric : demand a symmetric matrix, and have the checker prove it; singular values are then abs(eigenvalues)
    source, sha256 : recorded as the matrix's origin; the digest of its float64 bytes by default

    Raises
    ------
    DataError : not a matrix of finite numbers, not symmetric, entries too far apart, or a rank out of range
    SpectrumError : no rank can be proved (a matrix of rank one)
    UnreadableError : the folder cannot be written
    """
    values = _checked(matrix, rank, symmetric=symmetric)
    entries, exponent = _entries(values)
    settings = Settings(
        centred=centre,
        symmetric=symmetric,
        transposed=values.shape[0] < values.shape[1],
        vector_exponent=VECTOR_EXPONENT,
        excess_exponent=0,
        factor_exponent=0,
    )
    operator = _operator(settings, entries, exponent)
    digest = sha256 or hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
    subject = {"data": {"name": "".join(c if c.isprintable() else "?" for c in source)[:200], "sha256": digest}}
    blank = MatrixCertificate(subject, settings, MatrixWitnesses([], [], []), entries, exponent, ())

    def attach(pairs: Spectral, witness: PsdWitness) -> MatrixExact:
        units = Settings(
            settings.centred,
            settings.symmetric,
            settings.transposed,
            VECTOR_EXPONENT,
            pairs.excess_exponent,
            witness.factor_exponent,
        )
        model = MatrixWitnesses(pairs.vectors, pairs.excess, witness.factor)
        return MatrixExact(MatrixCertificate(subject, units, model, blank.entries, exponent, ()), operator)

    exact, proof = prove(operator, claimed_ranks(rank, len(operator.matrix)), attach, count=rank)
    proved = proof.claim["ranks"][-1]["rank"]
    if proved < rank:
        warnings.warn(
            f"certify_svd: beyond rank {proved} the rest of the matrix drowns in rounding; rank {rank} is not claimed",
            EigenstillWarning,
            stacklevel=2,
        )
    signs = {"threshold": proof.threshold, "slack": proof.slack}
    claims = [
        proof.claim if kind == "eckart_young" else claim.compute(exact, signs) for kind, claim in MATRIX_CLAIMS.items()
    ]
    path = _write(Path(folder), name, exact.certificate, claims, values)
    return _result(path, exact, proof, claims, values)


def _checked(matrix: Any, rank: int, *, symmetric: bool) -> FloatArray:
    values = float_array(matrix.to_numpy() if hasattr(matrix, "to_numpy") else matrix, "matrix")
    if values.ndim != 2 or min(values.shape) < 2:
        raise DataError(f"matrix of shape {values.shape}; need at least two rows and two columns")
    require_finite(values, "matrix")
    if not 1 <= rank < min(values.shape):
        raise DataError(f"rank {rank}; need 1 to {min(values.shape) - 1}, below the smaller side of {values.shape}")
    if symmetric:
        if values.shape[0] != values.shape[1]:
            raise DataError(f"matrix of shape {values.shape}: not square; need a symmetric matrix, or drop --symmetric")
        gaps = np.abs(values - values.T)
        if gaps.max() > 0:
            row, column = (int(place) for place in np.unravel_index(int(gaps.argmax()), gaps.shape))
            raise DataError(
                f"matrix: not symmetric, largest gap {gaps.max():.6g} at ({row}, {column}); "
                "need equal entries, or drop --symmetric"
            )
    return values


def _entries(values: FloatArray) -> tuple[list[list[int]], int]:
    nonzero = np.abs(values[values != 0])
    if not nonzero.size:
        raise DataError("matrix: all entries are 0; need one that is not")
    spread = int(np.frexp(nonzero.max())[1] - np.frexp(nonzero.min())[1]) + 53
    if spread > MAX_ENTRY_BITS - 53:
        raise DataError(
            f"matrix: entries from {nonzero.min():.3g} to {nonzero.max():.3g} are too far apart; "
            "round the small ones to 0"
        )
    flat, shift = float_integers(values.ravel().tolist())
    width = values.shape[1]
    return [flat[start : start + width] for start in range(0, len(flat), width)], -shift


def _operator(settings: Settings, entries: list[list[int]], exponent: int) -> Operator:
    integers = np.array(centred(entries) if settings.centred else entries, dtype=object)
    left = integers if settings.transposed else integers.T
    return Operator(multiply(left, left.T).tolist(), 2 * exponent)


def _write(
    folder: Path, name: str, certificate: MatrixCertificate, claims: list[dict[str, Any]], values: FloatArray
) -> Path:
    tensors = {
        "matrix": np.ascontiguousarray(values),
        "eigenvectors": np.array(certificate.model.eigenvectors, dtype=np.int64),
        "excess": np.array(certificate.model.excess, dtype=np.int64),
        "factor": np.array(certificate.model.factor, dtype=np.int64),
    }
    body = {
        "profile": PROFILE,
        "subject": certificate.subject,
        "matrix": vars(certificate.basis),
        "claims": claims,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write_files(folder, name, tensors, {"rows": len(values)}, body)
    except OSError as error:
        raise UnreadableError(
            f"{folder}: cannot be written ({error.strerror or error}); need a folder that can be"
        ) from None


def _result(
    path: Path, exact: MatrixExact, proof: Proof, claims: list[dict[str, Any]], values: FloatArray
) -> CertifiedSvd:
    best = next(claim for claim in claims if claim["claim"] == "eckart_young")["ranks"][-1]
    rank: int = best["rank"]
    intervals = np.array(
        [
            [float(sqrt53(*low.ratio(), up=False)), float(sqrt53(*high.ratio(), up=True))]
            for low, high in exact.enclosures(proof.threshold)[:rank]
        ]
    )
    vectors = np.ldexp(np.array(exact.certificate.model.eigenvectors[:rank], dtype=np.float64), VECTOR_EXPONENT)
    settings = exact.certificate.basis
    means = np.zeros(values.shape[1])
    if settings.centred:
        columns = zip(*exact.certificate.entries, strict=True)
        means = np.array([float(Dyadic(sum(k) // len(values), exact.certificate.exponent)) for k in columns])
    singular_values = np.sqrt(proof.eigenvalues[:rank])
    components = vectors
    if settings.transposed:
        components = (vectors @ (values - means)) / singular_values[:, None]
    lower, upper = (Dyadic.parse(best[side]["exact"]) for side in ("lower", "upper"))
    return CertifiedSvd(
        path=path,
        rank=rank,
        singular_values=singular_values,
        intervals=intervals,
        components=components,
        means=means,
        error_at_least=float(quotient53(*lower.ratio(), up=False)),
        error_at_most=float(quotient53(*upper.ratio(), up=True)),
        total=float(quotient53(*exact.operator.trace.ratio(), up=True)),
    )
