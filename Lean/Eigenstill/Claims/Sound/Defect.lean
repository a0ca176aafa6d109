/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.Sound.Psd

/-!
# Distance from the identity, by rows

`rowSum_le_defectOf`: **`defectOf` bounds the absolute row sums of `G 2^e - I`.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Every absolute row sum of `G 2^e - I` is at most the defect.** -/
theorem rowSum_le_defectOf {n : Nat} {G : List (List Int)} (square : G.length = n) (rows : ∀ row ∈ G, row.length = n)
    (exponent : Int) (i : Fin n) :
    Eigenstill.sum n (fun j => absVal ((at00 G i.val j.val : K) * 2 ^ exponent - ident i j)) ≤ (defectOf G exponent).value K := by
  have low : smaller exponent 0 ≤ exponent := smaller_le_left _ _
  have low0 : smaller exponent 0 ≤ 0 := smaller_le_right _ _
  have hi : i.val < G.length := by rw [square]; exact i.isLt
  unfold defectOf
  dsimp only
  rw [zipped_eq, numbersBelow_eq, sizeOf'_eq]
  generalize smaller exponent 0 = lo at *
  have rowLength : (G.getD i.val []).length = n := by rw [getD_below _ hi]; exact rows _ (List.getElem_mem hi)
  -- the row sum that the checker takes
  have worst := (le_folded_larger (id : Nat → Nat) (List.zipWith (fun index row => sumAbsolute
      (zipped (fun column entry => shifted entry (exponent - lo) - if column = index then shifted 1 (-lo) else 0)
        (numbersBelow (sizeOf' row)) row)) (List.range G.length) G) 0).2 _ (List.getElem_mem (by
      rw [List.length_zipWith, List.length_range, Nat.min_self]; exact hi))
  rw [List.getElem_zipWith, List.getElem_range, show G[i.val] = G.getD i.val [] from (getD_below _ hi).symm, zipped_eq,
    numbersBelow_eq, sizeOf'_eq, rowLength] at worst
  have sums := sumAbsolute_eq (List.zipWith (fun column entry => shifted entry (exponent - lo)
      - if column = i.val then shifted 1 (-lo) else 0) (List.range n) (G.getD i.val []))
    (n := n) (by rw [List.length_zipWith, List.length_range, rowLength, Nat.min_self]; exact Nat.le_refl _)
  have nonneg : (0 : K) ≤ 2 ^ lo := by have := two_zpow_pos (K := K) lo; clear sums worst; grind
  have each : ∀ j : Fin n, absVal ((at00 G i.val j.val : K) * 2 ^ exponent - ident i j)
      = (2 : K) ^ lo * (((at0 (List.zipWith (fun column entry => shifted entry (exponent - lo)
        - if column = i.val then shifted 1 (-lo) else 0) (List.range n) (G.getD i.val [])) j.val).natAbs : Int) : K) := by
    intro j
    rw [at0, getD_zipWith _ 0 0 0 (by rw [List.length_range]; exact j.isLt) (by rw [rowLength]; exact j.isLt),
      getD_below (xs := List.range n) _ (by rw [List.length_range]; exact j.isLt), List.getElem_range,
      ← absVal_intCast, Ring.intCast_sub]
    have e1 := cast_shifted_mul (K := K) (at00 G i.val j.val) low
    have e2 := cast_shifted_mul (K := K) 1 low0
    rw [Int.zero_sub, Field.zpow_zero, Ring.intCast_one] at e2
    have e3 : (((if j.val = i.val then shifted 1 (-lo) else 0 : Int) : K)) * 2 ^ lo = ident i j := by
      unfold ident
      by_cases h : j.val = i.val
      · rw [if_pos h, if_pos h.symm, e2]; clear e1 sums worst; grind
      · rw [if_neg h, if_neg (Ne.symm h), Ring.intCast_zero]; clear e1 e2 sums worst; grind
    rw [← e1, ← e3]
    generalize ((shifted (at00 G i.val j.val) (exponent - lo) : Int) : K) = x
    generalize (((if j.val = i.val then shifted 1 (-lo) else 0 : Int) : K)) = y
    rw [show x * 2 ^ lo - y * 2 ^ lo = 2 ^ lo * (x - y) by clear sums worst e1 e2 e3; grind, absVal_mul, absVal_of_nonneg nonneg]
  rw [sum_congr each, sum_mul]
  rw [← intCast_sum, show (Eigenstill.sum n fun j => ((at0 (List.zipWith (fun column entry =>
      shifted entry (exponent - lo) - if column = i.val then shifted 1 (-lo) else 0)
      (List.range n) (G.getD i.val [])) j.val).natAbs : Int)) = _ from sums.symm]
  unfold Dyadic.value
  dsimp only
  rw [CommSemiring.mul_comm]
  exact OrderedRing.mul_le_mul_of_nonneg_right (intCast_le (Int.ofNat_le.mpr worst)) nonneg

end

end Eigenstill.Claims
