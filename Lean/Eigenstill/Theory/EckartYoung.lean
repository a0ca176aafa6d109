/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd

/-!
# Eckart-Young: nothing of rank `r` comes nearer

Lower bounds on `|A - X Y|²` (squared Frobenius norm) over **all** `X` (`n x r`) and `Y` (`r x m`).

* `frobDistSq_ge_of_certificate`: weak duality. Two psd matrices `Z` and `Z + μI - AᵀA` prove
  `|A - X Y|² ≥ tr AᵀA - r μ - tr Z`. No singular value, no orthogonality, no eigenvector is assumed.
* `frobDistSq_ge_of_level`, `eckartYoung_ranks`: one psd matrix `V D Vᵀ + μI - AᵀA` proves a bound at every rank.
* `frobDistSq_projection`: the error of `A V Vᵀ`, exactly, for any `V`: the other side of the gap.
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

/-! ## Projection along a vector -/

section project
variable {K : Type u} [Field K] {m n r : Nat}

/-- `v` without its component along `y`; `s` stands for `1 / (y · y)`. -/
private def proj (s : K) (y v : Vec K n) : Vec K n := fun j => v j + (-(s * dot v y)) * y j

private theorem proj_def (s : K) (y v : Vec K n) : proj s y v = fun j => v j + (-(s * dot v y)) * y j := rfl

private theorem proj_lin (s c : K) (y u v : Vec K n) :
    proj s y (fun j => u j + c * v j) = fun j => proj s y u j + c * proj s y v j := by
  funext j; simp only [proj, dot_lin]; grind

private theorem proj_self (s : K) (y : Vec K n) (hs : s * dot y y = 1) : proj s y y = fun _ => 0 := by
  funext j; simp only [proj, hs]; grind

private theorem dot_proj (s : K) (y u v : Vec K n) : dot (proj s y u) v = dot u (proj s y v) := by
  simp only [proj_def, dot_lin, dot_lin_right, dot_comm y v]; grind

private theorem normSq_proj (s : K) (y v : Vec K n) (hs : s * dot y y = 1) :
    normSq (proj s y v) = normSq v - s * dot v y ^ 2 := by
  unfold normSq
  simp only [proj_def, dot_lin, dot_lin_right, dot_comm y v]
  generalize dot v y = a; generalize dot v v = b; generalize dot y y = c at *; grind

/-- `f` is linear. -/
private def Linear (f : Vec K n → K) : Prop := ∀ (c : K) u v, f (fun j => u j + c * v j) = f u + c * f v

private theorem Linear.comb {f : Vec K n → K} (hf : Linear f) : ∀ {r : Nat} (x : Vec K r) (Y : Fin r → Vec K n),
    f (comb x Y) = sum r fun k => x k * f (Y k) := by
  intro r
  induction r with
  | zero =>
    intro x Y
    have := hf (-1) (fun _ => 0) (fun _ => 0)
    rw [show (fun _ : Fin n => (0 : K) + -1 * 0) = fun _ => 0 by funext j; grind] at this
    rw [show Eigenstill.comb x Y = fun _ => 0 from rfl]; simp only [sum]; grind
  | succ r ih =>
    intro x Y
    rw [show Eigenstill.comb x Y = fun j => Eigenstill.comb (fun k : Fin r => x k.castSucc) (fun k => Y k.castSucc) j
      + x (Fin.last r) * Y (Fin.last r) j from rfl, hf, ih]; rfl

private theorem comb_ident (y : Vec K n) : comb y ident = y := by
  funext j; unfold comb
  have := sum_ident n j y
  rw [← this]; refine sum_congr fun i => ?_; rw [ident_comm]

private theorem Linear.sum_ident {f : Vec K n → K} (hf : Linear f) (y : Vec K n) :
    sum n (fun i => y i * f (ident i)) = f y := by
  rw [← hf.comb, comb_ident]

private theorem proj_comb (s : K) (y : Vec K n) (x : Vec K r) (Y : Fin r → Vec K n) :
    proj s y (comb x Y) = comb x fun k => proj s y (Y k) := by
  funext j
  exact Linear.comb (f := fun v => proj s y v j) (fun c u v => congrFun (proj_lin s c y u v) j) x Y

