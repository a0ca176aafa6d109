/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Prepare

/-!
# Claims `basis`, `metric`, `compression` and `evaluation`, computed

Each check gives the numbers that an honest certificate records, or says which side condition fails.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (exactText decimalText ratio)

def checkBasis (prepared : Prepared) : Except Rejected BasisNumbers :=
  match prepared.exact with
  | Except.error rejected => Except.error rejected
  | Except.ok (sums, operator) =>
    if operator.trace.mantissa ≤ 0 then
      Except.error ⟨"basis.trace", exactText operator.trace, "more than 0: a basis that varies over the rows"⟩
    else Except.ok ⟨sums.rows, operator.columns, prepared.certificate.basis.gridBits, operator.trace⟩

/-- The largest absolute row sum of `matrix 2^exponent - I`. -/
def defectOf (matrix : List (List Int)) (exponent : Int) : Dyadic :=
  let low := smaller exponent 0
  let one := shifted 1 (-low)
  let rowSum (index : Nat) (row : List Int) : Nat :=
    sumAbsolute
      (zipped (fun column entry => shifted entry (exponent - low) - (if column = index then one else 0))
        (numbersBelow (sizeOf' row)) row)
  ⟨Int.ofNat (folded larger 0 (zipped rowSum (numbersBelow (sizeOf' matrix)) matrix)), low⟩

/-- Largest absolute row sum of `Tᵀ K T - I`, `K` floored at `2^-P`, plus what the floor can change. -/
def kernelDefect (basis : Basis) (model : Model) : Dyadic :=
  let fineBits := Int.ofNat (2 * basis.gridBits)
  let kernel := kernelAt basis model (columnsOf (sizeOf' model.scales) model.landmarks)
  let jitter := basis.jitter.reduced
  let exponent := smaller (-fineBits) jitter.exponent
  let added := inUnits exponent jitter
  let rows := mapped (fun x => fineRow kernel (denominators kernel (pointIn kernel x))) model.landmarks
  let rows := zipped (fun index row => zipped (fun column entry =>
    shifted entry (-fineBits - exponent) + (if column = index then added else 0)) (numbersBelow kernel.count) row)
    (numbersBelow kernel.count) rows
  let image := congruence kernel.count model.metric rows
  let sums := mapped sumAbsolute (columnsOf kernel.count model.metric)
  let floorPart : Dyadic :=
    ⟨Int.ofNat (folded larger 0 sums * sumAbsolute (mapped Int.ofNat sums)), 2 * basis.metricExponent - fineBits⟩
  Dyadic.add (defectOf image (exponent + 2 * basis.metricExponent)) floorPart

/-- How far the standardised linear columns are from mean square 1, rounded up. -/
def linearDefect (model : Model) (sums : RowSums) (operator : Operator) : Dyadic :=
  let squares := (split (sizeOf' model.landmarks) (diagonal operator.matrix)).2
  folded (fun worst square =>
    let gap := Dyadic.abs (Dyadic.sub ⟨square, operator.exponent⟩ (Dyadic.ofInt (Int.ofNat sums.rows)))
    let parts := ratio gap
    Dyadic.max worst (quotient53 parts.1 (parts.2 * sums.rows) true)) Dyadic.zero squares

/-- The first linear column whose exponent is so large that flooring makes it a step function: `N_dd < 2^(2p - 7)`, where
`M_dd = T_d² N_dd`. -/
def coarseColumn (basis : Basis) (model : Model) (operator : Operator) : Option Nat :=
  let squares := (split (sizeOf' model.landmarks) (diagonal operator.matrix)).2
  find (2 * Int.ofNat basis.gridBits - 7) 0 squares model.linearMetric
where
  find (bits : Int) : Nat → List Int → List Int → Option Nat
    | index, square :: squares, unit :: units =>
      if square < shifted (unit * unit) bits then some index else find bits (index + 1) squares units
    | _, _, _ => none

def checkMetric (prepared : Prepared) : Except Rejected MetricNumbers :=
  match prepared.exact with
  | Except.error rejected => Except.error rejected
  | Except.ok (sums, operator) =>
    let defect := kernelDefect prepared.certificate.basis prepared.certificate.model
    let linear := linearDefect prepared.certificate.model sums operator
    if !Dyadic.le defect ⟨1, -1⟩ then Except.error ⟨"metric.defect", decimalText defect true, "at most 1/2"⟩
    else if !Dyadic.le linear ⟨1, -1⟩ then
      Except.error ⟨"metric.linear_defect", decimalText linear true, "at most 1/2"⟩
    else
      match coarseColumn prepared.certificate.basis prepared.certificate.model operator with
      | some column => Except.error ⟨"metric.linear_exponents[" ++ Nat.repr column ++ "]",
          "a column that varies by too few units of 2^-" ++ Nat.repr prepared.certificate.basis.gridBits,
          "N_dd >= 2^(2p - 7): the least exponent that covers the training rows"⟩
      | none => Except.ok ⟨defect, linear⟩

def checkCompression (prepared : Prepared) : Except Rejected CompressionNumbers :=
  let model := prepared.certificate.model
  let m := sizeOf' model.landmarks
  let d := sizeOf' model.scales
  let c := sizeOf' model.intercept
  let stored := m * (d + c) + (if prepared.certificate.basis.linear then d * c else 0) + d + c
  Except.ok ⟨stored, match prepared.certificate.parameters with
    | none => none
    | some parameters => some ⟨Int.ofNat (Nat.shiftLeft parameters 20 / stored), -20⟩⟩

/-- `numerator / denominator + terms 2^-1060`, rounded up to 53 bits. -/
def aPrioriBound (numerator denominator terms : Nat) : Dyadic :=
  quotient53 (Nat.shiftLeft numerator 1060 + terms * denominator) (Nat.shiftLeft denominator 1060) true

/-- Evaluation on one split. -/
def evaluateSplit (m d : Nat) (split : String) (sums : SplitSums) : Except Rejected SplitEvaluation :=
  if !sums.withinRange || !Dyadic.le sums.largestMagnitude ⟨1, 1000⟩ then
    Except.error ⟨"evaluation " ++ split, "a value above 2^1000 or a coordinate above 2^500",
      "values at most 2^1000 and coordinates at most 2^500, so that nothing overflows"⟩
  else
    let roundings := m + 2 * d + 7
    let parts := ratio sums.largestMagnitude
    let bound := aPrioriBound (roundings * parts.1) (parts.2 * (9007199254740992 - roundings)) (m + d + 1)
    if Dyadic.lt bound sums.largestDifference then
      Except.error ⟨"evaluation " ++ split,
        "a recorded prediction " ++ decimalText sums.largestDifference true ++ " off the formula",
        "at most the a-priori bound " ++ decimalText bound true⟩
    else Except.ok ⟨split, sums.largestDifference, bound⟩

def checkEvaluation (prepared : Prepared) : Except Rejected (List SplitEvaluation) :=
  let model := prepared.certificate.model
  let m := sizeOf' model.landmarks
  let d := sizeOf' model.scales
  if !every (fun scale => Dyadic.le scale ⟨1, 500⟩) model.scales then
    Except.error ⟨"evaluation", "a scale above 2^500", "scales at most 2^500, so that no underflow is magnified"⟩
  else
    match prepared.exact with
    | Except.error rejected => Except.error rejected
    | Except.ok (sums, _) =>
      match evaluateSplit m d "train" sums.train with
      | Except.error rejected => Except.error rejected
      | Except.ok train =>
        match sums.holdout with
        | none => Except.ok [train]
        | some holdout =>
          match evaluateSplit m d "holdout" holdout with
          | Except.error rejected => Except.error rejected
          | Except.ok holdout => Except.ok [train, holdout]

end Eigenstill.Claims.Exec
