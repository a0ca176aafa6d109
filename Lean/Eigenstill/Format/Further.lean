/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Document

/-!
# The form of the claims left open

Claims that this checker does not decide are read as strictly as the others, so that a malformed file is refused; the
verdict names them.
-/

@[expose] public section

namespace Eigenstill.Format

/-- Whether a field's decimal is rounded up, from its name. -/
def roundsUp (key : String) : Bool := !(key == "lower" || key.endsWith "at_least")

/-- Fields that are numbers. -/
def checkNumbers (entries : List (String × Json)) (place : String) : List String → Result Unit
  | [] => Except.ok ()
  | key :: rest => do
    let _ ← readField entries place key (readNumber (roundsUp key))
    checkNumbers entries place rest

/-- Fields that are numbers or null. -/
def checkOptionalNumbers (entries : List (String × Json)) (place : String) : List String → Result Unit
  | [] => Except.ok ()
  | key :: rest => do
    let _ ← readField entries place key (readOptional (readNumber (roundsUp key)))
    checkOptionalNumbers entries place rest

/-- Fields that are short numbers. -/
def checkShortNumbers (entries : List (String × Json)) (place : String) : List String → Result Unit
  | [] => Except.ok ()
  | key :: rest => do
    let _ ← readField entries place key readShortNumber
    checkShortNumbers entries place rest

/-- Targets with their outputs. -/
def checkTargets (entries : List (String × Json)) (place : String) (output : Json → String → Result Unit) : Result Unit := do
  let target (value : Json) (place : String) : Result Unit := do
    let entries ← readObject ["target", "outputs"] value place
    let _ ← readField entries place "target" (readChoice ["teacher", "labels"])
    let _ ← readField entries place "outputs" (readList output 1 maxOutputs)
    return ()
  let _ ← readField entries place "targets" (readList target 1 2)
  return ()

/-- Fields that are numbers of rows. -/
def checkRowCounts (entries : List (String × Json)) (place : String) : List String → Result Unit
  | [] => Except.ok ()
  | key :: rest => do
    let _ ← readField entries place key (readNat 0 maxRows)
    checkRowCounts entries place rest

def readAgainstLabels (value : Json) (place : String) : Result Unit := do
  let keys := ["right", "wrong", "teacher_right"]
  let entries ← readObject keys value place
  checkRowCounts entries place keys

def readAgreementSplit (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["split", "rows", "agree", "disagree", "teacher_ties", "margin_at_least", "labels"] value place
  let _ ← readField entries place "split" (readChoice ["train", "holdout"])
  let _ ← readField entries place "rows" (readNat 1 maxRows)
  checkRowCounts entries place ["agree", "disagree", "teacher_ties"]
  checkOptionalNumbers entries place ["margin_at_least"]
  let _ ← readField entries place "labels" (readOptional readAgainstLabels)
  return ()

def readExport (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["export", "difference_at_most"] value place
  let _ ← readField entries place "export" (readChoice evaluators)
  checkNumbers entries place ["difference_at_most"]

def readExportsSplit (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["split", "exports"] value place
  let _ ← readField entries place "split" (readChoice ["train", "holdout"])
  let _ ← readField entries place "exports" (readList readExport 1 4)
  return ()

def readExports (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["claim", "splits"] value place
  let _ ← readField entries place "splits" (readList readExportsSplit 1 2)
  return ()

def readAgreement (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["claim", "splits"] value place
  let _ ← readField entries place "splits" (readList readAgreementSplit 1 2)
  return ()

/-- At most so many hold-out rows. -/
def maxHoldout : Nat := 50000

def readInterval (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["rank", "half_width_at_most"] value place
  let _ ← readField entries place "rank" (readOptional (readNat 1 maxHoldout))
  checkOptionalNumbers entries place ["half_width_at_most"]

def readIntervals (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["intervals"] value place
  let _ ← readField entries place "intervals" (readList readInterval 1 8)
  return ()

def readIntervalClaim (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["claim", "coverages", "rows", "repeated_rows", "targets"] value place
  let _ ← readField entries place "coverages" (readList readShortNumber 1 8)
  let _ ← readField entries place "rows" (readNat 1 maxHoldout)
  let _ ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  checkTargets entries place readIntervals

def readMeanError (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["clip", "teacher_at_most", "labels_at_most", "gain_at_least"] value place
  checkShortNumbers entries place ["clip"]
  checkNumbers entries place ["teacher_at_most"]
  checkOptionalNumbers entries place ["labels_at_most", "gain_at_least"]

def readMeanErrorClaim (value : Json) (place : String) : Result Unit := do
  let entries ← readObject ["claim", "risk_at_most", "rows", "repeated_rows", "outputs"] value place
  checkShortNumbers entries place ["risk_at_most"]
  let _ ← readField entries place "rows" (readNat 1 maxHoldout)
  let _ ← readField entries place "repeated_rows" (readNat 0 maxHoldout)
  let _ ← readField entries place "outputs" (readList readMeanError 1 maxOutputs)
  return ()

/-- A claim of one of the further kinds. -/
def readFurther (kind : String) (value : Json) (place : String) : Result Unit :=
  if kind == "exports" then readExports value place
  else if kind == "agreement" then readAgreement value place
  else if kind == "interval" then readIntervalClaim value place
  else if kind == "mean_error" then readMeanErrorClaim value place
  else malformed (place ++ ": unknown claim '" ++ leading 40 kind ++ "'; need " ++ joined ", " requiredKinds ++ ", "
    ++ joined ", " furtherKinds)

end Eigenstill.Format
