/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Forms
public import Eigenstill.Claims.Sound.TargetSums
public import Eigenstill.Claims.Sound.Totals
public import Eigenstill.Claims.Sound.Vectors

/-!
# Products with the targets, block by block

`addProducts_spec`: **the second pass over the rows computes `Cᵀ t`** for each column `t` of values, from packed rows.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Exact (base pack_congr pack_mul)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem listTotal_append (xs ys : List K) : listTotal (xs ++ ys) = listTotal xs + listTotal ys := by
  induction xs with
  | nil => rw [List.nil_append, listTotal_nil]; grind
  | cons x xs ih => rw [List.cons_append, listTotal_cons, listTotal_cons, ih]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem getD_zipWith_number {α β : Type} (f : α → β → K) (a : α) (b : β) {xs : List α} {ys : List β} {i : Nat} (hx : i < xs.length)
    (hy : i < ys.length) : (List.zipWith f xs ys).getD i 0 = f (xs.getD i a) (ys.getD i b) := by
  rw [List.getD_eq_getElem?_getD, List.getElem?_eq_getElem (by rw [List.length_zipWith]; omega), Option.getD_some, List.getElem_zipWith,
    getD_below _ hx, getD_below _ hy]

/-- What row `x` of the basis, with the values `v` beside it, adds to entry `k` of the product with column `o`. -/
def productTerm (K : Type u) [Field K] (plan : Plan) (k o : Nat) (x v : List Dyadic) : K :=
  ((at0 (flooredRow plan x) k : Int) : K) * numberAt K v o

/-- Rows of `C` with `size` entries in `[0, 2^p]`. -/
structure FlooredRows (plan : Plan) (size : Nat) (inputs : List (List Dyadic)) : Prop where
  length : ∀ x ∈ inputs, (flooredRow plan x).length = size
  within : ∀ x ∈ inputs, ∀ k, 0 ≤ at0 (flooredRow plan x) k ∧ at0 (flooredRow plan x) k ≤ 2 ^ plan.basis.gridBits

/-- A sum with coefficients is at most the sum of their absolute values, where the other factors are at most 1. -/
private theorem natAbs_sumTo_mul_le {n b : Nat} {f g : Nat → Int} (hg : ∀ i, i < n → (g i).natAbs ≤ b) :
    ((sumTo n fun i => f i * g i).natAbs : Int) ≤ (sumTo n fun i => ((f i).natAbs : Int)) * b := by
  induction n with
  | zero => exact Int.le_of_eq (by rw [show (sumTo 0 fun i => ((f i).natAbs : Int)) = 0 from rfl, Int.zero_mul]; rfl)
  | succ n ih =>
    have h1 := ih fun i hi => hg i (by omega)
    have h2 := Int.natAbs_add_le (sumTo n fun i => f i * g i) (f n * g n)
    have h3 := Int.ofNat_le.mpr (mul_natAbs_le (Nat.le_refl (f n).natAbs) (hg n (by omega)))
    rw [Int.natCast_mul] at h3
    rw [show (sumTo (n + 1) fun i => f i * g i) = (sumTo n fun i => f i * g i) + f n * g n from rfl,
      show (sumTo (n + 1) fun i => ((f i).natAbs : Int)) = (sumTo n fun i => ((f i).natAbs : Int)) + ((f n).natAbs : Int) from rfl,
      Int.add_mul]
    omega

