/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Instances.Spectral
public import Eigenstill.Theory.Energy
public import Eigenstill.Theory.Gcv
public import Eigenstill.Theory.Global

/-!
# Worked instances over the rationals: shrinkage, GCV, distilled form, global bounds

As in `Instances.Spectral`: every hypothesis is met by actual numbers and every conclusion is about numbers.
-/

open Lean.Grind Std

-- Kernel evaluations side by side slow each other down.
set_option Elab.async false

@[expose] public noncomputable section

namespace Eigenstill.Instances

attribute [local instance] Semiring.natCast Ring.intCast

/-! ## Shrinkage -/

/-- `risk_filter_le`, `eq_filter_of_risk_le`, `risk_filter`: with `l = 3`, `a = 1` keep three quarters, at the price 3/4. -/
theorem three_quarters : filter (3 : Rat) 1 = 3/4 ∧ risk (3 : Rat) 1 (3/4) = 3/4 := by decide +kernel

theorem three_quarters_best (h : Rat) : 3/4 ≤ risk 3 1 h := by
  have := risk_filter_le (3 : Rat) 1 h (by decide +kernel)
  rwa [three_quarters.1, three_quarters.2] at this

theorem three_quarters_only (h : Rat) (hle : risk 3 1 h ≤ 3/4) : h = 3/4 := by
  have := eq_filter_of_risk_le (3 : Rat) 1 h (by decide +kernel) (by rwa [three_quarters.1, three_quarters.2])
  rwa [three_quarters.1] at this

/-- `filter_lt_filter_of_lt`, `filter_lt_filter_of_gt`, `half_le_filter_iff`. -/
theorem temperature : filter (1 : Rat) 1 < filter 3 1 ∧ filter (3 : Rat) 2 < filter 3 1 ∧ 1 ≤ 2 * filter (1 : Rat) 1 :=
  ⟨filter_lt_filter_of_lt (by decide +kernel) (by decide +kernel) (by decide +kernel),
    filter_lt_filter_of_gt (by decide +kernel) (by decide +kernel) (by decide +kernel),
    (half_le_filter_iff (by decide +kernel)).mpr (by decide +kernel)⟩

/-- `filter_scale`: doubling the signal is halving the noise. -/
theorem temperature_scale : filter (2 * 3 : Rat) 4 = filter 3 (4 / 2) ∧ filter (3 : Rat) (4 / 2) = 3/5 :=
  ⟨filter_scale 3 2 4 (by decide +kernel), by decide +kernel⟩

/-- `sum_risk_filter_le`, two modes: nothing costs less than 3/4 + 2/3. -/
theorem two_modes (h : Vec Rat 2) :
    17/12 ≤ sum 2 fun k => risk ((ofList [3, 2] : Vec Rat 2) k) 1 (h k) := by
  have := sum_risk_filter_le (ofList [3, 2]) (fun _ => (1 : Rat)) h (by decide +kernel)
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) this

/-- `eq_filter_of_sum_risk_le`: only three quarters of the first and two thirds of the second cost as little. -/
theorem two_modes_only (h : Vec Rat 2) (hle : sum 2 (fun k => risk ((ofList [3, 2] : Vec Rat 2) k) 1 (h k)) ≤ 17/12)
    (k : Fin 2) : h k = (ofList [3/4, 2/3] : Vec Rat 2) k := by
  have e := eq_filter_of_sum_risk_le (ofList [3, 2]) (fun _ => (1 : Rat)) h (by decide +kernel)
    (IsPreorder.le_trans _ _ _ hle (by decide +kernel)) k
  rw [e]; clear e hle; revert k; decide +kernel

def f112 : Vec Rat 3 := ofList [1, 1, 2]

