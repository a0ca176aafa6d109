/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Force

/-!
# A packed row spread out

A whole `n x n` matrix is one number too: row `i` at `B^((n+1) i)`, entry `j` of it at `B^j`. For two packed rows `u`, `v` the
outer product `u_i v_j` is then one multiplication, of `v` and of `u` *spread* to the stride `n + 1`. Of some rows of the
matrix only, it is the same with those entries of `u` spread.

* `spread_eq`, `spread_shift_eq`: spreading takes one multiplication and one mask.
* `ones b n` packs `1, 1, ..., 1`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-- The packed row of `2^k` ones. -/
def onesDoubled (b : Nat) : Nat → Nat
  | 0 => 1
  | k + 1 => force (onesDoubled b k) fun x => Nat.add x (Nat.shiftLeft x (Nat.mul b (Nat.pow 2 k)))

/-- The packed row `1, 1, ..., 1`. -/
def ones (b n : Nat) : Nat := Nat.land (onesDoubled b (Nat.succ (Nat.log2 n))) (Nat.sub (Nat.pow 2 (Nat.mul b n)) 1)

theorem onesDoubled_eq (b : Nat) : ∀ k, (onesDoubled b k : Int) = pack (base b) (2 ^ k) fun _ => 1
  | 0 => by simp [onesDoubled, pack_succ, pack_zero]
  | k + 1 => by
    rw [onesDoubled, force_eq, Nat.add_eq, shiftLeft_eq, Int.natCast_add, Int.natCast_mul, onesDoubled_eq b k, Nat.pow_succ,
      Nat.mul_two, pack_append, Int.mul_comm, base, ← Int.pow_mul]
    simp

theorem ones_eq {b : Nat} (hb : 0 < b) (n : Nat) : (ones b n : Int) = pack (base b) n fun _ => 1 := by
  have h1 : (1 : Int) < base b := by
    obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩
    have := base_pos c
    unfold base at *; rw [Int.pow_succ]; omega
  have hn : n ≤ 2 ^ (Nat.log2 n + 1) := Nat.le_of_lt Nat.lt_log2_self
  obtain ⟨m, hm⟩ : ∃ m, 2 ^ (Nat.log2 n + 1) = n + m := ⟨2 ^ (Nat.log2 n + 1) - n, by omega⟩
  have h2 := onesDoubled_eq b (Nat.log2 n + 1)
  rw [hm, pack_append] at h2
  have h3 := pack_bound (base_pos b) (n := n) (e := fun _ => 1) fun j _ => by dsimp only; omega
  have h4 : 0 ≤ pack (base b) n fun _ => 1 :=
    sum_nonneg _ _ fun j => Int.mul_nonneg (by dsimp only; omega) (Int.le_of_lt (Int.pow_pos (base_pos b)))
  have h5 : ((2 ^ (b * n) : Nat) : Int) = (base b) ^ n := by unfold base; rw [← Int.pow_mul]; simp
  show ((Nat.land (onesDoubled b (Nat.log2 n + 1)) (Nat.sub (Nat.pow 2 (b * n)) 1) : Nat) : Int) = _
  rw [land_mask, Int.natCast_emod, h5, h2, Int.add_mul_emod_self_left, Int.emod_eq_of_lt h4 h3.2]

/-- `h` copies of a packed row of `n` slots, one after another, are the row times this number. -/
def copies (b n h : Nat) : Nat := ones (Nat.mul b n) h

/-- Selects slot `j` of copy `j`, for `h` copies. -/
def diagonalMask (b n h : Nat) : Nat := Nat.mul (ones (Nat.mul b (Nat.succ n)) h) (Nat.sub (Nat.pow 2 b) 1)

/-- The first `h` slots of the packed row `x` at the stride of `n + 1` slots, by `copies b n h` and `diagonalMask b n h`. -/
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

theorem digit_low {s x h j : Nat} (hj : j < h) : digit s (x % 2 ^ (s * h)) j = digit s x j := by
  have h1 := digit_digit (b := s) (n := h) (i := 0) hj x
  rwa [digit_zero, Nat.mul_zero, Nat.zero_add] at h1

