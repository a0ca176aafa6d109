/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Lists

/-!
# The loops over lists are core's functions

Each loop of `Claims.Exec.Lists` equals the function of core that it stands for.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

variable {α β γ : Type}

theorem reverseOnto_eq (xs ys : List α) : reverseOnto xs ys = xs.reverse ++ ys := by
  induction xs generalizing ys with
  | nil => rfl
  | cons x xs ih => rw [reverseOnto, ih, List.reverse_cons, List.append_assoc, List.singleton_append]

theorem turned_eq (xs : List α) : turned xs = xs.reverse := by unfold turned; rw [reverseOnto_eq, List.append_nil]

theorem joinedLists_eq (xs ys : List α) : joinedLists xs ys = xs ++ ys := by
  unfold joinedLists; rw [reverseOnto_eq, turned_eq, List.reverse_reverse]

private theorem count_eq (xs : List α) (n : Nat) : sizeOf'.count xs n = n + xs.length := by
  induction xs generalizing n with
  | nil => rfl
  | cons x xs ih => rw [sizeOf'.count, ih, List.length_cons]; omega

theorem sizeOf'_eq (xs : List α) : sizeOf' xs = xs.length := by unfold sizeOf'; rw [count_eq, Nat.zero_add]

private theorem mapWalk_eq (f : α → β) (xs : List α) (done : List β) :
    mapped.walk f xs done = done.reverse ++ xs.map f := by
  induction xs generalizing done with
  | nil => rw [mapped.walk, turned_eq, List.map_nil, List.append_nil]
  | cons x xs ih => rw [mapped.walk, ih, List.map_cons, List.reverse_cons, List.append_assoc, List.singleton_append]

theorem mapped_eq (f : α → β) (xs : List α) : mapped f xs = xs.map f := by
  unfold mapped; rw [mapWalk_eq, List.reverse_nil, List.nil_append]

private theorem zipWalk_eq (f : α → β → γ) (xs : List α) (ys : List β) (done : List γ) :
    zipped.walk f xs ys done = done.reverse ++ List.zipWith f xs ys := by
  induction xs generalizing ys done with
  | nil =>
    rw [show zipped.walk f [] ys done = turned done by cases ys <;> rfl, turned_eq, List.zipWith_nil_left,
      List.append_nil]
  | cons x xs ih =>
    cases ys with
    | nil =>
      rw [show zipped.walk f (x :: xs) [] done = turned done from rfl, turned_eq, List.zipWith_nil_right,
        List.append_nil]
    | cons y ys =>
      rw [show zipped.walk f (x :: xs) (y :: ys) done = zipped.walk f xs ys (f x y :: done) from rfl, ih,
        List.zipWith_cons_cons, List.reverse_cons, List.append_assoc, List.singleton_append]

theorem zipped_eq (f : α → β → γ) (xs : List α) (ys : List β) : zipped f xs ys = List.zipWith f xs ys := by
  unfold zipped; rw [zipWalk_eq, List.reverse_nil, List.nil_append]

theorem every_iff (p : α → Bool) (xs : List α) : every p xs = true ↔ ∀ x ∈ xs, p x = true := by
  induction xs with
  | nil => exact ⟨fun _ x hx => absurd hx List.not_mem_nil, fun _ => rfl⟩
  | cons x xs ih =>
    rw [every, List.forall_mem_cons, ← ih]
    by_cases h : p x = true
    · rw [if_pos h]; exact ⟨fun h1 => ⟨h, h1⟩, fun h1 => h1.2⟩
    · rw [if_neg h]; exact ⟨fun h1 => Bool.noConfusion h1, fun h1 => absurd h1.1 h⟩

private theorem splitWalk_eq (n : Nat) (xs taken : List α) :
    split.walk n xs taken = (taken.reverse ++ xs.take n, xs.drop n) := by
  induction n generalizing xs taken with
  | zero =>
    rw [show split.walk 0 xs taken = (turned taken, xs) by cases xs <;> rfl, turned_eq, List.take_zero, List.drop_zero,
      List.append_nil]
  | succ n ih =>
    cases xs with
    | nil =>
      rw [show split.walk (n + 1) [] taken = (turned taken, []) from rfl, turned_eq, List.take_nil, List.drop_nil,
        List.append_nil]
    | cons x xs =>
      rw [show split.walk (n + 1) (x :: xs) taken = split.walk n xs (x :: taken) from rfl, ih, List.take_succ_cons,
        List.drop_succ_cons, List.reverse_cons, List.append_assoc, List.singleton_append]

theorem split_eq (n : Nat) (xs : List α) : split n xs = (xs.take n, xs.drop n) := by
  unfold split; rw [splitWalk_eq, List.reverse_nil, List.nil_append]

private theorem down_eq (n : Nat) (done : List Nat) : numbersBelow.down n done = List.range n ++ done := by
  induction n generalizing done with
  | zero => rfl
  | succ n ih => rw [numbersBelow.down, ih, List.range_succ, List.append_assoc, List.singleton_append]

theorem numbersBelow_eq (n : Nat) : numbersBelow n = List.range n := by
  unfold numbersBelow; rw [down_eq, List.append_nil]

theorem entryAt_eq (d : α) (i : Nat) (xs : List α) : entryAt d i xs = xs.getD i d := by
  induction xs generalizing i with
  | nil => rw [List.getD_nil]; cases i <;> rfl
  | cons x xs ih =>
    cases i with
    | zero => rfl
    | succ i => rw [List.getD_cons_succ, ← ih i]; rfl

end Eigenstill.Claims.Exec
