/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Spectral
public import Eigenstill.Format.Document

/-!
# Recorded claims about spectrum, ridge fit and energy

The numbers that a certificate records for `spectrum`, `shrinkage`, `gcv`, `energy`, `diagnosis` and `global`, typed.
-/

@[expose] public section

namespace Eigenstill.Format

open Eigenstill.Claims

/-- Two ends, neither of them null. -/
def readEnclosure (value : Json) (place : String) : Result Enclosure := do
  let entries ← readObject ["at_least", "at_most"] value place
  let low ← readField entries place "at_least" (readNumber false)
  let high ← readField entries place "at_most" (readNumber true)
  return ⟨low, high⟩

def readSpectrumClaim (value : Json) (place : String) : Result SpectrumNumbers := do
  let entries ← readObject ["claim", "threshold", "slack", "eigenvalues", "others_at_most"] value place
  let threshold ← readField entries place "threshold" readShortNumber
  let slack ← readField entries place "slack" readShortNumber
  let eigenvalues ← readField entries place "eigenvalues" (readList readEnclosure 1 maxColumns)
  let others ← readField entries place "others_at_most" (readOptional (readNumber true))
  return ⟨threshold, slack, eigenvalues, others⟩

def readOutputShrinkage (value : Json) (place : String) : Result OutputShrinkage := do
  let entries ← readObject ["objective_at_most", "gap_at_most", "coefficients_differ_at_most",
    "intercept_differs_at_most"] value place
  let objective ← readField entries place "objective_at_most" (readNumber true)
  let gap ← readField entries place "gap_at_most" (readNumber true)
  let coefficients ← readField entries place "coefficients_differ_at_most" (readNumber true)
  let intercept ← readField entries place "intercept_differs_at_most" (readNumber true)
  return ⟨objective, gap, coefficients, intercept⟩

def readShrinkageClaim (value : Json) (place : String) : Result ShrinkageNumbers := do
  let entries ← readObject ["claim", "ridge", "solution_exponent", "outputs"] value place
  let ridge ← readField entries place "ridge" (readNumber true)
  let exponent ← readField entries place "solution_exponent" (readCount (-256) 256)
  let outputs ← readField entries place "outputs" (readList readOutputShrinkage 1 maxOutputs)
  return ⟨ridge, exponent, outputs⟩

def readGcvClaim (value : Json) (place : String) : Result GcvNumbers := do
  let entries ← readObject ["claim", "criterion", "ridge", "from_at_most", "to_at_least", "threshold", "slack",
    "trial_exponent", "excess_at_most"] value place
  let criterion ← readField entries place "criterion" (readChoice ["gcv", "robust-gcv"])
  let ridge ← readField entries place "ridge" (readNumber true)
  let first ← readField entries place "from_at_most" (readNumber true)
  let last ← readField entries place "to_at_least" (readNumber false)
  let threshold ← readField entries place "threshold" readShortNumber
  let slack ← readField entries place "slack" readShortNumber
  let exponent ← readField entries place "trial_exponent" (readCount (-256) 256)
  let excess ← readField entries place "excess_at_most" (readNumber true)
  return ⟨criterion == "robust-gcv", ridge, first, last, threshold, slack, exponent, excess⟩

/-- Targets with their outputs. -/
def readTargets {α β : Type} (make : String → List α → β) (output : Json → String → Result α) :
    Json → String → Result (List β) :=
  readList (fun value place => do
    let entries ← readObject ["target", "outputs"] value place
    let target ← readField entries place "target" (readChoice ["teacher", "labels"])
    let outputs ← readField entries place "outputs" (readList output 1 maxOutputs)
    return make target outputs) 1 2

def readBestModes (value : Json) (place : String) : Result BestModes := do
  let entries ← readObject ["modes", "share_at_least", "share_at_most"] value place
  let modes ← readField entries place "modes" (readNat 1 maxColumns)
  let low ← readField entries place "share_at_least" (readOptional (readNumber false))
  let high ← readField entries place "share_at_most" (readOptional (readNumber true))
  return ⟨modes, low, high⟩

def readEnergyOutput (value : Json) (place : String) : Result (List BestModes) := do
  let entries ← readObject ["best"] value place
  readField entries place "best" (readList readBestModes 1 16)

def readEnergyClaim (value : Json) (place : String) : Result EnergyNumbers := do
  let entries ← readObject ["claim", "modes", "targets"] value place
  let modes ← readField entries place "modes" (readNat 1 maxColumns)
  let targets ← readField entries place "targets" (readTargets EnergyTarget.mk readEnergyOutput)
  return ⟨modes, targets⟩

def readShares (value : Json) (place : String) : Result EnergyShares := do
  let entries ← readObject ["first_at_least", "first_at_most", "beyond_at_least", "beyond_at_most"] value place
  let firstLow ← readField entries place "first_at_least" (readOptional (readNumber false))
  let firstHigh ← readField entries place "first_at_most" (readOptional (readNumber true))
  let beyondLow ← readField entries place "beyond_at_least" (readOptional (readNumber false))
  let beyondHigh ← readField entries place "beyond_at_most" (readOptional (readNumber true))
  return ⟨firstLow, firstHigh, beyondLow, beyondHigh⟩

def readDiagnosisClaim (value : Json) (place : String) : Result DiagnosisNumbers := do
  let entries ← readObject ["claim", "ridge", "threshold", "slack", "modes_at_least", "modes_at_most",
    "effective_parameters_at_least", "effective_parameters_at_most", "targets", "copied"] value place
  let ridge ← readField entries place "ridge" (readNumber true)
  let threshold ← readField entries place "threshold" readShortNumber
  let slack ← readField entries place "slack" readShortNumber
  let fewest ← readField entries place "modes_at_least" (readNat 0 maxColumns)
  let most ← readField entries place "modes_at_most" (readNat 0 maxColumns)
  let low ← readField entries place "effective_parameters_at_least" (readNumber false)
  let high ← readField entries place "effective_parameters_at_most" (readNumber true)
  let targets ← readField entries place "targets" (readTargets DiagnosisTarget.mk readShares)
  let copied ← readField entries place "copied" (readList (readOptional readEnclosure) 0 maxOutputs)
  return ⟨ridge, threshold, slack, fewest, most, low, high, targets, copied⟩

def readOutputBounds (value : Json) (place : String) : Result OutputBounds := do
  let entries ← readObject ["kernel_at_least", "kernel_at_most", "float32_moves_at_most", "slopes_at_most"] value place
  let low ← readField entries place "kernel_at_least" (readNumber false)
  let high ← readField entries place "kernel_at_most" (readNumber true)
  let moves ← readField entries place "float32_moves_at_most" (readNumber true)
  let slopes ← readField entries place "slopes_at_most" (readList (readNumber true) 1 maxInputs)
  return ⟨low, high, moves, slopes⟩

def readGlobalClaim (value : Json) (place : String) : Result (List OutputBounds) := do
  let entries ← readObject ["claim", "outputs"] value place
  readField entries place "outputs" (readList readOutputBounds 1 maxOutputs)

end Eigenstill.Format
