/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Restride

/-!
# Sums of outer products of packed rows

`packRows b n h E` is an `h x n` integer matrix as one number: a whole matrix for `h = n`, or some of its rows. A whole matrix
may be too large for the kernel's memory, so what is decided of a matrix is decided of blocks of its rows. Signed entries are
stored with a bias: slot `j` of a stored row of `s`-bit slots holds `e_j + 2^(s-1)`, and `entry s x j` is `e_j`.

* `outerRows_eq`: **some rows of `Σ_k d_k v_k v_kᵀ` for stored rows `v_k`, two multiplications each.**
* `centredRows_eq`: **some rows of `Σ d (v - β)(v - β)ᵀ` from those of `Σ d v vᵀ`**, so that negative numbers wait until the end.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-- The `h x n` matrix `E` as one number: entry `(i, j)` at `2^(b ((n+1) i + j))`. -/
noncomputable def packRows (b n h : Nat) (E : Nat → Nat → Int) : Int :=
  pack (base (b * (n + 1))) h fun i => pack (base b) n (E i)

theorem packRows_add (b n h : Nat) (E F : Nat → Nat → Int) :
    packRows b n h (fun i j => E i j + F i j) = packRows b n h E + packRows b n h F := by
  unfold packRows; simp only [pack_add]

theorem packRows_sub (b n h : Nat) (E F : Nat → Nat → Int) :
    packRows b n h (fun i j => E i j - F i j) = packRows b n h E - packRows b n h F := by
  unfold packRows; simp only [pack_sub]

theorem packRows_mul (b n h : Nat) (c : Int) (E : Nat → Nat → Int) :
    packRows b n h (fun i j => c * E i j) = c * packRows b n h E := by
  unfold packRows; simp only [pack_mul]

theorem packRows_congr {b n h : Nat} {E F : Nat → Nat → Int} (hE : ∀ i j, i < h → j < n → E i j = F i j) :
    packRows b n h E = packRows b n h F :=
  pack_congr fun i hi => pack_congr fun j hj => hE i j hi hj

/-- **An outer product is one product.** -/
theorem packRows_outer (b n h : Nat) (e f : Nat → Int) :
    packRows b n h (fun i j => e i * f j) = pack (base (b * (n + 1))) h e * pack (base b) n f := by
  unfold packRows
  rw [Int.mul_comm, ← pack_mul]
  exact pack_congr fun i _ => by rw [pack_mul, Int.mul_comm]

theorem packRows_const {b n h : Nat} (hb : 0 < b) (c : Int) :
    packRows b n h (fun _ _ => c) = c * (ones (b * (n + 1)) h * ones b n) := by
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  rw [ones_eq hb, ones_eq hbw, ← packRows_outer, ← packRows_mul]; simp

/-! ## Constants of a stride -/

/-- The numbers that the steps below use again and again, for `rows` rows, from row `first` on, of a matrix. -/
structure Stride where
  bits : Nat
  size : Nat
  first : Nat
  rows : Nat
  copies : Nat
  mask : Nat
  /-- Ones at the stride of rows, and at the stride of entries. -/
  down : Nat
  along : Nat

/-- The constants for the rows `i, ..., i + h - 1` of `n x n` matrices with slots of `b` bits. -/
def Stride.of (b n i h : Nat) : Stride :=
  ⟨b, n, i, h, Exact.copies b n h, diagonalMask b n h, ones (Nat.mul b (Nat.succ n)) h, ones b n⟩

/-- `k (Stride.of b n i h)`, its constants evaluated. -/
@[inline] def withStride {α : Type} (b n i h : Nat) (k : Stride → α) : α :=
  force (Exact.copies b n h) fun c => force (diagonalMask b n h) fun m => force (ones (Nat.mul b (Nat.succ n)) h) fun d =>
    force (ones b n) fun a => k ⟨b, n, i, h, c, m, d, a⟩

theorem withStride_eq {α : Type} (b n i h : Nat) (k : Stride → α) : withStride b n i h k = k (Stride.of b n i h) := by
  simp only [withStride, force_eq]; rfl

/-- The packed row `x` from slot `first` on, spread. -/
def spreadRows (S : Stride) (x : Nat) : Nat := spread S.copies S.mask (Nat.shiftRight x (Nat.mul S.bits S.first))

/-! ## Stored rows -/

/-- Entry `j` of a stored row of `s`-bit slots: the slot minus the bias `2^(s-1)`. -/
def entry (s x j : Nat) : Int := Int.sub (Int.ofNat (digit s x j)) (Int.ofNat (Nat.pow 2 (Nat.sub s 1)))

/-- The matrix `Σ_k d_k v_k v_kᵀ` of pairs of a weight `d_k` and a stored row `v_k`. -/
noncomputable def modesEntry (s : Nat) (ms : List (Nat × Nat)) (i j : Nat) : Int :=
  listSum (fun m => (m.1 : Int) * (entry s m.2 i * entry s m.2 j)) ms

