/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Sorting

/-!
# Sorting by an order of keys

`sorted_perm`, `sorted_pairwise`: `sorted below xs` has the entries of `xs`, each as often, and none stands before one that is
below it.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

variable {α β : Type}

/-- Being below is the order of some keys: no two are below each other, and "not below" is transitive. -/
structure OrderedBy (below : α → α → Bool) : Prop where
  asymm : ∀ a b, below a b = true → below b a = false
  trans : ∀ a b c, below b a = false → below c b = false → below c a = false

private theorem sorted_both {below : α → α → Bool} (order : OrderedBy below) (xs : List α) :
    (sorted below xs).Perm xs ∧ (sorted below xs).Pairwise fun a b => below b a = false :=
  sorted_spec (fun a b h => order.asymm b a h) (fun a b h => by
    cases h' : below b a with
    | true => exact absurd h' h
    | false => rfl) order.trans xs

/-- **The sorted list has the same entries, each as often.** -/
theorem sorted_perm {below : α → α → Bool} (order : OrderedBy below) (xs : List α) : (sorted below xs).Perm xs :=
  (sorted_both order xs).1

/-- **In the sorted list no entry stands before one that is below it.** -/
theorem sorted_pairwise {below : α → α → Bool} (order : OrderedBy below) (xs : List α) :
    (sorted below xs).Pairwise fun a b => below b a = false := (sorted_both order xs).2

theorem length_sorted {below : α → α → Bool} (order : OrderedBy below) (xs : List α) :
    (sorted below xs).length = xs.length := (sorted_perm order xs).length_eq

/-- A permutation of the images of some entries is the images of a permutation of them. -/
theorem perm_map {f : β → α} {xs : List α} {ys : List β} (h : xs.Perm (ys.map f)) :
    ∃ zs : List β, zs.Perm ys ∧ xs = zs.map f := by
  generalize hm : ys.map f = ms at h
  induction h generalizing ys with
  | nil => exact ⟨[], by rw [List.map_eq_nil_iff.mp hm], rfl⟩
  | cons x _ ih =>
    obtain ⟨y, rest, rfl, rfl, h2⟩ := List.map_eq_cons_iff.mp hm
    obtain ⟨zs, perm, rfl⟩ := ih h2
    exact ⟨y :: zs, perm.cons y, rfl⟩
  | swap x y l =>
    obtain ⟨a, rest, rfl, rfl, h2⟩ := List.map_eq_cons_iff.mp hm
    obtain ⟨b, rest, rfl, rfl, rfl⟩ := List.map_eq_cons_iff.mp h2
    exact ⟨b :: a :: rest, List.Perm.swap a b rest, rfl⟩
  | trans _ _ ih1 ih2 =>
    obtain ⟨zs, perm, rfl⟩ := ih2 hm
    obtain ⟨ws, perm', rfl⟩ := ih1 rfl
    exact ⟨ws, perm'.trans perm, rfl⟩

end Eigenstill.Claims.Exec
