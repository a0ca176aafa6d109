/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.MinMax
public import Eigenstill.Theory.EckartYoung

/-!
# Worked instances over the rationals: Eckart-Young, Ky Fan, min-max

Every hypothesis of every theorem is met by actual numbers, evaluated by the kernel, and every conclusion is a number:
none of the theorems is vacuous.

The example: a `4 x 3` matrix `A` with `AᵀA` of eigenvalues about 15.837, 4.710, 2.453, none of them rational; two vectors
`V` with entries in 128ths, so only nearly orthonormal; one certificate `V D Vᵀ + μI - AᵀA = L Lᵀ + E`.

| rank | certified below | certified above | error of `A V Vᵀ` | least error |
| --- | --- | --- | --- | --- |
| 1 | 3698571/524288 = 7.0544 | 981923287/134217728 = 7.3159 | 961494361/134217728 = 7.1637 | 7.1635 |
| 2 | 1204959/524288 = 2.2982 | 709118747/268435456 = 2.6417 | 10291667/4194304 = 2.4538 | 2.4534 |
-/

open Lean.Grind Std

-- Kernel evaluations side by side slow each other down.
set_option Elab.async false

@[expose] public noncomputable section

namespace Eigenstill.Instances

attribute [local instance] Semiring.natCast Ring.intCast

/-- A matrix, row by row. -/
def ofRows {m n : Nat} (rows : List (List Rat)) : Mat Rat m n := fun i j => (rows.getD i.val []).getD j.val 0

/-- A vector, entry by entry. -/
def ofList {n : Nat} (l : List Rat) : Vec Rat n := fun i => l.getD i.val 0

/-- Over the rationals the absolute value can be evaluated. -/
theorem absVal_rat (x : Rat) : absVal x = if 0 ≤ x then x else -x := by
  by_cases h : 0 ≤ x
  · rw [absVal_of_nonneg h, if_pos h]
  · rw [absVal_of_nonpos (by grind), if_neg h]

/-! ## One certificate -/

def A : Mat Rat 4 3 := ofRows [[3, 1, 0], [1, 2, 1], [0, 1, 1], [1, 0, 2]]
def V : Fin 2 → Vec Rat 3 := ofRows [[49/64, 65/128, 25/64], [-69/128, 3/16, 105/128]]
def d : Vec Rat 2 := ofList [431/32, 73/32]
def μ : Rat := 5/2
def δ : Rat := 103/16384
def L : Mat Rat 3 3 := ofRows [[3/16, 0, 0], [1/32, 11/64, 0], [3/32, 7/64, 7/32]]
/-- The certificate's matrix `V D Vᵀ + μI - AᵀA`. -/
def W : Mat Rat 3 3 := fun i j => modal d V i j + μ * ident i j - gram A i j
/-- What the rounded factor `L` leaves of it. -/
def E : Mat Rat 3 3 := fun i j => W i j - dot (L i) (L j)

theorem E_dominant : DiagonallyDominant E := by
  unfold DiagonallyDominant; simp only [absVal_rat]; decide +kernel

theorem E_symmetric : Symmetric E := by unfold Symmetric; decide +kernel

theorem W_psd : Psd W := psd_of_factor (E := E) L (fun i j => by unfold E; grind) E_symmetric E_dominant

theorem V_nearlyOrthonormal : NearlyOrthonormal δ V := by
  unfold NearlyOrthonormal; simp only [absVal_rat]; decide +kernel

theorem d_sorted (k l : Fin 2) (h : k.val ≤ l.val) : d l ≤ d k := by
  revert k l; decide +kernel

/-- `eckartYoung_ranks` at rank 1. -/
theorem rank_one (X : Mat Rat 4 1) (Y : Mat Rat 1 3) : 3698571/524288 ≤ frobDistSq A (matMul X Y) := by
  have h := eckartYoung_ranks A (by decide +kernel) (by decide +kernel) d_sorted V_nearlyOrthonormal W_psd
    (by decide : 1 ≤ 2) X Y
  exact Eq.subst (motive := fun t => t ≤ frobDistSq A (matMul X Y)) (by decide +kernel) h

/-- The same certificate at rank 2. -/
theorem rank_two (X : Mat Rat 4 2) (Y : Mat Rat 2 3) : 1204959/524288 ≤ frobDistSq A (matMul X Y) := by
  have h := eckartYoung_ranks A (by decide +kernel) (by decide +kernel) d_sorted V_nearlyOrthonormal W_psd
    (by decide : 2 ≤ 2) X Y
  exact Eq.subst (motive := fun t => t ≤ frobDistSq A (matMul X Y)) (by decide +kernel) h