/-- `ridge_eigenbasis_le` and `ridgeObjective_singular`: ridge regression on the 3-4-5 matrix, `α = 1`: no weights go
below 1 + 1/26 + 4/5, the first from outside the modes. -/
theorem ridge_best (w : Vec Rat 2) : 239/130 ≤ ridgeObjective (singular s2 U2 V2) f112 1 (comb w V2) := by
  rw [ridgeObjective_singular U2_orthonormal V2_orthonormal]
  have h := ridge_eigenbasis_le s2 (fun k => dot (U2 k) f112) w 1 (normSq f112 - sum 2 fun k => dot (U2 k) f112 ^ 2)
    (by decide +kernel)
  exact IsPreorder.le_trans _ _ _ (by decide +kernel) h

/-- `eq_ridge_of_le`: the weights 5/26 and 4/5 alone reach that. -/
theorem ridge_only (w : Vec Rat 2) (hle : ridgeModes s2 (ofList [1, 2]) 1 1 w ≤ 239/130) (k : Fin 2) :
    w k = (ofList [5/26, 4/5] : Vec Rat 2) k := by
  have e := eq_ridge_of_le s2 (ofList [1, 2]) w 1 1 (by decide +kernel)
    (IsPreorder.le_trans _ _ _ hle (by decide +kernel)) k
  rw [e]; clear e hle; revert k; decide +kernel

/-- `ridge_fit_eq_filter`: they keep 25/26 of the first coefficient, 1. -/
theorem ridge_fit : (5 : Rat) * (5 * 1 / (5 ^ 2 + 1)) = 25/26 :=
  (ridge_fit_eq_filter 5 1 1).trans (by decide +kernel)

def signal : Vec Rat 4 := ofList [1, 1, -1, -1]
def noise : Vec Rat 4 := ofList [2, -2, 2, -2]

/-- `meanRisk_eq` on four outcomes: signal ±1, noise ±2, every combination once. -/
theorem bayes (h : Rat) : sum 4 (fun i => 1/4 * (signal i - h * (signal i + noise i)) ^ 2) = risk 1 4 h := by
  have e := meanRisk_eq (fun _ => 1/4) signal noise h (by decide +kernel)
  rw [show sum 4 (fun i => 1/4 * signal i ^ 2) = 1 by decide +kernel,
    show sum 4 (fun i => 1/4 * noise i ^ 2) = 4 by decide +kernel] at e
  exact e

/-- One vector of length nearly 1. -/
def v1 : Fin 1 → Vec Rat 2 := ofRows [[3/5, 3/4]]
def A1 : Mat Rat 2 2 := ofRows [[1, 0], [0, 2]]
def f1 : Vec Rat 2 := ofList [1, 1]

