"""The text of a Lean module about every operator with a given matrix M = A^T A."""

from __future__ import annotations

from dataclasses import dataclass

from eigenstill.lean.exported import OPEN, blocks_text, listed, traces, witness_text
from eigenstill.lean.exported_numbers import Block, Bounds, Head, Witness
from eigenstill_check.dyadic import Dyadic


@dataclass(frozen=True)
class StoredMatrix:
    """`Eigenstill.Claims.StoredMatrix`."""

    entry_bits: int
    unit: int
    rows: list[int]


def matrix_text(head: Head, matrix: StoredMatrix, witness: Witness, bounds: Bounds, blocks: list[Block]) -> str:
    """The Lean module about every operator A with A^T A = M."""
    name = head.name
    lower = Dyadic(bounds.lower, -bounds.unit).decimal(up=False)
    return "\n".join(
        [
            _MATRIX_HEAD.format(
                source=head.words(), digest=head.digest, size=len(matrix.rows), rank=bounds.rank, lower=lower
            ),
            f"""/-- The matrix `M`. -/
def {name} : StoredMatrix where
  entryBits := {matrix.entry_bits}
  unit := {matrix.unit}
  rows := {listed(matrix.rows)}
""",
            witness_text(name, witness),
            f"""/-- What is claimed. -/
def {name}Bounds : Bounds where
  rank := {bounds.rank}
  lower := {bounds.lower}
  tolerance := 0
  residual := 0
""",
            blocks_text(name, f"checkMatrixBlock {name} {name}Witness", blocks),
            _MATRIX_THEOREMS.format(
                name=name,
                rank=bounds.rank,
                decimal=lower,
                lower=bounds.lower,
                unit=bounds.unit,
                size=len(matrix.rows),
                traces=traces(name, len(blocks)),
            ),
        ]
    )


_MATRIX_HEAD = (
    """module

public import Eigenstill.Claims.RawData.FromMatrix

set_option Elab.async false
set_option maxRecDepth 1000000

/-!
# {source}: a bound proved from the matrix `M`

Written by `eigenstill lean export --matrix` from a certificate with SHA-256 {digest}.
**No operator of rank {rank} is nearer than `|A - X Y|^2 = {lower}` to an operator `A` with `AᵀA = M`, the {size} x {size} matrix
below. That the student's operator has this `M` is NOT verified here**: the checkers form `M` from the raw data.

Every theorem here is evaluated by Lean's kernel on the numbers in this file: change one, and the build fails.
-/

"""
    + OPEN
    + """attribute [local irreducible] checkMatrixBlock checkMatrix
"""
)

_MATRIX_THEOREMS = """/-- The traces of the blocks prove the bound. -/
theorem {name}_check : checkMatrix {name} {name}Witness {name}Bounds {size} {traces} = true := by decide +kernel

/-- `M` is {size} x {size}. -/
theorem {name}_size : {name}.size = {size} := by decide +kernel

section
variable {{K : Type u}} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Every operator `A` with `AᵀA = M` has `|A - X Y|^2 >= {decimal}` for all products `X Y` of rank {rank}**, over every
linearly ordered field. `M` itself is unverified. -/
theorem {name}_eckartYoung {{n : Nat}} (A : Mat K n {name}.size) (hA : gram A = {name}.matrix K) (X : Mat K n {rank})
    (Y : Mat K {rank} {name}.size) : (({lower} : Nat) : K) / 2 ^ {unit} ≤ frobDistSq A (matMul X Y) :=
  eckartYoung_of_matrix (v := {name}Bounds) {name}_blocks {name}_check (by decide +kernel) A hA X Y

end

end Certified
"""
