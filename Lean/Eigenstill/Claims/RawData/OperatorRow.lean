/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Images

/-!
# One row of the operator, packed

`operatorRow_eq`: **the packed row is `Σ_k (C_k - c_k) T_kj + β`, and its slots are in `[0, 2β]`.** The numbers `c_k` are
whatever was supplied, in `[0, 2^p]`; that they are the means is compared after all rows.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

theorem pack_nonneg {B : Int} (hB : 0 < B) {n : Nat} {e : Nat → Int} (h : ∀ j, j < n → 0 ≤ e j) : 0 ≤ pack B n e :=
  sum_nonneg _ _ fun j => Int.mul_nonneg (h j.val j.isLt) (Int.le_of_lt (Int.pow_pos hB))

theorem natSub_eq {u w : Nat} {e : Int} (h : (u : Int) - w = e) (he : 0 ≤ e) : ((u - w : Nat) : Int) = e := by omega

section row
variable (D : Study) {b : Nat}

/-- `2^(t-1)`, and `β`, as integers. -/
noncomputable def half : Int := 2 ^ (D.metricBits - 1)
@[inherit_doc half] noncomputable def beta : Int := D.columns * (2 ^ D.grid * half D)

/-- Row `x` of the operator with means `c`: `Σ_k (C_k - c_k) T_kj`. -/
noncomputable def operatorEntry (c : Nat → Int) (row j : Nat) : Int :=
  total D.columns fun k => (D.basisAt row k - c k) * D.metric k j

theorem operatorBias_eq : (operatorBias D D.columns : Int) = beta D := by
  unfold operatorBias beta half
  simp only [Nat.mul_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_mul, Int.natCast_pow]; rw [Int.mul_assoc]; rfl

theorem half_pos : 0 < half D := Int.pow_pos (by omega)

theorem metric_eq (k j : Nat) : D.metric k j = storedMetric D k j - half D := by
  unfold Study.metric entry storedMetric half
  show (_ : Int) - Int.ofNat _ = _
  congr 1

theorem metric_range (ht : 0 < D.metricBits) (k j : Nat) : -half D ≤ D.metric k j ∧ D.metric k j ≤ half D := by
  rw [metric_eq]; unfold storedMetric half
  have h1 := digit_lt D.metricBits (D.column k).metric j
  have h2 : ((2 ^ D.metricBits : Nat) : Int) = 2 ^ (D.metricBits - 1) * 2 := by
    obtain ⟨c, hc⟩ : ∃ c, D.metricBits = c + 1 := ⟨D.metricBits - 1, by omega⟩
    rw [hc, Int.natCast_pow, Int.pow_succ, Nat.add_sub_cancel, show ((2 : Nat) : Int) = 2 from rfl]
  omega

/-- Rows with the bias fit where images fit: `2 β < 2^b`. -/
theorem two_beta_lt (ht : 0 < D.metricBits) (hfit : ImagesFit D b D.columns) : 2 * beta D < base b := by
  have h1 := Int.ofNat_lt.mpr hfit
  have h2 : (2 : Int) * half D = 2 ^ D.metricBits := by
    unfold half
    obtain ⟨c, hc⟩ : ∃ c, D.metricBits = c + 1 := ⟨D.metricBits - 1, by omega⟩
    rw [hc, Int.pow_succ, Nat.add_sub_cancel]; grind
  rw [base_eq]; unfold beta
  rw [show 2 * ((D.columns : Int) * (2 ^ D.grid * half D)) = D.columns * 2 ^ D.grid * (2 * half D) by grind, h2]
  simpa using h1

theorem mul_range {u t G H : Int} (hu : -G ≤ u ∧ u ≤ G) (ht : -H ≤ t ∧ t ≤ H) : -(G * H) ≤ u * t ∧ u * t ≤ G * H := by
  have h1 := Int.mul_nonneg (show 0 ≤ G - u by omega) (show 0 ≤ H + t by omega)
  have h2 := Int.mul_nonneg (show 0 ≤ G + u by omega) (show 0 ≤ H - t by omega)
  have h3 := Int.mul_nonneg (show 0 ≤ G - u by omega) (show 0 ≤ H - t by omega)
  have h4 := Int.mul_nonneg (show 0 ≤ G + u by omega) (show 0 ≤ H + t by omega)
  constructor <;> grind

