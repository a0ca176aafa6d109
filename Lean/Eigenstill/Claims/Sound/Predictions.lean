/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EvaluationStatement
public import Eigenstill.Claims.Sound.Forms

/-!
# Largest differences of predictions, block by block

* `addAllPredictions_spec`: what the predictions of a block add to the largest difference and to the largest magnitude.
* `fineForm_value`, `fineForm_magnitude`: the formula and its magnitude on the fine basis.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- The value of a form on some features. -/
def formAt (K : Type u) [Field K] (form : Form) (features : List Int) : K := (form.value features : K) * 2 ^ form.exponent

/-- Features without their signs. -/
def absoluteOf (features : List Int) : List Int := features.map fun entry => Int.ofNat entry.natAbs

/-- One output: no difference exceeds the largest. -/
theorem addPredictions_spec (form : FineForm) (features : List (List Int)) (predictions : List Dyadic) (sums : SplitSums)
    (h : predictions.length = features.length) :
    sums.largestDifference.value K ≤ (addPredictions form features (features.map absoluteOf) predictions sums).largestDifference.value K ∧
    sums.largestMagnitude.value K ≤ (addPredictions form features (features.map absoluteOf) predictions sums).largestMagnitude.value K ∧
    ∀ k, k < features.length →
      absVal (numberAt K predictions k - formAt K form.value (features.getD k [])) + form.floorError.value K
        ≤ (addPredictions form features (features.map absoluteOf) predictions sums).largestDifference.value K ∧
      formAt K form.magnitude (absoluteOf (features.getD k []))
        ≤ (addPredictions form features (features.map absoluteOf) predictions sums).largestMagnitude.value K := by
  have units := cast_commonUnits (K := K) predictions
  have length := length_commonUnits predictions
  unfold addPredictions
  generalize commonUnits predictions = common at *
  obtain ⟨predicted, exponent⟩ := common
  dsimp only at units length ⊢
  have low1 : smaller exponent form.value.exponent ≤ exponent := smaller_le_left _ _
  have low2 : smaller exponent form.value.exponent ≤ form.value.exponent := smaller_le_right _ _
  generalize smaller exponent form.value.exponent = low at *
  refine ⟨Dyadic.le_max_left _ _, Dyadic.le_max_left _ _, fun k hk => ⟨?_, ?_⟩⟩
  · refine IsPreorder.le_trans _ _ _ ?_ (Dyadic.le_max_right _ _)
    rw [Dyadic.value_add, zipped_eq]
    have most := (le_folded_larger id (List.zipWith (fun prediction row => (shifted prediction (exponent - low)
      - shifted (form.value.value row) (form.value.exponent - low)).natAbs) predicted features) 0).2
    have hk' : k < (List.zipWith (fun prediction row => (shifted prediction (exponent - low)
      - shifted (form.value.value row) (form.value.exponent - low)).natAbs) predicted features).length := by
      rw [List.length_zipWith, length, h, Nat.min_self]; exact hk
    have own := most _ (List.getElem_mem hk')
    rw [List.getElem_zipWith] at own
    have e1 : predicted[k]'(by rw [length, h]; exact hk) = at0 predicted k := (getD_below _ _).symm
    have e2 : features[k] = features.getD k [] := (getD_below _ hk).symm
    rw [e1, e2] at own
    have h1 := cast_shifted_mul (K := K) (at0 predicted k) low1
    have h2 := cast_shifted_mul (K := K) (form.value.value (features.getD k [])) low2
    rw [units k] at h1
    have gap : numberAt K predictions k - formAt K form.value (features.getD k [])
        = ((shifted (at0 predicted k) (exponent - low) - shifted (form.value.value (features.getD k [])) (form.value.exponent - low) : Int) : K)
          * 2 ^ low := by
      unfold formAt
      rw [← h1, ← h2, Ring.intCast_sub]
      generalize (2 : K) ^ low = t
      grind
    have unit := two_zpow_pos (K := K) low
    rw [gap, absVal_mul, absVal_intCast, absVal_of_nonneg (x := (2 : K) ^ low) (by clear gap h1 h2 units; grind)]
    have bound := OrderedRing.mul_le_mul_of_nonneg_right (intCast_le (K := K) (Int.ofNat_le.mpr own)) (show 0 ≤ (2 : K) ^ low by
      clear gap h1 h2 units; grind)
    rw [show ∀ (f : Nat → Nat → Nat) (xs : List Nat), folded f 0 xs = folded f 0 xs from fun _ _ => rfl]
    refine OrderedAdd.add_le_left bound _
  · refine IsPreorder.le_trans _ _ _ ?_ (Dyadic.le_max_right _ _)
    have most := (le_folded_larger (fun row => (form.magnitude.value row).natAbs) (features.map absoluteOf) 0).2
      (absoluteOf (features.getD k [])) (List.mem_map.mpr ⟨_, by rw [getD_below _ hk]; exact List.getElem_mem hk, rfl⟩)
    have unit := two_zpow_pos (K := K) form.magnitude.exponent
    have bound := OrderedRing.mul_le_mul_of_nonneg_right (intCast_le (K := K) (show
      form.magnitude.value (absoluteOf (features.getD k [])) ≤ ((folded (fun most row => larger most (form.magnitude.value row).natAbs) 0
        (features.map absoluteOf) : Nat) : Int) by omega)) (show 0 ≤ (2 : K) ^ form.magnitude.exponent by clear units; grind)
    exact bound

/-- **All outputs.** -/
theorem addAllPredictions_spec (features : List (List Int)) (forms : List FineForm) (columns : List (List Dyadic)) (sums : SplitSums)
    (h : ∀ column ∈ columns, column.length = features.length) :
    sums.largestDifference.value K ≤ (addAllPredictions features (features.map absoluteOf) forms columns sums).largestDifference.value K ∧
    sums.largestMagnitude.value K ≤ (addAllPredictions features (features.map absoluteOf) forms columns sums).largestMagnitude.value K ∧
    ∀ o (hf : o < forms.length) (hc : o < columns.length), ∀ k, k < features.length →
      absVal (numberAt K columns[o] k - formAt K forms[o].value (features.getD k [])) + forms[o].floorError.value K
        ≤ (addAllPredictions features (features.map absoluteOf) forms columns sums).largestDifference.value K ∧
      formAt K forms[o].magnitude (absoluteOf (features.getD k []))
        ≤ (addAllPredictions features (features.map absoluteOf) forms columns sums).largestMagnitude.value K := by
  induction forms generalizing columns sums with
  | nil => exact ⟨IsPreorder.le_refl _, IsPreorder.le_refl _, fun o hf => absurd hf (Nat.not_lt_zero o)⟩
  | cons form forms ih =>
    cases columns with
    | nil => exact ⟨IsPreorder.le_refl _, IsPreorder.le_refl _, fun o _ hc => absurd hc (Nat.not_lt_zero o)⟩
    | cons column columns =>
      rw [show addAllPredictions features (features.map absoluteOf) (form :: forms) (column :: columns) sums
        = addAllPredictions features (features.map absoluteOf) forms columns
          (addPredictions form features (features.map absoluteOf) column sums) from rfl]
      obtain ⟨a1, a2, a3⟩ := addPredictions_spec (K := K) form features column sums (h column List.mem_cons_self)
      obtain ⟨b1, b2, b3⟩ := ih columns (addPredictions form features (features.map absoluteOf) column sums)
        fun c hc => h c (List.mem_cons_of_mem _ hc)
      refine ⟨IsPreorder.le_trans _ _ _ a1 b1, IsPreorder.le_trans _ _ _ a2 b2, fun o hf hc k hk => ?_⟩
      cases o with
      | zero => exact ⟨IsPreorder.le_trans _ _ _ (a3 k hk).1 b1, IsPreorder.le_trans _ _ _ (a3 k hk).2 b2⟩
      | succ o =>
        rw [List.length_cons] at hf hc
        exact b3 o (by omega) (by omega) k hk

/-! ### The formula on the fine basis -/

/-- The forms of an output. -/
def outputFineForm (certificate : Certificate) (rows : Rows) (o : Nat) : FineForm :=
  (planOf certificate rows).fineForms.getD o ⟨⟨0, [], 0⟩, ⟨0, [], 0⟩, Dyadic.zero⟩

section
variable {certificate : Certificate} (model : ModelShapes certificate.basis certificate.model) {rows : Rows}
  (inputs : ∀ x ∈ rows.inputs, x.length = certificate.model.scales.length)
include model inputs

omit model inputs in
private theorem shiftsOf : (planOf certificate rows).kernel.shifts
    = kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs) := by
  rw [show (planOf certificate rows).kernel.shifts = kernelShifts certificate.model (columnsOf (sizeOf' certificate.model.scales)
    rows.inputs) from rfl, sizeOf'_eq]

omit model inputs in
private theorem plan_fineForms : (planOf certificate rows).fineForms = fineFormsOf certificate.basis certificate.model
    certificate.model.intercept.length (kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)) := by
  rw [← shiftsOf, ← sizeOf'_eq certificate.model.intercept]; rfl

omit inputs in
theorem length_fineForms : (planOf certificate rows).fineForms.length = certificate.model.intercept.length := by
  rw [plan_fineForms]
  unfold fineFormsOf
  dsimp only
  rw [zipped_eq, zipped_eq, List.length_zipWith, List.length_zipWith, outputColumns_eq model.coefficientRows,
    outputColumns_eq model.weightRows, List.length_map, List.length_map, List.length_range, Nat.min_self, Nat.min_self]

omit inputs in
private theorem fineForm_eq {o : Nat} (ho : o < certificate.model.intercept.length) :
    outputFineForm certificate rows o =
      (let kernel := (columnAt Dyadic.zero certificate.model.coefficients o).map fun a =>
        Dyadic.mul a ⟨1, -Int.ofNat (2 * certificate.basis.gridBits)⟩
      let linear := List.zipWith (fun weight (shift : Nat) => Dyadic.mul weight ⟨1, -Int.ofNat shift⟩)
        (columnAt Dyadic.zero certificate.model.weights o)
        (kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs))
      let floorError := sumDyadic (kernel.map Dyadic.abs)
      let intercept := certificate.model.intercept.getD o Dyadic.zero
      ⟨formOf intercept (kernel ++ linear), formOf (Dyadic.add (Dyadic.abs intercept) floorError) ((kernel ++ linear).map Dyadic.abs),
        floorError⟩) := by
  unfold outputFineForm
  rw [plan_fineForms]
  unfold fineFormsOf
  dsimp only
  rw [zipped_eq, zipped_eq, outputColumns_eq model.coefficientRows, outputColumns_eq model.weightRows,
    getD_zipWith _ ([], []) Dyadic.zero _ (by
      rw [List.length_zipWith, List.length_map, List.length_map, List.length_range, Nat.min_self]; exact ho) ho,
    getD_zipWith _ [] [] _ (by rw [List.length_map, List.length_range]; exact ho) (by
      rw [List.length_map, List.length_range]; exact ho), getD_range_map _ _ ho, getD_range_map _ _ ho]
  simp only [mapped_eq, zipped_eq, joinedLists_eq]

omit inputs in
private theorem weights_le : certificate.model.weights.length ≤ certificate.model.scales.length := by
  rw [model.weights, model.offsets]; split <;> omega

/-- The features of a point: fine basis values, then coordinates in their units. -/
private theorem features_spec {x : List Dyadic} (hx : x ∈ rows.inputs) :
    (∀ j, j < certificate.model.landmarks.length →
      IsFloor (at0 (fineFeatures (planOf certificate rows) x) j) (2 ^ (2 * certificate.basis.gridBits) * certificate.basisFunction K j x)) ∧
    ∀ d, d < certificate.model.weights.length →
      ((at0 (fineFeatures (planOf certificate rows) x) (certificate.model.landmarks.length + d) : Int) : K) *
        2 ^ (-Int.ofNat ((kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)).getD d 0))
        = numberAt K x d := by
  obtain ⟨length, fine⟩ := fineRow_spec.{u} model inputs hx
  have basis : (planOf certificate rows).basis = certificate.basis := rfl
  unfold fineFeatures
  dsimp only
  rw [basis]
  refine ⟨fun j hj => ?_, fun d hd => ?_⟩
  · have h := fine (K := K) j hj
    unfold Certificate.basisFunction
    dsimp only
    rw [if_pos hj]
    split
    · rw [at0_append, length, if_pos hj]; exact h
    · exact h
  · have linear : certificate.basis.linear = true := by
      cases hl : certificate.basis.linear with
      | true => rfl
      | false =>
        have h1 := model.weights
        rw [model.offsets, hl, if_neg Bool.false_ne_true] at h1
        omega
    rw [if_pos linear, at0_append, length, if_neg (by omega), Nat.add_sub_cancel_left]
    unfold pointIn
    rw [zipped_eq, shiftsOf]
    exact cast_point (kernelShapes model inputs) hx (by have := weights_le model; omega)

