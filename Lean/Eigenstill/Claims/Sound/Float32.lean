/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Global
public import Eigenstill.Claims.Sound.GlobalStatement
public import Eigenstill.Claims.Sound.Totals
public import Eigenstill.Claims.Sound.Vectors

/-!
# Rounding to float32

* `isFloat32_of_float32`: what `float32` gives is a float32. So a nearest one is at least as near.
* `value_float32Moves`: the sum of the distances.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

private theorem shiftLeft_one (n : Nat) : Dyadic.shiftLeft 1 n = 2 ^ n := by
  unfold Dyadic.shiftLeft
  rw [Int.one_mul, show Nat.shiftLeft 1 n = 1 <<< n from rfl, Nat.shiftLeft_eq, Nat.one_mul]
  exact Int.natCast_pow 2 n

/-- `halfToEven` of a number below `2^(24 + shift + 1)` is at most `2^24`. -/
private theorem halfToEven_le {m : Int} {shift : Nat} (h : m.natAbs < 2 ^ (24 + (shift + 1))) :
    (halfToEven m shift).natAbs ≤ 2 ^ 24 := by
  have power : (2 : Int) ^ (24 + (shift + 1)) = 2 ^ 24 * 2 ^ (shift + 1) := Int.pow_add 2 24 (shift + 1)
  have cast : ((2 ^ (24 + (shift + 1)) : Nat) : Int) = 2 ^ (24 + (shift + 1)) := Int.natCast_pow 2 _
  have positive : (0 : Int) < 2 ^ (shift + 1) := Int.pow_pos (by omega)
  have q : -(2 ^ 24 : Int) ≤ m / 2 ^ (shift + 1) ∧ m / 2 ^ (shift + 1) < 2 ^ 24 := by
    constructor
    · rw [Int.le_ediv_iff_mul_le positive, Int.neg_mul]; omega
    · rw [Int.ediv_lt_iff_lt_mul positive]; omega
  unfold halfToEven
  dsimp only
  rw [shiftLeft_one (shift + 1), shiftLeft_one shift]
  split <;> omega

private theorem halfToEven_zero (shift : Nat) : halfToEven 0 shift = 0 := by
  have positive : (0 : Int) < 2 ^ shift := Int.pow_pos (by omega)
  unfold halfToEven
  dsimp only
  rw [shiftLeft_one (shift + 1), shiftLeft_one shift, Int.zero_ediv, Int.zero_mul, Int.sub_self]
  split
  · next h =>
    rw [Bool.or_eq_true, Bool.and_eq_true, decide_eq_true_eq, decide_eq_true_eq, decide_eq_true_eq] at h
    omega
  · rfl

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem isFloat32_zero {m : Int} (h : m = 0) (e : Int) : IsFloat32 (((m : Int) : K) * 2 ^ e) := by
  refine ⟨0, 0, by decide, by decide, by decide, ?_⟩
  rw [h, Ring.intCast_zero]
  generalize (2 : K) ^ e = c
  generalize (2 : K) ^ (0 : Int) = d
  grind

private theorem isFloat32_of_small {m e : Int} (h : m.natAbs ≤ 2 ^ 24) (h1 : -149 ≤ e) (h2 : e ≤ 103) :
    IsFloat32 (((m : Int) : K) * 2 ^ e) := by
  by_cases small : m.natAbs < 2 ^ 24
  · exact ⟨m, e, small, h1, by omega, rfl⟩
  · have double : (2 : K) ^ (e + 1) = 2 ^ e * 2 := by
      rw [two_zpow_add, show (2 : K) ^ (1 : Int) = 2 by
        rw [show (1 : Int) = ((1 : Nat) : Int) from rfl, two_zpow_natCast]; grind]
    by_cases sign : 0 ≤ m
    · refine ⟨2 ^ 23, e + 1, by decide, by omega, by omega, ?_⟩
      rw [show m = 2 ^ 23 * 2 by omega, Ring.intCast_mul, cast_two, double]
      generalize ((2 ^ 23 : Int) : K) = x
      generalize (2 : K) ^ e = y
      grind
    · refine ⟨-2 ^ 23, e + 1, by decide, by omega, by omega, ?_⟩
      rw [show m = -2 ^ 23 * 2 by omega, Ring.intCast_mul, cast_two, double]
      generalize ((-2 ^ 23 : Int) : K) = x
      generalize (2 : K) ^ e = y
      grind