/-- `ridgeObjective_le_of_span`: on the line of `v1` nothing is better than `J(v1 / 2)` by more than 1/2. -/
theorem ridge_gap (u' : Vec Rat 1) :
    ridgeObjective A1 f1 1 (comb (fun _ => 1/2) v1) ≤ ridgeObjective A1 f1 1 (comb u' v1) + 1/2 := by
  have h := ridgeObjective_le_of_span A1 f1 (α := 1) (δ := 31/400) (V := v1) (by decide +kernel) (by decide +kernel)
    (by unfold NearlyOrthonormal; simp only [absVal_rat]; decide +kernel) (fun _ => 1/2) u'
  have e : normSq (fun k => ridgeSlope A1 f1 1 (comb (fun _ => 1/2) v1) (v1 k)) / (4 * 1 * (1 - 31/400)) ≤ 1/2 := by
    decide +kernel
  grind

/-! ## GCV on a bracket -/

def eigenvalues : Vec Rat 2 := ofList [4, 1]
def coefs : Vec Rat 2 := ofList [3, 1]
/-- The grid 1/4, 3/8, ..., 9/4. -/
def grid (i : Nat) : Rat := 1/4 + (i : Rat) / 8

/-- `gcv_ridge_ge_of_cell`: in the cell `[1, 2]` the criterion is nowhere below 0.893. -/
theorem cell (α : Rat) (h1 : 1 ≤ α) (h2 : α ≤ 2) (hpos : 0 < slack 10 (7/5) eigenvalues α) :
    3305/3698 ≤ gcv 10 (rss eigenvalues coefs 6 α) (slack 10 (7/5) eigenvalues α) := by
  have h := gcv_ridge_ge_of_cell (c := coefs) (rest := 6) (u := 1) (v := 2) (by decide +kernel) (by decide +kernel)
    (by decide +kernel) (by decide +kernel) (by decide +kernel) h1 h2 hpos
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h

/-- `gcv_ridge_near_min_of_partition`: ten rows, residual 6 outside the modes, robust factor 7/5; sixteen cells prove that
`α = 9/8` is within 2 % of the best of the whole bracket `[1/4, 9/4]`. -/
theorem ridge_chosen (α : Rat) (h1 : 1/4 ≤ α) (h2 : α ≤ 9/4) (hpos : 0 < slack 10 (7/5) eigenvalues α) :
    gcv 10 (rss eigenvalues coefs 6 (9/8)) (slack 10 (7/5) eigenvalues (9/8))
      ≤ (1 + 1/50) * gcv 10 (rss eigenvalues coefs 6 α) (slack 10 (7/5) eigenvalues α) :=
  gcv_ridge_near_min_of_partition (L := 97/100) grid 16 (by decide) (by decide +kernel) (by decide +kernel)
    (by decide +kernel) (by decide +kernel) (by decide +kernel)
    (by have h : ∀ i, i < 17 → grid 0 ≤ grid i ∧ grid i ≤ grid 16 := by decide +kernel
        intro i hi; exact h i (by omega))
    (by decide +kernel) (by decide +kernel) (by decide +kernel)
    (by rw [show grid 0 = 1/4 by decide +kernel]; exact h1) (by rw [show grid 16 = 9/4 by decide +kernel]; exact h2) hpos

/-- Such `α` exist: the slack at 1 is 8.18. -/
theorem ridge_chosen_slack : slack 10 (7/5) eigenvalues 1 = 409/50 := by decide +kernel

/-- `dof_mem_of_enclosures`: the first eigenvalue in `[3, 5]`, the rest at most 1. -/
theorem dof_enclosed : dof (ofList [3] : Vec Rat 1) 1 ≤ dof eigenvalues 1 ∧
    dof eigenvalues 1 ≤ dof (ofList [5] : Vec Rat 1) 1 + 1 / 1 :=
  dof_mem_of_enclosures (r := 1) (by decide +kernel) (by decide +kernel) (by decide) (by decide +kernel)
    (by decide +kernel) (by decide +kernel) (by decide +kernel)

/-- One column `(1, 1)`, target `(1, 3)`, the exact ridge is `w = 4 / (2 + α)`. -/
def column : Mat Rat 2 1 := fun _ _ => 1
def target : Vec Rat 2 := ofList [1, 3]

theorem isRidge_of_formula {α : Rat} (hα : 0 < 2 + α) : IsRidge column target α fun _ => 4 / (2 + α) := by
  intro w'
  have e : ∀ w : Vec Rat 1, ridgeObjective column target α w = 10 - 8 * w 0 + (2 + α) * w 0 ^ 2 := by
    intro w
    unfold ridgeObjective normSq mulVec dot sum
    simp only [sum, show (Fin.last 0) = (0 : Fin 1) from rfl, show column = fun _ _ => 1 from rfl,
      show target (0 : Fin 1).castSucc = 1 by decide +kernel, show target (Fin.last 1) = 3 by decide +kernel]
    grind
  rw [e, e]
  have h1 := OrderedRing.mul_nonneg (a := 2 + α) (b := (w' 0 - 4 / (2 + α)) ^ 2) (by grind) OrderedRing.sq_nonneg
  have hx : (2 + α) * (4 / (2 + α)) = 4 := by grind
  generalize 4 / (2 + α) = x at *; generalize w' 0 = y at *
  have h2 : (2 + α) * (y - x) ^ 2 = (2 + α) * y ^ 2 - 2 * y * ((2 + α) * x) + x * ((2 + α) * x) := by grind
  have h3 : (2 + α) * x ^ 2 = x * ((2 + α) * x) := by grind
  rw [h2, hx] at h1; rw [h3, hx]
  clear e h2 h3 hx; grind

/-- `rss_le_of_minimisers`: residual 2 + 8/9 at `α = 1`, 4 at `α = 2`. -/
theorem residual_grows : residualSq column target (fun _ => 4 / (2 + 1)) ≤ residualSq column target fun _ => 4 / (2 + 2) :=
  rss_le_of_minimisers (u := 1) (v := 2) (by decide +kernel) (by decide +kernel) (isRidge_of_formula (by decide +kernel))
    (isRidge_of_formula (by decide +kernel))

/-- `rss_le_of_trial` for the trial `w = 1` at `α = 1`, `t = 1`. -/
theorem trial_residual : residualSq column target (fun _ => 1) ≤ 2 * residualSq column target (fun _ => 4 / (2 + 1)) + 2 := by
  have h := rss_le_of_trial (α := 1) (t := 1) (by decide +kernel) (by decide +kernel) (w := fun _ => 1)
    (isRidge_of_formula (α := 1) (by decide +kernel))
  have e : (1 + 1 / 1) * (normSq (fun j => ridgeSlope column target 1 (fun _ => 1) (ident j)) / (16 * 1)) ≤ (2 : Rat) := by
    decide +kernel
  grind

/-- `residual_le_of_trial`, `residual_ge_of_trial`: from that trial the residual of the exact ridge is in `[9/4, 25/4]`. -/
theorem trial_encloses : 9/4 ≤ residualSq column target (fun _ => 4 / (2 + 1)) ∧
    residualSq column target (fun _ => 4 / (2 + 1)) ≤ 25/4 := by
  have hw := isRidge_of_formula (α := 1) (by decide +kernel)
  have h1 := residual_ge_of_trial (s := 2) (t := 1/2) (by decide +kernel) (by decide +kernel) (by decide +kernel)
    (w := fun _ => 1) hw (by decide +kernel) (by decide +kernel)
  have h2 := residual_le_of_trial (s := 2) (t := 1/2) (by decide +kernel) (by decide +kernel) (by decide +kernel)
    (w := fun _ => 1) hw (by decide +kernel) (by decide +kernel)
  exact ⟨Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h1, IsPreorder.le_trans _ _ _ h2 (by decide +kernel)⟩

/-! ## The distilled form -/

def f3 : Vec Rat 3 := ofList [3, 1, 2]

/-- `error_eq`: with `h = (1/2, 1/4)` the error is 1/4 · 9 + 9/16 · 4 + 1, the last from outside the modes. -/
theorem distilled_error : normSq (fun i => f3 i - student U2 f3 (ofList [1/2, 1/4]) i) = 11/2 := by
  rw [error_eq U2_orthonormal]; decide +kernel

/-- `error_near` for the nearly orthonormal `V`: the formula is off by 1/10 at most. -/
theorem distilled_error_near :
    absVal (normSq (fun i => f3 i - student V f3 (ofList [1, 1/2]) i)
      - (sum 2 (fun k => (1 - (ofList [1, 1/2] : Vec Rat 2) k) ^ 2 * coefficient V f3 k ^ 2) + tail V f3)) ≤ 1/10 := by
  have h := error_near V_nearlyOrthonormal f3 (ofList [1, 1/2])
  have e : δ * sum 2 (fun k => ((ofList [1, 1/2] : Vec Rat 2) k * coefficient V f3 k) ^ 2) ≤ 1/10 := by decide +kernel
  exact IsPreorder.le_trans _ _ _ h e

/-- `error_ge`: no combination of the nearly orthonormal `V`, whatever its coefficients, leaves less than 68/67. -/
theorem distilled_error_ge (b : Vec Rat 2) : 68/67 ≤ normSq fun i => f3 i - comb b V i := by
  have h := error_ge V_nearlyOrthonormal (by decide +kernel) f3 b
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h

theorem f3_sorted (k l : Fin 2) (h : k.val ≤ l.val) : coefficient U2 f3 l ^ 2 ≤ coefficient U2 f3 k ^ 2 := by
  revert k l; decide +kernel

/-- `error_ge_of_first`: one mode of two, with any coefficient, leaves at least 5; so does keeping the first. -/
theorem best_mode (b : Rat) : 5 ≤ normSq (fun i => f3 i - comb (fun k : Fin 2 => if k.val = 1 then b else 0) U2 i) := by
  have h := error_ge_of_first U2_orthonormal f3 f3_sorted (r := 1) (fun k => k.val = 1) (by decide) (by
    unfold chosen
    rw [sum_congr (g := (ofList [0, 1] : Vec Rat 2)) fun k => by
      dsimp only; by_cases hk : k.val = 1
      · rw [if_pos hk, show k = 1 by omega]; decide +kernel
      · rw [if_neg hk, show k = 0 by omega]; decide +kernel]
    decide +kernel) (fun k => if k.val = 1 then b else 0) (fun k hk => if_neg hk)
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h

/-- The two modes as they act on the rows of `A`: squared lengths 15.8 and 4.7, inner product 0.025. -/
def modes : Fin 2 → Vec Rat 4 := fun k => mulVec A (V k)
def f4 : Vec Rat 4 := ofList [1, -1, 2, 3]

theorem modes_rows (k : Fin 2) : offDiagonal (cross modes) k = 51/2048 := by
  unfold offDiagonal; simp only [absVal_rat]; revert k; decide +kernel

/-- `error_ge_of_most`: one of these modes, whichever and with any coefficient, leaves at least 59/5 of `|f|² = 15`. -/
theorem one_mode_ge (S : Fin 2 → Prop) (count : chosen S (fun _ => 1) ≤ ((1 : Nat) : Rat)) (b : Vec Rat 2)
    (hb : ∀ k, ¬ S k → b k = 0) : 59/5 ≤ normSq fun i => f4 i - comb b modes i := by
  have h := error_ge_of_most (r := 1) modes f4 (t := ofList [16/5, 9/4]) (by decide +kernel) (by decide +kernel) S
    (by decide) count hb (fun k => by rw [modes_rows]; revert k; decide +kernel)
    (fun k => by rw [modes_rows]; revert k; decide +kernel)
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h

/-- `error_le_of_rows`: the first of them, with the right coefficient, leaves at most 237/20. -/
theorem one_mode_le : ∃ b : Vec Rat 2, (∀ k, ¬ k = 0 → b k = 0) ∧ normSq (fun i => f4 i - comb b modes i) ≤ 237/20 := by
  have h := error_le_of_rows modes f4 (fun k => k = 0) (t := fun _ => 63/20)
    (fun k _ => by rw [modes_rows]; revert k; decide +kernel) (fun k hk => by rw [modes_rows, hk]; decide +kernel)
  have e : normSq f4 - chosen (fun k : Fin 2 => k = 0) (fun _ => 63/20) = 237/20 := by
    unfold chosen
    rw [sum_congr (g := (ofList [63/20, 0] : Vec Rat 2)) fun k => by
      by_cases hk : k.val = 0
      · rw [show k = 0 by omega, if_pos rfl]; decide +kernel
      · rw [show k = 1 by omega, if_neg (by decide)]; decide +kernel]
    decide +kernel
  rwa [e] at h

def coefs31 : Vec Rat 2 := ofList [3, 1]
def noise2 : Vec Rat 2 := fun _ => 2

/-- `selectionRisk_drop_lt_iff`: coefficients 3 and 1, noise variance 2: dropping the second mode pays, the first not. -/
theorem overfit_second :
    selectionRisk (fun k => True ∧ k ≠ 1) coefs31 noise2 < selectionRisk (fun _ => True) coefs31 noise2 :=
  (selectionRisk_drop_lt_iff (fun _ => True) coefs31 noise2 (j := 1) trivial).mpr (by decide +kernel)

theorem keep_first :
    ¬ selectionRisk (fun k => True ∧ k ≠ 0) coefs31 noise2 < selectionRisk (fun _ => True) coefs31 noise2 := fun h =>
  absurd ((selectionRisk_drop_lt_iff (fun _ => True) coefs31 noise2 (j := 0) trivial).mp h) (by decide +kernel)

/-- `selectionRisk_best_le`: keeping the first mode alone costs 3; no selection costs less. -/
theorem best_selection (S : Fin 2 → Prop) : 3 ≤ selectionRisk S coefs31 noise2 := by
  have e : selectionRisk (fun k => noise2 k ≤ coefs31 k ^ 2) coefs31 noise2 = 3 := by
    unfold selectionRisk
    rw [sum_congr (g := (ofList [2, 1] : Vec Rat 2)) fun k => by
      by_cases hk : k.val = 0
      · rw [show k = 0 by omega, if_pos (by decide +kernel)]; decide +kernel
      · rw [show k = 1 by omega, if_neg (by decide +kernel)]; decide +kernel]
    decide +kernel
  have h := selectionRisk_best_le S coefs31 noise2
  rwa [e] at h

/-- `filter_le_selectionRisk`: shrinking both costs 76/33, less than any selection does. -/
theorem shrinking_beats (S : Fin 2 → Prop) : 76/33 ≤ selectionRisk S coefs31 noise2 := by
  have h := filter_le_selectionRisk S coefs31 noise2 (by decide +kernel)
  exact Eq.subst (motive := fun t => t ≤ _) (by decide +kernel) h

/-- `selectionRisk_excess`: the second mode, kept beside the first, costs 1 more. -/
theorem excess_mode :
    selectionRisk (fun _ => True) coefs31 noise2 - selectionRisk (fun k => k = 0) coefs31 noise2 = 1 := by
  rw [selectionRisk_excess (fun k => k = 0) (fun _ => True) coefs31 noise2 fun _ _ => trivial]
  unfold chosen
  rw [sum_congr (g := (ofList [0, 1] : Vec Rat 2)) fun k => by
    by_cases hk : k.val = 0
    · rw [show k = 0 by omega, if_neg (by decide)]; decide +kernel
    · rw [show k = 1 by omega, if_pos (by decide)]; decide +kernel]
  decide +kernel

/-- `count_le_two_mul_dof`, `dof_le_card`, `dof_le_count_add_tail`: both eigenvalues 4 and 1 reach `α = 1`; 2 ≤ 2 · 1.3. -/
theorem effective : ((2 : Nat) : Rat) ≤ 2 * dof eigenvalues 1 ∧ dof eigenvalues 1 ≤ ((2 : Nat) : Rat) ∧
    dof eigenvalues 1 ≤ ((1 : Nat) : Rat) + sum 2 (fun k => if k.val < 1 then 0 else eigenvalues k) / 1 :=
  ⟨count_le_two_mul_dof (by decide +kernel) (by decide +kernel) (by decide) (by decide +kernel),
    dof_le_card (by decide +kernel) (by decide +kernel),
    dof_le_count_add_tail (by decide +kernel) (by decide +kernel) (by decide)⟩

/-- `ratio_le_iff`: 24 landmarks in 14 columns are 389 numbers; the 512-256 network has 139,265: 358 times as many. -/
theorem compression : storedNumbers 24 14 1 = 389 ∧ 358 ≤ 139265 / storedNumbers 24 14 1 :=
  ⟨by decide +kernel, (ratio_le_iff (by decide +kernel)).mpr (by decide +kernel)⟩

/-- `storedNumbers_mono`: fewer landmarks, fewer numbers. -/
theorem compression_mono : storedNumbers 24 14 1 ≤ storedNumbers 128 14 1 := storedNumbers_mono (by decide)

/-- `factors_lt_iff`: ten modes of a `1400 x 142` matrix are fewer numbers than the matrix. -/
theorem factors_fewer : 1400 * 10 + 10 * 142 < 1400 * 142 := (factors_lt_iff 10 1400 142).mpr (by decide)

/-! ## Global bounds -/

/-- `inverseKernel_pos`, `inverseKernel_le_one`, `quadraticDistance_nonneg`: a basis function with scales 1 and 2. -/
theorem basis_value (x : Vec Rat 2) : 0 < inverseKernel (quadraticDistance (ofList [1, 2]) (ofList [0, 1]) x) ∧
    inverseKernel (quadraticDistance (ofList [1, 2]) (ofList [0, 1]) x) ≤ 1 :=
  have h := quadraticDistance_nonneg (s := (ofList [1, 2] : Vec Rat 2)) (by decide +kernel) (ofList [0, 1]) x
  ⟨inverseKernel_pos h, inverseKernel_le_one h⟩

/-- `kernelPart_mem`: coefficients 2 and -1: between -1 and 2 at every input. -/
theorem range_two (φ : Vec Rat 2) (h0 : ∀ j, 0 ≤ φ j) (h1 : ∀ j, φ j ≤ 1) :
    -1 ≤ kernelPart (ofList [2, -1]) φ ∧ kernelPart (ofList [2, -1]) φ ≤ 2 := by
  have h := kernelPart_mem (ofList [2, -1] : Vec Rat 2) φ h0 h1
  have p : ∀ x : Rat, posPart x = if 0 ≤ x then x else 0 := fun x => by
    unfold posPart; by_cases h : 0 ≤ x
    · rw [if_pos h, if_pos h]
    · rw [if_neg h, if_neg h]
  have q : ∀ x : Rat, negPart x = if 0 ≤ x then 0 else x := fun x => by
    unfold negPart; by_cases h : 0 ≤ x
    · rw [if_pos h, if_pos h]
    · rw [if_neg h, if_neg h]
  simp only [p, q] at h
  exact ⟨Eq.subst (motive := fun t => t ≤ kernelPart (ofList [2, -1]) φ) (by decide +kernel) h.1,
    Eq.subst (motive := fun t => kernelPart (ofList [2, -1]) φ ≤ t) (by decide +kernel) h.2⟩

/-- `kernelPart_round`: moving one coefficient by 1/8 moves no output by more. -/
theorem rounded (φ : Vec Rat 2) (h0 : ∀ j, 0 ≤ φ j) (h1 : ∀ j, φ j ≤ 1) :
    absVal (kernelPart (ofList [2, -1]) φ - kernelPart (ofList [17/8, -1]) φ) ≤ 1/8 := by
  have h := kernelPart_round (ofList [2, -1] : Vec Rat 2) (ofList [17/8, -1]) φ h0 h1
  have e : sum 2 (fun j => absVal ((ofList [2, -1] : Vec Rat 2) j - (ofList [17/8, -1] : Vec Rat 2) j)) = 1/8 := by
    simp only [absVal_rat]; decide +kernel
  rwa [e] at h

/-- `kernelPart_l1_slope`: two landmarks in the plane, scales 1 and 2, coefficients 2 and -1; along the first axis the
output moves by at most 3 |t - t'|. -/
theorem l1_slope (t t' : Rat) :
    absVal (kernelPart (ofList [2, -1]) (fun j : Fin 2 => inverseKernel (l1Distance (ofList [1, 2])
        ((ofRows [[0, 0], [1, 1]] : Mat Rat 2 2) j) fun i => if i.val = 0 then t else 5))
      - kernelPart (ofList [2, -1]) fun j : Fin 2 => inverseKernel (l1Distance (ofList [1, 2])
        ((ofRows [[0, 0], [1, 1]] : Mat Rat 2 2) j) fun i => if i.val = 0 then t' else 5)) ≤ 3 * absVal (t - t') := by
  have h := kernelPart_l1_slope (s := (ofList [1, 2] : Vec Rat 2)) (by decide +kernel) (ofList [2, -1] : Vec Rat 2)
    (ofRows [[0, 0], [1, 1]] : Mat Rat 2 2) (fun i => if i.val = 0 then t else 5) (fun i => if i.val = 0 then t' else 5)
    0 (fun j hj => by dsimp only; rw [if_neg (by omega), if_neg (by omega)])
  have e : sum 2 (fun j => absVal ((ofList [2, -1] : Vec Rat 2) j)) = 3 := by simp only [absVal_rat]; decide +kernel
  have e1 : (ofList [1, 2] : Vec Rat 2) 0 = 1 := by decide +kernel
  rw [e, e1] at h
  simp only [Fin.val_zero, if_true] at h
  grind

/-- `rationalQuadratic_slope`: one landmark on the line, `s = 4`: `64 Δφ² ≤ 108 Δx²`, at every pair of inputs. -/
theorem quadratic_slope (x x' : Vec Rat 1) :
    64 * (inverseKernel (quadraticDistance (fun _ => 4) (fun _ => 1) x)
      - inverseKernel (quadraticDistance (fun _ => 4) (fun _ => 1) x')) ^ 2 ≤ 27 * (4 * (x 0 - x' 0) ^ 2) :=
  rationalQuadratic_slope (s := fun _ : Fin 1 => (4 : Rat)) (by decide +kernel) (fun _ => 1) x x' 0
    fun j hj => absurd (by omega) hj

/-- `kernelPart_quadratic_slope`: two landmarks on the line, `s = 4`, coefficients 2 and -1: `64 Δ² ≤ 972 Δx²`. -/
theorem quadratic_student_slope (x x' : Vec Rat 1) :
    64 * (kernelPart (ofList [2, -1])
        (fun j : Fin 2 => inverseKernel (quadraticDistance (fun _ => 4) ((ofRows [[0], [1]] : Mat Rat 2 1) j) x))
      - kernelPart (ofList [2, -1])
        fun j : Fin 2 => inverseKernel (quadraticDistance (fun _ => 4) ((ofRows [[0], [1]] : Mat Rat 2 1) j) x')) ^ 2
      ≤ 972 * (x 0 - x' 0) ^ 2 := by
  have h := kernelPart_quadratic_slope (s := fun _ : Fin 1 => (4 : Rat)) (by decide +kernel) (ofList [2, -1])
    (ofRows [[0], [1]] : Mat Rat 2 1) x x' 0 fun j hj => absurd (by omega) hj
  have e : sum 2 (fun j => absVal ((ofList [2, -1] : Vec Rat 2) j)) = 3 := by simp only [absVal_rat]; decide +kernel
  rw [e] at h; grind

/-- `formula_slope`: with the linear term `-3 x` a slope of 2 becomes one of 5. -/
theorem slope_with_linear (x x' : Vec Rat 1) {u u' : Rat} (h : (u - u') ^ 2 ≤ (2 * (x 0 - x' 0)) ^ 2) :
    absVal (7 + dot (fun _ => -3) x + u - (7 + dot (fun _ => -3) x' + u')) ≤ 5 * absVal (x 0 - x' 0) := by
  have h1 := formula_slope (b := 7) (by decide +kernel) (fun _ : Fin 1 => -3) x x' 0 (fun j hj => absurd (by omega) hj) h
  have e : absVal (-3 : Rat) = 3 := by rw [absVal_rat]; decide +kernel
  rw [e] at h1; grind

/-- `quadratic_derivative_sq_le` at `s = 3`, `q = 0`. -/
theorem quadratic_derivative (u : Rat) : 4 * 3 ^ 2 * u ^ 2 * 64 ≤ 27 * 3 * (1 + 3 * u ^ 2 + 0) ^ 4 :=
  quadratic_derivative_sq_le (by decide +kernel) (by decide +kernel) u

/-- It is sharp: equality at `s = 3`, `u = 1/3`, `q = 0`. -/
theorem quadratic_sharp : 4 * (3 : Rat) ^ 2 * (1/3) ^ 2 * 64 = 27 * 3 * (1 + 3 * (1/3) ^ 2 + 0) ^ 4 := by decide +kernel

end Eigenstill.Instances
