/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum

/-!
# Packed rows: many integers in one

A row of integers `e 0, e 1, ..., e (n-1)` is packed as the one number `Σ e_j B^j`, signs included: `pack B n e`. Adding
rows and multiplying a row by a number are then one operation on big numbers.

* `pack` is linear: `pack_add`, `pack_mul`, `pack_sum`.
* `eq_of_pack_eq`: **it is injective on rows whose entries differ by less than `B`**: the slot bound of every check.
* `digit b x j` is slot `j`, of `b` bits, of the natural number `x`; `pack_digit`, `digit_of_pack`: a number is the packed
  row of its digits, and they are the entries of any packed row with entries in `[0, 2^b)`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-! ## Sums from the first index up -/

section sums
universe u
variable {K : Type u} [CommRing K]

theorem sum_head (n) (f : Fin (n + 1) → K) : sum (n + 1) f = f 0 + sum n fun i => f i.succ := by
  induction n with
  | zero => simp only [sum]; rw [show Fin.last 0 = 0 from rfl]; grind
  | succ n ih =>
    rw [sum_succ, ih, sum_succ]
    rw [show (Fin.castSucc 0 : Fin (n + 2)) = 0 from rfl, show (Fin.last n).succ = Fin.last (n + 1) from rfl]
    rw [show (fun i : Fin n => f i.succ.castSucc) = fun i => f i.castSucc.succ from rfl]
    grind

end sums

/-! ## Packing -/

/-- `Σ_{j<n} e_j B^j`. -/
noncomputable def pack (B : Int) (n : Nat) (e : Nat → Int) : Int := sum n fun j => e j.val * B ^ j.val

theorem pack_zero (B : Int) (e : Nat → Int) : pack B 0 e = 0 := rfl

theorem pack_succ (B : Int) (n : Nat) (e : Nat → Int) : pack B (n + 1) e = pack B n e + e n * B ^ n := rfl

theorem pack_head (B : Int) (n : Nat) (e : Nat → Int) : pack B (n + 1) e = e 0 + B * pack B n fun j => e (j + 1) := by
  unfold pack; rw [sum_head, ← sum_mul]
  rw [show (fun i : Fin n => e i.succ.val * B ^ i.succ.val) = fun i => B * (e (i.val + 1) * B ^ i.val) by
    funext i; rw [Fin.val_succ, Int.pow_succ]; grind]
  simp

theorem pack_congr {B : Int} {n : Nat} {e f : Nat → Int} (h : ∀ j, j < n → e j = f j) : pack B n e = pack B n f :=
  sum_congr fun j => by rw [h j.val j.isLt]

theorem pack_add (B : Int) (n : Nat) (e f : Nat → Int) : pack B n (fun j => e j + f j) = pack B n e + pack B n f := by
  unfold pack; rw [← sum_add]; exact sum_congr fun j => by grind

theorem pack_mul (B : Int) (n : Nat) (c : Int) (e : Nat → Int) : pack B n (fun j => c * e j) = c * pack B n e := by
  unfold pack; rw [← sum_mul]; exact sum_congr fun j => by grind

theorem pack_sub (B : Int) (n : Nat) (e f : Nat → Int) : pack B n (fun j => e j - f j) = pack B n e - pack B n f := by
  unfold pack; rw [← sum_sub]; exact sum_congr fun j => by grind

theorem pack_append (B : Int) (m n : Nat) (e : Nat → Int) :
    pack B (m + n) e = pack B m e + B ^ m * pack B n fun j => e (m + j) := by
  induction n with
  | zero => rw [pack_zero, Int.mul_zero, Int.add_zero, Nat.add_zero]
  | succ n ih => rw [← Nat.add_assoc, pack_succ, pack_succ, ih, Int.pow_add]; grind

/-- A sum of packed rows is the packed row of the sums. -/
theorem pack_sum (B : Int) (n m : Nat) (e : Fin m → Nat → Int) :
    pack B n (fun j => sum m fun k => e k j) = sum m fun k => pack B n (e k) := by
  unfold pack; rw [sum_comm]
  refine sum_congr fun j => ?_
  rw [Int.mul_comm, ← sum_mul]; exact sum_congr fun k => by grind

