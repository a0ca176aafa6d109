"""`eigenstill lean export`: a Lean module with a theorem about the student of a certificate, checked by Lean's kernel.

The module holds the certificate's raw data as numbers and a witness that this program finds; Lean proves the bound from
the numbers alone (`Eigenstill.Claims.RawData`), so nothing here is believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from eigenstill.lean.errors import LeanUsageError
from eigenstill.lean.exported import FOUND, lower_of, module_text
from eigenstill.lean.exported_matrix import StoredMatrix, matrix_text
from eigenstill.lean.exported_numbers import (
    Axis,
    Block,
    Bounds,
    Column,
    Exported,
    Head,
    RankProof,
    Study,
    Sums,
    Witness,
)
from eigenstill.lean.packing import pack, rounded, signed_bits, wide
from eigenstill.lean.witness import witness_of
from eigenstill_check.basis import LinearColumns, evaluator
from eigenstill_check.certificate import Certificate, Rows, read
from eigenstill_check.dyadic import Dyadic, float_integers, integers
from eigenstill_check.exact import Exact
from eigenstill_check.operator import block_metric
from eigenstill_check.packed import add_gram, full_gram, product

Matrix = list[list[int]]
BLOCK_ROWS = 1_000
THEOREM_BYTES = 1_000_000_000  # what the kernel may keep of one theorem


# A witness, sums or traces: nothing but numbers, so that nothing else can hide there.
NUMBERS_FOUND = re.compile(
    r"(?:noncomputable )?def \w+(?:Witness : Witness where|Sums\d+ : Sums :=|Trace\d+ : Int :=)"
    r"(?:[\s,()\[\]⟨⟩-]|:=|0x[0-9a-f]++|[0-9]++"
    r"|\b(?:join|nat_lit|bits|mean|vectorBits|modes|factorBits|factor|matrixShift|threshold|slack|rest)\b)*+"
)
NAME = re.compile(r"[A-Z][A-Za-z0-9]*[a-z0-9][A-Za-z0-9]*")
TAKEN = frozenset(
    {
        "Axis",
        "Bounds",
        "Certified",
        "Column",
        "Eigenstill",
        "Field",
        "Int",
        "List",
        "Mat",
        "Nat",
        "StoredMatrix",
        "Study",
        "Sums",
        "Vec",
        "Vector",
        "Witness",
    }
)


@dataclass(frozen=True)
class Export:
    """The module's text, and what it claims, for people: the lower bound at each rank, rounded down."""

    text: str
    lower: dict[int, str]
    sentence: str

    def differences(self, path: Path) -> list[str]:
        """In which way the module at `path` speaks of another certificate, one sentence; empty where it does not.

        What is stated is compared, not the witness: another machine's floating point finds another.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LeanUsageError(f"{path}: {error}; need a module that `eigenstill lean export` wrote") from error
        for number, (got, need) in enumerate(zip_longest(_stated(text), _stated(self.text)), 1):
            if got != need:
                return [f"{path}: statement {number} differs from what the certificate gives; export it again"]
        return []


def export(path: Path, out: Path, *, ranks: Sequence[int] | Literal["all"] = (), matrix: bool = False) -> Export:
    """The Lean module about the certificate at `path`, its theorems named after the file `out` that it is for.

    Parameters
    ----------
    ranks : of the bounds; where there are none, the certificate's last. Each rank costs the kernel a matrix of its own
    matrix : from the matrix M = A^T A, which is then not verified, instead of the raw data; any basis and number of outputs

    Raises
    ------
    LeanUsageError : the certificate has no such theorem in Lean (another basis, several outputs, a rank it lacks), or the
        file's name is none for theorems.
    Refusal : the certificate cannot be read, or does not hold.
    """
    name = out.stem
    if out.suffix != ".lean" or not NAME.fullmatch(name) or name in TAKEN:
        raise LeanUsageError(
            f"{out}: need a file name of letters and digits like Ames.lean, the first a capital, for the theorems"
        )
    certificate = read(path)
    claim = next((entry for entry in certificate.claims if entry["claim"] == "eckart_young"), None)
    if claim is None:
        raise LeanUsageError(f"{path}: it has no claim eckart_young; need one for a theorem")
    recorded = [entry["rank"] for entry in claim["ranks"]]
    chosen = recorded if ranks == "all" else sorted(set(ranks)) or recorded[-1:]
    for rank in chosen:
        if rank not in recorded:
            raise LeanUsageError(f"{path}: it has no bound at rank {rank}; need one of {', '.join(map(str, recorded))}")
    head = Head(name, certificate.subject["student"]["name"], hashlib.sha256(path.read_bytes()).hexdigest())
    if matrix:
        return _from_matrix(head, Exact(certificate), claim, chosen)
    _require(certificate, path)
    return _from_raw_data(head, Exact(certificate), claim, chosen)


def _from_raw_data(head: Head, exact: Exact, claim: Mapping[str, Any], ranks: list[int]) -> Export:
    certificate = exact.certificate
    study = study_of(certificate, certificate.shards["train"])
    values, errors = _rows(study, certificate)
    rows, size = len(study.rows), certificate.model.columns
    bias = size << (study.grid + study.metric_bits - 1)
    distance = study.one + sum(axis.weight << (2 * study.slot) for axis in study.axes)
    found = [
        witness_of(
            exact,
            claim,
            rank,
            largest=rows * bias * bias,
            bits=max(distance.bit_length(), (4 * rows * bias * bias).bit_length()),
            mean=pack([total // rows for total in exact.sums.column_sums], study.slot),
        )
        for rank in ranks
    ]
    tolerance, residual = max(map(abs, errors)), sum(error * error for error in errors)
    proofs = _proofs(
        [(witness, replace(b, tolerance=tolerance, residual=residual), diagonal) for witness, b, diagonal in found]
    )
    text = module_text(Exported(head, study, proofs, _sums(study, proofs[-1].witness, exact, values, errors)))
    worst = Dyadic(tolerance + study.flooring_shift(), -study.output_unit)
    said = _said(proofs, " is nearer to the student's operator than ")
    sentence = f"no operator of {said}, and no error on the {rows} recorded rows exceeds {worst.decimal(up=True)}"
    return Export(text, _lower(proofs), sentence)


def _from_matrix(head: Head, exact: Exact, claim: Mapping[str, Any], ranks: list[int]) -> Export:
    operator = exact.operator
    bits = signed_bits(value for row in operator.matrix for value in row)
    half = 1 << (bits - 1)
    rows = [pack([value + half for value in row], bits) for row in operator.matrix]
    proofs = _proofs([witness_of(exact, claim, rank, largest=half) for rank in ranks])
    text = matrix_text(head, StoredMatrix(bits, -operator.exponent, rows), proofs)
    sentence = (
        f"no operator of {_said(proofs, ' is nearer than ')} to an operator A whose A^T A is the M of the certificate; "
        "M itself is unverified"
    )
    return Export(text, _lower(proofs), sentence)


def _proofs(found: list[tuple[Witness, Bounds, list[int]]]) -> list[RankProof]:
    """The ranks' proofs, on slots of the same width: the sums over the rows are then the same for all."""
    bits = max(witness.bits for witness, _, _ in found)
    wide = [(replace(witness, bits=bits), bounds, diagonal) for witness, bounds, diagonal in found]
    return [RankProof(witness, bounds, _blocks(witness, diagonal)) for witness, bounds, diagonal in wide]


