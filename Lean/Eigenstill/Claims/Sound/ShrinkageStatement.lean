/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EnergyStatement
public import Eigenstill.Claims.Sound.Statement
public import Eigenstill.Theory.Shrinkage

/-!
# What claim `shrinkage` says

About an operator `A`, vectors `v_k` and a target `t`, one output of the teacher at the `n` training rows. The fit behind the
student is `w = Σ u_k v_k`. `ShrinkageHolds` is the claim. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] {n r p : Nat}

/-- Claim `shrinkage`, the fit of one output: with `J(w) = |t - t̄ - A w|² + ridge |w|²`, `J(Σ u_k v_k) ≤ objectiveAtMost`, and
no combination of the `v_k` has a `J` that is smaller by more than `gapAtMost`. It bounds the objective, not the distance of
`u` from the best coefficients; nothing is said of other vectors than combinations of the `v_k`. -/
structure ShrinkageFitHolds (A : Mat K n r) (V : Fin p → Vec K r) (u : Vec K p) (ridge : K) (t : Vec K n)
    (numbers : OutputShrinkage) : Prop where
  objective : ridgeObjective A (aboutMean t) ridge (comb u V) ≤ numbers.objectiveAtMost.value K
  gap : ∀ u', ridgeObjective A (aboutMean t) ridge (comb u V)
    ≤ ridgeObjective A (aboutMean t) ridge (comb u' V) + numbers.gapAtMost.value K

/-- What the stored formula has before column `k` of `C` in output `o`, in units of the column: `a_k` for a landmark, and
`2^(E_d) w_d` for input `d`. -/
def Certificate.columnCoefficient (K : Type u) [Field K] (certificate : Certificate) (o k : Nat) : K :=
  let m := certificate.model.coefficients.length
  if k < m then ((certificate.model.coefficients.getD k []).getD o Dyadic.zero).value K
  else ((certificate.model.weights.getD (k - m) []).getD o Dyadic.zero).value K
    * 2 ^ certificate.basis.linearExponents.getD (k - m) 0

/-- The stored formula's value at the mean of the columns, rounded down to the grid: `b + Σ_d w_d o_d + 2^-p Σ_k c_k a_k`. -/
def Certificate.atMean (K : Type u) [Field K] (certificate : Certificate) (C : Nat → Nat → Int) (n r o : Nat) : K :=
  (certificate.model.intercept.getD o Dyadic.zero).value K
    + (sum certificate.model.weights.length fun d => ((certificate.model.weights.getD d.val []).getD o Dyadic.zero).value K
        * (certificate.model.offsets.getD d.val Dyadic.zero).value K)
    + sum r fun k => certificate.columnCoefficient K o k.val *
        ((meanBelow C n k.val : K) * 2 ^ (-(certificate.basis.gridBits : Int)))

/-- Claim `shrinkage`, the formula of one output: its coefficients are those of `w`, which are `T w` in units of the columns, up to
`coefficientsDifferAtMost` in the sum of absolute values; at the mean of the columns it is the target's mean, up to
`interceptDiffersAtMost`. `C` are the integers of the basis at the rows. -/
structure ShrinkageFormulaHolds (certificate : Certificate) (C : Nat → Nat → Int) (o : Nat) (w : Vec K r) (t : Vec K n)
    (numbers : OutputShrinkage) : Prop where
  coefficients : (sum r fun k => absVal (certificate.columnCoefficient K o k.val
    - sum r fun j => (certificate.model.metricEntry k.val j.val : K) * 2 ^ certificate.basis.metricExponent * w j))
      ≤ numbers.coefficientsDifferAtMost.value K
  intercept : absVal (certificate.atMean K C n r o - sum n t / (n : K)) ≤ numbers.interceptDiffersAtMost.value K

/-- Stored vector `v_k`. -/
def Certificate.mode (K : Type u) [Field K] (certificate : Certificate) (r k : Nat) : Vec K r :=
  fun j => ((certificate.model.eigenvectors.getD k []).getD j.val 0 : K) * 2 ^ certificate.basis.vectorExponent

/-- The stored coefficients `u_k` of output `o`, in their unit; so many of the first modes does the fit use. -/
def Certificate.fitCoefficients (K : Type u) [Field K] (certificate : Certificate) (unit : Int) (o : Nat) :
    Vec K (certificate.fit.solution.getD o []).length :=
  fun k => ((certificate.fit.solution.getD o []).getD k.val 0 : K) * 2 ^ unit

/-- Claim `shrinkage`, for every output `o` of the teacher: what is said of the fit `w = Σ u_k v_k`, and of the formula. That the
ridge or the modes are the right ones is not said. -/
def ShrinkageHolds (certificate : Certificate) (A : Mat K n r) (C : Nat → Nat → Int) (teacher : Nat → Vec K n)
    (numbers : ShrinkageNumbers) : Prop :=
  ∀ (o : Nat) (h : o < numbers.outputs.length),
    let u := certificate.fitCoefficients K numbers.solutionExponent o
    let V := fun k : Fin (certificate.fit.solution.getD o []).length => certificate.mode K r k.val
    ShrinkageFitHolds A V u (numbers.ridge.value K) (teacher o) numbers.outputs[o] ∧
      ShrinkageFormulaHolds certificate C o (comb u V) (teacher o) numbers.outputs[o]

end

end Eigenstill.Claims
