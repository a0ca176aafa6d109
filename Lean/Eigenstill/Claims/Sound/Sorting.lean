/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Lists

/-!
# Sorting by merging

`sorted_spec`: for an order that `below` decides strictly, `sorted` gives the same entries in that order.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

variable {α : Type} {below : α → α → Bool} {le : α → α → Prop}

private theorem merge_perm (fuel : Nat) (xs ys done : List α) (h : xs.length + ys.length ≤ fuel) :
    (merge below fuel xs ys done).Perm (done ++ (xs ++ ys)) := by
  induction fuel generalizing xs ys done with
  | zero =>
    have hx : xs = [] := List.length_eq_zero_iff.mp (by omega)
    have hy : ys = [] := List.length_eq_zero_iff.mp (by omega)
    subst hx; subst hy
    rw [show merge below 0 [] [] done = turned done from rfl, turned_eq, List.append_nil, List.append_nil]
    exact List.reverse_perm done
  | succ fuel ih =>
    cases xs with
    | nil =>
      rw [show merge below (fuel + 1) [] ys done = reverseOnto done ys from rfl, reverseOnto_eq, List.nil_append]
      exact (List.reverse_perm done).append_right ys
    | cons a as =>
      cases ys with
      | nil =>
        rw [show merge below (fuel + 1) (a :: as) [] done = reverseOnto done (a :: as) from rfl, reverseOnto_eq, List.append_nil]
        exact (List.reverse_perm done).append_right _
      | cons b bs =>
        rw [List.length_cons, List.length_cons] at h
        rw [show merge below (fuel + 1) (a :: as) (b :: bs) done = if below b a then merge below fuel (a :: as) bs (b :: done)
          else merge below fuel as (b :: bs) (a :: done) from rfl]
        split
        · refine (ih (a :: as) bs (b :: done) (by rw [List.length_cons]; omega)).trans ?_
          rw [List.cons_append]
          refine List.Perm.trans ?_ (List.perm_append_comm_assoc done (a :: as) (b :: bs)).symm
          refine List.Perm.trans ?_ (List.perm_append_comm_assoc (a :: as) done (b :: bs)).symm
          rw [← List.append_assoc, ← List.append_assoc]
          exact (List.perm_middle (l₁ := done ++ (a :: as)) (a := b) (l₂ := bs)).symm
        · refine (ih as (b :: bs) (a :: done) (by rw [List.length_cons]; omega)).trans ?_
          rw [List.cons_append, List.cons_append]
          exact (List.perm_middle (l₁ := done) (a := a) (l₂ := as ++ b :: bs)).symm

