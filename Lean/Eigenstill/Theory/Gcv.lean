/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.Distillation

/-!
# The choice of the ridge: GCV certified on a bracket

`gcv α = n RSS(α) / (n - g dof(α))²`; `g = 1` is generalised cross-validation, `g > 1` its robust form.

* `rss_le_rss`, `dof_le_dof`, `slack_le_slack`: residual and `n - g dof` increase with `α`.
* `rss_le_of_minimisers`: the same for the exact ridge solutions, without any eigenvector.
* `gcv_ge_of_cell`: on a cell `[u, v]`, `gcv ≥ n RSS(u) / (n - g dof(v))²`.
* `gcv_ge_of_partition`, `gcv_near_min_of_partition`: finitely many cells certify a near-minimum of the whole bracket.
* `residual_near_of_slope`, `rss_le_of_trial`: residual of the exact ridge from that of a trial solution.
* `dof_mem_of_enclosures`: `dof` from enclosures of the eigenvalues and the trace.

Source: Craven and Wahba, Numer. Math. 31 (1979); Lukas 2006 for the robust form.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section formula
variable {K : Type u} [Field K] {p : Nat}

/-- Residual sum of squares of the ridge fit in the eigenbasis: eigenvalues `l_k`, coefficients `c_k` of the target, and
`rest`, what of the target lies outside the modes. -/
def rss (l c : Vec K p) (rest α : K) : K := rest + sum p fun k => c k ^ 2 * (α / (l k + α)) ^ 2

/-- `n - g dof(α)`. The intercept, where one is fitted, is counted in `n`: pass `n - g` for `n`. -/
def slack (n g : K) (l : Vec K p) (α : K) : K := n - g * dof l α

/-- The criterion, for any residual and slack. -/
def gcv (n R S : K) : K := n * R / S ^ 2

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem ratio_mono {l u v : K} (hl : 0 ≤ l) (hu : 0 < u) (h : u ≤ v) : u / (l + u) ≤ v / (l + v) := by
  rw [div_le_div_iff (by grind) (by grind)]
  have := OrderedRing.mul_le_mul_of_nonneg_right h hl; grind

/-- **The residual increases with the ridge.** In the eigenbasis formula, for any nonnegative eigenvalues; recorded
eigenvalues that are only nearly right give a formula, not the residual (`rss_le_of_minimisers` needs none). -/
theorem rss_le_rss {l c : Vec K p} {rest u v : K} (hl : ∀ k, 0 ≤ l k) (hu : 0 < u) (h : u ≤ v) :
    rss l c rest u ≤ rss l c rest v := by
  have : sum p (fun k => c k ^ 2 * (u / (l k + u)) ^ 2) ≤ sum p fun k => c k ^ 2 * (v / (l k + v)) ^ 2 := by
    refine sum_le _ _ _ fun k => OrderedRing.mul_le_mul_of_nonneg_left ?_ OrderedRing.sq_nonneg
    have hk := hl k
    exact sq_le_sq (div_nonneg (by clear hl; grind) (by clear hl; grind)) (ratio_mono hk hu h)
  unfold rss; clear hl; grind

theorem rss_nonneg {l c : Vec K p} {rest α : K} (h : 0 ≤ rest) : 0 ≤ rss l c rest α := by
  have := sum_nonneg p _ fun k => OrderedRing.mul_nonneg (a := c k ^ 2) (b := (α / (l k + α)) ^ 2)
    OrderedRing.sq_nonneg OrderedRing.sq_nonneg
  unfold rss; grind

/-- **Effective parameters decrease with the ridge.** -/
theorem dof_le_dof {l : Vec K p} {u v : K} (hl : ∀ k, 0 ≤ l k) (hu : 0 < u) (h : u ≤ v) : dof l v ≤ dof l u :=
  sum_le _ _ _ fun k => filter_le_filter_of_ge (hl k) (by have := hl k; clear hl; grind) h

/-- **`n - g dof` increases with the ridge.** -/
theorem slack_le_slack {n g : K} {l : Vec K p} {u v : K} (hg : 0 ≤ g) (hl : ∀ k, 0 ≤ l k) (hu : 0 < u) (h : u ≤ v) :
    slack n g l u ≤ slack n g l v := by
  have := OrderedRing.mul_le_mul_of_nonneg_left (dof_le_dof hl hu h) hg
  unfold slack; clear hl; grind

