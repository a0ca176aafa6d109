/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Refusal

/-!
# JSON values

Only what a certificate can hold: counts of at most 15 digits are numbers, any other JSON number is kept as text, to be
refused where it stands.
-/

@[expose] public section

namespace Eigenstill.Format

/-- A JSON value. -/
inductive Json
  | null
  | bool (value : Bool)
  /-- An integer of at most 15 digits. -/
  | count (value : Int)
  /-- Any other number, NaN or infinity. -/
  | unreadable (text : String)
  | text (value : String)
  | list (entries : List Json)
  /-- Keys are distinct. -/
  | object (entries : List (String × Json))

/-- The lower-case hexadecimal digit of a number below 16. -/
def hexDigit (value : Nat) : Char :=
  if value < 10 then Char.ofNat (48 + value) else Char.ofNat (87 + value)

/-- Four hexadecimal digits. -/
def hex4 (value : Nat) : String :=
  String.push (String.push (String.push (String.push "" (hexDigit (value / 4096 % 16))) (hexDigit (value / 256 % 16)))
    (hexDigit (value / 16 % 16))) (hexDigit (value % 16))

/-- One character as JSON writes it within a text, ASCII only. -/
def escaped (char : Char) : String :=
  let code := char.toNat
  if code == 34 then "\\\""
  else if code == 92 then "\\\\"
  else if 32 ≤ code && code < 127 then String.push "" char
  else if code == 10 then "\\n"
  else if code == 13 then "\\r"
  else if code == 9 then "\\t"
  else if code == 8 then "\\b"
  else if code == 12 then "\\f"
  else if code < 65536 then "\\u" ++ hex4 code
  else "\\u" ++ hex4 (55296 + (code - 65536) / 1024) ++ "\\u" ++ hex4 (56320 + (code - 65536) % 1024)

/-- The first characters of a text. -/
def leading (count : Nat) (text : String) : String := take count text.toList ""
where
  take : Nat → List Char → String → String
    | 0, _, taken => taken
    | _, [], taken => taken
    | fuel + 1, char :: rest, taken => take fuel rest (taken.push char)

/-- A text as JSON. -/
def quoted (text : String) : String := write text.toList "\""
where
  write : List Char → String → String
    | [], written => written.push '"'
    | char :: rest, written => write rest (written ++ escaped char)

/-- How many entries a list has. -/
def entryCount {α : Type} (entries : List α) : Nat := count entries 0
where
  count : List α → Nat → Nat
    | [], seen => seen
    | _ :: rest, seen => count rest (seen + 1)

/-- A list the other way round. -/
def backwards {α : Type} (entries : List α) : List α := turn entries []
where
  turn : List α → List α → List α
    | [], turned => turned
    | entry :: rest, turned => turn rest (entry :: turned)

/-- A short name of a JSON value for a message. -/
def shown : Json → String
  | .null => "null"
  | .bool true => "true"
  | .bool false => "false"
  | .count value => decimalOfInt value
  | .unreadable text => "number " ++ (if text.length ≤ 24 then text else leading 21 text ++ "...")
  | .text value =>
    let text := quoted (leading 61 value)
    if text.length ≤ 60 then text else leading 57 text ++ "..."
  | .list entries => "a list of " ++ Nat.repr (entryCount entries)
  | .object _ => "an object"

end Eigenstill.Format
