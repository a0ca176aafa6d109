/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Products

/-!
# Gram matrices in packed upper rows

`at0_addGram`: adding `Rᵀ R` for a block `R` of rows of natural numbers. `at00_symmetric`: the full matrix from its packed upper
rows.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq digit pack_congr pack_head pack_add pack_mul)

/-- A shift to the right rounds down. -/
theorem shifted_neg (k : Int) (w : Nat) : shifted k (-Int.ofNat w) = k / 2 ^ w := by
  cases w with
  | zero =>
    rw [show (-Int.ofNat 0 : Int) = Int.ofNat 0 from rfl]
    show k * 1 = _
    rw [Int.mul_one, Int.pow_zero, Int.ediv_one]
  | succ w =>
    have h := Int.shiftRight_eq_div_pow k (w + 1)
    rw [Int.natCast_pow] at h
    rw [show ((2 : Nat) : Int) = 2 from rfl] at h
    rw [← h]
    cases k <;> rfl

/-! ### Adding a block -/

/-- A row from entry `k` on, packed. -/
def packFrom (w : Nat) (row : List Int) (k : Nat) : Int :=
  Exact.pack (base w) (row.length - k) fun s => at0 row (k + s)

theorem packFrom_zero (w : Nat) (row : List Int) : packFrom w row 0 = pack w row := by
  rw [pack_eq]; unfold packFrom
  rw [Nat.sub_zero]
  exact pack_congr fun s _ => by rw [Nat.zero_add]

/-- Dropping the lowest slot. -/
theorem shifted_packFrom {w : Nat} {row : List Int} (within : ∀ k, 0 ≤ at0 row k ∧ at0 row k < base w) (k : Nat) :
    shifted (packFrom w row k) (-Int.ofNat w) = packFrom w row (k + 1) := by
  rw [shifted_neg]
  unfold packFrom
  by_cases h : k < row.length
  · rw [show row.length - k = (row.length - (k + 1)) + 1 by omega, pack_head]
    have hb := base_pos w
    have h1 := within (k + 0)
    show (_ + base w * _) / base w = _
    rw [Int.add_mul_ediv_left _ _ (by omega), Int.ediv_eq_zero_of_lt h1.1 h1.2, Int.zero_add]
    exact pack_congr fun s _ => by rw [show k + (s + 1) = k + 1 + s by omega]
  · rw [show row.length - k = 0 by omega, show row.length - (k + 1) = 0 by omega, Exact.pack_zero]
    exact Int.zero_ediv _

private theorem addGram_walk {w : Nat} {rows : List (List Int)} (within : ∀ row ∈ rows, ∀ k, 0 ≤ at0 row k ∧ at0 row k < base w)
    (gram : List Int) (columns : List (List Int)) (k : Nat) (done : List Int) (h : columns.length = gram.length) :
    addGram w gram columns (rows.map fun row => packFrom w row k) done = done.reverse ++ (List.range gram.length).map fun j =>
      at0 gram j + combined (columns.getD j []) (rows.map fun row => packFrom w row (k + j)) := by
  induction gram generalizing columns k done with
  | nil =>
    rw [show addGram w [] columns _ done = turned done by cases columns <;> rfl, turned_eq, List.length_nil, List.range_zero,
      List.map_nil, List.append_nil]
  | cons first gram ih =>
    cases columns with
    | nil => cases h
    | cons column columns =>
      have shift : mapped (fun row => shifted row (-Int.ofNat w)) (rows.map fun row => packFrom w row k)
          = rows.map fun row => packFrom w row (k + 1) := by
        rw [mapped_eq, List.map_map]
        exact List.map_congr_left fun row hr => shifted_packFrom (within row hr) k
      rw [show addGram w (first :: gram) (column :: columns) (rows.map fun row => packFrom w row k) done
        = addGram w gram columns (mapped (fun row => shifted row (-Int.ofNat w)) (rows.map fun row => packFrom w row k))
          ((first + combined column (rows.map fun row => packFrom w row k)) :: done) from rfl, shift,
        ih columns (k + 1) _ (by rw [List.length_cons, List.length_cons] at h; omega), List.length_cons,
        List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons, List.append_assoc, List.singleton_append]
      congr 2
      refine List.map_congr_left fun j _ => ?_
      show _ = at0 (first :: gram) (j + 1) + combined ((column :: columns).getD (j + 1) [])
        (rows.map fun row => packFrom w row (k + (j + 1)))
      rw [show k + (j + 1) = k + 1 + j by omega]; rfl

