"""The text of an exported Lean module: the numbers of a `Study`, of its witness, and the theorem."""

from __future__ import annotations

from math import isqrt

from eigenstill.lean.exported_numbers import Block, Bounds, Column, Exported, RankProof, Study, Sums, Witness
from eigenstill_check.dyadic import Dyadic, sqrt53

PIECE_BITS = 4096  # Lean reads a numeral in quadratic time
PIECES = 16
FOUND = "/-- Found by floating point, which another machine may round otherwise; checked here. -/"


def module_text(exported: Exported) -> str:
    """The Lean module. The last rank's declarations have plain names, those of the others `NameRankK...`."""
    name, study, (*further, last) = exported.head.name, exported.study, exported.ranks
    bounds = last.bounds
    parts = _parts(study.rows, [sums.count for sums in exported.sums])
    lower = Dyadic(bounds.lower, -bounds.unit)
    shift = study.flooring_shift()
    root, shift_root = _root(bounds.residual), _root(len(study.rows) * shift * shift)
    numerator, denominator = Dyadic((root + shift_root) ** 2, -2 * study.output_unit).ratio()
    rmse = sqrt53(numerator, denominator * len(study.rows), up=True)
    worst = Dyadic(bounds.tolerance + shift, -study.output_unit)
    blocks = [
        _HEAD.format(
            name=name,
            source=exported.head.words(),
            digest=exported.head.digest,
            rows=len(study.rows),
            landmarks=len(study.landmarks),
            inputs=len(study.axes),
            rank=bounds.rank,
            lower=lower.decimal(up=False),
            worst=worst.decimal(up=True),
            rmse=rmse.decimal(up=True),
            further=also(further),
        ),
        *(f"def {name}Rows{index} : List Nat := {listed(part)}\n" for index, part in enumerate(parts, 1)),
        _study(name, study, len(parts)),
        witness_text(name, last.witness),
        bounds_text(name, bounds),
        *(_sums(f"{name}Sums{index}", sums) for index, sums in enumerate(exported.sums, 1)),
        *(_step(name, index) for index in range(1, len(parts) + 1)),
        blocks_text(name, f"checkBlock {name} {name}Witness {name}Sums{len(parts)}", last.blocks),
        _THEOREMS.format(
            name=name,
            steps=_chain(name, len(parts)),
            last=len(parts),
            traces=traces(name, len(last.blocks)),
            rank=bounds.rank,
            lower=bounds.lower,
            decimal=lower.decimal(up=False),
            unit=bounds.unit,
            rows=len(study.rows),
            columns=len(study.columns()),
            worst=bounds.tolerance,
            output=study.output_unit,
            residual=bounds.residual,
            shift=shift,
            root=root,
            shift_root=shift_root,
            exact_worst=bounds.tolerance + shift,
            exact_root=root + shift_root,
            worst_decimal=worst.decimal(up=True),
            rmse_decimal=rmse.decimal(up=True),
        ),
        *(_further(name, proof, len(parts), len(study.columns())) for proof in further),
        END,
    ]
    return "\n".join(blocks)


def also(further: list[RankProof]) -> str:
    """The bounds at other ranks, as the rest of a sentence."""
    return "".join(f", of rank {proof.bounds.rank} than `{lower_of(proof.bounds)}`" for proof in further)


def lower_of(bounds: Bounds) -> str:
    """The bound, rounded down."""
    return Dyadic(bounds.lower, -bounds.unit).decimal(up=False)


def tag(name: str, bounds: Bounds) -> str:
    """The first part of the names of what is declared for a further rank."""
    return f"{name}Rank{bounds.rank}"


def bounds_text(name: str, bounds: Bounds) -> str:
    return f"""/-- What is claimed. -/
def {name}Bounds : Bounds where
  rank := {bounds.rank}
  lower := {bounds.lower}
  tolerance := {bounds.tolerance}
  residual := {bounds.residual}
"""


def _further(name: str, proof: RankProof, last: int, columns: int) -> str:
    """The declarations for a further rank: they share data and sums, and have a witness and blocks of their own."""
    own = tag(name, proof.bounds)
    return "\n".join(
        [
            witness_text(own, proof.witness),
            bounds_text(own, proof.bounds),
            blocks_text(own, f"checkBlock {name} {own}Witness {name}Sums{last}", proof.blocks),
            _FURTHER.format(
                name=name,
                own=own,
                last=last,
                columns=columns,
                traces=traces(own, len(proof.blocks)),
                rank=proof.bounds.rank,
                lower=proof.bounds.lower,
                unit=proof.bounds.unit,
                decimal=lower_of(proof.bounds),
            ),
        ]
    )


OPEN = """@[expose] public noncomputable section

namespace Certified

universe u

open Lean.Grind Std Eigenstill Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

-- `nat_lit 0x1f` is the natural number 31, which Lean reads sooner than it finds out what the numeral `0x1f` means.
-- Only the kernel evaluates the checks: where they fail, Lean shall not try to say why.
"""

