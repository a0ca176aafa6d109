/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Integers
public import Eigenstill.Claims.Certificate
public import Eigenstill.Format.Document

/-!
# Claims in words

One sentence for each claim that holds; decimals are rounded outward, so no sentence says more than the numbers.
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

def sayBasis (numbers : BasisNumbers) : String :=
  "A is " ++ Nat.repr numbers.rows ++ " x " ++ Nat.repr numbers.columns ++ ", recomputed from the rows within 2^-"
    ++ Nat.repr numbers.gridBits ++ "; norm(A)^2 <= " ++ decimalText numbers.trace true

def sayMetric (numbers : MetricNumbers) : String :=
  "T^T K T is the identity within " ++ decimalText numbers.defect true ++ "; linear columns standardised within "
    ++ decimalText numbers.linearDefect true

/-- The bounds at the last rank. -/
def lastRank : List RankBounds → String
  | [] => ""
  | [only] => "no X Y of rank " ++ Nat.repr only.rank ++ " has norm(A - X Y)^2 < " ++ decimalText only.lower false
    ++ "; the modes reach " ++ decimalText only.upper true
  | _ :: rest => lastRank rest

def sayEckartYoung (numbers : EckartYoungNumbers) : String :=
  lastRank numbers.ranks ++ " (ranks " ++ joined ", " (mapped (fun entry => Nat.repr entry.rank) numbers.ranks) ++ ")"

def largestOfAll (numbers : List Dyadic) : Dyadic := folded Dyadic.max Dyadic.zero numbers

/-- The worst output of a target. -/
def sayTarget (split : String) (target : TargetFidelity) : String :=
  split ++ " " ++ target.target ++ ": RMSE <= "
    ++ decimalText (largestOfAll (mapped OutputFidelity.rmseAtMost target.outputs)) true ++ ", errors <= "
    ++ decimalText (largestOfAll (mapped OutputFidelity.errorAtMost target.outputs)) true

def sayFidelity (splits : List SplitFidelity) : String :=
  joined "; " (folded (fun (said : List String) (split : SplitFidelity) =>
    joinedLists said (mapped (sayTarget split.split) split.targets)) [] splits)

def sayCompression (numbers : CompressionNumbers) : String :=
  Nat.repr numbers.storedNumbers ++ " stored numbers" ++ match numbers.ratioAtLeast with
    | none => ""
    | some ratio => ", " ++ decimalText ratio false ++ " times fewer than the recorded parameters"

def sayEvaluation (splits : List SplitEvaluation) : String :=
  "float64 evaluation within " ++ decimalText (largestOfAll (mapped SplitEvaluation.aPrioriAtMost splits)) true
    ++ " of the formula in any order; recorded predictions within "
    ++ decimalText (largestOfAll (mapped SplitEvaluation.differenceAtMost splits)) true

/-- What is assumed of the hold-out rows, and what speaks against it. -/
def sayFuture (rows repeats : Nat) (risk : Dyadic) : String :=
  "future rows, if drawn like the " ++ Nat.repr rows ++ " hold-out rows, at risk " ++ decimalText risk true
    ++ (if repeats = 0 then ""
      else " (" ++ Nat.repr repeats ++ " of the rows repeat others: not independent)")

/-- The last of the bounds that there are, with its fraction. -/
def lastBound : List Dyadic → List ToleranceBound → Option (Dyadic × Dyadic) → Option (Dyadic × Dyadic)
  | fraction :: fractions, bound :: bounds, found =>
    lastBound fractions bounds (match bound.errorAtMost with
      | some error => some (fraction, error)
      | none => found)
  | _, _, found => found

def sayToleranceTarget (fractions : List Dyadic) (target : ToleranceTarget) : String :=
  target.target ++ ":" ++ joined ";" (mapped (fun bounds =>
    match lastBound fractions bounds none with
    | some (fraction, error) => " at most " ++ decimalText fraction true ++ " of them off by more than "
      ++ decimalText error true
    | none => " too few rows for these fractions") target.outputs)

def sayTolerance (numbers : ToleranceNumbers) : String :=
  sayFuture numbers.rows numbers.repeatedRows numbers.riskAtMost ++ ": "
    ++ joined "; " (mapped (sayToleranceTarget numbers.fractions) numbers.targets)

def sayCloser (numbers : CloserNumbers) : String :=
  sayFuture numbers.rows numbers.repeatedRows numbers.riskAtMost ++ ": nearer to the label than the network on"
    ++ joined ";" (mapped (fun (output : CloserOutput) =>
      " at least " ++ decimalText output.fractionAtLeast false ++ " of them (on " ++ Nat.repr output.nearer
        ++ " of the hold-out rows)") numbers.outputs)

def sayNamed (named : Named) : String :=
  match named.sha256 with
  | some digest => named.name ++ " (sha256 " ++ leading 12 digest ++ "...)"
  | none => named.name ++ " (no digest)"

/-- What the certificate says without proof. -/
def recordedOnly (subject : Subject) : List String :=
  let parameters := match subject.parameters with
    | some count => Nat.repr count
    | none => "unknown"
  ["teacher " ++ sayNamed subject.teacher ++ ", " ++ parameters ++ " parameters",
    "student " ++ sayNamed subject.student ++ ", " ++ Nat.repr subject.modes ++ " modes kept, "
      ++ decimalText subject.effectiveParameters true ++ " effective parameters",
    "data " ++ sayNamed subject.data]

end Eigenstill.Checker
