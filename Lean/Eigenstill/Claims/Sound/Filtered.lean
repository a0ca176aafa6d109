/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Diagnosis
public import Eigenstill.Claims.Sound.Vectors
public import Eigenstill.Theory.Shrinkage

/-!
# The filter `λ / (λ + ridge)`, rounded

`filteredBy_spec` bounds it from both sides; `diagnosis` and `gcv` rest on it.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **What is rounded down is at most `λ / (λ + ridge)`, and what is rounded up is at least that.** -/
theorem filteredBy_spec {ridge x : Dyadic} (hr : 0 < ridge.value K) (hx : 0 ≤ x.value K) :
    (filteredBy ridge false x).value K ≤ filter (x.value K) (ridge.value K) ∧
      filter (x.value K) (ridge.value K) ≤ (filteredBy ridge true x).value K := by
  have positive : 0 < (Dyadic.add x ridge).value K := by rw [Dyadic.value_add]; grind
  have low := quotientOf_le (K := K) hx positive
  have high := le_quotientOf (K := K) hx positive
  rw [Dyadic.value_add] at low high positive
  unfold filteredBy filter
  exact ⟨(le_div_iff positive).mpr low, (div_le_iff positive).mpr high⟩

end

end Eigenstill.Claims
