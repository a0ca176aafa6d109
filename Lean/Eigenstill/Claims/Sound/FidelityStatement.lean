/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix
public import Eigenstill.Claims.Certificate
public import Eigenstill.Exact.Value

/-!
# What claim `fidelity` says of one output

About a target `t` (the teacher's outputs or the labels at `n` rows), the formula `f` at these rows, and for labels the
teacher's outputs there. This file says nothing of how anything is checked.
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

end Eigenstill.Claims
