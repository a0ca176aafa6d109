/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Diagnosis

/-!
# Claim `gcv`, computed

The criterion at the ridge against lower bounds on cells of ridges (FORMAT.md section 3, theorems
`gcv_ridge_near_min_of_partition` and `rss_le_of_trial`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (decimalText ratio)

def excessBits : Nat := 30

/-- The quotient of two numbers, the second above 0. -/
structure Fraction where
  top : Dyadic
  bottom : Dyadic

namespace Fraction

def add (a b : Fraction) : Fraction :=
  ⟨Dyadic.add (Dyadic.mul a.top b.bottom) (Dyadic.mul b.top a.bottom), Dyadic.mul a.bottom b.bottom⟩

def lt (a b : Fraction) : Bool := Dyadic.lt (Dyadic.mul a.top b.bottom) (Dyadic.mul b.top a.bottom)

end Fraction

/-- The square root of `numerator / denominator`, rounded to 53 bits. -/
def rootOf (numerator denominator : Dyadic) (up : Bool) : Dyadic :=
  let top := ratio numerator
  let bottom := ratio denominator
  sqrt53 (top.1 * bottom.2) (top.2 * bottom.1) up

/-- What bounds the criterion at any ridge. -/
structure Ridges where
  rows : Dyadic
  targets : List Target
  intervals : List Enclosure
  /-- How many eigenvalues have no interval of their own, and what they are at most. -/
  others : Dyadic
  level : Dyadic
  /-- `g` is `factorTop / factorBottom`. -/
  factorTop : Dyadic
  factorBottom : Dyadic

/-- `1 + Σ λ / (λ + ridge)`, from above or below. -/
def degrees (ridges : Ridges) (ridge : Dyadic) (up : Bool) : Dyadic :=
  let terms := mapped (fun (interval : Enclosure) =>
    filteredBy ridge up (if up then interval.atMost else interval.atLeast)) ridges.intervals
  let total := Dyadic.add Dyadic.one (sumDyadic terms)
  if up then Dyadic.add total (Dyadic.mul ridges.others (filteredBy ridge true ridges.level)) else total

/-- `n - g dof` in units of `1 / factorBottom`. -/
def freeOf (ridges : Ridges) (degrees : Dyadic) : Dyadic :=
  Dyadic.sub (Dyadic.mul ridges.factorBottom ridges.rows) (Dyadic.mul ridges.factorTop degrees)

def requireFree (ridges : Ridges) (ridge : Dyadic) : Except Rejected Dyadic :=
  let degrees := degrees ridges ridge true
  let free := freeOf ridges degrees
  if 0 < free.mantissa then Except.ok free
  else Except.error ⟨"gcv", "degrees of freedom up to " ++ decimalText degrees true,
    "g times that less than n on the whole bracket"⟩

/-- A trial solution `w` for one output, and `M w`. -/
structure Trial where
  weights : IntegerVector
  image : IntegerVector

/-- `n` times the square of a bound of the exact fit's residual, from above or below, by a trial:
`|√RSS(w) - √RSS| ≤ |(M + a) w - Aᵀ (t - t̄)| / (2 √a)`. -/
def residualOf (rows ridge : Dyadic) (up : Bool) (trial : Trial) (target : Target) : Dyadic :=
  let residual := Dyadic.add
    (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩ (trial.weights.dot target.products)))
    (Dyadic.mul rows (trial.weights.dot trial.image))
  let slope := (((trial.image.add (trial.weights.scaled ridge)).scaled rows).sub target.products).squaredNorm
  let distance := rootOf slope (Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) ridge) true
  let root := rootOf residual rows up
  let bound := if up then Dyadic.add root distance else Dyadic.max Dyadic.zero (Dyadic.sub root distance)
  Dyadic.mul (Dyadic.mul bound bound) rows

/-- The sum over the outputs that vary, each over its total. -/
def residuals (ridges : Ridges) (ridge : Dyadic) (up : Bool) (trials : List Trial) : Fraction :=
  folded (fun (total : Fraction) (pair : Trial × Target) =>
    if 0 < pair.2.total.mantissa then total.add ⟨residualOf ridges.rows ridge up pair.1 pair.2, pair.2.total⟩ else total)
    ⟨Dyadic.zero, Dyadic.one⟩ (zipped Prod.mk trials ridges.targets)

