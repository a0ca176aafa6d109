/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.CopiedShares
public import Eigenstill.Claims.Sound.Diagnosis
public import Eigenstill.Claims.Sound.SpectrumRows
public import Eigenstill.Claims.Sound.TargetRows

/-!
# What the teacher copies, from the rows on

`copied_of_rows`: **the shares that the check of `diagnosis` computes hold of the recorded outputs and labels.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

theorem countFromLevel_le (level : Dyadic) (numbers : List Dyadic) : countFromLevel level numbers ≤ numbers.length := by
  rw [countFromLevel_eq]; exact List.countP_le_length

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}
  {witness : EckartYoungWitness}

/-- **If the check of `diagnosis` gives numbers, then those named `copied` hold**: there is one for every output where there are labels, and
each says what share of the labels' rest beyond the first `modesAtLeast` of the vectors `A v_k` the teacher's rest holds, for the operator
`A` of the training rows and the recorded outputs and labels. Where none is recorded nothing is said of the output. -/
theorem copied_of_rows (shaped : certificate.Shaped) {threshold slack : Dyadic} {numbers : DiagnosisNumbers}
    (h : checkDiagnosis (shareParts (prepare certificate) witness) threshold slack = Except.ok numbers) :
    (∀ values, certificate.train.labels = some values → numbers.copied.length = certificate.model.intercept.length) ∧
    CopiedSharesHold (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
      (certificate.teacherAt K) (certificate.labelsAt K) numbers := by
  obtain ⟨modes, required, _⟩ := Eigenstill.Format.bind_ok h
  obtain ⟨pair, exact⟩ := exact_of_requireSpectrum required
  have pass := scan_of_exact exact
  have exact := exact_of_scan pass
  refine basisOperator_induction shaped pass (motive := fun r A =>
    (∀ values, certificate.train.labels = some values → numbers.copied.length = certificate.model.intercept.length) ∧
    CopiedSharesHold A (modeVectors K certificate.basis certificate.model r) (certificate.teacherAt K) (certificate.labelsAt K)
      numbers) fun columns shapes _ hs hA => ?_
  have hold := targetsHold_of_scan (K := K) shaped pass columns
  obtain ⟨teacherParts, labelParts⟩ := targetsOf_parts (K := K) shaped pass
  obtain ⟨progress, passed, -, -, -, same, -⟩ := scan_ok pass
  have totals := (targetsOf_scanSplit (K := K) shaped.model shaped.train passed).labels
  rw [← same] at totals
  have stored : (shareParts (prepare certificate) witness).targets.get = Except.ok (targetsOf certificate pair.1) := by
    show (match (prepare certificate).exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf certificate sums) : Except Rejected Targets) = _
    rw [exact]
  obtain ⟨own, decided⟩ := decided_of_requireSpectrum exact required
  have size := (enclosures_spec (K := K) shapes decided _ hA).1
  rw [own] at required
  unfold checkDiagnosis at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [required] at h
  dsimp only at h
  rw [show (shareParts (prepare certificate) witness).prepared = prepare certificate from rfl, exact, stored] at h
  dsimp only at h
  rw [show (prepare certificate).certificate = certificate from rfl, hs.rows] at h
  have few := countFromLevel_le certificate.fit.ridge (mapped Enclosure.atLeast (enclosures certificate.basis certificate.model
    (modesOf certificate.basis certificate.model (operatorOf certificate pair.1)) threshold))
  rw [mapped_eq, List.length_map, show _ = _ from size, ← mapped_eq] at few
  generalize countFromLevel certificate.fit.ridge (mapped Enclosure.atLeast (enclosures certificate.basis certificate.model
    (modesOf certificate.basis certificate.model (operatorOf certificate pair.1)) threshold)) = certain at *
  cases hteacher : checkedEach (energyShares certificate (modesOf certificate.basis certificate.model (operatorOf certificate pair.1))
      certificate.train.inputs.length certain) (targetsOf certificate pair.1).teacher with
  | error e => rw [hteacher] at h; cases h
  | ok teacherShares =>
    rw [hteacher] at h
    dsimp only at h
    cases found : certificate.train.labels with
    | none =>
      rw [found] at labelParts
      rw [labelParts.1] at h
      cases h
      exact ⟨fun values none => (by cases none), ⟨fun o ho => absurd ho (Nat.not_lt_zero _)⟩⟩
    | some values =>
      rw [found] at labelParts totals
      obtain ⟨targets, sums, e1, e2, labelParts⟩ := labelParts
      obtain ⟨sums', e3, each⟩ := totals
      rw [e2] at e3
      have e3 := Option.some.inj e3
      subst e3
      rw [e1, e2] at h
      dsimp only at h
      cases hlabels : checkedEach (energyShares certificate (modesOf certificate.basis certificate.model (operatorOf certificate pair.1))
          certificate.train.inputs.length certain) targets with
      | error e => rw [hlabels] at h; cases h
      | ok labelShares =>
        rw [hlabels] at h
        dsimp only at h
        simp only [zipped_eq] at h
        cases hcopied : checkedEach (fun both : (Target × TargetSums) × (Target × TargetSums) => copiedOf certificate
            (modesOf certificate.basis certificate.model (operatorOf certificate pair.1)) certificate.train.inputs.length certain both.1
            both.2) (List.zipWith Prod.mk (List.zipWith Prod.mk (targetsOf certificate pair.1).teacher pair.1.train.teacher)
              (List.zipWith Prod.mk targets sums)) with
        | error e => rw [hcopied] at h; cases h
        | ok copied =>
          rw [hcopied] at h
          cases h
          obtain ⟨length, spec⟩ := checkedEach_spec hcopied
          obtain ⟨t1, t2, teacherParts⟩ := teacherParts
          obtain ⟨l1, l2, labelParts⟩ := labelParts
          have count : copied.length = certificate.model.intercept.length := by
            rw [length]; simp only [List.length_zipWith]; rw [t1, t2, l1, l2]; simp only [Nat.min_self]
          refine ⟨fun _ _ => count, ⟨fun o ho interval recorded => ?_⟩⟩
          have ho : o < copied.length := ho
          have recorded : copied[o] = some interval := recorded
          have one := spec o (by rw [← length]; exact ho) ho
          rw [List.getElem_zipWith, List.getElem_zipWith, List.getElem_zipWith, recorded] at one
          have labelsEq : certificate.labelsAt K o = outputColumn K values o _ := by
            unfold Certificate.labelsAt; rw [found]; rfl
          obtain ⟨_, teacherPart, -⟩ := teacherParts o (by omega) (by omega)
          obtain ⟨_, labelPart, -⟩ := labelParts o (by omega) (by omega)
          have gaps := (each.2 o (by omega)).teacherSquaredErrors
          rw [getD_below _ (by omega)] at gaps
          exact copiedHolds_of_copiedOf shapes shaped.train.nonempty _ hA
            ⟨hold.teacher o (by omega), teacherPart.values, teacherPart.squares⟩
            ⟨hold.labels targets e1 o (by omega), labelPart.values, labelPart.squares⟩ (by rw [labelsEq]; exact gaps) few one

end

end Eigenstill.Claims
