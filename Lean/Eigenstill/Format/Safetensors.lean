/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Fields
public import Eigenstill.Format.ParseJson
public import Eigenstill.Format.Float64

/-!
# Array files

The safetensors layout of FORMAT.md section 2: eight bytes of header length, a JSON header, then the tensors end to end.
-/

@[expose] public section

namespace Eigenstill.Format

def maxHeader : Nat := 1048576
def maxFile : Nat := 8589934592
def maxDimension : Nat := 10000000

/-- One tensor: its type, its shape (one or two sizes), and where its bytes begin in the file. -/
structure Tensor where
  name : String
  /-- F64 if true, else I64. -/
  floats : Bool
  shape : List Nat
  start : Nat

/-- An array file split into tensors. -/
structure ArrayFile where
  name : String
  bytes : ByteArray
  tensors : List Tensor

def product : List Nat → Nat
  | [] => 1
  | size :: rest => size * product rest

/-- Numbers in brackets, as messages show a shape. -/
def shapeText (shape : List Nat) : String := "[" ++ joined ", " (texts shape) ++ "]"
where
  texts : List Nat → List String
    | [] => []
    | size :: rest => Nat.repr size :: texts rest

/-- Begin and end of a tensor's bytes, counted from the end of the header. -/
structure Span where
  start : Nat
  stop : Nat

/-- Put a span before the first one that begins after it. -/
def insertSpan (span : Span) : List Span → List Span
  | [] => [span]
  | other :: rest =>
    if span.start < other.start || (span.start == other.start && span.stop ≤ other.stop) then span :: other :: rest
    else other :: insertSpan span rest

/-- Whether sorted spans cover the bytes up to `size` without gap or overlap. -/
def checkCover (name : String) (size reached : Nat) : List Span → Result Unit
  | [] =>
    if reached == size then Except.ok ()
    else malformed (name ++ ": " ++ decimalOfInt (Int.ofNat size - Int.ofNat reached)
      ++ " bytes after the last tensor; need none")
  | span :: rest =>
    if span.start == reached then checkCover name size span.stop rest
    else malformed (name ++ ": tensors leave a gap or overlap at byte " ++ Nat.repr (min span.start reached)
      ++ "; need them end to end")

/-- One entry of the header; `body` is where the tensors begin, `size` how many bytes they have. -/
def readTensor (body size : Nat) (name : String) (value : Json) (place : String) : Result (Tensor × Span) := do
  let entries ← readObject ["dtype", "shape", "data_offsets"] value place
  let dtype ← readField entries place "dtype" (readChoice ["F64", "I64"])
  let shape ← readField entries place "shape" (readList (readNat 0 maxDimension) 1 2)
  let offsets ← readField entries place "data_offsets" (readList (readNat 0 maxFile) 2 2)
  match offsets with
  | [start, stop] =>
    let needed := 8 * product shape
    if start + needed == stop && stop ≤ size then
      return (⟨name, dtype == "F64", shape, body + start⟩, ⟨start, stop⟩)
    else malformed (place ++ ": bytes " ++ Nat.repr start ++ " to " ++ Nat.repr stop ++ " of " ++ Nat.repr size
      ++ "; need " ++ Nat.repr needed ++ " bytes inside the file")
  | _ => malformed (place ++ ".data_offsets: need two")

/-- All entries of the header. -/
def readTensors (file : String) (body size : Nat) : List (String × Json) → List Tensor → List Span →
    Result (List Tensor × List Span)
  | [], tensors, spans => Except.ok (tensors, spans)
  | (name, value) :: rest, tensors, spans =>
    match readTensor body size name value (file ++ ": tensor " ++ leading 60 name) with
    | Except.ok (tensor, span) => readTensors file body size rest (tensor :: tensors) (insertSpan span spans)
    | Except.error refusal => Except.error refusal

/-- A little-endian number of eight bytes. -/
def bits64 (bytes : ByteArray) (place : Nat) : Nat := (bytes.extract place (place + 8)).toUInt64LE!.toNat

/-- Split the bytes of an array file into tensors that cover it without gap, overlap or remainder. -/
def parseArrays (name : String) (bytes : ByteArray) : Result ArrayFile := do
  if bytes.size < 8 then malformed (name ++ ": " ++ Nat.repr bytes.size ++ " bytes; need an 8-byte header length first")
  else
    let length := bits64 bytes 0
    let limit := min maxHeader (bytes.size - 8)
    if limit < length then
      malformed (name ++ ": header of " ++ Nat.repr length ++ " bytes; need at most " ++ Nat.repr limit)
    else
      let header ← parseJson (bytes.extract 8 (8 + length)) (name ++ ": header") maxHeader
      match header with
      | .object entries =>
        let body := 8 + length
        let (tensors, spans) ← readTensors name body (bytes.size - body) entries [] []
        checkCover name (bytes.size - body) 0 spans
        return ⟨name, bytes, tensors⟩
      | _ => malformed (name ++ ": header is no object; need tensor names and their places")

/-! ## Values -/

namespace ArrayFile

