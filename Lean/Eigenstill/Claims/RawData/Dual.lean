/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Trace

/-!
# From a packed matrix to the bound

`dual_of_blocks`: what `rowsSuffice` proves, block after block, of the integer matrix `M` that it was given the rows of, still in
integers: `Dual`.
`eckartYoung_of_dual`: **the bound that follows for every operator `A` whose `AᵀA` is `M`, in its unit.**
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

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

/-- Rows of the packed identity matrix. -/
theorem packedIdentity_eq {b n i h : Nat} (hb : 0 < b) (hh : i + h ≤ n) :
    (packedIdentity (Stride.of b n i h) : Int) = packRows b n h fun p q => if i + p = q then 1 else 0 := by
  show ((Nat.shiftLeft (ones (b * (n + 2)) h) (b * i) : Nat) : Int) = _
  rw [shiftLeft_eq, Int.natCast_mul, ones_eq (Nat.mul_pos hb (by omega)), ← base_eq, Int.mul_comm, ← pack_mul]
  unfold packRows pack
  refine sum_congr fun p => ?_
  dsimp only
  rw [show sum n (fun j : Fin n => (if i + p.val = j.val then (1 : Int) else 0) * base b ^ j.val)
    = pack (base b) n fun j => if i + p.val = j then 1 else 0 from rfl, pack_indicator, if_pos (by omega), Int.mul_one]
  unfold base
  rw [← Int.pow_mul, ← Int.pow_mul, ← Int.pow_mul, ← Int.pow_add, ← Int.pow_add]
  congr 1; grind

/-- Entry of `W = Σ_k w_k v_k v_kᵀ + μI - 2^s M`. -/
noncomputable def dualEntry (w : Witness) (M : Nat → Nat → Int) (i j : Nat) : Int :=
  modesEntry w.vectorBits w.modes i j + (if i = j then (w.threshold : Int) else 0) - 2 ^ w.matrixShift * M i j

/-- Entry of what `W` leaves of `Σ l lᵀ + σI`. -/
noncomputable def restEntry (w : Witness) (M : Nat → Nat → Int) (i j : Nat) : Int :=
  modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * M i j - modesEntry w.factorBits w.factor i j
    + ((w.threshold : Int) - w.slack) * (if i = j then 1 else 0)

/-- What the checks of all blocks prove of the `n x n` matrix `M`. -/
structure Dual (w : Witness) (v : Bounds) (n : Nat) (M : Nat → Nat → Int) : Prop where
  /-- `W` is a sum of squares plus `σI` plus a small rest. -/
  rest : ∃ E : Nat → Nat → Int, (∀ i j, i < n → j < n →
    dualEntry w M i j = modesEntry w.factorBits w.factor i j + (if i = j then (w.slack : Int) else 0) + E i j) ∧
    (∀ i j, i < n → j < n → -(w.rest : Int) ≤ E i j ∧ E i j ≤ w.rest) ∧ n * w.rest ≤ w.slack
  /-- The bound. -/
  lower : (v.lower : Int) = 2 ^ w.matrixShift * total n (fun i => M i i) - v.rank * w.threshold
    - total n fun i => modesEntry w.vectorBits w.modes i i

/-- The widths of slots suffice for the `n x n` matrix `2^matrixShift M`, entries in `[-bound, bound]`. -/
structure WidthsFit (w : Witness) (n bound : Nat) : Prop where
  bits : 0 < w.bits
  vectorBits : 0 < w.vectorBits ∧ w.vectorBits ≤ w.bits
  factorBits : 0 < w.factorBits ∧ w.factorBits ≤ w.bits
  entries : modesBound w.vectorBits w.modes + modesBound w.factorBits w.factor + bound + (w.threshold + w.slack + w.rest)
    < 2 ^ (w.bits - 1)
  rest : 2 * w.rest ≤ 2 ^ (w.bits - 1)
  slack : n * w.rest ≤ w.slack

theorem isZero_eq {z : Int} (h : isZero z = true) : z = 0 := by
  unfold isZero at h
  rw [forceInt_eq] at h
  cases z with
  | ofNat z => have := Nat.eq_of_beq_eq_true h; rw [this]; rfl
  | negSucc z => exact absurd h (by simp)

