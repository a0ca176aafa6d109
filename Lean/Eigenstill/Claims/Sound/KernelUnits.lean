/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.BasisStatement
public import Eigenstill.Claims.Sound.KernelPacked
public import Eigenstill.Claims.Sound.Psd

/-!
# The kernel's integers and what they stand for

`cast_denominatorAt`: the denominators of a kernel in its units are `2^u (1 + q)`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Exact (base base_pos base_eq)

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Units -/

theorem leastExponent_spec (least : Int) (numbers : List Dyadic) : leastExponent least numbers ≤ least ∧
    ∀ v ∈ numbers, v.mantissa = 0 ∨ leastExponent least numbers ≤ v.exponent := by
  unfold leastExponent
  induction numbers generalizing least with
  | nil => exact ⟨Int.le_refl _, fun v hv => absurd hv List.not_mem_nil⟩
  | cons x xs ih =>
    rw [show folded (fun least (number : Dyadic) => if number.mantissa = 0 then least else smaller least number.exponent) least (x :: xs)
      = folded (fun least (number : Dyadic) => if number.mantissa = 0 then least else smaller least number.exponent)
        (if x.mantissa = 0 then least else smaller least x.exponent) xs from rfl]
    obtain ⟨h1, h2⟩ := ih (if x.mantissa = 0 then least else smaller least x.exponent)
    have h3 := smaller_le_left least x.exponent
    have h4 := smaller_le_right least x.exponent
    refine ⟨?_, fun v hv => ?_⟩
    · split at h1 <;> split <;> omega
    · rcases List.mem_cons.mp hv with rfl | hv
      · by_cases h5 : v.mantissa = 0
        · exact Or.inl h5
        · rw [if_neg h5] at h1 ⊢; exact Or.inr (by omega)
      · exact h2 v hv

theorem shiftOf_spec {numbers : List Dyadic} {v : Dyadic} (h : v ∈ numbers) {shift : Nat} (hs : shiftOf numbers ≤ shift) :
    v.mantissa = 0 ∨ -Int.ofNat shift ≤ v.exponent := by
  obtain ⟨h1, h2⟩ := leastExponent_spec 0 numbers
  unfold shiftOf at hs
  rcases h2 v h with h3 | h3
  · exact Or.inl h3
  · refine Or.inr ?_
    show -(shift : Int) ≤ _
    omega

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem cast_inUnits_of (v : Dyadic) {e : Int} (h : v.mantissa = 0 ∨ e ≤ v.exponent) :
    ((inUnits e v : Int) : K) * 2 ^ e = v.value K := by
  by_cases h0 : v.mantissa = 0
  · unfold inUnits
    rw [if_pos h0, Ring.intCast_zero, (Dyadic.value_eq_zero_iff v).mpr h0]; grind
  · exact cast_inUnits_mul v (by rcases h with h | h; exact absurd h h0; exact h)

end

/-! ### The parts of a kernel -/

