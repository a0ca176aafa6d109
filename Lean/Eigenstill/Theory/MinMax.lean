/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd

/-!
# Eigenvalues in their min-max form

The `k`-th eigenvalue of a symmetric `M`, with multiplicity, is at least `lo` when `xᵀ M x ≥ lo |x|²` on a subspace of
dimension `k`, and at most `hi` when `xᵀ M x ≤ hi |x|²` on one of codimension `k - 1` (Courant, Fischer). Both are proved
here from nearly orthonormal vectors; nothing is assumed to be an eigenvector.

* `quad_le_of_complement`: upper bound on `{x : v_j · x = 0 for j < k}`.
* `quad_ge_on_span`, `eq_zero_of_comb_eq_zero`: lower bound on the span of `k` vectors, which has dimension `k`;
  `quad_ge_on_first` is the same from row sums over more vectors.
* `exists_solution`: `k` equations in `k + 1` unknowns have a solution other than 0.
* `lo_le_hi`: the two bounds meet; `eigenvalue_le`, `le_eigenvalue`: every exact eigenvalue, counted with
  multiplicity, lies between them: none is missed.

Source: Fischer 1905, Courant 1920; Parlett, The Symmetric Eigenvalue Problem, chapter 10.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section bounds
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n p k : Nat}
  {M : Mat K n n} {V : Fin p → Vec K n}

/-- **Upper half: if `V D Vᵀ + μI - M` is psd, absolute row sums of `VᵀV - I` are at most `δ`, and `d_j ≤ c` for every
`j ≥ k`, `c ≥ 0`, then `xᵀ M x ≤ (μ + (1 + δ) c) |x|²` for every `x` orthogonal to `v_0, ..., v_{k-1}`.** That subspace has
codimension at most `k`, so the bound is one on the eigenvalue number `k + 1`. `μ` and the `d_j` may have any sign, their
order is free, and `δ < 1` is not needed. -/
theorem quad_le_of_complement {d : Vec K p} {μ δ c : K} (hV : NearlyOrthonormal δ V) (hδ : 0 ≤ δ) (hc : 0 ≤ c)
    (hd : ∀ j : Fin p, k ≤ j.val → d j ≤ c) (hW : Psd fun i j => modal d V i j + μ * ident i j - M i j)
    (x : Vec K n) (hx : ∀ j : Fin p, j.val < k → dot (V j) x = 0) :
    quad M x ≤ (μ + (1 + δ) * c) * normSq x := by
  have h := hW x
  rw [quad_sub, quad_lin, quad_ident, quad_modal] at h
  have h1 : sum p (fun j => d j * dot (V j) x ^ 2) ≤ sum p fun j => c * dot (V j) x ^ 2 := by
    refine sum_le _ _ _ fun j => ?_
    by_cases hj : j.val < k
    · rw [hx j hj]; clear hV hd hW hx; grind
    · exact OrderedRing.mul_le_mul_of_nonneg_right (hd j (by omega)) OrderedRing.sq_nonneg
  rw [sum_mul] at h1
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left (bessel_of_nearlyOrthonormal hV hδ x) hc
  clear hV hd hW hx; grind

/-- The Rayleigh-Ritz matrix `VᵀMV - lo VᵀV`. -/
def ritz (M : Mat K n n) (lo : K) (V : Fin p → Vec K n) : Mat K p p :=
  fun i j => dot (V i) (mulVec M (V j)) - lo * dot (V i) (V j)

/-- **Lower half: if the Rayleigh-Ritz matrix `VᵀMV - lo VᵀV` is psd, then `xᵀ M x ≥ lo |x|²` on the span of `V`.** For a
diagonally dominant one see `quad_ge_on_span`. The span has full dimension when `V` is injective
(`eq_zero_of_comb_eq_zero`). -/
theorem quad_ge_of_ritz {lo : K} (hR : Psd (ritz M lo V)) (u : Vec K p) :
    lo * normSq (comb u V) ≤ quad M (comb u V) := by
  have h := hR u
  have e : ritz M lo V = fun i j => dot (V i) (mulVec M (V j)) + (-lo) * dot (V i) (V j) := by
    funext i j; unfold ritz; grind
  rw [e, quad_lin, ← quad_comb, ← normSq_comb] at h
  clear hR; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- `x · M y = M x · y` for a symmetric `M`. -/
