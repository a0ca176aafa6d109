/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Read
public import Eigenstill.Claims.Sound.Shapes
public import Eigenstill.Claims.Sound.Lists
public import Eigenstill.Claims.Sound.ReadShapes

/-!
# Every certificate that is read has the shapes of the format

`shaped_of_assemble`: whatever array files `addFile` has taken, the certificate that `assemble` makes of them is `Shaped`. So the hypothesis
`Shaped` of the theorems about checks holds for whatever the checker has read.
-/

@[expose] public noncomputable section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

/-- The array files one after another, as `loadAll` takes them. -/
def addFiles (basis : Basis) (claimed : String → Bool) : List (FileEntry × ArrayFile) → Shards → Result Shards
  | [], shards => Except.ok shards
  | (entry, file) :: rest, shards => do
    let shards ← addFile basis claimed entry file shards
    addFiles basis claimed rest shards

/-- The shapes of what was read so far. -/
structure ShardsShaped (basis : Basis) (shards : Shards) : Prop where
  model : ∀ model, shards.model = some model → ModelShapes basis model.1
  train : ∀ rows ∈ shards.train, ∃ model, shards.model = some model ∧ RowShapes model.1 rows
  holdout : ∀ rows ∈ shards.holdout, ∃ model, shards.model = some model ∧ RowShapes model.1 rows

private theorem countsEntries {α : Type} (xs : List α) : entryCount xs = xs.length := by
  have walk : ∀ (xs : List α) (n : Nat), entryCount.count xs n = n + xs.length := by
    intro xs
    induction xs with
    | nil => intro n; rfl
    | cons x xs ih => intro n; rw [entryCount.count, ih, List.length_cons]; omega
  unfold entryCount; rw [walk, Nat.zero_add]

/-- The steps of a computation that goes on after either of two others. -/
theorem branch_ok {ε α β : Type} {c : Prop} [Decidable c] {first second : Except ε α} {next : α → Except ε β} {result : β}
    (h : (if c then first >>= next else second >>= next) = Except.ok result) :
    ∃ value, (if c then first else second) = Except.ok value ∧ next value = Except.ok result := by
  by_cases hc : c
  · rw [if_pos hc] at h ⊢; exact bind_ok h
  · rw [if_neg hc] at h ⊢; exact bind_ok h

