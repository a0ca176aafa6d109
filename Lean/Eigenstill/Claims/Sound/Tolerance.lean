/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Future.Sound
public import Eigenstill.Claims.Sound.HoldoutRows
public import Eigenstill.Claims.Sound.Sorted

/-!
# The check of `tolerance` is sound

* `countP_above_sorted`: at most `k` entries of a list are above entry `k` of it in decreasing order.
* `boundsHold_of_errors`: so the order statistic of the recorded errors, plus what flooring the basis can change, is a bound that at
  most `k` rows exceed.
* `tolerance_of_check`: **the recorded bounds hold for the exact formula at the hold-out rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Order statistics -/

private theorem int_decreasing : OrderedBy fun a b : Int => decide (b < a) where
  asymm a b h := by
    have := _root_.of_decide_eq_true h
    exact _root_.decide_eq_false (by omega)
  trans a b c h h' := by
    have := _root_.of_decide_eq_false h
    have := _root_.of_decide_eq_false h'
    exact _root_.decide_eq_false (by omega)

/-- **At most `k` entries are above entry `k` in decreasing order.** -/
theorem countP_above_sorted (values : List Int) (k : Nat) :
    values.countP (fun v => decide (entryAt 0 k (sorted (fun a b => decide (b < a)) values) < v)) ≤ k := by
  have falls := sorted_pairwise int_decreasing values
  rw [← (sorted_perm int_decreasing values).countP_eq]
  generalize sorted (fun a b => decide (b < a)) values = ordered at *
  rw [entryAt_eq]
  by_cases hk : k < ordered.length
  · rw [← List.take_append_drop k ordered, List.countP_append]
    rw [List.take_append_drop]
    have first : (ordered.take k).countP (fun v => decide (ordered.getD k 0 < v)) ≤ k :=
      Nat.le_trans List.countP_le_length (by rw [List.length_take]; omega)
    have second : (ordered.drop k).countP (fun v => decide (ordered.getD k 0 < v)) = 0 := by
      refine List.countP_eq_zero.mpr fun v hv => ?_
      obtain ⟨j, hj, rfl⟩ := List.getElem_of_mem hv
      rw [List.length_drop] at hj
      rw [List.getElem_drop, getD_below _ hk]
      by_cases h : j = 0
      · subst h; simp
      · have := _root_.of_decide_eq_false (List.pairwise_iff_getElem.mp falls k (k + j) hk (by omega) (by omega))
        rw [decide_eq_true_iff]
        omega
    omega
  · exact Nat.le_trans List.countP_le_length (by omega)

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **The bounds of one output**, from errors `|t_i - s_i|` of a student within `shift` of the formula. -/
theorem boundsHold_of_errors {n : Nat} {t f : Vec K n} {s : Nat → K} {errors : List Dyadic} {shift : Dyadic}
    (length : errors.length = n) (exact : ∀ i : Fin n, numberAt K errors i.val = absVal (t i - s i.val))
    (near : ∀ i : Fin n, absVal (s i.val - f i) ≤ shift.value K) {risk : Nat} {fractions : List Dyadic}
    (require : ∀ p ∈ fractions, ∃ place, requireProbability place p = Except.ok ()) :
    BoundsHold t f fractions ((risk : K) / ((2 ^ (2 * probabilityBits) : Nat) : K))
      (boundsOf (mapped (countOf n risk) fractions) errors shift) := by
  have units := cast_commonUnits (K := K) errors
  have count := length_commonUnits errors
  unfold boundsOf
  generalize commonUnits errors = common at *
  obtain ⟨values, exponent⟩ := common
  dsimp only at units count ⊢
  rw [mapped_eq, mapped_eq, List.map_map]
  refine ⟨List.length_map _, fun j hj => ?_⟩
  rw [List.length_map] at hj
  rw [List.getElem_map]
  dsimp only [Function.comp]
  unfold numberAt
  rw [getD_below _ hj]
  obtain ⟨place, required⟩ := require _ (List.getElem_mem hj)
  obtain ⟨above, below, mantissa, fraction, scaled⟩ := probability_of_require (K := K) required
  cases found : countOf n risk fractions[j] with
  | none => exact trivial
  | some k =>
    refine ⟨?_, ?_⟩
    · unfold countOf at found
      dsimp only at found
      generalize fractions[j].value K = p at *
      generalize fractions[j].reduced.mantissa.toNat = P at *
      generalize 2 ^ (-fractions[j].reduced.exponent).toNat = D at *
      refine lowerTail_le_of_largestCount (show 0 < D - P by omega) (Nat.two_pow_pos _) found ?_ ?_
      · rw [show P + (D - P) = D by omega]; exact scaled
      · have power : (0 : K) < ((2 ^ (2 * probabilityBits) : Nat) : K) := by
          rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _
        generalize ((2 ^ (2 * probabilityBits) : Nat) : K) = Q at *
        clear exact near units scaled
        have : Q ≠ 0 := by grind
        grind
    · refine Nat.le_trans (rowsWith_le_countP _ 0 (count.trans length)
        (fun v => decide (entryAt 0 k (sorted (fun a b => decide (b < a)) values) < v)) fun i hi => _root_.decide_eq_true ?_)
        (countP_above_sorted values k)
      have entry := units i.val
      rw [exact i] at entry
      have h := near i
      have triangle := absVal_add (t i - s i.val) (s i.val - f i)
      rw [show t i - s i.val + (s i.val - f i) = t i - f i by clear h entry; grind] at triangle
      rw [Dyadic.value_add] at hi
      rw [show (⟨entryAt 0 k (sorted (fun a b => decide (b < a)) values), exponent⟩ : Dyadic).value K
        = (entryAt 0 k (sorted (fun a b => decide (b < a)) values) : K) * 2 ^ exponent from rfl] at hi
      have unit := two_zpow_pos (K := K) exponent
      generalize entryAt 0 k (sorted (fun a b => decide (b < a)) values) = e at *
      refine (intCast_lt_iff (K := K)).mp (lt_of_mul_lt_mul unit ?_)
      rw [show values.getD i.val 0 = at0 values i.val from rfl]
      clear exact near units
      grind

