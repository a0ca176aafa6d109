/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.PsdRows

/-!
# Products of integer matrices by packed rows

`at00_multiplied`: **`multiplied` is the product of two matrices.** The slots are wide enough whatever the entries are.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq digit pack_congr pack_add pack_mul)

/-- `pack` packs a row from its first entry on. -/
theorem pack_eq (width : Nat) (row : List Int) : pack width row = Exact.pack (base width) row.length (at0 row) := by
  unfold pack
  rw [packTurned_eq, turned_eq, List.length_reverse]
  refine pack_congr fun s hs => ?_
  unfold at0
  rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_reverse (by omega),
    show row.length - 1 - (row.length - 1 - s) = s by omega]

/-- The slots of a number are its digits. -/
theorem slots_eq (width mask count packed : Nat) (done : List Nat) (hm : mask = 2 ^ width - 1) :
    slots width mask count packed done = done.reverse ++ (List.range count).map (digit width packed) := by
  induction count generalizing packed done with
  | zero =>
    rw [show slots width mask 0 packed done = turned done from rfl, turned_eq, List.range_zero, List.map_nil, List.append_nil]
  | succ count ih =>
    have low : Nat.land packed mask = digit width packed 0 := by
      rw [hm, show Nat.land packed (2 ^ width - 1) = packed &&& (2 ^ width - 1) from rfl, Nat.and_two_pow_sub_one_eq_mod,
        Exact.digit_zero]
    have rest : (List.range count).map (digit width (Nat.shiftRight packed width))
        = (List.range count).map fun j => digit width packed (j + 1) := by
      refine List.map_congr_left fun j _ => ?_
      rw [Exact.shiftRight_eq, Exact.digit_div]
    rw [show slots width mask (count + 1) packed done
      = slots width mask count (Nat.shiftRight packed width) (Nat.land packed mask :: done) from rfl, ih, rest, low,
      List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons, List.append_assoc, List.singleton_append]
    rfl

/-- **`unpack` gives the entries of a packed row, where they are small.** -/
theorem at0_unpack {width count : Nat} {packed : Int} {e : Nat → Int} (hw : 0 < width)
    (hp : packed = Exact.pack (base width) count e)
    (small : ∀ j, j < count → -(2 ^ (width - 1) : Int) ≤ e j ∧ e j < 2 ^ (width - 1)) {j : Nat} (hj : j < count) :
    at0 (unpack width count packed) j = e j := by
  have bias : ((Nat.shiftLeft 1 (width - 1) : Nat) : Int) = 2 ^ (width - 1) := by
    rw [show Nat.shiftLeft 1 (width - 1) = 1 <<< (width - 1) from rfl, Nat.shiftLeft_eq, Nat.one_mul]
    exact Int.natCast_pow 2 _
  have double : base width = 2 * 2 ^ (width - 1) := by
    obtain ⟨w, rfl⟩ : ∃ w, width = w + 1 := ⟨width - 1, by omega⟩
    unfold base; rw [Nat.add_sub_cancel, Int.pow_succ]; omega
  have biased : packed + Int.ofNat (Nat.shiftLeft 1 (width - 1) * ones count width)
      = Exact.pack (base width) count fun j => e j + 2 ^ (width - 1) := by
    rw [show (Int.ofNat (Nat.shiftLeft 1 (width - 1) * ones count width) : Int)
      = ((Nat.shiftLeft 1 (width - 1) * ones count width : Nat) : Int) from rfl, Int.natCast_mul, bias, ones_eq hw, hp,
      ← pack_mul, ← pack_add]
    exact pack_congr fun j _ => by rw [Int.mul_one]
  have nonneg : 0 ≤ Exact.pack (base width) count fun j => e j + 2 ^ (width - 1) := by
    unfold Exact.pack
    refine sum_nonneg _ _ fun i => Int.mul_nonneg ?_ (Int.le_of_lt (Int.pow_pos (base_pos width)))
    show 0 ≤ e i.val + 2 ^ (width - 1)
    have := small i.val i.isLt; omega
  have digits : (digit width (packed + Int.ofNat (Nat.shiftLeft 1 (width - 1) * ones count width)).toNat j : Int)
      = e j + 2 ^ (width - 1) := by
    refine Exact.digit_of_pack (e := fun j => e j + 2 ^ (width - 1)) (n := count) (by
      rw [biased]; exact Int.toNat_of_nonneg nonneg) (fun i hi => ?_) j hj
    have := small i hi
    dsimp only; omega
  have mask : Nat.shiftLeft 1 width - 1 = 2 ^ width - 1 := by
    rw [show Nat.shiftLeft 1 width = 1 <<< width from rfl, Nat.shiftLeft_eq, Nat.one_mul]
  unfold unpack
  dsimp only
  rw [mapped_eq, slots_eq _ _ _ _ _ mask, List.reverse_nil, List.nil_append, List.map_map, at0,
    getD_below _ (by rw [List.length_map, List.length_range]; exact hj), List.getElem_map, List.getElem_range]
  show Int.ofNat (digit width _ j) - Int.ofNat (Nat.shiftLeft 1 (width - 1)) = e j
  rw [show (Int.ofNat (Nat.shiftLeft 1 (width - 1)) : Int) = ((Nat.shiftLeft 1 (width - 1) : Nat) : Int) from rfl, bias,
    show ∀ n, (Int.ofNat n : Int) = ((n : Nat) : Int) from fun _ => rfl, digits]
  omega

