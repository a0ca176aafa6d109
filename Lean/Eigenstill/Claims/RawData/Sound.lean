/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Dual

/-!
# From the checks to integers

What `checkRows`, `checkBlock` and `checkSums` prove, still in integers: `Certified`. `scan_of_checkRows` joins the rows of
several theorems.
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

/-- What the checks prove, in integers. -/
structure Certified (D : Study) (w : Witness) (v : Bounds) (s : Sums) (last : Nat) (t : Int) : Prop where
  /-- The bound. -/
  dual : Blocks (checkBlock D w s) 0 last t → Dual w v D.columns (gramEntry D)
  /-- The errors. -/
  worst : ∀ row ∈ D.rows, (errorAt D row).natAbs ≤ v.tolerance
  residual : (v.residual : Int) = listSum (fun row => errorAt D row ^ 2) D.rows

/-- **What the checks prove.** -/
theorem certified_of_checks {D : Study} {w : Witness} {v : Bounds} {s : Sums} {last : Nat} {t : Int}
    (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s) (h : checkSums D w v s last t = true) :
    Certified D w v s last t := by
  unfold checkSums at h
  rw [force_eq, force_eq, force_eq, countAxes_eq, countColumns_eq, countRows_eq, Nat.zero_add, Nat.zero_add] at h
  rw [show D.landmarks.length + D.axes.length = D.columns from rfl, show D.rows.length = D.size from rfl] at h
  simp only [Bool.and_eq_true] at h
  obtain ⟨⟨⟨⟨⟨⟨hw, s1⟩, s2⟩, s3⟩, s4⟩, s5⟩, s6⟩ := h
  unfold widthsSuffice at hw
  simp only [Bool.and_eq_true] at hw
  obtain ⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨⟨w1, w2⟩, w3⟩, w4⟩, w5⟩, w6⟩, w7⟩, w8⟩, w9⟩, w10⟩, w11⟩, w15⟩, w12⟩, w13⟩, w14⟩ := hw
  replace w1 := Nat.blt_eq.mp w1; replace w2 := Nat.blt_eq.mp w2; replace w3 := Nat.blt_eq.mp w3
  replace w4 := Nat.blt_eq.mp w4; replace w5 := Nat.blt_eq.mp w5
  replace w6 := Nat.le_of_ble_eq_true w6; replace w7 := Nat.le_of_ble_eq_true w7
  replace w8 := Nat.blt_eq.mp w8; replace w9 := Nat.blt_eq.mp w9; replace w10 := Nat.blt_eq.mp w10
  replace w11 := Nat.blt_eq.mp w11; replace w12 := Nat.blt_eq.mp w12
  replace w13 := Nat.le_of_ble_eq_true w13; replace w14 := Nat.le_of_ble_eq_true w14
  replace w15 := Nat.blt_eq.mp w15
  obtain rfl := Nat.eq_of_beq_eq_true s5
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
      clear h1 hrange halongrange halong hgram residual totals over worst hmeanle hmean hscan count operator hentry
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
  have hgramrange : ∀ i j, i < D.columns → j < D.columns →
      0 ≤ listSum (fun row => (operatorEntry D D.mean row i + (operatorBias D D.columns : Int))
        * (operatorEntry D D.mean row j + (operatorBias D D.columns : Int))) D.rows ∧
      listSum (fun row => (operatorEntry D D.mean row i + (operatorBias D D.columns : Int))
        * (operatorEntry D D.mean row j + (operatorBias D D.columns : Int))) D.rows < base w.bits := by
    intro i j _ _
    have h1 := listSum_range (f := fun row => (operatorEntry D D.mean row i + (operatorBias D D.columns : Int))
        * (operatorEntry D D.mean row j + (operatorBias D D.columns : Int))) (rows := D.rows)
      (c := 2 * (operatorBias D D.columns : Int) * (2 * (operatorBias D D.columns : Int))) fun row hr => by
        have h2 := hrange row hr i; have h3 := hrange row hr j
        exact ⟨Int.mul_nonneg (by omega) (by omega), Int.mul_le_mul (by omega) (by omega) (by omega) (by omega)⟩
    have h2 := Int.ofNat_lt.mpr w15
    rw [base_eq]
    unfold gramBound at h2
    simp only [Nat.mul_eq, Int.natCast_mul] at h2
    have h4 : (D.rows.length : Int) * (2 * (operatorBias D D.columns : Int) * (2 * (operatorBias D D.columns : Int)))
        = 4 * (D.rows.length * ((operatorBias D D.columns : Int) * operatorBias D D.columns)) := by grind
    refine ⟨h1.1, Int.lt_of_le_of_lt h1.2 ?_⟩
    rw [h4]; exact h2
  have hgramOf : ∀ i h, i + h ≤ D.columns → gramOf D w (Stride.of w.bits D.columns i h) s
      = packRows w.bits D.columns h fun p q => 2 ^ w.matrixShift * gramEntry D (i + p) q := by
    intro i h hh
    have h1 := centredRows_eq (β := operatorBias D D.columns) (d := fun _ => 1) (l := D.rows)
      (e := fun row j => operatorEntry D D.mean row j + (operatorBias D D.columns : Int)) w1 hh (weight := s.count) (along := s.along)
      (gram := gramRows (Stride.of w.bits D.columns i h) s.gram)
      (by
        rw [count]
        clear hrange halongrange halong hgram residual totals over worst hmeanle hmean hscan count operator hentry hgramrange hMrange
        induction D.rows with
        | nil => rfl
        | cons row rows ih => simp only [listSum, List.length_cons, Int.natCast_add]; omega)
      (by rw [gramRows_eq hh hgram hgramrange]; simp only [Int.one_mul])
      (by rw [halong]; simp only [Int.one_mul])
      (fun q hq => by have := halongrange q hq; simpa only [Int.one_mul] using this)
    unfold gramOf
    rw [packRows_mul]
    rw [show (Stride.of w.bits D.columns i h).size = D.columns from rfl, h1]
    have h2 : ∀ p q, listSum (fun row => (1 : Int) * ((operatorEntry D D.mean row (i + p) + (operatorBias D D.columns : Int) - operatorBias D D.columns)
        * (operatorEntry D D.mean row q + (operatorBias D D.columns : Int) - operatorBias D D.columns))) D.rows = gramEntry D (i + p) q :=
      fun p q => listSum_congr fun row _ => by rw [Int.one_mul, Int.add_sub_cancel, Int.add_sub_cancel]
    simp only [h2]
    exact congrArg (fun c => c * _) (Int.natCast_pow 2 w.matrixShift)
  have hfit : WidthsFit w D.columns (Nat.mul (2 ^ w.matrixShift) (gramBound D D.columns D.size)) :=
    ⟨w1, ⟨w4, w6⟩, ⟨w5, w7⟩, w12, w13, w14⟩
  refine { dual := fun hblocks => ?_, worst := (worst s2).2, residual := by rw [← residual, s3] }
  refine dual_of_blocks hfit (fun i j _ _ => ?_) (fun i h t hc => ?_) hblocks s6
  · have h2sh : (0 : Int) < 2 ^ w.matrixShift := Int.pow_pos (by omega)
    have h1 := Int.mul_le_mul_of_nonneg_left (hMrange i j).1 (Int.le_of_lt h2sh)
    have h2 := Int.mul_le_mul_of_nonneg_left (hMrange i j).2 (Int.le_of_lt h2sh)
    rw [Int.mul_neg] at h1
    have h3 : ((Nat.mul (2 ^ w.matrixShift) (gramBound D D.columns D.size) : Nat) : Int)
        = 2 ^ w.matrixShift * (gramBound D D.columns D.size : Int) := by simp
    rw [h3]; exact ⟨h1, h2⟩
  · unfold checkBlock at hc
    rw [force_eq, force_eq, countAxes_eq, countColumns_eq, Nat.zero_add, withStride_eq, Bool.and_eq_true,
      show D.landmarks.length + D.axes.length = D.columns from rfl] at hc
    have hh : i + h ≤ D.columns := Nat.le_of_ble_eq_true hc.1
    exact ⟨hh, _, hgramOf i h hh, hc.2⟩

end Eigenstill.Claims
