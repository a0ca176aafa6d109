/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Read

/-!
# The shapes of what is read about the ridge

* `FitShaped`: what FORMAT.md section 2 says of the ridge, the fit and the cells, each for the claims that need it.
* `fitShaped_of_assemble`: **every certificate that is put together from array files has them.**
-/

@[expose] public noncomputable section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

/-- What a certificate holds about its ridge, where `claimed` tells which claims its document names: a ridge above 0; a row of
coefficients an output, of no more entries than there are modes; edges that increase from above 0 around the ridge, and for each of
them a trial an output. -/
structure FitShaped (claimed : String → Bool) (model : Model) (fit : Fit) : Prop where
  modes : model.excess.length ≤ model.landmarks.length + model.offsets.length
  ridge : (claimed "shrinkage" || claimed "gcv" || claimed "diagnosis") = true → 0 < fit.ridge.mantissa
  solution : claimed "shrinkage" = true → fit.solution.length = model.intercept.length ∧
    ∀ row ∈ fit.solution, row.length ≤ model.excess.length
  edges : claimed "gcv" = true → around fit.ridge fit.edges = true ∧ increasing fit.edges = true ∧ 2 ≤ fit.edges.length
  trials : claimed "gcv" = true → fit.trials.length = model.intercept.length * fit.edges.length ∧
    ∀ row ∈ fit.trials, row.length = model.landmarks.length + model.offsets.length

theorem readSolution_shape {file : ArrayFile} {outputs modes : Nat} {solution : List (List Int)}
    (h : readSolution file outputs modes = Except.ok solution) :
    solution.length = outputs ∧ ∀ row ∈ solution, row.length ≤ modes := by
  unfold readSolution at h
  obtain ⟨shape, _, h⟩ := bind_ok h
  dsimp only at h
  split at h
  · cases h
  · next fits =>
    obtain ⟨length, rows⟩ := ArrayFile.integerRows_shape h
    refine ⟨length, fun row hr => ?_⟩
    rw [rows row hr]
    by_cases h1 : (bothSizes shape).2 ≤ modes
    · exact h1
    · exact absurd (by simp [show modes < (bothSizes shape).2 by omega]) fits

theorem readCells_shape {file : ArrayFile} {ridge : Dyadic} {outputs columns : Nat} {cells : List Dyadic × List (List Int)}
    (h : readCells file ridge outputs columns = Except.ok cells) :
    (around ridge cells.1 = true ∧ increasing cells.1 = true ∧ 2 ≤ cells.1.length) ∧
      cells.2.length = outputs * cells.1.length ∧ ∀ row ∈ cells.2, row.length = columns := by
  unfold readCells at h
  obtain ⟨shape, _, h⟩ := bind_ok h
  dsimp only at h
  split at h
  · cases h
  · next few =>
    obtain ⟨edges, h1, h⟩ := bind_ok h
    split at h
    · next ordered =>
      obtain ⟨trials, h2, h⟩ := bind_ok h
      have e := Except.ok.inj h
      subst e
      rw [Bool.and_eq_true] at ordered
      have count := ArrayFile.length_floats h1
      have shapes := ArrayFile.integerRows_shape h2
      dsimp only
      refine ⟨⟨ordered.1, ordered.2, ?_⟩, by rw [shapes.1, count, Nat.mul_comm], shapes.2⟩
      rw [count]
      by_cases h3 : 2 ≤ onlySize shape
      · exact h3
      · exact absurd (by simp [show onlySize shape < 2 by omega]) few
    · cases h