/-- Entries below `B` in absolute value give a number below `B^n`. -/
theorem pack_bound {B : Int} (hB : 0 < B) {n : Nat} {e : Nat → Int} (h : ∀ j, j < n → -B < e j ∧ e j < B) :
    -B ^ n < pack B n e ∧ pack B n e < B ^ n := by
  induction n with
  | zero => rw [pack_zero]; simp
  | succ n ih =>
    have h1 := ih fun j hj => h j (by omega)
    have h2 := h n (by omega)
    have hp : 0 < B ^ n := Int.pow_pos hB
    rw [pack_succ, Int.pow_succ]
    have a1 : 0 ≤ (B - 1 - e n) * B ^ n := Int.mul_nonneg (by omega) (by omega)
    have a2 : 0 ≤ (B - 1 + e n) * B ^ n := Int.mul_nonneg (by omega) (by omega)
    generalize pack B n e = p at *; generalize e n = t at *; generalize B ^ n = P at *
    clear h ih; grind

/-- A packed row that is zero, its entries below `B` in absolute value, is zero in every slot. -/
theorem eq_zero_of_pack_eq_zero {B : Int} (hB : 0 < B) {n : Nat} {e : Nat → Int}
    (h : ∀ j, j < n → -B < e j ∧ e j < B) (h0 : pack B n e = 0) : ∀ j, j < n → e j = 0 := by
  induction n generalizing e with
  | zero => intro j hj; omega
  | succ n ih =>
    rw [pack_head] at h0
    have hd : B ∣ e 0 := ⟨-pack B n fun j => e (j + 1), by generalize (pack B n fun j => e (j + 1)) = t at *; grind⟩
    have he : e 0 = 0 := by
      have h1 := h 0 (by omega)
      obtain ⟨c, hc⟩ := hd
      rcases Int.lt_trichotomy c 0 with h2 | h2 | h2
      · have := Int.mul_nonneg (show 0 ≤ B by omega) (show 0 ≤ -1 - c by omega); grind
      · rw [hc, h2, Int.mul_zero]
      · have := Int.mul_nonneg (show 0 ≤ B by omega) (show 0 ≤ c - 1 by omega); grind
    have ht : pack B n (fun j => e (j + 1)) = 0 := by
      rw [he] at h0
      have h2 : B * pack B n (fun j => e (j + 1)) = 0 := by generalize (pack B n fun j => e (j + 1)) = t at *; omega
      rcases Int.mul_eq_zero.mp h2 with h3 | h3
      · omega
      · exact h3
    intro j hj
    match j with
    | 0 => exact he
    | j + 1 => exact ih (fun i hi => h (i + 1) (by omega)) ht j (by omega)

/-- **Packing is injective on rows whose entries differ by less than `B`.** -/
theorem eq_of_pack_eq {B : Int} (hB : 0 < B) {n : Nat} {e f : Nat → Int}
    (h : ∀ j, j < n → -B < e j - f j ∧ e j - f j < B) (he : pack B n e = pack B n f) : ∀ j, j < n → e j = f j := by
  have h1 := eq_zero_of_pack_eq_zero hB (e := fun j => e j - f j) h (by rw [pack_sub, he]; omega)
  intro j hj; have := h1 j hj; dsimp only at this; omega

/-! ## Digits of a natural number -/

/-- Slot `j` of `x`, in slots of `b` bits. -/
def digit (b x j : Nat) : Nat := x / 2 ^ (b * j) % 2 ^ b

theorem digit_lt (b x j : Nat) : digit b x j < 2 ^ b := Nat.mod_lt _ (Nat.two_pow_pos b)

theorem digit_zero (b x : Nat) : digit b x 0 = x % 2 ^ b := by unfold digit; rw [Nat.mul_zero, Nat.pow_zero, Nat.div_one]

theorem digit_div (b x j : Nat) : digit b (x / 2 ^ b) j = digit b x (j + 1) := by
  unfold digit
  rw [Nat.div_div_eq_div_mul, ← Nat.pow_add, show b + b * j = b * (j + 1) by rw [Nat.mul_succ, Nat.add_comm]]

