/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Fidelity
public import Eigenstill.Claims.Sound.FlooredRows
public import Eigenstill.Claims.Sound.TargetSums

/-!
# The formula on the floored basis

`student_near_formula`: **on `C` instead of the basis functions the formula moves by at most the floor shift that the checker computes.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Columns of numbers -/

theorem outputColumns_eq {c : Nat} {rows : List (List Dyadic)} (h : ∀ row ∈ rows, row.length = c) :
    outputColumns c rows = (List.range c).map (columnAt Dyadic.zero rows) := by
  have long : ∀ row ∈ rows, c ≤ row.length := fun row hr => Nat.le_of_eq (h row hr).symm
  unfold outputColumns
  cases rows with
  | nil =>
    dsimp only
    rw [repeated_eq, show (columnAt Dyadic.zero ([] : List (List Dyadic))) = fun _ => [] from rfl, List.map_const', List.length_range]
  | cons row rows => dsimp only; exact columnsOf_eq Dyadic.zero c _ long

theorem getD_range_map {α : Type} (f : Nat → α) (d : α) {c o : Nat} (h : o < c) : ((List.range c).map f).getD o d = f o := by
  rw [getD_below _ (by rw [List.length_map, List.length_range]; exact h), List.getElem_map, List.getElem_range]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem numberAt_columnAt (rows : List (List Dyadic)) (o j : Nat) :
    numberAt K (columnAt Dyadic.zero rows o) j = numberAt K (rows.getD j []) o := by
  unfold numberAt columnAt
  rw [getD_map (fun row : List Dyadic => row.getD o Dyadic.zero) [] Dyadic.zero rows j List.getD_nil]

theorem value_sumDyadic (numbers : List Dyadic) :
    (sumDyadic numbers).value K = Eigenstill.sum numbers.length fun i => numberAt K numbers i.val := by
  have walk : ∀ (numbers : List Dyadic) (start : Dyadic), (folded Dyadic.add start numbers).value K
      = start.value K + Eigenstill.sum numbers.length fun i => numberAt K numbers i.val := by
    intro numbers
    induction numbers with
    | nil => intro start; show start.value K = start.value K + 0; grind
    | cons x xs ih =>
      intro start
      rw [show folded Dyadic.add start (x :: xs) = folded Dyadic.add (Dyadic.add start x) xs from rfl, ih, Dyadic.value_add,
        List.length_cons, Exact.sum_head, Semiring.add_assoc]
      rfl
  unfold sumDyadic
  rw [walk, Dyadic.value_zero]; grind

/-- The value of a form. -/
theorem form_value (constant : Dyadic) (coefficients : List Dyadic) (features : List Int) :
    ((Form.value (formOf constant coefficients) features : Int) : K) * 2 ^ (formOf constant coefficients).exponent
      = constant.value K + Eigenstill.sum coefficients.length fun j => numberAt K coefficients j.val * (at0 features j.val : K) := by
  have units := cast_commonUnits (K := K) (constant :: coefficients)
  have length := length_commonUnits (constant :: coefficients)
  unfold formOf
  generalize commonUnits (constant :: coefficients) = common at *
  obtain ⟨mantissas, exponent⟩ := common
  dsimp only at units length ⊢
  cases mantissas with
  | nil => rw [List.length_nil, List.length_cons] at length; omega
  | cons first rest =>
    rw [List.length_cons, List.length_cons] at length
    unfold Form.value
    dsimp only
    rw [combined_eq (n := coefficients.length) (Or.inl (by omega)), Ring.intCast_add, Semiring.right_distrib]
    congr 1
    · exact units 0
    · unfold sumTo
      rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
      refine sum_congr fun j => ?_
      have h : ((at0 rest j.val : Int) : K) * 2 ^ exponent = numberAt K coefficients j.val := units (j.val + 1)
      rw [Ring.intCast_mul, ← h]
      generalize (2 : K) ^ exponent = t
      grind

/-! ### What flooring moves -/

/-- The floor is near. -/
theorem near_of_isFloor {c : Int} {y : K} {p : Nat} (h : IsFloor c (2 ^ p * y)) :
    absVal (2 ^ (-(p : Int)) * (c : K) - y) ≤ 2 ^ (-(p : Int)) := by
  have unit := two_zpow_pos (K := K) (-(p : Int))
  have inverse := two_zpow_add (K := K) (-(p : Int)) p
  rw [show -(p : Int) + (p : Int) = 0 by omega, Field.zpow_zero, two_zpow_natCast] at inverse
  obtain ⟨h1, h2⟩ := h
  generalize (2 : K) ^ (-(p : Int)) = t at *
  generalize (2 : K) ^ p = u at *
  have s1 := OrderedRing.mul_le_mul_of_nonneg_left h1 (show 0 ≤ t by grind)
  have s2 := OrderedRing.mul_lt_mul_of_pos_left h2 unit
  have e : t * (u * y) = y := by rw [← Semiring.mul_assoc, ← inverse]; grind
  rw [e] at s1 s2
  refine absVal_le ?_ ?_
  · grind
  · grind

/-- The coefficients of an output, `w` behind `a`. -/
def outputForm (certificate : Certificate) (o : Nat) : Form :=
  (flooredForms certificate.basis certificate.model certificate.model.intercept.length).getD o ⟨0, [], 0⟩

section
variable {certificate : Certificate} (model : ModelShapes certificate.basis certificate.model)
include model

theorem length_flooredForms : (flooredForms certificate.basis certificate.model certificate.model.intercept.length).length
    = certificate.model.intercept.length := by
  unfold flooredForms
  dsimp only
  rw [zipped_eq, zipped_eq, List.length_zipWith, List.length_zipWith, outputColumns_eq model.coefficientRows,
    outputColumns_eq model.weightRows, List.length_map, List.length_map, List.length_range, Nat.min_self, Nat.min_self]

/-- **The formula on integers.** -/
theorem outputForm_value {o : Nat} (ho : o < certificate.model.intercept.length) (features : List Int) :
    (((outputForm certificate o).value features : Int) : K) * 2 ^ (outputForm certificate o).exponent
      = numberAt K certificate.model.intercept o
        + (Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
            (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
              (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K))))
        + Eigenstill.sum certificate.model.landmarks.length fun j => numberAt K (certificate.model.coefficients.getD j.val []) o *
            (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features j.val : K)) := by
  unfold outputForm flooredForms
  dsimp only
  rw [zipped_eq, zipped_eq, outputColumns_eq model.coefficientRows, outputColumns_eq model.weightRows,
    getD_zipWith _ ([], []) Dyadic.zero _ (by
      rw [List.length_zipWith, List.length_map, List.length_map, List.length_range, Nat.min_self]; exact ho) ho,
    getD_zipWith _ [] [] _ (by rw [List.length_map, List.length_range]; exact ho) (by
      rw [List.length_map, List.length_range]; exact ho), getD_range_map _ _ ho, getD_range_map _ _ ho, form_value]
  have aLength : (columnAt Dyadic.zero certificate.model.coefficients o).length = certificate.model.landmarks.length := by
    rw [length_columnAt, model.coefficients]
  have wLength : (columnAt Dyadic.zero certificate.model.weights o).length = certificate.model.weights.length := length_columnAt _ _ _
  have aEntry : ∀ j, numberAt K (columnAt Dyadic.zero certificate.model.coefficients o) j
      = numberAt K (certificate.model.coefficients.getD j []) o := numberAt_columnAt _ _
  have wEntry : ∀ d, numberAt K (columnAt Dyadic.zero certificate.model.weights o) d
      = numberAt K (certificate.model.weights.getD d []) o := numberAt_columnAt _ _
  generalize columnAt Dyadic.zero certificate.model.coefficients o = a at *
  generalize columnAt Dyadic.zero certificate.model.weights o = w at *
  have exponents : certificate.basis.linearExponents.length = w.length := by rw [wLength, model.weights, model.exponents]
  have offsets : certificate.model.offsets.length = w.length := by rw [wLength, model.weights]
  rw [mapped_eq, zipped_eq, zipped_eq, joinedLists_eq, Dyadic.value_add, value_sumDyadic, List.length_append, List.length_map,
    List.length_zipWith, List.length_zipWith, offsets, exponents, Nat.min_self, aLength, wLength,
    sum_append certificate.model.landmarks.length certificate.model.weights.length fun k => numberAt K _ k * (at0 features k : K)]
  have first : ∀ j : Fin certificate.model.landmarks.length, numberAt K (a.map (fun v => Dyadic.mul v ⟨1, -Int.ofNat certificate.basis.gridBits⟩)
      ++ List.zipWith (fun weight exponent => Dyadic.mul (Dyadic.mul weight ⟨1, -Int.ofNat certificate.basis.gridBits⟩) ⟨1, exponent⟩) w
        certificate.basis.linearExponents) j.val * (at0 features j.val : K)
      = numberAt K (certificate.model.coefficients.getD j.val []) o *
            (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features j.val : K)) := by
    intro j
    rw [← aEntry]
    unfold numberAt
    rw [getD_append, List.length_map, aLength, if_pos j.isLt, getD_map_below _ Dyadic.zero _ (by rw [aLength]; exact j.isLt),
      Dyadic.value_mul]
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one, show (-Int.ofNat certificate.basis.gridBits : Int) = -(certificate.basis.gridBits : Int) from rfl]
    grind
  have second : ∀ d : Fin certificate.model.weights.length, numberAt K (a.map (fun v => Dyadic.mul v ⟨1, -Int.ofNat certificate.basis.gridBits⟩)
      ++ List.zipWith (fun weight exponent => Dyadic.mul (Dyadic.mul weight ⟨1, -Int.ofNat certificate.basis.gridBits⟩) ⟨1, exponent⟩) w
        certificate.basis.linearExponents) (certificate.model.landmarks.length + d.val)
        * (at0 features (certificate.model.landmarks.length + d.val) : K)
      = numberAt K (certificate.model.weights.getD d.val []) o * (2 ^ certificate.basis.linearExponents.getD d.val 0 *
              (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K))) := by
    intro d
    have hd : d.val < w.length := by rw [wLength]; exact d.isLt
    rw [← wEntry]
    unfold numberAt
    rw [getD_append, List.length_map, aLength, if_neg (by omega), Nat.add_sub_cancel_left,
      getD_zipWith _ Dyadic.zero 0 _ hd (by rw [exponents]; exact hd), Dyadic.value_mul, Dyadic.value_mul]
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one, show (-Int.ofNat certificate.basis.gridBits : Int) = -(certificate.basis.gridBits : Int) from rfl]
    grind
  have third : ∀ d : Fin certificate.model.weights.length,
      numberAt K (List.zipWith Dyadic.mul w certificate.model.offsets) d.val
      = numberAt K (certificate.model.weights.getD d.val []) o * numberAt K certificate.model.offsets d.val := by
    intro d
    have hd : d.val < w.length := by rw [wLength]; exact d.isLt
    rw [← wEntry]
    unfold numberAt
    rw [getD_zipWith _ Dyadic.zero Dyadic.zero _ hd (by rw [offsets]; exact hd), Dyadic.value_mul]
  rw [sum_congr first, sum_congr second, sum_congr third]
  have split : (Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
            (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
              (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K))))
      = (Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
            numberAt K certificate.model.offsets d.val)
        + Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
          (2 ^ certificate.basis.linearExponents.getD d.val 0 *
              (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K))) := by
    rw [← sum_add]
    exact sum_congr fun d => Semiring.left_distrib _ _ _
  rw [split]
  rw [show certificate.model.intercept.getD o Dyadic.zero = certificate.model.intercept.getD o Dyadic.zero from rfl]
  show numberAt K certificate.model.intercept o + _ + _ = _
  generalize numberAt K certificate.model.intercept o = b0
  generalize (Eigenstill.sum (K := K) certificate.model.landmarks.length _) = s1
  generalize (Eigenstill.sum (K := K) certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
            numberAt K certificate.model.offsets d.val) = s2
  generalize (Eigenstill.sum (K := K) certificate.model.weights.length _) = s3
  grind

