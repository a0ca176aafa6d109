/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Integers
public import Eigenstill.Claims.Sound.Lists
public import Eigenstill.Exact.Digits

/-!
# Sums over lists are sums over indices

`combined`, `sum` and their like as `Σ_{i<n}`, entries beyond the end of a list being 0; and largest absolute values.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact

theorem getD_beyond {α : Type} (d : α) {xs : List α} {i : Nat} (h : xs.length ≤ i) : xs.getD i d = d := by
  rw [List.getD_eq_getElem?_getD, List.getElem?_eq_none h]; rfl

theorem getD_below {α : Type} (d : α) {xs : List α} {i : Nat} (h : i < xs.length) : xs.getD i d = xs[i] := by
  rw [List.getD_eq_getElem?_getD, List.getElem?_eq_getElem h]; rfl

/-- Entry `i` of a list of integers, 0 beyond its end. -/
abbrev at0 (xs : List Int) (i : Nat) : Int := xs.getD i 0

/-- Entry `(i, j)` of a list of rows, 0 beyond. -/
abbrev at00 (rows : List (List Int)) (i j : Nat) : Int := (rows.getD i []).getD j 0

/-- `f 0 + ... + f (n-1)`. -/
abbrev sumTo (n : Nat) (f : Nat → Int) : Int := Eigenstill.sum n fun i => f i.val

theorem sumTo_congr {n : Nat} {f g : Nat → Int} (h : ∀ i, i < n → f i = g i) : sumTo n f = sumTo n g :=
  sum_congr fun i => h i.val i.isLt

theorem sumTo_head (n : Nat) (f : Nat → Int) : sumTo (n + 1) f = f 0 + sumTo n fun i => f (i + 1) := by
  unfold sumTo; rw [sum_head]; rfl

theorem sumTo_zero (n : Nat) : sumTo n (fun _ => 0) = 0 := sum_zero n

/-- Entries that are 0 from `m` on. -/
theorem sumTo_of_le {m n : Nat} (h : m ≤ n) {f : Nat → Int} (zero : ∀ i, m ≤ i → f i = 0) : sumTo n f = sumTo m f := by
  induction n with
  | zero => rw [show m = 0 by omega]
  | succ n ih =>
    by_cases h1 : m = n + 1
    · rw [h1]
    · rw [← ih (by omega)]
      show sumTo n f + f n = _
      rw [zero n (by omega), Int.add_zero]

theorem combined_eq_min (as bs : List Int) :
    combined as bs = sumTo (min as.length bs.length) fun i => at0 as i * at0 bs i := by
  have h : ∀ (as bs : List Int) (t : Int), combined.walk as bs t
      = t + sumTo (min as.length bs.length) fun i => at0 as i * at0 bs i := by
    intro as
    induction as with
    | nil =>
      intro bs t
      rw [show combined.walk [] bs t = t by cases bs <;> rfl, List.length_nil, Nat.zero_min]
      exact (Int.add_zero t).symm
    | cons a as ih =>
      intro bs t
      cases bs with
      | nil =>
        rw [show combined.walk (a :: as) [] t = t from rfl, List.length_nil, Nat.min_zero]
        exact (Int.add_zero t).symm
      | cons b bs =>
        rw [show combined.walk (a :: as) (b :: bs) t = combined.walk as bs (t + a * b) from rfl, ih, List.length_cons,
          List.length_cons, Nat.succ_min_succ, sumTo_head, Int.add_assoc]
        rfl
  unfold combined; rw [h, Int.zero_add]

/-- **`combined` is the sum of products.** -/
theorem combined_eq {as bs : List Int} {n : Nat} (h : as.length ≤ n ∨ bs.length ≤ n) :
    combined as bs = sumTo n fun i => at0 as i * at0 bs i := by
  rw [combined_eq_min]
  have zero : ∀ i, min as.length bs.length ≤ i → at0 as i * at0 bs i = 0 := by
    intro i hi
    by_cases h1 : as.length ≤ i
    · rw [at0, getD_beyond _ h1, Int.zero_mul]
    · rw [at0, at0, getD_beyond (xs := bs) _ (by omega), Int.mul_zero]
  by_cases h1 : min as.length bs.length ≤ n
  · exact (sumTo_of_le h1 zero).symm
  · omega

