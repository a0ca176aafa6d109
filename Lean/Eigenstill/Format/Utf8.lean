/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# Bytes and UTF-8

`firstNotUtf8` finds the first byte that begins no UTF-8 sequence: shortest forms only, no surrogates, nothing above
U+10FFFF. Everything recurses on a fuel that the number of bytes bounds.
-/

@[expose] public section

namespace Eigenstill.Format

/-- The byte at a place as a number, 256 beyond the end. -/
def byteAt (bytes : ByteArray) (place : Nat) : Nat :=
  if place < bytes.size then (bytes.get! place).toNat else 256

/-- Whether `count` continuation bytes begin at `place`. -/
def continues (bytes : ByteArray) (place : Nat) : Nat → Bool
  | 0 => true
  | count + 1 =>
    let byte := byteAt bytes place
    128 ≤ byte && byte < 192 && continues bytes (place + 1) count

/-- The length of the UTF-8 sequence that begins at `place`, 0 where none does. -/
def sequenceLength (bytes : ByteArray) (place : Nat) : Nat :=
  let first := byteAt bytes place
  if first < 128 then 1
  else
    let second := byteAt bytes (place + 1)
    if first < 194 then 0
    else if first < 224 then (if continues bytes (place + 1) 1 then 2 else 0)
    else if first < 240 then
      if (first == 224 && second < 160) || (first == 237 && 160 ≤ second) then 0
      else if continues bytes (place + 1) 2 then 3 else 0
    else if first < 245 then
      if (first == 240 && second < 144) || (first == 244 && 144 ≤ second) then 0
      else if continues bytes (place + 1) 3 then 4 else 0
    else 0

/-- The first place from `place` on where no UTF-8 sequence begins. -/
def firstNotUtf8From (bytes : ByteArray) : Nat → Nat → Option Nat
  | 0, _ => none
  | fuel + 1, place =>
    if bytes.size ≤ place then none
    else
      let length := sequenceLength bytes place
      if length == 0 then some place else firstNotUtf8From bytes fuel (place + length)

/-- The first byte that makes the bytes no UTF-8. -/
def firstNotUtf8 (bytes : ByteArray) : Option Nat := firstNotUtf8From bytes (bytes.size + 1) 0

/-- The text of some bytes, empty where they are no UTF-8. -/
def textOf (bytes : ByteArray) (start stop : Nat) : String :=
  match String.fromUTF8? (bytes.extract start stop) with
  | some text => text
  | none => ""

/-- Line and column of a place, both from 1, columns in characters. -/
def lineAndColumn (bytes : ByteArray) (place : Nat) : Nat × Nat := walk place 0 1 1
where
  walk : Nat → Nat → Nat → Nat → Nat × Nat
    | 0, _, line, column => (line, column)
    | fuel + 1, here, line, column =>
      let byte := byteAt bytes here
      if byte == 10 then walk fuel (here + 1) (line + 1) 1
      else walk fuel (here + 1) line (if 128 ≤ byte && byte < 192 then column else column + 1)

end Eigenstill.Format
