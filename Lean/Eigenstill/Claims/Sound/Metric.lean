/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Fidelity
public import Eigenstill.Claims.Sound.FromRows
public import Eigenstill.Claims.Sound.MetricKernel

/-!
# The check of `metric` is sound, from the rows on

* `linearDefect_spec`: how far the linear columns are from mean square 1 in the metric.
* `varies_of_coarseColumn`: no linear column is a step function.
* `metric_of_check`: **the recorded numbers hold for the exact kernel at the landmarks, and for the linear columns at the training rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### The linear columns on the diagonal of the operator -/

section
variable {certificate : Certificate} {sums : RowSums}

/-- The diagonal of the checker's matrix, from the first linear column on. -/
def linearDiagonal (certificate : Certificate) (operator : Operator) : List Int :=
  (split (sizeOf' certificate.model.landmarks) (diagonal operator.matrix)).2

variable (shaped : certificate.Shaped) (pass : scan certificate = Except.ok sums)
include shaped pass

theorem length_linearDiagonal : (linearDiagonal certificate (operatorOf certificate sums)).length = certificate.model.offsets.length := by
  have square := (matrixShapes (sumsOf_flooredBasis shaped pass) (metricShapes shaped)).1
  unfold linearDiagonal
  rw [split_eq, sizeOf'_eq, List.length_drop, length_diagonal, square]
  unfold Certificate.basisSize; omega

/-- **On the diagonal stands `T_d² N_dd`**, in integers: the metric of a linear column meets no other column. -/
theorem at0_linearDiagonal {d : Nat} (hd : d < certificate.model.offsets.length) :
    at0 (linearDiagonal certificate (operatorOf certificate sums)) d
      = at0 certificate.model.linearMetric d * at0 certificate.model.linearMetric d * certificate.linearSquares d := by
  have hs := sumsOf_flooredBasis shaped pass
  have square := (matrixShapes hs (metricShapes shaped)).1
  have hk : certificate.model.landmarks.length + d < certificate.basisSize := by unfold Certificate.basisSize; omega
  unfold linearDiagonal
  rw [split_eq, sizeOf'_eq]
  dsimp only
  rw [at0_drop, at0_diagonal (by rw [square]; exact hk), at00_operatorOf hs (metricShapes shaped) hk hk]
  unfold Certificate.linearSquares sumTo
  dsimp only
  rw [← sum_mul]
  refine sum_congr fun t => ?_
  have entry : imageEntry certificate.model (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
      certificate.basisSize t.val (certificate.model.landmarks.length + d)
      = (certificate.flooredBasis certificate.train.inputs t.val (certificate.model.landmarks.length + d)
        - meanBelow (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
          (certificate.model.landmarks.length + d)) * at0 certificate.model.linearMetric d := by
    unfold imageEntry sumTo
    rw [← sum_ident certificate.basisSize ⟨certificate.model.landmarks.length + d, hk⟩ fun k =>
      (certificate.flooredBasis certificate.train.inputs t.val k.val
        - meanBelow (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length k.val)
        * at0 certificate.model.linearMetric d]
    refine sum_congr fun k => ?_
    unfold Model.metricEntry ident
    dsimp only
    rw [shaped.model.metric]
    by_cases h : certificate.model.landmarks.length + d = k.val
    · rw [if_pos h, ← h, if_neg (by omega), if_pos rfl, show certificate.model.landmarks.length + d
        - certificate.model.landmarks.length = d by omega, Int.mul_one]
    · rw [if_neg h, Int.mul_zero]
      by_cases h1 : k.val < certificate.model.landmarks.length
      · rw [if_pos h1, if_neg (by omega), Int.mul_zero]
      · rw [if_neg h1, if_neg (Ne.symm h), Int.mul_zero]
  rw [entry]
  generalize certificate.flooredBasis certificate.train.inputs t.val (certificate.model.landmarks.length + d)
        - meanBelow (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
          (certificate.model.landmarks.length + d) = x
  generalize at0 certificate.model.linearMetric d = y
  grind

end

/-! ### Their mean squares -/

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- One step of `linearDefect`. -/
def linearStep (rows : Nat) (exponent : Int) (worst : Dyadic) (square : Int) : Dyadic :=
  let gap := Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows)))
  let parts := ratio gap
  Dyadic.max worst (quotient53 parts.1 (parts.2 * rows) true)

private theorem le_folded_linearStep {rows : Nat} (positive : 0 < rows) (exponent : Int) (squares : List Int) (start : Dyadic) :
    start.value K ≤ (folded (linearStep rows exponent) start squares).value K ∧
      ∀ square ∈ squares, absVal ((square : K) * 2 ^ exponent / (rows : K) - 1)
        ≤ (folded (linearStep rows exponent) start squares).value K := by
  induction squares generalizing start with
  | nil => exact ⟨IsPreorder.le_refl _, fun square h => absurd h List.not_mem_nil⟩
  | cons first rest ih =>
    obtain ⟨h1, h2⟩ := ih (linearStep rows exponent start first)
    rw [show folded (linearStep rows exponent) start (first :: rest)
      = folded (linearStep rows exponent) (linearStep rows exponent start first) rest from rfl]
    refine ⟨IsPreorder.le_trans _ _ _ (Dyadic.le_max_left _ _) h1, fun square member => ?_⟩
    rcases List.mem_cons.mp member with rfl | member
    · refine IsPreorder.le_trans _ _ _ (IsPreorder.le_trans _ _ _ ?_ (Dyadic.le_max_right start _)) h1
      have gap : (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows)))).value K
          = absVal ((square : K) * 2 ^ exponent - (rows : K)) := by
        rw [Dyadic.value_abs, Dyadic.value_sub, Dyadic.value_ofInt,
          show ((Int.ofNat rows : Int) : K) = (rows : K) from Ring.intCast_natCast rows]
        rfl
      obtain ⟨numerator, denominator⟩ := ratio_spec (x := Dyadic.abs (Dyadic.sub ⟨square, exponent⟩
        (Dyadic.ofInt (Int.ofNat rows)))) (K := K) (by rw [gap]; exact absVal_nonneg _)
      have bound := le_quotient53 (K := K) (ratio (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows))))).1
        ((ratio (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows))))).2 * rows)
        (Nat.mul_pos denominator positive)
      rw [numerator, gap, Semiring.natCast_mul] at bound
      have p1 := intCast_lt (K := K) (Int.ofNat_lt.mpr denominator)
      have p2 := intCast_lt (K := K) (Int.ofNat_lt.mpr positive)
      rw [Ring.intCast_natCast, Ring.intCast_natCast, Semiring.natCast_zero] at p1 p2
      generalize quotient53 (ratio (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows))))).1
        ((ratio (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows))))).2 * rows) true = q at bound ⊢
      generalize (((ratio (Dyadic.abs (Dyadic.sub ⟨square, exponent⟩ (Dyadic.ofInt (Int.ofNat rows))))).2 : Nat) : K) = b at *
      clear numerator gap h1 h2 ih
      have e : (square : K) * 2 ^ exponent / (rows : K) - 1 = ((square : K) * 2 ^ exponent - (rows : K)) * (rows : K)⁻¹ := by
        generalize (square : K) * 2 ^ exponent = s
        clear bound p1
        generalize (rows : K) = n at *
        grind
      rw [e, absVal_mul, absVal_of_nonneg (inv_nonneg p2), ← Field.div_eq_mul_inv, div_le_iff p2]
      generalize absVal ((square : K) * 2 ^ exponent - (rows : K)) = a at *
      generalize q.value K = v at *
      generalize (rows : K) = n at *
      refine le_of_mul_le_mul p1 ?_
      clear e
      grind
    · exact h2 square member

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {sums : RowSums} (shaped : certificate.Shaped) (pass : scan certificate = Except.ok sums)
include shaped pass