/-- By how much flooring the basis can move an output. -/
theorem value_floorShift {o : Nat} (ho : o < certificate.model.intercept.length) :
    ((floorShifts certificate.basis certificate.model certificate.model.intercept.length).getD o Dyadic.zero).value K
      = ((Eigenstill.sum certificate.model.landmarks.length fun j => absVal (numberAt K (certificate.model.coefficients.getD j.val []) o))
        + Eigenstill.sum certificate.model.weights.length fun d => absVal (numberAt K (certificate.model.weights.getD d.val []) o)
          * 2 ^ certificate.basis.linearExponents.getD d.val 0) * 2 ^ (-(certificate.basis.gridBits : Int)) := by
  unfold floorShifts
  rw [zipped_eq, outputColumns_eq model.coefficientRows, outputColumns_eq model.weightRows,
    getD_zipWith _ [] [] _ (by rw [List.length_map, List.length_range]; exact ho) (by
      rw [List.length_map, List.length_range]; exact ho), getD_range_map _ _ ho, getD_range_map _ _ ho]
  have aLength : (columnAt Dyadic.zero certificate.model.coefficients o).length = certificate.model.landmarks.length := by
    rw [length_columnAt, model.coefficients]
  have wLength : (columnAt Dyadic.zero certificate.model.weights o).length = certificate.model.weights.length := length_columnAt _ _ _
  have aEntry : ∀ j, numberAt K (columnAt Dyadic.zero certificate.model.coefficients o) j
      = numberAt K (certificate.model.coefficients.getD j []) o := numberAt_columnAt _ _
  have wEntry : ∀ d, numberAt K (columnAt Dyadic.zero certificate.model.weights o) d
      = numberAt K (certificate.model.weights.getD d []) o := numberAt_columnAt _ _
  generalize columnAt Dyadic.zero certificate.model.coefficients o = a at *
  generalize columnAt Dyadic.zero certificate.model.weights o = w at *
  have exponents : certificate.basis.linearExponents.length = w.length := by rw [wLength, model.weights, model.exponents]
  dsimp only
  rw [mapped_eq, zipped_eq, Dyadic.value_mul, Dyadic.value_add, value_sumDyadic, value_sumDyadic, List.length_map,
    List.length_zipWith, exponents, Nat.min_self, aLength, wLength]
  have first : ∀ j : Fin certificate.model.landmarks.length, numberAt K (a.map Dyadic.abs) j.val
      = absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) := by
    intro j
    rw [← aEntry]
    unfold numberAt
    rw [getD_map_below _ Dyadic.zero _ (by rw [aLength]; exact j.isLt), Dyadic.value_abs]
  have second : ∀ d : Fin certificate.model.weights.length, numberAt K (List.zipWith
      (fun weight exponent => Dyadic.mul (Dyadic.abs weight) ⟨1, exponent⟩) w certificate.basis.linearExponents) d.val
      = absVal (numberAt K (certificate.model.weights.getD d.val []) o) * 2 ^ certificate.basis.linearExponents.getD d.val 0 := by
    intro d
    have hd : d.val < w.length := by rw [wLength]; exact d.isLt
    rw [← wEntry]
    unfold numberAt
    rw [getD_zipWith _ Dyadic.zero 0 _ hd (by rw [exponents]; exact hd), Dyadic.value_mul, Dyadic.value_abs]
    congr 1
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one]; grind
  rw [sum_congr first, sum_congr second]
  congr 1
  unfold Dyadic.value
  dsimp only
  rw [Ring.intCast_one, show (-Int.ofNat certificate.basis.gridBits : Int) = -(certificate.basis.gridBits : Int) from rfl]
  grind

