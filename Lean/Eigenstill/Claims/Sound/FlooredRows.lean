/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.KernelUnpacked
public import Eigenstill.Claims.Sound.ScanSums
public import Eigenstill.Claims.Sound.Shapes

/-!
# The columns are the floors of the basis functions

* `isFloor_flooredRow`: **entry `k` of the row of `C` at a point is `⌊2^p φ_k⌋`, in every ordered field.**
* `rowEntry_eq`: so the pass over the rows works on `C_ik = ⌊2^p φ_k(x_i)⌋`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-! ### Floors -/

/-- `c = ⌊y⌋`. -/
def IsFloor (c : Int) (y : K) : Prop := (c : K) ≤ y ∧ y < (c : K) + 1

theorem eq_of_isFloor {c d : Int} {y : K} (hc : IsFloor c y) (hd : IsFloor d y) : c = d := by
  have below : ∀ {a b : Int}, IsFloor a y → IsFloor b y → a < b + 1 := by
    intro a b ha hb
    refine (intCast_lt_iff (K := K)).mp ?_
    rw [Ring.intCast_add, Ring.intCast_one]
    have h1 := ha.1
    have h2 := hb.2
    grind
  have h1 := below hc hd
  have h2 := below hd hc
  omega

theorem floor_eq_of_isFloor {c : Int} {y : Rat} (h : IsFloor c y) : y.floor = c := by
  refine eq_of_isFloor (y := y) ⟨Rat.le_floor_iff.mp (Int.le_refl _), ?_⟩ h
  have h1 : y.floor < y.floor + 1 := by omega
  have h2 := Rat.floor_lt_iff.mp h1
  rw [show ((y.floor : Int) : Rat) + 1 = ((y.floor + 1 : Int) : Rat) by rw [Ring.intCast_add, Ring.intCast_one]]
  exact h2

/-- The floor of a quotient of integers. -/
theorem isFloor_ediv (N : Int) {D : Int} (hD : 0 < D) : IsFloor (N / D) ((N : K) / (D : K)) := by
  have h1 := Int.ediv_mul_le N (show D ≠ 0 by omega)
  have h2 := Int.lt_ediv_add_one_mul_self N hD
  have positive := intCast_lt (K := K) hD
  rw [Ring.intCast_zero] at positive
  have c1 := intCast_le (K := K) h1
  have c2 := intCast_lt (K := K) h2
  rw [Ring.intCast_mul] at c1 c2
  rw [Ring.intCast_add, Ring.intCast_one] at c2
  refine ⟨(le_div_iff positive).mpr c1, ?_⟩
  by_cases h : (N : K) / (D : K) < ((N / D : Int) : K) + 1
  · exact h
  · have h3 : ((N / D : Int) : K) + 1 ≤ (N : K) / (D : K) := by grind
    have h4 := (le_div_iff positive).mp h3
    generalize ((N / D : Int) : K) = q at *
    clear h1 h2 c1 h h3
    grind

/-- The floor of a floor that was shifted. -/
theorem isFloor_shift {v : Int} {y : K} (h : IsFloor v y) (p : Nat) : IsFloor (v / 2 ^ p) (y / 2 ^ p) := by
  have hp : (0 : Int) < 2 ^ p := Int.pow_pos (by omega)
  have h1 := Int.ediv_mul_le v (show (2 : Int) ^ p ≠ 0 by omega)
  have h2 := Int.lt_ediv_add_one_mul_self v hp
  have positive := two_pow_pos' (K := K) p
  have c1 := intCast_le (K := K) h1
  have c2 := intCast_le (K := K) (show v + 1 ≤ (v / 2 ^ p + 1) * 2 ^ p by omega)
  rw [Ring.intCast_mul, Ring.intCast_pow, cast_two] at c1 c2
  rw [Ring.intCast_add, Ring.intCast_add, Ring.intCast_one] at c2
  obtain ⟨h3, h4⟩ := h
  refine ⟨(le_div_iff positive).mpr (IsPreorder.le_trans _ _ _ c1 h3), ?_⟩
  by_cases h : y / 2 ^ p < ((v / 2 ^ p : Int) : K) + 1
  · exact h
  · have h5 : ((v / 2 ^ p : Int) : K) + 1 ≤ y / 2 ^ p := by grind
    have h6 := (le_div_iff positive).mp h5
    generalize ((v / 2 ^ p : Int) : K) = q at *
    generalize (2 : K) ^ p = t at *
    generalize (v : K) = w at *
    clear h1 h2 c1 h h5 h3
    grind

