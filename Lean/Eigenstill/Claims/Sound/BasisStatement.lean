/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Statement

/-!
# The basis at the rows, and the formula

What the claims about rows speak of, in plain mathematics over a field `K`: the kernel `1 / (1 + q)`, the basis functions, the
integers `C = ⌊2^p φ⌋`, their operator `A`, and the formula `f`. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- Number `k` of a list, 0 beyond its end. -/
def numberAt (xs : List Dyadic) (k : Nat) : K := (xs.getD k Dyadic.zero).value K

/-- `q(x, z) = Σ_d s_d (x_d - z_d)²`, or `Σ_d s_d |x_d - z_d|`. -/
def kernelDistance (quadratic : Bool) (scales x z : List Dyadic) : K :=
  sum scales.length fun d => numberAt K scales d.val *
    if quadratic then (numberAt K x d.val - numberAt K z d.val) ^ 2 else absVal (numberAt K x d.val - numberAt K z d.val)

/-- **The kernel `1 / (1 + q(x, z))`**, rational-quadratic or rational-l1. -/
def kernelValue (quadratic : Bool) (scales x z : List Dyadic) : K := 1 / (1 + kernelDistance K quadratic scales x z)

namespace Certificate
variable (certificate : Certificate)

/-- `r`: how many basis functions there are, one for each landmark and with the linear term one for each input. -/
def basisSize : Nat := certificate.model.landmarks.length + certificate.model.offsets.length

/-- **Basis function `k`**: the kernel at landmark `k`, or for `k = m + d` the linear function `(x_d - o_d) / 2^E_d`. -/
def basisFunction (k : Nat) (x : List Dyadic) : K :=
  let m := certificate.model.landmarks.length
  if k < m then kernelValue K certificate.basis.quadratic certificate.model.scales x (certificate.model.landmarks.getD k [])
  else (numberAt K x (k - m) - numberAt K certificate.model.offsets (k - m)) / 2 ^ certificate.basis.linearExponents.getD (k - m) 0

/-- **`C_ik = ⌊2^p φ_k(x_i)⌋`**, for the inputs `x_i` of some rows. -/
def flooredBasis (inputs : List (List Dyadic)) (i k : Nat) : Int :=
  (2 ^ certificate.basis.gridBits * certificate.basisFunction Rat k (inputs.getD i [])).floor

/-- **The operator `A = 2^-p (C - 1 cᵀ) T` of the training rows**, with `C = ⌊2^p φ⌋`. -/
def basisOperator : Mat K certificate.train.inputs.length certificate.basisSize :=
  certificate.operator K (certificate.flooredBasis certificate.train.inputs) _ _

/-- **Output `o` of the formula at `x`**: `b_o + Σ_d w_do x_d + Σ_j a_jo φ_j(x)`; without the linear term `w` is empty. -/
def formula (o : Nat) (x : List Dyadic) : K :=
  numberAt K certificate.model.intercept o +
    (sum certificate.model.weights.length fun d => numberAt K (certificate.model.weights.getD d.val []) o * numberAt K x d.val) +
    sum certificate.model.landmarks.length fun j => numberAt K (certificate.model.coefficients.getD j.val []) o *
      certificate.basisFunction K j.val x

end Certificate

end

end Eigenstill.Claims
