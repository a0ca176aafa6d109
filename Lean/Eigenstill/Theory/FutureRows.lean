/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.Binomial

/-!
# Rows that nobody has seen

A row is one of `m` outcomes, of which outcome `i` has the probability `w i`; a sample is a list of `n` rows, drawn
independently. (Rows of float64 have finitely many outcomes, so nothing is lost; `m` may be as large as it likes.)

* `chance_hits_le`: the probability of at most `k` hits in `n` draws is `lowerTail n k` of the probability of one hit.
* `chance_tolerance_le`: Wilks (1941). A bound that at most `k` rows of the sample exceed is exceeded by more than the
  fraction `p` of all rows with probability at most `lowerTail n k p`.
* `chance_closer_le`: Clopper and Pearson (1934). A limit that is too large for the number of hits found is rare.

The assumption, independent draws from one distribution, is in the definition of `chance`: no check of a file can see it.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

section ring
variable {K : Type u} [CommRing K] {m : Nat}

open Classical in
/-- The probability of an event of one row. -/
def mass (w : Fin m → K) (E : Fin m → Prop) : K := sum m fun i => if E i then w i else 0

open Classical in
/-- The probability of an event of `n` rows, drawn independently. -/
def chance (w : Fin m → K) : (n : Nat) → (List (Fin m) → Prop) → K
  | 0, A => if A [] then 1 else 0
  | n + 1, A => sum m fun i => w i * chance w n fun rows => A (i :: rows)

open Classical in
/-- How many rows of a sample are in `E`. -/
def hits (E : Fin m → Prop) : List (Fin m) → Nat
  | [] => 0
  | i :: rows => (if E i then 1 else 0) + hits E rows

private theorem hits_mono {E F : Fin m → Prop} (h : ∀ i, E i → F i) : ∀ rows, hits E rows ≤ hits F rows
  | [] => Nat.le_refl _
  | i :: rows => by
    classical
    have := hits_mono h rows
    simp only [hits]
    by_cases hE : E i
    · rw [if_pos hE, if_pos (h i hE)]; omega
    · rw [if_neg hE]; omega

theorem hits_le_length (E : Fin m → Prop) : ∀ rows, hits E rows ≤ rows.length
  | [] => Nat.le_refl _
  | i :: rows => by
    have := hits_le_length E rows
    simp only [hits, List.length_cons]; split <;> omega

private theorem chance_none {w : Fin m → K} {A : List (Fin m) → Prop} (h : A []) : chance w 0 A = 1 := if_pos h

private theorem chance_none_not {w : Fin m → K} {A : List (Fin m) → Prop} (h : ¬ A []) : chance w 0 A = 0 := if_neg h

private theorem chance_false (w : Fin m → K) (n : Nat) : chance w n (fun _ => False) = 0 := by
  induction n with
  | zero => exact chance_none_not id
  | succ n ih =>
    show sum m (fun i => w i * chance w n fun _ => False) = 0
    rw [ih, show (fun i => w i * (0 : K)) = fun _ => 0 from funext fun i => Semiring.mul_zero _, sum_zero]

private theorem chance_congr (w : Fin m → K) (n : Nat) {A B : List (Fin m) → Prop} (h : ∀ rows, A rows ↔ B rows) :
    chance w n A = chance w n B := by
  rw [show A = B from funext fun rows => propext (h rows)]