/-- `frobDistSq_projection_le`: the other side at rank 1, from `v_0ᵀ M v_0` and `δ`. -/
theorem rank_one_upper : frobDistSq A (matMul (coefficients A fun k : Fin 1 => V (k.castLE (by decide)))
    fun k => V (k.castLE (by decide))) ≤ 981923287/134217728 := by
  have h := frobDistSq_projection_le A (V_nearlyOrthonormal.castLE (by decide : 1 ≤ 2))
  exact IsPreorder.le_trans _ _ _ h (by decide +kernel)

/-- `frobDistSq_projection_le` at rank 2. -/
theorem rank_two_upper : frobDistSq A (matMul (coefficients A V) V) ≤ 709118747/268435456 :=
  IsPreorder.le_trans _ _ _ (frobDistSq_projection_le A V_nearlyOrthonormal) (by decide +kernel)

/-- `frobDistSq_projection`: the other side at rank 2, evaluated from `AᵀA` and `V` alone. -/
theorem rank_two_projection : frobDistSq A (matMul (coefficients A V) V) = 10291667/4194304 := by
  rw [frobDistSq_projection]; decide +kernel

/-- `frobDistSq_ge_of_certificate` with `Z = V D Vᵀ` gives the same at rank 2. -/
theorem rank_two_of_certificate (X : Mat Rat 4 2) (Y : Mat Rat 2 3) :
    1204959/524288 ≤ frobDistSq A (matMul X Y) := by
  have h := frobDistSq_ge_of_certificate A (modal d V) μ (by decide +kernel) (psd_modal (by decide +kernel)) W_psd X Y
  exact Eq.subst (motive := fun t => t ≤ frobDistSq A (matMul X Y)) (by decide +kernel) h

/-- `frobDistSq_ge_of_level` with `e = (10, 0)`, `ν = 7/2`. -/
theorem rank_one_of_level (X : Mat Rat 4 1) (Y : Mat Rat 1 3) : 13/2 ≤ frobDistSq A (matMul X Y) := by
  have h := frobDistSq_ge_of_level A (e := ofList [10, 0]) (ν := 7/2) (μ := μ) (δ := δ) (d := d) (V := V)
    (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel)
    V_nearlyOrthonormal W_psd X Y
  exact IsPreorder.le_trans _ _ _ (by decide +kernel) h

/-- `kyFan_of_certificate`: any two orthonormal directions capture at most 20.702 of `tr AᵀA = 23`. -/
theorem captured_two {Y : Fin 2 → Vec Rat 3} (hY : Orthonormal Y) :
    sum 2 (fun i => quad (gram A) (Y i)) ≤ 10853665/524288 := by
  have h := kyFan_of_certificate (e := d) (by decide +kernel) W_psd hY
  exact Eq.subst (motive := fun t => sum 2 (fun i => quad (gram A) (Y i)) ≤ t) (by decide +kernel) h

/-! ## Eigenvalues of the same matrix -/

/-- `quad_le_of_complement`: the third eigenvalue is at most 5/2. -/
theorem third_le (x : Vec Rat 3) (hx : ∀ j, dot (V j) x = 0) : quad (gram A) x ≤ 5/2 * normSq x := by
  have h := quad_le_of_complement (k := 2) (c := 0) V_nearlyOrthonormal (by decide +kernel) (by decide +kernel)
    (fun j hj => absurd j.isLt (by omega)) W_psd x (fun j _ => hx j)
  exact Eq.subst (motive := fun t => quad (gram A) x ≤ t * normSq x) (by decide +kernel) h

/-- `quad_le_of_complement`: the second eigenvalue is at most 4.7956. -/
theorem second_le (x : Vec Rat 3) (hx : dot (V 0) x = 0) : quad (gram A) x ≤ 2514271/524288 * normSq x := by
  have h := quad_le_of_complement (k := 1) (c := 73/32) V_nearlyOrthonormal (by decide +kernel) (by decide +kernel)
    (by decide +kernel) W_psd x (fun j hj => by rw [show j = 0 by omega]; exact hx)
  exact Eq.subst (motive := fun t => quad (gram A) x ≤ t * normSq x) (by decide +kernel) h

/-- `quad_ge_on_span`: on the span of both vectors, a plane, the form is at least 35/8: the second eigenvalue is. -/
theorem second_ge (u : Vec Rat 2) : 35/8 * normSq (comb u V) ≤ quad (gram A) (comb u V) :=
  quad_ge_on_span (gram_symmetric A) (by unfold DiagonallyDominant; simp only [absVal_rat]; decide +kernel) u

