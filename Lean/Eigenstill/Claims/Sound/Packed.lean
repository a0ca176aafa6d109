/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Packed
public import Eigenstill.Claims.Sound.Sums

/-!
# Packed rows of the executable checks

What `packTurned`, `pack` and `ones` are as `Σ_j e_j 2^(w j)`, and when the digits of a residue are the entries of a row.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq digit pack_congr pack_head pack_succ pack_add pack_sub pack_mul)

/-- A number in front of the other slots. -/
theorem packTurned_cons (width : Nat) (x : Int) (xs : List Int) :
    packTurned width (x :: xs) = x * base width ^ xs.length + packTurned width xs := by
  have walk : ∀ (xs : List Int) (p : Int), folded (fun packed entry => Dyadic.shiftLeft packed width + entry) p xs
      = p * base width ^ xs.length + folded (fun packed entry => Dyadic.shiftLeft packed width + entry) 0 xs := by
    intro xs
    induction xs with
    | nil => intro p; rw [List.length_nil, Int.pow_zero, Int.mul_one]; exact (Int.add_zero p).symm
    | cons y ys ih =>
      intro p
      have shift : ∀ k : Int, Dyadic.shiftLeft k width = k * base width := by
        intro k; unfold Dyadic.shiftLeft
        rw [show Nat.shiftLeft 1 width = 1 <<< width from rfl, Nat.shiftLeft_eq, Nat.one_mul, base_eq]; rfl
      rw [show folded (fun packed entry => Dyadic.shiftLeft packed width + entry) p (y :: ys)
        = folded (fun packed entry => Dyadic.shiftLeft packed width + entry) (Dyadic.shiftLeft p width + y) ys from rfl,
        show folded (fun packed entry => Dyadic.shiftLeft packed width + entry) 0 (y :: ys)
        = folded (fun packed entry => Dyadic.shiftLeft packed width + entry) (Dyadic.shiftLeft 0 width + y) ys from rfl,
        ih, ih (Dyadic.shiftLeft 0 width + y), shift, shift, List.length_cons, Int.pow_succ]
      grind
  unfold packTurned
  rw [show folded (fun packed entry => Dyadic.shiftLeft packed width + entry) 0 (x :: xs)
    = folded (fun packed entry => Dyadic.shiftLeft packed width + entry) (Dyadic.shiftLeft 0 width + x) xs from rfl, walk,
    show Dyadic.shiftLeft 0 width = 0 by unfold Dyadic.shiftLeft; exact Int.zero_mul _, Int.zero_add]

/-- **`packTurned` packs the row from its last entry on.** -/
theorem packTurned_eq (width : Nat) (xs : List Int) :
    packTurned width xs = Exact.pack (base width) xs.length fun s => at0 xs (xs.length - 1 - s) := by
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [packTurned_cons, ih, List.length_cons, pack_succ, Int.add_comm]
    congr 1
    · refine pack_congr fun s hs => ?_
      rw [show xs.length + 1 - 1 - s = (xs.length - 1 - s) + 1 by omega]; rfl
    · rw [show xs.length + 1 - 1 - xs.length = 0 by omega]; rfl

/-- A packed row of ones. -/
theorem ones_eq {count width : Nat} (h : 0 < width) :
    (ones count width : Int) = Exact.pack (base width) count fun _ => 1 := by
  have big : 2 ≤ 2 ^ width := by
    obtain ⟨w, rfl⟩ : ∃ w, width = w + 1 := ⟨width - 1, by omega⟩
    have := Nat.two_pow_pos w; rw [Nat.pow_succ]; omega
  have geometric : ∀ n, (base width - 1) * Exact.pack (base width) n (fun _ => 1) = base width ^ n - 1 := by
    intro n
    induction n with
    | zero => rw [Exact.pack_zero, Int.mul_zero, Int.pow_zero]; rfl
    | succ n ih => rw [pack_succ, Int.mul_add, ih, Int.pow_succ]; grind
  unfold ones
  rw [if_neg (by omega), show Nat.shiftLeft 1 (width * count) = 1 <<< (width * count) from rfl,
    show Nat.shiftLeft 1 width = 1 <<< width from rfl, Nat.shiftLeft_eq, Nat.shiftLeft_eq, Nat.one_mul, Nat.one_mul]
  have positive := Nat.two_pow_pos (width * count)
  have e1 : ((2 ^ (width * count) - 1 : Nat) : Int) = base width ^ count - 1 := by
    rw [Int.natCast_sub positive, base_eq, ← Int.natCast_pow, ← Nat.pow_mul]; rfl
  have e2 : ((2 ^ width - 1 : Nat) : Int) = base width - 1 := by
    rw [Int.natCast_sub (by omega), base_eq]; rfl
  rw [Int.natCast_ediv, e1, e2, ← geometric count]
  have := base_eq width
  exact Int.mul_ediv_cancel_left _ (by omega)