/-- The sum of the weights. -/
def weightSum : List (Nat × Nat) → Nat → Nat
  | [], acc => acc
  | m :: ms, acc => force (Nat.add acc m.1) fun acc => weightSum ms acc

/-- `gram + Σ d v vᵀ`, rows of the stride, and `along + Σ d v`, over pairs of a weight `d` and a row `v` of `s`-bit slots. -/
def outerSums {α : Type} (S : Stride) (s : Nat) : List (Nat × Nat) → Nat → Nat → (Nat → Nat → α) → α
  | [], gram, along, k => k gram along
  | m :: ms, gram, along, k =>
    force (restride s S.bits S.size m.2) fun v => force (Nat.mul m.1 v) fun dv =>
    force (Nat.add gram (Nat.mul dv (spreadRows S v))) fun gram => force (Nat.add along dv) fun along =>
      outerSums S s ms gram along k

/-- `Σ d (v - β)(v - β)ᵀ`, from `Σ d`, `Σ d v vᵀ` and `Σ d v`. -/
def centredRows (S : Stride) (bias weight gram along : Nat) : Int :=
  Int.sub (Int.ofNat (Nat.add gram (Nat.mul (Nat.mul weight (Nat.mul bias bias)) (Nat.mul S.down S.along))))
    (Int.ofNat (Nat.mul bias (Nat.add (Nat.mul S.along (spreadRows S along)) (Nat.mul along S.down))))

/-- `Σ_k d_k v_k v_kᵀ`, packed, over pairs of a weight `d_k` and a stored row `v_k` of `s`-bit slots. -/
def outerRows (S : Stride) (s : Nat) (ms : List (Nat × Nat)) : Int :=
  outerSums S s ms 0 0 fun gram along => centredRows S (Nat.pow 2 (Nat.sub s 1)) (weightSum ms 0) gram along

theorem weightSum_eq : ∀ (ms : List (Nat × Nat)) (acc : Nat), (weightSum ms acc : Int) = acc + listSum (fun m => (m.1 : Int)) ms
  | [], acc => by simp [weightSum, listSum]
  | m :: ms, acc => by
    rw [weightSum, force_eq, weightSum_eq ms, Nat.add_eq, Int.natCast_add, Int.add_assoc]; rfl

