/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Future
public import Eigenstill.Claims.RowNumbers

/-!
# Claim `interval`, computed

Half-widths of split-conformal intervals: order statistics of the errors on the hold-out rows (FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (ratio)

/-- The least `r` with `r / (rows + 1)` at least the coverage; `none` where that needs more rows. -/
def rankOf (rows : Nat) (coverage : Dyadic) : Option Nat :=
  let parts := ratio coverage
  let rank := (parts.1 * (rows + 1) + parts.2 - 1) / parts.2
  if rank ≤ rows then some rank else none

def halfWidthAt (ordered : List Int) (exponent : Int) (shift : Dyadic) : Option Nat → HalfWidth
  | none => ⟨none, none⟩
  | some rank => ⟨some rank, some (Dyadic.add ⟨entryAt 0 (rank - 1) ordered, exponent⟩ shift)⟩

def halfWidths (ranks : List (Option Nat)) (errors : List Dyadic) (shift : Dyadic) : List HalfWidth :=
  let (values, exponent) := commonUnits errors
  let ordered := sorted (fun (a b : Int) => decide (0 < b - a)) values
  mapped (halfWidthAt ordered exponent shift) ranks

/-- The coverages are taken from the file. -/
def checkInterval (certificate : Certificate) (parts : HoldoutParts) (coverages : List Dyadic) :
    Except Rejected IntervalNumbers := do
  let (rows, count) ← holdoutOf certificate "interval"
  requireProbabilities "interval.coverages" coverages
  if !fallsStrictly (turned coverages) then
    Except.error ⟨"interval.coverages", "not increasing", "different coverages, the smallest first"⟩
  else
    let outputs := sizeOf' certificate.model.intercept
    let targets := match rows.labels with
      | none => [("teacher", rows.teacher)]
      | some labels => [("teacher", rows.teacher), ("labels", labels)]
    let ranks := mapped (rankOf count) coverages
    let shifts := floorShifts certificate.basis certificate.model outputs
    return ⟨coverages, count, parts.repeats.get, mapped (fun (target : String × List (List Dyadic)) =>
      let errors := zipped gaps (columnsOf outputs target.2) parts.students.get
      ⟨target.1, zipped (halfWidths ranks) errors shifts⟩) targets⟩

end Eigenstill.Claims.Exec
