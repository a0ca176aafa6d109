/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Steps

/-!
# All distances of a point in one packed row

`denominators_eq`: **the numbers `1 + q_j` that the kernel unpacks are `one + Σ_i w_i (x_i - z_ij)²` or `one + Σ_i w_i |x_i - z_ij|`, in
integers**, wherever the point is within the reach that the slots were made for.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq digit pack_congr pack_add pack_mul)

/-- What a coordinate adds to the distance: its square or its absolute value. -/
def gapOf (quadratic : Bool) (gap : Int) : Int := if quadratic then gap * gap else (gap.natAbs : Int)

/-- `one + Σ_i w_i (x_i - z_ij)²` or `one + Σ_i w_i |x_i - z_ij|`; the list `zs` holds a list of landmarks' coordinates for each `i`. -/
def denominatorAt (quadratic : Bool) (one : Int) (weights : List Int) (zs : List (List Int)) (x : List Int) (j : Nat) : Int :=
  one + sumTo weights.length fun i => at0 weights i * gapOf quadratic (at0 x i - at00 zs i j)

private theorem at0_squares (xs : List Int) (i : Nat) : at0 (xs.map fun v => v * v) i = at0 xs i * at0 xs i :=
  getD_map (fun v : Int => v * v) 0 0 xs i rfl

private theorem getD_mapped {α : Type} (f : α → Int) (d : α) {xs : List α} {i : Nat} (h : i < xs.length) :
    at0 (xs.map f) i = f (xs.getD i d) := by
  rw [at0, getD_below _ (by rw [List.length_map]; exact h), List.getElem_map, getD_below _ h]

private theorem packed_columns {w m : Nat} {zs : List (List Int)} (rows : ∀ z ∈ zs, z.length = m) {i : Nat} (h : i < zs.length) :
    pack w (zs.getD i []) = Exact.pack (base w) m fun j => at00 zs i j := by
  rw [pack_eq, getD_below _ h, rows _ (List.getElem_mem h)]
  exact pack_congr fun j _ => by rw [at00, getD_below _ h]

/-- The packed row of a point, from the expanded square. -/
theorem packed_quadratic {w m : Nat} (hw : 0 < w) (one : Int) {weights x : List Int} {zs : List (List Int)}
    (hx : x.length = weights.length) (hz : zs.length = weights.length) (rows : ∀ z ∈ zs, z.length = m) :
    pack w (mapped (fun z => one + combined weights (mapped (fun v => v * v) z)) (columnsOf m zs))
      + Int.ofNat (ones m w) * combined weights (mapped (fun v => v * v) x)
      + combined x (zipped (fun weight z => -2 * weight * pack w z) weights zs)
      = Exact.pack (base w) m fun j => denominatorAt true one weights zs x j := by
  have long : ∀ z ∈ zs, m ≤ z.length := fun z h => Nat.le_of_eq (rows z h).symm
  have first : pack w (mapped (fun z => one + combined weights (mapped (fun v => v * v) z)) (columnsOf m zs))
      = Exact.pack (base w) m fun j => one + sumTo weights.length fun i => at0 weights i * (at00 zs i j * at00 zs i j) := by
    rw [mapped_eq, pack_eq, List.length_map, length_columnsOf 0 long]
    refine pack_congr fun j hj => ?_
    rw [getD_mapped _ [] (by rw [length_columnsOf 0 long]; exact hj), getD_columnsOf 0 long hj, mapped_eq,
      combined_eq (n := weights.length) (Or.inl (Nat.le_refl _))]
    congr 1
    exact sumTo_congr fun i _ => by rw [at0_squares, at0_columnAt]
  have second : Int.ofNat (ones m w) * combined weights (mapped (fun v => v * v) x)
      = Exact.pack (base w) m fun _ => sumTo weights.length fun i => at0 weights i * (at0 x i * at0 x i) := by
    rw [show (Int.ofNat (ones m w) : Int) = (ones m w : Int) from rfl, ones_eq hw, Int.mul_comm, ← pack_mul, mapped_eq,
      combined_eq (n := weights.length) (Or.inl (Nat.le_refl _))]
    refine pack_congr fun j _ => ?_
    rw [Int.mul_one]
    exact sumTo_congr fun i _ => by rw [at0_squares]
  have third : combined x (zipped (fun weight z => -2 * weight * pack w z) weights zs)
      = Exact.pack (base w) m fun j => sumTo weights.length fun i => at0 x i * (-2 * at0 weights i) * at00 zs i j := by
    rw [zipped_eq, combined_eq (n := weights.length) (Or.inl (Nat.le_of_eq hx)), pack_sumTo]
    refine sumTo_congr fun i hi => ?_
    rw [at0, at0, getD_zipWith _ 0 [] 0 hi (by rw [hz]; exact hi), packed_columns rows (by rw [hz]; exact hi), ← Int.mul_assoc,
      ← pack_mul]
  rw [first, second, third, ← pack_add, ← pack_add]
  refine pack_congr fun j _ => ?_
  unfold denominatorAt sumTo
  rw [Int.add_assoc, Int.add_assoc, ← sum_add, ← sum_add]
  congr 1
  refine sum_congr fun i => ?_
  unfold gapOf
  dsimp only
  rw [if_pos rfl]
  generalize at0 weights i.val = a
  generalize at0 x i.val = b
  generalize at00 zs i.val j = c
  grind

