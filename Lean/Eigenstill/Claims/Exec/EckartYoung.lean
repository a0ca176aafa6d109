/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks

/-!
# Claim `eckart_young`, computed

One positive semidefinite `W = V D Vᵀ + μ I - M` serves every rank (FORMAT.md section 3, theorem `eckartYoung_ranks`).
Packed rows are compared from the diagonal on: they stand in reverse order, so that the columns still needed are the
lowest slots, and residues modulo a power of two drop the others.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (exactText decimalText joined bitLength)

/-- Whether integers do not increase and end at 0 or above. -/
def fallsToZero : List Int → Bool
  | [] => true
  | [last] => 0 ≤ last
  | first :: second :: rest => if second ≤ first then fallsToZero (second :: rest) else false

/-- Whether ranks increase and are at most `highest`. -/
def increaseTo (highest : Nat) : List Nat → Bool
  | [] => false
  | [last] => last ≤ highest
  | first :: second :: rest => if first < second then increaseTo highest (second :: rest) else false

/-- The signs and the order that make the certificate mean something. -/
def requireSigns (model : Model) (witness : EckartYoungWitness) : Except Rejected Unit :=
  let modes := sizeOf' model.excess
  let below := sizeOf' model.landmarks + sizeOf' model.offsets - 1
  let highest := if modes ≤ below then modes else below
  if !increaseTo highest witness.ranks then
    Except.error ⟨"eckart_young.ranks", "ranks [" ++ joined ", " (mapped Nat.repr witness.ranks) ++ "]",
      "increasing ranks up to " ++ Nat.repr highest⟩
  else if !fallsToZero model.excess then
    Except.error ⟨"eckart_young: tensor excess", "a negative or increasing entry", "d_1 >= d_2 >= ... >= d_K >= 0"⟩
  else if witness.threshold.mantissa < 0 then
    Except.error ⟨"eckart_young.threshold", exactText witness.threshold, "at least 0"⟩
  else if witness.slack.mantissa ≤ 0 then Except.error ⟨"eckart_young.slack", exactText witness.slack, "more than 0"⟩
  else Except.ok ()

/-- Compare the rows of `W - L Lᵀ - σ I` from row `index` on, each from the diagonal on.

`left` holds the coefficients of each row, `packed` the rows that they combine, `matrix` the rows of `M`. -/
def compareRows (width bits : Nat) (scale level : Int) (fail : Nat → Rejected) :
    Nat → Nat → List (List Int) → List Int → List (List Int) → Except Rejected Unit
  | _, 0, _, _, _ => Except.ok ()
  | index, count + 1, coefficients :: left, packed, row :: matrix =>
    let modulus := Int.ofNat (Nat.shiftLeft 1 (width * (count + 1)))
    let packed := if index % 32 = 0 then mapped (fun entry => entry % modulus) packed else packed
    let own := packTurned width (split index row).2
    let total := combined coefficients packed - scale * own + Dyadic.shiftLeft level (width * count)
    let unit := ones (count + 1) width
    let residue := ((total + Int.ofNat (Nat.shiftLeft unit (bits - 1))) % modulus).toNat
    if Nat.land residue (unit * (Nat.shiftLeft 1 width - Nat.shiftLeft 1 bits)) = 0 then
      compareRows width bits scale level fail (index + 1) count left packed matrix
    else Except.error (fail index)
  | index, _, _, _, _ => Except.error (fail index)

