/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Json
public import Eigenstill.Format.Utf8

/-!
# Strict JSON

From bytes to a value, in one pass with an explicit stack: no recursion is deeper than a loop, every loop has a fuel that
the number of bytes bounds. Refused: more than 16 levels, keys that stand twice, more than 128 keys in one object (no object
of a certificate has that many), trailing text, control characters in texts.
-/

@[expose] public section

namespace Eigenstill.Format

def maxDepth : Nat := 16
def maxKeys : Nat := 128
def maxCountDigits : Nat := 15

/-- Why bytes are no JSON: at a place, or for another reason. -/
inductive Trouble
  | syntaxAt (place : Nat) (what : String)
  | other (what : String)

/-! ## Depth -/

/-- The deepest nesting of brackets outside texts, but never much above the limit. -/
def deepest (bytes : ByteArray) : Nat → Nat → Bool → Nat → Bool
  | 0, _, _, _ => false
  | fuel + 1, place, inText, depth =>
    if bytes.size ≤ place then false
    else
      let byte := byteAt bytes place
      if inText then
        if byte == 92 then deepest bytes fuel (place + 2) true depth
        else deepest bytes fuel (place + 1) (byte != 34) depth
      else if byte == 34 then deepest bytes fuel (place + 1) true depth
      else if byte == 91 || byte == 123 then
        if maxDepth ≤ depth then true else deepest bytes fuel (place + 1) false (depth + 1)
      else if byte == 93 || byte == 125 then deepest bytes fuel (place + 1) false (depth - 1)
      else deepest bytes fuel (place + 1) false depth

/-! ## Texts -/

/-- The value of a hexadecimal digit, 16 for another byte. -/
def hexValue (byte : Nat) : Nat :=
  if 48 ≤ byte && byte < 58 then byte - 48
  else if 65 ≤ byte && byte < 71 then byte - 55
  else if 97 ≤ byte && byte < 103 then byte - 87
  else 16

/-- The value of four hexadecimal digits. -/
def hex4At (bytes : ByteArray) (place : Nat) : Option Nat :=
  let a := hexValue (byteAt bytes place)
  let b := hexValue (byteAt bytes (place + 1))
  let c := hexValue (byteAt bytes (place + 2))
  let d := hexValue (byteAt bytes (place + 3))
  if a < 16 && b < 16 && c < 16 && d < 16 then some (((a * 16 + b) * 16 + c) * 16 + d) else none

/-- What a one-letter escape stands for. -/
def escapeOf (byte : Nat) : Option Char :=
  if byte == 34 then some '"'
  else if byte == 92 then some '\\'
  else if byte == 47 then some '/'
  else if byte == 98 then some (Char.ofNat 8)
  else if byte == 102 then some (Char.ofNat 12)
  else if byte == 110 then some '\n'
  else if byte == 114 then some '\r'
  else if byte == 116 then some '\t'
  else none

/-- Stands for half of a surrogate pair, which no certificate may hold: a noncharacter, refused wherever text is read. -/
def loneSurrogate : Char := Char.ofNat 65534

/-- A `\u` escape at `place` (behind the `u`): the character, and the place behind it. -/
def unicodeEscape (bytes : ByteArray) (place : Nat) : Option (Char × Nat) :=
  match hex4At bytes place with
  | none => none
  | some high =>
    if high < 55296 || 57343 < high then some (Char.ofNat high, place + 4)
    else if high < 56320 && byteAt bytes (place + 4) == 92 && byteAt bytes (place + 5) == 117 then
      match hex4At bytes (place + 6) with
      | none => some (loneSurrogate, place + 4)
      | some low =>
        if 56320 ≤ low && low < 57344 then some (Char.ofNat (65536 + (high - 55296) * 1024 + (low - 56320)), place + 10)
        else some (loneSurrogate, place + 4)
    else some (loneSurrogate, place + 4)

/-- The text whose opening quote stands before `place`, and the place behind its closing quote. `start` is where the part
begins that is not yet in `read`. -/
def parseText (bytes : ByteArray) (opened : Nat) : Nat → Nat → Nat → String → Except Trouble (String × Nat)
  | 0, _, _, _ => Except.error (Trouble.syntaxAt opened "Unterminated string")
  | fuel + 1, start, place, read =>
    let byte := byteAt bytes place
    if byte == 34 then Except.ok (read ++ textOf bytes start place, place + 1)
    else if byte == 256 then Except.error (Trouble.syntaxAt opened "Unterminated string")
    else if byte < 32 then Except.error (Trouble.syntaxAt place "Invalid control character")
    else if byte == 92 then
      let before := read ++ textOf bytes start place
      let kind := byteAt bytes (place + 1)
      if kind == 117 then
        match unicodeEscape bytes (place + 2) with
        | some (char, next) => parseText bytes opened fuel next next (before.push char)
        | none => Except.error (Trouble.syntaxAt (place + 1) "Invalid \\uXXXX escape")
      else
        match escapeOf kind with
        | some char => parseText bytes opened fuel (place + 2) (place + 2) (before.push char)
        | none => Except.error (Trouble.syntaxAt place "Invalid \\escape")
    else parseText bytes opened fuel start (place + 1) read

