/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Scan
public import Eigenstill.Exact.PackedPsd

/-!
# The check from raw data to the bound

`checkRows` and `checkSums` decide together, for the raw data `D` and a witness `w`, that the bounds `v` hold: the first forms
the basis, the operator's rows and their sums from the raw data; the second checks `Σ_k w_k v_k v_kᵀ + μI - M` positive
semidefinite. Everything that the proof needs is in them, the widths of all slots included. Nothing of the witness is
believed.
-/

@[expose] public noncomputable section

namespace Eigenstill.Claims

open Exact

/-- What nobody has to believe: found by floating point, checked here. The common unit of `w_k v_k v_kᵀ`, of `μ`, `σ`, of
`factor` and of `2^matrixShift M` is left open. -/
structure Witness where
  /-- Bits of a slot. -/
  bits : Nat
  /-- The means `c_k`, packed in the study's slots. -/
  mean : Nat
  /-- Pairs of a weight and a stored vector, and the bits of its entries. -/
  vectorBits : Nat
  modes : List (Nat × Nat)
  factorBits : Nat
  factor : List (Nat × Nat)
  /-- `M` counts `2^matrixShift` units. -/
  matrixShift : Nat
  threshold : Nat
  slack : Nat
  /-- Entries of `W - Σ l lᵀ - σI` lie in `[-ε, ε)`. -/
  rest : Nat

/-- What is claimed, in the units of the check: the rank, the bound, the largest error and the sum of squared errors. -/
structure Bounds where
  rank : Nat
  lower : Nat
  tolerance : Nat
  residual : Nat

def weightSum : List (Nat × Nat) → Nat → Nat
  | [], acc => acc
  | m :: ms, acc => force (Nat.add acc m.1) fun acc => weightSum ms acc

/-- Largest absolute value of an entry of `Σ_k w_k v_k v_kᵀ`, from the widths. -/
def modesBound (s : Nat) (ms : List (Nat × Nat)) : Nat := Nat.mul (weightSum ms 0) (Nat.pow 2 (Nat.mul 2 (Nat.sub s 1)))

/-- `n β²`, the largest absolute value of an entry of `M`. -/
def gramBound (D : Study) (r n : Nat) : Nat := Nat.mul n (Nat.mul (operatorBias D r) (operatorBias D r))

/-- The widths suffice. -/
def widthsSuffice (D : Study) (w : Witness) (r n : Nat) : Bool :=
  Nat.blt 0 w.bits && Nat.blt 0 D.metricBits && Nat.blt 0 D.one && Nat.blt 0 w.vectorBits && Nat.blt 0 w.factorBits &&
  Nat.ble w.vectorBits w.bits && Nat.ble w.factorBits w.bits &&
  Nat.blt (distanceBound D.slot D.axes D.one) (Nat.pow 2 w.bits) &&
  Nat.blt (Nat.mul (Nat.mul r (Nat.pow 2 D.grid)) (Nat.pow 2 D.metricBits)) (Nat.pow 2 w.bits) &&
  Nat.blt (Nat.mul n (Nat.pow 2 D.grid)) (Nat.pow 2 w.bits) &&
  Nat.blt (Nat.mul n (Nat.mul 2 (operatorBias D r))) (Nat.pow 2 w.bits) &&
  Nat.blt (Nat.add (Nat.add (Nat.add (modesBound w.vectorBits w.modes) (modesBound w.factorBits w.factor))
    (Nat.mul (Nat.pow 2 w.matrixShift) (gramBound D r n))) (Nat.add (Nat.add w.threshold w.slack) w.rest)) (Nat.pow 2 (Nat.sub w.bits 1)) &&
  Nat.ble (Nat.mul 2 w.rest) (Nat.pow 2 (Nat.sub w.bits 1)) && Nat.ble (Nat.mul r w.rest) w.slack

/-- Slot `k` of the column sums, divided by the number of rows, is the stored mean, for all columns. -/
def meansAgree (b slot n : Nat) : Nat → Nat → Nat → Bool
  | 0, _, _ => true
  | k + 1, totals, mean =>
    Nat.beq (Nat.div (Nat.land totals (Nat.sub (Nat.pow 2 b) 1)) n) (Nat.land mean (Nat.sub (Nat.pow 2 slot) 1)) &&
      force (Nat.shiftRight totals b) fun totals => force (Nat.shiftRight mean slot) fun mean => meansAgree b slot n k totals mean

/-- `M`, packed, from the sums of biased rows: `Σ (a + β)(a + β)ᵀ - β Σ ((a + β) 1ᵀ + 1 (a + β)ᵀ) + n β² 1 1ᵀ`. -/
def centredGram (S : Stride) (bias : Nat) (s : Sums) : Int :=
  Int.sub (Int.ofNat (Nat.add s.gram (Nat.mul (Nat.mul s.count (Nat.mul bias bias)) (Nat.mul S.down S.along))))
    (Int.ofNat (Nat.mul bias (Nat.add (Nat.mul S.along (spread S.copies S.mask s.along)) (Nat.mul s.along S.down))))

