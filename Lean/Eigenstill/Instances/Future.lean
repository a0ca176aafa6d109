/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Instances.Spectral
public import Eigenstill.Claims.Future.Sound

/-!
# Worked instances over the rationals: binomial tails and rows that nobody has seen

As in `Instances.Spectral`: every hypothesis is met by actual numbers and every conclusion is about numbers.
-/

open Lean.Grind Std

-- Kernel evaluations side by side slow each other down.
set_option Elab.async false

@[expose] public noncomputable section

namespace Eigenstill.Instances

open Eigenstill.Claims Eigenstill.Claims.Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ## Tails -/

/-- At most one success in three throws of a coin. -/
theorem coin : lowerTail 3 1 (1/2 : Rat) = 1/2 := by decide +kernel

/-- `lowerTail_zero`, `lowerTail_full`: no success, and any number of them. -/
theorem coin_ends : lowerTail 3 0 (1/2 : Rat) = 1/8 ∧ lowerTail 3 3 (1/2 : Rat) = 1 :=
  ⟨by rw [lowerTail_zero]; decide +kernel, lowerTail_full 3 3 _ (by omega)⟩

/-- `lowerTail_le_of_count`, `lowerTail_le_of_probability`. -/
theorem coin_order : lowerTail 3 0 (1/2 : Rat) ≤ lowerTail 3 1 (1/2) ∧ lowerTail 3 1 (1/2 : Rat) ≤ lowerTail 3 1 (1/4) :=
  ⟨lowerTail_le_of_count 3 (by omega) (by decide +kernel) (by decide +kernel),
    lowerTail_le_of_probability 3 1 (by decide +kernel) (by decide +kernel) (by decide +kernel)⟩

/-- `lowerTail_failures`: at most two failures or no success in three throws. -/
theorem coin_failures (p : Rat) : lowerTail 3 2 (1 - p) + lowerTail 3 0 p = 1 := lowerTail_failures 3 2 0 p (by omega)

/-- `naturalTerm_next`: 3, then 3 of the 8 outcomes. -/
theorem coin_terms : naturalTerm 3 1 1 2 = 3 := by
  rw [naturalTerm_next 3 1 1 1 (by omega)]; decide +kernel

/-- `lowerTail_le_of_naturals`, `upperTail_le_of_naturals`: 4 of 8 outcomes have at most one success. -/
theorem coin_bounds : lowerTail 3 1 (1/2 : Rat) ≤ 1/2 ∧ 1 - lowerTail 3 1 (1/2 : Rat) ≤ 1/2 :=
  ⟨lowerTail_le_of_naturals (P := 1) (F := 1) (D := 2) (R := 1) (Q := 2) rfl (by omega) (by omega) (by decide +kernel)
      (by decide +kernel) (by decide +kernel),
    upperTail_le_of_naturals (P := 1) (F := 1) (D := 2) (R := 1) (Q := 2) rfl (by omega) (by omega) (by decide +kernel)
      (by decide +kernel) (by decide +kernel)⟩

/-! ## Future rows -/

/-- Three outcomes, and the error of each. -/
def weights : Vec Rat 3 := ofList [1/2, 1/4, 1/4]
def errors : Vec Rat 3 := ofList [0, 1, 5]

/-- The first row's error: at most one of two rows has a larger one. -/
def firstError : List (Fin 3) → Rat
  | [] => 0
  | i :: _ => errors i

/-- `chance_hits_le`: at most one of two rows has an error above 0. -/
theorem two_hits : chance weights 2 (fun rows => hits (fun i => 0 < errors i) rows ≤ 1)
    = lowerTail 2 1 (mass weights fun i => 0 < errors i) :=
  chance_hits_le weights (by decide +kernel) _ 2 1

/-- `chance_tolerance_le`: with probability 3/4 or less more than half of all rows exceed the error of the first row. -/
theorem first_of_two : chance weights 2 (fun rows => 1/2 < mass weights fun i => firstError rows < errors i) ≤ 3/4 := by
  have h := chance_tolerance_le (w := weights) (by decide +kernel) (by decide +kernel) errors firstError 2 1
    (fun rows len => by
      match rows, len with
      | [i, j], _ =>
        have h : ¬ errors i < errors i := by grind
        simp only [hits, firstError, if_neg h]
        split <;> omega) (p := 1/2) (by decide +kernel) (by decide +kernel)
  rwa [show lowerTail 2 1 (1/2 : Rat) = 3/4 by decide +kernel] at h

/-- `chance_closer_le`: one row; where it is a hit, the limit is 1/4. -/
theorem one_row : chance weights 1 (fun rows => mass weights (fun i => errors i < 1)
    < (fun c : Nat => if c = 0 then (0 : Rat) else 1/4) (hits (fun i => errors i < 1) rows)) ≤ 1/4 := by
  refine chance_closer_le (w := weights) (by decide +kernel) (by decide +kernel) (fun i => errors i < 1) 1
    (fun c : Nat => if c = 0 then (0 : Rat) else 1/4) (by decide +kernel) (fun c => ?_) fun c hc positive => ?_
  · dsimp only; split <;> decide +kernel
  · match c, hc, positive with
    | 0, _, h => exact absurd h (by decide +kernel)
    | 1, _, _ => exact ⟨0, rfl, by decide +kernel⟩

/-! ## What the checker finds -/

/-- 1,530 rows, the fraction 3277/65536 (5 percent), the risk 656/65536 (1 percent): 56 rows may exceed the bound. -/
theorem ames_count : largestCount 1530 3277 62259 656 65536 = some 56 := by decide +kernel

/-- `tolerance_of_largestCount`: so whatever the distribution of the rows, such a bound holds but for a risk of 1 percent. -/
theorem ames_tolerance {m : Nat} {w : Fin m → Rat} (hw : ∀ i, 0 ≤ w i) (total : sum m w = 1) (e : Fin m → Rat)
    (bound : List (Fin m) → Rat) (few : ∀ rows, rows.length = 1530 → hits (fun i => bound rows < e i) rows ≤ 56) :
    chance w 1530 (fun rows => 3277/65536 < mass w fun i => bound rows < e i) ≤ 656/65536 :=
  tolerance_of_largestCount (by omega) (by omega) ames_count (by decide +kernel) (by decide +kernel) (by decide +kernel)
    (by decide +kernel) hw total e bound few

/-- 12 hits of 16 rows, at a risk of 1/16: at least half of all rows. -/
theorem limit_of_twelve : lowerLimit 16 12 5 1 16 = 16 := by decide +kernel

/-- `upperTail_le_of_lowerLimit`: 12 or more hits are that rare where they are that likely. -/
theorem tail_of_twelve : 1 - lowerTail 16 11 (1/2 : Rat) ≤ 1/16 :=
  upperTail_le_of_lowerLimit (bits := 5) (R := 1) (Q := 16) (by omega) (by omega) (by rw [limit_of_twelve]; decide +kernel)
    (by decide +kernel) (by decide +kernel)

end Eigenstill.Instances
