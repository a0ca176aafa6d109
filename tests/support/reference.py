"""FORMAT.md section 3 a second time, in fractions and plain loops: the other route of every two-route test.

Nothing of eigenstill or eigenstill_check is imported. No side condition is tested here: the numbers of a dishonest
certificate come out as well, which is what the corpus of rejected files is made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cached_property
from math import floor, isqrt

import mpmath


def two(exponent: int) -> Fraction:
    return Fraction(2) ** exponent


def parse_exact(text: str) -> Fraction:
    mantissa, exponent = text.split("p")
    return int(mantissa) * two(int(exponent))


def exact_string(value: Fraction) -> str:
    """MpX of a dyadic rational: the odd mantissa is found by halving and doubling."""
    if value == 0:
        return "0p0"
    exponent = 1 - value.denominator.bit_length()
    mantissa = value.numerator
    while mantissa % 2 == 0:
        mantissa, exponent = mantissa // 2, exponent + 1
    return f"{mantissa}p{exponent}"


def decimal_string(value: Fraction, *, up: bool) -> str:
    """Seven significant digits by the decimal module, which rounds the quotient once."""
    if value == 0:
        return "0"
    context = Context(prec=7, rounding=ROUND_CEILING if up else ROUND_FLOOR, Emin=-999_999, Emax=999_999)
    sign, digits, exponent = context.divide(Decimal(value.numerator), Decimal(value.denominator)).as_tuple()
    figures = "".join(map(str, digits)).ljust(7, "0")
    power = int(exponent) + len(digits) - 1
    return f"{'-' * sign}{figures[0]}.{figures[1:]}e{power:+03d}"


def number(value: Fraction, field: str) -> dict[str, str]:
    up = not (field.endswith("at_least") or field == "lower")
    return {"exact": exact_string(value), "decimal": decimal_string(value, up=up)}


def rounded_53(square: Fraction, *, up: bool, root: bool) -> Fraction:
    """The nearest number with a 53-bit mantissa on one side of ``square`` or of its square root."""
    if square == 0:
        return Fraction(0)
    power = 2 if root else 1
    exponent = 0
    while (two(53) * two(exponent)) ** power <= square:
        exponent += 1
    while (two(52) * two(exponent)) ** power > square:
        exponent -= 1
    scaled = square / two(exponent) ** power
    mantissa = isqrt(floor(scaled)) if root else floor(scaled)
    if up and Fraction(mantissa) ** power < scaled:
        mantissa += 1
    return mantissa * two(exponent)


EXPONENTIAL = ("gaussian", "matern-3/2")


def phi(kernel: str, x, z, scales) -> Fraction:
    """The kernel; the exponential ones to 1,500 bits below the last one of q, or 2^-2000 for anything smaller."""
    gaps = (Fraction(a) - Fraction(b) for a, b in zip(x, z, strict=True))
    power = 1 if kernel == "rational-l1" else 2
    q = sum((Fraction(s) * abs(g) ** power for s, g in zip(scales, gaps, strict=True)), Fraction(0))
    return exponential(kernel, q) if kernel in EXPONENTIAL else 1 / (1 + q)


def exponential(kernel: str, q: Fraction) -> Fraction:
    if q > 10**7:
        return two(-2000)
    with mpmath.workprec(1500 + q.denominator.bit_length()):
        value = mpmath.mpf(q.numerator) / q.denominator
        root = mpmath.sqrt(3 * value)
        value = mpmath.exp(-value) if kernel == "gaussian" else (1 + root) * mpmath.exp(-root)
        mantissa, exponent = value.man_exp
    return max(int(mantissa) * two(int(exponent)), two(-2000))  # of another type where mpmath finds gmpy2


def matmul(left, right):
    columns = list(zip(*right, strict=True))
    return [[sum((a * b for a, b in zip(row, c, strict=True)), Fraction(0)) for c in columns] for row in left]


def transposed(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def defect(matrix) -> Fraction:
    """Largest absolute row sum of matrix - I."""
    return max(sum(abs(v - (i == j)) for j, v in enumerate(row)) for i, row in enumerate(matrix))


OF_A_KERNEL = ("landmarks", "scales", "coefficients", "metric")


@dataclass(frozen=True)
class Reference:
    """The numbers of one certificate: ``basis`` its JSON section, ``tensors`` nested lists with the shards joined."""

    basis: dict
    tensors: dict
    parameters: int | None = None

    def __post_init__(self) -> None:
        if self.features:
            object.__setattr__(self, "tensors", {key: [] for key in OF_A_KERNEL} | self.tensors)

    @property
    def features(self) -> bool:
        return self.basis["kernel"] == "features"

    @property
    def inputs(self) -> int:
        return len(self.tensors["train.inputs"][0])

    @cached_property
    def grid(self) -> Fraction:
        return two(-self.basis["grid_bits"])

    @property
    def fine(self) -> Fraction:
        return self.grid**2

    @property
    def linear(self) -> bool:
        return bool(self.basis["linear"])

    @property
    def splits(self) -> list[str]:
        return [split for split in ("train", "holdout") if f"{split}.inputs" in self.tensors]

    def kernel_row(self, x) -> list[Fraction]:
        scales = self.tensors["scales"]
        return [phi(self.basis["kernel"], x, z, scales) for z in self.tensors["landmarks"]]

    def basis_row(self, x) -> list[Fraction]:
        """One row of C 2^-p."""
        row = [floor(value / self.grid) * self.grid for value in self.kernel_row(x)]
        if self.linear:
            for value, offset, exponent in zip(x, self.tensors["offsets"], self.basis["linear_exponents"], strict=True):
                row.append(floor((Fraction(value) - Fraction(offset)) / two(exponent) / self.grid) * self.grid)
        return row

    @cached_property
    def columns(self) -> list[list[Fraction]]:
        return [self.basis_row(x) for x in self.tensors["train.inputs"]]

    @cached_property
    def centred(self) -> list[list[Fraction]]:
        """C - 1 c^T in units of 1, c the mean rounded down to the grid."""
        count = len(self.columns)
        means = [floor(sum(column) / count / self.grid) * self.grid for column in zip(*self.columns, strict=True)]
        return [[v - c for v, c in zip(row, means, strict=True)] for row in self.columns]

    @cached_property
    def metric(self) -> list[list[Fraction]]:
        unit = two(self.basis["metric_exponent"])
        kernel, m = self.tensors["metric"], len(self.tensors["landmarks"])
        diagonal = self.tensors["linear_metric"] if self.linear else []
        size = m + len(diagonal)
        full = [[Fraction(0)] * size for _ in range(size)]
        for i in range(m):
            for j in range(m):
                full[i][j] = kernel[i][j] * unit
        for index, value in enumerate(diagonal):
            full[m + index][m + index] = value * unit
        return full

    @cached_property
    def operator(self) -> list[list[Fraction]]:
        """A itself, n x r."""
        return matmul(self.centred, self.metric)

    @cached_property
    def m(self) -> list[list[Fraction]]:
        return matmul(transposed(self.operator), self.operator)

    @cached_property
    def vectors(self) -> list[list[Fraction]]:
        unit = two(self.basis["vector_exponent"])
        return [[v * unit for v in row] for row in self.tensors["eigenvectors"]]

    @cached_property
    def excess(self) -> list[Fraction]:
        unit = two(self.basis["excess_exponent"])
        return [v * unit for v in self.tensors["excess"]]

    def trace(self) -> Fraction:
        return sum((row[i] for i, row in enumerate(self.m)), Fraction(0))

    def kernel_defect(self) -> Fraction:
        landmarks, unit = self.tensors["landmarks"], two(self.basis["metric_exponent"])
        if self.features:
            return Fraction(0)
        jitter = parse_exact(self.basis["jitter"])
        gram = [
            [floor(value / self.fine) * self.fine + (jitter if i == j else 0) for j, value in enumerate(row)]
            for i, row in enumerate(map(self.kernel_row, landmarks))
        ]
        metric = [[v * unit for v in row] for row in self.tensors["metric"]]
        sums = [sum(map(abs, column)) for column in zip(*metric, strict=True)]
        return defect(matmul(matmul(transposed(metric), gram), metric)) + self.fine * max(sums) * sum(sums)

    def linear_defect(self) -> Fraction:
        m, worst = len(self.tensors["landmarks"]), Fraction(0)
        if self.features:
            return max(
                abs(self.metric[index][index] / two(exponent) - 1)
                for index, exponent in enumerate(self.basis["linear_exponents"])
            )
        for index in range(m, len(self.metric)):
            square = sum((row[index] ** 2 for row in self.centred), Fraction(0))
            gap = abs(self.metric[index][index] ** 2 * square / len(self.centred) - 1)
            worst = max(worst, rounded_53(gap, up=True, root=False))
        return worst

    def orthogonality_defect(self) -> Fraction:
        return defect(matmul(self.vectors, transposed(self.vectors)))

    def bounds(self, rank: int, threshold: Fraction) -> tuple[Fraction, Fraction]:
        delta = self.orthogonality_defect()
        following = self.excess[rank] if rank < len(self.excess) else Fraction(0)
        lower = self.trace() - rank * (threshold + (1 + delta) * following)
        captured = Fraction(0)
        for d, vector in zip(self.excess[:rank], self.vectors[:rank], strict=True):
            lower -= (d - following) * sum(v * v for v in vector)
            image = matmul([vector], transposed(self.operator))[0]
            captured += sum(v * v for v in image)
        return lower, self.trace() - (1 - delta) * captured

    def psd_holds(self, threshold: Fraction, slack: Fraction) -> bool:
        """Whether W - L L^T - sigma I has all entries in the window that proves W positive semidefinite."""
        units = [
            2 * self.basis["vector_exponent"] + self.basis["excess_exponent"],
            2 * self.basis["factor_exponent"],
            2 * (self.basis["metric_exponent"] - self.basis["grid_bits"]),
            *(int(exact_string(value).split("p")[1]) for value in (threshold, slack)),
        ]
        low, size = two(min(units)), len(self.m)
        window = Fraction(1, 2)
        while size * 2 * window <= slack / low:
            window *= 2
        if window < 1:
            return False
        unit = two(self.basis["factor_exponent"])
        factor = [[v * unit for v in row] for row in self.tensors["factor"]]
        weighted = [[d * v for v in row] for d, row in zip(self.excess, self.vectors, strict=True)]
        spectral, gram = matmul(transposed(self.vectors), weighted), matmul(factor, transposed(factor))
        return all(
            -window
            <= (spectral[i][j] - self.m[i][j] - gram[i][j] + (threshold - slack if i == j else 0)) / low
            < window
            for i in range(size)
            for j in range(size)
        )

    def residual(self, rank: int) -> Fraction:
        """norm(A - A V_k V_k^T)_F^2, straight from its definition."""
        vectors = self.vectors[:rank]
        image = matmul(matmul(self.operator, transposed(vectors)), vectors)
        return sum(
            (
                (a - b) ** 2
                for left, right in zip(self.operator, image, strict=True)
                for a, b in zip(left, right, strict=True)
            ),
            Fraction(0),
        )

    def formula(self, x, output: int, *, values=None, linear=None) -> Fraction:
        """The student at x; kernel and linear values may be given (floored ones)."""
        values = self.kernel_row(x) if values is None else values
        total = Fraction(self.tensors["intercept"][output])
        total += sum(Fraction(a[output]) * v for a, v in zip(self.tensors["coefficients"], values, strict=True))
        if self.linear:
            weights = self.tensors["weights"]
            inputs = map(Fraction, x) if linear is None else linear
            total += sum(Fraction(w[output]) * v for w, v in zip(weights, inputs, strict=True))
        return total

    def floored_formula(self, x, output: int) -> Fraction:
        row, m = self.basis_row(x), len(self.tensors["landmarks"])
        linear = None
        if self.linear:
            exponents, offsets = self.basis["linear_exponents"], self.tensors["offsets"]
            linear = [Fraction(o) + two(e) * v for o, e, v in zip(offsets, exponents, row[m:], strict=True)]
        return self.formula(x, output, values=row[:m], linear=linear)

    def shift(self, output: int) -> Fraction:
        total = sum((abs(Fraction(a[output])) for a in self.tensors["coefficients"]), Fraction(0))
        if self.linear:
            for w, exponent in zip(self.tensors["weights"], self.basis["linear_exponents"], strict=True):
                total += abs(Fraction(w[output])) * two(exponent)
        return total * self.grid

    def fidelity_entry(self, split: str, target: str, output: int) -> dict:
        inputs = self.tensors[f"{split}.inputs"]
        values = [Fraction(row[output]) for row in self.tensors[f"{split}.{target}"]]
        n, f = len(values), self.shift(output)
        errors = [v - self.floored_formula(x, output) for x, v in zip(inputs, values, strict=True)]
        rss = sum(e * e for e in errors)
        bound = rss + 2 * f * rounded_53(n * rss, up=True, root=True) + n * f * f
        mean = sum(values) / n
        tss = sum((v - mean) ** 2 for v in values)
        entry = {
            "error_at_most": number(max(map(abs, errors)) + f, "error_at_most"),
            "rmse_at_most": number(rounded_53(bound / n, up=True, root=True), "rmse_at_most"),
            "r_squared_at_least": None,
        }
        if tss:
            floored = Fraction(floor((1 - bound / tss) * 2**30), 2**30)
            entry["r_squared_at_least"] = number(floored, "r_squared_at_least")
        if target == "labels":
            teacher = [Fraction(row[output]) for row in self.tensors[f"{split}.teacher"]]
            gap = sum((a - b) ** 2 for a, b in zip(values, teacher, strict=True)) / n
            entry["teacher_rmse_at_least"] = number(rounded_53(gap, up=False, root=True), "teacher_rmse_at_least")
        return entry

    def evaluation_sums(self, split: str) -> tuple[Fraction, Fraction]:
        """Largest |prediction - formula| with the floor's part, and largest sum of absolute terms."""
        difference = magnitude = Fraction(0)
        for output in range(len(self.tensors["intercept"])):
            coefficients = [Fraction(a[output]) for a in self.tensors["coefficients"]]
            norm = sum(map(abs, coefficients))
            for x, recorded in zip(self.tensors[f"{split}.inputs"], self.tensors[f"{split}.predictions"], strict=True):
                values = [floor(v / self.fine) * self.fine for v in self.kernel_row(x)]
                gap = abs(Fraction(recorded[output]) - self.formula(x, output, values=values))
                difference = max(difference, gap + self.fine * norm)
                size = abs(Fraction(self.tensors["intercept"][output]))
                if self.basis["kernel"] in EXPONENTIAL:
                    size += norm
                else:
                    size += sum(abs(a) * (v + self.fine) for a, v in zip(coefficients, values, strict=True))
                if self.linear:
                    size += sum(
                        abs(Fraction(w[output]) * Fraction(v)) for w, v in zip(self.tensors["weights"], x, strict=True)
                    )
                magnitude = max(magnitude, size)
        return difference, magnitude

    def a_priori(self, magnitude: Fraction) -> Fraction:
        m, d = len(self.tensors["landmarks"]), self.inputs
        k = m + 2 * d + (12 if self.basis["kernel"] in EXPONENTIAL else 7)
        bound = Fraction(k, 2**53 - k) * magnitude + (m + d + 1) * two(-1060)
        return rounded_53(bound, up=True, root=False)

    def evaluation_entry(self, split: str) -> dict:
        difference, magnitude = self.evaluation_sums(split)
        return {
            "split": split,
            "difference_at_most": number(difference, "difference_at_most"),
            "a_priori_at_most": number(self.a_priori(magnitude), "a_priori_at_most"),
        }

    def evaluation_holds(self, split: str) -> bool:
        inputs, landmarks, scales = (self.tensors[name] for name in (f"{split}.inputs", "landmarks", "scales"))
        difference, magnitude = self.evaluation_sums(split)
        return (
            max(abs(Fraction(v)) for point in [*inputs, *landmarks] for v in point) <= two(500)
            and all(1 / value <= two(1000) for x in inputs for value in self.kernel_row(x))
            and all(Fraction(scale) <= two(500) for scale in scales)
            and magnitude <= two(1000)
            and difference <= self.a_priori(magnitude)
        )

    def side_conditions(self, threshold: Fraction, slack: Fraction, ranks: list[int]) -> bool:
        """Every MUST of section 3 that is no equality of a recorded number."""
        d = self.excess
        return (
            all(0 <= value <= 1 for row in self.columns for value in row)
            and self.trace() > 0
            and max(self.kernel_defect(), self.linear_defect()) <= (0 if self.features else Fraction(1, 2))
            and self.linear_columns_vary()
            and d == sorted(d, reverse=True)
            and min(d) >= 0
            and threshold >= 0
            and slack > 0
            and ranks == sorted(set(ranks))
            and ranks[-1] <= min(len(d), len(self.metric) - 1)
            and self.psd_holds(threshold, slack)
            and self.orthogonality_defect() < 1
            and all(0 < low <= high for low, high in (self.bounds(rank, threshold) for rank in ranks))
            and all(self.evaluation_holds(split) for split in self.splits)
        )

    def linear_columns_vary(self) -> bool:
        """Each centred linear column has a sum of squares of at least 2^-7 in units of its exponent: no step function."""
        if self.features:
            return True
        m = len(self.tensors["metric"])
        return all(sum(v * v for v in column) >= Fraction(1, 128) for column in transposed(self.centred)[m:])

    def stored_numbers(self) -> int:
        m, scales, c = (len(self.tensors[name]) for name in ("landmarks", "scales", "intercept"))
        return m * (self.inputs + c) + (self.inputs * c if self.linear else 0) + scales + c

    def claims(self, threshold: Fraction, slack: Fraction, ranks: list[int]) -> list[dict]:
        """The claims of profile distillation-1, as an honest file would record them for these tensors."""
        eckart_young = []
        for rank in ranks:
            lower, upper = self.bounds(rank, threshold)
            eckart_young.append({"rank": rank, "lower": number(lower, "lower"), "upper": number(upper, "upper")})
        outputs = range(len(self.tensors["intercept"]))
        fidelity = [
            {
                "split": split,
                "targets": [
                    {"target": target, "outputs": [self.fidelity_entry(split, target, o) for o in outputs]}
                    for target in ("teacher", "labels")
                    if f"{split}.{target}" in self.tensors
                ],
            }
            for split in self.splits
        ]
        stored, ratio = self.stored_numbers(), None
        if self.parameters is not None:
            ratio = number(Fraction(floor(Fraction(self.parameters * 2**20, stored)), 2**20), "ratio_at_least")
        return [
            {
                "claim": "basis",
                "rows": len(self.columns),
                "columns": len(self.metric),
                "grid_bits": self.basis["grid_bits"],
                "trace": number(self.trace(), "trace"),
            },
            {
                "claim": "metric",
                "defect": number(self.kernel_defect(), "defect"),
                "linear_defect": number(self.linear_defect(), "linear_defect"),
            },
            {
                "claim": "eckart_young",
                "threshold": number(threshold, "threshold"),
                "slack": number(slack, "slack"),
                "orthogonality_defect": number(self.orthogonality_defect(), "orthogonality_defect"),
                "ranks": eckart_young,
            },
            {"claim": "fidelity", "splits": fidelity},
            {"claim": "compression", "stored_numbers": stored, "ratio_at_least": ratio},
            {"claim": "evaluation", "splits": [self.evaluation_entry(split) for split in self.splits]},
        ]