private theorem merge_pairwise (total : ∀ a b, below b a = true → le b a) (others : ∀ a b, ¬ below b a = true → le a b)
    (trans : ∀ a b c, le a b → le b c → le a c) (fuel : Nat) (xs ys done : List α) (h : xs.length + ys.length ≤ fuel)
    (hd : done.reverse.Pairwise le) (hx : xs.Pairwise le) (hy : ys.Pairwise le)
    (first : ∀ a ∈ done, ∀ b ∈ xs, le a b) (second : ∀ a ∈ done, ∀ b ∈ ys, le a b) :
    (merge below fuel xs ys done).Pairwise le := by
  induction fuel generalizing xs ys done with
  | zero =>
    have hx : xs = [] := List.length_eq_zero_iff.mp (by omega)
    have hy : ys = [] := List.length_eq_zero_iff.mp (by omega)
    subst hx; subst hy
    rw [show merge below 0 [] [] done = turned done from rfl, turned_eq]; exact hd
  | succ fuel ih =>
    cases xs with
    | nil =>
      rw [show merge below (fuel + 1) [] ys done = reverseOnto done ys from rfl, reverseOnto_eq]
      exact List.pairwise_append.mpr ⟨hd, hy, fun a ha b hb => second a (List.mem_reverse.mp ha) b hb⟩
    | cons a as =>
      cases ys with
      | nil =>
        rw [show merge below (fuel + 1) (a :: as) [] done = reverseOnto done (a :: as) from rfl, reverseOnto_eq]
        exact List.pairwise_append.mpr ⟨hd, hx, fun c hc b hb => first c (List.mem_reverse.mp hc) b hb⟩
      | cons b bs =>
        rw [List.length_cons, List.length_cons] at h
        have ha := List.pairwise_cons.mp hx
        have hb := List.pairwise_cons.mp hy
        have grow : ∀ c, (∀ d ∈ done, le d c) → (c :: done).reverse.Pairwise le := fun c hc => by
          rw [List.reverse_cons]
          exact List.pairwise_append.mpr ⟨hd, List.pairwise_singleton le c, fun d hd' e he => by
            rw [List.mem_singleton.mp he]; exact hc d (List.mem_reverse.mp hd')⟩
        rw [show merge below (fuel + 1) (a :: as) (b :: bs) done = if below b a then merge below fuel (a :: as) bs (b :: done)
          else merge below fuel as (b :: bs) (a :: done) from rfl]
        split
        · next smaller =>
          have le1 := total a b smaller
          refine ih (a :: as) bs (b :: done) (by rw [List.length_cons]; omega)
            (grow b fun d hd => second d hd b List.mem_cons_self) hx hb.2 (fun d hd e he => ?_) (fun d hd e he => ?_)
          · rcases List.mem_cons.mp hd with rfl | hd
            · rcases List.mem_cons.mp he with rfl | he
              · exact le1
              · exact trans _ _ _ le1 (ha.1 e he)
            · exact first d hd e he
          · rcases List.mem_cons.mp hd with rfl | hd
            · exact hb.1 e he
            · exact second d hd e (List.mem_cons_of_mem _ he)
        · next larger =>
          have le1 := others a b larger
          refine ih as (b :: bs) (a :: done) (by rw [List.length_cons]; omega)
            (grow a fun d hd => first d hd a List.mem_cons_self) ha.2 hy (fun d hd e he => ?_) (fun d hd e he => ?_)
          · rcases List.mem_cons.mp hd with rfl | hd
            · exact ha.1 e he
            · exact first d hd e (List.mem_cons_of_mem _ he)
          · rcases List.mem_cons.mp hd with rfl | hd
            · rcases List.mem_cons.mp he with rfl | he
              · exact le1
              · exact trans _ _ _ le1 (hb.1 e he)
            · exact second d hd e he

/-- All entries of lists of lists. -/
private theorem mergePairs_spec (total : ∀ a b, below b a = true → le b a) (others : ∀ a b, ¬ below b a = true → le a b)
    (trans : ∀ a b c, le a b → le b c → le a c) (size n : Nat) (parts done : List (List α)) (hn : parts.length ≤ n)
    (h : parts.flatten.length ≤ size) (hp : ∀ part ∈ parts, part.Pairwise le) (hd : ∀ part ∈ done, part.Pairwise le) :
    (mergePairs below size parts done).flatten.Perm (done.flatten ++ parts.flatten) ∧
      (∀ part ∈ mergePairs below size parts done, part.Pairwise le) ∧
      (mergePairs below size parts done).length = done.length + (parts.length + 1) / 2 := by
  induction n generalizing parts done with
  | zero =>
    have e : parts = [] := List.length_eq_zero_iff.mp (by omega)
    subst e
    rw [show mergePairs below size [] done = turned done from rfl, turned_eq, List.flatten_nil, List.append_nil, List.length_reverse]
    exact ⟨(List.reverse_perm done).flatten, fun part hp => hd part (List.mem_reverse.mp hp), by rw [List.length_nil]; omega⟩
  | succ n ih =>
    match parts with
    | [] =>
      rw [show mergePairs below size [] done = turned done from rfl, turned_eq, List.flatten_nil, List.append_nil, List.length_reverse]
      exact ⟨(List.reverse_perm done).flatten, fun part hp => hd part (List.mem_reverse.mp hp), by rw [List.length_nil]; omega⟩
    | [last] =>
      rw [show mergePairs below size [last] done = turned (last :: done) from rfl, turned_eq, List.length_reverse]
      refine ⟨(List.reverse_perm _).flatten.trans ?_, fun part hm => ?_, by simp⟩
      · rw [List.flatten_cons, List.flatten_cons, List.flatten_nil, List.append_nil]
        exact List.perm_append_comm
      · rcases List.mem_cons.mp (List.mem_reverse.mp hm) with rfl | h1
        · exact hp _ List.mem_cons_self
        · exact hd part h1
    | first :: second :: rest =>
      rw [List.flatten_cons, List.flatten_cons, List.length_append, List.length_append] at h
      have both : first.length + second.length ≤ size := by omega
      have perm := merge_perm (below := below) size first second [] both
      have order := merge_pairwise total others trans size first second [] both List.Pairwise.nil
        (hp first List.mem_cons_self) (hp second (List.mem_cons_of_mem _ List.mem_cons_self))
        (fun a ha => absurd ha List.not_mem_nil) (fun a ha => absurd ha List.not_mem_nil)
      obtain ⟨h1, h2, h3⟩ := ih rest (merge below size first second [] :: done) (by
        rw [List.length_cons, List.length_cons] at hn; omega) (by omega)
        (fun part hp' => hp part (List.mem_cons_of_mem _ (List.mem_cons_of_mem _ hp')))
        (fun part hp' => by
          rcases List.mem_cons.mp hp' with rfl | h4
          · exact order
          · exact hd part h4)
      rw [show mergePairs below size (first :: second :: rest) done
        = mergePairs below size rest (merge below size first second [] :: done) from rfl]
      refine ⟨h1.trans ?_, h2, ?_⟩
      · rw [List.flatten_cons, List.flatten_cons, List.flatten_cons, ← List.append_assoc first]
        rw [List.nil_append] at perm
        refine List.Perm.trans ((perm.append_right _).append_right _) ?_
        rw [← List.append_assoc]
        exact List.perm_append_comm.append_right _
      · rw [h3, List.length_cons, List.length_cons, List.length_cons]; omega