/-- The tensors about the ridge. -/
theorem readFit_shape {file : ArrayFile} {claimed : String → Bool} {outputs columns modes : Nat} {fit : Fit}
    (h : readFit file claimed outputs columns modes = Except.ok fit) :
    ((claimed "shrinkage" || claimed "gcv" || claimed "diagnosis") = true → 0 < fit.ridge.mantissa) ∧
    (claimed "shrinkage" = true → readSolution file outputs modes = Except.ok fit.solution) ∧
    (claimed "gcv" = true → readCells file fit.ridge outputs columns = Except.ok (fit.edges, fit.trials)) := by
  unfold readFit at h
  have finish : ∀ {ridge : Dyadic} {solution : List (List Int)} {cells : List Dyadic × List (List Int)},
      (if claimed "shrinkage" = true then readSolution file outputs modes else pure []) = Except.ok solution →
      (if claimed "gcv" = true then readCells file ridge outputs columns else pure ([], [])) = Except.ok cells →
      (⟨ridge, solution, cells.1, cells.2⟩ : Fit) = fit →
      fit.ridge = ridge ∧ (claimed "shrinkage" = true → readSolution file outputs modes = Except.ok fit.solution) ∧
        (claimed "gcv" = true → readCells file fit.ridge outputs columns = Except.ok (fit.edges, fit.trials)) := by
    intro ridge solution cells h1 h2 e
    subst e
    refine ⟨rfl, fun named => ?_, fun named => ?_⟩
    · rw [if_pos named] at h1; exact h1
    · rw [if_pos named] at h2; exact h2
  by_cases named : (claimed "shrinkage" || claimed "gcv" || claimed "diagnosis") = true
  · rw [if_pos named] at h
    obtain ⟨values, h1, h⟩ := bind_ok h
    have length := ArrayFile.length_floats h1
    by_cases positive : allPositive values = true
    · rw [if_pos positive] at h
      obtain ⟨ridge, e, h⟩ := bind_ok h
      obtain ⟨solution, h2, h⟩ := branch_ok h
      obtain ⟨cells, h3, h⟩ := branch_ok h
      obtain ⟨same, others⟩ := finish h2 h3 (Except.ok.inj h)
      refine ⟨fun _ => ?_, others⟩
      rw [same, ← Except.ok.inj e]
      cases values with
      | nil => cases length
      | cons value _ => exact allPositive_iff positive value List.mem_cons_self
    · rw [if_neg positive] at h
      obtain ⟨_, bad, _⟩ := bind_ok h
      cases bad
  · rw [if_neg named] at h
    obtain ⟨ridge, e, h⟩ := bind_ok h
    obtain ⟨solution, h2, h⟩ := branch_ok h
    obtain ⟨cells, h3, h⟩ := branch_ok h
    exact ⟨fun other => absurd other named, (finish h2 h3 (Except.ok.inj h)).2⟩

/-- **What is read about the ridge has the shapes of the format.** -/
theorem fitShaped_of_readModel {file : ArrayFile} {basis : Basis} {claimed : String → Bool} {read : Model × Fit}
    (h : readModel file basis claimed = Except.ok read) : FitShaped claimed read.1 read.2 := by
  have shapes := shapes_of_readModel h
  unfold readModel at h
  obtain ⟨landmarkShape, _, h⟩ := bind_ok h
  generalize bothSizes landmarkShape = sizes at h
  obtain ⟨m, d⟩ := sizes
  dsimp only at h
  obtain ⟨interceptShape, _, h⟩ := bind_ok h
  obtain ⟨excessShape, _, h⟩ := bind_ok h
  generalize onlySize interceptShape = c at h
  generalize onlySize excessShape = modes at h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, modeCount, h⟩ := bind_ok h
  by_cases exponents : (entryCount basis.linearExponents != (if basis.linear = true then d else 0)) = true
  · rw [if_pos exponents] at h
    cases h
  · rw [if_neg exponents] at h
    obtain ⟨landmarks, h1, h⟩ := bind_ok h
    obtain ⟨scales, h2, h⟩ := bind_ok h
    obtain ⟨coefficients, _, h⟩ := bind_ok h
    obtain ⟨intercept, h4, h⟩ := bind_ok h
    obtain ⟨weights, _, h⟩ := branch_ok h
    obtain ⟨offsets, _, h⟩ := branch_ok h
    obtain ⟨metric, _, h⟩ := bind_ok h
    obtain ⟨linearMetric, _, h⟩ := branch_ok h
    obtain ⟨eigenvectors, _, h⟩ := bind_ok h
    obtain ⟨excess, h10, h⟩ := bind_ok h
    obtain ⟨factor, _, h⟩ := bind_ok h
    obtain ⟨fit, h12, h⟩ := bind_ok h
    split at h
    · cases h
    · split at h
      · cases h
      · have e := Except.ok.inj h
        subst e
        have l1 := (ArrayFile.floatRows_shape h1).1
        have l2 := ArrayFile.length_floats h2
        have l4 := ArrayFile.length_floats h4
        have l10 := ArrayFile.length_integers h10
        have offsetCount : offsets.length = if basis.linear = true then d else 0 := by rw [← l2]; exact shapes.offsets
        have modeCount := (requireCount_ok modeCount).2
        obtain ⟨ridge, solution, cells⟩ := readFit_shape h12
        refine ⟨by dsimp only; rw [l10, l1, offsetCount]; exact modeCount, ridge, fun named => ?_, fun named => ?_, fun named => ?_⟩
        · dsimp only
          rw [l4, l10]; exact readSolution_shape (solution named)
        · exact (readCells_shape (cells named)).1
        · dsimp only
          rw [l4, l1, offsetCount]; exact (readCells_shape (cells named)).2

