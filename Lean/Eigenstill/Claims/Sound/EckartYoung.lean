/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Modes
public import Eigenstill.Claims.Sound.Statement
public import Eigenstill.Theory.EckartYoung

/-!
# The check of `eckart_young` is sound

* `eckartYoung_of_gram`: **the recorded bounds hold for every operator with the Gram matrix that the check was given.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Signs and orders -/

theorem nonneg_of_fallsToZero {xs : List Int} (h : fallsToZero xs = true) :
    (∀ k, 0 ≤ at0 xs k) ∧ ∀ k l, k ≤ l → at0 xs l ≤ at0 xs k := by
  induction xs with
  | nil => exact ⟨fun k => by rw [at0, List.getD_nil]; omega, fun k l _ => by rw [at0, at0, List.getD_nil, List.getD_nil]; omega⟩
  | cons x xs ih =>
    have parts : fallsToZero xs = true ∧ at0 xs 0 ≤ x ∧ 0 ≤ x := by
      cases xs with
      | nil =>
        have h1 : 0 ≤ x := of_decide_eq_true h
        exact ⟨rfl, h1, h1⟩
      | cons y ys =>
        unfold fallsToZero at h
        split at h
        · next le => have := (ih h).1 0; exact ⟨h, le, Int.le_trans this le⟩
        · cases h
    obtain ⟨nonneg, falls⟩ := ih parts.1
    have first : ∀ k, at0 xs k ≤ x := fun k => Int.le_trans (falls 0 k (Nat.zero_le k)) parts.2.1
    refine ⟨fun k => ?_, fun k l hkl => ?_⟩
    · cases k with
      | zero => exact parts.2.2
      | succ k => exact nonneg k
    · cases k with
      | zero =>
        cases l with
        | zero => exact Int.le_refl _
        | succ l => exact first l
      | succ k =>
        cases l with
        | zero => omega
        | succ l => exact falls k l (by omega)

theorem le_of_increaseTo {highest : Nat} {ranks : List Nat} (h : increaseTo highest ranks = true) :
    ∀ rank ∈ ranks, rank ≤ highest := by
  induction ranks with
  | nil => intro rank hr; exact absurd hr List.not_mem_nil
  | cons first ranks ih =>
    cases ranks with
    | nil =>
      intro rank hr
      have h1 : first ≤ highest := of_decide_eq_true h
      rw [List.mem_singleton] at hr; omega
    | cons second rest =>
      unfold increaseTo at h
      split at h
      · next lt =>
        intro rank hr
        rcases List.mem_cons.mp hr with rfl | hr
        · have := ih h second List.mem_cons_self; omega
        · exact ih h rank hr
      · cases h

