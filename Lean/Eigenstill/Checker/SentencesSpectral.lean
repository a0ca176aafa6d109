/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.CompareSpectral
public import Eigenstill.Checker.Sentences

/-!
# Claims about spectrum, ridge fit and energy in words
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

def leastOfAll (numbers : List Dyadic) : Dyadic :=
  match numbers with
  | [] => Dyadic.zero
  | first :: rest => folded (fun least number => if Dyadic.lt number least then number else least) first rest

/-- The numbers that there are. -/
def present {α : Type} (entries : List (Option α)) : List α :=
  turned (folded (fun found entry =>
    match entry with
    | some value => value :: found
    | none => found) [] entries)

def saySpectrum (numbers : SpectrumNumbers) : String :=
  let widest := largestOfAll (mapped (fun (entry : Enclosure) => Dyadic.sub entry.atMost entry.atLeast) numbers.eigenvalues)
  let first := match numbers.eigenvalues with
    | [] => ""
    | entry :: _ => ", the largest in [" ++ decimalText entry.atLeast false ++ ", " ++ decimalText entry.atMost true ++ "]"
  Nat.repr (sizeOf' numbers.eigenvalues) ++ " eigenvalues of A^T A in intervals at most " ++ decimalText widest true
    ++ " wide" ++ first ++ match numbers.othersAtMost with
      | none => "; none is missed"
      | some others => "; all others <= " ++ decimalText others true

def sayShrinkage (numbers : ShrinkageNumbers) : String :=
  let most (field : OutputShrinkage → Dyadic) : String := decimalText (largestOfAll (mapped field numbers.outputs)) true
  "ridge objective at most " ++ most OutputShrinkage.objectiveAtMost ++ ", within " ++ most OutputShrinkage.gapAtMost
    ++ " of the least over the modes at ridge " ++ decimalText numbers.ridge true
    ++ "; stored coefficients off that fit by at most " ++ most OutputShrinkage.coefficientsDifferAtMost ++ " in all"

def sayGcv (numbers : GcvNumbers) : String :=
  criterionName numbers.robust ++ " at ridge " ++ decimalText numbers.ridge true ++ " is at most "
    ++ decimalText (Dyadic.add Dyadic.one numbers.excessAtMost) true ++ " times that at any ridge in ["
    ++ decimalText numbers.fromAtMost true ++ ", " ++ decimalText numbers.toAtLeast false ++ "]"

/-- The last of the best choices: all the modes that count. -/
def lastShare : List BestModes → Option Dyadic
  | [] => none
  | [only] => only.shareAtLeast
  | _ :: rest => lastShare rest

def sayEnergyTarget (kept : Nat) (target : EnergyTarget) : String :=
  target.target ++ ": " ++ match present (mapped lastShare target.outputs) with
    | [] => "constant, no energy"
    | shares => "the " ++ Nat.repr kept ++ " modes hold at least " ++ decimalText (leastOfAll shares) false

def sayEnergy (numbers : EnergyNumbers) : String := joined "; " (mapped (sayEnergyTarget numbers.modes) numbers.targets)

def sayDiagnosisTarget (target : DiagnosisTarget) : String :=
  match present (mapped EnergyShares.beyondAtMost target.outputs) with
  | [] => ""
  | shares => "; " ++ target.target ++ ": at most " ++ decimalText (largestOfAll shares) true
    ++ " of the energy beyond them"

def sayDiagnosis (numbers : DiagnosisNumbers) : String :=
  let (low, high) := (numbers.modesAtLeast, numbers.modesAtMost)
  let count := if low = high then Nat.repr low else Nat.repr low ++ " to " ++ Nat.repr high
  count ++ " modes stand above ridge " ++ decimalText numbers.ridge true ++ ", "
    ++ decimalText numbers.effectiveAtLeast false ++ " to " ++ decimalText numbers.effectiveAtMost true
    ++ " effective parameters" ++ joined "" (mapped sayDiagnosisTarget numbers.targets)
    ++ match present numbers.copied with
      | [] => ""
      | copied => "; of the labels' rest the network copies "
        ++ decimalText (leastOfAll (mapped Enclosure.atLeast copied)) false ++ " to "
        ++ decimalText (folded Dyadic.max (leastOfAll (mapped Enclosure.atMost copied)) (mapped Enclosure.atMost copied)) true

def sayGlobal (outputs : List OutputBounds) : String :=
  let most (field : OutputBounds → Dyadic) : String := decimalText (largestOfAll (mapped field outputs)) true
  "for every input: kernel part from " ++ decimalText (leastOfAll (mapped OutputBounds.kernelAtLeast outputs)) false ++ " to "
    ++ most OutputBounds.kernelAtMost ++ "; steepest slope along one input <= "
    ++ most (fun output => largestOfAll output.slopesAtMost) ++ "; float32 coefficients move it by <= "
    ++ most OutputBounds.float32MovesAtMost

end Eigenstill.Checker
