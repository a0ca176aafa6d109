/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Each
public import Eigenstill.Claims.Sound.Lists

/-!
# A check of every entry gives a result for every entry
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

variable {α β : Type}

private theorem checkedOnto_spec {check : α → Except Rejected β} {entries : List α} {done results : List β}
    (h : checkedOnto check entries done = Except.ok results) :
    ∃ others : List β, results = done.reverse ++ others ∧ others.length = entries.length ∧
      ∀ (i : Nat) (hi : i < entries.length) (hi' : i < others.length), check entries[i] = Except.ok others[i] := by
  induction entries generalizing done with
  | nil =>
    refine ⟨[], ?_, rfl, fun i hi => absurd hi (Nat.not_lt_zero i)⟩
    rw [show checkedOnto check [] done = Except.ok (turned done) from rfl, turned_eq] at h
    rw [List.append_nil]
    exact (Except.ok.inj h).symm
  | cons entry entries ih =>
    unfold checkedOnto at h
    split at h
    · cases h
    · next result hr =>
      obtain ⟨others, same, length, each⟩ := ih h
      refine ⟨result :: others, ?_, by rw [List.length_cons, List.length_cons, length], fun i hi hi' => ?_⟩
      · rw [same, List.reverse_cons, List.append_assoc, List.singleton_append]
      · cases i with
        | zero => exact hr
        | succ i => exact each i (Nat.lt_of_succ_lt_succ hi) (Nat.lt_of_succ_lt_succ hi')

/-- **`checkedEach` gives one result for each entry, that of its check.** -/
theorem checkedEach_spec {check : α → Except Rejected β} {entries : List α} {results : List β}
    (h : checkedEach check entries = Except.ok results) : results.length = entries.length ∧
      ∀ (i : Nat) (hi : i < entries.length) (hi' : i < results.length), check entries[i] = Except.ok results[i] := by
  obtain ⟨others, same, length, each⟩ := checkedOnto_spec h
  rw [List.reverse_nil, List.nil_append] at same
  subst same
  exact ⟨length, each⟩

end Eigenstill.Claims.Exec