theorem dot_mulVec_comm (hM : Symmetric M) (x y : Vec K n) : dot x (mulVec M y) = dot y (mulVec M x) := by
  have e : ∀ u v : Vec K n, dot u (mulVec M v) = sum n fun i => sum n fun j => u i * M i j * v j := by
    intro u v; unfold dot mulVec dot; refine sum_congr fun i => ?_
    rw [← sum_mul]; refine sum_congr fun j => ?_; grind
  rw [e, e, sum_comm]; refine sum_congr fun i => sum_congr fun j => ?_; rw [hM j i]; grind

/-- **Lower half, as it is checked: `M` symmetric and `VᵀMV - lo VᵀV` diagonally dominant give `xᵀ M x ≥ lo |x|²` on the
span of `V`.** Take for `V` the first `k` recorded vectors; with `δ < 1` they are independent
(`eq_zero_of_comb_eq_zero`), so the span has dimension `k` and `lo` bounds the `k`-th eigenvalue from below. -/
theorem quad_ge_on_span {lo : K} (hM : Symmetric M) (hR : DiagonallyDominant (ritz M lo V)) (u : Vec K p) :
    lo * normSq (comb u V) ≤ quad M (comb u V) :=
  quad_ge_of_ritz (psd_of_diagonallyDominant (fun i j => by
    unfold ritz; rw [dot_mulVec_comm hM, dot_comm (V i) (V j)]) hR) u

/-- **Lower half, as the checker has it: let `E = VᵀMV`, `G = VᵀV` over all `p` vectors. If `lo ≥ 0` and
`lo (G_ii + Σ_{j≠i} |G_ij|) ≤ E_ii - Σ_{j≠i} |E_ij|` in the first `k` rows, then `xᵀ M x ≥ lo |x|²` on the span of the first
`k` vectors.** So `lo` may be the least quotient of the two sides over these rows, as long as that is not negative. -/
theorem quad_ge_on_first {lo : K} (hM : Symmetric M) (h0 : 0 ≤ lo) (hk : k ≤ p)
    (hrow : ∀ i : Fin p, i.val < k → lo * (normSq (V i) + offDiagonal (fun i j => dot (V i) (V j)) i)
      ≤ quad M (V i) - offDiagonal (fun i j => dot (V i) (mulVec M (V j))) i) (u : Vec K k) :
    lo * normSq (comb u fun i => V (i.castLE hk)) ≤ quad M (comb u fun i => V (i.castLE hk)) := by
  refine quad_ge_on_span hM (fun i => ?_) u
  have h := hrow (i.castLE hk) i.isLt
  -- off the diagonal, a row of the Rayleigh-Ritz matrix is within the two rows
  let a : Fin p → K := fun j => (if i.castLE hk = j then 0 else absVal (dot (V (i.castLE hk)) (mulVec M (V j))))
    + lo * (if i.castLE hk = j then 0 else absVal (dot (V (i.castLE hk)) (V j)))
  have h1 : sum k (fun j => if i = j then 0 else absVal (ritz M lo (fun i => V (i.castLE hk)) i j))
      ≤ sum k fun j => a (j.castLE hk) := by
    refine sum_le _ _ _ fun j => ?_
    show _ ≤ (if i.castLE hk = j.castLE hk then 0 else _) + lo * (if i.castLE hk = j.castLE hk then 0 else _)
    by_cases hij : i = j
    · subst hij; rw [if_pos rfl, if_pos rfl, if_pos rfl]; clear hrow h; grind
    · have hij' : ¬ i.castLE hk = j.castLE hk := fun h => hij (Fin.ext (show (i.castLE hk).val = (j.castLE hk).val by rw [h]))
      rw [if_neg hij, if_neg hij', if_neg hij']
      have h1 := absVal_add (dot (V (i.castLE hk)) (mulVec M (V (j.castLE hk))))
        (-(lo * dot (V (i.castLE hk)) (V (j.castLE hk))))
      rw [absVal_neg, absVal_mul, absVal_of_nonneg h0] at h1
      unfold ritz
      rw [show ∀ a b : K, a - b = a + -b by intro a b; clear hrow h h1; grind]
      exact h1
  have h2 : sum p (fun j => if j.val < k then a j else 0) ≤ sum p a := by
    refine sum_le _ _ _ fun j => ?_
    have h3 : 0 ≤ a j := by
      have h1 := absVal_nonneg (dot (V (i.castLE hk)) (mulVec M (V j)))
      have h2 := OrderedRing.mul_nonneg h0 (absVal_nonneg (dot (V (i.castLE hk)) (V j)))
      show 0 ≤ (if _ then _ else _) + lo * (if _ then _ else _)
      clear hrow h; split <;> grind
    split
    · exact IsPreorder.le_refl _
    · exact h3
  rw [sum_take hk a, show sum p a = _ from sum_lin _ _ _ _] at h2
  unfold offDiagonal at h
  show _ ≤ dot _ _ - lo * dot _ _
  unfold quad normSq at h
  clear hrow; grind

