/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.KernelUnits

/-!
# What a kernel unpacks

`denominators_kernelAt`: the numbers that a kernel unpacks at one of its points are its denominators (`KernelUnits`).
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Exact (base base_pos base_eq)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable (basis : Basis) {model : Model} {inputs : List (List Dyadic)} (shapes : KernelShapes model inputs)
include shapes

/-- **The numbers that a kernel unpacks at one of its points.** -/
theorem denominators_kernelAt {x : List Dyadic} (hx : x ∈ inputs) :
    (denominators (kernelAt basis model (columnsOf model.scales.length inputs))
        (pointIn (kernelAt basis model (columnsOf model.scales.length inputs)) x)
      = (List.range model.landmarks.length).map fun j =>
        (denominatorAt basis.quadratic (2 ^ unitShift basis model (columnsOf model.scales.length inputs))
          (kernelWeights basis model (columnsOf model.scales.length inputs)) (landmarkUnits model (columnsOf model.scales.length inputs))
          (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
            (kernelShifts model (columnsOf model.scales.length inputs)) x) j).toNat)
    ∧ ∀ j, j < model.landmarks.length → 0 < denominatorAt basis.quadratic (2 ^ unitShift basis model (columnsOf model.scales.length inputs))
          (kernelWeights basis model (columnsOf model.scales.length inputs)) (landmarkUnits model (columnsOf model.scales.length inputs))
          (List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
            (kernelShifts model (columnsOf model.scales.length inputs)) x) j := by
  have weightsLength := length_kernelWeights basis shapes
  have landmarksLength := length_landmarkUnits shapes
  have rows := landmarkUnits_rows shapes
  have shiftsLength := length_kernelShifts shapes
  have point : pointIn (kernelAt basis model (columnsOf model.scales.length inputs)) x
      = List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
        (kernelShifts model (columnsOf model.scales.length inputs)) x := by
    unfold pointIn; rw [zipped_eq]; rfl
  rw [point]
  generalize hX : List.zipWith (fun (shift : Nat) value => inUnits (-Int.ofNat shift) value)
    (kernelShifts model (columnsOf model.scales.length inputs)) x = X
  have pointLength : X.length = model.scales.length := by
    rw [← hX, List.length_zipWith, shiftsLength, shapes.inputs x hx, Nat.min_self]
  have hone : (0 : Int) < 2 ^ unitShift basis model (columnsOf model.scales.length inputs) := Int.pow_pos (by omega)
  have hw : 0 < kernelWidth basis model (columnsOf model.scales.length inputs) := by
    unfold kernelWidth slotWidth; omega
  -- no gap is larger than the reach
  have within : ∀ j i, i < (kernelWeights basis model (columnsOf model.scales.length inputs)).length →
      gapOf basis.quadratic (at0 X i - at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i j)
        ≤ at0 (mapped Int.ofNat (kernelReach basis model (columnsOf model.scales.length inputs))) i := by
    intro j i hi
    rw [weightsLength] at hi
    have columnsLength := length_columnsOf Dyadic.zero (fun x h => Nat.le_of_eq (shapes.inputs x h).symm)
    have pointsLength : (pointReach model (columnsOf model.scales.length inputs)).length = model.scales.length := by
      unfold pointReach; rw [zipped_eq, List.length_zipWith, shiftsLength, columnsLength, Nat.min_self]
    have farX : (at0 X i).natAbs ≤ (pointReach model (columnsOf model.scales.length inputs)).getD i 0 := by
      unfold pointReach
      rw [zipped_eq, getD_zipWith _ 0 [] 0 (by rw [shiftsLength]; exact hi) (by rw [columnsLength]; exact hi),
        getD_columnsOf Dyadic.zero (fun x h => Nat.le_of_eq (shapes.inputs x h).symm) hi, ← hX, at0, getD_zipWith _ 0 Dyadic.zero 0 (by rw [shiftsLength]; exact hi)
        (by rw [shapes.inputs x hx]; exact hi)]
      exact (le_folded_larger (fun x => (inUnits (-Int.ofNat ((kernelShifts model (columnsOf model.scales.length inputs)).getD i 0))
        x).natAbs) (columnAt Dyadic.zero inputs i) 0).2 _ (List.mem_map.mpr ⟨x, hx, rfl⟩)
    have farZ : (at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i j).natAbs
        ≤ ((landmarkUnits model (columnsOf model.scales.length inputs)).map largest).getD i 0 := by
      rw [getD_below _ (by rw [List.length_map, landmarksLength]; exact hi), List.getElem_map,
        show (landmarkUnits model (columnsOf model.scales.length inputs))[i]'(by rw [landmarksLength]; exact hi)
          = (landmarkUnits model (columnsOf model.scales.length inputs)).getD i [] from (getD_below _ _).symm]
      exact at0_le_largest _ j
    have reach : at0 (mapped Int.ofNat (kernelReach basis model (columnsOf model.scales.length inputs))) i
        = (((pointReach model (columnsOf model.scales.length inputs)).getD i 0
          + ((landmarkUnits model (columnsOf model.scales.length inputs)).map largest).getD i 0) ^ kernelPower basis : Nat) := by
      unfold kernelReach
      rw [mapped_eq, zipped_eq, mapped_eq, at0, getD_map Int.ofNat 0 0 _ i rfl, getD_zipWith _ 0 0 0 (by rw [pointsLength]; exact hi)
        (by rw [List.length_map, landmarksLength]; exact hi)]
      rfl
    rw [reach]
    generalize (pointReach model (columnsOf model.scales.length inputs)).getD i 0 = a at *
    generalize ((landmarkUnits model (columnsOf model.scales.length inputs)).map largest).getD i 0 = b at *
    generalize at0 X i = v at *
    generalize at00 (landmarkUnits model (columnsOf model.scales.length inputs)) i j = z at *
    have total : (v - z).natAbs ≤ a + b := by omega
    unfold gapOf kernelPower
    cases basis.quadratic with
    | true =>
      rw [if_pos rfl, if_pos rfl, ← Int.natAbs_mul_self, Nat.pow_two]
      exact Int.ofNat_le.mpr (Nat.mul_le_mul total total)
    | false =>
      rw [if_neg Bool.false_ne_true, if_neg Bool.false_ne_true, Nat.pow_one]
      exact Int.ofNat_le.mpr total
  have range := fun j => denominatorAt_range basis.quadratic hone (weights_nonneg basis shapes) j (within j)
  refine ⟨?_, fun j _ => by have := (range j).1; omega⟩
  refine denominators_of_pack (kernel := kernelAt basis model (columnsOf model.scales.length inputs)) (x := X) (e := fun j =>
    denominatorAt basis.quadratic (2 ^ unitShift basis model (columnsOf model.scales.length inputs))
      (kernelWeights basis model (columnsOf model.scales.length inputs)) (landmarkUnits model (columnsOf model.scales.length inputs)) X j)
      ?_ (fun j _ => ?_) |>.trans (by rw [show (kernelAt basis model (columnsOf model.scales.length inputs)).count
        = sizeOf' model.landmarks from rfl, sizeOf'_eq])
  · show (if basis.quadratic then
        (if basis.quadratic then pack (kernelWidth basis model (columnsOf model.scales.length inputs))
          (mapped (fun z => Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
            + combined (kernelWeights basis model (columnsOf model.scales.length inputs)) (mapped (fun v => v * v) z))
            (columnsOf (sizeOf' model.landmarks) (landmarkUnits model (columnsOf model.scales.length inputs))))
          else Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
            * Int.ofNat (ones (sizeOf' model.landmarks) (kernelWidth basis model (columnsOf model.scales.length inputs))))
        + Int.ofNat (ones (sizeOf' model.landmarks) (kernelWidth basis model (columnsOf model.scales.length inputs)))
          * combined (kernelWeights basis model (columnsOf model.scales.length inputs)) (mapped (fun v => v * v) X)
        + combined X (if basis.quadratic then zipped (fun weight z => -2 * weight * pack (kernelWidth basis model
            (columnsOf model.scales.length inputs)) z) (kernelWeights basis model (columnsOf model.scales.length inputs))
            (landmarkUnits model (columnsOf model.scales.length inputs)) else [])
      else absolute X (kernelWeights basis model (columnsOf model.scales.length inputs))
        (if basis.quadratic then [] else mapped (stepsOf (kernelWidth basis model (columnsOf model.scales.length inputs))
          (Int.ofNat (ones (sizeOf' model.landmarks) (kernelWidth basis model (columnsOf model.scales.length inputs)))))
          (landmarkUnits model (columnsOf model.scales.length inputs)))
        (if basis.quadratic then pack (kernelWidth basis model (columnsOf model.scales.length inputs))
          (mapped (fun z => Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
            + combined (kernelWeights basis model (columnsOf model.scales.length inputs)) (mapped (fun v => v * v) z))
            (columnsOf (sizeOf' model.landmarks) (landmarkUnits model (columnsOf model.scales.length inputs))))
          else Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
            * Int.ofNat (ones (sizeOf' model.landmarks) (kernelWidth basis model (columnsOf model.scales.length inputs)))))
      = Exact.pack (base (kernelWidth basis model (columnsOf model.scales.length inputs))) (sizeOf' model.landmarks) _
    rw [sizeOf'_eq, show Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
      = 2 ^ unitShift basis model (columnsOf model.scales.length inputs) by
        unfold Dyadic.shiftLeft
        rw [show Nat.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
          = 1 <<< unitShift basis model (columnsOf model.scales.length inputs) from rfl, Nat.shiftLeft_eq, Nat.one_mul, Int.one_mul]
        exact Int.natCast_pow 2 _]
    generalize kernelWidth basis model (columnsOf model.scales.length inputs) = w at *
    generalize (2 : Int) ^ unitShift basis model (columnsOf model.scales.length inputs) = one at *
    cases basis.quadratic with
    | true =>
      simp only [if_true]
      exact packed_quadratic hw one (by rw [pointLength, weightsLength]) (by rw [landmarksLength, weightsLength]) rows
    | false =>
      simp only [Bool.false_eq_true, if_false]
      rw [mapped_eq, absolute_eq hw _ _ _ _ (by rw [pointLength, weightsLength]) (by rw [landmarksLength, weightsLength]) rows,
        show (Int.ofNat (ones model.landmarks.length w) : Int) = (ones model.landmarks.length w : Int) from rfl, ones_eq hw,
        ← Exact.pack_mul, ← Exact.pack_add]
      exact Exact.pack_congr fun j _ => by rw [Int.mul_one]; rfl
  · have h1 := range j
    have h2 := lt_two_pow_bitLength ((Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))).natAbs
      + (combined (kernelWeights basis model (columnsOf model.scales.length inputs))
        (mapped Int.ofNat (kernelReach basis model (columnsOf model.scales.length inputs)))).natAbs)
    have h3 : Dyadic.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
        = 2 ^ unitShift basis model (columnsOf model.scales.length inputs) := by
      unfold Dyadic.shiftLeft
      rw [show Nat.shiftLeft 1 (unitShift basis model (columnsOf model.scales.length inputs))
        = 1 <<< unitShift basis model (columnsOf model.scales.length inputs) from rfl, Nat.shiftLeft_eq, Nat.one_mul, Int.one_mul]
      exact Int.natCast_pow 2 _
    rw [h3] at h2
    show 0 ≤ _ ∧ _ < base (kernelWidth basis model (columnsOf model.scales.length inputs))
    have h4 : base (kernelWidth basis model (columnsOf model.scales.length inputs)) = ((2 ^ (Format.bitLength
        ((2 ^ unitShift basis model (columnsOf model.scales.length inputs) : Int).natAbs
          + (combined (kernelWeights basis model (columnsOf model.scales.length inputs))
            (mapped Int.ofNat (kernelReach basis model (columnsOf model.scales.length inputs)))).natAbs)) * 2 : Nat) : Int) := by
      rw [base_eq]
      unfold kernelWidth slotWidth
      rw [h3, Nat.pow_succ]
    rw [h4]
    dsimp only
    omega

end

end Eigenstill.Claims
