/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Sorted
public import Eigenstill.Claims.Sound.Totals
public import Eigenstill.Claims.Sound.Vectors
public import Eigenstill.Theory.Distillation

/-!
# The sum of the largest numbers

* `exists_choice`: it is the sum over some choice of so many.
* `chosen_le_largest`: no choice of at most so many has a larger sum.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- The order by decreasing value. -/
theorem decreasing_order : OrderedBy fun a b => Dyadic.lt b a where
  asymm a b h := by
    cases h' : Dyadic.lt a b with
    | false => rfl
    | true =>
      have h1 := (Dyadic.lt_iff (K := Rat) b a).mp h
      have h2 := (Dyadic.lt_iff (K := Rat) a b).mp h'
      exact absurd h1 (by grind)
  trans a b c h h' := by
    cases h'' : Dyadic.lt a c with
    | false => rfl
    | true =>
      have h1 := (Dyadic.lt_iff (K := Rat) a c).mp h''
      have h2 : ¬ a.value Rat < b.value Rat := fun k => by rw [(Dyadic.lt_iff (K := Rat) a b).mpr k] at h; cases h
      have h3 : ¬ b.value Rat < c.value Rat := fun k => by rw [(Dyadic.lt_iff (K := Rat) b c).mpr k] at h'; cases h'
      exact absurd h1 (by grind)

/-- A list is the images of its places. -/
theorem map_range_getD {α : Type} (d : α) (xs : List α) : (List.range xs.length).map (fun k => xs.getD k d) = xs := by
  refine List.ext_getElem (by rw [List.length_map, List.length_range]) fun i h1 h2 => ?_
  rw [List.getElem_map, List.getElem_range, getD_below _ h2]

/-- An entry of a list of images. -/
theorem getD_map_below {α : Type} {β : Type u} (f : α → β) (d : β) {xs : List α} {i : Nat} (h : i < xs.length) :
    (xs.map f).getD i d = f xs[i] := by
  rw [List.getD_eq_getElem?_getD, List.getElem?_eq_getElem (by rw [List.length_map]; exact h), List.getElem_map]
  rfl

section
variable {K : Type u} [Field K]

theorem listTotal_map_range (n : Nat) (f : Nat → K) : listTotal ((List.range n).map f) = Eigenstill.sum n fun k => f k.val := by
  rw [listTotal_eq_sum _ (n := n) (by rw [List.length_map, List.length_range])]
  refine sum_congr fun k => ?_
  dsimp only
  rw [getD_map_below _ _ (by rw [List.length_range]; exact k.isLt), List.getElem_range]

/-- A sum over the entries of a list without repetition. -/
theorem sum_mem {p : Nat} (f : Nat → K) {zs : List Nat} (nodup : zs.Nodup) (below : ∀ z ∈ zs, z < p) :
    Eigenstill.sum p (fun k => if k.val ∈ zs then f k.val else 0) = listTotal (zs.map f) := by
  induction zs with
  | nil =>
    rw [List.map_nil, listTotal_nil, sum_congr (g := fun _ => (0 : K)) fun k => by rw [if_neg List.not_mem_nil], sum_zero]
  | cons z zs ih =>
    have parts := List.nodup_cons.mp nodup
    rw [List.map_cons, listTotal_cons, ← ih parts.2 fun y hy => below y (List.mem_cons_of_mem _ hy)]
    have single := sum_ident p ⟨z, below z List.mem_cons_self⟩ fun k => f k.val
    dsimp only at single
    rw [← single, ← sum_add]
    refine sum_congr fun k => ?_
    unfold ident
    dsimp only
    by_cases h : z = k.val
    · rw [if_pos h, if_pos (by rw [h]; exact List.mem_cons_self), if_neg (by rw [← h]; exact parts.1)]; grind
    · rw [if_neg h]
      by_cases h1 : k.val ∈ zs
      · rw [if_pos h1, if_pos (List.mem_cons_of_mem _ h1)]; grind
      · rw [if_neg h1, if_neg (fun h2 => by
          rcases List.mem_cons.mp h2 with h3 | h3
          · exact h h3.symm
          · exact h1 h3)]; grind

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- The places in the order of the sorted list. -/
private theorem exists_places (xs : List Dyadic) : ∃ zs : List Nat, zs.Perm (List.range xs.length) ∧
    sorted (fun a b => Dyadic.lt b a) xs = zs.map fun k => xs.getD k Dyadic.zero := by
  refine perm_map ?_
  rw [map_range_getD]
  exact sorted_perm decreasing_order xs

