/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix
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

/-- Entry `(k, j)` of the metric `T = blockdiag(T_z, diag(T_l))`, in its unit `2^metricExponent`. -/
def Model.metricEntry (model : Model) (k j : Nat) : Int :=
  let m := model.metric.length
  if k < m then (if j < m then (model.metric.getD k []).getD j 0 else 0)
  else if k = j then model.linearMetric.getD (k - m) 0 else 0

/-- `c_k`: the mean of column `k` of `n` rows of integers, rounded down. -/
def meanBelow (C : Nat → Nat → Int) (n k : Nat) : Int := (sum n fun i => C i.val k) / (n : Int)

/-- **The operator `A = 2^-p (C - 1 cᵀ) T`** of `n` rows of integers `C`, `r` of them each: the basis at the rows, centred by its
mean rounded down, in the metric `T`. -/
def Certificate.operator (K : Type u) [Field K] (certificate : Certificate) (C : Nat → Nat → Int) (n r : Nat) : Mat K n r :=
  fun i j => 2 ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int)) *
    ((sum r fun k => (C i.val k.val - meanBelow C n k.val) * certificate.model.metricEntry k.val j.val : Int) : K)

/-- Claim `basis` about an operator `A`: the trace of `AᵀA` is its squared Frobenius norm, and more than 0. -/
structure BasisHolds {K : Type u} [Field K] [LE K] [LT K] {n r : Nat} (A : Mat K n r) (numbers : BasisNumbers) : Prop where
  rows : numbers.rows = n
  columns : numbers.columns = r
  trace : numbers.trace.value K = frobSq A
  positive : 0 < frobSq A

/-- Claim `eckart_young` about an operator `A`: at each recorded rank no product `X Y` is nearer to `A` than `lower`, and one
is as near as `upper`, in squared Frobenius norm. -/
def EckartYoungHolds {K : Type u} [Field K] [LE K] [LT K] {n r : Nat} (A : Mat K n r) (numbers : EckartYoungNumbers) :
    Prop :=
  ∀ bounds ∈ numbers.ranks, 0 < bounds.lower.value K ∧
    (∀ (X : Mat K n bounds.rank) (Y : Mat K bounds.rank r), bounds.lower.value K ≤ frobDistSq A (matMul X Y)) ∧
    (∃ (X : Mat K n bounds.rank) (Y : Mat K bounds.rank r), frobDistSq A (matMul X Y) ≤ bounds.upper.value K)

end Eigenstill.Claims
