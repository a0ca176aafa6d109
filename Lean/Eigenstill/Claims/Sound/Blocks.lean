/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Targets
public import Eigenstill.Claims.Sound.Products

/-!
# The pass over the rows, block by block

`addBlocks_induction`: what holds at the start and goes on from block to block holds at the end. `addBlock_ok`: what one block
changes.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

/-- The rows from row `i` on. -/
def rowsFrom (rows : Rows) (i : Nat) : Rows :=
  ⟨rows.inputs.drop i, rows.teacher.drop i, rows.predictions.drop i, rows.labels.map fun labels => labels.drop i⟩

/-- The block of rows from row `i` on. -/
def blockAt (rows : Rows) (i : Nat) : Rows :=
  ⟨(rows.inputs.drop i).take blockRows, (rows.teacher.drop i).take blockRows, (rows.predictions.drop i).take blockRows,
    rows.labels.map fun labels => (labels.drop i).take blockRows⟩

theorem rowsFrom_zero (rows : Rows) : rowsFrom rows 0 = rows := by
  unfold rowsFrom
  cases rows with
  | mk inputs teacher predictions labels => cases labels <;> rfl

theorem length_block {α : Type} (xs : List α) (i : Nat) :
    i + ((xs.drop i).take blockRows).length = min (i + blockRows) (max i xs.length) := by
  rw [List.length_take, List.length_drop]; omega

theorem getD_block {α : Type} (d : α) (xs : List α) {i t : Nat} (h : t < blockRows) :
    ((xs.drop i).take blockRows).getD t d = xs.getD (i + t) d := by
  rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take, if_pos h, List.getElem?_drop]

private theorem addBlocks_succ (plan : Plan) (withGram : Bool) (fuel i : Nat) (rows : Rows) (progress : Progress) :
    addBlocks plan withGram (fuel + 1) (rowsFrom rows i) progress = match rows.inputs.drop i with
      | [] => Except.ok progress
      | _ => match addBlock plan withGram (blockAt rows i) progress with
        | Except.error rejected => Except.error rejected
        | Except.ok progress => addBlocks plan withGram fuel (rowsFrom rows (i + blockRows)) progress := by
  rw [addBlocks]
  unfold rowsFrom blockAt
  cases rows.labels <;> simp only [split_eq, List.drop_drop, Option.map_none, Option.map_some] <;>
    generalize List.drop i rows.inputs = inputs <;> cases inputs <;> rfl

/-- **What holds of the sums of no rows, and goes on from block to block, holds of the sums of all rows.** -/
theorem addBlocks_induction {plan : Plan} {withGram : Bool} {rows : Rows} {motive : Nat → Progress → Prop}
    (step : ∀ i progress next, i < rows.inputs.length → motive i progress →
      addBlock plan withGram (blockAt rows i) progress = Except.ok next → motive (min (i + blockRows) rows.inputs.length) next)
    {result : Progress} (fuel i : Nat) (progress : Progress) (enough : rows.inputs.length < i + fuel)
    (h : addBlocks plan withGram fuel (rowsFrom rows i) progress = Except.ok result)
    (start : motive (min i rows.inputs.length) progress) : motive rows.inputs.length result := by
  have some : blockRows = 512 := rfl
  induction fuel generalizing i progress with
  | zero =>
    rw [addBlocks] at h
    cases h
    rw [Nat.min_eq_right (by omega)] at start; exact start
  | succ fuel ih =>
    rw [addBlocks_succ] at h
    split at h
    · next empty =>
      cases h
      rw [Nat.min_eq_right (List.drop_eq_nil_iff.mp empty)] at start; exact start
    · next more =>
      have hi : i < rows.inputs.length := by
        by_cases h1 : i < rows.inputs.length
        · exact h1
        · exact absurd (List.drop_eq_nil_iff.mpr (by omega)) more
      rw [Nat.min_eq_left (by omega)] at start
      cases hb : addBlock plan withGram (blockAt rows i) progress with
      | error rejected => rw [hb] at h; cases h
      | ok next =>
        rw [hb] at h
        exact ih (i + blockRows) next (by omega) h (step i progress next hi start hb)

/-! ### What predictions leave alone -/

theorem addAllPredictions_others (features absolute : List (List Int)) (forms : List FineForm) (columns : List (List Dyadic))
    (sums : SplitSums) : (addAllPredictions features absolute forms columns sums).rows = sums.rows ∧
      (addAllPredictions features absolute forms columns sums).teacher = sums.teacher ∧
      (addAllPredictions features absolute forms columns sums).labels = sums.labels := by
  induction forms generalizing columns sums with
  | nil => exact ⟨rfl, rfl, rfl⟩
  | cons form forms ih =>
    cases columns with
    | nil => exact ⟨rfl, rfl, rfl⟩
    | cons column columns =>
      have h := ih columns (addPredictions form features absolute column sums)
      rw [show addAllPredictions features absolute (form :: forms) (column :: columns) sums
        = addAllPredictions features absolute forms columns (addPredictions form features absolute column sums) from rfl]
      exact h

/-- The fine basis values, and with the linear term the coordinates, at a point. -/
def fineFeatures (plan : Plan) (x : List Dyadic) : List Int :=
  let fine := fineRow plan.kernel (denominators plan.kernel (pointIn plan.kernel x))
  if plan.basis.linear then fine ++ pointIn plan.kernel x else fine

/-- The outputs of the formula on the floored basis at a block of rows. -/
def blockStudents (plan : Plan) (inputs : List (List Dyadic)) : List Students :=
  plan.forms.map fun form => ⟨inputs.map fun x => form.value (flooredRow plan x), form.exponent⟩

