/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Binomial
public import Eigenstill.Claims.Exec.Fidelity

/-!
# Claims `tolerance` and `closer`, computed

What the hold-out rows say of rows that nobody has seen (FORMAT.md section 3). The counts come from binomial tails and from
nothing else; `Claims.Future.Sound` proves what those mean.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (exactText)

def maxHoldoutRows : Nat := 50000

/-- Probabilities are multiples of `2^-16`, the part of each statement in the risk one of `2^-32`. -/
def probabilityBits : Nat := 16

/-- The limits of `closer` are multiples of `2^-12`. -/
def fractionBits : Nat := 12

/-- The rows of the hold-out split, of which there must be some, and not too many. -/
def holdoutOf (certificate : Certificate) (claim : String) : Except Rejected (Rows × Nat) :=
  let refusal (count : Nat) : Except Rejected (Rows × Nat) :=
    Except.error ⟨claim, Nat.repr count ++ " hold-out rows", "1 to " ++ Nat.repr maxHoldoutRows⟩
  match certificate.holdout with
  | none => refusal 0
  | some rows =>
    let count := sizeOf' rows.inputs
    if 0 < count && count ≤ maxHoldoutRows then Except.ok (rows, count) else refusal count

/-- Refuse a number that is not strictly between 0 and 1 on the grid. -/
def requireProbability (place : String) (value : Dyadic) : Except Rejected Unit :=
  let reduced := value.reduced
  if 0 < reduced.mantissa && Dyadic.lt reduced Dyadic.one && -Int.ofNat probabilityBits ≤ reduced.exponent then
    Except.ok ()
  else Except.error ⟨place, exactText value, "a number between 0 and 1 on the grid 2^-" ++ Nat.repr probabilityBits⟩

def requireProbabilities (place : String) : List Dyadic → Except Rejected Unit
  | [] => Except.ok ()
  | value :: rest => do
    requireProbability place value
    requireProbabilities place rest

/-- Whether numbers fall strictly. -/
def fallsStrictly : List Dyadic → Bool
  | first :: second :: rest => if Dyadic.lt second first then fallsStrictly (second :: rest) else false
  | _ => true

/-- The part of one of `statements` in the risk, in units of `2^-32`, rounded down. -/
def partOf (risk : Dyadic) (statements : Nat) : Nat :=
  (inUnits (-Int.ofNat (2 * probabilityBits)) risk).toNat / statements

/-- The student at a row of the floored basis, one integer an output. -/
def studentsAt (plan : Plan) (x : List Dyadic) : List Int :=
  let fine := fineRow plan.kernel (denominators plan.kernel (pointIn plan.kernel x))
  let columns := joinedLists (mapped (fun value => shifted value (-Int.ofNat plan.basis.gridBits)) fine)
    (linearRow plan.basis.gridBits x plan.model.offsets plan.basis.linearExponents [])
  mapped (fun (form : Form) => form.value columns) plan.forms

/-- `|left - right|`, entry by entry. -/
def gaps (left right : List Dyadic) : List Dyadic := zipped (fun a b => Dyadic.abs (Dyadic.sub a b)) left right

/-- For each output the student's values on some rows. -/
def studentColumns (certificate : Certificate) (rows : Rows) : List (List Dyadic) :=
  let plan := planOf certificate rows
  zipped (fun (form : Form) column => mapped (fun value => (⟨value, form.exponent⟩ : Dyadic)) column) plan.forms
    (columnsOf plan.outputs (mapped (studentsAt plan) rows.inputs))

/-! ## Rows that repeat others -/

/-- -1, 0 or 1 in the order of the first difference. -/
def compareRow : List Dyadic → List Dyadic → Int
  | a :: as, b :: bs =>
    let gap := (Dyadic.sub a b).mantissa
    if gap = 0 then compareRow as bs else if gap < 0 then -1 else 1
  | _, _ => 0

/-- Rows in order, marked 0 for training and 1 for hold-out; a training row stands before its equals. -/
def rowBelow (first second : List Dyadic × Nat) : Bool :=
  let order := compareRow first.1 second.1
  if order = 0 then first.2 < second.2 else order < 0

/-- Count the marked rows that equal the row before them. -/
def countRepeats : List (List Dyadic × Nat) → Nat → Nat
  | first :: second :: rest, count =>
    let repeats : Bool := second.2 = 1 && compareRow first.1 second.1 = 0
    countRepeats (second :: rest) (if repeats then count + 1 else count)
  | _, count => count

