/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Accepted
public import Eigenstill.Claims.Sound.Tolerance

/-!
# An accepted claim `tolerance` holds

`tolerance_of_accepted`: the recorded numbers are the computed ones, so they hold.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

theorem compareOptionalCount_ok {place : String} {recorded computed : Option Nat}
    (h : compareOptionalCount place recorded computed = Except.ok ()) : recorded = computed := by
  unfold compareOptionalCount at h
  cases recorded <;> cases computed <;> dsimp only at h
  · rfl
  · cases h
  · cases h
  · rw [compareCount_ok h]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

private theorem boundHolds_of_compared {n : Nat} {t f : Vec K n} {p δ : K} {place : String} {recorded computed : ToleranceBound}
    (h : compareBound place recorded computed = Except.ok ()) (holds : BoundHolds t f p δ computed) : BoundHolds t f p δ recorded := by
  obtain ⟨_, count, error⟩ := bind_ok h
  have same := compareOptionalCount_ok count
  obtain ⟨exceeded, errorAtMost⟩ := recorded
  obtain ⟨exceeded', errorAtMost'⟩ := computed
  dsimp only at same error
  subst same
  unfold BoundHolds at holds ⊢
  dsimp only at holds ⊢
  cases exceeded with
  | none =>
    cases errorAtMost with
    | none => exact trivial
    | some e =>
      obtain ⟨other, found, -⟩ := compareOptional_ok (K := K) error e rfl
      rw [found] at holds; exact holds
  | some k =>
    cases errorAtMost' with
    | none => exact False.elim holds
    | some e =>
      obtain ⟨other, found, value⟩ := compareOptional_some (K := K) error e rfl
      rw [found]
      dsimp only
      rw [value]
      exact holds

private theorem boundsHold_of_compared {n : Nat} {t f : Vec K n} {fractions : List Dyadic} {δ : K} {place : String}
    {recorded computed : List ToleranceBound} (h : compareBounds place recorded computed = Except.ok ())
    (holds : BoundsHold t f fractions δ computed) : BoundsHold t f fractions δ recorded := by
  obtain ⟨length, each⟩ := compareLists_ok h
  obtain ⟨count, own⟩ := holds
  refine ⟨length.trans count, fun j hj => ?_⟩
  have hj' : j < computed.length := by rw [← length]; exact hj
  obtain ⟨_, same⟩ := each j hj hj'
  exact boundHolds_of_compared same (own j hj')

private theorem targetHolds_of_compared {rows : Rows} {values : List (List Dyadic)} {fractions : List Dyadic} {δ : K} {place : String}
    {recorded computed : ToleranceTarget} (h : compareToleranceTarget place recorded computed = Except.ok ())
    (holds : ToleranceTargetHolds K certificate rows values fractions δ computed) :
    recorded.target = computed.target ∧ ToleranceTargetHolds K certificate rows values fractions δ recorded := by
  obtain ⟨_, name, outputs⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok outputs
  obtain ⟨count, own⟩ := holds
  refine ⟨compareText_ok name, length.trans count, fun o ho => ?_⟩
  have ho' : o < computed.outputs.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  exact boundsHold_of_compared same (own o ho')

private theorem targetsHold_of_compared {rows : Rows} {fractions : List Dyadic} {δ : K} {place : String}
    {recorded computed : List ToleranceTarget} (h : compareLists compareToleranceTarget place recorded computed = Except.ok ())
    (holds : ToleranceTargetsHold K certificate rows fractions δ computed) :
    ToleranceTargetsHold K certificate rows fractions δ recorded := by
  obtain ⟨length, each⟩ := compareLists_ok h
  unfold ToleranceTargetsHold at holds ⊢
  cases hl : rows.labels with
  | none =>
    rw [hl] at holds
    obtain _ | ⟨_, _ | ⟨_, _⟩⟩ := computed
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨_, _⟩⟩ := recorded
      · cases length
      · obtain ⟨_, same⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨n1, c1⟩ := targetHolds_of_compared (K := K) same holds.2
        exact ⟨n1.trans holds.1, c1⟩
      · rw [List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds
  | some values =>
    rw [hl] at holds
    obtain _ | ⟨_, _ | ⟨_, _ | ⟨_, _⟩⟩⟩ := computed
    · exact False.elim holds
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨other, _ | ⟨_, _⟩⟩⟩ := recorded
      · cases length
      · cases length
      · obtain ⟨a1, a2, a3, a4⟩ := holds
        obtain ⟨_, same1⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨_, same2⟩ := each 1 (Nat.succ_lt_succ (Nat.zero_lt_succ _)) (Nat.succ_lt_succ (Nat.zero_lt_succ _))
        obtain ⟨n1, c1⟩ := targetHolds_of_compared (K := K) same1 a3
        obtain ⟨n2, c2⟩ := targetHolds_of_compared (K := K) same2 a4
        exact ⟨n1.trans a1, n2.trans a2, c1, c2⟩
      · rw [List.length_cons, List.length_cons, List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds

/-- **An accepted claim `tolerance`: its bounds hold for the exact formula at the hold-out rows.** As `tolerance_of_check`. -/
theorem tolerance_of_accepted (shaped : certificate.Shaped) {recorded : ToleranceNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.tolerance recorded) = Except.ok text) :
    ToleranceClaim K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, risk, compared⟩ := bind_ok compared
  obtain ⟨_, fractions, compared⟩ := bind_ok compared
  obtain ⟨_, count, compared⟩ := bind_ok compared
  obtain ⟨_, _, targets⟩ := bind_ok compared
  obtain ⟨rows, holdout, holds⟩ := tolerance_of_check (K := K) shaped checked
  have same : computed.fractions = recorded.fractions := fractions_of_check checked
  obtain ⟨length, -⟩ := compareLists_ok targets
  obtain ⟨δ, nonneg, total, bounds⟩ := holds.bounds
  refine ⟨rows, holdout, (compareCount_ok count).trans holds.count, ?_, δ, nonneg, ?_, ?_⟩
  · rw [← same]; exact holds.fractions
  · rw [← same, length, compareNumber_ok (K := K) risk]; exact total
  · rw [← same]; exact targetsHold_of_compared targets bounds

end

end Eigenstill.Checker
