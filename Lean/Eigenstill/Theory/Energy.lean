/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd
public import Eigenstill.Theory.Distillation

/-!
# What a choice of modes can hold of a vector

`g_k` are the modes as they act on the data (`A v_k`), nearly orthogonal but of any length; `E = (g_k · g_l)`,
`R_k = Σ_{l≠k} |E_kl|`. The energy that the modes in `S` hold of `f` is `|f|²` minus the least error of their combinations.

* `normSq_comb_ge_of_rows`, `normSq_comb_le_of_rows`: `Σ (E_kk - R_k) x_k² ≤ |Σ x_k g_k|² ≤ Σ (E_kk + R_k) x_k²`.
* `error_ge_of_rows`: no combination of the modes in `S` takes more of `f` than `Σ_S (g_k · f)² / (E_kk - R_k)`.
* `error_le_of_rows`: some combination takes `Σ_S (g_k · f)² / (E_kk + R_k)`.
* `error_ge_of_most`: no `r` of the modes hold more than the `r` largest of these terms.

Source: Gershgorin 1931, and the inverse of a positive matrix decreases with it.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section rows
variable {K : Type u} [Field K] {n p : Nat}

/-- The inner products of a family. -/
def cross (g : Fin p → Vec K n) : Mat K p p := fun k l => dot (g k) (g l)

private theorem quad_diagonal (a x : Vec K p) : quad (fun k l => a k * ident k l) x = sum p fun k => a k * x k ^ 2 := by
  rw [quad_eq_sum]; refine sum_congr fun k => ?_
  have h := sum_ident p k fun l => x k * a k * x l
  rw [sum_congr (g := fun l => x k * a k * x l * ident k l) fun l => by grind, h]; grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- `E` with `R` on its diagonal, or minus `E` with `R`, is diagonally dominant. -/
private theorem psd_rows (g : Fin p → Vec K n) (c : K) (hc : absVal c = 1) :
    Psd fun k l => (offDiagonal (cross g) k + (-c) * normSq (g k)) * ident k l + c * cross g k l := by
  have e : ∀ k l : Fin p, k ≠ l → (ident k l : K) = 0 := fun k l h => by
    unfold ident; rw [if_neg fun h' => h (Fin.ext h')]
  refine psd_of_diagonallyDominant (fun k l => ?_) fun k => ?_
  · dsimp only
    by_cases h : k = l
    · subst h; rfl
    · rw [e k l h, e l k (Ne.symm h), show cross g k l = cross g l k from dot_comm _ _]; grind
  · dsimp only
    rw [ident_self, show cross g k k = normSq (g k) from rfl,
      sum_congr (g := fun l => if k = l then 0 else absVal (cross g k l)) fun l => by
        dsimp only; by_cases h : k = l
        · rw [if_pos h, if_pos h]
        · rw [if_neg h, if_neg h, e k l h, show ∀ a b : K, a * 0 + b = b by intros; grind, absVal_mul, hc]; grind]
    show offDiagonal (cross g) k ≤ _
    grind

/-- **`|Σ x_k g_k|² ≥ Σ (E_kk - R_k) x_k²`** for any family. -/
theorem normSq_comb_ge_of_rows (g : Fin p → Vec K n) (x : Vec K p) :
    sum p (fun k => (normSq (g k) - offDiagonal (cross g) k) * x k ^ 2) ≤ normSq (comb x g) := by
  have h := psd_rows g 1 (absVal_of_nonneg (by grind)) x
  rw [quad_lin, quad_diagonal] at h
  rw [normSq_comb]; unfold cross at *
  rw [sum_congr (g := fun k => 0 + (-1) * ((offDiagonal (fun k l => dot (g k) (g l)) k + -1 * normSq (g k)) * x k ^ 2))
    fun k => by clear h; grind, sum_lin, sum_zero]
  grind

/-- **`|Σ x_k g_k|² ≤ Σ (E_kk + R_k) x_k²`** for any family. -/
theorem normSq_comb_le_of_rows (g : Fin p → Vec K n) (x : Vec K p) :
    normSq (comb x g) ≤ sum p fun k => (normSq (g k) + offDiagonal (cross g) k) * x k ^ 2 := by
  have h := psd_rows g (-1) (by rw [absVal_neg]; exact absVal_of_nonneg (by grind)) x
  rw [quad_lin, quad_diagonal] at h
  rw [normSq_comb]; unfold cross at *
  rw [sum_congr (g := fun k => (offDiagonal (fun k l => dot (g k) (g l)) k + -(-1) * normSq (g k)) * x k ^ 2)
    fun k => by clear h; grind]
  grind

