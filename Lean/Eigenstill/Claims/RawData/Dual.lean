/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Trace

/-!
# From a packed matrix to the bound

`dual_of_suffices`: what `dualSuffices` proves of the integer matrix `M` that it was given, still in integers: `Dual`.
`eckartYoung_of_dual`: **the bound that follows for every operator `A` whose `AᵀA` is `M`, in its unit.**
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

theorem weightSum_eq : ∀ (ms : List (Nat × Nat)) (acc : Nat), (weightSum ms acc : Int) = acc + listSum (fun m => (m.1 : Int)) ms
  | [], acc => by simp [weightSum, listSum]
  | m :: ms, acc => by
    rw [weightSum, force_eq, weightSum_eq ms, Nat.add_eq, Int.natCast_add, Int.add_assoc]; rfl

theorem entry_range {s : Nat} (hs : 0 < s) (x j : Nat) : -2 ^ (s - 1) ≤ entry s x j ∧ entry s x j ≤ 2 ^ (s - 1) := by
  unfold entry
  have h1 := digit_lt s x j
  obtain ⟨c, rfl⟩ : ∃ c, s = c + 1 := ⟨s - 1, by omega⟩
  have h2 : (2 : Nat) ^ (c + 1) = 2 ^ c * 2 := Nat.pow_succ 2 c
  have h3 : ((2 ^ c : Nat) : Int) = 2 ^ c := by simp
  show -2 ^ c ≤ ((digit (c + 1) x j : Nat) : Int) - ((2 ^ c : Nat) : Int) ∧ ((digit (c + 1) x j : Nat) : Int) - ((2 ^ c : Nat) : Int) ≤ 2 ^ c
  omega

/-- Entries of `Σ w_k v_k v_kᵀ` from the widths. -/
theorem modesEntry_range {s : Nat} (hs : 0 < s) (ms : List (Nat × Nat)) (i j : Nat) :
    -(modesBound s ms : Int) ≤ modesEntry s ms i j ∧ modesEntry s ms i j ≤ modesBound s ms := by
  have hb : (modesBound s ms : Int) = listSum (fun m => (m.1 : Int) * (2 ^ (s - 1) * 2 ^ (s - 1))) ms := by
    unfold modesBound
    rw [Nat.mul_eq, Int.natCast_mul, weightSum_eq]
    have h1 : ((Nat.pow 2 (Nat.mul 2 (Nat.sub s 1)) : Nat) : Int) = 2 ^ (s - 1) * 2 ^ (s - 1) := by
      show ((2 ^ (2 * (s - 1)) : Nat) : Int) = _
      rw [Nat.two_mul, Nat.pow_add]; simp
    rw [h1]
    clear h1
    induction ms with
    | nil => simp [listSum]
    | cons m ms ih => simp only [listSum] at *; rw [← ih]; grind
  rw [hb]
  clear hb
  unfold modesEntry
  induction ms with
  | nil => simp [listSum]
  | cons m ms ih =>
    have h1 := mul_range (entry_range hs m.2 i) (entry_range hs m.2 j)
    have h2 := Int.mul_le_mul_of_nonneg_left h1.1 (show (0 : Int) ≤ m.1 by omega)
    have h3 := Int.mul_le_mul_of_nonneg_left h1.2 (show (0 : Int) ≤ m.1 by omega)
    simp only [listSum]
    rw [Int.mul_neg] at h2
    constructor <;> omega

theorem pack_indicator (B : Int) (n i : Nat) : pack B n (fun j => if i = j then 1 else 0) = if i < n then B ^ i else 0 := by
  induction n with
  | zero => rw [pack_zero, if_neg (by omega)]
  | succ n ih =>
    rw [pack_succ, ih]
    by_cases h2 : i = n
    · rw [if_pos h2, if_neg (show ¬ i < n by omega), if_pos (show i < n + 1 by omega), h2]; omega
    · rw [if_neg h2]
      by_cases h1 : i < n
      · rw [if_pos h1, if_pos (show i < n + 1 by omega)]; omega
      · rw [if_neg h1, if_neg (show ¬ i < n + 1 by omega)]; omega

/-- The packed identity matrix. -/
theorem packedIdentity_eq {b n : Nat} (hb : 0 < b) :
    (packedIdentity (Stride.of b n) : Int) = packMatrix b n fun i j => if i = j then 1 else 0 := by
  show ((ones (b * (n + 2)) n : Nat) : Int) = _
  rw [ones_eq (Nat.mul_pos hb (by omega))]
  unfold packMatrix pack
  refine sum_congr fun i => ?_
  dsimp only
  rw [show sum n (fun j : Fin n => (if i.val = j.val then (1 : Int) else 0) * base b ^ j.val)
    = pack (base b) n fun j => if i.val = j then 1 else 0 from rfl, pack_indicator, if_pos i.isLt, Int.one_mul]
  unfold base
  rw [← Int.pow_mul, ← Int.pow_mul, ← Int.pow_mul, ← Int.pow_add]
  congr 1; grind

