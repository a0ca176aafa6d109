/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EnergyStatement
public import Eigenstill.Theory.Gcv

/-!
# What claim `gcv` says

About an operator `A` of `n` rows and `r` columns and `c` columns of labels. `λ` are the eigenvalues of `AᵀA`; `w α o` is the
exact ridge fit to output `o` at the ridge `α`. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] {n r c : Nat}

open Classical in
/-- The residual sums of squares of some weights, each over its target's `|t - t̄|²`, summed over the outputs that vary. -/
def relativeResidual (A : Mat K n r) (labels : Fin c → Vec K n) (w : Fin c → Vec K r) : K :=
  sum c fun o => if normSq (aboutMean (labels o)) = 0 then 0
    else residualSq A (aboutMean (labels o)) (w o) / normSq (aboutMean (labels o))

/-- `n - g dof(α)`, with `dof(α) = 1 + Σ λ_k / (λ_k + α)`: the 1 is for the intercept. -/
def freeRows (n : Nat) (g : K) (l : Vec K r) (α : K) : K := (n : K) - g * (1 + dof l α)

/-- **GCV of the ridge `α`: `n RSS / (n - g dof(α))²`.** -/
def gcvAt (A : Mat K n r) (labels : Fin c → Vec K n) (g : K) (l : Vec K r) (w : Fin c → Vec K r) (α : K) : K :=
  gcv (n : K) (relativeResidual A labels w) (freeRows n g l α)

/-- `g`: 7/5 for `robust-gcv`, else 1. -/
def GcvNumbers.factor (K : Type u) [Field K] (numbers : GcvNumbers) : K := if numbers.robust then 7 / 5 else 1

/-- Claim `gcv`: for the exact eigenvalues `λ_0 ≥ λ_1 ≥ …` of `AᵀA` and the exact ridge fits at all ridges, `n - g dof` is more
than 0 on the bracket, and GCV at `ridge` is at most `1 + excessAtMost` times GCV at any ridge of the bracket.

That the eigenvalues and the fits exist in the field is a hypothesis of each use: over the reals they do. Nothing is said of
ridges outside the bracket, nor of how well the ridge predicts. -/
def GcvHolds [LE K] [LT K] (A : Mat K n r) (labels : Fin c → Vec K n) (numbers : GcvNumbers) : Prop :=
  ∀ (l : Vec K r) (U : Fin r → Vec K r) (w : K → Fin c → Vec K r), Orthonormal U →
    (∀ x, quad (gram A) x = quad (modal l U) x) → (∀ i j : Fin r, i.val ≤ j.val → l j ≤ l i) →
    (∀ α, 0 < α → ∀ o, IsRidge A (aboutMean (labels o)) α (w α o)) →
    ∀ α, numbers.fromAtMost.value K ≤ α → α ≤ numbers.toAtLeast.value K →
      0 < freeRows n (numbers.factor K) l α ∧
      gcvAt A labels (numbers.factor K) l (w (numbers.ridge.value K)) (numbers.ridge.value K)
        ≤ (1 + numbers.excessAtMost.value K) * gcvAt A labels (numbers.factor K) l (w α) α

end

end Eigenstill.Claims