/-- The trace of a bilinear form compressed to the complement of `y`. -/
private theorem trace_proj (B : Vec K n → Vec K n → K) (h1 : ∀ w, Linear fun u => B u w) (h2 : ∀ w, Linear (B w))
    (s : K) (y : Vec K n) (hs : s * dot y y = 1) :
    sum n (fun i => B (proj s y (ident i)) (proj s y (ident i)))
      = sum n (fun i => B (ident i) (ident i)) - s * B y y := by
  have e : ∀ i, B (proj s y (ident i)) (proj s y (ident i)) = B (ident i) (ident i) + (-s) * (y i * B (ident i) y)
      + (-s) * (y i * B y (ident i)) + (s ^ 2 * B y y) * (y i * y i) := by
    intro i
    have a1 : ∀ c u v w, B (fun j => u j + c * v j) w = B u w + c * B v w := fun c u v w => h1 w c u v
    rw [proj_def, show dot (ident i) y = y i by rw [dot_comm]; exact dot_ident i y, a1, h2, h2]; grind
  simp only [e, sum_lin]
  rw [(h1 y).sum_ident, (h2 y).sum_ident, show sum n (fun i => y i * y i) = dot y y from rfl]; grind

end project

/-! ## Weak duality -/

section duality
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m n r p : Nat}

private theorem scale_le {s a b μ d : K} (hs0 : 0 ≤ s) (hs : s * d = 1) (h : a ≤ b + μ * d) : s * a ≤ s * b + μ := by
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left h hs0
  have h2 : s * (b + μ * d) = s * b + μ := by grind
  rw [h2] at h1; exact h1

