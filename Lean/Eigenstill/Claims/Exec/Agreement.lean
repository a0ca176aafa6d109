/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Future
public import Eigenstill.Claims.Exec.Vectors
public import Eigenstill.Claims.RowNumbers

/-!
# Claim `agreement`, computed

On how many rows the formula's largest output is the network's, counted only where it surely is (FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- What the outputs of the exact formula surely lie between on one row, in integers of one unit. -/
structure RowBounds where
  low : List Int
  high : List Int

/-- The largest entry but that at `place`, or `most` if it is larger. -/
def largestBut (place : Nat) : Nat → List Int → Option Int → Option Int
  | _, [], most => most
  | index, entry :: rest, most =>
    largestBut place (index + 1) rest (if index = place then most
      else match most with
        | none => some entry
        | some value => if value < entry then some entry else some value)

/-- By how much an output at least exceeds every other; negative where it may not. -/
def marginOf (row : RowBounds) (winner : Nat) : Int :=
  entryAt 0 winner row.low - (largestBut winner 0 row.high none).getD 0

/-- Whether some output surely exceeds this one. -/
def beaten (row : RowBounds) (loser : Nat) : Bool :=
  decide (entryAt 0 loser row.high < (largestBut (sizeOf' row.low) 0 row.low none).getD 0)

/-- The place of the one largest value; `none` where several share it. `best` is the largest so far with its place, and
whether it stands alone. -/
def choiceFrom : Nat → List Dyadic → Option (Dyadic × Nat × Bool) → Option Nat
  | _, [], some (_, place, true) => some place
  | _, [], _ => none
  | index, value :: rest, none => choiceFrom (index + 1) rest (some (value, index, true))
  | index, value :: rest, some (most, place, alone) =>
    choiceFrom (index + 1) rest (if Dyadic.lt most value then some (value, index, true)
      else some (most, place, alone && Dyadic.lt value most))

/-- The place of the 1 in a row of one 1 and zeros. -/
def classFrom : Nat → List Dyadic → Option Nat → Option Nat
  | _, [], found => found
  | index, value :: rest, found =>
    if value.mantissa = 0 then classFrom (index + 1) rest found
    else
      match found with
      | none => if Dyadic.same value Dyadic.one then classFrom (index + 1) rest (some index) else none
      | some _ => none

/-- The class of every row; `none` where one has none. -/
def classesOf : List (List Dyadic) → List Nat → Option (List Nat)
  | [], done => some (turned done)
  | row :: rest, done =>
    match classFrom 0 row none with
    | none => none
    | some place => classesOf rest (place :: done)

/-- Bounds of every row's outputs, and the exponent of their unit. -/
def rowBounds (certificate : Certificate) (students : List (List Dyadic)) (rows : Nat) : List RowBounds × Int :=
  let vectors := mapped IntegerVector.of students
  let shifts := floorShifts certificate.basis certificate.model (sizeOf' certificate.model.intercept)
  let low := folded (fun least (vector : IntegerVector) => smaller least vector.exponent) (leastExponent 0 shifts) vectors
  let moved (sign : Int) : List (List Int) := columnsOf rows (zipped (fun (vector : IntegerVector) shift =>
    let by' := sign * inUnits low shift
    mapped (fun entry => entry + by') (vector.inUnit low)) vectors shifts)
  (zipped RowBounds.mk (moved (-1)) (moved 1), low)

/-- How many rows have a property of theirs and of what stands beside them. -/
def countRows {α : Type} (property : RowBounds → α → Bool) (rows : List RowBounds) (others : List α) : Nat :=
  folded (fun count holds => if holds then count + 1 else count) 0 (zipped property rows others)

def ofChoice (property : Nat → Bool) : Option Nat → Bool
  | none => false
  | some place => property place

/-- The least positive margin of the rows' choices. -/
def leastMargin (rows : List RowBounds) (choices : List (Option Nat)) : Option Int :=
  folded (fun (least : Option Int) (margin : Int) =>
    if margin ≤ 0 then least
    else match least with
      | none => some margin
      | some value => if margin < value then some margin else some value) none
    (zipped (fun row choice =>
      match choice with
      | none => 0
      | some place => marginOf row place) rows choices)

/-- The counts of one split, from the formula's values, an output a column. -/
def splitAgreement (certificate : Certificate) (split : String) (rows : Rows) (students : List (List Dyadic)) :
    SplitAgreement :=
  let count := sizeOf' rows.inputs
  let (bounds, exponent) := rowBounds certificate students count
  let choices := mapped (fun row => choiceFrom 0 row none) rows.teacher
  let margin := leastMargin bounds choices
  let classes := match rows.labels with
    | none => none
    | some labels => classesOf labels []
  { split := split
    rows := count
    agree := countRows (fun row => ofChoice fun place => decide (0 < marginOf row place)) bounds choices
    disagree := countRows (fun row => ofChoice (beaten row)) bounds choices
    teacherTies := countRows (fun _ choice => match choice with
      | none => true
      | some _ => false) bounds choices
    marginAtLeast := match margin with
      | none => none
      | some margin => some ⟨margin, exponent⟩
    labels := match classes with
      | none => none
      | some classes =>
        some ⟨countRows (fun row place => decide (0 < marginOf row place)) bounds classes,
          countRows beaten bounds classes,
          countRows (fun _ (pair : Option Nat × Nat) => ofChoice (fun place => place = pair.2) pair.1) bounds
            (zipped Prod.mk choices classes)⟩ }

def checkAgreement (certificate : Certificate) (parts : HoldoutParts) : Except Rejected (List SplitAgreement) :=
  if sizeOf' certificate.model.intercept < 2 then
    Except.error ⟨"agreement", "one output", "at least two, of which one is the largest"⟩
  else
    let train := certificate.train
    let first := splitAgreement certificate "train" train (studentColumns certificate train)
    match certificate.holdout with
    | none => Except.ok [first]
    | some rows => Except.ok [first, splitAgreement certificate "holdout" rows parts.students.get]

end Eigenstill.Claims.Exec
