/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Prepare
public import Eigenstill.Claims.Exec.Vectors

/-!
# The targets as the operator sees them

`n Aᵀ (t - t̄)` and `n |t - t̄|²` for the teacher's outputs and the labels on the training rows (FORMAT.md section 3), from
a second pass over the training rows.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- One output of one target: `n Aᵀ (t - t̄)`, a number a column, and `n |t - t̄|²`. -/
structure Target where
  products : IntegerVector
  total : Dyadic

/-- One entry an output. -/
structure Targets where
  teacher : List Target
  labels : Option (List Target)

/-- The row of `C` at a point. -/
def flooredRow (plan : Plan) (x : List Dyadic) : List Int :=
  let fine := fineRow plan.kernel (denominators plan.kernel (pointIn plan.kernel x))
  joinedLists (mapped (fun value => shifted value (-Int.ofNat plan.basis.gridBits)) fine)
    (linearRow plan.basis.gridBits x plan.model.offsets plan.basis.linearExponents [])

/-- `Cᵀ t` over a block of rows for each column `t` of values; entries of `C` lie in `[0, 2^p]`. -/
def blockProducts (plan : Plan) (size : Nat) (inputs values : List (List Dyadic)) (targets : Nat) : List IntegerVector :=
  let parts := mapped IntegerVector.of (columnsOf targets values)
  let most := folded (fun most (part : IntegerVector) => larger most (sumAbsolute part.entries)) 1 parts
  let width := slotWidth (Nat.shiftLeft most plan.basis.gridBits)
  let rows := mapped (fun x => pack width (flooredRow plan x)) inputs
  mapped (fun (part : IntegerVector) => ⟨unpack width size (combined part.entries rows), part.exponent⟩) parts

/-- `Cᵀ t` over all rows, block by block. -/
def addProducts (plan : Plan) (size targets : Nat) : Nat → List (List Dyadic) → List (List Dyadic) →
    List IntegerVector → List IntegerVector
  | 0, _, _, products => products
  | fuel + 1, inputs, values, products =>
    match inputs with
    | [] => products
    | _ =>
      let inputs := split blockRows inputs
      let values := split blockRows values
      addProducts plan size targets fuel inputs.2 values.2
        (zipped IntegerVector.add products (blockProducts plan size inputs.1 values.1 targets))

/-- One output, from `Cᵀ t` and the sums of `t`: `n Aᵀ (t - t̄) = 2^-p Tᵀ (n Cᵀ t - F S)`, `F` the sum of `t`. -/
def targetOf (basis : Basis) (columns : List (List Int)) (sums : RowSums) (products : IntegerVector)
    (target : TargetSums) : Target :=
  let n := Dyadic.ofInt (Int.ofNat sums.rows)
  let centred := (products.scaled n).sub (IntegerVector.scaled ⟨sums.columnSums, 0⟩ target.values)
  ⟨centred.under columns (basis.metricExponent - Int.ofNat basis.gridBits),
    Dyadic.sub (Dyadic.mul n target.squaredValues) (Dyadic.mul target.values target.values)⟩

def targetsOf (certificate : Certificate) (sums : RowSums) : Targets :=
  let basis := certificate.basis
  let model := certificate.model
  let rows := certificate.train
  let outputs := sizeOf' model.intercept
  let size := sizeOf' sums.columnSums
  let columns := columnsOf size (blockMetric model.metric model.linearMetric)
  let values := match rows.labels with
    | none => rows.teacher
    | some labels => zipped joinedLists rows.teacher labels
  let targets := match rows.labels with
    | none => outputs
    | some _ => 2 * outputs
  let products := addProducts (planOf certificate rows) size targets (sizeOf' rows.inputs + 1) rows.inputs values
    (repeated ⟨repeated 0 size, 0⟩ targets)
  let parts := split outputs products
  ⟨zipped (targetOf basis columns sums) parts.1 sums.train.teacher, match sums.train.labels with
    | none => none
    | some labels => some (zipped (targetOf basis columns sums) parts.2 labels)⟩

end Eigenstill.Claims.Exec
