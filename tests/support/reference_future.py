"""The claims about future rows a second time, from FORMAT.md: definitions, fractions and math.comb, plain loops."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from math import comb, floor, prod

from .reference import number
from .reference_further import Further


def at_most(trials: int, probability: Fraction, count: int) -> Fraction:
    """P(B <= count) from its definition."""
    return sum(
        (comb(trials, j) * probability**j * (1 - probability) ** (trials - j) for j in range(count + 1)), Fraction(0)
    )


def grid(value: Fraction) -> Fraction:
    """Rounded up to a multiple of 2^-16."""
    return Fraction(-floor(-value * 2**16), 2**16)


def mean_limit(losses: list[Fraction], risk: Fraction) -> Fraction:
    """The least u on the grid 2^-12 at which the average wealth of eight gamblers is 1 / risk; it grows with u."""

    def rich(step: int) -> bool:
        u = Fraction(step, 2**12)
        wealth = [prod((1 + (u - x) / 2**k for x in losses), start=Fraction(1)) for k in range(8)]
        return sum(wealth) / 8 >= 1 / risk

    return Fraction(bisect_left(range(2**12), True, key=rich), 2**12)


@dataclass(frozen=True)
class Future(Further):
    """Further claims, and those about rows that nobody has seen."""

    def errors(self, target: str, output: int) -> list[Fraction]:
        inputs, values = (self.base.tensors[f"holdout.{name}"] for name in ("inputs", target))
        return [
            abs(Fraction(row[output]) - self.base.floored_formula(x, output))
            for x, row in zip(inputs, values, strict=True)
        ]

    @property
    def future_targets(self) -> list[str]:
        return [name for name in ("teacher", "labels") if f"holdout.{name}" in self.base.tensors]

    def repeated(self) -> int:
        train = [tuple(row) for row in self.base.tensors["train.inputs"]]
        held = [tuple(row) for row in self.base.tensors["holdout.inputs"]]
        return sum(row in train or row in held[:index] for index, row in enumerate(held))

    def tolerance(self) -> dict:
        witness = self.witnesses["tolerance"]
        rows, fractions = len(self.base.tensors["holdout.inputs"]), witness["fractions"]
        statements = len(fractions) * len(self.outputs) * len(self.future_targets)
        risk = Fraction(floor(witness["risk_at_most"] * 2**32 / statements), 2**32)
        counts = [max((k for k in range(rows) if at_most(rows, p, k) <= risk), default=None) for p in fractions]
        targets = []
        for target in self.future_targets:
            outputs = []
            for output in self.outputs:
                ordered = sorted(self.errors(target, output), reverse=True)
                bounds = [
                    {
                        "exceeded": k,
                        "error_at_most": None
                        if k is None
                        else number(ordered[k] + self.base.shift(output), "error_at_most"),
                    }
                    for k in counts
                ]
                outputs.append({"bounds": bounds})
            targets.append({"target": target, "outputs": outputs})
        return {
            "risk_at_most": number(witness["risk_at_most"], "risk_at_most"),
            "fractions": [number(p, "fractions") for p in fractions],
            "rows": rows,
            "repeated_rows": self.repeated(),
            "targets": targets,
        }

    def closer(self) -> dict:
        witness = self.witnesses["closer"]
        rows = len(self.base.tensors["holdout.inputs"])
        risk = Fraction(floor(witness["risk_at_most"] * 2**32 / len(self.outputs)), 2**32)
        outputs = []
        for output in self.outputs:
            network = [
                abs(Fraction(label[output]) - Fraction(teacher[output]))
                for label, teacher in zip(
                    self.base.tensors["holdout.labels"], self.base.tensors["holdout.teacher"], strict=True
                )
            ]
            count = sum(
                mine + self.base.shift(output) < theirs
                for mine, theirs in zip(self.errors("labels", output), network, strict=True)
            )
            allowed = [q for q in range(2**12) if count and 1 - at_most(rows, Fraction(q, 2**12), count - 1) <= risk]
            fraction = Fraction(max(allowed, default=0), 2**12)
            outputs.append({"nearer": count, "fraction_at_least": number(fraction, "fraction_at_least")})
        return {
            "risk_at_most": number(witness["risk_at_most"], "risk_at_most"),
            "rows": rows,
            "repeated_rows": self.repeated(),
            "outputs": outputs,
        }

    def interval(self) -> dict:
        coverages, rows = self.witnesses["interval"]["coverages"], len(self.base.tensors["holdout.inputs"])
        ranks = [next((r for r in range(1, rows + 1) if Fraction(r, rows + 1) >= q), None) for q in coverages]
        targets = []
        for target in self.future_targets:
            outputs = []
            for output in self.outputs:
                ordered = sorted(self.errors(target, output))
                widths = [None if r is None else ordered[r - 1] + self.base.shift(output) for r in ranks]
                outputs.append(
                    {
                        "intervals": [
                            {"rank": r, "half_width_at_most": None if r is None else number(w, "half_width_at_most")}
                            for r, w in zip(ranks, widths, strict=True)
                        ]
                    }
                )
            targets.append({"target": target, "outputs": outputs})
        return {
            "coverages": [number(q, "coverages") for q in coverages],
            "rows": rows,
            "repeated_rows": self.repeated(),
            "targets": targets,
        }

    def mean_error(self) -> dict:
        witness = self.witnesses["mean_error"]
        labels = "labels" in self.future_targets
        risk = Fraction(floor(witness["risk_at_most"] * 2**32 / (len(self.outputs) * (3 if labels else 1))), 2**32)
        outputs = []
        for output in self.outputs:
            clip, shift = witness["outputs"][output]["clip"], self.base.shift(output)
            entry = {"clip": number(clip, "clip"), "labels_at_most": None, "gain_at_least": None}
            above = {
                target: [min(Fraction(1), grid((e + shift) / clip)) for e in self.errors(target, output)]
                for target in self.future_targets
            }
            for target, losses in above.items():
                entry[f"{target}_at_most"] = number(clip * mean_limit(losses, risk), "at_most")
            if labels:
                pairs = zip(self.base.tensors["holdout.labels"], self.base.tensors["holdout.teacher"], strict=True)
                network = [
                    min(Fraction(1), -grid(-abs(Fraction(y[output]) - Fraction(t[output])) / clip)) for y, t in pairs
                ]
                halves = [(1 + a - b) / 2 for a, b in zip(above["labels"], network, strict=True)]
                entry["gain_at_least"] = number(clip * (1 - 2 * mean_limit(halves, risk)), "gain_at_least")
            outputs.append({key: entry[key] for key in ("clip", "teacher_at_most", "labels_at_most", "gain_at_least")})
        return {
            "risk_at_most": number(witness["risk_at_most"], "risk_at_most"),
            "rows": len(self.base.tensors["holdout.inputs"]),
            "repeated_rows": self.repeated(),
            "outputs": outputs,
        }

    def holds(self, name: str) -> bool:
        if name not in ("tolerance", "closer", "interval", "mean_error"):
            return super().holds(name)
        witness = self.witnesses[name]
        if name == "interval":
            coverages = witness["coverages"]
            return coverages == sorted(set(coverages)) and all(0 < value < 1 for value in coverages)
        fractions = witness.get("fractions", [])
        in_order = fractions == sorted(set(fractions), reverse=True)
        return in_order and all(0 < value < 1 for value in (witness["risk_at_most"], *fractions))
