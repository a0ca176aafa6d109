/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.Global

/-!
# What holds of the formula at every point of a box

A box holds all `x` with `|x_i - c_i| ≤ r_i`. There the distances to a landmark, and with them the basis functions, have
closed bounds; and the kernel part is a quadratic polynomial in the distances up to an error of third order.

* `quadraticDistance_mem_box`: the distance lies between its nearest and its farthest value, coordinate by coordinate.
* `kernelPart_mem_box`: the range of the kernel part, term by term.
* `inverseKernel_expansion`, `kernelPart_near_quadratic`, `kernelPart_near_quadratic_box`: the expansion, for any multipliers
  `p_j` in place of `1 / (1 + q_j(c))`, so that these may be rounded.
* `rationalQuadratic_slope_box`, `kernelPart_slope_box`: slopes on the box.
* `relu_relaxed`: a rectifier between two bounds is a multiple of its input up to a remainder.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section order
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {d p : Nat}

/-- `x` lies in the box with centre `c` and half-widths `r`. -/
def InBox (c r x : Vec K d) : Prop := ∀ i, absVal (x i - c i) ≤ r i

/-- The smallest and the largest distance along one coordinate: `max(|c - z| - r, 0)` and `|c - z| + r`. -/
def nearGap (c r z : K) : K := posPart (absVal (c - z) - r)
def farGap (c r z : K) : K := absVal (c - z) + r

/-- `Σ s_i near_i²` and `Σ s_i far_i²`: bounds of the distance to a landmark over a box. -/
def nearDistance (s c r z : Vec K d) : K := sum d fun i => s i * nearGap (c i) (r i) (z i) ^ 2
def farDistance (s c r z : Vec K d) : K := sum d fun i => s i * farGap (c i) (r i) (z i) ^ 2

private theorem gap_mem {c r z x : K} (h : absVal (x - c) ≤ r) :
    nearGap c r z ≤ absVal (x - z) ∧ absVal (x - z) ≤ farGap c r z := by
  have a := absVal_add (x - c) (c - z); have b := absVal_add (c - x) (x - z)
  have n := absVal_neg (x - c); have p := absVal_nonneg (x - z)
  rw [show x - c + (c - z) = x - z by grind] at a
  rw [show c - x + (x - z) = c - z by grind] at b
  rw [show -(x - c) = c - x by grind] at n
  unfold nearGap farGap posPart
  exact ⟨by split <;> grind, by grind⟩

omit [LT K] [LawfulOrderLT K] [OrderedRing K] in
private theorem nearGap_nonneg (c r z : K) : 0 ≤ nearGap c r z := by
  unfold nearGap posPart; split
  · assumption
  · exact IsPreorder.le_refl _

end order

section field
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {d p : Nat}

/-- **The distance over a box: between its nearest and its farthest value, coordinate by coordinate.** Both are attained: the
box is a product, and each coordinate moves alone. -/
theorem quadraticDistance_mem_box {s : Vec K d} (hs : ∀ i, 0 ≤ s i) {c r x : Vec K d} (z : Vec K d) (hx : InBox c r x) :
    nearDistance s c r z ≤ quadraticDistance s z x ∧ quadraticDistance s z x ≤ farDistance s c r z := by
  unfold nearDistance farDistance quadraticDistance
  constructor
  · refine sum_le d _ _ fun i => OrderedRing.mul_le_mul_of_nonneg_left ?_ (hs i)
    rw [← absVal_sq (x i - z i)]
    exact sq_le_sq (nearGap_nonneg _ _ _) (gap_mem (hx i)).1
  · refine sum_le d _ _ fun i => OrderedRing.mul_le_mul_of_nonneg_left ?_ (hs i)
    rw [← absVal_sq (x i - z i)]
    exact sq_le_sq (absVal_nonneg _) (gap_mem (hx i)).2