def _said(proofs: list[RankProof], nearer: str) -> str:
    """The bounds in words: the first in full, the others after it."""
    first, *others = (f"rank {proof.bounds.rank}|{lower_of(proof.bounds)}" for proof in proofs)
    return "".join([first.replace("|", nearer), *(f", of {other.replace('|', ' than ')}" for other in others)])


def _lower(proofs: list[RankProof]) -> dict[int, str]:
    return {proof.bounds.rank: lower_of(proof.bounds) for proof in proofs}


def _stated(text: str) -> list[str]:
    """The declarations of a module that say what is claimed: raw data, bounds and theorems, the head with its digest."""
    blocks = re.split(r"\n(?=def |noncomputable def |theorem |/--)", text)
    return [block for block in blocks if block != FOUND and not NUMBERS_FOUND.fullmatch(block)]


def _require(certificate: Certificate, path: Path) -> None:
    basis, model = certificate.basis, certificate.model
    problem = (
        f"its basis is {basis.kernel}; need rational-quadratic"
        if basis.kernel != "rational-quadratic"
        else "it has no linear term; need one"
        if not basis.linear
        else f"it has {model.outputs} outputs; need one"
        if model.outputs != 1
        else ""
    )
    if problem:
        raise LeanUsageError(f"{path}: {problem} for a theorem from the raw data, or --matrix")


