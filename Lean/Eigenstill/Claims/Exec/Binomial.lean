/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# Binomial tails in natural numbers

The probability is `P / D`, `F = D - P`; a tail is a natural number in units of `1 / D^n`, summed from term to term.
`Claims.Future` proves what these functions say.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- The term after that of count `j`. -/
def nextTerm (n P F j term : Nat) : Nat := term * (n - j) * P / ((j + 1) * F)

/-- Add `steps` more terms, from that of count `j` on. -/
def tailFrom (n P F : Nat) : Nat → Nat → Nat → Nat → Nat
  | 0, _, _, total => total
  | steps + 1, j, term, total =>
    let next := nextTerm n P F j term
    tailFrom n P F steps (j + 1) next (total + next)

/-- `Σ_{j ≤ k} C(n, j) P^j F^(n - j)`. -/
def tailOf (n P F k : Nat) : Nat :=
  let first := F ^ n
  tailFrom n P F k 0 first first

/-- How many of the tails, from that of count `j` on, stay at most `limit / Q`; `j` more are known to. -/
def countFrom (n P F Q limit : Nat) : Nat → Nat → Nat → Nat → Nat
  | 0, j, _, _ => j
  | fuel + 1, j, term, total =>
    if Q * total ≤ limit then
      let next := nextTerm n P F j term
      countFrom n P F Q limit fuel (j + 1) next (total + next)
    else j

/-- The largest `k` whose tail is at most `R / Q`, for `n` trials of probability `P / (P + F)`. -/
def largestCount (n P F R Q : Nat) : Option Nat :=
  let first := F ^ n
  match countFrom n P F Q (R * (P + F) ^ n) (n + 1) 0 first first with
  | 0 => none
  | k + 1 => some k

/-- Whether `d + 1` or more successes have a probability of at most `R / Q`: by successes or by failures, whichever are fewer. -/
def upperWithin (n d P F R Q : Nat) : Bool :=
  if n < 2 * (d + 1) then decide (Q * tailOf n F P (n - (d + 1)) ≤ R * (P + F) ^ n)
  else decide (Q * (P + F) ^ n ≤ Q * tailOf n P F d + R * (P + F) ^ n)

/-- Narrow the limit, a fraction with the denominator `D`, to between `low` and `low + 1`. -/
def narrowed (n d D R Q : Nat) : Nat → Nat → Nat → Nat
  | 0, low, _ => low
  | fuel + 1, low, high =>
    if low + 1 < high then
      let middle := (low + high) / 2
      if upperWithin n d middle (D - middle) R Q then narrowed n d D R Q fuel middle high
      else narrowed n d D R Q fuel low middle
    else low

/-- The lower limit of Clopper and Pearson for `count` successes of `n`, in units of `1 / D`, `D = 2^bits`. -/
def lowerLimit (n count bits R Q : Nat) : Nat :=
  match count with
  | 0 => 0
  | d + 1 => narrowed n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits)

end Eigenstill.Claims.Exec