/-- Entry of `W = Σ_k w_k v_k v_kᵀ + μI - 2^s M`. -/
noncomputable def dualEntry (w : Witness) (M : Nat → Nat → Int) (i j : Nat) : Int :=
  modesEntry w.vectorBits w.modes i j + (if i = j then (w.threshold : Int) else 0) - 2 ^ w.matrixShift * M i j

/-- What `dualSuffices` proves of the `n x n` matrix `M`. -/
structure Dual (w : Witness) (v : Bounds) (n : Nat) (M : Nat → Nat → Int) : Prop where
  /-- `W` is a sum of squares plus `σI` plus a small rest. -/
  rest : ∃ E : Nat → Nat → Int, (∀ i j, i < n → j < n →
    dualEntry w M i j = modesEntry w.factorBits w.factor i j + (if i = j then (w.slack : Int) else 0) + E i j) ∧
    (∀ i j, i < n → j < n → -(w.rest : Int) ≤ E i j ∧ E i j ≤ w.rest) ∧ n * w.rest ≤ w.slack
  /-- The bound. -/
  lower : (v.lower : Int) = 2 ^ w.matrixShift * total n (fun i => M i i) - v.rank * w.threshold
    - total n fun i => modesEntry w.vectorBits w.modes i i

/-- **What `dualSuffices` proves**, the widths being sufficient. -/
theorem dual_of_suffices {w : Witness} {v : Bounds} {n bound : Nat} {matrix : Int} {G : Nat → Nat → Int}
    (w1 : 0 < w.bits) (w4 : 0 < w.vectorBits) (w5 : 0 < w.factorBits) (w6 : w.vectorBits ≤ w.bits) (w7 : w.factorBits ≤ w.bits)
    (w13 : Nat.mul 2 w.rest ≤ Nat.pow 2 (Nat.sub w.bits 1)) (w14 : Nat.mul n w.rest ≤ w.slack)
    (w12 : Nat.add (Nat.add (Nat.add (modesBound w.vectorBits w.modes) (modesBound w.factorBits w.factor)) bound)
      (Nat.add (Nat.add w.threshold w.slack) w.rest) < Nat.pow 2 (Nat.sub w.bits 1))
    (hSM : ∀ i j, i < n → j < n → -(bound : Int) ≤ 2 ^ w.matrixShift * G i j ∧ 2 ^ w.matrixShift * G i j ≤ (bound : Int))
    (hM : matrix = packMatrix w.bits n fun i j => 2 ^ w.matrixShift * G i j)
    (h : dualSuffices w (Stride.of w.bits n) v matrix = true) : Dual w v n G := by
  unfold dualSuffices at h
  simp only [forceInt_eq, Bool.and_eq_true] at h
  obtain ⟨s5, s6⟩ := h
  have hP : Int.sub (outerSum (Stride.of w.bits n) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0) matrix
      = packMatrix w.bits n fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * G i j := by
    rw [packMatrix_sub, outerSum_eq w4 w6, hM, Int.zero_add]; rfl
  have hL : outerSum (Stride.of w.bits n) w.factorBits (2 ^ (w.factorBits - 1)) w.factor 0
      = packMatrix w.bits n (modesEntry w.factorBits w.factor) := by rw [outerSum_eq w5 w7, Int.zero_add]; rfl
  have hV := modesEntry_range w4 w.modes
  have hF := modesEntry_range w5 w.factor
  have hbound : (modesBound w.vectorBits w.modes : Int) + modesBound w.factorBits w.factor
      + bound + (w.threshold + w.slack + w.rest) < 2 ^ (w.bits - 1) := by
    have h1 := Int.ofNat_lt.mpr w12
    simp only [Nat.add_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_add, Int.natCast_pow] at h1
    rw [show ((2 : Nat) : Int) = 2 from rfl] at h1; exact h1
  refine { rest := ?_, lower := ?_ }
  · refine ⟨fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * G i j
      - modesEntry w.factorBits w.factor i j + ((w.threshold : Int) - w.slack) * (if i = j then 1 else 0), ?_, ?_, w14⟩
    · intro i j _ _
      unfold dualEntry
      dsimp only
      by_cases h : i = j
      · rw [if_pos h, if_pos h, if_pos h]; omega
      · rw [if_neg h, if_neg h, if_neg h]; omega
    · intro i j hi hj
      have hq := entries_of_within (E := fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * G i j
        - modesEntry w.factorBits w.factor i j + ((w.threshold : Int) - w.slack) * (if i = j then 1 else 0)) w1
        (by rw [packMatrix_add, packMatrix_sub, packMatrix_mul, ← hP, ← hL, ← packedIdentity_eq w1]; rfl)
        (fun i j hi hj => by
          have h1 := hV i j; have h2 := hF i j; have h3 := hSM i j hi hj
          dsimp only
          by_cases h : i = j
          · rw [if_pos h]; omega
          · rw [if_neg h]; omega) w13 s5 i j hi hj
      have : ((Nat.mul 2 w.rest : Nat) : Int) = 2 * w.rest := by simp
      dsimp only at hq ⊢
      omega
  · have htrace := packedTrace_eq w1 hP fun i j hi hj => by
      have h1 := hV i j; have h3 := hSM i j hi hj; omega
    have hz : packedTrace (Stride.of w.bits n)
        (Int.sub (outerSum (Stride.of w.bits n) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0) matrix)
        + ((w.threshold : Int) * v.rank + v.lower) = 0 := by
      replace s6 : (match packedTrace (Stride.of w.bits n)
          (Int.sub (outerSum (Stride.of w.bits n) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0) matrix)
          + ((v.rank * w.threshold + v.lower : Nat) : Int) with
        | Int.ofNat z => Nat.beq z 0
        | Int.negSucc _ => false) = true := s6
      rw [Int.mul_comm, ← Int.natCast_mul, ← Int.natCast_add]
      generalize packedTrace _ _ + _ = z at s6 ⊢
      cases z with
      | ofNat z => have := Nat.eq_of_beq_eq_true s6; rw [this]; rfl
      | negSucc z => exact absurd s6 (by simp)
    rw [htrace] at hz
    have e : total n (fun i => modesEntry w.vectorBits w.modes i i - 2 ^ w.matrixShift * G i i)
        = total n (fun i => modesEntry w.vectorBits w.modes i i) - 2 ^ w.matrixShift * total n fun i => G i i := by
      rw [← total_mul]; exact sum_sub _ _ _
    rw [e] at hz
    rw [Int.mul_comm (v.rank : Int)]; omega

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem intCast_two_pow (e : Nat) : (((2 : Int) ^ e : Int) : K) = 2 ^ e := by
  rw [Ring.intCast_pow]; congr 1; exact Ring.intCast_ofNat 2

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem quad_smul {n : Nat} (c : K) (M : Mat K n n) (x : Vec K n) : quad (fun i j => c * M i j) x = c * quad M x := by
  rw [quad_eq_sum, quad_eq_sum, ← sum_mul]
  refine sum_congr fun i => ?_
  rw [← sum_mul]; exact sum_congr fun j => by grind

