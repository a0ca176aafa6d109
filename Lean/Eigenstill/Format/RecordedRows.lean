/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RowNumbers
public import Eigenstill.Format.RecordedSpectral

/-!
# Recorded claims that order or compare rows

The numbers that a certificate records for `interval`, `mean_error`, `agreement` and `exports`, typed.
-/

@[expose] public section

namespace Eigenstill.Format

open Eigenstill.Claims

/-- At most so many hold-out rows. -/
def maxHoldout : Nat := 50000

def readHalfWidth (value : Json) (place : String) : Result HalfWidth := do
  let entries ← readObject ["rank", "half_width_at_most"] value place
  let rank ← readField entries place "rank" (readOptional (readNat 1 maxHoldout))
  let width ← readField entries place "half_width_at_most" (readOptional (readNumber true))
  return ⟨rank, width⟩

def readHalfWidths (value : Json) (place : String) : Result (List HalfWidth) := do
  let entries ← readObject ["intervals"] value place
  readField entries place "intervals" (readList readHalfWidth 1 8)

def readIntervalClaim (value : Json) (place : String) : Result IntervalNumbers := do
  let entries ← readObject ["claim", "coverages", "rows", "repeated_rows", "targets"] value place
  let coverages ← readField entries place "coverages" (readList readShortNumber 1 8)
  let rows ← readField entries place "rows" (readNat 1 maxHoldout)
  let repeated ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  let targets ← readField entries place "targets" (readTargets IntervalTarget.mk readHalfWidths)
  return ⟨coverages, rows, repeated, targets⟩

def readOutputMeanError (value : Json) (place : String) : Result OutputMeanError := do
  let entries ← readObject ["clip", "teacher_at_most", "labels_at_most", "gain_at_least"] value place
  let clip ← readField entries place "clip" readShortNumber
  let teacher ← readField entries place "teacher_at_most" (readNumber true)
  let labels ← readField entries place "labels_at_most" (readOptional (readNumber true))
  let gain ← readField entries place "gain_at_least" (readOptional (readNumber false))
  return ⟨clip, teacher, labels, gain⟩

def readMeanErrorClaim (value : Json) (place : String) : Result MeanErrorNumbers := do
  let entries ← readObject ["claim", "risk_at_most", "rows", "repeated_rows", "outputs"] value place
  let risk ← readField entries place "risk_at_most" readShortNumber
  let rows ← readField entries place "rows" (readNat 1 maxHoldout)
  let repeated ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  let outputs ← readField entries place "outputs" (readList readOutputMeanError 1 maxOutputs)
  return ⟨risk, rows, repeated, outputs⟩

/-- A field that is a number of rows. -/
def readRowCount (entries : List (String × Json)) (place key : String) : Result Nat :=
  readField entries place key (readNat 0 maxRows)

def readAgainstLabels (value : Json) (place : String) : Result AgainstLabels := do
  let entries ← readObject ["right", "wrong", "teacher_right"] value place
  let right ← readRowCount entries place "right"
  let wrong ← readRowCount entries place "wrong"
  let teacher ← readRowCount entries place "teacher_right"
  return ⟨right, wrong, teacher⟩

def readSplitAgreement (value : Json) (place : String) : Result SplitAgreement := do
  let entries ← readObject ["split", "rows", "agree", "disagree", "teacher_ties", "margin_at_least", "labels"] value place
  let split ← readField entries place "split" (readChoice ["train", "holdout"])
  let rows ← readField entries place "rows" (readNat 1 maxRows)
  let agree ← readRowCount entries place "agree"
  let disagree ← readRowCount entries place "disagree"
  let ties ← readRowCount entries place "teacher_ties"
  let margin ← readField entries place "margin_at_least" (readOptional (readNumber false))
  let labels ← readField entries place "labels" (readOptional readAgainstLabels)
  return ⟨split, rows, agree, disagree, ties, margin, labels⟩

def readAgreementClaim (value : Json) (place : String) : Result (List SplitAgreement) := do
  let entries ← readObject ["claim", "splits"] value place
  readField entries place "splits" (readList readSplitAgreement 1 2)

def readExport (value : Json) (place : String) : Result ExportDifference := do
  let entries ← readObject ["export", "difference_at_most"] value place
  let name ← readField entries place "export" (readChoice evaluators)
  let difference ← readField entries place "difference_at_most" (readNumber true)
  return ⟨name, difference⟩

def readSplitExports (value : Json) (place : String) : Result SplitExports := do
  let entries ← readObject ["split", "exports"] value place
  let split ← readField entries place "split" (readChoice ["train", "holdout"])
  let exports ← readField entries place "exports" (readList readExport 1 4)
  return ⟨split, exports⟩

def readExportsClaim (value : Json) (place : String) : Result (List SplitExports) := do
  let entries ← readObject ["claim", "splits"] value place
  readField entries place "splits" (readList readSplitExports 1 2)

end Eigenstill.Format
