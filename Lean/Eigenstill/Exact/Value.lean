/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum
public import Eigenstill.Exact.Dyadic

/-!
# The value of a dyadic rational in a field

`Dyadic.value K ⟨m, e⟩` is `m 2^e` in the ordered field `K`. Sums, products, absolute values, comparisons and `reduced` of
pairs are those of the values.
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-- The number `m 2^e`, in a field. -/
noncomputable def Dyadic.value (K : Type u) [Field K] (x : Dyadic) : K := (x.mantissa : K) * 2 ^ x.exponent

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-! ### Powers of two -/

theorem two_pos : (0 : K) < 2 := by
  have := OrderedRing.zero_lt_one (R := K); grind

theorem two_ne_zero : (2 : K) ≠ 0 := by have := two_pos (K := K); grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem two_zpow_natCast (n : Nat) : (2 : K) ^ (n : Int) = 2 ^ n := by
  induction n with
  | zero => rw [Semiring.pow_zero]; exact Field.zpow_zero _
  | succ n ih => rw [Int.natCast_add, show ((1 : Nat) : Int) = 1 from rfl, Field.zpow_succ, ih, Semiring.pow_succ]

theorem two_pow_pos' (n : Nat) : (0 : K) < 2 ^ n := by
  induction n with
  | zero => rw [Semiring.pow_zero]; exact OrderedRing.zero_lt_one
  | succ n ih => rw [Semiring.pow_succ]; exact OrderedRing.mul_pos ih two_pos