/-- **Each linear column has mean square 1 in the metric, within `linearDefect`.** -/
theorem linearDefect_spec {d : Nat} (hd : d < certificate.model.offsets.length) :
    absVal (certificate.linearMetricAt K d ^ 2 * ((certificate.linearSquares d : K) / 2 ^ (2 * certificate.basis.gridBits))
      / (certificate.train.inputs.length : K) - 1)
      ≤ (linearDefect certificate.model sums (operatorOf certificate sums)).value K := by
  have hs := sumsOf_flooredBasis shaped pass
  have hl : d < (linearDiagonal certificate (operatorOf certificate sums)).length := by
    rw [length_linearDiagonal shaped pass]; exact hd
  have bound := (le_folded_linearStep (K := K) (rows := sums.rows) (by rw [hs.rows]; exact shaped.train.nonempty)
    (operatorOf certificate sums).exponent (linearDiagonal certificate (operatorOf certificate sums)) Dyadic.zero).2 _
    (List.getElem_mem hl)
  rw [show (linearDiagonal certificate (operatorOf certificate sums))[d] = at0 (linearDiagonal certificate (operatorOf certificate sums)) d
    from (getD_below _ hl).symm, at0_linearDiagonal shaped pass hd, hs.rows] at bound
  rw [show linearDefect certificate.model sums (operatorOf certificate sums) = folded (linearStep sums.rows
    (operatorOf certificate sums).exponent) Dyadic.zero (linearDiagonal certificate (operatorOf certificate sums)) from rfl, hs.rows]
  have e : ((at0 certificate.model.linearMetric d * at0 certificate.model.linearMetric d * certificate.linearSquares d : Int) : K)
        * 2 ^ (operatorOf certificate sums).exponent
      = certificate.linearMetricAt K d ^ 2 * ((certificate.linearSquares d : K) / 2 ^ (2 * certificate.basis.gridBits)) := by
    have power := two_pow_pos' (K := K) certificate.basis.gridBits
    rw [show (operatorOf certificate sums).exponent = 2 * (certificate.basis.metricExponent - Int.ofNat certificate.basis.gridBits) from rfl,
      Int.two_mul, two_zpow_add, Int.sub_eq_add_neg, two_zpow_add, show (Int.ofNat certificate.basis.gridBits : Int)
        = (certificate.basis.gridBits : Int) from rfl, Field.zpow_neg, two_zpow_natCast, Nat.two_mul, Semiring.pow_add,
      Ring.intCast_mul, Ring.intCast_mul]
    unfold Certificate.linearMetricAt
    generalize (certificate.linearSquares d : K) = s
    generalize (2 : K) ^ certificate.basis.metricExponent = y
    generalize (2 : K) ^ certificate.basis.gridBits = p at *
    rw [show certificate.model.linearMetric.getD d 0 = at0 certificate.model.linearMetric d from rfl]
    generalize (at0 certificate.model.linearMetric d : K) = t
    clear bound
    have : p ≠ 0 := by grind
    grind
  rw [e] at bound
  exact bound

