/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Value
public import Eigenstill.Claims.Sound.PsdRows

/-!
# Roundings of quotients and square roots

`squareRoot` is the integer part of the square root; `quotient53` and `sqrt53`, rounded up or down, are bounds of the quotient
and of the square root. That their mantissas have 53 bits is not said.
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Claims.Exec

attribute [local instance] Semiring.natCast Ring.intCast

theorem exists_root (v : Nat) : ∃ s, s * s ≤ v ∧ v < (s + 1) * (s + 1) := by
  induction v with
  | zero => exact ⟨0, by omega, by omega⟩
  | succ v ih =>
    obtain ⟨s, h1, h2⟩ := ih
    by_cases h : (s + 1) * (s + 1) ≤ v + 1
    · refine ⟨s + 1, h, ?_⟩
      rw [show (s + 1 + 1) * (s + 1 + 1) = (s + 1) * (s + 1) + (2 * s + 3) by grind]; omega
    · exact ⟨s, by omega, by omega⟩

/-- A step of Newton's iteration never falls below the root. -/
theorem lt_next {v r : Nat} (hr : 0 < r) : v < ((r + v / r) / 2 + 1) * ((r + v / r) / 2 + 1) := by
  have h1 : v < r * (v / r + 1) := Nat.lt_mul_div_succ v hr
  generalize v / r = q at *
  have h2 : r + q + 1 ≤ 2 * ((r + q) / 2 + 1) := by omega
  generalize (r + q) / 2 + 1 = m at *
  have h3 := Nat.mul_le_mul h2 h2
  have h4 : 4 * (r * (q + 1)) ≤ (r + q + 1) * (r + q + 1) := by
    rcases Nat.le_total r (q + 1) with h | h
    · obtain ⟨d, hd⟩ := Nat.le.dest h
      rw [show r + q + 1 = r + (q + 1) by omega, ← hd]
      rw [show (r + (r + d)) * (r + (r + d)) = 4 * (r * (r + d)) + d * d by grind]; exact Nat.le_add_right _ _
    · obtain ⟨d, hd⟩ := Nat.le.dest h
      rw [show r + q + 1 = r + (q + 1) by omega, ← hd]
      rw [show (q + 1 + d + (q + 1)) * (q + 1 + d + (q + 1)) = 4 * ((q + 1 + d) * (q + 1)) + d * d by grind]
      exact Nat.le_add_right _ _
  rw [show 2 * m * (2 * m) = 4 * (m * m) by grind] at h3
  omega

theorem rootFrom_spec {v s : Nat} (hv : 0 < v) (h1 : s * s ≤ v) (h2 : v < (s + 1) * (s + 1)) (fuel root : Nat) (above : s ≤ root)
    (near : root - s < 2 ^ fuel) : rootFrom v fuel root = s := by
  induction fuel generalizing root with
  | zero => rw [show rootFrom v 0 root = root from rfl]; rw [Nat.pow_zero] at near; omega
  | succ fuel ih =>
    have positive : 0 < root := by
      by_cases h0 : root = 0
      · have : s = 0 := by omega
        subst this; omega
      · omega
    have low := lt_next (v := v) positive
    have belowNext : s ≤ (root + v / root) / 2 := by
      by_cases h : s ≤ (root + v / root) / 2
      · exact h
      · have := Nat.mul_le_mul (show (root + v / root) / 2 + 1 ≤ s by omega) (show (root + v / root) / 2 + 1 ≤ s by omega)
        omega
    rw [show rootFrom v (fuel + 1) root = if (root + v / root) / 2 < root then rootFrom v fuel ((root + v / root) / 2) else root
      from rfl]
    by_cases h : root = s
    · subst h
      rw [if_neg (by omega)]
    · have quotient : v / root ≤ s := by
        have h3 : v < root * (s + 1) := Nat.lt_of_lt_of_le h2 (Nat.mul_le_mul (by omega) (Nat.le_refl _))
        have := (Nat.div_lt_iff_lt_mul positive).mpr (show v < (s + 1) * root by rw [Nat.mul_comm]; exact h3)
        omega
      rw [if_pos (by omega)]
      refine ih _ belowNext ?_
      rw [Nat.pow_succ] at near
      omega

