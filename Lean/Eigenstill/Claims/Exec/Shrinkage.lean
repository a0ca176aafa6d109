/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Shared

/-!
# Claim `shrinkage`, computed

How far the stored fit is from the least of the ridge objective over its modes, and the stored formula from that fit
(FORMAT.md section 3, theorem `ridgeObjective_le_of_span`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (decimalText)

/-- For each output the stored formula as coefficients of the basis columns: `a_j`, and `w_d 2^(E_d)`. -/
def columnCoefficients (basis : Basis) (model : Model) : List IntegerVector :=
  let outputs := sizeOf' model.intercept
  zipped (fun coefficients weights => IntegerVector.of (joinedLists coefficients
    (zipped (fun weight exponent => Dyadic.mul weight ⟨1, exponent⟩) weights basis.linearExponents)))
    (outputColumns outputs model.coefficients) (outputColumns outputs model.weights)

/-- `n |b + Σ w_d o_d - (t̄ - cᵀ a)|` for one output. -/
def interceptGap (basis : Basis) (model : Model) (sums : RowSums) (coefficients : IntegerVector) (intercept : Dyadic)
    (weights : List Dyadic) (values : Dyadic) : Dyadic :=
  let n := Int.ofNat sums.rows
  let means : IntegerVector := ⟨mapped (fun total => total / n) sums.columnSums, -Int.ofNat basis.gridBits⟩
  let constant := Dyadic.add (Dyadic.add intercept (sumDyadic (zipped Dyadic.mul weights model.offsets)))
    (means.dot coefficients)
  Dyadic.abs (Dyadic.sub (Dyadic.mul (Dyadic.ofInt n) constant) values)

/-- What one output needs beside the target. -/
structure StoredFit where
  /-- The fit's coefficients of the modes. -/
  solution : IntegerVector
  coefficients : IntegerVector
  interceptGap : Dyadic

/-- One output. -/
def outputShrinkage (certificate : Certificate) (sums : RowSums) (operator : Operator) (defect : Dyadic)
    (target : Target) (fit : StoredFit) : OutputShrinkage :=
  let basis := certificate.basis
  let n := Dyadic.ofInt (Int.ofNat sums.rows)
  let ridge := certificate.fit.ridge
  let vectors := (split (sizeOf' fit.solution.entries) certificate.model.eigenvectors).1
  let weights := fit.solution.under (columnsOf operator.columns vectors) basis.vectorExponent
  let image := weights.under operator.matrix operator.exponent
  let halfSlope := ((image.add (weights.scaled ridge)).scaled n).sub target.products
  let quadratic := Dyadic.add (weights.dot image) (Dyadic.mul ridge weights.squaredNorm)
  let objective := Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩ (weights.dot target.products)))
    (Dyadic.mul n quadratic)
  let gap := (alongModes basis vectors halfSlope).squaredNorm
  let metric := blockMetric certificate.model.metric certificate.model.linearMetric
  { objectiveAtMost := quotientOf objective n true
    gapAtMost := quotientOf gap (Dyadic.mul (Dyadic.mul (Dyadic.mul n n) ridge) (Dyadic.sub Dyadic.one defect)) true
    coefficientsDifferAtMost :=
      quotientOf (fit.coefficients.sub (weights.under metric basis.metricExponent)).absoluteSum Dyadic.one true
    interceptDiffersAtMost := quotientOf fit.interceptGap n true }

def checkShrinkage (shared : Shared) (exponent : Int) : Except Rejected ShrinkageNumbers := do
  let modes ← shared.modes.get
  if !Dyadic.lt modes.defect Dyadic.one then
    Except.error ⟨"shrinkage", "delta " ++ decimalText modes.defect true, "less than 1: independent modes"⟩
  else
    let (sums, operator) ← shared.prepared.exact
    let targets ← shared.targets.get
    let certificate := shared.prepared.certificate
    let model := certificate.model
    let coefficients := columnCoefficients certificate.basis model
    let gaps := zipped (fun (pair : IntegerVector × Dyadic) (other : List Dyadic × TargetSums) =>
      interceptGap certificate.basis model sums pair.1 pair.2 other.1 other.2.values)
      (zipped Prod.mk coefficients model.intercept)
      (zipped Prod.mk (outputColumns (sizeOf' model.intercept) model.weights) sums.train.teacher)
    let fits := zipped (fun solution (other : IntegerVector × Dyadic) => (⟨⟨solution, exponent⟩, other.1, other.2⟩ : StoredFit))
      certificate.fit.solution (zipped Prod.mk coefficients gaps)
    return ⟨certificate.fit.ridge, exponent,
      zipped (outputShrinkage certificate sums operator modes.defect) targets.teacher fits⟩

end Eigenstill.Claims.Exec
