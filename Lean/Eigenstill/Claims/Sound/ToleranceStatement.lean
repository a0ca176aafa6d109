/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FidelityStatement
public import Eigenstill.Theory.FutureRows

/-!
# What claim `tolerance` says

For each output and each fraction `p` of rows: a bound that at most `k` of the `n` hold-out rows exceed, where `k` follows from `n`, `p`
and the risk alone. What that says of rows that nobody has seen is `tolerance_future`. This file says nothing of how anything is
checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

/-- How many of `n` rows have a property. -/
def rowsWith {n : Nat} (E : Fin n → Prop) : Nat := hits E (List.finRange n)

section
variable {K : Type u} [Field K] [LE K] [LT K] {n : Nat}

/-- One bound, for the fraction `p` and the risk `δ`: at most `exceeded` of the errors `|t_i - f_i|` are above `errorAtMost`, and so few
successes of `n` trials of probability `p` have a probability of at most `δ`. Where the rows are too few there is none. -/
def BoundHolds (t f : Vec K n) (p δ : K) (bound : ToleranceBound) : Prop :=
  match bound.exceeded, bound.errorAtMost with
  | none, none => True
  | some k, some e => lowerTail n k p ≤ δ ∧ rowsWith (fun i => e.value K < absVal (t i - f i)) ≤ k
  | _, _ => False

/-- One output: a bound for each fraction. -/
def BoundsHold (t f : Vec K n) (fractions : List Dyadic) (δ : K) (bounds : List ToleranceBound) : Prop :=
  bounds.length = fractions.length ∧ ∀ j (h : j < bounds.length), BoundHolds t f (numberAt K fractions j) δ bounds[j]

end

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- One target: the bounds hold for every output of the formula. -/
def ToleranceTargetHolds (certificate : Certificate) (rows : Rows) (values : List (List Dyadic)) (fractions : List Dyadic) (δ : K)
    (target : ToleranceTarget) : Prop :=
  target.outputs.length = certificate.model.intercept.length ∧ ∀ o (h : o < target.outputs.length),
    BoundsHold (outputColumn K values o _) (certificate.formulaAt K rows o) fractions δ target.outputs[o]

/-- The targets: the teacher's outputs, and the labels where there are some. -/
def ToleranceTargetsHold (certificate : Certificate) (rows : Rows) (fractions : List Dyadic) (δ : K) (targets : List ToleranceTarget) :
    Prop :=
  match rows.labels, targets with
  | none, [teacher] => teacher.target = "teacher" ∧ ToleranceTargetHolds K certificate rows rows.teacher fractions δ teacher
  | some values, [teacher, labels] => teacher.target = "teacher" ∧ labels.target = "labels" ∧
      ToleranceTargetHolds K certificate rows rows.teacher fractions δ teacher ∧
      ToleranceTargetHolds K certificate rows values fractions δ labels
  | _, _ => False

/-- **Claim `tolerance`**, about the exact formula at the hold-out rows. The risk is divided by the number of all bounds:
`δ · (fractions · outputs · targets) ≤ riskAtMost`. -/
structure ToleranceHolds (certificate : Certificate) (rows : Rows) (numbers : ToleranceNumbers) : Prop where
  count : numbers.rows = rows.inputs.length
  fractions : ∀ p ∈ numbers.fractions, 0 < p.value K ∧ p.value K < 1
  bounds : ∃ δ : K, 0 ≤ δ ∧
    ((numbers.fractions.length * certificate.model.intercept.length * numbers.targets.length : Nat) : K) * δ ≤ numbers.riskAtMost.value K ∧
    ToleranceTargetsHold K certificate rows numbers.fractions δ numbers.targets

/-- The certificate has hold-out rows, and the claim holds there. -/
def ToleranceClaim (certificate : Certificate) (numbers : ToleranceNumbers) : Prop :=
  ∃ rows, certificate.holdout = some rows ∧ ToleranceHolds K certificate rows numbers

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **What such a count says of rows that nobody has seen.** Rows are drawn independently from one distribution (`m` outcomes of
probability `w i`, the formula's error on outcome `i` being `e i`), and every sample of `n` rows is given a bound that at most `k` of
them exceed. Then more than the fraction `p` of all rows has an error above the bound with probability at most `δ`. That the
hold-out rows are such draws, and took no part in choosing the formula, no check of a file can see. -/
theorem tolerance_future {n k : Nat} {p δ : K} (tail : lowerTail n k p ≤ δ) (h0 : 0 ≤ p) (h1 : p ≤ 1) {m : Nat} {w : Fin m → K}
    (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (e : Fin m → K) (bound : List (Fin m) → K)
    (few : ∀ rows, rows.length = n → hits (fun i => bound rows < e i) rows ≤ k) :
    chance w n (fun rows => p < mass w fun i => bound rows < e i) ≤ δ :=
  IsPreorder.le_trans _ _ _ (chance_tolerance_le hw total e bound n k few h0 h1) tail

end

end Eigenstill.Claims