/-- Bits of the digits of `x land y`. -/
theorem digit_land (b x y j : Nat) : digit b (Nat.land x y) j = Nat.land (digit b x j) (digit b y j) := by
  apply Nat.eq_of_testBit_eq; intro i
  unfold digit
  rw [show Nat.land x y = x &&& y from rfl,
    show Nat.land (x / 2 ^ (b * j) % 2 ^ b) (y / 2 ^ (b * j) % 2 ^ b)
      = (x / 2 ^ (b * j) % 2 ^ b) &&& (y / 2 ^ (b * j) % 2 ^ b) from rfl]
  rw [Nat.testBit_and, Nat.testBit_mod_two_pow, Nat.testBit_mod_two_pow, Nat.testBit_mod_two_pow, Nat.testBit_div_two_pow,
    Nat.testBit_div_two_pow, Nat.testBit_div_two_pow, Nat.testBit_and]
  by_cases h : i < b
  · rw [decide_eq_true h, Bool.true_and, Bool.true_and, Bool.true_and]
  · rw [decide_eq_false h, Bool.false_and, Bool.false_and, Bool.false_and]

/-- A number below `2^w` without a bit from `b` on is below `2^b`. -/
theorem lt_of_land_eq_zero {w b d : Nat} (hb : b ≤ w) (hd : d < 2 ^ w) (h : Nat.land d (2 ^ w - 2 ^ b) = 0) : d < 2 ^ b := by
  have split : 2 ^ w = 2 ^ b * 2 ^ (w - b) := by rw [← Nat.pow_add]; congr 1; omega
  have p1 := Nat.two_pow_pos b
  have p2 := Nat.two_pow_pos (w - b)
  have high : d / 2 ^ b < 2 ^ (w - b) := by
    apply Nat.div_lt_of_lt_mul; rw [← split]; exact hd
  have mask : (2 ^ w - 2 ^ b) / 2 ^ b = 2 ^ (w - b) - 1 := by
    rw [split, show 2 ^ b * 2 ^ (w - b) - 2 ^ b = 2 ^ b * (2 ^ (w - b) - 1) by rw [Nat.mul_sub, Nat.mul_one]]
    exact Nat.mul_div_cancel_left _ p1
  have zero : d / 2 ^ b = 0 := by
    have e : (d &&& (2 ^ w - 2 ^ b)) / 2 ^ b = d / 2 ^ b &&& (2 ^ w - 2 ^ b) / 2 ^ b := by
      apply Nat.eq_of_testBit_eq; intro i
      rw [Nat.testBit_div_two_pow, Nat.testBit_and, Nat.testBit_and, Nat.testBit_div_two_pow, Nat.testBit_div_two_pow]
    rw [mask, Nat.and_two_pow_sub_one_eq_mod, Nat.mod_eq_of_lt high] at e
    rw [← e, show d &&& (2 ^ w - 2 ^ b) = Nat.land d (2 ^ w - 2 ^ b) from rfl, h, Nat.zero_div]
  rcases Nat.div_eq_zero_iff.mp zero with h0 | h0
  · omega
  · exact h0