/-- **The model that is read.** -/
theorem shapes_of_readModel {file : ArrayFile} {basis : Basis} {claimed : String → Bool} {read : Model × Fit}
    (h : readModel file basis claimed = Except.ok read) : ModelShapes basis read.1 := by
  unfold readModel at h
  obtain ⟨landmarkShape, _, h⟩ := bind_ok h
  generalize bothSizes landmarkShape = sizes at h
  obtain ⟨m, d⟩ := sizes
  dsimp only at h
  obtain ⟨interceptShape, _, h⟩ := bind_ok h
  obtain ⟨excessShape, _, h⟩ := bind_ok h
  generalize onlySize interceptShape = c at h
  generalize onlySize excessShape = modes at h
  obtain ⟨_, inputs, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, landmarkCount, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨_, _, h⟩ := bind_ok h
  by_cases exponents : (entryCount basis.linearExponents != (if basis.linear = true then d else 0)) = true
  · rw [if_pos exponents] at h
    cases h
  · rw [if_neg exponents] at h
    obtain ⟨landmarks, h1, h⟩ := bind_ok h
    obtain ⟨scales, h2, h⟩ := bind_ok h
    obtain ⟨coefficients, h3, h⟩ := bind_ok h
    obtain ⟨intercept, h4, h⟩ := bind_ok h
    obtain ⟨weights, h5, h⟩ := branch_ok h
    obtain ⟨offsets, h6, h⟩ := branch_ok h
    obtain ⟨metric, h7, h⟩ := bind_ok h
    obtain ⟨linearMetric, h8, h⟩ := branch_ok h
    obtain ⟨eigenvectors, h9, h⟩ := bind_ok h
    obtain ⟨excess, h10, h⟩ := bind_ok h
    obtain ⟨factor, h11, h⟩ := bind_ok h
    obtain ⟨fit, _, h⟩ := bind_ok h
    split at h
    · cases h
    · next positive =>
      split at h
      · cases h
      · have e := Except.ok.inj h
        subst e
        dsimp only
        have l1 := ArrayFile.floatRows_shape h1
        have l2 := ArrayFile.length_floats h2
        have l3 := ArrayFile.floatRows_shape h3
        have l4 := ArrayFile.length_floats h4
        have l7 := ArrayFile.integerRows_shape h7
        have l9 := ArrayFile.integerRows_shape h9
        have l10 := ArrayFile.length_integers h10
        have l11 := ArrayFile.integerRows_shape h11
        have inputs := (requireCount_ok inputs).2
        have landmarkCount := (requireCount_ok landmarkCount).2
        have linearShape : basis.linearExponents.length = (if basis.linear then d else 0) := by
          rw [countsEntries] at exponents
          generalize basis.linearExponents.length = count at *
          generalize (if basis.linear then d else 0) = needed at *
          by_cases e : count = needed
          · exact e
          · exact absurd (bne_iff_ne.mpr e) exponents
        have offsetShape : offsets.length = (if basis.linear then d else 0) := by
          cases hl : basis.linear with
          | true => rw [hl] at h6; exact ArrayFile.length_floats h6
          | false => rw [hl] at h6; rw [← Except.ok.inj h6]; rfl
        have metricShape : linearMetric.length = (if basis.linear then d else 0) := by
          cases hl : basis.linear with
          | true => rw [hl] at h8; exact ArrayFile.length_integers h8
          | false => rw [hl] at h8; rw [← Except.ok.inj h8]; rfl
        have weightShape : weights.length = (if basis.linear then d else 0) ∧ ∀ row ∈ weights, row.length = c := by
          cases hl : basis.linear with
          | true => rw [hl] at h5; exact ArrayFile.floatRows_shape h5
          | false => rw [hl] at h5; rw [← Except.ok.inj h5]; exact ⟨rfl, fun row hr => absurd hr List.not_mem_nil⟩
        have limits : maxLandmarks = 4096 ∧ maxInputs = 10000 := ⟨rfl, rfl⟩
        refine ⟨?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_, ?_⟩
        · dsimp only; rw [l1.1, l2]; omega
        · refine allPositive_iff ?_
          cases hp : allPositive scales with
          | true => rfl
          | false => rw [hp] at positive; exact absurd rfl positive
        · intro row hr; rw [l1.2 row hr, l2]
        · dsimp only; rw [l3.1, l1.1]
        · intro row hr; rw [l3.2 row hr, l4]
        · dsimp only; rw [offsetShape, l2]
        · dsimp only; rw [linearShape, offsetShape]
        · dsimp only; rw [weightShape.1, offsetShape]
        · intro row hr; rw [weightShape.2 row hr, l4]
        · dsimp only; rw [l7.1, l1.1]
        · intro row hr; rw [l7.2 row hr, l1.1]
        · dsimp only; rw [metricShape, offsetShape]
        · dsimp only; rw [l10, l9.1]
        · intro row hr; rw [l9.2 row hr, l1.1, offsetShape]
        · dsimp only; rw [l11.1, l1.1, offsetShape]
        · intro row hr; rw [l11.2 row hr, l1.1, offsetShape]

/-- The rows that are read. -/
theorem shapes_of_readRows {file : ArrayFile} {split : String} {count : Nat} {model : Model} {rows : Rows} (nonempty : 0 < count)
    (h : readRows file split count (sizeOf' model.scales) (sizeOf' model.intercept) = Except.ok rows) : RowShapes model rows := by
  rw [sizeOf'_eq, sizeOf'_eq] at h
  unfold readRows at h
  obtain ⟨points, h1, h⟩ := bind_ok h
  obtain ⟨teacher, h2, h⟩ := bind_ok h
  obtain ⟨predictions, h3, h⟩ := bind_ok h
  have labelled : ∃ labels : Option (List (List Dyadic)), (⟨points, teacher, predictions, labels⟩ : Rows) = rows ∧
      ∀ values, labels = some values → values.length = count ∧ ∀ row ∈ values, row.length = model.intercept.length := by
    cases found : file.find (split ++ ".labels") with
    | none =>
      rw [found] at h
      obtain ⟨labels, e, h⟩ := bind_ok h
      refine ⟨labels, Except.ok.inj h, fun values hv => ?_⟩
      rw [← Except.ok.inj e] at hv
      cases hv
    | some _ =>
      rw [found] at h
      obtain ⟨values, h4, h⟩ := bind_ok h
      obtain ⟨labels, e, h⟩ := bind_ok h
      refine ⟨labels, Except.ok.inj h, fun others hv => ?_⟩
      rw [← Except.ok.inj e] at hv
      rw [← Option.some.inj hv]
      exact ArrayFile.floatRows_shape h4
  obtain ⟨labels, e, l4⟩ := labelled
  subst e
  have l1 := ArrayFile.floatRows_shape h1
  have l2 := ArrayFile.floatRows_shape h2
  have l3 := ArrayFile.floatRows_shape h3
  exact ⟨by dsimp only; rw [l1.1]; exact nonempty, l1.2, by dsimp only; rw [l2.1, l1.1], l2.2, by dsimp only; rw [l3.1, l1.1], l3.2,
    fun values hv => by dsimp only; rw [(l4 values hv).1, l1.1], fun values hv => (l4 values hv).2⟩

