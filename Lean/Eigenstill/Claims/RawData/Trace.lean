/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Check
public import Eigenstill.Claims.RawData.ScanSound

/-!
# Traces, means and the matrix `M`, read off packed numbers

* `packedTrace_eq`: the trace of a packed matrix.
* `centredGram_eq`: `M = Σ a aᵀ` from the sums of biased rows.
* `mean_of_agree`: the stored means are the means.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Claims

open Exact

theorem diagonalSum_eq (b step : Nat) : ∀ (i x acc : Nat), (diagonalSum (Nat.sub (Nat.pow 2 b) 1) step i x acc : Int)
    = acc + total i fun k => ((x / 2 ^ (step * k) % 2 ^ b : Nat) : Int)
  | 0, x, acc => by simp [diagonalSum, total, sum]
  | i + 1, x, acc => by
    rw [diagonalSum, force_eq, force_eq, diagonalSum_eq b step i, total_head, land_mask, shiftRight_eq, Nat.add_eq,
      Int.natCast_add, Int.add_assoc]
    congr 2
    · rw [Nat.mul_zero, Nat.pow_zero, Nat.div_one]
    · refine total_congr fun k _ => ?_
      rw [Nat.div_div_eq_div_mul, ← Nat.pow_add, show step + step * k = step * (k + 1) by rw [Nat.mul_succ, Nat.add_comm]]

/-- **The trace of a packed matrix.** -/
theorem packedTrace_eq {b n : Nat} (hb : 0 < b) {q : Int} {E : Nat → Nat → Int} (hq : q = packMatrix b n E)
    (h : ∀ i j, i < n → j < n → -2 ^ (b - 1) ≤ E i j ∧ E i j < 2 ^ (b - 1)) :
    packedTrace (Stride.of b n) q = total n fun i => E i i := by
  have h2b : (2 : Int) ^ (b - 1) * 2 = base b := by
    obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩
    unfold base; rw [Int.pow_succ]; rfl
  have hcast : ((2 ^ (b - 1) : Nat) : Int) = 2 ^ (b - 1) := by simp
  have hx : Int.add q (Int.ofNat (Nat.mul (Nat.pow 2 (Nat.sub b 1)) (Nat.mul (Stride.of b n).down (Stride.of b n).along)))
      = packMatrix b n fun i j => E i j + 2 ^ (b - 1) := by
    rw [packMatrix_add, packMatrix_const hb, ← hq, ← hcast, ← Int.natCast_mul, ← Int.natCast_mul]; rfl
  unfold packedTrace
  rw [show (Stride.of b n).bits = b from rfl, hx]
  have hrow : ∀ i, i < n → 0 ≤ pack (base b) n (fun j => E i j + 2 ^ (b - 1)) ∧
      pack (base b) n (fun j => E i j + 2 ^ (b - 1)) < base (b * (n + 1)) := by
    intro i hi
    have h1 := pack_range (base_pos b) (n := n) (e := fun j => E i j + 2 ^ (b - 1)) fun j hj => by
      have := h i j hi hj; dsimp only; omega
    refine ⟨h1.1, Int.lt_of_lt_of_le h1.2 ?_⟩
    rw [base_pow, base_eq]
    exact Int.ofNat_le.mpr (Nat.pow_le_pow_right (by omega) (by rw [Nat.mul_succ]; omega))
  have hnn : 0 ≤ packMatrix b n fun i j => E i j + 2 ^ (b - 1) := pack_nonneg (base_pos _) fun i hi => (hrow i hi).1
  generalize hr : (packMatrix b n fun i j => E i j + 2 ^ (b - 1)) = r at *
  cases r with
  | negSucc _ => exact absurd hnn (by omega)
  | ofNat x =>
    dsimp only
    rw [force_eq]
    show (diagonalSum (Nat.sub (Nat.pow 2 b) 1) (b * (n + 2)) n x 0 : Int) - ((n * 2 ^ (b - 1) : Nat) : Int) = _
    rw [diagonalSum_eq, Int.natCast_mul, hcast, show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add]
    have key : ∀ i, i < n → ((x / 2 ^ (b * (n + 2) * i) % 2 ^ b : Nat) : Int) = E i i + 2 ^ (b - 1) := by
      intro i hi
      have h1 := digit_of_pack (b := b * (n + 1)) (x := x) (n := n) hr.symm hrow i hi
      have h2 : (digit b (digit (b * (n + 1)) x i) i : Int) = E i i + 2 ^ (b - 1) :=
        digit_of_pack (b := b) (e := fun j => E i j + 2 ^ (b - 1)) h1 (fun j hj => by have := h i j hi hj; dsimp only; omega) i hi
      rw [← h2, digit_digit (by omega), show (n + 1) * i + i = (n + 2) * i by grind, Nat.mul_assoc]; rfl
    rw [total_congr key, total_add]
    have : total n (fun _ => (2 : Int) ^ (b - 1)) = n * 2 ^ (b - 1) := sum_const n _
    rw [this]; omega

