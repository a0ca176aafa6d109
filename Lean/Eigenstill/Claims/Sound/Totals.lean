/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Integers
public import Eigenstill.Claims.Sound.Sums
public import Eigenstill.Exact.Value

/-!
# Sums of lists of numbers
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K]

/-- The sum of a list of numbers. -/
def listTotal (xs : List K) : K := xs.foldr (fun x rest => x + rest) 0

theorem listTotal_nil : listTotal ([] : List K) = 0 := rfl

theorem listTotal_cons (x : K) (xs : List K) : listTotal (x :: xs) = x + listTotal xs := rfl

theorem listTotal_perm {xs ys : List K} (h : xs.Perm ys) : listTotal xs = listTotal ys := by
  induction h with
  | nil => rfl
  | cons x _ ih => rw [listTotal_cons, listTotal_cons, ih]
  | swap x y l => rw [listTotal_cons, listTotal_cons, listTotal_cons, listTotal_cons]; grind
  | trans _ _ ih1 ih2 => rw [ih1, ih2]

/-- The sum over indices. -/
theorem listTotal_eq_sum (xs : List K) {n : Nat} (h : xs.length = n) : listTotal xs = Eigenstill.sum n fun i => xs.getD i.val 0 := by
  subst h
  induction xs with
  | nil => rfl
  | cons x xs ih =>
    rw [listTotal_cons, ih]
    show _ = Eigenstill.sum (xs.length + 1) _
    rw [Exact.sum_head]
    rfl

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem value_sumDyadic_eq (xs : List Dyadic) : (sumDyadic xs).value K = listTotal (xs.map (Dyadic.value K)) := by
  have walk : ∀ (xs : List Dyadic) (start : Dyadic), (folded Dyadic.add start xs).value K
      = start.value K + listTotal (xs.map (Dyadic.value K)) := by
    intro xs
    induction xs with
    | nil => intro start; rw [List.map_nil, listTotal_nil]; show start.value K = _; grind
    | cons x xs ih =>
      intro start
      rw [show folded Dyadic.add start (x :: xs) = folded Dyadic.add (Dyadic.add start x) xs from rfl, ih, Dyadic.value_add,
        List.map_cons, listTotal_cons]
      grind
  unfold sumDyadic
  rw [walk, Dyadic.value_zero]
  grind

end

end Eigenstill.Claims