def find (file : ArrayFile) (name : String) : Option Tensor := seek file.tensors
where
  seek : List Tensor → Option Tensor
    | [] => none
    | tensor :: rest => if tensor.name == name then some tensor else seek rest

def place (file : ArrayFile) (name : String) : String := file.name ++ ": tensor " ++ name

/-- The shape of a tensor with so many sizes. -/
def shape (file : ArrayFile) (name : String) (dimensions : Nat) : Result (List Nat) :=
  let needed := "; need " ++ Nat.repr dimensions ++ " dimensions"
  match file.find name with
  | none => malformed (file.place name ++ ": missing" ++ needed)
  | some tensor =>
    if entryCount tensor.shape == dimensions then Except.ok tensor.shape
    else malformed (file.place name ++ ": " ++ shapeText tensor.shape ++ needed)

/-- The tensor of this shape and type. -/
def take (file : ArrayFile) (name : String) (shape : List Nat) (floats : Bool) : Result Tensor := do
  let found ← file.shape name (entryCount shape)
  match file.find name with
  | none => malformed (file.place name ++ ": missing")
  | some tensor =>
    if found != shape then
      malformed (file.place name ++ ": shape " ++ shapeText found ++ "; need " ++ shapeText shape)
    else if tensor.floats != floats then
      malformed (file.place name ++ ": type " ++ (if tensor.floats then "F64" else "I64") ++ "; need "
        ++ (if floats then "F64" else "I64"))
    else return tensor

/-- `count` integers that end before byte `stop`, in front of `read`. -/
def integersBack (bytes : ByteArray) : Nat → Nat → List Int → List Int
  | 0, _, read => read
  | count + 1, stop, read => integersBack bytes count (stop - 8) (int64 (bits64 bytes (stop - 8)) :: read)

/-- `count` floats that end before byte `stop`, in front of `read`; and the first that is not finite. -/
def floatsBack (bytes : ByteArray) : Nat → Nat → List Dyadic → Option Nat → List Dyadic × Option Nat
  | 0, _, read, bad => (read, bad)
  | count + 1, stop, read, bad =>
    match float64? (bits64 bytes (stop - 8)) with
    | some value => floatsBack bytes count (stop - 8) (value :: read) bad
    | none => floatsBack bytes count (stop - 8) (Dyadic.zero :: read) (some (stop - 8))

/-- `rows` rows of `width` integers that end before byte `stop`. -/
def integerRowsBack (bytes : ByteArray) (width : Nat) : Nat → Nat → List (List Int) → List (List Int)
  | 0, _, read => read
  | rows + 1, stop, read =>
    integerRowsBack bytes width rows (stop - 8 * width) (integersBack bytes width stop [] :: read)

/-- `rows` rows of `width` floats that end before byte `stop`; and the first entry that is not finite. -/
def floatRowsBack (bytes : ByteArray) (width : Nat) : Nat → Nat → List (List Dyadic) → Option Nat →
    List (List Dyadic) × Option Nat
  | 0, _, read, bad => (read, bad)
  | rows + 1, stop, read, bad =>
    let (row, bad) := floatsBack bytes width stop [] bad
    floatRowsBack bytes width rows (stop - 8 * width) (row :: read) bad

/-- The values, unless one of them is not finite. -/
def finite {α : Type} (file : ArrayFile) (tensor : Tensor) (read : α × Option Nat) : Result α :=
  match read with
  | (values, none) => Except.ok values
  | (_, some bad) =>
    malformed (file.place tensor.name ++ ": entry " ++ Nat.repr ((bad - tensor.start) / 8) ++ " is "
      ++ notFiniteName (bits64 file.bytes bad) ++ "; need a finite float64")

def floats (file : ArrayFile) (name : String) (count : Nat) : Result (List Dyadic) := do
  let tensor ← file.take name [count] true
  file.finite tensor (floatsBack file.bytes count (tensor.start + 8 * count) [] none)

def floatRows (file : ArrayFile) (name : String) (rows width : Nat) : Result (List (List Dyadic)) := do
  let tensor ← file.take name [rows, width] true
  file.finite tensor (floatRowsBack file.bytes width rows (tensor.start + 8 * rows * width) [] none)

def integers (file : ArrayFile) (name : String) (count : Nat) : Result (List Int) := do
  let tensor ← file.take name [count] false
  return integersBack file.bytes count (tensor.start + 8 * count) []

def integerRows (file : ArrayFile) (name : String) (rows width : Nat) : Result (List (List Int)) := do
  let tensor ← file.take name [rows, width] false
  return integerRowsBack file.bytes width rows (tensor.start + 8 * rows * width) []

/-- Refuse tensors that are not among the known ones. -/
def refuseOthers (file : ArrayFile) (known : List String) : Result Unit := walk file.tensors
where
  walk : List Tensor → Result Unit
    | [] => Except.ok ()
    | tensor :: rest =>
      if isOption tensor.name known then walk rest
      else malformed (file.place (leading 60 tensor.name)
        ++ ": unknown or not allowed here; need only those of FORMAT.md")

end ArrayFile

end Eigenstill.Format
