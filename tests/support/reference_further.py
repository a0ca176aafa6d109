"""The claims beyond the profile a second time, from FORMAT.md: fractions, sums over rows and definitions, plain loops.

Where the format gives a formula in sums, the definition is used here instead (norm(t - tbar - A w)^2 rather than
Y - 2 w . b + n w^T M w), so that the formulas are tested too. `numbers` records what an honest file would record for
these tensors, whether or not the claim deserves it (0 where a number does not exist); `holds` tests the side conditions.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import floor

from .reference import number, two
from .reference_modes import ZERO, Modes, dot, on_grid, quotient, root, share

FACTORS = {"gcv": Fraction(1), "robust-gcv": Fraction(7, 5)}


def nearest_float32(value: float) -> float:
    """As the hardware rounds; the value itself beyond the range of float32."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return value


STEEPEST = {"rational-quadratic": Fraction(27, 64), "gaussian": Fraction(3, 4), "matern-3/2": Fraction(13, 32)}


@dataclass(frozen=True)
class Further(Modes):
    """The further claims of one certificate. ``witnesses``: by claim, what the checker takes from the file."""

    witnesses: dict[str, dict]

    def spectrum(self) -> dict:
        witness = self.witnesses["spectrum"]
        mu = witness["threshold"]
        complete = len(self.base.excess) == len(self.base.metric)
        return {
            **self._signs(witness),
            "eigenvalues": [
                {"at_least": number(low, "at_least"), "at_most": number(high, "at_most")}
                for low, high in self.intervals(mu)
            ],
            "others_at_most": None if complete else number(mu, "others_at_most"),
        }

    def solution(self, output: int) -> list[Fraction]:
        """w = V u."""
        entries = self.base.tensors["solution"][output]
        unit = two(self.witnesses["shrinkage"]["solution_exponent"])
        vectors = self.base.vectors[: len(entries)]
        return [dot([value * unit for value in entries], column) for column in zip(*vectors, strict=True)]

    def objective(self, weights, output: int) -> Fraction:
        """J(w)."""
        residual = self.residual(weights, "teacher", output)
        return dot(residual, residual) + self.ridge * dot(weights, weights)

    def shrinkage_output(self, output: int) -> dict:
        tensors, weights = self.base.tensors, self.solution(output)
        slope = self.slope(weights, "teacher", output, self.ridge)
        kept = self.base.vectors[: len(tensors["solution"][output])]
        gap = sum((dot(vector, slope) ** 2 for vector in kept), ZERO)
        stored = [Fraction(row[output]) for row in tensors["coefficients"]]
        constant = Fraction(tensors["intercept"][output])
        if self.base.linear:
            for row, offset, exponent in zip(
                tensors["weights"], tensors["offsets"], self.base.basis["linear_exponents"], strict=True
            ):
                stored.append(Fraction(row[output]) * two(exponent))
                constant += Fraction(row[output]) * Fraction(offset)
        wanted = [dot(row, weights) for row in self.base.metric]
        means = [
            floor(sum(column) / self.rows / self.base.grid) * self.base.grid
            for column in zip(*self.base.columns, strict=True)
        ]
        mean = sum(Fraction(row[output]) for row in tensors["train.teacher"]) / self.rows
        numbers = {
            "objective_at_most": self.objective(weights, output),
            "gap_at_most": gap / (self.ridge * (1 - self.delta)) if self.delta < 1 else ZERO,
            "coefficients_differ_at_most": sum(abs(a - b) for a, b in zip(stored, wanted, strict=True)),
            "intercept_differs_at_most": abs(constant + dot(means, stored) - mean),
        }
        return {name: number(quotient(value, 1, up=True), name) for name, value in numbers.items()}

    def shrinkage(self) -> dict:
        return {
            "ridge": number(self.ridge, "ridge"),
            "solution_exponent": self.witnesses["shrinkage"]["solution_exponent"],
            "outputs": [self.shrinkage_output(output) for output in self.outputs],
        }

    @cached_property
    def edges(self) -> list[Fraction]:
        return [Fraction(edge) for edge in self.base.tensors["ridge_edges"]]

    def dof(self, ridge: Fraction, *, up: bool) -> Fraction:
        mu, total = self.witnesses["gcv"]["threshold"], Fraction(1)
        for pair in self.intervals_of_gcv:
            total += quotient(pair[up], pair[up] + ridge, up=up)
        if up:
            total += (len(self.base.metric) - len(self.base.excess)) * quotient(mu, mu + ridge, up=True)
        return total

    @cached_property
    def intervals_of_gcv(self) -> list[tuple[Fraction, Fraction]]:
        return self.intervals(self.witnesses["gcv"]["threshold"])

    def rss(self, ridge: Fraction, trial: int, *, up: bool) -> Fraction:
        """sum over outputs of the relative residual at ``ridge``, from the ``trial``-th block of trials."""
        unit, total = two(self.witnesses["gcv"]["trial_exponent"]), ZERO
        for output in self.outputs:
            centred = self.centred("labels", output)
            if not any(centred):
                continue
            entries = self.base.tensors["ridge_trials"][trial * len(self.outputs) + output]
            weights = [entry * unit for entry in entries]
            residual, slope = self.residual(weights, "labels", output), self.slope(weights, "labels", output, ridge)
            distance = root(dot(slope, slope) / (4 * ridge), up=True)
            missed = root(dot(residual, residual), up=up)
            missed = missed + distance if up else max(ZERO, missed - distance)
            total += missed**2 / dot(centred, centred)
        return total

    @cached_property
    def gcv_parts(self) -> tuple[Fraction, Fraction] | None:
        """GCV at the ridge from above and the least cell from below, over n; None where either is no number > 0."""
        n, factor = self.rows, FACTORS[self.witnesses["gcv"]["criterion"]]
        if "labels" not in self.targets or not any(self.whole("labels", output) for output in self.outputs):
            return None
        if not all(factor * self.dof(ridge, up=True) < n for ridge in (self.ridge, self.edges[0])):
            return None
        chosen = self.rss(self.ridge, 0, up=True) / (n - factor * self.dof(self.ridge, up=True)) ** 2
        least = min(
            self.rss(low, cell + 1, up=False) / (n - factor * self.dof(high, up=False)) ** 2
            for cell, (low, high) in enumerate(pairwise(self.edges))
        )
        return (chosen, least) if least > 0 else None

    @property
    def gcv_excess(self) -> Fraction:
        return ZERO if self.gcv_parts is None else self.gcv_parts[0] / self.gcv_parts[1] - 1

    def gcv(self) -> dict:
        witness = self.witnesses["gcv"]
        return {
            "criterion": witness["criterion"],
            "ridge": number(self.ridge, "ridge"),
            "from_at_most": number(self.edges[0], "from_at_most"),
            "to_at_least": number(self.edges[-1], "to_at_least"),
            **self._signs(witness),
            "trial_exponent": witness["trial_exponent"],
            "excess_at_most": number(max(ZERO, on_grid(self.gcv_excess, up=True)), "excess_at_most"),
        }

    def energy(self) -> dict:
        witness = self.witnesses["energy"]
        targets = [
            {
                "target": target,
                "outputs": [{"best": self.best(target, output)} for output in self.outputs],
            }
            for target in self.targets
        ]
        return {"modes": witness["modes"], "targets": targets}

    def best(self, target: str, output: int) -> list[dict]:
        witness, whole = self.witnesses["energy"], self.whole(target, output)
        kept = min(witness["modes"], len(self.base.vectors))
        terms = self.mode_terms(self.vector(target, output), kept)
        entries = []
        for count in witness["counts"]:
            entry: dict = {"modes": count, "share_at_least": None, "share_at_most": None}
            for field, side in (("share_at_least", 0), ("share_at_most", 1)):
                if whole:
                    largest = sum(sorted((pair[side] for pair in terms), reverse=True)[:count], ZERO)
                    entry[field] = number(share(largest, whole, up=side == 1), field)
            entries.append(entry)
        return entries

    def certain(self, mu: Fraction) -> int:
        """q: the modes that are surely at the ridge or above."""
        return sum(low >= self.ridge for low, _ in self.intervals(mu))

    def diagnosis(self) -> dict:
        witness = self.witnesses["diagnosis"]
        mu = witness["threshold"]
        intervals, first = self.intervals(mu), self.certain(mu)
        possible = sum(high >= self.ridge for _, high in intervals)
        if mu >= self.ridge:
            possible += len(self.base.metric) - len(intervals)
        least, most = (
            sum((quotient(pair[up], pair[up] + self.ridge, up=bool(up)) for pair in intervals[:first]), ZERO)
            for up in (0, 1)
        )
        copied = []
        if "labels" in self.targets:
            copied = [self.copied(output, first) for output in self.outputs]
        return {
            "ridge": number(self.ridge, "ridge"),
            **self._signs(witness),
            "modes_at_least": first,
            "modes_at_most": possible,
            "effective_parameters_at_least": number(least, "effective_parameters_at_least"),
            "effective_parameters_at_most": number(most, "effective_parameters_at_most"),
            "targets": [
                {"target": target, "outputs": [self.split(target, output, first) for output in self.outputs]}
                for target in self.targets
            ],
            "copied": copied,
        }

    def split(self, target: str, output: int, first: int) -> dict:
        whole = self.whole(target, output)
        fields = ("first_at_least", "first_at_most", "beyond_at_least", "beyond_at_most")
        if not whole:
            return dict.fromkeys(fields)
        low, high = self.span_terms(self.vector(target, output), first)
        least, most = share(low, whole, up=False), share(high, whole, up=True)
        return {f: number(v, f) for f, v in zip(fields, (least, most, 1 - most, 1 - least), strict=True)}

    def copied(self, output: int, first: int) -> dict | None:
        t, y = self.vector("teacher", output), self.vector("labels", output)
        total = self.rows**2 * dot(self.centred("teacher", output), self.centred("labels", output))
        plus = self.span_terms([a + b for a, b in zip(t, y, strict=True)], first)
        minus = self.span_terms([a - b for a, b in zip(t, y, strict=True)], first)
        least, most = total - (plus[1] - minus[0]) / 4, total - (plus[0] - minus[1]) / 4
        low, high = self.span_terms(y, first)
        bottoms = (self.whole("labels", output) - high, self.whole("labels", output) - low)
        if bottoms[0] <= 0:
            return None
        return {
            "at_least": number(on_grid(min(least / bottom for bottom in bottoms), up=False), "at_least"),
            "at_most": number(on_grid(max(most / bottom for bottom in bottoms), up=True), "at_most"),
        }

    def everywhere(self) -> dict:
        tensors, kernel = self.base.tensors, self.base.basis["kernel"]
        outputs = []
        for output in self.outputs:
            coefficients = [row[output] for row in tensors["coefficients"]]
            exact = list(map(Fraction, coefficients))
            norm = sum(map(abs, exact))
            moved = sum(abs(Fraction(value) - Fraction(nearest_float32(value))) for value in coefficients)
            slopes = []
            for index in range(self.base.inputs):
                scale = Fraction(tensors["scales"][index]) if tensors["scales"] else ZERO
                steepest = scale if kernel == "rational-l1" else root(STEEPEST.get(kernel, ZERO) * scale, up=True)
                weight = abs(Fraction(tensors["weights"][index][output])) if self.base.linear else ZERO
                slopes.append(number(quotient(steepest * norm + weight, 1, up=True), "slopes_at_most"))
            outputs.append(
                {
                    "kernel_at_least": number(sum((a for a in exact if a < 0), ZERO), "kernel_at_least"),
                    "kernel_at_most": number(sum((a for a in exact if a > 0), ZERO), "kernel_at_most"),
                    "float32_moves_at_most": number(quotient(moved, 1, up=True), "float32_moves_at_most"),
                    "slopes_at_most": slopes,
                }
            )
        return {"outputs": outputs}

    @staticmethod
    def _signs(witness: dict) -> dict:
        return {name: number(witness[name], name) for name in ("threshold", "slack")}

    def claim(self, name: str) -> dict:
        return {"claim": name, **getattr(self, "everywhere" if name == "global" else name)()}

    def claims(self) -> list[dict]:
        return [self.claim(name) for name in self.witnesses]

    # the side conditions

    def proved(self, witness: dict) -> bool:
        """What spectrum, gcv and diagnosis need of threshold, slack, excess and modes."""
        d = self.base.excess
        return (
            d == sorted(d, reverse=True)
            and d[-1] >= 0
            and witness["threshold"] >= 0
            and witness["slack"] > 0
            and self.base.psd_holds(witness["threshold"], witness["slack"])
            and self.delta < 1
        )

    def holds(self, name: str) -> bool:
        """Every MUST of the claim that is no equality of a recorded number and none of the file's form."""
        witness, tensors = self.witnesses[name], self.base.tensors
        if name == "shrinkage":
            return self.delta < 1
        if name == "energy":
            counts, kept = witness["counts"], witness["modes"]
            in_order = counts == sorted(set(counts)) and counts[-1] == kept <= len(self.base.vectors)
            return in_order and self.modes_apart(kept)
        if name == "global":
            small = all(abs(Fraction(value)) < two(127) for row in tensors["coefficients"] for value in row)
            return small and self.base.inputs * len(self.outputs) <= 16_384
        if name == "gcv":
            return self.proved(witness) and self.gcv_parts is not None and self.gcv_excess <= Fraction(1, 100)
        if name == "diagnosis":
            return self.proved(witness) and self.modes_apart(self.certain(witness["threshold"]))
        return self.proved(witness)
