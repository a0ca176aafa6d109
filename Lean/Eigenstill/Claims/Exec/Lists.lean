/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# Lists, by loops

Core's functions on lists recurse as deep as the list is long, or lack the data that one of the toolchains needs to run
them. These are loops with an accumulator; where two lists go together they end with the shorter one.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

variable {α β γ : Type}

/-- `second` behind `first` turned round. -/
def reverseOnto : List α → List α → List α
  | [], second => second
  | entry :: rest, second => reverseOnto rest (entry :: second)

def turned (entries : List α) : List α := reverseOnto entries []

def sizeOf' (entries : List α) : Nat := count entries 0
where
  count : List α → Nat → Nat
    | [], seen => seen
    | _ :: rest, seen => count rest (seen + 1)

def mapped (f : α → β) (entries : List α) : List β := walk entries []
where
  walk : List α → List β → List β
    | [], done => turned done
    | entry :: rest, done => walk rest (f entry :: done)

def zipped (f : α → β → γ) (first : List α) (second : List β) : List γ := walk first second []
where
  walk : List α → List β → List γ → List γ
    | a :: as, b :: bs, done => walk as bs (f a b :: done)
    | _, _, done => turned done

def folded (f : β → α → β) : β → List α → β
  | value, [] => value
  | value, entry :: rest => folded f (f value entry) rest

/-- Every entry has the property. -/
def every (property : α → Bool) : List α → Bool
  | [] => true
  | entry :: rest => if property entry then every property rest else false

def joinedLists (first second : List α) : List α := reverseOnto (turned first) second

/-- `count` equal entries. -/
def repeated (value : α) (count : Nat) : List α := add count []
where
  add : Nat → List α → List α
    | 0, done => done
    | count + 1, done => add count (value :: done)

/-- The first `count` entries, and the others. -/
def split (count : Nat) (entries : List α) : List α × List α := walk count entries []
where
  walk : Nat → List α → List α → List α × List α
    | 0, rest, taken => (turned taken, rest)
    | _, [], taken => (turned taken, [])
    | count + 1, entry :: rest, taken => walk count rest (entry :: taken)

/-- First entries and the other entries of some rows. -/
def headsAndTails (rows : List (List α)) : List α × List (List α) := walk rows [] []
where
  walk : List (List α) → List α → List (List α) → List α × List (List α)
    | (entry :: others) :: rest, heads, tails => walk rest (entry :: heads) (others :: tails)
    | _, heads, tails => (turned heads, turned tails)

/-- The `width` columns of some rows. -/
def columnsOf (width : Nat) (rows : List (List α)) : List (List α) := walk width rows []
where
  walk : Nat → List (List α) → List (List α) → List (List α)
    | 0, _, done => turned done
    | width + 1, rows, done =>
      let parts := headsAndTails rows
      walk width parts.2 (parts.1 :: done)

/-- The entries `0, 1, …, count - 1`. -/
def numbersBelow (count : Nat) : List Nat := down count []
where
  down : Nat → List Nat → List Nat
    | 0, done => done
    | count + 1, done => down count (count :: done)

/-- The entry at a place. -/
def entryAt (fallback : α) : Nat → List α → α
  | _, [] => fallback
  | 0, entry :: _ => entry
  | place + 1, _ :: rest => entryAt fallback place rest

/-! ## Sorting -/

/-- Merge two sorted lists in front of `done` turned round. `fuel` is at least the number of entries. -/
def merge (below : α → α → Bool) : Nat → List α → List α → List α → List α
  | 0, _, _, done => turned done
  | _, [], second, done => reverseOnto done second
  | _, first, [], done => reverseOnto done first
  | fuel + 1, a :: as, b :: bs, done =>
    if below b a then merge below fuel (a :: as) bs (b :: done) else merge below fuel as (b :: bs) (a :: done)

/-- Merge neighbours. -/
def mergePairs (below : α → α → Bool) (size : Nat) : List (List α) → List (List α) → List (List α)
  | first :: second :: rest, done => mergePairs below size rest (merge below size first second [] :: done)
  | [last], done => turned (last :: done)
  | [], done => turned done

def mergeAll (below : α → α → Bool) (size : Nat) : Nat → List (List α) → List α
  | _, [] => []
  | _, [only] => only
  | 0, first :: _ => first
  | fuel + 1, parts => mergeAll below size fuel (mergePairs below size parts [])

/-- The entries in increasing order. -/
def sorted (below : α → α → Bool) (entries : List α) : List α :=
  let size := sizeOf' entries
  mergeAll below size size (mapped (fun entry => [entry]) entries)

end Eigenstill.Claims.Exec