private theorem shapes_of_addRows {file : ArrayFile} {split : String} {count : Nat} {model : Model} {before after : List Rows}
    (h : addRows file split count model before = Except.ok after) (old : ∀ rows ∈ before, RowShapes model rows) :
    ∀ rows ∈ after, RowShapes model rows := by
  unfold addRows at h
  split at h
  · rw [← Except.ok.inj h]; exact old
  · next counted =>
    obtain ⟨read, h1, h⟩ := bind_ok h
    rw [← Except.ok.inj h]
    intro rows hr
    rcases List.mem_cons.mp hr with rfl | hr
    · refine shapes_of_readRows (Nat.pos_of_ne_zero fun e => counted ?_) h1
      rw [e]; rfl
    · exact old rows hr

private theorem shaped_of_addFile {basis : Basis} {claimed : String → Bool} {entry : FileEntry} {file : ArrayFile}
    {before after : Shards} (shaped : ShardsShaped basis before) (h : addFile basis claimed entry file before = Except.ok after) :
    ShardsShaped basis after := by
  have step : ∀ model : Model × Fit, ModelShapes basis model.1 → (∀ other, before.model = some other → other = model) →
      addRows file "train" entry.rows model.1 before.train = Except.ok after.train →
      addRows file "holdout" entry.holdoutRows model.1 before.holdout = Except.ok after.holdout →
      after.model = some model → ShardsShaped basis after := by
    intro model shapes same h2 h3 e
    refine ⟨fun other found => ?_, fun rows hr => ⟨model, e, ?_⟩, fun rows hr => ⟨model, e, ?_⟩⟩
    · rw [e] at found
      rw [← Option.some.inj found]; exact shapes
    · refine shapes_of_addRows h2 (fun rows hr => ?_) rows hr
      obtain ⟨other, found, shapes⟩ := shaped.train rows hr
      rw [← same other found]; exact shapes
    · refine shapes_of_addRows h3 (fun rows hr => ?_) rows hr
      obtain ⟨other, found, shapes⟩ := shaped.holdout rows hr
      rw [← same other found]; exact shapes
  unfold addFile at h
  cases found : before.model with
  | some model =>
    rw [found] at h
    obtain ⟨read, e, h⟩ := bind_ok h
    rw [← Except.ok.inj e] at h
    obtain ⟨train, h2, h⟩ := bind_ok h
    obtain ⟨holdout, h3, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h] at step ⊢
    exact step model (shaped.model _ found) (fun other e => by rw [found] at e; exact (Option.some.inj e).symm) h2 h3 rfl
  | none =>
    rw [found] at h
    obtain ⟨model, h1, h⟩ := bind_ok h
    obtain ⟨train, h2, h⟩ := bind_ok h
    obtain ⟨holdout, h3, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    obtain ⟨_, _, h⟩ := bind_ok h
    rw [← Except.ok.inj h] at step ⊢
    exact step model (shapes_of_readModel h1) (fun other e => by rw [found] at e; cases e) h2 h3 rfl

/-- **Whatever files are taken.** -/
theorem shaped_of_addFiles {basis : Basis} {claimed : String → Bool} (files : List (FileEntry × ArrayFile)) {before after : Shards}
    (shaped : ShardsShaped basis before) (h : addFiles basis claimed files before = Except.ok after) : ShardsShaped basis after := by
  induction files generalizing before with
  | nil => rw [← Except.ok.inj h]; exact shaped
  | cons first files ih =>
    obtain ⟨entry, file⟩ := first
    obtain ⟨next, h1, h⟩ := bind_ok h
    exact ih (shaped_of_addFile shaped h1) h