/-- The identity matrix, packed. -/
def packedIdentity (S : Stride) : Nat := ones (Nat.mul S.bits (Nat.add S.size 2)) S.size

/-- The sum of `i` slots of `b` bits, `step` bits apart. -/
def diagonalSum (mask step : Nat) : Nat → Nat → Nat → Nat
  | 0, _, acc => acc
  | i + 1, x, acc =>
    force (Nat.add acc (Nat.land x mask)) fun acc => force (Nat.shiftRight x step) fun x => diagonalSum mask step i x acc

/-- The trace of a packed matrix, biased by `2^(b-1)` a slot. -/
def packedTrace (S : Stride) (q : Int) : Int :=
  match Int.add q (Int.ofNat (Nat.mul (Nat.pow 2 (Nat.sub S.bits 1)) (Nat.mul S.down S.along))) with
  | .ofNat x => force x fun x =>
    Int.sub (Int.ofNat (diagonalSum (Nat.sub (Nat.pow 2 S.bits) 1) (Nat.mul S.bits (Nat.add S.size 2)) S.size x 0))
      (Int.ofNat (Nat.mul S.size (Nat.pow 2 (Nat.sub S.bits 1))))
  | .negSucc _ => 0

/-- From the packed matrix `2^matrixShift M` to the bound: `W` positive semidefinite, and the bound
`tr M - rank μ - tr Σ_k w_k v_k v_kᵀ` as stated. -/
def dualSuffices (w : Witness) (S : Stride) (v : Bounds) (matrix : Int) : Bool :=
  forceInt (Int.sub (outerSum S w.vectorBits (Nat.pow 2 (Nat.sub w.vectorBits 1)) w.modes 0) matrix) fun p =>
  forceInt (outerSum S w.factorBits (Nat.pow 2 (Nat.sub w.factorBits 1)) w.factor 0) fun l =>
  forceInt (Int.add (Int.sub p l) (Int.mul (Int.sub (Int.ofNat w.threshold) (Int.ofNat w.slack)) (Int.ofNat (packedIdentity S)))) fun q =>
  entriesWithin S w.rest (Nat.mul 2 w.rest) q &&
  forceInt (Int.add (packedTrace S p) (Int.ofNat (Nat.add (Nat.mul v.rank w.threshold) v.lower))) fun z =>
  match z with
  | .ofNat z => Nat.beq z 0
  | .negSucc _ => false

/-- From the sums over the rows to the bound: means, and `dualSuffices`. -/
def sumsSuffice (D : Study) (w : Witness) (S : Stride) (v : Bounds) (s : Sums) : Bool :=
  Nat.beq s.over 0 && Nat.beq s.worst 0 && Nat.beq s.residual v.residual &&
  meansAgree w.bits D.slot s.count S.size s.totals w.mean &&
  forceInt (Int.mul (Int.ofNat (Nat.pow 2 w.matrixShift)) (centredGram S (operatorBias D S.size) s)) fun matrix =>
  dualSuffices w S v matrix

/-- Whether the sums are the same numbers. -/
def Sums.same (s t : Sums) : Bool :=
  Nat.beq s.count t.count && Nat.beq s.gram t.gram && Nat.beq s.along t.along && Nat.beq s.totals t.totals &&
    Nat.beq s.over t.over && Nat.beq s.residual t.residual && Nat.beq s.worst t.worst

/-- First check, for some consecutive rows: they take the sums `s` to the sums `t`. The kernel keeps every number that it
has seen until a theorem is done, so many rows are taken in several theorems. -/
def checkRows (D : Study) (w : Witness) (v : Bounds) (rows : List Nat) (s t : Sums) : Bool :=
  force (countColumns D.landmarks 0) fun m => force (countAxes D.axes m) fun r => withStride w.bits r fun S =>
    match scan (frame D S (plan D w.bits m r) w.mean v.tolerance) rows s with
    | ⟨c, g, a, t', o, e, x⟩ => Sums.same ⟨c, g, a, t', o, e, x⟩ t

/-- Second check, from the sums over all rows: the widths suffice, and the sums prove the bounds. -/
def checkSums (D : Study) (w : Witness) (v : Bounds) (s : Sums) : Bool :=
  force (countColumns D.landmarks 0) fun m => force (countAxes D.axes m) fun r => force (countRows D.rows 0) fun n =>
    widthsSuffice D w r n && withStride w.bits r fun S => sumsSuffice D w S v s

/-- A large number from pieces of `b` bits, the highest first. -/
def join (b : Nat) : List Nat → Nat → Nat
  | [], acc => acc
  | p :: ps, acc => force (Nat.add (Nat.shiftLeft acc b) p) fun acc => join b ps acc

end Eigenstill.Claims
