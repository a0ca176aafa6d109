/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Scan
public import Eigenstill.Claims.RawData.OperatorRow

/-!
# All rows: what the sums are

`scan_eq`: the sums of `scan` are the sums of outer products of the rows of the operator, of basis values, of squared
errors, provided that nothing exceeded the grid; and no error exceeds the tolerance if nothing exceeded it.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

variable (D : Study) {b : Nat}

/-- What the check needs of the widths: slots not empty, squared distances and images within their slots. -/
structure Fits (b : Nat) : Prop where
  bits : 0 < b
  metricBits : 0 < D.metricBits
  one : 0 < D.one
  distances : DistancesFit D b
  images : ImagesFit D b D.columns

/-- Teacher minus student on the floored basis, at the row `x`, in the unit of outputs. -/
noncomputable def errorAt (row : Nat) : Int := D.teacherAt row - D.studentAt row

theorem distance_eq {a c : Nat} {e : Int} (h : (a : Int) - c = e) : distance a c = e.natAbs := by
  show (a - c) + (c - a) = _; omega

/-- `Σ C_k a_k` from the stored coefficients. -/
theorem total_coefficient (c : Nat → Int) :
    total D.columns (fun k => c k * (D.column k).coefficient) - 2 ^ (D.coefficientBits - 1) * total D.columns c
      = total D.columns fun k => c k * D.coefficient k := by
  rw [← total_mul]; simp only [total]; rw [← sum_sub]
  refine sum_congr fun k => ?_
  unfold Study.coefficient
  rw [show Int.ofNat (2 ^ (D.coefficientBits - 1)) = 2 ^ (D.coefficientBits - 1) by
    show ((2 ^ _ : Nat) : Int) = _; simp, show Int.ofNat (D.column k.val).coefficient = (D.column k.val).coefficient from rfl]
  grind

theorem rowError_eq {sum image row : Nat} (hs : (sum : Int) = total D.columns fun k => D.basisAt row k)
    (hi : (image : Int) = total D.columns fun k => D.basisAt row k * (D.column k).coefficient) (mean tolerance : Nat) :
    rowError (frameOf D b mean tolerance) row sum image = (errorAt D row).natAbs := by
  refine distance_eq ?_
  show ((Nat.add (Nat.add (Nat.mul D.teacherStep (Nat.land row (Nat.sub (Nat.pow 2 D.slot) 1)))
    (Nat.mul D.coefficientStep (Nat.mul (Nat.pow 2 (Nat.sub D.coefficientBits 1)) sum)))
    (Nat.add (positivePart D.teacherShift) (negativePart D.intercept)) : Nat) : Int)
    - ((Nat.add (Nat.mul D.coefficientStep image) (Nat.add (negativePart D.teacherShift) (positivePart D.intercept)) : Nat) : Int)
    = _
  rw [land_mask, ← digit_zero]
  simp only [Nat.add_eq, Nat.mul_eq, Nat.pow_eq, Nat.sub_eq, Int.natCast_mul, Int.natCast_add, Int.natCast_pow]
  unfold errorAt Study.teacherAt Study.studentAt
  rw [← total_coefficient D fun k => D.basisAt row k, ← hs, ← hi]
  have h1 : (positivePart D.teacherShift : Int) - negativePart D.teacherShift = D.teacherShift := by
    show (D.teacherShift.toNat : Int) - (-D.teacherShift).toNat = _; omega
  have h2 : (positivePart D.intercept : Int) - negativePart D.intercept = D.intercept := by
    show (D.intercept.toNat : Int) - (-D.intercept).toNat = _; omega
  rw [show ((2 : Nat) : Int) = 2 from rfl]
  grind

/-! ## One step -/

/-- The parts of the image of a row. -/
def sumPart (F : Frame) (v : Nat) : Nat := Nat.land v F.plan.mask
@[inherit_doc sumPart] def bodyPart (F : Frame) (v : Nat) : Nat := Nat.shiftRight v F.plan.bits
@[inherit_doc sumPart] def basisPart (F : Frame) (v : Nat) : Nat :=
  Nat.land (Nat.shiftRight (Nat.shiftRight v F.plan.bits) F.rowBits) F.rowMask
@[inherit_doc sumPart] def imagePart (F : Frame) (v : Nat) : Nat :=
  Nat.shiftRight (Nat.shiftRight (Nat.shiftRight v F.plan.bits) F.rowBits) F.rowBits
@[inherit_doc sumPart] noncomputable def operatorPart (F : Frame) (v : Nat) : Nat :=
  operatorRow F (bodyPart F v) (sumPart F v)

