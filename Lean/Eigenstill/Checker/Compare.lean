/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Format.Json
public import Eigenstill.Format.Number

/-!
# Recorded against computed

A recorded number is accepted only if it is the computed one, so that no digit can be changed unseen. The first difference
is the reason, in the order of the file.
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Format

/-- Whether what is recorded at a place is what was computed. -/
abbrev Compared : Type := Except Rejected Unit

def differs (place : String) (recorded computed : Json) : Compared :=
  Except.error ⟨place, shown recorded, shown computed⟩

def compareCount (place : String) (recorded computed : Nat) : Compared :=
  if recorded == computed then Except.ok ()
  else differs place (.count (Int.ofNat recorded)) (.count (Int.ofNat computed))

def compareText (place recorded computed : String) : Compared :=
  if recorded == computed then Except.ok () else differs place (.text recorded) (.text computed)

def compareNumber (place : String) (recorded computed : Dyadic) : Compared :=
  if Dyadic.same recorded computed then Except.ok ()
  else differs (place ++ ".exact") (.text (exactText recorded)) (.text (exactText computed))

def compareOptionalCount (place : String) (recorded computed : Option Nat) : Compared :=
  match recorded, computed with
  | some recorded, some computed => compareCount place recorded computed
  | none, none => Except.ok ()
  | some recorded, none => differs place (.count (Int.ofNat recorded)) .null
  | none, some computed => differs place .null (.count (Int.ofNat computed))

def compareOptional (place : String) (recorded computed : Option Dyadic) : Compared :=
  match recorded, computed with
  | some recorded, some computed => compareNumber place recorded computed
  | none, none => Except.ok ()
  | some _, none => differs place (.object []) .null
  | none, some _ => differs place .null (.object [])

/-- Compare lists of one length entry by entry, from index `index` on. -/
def compareEntries {α : Type} (compare : String → α → α → Compared) (place : String) :
    Nat → List α → List α → Compared
  | index, recorded :: others, computed :: rest =>
    match compare (place ++ "[" ++ Nat.repr index ++ "]") recorded computed with
    | Except.ok () => compareEntries compare place (index + 1) others rest
    | Except.error rejected => Except.error rejected
  | _, _, _ => Except.ok ()

def compareLists {α : Type} (compare : String → α → α → Compared) (place : String) (recorded computed : List α) :
    Compared :=
  let found := entryCount recorded
  let needed := entryCount computed
  if found == needed then compareEntries compare place 0 recorded computed
  else Except.error ⟨place, "a list of " ++ Nat.repr found, "a list of " ++ Nat.repr needed⟩

def compareBasis (place : String) (recorded computed : BasisNumbers) : Compared := do
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".columns") recorded.columns computed.columns
  compareCount (place ++ ".grid_bits") recorded.gridBits computed.gridBits
  compareNumber (place ++ ".trace") recorded.trace computed.trace

def compareMetric (place : String) (recorded computed : MetricNumbers) : Compared := do
  compareNumber (place ++ ".defect") recorded.defect computed.defect
  compareNumber (place ++ ".linear_defect") recorded.linearDefect computed.linearDefect

def compareRank (place : String) (recorded computed : RankBounds) : Compared := do
  compareCount (place ++ ".rank") recorded.rank computed.rank
  compareNumber (place ++ ".lower") recorded.lower computed.lower
  compareNumber (place ++ ".upper") recorded.upper computed.upper

def compareEckartYoung (place : String) (recorded computed : EckartYoungNumbers) : Compared := do
  compareNumber (place ++ ".threshold") recorded.threshold computed.threshold
  compareNumber (place ++ ".slack") recorded.slack computed.slack
  compareNumber (place ++ ".orthogonality_defect") recorded.orthogonalityDefect computed.orthogonalityDefect
  compareLists compareRank (place ++ ".ranks") recorded.ranks computed.ranks

def compareOutput (place : String) (recorded computed : OutputFidelity) : Compared := do
  compareNumber (place ++ ".error_at_most") recorded.errorAtMost computed.errorAtMost
  compareNumber (place ++ ".rmse_at_most") recorded.rmseAtMost computed.rmseAtMost
  compareOptional (place ++ ".r_squared_at_least") recorded.rSquaredAtLeast computed.rSquaredAtLeast
  compareOptional (place ++ ".teacher_rmse_at_least") recorded.teacherRmseAtLeast computed.teacherRmseAtLeast

def compareTarget (place : String) (recorded computed : TargetFidelity) : Compared := do
  compareText (place ++ ".target") recorded.target computed.target
  compareLists compareOutput (place ++ ".outputs") recorded.outputs computed.outputs

def compareFidelity (place : String) (recorded computed : SplitFidelity) : Compared := do
  compareText (place ++ ".split") recorded.split computed.split
  compareLists compareTarget (place ++ ".targets") recorded.targets computed.targets

def compareCompression (place : String) (recorded computed : CompressionNumbers) : Compared := do
  compareCount (place ++ ".stored_numbers") recorded.storedNumbers computed.storedNumbers
  compareOptional (place ++ ".ratio_at_least") recorded.ratioAtLeast computed.ratioAtLeast

def compareEvaluation (place : String) (recorded computed : SplitEvaluation) : Compared := do
  compareText (place ++ ".split") recorded.split computed.split
  compareNumber (place ++ ".difference_at_most") recorded.differenceAtMost computed.differenceAtMost
  compareNumber (place ++ ".a_priori_at_most") recorded.aPrioriAtMost computed.aPrioriAtMost

def compareBound (place : String) (recorded computed : ToleranceBound) : Compared := do
  compareOptionalCount (place ++ ".exceeded") recorded.exceeded computed.exceeded
  compareOptional (place ++ ".error_at_most") recorded.errorAtMost computed.errorAtMost

def compareBounds (place : String) (recorded computed : List ToleranceBound) : Compared :=
  compareLists compareBound (place ++ ".bounds") recorded computed

def compareToleranceTarget (place : String) (recorded computed : ToleranceTarget) : Compared := do
  compareText (place ++ ".target") recorded.target computed.target
  compareLists compareBounds (place ++ ".outputs") recorded.outputs computed.outputs

def compareTolerance (place : String) (recorded computed : ToleranceNumbers) : Compared := do
  compareNumber (place ++ ".risk_at_most") recorded.riskAtMost computed.riskAtMost
  compareLists compareNumber (place ++ ".fractions") recorded.fractions computed.fractions
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".repeated_rows") recorded.repeatedRows computed.repeatedRows
  compareLists compareToleranceTarget (place ++ ".targets") recorded.targets computed.targets

def compareCloserOutput (place : String) (recorded computed : CloserOutput) : Compared := do
  compareCount (place ++ ".nearer") recorded.nearer computed.nearer
  compareNumber (place ++ ".fraction_at_least") recorded.fractionAtLeast computed.fractionAtLeast

def compareCloser (place : String) (recorded computed : CloserNumbers) : Compared := do
  compareNumber (place ++ ".risk_at_most") recorded.riskAtMost computed.riskAtMost
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".repeated_rows") recorded.repeatedRows computed.repeatedRows
  compareLists compareCloserOutput (place ++ ".outputs") recorded.outputs computed.outputs

end Eigenstill.Checker
