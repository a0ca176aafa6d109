/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.Sound.FromRows
public import Eigenstill.Claims.Sound.Predictions

/-!
# The check of `evaluation` is sound, from the rows on

* `predictionsOf_scanSplit`: the pass over a split finds the largest difference and the largest magnitude.
* `evaluation_of_check`: **the recorded predictions are near the formula, and the a-priori bound is what it says.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- What the pass has found of the predictions after `i` rows. -/
def PredictionsOf (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) (rows : Rows) (i : Nat) (sums : SplitSums) : Prop :=
  ∀ k, k < i → ∀ o, o < certificate.model.intercept.length →
    absVal (numberAt K (rows.predictions.getD k []) o - certificate.formula K o (rows.inputs.getD k [])) ≤ sums.largestDifference.value K ∧
    certificate.magnitude K o (rows.inputs.getD k []) ≤ sums.largestMagnitude.value K

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
  (shapes : RowShapes certificate.model rows)
include model shapes

private theorem predictionsOf_step {withGram : Bool} {i : Nat} {progress next : Progress} (hi : i < rows.inputs.length)
    (before : PredictionsOf K certificate rows i progress.sums)
    (h : addBlock (planOf certificate rows) withGram (blockAt rows i) progress = Except.ok next) :
    PredictionsOf K certificate rows (min (i + blockRows) rows.inputs.length) next.sums := by
  obtain ⟨-, -, -, -, -, -, start, difference, magnitude, result⟩ := addBlock_ok h
  have size := length_block rows.inputs i
  rw [show max i rows.inputs.length = rows.inputs.length by omega] at size
  rw [← size]
  have outputs : (planOf certificate rows).outputs = certificate.model.intercept.length := by
    rw [show (planOf certificate rows).outputs = sizeOf' certificate.model.intercept from rfl, sizeOf'_eq]
  rw [outputs, show (blockAt rows i).inputs = (rows.inputs.drop i).take blockRows from rfl,
    show (blockAt rows i).predictions = (rows.predictions.drop i).take blockRows from rfl] at result
  have few : ((rows.inputs.drop i).take blockRows).length ≤ blockRows := by rw [List.length_take]; omega
  have members : ∀ x ∈ (rows.inputs.drop i).take blockRows, x ∈ rows.inputs := fun x hx =>
    List.mem_of_mem_drop (List.mem_of_mem_take hx)
  have predictions : ((rows.predictions.drop i).take blockRows).length = ((rows.inputs.drop i).take blockRows).length := by
    rw [List.length_take, List.length_take, List.length_drop, List.length_drop, shapes.predictions]
  have long : ∀ row ∈ (rows.predictions.drop i).take blockRows, certificate.model.intercept.length ≤ row.length := fun row hr =>
    Nat.le_of_eq (shapes.predictionRows row (List.mem_of_mem_drop (List.mem_of_mem_take hr))).symm
  have columnLengths : ∀ column ∈ columnsOf certificate.model.intercept.length ((rows.predictions.drop i).take blockRows),
      column.length = (((rows.inputs.drop i).take blockRows).map (fineFeatures (planOf certificate rows))).length := by
    intro column hc
    rw [columnsOf_eq Dyadic.zero _ _ long] at hc
    obtain ⟨o, _, rfl⟩ := List.mem_map.mp hc
    rw [length_columnAt, predictions, List.length_map]
  obtain ⟨b1, b2, b3⟩ := addAllPredictions_spec (K := K) (((rows.inputs.drop i).take blockRows).map (fineFeatures (planOf certificate rows)))
    (planOf certificate rows).fineForms (columnsOf certificate.model.intercept.length ((rows.predictions.drop i).take blockRows)) start
    columnLengths
  rw [show (((rows.inputs.drop i).take blockRows).map (fineFeatures (planOf certificate rows))).map absoluteOf
    = (((rows.inputs.drop i).take blockRows).map (fineFeatures (planOf certificate rows))).map fun row =>
      row.map fun entry => Int.ofNat entry.natAbs from rfl, ← result] at b1 b2 b3
  rw [difference] at b1
  rw [magnitude] at b2
  intro k hk o ho
  by_cases h1 : k < i
  · obtain ⟨c1, c2⟩ := before k h1 o ho
    exact ⟨IsPreorder.le_trans _ _ _ c1 b1, IsPreorder.le_trans _ _ _ c2 b2⟩
  · have hb : k - i < ((rows.inputs.drop i).take blockRows).length := by omega
    have forms := length_fineForms (rows := rows) model
    obtain ⟨c1, c2⟩ := b3 o (by rw [forms]; exact ho) (by rw [length_columnsOf Dyadic.zero long]; exact ho) (k - i) (by
      rw [List.length_map]; exact hb)
    have point : (((rows.inputs.drop i).take blockRows).map (fineFeatures (planOf certificate rows))).getD (k - i) []
        = fineFeatures (planOf certificate rows) (rows.inputs.getD k []) := by
      rw [getD_map_below _ [] _ hb, getD_block [] rows.inputs (by omega), show i + (k - i) = k by omega]
    have form : (planOf certificate rows).fineForms[o]'(by rw [forms]; exact ho) = outputFineForm certificate rows o :=
      (getD_below _ _).symm
    have prediction : numberAt K ((columnsOf certificate.model.intercept.length ((rows.predictions.drop i).take blockRows))[o]'(by
        rw [length_columnsOf Dyadic.zero long]; exact ho)) (k - i) = numberAt K (rows.predictions.getD k []) o := by
      rw [show (columnsOf certificate.model.intercept.length ((rows.predictions.drop i).take blockRows))[o]'(by
        rw [length_columnsOf Dyadic.zero long]; exact ho)
        = (columnsOf certificate.model.intercept.length ((rows.predictions.drop i).take blockRows)).getD o [] from (getD_below _ _).symm,
        getD_columnsOf Dyadic.zero long ho, numberAt_columnAt, getD_block [] rows.predictions (by omega), show i + (k - i) = k by omega]
    rw [point, form] at c1 c2
    rw [prediction] at c1
    have hx : rows.inputs.getD k [] ∈ rows.inputs := by
      have hk' : k < rows.inputs.length := by omega
      rw [getD_below _ hk']; exact List.getElem_mem hk'
    have near := fineForm_value (K := K) model shapes.inputs hx ho
    have most := fineForm_magnitude (K := K) model shapes.inputs hx ho
    refine ⟨IsPreorder.le_trans _ _ _ ?_ c1, IsPreorder.le_trans _ _ _ most c2⟩
    have triangle := absVal_add
      (numberAt K (rows.predictions.getD k []) o - formAt K (outputFineForm certificate rows o).value (fineFeatures (planOf certificate rows) (rows.inputs.getD k [])))
      (formAt K (outputFineForm certificate rows o).value (fineFeatures (planOf certificate rows) (rows.inputs.getD k []))
        - certificate.formula K o (rows.inputs.getD k []))
    rw [show ∀ a b c : K, a - b + (b - c) = a - c by intro a b c; grind] at triangle
    clear b1 b2 b3 c1 c2 most before
    grind

/-- **The pass over a split finds the largest difference and the largest magnitude.** -/
theorem predictionsOf_scanSplit {withGram : Bool} {progress : Progress} {width : Nat}
    (h : scanSplit certificate rows withGram = Except.ok (progress, width)) :
    PredictionsOf K certificate rows rows.inputs.length progress.sums := by
  obtain ⟨-, start, -, -, -, -, -, passed⟩ := addBlocks_of_scanSplit h
  refine addBlocks_induction (motive := fun i progress => PredictionsOf K certificate rows i progress.sums)
    (fun i progress next hi before hb => predictionsOf_step model shapes hi before hb) _ 0 _ (by omega) passed ?_
  rw [Nat.zero_min]
  exact fun k hk => absurd hk (Nat.not_lt_zero k)

omit shapes in
/-- The a-priori bound, rounded up. -/
private theorem aPriori_le {magnitude : Dyadic} (nonneg : 0 ≤ magnitude.value K) :
    (certificate.roundings : K) / (2 ^ 53 - (certificate.roundings : K)) * magnitude.value K
      + ((certificate.model.landmarks.length + certificate.model.scales.length + 1 : Nat) : K) / 2 ^ 1060
      ≤ (aPrioriBound (certificate.roundings * (ratio magnitude).1) ((ratio magnitude).2 * (9007199254740992 - certificate.roundings))
          (certificate.model.landmarks.length + certificate.model.scales.length + 1)).value K := by
  have few : certificate.roundings < 9007199254740992 := model.few
  obtain ⟨top, bottom⟩ := ratio_spec nonneg
  generalize certificate.roundings = k at *
  generalize certificate.model.landmarks.length + certificate.model.scales.length + 1 = terms at *
  generalize hr : (ratio magnitude).1 = N at *
  generalize (ratio magnitude).2 = D at *
  have gapNat : 0 < 9007199254740992 - k := by omega
  have gap : ((9007199254740992 - k : Nat) : K) = 2 ^ 53 - (k : K) := by
    have h1 : ((9007199254740992 - k + k : Nat) : K) = 2 ^ 53 := by
      rw [show 9007199254740992 - k + k = 2 ^ 53 by omega, Semiring.natCast_pow, natCast_two]
    rw [Semiring.natCast_add] at h1
    grind
  have gapPos : (0 : K) < 2 ^ 53 - (k : K) := by
    rw [← gap]
    have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr gapNat)
    rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
  have dPos : (0 : K) < (D : K) := by
    have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom)
    rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
  have power := two_pow_pos' (K := K) 1060
  unfold aPrioriBound
  have positive : ∀ bits : Nat, 0 < Nat.shiftLeft (D * (9007199254740992 - k)) bits := by
    intro bits
    rw [show Nat.shiftLeft (D * (9007199254740992 - k)) bits = (D * (9007199254740992 - k)) <<< bits from rfl, Nat.shiftLeft_eq]
    exact Nat.mul_pos (Nat.mul_pos bottom gapNat) (Nat.two_pow_pos bits)
  have round := le_quotient53 (K := K) (Nat.shiftLeft (k * N) 1060 + terms * (D * (9007199254740992 - k)))
    (Nat.shiftLeft (D * (9007199254740992 - k)) 1060) (positive 1060)
  rw [Semiring.natCast_add, natCast_shiftLeft, natCast_shiftLeft, Semiring.natCast_mul, Semiring.natCast_mul, Semiring.natCast_mul, gap,
    top] at round
  generalize (quotient53 _ _ true).value K = q at *
  generalize (2 : K) ^ 1060 = t at *
  generalize (2 : K) ^ 53 - (k : K) = g at *
  generalize magnitude.value K = m at *
  generalize (k : K) = c at *
  generalize (terms : K) = e at *
  generalize (D : K) = d at *
  clear gap top hr positive few model nonneg gapNat
  have h1 : c / g * m + e / t = (c * m * t + e * g) / (g * t) := by
    have : g ≠ 0 := by clear round; grind
    have : t ≠ 0 := by clear round; grind
    grind
  rw [h1]
  refine (div_le_iff (OrderedRing.mul_pos gapPos power)).mpr (le_of_mul_le_mul dPos ?_)
  grind

