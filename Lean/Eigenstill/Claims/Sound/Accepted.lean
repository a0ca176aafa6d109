/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Decide
public import Eigenstill.Claims.Sound.Compression
public import Eigenstill.Claims.Sound.Evaluation
public import Eigenstill.Claims.Sound.FidelityRows
public import Eigenstill.Claims.Sound.ReadShapes

/-!
# Accepted: the recorded numbers hold

* `decided_of_verdict`: where the verdict on a file has the exit code 0, every claim of it was accepted.
* `basis_of_accepted`, `eckartYoung_of_accepted`, `fidelity_of_accepted`, `compression_of_accepted`, `evaluation_of_accepted`: **then the
  recorded numbers hold.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Every claim is decided -/

private theorem decided_of_noFailure {shared : Shared} {exports : Exports} {claims : List RecordedClaim} {index : Nat}
    (h : firstFailure (decideAll shared exports index claims) = none) {claim : RecordedClaim} (member : claim ∈ claims) :
    ∃ place text, decideClaim shared exports place claim = Except.ok text := by
  induction claims generalizing index with
  | nil => exact absurd member List.not_mem_nil
  | cons first rest ih =>
    rw [show decideAll shared exports index (first :: rest) = ⟨RecordedClaim.kind first, decideClaim shared exports
      ("claims[" ++ Nat.repr index ++ "] " ++ RecordedClaim.kind first) first⟩ :: decideAll shared exports (index + 1) rest
      from rfl] at h
    unfold firstFailure at h
    dsimp only at h
    split at h
    · cases h
    · next text decided =>
      rcases List.mem_cons.mp member with rfl | member
      · exact ⟨_, _, decided⟩
      · exact ih h member

/-- **A verdict with the exit code 0: every claim was accepted.**

This is about the verdict on claims and a certificate that were read; nothing is said of how they were read from the file. -/
theorem decided_of_verdict {path : String} {document : Document} {claims : List RecordedClaim} {certificate : Certificate}
    {exports : Exports} (h : (verdictOf path document claims certificate exports).code = 0) {claim : RecordedClaim}
    (member : claim ∈ claims) : ∃ place text,
      decideClaim (shareParts (prepare certificate) (sharedWitness claims)) exports place claim = Except.ok text := by
  unfold verdictOf at h
  dsimp only at h
  split at h
  · cases h
  · next none => exact decided_of_noFailure none member

/-! ### Recorded numbers are the computed ones -/

theorem compareCount_ok {place : String} {recorded computed : Nat} (h : compareCount place recorded computed = Except.ok ()) :
    recorded = computed := by
  unfold compareCount at h
  split at h
  · next e => exact eq_of_beq e
  · cases h

theorem compareText_ok {place recorded computed : String} (h : compareText place recorded computed = Except.ok ()) :
    recorded = computed := by
  unfold compareText at h
  split at h
  · next e => exact eq_of_beq e
  · cases h

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem compareNumber_ok {place : String} {recorded computed : Dyadic} (h : compareNumber place recorded computed = Except.ok ()) :
    recorded.value K = computed.value K := by
  unfold compareNumber at h
  split at h
  · next e => exact (Dyadic.same_iff recorded computed).mp e
  · cases h

theorem compareOptional_ok {place : String} {recorded computed : Option Dyadic}
    (h : compareOptional place recorded computed = Except.ok ()) :
    ∀ q, recorded = some q → ∃ other, computed = some other ∧ q.value K = other.value K := by
  intro q hq
  subst hq
  cases computed with
  | none => cases h
  | some other => exact ⟨other, rfl, compareNumber_ok h⟩

theorem compareOptional_some {place : String} {recorded computed : Option Dyadic}
    (h : compareOptional place recorded computed = Except.ok ()) :
    ∀ q, computed = some q → ∃ other, recorded = some other ∧ other.value K = q.value K := by
  intro q hq
  subst hq
  cases recorded with
  | none => cases h
  | some other => exact ⟨other, rfl, compareNumber_ok h⟩

end

