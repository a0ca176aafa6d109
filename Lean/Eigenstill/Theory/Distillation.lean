/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.Shrinkage

/-!
# The distilled form and its errors

The student keeps the fraction `h_k` of the coefficient `c_k = u_k · f` of the teacher's outputs `f` along each mode.

* `error_eq`: `|f - student|² = Σ (1 - h_k)² c_k² + (|f|² - Σ c_k²)`, exactly; `error_near` when the modes are only nearly
  orthonormal.
* `error_ge_of_count`, `error_ge_of_first`: no choice of `r` modes and no coefficients do better than the `r` largest
  squared coefficients.
* `selectionRisk_drop_lt_iff`, `selectionRisk_best_le`, `selectionRisk_excess`: a mode is worth keeping exactly when its
  squared coefficient is at least its noise variance: overfitting as excess modes.
* `count_le_two_mul_dof`, `dof_le_count_add_tail`, `ratio_le_iff`: `K*`, effective parameters, stored numbers.

Source: Parseval and Bessel; Stein 1981 and Donoho-Johnstone 1994 for keep-or-kill risk.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-! ## Error of the distilled form -/

section error
variable {K : Type u} [Field K] {n p r : Nat}

/-- The coefficients `c_k = u_k · f`. -/
def coefficient (U : Fin p → Vec K n) (f : Vec K n) : Vec K p := fun k => dot (U k) f

/-- The student on the data: `Σ h_k c_k u_k`. -/
def student (U : Fin p → Vec K n) (f : Vec K n) (h : Vec K p) : Vec K n := comb (fun k => h k * coefficient U f k) U

/-- What of `f` no mode holds: `|f|² - Σ c_k²`. -/
def tail (U : Fin p → Vec K n) (f : Vec K n) : K := normSq f - normSq (coefficient U f)

/-- `|f - Σ b_k u_k|²` for any coefficients. -/
theorem normSq_sub_comb (U : Fin p → Vec K n) (f : Vec K n) (b : Vec K p) :
    normSq (fun i => f i - comb b U i) = normSq f - 2 * dot b (coefficient U f) + normSq (comb b U) := by
  rw [normSq_sub, dot_comm f, dot_comb]; rfl

/-- **The error of the distilled form, exactly, for orthonormal modes:
`|f - student|² = Σ (1 - h_k)² c_k² + (|f|² - Σ c_k²)`**: what the filter takes away, and what no mode holds. `h` is
arbitrary. It is the error against `f` on these rows; nothing is said of other rows or of labels. -/
theorem error_eq {U : Fin p → Vec K n} (hU : Orthonormal U) (f : Vec K n) (h : Vec K p) :
    normSq (fun i => f i - student U f h i)
      = sum p (fun k => (1 - h k) ^ 2 * coefficient U f k ^ 2) + tail U f := by
  unfold student tail
  rw [normSq_sub_comb, normSq_comb_of_orthonormal hU, normSq_eq (coefficient U f),
    normSq_eq (fun k => h k * coefficient U f k)]
  rw [show dot (fun k => h k * coefficient U f k) (coefficient U f) = sum p fun k => h k * coefficient U f k ^ 2 from
    sum_congr fun k => by grind]
  rw [sum_congr (f := fun k => (1 - h k) ^ 2 * coefficient U f k ^ 2)
    (g := fun k => (coefficient U f k ^ 2 + (-2) * (h k * coefficient U f k ^ 2)) + (h k * coefficient U f k) ^ 2)
    fun k => by grind, sum_add, sum_lin]
  grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **With modes that are orthonormal only within `δ` (absolute row sums of `UᵀU - I`), that formula is off by at most
`δ Σ h_k² c_k²`, in either direction.** -/
theorem error_near {δ : K} {U : Fin p → Vec K n} (hU : NearlyOrthonormal δ U) (f : Vec K n) (h : Vec K p) :
    absVal (normSq (fun i => f i - student U f h i)
        - (sum p (fun k => (1 - h k) ^ 2 * coefficient U f k ^ 2) + tail U f))
      ≤ δ * sum p fun k => (h k * coefficient U f k) ^ 2 := by
  have hl := normSq_comb_le hU fun k => h k * coefficient U f k
  have hg := normSq_comb_ge hU fun k => h k * coefficient U f k
  unfold student tail
  rw [normSq_sub_comb, ← normSq_eq fun k => h k * coefficient U f k]
  rw [show dot (fun k => h k * coefficient U f k) (coefficient U f) = sum p fun k => h k * coefficient U f k ^ 2 from
    sum_congr fun k => by grind]
  have e : sum p (fun k => (1 - h k) ^ 2 * coefficient U f k ^ 2)
      = normSq (coefficient U f) + (-2) * sum p (fun k => h k * coefficient U f k ^ 2)
        + normSq fun k => h k * coefficient U f k := by
    rw [normSq_eq, normSq_eq, ← sum_lin, ← sum_add]; refine sum_congr fun k => ?_; grind
  rw [e]; clear hU e
  exact absVal_le (by grind) (by grind)

