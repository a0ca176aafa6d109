/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.WeakDuality

/-!
# Eckart-Young: nothing of rank `r` comes nearer

* `frobDistSq_projection`: the error of `A V Vᵀ`, exactly, for any `V`; `frobDistSq_projection_le`: a bound above from
  `tr VᵀMV` alone, for a nearly orthonormal `V`. With `eckartYoung_ranks` below, this is the certified gap.
* `kyFan_of_certificate`: the same certificate bounds the energy that any `r` orthonormal directions capture.
* `eckartYoung`, `frobDistSq_truncation`, `truncation_eq_matMul`, `kyFan`, `kyFan_attained`: the classical theorem, from
  exact singular data.

Uniqueness is never claimed: with `σ_r = σ_{r+1}` the best approximation is not unique (`Instances`: two best rank-one
approximations of the identity).

Source: Eckart and Young, Psychometrika 1 (1936); Mirsky, Quart. J. Math. 11 (1960); Fan, PNAS 35 (1949).
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-! ## The other side: what a projection loses -/

section projection
variable {K : Type u} [Field K] {m n p : Nat}

/-- The coefficients `A Vᵀ` of the rows of `A` along the modes. -/
def coefficients (A : Mat K m n) (V : Fin p → Vec K n) : Mat K m p := fun i k => dot (A i) (V k)

/-- **The error of `A V Vᵀ`, exactly and for any `V`, with `M = AᵀA`:
`|A - A V Vᵀ|² = tr M - 2 tr(Vᵀ M V) + tr(Vᵀ M V Vᵀ V)`.** It uses `M` and `V` alone; `A V Vᵀ` has rank at most the number
of modes, being a product with that inner dimension. -/
theorem frobDistSq_projection (A : Mat K m n) (V : Fin p → Vec K n) :
    frobDistSq A (matMul (coefficients A V) V)
      = trace (gram A) - 2 * sum p (fun k => quad (gram A) (V k))
        + sum p (fun k => sum p fun l => dot (V k) (mulVec (gram A) (V l)) * dot (V l) (V k)) := by
  have hg : ∀ u v, dot u (mulVec (gram A) v) = dot (mulVec A u) (mulVec A v) := by
    intro u v
    have e : mulVec (gram A) v = comb (mulVec A v) A := by
      funext i; unfold mulVec comb dot gram
      have h1 : ∀ j, sum m (fun k => A k i * A k j) * v j = sum m fun k => A k i * (A k j * v j) := by
        intro j; rw [CommSemiring.mul_comm, ← sum_mul]; refine sum_congr fun k => ?_; grind
      rw [sum_congr h1, sum_comm]; refine sum_congr fun k => ?_; rw [sum_mul]; grind
    rw [e, dot_comb_right]; refine sum_congr fun k => ?_; unfold mulVec; rw [dot_comm u]; grind
  have hrow : ∀ i, normSq (fun j => A i j - matMul (coefficients A V) V i j)
      = normSq (A i) + (-2) * sum p (fun k => mulVec A (V k) i ^ 2)
        + sum p (fun k => sum p fun l => mulVec A (V k) i * mulVec A (V l) i * dot (V l) (V k)) := by
    intro i
    rw [matMul_eq_comb, normSq_sub, normSq_comb, quad_eq_sum, dot_comb_right]
    have e1 : sum p (fun k => coefficients A V i k * dot (A i) (V k)) = sum p fun k => mulVec A (V k) i ^ 2 :=
      sum_congr fun k => by unfold coefficients mulVec; grind
    have e2 : sum p (fun k => sum p fun l => coefficients A V i k * dot (V k) (V l) * coefficients A V i l)
        = sum p (fun k => sum p fun l => mulVec A (V k) i * mulVec A (V l) i * dot (V l) (V k)) :=
      sum_congr fun k => sum_congr fun l => by unfold coefficients mulVec; rw [dot_comm (V k) (V l)]; grind
    rw [e1, e2]; grind
  rw [frobDistSq_eq, sum_congr hrow, sum_add, sum_lin, trace_gram, frobSq_eq]
  have e3 : sum m (fun i => sum p fun k => mulVec A (V k) i ^ 2) = sum p fun k => quad (gram A) (V k) := by
    rw [sum_comm]; refine sum_congr fun k => ?_; rw [quad_gram, normSq_eq]
  have e4 : sum m (fun i => sum p fun k => sum p fun l => mulVec A (V k) i * mulVec A (V l) i * dot (V l) (V k))
      = sum p (fun k => sum p fun l => dot (V k) (mulVec (gram A) (V l)) * dot (V l) (V k)) := by
    rw [sum_comm]; refine sum_congr fun k => ?_
    rw [sum_comm]; refine sum_congr fun l => ?_
    rw [hg, CommSemiring.mul_comm,
      show dot (mulVec A (V k)) (mulVec A (V l)) = sum m fun i => mulVec A (V k) i * mulVec A (V l) i from rfl, ← sum_mul]
    refine sum_congr fun i => ?_; grind
  rw [e3, e4]; grind