/-- **`squareRoot` is the integer part of the square root.** -/
theorem squareRoot_spec (v : Nat) : squareRoot v * squareRoot v ≤ v ∧ v < (squareRoot v + 1) * (squareRoot v + 1) := by
  unfold squareRoot
  by_cases h : v = 0
  · rw [if_pos h, h]; exact ⟨by omega, by omega⟩
  · rw [if_neg h]
    obtain ⟨s, h1, h2⟩ := exists_root v
    have size := lt_two_pow_bitLength v
    generalize Format.bitLength v = b at *
    have start : Nat.shiftLeft 1 (b / 2 + 1) = 2 ^ (b / 2 + 1) := by
      rw [show Nat.shiftLeft 1 (b / 2 + 1) = 1 <<< (b / 2 + 1) from rfl, Nat.shiftLeft_eq, Nat.one_mul]
    have square : 2 ^ b ≤ 2 ^ (b / 2 + 1) * 2 ^ (b / 2 + 1) := by
      rw [← Nat.pow_add]; exact Nat.pow_le_pow_right (by omega) (by omega)
    have far : 2 ^ (b / 2 + 1) ≤ 2 ^ (b + 8) := Nat.pow_le_pow_right (by omega) (by omega)
    have positive := Nat.two_pow_pos (b / 2 + 1)
    rw [start, rootFrom_spec (by omega) h1 h2 (b + 8) _ (by
      by_cases h3 : s ≤ 2 ^ (b / 2 + 1)
      · exact h3
      · have := Nat.mul_le_mul (show 2 ^ (b / 2 + 1) ≤ s by omega) (show 2 ^ (b / 2 + 1) ≤ s by omega)
        omega) (by
      by_cases h0 : s = 0
      · subst h0
        have : v < 1 := by simpa using h2
        omega
      · omega)]
    exact ⟨h1, h2⟩

/-- What a mantissa is compared with: itself, or its square for a root. -/
def reachedBy (root : Bool) (mantissa : Nat) : Nat := if root then mantissa * mantissa else mantissa

theorem mantissaAt_up (numerator denominator : Nat) (root : Bool) (exponent : Int) (h : 0 < denominator) :
    Nat.shiftLeft numerator (if root then -2 * exponent else -exponent).toNat
      ≤ reachedBy root (mantissaAt numerator denominator true root exponent)
        * Nat.shiftLeft denominator (-(if root then -2 * exponent else -exponent)).toNat := by
  unfold mantissaAt reachedBy
  dsimp only
  generalize Nat.shiftLeft numerator (if root then -2 * exponent else -exponent).toNat = top
  have positive : 0 < Nat.shiftLeft denominator (-(if root then -2 * exponent else -exponent)).toNat := by
    generalize (-(if root then -2 * exponent else -exponent)).toNat = k
    rw [show Nat.shiftLeft denominator k = denominator <<< k from rfl, Nat.shiftLeft_eq]
    exact Nat.mul_pos h (Nat.two_pow_pos _)
  generalize Nat.shiftLeft denominator (-(if root then -2 * exponent else -exponent)).toNat = bottom at *
  have next := Nat.lt_mul_div_succ top positive
  cases root with
  | false =>
    simp only [Bool.false_eq_true, if_false, Bool.true_and, decide_eq_true_eq]
    split
    · rw [Nat.mul_comm]; omega
    · omega
  | true =>
    simp only [if_true, Bool.true_and, decide_eq_true_eq]
    have spec := (squareRoot_spec (top / bottom)).2
    generalize squareRoot (top / bottom) = m at *
    split
    · have := Nat.mul_le_mul (Nat.le_refl bottom) (show top / bottom + 1 ≤ (m + 1) * (m + 1) by omega)
      rw [Nat.mul_comm ((m + 1) * (m + 1))]; omega
    · omega

theorem mantissaAt_down (numerator denominator : Nat) (root : Bool) (exponent : Int) :
    reachedBy root (mantissaAt numerator denominator false root exponent)
        * Nat.shiftLeft denominator (-(if root then -2 * exponent else -exponent)).toNat
      ≤ Nat.shiftLeft numerator (if root then -2 * exponent else -exponent).toNat := by
  unfold mantissaAt reachedBy
  dsimp only
  generalize Nat.shiftLeft numerator (if root then -2 * exponent else -exponent).toNat = top
  generalize Nat.shiftLeft denominator (-(if root then -2 * exponent else -exponent)).toNat = bottom
  have below := Nat.div_mul_le_self top bottom
  cases root with
  | false =>
    simp only [Bool.false_eq_true, if_false, Bool.false_and]
    exact below
  | true =>
    simp only [if_true, Bool.false_and, Bool.false_eq_true, if_false]
    exact Nat.le_trans (Nat.mul_le_mul (squareRoot_spec (top / bottom)).1 (Nat.le_refl bottom)) below

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem natCast_shiftLeft (n k : Nat) : ((Nat.shiftLeft n k : Nat) : K) = (n : K) * 2 ^ k := by
  rw [show Nat.shiftLeft n k = n <<< k from rfl, Nat.shiftLeft_eq, Semiring.natCast_mul, Semiring.natCast_pow, natCast_two]

