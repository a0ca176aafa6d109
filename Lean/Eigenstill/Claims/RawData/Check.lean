/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Scan
public import Eigenstill.Exact.PackedPsd

/-!
# The check from raw data to the bound

`checkRows`, `checkBlock` and `checkSums` decide together, for the raw data `D` and a witness `w`, that the bounds `v` hold: the
first forms the basis, the operator's rows and their sums from the raw data; the second checks `Σ_k w_k v_k v_kᵀ + μI - M`
positive semidefinite, some of its rows at a time; the third, the widths of all slots, the means, and the bound that follows
from the traces of the blocks. Nothing of the witness is believed.
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
  Nat.blt (Nat.mul 4 (gramBound D r n)) (Nat.pow 2 w.bits) &&
  Nat.blt (Nat.add (Nat.add (Nat.add (modesBound w.vectorBits w.modes) (modesBound w.factorBits w.factor))
    (Nat.mul (Nat.pow 2 w.matrixShift) (gramBound D r n))) (Nat.add (Nat.add w.threshold w.slack) w.rest)) (Nat.pow 2 (Nat.sub w.bits 1)) &&
  Nat.ble (Nat.mul 2 w.rest) (Nat.pow 2 (Nat.sub w.bits 1)) && Nat.ble (Nat.mul r w.rest) w.slack

/-- Slot `k` of the column sums, divided by the number of rows, is the stored mean, for all columns. -/
def meansAgree (b slot n : Nat) : Nat → Nat → Nat → Bool
  | 0, _, _ => true
  | k + 1, totals, mean =>
    Nat.beq (Nat.div (Nat.land totals (Nat.sub (Nat.pow 2 b) 1)) n) (Nat.land mean (Nat.sub (Nat.pow 2 slot) 1)) &&
      force (Nat.shiftRight totals b) fun totals => force (Nat.shiftRight mean slot) fun mean => meansAgree b slot n k totals mean

/-- The rows of the stride of a packed matrix without negative entries. -/
def gramRows (S : Stride) (gram : Nat) : Nat :=
  Nat.land (Nat.shiftRight gram (Nat.mul (Nat.mul S.bits (Nat.succ S.size)) S.first))
    (Nat.sub (Nat.pow 2 (Nat.mul (Nat.mul S.bits (Nat.succ S.size)) S.rows)) 1)

/-- Rows of the identity matrix, packed. -/
def packedIdentity (S : Stride) : Nat :=
  Nat.shiftLeft (ones (Nat.mul S.bits (Nat.add S.size 2)) S.rows) (Nat.mul S.bits S.first)

/-- The sum of `i` slots of `b` bits, `step` bits apart. -/
def diagonalSum (mask step : Nat) : Nat → Nat → Nat → Nat
  | 0, _, acc => acc
  | i + 1, x, acc =>
    force (Nat.add acc (Nat.land x mask)) fun acc => force (Nat.shiftRight x step) fun x => diagonalSum mask step i x acc

/-- What packed rows add to the trace, their entries biased by `2^(b-1)`. -/
def packedTrace (S : Stride) (q : Int) : Int :=
  match Int.add q (Int.ofNat (Nat.mul (Nat.pow 2 (Nat.sub S.bits 1)) (Nat.mul S.down S.along))) with
  | .ofNat x => force (Nat.shiftRight x (Nat.mul S.bits S.first)) fun x =>
    Int.sub (Int.ofNat (diagonalSum (Nat.sub (Nat.pow 2 S.bits) 1) (Nat.mul S.bits (Nat.add S.size 2)) S.rows x 0))
      (Int.ofNat (Nat.mul S.rows (Nat.pow 2 (Nat.sub S.bits 1))))
  | .negSucc _ => 0

/-- Whether an integer is zero. -/
def isZero (z : Int) : Bool :=
  forceInt z fun z => match z with
  | .ofNat z => Nat.beq z 0
  | .negSucc _ => false