/-- **Effective parameters from what is certified of the spectrum: eigenvalues between `lo_k` and `hi_k` for `k < r`, the
others nonnegative with sum at most `t`, give `Σ lo_k/(lo_k+α) ≤ dof(α) ≤ Σ hi_k/(hi_k+α) + t/α`.** -/
theorem dof_mem_of_enclosures {r : Nat} {l : Vec K p} {α t : K} (hl : ∀ k, 0 ≤ l k) (hα : 0 < α) (hr : r ≤ p)
    {lo hi : Vec K r} (hlo0 : ∀ k, 0 ≤ lo k) (hlo : ∀ k : Fin r, lo k ≤ l (k.castLE hr))
    (hhi : ∀ k : Fin r, l (k.castLE hr) ≤ hi k) (ht : sum p (fun k => if k.val < r then 0 else l k) ≤ t) :
    dof lo α ≤ dof l α ∧ dof l α ≤ dof hi α + t / α := by
  have pos : ∀ k, 0 < l k + α := fun k => by have := hl k; clear hl hlo hhi hlo0; grind
  have e : dof l α = sum r (fun k => filter (l (k.castLE hr)) α) + sum p fun k => if k.val < r then 0 else filter (l k) α := by
    unfold dof; rw [← sum_take hr fun k => filter (l k) α, ← sum_add]
    refine sum_congr fun k => ?_
    clear hl hlo hhi hlo0 pos; split <;> grind
  have h1 : dof lo α ≤ sum r fun k => filter (l (k.castLE hr)) α := sum_le _ _ _ fun k =>
    filter_le_filter_of_le (by clear hl hlo hhi hlo0 pos; grind)
      (by have := hlo0 k; clear hl hlo hhi hlo0 pos; grind) (hlo k)
  have h2 : sum r (fun k => filter (l (k.castLE hr)) α) ≤ dof hi α := sum_le _ _ _ fun k =>
    filter_le_filter_of_le (by clear hl hlo hhi hlo0 pos; grind) (pos _) (hhi k)
  have h3 : 0 ≤ sum p fun k => if k.val < r then 0 else filter (l k) α := sum_nonneg _ _ fun k => by
    split
    · exact IsPreorder.le_refl _
    · exact filter_nonneg (hl k) (pos k)
  have h4 : α * sum p (fun k => if k.val < r then 0 else filter (l k) α) ≤ sum p fun k => if k.val < r then 0 else l k := by
    rw [← sum_mul]
    refine sum_le _ _ _ fun k => ?_
    have hk := hl k; have hp := pos k
    by_cases h : k.val < r
    · rw [if_pos h, if_pos h]; clear hl hlo hhi hlo0 pos; grind
    · rw [if_neg h, if_neg h]
      have e : (l k + α) * filter (l k) α = l k := by unfold filter; clear hl hlo hhi hlo0 pos; grind
      have := OrderedRing.mul_nonneg hk (filter_nonneg hk hp)
      clear hl hlo hhi hlo0 pos; grind
  have h5 : sum p (fun k => if k.val < r then 0 else filter (l k) α) ≤ t / α := by
    rw [le_div_iff hα]; clear hl hlo hhi hlo0 pos e; grind
  clear hl hlo hhi hlo0 pos h4; exact ⟨by grind, by grind⟩

end formula

/-! ## A bracket in cells -/

