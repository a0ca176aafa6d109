/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Lists

/-!
# An upper limit of a mean, in natural numbers

The wealth of a gambler who bets against larger means: the average of `Π (1 + λ (u - x_i))` over eight stakes
`λ = 1, 1/2, …, 2^-7`, for losses `x_i` in units `2^-bits` (FORMAT.md section 3, `mean_error`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

def stakes : Nat := 8

/-- Limits are multiples of `2^-12`. -/
def limitBits : Nat := 12

/-- The products of neighbours, in front of `done`. -/
def pairProducts : List Nat → List Nat → List Nat
  | first :: second :: rest, done => pairProducts rest (first * second :: done)
  | [last], done => last :: done
  | [], done => done

/-- By halves, so that large numbers meet large ones; `fuel` halvings are enough. -/
def productOf : Nat → List Nat → Nat
  | _, [] => 1
  | _, [only] => only
  | 0, _ => 1
  | fuel + 1, factors => productOf fuel (pairProducts factors [])

/-- The factors `top - x_i`. -/
def factorsBelow (top : Nat) (losses : List Nat) : List Nat := walk losses []
where
  walk : List Nat → List Nat → List Nat
    | [], done => done
    | loss :: rest, done => walk rest ((top - loss) :: done)

/-- The sum of the products from stake `2^-(8 - left)` on, in units `2^-((bits + 7) n)`; `centre` is `u` in units `2^-bits`. -/
def wealthFrom (losses : List Nat) (count bits centre : Nat) : Nat → Nat → Nat
  | 0, total => total
  | left + 1, total =>
    let top := Nat.shiftLeft 1 (bits + (stakes - 1 - left)) + centre
    let product := productOf (count + 1) (factorsBelow top losses)
    wealthFrom losses count bits centre left (total + Nat.shiftLeft product (left * count))

/-- The least limit at which the wealth is `1 / (risk 2^-riskBits)`, known to be at least `low` and at most `high`. -/
def limitFrom (losses : List Nat) (count bits risk riskBits : Nat) : Nat → Nat → Nat → Nat
  | 0, _, high => high
  | fuel + 1, low, high =>
    if low < high then
      let middle := (low + high) / 2
      let wealth := wealthFrom losses count bits (Nat.shiftLeft middle (bits - limitBits)) stakes 0
      if Nat.shiftLeft stakes (riskBits + (bits + stakes - 1) * count) ≤ wealth * risk then
        limitFrom losses count bits risk riskBits fuel low middle
      else limitFrom losses count bits risk riskBits fuel (middle + 1) high
    else high

/-- The limit in units `2^-12`; `2^12`, which is no statement, where there is none. -/
def upperLimit (losses : List Nat) (bits risk riskBits : Nat) : Nat :=
  limitFrom losses (sizeOf' losses) bits risk riskBits (limitBits + 2) 0 (Nat.shiftLeft 1 limitBits)

end Eigenstill.Claims.Exec