/-- How many hold-out rows have the inputs of a training row or of an earlier hold-out row. -/
def repeatedRows (certificate : Certificate) (holdout : Rows) : Nat :=
  countRepeats (sorted rowBelow (joinedLists (mapped (fun x => (x, 0)) certificate.train.inputs)
    (mapped (fun x => (x, 1)) holdout.inputs))) 0

/-- What the claims about the hold-out rows share: the formula on them, an output a column, and how many repeat others. -/
structure HoldoutParts where
  students : Thunk (List (List Dyadic))
  repeats : Thunk Nat

def holdoutParts (certificate : Certificate) : HoldoutParts :=
  match certificate.holdout with
  | none => ⟨Thunk.mk fun _ => [], Thunk.mk fun _ => 0⟩
  | some rows => ⟨Thunk.mk fun _ => studentColumns certificate rows, Thunk.mk fun _ => repeatedRows certificate rows⟩

/-! ## The claims -/

/-- The bound of one fraction: an order statistic of the errors, and what flooring the basis can add. -/
def boundAt (ordered : List Int) (exponent : Int) (shift : Dyadic) : Option Nat → ToleranceBound
  | none => ⟨none, none⟩
  | some count => ⟨some count, some (Dyadic.add ⟨entryAt 0 count ordered, exponent⟩ shift)⟩

def boundsOf (counts : List (Option Nat)) (errors : List Dyadic) (shift : Dyadic) : List ToleranceBound :=
  let (values, exponent) := commonUnits errors
  let ordered := sorted (fun (a b : Int) => decide (b < a)) values
  mapped (boundAt ordered exponent shift) counts

/-- The largest count for a fraction, the risk given in units of `2^-32`. -/
def countOf (rows risk : Nat) (fraction : Dyadic) : Option Nat :=
  let reduced := fraction.reduced
  let successes := reduced.mantissa.toNat
  largestCount rows successes (2 ^ (-reduced.exponent).toNat - successes) risk (2 ^ (2 * probabilityBits))

def checkTolerance (certificate : Certificate) (parts : HoldoutParts) (witness : ToleranceWitness) :
    Except Rejected ToleranceNumbers := do
  let (rows, count) ← holdoutOf certificate "tolerance"
  requireProbability "tolerance.risk_at_most" witness.riskAtMost
  requireProbabilities "tolerance.fractions" witness.fractions
  if !fallsStrictly witness.fractions then
    Except.error ⟨"tolerance.fractions", "not decreasing", "different fractions, the largest first"⟩
  else
    let outputs := sizeOf' certificate.model.intercept
    let targets := match rows.labels with
      | none => [("teacher", rows.teacher)]
      | some labels => [("teacher", rows.teacher), ("labels", labels)]
    let risk := partOf witness.riskAtMost (sizeOf' witness.fractions * outputs * sizeOf' targets)
    let counts := mapped (countOf count risk) witness.fractions
    let shifts := floorShifts certificate.basis certificate.model outputs
    return ⟨witness.riskAtMost, witness.fractions, count, parts.repeats.get,
      mapped (fun (target : String × List (List Dyadic)) =>
        let errors := zipped gaps (columnsOf outputs target.2) parts.students.get
        ⟨target.1, zipped (boundsOf counts) errors shifts⟩) targets⟩

/-- How many errors of the student stay below the network's, whatever flooring the basis can change. -/
def nearerCount (shift : Dyadic) : List Dyadic → List Dyadic → Nat → Nat
  | student :: students, network :: networks, count =>
    nearerCount shift students networks (if Dyadic.lt (Dyadic.add student shift) network then count + 1 else count)
  | _, _, count => count

def checkCloser (certificate : Certificate) (parts : HoldoutParts) (risk : Dyadic) : Except Rejected CloserNumbers := do
  let (rows, count) ← holdoutOf certificate "closer"
  requireProbability "closer.risk_at_most" risk
  match rows.labels with
  | none => Except.error ⟨"closer", "no labels on the hold-out rows", "labels"⟩
  | some labels =>
    let outputs := sizeOf' certificate.model.intercept
    let share := partOf risk outputs
    let labels := columnsOf outputs labels
    let students := zipped gaps labels parts.students.get
    let networks := zipped gaps labels (columnsOf outputs rows.teacher)
    let shifts := floorShifts certificate.basis certificate.model outputs
    return ⟨risk, count, parts.repeats.get,
      zipped (fun shift (errors : List Dyadic × List Dyadic) =>
        let nearer := nearerCount shift errors.1 errors.2 0
        ⟨nearer, ⟨Int.ofNat (lowerLimit count nearer fractionBits share (2 ^ (2 * probabilityBits))),
          -Int.ofNat fractionBits⟩⟩) shifts (zipped Prod.mk students networks)⟩

end Eigenstill.Claims.Exec
