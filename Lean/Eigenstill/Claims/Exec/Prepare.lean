/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Rows

/-!
# What is computed once a certificate

The sums over the rows and the operator's matrix `M = Aᵀ A` (FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- `M = matrix 2^exponent`, symmetric with `columns` rows. -/
structure Operator where
  columns : Nat
  matrix : List (List Int)
  exponent : Int
  trace : Dyadic

/-- A certificate with its sums and its operator, or why there are none. -/
structure Prepared where
  certificate : Certificate
  exact : Except Rejected (RowSums × Operator)

/-- `N = G - S cᵀ - c Sᵀ + n c cᵀ` with `c = floor(S / n)`: the Gram matrix of `C - 1 cᵀ`. -/
def centred (gram : List (List Int)) (columnSums : List Int) (rows : Nat) : List (List Int) :=
  let n := Int.ofNat rows
  let means := mapped (fun total => total / n) columnSums
  let pairs := zipped Prod.mk columnSums means
  zipped (fun (row : List Int) (own : Int × Int) =>
    zipped (fun entry (other : Int × Int) => entry - own.1 * other.2 - own.2 * other.1 + n * own.2 * other.2) row pairs)
    gram pairs

/-- `T = blockdiag(T_z, diag(T_l))`. -/
def blockMetric (metric : List (List Int)) (linearMetric : List Int) : List (List Int) :=
  let m := sizeOf' metric
  let d := sizeOf' linearMetric
  joinedLists (mapped (fun row => joinedLists row (repeated 0 d)) metric)
    (zipped (fun index value =>
      joinedLists (repeated 0 (m + index)) (value :: repeated 0 (d - index - 1))) (numbersBelow d) linearMetric)

/-- The entries on the diagonal. -/
def diagonal (matrix : List (List Int)) : List Int :=
  zipped (fun index row => entryAt 0 index row) (numbersBelow (sizeOf' matrix)) matrix

def operatorOf (certificate : Certificate) (sums : RowSums) : Operator :=
  let columns := sizeOf' sums.columnSums
  let metric := blockMetric certificate.model.metric certificate.model.linearMetric
  let matrix := congruence columns metric (centred sums.gram sums.columnSums sums.rows)
  let exponent := 2 * (certificate.basis.metricExponent - Int.ofNat certificate.basis.gridBits)
  ⟨columns, matrix, exponent, ⟨sum (diagonal matrix), exponent⟩⟩

/-- Compute what the claims share. -/
def prepare (certificate : Certificate) : Prepared :=
  ⟨certificate, match scan certificate with
    | Except.error rejected => Except.error rejected
    | Except.ok sums => Except.ok (sums, operatorOf certificate sums)⟩

end Eigenstill.Claims.Exec
