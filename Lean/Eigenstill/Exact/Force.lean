/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Digits

/-!
# Evaluating step by step

Lean's kernel evaluates lazily: a loop that adds to a number piles up unevaluated additions until it runs out of stack.
`force v k` is `k v`, but evaluates the number `v` first: it compares `v` with itself, after which the kernel knows the value
and looks it up. (To match on `v` would make two more numbers of its size, its predecessor and that one's successor.) Sums
over a list, as the loops form them, are `listSum`.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

universe u

/-- `k v`, with `v` evaluated first. -/
@[inline] def force {α : Type u} (v : Nat) (k : Nat → α) : α :=
  match Nat.beq v v with
  | true => k v
  | false => k v

theorem force_eq {α : Type u} (v : Nat) (k : Nat → α) : force v k = k v := by unfold force; split <;> rfl

/-- `k v`, with the integer `v` evaluated first. -/
@[inline] def forceInt {α : Type u} (v : Int) (k : Int → α) : α :=
  match v with
  | .ofNat n => force n fun n => k (.ofNat n)
  | .negSucc n => force n fun n => k (.negSucc n)

theorem forceInt_eq {α : Type u} (v : Int) (k : Int → α) : forceInt v k = k v := by
  cases v <;> simp only [forceInt, force_eq]

section listSum
variable {K : Type u} [CommRing K] {α : Type u}

/-- The sum of `f` over a list. -/
noncomputable def listSum (f : α → K) : List α → K
  | [] => 0
  | a :: as => f a + listSum f as

/-- It is the sum over the positions of the list. -/
theorem listSum_eq (f : α → K) (d : α) (as : List α) : listSum f as = sum as.length fun k => f (as.getD k.val d) := by
  induction as with
  | nil => rfl
  | cons a as ih =>
    show f a + listSum f as = sum (as.length + 1) _
    rw [ih, sum_head]; rfl

theorem listSum_congr {f g : α → K} {as : List α} (h : ∀ a ∈ as, f a = g a) : listSum f as = listSum g as := by
  induction as with
  | nil => rfl
  | cons a as ih =>
    simp only [listSum]
    rw [h a List.mem_cons_self, ih fun b hb => h b (List.mem_cons_of_mem a hb)]

end listSum

end Eigenstill.Exact
