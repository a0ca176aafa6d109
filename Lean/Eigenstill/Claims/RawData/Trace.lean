/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Check
public import Eigenstill.Claims.RawData.ScanSound

/-!
# Traces, means and the matrix `M`, read off packed numbers

* `packedTrace_eq`: what packed rows add to the trace.
* `gramRows_eq`: some rows of a packed matrix.
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

/-- The rows of a packed matrix, entries in `[0, 2^b)`, are below the stride of rows. -/
theorem packedRow_range {b n : Nat} {e : Nat → Int} (h : ∀ j, j < n → 0 ≤ e j ∧ e j < base b) :
    0 ≤ pack (base b) n e ∧ pack (base b) n e < base (b * (n + 1)) := by
  have h1 := pack_range (base_pos b) h
  refine ⟨h1.1, Int.lt_of_lt_of_le h1.2 ?_⟩
  rw [base_pow, base_eq]
  exact Int.ofNat_le.mpr (Nat.pow_le_pow_right (by omega) (by rw [Nat.mul_succ]; omega))

/-- **What packed rows add to the trace.** -/
theorem packedTrace_eq {b n i h : Nat} (hb : 0 < b) (hh : i + h ≤ n) {q : Int} {E : Nat → Nat → Int} (hq : q = packRows b n h E)
    (hE : ∀ k j, k < h → j < n → -2 ^ (b - 1) ≤ E k j ∧ E k j < 2 ^ (b - 1)) :
    packedTrace (Stride.of b n i h) q = total h fun k => E k (i + k) := by
  have h2b : (2 : Int) ^ (b - 1) * 2 = base b := by
    obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩
    unfold base; rw [Int.pow_succ]; rfl
  have hcast : ((2 ^ (b - 1) : Nat) : Int) = 2 ^ (b - 1) := by simp
  have hx : Int.add q (Int.ofNat (Nat.mul (Nat.pow 2 (Nat.sub b 1)) (Nat.mul (Stride.of b n i h).down (Stride.of b n i h).along)))
      = packRows b n h fun k j => E k j + 2 ^ (b - 1) := by
    rw [packRows_add, packRows_const hb, ← hq, ← hcast, ← Int.natCast_mul, ← Int.natCast_mul]; rfl
  unfold packedTrace
  rw [show (Stride.of b n i h).bits = b from rfl, hx]
  have hslot : ∀ k, k < h → ∀ j, j < n → 0 ≤ E k j + 2 ^ (b - 1) ∧ E k j + 2 ^ (b - 1) < base b := fun k hk j hj => by
    have := hE k j hk hj; omega
  have hrow := fun k hk => packedRow_range (hslot k hk)
  have hnn : 0 ≤ packRows b n h fun k j => E k j + 2 ^ (b - 1) := pack_nonneg (base_pos _) fun k hk => (hrow k hk).1
  generalize hr : (packRows b n h fun k j => E k j + 2 ^ (b - 1)) = r at *
  cases r with
  | negSucc _ => exact absurd hnn (by omega)
  | ofNat x =>
    dsimp only
    rw [force_eq]
    show (diagonalSum (Nat.sub (Nat.pow 2 b) 1) (b * (n + 2)) h (Nat.shiftRight x (b * i)) 0 : Int) - ((h * 2 ^ (b - 1) : Nat) : Int) = _
    rw [diagonalSum_eq, Int.natCast_mul, hcast, show ((0 : Nat) : Int) = 0 from rfl, Int.zero_add, shiftRight_eq]
    have key : ∀ k, k < h → ((x / 2 ^ (b * i) / 2 ^ (b * (n + 2) * k) % 2 ^ b : Nat) : Int) = E k (i + k) + 2 ^ (b - 1) := by
      intro k hk
      have h1 := digit_of_pack (b := b * (n + 1)) (x := x) (n := h) hr.symm hrow k hk
      have h2 : (digit b (digit (b * (n + 1)) x k) (i + k) : Int) = E k (i + k) + 2 ^ (b - 1) :=
        digit_of_pack (b := b) h1 (hslot k hk) (i + k) (by omega)
      rw [← h2, digit_digit (by omega), Nat.div_div_eq_div_mul, ← Nat.pow_add,
        show b * i + b * (n + 2) * k = b * ((n + 1) * k + (i + k)) by grind]; rfl
    rw [total_congr key, total_add]
    have : total h (fun _ => (2 : Int) ^ (b - 1)) = h * 2 ^ (b - 1) := sum_const h _
    rw [this]; omega

/-- **Some rows of a packed matrix.** -/
theorem gramRows_eq {b n i h x : Nat} {E : Nat → Nat → Int} (hh : i + h ≤ n) (hx : (x : Int) = packRows b n n E)
    (hE : ∀ k j, k < n → j < n → 0 ≤ E k j ∧ E k j < base b) :
    (gramRows (Stride.of b n i h) x : Int) = packRows b n h fun p q => E (i + p) q := by
  have hrow := fun k hk => packedRow_range (hE k · hk)
  have hdigit := digit_of_pack (b := b * (n + 1)) hx hrow
  show ((Nat.land (Nat.shiftRight x (b * (n + 1) * i)) (Nat.sub (Nat.pow 2 (b * (n + 1) * h)) 1) : Nat) : Int) = _
  rw [land_mask, shiftRight_eq, pack_digit (b * (n + 1)) h _ (Nat.mod_lt _ (Nat.two_pow_pos _))]
  refine pack_congr fun k hk => ?_
  rw [digit_low hk, digit_shift]
  exact hdigit (i + k) (by omega)

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