theorem length_unpack (width count : Nat) (packed : Int) : (unpack width count packed).length = count := by
  unfold unpack
  dsimp only
  rw [mapped_eq, List.length_map, slots_eq _ _ _ _ _ (by
    rw [show Nat.shiftLeft 1 width = 1 <<< width from rfl, Nat.shiftLeft_eq, Nat.one_mul]), List.reverse_nil, List.nil_append,
    List.length_map, List.length_range]

theorem length_row_multiplied {count : Nat} {left right : List (List Int)} {row : List Int}
    (h : row ∈ multiplied count left right) : row.length = count := by
  unfold multiplied at h
  dsimp only at h
  rw [mapped_eq] at h
  obtain ⟨_, _, rfl⟩ := List.mem_map.mp h
  exact length_unpack _ _ _

theorem length_multiplied (count : Nat) (left right : List (List Int)) : (multiplied count left right).length = left.length := by
  unfold multiplied; dsimp only; rw [mapped_eq, List.length_map]

/-- **`multiplied` is the product of two matrices**, the second with `count` columns. -/
theorem at00_multiplied {count : Nat} {left right : List (List Int)} (rows : ∀ row ∈ right, row.length = count) {i j : Nat}
    (hi : i < left.length) (hj : j < count) :
    at00 (multiplied count left right) i j = sumTo right.length fun k => at00 left i k * at00 right k j := by
  unfold multiplied
  dsimp only
  rw [mapped_eq, mapped_eq, sizeOf'_eq, larger_eq]
  have bound := lt_two_pow_bitLength (max 1 (right.length * largestOf left) * largestOf right)
  unfold slotWidth
  generalize Format.bitLength (max 1 (right.length * largestOf left) * largestOf right) = bits at bound ⊢
  rw [at00, getD_below (xs := left.map _) _ (by rw [List.length_map]; exact hi), List.getElem_map]
  refine at0_unpack (e := fun j => sumTo right.length fun k => at00 left i k * at00 right k j) (by omega) ?_ (fun j _ => ?_) hj
  · rw [combined_eq (n := right.length) (Or.inr (by rw [List.length_map]; exact Nat.le_refl _)), pack_sumTo]
    refine sumTo_congr fun k hk => ?_
    rw [pack_mul, at0, at0, getD_below (xs := right.map _) _ (by rw [List.length_map]; exact hk), List.getElem_map, pack_eq,
      rows _ (List.getElem_mem hk), show at00 left i k = left[i].getD k 0 by rw [at00, getD_below _ hi]]
    congr 1
    refine pack_congr fun s _ => ?_
    rw [at00, getD_below _ hk]
  · have h1 : (sumTo right.length fun k => at00 left i k * at00 right k j).natAbs
        ≤ right.length * (largestOf left * largestOf right) :=
      natAbs_sumTo_le fun k _ => mul_natAbs_le (at00_le_largestOf _ _ _) (at00_le_largestOf _ _ _)
    have h2 : right.length * largestOf left * largestOf right ≤ max 1 (right.length * largestOf left) * largestOf right :=
      Nat.mul_le_mul (Nat.le_max_right _ _) (Nat.le_refl _)
    rw [Nat.mul_assoc] at h2
    have e : ((2 ^ bits : Nat) : Int) = 2 ^ bits := Int.natCast_pow 2 bits
    rw [Nat.add_sub_cancel]
    dsimp only
    omega

end Eigenstill.Claims.Exec