/-- **One block.** -/
theorem blockProducts_spec {plan : Plan} {size targets : Nat} {inputs values : List (List Dyadic)}
    (rows : FlooredRows plan size inputs) (count : values.length = inputs.length) (long : ∀ v ∈ values, targets ≤ v.length) :
    (blockProducts plan size inputs values targets).length = targets ∧ ∀ o, o < targets →
      ((blockProducts plan size inputs values targets).getD o ⟨[], 0⟩).entries.length = size ∧ ∀ k, k < size →
        ((blockProducts plan size inputs values targets).getD o ⟨[], 0⟩).at K k
          = listTotal (List.zipWith (productTerm K plan k o) inputs values) := by
  unfold blockProducts
  dsimp only
  simp only [mapped_eq]
  have columns := length_columnsOf Dyadic.zero long
  generalize hp : (columnsOf targets values).map IntegerVector.of = parts
  have length : parts.length = targets := by rw [← hp, List.length_map, columns]
  have most := le_folded_larger (fun part : IntegerVector => sumAbsolute part.entries) parts 1
  generalize folded (fun most (part : IntegerVector) => Exec.larger most (sumAbsolute part.entries)) 1 parts = bound at most ⊢
  have room := lt_two_pow_bitLength (Nat.shiftLeft bound plan.basis.gridBits)
  unfold slotWidth
  generalize Format.bitLength (Nat.shiftLeft bound plan.basis.gridBits) = bits at room ⊢
  rw [show Nat.shiftLeft bound plan.basis.gridBits = bound <<< plan.basis.gridBits from rfl, Nat.shiftLeft_eq] at room
  refine ⟨by rw [List.length_map, length], fun o ho => ?_⟩
  have inside : o < parts.length := by rw [length]; exact ho
  rw [getD_below _ (by rw [List.length_map]; exact inside), List.getElem_map]
  have part : parts[o] = IntegerVector.of (columnAt Dyadic.zero values o) := by
    have h1 := getD_columnsOf Dyadic.zero long ho
    rw [getD_below _ (by rw [columns]; exact ho)] at h1
    subst hp
    rw [List.getElem_map, h1]
  have largest := most.2 _ (List.getElem_mem inside)
  rw [part] at largest ⊢
  have numbers := cast_commonUnits (K := K) (columnAt Dyadic.zero values o)
  have entries : (IntegerVector.of (columnAt Dyadic.zero values o)).entries.length = inputs.length := by
    show (commonUnits (columnAt Dyadic.zero values o)).1.length = _
    rw [length_commonUnits, length_columnAt, count]
  refine ⟨length_unpack _ _ _, fun k hk => ?_⟩
  have sumAbs := sumAbsolute_eq _ (Nat.le_of_eq entries)
  unfold IntegerVector.at
  dsimp only
  have value : at0 (unpack (bits + 1) size (combined (IntegerVector.of (columnAt Dyadic.zero values o)).entries
      (inputs.map fun x => pack (bits + 1) (flooredRow plan x)))) k
      = sumTo inputs.length fun i => at0 (IntegerVector.of (columnAt Dyadic.zero values o)).entries i
        * at0 (flooredRow plan (inputs.getD i [])) k := by
    refine at0_unpack (e := fun k => sumTo inputs.length fun i => at0 (IntegerVector.of (columnAt Dyadic.zero values o)).entries i
        * at0 (flooredRow plan (inputs.getD i [])) k) (by omega) ?_ (fun k _ => ?_) hk
    · rw [combined_eq (n := inputs.length) (Or.inl (Nat.le_of_eq entries)), pack_sumTo]
      refine sumTo_congr fun i hi => ?_
      rw [pack_mul, show at0 (inputs.map fun x => pack (bits + 1) (flooredRow plan x)) i
        = pack (bits + 1) (flooredRow plan (inputs.getD i [])) from getD_map_below _ [] 0 hi, pack_eq,
        rows.length _ (by rw [getD_below _ hi]; exact List.getElem_mem hi)]
    · have h1 := natAbs_sumTo_mul_le (n := inputs.length) (b := 2 ^ plan.basis.gridBits)
        (f := at0 (IntegerVector.of (columnAt Dyadic.zero values o)).entries) (g := fun i => at0 (flooredRow plan (inputs.getD i [])) k)
        fun i hi => by
          have h2 := rows.within (inputs.getD i []) (by rw [getD_below _ hi]; exact List.getElem_mem hi) k
          have e : ((2 ^ plan.basis.gridBits : Nat) : Int) = 2 ^ plan.basis.gridBits := Int.natCast_pow 2 _
          dsimp only
          omega
      rw [← sumAbs] at h1
      have h2 : sumAbsolute (IntegerVector.of (columnAt Dyadic.zero values o)).entries * 2 ^ plan.basis.gridBits
          ≤ bound * 2 ^ plan.basis.gridBits := Nat.mul_le_mul largest (Nat.le_refl _)
      rw [← Int.natCast_mul] at h1
      have h3 := Int.ofNat_le.mp h1
      have e : ((2 ^ bits : Nat) : Int) = 2 ^ bits := Int.natCast_pow 2 bits
      rw [Nat.add_sub_cancel]
      dsimp only at h3 ⊢
      omega
  rw [value]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul, listTotal_eq_sum _ (n := inputs.length) (by
    rw [List.length_zipWith, count, Nat.min_self])]
  refine sum_congr fun i => ?_
  rw [getD_zipWith_number (productTerm K plan k o) [] [] i.isLt (by rw [count]; exact i.isLt)]
  unfold productTerm
  have h1 := numbers i.val
  rw [numberAt_columnAt] at h1
  rw [← h1, Ring.intCast_mul]
  show (2 : K) ^ (commonUnits (columnAt Dyadic.zero values o)).2 * (((at0 (commonUnits (columnAt Dyadic.zero values o)).1 i.val : Int) : K)
    * _) = _
  generalize (2 : K) ^ (commonUnits (columnAt Dyadic.zero values o)).2 = a
  generalize ((at0 (commonUnits (columnAt Dyadic.zero values o)).1 i.val : Int) : K) = b
  generalize ((at0 (flooredRow plan (inputs.getD i.val [])) k : Int) : K) = c
  grind