omit shaped pass in
/-- Every column of some is fine enough where none is found that is not. -/
private theorem fine_of_find {bits : Int} {index : Nat} {squares units : List Int}
    (h : coarseColumn.find bits index squares units = none) (d : Nat) (h1 : d < squares.length) (h2 : d < units.length) :
    shifted (units[d] * units[d]) bits ≤ squares[d] := by
  induction squares generalizing index units d with
  | nil => exact absurd h1 (Nat.not_lt_zero d)
  | cons square squares ih =>
    cases units with
    | nil => exact absurd h2 (Nat.not_lt_zero d)
    | cons unit units =>
      rw [show coarseColumn.find bits index (square :: squares) (unit :: units)
        = if square < shifted (unit * unit) bits then some index else coarseColumn.find bits (index + 1) squares units from rfl] at h
      split at h
      · cases h
      · next fine =>
        cases d with
        | zero => exact Int.not_lt.mp fine
        | succ d => exact ih h d (Nat.lt_of_succ_lt_succ h1) (Nat.lt_of_succ_lt_succ h2)

/-- **No linear column is a step function**: where none is found coarse, and the metric standardises them, `N_dd ≥ 2^(2p - 7)`. -/
theorem varies_of_coarseColumn (none : coarseColumn certificate.basis certificate.model (operatorOf certificate sums) = none)
    (near : (linearDefect certificate.model sums (operatorOf certificate sums)).value K ≤ 1 / 2) {d : Nat}
    (hd : d < certificate.model.offsets.length) :
    (2 : K) ^ (2 * (certificate.basis.gridBits : Int) - 7) ≤ (certificate.linearSquares d : K) := by
  have hl : d < (linearDiagonal certificate (operatorOf certificate sums)).length := by
    rw [length_linearDiagonal shaped pass]; exact hd
  have hm : d < certificate.model.linearMetric.length := by rw [shaped.model.linearMetric]; exact hd
  have fine := fine_of_find (squares := linearDiagonal certificate (operatorOf certificate sums)) none d hl hm
  rw [show (linearDiagonal certificate (operatorOf certificate sums))[d] = at0 (linearDiagonal certificate (operatorOf certificate sums)) d
    from (getD_below _ hl).symm, at0_linearDiagonal shaped pass hd, show certificate.model.linearMetric[d]
    = at0 certificate.model.linearMetric d from (getD_below _ hm).symm] at fine
  -- neither the metric nor the column is 0
  have mean := IsPreorder.le_trans _ _ _ (linearDefect_spec (K := K) shaped pass hd) near
  have one := OrderedRing.zero_lt_one (R := K)
  have nonzero : certificate.linearMetricAt K d ^ 2 * ((certificate.linearSquares d : K) / 2 ^ (2 * certificate.basis.gridBits)) ≠ 0 := by
    intro zero
    rw [zero, Field.div_eq_mul_inv, show (0 : K) * ((certificate.train.inputs.length : K))⁻¹ - 1 = -1 by clear mean; grind, absVal_neg,
      absVal_of_nonneg (show (0 : K) ≤ 1 by clear mean; grind)] at mean
    clear zero fine
    grind
  have metric : at0 certificate.model.linearMetric d ≠ 0 := by
    intro zero
    refine nonzero ?_
    unfold Certificate.linearMetricAt
    rw [show certificate.model.linearMetric.getD d 0 = at0 certificate.model.linearMetric d from rfl, zero, Ring.intCast_zero]
    clear mean nonzero
    grind
  have square : 0 < at0 certificate.model.linearMetric d * at0 certificate.model.linearMetric d := by
    rcases Int.lt_or_gt_of_ne metric with h | h
    · exact Int.mul_pos_of_neg_of_neg h h
    · exact Int.mul_pos h h
  have column : certificate.linearSquares d ≠ 0 := by
    intro zero
    refine nonzero ?_
    rw [zero, Ring.intCast_zero, Field.div_eq_mul_inv]
    clear mean nonzero
    grind
  have columnNonneg : 0 ≤ certificate.linearSquares d := by
    unfold Certificate.linearSquares
    dsimp only
    exact sum_nonneg _ _ fun i => OrderedRing.sq_nonneg
  generalize at0 certificate.model.linearMetric d * at0 certificate.model.linearMetric d = t at *
  generalize certificate.linearSquares d = N at *
  clear mean nonzero metric near
  rw [show (Int.ofNat certificate.basis.gridBits : Int) = (certificate.basis.gridBits : Int) from rfl] at fine
  by_cases bits : 0 ≤ 2 * (certificate.basis.gridBits : Int) - 7
  · have cast := intCast_le (K := K) fine
    rw [cast_shifted _ bits, Ring.intCast_mul] at cast
    have positive := intCast_lt (K := K) square
    rw [Ring.intCast_zero] at positive
    exact le_of_mul_le_mul positive cast
  · have whole := intCast_le (K := K) (show 1 ≤ N by omega)
    rw [Ring.intCast_one] at whole
    refine IsPreorder.le_trans _ _ _ ?_ whole
    have split := two_zpow_add (K := K) (2 * (certificate.basis.gridBits : Int) - 7)
      ((-(2 * (certificate.basis.gridBits : Int) - 7)).toNat : Int)
    rw [show 2 * (certificate.basis.gridBits : Int) - 7 + ((-(2 * (certificate.basis.gridBits : Int) - 7)).toNat : Int) = 0 by omega,
      Field.zpow_zero, two_zpow_natCast] at split
    have above : ∀ k : Nat, (1 : K) ≤ 2 ^ k := by
      intro k
      induction k with
      | zero => rw [Semiring.pow_zero]; exact IsPreorder.le_refl _
      | succ k ih => rw [Semiring.pow_succ]; clear whole split; grind
    have large := above (-(2 * (certificate.basis.gridBits : Int) - 7)).toNat
    have unit := two_zpow_pos (K := K) (2 * (certificate.basis.gridBits : Int) - 7)
    generalize (2 : K) ^ (2 * (certificate.basis.gridBits : Int) - 7) = x at *
    generalize (2 : K) ^ (-(2 * (certificate.basis.gridBits : Int) - 7)).toNat = y at *
    have := OrderedRing.mul_le_mul_of_nonneg_left large (c := x) (by clear split whole above; grind)
    clear above whole
    grind