/-- **Hits are binomial: at most `k` of them in `n` draws have the probability `lowerTail n k q`, `q` that of one hit.** -/
theorem chance_hits_le (w : Fin m → K) (total : sum m w = 1) (E : Fin m → Prop) (n k : Nat) :
    chance w n (fun rows => hits E rows ≤ k) = lowerTail n k (mass w E) := by
  classical
  induction n generalizing k with
  | zero =>
    rw [lowerTail_full 0 k _ (Nat.zero_le k)]; exact chance_none (Nat.zero_le k)
  | succ n ih =>
    have both (a b : K) : sum m (fun i => w i * (if E i then a else b)) = mass w E * a + (1 - mass w E) * b := by
      have e : (fun i => w i * (if E i then a else b))
          = fun i => (b * w i) + (a - b) * (if E i then w i else 0) := by
        funext i; by_cases h : E i
        · rw [if_pos h, if_pos h]; grind
        · rw [if_neg h, if_neg h]; grind
      rw [e, sum_lin, sum_mul, total]; unfold mass; grind
    have out (i : Fin m) (h : ¬ E i) (k : Nat) :
        chance w n (fun rows => hits E (i :: rows) ≤ k) = lowerTail n k (mass w E) := by
      rw [← ih k]; refine chance_congr w n fun rows => ?_
      simp only [hits, if_neg h, Nat.zero_add]
    cases k with
    | zero =>
      rw [lowerTail_succ_zero]
      have b := both 0 (lowerTail n 0 (mass w E))
      rw [show mass w E * (0 : K) + (1 - mass w E) * lowerTail n 0 (mass w E)
        = (1 - mass w E) * lowerTail n 0 (mass w E) by clear b both out ih; grind] at b
      rw [← b]; refine sum_congr fun i => ?_
      by_cases h : E i
      · rw [if_pos h, ← chance_false w n]; congr 1; refine chance_congr w n fun rows => ?_
        simp only [hits, if_pos h]
        exact ⟨fun x => absurd x (by omega), False.elim⟩
      · rw [if_neg h, out i h]
    | succ k =>
      rw [lowerTail_succ, ← both]; refine sum_congr fun i => ?_
      by_cases h : E i
      · rw [if_pos h, ← ih k]; congr 1; refine chance_congr w n fun rows => ?_
        simp only [hits, if_pos h]; omega
      · rw [if_neg h, out i h]

end ring

section order
variable {K : Type u} [CommRing K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m : Nat}

theorem mass_mono {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) {E F : Fin m → Prop} (h : ∀ i, E i → F i) :
    mass w E ≤ mass w F := by
  classical
  refine sum_le m _ _ fun i => ?_
  by_cases hE : E i
  · rw [if_pos hE, if_pos (h i hE)]; exact IsPreorder.le_refl _
  · rw [if_neg hE]; split
    · exact hw i
    · exact IsPreorder.le_refl _