theorem sum_eq (xs : List Int) {n : Nat} (h : xs.length ≤ n) : Exec.sum xs = sumTo n (at0 xs) := by
  have walk : ∀ (xs : List Int) (t : Int), Exec.sum.add xs t = t + sumTo xs.length (at0 xs) := by
    intro xs
    induction xs with
    | nil => intro t; exact (Int.add_zero t).symm
    | cons x xs ih =>
      intro t
      rw [show Exec.sum.add (x :: xs) t = Exec.sum.add xs (t + x) from rfl, ih, List.length_cons, sumTo_head, Int.add_assoc]
      rfl
  unfold Exec.sum; rw [walk, Int.zero_add]
  exact (sumTo_of_le h fun i hi => getD_beyond _ hi).symm

theorem sumAbsolute_eq (xs : List Int) {n : Nat} (h : xs.length ≤ n) :
    (sumAbsolute xs : Int) = sumTo n fun i => ((at0 xs i).natAbs : Int) := by
  have walk : ∀ (xs : List Int) (t : Nat), (sumAbsolute.add xs t : Int) = t + sumTo xs.length fun i => ((at0 xs i).natAbs : Int) := by
    intro xs
    induction xs with
    | nil => intro t; exact (Int.add_zero (t : Int)).symm
    | cons x xs ih =>
      intro t
      rw [show sumAbsolute.add (x :: xs) t = sumAbsolute.add xs (t + x.natAbs) from rfl, ih, List.length_cons, sumTo_head,
        Int.natCast_add, Int.add_assoc]
      rfl
  unfold sumAbsolute; rw [walk]
  rw [show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add]
  exact (sumTo_of_le h fun i hi => by rw [at0, getD_beyond _ hi]; rfl).symm

theorem larger_eq (a b : Nat) : larger a b = max a b := by unfold larger; split <;> omega

theorem smaller_le_left (a b : Int) : smaller a b ≤ a := by unfold smaller; split <;> omega
theorem smaller_le_right (a b : Int) : smaller a b ≤ b := by unfold smaller; split <;> omega

theorem le_folded_larger {α : Type} (f : α → Nat) (xs : List α) (start : Nat) :
    start ≤ folded (fun most x => larger most (f x)) start xs ∧
      ∀ x ∈ xs, f x ≤ folded (fun most x => larger most (f x)) start xs := by
  induction xs generalizing start with
  | nil => exact ⟨Nat.le_refl _, fun x hx => absurd hx (List.not_mem_nil)⟩
  | cons y ys ih =>
    have h := ih (larger start (f y))
    have h1 := larger_eq start (f y)
    rw [show folded (fun most x => larger most (f x)) start (y :: ys)
      = folded (fun most x => larger most (f x)) (larger start (f y)) ys from rfl]
    refine ⟨by omega, fun x hx => ?_⟩
    rcases List.mem_cons.mp hx with rfl | hx
    · omega
    · exact h.2 x hx

theorem le_largest {xs : List Int} {x : Int} (h : x ∈ xs) : x.natAbs ≤ largest xs :=
  (le_folded_larger Int.natAbs xs 0).2 x h

theorem at0_le_largest (xs : List Int) (i : Nat) : (at0 xs i).natAbs ≤ largest xs := by
  by_cases h : i < xs.length
  · rw [at0, getD_below _ h]; exact le_largest (List.getElem_mem h)
  · rw [at0, getD_beyond _ (by omega)]; exact Nat.zero_le _

theorem le_largestOf {rows : List (List Int)} {row : List Int} (h : row ∈ rows) : largest row ≤ largestOf rows :=
  (le_folded_larger largest rows 0).2 row h

theorem at00_le_largestOf (rows : List (List Int)) (i j : Nat) : (at00 rows i j).natAbs ≤ largestOf rows := by
  by_cases h : i < rows.length
  · have h1 := at0_le_largest (rows.getD i []) j
    have h2 : largest (rows.getD i []) ≤ largestOf rows := by
      rw [getD_below _ h]; exact le_largestOf (List.getElem_mem h)
    unfold at0 at h1; unfold at00; omega
  · rw [at00, getD_beyond (xs := rows) _ (by omega), List.getD_nil]; exact Nat.zero_le _

end Eigenstill.Claims.Exec