theorem outerSums_eq {α : Type} {b n i h s : Nat} (hs : 0 < s) (hsb : s ≤ b) (hh : i + h ≤ n) (k : Nat → Nat → α) :
    ∀ (ms : List (Nat × Nat)) (g a : Nat), ∃ g' a' : Nat, outerSums (Stride.of b n i h) s ms g a k = k g' a' ∧
    (g' : Int) = g + packRows b n h (fun p q => listSum (fun m => (m.1 : Int) * ((digit s m.2 (i + p) : Int) * digit s m.2 q)) ms) ∧
    (a' : Int) = a + pack (base b) n (fun q => listSum (fun m => (m.1 : Int) * digit s m.2 q) ms)
  | [], g, a => ⟨g, a, rfl, by
      simp only [listSum]
      rw [show packRows b n h (fun _ _ => 0) = 0 * packRows b n h (fun _ _ => 0) by rw [← packRows_mul]; simp]; simp, by
      simp only [listSum]
      rw [show pack (base b) n (fun _ => 0) = 0 * pack (base b) n (fun _ => 0) by rw [← pack_mul]; simp]; simp⟩
  | m :: ms, g, a => by
    obtain ⟨g', a', h0, h1, h2⟩ := outerSums_eq hs hsb hh k ms
      (Nat.add g (Nat.mul (Nat.mul m.1 (restride s b n m.2)) (spreadRows (Stride.of b n i h) (restride s b n m.2))))
      (Nat.add a (Nat.mul m.1 (restride s b n m.2)))
    refine ⟨g', a', ?_, ?_, ?_⟩
    · rw [outerSums, force_eq, force_eq, force_eq, force_eq]; exact h0
    · have h3 := spread_shift_eq (h := h) (i := i) (show 0 < b by omega) hh (restride_eq s b n m.2) fun j _ => by
        have h2 := digit_lt s m.2 j
        have h3 : 2 ^ s ≤ 2 ^ b := Nat.pow_le_pow_right (by omega) hsb
        rw [base_eq]; omega
      rw [h1, Nat.add_eq, Nat.mul_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, Int.natCast_mul, restride_eq,
        show (spreadRows (Stride.of b n i h) (restride s b n m.2) : Int) = _ from h3, Int.add_assoc]
      simp only [listSum]
      rw [packRows_add, packRows_mul, packRows_outer b n h (fun p => (digit s m.2 (i + p) : Int)) fun q => (digit s m.2 q : Int),
        Int.mul_assoc, Int.mul_comm (pack (base b) n _)]
    · rw [h2, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, restride_eq, Int.add_assoc]
      simp only [listSum]
      rw [pack_add, pack_mul]

/-- **Rows of `Σ d (v - β)(v - β)ᵀ` from those of `Σ d v vᵀ`.** -/
theorem centredRows_eq {α : Type} {b n i h β weight gram along : Nat} (hb : 0 < b) (hh : i + h ≤ n) {l : List α} {d : α → Int}
    {e : α → Nat → Int} (hweight : (weight : Int) = listSum d l)
    (hgram : (gram : Int) = packRows b n h fun p q => listSum (fun x => d x * (e x (i + p) * e x q)) l)
    (halong : (along : Int) = pack (base b) n fun q => listSum (fun x => d x * e x q) l)
    (hrange : ∀ q, q < n → 0 ≤ listSum (fun x => d x * e x q) l ∧ listSum (fun x => d x * e x q) l < base b) :
    centredRows (Stride.of b n i h) β weight gram along
      = packRows b n h fun p q => listSum (fun x => d x * ((e x (i + p) - β) * (e x q - β))) l := by
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  have hspread : (spreadRows (Stride.of b n i h) along : Int) = _ := spread_shift_eq (h := h) (i := i) hb hh halong hrange
  have e1 : ∀ p q, listSum (fun x => d x * ((e x (i + p) - β) * (e x q - β))) l
      = listSum (fun x => d x * (e x (i + p) * e x q)) l + listSum d l * (β * β)
        - β * (listSum (fun x => d x * e x (i + p)) l * 1 + 1 * listSum (fun x => d x * e x q) l) := by
    intro p q
    clear hgram halong hrange hspread hweight
    induction l with
    | nil => simp [listSum]
    | cons x l ih => simp only [listSum]; rw [ih]; grind
  rw [packRows_congr fun p q _ _ => e1 p q, packRows_sub, packRows_mul, packRows_add, packRows_add, packRows_const hb,
    packRows_outer b n h (fun p => listSum (fun x => d x * e x (i + p)) l), packRows_outer b n h (fun _ => 1), ← halong, ← hspread,
    ← hgram, ← ones_eq hb, ← ones_eq hbw, ← hweight]
  show ((Nat.add gram (Nat.mul (Nat.mul weight (Nat.mul β β)) (Nat.mul (ones (b * (n + 1)) h) (ones b n))) : Nat) : Int)
    - ((Nat.mul β (Nat.add (Nat.mul (ones b n) (spreadRows (Stride.of b n i h) along)) (Nat.mul along (ones (b * (n + 1)) h))) : Nat) : Int)
    = _
  simp only [Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
  grind

/-- **Rows of `Σ_k d_k v_k v_kᵀ` as one number.** -/
theorem outerRows_eq {b n i h s : Nat} (hs : 0 < s) (hsb : s ≤ b) (hh : i + h ≤ n) {ms : List (Nat × Nat)}
    (hfit : weightSum ms 0 * 2 ^ s < 2 ^ b) :
    outerRows (Stride.of b n i h) s ms = packRows b n h fun p q => modesEntry s ms (i + p) q := by
  have hb : 0 < b := by omega
  obtain ⟨g, a, h0, h1, h2⟩ := outerSums_eq (b := b) (n := n) (i := i) (h := h) hs hsb hh
    (fun gram along => centredRows (Stride.of b n i h) (Nat.pow 2 (Nat.sub s 1)) (weightSum ms 0) gram along) ms 0 0
  rw [outerRows, h0]
  rw [show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add] at h1 h2
  have hw := weightSum_eq ms 0
  rw [show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add] at hw
  refine centredRows_eq (β := 2 ^ (s - 1)) (d := fun m : Nat × Nat => (m.1 : Int)) (e := fun m q => (digit s m.2 q : Int)) hb hh hw h1 h2 fun q _ => ?_
  have h3 : 0 ≤ listSum (fun m : Nat × Nat => (m.1 : Int) * (digit s m.2 q : Int)) ms ∧
      listSum (fun m : Nat × Nat => (m.1 : Int) * (digit s m.2 q : Int)) ms ≤ listSum (fun m : Nat × Nat => (m.1 : Int)) ms * (2 ^ s : Nat) := by
    clear hfit h0 h1 h2 hw
    induction ms with
    | nil => simp [listSum]
    | cons m ms ih =>
      have h4 := digit_lt s m.2 q
      have h5 := Int.mul_le_mul_of_nonneg_left (show ((digit s m.2 q : Nat) : Int) ≤ (2 ^ s : Nat) by omega) (show (0 : Int) ≤ m.1 by omega)
      have h6 : (0 : Int) ≤ (m.1 : Int) * (digit s m.2 q : Int) := Int.mul_nonneg (by omega) (by omega)
      simp only [listSum]
      rw [Int.add_mul]; omega
  rw [← hw, ← Int.natCast_mul] at h3
  dsimp only; rw [base_eq]; omega

end Eigenstill.Exact