/-- `quad_ge_on_first`: the same from row sums, and better: 23/5; the first eigenvalue is at least 63/4. -/
theorem second_ge_of_rows (u : Vec Rat 2) : 23/5 * normSq (comb u V) ≤ quad (gram A) (comb u V) :=
  quad_ge_on_first (gram_symmetric A) (by decide +kernel) (by decide : 2 ≤ 2)
    (by unfold offDiagonal; simp only [absVal_rat]; decide +kernel) u

theorem first_ge_of_rows (u : Vec Rat 1) : 63/4 * normSq (comb u fun i => V (i.castLE (by decide)))
    ≤ quad (gram A) (comb u fun i => V (i.castLE (by decide))) :=
  quad_ge_on_first (gram_symmetric A) (by decide +kernel) (by decide : 1 ≤ 2)
    (by unfold offDiagonal; simp only [absVal_rat]; decide +kernel) u

/-- `eq_zero_of_comb_eq_zero`: it is a plane. -/
theorem plane (u : Vec Rat 2) (h : comb u V = fun _ => 0) : u = fun _ => 0 :=
  eq_zero_of_comb_eq_zero V_nearlyOrthonormal (by decide +kernel) u h

/-- `lo_le_hi`: the two bounds on the second eigenvalue meet the right way round. -/
theorem second_meets : (35/8 : Rat) ≤ 2514271/524288 :=
  lo_le_hi (k := 1) V plane second_ge (fun _ => V 0) fun x hx => second_le x (hx 0)

/-- `exists_solution`: two equations in three unknowns. -/
theorem equations : ∃ x : Vec Rat 3, x ≠ (fun _ => 0) ∧ ∀ i, dot (V i) x = 0 := exists_solution 2 V

/-! ## Exact singular data: a rotation by the 3-4-5 triangle -/

def U2 : Fin 2 → Vec Rat 3 := ofRows [[1, 0, 0], [0, 0, 1]]
def V2 : Fin 2 → Vec Rat 2 := ofRows [[3/5, 4/5], [-4/5, 3/5]]
def s2 : Vec Rat 2 := ofList [5, 2]

theorem U2_orthonormal : Orthonormal U2 := by unfold Orthonormal; decide +kernel
theorem V2_orthonormal : Orthonormal V2 := by unfold Orthonormal; decide +kernel
theorem s2_sorted (k l : Fin 2) (h : k.val ≤ l.val) : s2 l ≤ s2 k := by revert k l; decide +kernel

/-- `eckartYoung` and `frobDistSq_truncation`: no rank-one matrix is nearer than 4 = 2². -/
theorem classical (X : Mat Rat 3 1) (Y : Mat Rat 1 2) : 4 ≤ frobDistSq (singular s2 U2 V2) (matMul X Y) := by
  have h := eckartYoung U2_orthonormal V2_orthonormal (by decide +kernel) s2_sorted (by decide : 1 ≤ 2) X Y
  rw [frobDistSq_truncation 1 U2_orthonormal V2_orthonormal] at h
  exact Eq.subst (motive := fun t => t ≤ frobDistSq (singular s2 U2 V2) (matMul X Y)) (by decide +kernel) h

/-- `truncation_eq_matMul`: the truncation is such a matrix, and it is at distance 4. -/
theorem classical_attained : ∃ (X : Mat Rat 3 1) (Y : Mat Rat 1 2),
    frobDistSq (singular s2 U2 V2) (matMul X Y) = 4 :=
  ⟨_, _, by rw [← truncation_eq_matMul (by decide : 1 ≤ 2) s2 U2 V2]; decide +kernel⟩

/-- `kyFan`, `kyFan_attained`: one direction captures at most 25, and `v_0` does. -/
theorem captured_one {Y : Fin 1 → Vec Rat 2} (hY : Orthonormal Y) :
    sum 1 (fun i => normSq (mulVec (singular s2 U2 V2) (Y i))) ≤ 25 := by
  have h := kyFan U2_orthonormal V2_orthonormal (by decide +kernel) s2_sorted (by decide : 1 ≤ 2) hY
  exact Eq.subst (motive := fun t => sum 1 (fun i => normSq (mulVec (singular s2 U2 V2) (Y i))) ≤ t)
    (by decide +kernel) h

