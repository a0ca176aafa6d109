/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Theory.EckartYoung
public import Eigenstill.Exact.Outer

/-!
# Positive semidefinite, decided on packed matrices

`entriesWithin` decides from one number whether all entries of some rows lie in `[-ε, t - ε)`. It needs the slot bound: every
entry plus `ε` below `2^(b-1)` in absolute value, and `t ≤ 2^(b-1)`. Without it wrong matrices pass, so every check that uses
it compares a bound derived from the data with `2^(b-1)` first.

* `entries_of_within`: its soundness.
* `psd_of_small_rest`: **`W = Σ_k d_k l_k l_kᵀ + σI + E` with `n |E_ij| ≤ σ` is positive semidefinite over every ordered field.**
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Exact

attribute [local instance] Semiring.natCast Ring.intCast

/-- Whether the next `i` rows of a matrix of `n` columns have all entries below `t`. -/
def rowsBelow (b n t : Nat) : Nat → Nat → Bool
  | 0, _ => true
  | i + 1, x =>
    force (Nat.land x (Nat.sub (Nat.pow 2 (Nat.mul b (Nat.succ n))) 1)) fun row =>
      Nat.beq (Nat.shiftRight row (Nat.mul b n)) 0 && allBelow b t n row &&
        force (Nat.shiftRight x (Nat.mul b (Nat.succ n))) fun x => rowsBelow b n t i x

theorem rowsBelow_spec {b n t : Nat} : ∀ {k x : Nat}, rowsBelow b n t k x = true → ∀ i, i < k →
    digit (b * (n + 1)) x i < 2 ^ (b * n) ∧ ∀ j, j < n → digit b (digit (b * (n + 1)) x i) j < t
  | 0, _, _, i, hi => by omega
  | k + 1, x, h, i, hi => by
    rw [rowsBelow, force_eq, force_eq, land_mask, shiftRight_eq, shiftRight_eq] at h
    simp only [Bool.and_eq_true] at h
    match i with
    | 0 =>
      rw [digit_zero]
      refine ⟨?_, digit_lt_of_allBelow h.1.2⟩
      have h1 := Nat.eq_of_beq_eq_true h.1.1
      exact (Nat.div_eq_zero_iff_lt (Nat.two_pow_pos _)).mp h1
    | i + 1 => rw [← digit_div]; exact rowsBelow_spec h.2 i (by omega)

/-- Whether every entry of the packed rows `q` lies in `[-ε, t - ε)`. -/
def entriesWithin (S : Stride) (ε t : Nat) (q : Int) : Bool :=
  match Int.add q (Int.ofNat (Nat.mul ε (Nat.mul S.down S.along))) with
  | .ofNat x => force x fun x => rowsBelow S.bits S.size t S.rows x
  | .negSucc _ => false

