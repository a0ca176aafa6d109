/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Shared

/-!
# Claim `diagnosis`, computed

How many modes stand above the ridge, what they hold of the energy, and what share of the labels' rest the teacher copies
(FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

def copiedBits : Nat := 30

/-- `λ / (λ + α)` rounded to 53 bits. -/
def filteredBy (ridge : Dyadic) (up : Bool) (eigenvalue : Dyadic) : Dyadic :=
  quotientOf eigenvalue (Dyadic.add eigenvalue ridge) up

/-- How many numbers are at least `level`. -/
def countFromLevel (level : Dyadic) (numbers : List Dyadic) : Nat :=
  folded (fun count number => if Dyadic.le level number then count + 1 else count) 0 numbers

/-- The energy of the first `count` modes for `n Aᵀ x`. -/
def firstEnergy (certificate : Certificate) (modes : Modes) (count : Nat) (products : IntegerVector) :
    Except Rejected Enclosure :=
  match spanEnergy modes (alongModes certificate.basis (split count certificate.model.eigenvectors).1 products) with
  | some energy => Except.ok energy
  | none => Except.error ⟨"diagnosis", "modes whose images are not nearly orthogonal",
      "E_kk above sum |E_kj| for the first modes"⟩

/-- What the first modes hold of one output, and what lies beyond them. -/
def energyShares (certificate : Certificate) (modes : Modes) (rows count : Nat) (target : Target) :
    Except Rejected EnergyShares :=
  let whole := Dyadic.mul (Dyadic.ofInt (Int.ofNat rows)) target.total
  if whole.mantissa ≤ 0 then Except.ok ⟨none, none, none, none⟩
  else
    match firstEnergy certificate modes count target.products with
    | Except.error rejected => Except.error rejected
    | Except.ok energy =>
      let least := share energy.atLeast whole false
      let most := share energy.atMost whole true
      Except.ok ⟨some least, some most, some (Dyadic.sub Dyadic.one most), some (Dyadic.sub Dyadic.one least)⟩

/-- `numerator / denominator` on the grid `2^-30`. -/
def copiedShare (numerator denominator : Dyadic) (up : Bool) : Dyadic :=
  ⟨onGrid numerator denominator copiedBits up, -Int.ofNat copiedBits⟩

/-- One output of teacher and labels, with their sums: `⟨t, y⟩ / ⟨y, y⟩` beyond the modes, where
`4 ⟨P t, P y⟩ = |P (t + y)|² - |P (t - y)|²`; `none` where the rest may be nothing. -/
def copiedOf (certificate : Certificate) (modes : Modes) (rows count : Nat) (teacher labels : Target × TargetSums) :
    Except Rejected (Option Enclosure) := do
  let n := Dyadic.ofInt (Int.ofNat rows)
  let (t, y) := (teacher.2, labels.2)
  let twice := Dyadic.sub (Dyadic.add t.squaredValues y.squaredValues) y.teacherSquaredErrors
  let total := Dyadic.mul n (Dyadic.sub (Dyadic.mul (Dyadic.mul n twice) ⟨1, -1⟩) (Dyadic.mul t.values y.values))
  let plus ← firstEnergy certificate modes count (teacher.1.products.add labels.1.products)
  let minus ← firstEnergy certificate modes count (teacher.1.products.sub labels.1.products)
  let quarter (low high : Dyadic) : Dyadic := Dyadic.mul ⟨1, -2⟩ (Dyadic.sub high low)
  let least := Dyadic.sub total (quarter minus.atLeast plus.atMost)
  let most := Dyadic.sub total (quarter minus.atMost plus.atLeast)
  let own ← firstEnergy certificate modes count labels.1.products
  let whole := Dyadic.mul n labels.1.total
  let smallest := Dyadic.sub whole own.atMost
  let largest := Dyadic.sub whole own.atLeast
  if smallest.mantissa ≤ 0 then return none
  else return some ⟨copiedShare least (if 0 < least.mantissa then largest else smallest) false,
    copiedShare most (if 0 < most.mantissa then smallest else largest) true⟩

def checkDiagnosis (shared : Shared) (threshold slack : Dyadic) : Except Rejected DiagnosisNumbers := do
  let certificate := shared.prepared.certificate
  let ridge := certificate.fit.ridge
  let modes ← requireSpectrum shared "diagnosis" threshold slack
  let (sums, operator) ← shared.prepared.exact
  let targets ← shared.targets.get
  let intervals := enclosures certificate.basis certificate.model modes threshold
  let lows := mapped Enclosure.atLeast intervals
  let highs := mapped Enclosure.atMost intervals
  let certain := countFromLevel ridge lows
  let others := if Dyadic.le ridge threshold then operator.columns - sizeOf' intervals else 0
  let effective (up : Bool) (bounds : List Dyadic) : Dyadic :=
    sumDyadic (mapped (filteredBy ridge up) (split certain bounds).1)
  let shares (outputs : List Target) := checkedEach (energyShares certificate modes sums.rows certain) outputs
  let teacher ← shares targets.teacher
  let numbers (targets : List DiagnosisTarget) (copied : List (Option Enclosure)) : DiagnosisNumbers :=
    ⟨ridge, threshold, slack, certain, countFromLevel ridge highs + others, effective false lows, effective true highs,
      targets, copied⟩
  match targets.labels, sums.train.labels with
  | some labels, some labelSums => do
    let ofLabels ← shares labels
    let copied ← checkedEach (fun (pair : (Target × TargetSums) × (Target × TargetSums)) =>
      copiedOf certificate modes sums.rows certain pair.1 pair.2)
      (zipped Prod.mk (zipped Prod.mk targets.teacher sums.train.teacher) (zipped Prod.mk labels labelSums))
    return numbers [⟨"teacher", teacher⟩, ⟨"labels", ofLabels⟩] copied
  | _, _ => return numbers [⟨"teacher", teacher⟩] []

end Eigenstill.Claims.Exec