private theorem two_zpow_succ (e : Int) : (2 : K) ^ (e + 1) = 2 ^ e * 2 := by
  have h2 := two_ne_zero (K := K)
  cases e with
  | ofNat n => exact Field.zpow_succ _ n
  | negSucc n =>
    rw [Int.negSucc_eq, show (-((n : Int) + 1) + 1 : Int) = -(n : Int) by omega, Field.zpow_neg, Field.zpow_neg,
      Field.zpow_succ, two_zpow_natCast]
    have : (2 : K) ^ n * 2 ≠ 0 := by
      have := OrderedRing.mul_pos (two_pow_pos' (K := K) n) two_pos; grind
    generalize (2 : K) ^ n = c at *
    grind

theorem two_zpow_pos (e : Int) : (0 : K) < 2 ^ e := by
  cases e with
  | ofNat n => rw [show Int.ofNat n = (n : Int) from rfl, two_zpow_natCast]; exact two_pow_pos' n
  | negSucc n =>
    rw [Int.negSucc_eq, Field.zpow_neg, Field.zpow_succ, two_zpow_natCast]
    exact Field.IsOrdered.inv_pos_iff.mpr (OrderedRing.mul_pos (two_pow_pos' n) two_pos)

theorem two_zpow_add (a b : Int) : (2 : K) ^ (a + b) = 2 ^ a * 2 ^ b := by
  have up : ∀ n : Nat, (2 : K) ^ (a + n) = 2 ^ a * 2 ^ (n : Int) := by
    intro n
    induction n with
    | zero => rw [show ((0 : Nat) : Int) = 0 from rfl, Int.add_zero, Field.zpow_zero]; grind
    | succ n ih =>
      rw [show a + ((n + 1 : Nat) : Int) = a + n + 1 by omega, two_zpow_succ, ih,
        show ((n + 1 : Nat) : Int) = (n : Int) + 1 by omega, two_zpow_succ]; grind
  have down : ∀ n : Nat, (2 : K) ^ (a + -(n : Int)) = 2 ^ a * 2 ^ (-(n : Int)) := by
    intro n
    induction n with
    | zero => rw [show -((0 : Nat) : Int) = 0 from rfl, Int.add_zero, Field.zpow_zero]; grind
    | succ n ih =>
      have h1 := two_zpow_succ (K := K) (a + -((n + 1 : Nat) : Int))
      have h2 := two_zpow_succ (K := K) (-((n + 1 : Nat) : Int))
      rw [show a + -((n + 1 : Nat) : Int) + 1 = a + -(n : Int) by omega, ih] at h1
      rw [show -((n + 1 : Nat) : Int) + 1 = -(n : Int) by omega] at h2
      have := two_ne_zero (K := K)
      rw [h2] at h1
      grind
  by_cases h : 0 ≤ b
  · have := up b.toNat; rw [show (b.toNat : Int) = b by omega] at this; exact this
  · have := down b.natAbs; rw [show -(b.natAbs : Int) = b by omega] at this; exact this

/-! ### Integers in a field -/

theorem intCast_lt {a b : Int} (h : a < b) : (a : K) < (b : K) := by
  have h1 := intCast_le (K := K) (a := a + 1) (b := b) (by omega)
  rw [Ring.intCast_add, Ring.intCast_one] at h1
  have := OrderedRing.zero_lt_one (R := K); grind

theorem intCast_le_iff {a b : Int} : (a : K) ≤ (b : K) ↔ a ≤ b := by
  refine ⟨fun h => ?_, intCast_le⟩
  by_cases h1 : a ≤ b
  · exact h1
  · have := intCast_lt (K := K) (a := b) (b := a) (by omega); grind

theorem intCast_lt_iff {a b : Int} : (a : K) < (b : K) ↔ a < b := by
  have := intCast_le_iff (K := K) (a := b) (b := a)
  constructor
  · intro h; by_cases h1 : a < b
    · exact h1
    · have := this.mpr (by omega); grind
  · exact intCast_lt

theorem intCast_inj {a b : Int} (h : (a : K) = (b : K)) : a = b := by
  have h1 := (intCast_le_iff (K := K) (a := a) (b := b)).mp (by grind)
  have h2 := (intCast_le_iff (K := K) (a := b) (b := a)).mp (by grind)
  omega

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem cast_two : ((2 : Int) : K) = 2 := Ring.intCast_ofNat 2

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem natCast_two : ((2 : Nat) : K) = 2 := (Semiring.ofNat_eq_natCast 2).symm

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem cast_shiftLeft (k : Int) (n : Nat) : ((Dyadic.shiftLeft k n : Int) : K) = (k : K) * 2 ^ n := by
  unfold Dyadic.shiftLeft
  rw [Ring.intCast_mul, show (Int.ofNat (Nat.shiftLeft 1 n) : Int) = 2 ^ n by
    rw [show Nat.shiftLeft 1 n = 1 <<< n from rfl, Nat.shiftLeft_eq, Nat.one_mul]; simp, Ring.intCast_pow, cast_two]

/-! ### Values -/

namespace Dyadic

/-- The integer on a lower power of two. -/
theorem at'_mul (x : Dyadic) {e : Int} (h : e ≤ x.exponent) : ((x.at' e : Int) : K) * 2 ^ e = x.value K := by
  unfold at' value
  rw [cast_shiftLeft, ← two_zpow_natCast]
  have := two_zpow_add (K := K) ((x.exponent - e).toNat : Int) e
  rw [show ((x.exponent - e).toNat : Int) + e = x.exponent by omega] at this
  rw [this]; grind

theorem low_le_left (a b : Int) : low a b ≤ a := by unfold low; split <;> omega
theorem low_le_right (a b : Int) : low a b ≤ b := by unfold low; split <;> omega

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem value_ofInt (k : Int) : (ofInt k).value K = k := by
  unfold value ofInt; dsimp only; rw [Field.zpow_zero]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem value_zero : zero.value K = 0 := by
  unfold value zero; dsimp only; rw [Field.zpow_zero, Ring.intCast_zero]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem value_one : one.value K = 1 := by
  unfold value one; dsimp only; rw [Field.zpow_zero, Ring.intCast_one]; grind

theorem value_add (x y : Dyadic) : (add x y).value K = x.value K + y.value K := by
  rw [← at'_mul x (low_le_left x.exponent y.exponent), ← at'_mul y (low_le_right x.exponent y.exponent)]
  unfold value add; dsimp only; rw [Ring.intCast_add]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem value_neg (x : Dyadic) : (neg x).value K = -x.value K := by
  unfold value neg; dsimp only; rw [Ring.intCast_neg]; grind

theorem value_sub (x y : Dyadic) : (sub x y).value K = x.value K - y.value K := by
  unfold sub; rw [value_add, value_neg]; grind

theorem value_mul (x y : Dyadic) : (mul x y).value K = x.value K * y.value K := by
  unfold value mul; dsimp only; rw [Ring.intCast_mul, two_zpow_add]; grind

theorem value_abs (x : Dyadic) : (abs x).value K = absVal (x.value K) := by
  unfold value abs
  rw [absVal_mul, absVal_of_nonneg (x := (2 : K) ^ x.exponent) (by have := two_zpow_pos (K := K) x.exponent; grind),
    absVal_intCast]
  rfl

theorem value_nonneg_iff (x : Dyadic) : 0 ≤ x.value K ↔ 0 ≤ x.mantissa := by
  have h := two_zpow_pos (K := K) x.exponent
  unfold value
  rw [← intCast_le_iff (K := K), Ring.intCast_zero]
  constructor
  · intro h1; refine le_of_mul_le_mul h ?_; grind
  · intro h1; exact OrderedRing.mul_nonneg h1 (by grind)

theorem value_pos_iff (x : Dyadic) : 0 < x.value K ↔ 0 < x.mantissa := by
  have h := value_nonneg_iff (K := K) (neg x)
  rw [value_neg, show (neg x).mantissa = -x.mantissa from rfl] at h
  constructor
  · intro h1; by_cases h2 : 0 < x.mantissa
    · exact h2
    · have := h.mpr (by omega); grind
  · intro h1; by_cases h2 : 0 < x.value K
    · exact h2
    · have := h.mp (by grind); omega

theorem value_eq_zero_iff (x : Dyadic) : x.value K = 0 ↔ x.mantissa = 0 := by
  have h := value_pos_iff (K := K) x; have h1 := value_nonneg_iff (K := K) x
  constructor
  · intro h2; have := h1.mp (by grind); by_cases h3 : 0 < x.mantissa
    · have := h.mpr h3; grind
    · omega
  · intro h2; have := h1.mpr (by omega); by_cases h3 : 0 < x.value K
    · have := h.mp h3; omega
    · grind

theorem le_iff (x y : Dyadic) : le x y = true ↔ x.value K ≤ y.value K := by
  have := value_nonneg_iff (K := K) (sub y x)
  rw [value_sub] at this
  unfold le; rw [decide_eq_true_iff, ← this]; grind

theorem lt_iff (x y : Dyadic) : lt x y = true ↔ x.value K < y.value K := by
  have := value_pos_iff (K := K) (sub y x)
  rw [value_sub] at this
  unfold lt; rw [decide_eq_true_iff, ← this]; grind

theorem same_iff (x y : Dyadic) : same x y = true ↔ x.value K = y.value K := by
  have := value_eq_zero_iff (K := K) (sub x y)
  rw [value_sub] at this
  unfold same; rw [decide_eq_true_iff, ← this]; grind

theorem le_max_left (x y : Dyadic) : x.value K ≤ (max x y).value K := by
  unfold max; split
  · next h => exact (le_iff x y).mp h
  · grind

theorem le_max_right (x y : Dyadic) : y.value K ≤ (max x y).value K := by
  unfold max; split
  · grind
  · next h =>
    by_cases h1 : x.value K ≤ y.value K
    · exact absurd ((le_iff x y).mpr h1) h
    · grind

private theorem value_strip (fuel n : Nat) (e : Int) :
    ((Int.ofNat (strip fuel n e).1 : Int) : K) * 2 ^ (strip fuel n e).2 = ((Int.ofNat n : Int) : K) * 2 ^ e := by
  induction fuel generalizing n e with
  | zero => rfl
  | succ fuel ih =>
    unfold strip; split
    · next h =>
      rw [ih, two_zpow_succ]
      have : (Int.ofNat n : Int) = Int.ofNat (n / 2) * 2 := by
        show (n : Int) = ((n / 2 : Nat) : Int) * 2
        omega
      rw [this, Ring.intCast_mul, cast_two]; grind
    · rfl

theorem value_reduced (x : Dyadic) : x.reduced.value K = x.value K := by
  by_cases h : x.mantissa = 0
  · unfold reduced; rw [if_pos h, value_zero, (value_eq_zero_iff x).mpr h]
  · have hs := value_strip (K := K) (Nat.log2 x.mantissa.natAbs) x.mantissa.natAbs x.exponent
    unfold reduced; rw [if_neg h]; unfold value; dsimp only
    by_cases h1 : x.mantissa < 0
    · rw [if_pos h1, Ring.intCast_neg]
      rw [show (Int.ofNat x.mantissa.natAbs : Int) = -x.mantissa by
        show (x.mantissa.natAbs : Int) = _; omega, Ring.intCast_neg] at hs
      grind
    · rw [if_neg h1]
      rw [show (Int.ofNat x.mantissa.natAbs : Int) = x.mantissa by
        show (x.mantissa.natAbs : Int) = _; omega] at hs
      exact hs

end Dyadic

end

end Eigenstill