theorem digit_shift (s x h j : Nat) : digit s (x / 2 ^ (s * h)) j = digit s x (h + j) := by
  unfold digit; rw [Nat.div_div_eq_div_mul, ← Nat.pow_add, ← Nat.mul_add]

/-- `2^b` as an integer: the base of slots of `b` bits. -/
abbrev base (b : Nat) : Int := 2 ^ b

theorem base_pos (b : Nat) : 0 < base b := Int.pow_pos (by omega)

theorem base_eq (b : Nat) : base b = ((2 ^ b : Nat) : Int) := by unfold base; simp

/-- **A number below `2^(b n)` is the packed row of its `n` digits.** -/
theorem pack_digit (b n : Nat) : ∀ x : Nat, x < 2 ^ (b * n) → (x : Int) = pack (base b) n fun j => digit b x j := by
  induction n with
  | zero => intro x hx; rw [Nat.mul_zero, Nat.pow_zero] at hx; rw [pack_zero]; omega
  | succ n ih =>
    intro x hx
    have h1 : x / 2 ^ b < 2 ^ (b * n) := by
      apply Nat.div_lt_of_lt_mul; rw [← Nat.pow_add, show b + b * n = b * (n + 1) by rw [Nat.mul_succ, Nat.add_comm]]
      exact hx
    have h2 := ih _ h1
    rw [pack_head, digit_zero, pack_congr (f := fun j => (digit b (x / 2 ^ b) j : Int))
      fun j _ => by dsimp only; rw [digit_div], ← h2, base_eq, ← Int.natCast_mul, ← Int.natCast_add]
    congr 1; exact (Nat.mod_add_div x (2 ^ b)).symm

/-- **The digits of a packed row with entries in `[0, 2^b)` are its entries.** -/
theorem digit_of_pack {b n x : Nat} {e : Nat → Int} (hx : (x : Int) = pack (base b) n e)
    (h : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) : ∀ j, j < n → (digit b x j : Int) = e j := by
  have hlt : x < 2 ^ (b * n) := by
    have h1 := (pack_bound (base_pos b) (e := e) (n := n) fun j hj => ⟨by have := h j hj; omega, (h j hj).2⟩).2
    rw [← hx] at h1
    have h2 : (base b) ^ n = ((2 ^ (b * n) : Nat) : Int) := by unfold base; rw [← Int.pow_mul]; simp
    rw [h2] at h1; omega
  refine eq_of_pack_eq (base_pos b) (fun j hj => ?_) ((pack_digit b n x hlt).symm.trans hx)
  have h1 := digit_lt b x j
  have h2 := h j hj
  have h3 := base_eq b
  omega

/-- Whether the lowest `n` digits of `x` are all below `t`. -/
def allBelow (b t : Nat) : Nat → Nat → Bool
  | 0, _ => true
  | n + 1, x => Nat.blt (Nat.land x (Nat.sub (Nat.pow 2 b) 1)) t && allBelow b t n (Nat.shiftRight x b)

theorem land_mask (x b : Nat) : Nat.land x (Nat.sub (Nat.pow 2 b) 1) = x % 2 ^ b := Nat.and_two_pow_sub_one_eq_mod x b

theorem shiftRight_eq (x b : Nat) : Nat.shiftRight x b = x / 2 ^ b := Nat.shiftRight_eq_div_pow x b

theorem shiftLeft_eq (x b : Nat) : Nat.shiftLeft x b = x * 2 ^ b := Nat.shiftLeft_eq x b

theorem digit_lt_of_allBelow {b t : Nat} : ∀ {n x : Nat}, allBelow b t n x = true → ∀ j, j < n → digit b x j < t
  | 0, _, _, j, hj => by omega
  | n + 1, x, h, j, hj => by
    simp only [allBelow, Bool.and_eq_true] at h
    match j with
    | 0 => rw [digit_zero, ← land_mask]; exact Nat.blt_eq.mp h.1
    | j + 1 => rw [← digit_div, ← shiftRight_eq]; exact digit_lt_of_allBelow h.2 j (by omega)

end Eigenstill.Exact