end

/-! ### The claim -/

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem half_of_le {x : Dyadic} (h : Dyadic.le x ⟨1, -1⟩ = true) : x.value K ≤ 1 / 2 := by
  have bound := (Dyadic.le_iff (K := K) _ _).mp h
  have half : (⟨1, -1⟩ : Dyadic).value K = 1 / 2 := by
    unfold Dyadic.value
    dsimp only
    have unit := two_zpow_add (K := K) (-1) ((1 : Nat) : Int)
    rw [show (-1 + ((1 : Nat) : Int) : Int) = 0 from rfl, Field.zpow_zero, two_zpow_natCast, Semiring.pow_one] at unit
    rw [Ring.intCast_one]
    have := two_ne_zero (K := K)
    clear bound
    generalize (2 : K) ^ (-1 : Int) = x at *
    grind
  rw [half] at bound
  exact bound

/-- **If the check of `metric` gives numbers, then they hold**: `defect` for the exact kernel at the landmarks with the declared jitter,
`linear_defect` for the linear columns of `C_ik = ⌊2^p φ_k(x_i)⌋` at the training rows; both are at most 1/2, and no linear column is a
step function of a few steps. That this metric is the best one is not said, nor anything of the bound on the jitter, which is a rule
of the format. -/
theorem metric_of_check {certificate : Certificate} (shaped : certificate.Shaped) {numbers : MetricNumbers}
    (h : checkMetric (prepare certificate) = Except.ok numbers) : MetricHolds K certificate numbers := by
  unfold checkMetric at h
  cases exact : (prepare certificate).exact with
  | error rejected => rw [exact] at h; cases h
  | ok pair =>
    have pass := scan_of_exact exact
    rw [exact_of_scan pass] at exact h
    dsimp only at h
    rw [show (prepare certificate).certificate = certificate from rfl] at h
    split at h
    · cases h
    · next defect =>
      split at h
      · cases h
      · next linear =>
        split at h
        · cases h
        · next fine =>
          cases h
          have defectSmall := half_of_le (K := K) (x := kernelDefect certificate.basis certificate.model) (by
            cases hd : Dyadic.le (kernelDefect certificate.basis certificate.model) ⟨1, -1⟩ with
            | true => rfl
            | false => rw [hd] at defect; exact absurd rfl defect)
          have linearSmall := half_of_le (K := K) (x := linearDefect certificate.model pair.1 (operatorOf certificate pair.1)) (by
            cases hl : Dyadic.le (linearDefect certificate.model pair.1 (operatorOf certificate pair.1)) ⟨1, -1⟩ with
            | true => rfl
            | false => rw [hl] at linear; exact absurd rfl linear)
          exact ⟨rowSum_le_kernelDefect shaped.model, defectSmall, fun d hd => linearDefect_spec shaped pass hd, linearSmall,
            fun d hd => varies_of_coarseColumn shaped pass fine linearSmall hd⟩

end

end Eigenstill.Claims
