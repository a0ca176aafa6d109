/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum

/-!
# Tails of the binomial distribution

`lowerTail n k p` is `Σ_{j ≤ k} C(n, j) p^j (1 - p)^(n - j)`, a polynomial in `p` over any commutative ring.

* `lowerTail_succ`: the recursion by one trial, from which everything else follows.
* `lowerTail_zero`, `lowerTail_full`: `k = 0` gives `(1 - p)^n`, `k ≥ n` gives 1.
* `lowerTail_le_of_count`, `lowerTail_le_of_probability`: it grows with `k` and falls with `p` on `[0, 1]`.
* `lowerTail_failures`: the same event counted by failures.
* `lowerTail_le_of_naturals`: the inequality `lowerTail n k p ≤ δ` for rational `p` and `δ`, from natural numbers;
  `upperTail_le_of_naturals` is that of the other tail.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-- The binomial coefficient `C(n, j)`, by Pascal's triangle. -/
def choose : Nat → Nat → Nat
  | _, 0 => 1
  | 0, _ + 1 => 0
  | n + 1, j + 1 => choose n j + choose n (j + 1)

private theorem choose_zero (n : Nat) : choose n 0 = 1 := by cases n <;> rfl

private theorem choose_succ (n j : Nat) : choose (n + 1) (j + 1) = choose n j + choose n (j + 1) := rfl

private theorem choose_above : ∀ (n j : Nat), n < j → choose n j = 0
  | _, 0, h => by omega
  | 0, _ + 1, _ => rfl
  | n + 1, j + 1, h => by rw [choose_succ, choose_above n j (by omega), choose_above n (j + 1) (by omega)]

/-- One coefficient from the one before, without division. -/
private theorem choose_next : ∀ (n j : Nat), (j + 1) * choose n (j + 1) = (n - j) * choose n j
  | 0, j => by simp [choose]
  | n + 1, 0 => by
    have := choose_next n 0
    rw [choose_succ]; simp only [choose_zero] at *; omega
  | n + 1, j + 1 => by
    have h1 := choose_next n j
    have h2 := choose_next n (j + 1)
    by_cases h : j < n
    · rw [choose_succ n (j + 1), choose_succ n j]
      obtain ⟨r, hr⟩ : ∃ r, n = j + 1 + r := ⟨n - (j + 1), by omega⟩
      subst hr
      rw [show j + 1 + r - j = r + 1 by omega] at h1
      rw [show j + 1 + r - (j + 1) = r by omega] at h2
      rw [show j + 1 + r + 1 - (j + 1) = r + 1 by omega]
      grind
    · rw [choose_above (n + 1) (j + 1 + 1) (by omega), show n + 1 - (j + 1) = 0 by omega]; omega

section ring
variable {K : Type u} [CommRing K]

/-- `C(n, j) p^j (1 - p)^(n - j)`: the probability that `j` of `n` independent trials succeed, each with probability `p`. -/
def binomialTerm (n : Nat) (p : K) (j : Nat) : K := (choose n j : K) * p ^ j * (1 - p) ^ (n - j)

/-- `Σ_{j ≤ k} C(n, j) p^j (1 - p)^(n - j)`: the probability of at most `k` successes. -/
def lowerTail (n k : Nat) (p : K) : K := sum (k + 1) fun j => binomialTerm n p j.val

private theorem lowerTail_step (n k : Nat) (p : K) :
    lowerTail n (k + 1) p = lowerTail n k p + binomialTerm n p (k + 1) := rfl

private theorem lowerTail_first (n : Nat) (p : K) : lowerTail n 0 p = binomialTerm n p 0 := by
  show (0 : K) + binomialTerm n p 0 = binomialTerm n p 0; grind

private theorem binomialTerm_zero (n : Nat) (p : K) : binomialTerm n p 0 = (1 - p) ^ n := by
  unfold binomialTerm; rw [choose_zero, Semiring.natCast_one, Semiring.pow_zero, Nat.sub_zero]; grind

