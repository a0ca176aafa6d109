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

theorem distanceBound_eq (slot : Nat) : ∀ (as : List Axis) (acc : Nat), (distanceBound slot as acc : Int)
    = acc + total as.length fun k => (((as.getD k Study.noAxis).weight : Int) + 1) * 2 ^ (2 * slot)
  | [], acc => by rw [distanceBound]; simp [total, sum]
  | a :: as, acc => by
    rw [distanceBound, force_eq, distanceBound_eq slot as, List.length_cons, total_head]
    show ((acc + (a.weight + 1) * 2 ^ (2 * slot) : Nat) : Int) + _ = acc + (((a.weight : Int) + 1) * 2 ^ (2 * slot) + _)
    rw [Int.natCast_add, Int.natCast_mul, Int.add_assoc]; simp only [Int.natCast_pow]; rfl

theorem landmarkLoop_cons (numerator mask b t : Nat) (ts : List Nat) (d acc : Nat) :
    landmarkLoop numerator mask b (t :: ts) d acc = landmarkLoop numerator mask b ts (Nat.shiftRight d b)
      (Nat.add acc (Nat.mul (Nat.div numerator (Nat.land d mask)) t)) := rfl

theorem landmarkLoop_eq (D : Study) (b r numerator : Nat) : ∀ (cs : List Column) (k d acc : Nat),
    (landmarkLoop numerator (Nat.sub (Nat.pow 2 b) 1) b (landmarkImages D b r cs k) d acc : Int)
      = acc + total cs.length fun j => ((numerator / digit b d j : Nat) : Int) * columnImage D b r (k + j) (cs.getD j ⟨0, 0⟩)
  | [], k, d, acc => by simp [landmarkImages, landmarkLoop, total, sum]
  | c :: cs, k, d, acc => by
    rw [landmarkImages, force_eq, landmarkLoop_cons, landmarkLoop_eq D b r numerator cs, List.length_cons, total_head]
    rw [land_mask, shiftRight_eq, ← digit_zero]
    show ((acc + numerator / digit b d 0 * columnImage D b r k c : Nat) : Int) + _ = _
    rw [Int.natCast_add, Int.natCast_mul, Int.add_assoc]
    congr 2
    refine total_congr fun j _ => ?_
    rw [digit_div, show Nat.succ k + j = k + (j + 1) by omega]; rfl

/-- The linear column of an input, from the input's value, which is not below the origin. -/
def linearValue (a : Axis) (v : Nat) : Nat := (v - a.origin) * 2 ^ a.up / 2 ^ a.down

theorem axisLoop_cons {α : Type} (slot slotMask top : Nat) (a : ReadyAxis) (as : List ReadyAxis) (x p q i o : Nat)
    (c : Nat → Nat → Nat → Nat → α) : axisLoop slot slotMask top (a :: as) x p q i o c
      = axisLoop slot slotMask top as (Nat.shiftRight x slot)
        (Nat.add p (Nat.mul a.weight (Nat.mul (Nat.land x slotMask) (Nat.land x slotMask))))
        (Nat.add q (Nat.mul (Nat.land x slotMask) a.pull))
        (Nat.add i (Nat.mul (Nat.shiftRight (Nat.shiftLeft (Nat.sub (Nat.land x slotMask) a.origin) a.up) a.down) a.image))
        (Nat.add o (Nat.add (Nat.sub (Nat.shiftRight (Nat.shiftLeft (Nat.sub (Nat.land x slotMask) a.origin) a.up) a.down) top)
          (Nat.sub a.origin (Nat.land x slotMask)))) c := rfl

theorem axisLoop_eq {α : Type} (D : Study) (b m r top : Nat) (c : Nat → Nat → Nat → Nat → α) :
    ∀ (as : List Axis) (k x p q i o : Nat), ∃ p' q' i' o' : Nat,
    axisLoop D.slot (Nat.sub (Nat.pow 2 D.slot) 1) top (readyAxes D b m r as k) x p q i o c = c p' q' i' o' ∧
    (p' : Int) = p + total as.length (fun j => (digit D.slot x j : Int) ^ 2
      + base b * ((as.getD j Study.noAxis).weight * (digit D.slot x j : Int) ^ 2)) ∧
    (q' : Int) = q + total as.length (fun j => (digit D.slot x j : Int) + base b * ((digit D.slot x j : Int)
      * (2 * (as.getD j Study.noAxis).weight * restride D.slot b m (as.getD j Study.noAxis).points))) ∧
    (i' : Int) = i + total as.length (fun j => (linearValue (as.getD j Study.noAxis) (digit D.slot x j) : Int)
      * columnImage D b r (k + j) (as.getD j Study.noAxis).column) ∧
    (o' = 0 → o = 0 ∧ ∀ j, j < as.length → linearValue (as.getD j Study.noAxis) (digit D.slot x j) ≤ top
      ∧ (as.getD j Study.noAxis).origin ≤ digit D.slot x j)
  | [], k, x, p, q, i, o => ⟨p, q, i, o, rfl, by simp [total, sum], by simp [total, sum], by simp [total, sum], by simp⟩
  | a :: as, k, x, p, q, i, o => by
    rw [readyAxes, force_eq, force_eq, force_eq, axisLoop_cons, land_mask, ← digit_zero,
      shiftRight_eq (Nat.shiftLeft _ _), shiftLeft_eq (Nat.sub (digit D.slot x 0) a.origin), shiftLeft_eq, shiftLeft_eq]
    dsimp only
    have hd : ∀ j, digit D.slot (Nat.shiftRight x D.slot) j = digit D.slot x (j + 1) := fun j => by
      rw [shiftRight_eq, digit_div]
    obtain ⟨p', q', i', o', h0, h1, h2, h3, h4⟩ := axisLoop_eq D b m r top c as (Nat.succ k) (Nat.shiftRight x D.slot) _ _ _ _
    refine ⟨p', q', i', o', h0, ?_, ?_, ?_, ?_⟩
    · rw [h1, List.length_cons, total_head]
      simp only [hd, List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, ← base_eq]
      rw [show ((1 : Nat) : Int) = 1 from rfl]; grind
    · rw [h2, List.length_cons, total_head]
      simp only [hd, List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, ← base_eq]
      rw [show ((1 : Nat) : Int) = 1 from rfl, show ((2 : Nat) : Int) = 2 from rfl]; grind
    · rw [h3, List.length_cons, total_head]
      simp only [hd, List.getD_cons_zero, List.getD_cons_succ, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul,
        linearValue, Nat.succ_eq_add_one, Nat.add_zero, show ∀ j, k + 1 + j = k + (j + 1) from fun j => by omega]
      grind
    · intro h
      obtain ⟨h5, h6⟩ := h4 h
      have h7 : o + ((digit D.slot x 0 - a.origin) * 2 ^ a.up / 2 ^ a.down - top + (a.origin - digit D.slot x 0)) = 0 := h5
      refine ⟨by omega, fun j hj => ?_⟩
      match j with
      | 0 => show (digit D.slot x 0 - a.origin) * 2 ^ a.up / 2 ^ a.down ≤ top ∧ a.origin ≤ digit D.slot x 0; omega
      | j + 1 => rw [← hd]; exact h6 j (by rw [List.length_cons] at hj; omega)

end Eigenstill.Claims
