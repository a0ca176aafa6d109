/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Packed

/-!
# Vectors of integers in one unit

Sums and products stay exact, whatever the units.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (ratio)

/-- The numbers `entries_k 2^exponent`. -/
structure IntegerVector where
  entries : List Int
  exponent : Int

namespace IntegerVector

def of (numbers : List Dyadic) : IntegerVector :=
  let (entries, exponent) := commonUnits numbers
  ⟨entries, exponent⟩

/-- The entries in a unit that is no coarser than the vector's. -/
def inUnit (vector : IntegerVector) (exponent : Int) : List Int :=
  mapped (fun entry => shifted entry (vector.exponent - exponent)) vector.entries

def add (first second : IntegerVector) : IntegerVector :=
  let low := smaller first.exponent second.exponent
  ⟨sums (first.inUnit low) (second.inUnit low) [], low⟩
where
  sums : List Int → List Int → List Int → List Int
    | a :: as, b :: bs, done => sums as bs ((a + b) :: done)
    | _, _, done => turned done

def scaled (vector : IntegerVector) (factor : Dyadic) : IntegerVector :=
  ⟨mapped (fun entry => factor.mantissa * entry) vector.entries, vector.exponent + factor.exponent⟩

def sub (first second : IntegerVector) : IntegerVector := first.add (second.scaled ⟨-1, 0⟩)

def dot (first second : IntegerVector) : Dyadic :=
  ⟨combined first.entries second.entries, first.exponent + second.exponent⟩

def squaredNorm (vector : IntegerVector) : Dyadic := vector.dot vector

/-- The sum of absolute values. -/
def absoluteSum (vector : IntegerVector) : Dyadic := ⟨Int.ofNat (sumAbsolute vector.entries), vector.exponent⟩

/-- `matrix 2^exponent` times the vector, `matrix` given by rows. -/
def under (vector : IntegerVector) (matrix : List (List Int)) (exponent : Int) : IntegerVector :=
  ⟨mapped (fun row => combined row vector.entries) matrix, exponent + vector.exponent⟩

end IntegerVector

/-- `numerator / denominator` rounded to 53 bits; the numerator is at least 0, the denominator above. -/
def quotientOf (numerator denominator : Dyadic) (up : Bool) : Dyadic :=
  let top := ratio numerator
  let bottom := ratio denominator
  quotient53 (top.1 * bottom.2) (top.2 * bottom.1) up

/-- `numerator / denominator` on the grid `2^-bits`, rounded down or up; the denominator is above 0. -/
def onGrid (numerator denominator : Dyadic) (bits : Nat) (up : Bool) : Int :=
  let low := smaller numerator.exponent denominator.exponent
  let top := Dyadic.shiftLeft (inUnits low numerator) bits
  let bottom := inUnits low denominator
  if up then -(-top / bottom) else top / bottom

end Eigenstill.Claims.Exec
