/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.SentencesRows
public import Eigenstill.Claims.Exec.Agreement
public import Eigenstill.Claims.Exec.Energy
public import Eigenstill.Claims.Exec.Exports
public import Eigenstill.Claims.Exec.Gcv
public import Eigenstill.Claims.Exec.Global
public import Eigenstill.Claims.Exec.Interval
public import Eigenstill.Claims.Exec.MeanError
public import Eigenstill.Claims.Exec.Shrinkage
public import Eigenstill.Claims.Exec.Spectrum
public import Eigenstill.Format.Recorded

/-!
# Deciding claims

A claim holds if its check computes numbers and every recorded number is the computed one.
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

/-- One claim: accepted with a statement, or rejected with where, what was got and what is needed. -/
structure ClaimVerdict where
  kind : String
  outcome : Except Rejected String


/-- The outcome for one file. -/
structure Verdict where
  path : String
  /-- 0 accepted, 1 rejected, 2 malformed, 3 no verdict. -/
  code : Nat
  message : String
  claims : List ClaimVerdict
  recordedOnly : List String

/-- What only some claims go beyond. -/
def recordedRowsOnly : String := "rows that are not in the certificate: every bound is about the recorded rows"

/-- What the claim `shrinkage` says. -/
def shrinkageCovers : String := "that the coefficients are the best ones: only how well they do is certified"

/-- What no certificate of version 1 says, and what this program leaves to others. -/
def notCovered : List String := [
  "that the hold-out rows were kept from training and selection",
  "that the recorded outputs came from the network: bind them with the network's own file",
  "the network itself: the Eckart-Young bound is about the basis operator (data, landmarks, scales)"]

def rankNumbers (ranks : List RankBounds) : List Nat := mapped RankBounds.rank ranks

def RecordedClaim.kind : RecordedClaim → String
  | .basis _ => "basis"
  | .metric _ => "metric"
  | .eckartYoung _ => "eckart_young"
  | .fidelity _ => "fidelity"
  | .compression _ => "compression"
  | .evaluation _ => "evaluation"
  | .tolerance _ => "tolerance"
  | .closer _ => "closer"
  | .spectrum _ => "spectrum"
  | .shrinkage _ => "shrinkage"
  | .gcv _ => "gcv"
  | .energy _ => "energy"
  | .diagnosis _ => "diagnosis"
  | .global _ => "global"
  | .agreement _ => "agreement"
  | .interval _ => "interval"
  | .meanError _ => "mean_error"
  | .exports _ => "exports"

def witnessOf (numbers : EckartYoungNumbers) : EckartYoungWitness :=
  ⟨numbers.threshold, numbers.slack, rankNumbers numbers.ranks⟩

/-- The witness of `eckart_young`, a claim that every certificate holds. -/
def sharedWitness : List RecordedClaim → EckartYoungWitness
  | [] => ⟨Dyadic.zero, Dyadic.zero, []⟩
  | .eckartYoung numbers :: _ => witnessOf numbers
  | _ :: rest => sharedWitness rest

/-- The counts of the first output, which are those of all. -/
def firstCounts : List EnergyTarget → List Nat
  | ⟨_, best :: _⟩ :: _ => mapped BestModes.modes best
  | _ => []