/-- Weak duality for a bilinear form `B` in place of the matrix `Z`: by induction on `r`, each step projecting `A` and `B`
along the last row of `Y`. -/
private theorem duality_core (μ : K) (hμ : 0 ≤ μ) (r : Nat) : ∀ (A : Mat K m n) (B : Vec K n → Vec K n → K)
    (_ : ∀ w, Linear fun u => B u w) (_ : ∀ w, Linear (B w)) (_ : ∀ v, 0 ≤ B v v)
    (_ : ∀ v, normSq (mulVec A v) ≤ B v v + μ * normSq v) (X : Mat K m r) (Y : Mat K r n),
    sum m (fun i => normSq (A i)) - r * μ - sum n (fun i => B (ident i) (ident i))
      ≤ sum m fun i => normSq fun j => A i j + (-1) * comb (X i) Y j := by
  induction r with
  | zero =>
    intro A B l1 l2 hB hA X Y
    have := sum_nonneg n _ fun i => hB (ident i)
    rw [show (fun i => normSq fun j => A i j + (-1) * comb (X i) Y j) = fun i => normSq (A i) by
      funext i; congr 1; funext j; simp only [comb, sum]; grind]; grind
  | succ r ih =>
    intro A B l1 l2 hB hA X Y
    have hsucc : ∀ i j, comb (X i) Y j
      = comb (fun k : Fin r => X i k.castSucc) (fun k => Y k.castSucc) j + X i (Fin.last r) * Y (Fin.last r) j :=
      fun _ _ => rfl
    rw [Semiring.natCast_succ]
    generalize Y (Fin.last r) = y at *
    by_cases h0 : normSq y = 0
    · have := ih A B l1 l2 hB hA (fun i k => X i k.castSucc) (fun k => Y k.castSucc)
      rw [show (fun i => normSq fun j => A i j + (-1) * comb (X i) Y j)
          = fun i => normSq fun j => A i j + (-1) * comb (fun k : Fin r => X i k.castSucc) (fun k => Y k.castSucc) j by
        funext i; congr 1; funext j; rw [hsucc, eq_zero_of_normSq_eq_zero y h0]; grind]
      grind
    · obtain ⟨s, hs, hs0⟩ : ∃ s, s * dot y y = 1 ∧ 0 ≤ s := ⟨(normSq y)⁻¹, by unfold normSq at *; grind, by
        have := normSq_nonneg y
        exact inv_nonneg (by grind)⟩
      have hm : ∀ v, mulVec (fun i => proj s y (A i)) v = mulVec A (proj s y v) := fun v => by
        funext i; simp only [mulVec, dot_proj]
      have key := ih (fun i => proj s y (A i)) (fun u v => B (proj s y u) (proj s y v))
        (fun w c u v => by simp only [proj_lin]; exact l1 _ _ _ _)
        (fun w c u v => by simp only [proj_lin]; exact l2 _ _ _ _)
        (fun v => hB _) (fun v => by
          have h1 := hA (proj s y v)
          rw [normSq_proj s y v hs] at h1
          have h2 := OrderedRing.mul_nonneg hμ (OrderedRing.mul_nonneg hs0 (OrderedRing.sq_nonneg (a := dot v y)))
          rw [hm]; grind) (fun i k => X i k.castSucc) (fun k => proj s y (Y k.castSucc))
      rw [trace_proj B l1 l2 s y hs] at key
      have hf : sum m (fun i => normSq (proj s y (A i))) = sum m (fun i => normSq (A i)) - s * normSq (mulVec A y) := by
        simp only [normSq_proj _ _ _ hs, normSq_eq (mulVec A y)]
        rw [show (fun i => normSq (A i) - s * dot (A i) y ^ 2) = fun i => normSq (A i) + (-s) * mulVec A y i ^ 2 by
          funext i; simp only [mulVec]; grind, sum_lin]; grind
      have hle : sum m (fun i => normSq fun j => proj s y (A i) j
            + (-1) * comb (fun k : Fin r => X i k.castSucc) (fun k => proj s y (Y k.castSucc)) j)
          ≤ sum m fun i => normSq fun j => A i j + (-1) * comb (X i) Y j := by
        refine sum_le _ _ _ fun i => ?_
        have e : (fun j => proj s y (A i) j
              + (-1) * comb (fun k : Fin r => X i k.castSucc) (fun k => proj s y (Y k.castSucc)) j)
            = proj s y (fun j => A i j + (-1) * comb (X i) Y j) := by
          simp only [hsucc, proj_lin, proj_comb, proj_self s y hs]; funext j; grind
        rw [e, normSq_proj s y _ hs]
        have := OrderedRing.mul_nonneg hs0
          (OrderedRing.sq_nonneg (a := dot (fun j => A i j + (-1) * comb (X i) Y j) y))
        grind
      have hy := scale_le hs0 hs (hA y)
      rw [hf] at key; clear ih hA hB hm hsucc; grind

/-- **Weak duality, certificate form: if `μ ≥ 0` and both `Z` and `Z + μI - AᵀA` are positive semidefinite, then
`|A - X Y|² ≥ tr AᵀA - r μ - tr Z` for all `X` (`m x r`) and `Y` (`r x n`).** Nothing else is assumed: `Z` need not be
symmetric, nor commute with `AᵀA`, nor come from eigenvectors; a poor certificate gives a poor bound, never a false one.
It does not say that the bound is attained, nor anything about a norm other than Frobenius'. -/
theorem frobDistSq_ge_of_certificate (A : Mat K m n) (Z : Mat K n n) (μ : K) (hμ : 0 ≤ μ) (hZ : Psd Z)
    (hW : Psd fun i j => Z i j + μ * ident i j - gram A i j) (X : Mat K m r) (Y : Mat K r n) :
    trace (gram A) - r * μ - trace Z ≤ frobDistSq A (matMul X Y) := by
  have key := duality_core μ hμ r A (fun u v => dot u (mulVec Z v)) (fun w c u v => dot_lin c u v _)
    (fun w c u v => by dsimp only; rw [mulVec_lin, dot_lin_right]) (fun v => hZ v) (fun v => by
      have h := hW v
      rw [quad_sub, quad_gram, quad_lin, quad_ident] at h
      unfold quad at h; dsimp only; grind) X Y
  have et : ∀ i, dot (ident i) (mulVec Z (ident i)) = Z i i := fun i => by
    rw [dot_comm, dot_ident]; exact dot_ident i (Z i)
  rw [trace_gram, frobSq_eq, frobDistSq_eq]
  simp only [et, show ∀ a b : K, a + -1 * b = a - b by intros; grind] at key
  exact key

