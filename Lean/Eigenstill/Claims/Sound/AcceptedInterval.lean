/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.AcceptedTolerance
public import Eigenstill.Claims.Sound.Interval

/-!
# An accepted claim `interval` holds

`interval_of_accepted`: the recorded numbers are the computed ones, so they hold.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

private theorem intervalHolds_of_compared {n : Nat} {t f : Vec K n} {q : K} {place : String} {recorded computed : HalfWidth}
    (h : compareHalfWidth place recorded computed = Except.ok ()) (holds : IntervalHolds t f q computed) : IntervalHolds t f q recorded := by
  obtain ⟨_, count, error⟩ := bind_ok h
  have same := compareOptionalCount_ok count
  obtain ⟨rank, halfWidthAtMost⟩ := recorded
  obtain ⟨rank', halfWidthAtMost'⟩ := computed
  dsimp only at same error
  subst same
  unfold IntervalHolds at holds ⊢
  dsimp only at holds ⊢
  cases rank with
  | none =>
    cases halfWidthAtMost with
    | none => exact trivial
    | some e =>
      obtain ⟨other, found, -⟩ := compareOptional_ok (K := K) error e rfl
      rw [found] at holds; exact holds
  | some k =>
    cases halfWidthAtMost' with
    | none => exact False.elim holds
    | some e =>
      obtain ⟨other, found, value⟩ := compareOptional_some (K := K) error e rfl
      rw [found]
      dsimp only
      rw [value]
      exact holds

private theorem intervalsHold_of_compared {n : Nat} {t f : Vec K n} {coverages : List Dyadic} {place : String}
    {recorded computed : List HalfWidth} (h : compareHalfWidths place recorded computed = Except.ok ())
    (holds : IntervalsHold t f coverages computed) : IntervalsHold t f coverages recorded := by
  obtain ⟨length, each⟩ := compareLists_ok h
  obtain ⟨count, own⟩ := holds
  refine ⟨length.trans count, fun j hj => ?_⟩
  have hj' : j < computed.length := by rw [← length]; exact hj
  obtain ⟨_, same⟩ := each j hj hj'
  exact intervalHolds_of_compared same (own j hj')

private theorem intervalTarget_of_compared {rows : Rows} {values : List (List Dyadic)} {coverages : List Dyadic} {place : String}
    {recorded computed : IntervalTarget} (h : compareIntervalTarget place recorded computed = Except.ok ())
    (holds : IntervalTargetHolds K certificate rows values coverages computed) :
    recorded.target = computed.target ∧ IntervalTargetHolds K certificate rows values coverages recorded := by
  obtain ⟨_, name, outputs⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok outputs
  obtain ⟨count, own⟩ := holds
  refine ⟨compareText_ok name, length.trans count, fun o ho => ?_⟩
  have ho' : o < computed.outputs.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  exact intervalsHold_of_compared same (own o ho')

private theorem intervalTargets_of_compared {rows : Rows} {coverages : List Dyadic} {place : String}
    {recorded computed : List IntervalTarget} (h : compareLists compareIntervalTarget place recorded computed = Except.ok ())
    (holds : IntervalTargetsHold K certificate rows coverages computed) :
    IntervalTargetsHold K certificate rows coverages recorded := by
  obtain ⟨length, each⟩ := compareLists_ok h
  unfold IntervalTargetsHold at holds ⊢
  cases hl : rows.labels with
  | none =>
    rw [hl] at holds
    obtain _ | ⟨_, _ | ⟨_, _⟩⟩ := computed
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨_, _⟩⟩ := recorded
      · cases length
      · obtain ⟨_, same⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨n1, c1⟩ := intervalTarget_of_compared (K := K) same holds.2
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
        obtain ⟨n1, c1⟩ := intervalTarget_of_compared (K := K) same1 a3
        obtain ⟨n2, c2⟩ := intervalTarget_of_compared (K := K) same2 a4
        exact ⟨n1.trans a1, n2.trans a2, c1, c2⟩
      · rw [List.length_cons, List.length_cons, List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds

/-- **An accepted claim `interval`: its half-widths hold for the exact formula at the hold-out rows.** As `interval_of_check`. -/
theorem interval_of_accepted (shaped : certificate.Shaped) {recorded : IntervalNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.interval recorded) = Except.ok text) :
    IntervalClaim K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, count, compared⟩ := bind_ok compared
  obtain ⟨_, _, targets⟩ := bind_ok compared
  obtain ⟨rows, holdout, rowCount, between, holds⟩ := interval_of_check (K := K) shaped checked
  have same : computed.coverages = recorded.coverages := coverages_of_check checked
  refine ⟨rows, holdout, (compareCount_ok count).trans rowCount, ?_, ?_⟩
  · rw [← same]; exact between
  · rw [← same]; exact intervalTargets_of_compared targets holds

end

end Eigenstill.Checker