private theorem binomialTerm_succ (n : Nat) (p : K) (j : Nat) :
    binomialTerm (n + 1) p (j + 1) = p * binomialTerm n p j + (1 - p) * binomialTerm n p (j + 1) := by
  unfold binomialTerm
  rw [choose_succ, Semiring.natCast_add, Semiring.pow_succ, show n + 1 - (j + 1) = n - j by omega]
  by_cases h : j < n
  · rw [show n - j = n - (j + 1) + 1 by omega, Semiring.pow_succ (1 - p)]; grind
  · rw [choose_above n (j + 1) (by omega), Semiring.natCast_zero]; grind

/-- **The recursion by one trial**: it succeeds and leaves room for `k` more, or it fails. -/
theorem lowerTail_succ (n k : Nat) (p : K) :
    lowerTail (n + 1) (k + 1) p = p * lowerTail n k p + (1 - p) * lowerTail n (k + 1) p := by
  induction k with
  | zero =>
    rw [lowerTail_step, lowerTail_first, binomialTerm_succ, lowerTail_step n 0, lowerTail_first, binomialTerm_zero,
      binomialTerm_zero, Semiring.pow_succ]; grind
  | succ k ih => rw [lowerTail_step, ih, binomialTerm_succ, lowerTail_step n (k + 1), lowerTail_step n k]; grind

/-- **No success at all: `(1 - p)^n`.** -/
theorem lowerTail_zero (n : Nat) (p : K) : lowerTail n 0 p = (1 - p) ^ n := by
  rw [lowerTail_first, binomialTerm_zero]

/-- The recursion at `k = 0`. -/
theorem lowerTail_succ_zero (n : Nat) (p : K) : lowerTail (n + 1) 0 p = (1 - p) * lowerTail n 0 p := by
  rw [lowerTail_zero, lowerTail_zero, Semiring.pow_succ]; grind

/-- **All counts together: 1**, for every `k ≥ n`. -/
theorem lowerTail_full (n k : Nat) (p : K) (h : n ≤ k) : lowerTail n k p = 1 := by
  induction n generalizing k with
  | zero =>
    induction k with
    | zero => rw [lowerTail_zero, Semiring.pow_zero]
    | succ k ih =>
      rw [lowerTail_step, ih (by omega)]; unfold binomialTerm
      rw [choose_above 0 (k + 1) (by omega), Semiring.natCast_zero]; grind
  | succ n ih =>
    obtain ⟨k, rfl⟩ : ∃ l, k = l + 1 := ⟨k - 1, by omega⟩
    rw [lowerTail_succ, ih k (by omega), ih (k + 1) (by omega)]; grind

/-- **Counting failures: at most `a` failures or at most `b` successes, where `a + b + 1 = n`, are all there is.** -/
theorem lowerTail_failures (n a b : Nat) (p : K) (h : a + b + 1 = n) : lowerTail n a (1 - p) + lowerTail n b p = 1 := by
  induction n generalizing a b with
  | zero => omega
  | succ n ih =>
    cases a with
    | zero =>
      cases b with
      | zero =>
        obtain rfl : n = 0 := by omega
        rw [lowerTail_succ_zero, lowerTail_succ_zero, lowerTail_full 0 0 _ (by omega), lowerTail_full 0 0 _ (by omega)]
        clear ih; grind
      | succ b =>
        have h1 := ih 0 b (by omega)
        rw [lowerTail_succ_zero, lowerTail_succ, lowerTail_full n (b + 1) p (by omega)]; clear ih; grind
    | succ a =>
      cases b with
      | zero =>
        have h1 := ih a 0 (by omega)
        rw [lowerTail_succ_zero, lowerTail_succ, lowerTail_full n (a + 1) (1 - p) (by omega)]; clear ih; grind
      | succ b =>
        have h1 := ih a (b + 1) (by omega)
        have h2 := ih (a + 1) b (by omega)
        rw [lowerTail_succ, lowerTail_succ]; clear ih; grind

end ring

