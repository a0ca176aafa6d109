/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Targets
public import Eigenstill.Claims.Sound.EnergyStatement
public import Eigenstill.Claims.Sound.ModeRows
public import Eigenstill.Claims.Sound.Vectors

/-!
# The part of each mode in the energy of a target

* `TargetOf`: what the checker holds of a target `t`: `n Aᵀ (t - t̄)` and `n |t - t̄|²`.
* `terms_of_modeEnergies`: the two numbers that it records for each mode are terms of `error_ge_of_rows` and
  `error_le_of_rows`, for the vector `n (t - t̄)`.
* `share_le`, `le_share`: shares, rounded down and up.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- What the checker holds of a target `t` at `n` rows: `n Aᵀ (t - t̄)`, a number for each column of the operator, and
`n |t - t̄|²`. -/
structure TargetOf {n r : Nat} (A : Mat K n r) (t : Vec K n) (target : Target) : Prop where
  length : target.products.entries.length = r
  products : ∀ j : Fin r, target.products.at K j.val = (n : K) * dot (fun i => A i j) (aboutMean t)
  total : target.total.value K = (n : K) * normSq (aboutMean t)

/-! ### One mode -/

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem cast_toNat {x : Int} (h : 0 ≤ x) : ((x.toNat : Nat) : K) = (x : K) := by
  rw [← Ring.intCast_natCast, Int.toNat_of_nonneg h]

/-- Two shifts to the left that differ by `s`. -/
private theorem two_shifts (s : Int) : (2 : K) ^ (if 0 ≤ s then s else 0) = 2 ^ s * 2 ^ (if 0 ≤ s then 0 else -s) := by
  rw [← two_zpow_add]
  congr 1
  by_cases h : 0 ≤ s
  · rw [if_pos h, if_pos h]; omega
  · rw [if_neg h, if_neg h]; omega

private theorem part_spec (s e below : Int) (h : 0 < below) :
    (quotient53 (shifted (e * e) (if 0 ≤ s then s else 0)).toNat (shifted below (if 0 ≤ s then 0 else -s)).toNat false).value K
        * (below : K) ≤ (e : K) ^ 2 * 2 ^ s ∧
      (e : K) ^ 2 * 2 ^ s ≤ (quotient53 (shifted (e * e) (if 0 ≤ s then s else 0)).toNat
        (shifted below (if 0 ≤ s then 0 else -s)).toNat true).value K * (below : K) := by
  have s1 : 0 ≤ (if 0 ≤ s then s else 0) := by split <;> omega
  have s2 : 0 ≤ (if 0 ≤ s then 0 else -s) := by split <;> omega
  have up := cast_shifted (K := K) (e * e) s1
  have down := cast_shifted (K := K) below s2
  have shifts := two_shifts (K := K) s
  have p1 := two_zpow_pos (K := K) (if 0 ≤ s then s else 0)
  have p2 := two_zpow_pos (K := K) (if 0 ≤ s then 0 else -s)
  have square : ((e * e : Int) : K) = (e : K) ^ 2 := by rw [Ring.intCast_mul]; grind
  rw [square] at up
  have n1 : 0 ≤ shifted (e * e) (if 0 ≤ s then s else 0) := by
    rw [← intCast_le_iff (K := K), Ring.intCast_zero, up]
    exact OrderedRing.mul_nonneg OrderedRing.sq_nonneg (by grind)
  have n2 : 0 < shifted below (if 0 ≤ s then 0 else -s) := by
    rw [← intCast_lt_iff (K := K), Ring.intCast_zero, down]
    refine OrderedRing.mul_pos ?_ p2
    rw [← Ring.intCast_zero]; exact intCast_lt h
  have low := quotient53_le (K := K) (shifted (e * e) (if 0 ≤ s then s else 0)).toNat
    (shifted below (if 0 ≤ s then 0 else -s)).toNat
  have high := le_quotient53 (K := K) (shifted (e * e) (if 0 ≤ s then s else 0)).toNat
    (shifted below (if 0 ≤ s then 0 else -s)).toNat (by omega)
  rw [cast_toNat n1, cast_toNat (Int.le_of_lt n2), up, down, shifts] at low high
  generalize (quotient53 _ _ false).value K = q at *
  generalize (quotient53 _ _ true).value K = q' at *
  generalize (2 : K) ^ (if 0 ≤ s then 0 else -s) = c at *
  generalize (2 : K) ^ s = d at *
  generalize (e : K) ^ 2 = x at *
  generalize (below : K) = y at *
  clear up down shifts square n1 n2
  exact ⟨le_of_mul_le_mul p2 (by grind), le_of_mul_le_mul p2 (by grind)⟩

