/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FitShapes
public import Eigenstill.Claims.Sound.Shrinkage
public import Eigenstill.Claims.Sound.SpectrumRows
public import Eigenstill.Claims.Sound.TargetRows

/-!
# The check of `shrinkage` is sound, from the rows on

* `shrinkage_of_rows`: **the numbers hold of the operator of the certificate's rows and of the recorded outputs**, for all outputs.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Checker (FitShaped)

attribute [local instance] Semiring.natCast Ring.intCast

theorem exact_of_checkShrinkage {prepared : Prepared} {witness : EckartYoungWitness} {exponent : Int} {numbers : ShrinkageNumbers}
    (h : checkShrinkage (shareParts prepared witness) exponent = Except.ok numbers) : ∃ pair, prepared.exact = Except.ok pair := by
  cases exact : prepared.exact with
  | ok pair => exact ⟨pair, rfl⟩
  | error rejected =>
    have stored : (shareParts prepared witness).modes.get = Except.error rejected := by
      show (match prepared.exact with
        | Except.error rejected => Except.error rejected
        | Except.ok (_, operator) => Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator)) = _
      rw [exact]
    unfold checkShrinkage at h
    simp only [bind, Except.bind, pure, Except.pure] at h
    rw [stored] at h
    cases h

section
variable {certificate : Certificate} {witness : EckartYoungWitness} {claimed : String → Bool}

theorem shrinkageShapes (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "shrinkage" = true) : ShrinkageShapes certificate := by
  have model := shaped.model
  exact ⟨model.coefficientRows, model.weightRows, model.coefficients.trans model.metric.symm, model.weights.trans model.linearMetric.symm,
    model.weights.symm, model.exponents.trans model.weights.symm, (fit.solution named).2⟩

/-- Every output is checked. -/
theorem length_checkShrinkage (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "shrinkage" = true) {exponent : Int} {numbers : ShrinkageNumbers} {sums : RowSums}
    (pass : scan certificate = Except.ok sums)
    (h : checkShrinkage (shareParts (prepare certificate) witness) exponent = Except.ok numbers) :
    numbers.outputs.length = certificate.model.intercept.length := by
  have exact := exact_of_scan pass
  obtain ⟨targets, totals, -⟩ := (targetsOf_parts (K := Rat) shaped pass).1
  have model := shaped.model
  have outputs : ∀ {rows : List (List Dyadic)}, (∀ row ∈ rows, row.length = certificate.model.intercept.length) →
      (outputColumns certificate.model.intercept.length rows).length = certificate.model.intercept.length := by
    intro rows hr
    rw [outputColumns_eq hr, List.length_map, List.length_range]
  have storedModes : (shareParts (prepare certificate) witness).modes.get
      = Except.ok (modesOf certificate.basis certificate.model (operatorOf certificate sums)) := by
    show (match (prepare certificate).exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (_, operator) => Except.ok (modesOf certificate.basis certificate.model operator)) = _
    rw [exact]
  have storedTargets : (shareParts (prepare certificate) witness).targets.get = Except.ok (targetsOf certificate sums) := by
    show (match (prepare certificate).exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf certificate sums)) = _
    rw [exact]
  unfold checkShrinkage at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [show (shareParts (prepare certificate) witness).prepared = prepare certificate from rfl, exact, storedModes, storedTargets] at h
  dsimp only at h
  split at h
  · cases h
  · simp only [zipped_eq, sizeOf'_eq] at h
    cases h
    dsimp only
    have size : (columnCoefficients certificate.basis certificate.model).length = certificate.model.intercept.length := by
      unfold columnCoefficients
      dsimp only
      rw [zipped_eq, sizeOf'_eq, List.length_zipWith, outputs model.coefficientRows, outputs model.weightRows, Nat.min_self]
    simp only [List.length_zipWith]
    rw [targets, totals, show (prepare certificate).certificate = certificate from rfl, size, outputs model.weightRows,
      (fit.solution named).1]
    simp only [Nat.min_self]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **If the check of `shrinkage` gives numbers, then for every output: the stored fit's ridge objective is at most `objectiveAtMost`, no
combination of its modes is better by more than `gapAtMost`, and the stored formula is that fit, up to the other two numbers**, for
the operator `A` of the training rows and the recorded outputs of the teacher. As `shrinkage_of_check`, with its hypotheses proved.
`fit` and `named` say what the format requires of a document that names the claim (`fitShaped_of_assemble`). -/
theorem shrinkage_of_rows (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "shrinkage" = true) {exponent : Int} {numbers : ShrinkageNumbers}
    (h : checkShrinkage (shareParts (prepare certificate) witness) exponent = Except.ok numbers) :
    numbers.outputs.length = certificate.model.intercept.length ∧ ShrinkageHolds certificate (certificate.basisOperator K)
      (certificate.flooredBasis certificate.train.inputs) (certificate.teacherAt K) numbers := by
  obtain ⟨pair, exact⟩ := exact_of_checkShrinkage h
  have pass := scan_of_exact exact
  refine ⟨length_checkShrinkage shaped fit named pass h, ?_⟩
  refine basisOperator_induction shaped pass (motive := fun r A => ShrinkageHolds certificate A
    (certificate.flooredBasis certificate.train.inputs) (certificate.teacherAt K) numbers) fun columns shapes metric hs hA => ?_
  have targets := targetsHold_of_scan (K := K) shaped pass columns
  obtain ⟨count, totals, parts⟩ := (targetsOf_parts (K := K) shaped pass).1
  refine shrinkage_of_check (exact_of_scan pass) h shapes metric (shrinkageShapes shaped fit named)
    (fit.ridge (by rw [named]; rfl)) shaped.train.nonempty hs _ hA targets.teacher fun o ho => ?_
  obtain ⟨products, own, -⟩ := parts o (by rw [count, ← totals]; exact ho) ho
  exact own.values

end

end

end Eigenstill.Claims