theorem natCast_le {a b : Nat} (h : a ≤ b) : (a : K) ≤ (b : K) := by
  have := intCast_le (K := K) (Int.ofNat_le.mpr h)
  rw [Ring.intCast_natCast, Ring.intCast_natCast] at this
  exact this

/-- Two powers of two whose exponents differ by `scale`. -/
theorem two_pow_toNat (scale : Int) : (2 : K) ^ scale.toNat = 2 ^ (-scale).toNat * 2 ^ scale := by
  rw [← two_zpow_natCast, ← two_zpow_natCast, ← two_zpow_add]
  congr 1
  omega

/-- The value, or its square, of what has the mantissa at an exponent. -/
theorem value_reached (root : Bool) (m : Nat) (exponent : Int) :
    (if root then ((⟨Int.ofNat m, exponent⟩ : Dyadic).value K) ^ 2 else (⟨Int.ofNat m, exponent⟩ : Dyadic).value K)
      = (reachedBy root m : K) * 2 ^ (-(if root then -2 * exponent else -exponent)) := by
  unfold Dyadic.value reachedBy
  dsimp only
  rw [show ((Int.ofNat m : Int) : K) = (m : K) from Ring.intCast_natCast m]
  cases root with
  | false => simp only [Bool.false_eq_true, if_false]; rw [Int.neg_neg]
  | true =>
    simp only [if_true]
    rw [show -(-2 * exponent) = exponent + exponent by omega, two_zpow_add, Semiring.natCast_mul]
    generalize (2 : K) ^ exponent = c
    grind

private theorem upper_of_nat {N D M : Nat} {scale : Int} (h : Nat.shiftLeft N scale.toNat ≤ M * Nat.shiftLeft D (-scale).toNat) :
    (N : K) ≤ (M : K) * 2 ^ (-scale) * D := by
  have cast := natCast_le (K := K) h
  rw [Semiring.natCast_mul, natCast_shiftLeft, natCast_shiftLeft, two_pow_toNat scale] at cast
  have p1 := two_pow_pos' (K := K) (-scale).toNat
  have inverse := two_zpow_add (K := K) scale (-scale)
  rw [show scale + -scale = 0 by omega, Field.zpow_zero] at inverse
  have p2 := two_zpow_pos (K := K) scale
  generalize (2 : K) ^ (-scale).toNat = a at *
  generalize (2 : K) ^ scale = b at *
  generalize (2 : K) ^ (-scale) = c at *
  refine le_of_mul_le_mul (c := a * b) (OrderedRing.mul_pos p1 p2) ?_
  rw [show a * b * (M * c * D) = a * (M * D) * (b * c) by grind, ← inverse]
  grind

private theorem lower_of_nat {N D M : Nat} {scale : Int} (h : M * Nat.shiftLeft D (-scale).toNat ≤ Nat.shiftLeft N scale.toNat) :
    (M : K) * 2 ^ (-scale) * D ≤ (N : K) := by
  have cast := natCast_le (K := K) h
  rw [Semiring.natCast_mul, natCast_shiftLeft, natCast_shiftLeft, two_pow_toNat scale] at cast
  have p1 := two_pow_pos' (K := K) (-scale).toNat
  have inverse := two_zpow_add (K := K) scale (-scale)
  rw [show scale + -scale = 0 by omega, Field.zpow_zero] at inverse
  have p2 := two_zpow_pos (K := K) scale
  generalize (2 : K) ^ (-scale).toNat = a at *
  generalize (2 : K) ^ scale = b at *
  generalize (2 : K) ^ (-scale) = c at *
  refine le_of_mul_le_mul (c := a * b) (OrderedRing.mul_pos p1 p2) ?_
  rw [show a * b * (M * c * D) = a * (M * D) * (b * c) by grind, ← inverse]
  grind

theorem rounded53From_eq (numerator denominator : Nat) (up root : Bool) (fuel : Nat) (exponent : Int) :
    ∃ e, rounded53From numerator denominator up root fuel exponent
      = ⟨Int.ofNat (mantissaAt numerator denominator up root e), e⟩ := by
  induction fuel generalizing exponent with
  | zero => exact ⟨exponent, rfl⟩
  | succ fuel ih =>
    by_cases h : mantissaAt numerator denominator up root exponent < 9007199254740992
    · refine ⟨exponent, ?_⟩
      show (if mantissaAt numerator denominator up root exponent < 9007199254740992 then
        (⟨Int.ofNat (mantissaAt numerator denominator up root exponent), exponent⟩ : Dyadic)
        else rounded53From numerator denominator up root fuel (exponent + 1)) = _
      rw [if_pos h]
    · obtain ⟨e, he⟩ := ih (exponent + 1)
      refine ⟨e, ?_⟩
      rw [← he]
      show (if mantissaAt numerator denominator up root exponent < 9007199254740992 then
        (⟨Int.ofNat (mantissaAt numerator denominator up root exponent), exponent⟩ : Dyadic)
        else rounded53From numerator denominator up root fuel (exponent + 1)) = _
      rw [if_neg h]

