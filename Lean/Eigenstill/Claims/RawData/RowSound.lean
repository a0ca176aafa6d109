/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Loops

/-!
# One row of data: what was evaluated

* `rowImage_value`: **the image of a row is `Σ_k C_k image_k`, with the basis values of the statement.** It needs that the
  packed squared distances fit their slots: `DistancesFit`, one comparison.
* `basisAt_range`: the basis values lie in `[0, 2^p]` when nothing exceeds the grid.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

theorem squaresFrom_eq (s b x : Nat) : ∀ i acc, (squaresFrom s b x i acc : Int)
    = acc * (base b) ^ i + pack (base b) i fun j => (digit s x j : Int) ^ 2
  | 0, acc => by rw [squaresFrom, pack_zero]; simp
  | i + 1, acc => by
    have h1 : Nat.land (Nat.shiftRight x (Nat.mul s i)) (Nat.sub (Nat.pow 2 s) 1) = digit s x i := by
      rw [land_mask, shiftRight_eq]; rfl
    rw [squaresFrom, force_eq, force_eq, h1, squaresFrom_eq s b x i, shiftLeft_eq, pack_succ, Int.pow_succ]
    simp only [Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, ← base_eq]
    generalize base b ^ i = P; generalize (pack (base b) i fun j => (digit s x j : Int) ^ 2) = q
    grind

