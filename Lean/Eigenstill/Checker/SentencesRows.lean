/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.CompareRows
public import Eigenstill.Checker.SentencesSpectral

/-!
# Claims that order or compare rows in words
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

def sayRepeats (repeats : Nat) : String :=
  if repeats = 0 then "" else "; " ++ Nat.repr repeats ++ " of the rows repeat others: not independent"

/-- The last of the intervals that there are, with its coverage. -/
def lastInterval : List Dyadic → List HalfWidth → Option (Dyadic × Dyadic) → Option (Dyadic × Dyadic)
  | coverage :: coverages, interval :: intervals, found =>
    lastInterval coverages intervals (match interval.halfWidthAtMost with
      | some width => some (coverage, width)
      | none => found)
  | _, _, found => found

def sayIntervalTarget (coverages : List Dyadic) (target : IntervalTarget) : String :=
  target.target ++ ":" ++ joined ";" (mapped (fun intervals =>
    match lastInterval coverages intervals none with
    | some (coverage, width) => " within " ++ decimalText width true ++ " with probability at least "
      ++ decimalText coverage false
    | none => " too few rows for these coverages") target.outputs)

def sayInterval (numbers : IntervalNumbers) : String :=
  "the next row, if exchangeable with the " ++ Nat.repr numbers.rows ++ " hold-out rows, on average over their draw: "
    ++ joined "; " (mapped (sayIntervalTarget numbers.coverages) numbers.targets) ++ sayRepeats numbers.repeatedRows

def sayOutputMeanError (output : OutputMeanError) : String :=
  " mean |error|, cut off at " ++ decimalText output.clip true ++ ", at most: teacher "
    ++ decimalText output.teacherAtMost true ++ (match output.labelsAtMost with
      | none => ""
      | some labels => ", labels " ++ decimalText labels true) ++ match output.gainAtLeast with
        | none => ""
        | some gain => "; the network's on the labels less the formula's is at least " ++ decimalText gain false

def sayMeanError (numbers : MeanErrorNumbers) : String :=
  sayFuture numbers.rows numbers.repeatedRows numbers.riskAtMost ++ ":"
    ++ joined ";" (mapped sayOutputMeanError numbers.outputs)

def sayAgreementSplit (split : SplitAgreement) : String :=
  split.split ++ ": formula and network choose alike on " ++ Nat.repr split.agree ++ " of " ++ Nat.repr split.rows
    ++ " rows" ++ (match split.marginAtLeast with
      | none => ""
      | some margin => ", by at least " ++ decimalText margin false) ++ ", differently on " ++ Nat.repr split.disagree
    ++ match split.labels with
      | none => ""
      | some labels => "; right on at least " ++ Nat.repr labels.right ++ ", wrong on at least " ++ Nat.repr labels.wrong
        ++ " (network right on " ++ Nat.repr labels.teacherRight ++ ")"

def sayAgreement (splits : List SplitAgreement) : String := joined "; " (mapped sayAgreementSplit splits)

/-- The largest difference of a program over the splits. -/
def sayExport (splits : List SplitExports) (name : String) : String :=
  name ++ " within " ++ decimalText (folded (fun most (split : SplitExports) =>
    folded (fun most (found : ExportDifference) => if found.name == name then Dyadic.max most found.differenceAtMost else most)
      most split.exports) Dyadic.zero splits) true

def sayExports (splits : List SplitExports) : String :=
  let names := match splits with
    | [] => []
    | first :: _ => mapped ExportDifference.name first.exports
  "recorded predictions of " ++ joined ", " (mapped (sayExport splits) names) ++ " of the formula"

end Eigenstill.Checker