/-! ### All modes -/

private theorem walk_spec (shift : Int) (entries energies radii : List Int) (done result : List Enclosure)
    (h1 : entries.length ≤ energies.length) (h2 : entries.length ≤ radii.length)
    (h : modeEnergies.walk shift entries energies radii done = some result) :
    result = done.reverse ++ (List.range entries.length).map (fun k =>
        modeEnergy shift (at0 entries k) (at0 energies k) (at0 radii k)) ∧
      ∀ k, k < entries.length → at0 radii k < at0 energies k := by
  induction entries generalizing energies radii done with
  | nil =>
    rw [show modeEnergies.walk shift [] energies radii done = some (turned done) by
      cases energies <;> cases radii <;> rfl, turned_eq] at h
    refine ⟨?_, fun k hk => absurd hk (Nat.not_lt_zero k)⟩
    rw [List.length_nil, List.range_zero, List.map_nil, List.append_nil]
    exact (Option.some.inj h).symm
  | cons entry entries ih =>
    cases energies with
    | nil => rw [List.length_cons, List.length_nil] at h1; omega
    | cons energy energies =>
      cases radii with
      | nil => rw [List.length_cons, List.length_nil] at h2; omega
      | cons radius radii =>
        rw [show modeEnergies.walk shift (entry :: entries) (energy :: energies) (radius :: radii) done
          = if radius < energy then modeEnergies.walk shift entries energies radii (modeEnergy shift entry energy radius :: done)
            else none from rfl] at h
        by_cases below : radius < energy
        · rw [if_pos below] at h
          rw [List.length_cons, List.length_cons] at h1 h2
          obtain ⟨same, each⟩ := ih energies radii _ (by omega) (by omega) h
          refine ⟨?_, fun k hk => ?_⟩
          · rw [same, List.length_cons, List.range_succ_eq_map, List.map_cons, List.map_map, List.reverse_cons,
              List.append_assoc, List.singleton_append]
            rfl
          · cases k with
            | zero => exact below
            | succ k => rw [List.length_cons] at hk; exact each k (by omega)
        · rw [if_neg below] at h; cases h