omit shapes in
/-- One split. -/
private theorem evaluationHolds_of_split {sums : SplitSums} (found : PredictionsOf K certificate rows rows.inputs.length sums)
    {name : String} {numbers : SplitEvaluation}
    (h : evaluateSplit certificate.model.landmarks.length certificate.model.scales.length name sums = Except.ok numbers)
    (nonneg : 0 ≤ sums.largestMagnitude.value K) :
    numbers.split = name ∧ EvaluationHolds K certificate rows numbers := by
  unfold evaluateSplit at h
  split at h
  · cases h
  · next range =>
    dsimp only at h
    split at h
    · cases h
    · next order =>
      cases h
      have within : Dyadic.le sums.largestMagnitude ⟨1, 1000⟩ = true := by
        cases hw : Dyadic.le sums.largestMagnitude ⟨1, 1000⟩ with
        | true => rfl
        | false => rw [hw, Bool.not_false, Bool.or_true] at range; exact absurd rfl range
      have bound := aPriori_le (certificate := certificate) model nonneg
      refine ⟨rfl, fun i hi o ho => (found i hi o ho).1, ?_, fun i hi o ho => ?_, fun i hi o ho => ?_⟩
      · dsimp only
        by_cases h1 : (aPrioriBound ((certificate.model.landmarks.length + 2 * certificate.model.scales.length + 7) * (ratio sums.largestMagnitude).1)
            ((ratio sums.largestMagnitude).2 * (9007199254740992 - (certificate.model.landmarks.length + 2 * certificate.model.scales.length + 7)))
            (certificate.model.landmarks.length + certificate.model.scales.length + 1)).value K < sums.largestDifference.value K
        · exact absurd ((Dyadic.lt_iff _ _).mpr h1) order
        · clear bound found; grind
      · refine IsPreorder.le_trans _ _ _ ?_ bound
        have most := (found i hi o ho).2
        have few : certificate.roundings < 9007199254740992 := model.few
        have factor : (0 : K) ≤ (certificate.roundings : K) / (2 ^ 53 - (certificate.roundings : K)) := by
          refine div_nonneg (natCast_nonneg _) ?_
          have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr few)
          rw [show ((9007199254740992 : Nat) : Int) = 2 ^ 53 from rfl, Ring.intCast_pow, cast_two, Ring.intCast_natCast] at h1
          clear bound found most; grind
        have scaled := OrderedRing.mul_le_mul_of_nonneg_left most factor
        exact OrderedAdd.add_le_left scaled _
      · refine IsPreorder.le_trans _ _ _ (found i hi o ho).2 ?_
        have h1 := (Dyadic.le_iff (K := K) _ _).mp within
        refine IsPreorder.le_trans _ _ _ h1 ?_
        unfold Dyadic.value
        dsimp only
        rw [Ring.intCast_one, show (1000 : Int) = ((1000 : Nat) : Int) from rfl, two_zpow_natCast, Semiring.one_mul]
        exact IsPreorder.le_refl _

