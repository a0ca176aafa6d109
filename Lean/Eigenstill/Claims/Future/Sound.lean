/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Binomial
public import Eigenstill.Theory.FutureRows

/-!
# What the counts of `tolerance` and `closer` prove

The checker's binomial arithmetic (`Claims.Exec.Binomial`) against the theory: the count and the limit that it finds have
tails within the risk, over every ordered field, and so the statements about future rows hold but for that risk.

* `tolerance_of_largestCount`, `closer_of_lowerLimit`: the statements, for every finite distribution.
* `lowerTail_le_of_largestCount`, `upperTail_le_of_lowerLimit`: the inequalities of the tails alone.

That the errors are those of the formula is proved in `Claims.Sound.Tolerance` and `Claims.Sound.Closer`.
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

private theorem first_eq (n P F : Nat) : F ^ n = naturalTerm n P F 0 := by
  unfold naturalTerm; cases n <;> simp [choose]

private theorem tailFrom_eq (n P F : Nat) (hF : 0 < F) (steps j : Nat) :
    tailFrom n P F steps j (naturalTerm n P F j) (naturalTail n P F j) = naturalTail n P F (j + steps) := by
  induction steps generalizing j with
  | zero => rfl
  | succ steps ih =>
    have := ih (j + 1)
    rw [show j + 1 + steps = j + (steps + 1) by omega] at this
    rw [← this]
    show tailFrom n P F steps (j + 1) (nextTerm n P F j (naturalTerm n P F j))
      (naturalTail n P F j + nextTerm n P F j (naturalTerm n P F j)) = _
    unfold nextTerm; rw [← naturalTerm_next n P F j hF]; rfl

/-- The program's sum is the sum. -/
theorem tailOf_eq (n P F k : Nat) (hF : 0 < F) : tailOf n P F k = naturalTail n P F k := by
  have := tailFrom_eq n P F hF k 0
  rw [Nat.zero_add] at this
  rw [← this]
  show tailFrom n P F k 0 (F ^ n) (F ^ n) = tailFrom n P F k 0 (naturalTerm n P F 0) (naturalTerm n P F 0)
  rw [first_eq n P F]

private theorem countFrom_within (n P F Q limit : Nat) (hF : 0 < F) (fuel j : Nat)
    (known : ∀ k, j = k + 1 → Q * naturalTail n P F k ≤ limit) (k : Nat)
    (found : countFrom n P F Q limit fuel j (naturalTerm n P F j) (naturalTail n P F j) = k + 1) :
    Q * naturalTail n P F k ≤ limit := by
  induction fuel generalizing j with
  | zero => exact known k found
  | succ fuel ih =>
    by_cases h : Q * naturalTail n P F j ≤ limit
    · refine ih (j + 1) (fun l e => ?_) ?_
      · obtain rfl : j = l := by omega
        exact h
      · rw [← found]
        show _ = if Q * naturalTail n P F j ≤ limit then
          countFrom n P F Q limit fuel (j + 1) (nextTerm n P F j (naturalTerm n P F j))
            (naturalTail n P F j + nextTerm n P F j (naturalTerm n P F j)) else j
        rw [if_pos h]; unfold nextTerm; rw [← naturalTerm_next n P F j hF]; rfl
    · refine known k ?_
      rw [← found]
      show j = if Q * naturalTail n P F j ≤ limit then
          countFrom n P F Q limit fuel (j + 1) (nextTerm n P F j (naturalTerm n P F j))
            (naturalTail n P F j + nextTerm n P F j (naturalTerm n P F j)) else j
      rw [if_neg h]

private theorem narrowed_within (n d D R Q : Nat) (fuel low high : Nat)
    (known : low = 0 ∨ upperWithin n d low (D - low) R Q = true) :
    narrowed n d D R Q fuel low high = 0 ∨
      upperWithin n d (narrowed n d D R Q fuel low high) (D - narrowed n d D R Q fuel low high) R Q = true := by
  induction fuel generalizing low high with
  | zero => exact known
  | succ fuel ih =>
    unfold narrowed
    split
    · dsimp only
      split
      · next h => exact ih _ _ (Or.inr h)
      · exact ih _ _ known
    · exact known

