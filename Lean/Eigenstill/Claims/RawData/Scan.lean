/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Row

/-!
# All rows, one after another

`scan` goes through the rows and keeps the sums that the claims need: of outer products of the rows of the operator, of
basis values, of squared errors. Rows of the operator are kept non-negative by a bias `β = r 2^p 2^(t-1)`, `t` the bits
of a metric entry, which is the largest value that an entry can have.
-/

@[expose] public noncomputable section

namespace Eigenstill.Claims

open Exact

/-- What stays the same from row to row. -/
structure Frame where
  stride : Stride
  plan : Plan
  rowBits : Nat
  rowMask : Nat
  /-- `β - Σ_k c_k T_k`, packed. -/
  centre : Nat
  /-- `2^(t-1)` in every slot. -/
  bias : Nat
  teacherStep : Nat
  coefficientStep : Nat
  coefficientBias : Nat
  plus : Nat
  minus : Nat
  tolerance : Nat

/-- Sums over rows: how many, `Σ a aᵀ` and `Σ a` of the biased rows `a` of the operator, `Σ C`, what exceeds the grid or
the tolerance, and `Σ e²` of the errors. -/
structure Sums where
  count : Nat
  gram : Nat
  along : Nat
  totals : Nat
  over : Nat
  residual : Nat
  worst : Nat

def Sums.zero : Sums := ⟨0, 0, 0, 0, 0, 0, 0⟩

/-- The absolute difference. -/
def distance (a b : Nat) : Nat := Nat.add (Nat.sub a b) (Nat.sub b a)

/-- One row, biased, of the operator, from the image of a row of data without its lowest slot, the sum `Σ C_k`:
`Σ C_k T'_k + centre - 2^(t-1) Σ C_k`. -/
def operatorRow (F : Frame) (body sum : Nat) : Nat :=
  Nat.sub (Nat.add (Nat.land body F.rowMask) F.centre) (Nat.mul sum F.bias)

/-- The absolute error of the student at a row: from the row, the sum of its basis values, and `Σ C_k a'_k`. -/
def rowError (F : Frame) (row sum image : Nat) : Nat :=
  distance
    (Nat.add (Nat.add (Nat.mul F.teacherStep (Nat.land row F.plan.slotMask))
      (Nat.mul F.coefficientStep (Nat.mul F.coefficientBias sum))) F.plus)
    (Nat.add (Nat.mul F.coefficientStep image) F.minus)

/-- One row: the sums with it go to `next`. -/
def scanStep (F : Frame) (row : Nat) (s : Sums) (next : Sums → Sums) : Sums :=
    match rowImage F.plan row with
    | ⟨value, over⟩ =>
      force value fun value =>
      force (Nat.land value F.plan.mask) fun sum =>
      force (Nat.shiftRight value F.plan.bits) fun body =>
      force (Nat.shiftRight body F.rowBits) fun rest =>
      force (operatorRow F body sum) fun a =>
      force (Nat.add s.gram (Nat.mul a (spread F.stride.copies F.stride.mask a))) fun gram =>
      force (Nat.add s.along a) fun along =>
      force (Nat.add s.totals (Nat.land rest F.rowMask)) fun totals =>
      force (rowError F row sum (Nat.shiftRight rest F.rowBits)) fun e =>
      force (Nat.add s.residual (Nat.mul e e)) fun residual =>
      force (Nat.add s.worst (Nat.sub e F.tolerance)) fun worst =>
      force (Nat.add s.over over) fun over =>
      force (Nat.succ s.count) fun count => next ⟨count, gram, along, totals, over, residual, worst⟩

def scan (F : Frame) : List Nat → Sums → Sums :=
  List.rec (motive := fun _ => Sums → Sums) (fun s => s) fun row _ next s => scanStep F row s next

/-- `β = r 2^p 2^(t-1)`. -/
def operatorBias (D : Study) (r : Nat) : Nat := Nat.mul (Nat.mul r (Nat.pow 2 D.grid)) (Nat.pow 2 (Nat.sub D.metricBits 1))

/-- The positive and the negative part of an integer. -/
def positivePart (k : Int) : Nat := Int.toNat k
@[inherit_doc positivePart] def negativePart (k : Int) : Nat := Int.toNat (Int.neg k)

/-- The frame of a study, for slots of `b` bits; `mean` packs the `c_k` in slots of the study, `tolerance` is the largest
error allowed. -/
def frame (D : Study) (S : Stride) (P : Plan) (mean tolerance : Nat) : Frame :=
  let rowBits := Nat.mul S.bits S.size
  let rowMask := Nat.sub (Nat.pow 2 rowBits) 1
  let image := combineImages P.slot P.slotMask (appendImages P.images (axisImages P.axes)) mean 0
  let half := Nat.pow 2 (Nat.sub D.metricBits 1)
  let sum := Nat.land image P.mask
  { stride := S, plan := P, rowBits := rowBits, rowMask := rowMask,
    centre := Nat.sub (Nat.mul (Nat.add (operatorBias D S.size) (Nat.mul half sum)) S.along) (Nat.land (Nat.shiftRight image P.bits) rowMask)
    bias := Nat.mul half S.along
    teacherStep := D.teacherStep, coefficientStep := D.coefficientStep
    coefficientBias := Nat.pow 2 (Nat.sub D.coefficientBits 1)
    plus := Nat.add (positivePart D.teacherShift) (negativePart D.intercept)
    minus := Nat.add (negativePart D.teacherShift) (positivePart D.intercept)
    tolerance := tolerance }

end Eigenstill.Claims