end

/-- The magnitude is not negative. -/
private theorem magnitude_nonneg {certificate : Certificate} {rows : Rows} (shapes : RowShapes certificate.model rows) {withGram : Bool}
    {progress : Progress} {width : Nat} (h : scanSplit certificate rows withGram = Except.ok (progress, width)) : 0 ≤ progress.sums.largestMagnitude.value K := by
  obtain ⟨-, start, -, -, -, -, zero, passed⟩ := addBlocks_of_scanSplit h
  refine addBlocks_induction (motive := fun _ progress => 0 ≤ progress.sums.largestMagnitude.value K) ?_ _ 0 _ (by omega) passed ?_
  · intro i progress next hi before hb
    obtain ⟨-, -, -, -, -, -, start, -, magnitude, result⟩ := addBlock_ok hb
    have outputs : (planOf certificate rows).outputs = certificate.model.intercept.length := by
      rw [show (planOf certificate rows).outputs = sizeOf' certificate.model.intercept from rfl, sizeOf'_eq]
    have long : ∀ row ∈ (rows.predictions.drop i).take blockRows, certificate.model.intercept.length ≤ row.length := fun row hr =>
      Nat.le_of_eq (shapes.predictionRows row (List.mem_of_mem_drop (List.mem_of_mem_take hr))).symm
    have grows := (addAllPredictions_spec (K := K) ((blockAt rows i).inputs.map (fineFeatures (planOf certificate rows)))
      (planOf certificate rows).fineForms (columnsOf (planOf certificate rows).outputs (blockAt rows i).predictions) start
      (fun column hc => by
        rw [outputs, show (blockAt rows i).predictions = (rows.predictions.drop i).take blockRows from rfl,
          columnsOf_eq Dyadic.zero _ _ long] at hc
        obtain ⟨o, _, rfl⟩ := List.mem_map.mp hc
        rw [length_columnAt, List.length_map, show (blockAt rows i).inputs = (rows.inputs.drop i).take blockRows from rfl,
          List.length_take, List.length_take, List.length_drop, List.length_drop, shapes.predictions])).2.1
    rw [show ((blockAt rows i).inputs.map (fineFeatures (planOf certificate rows))).map absoluteOf
      = ((blockAt rows i).inputs.map (fineFeatures (planOf certificate rows))).map fun row => row.map fun entry => Int.ofNat entry.natAbs
      from rfl, ← result, magnitude] at grows
    exact IsPreorder.le_trans _ _ _ before grows
  · dsimp only
    rw [zero, Dyadic.value_zero]
    exact IsPreorder.le_refl _