theorem scan_cons (F : Frame) (row : Nat) (rows : List Nat) (s : Sums) :
    scan F (row :: rows) s = scan F rows
      { count := s.count + 1
        gram := Nat.add s.gram (Nat.mul (operatorPart F (rowImage F.plan row).value)
          (spread F.stride.copies F.stride.mask (operatorPart F (rowImage F.plan row).value)))
        along := Nat.add s.along (operatorPart F (rowImage F.plan row).value)
        totals := Nat.add s.totals (basisPart F (rowImage F.plan row).value)
        over := s.over + (rowImage F.plan row).over
        residual := Nat.add s.residual
          (Nat.mul (rowError F row (sumPart F (rowImage F.plan row).value) (imagePart F (rowImage F.plan row).value))
            (rowError F row (sumPart F (rowImage F.plan row).value) (imagePart F (rowImage F.plan row).value)))
        worst := Nat.add s.worst
          (Nat.sub (rowError F row (sumPart F (rowImage F.plan row).value) (imagePart F (rowImage F.plan row).value))
            F.tolerance) } := by
  show scanStep F row s (scan F rows) = _
  unfold scanStep
  generalize rowImage F.plan row = ri
  obtain ⟨v, over⟩ := ri
  simp only [force_eq]; rfl

/-- What `scan` returns, as sums over the rows. -/
structure ScanSpec (b mean tolerance : Nat) (rows : List Nat) (s t : Sums) : Prop where
  over : s.over = 0 ∧ ∀ row ∈ rows, ∀ k, k < D.columns → 0 ≤ D.basisAt row k ∧ D.basisAt row k ≤ 2 ^ D.grid
  count : t.count = s.count + rows.length
  totals : (t.totals : Int) = s.totals + pack (base b) D.columns fun k => listSum (fun row => D.basisAt row k) rows
  operator : (∀ k, k < D.columns → (digit D.slot mean k : Int) ≤ 2 ^ D.grid) →
    (t.gram : Int) = s.gram + packRows b D.columns D.columns (fun i j => listSum (fun row =>
      (operatorEntry D (fun k => (digit D.slot mean k : Int)) row i + beta D)
        * (operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D)) rows) ∧
    (t.along : Int) = s.along + pack (base b) D.columns fun j => listSum (fun row =>
      operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D) rows
  residual : (t.residual : Int) = s.residual + listSum (fun row => errorAt D row ^ 2) rows
  worst : t.worst = 0 → s.worst = 0 ∧ ∀ row ∈ rows, (errorAt D row).natAbs ≤ tolerance

