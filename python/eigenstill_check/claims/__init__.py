"""The claims, one module each, in the order in which they are checked.

Every module has `FIELDS` (the shape of its JSON) and `compute(exact, witness)`, which returns the JSON that an honest
certificate holds, or raises `Rejected` where a side condition fails; exact is an `Exact`, or a `MatrixExact` for a
matrix. From `witness`, the recorded claim, it takes what no checker can find by itself (threshold, slack, ranks) and
nothing else. `say` puts a computed claim into words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..shapes import Reader
from . import (
    agreement,
    basis,
    closer,
    compression,
    diagnosis,
    eckart_young,
    energy,
    evaluation,
    exports,
    fidelity,
    gcv,
    global_bounds,
    interval,
    matrix,
    mean_error,
    metric,
    region,
    shrinkage,
    spectrum,
    tolerance,
)


class Claim(NamedTuple):
    """How a claim is read, decided and said in words."""

    read: Reader[dict[str, Any]]
    compute: Callable[[Any, Mapping[str, Any]], dict[str, Any]]
    say: Callable[[Mapping[str, Any]], str]


CLAIMS: dict[str, Claim] = {
    "basis": Claim(basis.FIELDS, basis.compute, basis.say),
    "metric": Claim(metric.FIELDS, metric.compute, metric.say),
    "eckart_young": Claim(eckart_young.FIELDS, eckart_young.compute, eckart_young.say),
    "fidelity": Claim(fidelity.FIELDS, fidelity.compute, fidelity.say),
    "compression": Claim(compression.FIELDS, compression.compute, compression.say),
    "evaluation": Claim(evaluation.FIELDS, evaluation.compute, evaluation.say),
    "exports": Claim(exports.FIELDS, exports.compute, exports.say),
    "spectrum": Claim(spectrum.FIELDS, spectrum.compute, spectrum.say),
    "shrinkage": Claim(shrinkage.FIELDS, shrinkage.compute, shrinkage.say),
    "gcv": Claim(gcv.FIELDS, gcv.compute, gcv.say),
    "energy": Claim(energy.FIELDS, energy.compute, energy.say),
    "diagnosis": Claim(diagnosis.FIELDS, diagnosis.compute, diagnosis.say),
    "global": Claim(global_bounds.FIELDS, global_bounds.compute, global_bounds.say),
    "agreement": Claim(agreement.FIELDS, agreement.compute, agreement.say),
    "tolerance": Claim(tolerance.FIELDS, tolerance.compute, tolerance.say),
    "closer": Claim(closer.FIELDS, closer.compute, closer.say),
    "interval": Claim(interval.FIELDS, interval.compute, interval.say),
    "mean_error": Claim(mean_error.FIELDS, mean_error.compute, mean_error.say),
}

REGION_CLAIMS: dict[str, Claim] = {"region": Claim(region.FIELDS, region.compute, region.say)}

MATRIX_CLAIMS: dict[str, Claim] = {
    "matrix": Claim(matrix.FIELDS, matrix.compute, matrix.say),
    "eckart_young": CLAIMS["eckart_young"],
    "spectrum": CLAIMS["spectrum"],
}
