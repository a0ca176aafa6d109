/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Future
public import Eigenstill.Claims.Sound.FidelityRows
public import Eigenstill.Claims.Sound.ToleranceStatement

/-!
# The formula and its errors at the hold-out rows

* `studentColumns_spec`: the student on the floored basis, an output a column.
* `gaps_spec`: absolute differences.
* `rowsWith_le_countP`: how many rows have a property, from a list of integers with one entry a row.
* `partOf_spec`, `probability_of_require`: the part of one statement in the risk; fractions lie between 0 and 1.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Absolute differences, entry by entry.** -/
theorem gaps_spec {left right : List Dyadic} {n : Nat} (hl : left.length = n) (hr : right.length = n) :
    (gaps left right).length = n ∧ ∀ i, i < n → numberAt K (gaps left right) i = absVal (numberAt K left i - numberAt K right i) := by
  unfold gaps
  rw [zipped_eq]
  refine ⟨by rw [List.length_zipWith, hl, hr, Nat.min_self], fun i hi => ?_⟩
  unfold numberAt
  rw [getD_zipWith _ Dyadic.zero Dyadic.zero _ (by rw [hl]; exact hi) (by rw [hr]; exact hi), Dyadic.value_abs, Dyadic.value_sub]

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
include model

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- **The student on the floored basis, an output a column.** -/
theorem studentColumns_spec : (studentColumns certificate rows).length = certificate.model.intercept.length ∧
    ∀ o, o < certificate.model.intercept.length → ((studentColumns certificate rows).getD o []).length = rows.inputs.length ∧
      ∀ i, i < rows.inputs.length → numberAt K ((studentColumns certificate rows).getD o []) i = studentAt K certificate rows o i := by
  have forms : (planOf certificate rows).forms = flooredForms certificate.basis certificate.model certificate.model.intercept.length := by
    rw [show (planOf certificate rows).forms = flooredForms certificate.basis certificate.model (sizeOf' certificate.model.intercept)
      from rfl, sizeOf'_eq]
  have count := length_flooredForms model
  have outputs : (planOf certificate rows).outputs = certificate.model.intercept.length := by
    rw [show (planOf certificate rows).outputs = sizeOf' certificate.model.intercept from rfl, sizeOf'_eq]
  have values : mapped (studentsAt (planOf certificate rows)) rows.inputs = rows.inputs.map fun x =>
      (flooredForms certificate.basis certificate.model certificate.model.intercept.length).map fun form =>
        form.value (flooredRow (planOf certificate rows) x) := by
    rw [mapped_eq]
    refine List.map_congr_left fun x _ => ?_
    rw [show studentsAt (planOf certificate rows) x = mapped (fun (form : Form) => form.value (flooredRow (planOf certificate rows) x))
      (planOf certificate rows).forms from rfl, mapped_eq, forms]
  have long : ∀ row ∈ rows.inputs.map fun x =>
      (flooredForms certificate.basis certificate.model certificate.model.intercept.length).map fun form =>
        form.value (flooredRow (planOf certificate rows) x), certificate.model.intercept.length ≤ row.length := by
    intro row hr
    obtain ⟨x, _, rfl⟩ := List.mem_map.mp hr
    rw [List.length_map, count]; exact Nat.le_refl _
  unfold studentColumns
  dsimp only
  rw [zipped_eq, forms, outputs, values]
  refine ⟨by rw [List.length_zipWith, count, length_columnsOf 0 long, Nat.min_self], fun o ho => ?_⟩
  rw [getD_zipWith _ ⟨0, [], 0⟩ [] [] (by rw [count]; exact ho) (by rw [length_columnsOf 0 long]; exact ho), mapped_eq,
    getD_columnsOf 0 long ho]
  refine ⟨by rw [List.length_map, length_columnAt, List.length_map], fun i hi => ?_⟩
  have column : at0 (columnAt 0 (rows.inputs.map fun x =>
      (flooredForms certificate.basis certificate.model certificate.model.intercept.length).map fun form =>
        form.value (flooredRow (planOf certificate rows) x)) o) i
      = ((flooredForms certificate.basis certificate.model certificate.model.intercept.length).getD o ⟨0, [], 0⟩).value
        (flooredRow (planOf certificate rows) (rows.inputs.getD i [])) := by
    rw [at0_columnAt, at00, getD_map_below _ _ _ hi, getD_map_below _ _ _ (by rw [count]; exact ho), getD_below (xs := rows.inputs) _ hi,
      getD_below (xs := flooredForms certificate.basis certificate.model certificate.model.intercept.length) _ (by rw [count]; exact ho)]
  have long : i < (columnAt 0 (rows.inputs.map fun x =>
      (flooredForms certificate.basis certificate.model certificate.model.intercept.length).map fun form =>
        form.value (flooredRow (planOf certificate rows) x)) o).length := by rw [length_columnAt, List.length_map]; exact hi
  have image := getD_map_below (fun value : Int => (⟨value, ((flooredForms certificate.basis certificate.model
    certificate.model.intercept.length).getD o ⟨0, [], 0⟩).exponent⟩ : Dyadic)) 0 Dyadic.zero long
  unfold numberAt studentAt outputForm
  rw [← column]
  exact congrArg (Dyadic.value K) image

/-- The exact formula is as near to it as the floor's shift. -/
theorem studentAt_near (inputs : ∀ x ∈ rows.inputs, x.length = certificate.model.scales.length) {o : Nat}
    (ho : o < certificate.model.intercept.length) (i : Fin rows.inputs.length) :
    absVal (studentAt K certificate rows o i.val - certificate.formulaAt K rows o i)
      ≤ ((floorShifts certificate.basis certificate.model certificate.model.intercept.length).getD o Dyadic.zero).value K :=
  student_near_formula model inputs (x := rows.inputs.getD i.val []) (by rw [getD_below _ i.isLt]; exact List.getElem_mem i.isLt) ho

theorem length_floorShifts : (floorShifts certificate.basis certificate.model certificate.model.intercept.length).length
    = certificate.model.intercept.length := by
  unfold floorShifts
  rw [zipped_eq, outputColumns_eq model.coefficientRows, outputColumns_eq model.weightRows, List.length_zipWith, List.length_map,
    List.length_map, List.length_range, Nat.min_self]

end

/-! ### Counts -/

open Classical in
private theorem hits_eq_countP {n : Nat} (E : Fin n → Prop) (rows : List (Fin n)) : hits E rows = rows.countP fun i => decide (E i) := by
  induction rows with
  | nil => rfl
  | cons i rows ih =>
    rw [show hits E (i :: rows) = (if E i then 1 else 0) + hits E rows from rfl, ih, List.countP_cons, Nat.add_comm]
    congr 1
    by_cases h : E i
    · rw [if_pos h, if_pos (decide_eq_true h)]
    · rw [if_neg h, if_neg (by rw [decide_eq_false h]; exact Bool.false_ne_true)]

/-- A list is the images of its places. -/
private theorem map_finRange {α : Type} (d : α) {n : Nat} {values : List α} (h : values.length = n) :
    ((List.finRange n).map fun i => values.getD i.val d) = values := by
  refine List.ext_getElem (by rw [List.length_map, List.length_finRange, h]) fun i h1 h2 => ?_
  rw [List.getElem_map, List.getElem_finRange, getD_below _ (by exact h2)]
  rfl

/-- **How many rows have a property, at most, from a list with one entry a row.** -/
theorem rowsWith_le_countP {α : Type} {n : Nat} (E : Fin n → Prop) (d : α) {values : List α} (length : values.length = n) (p : α → Bool)
    (h : ∀ i : Fin n, E i → p (values.getD i.val d) = true) : rowsWith E ≤ values.countP p := by
  classical
  unfold rowsWith
  rw [hits_eq_countP]
  refine Nat.le_trans (List.countP_mono_left (q := fun i : Fin n => p (values.getD i.val d)) fun i _ hi =>
    h i (of_decide_eq_true hi)) ?_
  rw [show (List.finRange n).countP (fun i => p (values.getD i.val d))
    = ((List.finRange n).map fun i => values.getD i.val d).countP p from List.countP_map.symm, map_finRange d length]
  exact Nat.le_refl _

/-- How many rows have a property, at least. -/
theorem countP_le_rowsWith {α : Type} {n : Nat} (E : Fin n → Prop) (d : α) {values : List α} (length : values.length = n) (p : α → Bool)
    (h : ∀ i : Fin n, p (values.getD i.val d) = true → E i) : values.countP p ≤ rowsWith E := by
  classical
  unfold rowsWith
  rw [hits_eq_countP]
  refine Nat.le_trans ?_ (List.countP_mono_left (p := fun i : Fin n => p (values.getD i.val d)) fun i _ hi =>
    decide_eq_true (h i hi))
  rw [show (List.finRange n).countP (fun i => p (values.getD i.val d))
    = ((List.finRange n).map fun i => values.getD i.val d).countP p from List.countP_map.symm, map_finRange d length]
  exact Nat.le_refl _

/-! ### Risk and fractions -/

/-- **The part of one statement in the risk**: so many of them are at most the risk. -/
theorem partOf_spec (risk : Dyadic) (statements : Nat) (nonneg : 0 ≤ risk.value K) :
    ((statements : Nat) : K) * ((partOf risk statements : K) / ((2 ^ (2 * probabilityBits) : Nat) : K)) ≤ risk.value K := by
  have units : ((inUnits (-Int.ofNat (2 * probabilityBits)) risk : Int) : K) ≤ risk.value K * 2 ^ (2 * probabilityBits) := by
    unfold inUnits
    by_cases h : risk.mantissa = 0
    · rw [if_pos h, (Dyadic.value_eq_zero_iff risk).mpr h, Ring.intCast_zero, Semiring.zero_mul]; exact IsPreorder.le_refl _
    · rw [if_neg h]
      have floor := (isFloor_shifted (K := K) risk.mantissa (risk.exponent - -Int.ofNat (2 * probabilityBits))).1
      rw [show risk.exponent - -Int.ofNat (2 * probabilityBits) = risk.exponent + ((2 * probabilityBits : Nat) : Int) by
        show risk.exponent - -((2 * probabilityBits : Nat) : Int) = _; omega, two_zpow_add, two_zpow_natCast, ← Semiring.mul_assoc] at floor
      rw [show risk.exponent - -Int.ofNat (2 * probabilityBits) = risk.exponent + ((2 * probabilityBits : Nat) : Int) by
        show risk.exponent - -((2 * probabilityBits : Nat) : Int) = _; omega]
      exact floor
  have power : (((2 ^ (2 * probabilityBits) : Nat) : Nat) : K) = 2 ^ (2 * probabilityBits) := by
    rw [Semiring.natCast_pow, natCast_two]
  have positive := two_pow_pos' (K := K) (2 * probabilityBits)
  have up : (((inUnits (-Int.ofNat (2 * probabilityBits)) risk).toNat : Nat) : K) ≤ risk.value K * 2 ^ (2 * probabilityBits) := by
    by_cases h : 0 ≤ inUnits (-Int.ofNat (2 * probabilityBits)) risk
    · rw [← Ring.intCast_natCast, Int.toNat_of_nonneg h]; exact units
    · rw [show (inUnits (-Int.ofNat (2 * probabilityBits)) risk).toNat = 0 by omega, Semiring.natCast_zero]
      exact OrderedRing.mul_nonneg nonneg (by clear units; grind)
  have whole := intCast_le (K := K) (Int.ofNat_le.mpr
    (Nat.mul_div_le (inUnits (-Int.ofNat (2 * probabilityBits)) risk).toNat statements))
  rw [Ring.intCast_natCast, Ring.intCast_natCast, Semiring.natCast_mul] at whole
  rw [power, ← show partOf risk statements = (inUnits (-Int.ofNat (2 * probabilityBits)) risk).toNat / statements from rfl] at *
  have all := IsPreorder.le_trans _ _ _ whole up
  rw [show (statements : K) * ((partOf risk statements : K) / 2 ^ (2 * probabilityBits))
    = (statements : K) * (partOf risk statements : K) / 2 ^ (2 * probabilityBits) by
      rw [Field.div_eq_mul_inv, Field.div_eq_mul_inv, Semiring.mul_assoc]]
  exact (div_le_iff positive).mpr all

/-- **A required probability lies between 0 and 1**, and is a fraction with a power of two as its denominator. -/
theorem probability_of_require {place : String} {value : Dyadic} (h : requireProbability place value = Except.ok ()) :
    0 < value.value K ∧ value.value K < 1 ∧ 0 < value.reduced.mantissa ∧
      value.reduced.mantissa.toNat < 2 ^ (-value.reduced.exponent).toNat ∧
      value.value K * ((2 ^ (-value.reduced.exponent).toNat : Nat) : K) = ((value.reduced.mantissa.toNat : Nat) : K) := by
  unfold requireProbability at h
  dsimp only at h
  split at h
  · next both =>
    rw [Bool.and_eq_true, Bool.and_eq_true] at both
    obtain ⟨⟨h1, h2⟩, -⟩ := both
    have positive : 0 < value.reduced.mantissa := of_decide_eq_true h1
    have below := (Dyadic.lt_iff (K := K) _ _).mp h2
    have above := (Dyadic.value_pos_iff (K := K) _).mpr positive
    rw [Dyadic.value_one] at below
    have value_eq := Dyadic.value_reduced (K := K) value
    have mantissa : ((value.reduced.mantissa.toNat : Nat) : K) = (value.reduced.mantissa : K) := by
      rw [← Ring.intCast_natCast, Int.toNat_of_nonneg (by omega)]
    have exponent : value.reduced.exponent < 0 := by
      by_cases h : value.reduced.exponent < 0
      · exact h
      · have e : value.reduced.value K = (value.reduced.mantissa : K) * 2 ^ value.reduced.exponent.toNat := by
          unfold Dyadic.value; rw [← two_zpow_natCast, Int.toNat_of_nonneg (by omega)]
        have one := intCast_le (K := K) (show 1 ≤ value.reduced.mantissa by omega)
        rw [Ring.intCast_one] at one
        have large : ∀ k : Nat, (1 : K) ≤ 2 ^ k := by
          intro k
          induction k with
          | zero => rw [Semiring.pow_zero]; exact IsPreorder.le_refl _
          | succ k ih => rw [Semiring.pow_succ]; clear below above one e; grind
        have := mul_le_mul one (large value.reduced.exponent.toNat) (by have := OrderedRing.zero_lt_one (R := K); clear below; grind)
          (by have := OrderedRing.zero_lt_one (R := K); clear below; grind)
        rw [← e] at this
        clear large
        grind
    have scaled : value.value K * ((2 ^ (-value.reduced.exponent).toNat : Nat) : K) = ((value.reduced.mantissa.toNat : Nat) : K) := by
      rw [mantissa, ← value_eq, Semiring.natCast_pow, natCast_two, ← two_zpow_natCast, Int.toNat_of_nonneg (by omega)]
      unfold Dyadic.value
      rw [Semiring.mul_assoc, ← two_zpow_add, show value.reduced.exponent + -value.reduced.exponent = 0 by omega, Field.zpow_zero]
      exact Semiring.mul_one _
    refine ⟨by rw [← value_eq]; exact above, by rw [← value_eq]; exact below, positive, ?_, scaled⟩
    have power : (0 : K) < ((2 ^ (-value.reduced.exponent).toNat : Nat) : K) := by
      rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _
    have less : ((value.reduced.mantissa.toNat : Nat) : K) < ((2 ^ (-value.reduced.exponent).toNat : Nat) : K) := by
      rw [← scaled]
      rw [value_eq] at below
      have := OrderedRing.mul_lt_mul_of_pos_right below power
      rw [Semiring.one_mul] at this
      exact this
    rw [← Ring.intCast_natCast, ← Ring.intCast_natCast (α := K) (2 ^ (-value.reduced.exponent).toNat)] at less
    exact Int.ofNat_lt.mp (intCast_lt_iff.mp less)
  · cases h

end

end Eigenstill.Claims