/-- **On the floored basis the formula moves by at most the floor shift.** -/
theorem student_near_formula {rows : Rows} (inputs : ∀ x ∈ rows.inputs, x.length = certificate.model.scales.length)
    {x : List Dyadic} (hx : x ∈ rows.inputs) {o : Nat} (ho : o < certificate.model.intercept.length) :
    absVal ((((outputForm certificate o).value (flooredRow (planOf certificate rows) x) : Int) : K) * 2 ^ (outputForm certificate o).exponent
        - certificate.formula K o x)
      ≤ ((floorShifts certificate.basis certificate.model certificate.model.intercept.length).getD o Dyadic.zero).value K := by
  have floor := fun k (hk : k < certificate.basisSize) =>
    near_of_isFloor (isFloor_flooredRow (K := K) model inputs hx hk)
  rw [outputForm_value model ho, value_floorShift model ho]
  generalize flooredRow (planOf certificate rows) x = features at *
  unfold Certificate.formula
  have wLength : certificate.model.weights.length = certificate.model.offsets.length := model.weights
  have linear : ∀ d : Fin certificate.model.weights.length, absVal (numberAt K (certificate.model.weights.getD d.val []) o *
        (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
          (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K)))
        - numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val)
      ≤ 2 ^ (-(certificate.basis.gridBits : Int)) * (absVal (numberAt K (certificate.model.weights.getD d.val []) o)
          * 2 ^ certificate.basis.linearExponents.getD d.val 0) := by
    intro d
    have h := floor (certificate.model.landmarks.length + d.val) (by
      unfold Certificate.basisSize; have := d.isLt; omega)
    unfold Certificate.basisFunction at h
    dsimp only at h
    rw [if_neg (by omega), Nat.add_sub_cancel_left] at h
    have unit := two_zpow_pos (K := K) (certificate.basis.linearExponents.getD d.val 0)
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left h (OrderedRing.mul_nonneg
      (absVal_nonneg (numberAt K (certificate.model.weights.getD d.val []) o)) (show 0 ≤ (2 : K) ^
        certificate.basis.linearExponents.getD d.val 0 by grind))
    have e : absVal (numberAt K (certificate.model.weights.getD d.val []) o *
        (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
          (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K)))
        - numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val)
        = absVal (numberAt K (certificate.model.weights.getD d.val []) o) * 2 ^ certificate.basis.linearExponents.getD d.val 0
          * absVal (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K)
            - (numberAt K x d.val - numberAt K certificate.model.offsets d.val) / 2 ^ certificate.basis.linearExponents.getD d.val 0) := by
      have positive : absVal ((2 : K) ^ certificate.basis.linearExponents.getD d.val 0) = 2 ^ certificate.basis.linearExponents.getD d.val 0 :=
        absVal_of_nonneg (by grind)
      rw [← positive, ← absVal_mul, ← absVal_mul, positive]
      congr 1
      generalize (2 : K) ^ certificate.basis.linearExponents.getD d.val 0 = t at *
      generalize (2 : K) ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K) = u at *
      clear h h2 positive floor
      have : t ≠ 0 := by grind
      grind
    rw [e]
    refine IsPreorder.le_trans _ _ _ h2 ?_
    rw [CommSemiring.mul_comm]
    exact IsPreorder.le_refl _
  have kernel : ∀ j : Fin certificate.model.landmarks.length, absVal (numberAt K (certificate.model.coefficients.getD j.val []) o *
        (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features j.val : K))
        - numberAt K (certificate.model.coefficients.getD j.val []) o * certificate.basisFunction K j.val x)
      ≤ 2 ^ (-(certificate.basis.gridBits : Int)) * absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) := by
    intro j
    have h := floor j.val (by unfold Certificate.basisSize; have := j.isLt; omega)
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left h (absVal_nonneg (numberAt K (certificate.model.coefficients.getD j.val []) o))
    rw [← absVal_mul] at h2
    rw [show ∀ a b c : K, a * b - a * c = a * (b - c) by intro a b c; grind]
    refine IsPreorder.le_trans _ _ _ h2 ?_
    rw [CommSemiring.mul_comm]
    exact IsPreorder.le_refl _
  have s1 := absVal_sum _ fun d : Fin certificate.model.weights.length => numberAt K (certificate.model.weights.getD d.val []) o *
        (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
          (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K)))
        - numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val
  have s2 := sum_le _ _ _ linear
  have s3 := absVal_sum _ fun j : Fin certificate.model.landmarks.length => numberAt K (certificate.model.coefficients.getD j.val []) o *
        (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features j.val : K))
        - numberAt K (certificate.model.coefficients.getD j.val []) o * certificate.basisFunction K j.val x
  have s4 := sum_le _ _ _ kernel
  rw [sum_sub] at s1 s3
  rw [sum_mul] at s2 s4
  have total := absVal_add ((Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o *
        (numberAt K certificate.model.offsets d.val + 2 ^ certificate.basis.linearExponents.getD d.val 0 *
          (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features (certificate.model.landmarks.length + d.val) : K))))
        - Eigenstill.sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val)
      ((Eigenstill.sum certificate.model.landmarks.length fun j => numberAt K (certificate.model.coefficients.getD j.val []) o *
        (2 ^ (-(certificate.basis.gridBits : Int)) * (at0 features j.val : K)))
        - Eigenstill.sum certificate.model.landmarks.length fun j => numberAt K (certificate.model.coefficients.getD j.val []) o
          * certificate.basisFunction K j.val x)
  rw [show ∀ b a1 a2 c1 c2 : K, b + a1 + a2 - (b + c1 + c2) = a1 - c1 + (a2 - c2) by intro b a1 a2 c1 c2; grind]
  have h1 := IsPreorder.le_trans _ _ _ s1 s2
  have h2 := IsPreorder.le_trans _ _ _ s3 s4
  clear s1 s2 s3 s4 linear kernel floor
  rw [show ∀ a b t : K, (a + b) * t = t * b + t * a by intro a b t; grind]
  refine IsPreorder.le_trans _ _ _ total ?_
  grind

end

end

end Eigenstill.Claims
