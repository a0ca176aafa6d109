/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.EnergyCheck
public import Eigenstill.Claims.Sound.FidelityRows
public import Eigenstill.Claims.Sound.TargetProducts

/-!
# What the checks hold of the targets is so, from the rows on

`targetsHold_of_scan`: **`n Aᵀ (t - t̄)` and `n |t - t̄|²` are those of the operator of the training rows and of the recorded outputs and
labels.** `targetsOf_parts`: they come from `Cᵀ t`, `Σ t` and `Σ t²`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- **The recorded outputs of the teacher at the training rows**, output `o`. -/
def Certificate.teacherAt (K : Type u) [Field K] (certificate : Certificate) (o : Nat) : Vec K certificate.train.inputs.length :=
  outputColumn K certificate.train.teacher o _

/-- **The recorded labels at the training rows**, output `o`; 0 where there are none. -/
def Certificate.labelsAt (K : Type u) [Field K] (certificate : Certificate) (o : Nat) : Vec K certificate.train.inputs.length :=
  outputColumn K (certificate.train.labels.getD []) o _

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}

/-- The rows of `C` have as many entries as the operator has columns, all of them in `[0, 2^p]`. -/
theorem flooredRows_of_scan (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums) :
    FlooredRows (planOf certificate certificate.train) certificate.basisSize certificate.train.inputs := by
  have lengths := fun x hx => length_flooredRow shaped.model shaped.train.inputs (x := x) hx
  obtain ⟨train, passed, -⟩ := scan_ok pass
  have all := gramSums_of_scanSplit lengths passed
  refine ⟨lengths, fun x hx k => ?_⟩
  obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem hx
  have h := all.within i hi k
  unfold rowEntry at h
  rw [getD_below _ hi] at h
  exact h

/-- The products that the second pass computes. -/
def productsOf (certificate : Certificate) (values : List (List Dyadic)) (targets : Nat) : List IntegerVector :=
  addProducts (planOf certificate certificate.train) certificate.basisSize targets (certificate.train.inputs.length + 1)
    certificate.train.inputs values (repeated ⟨repeated 0 certificate.basisSize, 0⟩ targets)

/-- **For any columns of values, entry `k` of the product is `Σ_i C_ik t_i`.** -/
theorem productsOf_spec (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums)
    {values : List (List Dyadic)} {targets : Nat} (count : values.length = certificate.train.inputs.length)
    (long : ∀ v ∈ values, targets ≤ v.length) : (productsOf certificate values targets).length = targets ∧ ∀ o, o < targets →
      ((productsOf certificate values targets).getD o ⟨[], 0⟩).entries.length = certificate.basisSize ∧
      ∀ k, k < certificate.basisSize → ((productsOf certificate values targets).getD o ⟨[], 0⟩).at K k
        = Eigenstill.sum certificate.train.inputs.length fun i =>
          ((certificate.flooredBasis certificate.train.inputs i.val k : Int) : K) * numberAt K (values.getD i.val []) o := by
  have start : ∀ o, o < targets → (repeated (⟨repeated 0 certificate.basisSize, 0⟩ : IntegerVector) targets).getD o ⟨[], 0⟩
      = ⟨List.replicate certificate.basisSize 0, 0⟩ := by
    intro o ho
    rw [repeated_eq, repeated_eq, getD_below _ (by rw [List.length_replicate]; exact ho), List.getElem_replicate]
  obtain ⟨length, each⟩ := addProducts_spec (K := K) (plan := planOf certificate certificate.train) (size := certificate.basisSize)
    (targets := targets) (certificate.train.inputs.length + 1) certificate.train.inputs values
    (repeated ⟨repeated 0 certificate.basisSize, 0⟩ targets) (by omega) (flooredRows_of_scan shaped pass) count long
    (by rw [repeated_eq, List.length_replicate]) fun o ho => by rw [start o ho, List.length_replicate]
  refine ⟨length, fun o ho => ⟨(each o ho).1, fun k hk => ?_⟩⟩
  have zero : (⟨List.replicate certificate.basisSize 0, 0⟩ : IntegerVector).at K k = 0 := by
    unfold IntegerVector.at
    dsimp only
    rw [at0_replicate, Ring.intCast_zero]
    generalize (2 : K) ^ (0 : Int) = a
    grind
  unfold productsOf
  rw [(each o ho).2 k hk, start o ho, zero, listTotal_eq_sum _ (n := certificate.train.inputs.length) (by
    rw [List.length_zipWith, count, Nat.min_self]), show ∀ a : K, 0 + a = a by intros; grind]
  refine sum_congr fun i => ?_
  rw [getD_zipWith_number (productTerm K (planOf certificate certificate.train) k o) [] [] i.isLt (by rw [count]; exact i.isLt),
    ← rowEntry_eq shaped.model shaped.train.inputs i.isLt hk]
  rfl

