"""Exact tails of binomial distributions with a probability on a binary grid: no logarithm, no rounding."""

from __future__ import annotations

from collections.abc import Iterator

from .dyadic import Dyadic

PROBABILITY_BITS = 16


def terms(trials: int, probability: Dyadic) -> Iterator[tuple[int, int]]:
    """(C(n, j) p^j (1 - p)^(n - j), exponent) for j = 0, 1 .. n as integers in units 2^exponent; 0 < p < 1."""
    reduced = probability.reduced()
    success, bits = reduced.mantissa, -reduced.exponent
    failure = (1 << bits) - success
    term = failure**trials
    for count in range(trials + 1):
        yield term, -bits * trials
        term = term * (trials - count) * success // ((count + 1) * failure)  # exact: the next term is an integer


def largest_count(trials: int, probability: Dyadic, limit: Dyadic) -> int:
    """The largest k with P(B <= k) <= limit, B binomial; -1 where even P(B = 0) exceeds it."""
    total = 0
    for count, (term, exponent) in enumerate(terms(trials, probability)):
        total += term
        if Dyadic(total, exponent) > limit:
            return count - 1
    return trials


def upper_tail(trials: int, probability: Dyadic, least: int) -> Dyadic:
    """P(B >= least), as 1 - P(B <= least - 1) or the other way round, whichever has fewer terms."""
    failures = Dyadic(1) - probability
    if 2 * least > trials:  # P(B >= w) = P(B' <= n - w), B' the number of failures
        return _lower(trials, failures, trials - least)
    return Dyadic(1) - _lower(trials, probability, least - 1)


def _lower(trials: int, probability: Dyadic, count: int) -> Dyadic:
    total, unit = 0, 0
    for index, (term, exponent) in enumerate(terms(trials, probability)):
        if index > count:
            break
        total, unit = total + term, exponent
    return Dyadic(total, unit)
