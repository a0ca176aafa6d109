/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# SHA-256

FIPS 180-4, on 32-bit words. `sha256` gives the digest as 64 lower-case hexadecimal digits.
-/

@[expose] public section

namespace Eigenstill.Format

/-- Fractional parts of the cube roots of the first 64 primes. -/
def roundConstants : Array UInt32 := #[
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]

/-- The eight words of the state. -/
structure Sha where
  a : UInt32
  b : UInt32
  c : UInt32
  d : UInt32
  e : UInt32
  f : UInt32
  g : UInt32
  h : UInt32

/-- Fractional parts of the square roots of the first eight primes. -/
def initialSha : Sha :=
  ⟨0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19⟩

/-- The big-endian word at a place. -/
def wordAt (bytes : ByteArray) (place : Nat) : UInt32 :=
  ((bytes.get! place).toUInt32 <<< 24) ||| ((bytes.get! (place + 1)).toUInt32 <<< 16)
    ||| ((bytes.get! (place + 2)).toUInt32 <<< 8) ||| (bytes.get! (place + 3)).toUInt32

/-- The first words of the schedule of a block. -/
def blockWords (bytes : ByteArray) : Nat → Nat → Array UInt32 → Array UInt32
  | 0, _, words => words
  | count + 1, place, words => blockWords bytes count (place + 4) (words.push (wordAt bytes place))

/-- The schedule prolonged by `count` words from word `t` on. -/
def prolong : Nat → Nat → Array UInt32 → Array UInt32
  | 0, _, words => words
  | count + 1, t, words =>
    let x := words.getD (t - 15) 0
    let y := words.getD (t - 2) 0
    let s := ((x >>> 7) ||| (x <<< 25)) ^^^ ((x >>> 18) ||| (x <<< 14)) ^^^ (x >>> 3)
    let u := ((y >>> 17) ||| (y <<< 15)) ^^^ ((y >>> 19) ||| (y <<< 13)) ^^^ (y >>> 10)
    prolong count (t + 1) (words.push (words.getD (t - 16) 0 + s + words.getD (t - 7) 0 + u))

/-- The rounds of one block, from round `t` on. -/
def rounds (constants words : Array UInt32) : Nat → Nat → UInt32 → UInt32 → UInt32 → UInt32 → UInt32 → UInt32 → UInt32 →
    UInt32 → Sha
  | 0, _, a, b, c, d, e, f, g, h => ⟨a, b, c, d, e, f, g, h⟩
  | count + 1, t, a, b, c, d, e, f, g, h =>
    let first := h + (((e >>> 6) ||| (e <<< 26)) ^^^ ((e >>> 11) ||| (e <<< 21)) ^^^ ((e >>> 25) ||| (e <<< 7)))
      + (g ^^^ (e &&& (f ^^^ g))) + constants.getD t 0 + words.getD t 0
    let second := (((a >>> 2) ||| (a <<< 30)) ^^^ ((a >>> 13) ||| (a <<< 19)) ^^^ ((a >>> 22) ||| (a <<< 10)))
      + ((a &&& b) ||| (c &&& (a ||| b)))
    rounds constants words count (t + 1) (first + second) a b c (d + first) e f g

/-- One block. -/
def compress (constants : Array UInt32) (bytes : ByteArray) (place : Nat) (s : Sha) : Sha :=
  let words := prolong 48 16 (blockWords bytes 16 place #[])
  let r := rounds constants words 64 0 s.a s.b s.c s.d s.e s.f s.g s.h
  ⟨s.a + r.a, s.b + r.b, s.c + r.c, s.d + r.d, s.e + r.e, s.f + r.f, s.g + r.g, s.h + r.h⟩

/-- So many blocks of the bytes, from a place on. -/
def blocks (constants : Array UInt32) (bytes : ByteArray) : Nat → Nat → Sha → Sha
  | 0, _, s => s
  | count + 1, place, s => blocks constants bytes count (place + 64) (compress constants bytes place s)

/-- Append zeros. -/
def pushZeros : Nat → ByteArray → ByteArray
  | 0, bytes => bytes
  | count + 1, bytes => pushZeros count (bytes.push 0)

/-- Append the lowest `count` bytes of a number, highest first. -/
def pushNumber : Nat → Nat → ByteArray → ByteArray
  | 0, _, bytes => bytes
  | count + 1, value, bytes =>
    pushNumber count value (bytes.push (UInt8.ofNat (Nat.land (Nat.shiftRight value (8 * count)) 255)))

/-- What follows the last full block: the rest, a one bit, zeros, and the length in bits. -/
def lastBlocks (bytes : ByteArray) : ByteArray :=
  let full := bytes.size / 64 * 64
  let rest := (bytes.extract full bytes.size).push 128
  pushNumber 8 (8 * bytes.size) (pushZeros ((120 - rest.size % 64) % 64) rest)

/-- A word as eight hexadecimal digits. -/
def wordText (word : UInt32) : String := write 8 ""
where
  write : Nat → String → String
    | 0, text => text
    | count + 1, text =>
      let digit := Nat.land (Nat.shiftRight word.toNat (4 * count)) 15
      write count (text.push (if digit < 10 then Char.ofNat (48 + digit) else Char.ofNat (87 + digit)))

/-- The SHA-256 of some bytes. -/
def sha256 (bytes : ByteArray) : String :=
  let constants := roundConstants
  let last := lastBlocks bytes
  let s := blocks constants last (last.size / 64) 0 (blocks constants bytes (bytes.size / 64) 0 initialSha)
  wordText s.a ++ wordText s.b ++ wordText s.c ++ wordText s.d ++ wordText s.e ++ wordText s.f ++ wordText s.g ++ wordText s.h

end Eigenstill.Format
