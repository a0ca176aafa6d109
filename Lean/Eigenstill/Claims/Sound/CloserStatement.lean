/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.ToleranceStatement

/-!
# What claim `closer` says

For each output: at how many of the hold-out rows the formula is nearer to the label than the teacher's output is, and a fraction of
rows that follows from that count and the risk alone. What it says of rows that nobody has seen is `closer_future`. This file says
nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] {n : Nat}

/-- One output, labels `t`, formula `f`, teacher `w`: at `nearer` rows at least `|t_i - f_i| < |t_i - w_i|`; and `fractionAtLeast` is 0, or so
many successes of `n` trials of that probability have a probability of at most `δ`. -/
structure CloserHolds (t f w : Vec K n) (δ : K) (numbers : CloserOutput) : Prop where
  nearer : numbers.nearer ≤ rowsWith fun i => absVal (t i - f i) < absVal (t i - w i)
  fraction : 0 ≤ numbers.fractionAtLeast.value K ∧ numbers.fractionAtLeast.value K ≤ 1
  tail : 0 < numbers.fractionAtLeast.value K → ∃ d, numbers.nearer = d + 1 ∧ 1 - lowerTail n d (numbers.fractionAtLeast.value K) ≤ δ

end

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- **Claim `closer`**: the certificate has hold-out rows with labels, and every output holds there, for the exact formula. The risk is
divided by the number of outputs: `δ · outputs ≤ riskAtMost`. -/
def CloserClaim (certificate : Certificate) (numbers : CloserNumbers) : Prop :=
  ∃ rows labels, certificate.holdout = some rows ∧ rows.labels = some labels ∧ numbers.rows = rows.inputs.length ∧
    numbers.outputs.length = certificate.model.intercept.length ∧
    ∃ δ : K, 0 ≤ δ ∧ (certificate.model.intercept.length : K) * δ ≤ numbers.riskAtMost.value K ∧
      ∀ o (h : o < numbers.outputs.length), CloserHolds (outputColumn K labels o _) (certificate.formulaAt K rows o)
        (outputColumn K rows.teacher o _) δ numbers.outputs[o]

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **What such a limit says of rows that nobody has seen.** Rows are drawn independently from one distribution; `E` says of an
outcome that the formula is nearer, and each count `c` of hits among `n` rows is given a limit with such a tail. Then the limit exceeds
the true probability of `E` with probability at most `δ`. That the hold-out rows are such draws, and took no part in choosing the
formula, no check of a file can see. -/
theorem closer_future {n : Nat} {δ : K} (nonneg : 0 ≤ δ) (limit : Nat → K) (le_one : ∀ c, limit c ≤ 1)
    (tail : ∀ c, 0 < limit c → c ≤ n → ∃ d, c = d + 1 ∧ 1 - lowerTail n d (limit c) ≤ δ) {m : Nat} {w : Fin m → K} (hw : ∀ i, 0 ≤ w i)
    (total : sum m w = 1) (E : Fin m → Prop) : chance w n (fun rows => mass w E < limit (hits E rows)) ≤ δ :=
  chance_closer_le hw total E n limit nonneg le_one fun c hc positive => tail c positive hc

end

end Eigenstill.Claims
