/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix

/-!
# Positive semidefinite matrices

How a finite computation proves `xᵀ W x ≥ 0` for every `x`.

* `psd_of_diagonallyDominant`: a symmetric matrix whose diagonal dominates its rows.
* `psd_of_near_scalar`: a symmetric matrix `E` with every absolute row sum of `E - sI` at most `s`.
* `psd_of_factor`: `W = L Lᵀ + E` with such an `E`; `psd_of_intFactor` is the same for integers, cast into the field.
* `quad_le_of_rows`: Gershgorin, `|xᵀ E x| ≤ δ |x|²` from absolute row sums.
* `normSq_comb_ge`, `normSq_comb_le`, `bessel_of_nearlyOrthonormal`: what near orthonormality gives.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-- `xᵀ M x ≥ 0` for every `x`. Symmetry is not part of it. -/
def Psd {K : Type u} [CommRing K] [LE K] {n : Nat} (M : Mat K n n) : Prop := ∀ x, 0 ≤ quad M x

section dominance
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n p q : Nat}

/-- The sum of the absolute values in row `i`, the diagonal left out. -/
def offDiagonal (E : Mat K n n) (i : Fin n) : K := sum n fun j => if i = j then 0 else absVal (E i j)

/-- In every row the diagonal entry is at least the sum of the absolute values of the others. -/
def DiagonallyDominant (E : Mat K n n) : Prop := ∀ i, sum n (fun j => if i = j then 0 else absVal (E i j)) ≤ E i i

/-- One pair of entries: `2 x e y ≥ -|e| (x² + y²)`. -/
private theorem two_mul_ge (x y e : K) : -(absVal e * x ^ 2 + absVal e * y ^ 2) ≤ 2 * (x * e * y) := by
  have a := OrderedRing.mul_nonneg (a := absVal e + e) (b := (x + y) ^ 2)
    (by have := neg_le_absVal e; grind) OrderedRing.sq_nonneg
  have b := OrderedRing.mul_nonneg (a := absVal e - e) (b := (x - y) ^ 2)
    (by have := le_absVal e; grind) OrderedRing.sq_nonneg
  grind

/-- **A symmetric diagonally dominant matrix is positive semidefinite.** Ties are allowed: the form may vanish. Says
nothing about matrices that are psd without being dominant. Source: Gershgorin 1931. -/
theorem psd_of_diagonallyDominant {E : Mat K n n} (hs : Symmetric E) (hd : DiagonallyDominant E) : Psd E := by
  intro x
  -- `T` compares: the diagonal of `E`, minus absolute values elsewhere; its rows sum to something nonnegative.
  let T : Mat K n n := fun i j => if i = j then E i i else -absVal (E i j)
  have hT : ∀ i j, T i j = T j i := by
    intro i j; show (if i = j then _ else _) = if j = i then _ else _
    by_cases h : i = j
    · subst h; rfl
    · rw [if_neg h, if_neg (Ne.symm h), hs i j]
  have hr : ∀ i, 0 ≤ sum n fun j => T i j := by
    intro i
    have e : (fun j => T i j) = fun j => E i i * ident i j + (-1) * (if i = j then 0 else absVal (E i j)) := by
      funext j; show (if i = j then _ else _) = _; unfold ident
      by_cases h : i = j
      · subst h; simp only [if_true]; grind
      · rw [if_neg h, if_neg h, if_neg (by omega)]; grind
    have h1 := hd i
    have h2 := sum_ident n i (fun _ => E i i)
    rw [e, sum_lin, h2]; grind
  have h1 : sum n (fun i => sum n fun j => x i ^ 2 * T i j) + sum n (fun j => sum n fun i => x i ^ 2 * T i j)
      ≤ 2 * quad E x := by
    rw [quad_eq_sum, ← sum_mul, ← sum_add]
    refine sum_le _ _ _ fun i => ?_
    rw [← sum_mul, ← sum_add]
    refine sum_le _ _ _ fun j => ?_
    rw [← hT i j]; show _ * (if i = j then _ else _) + _ * (if i = j then _ else _) ≤ _
    by_cases h : i = j
    · subst h; simp only [if_true]; grind
    · rw [if_neg h]; have := two_mul_ge (x i) (x j) (E i j); grind
  rw [← sum_comm n n fun i j => x i ^ 2 * T i j] at h1
  have h2 : 0 ≤ sum n fun i => sum n fun j => x i ^ 2 * T i j := sum_nonneg _ _ fun i => by
    rw [sum_mul]; exact OrderedRing.mul_nonneg OrderedRing.sq_nonneg (hr i)
  clear hr hT hd; grind