/-- Compute a claim's numbers and compare the recorded ones. -/
def decideClaim (shared : Shared) (exports : Exports) (place : String) : RecordedClaim → Except Rejected String
  | .basis recorded => do
    let computed ← checkBasis shared.prepared
    compareBasis place recorded computed
    return sayBasis computed
  | .metric recorded => do
    let computed ← checkMetric shared.prepared
    compareMetric place recorded computed
    return sayMetric computed
  | .eckartYoung recorded => do
    let computed ← shared.eckartYoung.get
    compareEckartYoung place recorded computed
    return sayEckartYoung computed
  | .fidelity recorded => do
    let computed ← checkFidelity shared.prepared
    compareLists compareFidelity (place ++ ".splits") recorded computed
    return sayFidelity computed
  | .compression recorded => do
    let computed ← checkCompression shared.prepared
    compareCompression place recorded computed
    return sayCompression computed
  | .evaluation recorded => do
    let computed ← checkEvaluation shared.prepared
    compareLists compareEvaluation (place ++ ".splits") recorded computed
    return sayEvaluation computed
  | .tolerance recorded => do
    let computed ← checkTolerance shared.prepared.certificate shared.holdout ⟨recorded.riskAtMost, recorded.fractions⟩
    compareTolerance place recorded computed
    return sayTolerance computed
  | .closer recorded => do
    let computed ← checkCloser shared.prepared.certificate shared.holdout recorded.riskAtMost
    compareCloser place recorded computed
    return sayCloser computed
  | .spectrum recorded => do
    let computed ← checkSpectrum shared recorded.threshold recorded.slack
    compareSpectrum place recorded computed
    return saySpectrum computed
  | .shrinkage recorded => do
    let computed ← checkShrinkage shared recorded.solutionExponent
    compareShrinkage place recorded computed
    return sayShrinkage computed
  | .gcv recorded => do
    let computed ← checkGcv shared recorded
    compareGcv place recorded computed
    return sayGcv computed
  | .energy recorded => do
    let computed ← checkEnergy shared recorded.modes (firstCounts recorded.targets)
    compareEnergy place recorded computed
    return sayEnergy computed
  | .diagnosis recorded => do
    let computed ← checkDiagnosis shared recorded.threshold recorded.slack
    compareDiagnosis place recorded computed
    return sayDiagnosis computed
  | .global recorded => do
    let computed ← checkGlobal shared.prepared.certificate
    compareLists compareOutputBounds (place ++ ".outputs") recorded computed
    return sayGlobal computed
  | .agreement recorded => do
    let computed ← checkAgreement shared.prepared.certificate shared.holdout
    compareLists compareAgreement (place ++ ".splits") recorded computed
    return sayAgreement computed
  | .interval recorded => do
    let computed ← checkInterval shared.prepared.certificate shared.holdout recorded.coverages
    compareInterval place recorded computed
    return sayInterval computed
  | .meanError recorded => do
    let computed ← checkMeanError shared.prepared.certificate shared.holdout recorded.riskAtMost
      (mapped OutputMeanError.clip recorded.outputs)
    compareMeanError place recorded computed
    return sayMeanError computed
  | .exports recorded => do
    let computed ← checkExports shared.prepared exports
    compareLists compareExports (place ++ ".splits") recorded computed
    return sayExports computed

/-- Decide all claims, in the order of the file. -/
def decideAll (shared : Shared) (exports : Exports) : Nat → List RecordedClaim → List ClaimVerdict
  | _, [] => []
  | index, claim :: rest =>
    let kind := RecordedClaim.kind claim
    ⟨kind, decideClaim shared exports ("claims[" ++ Nat.repr index ++ "] " ++ kind) claim⟩
      :: decideAll shared exports (index + 1) rest

/-- The first claim that does not hold. -/
def firstFailure : List ClaimVerdict → Option Rejected
  | [] => none
  | claim :: rest =>
    match claim.outcome with
    | Except.error rejected => some rejected
    | Except.ok _ => firstFailure rest

/-- The verdict on a well-formed file. -/
def verdictOf (path : String) (document : Document) (claims : List RecordedClaim) (certificate : Certificate)
    (exports : Exports) : Verdict :=
  let outcomes := decideAll (shareParts (prepare certificate) (sharedWitness claims)) exports 0 claims
  match firstFailure outcomes with
  | some rejected =>
    ⟨path, 1, (Refusal.rejected rejected.place rejected.got rejected.needed).message, outcomes,
      recordedOnly document.subject⟩
  | none => ⟨path, 0, Nat.repr (entryCount outcomes) ++ " claims hold", outcomes, recordedOnly document.subject⟩

/-- The verdict on a file that was refused. -/
def refused (path : String) (refusal : Refusal) : Verdict := ⟨path, refusal.code, refusal.message, [], []⟩

end Eigenstill.Checker