end projection

section projectionOrder
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m n p : Nat}

/-- **The error of `A V Vᵀ` from above: if every absolute row sum of `VᵀV - I` is at most `δ`, then
`|A - A V Vᵀ|² ≤ tr M - (1 - δ) tr(Vᵀ M V)` with `M = AᵀA`.** `V` is any such family, of eigenvectors or not, and `δ` of any
size; for the first `r` vectors of a family take `NearlyOrthonormal.castLE`. With `eckartYoung_ranks` it encloses the least
error of rank `r`. It does not say that `A V Vᵀ` is the best product of that rank, nor how far it is from the best one. -/
theorem frobDistSq_projection_le (A : Mat K m n) {V : Fin p → Vec K n} {δ : K} (hV : NearlyOrthonormal δ V) :
    frobDistSq A (matMul (coefficients A V) V)
      ≤ trace (gram A) - (1 - δ) * sum p fun k => quad (gram A) (V k) := by
  have hrow : ∀ i, normSq (fun j => A i j - matMul (coefficients A V) V i j)
      ≤ normSq (A i) + (-(1 - δ)) * sum p fun k => mulVec A (V k) i ^ 2 := by
    intro i
    have h := normSq_comb_le hV (coefficients A V i)
    have e1 : sum p (fun k => coefficients A V i k * dot (A i) (V k)) = normSq (coefficients A V i) := rfl
    have e2 : sum p (fun k => mulVec A (V k) i ^ 2) = normSq (coefficients A V i) := (normSq_eq _).symm
    rw [matMul_eq_comb, normSq_sub, dot_comb_right, e1, e2]
    clear hV; grind
  have e : sum m (fun i => sum p fun k => mulVec A (V k) i ^ 2) = sum p fun k => quad (gram A) (V k) := by
    rw [sum_comm]; refine sum_congr fun k => ?_; rw [quad_gram, normSq_eq]
  have h := sum_le m _ _ hrow
  rw [sum_lin, e] at h
  rw [frobDistSq_eq, trace_gram, frobSq_eq]; clear hV hrow e; grind

end projectionOrder

/-! ## Captured energy -/

section kyfan
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r p : Nat}