/-- **All rows: `Cᵀ t` is added to what the products were.** -/
theorem addProducts_spec {plan : Plan} {size targets : Nat} (fuel : Nat) (inputs values : List (List Dyadic))
    (products : List IntegerVector) (enough : inputs.length < fuel) (rows : FlooredRows plan size inputs)
    (count : values.length = inputs.length) (long : ∀ v ∈ values, targets ≤ v.length) (total : products.length = targets)
    (entries : ∀ o, o < targets → (products.getD o ⟨[], 0⟩).entries.length = size) :
    (addProducts plan size targets fuel inputs values products).length = targets ∧ ∀ o, o < targets →
      ((addProducts plan size targets fuel inputs values products).getD o ⟨[], 0⟩).entries.length = size ∧ ∀ k, k < size →
        ((addProducts plan size targets fuel inputs values products).getD o ⟨[], 0⟩).at K k
          = (products.getD o ⟨[], 0⟩).at K k + listTotal (List.zipWith (productTerm K plan k o) inputs values) := by
  induction fuel generalizing inputs values products with
  | zero => omega
  | succ fuel ih =>
    cases inputs with
    | nil =>
      rw [show addProducts plan size targets (fuel + 1) [] values products = products from rfl]
      refine ⟨total, fun o ho => ⟨entries o ho, fun k _ => ?_⟩⟩
      rw [List.zipWith_nil_left, listTotal_nil]; grind
    | cons first others =>
      have unfolded : addProducts plan size targets (fuel + 1) (first :: others) values products
          = addProducts plan size targets fuel ((first :: others).drop blockRows) (values.drop blockRows)
            (List.zipWith IntegerVector.add products
              (blockProducts plan size ((first :: others).take blockRows) (values.take blockRows) targets)) := by
        rw [addProducts]
        · simp only [split_eq, zipped_eq]
        · intro empty; cases empty
      rw [unfolded]
      have some : 0 < (first :: others).length := by rw [List.length_cons]; omega
      generalize first :: others = inputs at *
      have block := blockProducts_spec (K := K) (plan := plan) (size := size) (targets := targets) (inputs := inputs.take blockRows)
        (values := values.take blockRows) ⟨fun x hx => rows.length x (List.mem_of_mem_take hx),
          fun x hx => rows.within x (List.mem_of_mem_take hx)⟩ (by rw [List.length_take, List.length_take, count])
        fun v hv => long v (List.mem_of_mem_take hv)
      generalize blockProducts plan size (inputs.take blockRows) (values.take blockRows) targets = added at *
      have positive : 0 < blockRows := by show 0 < 512; omega
      have sum : ∀ o, o < targets → (List.zipWith IntegerVector.add products added).getD o ⟨[], 0⟩
          = (products.getD o ⟨[], 0⟩).add (added.getD o ⟨[], 0⟩) := fun o ho =>
        getD_zipWith _ _ _ _ (by rw [total]; exact ho) (by rw [block.1]; exact ho)
      obtain ⟨l1, l2⟩ := ih (inputs.drop blockRows) (values.drop blockRows) (List.zipWith IntegerVector.add products added)
        (by rw [List.length_drop]; omega) ⟨fun x hx => rows.length x (List.mem_of_mem_drop hx),
          fun x hx => rows.within x (List.mem_of_mem_drop hx)⟩ (by rw [List.length_drop, List.length_drop, count])
        (fun v hv => long v (List.mem_of_mem_drop hv)) (by rw [List.length_zipWith, total, block.1, Nat.min_self])
        (fun o ho => by rw [sum o ho, length_add, entries o ho, (block.2 o ho).1, Nat.min_self])
      refine ⟨l1, fun o ho => ⟨(l2 o ho).1, fun k hk => ?_⟩⟩
      rw [(l2 o ho).2 k hk, sum o ho, at_add _ _ (by rw [entries o ho, (block.2 o ho).1]), (block.2 o ho).2 k hk,
        ← List.take_zipWith, ← List.drop_zipWith, show ∀ a b c : K, a + b + c = a + (b + c) by intros; grind, ← listTotal_append,
        List.take_append_drop]

end

end Eigenstill.Claims