theorem two_pow_pos (e : Nat) : (0 : K) < 2 ^ e := by
  induction e with
  | zero => rw [Semiring.pow_zero]; grind
  | succ e ih => rw [Semiring.pow_succ]; grind

/-- **The bound: an operator `A` with `c AᵀA = M` has `lower / (2^s c) ≤ |A - X Y|²` for all `X` (`n x rank`) and `Y`
(`rank x r`).** -/
theorem eckartYoung_of_dual {w : Witness} {v : Bounds} {n r : Nat} {M : Nat → Nat → Int} (A : Mat K n r) {c : K} (hc : 0 < c)
    (hgram : ∀ i j : Fin r, (M i.val j.val : K) = c * gram A i j) (hM : ∀ i j, i < r → j < r → M i j = M j i) (hdual : Dual w v r M)
    (X : Mat K n v.rank) (Y : Mat K v.rank r) : (v.lower : K) / (2 ^ w.matrixShift * c) ≤ frobDistSq A (matMul X Y) := by
  obtain ⟨⟨E, hE, hrest, hslack⟩, hlower⟩ := hdual
  -- `W`, cast into the field, is positive semidefinite
  have hsym : ∀ i j, i < r → j < r → dualEntry w M i j = dualEntry w M j i := by
    intro i j hi hj; unfold dualEntry modesEntry
    rw [listSum_congr fun m _ => show (m.1 : Int) * (entry w.vectorBits m.2 i * entry w.vectorBits m.2 j)
      = m.1 * (entry w.vectorBits m.2 j * entry w.vectorBits m.2 i) by rw [Int.mul_comm (entry _ _ _)]]
    rw [hM i j hi hj]
    by_cases e : i = j
    · rw [e]
    · rw [if_neg e, if_neg (Ne.symm e)]
  have hpsd := psd_of_small_rest (K := K) (n := r) (W := dualEntry w M) (E := E) hE hsym hrest hslack
  have hm : (0 : K) < 2 ^ w.matrixShift := two_pow_pos _
  generalize hme : (2 ^ w.matrixShift : K) = m at *
  have hU : 0 < m * c := OrderedRing.mul_pos hm hc
  have hiU : 0 ≤ (m * c)⁻¹ := inv_nonneg hU
  have key := frobDistSq_ge_of_certificate A
    (fun i j => (m * c)⁻¹ * modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes) i j)
    ((m * c)⁻¹ * (w.threshold : K)) (OrderedRing.mul_nonneg hiU (natCast_nonneg _)) ?_ ?_ X Y
  · refine IsPreorder.le_trans _ _ _ ?_ key
    have hl : (v.lower : K) = m * (c * trace (gram A)) - v.rank * w.threshold
        - trace (modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes)) := by
      have h1 := congrArg (fun x : Int => (x : K)) hlower
      dsimp only at h1
      rw [Ring.intCast_sub, Ring.intCast_sub, Ring.intCast_mul, Ring.intCast_mul, intCast_two_pow, hme, intCast_sum, intCast_sum,
        Ring.intCast_natCast, Ring.intCast_natCast, Ring.intCast_natCast] at h1
      rw [h1]
      have e1 : sum r (fun i => (M i.val i.val : K)) = c * trace (gram A) := by
        unfold trace; rw [← sum_mul]; exact sum_congr fun i => hgram i i
      have e2 : sum r (fun i => (modesEntry w.vectorBits w.modes i.val i.val : K))
          = trace (modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes)) :=
        sum_congr fun i => cast_modesEntry r w.vectorBits w.modes i i
      rw [e1, e2]
    have ht : trace (fun i j => (m * c)⁻¹ * modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes) i j)
        = (m * c)⁻¹ * trace (modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes)) := sum_mul _ _ _
    rw [ht, hl, Field.div_eq_mul_inv]
    generalize trace (gram A) = t
    generalize trace (modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes)) = z
    generalize (v.rank : K) = k; generalize (w.threshold : K) = μ
    have hne : m * c ≠ 0 := by clear key hgram hpsd; grind
    have hinv : (m * c)⁻¹ * (m * c) = 1 := by clear key hgram hpsd; grind
    generalize (m * c)⁻¹ = q at *
    have e : (m * (c * t) - k * μ - z) * q = (q * (m * c)) * t - k * (q * μ) - q * z := by clear key hgram hpsd; grind
    rw [e, hinv]; clear key hgram hpsd; grind
  · intro x
    have e : quad (fun i j => (m * c)⁻¹ * modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes) i j) x
        = (m * c)⁻¹ * quad (modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes)) x := quad_smul _ _ _
    rw [e]
    exact OrderedRing.mul_nonneg hiU (psd_modal (modeWeight_nonneg w.modes) x)
  · intro x
    have h1 := hpsd x
    have e : (fun i j : Fin r => (m * c)⁻¹ * modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes) i j
        + (m * c)⁻¹ * (w.threshold : K) * ident i j - gram A i j)
        = fun i j => (m * c)⁻¹ * (dualEntry w M i.val j.val : K) := by
      funext i j
      unfold dualEntry
      rw [Ring.intCast_sub, Ring.intCast_add, Ring.intCast_mul, intCast_two_pow, hme, cast_modesEntry, hgram]
      have hi : ((if i.val = j.val then (w.threshold : Int) else 0 : Int) : K) = w.threshold * ident i j := by
        unfold ident
        by_cases h : i.val = j.val
        · rw [if_pos h, if_pos h, Ring.intCast_natCast]; grind
        · rw [if_neg h, if_neg h, Ring.intCast_zero]; grind
      rw [hi]
      generalize modal (modeWeight K w.modes) (modeVector K r w.vectorBits w.modes) i j = a
      generalize gram A i j = g; generalize (ident i j : K) = d; generalize (w.threshold : K) = μ
      have hinv : (m * c)⁻¹ * (m * c) = 1 := by clear hgram hpsd h1; grind
      generalize (m * c)⁻¹ = q at *
      have e : q * (a + μ * d - m * (c * g)) = q * a + q * μ * d - (q * (m * c)) * g := by clear hgram hpsd h1; grind
      rw [e, hinv]; clear hgram hpsd h1; grind
    rw [e, quad_smul]
    exact OrderedRing.mul_nonneg hiU h1

end

end Eigenstill.Claims