/-- **Ky Fan, certificate form: if `e_k ≥ 0` and `Σ e_k v_k v_kᵀ + μI - M` is positive semidefinite, then any `r`
orthonormal directions capture at most `r μ + Σ e_k |v_k|²` of `M`: `Σ_{i<r} y_iᵀ M y_i ≤ r μ + Σ e_k |v_k|²`.** `M` is any
square matrix, `μ` of any sign; the `v_k` need not be orthonormal. Take `e_k = max(d_k - ν, 0)` to sharpen it. -/
theorem kyFan_of_certificate {M : Mat K n n} {V : Fin p → Vec K n} {e : Vec K p} {μ : K} (he : ∀ k, 0 ≤ e k)
    (hW : Psd fun i j => modal e V i j + μ * ident i j - M i j) {Y : Fin r → Vec K n} (hY : Orthonormal Y) :
    sum r (fun i => quad M (Y i)) ≤ r * μ + sum p (fun k => e k * normSq (V k)) := by
  have h1 : sum r (fun i => quad M (Y i)) ≤ sum r fun i => μ + sum p (fun k => e k * dot (V k) (Y i) ^ 2) := by
    refine sum_le _ _ _ fun i => ?_
    have h := hW (Y i)
    rw [quad_sub, quad_lin, quad_ident, quad_modal, normSq_of_orthonormal hY] at h
    clear hW he; grind
  rw [sum_add, sum_const, sum_comm] at h1
  have h2 : sum p (fun k => sum r fun i => e k * dot (V k) (Y i) ^ 2) ≤ sum p fun k => e k * normSq (V k) := by
    refine sum_le _ _ _ fun k => ?_
    rw [sum_mul]
    have b := bessel_of_nearlyOrthonormal (nearlyOrthonormal_of_orthonormal hY) (IsPreorder.le_refl _) (V k)
    refine OrderedRing.mul_le_mul_of_nonneg_left ?_ (he k)
    rw [sum_congr (g := fun i => dot (Y i) (V k) ^ 2) fun i => by rw [dot_comm]]
    clear hW he h1; grind
  clear hW he; grind

end kyfan

/-! ## The classical theorem -/

section classical
variable {K : Type u} [Field K] {m n p : Nat}

/-- The matrix `Σ_k s_k u_k v_kᵀ`. -/
def singular (s : Vec K p) (U : Fin p → Vec K m) (V : Fin p → Vec K n) : Mat K m n :=
  fun i => comb (fun k => s k * U k i) V

/-- The first `r` values, the others set to 0. -/
def firstValues (r : Nat) (s : Vec K p) : Vec K p := fun k => if k.val < r then s k else 0

/-- The values from `r` on, the first `r` set to 0. -/
def tailValues (r : Nat) (s : Vec K p) : Vec K p := fun k => if k.val < r then 0 else s k

theorem mulVec_singular (s : Vec K p) (U : Fin p → Vec K m) (V : Fin p → Vec K n) (x : Vec K n) :
    mulVec (singular s U V) x = comb (fun k => s k * dot (V k) x) U := by
  funext i; unfold mulVec singular; rw [dot_comb]; unfold comb; refine sum_congr fun k => ?_; grind

theorem frobSq_singular {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U) (hV : Orthonormal V)
    (s : Vec K p) : frobSq (singular s U V) = sum p fun k => s k ^ 2 := by
  rw [frobSq_eq]; unfold singular
  rw [sum_congr (g := fun i => sum p fun k => s k ^ 2 * U k i ^ 2) fun i => by
    rw [normSq_comb_of_orthonormal hV, normSq_eq]; refine sum_congr fun k => ?_; grind, sum_comm]
  refine sum_congr fun k => ?_
  rw [sum_mul, ← normSq_eq, normSq_of_orthonormal hU]; grind

theorem frobDistSq_singular (r : Nat) (s : Vec K p) (U : Fin p → Vec K m) (V : Fin p → Vec K n) :
    frobDistSq (singular s U V) (singular (firstValues r s) U V) = frobSq (singular (tailValues r s) U V) := by
  unfold frobDistSq frobSq; refine sum_congr fun i => sum_congr fun j => ?_
  congr 1; unfold singular comb; rw [← sum_sub]; refine sum_congr fun k => ?_
  unfold firstValues tailValues; dsimp only; by_cases h : k.val < r
  · rw [if_pos h, if_pos h]; grind
  · rw [if_neg h, if_neg h]; grind

