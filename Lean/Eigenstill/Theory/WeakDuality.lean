/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd

/-!
# Weak duality: a certificate bounds every approximation of rank `r`

Lower bounds on `|A - X Y|²` (squared Frobenius norm) over **all** `X` (`m x r`) and `Y` (`r x n`), from positive
semidefinite matrices alone: no singular value, no orthogonality, no eigenvector is assumed.

* `frobDistSq_ge_of_certificate`: two psd matrices `Z` and `Z + μI - AᵀA` prove `|A - X Y|² ≥ tr AᵀA - r μ - tr Z`.
* `frobDistSq_ge_of_level`: from one psd matrix `V D Vᵀ + μI - AᵀA`, at any level that the spectrum is cut at.
* `eckartYoung_ranks`: the same matrix, every rank.

What is on the other side of the gap, and the classical theorem: `Theory.EckartYoung`.

Source: the dual description of the sum of the `r` largest eigenvalues, Overton and Womersley, SIAM J. Matrix Anal. Appl.
13 (1992); the induction is ours.
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
truth: compare it with `frobDistSq_projection_le`. -/
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

end Eigenstill