/-- A form on integers, its coefficients first those of the kernel. -/
private theorem fine_sum {o : Nat} (g : Dyadic → Dyadic) (gk : K → K)
    (hg : ∀ v : Dyadic, (g v).value K = gk (v.value K)) (hz : ∀ v e, gk (v * 2 ^ (e : Int)) = gk v * 2 ^ e) (constant : Dyadic) (features : List Int) :
    formAt K (formOf constant (((columnAt Dyadic.zero certificate.model.coefficients o).map (fun a =>
        Dyadic.mul a ⟨1, -Int.ofNat (2 * certificate.basis.gridBits)⟩) ++
      List.zipWith (fun weight (shift : Nat) => Dyadic.mul weight ⟨1, -Int.ofNat shift⟩)
        (columnAt Dyadic.zero certificate.model.weights o)
        (kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs))).map g)) features
      = constant.value K
        + (Eigenstill.sum certificate.model.landmarks.length fun j => gk (numberAt K (certificate.model.coefficients.getD j.val []) o) *
            (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 features j.val : K)))
        + Eigenstill.sum certificate.model.weights.length fun d => gk (numberAt K (certificate.model.weights.getD d.val []) o) *
            ((at0 features (certificate.model.landmarks.length + d.val) : K) *
              2 ^ (-Int.ofNat ((kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)).getD d.val 0))) := by
  have aLength : (columnAt Dyadic.zero certificate.model.coefficients o).length = certificate.model.landmarks.length := by
    rw [length_columnAt, model.coefficients]
  have wLength : (columnAt Dyadic.zero certificate.model.weights o).length = certificate.model.weights.length := length_columnAt _ _ _
  have aEntry : ∀ j, numberAt K (columnAt Dyadic.zero certificate.model.coefficients o) j
      = numberAt K (certificate.model.coefficients.getD j []) o := numberAt_columnAt _ _
  have wEntry : ∀ d, numberAt K (columnAt Dyadic.zero certificate.model.weights o) d
      = numberAt K (certificate.model.weights.getD d []) o := numberAt_columnAt _ _
  have shifts := length_kernelShifts (kernelShapes model inputs)
  have few := weights_le model
  generalize columnAt Dyadic.zero certificate.model.coefficients o = a at *
  generalize columnAt Dyadic.zero certificate.model.weights o = w at *
  generalize kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs) = s at *
  unfold formAt
  rw [form_value, List.length_map, List.length_append, List.length_map, List.length_zipWith, aLength,
    show min w.length s.length = certificate.model.weights.length by rw [wLength, shifts]; omega,
    sum_append certificate.model.landmarks.length certificate.model.weights.length fun k => numberAt K _ k * (at0 features k : K),
    ← Semiring.add_assoc]
  congr 1
  · congr 1
    refine sum_congr fun j => ?_
    rw [← aEntry]
    unfold numberAt
    rw [getD_map_below _ Dyadic.zero _ (by rw [List.length_append, List.length_map, aLength]; have := j.isLt; omega), hg, getD_append,
      List.length_map, aLength, if_pos j.isLt, getD_map_below _ Dyadic.zero _ (by rw [aLength]; exact j.isLt), Dyadic.value_mul]
    have unit : (⟨1, -Int.ofNat (2 * certificate.basis.gridBits)⟩ : Dyadic).value K = 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) := by
      unfold Dyadic.value
      dsimp only
      rw [Ring.intCast_one, show (-Int.ofNat (2 * certificate.basis.gridBits) : Int) = -((2 * certificate.basis.gridBits : Nat) : Int) from rfl]
      grind
    rw [unit, hz, Semiring.mul_assoc]
  · refine sum_congr fun d => ?_
    have hd : d.val < w.length := by rw [wLength]; exact d.isLt
    have hs : d.val < s.length := by rw [shifts]; have := d.isLt; omega
    rw [← wEntry]
    unfold numberAt
    rw [getD_map_below _ Dyadic.zero _ (by
      rw [List.length_append, List.length_map, List.length_zipWith, aLength]; omega), hg, getD_append, List.length_map, aLength,
      if_neg (by omega), Nat.add_sub_cancel_left, getD_zipWith _ Dyadic.zero 0 _ hd hs, Dyadic.value_mul]
    have unit : (⟨1, -Int.ofNat (s.getD d.val 0)⟩ : Dyadic).value K = 2 ^ (-Int.ofNat (s.getD d.val 0)) := by
      unfold Dyadic.value
      dsimp only
      rw [Ring.intCast_one]
      grind
    rw [unit, hz]
    grind