/-- **The sum of the `count` largest numbers is the sum over some `count` of them.** -/
theorem exists_choice (xs : List Dyadic) {count : Nat} (h : count ≤ xs.length) :
    ∃ zs : List Nat, zs.Nodup ∧ zs.length = count ∧ (∀ z ∈ zs, z < xs.length) ∧
      (sumDyadic ((sorted (fun a b => Dyadic.lt b a) xs).take count)).value K
        = listTotal (zs.map fun k => (xs.getD k Dyadic.zero).value K) := by
  obtain ⟨zs, perm, image⟩ := exists_places xs
  have length : zs.length = xs.length := by rw [perm.length_eq, List.length_range]
  refine ⟨zs.take count, ?_, by rw [List.length_take]; omega, fun z hz => ?_, ?_⟩
  · exact ((perm.nodup_iff).mpr List.nodup_range).sublist (List.take_sublist _ _)
  · exact List.mem_range.mp (perm.mem_iff.mp (List.mem_of_mem_take hz))
  · rw [value_sumDyadic_eq, image, ← List.map_take, List.map_map]
    rfl

open Classical in
/-- **No choice of at most `count` numbers, none of them negative, has a larger sum than the `count` largest.** -/
theorem chosen_le_largest (xs : List Dyadic) (nonneg : ∀ x ∈ xs, 0 ≤ x.value K) {count : Nat} (h : count ≤ xs.length)
    (S : Nat → Prop) (few : Eigenstill.sum xs.length (fun k => if S k.val then (1 : K) else 0) ≤ (count : K)) :
    Eigenstill.sum xs.length (fun k => if S k.val then (xs.getD k.val Dyadic.zero).value K else 0)
      ≤ (sumDyadic ((sorted (fun a b => Dyadic.lt b a) xs).take count)).value K := by
  obtain ⟨zs, perm, image⟩ := exists_places xs
  have length : zs.length = xs.length := by rw [perm.length_eq, List.length_range]
  have below : ∀ z ∈ zs, z < xs.length := fun z hz => List.mem_range.mp (perm.mem_iff.mp hz)
  -- the sums over the sorted places
  have turn : ∀ f : Nat → K, Eigenstill.sum xs.length (fun k => f k.val)
      = Eigenstill.sum xs.length fun i => f (zs.getD i.val 0) := by
    intro f
    rw [← listTotal_map_range, ← listTotal_perm (perm.map f), listTotal_eq_sum _ (n := xs.length) (by rw [List.length_map, length])]
    refine sum_congr fun i => ?_
    dsimp only
    have hi : i.val < zs.length := by rw [length]; exact i.isLt
    rw [getD_map_below _ _ hi, getD_below _ hi]
  rw [turn fun k => if S k then (1 : K) else 0] at few
  rw [turn fun k => if S k then (xs.getD k Dyadic.zero).value K else 0]
  have falls := sorted_pairwise decreasing_order xs
  rw [image, List.pairwise_iff_getElem] at falls
  have key := chosen_le_first (p := xs.length) (r := count)
    (a := fun i => (xs.getD (zs.getD i.val 0) Dyadic.zero).value K) (fun i => ?_) (fun k l hkl => ?_)
    (fun i => S (zs.getD i.val 0)) h few
  · refine IsPreorder.le_trans _ _ _ key ?_
    rw [value_sumDyadic_eq, image, ← List.map_take, List.map_map, listTotal_eq_sum _ (n := count) (by
      rw [List.length_map, List.length_take]; omega)]
    refine (fun e => by rw [e]; exact IsPreorder.le_refl _ : ∀ {a b : K}, a = b → a ≤ b) (sum_congr fun i => ?_)
    have hi : i.val < zs.length := by have := i.isLt; omega
    dsimp only
    rw [getD_map_below _ _ (show i.val < (zs.take count).length by rw [List.length_take]; have := i.isLt; omega),
      List.getElem_take, show (i.castLE h).val = i.val from rfl, getD_below (xs := zs) 0 hi]
    rfl
  · have hi : zs.getD i.val 0 < xs.length := by
      rw [getD_below _ (by rw [length]; exact i.isLt)]; exact below _ (List.getElem_mem _)
    dsimp only
    rw [getD_below _ hi]
    exact nonneg _ (List.getElem_mem hi)
  · have hk : k.val < zs.length := by rw [length]; exact k.isLt
    have hl : l.val < zs.length := by rw [length]; exact l.isLt
    dsimp only
    rw [getD_below (xs := zs) _ hk, getD_below (xs := zs) _ hl]
    by_cases same : k.val = l.val
    · have e : zs[k.val] = zs[l.val] := by congr 1
      rw [e]; exact IsPreorder.le_refl _
    · have less := falls k.val l.val (by rw [List.length_map]; exact hk) (by rw [List.length_map]; exact hl) (by omega)
      rw [List.getElem_map, List.getElem_map] at less
      by_cases le : (xs.getD zs[l.val] Dyadic.zero).value K ≤ (xs.getD zs[k.val] Dyadic.zero).value K
      · exact le
      · have h1 := (Dyadic.lt_iff (K := K) (xs.getD zs[k.val] Dyadic.zero) (xs.getD zs[l.val] Dyadic.zero)).mpr (by grind)
        rw [h1] at less; cases less

end

end Eigenstill.Claims