/-- Absolute row sums of `E - sI` within `s` make `E` diagonally dominant. -/
theorem diagonallyDominant_of_near_scalar {E : Mat K n n} {s : K}
    (h : ∀ i, sum n (fun j => absVal (E i j - s * ident i j)) ≤ s) : DiagonallyDominant E := by
  intro i
  have e : sum n (fun j => absVal (E i j - s * ident i j))
      = sum n (fun j => if i = j then 0 else absVal (E i j)) + absVal (E i i - s) := by
    have h2 := sum_ident n i (fun _ => absVal (E i i - s))
    rw [← h2, ← sum_add]; refine sum_congr fun j => ?_
    by_cases hj : i = j
    · subst hj; rw [if_pos rfl, ident_self]; grind
    · rw [if_neg hj, show (ident i j : K) = 0 by unfold ident; rw [if_neg (by omega)]]
      rw [show E i j - s * 0 = E i j by grind]; grind
  have h1 := h i; rw [e] at h1
  have := neg_le_absVal (E i i - s); clear h; grind

/-- **A symmetric `E` with every absolute row sum of `E - sI` at most `s` is positive semidefinite.** -/
theorem psd_of_near_scalar {E : Mat K n n} {s : K} (hs : Symmetric E)
    (h : ∀ i, sum n (fun j => absVal (E i j - s * ident i j)) ≤ s) : Psd E :=
  psd_of_diagonallyDominant hs (diagonallyDominant_of_near_scalar h)

/-- **`W = L Lᵀ + E` is positive semidefinite when `E` is symmetric and diagonally dominant.** `L` is any matrix with any
number of columns: nothing is assumed of it, so a rounded Cholesky factor serves. Row `i` of `L` is `L i`. -/
theorem psd_of_factor {W E : Mat K n n} (L : Mat K n q) (hW : ∀ i j, W i j = dot (L i) (L j) + E i j)
    (hs : Symmetric E) (hd : DiagonallyDominant E) : Psd W := by
  intro x
  have e : W = fun i j => gram (fun k i => L i k) i j + E i j := by funext i j; rw [hW]; rfl
  rw [e, quad_add, quad_gram]
  have h1 := psd_of_diagonallyDominant hs hd x
  have h2 : 0 ≤ normSq (mulVec (fun k i => L i k) x) := by
    rw [normSq_eq]; exact sum_nonneg _ _ fun k => OrderedRing.sq_nonneg
  grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- Integer matrices cast entry by entry. -/
theorem intCast_dot (x y : Fin n → Int) : ((dot x y : Int) : K) = dot (fun i => (x i : K)) fun i => (y i : K) := by
  unfold dot; rw [intCast_sum]; refine sum_congr fun i => ?_; rw [Ring.intCast_mul]

/-- **An integer certificate `W = L Lᵀ + E`, `E` symmetric and diagonally dominant, proves the cast of `W` positive
semidefinite over every ordered commutative ring.** All hypotheses are about integers, so they can be evaluated. -/
theorem psd_of_intFactor {W E : Mat Int n n} (L : Mat Int n q) (hW : ∀ i j, W i j = dot (L i) (L j) + E i j)
    (hs : ∀ i j, E i j = E j i) (hd : ∀ i, sum n (fun j => if i = j then 0 else ((E i j).natAbs : Int)) ≤ E i i) :
    Psd fun i j => (W i j : K) := by
  refine psd_of_factor (E := fun i j => (E i j : K)) (fun i k => (L i k : K)) ?_ ?_ ?_
  · intro i j; rw [hW, Ring.intCast_add, intCast_dot]
  · intro i j; show ((E i j : Int) : K) = E j i; rw [hs]
  · intro i
    have h1 := intCast_le (K := K) (hd i)
    rw [intCast_sum] at h1
    rw [sum_congr (g := fun j => ((if i = j then 0 else ((E i j).natAbs : Int) : Int) : K)) fun j => ?_]
    · exact h1
    · dsimp only; by_cases h : i = j
      · rw [if_pos h, if_pos h, Ring.intCast_zero]
      · rw [if_neg h, if_neg h, absVal_intCast]

/-- **Gershgorin, upper form: `xᵀ E x ≤ δ |x|²` when every absolute row sum of the symmetric `E` is at most `δ`.** -/
theorem quad_le_of_rows {E : Mat K n n} {δ : K} (hs : Symmetric E) (h : ∀ i, sum n (fun j => absVal (E i j)) ≤ δ)
    (x : Vec K n) : quad E x ≤ δ * normSq x := by
  have key := psd_of_near_scalar (E := fun i j => (-1) * E i j + δ * ident i j) (s := δ)
    (fun i j => by dsimp only; rw [hs i j, ident_comm]) (fun i => by
      rw [sum_congr (g := fun j => absVal (E i j)) fun j => by
        dsimp only; rw [← absVal_neg (E i j)]; congr 1; grind]
      exact h i) x
  have e : (fun i j => (-1) * E i j + δ * ident i j) = fun i j => δ * ident i j + (-1) * E i j := by
    funext i j; grind
  have e0 : quad (fun i j => δ * (ident i j : K)) x = δ * normSq x := by
    have := quad_lin δ (fun _ _ => (0 : K)) ident x
    have z := quad_lin (-1) E E x
    rw [show (fun i j => E i j + -1 * E i j) = fun _ _ => (0 : K) by funext i j; grind] at z
    rw [show (fun i j => (0 : K) + δ * ident i j) = fun i j => δ * (ident i j : K) by funext i j; grind,
      quad_ident] at this
    grind
  rw [e, quad_lin, e0] at key; grind