/-- **Entries from a residue.** The number `total` is, modulo `2^(w count)`, the packed row of the `e s`. Where no digit of the
residue of `total + 2^(b-1) ones` has a bit from `b` on, and no entry is large, every entry lies in `[-2^(b-1), 2^(b-1))`. -/
theorem entries_of_residue {width bits count : Nat} {total : Int} {e : Nat → Int} (hbits : 0 < bits) (hw : bits < width)
    (congruent : base width ^ count ∣ total - Exact.pack (base width) count e)
    (small : ∀ s, s < count → -(2 ^ width - 2 ^ bits : Int) < e s ∧ e s < 2 ^ width - 2 ^ bits)
    (h : Nat.land ((total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) % base width ^ count).toNat
      (ones count width * (Nat.shiftLeft 1 width - Nat.shiftLeft 1 bits)) = 0) :
    ∀ s, s < count → -(2 ^ (bits - 1) : Int) ≤ e s ∧ e s < 2 ^ (bits - 1) := by
  have hB := base_pos width
  have hBc : (0 : Int) < base width ^ count := Int.pow_pos hB
  generalize hx : ((total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) % base width ^ count).toNat = x at h
  have xInt : (x : Int) = (total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) % base width ^ count := by
    rw [← hx]; exact Int.toNat_of_nonneg (Int.emod_nonneg _ (by omega))
  have xlt : x < 2 ^ (width * count) := by
    have h1 := Int.emod_lt_of_pos (total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) hBc
    rw [← xInt, base_eq, ← Int.natCast_pow, ← Nat.pow_mul] at h1
    exact Int.ofNat_lt.mp h1
  have half : (2 : Int) ^ bits = 2 * 2 ^ (bits - 1) := by
    obtain ⟨b, rfl⟩ : ∃ b, bits = b + 1 := ⟨bits - 1, by omega⟩
    rw [Nat.add_sub_cancel, Int.pow_succ]; omega
  have halfPos : (0 : Int) < 2 ^ (bits - 1) := Int.pow_pos (by omega)
  have onesCast : (Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1)) : Int)
      = Exact.pack (base width) count fun _ => 2 ^ (bits - 1) := by
    rw [show Nat.shiftLeft (ones count width) (bits - 1) = ones count width <<< (bits - 1) from rfl, Nat.shiftLeft_eq]
    show ((ones count width * 2 ^ (bits - 1) : Nat) : Int) = _
    rw [Int.natCast_mul, ones_eq (by omega), Int.natCast_pow, show ((2 : Nat) : Int) = 2 from rfl, Int.mul_comm, ← pack_mul]
    exact pack_congr fun _ _ => Int.mul_one _
  have digitLow : ∀ s, s < count → digit width x s < 2 ^ bits := by
    intro s hs
    have lt := Exact.digit_lt width x s
    refine lt_of_land_eq_zero (w := width) (by omega) lt ?_
    have mask : digit width (ones count width * (Nat.shiftLeft 1 width - Nat.shiftLeft 1 bits)) s = 2 ^ width - 2 ^ bits := by
      have le : 2 ^ bits ≤ 2 ^ width := Nat.pow_le_pow_right (by omega) (by omega)
      have pos := Nat.two_pow_pos bits
      have value : ((ones count width * (Nat.shiftLeft 1 width - Nat.shiftLeft 1 bits) : Nat) : Int)
          = Exact.pack (base width) count fun _ => ((2 ^ width - 2 ^ bits : Nat) : Int) := by
        rw [show Nat.shiftLeft 1 width = 1 <<< width from rfl, show Nat.shiftLeft 1 bits = 1 <<< bits from rfl,
          Nat.shiftLeft_eq, Nat.shiftLeft_eq, Nat.one_mul, Nat.one_mul, Int.natCast_mul, ones_eq (by omega), Int.mul_comm,
          ← pack_mul]
        exact pack_congr fun _ _ => Int.mul_one _
      have := Exact.digit_of_pack value (fun j _ => ⟨by omega, by rw [base_eq]; omega⟩) s hs
      omega
    have zero := congrArg (fun y => digit width y s) h
    dsimp only at zero
    rw [digit_land, mask] at zero
    rw [zero]; unfold digit; rw [Nat.zero_div, Nat.zero_mod]
  have packed := Exact.pack_digit width count x xlt
  have le : (2 : Int) ^ bits ≤ 2 ^ width := by
    have := Nat.pow_le_pow_right (n := 2) (by omega) (show bits ≤ width by omega)
    have := Int.ofNat_le.mpr this
    rw [Int.natCast_pow, Int.natCast_pow] at this; exact this
  have differences : ∀ j, j < count → -base width < e j + 2 ^ (bits - 1) - digit width x j ∧
      e j + 2 ^ (bits - 1) - digit width x j < base width := by
    intro j hj
    have h1 := small j hj
    have h2 := Int.ofNat_lt.mpr (digitLow j hj)
    rw [Int.natCast_pow, show ((2 : Nat) : Int) = 2 from rfl] at h2
    unfold base
    omega
  have zero : Exact.pack (base width) count (fun j => e j + 2 ^ (bits - 1) - digit width x j) = 0 := by
    have bound := Exact.pack_bound hB differences
    have divides : base width ^ count ∣ Exact.pack (base width) count (fun j => e j + 2 ^ (bits - 1) - digit width x j) := by
      rw [pack_sub, pack_add, ← packed, ← onesCast, xInt]
      have h1 := Int.mul_ediv_add_emod (total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) (base width ^ count)
      obtain ⟨c, hc⟩ := congruent
      generalize (total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) % base width ^ count = y at *
      generalize (total + Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1))) / base width ^ count = z at *
      generalize Int.ofNat (Nat.shiftLeft (ones count width) (bits - 1)) = o at *
      generalize Exact.pack (base width) count e = p at *
      generalize base width ^ count = B at *
      refine ⟨z - c, ?_⟩
      rw [Int.mul_sub]; omega
    obtain ⟨c, hc⟩ := divides
    rw [hc] at bound ⊢
    generalize base width ^ count = B at *
    rcases Int.lt_trichotomy c 0 with h2 | h2 | h2
    · have := Int.mul_nonneg (show 0 ≤ B by omega) (show 0 ≤ -1 - c by omega)
      rw [Int.mul_sub, Int.mul_neg, Int.mul_one] at this; omega
    · rw [h2, Int.mul_zero]
    · have := Int.mul_nonneg (show 0 ≤ B by omega) (show 0 ≤ c - 1 by omega)
      rw [Int.mul_sub, Int.mul_one] at this; omega
  intro s hs
  have h1 := Exact.eq_zero_of_pack_eq_zero hB differences zero s hs
  have h2 := Int.ofNat_lt.mpr (digitLow s hs)
  rw [Int.natCast_pow, show ((2 : Nat) : Int) = 2 from rfl] at h2
  omega

end Eigenstill.Claims.Exec