/-- **One multiplication and one mask spread the first `h` slots of a packed row to the stride of `n + 1` slots.** -/
theorem spread_eq {b n h x : Nat} {e : Nat → Int} (hb : 0 < b) (hh : h ≤ n) (hx : (x : Int) = pack (base b) n e)
    (he : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) :
    (spread (copies b n h) (diagonalMask b n h) x : Int) = pack (base (b * (n + 1))) h e := by
  have hlt := pack_lt hx he
  by_cases hn : n = 0
  · subst hn
    obtain rfl : h = 0 := by omega
    have h0 : diagonalMask b 0 0 = 0 := by
      have h1 := ones_eq (Nat.mul_pos hb (Nat.succ_pos 0)) 0
      rw [pack_zero] at h1
      unfold diagonalMask
      rw [show ones (Nat.mul b (Nat.succ 0)) 0 = 0 from Int.ofNat.inj h1]; exact Nat.zero_mul _
    rw [pack_zero, spread, h0, show Nat.land (Nat.mul x (copies b 0 0)) 0 = 0 from Nat.and_zero _]; rfl
  have hbn : 0 < b * n := Nat.mul_pos hb (by omega)
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  -- the mask and the copies, as packed rows
  have hpow : (2 : Nat) ^ b ≤ 2 ^ (b * (n + 1)) := Nat.pow_le_pow_right (by omega) (Nat.le_mul_of_pos_right b (by omega))
  have hm : (diagonalMask b n h : Int) = pack (base (b * (n + 1))) h fun _ => base b - 1 := by
    have h3 : ((2 ^ b - 1 : Nat) : Int) = base b - 1 := by
      have : 0 < 2 ^ b := Nat.two_pow_pos _
      rw [Int.natCast_sub (by omega), base_eq]; simp
    show ((ones (b * (n + 1)) h * (2 ^ b - 1) : Nat) : Int) = _
    rw [Int.natCast_mul, h3, ones_eq hbw, Int.mul_comm, ← pack_mul]; simp
  have hbase : base b ≤ base (b * (n + 1)) := by rw [base_eq, base_eq]; exact Int.ofNat_le.mpr hpow
  have hmd : ∀ j, j < h → digit (b * (n + 1)) (diagonalMask b n h) j = 2 ^ b - 1 := by
    intro j hj
    have h1 := digit_of_pack hm (fun j _ => ⟨by have := base_pos b; omega, by omega⟩) j hj
    have := base_eq b; have := Nat.two_pow_pos b; omega
  have hc : ((x * copies b n h : Nat) : Int) = pack (base (b * n)) h fun _ => (x : Int) := by
    rw [Int.natCast_mul, show copies b n h = ones (b * n) h from rfl, ones_eq hbn, ← pack_mul]; simp
  have hcd : ∀ j, j < h → digit (b * n) (x * copies b n h) j = x := by
    intro j hj
    have h1 := digit_of_pack hc (fun j _ => ⟨by omega, by rw [base_eq]; omega⟩) j hj
    omega
  have hS : spread (copies b n h) (diagonalMask b n h) x < 2 ^ (b * (n + 1) * h) := by
    have h1 : spread (copies b n h) (diagonalMask b n h) x ≤ diagonalMask b n h := Nat.and_le_right
    have h2 := pack_lt hm fun j _ => ⟨by have := base_pos b; omega, by omega⟩
    omega
  rw [pack_digit _ h _ hS]
  refine pack_congr fun j hj => ?_
  have h1 : digit (b * (n + 1)) (spread (copies b n h) (diagonalMask b n h) x) j = digit b x j := by
    unfold spread; rw [digit_land, hmd j hj, Nat.and_two_pow_sub_one_eq_mod, ← digit_zero,
      digit_digit (by omega), Nat.add_zero, show (n + 1) * j = n * j + j by rw [Nat.succ_mul],
      ← digit_digit (Nat.lt_of_lt_of_le hj hh), show Nat.mul x (copies b n h) = x * copies b n h from rfl, hcd j hj]
  rw [h1]; exact digit_of_pack hx he j (Nat.lt_of_lt_of_le hj hh)

/-- **The same for the slots `i, ..., i + h - 1`.** -/
theorem spread_shift_eq {b n i h x : Nat} {e : Nat → Int} (hb : 0 < b) (hh : i + h ≤ n) (hx : (x : Int) = pack (base b) n e)
    (he : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) :
    (spread (copies b n h) (diagonalMask b n h) (Nat.shiftRight x (Nat.mul b i)) : Int)
      = pack (base (b * (n + 1))) h fun k => e (i + k) := by
  have hlt := pack_lt hx he
  have h1 : x / 2 ^ (b * i) < 2 ^ (b * n) := Nat.lt_of_le_of_lt (Nat.div_le_self _ _) hlt
  rw [shiftRight_eq]
  rw [show Nat.mul b i = b * i from rfl, spread_eq hb (show h ≤ n by omega) (pack_digit b n _ h1) fun j _ => by
    have := digit_lt b (x / 2 ^ (b * i)) j; rw [base_eq]; omega]
  refine pack_congr fun k hk => ?_
  dsimp only; rw [digit_shift]; exact digit_of_pack hx he _ (by omega)

end Eigenstill.Exact
