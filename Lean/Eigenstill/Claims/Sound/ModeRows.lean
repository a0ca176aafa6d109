/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Modes
public import Eigenstill.Claims.Sound.Modes
public import Eigenstill.Theory.Energy

/-!
# Rows of `VᵀMV`

`g_k = A v_k` are the modes as they act on the data. What the checker computes as `energies` and `energyRadii` are `|g_k|²` and
`Σ_{l≠k} |g_k · g_l|`, in the unit of the two.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- The sum of the absolute values beside the diagonal, in integers. -/
theorem at0_radii {matrix : List (List Int)} {k : Nat} (hk : k < matrix.length)
    (rows : ∀ row ∈ matrix, row.length = matrix.length) :
    at0 (radii matrix) k = sumTo matrix.length fun l => if k = l then 0 else ((at00 matrix k l).natAbs : Int) := by
  have length : (diagonal matrix).length = matrix.length := length_diagonal matrix
  have row : matrix.getD k [] = matrix[k] := getD_below _ hk
  have entries := sumAbsolute_eq (matrix.getD k []) (n := matrix.length) (by
    rw [row]; exact Nat.le_of_eq (rows _ (List.getElem_mem hk)))
  unfold radii
  rw [zipped_eq, at0, getD_zipWith _ [] 0 0 hk (by rw [length]; exact hk)]
  rw [show (diagonal matrix).getD k 0 = at00 matrix k k from at0_diagonal hk,
    show (Int.ofNat (sumAbsolute (matrix.getD k [])) : Int) = ((sumAbsolute (matrix.getD k []) : Nat) : Int) from rfl, entries]
  have split : (sumTo matrix.length fun l => ((at0 (matrix.getD k []) l).natAbs : Int))
      = (sumTo matrix.length fun l => if k = l then 0 else ((at00 matrix k l).natAbs : Int))
        + ((at00 matrix k k).natAbs : Int) := by
    have single := sum_ident matrix.length ⟨k, hk⟩ fun l => ((at00 matrix k l.val).natAbs : Int)
    unfold sumTo
    rw [← single, ← sum_add]
    refine sum_congr fun l => ?_
    unfold ident
    dsimp only
    by_cases h : k = l.val
    · rw [if_pos h, if_pos h, show at0 (matrix.getD k []) l.val = at00 matrix k l.val from rfl]; omega
    · rw [if_neg h, if_neg h, show at0 (matrix.getD k []) l.val = at00 matrix k l.val from rfl]; omega
  rw [split]
  show _ - ((at00 matrix k k).natAbs : Int) = _
  omega

theorem length_radii (matrix : List (List Int)) : (radii matrix).length = matrix.length := by
  unfold radii
  rw [zipped_eq, List.length_zipWith, length_diagonal, Nat.min_self]

/-- `A v_k`: the modes as they act on the data. -/
def modeImages {K : Type u} [Field K] {n r : Nat} (A : Mat K n r) (basis : Basis) (model : Model) :
    Fin model.excess.length → Vec K n :=
  fun k => mulVec A (modeVectors K basis model r k)

section
variable {K : Type u} [Field K]

/-- `(A x) · (A y) = Σ_j Σ_t x_j (AᵀA)_jt y_t`. -/
theorem dot_mulVec_mulVec {n r : Nat} (A : Mat K n r) (x y : Vec K r) :
    dot (mulVec A x) (mulVec A y) = Eigenstill.sum r fun j => x j * Eigenstill.sum r fun t => gram A j t * y t := by
  have h : dot (mulVec A x) (mulVec A y) = dot x fun j => dot (fun i => A i j) (mulVec A y) := by
    unfold dot mulVec dot
    rw [sum_congr (g := fun i => Eigenstill.sum r fun j => x j * (A i j * Eigenstill.sum r fun t => A i t * y t)) fun i => by
      rw [CommSemiring.mul_comm, ← sum_mul]; exact sum_congr fun j => by grind, sum_comm]
    exact sum_congr fun j => sum_mul _ _ _
  rw [h]
  unfold dot
  refine sum_congr fun j => ?_
  congr 1
  unfold mulVec gram dot
  dsimp only
  rw [sum_congr (g := fun i => Eigenstill.sum r fun t => A i j * A i t * y t) fun i => by
    rw [← sum_mul]; exact sum_congr fun t => by grind, sum_comm]
  refine sum_congr fun t => ?_
  rw [CommSemiring.mul_comm, ← sum_mul]
  exact sum_congr fun i => by grind

end

section
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
include shapes

omit shapes in
private theorem turnedImages : ∀ row ∈ columnsOf operator.columns (multiplied operator.columns model.eigenvectors operator.matrix),
    row.length = model.eigenvectors.length := by
  intro row hr
  rw [columnsOf_eq 0 operator.columns _ fun row h => Nat.le_of_eq (length_row_multiplied h).symm] at hr
  obtain ⟨j, _, rfl⟩ := List.mem_map.mp hr
  rw [length_columnAt, length_multiplied]