/-! ### The best modes -/

/-- **A lower bound for any coefficients: `|f - Σ b_k u_k|² ≥ |f|² - Σ c_k² / (1 - δ)`.** -/
theorem error_ge {δ : K} {U : Fin p → Vec K n} (hU : NearlyOrthonormal δ U) (hδ : δ < 1) (f : Vec K n) (b : Vec K p) :
    normSq f - normSq (coefficient U f) / (1 - δ) ≤ normSq fun i => f i - comb b U i := by
  have hg := normSq_comb_ge hU b
  have h0 := normSq_nonneg fun k => coefficient U f k + (-(1 - δ)) * b k
  rw [normSq_lin, dot_comm] at h0
  rw [normSq_sub_comb]
  have hp : 0 < 1 - δ := by clear hU; grind
  have e : (1 - δ) * (normSq (coefficient U f) / (1 - δ)) = normSq (coefficient U f) := by clear hU; grind
  generalize normSq (coefficient U f) / (1 - δ) = q at *
  generalize normSq (coefficient U f) = C at *; generalize dot b (coefficient U f) = S at *
  generalize normSq (comb b U) = G at *; generalize normSq b = B at *
  clear hU
  have h1 : (1 - δ) * (2 * S - (1 - δ) * B) ≤ (1 - δ) * q := by rw [e]; grind
  have h2 := le_of_mul_le_mul hp h1
  grind

open Classical in
/-- The sum of `a` over the chosen indices. -/
def chosen {K : Type u} [CommRing K] {p : Nat} (S : Fin p → Prop) (a : Vec K p) : K :=
  sum p fun k => if S k then a k else 0

/-- **Of at most `r` chosen terms of a decreasing sequence of nonnegative numbers, the first `r` have the largest sum.** -/
theorem chosen_le_first {a : Vec K p} (h0 : ∀ k, 0 ≤ a k) (ha : ∀ k l : Fin p, k.val ≤ l.val → a l ≤ a k)
    (S : Fin p → Prop) (hr : r ≤ p) (count : chosen S (fun _ => (1 : K)) ≤ r) :
    chosen S a ≤ sum r fun k => a (k.castLE hr) := by
  obtain ⟨t, ht, hlt, hge⟩ : ∃ t : K, 0 ≤ t ∧ (∀ k : Fin p, k.val < r → t ≤ a k) ∧
      (∀ k : Fin p, ¬ k.val < r → a k ≤ t) := by
    by_cases h : r < p
    · exact ⟨a ⟨r, h⟩, h0 _, fun k hk => ha k ⟨r, h⟩ (by simp only; omega),
        fun k hk => ha ⟨r, h⟩ k (by simp only; omega)⟩
    · exact ⟨0, IsPreorder.le_refl _, fun k _ => h0 k, fun k hk => by have := k.isLt; omega⟩
  have h1 : sum p (fun k => (if k.val < r then a k else 0) + (-t) * (if k.val < r then 1 else 0))
      ≥ chosen S a + (-t) * chosen S (fun _ => 1) := by
    unfold chosen; rw [← sum_lin]
    refine sum_le _ _ _ fun k => ?_
    have h1 := hlt k; have h2 := hge k
    clear h0 ha hlt hge count
    by_cases hk : k.val < r
    · have := h1 hk
      rw [if_pos hk, if_pos hk]; split <;> grind
    · have := h2 hk
      rw [if_neg hk, if_neg hk]; split <;> grind
  rw [sum_lin, sum_take hr a, sum_take hr (fun _ => (1 : K)), sum_one] at h1
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left count ht
  clear h0 ha hlt hge; grind

