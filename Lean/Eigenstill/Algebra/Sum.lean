/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Init.Grind

/-!
# Ordered fields and finite sums

What the library needs of a linearly ordered field beyond `grind`: absolute values, quotients, casts of integers; and
sums over `Fin n`, by recursion on `n` from the last index down.

* `absVal x` is `|x|`; it is defined by cases, so that no theorem assumes a decidable order.
* `sum n f` is `f 0 + f 1 + ... + f (n-1)`; the laws are `sum_add`, `sum_mul`, `sum_lin`, `sum_comm`, `sum_le`.
* `sum_take`: a sum cut off by `if k < m` is a shorter sum.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-! ## Sums over a commutative ring -/

section ring
variable {K : Type u} [CommRing K]

/-- `f 0 + f 1 + ... + f (n-1)`. -/
def sum : (n : Nat) → (Fin n → K) → K
  | 0, _ => 0
  | n + 1, f => sum n (fun i => f i.castSucc) + f (Fin.last n)

/-- The last summand, split off. -/
theorem sum_succ (n) (f : Fin (n + 1) → K) : sum (n + 1) f = sum n (fun i => f i.castSucc) + f (Fin.last n) := rfl

theorem sum_congr {n} {f g : Fin n → K} (h : ∀ i, f i = g i) : sum n f = sum n g := by
  rw [show f = g from funext h]

theorem sum_add (n) (f g : Fin n → K) : sum n (fun i => f i + g i) = sum n f + sum n g := by
  induction n with
  | zero => simp only [sum]; grind
  | succ n ih => simp only [sum, ih]; grind

theorem sum_mul (n) (c : K) (f : Fin n → K) : sum n (fun i => c * f i) = c * sum n f := by
  induction n with
  | zero => simp only [sum]; grind
  | succ n ih => simp only [sum, ih]; grind

/-- The workhorse: one linear step. -/
theorem sum_lin (n) (c : K) (f g : Fin n → K) : sum n (fun i => f i + c * g i) = sum n f + c * sum n g := by
  rw [sum_add, sum_mul]

theorem sum_sub (n) (f g : Fin n → K) : sum n (fun i => f i - g i) = sum n f - sum n g := by
  rw [show (fun i => f i - g i) = fun i => f i + (-1) * g i by funext i; grind, sum_lin]; grind

theorem sum_zero (n) : sum n (fun _ => (0 : K)) = 0 := by
  induction n with
  | zero => simp only [sum]
  | succ n ih => simp only [sum, ih]; grind

theorem sum_one (n) : sum n (fun _ => (1 : K)) = n := by
  induction n with
  | zero => simp only [sum]; exact Semiring.natCast_zero.symm
  | succ n ih => simp only [sum, ih]; rw [Semiring.natCast_succ]

theorem sum_const (n) (c : K) : sum n (fun _ => c) = n * c := by
  have h := sum_mul n c (fun _ => (1 : K))
  rw [sum_one, show (fun _ : Fin n => c * (1 : K)) = fun _ => c by funext i; grind] at h
  rw [h]; grind

theorem sum_comm (n m) (f : Fin n → Fin m → K) :
    sum n (fun i => sum m (f i)) = sum m (fun j => sum n (fun i => f i j)) := by
  induction n with
  | zero => simp only [sum, sum_zero]
  | succ n ih => simp only [sum, ih, sum_add]