theorem squaresSum_eq (s b m : Nat) : ∀ (as : List Axis) (acc : Nat), (squaresSum s b m as acc : Int)
    = acc + total as.length fun k => pack (base b) m fun j =>
        ((as.getD k Study.noAxis).weight : Int) * (digit s (as.getD k Study.noAxis).points j : Int) ^ 2
  | [], acc => by simp [squaresSum, total, sum]
  | a :: as, acc => by
    rw [squaresSum, force_eq, squaresSum_eq s b m as, List.length_cons, total_head]
    simp only [List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
    rw [squaresFrom_eq, show ((0 : Nat) : Int) = 0 from rfl, Int.zero_mul, Int.zero_add, ← pack_mul, Int.add_assoc]

/-- The packed squared distances fit slots of `b` bits. -/
def DistancesFit (D : Study) (b : Nat) : Prop := distanceBound D.slot D.axes D.one < 2 ^ b

section row
variable (D : Study) {b : Nat} (row : Nat)

/-- The squared distances are between `one` and the bound. -/
theorem denominator_range (j : Nat) :
    (D.one : Int) ≤ D.denominator row j ∧ D.denominator row j ≤ (distanceBound D.slot D.axes D.one : Int) := by
  rw [distanceBound_eq]
  unfold Study.denominator
  have h : ∀ k, (0 : Int) ≤ ((D.axes.getD k Study.noAxis).weight : Int) * ((D.input row k : Int) - D.landmark j k) ^ 2 ∧
      ((D.axes.getD k Study.noAxis).weight : Int) * ((D.input row k : Int) - D.landmark j k) ^ 2
        ≤ (((D.axes.getD k Study.noAxis).weight : Int) + 1) * 2 ^ (2 * D.slot) := by
    intro k
    have h1 := digit_lt D.slot row (k + 1)
    have h2 := digit_lt D.slot (D.axes.getD k Study.noAxis).points j
    have h3 : ((2 ^ D.slot : Nat) : Int) = 2 ^ D.slot := by simp
    have h4 : (2 : Int) ^ (2 * D.slot) = 2 ^ D.slot * 2 ^ D.slot := by rw [Nat.mul_comm, Int.pow_mul]; grind
    have h5 : (0 : Int) ≤ ((D.input row k : Int) - D.landmark j k) ^ 2 := OrderedRing.sq_nonneg
    have h6 : ((D.input row k : Int) - D.landmark j k) ^ 2 ≤ 2 ^ (2 * D.slot) := by
      rw [h4]
      unfold Study.input Study.landmark
      generalize digit D.slot row (k + 1) = u at *; generalize digit D.slot (D.axes.getD k Study.noAxis).points j = v at *
      have h7 : (0 : Int) ≤ 2 ^ D.slot - (u - v) := by omega
      have h8 : (0 : Int) ≤ 2 ^ D.slot + (u - v) := by omega
      have := Int.mul_nonneg h7 h8
      grind
    have h9 : (0 : Int) < 2 ^ (2 * D.slot) := Int.pow_pos (by omega)
    have h10 := Int.mul_le_mul_of_nonneg_left h6 (show (0 : Int) ≤ (D.axes.getD k Study.noAxis).weight by omega)
    exact ⟨Int.mul_nonneg (by omega) h5, by rw [Int.add_mul, Int.one_mul]; omega⟩
  constructor
  · exact Int.le_add_of_nonneg_right (sum_nonneg D.inputs _ fun k => (h k.val).1)
  · exact Int.add_le_add_left (sum_le D.inputs _ _ fun k => (h k.val).2) _

/-- **The packed squared distances of a row.** -/
theorem distances_eq (hb : 0 < b) (m : Nat) :
    (ones b m : Int) * (D.one + total D.inputs fun k => ((D.axes.getD k Study.noAxis).weight : Int) * (D.input row k : Int) ^ 2)
        + squaresSum D.slot b m D.axes 0
        - total D.inputs (fun k => (D.input row k : Int)
          * (2 * (D.axes.getD k Study.noAxis).weight * restride D.slot b m (D.axes.getD k Study.noAxis).points))
      = pack (base b) m fun j => D.denominator row j := by
  have h1 : total D.inputs (fun k => (D.input row k : Int)
      * (2 * (D.axes.getD k Study.noAxis).weight * restride D.slot b m (D.axes.getD k Study.noAxis).points))
      = total D.inputs fun k => pack (base b) m fun j =>
        2 * (D.axes.getD k Study.noAxis).weight * (D.input row k : Int) * D.landmark j k := by
    refine total_congr fun k _ => ?_
    rw [restride_eq, ← pack_mul, ← pack_mul]
    exact pack_congr fun j _ => by unfold Study.landmark; grind
  rw [h1, squaresSum_eq, ones_eq hb, Int.mul_comm (pack _ _ _), ← pack_mul, ← pack_total, ← pack_total]
  rw [show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add, ← pack_add, ← pack_sub]
  refine pack_congr fun j _ => ?_
  unfold Study.denominator Study.landmark
  rw [Int.mul_one, Int.add_assoc, ← total_add, Int.add_sub_assoc]
  congr 1
  simp only [total]; rw [← sum_sub]
  exact sum_congr fun k => by grind

/-- Sums of digits and of their squares stay below the bound of the distances. -/
theorem digits_range (hfit : DistancesFit D b) :
    (0 ≤ total D.inputs (fun k => (D.input row k : Int)) ∧ total D.inputs (fun k => (D.input row k : Int)) < base b) ∧
    (0 ≤ total D.inputs (fun k => (D.input row k : Int) ^ 2) ∧ total D.inputs (fun k => (D.input row k : Int) ^ 2) < base b) := by
  have hb : ((distanceBound D.slot D.axes D.one : Nat) : Int) < base b := by rw [base_eq]; exact Int.ofNat_lt.mpr hfit
  rw [distanceBound_eq] at hb
  have h : ∀ k, (0 : Int) ≤ D.input row k ∧ (D.input row k : Int) ≤ (D.input row k : Int) ^ 2 ∧
      (D.input row k : Int) ^ 2 ≤ (((D.axes.getD k Study.noAxis).weight : Int) + 1) * 2 ^ (2 * D.slot) := by
    intro k
    have h1 := digit_lt D.slot row (k + 1)
    have h3 : ((2 ^ D.slot : Nat) : Int) = 2 ^ D.slot := by simp
    have h4 : (2 : Int) ^ (2 * D.slot) = 2 ^ D.slot * 2 ^ D.slot := by rw [Nat.mul_comm, Int.pow_mul]; grind
    have h9 : (0 : Int) < 2 ^ (2 * D.slot) := Int.pow_pos (by omega)
    have h10 := Int.mul_nonneg (show (0 : Int) ≤ (D.axes.getD k Study.noAxis).weight by omega) (Int.le_of_lt h9)
    unfold Study.input
    generalize digit D.slot row (k + 1) = u at *
    refine ⟨by omega, ?_, ?_⟩
    · by_cases hu : u = 0
      · rw [hu]; simp
      · have := Int.mul_le_mul_of_nonneg_right (show (1 : Int) ≤ u by omega) (show (0 : Int) ≤ u by omega)
        grind
    · have h7 := _root_.Int.mul_le_mul (show (u : Int) ≤ 2 ^ D.slot by omega) (show (u : Int) ≤ 2 ^ D.slot by omega)
        (by omega) (show (0 : Int) ≤ 2 ^ D.slot by omega)
      rw [Int.add_mul, Int.one_mul, h4] at *; grind
  have s1 := sum_nonneg D.inputs _ fun k => (h k.val).1
  have s2 := sum_le D.inputs _ _ fun k => (h k.val).2.1
  have s3 := sum_le D.inputs _ _ fun k => (h k.val).2.2
  have hone : (0 : Int) ≤ D.one := by omega
  refine ⟨⟨s1, ?_⟩, ⟨Int.le_trans s1 s2, ?_⟩⟩
  · refine Int.lt_of_le_of_lt (Int.le_trans s2 (Int.le_trans s3 ?_)) hb
    exact Int.le_add_of_nonneg_left hone
  · refine Int.lt_of_le_of_lt (Int.le_trans s3 ?_) hb
    exact Int.le_add_of_nonneg_left hone

/-- The lowest slot cut off. -/
theorem cut_tag {v : Nat} {x y : Int} (hv : (v : Int) = x + base b * y) (hx : 0 ≤ x ∧ x < base b) :
    ((Nat.shiftRight v b : Nat) : Int) = y := by
  have hB := base_pos b
  rw [shiftRight_eq, Int.natCast_ediv, ← base_eq, hv, Int.add_mul_ediv_left _ _ (by omega), Int.ediv_eq_zero_of_lt hx.1 hx.2,
    Int.zero_add]

/-- **The image of a row is `Σ_k C_k image_k`, when the row does not leave the grid.** -/
theorem rowImage_value (hb : 0 < b) (hone : 0 < D.one) (hfit : DistancesFit D b)
    (hover : (rowImage (plan D b D.landmarkCount D.columns) row).over = 0) :
    ((rowImage (plan D b D.landmarkCount D.columns) row).value : Int)
      = total D.columns fun k => D.basisAt row k * columnImage D b D.columns k (D.column k) := by
  unfold rowImage plan at hover ⊢
  obtain ⟨square, pull, image, over, h0, h1, h2, h3, h9⟩ := axisLoop_eq D b D.landmarkCount D.columns (Nat.pow 2 D.grid)
    (fun square pull image over =>
      force (Nat.sub (Nat.add (Nat.mul (ones b D.landmarkCount) (Nat.add D.one (Nat.shiftRight square b)))
        (squaresSum D.slot b D.landmarkCount D.axes 0)) (Nat.shiftRight pull b)) fun d =>
      (⟨landmarkLoop (Nat.mul (Nat.pow 2 D.grid) D.one) (Nat.sub (Nat.pow 2 b) 1) b
        (landmarkImages D b D.columns D.landmarks 0) d image, over⟩ : RowImage)) D.axes D.landmarkCount
    (Nat.shiftRight row D.slot) 0 0 0 0
  dsimp only at hover ⊢
  rw [h0, force_eq] at hover ⊢
  dsimp only at hover
  simp only [shiftRight_eq row, digit_div] at h1 h2 h3 h9
  have hd : ∀ k, (digit D.slot row (k + 1) : Int) = D.input row k := fun k => rfl
  simp only [hd] at h1 h2
  rw [show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add] at h1 h2 h3
  rw [total_add, total_mul] at h1 h2
  obtain ⟨r1, r2⟩ := digits_range D row hfit
  have h1' := cut_tag h1 r2
  have h2' := cut_tag h2 r1
  generalize Nat.shiftRight square b = square' at *
  generalize Nat.shiftRight pull b = pull' at *
  have hD := distances_eq D row hb D.landmarkCount
  rw [← h1', ← h2'] at hD
  -- the packed distances, as a natural number
  have hrange : ∀ j, 0 ≤ D.denominator row j ∧ D.denominator row j < base b := fun j => by
    have h := denominator_range D row j
    have h' : ((distanceBound D.slot D.axes D.one : Nat) : Int) < base b := by rw [base_eq]; exact Int.ofNat_lt.mpr hfit
    omega
  have hnn : 0 ≤ pack (base b) D.landmarkCount fun j => D.denominator row j :=
    sum_nonneg _ _ fun j => Int.mul_nonneg (hrange j.val).1 (Int.le_of_lt (Int.pow_pos (base_pos b)))
  have hdist : ((Nat.sub (Nat.add (Nat.mul (ones b D.landmarkCount) (Nat.add D.one square'))
      (squaresSum D.slot b D.landmarkCount D.axes 0)) pull' : Nat) : Int)
      = pack (base b) D.landmarkCount fun j => D.denominator row j := by
    rw [← hD] at hnn ⊢
    simp only [Nat.add_eq, Nat.mul_eq, Nat.sub_eq] at *
    rw [Int.natCast_sub (by
      have : (pull' : Int) ≤ ones b D.landmarkCount * (D.one + square') + squaresSum D.slot b D.landmarkCount D.axes 0 := by omega
      exact Int.ofNat_le.mp (by simpa using this))]
    simp
  rw [landmarkLoop_eq, Study.columns, total_append, h3, Int.add_comm]
  congr 1
  · refine total_congr fun j hj => ?_
    unfold Study.basisAt Study.column
    have h4 := digit_of_pack hdist (fun j _ => hrange j) j hj
    rw [if_pos hj, if_pos hj, Nat.zero_add, Int.natCast_ediv, h4]
    simp only [Nat.mul_eq, Nat.pow_eq, Int.natCast_mul, Int.natCast_pow]; rfl
  · refine total_congr fun k hk => ?_
    unfold Study.basisAt Study.column linearValue
    rw [if_neg (by omega), if_neg (by omega), Nat.add_sub_cancel_left]
    have h10 := ((h9 hover).2 k hk).2
    simp only [Int.natCast_ediv, Int.natCast_mul, Int.natCast_pow, Int.natCast_sub h10]; rfl

/-- **The basis values lie in `[0, 2^p]` when the row does not leave the grid.** -/
theorem basisAt_range (hone : 0 < D.one)
    (hover : (rowImage (plan D b D.landmarkCount D.columns) row).over = 0) {k : Nat} (hk : k < D.columns) :
    0 ≤ D.basisAt row k ∧ D.basisAt row k ≤ 2 ^ D.grid := by
  obtain ⟨square, pull, image, over, h0, -, -, -, h4⟩ := axisLoop_eq D b D.landmarkCount D.columns (Nat.pow 2 D.grid)
    (fun square pull image over =>
      force (Nat.sub (Nat.add (Nat.mul (ones b D.landmarkCount) (Nat.add D.one (Nat.shiftRight square b)))
        (squaresSum D.slot b D.landmarkCount D.axes 0)) (Nat.shiftRight pull b)) fun d =>
      (⟨landmarkLoop (Nat.mul (Nat.pow 2 D.grid) D.one) (Nat.sub (Nat.pow 2 b) 1) b
        (landmarkImages D b D.columns D.landmarks 0) d image, over⟩ : RowImage)) D.axes D.landmarkCount
    (Nat.shiftRight row D.slot) 0 0 0 0
  unfold rowImage plan at hover
  dsimp only at hover
  rw [h0, force_eq] at hover
  dsimp only at hover
  simp only [shiftRight_eq row, digit_div] at h4
  unfold Study.basisAt
  by_cases hm : k < D.landmarkCount
  · rw [if_pos hm]
    have hr := denominator_range D row k
    have hp : (0 : Int) < 2 ^ D.grid := Int.pow_pos (by omega)
    refine ⟨Int.ediv_nonneg (Int.mul_nonneg (by omega) (by omega)) (by omega), ?_⟩
    apply Int.ediv_le_of_le_mul (by omega)
    exact Int.mul_le_mul_of_nonneg_left hr.1 (by omega)
  · rw [if_neg hm]
    have h5 := (h4 hover).2 (k - D.landmarkCount) (show k - D.landmarkCount < D.inputs by unfold Study.columns at hk; omega)
    unfold linearValue at h5
    have h6 := Int.ofNat_le.mpr h5.1
    have h7 := Int.ofNat_le.mpr h5.2
    simp only [Int.natCast_ediv, Int.natCast_mul, Int.natCast_pow, Nat.pow_eq, Int.natCast_sub h5.2] at h6
    refine ⟨Int.ediv_nonneg (Int.mul_nonneg (Int.sub_nonneg_of_le h7) (Int.le_of_lt (Int.pow_pos (by omega)))) (Int.le_of_lt (Int.pow_pos (by omega))), h6⟩

end row

end Eigenstill.Claims