/-- **The truncation has rank at most `r`: it is a product with inner dimension `r`.** -/
theorem truncation_eq_matMul {r : Nat} (hr : r ≤ p) (s : Vec K p) (U : Fin p → Vec K m) (V : Fin p → Vec K n) :
    singular (firstValues r s) U V
      = matMul (fun i (k : Fin r) => s (k.castLE hr) * U (k.castLE hr) i) (fun k => V (k.castLE hr)) := by
  funext i j; unfold singular comb matMul
  rw [← sum_take hr fun k => s k * U k i * V k j]
  refine sum_congr fun k => ?_
  unfold firstValues; dsimp only; by_cases h : k.val < r
  · rw [if_pos h, if_pos h]
  · rw [if_neg h, if_neg h]; grind

/-- **The truncation's error is the tail sum `Σ_{k ≥ r} σ_k²`.** -/
theorem frobDistSq_truncation (r : Nat) {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U)
    (hV : Orthonormal V) (s : Vec K p) :
    frobDistSq (singular s U V) (singular (firstValues r s) U V)
      = sum p fun k => if k.val < r then 0 else s k ^ 2 := by
  rw [frobDistSq_singular, frobSq_singular hU hV]; refine sum_congr fun k => ?_
  unfold tailValues; by_cases h : k.val < r
  · rw [if_pos h, if_pos h]; grind
  · rw [if_neg h, if_neg h]

/-- `xᵀ AᵀA x = Σ σ_k² (v_k · x)²` for exact singular data. -/
theorem quad_gram_singular {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U) (s : Vec K p)
    (x : Vec K n) : quad (gram (singular s U V)) x = quad (modal (fun k => s k ^ 2) V) x := by
  rw [quad_gram, mulVec_singular, normSq_comb_of_orthonormal hU, normSq_eq, quad_modal]
  refine sum_congr fun k => ?_; grind

/-- **The first `r` right singular vectors capture `Σ_{k<r} σ_k²`.** -/
theorem kyFan_attained {r : Nat} (hr : r ≤ p) {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U)
    (hV : Orthonormal V) (s : Vec K p) :
    sum r (fun i => normSq (mulVec (singular s U V) (V (i.castLE hr)))) = sum r fun i => s (i.castLE hr) ^ 2 := by
  refine sum_congr fun i => ?_
  rw [← quad_gram, quad_gram_singular hU, quad_modal,
    ← sum_ident p (i.castLE hr) fun k => s k ^ 2]
  refine sum_congr fun k => ?_
  rw [hV, ident_comm]
  unfold ident; split <;> grind

end classical

section classicalOrder
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m n p r : Nat}

/-- Exact singular data is a certificate at every rank, with `μ = 0` and `δ = 0`. -/
private theorem psd_of_singular {U : Fin p → Vec K m} {V : Fin p → Vec K n} (hU : Orthonormal U) (s : Vec K p) :
    Psd fun i j => modal (fun k => s k ^ 2) V i j + 0 * ident i j - gram (singular s U V) i j := by
  intro x; rw [quad_sub, quad_lin, quad_gram_singular hU]; grind

