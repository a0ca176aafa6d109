/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Restride

/-!
# Sums of outer products of packed rows

`packMatrix b n E` is a whole `n x n` integer matrix as one number. Signed entries are stored with a bias: slot `j` of a
stored row of `s`-bit slots holds `e_j + 2^(s-1)`, and `entry s x j` is `e_j`.

* `outerSum_eq`: **`Σ_k d_k v_k v_kᵀ` for stored rows `v_k`, two multiplications each.**
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-- The `n x n` matrix `E` as one number: entry `(i, j)` at `2^(b ((n+1) i + j))`. -/
noncomputable def packMatrix (b n : Nat) (E : Nat → Nat → Int) : Int :=
  pack (base (b * (n + 1))) n fun i => pack (base b) n (E i)

theorem packMatrix_add (b n : Nat) (E F : Nat → Nat → Int) :
    packMatrix b n (fun i j => E i j + F i j) = packMatrix b n E + packMatrix b n F := by
  unfold packMatrix; simp only [pack_add]

theorem packMatrix_sub (b n : Nat) (E F : Nat → Nat → Int) :
    packMatrix b n (fun i j => E i j - F i j) = packMatrix b n E - packMatrix b n F := by
  unfold packMatrix; simp only [pack_sub]

theorem packMatrix_mul (b n : Nat) (c : Int) (E : Nat → Nat → Int) :
    packMatrix b n (fun i j => c * E i j) = c * packMatrix b n E := by
  unfold packMatrix; simp only [pack_mul]

theorem packMatrix_congr {b n : Nat} {E F : Nat → Nat → Int} (h : ∀ i j, i < n → j < n → E i j = F i j) :
    packMatrix b n E = packMatrix b n F :=
  pack_congr fun i hi => pack_congr fun j hj => h i j hi hj

/-- **An outer product is one product.** -/
theorem packMatrix_outer (b n : Nat) (e f : Nat → Int) :
    packMatrix b n (fun i j => e i * f j) = pack (base (b * (n + 1))) n e * pack (base b) n f := by
  unfold packMatrix
  rw [Int.mul_comm, ← pack_mul]
  exact pack_congr fun i _ => by rw [pack_mul, Int.mul_comm]

/-! ## Constants of a stride -/

/-- The numbers that the steps below use again and again. -/
structure Stride where
  bits : Nat
  size : Nat
  copies : Nat
  mask : Nat
  /-- Ones at the stride of rows, and at the stride of entries. -/
  down : Nat
  along : Nat

/-- The constants for `n x n` matrices with slots of `b` bits. -/
def Stride.of (b n : Nat) : Stride :=
  ⟨b, n, Exact.copies b n, diagonalMask b n, ones (Nat.mul b (Nat.succ n)) n, ones b n⟩

/-- `k (Stride.of b n)`, its constants evaluated. -/
@[inline] def withStride {α : Type} (b n : Nat) (k : Stride → α) : α :=
  force (Exact.copies b n) fun c => force (diagonalMask b n) fun m => force (ones (Nat.mul b (Nat.succ n)) n) fun d =>
    force (ones b n) fun a => k ⟨b, n, c, m, d, a⟩

theorem withStride_eq {α : Type} (b n : Nat) (k : Stride → α) : withStride b n k = k (Stride.of b n) := by
  simp only [withStride, force_eq]; rfl

/-! ## Stored rows -/

/-- Entry `j` of a stored row of `s`-bit slots: the slot minus the bias `2^(s-1)`. -/
def entry (s x j : Nat) : Int := Int.sub (Int.ofNat (digit s x j)) (Int.ofNat (Nat.pow 2 (Nat.sub s 1)))

/-- What is added to `Σ d_k v_k v_kᵀ` by a row already at the stride: `d (v - bias) (v - bias)ᵀ`. -/
def outerTerm (S : Stride) (bias d v : Nat) : Int :=
  Int.mul (Int.mul (Int.ofNat d) (Int.sub (Int.ofNat (spread S.copies S.mask v)) (Int.ofNat (Nat.mul bias S.down))))
    (Int.sub (Int.ofNat v) (Int.ofNat (Nat.mul bias S.along)))

/-- `acc + Σ_k d_k v_k v_kᵀ`, packed, over pairs of a weight `d_k` and a stored row `v_k` of `s`-bit slots. -/
def outerSum (S : Stride) (s bias : Nat) : List (Nat × Nat) → Int → Int
  | [], acc => acc
  | m :: ms, acc =>
    force (restride s S.bits S.size m.2) fun v => forceInt (Int.add acc (outerTerm S bias m.1 v)) fun acc =>
      outerSum S s bias ms acc

/-- Row packed at the stride of entries, and of rows, minus a bias. -/
theorem outerTerm_eq {b n v : Nat} (hb : 0 < b) {e : Nat → Int} (bias d : Nat) (hv : (v : Int) = pack (base b) n e)
    (he : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) :
    outerTerm (Stride.of b n) bias d v = packMatrix b n fun i j => d * ((e i - bias) * (e j - bias)) := by
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  have h1 : ∀ (B : Int), pack B n (fun j => e j - (bias : Int)) = pack B n e - bias * pack B n fun _ => 1 := by
    intro B; rw [← pack_mul, ← pack_sub]; exact pack_congr fun j _ => by grind
  rw [packMatrix_mul, packMatrix_outer, h1, h1, ← ones_eq hb, ← ones_eq hbw, ← spread_eq hb hv he, ← hv]
  show ((d : Int) * _) * _ = _
  rw [Int.mul_assoc]
  simp only [Stride.of]; rfl

/-- **`Σ_k d_k v_k v_kᵀ` as one packed matrix.** -/
theorem outerSum_eq {b n s : Nat} (hs : 0 < s) (hsb : s ≤ b) : ∀ (ms : List (Nat × Nat)) (acc : Int),
    outerSum (Stride.of b n) s (2 ^ (s - 1)) ms acc
      = acc + packMatrix b n fun i j => listSum (fun m => (m.1 : Int) * (entry s m.2 i * entry s m.2 j)) ms
  | [], acc => by
    simp only [outerSum, listSum]
    rw [show packMatrix b n (fun _ _ => 0) = 0 * packMatrix b n (fun _ _ => 0) by rw [← packMatrix_mul]; simp]; simp
  | m :: ms, acc => by
    rw [outerSum, force_eq, forceInt_eq, outerSum_eq hs hsb ms]
    simp only [listSum]
    rw [packMatrix_add]
    have h1 := outerTerm_eq (v := restride s b n m.2) (n := n) (show 0 < b by omega) (2 ^ (s - 1)) m.1 (restride_eq s b n m.2)
      fun j _ => by
        have h2 := digit_lt s m.2 j
        have h3 : 2 ^ s ≤ 2 ^ b := Nat.pow_le_pow_right (by omega) hsb
        rw [base_eq]; omega
    show (acc + outerTerm (Stride.of b n) (2 ^ (s - 1)) m.1 (restride s b n m.2)) + _ = _
    rw [h1, Int.add_assoc]; rfl

end Eigenstill.Exact
