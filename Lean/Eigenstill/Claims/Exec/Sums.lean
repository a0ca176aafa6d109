/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Kernel

/-!
# Sums over rows

What each claim about data is decided from: exact sums of errors, squares and values of one output over a block of rows.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- `constant + sum_j coefficients_j u_j` in units `2^exponent`, the `u_j` integers. -/
structure Form where
  constant : Int
  coefficients : List Int
  exponent : Int

def formOf (constant : Dyadic) (coefficients : List Dyadic) : Form :=
  match commonUnits (constant :: coefficients) with
  | (first :: rest, exponent) => ⟨first, rest, exponent⟩
  | ([], exponent) => ⟨0, [], exponent⟩

def Form.value (form : Form) (features : List Int) : Int := form.constant + combined form.coefficients features

/-- One output of one target: sums over rows, exact. -/
structure TargetSums where
  squaredErrors : Dyadic
  largestError : Dyadic
  values : Dyadic
  squaredValues : Dyadic
  /-- Of the labels against the teacher. -/
  teacherSquaredErrors : Dyadic

def noTargetSums : TargetSums := ⟨Dyadic.zero, Dyadic.zero, Dyadic.zero, Dyadic.zero, Dyadic.zero⟩

/-- All sums of one split; targets have one entry an output. -/
structure SplitSums where
  rows : Nat
  teacher : List TargetSums
  labels : Option (List TargetSums)
  largestDifference : Dyadic
  largestMagnitude : Dyadic
  withinRange : Bool

/-- The outputs of the formula at the rows of a block, in units `2^exponent`, for one output. -/
structure Students where
  values : List Int
  exponent : Int

def squares (entries : List Int) : Int := combined entries entries

/-- Add the rows of a block to the sums of a target, whose values in these rows are `values`. -/
def addTarget (sums : TargetSums) (students : Students) (values teacher : List Dyadic) (labels : Bool) : TargetSums :=
  let (mantissas, exponent) := commonUnits values
  let low := smaller exponent students.exponent
  let errors := zipped (fun value student =>
    shifted value (exponent - low) - shifted student (students.exponent - low)) mantissas students.values
  let gaps :=
    if labels then
      let (gaps, unit) := commonUnits (zipped Dyadic.sub values teacher)
      ⟨squares gaps, 2 * unit⟩
    else Dyadic.zero
  { squaredErrors := Dyadic.add sums.squaredErrors ⟨squares errors, 2 * low⟩
    largestError := Dyadic.max sums.largestError ⟨Int.ofNat (largest errors), low⟩
    values := Dyadic.add sums.values ⟨sum mantissas, exponent⟩
    squaredValues := Dyadic.add sums.squaredValues ⟨squares mantissas, 2 * exponent⟩
    teacherSquaredErrors := Dyadic.add sums.teacherSquaredErrors gaps }

/-- The same for all outputs: sums, students, values and the teacher's values, one entry an output. -/
def addTargets (labels : Bool) : List TargetSums → List Students → List (List Dyadic) → List (List Dyadic) →
    List TargetSums → List TargetSums
  | sums :: rest, students :: others, values :: columns, teacher :: teachers, done =>
    addTargets labels rest others columns teachers (addTarget sums students values teacher labels :: done)
  | _, _, _, _, done => turned done

/-- For one output: the formula on the fine grid, the sum of magnitudes, and what the fine grid's floor can move. -/
structure FineForm where
  value : Form
  magnitude : Form
  floorError : Dyadic

/-- Largest difference of predictions from the formula and largest magnitude, over the rows of a block; `features` are
fine basis values and coordinates. -/
def addPredictions (form : FineForm) (features absolute : List (List Int)) (predictions : List Dyadic) (sums : SplitSums) :
    SplitSums :=
  let (predicted, exponent) := commonUnits predictions
  let low := smaller exponent form.value.exponent
  let worst := folded larger 0 (zipped (fun prediction row =>
    (shifted prediction (exponent - low) - shifted (form.value.value row) (form.value.exponent - low)).natAbs)
    predicted features)
  let most := folded (fun most row => larger most (form.magnitude.value row).natAbs) 0 absolute
  { sums with
    largestDifference := Dyadic.max sums.largestDifference (Dyadic.add ⟨Int.ofNat worst, low⟩ form.floorError)
    largestMagnitude := Dyadic.max sums.largestMagnitude ⟨Int.ofNat most, form.magnitude.exponent⟩ }

def addAllPredictions (features absolute : List (List Int)) : List FineForm → List (List Dyadic) → SplitSums → SplitSums
  | form :: forms, column :: columns, sums =>
    addAllPredictions features absolute forms columns (addPredictions form features absolute column sums)
  | _, _, sums => sums

end Eigenstill.Claims.Exec