private theorem compareEntries_ok {α : Type} {compare : String → α → α → Compared} {place : String} {index : Nat}
    {recorded computed : List α} (h : compareEntries compare place index recorded computed = Except.ok ()) :
    ∀ i (h1 : i < recorded.length) (h2 : i < computed.length), ∃ place, compare place recorded[i] computed[i] = Except.ok () := by
  induction recorded generalizing index computed with
  | nil => intro i h1; exact absurd h1 (Nat.not_lt_zero i)
  | cons first others ih =>
    cases computed with
    | nil => intro i _ h2; exact absurd h2 (Nat.not_lt_zero i)
    | cons own rest =>
      unfold compareEntries at h
      split at h
      · next ok =>
        intro i h1 h2
        cases i with
        | zero => exact ⟨_, ok⟩
        | succ i =>
          rw [List.length_cons] at h1 h2
          exact ih h i (by omega) (by omega)
      · cases h

/-- Lists agree entry by entry. -/
theorem compareLists_ok {α : Type} {compare : String → α → α → Compared} {place : String} {recorded computed : List α}
    (h : compareLists compare place recorded computed = Except.ok ()) : recorded.length = computed.length ∧
      ∀ i (h1 : i < recorded.length) (h2 : i < computed.length), ∃ place, compare place recorded[i] computed[i] = Except.ok () := by
  have count : ∀ xs : List α, entryCount xs = xs.length := by
    have walk : ∀ (xs : List α) (n : Nat), entryCount.count xs n = n + xs.length := by
      intro xs
      induction xs with
      | nil => intro n; rfl
      | cons x xs ih => intro n; rw [entryCount.count, ih, List.length_cons]; omega
    intro xs; unfold entryCount; rw [walk, Nat.zero_add]
  unfold compareLists at h
  dsimp only at h
  rw [count, count] at h
  split at h
  · next e => exact ⟨eq_of_beq e, compareEntries_ok h⟩
  · cases h

/-! ### The claims -/

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

/-- **An accepted claim `basis`: its numbers hold for the operator of the training rows.** As `basis_of_check`. -/
theorem basis_of_accepted (shaped : certificate.Shaped) {recorded : BasisNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.basis recorded) = Except.ok text) :
    BasisHolds (certificate.basisOperator K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, rows, compared⟩ := bind_ok compared
  obtain ⟨_, columns, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  have holds := basis_of_check (K := K) shaped checked
  exact ⟨(compareCount_ok rows).trans holds.rows, (compareCount_ok columns).trans holds.columns,
    (compareNumber_ok compared).trans holds.trace, holds.positive⟩

/-- **An accepted claim `eckart_young`: its bounds hold for the operator of the training rows.** As `eckartYoung_of_check`. -/
theorem eckartYoung_of_accepted (shaped : certificate.Shaped) {recorded : EckartYoungNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.eckartYoung recorded) = Except.ok text) :
    EckartYoungHolds (certificate.basisOperator K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok compared
  have holds := eckartYoung_of_check (K := K) shaped (witness := witness) checked
  intro bounds member
  obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem member
  have hi' : i < computed.ranks.length := by rw [← length]; exact hi
  obtain ⟨_, same⟩ := each i hi hi'
  obtain ⟨_, rank, same⟩ := bind_ok same
  obtain ⟨_, lower, upper⟩ := bind_ok same
  have sameRank := compareCount_ok rank
  have sameLower := compareNumber_ok (K := K) lower
  have sameUpper := compareNumber_ok (K := K) upper
  clear rank lower upper same
  have own := holds computed.ranks[i] (List.getElem_mem hi')
  generalize recorded.ranks[i] = first at *
  generalize computed.ranks[i] = second at *
  obtain ⟨r1, l1, u1⟩ := first
  obtain ⟨r2, l2, u2⟩ := second
  dsimp only at sameRank sameLower sameUpper own ⊢
  subst sameRank
  rw [sameLower, sameUpper]
  exact own

/-- **An accepted claim `compression`: its numbers are those of the formula.** As `compression_of_check`. -/
theorem compression_of_accepted {recorded : CompressionNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.compression recorded) = Except.ok text) :
    CompressionHolds K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, stored, ratio⟩ := bind_ok compared
  have holds := compression_of_check (K := K) (prepared := prepare certificate) checked
  refine ⟨(compareCount_ok stored).trans holds.stored, fun parameters found => ?_⟩
  obtain ⟨q, e, bound⟩ := holds.ratio parameters found
  obtain ⟨other, e2, value⟩ := compareOptional_some (K := K) ratio q e
  exact ⟨other, e2, by rw [value]; exact bound⟩

private theorem targetClaim_of_compared {rows : Rows} {values : List (List Dyadic)} {place : String} {recorded computed : TargetFidelity}
    (h : compareTarget place recorded computed = Except.ok ()) (holds : TargetClaim K certificate rows values computed) :
    recorded.target = computed.target ∧ TargetClaim K certificate rows values recorded := by
  obtain ⟨_, name, outputs⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok outputs
  obtain ⟨count, own⟩ := holds
  refine ⟨compareText_ok name, length.trans count, fun o ho => ?_⟩
  have ho' : o < computed.outputs.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  obtain ⟨_, error, same⟩ := bind_ok same
  obtain ⟨_, rmse, same⟩ := bind_ok same
  obtain ⟨_, rSquared, teacher⟩ := bind_ok same
  have holds := own o ho'
  refine ⟨fun i => ?_, ?_, fun q hq => ?_, fun q hq => ?_⟩
  · rw [compareNumber_ok error]; exact holds.error i
  · rw [compareNumber_ok rmse]; exact holds.rmse
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) rSquared q hq
    rw [value]; exact holds.rSquared other e
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) teacher q hq
    rw [value]; exact holds.teacherRmse other e

