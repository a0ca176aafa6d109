"""2,000 hold-out splits from known distributions: how often a stated bound fails, against the stated risk.

The bounds are computed by the checker's own functions from errors alone; the truth is known in closed form, or from the
probabilities of a discrete distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from eigenstill_check.betting import LIMIT_BITS, upper_limit
from eigenstill_check.binomial import largest_count
from eigenstill_check.claims.closer import lower_limit
from eigenstill_check.claims.interval import rank_of
from eigenstill_check.dyadic import Dyadic

Floats = NDArray[np.float64]
REPETITIONS, ROWS = 2_000, 300
RISK, FRACTION, COVERAGE = Dyadic(3276, -16), Dyadic(6553, -16), Dyadic(58_983, -16)  # 0.05, 0.1, 0.9
GRID = 16


@dataclass(frozen=True)
class Law:
    """Errors >= 0: a sampler, the probability of more than a bound, and the mean of min(error, 1)."""

    draw: Callable[[np.random.Generator, int], Floats]
    above: Callable[[float], float]
    clipped_mean: float


def discrete(values: list[float], weights: list[float]) -> Law:
    support, masses = np.array(values), np.array(weights)
    return Law(
        lambda rng, size: rng.choice(support, size, p=masses),
        lambda bound: float(masses[support > bound].sum()),
        float(masses @ np.minimum(support, 1.0)),
    )


LAWS = {
    "half normal": Law(
        lambda rng, size: np.abs(rng.standard_normal(size)),
        lambda bound: float(2 * (1 - ndtr(bound))),
        float(np.sqrt(2 / np.pi) * (1 - np.exp(-0.5)) + 2 * (1 - ndtr(1.0))),
    ),
    "Cauchy": Law(
        lambda rng, size: np.abs(rng.standard_cauchy(size)),
        lambda bound: float(1 - 2 / np.pi * np.arctan(bound)),
        float(np.log(2) / np.pi + 0.5),
    ),
    "nine equal values": discrete([k / 8 for k in range(9)], [1 / 9] * 9),
    "two values": discrete([0.0, 1.0], [0.9, 0.1]),
    "rare and huge": discrete([0.01, 1e9], [0.985, 0.015]),
}


def simulate() -> dict[str, dict[str, float]]:
    """For each law the share of splits on which a bound fails; for `interval` the mean miss rate."""
    count, rank = largest_count(ROWS, FRACTION, RISK), rank_of(ROWS, COVERAGE)
    assert rank is not None
    limits = [float(lower_limit(ROWS, hits, RISK)) for hits in range(ROWS + 1)]
    found = {}
    for place, (name, law) in enumerate(LAWS.items()):
        rng = np.random.default_rng(place)
        failed = {"tolerance": 0, "mean_error": 0, "closer": 0}
        missed = 0.0
        nearer = 0.55
        for _ in range(REPETITIONS):
            errors = np.sort(law.draw(rng, ROWS))
            failed["tolerance"] += law.above(errors[ROWS - 1 - count]) > float(FRACTION)
            missed += law.above(errors[rank - 1])
            losses = [int(loss) for loss in np.minimum(2**GRID, np.ceil(errors * 2**GRID))]
            bound = upper_limit(losses, GRID, RISK.at(-32), 32) / 2**LIMIT_BITS
            failed["mean_error"] += law.clipped_mean > bound
            failed["closer"] += limits[int(rng.binomial(ROWS, nearer))] > nearer
        found[name] = {key: value / REPETITIONS for key, value in failed.items()} | {"interval": missed / REPETITIONS}
    return found