/-- **The sums of `scan`.** -/
theorem scan_eq (hf : Fits D b) (mean tolerance : Nat) : ∀ (rows : List Nat) (s : Sums),
    (scan (frameOf D b mean tolerance) rows s).over = 0 →
      ScanSpec D b mean tolerance rows s (scan (frameOf D b mean tolerance) rows s)
  | [], s, h => {
      over := ⟨h, fun row hr => absurd hr List.not_mem_nil⟩
      count := rfl
      totals := by
        simp only [listSum, scan]
        rw [show pack (base b) D.columns (fun _ => 0) = 0 * pack (base b) D.columns (fun _ => 0) by rw [← pack_mul]; simp]; simp
      operator := fun _ => by
        simp only [listSum, scan]
        rw [show pack (base b) D.columns (fun _ => 0) = 0 * pack (base b) D.columns (fun _ => 0) by rw [← pack_mul]; simp]
        rw [show packRows b D.columns D.columns (fun _ _ => 0) = 0 * packRows b D.columns D.columns (fun _ _ => 0) by rw [← packRows_mul]; simp]
        simp
      residual := by simp [listSum, scan]
      worst := fun h => ⟨h, fun row hr => absurd hr List.not_mem_nil⟩ }
  | row :: rows, s, h => by
    have hvalue := fun hov => rowImage_value D row hf.bits hf.one hf.distances hov
    have hran := fun hov k hk => basisAt_range D (b := b) row hf.one hov (k := k) hk
    have hnext := scan_cons (frameOf D b mean tolerance) row rows s
    rw [hnext] at h ⊢
    have ih := scan_eq hf mean tolerance rows _ h
    clear h hnext
    rw [show (frameOf D b mean tolerance).plan = plan D b D.landmarkCount D.columns from rfl] at ih ⊢
    generalize scan (frameOf D b mean tolerance) rows _ = t at *
    generalize rowImage (plan D b D.landmarkCount D.columns) row = ri at *
    obtain ⟨v, over⟩ := ri
    dsimp only at *
    have hover : s.over = 0 ∧ over = 0 := by have := ih.over.1; exact Nat.add_eq_zero_iff.mp this
    have hr := hran hover.2
    have hval := hvalue hover.2
    obtain ⟨c1, c2, c3, c4⟩ := cut_image D hf.images hval hr
    have hsum : sumPart (frameOf D b mean tolerance) v = v % 2 ^ b := land_mask v b
    have hbody : bodyPart (frameOf D b mean tolerance) v = v / 2 ^ b := shiftRight_eq v b
    have himage : imagePart (frameOf D b mean tolerance) v = v / 2 ^ b / 2 ^ (b * D.columns) / 2 ^ (b * D.columns) := by
      show Nat.shiftRight (Nat.shiftRight (Nat.shiftRight v _) _) _ = _
      rw [shiftRight_eq, shiftRight_eq, shiftRight_eq]; rfl
    have hbasis : basisPart (frameOf D b mean tolerance) v = v / 2 ^ b / 2 ^ (b * D.columns) % 2 ^ (b * D.columns) := by
      show Nat.land (Nat.shiftRight (Nat.shiftRight v _) _) (Nat.sub (Nat.pow 2 (b * D.columns)) 1) = _
      rw [land_mask, shiftRight_eq, shiftRight_eq]; rfl
    rw [← hbody] at c1
    rw [← hsum] at c3
    rw [← himage] at c4
    rw [← hbasis] at c2
    have herr := rowError_eq D (b := b) c3 c4 mean tolerance
    rw [herr] at ih
    generalize hs0 : sumPart (frameOf D b mean tolerance) v = sum at *
    generalize basisPart (frameOf D b mean tolerance) v = values at *
    have htotals := ih.totals
    have hoperator := ih.operator
    have hresidual := ih.residual
    have hworst := ih.worst
    dsimp only at htotals hoperator hresidual hworst
    refine { over := ⟨hover.1, ?_⟩, count := ?_, totals := ?_, operator := ?_, residual := ?_, worst := ?_ }
    · intro x hx
      rcases List.mem_cons.mp hx with rfl | hx
      · exact hr
      · exact ih.over.2 x hx
    · rw [ih.count, List.length_cons]; dsimp only; omega
    · rw [htotals]
      simp only [listSum]
      rw [pack_add, ← Int.add_assoc, Nat.add_eq, Int.natCast_add, c2]
    · intro hc
      obtain ⟨h1, h2⟩ := hoperator hc
      have ha := operatorRow_eq D hf.bits hf.metricBits hf.images mean tolerance hc hr c1 c3
      rw [show operatorRow (frameOf D b mean tolerance) (bodyPart (frameOf D b mean tolerance) v) sum = operatorPart (frameOf D b mean tolerance) v by
        rw [← hs0]; rfl] at ha
      generalize operatorPart (frameOf D b mean tolerance) v = a at *
      have hβ : ∀ j, j < D.columns → 0 ≤ operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D ∧
          operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D < base b := by
        intro j hj
        have h3 := operatorEntry_range D hf.metricBits (c := fun k => (digit D.slot mean k : Int))
          (fun k hk => ⟨Int.natCast_nonneg _, hc k hk⟩) hr j
        have h4 := two_beta_lt D hf.metricBits hf.images
        omega
      have hspread := spread_eq hf.bits (Nat.le_refl D.columns) ha hβ
      simp only [listSum]
      constructor
      · rw [h1, packRows_add, packRows_outer b D.columns D.columns
          (fun i => operatorEntry D (fun k => (digit D.slot mean k : Int)) row i + beta D)
          (fun j => operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D), ← hspread, ← ha]
        rw [Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul, ← Int.add_assoc, Int.mul_comm (spread _ _ _ : Int)]
        rfl
      · rw [h2, pack_add _ _ (fun j => operatorEntry D (fun k => (digit D.slot mean k : Int)) row j + beta D), ← ha,
          Nat.add_eq, Int.natCast_add, ← Int.add_assoc]
    · rw [hresidual]
      simp only [listSum]
      rw [← Int.add_assoc, Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
      have h1 : ((errorAt D row).natAbs : Int) * (errorAt D row).natAbs = errorAt D row ^ 2 := by
        rw [← Int.natCast_mul, Int.natAbs_mul_self]; grind
      rw [h1]
    · intro hw
      obtain ⟨h1, h2⟩ := hworst hw
      have h3 : s.worst + ((errorAt D row).natAbs - tolerance) = 0 := h1
      refine ⟨by omega, fun x hx => ?_⟩
      rcases List.mem_cons.mp hx with rfl | hx
      · omega
      · exact h2 x hx

end Eigenstill.Claims