/-- **No choice of at most `r` modes, with any coefficients, has a smaller error than `|f|² - Σ_{k<r} c_k² / (1 - δ)`, when
the modes are numbered by decreasing `c_k²`.** For orthonormal modes (`δ = 0`) the first `r` modes with `h_k = 1` attain it
(`error_ge_of_first`). It compares choices within this basis only; other bases are `eckartYoung_ranks`'s business. -/
theorem error_ge_of_count {δ : K} {U : Fin p → Vec K n} (hU : NearlyOrthonormal δ U) (hδ : δ < 1) (f : Vec K n)
    (sorted : ∀ k l : Fin p, k.val ≤ l.val → coefficient U f l ^ 2 ≤ coefficient U f k ^ 2) (S : Fin p → Prop)
    (hr : r ≤ p) (count : chosen S (fun _ => (1 : K)) ≤ r) (b : Vec K p) (hb : ∀ k, ¬ S k → b k = 0) :
    normSq f - sum r (fun k => coefficient U f (k.castLE hr) ^ 2) / (1 - δ) ≤ normSq fun i => f i - comb b U i := by
  have hp : 0 < 1 - δ := by clear hU sorted; grind
  have hfirst := chosen_le_first (fun k => OrderedRing.sq_nonneg (a := coefficient U f k)) sorted S hr count
  have hg := normSq_comb_ge hU b
  have hdot : 2 * (1 - δ) * dot b (coefficient U f)
      ≤ (1 - δ) ^ 2 * normSq b + chosen S fun k => coefficient U f k ^ 2 := by
    unfold chosen; rw [normSq_eq, dot, ← sum_mul, ← sum_mul, ← sum_add]
    refine sum_le _ _ _ fun k => ?_
    by_cases hk : S k
    · rw [if_pos hk]
      have := OrderedRing.sq_nonneg (a := (1 - δ) * b k - coefficient U f k)
      clear hU sorted hb; grind
    · rw [if_neg hk, hb k hk]; clear hU sorted hb; grind
  rw [normSq_sub_comb]
  have e : (1 - δ) * (sum r (fun k => coefficient U f (k.castLE hr) ^ 2) / (1 - δ))
      = sum r fun k => coefficient U f (k.castLE hr) ^ 2 := by clear hU sorted hb; grind
  generalize sum r (fun k => coefficient U f (k.castLE hr) ^ 2) / (1 - δ) = q at *
  generalize sum r (fun k => coefficient U f (k.castLE hr) ^ 2) = C at *
  generalize chosen S (fun k => coefficient U f k ^ 2) = T at *
  generalize dot b (coefficient U f) = D at *
  generalize normSq (comb b U) = G at *; generalize normSq b = B at *
  clear hU sorted hb count
  have h1 : (1 - δ) * (2 * D - (1 - δ) * B) ≤ (1 - δ) * q := by rw [e]; grind
  have h2 := le_of_mul_le_mul hp h1
  grind

/-- **For orthonormal modes numbered by decreasing `c_k²`, keeping the first `r` as they are is the best `r`-term
choice: every choice of at most `r` modes, with any coefficients, has at least its error.** Ties make other choices
equally good. -/
theorem error_ge_of_first {U : Fin p → Vec K n} (hU : Orthonormal U) (f : Vec K n)
    (sorted : ∀ k l : Fin p, k.val ≤ l.val → coefficient U f l ^ 2 ≤ coefficient U f k ^ 2) (S : Fin p → Prop)
    (hr : r ≤ p) (count : chosen S (fun _ => (1 : K)) ≤ r) (b : Vec K p) (hb : ∀ k, ¬ S k → b k = 0) :
    normSq (fun i => f i - student U f (fun k => if k.val < r then 1 else 0) i) ≤ normSq fun i => f i - comb b U i := by
  have key := error_ge_of_count (nearlyOrthonormal_of_orthonormal hU) (by clear hU sorted hb; grind) f sorted S hr count b hb
  rw [error_eq hU]
  have e : sum p (fun k => (1 - (if k.val < r then 1 else 0 : K)) ^ 2 * coefficient U f k ^ 2) + tail U f
      = normSq f - sum r fun k => coefficient U f (k.castLE hr) ^ 2 := by
    unfold tail
    rw [normSq_eq (coefficient U f), ← sum_take hr fun k => coefficient U f k ^ 2]
    rw [sum_congr (f := fun k => (1 - (if k.val < r then 1 else 0 : K)) ^ 2 * coefficient U f k ^ 2)
      (g := fun k => coefficient U f k ^ 2 - (if k.val < r then coefficient U f k ^ 2 else 0)) fun k => by
        clear hU sorted hb key; dsimp only; split <;> grind, sum_sub]
    clear hU sorted hb key; grind
  rw [e]
  have e2 : sum r (fun k => coefficient U f (k.castLE hr) ^ 2) / (1 - 0)
      = sum r fun k => coefficient U f (k.castLE hr) ^ 2 := by clear hU sorted hb key e; grind
  rw [e2] at key; exact key