private theorem narrowed_below (n d D R Q : Nat) (fuel low high : Nat) (h : low < D) (hh : high ≤ D) :
    narrowed n d D R Q fuel low high < D := by
  induction fuel generalizing low high with
  | zero => exact h
  | succ fuel ih =>
    unfold narrowed
    split
    · dsimp only
      split
      · exact ih _ _ (by omega) hh
      · exact ih _ _ h (by omega)
    · exact h

/-- The limit that the checker finds is at most 1. -/
theorem lowerLimit_le (n count bits R Q : Nat) : lowerLimit n count bits R Q ≤ 2 ^ bits := by
  cases count with
  | zero => exact Nat.zero_le _
  | succ d =>
    exact Nat.le_of_lt (narrowed_below n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) (Nat.pow_pos (by omega)) (Nat.le_refl _))

section field
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **The count that the checker finds has a tail within the risk.** -/
theorem lowerTail_le_of_largestCount {n k P F R Q : Nat} (hF : 0 < F) (hQ : 0 < Q)
    (found : largestCount n P F R Q = some k) {p δ : K} (hp : p * (P + F : Nat) = P) (hδ : δ * Q = R) :
    lowerTail n k p ≤ δ := by
  refine lowerTail_le_of_naturals (P := P) (F := F) (D := P + F) rfl (by omega) hQ hp hδ ?_
  refine countFrom_within n P F Q (R * (P + F) ^ n) hF (n + 1) 0 (fun k e => by omega) k ?_
  unfold largestCount at found
  rw [first_eq n P F] at found
  show countFrom n P F Q (R * (P + F) ^ n) (n + 1) 0 (naturalTerm n P F 0) (naturalTerm n P F 0) = k + 1
  dsimp only at found
  split at found
  · exact absurd found (by simp)
  · next h => rw [h]; simpa using found