/-- **What one block changes.** -/
theorem addBlock_ok {plan : Plan} {withGram : Bool} {block : Rows} {progress next : Progress}
    (h : addBlock plan withGram block progress = Except.ok next) :
    (withGram = true → allWithin (Dyadic.shiftLeft 1 plan.basis.gridBits) (block.inputs.map (flooredRow plan)) = true) ∧
    (withGram = true → next.gram = addGram plan.gramWidth progress.gram
      (columnsOf progress.gram.length (block.inputs.map (flooredRow plan)))
      ((block.inputs.map (flooredRow plan)).map (pack plan.gramWidth)) []) ∧
    (withGram = true → next.columnSums = List.zipWith (fun total column => total + sum column) progress.columnSums
      (columnsOf progress.gram.length (block.inputs.map (flooredRow plan)))) ∧
    next.sums.rows = progress.sums.rows + block.inputs.length ∧
    next.sums.teacher = addTargets false progress.sums.teacher (blockStudents plan block.inputs)
      (columnsOf plan.outputs block.teacher) (columnsOf plan.outputs block.teacher) [] ∧
    next.sums.labels = (match progress.sums.labels, block.labels with
      | some labels, some rows => some (addTargets true labels (blockStudents plan block.inputs) (columnsOf plan.outputs rows)
          (columnsOf plan.outputs block.teacher) [])
      | _, _ => none) ∧
    ∃ sums : SplitSums, sums.largestDifference = progress.sums.largestDifference ∧
      sums.largestMagnitude = progress.sums.largestMagnitude ∧
      next.sums = addAllPredictions (block.inputs.map (fineFeatures plan))
        ((block.inputs.map (fineFeatures plan)).map fun row => row.map fun entry => Int.ofNat entry.natAbs) plan.fineForms
        (columnsOf plan.outputs block.predictions) sums := by
  have columns : zipped (fun fine x => joinedLists (mapped (fun value => shifted value (-Int.ofNat plan.basis.gridBits)) fine)
      (linearRow plan.basis.gridBits x plan.model.offsets plan.basis.linearExponents []))
      (mapped (fineRow plan.kernel) (mapped (denominators plan.kernel) (mapped (pointIn plan.kernel) block.inputs))) block.inputs
      = block.inputs.map (flooredRow plan) := by
    rw [mapped_eq, mapped_eq, mapped_eq, zipped_eq, List.map_map, List.map_map, List.zipWith_map_left, List.zipWith_self]
    rfl
  have features : (if plan.basis.linear then
      zipped joinedLists (mapped (fineRow plan.kernel) (mapped (denominators plan.kernel) (mapped (pointIn plan.kernel) block.inputs)))
        (mapped (pointIn plan.kernel) block.inputs)
      else mapped (fineRow plan.kernel) (mapped (denominators plan.kernel) (mapped (pointIn plan.kernel) block.inputs)))
      = block.inputs.map (fineFeatures plan) := by
    unfold fineFeatures
    rw [mapped_eq, mapped_eq, mapped_eq, zipped_eq, List.map_map, List.map_map]
    cases plan.basis.linear with
    | false => simp only [Bool.false_eq_true, if_false]; rfl
    | true =>
      rw [if_pos rfl, List.zipWith_map, List.zipWith_self]
      refine List.map_congr_left fun x _ => ?_
      rw [if_pos rfl, joinedLists_eq]; rfl
  unfold addBlock at h
  dsimp only at h
  rw [columns, features] at h
  split at h
  · cases h
  · next within =>
    have e := (Except.ok.inj h).symm
    subst e
    dsimp only
    simp only [mapped_eq, zipped_eq, sizeOf'_eq]
    obtain ⟨h1, h2, h3⟩ := addAllPredictions_others (block.inputs.map (fineFeatures plan))
      ((block.inputs.map (fineFeatures plan)).map fun row => row.map fun entry => Int.ofNat entry.natAbs) plan.fineForms
      (columnsOf plan.outputs block.predictions)
      { progress.sums with
        rows := progress.sums.rows + block.inputs.length
        teacher := addTargets false progress.sums.teacher
          (plan.forms.map fun form => ⟨(block.inputs.map (flooredRow plan)).map form.value, form.exponent⟩)
          (columnsOf plan.outputs block.teacher) (columnsOf plan.outputs block.teacher) []
        labels := match progress.sums.labels, block.labels with
          | some labels, some rows => some (addTargets true labels
              (plan.forms.map fun form => ⟨(block.inputs.map (flooredRow plan)).map form.value, form.exponent⟩)
              (columnsOf plan.outputs rows) (columnsOf plan.outputs block.teacher) [])
          | _, _ => none
        withinRange := progress.sums.withinRange && every (every (fun denominator => denominator ≤ plan.kernel.limit))
          ((block.inputs.map (pointIn plan.kernel)).map (denominators plan.kernel)) }
    have students : blockStudents plan block.inputs
        = plan.forms.map fun form => ⟨(block.inputs.map (flooredRow plan)).map form.value, form.exponent⟩ := by
      unfold blockStudents
      refine List.map_congr_left fun form _ => ?_
      rw [List.map_map]; rfl
    rw [students]
    refine ⟨fun hw => ?_, fun hw => ?_, fun hw => ?_, h1, h2, h3, _, ?_, ?_, rfl⟩
    · subst hw
      cases ha : allWithin (Dyadic.shiftLeft 1 plan.basis.gridBits) (block.inputs.map (flooredRow plan)) with
      | true => rfl
      | false => rw [ha] at within; exact absurd rfl within
    · subst hw; rfl
    · subst hw; rfl
    · rfl
    · rfl

end Eigenstill.Claims.Exec
