/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Scan
public import Eigenstill.Claims.RawData.Parts

/-!
# The image of the means

`combineImages_plan`: what the loop over all columns makes of stored numbers `c_k`: `Σ_k c_k image_k`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

theorem combineImages_eq (slot : Nat) : ∀ (ts : List Nat) (c acc : Nat),
    (combineImages slot (Nat.sub (Nat.pow 2 slot) 1) ts c acc : Int)
      = acc + total ts.length fun k => (digit slot c k : Int) * ts.getD k 0
  | [], c, acc => by simp [combineImages, total, sum]
  | t :: ts, c, acc => by
    rw [combineImages, force_eq, combineImages_eq slot ts, List.length_cons, total_head, land_mask, shiftRight_eq, ← digit_zero]
    simp only [digit_div, List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
    rw [Int.add_assoc]

section images
variable (D : Study) {b : Nat} (r : Nat)

theorem landmarkImages_spec : ∀ (cs : List Column) (k : Nat), (landmarkImages D b r cs k).length = cs.length ∧
    ∀ j, j < cs.length → (landmarkImages D b r cs k).getD j 0 = columnImage D b r (k + j) (cs.getD j ⟨0, 0⟩)
  | [], k => ⟨rfl, fun j hj => absurd hj (Nat.not_lt_zero j)⟩
  | c :: cs, k => by
    obtain ⟨h1, h2⟩ := landmarkImages_spec cs (k + 1)
    rw [landmarkImages, force_eq]
    refine ⟨by rw [List.length_cons, List.length_cons, h1], fun j hj => ?_⟩
    match j with
    | 0 => rfl
    | j + 1 =>
      rw [List.getD_cons_succ, List.getD_cons_succ, h2 j (by rw [List.length_cons] at hj; omega)]
      rw [show k + 1 + j = k + (j + 1) by omega]

theorem axisImages_spec (m : Nat) : ∀ (as : List Axis) (k : Nat), (axisImages (readyAxes D b m r as k)).length = as.length ∧
    ∀ j, j < as.length → (axisImages (readyAxes D b m r as k)).getD j 0
      = columnImage D b r (k + j) (as.getD j Study.noAxis).column
  | [], k => ⟨rfl, fun j hj => absurd hj (Nat.not_lt_zero j)⟩
  | a :: as, k => by
    obtain ⟨h1, h2⟩ := axisImages_spec m as (k + 1)
    rw [readyAxes, force_eq, force_eq, force_eq, axisImages]
    refine ⟨by rw [List.length_cons, List.length_cons, h1], fun j hj => ?_⟩
    match j with
    | 0 => rfl
    | j + 1 =>
      rw [List.getD_cons_succ, List.getD_cons_succ, h2 j (by rw [List.length_cons] at hj; omega)]
      rw [show k + 1 + j = k + (j + 1) by omega]

theorem total_appendImages (f : Nat → Int) : ∀ (ts us : List Nat),
    total (appendImages ts us).length (fun k => f k * (appendImages ts us).getD k 0)
      = total ts.length (fun k => f k * ts.getD k 0) + total us.length fun k => f (ts.length + k) * us.getD k 0 := by
  intro ts us
  have h : appendImages ts us = ts ++ us := by
    induction ts with
    | nil => rfl
    | cons t ts ih => rw [appendImages, ih]; rfl
  rw [h, List.length_append, total_append]
  congr 1
  · refine total_congr fun k hk => ?_
    rw [List.getD_eq_getElem?_getD, List.getElem?_append_left hk, ← List.getD_eq_getElem?_getD]
  · refine total_congr fun k hk => ?_
    rw [List.getD_eq_getElem?_getD, List.getElem?_append_right (by omega), Nat.add_sub_cancel_left, ← List.getD_eq_getElem?_getD]

/-- **The image of stored numbers `c_k`.** -/
theorem combineImages_plan (mean : Nat) :
    (combineImages D.slot (Nat.sub (Nat.pow 2 D.slot) 1)
      (appendImages (landmarkImages D b D.columns D.landmarks 0)
        (axisImages (readyAxes D b D.landmarkCount D.columns D.axes D.landmarkCount))) mean 0 : Int)
      = total D.columns fun k => (digit D.slot mean k : Int) * columnImage D b D.columns k (D.column k) := by
  obtain ⟨h1, h2⟩ := landmarkImages_spec D (b := b) D.columns D.landmarks 0
  obtain ⟨h3, h4⟩ := axisImages_spec D (b := b) D.columns D.landmarkCount D.axes D.landmarkCount
  rw [combineImages_eq, total_appendImages, h1, h3, show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add, Study.columns, total_append]
  congr 1
  · refine total_congr fun k hk => ?_
    rw [h2 k hk, Nat.zero_add]; unfold Study.column; rw [if_pos hk]
  · refine total_congr fun k hk => ?_
    rw [h4 k hk]; unfold Study.column; rw [if_neg (by omega), Nat.add_sub_cancel_left]

end images

end Eigenstill.Claims