_HEAD = (
    """module

public import Eigenstill.Claims.RawData.ExactStudent

set_option Elab.async false
set_option maxRecDepth 1000000

/-!
# {source}: bounds proved from the raw data

Written by `eigenstill lean export` from a certificate with SHA-256 {digest}.
{rows} rows, {inputs} inputs, {landmarks} landmarks. **No operator of rank {rank} is nearer to this student's operator `A` than
`|A - X Y|^2 = {lower}`{further}; on the recorded rows no error exceeds {worst}, and their root mean square is at most {rmse}.**

`Eigenstill.Claims.Study` says what the numbers mean. Every theorem here is evaluated by Lean's kernel on the numbers in this
file: change one, and the build fails at the theorem about the rows, the matrices or the sums that no longer agree.
-/

"""
    + OPEN
    + """attribute [local irreducible] checkRows checkBlock checkSums
"""
)

_THEOREMS = """/-- All rows. -/
theorem {name}_scan : scan (frameOf {name} {name}Witness.bits {name}Witness.mean {name}Bounds.tolerance) {name}.rows .zero
    = {name}Sums{last} :=
  {steps}

/-- The sums over all rows, and the traces of the blocks, prove the bounds. -/
theorem {name}_sums : checkSums {name} {name}Witness {name}Bounds {name}Sums{last} {columns} {traces} = true := by decide +kernel

/-- The operator is {rows} x {columns}. -/
theorem {name}_size : {name}.size = {rows} ∧ {name}.columns = {columns} := by decide +kernel

section
variable {{K : Type u}} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **No product `X Y` of rank {rank} is nearer to the operator `A` of this student: `|A - X Y|^2 >= {decimal}`**, over every
linearly ordered field. -/
theorem {name}_eckartYoung (X : Mat K {name}.size {rank}) (Y : Mat K {rank} {name}.columns) :
    (({lower} : Nat) : K) / 2 ^ {unit} ≤ frobDistSq ({name}.operator K) (matMul X Y) :=
  eckartYoung_of_checks (v := {name}Bounds) {name}_scan {name}_blocks {name}_sums (by decide +kernel) X Y

/-- **The largest error of the student on its floored basis, and the sum of its squared errors, against the recorded
teacher.** -/
theorem {name}_fidelity :
    (∀ i, absVal ({name}.teacher K i - {name}.student K i) ≤ (({worst} : Nat) : K) / 2 ^ {output}) ∧
    normSq (fun i => {name}.teacher K i - {name}.student K i) = (({residual} : Nat) : K) / (2 ^ {output}) ^ 2 :=
  fidelity_of_checks (v := {name}Bounds) {name}_scan {name}_sums

/-- **The student itself, its basis not floored: no error exceeds {worst_decimal}, and the root mean square of its errors is at
most {rmse_decimal}, against the recorded teacher.** -/
theorem {name}_exactFidelity :
    (∀ i, absVal ({name}.teacher K i - {name}.exactStudent K i) ≤ (({exact_worst} : Nat) : K) / 2 ^ {output}) ∧
    normSq (fun i => {name}.teacher K i - {name}.exactStudent K i) ≤ ((({exact_root} : Nat) : K) / 2 ^ {output}) ^ 2 :=
  exactFidelity_of_checks (v := {name}Bounds) (shift := {shift}) (root := {root}) (shiftRoot := {shift_root})
    {name}_scan {name}_sums (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel)
"""

_FURTHER = """/-- The sums over all rows, and the traces of the blocks, prove the bound at rank {rank}. -/
theorem {own}_sums : checkSums {name} {own}Witness {own}Bounds {name}Sums{last} {columns} {traces} = true := by decide +kernel

/-- **No product `X Y` of rank {rank} is nearer to the operator `A` of this student: `|A - X Y|^2 >= {decimal}`**, over every
linearly ordered field. -/
theorem {own}_eckartYoung (X : Mat K {name}.size {rank}) (Y : Mat K {rank} {name}.columns) :
    (({lower} : Nat) : K) / 2 ^ {unit} ≤ frobDistSq ({name}.operator K) (matMul X Y) :=
  eckartYoung_of_checks (w := {own}Witness) (v := {own}Bounds) {name}_scan {own}_blocks {own}_sums (by decide +kernel) X Y
"""

END = """end

end Certified
"""


def _root(value: int) -> int:
    """The square root, rounded up."""
    root = isqrt(value)
    return root if root * root == value else root + 1


def _parts(rows: list[int], counts: list[int]) -> list[list[int]]:
    starts = [0, *counts]
    return [rows[start:stop] for start, stop in zip(starts, counts, strict=False)]