/-! ## Numbers and words -/

def isDigit (byte : Nat) : Bool := 48 ≤ byte && byte < 58

/-- The place behind the digits that begin at `place`. -/
def skipDigits (bytes : ByteArray) : Nat → Nat → Nat
  | 0, place => place
  | fuel + 1, place => if isDigit (byteAt bytes place) then skipDigits bytes fuel (place + 1) else place

/-- The number that at most 15 decimal digits spell. -/
def digitsValue (bytes : ByteArray) : Nat → Nat → Nat → Nat
  | 0, _, value => value
  | count + 1, place, value => digitsValue bytes count (place + 1) (value * 10 + (byteAt bytes place - 48))

/-- Whether the bytes at `place` spell a word. -/
def spells (bytes : ByteArray) (place : Nat) : List Char → Bool
  | [] => true
  | char :: rest => byteAt bytes place == char.toNat && spells bytes (place + 1) rest

/-- A number that begins at `place`, and the place behind it. -/
def parseNumber (bytes : ByteArray) (place : Nat) : Option (Json × Nat) :=
  let negative := byteAt bytes place == 45
  let first := if negative then place + 1 else place
  if !isDigit (byteAt bytes first) then none
  else
    let whole := if byteAt bytes first == 48 then first + 1 else skipDigits bytes bytes.size first
    let fraction :=
      if byteAt bytes whole == 46 && isDigit (byteAt bytes (whole + 1)) then skipDigits bytes bytes.size (whole + 1)
      else whole
    let sign := byteAt bytes (fraction + 1)
    let digits := if sign == 43 || sign == 45 then fraction + 2 else fraction + 1
    let letter := byteAt bytes fraction
    let stop := if (letter == 101 || letter == 69) && isDigit (byteAt bytes digits) then skipDigits bytes bytes.size digits
      else fraction
    let count := whole - first
    let value := digitsValue bytes (if count ≤ maxCountDigits then count else 0) first 0
    if stop == whole && count ≤ maxCountDigits && !(negative && value == 0) then
      some (Json.count (if negative then -Int.ofNat value else Int.ofNat value), stop)
    else some (Json.unreadable (textOf bytes place (if stop - place ≤ 25 then stop else place + 25)), stop)

/-- A value that is neither text, list nor object, and the place behind it. -/
def parseWord (bytes : ByteArray) (place : Nat) : Option (Json × Nat) :=
  if spells bytes place ['n', 'u', 'l', 'l'] then some (Json.null, place + 4)
  else if spells bytes place ['t', 'r', 'u', 'e'] then some (Json.bool true, place + 4)
  else if spells bytes place ['f', 'a', 'l', 's', 'e'] then some (Json.bool false, place + 5)
  else if spells bytes place ['N', 'a', 'N'] then some (Json.unreadable "NaN", place + 3)
  else if spells bytes place ['I', 'n', 'f', 'i', 'n', 'i', 't', 'y'] then some (Json.unreadable "Infinity", place + 8)
  else if spells bytes place ['-', 'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'] then
    some (Json.unreadable "-Infinity", place + 9)
  else parseNumber bytes place

/-! ## The whole -/

/-- The place of the next byte that is no white space. -/
def skipSpace (bytes : ByteArray) : Nat → Nat → Nat
  | 0, place => place
  | fuel + 1, place =>
    let byte := byteAt bytes place
    if byte == 32 || byte == 10 || byte == 13 || byte == 9 then skipSpace bytes fuel (place + 1) else place

/-- An open list or object: what was read of it, last first. -/
inductive Frame
  | list (entries : List Json)
  | object (entries : List (String × Json)) (keys : Nat) (key : String)

/-- What comes next. -/
inductive Expected
  | value
  /-- The first entry of a list, or its end. -/
  | entryOrEnd
  | keyOrEnd (entries : List (String × Json)) (keys : Nat)
  | key (entries : List (String × Json)) (keys : Nat)
  /-- A comma or the end, behind this value. -/
  | after (value : Json)

/-- Whether a key is among the entries. -/
def hasKey (key : String) : List (String × Json) → Bool
  | [] => false
  | (other, _) :: rest => key == other || hasKey key rest

def syntaxError {α : Type} (place : Nat) (what : String) : Except Trouble α := Except.error (Trouble.syntaxAt place what)

