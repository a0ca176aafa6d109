/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Claims.Spectral
public import Eigenstill.Exact.Value
public import Eigenstill.Theory.Global

/-!
# What claim `global` says

About the formula `f(x) = b + w · x + Σ_j a_j φ_j(x)` at every `x`, recorded or not: `φ_j = 1 / (1 + q_j)`, `q_j(x)` the weighted
distance to a landmark, `Σ_i s_i (x_i - z_i)²` or `Σ_i s_i |x_i - z_i|`. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable (K : Type u) [Field K]

/-- How many inputs the formula has. -/
abbrev Model.inputs (model : Model) : Nat := model.scales.length

/-- How many basis functions the formula has. -/
abbrev Model.size (model : Model) : Nat := model.landmarks.length

/-- The scales `s`. -/
def Model.scaleVector (model : Model) : Vec K model.inputs := fun i => (model.scales.getD i.val Dyadic.zero).value K

/-- The landmark `z_j`. -/
def Model.landmark (model : Model) (j : Nat) : Vec K model.inputs :=
  fun i => ((model.landmarks.getD j []).getD i.val Dyadic.zero).value K

/-- The coefficients `a` of output `o`. -/
def Model.coefficientsOf (model : Model) (o : Nat) : Vec K model.size :=
  fun j => ((model.coefficients.getD j.val []).getD o Dyadic.zero).value K

/-- The linear weights `w` of output `o`, all 0 without the linear term. -/
def Model.weightsOf (model : Model) (o : Nat) : Vec K model.inputs :=
  fun i => ((model.weights.getD i.val []).getD o Dyadic.zero).value K

/-- The intercept `b` of output `o`. -/
def Model.interceptOf (model : Model) (o : Nat) : K := (model.intercept.getD o Dyadic.zero).value K

variable {K}
variable [LE K]

/-- The basis functions at `x`. -/
def basisAt (basis : Basis) (model : Model) (x : Vec K model.inputs) : Vec K model.size :=
  fun j => inverseKernel (if basis.quadratic then quadraticDistance (model.scaleVector K) (model.landmark K j.val) x
    else l1Distance (model.scaleVector K) (model.landmark K j.val) x)

/-- Output `o` of the formula at `x`. -/
def formulaAt (basis : Basis) (model : Model) (o : Nat) (x : Vec K model.inputs) : K :=
  model.interceptOf K o + dot (model.weightsOf K o) x + kernelPart (model.coefficientsOf K o) (basisAt basis model x)

omit [LE K] in
/-- `y` is a finite float32: `m 2^e` with `|m| < 2^24` and `-149 ≤ e ≤ 104`. -/
def IsFloat32 (y : K) : Prop := ∃ m e : Int, m.natAbs < 2 ^ 24 ∧ -149 ≤ e ∧ e ≤ 104 ∧ y = (m : K) * 2 ^ e

/-- `y` is a float32 nearest to `a`, however ties are broken. -/
def NearestFloat32 (a y : K) : Prop := IsFloat32 y ∧ ∀ other, IsFloat32 other → absVal (a - y) ≤ absVal (a - other)

/-- Claim `global`, one output: the kernel part lies between two numbers at every `x`; with every coefficient rounded to a
nearest float32 it moves by at most a third; between two inputs that differ in coordinate `i` alone the formula changes by at
most `slope_i |x_i - x'_i|`. Nothing is said of rounding scales, landmarks or the linear part. -/
structure OutputBoundsHold (basis : Basis) (model : Model) (o : Nat) (bounds : OutputBounds) : Prop where
  atLeast : ∀ x : Vec K model.inputs,
    bounds.kernelAtLeast.value K ≤ kernelPart (model.coefficientsOf K o) (basisAt basis model x)
  atMost : ∀ x : Vec K model.inputs,
    kernelPart (model.coefficientsOf K o) (basisAt basis model x) ≤ bounds.kernelAtMost.value K
  float32 : ∀ rounded : Vec K model.size, (∀ j, NearestFloat32 (model.coefficientsOf K o j) (rounded j)) →
    ∀ x : Vec K model.inputs, absVal (kernelPart (model.coefficientsOf K o) (basisAt basis model x)
      - kernelPart rounded (basisAt basis model x)) ≤ bounds.float32MovesAtMost.value K
  slopes : ∀ (i : Fin model.inputs) (x x' : Vec K model.inputs), (∀ j, j ≠ i → x j = x' j) →
    absVal (formulaAt basis model o x - formulaAt basis model o x')
      ≤ (bounds.slopesAtMost.getD i.val Dyadic.zero).value K * absVal (x i - x' i)

end

/-- Claim `global`: what is recorded holds of every output. -/
structure GlobalHolds (K : Type u) [Field K] [LE K] (certificate : Certificate) (bounds : List OutputBounds) : Prop where
  outputs : bounds.length = certificate.model.intercept.length
  each : ∀ (o : Nat) (h : o < bounds.length), OutputBoundsHold (K := K) certificate.basis certificate.model o bounds[o]

end Eigenstill.Claims
