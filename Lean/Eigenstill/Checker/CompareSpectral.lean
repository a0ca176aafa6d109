/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Compare
public import Eigenstill.Claims.Spectral

/-!
# Recorded against computed: spectrum, ridge fit and energy
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Format

def compareExponent (place : String) (recorded computed : Int) : Compared :=
  if recorded == computed then Except.ok () else differs place (.count recorded) (.count computed)

def compareEnclosure (place : String) (recorded computed : Enclosure) : Compared := do
  compareNumber (place ++ ".at_least") recorded.atLeast computed.atLeast
  compareNumber (place ++ ".at_most") recorded.atMost computed.atMost

def compareSpectrum (place : String) (recorded computed : SpectrumNumbers) : Compared := do
  compareNumber (place ++ ".threshold") recorded.threshold computed.threshold
  compareNumber (place ++ ".slack") recorded.slack computed.slack
  compareLists compareEnclosure (place ++ ".eigenvalues") recorded.eigenvalues computed.eigenvalues
  compareOptional (place ++ ".others_at_most") recorded.othersAtMost computed.othersAtMost

def compareOutputShrinkage (place : String) (recorded computed : OutputShrinkage) : Compared := do
  compareNumber (place ++ ".objective_at_most") recorded.objectiveAtMost computed.objectiveAtMost
  compareNumber (place ++ ".gap_at_most") recorded.gapAtMost computed.gapAtMost
  compareNumber (place ++ ".coefficients_differ_at_most") recorded.coefficientsDifferAtMost
    computed.coefficientsDifferAtMost
  compareNumber (place ++ ".intercept_differs_at_most") recorded.interceptDiffersAtMost computed.interceptDiffersAtMost

def compareShrinkage (place : String) (recorded computed : ShrinkageNumbers) : Compared := do
  compareNumber (place ++ ".ridge") recorded.ridge computed.ridge
  compareExponent (place ++ ".solution_exponent") recorded.solutionExponent computed.solutionExponent
  compareLists compareOutputShrinkage (place ++ ".outputs") recorded.outputs computed.outputs

def criterionName (robust : Bool) : String := if robust then "robust-gcv" else "gcv"

def compareGcv (place : String) (recorded computed : GcvNumbers) : Compared := do
  compareText (place ++ ".criterion") (criterionName recorded.robust) (criterionName computed.robust)
  compareNumber (place ++ ".ridge") recorded.ridge computed.ridge
  compareNumber (place ++ ".from_at_most") recorded.fromAtMost computed.fromAtMost
  compareNumber (place ++ ".to_at_least") recorded.toAtLeast computed.toAtLeast
  compareNumber (place ++ ".threshold") recorded.threshold computed.threshold
  compareNumber (place ++ ".slack") recorded.slack computed.slack
  compareExponent (place ++ ".trial_exponent") recorded.trialExponent computed.trialExponent
  compareNumber (place ++ ".excess_at_most") recorded.excessAtMost computed.excessAtMost

def compareBestModes (place : String) (recorded computed : BestModes) : Compared := do
  compareCount (place ++ ".modes") recorded.modes computed.modes
  compareOptional (place ++ ".share_at_least") recorded.shareAtLeast computed.shareAtLeast
  compareOptional (place ++ ".share_at_most") recorded.shareAtMost computed.shareAtMost

def compareEnergyOutput (place : String) (recorded computed : List BestModes) : Compared :=
  compareLists compareBestModes (place ++ ".best") recorded computed

def compareEnergyTarget (place : String) (recorded computed : EnergyTarget) : Compared := do
  compareText (place ++ ".target") recorded.target computed.target
  compareLists compareEnergyOutput (place ++ ".outputs") recorded.outputs computed.outputs

def compareEnergy (place : String) (recorded computed : EnergyNumbers) : Compared := do
  compareCount (place ++ ".modes") recorded.modes computed.modes
  compareLists compareEnergyTarget (place ++ ".targets") recorded.targets computed.targets

def compareShares (place : String) (recorded computed : EnergyShares) : Compared := do
  compareOptional (place ++ ".first_at_least") recorded.firstAtLeast computed.firstAtLeast
  compareOptional (place ++ ".first_at_most") recorded.firstAtMost computed.firstAtMost
  compareOptional (place ++ ".beyond_at_least") recorded.beyondAtLeast computed.beyondAtLeast
  compareOptional (place ++ ".beyond_at_most") recorded.beyondAtMost computed.beyondAtMost

def compareDiagnosisTarget (place : String) (recorded computed : DiagnosisTarget) : Compared := do
  compareText (place ++ ".target") recorded.target computed.target
  compareLists compareShares (place ++ ".outputs") recorded.outputs computed.outputs

def compareOptionalEnclosure (place : String) (recorded computed : Option Enclosure) : Compared :=
  match recorded, computed with
  | some recorded, some computed => compareEnclosure place recorded computed
  | none, none => Except.ok ()
  | some _, none => differs place (.object []) .null
  | none, some _ => differs place .null (.object [])

def compareDiagnosis (place : String) (recorded computed : DiagnosisNumbers) : Compared := do
  compareNumber (place ++ ".ridge") recorded.ridge computed.ridge
  compareNumber (place ++ ".threshold") recorded.threshold computed.threshold
  compareNumber (place ++ ".slack") recorded.slack computed.slack
  compareCount (place ++ ".modes_at_least") recorded.modesAtLeast computed.modesAtLeast
  compareCount (place ++ ".modes_at_most") recorded.modesAtMost computed.modesAtMost
  compareNumber (place ++ ".effective_parameters_at_least") recorded.effectiveAtLeast computed.effectiveAtLeast
  compareNumber (place ++ ".effective_parameters_at_most") recorded.effectiveAtMost computed.effectiveAtMost
  compareLists compareDiagnosisTarget (place ++ ".targets") recorded.targets computed.targets
  compareLists compareOptionalEnclosure (place ++ ".copied") recorded.copied computed.copied

def compareOutputBounds (place : String) (recorded computed : OutputBounds) : Compared := do
  compareNumber (place ++ ".kernel_at_least") recorded.kernelAtLeast computed.kernelAtLeast
  compareNumber (place ++ ".kernel_at_most") recorded.kernelAtMost computed.kernelAtMost
  compareNumber (place ++ ".float32_moves_at_most") recorded.float32MovesAtMost computed.float32MovesAtMost
  compareLists compareNumber (place ++ ".slopes_at_most") recorded.slopesAtMost computed.slopesAtMost

end Eigenstill.Checker
