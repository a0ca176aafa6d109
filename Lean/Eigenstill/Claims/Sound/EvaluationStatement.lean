/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.BasisStatement

/-!
# What claim `evaluation` says

`EvaluationHolds` is about the recorded predictions of one split, `EvaluationClaim` about all splits. This file says nothing of how
anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- **The magnitude of output `o` at `x`**: `|b_o| + Σ_d |w_do x_d| + Σ_j |a_jo| φ_j(x)`. -/
def Certificate.magnitude (certificate : Certificate) (o : Nat) (x : List Dyadic) : K :=
  absVal (numberAt K certificate.model.intercept o) +
    (sum certificate.model.weights.length fun d => absVal (numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val)) +
    sum certificate.model.landmarks.length fun j => absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) *
      certificate.basisFunction K j.val x

/-- `k = m + 2 d + 7`: how many roundings stand on the way from the inputs to an output. -/
def Certificate.roundings (certificate : Certificate) : Nat :=
  certificate.model.landmarks.length + 2 * certificate.model.scales.length + 7

/-- Claim `evaluation`, one split: every recorded prediction is within `differenceAtMost` of the formula, and that is at most
`aPrioriAtMost`, which is at least `k / (2^53 - k)` times the magnitude of every output at every row, and `(m + d + 1) 2^-1060` more. -/
structure EvaluationHolds (certificate : Certificate) (rows : Rows) (numbers : SplitEvaluation) : Prop where
  difference : ∀ i, i < rows.inputs.length → ∀ o, o < certificate.model.intercept.length →
    absVal (numberAt K (rows.predictions.getD i []) o - certificate.formula K o (rows.inputs.getD i [])) ≤ numbers.differenceAtMost.value K
  order : numbers.differenceAtMost.value K ≤ numbers.aPrioriAtMost.value K
  aPriori : ∀ i, i < rows.inputs.length → ∀ o, o < certificate.model.intercept.length →
    (certificate.roundings : K) / (2 ^ 53 - (certificate.roundings : K)) * certificate.magnitude K o (rows.inputs.getD i [])
      + ((certificate.model.landmarks.length + certificate.model.scales.length + 1 : Nat) : K) / 2 ^ 1060 ≤ numbers.aPrioriAtMost.value K
  magnitude : ∀ i, i < rows.inputs.length → ∀ o, o < certificate.model.intercept.length →
    certificate.magnitude K o (rows.inputs.getD i []) ≤ 2 ^ 1000

/-- **Claim `evaluation`: on the training rows, and on the hold-out rows where there are some.** -/
def EvaluationClaim (certificate : Certificate) (recorded : List SplitEvaluation) : Prop :=
  match certificate.holdout, recorded with
  | none, [train] => train.split = "train" ∧ EvaluationHolds K certificate certificate.train train
  | some rows, [train, holdout] => train.split = "train" ∧ holdout.split = "holdout" ∧
      EvaluationHolds K certificate certificate.train train ∧ EvaluationHolds K certificate rows holdout
  | _, _ => False

end

end Eigenstill.Claims