/-- The criterion in units of `factorBottom² n`. -/
def criterion (residuals : Fraction) (free : Dyadic) : Fraction :=
  ⟨residuals.top, Dyadic.mul residuals.bottom (Dyadic.mul free free)⟩

/-- The least of the lower bounds on the cells between neighbouring edges. -/
def leastCell (ridges : Ridges) (outputs : Nat) : List Dyadic → List Trial → Option Fraction → Option Fraction
  | low :: high :: edges, trials, least =>
    let (own, others) := split outputs trials
    let cell := criterion (residuals ridges low false own) (freeOf ridges (degrees ridges high false))
    leastCell ridges outputs (high :: edges) others (match least with
      | none => some cell
      | some least => if cell.lt least then some cell else some least)
  | _, _, least => least

/-- `a / b - 1` as numerator and denominator. -/
def excessOf (a b : Fraction) : Dyadic × Dyadic :=
  let below := Dyadic.mul b.top a.bottom
  (Dyadic.sub (Dyadic.mul a.top b.bottom) below, below)

/-- Rounded up on the grid `2^-30`, at least 0. -/
def roundedExcess (excess : Dyadic × Dyadic) : Dyadic :=
  let rounded := onGrid excess.1 excess.2 excessBits true
  ⟨if rounded ≤ 0 then 0 else rounded, -Int.ofNat excessBits⟩

/-- The excess of the criterion at the ridge over the least on the bracket. -/
def gcvExcess (ridges : Ridges) (fit : Fit) (outputs : Nat) (trials : List Trial) : Except Rejected Dyadic := do
  let (own, others) := split outputs trials
  let free ← requireFree ridges fit.ridge
  let chosen := criterion (residuals ridges fit.ridge true own) free
  let _ ← requireFree ridges (entryAt fit.ridge 0 fit.edges)
  let refusal : Except Rejected Dyadic :=
    Except.error ⟨"gcv", "a cell whose GCV may be 0", "cells and trials that bound GCV away from 0"⟩
  match leastCell ridges outputs fit.edges others none with
  | none => refusal
  | some least =>
    if least.top.mantissa ≤ 0 then refusal
    else
      let excess := excessOf chosen least
      let rounded := roundedExcess excess
      if Dyadic.lt excess.2 (Dyadic.mul ⟨100, 0⟩ excess.1) then
        Except.error ⟨"gcv.excess_at_most", decimalText rounded true, "at most 1/100"⟩
      else return rounded

/-- `recorded` gives criterion, threshold, slack and the unit of the trials; cells and trials are tensors. -/
def checkGcv (shared : Shared) (recorded : GcvNumbers) : Except Rejected GcvNumbers := do
  let certificate := shared.prepared.certificate
  let fit := certificate.fit
  let (sums, operator) ← shared.prepared.exact
  match certificate.train.labels with
  | none => Except.error ⟨"gcv", "no labels", "labels: on a noise-free teacher GCV asks for ever more modes"⟩
  | some _ =>
    let modes ← requireSpectrum shared "gcv" recorded.threshold recorded.slack
    let targets ← shared.targets.get
    let labels := targets.labels.getD []
    if every (fun (target : Target) => target.total.mantissa ≤ 0) labels then
      Except.error ⟨"gcv", "labels that do not vary", "an output whose labels vary"⟩
    else
      let intervals := enclosures certificate.basis certificate.model modes recorded.threshold
      let ridges : Ridges :=
        { rows := Dyadic.ofInt (Int.ofNat sums.rows)
          targets := labels
          intervals := intervals
          others := Dyadic.ofInt (Int.ofNat (operator.columns - sizeOf' intervals))
          level := recorded.threshold
          factorTop := ⟨if recorded.robust then 7 else 1, 0⟩
          factorBottom := ⟨if recorded.robust then 5 else 1, 0⟩ }
      let trials := zipped (fun weights image =>
        (⟨⟨weights, recorded.trialExponent⟩, ⟨image, operator.exponent + recorded.trialExponent⟩⟩ : Trial)) fit.trials
        (multiplied operator.columns fit.trials operator.matrix)
      let excess ← gcvExcess ridges fit (sizeOf' certificate.model.intercept) trials
      return ⟨recorded.robust, fit.ridge, entryAt fit.ridge 0 fit.edges,
        entryAt fit.ridge (sizeOf' fit.edges - 1) fit.edges, recorded.threshold, recorded.slack, recorded.trialExponent,
        excess⟩

end Eigenstill.Claims.Exec
