/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.RowSound

/-!
# The parts of an image

The image of a row, or of the means, is `Σ_k c_k image_k`. Cut at the right slots it gives `Σ_k c_k T'_k`, the `c_k`, their
sum, and `Σ_k c_k a'_k`, where `T'` and `a'` are the stored metric and coefficients, bias included.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

variable (D : Study) {b : Nat}

/-- The stored metric entry, bias included. -/
noncomputable def storedMetric (k j : Nat) : Nat := digit D.metricBits (D.column k).metric j

theorem base_pow (b n : Nat) : (base b) ^ n = ((2 ^ (b * n) : Nat) : Int) := by unfold base; rw [← Int.pow_mul]; simp

theorem columnImage_eq (r k : Nat) (c : Column) : (columnImage D b r k c : Int)
    = 1 + base b * (pack (base b) r (fun j => digit D.metricBits c.metric j)
      + (base b) ^ r * ((base b) ^ k + (base b) ^ r * c.coefficient)) := by
  unfold columnImage
  rw [shiftLeft_eq, shiftLeft_eq, shiftLeft_eq]
  simp only [Nat.add_eq, Nat.mul_eq, Nat.pow_eq, Int.natCast_add, Int.natCast_mul]
  rw [restride_eq, ← base_pow, ← base_pow, ← base_eq]
  generalize base b ^ r = R; generalize base b ^ k = Q; generalize pack (base b) r _ = p
  rw [show ((1 : Nat) : Int) = 1 from rfl]; grind

/-- **The parts of `Σ_k c_k image_k`.** -/
theorem image_parts (r : Nat) (c : Nat → Int) :
    total r (fun k => c k * columnImage D b r k (D.column k))
      = total r c + base b * (pack (base b) r (fun j => total r fun k => c k * storedMetric D k j)
        + (base b) ^ r * (pack (base b) r c + (base b) ^ r * total r fun k => c k * (D.column k).coefficient)) := by
  rw [pack_total]
  have h1 : total r (fun k => c k * columnImage D b r k (D.column k)) = total r fun k =>
      c k + base b * (pack (base b) r (fun j => c k * storedMetric D k j)
        + (base b) ^ r * (c k * (base b) ^ k + (base b) ^ r * (c k * (D.column k).coefficient))) := by
    refine total_congr fun k _ => ?_
    rw [columnImage_eq, pack_mul]; unfold storedMetric
    generalize pack (base b) r _ = p; generalize base b ^ r = R; generalize base b ^ k = Q
    grind
  rw [h1, total_add, total_mul, total_add, total_mul, total_add, total_mul]; rfl

/-- Cutting a number into its parts. -/
theorem cut {v b r : Nat} {P Q s t : Int} (hv : (v : Int) = s + base b * (P + (base b) ^ r * (Q + (base b) ^ r * t)))
    (hP : 0 ≤ P ∧ P < (base b) ^ r) (hQ : 0 ≤ Q ∧ Q < (base b) ^ r) (hs : 0 ≤ s ∧ s < base b) :
    ((v / 2 ^ b % 2 ^ (b * r) : Nat) : Int) = P ∧ ((v / 2 ^ b / 2 ^ (b * r) % 2 ^ (b * r) : Nat) : Int) = Q
      ∧ ((v % 2 ^ b : Nat) : Int) = s ∧ ((v / 2 ^ b / 2 ^ (b * r) / 2 ^ (b * r) : Nat) : Int) = t := by
  have hR : 0 < (base b) ^ r := Int.pow_pos (base_pos b)
  have hB := base_pos b
  have h1 : ∀ {R x y : Int}, 0 < R → 0 ≤ x ∧ x < R → (x + R * y) % R = x ∧ (x + R * y) / R = y := by
    intro R x y h0 hx
    constructor
    · rw [Int.add_mul_emod_self_left, Int.emod_eq_of_lt hx.1 hx.2]
    · rw [Int.add_mul_ediv_left _ _ (by omega), Int.ediv_eq_zero_of_lt hx.1 hx.2, Int.zero_add]
  simp only [Int.natCast_ediv, Int.natCast_emod, ← base_eq]
  rw [show base (b * r) = (base b) ^ r by rw [base_pow, base_eq], hv, (h1 hB hs).2, (h1 hR hP).2]
  exact ⟨(h1 hR hP).1, (h1 hR hQ).1, (h1 hB hs).1, (h1 hR hQ).2⟩

/-! ## Bounds of the parts -/

