/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EnergyStatement
public import Eigenstill.Claims.Sound.SpectrumStatement

/-!
# What claim `diagnosis` says of the modes and of the targets

About the eigenvalues of `AᵀA`, in decreasing order and with multiplicity, and about the span of the first vectors `A v_k`. Its
numbers `copied` stand in `CopiedStatement`. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] {n r p : Nat}

/-- At most `k` eigenvalues of `AᵀA` are `level` or more: `|A x|² < level |x|²` for every `x ≠ 0` orthogonal to `k` vectors. -/
def EigenvaluesBelow [LT K] (A : Mat K n r) (k : Nat) (level : K) : Prop :=
  ∃ Z : Fin k → Vec K r, ∀ x, (∀ j, dot (Z j) x = 0) → x ≠ (fun _ => 0) → normSq (mulVec A x) < level * normSq x

/-- What the span of the first `count` vectors `g_0, g_1, …` leaves of `f`, in shares of `|f|²`: combinations of them that leave
at most `1 - firstAtLeast` and at most `beyondAtMost`; none leaves less than `1 - firstAtMost` or than `beyondAtLeast`. No share
is stated only where `f = 0`. -/
structure EnergySharesHold (g : Fin p → Vec K n) (f : Vec K n) (count : Nat) (shares : EnergyShares) : Prop where
  firstAtLeast : ∀ s, shares.firstAtLeast = some s → ∃ b : Vec K p, (∀ k, count ≤ k.val → b k = 0) ∧
    normSq (fun i => f i - comb b g i) ≤ (1 - s.value K) * normSq f
  firstAtMost : ∀ s, shares.firstAtMost = some s → ∀ b : Vec K p, (∀ k, count ≤ k.val → b k = 0) →
    (1 - s.value K) * normSq f ≤ normSq fun i => f i - comb b g i
  beyondAtMost : ∀ s, shares.beyondAtMost = some s → ∃ b : Vec K p, (∀ k, count ≤ k.val → b k = 0) ∧
    normSq (fun i => f i - comb b g i) ≤ s.value K * normSq f
  beyondAtLeast : ∀ s, shares.beyondAtLeast = some s → ∀ b : Vec K p, (∀ k, count ≤ k.val → b k = 0) →
    s.value K * normSq f ≤ normSq fun i => f i - comb b g i
  constant : shares.firstAtLeast = none ∨ shares.firstAtMost = none → normSq f = 0

/-- Claim `diagnosis`, but for `copied`: at least `modesAtLeast` eigenvalues are `ridge` or more, and at most `modesAtMost`;
where `AᵀA = Σ λ_k u_k u_kᵀ` with orthonormal `u_k` and `λ_0 ≥ λ_1 ≥ …`, the sum of `λ_k / (λ_k + ridge)` over the largest
`modesAtLeast` of them lies between two numbers; and for each of so many `outputs` of each target what the first
`modesAtLeast` of the vectors `A v_k` hold of it. -/
structure DiagnosisHolds [LT K] (A : Mat K n r) (V : Fin p → Vec K r) (outputs : Nat) (teacher labels : Nat → Vec K n)
    (numbers : DiagnosisNumbers) : Prop where
  modesAtLeast : ∀ k, k < numbers.modesAtLeast → EigenvalueAtLeast A k (numbers.ridge.value K)
  modesAtMost : EigenvaluesBelow A numbers.modesAtMost (numbers.ridge.value K)
  effective : ∀ (l : Vec K r) (U : Fin r → Vec K r), Orthonormal U → (∀ x, quad (gram A) x = quad (modal l U) x) →
    (∀ i j : Fin r, i.val ≤ j.val → l j ≤ l i) →
    numbers.effectiveAtLeast.value K
        ≤ sum r (fun k => if k.val < numbers.modesAtLeast then l k / (l k + numbers.ridge.value K) else 0) ∧
      sum r (fun k => if k.val < numbers.modesAtLeast then l k / (l k + numbers.ridge.value K) else 0)
        ≤ numbers.effectiveAtMost.value K
  outputs : ∀ target ∈ numbers.targets, target.outputs.length = outputs
  teacher : ∀ target ∈ numbers.targets, target.target = "teacher" → ∀ o (h : o < target.outputs.length),
    EnergySharesHold (fun k => mulVec A (V k)) (aboutMean (teacher o)) numbers.modesAtLeast target.outputs[o]
  labels : ∀ target ∈ numbers.targets, target.target = "labels" → ∀ o (h : o < target.outputs.length),
    EnergySharesHold (fun k => mulVec A (V k)) (aboutMean (labels o)) numbers.modesAtLeast target.outputs[o]

end

end Eigenstill.Claims
