/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Blocks
public import Eigenstill.Claims.Sound.Centred
public import Eigenstill.Claims.Sound.GramRows

/-!
# Column sums and Gram matrix of the pass over the rows

`sumsOf_scan`: **the pass computes the column sums and the Gram matrix of the rows of `C`**, these being what `flooredRow` gives at
the points.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq pack_congr pack_add)

theorem getD_map_below {α β : Type} (f : α → β) (d : α) (e : β) {xs : List α} {i : Nat} (h : i < xs.length) :
    (xs.map f).getD i e = f (xs.getD i d) := by
  rw [getD_below _ (by rw [List.length_map]; exact h), getD_below _ h, List.getElem_map]

/-- Entry `k` of the row of `C` at point `i` of a split, as the pass computes it. -/
def rowEntry (certificate : Certificate) (rows : Rows) (i k : Nat) : Int :=
  at0 (flooredRow (planOf certificate rows) (rows.inputs.getD i [])) k

theorem shiftLeft_one (n : Nat) : Dyadic.shiftLeft 1 n = 2 ^ n := by
  unfold Dyadic.shiftLeft
  rw [show Nat.shiftLeft 1 n = 1 <<< n from rfl, Nat.shiftLeft_eq, Nat.one_mul, Int.one_mul]
  exact Int.natCast_pow 2 n

/-- Entries that were found to lie in `[0, top]`. -/
theorem within_of_allWithin {top : Int} {rows : List (List Int)} (h : allWithin top rows = true) (nonneg : 0 ≤ top) :
    ∀ row ∈ rows, ∀ k, 0 ≤ at0 row k ∧ at0 row k ≤ top := by
  intro row hr k
  have h1 := (every_iff _ _).mp h row hr
  have h2 := (every_iff _ _).mp h1
  by_cases hk : k < row.length
  · have h3 := h2 row[k] (List.getElem_mem hk)
    rw [Bool.and_eq_true] at h3
    rw [at0, getD_below _ hk]
    exact ⟨of_decide_eq_true h3.1, of_decide_eq_true h3.2⟩
  · rw [at0, getD_beyond _ (by omega)]
    exact ⟨Int.le_refl _, nonneg⟩

/-- Slots of the Gram matrix hold sums of `n` products. -/
theorem gramWidth_spec (certificate : Certificate) (rows : Rows) :
    ((rows.inputs.length * (2 ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits) : Nat) : Int)
      < base (planOf certificate rows).gramWidth := by
  have bound := lt_two_pow_bitLength (Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits))
  rw [show (planOf certificate rows).gramWidth
    = Format.bitLength (Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits)) + 1 from rfl, base_eq]
  have e : Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits)
      = rows.inputs.length * (2 ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits) := by
    rw [show Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits)
      = sizeOf' rows.inputs <<< (2 * certificate.basis.gridBits) from rfl, Nat.shiftLeft_eq, sizeOf'_eq, Nat.two_mul, Nat.pow_add]
  rw [← e]
  generalize Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits) = size at *
  rw [Nat.pow_succ]
  exact Int.ofNat_lt.mpr (by omega)

section
variable {certificate : Certificate} {rows : Rows}

/-- What the pass has computed of `C` after `i` rows. -/
structure GramSums (certificate : Certificate) (rows : Rows) (r i : Nat) (progress : Progress) : Prop where
  count : progress.sums.rows = i
  columns : progress.columnSums.length = r
  columnSums : ∀ k, k < r → at0 progress.columnSums k = sumTo i fun t => rowEntry certificate rows t k
  gramRows : progress.gram.length = r
  gram : ∀ k, k < r → at0 progress.gram k = Exact.pack (base (planOf certificate rows).gramWidth) (r - k) fun s =>
    sumTo i fun t => rowEntry certificate rows t k * rowEntry certificate rows t (k + s)
  within : ∀ t, t < i → ∀ k, 0 ≤ rowEntry certificate rows t k ∧ rowEntry certificate rows t k ≤ 2 ^ certificate.basis.gridBits

