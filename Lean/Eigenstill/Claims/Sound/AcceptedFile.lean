/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.AcceptedCloser
public import Eigenstill.Claims.Sound.AcceptedDiagnosis
public import Eigenstill.Claims.Sound.AcceptedEnergy
public import Eigenstill.Claims.Sound.AcceptedInterval
public import Eigenstill.Claims.Sound.AcceptedMetric
public import Eigenstill.Claims.Sound.AcceptedRidge
public import Eigenstill.Claims.Sound.AcceptedSpectrum
public import Eigenstill.Claims.Sound.AcceptedTolerance

/-!
# An accepted file: what it records holds

* `ClaimHolds`: what a recorded claim says of its certificate's own rows.
* `claimHolds_of_verdict`: **where the exit code is 0, every claim of the file holds.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

/-- **A claim is read as what its document names it.** -/
theorem kind_of_readClaim {raw : RawClaim} {place : String} {claim : RecordedClaim} (h : readClaim raw place = Except.ok claim) :
    RecordedClaim.kind claim = raw.kind := by
  unfold readClaim at h
  have branch : ∀ {kind : String} {first second : Result RecordedClaim},
      (if (raw.kind == kind) = true then first else second) = Except.ok claim →
      raw.kind = kind ∧ first = Except.ok claim ∨ raw.kind ≠ kind ∧ second = Except.ok claim := by
    intro kind first second h
    by_cases named : (raw.kind == kind) = true
    · rw [if_pos named] at h; exact Or.inl ⟨eq_of_beq named, h⟩
    · rw [if_neg named] at h; exact Or.inr ⟨fun e => named (by rw [e]; exact beq_self_eq_true kind), h⟩
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readBasisClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readMetricClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readEckartYoungClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readFidelityClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readCompressionClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readEvaluationClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readToleranceClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    unfold readCloserClaim at h
    repeat obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  rcases branch h with ⟨named, h⟩ | ⟨_, h⟩
  · rw [named]
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h]; rfl
  unfold malformed at h
  cases h

/-- Every claim that is read is named by the document. -/
theorem named_of_readClaims {raw : List RawClaim} {index : Nat} {claims : List RecordedClaim}
    (h : readClaims raw index = Except.ok claims) {claim : RecordedClaim} (member : claim ∈ claims) :
    (countKind (RecordedClaim.kind claim) raw != 0) = true := by
  refine bne_iff_ne.mpr ?_
  induction raw generalizing index claims with
  | nil => rw [← Except.ok.inj h] at member; exact absurd member List.not_mem_nil
  | cons first rest ih =>
    obtain ⟨own, h1, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨others, h2, h⟩ := bind_ok h
    rw [← Except.ok.inj h] at member
    show (if first.kind == RecordedClaim.kind claim then 1 else 0) + countKind (RecordedClaim.kind claim) rest ≠ 0
    rcases List.mem_cons.mp member with rfl | member
    · rw [kind_of_readClaim h1, beq_self_eq_true, if_pos rfl]; omega
    · have := ih h2 member; omega