/-- The nearest distance is not negative. -/
theorem nearDistance_nonneg {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (c r z : Vec K d) : 0 ≤ nearDistance s c r z :=
  sum_nonneg d _ fun _ => OrderedRing.mul_nonneg (hs _) OrderedRing.sq_nonneg

private theorem inverseKernel_mul {q : K} (h : 1 + q ≠ 0) : inverseKernel q * (1 + q) = 1 := by
  unfold inverseKernel; grind

/-- A basis function between two bounds of its distance. -/
theorem inverseKernel_mem {q near far low high : K} (h0 : 0 ≤ near) (h1 : near ≤ q) (h2 : q ≤ far)
    (hlow : low * (1 + far) ≤ 1) (hlow0 : 0 ≤ low) (hhigh : 1 ≤ high * (1 + near)) (hhigh0 : 0 ≤ high) :
    low ≤ inverseKernel q ∧ inverseKernel q ≤ high := by
  have hq : 0 < 1 + q := by clear hlow hhigh; grind
  have e := inverseKernel_mul (q := q) (by clear hlow hhigh; grind)
  have a := OrderedRing.mul_le_mul_of_nonneg_left (show 1 + q ≤ 1 + far by clear hlow hhigh e; grind) hlow0
  have b := OrderedRing.mul_le_mul_of_nonneg_left (show 1 + near ≤ 1 + q by clear hlow hhigh e; grind) hhigh0
  generalize inverseKernel q = y at *
  constructor
  · refine le_of_mul_le_mul hq ?_; clear hhigh b; grind
  · refine le_of_mul_le_mul hq ?_; clear hlow a; grind

/-- **Range over a box, term by term: where `low_j` and `high_j` bound each basis function there, the kernel part lies between
`Σ (a_j⁺ low_j + a_j⁻ high_j)` and `Σ (a_j⁺ high_j + a_j⁻ low_j)`.** Coefficients of both signs do not cancel in it. -/
theorem kernelPart_mem_box (a φ low high : Vec K p) (h1 : ∀ j, low j ≤ φ j) (h2 : ∀ j, φ j ≤ high j) :
    sum p (fun j => posPart (a j) * low j + negPart (a j) * high j) ≤ kernelPart a φ ∧
      kernelPart a φ ≤ sum p fun j => posPart (a j) * high j + negPart (a j) * low j := by
  have term (j : Fin p) : posPart (a j) * low j + negPart (a j) * high j ≤ a j * φ j ∧
      a j * φ j ≤ posPart (a j) * high j + negPart (a j) * low j := by
    have b1 := h1 j; have b2 := h2 j
    clear h1 h2
    unfold posPart negPart
    by_cases h : 0 ≤ a j
    · rw [if_pos h, if_pos h]
      have c1 := OrderedRing.mul_le_mul_of_nonneg_left b1 h; have c2 := OrderedRing.mul_le_mul_of_nonneg_left b2 h
      exact ⟨by grind, by grind⟩
    · rw [if_neg h, if_neg h]
      have hn : 0 ≤ -a j := by grind
      have c1 := OrderedRing.mul_le_mul_of_nonneg_left b1 hn; have c2 := OrderedRing.mul_le_mul_of_nonneg_left b2 hn
      exact ⟨by grind, by grind⟩
  exact ⟨sum_le p _ _ fun j => (term j).1, sum_le p _ _ fun j => (term j).2⟩

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- **The expansion: with `s = 1 - m (1 + q)` for ANY `m`, `φ = m (1 + s + s²) + s³ φ`**, an identity. Near a centre `m` is
`1 / (1 + q)` there, rounded, and `s` small. -/
theorem inverseKernel_expansion {q : K} (m : K) (h : 1 + q ≠ 0) :
    inverseKernel q = m * (1 + (1 - m * (1 + q)) + (1 - m * (1 + q)) ^ 2) + (1 - m * (1 + q)) ^ 3 * inverseKernel q := by
  have e : inverseKernel q * (1 + q) = 1 := by unfold inverseKernel; grind
  generalize inverseKernel q = y at *
  grind

private theorem absVal_cube {s S : K} (h : absVal s ≤ S) : absVal (s ^ 3) ≤ S ^ 3 := by
  have n := absVal_nonneg s
  have e : absVal (s ^ 3) = absVal s * (absVal s * absVal s) := by
    rw [show s ^ 3 = s * (s * s) by grind, absVal_mul, absVal_mul]
  have a := mul_le_mul h h n (show 0 ≤ S by grind)
  have b := mul_le_mul h a (OrderedRing.mul_nonneg n n) (show 0 ≤ S by grind)
  rw [e]; clear e a; grind

/-- **The kernel part is a quadratic polynomial in the distances up to an error of third order:
`|Σ a_j φ_j - Σ a_j m_j (1 + s_j + s_j²)| ≤ Σ |a_j| S_j³ F_j`, where `|s_j| ≤ S_j` and `φ_j ≤ F_j`.** In the polynomial
coefficients of both signs cancel; what is left out does not. -/
theorem kernelPart_near_quadratic (a m q S F : Vec K p) (hq : ∀ j, 0 ≤ q j)
    (hS : ∀ j, absVal (1 - m j * (1 + q j)) ≤ S j) (hF : ∀ j, inverseKernel (q j) ≤ F j) :
    absVal (kernelPart a (fun j => inverseKernel (q j))
        - kernelPart a fun j => m j * (1 + (1 - m j * (1 + q j)) + (1 - m j * (1 + q j)) ^ 2))
      ≤ sum p fun j => absVal (a j) * (S j ^ 3 * F j) := by
  unfold kernelPart; rw [← dot_sub_right]
  have h1 := absVal_sum p fun j => a j * (inverseKernel (q j)
    - m j * (1 + (1 - m j * (1 + q j)) + (1 - m j * (1 + q j)) ^ 2))
  refine IsPreorder.le_trans _ _ _ h1 (sum_le p _ _ fun j => ?_)
  rw [absVal_mul]
  refine OrderedRing.mul_le_mul_of_nonneg_left ?_ (absVal_nonneg _)
  have hpos : 0 < 1 + q j := by have := hq j; clear h1; grind
  have e := inverseKernel_expansion (q := q j) (m j) (by clear h1; grind)
  have f0 := inverseKernel_pos (hq j)
  have c := absVal_cube (hS j)
  have g : inverseKernel (q j) - m j * (1 + (1 - m j * (1 + q j)) + (1 - m j * (1 + q j)) ^ 2)
      = (1 - m j * (1 + q j)) ^ 3 * inverseKernel (q j) := by clear h1 hS hF c; grind
  rw [g, absVal_mul, absVal_of_nonneg (show 0 ≤ inverseKernel (q j) by clear h1 g e c; grind)]
  have n := absVal_nonneg ((1 - m j * (1 + q j)) ^ 3)
  exact mul_le_mul c (hF j) (by clear h1 g e c; grind) (by clear h1 g e; grind)

/-- **The same over a box, every hypothesis about numbers: `S_j` bounds `|1 - m_j (1 + q)|` at the nearest and at the farthest
distance, and `F_j (1 + near_j) ≥ 1`.** Between the two ends `s_j` is linear in the distance, so it stays below `S_j`. -/
theorem kernelPart_near_quadratic_box {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (a m S F : Vec K p) (z : Fin p → Vec K d)
    {c r x : Vec K d} (hx : InBox c r x) (hm : ∀ j, 0 ≤ m j)
    (near : ∀ j, absVal (1 - m j * (1 + nearDistance s c r (z j))) ≤ S j)
    (far : ∀ j, absVal (1 - m j * (1 + farDistance s c r (z j))) ≤ S j)
    (hF : ∀ j, 1 ≤ F j * (1 + nearDistance s c r (z j))) (hF0 : ∀ j, 0 ≤ F j) :
    absVal (kernelPart a (fun j => inverseKernel (quadraticDistance s (z j) x))
        - kernelPart a fun j => m j * (1 + (1 - m j * (1 + quadraticDistance s (z j) x))
          + (1 - m j * (1 + quadraticDistance s (z j) x)) ^ 2))
      ≤ sum p fun j => absVal (a j) * (S j ^ 3 * F j) := by
  refine kernelPart_near_quadratic a m _ S F (fun j => quadraticDistance_nonneg hs (z j) x) (fun j => ?_) fun j => ?_
  · have b := quadraticDistance_mem_box hs (z j) hx
    have h1 := OrderedRing.mul_le_mul_of_nonneg_left b.1 (hm j)
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left b.2 (hm j)
    have u := near j; have v := far j
    have u1 := le_absVal (1 - m j * (1 + nearDistance s c r (z j)))
    have v1 := neg_le_absVal (1 - m j * (1 + farDistance s c r (z j)))
    clear near far hF hF0 hm hx hs
    exact absVal_le (by grind) (by grind)
  · have b := quadraticDistance_mem_box hs (z j) hx
    exact (inverseKernel_mem (low := 0) (far := quadraticDistance s (z j) x) (nearDistance_nonneg hs c r (z j)) b.1
      (IsPreorder.le_refl _) (by
        rw [Semiring.zero_mul]; exact OrderedRing.zero_le_one) (IsPreorder.le_refl _) (hF j) (hF0 j)).2

/-! ## Slopes on a box -/

private theorem inverseKernel_step {q q' : K} (h : 0 ≤ q) (h' : 0 ≤ q') :
    inverseKernel q - inverseKernel q' = inverseKernel q * inverseKernel q' * (q' - q) := by
  have e := inverseKernel_mul (q := q) (by grind); have e' := inverseKernel_mul (q := q') (by grind)
  generalize inverseKernel q = y at *; generalize inverseKernel q' = y' at *
  grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem quadraticDistance_step (s z x x' : Vec K d) (i : Fin d) (h : ∀ j, j ≠ i → x j = x' j) :
    quadraticDistance s z x' - quadraticDistance s z x = s i * ((x' i - z i) ^ 2 - (x i - z i) ^ 2) := by
  have h1 := sum_ident d i fun j => s j * ((x' j - z j) ^ 2 - (x j - z j) ^ 2)
  unfold quadraticDistance; rw [← sum_sub, ← h1]; refine sum_congr fun j => ?_
  by_cases hj : j = i
  · subst hj; rw [ident_self]; clear h1 h; grind
  · rw [h j hj]; clear h1 h; grind

/-- **Slope of a basis function on a box: between two of its points that differ in coordinate `i` alone, `φ` moves by at most
`2 F² s_i (|c_i - z_i| + r_i) |x_i - x'_i|`, where `φ ≤ F` there.** -/
theorem rationalQuadratic_slope_box {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (z : Vec K d) {c r x x' : Vec K d} (i : Fin d)
    (hx : InBox c r x) (hx' : InBox c r x') (h : ∀ j, j ≠ i → x j = x' j) {F : K}
    (hF : inverseKernel (quadraticDistance s z x) ≤ F) (hF' : inverseKernel (quadraticDistance s z x') ≤ F) :
    absVal (inverseKernel (quadraticDistance s z x) - inverseKernel (quadraticDistance s z x'))
      ≤ F ^ 2 * (2 * (s i * farGap (c i) (r i) (z i))) * absVal (x i - x' i) := by
  have q0 := quadraticDistance_nonneg hs z x; have q0' := quadraticDistance_nonneg hs z x'
  rw [inverseKernel_step q0 q0', quadraticDistance_step s z x x' i h]
  have f := inverseKernel_pos q0; have f' := inverseKernel_pos q0'
  generalize inverseKernel (quadraticDistance s z x) = y at *
  generalize inverseKernel (quadraticDistance s z x') = y' at *
  have g := (gap_mem (z := z i) (hx i)).2; have g' := (gap_mem (z := z i) (hx' i)).2
  have add := absVal_add (x i - z i) (x' i - z i)
  have si := hs i
  clear hs hx hx' h q0 q0'
  generalize farGap (c i) (r i) (z i) = M at *
  have e : y * y' * (s i * ((x' i - z i) ^ 2 - (x i - z i) ^ 2))
      = y * y' * (s i * (x i - z i + (x' i - z i))) * (-(x i - x' i)) := by clear g g' add; grind
  rw [e, absVal_mul, absVal_neg, absVal_mul, absVal_of_nonneg (OrderedRing.mul_nonneg (show 0 ≤ y by grind) (show 0 ≤ y' by grind)),
    absVal_mul, absVal_of_nonneg si]
  refine OrderedRing.mul_le_mul_of_nonneg_right ?_ (absVal_nonneg _)
  have h1 : y * y' ≤ F ^ 2 := by
    have := mul_le_mul hF hF' (show 0 ≤ y' by grind) (show 0 ≤ F by grind)
    clear e add g g'; grind
  have h2 : s i * absVal (x i - z i + (x' i - z i)) ≤ 2 * (s i * M) := by
    have := OrderedRing.mul_le_mul_of_nonneg_left (show absVal (x i - z i + (x' i - z i)) ≤ 2 * M by clear e h1; grind) si
    clear e add g g' h1; grind
  exact mul_le_mul h1 h2 (OrderedRing.mul_nonneg si (absVal_nonneg _)) (by
    have := OrderedRing.sq_nonneg (a := F); clear e add g g' h1 h2; grind)

/-- **Slope of the student on a box: its kernel part moves by at most
`2 s_i Σ |a_j| F_j² (|c_i - z_ji| + r_i) |x_i - x'_i|`.** Never more than the slope everywhere where `F_j` is the
largest value of `φ_j`; the linear part adds `w_i (x_i - x'_i)`. -/
theorem kernelPart_slope_box {s : Vec K d} (hs : ∀ i, 0 ≤ s i) (a F : Vec K p) (z : Fin p → Vec K d) {c r x x' : Vec K d}
    (i : Fin d) (hx : InBox c r x) (hx' : InBox c r x') (h : ∀ j, j ≠ i → x j = x' j)
    (hF : ∀ j, inverseKernel (quadraticDistance s (z j) x) ≤ F j)
    (hF' : ∀ j, inverseKernel (quadraticDistance s (z j) x') ≤ F j) :
    absVal (kernelPart a (fun j => inverseKernel (quadraticDistance s (z j) x))
        - kernelPart a fun j => inverseKernel (quadraticDistance s (z j) x'))
      ≤ sum p (fun j => absVal (a j) * (F j ^ 2 * (2 * (s i * farGap (c i) (r i) (z j i))))) * absVal (x i - x' i) := by
  unfold kernelPart; rw [← dot_sub_right]
  have h1 := absVal_sum p fun j => a j * (inverseKernel (quadraticDistance s (z j) x)
    - inverseKernel (quadraticDistance s (z j) x'))
  refine IsPreorder.le_trans _ _ _ h1 ?_
  rw [CommSemiring.mul_comm, ← sum_mul]
  refine sum_le p _ _ fun j => ?_
  rw [absVal_mul]
  have t := OrderedRing.mul_le_mul_of_nonneg_left (rationalQuadratic_slope_box hs (z j) i hx hx' h (hF j) (hF' j))
    (absVal_nonneg (a j))
  clear h1 hF hF'; grind

/-! ## A network's rectifiers -/

/-- **A rectifier between two bounds: where `l ≤ z ≤ u` and `λ` is in `[0, 1]`, `max(z, 0) - λ z` lies between 0 and every `D`
that is at least `-λ l` and `(1 - λ) u`.** -/
theorem relu_relaxed {z l u m D : K} (h1 : l ≤ z) (h2 : z ≤ u) (m0 : 0 ≤ m) (m1 : m ≤ 1) (hl : -(m * l) ≤ D)
    (hu : (1 - m) * u ≤ D) : 0 ≤ posPart z - m * z ∧ posPart z - m * z ≤ D := by
  unfold posPart
  by_cases h : 0 ≤ z
  · rw [if_pos h]
    have a := OrderedRing.mul_nonneg (a := 1 - m) (by grind) h
    have b := OrderedRing.mul_le_mul_of_nonneg_left h2 (c := 1 - m) (by grind)
    exact ⟨by grind, by grind⟩
  · rw [if_neg h]
    have a := OrderedRing.mul_nonneg (b := -z) m0 (by grind)
    have b := OrderedRing.mul_le_mul_of_nonneg_left h1 m0
    exact ⟨by grind, by grind⟩

end field

end Eigenstill