theorem gramSums_step {r i : Nat} {progress next : Progress}
    (lengths : ∀ x ∈ rows.inputs, (flooredRow (planOf certificate rows) x).length = r) (hi : i < rows.inputs.length)
    (before : GramSums certificate rows r i progress)
    (h : addBlock (planOf certificate rows) true (blockAt rows i) progress = Except.ok next) :
    GramSums certificate rows r (min (i + blockRows) rows.inputs.length) next := by
  obtain ⟨all, gram, sums, count, -⟩ := addBlock_ok h
  have all := all rfl
  have gram := gram rfl
  have sums := sums rfl
  have size := length_block rows.inputs i
  rw [show max i rows.inputs.length = rows.inputs.length by omega] at size
  rw [← size]
  rw [show (blockAt rows i).inputs = (rows.inputs.drop i).take blockRows from rfl] at all gram sums count
  generalize hblock : (rows.inputs.drop i).take blockRows = block at *
  have few : block.length ≤ blockRows := by rw [← hblock, List.length_take]; omega
  have members : ∀ x ∈ block, x ∈ rows.inputs := fun x hx => by
    rw [← hblock] at hx; exact List.mem_of_mem_drop (List.mem_of_mem_take hx)
  generalize hcolumns : block.map (flooredRow (planOf certificate rows)) = columns at *
  have number : columns.length = block.length := by rw [← hcolumns, List.length_map]
  have wide : ∀ row ∈ columns, row.length = progress.gram.length := by
    intro row hr
    rw [← hcolumns] at hr
    obtain ⟨x, hx, rfl⟩ := List.mem_map.mp hr
    rw [before.gramRows]; exact lengths x (members x hx)
  have long : ∀ row ∈ columns, progress.gram.length ≤ row.length := fun row hr => Nat.le_of_eq (wide row hr).symm
  have entry : ∀ t, t < block.length → ∀ k, at00 columns t k = rowEntry certificate rows (i + t) k := by
    intro t ht k
    unfold rowEntry
    rw [at00, ← hcolumns, getD_map_below _ [] [] ht, ← hblock, getD_block [] rows.inputs (by omega)]
  rw [shiftLeft_one, show (planOf certificate rows).basis = certificate.basis from rfl] at all
  have within := within_of_allWithin all (Int.le_of_lt (Int.pow_pos (by omega)))
  have room := gramWidth_spec certificate rows
  have power : (2 : Int) ^ certificate.basis.gridBits < base (planOf certificate rows).gramWidth := by
    have h1 : 2 ^ certificate.basis.gridBits ≤ rows.inputs.length * (2 ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits) := by
      have h2 := Nat.two_pow_pos certificate.basis.gridBits
      have h3 := Nat.mul_le_mul (show 1 ≤ rows.inputs.length by omega) (Nat.mul_le_mul (Nat.le_refl (2 ^ certificate.basis.gridBits)) h2)
      omega
    have h2 := Int.ofNat_le.mpr h1
    rw [Int.natCast_pow, show ((2 : Nat) : Int) = 2 from rfl] at h2
    omega
  have small : ∀ row ∈ columns, ∀ k, 0 ≤ at0 row k ∧ at0 row k < base (planOf certificate rows).gramWidth := fun row hr k => by
    have := within row hr k; omega
  refine ⟨by rw [count, before.count], ?_, fun k hk => ?_, ?_, fun k hk => ?_, fun t ht k => ?_⟩
  · rw [sums, List.length_zipWith, length_columnsOf 0 long, before.columns, before.gramRows, Nat.min_self]
  · rw [sums, at0, getD_zipWith _ 0 [] 0 (by rw [before.columns]; exact hk) (by
      rw [length_columnsOf 0 long, before.gramRows]; exact hk), getD_columnsOf 0 long (by rw [before.gramRows]; exact hk),
      show progress.columnSums.getD k 0 = at0 progress.columnSums k from rfl, before.columnSums k hk,
      sum_eq _ (n := block.length) (by rw [length_columnAt, number]; exact Nat.le_refl _)]
    exact (sumTo_append (fun _ _ => rfl) fun t ht => by rw [at0_columnAt, entry t ht k]).symm
  · rw [gram, length_addGram small wide, before.gramRows]
  · rw [gram, at0_addGram small wide (by rw [before.gramRows]; exact hk), before.gram k hk, before.gramRows, ← pack_add]
    refine pack_congr fun s _ => ?_
    unfold blockGram
    rw [number]
    exact (sumTo_append (fun _ _ => rfl) fun t ht => by rw [entry t ht k, entry t ht (k + s)]).symm
  · by_cases h1 : t < i
    · exact before.within t h1 k
    · have ht' : t - i < block.length := by omega
      have h2 := entry (t - i) ht' k
      rw [show i + (t - i) = t by omega] at h2
      rw [← h2, at00, getD_below (xs := columns) _ (by rw [number]; exact ht')]
      exact within _ (List.getElem_mem _) k

/-- The pass over one split, from its start. -/
theorem addBlocks_of_scanSplit {withGram : Bool} {progress : Progress} {width : Nat}
    (h : scanSplit certificate rows withGram = Except.ok (progress, width)) : width = (planOf certificate rows).gramWidth ∧
      ∃ start : SplitSums, start.rows = 0 ∧ start.teacher = repeated noTargetSums (planOf certificate rows).outputs ∧
        start.labels = (rows.labels.map fun _ => repeated noTargetSums (planOf certificate rows).outputs) ∧
        start.largestDifference = Dyadic.zero ∧ start.largestMagnitude = Dyadic.zero ∧
        addBlocks (planOf certificate rows) withGram (rows.inputs.length + 1) (rowsFrom rows 0)
          ⟨repeated 0 (certificate.model.landmarks.length + certificate.model.offsets.length),
            repeated 0 (certificate.model.landmarks.length + certificate.model.offsets.length), start⟩ = Except.ok progress := by
  unfold scanSplit at h
  dsimp only at h
  rw [sizeOf'_eq, sizeOf'_eq, sizeOf'_eq] at h
  rw [rowsFrom_zero]
  split at h
  · cases h
  · next result passed =>
    cases h
    refine ⟨rfl, _, rfl, rfl, ?_, rfl, rfl, passed⟩
    cases rows.labels <;> rfl

theorem gramSums_of_scanSplit {progress : Progress} {width : Nat}
    (lengths : ∀ x ∈ rows.inputs, (flooredRow (planOf certificate rows) x).length
      = certificate.model.landmarks.length + certificate.model.offsets.length)
    (h : scanSplit certificate rows true = Except.ok (progress, width)) :
    GramSums certificate rows (certificate.model.landmarks.length + certificate.model.offsets.length) rows.inputs.length progress := by
  obtain ⟨-, start, count, -, -, -, -, passed⟩ := addBlocks_of_scanSplit h
  refine addBlocks_induction (motive := GramSums certificate rows _)
    (fun i progress next hi before hb => gramSums_step lengths hi before hb) _ 0 _ (by omega) passed ?_
  rw [Nat.zero_min]
  refine ⟨count, ?_, fun k _ => ?_, ?_, fun k _ => ?_, fun t ht => absurd ht (Nat.not_lt_zero t)⟩
  · rw [repeated_eq, List.length_replicate]
  · rw [repeated_eq, at0_replicate]; rfl
  · rw [repeated_eq, List.length_replicate]
  · rw [repeated_eq, at0_replicate]
    exact ((Exact.pack_mul (base (planOf certificate rows).gramWidth)
      (certificate.model.landmarks.length + certificate.model.offsets.length - k) 0 fun _ => 0).trans (Int.zero_mul _)).symm

/-- **The parts of the pass over all rows.** -/
theorem scan_ok {sums : RowSums} (h : scan certificate = Except.ok sums) : ∃ train : Progress,
    scanSplit certificate certificate.train true = Except.ok (train, (planOf certificate certificate.train).gramWidth) ∧
    sums.rows = train.sums.rows ∧ sums.columnSums = train.columnSums ∧
    sums.gram = symmetric (upperEntries (planOf certificate certificate.train).gramWidth train.gram.length train.gram []) [] [] ∧
    sums.train = train.sums ∧
    match certificate.holdout with
      | none => sums.holdout = none
      | some rows => ∃ holdout width, scanSplit certificate rows false = Except.ok (holdout, width) ∧
          sums.holdout = some holdout.sums := by
  unfold scan at h
  cases ht : scanSplit certificate certificate.train true with
  | error rejected => rw [ht] at h; cases h
  | ok pair =>
    obtain ⟨train, width⟩ := pair
    rw [ht] at h
    obtain ⟨hw, -⟩ := addBlocks_of_scanSplit ht
    subst hw
    dsimp only at h
    refine ⟨train, rfl, ?_⟩
    cases hh : certificate.holdout with
    | none =>
      rw [hh] at h
      cases h
      rw [sizeOf'_eq]
      exact ⟨rfl, rfl, rfl, rfl, rfl⟩
    | some rows =>
      rw [hh] at h
      dsimp only at h
      cases hs : scanSplit certificate rows false with
      | error rejected => rw [hs] at h; cases h
      | ok pair =>
        obtain ⟨holdout, width⟩ := pair
        rw [hs] at h
        cases h
        rw [sizeOf'_eq]
        exact ⟨rfl, rfl, rfl, rfl, holdout, width, hs, rfl⟩

/-- **The pass computes the column sums and the Gram matrix of the rows of `C`.** -/
theorem sumsOf_scan {sums : RowSums} (pass : scan certificate = Except.ok sums)
    (lengths : ∀ x ∈ certificate.train.inputs, (flooredRow (planOf certificate certificate.train) x).length
      = certificate.model.landmarks.length + certificate.model.offsets.length) :
    SumsOf sums (rowEntry certificate certificate.train) certificate.train.inputs.length
      (certificate.model.landmarks.length + certificate.model.offsets.length) := by
  obtain ⟨train, passed, count, columns, gram, -, -⟩ := scan_ok pass
  have all := gramSums_of_scanSplit lengths passed
  generalize certificate.model.landmarks.length + certificate.model.offsets.length = r at *
  refine ⟨by rw [count, all.count], by rw [columns, all.columns], fun k hk => by rw [columns, all.columnSums k hk], ?_, ?_, ?_⟩
  · rw [gram, length_symmetric, all.gramRows]
  · intro row hr
    rw [gram] at hr
    rw [length_row_symmetric _ _ hr, all.gramRows]
  · intro k l hk hl
    rw [gram]
    have room := gramWidth_spec certificate certificate.train
    refine at00_symmetric (e := fun k l => sumTo certificate.train.inputs.length fun i =>
      rowEntry certificate certificate.train i k * rowEntry certificate certificate.train i l) (fun k hk => ?_) (fun k l _ _ => ?_)
      (fun k l => sumTo_congr fun i _ => Int.mul_comm _ _) (by rw [all.gramRows]; exact hk) (by rw [all.gramRows]; exact hl)
    · rw [all.gramRows] at hk ⊢; exact all.gram k hk
    · have nonneg : ∀ i, i < certificate.train.inputs.length →
          0 ≤ rowEntry certificate certificate.train i k * rowEntry certificate certificate.train i l :=
        fun i hi => Int.mul_nonneg (all.within i hi k).1 (all.within i hi l).1
      have most := natAbs_sumTo_le (n := certificate.train.inputs.length)
        (f := fun i => rowEntry certificate certificate.train i k * rowEntry certificate certificate.train i l)
        (b := 2 ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits) fun i hi => by
          refine mul_natAbs_le ?_ ?_
          · have h1 := all.within i hi k
            have e : ((2 ^ certificate.basis.gridBits : Nat) : Int) = 2 ^ certificate.basis.gridBits := Int.natCast_pow 2 _
            omega
          · have h1 := all.within i hi l
            have e : ((2 ^ certificate.basis.gridBits : Nat) : Int) = 2 ^ certificate.basis.gridBits := Int.natCast_pow 2 _
            omega
      refine ⟨sum_nonneg _ _ fun i => nonneg i.val i.isLt, ?_⟩
      dsimp only
      generalize (sumTo certificate.train.inputs.length fun i =>
        rowEntry certificate certificate.train i k * rowEntry certificate certificate.train i l) = total at *
      omega

end

end Eigenstill.Claims.Exec
