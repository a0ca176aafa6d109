/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.EckartYoung

/-!
# Shrinkage: how much of each mode to keep

`risk l a h = l (1 - h)² + a h²` prices keeping the fraction `h` of a mode: `l` what is lost by dropping it, `a` what is
paid for keeping it. `filter l a = l / (l + a)`.

* `risk_filter_le`, `eq_filter_of_risk_le`: the filter is the one minimiser; `risk_filter` its price.
* `sum_risk_filter_le`: all modes at once. `ridge_eigenbasis_le`, `eq_ridge_of_le`: ridge regression in its eigenbasis;
  `ridgeObjective_singular` says that it is ridge regression.
* `meanRisk_eq`: where the price comes from: signal plus uncorrelated noise in a finite probability space (Bayes form).
* `filter_le_filter_of_le`, `filter_le_filter_of_ge`, `half_le_filter_iff`: `h` grows with `l`, falls with `a`, is a half
  at `l = a`: the reading of the spectrum as a temperature.
* `ridgeObjective_le`: on the span of `V`, the objective of any `w` is near the least one, by its gradient.

Source: Tikhonov 1963; Hoerl and Kennard, Technometrics 12 (1970); James-Stein shrinkage in its Bayes reading.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section one
variable {K : Type u} [Field K]

/-- The price of keeping the fraction `h` of one mode. -/
def risk (l a h : K) : K := l * (1 - h) ^ 2 + a * h ^ 2

/-- Tikhonov's filter of one mode: the kept fraction. -/
def filter (l a : K) : K := l / (l + a)

/-- Completing the square. -/
theorem risk_eq (l a h : K) (h0 : l + a ≠ 0) :
    risk l a h = l * a / (l + a) + (l + a) * (h - filter l a) ^ 2 := by unfold risk filter; grind

/-- **The price at the filter is `l a / (l + a)`.** -/
theorem risk_filter (l a : K) (h0 : l + a ≠ 0) : risk l a (filter l a) = l * a / (l + a) := by
  rw [risk_eq l a _ h0]; grind

/-- Ridge regression in its eigenbasis: singular values `s_k`, the target's coefficients `c_k`, weights `w_k`, what of the
target lies outside the modes `rest`. -/
def ridgeModes {p : Nat} (s c : Vec K p) (α rest : K) (w : Vec K p) : K :=
  rest + sum p fun k => (c k - s k * w k) ^ 2 + α * w k ^ 2

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **No kept fraction is cheaper than the filter.** Needs only `0 < l + a`, so it covers a mode with `l = 0`; `h` may be
any number, also outside `[0, 1]`. Says nothing of test error, nor of how `a` was chosen. -/
theorem risk_filter_le (l a h : K) (pos : 0 < l + a) : risk l a (filter l a) ≤ risk l a h := by
  rw [risk_filter l a (by grind), risk_eq l a h (by grind)]
  have := OrderedRing.mul_nonneg (a := l + a) (b := (h - filter l a) ^ 2) (by grind) OrderedRing.sq_nonneg
  grind

/-- **Only the filter is as cheap as the filter: the minimiser is unique.** -/
theorem eq_filter_of_risk_le (l a h : K) (pos : 0 < l + a) (hle : risk l a h ≤ risk l a (filter l a)) :
    h = filter l a := by
  rw [risk_filter l a (by grind), risk_eq l a h (by grind)] at hle
  have h1 := OrderedRing.mul_nonneg (a := l + a) (b := (h - filter l a) ^ 2) (by grind) OrderedRing.sq_nonneg
  have h2 : (l + a) * (h - filter l a) ^ 2 = 0 := by grind
  grind

/-- The filter lies between 0 and 1. -/
theorem filter_nonneg {l a : K} (hl : 0 ≤ l) (pos : 0 < l + a) : 0 ≤ filter l a := div_nonneg hl pos

theorem filter_le_one {l a : K} (ha : 0 ≤ a) (pos : 0 < l + a) : filter l a ≤ 1 := by
  unfold filter; rw [div_le_iff pos]; grind