/-! ### The claim -/

/-- Every required probability is one. -/
theorem require_of_all {place : String} {values : List Dyadic} (h : requireProbabilities place values = Except.ok ()) :
    ∀ p ∈ values, ∃ place, requireProbability place p = Except.ok () := by
  induction values with
  | nil => intro p hp; exact absurd hp List.not_mem_nil
  | cons value rest ih =>
    unfold requireProbabilities at h
    simp only [bind, Except.bind] at h
    cases first : requireProbability place value with
    | error e => rw [first] at h; cases h
    | ok _ =>
      rw [first] at h
      intro p hp
      rcases List.mem_cons.mp hp with rfl | hp
      · exact ⟨place, first⟩
      · exact ih h p hp

/-- Hold-out rows are the certificate's, and there is one at least. -/
theorem holdoutOf_ok {certificate : Certificate} {claim : String} {rows : Rows} {count : Nat}
    (h : holdoutOf certificate claim = Except.ok (rows, count)) :
    certificate.holdout = some rows ∧ count = rows.inputs.length ∧ 0 < count := by
  unfold holdoutOf at h
  dsimp only at h
  cases hh : certificate.holdout with
  | none => rw [hh] at h; cases h
  | some found =>
    rw [hh] at h
    dsimp only at h
    split at h
    · next both =>
      rw [Bool.and_eq_true] at both
      cases h
      exact ⟨rfl, sizeOf'_eq _, _root_.of_decide_eq_true both.1⟩
    · cases h

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
  (shapes : RowShapes certificate.model rows)
include model shapes

/-- The bounds of one target. -/
private theorem targetHolds_of_values {values : List (List Dyadic)} (valuesLength : values.length = rows.inputs.length)
    (valueRows : ∀ row ∈ values, row.length = certificate.model.intercept.length) {risk : Nat} {fractions : List Dyadic}
    (require : ∀ p ∈ fractions, ∃ place, requireProbability place p = Except.ok ()) (name : String) :
    ToleranceTargetHolds K certificate rows values fractions ((risk : K) / ((2 ^ (2 * probabilityBits) : Nat) : K))
      ⟨name, zipped (boundsOf (mapped (countOf rows.inputs.length risk) fractions))
        (zipped gaps (columnsOf certificate.model.intercept.length values) (studentColumns certificate rows))
        (floorShifts certificate.basis certificate.model certificate.model.intercept.length)⟩ := by
  have students := studentColumns_spec (K := K) (rows := rows) model
  have shifts := length_floorShifts model
  have long : ∀ row ∈ values, certificate.model.intercept.length ≤ row.length := fun row h => Nat.le_of_eq (valueRows row h).symm
  have columns := length_columnsOf Dyadic.zero long
  unfold ToleranceTargetHolds
  dsimp only
  rw [zipped_eq, zipped_eq]
  have outputs : (List.zipWith (boundsOf (mapped (countOf rows.inputs.length risk) fractions))
      (List.zipWith gaps (columnsOf certificate.model.intercept.length values) (studentColumns certificate rows))
      (floorShifts certificate.basis certificate.model certificate.model.intercept.length)).length
      = certificate.model.intercept.length := by
    rw [List.length_zipWith, List.length_zipWith, columns, students.1, shifts, Nat.min_self, Nat.min_self]
  refine ⟨outputs, fun o h => ?_⟩
  have ho : o < certificate.model.intercept.length := by rw [← outputs]; exact h
  obtain ⟨studentLength, student⟩ := students.2 o ho
  have target : (columnAt Dyadic.zero values o).length = rows.inputs.length := by rw [length_columnAt, valuesLength]
  obtain ⟨gapLength, gap⟩ := gaps_spec (K := K) target studentLength
  rw [List.getElem_zipWith, List.getElem_zipWith,
    show (columnsOf certificate.model.intercept.length values)[o]'(by rw [columns]; exact ho) = columnAt Dyadic.zero values o from
      (getD_below [] _).symm.trans (getD_columnsOf Dyadic.zero long ho),
    show (studentColumns certificate rows)[o]'(by rw [students.1]; exact ho) = (studentColumns certificate rows).getD o [] from
      (getD_below _ _).symm]
  refine boundsHold_of_errors (s := studentAt K certificate rows o) gapLength (fun i => ?_) (fun i => ?_) require
  · rw [gap i.val i.isLt, student i.val i.isLt, numberAt_columnAt]; rfl
  · have near := studentAt_near (K := K) model shapes.inputs ho i
    rw [getD_below (xs := floorShifts certificate.basis certificate.model certificate.model.intercept.length) _ (by
      rw [shifts]; exact ho)] at near
    exact near