/-- **The recorded parts are terms for the vector `n (t - t̄)` and the images `g_k` of the modes**: with `E = |g_k|²` and `R` the
sum of `|g_k · g_l|` over the others, `R < E` and `atLeast (E + R) ≤ (g_k · n (t - t̄))² ≤ atMost (E - R)`. -/
theorem terms_of_modeEnergies {model : Model} {operator : Operator} (shapes : SpectralShapes model operator) (basis : Basis)
    {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t : Vec K n}
    {target : Target} (ht : TargetOf A t target) {kept : Nat} (hk : kept ≤ model.excess.length) {parts : List Enclosure}
    (h : modeEnergies (modesOf basis model operator)
      (alongModes basis (split kept model.eigenvectors).1 target.products) = some parts) :
    parts.length = kept ∧ ∀ k : Fin model.excess.length, k.val < kept →
      offDiagonal (cross (modeImages A basis model)) k < normSq (modeImages A basis model k) ∧
      (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩).atLeast.value K
          * (normSq (modeImages A basis model k) + offDiagonal (cross (modeImages A basis model)) k)
        ≤ dot (modeImages A basis model k) (fun i => (n : K) * aboutMean t i) ^ 2 ∧
      dot (modeImages A basis model k) (fun i => (n : K) * aboutMean t i) ^ 2
        ≤ (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩).atMost.value K
          * (normSq (modeImages A basis model k) - offDiagonal (cross (modeImages A basis model)) k) := by
  have rows := rows_of_modesOf (K := K) shapes basis A hA
  have count : model.eigenvectors.length = model.excess.length := shapes.excess.symm
  have length : (alongModes basis (split kept model.eigenvectors).1 target.products).entries.length = kept := by
    unfold alongModes
    rw [length_under, split_eq, List.length_take]; omega
  have l1 : (modesOf basis model operator).energies.length = model.excess.length := by
    unfold modesOf; dsimp only; rw [length_diagonal, length_multiplied, count]
  have l2 : (modesOf basis model operator).energyRadii.length = model.excess.length := by
    unfold modesOf; dsimp only; rw [length_radii, length_multiplied, count]
  unfold modeEnergies at h
  obtain ⟨same, each⟩ := walk_spec _ _ _ _ _ _ (by omega) (by omega) h
  rw [List.reverse_nil, List.nil_append, length] at same
  refine ⟨by rw [same, List.length_map, List.length_range], fun k hkk => ?_⟩
  have less := each k.val (by omega)
  obtain ⟨energy, radius⟩ := rows k
  have part : parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩
      = modeEnergy (2 * (alongModes basis (split kept model.eigenvectors).1 target.products).exponent
        - (modesOf basis model operator).energyExponent)
        (at0 (alongModes basis (split kept model.eigenvectors).1 target.products).entries k.val)
        (at0 (modesOf basis model operator).energies k.val) (at0 (modesOf basis model operator).energyRadii k.val) := by
    rw [same, getD_below _ (by rw [List.length_map, List.length_range]; exact hkk), List.getElem_map, List.getElem_range]
  -- `v_k · b`
  have along : (alongModes basis (split kept model.eigenvectors).1 target.products).at K k.val
      = dot (modeImages A basis model k) (fun i => (n : K) * aboutMean t i) := by
    unfold alongModes
    rw [at_under (n := operator.columns) _ _ _ (by rw [split_eq, List.length_take]; omega) (Nat.le_of_eq ht.length),
      dot_comm, dot_smul, dot_comm]
    unfold modeImages mulVec
    have e : dot (fun i => dot (A i) (modeVectors K basis model operator.columns k)) (aboutMean t)
        = Eigenstill.sum operator.columns fun j => modeVectors K basis model operator.columns k j
          * dot (fun i => A i j) (aboutMean t) := by
      unfold dot
      rw [sum_congr (g := fun i => Eigenstill.sum operator.columns fun j =>
        modeVectors K basis model operator.columns k j * (A i j * aboutMean t i)) fun i => by
          rw [CommSemiring.mul_comm, ← sum_mul]; exact sum_congr fun j => by grind, sum_comm]
      exact sum_congr fun j => sum_mul _ _ _
    rw [e, ← sum_mul]
    refine sum_congr fun j => ?_
    rw [ht.products j, split_eq]
    have entry : at00 (model.eigenvectors.take kept) k.val j.val = at00 model.eigenvectors k.val j.val := by
      have row : (model.eigenvectors.take kept).getD k.val [] = model.eigenvectors.getD k.val [] := by
        rw [List.getD_eq_getElem?_getD, List.getElem?_take_of_lt hkk, ← List.getD_eq_getElem?_getD]
      unfold at00
      rw [row]
    dsimp only
    rw [entry]
    unfold modeVectors
    generalize (2 : K) ^ basis.vectorExponent = c
    grind
  have radiusNonneg : 0 ≤ at0 (modesOf basis model operator).energyRadii k.val := by
    have h1 : 0 ≤ offDiagonal (cross (modeImages A basis model)) k := by
      unfold offDiagonal
      refine sum_nonneg _ _ fun l => ?_
      split
      · exact IsPreorder.le_refl _
      · exact absVal_nonneg _
    have unit := two_zpow_pos (K := K) (modesOf basis model operator).energyExponent
    rw [radius] at h1
    rw [← intCast_le_iff (K := K), Ring.intCast_zero]
    refine le_of_mul_le_mul unit ?_
    generalize (2 : K) ^ (modesOf basis model operator).energyExponent = c at *
    clear rows energy radius along
    grind
  have low := (part_spec (K := K) (2 * (alongModes basis (split kept model.eigenvectors).1 target.products).exponent
      - (modesOf basis model operator).energyExponent)
    (at0 (alongModes basis (split kept model.eigenvectors).1 target.products).entries k.val)
    (at0 (modesOf basis model operator).energies k.val + at0 (modesOf basis model operator).energyRadii k.val) (by omega)).1
  have high := (part_spec (K := K) (2 * (alongModes basis (split kept model.eigenvectors).1 target.products).exponent
      - (modesOf basis model operator).energyExponent)
    (at0 (alongModes basis (split kept model.eigenvectors).1 target.products).entries k.val)
    (at0 (modesOf basis model operator).energies k.val - at0 (modesOf basis model operator).energyRadii k.val) (by omega)).2
  have unit := two_zpow_pos (K := K) (modesOf basis model operator).energyExponent
  have square : (at0 (alongModes basis (split kept model.eigenvectors).1 target.products).entries k.val : K) ^ 2
      * 2 ^ (2 * (alongModes basis (split kept model.eigenvectors).1 target.products).exponent
        - (modesOf basis model operator).energyExponent) * 2 ^ (modesOf basis model operator).energyExponent
      = dot (modeImages A basis model k) (fun i => (n : K) * aboutMean t i) ^ 2 := by
    rw [← along, Semiring.mul_assoc, ← two_zpow_add, show ∀ a b : Int, 2 * a - b + b = a + a by intros; omega, two_zpow_add]
    unfold IntegerVector.at
    generalize (2 : K) ^ (alongModes basis (split kept model.eigenvectors).1 target.products).exponent = c
    grind
  rw [← square, energy, radius, part]
  unfold modeEnergy
  dsimp only
  rw [Ring.intCast_add] at low
  rw [Ring.intCast_sub] at high
  have lessK := intCast_lt (K := K) less
  generalize (quotient53 _ _ false).value K = q at *
  generalize (quotient53 _ _ true).value K = q' at *
  generalize (at0 (alongModes basis (split kept model.eigenvectors).1 target.products).entries k.val : K) ^ 2
      * 2 ^ (2 * (alongModes basis (split kept model.eigenvectors).1 target.products).exponent
        - (modesOf basis model operator).energyExponent) = x at *
  generalize (2 : K) ^ (modesOf basis model operator).energyExponent = c at *
  generalize ((at0 (modesOf basis model operator).energies k.val : Int) : K) = E at *
  generalize ((at0 (modesOf basis model operator).energyRadii k.val : Int) : K) = R at *
  clear rows energy radius along square part same each h
  have low' := OrderedRing.mul_le_mul_of_nonneg_right low (c := c) (by grind)
  have high' := OrderedRing.mul_le_mul_of_nonneg_right high (c := c) (by grind)
  have less' := OrderedRing.mul_pos (show 0 < E - R by grind) unit
  exact ⟨by grind, by grind, by grind⟩

