/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.PsdRows

/-!
# The positive semidefinite check, in integers

`entries_of_requirePsd`: every entry of `W - L Lᵀ - σ I` on or above the diagonal lies in `[-h, h)` with `r h ≤ σ`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq pack_append pack_congr pack_sub pack_add pack_mul)

/-- Entry of `W - L Lᵀ - σ I`, given the units and the level `μ - σ`. -/
def restEntry (model : Model) (operator : Operator) (spectral factor scale level : Int) (i j : Nat) : Int :=
  spectral * modalEntry model i j - factor * factorEntry model operator.columns i j - scale * at00 operator.matrix i j
    + if i = j then level else 0

section
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator) {width bits : Nat}
  {spectral factor scale level : Int}
include shapes

private theorem packed_vector {k : Nat} (hk : k < model.eigenvectors.length) :
    packTurned width (model.eigenvectors.getD k [])
      = Exact.pack (base width) operator.columns fun s => at00 model.eigenvectors k (operator.columns - 1 - s) := by
  have length : (model.eigenvectors.getD k []).length = operator.columns := by
    rw [getD_below _ hk]; exact shapes.vectors _ (List.getElem_mem hk)
  rw [packTurned_eq, length]

private theorem packed_column {l : Nat} :
    packTurned width (columnAt 0 model.factor l)
      = Exact.pack (base width) operator.columns fun s => at00 model.factor (operator.columns - 1 - s) l := by
  rw [packTurned_eq, length_columnAt, shapes.factorRows]
  exact pack_congr fun s _ => at0_columnAt _ _ _

