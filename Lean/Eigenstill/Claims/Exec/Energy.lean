/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Shared

/-!
# Claim `energy`, computed

What share of a target the best modes hold, and that no other choice of as many holds more (FORMAT.md section 3, theorem
`error_ge_of_count`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (joined)

/-- The sum of the `count` largest numbers, for each count. -/
def largestSums (numbers : List Dyadic) (counts : List Nat) : List Dyadic :=
  let ordered := sorted (fun a b => Dyadic.lt b a) numbers
  mapped (fun count => sumDyadic (split count ordered).1) counts

/-- The best choices for one output, one a count. -/
def bestModes (certificate : Certificate) (modes : Modes) (rows kept : Nat) (counts : List Nat) (target : Target) :
    Except Rejected (List BestModes) :=
  match modeEnergies modes (alongModes certificate.basis (split kept certificate.model.eigenvectors).1 target.products) with
  | none => Except.error ⟨"energy", "modes whose images are not nearly orthogonal",
      "E_kk above sum |E_kj| for every mode that counts"⟩
  | some parts =>
    let whole := Dyadic.mul (Dyadic.ofInt (Int.ofNat rows)) target.total
    let lows := largestSums (mapped Enclosure.atLeast parts) counts
    let highs := largestSums (mapped Enclosure.atMost parts) counts
    Except.ok (zipped (fun count (sums : Dyadic × Dyadic) =>
      if 0 < whole.mantissa then
        ⟨count, some (share sums.1 whole false), some (share sums.2 whole true)⟩
      else ⟨count, none, none⟩) counts (zipped Prod.mk lows highs))

/-- `kept` and `counts` are taken from the file. -/
def checkEnergy (shared : Shared) (kept : Nat) (counts : List Nat) : Except Rejected EnergyNumbers := do
  let certificate := shared.prepared.certificate
  let available := sizeOf' certificate.model.excess
  if available < kept || !increaseTo kept counts || entryAt 0 (sizeOf' counts - 1) counts != kept then
    Except.error ⟨"energy.modes", "counts [" ++ joined ", " (mapped Nat.repr counts) ++ "] of " ++ Nat.repr kept,
      "increasing counts up to at most " ++ Nat.repr available⟩
  else
    let (sums, _) ← shared.prepared.exact
    let targets ← shared.targets.get
    let modes ← shared.modes.get
    let best := checkedEach (bestModes certificate modes sums.rows kept counts)
    let teacher ← best targets.teacher
    match targets.labels with
    | none => return ⟨kept, [⟨"teacher", teacher⟩]⟩
    | some labels => do
      let labels ← best labels
      return ⟨kept, [⟨"teacher", teacher⟩, ⟨"labels", labels⟩]⟩

end Eigenstill.Claims.Exec