# The raw data as natural numbers --------------------------------------------------------------------------------------


def study_of(certificate: Certificate, shards: Sequence[Rows]) -> Study:
    """Every number of the statement, on common powers of two."""
    basis, model = certificate.basis, certificate.model
    grid, count = basis.grid_bits, len(model.landmarks)
    inputs = [row for shard in shards for row in shard.inputs]
    columns, points, origins, shifts = [], [], [], []
    for index, offset in enumerate(model.offsets):
        data = [row[index] for row in inputs]
        landmarks = [row[index] for row in model.landmarks]
        values, shift = float_integers([offset, *landmarks, *data])
        lowest = min(values)
        origin, *relative = (value - lowest for value in values)
        if min(relative[count:]) < origin:
            raise LeanUsageError(
                f"input {index}: a recorded row lies below the student's offset {offset!r}; need none for a theorem from the "
                "raw data, or --matrix"
            )
        points.append(relative[:count])
        columns.append(relative[count:])
        origins.append(origin)
        shifts.append(shift)
    scale_pairs = [float_integers([scale]) for scale in model.scales]
    units = [own + 2 * shift for (_, own), shift in zip(scale_pairs, shifts, strict=True)]
    unit = max(units)
    weights = [values[0] << (unit - own) for (values, _), own in zip(scale_pairs, units, strict=True)]
    metric = block_metric(model.metric, model.linear_metric)
    coefficients, outputs = _outputs(certificate, [row[0] for shard in shards for row in shard.teacher])
    metric_bits = signed_bits(value for row in metric for value in row)
    coefficient_bits = signed_bits(coefficients.values)
    stored = [
        Column(
            pack([value + (1 << (metric_bits - 1)) for value in row], metric_bits),
            value + (1 << (coefficient_bits - 1)),
        )
        for row, value in zip(metric, coefficients.values, strict=True)
    ]
    widest = max(max(map(max, columns)), max(map(max, points)), max(outputs.values), 1 << grid)
    slot = rounded(widest.bit_length())
    shifts_up = [grid - shift - exponent for shift, exponent in zip(shifts, basis.linear_exponents, strict=True)]
    return Study(
        slot=slot,
        rows=[pack([y, *row], slot) for y, row in zip(outputs.values, zip(*columns, strict=True), strict=True)],
        landmarks=stored[:count],
        axes=[
            Axis(weight, pack(zs, slot), origin, max(up, 0), max(-up, 0), column)
            for weight, zs, origin, up, column in zip(weights, points, origins, shifts_up, stored[count:], strict=True)
        ],
        one=1 << unit,
        grid=grid,
        metric_bits=metric_bits,
        metric_unit=-basis.metric_exponent,
        coefficient_bits=coefficient_bits,
        output_unit=outputs.unit,
        teacher_step=outputs.step,
        teacher_shift=outputs.shift,
        coefficient_step=coefficients.step,
        intercept=coefficients.shift,
    )


@dataclass(frozen=True)
class _Scaled:
    """values_i step + shift, in units 2^-unit."""

    values: list[int]
    step: int
    shift: int
    unit: int