/-- A product of two sums is the double sum. -/
theorem sum_mul_sum (n m) (f : Fin n → K) (g : Fin m → K) :
    sum n f * sum m g = sum n (fun i => sum m (fun j => f i * g j)) := by
  rw [CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun i => ?_
  rw [sum_mul]; grind

/-- `ident i j` is 1 if `i = j`, else 0: the identity matrix, and its rows the standard basis. -/
def ident {n} (i j : Fin n) : K := if i.val = j.val then 1 else 0

theorem ident_self {n} (i : Fin n) : (ident i i : K) = 1 := by simp only [ident, if_true]

theorem ident_comm {n} (i j : Fin n) : (ident i j : K) = ident j i := by
  unfold ident; by_cases h : i.val = j.val
  · rw [if_pos h, if_pos h.symm]
  · rw [if_neg h, if_neg (Ne.symm h)]

/-- Summing against a row of the identity picks one entry. -/
theorem sum_ident (n) : ∀ (i : Fin n) (f : Fin n → K), sum n (fun j => f j * ident i j) = f i := by
  induction n with
  | zero => intro i; exact i.elim0
  | succ n ih =>
    intro i f
    simp only [sum]
    by_cases h : i.val = n
    · have e : (fun j : Fin n => f j.castSucc * ident i j.castSucc) = fun _ => 0 := by
        funext j; simp only [ident, Fin.val_castSucc]; grind
      have hi : i = Fin.last n := by grind
      rw [e, sum_zero]; subst hi; simp only [ident, if_true]; grind
    · have hi : i = Fin.castSucc ⟨i.val, by grind⟩ := by grind
      have := ih ⟨i.val, by grind⟩ (fun j => f j.castSucc)
      have e : (fun j : Fin n => f j.castSucc * ident i j.castSucc)
          = fun j => f j.castSucc * ident ⟨i.val, by grind⟩ j := by
        funext j; simp only [ident, Fin.val_castSucc]
      rw [e, this, ← hi]; simp only [ident, Fin.val_last, if_neg h]; grind

/-- A sum cut off at `m` is the sum over the first `m` indices. -/
theorem sum_take {n m} (h : m ≤ n) (f : Fin n → K) :
    sum n (fun k => if k.val < m then f k else 0) = sum m (fun k => f (k.castLE h)) := by
  induction n with
  | zero =>
    have : m = 0 := by omega
    subst this; simp only [sum]
  | succ n ih =>
    simp only [sum, Fin.val_castSucc, Fin.val_last]
    by_cases hm : m ≤ n
    · rw [ih hm, if_neg (by omega)]
      rw [show (fun k : Fin m => f ((k.castLE hm).castSucc)) = fun k => f (k.castLE h) from rfl]; grind
    · have : m = n + 1 := by omega
      subst this
      simp only [sum]
      rw [if_pos (by omega), show f (Fin.castLE h (Fin.last n)) = f (Fin.last n) from rfl]
      congr 1; refine sum_congr fun k => ?_
      rw [if_pos (by have := k.isLt; omega)]; rfl

/-- Casting integers commutes with sums. -/
theorem intCast_sum (n) (f : Fin n → Int) : ((sum n f : Int) : K) = sum n (fun i => (f i : K)) := by
  induction n with
  | zero => simp only [sum]; exact Ring.intCast_zero
  | succ n ih => simp only [sum]; rw [Ring.intCast_add, ih]

end ring

/-! ## Sums over an ordered ring -/

section order
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem sum_nonneg (n) (f : Fin n → K) (h : ∀ i, 0 ≤ f i) : 0 ≤ sum n f := by
  induction n with
  | zero => simp only [sum]; grind
  | succ n ih => simp only [sum]; have := ih _ (fun i => h i.castSucc); have := h (Fin.last n); grind

theorem sum_le (n) (f g : Fin n → K) (h : ∀ i, f i ≤ g i) : sum n f ≤ sum n g := by
  induction n with
  | zero => simp only [sum]; grind
  | succ n ih => simp only [sum]; have := ih _ _ (fun i => h i.castSucc); have := h (Fin.last n); grind

/-- One summand of a sum of nonnegatives is at most the sum. -/
theorem le_sum (n) (f : Fin n → K) (h : ∀ i, 0 ≤ f i) (i : Fin n) : f i ≤ sum n f := by
  induction n with
  | zero => exact i.elim0
  | succ n ih =>
    have h1 := sum_nonneg n _ (fun i => h i.castSucc)
    have h2 := h (Fin.last n)
    have h3 := ih _ (fun i => h i.castSucc)
    simp only [sum]
    refine Fin.lastCases (motive := fun i => f i ≤ _) ?_ (fun j => ?_) i
    · clear h3; grind
    · have := h3 j; clear h3; grind

theorem eq_zero_of_sum_eq_zero (n) (f : Fin n → K) (h : ∀ i, 0 ≤ f i) (hs : sum n f = 0) (i : Fin n) : f i = 0 := by
  have := le_sum n f h i; have := h i; grind

theorem intCast_nonneg {a : Int} (h : 0 ≤ a) : 0 ≤ (a : K) := OrderedRing.nonneg_intCast_of_nonneg a h

theorem intCast_le {a b : Int} (h : a ≤ b) : (a : K) ≤ (b : K) := by
  have := intCast_nonneg (K := K) (a := b - a) (by grind)
  rw [Ring.intCast_sub] at this; grind

theorem natCast_nonneg (n : Nat) : 0 ≤ (n : K) := by
  have := intCast_nonneg (K := K) (a := n) (by grind)
  rw [Ring.intCast_natCast] at this; exact this

open Classical in
/-- The absolute value `|x|`. -/
def absVal (x : K) : K := if 0 ≤ x then x else -x

omit [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem absVal_of_nonneg {x : K} (h : 0 ≤ x) : absVal x = x := by unfold absVal; rw [if_pos h]

theorem absVal_of_nonpos {x : K} (h : x ≤ 0) : absVal x = -x := by
  unfold absVal; by_cases h0 : 0 ≤ x
  · rw [if_pos h0]; grind
  · rw [if_neg h0]

theorem absVal_nonneg (x : K) : 0 ≤ absVal x := by unfold absVal; split <;> grind
theorem le_absVal (x : K) : x ≤ absVal x := by unfold absVal; split <;> grind
theorem neg_le_absVal (x : K) : -x ≤ absVal x := by unfold absVal; split <;> grind
omit [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem absVal_le {x b : K} (h1 : x ≤ b) (h2 : -x ≤ b) : absVal x ≤ b := by unfold absVal; split <;> grind
theorem absVal_zero : absVal (0 : K) = 0 := absVal_of_nonneg (by grind)

theorem absVal_neg (x : K) : absVal (-x) = absVal x := by
  by_cases h : 0 ≤ x
  · rw [absVal_of_nonneg h, absVal_of_nonpos (by grind)]; grind
  · rw [absVal_of_nonpos (show x ≤ 0 by grind), absVal_of_nonneg (by grind)]

theorem absVal_add (x y : K) : absVal (x + y) ≤ absVal x + absVal y := by
  have := le_absVal x; have := le_absVal y; have := neg_le_absVal x; have := neg_le_absVal y
  exact absVal_le (by grind) (by grind)

theorem absVal_mul (x y : K) : absVal (x * y) = absVal x * absVal y := by
  by_cases hx : 0 ≤ x <;> by_cases hy : 0 ≤ y
  · rw [absVal_of_nonneg hx, absVal_of_nonneg hy, absVal_of_nonneg (OrderedRing.mul_nonneg hx hy)]
  · have := OrderedRing.mul_nonneg (a := x) (b := -y) hx (by grind)
    rw [absVal_of_nonneg hx, absVal_of_nonpos (show y ≤ 0 by grind), absVal_of_nonpos (show x * y ≤ 0 by grind)]; grind
  · have := OrderedRing.mul_nonneg (a := -x) (b := y) (by grind) hy
    rw [absVal_of_nonneg hy, absVal_of_nonpos (show x ≤ 0 by grind), absVal_of_nonpos (show x * y ≤ 0 by grind)]; grind
  · have := OrderedRing.mul_nonneg (a := -x) (b := -y) (by grind) (by grind)
    rw [absVal_of_nonpos (show x ≤ 0 by grind), absVal_of_nonpos (show y ≤ 0 by grind),
      absVal_of_nonneg (show 0 ≤ x * y by grind)]; grind

omit [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem absVal_sq (x : K) : absVal x ^ 2 = x ^ 2 := by unfold absVal; split <;> grind

/-- The triangle inequality for sums. -/
theorem absVal_sum (n) (f : Fin n → K) : absVal (sum n f) ≤ sum n (fun i => absVal (f i)) := by
  induction n with
  | zero => simp only [sum, absVal_zero]; grind
  | succ n ih =>
    simp only [sum]
    have := ih (fun i => f i.castSucc)
    have := absVal_add (sum n (fun i => f i.castSucc)) (f (Fin.last n))
    clear ih; grind

/-- The absolute value of an integer, cast, is its cast absolute value. -/
theorem absVal_intCast (a : Int) : absVal (a : K) = ((a.natAbs : Int) : K) := by
  by_cases h : 0 ≤ a
  · rw [absVal_of_nonneg (intCast_nonneg h), show (a.natAbs : Int) = a by omega]
  · have h1 := intCast_le (K := K) (a := a) (b := 0) (by omega)
    rw [Ring.intCast_zero] at h1
    rw [absVal_of_nonpos h1, ← Ring.intCast_neg, show (a.natAbs : Int) = -a by omega]

/-- A square that a sum of absolute values dominates: `(Σ a_j y_j)² ≤ (Σ |a_j|)² B` when every `y_j² ≤ B`. -/
theorem sq_sum_mul_le (n) (a y : Fin n → K) (B : K) (h : ∀ j, y j ^ 2 ≤ B) :
    sum n (fun j => a j * y j) ^ 2 ≤ sum n (fun j => absVal (a j)) ^ 2 * B := by
  have e : ∀ x : K, x ^ 2 = x * x := by intro x; grind
  rw [e, e, sum_mul_sum, sum_mul_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_le _ _ _ fun i => ?_
  rw [← sum_mul]
  refine sum_le _ _ _ fun j => ?_
  have h1 := le_absVal (a i * y i * (a j * y j))
  have h2 : absVal (a i * y i * (a j * y j)) = absVal (a i) * absVal (a j) * absVal (y i * y j) := by
    simp only [absVal_mul]; grind
  have h3 : absVal (y i * y j) ≤ B := by
    have := h i; have := h j
    have p := OrderedRing.sq_nonneg (a := y i - y j); have q := OrderedRing.sq_nonneg (a := y i + y j)
    exact absVal_le (by grind) (by grind)
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left h3
    (OrderedRing.mul_nonneg (absVal_nonneg (a i)) (absVal_nonneg (a j)))
  grind

theorem sq_le_sq {a b : K} (ha : 0 ≤ a) (h : a ≤ b) : a ^ 2 ≤ b ^ 2 := by
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left h ha
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left h (c := b) (by grind)
  grind

theorem mul_le_mul {a b c d : K} (h1 : a ≤ b) (h2 : c ≤ d) (hc : 0 ≤ c) (hb : 0 ≤ b) : a * c ≤ b * d := by
  have h3 := OrderedRing.mul_le_mul_of_nonneg_right h1 hc
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left h2 hb
  grind

end order

/-! ## Quotients in an ordered field -/

section field
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem inv_nonneg {b : K} (hb : 0 < b) : 0 ≤ b⁻¹ := by
  have := Field.IsOrdered.inv_pos_iff.mpr hb; grind

/-- Multiplying an inequality by a positive number can be undone. -/
theorem le_of_mul_le_mul {a b c : K} (hc : 0 < c) (h : c * a ≤ c * b) : a ≤ b := by
  have h1 := OrderedRing.mul_le_mul_of_nonneg_left h (inv_nonneg hc)
  have e : ∀ x : K, c⁻¹ * (c * x) = x := by intro x; grind
  rw [e, e] at h1; exact h1

theorem lt_of_mul_lt_mul {a b c : K} (hc : 0 < c) (h : c * a < c * b) : a < b := by
  by_cases h1 : b ≤ a
  · have := OrderedRing.mul_le_mul_of_nonneg_left h1 (c := c) (by grind); grind
  · grind

theorem le_div_iff {a b c : K} (hc : 0 < c) : a ≤ b / c ↔ a * c ≤ b := by
  have e : c * (b / c) = b := by grind
  constructor
  · intro h; have := OrderedRing.mul_le_mul_of_nonneg_left h (c := c) (by grind); grind
  · intro h; exact le_of_mul_le_mul hc (by grind)

theorem div_le_iff {a b c : K} (hc : 0 < c) : b / c ≤ a ↔ b ≤ a * c := by
  have e : c * (b / c) = b := by grind
  constructor
  · intro h; have := OrderedRing.mul_le_mul_of_nonneg_left h (c := c) (by grind); grind
  · intro h; exact le_of_mul_le_mul hc (by grind)

theorem div_le_div_iff {a b c d : K} (hb : 0 < b) (hd : 0 < d) : a / b ≤ c / d ↔ a * d ≤ c * b := by
  rw [div_le_iff hb]
  have e : d * (c / d * b) = c * b := by grind
  constructor
  · intro h; have := OrderedRing.mul_le_mul_of_nonneg_left h (c := d) (by grind); grind
  · intro h; exact le_of_mul_le_mul hd (by grind)

theorem div_lt_div_iff {a b c d : K} (hb : 0 < b) (hd : 0 < d) : a / b < c / d ↔ a * d < c * b := by
  have := div_le_div_iff (a := c) (c := a) hd hb
  grind

theorem div_nonneg {a b : K} (ha : 0 ≤ a) (hb : 0 < b) : 0 ≤ a / b := by
  rw [le_div_iff hb]; grind

theorem sq_pos {a : K} (h : 0 < a) : 0 < a ^ 2 := by
  have := OrderedRing.mul_pos h h; grind

end field

end Eigenstill
