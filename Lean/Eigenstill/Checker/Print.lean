/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Decide
public import Eigenstill.Format.Fields

/-!
# The verdict as text and as JSON

A file must not write lines of a verdict: whatever is no plain character is escaped in text.
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

/-- Text with control characters, noncharacters and the like escaped. -/
def printable (text : String) : String := write text.toList ""
where
  write : List Char → String → String
    | [], written => written
    | char :: rest, written => write rest (if plainChar char then written.push char else written ++ escaped char)

def word (code : Nat) : String :=
  if code == 0 then "ACCEPTED" else if code == 1 then "REJECTED" else if code == 2 then "MALFORMED" else "NO VERDICT"

/-- What holds of these outcomes. -/
def acceptedKinds (claims : List ClaimVerdict) : List String :=
  turned (folded (fun kinds claim =>
    match claim.outcome with
    | Except.ok _ => claim.kind :: kinds
    | Except.error _ => kinds) [] claims)

/-- Those claims about rows that are not in the certificate which were accepted. -/
def beyondRecordedRows (accepted : List String) : List String :=
  turned (folded (fun found kind => if isOption kind accepted then kind :: found else found) []
    ["global", "tolerance", "closer", "interval", "mean_error"])

/-- What no certificate says, less what the accepted claims do say. -/
def notSaid (accepted : List String) : List String :=
  let rows := match beyondRecordedRows accepted with
    | [] => recordedRowsOnly
    | kinds => recordedRowsOnly ++ ", but for " ++ joined ", " kinds
  rows :: joinedLists notCovered (if isOption "shrinkage" accepted then [] else [shrinkageCovers])

def claimLine (claim : ClaimVerdict) : String :=
  match claim.outcome with
  | Except.ok statement => "\n  ok   " ++ claim.kind ++ ": " ++ printable statement
  | Except.error rejected => "\n  FAIL " ++ claim.kind ++ ": " ++ printable rejected.place ++ ": got "
    ++ printable rejected.got ++ ", need " ++ printable rejected.needed

def listLines (title : String) (entries : List String) : String :=
  folded (fun text entry => text ++ "\n  - " ++ printable entry) ("\n" ++ title ++ ":") entries

/-- One line; with `full` also a line a claim, the three closing lists, and the verdict once more. -/
def textOfVerdict (full : Bool) (verdict : Verdict) : String :=
  let head := word verdict.code ++ "  " ++ printable verdict.path ++ ": " ++ printable verdict.message
  if !full || entryCount verdict.claims == 0 then head
  else
    let kinds := acceptedKinds verdict.claims
    folded (fun text claim => text ++ claimLine claim) head verdict.claims
      ++ listLines "checked" [if entryCount kinds == 0 then "nothing" else joined ", " kinds]
      ++ listLines "recorded only" verdict.recordedOnly ++ listLines "not covered" (notSaid kinds)
      ++ "\n" ++ word verdict.code ++ "  " ++ printable verdict.path

def field (key value : String) : String := "\"" ++ key ++ "\": " ++ value

def jsonClaim (claim : ClaimVerdict) : String :=
  let (accepted, statement, place, got, needed) := match claim.outcome with
    | Except.ok statement => ("true", statement, "", "", "")
    | Except.error rejected => ("false", "", rejected.place, rejected.got, rejected.needed)
  "{" ++ joined ", " [field "claim" (quoted claim.kind), field "accepted" accepted, field "statement" (quoted statement),
    field "where" (quoted (printable place)), field "got" (quoted (printable got)),
    field "needed" (quoted (printable needed))] ++ "}"

def jsonList (entries : List String) : String := "[" ++ joined ", " entries ++ "]"

def quotedAll (entries : List String) : List String := mapped quoted entries

/-- The verdict as one line of JSON. -/
def jsonOfVerdict (verdict : Verdict) : String :=
  "{" ++ joined ", " [field "certificate" (quoted verdict.path), field "exit_code" (Nat.repr verdict.code),
    field "verdict" (quoted (word verdict.code)), field "message" (quoted (printable verdict.message)),
    field "claims" (jsonList (mapped jsonClaim verdict.claims)),
    field "checked" (jsonList (quotedAll (acceptedKinds verdict.claims))),
    field "recorded_only" (jsonList (quotedAll verdict.recordedOnly)),
    field "not_covered" (jsonList (quotedAll (notSaid (acceptedKinds verdict.claims))))] ++ "}"

end Eigenstill.Checker