private theorem splitClaim_of_compared {rows : Rows} {place : String} {recorded computed : SplitFidelity}
    (h : compareFidelity place recorded computed = Except.ok ()) (holds : SplitClaim K certificate rows computed) :
    recorded.split = computed.split ∧ SplitClaim K certificate rows recorded := by
  obtain ⟨_, name, targets⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok targets
  refine ⟨compareText_ok name, ?_⟩
  unfold SplitClaim at holds ⊢
  generalize recorded.targets = first at *
  generalize computed.targets = second at *
  cases hl : rows.labels with
  | none =>
    rw [hl] at holds
    obtain _ | ⟨_, _ | ⟨_, _⟩⟩ := second
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨_, _⟩⟩ := first
      · cases length
      · obtain ⟨_, same⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨n1, c1⟩ := targetClaim_of_compared (K := K) same holds.2
        exact ⟨n1.trans holds.1, c1⟩
      · rw [List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds
  | some values =>
    rw [hl] at holds
    obtain _ | ⟨_, _ | ⟨_, _ | ⟨_, _⟩⟩⟩ := second
    · exact False.elim holds
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨other, _ | ⟨_, _⟩⟩⟩ := first
      · cases length
      · cases length
      · obtain ⟨a1, a2, a3, a4⟩ := holds
        obtain ⟨_, same1⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨_, same2⟩ := each 1 (Nat.succ_lt_succ (Nat.zero_lt_succ _)) (Nat.succ_lt_succ (Nat.zero_lt_succ _))
        obtain ⟨n1, c1⟩ := targetClaim_of_compared (K := K) same1 a3
        obtain ⟨n2, c2⟩ := targetClaim_of_compared (K := K) same2 a4
        exact ⟨n1.trans a1, n2.trans a2, c1, c2⟩
      · rw [List.length_cons, List.length_cons, List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds

/-- **An accepted claim `fidelity`: its bounds hold for the exact formula at the rows.** As `fidelity_of_check`. -/
theorem fidelity_of_accepted (shaped : certificate.Shaped) {recorded : List SplitFidelity}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.fidelity recorded) = Except.ok text) :
    FidelityClaim K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok compared
  have holds := fidelity_of_check (K := K) shaped checked
  unfold FidelityClaim at holds ⊢
  cases hh : certificate.holdout with
  | none =>
    rw [hh] at holds
    obtain _ | ⟨_, _ | ⟨_, _⟩⟩ := computed
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨_, _⟩⟩ := recorded
      · cases length
      · obtain ⟨_, same⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨n1, c1⟩ := splitClaim_of_compared (K := K) same holds.2
        exact ⟨n1.trans holds.1, c1⟩
      · rw [List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds
  | some rows =>
    rw [hh] at holds
    obtain _ | ⟨_, _ | ⟨_, _ | ⟨_, _⟩⟩⟩ := computed
    · exact False.elim holds
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨other, _ | ⟨_, _⟩⟩⟩ := recorded
      · cases length
      · cases length
      · obtain ⟨a1, a2, a3, a4⟩ := holds
        obtain ⟨_, same1⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨_, same2⟩ := each 1 (Nat.succ_lt_succ (Nat.zero_lt_succ _)) (Nat.succ_lt_succ (Nat.zero_lt_succ _))
        obtain ⟨n1, c1⟩ := splitClaim_of_compared (K := K) same1 a3
        obtain ⟨n2, c2⟩ := splitClaim_of_compared (K := K) same2 a4
        exact ⟨n1.trans a1, n2.trans a2, c1, c2⟩
      · rw [List.length_cons, List.length_cons, List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds

private theorem evaluationHolds_of_compared {rows : Rows} {place : String} {recorded computed : SplitEvaluation}
    (h : compareEvaluation place recorded computed = Except.ok ()) (holds : EvaluationHolds K certificate rows computed) :
    recorded.split = computed.split ∧ EvaluationHolds K certificate rows recorded := by
  obtain ⟨_, name, h⟩ := bind_ok h
  obtain ⟨_, difference, aPriori⟩ := bind_ok h
  have e1 := compareNumber_ok (K := K) difference
  have e2 := compareNumber_ok (K := K) aPriori
  exact ⟨compareText_ok name, fun i hi o ho => by rw [e1]; exact holds.difference i hi o ho, by rw [e1, e2]; exact holds.order,
    fun i hi o ho => by rw [e2]; exact holds.aPriori i hi o ho, holds.magnitude⟩

/-- **An accepted claim `evaluation`: its numbers hold for the recorded predictions.** As `evaluation_of_check`. -/
theorem evaluation_of_accepted (shaped : certificate.Shaped) {recorded : List SplitEvaluation}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.evaluation recorded) = Except.ok text) :
    EvaluationClaim K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok compared
  have holds := evaluation_of_check (K := K) shaped checked
  unfold EvaluationClaim at holds ⊢
  cases hh : certificate.holdout with
  | none =>
    rw [hh] at holds
    obtain _ | ⟨_, _ | ⟨_, _⟩⟩ := computed
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨_, _⟩⟩ := recorded
      · cases length
      · obtain ⟨_, same⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨n1, c1⟩ := evaluationHolds_of_compared (K := K) same holds.2
        exact ⟨n1.trans holds.1, c1⟩
      · rw [List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds
  | some rows =>
    rw [hh] at holds
    obtain _ | ⟨_, _ | ⟨_, _ | ⟨_, _⟩⟩⟩ := computed
    · exact False.elim holds
    · exact False.elim holds
    · obtain _ | ⟨own, _ | ⟨other, _ | ⟨_, _⟩⟩⟩ := recorded
      · cases length
      · cases length
      · obtain ⟨a1, a2, a3, a4⟩ := holds
        obtain ⟨_, same1⟩ := each 0 (Nat.zero_lt_succ _) (Nat.zero_lt_succ _)
        obtain ⟨_, same2⟩ := each 1 (Nat.succ_lt_succ (Nat.zero_lt_succ _)) (Nat.succ_lt_succ (Nat.zero_lt_succ _))
        obtain ⟨n1, c1⟩ := evaluationHolds_of_compared (K := K) same1 a3
        obtain ⟨n2, c2⟩ := evaluationHolds_of_compared (K := K) same2 a4
        exact ⟨n1.trans a1, n2.trans a2, c1, c2⟩
      · rw [List.length_cons, List.length_cons, List.length_cons, List.length_cons, List.length_singleton] at length; omega
    · exact False.elim holds

end

end Eigenstill.Checker
