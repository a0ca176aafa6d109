/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Intervals
public import Eigenstill.Format.RecordedRows

/-!
# Recorded claims

The numbers that a certificate records for each claim, typed: what a check must compute again.
-/

@[expose] public section

namespace Eigenstill.Format

open Eigenstill.Claims

/-- A recorded claim, by kind. -/
inductive RecordedClaim
  | basis (numbers : BasisNumbers)
  | metric (numbers : MetricNumbers)
  | eckartYoung (numbers : EckartYoungNumbers)
  | fidelity (splits : List SplitFidelity)
  | compression (numbers : CompressionNumbers)
  | evaluation (splits : List SplitEvaluation)
  | tolerance (numbers : ToleranceNumbers)
  | closer (numbers : CloserNumbers)
  | spectrum (numbers : SpectrumNumbers)
  | shrinkage (numbers : ShrinkageNumbers)
  | gcv (numbers : GcvNumbers)
  | energy (numbers : EnergyNumbers)
  | diagnosis (numbers : DiagnosisNumbers)
  | global (outputs : List OutputBounds)
  | agreement (splits : List SplitAgreement)
  | interval (numbers : IntervalNumbers)
  | meanError (numbers : MeanErrorNumbers)
  | exports (splits : List SplitExports)

def readBasisClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "rows", "columns", "grid_bits", "trace"] value place
  let rows ← readField entries place "rows" (readNat 2 maxRows)
  let columns ← readField entries place "columns" (readNat 2 maxColumns)
  let gridBits ← readField entries place "grid_bits" (readNat 8 64)
  let trace ← readField entries place "trace" (readNumber true)
  return .basis ⟨rows, columns, gridBits, trace⟩

def readMetricClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "defect", "linear_defect"] value place
  let defect ← readField entries place "defect" (readNumber true)
  let linearDefect ← readField entries place "linear_defect" (readNumber true)
  return .metric ⟨defect, linearDefect⟩

def readRank (value : Json) (place : String) : Result RankBounds := do
  let entries ← readObject ["rank", "lower", "upper"] value place
  let rank ← readField entries place "rank" (readNat 1 8192)
  let lower ← readField entries place "lower" (readNumber false)
  let upper ← readField entries place "upper" (readNumber true)
  return ⟨rank, lower, upper⟩

def readEckartYoungClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "threshold", "slack", "orthogonality_defect", "ranks"] value place
  let threshold ← readField entries place "threshold" readShortNumber
  let slack ← readField entries place "slack" readShortNumber
  let defect ← readField entries place "orthogonality_defect" (readNumber true)
  let ranks ← readField entries place "ranks" (readList readRank 1 64)
  return .eckartYoung ⟨threshold, slack, defect, ranks⟩

/-- One output; `labels` tells whether the target is the labels, which have one more number. -/
def readOutput (labels : Bool) (value : Json) (place : String) : Result OutputFidelity := do
  let common := ["error_at_most", "rmse_at_most", "r_squared_at_least"]
  let keys := if labels then append common ["teacher_rmse_at_least"] else common
  let entries ← readObject keys value place
  let error ← readField entries place "error_at_most" (readNumber true)
  let rmse ← readField entries place "rmse_at_most" (readNumber true)
  let rSquared ← readField entries place "r_squared_at_least" (readOptional (readNumber false))
  let teacher ←
    if labels then do
      let number ← readField entries place "teacher_rmse_at_least" (readNumber false)
      pure (some number)
    else pure none
  return ⟨error, rmse, rSquared, teacher⟩
where
  append : List String → List String → List String
    | [], second => second
    | key :: rest, second => key :: append rest second

/-- Whether an object is about the labels. -/
def isAboutLabels : Json → Bool
  | .object entries =>
    match lookUp "target" entries with
    | some (.text target) => target == "labels"
    | _ => false
  | _ => false

def readTarget (value : Json) (place : String) : Result TargetFidelity := do
  let entries ← readObject ["target", "outputs"] value place
  let target ← readField entries place "target" (readChoice ["teacher", "labels"])
  let outputs ← readField entries place "outputs" (readList (readOutput (isAboutLabels value)) 1 maxOutputs)
  return ⟨target, outputs⟩

def readSplitFidelity (value : Json) (place : String) : Result SplitFidelity := do
  let entries ← readObject ["split", "targets"] value place
  let split ← readField entries place "split" (readChoice ["train", "holdout"])
  let targets ← readField entries place "targets" (readList readTarget 1 2)
  return ⟨split, targets⟩

def readFidelityClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "splits"] value place
  let splits ← readField entries place "splits" (readList readSplitFidelity 1 2)
  return .fidelity splits

def readCompressionClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "stored_numbers", "ratio_at_least"] value place
  let stored ← readField entries place "stored_numbers" (readNat 1 maxCount)
  let ratio ← readField entries place "ratio_at_least" (readOptional (readNumber false))
  return .compression ⟨stored, ratio⟩