private theorem fitShaped_of_addFile {basis : Basis} {claimed : String → Bool} {entry : FileEntry} {file : ArrayFile}
    {before after : Shards} (shaped : ∀ model, before.model = some model → FitShaped claimed model.1 model.2)
    (h : addFile basis claimed entry file before = Except.ok after) :
    ∀ model, after.model = some model → FitShaped claimed model.1 model.2 := by
  have step : ∀ {model : Model × Fit}, FitShaped claimed model.1 model.2 → after.model = some model →
      ∀ other, after.model = some other → FitShaped claimed other.1 other.2 := by
    intro model own e other found
    rw [e] at found
    rw [← Option.some.inj found]; exact own
  unfold addFile at h
  cases found : before.model with
  | some model =>
    rw [found] at h
    obtain ⟨read, e, h⟩ := bind_ok h
    rw [← Except.ok.inj e] at h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    exact step (shaped _ found) (by rw [← Except.ok.inj h])
  | none =>
    rw [found] at h
    obtain ⟨model, h1, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    exact step (fitShaped_of_readModel h1) (by rw [← Except.ok.inj h])

private theorem fitShaped_of_addFiles {basis : Basis} {claimed : String → Bool} (files : List (FileEntry × ArrayFile))
    {before after : Shards} (shaped : ∀ model, before.model = some model → FitShaped claimed model.1 model.2)
    (h : addFiles basis claimed files before = Except.ok after) :
    ∀ model, after.model = some model → FitShaped claimed model.1 model.2 := by
  induction files generalizing before with
  | nil => rw [← Except.ok.inj h]; exact shaped
  | cons first files ih =>
    obtain ⟨entry, file⟩ := first
    obtain ⟨next, h1, h⟩ := bind_ok h
    exact ih (fitShaped_of_addFile shaped h1) h

/-- **Every certificate that is put together from array files has the shapes of the format about its ridge**, whatever bytes the files
hold. As `shaped_of_assemble`. -/
theorem fitShaped_of_assemble {document : Document} {claimed : String → Bool} {files : List (FileEntry × ArrayFile)} {shards : Shards}
    {certificate : Certificate} {exports : Exports} (added : addFiles document.basis claimed files ⟨none, [], [], [], []⟩ = Except.ok shards)
    (h : assemble document shards = Except.ok (certificate, exports)) : FitShaped claimed certificate.model certificate.fit := by
  have shaped := fitShaped_of_addFiles files (before := ⟨none, [], [], [], []⟩) (fun _ h => (by cases h)) added
  unfold assemble at h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨train, _, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  cases found : shards.model with
  | none => rw [found] at h; cases train <;> cases h
  | some read =>
    obtain ⟨model, fit⟩ := read
    rw [found] at h
    cases train with
    | none => cases h
    | some rows =>
      have e := Prod.mk.inj (Except.ok.inj h)
      rw [← e.1]
      exact shaped _ found

end Eigenstill.Checker
