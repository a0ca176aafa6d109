/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.ExactStudent

/-!
# From a given matrix `M` to the bound

`eckartYoung_of_matrix` speaks of every operator `A` with `AᵀA = M`. **That an operator of interest has this `M` is not checked
here**: it is for models whose theorem from the raw data would be too large for the kernel.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

/-- A square matrix of integers: row `i` packed, `entryBits` bits an entry, half of their range added; the unit is `2^-unit`. -/
structure StoredMatrix where
  entryBits : Nat
  unit : Nat
  rows : List Nat

namespace StoredMatrix

variable (G : StoredMatrix)

/-- Rows, and columns. -/
abbrev size : Nat := G.rows.length

/-- Entry `(i, j)`, in the unit. -/
def entry (i j : Nat) : Int := Exact.entry G.entryBits (G.rows.getD i 0) j

/-- The matrix over a field. -/
def matrix (K : Type u) [Field K] : Mat K G.size G.size := fun i j => (G.entry i.val j.val : K) / 2 ^ G.unit

end StoredMatrix

/-- Stored rows of `s`-bit slots, one after another at the stride of `n + 1` slots of `b` bits. -/
def packedRows (s b n : Nat) : List Nat → Nat
  | [] => 0
  | row :: rows =>
    force (restride s b n row) fun first => force (packedRows s b n rows) fun rest =>
      Nat.add first (Nat.shiftLeft rest (Nat.mul b (Nat.succ n)))

/-- Rows of the stored matrix, packed. -/
def packedStored (G : StoredMatrix) (S : Stride) : Int :=
  Int.sub (Int.ofNat (packedRows G.entryBits S.bits S.size (List.take S.rows (List.drop S.first G.rows))))
    (Int.ofNat (Nat.mul (Nat.pow 2 (Nat.sub G.entryBits 1)) (Nat.mul S.down S.along)))

/-- The widths suffice. -/
def matrixWidths (G : StoredMatrix) (w : Witness) (n : Nat) : Bool :=
  Nat.blt 0 w.bits && Nat.blt 0 G.entryBits && Nat.blt 0 w.vectorBits && Nat.blt 0 w.factorBits &&
  Nat.ble w.vectorBits w.bits && Nat.ble w.factorBits w.bits &&
  Nat.blt (Nat.add (Nat.add (Nat.add (modesBound w.vectorBits w.modes) (modesBound w.factorBits w.factor))
    (Nat.mul (Nat.pow 2 w.matrixShift) (Nat.pow 2 (Nat.sub G.entryBits 1)))) (Nat.add (Nat.add w.threshold w.slack) w.rest))
    (Nat.pow 2 (Nat.sub w.bits 1)) &&
  Nat.ble (Nat.mul 2 w.rest) (Nat.pow 2 (Nat.sub w.bits 1)) && Nat.ble (Nat.mul n w.rest) w.slack

/-- First check of a given matrix, for its rows `i, ..., i + h - 1`. -/
def checkMatrixBlock (G : StoredMatrix) (w : Witness) (i h : Nat) (t : Int) : Bool :=
  force (countRows G.rows 0) fun n => Nat.ble (Nat.add i h) n && withStride w.bits n i h fun S =>
    rowsSuffice w S t (Int.mul (Int.ofNat (Nat.pow 2 w.matrixShift)) (packedStored G S))

/-- Second check of a given matrix: the widths suffice, the blocks are of all `last` rows, and the bound follows from their trace
`t`. -/
def checkMatrix (G : StoredMatrix) (w : Witness) (v : Bounds) (last : Nat) (t : Int) : Bool :=
  force (countRows G.rows 0) fun n => matrixWidths G w n && Nat.beq last n && boundFollows w v t

theorem packedRows_eq (s b n : Nat) : ∀ rows : List Nat, (packedRows s b n rows : Int)
    = pack (base (b * (n + 1))) rows.length fun i => pack (base b) n fun j => digit s (rows.getD i 0) j
  | [] => rfl
  | row :: rows => by
    rw [packedRows, force_eq, force_eq, List.length_cons, pack_head, Nat.add_eq, shiftLeft_eq, Int.natCast_add,
      Int.natCast_mul, restride_eq, packedRows_eq s b n rows]
    simp only [List.getD_cons_zero, List.getD_cons_succ]
    rw [show Nat.mul b (Nat.succ n) = b * (n + 1) from rfl, ← base_eq, Int.mul_comm (base _)]

theorem packedStored_eq (G : StoredMatrix) {b i h : Nat} (hb : 0 < b) (hh : i + h ≤ G.size) :
    packedStored G (Stride.of b G.size i h) = packRows b G.size h fun p q => G.entry (i + p) q := by
  have e : (packRows b G.size h fun p q => G.entry (i + p) q) = packRows b G.size h fun p q =>
      (digit G.entryBits (G.rows.getD (i + p) 0) q : Int) - ((2 ^ (G.entryBits - 1) : Nat) : Int) := rfl
  rw [e, packRows_sub, packRows_const hb]
  unfold packedStored
  show (packedRows G.entryBits b G.size (List.take h (List.drop i G.rows)) : Int)
    - ((2 ^ (G.entryBits - 1) * (ones (b * (G.size + 1)) h * ones b G.size) : Nat) : Int) = _
  rw [packedRows_eq, Int.natCast_mul, Int.natCast_mul, List.length_take, List.length_drop, Nat.min_eq_left (by exact Nat.le_sub_of_add_le (by rw [Nat.add_comm]; exact hh))]
  congr 1
  refine pack_congr fun p hp => pack_congr fun q _ => ?_
  rw [List.getD_eq_getElem?_getD, List.getElem?_take_of_lt hp, List.getElem?_drop, ← List.getD_eq_getElem?_getD]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **The bound from a given `M`: every operator `A` with `AᵀA = M` has `lower / 2^h ≤ |A - X Y|²` for all `X` (`n x rank`) and `Y`