end error

/-! ## Overfitting as excess modes -/

section overfit
variable {K : Type u} [Field K] {p r : Nat}

open Classical in
/-- Expected squared error of keeping the modes in `S` unshrunk and dropping the others: a kept mode pays its noise
variance `v_k`, a dropped one its squared coefficient `c_k²` (`risk` at `h = 1` and `h = 0`). -/
def selectionRisk (S : Fin p → Prop) (c v : Vec K p) : K :=
  sum p fun k => risk (c k ^ 2) (v k) (if S k then 1 else 0)

/-- The price of a kept mode and of a dropped one. -/
theorem risk_one (l a : K) : risk l a 1 = a := by unfold risk; grind
theorem risk_zero (l a : K) : risk l a 0 = l := by unfold risk; grind

/-- **Dropping the kept mode `j` changes the risk by `c_j² - v_j`.** -/
theorem selectionRisk_drop (S : Fin p → Prop) (c v : Vec K p) {j : Fin p} (hj : S j) :
    selectionRisk (fun k => S k ∧ k ≠ j) c v = selectionRisk S c v + (c j ^ 2 - v j) := by
  have h1 := sum_ident p j fun k => c k ^ 2 - v k
  unfold selectionRisk; rw [← h1, ← sum_add]
  refine sum_congr fun k => ?_
  by_cases hk : k = j
  · subst hk
    rw [if_pos hj, if_neg (fun h => h.2 rfl), risk_one, risk_zero, ident_self]; grind
  · rw [show (ident j k : K) = 0 by unfold ident; rw [if_neg (by omega)]]
    by_cases hS : S k
    · rw [if_pos hS, if_pos ⟨hS, hk⟩]; grind
    · rw [if_neg hS, if_neg (fun h => hS h.1)]; grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Overfitting, mode by mode: dropping a kept mode lowers the expected error exactly when its squared coefficient is
below its noise variance.** The variance is a hypothesis about the world: estimated from data it carries their error, so no
certificate claims that a network 'provably overfits'. -/
theorem selectionRisk_drop_lt_iff (S : Fin p → Prop) (c v : Vec K p) {j : Fin p} (hj : S j) :
    selectionRisk (fun k => S k ∧ k ≠ j) c v < selectionRisk S c v ↔ c j ^ 2 < v j := by
  rw [selectionRisk_drop S c v hj]; grind

/-- **The best selection keeps exactly the modes with `v_k ≤ c_k²`; no selection has less expected error.** -/
theorem selectionRisk_best_le (S : Fin p → Prop) (c v : Vec K p) :
    selectionRisk (fun k => v k ≤ c k ^ 2) c v ≤ selectionRisk S c v := by
  refine sum_le _ _ _ fun k => ?_
  by_cases h1 : v k ≤ c k ^ 2 <;> by_cases h2 : S k <;> simp only [h1, h2, if_true, if_false, risk_one, risk_zero] <;> grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- **Keeping the modes of `T` beyond those of `S` costs the sum of their excesses `v_k - c_k²`**: with `S` the first `K*`
modes and `T` all those the network uses, the excess risk of the modes in between. -/
theorem selectionRisk_excess (S T : Fin p → Prop) (c v : Vec K p) (hST : ∀ k, S k → T k) :
    selectionRisk T c v - selectionRisk S c v = chosen (fun k => T k ∧ ¬ S k) fun k => v k - c k ^ 2 := by
  unfold selectionRisk chosen; rw [← sum_sub]
  refine sum_congr fun k => ?_
  by_cases h1 : S k
  · have := hST k h1
    rw [if_pos h1, if_pos this, if_neg (fun h => h.2 h1)]; grind
  · by_cases h2 : T k
    · rw [if_neg h1, if_pos h2, if_pos ⟨h2, h1⟩, risk_one, risk_zero]
    · rw [if_neg h1, if_neg h2, if_neg (fun h => h2 h.1)]; grind

/-- **Shrinking beats keep-or-kill: with the filter in every mode the price is at most that of the best selection.** -/
theorem filter_le_selectionRisk (S : Fin p → Prop) (c v : Vec K p) (pos : ∀ k, 0 < c k ^ 2 + v k) :
    sum p (fun k => risk (c k ^ 2) (v k) (filter (c k ^ 2) (v k))) ≤ selectionRisk S c v :=
  sum_le _ _ _ fun k => risk_filter_le _ _ _ (pos k)