section order
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- It is at least 0. -/
theorem lowerTail_nonneg (n k : Nat) {p : K} (h0 : 0 ≤ p) (h1 : p ≤ 1) : 0 ≤ lowerTail n k p := by
  induction n generalizing k with
  | zero => rw [lowerTail_full 0 k p (by omega)]; exact OrderedRing.zero_le_one
  | succ n ih =>
    cases k with
    | zero => rw [lowerTail_succ_zero]; exact OrderedRing.mul_nonneg (by grind) (ih 0)
    | succ k =>
      rw [lowerTail_succ]
      have a := OrderedRing.mul_nonneg h0 (ih k)
      have b := OrderedRing.mul_nonneg (a := 1 - p) (by grind) (ih (k + 1))
      clear ih; grind

/-- One more success allowed is not less likely. -/
private theorem lowerTail_le_succ (n k : Nat) {p : K} (h0 : 0 ≤ p) (h1 : p ≤ 1) :
    lowerTail n k p ≤ lowerTail n (k + 1) p := by
  induction n generalizing k with
  | zero => rw [lowerTail_full 0 k p (by omega), lowerTail_full 0 (k + 1) p (by omega)]; exact IsPreorder.le_refl _
  | succ n ih =>
    cases k with
    | zero =>
      rw [lowerTail_succ_zero, lowerTail_succ]
      have a := OrderedRing.mul_nonneg h0 (lowerTail_nonneg n 0 h0 h1)
      have b := OrderedRing.mul_le_mul_of_nonneg_left (ih 0) (c := 1 - p) (by grind)
      clear ih; grind
    | succ k =>
      rw [lowerTail_succ, lowerTail_succ]
      have a := OrderedRing.mul_le_mul_of_nonneg_left (ih k) h0
      have b := OrderedRing.mul_le_mul_of_nonneg_left (ih (k + 1)) (c := 1 - p) (by grind)
      clear ih; grind

/-- **The tail grows with the count.** -/
theorem lowerTail_le_of_count (n : Nat) {k l : Nat} (h : k ≤ l) {p : K} (h0 : 0 ≤ p) (h1 : p ≤ 1) :
    lowerTail n k p ≤ lowerTail n l p := by
  induction l with
  | zero => rw [show k = 0 by omega]; exact IsPreorder.le_refl _
  | succ l ih =>
    by_cases e : k = l + 1
    · rw [e]; exact IsPreorder.le_refl _
    · exact IsPreorder.le_trans _ _ _ (ih (by omega)) (lowerTail_le_succ n l h0 h1)

/-- **The tail falls as success becomes more likely.** -/
theorem lowerTail_le_of_probability (n k : Nat) {p q : K} (h0 : 0 ≤ p) (h : p ≤ q) (h1 : q ≤ 1) :
    lowerTail n k q ≤ lowerTail n k p := by
  induction n generalizing k with
  | zero => rw [lowerTail_full 0 k p (by omega), lowerTail_full 0 k q (by omega)]; exact IsPreorder.le_refl _
  | succ n ih =>
    cases k with
    | zero =>
      rw [lowerTail_succ_zero, lowerTail_succ_zero]
      have a := OrderedRing.mul_le_mul_of_nonneg_left (ih 0) (c := 1 - q) (by grind)
      have b := OrderedRing.mul_nonneg (a := q - p) (by grind) (lowerTail_nonneg n 0 h0 (show p ≤ 1 by grind))
      clear ih; grind
    | succ k =>
      rw [lowerTail_succ, lowerTail_succ]
      have a := OrderedRing.mul_le_mul_of_nonneg_left (ih k) (c := q) (by grind)
      have b := OrderedRing.mul_le_mul_of_nonneg_left (ih (k + 1)) (c := 1 - q) (by grind)
      have c := lowerTail_le_succ n k h0 (show p ≤ 1 by grind)
      have e := OrderedRing.mul_nonneg (a := q - p) (b := lowerTail n (k + 1) p - lowerTail n k p) (by grind) (by grind)
      clear ih; grind

end order

/-! ## From natural numbers -/

/-- `C(n, j) P^j F^(n - j)`: a term in units of `D^n`, where `p = P / D` and `F = D - P`. -/
def naturalTerm (n P F j : Nat) : Nat := choose n j * P ^ j * F ^ (n - j)

