/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Trace

/-!
# From the checks to integers

What `checkRows` and `checkSums` prove, still in integers: `Certified`. `scan_of_checkRows` joins the rows of several
theorems.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

theorem countColumns_eq : ∀ (cs : List Column) (n : Nat), countColumns cs n = n + cs.length
  | [], _ => rfl
  | _ :: cs, n => by rw [countColumns, force_eq, countColumns_eq cs, List.length_cons]; omega

theorem countAxes_eq : ∀ (as : List Axis) (n : Nat), countAxes as n = n + as.length
  | [], _ => rfl
  | _ :: as, n => by rw [countAxes, force_eq, countAxes_eq as, List.length_cons]; omega

theorem countRows_eq : ∀ (rows : List Nat) (n : Nat), countRows rows n = n + rows.length
  | [], _ => rfl
  | _ :: rows, n => by rw [countRows, force_eq, countRows_eq rows, List.length_cons]; omega

theorem Sums.eq_of_same {s t : Sums} (h : s.same t = true) : s = t := by
  unfold Sums.same at h
  simp only [Bool.and_eq_true] at h
  obtain ⟨⟨⟨⟨⟨⟨h1, h2⟩, h3⟩, h4⟩, h5⟩, h6⟩, h7⟩ := h
  cases s; cases t
  have e1 := Nat.eq_of_beq_eq_true h1; have e2 := Nat.eq_of_beq_eq_true h2; have e3 := Nat.eq_of_beq_eq_true h3
  have e4 := Nat.eq_of_beq_eq_true h4; have e5 := Nat.eq_of_beq_eq_true h5; have e6 := Nat.eq_of_beq_eq_true h6
  have e7 := Nat.eq_of_beq_eq_true h7
  dsimp only at *; subst e1 e2 e3 e4 e5 e6 e7; rfl

theorem scan_append (F : Frame) (xs ys : List Nat) : ∀ s, scan F (xs ++ ys) s = scan F ys (scan F xs s) := by
  induction xs with
  | nil => intro s; rfl
  | cons x xs ih => intro s; rw [List.cons_append, scan_cons, scan_cons, ih]

/-- **Rows that take `s` to `t`.** -/
theorem scan_of_checkRows {D : Study} {w : Witness} {v : Bounds} {rows : List Nat} {s t : Sums}
    (h : checkRows D w v rows s t = true) : scan (frameOf D w.bits w.mean v.tolerance) rows s = t := by
  unfold checkRows at h
  rw [force_eq, force_eq, withStride_eq, countAxes_eq, countColumns_eq, Nat.zero_add] at h
  exact Sums.eq_of_same h

/-- Rows after rows. -/
theorem scan_trans {D : Study} {w : Witness} {v : Bounds} {xs ys : List Nat} {s t u : Sums}
    (h1 : scan (frameOf D w.bits w.mean v.tolerance) xs s = t) (h2 : scan (frameOf D w.bits w.mean v.tolerance) ys t = u) :
    scan (frameOf D w.bits w.mean v.tolerance) (xs ++ ys) s = u := by rw [scan_append, h1, h2]

/-- Entry of `M = Σ_t a_t a_tᵀ`, in integers. -/
noncomputable def gramEntry (D : Study) (i j : Nat) : Int := listSum (fun row => operatorEntry D D.mean row i * operatorEntry D D.mean row j) D.rows

/-- Entry of `W = Σ_k w_k v_k v_kᵀ + μI - 2^s M`. -/
noncomputable def dualEntry (D : Study) (w : Witness) (i j : Nat) : Int :=
  modesEntry w.vectorBits w.modes i j + (if i = j then (w.threshold : Int) else 0) - 2 ^ w.matrixShift * gramEntry D i j

/-- What the checks prove, in integers. -/
structure Certified (D : Study) (w : Witness) (v : Bounds) : Prop where
  /-- `W` is a sum of squares plus `σI` plus a small rest. -/
  rest : ∃ E : Nat → Nat → Int, (∀ i j, i < D.columns → j < D.columns →
    dualEntry D w i j = modesEntry w.factorBits w.factor i j + (if i = j then (w.slack : Int) else 0) + E i j) ∧
    (∀ i j, i < D.columns → j < D.columns → -(w.rest : Int) ≤ E i j ∧ E i j ≤ w.rest) ∧ D.columns * w.rest ≤ w.slack
  /-- The bound. -/
  lower : (v.lower : Int) = 2 ^ w.matrixShift * total D.columns (fun i => gramEntry D i i) - v.rank * w.threshold
    - total D.columns fun i => modesEntry w.vectorBits w.modes i i
  /-- The errors. -/
  worst : ∀ row ∈ D.rows, (errorAt D row).natAbs ≤ v.tolerance
  residual : (v.residual : Int) = listSum (fun row => errorAt D row ^ 2) D.rows

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