/-- **What `entriesWithin` decides, under the slot bound.** -/
theorem entries_of_within {b n k m ε t : Nat} (hb : 0 < b) {q : Int} {E : Nat → Nat → Int} (hq : q = packRows b n m E)
    (bound : ∀ i j, i < m → j < n → -2 ^ (b - 1) < E i j + ε ∧ E i j + ε < 2 ^ (b - 1)) (ht : t ≤ 2 ^ (b - 1))
    (h : entriesWithin (Stride.of b n k m) ε t q = true) : ∀ i j, i < m → j < n → -(ε : Int) ≤ E i j ∧ E i j < t - ε := by
  have hx : Int.add q (Int.ofNat (Nat.mul ε (Nat.mul (ones (b * (n + 1)) m) (ones b n))))
      = packRows b n m fun i j => E i j + ε := by
    rw [packRows_add, packRows_const hb, ← hq, ← Int.natCast_mul, ← Int.natCast_mul]; rfl
  unfold entriesWithin at h
  rw [show Int.add q (Int.ofNat (Nat.mul ε (Nat.mul (Stride.of b n k m).down (Stride.of b n k m).along)))
    = packRows b n m fun i j => E i j + ε from hx] at h
  generalize hr : (packRows b n m fun i j => E i j + ε) = r at h
  cases r with
  | negSucc _ => exact absurd h (by simp)
  | ofNat x =>
    simp only [force_eq] at h
    replace h : rowsBelow b n t m x = true := h
    have hrow := rowsBelow_spec h
    have h2b : (2 : Int) ^ (b - 1) * 2 = base b := by
      obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩
      unfold base; rw [Int.pow_succ]; rfl
    have htb : (t : Int) ≤ 2 ^ (b - 1) := by
      have : ((2 ^ (b - 1) : Nat) : Int) = 2 ^ (b - 1) := by simp
      omega
    have hpos : (0 : Int) < 2 ^ (b - 1) := Int.pow_pos (by omega)
    have hlt : (base b) ^ n ≤ base (b * (n + 1)) := by
      unfold base; rw [← Int.pow_mul]
      have := Nat.pow_le_pow_right (n := 2) (by omega) (show b * n ≤ b * (n + 1) by rw [Nat.mul_succ]; omega)
      have := Int.ofNat_le.mpr this; simpa using this
    -- the rows of `x`, as packed rows of their digits
    have hrowpack : ∀ i, i < m → (digit (b * (n + 1)) x i : Int)
        = pack (base b) n fun j => digit b (digit (b * (n + 1)) x i) j := fun i hi => pack_digit b n _ (hrow i hi).1
    have hdiff : ∀ i, i < m → -(base b) ^ n < pack (base b) n (fun j => E i j + ε) - digit (b * (n + 1)) x i
        ∧ pack (base b) n (fun j => E i j + ε) - digit (b * (n + 1)) x i < (base b) ^ n := by
      intro i hi
      rw [hrowpack i hi, ← pack_sub]
      refine pack_bound (base_pos b) fun j hj => ?_
      have h1 := bound i j hi hj
      have h2 := (hrow i hi).2 j hj
      omega
    have hxlt : x < 2 ^ (b * (n + 1) * m) := by
      have h1 := (pack_bound (base_pos (b * (n + 1))) (n := m) (e := fun i => pack (base b) n fun j => E i j + ε)
        fun i hi => by
          have h1 := pack_bound (base_pos b) (n := n) (e := fun j => E i j + ε) fun j hj => by
            have := bound i j hi hj; show -base b < E i j + ε ∧ E i j + ε < base b; omega
          dsimp only; omega).2
      have h2 : (base (b * (n + 1))) ^ m = ((2 ^ (b * (n + 1) * m) : Nat) : Int) := by
        unfold base; rw [← Int.pow_mul]; simp
      rw [h2] at h1
      have h3 : (x : Int) = pack (base (b * (n + 1))) m fun i => pack (base b) n fun j => E i j + ε := hr.symm
      omega
    have hrows := eq_of_pack_eq (base_pos (b * (n + 1))) (n := m) (e := fun i => pack (base b) n fun j => E i j + ε)
      (f := fun i => (digit (b * (n + 1)) x i : Int)) (fun i hi => by have := hdiff i hi; dsimp only; omega)
      (by rw [← pack_digit _ m x hxlt]; exact hr)
    intro i j hi hj
    have h1 := hrows i hi
    dsimp only at h1; rw [hrowpack i hi] at h1
    have h2 := eq_of_pack_eq (base_pos b) (fun j hj => by
      have h1 := bound i j hi hj
      have h2 := (hrow i hi).2 j hj
      omega) h1 j hj
    have h3 := (hrow i hi).2 j hj
    omega

/-! ## From small entries to positive semidefinite -/

section psd
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- The weight `d_k`, and the vector `v_k`, over the field. -/
noncomputable def modeWeight (K : Type u) [CommRing K] (ms : List (Nat × Nat)) (k : Fin ms.length) : K :=
  (((ms.getD k.val (0, 0)).1 : Int) : K)

@[inherit_doc modeWeight]
noncomputable def modeVector (K : Type u) [CommRing K] (n s : Nat) (ms : List (Nat × Nat)) (k : Fin ms.length) : Vec K n :=
  fun j => (entry s (ms.getD k.val (0, 0)).2 j.val : K)

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem cast_modesEntry (n s : Nat) (ms : List (Nat × Nat)) (i j : Fin n) :
    (modesEntry s ms i.val j.val : K) = modal (modeWeight K ms) (modeVector K n s ms) i j := by
  unfold modesEntry modal; rw [listSum_eq _ (0, 0), intCast_sum]
  exact sum_congr fun k => by rw [Ring.intCast_mul, Ring.intCast_mul]; rfl