theorem total_range {n : Nat} {f : Nat → Int} {c : Int} (h : ∀ k, k < n → 0 ≤ f k ∧ f k ≤ c) :
    0 ≤ total n f ∧ total n f ≤ n * c := by
  have h1 := sum_nonneg n _ fun k => (h k.val k.isLt).1
  have h2 := sum_le n _ (fun _ => c) fun k => (h k.val k.isLt).2
  rw [sum_const] at h2
  exact ⟨h1, h2⟩

theorem pack_range {B : Int} (hB : 0 < B) {n : Nat} {e : Nat → Int} (h : ∀ j, j < n → 0 ≤ e j ∧ e j < B) :
    0 ≤ pack B n e ∧ pack B n e < B ^ n :=
  ⟨sum_nonneg _ _ fun j => Int.mul_nonneg (h j.val j.isLt).1 (Int.le_of_lt (Int.pow_pos hB)),
    (pack_bound hB fun j hj => ⟨by have := (h j hj).1; omega, (h j hj).2⟩).2⟩

/-- The slots hold `Σ_k c_k T'_k` for `0 ≤ c_k ≤ 2^p`: `r 2^p 2^t < 2^b`. -/
def ImagesFit (b r : Nat) : Prop := r * 2 ^ D.grid * 2 ^ D.metricBits < 2 ^ b

/-- **The parts of the image of `0 ≤ c_k ≤ 2^p`, cut.** -/
theorem cut_image {v r : Nat} {c : Nat → Int} (hfit : ImagesFit D b r)
    (hv : (v : Int) = total r fun k => c k * columnImage D b r k (D.column k))
    (hc : ∀ k, k < r → 0 ≤ c k ∧ c k ≤ 2 ^ D.grid) :
    ((v / 2 ^ b % 2 ^ (b * r) : Nat) : Int) = pack (base b) r (fun j => total r fun k => c k * storedMetric D k j)
      ∧ ((v / 2 ^ b / 2 ^ (b * r) % 2 ^ (b * r) : Nat) : Int) = pack (base b) r c
      ∧ ((v % 2 ^ b : Nat) : Int) = total r c
      ∧ ((v / 2 ^ b / 2 ^ (b * r) / 2 ^ (b * r) : Nat) : Int) = total r fun k => c k * (D.column k).coefficient := by
  rw [image_parts] at hv
  have hfit' : (r : Int) * (2 ^ D.grid * 2 ^ D.metricBits) < base b := by
    have := Int.ofNat_lt.mpr hfit
    rw [base_eq, ← Int.mul_assoc]; simpa using this
  have hg : (1 : Int) ≤ 2 ^ D.grid := Int.pow_pos (by omega)
  have ht : (1 : Int) ≤ 2 ^ D.metricBits := Int.pow_pos (by omega)
  have hgt : (2 : Int) ^ D.grid ≤ 2 ^ D.grid * 2 ^ D.metricBits := by
    have := Int.mul_le_mul_of_nonneg_left ht (show (0 : Int) ≤ 2 ^ D.grid by omega); omega
  have hr : ∀ x : Int, 0 ≤ x → 0 < r → x ≤ r * x := fun x hx h => by
    have := Int.mul_le_mul_of_nonneg_right (show (1 : Int) ≤ r by omega) hx; omega
  have hsum := total_range hc
  have hsum' : (r : Int) * 2 ^ D.grid ≤ r * (2 ^ D.grid * 2 ^ D.metricBits) := Int.mul_le_mul_of_nonneg_left hgt (by omega)
  refine cut hv (pack_range (base_pos b) fun j hj => ?_) (pack_range (base_pos b) fun k hk => ?_) ⟨hsum.1, by omega⟩
  · have h := total_range (n := r) (f := fun k => c k * storedMetric D k j) (c := 2 ^ D.grid * 2 ^ D.metricBits) fun k hk => by
      have h1 := hc k hk
      have h2 := digit_lt D.metricBits (D.column k).metric j
      have h3 : ((2 ^ D.metricBits : Nat) : Int) = 2 ^ D.metricBits := by simp
      have h4 : (0 : Int) ≤ storedMetric D k j ∧ (storedMetric D k j : Int) ≤ 2 ^ D.metricBits := by
        unfold storedMetric; omega
      exact ⟨Int.mul_nonneg h1.1 h4.1, _root_.Int.mul_le_mul h1.2 h4.2 h4.1 (by omega)⟩
    exact ⟨h.1, by omega⟩
  · have h1 := hc k hk
    have := hr (2 ^ D.grid) (by omega) (by omega)
    exact ⟨h1.1, by omega⟩

end Eigenstill.Claims
