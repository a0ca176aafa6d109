/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Row

/-!
# The loops over a row, as sums

Each loop of `Row.lean` is a sum over the positions of a list; `total n f` is `f 0 + ... + f (n-1)`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

section total
universe u
variable {K : Type u} [CommRing K]

theorem total_succ (n : Nat) (f : Nat → K) : total (n + 1) f = total n f + f n := rfl

theorem total_head (n : Nat) (f : Nat → K) : total (n + 1) f = f 0 + total n fun k => f (k + 1) := sum_head n _

theorem total_congr {n : Nat} {f g : Nat → K} (h : ∀ k, k < n → f k = g k) : total n f = total n g :=
  sum_congr fun k => h k.val k.isLt

theorem total_append (m n : Nat) (f : Nat → K) : total (m + n) f = total m f + total n fun k => f (m + k) := by
  induction n with
  | zero => simp only [total, sum, Nat.add_zero]; grind
  | succ n ih => rw [← Nat.add_assoc, total_succ, total_succ, ih]; grind

theorem total_add (n : Nat) (f g : Nat → K) : total n (fun k => f k + g k) = total n f + total n g := sum_add n _ _

theorem total_mul (n : Nat) (c : K) (f : Nat → K) : total n (fun k => c * f k) = c * total n f := sum_mul n c _

end total

theorem pack_total (B : Int) (n m : Nat) (e : Nat → Nat → Int) :
    pack B n (fun j => total m fun k => e k j) = total m fun k => pack B n (e k) := pack_sum B n m fun k => e k.val

/-- Squared distances to all landmarks fit their slots: `one + Σ weight_d 2^(2 slot) < 2^b`. -/
def distanceBound (slot : Nat) : List Axis → Nat → Nat
  | [], acc => acc
  | a :: as, acc => force (Nat.add acc (Nat.mul a.weight (Nat.pow 2 (Nat.mul 2 slot)))) fun acc => distanceBound slot as acc

theorem distanceBound_eq (slot : Nat) : ∀ (as : List Axis) (acc : Nat), (distanceBound slot as acc : Int)
    = acc + total as.length fun k => ((as.getD k Study.noAxis).weight : Int) * 2 ^ (2 * slot)
  | [], acc => by rw [distanceBound]; simp [total, sum]
  | a :: as, acc => by
    rw [distanceBound, force_eq, distanceBound_eq slot as, List.length_cons, total_head]
    show ((acc + a.weight * 2 ^ (2 * slot) : Nat) : Int) + _ = acc + ((a.weight : Int) * 2 ^ (2 * slot) + _)
    rw [Int.natCast_add, Int.natCast_mul, Int.add_assoc]; simp only [Int.natCast_pow]; rfl

theorem landmarkLoop_eq (D : Study) (b r numerator : Nat) : ∀ (cs : List Column) (k d acc : Nat),
    (landmarkLoop numerator (Nat.sub (Nat.pow 2 b) 1) b (landmarkImages D b r cs k) d acc : Int)
      = acc + total cs.length fun j => ((numerator / digit b d j : Nat) : Int) * columnImage D b r (k + j) (cs.getD j ⟨0, 0⟩)
  | [], k, d, acc => by simp [landmarkImages, landmarkLoop, total, sum]
  | c :: cs, k, d, acc => by
    rw [landmarkImages, force_eq, landmarkLoop, landmarkLoop_eq D b r numerator cs, List.length_cons, total_head]
    rw [land_mask, shiftRight_eq, ← digit_zero]
    show ((acc + numerator / digit b d 0 * columnImage D b r k c : Nat) : Int) + _ = _
    rw [Int.natCast_add, Int.natCast_mul, Int.add_assoc]
    congr 2
    refine total_congr fun j _ => ?_
    rw [digit_div, show Nat.succ k + j = k + (j + 1) by omega]; rfl

/-- The linear column of an input, from the input's value. -/
def linearValue (a : Axis) (v : Nat) : Nat := v * 2 ^ a.up / 2 ^ a.down

theorem axisLoop_eq (D : Study) (b m r top : Nat) : ∀ (as : List Axis) (k x : Nat) (s : AxisSums),
    let t := axisLoop D.slot (Nat.sub (Nat.pow 2 D.slot) 1) top (readyAxes D b m r as k) x s
    (t.square : Int) = s.square + total as.length (fun i => ((as.getD i Study.noAxis).weight : Int) * (digit D.slot x i : Int) ^ 2) ∧
    (t.pull : Int) = s.pull + total as.length (fun i => (digit D.slot x i : Int)
      * (2 * (as.getD i Study.noAxis).weight * restride D.slot b m (as.getD i Study.noAxis).points)) ∧
    (t.image : Int) = s.image + total as.length (fun i => (linearValue (as.getD i Study.noAxis) (digit D.slot x i) : Int)
      * columnImage D b r (k + i) (as.getD i Study.noAxis).column) ∧
    (t.over = 0 → s.over = 0 ∧ ∀ i, i < as.length → linearValue (as.getD i Study.noAxis) (digit D.slot x i) ≤ top)
  | [], k, x, s => by simp [readyAxes, axisLoop, total, sum]
  | a :: as, k, x, s => by
    have ih := axisLoop_eq D b m r top as (Nat.succ k) (Nat.shiftRight x D.slot)
    simp only [readyAxes, axisLoop, force_eq] at ih ⊢
    rw [land_mask, ← digit_zero, shiftRight_eq (Nat.shiftLeft _ _), shiftLeft_eq]
    have hd : ∀ i, digit D.slot (Nat.shiftRight x D.slot) i = digit D.slot x (i + 1) := fun i => by
      rw [shiftRight_eq, digit_div]
    obtain ⟨h1, h2, h3, h4⟩ := ih ⟨Nat.add s.square (Nat.mul a.weight (Nat.mul (digit D.slot x 0) (digit D.slot x 0))),
      Nat.add s.pull (Nat.mul (digit D.slot x 0) (Nat.mul (Nat.mul 2 a.weight) (restride D.slot b m a.points))),
      Nat.add s.image (Nat.mul (digit D.slot x 0 * 2 ^ a.up / 2 ^ a.down) (columnImage D b r k a.column)),
      Nat.add s.over (Nat.sub (digit D.slot x 0 * 2 ^ a.up / 2 ^ a.down) top)⟩
    simp only [hd] at h1 h2 h3 h4
    refine ⟨?_, ?_, ?_, ?_⟩
    · rw [h1, List.length_cons, total_head]
      simp only [List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
      grind
    · rw [h2, List.length_cons, total_head]
      simp only [List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
      grind
    · rw [h3, List.length_cons, total_head]
      simp only [List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul,
        linearValue, Nat.succ_eq_add_one, Nat.add_zero, show ∀ i, k + 1 + i = k + (i + 1) from fun i => by omega]
      grind
    · intro h
      obtain ⟨h5, h6⟩ := h4 h
      have h7 : s.over + (digit D.slot x 0 * 2 ^ a.up / 2 ^ a.down - top) = 0 := h5
      refine ⟨by omega, fun i hi => ?_⟩
      match i with
      | 0 => show digit D.slot x 0 * 2 ^ a.up / 2 ^ a.down ≤ top; omega
      | i + 1 => exact h6 i (by rw [List.length_cons] at hi; omega)

end Eigenstill.Claims
