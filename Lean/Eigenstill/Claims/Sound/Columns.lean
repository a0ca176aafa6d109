/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Sums

/-!
# Columns of rows

`columnsOf width rows` is the list of the columns `columnAt rows 0, …, columnAt rows (width - 1)`.
-/

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

variable {α : Type}

private theorem headsWalk_eq (d : α) (rows : List (List α)) (heads : List α) (tails : List (List α))
    (h : ∀ row ∈ rows, 0 < row.length) : headsAndTails.walk rows heads tails
      = (heads.reverse ++ rows.map fun row => row.getD 0 d, tails.reverse ++ rows.map List.tail) := by
  induction rows generalizing heads tails with
  | nil =>
    rw [show headsAndTails.walk ([] : List (List α)) heads tails = (turned heads, turned tails) from rfl, turned_eq,
      turned_eq, List.map_nil, List.map_nil, List.append_nil, List.append_nil]
  | cons row rows ih =>
    have tailsLong : ∀ r ∈ rows, 0 < r.length := fun r hr => h r (List.mem_cons_of_mem _ hr)
    cases row with
    | nil => exact absurd (h [] List.mem_cons_self) (Nat.lt_irrefl 0)
    | cons x xs =>
      rw [show headsAndTails.walk ((x :: xs) :: rows) heads tails = headsAndTails.walk rows (x :: heads) (xs :: tails)
        from rfl, ih _ _ tailsLong, List.map_cons, List.map_cons, List.reverse_cons, List.reverse_cons, List.append_assoc,
        List.append_assoc, List.singleton_append, List.singleton_append]
      rfl

/-- Column `j` of some rows. -/
def columnAt (d : α) (rows : List (List α)) (j : Nat) : List α := rows.map fun row => row.getD j d

private theorem columnsWalk_eq (d : α) (width : Nat) (rows done : List (List α)) (h : ∀ row ∈ rows, width ≤ row.length) :
    columnsOf.walk width rows done = done.reverse ++ (List.range width).map (columnAt d rows) := by
  induction width generalizing rows done with
  | zero =>
    rw [show columnsOf.walk 0 rows done = turned done from rfl, turned_eq, List.range_zero, List.map_nil, List.append_nil]
  | succ width ih =>
    have long : ∀ row ∈ rows, 0 < row.length := fun row hr => by have := h row hr; omega
    have shorter : ∀ row ∈ rows.map List.tail, width ≤ row.length := by
      intro row hr
      obtain ⟨other, member, rfl⟩ := List.mem_map.mp hr
      have := h other member
      rw [List.length_tail]; omega
    have tails : ∀ j, columnAt d (rows.map List.tail) j = columnAt d rows (j + 1) := by
      intro j; unfold columnAt; rw [List.map_map]
      refine List.map_congr_left fun row _ => ?_
      cases row with
      | nil => rfl
      | cons x xs => rfl
    have parts : headsAndTails rows = (columnAt d rows 0, rows.map List.tail) := by
      unfold headsAndTails
      rw [headsWalk_eq d rows [] [] long, List.reverse_nil, List.nil_append, List.reverse_nil, List.nil_append]; rfl
    rw [show columnsOf.walk (width + 1) rows done
      = columnsOf.walk width (headsAndTails rows).2 ((headsAndTails rows).1 :: done) from rfl, parts, ih _ _ shorter,
      List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons, List.append_assoc, List.singleton_append,
      List.map_congr_left fun j _ => tails j]
    rfl

/-- **The columns of rows that are long enough.** -/
theorem columnsOf_eq (d : α) (width : Nat) (rows : List (List α)) (h : ∀ row ∈ rows, width ≤ row.length) :
    columnsOf width rows = (List.range width).map (columnAt d rows) := by
  unfold columnsOf; rw [columnsWalk_eq d width rows [] h, List.reverse_nil, List.nil_append]

theorem length_columnAt (d : α) (rows : List (List α)) (j : Nat) : (columnAt d rows j).length = rows.length :=
  List.length_map _

theorem length_columnsOf (d : α) {width : Nat} {rows : List (List α)} (h : ∀ row ∈ rows, width ≤ row.length) :
    (columnsOf width rows).length = width := by
  rw [columnsOf_eq d width rows h, List.length_map, List.length_range]

/-- Column `j`, from the list of columns. -/
theorem getD_columnsOf (d : α) {width j : Nat} {rows : List (List α)} (h : ∀ row ∈ rows, width ≤ row.length)
    (hj : j < width) : (columnsOf width rows).getD j [] = columnAt d rows j := by
  rw [columnsOf_eq d width rows h, getD_below _ (by rw [List.length_map, List.length_range]; exact hj), List.getElem_map,
    List.getElem_range]

theorem getD_map {β : Type} (f : α → β) (d : α) (e : β) (xs : List α) (i : Nat) (h : f d = e) :
    (xs.map f).getD i e = f (xs.getD i d) := by
  by_cases hi : i < xs.length
  · rw [getD_below _ (by rw [List.length_map]; exact hi), getD_below _ hi, List.getElem_map]
  · rw [getD_beyond _ (by rw [List.length_map]; omega), getD_beyond _ (by omega), h]

/-- Entry `i` of column `j` is entry `j` of row `i`. -/
theorem at0_columnAt (rows : List (List Int)) (i j : Nat) : at0 (columnAt 0 rows j) i = at00 rows i j := by
  unfold columnAt
  rw [at0, getD_map _ [] 0 rows i List.getD_nil]

theorem at00_columnsOf {width i j : Nat} {rows : List (List Int)} (h : ∀ row ∈ rows, width ≤ row.length)
    (hj : j < width) : at00 (columnsOf width rows) j i = at00 rows i j := by
  rw [at00, getD_columnsOf 0 h hj]; exact at0_columnAt rows i j

end Eigenstill.Claims.Exec
