/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Value
public import Eigenstill.Format.Float64
public import Eigenstill.Format.Ieee754

/-!
# The decoder of float64 is right

* `float64_eq_none_iff`: no number comes out exactly for NaN and infinities.
* `value_of_float64`: the number that comes out is the one that IEEE 754 gives to the bits.
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

/-- The zeros that are shifted out are there. -/
theorem two_pow_trailingZeros_dvd (value : Nat) : 2 ^ trailingZeros value ∣ value := by
  unfold trailingZeros
  show 2 ^ Nat.log2 (value ^^^ (value - 1)) ∣ value
  induction value using Nat.strongRecOn with
  | _ value ih =>
    rw [Nat.log2_def]
    split
    · next h =>
      have half : (value ^^^ (value - 1)) / 2 = value / 2 ^^^ (value - 1) / 2 := by
        apply Nat.eq_of_testBit_eq; intro i
        rw [Nat.testBit_div_two, Nat.testBit_xor, Nat.testBit_xor, Nat.testBit_div_two, Nat.testBit_div_two]
      by_cases even : value % 2 = 0
      · have positive : value ≠ 0 := by
          intro h0; subst h0; simp at h
        have below := ih (value / 2) (by omega)
        rw [half, show (value - 1) / 2 = value / 2 - 1 by omega, Nat.pow_succ]
        obtain ⟨c, hc⟩ := below
        refine ⟨c, ?_⟩
        rw [Nat.mul_right_comm, ← hc]; omega
      · rw [show (value - 1) / 2 = value / 2 by omega, Nat.xor_self] at half
        omega
    · simp

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem value_oddDyadic (negative : Bool) (mantissa : Nat) (exponent : Int) :
    (oddDyadic negative mantissa exponent).value K = (if negative then -1 else 1) * ((mantissa : K) * 2 ^ exponent) := by
  unfold oddDyadic
  by_cases h : mantissa = 0
  · subst h
    rw [if_pos (by rfl), Dyadic.value_zero, Semiring.natCast_zero]; grind
  · rw [if_neg (by simpa using h)]
    have whole : (mantissa : K) * 2 ^ exponent = ((Int.ofNat (Nat.shiftRight mantissa (trailingZeros mantissa)) : Int) : K)
        * 2 ^ (exponent + Int.ofNat (trailingZeros mantissa)) := by
      obtain ⟨c, hc⟩ := two_pow_trailingZeros_dvd mantissa
      rw [show Nat.shiftRight mantissa (trailingZeros mantissa) = c by
        show mantissa >>> trailingZeros mantissa = c
        rw [Nat.shiftRight_eq_div_pow]
        exact Nat.div_eq_of_eq_mul_right (Nat.two_pow_pos _) hc]
      rw [two_zpow_add, show (Int.ofNat (trailingZeros mantissa) : Int) = (trailingZeros mantissa : Int) from rfl,
        two_zpow_natCast, show (Int.ofNat c : Int) = (c : Int) from rfl, Ring.intCast_natCast]
      have cast : (mantissa : K) = 2 ^ trailingZeros mantissa * (c : K) := by
        have h1 := congrArg (fun x : Nat => (x : K)) hc
        dsimp only at h1
        rw [Semiring.natCast_mul, Semiring.natCast_pow, natCast_two] at h1
        exact h1
      generalize (2 : K) ^ trailingZeros mantissa = a at *
      rw [cast]; grind
    rw [whole]
    unfold Dyadic.value; dsimp only
    cases negative
    · simp only [Bool.false_eq_true, if_false]; grind
    · simp only [if_true]; rw [Ring.intCast_neg]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem fields (bits : Nat) : Nat.land (Nat.shiftRight bits 52) 2047 = exponentField bits ∧
    Nat.land bits 4503599627370495 = fractionField bits ∧ Nat.shiftRight bits 63 = signBit bits := by
  refine ⟨?_, ?_, ?_⟩
  · show bits >>> 52 &&& (2 ^ 11 - 1) = _
    rw [Nat.and_two_pow_sub_one_eq_mod, Nat.shiftRight_eq_div_pow]; rfl
  · show bits &&& (2 ^ 52 - 1) = _
    rw [Nat.and_two_pow_sub_one_eq_mod]; rfl
  · show bits >>> 63 = _
    rw [Nat.shiftRight_eq_div_pow]; rfl

/-- **The decoder gives no number exactly where the exponent is 2047: for infinities and NaN.** -/
theorem float64_eq_none_iff (bits : Nat) : float64? bits = none ↔ exponentField bits = 2047 := by
  unfold float64?
  rw [(fields bits).1, (fields bits).2.1, (fields bits).2.2]
  by_cases h : exponentField bits = 2047
  · rw [if_pos (by simpa using h)]; simp [h]
  · rw [if_neg (by simpa using h)]
    split <;> simp [h]

/-- **The number that the decoder gives for 64 bits is theirs in IEEE 754, in every ordered field.** -/
theorem value_of_float64 {bits : Nat} (h : bits < 2 ^ 64) {x : Dyadic} (decoded : float64? bits = some x) :
    x.value K = ieee754 K bits := by
  have sign : (-1 : K) ^ signBit bits = if (signBit bits == 1) = true then -1 else 1 := by
    have : signBit bits = 0 ∨ signBit bits = 1 := by unfold signBit; omega
    rcases this with h | h
    · rw [h, Semiring.pow_zero]; rfl
    · rw [h, if_pos (by rfl)]; grind
  unfold float64? at decoded
  rw [(fields bits).1, (fields bits).2.1, (fields bits).2.2] at decoded
  unfold ieee754
  dsimp only at decoded ⊢
  rw [sign]
  by_cases h1 : exponentField bits = 2047
  · rw [if_pos (by simpa using h1)] at decoded; cases decoded
  · rw [if_neg (by simpa using h1)] at decoded
    by_cases h0 : exponentField bits = 0
    · rw [if_pos (by simpa using h0)] at decoded
      cases decoded
      rw [value_oddDyadic, if_pos h0]
    · rw [if_neg (by simpa using h0)] at decoded
      cases decoded
      rw [value_oddDyadic, if_neg h0, Semiring.natCast_add,
        show ((4503599627370496 : Nat) : K) = 2 ^ 52 by
          rw [show (4503599627370496 : Nat) = 2 ^ 52 by rfl, Semiring.natCast_pow, natCast_two]]
      rw [show (Int.ofNat (exponentField bits) : Int) = (exponentField bits : Int) from rfl]
      grind

end

end Eigenstill.Format