open Classical in
/-- **No combination of the modes in `S` takes more of `f` than `Σ_S t_k`, where `(g_k · f)² ≤ t_k (E_kk - R_k)` and
`E_kk > R_k` for the modes in `S`: `|f - Σ b_k g_k|² ≥ |f|² - Σ_S t_k`** for all `b` that vanish outside `S`. Nothing is
asked of the other modes. It compares within these modes only. -/
theorem error_ge_of_rows (g : Fin p → Vec K n) (f : Vec K n) (S : Fin p → Prop) {t b : Vec K p}
    (hb : ∀ k, ¬ S k → b k = 0) (pos : ∀ k, S k → offDiagonal (cross g) k < normSq (g k))
    (ht : ∀ k, S k → dot (g k) f ^ 2 ≤ t k * (normSq (g k) - offDiagonal (cross g) k)) :
    normSq f - chosen S t ≤ normSq fun i => f i - comb b g i := by
  have h1 := normSq_comb_ge_of_rows g b
  have h2 : sum p (fun k => 2 * (b k * dot (g k) f)) ≤ sum p (fun k =>
      (normSq (g k) - offDiagonal (cross g) k) * b k ^ 2 + if S k then t k else 0) := by
    refine sum_le _ _ _ fun k => ?_
    by_cases h : S k
    · rw [if_pos h]
      have hp := pos k h; have hk := ht k h
      have h3 := OrderedRing.sq_nonneg (a := (normSq (g k) - offDiagonal (cross g) k) * b k - dot (g k) f)
      have hq : 0 < normSq (g k) - offDiagonal (cross g) k := by clear h1 hb pos ht h3; grind
      generalize normSq (g k) - offDiagonal (cross g) k = q at *
      clear h1 hb pos ht
      exact le_of_mul_le_mul hq (by grind)
    · rw [if_neg h, hb k h]; clear h1 hb pos ht; grind
  rw [sum_add, sum_mul] at h2
  rw [normSq_sub, dot_comm f, dot_comb]; unfold chosen
  clear hb pos ht; grind

open Classical in
/-- **Some combination of the modes in `S` takes at least `Σ_S t_k` of `f`, where `t_k (E_kk + R_k) ≤ (g_k · f)²` and
`E_kk + R_k > 0` for the modes in `S`**: that of the coefficients `(g_k · f) / (E_kk + R_k)`. -/
theorem error_le_of_rows (g : Fin p → Vec K n) (f : Vec K n) (S : Fin p → Prop) {t : Vec K p}
    (pos : ∀ k, S k → 0 < normSq (g k) + offDiagonal (cross g) k)
    (ht : ∀ k, S k → t k * (normSq (g k) + offDiagonal (cross g) k) ≤ dot (g k) f ^ 2) :
    ∃ b : Vec K p, (∀ k, ¬ S k → b k = 0) ∧ normSq (fun i => f i - comb b g i) ≤ normSq f - chosen S t := by
  let b : Vec K p := fun k => if S k then dot (g k) f / (normSq (g k) + offDiagonal (cross g) k) else 0
  refine ⟨b, fun k h => if_neg h, ?_⟩
  have h1 := normSq_comb_le_of_rows g b
  have h2 : sum p (fun k => (normSq (g k) + offDiagonal (cross g) k) * b k ^ 2 + if S k then t k else 0)
      ≤ sum p fun k => 2 * (b k * dot (g k) f) := by
    refine sum_le _ _ _ fun k => ?_
    by_cases h : S k
    · have hq := pos k h; have hk := ht k h
      rw [if_pos h, show b k = dot (g k) f / (normSq (g k) + offDiagonal (cross g) k) from if_pos h]
      generalize normSq (g k) + offDiagonal (cross g) k = q at *
      have e : q * (dot (g k) f / q) = dot (g k) f := by clear h1 pos ht hk; grind
      generalize dot (g k) f / q = c at *
      clear h1 pos ht
      rw [← e] at hk ⊢
      exact le_of_mul_le_mul hq (by grind)
    · rw [if_neg h, show b k = 0 from if_neg h]; clear h1 pos ht; grind
  rw [sum_add, sum_mul] at h2
  rw [normSq_sub, dot_comm f, dot_comb]; unfold chosen
  clear pos ht; grind

/-- **No choice of at most `r` modes, with any coefficients, takes more of `f` than the `r` largest of the terms `t_k`**, the
modes being numbered by decreasing `t_k`, with `(g_k · f)² ≤ t_k (E_kk - R_k)` and `E_kk > R_k`. It compares choices among
these modes; other vectors may hold more. -/
theorem error_ge_of_most {r : Nat} (g : Fin p → Vec K n) (f : Vec K n) {t b : Vec K p} (h0 : ∀ k, 0 ≤ t k)
    (sorted : ∀ k l : Fin p, k.val ≤ l.val → t l ≤ t k) (S : Fin p → Prop) (hr : r ≤ p)
    (count : chosen S (fun _ => 1) ≤ (r : K)) (hb : ∀ k, ¬ S k → b k = 0)
    (pos : ∀ k, offDiagonal (cross g) k < normSq (g k))
    (ht : ∀ k, dot (g k) f ^ 2 ≤ t k * (normSq (g k) - offDiagonal (cross g) k)) :
    normSq f - sum r (fun k => t (k.castLE hr)) ≤ normSq fun i => f i - comb b g i := by
  have h1 := chosen_le_first h0 sorted S hr count
  have h2 := error_ge_of_rows g f S hb (fun k _ => pos k) fun k _ => ht k
  clear h0 sorted hb pos ht; grind

end rows

end Eigenstill
