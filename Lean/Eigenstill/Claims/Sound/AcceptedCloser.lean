/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Accepted
public import Eigenstill.Claims.Sound.Closer

/-!
# An accepted claim `closer` holds

`closer_of_accepted`: the recorded numbers are the computed ones, so they hold.
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

/-- **An accepted claim `closer`: its numbers hold for the exact formula at the hold-out rows.** As `closer_of_check`. -/
theorem closer_of_accepted (shaped : certificate.Shaped) {recorded : CloserNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.closer recorded) = Except.ok text) :
    CloserClaim K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, risk, compared⟩ := bind_ok compared
  obtain ⟨_, count, compared⟩ := bind_ok compared
  obtain ⟨_, _, outputs⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok outputs
  obtain ⟨rows, labels, holdout, found, rowCount, outputCount, δ, nonneg, total, own⟩ := closer_of_check (K := K) shaped checked
  refine ⟨rows, labels, holdout, found, (compareCount_ok count).trans rowCount, length.trans outputCount, δ, nonneg, ?_, fun o ho => ?_⟩
  · rw [compareNumber_ok (K := K) risk]; exact total
  · have ho' : o < computed.outputs.length := by rw [← length]; exact ho
    obtain ⟨_, same⟩ := each o ho ho'
    obtain ⟨_, nearer, fraction⟩ := bind_ok same
    have holds := own o ho'
    have e1 := compareCount_ok nearer
    have e2 := compareNumber_ok (K := K) fraction
    exact ⟨by rw [e1]; exact holds.nearer, by rw [e2]; exact holds.fraction, by rw [e1, e2]; exact holds.tail⟩

end

end Eigenstill.Checker
