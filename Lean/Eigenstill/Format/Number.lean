/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Dyadic
public import Eigenstill.Format.Refusal

/-!
# Exact numbers as text

`M p X` for `M * 2^X`, and the decimal beside it: seven significant digits, rounded outward (FORMAT.md section 1).
-/

@[expose] public section

namespace Eigenstill.Format

def maxMantissaDigits : Nat := 2000
def maxExponent : Nat := 8192
def significantDigits : Nat := 7

/-- Read decimal digits up to the first other character, at most `fuel` of them: value, number of digits, what is left. -/
def readDigits : Nat → List Char → Nat → Nat → Nat × Nat × List Char
  | fuel + 1, char :: rest, value, count =>
    if char.isDigit then readDigits fuel rest (value * 10 + (char.toNat - 48)) (count + 1) else (value, count, char :: rest)
  | _, text, value, count => (value, count, text)

/-- A decimal integer without leading zeros, not zero, of at most `limit` digits; and what follows it. -/
def readInteger (limit : Nat) (text : List Char) : Option (Int × List Char) :=
  match text with
  | '-' :: '0' :: _ => none
  | '0' :: _ => none
  | '-' :: rest =>
    let (value, count, left) := readDigits limit rest 0 0
    if count == 0 then none else some (-Int.ofNat value, left)
  | _ =>
    let (value, count, left) := readDigits limit text 0 0
    if count == 0 then none else some (Int.ofNat value, left)

/-- The number that an exact string stands for; `none` for every other text. -/
def parseExact (text : String) : Option Dyadic :=
  if text == "0p0" then some Dyadic.zero
  else if maxMantissaDigits + 8 < text.length then none
  else
    match readInteger maxMantissaDigits text.toList with
    | some (mantissa, ['p', '0']) => if mantissa % 2 == 0 then none else some ⟨mantissa, 0⟩
    | some (mantissa, 'p' :: rest) =>
      match readInteger 4 rest with
      | some (exponent, []) =>
        if mantissa % 2 == 0 || maxExponent < exponent.natAbs then none else some ⟨mantissa, exponent⟩
      | _ => none
    | _ => none

/-- The exact string of a number. -/
def exactText (number : Dyadic) : String :=
  let reduced := number.reduced
  decimalOfInt reduced.mantissa ++ "p" ++ decimalOfInt reduced.exponent

/-- The number of bits of a natural number. -/
def bitLength (value : Nat) : Nat := if value == 0 then 0 else Nat.log2 value + 1

/-- Numerator and denominator of the absolute value of a number. -/
def ratio (number : Dyadic) : Nat × Nat :=
  match number.exponent with
  | .ofNat up => (Nat.shiftLeft number.mantissa.natAbs up, 1)
  | .negSucc down => (number.mantissa.natAbs, Nat.shiftLeft 1 (down + 1))

/-- `10^power`, and 1 for a negative power. -/
def tenTo (power : Int) : Nat := 10 ^ power.toNat

/-- Lower `power` until `10^power ≤ numerator / denominator`. -/
def lowerPower (numerator denominator : Nat) : Nat → Int → Int
  | 0, power => power
  | fuel + 1, power =>
    if numerator * tenTo (-power) < denominator * tenTo power then lowerPower numerator denominator fuel (power - 1)
    else power

/-- Raise `power` until `numerator / denominator < 10^(power + 1)`. -/
def raisePower (numerator denominator : Nat) : Nat → Int → Int
  | 0, power => power
  | fuel + 1, power =>
    if denominator * tenTo (power + 1) ≤ numerator * tenTo (-power - 1) then
      raisePower numerator denominator fuel (power + 1)
    else power

/-- The integer `k` with `10^k ≤ numerator / denominator < 10^(k+1)`. -/
def decimalExponent (numerator denominator : Nat) : Int :=
  let guess := (Int.ofNat (bitLength numerator) - Int.ofNat (bitLength denominator)) * 30103 / 100000
  raisePower numerator denominator 16 (lowerPower numerator denominator 16 guess)

/-- The quotient, rounded down or up. -/
def divided (top bottom : Nat) (up : Bool) : Nat := if up then (top + bottom - 1) / bottom else top / bottom

/-- Seven significant digits `d.dddddde±XX`, rounded up or down; `0` for zero. -/
def decimalText (number : Dyadic) (up : Bool) : String :=
  if number.mantissa == 0 then "0"
  else
    let negative : Bool := number.mantissa < 0
    let (numerator, denominator) := ratio number
    let power := decimalExponent numerator denominator
    let shift := Int.ofNat significantDigits - 1 - power
    let rounded := divided (numerator * tenTo shift) (denominator * tenTo (-shift)) (up != negative)
    let full : Bool := rounded == 10 ^ significantDigits
    let digits := if full then rounded / 10 else rounded
    let power := if full then power + 1 else power
    let leadingDigit := digits / 10 ^ (significantDigits - 1)
    let others := Nat.repr (digits + 10 ^ significantDigits - leadingDigit * 10 ^ (significantDigits - 1))
    let size := power.natAbs
    (if negative then "-" else "") ++ Nat.repr leadingDigit ++ "." ++ (others.drop 2).copy ++ "e"
      ++ (if power < 0 then "-" else "+") ++ (if size < 10 then "0" else "") ++ Nat.repr size

end Eigenstill.Format