theorem signs_of_requireSigns {model : Model} {witness : EckartYoungWitness} (h : requireSigns model witness = Except.ok ()) :
    fallsToZero model.excess = true ∧ 0 ≤ witness.threshold.mantissa ∧
      ∀ rank ∈ witness.ranks, rank ≤ model.excess.length := by
  unfold requireSigns at h
  dsimp only at h
  rw [sizeOf'_eq] at h
  generalize hh : (if model.excess.length ≤ sizeOf' model.landmarks + sizeOf' model.offsets - 1 then model.excess.length
    else sizeOf' model.landmarks + sizeOf' model.offsets - 1) = highest at h
  have h3 : highest ≤ model.excess.length := by rw [← hh]; split <;> omega
  split at h
  · cases h
  · next increase =>
    split at h
    · cases h
    · next falls =>
      split at h
      · cases h
      · next threshold =>
        refine ⟨?_, by omega, fun rank hr => Nat.le_trans (le_of_increaseTo ?_ rank hr) h3⟩
        · cases hf : fallsToZero model.excess with
          | true => rfl
          | false => rw [hf] at falls; exact absurd rfl falls
        · cases hf : increaseTo highest witness.ranks with
          | true => rfl
          | false => rw [hf] at increase; exact absurd rfl increase

theorem positive_of_requireOrder {index : Nat} {entries : List RankBounds} (h : requireOrder index entries = Except.ok ()) :
    ∀ entry ∈ entries, 0 < entry.lower.mantissa := by
  induction entries generalizing index with
  | nil => intro entry he; exact absurd he List.not_mem_nil
  | cons first rest ih =>
    unfold requireOrder at h
    split at h
    · next both =>
      intro entry he
      rcases List.mem_cons.mp he with rfl | he
      · rw [Bool.and_eq_true] at both
        exact of_decide_eq_true both.1
      · exact ih h entry he
    · cases h

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-! ### The bounds as numbers -/

section
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
include shapes

omit shapes in
omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem levelAt_modes (basis : Basis) (rank : Nat) :
    levelAt (modeExcess K basis model) rank = (at0 model.excess rank : K) * 2 ^ basis.excessExponent := by
  unfold levelAt
  by_cases h : rank < model.excess.length
  · rw [dif_pos h]; rfl
  · rw [dif_neg h, at0, getD_beyond _ (by omega), Ring.intCast_zero]
    generalize (2 : K) ^ basis.excessExponent = c
    grind

private theorem value_spectralSum (basis : Basis) {rank : Nat} (hr : rank ≤ model.excess.length) :
    ((spectralSum (at0 model.excess rank) rank model.excess (modeProducts basis model operator).norms : Int) : K)
      * 2 ^ (basis.excessExponent + 2 * basis.vectorExponent)
      = Eigenstill.sum rank fun k => (modeExcess K basis model (k.castLE hr) - levelAt (modeExcess K basis model) rank)
          * normSq (modeVectors K basis model operator.columns (k.castLE hr)) := by
  unfold spectralSum
  rw [mapped_eq, split_eq, combined_eq (n := rank) (Or.inl (by
    rw [List.length_map, List.length_take]; exact Nat.min_le_left _ _))]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun k => ?_
  have hk := k.isLt
  have entry : (model.excess.take rank)[k.val]'(by rw [List.length_take]; omega) = at0 model.excess k.val := by
    rw [← at0_take hk, at0, getD_below _ (by rw [List.length_take]; omega)]
  have coefficient : at0 ((model.excess.take rank).map fun d => d - at0 model.excess rank) k.val
      = at0 model.excess k.val - at0 model.excess rank := by
    show ((model.excess.take rank).map fun d => d - at0 model.excess rank).getD k.val 0 = _
    rw [getD_below (xs := (model.excess.take rank).map fun d => d - at0 model.excess rank) _ (by
      rw [List.length_map, List.length_take]; omega), List.getElem_map, entry]
  dsimp only
  rw [coefficient, at0_norms shapes basis (show k.val < model.excess.length by omega), levelAt_modes]
  unfold normSq
  rw [dot_modeVectors, Ring.intCast_mul, Ring.intCast_sub, Int.two_mul, two_zpow_add, two_zpow_add]
  unfold modeExcess
  rw [show (k.castLE hr).val = k.val from rfl]
  grind

private theorem value_captured (basis : Basis) {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {rank : Nat}
    (hr : rank ≤ model.excess.length) :
    ((Exec.sum ((modeProducts basis model operator).energies.take rank) : Int) : K)
      * 2 ^ (2 * basis.vectorExponent + operator.exponent)
      = Eigenstill.sum rank fun k => quad (gram A) (modeVectors K basis model operator.columns (k.castLE hr)) := by
  rw [sum_eq _ (n := rank) (by rw [List.length_take]; exact Nat.min_le_left _ _)]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun k => ?_
  have hk := k.isLt
  rw [at0_take hk, at0_energies shapes basis (show k.val < model.excess.length by omega), quad_eq_sum, sum_comm]
  unfold sumTo
  rw [intCast_sum, ← sum_mul]
  refine sum_congr fun j => ?_
  rw [Ring.intCast_mul, intCast_sum, ← sum_mul, ← sum_mul]
  refine sum_congr fun t => ?_
  rw [Ring.intCast_mul, hA, Int.two_mul, two_zpow_add, two_zpow_add]
  unfold modeVectors
  rw [show (k.castLE hr).val = k.val from rfl]
  grind

end

/-- **If the check of `eckart_young` gives numbers, then for every operator `A` with the Gram matrix and the trace that it was
given: at each recorded rank no product `X Y` has a smaller squared error than `lower`, and one has at most `upper`.**

`AᵀA = M` is a hypothesis: `operator.matrix` are the integers of `M`, in the unit `2^operator.exponent`. That the pass over
the rows computes this matrix is `eckartYoung_of_check`. The shapes are those that the format requires. -/
theorem eckartYoung_of_gram {prepared : Prepared} {witness : EckartYoungWitness} {numbers : EckartYoungNumbers}
    {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkEckartYoung prepared witness = Except.ok numbers)
    (shapes : SpectralShapes prepared.certificate.model operator) {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent)
    (htrace : trace (gram A) = operator.trace.value K) : EckartYoungHolds A numbers := by
  unfold checkEckartYoung at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases hs : requireSigns prepared.certificate.model witness with
  | error e => rw [hs] at h; cases h
  | ok _ =>
    rw [hs, exact] at h
    dsimp only at h
    cases hp : requirePsd prepared.certificate.basis prepared.certificate.model operator witness with
    | error e => rw [hp] at h; cases h
    | ok _ =>
      rw [hp] at h
      dsimp only at h
      split at h
      · cases h
      · cases ho : requireOrder 0 (boundsAt prepared.certificate.basis prepared.certificate.model operator witness.threshold
          (modeProducts prepared.certificate.basis prepared.certificate.model operator) witness.ranks) with
        | error e => rw [ho] at h; cases h
        | ok _ =>
          rw [ho] at h
          cases h
          obtain ⟨falls, threshold, ranks⟩ := signs_of_requireSigns hs
          obtain ⟨nonneg, decreasing⟩ := nonneg_of_fallsToZero falls
          have psd := psd_of_requirePsd shapes hp A hA
          have near := nearlyOrthonormal_modes (K := K) shapes prepared.certificate.basis
          intro bounds hb
          have positive := positive_of_requireOrder ho bounds hb
          dsimp only at hb
          unfold boundsAt at hb
          rw [mapped_eq] at hb
          obtain ⟨rank, hrank, rfl⟩ := List.mem_map.mp hb
          have hr := ranks rank hrank
          have unit := two_zpow_pos (K := K) prepared.certificate.basis.excessExponent
          refine ⟨(Dyadic.value_pos_iff _).mpr positive, fun X Y => ?_, ?_⟩
          · have key := eckartYoung_ranks A ((Dyadic.value_nonneg_iff witness.threshold).mpr threshold)
              (d := modeExcess K prepared.certificate.basis prepared.certificate.model)
              (fun k => OrderedRing.mul_nonneg (intCast_nonneg (nonneg k.val)) (by clear hA psd near hb; grind))
              (fun k l hkl => OrderedRing.mul_le_mul_of_nonneg_right (intCast_le (decreasing k.val l.val hkl))
                (by clear hA psd near hb; grind)) near psd hr X Y
            refine IsPreorder.le_trans _ _ _ ?_ key
            dsimp only
            rw [Dyadic.value_sub, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_add, Dyadic.value_mul, Dyadic.value_add,
              Dyadic.value_one, Dyadic.value_ofInt, entryAt_eq, htrace, ← value_spectralSum shapes _ hr, levelAt_modes]
            rw [show ((Int.ofNat rank : Int) : K) = (rank : K) from Ring.intCast_natCast rank]
            clear hA psd near hb key
            exact IsPreorder.le_refl _
          · have key := frobDistSq_projection_le A (near.castLE hr)
            rw [htrace, ← value_captured shapes _ A hA hr] at key
            refine ⟨coefficients A fun k : Fin rank => modeVectors K prepared.certificate.basis prepared.certificate.model
              operator.columns (k.castLE hr), fun k => modeVectors K prepared.certificate.basis prepared.certificate.model
              operator.columns (k.castLE hr), IsPreorder.le_trans _ _ _ key ?_⟩
            dsimp only
            rw [Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_sub, Dyadic.value_one, split_eq]
            exact IsPreorder.le_refl _

end

end Eigenstill.Claims
