/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Gcv
public import Eigenstill.Claims.Sound.Filtered
public import Eigenstill.Claims.Sound.GcvStatement
public import Eigenstill.Claims.Sound.Shrinkage

/-!
# Degrees of freedom and residuals, enclosed

* `degrees_spec`: `1 + Σ λ_k / (λ_k + α)` from intervals of the eigenvalues.
* `residualOf_spec`: `n` times the residual of the exact ridge fit, from a trial and its slope.
* `residuals_spec`: their sum over the outputs that vary.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r c : Nat}

/-! ### Degrees of freedom -/

/-- What the checker holds about the spectrum, the labels and the criterion is so. -/
structure RidgesOf (ridges : Ridges) (A : Mat K n r) (l : Vec K r) (labels : Fin c → Vec K n) (g : K) : Prop where
  rows : ridges.rows.value K = (n : K)
  targets : ridges.targets.length = c
  target : ∀ o : Fin c, TargetOf A (labels o) (ridges.targets.getD o.val ⟨⟨[], 0⟩, Dyadic.zero⟩)
  nonneg : ∀ k, 0 ≤ l k
  modes : ridges.intervals.length ≤ r
  low : ∀ k : Fin ridges.intervals.length, 0 ≤ (ridges.intervals[k.val]).atLeast.value K ∧
    (ridges.intervals[k.val]).atLeast.value K ≤ l (k.castLE modes)
  high : ∀ k : Fin ridges.intervals.length, l (k.castLE modes) ≤ (ridges.intervals[k.val]).atMost.value K
  others : ridges.others.value K = ((r - ridges.intervals.length : Nat) : K)
  level : 0 ≤ ridges.level.value K ∧ ∀ k : Fin r, ridges.intervals.length ≤ k.val → l k ≤ ridges.level.value K
  bottom : 0 < ridges.factorBottom.value K
  factor : ridges.factorTop.value K = g * ridges.factorBottom.value K
  factorNonneg : 0 ≤ g

section
variable {ridges : Ridges} {A : Mat K n r} {l : Vec K r} {labels : Fin c → Vec K n} {g : K} (h : RidgesOf ridges A l labels g)
include h

