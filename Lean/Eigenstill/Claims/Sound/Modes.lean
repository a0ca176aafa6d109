/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Defect
public import Eigenstill.Claims.Sound.Products

/-!
# What the checker computes of the modes

Their squared norms, `v_kᵀ M v_k`, the defect of `VᵀV` and the partial sums, as numbers over a field.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

theorem at0_diagonal {matrix : List (List Int)} {k : Nat} (h : k < matrix.length) :
    at0 (diagonal matrix) k = at00 matrix k k := by
  unfold diagonal
  rw [zipped_eq, numbersBelow_eq, sizeOf'_eq, at0,
    getD_zipWith _ 0 [] 0 (by rw [List.length_range]; exact h) h, entryAt_eq,
    getD_below (xs := List.range matrix.length) _ (by rw [List.length_range]; exact h), List.getElem_range]

theorem length_diagonal (matrix : List (List Int)) : (diagonal matrix).length = matrix.length := by
  unfold diagonal
  rw [zipped_eq, numbersBelow_eq, sizeOf'_eq, List.length_zipWith, List.length_range, Nat.min_self]

theorem at0_take {xs : List Int} {n k : Nat} (h : k < n) : at0 (xs.take n) k = at0 xs k := by
  unfold at0
  rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take_of_lt h]

section
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
include shapes

private theorem long : ∀ row ∈ model.eigenvectors, operator.columns ≤ row.length :=
  fun row hr => Nat.le_of_eq (shapes.vectors row hr).symm

private theorem turnedRows : ∀ row ∈ columnsOf operator.columns model.eigenvectors, row.length = model.excess.length := by
  intro row hr
  rw [columnsOf_eq 0 operator.columns model.eigenvectors (long shapes)] at hr
  obtain ⟨j, _, rfl⟩ := List.mem_map.mp hr
  rw [length_columnAt, shapes.excess]

/-- Inner products of the stored vectors, in integers. -/
theorem at00_gram {k l : Nat} (hk : k < model.excess.length) (hl : l < model.excess.length) :
    at00 (multiplied model.excess.length model.eigenvectors (columnsOf operator.columns model.eigenvectors)) k l
      = sumTo operator.columns fun j => at00 model.eigenvectors k j * at00 model.eigenvectors l j := by
  rw [at00_multiplied (turnedRows shapes) (by rw [← shapes.excess]; exact hk) hl, length_columnsOf 0 (long shapes)]
  exact sumTo_congr fun j hj => by rw [at00_columnsOf (long shapes) hj]

/-- `|v_k|²`, in integers. -/
theorem at0_norms (basis : Basis) {k : Nat} (hk : k < model.excess.length) :
    at0 (modeProducts basis model operator).norms k
      = sumTo operator.columns fun j => at00 model.eigenvectors k j * at00 model.eigenvectors k j := by
  unfold modeProducts
  dsimp only
  rw [sizeOf'_eq, ← shapes.excess, at0_diagonal (by rw [length_multiplied, ← shapes.excess]; exact hk), at00_gram shapes hk hk]

/-- `v_kᵀ M v_k`, in integers. -/
theorem at0_energies (basis : Basis) {k : Nat} (hk : k < model.excess.length) :
    at0 (modeProducts basis model operator).energies k
      = sumTo operator.columns fun j => at00 model.eigenvectors k j *
        sumTo operator.columns fun t => at00 model.eigenvectors k t * at00 operator.matrix t j := by
  have hk' : k < model.eigenvectors.length := by rw [← shapes.excess]; exact hk
  unfold modeProducts
  dsimp only
  rw [zipped_eq, at0, getD_zipWith _ [] [] 0 hk' (by rw [length_multiplied]; exact hk'),
    combined_eq (n := operator.columns) (Or.inl (by
      rw [getD_below _ hk']; exact Nat.le_of_eq (shapes.vectors _ (List.getElem_mem hk'))))]
  refine sumTo_congr fun j hj => ?_
  have image := at00_multiplied (left := model.eigenvectors) shapes.matrix hk' hj
  rw [shapes.matrixRows] at image
  unfold at0
  rw [show ((multiplied operator.columns model.eigenvectors operator.matrix).getD k []).getD j 0
    = at00 (multiplied operator.columns model.eigenvectors operator.matrix) k j from rfl, image]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit shapes in
omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem dot_modeVectors (basis : Basis) (r : Nat) (k l : Fin model.excess.length) :
    dot (modeVectors K basis model r k) (modeVectors K basis model r l)
      = (2 ^ basis.vectorExponent * 2 ^ basis.vectorExponent) *
        ((sumTo r fun j => at00 model.eigenvectors k.val j * at00 model.eigenvectors l.val j : Int) : K) := by
  unfold dot sumTo
  rw [intCast_sum, ← sum_mul]
  refine sum_congr fun j => ?_
  rw [Ring.intCast_mul]
  unfold modeVectors
  grind

/-- **The recorded defect bounds every absolute row sum of `VᵀV - I`.** -/
theorem nearlyOrthonormal_modes (basis : Basis) : NearlyOrthonormal ((modeProducts basis model operator).defect.value K)
    (modeVectors K basis model operator.columns) := by
  intro k
  have bound := rowSum_le_defectOf (K := K)
    (G := multiplied model.excess.length model.eigenvectors (columnsOf operator.columns model.eigenvectors))
    (by rw [length_multiplied, shapes.excess]) (fun _ h => length_row_multiplied h) (2 * basis.vectorExponent) k
  have defect : (modeProducts basis model operator).defect
      = defectOf (multiplied model.excess.length model.eigenvectors (columnsOf operator.columns model.eigenvectors))
        (2 * basis.vectorExponent) := by
    unfold modeProducts; dsimp only; rw [sizeOf'_eq, ← shapes.excess]
  rw [defect]
  refine IsPreorder.le_trans _ _ _ ?_ bound
  rw [sum_congr fun l => ?_]
  · exact IsPreorder.le_refl _
  rw [at00_gram shapes k.isLt l.isLt, dot_modeVectors, Int.two_mul, two_zpow_add, CommSemiring.mul_comm]

end

end

end Eigenstill.Claims
