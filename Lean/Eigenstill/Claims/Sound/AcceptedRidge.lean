/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.ComparedNumbers
public import Eigenstill.Claims.Sound.GcvRows
public import Eigenstill.Claims.Sound.ShrinkageRows

/-!
# Accepted: the recorded numbers about the ridge hold

`shrinkage_of_accepted`, `gcv_of_accepted`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String} {claimed : String → Bool}

theorem compareExponent_ok {place : String} {recorded computed : Int} (h : compareExponent place recorded computed = Except.ok ()) :
    recorded = computed := by
  unfold compareExponent at h
  split at h
  · next e => exact eq_of_beq e
  · cases h

/-- **An accepted claim `shrinkage`: what it records of every output holds of the stored fit and the stored formula**, for the operator of
the training rows and the recorded outputs of the teacher. As `shrinkage_of_rows`. -/
theorem shrinkage_of_accepted (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "shrinkage" = true) {recorded : ShrinkageNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.shrinkage recorded) = Except.ok text) :
    recorded.outputs.length = certificate.model.intercept.length ∧ ShrinkageHolds certificate (certificate.basisOperator K)
      (certificate.flooredBasis certificate.train.inputs) (certificate.teacherAt K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, ridge, compared⟩ := bind_ok compared
  obtain ⟨_, unit, outputs⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok outputs
  have ridge := compareNumber_ok (K := K) ridge
  have unit := compareExponent_ok unit
  obtain ⟨count, holds⟩ := shrinkage_of_rows (K := K) shaped fit named checked
  refine ⟨length.trans count, fun o ho => ?_⟩
  have ho' : o < computed.outputs.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  obtain ⟨_, objective, same⟩ := bind_ok same
  obtain ⟨_, gap, same⟩ := bind_ok same
  obtain ⟨_, coefficients, intercept⟩ := bind_ok same
  obtain ⟨first, second⟩ := holds o ho'
  dsimp only
  rw [unit, ridge]
  refine ⟨⟨?_, fun u' => ?_⟩, ⟨?_, ?_⟩⟩
  · rw [compareNumber_ok (K := K) objective]; exact first.objective
  · rw [compareNumber_ok (K := K) gap]; exact first.gap u'
  · rw [compareNumber_ok (K := K) coefficients]; exact second.coefficients
  · rw [compareNumber_ok (K := K) intercept]; exact second.intercept

private theorem criterionName_inj {first second : Bool} (h : criterionName first = criterionName second) : first = second := by
  have other : ¬ "robust-gcv" = "gcv" := by first | decide | simp
  cases first with
  | true =>
    cases second with
    | true => rfl
    | false => exact absurd h other
  | false =>
    cases second with
    | true => exact absurd h.symm other
    | false => rfl

/-- **An accepted claim `gcv`: at `ridge` GCV is at most `1 + excessAtMost` times GCV at any ridge of the bracket**, for the operator of the
training rows and the recorded labels. As `gcv_of_rows`: about the exact eigenvalues and the exact fits, where they exist in `K`. -/
theorem gcv_of_accepted (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "gcv" = true) {recorded : GcvNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.gcv recorded) = Except.ok text) :
    GcvHolds (certificate.basisOperator K) (fun o : Fin certificate.model.intercept.length => certificate.labelsAt K o.val) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, criterion, compared⟩ := bind_ok compared
  obtain ⟨_, ridge, compared⟩ := bind_ok compared
  obtain ⟨_, low, compared⟩ := bind_ok compared
  obtain ⟨_, high, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, excess⟩ := bind_ok compared
  have holds := gcv_of_rows (K := K) shaped fit named checked
  have factor : recorded.factor K = computed.factor K := by
    unfold GcvNumbers.factor; rw [criterionName_inj (compareText_ok criterion)]
  unfold GcvHolds at holds ⊢
  rw [factor, compareNumber_ok (K := K) ridge, compareNumber_ok (K := K) low, compareNumber_ok (K := K) high,
    compareNumber_ok (K := K) excess]
  exact holds

end

end Eigenstill.Checker