/-- **The degrees of freedom lie between the two numbers.** -/
theorem degrees_spec {α : Dyadic} (hα : 0 < α.value K) : (degrees ridges α false).value K ≤ 1 + dof l (α.value K) ∧
    1 + dof l (α.value K) ≤ (degrees ridges α true).value K := by
  have modes := h.modes
  have positive : ∀ k, 0 < l k + α.value K := fun k => by have := h.nonneg k; clear h; grind
  have terms : ∀ up : Bool, (sumDyadic (mapped (fun (interval : Enclosure) =>
      filteredBy α up (if up then interval.atMost else interval.atLeast)) ridges.intervals)).value K
      = Eigenstill.sum ridges.intervals.length fun k => (filteredBy α up (if up then (ridges.intervals[k.val]).atMost
        else (ridges.intervals[k.val]).atLeast)).value K := by
    intro up
    rw [mapped_eq, value_sumDyadic_range, List.length_map]
    refine sum_congr fun k => ?_
    rw [getD_below _ (by rw [List.length_map]; exact k.isLt), List.getElem_map]
  have parts : dof l (α.value K) = (Eigenstill.sum ridges.intervals.length fun k => filter (l (k.castLE modes)) (α.value K))
      + Eigenstill.sum r fun k => if k.val < ridges.intervals.length then 0 else filter (l k) (α.value K) := by
    unfold dof
    rw [← sum_take modes fun k => filter (l k) (α.value K), ← sum_add]
    refine sum_congr fun k => ?_
    clear h terms positive
    split <;> grind
  have restNonneg : 0 ≤ Eigenstill.sum r fun k => if k.val < ridges.intervals.length then 0 else filter (l k) (α.value K) :=
    sum_nonneg _ _ fun k => by
      split
      · exact IsPreorder.le_refl _
      · exact filter_nonneg (h.nonneg k) (positive k)
  have restAtMost : (Eigenstill.sum r fun k => if k.val < ridges.intervals.length then 0 else filter (l k) (α.value K))
      ≤ ridges.others.value K * (filteredBy α true ridges.level).value K := by
    have one : ∀ k : Fin r, (if k.val < ridges.intervals.length then 0 else filter (l k) (α.value K))
        ≤ (filteredBy α true ridges.level).value K
          + (-1) * (if k.val < ridges.intervals.length then (filteredBy α true ridges.level).value K else 0) := by
      intro k
      have level := (filteredBy_spec (K := K) hα h.level.1).2
      by_cases hk : k.val < ridges.intervals.length
      · rw [if_pos hk, if_pos hk]; clear h terms positive; grind
      · rw [if_neg hk, if_neg hk]
        have := filter_le_filter_of_le (l := l k) (l' := ridges.level.value K) (a := α.value K)
          (by clear h terms positive; grind) (positive k) (h.level.2 k (by omega))
        clear h terms positive; grind
    have all := sum_le _ _ _ one
    rw [sum_lin, sum_const, sum_take modes fun _ => (filteredBy α true ridges.level).value K, sum_const] at all
    have count : ((r - ridges.intervals.length : Nat) : K) = (r : K) - (ridges.intervals.length : K) := by
      have e : ((r - ridges.intervals.length : Nat) : K) + (ridges.intervals.length : K) = (r : K) := by
        rw [← Semiring.natCast_add, Nat.sub_add_cancel modes]
      clear h terms positive all; grind
    rw [h.others, count]
    clear h terms positive one; grind
  refine ⟨?_, ?_⟩
  · unfold degrees
    dsimp only
    rw [if_neg Bool.false_ne_true, Dyadic.value_add, Dyadic.value_one, terms false, parts]
    have each : (Eigenstill.sum ridges.intervals.length fun k => (filteredBy α false (if false = true
        then (ridges.intervals[k.val]).atMost else (ridges.intervals[k.val]).atLeast)).value K)
        ≤ Eigenstill.sum ridges.intervals.length fun k => filter (l (k.castLE modes)) (α.value K) := by
      refine sum_le _ _ _ fun k => ?_
      rw [if_neg Bool.false_ne_true]
      have low : 0 ≤ (ridges.intervals[k.val]).atLeast.value K ∧ (ridges.intervals[k.val]).atLeast.value K
        ≤ l (k.castLE modes) := h.low k
      refine IsPreorder.le_trans _ _ _ (filteredBy_spec hα low.1).1 ?_
      exact filter_le_filter_of_le (by clear h terms positive; grind) (by clear h terms positive; grind) low.2
    clear h terms positive
    grind
  · unfold degrees
    dsimp only
    rw [if_pos rfl, Dyadic.value_add, Dyadic.value_add, Dyadic.value_one, Dyadic.value_mul, terms true, parts]
    have each : (Eigenstill.sum ridges.intervals.length fun k => filter (l (k.castLE modes)) (α.value K))
        ≤ Eigenstill.sum ridges.intervals.length fun k => (filteredBy α true (if true = true
        then (ridges.intervals[k.val]).atMost else (ridges.intervals[k.val]).atLeast)).value K := by
      refine sum_le _ _ _ fun k => ?_
      rw [if_pos rfl]
      have high : l (k.castLE modes) ≤ (ridges.intervals[k.val]).atMost.value K := h.high k
      have own := h.nonneg (k.castLE modes)
      refine IsPreorder.le_trans _ _ _ ?_ (filteredBy_spec hα (IsPreorder.le_trans _ _ _ own high)).2
      exact filter_le_filter_of_le (by clear h terms positive; grind) (positive _) high
    clear h terms positive
    grind

/-- `n - g dof` in units of `1 / factorBottom`, from above and below. -/
theorem freeOf_spec {α : Dyadic} (hα : 0 < α.value K) :
    (freeOf ridges (degrees ridges α true)).value K ≤ ridges.factorBottom.value K * freeRows n g l (α.value K) ∧
      ridges.factorBottom.value K * freeRows n g l (α.value K) ≤ (freeOf ridges (degrees ridges α false)).value K := by
  obtain ⟨low, high⟩ := degrees_spec h hα
  have value : ∀ d : Dyadic, (freeOf ridges d).value K
      = ridges.factorBottom.value K * ((n : K) - g * d.value K) := by
    intro d
    unfold freeOf
    rw [Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, h.rows, h.factor]
    clear h low high; grind
  rw [value, value]
  have bottom := h.bottom
  have nonneg := h.factorNonneg
  unfold freeRows
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left low nonneg
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left high nonneg
  refine ⟨OrderedRing.mul_le_mul_of_nonneg_left ?_ (by clear h; grind), OrderedRing.mul_le_mul_of_nonneg_left ?_ (by clear h; grind)⟩
  · clear h value; grind
  · clear h value; grind

end

/-! ### Residuals -/

private theorem root_parts {x y : Dyadic} (hx : 0 ≤ x.value K) (hy : 0 < y.value K) :
    ((((ratio x).1 * (ratio y).2 : Nat)) : K) * y.value K = x.value K * ((((ratio x).2 * (ratio y).1 : Nat)) : K) ∧
      0 < (ratio x).2 * (ratio y).1 := by
  obtain ⟨top, bottom⟩ := ratio_spec hx
  obtain ⟨top', bottom'⟩ := ratio_spec (show 0 ≤ y.value K by grind)
  have p3 : 0 < (ratio y).1 := by
    by_cases h : (ratio y).1 = 0
    · rw [h, Semiring.natCast_zero] at top'
      have := OrderedRing.mul_pos hy (natCast_pos' (K := K) bottom')
      rw [← top'] at this
      exact absurd this (by grind)
    · omega
  refine ⟨?_, Nat.mul_pos bottom p3⟩
  rw [Semiring.natCast_mul, Semiring.natCast_mul, top, top']
  generalize ((ratio x).2 : K) = a
  generalize ((ratio y).2 : K) = b
  clear top top'
  grind

/-- A rounded square root is not negative. -/
theorem rootOf_nonneg (x y : Dyadic) (up : Bool) : 0 ≤ (rootOf x y up).value K := sqrt53_nonneg _ _ _

/-- `rootOf` rounded up is at least the square root, and rounded down at most. -/
theorem le_rootOf_sq {x y : Dyadic} (hx : 0 ≤ x.value K) (hy : 0 < y.value K) :
    x.value K ≤ (rootOf x y true).value K ^ 2 * y.value K := by
  obtain ⟨parts, positive⟩ := root_parts hx hy
  have key := le_sqrt53_sq (K := K) ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) positive
  have p := natCast_pos' (K := K) positive
  unfold rootOf
  dsimp only
  generalize (sqrt53 ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) true).value K = q at *
  have scaled := OrderedRing.mul_le_mul_of_nonneg_right key (c := y.value K) (by clear key parts; grind)
  rw [parts] at scaled
  generalize ((((ratio x).2 * (ratio y).1 : Nat)) : K) = d at *
  refine le_of_mul_le_mul p ?_
  clear key parts
  grind

@[inherit_doc le_rootOf_sq]
theorem rootOf_sq_le {x y : Dyadic} (hx : 0 ≤ x.value K) (hy : 0 < y.value K) :
    (rootOf x y false).value K ^ 2 * y.value K ≤ x.value K := by
  obtain ⟨parts, positive⟩ := root_parts hx hy
  have key := sqrt53_sq_le (K := K) ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1)
  have p := natCast_pos' (K := K) positive
  unfold rootOf
  dsimp only
  generalize (sqrt53 ((ratio x).1 * (ratio y).2) ((ratio x).2 * (ratio y).1) false).value K = q at *
  have scaled := OrderedRing.mul_le_mul_of_nonneg_right key (c := y.value K) (by clear key parts; grind)
  rw [parts] at scaled
  generalize ((((ratio x).2 * (ratio y).1 : Nat)) : K) = d at *
  refine le_of_mul_le_mul p ?_
  clear key parts
  grind

