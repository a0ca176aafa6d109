/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Vectors
public import Eigenstill.Claims.Sound.Fidelity

/-!
# Vectors of integers, quotients and grids, as numbers over a field

`v.at K j` is entry `j` of a vector of integers in one unit. Sums, multiples and products with matrices are those of the
numbers; `quotientOf` and `onGrid` round to the side that they say.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

/-- Entry `j` of a vector of integers, as a number. -/
def Exec.IntegerVector.at (K : Type u) [Field K] (v : IntegerVector) (j : Nat) : K := (at0 v.entries j : K) * 2 ^ v.exponent

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem at_scaled (v : IntegerVector) (f : Dyadic) (j : Nat) : (v.scaled f).at K j = f.value K * v.at K j := by
  have h : at0 (v.entries.map fun entry => f.mantissa * entry) j = f.mantissa * at0 v.entries j := by
    rw [at0, getD_map (fun entry => f.mantissa * entry) 0 0 _ _ (Int.mul_zero _)]
  show (at0 (mapped (fun entry => f.mantissa * entry) v.entries) j : K) * 2 ^ (v.exponent + f.exponent) = _
  rw [mapped_eq, h, Ring.intCast_mul, Int.add_comm, two_zpow_add]
  unfold IntegerVector.at Dyadic.value
  grind

private theorem sums_eq (xs ys done : List Int) :
    IntegerVector.add.sums xs ys done = done.reverse ++ List.zipWith (fun a b => a + b) xs ys := by
  induction xs generalizing ys done with
  | nil =>
    rw [show IntegerVector.add.sums [] ys done = turned done by cases ys <;> rfl, turned_eq, List.zipWith_nil_left,
      List.append_nil]
  | cons x xs ih =>
    cases ys with
    | nil =>
      rw [show IntegerVector.add.sums (x :: xs) [] done = turned done from rfl, turned_eq, List.zipWith_nil_right,
        List.append_nil]
    | cons y ys =>
      rw [show IntegerVector.add.sums (x :: xs) (y :: ys) done = IntegerVector.add.sums xs ys ((x + y) :: done) from rfl, ih,
        List.zipWith_cons_cons, List.reverse_cons, List.append_assoc, List.singleton_append]

theorem length_inUnit (v : IntegerVector) (e : Int) : (v.inUnit e).length = v.entries.length := by
  unfold IntegerVector.inUnit; rw [mapped_eq, List.length_map]

theorem shifted_zero (n : Int) : shifted 0 n = 0 := by
  cases n with
  | ofNat up => show (0 : Int) * _ = 0; exact Int.zero_mul _
  | negSucc down =>
    show Int.ofNat (Nat.shiftRight 0 (down + 1)) = 0
    rw [show Nat.shiftRight 0 (down + 1) = 0 >>> (down + 1) from rfl, Nat.zero_shiftRight]; rfl

theorem cast_inUnit (v : IntegerVector) {e : Int} (h : e ≤ v.exponent) (j : Nat) :
    (at0 (v.inUnit e) j : K) * 2 ^ e = v.at K j := by
  unfold IntegerVector.inUnit
  rw [mapped_eq, at0, getD_map (fun entry => shifted entry (v.exponent - e)) 0 0 _ _ (shifted_zero _), cast_shifted_mul _ h]
  rfl

theorem length_add (v w : IntegerVector) : (v.add w).entries.length = min v.entries.length w.entries.length := by
  unfold IntegerVector.add
  dsimp only
  rw [sums_eq, List.reverse_nil, List.nil_append, List.length_zipWith, length_inUnit, length_inUnit]