/-- **Eckart-Young (Frobenius norm): with exact orthonormal `u_k`, `v_k` and `σ_0 ≥ σ_1 ≥ ... ≥ 0`, no product `X Y` of
inner dimension `r` is nearer to `A = Σ σ_k u_k v_kᵀ` than its truncation `Σ_{k<r} σ_k u_k v_kᵀ`.** The truncation is such a
product (`truncation_eq_matMul`) and its error is the tail sum (`frobDistSq_truncation`); for `r ≥ p` it is `A` itself. The best one need not
be unique, and the existence of singular data is assumed: over a general ordered field it may fail, and in practice
`eckartYoung_ranks` needs none. -/
theorem eckartYoung {U : Fin p → Vec K m} {V : Fin p → Vec K n} {s : Vec K p} (hU : Orthonormal U)
    (hV : Orthonormal V) (h0 : ∀ k, 0 ≤ s k) (hs : ∀ k l : Fin p, k.val ≤ l.val → s l ≤ s k) (hr : r ≤ p)
    (X : Mat K m r) (Y : Mat K r n) :
    frobDistSq (singular s U V) (singular (firstValues r s) U V) ≤ frobDistSq (singular s U V) (matMul X Y) := by
  have key := eckartYoung_ranks (singular s U V) (d := fun k => s k ^ 2) (μ := 0) (δ := 0) (IsPreorder.le_refl _)
    (fun k => OrderedRing.sq_nonneg) (fun k l h => sq_le_sq (h0 l) (hs k l h))
    (nearlyOrthonormal_of_orthonormal hV) (psd_of_singular hU s) hr X Y
  rw [frobDistSq_truncation r hU hV]
  rw [trace_gram, frobSq_singular hU hV] at key
  rw [sum_congr (g := fun k : Fin r => s (k.castLE hr) ^ 2 - levelAt (fun k => s k ^ 2) r) fun k => by
    rw [normSq_of_orthonormal hV]; grind, sum_sub, sum_const] at key
  have e : sum p (fun k => s k ^ 2)
      = sum p (fun k => if k.val < r then 0 else s k ^ 2) + sum r fun k => s (k.castLE hr) ^ 2 := by
    rw [← sum_take hr fun k => s k ^ 2, ← sum_add]; refine sum_congr fun k => ?_
    by_cases h : k.val < r
    · rw [if_pos h, if_pos h]; grind
    · rw [if_neg h, if_neg h]; grind
  clear h0 hs; grind

/-- **Ky Fan: no `r` orthonormal directions capture more of `A` than the first `r` right singular vectors,
`Σ_{i<r} |A y_i|² ≤ Σ_{k<r} σ_k²`.** That value is attained (`kyFan_attained`), not only there. -/
theorem kyFan {U : Fin p → Vec K m} {V : Fin p → Vec K n} {s : Vec K p} (hU : Orthonormal U)
    (hV : Orthonormal V) (h0 : ∀ k, 0 ≤ s k) (hs : ∀ k l : Fin p, k.val ≤ l.val → s l ≤ s k) (hr : r ≤ p)
    {Y : Fin r → Vec K n} (hY : Orthonormal Y) :
    sum r (fun i => normSq (mulVec (singular s U V) (Y i))) ≤ sum r fun k => s (k.castLE hr) ^ 2 := by
  let A := singular s U V
  have key := eckartYoung hU hV h0 hs hr (coefficients A Y) Y
  have e : frobDistSq A (matMul (coefficients A Y) Y) = frobSq A - sum r fun i => normSq (mulVec A (Y i)) := by
    rw [frobDistSq_projection, trace_gram]
    have e1 : sum r (fun k => sum r fun l => dot (Y k) (mulVec (gram A) (Y l)) * dot (Y l) (Y k))
        = sum r fun k => quad (gram A) (Y k) := by
      refine sum_congr fun k => ?_
      rw [sum_congr (g := fun l => dot (Y k) (mulVec (gram A) (Y l)) * ident k l) fun l => by
        rw [hY l k, ident_comm], sum_ident]; rfl
    rw [e1, sum_congr (g := fun i => normSq (mulVec A (Y i))) fun i => quad_gram A (Y i)]; grind
  rw [e, frobDistSq_truncation r hU hV, frobSq_singular hU hV] at key
  have e2 : sum p (fun k => s k ^ 2)
      = sum p (fun k => if k.val < r then 0 else s k ^ 2) + sum r fun k => s (k.castLE hr) ^ 2 := by
    rw [← sum_take hr fun k => s k ^ 2, ← sum_add]; refine sum_congr fun k => ?_
    by_cases h : k.val < r
    · rw [if_pos h, if_pos h]; grind
    · rw [if_neg h, if_neg h]; grind
  clear h0 hs e; grind

end classicalOrder

end Eigenstill
