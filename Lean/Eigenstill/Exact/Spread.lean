/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Digits

/-!
# A packed row spread out

A whole `n x n` matrix is one number too: row `i` at `B^((n+1) i)`, entry `j` of it at `B^j`. For two packed rows `u`, `v` the
outer product `u_i v_j` is then one multiplication, of `v` and of `u` *spread* to the stride `n + 1`.

* `spread_eq`: spreading takes one multiplication and one mask.
* `ones b n` packs `1, 1, ..., 1`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-- The packed row `1, 1, ..., 1`. -/
def ones (b n : Nat) : Nat := Nat.div (Nat.sub (Nat.pow 2 (Nat.mul b n)) 1) (Nat.sub (Nat.pow 2 b) 1)

theorem ones_eq {b : Nat} (hb : 0 < b) (n : Nat) : (ones b n : Int) = pack (base b) n fun _ => 1 := by
  have key : pack (base b) n (fun _ => 1) * (base b - 1) = (base b) ^ n - 1 := by
    induction n with
    | zero => rw [pack_zero]; simp
    | succ n ih => rw [pack_succ, Int.pow_succ]; grind
  have h1 : (1 : Int) ≤ base b - 1 := by
    obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩
    have := base_pos c
    unfold base at *; rw [Int.pow_succ]; omega
  have h2 : ((2 ^ (b * n) - 1 : Nat) : Int) = (base b) ^ n - 1 := by
    have : 0 < 2 ^ (b * n) := Nat.two_pow_pos _
    rw [Int.natCast_sub (by omega), base, ← Int.pow_mul]; simp
  have h3 : ((2 ^ b - 1 : Nat) : Int) = base b - 1 := by
    have : 0 < 2 ^ b := Nat.two_pow_pos _
    rw [Int.natCast_sub (by omega), base_eq]; simp
  show (((2 ^ (b * n) - 1) / (2 ^ b - 1) : Nat) : Int) = _
  rw [Int.natCast_ediv, h2, h3, ← key, Int.mul_ediv_cancel _ (by omega)]

/-- `n` copies of a packed row of `n` slots, one after another, are the row times this number. -/
def copies (b n : Nat) : Nat := ones (Nat.mul b n) n

/-- Selects slot `j` of copy `j`. -/
def diagonalMask (b n : Nat) : Nat := Nat.mul (ones (Nat.mul b (Nat.succ n)) n) (Nat.sub (Nat.pow 2 b) 1)

/-- The packed row `x` at the stride of `n + 1` slots, by `copies b n` and `diagonalMask b n`. -/
def spread (copies mask x : Nat) : Nat := Nat.land (Nat.mul x copies) mask

theorem digit_land (b x y j : Nat) : digit b (Nat.land x y) j = digit b x j &&& digit b y j := by
  show (x &&& y) / _ % _ = _
  unfold digit
  rw [← Nat.shiftRight_eq_div_pow, ← Nat.shiftRight_eq_div_pow, ← Nat.shiftRight_eq_div_pow,
    Nat.shiftRight_and_distrib, Nat.and_mod_two_pow]

/-- A slot is a slot of the wider slot around it. -/
theorem digit_digit {b n i j : Nat} (hj : j < n) (x : Nat) : digit b (digit (b * n) x i) j = digit b x (n * i + j) := by
  unfold digit
  have h1 : 2 ^ (b * n) = 2 ^ (b * j) * 2 ^ (b * (n - j)) := by
    rw [← Nat.pow_add, ← Nat.mul_add]; congr 2; omega
  have h2 : 2 ^ b ∣ 2 ^ (b * (n - j)) := Nat.pow_dvd_pow 2 (by
    obtain ⟨c, hc⟩ : ∃ c, n - j = c + 1 := ⟨n - j - 1, by omega⟩
    rw [hc, Nat.mul_succ]; omega)
  have h3 : x / 2 ^ (b * n * i) / 2 ^ (b * j) = x / 2 ^ (b * (n * i + j)) := by
    rw [Nat.div_div_eq_div_mul, ← Nat.pow_add, Nat.mul_add, Nat.mul_assoc]
  rw [← h3]
  generalize x / 2 ^ (b * n * i) = y
  rw [h1, Nat.mod_mul_right_div_self, Nat.mod_mod_of_dvd _ h2]