private theorem shapes_of_joinRows {split : String} {model : Model} {first second both : Rows} (h : joinRows split first second = Except.ok both)
    (h1 : RowShapes model first) (h2 : RowShapes model second) : RowShapes model both := by
  have rows : ∀ {xs ys : List (List Dyadic)} {c : Nat}, (∀ row ∈ xs, row.length = c) → (∀ row ∈ ys, row.length = c) →
      ∀ row ∈ append xs ys, row.length = c := by
    intro xs ys c hx hy row hr
    rw [append_eq] at hr
    rcases List.mem_append.mp hr with hr | hr
    · exact hx row hr
    · exact hy row hr
  have count : ∀ {xs ys : List (List Dyadic)}, xs.length = first.inputs.length → ys.length = second.inputs.length →
      (append xs ys).length = (append first.inputs second.inputs).length := by
    intro xs ys hx hy
    rw [append_eq, append_eq, List.length_append, List.length_append, hx, hy]
  have some : 0 < (append first.inputs second.inputs).length := by
    rw [append_eq, List.length_append]; have := h1.nonempty; omega
  unfold joinRows at h
  dsimp only at h
  split at h
  · rw [← Except.ok.inj h]
    exact ⟨some, rows h1.inputs h2.inputs, count h1.teacher h2.teacher, rows h1.teacherRows h2.teacherRows,
      count h1.predictions h2.predictions, rows h1.predictionRows h2.predictionRows, fun values hv => (by cases hv),
      fun values hv => (by cases hv)⟩
  · next a b ha hb =>
    rw [← Except.ok.inj h]
    refine ⟨some, rows h1.inputs h2.inputs, count h1.teacher h2.teacher, rows h1.teacherRows h2.teacherRows,
      count h1.predictions h2.predictions, rows h1.predictionRows h2.predictionRows, fun values hv => ?_, fun values hv => ?_⟩
    · rw [← Option.some.inj hv]; exact count (h1.labels a ha) (h2.labels b hb)
    · rw [← Option.some.inj hv]; exact rows (h1.labelRows a ha) (h2.labelRows b hb)
  · cases h

private theorem shapes_of_joinShards {split : String} {model : Model} (shards : List Rows) {later : Option Rows} {joined : Option Rows}
    (h : joinShards split shards later = Except.ok joined) (each : ∀ rows ∈ shards, RowShapes model rows)
    (first : ∀ rows, later = some rows → RowShapes model rows) : ∀ rows, joined = some rows → RowShapes model rows := by
  induction shards generalizing later with
  | nil =>
    have e : later = joined := by
      cases later <;> exact Except.ok.inj h
    rw [← e]; exact first
  | cons shard shards ih =>
    cases later with
    | none =>
      exact ih h (fun rows hr => each rows (List.mem_cons_of_mem _ hr)) fun rows hr => by
        rw [← Option.some.inj hr]; exact each shard List.mem_cons_self
    | some later =>
      obtain ⟨both, h1, h⟩ := bind_ok h
      refine ih h (fun rows hr => each rows (List.mem_cons_of_mem _ hr)) fun rows hr => ?_
      rw [← Option.some.inj hr]
      exact shapes_of_joinRows h1 (each shard List.mem_cons_self) (first later rfl)

/-- **Every certificate that is put together from array files has the shapes of the format**, whatever bytes the files hold.

That `loadAll`, which reads the files in `IO`, takes them by `addFile` one after another as `addFiles` does, is seen in its text, not
proved. Nor is anything said of the names, digests and headers of files. -/
theorem shaped_of_assemble {document : Document} {claimed : String → Bool} {files : List (FileEntry × ArrayFile)} {shards : Shards}
    {certificate : Certificate} {exports : Exports} (added : addFiles document.basis claimed files ⟨none, [], [], [], []⟩ = Except.ok shards)
    (h : assemble document shards = Except.ok (certificate, exports)) : certificate.Shaped := by
  have shaped := shaped_of_addFiles files (before := ⟨none, [], [], [], []⟩)
    ⟨fun _ h => (by cases h), fun _ h => absurd h List.not_mem_nil, fun _ h => absurd h List.not_mem_nil⟩ added
  unfold assemble at h
  obtain ⟨_, _, h⟩ := bind_ok h
  obtain ⟨train, h1, h⟩ := bind_ok h
  obtain ⟨holdout, h2, h⟩ := bind_ok h
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
      have same : ∀ other, shards.model = some other → other = (model, fit) := fun other ho => by
        rw [found] at ho; exact (Option.some.inj ho).symm
      refine ⟨shaped.model _ found, ?_, ?_⟩
      · refine shapes_of_joinShards shards.train h1 (fun rows hr => ?_) (fun _ h => by cases h) _ rfl
        obtain ⟨other, ho, shapes⟩ := shaped.train rows hr
        rw [same other ho] at shapes; exact shapes
      · refine shapes_of_joinShards shards.holdout h2 (fun rows hr => ?_) (fun _ h => by cases h)
        obtain ⟨other, ho, shapes⟩ := shaped.holdout rows hr
        rw [same other ho] at shapes; exact shapes

end Eigenstill.Checker