private theorem mergeAll_spec (total : ∀ a b, below b a = true → le b a) (others : ∀ a b, ¬ below b a = true → le a b)
    (trans : ∀ a b c, le a b → le b c → le a c) (size fuel : Nat) (parts : List (List α)) (hf : parts.length ≤ fuel + 1)
    (h : parts.flatten.length ≤ size) (hp : ∀ part ∈ parts, part.Pairwise le) :
    (mergeAll below size fuel parts).Perm parts.flatten ∧ (mergeAll below size fuel parts).Pairwise le := by
  induction fuel generalizing parts with
  | zero =>
    match parts with
    | [] => exact ⟨List.Perm.refl _, List.Pairwise.nil⟩
    | [only] =>
      rw [show mergeAll below size 0 [only] = only from rfl, List.flatten_cons, List.flatten_nil, List.append_nil]
      exact ⟨List.Perm.refl _, hp only List.mem_cons_self⟩
    | first :: second :: rest => rw [List.length_cons, List.length_cons] at hf; omega
  | succ fuel ih =>
    match parts with
    | [] => exact ⟨List.Perm.refl _, List.Pairwise.nil⟩
    | [only] =>
      rw [show mergeAll below size (fuel + 1) [only] = only from rfl, List.flatten_cons, List.flatten_nil, List.append_nil]
      exact ⟨List.Perm.refl _, hp only List.mem_cons_self⟩
    | first :: second :: rest =>
      obtain ⟨h1, h2, h3⟩ := mergePairs_spec total others trans size (first :: second :: rest).length (first :: second :: rest) []
        (Nat.le_refl _) h hp fun part hp' => absurd hp' List.not_mem_nil
      rw [List.flatten_nil, List.nil_append] at h1
      obtain ⟨h4, h5⟩ := ih (mergePairs below size (first :: second :: rest) []) (by
        rw [h3, List.length_nil]; rw [List.length_cons, List.length_cons] at *; omega) (by rw [h1.length_eq]; exact h) h2
      exact ⟨h4.trans h1, h5⟩

/-- **`sorted` gives the same entries in order.** -/
theorem sorted_spec (total : ∀ a b, below b a = true → le b a) (others : ∀ a b, ¬ below b a = true → le a b)
    (trans : ∀ a b c, le a b → le b c → le a c) (xs : List α) :
    (sorted below xs).Perm xs ∧ (sorted below xs).Pairwise le := by
  have single : ∀ xs : List α, (xs.map fun entry => [entry]).flatten = xs := by
    intro xs
    induction xs with
    | nil => rfl
    | cons x xs ih => rw [List.map_cons, List.flatten_cons, ih, List.singleton_append]
  unfold sorted
  dsimp only
  rw [mapped_eq, sizeOf'_eq]
  have h := mergeAll_spec total others trans xs.length xs.length (xs.map fun entry => [entry]) (by rw [List.length_map]; omega)
    (by rw [single]; exact Nat.le_refl _) (fun part hp => by
      obtain ⟨x, _, rfl⟩ := List.mem_map.mp hp
      exact List.pairwise_singleton le x)
  rw [single] at h
  exact h

end Eigenstill.Claims.Exec