theorem captured_one_attained :
    sum 1 (fun i => normSq (mulVec (singular s2 U2 V2) (V2 (i.castLE (by decide : 1 ≤ 2))))) = 25 :=
  (kyFan_attained (by decide) U2_orthonormal V2_orthonormal s2).trans (by decide +kernel)

/-- **The best approximation is not unique**: the identity has two best rank-one approximations, both at distance 1. So
uniqueness is no part of `eckartYoung`. -/
theorem best_not_unique : ∃ (X X' : Mat Rat 2 1) (Y Y' : Mat Rat 1 2), matMul X Y ≠ matMul X' Y' ∧
    frobDistSq ident (matMul X Y) = 1 ∧ frobDistSq ident (matMul X' Y') = 1 ∧
    ∀ (X : Mat Rat 2 1) (Y : Mat Rat 1 2), 1 ≤ frobDistSq ident (matMul X Y) := by
  refine ⟨ofRows [[1], [0]], ofRows [[0], [1]], ofRows [[1, 0]], ofRows [[0, 1]], fun h => ?_, by decide +kernel,
    by decide +kernel, fun X Y => ?_⟩
  · exact absurd (congrFun (congrFun h 0) 0) (by decide +kernel)
  · have h := frobDistSq_ge_of_certificate (ident : Mat Rat 2 2) (fun _ _ => 0) 1 (by decide +kernel)
      (fun x => by
        have z := quad_sub (ident : Mat Rat 2 2) ident x
        rw [show (fun i j => (ident i j - ident i j : Rat)) = fun _ _ => 0 by funext i j; grind] at z
        rw [z]; grind)
      (fun x => by
        have e : (fun i j => (0 : Rat) + 1 * ident i j - gram (ident : Mat Rat 2 2) i j)
            = fun i j => (ident i j : Rat) - ident i j := by
          funext i j; revert i j; decide +kernel
        rw [e, quad_sub]; grind) X Y
    exact Eq.subst (motive := fun t => t ≤ frobDistSq (ident : Mat Rat 2 2) (matMul X Y)) (by decide +kernel) h

/-! ## Eigenvalues against an exact decomposition -/

/-- `5 v vᵀ + 2 w wᵀ`, with the 3-4-5 vectors. -/
def M2 : Mat Rat 2 2 := modal (ofList [5, 2]) V2

/-- `eigenvalue_mem_of_certificate`: a certificate with the unit vectors, far from the eigenvectors, still holds 5. -/
theorem first_eigenvalue : (77/25 : Rat) - 36/25 ≤ 5 ∧ (5 : Rat) ≤ 5/2 + (1 + 0) * (7/2) := by
  have hV : NearlyOrthonormal (0 : Rat) (ident : Fin 2 → Vec Rat 2) :=
    nearlyOrthonormal_of_orthonormal (by unfold Orthonormal; decide +kernel)
  have h := eigenvalue_mem_of_certificate (k := 0) (l := ofList [5, 2]) (U := V2) (M := M2) V2_orthonormal
    (fun x => rfl) (by decide +kernel) (by decide +kernel) (V := ident) (d := fun _ => 7/2) (μ := 5/2) (c := 7/2)
    (lo := 77/25 - 36/25) (by unfold Symmetric; decide +kernel) hV (by decide +kernel) (by decide +kernel)
    (by decide +kernel)
    (psd_of_diagonallyDominant (by unfold Symmetric; decide +kernel)
      (by unfold DiagonallyDominant; simp only [absVal_rat]; decide +kernel))
    (by decide : 0 + 1 ≤ 2) (by unfold DiagonallyDominant; simp only [absVal_rat]; decide +kernel) (by decide)
  exact ⟨Eq.subst (motive := fun t => (77/25 : Rat) - 36/25 ≤ t) (by decide +kernel) h.1,
    Eq.subst (motive := fun t => t ≤ (5/2 : Rat) + (1 + 0) * (7/2)) (by decide +kernel) h.2⟩

/-! ## An integer certificate, cast -/

/-- `psd_of_intFactor`: `[[5, 2], [2, 3]] = L Lᵀ + E` with `L = [[2, 0], [1, 1]]`, `E = I`. -/
theorem integer_psd : Psd fun i j : Fin 2 => ((if i = j then (if i.val = 0 then 5 else 3) else 2 : Int) : Rat) :=
  psd_of_intFactor (E := fun i j => if i = j then 1 else 0)
    (fun i j : Fin 2 => if i.val = 0 then (if j.val = 0 then 2 else 0) else 1)
    (by decide +kernel) (by decide +kernel) (by decide +kernel)

end Eigenstill.Instances
