/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Exact.Value

/-!
# What accepted claims say

The statements of the theorems `<claim>_of_check`, in plain matrices and numbers over a field `K`. This file says nothing of
how anything is checked. `x.value K` is the number that the pair `x` of a mantissa and an exponent stands for.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

/-- How many numbers the formula stores: `m` landmarks of `d` coordinates and `c` coefficients each, `d` scales, `c`
intercepts, and with the linear term `d c` weights. -/
def Certificate.storedNumbers (certificate : Certificate) : Nat :=
  let m := certificate.model.landmarks.length
  let d := certificate.model.scales.length
  let c := certificate.model.intercept.length
  m * (d + c) + (if certificate.basis.linear then d * c else 0) + d + c

/-- Claim `compression`: the count, and the ratio where the network's parameter count is recorded. -/
structure CompressionHolds (K : Type u) [Field K] [LE K] (certificate : Certificate) (numbers : CompressionNumbers) :
    Prop where
  stored : numbers.storedNumbers = certificate.storedNumbers
  ratio : ∀ parameters, certificate.parameters = some parameters → ∃ ratio, numbers.ratioAtLeast = some ratio ∧
    ratio.value K * (certificate.storedNumbers : K) ≤ (parameters : K)

end Eigenstill.Claims