/-- Read a key, its colon, and go on with its value. -/
def parseKey (bytes : ByteArray) (entries : List (String × Json)) (keys place : Nat) : Except Trouble (Frame × Nat) :=
  if byteAt bytes place != 34 then syntaxError place "Expecting property name enclosed in double quotes"
  else if maxKeys ≤ keys then
    Except.error (Trouble.other ("an object of more than " ++ Nat.repr maxKeys ++ " keys; need fewer"))
  else
    match parseText bytes place (bytes.size + 1) (place + 1) (place + 1) "" with
    | Except.error trouble => Except.error trouble
    | Except.ok (key, behind) =>
      if hasKey key entries then
        Except.error (Trouble.other ("duplicate key '" ++ leading 40 key ++ "'; write each key once"))
      else
        let colon := skipSpace bytes bytes.size behind
        if byteAt bytes colon != 58 then syntaxError colon "Expecting ':' delimiter"
        else Except.ok (Frame.object entries (keys + 1) key, colon + 1)

/-- Read on with the open lists and objects `stack`, innermost first. -/
def parseLoop (bytes : ByteArray) : Nat → Expected → List Frame → Nat → Except Trouble Json
  | 0, _, _, place => syntaxError place "Expecting value"
  | fuel + 1, expected, stack, start =>
    let place := skipSpace bytes bytes.size start
    let byte := byteAt bytes place
    match expected with
    | .value =>
      if byte == 34 then
        match parseText bytes place (bytes.size + 1) (place + 1) (place + 1) "" with
        | Except.error trouble => Except.error trouble
        | Except.ok (text, behind) => parseLoop bytes fuel (.after (.text text)) stack behind
      else if byte == 91 then parseLoop bytes fuel .entryOrEnd (Frame.list [] :: stack) (place + 1)
      else if byte == 123 then parseLoop bytes fuel (.keyOrEnd [] 0) stack (place + 1)
      else
        match parseWord bytes place with
        | some (value, behind) => parseLoop bytes fuel (.after value) stack behind
        | none => syntaxError place "Expecting value"
    | .entryOrEnd =>
      if byte == 93 then
        match stack with
        | _ :: outer => parseLoop bytes fuel (.after (.list [])) outer (place + 1)
        | [] => syntaxError place "Expecting value"
      else parseLoop bytes fuel .value stack place
    | .keyOrEnd entries keys =>
      if byte == 125 then parseLoop bytes fuel (.after (.object [])) stack (place + 1)
      else parseLoop bytes fuel (.key entries keys) stack place
    | .key entries keys =>
      match parseKey bytes entries keys place with
      | Except.error trouble => Except.error trouble
      | Except.ok (frame, behind) => parseLoop bytes fuel .value (frame :: stack) behind
    | .after value =>
      match stack with
      | [] => if byte == 256 then Except.ok value else syntaxError place "Extra data"
      | Frame.list entries :: outer =>
        if byte == 44 then parseLoop bytes fuel .value (Frame.list (value :: entries) :: outer) (place + 1)
        else if byte == 93 then parseLoop bytes fuel (.after (.list (backwards (value :: entries)))) outer (place + 1)
        else syntaxError place "Expecting ',' delimiter"
      | Frame.object entries keys key :: outer =>
        if byte == 44 then parseLoop bytes fuel (.key ((key, value) :: entries) keys) outer (place + 1)
        else if byte == 125 then
          parseLoop bytes fuel (.after (.object (backwards ((key, value) :: entries)))) outer (place + 1)
        else syntaxError place "Expecting ',' delimiter"

/-- Parse bytes as JSON under the limits of FORMAT.md section 1. -/
def parseJson (bytes : ByteArray) (place : String) (limit : Nat) : Result Json :=
  if limit < bytes.size then
    malformed (place ++ ": " ++ Nat.repr bytes.size ++ " bytes of JSON; need at most " ++ Nat.repr limit)
  else if deepest bytes (bytes.size + 1) 0 false 0 then
    malformed (place ++ ": nested deeper than " ++ Nat.repr maxDepth ++ " levels")
  else
    match firstNotUtf8 bytes with
    | some byte => malformed (place ++ ": byte " ++ Nat.repr byte ++ " is not UTF-8")
    | none =>
      match parseLoop bytes (4 * bytes.size + 4) .value [] 0 with
      | Except.ok value => Except.ok value
      | Except.error (Trouble.other what) => malformed (place ++ ": " ++ what)
      | Except.error (Trouble.syntaxAt at' what) =>
        let (line, column) := lineAndColumn bytes at'
        malformed (place ++ ": not JSON at line " ++ Nat.repr line ++ ", column " ++ Nat.repr column ++ ": " ++ what)

end Eigenstill.Format
