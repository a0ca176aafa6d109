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
  have h2 : (2 : Nat) ^ (c + 1) = 2 ^ c * 2 := Nat.pow_succ
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
  unfold modesEntry
  induction ms with
  | nil => simp [listSum]
  | cons m ms ih =>
    have ih := ih (by
      have := hb; clear hb
      unfold modesBound at *
      rw [Nat.mul_eq, Int.natCast_mul, weightSum_eq] at *
      have h1 : ((Nat.pow 2 (Nat.mul 2 (Nat.sub s 1)) : Nat) : Int) = 2 ^ (s - 1) * 2 ^ (s - 1) := by
        show ((2 ^ (2 * (s - 1)) : Nat) : Int) = _
        rw [Nat.two_mul, Nat.pow_add]; simp
      rw [h1] at *
      simp only [listSum] at *; grind)
    have h1 := mul_range (entry_range hs m.2 i) (entry_range hs m.2 j)
    have h2 := Int.mul_le_mul_of_nonneg_left h1.1 (show (0 : Int) ≤ m.1 by omega)
    have h3 := Int.mul_le_mul_of_nonneg_left h1.2 (show (0 : Int) ≤ m.1 by omega)
    simp only [listSum]
    rw [Int.mul_neg] at h2
    constructor <;> omega

end Eigenstill.Claims