/-- A sum of products `c_k T_kj` with `|c_k| ≤ 2^p` is at most `β` in absolute value. -/
theorem total_metric_range (ht : 0 < D.metricBits) {c : Nat → Int}
    (hc : ∀ k, k < D.columns → -2 ^ D.grid ≤ c k ∧ c k ≤ 2 ^ D.grid) (j : Nat) :
    -beta D ≤ total D.columns (fun k => c k * D.metric k j) ∧ total D.columns (fun k => c k * D.metric k j) ≤ beta D := by
  have h : ∀ k, k < D.columns → 0 ≤ c k * D.metric k j + 2 ^ D.grid * half D ∧
      c k * D.metric k j + 2 ^ D.grid * half D ≤ 2 * (2 ^ D.grid * half D) := by
    intro k hk
    have := mul_range (hc k hk) (metric_range D ht k j); omega
  have h1 := total_range h
  have h2 : total D.columns (fun _ => 2 ^ D.grid * half D) = beta D := by
    unfold beta; simp only [total]; rw [sum_const]
  rw [total_add, h2] at h1
  have h3 : (D.columns : Int) * (2 * (2 ^ D.grid * half D)) = 2 * beta D := by unfold beta; grind
  omega

/-- Entries of the operator are at most `β` in absolute value. -/
theorem operatorEntry_range (ht : 0 < D.metricBits) {c : Nat → Int} (hc : ∀ k, k < D.columns → 0 ≤ c k ∧ c k ≤ 2 ^ D.grid)
    {row : Nat} (hrow : ∀ k, k < D.columns → 0 ≤ D.basisAt row k ∧ D.basisAt row k ≤ 2 ^ D.grid) (j : Nat) :
    -beta D ≤ operatorEntry D c row j ∧ operatorEntry D c row j ≤ beta D :=
  total_metric_range D ht (c := fun k => D.basisAt row k - c k)
    (fun k hk => by have := hc k hk; have := hrow k hk; dsimp only; omega) j

/-- `Σ c_k T'_k - 2^(t-1) Σ c_k = Σ c_k T_k`: the bias taken off. -/
theorem total_metric (c : Nat → Int) (j : Nat) :
    total D.columns (fun k => c k * storedMetric D k j) - half D * total D.columns c
      = total D.columns fun k => c k * D.metric k j := by
  rw [← total_mul]; simp only [total]; rw [← sum_sub]
  exact sum_congr fun k => by rw [metric_eq]; grind

/-- The frame of a study, for slots of `b` bits. -/
noncomputable abbrev frameOf (b mean tolerance : Nat) : Frame :=
  frame D (Stride.of b D.columns 0 D.columns) (plan D b D.landmarkCount D.columns) mean tolerance

