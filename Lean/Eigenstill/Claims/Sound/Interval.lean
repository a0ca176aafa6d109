/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Interval
public import Eigenstill.Claims.Sound.IntervalStatement
public import Eigenstill.Claims.Sound.Tolerance

/-!
# The check of `interval` is sound

* `le_countP_sorted`: at least `r` entries of a list are at most the `r`-th of it in increasing order.
* `interval_of_check`: **the recorded half-widths hold for the exact formula at the hold-out rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

private theorem int_increasing : OrderedBy fun a b : Int => decide (0 < b - a) where
  asymm a b h := by
    have := _root_.of_decide_eq_true h
    exact _root_.decide_eq_false (by omega)
  trans a b c h h' := by
    have := _root_.of_decide_eq_false h
    have := _root_.of_decide_eq_false h'
    exact _root_.decide_eq_false (by omega)

/-- **At least `r` entries are at most the `r`-th in increasing order.** -/
theorem le_countP_sorted (values : List Int) {r : Nat} (h : r ≤ values.length) :
    r ≤ values.countP fun v => decide (v ≤ entryAt 0 (r - 1) (sorted (fun a b => decide (0 < b - a)) values)) := by
  have rises := sorted_pairwise int_increasing values
  have length := length_sorted int_increasing values
  rw [← (sorted_perm int_increasing values).countP_eq]
  generalize sorted (fun a b => decide (0 < b - a)) values = ordered at *
  rw [← length] at h
  rw [entryAt_eq]
  by_cases zero : r = 0
  · omega
  · have hr : r - 1 < ordered.length := by omega
    rw [getD_below _ hr]
    have first : (ordered.take r).countP (fun v => decide (v ≤ ordered[r - 1])) = (ordered.take r).length := by
      refine List.countP_eq_length.mpr fun v hv => ?_
      obtain ⟨j, hj, rfl⟩ := List.getElem_of_mem hv
      rw [List.length_take] at hj
      rw [List.getElem_take, decide_eq_true_iff]
      by_cases same : j = r - 1
      · subst same; exact Int.le_refl _
      · have := _root_.of_decide_eq_false (List.pairwise_iff_getElem.mp rises j (r - 1) (by omega) hr (by omega))
        omega
    have parts : ordered.countP (fun v => decide (v ≤ ordered[r - 1]))
        = (ordered.take r).countP (fun v => decide (v ≤ ordered[r - 1])) + (ordered.drop r).countP fun v => decide (v ≤ ordered[r - 1]) := by
      rw [← List.countP_append, List.take_append_drop]
    rw [parts, first, List.length_take]
    omega

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **The rank**: `q (n + 1) ≤ r ≤ n`. -/
theorem rankOf_spec {n r : Nat} {coverage : Dyadic} (nonneg : 0 ≤ coverage.value K) (found : rankOf n coverage = some r) :
    coverage.value K * ((n + 1 : Nat) : K) ≤ (r : K) ∧ r ≤ n := by
  obtain ⟨top, bottom⟩ := ratio_spec nonneg
  unfold rankOf at found
  dsimp only at found
  generalize (ratio coverage).1 = A at *
  generalize (ratio coverage).2 = B at *
  split at found
  · next few =>
    cases found
    refine ⟨?_, few⟩
    have up : A * (n + 1) ≤ (A * (n + 1) + B - 1) / B * B := by
      have h1 := Nat.div_add_mod (A * (n + 1) + B - 1) B
      have h2 := Nat.mod_lt (A * (n + 1) + B - 1) bottom
      rw [Nat.mul_comm] at h1
      omega
    have cast := intCast_le (K := K) (Int.ofNat_le.mpr up)
    rw [Ring.intCast_natCast, Ring.intCast_natCast, Semiring.natCast_mul, Semiring.natCast_mul, top] at cast
    have positive := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom)
    rw [Ring.intCast_natCast, Ring.intCast_natCast, Semiring.natCast_zero] at positive
    generalize ((n + 1 : Nat) : K) = m at *
    generalize (((A * (n + 1) + B - 1) / B : Nat) : K) = r at *
    refine le_of_mul_le_mul positive ?_
    clear top
    grind
  · cases found

/-- **The intervals of one output**, from errors `|t_i - s_i|` of a student within `shift` of the formula. -/
theorem intervalsHold_of_errors {n : Nat} {t f : Vec K n} {s : Nat → K} {errors : List Dyadic} {shift : Dyadic}
    (length : errors.length = n) (exact : ∀ i : Fin n, numberAt K errors i.val = absVal (t i - s i.val))
    (near : ∀ i : Fin n, absVal (s i.val - f i) ≤ shift.value K) {coverages : List Dyadic}
    (require : ∀ q ∈ coverages, ∃ place, requireProbability place q = Except.ok ()) :
    IntervalsHold t f coverages (halfWidths (mapped (rankOf n) coverages) errors shift) := by
  have units := cast_commonUnits (K := K) errors
  have count := length_commonUnits errors
  unfold halfWidths
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
  obtain ⟨above, -⟩ := probability_of_require (K := K) required
  cases found : rankOf n coverages[j] with
  | none => exact trivial
  | some r =>
    obtain ⟨rank, few⟩ := rankOf_spec (K := K) (by clear exact near units; grind) found
    refine ⟨rank, few, Nat.le_trans (le_countP_sorted values (r := r) (by omega)) ?_⟩
    refine countP_le_rowsWith _ 0 (count.trans length) _ fun i hi => ?_
    have entry := units i.val
    rw [exact i] at entry
    have h := near i
    have le := intCast_le (K := K) (_root_.of_decide_eq_true hi)
    have triangle := absVal_add (t i - s i.val) (s i.val - f i)
    rw [show t i - s i.val + (s i.val - f i) = t i - f i by clear h entry le; grind] at triangle
    rw [Dyadic.value_add]
    rw [show (⟨entryAt 0 (r - 1) (sorted (fun a b => decide (0 < b - a)) values), exponent⟩ : Dyadic).value K
      = (entryAt 0 (r - 1) (sorted (fun a b => decide (0 < b - a)) values) : K) * 2 ^ exponent from rfl]
    have unit := two_zpow_pos (K := K) exponent
    have scaled := OrderedRing.mul_le_mul_of_nonneg_right le (c := (2 : K) ^ exponent) (by clear exact near units le; grind)
    rw [show values.getD i.val 0 = at0 values i.val from rfl, entry] at scaled
    clear exact near units rank le entry unit
    grind

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
  (shapes : RowShapes certificate.model rows)
