/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Json
public import Eigenstill.Format.Number

/-!
# Typed reading of JSON values

Each reader takes a value and the place where it stands, and gives the typed value or says what is needed there.
-/

@[expose] public section

namespace Eigenstill.Format

def maxText : Nat := 200
def maxShortDigits : Nat := 100
def maxShortExponent : Nat := 512

/-- The value at `place` is another than the one needed. -/
def wanted {α : Type} (value : Json) (place needed : String) : Result α :=
  malformed (place ++ ": " ++ shown value ++ "; need " ++ needed)

/-- An integer between two bounds. -/
def readCount (low high : Int) (value : Json) (place : String) : Result Int :=
  match value with
  | .count found =>
    if low ≤ found && found ≤ high then Except.ok found
    else malformed (place ++ ": " ++ decimalOfInt found ++ "; need " ++ decimalOfInt low ++ " to " ++ decimalOfInt high)
  | _ => wanted value place ("an integer of at most 15 digits")

/-- A natural number between two bounds. -/
def readNat (low high : Nat) (value : Json) (place : String) : Result Nat := do
  let found ← readCount (Int.ofNat low) (Int.ofNat high) value place
  return found.toNat

/-- Whether text may hold a character: no control, format or separator character that moves other text, no noncharacter. -/
def plainChar (char : Char) : Bool :=
  let code := char.toNat
  !(code < 32 || (127 ≤ code && code < 160) || code == 173 || code == 1564 || code == 6158
    || (8203 ≤ code && code ≤ 8207) || (8232 ≤ code && code ≤ 8238) || (8288 ≤ code && code ≤ 8303) || code == 65279
    || (65529 ≤ code && code ≤ 65531) || (64976 ≤ code && code ≤ 65007) || (917504 ≤ code && code ≤ 921599)
    || 65534 ≤ code % 65536)

/-- Whether all characters hold a property. -/
def allChars (property : Char → Bool) : List Char → Bool
  | [] => true
  | char :: rest => property char && allChars property rest

/-- Text for people. -/
def readText (value : Json) (place : String) : Result String :=
  match value with
  | .text found =>
    if found.length ≤ maxText && allChars plainChar found.toList then Except.ok found
    else wanted value place "printable text of at most 200 characters"
  | _ => wanted value place "printable text of at most 200 characters"

def isHexDigit (char : Char) : Bool :=
  let code := char.toNat
  (48 ≤ code && code < 58) || (97 ≤ code && code < 103)

/-- A SHA-256. -/
def readDigest (value : Json) (place : String) : Result String :=
  match value with
  | .text found =>
    if found.length == 64 && allChars isHexDigit found.toList then Except.ok found
    else wanted value place "64 lower-case hexadecimal digits"
  | _ => wanted value place "64 lower-case hexadecimal digits"

def isFileChar (char : Char) : Bool :=
  let code := char.toNat
  (48 ≤ code && code < 58) || (97 ≤ code && code < 123) || (65 ≤ code && code < 91) || code == 95 || code == 45 || code == 46

/-- A plain file name. -/
def readFileName (value : Json) (place : String) : Result String :=
  match value with
  | .text found =>
    match found.toList with
    | first :: rest =>
      if found.length ≤ 200 && isFileChar first && first != '.' && allChars isFileChar rest then Except.ok found
      else wanted value place "a plain file name beside the certificate"
    | [] => wanted value place "a plain file name beside the certificate"
  | _ => wanted value place "a plain file name beside the certificate"

/-- The options as JSON texts. -/
def quotedOptions : List String → List String
  | [] => []
  | option :: rest => quoted option :: quotedOptions rest

def isOption (found : String) : List String → Bool
  | [] => false
  | option :: rest => found == option || isOption found rest

/-- One of some words. -/
def readChoice (options : List String) (value : Json) (place : String) : Result String :=
  match value with
  | .text found =>
    if isOption found options then Except.ok found else wanted value place (joined " or " (quotedOptions options))
  | _ => wanted value place (joined " or " (quotedOptions options))

def readBool (value : Json) (place : String) : Result Bool :=
  match value with
  | .bool found => Except.ok found
  | _ => wanted value place "true or false"

/-- A value or null. -/
def readOptional {α : Type} (reader : Json → String → Result α) (value : Json) (place : String) : Result (Option α) :=
  match value with
  | .null => Except.ok none
  | _ => do
    let found ← reader value place
    return some found