/-- **What `float32` gives is a float32.** That it is the nearest one is not said, and not needed. -/
theorem isFloat32_of_float32 {a near : Dyadic} (h : float32 a = some near) : IsFloat32 (near.value K) := by
  have bits := lt_two_pow_bitLength a.mantissa.natAbs
  unfold float32 at h
  dsimp only at h
  generalize Format.bitLength a.mantissa.natAbs = b at *
  by_cases zero : a.mantissa = 0
  · rw [if_neg (by rw [zero]; simp)] at h
    split at h
    · cases h
      exact isFloat32_zero (by rw [zero]; exact halfToEven_zero _) _
    · cases h
      exact isFloat32_zero zero _
  · split at h
    · cases h
    · next range =>
      have limit : (Int.ofNat b : Int) + a.exponent < 128 := by
        by_cases big : (128 : Int) ≤ Int.ofNat b + a.exponent
        · refine absurd ?_ range
          rw [Bool.and_eq_true]
          exact ⟨by rw [bne_iff_ne]; exact zero, decide_eq_true big⟩
        · omega
      rw [show (Int.ofNat b : Int) = (b : Int) from rfl] at limit h
      generalize hu : (if (b : Int) + a.exponent - 24 ≤ -149 then -149 else (b : Int) + a.exponent - 24) = unit at h
      have low : -149 ≤ unit := by rw [← hu]; split <;> omega
      have high : unit ≤ 103 := by rw [← hu]; split <;> omega
      have reach : (b : Int) + a.exponent - 24 ≤ unit := by rw [← hu]; split <;> omega
      split at h
      · next shift hs =>
        cases h
        refine isFloat32_of_small (halfToEven_le ?_) low high
        refine Nat.lt_of_lt_of_le bits (Nat.pow_le_pow_right (by omega) ?_)
        have hs' : unit - a.exponent = ((shift + 1 : Nat) : Int) := hs
        omega
      · next other =>
        cases h
        have below : unit ≤ a.exponent := by
          by_cases h1 : unit ≤ a.exponent
          · exact h1
          · exact absurd (show unit - a.exponent = Int.ofNat ((unit - a.exponent).toNat - 1 + 1) by
              show _ = (((unit - a.exponent).toNat - 1 + 1 : Nat) : Int); omega) (other _)
        by_cases fits : a.exponent ≤ 103
        · exact isFloat32_of_small (Nat.le_trans (Nat.le_of_lt bits) (Nat.pow_le_pow_right (by omega) (by omega)))
            (by omega) fits
        · -- the same number with the exponent 103
          obtain ⟨up, hup⟩ : ∃ up : Nat, a.exponent = (up : Int) + 103 := ⟨(a.exponent - 103).toNat, by omega⟩
          have e : a.value K = ((a.mantissa * 2 ^ up : Int) : K) * 2 ^ (103 : Int) := by
            unfold Dyadic.value
            rw [hup, two_zpow_add, two_zpow_natCast, Ring.intCast_mul, Ring.intCast_pow, cast_two]
            generalize ((a.mantissa : Int) : K) = x
            generalize (2 : K) ^ up = y
            generalize (2 : K) ^ (103 : Int) = z
            grind
          rw [e]
          refine isFloat32_of_small ?_ (by omega) (Int.le_refl _)
          rw [Int.natAbs_mul, Int.natAbs_pow, show (2 : Int).natAbs = 2 from rfl]
          refine Nat.le_trans (Nat.mul_le_mul (Nat.le_of_lt bits) (Nat.le_refl _)) ?_
          rw [← Nat.pow_add]
          exact Nat.pow_le_pow_right (by omega) (by omega)

/-- **The sum of the distances to the float32s.** -/
theorem value_float32Moves {coefficients : List Dyadic} {start moves : Dyadic}
    (h : float32Moves coefficients start = some moves) :
    ∃ near : Dyadic → Dyadic, (∀ a ∈ coefficients, IsFloat32 ((near a).value K)) ∧
      moves.value K = start.value K + listTotal (coefficients.map fun a => absVal (a.value K - (near a).value K)) := by
  refine ⟨fun a => (float32 a).getD Dyadic.zero, ?_⟩
  induction coefficients generalizing start with
  | nil =>
    cases h
    refine ⟨fun a ha => absurd ha List.not_mem_nil, ?_⟩
    rw [List.map_nil, listTotal_nil]; grind
  | cons a rest ih =>
    unfold float32Moves at h
    split at h
    · cases h
    · next near hnear =>
      obtain ⟨float, value⟩ := ih h
      refine ⟨fun b hb => ?_, ?_⟩
      · rcases List.mem_cons.mp hb with rfl | hb
        · show IsFloat32 (((float32 b).getD Dyadic.zero).value K)
          rw [hnear]; exact isFloat32_of_float32 hnear
        · exact float b hb
      · rw [value, List.map_cons, listTotal_cons, Dyadic.value_add, Dyadic.value_abs, Dyadic.value_sub]
        dsimp only
        rw [show (float32 a).getD Dyadic.zero = near by rw [hnear]; rfl]
        generalize listTotal (K := K) _ = others
        grind

end

end Eigenstill.Claims
