/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FlooredRows
public import Eigenstill.Claims.Sound.Operator

/-!
# The checks of `basis` and `eckart_young` are sound, from the rows on

* `flooredBasis_spec`: `C_ik` is the floor of `2^p φ_k(x_i)`, in every ordered field.
* `sumsOf_flooredBasis`: the pass over the rows computes the column sums and the Gram matrix of `C`.
* `basis_of_check`, `eckartYoung_of_check`: **the claims, about the operator of the certificate's rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {certificate : Certificate}

/-- **The pass over the rows computes the column sums and the Gram matrix of `C_ik = ⌊2^p φ_k(x_i)⌋`.** -/
theorem sumsOf_flooredBasis (shaped : certificate.Shaped) {sums : RowSums} (pass : scan certificate = Except.ok sums) :
    SumsOf sums (certificate.flooredBasis certificate.train.inputs) certificate.train.inputs.length certificate.basisSize := by
  have h := sumsOf_scan pass fun x hx => length_flooredRow shaped.model shaped.train.inputs hx
  have entry : ∀ {i k : Nat}, i < certificate.train.inputs.length → k < certificate.basisSize →
      rowEntry certificate certificate.train i k = certificate.flooredBasis certificate.train.inputs i k :=
    fun hi hk => rowEntry_eq shaped.model shaped.train.inputs hi hk
  refine ⟨h.rows, h.columns, fun k hk => ?_, h.gramRows, h.gramColumns, fun k l hk hl => ?_⟩
  · rw [h.columnSums k hk]
    exact sumTo_congr fun i hi => entry hi hk
  · rw [h.gram k l hk hl]
    exact sumTo_congr fun i hi => by rw [entry hi hk, entry hi hl]

theorem metricShapes (shaped : certificate.Shaped) : MetricShapes certificate.model certificate.basisSize := by
  have model := shaped.model
  refine ⟨fun row hr => ?_, ?_⟩
  · rw [model.metricRows row hr, model.metric]
  · rw [model.metric, model.linearMetric]; rfl

theorem scan_of_exact {pair : RowSums × Operator} (h : (prepare certificate).exact = Except.ok pair) :
    scan certificate = Except.ok pair.1 := by
  unfold prepare at h
  dsimp only at h
  cases hs : scan certificate with
  | error rejected => rw [hs] at h; cases h
  | ok sums => rw [hs] at h; cases h; rfl

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **`C_ik ≤ 2^p φ_k(x_i) < C_ik + 1` in every ordered field**, for the inputs of some rows. -/
theorem flooredBasis_spec (model : ModelShapes certificate.basis certificate.model) {rows : Rows}
    (shapes : RowShapes certificate.model rows) {i k : Nat} (hi : i < rows.inputs.length) (hk : k < certificate.basisSize) :
    (certificate.flooredBasis rows.inputs i k : K) ≤ 2 ^ certificate.basis.gridBits * certificate.basisFunction K k (rows.inputs.getD i [])
    ∧ 2 ^ certificate.basis.gridBits * certificate.basisFunction K k (rows.inputs.getD i [])
      < (certificate.flooredBasis rows.inputs i k : K) + 1 := by
  rw [← rowEntry_eq model shapes.inputs hi hk]
  exact isFloor_flooredRow model shapes.inputs (by rw [getD_below _ hi]; exact List.getElem_mem hi) hk

/-- **If the check of `basis` gives numbers, then the trace is the squared Frobenius norm of the operator of the training rows, and
more than 0.** The operator is `A = 2^-p (C - 1 cᵀ) T` with `C_ik = ⌊2^p φ_k(x_i)⌋` (`flooredBasis_spec`), the basis functions being
those of the certificate's landmarks and scales. Nothing is said of where they come from. -/
theorem basis_of_check (shaped : certificate.Shaped) {numbers : BasisNumbers}
    (h : checkBasis (prepare certificate) = Except.ok numbers) : BasisHolds (certificate.basisOperator K) numbers := by
  cases exact : (prepare certificate).exact with
  | error rejected => unfold checkBasis at h; rw [exact] at h; cases h
  | ok pair =>
    have pass := scan_of_exact exact
    exact basis_of_sums pass (sumsOf_flooredBasis shaped pass) (metricShapes shaped) h

/-- **If the check of `eckart_young` gives numbers, then at each recorded rank no product `X Y` is nearer to the operator of the
training rows than `lower`, and one is as near as `upper`**, in squared Frobenius norm. The operator is as in `basis_of_check`: the
bound is about the basis at the rows, not about the network. -/
theorem eckartYoung_of_check (shaped : certificate.Shaped) {witness : EckartYoungWitness} {numbers : EckartYoungNumbers}
    (h : checkEckartYoung (prepare certificate) witness = Except.ok numbers) :
    EckartYoungHolds (certificate.basisOperator K) numbers := by
  cases exact : (prepare certificate).exact with
  | error rejected =>
    unfold checkEckartYoung at h
    simp only [bind, Except.bind, pure, Except.pure] at h
    cases hs : requireSigns (prepare certificate).certificate.model witness with
    | error e => rw [hs] at h; cases h
    | ok _ => rw [hs, exact] at h; cases h
  | ok pair =>
    have pass := scan_of_exact exact
    have model := shaped.model
    exact eckartYoung_of_sums pass (sumsOf_flooredBasis shaped pass) (metricShapes shaped) model.excess model.eigenvectors
      model.factor model.factorRows h

end

end

end Eigenstill.Claims