/-- `Σ (d_k - e_k) v_k v_kᵀ ≤ (1 + δ) ν I` when `d_k ≤ e_k + ν`. -/
private theorem quad_modal_le {V : Fin p → Vec K n} {δ ν : K} {d e : Vec K p} (hV : NearlyOrthonormal δ V)
    (hδ : 0 ≤ δ) (hν : 0 ≤ ν) (hde : ∀ k, d k ≤ e k + ν) (x : Vec K n) :
    quad (modal d V) x ≤ quad (modal e V) x + (1 + δ) * ν * normSq x := by
  rw [quad_modal, quad_modal]
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left (bessel_of_nearlyOrthonormal hV hδ x) hν
  rw [← sum_mul] at h1
  have h2 : sum p (fun k => d k * dot (V k) x ^ 2)
      ≤ sum p fun k => e k * dot (V k) x ^ 2 + ν * dot (V k) x ^ 2 := by
    refine sum_le _ _ _ fun k => ?_
    have := OrderedRing.mul_le_mul_of_nonneg_right (hde k) (OrderedRing.sq_nonneg (a := dot (V k) x))
    grind
  rw [sum_add] at h2; clear hde hV; grind

/-- Lowering the spectrum of a certificate by `ν` costs `(1 + δ) ν` in `μ`. -/
private theorem psd_lower {M : Mat K n n} {V : Fin p → Vec K n} {δ ν μ : K} {d e : Vec K p}
    (hV : NearlyOrthonormal δ V) (hδ : 0 ≤ δ) (hν : 0 ≤ ν) (hde : ∀ k, d k ≤ e k + ν)
    (hW : Psd fun i j => modal d V i j + μ * ident i j - M i j) :
    Psd fun i j => modal e V i j + (μ + (1 + δ) * ν) * ident i j - M i j := by
  intro x
  have h := hW x
  have h1 := quad_modal_le hV hδ hν hde x
  rw [quad_sub, quad_lin, quad_ident] at h
  rw [quad_sub, quad_lin, quad_ident]
  clear hW hde hV; grind

theorem psd_modal {V : Fin p → Vec K n} {e : Vec K p} (he : ∀ k, 0 ≤ e k) : Psd (modal e V) := by
  intro x; rw [quad_modal]
  exact sum_nonneg _ _ fun k => OrderedRing.mul_nonneg (he k) OrderedRing.sq_nonneg

/-- **One certificate, any level `ν ≥ 0`: with `d_k ≤ e_k + ν`, `e_k ≥ 0`, the matrix `V D Vᵀ + μI - AᵀA` psd and
absolute row sums of `VᵀV - I` at most `δ`, all `X` (`m x r`) and `Y` (`r x n`) have
`|A - X Y|² ≥ tr AᵀA - r (μ + (1 + δ) ν) - Σ e_k |v_k|²`.** The `d_k` may have any sign and any order. -/
theorem frobDistSq_ge_of_level (A : Mat K m n) {V : Fin p → Vec K n} {d e : Vec K p} {μ δ ν : K} (hμ : 0 ≤ μ)
    (hδ : 0 ≤ δ) (hν : 0 ≤ ν) (he : ∀ k, 0 ≤ e k) (hde : ∀ k, d k ≤ e k + ν) (hV : NearlyOrthonormal δ V)
    (hW : Psd fun i j => modal d V i j + μ * ident i j - gram A i j) (X : Mat K m r) (Y : Mat K r n) :
    trace (gram A) - r * (μ + (1 + δ) * ν) - sum p (fun k => e k * normSq (V k)) ≤ frobDistSq A (matMul X Y) := by
  have h0 := OrderedRing.mul_nonneg (a := 1 + δ) (b := ν) (by clear he hde hV hW; grind) hν
  have key := frobDistSq_ge_of_certificate A (modal e V) (μ + (1 + δ) * ν) (by clear he hde hV hW; grind)
    (psd_modal he) (psd_lower hV hδ hν hde hW) X Y
  rw [trace_modal] at key; exact key

