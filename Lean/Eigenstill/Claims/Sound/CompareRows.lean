/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.EckartYoung
public import Eigenstill.Claims.Sound.Columns
public import Eigenstill.Claims.Sound.Packed

/-!
# Row by row: what `compareRows` decides

`compareRows_spec`: for each row a number that is, modulo a power of two, the packed row of `W - L Lᵀ - σ I` from the diagonal
on, and whose residue has no digit with a high bit.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq)

theorem shiftLeft_one_eq (width n : Nat) : Int.ofNat (Nat.shiftLeft 1 (width * n)) = base width ^ n := by
  rw [show Nat.shiftLeft 1 (width * n) = 1 <<< (width * n) from rfl, Nat.shiftLeft_eq, Nat.one_mul, Nat.pow_mul, base_eq]
  exact Int.natCast_pow _ _

theorem dvd_sumTo {m : Int} {n : Nat} {f g : Nat → Int} (h : ∀ k, m ∣ f k - g k) : m ∣ sumTo n f - sumTo n g := by
  induction n with
  | zero => rw [show sumTo 0 f - sumTo 0 g = 0 from rfl]; exact Int.dvd_zero _
  | succ n ih =>
    have h1 := h n
    rw [show sumTo (n + 1) f = sumTo n f + f n from rfl, show sumTo (n + 1) g = sumTo n g + g n from rfl,
      show sumTo n f + f n - (sumTo n g + g n) = (sumTo n f - sumTo n g) + (f n - g n) by omega]
    exact Int.dvd_add ih h1

/-- Row `i` of what is compared: coefficients times packed rows, less the own row, and the level on the diagonal. -/
def comparedAt (width : Nat) (scale level : Int) (N index count : Nat) (left : List (List Int)) (P : Nat → Int)
    (matrix : List (List Int)) (i : Nat) : Int :=
  (sumTo N fun k => at00 left i k * P k) - scale * packTurned width ((matrix.getD i []).drop (index + i))
    + level * base width ^ (count - i - 1)

/-- **What `compareRows` decides, for every row.** -/
theorem compareRows_spec {width bits : Nat} {scale level : Int} {fail : Nat → Rejected} {P : Nat → Int} {N : Nat}
    (count index : Nat) (left : List (List Int)) (packed : List Int) (matrix : List (List Int)) (hpacked : packed.length = N)
    (congruent : ∀ k, base width ^ count ∣ at0 packed k - P k)
    (h : compareRows width bits scale level fail index count left packed matrix = Except.ok ()) :
    ∀ i, i < count → ∃ total, base width ^ (count - i) ∣ total - comparedAt width scale level N index count left P matrix i ∧
      Nat.land ((total + Int.ofNat (Nat.shiftLeft (ones (count - i) width) (bits - 1))) % base width ^ (count - i)).toNat
        (ones (count - i) width * (Nat.shiftLeft 1 width - Nat.shiftLeft 1 bits)) = 0 := by
  induction count generalizing index left packed matrix with
  | zero => intro i hi; omega
  | succ count ih =>
    cases left with
    | nil =>
      have e : Except.error (fail index) = Except.ok () := by cases matrix <;> exact h
      cases e
    | cons coefficients left =>
      cases matrix with
      | nil =>
        have e : Except.error (fail index) = Except.ok () := h
        cases e
      | cons row matrix =>
        unfold compareRows at h
        dsimp only at h
        generalize hp : (if index % 32 = 0 then
          mapped (fun entry => entry % Int.ofNat (Nat.shiftLeft 1 (width * (count + 1)))) packed else packed) = packed' at h
        have hpacked' : packed'.length = N := by
          rw [← hp]; split
          · rw [mapped_eq, List.length_map, hpacked]
          · exact hpacked
        have congruent' : ∀ k, base width ^ (count + 1) ∣ at0 packed' k - P k := by
          intro k
          rw [← hp]; split
          · rw [mapped_eq, at0, getD_map (fun entry : Int => entry % Int.ofNat (Nat.shiftLeft 1 (width * (count + 1)))) 0 0 packed k (Int.zero_emod _),
              shiftLeft_one_eq, Int.emod_def,
              show at0 packed k - base width ^ (count + 1) * (at0 packed k / base width ^ (count + 1)) - P k
                = (at0 packed k - P k) - base width ^ (count + 1) * (at0 packed k / base width ^ (count + 1)) by omega]
            exact Int.dvd_sub (congruent k) (Int.dvd_mul_right _ _)
          · exact congruent k
        split at h
        · next zero =>
          intro i hi
          cases i with
          | zero =>
            refine ⟨_, ?_, by rw [shiftLeft_one_eq] at zero; exact zero⟩
            unfold comparedAt
            have own : (split index row).2 = row.drop index := by rw [split_eq]
            have shift : Dyadic.shiftLeft level (width * count) = level * base width ^ count := by
              unfold Dyadic.shiftLeft; rw [shiftLeft_one_eq]
            rw [own, shift, combined_eq (Or.inr (Nat.le_of_eq hpacked'))]
            rw [show ((row :: matrix).getD 0 []).drop (index + 0) = row.drop index from rfl,
              show count + 1 - 0 - 1 = count by omega, show count + 1 - 0 = count + 1 from rfl]
            have sums : base width ^ (count + 1) ∣ (sumTo N fun k => at0 coefficients k * at0 packed' k)
                - sumTo N fun k => at00 (coefficients :: left) 0 k * P k := by
              refine dvd_sumTo fun k => ?_
              rw [show at00 (coefficients :: left) 0 k = at0 coefficients k from rfl, ← Int.mul_sub]
              exact Int.dvd_trans (congruent' k) (Int.dvd_mul_left _ _)
            generalize (sumTo N fun k => at0 coefficients k * at0 packed' k) = a at *
            generalize (sumTo N fun k => at00 (coefficients :: left) 0 k * P k) = b at *
            rw [show a - scale * packTurned width (row.drop index) + level * base width ^ count
              - (b - scale * packTurned width (row.drop index) + level * base width ^ count) = a - b by omega]
            exact sums
          | succ i =>
            have lower : ∀ k, base width ^ count ∣ at0 packed' k - P k := fun k =>
              Int.dvd_trans ⟨base width, Int.pow_succ _ _⟩ (congruent' k)
            have rest := ih (index + 1) left packed' matrix hpacked' lower h i (by omega)
            unfold comparedAt at rest ⊢
            rw [show count + 1 - (i + 1) = count - i by omega, show index + (i + 1) = index + 1 + i by omega]
            exact rest
        · cases h

end Eigenstill.Claims.Exec
