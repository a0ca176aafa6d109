/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Dyadic

/-!
# What the claims that order or compare rows say, as numbers

`interval`, `mean_error`, `agreement` and `exports` (`python/eigenstill_check/FORMAT.md`, section 3).
-/

@[expose] public section

namespace Eigenstill.Claims

/-- The rank of an error among those of the hold-out rows, and the half-width; `none` where the rows are too few. -/
structure HalfWidth where
  rank : Option Nat
  halfWidthAtMost : Option Dyadic

/-- For each output the intervals, one a coverage. -/
structure IntervalTarget where
  target : String
  outputs : List (List HalfWidth)

structure IntervalNumbers where
  coverages : List Dyadic
  rows : Nat
  repeatedRows : Nat
  targets : List IntervalTarget

/-- One output; the two about labels are `none` without labels. -/
structure OutputMeanError where
  clip : Dyadic
  teacherAtMost : Dyadic
  labelsAtMost : Option Dyadic
  gainAtLeast : Option Dyadic

structure MeanErrorNumbers where
  riskAtMost : Dyadic
  rows : Nat
  repeatedRows : Nat
  outputs : List OutputMeanError

/-- On how many rows the formula surely chooses the label's class, or another, and the teacher the label's. -/
structure AgainstLabels where
  right : Nat
  wrong : Nat
  teacherRight : Nat

structure SplitAgreement where
  split : String
  rows : Nat
  agree : Nat
  disagree : Nat
  teacherTies : Nat
  /-- `none` where no row agrees. -/
  marginAtLeast : Option Dyadic
  /-- `none` unless every row's label is a class. -/
  labels : Option AgainstLabels

/-- The predictions that another program recorded for the rows of one split. -/
structure ExportRows where
  name : String
  predictions : List (List Dyadic)

/-- The same programs for both splits; none for the second where there are no hold-out rows. -/
structure Exports where
  train : List ExportRows
  holdout : List ExportRows

/-- How far the predictions of one program are from the formula. -/
structure ExportDifference where
  name : String
  differenceAtMost : Dyadic

structure SplitExports where
  split : String
  exports : List ExportDifference

end Eigenstill.Claims