/-- The first recorded value beyond the first `r`: `d_r` counted from 0, and 0 when all are within. -/
def levelAt {p : Nat} (d : Vec K p) (r : Nat) : K := if h : r < p then d ⟨r, h⟩ else 0

/-- **Eckart-Young at every rank from one certificate.** Let `d_0 ≥ d_1 ≥ ... ≥ 0`, `μ ≥ 0`, every absolute row sum of
`VᵀV - I` at most `δ`, and `V D Vᵀ + μI - AᵀA` positive semidefinite, `V` having `p` columns. **Then for every `r ≤ p` and
all `X` (`m x r`), `Y` (`r x n`), with `ν = d_r` (0 if `r = p`):
`|A - X Y|² ≥ tr AᵀA - r (μ + (1 + δ) ν) - Σ_{k < r} (d_k - ν) |v_k|²`.**
`δ < 1` is not needed, and `V` need not consist of eigenvectors. It does not say that the bound is positive or near the
truth: compare it with `frobDistSq_projection`. -/
theorem eckartYoung_ranks (A : Mat K m n) {V : Fin p → Vec K n} {d : Vec K p} {μ δ : K} (hμ : 0 ≤ μ)
    (h0 : ∀ k, 0 ≤ d k) (hd : ∀ k l : Fin p, k.val ≤ l.val → d l ≤ d k) (hV : NearlyOrthonormal δ V)
    (hW : Psd fun i j => modal d V i j + μ * ident i j - gram A i j) (hr : r ≤ p) (X : Mat K m r) (Y : Mat K r n) :
    trace (gram A) - r * (μ + (1 + δ) * levelAt d r)
        - sum r (fun k => (d (k.castLE hr) - levelAt d r) * normSq (V (k.castLE hr)))
      ≤ frobDistSq A (matMul X Y) := by
  by_cases hp : p = 0
  · subst hp
    have : r = 0 := by omega
    subst this
    have key := frobDistSq_ge_of_certificate A (modal d V) μ hμ (psd_modal h0) hW X Y
    rw [trace_modal] at key
    simp only [sum] at *
    rw [Semiring.natCast_zero] at *; clear h0 hd hV hW; grind
  · have hδ : 0 ≤ δ := hV.nonneg ⟨0, by omega⟩
    obtain ⟨hν, hlt, hge⟩ : 0 ≤ levelAt d r ∧ (∀ k : Fin p, k.val < r → levelAt d r ≤ d k) ∧
        (∀ k : Fin p, ¬ k.val < r → d k ≤ levelAt d r) := by
      unfold levelAt
      by_cases h : r < p
      · rw [dif_pos h]
        exact ⟨h0 _, fun k hk => hd k ⟨r, h⟩ (by simp only; omega), fun k hk => hd ⟨r, h⟩ k (by simp only; omega)⟩
      · rw [dif_neg h]
        exact ⟨by clear h0 hd hV hW; grind, fun k _ => h0 k, fun k hk => by have := k.isLt; omega⟩
    have key := frobDistSq_ge_of_level A (e := fun k => if k.val < r then d k - levelAt d r else 0) hμ hδ hν
      (fun k => by
        dsimp only; by_cases h : k.val < r
        · have := hlt k h; rw [if_pos h]; clear h0 hd hV hW hlt hge; grind
        · rw [if_neg h]; clear h0 hd hV hW hlt hge; grind)
      (fun k => by
        dsimp only; by_cases h : k.val < r
        · rw [if_pos h]; clear h0 hd hV hW hlt hge; grind
        · have := hge k h; rw [if_neg h]; clear h0 hd hV hW hlt hge; grind) hV hW X Y
    rw [← sum_take hr fun k => (d k - levelAt d r) * normSq (V k)]
    rw [sum_congr (g := fun k => if k.val < r then (d k - levelAt d r) * normSq (V k) else 0) fun k => by
      dsimp only; by_cases h : k.val < r
      · rw [if_pos h, if_pos h]
      · rw [if_neg h, if_neg h]; clear h0 hd hV hW hlt hge; grind] at key
    exact key

end duality

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
