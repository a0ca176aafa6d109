/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.RowNumbers

/-!
# Claim `exports`, computed

What other programs computed from the formula, held to the a-priori bound of the claim `evaluation` (FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (decimalText)

/-- The formula at a row, on the fine grid: one integer an output, in units of its form. -/
def fineValuesAt (plan : Plan) (x : List Dyadic) : List Int :=
  let point := pointIn plan.kernel x
  let fine := fineRow plan.kernel (denominators plan.kernel point)
  let features := if plan.basis.linear then joinedLists fine point else fine
  mapped (fun (form : FineForm) => form.value.value features) plan.fineForms

/-- The largest difference of predictions from the formula, for one output, and what the fine grid's floor can move. -/
def exportGap (form : FineForm) (values : List Int) (predictions : List Dyadic) : Dyadic :=
  let (predicted, exponent) := commonUnits predictions
  let low := smaller exponent form.value.exponent
  let worst := folded larger 0 (zipped (fun prediction value =>
    (shifted prediction (exponent - low) - shifted value (form.value.exponent - low)).natAbs) predicted values)
  Dyadic.add ⟨Int.ofNat worst, low⟩ form.floorError

/-- For each program the largest difference over all outputs and rows. -/
def exportDifferences (certificate : Certificate) (rows : Rows) (exports : List ExportRows) : List ExportDifference :=
  let plan := planOf certificate rows
  let values := columnsOf plan.outputs (mapped (fineValuesAt plan) rows.inputs)
  mapped (fun (recorded : ExportRows) =>
    ⟨recorded.name, folded Dyadic.max Dyadic.zero (zipped (fun (pair : FineForm × List Int) predictions =>
      exportGap pair.1 pair.2 predictions) (zipped Prod.mk plan.fineForms values)
      (columnsOf plan.outputs recorded.predictions))⟩) exports

/-- The bound of the claim `evaluation` on one split, whatever its own predictions are. -/
def exportBound (m d : Nat) (split : String) (sums : SplitSums) : Except Rejected Dyadic :=
  match evaluateSplit m d split { sums with largestDifference := Dyadic.zero } with
  | Except.error rejected => Except.error { rejected with place := "exports " ++ split }
  | Except.ok evaluation => Except.ok evaluation.aPrioriAtMost

/-- Every difference is at most the bound. -/
def requireNear (split : String) (bound : Dyadic) : List ExportDifference → Except Rejected Unit
  | [] => Except.ok ()
  | found :: rest =>
    if Dyadic.lt bound found.differenceAtMost then
      Except.error ⟨"exports " ++ split,
        "a recorded prediction of " ++ found.name ++ " " ++ decimalText found.differenceAtMost true ++ " off the formula",
        "at most the a-priori bound " ++ decimalText bound true⟩
    else requireNear split bound rest

def splitExports (certificate : Certificate) (split : String) (sums : SplitSums) (rows : Rows)
    (exports : List ExportRows) : Except Rejected SplitExports := do
  let model := certificate.model
  let bound ← exportBound (sizeOf' model.landmarks) (sizeOf' model.scales) split sums
  let found := exportDifferences certificate rows exports
  requireNear split bound found
  return ⟨split, found⟩

/-- `exports` are the recorded predictions. -/
def checkExports (prepared : Prepared) (exports : Exports) : Except Rejected (List SplitExports) := do
  let certificate := prepared.certificate
  let (sums, _) ← prepared.exact
  if !every (fun scale => Dyadic.le scale ⟨1, 500⟩) certificate.model.scales then
    Except.error ⟨"exports", "a scale above 2^500", "scales at most 2^500, so that no underflow is magnified"⟩
  else
    let train ← splitExports certificate "train" sums.train certificate.train exports.train
    match certificate.holdout, sums.holdout with
    | some rows, some holdoutSums => do
      let holdout ← splitExports certificate "holdout" holdoutSums rows exports.holdout
      return [train, holdout]
    | _, _ => return [train]

end Eigenstill.Claims.Exec