/-- The products that a block adds to entry `(k, l)` of the Gram matrix. -/
def blockGram (rows : List (List Int)) (k l : Nat) : Int := sumTo rows.length fun t => at00 rows t k * at00 rows t l

theorem length_addGram {w : Nat} {rows : List (List Int)} {gram : List Int}
    (within : ∀ row ∈ rows, ∀ k, 0 ≤ at0 row k ∧ at0 row k < base w) (lengths : ∀ row ∈ rows, row.length = gram.length) :
    (addGram w gram (columnsOf gram.length rows) (rows.map (pack w)) []).length = gram.length := by
  have long : ∀ row ∈ rows, gram.length ≤ row.length := fun row h => Nat.le_of_eq (lengths row h).symm
  rw [show rows.map (pack w) = rows.map fun row => packFrom w row 0 from
    List.map_congr_left fun row _ => (packFrom_zero w row).symm, addGram_walk within gram _ 0 [] (length_columnsOf 0 long),
    List.reverse_nil, List.nil_append, List.length_map, List.length_range]

/-- **A block adds its products to the packed upper rows.** -/
theorem at0_addGram {w : Nat} {rows : List (List Int)} {gram : List Int}
    (within : ∀ row ∈ rows, ∀ k, 0 ≤ at0 row k ∧ at0 row k < base w) (lengths : ∀ row ∈ rows, row.length = gram.length) {k : Nat}
    (hk : k < gram.length) : at0 (addGram w gram (columnsOf gram.length rows) (rows.map (pack w)) []) k
      = at0 gram k + Exact.pack (base w) (gram.length - k) fun s => blockGram rows k (k + s) := by
  have long : ∀ row ∈ rows, gram.length ≤ row.length := fun row h => Nat.le_of_eq (lengths row h).symm
  rw [show rows.map (pack w) = rows.map fun row => packFrom w row 0 from
    List.map_congr_left fun row _ => (packFrom_zero w row).symm, addGram_walk within gram _ 0 [] (length_columnsOf 0 long),
    List.reverse_nil, List.nil_append, at0, getD_below _ (by rw [List.length_map, List.length_range]; exact hk), List.getElem_map,
    List.getElem_range, getD_columnsOf 0 long hk, Nat.zero_add]
  congr 1
  rw [combined_eq (n := rows.length) (Or.inl (by rw [length_columnAt]; exact Nat.le_refl _))]
  unfold blockGram
  rw [pack_sumTo]
  refine sumTo_congr fun t ht => ?_
  rw [at0_columnAt, pack_mul]
  congr 1
  rw [at0, getD_below _ (by rw [List.length_map]; exact ht), List.getElem_map]
  unfold packFrom
  rw [lengths _ (List.getElem_mem ht)]
  exact pack_congr fun s _ => by rw [at00, getD_below _ ht]

/-! ### The full matrix -/

private theorem upperWalk (w count : Nat) (packed : List Int) (done : List (List Int)) :
    upperEntries w count packed done = done.reverse ++ (List.range packed.length).map fun k =>
      (List.range (count - k)).map fun s => Int.ofNat (digit w (at0 packed k).toNat s) := by
  induction packed generalizing count done with
  | nil =>
    rw [show upperEntries w count [] done = turned done from rfl, turned_eq, List.length_nil, List.range_zero, List.map_nil,
      List.append_nil]
  | cons row packed ih =>
    have mask : Nat.shiftLeft 1 w - 1 = 2 ^ w - 1 := by
      rw [show Nat.shiftLeft 1 w = 1 <<< w from rfl, Nat.shiftLeft_eq, Nat.one_mul]
    rw [show upperEntries w count (row :: packed) done = upperEntries w (count - 1) packed
      (mapped Int.ofNat (slots w (Nat.shiftLeft 1 w - 1) count row.toNat []) :: done) from rfl, ih, List.length_cons,
      List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons, List.append_assoc, List.singleton_append,
      mapped_eq, slots_eq _ _ _ _ _ mask, List.reverse_nil, List.nil_append, List.map_map]
    congr 2
    refine List.map_congr_left fun k _ => ?_
    show _ = (List.range (count - (k + 1))).map fun s => Int.ofNat (digit w (at0 (row :: packed) (k + 1)).toNat s)
    rw [show count - (k + 1) = count - 1 - k by omega]; rfl

