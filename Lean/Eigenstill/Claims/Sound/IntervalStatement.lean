/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RowNumbers
public import Eigenstill.Claims.Sound.ToleranceStatement

/-!
# What claim `interval` says

For each output and each coverage `q`: a half-width within which the formula is at `r` or more of the `n` hold-out rows, where
`r ≥ q (n + 1)`. This file says nothing of how anything is checked, nor of rows that nobody has seen: that a further row lies within the
half-width with probability `q`, where the `n + 1` rows are exchangeable, is the theorem of split-conformal prediction and not in Lean.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] {n : Nat}

/-- One interval, for the coverage `q`: at `rank` rows at least `|t_i - f_i| ≤ halfWidthAtMost`, and `q (n + 1) ≤ rank ≤ n`. Where the rows
are too few there is none. -/
def IntervalHolds (t f : Vec K n) (q : K) (interval : HalfWidth) : Prop :=
  match interval.rank, interval.halfWidthAtMost with
  | none, none => True
  | some r, some h => q * ((n + 1 : Nat) : K) ≤ (r : K) ∧ r ≤ n ∧ r ≤ rowsWith fun i => absVal (t i - f i) ≤ h.value K
  | _, _ => False

/-- One output: an interval for each coverage. -/
def IntervalsHold (t f : Vec K n) (coverages : List Dyadic) (intervals : List HalfWidth) : Prop :=
  intervals.length = coverages.length ∧ ∀ j (h : j < intervals.length), IntervalHolds t f (numberAt K coverages j) intervals[j]

end

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- One target: the intervals hold for every output of the formula. -/
def IntervalTargetHolds (certificate : Certificate) (rows : Rows) (values : List (List Dyadic)) (coverages : List Dyadic)
    (target : IntervalTarget) : Prop :=
  target.outputs.length = certificate.model.intercept.length ∧ ∀ o (h : o < target.outputs.length),
    IntervalsHold (outputColumn K values o _) (certificate.formulaAt K rows o) coverages target.outputs[o]

/-- The targets: the teacher's outputs, and the labels where there are some. -/
def IntervalTargetsHold (certificate : Certificate) (rows : Rows) (coverages : List Dyadic) (targets : List IntervalTarget) : Prop :=
  match rows.labels, targets with
  | none, [teacher] => teacher.target = "teacher" ∧ IntervalTargetHolds K certificate rows rows.teacher coverages teacher
  | some values, [teacher, labels] => teacher.target = "teacher" ∧ labels.target = "labels" ∧
      IntervalTargetHolds K certificate rows rows.teacher coverages teacher ∧ IntervalTargetHolds K certificate rows values coverages labels
  | _, _ => False

/-- **Claim `interval`**, about the exact formula at the hold-out rows, of which there are some. -/
def IntervalClaim (certificate : Certificate) (numbers : IntervalNumbers) : Prop :=
  ∃ rows, certificate.holdout = some rows ∧ numbers.rows = rows.inputs.length ∧
    (∀ q ∈ numbers.coverages, 0 < q.value K ∧ q.value K < 1) ∧ IntervalTargetsHold K certificate rows numbers.coverages numbers.targets

end

end Eigenstill.Claims