end bounds

/-! ## The two halves meet -/

section count
variable {K : Type u} [Field K]

/-- The index `i` moved past `j`: all indices but `j`, in order. -/
private def skip {n : Nat} (j : Fin (n + 1)) (i : Fin n) : Fin (n + 1) :=
  if i.val < j.val then i.castSucc else i.succ

private theorem skip_ne {n : Nat} (j : Fin (n + 1)) (i : Fin n) : (skip j i).val ≠ j.val := by
  unfold skip; split
  · simp only [Fin.val_castSucc]; omega
  · simp only [Fin.val_succ]; omega

private theorem skip_inj {n : Nat} (j : Fin (n + 1)) (i l : Fin n) (h : (skip j i).val = (skip j l).val) :
    i.val = l.val := by
  unfold skip at h; split at h <;> split at h <;> simp only [Fin.val_castSucc, Fin.val_succ] at h <;> omega

private theorem ident_skip {n : Nat} (j : Fin (n + 1)) (i l : Fin n) : (ident (skip j i) (skip j l) : K) = ident i l := by
  unfold ident; by_cases h : i.val = l.val
  · rw [show i = l from Fin.ext h]; simp only [if_true]
  · rw [if_neg h, if_neg fun h' => h (skip_inj j i l h')]

/-- **`k` homogeneous linear equations in `k + 1` unknowns have a solution that is not 0.** -/
theorem exists_solution : ∀ (k : Nat) (E : Fin k → Vec K (k + 1)), ∃ x : Vec K (k + 1),
    x ≠ (fun _ => 0) ∧ ∀ i, dot (E i) x = 0 := by
  intro k
  induction k with
  | zero =>
    intro E
    refine ⟨fun _ => 1, fun h => ?_, fun i => i.elim0⟩
    have := congrFun h (Fin.last 0); grind
  | succ k ih =>
    intro E
    -- `e`, the last equation, gives the unknown `j` by the others; `s = 1 / e j`, or anything if `e = 0`
    let e := E (Fin.last k)
    obtain ⟨j, s, hs⟩ : ∃ (j : Fin (k + 2)) (s : K), ∀ i, e i = s * e j * e i := by
      by_cases h : ∃ j, e j ≠ 0
      · obtain ⟨j, hj⟩ := h
        exact ⟨j, (e j)⁻¹, fun i => by rw [show (e j)⁻¹ * e j = 1 by grind]; grind⟩
      · refine ⟨Fin.last _, 0, fun i => ?_⟩
        have : e i = 0 := Classical.byContradiction fun hi => h ⟨i, hi⟩
        rw [this]; grind
    obtain ⟨y, hy0, hy⟩ := ih fun i l => E i.castSucc (skip j l) - s * E i.castSucc j * e (skip j l)
    let t : K := -(s * dot e (comb y fun l => ident (skip j l)))
    have hdot : ∀ a : Vec K (k + 2), dot a (fun i => comb y (fun l => ident (skip j l)) i + t * ident j i)
        = sum (k + 1) fun l => (a (skip j l) - s * a j * e (skip j l)) * y l := by
      intro a
      rw [dot_lin_right, dot_ident, dot_comb_right]
      show _ + -(s * dot e (comb y fun l => ident (skip j l))) * a j = _
      rw [dot_comb_right]
      have h1 : sum (k + 1) (fun l => (a (skip j l) - s * a j * e (skip j l)) * y l)
          = sum (k + 1) fun l => y l * dot a (ident (skip j l)) + (-(s * a j)) * (y l * dot e (ident (skip j l))) :=
        sum_congr fun l => by rw [dot_ident, dot_ident]; grind
      rw [h1, sum_lin]; grind
    refine ⟨fun i => comb y (fun l => ident (skip j l)) i + t * ident j i, fun h0 => hy0 ?_, fun i => ?_⟩
    · funext l
      have h1 := congrFun h0 (skip j l)
      rw [show comb y (fun l => ident (skip j l)) (skip j l) = y l by
        unfold comb; rw [← sum_ident _ l y]; refine sum_congr fun i => ?_; dsimp only; rw [ident_skip, ident_comm],
        show (ident j (skip j l) : K) = 0 by unfold ident; rw [if_neg (Ne.symm (skip_ne j l))]] at h1
      grind
    · rw [hdot]
      refine Fin.lastCases ?_ (fun i => ?_) i
      · rw [sum_congr (g := fun _ => (0 : K)) fun l => ?_, sum_zero]
        have := hs (skip j l)
        show (e (skip j l) - s * e j * e (skip j l)) * y l = 0
        rw [← this]; grind
      · exact hy i

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n k q p : Nat} {M : Mat K n n}