/-- **What the two checks prove.** -/
theorem certified_of_checks {D : Study} {w : Witness} {v : Bounds} {s : Sums}
    (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s) (h : checkSums D w v s = true) : Certified D w v := by
  unfold checkSums at h
  rw [force_eq, force_eq, force_eq, withStride_eq, countAxes_eq, countColumns_eq, countRows_eq, Nat.zero_add, Nat.zero_add] at h
  rw [show D.landmarks.length + D.axes.length = D.columns from rfl, show D.rows.length = D.size from rfl] at h
  rw [Bool.and_eq_true] at h
  obtain ⟨hw, hs⟩ := h
  unfold widthsSuffice at hw
  simp only [Bool.and_eq_true] at hw
  obtain ⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨w1, w2⟩, w3⟩, w4⟩, w5⟩, w6⟩, w7⟩, w8⟩, w9⟩, w10⟩, w11⟩, w12⟩, w13⟩, w14⟩ := hw
  replace w1 := Nat.blt_eq.mp w1; replace w2 := Nat.blt_eq.mp w2; replace w3 := Nat.blt_eq.mp w3
  replace w4 := Nat.blt_eq.mp w4; replace w5 := Nat.blt_eq.mp w5
  replace w6 := Nat.le_of_ble_eq_true w6; replace w7 := Nat.le_of_ble_eq_true w7
  replace w8 := Nat.blt_eq.mp w8; replace w9 := Nat.blt_eq.mp w9; replace w10 := Nat.blt_eq.mp w10
  replace w11 := Nat.blt_eq.mp w11; replace w12 := Nat.blt_eq.mp w12
  replace w13 := Nat.le_of_ble_eq_true w13; replace w14 := Nat.le_of_ble_eq_true w14
  unfold sumsSuffice at hs
  simp only [forceInt_eq, Bool.and_eq_true] at hs
  obtain ⟨⟨⟨⟨s1, s2⟩, s3⟩, s4⟩, s5, s6⟩ := hs
  replace s1 := Nat.eq_of_beq_eq_true s1; replace s2 := Nat.eq_of_beq_eq_true s2; replace s3 := Nat.eq_of_beq_eq_true s3
  have hfits : Fits D w.bits := ⟨w1, w2, w3, w8, w9⟩
  have spec := scan_eq D hfits w.mean v.tolerance D.rows .zero (by rw [hscan]; exact s1)
  rw [hscan] at spec
  obtain ⟨over, count, totals, operator, residual, worst⟩ := spec
  have hzero : ∀ f : Sums → Nat, f .zero = 0 → ((f .zero : Nat) : Int) = 0 := fun f hf => by rw [hf]; rfl
  rw [show ((Sums.zero.totals : Nat) : Int) = 0 from rfl, Int.zero_add] at totals
  rw [show ((Sums.zero.gram : Nat) : Int) = 0 from rfl, show ((Sums.zero.along : Nat) : Int) = 0 from rfl, Int.zero_add,
    Int.zero_add] at operator
  rw [show ((Sums.zero.residual : Nat) : Int) = 0 from rfl, Int.zero_add] at residual
  rw [show Sums.zero.count = 0 from rfl, Nat.zero_add] at count
  -- the means
  have hmean : ∀ k, k < D.columns → (digit D.slot w.mean k : Int) = D.mean k := by
    refine mean_of_agree D totals over.2 w10 ?_
    rw [count] at s4; exact s4
  have hmeanle : ∀ k, k < D.columns → (digit D.slot w.mean k : Int) ≤ 2 ^ D.grid := by
    intro k hk
    rw [hmean k hk]
    have h1 := (listSum_range (f := fun row => D.basisAt row k) (rows := D.rows) fun row hr => over.2 row hr k hk).2
    unfold Study.mean
    by_cases h0 : D.size = 0
    · rw [h0, show ((0 : Nat) : Int) = 0 from rfl, Int.ediv_zero]; exact Int.le_of_lt (Int.pow_pos (by omega))
    · apply Int.ediv_le_of_le_mul (by omega)
      rw [listSum_eq _ 0] at h1
      rw [Int.mul_comm]; exact h1
  obtain ⟨hgram, halong⟩ := operator hmeanle
  have hentry : ∀ row j, operatorEntry D (fun k => (digit D.slot w.mean k : Int)) row j = operatorEntry D D.mean row j := by
    intro row j; unfold operatorEntry
    exact total_congr fun k hk => by dsimp only; rw [hmean k hk]
  simp only [hentry, ← operatorBias_eq] at hgram halong
  have hrange : ∀ row ∈ D.rows, ∀ j, -(operatorBias D D.columns : Int) ≤ operatorEntry D D.mean row j ∧
      operatorEntry D D.mean row j ≤ operatorBias D D.columns := by
    intro row hr j
    rw [← hentry, operatorBias_eq]
    exact operatorEntry_range D w2 (fun k hk => ⟨Int.natCast_nonneg _, hmeanle k hk⟩) (over.2 row hr) j
  have halongrange : ∀ j, j < D.columns →
      0 ≤ listSum (fun row => operatorEntry D D.mean row j + (operatorBias D D.columns : Int)) D.rows ∧
      listSum (fun row => operatorEntry D D.mean row j + (operatorBias D D.columns : Int)) D.rows < base w.bits := by
    intro j _
    have h1 := listSum_range (f := fun row => operatorEntry D D.mean row j + (operatorBias D D.columns : Int)) (rows := D.rows)
      (c := 2 * (operatorBias D D.columns : Int)) fun row hr => by have := hrange row hr j; dsimp only; omega
    have h2 := Int.ofNat_lt.mpr w11
    simp only [Nat.mul_eq, Nat.pow_eq, Int.natCast_mul] at h2
    rw [← base_eq, show ((2 : Nat) : Int) = 2 from rfl] at h2
    exact ⟨h1.1, Int.lt_of_le_of_lt h1.2 h2⟩
  have hM := centredGram_eq w1 count hgram halong halongrange
  have hMrange : ∀ i j, -(gramBound D D.columns D.size : Int) ≤ gramEntry D i j ∧ gramEntry D i j ≤ gramBound D D.columns D.size := by
    intro i j
    have h1 := listSum_range (f := fun row => operatorEntry D D.mean row i * operatorEntry D D.mean row j
      + (operatorBias D D.columns : Int) * operatorBias D D.columns) (rows := D.rows)
      (c := 2 * ((operatorBias D D.columns : Int) * operatorBias D D.columns)) fun row hr => by
        have := mul_range (hrange row hr i) (hrange row hr j); dsimp only; omega
    have h2 : listSum (fun row => operatorEntry D D.mean row i * operatorEntry D D.mean row j
        + (operatorBias D D.columns : Int) * operatorBias D D.columns) D.rows
        = gramEntry D i j + D.rows.length * ((operatorBias D D.columns : Int) * operatorBias D D.columns) := by
      unfold gramEntry
      clear h1 hrange halongrange hM halong hgram residual totals over worst hmeanle hmean hscan count operator hentry
      induction D.rows with
      | nil => simp [listSum]
      | cons row rows ih => simp only [listSum, List.length_cons, Int.natCast_add]; rw [ih]; grind
    rw [h2] at h1
    have h3 : (gramBound D D.columns D.size : Int) = D.rows.length * ((operatorBias D D.columns : Int) * operatorBias D D.columns) := by
      unfold gramBound; simp only [Nat.mul_eq, Int.natCast_mul]
    rw [h3]
    have h4 : (D.rows.length : Int) * (2 * ((operatorBias D D.columns : Int) * operatorBias D D.columns))
        = 2 * (D.rows.length * ((operatorBias D D.columns : Int) * operatorBias D D.columns)) := by grind
    omega
  -- the packed matrices
  have hP : Int.sub (outerSum (Stride.of w.bits D.columns) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0)
      (Int.mul (Int.ofNat (2 ^ w.matrixShift)) (centredGram (Stride.of w.bits D.columns) (operatorBias D D.columns) s))
      = packMatrix w.bits D.columns fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * gramEntry D i j := by
    rw [packMatrix_sub, packMatrix_mul, outerSum_eq w4 w6, hM, Int.zero_add]
    rw [show Int.ofNat (2 ^ w.matrixShift) = 2 ^ w.matrixShift from Int.natCast_pow 2 w.matrixShift]; rfl
  have hL : outerSum (Stride.of w.bits D.columns) w.factorBits (2 ^ (w.factorBits - 1)) w.factor 0
      = packMatrix w.bits D.columns (modesEntry w.factorBits w.factor) := by rw [outerSum_eq w5 w7, Int.zero_add]; rfl
  have hV := modesEntry_range w4 w.modes
  have hF := modesEntry_range w5 w.factor
  have h2sh : (0 : Int) < 2 ^ w.matrixShift := Int.pow_pos (by omega)
  have hSM : ∀ i j, -(2 ^ w.matrixShift * (gramBound D D.columns D.size : Int)) ≤ 2 ^ w.matrixShift * gramEntry D i j ∧
      2 ^ w.matrixShift * gramEntry D i j ≤ 2 ^ w.matrixShift * (gramBound D D.columns D.size : Int) := by
    intro i j
    have h1 := Int.mul_le_mul_of_nonneg_left (hMrange i j).1 (Int.le_of_lt h2sh)
    have h2 := Int.mul_le_mul_of_nonneg_left (hMrange i j).2 (Int.le_of_lt h2sh)
    rw [Int.mul_neg] at h1; exact ⟨h1, h2⟩
  have hbound : (modesBound w.vectorBits w.modes : Int) + modesBound w.factorBits w.factor
      + 2 ^ w.matrixShift * (gramBound D D.columns D.size : Int) + (w.threshold + w.slack + w.rest) < 2 ^ (w.bits - 1) := by
    have h1 := Int.ofNat_lt.mpr w12
    simp only [Nat.add_eq, Nat.mul_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_add, Int.natCast_mul, Int.natCast_pow] at h1
    rw [show ((2 : Nat) : Int) = 2 from rfl] at h1; exact h1
  refine { rest := ?_, lower := ?_, worst := ?_, residual := ?_ }
  · refine ⟨fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * gramEntry D i j
      - modesEntry w.factorBits w.factor i j + ((w.threshold : Int) - w.slack) * (if i = j then 1 else 0), ?_, ?_, w14⟩
    · intro i j _ _
      unfold dualEntry
      dsimp only
      by_cases h : i = j
      · rw [if_pos h, if_pos h, if_pos h]; omega
      · rw [if_neg h, if_neg h, if_neg h]; omega
    · intro i j hi hj
      have hq := entries_of_within (E := fun i j => modesEntry w.vectorBits w.modes i j - 2 ^ w.matrixShift * gramEntry D i j
        - modesEntry w.factorBits w.factor i j + ((w.threshold : Int) - w.slack) * (if i = j then 1 else 0)) w1
        (by rw [packMatrix_add, packMatrix_sub, packMatrix_mul, ← hP, ← hL, ← packedIdentity_eq w1]; rfl)
        (fun i j _ _ => by
          have h1 := hV i j; have h2 := hF i j; have h3 := hSM i j
          dsimp only
          by_cases h : i = j
          · rw [if_pos h]; omega
          · rw [if_neg h]; omega) w13 s5 i j hi hj
      have : ((Nat.mul 2 w.rest : Nat) : Int) = 2 * w.rest := by simp
      dsimp only at hq ⊢
      omega
  · have htrace := packedTrace_eq w1 hP fun i j _ _ => by
      have h1 := hV i j; have h3 := hSM i j; omega
    have hz : packedTrace (Stride.of w.bits D.columns)
        (Int.sub (outerSum (Stride.of w.bits D.columns) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0)
          (Int.mul (Int.ofNat (2 ^ w.matrixShift)) (centredGram (Stride.of w.bits D.columns) (operatorBias D D.columns) s)))
        + ((w.threshold : Int) * v.rank + v.lower) = 0 := by
      replace s6 : (match packedTrace (Stride.of w.bits D.columns)
          (Int.sub (outerSum (Stride.of w.bits D.columns) w.vectorBits (2 ^ (w.vectorBits - 1)) w.modes 0)
            (Int.mul (Int.ofNat (2 ^ w.matrixShift)) (centredGram (Stride.of w.bits D.columns) (operatorBias D D.columns) s)))
          + ((v.rank * w.threshold + v.lower : Nat) : Int) with
        | Int.ofNat z => Nat.beq z 0
        | Int.negSucc _ => false) = true := s6
      rw [Int.mul_comm, ← Int.natCast_mul, ← Int.natCast_add]
      generalize packedTrace _ _ + _ = z at s6 ⊢
      cases z with
      | ofNat z => have := Nat.eq_of_beq_eq_true s6; rw [this]; rfl
      | negSucc z => exact absurd s6 (by simp)
    rw [htrace] at hz
    have e : total D.columns (fun i => modesEntry w.vectorBits w.modes i i - 2 ^ w.matrixShift * gramEntry D i i)
        = total D.columns (fun i => modesEntry w.vectorBits w.modes i i) - 2 ^ w.matrixShift * total D.columns fun i => gramEntry D i i := by
      rw [← total_mul]; exact sum_sub _ _ _
    rw [e] at hz
    rw [Int.mul_comm (v.rank : Int)]; omega
  · exact (worst s2).2
  · rw [← residual, s3]

end Eigenstill.Claims
