/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.ComparedNumbers
public import Eigenstill.Claims.Sound.CopiedRows
public import Eigenstill.Claims.Sound.FitShapes

/-!
# Accepted: the recorded diagnosis holds

* `diagnosis_of_rows`: the check of `diagnosis` is sound, from the rows on.
* `diagnosis_of_accepted`, `copied_of_accepted`: **the recorded numbers of an accepted claim hold**.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Checker (FitShaped)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}
  {witness : EckartYoungWitness} {claimed : String → Bool}

/-- **If the check of `diagnosis` gives numbers, then between `modesAtLeast` and `modesAtMost` eigenvalues of `AᵀA` are `ridge` or more, the
filter summed over the largest `modesAtLeast` of them lies between the two effective parameters, and the span of the first
`modesAtLeast` vectors `A v_k` holds, and leaves, the recorded shares of each target**, for the operator `A` of the training rows and
the recorded outputs and labels. As `diagnosis_of_check`, with its hypotheses proved; of the numbers `copied` speaks
`copied_of_rows`. -/
theorem diagnosis_of_rows (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "diagnosis" = true) {threshold slack : Dyadic} {numbers : DiagnosisNumbers}
    (h : checkDiagnosis (shareParts (prepare certificate) witness) threshold slack = Except.ok numbers) :
    DiagnosisHolds (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      certificate.model.intercept.length (certificate.teacherAt K) (certificate.labelsAt K) numbers := by
  obtain ⟨modes, required, _⟩ := Eigenstill.Format.bind_ok h
  obtain ⟨pair, exact⟩ := exact_of_requireSpectrum required
  have pass := scan_of_exact exact
  refine basisOperator_induction shaped pass (motive := fun r A => DiagnosisHolds A
    (modeVectors K certificate.basis certificate.model r) certificate.model.intercept.length (certificate.teacherAt K)
    (certificate.labelsAt K) numbers) fun columns shapes _ hs hA => ?_
  exact diagnosis_of_check (exact_of_scan pass) h shapes (fit.ridge (by rw [named]; simp)) shaped.train.nonempty hs.rows _ hA
    (targetsHold_of_scan shaped pass columns)

end

end Eigenstill.Claims

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String} {claimed : String → Bool}

private theorem sharesHold_of_compared {n p count : Nat} {g : Fin p → Vec K n} {f : Vec K n} {place : String}
    {recorded computed : EnergyShares} (h : compareShares place recorded computed = Except.ok ())
    (holds : EnergySharesHold g f count computed) : EnergySharesHold g f count recorded := by
  obtain ⟨_, firstLow, h⟩ := bind_ok h
  obtain ⟨_, firstHigh, h⟩ := bind_ok h
  obtain ⟨_, beyondLow, beyondHigh⟩ := bind_ok h
  refine ⟨fun s found => ?_, fun s found => ?_, fun s found => ?_, fun s found => ?_, fun none => holds.constant ?_⟩
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) firstLow s found
    rw [value]; exact holds.firstAtLeast other e
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) firstHigh s found
    rw [value]; exact holds.firstAtMost other e
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) beyondHigh s found
    rw [value]; exact holds.beyondAtMost other e
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) beyondLow s found
    rw [value]; exact holds.beyondAtLeast other e
  · rcases none with none | none
    · rw [none] at firstLow; exact Or.inl (compareOptional_none firstLow)
    · rw [none] at firstHigh; exact Or.inr (compareOptional_none firstHigh)

private theorem diagnosisTarget_ok {place : String} {recorded computed : DiagnosisTarget}
    (h : compareDiagnosisTarget place recorded computed = Except.ok ()) :
    recorded.target = computed.target ∧ recorded.outputs.length = computed.outputs.length := by
  obtain ⟨_, name, outputs⟩ := bind_ok h
  exact ⟨compareText_ok name, (compareLists_ok outputs).1⟩

