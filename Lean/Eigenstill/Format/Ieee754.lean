/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum

/-!
# What 64 bits mean in IEEE 754

A binary64 number from the top: one bit of sign `s`, eleven of exponent `e`, 52 of fraction `f`. It says nothing of how
anything is decoded; `Format.Float64Sound` proves that the decoder agrees.
-/

open Lean.Grind

@[expose] public section

universe u

namespace Eigenstill.Format

attribute [local instance] Semiring.natCast

def signBit (bits : Nat) : Nat := bits / 2 ^ 63
def exponentField (bits : Nat) : Nat := bits / 2 ^ 52 % 2 ^ 11
def fractionField (bits : Nat) : Nat := bits % 2 ^ 52

/-- `(-1)^s f 2^-1074` for `e = 0` (zeros and denormals), else `(-1)^s (2^52 + f) 2^(e - 1075)`; meant for `e < 2047`, the
finite numbers. -/
noncomputable def ieee754 (K : Type u) [Field K] (bits : Nat) : K :=
  let s := signBit bits
  let e := exponentField bits
  let f := fractionField bits
  (-1) ^ s * if e = 0 then (f : K) * 2 ^ (-1074 : Int) else (2 ^ 52 + (f : K)) * 2 ^ ((e : Int) - 1075)

end Eigenstill.Format