section bracket
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **One value of the criterion is at least what a smaller residual and a larger slack give.** -/
theorem gcv_ge {n R R' S S' : K} (hn : 0 ≤ n) (hR0 : 0 ≤ R') (hR : R ≤ R') (hS : 0 < S') (hS' : S' ≤ S) :
    gcv n R S ≤ gcv n R' S' := by
  unfold gcv
  rw [div_le_div_iff (sq_pos (by grind)) (sq_pos hS)]
  have h1 := sq_le_sq (by grind) hS'
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left hR hn
  have h3 := OrderedRing.mul_nonneg hn hR0
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left h1 h3
  have h5 := OrderedRing.mul_le_mul_of_nonneg_right h2 (OrderedRing.sq_nonneg (a := S'))
  grind

/-- **Per cell: let `R` and `S` increase on `[u, v]`, `R ≥ 0`. If `R_lo ≤ R(u)` and `S(v) ≤ S_hi`, every `α` of the cell with
`S(α) > 0` has `gcv(α) ≥ n R_lo / S_hi²`.** The positivity of `S` is asked at `α` alone, so cells where `n - g dof` starts
out negative are covered. -/
theorem gcv_ge_of_cell {R S : K → K} {n u v α Rlo Shi : K} (hn : 0 ≤ n) (hR : R u ≤ R α) (hS : S α ≤ S v)
    (hlo : Rlo ≤ R u) (hhi : S v ≤ Shi) (h0 : 0 ≤ R α) (hpos : 0 < S α) : gcv n Rlo Shi ≤ gcv n (R α) (S α) :=
  gcv_ge hn h0 (by grind) hpos (by grind)

/-- **Per cell, for the ridge in its eigenbasis: `gcv(α) ≥ n RSS(u) / (n - g dof(v))²` for `u ≤ α ≤ v`.** -/
theorem gcv_ridge_ge_of_cell {p : Nat} {l c : Vec K p} {rest n g u v α : K} (hn : 0 ≤ n) (hg : 0 ≤ g)
    (hl : ∀ k, 0 ≤ l k) (hrest : 0 ≤ rest) (hu : 0 < u) (h1 : u ≤ α) (h2 : α ≤ v) (hpos : 0 < slack n g l α) :
    gcv n (rss l c rest u) (slack n g l v) ≤ gcv n (rss l c rest α) (slack n g l α) :=
  gcv_ge hn (rss_nonneg hrest) (rss_le_rss hl hu h1) hpos (slack_le_slack hg hl (by clear hl; grind) h2)

/-- In a finite grid some cell holds `α`. -/
private theorem exists_cell (t : Nat → K) (α : K) : ∀ N : Nat, t 0 ≤ α → α ≤ t N → 0 < N →
    ∃ i, i < N ∧ t i ≤ α ∧ α ≤ t (i + 1) := by
  intro N
  induction N with
  | zero => intro _ _ h; omega
  | succ N ih =>
    intro h0 h1 _
    by_cases h : t N ≤ α
    · exact ⟨N, by omega, h, h1⟩
    · by_cases hN : N = 0
      · subst hN; exact absurd h0 h
      · obtain ⟨i, hi, h2, h3⟩ := ih h0 (by clear ih; grind) (by omega)
        exact ⟨i, by omega, h2, h3⟩

/-- **A finite partition bounds the criterion on the whole bracket.** Grid points `t_0, ..., t_N`; `R` and `S` increase
on `[t_0, t_N]`, `R ≥ 0`; in every cell `L ≤ n R_i / S_i²` with `R_i ≤ R(t_i)` and `S(t_{i+1}) ≤ S_i`. **Then
`gcv(α) ≥ L` for every `α` of the bracket with `S(α) > 0`.** The grid need not be sorted, nor fine: a coarse one makes `L`
small. Nothing is said outside the bracket, nor where `S ≤ 0` (there the criterion has no meaning). -/
theorem gcv_ge_of_partition {R S : K → K} {n L : K} (t : Nat → K) (N : Nat) (hN : 0 < N) (hn : 0 ≤ n)
    (hR : ∀ u v, t 0 ≤ u → u ≤ v → v ≤ t N → R u ≤ R v) (hS : ∀ u v, t 0 ≤ u → u ≤ v → v ≤ t N → S u ≤ S v)
    (h0 : ∀ α, 0 ≤ R α) (inside : ∀ i, i ≤ N → t 0 ≤ t i ∧ t i ≤ t N) (Rlo Shi : Nat → K)
    (hlo : ∀ i, i < N → Rlo i ≤ R (t i)) (hhi : ∀ i, i < N → S (t (i + 1)) ≤ Shi i)
    (hL : ∀ i, i < N → L ≤ gcv n (Rlo i) (Shi i)) {α : K} (h1 : t 0 ≤ α) (h2 : α ≤ t N) (hpos : 0 < S α) :
    L ≤ gcv n (R α) (S α) := by
  obtain ⟨i, hi, h3, h4⟩ := exists_cell t α N h1 h2 hN
  have h5 := gcv_ge_of_cell (R := R) (S := S) (v := t (i + 1)) hn (hR _ _ (inside i (by omega)).1 h3 h2)
    (hS _ _ h1 h4 (inside (i + 1) (by omega)).2) (hlo i hi) (hhi i hi) (h0 α) hpos
  have h6 := hL i hi
  exact IsPreorder.le_trans _ _ _ h6 h5

/-- **A near-minimum, certified: if moreover `gcv(α₀) ≤ (1 + η) L`, then `gcv(α₀) ≤ (1 + η) gcv(α)` for every `α` of the
bracket with `S(α) > 0`.** `η ≥ -1`. It bounds the criterion's value, not the distance to its minimiser; and the criterion is
an estimate of risk, not risk. -/
theorem gcv_near_min_of_partition {R S : K → K} {n L η α₀ : K} (t : Nat → K) (N : Nat) (hN : 0 < N) (hn : 0 ≤ n)
    (hR : ∀ u v, t 0 ≤ u → u ≤ v → v ≤ t N → R u ≤ R v) (hS : ∀ u v, t 0 ≤ u → u ≤ v → v ≤ t N → S u ≤ S v)
    (h0 : ∀ α, 0 ≤ R α) (inside : ∀ i, i ≤ N → t 0 ≤ t i ∧ t i ≤ t N) (Rlo Shi : Nat → K)
    (hlo : ∀ i, i < N → Rlo i ≤ R (t i)) (hhi : ∀ i, i < N → S (t (i + 1)) ≤ Shi i)
    (hL : ∀ i, i < N → L ≤ gcv n (Rlo i) (Shi i)) (hη : 0 ≤ 1 + η) (near : gcv n (R α₀) (S α₀) ≤ (1 + η) * L)
    {α : K} (h1 : t 0 ≤ α) (h2 : α ≤ t N) (hpos : 0 < S α) :
    gcv n (R α₀) (S α₀) ≤ (1 + η) * gcv n (R α) (S α) := by
  have h3 := gcv_ge_of_partition t N hN hn hR hS h0 inside Rlo Shi hlo hhi hL h1 h2 hpos
  exact IsPreorder.le_trans _ _ _ near (OrderedRing.mul_le_mul_of_nonneg_left h3 hη)

/-- **The same for the ridge in its eigenbasis, with nothing left to assume of residual and slack.** -/
theorem gcv_ridge_near_min_of_partition {p : Nat} {l c : Vec K p} {rest n g L η α₀ : K} (t : Nat → K) (N : Nat)
    (hN : 0 < N) (hn : 0 ≤ n) (hg : 0 ≤ g) (hl : ∀ k, 0 ≤ l k) (hrest : 0 ≤ rest) (ht : 0 < t 0)
    (inside : ∀ i, i ≤ N → t 0 ≤ t i ∧ t i ≤ t N)
    (hL : ∀ i, i < N → L ≤ gcv n (rss l c rest (t i)) (slack n g l (t (i + 1)))) (hη : 0 ≤ 1 + η)
    (near : gcv n (rss l c rest α₀) (slack n g l α₀) ≤ (1 + η) * L) {α : K} (h1 : t 0 ≤ α) (h2 : α ≤ t N)
    (hpos : 0 < slack n g l α) :
    gcv n (rss l c rest α₀) (slack n g l α₀) ≤ (1 + η) * gcv n (rss l c rest α) (slack n g l α) :=
  gcv_near_min_of_partition (R := rss l c rest) (S := slack n g l) t N hN hn
    (fun u v h h' _ => rss_le_rss hl (by clear hl inside hL; grind) h')
    (fun u v h h' _ => slack_le_slack hg hl (by clear hl inside hL; grind) h')
    (fun _ => rss_nonneg hrest) inside (fun i => rss l c rest (t i)) (fun i => slack n g l (t (i + 1)))
    (fun _ _ => IsPreorder.le_refl _) (fun _ _ => IsPreorder.le_refl _) hL hη near h1 h2 hpos

end bracket

/-! ## The exact ridge, without eigenvectors -/

section exact
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m n : Nat}

/-- The residual sum of squares of the weights `w`. -/
def residualSq (A : Mat K m n) (f : Vec K m) (w : Vec K n) : K := normSq fun i => f i - mulVec A w i

/-- `w` minimises `|f - A w|² + α |w|²`. -/
def IsRidge (A : Mat K m n) (f : Vec K m) (α : K) (w : Vec K n) : Prop :=
  ∀ w', ridgeObjective A f α w ≤ ridgeObjective A f α w'

/-- **The residual of the exact ridge increases with the ridge**, whatever the spectrum: no eigenvalue enters. -/
theorem rss_le_of_minimisers {A : Mat K m n} {f : Vec K m} {u v : K} (hu : 0 ≤ u) (h : u < v) {wu wv : Vec K n}
    (hwu : IsRidge A f u wu) (hwv : IsRidge A f v wv) : residualSq A f wu ≤ residualSq A f wv := by
  have h1 := hwu wv; have h2 := hwv wu
  unfold ridgeObjective at h1 h2; unfold residualSq
  generalize normSq (fun i => f i - mulVec A wu i) = a at *; generalize normSq (fun i => f i - mulVec A wv i) = b at *
  generalize normSq wu = x at *; generalize normSq wv = y at *
  clear hwu hwv
  have h3 : (v - u) * y ≤ (v - u) * x := by grind
  have h4 := le_of_mul_le_mul (by grind) h3
  have h5 := OrderedRing.mul_le_mul_of_nonneg_left h4 hu
  grind

/-- At a minimiser the slope vanishes in every direction. -/
theorem ridgeSlope_eq_zero {A : Mat K m n} {f : Vec K m} {α : K} {w : Vec K n} (hw : IsRidge A f α w) (e : Vec K n) :
    ridgeSlope A f α w e = 0 := by
  -- along `w + s e` the objective is `J + s S + s² Q`; `s = -S/(2Q)`, or any `s` when `Q = 0`, would go below
  have h : ∀ s : K, 0 ≤ s * ridgeSlope A f α w e + s ^ 2 * (normSq (mulVec A e) + α * normSq e) := by
    intro s
    have h1 := hw (fun j => w j + s * e j)
    rw [ridgeObjective_add A f α w fun j => s * e j] at h1
    have e1 : ridgeSlope A f α w (fun j => s * e j) = s * ridgeSlope A f α w e := by
      have h2 := ridgeSlope_comb A f α w (fun _ : Fin 1 => s) (fun _ => e)
      simp only [sum] at h2
      rw [show comb (fun _ : Fin 1 => s) (fun _ => e) = fun j => s * e j by
        funext j; unfold comb; simp only [sum]; grind] at h2
      rw [h2]; grind
    have e2 : normSq (fun j => s * e j) = s ^ 2 * normSq e := by
      unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind
    have e3 : normSq (mulVec A fun j => s * e j) = s ^ 2 * normSq (mulVec A e) := by
      rw [show mulVec A (fun j => s * e j) = fun i => s * mulVec A e i by
        funext i; unfold mulVec; rw [dot_comm, dot_smul, dot_comm]]
      unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind
    rw [e1, e2, e3] at h1; clear hw e1 e2 e3; grind
  generalize ridgeSlope A f α w e = S at *; generalize normSq (mulVec A e) + α * normSq e = Q at *
  have a := h 1; have b := h (-1); have c := h (-S); have d := h S
  by_cases hQ : Q = 0
  · clear h; subst hQ; grind
  · have hQ' : 0 < Q := by clear h c d; grind
    have h1 := h (-(S / (2 * Q)))
    have e1 : -(S / (2 * Q)) * S + (-(S / (2 * Q))) ^ 2 * Q = -(S ^ 2 / (4 * Q)) := by clear h; grind
    rw [e1] at h1
    have h2 : S ^ 2 / (4 * Q) ≤ 0 := by clear h; grind
    rw [div_le_iff (by clear h; grind)] at h2
    have := OrderedRing.sq_nonneg (a := S)
    have h3 : S ^ 2 = 0 := by clear h a b c d h1 e1; grind
    clear h a b c d h1 e1 h2 hQ hQ' this; grind

/-- **A trial `w` is near the exact ridge `w*` in its fit: `16 α |A (w - w*)|² ≤ |J'(w)|²`,** where `J'(w)` has the entries
`ridgeSlope` along the unit vectors. -/
theorem residual_near_of_slope {A : Mat K m n} {f : Vec K m} {α : K} {w w' : Vec K n}
    (hw' : IsRidge A f α w') :
    16 * α * normSq (mulVec A fun j => w j - w' j) ≤ normSq fun j => ridgeSlope A f α w (ident j) := by
  let e : Vec K n := fun j => w' j - w j
  have hslope : ∀ v g, ridgeSlope A f α v g = sum n fun j => g j * ridgeSlope A f α v (ident j) := by
    intro v g
    have h1 := ridgeSlope_comb A f α v g ident
    rwa [show comb g ident = g by
      funext j; unfold comb; rw [← sum_ident n j g]; refine sum_congr fun i => ?_; rw [ident_comm]] at h1
  -- the slope at `w'` vanishes, and it differs from the slope at `w` by twice `AᵀA e + α e`
  have h1 : ridgeSlope A f α w e = -(2 * (normSq (mulVec A e) + α * normSq e)) := by
    have h2 := ridgeSlope_eq_zero hw' e
    have e1 : w' = fun j => w j + 1 * e j := by funext j; show w' j = w j + 1 * (w' j - w j); clear hslope h2; grind
    have e2 : mulVec A w' = fun i => mulVec A w i + 1 * mulVec A e i := by
      rw [← mulVec_lin, ← e1]
    unfold ridgeSlope at *
    rw [e2, show dot w' e = dot w e + 1 * normSq e by
      unfold normSq; rw [← dot_lin, ← e1]] at h2
    rw [show (fun i => f i - (mulVec A w i + 1 * mulVec A e i)) = fun i => (f i - mulVec A w i) + (-1) * mulVec A e i by
      funext i; clear hslope h2; grind, dot_lin] at h2
    unfold normSq at *; clear hslope; grind
  have h2 := hslope w e
  have h3 := normSq_nonneg (fun j => ridgeSlope A f α w (ident j) + (4 * α) * e j)
  rw [normSq_lin] at h3
  rw [show dot (fun j => ridgeSlope A f α w (ident j)) e = sum n fun j => e j * ridgeSlope A f α w (ident j) from
    sum_congr fun j => by clear hslope; grind, ← h2, h1] at h3
  have h4 : normSq (mulVec A fun j => w j - w' j) = normSq (mulVec A e) := by
    have e3 : (fun j => w j - w' j) = fun j => (-1) * e j := by
      funext j; show w j - w' j = -1 * (w' j - w j); clear hslope h1 h2 h3; grind
    rw [e3, show mulVec A (fun j => (-1) * e j) = fun i => (-1) * mulVec A e i by
      funext i; unfold mulVec; rw [dot_comm, dot_smul, dot_comm]]
    unfold normSq; rw [dot_smul, dot_comm, dot_smul]; clear hslope h1 h2 h3; grind
  rw [h4]; clear hslope h2 h1; grind

/-- **The residual of the exact ridge from below, from a trial: for every `t > 0`,
`RSS(w) ≤ (1 + t) RSS(w*) + (1 + 1/t) |J'(w)|² / (16 α)`.** That is `|√RSS(w) - √RSS(w*)| ≤ |J'(w)| / (4 √α)` without
square roots. -/
theorem rss_le_of_trial {A : Mat K m n} {f : Vec K m} {α t : K} (hα : 0 < α) (ht : 0 < t) {w w' : Vec K n}
    (hw' : IsRidge A f α w') :
    residualSq A f w ≤ (1 + t) * residualSq A f w'
      + (1 + 1 / t) * (normSq (fun j => ridgeSlope A f α w (ident j)) / (16 * α)) := by
  have h1 := residual_near_of_slope (w := w) hw'
  have h2 : normSq (mulVec A fun j => w j - w' j) ≤ normSq (fun j => ridgeSlope A f α w (ident j)) / (16 * α) := by
    rw [le_div_iff (by clear hw'; grind)]; clear hw'; grind
  have e : (fun i => f i - mulVec A w i)
      = fun i => (f i - mulVec A w' i) + (-1) * mulVec A (fun j => w j - w' j) i := by
    funext i; rw [mulVec_sub]; clear hw'; grind
  have h3 := normSq_nonneg (fun i => mulVec A (fun j => w j - w' j) i + t * (f i - mulVec A w' i))
  rw [normSq_lin, dot_comm] at h3
  have hi : 0 ≤ 1 / t := div_nonneg (by clear hw'; grind) ht
  unfold residualSq
  rw [e, normSq_lin]
  generalize dot (fun i => f i - mulVec A w' i) (mulVec A fun j => w j - w' j) = D at *
  generalize normSq (fun i => f i - mulVec A w' i) = R at *
  generalize normSq (mulVec A fun j => w j - w' j) = Q at *
  generalize normSq (fun j => ridgeSlope A f α w (ident j)) / (16 * α) = G at *
  clear h1 e hw'
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left h2 (c := 1 + 1 / t) (by grind)
  have h5 := OrderedRing.mul_le_mul_of_nonneg_left h3 hi
  have e1 : 1 / t * (Q + 2 * t * D + t ^ 2 * R) = 1 / t * Q + 2 * D + t * R := by grind
  rw [e1] at h5
  grind

private theorem normSq_fit_le {A : Mat K m n} {f : Vec K m} {α t : K} (hα : 0 < α) {w w' : Vec K n}
    (hw' : IsRidge A f α w') (hg : normSq (fun j => ridgeSlope A f α w (ident j)) ≤ 16 * α * t ^ 2) :
    normSq (mulVec A fun j => w j - w' j) ≤ t ^ 2 := by
  have h := residual_near_of_slope (w := w) hw'
  exact le_of_mul_le_mul (c := 16 * α) (by clear hw'; grind) (IsPreorder.le_trans _ _ _ h hg)

/-- **The residual of the exact ridge `w*` from above, from a trial `w`: with `RSS(w) ≤ s²` and `|J'(w)|² ≤ 16 α t²`,
`RSS(w*) ≤ (s + t)²`.** -/
theorem residual_le_of_trial {A : Mat K m n} {f : Vec K m} {α s t : K} (hα : 0 < α) (hs : 0 ≤ s) (ht : 0 ≤ t)
    {w w' : Vec K n} (hw' : IsRidge A f α w') (hr : residualSq A f w ≤ s ^ 2)
    (hg : normSq (fun j => ridgeSlope A f α w (ident j)) ≤ 16 * α * t ^ 2) : residualSq A f w' ≤ (s + t) ^ 2 := by
  have h := normSq_add_le hs ht hr (normSq_fit_le hα hw' hg)
  unfold residualSq
  rw [show (fun i => f i - mulVec A w' i) = fun i => f i - mulVec A w i + mulVec A (fun j => w j - w' j) i by
    funext i; rw [mulVec_sub]; clear hw'; grind]
  exact h

/-- **And from below: with `RSS(w) ≥ s²` and `|J'(w)|² ≤ 16 α t²`, `0 ≤ t ≤ s`: `RSS(w*) ≥ (s - t)²`.** -/
theorem residual_ge_of_trial {A : Mat K m n} {f : Vec K m} {α s t : K} (hα : 0 < α) (ht : 0 ≤ t) (hts : t ≤ s)
    {w w' : Vec K n} (hw' : IsRidge A f α w') (hr : s ^ 2 ≤ residualSq A f w)
    (hg : normSq (fun j => ridgeSlope A f α w (ident j)) ≤ 16 * α * t ^ 2) : (s - t) ^ 2 ≤ residualSq A f w' := by
  have h := sq_le_normSq_add ht hts hr (normSq_fit_le hα hw' hg)
  unfold residualSq
  rw [show (fun i => f i - mulVec A w' i) = fun i => f i - mulVec A w i + mulVec A (fun j => w j - w' j) i by
    funext i; rw [mulVec_sub]; clear hw'; grind]
  exact h

end exact

end Eigenstill