private theorem le_of_form {x : Vec K n} (hx : x ≠ fun _ => 0) {a b : K} (h : a * normSq x ≤ b * normSq x) : a ≤ b := by
  have h0 := normSq_nonneg x
  have h1 : normSq x ≠ 0 := fun h => hx (eq_zero_of_normSq_eq_zero x h)
  exact le_of_mul_le_mul (c := normSq x) (by grind) (by grind)

/-- **A lower bound on a subspace of dimension `k + 1` is at most an upper bound on one of codimension `k`.** -/
theorem lo_le_hi {lo hi : K} (W : Fin (k + 1) → Vec K n) (independent : ∀ u, comb u W = (fun _ => 0) → u = fun _ => 0)
    (hlo : ∀ u, lo * normSq (comb u W) ≤ quad M (comb u W)) (Z : Fin k → Vec K n)
    (hhi : ∀ x, (∀ j, dot (Z j) x = 0) → quad M x ≤ hi * normSq x) : lo ≤ hi := by
  obtain ⟨u, hu0, hu⟩ := exists_solution k fun j l => dot (Z j) (W l)
  have h1 := hhi (comb u W) fun j => by
    rw [dot_comb_right, ← hu j]; refine sum_congr fun l => ?_; grind
  have h2 := hlo u
  exact le_of_form (x := comb u W) (fun h => hu0 (independent u h)) (by clear hlo hhi; grind)

/-- **No exact eigenvalue is missed above: if `M = Σ λ_l u_l u_lᵀ` as a form, `u_l` orthonormal, `λ_0 ≥ λ_1 ≥ ...`, and
`xᵀ M x ≤ hi |x|²` whenever `x` is orthogonal to `k` vectors, then `λ_k ≤ hi`** (counted from 0, with multiplicity): at
most `k` eigenvalues exceed `hi`. -/
theorem eigenvalue_le {l : Vec K q} {U : Fin q → Vec K n} (hU : Orthonormal U)
    (hM : ∀ x, quad M x = quad (modal l U) x) (hl : ∀ i j : Fin q, i.val ≤ j.val → l j ≤ l i) {hi : K}
    (Z : Fin k → Vec K n) (hhi : ∀ x, (∀ j, dot (Z j) x = 0) → quad M x ≤ hi * normSq x) (hk : k < q) :
    l ⟨k, hk⟩ ≤ hi := by
  have hq : k + 1 ≤ q := hk
  have hW := orthonormal_castLE hq hU
  refine lo_le_hi (fun i : Fin (k + 1) => U (i.castLE hq)) (fun u hu => ?_) (fun u => ?_) Z hhi
  · have := normSq_comb_of_orthonormal hW u
    rw [hu, normSq_zero] at this
    exact eq_zero_of_normSq_eq_zero u this.symm
  · have e : ∀ i : Fin q, dot (U i) (comb u fun i : Fin (k + 1) => U (i.castLE hq)) ^ 2
        = if h : i.val < k + 1 then u ⟨i.val, h⟩ ^ 2 else 0 := by
      intro i
      by_cases h : i.val < k + 1
      · rw [dif_pos h]
        have := dot_comb_of_orthonormal hW u ⟨i.val, h⟩
        rw [show Fin.castLE hq ⟨i.val, h⟩ = i from rfl] at this; rw [this]
      · rw [dif_neg h, dot_comb_right]
        rw [sum_congr (g := fun _ => (0 : K)) fun j => ?_, sum_zero]
        · grind
        · rw [hU, show (ident i (j.castLE hq) : K) = 0 by
            unfold ident; rw [if_neg (by simp only [Fin.val_castLE]; have := j.isLt; omega)]]
          grind
    rw [hM, quad_modal, normSq_comb_of_orthonormal hW, normSq_eq, ← sum_mul]
    rw [sum_congr (g := fun i => if i.val < k + 1 then l i * (if h : i.val < k + 1 then u ⟨i.val, h⟩ ^ 2 else 0) else 0)
      fun i => by
        rw [e]; dsimp only; by_cases h : i.val < k + 1
        · rw [if_pos h]
        · rw [if_neg h, dif_neg h]; clear hM hl hhi e; grind]
    rw [sum_take hq fun i => l i * (if h : i.val < k + 1 then u ⟨i.val, h⟩ ^ 2 else 0)]
    refine sum_le _ _ _ fun i => ?_
    rw [dif_pos (show (i.castLE hq).val < k + 1 from i.isLt)]
    exact OrderedRing.mul_le_mul_of_nonneg_right
      (hl (i.castLE hq) ⟨k, hk⟩ (by simp only [Fin.val_castLE]; have := i.isLt; omega)) OrderedRing.sq_nonneg

