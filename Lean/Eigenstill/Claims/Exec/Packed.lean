/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Integers

/-!
# Packed rows, run

A row of integers is one integer, `sum_j x_j 2^(b j)`, signs included. Unpacking needs every entry below `2^(b-1)` in
absolute value: each function derives `b` from the largest entries that it finds.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (bitLength)

/-- The least `b` with `bound < 2^(b-1)`. -/
def slotWidth (bound : Nat) : Nat := bitLength bound + 1

/-- The packed row `1, 1, …, 1`. -/
def ones (count width : Nat) : Nat :=
  if width = 0 then 0 else (Nat.shiftLeft 1 (width * count) - 1) / (Nat.shiftLeft 1 width - 1)

/-- Pack a row given last entry first. -/
def packTurned (width : Nat) (entries : List Int) : Int :=
  folded (fun packed entry => Dyadic.shiftLeft packed width + entry) 0 entries

def pack (width : Nat) (row : List Int) : Int := packTurned width (turned row)

/-- The `count` lowest slots of a natural, as they are, in front of `done` turned round. -/
def slots (width mask : Nat) : Nat → Nat → List Nat → List Nat
  | 0, _, done => turned done
  | count + 1, packed, done =>
    slots width mask count (Nat.shiftRight packed width) (Nat.land packed mask :: done)

/-- The `count` entries of a packed row. -/
def unpack (width count : Nat) (packed : Int) : List Int :=
  let bias := Nat.shiftLeft 1 (width - 1)
  let biased := (packed + Int.ofNat (bias * ones count width)).toNat
  mapped (fun slot => Int.ofNat slot - Int.ofNat bias) (slots width (Nat.shiftLeft 1 width - 1) count biased [])

/-- `left right`, where `right` has `count` columns. -/
def multiplied (count : Nat) (left right : List (List Int)) : List (List Int) :=
  let width := slotWidth (larger 1 (sizeOf' right * largestOf left) * largestOf right)
  let rows := mapped (pack width) right
  mapped (fun coefficients => unpack width count (combined coefficients rows)) left

/-- `transformᵀ symmetric transform` for a symmetric matrix of `count` rows. -/
def congruence (count : Nat) (transform symmetric : List (List Int)) : List (List Int) :=
  let columns := columnsOf count transform
  multiplied count columns (columnsOf count (multiplied count columns symmetric))

/-- Add `rowsᵀ rows` to packed upper rows: entry `i` packs the columns from `i` on. All entries are natural. -/
def addGram (width : Nat) : List Int → List (List Int) → List Int → List Int → List Int
  | gram :: rest, column :: columns, packed, done =>
    addGram width rest columns (mapped (fun row => shifted row (-Int.ofNat width)) packed)
      ((gram + combined column packed) :: done)
  | _, _, _, done => turned done

/-- The entries of packed upper rows of natural numbers. -/
def upperEntries (width : Nat) : Nat → List Int → List (List Int) → List (List Int)
  | _, [], done => turned done
  | count, row :: rest, done =>
    let entries := mapped Int.ofNat (slots width (Nat.shiftLeft 1 width - 1) count row.toNat [])
    upperEntries width (count - 1) rest (entries :: done)

/-- The full symmetric matrix from its upper rows. `below` holds what is left of the rows above. -/
def symmetric : List (List Int) → List (List Int) → List (List Int) → List (List Int)
  | [], _, done => turned done
  | row :: rest, below, done => symmetric rest (below' row below) ((full row below) :: done)
where
  /-- Row `i`: entries above the diagonal stand in the rows above, which come last first. -/
  full (row : List Int) (below : List (List Int)) : List Int :=
    folded (fun entries (other : List Int) => entryAt 0 0 other :: entries) row below
  /-- The rows above without what the next row no longer needs, and this row without its diagonal entry. -/
  below' (row : List Int) (below : List (List Int)) : List (List Int) := tail row :: mapped tail below
  tail : List Int → List Int
    | [] => []
    | _ :: rest => rest

end Eigenstill.Claims.Exec
