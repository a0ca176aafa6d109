/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EnergyStatement

/-!
# What claim `diagnosis` says of what the teacher copies

About what is left of a target when its projection on the span of the first vectors `g_0, g_1, …` is taken away. Such a rest exists in
every ordered field (`exists_rest` in `Rests`). This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] {n r p : Nat}

/-- `rest` is `f` without its projection on the span of the first `count` vectors: it differs from `f` by a combination of them, and is
orthogonal to each. -/
structure IsRest (g : Fin p → Vec K n) (count : Nat) (f rest : Vec K n) : Prop where
  differs : ∃ b : Vec K p, (∀ k, count ≤ k.val → b k = 0) ∧ ∀ i, rest i = f i - comb b g i
  orthogonal : ∀ k, k.val < count → dot (g k) rest = 0

/-- What share of the labels' rest the teacher copies: of a teacher's output `f` and a label `y`, both about their means, with rests `f'`
and `y'`: `y' ≠ 0`, and `⟨f', y'⟩ / |y'|²` lies between the two numbers. -/
def CopiedHolds [LE K] [LT K] (g : Fin p → Vec K n) (count : Nat) (f y : Vec K n) (copied : Enclosure) : Prop :=
  ∀ f' y', IsRest g count f f' → IsRest g count y y' → 0 < normSq y' ∧
    copied.atLeast.value K * normSq y' ≤ dot f' y' ∧ dot f' y' ≤ copied.atMost.value K * normSq y'

/-- The numbers `copied` of claim `diagnosis`: one for every output where there are labels, each where one is recorded about the rests beyond
the first `modesAtLeast` of the vectors `A v_k`. -/
structure CopiedSharesHold [LE K] [LT K] (A : Mat K n r) (V : Fin p → Vec K r) (teacher labels : Nat → Vec K n)
    (numbers : DiagnosisNumbers) : Prop where
  each : ∀ (o : Nat) (h : o < numbers.copied.length) (copied : Enclosure), numbers.copied[o] = some copied →
    CopiedHolds (fun k => mulVec A (V k)) numbers.modesAtLeast (aboutMean (teacher o)) (aboutMean (labels o)) copied

end

end Eigenstill.Claims