omit inputs in
/-- How far the fine floor can move an output. -/
private theorem floorError_value {o : Nat} (ho : o < certificate.model.intercept.length) :
    (outputFineForm certificate rows o).floorError.value K = 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) *
      Eigenstill.sum certificate.model.landmarks.length fun j => absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) := by
  rw [fineForm_eq model ho]
  dsimp only
  rw [value_sumDyadic, List.length_map, List.length_map, length_columnAt, model.coefficients, ← sum_mul]
  refine sum_congr fun j => ?_
  have hj : j.val < (columnAt Dyadic.zero certificate.model.coefficients o).length := by
    rw [length_columnAt, model.coefficients]; exact j.isLt
  rw [← numberAt_columnAt (K := K) certificate.model.coefficients o j.val]
  unfold numberAt
  rw [getD_map_below _ Dyadic.zero _ (by rw [List.length_map]; exact hj), getD_map_below _ Dyadic.zero _ hj, Dyadic.value_abs,
    Dyadic.value_mul, absVal_mul]
  have unit : (⟨1, -Int.ofNat (2 * certificate.basis.gridBits)⟩ : Dyadic).value K = 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) := by
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one, show (-Int.ofNat (2 * certificate.basis.gridBits) : Int) = -((2 * certificate.basis.gridBits : Nat) : Int) from rfl]
    grind
  have positive := two_zpow_pos (K := K) (-((2 * certificate.basis.gridBits : Nat) : Int))
  rw [unit, absVal_of_nonneg (x := (2 : K) ^ (-((2 * certificate.basis.gridBits : Nat) : Int))) (by grind), CommSemiring.mul_comm]