/-- **No exact eigenvalue is missed below: with the same exact data and `λ_l ≥ 0`, a lower bound `lo` on the span of `k + 1`
independent vectors has `lo ≤ λ_k`**: at least `k + 1` eigenvalues are `lo` or more. -/
theorem le_eigenvalue {l : Vec K q} {U : Fin q → Vec K n} (hU : Orthonormal U)
    (hM : ∀ x, quad M x = quad (modal l U) x) (hl : ∀ i j : Fin q, i.val ≤ j.val → l j ≤ l i) (h0 : ∀ i, 0 ≤ l i)
    {lo : K} (W : Fin (k + 1) → Vec K n) (independent : ∀ u, comb u W = (fun _ => 0) → u = fun _ => 0)
    (hlo : ∀ u, lo * normSq (comb u W) ≤ quad M (comb u W)) (hk : k < q) : lo ≤ l ⟨k, hk⟩ := by
  refine lo_le_hi W independent hlo (fun i : Fin k => U (i.castLE (by omega))) fun x hx => ?_
  have hW : Psd fun i j => modal l U i j + 0 * ident i j - M i j := by
    intro x; rw [quad_sub, quad_lin, hM]; clear hM hl h0 hlo hx; grind
  have key := quad_le_of_complement (k := k) (nearlyOrthonormal_of_orthonormal hU) (IsPreorder.le_refl _)
    (h0 ⟨k, hk⟩) (fun j hj => hl ⟨k, hk⟩ j hj) hW x fun j hj => hx ⟨j.val, hj⟩
  clear hM hl h0 hlo hx hW; grind

/-- **Every exact eigenvalue lies in its certified interval.** One certificate `V D Vᵀ + μI - M` psd, `M` symmetric,
absolute row sums of `VᵀV - I` at most `δ < 1`; for the eigenvalue number `k` (from 0): `d_j ≤ c` for `j ≥ k`, and
`VᵀMV - lo VᵀV` diagonally dominant on the first `k + 1` vectors. **Then `lo ≤ λ_k ≤ μ + (1 + δ) c` for every exact
decomposition `M = Σ λ_l u_l u_lᵀ` with `λ_0 ≥ λ_1 ≥ ... ≥ 0`.** Such a decomposition is not assumed to exist: where it
does not (the rationals), the two halves still hold. -/
theorem eigenvalue_mem_of_certificate {l : Vec K q} {U : Fin q → Vec K n} (hU : Orthonormal U)
    (hM : ∀ x, quad M x = quad (modal l U) x) (hl : ∀ i j : Fin q, i.val ≤ j.val → l j ≤ l i) (h0 : ∀ i, 0 ≤ l i)
    {V : Fin p → Vec K n} {d : Vec K p} {μ δ c lo : K} (hs : Symmetric M) (hV : NearlyOrthonormal δ V) (hδ : δ < 1)
    (hc : 0 ≤ c) (hd : ∀ j : Fin p, k ≤ j.val → d j ≤ c)
    (hW : Psd fun i j => modal d V i j + μ * ident i j - M i j) (hp : k + 1 ≤ p)
    (hR : DiagonallyDominant (ritz M lo fun i : Fin (k + 1) => V (i.castLE hp))) (hk : k < q) :
    lo ≤ l ⟨k, hk⟩ ∧ l ⟨k, hk⟩ ≤ μ + (1 + δ) * c := by
  have hδ0 := hV.nonneg ⟨0, by omega⟩
  refine ⟨le_eigenvalue hU hM hl h0 _ (fun u hu => ?_) (quad_ge_on_span hs hR) hk,
    eigenvalue_le hU hM hl (fun j : Fin k => V (j.castLE (by omega))) (fun x hx => ?_) hk⟩
  · exact eq_zero_of_comb_eq_zero (hV.castLE hp) hδ u hu
  · exact quad_le_of_complement hV hδ0 hc hd hW x fun j hj => hx ⟨j.val, hj⟩

end count

end Eigenstill
