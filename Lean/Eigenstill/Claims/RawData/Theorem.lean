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
  {v : Bounds} {s : Sums}

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem intCast_two_pow (e : Nat) : (((2 : Int) ^ e : Int) : K) = 2 ^ e := by
  rw [Ring.intCast_pow]; congr 1; exact Ring.intCast_ofNat 2

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem quad_smul {n : Nat} (c : K) (M : Mat K n n) (x : Vec K n) : quad (fun i j => c * M i j) x = c * quad M x := by
  rw [quad_eq_sum, quad_eq_sum, ← sum_mul]
  refine sum_congr fun i => ?_
  rw [← sum_mul]; exact sum_congr fun j => by grind

theorem two_pow_pos (e : Nat) : (0 : K) < 2 ^ e := by
  induction e with
  | zero => rw [Semiring.pow_zero]; grind
  | succ e ih => rw [Semiring.pow_succ]; grind

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
    (hcheck : checkSums D w v s = true) {h : Nat} (hh : w.matrixShift + 2 * (D.grid + D.metricUnit) = h)
    (X : Mat K D.size v.rank) (Y : Mat K v.rank D.columns) :
    (v.lower : K) / 2 ^ h ≤ frobDistSq (D.operator K) (matMul X Y) := by
  obtain ⟨⟨E, hE, hrest, hslack⟩, hlower, -, -⟩ := certified_of_checks hscan hcheck
  subst hh
  -- `W`, cast into the field, is positive semidefinite
  have hsym : ∀ i j, dualEntry D w i j = dualEntry D w j i := by
    intro i j; unfold dualEntry modesEntry gramEntry
    rw [listSum_congr fun m _ => show (m.1 : Int) * (entry w.vectorBits m.2 i * entry w.vectorBits m.2 j)
      = m.1 * (entry w.vectorBits m.2 j * entry w.vectorBits m.2 i) by rw [Int.mul_comm (entry _ _ _)]]
    rw [listSum_congr (as := D.rows) fun row _ => Int.mul_comm (operatorEntry D D.mean row i) (operatorEntry D D.mean row j)]
    by_cases e : i = j
    · rw [e]
    · rw [if_neg e, if_neg (Ne.symm e)]
  have hpsd := psd_of_small_rest (K := K) (n := D.columns) (W := dualEntry D w) (E := E) hE (fun i j _ _ => hsym i j) hrest hslack
  have hc : (0 : K) < 2 ^ (D.grid + D.metricUnit) := two_pow_pos _
  have hm : (0 : K) < 2 ^ w.matrixShift := two_pow_pos _
  have hu : (2 : K) ^ (w.matrixShift + 2 * (D.grid + D.metricUnit)) = 2 ^ w.matrixShift * (2 ^ (D.grid + D.metricUnit)) ^ 2 := by
    rw [Semiring.pow_add, Nat.two_mul, Semiring.pow_add]; grind
  rw [hu]
  generalize hce : (2 ^ (D.grid + D.metricUnit) : K) = c at *
  generalize hme : (2 ^ w.matrixShift : K) = m at *
  have hU : 0 < m * c ^ 2 := OrderedRing.mul_pos hm (sq_pos hc)
  have hiU : 0 ≤ (m * c ^ 2)⁻¹ := inv_nonneg hU
  have hgram : ∀ i j : Fin D.columns, (gramEntry D i.val j.val : K) = c ^ 2 * gram (D.operator K) i j := by
    intro i j; rw [gram_operator, hce]
    have : c ^ 2 ≠ 0 := by have := sq_pos hc; grind
    grind
  have key := frobDistSq_ge_of_certificate (D.operator K)
    (fun i j => (m * c ^ 2)⁻¹ * modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes) i j)
    ((m * c ^ 2)⁻¹ * (w.threshold : K)) (OrderedRing.mul_nonneg hiU (natCast_nonneg _)) ?_ ?_ X Y
  · refine IsPreorder.le_trans _ _ _ ?_ key
    have hl : (v.lower : K) = m * (c ^ 2 * trace (gram (D.operator K))) - v.rank * w.threshold
        - trace (modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes)) := by
      have h1 := congrArg (fun x : Int => (x : K)) hlower
      dsimp only at h1
      rw [Ring.intCast_sub, Ring.intCast_sub, Ring.intCast_mul, Ring.intCast_mul, intCast_two_pow, hme, intCast_sum, intCast_sum,
        Ring.intCast_natCast, Ring.intCast_natCast, Ring.intCast_natCast] at h1
      rw [h1]
      have e1 : sum D.columns (fun i => (gramEntry D i.val i.val : K)) = c ^ 2 * trace (gram (D.operator K)) := by
        unfold trace; rw [← sum_mul]; exact sum_congr fun i => hgram i i
      have e2 : sum D.columns (fun i => (modesEntry w.vectorBits w.modes i.val i.val : K))
          = trace (modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes)) :=
        sum_congr fun i => cast_modesEntry D.columns w.vectorBits w.modes i i
      rw [e1, e2]
    have ht : trace (fun i j => (m * c ^ 2)⁻¹ * modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes) i j)
        = (m * c ^ 2)⁻¹ * trace (modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes)) := sum_mul _ _ _
    rw [ht, hl, Field.div_eq_mul_inv]
    generalize trace (gram (D.operator K)) = t
    generalize trace (modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes)) = z
    generalize (v.rank : K) = k; generalize (w.threshold : K) = μ
    have hne : m * c ^ 2 ≠ 0 := by clear key hgram hpsd; grind
    have hinv : (m * c ^ 2)⁻¹ * (m * c ^ 2) = 1 := by clear key hgram hpsd; grind
    generalize (m * c ^ 2)⁻¹ = q at *
    have e : (m * (c ^ 2 * t) - k * μ - z) * q = (q * (m * c ^ 2)) * t - k * (q * μ) - q * z := by clear key hgram hpsd; grind
    rw [e, hinv]; clear key hgram hpsd; grind
  · intro x
    have e : quad (fun i j => (m * c ^ 2)⁻¹ * modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes) i j) x
        = (m * c ^ 2)⁻¹ * quad (modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes)) x := quad_smul _ _ _
    rw [e]
    exact OrderedRing.mul_nonneg hiU (psd_modal (modeWeight_nonneg w.modes) x)
  · intro x
    have h1 := hpsd x
    have e : (fun i j : Fin D.columns => (m * c ^ 2)⁻¹ * modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes) i j
        + (m * c ^ 2)⁻¹ * (w.threshold : K) * ident i j - gram (D.operator K) i j)
        = fun i j => (m * c ^ 2)⁻¹ * (dualEntry D w i.val j.val : K) := by
      funext i j
      unfold dualEntry
      rw [Ring.intCast_sub, Ring.intCast_add, Ring.intCast_mul, intCast_two_pow, hme, cast_modesEntry, hgram]
      have hi : ((if i.val = j.val then (w.threshold : Int) else 0 : Int) : K) = w.threshold * ident i j := by
        unfold ident
        by_cases h : i.val = j.val
        · rw [if_pos h, if_pos h, Ring.intCast_natCast]; grind
        · rw [if_neg h, if_neg h, Ring.intCast_zero]; grind
      rw [hi]
      generalize modal (modeWeight K w.modes) (modeVector K D.columns w.vectorBits w.modes) i j = a
      generalize gram (D.operator K) i j = g; generalize (ident i j : K) = d; generalize (w.threshold : K) = μ
      have hinv : (m * c ^ 2)⁻¹ * (m * c ^ 2) = 1 := by clear hgram hpsd h1; grind
      generalize (m * c ^ 2)⁻¹ = q at *
      have e : q * (a + μ * d - m * (c ^ 2 * g)) = q * a + q * μ * d - (q * (m * c ^ 2)) * g := by clear hgram hpsd h1; grind
      rw [e, hinv]; clear hgram hpsd h1; grind
    rw [e, quad_smul]
    exact OrderedRing.mul_nonneg hiU h1

/-- **The checks prove the fidelity of the student on the floored basis: no error exceeds `tolerance / 2^outputUnit`, and
the sum of squared errors is `residual / 2^(2 outputUnit)`, exactly.** The student's true basis value differs from the
floored one by less than `2^-p`. -/
theorem fidelity_of_checks (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s)
    (hcheck : checkSums D w v s = true) :
    (∀ i, absVal (D.teacher K i - D.student K i) ≤ (v.tolerance : K) / 2 ^ D.outputUnit) ∧
    normSq (fun i => D.teacher K i - D.student K i) = (v.residual : K) / (2 ^ D.outputUnit) ^ 2 := by
  obtain ⟨-, -, hworst, hresidual⟩ := certified_of_checks hscan hcheck
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
