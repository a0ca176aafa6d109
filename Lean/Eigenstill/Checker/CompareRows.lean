/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Compare
public import Eigenstill.Claims.RowNumbers

/-!
# Recorded against computed: claims that order or compare rows
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Format

def compareHalfWidth (place : String) (recorded computed : HalfWidth) : Compared := do
  compareOptionalCount (place ++ ".rank") recorded.rank computed.rank
  compareOptional (place ++ ".half_width_at_most") recorded.halfWidthAtMost computed.halfWidthAtMost

def compareHalfWidths (place : String) (recorded computed : List HalfWidth) : Compared :=
  compareLists compareHalfWidth (place ++ ".intervals") recorded computed

def compareIntervalTarget (place : String) (recorded computed : IntervalTarget) : Compared := do
  compareText (place ++ ".target") recorded.target computed.target
  compareLists compareHalfWidths (place ++ ".outputs") recorded.outputs computed.outputs

def compareInterval (place : String) (recorded computed : IntervalNumbers) : Compared := do
  compareLists compareNumber (place ++ ".coverages") recorded.coverages computed.coverages
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".repeated_rows") recorded.repeatedRows computed.repeatedRows
  compareLists compareIntervalTarget (place ++ ".targets") recorded.targets computed.targets

def compareOutputMeanError (place : String) (recorded computed : OutputMeanError) : Compared := do
  compareNumber (place ++ ".clip") recorded.clip computed.clip
  compareNumber (place ++ ".teacher_at_most") recorded.teacherAtMost computed.teacherAtMost
  compareOptional (place ++ ".labels_at_most") recorded.labelsAtMost computed.labelsAtMost
  compareOptional (place ++ ".gain_at_least") recorded.gainAtLeast computed.gainAtLeast

def compareMeanError (place : String) (recorded computed : MeanErrorNumbers) : Compared := do
  compareNumber (place ++ ".risk_at_most") recorded.riskAtMost computed.riskAtMost
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".repeated_rows") recorded.repeatedRows computed.repeatedRows
  compareLists compareOutputMeanError (place ++ ".outputs") recorded.outputs computed.outputs

def compareAgainstLabels (place : String) (recorded computed : AgainstLabels) : Compared := do
  compareCount (place ++ ".right") recorded.right computed.right
  compareCount (place ++ ".wrong") recorded.wrong computed.wrong
  compareCount (place ++ ".teacher_right") recorded.teacherRight computed.teacherRight

def compareLabels (place : String) (recorded computed : Option AgainstLabels) : Compared :=
  match recorded, computed with
  | some recorded, some computed => compareAgainstLabels place recorded computed
  | none, none => Except.ok ()
  | some _, none => differs place (.object []) .null
  | none, some _ => differs place .null (.object [])

def compareAgreement (place : String) (recorded computed : SplitAgreement) : Compared := do
  compareText (place ++ ".split") recorded.split computed.split
  compareCount (place ++ ".rows") recorded.rows computed.rows
  compareCount (place ++ ".agree") recorded.agree computed.agree
  compareCount (place ++ ".disagree") recorded.disagree computed.disagree
  compareCount (place ++ ".teacher_ties") recorded.teacherTies computed.teacherTies
  compareOptional (place ++ ".margin_at_least") recorded.marginAtLeast computed.marginAtLeast
  compareLabels (place ++ ".labels") recorded.labels computed.labels

def compareExport (place : String) (recorded computed : ExportDifference) : Compared := do
  compareText (place ++ ".export") recorded.name computed.name
  compareNumber (place ++ ".difference_at_most") recorded.differenceAtMost computed.differenceAtMost

def compareExports (place : String) (recorded computed : SplitExports) : Compared := do
  compareText (place ++ ".split") recorded.split computed.split
  compareLists compareExport (place ++ ".exports") recorded.exports computed.exports

end Eigenstill.Checker
