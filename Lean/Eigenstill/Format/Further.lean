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

/-- A claim of one of the further kinds. -/
def readFurther (kind : String) (value : Json) (place : String) : Result Unit :=
  if kind == "exports" then readExports value place
  else malformed (place ++ ": unknown claim '" ++ leading 40 kind ++ "'; need " ++ joined ", " requiredKinds ++ ", "
    ++ joined ", " furtherKinds)

end Eigenstill.Format