/-- From packed rows of `2^matrixShift M`: those of `Σ_k w_k v_k v_kᵀ + μI - 2^matrixShift M` are those of `Σ l lᵀ + σI` but for a
small rest, and those of `Σ_k w_k v_k v_kᵀ - 2^matrixShift M` add `t` to its trace. -/
def rowsSuffice (w : Witness) (S : Stride) (t : Int) (matrix : Int) : Bool :=
  forceInt (Int.sub (outerRows S w.vectorBits w.modes) matrix) fun p =>
  forceInt (Int.add (Int.sub p (outerRows S w.factorBits w.factor))
    (Int.mul (Int.sub (Int.ofNat w.threshold) (Int.ofNat w.slack)) (Int.ofNat (packedIdentity S)))) fun q =>
  entriesWithin S w.rest (Nat.mul 2 w.rest) q && isZero (Int.sub (packedTrace S p) t)

/-- The bound is `tr M - rank μ - tr Σ_k w_k v_k v_kᵀ`, `t` the trace of `Σ_k w_k v_k v_kᵀ - M`. -/
def boundFollows (w : Witness) (v : Bounds) (t : Int) : Bool :=
  isZero (Int.add t (Int.ofNat (Nat.add (Nat.mul v.rank w.threshold) v.lower)))

/-- From the sums over the rows to rows of `2^matrixShift M`: `M = Σ (a + β - β)(a + β - β)ᵀ` from the sums of biased rows `a + β`. -/
def gramOf (D : Study) (w : Witness) (S : Stride) (s : Sums) : Int :=
  Int.mul (Int.ofNat (Nat.pow 2 w.matrixShift)) (centredRows S (operatorBias D S.size) s.count (gramRows S s.gram) s.along)

/-- Whether the sums are the same numbers. -/
def Sums.same (s t : Sums) : Bool :=
  Nat.beq s.count t.count && Nat.beq s.gram t.gram && Nat.beq s.along t.along && Nat.beq s.totals t.totals &&
    Nat.beq s.over t.over && Nat.beq s.residual t.residual && Nat.beq s.worst t.worst

/-- First check, for some consecutive rows: they take the sums `s` to the sums `t`. The kernel keeps every number that it
has seen until a theorem is done, so many rows are taken in several theorems. -/
def checkRows (D : Study) (w : Witness) (v : Bounds) (rows : List Nat) (s t : Sums) : Bool :=
  force (countColumns D.landmarks 0) fun m => force (countAxes D.axes m) fun r => withStride w.bits r 0 r fun S =>
    match scan (frame D S (plan D w.bits m r) w.mean v.tolerance) rows s with
    | ⟨c, g, a, t', o, e, x⟩ => Sums.same ⟨c, g, a, t', o, e, x⟩ t

/-- Second check, for the rows `i, ..., i + h - 1` of the matrices, from the sums over all rows of data. -/
def checkBlock (D : Study) (w : Witness) (s : Sums) (i h : Nat) (t : Int) : Bool :=
  force (countColumns D.landmarks 0) fun m => force (countAxes D.axes m) fun r =>
    Nat.ble (Nat.add i h) r && withStride w.bits r i h fun S => rowsSuffice w S t (gramOf D w S s)

/-- Rows `i, ..., j - 1` of the matrices are checked, block after block; the traces of the blocks add up to `t`. -/
inductive Blocks (check : Nat → Nat → Int → Bool) : Nat → Nat → Int → Prop
  /-- One block. -/
  | one {i h : Nat} {t : Int} : check i h t = true → Blocks check i (i + h) t
  /-- A block before others. -/
  | more {i h j : Nat} {t u : Int} : check i h t = true → Blocks check (i + h) j u → Blocks check i j (t + u)

/-- Third check: the widths suffice, the sums over all rows of data are within the bounds, the stored means are the means, the
blocks are of all `last` rows, and the bound follows from their trace `t`. -/
def checkSums (D : Study) (w : Witness) (v : Bounds) (s : Sums) (last : Nat) (t : Int) : Bool :=
  force (countColumns D.landmarks 0) fun m => force (countAxes D.axes m) fun r => force (countRows D.rows 0) fun n =>
    widthsSuffice D w r n && Nat.beq s.over 0 && Nat.beq s.worst 0 && Nat.beq s.residual v.residual &&
      meansAgree w.bits D.slot s.count r s.totals w.mean && Nat.beq last r && boundFollows w v t

/-- A large number from pieces of `b` bits, the highest first. -/
def join (b : Nat) : List Nat → Nat → Nat
  | [], acc => acc
  | p :: ps, acc => force (Nat.add (Nat.shiftLeft acc b) p) fun acc => join b ps acc

end Eigenstill.Claims