/-- `Σ_{j ≤ k} C(n, j) P^j F^(n - j)`. -/
def naturalTail (n P F : Nat) : Nat → Nat
  | 0 => naturalTerm n P F 0
  | k + 1 => naturalTail n P F k + naturalTerm n P F (k + 1)

/-- **A term from the one before**: the division is exact, so a program may go from term to term. -/
theorem naturalTerm_next (n P F j : Nat) (hF : 0 < F) :
    naturalTerm n P F (j + 1) = naturalTerm n P F j * (n - j) * P / ((j + 1) * F) := by
  by_cases h : n ≤ j
  · unfold naturalTerm
    rw [choose_above n (j + 1) (by omega), show n - j = 0 by omega]; simp
  have e := choose_next n j
  have key : naturalTerm n P F j * (n - j) * P = naturalTerm n P F (j + 1) * ((j + 1) * F) := by
    unfold naturalTerm
    rw [show n - j = n - (j + 1) + 1 by omega, Nat.pow_succ, Nat.pow_succ]
    rw [show n - j = n - (j + 1) + 1 by omega] at e
    generalize choose n (j + 1) = a at *; generalize choose n j = b at *
    generalize P ^ j = x; generalize F ^ (n - (j + 1)) = y
    calc b * x * (y * F) * (n - (j + 1) + 1) * P = (n - (j + 1) + 1) * b * (x * P * y * F) := by grind
      _ = (j + 1) * a * (x * P * y * F) := by rw [e]
      _ = a * (x * P) * y * ((j + 1) * F) := by grind
  rw [key, Nat.mul_div_cancel _ (Nat.mul_pos (by omega) hF)]

section field
variable {K : Type u} [Field K]

private theorem naturalTerm_zero (n P F : Nat) : naturalTerm n P F 0 = F ^ n := by
  unfold naturalTerm; rw [choose_zero, Nat.pow_zero, Nat.sub_zero, Nat.one_mul]

private theorem naturalTerm_succ (n P F j : Nat) :
    naturalTerm (n + 1) P F (j + 1) = P * naturalTerm n P F j + F * naturalTerm n P F (j + 1) := by
  unfold naturalTerm
  rw [choose_succ, Nat.pow_succ, show n + 1 - (j + 1) = n - j by omega]
  by_cases h : j < n
  · rw [show n - j = n - (j + 1) + 1 by omega, Nat.pow_succ F]; grind
  · rw [choose_above n (j + 1) (by omega)]; grind

private theorem naturalTail_succ (n P F k : Nat) :
    naturalTail (n + 1) P F (k + 1) = P * naturalTail n P F k + F * naturalTail n P F (k + 1) := by
  have step (n k : Nat) : naturalTail n P F (k + 1) = naturalTail n P F k + naturalTerm n P F (k + 1) := rfl
  induction k with
  | zero =>
    rw [step, step, naturalTerm_succ]
    simp only [naturalTail, naturalTerm_zero, Nat.pow_succ]
    generalize F ^ n = x; generalize naturalTerm n P F (0 + 1) = y
    grind
  | succ k ih =>
    rw [step (n + 1) (k + 1), ih, naturalTerm_succ, step n (k + 1), step n k]
    generalize naturalTail n P F k = x; generalize naturalTerm n P F (k + 1) = y
    generalize naturalTerm n P F (k + 1 + 1) = z
    grind

private theorem naturalTail_zero_trials (P F k : Nat) : naturalTail 0 P F k = 1 := by
  induction k with
  | zero => simp only [naturalTail, naturalTerm_zero, Nat.pow_zero]
  | succ k ih => rw [naturalTail, ih]; unfold naturalTerm; rw [choose_above 0 (k + 1) (by omega)]; omega

