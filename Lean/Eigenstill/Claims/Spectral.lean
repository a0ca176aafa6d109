/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Dyadic

/-!
# What the claims about spectrum, ridge fit and energy say, as numbers

`spectrum`, `shrinkage`, `gcv`, `energy`, `diagnosis` and `global` (`python/eigenstill_check/FORMAT.md`, section 3).
Recorded and computed numbers have the same types; nothing here is compared, decided or believed.
-/

@[expose] public section

namespace Eigenstill.Claims

/-- A number lies between the two. -/
structure Enclosure where
  atLeast : Dyadic
  atMost : Dyadic

/-- One enclosure a mode; `othersAtMost` is `none` where there is a mode for every column. -/
structure SpectrumNumbers where
  threshold : Dyadic
  slack : Dyadic
  eigenvalues : List Enclosure
  othersAtMost : Option Dyadic

structure OutputShrinkage where
  objectiveAtMost : Dyadic
  gapAtMost : Dyadic
  coefficientsDifferAtMost : Dyadic
  interceptDiffersAtMost : Dyadic

structure ShrinkageNumbers where
  ridge : Dyadic
  solutionExponent : Int
  outputs : List OutputShrinkage

structure GcvNumbers where
  /-- `robust-gcv` if true, else `gcv`. -/
  robust : Bool
  ridge : Dyadic
  fromAtMost : Dyadic
  toAtLeast : Dyadic
  threshold : Dyadic
  slack : Dyadic
  trialExponent : Int
  excessAtMost : Dyadic

/-- The best choice of so many modes; the shares are `none` where the target is constant. -/
structure BestModes where
  modes : Nat
  shareAtLeast : Option Dyadic
  shareAtMost : Option Dyadic

/-- For each output the best choices, one a count. -/
structure EnergyTarget where
  target : String
  outputs : List (List BestModes)

structure EnergyNumbers where
  modes : Nat
  targets : List EnergyTarget

/-- What the first modes hold of the energy, and what lies beyond them; `none` where the target is constant. -/
structure EnergyShares where
  firstAtLeast : Option Dyadic
  firstAtMost : Option Dyadic
  beyondAtLeast : Option Dyadic
  beyondAtMost : Option Dyadic

structure DiagnosisTarget where
  target : String
  outputs : List EnergyShares

structure DiagnosisNumbers where
  ridge : Dyadic
  threshold : Dyadic
  slack : Dyadic
  modesAtLeast : Nat
  modesAtMost : Nat
  effectiveAtLeast : Dyadic
  effectiveAtMost : Dyadic
  targets : List DiagnosisTarget
  /-- Empty without labels, else one entry an output, `none` where nothing may lie beyond the modes. -/
  copied : List (Option Enclosure)

/-- What holds of one output at every input; one slope an input. -/
structure OutputBounds where
  kernelAtLeast : Dyadic
  kernelAtMost : Dyadic
  float32MovesAtMost : Dyadic
  slopesAtMost : List Dyadic

end Eigenstill.Claims