/-- Neither recorded part is negative. -/
theorem nonneg_of_modeEnergies {modes : Modes} {along : IntegerVector} (h1 : along.entries.length ≤ modes.energies.length)
    (h2 : along.entries.length ≤ modes.energyRadii.length) {parts : List Enclosure}
    (h : modeEnergies modes along = some parts) : ∀ part ∈ parts, 0 ≤ part.atLeast.value K ∧ 0 ≤ part.atMost.value K := by
  unfold modeEnergies at h
  obtain ⟨same, _⟩ := walk_spec _ _ _ _ _ _ h1 h2 h
  rw [List.reverse_nil, List.nil_append] at same
  intro part hp
  rw [same] at hp
  obtain ⟨k, _, rfl⟩ := List.mem_map.mp hp
  unfold modeEnergy
  dsimp only
  exact ⟨quotient53_nonneg _ _ _, quotient53_nonneg _ _ _⟩

/-! ### Shares -/

private theorem cast_one_shift : ((Dyadic.shiftLeft 1 shareBits : Int) : K) * 2 ^ (-Int.ofNat shareBits) = 1 := by
  rw [cast_shiftLeft, Ring.intCast_one, ← two_zpow_natCast]
  have h := two_zpow_add (K := K) (shareBits : Int) (-(shareBits : Int))
  rw [show (shareBits : Int) + -(shareBits : Int) = 0 by omega, Field.zpow_zero] at h
  rw [show (-Int.ofNat shareBits : Int) = -(shareBits : Int) from rfl]
  generalize (2 : K) ^ (shareBits : Int) = a at *
  generalize (2 : K) ^ (-(shareBits : Int)) = b at *
  grind

