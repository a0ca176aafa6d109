/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Fields

/-!
# Intervals

An interval whose lower end lies above its upper one is empty, and whatever is said of it is vacuous: such a file is
malformed, wherever in a claim the two ends stand.
-/

@[expose] public section

namespace Eigenstill.Format

/-- The exact text of an end: a number or a count. -/
def endText : Json → Option String
  | .count value => some (decimalOfInt value)
  | .object entries =>
    match lookUp "exact" entries with
    | some (.text found) => some found
    | _ => none
  | _ => none

def endValue : Json → Option Dyadic
  | .count value => some ⟨value, 0⟩
  | .object entries =>
    match lookUp "exact" entries with
    | some (.text found) => parseExact found
    | _ => none
  | _ => none

/-- The field of the upper end, from that of the lower one; `none` for a field that is no lower end. -/
def upperField (key : String) : Option String :=
  if key == "lower" then some "upper"
  else if key.endsWith "at_least" then some (leading (key.length - 8) key ++ "at_most")
  else none

/-- Compare the two ends of an interval. -/
def checkInterval (low high : Json) (place : String) : Result Unit :=
  match endValue low, endValue high with
  | some lower, some upper =>
    if Dyadic.lt upper lower then
      let shownEnd (value : Json) : String := shown (.text ((endText value).getD ""))
      malformed (place ++ ": " ++ shownEnd low ++ " above " ++ shownEnd high
        ++ ", an empty interval; need the lower end first")
    else Except.ok ()
  | _, _ => Except.ok ()

/-- Every list entry, from index `index` on. -/
def checkEach (check : Json → String → Result Unit) (place : String) : Nat → List Json → Result Unit
  | _, [] => Except.ok ()
  | index, value :: rest => do
    check value (place ++ "[" ++ Nat.repr index ++ "]")
    checkEach check place (index + 1) rest

/-- Every field of an object with the entries `all`: its interval, then what is in it. -/
def checkEachField (check : Json → String → Result Unit) (all : List (String × Json)) (place : String) :
    List (String × Json) → Result Unit
  | [] => Except.ok ()
  | (key, value) :: rest => do
    match upperField key with
    | some other =>
      match lookUp other all with
      | some high => checkInterval value high (place ++ "." ++ key)
      | none => Except.ok ()
    | none => Except.ok ()
    check value (place ++ "." ++ key)
    checkEachField check all place rest

/-- No interval anywhere in a claim is empty. The first argument bounds the depth, which the reader has limited. -/
def checkIntervals : Nat → Json → String → Result Unit
  | 0, _, _ => Except.ok ()
  | depth + 1, value, place =>
    match value with
    | .list entries => checkEach (checkIntervals depth) place 0 entries
    | .object entries => checkEachField (checkIntervals depth) entries place entries
    | _ => Except.ok ()

end Eigenstill.Format
