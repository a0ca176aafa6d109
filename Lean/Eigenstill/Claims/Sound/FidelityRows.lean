/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Forms
public import Eigenstill.Claims.Sound.FromRows

/-!
# The check of `fidelity` is sound, from the rows on

* `targetsOf_scanSplit`: the pass over a split computes the sums of its targets, exactly.
* `fidelity_of_check`: **the recorded bounds hold for the formula at the rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- Output `o` of the formula on the floored basis, at row `k`. -/
def studentAt (K : Type u) [Field K] (certificate : Certificate) (rows : Rows) (o k : Nat) : K :=
  (((outputForm certificate o).value (flooredRow (planOf certificate rows) (rows.inputs.getD k [])) : Int) : K)
    * 2 ^ (outputForm certificate o).exponent

/-- Exact sums of all outputs of one target after `i` rows. -/
def OutputsOf (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) (rows : Rows) (values : List (List Dyadic))
    (i : Nat) (sums : List TargetSums) : Prop :=
  sums.length = certificate.model.intercept.length ∧ ∀ o, o < certificate.model.intercept.length →
    TargetSumsOf (sums.getD o noTargetSums) (outputColumn K values o i) (fun k : Fin i => studentAt K certificate rows o k.val)
      (outputColumn K rows.teacher o i)

/-- What the pass has computed of the targets after `i` rows. -/
structure TargetsOf (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) (rows : Rows) (i : Nat) (sums : SplitSums) :
    Prop where
  count : sums.rows = i
  teacher : OutputsOf K certificate rows rows.teacher i sums.teacher
  labels : match rows.labels with
    | none => sums.labels = none
    | some values => ∃ labels, sums.labels = some labels ∧ OutputsOf K certificate rows values i labels

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
  (shapes : RowShapes certificate.model rows)
include model shapes

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] model shapes in
private theorem block_column {values : List (List Dyadic)} (rowsLength : ∀ row ∈ values, row.length = certificate.model.intercept.length)
    {i b : Nat} (hb : ((values.drop i).take blockRows).length = b) {o : Nat} (ho : o < certificate.model.intercept.length) :
    ((columnsOf certificate.model.intercept.length ((values.drop i).take blockRows)).getD o []).length = b ∧
    ∀ k, k < b → numberAt K ((columnsOf certificate.model.intercept.length ((values.drop i).take blockRows)).getD o []) k
      = numberAt K (values.getD (i + k) []) o := by
  have few : b ≤ blockRows := by rw [← hb, List.length_take]; omega
  have long : ∀ row ∈ (values.drop i).take blockRows, certificate.model.intercept.length ≤ row.length := fun row hr =>
    Nat.le_of_eq (rowsLength row (List.mem_of_mem_drop (List.mem_of_mem_take hr))).symm
  rw [getD_columnsOf Dyadic.zero long ho]
  refine ⟨by rw [length_columnAt, hb], fun k hk => ?_⟩
  rw [numberAt_columnAt, getD_block [] values (by omega)]

