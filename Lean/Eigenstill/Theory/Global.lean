/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Matrix

/-!
# What holds of the formula at every input

`kernelPart a φ = Σ a_j φ_j(x)`, `φ_j = 1 / (1 + q_j)`, `q_j` a weighted squared or absolute distance to a landmark.

* `kernelPart_mem`: between the sum of the negative and the sum of the positive coefficients, at every `x`.
* `kernelPart_round`: rounding the coefficients moves the output by at most `Σ |a_j - a'_j|`.
* `rationalL1_lipschitz`, `rationalL1_slope`, `kernelPart_l1_slope`: slopes of the l1 basis.
* `rationalQuadratic_slope`, `kernelPart_quadratic_slope`: slopes of the quadratic basis, as difference quotients;
  `quadratic_derivative_sq_le` is the same for the derivative, in rational form. `formula_slope` adds the linear term.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section range
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {p : Nat}

/-- The part of the student that depends on the basis: `Σ a_j φ_j`, the `φ_j` taken at one input. -/
def kernelPart (a φ : Vec K p) : K := dot a φ

open Classical in
/-- `max(x, 0)`. -/
def posPart (x : K) : K := if 0 ≤ x then x else 0

open Classical in
/-- `min(x, 0)`. -/
def negPart (x : K) : K := if 0 ≤ x then 0 else x

private theorem term_mem {a φ : K} (h0 : 0 ≤ φ) (h1 : φ ≤ 1) : negPart a ≤ a * φ ∧ a * φ ≤ posPart a := by
  unfold negPart posPart
  by_cases h : 0 ≤ a
  · rw [if_pos h, if_pos h]
    have := OrderedRing.mul_nonneg h h0; have := OrderedRing.mul_le_mul_of_nonneg_left h1 h
    exact ⟨by grind, by grind⟩
  · rw [if_neg h, if_neg h]
    have h2 : 0 ≤ -a := by grind
    have := OrderedRing.mul_nonneg h2 h0; have := OrderedRing.mul_le_mul_of_nonneg_left h1 h2
    exact ⟨by grind, by grind⟩

/-- **Range: if `0 ≤ φ_j ≤ 1`, the kernel part lies between the sum of the negative coefficients and the sum of the positive
ones**, so at every input whatever. It says nothing of the linear part `b + w · x`, which is not bounded. -/
theorem kernelPart_mem (a φ : Vec K p) (h0 : ∀ j, 0 ≤ φ j) (h1 : ∀ j, φ j ≤ 1) :
    sum p (fun j => negPart (a j)) ≤ kernelPart a φ ∧ kernelPart a φ ≤ sum p fun j => posPart (a j) :=
  ⟨sum_le _ _ _ fun j => (term_mem (h0 j) (h1 j)).1, sum_le _ _ _ fun j => (term_mem (h0 j) (h1 j)).2⟩

/-- A combination of small numbers: `|Σ a_j y_j| ≤ (Σ |a_j|) B` if every `|y_j| ≤ B`. -/
theorem absVal_dot_le (a y : Vec K p) (B : K) (h : ∀ j, absVal (y j) ≤ B) :
    absVal (dot a y) ≤ sum p (fun j => absVal (a j)) * B := by
  have h1 := absVal_sum p fun j => a j * y j
  have h2 : sum p (fun j => absVal (a j * y j)) ≤ sum p fun j => B * absVal (a j) := by
    refine sum_le _ _ _ fun j => ?_
    rw [absVal_mul]
    have := OrderedRing.mul_le_mul_of_nonneg_left (h j) (absVal_nonneg (a j)); clear h; grind
  rw [sum_mul] at h2
  unfold dot; clear h; grind