/-- **On the fine basis the formula moves by at most the floor error.** -/
theorem fineForm_value {x : List Dyadic} (hx : x ∈ rows.inputs) {o : Nat} (ho : o < certificate.model.intercept.length) :
    absVal (formAt K (outputFineForm certificate rows o).value (fineFeatures (planOf certificate rows) x) - certificate.formula K o x)
      ≤ (outputFineForm certificate rows o).floorError.value K := by
  obtain ⟨fine, coordinates⟩ := features_spec (K := K) model inputs hx
  have identity : ∀ xs : List Dyadic, xs.map id = xs := List.map_id
  rw [floorError_value model ho, fineForm_eq model ho]
  dsimp only
  rw [← identity (_ ++ _), fine_sum model inputs id id (fun _ => rfl) (fun _ _ => rfl)]
  generalize fineFeatures (planOf certificate rows) x = features at *
  unfold Certificate.formula
  rw [sum_congr (n := certificate.model.weights.length) fun d => by rw [coordinates d.val d.isLt]]
  have each : ∀ j : Fin certificate.model.landmarks.length, absVal (numberAt K (certificate.model.coefficients.getD j.val []) o *
        (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 features j.val : K))
        - numberAt K (certificate.model.coefficients.getD j.val []) o * certificate.basisFunction K j.val x)
      ≤ 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) := by
    intro j
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left (near_of_isFloor (fine j.val j.isLt))
      (absVal_nonneg (numberAt K (certificate.model.coefficients.getD j.val []) o))
    rw [← absVal_mul] at h2
    rw [show ∀ a b c : K, a * b - a * c = a * (b - c) by intro a b c; grind]
    refine IsPreorder.le_trans _ _ _ h2 ?_
    rw [CommSemiring.mul_comm]
    exact IsPreorder.le_refl _
  have s3 := absVal_sum _ fun j : Fin certificate.model.landmarks.length => numberAt K (certificate.model.coefficients.getD j.val []) o *
        (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 features j.val : K))
        - numberAt K (certificate.model.coefficients.getD j.val []) o * certificate.basisFunction K j.val x
  have s4 := sum_le _ _ _ each
  rw [sum_sub] at s3
  rw [sum_mul] at s4
  show absVal (numberAt K certificate.model.intercept o + _ + _ - (numberAt K certificate.model.intercept o + _ + _)) ≤ _
  simp only [id]
  rw [show ∀ b a1 a2 c2 : K, b + a1 + a2 - (b + a2 + c2) = a1 - c2 by intro b a1 a2 c2; grind]
  exact IsPreorder.le_trans _ _ _ s3 s4

