/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# SHA-256

FIPS 180-4. `sha256` gives the digest as 64 lower-case hexadecimal digits.

The interpreter takes about as long for one operation on a long number as for one on a word. So the message schedules of up to 64
blocks are made together: word `t` of all of them is one natural number, 64 bits a block. And the words of the state are kept
twice in 64 bits, `x (2^32 + 1)`: the lower half of a shift to the right is then the rotation. Of a sum only the lower half counts.
-/

@[expose] public section

namespace Eigenstill.Format

/-- Fractional parts of the cube roots of the first 64 primes. -/
def roundConstants : Array Nat := #[
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]

/-- The eight words of the state, each twice. -/
structure Sha where
  a : UInt64
  b : UInt64
  c : UInt64
  d : UInt64
  e : UInt64
  f : UInt64
  g : UInt64
  h : UInt64

/-- The lower half of a number, twice. -/
def twice (x : UInt64) : UInt64 := (x &&& 0xffffffff) * 0x100000001

/-- Fractional parts of the square roots of the first eight primes. -/
def initialSha : Sha :=
  ⟨twice 0x6a09e667, twice 0xbb67ae85, twice 0x3c6ef372, twice 0xa54ff53a, twice 0x510e527f, twice 0x9b05688c,
    twice 0x1f83d9ab, twice 0x5be0cd19⟩

/-- The same 64 bits for each of so many blocks. -/
def repeated (bits : Nat) : Nat → Nat → Nat
  | 0, number => number
  | count + 1, number => repeated bits count (Nat.lor (Nat.shiftLeft number 64) bits)

/-- The 64 bits at a place of so many blocks, the first block lowest; `number` has those of the blocks after them. -/
def wordPairs (bytes : ByteArray) (place : Nat) : Nat → Nat → Nat
  | 0, number => number
  | count + 1, number =>
    let start := place + 64 * count
    wordPairs bytes place count (Nat.lor (Nat.shiftLeft number 64) (bytes.extract start (start + 8)).toUInt64BE!.toNat)

/-- The first words of the schedules, two at a place. -/
def firstWords (bytes : ByteArray) (count low : Nat) : Nat → Nat → Array Nat → Array Nat
  | 0, _, words => words
  | pairs + 1, place, words =>
    let both := wordPairs bytes place count 0
    firstWords bytes count low pairs (place + 8)
      ((words.push (Nat.land (Nat.shiftRight both 32) low)).push (Nat.land both low))

/-- The schedules prolonged by `count` words from word `t` on; `low` has the lower half of every block's bits. -/
def prolong (low : Nat) : Nat → Nat → Array Nat → Array Nat
  | 0, _, words => words
  | count + 1, t, words =>
    let x := words.getD (t - 15) 0
    let y := words.getD (t - 2) 0
    let xx := Nat.lor (Nat.shiftLeft x 32) x
    let yy := Nat.lor (Nat.shiftLeft y 32) y
    let s := Nat.land (Nat.xor (Nat.xor (Nat.shiftRight xx 7) (Nat.shiftRight xx 18)) (Nat.shiftRight x 3)) low
    let u := Nat.land (Nat.xor (Nat.xor (Nat.shiftRight yy 17) (Nat.shiftRight yy 19)) (Nat.shiftRight y 10)) low
    prolong low count (t + 1) (words.push (Nat.land (words.getD (t - 16) 0 + s + words.getD (t - 7) 0 + u) low))

/-- Each word and the constant of its round. -/
def withConstants (constants : Array Nat) (ones : Nat) (words : Array Nat) : Nat → Nat → Array Nat → Array Nat
  | 0, _, sums => sums
  | count + 1, t, sums => withConstants constants ones words count (t + 1) (sums.push (words.getD t 0 + constants.getD t 0 * ones))

/-- The rounds of the block whose bits begin at `shift`, from round `t` on. -/
def rounds (words : Array Nat) (shift : Nat) : Nat → Nat → UInt64 → UInt64 → UInt64 → UInt64 → UInt64 → UInt64 → UInt64 →
    UInt64 → Sha
  | 0, _, a, b, c, d, e, f, g, h => ⟨a, b, c, d, e, f, g, h⟩
  | count + 1, t, a, b, c, d, e, f, g, h =>
    let first := h + ((e >>> 6) ^^^ (e >>> 11) ^^^ (e >>> 25)) + (g ^^^ (e &&& (f ^^^ g)))
      + UInt64.ofNat (Nat.shiftRight (words.getD t 0) shift)
    let second := ((a >>> 2) ^^^ (a >>> 13) ^^^ (a >>> 22)) + ((a &&& b) ||| (c &&& (a ||| b)))
    rounds words shift count (t + 1) (twice (first + second)) a b c (twice (d + first)) e f g

/-- So many blocks, one after another, whose schedules are `words`. -/
def compress (words : Array Nat) : Nat → Nat → Sha → Sha
  | 0, _, s => s
  | count + 1, shift, s =>
    let r := rounds words shift 64 0 s.a s.b s.c s.d s.e s.f s.g s.h
    compress words count (shift + 64) ⟨twice (s.a + r.a), twice (s.b + r.b), twice (s.c + r.c), twice (s.d + r.d),
      twice (s.e + r.e), twice (s.f + r.f), twice (s.g + r.g), twice (s.h + r.h)⟩

/-- So many blocks of the bytes, from a place on. -/
def group (constants : Array Nat) (bytes : ByteArray) (count place : Nat) (s : Sha) : Sha :=
  let low := repeated 0xffffffff count 0
  let words := prolong low 48 16 (firstWords bytes count low 8 place #[])
  compress (withConstants constants (repeated 1 count 0) words 64 0 #[]) count 0 s

/-- So many groups of 64 blocks of the bytes, from a place on. -/
def groups (constants : Array Nat) (bytes : ByteArray) : Nat → Nat → Sha → Sha
  | 0, _, s => s
  | count + 1, place, s => groups constants bytes count (place + 4096) (group constants bytes 64 place s)

/-- So many blocks of the bytes, from the first on. -/
def blocks (constants : Array Nat) (bytes : ByteArray) (count : Nat) (s : Sha) : Sha :=
  group constants bytes (count % 64) (count / 64 * 4096) (groups constants bytes (count / 64) 0 s)
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
def wordText (word : UInt64) : String := write 8 ""
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
  let s := blocks constants last (last.size / 64) (blocks constants bytes (bytes.size / 64) initialSha)
  wordText s.a ++ wordText s.b ++ wordText s.c ++ wordText s.d ++ wordText s.e ++ wordText s.f ++ wordText s.g ++ wordText s.h

end Eigenstill.Format