/-- **What a recorded claim says of its certificate**, over `K`. `True` for the claims that these theorems do not cover:
`mean_error`, `agreement` and `exports`. -/
def ClaimHolds (K : Type u) [Field K] [LE K] [LT K] (certificate : Certificate) : RecordedClaim → Prop
  | .basis numbers => BasisHolds (certificate.basisOperator K) numbers
  | .metric numbers => MetricHolds K certificate numbers
  | .eckartYoung numbers => EckartYoungHolds (certificate.basisOperator K) numbers
  | .fidelity splits => FidelityClaim K certificate splits
  | .compression numbers => CompressionHolds K certificate numbers
  | .evaluation splits => EvaluationClaim K certificate splits
  | .spectrum numbers => SpectrumHolds (certificate.basisOperator K) numbers
  | .shrinkage numbers => numbers.outputs.length = certificate.model.intercept.length ∧ ShrinkageHolds certificate
      (certificate.basisOperator K) (certificate.flooredBasis certificate.train.inputs) (certificate.teacherAt K) numbers
  | .gcv numbers => GcvHolds (certificate.basisOperator K) (fun o : Fin certificate.model.intercept.length => certificate.labelsAt K o.val)
      numbers
  | .energy numbers => EnergyHolds (certificate.basisOperator K)
      (modeVectors K certificate.basis certificate.model certificate.basisSize) certificate.model.intercept.length
      (certificate.teacherAt K) (certificate.labelsAt K) numbers
  | .diagnosis numbers => DiagnosisHolds (certificate.basisOperator K)
      (modeVectors K certificate.basis certificate.model certificate.basisSize) certificate.model.intercept.length
      (certificate.teacherAt K) (certificate.labelsAt K) numbers ∧
      (∀ values, certificate.train.labels = some values → numbers.copied.length = certificate.model.intercept.length) ∧
      CopiedSharesHold (certificate.basisOperator K) (modeVectors K certificate.basis certificate.model certificate.basisSize)
        (certificate.teacherAt K) (certificate.labelsAt K) numbers
  | .global outputs => GlobalHolds K certificate outputs
  | .tolerance numbers => ToleranceClaim K certificate numbers
  | .closer numbers => CloserClaim K certificate numbers
  | .interval numbers => IntervalClaim K certificate numbers
  | _ => True

/-- **Where the exit code is 0, every claim of the file holds of the file's own rows, over every ordered field.** The certificate is what
`assemble` makes of the array files, whatever bytes they hold, and the claims are those that the document names.

`loadAll` and `check` do these steps in `IO`; that they do is seen in their text, not proved. Nor is anything said of names, digests and
headers of files, or of where the rows and the outputs of the teacher come from. -/
theorem claimHolds_of_verdict {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {path : String}
    {document : Document} {files : List (FileEntry × ArrayFile)} {shards : Shards} {certificate : Certificate} {exports : Exports}
    {claims : List RecordedClaim}
    (added : addFiles document.basis (fun kind => countKind kind document.claims != 0) files ⟨none, [], [], [], []⟩ = Except.ok shards)
    (assembled : assemble document shards = Except.ok (certificate, exports)) (read : readClaims document.claims 0 = Except.ok claims)
    (accepted : (verdictOf path document claims certificate exports).code = 0) {claim : RecordedClaim} (member : claim ∈ claims) :
    ClaimHolds K certificate claim := by
  have shaped := shaped_of_assemble added assembled
  have fit := fitShaped_of_assemble added assembled
  have named := named_of_readClaims read member
  obtain ⟨place, text, decided⟩ := decided_of_verdict accepted member
  cases claim with
  | basis numbers => exact basis_of_accepted shaped decided
  | metric numbers => exact metric_of_accepted shaped decided
  | eckartYoung numbers => exact eckartYoung_of_accepted shaped decided
  | fidelity splits => exact fidelity_of_accepted shaped decided
  | compression numbers => exact compression_of_accepted decided
  | evaluation splits => exact evaluation_of_accepted shaped decided
  | spectrum numbers => exact spectrum_of_accepted shaped decided
  | shrinkage numbers => exact shrinkage_of_accepted shaped fit named decided
  | gcv numbers => exact gcv_of_accepted shaped fit named decided
  | energy numbers => exact energy_of_accepted shaped decided
  | diagnosis numbers => exact ⟨diagnosis_of_accepted shaped fit named decided, copied_of_accepted shaped decided⟩
  | global outputs => exact global_of_accepted shaped decided
  | tolerance numbers => exact tolerance_of_accepted shaped decided
  | closer numbers => exact closer_of_accepted shaped decided
  | interval numbers => exact interval_of_accepted shaped decided
  | agreement | meanError | exports => exact True.intro

end Eigenstill.Checker