/-- **`M = Σ a aᵀ` from sums of biased rows.** -/
theorem centredGram_eq {b n β : Nat} (hb : 0 < b) {s : Sums} {rows : List Nat} {a : Nat → Nat → Int}
    (hcount : s.count = rows.length)
    (hgram : (s.gram : Int) = packMatrix b n fun i j => listSum (fun row => (a row i + β) * (a row j + β)) rows)
    (halong : (s.along : Int) = pack (base b) n fun j => listSum (fun row => a row j + β) rows)
    (hrange : ∀ j, j < n → 0 ≤ listSum (fun row => a row j + β) rows ∧ listSum (fun row => a row j + β) rows < base b) :
    centredGram (Stride.of b n) β s = packMatrix b n fun i j => listSum (fun row => a row i * a row j) rows := by
  have hbw : 0 < b * (n + 1) := Nat.mul_pos hb (by omega)
  have hspread := spread_eq hb halong hrange
  have e : ∀ i j, listSum (fun row => a row i * a row j) rows
      = listSum (fun row => (a row i + β) * (a row j + β)) rows + (rows.length : Int) * (β * β)
        - β * (listSum (fun row => a row i + β) rows * 1 + 1 * listSum (fun row => a row j + β) rows) := by
    intro i j
    clear hgram halong hrange hspread hcount
    induction rows with
    | nil => simp [listSum]
    | cons row rows ih => simp only [listSum, List.length_cons, Int.natCast_add]; rw [ih]; grind
  rw [packMatrix_congr fun i j _ _ => e i j, packMatrix_sub, packMatrix_mul, packMatrix_add, packMatrix_add, packMatrix_const hb,
    packMatrix_outer, packMatrix_outer b n (fun _ => 1), ← halong, ← hspread, ← hgram, ← ones_eq hb, ← ones_eq hbw, ← hcount]
  show ((Nat.add s.gram (Nat.mul (Nat.mul s.count (Nat.mul β β)) (Nat.mul (ones (b * (n + 1)) n) (ones b n))) : Nat) : Int)
    - ((Nat.mul β (Nat.add (Nat.mul (ones b n) (spread (copies b n) (diagonalMask b n) s.along))
      (Nat.mul s.along (ones (b * (n + 1)) n))) : Nat) : Int) = _
  simp only [Nat.add_eq, Nat.mul_eq, Int.natCast_add, Int.natCast_mul]
  grind

theorem meansAgree_spec {b slot n : Nat} : ∀ {r totals mean : Nat}, meansAgree b slot n r totals mean = true →
    ∀ k, k < r → digit b totals k / n = digit slot mean k
  | 0, _, _, _, k, hk => by omega
  | r + 1, totals, mean, h, k, hk => by
    rw [meansAgree, force_eq, force_eq, land_mask, land_mask, shiftRight_eq, shiftRight_eq] at h
    simp only [Bool.and_eq_true] at h
    match k with
    | 0 => rw [digit_zero, digit_zero]; exact Nat.eq_of_beq_eq_true h.1
    | k + 1 => rw [← digit_div, ← digit_div]; exact meansAgree_spec h.2 k (by omega)

theorem listSum_range {f : Nat → Int} {c : Int} : ∀ {rows : List Nat}, (∀ row ∈ rows, 0 ≤ f row ∧ f row ≤ c) →
    0 ≤ listSum f rows ∧ listSum f rows ≤ rows.length * c
  | [], _ => by simp [listSum]
  | row :: rows, h => by
    have h1 := h row List.mem_cons_self
    have h2 := listSum_range fun x hx => h x (List.mem_cons_of_mem row hx)
    simp only [listSum, List.length_cons, Int.natCast_add]
    rw [Int.add_mul, show ((1 : Nat) : Int) * c = c by simp]; omega

/-- **The stored means are the means.** -/
theorem mean_of_agree (D : Study) {b totals mean : Nat}
    (htotals : (totals : Int) = pack (base b) D.columns fun k => listSum (fun row => D.basisAt row k) D.rows)
    (hrange : ∀ row ∈ D.rows, ∀ k, k < D.columns → 0 ≤ D.basisAt row k ∧ D.basisAt row k ≤ 2 ^ D.grid)
    (hfit : D.size * 2 ^ D.grid < 2 ^ b) (h : meansAgree b D.slot D.size D.columns totals mean = true) :
    ∀ k, k < D.columns → (digit D.slot mean k : Int) = D.mean k := by
  have hsum : ∀ k, k < D.columns → 0 ≤ listSum (fun row => D.basisAt row k) D.rows ∧
      listSum (fun row => D.basisAt row k) D.rows ≤ D.size * 2 ^ D.grid := fun k hk =>
    listSum_range fun row hr => hrange row hr k hk
  have hfit' : (D.size : Int) * 2 ^ D.grid < base b := by
    have := Int.ofNat_lt.mpr hfit; rw [base_eq]; simpa using this
  intro k hk
  rw [← meansAgree_spec h k hk, Int.natCast_ediv]
  have h1 := digit_of_pack htotals (fun k hk => by have := hsum k hk; omega) k hk
  rw [h1, listSum_eq _ 0]; rfl

end Eigenstill.Claims
