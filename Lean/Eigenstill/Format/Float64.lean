/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Dyadic

/-!
# IEEE-754 binary64

`float64?` decodes 64 bits: a sign, eleven bits of exponent, 52 of fraction. Zeros of both signs are the number 0, denormals
are numbers like others, NaN and infinities are none.
-/

@[expose] public section

namespace Eigenstill.Format

/-- The number of zeros at the end of a positive number in binary. -/
def trailingZeros (value : Nat) : Nat := Nat.log2 (Nat.xor value (value - 1))

/-- The number with this sign, mantissa and exponent, its mantissa odd. -/
def oddDyadic (negative : Bool) (mantissa : Nat) (exponent : Int) : Dyadic :=
  if mantissa == 0 then Dyadic.zero
  else
    let zeros := trailingZeros mantissa
    let odd := Int.ofNat (Nat.shiftRight mantissa zeros)
    ⟨if negative then -odd else odd, exponent + Int.ofNat zeros⟩

/-- The value of a finite float64, from its 64 bits; `none` for NaN and infinities. -/
def float64? (bits : Nat) : Option Dyadic :=
  let negative := Nat.shiftRight bits 63 == 1
  let exponent := Nat.land (Nat.shiftRight bits 52) 2047
  let fraction := Nat.land bits 4503599627370495
  if exponent == 2047 then none
  else if exponent == 0 then some (oddDyadic negative fraction (-1074))
  else some (oddDyadic negative (fraction + 4503599627370496) (Int.ofNat exponent - 1075))

/-- What a float64 that is not finite is called. -/
def notFiniteName (bits : Nat) : String :=
  if Nat.land bits 4503599627370495 == 0 then (if Nat.shiftRight bits 63 == 1 then "-inf" else "inf") else "nan"

/-- The value of a signed 64-bit integer, from its bits. -/
def int64 (bits : Nat) : Int :=
  if bits < 9223372036854775808 then Int.ofNat bits else Int.ofNat bits - 18446744073709551616

end Eigenstill.Format