/-- Refuse unless `W = L Lᵀ + σ I + E` with `r |E_ij| ≤ σ` for all entries. -/
def requirePsd (basis : Basis) (model : Model) (operator : Operator) (witness : EckartYoungWitness) :
    Except Rejected Unit :=
  let threshold := witness.threshold.reduced
  let slack := witness.slack.reduced
  let spectralUnit := 2 * basis.vectorExponent + basis.excessExponent
  let factorUnit := 2 * basis.factorExponent
  let low := smaller (smaller (smaller spectralUnit factorUnit) operator.exponent)
    (smaller threshold.exponent slack.exponent)
  let spectral := shifted 1 (spectralUnit - low)
  let factor := shifted 1 (factorUnit - low)
  let scale := shifted 1 (operator.exponent - low)
  let sigma := inUnits low slack
  let level := inUnits low threshold - sigma
  let size := operator.columns
  let bits := bitLength (sigma.toNat / size)
  if bits < 1 then
    Except.error ⟨"eckart_young.slack", exactText slack,
      "at least " ++ Nat.repr size ++ " units of 2^" ++ Format.decimalOfInt low⟩
  else
    let bound := sizeOf' model.excess * largestOf model.eigenvectors ^ 2 * largest model.excess * spectral.natAbs
      + size * largestOf model.factor ^ 2 * factor.natAbs + largestOf operator.matrix * scale.natAbs + level.natAbs
      + Nat.shiftLeft 1 bits
    let width := slotWidth bound
    let modes := zipped (fun weight vector => spectral * weight * packTurned width vector) model.excess model.eigenvectors
    let columns := mapped (fun column => -factor * packTurned width column) (columnsOf size model.factor)
    let left := zipped joinedLists (columnsOf size model.eigenvectors) model.factor
    compareRows width bits scale level (fun index => ⟨"eckart_young",
      "row " ++ Nat.repr index ++ " of W - L L^T - sigma I has an entry outside [-2^" ++ Nat.repr (bits - 1) ++ ", 2^"
        ++ Nat.repr (bits - 1) ++ ") 2^" ++ Format.decimalOfInt low,
      "every entry inside, so that W is positive semidefinite"⟩) 0 size left (joinedLists modes columns) operator.matrix

/-- What `V` and `M` say together: `|v_k|²`, `v_kᵀ M v_k`, and the defect of `Vᵀ V`. -/
structure ModeProducts where
  norms : List Int
  energies : List Int
  defect : Dyadic

def modeProducts (basis : Basis) (model : Model) (operator : Operator) : ModeProducts :=
  let vectors := model.eigenvectors
  let gram := multiplied (sizeOf' vectors) vectors (columnsOf operator.columns vectors)
  let images := multiplied operator.columns vectors operator.matrix
  ⟨diagonal gram, zipped combined vectors images, defectOf gram (2 * basis.vectorExponent)⟩

/-- `sum_(j ≤ rank) (d_j - nu) |v_j|²`. -/
def spectralSum (following : Int) (rank : Nat) (excess norms : List Int) : Int :=
  combined (mapped (fun d => d - following) (split rank excess).1) norms

/-- Bounds at each rank. -/
def boundsAt (basis : Basis) (model : Model) (operator : Operator) (threshold : Dyadic) (modes : ModeProducts)
    (ranks : List Nat) : List RankBounds :=
  mapped (fun rank =>
    let following := entryAt 0 rank model.excess
    let level := Dyadic.add threshold (Dyadic.mul (Dyadic.add Dyadic.one modes.defect) ⟨following, basis.excessExponent⟩)
    let spectral := spectralSum following rank model.excess modes.norms
    let captured := sum (split rank modes.energies).1
    ⟨rank,
      Dyadic.sub (Dyadic.sub operator.trace (Dyadic.mul (Dyadic.ofInt (Int.ofNat rank)) level))
        ⟨spectral, basis.excessExponent + 2 * basis.vectorExponent⟩,
      Dyadic.sub operator.trace (Dyadic.mul (Dyadic.sub Dyadic.one modes.defect)
        ⟨captured, 2 * basis.vectorExponent + operator.exponent⟩)⟩) ranks

/-- `0 < lower ≤ upper` at each rank. -/
def requireOrder : Nat → List RankBounds → Except Rejected Unit
  | _, [] => Except.ok ()
  | index, entry :: rest =>
    if 0 < entry.lower.mantissa && Dyadic.le entry.lower entry.upper then requireOrder (index + 1) rest
    else Except.error
      ⟨"eckart_young.ranks[" ++ Nat.repr index ++ "] (rank " ++ Nat.repr entry.rank ++ ")",
        "lower " ++ decimalText entry.lower false ++ ", upper " ++ decimalText entry.upper true, "0 < lower <= upper"⟩

def checkEckartYoung (prepared : Prepared) (witness : EckartYoungWitness) : Except Rejected EckartYoungNumbers := do
  let basis := prepared.certificate.basis
  let model := prepared.certificate.model
  requireSigns model witness
  let (_, operator) ← prepared.exact
  requirePsd basis model operator witness
  let modes := modeProducts basis model operator
  if !Dyadic.lt modes.defect Dyadic.one then
    Except.error ⟨"eckart_young.orthogonality_defect", decimalText modes.defect true, "less than 1"⟩
  else
    let ranks := boundsAt basis model operator witness.threshold modes witness.ranks
    requireOrder 0 ranks
    return ⟨witness.threshold, witness.slack, modes.defect, ranks⟩

end Eigenstill.Claims.Exec
