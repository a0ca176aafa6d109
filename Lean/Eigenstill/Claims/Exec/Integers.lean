/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Lists
public import Eigenstill.Exact.Dyadic
public import Eigenstill.Format.Number

/-!
# Integers on a common power of two, and 53-bit roundings

`up53` and `down53` of FORMAT.md section 3, for quotients and square roots of naturals.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (bitLength ratio)

/-- `k 2^n` for a shift of either sign, rounded towards minus infinity. -/
def shifted (k : Int) (n : Int) : Int :=
  match n with
  | .ofNat up => Dyadic.shiftLeft k up
  | .negSucc down =>
    match k with
    | .ofNat k => Int.ofNat (Nat.shiftRight k (down + 1))
    | .negSucc k => Int.negSucc (Nat.shiftRight k (down + 1))

def smaller (a b : Int) : Int := if a ≤ b then a else b
def larger (a b : Nat) : Nat := if a ≤ b then b else a

/-- The least exponent of the numbers that are not zero, at most `least`. -/
def leastExponent (least : Int) (numbers : List Dyadic) : Int :=
  folded (fun least number => if number.mantissa = 0 then least else smaller least number.exponent) least numbers

/-- The integer that a number is in units `2^exponent`, for an exponent that is small enough. -/
def inUnits (exponent : Int) (number : Dyadic) : Int :=
  if number.mantissa = 0 then 0 else shifted number.mantissa (number.exponent - exponent)

/-- The numbers in units of their least exponent or of 1, whichever is less; and that exponent. -/
def commonUnits (numbers : List Dyadic) : List Int × Int :=
  let exponent := leastExponent 0 numbers
  (mapped (inUnits exponent) numbers, exponent)

/-- The largest absolute value. -/
def largest (entries : List Int) : Nat := folded (fun most entry => larger most entry.natAbs) 0 entries

def largestOf (rows : List (List Int)) : Nat := folded (fun most row => larger most (largest row)) 0 rows

def sum (entries : List Int) : Int := add entries 0
where
  add : List Int → Int → Int
    | [], total => total
    | entry :: rest, total => add rest (total + entry)

def negatives (entries : List Int) : List Int := walk entries []
where
  walk : List Int → List Int → List Int
    | [], done => turned done
    | entry :: rest, done => walk rest (-entry :: done)

/-- The sum of absolute values. -/
def sumAbsolute (entries : List Int) : Nat := add entries 0
where
  add : List Int → Nat → Nat
    | [], total => total
    | entry :: rest, total => add rest (total + entry.natAbs)

def sumDyadic (numbers : List Dyadic) : Dyadic := folded Dyadic.add Dyadic.zero numbers

/-- `sum_k coefficients_k entries_k`. -/
def combined (coefficients entries : List Int) : Int := walk coefficients entries 0
where
  walk : List Int → List Int → Int → Int
    | a :: as, b :: bs, total => walk as bs (total + a * b)
    | _, _, total => total

/-- One step of Newton's iteration for the square root, until it no longer falls. -/
def rootFrom (value : Nat) : Nat → Nat → Nat
  | 0, root => root
  | fuel + 1, root =>
    let next := (root + value / root) / 2
    if next < root then rootFrom value fuel next else root

/-- The integer part of the square root. -/
def squareRoot (value : Nat) : Nat :=
  if value = 0 then 0 else rootFrom value (bitLength value + 8) (Nat.shiftLeft 1 (bitLength value / 2 + 1))

/-- The mantissa for `exponent`: quotient or square root of `top / bottom`, rounded up or down. -/
def mantissaAt (numerator denominator : Nat) (up root : Bool) (exponent : Int) : Nat :=
  let scale := if root then -2 * exponent else -exponent
  let top := Nat.shiftLeft numerator scale.toNat
  let bottom := Nat.shiftLeft denominator (-scale).toNat
  let mantissa := if root then squareRoot (top / bottom) else top / bottom
  let reached := (if root then mantissa * mantissa else mantissa) * bottom
  if up && reached < top then mantissa + 1 else mantissa

def rounded53From (numerator denominator : Nat) (up root : Bool) : Nat → Int → Dyadic
  | 0, exponent => ⟨Int.ofNat (mantissaAt numerator denominator up root exponent), exponent⟩
  | fuel + 1, exponent =>
    let mantissa := mantissaAt numerator denominator up root exponent
    if mantissa < 9007199254740992 then ⟨Int.ofNat mantissa, exponent⟩
    else rounded53From numerator denominator up root fuel (exponent + 1)

/-- Quotient or square root with a 53-bit mantissa, rounded up or down. -/
def rounded53 (numerator denominator : Nat) (up root : Bool) : Dyadic :=
  if numerator = 0 then Dyadic.zero
  else
    let magnitude := Int.ofNat (bitLength numerator) - Int.ofNat (bitLength denominator)
    rounded53From numerator denominator up root 8 ((if root then magnitude / 2 else magnitude) - 54)

/-- The least (`up`) or greatest number with a 53-bit mantissa beyond a quotient. -/
def quotient53 (numerator denominator : Nat) (up : Bool) : Dyadic := rounded53 numerator denominator up false

/-- The same for the square root of a quotient. -/
def sqrt53 (numerator denominator : Nat) (up : Bool) : Dyadic := rounded53 numerator denominator up true

end Eigenstill.Claims.Exec