/-- Shifting an integer gives the floor. -/
theorem isFloor_shifted (k n : Int) : IsFloor (shifted k n) ((k : K) * 2 ^ n) := by
  by_cases h : 0 ≤ n
  · rw [← cast_shifted k h]
    have := OrderedRing.zero_lt_one (R := K)
    exact ⟨IsPreorder.le_refl _, by generalize ((shifted k n : Int) : K) = a; grind⟩
  · have e : n = -Int.ofNat n.natAbs := by
      show n = -((n.natAbs : Nat) : Int)
      omega
    have h1 := isFloor_ediv (K := K) k (D := 2 ^ n.natAbs) (Int.pow_pos (by omega))
    rw [← shifted_neg, ← e] at h1
    have h2 : (k : K) / ((2 ^ n.natAbs : Int) : K) = (k : K) * 2 ^ n := by
      rw [Ring.intCast_pow, cast_two, ← two_zpow_natCast, Field.div_eq_mul_inv, ← Field.zpow_neg, show -((n.natAbs : Nat) : Int) = n by omega]
    rw [h2] at h1
    exact h1

end

/-! ### The linear columns -/

theorem linearRow_spec (gridBits : Nat) (offsets : List Dyadic) (exponents : List Int) (x : List Dyadic) (done : List Int)
    (h1 : exponents.length = offsets.length) (h2 : offsets.length ≤ x.length) :
    linearRow gridBits x offsets exponents done = done.reverse ++ (List.range offsets.length).map fun d =>
      shifted (Dyadic.sub (x.getD d Dyadic.zero) (offsets.getD d Dyadic.zero)).mantissa
        ((Dyadic.sub (x.getD d Dyadic.zero) (offsets.getD d Dyadic.zero)).exponent + Int.ofNat gridBits - exponents.getD d 0) := by
  induction offsets generalizing exponents x done with
  | nil =>
    rw [show linearRow gridBits x [] exponents done = turned done by cases x <;> rfl, turned_eq, List.length_nil, List.range_zero,
      List.map_nil, List.append_nil]
  | cons offset offsets ih =>
    match exponents, x with
    | [], _ => rw [List.length_nil, List.length_cons] at h1; omega
    | _ :: _, [] => rw [List.length_nil, List.length_cons] at h2; omega
    | exponent :: exponents, v :: x =>
      rw [List.length_cons, List.length_cons] at h1 h2
      rw [show linearRow gridBits (v :: x) (offset :: offsets) (exponent :: exponents) done
        = linearRow gridBits x offsets exponents (shifted (Dyadic.sub v offset).mantissa
          ((Dyadic.sub v offset).exponent + Int.ofNat gridBits - exponent) :: done) from rfl,
        ih exponents x _ (by omega) (by omega), List.length_cons, List.range_succ_eq_map, List.map_cons, List.map_map,
        List.reverse_cons, List.append_assoc, List.singleton_append]
      rfl

/-! ### The rows of `C` -/

section
variable {certificate : Certificate} {rows : Rows} (model : ModelShapes certificate.basis certificate.model)
  (inputs : ∀ x ∈ rows.inputs, x.length = certificate.model.scales.length)
include model

private theorem offsets_le : certificate.model.offsets.length ≤ certificate.model.scales.length := by
  rw [model.offsets]; split <;> omega

include inputs

theorem kernelShapes : KernelShapes certificate.model rows.inputs := ⟨model.landmarks, inputs, model.positive⟩