/-- **If the check of `evaluation` gives numbers, then every recorded prediction is within the first of the exact formula, on the training
rows and on the hold-out rows; the first is at most the second, and the second is at least the a-priori bound of every output at every row.**

That a float64 evaluation stays within the second number, whatever its order of summation, is the usual model of rounding and not said
here; nor is that nothing overflows beyond the magnitudes, nor who made the predictions. -/
theorem evaluation_of_check {certificate : Certificate} (shaped : certificate.Shaped) {recorded : List SplitEvaluation}
    (h : checkEvaluation (prepare certificate) = Except.ok recorded) : EvaluationClaim K certificate recorded := by
  unfold checkEvaluation at h
  dsimp only at h
  split at h
  · cases h
  · cases exact : (prepare certificate).exact with
    | error rejected => rw [exact] at h; cases h
    | ok pair =>
      rw [exact] at h
      obtain ⟨train, passed, -, -, -, sums, holdout⟩ := scan_ok (scan_of_exact exact)
      dsimp only at h
      rw [show (prepare certificate).certificate = certificate from rfl, sizeOf'_eq, sizeOf'_eq, sums] at h
      cases ht : evaluateSplit certificate.model.landmarks.length certificate.model.scales.length "train" train.sums with
      | error rejected => rw [ht] at h; cases h
      | ok first =>
        rw [ht] at h
        dsimp only at h
        obtain ⟨name, trainHolds⟩ := evaluationHolds_of_split (K := K) shaped.model
          (predictionsOf_scanSplit shaped.model shaped.train passed) ht (magnitude_nonneg shaped.train passed)
        have rowShapes := shaped.holdout
        unfold EvaluationClaim
        cases hh : certificate.holdout with
        | none =>
          rw [hh] at holdout
          dsimp only at holdout
          rw [holdout] at h
          cases h
          exact ⟨name, trainHolds⟩
        | some rows =>
          rw [hh] at holdout
          obtain ⟨progress, width, second, e⟩ := holdout
          rw [e] at h
          dsimp only at h
          cases hs : evaluateSplit certificate.model.landmarks.length certificate.model.scales.length "holdout" progress.sums with
          | error rejected => rw [hs] at h; cases h
          | ok other =>
            rw [hs] at h
            cases h
            obtain ⟨otherName, holds⟩ := evaluationHolds_of_split (K := K) shaped.model
              (predictionsOf_scanSplit shaped.model (rowShapes rows hh) second) hs (magnitude_nonneg (rowShapes rows hh) second)
            exact ⟨name, otherName, trainHolds, holds⟩

end

end Eigenstill.Claims
