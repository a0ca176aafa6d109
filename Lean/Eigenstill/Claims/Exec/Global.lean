/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Each
public import Eigenstill.Claims.Exec.Fidelity
public import Eigenstill.Claims.Exec.Vectors
public import Eigenstill.Claims.Spectral

/-!
# Claim `global`, computed

What holds of the formula at every input, from its coefficients alone (FORMAT.md section 3, theorems of `Theory.Global`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (bitLength ratio)

def maxSlopes : Nat := 16384

/-- Ties to even of `mantissa / 2^(shift + 1)`. -/
def halfToEven (mantissa : Int) (shift : Nat) : Int :=
  let unit := Dyadic.shiftLeft 1 (shift + 1)
  let half := Dyadic.shiftLeft 1 shift
  let quotient := mantissa / unit
  let rest := mantissa - quotient * unit
  if half < rest || (rest = half && quotient % 2 = 1) then quotient + 1 else quotient

/-- The nearest float32, ties to even; `none` beyond its range. -/
def float32 (value : Dyadic) : Option Dyadic :=
  let size := Int.ofNat (bitLength value.mantissa.natAbs) + value.exponent
  if value.mantissa != 0 && 128 ≤ size then none
  else
    let unit := if size - 24 ≤ -149 then -149 else size - 24
    match unit - value.exponent with
    | .ofNat (shift + 1) => some ⟨halfToEven value.mantissa shift, unit⟩
    | _ => some value

/-- The sum of `|a - float32 a|`; `none` where one is beyond the range. -/
def float32Moves : List Dyadic → Dyadic → Option Dyadic
  | [], total => some total
  | a :: rest, total =>
    match float32 a with
    | none => none
    | some near => float32Moves rest (Dyadic.add total (Dyadic.abs (Dyadic.sub a near)))

/-- A bound on `|∂φ_j / ∂x_d|`: `s_d`, or `√(27/64 s_d)` rounded up. -/
def kernelSlope (basis : Basis) (scale : Dyadic) : Dyadic :=
  if basis.quadratic then
    let parts := ratio (Dyadic.mul ⟨27, -6⟩ scale)
    sqrt53 parts.1 parts.2 true
  else scale

/-- One output, from its coefficients and weights. -/
def outputBounds (basis : Basis) (model : Model) (output : List Dyadic × List Dyadic) : Except Rejected OutputBounds :=
  let (coefficients, weights) := output
  let signed (positive : Bool) : Dyadic := folded (fun total a =>
    if (if positive then 0 < a.mantissa else a.mantissa < 0) then Dyadic.add total a else total) Dyadic.zero coefficients
  let low := signed false
  let high := signed true
  match float32Moves coefficients Dyadic.zero with
  | none => Except.error ⟨"global", "a coefficient of 2^127 or more", "coefficients inside float32's range"⟩
  | some moves =>
    let size := Dyadic.sub high low
    let weights := match weights with
      | [] => repeated Dyadic.zero (sizeOf' model.scales)
      | _ => mapped Dyadic.abs weights
    Except.ok ⟨low, high, quotientOf moves Dyadic.one true, zipped (fun scale weight =>
      quotientOf (Dyadic.add (Dyadic.mul (kernelSlope basis scale) size) weight) Dyadic.one true) model.scales weights⟩

def checkGlobal (certificate : Certificate) : Except Rejected (List OutputBounds) :=
  let model := certificate.model
  let inputs := sizeOf' model.scales
  let outputs := sizeOf' model.intercept
  if maxSlopes < inputs * outputs then
    Except.error ⟨"global", Nat.repr inputs ++ " inputs x " ++ Nat.repr outputs ++ " outputs",
      "at most " ++ Nat.repr maxSlopes ++ " slopes"⟩
  else checkedEach (outputBounds certificate.basis model)
    (zipped Prod.mk (outputColumns outputs model.coefficients) (outputColumns outputs model.weights))

end Eigenstill.Claims.Exec