(`rank x r`).** `M` is what was written down; nothing is said of where it comes from. -/
theorem eckartYoung_of_matrix {G : StoredMatrix} {w : Witness} {v : Bounds} {last : Nat} {t : Int}
    (hblocks : Blocks (checkMatrixBlock G w) 0 last t) (h : checkMatrix G w v last t = true) {e : Nat}
    (he : w.matrixShift + G.unit = e) {n : Nat} (A : Mat K n G.size) (hA : gram A = G.matrix K) (X : Mat K n v.rank)
    (Y : Mat K v.rank G.size) : (v.lower : K) / 2 ^ e ≤ frobDistSq A (matMul X Y) := by
  unfold checkMatrix at h
  simp only [force_eq, countRows_eq, Nat.zero_add, Bool.and_eq_true, show G.rows.length = G.size from rfl] at h
  obtain ⟨⟨hw, hlast⟩, ht⟩ := h
  obtain rfl := Nat.eq_of_beq_eq_true hlast
  unfold matrixWidths at hw
  simp only [Bool.and_eq_true] at hw
  obtain ⟨⟨⟨⟨⟨⟨⟨⟨w1, w2⟩, w4⟩, w5⟩, w6⟩, w7⟩, w12⟩, w13⟩, w14⟩ := hw
  replace w1 := Nat.blt_eq.mp w1; replace w2 := Nat.blt_eq.mp w2
  replace w4 := Nat.blt_eq.mp w4; replace w5 := Nat.blt_eq.mp w5
  replace w6 := Nat.le_of_ble_eq_true w6; replace w7 := Nat.le_of_ble_eq_true w7
  replace w12 := Nat.blt_eq.mp w12
  replace w13 := Nat.le_of_ble_eq_true w13; replace w14 := Nat.le_of_ble_eq_true w14
  have hfit : WidthsFit w G.size (Nat.mul (Nat.pow 2 w.matrixShift) (Nat.pow 2 (Nat.sub G.entryBits 1))) :=
    ⟨w1, ⟨w4, w6⟩, ⟨w5, w7⟩, w12, w13, w14⟩
  have hdual := dual_of_blocks (G := G.entry) hfit (fun i j _ _ => by
      have h1 := entry_range w2 (G.rows.getD i 0) j
      have h2sh : (0 : Int) < 2 ^ w.matrixShift := Int.pow_pos (by omega)
      have h3 := Int.mul_le_mul_of_nonneg_left h1.1 (Int.le_of_lt h2sh)
      have h4 := Int.mul_le_mul_of_nonneg_left h1.2 (Int.le_of_lt h2sh)
      rw [Int.mul_neg] at h3
      have h5 : ((Nat.mul (Nat.pow 2 w.matrixShift) (Nat.pow 2 (Nat.sub G.entryBits 1)) : Nat) : Int)
          = 2 ^ w.matrixShift * 2 ^ (G.entryBits - 1) := by simp
      rw [h5]; exact ⟨h3, h4⟩)
    (fun i h t hc => by
      unfold checkMatrixBlock at hc
      rw [force_eq, countRows_eq, Nat.zero_add, withStride_eq, Bool.and_eq_true, show G.rows.length = G.size from rfl] at hc
      have hh : i + h ≤ G.size := Nat.le_of_ble_eq_true hc.1
      refine ⟨hh, _, ?_, hc.2⟩
      rw [packRows_mul, ← packedStored_eq G w1 hh]
      exact congrArg (fun c => c * packedStored G (Stride.of w.bits G.size i h)) (Int.natCast_pow 2 w.matrixShift)) hblocks ht
  have hc : (0 : K) < 2 ^ G.unit := two_pow_pos _
  have hgram : ∀ i j : Fin G.size, (G.entry i.val j.val : K) = 2 ^ G.unit * gram A i j := by
    intro i j
    rw [hA]
    show _ = (2 ^ G.unit : K) * ((G.entry i.val j.val : K) / 2 ^ G.unit)
    generalize (2 ^ G.unit : K) = c at *
    have : c ≠ 0 := by grind
    generalize (G.entry i.val j.val : K) = x
    grind
  subst he
  rw [Semiring.pow_add]
  refine eckartYoung_of_dual A hc hgram (fun i j hi hj => ?_) hdual X Y
  -- `AᵀA` is symmetric, so the integers are
  have h1 : (G.entry i j : K) = (G.entry j i : K) := by
    rw [hgram ⟨i, hi⟩ ⟨j, hj⟩, hgram ⟨j, hj⟩ ⟨i, hi⟩]
    congr 1
    exact sum_congr fun k => CommSemiring.mul_comm _ _
  rcases Int.lt_trichotomy (G.entry i j) (G.entry j i) with h2 | h2 | h2
  · have h3 := intCast_pos (K := K) (show 0 < G.entry j i - G.entry i j by omega)
    rw [Ring.intCast_sub] at h3; clear hgram; grind
  · exact h2
  · have h3 := intCast_pos (K := K) (show 0 < G.entry i j - G.entry j i by omega)
    rw [Ring.intCast_sub] at h3; clear hgram; grind

end

end Eigenstill.Claims
