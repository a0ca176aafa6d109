/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.BasisStatement

/-!
# What claim `fidelity` says

`FidelityHolds` is about one output: a target `t` (the teacher's outputs or the labels at `n` rows), the formula `f` at these rows,
and for labels the teacher's outputs there. `FidelityClaim` is about all outputs, targets and splits of a certificate. This file
says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] {n : Nat}

/-- `n |t - t̄|²`, with `t̄` the mean of `t`: `n Σ t_i² - (Σ t_i)²`. -/
def totalSquares (t : Vec K n) : K := (n : K) * normSq t - sum n t ^ 2

/-- Claim `fidelity`, one output: no error of the formula exceeds `errorAtMost`; the mean squared error is at most
`rmseAtMost²`; `R²`, times the target's variance, is at least as recorded; for labels the mean squared error of the teacher
is at least `teacherRmseAtLeast²`. -/
structure FidelityHolds [LE K] (t f teacher : Vec K n) (numbers : OutputFidelity) : Prop where
  error : ∀ i, absVal (t i - f i) ≤ numbers.errorAtMost.value K
  rmse : normSq (fun i => t i - f i) ≤ (n : K) * numbers.rmseAtMost.value K ^ 2
  rSquared : ∀ q, numbers.rSquaredAtLeast = some q →
    q.value K * totalSquares t ≤ totalSquares t - (n : K) * normSq fun i => t i - f i
  teacherRmse : ∀ q, numbers.teacherRmseAtLeast = some q → (n : K) * q.value K ^ 2 ≤ normSq fun i => t i - teacher i

end

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- Column `o` of `n` rows of numbers. -/
def outputColumn (values : List (List Dyadic)) (o n : Nat) : Vec K n := fun i => numberAt K (values.getD i.val []) o

/-- Output `o` of the formula at the rows of a split. -/
def Certificate.formulaAt (certificate : Certificate) (rows : Rows) (o : Nat) : Vec K rows.inputs.length :=
  fun i => certificate.formula K o (rows.inputs.getD i.val [])

/-- One target: the bounds hold for every output of the formula. -/
def TargetClaim (certificate : Certificate) (rows : Rows) (values : List (List Dyadic)) (recorded : TargetFidelity) : Prop :=
  recorded.outputs.length = certificate.model.intercept.length ∧ ∀ o (h : o < recorded.outputs.length),
    FidelityHolds (outputColumn K values o _) (certificate.formulaAt K rows o) (outputColumn K rows.teacher o _) recorded.outputs[o]

/-- One split: the teacher's outputs are a target, and so are the labels where there are some. -/
def SplitClaim (certificate : Certificate) (rows : Rows) (recorded : SplitFidelity) : Prop :=
  match rows.labels, recorded.targets with
  | none, [teacher] => teacher.target = "teacher" ∧ TargetClaim K certificate rows rows.teacher teacher
  | some values, [teacher, labels] => teacher.target = "teacher" ∧ labels.target = "labels" ∧
      TargetClaim K certificate rows rows.teacher teacher ∧ TargetClaim K certificate rows values labels
  | _, _ => False

/-- **Claim `fidelity`: on the training rows, and on the hold-out rows where there are some.** -/
def FidelityClaim (certificate : Certificate) (recorded : List SplitFidelity) : Prop :=
  match certificate.holdout, recorded with
  | none, [train] => train.split = "train" ∧ SplitClaim K certificate certificate.train train
  | some rows, [train, holdout] => train.split = "train" ∧ holdout.split = "holdout" ∧
      SplitClaim K certificate certificate.train train ∧ SplitClaim K certificate rows holdout
  | _, _ => False

end

end Eigenstill.Claims