def _chain(name: str, parts: int) -> str:
    """The rows of all parts, one after another."""
    text = f"scan_of_checkRows {name}_rows{parts}"
    for index in range(parts - 1, 0, -1):
        text = f"scan_trans (scan_of_checkRows {name}_rows{index}) ({text})"
    return text


def _step(name: str, index: int) -> str:
    before = ".zero" if index == 1 else f"{name}Sums{index - 1}"
    return (
        f"theorem {name}_rows{index} : checkRows {name} {name}Witness {name}Bounds {name}Rows{index} {before} {name}Sums{index}"
        " = true := by decide +kernel\n"
    )


def traces(name: str, blocks: int) -> str:
    """The sum of the traces of the blocks, as `Blocks` adds them up."""
    text = f"{name}Trace{blocks}"
    for index in range(blocks - 1, 0, -1):
        text = f"({name}Trace{index} + {text})"
    return text


def blocks_text(name: str, check: str, blocks: list[Block]) -> str:
    """The traces of the blocks, a theorem about each block, and all of them together; `check` is the check of a block."""
    chain = f".one {name}_block{len(blocks)}"
    for index in range(len(blocks) - 1, 0, -1):
        chain = f".more {name}_block{index} ({chain})"
    return "\n".join(
        [
            *(f"def {name}Trace{index} : Int := {block.trace}\n" for index, block in enumerate(blocks, 1)),
            *(
                f"theorem {name}_block{index} : {check} {block.first} {block.rows} {name}Trace{index} = true"
                " := by decide +kernel\n"
                for index, block in enumerate(blocks, 1)
            ),
            f"""/-- All rows of the matrices. -/
theorem {name}_blocks : Blocks ({check}) 0 {blocks[-1].first + blocks[-1].rows} {traces(name, len(blocks))} :=
  {chain}
""",
        ]
    )


def _study(name: str, study: Study, parts: int) -> str:
    rows = f"{name}Rows{parts}"
    for index in range(parts - 1, 0, -1):
        rows = f"{name}Rows{index} ++ ({rows})"
    axes = ",\n    ".join(
        f"⟨{a.weight:#x}, {a.points:#x}, {a.origin:#x}, {a.up}, {a.down}, {_column(a.column)}⟩" for a in study.axes
    )
    landmarks = ",\n    ".join(map(_column, study.landmarks))
    return f"""/-- The raw data. -/
def {name} : Study where
  slot := {study.slot}
  rows := {rows}
  landmarks := [
    {landmarks}]
  axes := [
    {axes}]
  one := 2 ^ {study.one.bit_length() - 1}
  grid := {study.grid}
  metricBits := {study.metric_bits}
  metricUnit := {study.metric_unit}
  coefficientBits := {study.coefficient_bits}
  outputUnit := {study.output_unit}
  teacherStep := {study.teacher_step}
  teacherShift := {study.teacher_shift}
  coefficientStep := {study.coefficient_step}
  intercept := {study.intercept}
"""


def _column(column: Column) -> str:
    return f"⟨{_number(column.metric)}, {column.coefficient:#x}⟩"


def witness_text(name: str, witness: Witness) -> str:
    return f"""{FOUND}
def {name}Witness : Witness where
  bits := {witness.bits}
  mean := {_number(witness.mean)}
  vectorBits := {witness.vector_bits}
  modes := {_pairs(witness.modes)}
  factorBits := {witness.factor_bits}
  factor := {_pairs(witness.factor)}
  matrixShift := {witness.matrix_shift}
  threshold := {witness.threshold}
  slack := {witness.slack}
  rest := {witness.rest}
"""


def _sums(name: str, sums: Sums) -> str:
    return (
        f"noncomputable def {name} : Sums :=\n  ⟨{sums.count}, {_number(sums.gram)}, {_number(sums.along)}, "
        f"{_number(sums.totals)}, 0, {sums.residual}, 0⟩\n"
    )


def _number(value: int) -> str:
    """A numeral; a long one as few pieces, each of which may itself be of pieces: joining many would copy the number often.

    `nat_lit` says that the numeral is the natural number itself: without it Lean looks for what it means, which takes longer.
    """
    if value.bit_length() <= PIECE_BITS:
        return f"nat_lit {value:#x}"
    unit = PIECE_BITS
    while value.bit_length() > unit * PIECES:
        unit *= PIECES
    mask, pieces = (1 << unit) - 1, []
    while value:
        pieces.append(value & mask)
        value >>= unit
    return f"join {unit} [\n    " + ",\n    ".join(_number(piece) for piece in reversed(pieces)) + "] 0"


def listed(values: list[int]) -> str:
    return "[\n    " + ",\n    ".join(map(_number, values)) + "]"


def _pairs(pairs: list[tuple[int, int]]) -> str:
    return "[\n    " + ",\n    ".join(f"({a:#x}, {_number(b)})" for a, b in pairs) + "]"
