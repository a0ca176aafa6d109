/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix
public import Eigenstill.Exact.Outer

/-!
# The operator of a student, from its raw data

`Study` holds the numbers that a theorem about one student is about: rows, landmarks, scales, metric, coefficients. This
file says what they mean. It says nothing of how anything is checked.

Column `d` of the data is kept as natural numbers `x_id`, on a grid of its own and from the smallest of its values up, so that
the offset `o_d` of the student is the number `origin_d`: the raw value is `o_d + (x_id - origin_d) 2^-u_d`. Landmarks are kept
likewise. Scales are kept so that

    1 + Σ_d s_d (raw x_d - raw z_jd)²  =  (one + Σ_d weight_d (x_d - z_jd)²) / one.

Rows are stored packed, `slot` bits an entry: written in hexadecimal, the entries can be read off. Signed entries are
stored with half of the slot's range added.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

/-- `f 0 + ... + f (n-1)` for a function of all natural numbers. -/
abbrev total {K : Type u} [CommRing K] (n : Nat) (f : Nat → K) : K := sum n fun i => f i.val

/-- What stands with a column of the basis: its row of the metric (stored), and its coefficient in the student (stored). -/
structure Column where
  metric : Nat
  coefficient : Nat

/-- An input: its weight in the distance, the landmarks' coordinates (packed), the student's offset, the shifts of its linear
column, and what stands with that column. -/
structure Axis where
  weight : Nat
  points : Nat
  origin : Nat
  up : Nat
  down : Nat
  column : Column

/-- The raw data of one student with a rational-quadratic basis and the linear term. -/
structure Study where
  /-- Bits of an entry of `rows`, of `points`. -/
  slot : Nat
  /-- Row `i`: the teacher's output in slot 0, then the inputs. -/
  rows : List Nat
  landmarks : List Column
  axes : List Axis
  one : Nat
  /-- `p`: basis values are multiples of `2^-p`. -/
  grid : Nat
  /-- Bits of a stored metric entry; the metric's unit is `2^-metricUnit`. -/
  metricBits : Nat
  metricUnit : Nat
  /-- Bits of a stored coefficient. -/
  coefficientBits : Nat
  /-- Teacher's output and student in a common unit `2^-outputUnit`. -/
  outputUnit : Nat
  teacherStep : Nat
  teacherShift : Int
  coefficientStep : Nat
  intercept : Int

namespace Study

variable (D : Study)

/-- `n`, `m`, `d`, and `r = m + d`. -/
abbrev size : Nat := D.rows.length
@[inherit_doc size] abbrev landmarkCount : Nat := D.landmarks.length
@[inherit_doc size] abbrev inputs : Nat := D.axes.length
@[inherit_doc size] abbrev columns : Nat := D.landmarkCount + D.inputs

/-- The default entry of the list of inputs, never reached. -/
def noAxis : Axis := ⟨0, 0, 0, 0, 0, 0, 0⟩

/-- Input `k` of a packed row. -/
def input (row k : Nat) : Nat := digit D.slot row (k + 1)

/-- Coordinate `k` of landmark `j`. -/
def landmark (j k : Nat) : Nat := digit D.slot (D.axes.getD k noAxis).points j

/-- `one (1 + q_j(x))` for the row `x`: the denominator of a basis value. -/
def denominator (row j : Nat) : Int :=
  D.one + total D.inputs fun k => (D.axes.getD k noAxis).weight * ((D.input row k : Int) - D.landmark j k) ^ 2

/-- Basis value `k` of the row `x`: for `k < m` it is `⌊2^p φ_k(x)⌋` with `φ_k = 1 / (1 + q_k)`, and for `k = m + d` it is
`⌊2^p (raw x_d - o_d) / 2^E_d⌋`. -/
def basisAt (row k : Nat) : Int :=
  if k < D.landmarkCount then 2 ^ D.grid * D.one / D.denominator row k
  else
    let a := D.axes.getD (k - D.landmarkCount) noAxis
    ((D.input row (k - D.landmarkCount) : Int) - a.origin) * 2 ^ a.up / 2 ^ a.down

/-- `C_ik`: basis value `k` of row `i`. -/
def basis (i k : Nat) : Int := D.basisAt (D.rows.getD i 0) k

/-- `c_k`: the mean of column `k`, rounded down. -/
def mean (k : Nat) : Int := (total D.size fun i => D.basis i k) / D.size

/-- What stands with column `k`. -/
def column (k : Nat) : Column :=
  if k < D.landmarkCount then D.landmarks.getD k ⟨0, 0⟩ else (D.axes.getD (k - D.landmarkCount) noAxis).column

/-- Entry `(k, j)` of the metric `T`, in its unit. -/
def metric (k j : Nat) : Int := entry D.metricBits (D.column k).metric j

/-- Entry `(i, j)` of `(C - 1 cᵀ) T`, in the unit `2^-(p + metricUnit)`. -/
def image (i j : Nat) : Int := total D.columns fun k => (D.basis i k - D.mean k) * D.metric k j

/-- **The operator `A = 2^-p (C - 1 cᵀ) T`.** -/
def operator (K : Type u) [Field K] : Mat K D.size D.columns := fun i j =>
  (D.image i.val j.val : K) / 2 ^ (D.grid + D.metricUnit)

/-- Coefficient `k` of the student on the integer basis, in its unit. -/
def coefficient (k : Nat) : Int := Int.ofNat (D.column k).coefficient - Int.ofNat (2 ^ (D.coefficientBits - 1))

/-- The student on the floored basis at the row `x`, in the unit of outputs. -/
def studentAt (row : Nat) : Int :=
  D.intercept + D.coefficientStep * total D.columns fun k => D.basisAt row k * D.coefficient k

/-- The teacher's recorded output at the row `x`, in the unit of outputs. -/
def teacherAt (row : Nat) : Int := D.teacherStep * digit D.slot row 0 + D.teacherShift

/-- The recorded outputs of the teacher. -/
def teacher (K : Type u) [Field K] : Vec K D.size := fun i => (D.teacherAt (D.rows.getD i.val 0) : K) / 2 ^ D.outputUnit

/-- The student, its basis floored to the grid, at the recorded rows. -/
def student (K : Type u) [Field K] : Vec K D.size := fun i => (D.studentAt (D.rows.getD i.val 0) : K) / 2 ^ D.outputUnit

end Study

end Eigenstill.Claims