theorem mass_nonneg {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (E : Fin m → Prop) : 0 ≤ mass w E := by
  classical
  refine sum_nonneg m _ fun i => ?_
  split
  · exact hw i
  · exact IsPreorder.le_refl _

theorem mass_le_one {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (E : Fin m → Prop) :
    mass w E ≤ 1 := by
  classical
  rw [← total]; refine sum_le m _ _ fun i => ?_
  split
  · exact IsPreorder.le_refl _
  · exact hw i

/-- An event that implies another is not more likely. -/
theorem chance_mono {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (n : Nat) {A B : List (Fin m) → Prop}
    (h : ∀ rows, rows.length = n → A rows → B rows) : chance w n A ≤ chance w n B := by
  classical
  induction n generalizing A B with
  | zero =>
    have one := OrderedRing.zero_le_one (R := K)
    by_cases hA : A []
    · rw [chance_none hA, chance_none (h [] rfl hA)]; exact IsPreorder.le_refl _
    · rw [chance_none_not hA]
      by_cases hB : B []
      · rw [chance_none hB]; exact one
      · rw [chance_none_not hB]; exact IsPreorder.le_refl _
  | succ n ih =>
    refine sum_le m _ _ fun i => OrderedRing.mul_le_mul_of_nonneg_left (ih fun rows e hA => ?_) (hw i)
    exact h (i :: rows) (by rw [List.length_cons, e]) hA

omit [OrderedRing K] [CommRing K] in
/-- Among the rows with a property one has the largest error. -/
private theorem exists_largest (e : Fin m → K) (P : Fin m → Prop) (h : ∃ i, P i) :
    ∃ i, P i ∧ ∀ j, P j → e j ≤ e i := by
  classical
  induction m with
  | zero => obtain ⟨i, _⟩ := h; exact i.elim0
  | succ m ih =>
    by_cases hr : ∃ i : Fin m, P i.castSucc
    · obtain ⟨i, hi, hm⟩ := ih (fun i => e i.castSucc) (fun i => P i.castSucc) hr
      by_cases hl : P (Fin.last m) ∧ e i.castSucc ≤ e (Fin.last m)
      · refine ⟨Fin.last m, hl.1, fun j => Fin.lastCases (fun _ => IsPreorder.le_refl _) (fun j hj => ?_) j⟩
        exact IsPreorder.le_trans _ _ _ (hm j hj) hl.2
      · refine ⟨i.castSucc, hi, fun j => Fin.lastCases (fun hj => ?_) (fun j hj => hm j hj) j⟩
        by_cases a : e (Fin.last m) ≤ e i.castSucc
        · exact a
        · exact absurd ⟨hj, by clear ih hm; grind⟩ hl
    · obtain ⟨i, hi⟩ := h
      refine ⟨i, hi, fun j hj => ?_⟩
      have last (j : Fin (m + 1)) (hj : P j) : j = Fin.last m :=
        Fin.lastCases (motive := fun j => P j → j = Fin.last m) (fun _ => rfl) (fun j hj => absurd ⟨j, hj⟩ hr) j hj
      rw [last i hi, last j hj]; exact IsPreorder.le_refl _

/-- **Tolerance: whatever the distribution, a bound that at most `k` of `n` independent rows exceed leaves more than the
fraction `p` of all rows above it with probability at most `lowerTail n k p`.** The bound may depend on the sample in any
way; the `(k + 1)`-th largest error of the sample is the smallest one that qualifies. Ties are harmless. The count `k` may not
depend on the sample, and the errors `e` may not: the rows must not have helped to choose the formula. -/
theorem chance_tolerance_le {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (e : Fin m → K)
    (bound : List (Fin m) → K) (n k : Nat)
    (few : ∀ rows, rows.length = n → hits (fun i => bound rows < e i) rows ≤ k) {p : K} (h0 : 0 ≤ p) (h1 : p ≤ 1) :
    chance w n (fun rows => p < mass w fun i => bound rows < e i) ≤ lowerTail n k p := by
  classical
  let E : Fin m → Prop := fun i => mass w (fun j => e i < e j) ≤ p
  have hE : p ≤ mass w E := by
    by_cases all : ∃ i, ¬ E i
    · obtain ⟨i, hi, most⟩ := exists_largest e (fun i => ¬ E i) all
      have hlt : p < mass w (fun j => e i < e j) := by have : ¬ mass w (fun j => e i < e j) ≤ p := hi; grind
      have := mass_mono hw (E := fun j => e i < e j) (F := E) fun j hj => by
        by_cases h : E j
        · exact h
        · have := most j h; have hj : e i < e j := hj; grind
      clear few; grind
    · have every : ∀ i, E i := fun i => by
        by_cases h : E i
        · exact h
        · exact absurd ⟨i, h⟩ all
      have : mass w E = 1 := by
        rw [← total]; refine sum_congr fun i => ?_
        rw [if_pos (every i)]
      rw [this]; exact h1
  have step := chance_mono hw n (A := fun rows => p < mass w fun i => bound rows < e i)
    (B := fun rows => hits E rows ≤ k) fun rows len bad => by
      have over (i : Fin m) (hi : E i) : bound rows < e i := by
        by_cases h : bound rows < e i
        · exact h
        · have hle : e i ≤ bound rows := by grind
          have := mass_mono hw (E := fun j => bound rows < e j) (F := fun j => e i < e j) fun j hj => by
            have hj : bound rows < e j := hj; grind
          have hi : mass w (fun j => e i < e j) ≤ p := hi
          have bad : p < mass w fun i => bound rows < e i := bad
          grind
      exact Nat.le_trans (hits_mono over rows) (few rows len)
  rw [chance_hits_le w total E n k] at step
  exact IsPreorder.le_trans _ _ _ step (lowerTail_le_of_probability n k h0 hE (mass_le_one hw total E))

/-- **Closer: let `limit c` be a fraction such that `c` or more hits in `n` draws have a probability of at most `δ` where one
hit has the probability `limit c`. Then, whatever the distribution, the limit that belongs to the hits found exceeds the true
probability of a hit with probability at most `δ`.** Again the limits may not depend on the sample, nor may the event. -/
theorem chance_closer_le {w : Fin m → K} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (E : Fin m → Prop) (n : Nat)
    (limit : Nat → K) {δ : K} (hδ : 0 ≤ δ) (le_one : ∀ c, limit c ≤ 1)
    (tail : ∀ c, c ≤ n → 0 < limit c → ∃ d, c = d + 1 ∧ 1 - lowerTail n d (limit c) ≤ δ) :
    chance w n (fun rows => mass w E < limit (hits E rows)) ≤ δ := by
  classical
  have q0 := mass_nonneg hw E
  have complement (A : List (Fin m) → Prop) : chance w n (fun rows => ¬ A rows) = 1 - chance w n A := by
    clear tail
    induction n generalizing A with
    | zero =>
      by_cases h : A []
      · rw [chance_none h, chance_none_not (A := fun rows => ¬ A rows) (fun g => g h)]; grind
      · rw [chance_none_not h, chance_none (A := fun rows => ¬ A rows) h]; grind
    | succ n ih =>
      have e : (fun i => w i * chance w n fun rows => ¬ A (i :: rows))
          = fun i => w i - w i * chance w n (fun rows => A (i :: rows)) := by
        funext i; rw [ih (fun rows => A (i :: rows))]; clear ih; grind
      show sum m (fun i => w i * chance w n fun rows => ¬ A (i :: rows))
        = 1 - sum m fun i => w i * chance w n fun rows => A (i :: rows)
      rw [e, sum_sub, total]
  by_cases some : ∃ c, c ≤ n ∧ mass w E < limit c
  · have least : ∃ c, c ≤ n ∧ mass w E < limit c ∧ ∀ b, b ≤ n → mass w E < limit b → c ≤ b := by
      obtain ⟨c, hn, hc⟩ := some
      induction c using Nat.strongRecOn with
      | _ c ih =>
        by_cases h : ∃ b, b < c ∧ mass w E < limit b
        · obtain ⟨b, hb, hb'⟩ := h; exact ih b hb (by omega) hb'
        · refine ⟨c, hn, hc, fun b _ hb => ?_⟩
          by_cases hbc : c ≤ b
          · exact hbc
          · exact absurd ⟨b, by omega, hb⟩ h
    obtain ⟨c, hn, hc, most⟩ := least
    have hpos : 0 < limit c := by clear tail most; grind
    obtain ⟨d, rfl, ht⟩ := tail c hn hpos
    have step := chance_mono hw n (A := fun rows => mass w E < limit (hits E rows))
      (B := fun rows => ¬ hits E rows ≤ d) fun rows len bad => by
        have := hits_le_length E rows
        have := most _ (by omega) bad
        omega
    rw [complement, chance_hits_le w total E n d] at step
    have := lowerTail_le_of_probability n d q0 (show mass w E ≤ limit (d + 1) by clear tail most; grind) (le_one (d + 1))
    clear tail most; grind
  · have step := chance_mono hw n (A := fun rows => mass w E < limit (hits E rows)) (B := fun _ => False)
      fun rows len bad => some ⟨_, by have := hits_le_length E rows; omega, bad⟩
    rw [chance_false] at step
    exact IsPreorder.le_trans _ _ _ step hδ

end order

end Eigenstill