/-- **Stronger modes are kept more: the filter increases with `l`.** -/
theorem filter_le_filter_of_le {l l' a : K} (ha : 0 ≤ a) (pos : 0 < l + a) (h : l ≤ l') :
    filter l a ≤ filter l' a := by
  unfold filter; rw [div_le_div_iff pos (by grind)]
  have := OrderedRing.mul_le_mul_of_nonneg_right h ha; grind

/-- **Strictly, when `a > 0`.** -/
theorem filter_lt_filter_of_lt {l l' a : K} (ha : 0 < a) (pos : 0 < l + a) (h : l < l') :
    filter l a < filter l' a := by
  unfold filter; rw [div_lt_div_iff pos (by grind)]
  have := OrderedRing.mul_pos (a := l' - l) (b := a) (by grind) ha; grind

/-- **A larger ridge keeps less: the filter decreases with `a`.** -/
theorem filter_le_filter_of_ge {l a a' : K} (hl : 0 ≤ l) (pos : 0 < l + a) (h : a ≤ a') :
    filter l a' ≤ filter l a := by
  unfold filter; rw [div_le_div_iff (by grind) pos]
  have := OrderedRing.mul_le_mul_of_nonneg_left h hl; grind

/-- **Strictly, when `l > 0`.** -/
theorem filter_lt_filter_of_gt {l a a' : K} (hl : 0 < l) (pos : 0 < l + a) (h : a < a') :
    filter l a' < filter l a := by
  unfold filter; rw [div_lt_div_iff (by grind) pos]
  have := OrderedRing.mul_pos (a := l) (b := a' - a) hl (by grind); grind

/-- **A mode is kept at least by half exactly when `l ≥ a`**: what `K*` counts. -/
theorem half_le_filter_iff {l a : K} (pos : 0 < l + a) : 1 ≤ 2 * filter l a ↔ a ≤ l := by
  have e : (l + a) * (2 * filter l a) = 2 * l := by unfold filter; grind
  constructor
  · intro h; have := OrderedRing.mul_le_mul_of_nonneg_left h (c := l + a) (by grind); grind
  · intro h; exact le_of_mul_le_mul pos (by grind)

end one

/-! ## All modes at once -/

section modes
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {p : Nat}

/-- **The filter in every mode minimises the total price**, each mode with its own `l_k`, `a_k`. -/
theorem sum_risk_filter_le (l a h : Vec K p) (pos : ∀ k, 0 < l k + a k) :
    sum p (fun k => risk (l k) (a k) (filter (l k) (a k))) ≤ sum p fun k => risk (l k) (a k) (h k) :=
  sum_le _ _ _ fun k => risk_filter_le _ _ _ (pos k)

/-- **Only the filter in every mode attains it.** -/
theorem eq_filter_of_sum_risk_le (l a h : Vec K p) (pos : ∀ k, 0 < l k + a k)
    (hle : sum p (fun k => risk (l k) (a k) (h k)) ≤ sum p fun k => risk (l k) (a k) (filter (l k) (a k))) (k : Fin p) :
    h k = filter (l k) (a k) := by
  have h1 : ∀ k, 0 ≤ risk (l k) (a k) (h k) - risk (l k) (a k) (filter (l k) (a k)) := fun k => by
    have := risk_filter_le (l k) (a k) (h k) (pos k); clear hle pos; grind
  have h2 := sum_nonneg _ _ h1
  have h3 := eq_zero_of_sum_eq_zero _ _ h1 (by rw [sum_sub] at *; clear h1 pos; grind) k
  exact eq_filter_of_risk_le _ _ _ (pos k) (by clear h1 h2 hle pos; grind)

/-- One term of it, completed to a square. -/
private theorem ridge_term (s c α w : K) (h0 : s ^ 2 + α ≠ 0) :
    (c - s * w) ^ 2 + α * w ^ 2 = (1 - filter (s ^ 2) α) * c ^ 2 + (s ^ 2 + α) * (w - s * c / (s ^ 2 + α)) ^ 2 := by
  unfold filter; grind

/-- **Ridge regression, in its eigenbasis, keeps the fraction `filter (s_k²) α` of each coefficient: no weights give a
smaller objective than `w_k = s_k c_k / (s_k² + α)`, whose fit is `s_k w_k = filter (s_k²) α · c_k`.** -/
theorem ridge_eigenbasis_le (s c w : Vec K p) (α rest : K) (pos : ∀ k, 0 < s k ^ 2 + α) :
    ridgeModes s c α rest (fun k => s k * c k / (s k ^ 2 + α)) ≤ ridgeModes s c α rest w := by
  unfold ridgeModes
  have : sum p (fun k => (c k - s k * (s k * c k / (s k ^ 2 + α))) ^ 2 + α * (s k * c k / (s k ^ 2 + α)) ^ 2)
      ≤ sum p fun k => (c k - s k * w k) ^ 2 + α * w k ^ 2 := by
    refine sum_le _ _ _ fun k => ?_
    have hk := pos k
    rw [ridge_term _ _ _ (w k) (by clear pos; grind), ridge_term _ _ _ (s k * c k / _) (by clear pos; grind)]
    have := OrderedRing.mul_nonneg (a := s k ^ 2 + α) (b := (w k - s k * c k / (s k ^ 2 + α)) ^ 2)
      (by clear pos; grind) OrderedRing.sq_nonneg
    clear pos; grind
  clear pos; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- The fit of the ridge weights is the filter times the coefficient. -/
theorem ridge_fit_eq_filter (s c α : K) : s * (s * c / (s ^ 2 + α)) = filter (s ^ 2) α * c := by
  unfold filter; grind

/-- **The ridge weights are the only minimiser.** -/
theorem eq_ridge_of_le (s c w : Vec K p) (α rest : K) (pos : ∀ k, 0 < s k ^ 2 + α)
    (hle : ridgeModes s c α rest w ≤ ridgeModes s c α rest fun k => s k * c k / (s k ^ 2 + α)) (k : Fin p) :
    w k = s k * c k / (s k ^ 2 + α) := by
  have h1 : ∀ k, 0 ≤ ((c k - s k * w k) ^ 2 + α * w k ^ 2)
      - ((c k - s k * (s k * c k / (s k ^ 2 + α))) ^ 2 + α * (s k * c k / (s k ^ 2 + α)) ^ 2) := fun k => by
    have hk := pos k
    rw [ridge_term _ _ _ (w k) (by clear pos; grind), ridge_term _ _ _ (s k * c k / _) (by clear pos; grind)]
    have := OrderedRing.mul_nonneg (a := s k ^ 2 + α) (b := (w k - s k * c k / (s k ^ 2 + α)) ^ 2)
      (by clear pos; grind) OrderedRing.sq_nonneg
    clear pos hle; grind
  have h2 := sum_nonneg _ _ h1
  unfold ridgeModes at hle
  have h3 := eq_zero_of_sum_eq_zero _ _ h1 (by rw [sum_sub] at *; clear h1 pos; grind) k
  have hk := pos k
  rw [ridge_term _ _ _ (w k) (by clear pos; grind), ridge_term _ _ _ (s k * c k / _) (by clear pos; grind)] at h3
  clear h1 h2 hle pos
  generalize s k * c k / (s k ^ 2 + α) = t at *; generalize s k ^ 2 + α = d at *
  have : (w k - t) ^ 2 = 0 := by grind
  grind

end modes

/-! ## Where the price comes from -/

section bayes
variable {K : Type u} [Field K] {N : Nat}

/-- **Bayes form: over `N` outcomes with weights `P`, a signal `c` and a noise `e` uncorrelated with it,
`mean (c - h (c + e))² = risk (mean c²) (mean e²) h`.** With prior variance `mean c²` proportional to the eigenvalue,
`τ λ`, and noise variance `σ²`, the minimiser is `filter λ (σ²/τ)` (`filter_scale`). The weights need not add up to 1; that
signal and noise are uncorrelated, and that the prior is proportional to `λ`, are assumptions about the world and are
certified by nobody. -/
theorem meanRisk_eq (P c e : Vec K N) (h : K) (uncorrelated : sum N (fun i => P i * (c i * e i)) = 0) :
    sum N (fun i => P i * (c i - h * (c i + e i)) ^ 2)
      = risk (sum N fun i => P i * c i ^ 2) (sum N fun i => P i * e i ^ 2) h := by
  have e1 : sum N (fun i => P i * (c i - h * (c i + e i)) ^ 2)
      = sum N (fun i => ((1 - h) ^ 2 * (P i * c i ^ 2) + h ^ 2 * (P i * e i ^ 2))
        + (-(2 * (1 - h) * h)) * (P i * (c i * e i))) := sum_congr fun i => by grind
  rw [e1, sum_lin, uncorrelated, sum_add, sum_mul, sum_mul]; unfold risk; grind

/-- Prior variance `τ λ` and noise `σ²` give the filter with ridge `σ²/τ`. -/
theorem filter_scale (l τ v : K) (hτ : τ ≠ 0) : filter (τ * l) v = filter l (v / τ) := by
  unfold filter
  by_cases h : l + v / τ = 0
  · have : τ * l + v = 0 := by grind
    rw [h, this]; grind
  · have : τ * l + v ≠ 0 := by grind
    grind

end bayes

/-! ## Ridge over a span -/

section span
variable {K : Type u} [Field K] {m n p : Nat}

/-- `J(w) = |f - A w|² + α |w|²`. -/
def ridgeObjective (A : Mat K m n) (f : Vec K m) (α : K) (w : Vec K n) : K :=
  normSq (fun i => f i - mulVec A w i) + α * normSq w

/-- The derivative of `J` at `w` in the direction `v`: `2 (α w · v - (f - A w) · A v)`. Along the modes `V` this is the
vector `Vᵀ J'(w)`. -/
def ridgeSlope (A : Mat K m n) (f : Vec K m) (α : K) (w v : Vec K n) : K :=
  2 * (α * dot w v - dot (fun i => f i - mulVec A w i) (mulVec A v))

/-- The objective is quadratic: `J(w + e) = J(w) + J'(w) e + |A e|² + α |e|²`. -/
theorem ridgeObjective_add (A : Mat K m n) (f : Vec K m) (α : K) (w e : Vec K n) :
    ridgeObjective A f α (fun j => w j + e j)
      = ridgeObjective A f α w + ridgeSlope A f α w e + normSq (mulVec A e) + α * normSq e := by
  have e1 : (fun j => w j + e j) = fun j => w j + 1 * e j := by funext j; grind
  have e2 : (fun i => f i - (mulVec A w i + 1 * mulVec A e i))
      = fun i => (f i - mulVec A w i) + (-1) * mulVec A e i := by funext i; grind
  unfold ridgeObjective ridgeSlope
  rw [e1, mulVec_lin, e2, normSq_lin, normSq_lin]; grind

theorem ridgeSlope_comb (A : Mat K m n) (f : Vec K m) (α : K) (w : Vec K n) (g : Vec K p) (V : Fin p → Vec K n) :
    ridgeSlope A f α w (comb g V) = sum p fun k => g k * ridgeSlope A f α w (V k) := by
  unfold ridgeSlope
  rw [dot_comb_right, mulVec_comb, dot_comb_right, ← sum_mul, ← sum_sub, ← sum_mul]
  refine sum_congr fun k => ?_; grind

/-- **With exact singular data, ridge regression over the modes is `ridgeModes`**: `c_k = u_k · f`, and what of `f` lies
outside the modes stays. So `ridge_eigenbasis_le` is a statement about `A` and `f`. -/
theorem ridgeObjective_singular {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U) (hV : Orthonormal V)
    (s w : Vec K p) (f : Vec K m) (α : K) :
    ridgeObjective (singular s U V) f α (comb w V)
      = ridgeModes s (fun k => dot (U k) f) α (normSq f - sum p fun k => dot (U k) f ^ 2) w := by
  have e : mulVec (singular s U V) (comb w V) = comb (fun k => s k * w k) U := by
    rw [mulVec_singular]; congr 1; funext k; rw [dot_comb_of_orthonormal hV]
  unfold ridgeObjective ridgeModes
  rw [e, normSq_sub, normSq_comb_of_orthonormal hU, normSq_comb_of_orthonormal hV, dot_comb_right,
    normSq_eq (fun k => s k * w k), normSq_eq w,
    sum_congr (f := fun k => (dot (U k) f - s k * w k) ^ 2 + α * w k ^ 2)
      (g := fun k => (dot (U k) f ^ 2 + (-2) * (s k * w k * dot f (U k))) + (s k * w k) ^ 2 + α * w k ^ 2)
      fun k => by dsimp only; rw [dot_comm f]; grind, sum_lin, sum_add, sum_lin]
  grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Ridge over the span of nearly orthonormal modes: for every `w` and every `w' = w + Σ g_k v_k`, with `α > 0`,
`δ < 1`: `J(w) ≤ J(w') + |Vᵀ J'(w)|² / (4 α (1 - δ))`.** If `w` is in the span of `V`, such `w'` are the whole span
(`ridgeObjective_le_of_span`). It bounds the objective, not the distance of `w` from the minimiser, and it speaks of no
`w'` outside the span. Source: strong convexity; the constant is sharp where `A` vanishes. -/
theorem ridgeObjective_le (A : Mat K m n) (f : Vec K m) {α δ : K} {V : Fin p → Vec K n} (hα : 0 < α) (hδ : δ < 1)
    (hV : NearlyOrthonormal δ V) (w : Vec K n) (g : Vec K p) :
    ridgeObjective A f α w ≤ ridgeObjective A f α (fun j => w j + comb g V j)
      + normSq (fun k => ridgeSlope A f α w (V k)) / (4 * α * (1 - δ)) := by
  have hβ : 0 < α * (1 - δ) := OrderedRing.mul_pos hα (by clear hV; grind)
  rw [ridgeObjective_add, ridgeSlope_comb]
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left (normSq_comb_ge hV g) (c := α) (by clear hV; grind)
  have h2 := normSq_nonneg (mulVec A (comb g V))
  have h3 := normSq_nonneg (fun k => ridgeSlope A f α w (V k) + (2 * (α * (1 - δ))) * g k)
  have e : dot (fun k => ridgeSlope A f α w (V k)) g = sum p fun k => g k * ridgeSlope A f α w (V k) :=
    sum_congr fun k => by grind
  rw [normSq_lin, e] at h3
  have h4 : 4 * α * (1 - δ) * (normSq (fun k => ridgeSlope A f α w (V k)) / (4 * α * (1 - δ)))
      = normSq fun k => ridgeSlope A f α w (V k) := by clear hV; grind
  generalize normSq (fun k => ridgeSlope A f α w (V k)) / (4 * α * (1 - δ)) = q at *
  generalize normSq (fun k => ridgeSlope A f α w (V k)) = Q at *
  generalize sum p (fun k => g k * ridgeSlope A f α w (V k)) = S at *
  generalize normSq (mulVec A (comb g V)) = Z at *
  generalize normSq (comb g V) = G at *; generalize normSq g = N at *
  clear hV e
  have h5 : 4 * (α * (1 - δ)) * (-q) ≤ 4 * (α * (1 - δ)) * (S + (α * (1 - δ)) * N) := by grind
  have h6 := le_of_mul_le_mul (c := 4 * (α * (1 - δ))) (by grind) h5
  grind

/-- **The same for two points of the span: `w = Σ u_k v_k`, `w' = Σ u'_k v_k`.** -/
theorem ridgeObjective_le_of_span (A : Mat K m n) (f : Vec K m) {α δ : K} {V : Fin p → Vec K n} (hα : 0 < α)
    (hδ : δ < 1) (hV : NearlyOrthonormal δ V) (u u' : Vec K p) :
    ridgeObjective A f α (comb u V) ≤ ridgeObjective A f α (comb u' V)
      + normSq (fun k => ridgeSlope A f α (comb u V) (V k)) / (4 * α * (1 - δ)) := by
  have key := ridgeObjective_le A f hα hδ hV (comb u V) fun k => u' k - u k
  have e : (fun j => comb u V j + comb (fun k => u' k - u k) V j) = comb u' V := by
    funext j; unfold comb; rw [← sum_add]; refine sum_congr fun k => ?_; grind
  rw [e] at key; exact key

end span

end Eigenstill