/-- **The magnitude on the fine basis is at least that of the formula.** -/
theorem fineForm_magnitude {x : List Dyadic} (hx : x ∈ rows.inputs) {o : Nat} (ho : o < certificate.model.intercept.length) :
    certificate.magnitude K o x ≤ formAt K (outputFineForm certificate rows o).magnitude (absoluteOf (fineFeatures (planOf certificate rows) x)) := by
  obtain ⟨fine, coordinates⟩ := features_spec (K := K) model inputs hx
  have error := floorError_value (K := K) (rows := rows) model ho
  rw [fineForm_eq model ho] at error ⊢
  dsimp only at error ⊢
  rw [fine_sum model inputs Dyadic.abs absVal Dyadic.value_abs (fun v e => by
    have positive := two_zpow_pos (K := K) e
    rw [absVal_mul, absVal_of_nonneg (x := (2 : K) ^ e) (by grind)]), Dyadic.value_add, Dyadic.value_abs, error]
  generalize fineFeatures (planOf certificate rows) x = features at *
  have absolute : ∀ i, at0 (absoluteOf features) i = ((at0 features i).natAbs : Int) := fun i =>
    getD_map (fun entry : Int => Int.ofNat entry.natAbs) 0 0 features i rfl
  unfold Certificate.magnitude
  have linear : ∀ d : Fin certificate.model.weights.length, absVal (numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val)
      = absVal (numberAt K (certificate.model.weights.getD d.val []) o) * ((at0 (absoluteOf features) (certificate.model.landmarks.length + d.val) : K) *
        2 ^ (-Int.ofNat ((kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)).getD d.val 0))) := by
    intro d
    have positive := two_zpow_pos (K := K)
      (-Int.ofNat ((kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)).getD d.val 0))
    rw [← coordinates d.val d.isLt, absVal_mul, absVal_mul, absolute, absVal_intCast,
      absVal_of_nonneg (x := (2 : K) ^ (-Int.ofNat ((kernelShifts certificate.model (columnsOf certificate.model.scales.length rows.inputs)).getD d.val 0)))
        (by clear coordinates fine error; grind)]
  have kernel : ∀ j : Fin certificate.model.landmarks.length, absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) *
      certificate.basisFunction K j.val x
      ≤ absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) *
          (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 (absoluteOf features) j.val : K))
        + 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * absVal (numberAt K (certificate.model.coefficients.getD j.val []) o) := by
    intro j
    have h1 := near_of_isFloor (fine j.val j.isLt)
    have h2 := neg_le_absVal (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 features j.val : K) - certificate.basisFunction K j.val x)
    have positive := two_zpow_pos (K := K) (-((2 * certificate.basis.gridBits : Nat) : Int))
    have h3 : (at0 features j.val : K) ≤ (at0 (absoluteOf features) j.val : K) := intCast_le (by rw [absolute]; omega)
    have h4 := OrderedRing.mul_le_mul_of_nonneg_left h3 (c := (2 : K) ^ (-((2 * certificate.basis.gridBits : Nat) : Int))) (by
      clear coordinates fine error h1 h2 h3; grind)
    have h5 : certificate.basisFunction K j.val x ≤ 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) * (at0 (absoluteOf features) j.val : K)
        + 2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)) := by
      clear coordinates fine error linear
      grind
    have h6 := OrderedRing.mul_le_mul_of_nonneg_left h5 (absVal_nonneg (numberAt K (certificate.model.coefficients.getD j.val []) o))
    rw [Semiring.left_distrib, CommSemiring.mul_comm (absVal _) (2 ^ (-((2 * certificate.basis.gridBits : Nat) : Int)))] at h6
    exact h6
  have total := sum_le _ _ _ kernel
  rw [sum_add, sum_mul] at total
  rw [sum_congr linear]
  clear linear kernel coordinates fine error absolute
  rw [show (certificate.model.intercept.getD o Dyadic.zero).value K = numberAt K certificate.model.intercept o from rfl]
  generalize absVal (numberAt K certificate.model.intercept o) = b0
  generalize (Eigenstill.sum (K := K) certificate.model.weights.length _) = s1
  grind

end

end

end Eigenstill.Claims
