/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Accepted
public import Eigenstill.Claims.Sound.Metric

/-!
# An accepted claim `metric` holds

`metric_of_accepted`: the recorded numbers are the computed ones, so they hold.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

/-- **An accepted claim `metric`: its numbers hold for the exact kernel at the landmarks and the linear columns at the training
rows.** As `metric_of_check`. -/
theorem metric_of_accepted (shaped : certificate.Shaped) {recorded : MetricNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.metric recorded) = Except.ok text) :
    MetricHolds K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, defect, linear⟩ := bind_ok compared
  have sameDefect := compareNumber_ok (K := K) defect
  have sameLinear := compareNumber_ok (K := K) linear
  have holds := metric_of_check (K := K) shaped checked
  refine ⟨fun i => ?_, ?_, fun d hd => ?_, ?_, holds.varies⟩
  · rw [sameDefect]; exact holds.defect i
  · rw [sameDefect]; exact holds.defectSmall
  · rw [sameLinear]; exact holds.linear d hd
  · rw [sameLinear]; exact holds.linearSmall

end

end Eigenstill.Checker