/-- **Tolerance: whatever the distribution of the rows, for the count `k` that the checker finds, a bound that at most `k` of `n`
independent rows exceed leaves more than the fraction `p` of all rows above it with probability at most `δ`.** The bound is
that of `chance_tolerance_le`; the `(k + 1)`-th largest error of the sample is one. Independence is an assumption. -/
theorem tolerance_of_largestCount {n k P F R Q : Nat} (hF : 0 < F) (hQ : 0 < Q)
    (found : largestCount n P F R Q = some k) {p δ : K} (hp : p * (P + F : Nat) = P) (hδ : δ * Q = R) (h0 : 0 ≤ p)
    (h1 : p ≤ 1) {m : Nat} {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (e : Fin m → K)
    (bound : List (Fin m) → K) (few : ∀ rows, rows.length = n → hits (fun i => bound rows < e i) rows ≤ k) :
    chance w n (fun rows => p < mass w fun i => bound rows < e i) ≤ δ :=
  IsPreorder.le_trans _ _ _ (chance_tolerance_le hw total e bound n k few h0 h1)
    (lowerTail_le_of_largestCount hF hQ found hp hδ)

private theorem cast_pos {a : Nat} (h : 0 < a) : 0 < (a : K) := by
  obtain ⟨b, rfl⟩ : ∃ b, a = b + 1 := ⟨a - 1, by omega⟩
  have h1 := natCast_nonneg (K := K) b
  have h2 := OrderedRing.zero_lt_one (R := K)
  rw [Semiring.natCast_add, Semiring.natCast_one]; grind

private theorem upperTail_le_of_within {n d P F R Q : Nat} (hP : 0 < P) (hF : 0 < F) (hQ : 0 < Q) (hd : d < n)
    (h : upperWithin n d P F R Q = true) {p δ : K} (hp : p * (P + F : Nat) = P) (hδ : δ * Q = R) :
    1 - lowerTail n d p ≤ δ := by
  unfold upperWithin at h
  split at h
  · have h := _root_.of_decide_eq_true h
    rw [tailOf_eq n F P _ hP] at h
    have hf : (1 - p) * (P + F : Nat) = (F : K) := by
      have := Semiring.natCast_add (α := K) P F; grind
    have tail := lowerTail_le_of_naturals (K := K) (P := F) (F := P) (D := P + F) (by omega) (by omega) hQ hf hδ h
    have both := lowerTail_failures n (n - (d + 1)) d p (by omega)
    clear hf h hp hδ; grind
  · have h := _root_.of_decide_eq_true h
    rw [tailOf_eq n P F d hF] at h
    exact upperTail_le_of_naturals (K := K) rfl (by omega) hQ hp hδ h

/-- **The limit that the checker finds for `d + 1` hits has a tail within the risk, unless it is 0.** -/
theorem upperTail_le_of_lowerLimit {n d bits R Q : Nat} (hQ : 0 < Q) (hd : d < n) {q δ : K}
    (hq : q * (2 ^ bits : Nat) = (lowerLimit n (d + 1) bits R Q : Nat)) (hδ : δ * Q = R) (positive : 0 < q) :
    1 - lowerTail n d q ≤ δ := by
  have below := narrowed_below n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) (Nat.pow_pos (by omega)) (Nat.le_refl _)
  rcases narrowed_within n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) (Or.inl rfl) with zero | within
  · have hq : q * (2 ^ bits : Nat) = (narrowed n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) : Nat) := hq
    rw [zero, Semiring.natCast_zero] at hq
    have := OrderedRing.mul_pos positive (cast_pos (K := K) (Nat.pow_pos (n := bits) (show 0 < 2 by omega)))
    grind
  · have hq : q * (2 ^ bits : Nat) = (narrowed n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) : Nat) := hq
    generalize narrowed n d (2 ^ bits) R Q (bits + 1) 0 (2 ^ bits) = P at *
    have hP : 0 < P := by
      by_cases h : P = 0
      · subst h
        rw [Semiring.natCast_zero] at hq
        have := OrderedRing.mul_pos positive (cast_pos (K := K) (Nat.pow_pos (n := bits) (show 0 < 2 by omega)))
        grind
      · omega
    refine upperTail_le_of_within hP (show 0 < 2 ^ bits - P by omega) hQ hd within ?_ hδ
    rw [show P + (2 ^ bits - P) = 2 ^ bits by omega]; exact hq

/-- **Closer: whatever the distribution of the rows, the limit that the checker finds for the number of hits among `n` independent
rows exceeds the true probability of a hit with probability at most `δ`.** Independence is an assumption. -/
theorem closer_of_lowerLimit {n bits R Q : Nat} (hQ : 0 < Q) {δ : K} (hδ : δ * Q = R) (nonneg : 0 ≤ δ) (limit : Nat → K)
    (value : ∀ c, limit c * (2 ^ bits : Nat) = (lowerLimit n c bits R Q : Nat)) (le_one : ∀ c, limit c ≤ 1)
    {m : Nat} {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (E : Fin m → Prop) :
    chance w n (fun rows => mass w E < limit (hits E rows)) ≤ δ := by
  refine chance_closer_le hw total E n limit nonneg le_one fun c hc positive => ?_
  cases c with
  | zero =>
    have h := value 0
    rw [show lowerLimit n 0 bits R Q = 0 from rfl, Semiring.natCast_zero] at h
    have := OrderedRing.mul_pos positive (cast_pos (K := K) (Nat.pow_pos (n := bits) (show 0 < 2 by omega)))
    clear value; grind
  | succ d => exact ⟨d, rfl, upperTail_le_of_lowerLimit hQ (by omega) (value (d + 1)) hδ positive⟩

end field

end Eigenstill.Claims