/-- `Cᵀ t` and the sums of `t` for one column of values. -/
structure PartsOf (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) (t : Vec K certificate.train.inputs.length)
    (products : IntegerVector) (sums : TargetSums) : Prop where
  length : products.entries.length = certificate.basisSize
  products : ∀ k, k < certificate.basisSize → products.at K k = Eigenstill.sum certificate.train.inputs.length fun i =>
    ((certificate.flooredBasis certificate.train.inputs i.val k : Int) : K) * t i
  values : sums.values.value K = Eigenstill.sum _ t
  squares : sums.squaredValues.value K = normSq t

/-- One target: its parts, an output each. -/
def OutputParts (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) (sums : RowSums)
    (t : Nat → Vec K certificate.train.inputs.length) (targets : List Target) (totals : List TargetSums) : Prop :=
  targets.length = certificate.model.intercept.length ∧ totals.length = certificate.model.intercept.length ∧
    ∀ o (h : o < targets.length) (h' : o < totals.length), ∃ products, PartsOf K certificate (t o) products totals[o] ∧
      targets[o] = targetOf certificate.basis (columnsOf (sizeOf' sums.columnSums)
        (blockMetric certificate.model.metric certificate.model.linearMetric)) sums products totals[o]

omit [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem outputParts_of {sums : RowSums} {t : Nat → Vec K certificate.train.inputs.length} {products : List IntegerVector}
    {totals : List TargetSums} (length : products.length = certificate.model.intercept.length)
    (count : totals.length = certificate.model.intercept.length)
    (parts : ∀ o, o < certificate.model.intercept.length → PartsOf K certificate (t o) (products.getD o ⟨[], 0⟩)
      (totals.getD o noTargetSums)) :
    OutputParts K certificate sums t (zipped (targetOf certificate.basis (columnsOf (sizeOf' sums.columnSums)
      (blockMetric certificate.model.metric certificate.model.linearMetric)) sums) products totals) totals := by
  rw [zipped_eq]
  refine ⟨by rw [List.length_zipWith, length, count, Nat.min_self], count, fun o _ h' => ⟨products.getD o ⟨[], 0⟩, ?_, ?_⟩⟩
  · have own := parts o (by rw [← count]; exact h')
    rw [getD_below _ h'] at own
    exact own
  · rw [List.getElem_zipWith, getD_below (xs := products) _ (by rw [length, ← count]; exact h')]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- Numbers of two lists one after the other. -/
private theorem numberAt_append (xs ys : List Dyadic) : (∀ o, o < xs.length → numberAt K (xs ++ ys) o = numberAt K xs o) ∧
    ∀ o, numberAt K (xs ++ ys) (xs.length + o) = numberAt K ys o := by
  unfold numberAt
  refine ⟨fun o ho => ?_, fun o => ?_⟩
  · rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_append_left ho]
  · rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_append_right (Nat.le_add_right _ _), Nat.add_sub_cancel_left]

/-- **What the checks hold of the targets comes from `Cᵀ t`, `Σ t` and `Σ t²` over the training rows.** -/
theorem targetsOf_parts (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums) :
    OutputParts K certificate sums (certificate.teacherAt K) (targetsOf certificate sums).teacher sums.train.teacher ∧
    match certificate.train.labels with
      | none => (targetsOf certificate sums).labels = none ∧ sums.train.labels = none
      | some _ => ∃ targets totals, (targetsOf certificate sums).labels = some targets ∧ sums.train.labels = some totals ∧
          OutputParts K certificate sums (certificate.labelsAt K) targets totals := by
  have hs := sumsOf_flooredBasis shaped pass
  have train := shaped.train
  obtain ⟨progress, passed, -, -, -, same, -⟩ := scan_ok pass
  have totals := targetsOf_scanSplit (K := K) shaped.model train passed
  rw [← same] at totals
  have size : sizeOf' sums.columnSums = certificate.basisSize := by rw [sizeOf'_eq, hs.columns]
  have products : ∀ values targets, addProducts (planOf certificate certificate.train) (sizeOf' sums.columnSums) targets
      (sizeOf' certificate.train.inputs + 1) certificate.train.inputs values
      (repeated ⟨repeated 0 (sizeOf' sums.columnSums), 0⟩ targets) = productsOf certificate values targets := by
    intro values targets
    rw [size, sizeOf'_eq]; rfl
  unfold targetsOf
  dsimp only
  rw [products, sizeOf'_eq certificate.model.intercept, split_eq]
  dsimp only
  have labelTotals := totals.labels
  have teacherLabels : certificate.labelsAt K = fun o => outputColumn K (certificate.train.labels.getD []) o _ := rfl
  cases found : certificate.train.labels with
  | none =>
    rw [found] at labelTotals
    dsimp only at labelTotals ⊢
    obtain ⟨length, each⟩ := productsOf_spec (K := K) shaped pass train.teacher
      fun v hv => Nat.le_of_eq (train.teacherRows v hv).symm
    rw [labelTotals]
    refine ⟨outputParts_of (by rw [List.length_take, length, Nat.min_self]) totals.teacher.1 fun o ho => ?_, rfl, rfl⟩
    have entry : ((productsOf certificate certificate.train.teacher certificate.model.intercept.length).take
        certificate.model.intercept.length).getD o ⟨[], 0⟩
        = (productsOf certificate certificate.train.teacher certificate.model.intercept.length).getD o ⟨[], 0⟩ := by
      rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take, if_pos ho]
    rw [entry]
    exact ⟨(each o ho).1, (each o ho).2, (totals.teacher.2 o ho).values, (totals.teacher.2 o ho).squaredValues⟩
  | some values =>
    rw [found] at labelTotals teacherLabels
    dsimp only at labelTotals teacherLabels ⊢
    obtain ⟨labels, e, labelTotals⟩ := labelTotals
    have labelCount := train.labels values found
    have labelRows := train.labelRows values found
    rw [e, zipped_eq joinedLists]
    have both : ∀ v ∈ List.zipWith joinedLists certificate.train.teacher values, 2 * certificate.model.intercept.length ≤ v.length := by
      intro v hv
      obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem hv
      rw [List.length_zipWith] at hi
      rw [List.getElem_zipWith, joinedLists_eq, List.length_append, train.teacherRows _ (List.getElem_mem _),
        labelRows _ (List.getElem_mem _)]
      omega
    obtain ⟨length, each⟩ := productsOf_spec (K := K) shaped pass (values := List.zipWith joinedLists certificate.train.teacher values)
      (by rw [List.length_zipWith, train.teacher, labelCount, Nat.min_self]) both
    have row : ∀ i, i < certificate.train.inputs.length → (List.zipWith joinedLists certificate.train.teacher values).getD i []
        = certificate.train.teacher.getD i [] ++ values.getD i [] ∧
          (certificate.train.teacher.getD i []).length = certificate.model.intercept.length := by
      intro i hi
      have hi' : i < certificate.train.teacher.length := by rw [train.teacher]; exact hi
      have joined := getD_zipWith joinedLists ([] : List Dyadic) ([] : List Dyadic) ([] : List Dyadic) (xs := certificate.train.teacher)
        (ys := values) hi' (by rw [labelCount]; exact hi)
      refine ⟨by rw [joined, joinedLists_eq], ?_⟩
      rw [getD_below _ hi']; exact train.teacherRows _ (List.getElem_mem hi')
    generalize hp : productsOf certificate (List.zipWith joinedLists certificate.train.teacher values)
      (2 * certificate.model.intercept.length) = all at *
    refine ⟨outputParts_of (by rw [List.length_take, length]; omega) totals.teacher.1 fun o ho => ?_, _, labels, rfl, rfl,
      outputParts_of (by rw [List.length_drop, length]; omega) labelTotals.1 fun o ho => ?_⟩
    · have entry : (all.take certificate.model.intercept.length).getD o ⟨[], 0⟩ = all.getD o ⟨[], 0⟩ := by
        rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take, if_pos ho]
      rw [entry]
      refine ⟨(each o (by omega)).1, fun k hk => ?_, (totals.teacher.2 o ho).values, (totals.teacher.2 o ho).squaredValues⟩
      rw [(each o (by omega)).2 k hk]
      refine sum_congr fun i => ?_
      obtain ⟨joined, width⟩ := row i.val i.isLt
      rw [joined, (numberAt_append _ _).1 o (by rw [width]; exact ho)]
      rfl
    · have entry : (all.drop certificate.model.intercept.length).getD o ⟨[], 0⟩
          = all.getD (certificate.model.intercept.length + o) ⟨[], 0⟩ := by
        rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_drop]
      rw [entry]
      refine ⟨(each _ (by omega)).1, fun k hk => ?_, ?_, ?_⟩
      · rw [(each _ (by omega)).2 k hk]
        refine sum_congr fun i => ?_
        obtain ⟨joined, width⟩ := row i.val i.isLt
        rw [joined, ← width, (numberAt_append _ _).2 o, teacherLabels]
        rfl
      · rw [teacherLabels]; exact (labelTotals.2 o ho).values
      · rw [teacherLabels]; exact (labelTotals.2 o ho).squaredValues

/-- **What the checks hold of the targets is `n Aᵀ (t - t̄)` and `n |t - t̄|²`**, for the operator `A` of the training rows and the
recorded outputs and labels `t`. -/
theorem targetsHold_of_scan (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums) {r : Nat}
    (columns : certificate.basisSize = r) : TargetsHold (targetsOf certificate sums)
      (certificate.operator K (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length r)
      certificate.model.intercept.length (certificate.teacherAt K) (certificate.labelsAt K) := by
  subst columns
  have hs := sumsOf_flooredBasis shaped pass
  have each : ∀ {t : Nat → Vec K certificate.train.inputs.length} {targets : List Target} {totals : List TargetSums},
      OutputParts K certificate sums t targets totals → ∀ (o : Nat) (h : o < targets.length), TargetOf
        (certificate.operator K (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
          certificate.basisSize) (t o) targets[o] := by
    intro t targets totals ⟨l1, l2, parts⟩ o h
    obtain ⟨products, own, e⟩ := parts o h (by omega)
    rw [e]
    exact target_of_products hs shaped.train.nonempty (metricShapes shaped) own.length own.products own.values own.squares
  obtain ⟨teacher, labels⟩ := targetsOf_parts (K := K) shaped pass
  cases found : certificate.train.labels with
  | none =>
    rw [found] at labels
    exact ⟨teacher.1, each teacher, fun list h => (by rw [labels.1] at h; cases h), fun list h => (by rw [labels.1] at h; cases h)⟩
  | some values =>
    rw [found] at labels
    obtain ⟨targets, totals, e, -, parts⟩ := labels
    refine ⟨teacher.1, each teacher, fun list h => ?_, fun list h => ?_⟩
    · rw [e] at h; rw [← Option.some.inj h]; exact parts.1
    · rw [e] at h; rw [← Option.some.inj h]; exact each parts

end

end Eigenstill.Claims