private theorem full_eq (row : List Int) (below : List (List Int)) :
    symmetric.full row below = (below.reverse.map fun other => at0 other 0) ++ row := by
  unfold symmetric.full
  induction below generalizing row with
  | nil => rfl
  | cons other below ih =>
    rw [show folded (fun entries (other : List Int) => entryAt 0 0 other :: entries) row (other :: below)
      = folded (fun entries (other : List Int) => entryAt 0 0 other :: entries) (entryAt 0 0 other :: row) below from rfl, ih,
      List.reverse_cons, List.map_append, List.append_assoc, entryAt_eq]; rfl

private theorem tail_eq (row : List Int) : symmetric.tail row = row.drop 1 := by cases row <;> rfl

private theorem symmetricWalk (rows : List (List Int)) (k : Nat) (done : List (List Int)) :
    symmetric (rows.drop k) ((List.range k).reverse.map fun i => (rows.getD i []).drop (k - i)) done
      = done.reverse ++ (List.range (rows.length - k)).map fun j =>
        ((List.range (k + j)).map fun i => at0 (rows.getD i []) (k + j - i)) ++ rows.getD (k + j) [] := by
  generalize hn : rows.length - k = n
  induction n generalizing k done with
  | zero =>
    rw [List.drop_eq_nil_iff.mpr (by omega), show symmetric [] _ done = turned done from rfl, turned_eq, List.range_zero,
      List.map_nil, List.append_nil]
  | succ n ih =>
    have hk : k < rows.length := by omega
    have below : symmetric.below' rows[k] ((List.range k).reverse.map fun i => (rows.getD i []).drop (k - i))
        = (List.range (k + 1)).reverse.map fun i => (rows.getD i []).drop (k + 1 - i) := by
      unfold symmetric.below'
      rw [mapped_eq, List.map_map, List.range_succ, List.reverse_append, List.reverse_cons, List.reverse_nil,
        List.nil_append, List.singleton_append, List.map_cons, tail_eq, getD_below _ hk, show k + 1 - k = 1 by omega]
      congr 1
      refine List.map_congr_left fun i hi => ?_
      have := List.mem_range.mp (List.mem_reverse.mp hi)
      show symmetric.tail _ = _
      rw [tail_eq, List.drop_drop, show k - i + 1 = k + 1 - i by omega]
    rw [List.drop_eq_getElem_cons hk, show ∀ below, symmetric (rows[k] :: rows.drop (k + 1)) below done
      = symmetric (rows.drop (k + 1)) (symmetric.below' rows[k] below) ((symmetric.full rows[k] below) :: done) from
      fun _ => rfl, below, ih (k + 1) _ (by omega), List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons,
      List.append_assoc, List.singleton_append, full_eq, ← List.map_reverse, List.reverse_reverse, List.map_map, Nat.add_zero k,
      getD_below (xs := rows) _ hk]
    congr 2
    · congr 1
      refine List.map_congr_left fun i _ => ?_
      show at0 ((rows.getD i []).drop (k - i)) 0 = _
      rw [at0_drop, Nat.add_zero]
    · refine List.map_congr_left fun j _ => ?_
      show _ = ((List.range (k + (j + 1))).map fun i => at0 (rows.getD i []) (k + (j + 1) - i)) ++ rows.getD (k + (j + 1)) []
      rw [show k + (j + 1) = k + 1 + j by omega]

private theorem symmetric_eq (rows : List (List Int)) : symmetric rows [] [] = (List.range rows.length).map fun j =>
    ((List.range j).map fun i => at0 (rows.getD i []) (j - i)) ++ rows.getD j [] := by
  have h := symmetricWalk rows 0 []
  rw [List.drop_zero, List.range_zero, List.reverse_nil, List.map_nil, List.reverse_nil, List.nil_append, Nat.sub_zero] at h
  rw [h]
  refine List.map_congr_left fun j _ => ?_
  rw [Nat.zero_add]

private theorem getD_upper (w : Nat) (packed : List Int) {k : Nat} (hk : k < packed.length) :
    (upperEntries w packed.length packed []).getD k []
      = (List.range (packed.length - k)).map fun s => Int.ofNat (digit w (at0 packed k).toNat s) := by
  rw [upperWalk, List.reverse_nil, List.nil_append, getD_below _ (by rw [List.length_map, List.length_range]; exact hk),
    List.getElem_map, List.getElem_range]

private theorem length_upper (w : Nat) (packed : List Int) : (upperEntries w packed.length packed []).length = packed.length := by
  rw [upperWalk, List.reverse_nil, List.nil_append, List.length_map, List.length_range]

theorem length_symmetric (w : Nat) (packed : List Int) :
    (symmetric (upperEntries w packed.length packed []) [] []).length = packed.length := by
  rw [symmetric_eq, List.length_map, List.length_range, length_upper]

theorem length_row_symmetric (w : Nat) (packed : List Int) {row : List Int}
    (h : row ∈ symmetric (upperEntries w packed.length packed []) [] []) : row.length = packed.length := by
  rw [symmetric_eq, length_upper] at h
  obtain ⟨j, hj, rfl⟩ := List.mem_map.mp h
  have := List.mem_range.mp hj
  rw [List.length_append, List.length_map, List.length_range, getD_upper w packed this, List.length_map, List.length_range]
  omega

/-- **The full matrix from packed upper rows** of natural numbers that fit their slots. -/
theorem at00_symmetric {w : Nat} {packed : List Int} {e : Nat → Nat → Int}
    (upper : ∀ k, k < packed.length → at0 packed k = Exact.pack (base w) (packed.length - k) fun s => e k (k + s))
    (within : ∀ k l, k < packed.length → l < packed.length → 0 ≤ e k l ∧ e k l < base w)
    (comm : ∀ k l, e k l = e l k) {k l : Nat} (hk : k < packed.length) (hl : l < packed.length) :
    at00 (symmetric (upperEntries w packed.length packed []) [] []) k l = e k l := by
  have entry : ∀ {i s : Nat}, i + s < packed.length → at0 ((upperEntries w packed.length packed []).getD i []) s = e i (i + s) := by
    intro i s h
    have hi : i < packed.length := by omega
    rw [getD_upper w packed hi, at0, getD_below _ (by rw [List.length_map, List.length_range]; omega), List.getElem_map,
      List.getElem_range]
    have small : ∀ s, s < packed.length - i → 0 ≤ e i (i + s) ∧ e i (i + s) < base w := fun s hs => within i (i + s) hi (by omega)
    have nonneg : 0 ≤ at0 packed i := by
      rw [upper i hi]
      unfold Exact.pack
      exact sum_nonneg _ _ fun s => Int.mul_nonneg (small s.val s.isLt).1 (Int.le_of_lt (Int.pow_pos (base_pos w)))
    exact Exact.digit_of_pack (e := fun s => e i (i + s)) (by rw [Int.toNat_of_nonneg nonneg]; exact upper i hi) small s (by omega)
  rw [symmetric_eq, length_upper, at00, getD_below (xs := (List.range packed.length).map _) _ (by
    rw [List.length_map, List.length_range]; exact hk), List.getElem_map, List.getElem_range]
  show at0 _ l = _
  rw [at0_append, List.length_map, List.length_range]
  by_cases h : l < k
  · rw [if_pos h, at0, getD_below _ (by rw [List.length_map, List.length_range]; exact h), List.getElem_map, List.getElem_range,
      entry (by omega), show l + (k - l) = k by omega, comm]
  · rw [if_neg h, entry (by omega), show k + (l - k) = l by omega]

end Eigenstill.Claims.Exec
