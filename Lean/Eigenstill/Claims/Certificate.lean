/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Dyadic

/-!
# What a certificate says, as numbers

The content of a certificate file after parsing (`python/eigenstill_check/FORMAT.md`, sections 1 and 2), and the numbers
that a check computes for each claim. Floats are dyadic rationals; nothing here is compared, decided or believed.

A claim is accepted when its check gives numbers, not a `Rejected`, and every recorded number is the computed one.
-/

@[expose] public section

namespace Eigenstill.Claims

/-- The declared basis: kernel, grids, and the units of the integer arrays as exponents of two. -/
structure Basis where
  /-- `rational-quadratic` if true, else `rational-l1`. -/
  quadratic : Bool
  linear : Bool
  /-- `p`: basis values are multiples of `2^-p`. -/
  gridBits : Nat
  /-- `E_d`, one for each input; empty without the linear term. -/
  linearExponents : List Int
  metricExponent : Int
  jitter : Dyadic
  vectorExponent : Int
  excessExponent : Int
  factorExponent : Int

/-- The formula and the witnesses. Matrices are lists of rows; shapes are those of FORMAT.md section 2. -/
structure Model where
  landmarks : List (List Dyadic)
  scales : List Dyadic
  coefficients : List (List Dyadic)
  intercept : List Dyadic
  /-- Empty without the linear term, as `offsets` and `linearMetric`. -/
  weights : List (List Dyadic)
  offsets : List Dyadic
  metric : List (List Int)
  linearMetric : List Int
  /-- `K` rows of `r` entries: row `k` is `v_k`. -/
  eigenvectors : List (List Int)
  excess : List Int
  /-- `r` rows of `r` entries, zero above the diagonal. -/
  factor : List (List Int)

/-- The rows of one split, all shards in order. -/
structure Rows where
  inputs : List (List Dyadic)
  teacher : List (List Dyadic)
  predictions : List (List Dyadic)
  labels : Option (List (List Dyadic))

/-- What is stored of the ridge fit: empty, and the ridge 0, where no claim speaks of it. -/
structure Fit where
  ridge : Dyadic
  /-- For each output the coefficients of the first modes, in the unit that `shrinkage` names. -/
  solution : List (List Int)
  /-- The edges of the cells of `gcv`. -/
  edges : List Dyadic
  /-- For the ridge and for each cell, for each output: a trial solution, in the unit that `gcv` names. -/
  trials : List (List Int)

/-- What the claims speak of. `parameters` is the teacher's recorded parameter count. -/
structure Certificate where
  basis : Basis
  model : Model
  train : Rows
  holdout : Option Rows
  parameters : Option Nat
  fit : Fit

/-- A well-formed claim that does not hold: where, what was got, what is needed; the texts of the Python checker. -/
structure Rejected where
  place : String
  got : String
  needed : String

/-! ## What each check computes -/

structure BasisNumbers where
  rows : Nat
  columns : Nat
  gridBits : Nat
  trace : Dyadic

structure MetricNumbers where
  defect : Dyadic
  linearDefect : Dyadic

structure RankBounds where
  rank : Nat
  lower : Dyadic
  upper : Dyadic

structure EckartYoungNumbers where
  threshold : Dyadic
  slack : Dyadic
  orthogonalityDefect : Dyadic
  ranks : List RankBounds

/-- What no checker finds by itself: read from the recorded claim. -/
structure EckartYoungWitness where
  threshold : Dyadic
  slack : Dyadic
  ranks : List Nat

structure OutputFidelity where
  errorAtMost : Dyadic
  rmseAtMost : Dyadic
  /-- `none` where all targets are equal. -/
  rSquaredAtLeast : Option Dyadic
  /-- `none` for the target `teacher`. -/
  teacherRmseAtLeast : Option Dyadic

/-- `target` is `teacher` or `labels`; one entry an output. -/
structure TargetFidelity where
  target : String
  outputs : List OutputFidelity

/-- `split` is `train` or `holdout`. -/
structure SplitFidelity where
  split : String
  targets : List TargetFidelity

structure CompressionNumbers where
  storedNumbers : Nat
  /-- `none` where the parameter count is not recorded. -/
  ratioAtLeast : Option Dyadic

structure SplitEvaluation where
  split : String
  differenceAtMost : Dyadic
  aPrioriAtMost : Dyadic

/-- How many hold-out rows may exceed a bound, and the bound; `none` where the rows are too few. -/
structure ToleranceBound where
  exceeded : Option Nat
  errorAtMost : Option Dyadic

/-- For each output the bounds, one a fraction. -/
structure ToleranceTarget where
  target : String
  outputs : List (List ToleranceBound)

structure ToleranceNumbers where
  riskAtMost : Dyadic
  fractions : List Dyadic
  rows : Nat
  repeatedRows : Nat
  targets : List ToleranceTarget

/-- What the claim chooses. -/
structure ToleranceWitness where
  riskAtMost : Dyadic
  fractions : List Dyadic

structure CloserOutput where
  nearer : Nat
  fractionAtLeast : Dyadic

structure CloserNumbers where
  riskAtMost : Dyadic
  rows : Nat
  repeatedRows : Nat
  outputs : List CloserOutput

end Eigenstill.Claims