private theorem targetShares_of_compared {n p count : Nat} {g : Fin p → Vec K n} {f : Nat → Vec K n} {place : String}
    {recorded computed : DiagnosisTarget} (h : compareDiagnosisTarget place recorded computed = Except.ok ())
    (holds : ∀ o (h : o < computed.outputs.length), EnergySharesHold g (f o) count computed.outputs[o]) (o : Nat)
    (ho : o < recorded.outputs.length) : EnergySharesHold g (f o) count recorded.outputs[o] := by
  obtain ⟨_, _, outputs⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok outputs
  have ho' : o < computed.outputs.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  exact sharesHold_of_compared same (holds o ho')

/-- **An accepted claim `diagnosis`: its numbers hold** for the operator of the training rows and the recorded outputs and labels. As
`diagnosis_of_rows`; of its numbers `copied` speaks `copied_of_accepted`. -/
theorem diagnosis_of_accepted (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "diagnosis" = true) {recorded : DiagnosisNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.diagnosis recorded) = Except.ok text) :
    DiagnosisHolds (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      certificate.model.intercept.length (certificate.teacherAt K) (certificate.labelsAt K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, ridge, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, least, compared⟩ := bind_ok compared
  obtain ⟨_, most, compared⟩ := bind_ok compared
  obtain ⟨_, low, compared⟩ := bind_ok compared
  obtain ⟨_, high, compared⟩ := bind_ok compared
  obtain ⟨_, targets, _⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok targets
  have ridge := compareNumber_ok (K := K) ridge
  have least := compareCount_ok least
  have holds := diagnosis_of_rows (K := K) shaped fit named checked
  have other : ∀ target ∈ recorded.targets, ∃ own ∈ computed.targets, ∃ place,
      compareDiagnosisTarget place target own = Except.ok () := by
    intro target member
    obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem member
    have hi' : i < computed.targets.length := by rw [← length]; exact hi
    exact ⟨_, List.getElem_mem hi', each i hi hi'⟩
  refine ⟨fun k hk => ?_, ?_, fun l U hU hM hl => ?_, fun target member => ?_, fun target member name => ?_,
    fun target member name => ?_⟩
  · rw [ridge]; exact holds.modesAtLeast k (by rw [← least]; exact hk)
  · rw [ridge, compareCount_ok most]; exact holds.modesAtMost
  · rw [ridge, least, compareNumber_ok (K := K) low, compareNumber_ok (K := K) high]; exact holds.effective l U hU hM hl
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [(diagnosisTarget_ok same).2]; exact holds.outputs own found
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [least]
    exact targetShares_of_compared same (holds.teacher own found ((diagnosisTarget_ok same).1.symm.trans name))
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [least]
    exact targetShares_of_compared same (holds.labels own found ((diagnosisTarget_ok same).1.symm.trans name))

/-- **An accepted claim `diagnosis`: its numbers `copied` hold** for the recorded outputs and labels. As `copied_of_rows`. -/
theorem copied_of_accepted (shaped : certificate.Shaped) {recorded : DiagnosisNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.diagnosis recorded) = Except.ok text) :
    (∀ values, certificate.train.labels = some values → recorded.copied.length = certificate.model.intercept.length) ∧
    CopiedSharesHold (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      (certificate.teacherAt K) (certificate.labelsAt K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, least, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, copied⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok copied
  have least := compareCount_ok least
  obtain ⟨count, holds⟩ := copied_of_rows (K := K) shaped checked
  refine ⟨fun values found => length.trans (count values found), ⟨fun o ho own found => ?_⟩⟩
  have ho' : o < computed.copied.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  rw [found] at same
  cases other : computed.copied[o] with
  | none => rw [other] at same; cases same
  | some interval =>
    rw [other] at same
    obtain ⟨low, high⟩ := compareEnclosure_ok (K := K) same
    have sound := holds.each o ho' interval other
    intro f' y' restF restY
    rw [low, high]
    rw [least] at restF restY
    exact sound f' y' restF restY

end

end Eigenstill.Checker
