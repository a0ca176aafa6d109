/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FitShapes
public import Eigenstill.Claims.Sound.Gcv
public import Eigenstill.Claims.Sound.SpectrumRows
public import Eigenstill.Claims.Sound.TargetRows

/-!
# The check of `gcv` is sound, from the rows on

`gcv_of_rows`: **GCV is bounded for the operator of the certificate's rows and the recorded labels.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Checker (FitShaped)

attribute [local instance] Semiring.natCast Ring.intCast

/-- A check that has given numbers had exact sums and labels. -/
theorem exact_of_checkGcv {prepared : Prepared} {witness : EckartYoungWitness} {recorded numbers : GcvNumbers}
    (h : checkGcv (shareParts prepared witness) recorded = Except.ok numbers) :
    (∃ pair, prepared.exact = Except.ok pair) ∧ ∃ labels, prepared.certificate.train.labels = some labels := by
  unfold checkGcv at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [show (shareParts prepared witness).prepared = prepared from rfl] at h
  cases exact : prepared.exact with
  | error rejected => rw [exact] at h; cases h
  | ok pair =>
    refine ⟨⟨pair, rfl⟩, ?_⟩
    cases found : prepared.certificate.train.labels with
    | some labels => exact ⟨labels, rfl⟩
    | none => rw [exact, found] at h; cases h

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}
  {witness : EckartYoungWitness} {claimed : String → Bool}

/-- **If the check of `gcv` gives numbers, then at `ridge` `n RSS / (n - g dof)²` is at most `1 + excessAtMost` times its value at any ridge
of the bracket, where `n - g dof` is more than 0**, for the operator `A` of the training rows and the recorded labels. As `gcv_of_check`,
with its hypotheses proved; `GcvHolds` says which eigenvalues and fits it is about: those of `A`, where they exist in the field. -/
theorem gcv_of_rows (shaped : certificate.Shaped) (fit : FitShaped claimed certificate.model certificate.fit)
    (named : claimed "gcv" = true) {recorded numbers : GcvNumbers}
    (h : checkGcv (shareParts (prepare certificate) witness) recorded = Except.ok numbers) :
    GcvHolds (certificate.basisOperator K) (fun o : Fin certificate.model.intercept.length => certificate.labelsAt K o.val) numbers := by
  obtain ⟨⟨pair, exact⟩, labels, found⟩ := exact_of_checkGcv h
  have pass := scan_of_exact exact
  refine basisOperator_induction shaped pass (motive := fun r A => GcvHolds A
    (fun o : Fin certificate.model.intercept.length => certificate.labelsAt K o.val) numbers) fun columns shapes _ hs hA => ?_
  have hold := targetsHold_of_scan (K := K) shaped pass columns
  have parts := (targetsOf_parts (K := K) shaped pass).2
  rw [show certificate.train.labels = some labels from found] at parts
  obtain ⟨targets, totals, e, -, count, -⟩ := parts
  have entries : (targetsOf certificate pair.1).labels.getD [] = targets := by rw [e]; rfl
  have each : ∀ o : Fin certificate.model.intercept.length, TargetOf (certificate.operator K
      (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length (operatorOf certificate pair.1).columns)
      (certificate.labelsAt K o.val) (((targetsOf certificate pair.1).labels.getD []).getD o.val ⟨⟨[], 0⟩, Dyadic.zero⟩) := by
    intro o
    have ho : o.val < targets.length := by rw [count]; exact o.isLt
    rw [entries, List.getD_eq_getElem?_getD, List.getElem?_eq_getElem ho]
    exact hold.labels targets e o.val ho
  have size : ((targetsOf certificate pair.1).labels.getD []).length = certificate.model.intercept.length := by rw [entries, count]
  obtain ⟨around, increasing, cells⟩ := fit.edges named
  obtain ⟨trialCount, trialRows⟩ := fit.trials named
  exact gcv_of_check (exact_of_scan pass) h shapes ⟨rfl, Nat.le_trans fit.modes (Nat.le_of_eq columns),
    fit.ridge (by rw [named]; simp), around, increasing, cells, trialCount, fun row hr => (trialRows row hr).trans columns⟩
    shaped.train.nonempty hs.rows _ hA _ size each

end

end Eigenstill.Claims