theorem modeWeight_nonneg (ms : List (Nat × Nat)) (k : Fin ms.length) : 0 ≤ modeWeight K ms k :=
  intCast_nonneg (by omega)

/-- **`W = Σ_k d_k l_k l_kᵀ + σI + E`, the matrix `W` symmetric, every `|E_ij| ≤ ε` and `n ε ≤ σ`: then `W`, cast into any
ordered field, is positive semidefinite.** The `l_k` are arbitrary rows of integers, the `d_k` natural numbers. -/
theorem psd_of_small_rest {n s ε σ : Nat} {ls : List (Nat × Nat)} {W E : Nat → Nat → Int}
    (hW : ∀ i j, i < n → j < n → W i j = modesEntry s ls i j + (if i = j then (σ : Int) else 0) + E i j)
    (hs : ∀ i j, i < n → j < n → W i j = W j i) (hE : ∀ i j, i < n → j < n → -(ε : Int) ≤ E i j ∧ E i j ≤ ε)
    (hσ : n * ε ≤ σ) : Psd fun i j : Fin n => (W i.val j.val : K) := by
  have hms : ∀ i j, modesEntry s ls i j = modesEntry s ls j i := fun i j => listSum_congr fun m _ => by grind
  have hdd : Psd fun i j : Fin n => (((if i.val = j.val then (σ : Int) else 0) + E i.val j.val : Int) : K) := by
    refine psd_of_intFactor (q := 0) (W := fun i j : Fin n => (if i.val = j.val then (σ : Int) else 0) + E i.val j.val)
      (E := fun i j : Fin n => (if i.val = j.val then (σ : Int) else 0) + E i.val j.val) (fun _ _ => 0) ?_ ?_ ?_
    · intro i j; unfold dot sum; omega
    · intro i j
      have h1 := hW i.val j.val i.isLt j.isLt
      have h2 := hW j.val i.val j.isLt i.isLt
      rw [hs, hms] at h1
      have h3 : (if i.val = j.val then (σ : Int) else 0) = if j.val = i.val then (σ : Int) else 0 := by
        by_cases h : i.val = j.val
        · rw [if_pos h, if_pos h.symm]
        · rw [if_neg h, if_neg (Ne.symm h)]
      · dsimp only; omega
      · exact i.isLt
      · exact j.isLt
    · intro i
      have h1 : sum n (fun j : Fin n => if i = j then (0 : Int)
          else (((if i.val = j.val then (σ : Int) else 0) + E i.val j.val).natAbs : Int))
          ≤ sum n fun j => (ε : Int) + (-ε) * ident i j := by
        refine sum_le _ _ _ fun j => ?_
        by_cases h : i = j
        · subst h; rw [if_pos rfl, ident_self]; omega
        · rw [if_neg h, if_neg (by omega), show (ident i j : Int) = 0 by unfold ident; rw [if_neg (by omega)]]
          have := hE i.val j.val i.isLt j.isLt; omega
      rw [sum_add, sum_const, sum_ident n i fun _ => -(ε : Int)] at h1
      have h2 := hE i.val i.val i.isLt i.isLt
      have h3 : ((n * ε : Nat) : Int) ≤ σ := by omega
      rw [Int.natCast_mul] at h3
      dsimp only; rw [if_pos rfl]
      refine Int.le_trans h1 ?_
      omega
  intro x
  have e : (fun i j : Fin n => (W i.val j.val : K)) = fun i j => modal (modeWeight K ls) (modeVector K n s ls) i j
      + (((if i.val = j.val then (σ : Int) else 0) + E i.val j.val : Int) : K) := by
    funext i j
    rw [hW i.val j.val i.isLt j.isLt, Int.add_assoc, Ring.intCast_add, cast_modesEntry]
  rw [e, quad_add]
  have h1 := psd_modal (V := modeVector K n s ls) (modeWeight_nonneg (K := K) ls) x
  have h2 := hdd x
  grind

end psd

end Eigenstill.Exact