/-- The packed row `β - Σ_k c_k T_k` for stored means. -/
theorem centre_eq (hb : 0 < b) (ht : 0 < D.metricBits) (hfit : ImagesFit D b D.columns) (mean tolerance : Nat)
    (hc : ∀ k, k < D.columns → (digit D.slot mean k : Int) ≤ 2 ^ D.grid) :
    ((frameOf D b mean tolerance).centre : Int) = pack (base b) D.columns fun j =>
      beta D - total D.columns fun k => (digit D.slot mean k : Int) * D.metric k j := by
  have key : ∀ v : Nat, (v : Int) = total D.columns (fun k => (digit D.slot mean k : Int) * columnImage D b D.columns k (D.column k)) →
      ((Nat.sub (Nat.mul (Nat.add (operatorBias D D.columns) (Nat.mul (Nat.pow 2 (Nat.sub D.metricBits 1))
        (Nat.land v (Nat.sub (Nat.pow 2 b) 1))))
        (ones b D.columns)) (Nat.land (Nat.shiftRight v b) (Nat.sub (Nat.pow 2 (Nat.mul b D.columns)) 1)) : Nat) : Int)
      = pack (base b) D.columns fun j => beta D - total D.columns fun k => (digit D.slot mean k : Int) * D.metric k j := by
    intro v hv
    obtain ⟨h1, -, h3, -⟩ := cut_image D hfit hv fun k hk => ⟨by omega, hc k hk⟩
    rw [land_mask, land_mask, shiftRight_eq]
    refine natSub_eq ?_ (pack_nonneg (base_pos b) fun j _ => ?_)
    · rw [show Nat.mul b D.columns = b * D.columns from rfl, h1]
      simp only [Nat.add_eq, Nat.mul_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_mul, Int.natCast_add]
      rw [h3, ones_eq hb, ← pack_mul, ← pack_sub]
      refine pack_congr fun j _ => ?_
      rw [← total_metric, operatorBias_eq]; unfold half
      simp only [Int.natCast_pow]
      rw [show ((2 : Nat) : Int) = 2 from rfl]; grind
    · have := (total_metric_range D ht (c := fun k => (digit D.slot mean k : Int)) (fun k hk => by
        have h1 := hc k hk
        have h2 : (0 : Int) < 2 ^ D.grid := Int.pow_pos (by omega)
        dsimp only; omega) j).2
      omega
  exact key _ (combineImages_plan D (b := b) mean)

/-- **One packed row of the operator, from the image of a row of data.** -/
theorem operatorRow_eq (hb : 0 < b) (ht : 0 < D.metricBits) (hfit : ImagesFit D b D.columns) (mean tolerance : Nat)
    (hc : ∀ k, k < D.columns → (digit D.slot mean k : Int) ≤ 2 ^ D.grid) {row v sum : Nat}
    (hrow : ∀ k, k < D.columns → 0 ≤ D.basisAt row k ∧ D.basisAt row k ≤ 2 ^ D.grid)
    (hv : ((v % 2 ^ (b * D.columns) : Nat) : Int)
      = pack (base b) D.columns fun j => total D.columns fun k => D.basisAt row k * storedMetric D k j)
    (hs : (sum : Int) = total D.columns fun k => D.basisAt row k) :
    (operatorRow (frameOf D b mean tolerance) v sum : Int) = pack (base b) D.columns fun j =>
      operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D := by
  show ((Nat.sub (Nat.add (Nat.land v (Nat.sub (Nat.pow 2 (Nat.mul b D.columns)) 1)) (frameOf D b mean tolerance).centre)
    (Nat.mul sum (Nat.mul (Nat.pow 2 (Nat.sub D.metricBits 1)) (ones b D.columns))) : Nat) : Int) = _
  rw [land_mask]
  refine natSub_eq ?_ (pack_nonneg (base_pos b) fun j _ => ?_)
  · simp only [Nat.add_eq, Nat.mul_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_mul, Int.natCast_add]
    rw [hv, hs, centre_eq D hb ht hfit mean tolerance hc, ones_eq hb, ← pack_mul, ← pack_mul, ← pack_add, ← pack_sub]
    refine pack_congr fun j _ => ?_
    have h1 := total_metric D (fun k => D.basisAt row k) j
    have h2 : operatorEntry D (fun k => (digit D.slot mean k : Int)) row j
        = total D.columns (fun k => D.basisAt row k * D.metric k j)
          - total D.columns fun k => (digit D.slot mean k : Int) * D.metric k j := by
      unfold operatorEntry; simp only [total]; rw [← sum_sub]; exact sum_congr fun k => by grind
    rw [h2, ← h1]; unfold half
    simp only [Int.natCast_pow]
    rw [show ((2 : Nat) : Int) = 2 from rfl]; grind
  · have := (operatorEntry_range D ht (c := fun k => (digit D.slot mean k : Int)) (fun k hk => ⟨Int.natCast_nonneg _, hc k hk⟩) hrow j).1
    omega

end row

end Eigenstill.Claims