/-- One target, one block further. -/
private theorem outputsOf_step {values : List (List Dyadic)} (valuesLength : values.length = rows.inputs.length)
    (valueRows : ∀ row ∈ values, row.length = certificate.model.intercept.length) {i b : Nat}
    (hb : ((rows.inputs.drop i).take blockRows).length = b) {sums : List TargetSums} {labels : Bool}
    (before : OutputsOf K certificate rows values i sums) (same : labels = false → values = rows.teacher) :
    OutputsOf K certificate rows values (i + b) (addTargets labels sums (blockStudents (planOf certificate rows)
      ((rows.inputs.drop i).take blockRows)) (columnsOf certificate.model.intercept.length ((values.drop i).take blockRows))
      (columnsOf certificate.model.intercept.length ((rows.teacher.drop i).take blockRows)) []) := by
  have few : b ≤ blockRows := by rw [← hb, List.length_take]; omega
  have blockOf : ∀ {other : List (List Dyadic)}, other.length = rows.inputs.length → ((other.drop i).take blockRows).length = b := by
    intro other h
    rw [← hb, List.length_take, List.length_take, List.length_drop, List.length_drop, h]
  have long : ∀ {other : List (List Dyadic)}, (∀ row ∈ other, row.length = certificate.model.intercept.length) →
      ∀ row ∈ (other.drop i).take blockRows, certificate.model.intercept.length ≤ row.length := fun h row hr =>
    Nat.le_of_eq (h row (List.mem_of_mem_drop (List.mem_of_mem_take hr))).symm
  have forms : (planOf certificate rows).forms = flooredForms certificate.basis certificate.model certificate.model.intercept.length := by
    rw [show (planOf certificate rows).forms = flooredForms certificate.basis certificate.model (sizeOf' certificate.model.intercept)
      from rfl, sizeOf'_eq]
  have students : (blockStudents (planOf certificate rows) ((rows.inputs.drop i).take blockRows)).length
      = certificate.model.intercept.length := by
    unfold blockStudents
    rw [List.length_map, forms, length_flooredForms model]
  obtain ⟨length, each⟩ := before
  rw [addTargets_eq labels _ _ _ _ [] length students (length_columnsOf Dyadic.zero (long valueRows))
    (length_columnsOf Dyadic.zero (long shapes.teacherRows)), List.reverse_nil, List.nil_append]
  refine ⟨by rw [List.length_map, List.length_range], fun o ho => ?_⟩
  rw [getD_range_map _ _ ho]
  obtain ⟨v1, v2⟩ := block_column (K := K) valueRows (blockOf valuesLength) ho
  obtain ⟨w1, w2⟩ := block_column (K := K) shapes.teacherRows (blockOf shapes.teacher) ho
  have student : (blockStudents (planOf certificate rows) ((rows.inputs.drop i).take blockRows)).getD o ⟨[], 0⟩
      = ⟨((rows.inputs.drop i).take blockRows).map fun x => (outputForm certificate o).value (flooredRow (planOf certificate rows) x),
          (outputForm certificate o).exponent⟩ := by
    unfold blockStudents outputForm
    rw [forms, getD_map_below _ ⟨0, [], 0⟩ _ (by rw [length_flooredForms model]; exact ho)]
  refine targetSumsOf_addTarget (t := fun k => numberAt K (values.getD k []) o) (s := fun k => studentAt K certificate rows o k)
    (w := fun k => numberAt K (rows.teacher.getD k []) o) (each o ho) ?_ v1 w1 (fun k hk => ?_) v2 w2 (fun h k => by rw [same h])
  · rw [student, List.length_map, hb]
  · rw [student]
    dsimp only
    unfold studentAt
    rw [at0, getD_map_below _ [] _ (by rw [hb]; exact hk), getD_block [] rows.inputs (by omega)]

private theorem targetsOf_step {withGram : Bool} {i : Nat} {progress next : Progress} (hi : i < rows.inputs.length)
    (before : TargetsOf K certificate rows i progress.sums)
    (h : addBlock (planOf certificate rows) withGram (blockAt rows i) progress = Except.ok next) :
    TargetsOf K certificate rows (min (i + blockRows) rows.inputs.length) next.sums := by
  obtain ⟨-, -, -, count, teacher, labels, -⟩ := addBlock_ok h
  have size := length_block rows.inputs i
  rw [show max i rows.inputs.length = rows.inputs.length by omega] at size
  rw [← size]
  have outputs : (planOf certificate rows).outputs = certificate.model.intercept.length := by
    rw [show (planOf certificate rows).outputs = sizeOf' certificate.model.intercept from rfl, sizeOf'_eq]
  rw [outputs] at teacher labels
  refine ⟨by rw [count, before.count]; rfl, ?_, ?_⟩
  · rw [teacher]
    exact outputsOf_step model shapes shapes.teacher shapes.teacherRows rfl before.teacher fun _ => rfl
  · have old := before.labels
    have lengths := shapes.labels
    have labelRows := shapes.labelRows
    rw [show (blockAt rows i).labels = rows.labels.map fun labels => (labels.drop i).take blockRows from rfl] at labels
    cases hl : rows.labels with
    | none =>
      rw [hl] at old labels
      dsimp only at old ⊢
      rw [labels, old]
    | some values =>
      rw [hl] at old labels
      obtain ⟨sums, found, each⟩ := old
      rw [found] at labels
      exact ⟨_, labels, outputsOf_step model shapes (lengths values hl) (labelRows values hl) rfl each fun h => Bool.noConfusion h⟩

omit [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] model shapes in
private theorem outputsOf_zero (values : List (List Dyadic)) :
    OutputsOf K certificate rows values 0 (repeated noTargetSums (planOf certificate rows).outputs) := by
  have outputs : (planOf certificate rows).outputs = certificate.model.intercept.length := by
    rw [show (planOf certificate rows).outputs = sizeOf' certificate.model.intercept from rfl, sizeOf'_eq]
  rw [outputs, repeated_eq]
  refine ⟨List.length_replicate, fun o ho => ?_⟩
  rw [getD_below _ (by rw [List.length_replicate]; exact ho), List.getElem_replicate]
  exact targetSumsOf_zero (fun k => numberAt K (values.getD k []) o) (fun k => studentAt K certificate rows o k)
    fun k => numberAt K (rows.teacher.getD k []) o

/-- **The pass over a split computes the sums of its targets.** -/
theorem targetsOf_scanSplit {withGram : Bool} {progress : Progress} {width : Nat}
    (h : scanSplit certificate rows withGram = Except.ok (progress, width)) :
    TargetsOf K certificate rows rows.inputs.length progress.sums := by
  obtain ⟨-, start, count, teacher, labels, -, -, passed⟩ := addBlocks_of_scanSplit h
  refine addBlocks_induction (motive := fun i progress => TargetsOf K certificate rows i progress.sums)
    (fun i progress next hi before hb => targetsOf_step model shapes hi before hb) _ 0 _ (by omega) passed ?_
  rw [Nat.zero_min]
  refine ⟨count, ?_, ?_⟩
  · rw [teacher]; exact outputsOf_zero _
  · cases hl : rows.labels with
    | none => rw [hl] at labels; exact labels
    | some values => rw [hl] at labels; exact ⟨_, labels, outputsOf_zero _⟩

/-- The bounds of one target hold. -/
private theorem targetClaim_of_sums {values : List (List Dyadic)} {sums : List TargetSums}
    (each : OutputsOf K certificate rows values rows.inputs.length sums) (name : String) (labels : Bool) :
    TargetClaim K certificate rows values ⟨name, zipped (outputFidelity rows.inputs.length labels) sums
      (floorShifts certificate.basis certificate.model certificate.model.intercept.length)⟩ := by
  obtain ⟨length, each⟩ := each
  have shiftsLength : (floorShifts certificate.basis certificate.model certificate.model.intercept.length).length
      = certificate.model.intercept.length := by
    unfold floorShifts
    rw [zipped_eq, outputColumns_eq model.coefficientRows, outputColumns_eq model.weightRows, List.length_zipWith, List.length_map,
      List.length_map, List.length_range, Nat.min_self]
  unfold TargetClaim
  dsimp only
  rw [zipped_eq]
  have outputs : (List.zipWith (outputFidelity rows.inputs.length labels) sums
      (floorShifts certificate.basis certificate.model certificate.model.intercept.length)).length = certificate.model.intercept.length := by
    rw [List.length_zipWith, length, shiftsLength, Nat.min_self]
  refine ⟨outputs, fun o h => ?_⟩
  have ho : o < certificate.model.intercept.length := by rw [← outputs]; exact h
  rw [List.getElem_zipWith]
  have exact := each o ho
  rw [getD_below _ (by rw [length]; exact ho)] at exact
  have near : ∀ i : Fin rows.inputs.length, absVal (studentAt K certificate rows o i.val - certificate.formulaAt K rows o i)
      ≤ ((floorShifts certificate.basis certificate.model certificate.model.intercept.length)[o]'(by rw [shiftsLength]; exact ho)).value K := by
    intro i
    have h1 := student_near_formula (K := K) model shapes.inputs (x := rows.inputs.getD i.val []) (by
      rw [getD_below _ i.isLt]; exact List.getElem_mem i.isLt) ho
    rw [getD_below (xs := floorShifts certificate.basis certificate.model certificate.model.intercept.length) _ (by
      rw [shiftsLength]; exact ho)] at h1
    exact h1
  refine fidelity_of_sums exact ?_ near shapes.nonempty labels
  exact IsPreorder.le_trans _ _ _ (absVal_nonneg _) (near ⟨0, shapes.nonempty⟩)

/-- The bounds of one split hold. -/
private theorem splitClaim_of_sums {sums : SplitSums} (each : TargetsOf K certificate rows rows.inputs.length sums) (name : String) :
    SplitClaim K certificate rows (splitFidelity name sums
      (floorShifts certificate.basis certificate.model certificate.model.intercept.length)) := by
  unfold splitFidelity SplitClaim
  dsimp only
  rw [each.count]
  have teacher := targetClaim_of_sums model shapes each.teacher "teacher" false
  have labels := each.labels
  cases hl : rows.labels with
  | none =>
    rw [hl] at labels
    dsimp only at labels
    rw [labels]
    exact ⟨rfl, teacher⟩
  | some values =>
    rw [hl] at labels
    obtain ⟨found, e, each⟩ := labels
    rw [e]
    exact ⟨rfl, rfl, teacher, targetClaim_of_sums model shapes each "labels" true⟩

end

/-- **If the check of `fidelity` gives numbers, then they hold for the exact formula at the rows**: for each output, on the training
rows and on the hold-out rows, against the recorded outputs of the teacher and against the labels, no error exceeds
`errorAtMost`, the mean squared error is at most `rmseAtMost²`, and `R²` about the split's own mean is at least as recorded.

The rows and their values are those of the certificate; that a network gave the outputs is not said, and nothing is said of other rows. -/
theorem fidelity_of_check {certificate : Certificate} (shaped : certificate.Shaped) {recorded : List SplitFidelity}
    (h : checkFidelity (prepare certificate) = Except.ok recorded) : FidelityClaim K certificate recorded := by
  unfold checkFidelity at h
  cases exact : (prepare certificate).exact with
  | error rejected => rw [exact] at h; cases h
  | ok pair =>
    rw [exact] at h
    obtain ⟨train, passed, -, -, -, sums, holdout⟩ := scan_ok (scan_of_exact exact)
    dsimp only at h
    rw [show (prepare certificate).certificate = certificate from rfl, sizeOf'_eq, sums] at h
    have first := splitClaim_of_sums (K := K) shaped.model shaped.train (targetsOf_scanSplit shaped.model shaped.train passed) "train"
    have rowShapes := shaped.holdout
    unfold FidelityClaim
    cases hh : certificate.holdout with
    | none =>
      rw [hh] at holdout
      dsimp only at holdout
      rw [holdout] at h
      cases h
      exact ⟨rfl, first⟩
    | some rows =>
      rw [hh] at holdout
      obtain ⟨progress, width, second, e⟩ := holdout
      rw [e] at h
      cases h
      exact ⟨rfl, rfl, first, splitClaim_of_sums shaped.model (rowShapes rows hh)
        (targetsOf_scanSplit shaped.model (rowShapes rows hh) second) "holdout"⟩

end

end Eigenstill.Claims