/-- **Gershgorin, lower form: `xᵀ E x ≥ -δ |x|²`.** -/
theorem quad_ge_of_rows {E : Mat K n n} {δ : K} (hs : Symmetric E) (h : ∀ i, sum n (fun j => absVal (E i j)) ≤ δ)
    (x : Vec K n) : -(δ * normSq x) ≤ quad E x := by
  have key := quad_le_of_rows (E := fun i j => -E i j) (δ := δ) (fun i j => by dsimp only; rw [hs i j])
    (fun i => by rw [sum_congr fun j => absVal_neg (E i j)]; exact h i) x
  have z := quad_add E (fun i j => -E i j) x
  rw [show (fun i j => E i j + -E i j) = fun i j => E i j - E i j by funext i j; grind, quad_sub] at z
  grind

end dominance

/-! ## Nearly orthonormal families -/

section nearly
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n p : Nat} {δ : K}
  {V : Fin p → Vec K n}

/-- The Gram matrix of the family, minus the identity. -/
private def defect (V : Fin p → Vec K n) : Mat K p p := fun k l => dot (V k) (V l) - ident k l

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem normSq_comb_defect (V : Fin p → Vec K n) (x : Vec K p) :
    normSq (comb x V) = normSq x + quad (defect V) x := by
  have e : (fun k l => dot (V k) (V l)) = fun k l => ident k l + defect V k l := by
    funext k l; unfold defect; grind
  rw [normSq_comb, e, quad_add, quad_ident]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem defect_symmetric (V : Fin p → Vec K n) : Symmetric (defect V) := fun k l => by
  unfold defect; rw [dot_comm, ident_comm]

/-- `|Σ x_k v_k|² ≤ (1 + δ) |x|²`. -/
theorem normSq_comb_le (hV : NearlyOrthonormal δ V) (x : Vec K p) : normSq (comb x V) ≤ (1 + δ) * normSq x := by
  have h1 := quad_le_of_rows (defect_symmetric V) (fun k => hV k) x
  rw [normSq_comb_defect]; clear hV; grind

/-- `|Σ x_k v_k|² ≥ (1 - δ) |x|²`: with `δ < 1` the family is linearly independent. -/
theorem normSq_comb_ge (hV : NearlyOrthonormal δ V) (x : Vec K p) : (1 - δ) * normSq x ≤ normSq (comb x V) := by
  have h1 := quad_ge_of_rows (defect_symmetric V) (fun k => hV k) x
  rw [normSq_comb_defect]; clear hV; grind

/-- **A nearly orthonormal family with `δ < 1` is linearly independent.** -/
theorem eq_zero_of_comb_eq_zero (hV : NearlyOrthonormal δ V) (hδ : δ < 1) (x : Vec K p)
    (h : comb x V = fun _ => 0) : x = fun _ => 0 := by
  have h1 := normSq_comb_ge hV x
  rw [h, normSq_zero] at h1
  have h2 := normSq_nonneg x
  have h3 : normSq x ≤ 0 := le_of_mul_le_mul (c := 1 - δ) (by clear hV; grind) (by clear hV; grind)
  exact eq_zero_of_normSq_eq_zero x (by clear hV; grind)

/-- **Bessel's inequality for a nearly orthonormal family: `Σ (v_k · x)² ≤ (1 + δ) |x|²`.** No bound on `δ` is needed;
with `δ = 0` it is Bessel's own. -/
theorem bessel_of_nearlyOrthonormal (hV : NearlyOrthonormal δ V) (hδ : 0 ≤ δ) (x : Vec K n) :
    sum p (fun k => dot (V k) x ^ 2) ≤ (1 + δ) * normSq x := by
  -- with `c_k = v_k · x` and `y = Σ c_k v_k`:  0 ≤ |(1+δ) x - y|² ≤ (1+δ) ((1+δ)|x|² - Σ c_k²)
  let c : Vec K p := fun k => dot (V k) x
  have hS : sum p (fun k => dot (V k) x ^ 2) = normSq c := (normSq_eq c).symm
  have hy := normSq_comb_le hV c
  have hxy : dot x (comb c V) = normSq c := by
    rw [dot_comb_right]; refine sum_congr fun k => ?_; show c k * dot x (V k) = c k * c k; rw [dot_comm]
  have h0 := normSq_nonneg (fun j => comb c V j + (-(1 + δ)) * x j)
  rw [normSq_lin, dot_comm, hxy] at h0
  rw [hS]
  generalize normSq c = S at *; generalize normSq (comb c V) = Y at *; generalize normSq x = X at *
  clear hV hS hxy c
  exact le_of_mul_le_mul (c := 1 + δ) (by grind) (by grind)

end nearly

end Eigenstill