/-- **A share rounded down: `share · whole ≤ part`, and at most 1.** -/
theorem share_le (part : Dyadic) {whole : Dyadic} (h : 0 < whole.value K) :
    (share part whole false).value K * whole.value K ≤ part.value K ∧ (share part whole false).value K ≤ 1 := by
  have grid := (onGrid_spec (K := K) part h shareBits).1
  have one := cast_one_shift (K := K)
  have unit := two_zpow_pos (K := K) (-Int.ofNat shareBits)
  have e : (share part whole false).value K = ((smaller (onGrid part whole shareBits false) (Dyadic.shiftLeft 1 shareBits) : Int) : K)
    * 2 ^ (-Int.ofNat shareBits) := rfl
  have c1 := intCast_le (K := K) (smaller_le_left (onGrid part whole shareBits false) (Dyadic.shiftLeft 1 shareBits))
  have c2 := intCast_le (K := K) (smaller_le_right (onGrid part whole shareBits false) (Dyadic.shiftLeft 1 shareBits))
  rw [cast_shiftLeft, Ring.intCast_one] at one c2
  rw [e]
  generalize ((smaller (onGrid part whole shareBits false) (Dyadic.shiftLeft 1 shareBits) : Int) : K) = s at *
  generalize ((onGrid part whole shareBits false : Int) : K) = g at *
  generalize (2 : K) ^ (-Int.ofNat shareBits) = u at *
  generalize (2 : K) ^ shareBits = v at *
  generalize whole.value K = w at *
  generalize part.value K = x at *
  have h1 := OrderedRing.mul_le_mul_of_nonneg_right c1 (c := u * w) (by have := OrderedRing.mul_pos unit h; grind)
  have h2 := OrderedRing.mul_le_mul_of_nonneg_right grid (c := u) (by grind)
  have h3 := OrderedRing.mul_le_mul_of_nonneg_right c2 (c := u) (by grind)
  have e1 : x * v * u = x := by rw [show x * v * u = x * (1 * v * u) by grind, one]; grind
  rw [e1] at h2
  rw [one] at h3
  clear e grid c1 c2 one e1
  exact ⟨by grind, h3⟩

/-- **A share rounded up: `part ≤ share · whole`, unless the share is 1.** -/
theorem le_share (part : Dyadic) {whole : Dyadic} (h : 0 < whole.value K) :
    part.value K ≤ (share part whole true).value K * whole.value K ∨ (share part whole true).value K = 1 := by
  have grid := (onGrid_spec (K := K) part h shareBits).2
  have one := cast_one_shift (K := K)
  have unit := two_zpow_pos (K := K) (-Int.ofNat shareBits)
  have e : (share part whole true).value K = ((smaller (onGrid part whole shareBits true) (Dyadic.shiftLeft 1 shareBits) : Int) : K)
    * 2 ^ (-Int.ofNat shareBits) := rfl
  rw [e]
  unfold smaller
  split
  · refine Or.inl ?_
    rw [cast_shiftLeft, Ring.intCast_one] at one
    generalize ((onGrid part whole shareBits true : Int) : K) = g at *
    generalize (2 : K) ^ (-Int.ofNat shareBits) = u at *
    generalize (2 : K) ^ shareBits = v at *
    generalize whole.value K = w at *
    generalize part.value K = x at *
    have h2 := OrderedRing.mul_le_mul_of_nonneg_right grid (c := u) (by grind)
    have e1 : x * v * u = x := by rw [show x * v * u = x * (1 * v * u) by grind, one]; grind
    rw [e1] at h2
    clear e grid one e1
    grind
  · exact Or.inr one

end

end Eigenstill.Claims