private theorem naturalTail_cast (n k P F D : Nat) (h : P + F = D) {p : K} (hp : p * D = P) :
    ((naturalTail n P F k : Nat) : K) = (D : K) ^ n * lowerTail n k p := by
  have hf : (1 - p) * (D : K) = F := by
    have := Semiring.natCast_add (α := K) P F; rw [h] at this; grind
  induction n generalizing k with
  | zero => rw [naturalTail_zero_trials, lowerTail_full 0 k p (by omega), Semiring.natCast_one, Semiring.pow_zero]; grind
  | succ n ih =>
    cases k with
    | zero =>
      have := ih 0
      simp only [naturalTail, naturalTerm_zero] at *
      rw [Nat.pow_succ, Semiring.natCast_mul, this, lowerTail_succ_zero, Semiring.pow_succ, ← hf]; grind
    | succ k =>
      rw [naturalTail_succ, Semiring.natCast_add, Semiring.natCast_mul, Semiring.natCast_mul, ih k, ih (k + 1),
        lowerTail_succ, Semiring.pow_succ, ← hf, ← hp]; clear ih; grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem natCast_le {a b : Nat} (h : a ≤ b) : (a : K) ≤ (b : K) := by
  obtain ⟨c, rfl⟩ : ∃ c, b = a + c := ⟨b - a, by omega⟩
  have := natCast_nonneg (K := K) c
  rw [Semiring.natCast_add]; grind

private theorem natCast_pos {a : Nat} (h : 0 < a) : 0 < (a : K) := by
  have h1 := natCast_le (K := K) (show 1 ≤ a by omega)
  rw [Semiring.natCast_one] at h1
  have := OrderedRing.zero_lt_one (R := K); grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem natCast_pow (a n : Nat) : ((a ^ n : Nat) : K) = (a : K) ^ n := by
  induction n with
  | zero => rw [Nat.pow_zero, Semiring.natCast_one, Semiring.pow_zero]
  | succ n ih => rw [Nat.pow_succ, Semiring.natCast_mul, ih, Semiring.pow_succ]

omit [LawfulOrderLT K] in
private theorem pow_pos {a : K} (h : 0 < a) (n : Nat) : 0 < a ^ n := by
  induction n with
  | zero => rw [Semiring.pow_zero]; exact OrderedRing.zero_lt_one
  | succ n ih => rw [Semiring.pow_succ]; exact OrderedRing.mul_pos ih h

/-- **The inequality of the tail, from natural numbers: where `p D = P`, `P + F = D`, `δ Q = R` and
`Q Σ_{j ≤ k} C(n, j) P^j F^(n - j) ≤ R D^n`, then `lowerTail n k p ≤ δ`.** It says nothing of where `n` and `k` come from. -/
theorem lowerTail_le_of_naturals {n k P F D R Q : Nat} (h : P + F = D) (hD : 0 < D) (hQ : 0 < Q) {p δ : K}
    (hp : p * D = P) (hδ : δ * Q = R) (check : Q * naturalTail n P F k ≤ R * D ^ n) : lowerTail n k p ≤ δ := by
  have h1 := natCast_le (K := K) check
  rw [Semiring.natCast_mul, Semiring.natCast_mul, naturalTail_cast n k P F D h hp, natCast_pow, ← hδ] at h1
  have hd := pow_pos (natCast_pos (K := K) hD) n
  have hq := natCast_pos (K := K) hQ
  refine le_of_mul_le_mul (OrderedRing.mul_pos hq hd) ?_
  clear check hp hδ hd hq; grind

/-- **The same for the other tail: where `Q D^n ≤ Q Σ_{j ≤ k} C(n, j) P^j F^(n - j) + R D^n`, then `1 - lowerTail n k p ≤ δ`.** -/
theorem upperTail_le_of_naturals {n k P F D R Q : Nat} (h : P + F = D) (hD : 0 < D) (hQ : 0 < Q) {p δ : K}
    (hp : p * D = P) (hδ : δ * Q = R) (check : Q * D ^ n ≤ Q * naturalTail n P F k + R * D ^ n) :
    1 - lowerTail n k p ≤ δ := by
  have h1 := natCast_le (K := K) check
  rw [Semiring.natCast_add, Semiring.natCast_mul, Semiring.natCast_mul, Semiring.natCast_mul,
    naturalTail_cast n k P F D h hp, natCast_pow, ← hδ] at h1
  have hd := pow_pos (natCast_pos (K := K) hD) n
  have hq := natCast_pos (K := K) hQ
  refine le_of_mul_le_mul (OrderedRing.mul_pos hq hd) ?_
  clear check hp hδ hd hq; grind

end field

end Eigenstill