/-- Rounded up, the quotient's or the root's: a bound above. -/
theorem le_rounded53 (numerator denominator : Nat) (root : Bool) (h : 0 < denominator) :
    (numerator : K) ≤ (if root then ((rounded53 numerator denominator true root).value K) ^ 2
      else (rounded53 numerator denominator true root).value K) * denominator := by
  unfold rounded53
  by_cases h0 : numerator = 0
  · rw [if_pos h0, h0, Dyadic.value_zero, Semiring.natCast_zero]
    cases root
    · simp only [Bool.false_eq_true, if_false]; grind
    · simp only [if_true]; grind
  · rw [if_neg h0]
    dsimp only
    obtain ⟨e, he⟩ := rounded53From_eq numerator denominator true root 8
      ((if root then (Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) / 2
        else Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) - 54)
    rw [he, value_reached]
    exact upper_of_nat (mantissaAt_up numerator denominator root e h)

/-- Rounded down: a bound below. -/
theorem rounded53_le (numerator denominator : Nat) (root : Bool) :
    (if root then ((rounded53 numerator denominator false root).value K) ^ 2
      else (rounded53 numerator denominator false root).value K) * denominator ≤ (numerator : K) := by
  unfold rounded53
  by_cases h0 : numerator = 0
  · rw [if_pos h0, h0, Dyadic.value_zero, Semiring.natCast_zero]
    cases root
    · simp only [Bool.false_eq_true, if_false]; grind
    · simp only [if_true]; grind
  · rw [if_neg h0]
    dsimp only
    obtain ⟨e, he⟩ := rounded53From_eq numerator denominator false root 8
      ((if root then (Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) / 2
        else Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) - 54)
    rw [he, value_reached]
    exact lower_of_nat (mantissaAt_down numerator denominator root e)

/-- **`sqrt53`, rounded up, is at least the square root**, and not negative. -/
theorem le_sqrt53_sq (numerator denominator : Nat) (h : 0 < denominator) :
    (numerator : K) ≤ (sqrt53 numerator denominator true).value K ^ 2 * denominator := by
  have := le_rounded53 (K := K) numerator denominator true h
  rw [if_pos rfl] at this; exact this

theorem sqrt53_nonneg (numerator denominator : Nat) (up : Bool) : 0 ≤ (sqrt53 numerator denominator up).value K := by
  rw [Dyadic.value_nonneg_iff]
  unfold sqrt53 rounded53
  split
  · exact Int.le_refl 0
  · dsimp only
    obtain ⟨e, he⟩ := rounded53From_eq numerator denominator up true 8
      ((if true then (Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) / 2
        else Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) - 54)
    rw [he]
    exact Int.natCast_nonneg _

/-- **`sqrt53`, rounded down, is at most the square root.** -/
theorem sqrt53_sq_le (numerator denominator : Nat) :
    (sqrt53 numerator denominator false).value K ^ 2 * denominator ≤ (numerator : K) := by
  have := rounded53_le (K := K) numerator denominator true
  rw [if_pos rfl] at this; exact this

/-- **`quotient53`, rounded up, is at least the quotient.** -/
theorem le_quotient53 (numerator denominator : Nat) (h : 0 < denominator) :
    (numerator : K) ≤ (quotient53 numerator denominator true).value K * denominator := by
  have := le_rounded53 (K := K) numerator denominator false h
  rw [if_neg Bool.false_ne_true] at this; exact this

/-- **`quotient53`, rounded down, is at most the quotient.** -/
theorem quotient53_le (numerator denominator : Nat) :
    (quotient53 numerator denominator false).value K * denominator ≤ (numerator : K) := by
  have := rounded53_le (K := K) numerator denominator false
  rw [if_neg Bool.false_ne_true] at this; exact this

theorem quotient53_nonneg (numerator denominator : Nat) (up : Bool) : 0 ≤ (quotient53 numerator denominator up).value K := by
  rw [Dyadic.value_nonneg_iff]
  unfold quotient53 rounded53
  split
  · exact Int.le_refl 0
  · dsimp only
    obtain ⟨e, he⟩ := rounded53From_eq numerator denominator up false 8
      ((if false = true then (Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) / 2
        else Int.ofNat (Format.bitLength numerator) - Int.ofNat (Format.bitLength denominator)) - 54)
    rw [he]
    exact Int.natCast_nonneg _

end

end Eigenstill.Claims.Exec