/-- Sums entry by entry, for vectors of one length. -/
theorem at_add (v w : IntegerVector) (h : v.entries.length = w.entries.length) (j : Nat) :
    (v.add w).at K j = v.at K j + w.at K j := by
  by_cases hj : j < v.entries.length
  · rw [← cast_inUnit v (smaller_le_left v.exponent w.exponent), ← cast_inUnit w (smaller_le_right v.exponent w.exponent)]
    have entry : at0 (v.add w).entries j = at0 (v.inUnit (smaller v.exponent w.exponent)) j
        + at0 (w.inUnit (smaller v.exponent w.exponent)) j := by
      unfold IntegerVector.add
      dsimp only
      rw [sums_eq, List.reverse_nil, List.nil_append, at0, getD_zipWith _ 0 0 0 (by rw [length_inUnit]; exact hj)
        (by rw [length_inUnit, ← h]; exact hj)]
    show (at0 (v.add w).entries j : K) * 2 ^ (smaller v.exponent w.exponent) = _
    rw [entry, Ring.intCast_add]
    generalize ((at0 (v.inUnit (smaller v.exponent w.exponent)) j : Int) : K) = a
    generalize ((at0 (w.inUnit (smaller v.exponent w.exponent)) j : Int) : K) = b
    generalize (2 : K) ^ smaller v.exponent w.exponent = c
    grind
  · have zero : ∀ u : IntegerVector, u.entries.length ≤ j → u.at K j = 0 := by
      intro u hu
      unfold IntegerVector.at
      rw [at0, getD_beyond _ hu, Ring.intCast_zero]
      generalize (2 : K) ^ u.exponent = c
      grind
    rw [zero v (by omega), zero w (by omega), zero _ (by rw [length_add]; omega)]
    grind

theorem length_scaled (v : IntegerVector) (f : Dyadic) : (v.scaled f).entries.length = v.entries.length := by
  unfold IntegerVector.scaled; rw [mapped_eq, List.length_map]

theorem at_sub (v w : IntegerVector) (h : v.entries.length = w.entries.length) (j : Nat) :
    (v.sub w).at K j = v.at K j - w.at K j := by
  unfold IntegerVector.sub
  rw [at_add _ _ (by rw [length_scaled]; exact h), at_scaled, show (⟨-1, 0⟩ : Dyadic) = Dyadic.neg Dyadic.one from rfl,
    Dyadic.value_neg, Dyadic.value_one]
  grind

theorem length_sub (v w : IntegerVector) (h : v.entries.length = w.entries.length) :
    (v.sub w).entries.length = v.entries.length := by
  unfold IntegerVector.sub; rw [length_add, length_scaled]; omega

/-- The product with a matrix, for rows of at most `n` entries. -/
theorem at_under (v : IntegerVector) (matrix : List (List Int)) (e : Int) {n k : Nat} (hk : k < matrix.length)
    (h : v.entries.length ≤ n) :
    (v.under matrix e).at K k = Eigenstill.sum n fun j => ((at00 matrix k j.val : Int) : K) * 2 ^ e * v.at K j.val := by
  unfold IntegerVector.under IntegerVector.at
  dsimp only
  rw [mapped_eq, at0, getD_below _ (by rw [List.length_map]; exact hk), List.getElem_map, combined_eq (Or.inr h)]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun j => ?_
  rw [Ring.intCast_mul, two_zpow_add, show at00 matrix k j.val = at0 matrix[k] j.val by rw [at00, getD_below _ hk]]
  generalize (2 : K) ^ e = a
  generalize (2 : K) ^ v.exponent = b
  grind

theorem length_under (v : IntegerVector) (matrix : List (List Int)) (e : Int) :
    (v.under matrix e).entries.length = matrix.length := by
  unfold IntegerVector.under; rw [mapped_eq, List.length_map]

/-! ### Quotients and grids -/

private theorem natCast_pos {n : Nat} (h : 0 < n) : (0 : K) < (n : K) := by
  have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr h)
  rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1

/-- **`quotientOf` rounded up is at least the quotient.** -/
theorem le_quotientOf {x y : Dyadic} (hx : 0 ≤ x.value K) (hy : 0 < y.value K) :
    x.value K ≤ (quotientOf x y true).value K * y.value K := by
  obtain ⟨top, bottom⟩ := ratio_spec hx
  obtain ⟨top', bottom'⟩ := ratio_spec (show 0 ≤ y.value K by grind)
  have p1 := natCast_pos (K := K) bottom
  have p2 := natCast_pos (K := K) bottom'
  have p3 : 0 < (ratio y).1 := by
    by_cases h : (ratio y).1 = 0
    · rw [h, Semiring.natCast_zero] at top'
      have := OrderedRing.mul_pos hy p2
      rw [← top'] at this
      exact absurd this (by grind)
    · omega
  have key := le_quotient53 (K := K) ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) (Nat.mul_pos bottom p3)
  rw [Semiring.natCast_mul, Semiring.natCast_mul, top, top'] at key
  unfold quotientOf
  dsimp only
  generalize (quotient53 ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) true).value K = q at *
  generalize ((ratio x).2 : K) = a at *
  generalize ((ratio y).2 : K) = b at *
  generalize x.value K = v at *
  generalize y.value K = w at *
  refine le_of_mul_le_mul (OrderedRing.mul_pos p1 p2) ?_
  clear top top' p1 p2 p3 hx hy
  grind