end

/-- The fractions are those that the claim names. -/
theorem fractions_of_check {certificate : Certificate} {parts : HoldoutParts} {witness : ToleranceWitness} {numbers : ToleranceNumbers}
    (h : checkTolerance certificate parts witness = Except.ok numbers) : numbers.fractions = witness.fractions := by
  unfold checkTolerance at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  repeat' split at h
  all_goals first | cases h; rfl | cases h

/-- **If the check of `tolerance` gives numbers, then they hold for the exact formula at the hold-out rows**: for each target, output and
fraction at most `exceeded` of the errors are above `error_at_most`, and `exceeded` is a count whose binomial tail is within the part
of one statement in the risk. What that says of rows that nobody has seen is `tolerance_future`, under its assumptions; the number of
repeated rows is not spoken of. -/
theorem tolerance_of_check {certificate : Certificate} (shaped : certificate.Shaped) {witness : ToleranceWitness}
    {numbers : ToleranceNumbers} (h : checkTolerance certificate (holdoutParts certificate) witness = Except.ok numbers) :
    ToleranceClaim K certificate numbers := by
  unfold checkTolerance at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases found : holdoutOf certificate "tolerance" with
  | error e => rw [found] at h; cases h
  | ok pair =>
    obtain ⟨rows, count⟩ := pair
    rw [found] at h
    dsimp only at h
    obtain ⟨holdout, rfl, positive⟩ := holdoutOf_ok found
    cases hr : requireProbability "tolerance.risk_at_most" witness.riskAtMost with
    | error e => rw [hr] at h; cases h
    | ok _ =>
      cases hf : requireProbabilities "tolerance.fractions" witness.fractions with
      | error e => rw [hr, hf] at h; cases h
      | ok _ =>
        rw [hr, hf] at h
        dsimp only at h
        split at h
        · cases h
        · have require := require_of_all hf
          have model := shaped.model
          have shapes := shaped.holdout rows holdout
          have students : (holdoutParts certificate).students.get = studentColumns certificate rows := by
            unfold holdoutParts; rw [holdout]; rfl
          rw [students, sizeOf'_eq certificate.model.intercept, sizeOf'_eq witness.fractions] at h
          have riskNonneg : (0 : K) ≤ witness.riskAtMost.value K := by
            have := (probability_of_require (K := K) hr).1
            clear h; grind
          have δNonneg : ∀ S : Nat, (0 : K) ≤ (partOf witness.riskAtMost S : K) / ((2 ^ (2 * probabilityBits) : Nat) : K) := fun S =>
            div_nonneg (natCast_nonneg _) (by rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _)
          refine ⟨rows, holdout, ?_⟩
          cases hl : rows.labels with
          | none =>
            rw [hl] at h
            cases h
            refine ⟨rfl, fun p hp => ?_, _, δNonneg (witness.fractions.length * certificate.model.intercept.length * 1), ?_, ?_⟩
            · obtain ⟨place, required⟩ := require p hp
              obtain ⟨h1, h2, -⟩ := probability_of_require (K := K) required
              exact ⟨h1, h2⟩
            · exact partOf_spec witness.riskAtMost _ riskNonneg
            · unfold ToleranceTargetsHold
              rw [hl]
              exact ⟨rfl, targetHolds_of_values model shapes shapes.teacher shapes.teacherRows require _⟩
          | some labels =>
            rw [hl] at h
            cases h
            refine ⟨rfl, fun p hp => ?_, _, δNonneg (witness.fractions.length * certificate.model.intercept.length * 2), ?_, ?_⟩
            · obtain ⟨place, required⟩ := require p hp
              obtain ⟨h1, h2, -⟩ := probability_of_require (K := K) required
              exact ⟨h1, h2⟩
            · exact partOf_spec witness.riskAtMost _ riskNonneg
            · unfold ToleranceTargetsHold
              rw [hl]
              exact ⟨rfl, rfl, targetHolds_of_values model shapes shapes.teacher shapes.teacherRows require _,
                targetHolds_of_values model shapes (shapes.labels labels hl) (shapes.labelRows labels hl) require _⟩

end

end Eigenstill.Claims
