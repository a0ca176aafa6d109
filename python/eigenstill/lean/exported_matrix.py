"""The text of a Lean module about every operator with a given matrix M = A^T A."""

from __future__ import annotations

from dataclasses import dataclass

from eigenstill.lean.exported import (
    END,
    OPEN,
    also,
    blocks_text,
    bounds_text,
    listed,
    lower_of,
    tag,
    traces,
    witness_text,
)
from eigenstill.lean.exported_numbers import Head, RankProof


@dataclass(frozen=True)
class StoredMatrix:
    """`Eigenstill.Claims.StoredMatrix`."""

    entry_bits: int
    unit: int
    rows: list[int]


def matrix_text(head: Head, matrix: StoredMatrix, ranks: list[RankProof]) -> str:
    """The Lean module about every operator A with A^T A = M. Only the last rank's declarations have plain names."""
    name, size, (*further, last) = head.name, len(matrix.rows), ranks
    return "\n".join(
        [
            _MATRIX_HEAD.format(
                source=head.words(),
                digest=head.digest,
                size=size,
                rank=last.bounds.rank,
                lower=lower_of(last.bounds),
                further=also(further),
            ),
            f"""/-- The matrix `M`. -/
def {name} : StoredMatrix where
  entryBits := {matrix.entry_bits}
  unit := {matrix.unit}
  rows := {listed(matrix.rows)}
""",
            _CHECKS.format(name=name, own=name, size=size, **_words(name, name, last)),
            _SIZE.format(name=name, size=size),
            _THEOREM.format(name=name, own=name, **_words(name, name, last)),
            *(
                template.format(name=name, own=own, size=size, **_words(name, own, proof))
                for proof in further
                for own in [tag(name, proof.bounds)]
                for template in (_CHECKS, _THEOREM)
            ),
            END,
        ]
    )


def _words(name: str, own: str, proof: RankProof) -> dict[str, object]:
    """What the declarations for one rank say."""
    return {
        "witness": witness_text(own, proof.witness),
        "bounds": bounds_text(own, proof.bounds),
        "blocks": blocks_text(own, f"checkMatrixBlock {name} {own}Witness", proof.blocks),
        "traces": traces(own, len(proof.blocks)),
        "rank": proof.bounds.rank,
        "lower": proof.bounds.lower,
        "unit": proof.bounds.unit,
        "decimal": lower_of(proof.bounds),
    }


_MATRIX_HEAD = (
    """module

public import Eigenstill.Claims.RawData.FromMatrix

set_option Elab.async false
set_option maxRecDepth 1000000

/-!
# {source}: a bound proved from the matrix `M`

Written by `eigenstill lean export --matrix` from a certificate with SHA-256 {digest}.
**No operator of rank {rank} is nearer than `|A - X Y|^2 = {lower}`{further} to an operator `A`
with `AᵀA = M`, the {size} x {size} matrix below. That the student's operator has this `M` is NOT verified here**: the checkers
form `M` from the raw data.

Every theorem here is evaluated by Lean's kernel on the numbers in this file: change one, and the build fails.
-/

"""
    + OPEN
    + """attribute [local irreducible] checkMatrixBlock checkMatrix
"""
)

_CHECKS = """{witness}
{bounds}
{blocks}
/-- The traces of the blocks prove the bound. -/
theorem {own}_check : checkMatrix {name} {own}Witness {own}Bounds {size} {traces} = true := by decide +kernel
"""

_SIZE = """/-- `M` is {size} x {size}. -/
theorem {name}_size : {name}.size = {size} := by decide +kernel

section
variable {{K : Type u}} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
"""

_THEOREM = """/-- **Every operator `A` with `AᵀA = M` has `|A - X Y|^2 >= {decimal}` for all products `X Y` of rank {rank}**, over
every linearly ordered field. `M` itself is unverified. -/
theorem {own}_eckartYoung {{n : Nat}} (A : Mat K n {name}.size) (hA : gram A = {name}.matrix K) (X : Mat K n {rank})
    (Y : Mat K {rank} {name}.size) : (({lower} : Nat) : K) / 2 ^ {unit} ≤ frobDistSq A (matMul X Y) :=
  eckartYoung_of_matrix (v := {own}Bounds) {own}_blocks {own}_check (by decide +kernel) A hA X Y
"""