include model shapes

/-- The intervals of one target. -/
private theorem intervalTarget_of_values {values : List (List Dyadic)} (valuesLength : values.length = rows.inputs.length)
    (valueRows : ∀ row ∈ values, row.length = certificate.model.intercept.length) {coverages : List Dyadic}
    (require : ∀ q ∈ coverages, ∃ place, requireProbability place q = Except.ok ()) (name : String) :
    IntervalTargetHolds K certificate rows values coverages
      ⟨name, zipped (halfWidths (mapped (rankOf rows.inputs.length) coverages))
        (zipped gaps (columnsOf certificate.model.intercept.length values) (studentColumns certificate rows))
        (floorShifts certificate.basis certificate.model certificate.model.intercept.length)⟩ := by
  have students := studentColumns_spec (K := K) (rows := rows) model
  have shifts := length_floorShifts model
  have long : ∀ row ∈ values, certificate.model.intercept.length ≤ row.length := fun row h => Nat.le_of_eq (valueRows row h).symm
  have columns := length_columnsOf Dyadic.zero long
  unfold IntervalTargetHolds
  dsimp only
  rw [zipped_eq, zipped_eq]
  have outputs : (List.zipWith (halfWidths (mapped (rankOf rows.inputs.length) coverages))
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
  refine intervalsHold_of_errors (s := studentAt K certificate rows o) gapLength (fun i => ?_) (fun i => ?_) require
  · rw [gap i.val i.isLt, student i.val i.isLt, numberAt_columnAt]; rfl
  · have near := studentAt_near (K := K) model shapes.inputs ho i
    rw [getD_below (xs := floorShifts certificate.basis certificate.model certificate.model.intercept.length) _ (by
      rw [shifts]; exact ho)] at near
    exact near

end

/-- The coverages are those that the claim names. -/
theorem coverages_of_check {certificate : Certificate} {parts : HoldoutParts} {coverages : List Dyadic} {numbers : IntervalNumbers}
    (h : checkInterval certificate parts coverages = Except.ok numbers) : numbers.coverages = coverages := by
  unfold checkInterval at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  repeat' split at h
  all_goals first | cases h; rfl | cases h

/-- **If the check of `interval` gives numbers, then they hold for the exact formula at the hold-out rows**: for each target, output and
coverage `q`, at `rank` rows at least the error is within `half_width_at_most`, and `rank ≥ q (n + 1)`. Of further rows nothing is said
here, nor of the number of repeated rows. -/
theorem interval_of_check {certificate : Certificate} (shaped : certificate.Shaped) {coverages : List Dyadic} {numbers : IntervalNumbers}
    (h : checkInterval certificate (holdoutParts certificate) coverages = Except.ok numbers) : IntervalClaim K certificate numbers := by
  unfold checkInterval at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases found : holdoutOf certificate "interval" with
  | error e => rw [found] at h; cases h
  | ok pair =>
    obtain ⟨rows, count⟩ := pair
    rw [found] at h
    dsimp only at h
    obtain ⟨holdout, rfl, -⟩ := holdoutOf_ok found
    cases hf : requireProbabilities "interval.coverages" coverages with
    | error e => rw [hf] at h; cases h
    | ok _ =>
      rw [hf] at h
      dsimp only at h
      split at h
      · cases h
      · have require := require_of_all hf
        have model := shaped.model
        have shapes := shaped.holdout rows holdout
        have students : (holdoutParts certificate).students.get = studentColumns certificate rows := by
          unfold holdoutParts; rw [holdout]; rfl
        rw [students, sizeOf'_eq certificate.model.intercept] at h
        have between : ∀ q ∈ coverages, 0 < q.value K ∧ q.value K < 1 := fun q hq => by
          obtain ⟨place, required⟩ := require q hq
          obtain ⟨h1, h2, -⟩ := probability_of_require (K := K) required
          exact ⟨h1, h2⟩
        refine ⟨rows, holdout, ?_⟩
        cases hl : rows.labels with
        | none =>
          rw [hl] at h
          cases h
          refine ⟨rfl, between, ?_⟩
          unfold IntervalTargetsHold
          rw [hl]
          exact ⟨rfl, intervalTarget_of_values model shapes shapes.teacher shapes.teacherRows require _⟩
        | some labels =>
          rw [hl] at h
          cases h
          refine ⟨rfl, between, ?_⟩
          unfold IntervalTargetsHold
          rw [hl]
          exact ⟨rfl, rfl, intervalTarget_of_values model shapes shapes.teacher shapes.teacherRows require _,
            intervalTarget_of_values model shapes (shapes.labels labels hl) (shapes.labelRows labels hl) require _⟩

end

end Eigenstill.Claims
