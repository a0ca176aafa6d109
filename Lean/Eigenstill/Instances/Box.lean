/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Instances.Spectral
public import Eigenstill.Theory.Box

/-!
# Worked instances over the rationals: a box on the line

One input, scale 1, landmarks at 0 and 2, the box from 1/2 to 3/2.
-/

open Lean.Grind Std

-- Kernel evaluations side by side slow each other down.
set_option Elab.async false

@[expose] public noncomputable section

namespace Eigenstill.Instances

attribute [local instance] Semiring.natCast Ring.intCast

private theorem scale_nonneg : ∀ i : Fin 1, (0 : Rat) ≤ (fun _ => 1 : Vec Rat 1) i := by decide +kernel

/-- The box's centre and half-width, and the landmarks. -/
def centre : Vec Rat 1 := fun _ => 1
def half : Vec Rat 1 := fun _ => 1/2
def places : Fin 2 → Vec Rat 1 := ofRows [[0], [2]]

private theorem near_value (j : Fin 2) : nearDistance (fun _ => 1) centre half (places j) = 1/4 := by
  have h : ∀ x : Rat, posPart x = if 0 ≤ x then x else 0 := fun x => by
    unfold posPart; by_cases h : 0 ≤ x
    · rw [if_pos h, if_pos h]
    · rw [if_neg h, if_neg h]
  unfold nearDistance nearGap; simp only [h, absVal_rat]; revert j; decide +kernel

private theorem far_value (j : Fin 2) : farDistance (fun _ => 1) centre half (places j) = 9/4 := by
  unfold farDistance farGap; simp only [absVal_rat]; revert j; decide +kernel

/-- `quadraticDistance_mem_box`: the squared distance to 0 lies between 1/4 and 9/4. -/
theorem distance_in_box (x : Vec Rat 1) (h : InBox centre half x) :
    1/4 ≤ quadraticDistance (fun _ => 1) (places 0) x ∧ quadraticDistance (fun _ => 1) (places 0) x ≤ 9/4 := by
  have b := quadraticDistance_mem_box scale_nonneg (places 0) h
  rwa [near_value, far_value] at b

/-- `inverseKernel_mem`: so the basis function lies between 4/13 and 4/5. -/
theorem value_in_box (x : Vec Rat 1) (h : InBox centre half x) :
    4/13 ≤ inverseKernel (quadraticDistance (fun _ => 1) (places 0) x) ∧
      inverseKernel (quadraticDistance (fun _ => 1) (places 0) x) ≤ 4/5 :=
  have b := distance_in_box x h
  inverseKernel_mem (by decide +kernel) b.1 b.2 (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel)

/-- `kernelPart_mem_box`: coefficients 1 and -1, basis functions between 4/13 and 4/5: between -32/65 and 32/65. -/
theorem range_in_box (φ : Vec Rat 2) (h1 : ∀ j, 4/13 ≤ φ j) (h2 : ∀ j, φ j ≤ 4/5) :
    kernelPart (ofList [1, -1]) φ ≤ 32/65 := by
  have h := (kernelPart_mem_box (ofList [1, -1]) φ (fun _ => 4/13) (fun _ => 4/5) h1 h2).2
  have p : ∀ x : Rat, posPart x = if 0 ≤ x then x else 0 := fun x => by
    unfold posPart; by_cases h : 0 ≤ x
    · rw [if_pos h, if_pos h]
    · rw [if_neg h, if_neg h]
  have n : ∀ x : Rat, negPart x = if 0 ≤ x then 0 else x := fun x => by
    unfold negPart; by_cases h : 0 ≤ x
    · rw [if_pos h, if_pos h]
    · rw [if_neg h, if_neg h]
  simp only [p, n] at h
  exact Eq.subst (motive := fun t => kernelPart (ofList [1, -1]) φ ≤ t) (by decide +kernel) h

/-- `kernelPart_near_quadratic_box`: multipliers 1/2, so `|s| ≤ 5/8` and the rest is at most `2 (5/8)³ 4/5`. -/
theorem expansion_in_box (x : Vec Rat 1) (h : InBox centre half x) :
    absVal (kernelPart (ofList [1, -1]) (fun j => inverseKernel (quadraticDistance (fun _ => 1) (places j) x))
        - kernelPart (ofList [1, -1]) fun j => 1/2 * (1 + (1 - 1/2 * (1 + quadraticDistance (fun _ => 1) (places j) x))
          + (1 - 1/2 * (1 + quadraticDistance (fun _ => 1) (places j) x)) ^ 2)) ≤ 25/64 := by
  have t := kernelPart_near_quadratic_box scale_nonneg (ofList [1, -1]) (fun _ => 1/2) (fun _ => 5/8) (fun _ => 4/5)
    places h (by decide +kernel) (fun j => by rw [near_value, absVal_rat]; decide +kernel +revert)
    (fun j => by rw [far_value, absVal_rat]; decide +kernel +revert) (fun j => by rw [near_value]; decide +kernel +revert)
    (by decide +kernel)
  have e : sum 2 (fun j : Fin 2 => absVal ((ofList [1, -1] : Vec Rat 2) j) * ((5/8 : Rat) ^ 3 * (4/5))) = 25/64 := by
    simp only [absVal_rat]; decide +kernel
  rw [← e]; exact t

/-- `kernelPart_slope_box`: the slope on the box is at most `2 · 2 (4/5)² 3/2`. -/
theorem slope_in_box (x x' : Vec Rat 1) (h : InBox centre half x) (h' : InBox centre half x')
    (F : ∀ y : Vec Rat 1, InBox centre half y → ∀ j, inverseKernel (quadraticDistance (fun _ => 1) (places j) y) ≤ 4/5) :
    absVal (kernelPart (ofList [1, -1]) (fun j => inverseKernel (quadraticDistance (fun _ => 1) (places j) x))
        - kernelPart (ofList [1, -1]) fun j => inverseKernel (quadraticDistance (fun _ => 1) (places j) x'))
      ≤ 96/25 * absVal (x 0 - x' 0) := by
  have t := kernelPart_slope_box scale_nonneg (ofList [1, -1]) (fun _ => 4/5) places 0 h h'
    (fun j hj => absurd (by omega) hj) (F x h) (F x' h')
  have e : sum 2 (fun j : Fin 2 => absVal ((ofList [1, -1] : Vec Rat 2) j)
      * ((4/5 : Rat) ^ 2 * (2 * (1 * farGap (centre 0) (half 0) (places j 0))))) = 96/25 := by
    unfold farGap; simp only [absVal_rat]; decide +kernel
  rwa [e] at t

/-- `relu_relaxed`: between -1 and 1 a rectifier is half its input up to 1/2. -/
theorem half_rectifier (z : Rat) (h1 : -1 ≤ z) (h2 : z ≤ 1) : 0 ≤ posPart z - 1/2 * z ∧ posPart z - 1/2 * z ≤ 1/2 :=
  relu_relaxed h1 h2 (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel)

end Eigenstill.Instances