/-- **`quotientOf` rounded down is at most the quotient.** -/
theorem quotientOf_le {x y : Dyadic} (hx : 0 ≤ x.value K) (hy : 0 < y.value K) :
    (quotientOf x y false).value K * y.value K ≤ x.value K := by
  obtain ⟨top, bottom⟩ := ratio_spec hx
  obtain ⟨top', bottom'⟩ := ratio_spec (show 0 ≤ y.value K by grind)
  have p1 := natCast_pos (K := K) bottom
  have p2 := natCast_pos (K := K) bottom'
  have key := quotient53_le (K := K) ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1)
  rw [Semiring.natCast_mul, Semiring.natCast_mul, top, top'] at key
  unfold quotientOf
  dsimp only
  generalize (quotient53 ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) false).value K = q at *
  generalize ((ratio x).2 : K) = a at *
  generalize ((ratio y).2 : K) = b at *
  generalize x.value K = v at *
  generalize y.value K = w at *
  refine le_of_mul_le_mul (OrderedRing.mul_pos p1 p2) ?_
  clear top top' p1 p2 hx hy
  grind

/-- **A quotient on the grid `2^-bits`, rounded down and up.** -/
theorem onGrid_spec (x : Dyadic) {y : Dyadic} (hy : 0 < y.value K) (bits : Nat) :
    ((onGrid x y bits false : Int) : K) * y.value K ≤ x.value K * 2 ^ bits ∧
      x.value K * 2 ^ bits ≤ ((onGrid x y bits true : Int) : K) * y.value K := by
  have u1 := cast_inUnits_mul (K := K) x (smaller_le_left x.exponent y.exponent)
  have u2 := cast_inUnits_mul (K := K) y (smaller_le_right x.exponent y.exponent)
  unfold onGrid
  dsimp only
  rw [if_neg Bool.false_ne_true, if_pos rfl]
  generalize smaller x.exponent y.exponent = low at *
  have unit := two_zpow_pos (K := K) low
  have shiftedTop := cast_shiftLeft (K := K) (inUnits low x) bits
  generalize Dyadic.shiftLeft (inUnits low x) bits = top at *
  generalize inUnits low y = bottom at *
  have positive : 0 < bottom := by
    rw [← intCast_lt_iff (K := K), Ring.intCast_zero]
    by_cases h : 0 < ((bottom : Int) : K)
    · exact h
    · have h1 := OrderedRing.mul_nonneg (a := -((bottom : Int) : K)) (b := (2 : K) ^ low) (by grind) (by grind)
      clear shiftedTop u1
      grind
  have down := intCast_le (K := K) (Int.ediv_mul_le top (show bottom ≠ 0 by omega))
  have up := intCast_le (K := K) (Int.ediv_mul_le (-top) (show bottom ≠ 0 by omega))
  rw [Ring.intCast_mul] at down
  rw [Ring.intCast_mul, Ring.intCast_neg] at up
  rw [Ring.intCast_neg]
  generalize ((top / bottom : Int) : K) = q at *
  generalize ((-top / bottom : Int) : K) = s at *
  have e1 := OrderedRing.mul_le_mul_of_nonneg_left down (c := (2 : K) ^ low) (by grind)
  have e2 := OrderedRing.mul_le_mul_of_nonneg_left up (c := (2 : K) ^ low) (by grind)
  rw [shiftedTop] at e1 e2
  rw [← u1, ← u2]
  generalize (2 : K) ^ low = t at *
  generalize (2 : K) ^ bits = g at *
  generalize ((inUnits low x : Int) : K) = a at *
  generalize ((bottom : Int) : K) = b at *
  clear down up u1 u2 shiftedTop unit
  exact ⟨by grind, by grind⟩

end

end Eigenstill.Claims
