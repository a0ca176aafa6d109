/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix
public import Eigenstill.Claims.Spectral
public import Eigenstill.Exact.Value

/-!
# What claim `energy` says

About an operator `A`, stored vectors `v_k`, and targets `t` (an output of the teacher, or a column of labels, at the `n`
training rows). This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] {n r p : Nat}

/-- `t - t̄`: a target about its mean. -/
def aboutMean (t : Vec K n) : Vec K n := fun i => t i - sum n t / (n : K)

/-- What a choice of vectors leaves of `f`, with coefficients `b`: `|f - Σ_j b_j g_c(j)|²`. -/
def restOf {count : Nat} (g : Fin p → Vec K n) (f : Vec K n) (choice : Fin count → Fin p) (b : Vec K count) : K :=
  normSq fun i => f i - comb b (fun j => g (choice j)) i

/-- The best `best.modes` of the first `kept` vectors `g_0, g_1, …`: some choice of so many leaves at most `1 - shareAtLeast` of
`|f|²`; every choice of so many, with any coefficients, leaves at least `1 - shareAtMost`. No share is stated only where
`f = 0`. -/
structure BestModesHold [LE K] (g : Fin p → Vec K n) (f : Vec K n) (kept : Nat) (best : BestModes) : Prop where
  atLeast : ∀ share, best.shareAtLeast = some share → ∃ (choice : Fin best.modes → Fin p) (b : Vec K best.modes),
    (∀ j, (choice j).val < kept) ∧ restOf g f choice b ≤ (1 - share.value K) * normSq f
  atMost : ∀ share, best.shareAtMost = some share → ∀ (choice : Fin best.modes → Fin p) (b : Vec K best.modes),
    (∀ j, (choice j).val < kept) → (1 - share.value K) * normSq f ≤ restOf g f choice b
  constant : best.shareAtLeast = none ∨ best.shareAtMost = none → normSq f = 0

/-- Claim `energy`: for every output of the teacher, and of the labels where there are any, what the best of the first `modes`
of the vectors `A v_k` hold of the target about its mean. Nothing is said of other vectors, or of other rows. -/
structure EnergyHolds [LE K] (A : Mat K n r) (V : Fin p → Vec K r) (outputs : Nat) (teacher labels : Nat → Vec K n)
    (numbers : EnergyNumbers) : Prop where
  outputs : ∀ target ∈ numbers.targets, target.outputs.length = outputs
  teacher : ∀ target ∈ numbers.targets, target.target = "teacher" → ∀ o, ∀ best ∈ target.outputs.getD o [],
    BestModesHold (fun k => mulVec A (V k)) (aboutMean (teacher o)) numbers.modes best
  labels : ∀ target ∈ numbers.targets, target.target = "labels" → ∀ o, ∀ best ∈ target.outputs.getD o [],
    BestModesHold (fun k => mulVec A (V k)) (aboutMean (labels o)) numbers.modes best

end

end Eigenstill.Claims