theorem pack_lt {b n x : Nat} {e : Nat → Int} (hx : (x : Int) = pack (base b) n e)
    (he : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) : x < 2 ^ (b * n) := by
  have h1 := (pack_bound (base_pos b) (e := e) (n := n) fun j hj => ⟨by have := he j hj; have := base_pos b; omega, (he j hj).2⟩).2
  have h2 : (base b) ^ n = ((2 ^ (b * n) : Nat) : Int) := by unfold base; rw [← Int.pow_mul]; simp
  rw [← hx, h2] at h1; omega

/-- **One multiplication and one mask spread a packed row to the stride of `n + 1` slots.** -/
theorem spread_eq {b n x : Nat} {e : Nat → Int} (hb : 0 < b) (hx : (x : Int) = pack (base b) n e)
    (he : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) :
    (spread (copies b n) (diagonalMask b n) x : Int) = pack (base (b * (n + 1))) n e := by
  have hlt := pack_lt hx he
  by_cases hn : n = 0
  · subst hn
    have h0 : diagonalMask b 0 = 0 := by
      show (2 ^ (b * 1 * 0) - 1) / _ * _ = 0
      rw [Nat.mul_zero, Nat.pow_zero, Nat.sub_self, Nat.zero_div, Nat.zero_mul]
    rw [pack_zero, spread, h0, show Nat.land (Nat.mul x (copies b 0)) 0 = 0 from Nat.and_zero _]; rfl
  have hbn : 0 < b * n := Nat.mul_pos hb (by omega)
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  -- the mask and the copies, as packed rows
  have hpow : (2 : Nat) ^ b ≤ 2 ^ (b * (n + 1)) := Nat.pow_le_pow_right (by omega) (Nat.le_mul_of_pos_right b (by omega))
  have hm : (diagonalMask b n : Int) = pack (base (b * (n + 1))) n fun _ => base b - 1 := by
    have h3 : ((2 ^ b - 1 : Nat) : Int) = base b - 1 := by
      have : 0 < 2 ^ b := Nat.two_pow_pos _
      rw [Int.natCast_sub (by omega), base_eq]; simp
    show ((ones (b * (n + 1)) n * (2 ^ b - 1) : Nat) : Int) = _
    rw [Int.natCast_mul, h3, ones_eq hbw, Int.mul_comm, ← pack_mul]; simp
  have hbase : base b ≤ base (b * (n + 1)) := by rw [base_eq, base_eq]; exact Int.ofNat_le.mpr hpow
  have hmd : ∀ j, j < n → digit (b * (n + 1)) (diagonalMask b n) j = 2 ^ b - 1 := by
    intro j hj
    have h1 := digit_of_pack hm (fun j _ => ⟨by have := base_pos b; omega, by omega⟩) j hj
    have := base_eq b; have := Nat.two_pow_pos b; omega
  have hc : ((x * copies b n : Nat) : Int) = pack (base (b * n)) n fun _ => (x : Int) := by
    rw [Int.natCast_mul, show copies b n = ones (b * n) n from rfl, ones_eq hbn, ← pack_mul]; simp
  have hcd : ∀ j, j < n → digit (b * n) (x * copies b n) j = x := by
    intro j hj
    have h1 := digit_of_pack hc (fun j _ => ⟨by omega, by rw [base_eq]; omega⟩) j hj
    omega
  have hS : spread (copies b n) (diagonalMask b n) x < 2 ^ (b * (n + 1) * n) := by
    have h1 : spread (copies b n) (diagonalMask b n) x ≤ diagonalMask b n := Nat.and_le_right
    have h2 := pack_lt hm fun j _ => ⟨by have := base_pos b; omega, by omega⟩
    omega
  rw [pack_digit _ n _ hS]
  refine pack_congr fun j hj => ?_
  have h1 : digit (b * (n + 1)) (spread (copies b n) (diagonalMask b n) x) j = digit b x j := by
    unfold spread; rw [digit_land, hmd j hj, Nat.and_two_pow_sub_one_eq_mod, ← digit_zero,
      digit_digit (by omega), Nat.add_zero, show (n + 1) * j = n * j + j by rw [Nat.succ_mul],
      ← digit_digit hj, show Nat.mul x (copies b n) = x * copies b n from rfl, hcd j hj]
  rw [h1]; exact digit_of_pack hx he j hj

end Eigenstill.Exact