private theorem combined_rows {i : Nat} (hi : i < operator.columns) :
    (sumTo (model.excess.length + operator.columns) fun k =>
      at00 (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor) i k *
        at0 (List.zipWith (fun weight vector => spectral * weight * packTurned width vector) model.excess model.eigenvectors
          ++ (columnsOf operator.columns model.factor).map fun column => -factor * packTurned width column) k)
      = Exact.pack (base width) operator.columns fun s => spectral * modalEntry model i (operator.columns - 1 - s)
          - factor * factorEntry model operator.columns i (operator.columns - 1 - s) := by
  have vectors : ∀ row ∈ model.eigenvectors, operator.columns ≤ row.length := fun row hr => Nat.le_of_eq (shapes.vectors row hr).symm
  have rows : ∀ row ∈ model.factor, operator.columns ≤ row.length := fun row hr => Nat.le_of_eq (shapes.factor row hr).symm
  have row : (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor).getD i []
      = columnAt 0 model.eigenvectors i ++ model.factor.getD i [] := by
    rw [getD_zipWith joinedLists [] [] [] (by rw [length_columnsOf 0 vectors]; exact hi) (by rw [shapes.factorRows]; exact hi),
      getD_columnsOf 0 vectors hi, joinedLists_eq]
  have modesLength : (List.zipWith (fun weight vector => spectral * weight * packTurned width vector) model.excess
      model.eigenvectors).length = model.excess.length := by
    rw [List.length_zipWith, ← shapes.excess, Nat.min_self]
  rw [sumTo_append (m := model.excess.length) (n := operator.columns)
    (g := fun k => Exact.pack (base width) operator.columns fun s => spectral * (at0 model.excess k *
      (at00 model.eigenvectors k i * at00 model.eigenvectors k (operator.columns - 1 - s))))
    (h := fun l => Exact.pack (base width) operator.columns fun s => -factor * (at00 model.factor i l *
      at00 model.factor (operator.columns - 1 - s) l))
    (fun k hk => ?_) (fun l hl => ?_)]
  · rw [← pack_sumTo, ← pack_sumTo, ← pack_add]
    refine pack_congr fun s _ => ?_
    unfold modalEntry factorEntry sumTo
    rw [sum_mul, sum_mul]
    generalize (Eigenstill.sum (K := Int) model.excess.length _) = a
    generalize (Eigenstill.sum (K := Int) operator.columns _) = b
    rw [Int.neg_mul]; omega
  · have hk' : k < model.eigenvectors.length := by rw [← shapes.excess]; exact hk
    have left : at00 (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor) i k
        = at00 model.eigenvectors k i := by
      unfold at00
      rw [row]
      show at0 (columnAt 0 model.eigenvectors i ++ model.factor.getD i []) k = _
      rw [at0_append, if_pos (by rw [length_columnAt]; exact hk'), at0_columnAt]
    rw [left, at0_append, if_pos (by rw [modesLength]; exact hk), at0,
      getD_zipWith _ 0 [] 0 hk hk', packed_vector shapes hk', ← pack_mul, ← pack_mul]
    refine pack_congr fun s _ => ?_
    unfold at0; grind
  · have left : at00 (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor) i
        (model.excess.length + l) = at00 model.factor i l := by
      unfold at00
      rw [row]
      show at0 (columnAt 0 model.eigenvectors i ++ model.factor.getD i []) (model.excess.length + l) = _
      rw [at0_append, length_columnAt, ← shapes.excess, if_neg (by omega), Nat.add_sub_cancel_left]
    rw [left, at0_append, modesLength, if_neg (by omega), Nat.add_sub_cancel_left, at0,
      getD_map (fun column => -factor * packTurned width column) [] 0 _ _ (by
        show -factor * packTurned width [] = 0
        rw [show packTurned width [] = 0 from rfl, Int.mul_zero]),
      getD_columnsOf 0 rows hl, packed_column shapes, ← pack_mul, ← pack_mul]
    refine pack_congr fun s _ => ?_
    grind

omit shapes in
private theorem restEntry_le (i j : Nat) : (restEntry model operator spectral factor scale level i j).natAbs
    ≤ model.excess.length * largestOf model.eigenvectors ^ 2 * largest model.excess * spectral.natAbs
      + operator.columns * largestOf model.factor ^ 2 * factor.natAbs + largestOf operator.matrix * scale.natAbs
      + level.natAbs := by
  unfold restEntry
  have h1 := mul_natAbs_le (Nat.le_refl spectral.natAbs) (modalEntry_le model i j)
  have h2 := mul_natAbs_le (Nat.le_refl factor.natAbs) (factorEntry_le model operator.columns i j)
  have h3 := mul_natAbs_le (Nat.le_refl scale.natAbs) (at00_le_largestOf operator.matrix i j)
  have h4 : (if i = j then level else 0).natAbs ≤ level.natAbs := by split <;> omega
  rw [show spectral.natAbs * (model.excess.length * (largest model.excess * largestOf model.eigenvectors ^ 2))
    = model.excess.length * largestOf model.eigenvectors ^ 2 * largest model.excess * spectral.natAbs by grind] at h1
  rw [Nat.mul_comm factor.natAbs] at h2
  rw [Nat.mul_comm scale.natAbs] at h3
  generalize spectral * modalEntry model i j = a at *
  generalize factor * factorEntry model operator.columns i j = b at *
  generalize scale * at00 operator.matrix i j = c at *
  generalize (if i = j then level else 0) = d at *
  omega

/-- **What the comparison of the rows decides of every entry on or above the diagonal.** -/
theorem entries_of_compareRows {fail : Nat → Rejected} (hbits : 0 < bits)
    (bound : model.excess.length * largestOf model.eigenvectors ^ 2 * largest model.excess * spectral.natAbs
      + operator.columns * largestOf model.factor ^ 2 * factor.natAbs + largestOf operator.matrix * scale.natAbs
      + level.natAbs + 2 ^ bits < 2 ^ (width - 1))
    (h : compareRows width bits scale level fail 0 operator.columns
      (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor)
      (List.zipWith (fun weight vector => spectral * weight * packTurned width vector) model.excess model.eigenvectors
        ++ (columnsOf operator.columns model.factor).map fun column => -factor * packTurned width column)
      operator.matrix = Except.ok ())
    {i j : Nat} (hij : i ≤ j) (hj : j < operator.columns) :
    -(2 ^ (bits - 1) : Int) ≤ restEntry model operator spectral factor scale level i j ∧
      restEntry model operator spectral factor scale level i j < 2 ^ (bits - 1) := by
  have rows : ∀ row ∈ model.factor, operator.columns ≤ row.length := fun row hr => Nat.le_of_eq (shapes.factor row hr).symm
  have length : (List.zipWith (fun weight vector => spectral * weight * packTurned width vector) model.excess
      model.eigenvectors ++ (columnsOf operator.columns model.factor).map fun column => -factor * packTurned width column).length
      = model.excess.length + operator.columns := by
    rw [List.length_append, List.length_zipWith, ← shapes.excess, Nat.min_self, List.length_map, length_columnsOf 0 rows]
  have hwidth : bits < width := by
    have h1 : 2 ^ bits < 2 ^ (width - 1) := by omega
    have := (Nat.pow_lt_pow_iff_right (a := 2) (by omega)).mp h1
    omega
  obtain ⟨total, congruent, land⟩ := compareRows_spec _ 0 _ _ _ length (fun k => ⟨0, by rw [Int.mul_zero, Int.sub_self]⟩) h i
    (by omega)
  have own : packTurned width ((operator.matrix.getD i []).drop (0 + i))
      = Exact.pack (base width) (operator.columns - i) fun s => at00 operator.matrix i (operator.columns - 1 - s) := by
    have hl : (operator.matrix.getD i []).length = operator.columns := by
      rw [getD_below _ (by rw [shapes.matrixRows]; omega)]; exact shapes.matrix _ (List.getElem_mem _)
    rw [Nat.zero_add, packTurned_eq, List.length_drop, hl]
    refine pack_congr fun s hs => ?_
    rw [at0_drop, show i + (operator.columns - i - 1 - s) = operator.columns - 1 - s by omega]
  have compared : base width ^ (operator.columns - i) ∣ comparedAt width scale level (model.excess.length + operator.columns) 0
      operator.columns (List.zipWith joinedLists (columnsOf operator.columns model.eigenvectors) model.factor)
      (at0 (List.zipWith (fun weight vector => spectral * weight * packTurned width vector) model.excess model.eigenvectors
        ++ (columnsOf operator.columns model.factor).map fun column => -factor * packTurned width column)) operator.matrix i
      - Exact.pack (base width) (operator.columns - i) fun s =>
        restEntry model operator spectral factor scale level i (operator.columns - 1 - s) := by
    unfold comparedAt
    have split := pack_append (base width) (operator.columns - i) i fun s =>
      spectral * modalEntry model i (operator.columns - 1 - s)
        - factor * factorEntry model operator.columns i (operator.columns - 1 - s)
    rw [show operator.columns - i + i = operator.columns by omega] at split
    rw [combined_rows shapes (by omega), split, own,
      ← pack_unit (base width) (operator.columns - i) (operator.columns - i - 1) level (by omega)]
    have parts : (Exact.pack (base width) (operator.columns - i) fun s =>
        restEntry model operator spectral factor scale level i (operator.columns - 1 - s))
        = Exact.pack (base width) (operator.columns - i) (fun s => spectral * modalEntry model i (operator.columns - 1 - s)
            - factor * factorEntry model operator.columns i (operator.columns - 1 - s))
          - scale * Exact.pack (base width) (operator.columns - i) (fun s => at00 operator.matrix i (operator.columns - 1 - s))
          + Exact.pack (base width) (operator.columns - i) fun s => if s = operator.columns - i - 1 then level else 0 := by
      rw [← pack_mul, ← pack_sub, ← pack_add]
      refine pack_congr fun s hs => ?_
      unfold restEntry
      by_cases hs1 : s = operator.columns - i - 1
      · rw [if_pos hs1, if_pos (by omega)]
      · rw [if_neg hs1, if_neg (by omega)]
    rw [parts]
    generalize Exact.pack (base width) (operator.columns - i) (fun s => spectral * modalEntry model i (operator.columns - 1 - s)
      - factor * factorEntry model operator.columns i (operator.columns - 1 - s)) = a
    generalize scale * Exact.pack (base width) (operator.columns - i)
      (fun s => at00 operator.matrix i (operator.columns - 1 - s)) = b
    generalize Exact.pack (base width) (operator.columns - i) (fun s => if s = operator.columns - i - 1 then level else 0) = c
    generalize Exact.pack (base width) i (fun s => spectral * modalEntry model i
      (operator.columns - 1 - (operator.columns - i + s)) - factor * factorEntry model operator.columns i
      (operator.columns - 1 - (operator.columns - i + s))) = d
    exact ⟨d, by omega⟩
  have all := entries_of_residue (width := width) (bits := bits) (count := operator.columns - i) (total := total)
    (e := fun s => restEntry model operator spectral factor scale level i (operator.columns - 1 - s)) hbits hwidth (by
      have := Int.dvd_add congruent compared
      rw [show ∀ a b c : Int, a - b + (b - c) = a - c from fun a b c => by omega] at this; exact this) (fun s _ => by
      have h1 := restEntry_le (spectral := spectral) (factor := factor) (scale := scale) (level := level) (model := model) (operator := operator) i
        (operator.columns - 1 - s)
      have h2 : 2 ^ (width - 1) ≤ 2 ^ width := Nat.pow_le_pow_right (by omega) (by omega)
      have e1 : ((2 ^ width : Nat) : Int) = 2 ^ width := Int.natCast_pow 2 width
      have e2 : ((2 ^ bits : Nat) : Int) = 2 ^ bits := Int.natCast_pow 2 bits
      dsimp only
      omega) land (operator.columns - 1 - j) (by omega)
  dsimp only at all
  rw [show operator.columns - 1 - (operator.columns - 1 - j) = j by omega] at all
  exact all

end

/-- **What `requirePsd` decides.** -/
theorem entries_of_requirePsd {basis : Basis} {model : Model} {operator : Operator} {witness : EckartYoungWitness}
    (shapes : SpectralShapes model operator) (h : requirePsd basis model operator witness = Except.ok ()) :
    ∃ half : Nat, (operator.columns * half : Int) ≤ psdSigma basis operator witness ∧ ∀ i j, i ≤ j → j < operator.columns →
      -(half : Int) ≤ restEntry model operator (psdSpectral basis operator witness) (psdFactor basis operator witness)
        (psdScale basis operator witness) (psdLevel basis operator witness) i j ∧
      restEntry model operator (psdSpectral basis operator witness) (psdFactor basis operator witness)
        (psdScale basis operator witness) (psdLevel basis operator witness) i j < half := by
  unfold requirePsd at h
  simp only [zipped_eq, mapped_eq, joinedLists_eq, sizeOf'_eq] at h
  rw [show smaller (smaller (smaller (2 * basis.vectorExponent + basis.excessExponent) (2 * basis.factorExponent))
    operator.exponent) (smaller witness.threshold.reduced.exponent witness.slack.reduced.exponent)
    = psdLow basis operator witness from rfl] at h
  rw [show inUnits (psdLow basis operator witness) witness.slack.reduced = psdSigma basis operator witness from rfl] at h
  split at h
  · cases h
  · next positive =>
    have low := two_pow_bitLength_le (n := (psdSigma basis operator witness).toNat / operator.columns) (by omega)
    refine ⟨2 ^ (Format.bitLength ((psdSigma basis operator witness).toNat / operator.columns) - 1), ?_, fun i j hij hj => ?_⟩
    · have h1 := Nat.mul_le_mul (Nat.le_refl operator.columns) low
      have h2 := Nat.mul_div_le (psdSigma basis operator witness).toNat operator.columns
      have h3 : 0 < 2 ^ (Format.bitLength ((psdSigma basis operator witness).toNat / operator.columns) - 1) := Nat.two_pow_pos _
      generalize 2 ^ (Format.bitLength ((psdSigma basis operator witness).toNat / operator.columns) - 1) = half at *
      have nonneg : 0 ≤ psdSigma basis operator witness := by
        by_cases h0 : 0 ≤ psdSigma basis operator witness
        · exact h0
        · rw [show (psdSigma basis operator witness).toNat = 0 by omega, Nat.zero_div] at low
          omega
      rw [← Int.natCast_mul]
      omega
    · have key := entries_of_compareRows shapes (by omega) (by
        have := lt_two_pow_bitLength (model.excess.length * largestOf model.eigenvectors ^ 2 * largest model.excess
          * (psdSpectral basis operator witness).natAbs
          + operator.columns * largestOf model.factor ^ 2 * (psdFactor basis operator witness).natAbs
          + largestOf operator.matrix * (psdScale basis operator witness).natAbs + (psdLevel basis operator witness).natAbs
          + Nat.shiftLeft 1 (Format.bitLength ((psdSigma basis operator witness).toNat / operator.columns)))
        refine Nat.lt_of_le_of_lt (Nat.le_of_eq ?_) this
        rw [show ∀ n, Nat.shiftLeft 1 n = 2 ^ n from fun n => by
          rw [show Nat.shiftLeft 1 n = 1 <<< n from rfl, Nat.shiftLeft_eq, Nat.one_mul]]
        rfl) h hij hj
      rw [Int.natCast_pow]
      exact key

end Eigenstill.Claims.Exec