def _outputs(certificate: Certificate, teacher: list[float]) -> tuple[_Scaled, _Scaled]:
    """The student's coefficients on the integer basis, and the teacher's outputs, on one power of two."""
    basis, model = certificate.basis, certificate.model
    grid = Dyadic(1, -basis.grid_bits)
    kernel = [Dyadic.of_float(row[0]) * grid for row in model.coefficients]
    weights = [Dyadic.of_float(row[0]) for row in model.weights]
    linear = [w * grid * Dyadic(1, exponent) for w, exponent in zip(weights, basis.linear_exponents, strict=True)]
    constant = Dyadic.of_float(model.intercept[0])
    for weight, offset in zip(weights, model.offsets, strict=True):
        constant += weight * Dyadic.of_float(offset)
    values, exponent = integers(kernel + linear)
    recorded, recorded_exponent = integers([Dyadic.of_float(value) for value in teacher])
    low = min(exponent, recorded_exponent, constant.exponent)
    least = min(recorded)
    student = _Scaled(values, 1 << (exponent - low), constant.at(low), -low)
    return student, _Scaled(
        [value - least for value in recorded], 1 << (recorded_exponent - low), least << (recorded_exponent - low), -low
    )


# The sums over the rows -------------------------------------------------------------------------------------------------


def _rows(study: Study, certificate: Certificate) -> tuple[Matrix, list[int]]:
    """C, and teacher minus student on the floored basis in the unit of outputs, row by row."""
    basis, model = certificate.basis, certificate.model
    kernel, linear = evaluator(basis, model), LinearColumns(basis, model)
    half = 1 << (study.coefficient_bits - 1)
    coefficients = [column.coefficient - half for column in study.columns()]
    values: Matrix = []
    for shard in certificate.shards["train"]:
        for start in range(0, len(shard.inputs), BLOCK_ROWS):
            block = kernel.block(shard.inputs[start : start + BLOCK_ROWS])
            for fine, tail in zip(block.fine, linear.rows(block), strict=True):
                values.append([value >> basis.grid_bits for value in fine] + tail)
    mask = (1 << study.slot) - 1
    teacher = [study.teacher_step * (row & mask) + study.teacher_shift for row in study.rows]
    student = [
        study.intercept + study.coefficient_step * sum(a * c for a, c in zip(coefficients, row, strict=True))
        for row in values
    ]
    return values, [a - b for a, b in zip(teacher, student, strict=True)]


def _sums(study: Study, witness: Witness, exact: Exact, values: Matrix, errors: list[int]) -> list[Sums]:
    """`Eigenstill.Claims.scan` after each part of the rows: parts small enough for the kernel's memory."""
    model, size = exact.certificate.model, exact.certificate.model.columns
    bits, rows = witness.bits, len(study.rows)
    metric = block_metric(model.metric, model.linear_metric)
    bias = size << (study.grid + study.metric_bits - 1)
    means = [total // rows for total in exact.sums.column_sums]
    centred = product([[c - mean for c, mean in zip(row, means, strict=True)] for row in values], metric)
    biased = [[entry + bias for entry in row] for row in centred]
    one_row = (4 * size * (size + 1) + 5 * size * size) * bits // 8 + 500_000
    step = -(-rows // -(-rows * one_row // THEOREM_BYTES))
    width = -(-(rows * 4 * bias * bias).bit_length() // 8) * 8 + 8
    gram, sums = [0] * size, []
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        add_gram(gram, biased[start:stop], width)
        matrix = full_gram(gram, width)
        sums.append(
            Sums(
                count=stop,
                gram=sum(wide(row, bits) << (bits * (size + 1) * index) for index, row in enumerate(matrix)),
                along=wide([sum(column) for column in zip(*biased[:stop], strict=True)], bits),
                totals=wide([sum(column) for column in zip(*values[:stop], strict=True)], bits),
                residual=sum(error * error for error in errors[:stop]),
            )
        )
    return sums


def _blocks(witness: Witness, diagonal: list[int]) -> list[Block]:
    """Blocks of rows of the matrices, few enough in each for the kernel's memory, and what each adds to the trace."""
    size, slot = len(diagonal), witness.bits // 8
    vectors = len(witness.modes) + len(witness.factor)
    count = -(-vectors * 5 * size * (size + 1) * slot // max(THEOREM_BYTES - vectors * 40 * size * slot, 1))
    step = -(-size // min(count, size))
    return [
        Block(first, len(part), sum(part))
        for first in range(0, size, step)
        for part in [diagonal[first : first + step]]
    ]
