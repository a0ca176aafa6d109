/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Init.Grind

/-!
# Dyadic rationals

`⟨m, e⟩` is the number `m 2^e`. Every finite float64 is one; sums and products of them stay exact. Two pairs may stand for
one number: compare with `Dyadic.same`, or after `Dyadic.reduced`.
-/

@[expose] public section

namespace Eigenstill

/-- The number `mantissa * 2 ^ exponent`. -/
structure Dyadic where
  mantissa : Int
  exponent : Int

namespace Dyadic

def zero : Dyadic := ⟨0, 0⟩
def one : Dyadic := ⟨1, 0⟩
def ofInt (k : Int) : Dyadic := ⟨k, 0⟩

/-- `k 2^n` for a shift `n ≥ 0`. -/
def shiftLeft (k : Int) (n : Nat) : Int := k * Int.ofNat (Nat.shiftLeft 1 n)

/-- The smaller of two exponents. -/
def low (a b : Int) : Int := if a ≤ b then a else b

/-- The integer `k` with value `k 2^e`, for an exponent `e` at most that of the number. -/
def at' (x : Dyadic) (e : Int) : Int := shiftLeft x.mantissa (x.exponent - e).toNat

def add (x y : Dyadic) : Dyadic :=
  let e := low x.exponent y.exponent
  ⟨x.at' e + y.at' e, e⟩

def neg (x : Dyadic) : Dyadic := ⟨-x.mantissa, x.exponent⟩
def sub (x y : Dyadic) : Dyadic := add x (neg y)
def mul (x y : Dyadic) : Dyadic := ⟨x.mantissa * y.mantissa, x.exponent + y.exponent⟩
def abs (x : Dyadic) : Dyadic := ⟨Int.ofNat x.mantissa.natAbs, x.exponent⟩

/-- `x ≤ y`. -/
def le (x y : Dyadic) : Bool := decide (0 ≤ (sub y x).mantissa)

/-- `x < y`. -/
def lt (x y : Dyadic) : Bool := decide (0 < (sub y x).mantissa)

/-- Equal as numbers. -/
def same (x y : Dyadic) : Bool := decide ((sub x y).mantissa = 0)

def max (x y : Dyadic) : Dyadic := if le x y then y else x

/-- Twos divided out of a nonzero number, at most `fuel` of them. -/
def strip : Nat → Nat → Int → Nat × Int
  | 0, n, e => (n, e)
  | fuel + 1, n, e => if n % 2 = 0 then strip fuel (n / 2) (e + 1) else (n, e)

/-- The pair with an odd mantissa; `⟨0, 0⟩` for zero. -/
def reduced (x : Dyadic) : Dyadic :=
  if x.mantissa = 0 then zero
  else
    let n := x.mantissa.natAbs
    let r := strip (Nat.log2 n) n x.exponent
    ⟨if x.mantissa < 0 then -Int.ofNat r.1 else Int.ofNat r.1, r.2⟩

end Dyadic

end Eigenstill