/-- Sums of weighted entries fit. -/
theorem weightSum_fit {s b : Nat} {ms : List (Nat × Nat)} (hs : 0 < s) (hb : 0 < b) (h : modesBound s ms < 2 ^ (b - 1)) :
    weightSum ms 0 * 2 ^ s < 2 ^ b := by
  have h1 : modesBound s ms = weightSum ms 0 * 2 ^ (2 * (s - 1)) := rfl
  have h2 : (2 : Nat) ^ s ≤ 2 * 2 ^ (2 * (s - 1)) := by
    rw [← Nat.pow_succ']; exact Nat.pow_le_pow_right (by omega) (by omega)
  have h3 : (2 : Nat) ^ b = 2 * 2 ^ (b - 1) := by rw [← Nat.pow_succ']; congr 1; omega
  have h4 := Nat.mul_le_mul_left (weightSum ms 0) h2
  rw [← Nat.mul_assoc, Nat.mul_comm _ 2, Nat.mul_assoc] at h4
  omega

/-- **What `rowsSuffice` proves of the rows `i, ..., i + h - 1`**, the widths being sufficient. -/
theorem rows_of_suffice {w : Witness} {n bound i h : Nat} {t matrix : Int} {G : Nat → Nat → Int} (hw : WidthsFit w n bound)
    (hh : i + h ≤ n)
    (hSM : ∀ p q, p < n → q < n → -(bound : Int) ≤ 2 ^ w.matrixShift * G p q ∧ 2 ^ w.matrixShift * G p q ≤ (bound : Int))
    (hM : matrix = packRows w.bits n h fun p q => 2 ^ w.matrixShift * G (i + p) q)
    (hs : rowsSuffice w (Stride.of w.bits n i h) t matrix = true) :
    (∀ p, p < h → ∀ q, q < n → -(w.rest : Int) ≤ restEntry w G (i + p) q ∧ restEntry w G (i + p) q ≤ w.rest) ∧
    t = total h fun k => modesEntry w.vectorBits w.modes (i + k) (i + k) - 2 ^ w.matrixShift * G (i + k) (i + k) := by
  obtain ⟨w1, ⟨w4, w6⟩, ⟨w5, w7⟩, w12, w13, -⟩ := hw
  unfold rowsSuffice at hs
  simp only [forceInt_eq, Bool.and_eq_true] at hs
  obtain ⟨s5, s6⟩ := hs
  have hP : Int.sub (outerRows (Stride.of w.bits n i h) w.vectorBits w.modes) matrix
      = packRows w.bits n h fun p q => modesEntry w.vectorBits w.modes (i + p) q - 2 ^ w.matrixShift * G (i + p) q := by
    rw [packRows_sub, outerRows_eq w4 w6 hh (weightSum_fit w4 w1 (by omega)), hM]; rfl
  have hL := outerRows_eq w5 w7 hh (weightSum_fit w5 w1 (ms := w.factor) (by omega))
  have hV := modesEntry_range w4 w.modes
  have hF := modesEntry_range w5 w.factor
  have hbound : (modesBound w.vectorBits w.modes : Int) + modesBound w.factorBits w.factor
      + bound + (w.threshold + w.slack + w.rest) < 2 ^ (w.bits - 1) := by
    have h1 := Int.ofNat_lt.mpr w12
    simp only [Int.natCast_add, Int.natCast_pow] at h1
    rw [show ((2 : Nat) : Int) = 2 from rfl] at h1; exact h1
  constructor
  · intro p hp q hq
    have hr := entries_of_within (E := fun p q => restEntry w G (i + p) q) w1
      (by unfold restEntry; rw [packRows_add, packRows_sub, packRows_mul, ← hP, ← hL, ← packedIdentity_eq w1 hh]; rfl)
      (fun p q hp hq => by
        have h1 := hV (i + p) q; have h2 := hF (i + p) q; have h3 := hSM (i + p) q (by omega) hq
        dsimp only; unfold restEntry
        by_cases h : i + p = q
        · rw [if_pos h]; omega
        · rw [if_neg h]; omega) w13 s5 p q hp hq
    have : ((Nat.mul 2 w.rest : Nat) : Int) = 2 * w.rest := by simp
    dsimp only at hr
    omega
  · have htrace := packedTrace_eq w1 hh hP fun k j hk hj => by
      have h1 := hV (i + k) j; have h3 := hSM (i + k) j (by omega) hj; omega
    have hz := isZero_eq s6
    rw [htrace] at hz
    replace hz : _ - t = 0 := hz
    omega

/-- **What holds of every block holds of all rows; the traces of the blocks add up.** -/
theorem rows_of_blocks {check : Nat → Nat → Int → Bool} {P : Nat → Prop} {f : Nat → Int}
    (hcheck : ∀ i h t, check i h t = true → (∀ p, p < h → P (i + p)) ∧ t = total h fun k => f (i + k)) {i j : Nat} {t : Int}
    (hb : Blocks check i j t) : i ≤ j ∧ (∀ p, i ≤ p → p < j → P p) ∧ t = total j f - total i f := by
  induction hb with
  | one h =>
    rename_i i h' t
    obtain ⟨h1, h2⟩ := hcheck _ _ _ h
    refine ⟨by omega, fun p hi hj => ?_, ?_⟩
    · have := h1 (p - i) (by omega); rwa [show i + (p - i) = p by omega] at this
    · rw [h2, total_append]; omega
  | more h _ ih =>
    rename_i i h' j t u _
    obtain ⟨h1, h2⟩ := hcheck _ _ _ h
    obtain ⟨h3, h4, h5⟩ := ih
    refine ⟨by omega, fun p hi hj => ?_, ?_⟩
    · by_cases hp : p < i + h'
      · have := h1 (p - i) (by omega); rwa [show i + (p - i) = p by omega] at this
      · exact h4 p (by omega) hj
    · rw [h2, h5, total_append]; omega

/-- **What the checks of all blocks prove**, the widths being sufficient. -/
theorem dual_of_blocks {w : Witness} {v : Bounds} {n bound : Nat} {t : Int} {G : Nat → Nat → Int}
    {check : Nat → Nat → Int → Bool} (hw : WidthsFit w n bound)
    (hSM : ∀ p q, p < n → q < n → -(bound : Int) ≤ 2 ^ w.matrixShift * G p q ∧ 2 ^ w.matrixShift * G p q ≤ (bound : Int))
    (hcheck : ∀ i h t, check i h t = true → i + h ≤ n ∧ ∃ matrix, matrix = packRows w.bits n h (fun p q => 2 ^ w.matrixShift * G (i + p) q) ∧
      rowsSuffice w (Stride.of w.bits n i h) t matrix = true)
    (hblocks : Blocks check 0 n t) (ht : boundFollows w v t = true) : Dual w v n G := by
  obtain ⟨-, hrest, htrace⟩ := rows_of_blocks (P := fun p => ∀ q, q < n → -(w.rest : Int) ≤ restEntry w G p q ∧ restEntry w G p q ≤ w.rest)
    (f := fun k => modesEntry w.vectorBits w.modes k k - 2 ^ w.matrixShift * G k k) (fun i h t hc => by
      obtain ⟨h1, matrix, h2, h3⟩ := hcheck i h t hc
      exact rows_of_suffice hw h1 hSM h2 h3) hblocks
  refine { rest := ⟨restEntry w G, fun i j _ _ => ?_, fun i j hi hj => hrest i (by omega) hi j hj, hw.slack⟩, lower := ?_ }
  · unfold dualEntry restEntry
    by_cases h : i = j
    · rw [if_pos h, if_pos h, if_pos h]; omega
    · rw [if_neg h, if_neg h, if_neg h]; omega
  · have hz : t + ((v.rank * w.threshold + v.lower : Nat) : Int) = 0 := isZero_eq ht
    have e : total n (fun k => modesEntry w.vectorBits w.modes k k - 2 ^ w.matrixShift * G k k)
        = total n (fun k => modesEntry w.vectorBits w.modes k k) - 2 ^ w.matrixShift * total n fun k => G k k := by
      rw [← total_mul]; exact sum_sub _ _ _
    have h0 : total 0 (fun k => modesEntry w.vectorBits w.modes k k - 2 ^ w.matrixShift * G k k) = 0 := rfl
    rw [e, h0] at htrace
    rw [Int.natCast_add, Int.natCast_mul] at hz
    omega

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