/-- The shifts of a kernel's coordinates, the landmarks and the reach of points in them. -/
def kernelShifts (model : Model) (points : List (List Dyadic)) : List Nat :=
  zipped (fun xs zs => larger (shiftOf xs) (shiftOf zs)) points (columnsOf (sizeOf' model.scales) model.landmarks)

@[inherit_doc kernelShifts] def landmarkUnits (model : Model) (points : List (List Dyadic)) : List (List Int) :=
  zipped (fun (shift : Nat) column => mapped (inUnits (-Int.ofNat shift)) column) (kernelShifts model points)
    (columnsOf (sizeOf' model.scales) model.landmarks)

@[inherit_doc kernelShifts] def pointReach (model : Model) (points : List (List Dyadic)) : List Nat :=
  zipped (fun (shift : Nat) column => folded (fun most x => larger most (inUnits (-Int.ofNat shift) x).natAbs) 0 column)
    (kernelShifts model points) points

/-- The power of a gap in the distance. -/
def kernelPower (basis : Basis) : Nat := if basis.quadratic then 2 else 1

/-- The unit of distances is `2^-u`. -/
def unitShift (basis : Basis) (model : Model) (points : List (List Dyadic)) : Nat :=
  folded larger 0 (zipped (fun scale shift => shiftOf [scale] + kernelPower basis * shift) model.scales (kernelShifts model points))

/-- The scales in that unit. -/
def kernelWeights (basis : Basis) (model : Model) (points : List (List Dyadic)) : List Int :=
  zipped (fun (scale : Dyadic) (shift : Nat) => shifted scale.mantissa
    (scale.exponent + Int.ofNat (unitShift basis model points) - Int.ofNat (kernelPower basis * shift))) model.scales
    (kernelShifts model points)

/-- The most that a gap adds to the distance. -/
def kernelReach (basis : Basis) (model : Model) (points : List (List Dyadic)) : List Nat :=
  zipped (fun a b => (a + b) ^ kernelPower basis) (pointReach model points) (mapped largest (landmarkUnits model points))

/-- The slots of a kernel. -/
def kernelWidth (basis : Basis) (model : Model) (points : List (List Dyadic)) : Nat :=
  slotWidth ((Dyadic.shiftLeft 1 (unitShift basis model points)).natAbs
    + (combined (kernelWeights basis model points) (mapped Int.ofNat (kernelReach basis model points))).natAbs)

/-- The shapes of a model's kernel. -/
structure KernelShapes (model : Model) (inputs : List (List Dyadic)) : Prop where
  landmarks : ∀ z ∈ model.landmarks, z.length = model.scales.length
  inputs : ∀ x ∈ inputs, x.length = model.scales.length
  positive : ∀ s ∈ model.scales, 0 < s.mantissa

section
variable (basis : Basis) {model : Model} {inputs : List (List Dyadic)} (shapes : KernelShapes model inputs)
include shapes

private theorem inputsLong : ∀ x ∈ inputs, model.scales.length ≤ x.length := fun x h => Nat.le_of_eq (shapes.inputs x h).symm
private theorem landmarksLong : ∀ z ∈ model.landmarks, model.scales.length ≤ z.length :=
  fun z h => Nat.le_of_eq (shapes.landmarks z h).symm

theorem length_kernelShifts : (kernelShifts model (columnsOf model.scales.length inputs)).length = model.scales.length := by
  unfold kernelShifts
  rw [zipped_eq, List.length_zipWith, sizeOf'_eq, length_columnsOf Dyadic.zero (inputsLong shapes),
    length_columnsOf Dyadic.zero (landmarksLong shapes), Nat.min_self]

theorem shifts_at {i : Nat} (hi : i < model.scales.length) :
    (kernelShifts model (columnsOf model.scales.length inputs)).getD i 0
      = larger (shiftOf (columnAt Dyadic.zero inputs i)) (shiftOf (columnAt Dyadic.zero model.landmarks i)) := by
  unfold kernelShifts
  rw [zipped_eq, sizeOf'_eq, getD_zipWith _ [] [] 0 (by rw [length_columnsOf Dyadic.zero (inputsLong shapes)]; exact hi)
    (by rw [length_columnsOf Dyadic.zero (landmarksLong shapes)]; exact hi), getD_columnsOf Dyadic.zero (inputsLong shapes) hi,
    getD_columnsOf Dyadic.zero (landmarksLong shapes) hi]

theorem length_landmarkUnits : (landmarkUnits model (columnsOf model.scales.length inputs)).length = model.scales.length := by
  unfold landmarkUnits
  rw [zipped_eq, List.length_zipWith, sizeOf'_eq, length_kernelShifts shapes, length_columnsOf Dyadic.zero (landmarksLong shapes),
    Nat.min_self]

private theorem landmarkUnits_at {i : Nat} (hi : i < model.scales.length) :
    (landmarkUnits model (columnsOf model.scales.length inputs)).getD i []
      = (columnAt Dyadic.zero model.landmarks i).map
        (inUnits (-Int.ofNat ((kernelShifts model (columnsOf model.scales.length inputs)).getD i 0))) := by
  unfold landmarkUnits
  rw [zipped_eq, sizeOf'_eq, getD_zipWith _ 0 [] [] (by rw [length_kernelShifts shapes]; exact hi)
    (by rw [length_columnsOf Dyadic.zero (landmarksLong shapes)]; exact hi), getD_columnsOf Dyadic.zero (landmarksLong shapes) hi,
    mapped_eq]

theorem landmarkUnits_rows : ∀ z ∈ landmarkUnits model (columnsOf model.scales.length inputs), z.length = model.landmarks.length := by
  intro z hz
  obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem hz
  rw [length_landmarkUnits shapes] at hi
  rw [show (landmarkUnits model (columnsOf model.scales.length inputs))[i]
    = (landmarkUnits model (columnsOf model.scales.length inputs)).getD i [] from (getD_below _ _).symm,
    landmarkUnits_at shapes hi, List.length_map, length_columnAt]

theorem length_kernelWeights : (kernelWeights basis model (columnsOf model.scales.length inputs)).length = model.scales.length := by
  unfold kernelWeights
  rw [zipped_eq, List.length_zipWith, length_kernelShifts shapes, Nat.min_self]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- A coordinate of a landmark. -/
theorem cast_landmark {i j : Nat} (hi : i < model.scales.length) (hj : j < model.landmarks.length) :
    ((at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i j : Int) : K)
      * 2 ^ (-Int.ofNat ((kernelShifts model (columnsOf model.scales.length inputs)).getD i 0))
      = numberAt K (model.landmarks.getD j []) i := by
  rw [at00, landmarkUnits_at shapes hi, getD_below _ (by rw [List.length_map, length_columnAt]; exact hj), List.getElem_map]
  unfold numberAt columnAt
  rw [List.getElem_map, getD_below _ hj]
  refine cast_inUnits_of _ (shiftOf_spec (numbers := columnAt Dyadic.zero model.landmarks i)
    (List.mem_map.mpr ⟨_, List.getElem_mem hj, rfl⟩) ?_)
  rw [shifts_at shapes hi, larger_eq]; exact Nat.le_max_right _ _

/-- A coordinate of a point. -/
theorem cast_point {x : List Dyadic} (hx : x ∈ inputs) {i : Nat} (hi : i < model.scales.length) :
    ((at0 (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
        (kernelShifts model (columnsOf model.scales.length inputs)) x) i : Int) : K)
      * 2 ^ (-Int.ofNat ((kernelShifts model (columnsOf model.scales.length inputs)).getD i 0)) = numberAt K x i := by
  rw [at0, getD_zipWith _ 0 Dyadic.zero 0 (by rw [length_kernelShifts shapes]; exact hi) (by rw [shapes.inputs x hx]; exact hi)]
  refine cast_inUnits_of _ (shiftOf_spec (numbers := columnAt Dyadic.zero inputs i) (List.mem_map.mpr ⟨x, hx, rfl⟩) ?_)
  rw [shifts_at shapes hi, larger_eq]; exact Nat.le_max_left _ _

/-- A scale. -/
theorem cast_weight {i : Nat} (hi : i < model.scales.length) :
    ((at0 (kernelWeights basis model (columnsOf model.scales.length inputs)) i : Int) : K) = numberAt K model.scales i
      * 2 ^ (Int.ofNat (unitShift basis model (columnsOf model.scales.length inputs))
        - Int.ofNat (kernelPower basis * (kernelShifts model (columnsOf model.scales.length inputs)).getD i 0)) := by
  have hs := length_kernelShifts shapes
  have up : shiftOf [model.scales[i]] + kernelPower basis * (kernelShifts model (columnsOf model.scales.length inputs)).getD i 0
      ≤ unitShift basis model (columnsOf model.scales.length inputs) := by
    unfold unitShift
    rw [zipped_eq]
    have h := (le_folded_larger id (List.zipWith (fun scale shift => shiftOf [scale] + kernelPower basis * shift) model.scales
      (kernelShifts model (columnsOf model.scales.length inputs))) 0).2
    refine h _ (List.mem_iff_getElem.mpr ⟨i, by rw [List.length_zipWith, hs, Nat.min_self]; exact hi, ?_⟩)
    rw [List.getElem_zipWith, getD_below _ (by rw [hs]; exact hi)]
  have positive := shapes.positive _ (List.getElem_mem hi)
  have low := shiftOf_spec (numbers := [model.scales[i]]) (v := model.scales[i]) List.mem_cons_self (Nat.le_refl _)
  unfold kernelWeights
  rw [zipped_eq, at0, getD_zipWith _ Dyadic.zero 0 0 hi (by rw [hs]; exact hi)]
  unfold numberAt
  rw [getD_below _ hi]
  generalize (kernelShifts model (columnsOf model.scales.length inputs)).getD i 0 = s at *
  generalize unitShift basis model (columnsOf model.scales.length inputs) = U at *
  generalize kernelPower basis * s = ps at *
  rw [show (Int.ofNat U : Int) = (U : Int) from rfl, show (Int.ofNat ps : Int) = (ps : Int) from rfl]
  rw [show ∀ n : Nat, (Int.ofNat n : Int) = (n : Int) from fun _ => rfl] at low
  rw [cast_shifted _ (by omega), show model.scales[i].exponent + (U : Int) - (ps : Int)
    = model.scales[i].exponent + ((U : Int) - (ps : Int)) by omega, two_zpow_add]
  unfold Dyadic.value
  grind

theorem weights_nonneg (i : Nat) : 0 ≤ at0 (kernelWeights basis model (columnsOf model.scales.length inputs)) i := by
  by_cases hi : i < model.scales.length
  · refine (intCast_le_iff (K := Rat)).mp ?_
    rw [cast_weight basis shapes hi, Ring.intCast_zero]
    have h1 : 0 < numberAt Rat model.scales i := by
      unfold numberAt
      rw [getD_below _ hi]
      exact (Dyadic.value_pos_iff _).mpr (shapes.positive _ (List.getElem_mem hi))
    have h2 := two_zpow_pos (K := Rat) (Int.ofNat (unitShift basis model (columnsOf model.scales.length inputs))
        - Int.ofNat (kernelPower basis * (kernelShifts model (columnsOf model.scales.length inputs)).getD i 0))
    have := OrderedRing.mul_pos h1 h2
    grind
  · rw [at0, getD_beyond _ (by rw [length_kernelWeights basis shapes]; omega)]
    exact Int.le_refl _

/-- **The integer denominators are `2^u (1 + q)`.** -/
theorem cast_denominatorAt {x : List Dyadic} (hx : x ∈ inputs) {j : Nat} (hj : j < model.landmarks.length) :
    ((denominatorAt basis.quadratic (2 ^ unitShift basis model (columnsOf model.scales.length inputs))
      (kernelWeights basis model (columnsOf model.scales.length inputs)) (landmarkUnits model (columnsOf model.scales.length inputs))
      (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
        (kernelShifts model (columnsOf model.scales.length inputs)) x) j : Int) : K)
      = 2 ^ unitShift basis model (columnsOf model.scales.length inputs)
        * (1 + kernelDistance K basis.quadratic model.scales x (model.landmarks.getD j [])) := by
  unfold denominatorAt kernelDistance sumTo
  rw [Ring.intCast_add, intCast_sum, Ring.intCast_pow, cast_two, length_kernelWeights basis shapes]
  have each : ∀ i : Fin model.scales.length,
      ((at0 (kernelWeights basis model (columnsOf model.scales.length inputs)) i.val * gapOf basis.quadratic
        (at0 (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
          (kernelShifts model (columnsOf model.scales.length inputs)) x) i.val
          - at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i.val j) : Int) : K)
      = 2 ^ unitShift basis model (columnsOf model.scales.length inputs) * (numberAt K model.scales i.val *
        if basis.quadratic then (numberAt K x i.val - numberAt K (model.landmarks.getD j []) i.val) ^ 2
        else absVal (numberAt K x i.val - numberAt K (model.landmarks.getD j []) i.val)) := by
    intro i
    have h1 := cast_weight (K := K) basis shapes i.isLt
    have h2 := cast_point (K := K) shapes hx i.isLt
    have h3 := cast_landmark (K := K) shapes i.isLt hj
    rw [Ring.intCast_mul, h1, ← h2, ← h3]
    generalize at0 (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
      (kernelShifts model (columnsOf model.scales.length inputs)) x) i.val = X
    generalize at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i.val j = Z
    generalize (kernelShifts model (columnsOf model.scales.length inputs)).getD i.val 0 = s
    generalize numberAt K model.scales i.val = scale
    generalize unitShift basis model (columnsOf model.scales.length inputs) = U
    clear h1 h2 h3
    unfold gapOf kernelPower
    rw [show (Int.ofNat U : Int) = (U : Int) from rfl, Int.sub_eq_add_neg, two_zpow_add, two_zpow_natCast]
    have unit := two_zpow_pos (K := K) (-Int.ofNat s)
    cases basis.quadratic with
    | true =>
      rw [if_pos rfl, if_pos rfl, if_pos rfl, show (-Int.ofNat (2 * s) : Int) = -Int.ofNat s + -Int.ofNat s by
        show -((2 * s : Nat) : Int) = -(s : Int) + -(s : Int)
        omega, two_zpow_add, Ring.intCast_mul, Ring.intCast_sub]
      generalize (2 : K) ^ (-Int.ofNat s) = t at *
      grind
    | false =>
      rw [if_neg Bool.false_ne_true, if_neg Bool.false_ne_true, if_neg Bool.false_ne_true, Nat.one_mul, ← absVal_intCast,
        Ring.intCast_sub, show (X : K) * 2 ^ (-Int.ofNat s) - (Z : K) * 2 ^ (-Int.ofNat s)
          = ((X : K) - (Z : K)) * 2 ^ (-Int.ofNat s) by generalize (2 : K) ^ (-Int.ofNat s) = t; grind, absVal_mul,
        absVal_of_nonneg (x := (2 : K) ^ (-Int.ofNat s)) (by grind)]
      generalize (2 : K) ^ (-Int.ofNat s) = t at *
      generalize absVal ((X : K) - (Z : K)) = a
      grind
  rw [sum_congr each, sum_mul]
  generalize Eigenstill.sum (K := K) model.scales.length _ = q
  grind

end

end

end Eigenstill.Claims
