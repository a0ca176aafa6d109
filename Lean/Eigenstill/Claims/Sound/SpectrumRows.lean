/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FromRows
public import Eigenstill.Claims.Sound.ReadShapes
public import Eigenstill.Claims.Sound.Spectrum

/-!
# The check of `spectrum` is sound, from the rows on

* `basisOperator_induction`: what holds of every operator with the checker's matrix holds of that of the training rows.
* `spectrum_of_rows`: **the intervals hold of the operator of the certificate's rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}

/-- **What the checks ask of an operator, the operator of the training rows has**: its Gram matrix is the checker's, the sums are
those of the floored basis, and the shapes are those of the format. So what follows from these holds for it. -/
theorem basisOperator_induction (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums)
    {motive : (r : Nat) → Mat K certificate.train.inputs.length r → Prop}
    (step : certificate.basisSize = (operatorOf certificate sums).columns →
      SpectralShapes certificate.model (operatorOf certificate sums) →
      MetricShapes certificate.model (operatorOf certificate sums).columns →
      SumsOf sums (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
        (operatorOf certificate sums).columns →
      (∀ i j, gram (certificate.operator K (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
          (operatorOf certificate sums).columns) i j
        = (at00 (operatorOf certificate sums).matrix i.val j.val : K) * 2 ^ (operatorOf certificate sums).exponent) →
      motive (operatorOf certificate sums).columns (certificate.operator K (certificate.flooredBasis certificate.train.inputs)
        certificate.train.inputs.length (operatorOf certificate sums).columns)) :
    motive certificate.basisSize (certificate.basisOperator K) := by
  have known := sumsOf_flooredBasis shaped pass
  have model := shaped.model
  have columns : certificate.basisSize = (operatorOf certificate sums).columns := by
    show _ = sizeOf' sums.columnSums
    rw [sizeOf'_eq, known.columns]
  have hs : SumsOf sums (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length
      (operatorOf certificate sums).columns := by rw [← columns]; exact known
  have metric : MetricShapes certificate.model (operatorOf certificate sums).columns := by rw [← columns]; exact metricShapes shaped
  have square := matrixShapes hs metric
  have each : ∀ {rows : List (List Int)},
      (∀ row ∈ rows, row.length = certificate.model.landmarks.length + certificate.model.offsets.length) →
      ∀ row ∈ rows, row.length = (operatorOf certificate sums).columns := fun h row hr => (h row hr).trans columns
  have all : ∀ r, (operatorOf certificate sums).columns = r →
      motive r (certificate.operator K (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length r) := by
    intro r e
    subst e
    exact step columns ⟨model.excess, each model.eigenvectors, model.factor.trans columns, each model.factorRows, square.1, square.2⟩
      metric hs (gram_operator_eq hs metric)
  exact all _ columns.symm

/-! ### `spectrum` -/

/-- A check that has computed modes had exact sums. -/
theorem exact_of_requireSpectrum {prepared : Prepared} {witness : EckartYoungWitness} {claim : String} {threshold slack : Dyadic}
    {modes : Modes} (h : requireSpectrum (shareParts prepared witness) claim threshold slack = Except.ok modes) :
    ∃ pair, prepared.exact = Except.ok pair := by
  cases exact : prepared.exact with
  | ok pair => exact ⟨pair, rfl⟩
  | error rejected =>
    unfold requireSpectrum at h
    simp only [bind, Except.bind, pure, Except.pure] at h
    rw [show (shareParts prepared witness).prepared = prepared from rfl, exact] at h
    dsimp only at h
    split at h
    · cases h
    · split at h
      · cases h
      · split at h <;> cases h

/-- **If the check of `spectrum` gives numbers, then eigenvalue `k` of `AᵀA` lies in interval `k`, and every other is at most
`othersAtMost`**, for the operator `A` of the training rows. As `spectrum_of_check`, with its hypothesis proved. -/
theorem spectrum_of_rows (shaped : certificate.Shaped) {witness : EckartYoungWitness} {threshold slack : Dyadic}
    {numbers : SpectrumNumbers}
    (h : checkSpectrum (shareParts (prepare certificate) witness) threshold slack = Except.ok numbers) :
    SpectrumHolds (certificate.basisOperator K) numbers := by
  obtain ⟨modes, required, _⟩ := Eigenstill.Format.bind_ok h
  obtain ⟨pair, exact⟩ := exact_of_requireSpectrum required
  have pass := scan_of_exact exact
  refine basisOperator_induction shaped pass (motive := fun _ A => SpectrumHolds A numbers) fun columns shapes _ _ hA => ?_
  exact spectrum_of_check (exact_of_scan pass) h shapes columns _ hA

end

end Eigenstill.Claims