/-- A trial has an entry a column, and its image is `AᵀA w`. -/
structure TrialOf (A : Mat K n r) (trial : Trial) : Prop where
  length : trial.weights.entries.length = r
  imageLength : trial.image.entries.length = r
  image : ∀ j : Fin r, trial.image.at K j.val = mulVec (gram A) (fun t => trial.weights.at K t.val) j

/-- **`n` times the residual of the exact ridge fit, from above and below, from a trial.** -/
theorem residualOf_spec {A : Mat K n r} {t : Vec K n} {target : Target} (ht : TargetOf A t target) (hn : 0 < n)
    {rows α : Dyadic} (hr : rows.value K = (n : K)) (hα : 0 < α.value K) {trial : Trial} (hw : TrialOf A trial) {w : Vec K r}
    (exact : IsRidge A (aboutMean t) (α.value K) w) :
    (residualOf rows α false trial target).value K ≤ (n : K) * residualSq A (aboutMean t) w ∧
      (n : K) * residualSq A (aboutMean t) w ≤ (residualOf rows α true trial target).value K := by
  have countPositive := natCast_pos' (K := K) hn
  have count : 0 ≤ (n : K) := by clear exact; grind
  let v : Vec K r := fun j => trial.weights.at K j.val
  -- the residual of the trial
  have p1 : (trial.weights.dot target.products).value K = (n : K) * dot v (fun j => dot (fun i => A i j) (aboutMean t)) := by
    rw [value_dot _ _ (k := r) (Nat.le_of_eq hw.length)]
    show _ = (n : K) * Eigenstill.sum r fun j => trial.weights.at K j.val * dot (fun i => A i j) (aboutMean t)
    rw [← sum_mul]
    refine sum_congr fun j => ?_
    rw [ht.products j]
    generalize trial.weights.at K j.val = a
    generalize dot (fun i => A i j) (aboutMean t) = b
    clear exact ht hw
    grind
  have p2 : (trial.weights.dot trial.image).value K = dot v (mulVec (gram A) v) := by
    rw [value_dot _ _ (k := r) (Nat.le_of_eq hw.length)]
    exact sum_congr fun j => by rw [hw.image j]
  have own : ridgeObjective A (aboutMean t) 0 v = residualSq A (aboutMean t) v := by
    unfold ridgeObjective residualSq; clear exact ht hw; grind
  have residual : (Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩ (trial.weights.dot target.products)))
      (Dyadic.mul rows (trial.weights.dot trial.image))).value K = (n : K) * residualSq A (aboutMean t) v := by
    rw [Dyadic.value_add, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, p1, p2, hr, ht.total, ← own, ridgeObjective_eq,
      show (⟨2, 0⟩ : Dyadic) = Dyadic.ofInt 2 from rfl, Dyadic.value_ofInt, cast_two]
    clear exact ht hw own
    grind
  have residualNonneg : 0 ≤ residualSq A (aboutMean t) v := normSq_nonneg _
  -- its slope
  have l1 : (trial.weights.scaled α).entries.length = r := by rw [length_scaled, hw.length]
  have l2 : ((trial.image.add (trial.weights.scaled α)).scaled rows).entries.length = r := by
    rw [length_scaled, length_add, hw.imageLength, l1, Nat.min_self]
  have half : ∀ j : Fin r, (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).at K j.val
      = (n : K) * halfGradient A (aboutMean t) (α.value K) v j := by
    intro j
    rw [at_sub _ _ (by rw [l2, ht.length]), at_scaled, at_add _ _ (by rw [hw.imageLength, l1]), at_scaled, hw.image j,
      ht.products j, hr]
    show (n : K) * (mulVec (gram A) v j + α.value K * v j) - (n : K) * dot (fun i => A i j) (aboutMean t)
      = (n : K) * (mulVec (gram A) v j + α.value K * v j - dot (fun i => A i j) (aboutMean t))
    generalize mulVec (gram A) v j = a
    generalize dot (fun i => A i j) (aboutMean t) = b
    generalize v j = d
    clear exact ht hw
    grind
  have slope : (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).squaredNorm.value K
      = (n : K) ^ 2 * normSq (halfGradient A (aboutMean t) (α.value K) v) := by
    unfold IntegerVector.squaredNorm
    rw [value_dot _ _ (k := r) (by rw [length_sub _ _ (by rw [l2, ht.length]), l2]; exact Nat.le_refl _), normSq_eq, ← sum_mul]
    refine sum_congr fun j => ?_
    rw [half j]
    generalize halfGradient A (aboutMean t) (α.value K) v j = a
    clear exact ht hw half
    grind
  have slopes : normSq (fun j => ridgeSlope A (aboutMean t) (α.value K) v (ident j))
      = 4 * normSq (halfGradient A (aboutMean t) (α.value K) v) := by
    rw [normSq_eq, normSq_eq, ← sum_mul]
    refine sum_congr fun j => ?_
    rw [dot_halfGradient, dot_ident]
    clear exact ht hw half
    grind
  have bottom : (Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) α).value K = 4 * (n : K) * (n : K) * α.value K := by
    rw [Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_mul, hr, show (⟨4, 0⟩ : Dyadic) = Dyadic.ofInt 4 from rfl,
      Dyadic.value_ofInt, show ((4 : Int) : K) = 4 from Ring.intCast_ofNat 4]
  have bottomPositive : 0 < 4 * (n : K) * (n : K) * α.value K := by
    have := OrderedRing.mul_pos (OrderedRing.mul_pos countPositive countPositive) hα
    clear exact ht hw half
    grind
  have gradientNonneg := normSq_nonneg (halfGradient A (aboutMean t) (α.value K) v)
  have far := le_rootOf_sq (K := K) (x := (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).squaredNorm)
    (y := Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) α)
    (by rw [slope]; exact OrderedRing.mul_nonneg OrderedRing.sq_nonneg gradientNonneg) (by rw [bottom]; exact bottomPositive)
  have farNonneg := rootOf_nonneg (K := K) (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).squaredNorm
    (Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) α) true
  rw [slope, bottom] at far
  have near : normSq (fun j => ridgeSlope A (aboutMean t) (α.value K) v (ident j))
      ≤ 16 * α.value K * (rootOf (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).squaredNorm
        (Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) α) true).value K ^ 2 := by
    rw [slopes]
    generalize normSq (halfGradient A (aboutMean t) (α.value K) v) = S at *
    generalize (rootOf _ _ true).value K = D at *
    refine le_of_mul_le_mul (OrderedRing.mul_pos countPositive countPositive) ?_
    clear exact ht hw half slopes slope residual
    grind
  unfold residualOf
  dsimp only
  rw [if_neg Bool.false_ne_true, if_pos rfl]
  generalize rootOf (((trial.image.add (trial.weights.scaled α)).scaled rows).sub target.products).squaredNorm
    (Dyadic.mul (Dyadic.mul (Dyadic.mul ⟨4, 0⟩ rows) rows) α) true = distance at *
  have residualUp := le_rootOf_sq (K := K) (x := Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩
    (trial.weights.dot target.products))) (Dyadic.mul rows (trial.weights.dot trial.image))) (y := rows)
    (by rw [residual]; exact OrderedRing.mul_nonneg count residualNonneg) (by rw [hr]; exact countPositive)
  have residualDown := rootOf_sq_le (K := K) (x := Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩
    (trial.weights.dot target.products))) (Dyadic.mul rows (trial.weights.dot trial.image))) (y := rows)
    (by rw [residual]; exact OrderedRing.mul_nonneg count residualNonneg) (by rw [hr]; exact countPositive)
  rw [residual, hr] at residualUp residualDown
  generalize Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩
    (trial.weights.dot target.products))) (Dyadic.mul rows (trial.weights.dot trial.image)) = number at *
  have rootUp := rootOf_nonneg (K := K) number rows true
  generalize rootOf number rows true = high at *
  generalize rootOf number rows false = low at *
  have sUp : residualSq A (aboutMean t) v ≤ high.value K ^ 2 :=
    le_of_mul_le_mul countPositive (by clear exact ht hw half near; grind)
  have sDown : low.value K ^ 2 ≤ residualSq A (aboutMean t) v :=
    le_of_mul_le_mul countPositive (by clear exact ht hw half near; grind)
  have fitNonneg : 0 ≤ residualSq A (aboutMean t) w := normSq_nonneg _
  refine ⟨?_, ?_⟩
  · rw [Dyadic.value_mul, Dyadic.value_mul, hr, CommSemiring.mul_comm (n : K)]
    refine OrderedRing.mul_le_mul_of_nonneg_right ?_ count
    unfold Dyadic.max
    by_cases hle : Dyadic.le Dyadic.zero (Dyadic.sub low distance) = true
    · rw [if_pos hle]
      have hle1 := (Dyadic.le_iff (K := K) _ _).mp hle
      rw [Dyadic.value_zero, Dyadic.value_sub] at hle1
      rw [Dyadic.value_sub]
      have key := residual_ge_of_trial hα farNonneg (s := low.value K)
        (by clear exact ht hw half near slopes; grind) exact sDown near
      clear exact ht hw half near slopes
      grind
    · rw [if_neg hle, Dyadic.value_zero]
      clear exact ht hw half near slopes
      grind
  · rw [Dyadic.value_mul, Dyadic.value_mul, hr, CommSemiring.mul_comm (n : K)]
    refine OrderedRing.mul_le_mul_of_nonneg_right ?_ count
    rw [Dyadic.value_add]
    have key := residual_le_of_trial hα rootUp farNonneg exact sUp near
    clear exact ht hw half near slopes
    grind

end

end Eigenstill.Claims
