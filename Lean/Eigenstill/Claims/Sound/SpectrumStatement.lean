/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Spectral
public import Eigenstill.Exact.Value
public import Eigenstill.Theory.MinMax

/-!
# What claim `spectrum` says

About the eigenvalues of `AᵀA` for an operator `A`, counted from 0 in decreasing order and with multiplicity. The claim is
stated in min-max form, which needs no eigenvalue to exist in the field; `eigenvalues_of_spectrum` is what follows where they
do. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] {n r : Nat}

/-- At least `k + 1` eigenvalues of `AᵀA` are `low` or more: on the span of `k + 1` independent vectors
`|A x|² ≥ low |x|²`. -/
def EigenvalueAtLeast (A : Mat K n r) (k : Nat) (low : K) : Prop :=
  ∃ W : Fin (k + 1) → Vec K r, (∀ u, comb u W = (fun _ => 0) → u = fun _ => 0) ∧
    ∀ u, low * normSq (comb u W) ≤ normSq (mulVec A (comb u W))

/-- At most `k` eigenvalues of `AᵀA` exceed `high`: `|A x|² ≤ high |x|²` for every `x` orthogonal to `k` vectors. -/
def EigenvalueAtMost (A : Mat K n r) (k : Nat) (high : K) : Prop :=
  ∃ Z : Fin k → Vec K r, ∀ x, (∀ j, dot (Z j) x = 0) → normSq (mulVec A x) ≤ high * normSq x

/-- Claim `spectrum` about an operator `A` of `r` columns: eigenvalue `k` lies in interval `k`; every eigenvalue beyond the
intervals is at most `othersAtMost`, and where that is not stated there is an interval for each. -/
structure SpectrumHolds (A : Mat K n r) (numbers : SpectrumNumbers) : Prop where
  each : ∀ (k : Nat) (h : k < numbers.eigenvalues.length),
    EigenvalueAtLeast A k (numbers.eigenvalues[k].atLeast.value K) ∧
      EigenvalueAtMost A k (numbers.eigenvalues[k].atMost.value K)
  others : ∀ high, numbers.othersAtMost = some high → EigenvalueAtMost A numbers.eigenvalues.length (high.value K)
  complete : numbers.othersAtMost = none → numbers.eigenvalues.length = r

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r : Nat}

/-- The eigenvalues of `AᵀA` are not negative. -/
theorem nonneg_of_exact {A : Mat K n r} {l : Vec K r} {U : Fin r → Vec K r} (hU : Orthonormal U)
    (hM : ∀ x, quad (gram A) x = quad (modal l U) x) (i : Fin r) : 0 ≤ l i := by
  have h := hM (U i)
  rw [quad_gram, quad_modal, sum_congr (g := fun j => l j * ident i j) fun j => by
    rw [hU, ident_comm]; unfold ident; split <;> grind, sum_ident] at h
  have := normSq_nonneg (mulVec A (U i))
  clear hM hU; grind

/-- **Where `AᵀA = Σ λ_k u_k u_kᵀ` with orthonormal `u_k` and `λ_0 ≥ λ_1 ≥ …`, each of them, `λ_k` lies in interval `k`, and all
that have no interval are at most `othersAtMost`**: none is missed, and a multiple eigenvalue counts as often as it stands
there. That such a decomposition exists is a hypothesis: it does over the reals, and need not over the rationals. Nothing is
said of the `u_k`. -/
theorem eigenvalues_of_spectrum {A : Mat K n r} {numbers : SpectrumNumbers} (h : SpectrumHolds A numbers) {l : Vec K r}
    {U : Fin r → Vec K r} (hU : Orthonormal U) (hM : ∀ x, quad (gram A) x = quad (modal l U) x)
    (hl : ∀ i j : Fin r, i.val ≤ j.val → l j ≤ l i) (k : Fin r) :
    (∀ hk : k.val < numbers.eigenvalues.length, numbers.eigenvalues[k.val].atLeast.value K ≤ l k ∧
      l k ≤ numbers.eigenvalues[k.val].atMost.value K) ∧
    (numbers.eigenvalues.length ≤ k.val → ∃ high, numbers.othersAtMost = some high ∧ l k ≤ high.value K) := by
  have h0 := nonneg_of_exact hU hM
  have above : ∀ (q : Nat) (high : K), q ≤ k.val → EigenvalueAtMost A q high → l k ≤ high := by
    intro q high hq ⟨Z, hZ⟩
    refine IsPreorder.le_trans _ _ _ (hl ⟨q, by omega⟩ k hq) ?_
    exact eigenvalue_le hU hM hl Z (fun x hx => by rw [quad_gram]; exact hZ x hx) (by omega)
  refine ⟨fun hk => ⟨?_, above _ _ (Nat.le_refl _) (h.each k.val hk).2⟩, fun hk => ?_⟩
  · obtain ⟨W, independent, low⟩ := (h.each k.val hk).1
    exact le_eigenvalue hU hM hl h0 W independent (fun u => by rw [quad_gram]; exact low u) k.isLt
  · cases others : numbers.othersAtMost with
    | none => have := h.complete others; have := k.isLt; omega
    | some high => exact ⟨high, rfl, above _ _ hk (h.others high others)⟩

end

end Eigenstill.Claims