/-- **Rounding the coefficients moves the output by at most `Σ |a_j - a'_j|`, at every input.** -/
theorem kernelPart_round (a a' φ : Vec K p) (h0 : ∀ j, 0 ≤ φ j) (h1 : ∀ j, φ j ≤ 1) :
    absVal (kernelPart a φ - kernelPart a' φ) ≤ sum p fun j => absVal (a j - a' j) := by
  unfold kernelPart; rw [← dot_sub, dot_comm]
  have h2 := absVal_sum p fun j => φ j * (a j - a' j)
  have h3 : sum p (fun j => absVal (φ j * (a j - a' j))) ≤ sum p fun j => absVal (a j - a' j) := by
    refine sum_le _ _ _ fun j => ?_
    rw [absVal_mul, absVal_of_nonneg (h0 j)]
    have := OrderedRing.mul_le_mul_of_nonneg_right (h1 j) (absVal_nonneg (a j - a' j)); clear h0 h1; grind
  unfold dot; clear h0 h1; grind

end range

/-! ## Slopes -/

section slopes
variable {K : Type u} [Field K] {d p : Nat}

/-- `1 / (1 + q)`. -/
def inverseKernel (q : K) : K := 1 / (1 + q)

/-- The difference of two values. -/
private theorem inverseKernel_sub {q q' : K} (h : 1 + q ≠ 0) (h' : 1 + q' ≠ 0) :
    (1 + q) * (1 + q') * (inverseKernel q - inverseKernel q') = q' - q := by unfold inverseKernel; grind

/-- The weighted squared distance `Σ_d s_d (x_d - z_d)²`. -/
def quadraticDistance (s z x : Vec K d) : K := sum d fun i => s i * (x i - z i) ^ 2

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- The weighted l1 distance `Σ_d s_d |x_d - z_d|`. -/
def l1Distance (s z x : Vec K d) : K := sum d fun i => s i * absVal (x i - z i)

/-- The basis values are in `(0, 1]`. -/
theorem inverseKernel_pos {q : K} (h : 0 ≤ q) : 0 < inverseKernel q := by
  have h1 := Field.IsOrdered.inv_pos_iff.mpr (show 0 < 1 + q by grind)
  unfold inverseKernel; grind

theorem inverseKernel_le_one {q : K} (h : 0 ≤ q) : inverseKernel q ≤ 1 := by
  unfold inverseKernel; rw [div_le_iff (by grind)]; grind

theorem l1Distance_nonneg {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z x : Vec K d) : 0 ≤ l1Distance s z x :=
  sum_nonneg _ _ fun i => OrderedRing.mul_nonneg (hs i) (absVal_nonneg _)

theorem quadraticDistance_nonneg {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z x : Vec K d) : 0 ≤ quadraticDistance s z x :=
  sum_nonneg _ _ fun i => OrderedRing.mul_nonneg (hs i) OrderedRing.sq_nonneg

/-- `1 / (1 + q)` moves no more than `q` does. -/
private theorem inverseKernel_lipschitz {q q' B : K} (h : 0 ≤ q) (h' : 0 ≤ q') (hB : absVal (q' - q) ≤ B) :
    absVal (inverseKernel q - inverseKernel q') ≤ B := by
  have e := inverseKernel_sub (q := q) (q' := q') (by grind) (by grind)
  have h1 : 1 ≤ (1 + q) * (1 + q') := by have := OrderedRing.mul_nonneg h h'; grind
  have h2 := OrderedRing.mul_le_mul_of_nonneg_right h1 (absVal_nonneg (inverseKernel q - inverseKernel q'))
  have h3 : (1 + q) * (1 + q') * absVal (inverseKernel q - inverseKernel q') = absVal (q' - q) := by
    rw [← e, absVal_mul, absVal_of_nonneg (show 0 ≤ (1 + q) * (1 + q') by grind)]
  clear e; grind

/-- **The l1 basis function moves by at most `Σ_d s_d |x_d - x'_d|`**, between any two inputs. -/
theorem rationalL1_lipschitz {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z x x' : Vec K d) :
    absVal (inverseKernel (l1Distance s z x) - inverseKernel (l1Distance s z x')) ≤ l1Distance s x' x := by
  refine inverseKernel_lipschitz (l1Distance_nonneg hs z x) (l1Distance_nonneg hs z x') ?_
  unfold l1Distance; rw [← sum_sub]
  have h1 := absVal_sum d fun i => s i * absVal (x' i - z i) - s i * absVal (x i - z i)
  have h2 : sum d (fun i => absVal (s i * absVal (x' i - z i) - s i * absVal (x i - z i)))
      ≤ sum d fun i => s i * absVal (x i - x' i) := by
    refine sum_le _ _ _ fun i => ?_
    rw [show s i * absVal (x' i - z i) - s i * absVal (x i - z i) = s i * (absVal (x' i - z i) - absVal (x i - z i)) by
      clear hs h1; grind, absVal_mul, absVal_of_nonneg (hs i)]
    refine OrderedRing.mul_le_mul_of_nonneg_left ?_ (hs i)
    have a := absVal_add (x' i - x i) (x i - z i); have b := absVal_add (x i - x' i) (x' i - z i)
    have c := absVal_neg (x' i - x i)
    rw [show -(x' i - x i) = x i - x' i by clear hs h1; grind] at c
    rw [show x' i - x i + (x i - z i) = x' i - z i by clear hs h1; grind] at a
    rw [show x i - x' i + (x' i - z i) = x i - z i by clear hs h1; grind] at b
    clear hs h1; exact absVal_le (by grind) (by grind)
  clear hs; grind

omit [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- Two inputs that differ in one coordinate are `s_i |x_i - x'_i|` apart. -/
private theorem l1Distance_coordinate (s x x' : Vec K d) (i : Fin d) (h : ∀ j, j ≠ i → x j = x' j)
    (h0 : absVal (0 : K) = 0) : l1Distance s x' x = s i * absVal (x i - x' i) := by
  have h1 := sum_ident d i fun j => s j * absVal (x j - x' j)
  unfold l1Distance; rw [← h1]; refine sum_congr fun j => ?_
  by_cases hj : j = i
  · subst hj; rw [ident_self]; clear h1 h; grind
  · rw [h j hj, show x' j - x' j = 0 by clear h1 h; grind, h0]; clear h1 h; grind

/-- **l1 slope: between inputs that differ in coordinate `i` alone the basis function moves by at most `s_i |x_i - x'_i|`.**
So its derivative, where there is one, is at most `s_i`. -/
theorem rationalL1_slope {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z x x' : Vec K d) (i : Fin d)
    (h : ∀ j, j ≠ i → x j = x' j) :
    absVal (inverseKernel (l1Distance s z x) - inverseKernel (l1Distance s z x')) ≤ s i * absVal (x i - x' i) := by
  rw [← l1Distance_coordinate s x x' i h absVal_zero]; exact rationalL1_lipschitz hs z x x'

/-- **l1 slope of the student: its kernel part moves by at most `s_i (Σ |a_j|) |x_i - x'_i|`.** The linear part adds
`w_i (x_i - x'_i)`. -/
theorem kernelPart_l1_slope {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (a : Vec K p) (z : Fin p → Vec K d) (x x' : Vec K d)
    (i : Fin d) (h : ∀ j, j ≠ i → x j = x' j) :
    absVal (kernelPart a (fun j => inverseKernel (l1Distance s (z j) x))
        - kernelPart a fun j => inverseKernel (l1Distance s (z j) x'))
      ≤ sum p (fun j => absVal (a j)) * (s i * absVal (x i - x' i)) := by
  unfold kernelPart; rw [← dot_sub_right]
  exact absVal_dot_le _ _ _ fun j => rationalL1_slope hs (z j) x x' i h

/-- `256 t ≤ 27 (1 + t)⁴` for `t ≥ 0`, equality at `t = 1/3`. -/
private theorem quartic_ge {t : K} (h : 0 ≤ t) : 256 * t ≤ 27 * (1 + t) ^ 4 := by
  have h1 := OrderedRing.mul_nonneg (a := (3 * t - 1) ^ 2) (b := 3 * t ^ 2 + 14 * t + 27) OrderedRing.sq_nonneg
    (by have := OrderedRing.sq_nonneg (a := t); grind)
  grind

/-- **The derivative of `1 / (1 + s u² + q)` in `u`, squared, is at most `(27/64) s`**: as an inequality of rational
functions, `(2 s u)² · 64 ≤ 27 s (1 + s u² + q)⁴` for `s ≥ 0`, `q ≥ 0`. Sharp at `q = 0`, `s u² = 1/3`. Derivatives are not
defined in this library; `rationalQuadratic_slope` is the statement about the function itself. -/
theorem quadratic_derivative_sq_le {s q : K} (hs : 0 ≤ s) (hq : 0 ≤ q) (u : K) :
    4 * s ^ 2 * u ^ 2 * 64 ≤ 27 * s * (1 + s * u ^ 2 + q) ^ 4 := by
  have ht : 0 ≤ s * u ^ 2 := OrderedRing.mul_nonneg hs OrderedRing.sq_nonneg
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left (quartic_ge ht) hs
  have h2 : (1 + s * u ^ 2) ^ 2 ≤ (1 + s * u ^ 2 + q) ^ 2 := sq_le_sq (by grind) (by grind)
  have h3 : ((1 + s * u ^ 2) ^ 2) ^ 2 ≤ ((1 + s * u ^ 2 + q) ^ 2) ^ 2 := sq_le_sq OrderedRing.sq_nonneg h2
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left h3 hs
  have e1 : ((1 + s * u ^ 2) ^ 2) ^ 2 = (1 + s * u ^ 2) ^ 4 := by grind
  have e2 : ((1 + s * u ^ 2 + q) ^ 2) ^ 2 = (1 + s * u ^ 2 + q) ^ 4 := by grind
  rw [e1, e2] at h4
  generalize (1 + s * u ^ 2) ^ 4 = a at *; generalize (1 + s * u ^ 2 + q) ^ 4 = b at *
  grind

/-- Both ends of a step: `64 s (t + t')² ≤ 27 ((1 + s t²)(1 + s t'²))²`. -/
private theorem two_point_ge {s : K} (hs : 0 ≤ s) (t t' : K) :
    64 * (s * (t + t') ^ 2) ≤ 27 * ((1 + s * t ^ 2) * (1 + s * t' ^ 2)) ^ 2 := by
  -- with `P = s (t + t')²` and `m = s t t' ≤ P/4`: the product is `(1 - m)² + P`
  have hP : 0 ≤ s * (t + t') ^ 2 := OrderedRing.mul_nonneg hs OrderedRing.sq_nonneg
  have hm : 4 * (s * (t * t')) ≤ s * (t + t') ^ 2 := by
    have := OrderedRing.mul_nonneg hs (OrderedRing.sq_nonneg (a := t - t')); grind
  have e : (1 + s * t ^ 2) * (1 + s * t' ^ 2) = (1 - s * (t * t')) ^ 2 + s * (t + t') ^ 2 := by grind
  rw [e]
  generalize s * (t + t') ^ 2 = P at *; generalize s * (t * t') = m at *
  clear e hs
  by_cases h : P ≤ 4
  · -- `(1 - m)² ≥ (1 - P/4)²`, and `(1 - P/4)² + P = (1 + P/4)²`
    have h1 : (4 - P) ^ 2 ≤ (4 - 4 * m) ^ 2 := sq_le_sq (by grind) (by grind)
    have h2 : (4 + P) ^ 2 ≤ 16 * ((1 - m) ^ 2 + P) := by grind
    have h3 : ((4 + P) ^ 2) ^ 2 ≤ (16 * ((1 - m) ^ 2 + P)) ^ 2 := sq_le_sq OrderedRing.sq_nonneg h2
    have h4 := OrderedRing.mul_nonneg (a := (3 * P - 4) ^ 2) (b := 3 * P ^ 2 + 56 * P + 432) OrderedRing.sq_nonneg
      (by have := OrderedRing.sq_nonneg (a := P); grind)
    generalize (1 - m) ^ 2 + P = y at *
    grind
  · have h1 : P ^ 2 ≤ ((1 - m) ^ 2 + P) ^ 2 := sq_le_sq hP (by have := OrderedRing.sq_nonneg (a := 1 - m); grind)
    have h2 := OrderedRing.mul_nonneg (a := P) (b := P - 4) hP (by grind)
    generalize ((1 - m) ^ 2 + P) ^ 2 = y at *
    grind

/-- One quadratic basis function along one coordinate, the rest of the distance `q ≥ 0` held fixed. -/
private theorem quadratic_step {s q : K} (hs : 0 ≤ s) (hq : 0 ≤ q) (t t' : K) :
    64 * (inverseKernel (s * t ^ 2 + q) - inverseKernel (s * t' ^ 2 + q)) ^ 2 ≤ 27 * (s * (t - t') ^ 2) := by
  have ht : 0 ≤ s * t ^ 2 := OrderedRing.mul_nonneg hs OrderedRing.sq_nonneg
  have ht' : 0 ≤ s * t' ^ 2 := OrderedRing.mul_nonneg hs OrderedRing.sq_nonneg
  have e := inverseKernel_sub (q := s * t ^ 2 + q) (q' := s * t' ^ 2 + q) (by grind) (by grind)
  have hD : (1 + s * t ^ 2) * (1 + s * t' ^ 2) ≤ (1 + (s * t ^ 2 + q)) * (1 + (s * t' ^ 2 + q)) :=
    mul_le_mul (by grind) (by grind) (by grind) (by grind)
  have hD0 : 0 < (1 + s * t ^ 2) * (1 + s * t' ^ 2) := OrderedRing.mul_pos (by grind) (by grind)
  have h1 := two_point_ge hs t t'
  have h2 := sq_le_sq (by grind) hD
  have h3 := OrderedRing.mul_le_mul_of_nonneg_left (show 64 * (s * (t + t') ^ 2)
    ≤ 27 * ((1 + (s * t ^ 2 + q)) * (1 + (s * t' ^ 2 + q))) ^ 2 by grind)
    (c := s * (t - t') ^ 2) (OrderedRing.mul_nonneg hs OrderedRing.sq_nonneg)
  have e2 : (s * t' ^ 2 + q - (s * t ^ 2 + q)) ^ 2 = s * (t - t') ^ 2 * (s * (t + t') ^ 2) := by grind
  have hpos : 0 < ((1 + (s * t ^ 2 + q)) * (1 + (s * t' ^ 2 + q))) ^ 2 := sq_pos (by grind)
  rw [← e] at e2
  generalize (1 + (s * t ^ 2 + q)) * (1 + (s * t' ^ 2 + q)) = D at *
  generalize inverseKernel (s * t ^ 2 + q) - inverseKernel (s * t' ^ 2 + q) = v at *
  generalize s * (t - t') ^ 2 = w at *; generalize s * (t + t') ^ 2 = y at *
  clear e hD hD0 h1 h2 ht ht' hs hq
  refine le_of_mul_le_mul hpos ?_
  rw [show D ^ 2 * (64 * v ^ 2) = 64 * (D * v) ^ 2 by clear h3; grind, e2]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- The distance, split at coordinate `i`. -/
private theorem quadraticDistance_split (s z x : Vec K d) (i : Fin d) :
    quadraticDistance s z x
      = s i * (x i - z i) ^ 2 + sum d fun j => if j = i then 0 else s j * (x j - z j) ^ 2 := by
  have h1 := sum_ident d i fun j => s j * (x j - z j) ^ 2
  unfold quadraticDistance; rw [← h1, ← sum_add]; refine sum_congr fun j => ?_
  by_cases hj : j = i
  · subst hj; rw [ident_self, if_pos rfl]; clear h1; grind
  · rw [if_neg hj, show (ident i j : K) = 0 by unfold ident; rw [if_neg (by omega)]]; clear h1; grind

/-- **Quadratic slope: between inputs that differ in coordinate `i` alone, the basis function has
`(φ(x) - φ(x'))² ≤ (27/64) s_i (x_i - x'_i)²`.** Over the reals this bounds the derivative by `√(27 s_i / 64)`, about
`0.65 √s_i`, and the constant is the best. -/
theorem rationalQuadratic_slope {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z x x' : Vec K d) (i : Fin d)
    (h : ∀ j, j ≠ i → x j = x' j) :
    64 * (inverseKernel (quadraticDistance s z x) - inverseKernel (quadraticDistance s z x')) ^ 2
      ≤ 27 * (s i * (x i - x' i) ^ 2) := by
  have e : sum d (fun j => if j = i then 0 else s j * (x' j - z j) ^ 2)
      = sum d fun j => if j = i then 0 else s j * (x j - z j) ^ 2 := by
    refine sum_congr fun j => ?_
    by_cases hj : j = i
    · rw [if_pos hj, if_pos hj]
    · rw [if_neg hj, if_neg hj, h j hj]
  have hq : 0 ≤ sum d fun j => if j = i then 0 else s j * (x j - z j) ^ 2 := sum_nonneg _ _ fun j => by
    split
    · exact IsPreorder.le_refl _
    · exact OrderedRing.mul_nonneg (hs j) OrderedRing.sq_nonneg
  rw [quadraticDistance_split s z x i, quadraticDistance_split s z x' i, e]
  have key := quadratic_step (hs i) hq (x i - z i) (x' i - z i)
  rw [show x i - z i - (x' i - z i) = x i - x' i by clear hs h key e hq; grind] at key
  exact key

/-- **Quadratic slope of the student: its kernel part has
`(Δ)² ≤ (27/64) s_i (Σ |a_j|)² (x_i - x'_i)²`.** -/
theorem kernelPart_quadratic_slope {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (a : Vec K p) (z : Fin p → Vec K d)
    (x x' : Vec K d) (i : Fin d) (h : ∀ j, j ≠ i → x j = x' j) :
    64 * (kernelPart a (fun j => inverseKernel (quadraticDistance s (z j) x))
        - kernelPart a fun j => inverseKernel (quadraticDistance s (z j) x')) ^ 2
      ≤ 27 * (s i * (x i - x' i) ^ 2) * sum p (fun j => absVal (a j)) ^ 2 := by
  unfold kernelPart; rw [← dot_sub_right]
  have key := sq_sum_mul_le p a
    (fun j => inverseKernel (quadraticDistance s (z j) x) - inverseKernel (quadraticDistance s (z j) x'))
    (27 * (s i * (x i - x' i) ^ 2) / 64) fun j => by
      rw [le_div_iff (by clear hs h; grind)]
      have := rationalQuadratic_slope hs (z j) x x' i h
      clear hs h; grind
  rw [show sum p (fun j => a j * (inverseKernel (quadraticDistance s (z j) x) - inverseKernel (quadraticDistance s (z j) x')))
    = dot a fun j => inverseKernel (quadraticDistance s (z j) x) - inverseKernel (quadraticDistance s (z j) x') from rfl] at key
  have e : ∀ b c : K, 64 * (b * (c / 64)) = c * b := by intro b c; clear hs h key; grind
  have key2 := OrderedRing.mul_le_mul_of_nonneg_left key (c := 64) (by clear hs h key; grind)
  rw [e] at key2; exact key2

/-- **Slope of the whole formula `b + w · x + u(x)`, `u` its kernel part: where moving `x_i` alone moves `u` by at most
`c |x_i - x'_i|` (in squares, as the two theorems above have it), it moves the formula by at most
`(c + |w_i|) |x_i - x'_i|`.** -/
theorem formula_slope {b c u u' : K} (hc : 0 ≤ c) (w x x' : Vec K d) (i : Fin d) (h : ∀ j, j ≠ i → x j = x' j)
    (hu : (u - u') ^ 2 ≤ (c * (x i - x' i)) ^ 2) :
    absVal (b + dot w x + u - (b + dot w x' + u')) ≤ (c + absVal (w i)) * absVal (x i - x' i) := by
  have e : dot w x - dot w x' = w i * (x i - x' i) := by
    rw [← dot_sub_right, ← sum_ident d i fun j => w j * (x j - x' j)]
    refine sum_congr fun j => ?_
    by_cases hj : j = i
    · subst hj; rw [ident_self]; clear h hu; grind
    · show w j * (x j - x' j) = w j * (x j - x' j) * ident i j
      rw [h j hj]; clear h hu; grind
  have h1 : absVal (u - u') ≤ c * absVal (x i - x' i) := by
    have h2 := absVal_nonneg (u - u')
    have h3 := OrderedRing.mul_nonneg hc (absVal_nonneg (x i - x' i))
    have h4 : absVal (u - u') ^ 2 ≤ (c * absVal (x i - x' i)) ^ 2 := by
      rw [absVal_sq, show (c * absVal (x i - x' i)) ^ 2 = c ^ 2 * absVal (x i - x' i) ^ 2 by clear h hu; grind,
        absVal_sq]; clear h; grind
    generalize absVal (u - u') = y at *; generalize c * absVal (x i - x' i) = z at *
    clear h hu
    by_cases hyz : y ≤ z
    · exact hyz
    · have := OrderedRing.mul_pos (a := y - z) (b := y + z) (by grind) (by grind)
      grind
  have h2 := absVal_add (u - u') (w i * (x i - x' i))
  rw [absVal_mul] at h2
  rw [show b + dot w x + u - (b + dot w x' + u') = u - u' + w i * (x i - x' i) by clear h hu h1 h2; grind]
  clear h hu; grind

end slopes

end Eigenstill
