/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.ComparedNumbers
public import Eigenstill.Claims.Sound.SpectrumRows
public import Eigenstill.Claims.Sound.TargetRows

/-!
# Accepted: the recorded shares of energy hold

* `energy_of_rows`: the check of `energy` is sound, from the rows on.
* `energy_of_accepted`: **the recorded numbers of an accepted claim hold.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}
  {witness : EckartYoungWitness}

theorem exact_of_checkEnergy {prepared : Prepared} {kept : Nat} {counts : List Nat} {numbers : EnergyNumbers}
    (h : checkEnergy (shareParts prepared witness) kept counts = Except.ok numbers) : ∃ pair, prepared.exact = Except.ok pair := by
  cases exact : prepared.exact with
  | ok pair => exact ⟨pair, rfl⟩
  | error rejected =>
    unfold checkEnergy at h
    simp only [bind, Except.bind, pure, Except.pure] at h
    rw [show (shareParts prepared witness).prepared = prepared from rfl, exact] at h
    dsimp only at h
    split at h <;> cases h

/-- **If the check of `energy` gives numbers, then of each recorded output and label about its mean some choice of so many of the
vectors `A v_k` holds the lower share, and no choice holds more than the upper one**, for the operator `A` of the training rows and
the stored vectors `v_k`. As `energy_of_check`, with its hypotheses proved. -/
theorem energy_of_rows (shaped : certificate.Shaped) {kept : Nat} {counts : List Nat} {numbers : EnergyNumbers}
    (h : checkEnergy (shareParts (prepare certificate) witness) kept counts = Except.ok numbers) :
    EnergyHolds (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      certificate.model.intercept.length (certificate.teacherAt K) (certificate.labelsAt K) numbers := by
  obtain ⟨pair, exact⟩ := exact_of_checkEnergy h
  have pass := scan_of_exact exact
  refine basisOperator_induction shaped pass (motive := fun r A => EnergyHolds A
    (modeVectors K certificate.basis certificate.model r) certificate.model.intercept.length (certificate.teacherAt K)
    (certificate.labelsAt K) numbers) fun columns shapes _ hs hA => ?_
  exact energy_of_check (exact_of_scan pass) h shapes shaped.train.nonempty hs.rows _ hA (targetsHold_of_scan shaped pass columns)

end

end Eigenstill.Claims

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

private theorem bestModesHold_of_compared {n p kept : Nat} {g : Fin p → Vec K n} {f : Vec K n} {place : String}
    {recorded computed : BestModes} (h : compareBestModes place recorded computed = Except.ok ())
    (holds : BestModesHold g f kept computed) : BestModesHold g f kept recorded := by
  obtain ⟨_, modes, h⟩ := bind_ok h
  obtain ⟨_, low, high⟩ := bind_ok h
  have modes := compareCount_ok modes
  obtain ⟨m1, l1, h1⟩ := recorded
  obtain ⟨m2, l2, h2⟩ := computed
  dsimp only at modes low high
  subst modes
  refine ⟨fun share found => ?_, fun share found => ?_, fun none => holds.constant ?_⟩
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) low share found
    rw [value]; exact holds.atLeast other e
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) high share found
    rw [value]; exact holds.atMost other e
  · dsimp only at none ⊢
    rcases none with rfl | rfl
    · exact Or.inl (compareOptional_none low)
    · exact Or.inr (compareOptional_none high)

private theorem energyTarget_ok {place : String} {recorded computed : EnergyTarget}
    (h : compareEnergyTarget place recorded computed = Except.ok ()) :
    recorded.target = computed.target ∧ recorded.outputs.length = computed.outputs.length := by
  obtain ⟨_, name, outputs⟩ := bind_ok h
  exact ⟨compareText_ok name, (compareLists_ok outputs).1⟩

private theorem targetHolds_of_compared {n p kept : Nat} {g : Fin p → Vec K n} {f : Nat → Vec K n} {place : String}
    {recorded computed : EnergyTarget} (h : compareEnergyTarget place recorded computed = Except.ok ())
    (holds : ∀ o, ∀ best ∈ computed.outputs.getD o [], BestModesHold g (f o) kept best) (o : Nat) :
    ∀ best ∈ recorded.outputs.getD o [], BestModesHold g (f o) kept best := by
  obtain ⟨_, _, outputs⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok outputs
  intro best member
  by_cases ho : o < recorded.outputs.length
  · have ho' : o < computed.outputs.length := by rw [← length]; exact ho
    obtain ⟨_, same⟩ := each o ho ho'
    obtain ⟨count, eachBest⟩ := compareLists_ok same
    rw [getD_below _ ho] at member
    obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem member
    have hi' : i < (computed.outputs[o]).length := by rw [← count]; exact hi
    obtain ⟨_, e⟩ := eachBest i hi hi'
    exact bestModesHold_of_compared e (holds o _ (by rw [getD_below _ ho']; exact List.getElem_mem hi'))
  · rw [getD_beyond _ (by omega)] at member
    exact absurd member List.not_mem_nil

/-- **An accepted claim `energy`: its shares hold of the recorded outputs and labels**, for the operator of the training rows and the
stored vectors. As `energy_of_rows`. -/
theorem energy_of_accepted (shaped : certificate.Shaped) {recorded : EnergyNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.energy recorded) = Except.ok text) :
    EnergyHolds (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      certificate.model.intercept.length (certificate.teacherAt K) (certificate.labelsAt K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, modes, targets⟩ := bind_ok compared
  have modes := compareCount_ok modes
  obtain ⟨length, each⟩ := compareLists_ok targets
  have holds := energy_of_rows (K := K) shaped checked
  have other : ∀ target ∈ recorded.targets, ∃ own ∈ computed.targets, ∃ place, compareEnergyTarget place target own = Except.ok () := by
    intro target member
    obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem member
    have hi' : i < computed.targets.length := by rw [← length]; exact hi
    exact ⟨_, List.getElem_mem hi', each i hi hi'⟩
  refine ⟨fun target member => ?_, fun target member name => ?_, fun target member name => ?_⟩
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [(energyTarget_ok same).2]; exact holds.outputs own found
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [modes]; exact targetHolds_of_compared same (holds.teacher own found ((energyTarget_ok same).1.symm.trans name))
  · obtain ⟨own, found, _, same⟩ := other target member
    rw [modes]; exact targetHolds_of_compared same (holds.labels own found ((energyTarget_ok same).1.symm.trans name))

end

end Eigenstill.Checker
