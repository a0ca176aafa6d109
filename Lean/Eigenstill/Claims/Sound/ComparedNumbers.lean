/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Accepted

/-!
# Recorded numbers are the computed ones: intervals, and where there is no number
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Format

/-- No number is recorded only where none was computed. -/
theorem compareOptional_none {place : String} {computed : Option Dyadic} (h : compareOptional place none computed = Except.ok ()) :
    computed = none := by
  cases computed with
  | none => rfl
  | some _ => cases h

theorem compareEnclosure_ok {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {place : String}
    {recorded computed : Enclosure} (h : compareEnclosure place recorded computed = Except.ok ()) :
    recorded.atLeast.value K = computed.atLeast.value K ∧ recorded.atMost.value K = computed.atMost.value K := by
  obtain ⟨_, low, high⟩ := bind_ok h
  exact ⟨compareNumber_ok low, compareNumber_ok high⟩

end Eigenstill.Checker
