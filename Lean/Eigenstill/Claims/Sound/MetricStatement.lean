/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd
public import Eigenstill.Claims.Sound.BasisStatement

/-!
# What an accepted claim `metric` says

In which coordinates the operator is measured: the recorded `T = blockdiag(T_z, diag(T_l))` is near the inverse square root of the
landmarks' kernel matrix, and standardises the linear columns. This file says nothing of how anything is checked.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable (K : Type u) [Field K] [LE K] [LT K]

/-- `(Tᵀ G T)_ij = Σ_ab T_ai G_ab T_bj`. -/
def inMetric {K : Type u} [Field K] {m : Nat} (T G : Mat K m m) : Mat K m m :=
  fun i j => sum m fun a => sum m fun b => T a i * G a b * T b j

namespace Certificate
variable (certificate : Certificate)

/-- **The kernel at the landmarks**, exact, with the declared jitter on its diagonal: `K_ab = φ_b(z_a) + jitter [a = b]`. -/
def landmarkKernel : Mat K certificate.model.landmarks.length certificate.model.landmarks.length := fun a b =>
  kernelValue K certificate.basis.quadratic certificate.model.scales (certificate.model.landmarks.getD a.val [])
    (certificate.model.landmarks.getD b.val []) + certificate.basis.jitter.value K * ident a b

/-- `T_z`: the metric of the landmarks. -/
def landmarkMetric : Mat K certificate.model.landmarks.length certificate.model.landmarks.length := fun a i =>
  ((certificate.model.metric.getD a.val []).getD i.val 0 : K) * 2 ^ certificate.basis.metricExponent

/-- `(T_l)_d`: the metric of linear column `d`. -/
def linearMetricAt (d : Nat) : K := (certificate.model.linearMetric.getD d 0 : K) * 2 ^ certificate.basis.metricExponent

/-- `N_dd = Σ_i (C_id - c_d)²`, in units `2^-2p`: how far linear column `d` of `C = ⌊2^p φ⌋` varies over the training rows about its
mean rounded down, `c_d`. -/
def linearSquares (d : Nat) : Int :=
  let C := certificate.flooredBasis certificate.train.inputs
  let n := certificate.train.inputs.length
  let k := certificate.model.landmarks.length + d
  sum n fun i => (C i.val k - meanBelow C n k) ^ 2

end Certificate

/-- Claim `metric`: `defect` bounds the absolute row sums of `T_zᵀ (K + jitter I) T_z - I` for the exact kernel `K`, `linearDefect` the
distance of `T_d² N_dd / n` from 1, the mean square of a centred linear column in the metric; both are at most 1/2. And no linear
column is a step function of a few steps: `N_dd ≥ 2^(2p - 7)`. -/
structure MetricHolds (certificate : Certificate) (numbers : MetricNumbers) : Prop where
  defect : ∀ i, sum _ (fun j => absVal (inMetric (certificate.landmarkMetric K) (certificate.landmarkKernel K) i j - ident i j))
    ≤ numbers.defect.value K
  defectSmall : numbers.defect.value K ≤ 1 / 2
  linear : ∀ d, d < certificate.model.offsets.length →
    absVal (certificate.linearMetricAt K d ^ 2 * ((certificate.linearSquares d : K) / 2 ^ (2 * certificate.basis.gridBits))
      / (certificate.train.inputs.length : K) - 1) ≤ numbers.linearDefect.value K
  linearSmall : numbers.linearDefect.value K ≤ 1 / 2
  varies : ∀ d, d < certificate.model.offsets.length →
    (2 : K) ^ (2 * (certificate.basis.gridBits : Int) - 7) ≤ (certificate.linearSquares d : K)

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem kernelDistance_comm (quadratic : Bool) (scales x z : List Dyadic) :
    kernelDistance K quadratic scales x z = kernelDistance K quadratic scales z x := by
  unfold kernelDistance
  refine sum_congr fun d => ?_
  split
  · grind
  · rw [← absVal_neg]
    congr 2
    grind

/-- The kernel is symmetric. -/
theorem kernelValue_comm (quadratic : Bool) (scales x z : List Dyadic) :
    kernelValue K quadratic scales x z = kernelValue K quadratic scales z x := by
  unfold kernelValue; rw [kernelDistance_comm]

theorem landmarkKernel_symmetric (certificate : Certificate) : Symmetric (certificate.landmarkKernel K) := fun a b => by
  unfold Certificate.landmarkKernel; rw [kernelValue_comm, ident_comm]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem inMetric_symmetric {m : Nat} (T : Mat K m m) {G : Mat K m m} (h : Symmetric G) : Symmetric (inMetric T G) := fun i j => by
  unfold inMetric
  rw [sum_comm]
  refine sum_congr fun a => sum_congr fun b => ?_
  rw [h b a]; grind

/-- **So, in the metric, the kernel's quadratic form is that of the identity within `defect`**:
`(1 - δ) |x|² ≤ xᵀ T_zᵀ (K + jitter I) T_z x ≤ (1 + δ) |x|²`, `δ ≤ 1/2`. -/
theorem MetricHolds.quad_mem {certificate : Certificate} {numbers : MetricNumbers} (h : MetricHolds K certificate numbers)
    (x : Vec K certificate.model.landmarks.length) :
    (1 - numbers.defect.value K) * normSq x ≤ quad (inMetric (certificate.landmarkMetric K) (certificate.landmarkKernel K)) x ∧
      quad (inMetric (certificate.landmarkMetric K) (certificate.landmarkKernel K)) x ≤ (1 + numbers.defect.value K) * normSq x := by
  have symmetric := inMetric_symmetric (certificate.landmarkMetric K) (landmarkKernel_symmetric (K := K) certificate)
  have rows := h.defect
  generalize inMetric (certificate.landmarkMetric K) (certificate.landmarkKernel K) = M at *
  have off : Symmetric fun i j => M i j - ident i j := fun i j => by dsimp only; rw [symmetric i j, ident_comm]
  have low := quad_ge_of_rows off rows x
  have high := quad_le_of_rows off rows x
  have e := quad_sub M ident x
  rw [quad_ident] at e
  rw [e] at low high
  clear rows symmetric off e h
  grind

end

end Eigenstill.Claims
