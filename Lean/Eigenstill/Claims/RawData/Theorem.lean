/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Sound

/-!
# From raw data to the bounds

Two theorems about a student, for which Lean's kernel evaluates the checks on the student's own numbers:

* `eckartYoung_of_checks`: **no product `X Y` of the stated rank is nearer to the student's operator than the bound.**
* `fidelity_of_checks`: how far the student is from its teacher, row by row and in all.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {D : Study} {w : Witness}
  {v : Bounds} {s : Sums} {last : Nat} {t : Int}

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- `AᵀA` of the operator, from the integer matrix. -/
theorem gram_operator (i j : Fin D.columns) :
    gram (D.operator K) i j = (gramEntry D i.val j.val : K) / (2 ^ (D.grid + D.metricUnit)) ^ 2 := by
  unfold gram gramEntry
  rw [listSum_eq _ 0, intCast_sum]
  have e : ∀ t : Fin D.size, D.operator K t i * D.operator K t j
      = ((2 ^ (D.grid + D.metricUnit)) ^ 2 : K)⁻¹
        * ((operatorEntry D D.mean (D.rows.getD t.val 0) i.val * operatorEntry D D.mean (D.rows.getD t.val 0) j.val : Int) : K) := by
    intro t
    rw [Ring.intCast_mul]
    show (D.image t.val i.val : K) / _ * ((D.image t.val j.val : K) / _) = _
    rw [show D.image t.val i.val = operatorEntry D D.mean (D.rows.getD t.val 0) i.val from rfl,
      show D.image t.val j.val = operatorEntry D D.mean (D.rows.getD t.val 0) j.val from rfl]
    generalize (2 ^ (D.grid + D.metricUnit) : K) = c
    generalize (operatorEntry D D.mean (D.rows.getD t.val 0) i.val : K) = x
    generalize (operatorEntry D D.mean (D.rows.getD t.val 0) j.val : K) = y
    rw [Field.div_eq_mul_inv, Field.div_eq_mul_inv, show c ^ 2 = c * c by grind]
    grind
  rw [sum_congr e, sum_mul, Field.div_eq_mul_inv, CommSemiring.mul_comm]

/-- **The checks prove the bound: with `h = matrixShift + 2 (p + metricUnit)`, all `X` (`n x rank`) and `Y` (`rank x r`) have
`|A - X Y|² ≥ lower / 2^h`, `A` the operator of the raw data.** It holds over every linearly ordered field, so over the
reals. Nothing is assumed: the checks are evaluated by Lean's kernel. It speaks of the recorded rows and of this basis; it
does not say that the bound is attained, nor that the raw data are the network's. -/
theorem eckartYoung_of_checks (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s)
    (hblocks : Blocks (checkBlock D w s) 0 last t) (hcheck : checkSums D w v s last t = true) {h : Nat} (hh : w.matrixShift + 2 * (D.grid + D.metricUnit) = h)
    (X : Mat K D.size v.rank) (Y : Mat K v.rank D.columns) :
    (v.lower : K) / 2 ^ h ≤ frobDistSq (D.operator K) (matMul X Y) := by
  subst hh
  have hc : (0 : K) < 2 ^ (D.grid + D.metricUnit) := two_pow_pos _
  have hu : (2 : K) ^ (w.matrixShift + 2 * (D.grid + D.metricUnit)) = 2 ^ w.matrixShift * (2 ^ (D.grid + D.metricUnit)) ^ 2 := by
    rw [Semiring.pow_add, Nat.two_mul, Semiring.pow_add]; grind
  rw [hu]
  refine eckartYoung_of_dual (D.operator K) (sq_pos hc) (fun i j => ?_) (fun i j _ _ => ?_) ((certified_of_checks hscan hcheck).dual hblocks) X Y
  · rw [gram_operator]
    have : ((2 : K) ^ (D.grid + D.metricUnit)) ^ 2 ≠ 0 := by have := sq_pos hc; grind
    generalize ((2 : K) ^ (D.grid + D.metricUnit)) ^ 2 = c at *
    grind
  · unfold gramEntry; exact listSum_congr fun row _ => Int.mul_comm _ _

/-- **The checks prove the fidelity of the student on the floored basis: no error exceeds `tolerance / 2^outputUnit`, and
the sum of squared errors is `residual / 2^(2 outputUnit)`, exactly.** The student's true basis value differs from the
floored one by less than `2^-p`. -/
theorem fidelity_of_checks (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s)
    (hcheck : checkSums D w v s last t = true) :
    (∀ i, absVal (D.teacher K i - D.student K i) ≤ (v.tolerance : K) / 2 ^ D.outputUnit) ∧
    normSq (fun i => D.teacher K i - D.student K i) = (v.residual : K) / (2 ^ D.outputUnit) ^ 2 := by
  obtain ⟨-, hworst, hresidual⟩ := certified_of_checks hscan hcheck
  have hc : (0 : K) < 2 ^ D.outputUnit := two_pow_pos _
  have e : ∀ i, D.teacher K i - D.student K i = (2 ^ D.outputUnit : K)⁻¹ * (errorAt D (D.rows.getD i.val 0) : K) := by
    intro i
    unfold Study.teacher Study.student errorAt
    rw [Ring.intCast_sub, Field.div_eq_mul_inv, Field.div_eq_mul_inv]; grind
  constructor
  · intro i
    rw [e, absVal_mul, absVal_of_nonneg (inv_nonneg hc), absVal_intCast, Field.div_eq_mul_inv, CommSemiring.mul_comm]
    have hi : D.rows.getD i.val 0 ∈ D.rows := by
      rw [List.getD_eq_getElem?_getD, List.getElem?_eq_getElem i.isLt]; exact List.getElem_mem _
    have h1 := intCast_le (K := K) (Int.ofNat_le.mpr (hworst _ hi))
    rw [Ring.intCast_natCast v.tolerance] at h1
    exact OrderedRing.mul_le_mul_of_nonneg_right h1 (inv_nonneg hc)
  · rw [normSq_eq]
    have h1 := congrArg (fun x : Int => (x : K)) hresidual
    dsimp only at h1
    rw [Ring.intCast_natCast, listSum_eq _ 0, intCast_sum] at h1
    rw [h1, Field.div_eq_mul_inv, CommSemiring.mul_comm, ← sum_mul]
    refine sum_congr fun i => ?_
    rw [e, Ring.intCast_pow]
    generalize (2 ^ D.outputUnit : K) = c at *
    have hne : c ≠ 0 := by grind
    have : (c ^ 2)⁻¹ = c⁻¹ * c⁻¹ := by grind
    rw [this]; grind

end

end Eigenstill.Claims