omit model inputs in
private theorem kernel_eq : (planOf certificate rows).kernel
    = kernelAt certificate.basis certificate.model (columnsOf certificate.model.scales.length rows.inputs) := by
  rw [show (planOf certificate rows).kernel = kernelAt certificate.basis certificate.model
    (columnsOf (sizeOf' certificate.model.scales) rows.inputs) from rfl, sizeOf'_eq]

/-- Fine kernel values: `⌊2^2p φ_j⌋`. -/
theorem fineRow_spec {x : List Dyadic} (hx : x ∈ rows.inputs) :
    (fineRow (planOf certificate rows).kernel (denominators (planOf certificate rows).kernel
      (pointIn (planOf certificate rows).kernel x))).length = certificate.model.landmarks.length ∧
    ∀ {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] (j : Nat),
      j < certificate.model.landmarks.length →
      IsFloor (at0 (fineRow (planOf certificate rows).kernel (denominators (planOf certificate rows).kernel
        (pointIn (planOf certificate rows).kernel x))) j) (2 ^ (2 * certificate.basis.gridBits) *
          kernelValue K certificate.basis.quadratic certificate.model.scales x (certificate.model.landmarks.getD j [])) := by
  have shapes := kernelShapes model inputs
  rw [kernel_eq]
  obtain ⟨unpacked, positive⟩ := denominators_kernelAt certificate.basis shapes hx
  have numerator : (kernelAt certificate.basis certificate.model (columnsOf certificate.model.scales.length rows.inputs)).numerator
      = 2 ^ unitShift certificate.basis certificate.model (columnsOf certificate.model.scales.length rows.inputs)
        * 2 ^ (2 * certificate.basis.gridBits) := by
    rw [show (kernelAt certificate.basis certificate.model (columnsOf certificate.model.scales.length rows.inputs)).numerator
      = Nat.shiftLeft (Dyadic.shiftLeft 1 (unitShift certificate.basis certificate.model
        (columnsOf certificate.model.scales.length rows.inputs))).natAbs (2 * certificate.basis.gridBits) from rfl, shiftLeft_one,
      Int.natAbs_pow]
    exact Nat.shiftLeft_eq _ _
  unfold fineRow
  rw [unpacked, mapped_eq, numerator, List.map_map]
  refine ⟨by rw [List.length_map, List.length_range], fun {K} _ _ _ _ _ _ j hj => ?_⟩
  have value := cast_denominatorAt (K := K) certificate.basis shapes hx hj
  have above := positive j hj
  rw [at0, getD_below _ (by rw [List.length_map, List.length_range]; exact hj), List.getElem_map, List.getElem_range]
  dsimp only [Function.comp]
  generalize denominatorAt certificate.basis.quadratic _ _ _ _ j = D at *
  generalize unitShift certificate.basis certificate.model (columnsOf certificate.model.scales.length rows.inputs) = U at *
  have h := isFloor_ediv (K := K) (2 ^ U * 2 ^ (2 * certificate.basis.gridBits)) above
  have e : (Int.ofNat (2 ^ U * 2 ^ (2 * certificate.basis.gridBits) / D.toNat) : Int)
      = 2 ^ U * 2 ^ (2 * certificate.basis.gridBits) / D := by
    show ((2 ^ U * 2 ^ (2 * certificate.basis.gridBits) / D.toNat : Nat) : Int) = _
    rw [Int.natCast_ediv, Int.toNat_of_nonneg (by omega), Int.natCast_mul, Int.natCast_pow, Int.natCast_pow]; rfl
  rw [e]
  have positiveK := intCast_lt (K := K) above
  rw [Ring.intCast_zero, value] at positiveK
  have unit := two_pow_pos' (K := K) U
  have target : ((2 ^ U * 2 ^ (2 * certificate.basis.gridBits) : Int) : K) / (D : K) = 2 ^ (2 * certificate.basis.gridBits) *
      kernelValue K certificate.basis.quadratic certificate.model.scales x (certificate.model.landmarks.getD j []) := by
    unfold kernelValue
    rw [value, Ring.intCast_mul, Ring.intCast_pow, Ring.intCast_pow, cast_two]
    generalize kernelDistance K certificate.basis.quadratic certificate.model.scales x (certificate.model.landmarks.getD j []) = q at *
    generalize (2 : K) ^ U = a at *
    generalize (2 : K) ^ (2 * certificate.basis.gridBits) = b
    clear h value
    have h1 : 1 + q ≠ 0 := by intro h0; rw [h0] at positiveK; grind
    have h2 : a ≠ 0 := by grind
    grind
  rw [target] at h
  exact h

theorem length_flooredRow {x : List Dyadic} (hx : x ∈ rows.inputs) :
    (flooredRow (planOf certificate rows) x).length = certificate.model.landmarks.length + certificate.model.offsets.length := by
  unfold flooredRow
  dsimp only
  rw [show (planOf certificate rows).model = certificate.model from rfl, show (planOf certificate rows).basis = certificate.basis from rfl,
    joinedLists_eq, List.length_append, mapped_eq, List.length_map, (fineRow_spec.{0} model inputs hx).1,
    linearRow_spec _ _ _ _ _ model.exponents (by
      rw [inputs x hx]; exact offsets_le model), List.reverse_nil, List.nil_append, List.length_map, List.length_range]

/-- **Entry `k` of a row of `C` is `⌊2^p φ_k⌋`, in every ordered field.** -/
theorem isFloor_flooredRow {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
    {x : List Dyadic} (hx : x ∈ rows.inputs) {k : Nat} (hk : k < certificate.basisSize) :
    IsFloor (at0 (flooredRow (planOf certificate rows) x) k) (2 ^ certificate.basis.gridBits * certificate.basisFunction K k x) := by
  obtain ⟨length, fine⟩ := fineRow_spec.{u} model inputs hx
  unfold flooredRow Certificate.basisFunction
  dsimp only
  rw [show (planOf certificate rows).model = certificate.model from rfl, show (planOf certificate rows).basis = certificate.basis from rfl,
    joinedLists_eq, at0_append, mapped_eq, List.length_map, length]
  by_cases h : k < certificate.model.landmarks.length
  · rw [if_pos h, if_pos h, at0, getD_map_below _ 0 0 (by rw [length]; exact h), shifted_neg]
    have h1 := isFloor_shift (fine (K := K) k h) certificate.basis.gridBits
    have power := two_pow_pos' (K := K) certificate.basis.gridBits
    have e : (2 : K) ^ (2 * certificate.basis.gridBits) = 2 ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits := by
      rw [Nat.two_mul, Semiring.pow_add]
    rw [e] at h1
    generalize kernelValue K certificate.basis.quadratic certificate.model.scales x (certificate.model.landmarks.getD k []) = v at *
    rw [show (2 : K) ^ certificate.basis.gridBits * 2 ^ certificate.basis.gridBits * v / 2 ^ certificate.basis.gridBits
      = 2 ^ certificate.basis.gridBits * v by
        generalize (2 : K) ^ certificate.basis.gridBits = t at *; clear h1 e fine; grind] at h1
    exact h1
  · unfold Certificate.basisSize at hk
    have hd : k - certificate.model.landmarks.length < certificate.model.offsets.length := by omega
    rw [if_neg h, if_neg h, linearRow_spec _ _ _ _ _ model.exponents (by
      rw [inputs x hx]; exact offsets_le model), List.reverse_nil, List.nil_append, at0,
      getD_below _ (by rw [List.length_map, List.length_range]; exact hd), List.getElem_map, List.getElem_range]
    generalize k - certificate.model.landmarks.length = d at *
    have h2 := Dyadic.value_sub (K := K) (x.getD d Dyadic.zero) (certificate.model.offsets.getD d Dyadic.zero)
    unfold numberAt
    rw [← h2]
    clear h2
    generalize Dyadic.sub (x.getD d Dyadic.zero) (certificate.model.offsets.getD d Dyadic.zero) = gap
    have h1 := isFloor_shifted (K := K) gap.mantissa
      (gap.exponent + Int.ofNat certificate.basis.gridBits - certificate.basis.linearExponents.getD d 0)
    have e : (gap.mantissa : K)
          * 2 ^ (gap.exponent + Int.ofNat certificate.basis.gridBits - certificate.basis.linearExponents.getD d 0)
        = 2 ^ certificate.basis.gridBits * (gap.value K / 2 ^ certificate.basis.linearExponents.getD d 0) := by
      rw [Int.sub_eq_add_neg, two_zpow_add, two_zpow_add, show (Int.ofNat certificate.basis.gridBits : Int)
        = (certificate.basis.gridBits : Int) from rfl, two_zpow_natCast, Field.zpow_neg, Field.div_eq_mul_inv]
      unfold Dyadic.value
      clear h1 fine length
      generalize ((2 : K) ^ certificate.basis.linearExponents.getD d 0)⁻¹ = a
      generalize (2 : K) ^ gap.exponent = b
      generalize (2 : K) ^ certificate.basis.gridBits = c
      generalize (gap.mantissa : K) = m
      grind
    rw [e] at h1
    exact h1

/-- **The pass over the rows works on `C_ik = ⌊2^p φ_k(x_i)⌋`.** -/
theorem rowEntry_eq {i k : Nat} (hi : i < rows.inputs.length) (hk : k < certificate.basisSize) :
    rowEntry certificate rows i k = certificate.flooredBasis rows.inputs i k := by
  unfold rowEntry Certificate.flooredBasis
  refine (floor_eq_of_isFloor (isFloor_flooredRow model inputs ?_ hk)).symm
  rw [getD_below _ hi]; exact List.getElem_mem hi

end

end Eigenstill.Claims