def readSplitEvaluation (value : Json) (place : String) : Result SplitEvaluation := do
  let entries ← readObject ["split", "difference_at_most", "a_priori_at_most"] value place
  let split ← readField entries place "split" (readChoice ["train", "holdout"])
  let difference ← readField entries place "difference_at_most" (readNumber true)
  let aPriori ← readField entries place "a_priori_at_most" (readNumber true)
  return ⟨split, difference, aPriori⟩

def readEvaluationClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "splits"] value place
  let splits ← readField entries place "splits" (readList readSplitEvaluation 1 2)
  return .evaluation splits

def readBound (value : Json) (place : String) : Result ToleranceBound := do
  let entries ← readObject ["exceeded", "error_at_most"] value place
  let exceeded ← readField entries place "exceeded" (readOptional (readNat 0 maxHoldout))
  let error ← readField entries place "error_at_most" (readOptional (readNumber true))
  return ⟨exceeded, error⟩

def readBounds (value : Json) (place : String) : Result (List ToleranceBound) := do
  let entries ← readObject ["bounds"] value place
  readField entries place "bounds" (readList readBound 1 8)

def readToleranceTarget (value : Json) (place : String) : Result ToleranceTarget := do
  let entries ← readObject ["target", "outputs"] value place
  let target ← readField entries place "target" (readChoice ["teacher", "labels"])
  let outputs ← readField entries place "outputs" (readList readBounds 1 maxOutputs)
  return ⟨target, outputs⟩

def readToleranceClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "risk_at_most", "fractions", "rows", "repeated_rows", "targets"] value place
  let risk ← readField entries place "risk_at_most" readShortNumber
  let fractions ← readField entries place "fractions" (readList readShortNumber 1 8)
  let rows ← readField entries place "rows" (readNat 1 maxHoldout)
  let repeated ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  let targets ← readField entries place "targets" (readList readToleranceTarget 1 2)
  return .tolerance ⟨risk, fractions, rows, repeated, targets⟩

def readCloserOutput (value : Json) (place : String) : Result CloserOutput := do
  let entries ← readObject ["nearer", "fraction_at_least"] value place
  let nearer ← readField entries place "nearer" (readNat 0 maxHoldout)
  let fraction ← readField entries place "fraction_at_least" (readNumber false)
  return ⟨nearer, fraction⟩

def readCloserClaim (value : Json) (place : String) : Result RecordedClaim := do
  let entries ← readObject ["claim", "risk_at_most", "rows", "repeated_rows", "outputs"] value place
  let risk ← readField entries place "risk_at_most" readShortNumber
  let rows ← readField entries place "rows" (readNat 1 maxHoldout)
  let repeated ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  let outputs ← readField entries place "outputs" (readList readCloserOutput 1 maxOutputs)
  return .closer ⟨risk, rows, repeated, outputs⟩

/-- The claim at a place of the file. -/
def readClaim (claim : RawClaim) (place : String) : Result RecordedClaim :=
  if claim.kind == "basis" then readBasisClaim claim.value place
  else if claim.kind == "metric" then readMetricClaim claim.value place
  else if claim.kind == "eckart_young" then readEckartYoungClaim claim.value place
  else if claim.kind == "fidelity" then readFidelityClaim claim.value place
  else if claim.kind == "compression" then readCompressionClaim claim.value place
  else if claim.kind == "evaluation" then readEvaluationClaim claim.value place
  else if claim.kind == "tolerance" then readToleranceClaim claim.value place
  else if claim.kind == "closer" then readCloserClaim claim.value place
  else if claim.kind == "spectrum" then do return .spectrum (← readSpectrumClaim claim.value place)
  else if claim.kind == "shrinkage" then do return .shrinkage (← readShrinkageClaim claim.value place)
  else if claim.kind == "gcv" then do return .gcv (← readGcvClaim claim.value place)
  else if claim.kind == "energy" then do return .energy (← readEnergyClaim claim.value place)
  else if claim.kind == "diagnosis" then do return .diagnosis (← readDiagnosisClaim claim.value place)
  else if claim.kind == "global" then do return .global (← readGlobalClaim claim.value place)
  else if claim.kind == "agreement" then do return .agreement (← readAgreementClaim claim.value place)
  else if claim.kind == "interval" then do return .interval (← readIntervalClaim claim.value place)
  else if claim.kind == "mean_error" then do return .meanError (← readMeanErrorClaim claim.value place)
  else if claim.kind == "exports" then do return .exports (← readExportsClaim claim.value place)
  else malformed (place ++ ": unknown claim '" ++ leading 40 claim.kind ++ "'; need " ++ joined ", " requiredKinds ++ ", "
    ++ joined ", " furtherKinds)

/-- All claims, in the order of the file, from index `index` on. -/
def readClaims : List RawClaim → Nat → Result (List RecordedClaim)
  | [], _ => Except.ok []
  | claim :: rest, index => do
    let place := "claims[" ++ Nat.repr index ++ "]"
    let first ← readClaim claim place
    checkIntervals 16 claim.value place
    let others ← readClaims rest (index + 1)
    return first :: others

end Eigenstill.Format