/-- The matrix `VᵀMV`, in integers. -/
def energyMatrix (model : Model) (operator : Operator) : List (List Int) :=
  multiplied model.eigenvectors.length model.eigenvectors
    (columnsOf operator.columns (multiplied operator.columns model.eigenvectors operator.matrix))

/-- `v_kᵀ M v_l`, in integers. -/
theorem at00_energyMatrix {k l : Nat} (hk : k < model.eigenvectors.length) (hl : l < model.eigenvectors.length) :
    at00 (energyMatrix model operator) k l = sumTo operator.columns fun j => at00 model.eigenvectors k j *
      sumTo operator.columns fun t => at00 model.eigenvectors l t * at00 operator.matrix t j := by
  have long : ∀ row ∈ multiplied operator.columns model.eigenvectors operator.matrix, operator.columns ≤ row.length :=
    fun row h => Nat.le_of_eq (length_row_multiplied h).symm
  unfold energyMatrix
  rw [at00_multiplied turnedImages hk hl, length_columnsOf 0 long]
  refine sumTo_congr fun j hj => ?_
  have image := at00_multiplied (left := model.eigenvectors) shapes.matrix hl hj
  rw [shapes.matrixRows] at image
  rw [at00_columnsOf long hj, image]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **`VᵀMV` is the Gram matrix of the modes' images, in its unit.** -/
theorem cross_modeImages (basis : Basis) {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) (k l : Fin model.excess.length) :
    dot (modeImages A basis model k) (modeImages A basis model l)
      = (at00 (energyMatrix model operator) k.val l.val : K) * 2 ^ (2 * basis.vectorExponent + operator.exponent) := by
  have hk : k.val < model.eigenvectors.length := by rw [← shapes.excess]; exact k.isLt
  have hl : l.val < model.eigenvectors.length := by rw [← shapes.excess]; exact l.isLt
  rw [at00_energyMatrix shapes hk hl]
  unfold modeImages
  rw [dot_mulVec_mulVec]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun j => ?_
  rw [Ring.intCast_mul, intCast_sum, ← sum_mul, ← sum_mul, ← sum_mul]
  refine sum_congr fun t => ?_
  rw [Ring.intCast_mul, gram_symmetric A j t, hA, Int.two_mul, two_zpow_add, two_zpow_add]
  unfold modeVectors
  generalize (2 : K) ^ basis.vectorExponent = a
  generalize (2 : K) ^ operator.exponent = b
  grind

/-- **What the checker records of the modes: `|g_k|²` and the sum of `|g_k · g_l|` over the others.** -/
theorem rows_of_modesOf (basis : Basis) {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) (k : Fin model.excess.length) :
    normSq (modeImages A basis model k)
        = (at0 (modesOf basis model operator).energies k.val : K) * 2 ^ (modesOf basis model operator).energyExponent ∧
      offDiagonal (cross (modeImages A basis model)) k
        = (at0 (modesOf basis model operator).energyRadii k.val : K) * 2 ^ (modesOf basis model operator).energyExponent := by
  have hk : k.val < model.eigenvectors.length := by rw [← shapes.excess]; exact k.isLt
  have size : (energyMatrix model operator).length = model.eigenvectors.length := by unfold energyMatrix; rw [length_multiplied]
  have rows : ∀ row ∈ energyMatrix model operator, row.length = (energyMatrix model operator).length := by
    intro row h; rw [size]; unfold energyMatrix at h; exact length_row_multiplied h
  have e1 : (modesOf basis model operator).energies = diagonal (energyMatrix model operator) := by
    unfold modesOf energyMatrix; dsimp only; rw [sizeOf'_eq]
  have e2 : (modesOf basis model operator).energyRadii = radii (energyMatrix model operator) := by
    unfold modesOf energyMatrix; dsimp only; rw [sizeOf'_eq]
  have e3 : (modesOf basis model operator).energyExponent = 2 * basis.vectorExponent + operator.exponent := rfl
  rw [e1, e2, e3, at0_diagonal (by rw [size]; exact hk), at0_radii (by rw [size]; exact hk) rows]
  refine ⟨cross_modeImages shapes basis A hA k k, ?_⟩
  unfold offDiagonal sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  have positive := two_zpow_pos (K := K) (2 * basis.vectorExponent + operator.exponent)
  rw [size, ← shapes.excess]
  refine sum_congr fun l => ?_
  dsimp only
  by_cases h : k = l
  · rw [if_pos h, if_pos (by rw [h]), Ring.intCast_zero]
    generalize (2 : K) ^ (2 * basis.vectorExponent + operator.exponent) = c
    grind
  · rw [if_neg h, if_neg (fun h' => h (Fin.ext h'))]
    show absVal (dot (modeImages A basis model k) (modeImages A basis model l)) = _
    rw [cross_modeImages shapes basis A hA k l, absVal_mul, absVal_intCast, absVal_of_nonneg (x := (2 : K) ^ _) (by grind),
      CommSemiring.mul_comm]

end

end

end Eigenstill.Claims