/-- Read the entries of a list; the results come last first. -/
def readEntries {α : Type} (reader : Json → String → Result α) (place : String) :
    List Json → Nat → List α → Result (List α)
  | [], _, read => Except.ok (backwards read)
  | entry :: rest, index, read =>
    match reader entry (place ++ "[" ++ Nat.repr index ++ "]") with
    | Except.ok found => readEntries reader place rest (index + 1) (found :: read)
    | Except.error refusal => Except.error refusal

/-- A list whose length lies between two bounds. -/
def readList {α : Type} (reader : Json → String → Result α) (low high : Nat) (value : Json) (place : String) :
    Result (List α) :=
  let needed := "a list of " ++ Nat.repr low ++ " to " ++ Nat.repr high ++ " entries"
  match value with
  | .list entries =>
    let count := entryCount entries
    if low ≤ count && count ≤ high then readEntries reader place entries 0 [] else wanted value place needed
  | _ => wanted value place needed

/-- The place of a field. -/
def under (place key : String) : String := if place == "" then key else place ++ "." ++ key

def lookUp (key : String) : List (String × Json) → Option Json
  | [] => none
  | (other, value) :: rest => if key == other then some value else lookUp key rest

def firstUnknown (known : List String) : List (String × Json) → Option String
  | [] => none
  | (key, _) :: rest => if isOption key known then firstUnknown known rest else some key

def firstMissing (entries : List (String × Json)) : List String → Option String
  | [] => none
  | key :: rest =>
    match lookUp key entries with
    | some _ => firstMissing entries rest
    | none => some key

/-- The entries of an object with exactly these keys, and any of the optional ones. -/
def readObjectWith (keys optional : List String) (value : Json) (place : String) : Result (List (String × Json)) :=
  match value with
  | .object entries =>
    let known := both keys optional
    match firstUnknown known entries with
    | some key => malformed (under place (leading 40 key) ++ ": unknown key; need only " ++ joined ", " known)
    | none =>
      match firstMissing entries keys with
      | some key => malformed (under place key ++ ": missing; need the keys " ++ joined ", " keys)
      | none => Except.ok entries
  | _ => wanted value (if place == "" then "the file" else place) "an object"
where
  both : List String → List String → List String
    | [], optional => optional
    | key :: keys, optional => key :: both keys optional

/-- The entries of an object with exactly these keys. -/
def readObject (keys : List String) (value : Json) (place : String) : Result (List (String × Json)) :=
  readObjectWith keys [] value place

/-- Read one field of an object whose keys were checked. -/
def readField {α : Type} (entries : List (String × Json)) (place key : String) (reader : Json → String → Result α) :
    Result α :=
  match lookUp key entries with
  | some value => reader value (under place key)
  | none => malformed (under place key ++ ": missing")

/-- An exact string. -/
def readExact (value : Json) (place : String) : Result Dyadic :=
  let refusal : Result Dyadic :=
    malformed (place ++ ": " ++ shown value ++ "; write an exact string such as \"3p-1\" (odd mantissa)")
  match value with
  | .text found =>
    match parseExact found with
    | some number => Except.ok number
    | none => refusal
  | _ => refusal

/-- An exact string with its decimal, rounded up or down. -/
def readNumber (up : Bool) (value : Json) (place : String) : Result Dyadic := do
  let entries ← readObject ["exact", "decimal"] value place
  let number ← readField entries place "exact" readExact
  let needed := decimalText number up
  readField entries place "decimal" fun decimal here =>
    match decimal with
    | .text found =>
      if found == needed then Except.ok number
      else malformed (here ++ ": " ++ shown decimal ++ "; need '" ++ needed ++ "', the outward rounding of exact")
    | _ => malformed (here ++ ": " ++ shown decimal ++ "; need '" ++ needed ++ "', the outward rounding of exact")

/-- A number that the checker must take from the file: short. -/
def readShortNumber (value : Json) (place : String) : Result Dyadic := do
  let number ← readNumber true value place
  if number.mantissa.natAbs < 10 ^ maxShortDigits && number.exponent.natAbs ≤ maxShortExponent then return number
  else malformed (place ++ ".exact: " ++ exactText number
    ++ "; need at most 100 digits and an exponent of -512 to 512")

end Eigenstill.Format
