/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Prepare

/-!
# Claim `fidelity`, computed

How closely the formula follows the recorded outputs and the labels, split by split (FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (ratio)

/-- `f = 2^-p (sum |a_j| + sum |w_d| 2^(E_d))` for each output: by how much flooring the basis can move the formula. -/
def floorShifts (basis : Basis) (model : Model) (outputs : Nat) : List Dyadic :=
  zipped (fun coefficients weights =>
    let linear := zipped (fun weight exponent => Dyadic.mul (Dyadic.abs weight) ⟨1, exponent⟩) weights basis.linearExponents
    Dyadic.mul (Dyadic.add (sumDyadic (mapped Dyadic.abs coefficients)) (sumDyadic linear))
      ⟨1, -Int.ofNat basis.gridBits⟩)
    (outputColumns outputs model.coefficients) (outputColumns outputs model.weights)

/-- `floor(2^30 (1 - RSS / TSS)) / 2^30` about the split's own mean; `none` where TSS is 0. -/
def rSquared (bound : Dyadic) (rows : Nat) (sums : TargetSums) : Option Dyadic :=
  let n := Dyadic.ofInt (Int.ofNat rows)
  let total := Dyadic.sub (Dyadic.mul n sums.squaredValues) (Dyadic.mul sums.values sums.values)
  if total.mantissa = 0 then none
  else
    let rest := Dyadic.sub total (Dyadic.mul n bound)
    let low := smaller rest.exponent total.exponent
    some ⟨shifted (inUnits low rest) 30 / inUnits low total, -30⟩

def outputFidelity (rows : Nat) (labels : Bool) (sums : TargetSums) (shift : Dyadic) : OutputFidelity :=
  let n := Dyadic.ofInt (Int.ofNat rows)
  let product := ratio (Dyadic.mul n sums.squaredErrors)
  let cross := sqrt53 product.1 product.2 true
  let bound := Dyadic.add (Dyadic.add sums.squaredErrors (Dyadic.mul (Dyadic.mul ⟨2, 0⟩ shift) cross))
    (Dyadic.mul (Dyadic.mul n shift) shift)
  let parts := ratio bound
  let teacher := ratio sums.teacherSquaredErrors
  { errorAtMost := Dyadic.add sums.largestError shift
    rmseAtMost := sqrt53 parts.1 (parts.2 * rows) true
    rSquaredAtLeast := rSquared bound rows sums
    teacherRmseAtLeast := if labels then some (sqrt53 teacher.1 (teacher.2 * rows) false) else none }

def splitFidelity (split : String) (sums : SplitSums) (shifts : List Dyadic) : SplitFidelity :=
  let target (name : String) (labels : Bool) (outputs : List TargetSums) : TargetFidelity :=
    ⟨name, zipped (outputFidelity sums.rows labels) outputs shifts⟩
  ⟨split, target "teacher" false sums.teacher :: match sums.labels with
    | none => []
    | some outputs => [target "labels" true outputs]⟩

def checkFidelity (prepared : Prepared) : Except Rejected (List SplitFidelity) :=
  match prepared.exact with
  | Except.error rejected => Except.error rejected
  | Except.ok (sums, _) =>
    let model := prepared.certificate.model
    let shifts := floorShifts prepared.certificate.basis model (sizeOf' model.intercept)
    Except.ok (splitFidelity "train" sums.train shifts :: match sums.holdout with
      | none => []
      | some holdout => [splitFidelity "holdout" holdout shifts])

end Eigenstill.Claims.Exec