/-- The packed row of a point, from the landmarks in order. -/
theorem absolute_eq {w m : Nat} (hw : 0 < w) (x weights : List Int) (zs : List (List Int)) (total : Int)
    (hx : x.length = weights.length) (hz : zs.length = weights.length) (rows : ∀ z ∈ zs, z.length = m) :
    absolute x weights (zs.map (stepsOf w (Int.ofNat (ones m w)))) total
      = total + Exact.pack (base w) m fun j => sumTo weights.length fun i => at0 weights i * gapOf false (at0 x i - at00 zs i j) := by
  induction weights generalizing x zs total with
  | nil =>
    have e : x = [] := List.length_eq_zero_iff.mp hx
    subst e
    rw [show absolute [] [] (zs.map (stepsOf w (Int.ofNat (ones m w)))) total = total from rfl]
    have zero := (pack_mul (base w) m 0 fun _ => 0).trans (Int.zero_mul _)
    have e2 : (Exact.pack (base w) m fun j => sumTo ([] : List Int).length fun i => at0 [] i * gapOf false (at0 [] i - at00 zs i j))
        = 0 := by
      rw [← zero]; exact pack_congr fun j _ => rfl
    rw [e2, Int.add_zero]
  | cons weight weights ih =>
    match x, zs with
    | [], _ => rw [List.length_nil, List.length_cons] at hx; omega
    | _ :: _, [] => rw [List.length_nil, List.length_cons] at hz; omega
    | v :: x, z :: zs =>
      rw [List.length_cons, List.length_cons] at hx hz
      have size := rows z List.mem_cons_self
      have step := steps_eq hw z v rfl
      rw [size] at step
      rw [List.map_cons, show absolute (v :: x) (weight :: weights) (stepsOf w (Int.ofNat (ones m w)) z
          :: zs.map (stepsOf w (Int.ofNat (ones m w)))) total
        = absolute x weights (zs.map (stepsOf w (Int.ofNat (ones m w)))) (total + weight *
          ((stepsOf w (Int.ofNat (ones m w)) z).signs.getD (countAtMost (stepsOf w (Int.ofNat (ones m w)) z).values v
              ((stepsOf w (Int.ofNat (ones m w)) z).values.size + 1) 0 (stepsOf w (Int.ofNat (ones m w)) z).values.size) 0 * v
            - (stepsOf w (Int.ofNat (ones m w)) z).shifts.getD (countAtMost (stepsOf w (Int.ofNat (ones m w)) z).values v
              ((stepsOf w (Int.ofNat (ones m w)) z).values.size + 1) 0 (stepsOf w (Int.ofNat (ones m w)) z).values.size) 0)) from rfl,
        step, ih x zs _ (by omega) (by omega) (fun z' h => rows z' (List.mem_cons_of_mem _ h)), ← pack_mul, Int.add_assoc, ← pack_add]
      congr 1
      refine pack_congr fun j _ => ?_
      rw [List.length_cons, sumTo_head]
      rfl

/-- **The numbers `1 + q_j` that are unpacked**, where all of them fit their slots. -/
theorem denominators_of_pack {kernel : Kernel} {x : List Int} {e : Nat → Int}
    (packed : (if kernel.quadratic then
        kernel.constant + kernel.unit * combined kernel.weights (mapped (fun v => v * v) x) + combined x kernel.doubled
      else absolute x kernel.weights kernel.steps kernel.constant) = Exact.pack (base kernel.width) kernel.count e)
    (within : ∀ j, j < kernel.count → 0 ≤ e j ∧ e j < base kernel.width) :
    denominators kernel x = (List.range kernel.count).map fun j => (e j).toNat := by
  have mask : Nat.shiftLeft 1 kernel.width - 1 = 2 ^ kernel.width - 1 := by
    rw [show Nat.shiftLeft 1 kernel.width = 1 <<< kernel.width from rfl, Nat.shiftLeft_eq, Nat.one_mul]
  unfold denominators
  dsimp only
  rw [packed, slots_eq _ _ _ _ _ mask, List.reverse_nil, List.nil_append]
  refine List.map_congr_left fun j hj => ?_
  have nonneg : 0 ≤ Exact.pack (base kernel.width) kernel.count e := by
    unfold Exact.pack
    exact sum_nonneg _ _ fun s => Int.mul_nonneg (within s.val s.isLt).1 (Int.le_of_lt (Int.pow_pos (base_pos kernel.width)))
  have h := Exact.digit_of_pack (e := e) (Int.toNat_of_nonneg nonneg) within j (List.mem_range.mp hj)
  omega

/-- Distances are at most what the farthest coordinates give. -/
theorem denominatorAt_range (quadratic : Bool) {one : Int} (hone : 0 < one) {weights : List Int} (positive : ∀ i, 0 ≤ at0 weights i)
    {zs : List (List Int)} {x : List Int} {reach : List Int} (j : Nat)
    (within : ∀ i, i < weights.length → gapOf quadratic (at0 x i - at00 zs i j) ≤ at0 reach i) :
    one ≤ denominatorAt quadratic one weights zs x j ∧
      denominatorAt quadratic one weights zs x j ≤ ((one.natAbs + (combined weights reach).natAbs : Nat) : Int) := by
  have nonneg : ∀ gap, 0 ≤ gapOf quadratic gap := by
    intro gap
    unfold gapOf
    split
    · rw [← Int.natAbs_mul_self]; omega
    · omega
  have low : 0 ≤ sumTo weights.length fun i => at0 weights i * gapOf quadratic (at0 x i - at00 zs i j) :=
    sum_nonneg _ _ fun i => Int.mul_nonneg (positive i.val) (nonneg _)
  have high : (sumTo weights.length fun i => at0 weights i * gapOf quadratic (at0 x i - at00 zs i j)) ≤ combined weights reach := by
    rw [combined_eq (n := weights.length) (Or.inl (Nat.le_refl _))]
    exact sum_le _ _ _ fun i => Int.mul_le_mul_of_nonneg_left (within i.val i.isLt) (positive i.val)
  unfold denominatorAt
  omega

end Eigenstill.Claims.Exec