end overfit

/-! ## Compression -/

section compression
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {p r : Nat}

/-- Effective parameters, the trace of the smoother: `Σ λ_k / (λ_k + α)`. -/
def dof (l : Vec K p) (α : K) : K := sum p fun k => filter (l k) α

/-- **At most as many effective parameters as modes.** -/
theorem dof_le_card {l : Vec K p} {α : K} (h0 : ∀ k, 0 ≤ l k) (hα : 0 < α) : dof l α ≤ p := by
  rw [← sum_one p]
  exact sum_le _ _ _ fun k => filter_le_one (by clear h0; grind) (by have := h0 k; clear h0; grind)

/-- **`K*` is at most twice the effective parameters: each of the first `r` modes with `λ_k ≥ α` counts for a half at
least.** -/
theorem count_le_two_mul_dof {l : Vec K p} {α : K} (h0 : ∀ k, 0 ≤ l k) (hα : 0 < α) (hr : r ≤ p)
    (strong : ∀ k : Fin p, k.val < r → α ≤ l k) : (r : K) ≤ 2 * dof l α := by
  unfold dof
  rw [← sum_one r, ← sum_take hr fun _ => (1 : K), ← sum_mul]
  refine sum_le _ _ _ fun k => ?_
  have pos : 0 < l k + α := by have := h0 k; clear h0 strong; grind
  by_cases hk : k.val < r
  · rw [if_pos hk]; exact (half_le_filter_iff pos).mpr (strong k hk)
  · rw [if_neg hk]; have := filter_nonneg (h0 k) pos; clear h0 strong; grind

/-- **Effective parameters are at most `r` plus the share of the spectrum beyond the first `r` modes, in units of `α`.** -/
theorem dof_le_count_add_tail {l : Vec K p} {α : K} (h0 : ∀ k, 0 ≤ l k) (hα : 0 < α) (hr : r ≤ p) :
    dof l α ≤ r + sum p (fun k => if k.val < r then 0 else l k) / α := by
  have h1 : α * dof l α ≤ α * r + sum p fun k => if k.val < r then 0 else l k := by
    unfold dof
    rw [← sum_one r, ← sum_take hr fun _ => (1 : K), ← sum_mul, ← sum_mul, ← sum_add]
    refine sum_le _ _ _ fun k => ?_
    have hk0 := h0 k
    have pos : 0 < l k + α := by clear h0; grind
    by_cases hk : k.val < r
    · rw [if_pos hk, if_pos hk]
      have := OrderedRing.mul_le_mul_of_nonneg_left (filter_le_one (l := l k) (a := α) (by clear h0; grind) pos)
        (c := α) (by clear h0; grind)
      clear h0; grind
    · rw [if_neg hk, if_neg hk]
      have e : (l k + α) * filter (l k) α = l k := by unfold filter; clear h0; grind
      have := OrderedRing.mul_nonneg hk0 (filter_nonneg hk0 pos)
      clear h0; grind
  have e : α * (sum p (fun k => if k.val < r then 0 else l k) / α) = sum p fun k => if k.val < r then 0 else l k := by
    clear h1 h0; grind
  exact le_of_mul_le_mul hα (by clear h0; grind)

/-- The numbers a student stores: `m` landmarks in `d` columns, `c` outputs, linear weights, scales, offsets. -/
def storedNumbers (m d c : Nat) : Nat := m * (d + c) + d * c + d + c

/-- **A compression of at least `ratio` is the inequality `ratio · stored ≤ parameters`.** Numbers are counted, not bits. -/
theorem ratio_le_iff {ratio parameters m d c : Nat} (h : 0 < storedNumbers m d c) :
    ratio ≤ parameters / storedNumbers m d c ↔ ratio * storedNumbers m d c ≤ parameters :=
  Nat.le_div_iff_mul_le h

/-- **More landmarks never store less, so the ratio never grows with them.** -/
theorem storedNumbers_mono {m m' d c : Nat} (h : m ≤ m') : storedNumbers m d c ≤ storedNumbers m' d c := by
  unfold storedNumbers
  have := Nat.mul_le_mul_right (d + c) h; omega

/-- **A rank-`r` factorisation of an `m x n` matrix is smaller than the matrix exactly when `r (m + n) < m n`.** -/
theorem factors_lt_iff (r m n : Nat) : m * r + r * n < m * n ↔ r * (m + n) < m * n := by
  rw [Nat.mul_add, Nat.mul_comm m r]

end compression

end Eigenstill
