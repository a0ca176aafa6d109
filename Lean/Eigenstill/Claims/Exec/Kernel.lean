/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Claims.Exec.Packed

/-!
# The kernel at points, in integers

`phi_j(x) = 1 / (1 + q_j(x))`, floored on the fine grid `2^-P`, `P = 2p` (FORMAT.md section 3). The numbers `1 + q_j` of a
point stand packed in one integer: from the expanded square, or for absolute values from the signs of `x - z_j`, which
depend only on how many landmarks lie below `x`.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

def overflowBits : Nat := 1000
def maxCoordinateBits : Nat := 500

/-- The shift that makes all numbers integers. -/
def shiftOf (numbers : List Dyadic) : Nat := (-(leastExponent 0 numbers)).toNat

/-- For one coordinate of the absolute kernel: landmarks in increasing order, and after each so many of them the packed
signs and signed landmarks. -/
structure Steps where
  values : Array Int
  signs : Array Int
  shifts : Array Int

/-- The kernel part of a model on the common units of some points. -/
structure Kernel where
  quadratic : Bool
  count : Nat
  width : Nat
  /-- Coordinate `d` of a point is an integer in units `2^-shifts_d`. -/
  shifts : List Nat
  /-- The number 1 in units of `q`. -/
  one : Int
  weights : List Int
  /-- Quadratic: what a point at the origin has, packed. -/
  constant : Int
  unit : Int
  /-- Quadratic: packed `-2 w_d z_d`, for each coordinate. -/
  doubled : List Int
  /-- Absolute: for each coordinate. -/
  steps : List Steps
  /-- `2^P` in units of `q`. -/
  numerator : Nat
  /-- Whether every coordinate of points and landmarks is at most `2^500`. -/
  coordinatesWithin : Bool
  /-- `2^1000` in units of `q`. -/
  limit : Nat

/-- Turn the sign of each landmark in order, and note what the packed rows then are. -/
def stepsFrom (width : Nat) : List (Int × Nat) → Int → Int → Array Int → Array Int → Array Int → Steps
  | [], _, _, values, signs, shifts => ⟨values, signs, shifts⟩
  | (z, slot) :: rest, sign, shift, values, signs, shifts =>
    let sign := sign + Dyadic.shiftLeft 2 (slot * width)
    let shift := shift + Dyadic.shiftLeft (2 * z) (slot * width)
    stepsFrom width rest sign shift (values.push z) (signs.push sign) (shifts.push shift)

/-- The steps of one coordinate with landmarks `zs`. -/
def stepsOf (width : Nat) (unit : Int) (zs : List Int) : Steps :=
  let shift := pack width (negatives zs)
  let order := sorted (fun a b => decide (a.1 < b.1)) (zipped (fun z slot => (z, slot)) zs (numbersBelow (sizeOf' zs)))
  stepsFrom width order (-unit) shift #[] #[-unit] #[shift]

/-- How many of the landmarks `low, …, high - 1` in order are at most `x`, and those before them. -/
def countAtMost (values : Array Int) (x : Int) : Nat → Nat → Nat → Nat
  | 0, low, _ => low
  | fuel + 1, low, high =>
    if high ≤ low then low
    else
      let middle := (low + high) / 2
      if values.getD middle 0 ≤ x then countAtMost values x fuel (middle + 1) high
      else countAtMost values x fuel low middle

/-- A kernel ready for points whose coordinates are given as columns. -/
def kernelAt (basis : Basis) (model : Model) (points : List (List Dyadic)) : Kernel :=
  let dimension := sizeOf' model.scales
  let landmarks := columnsOf dimension model.landmarks
  let shifts := zipped (fun xs zs => larger (shiftOf xs) (shiftOf zs)) points landmarks
  let integers (columns : List (List Dyadic)) : List (List Int) :=
    zipped (fun shift column => mapped (inUnits (-Int.ofNat shift)) column) shifts columns
  let zs := integers landmarks
  let mostX := zipped (fun (shift : Nat) column =>
    folded (fun most x => larger most (inUnits (-Int.ofNat shift) x).natAbs) 0 column) shifts points
  let mostZ := mapped largest zs
  let power := if basis.quadratic then 2 else 1
  let unitShift := folded larger 0
    (zipped (fun scale shift => shiftOf [scale] + power * shift) model.scales shifts)
  let weights := zipped (fun (scale : Dyadic) (shift : Nat) =>
    shifted scale.mantissa (scale.exponent + Int.ofNat unitShift - Int.ofNat (power * shift))) model.scales shifts
  let one := Dyadic.shiftLeft 1 unitShift
  let reach := zipped (fun a b => (a + b) ^ power) mostX mostZ
  let bound := one.natAbs + (combined weights (mapped Int.ofNat reach)).natAbs
  let width := slotWidth bound
  let count := sizeOf' model.landmarks
  let unit := Int.ofNat (ones count width)
  let squares := mapped (fun z => one + combined weights (mapped (fun v => v * v) z)) (columnsOf count zs)
  let within := every (fun (pair : Nat × Nat) => pair.1 ≤ Nat.shiftLeft 1 (maxCoordinateBits + pair.2))
    (joinedLists (zipped Prod.mk mostX shifts) (zipped Prod.mk mostZ shifts))
  { quadratic := basis.quadratic
    count := count
    width := width
    shifts := shifts
    one := one
    weights := weights
    constant := if basis.quadratic then pack width squares else one * unit
    unit := unit
    doubled := if basis.quadratic then zipped (fun weight z => -2 * weight * pack width z) weights zs else []
    steps := if basis.quadratic then [] else mapped (stepsOf width unit) zs
    numerator := Nat.shiftLeft one.natAbs (2 * basis.gridBits)
    coordinatesWithin := within
    limit := Nat.shiftLeft one.natAbs overflowBits }

/-- Packed `sum_d w_d |x_d - z_jd|` added to `total`. -/
def absolute : List Int → List Int → List Steps → Int → Int
  | x :: xs, weight :: weights, step :: steps, total =>
    let below := countAtMost step.values x (step.values.size + 1) 0 step.values.size
    absolute xs weights steps (total + weight * (step.signs.getD below 0 * x - step.shifts.getD below 0))
  | _, _, _, total => total

/-- The numbers `1 + q_j` of a point, given in the kernel's units. -/
def denominators (kernel : Kernel) (x : List Int) : List Nat :=
  let packed :=
    if kernel.quadratic then
      kernel.constant + kernel.unit * combined kernel.weights (mapped (fun v => v * v) x) + combined x kernel.doubled
    else absolute x kernel.weights kernel.steps kernel.constant
  slots kernel.width (Nat.shiftLeft 1 kernel.width - 1) kernel.count packed.toNat []

/-- A point in the kernel's units. -/
def pointIn (kernel : Kernel) (x : List Dyadic) : List Int :=
  zipped (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value) kernel.shifts x

/-- `floor(2^P phi_j)` from the denominators. -/
def fineRow (kernel : Kernel) (denominators : List Nat) : List Int :=
  mapped (fun denominator => Int.ofNat (kernel.numerator / denominator)) denominators

/-- `floor(2^p (x_d - o_d) / 2^(E_d))` for each input. -/
def linearRow (gridBits : Nat) : List Dyadic → List Dyadic → List Int → List Int → List Int
  | x :: xs, offset :: offsets, exponent :: exponents, done =>
    let gap := Dyadic.sub x offset
    linearRow gridBits xs offsets exponents
      (shifted gap.mantissa (gap.exponent + Int.ofNat gridBits - exponent) :: done)
  | _, _, _, done => turned done

end Eigenstill.Claims.Exec
