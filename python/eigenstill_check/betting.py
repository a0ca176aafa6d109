"""An upper confidence limit of a mean in integers: the wealth of a gambler who bets against larger means.

For independent x_i in [0, 1] of mean m, prod_i (1 + lambda (m - x_i)) has mean 1 for every fixed lambda in [0, 1]; so has
the average W(m) over several lambda. By Markov W(m) >= 1 / risk with probability at most the risk. W increases in m, so
a limit u with W(u) >= 1 / risk is below the mean with probability at most the risk (Waudby-Smith and Ramdas 2024).
No variance, no logarithm, no root: products of integers. The order of the rows does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

STAKES = 8  # lambda = 1, 1/2, 1/4 ... 2^-7, fixed before any row is seen
LIMIT_BITS = 12


def upper_limit(losses: Sequence[int], bits: int, risk: int, risk_bits: int) -> int:
    """The least u, in units 2^-12, with W(u) >= 1 / (risk 2^-risk_bits); 2^12, the trivial limit, where there is none.

    Parameters
    ----------
    losses : integers 0 .. 2^bits, in units 2^-bits; bits >= 12
    """
    low, high = -1, 1 << LIMIT_BITS  # every u above low is open, high is a limit
    while high - low > 1:
        middle = (low + high) // 2
        if _wealth(losses, bits, middle) * risk >= STAKES << (risk_bits + (bits + STAKES - 1) * len(losses)):
            high = middle
        else:
            low = middle
    return high


def _wealth(losses: Sequence[int], bits: int, limit: int) -> int:
    """Sum over the stakes of prod_i (1 + lambda (u - x_i)), in units 2^-((bits + STAKES - 1) n)."""
    count, centre, total = len(losses), limit << (bits - LIMIT_BITS), 0
    for stake in range(STAKES):
        unit = 1 << (bits + stake)
        total += product([unit + centre - loss for loss in losses]) << ((STAKES - 1 - stake) * count)
    return total


def product(factors: list[int]) -> int:
    """By halves, so that large numbers meet large ones."""
    while len(factors) > 1:
        pairs = [a * b for a, b in zip(factors[::2], factors[1::2], strict=False)]
        factors = pairs + factors[len(pairs) * 2 :]
    return factors[0] if factors else 1
