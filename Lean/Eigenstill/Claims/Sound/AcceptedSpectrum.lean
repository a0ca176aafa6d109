/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.ComparedNumbers
public import Eigenstill.Claims.Sound.Global
public import Eigenstill.Claims.Sound.SpectrumRows

/-!
# Accepted: the recorded intervals, and the bounds at every input, hold

`spectrum_of_accepted`, `global_of_accepted`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]
  {certificate : Certificate} {witness : EckartYoungWitness} {exports : Exports} {place text : String}

/-- **An accepted claim `spectrum`: every eigenvalue of `AᵀA` lies in its interval and none is missed**, for the operator `A` of the
training rows. In min-max form; what follows for exact eigenvalues, where they exist, is `eigenvalues_of_spectrum`. -/
theorem spectrum_of_accepted (shaped : certificate.Shaped) {recorded : SpectrumNumbers}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.spectrum recorded) = Except.ok text) :
    SpectrumHolds (certificate.basisOperator K) recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, _, compared⟩ := bind_ok compared
  obtain ⟨_, intervals, others⟩ := bind_ok compared
  obtain ⟨length, each⟩ := compareLists_ok intervals
  have holds := spectrum_of_rows (K := K) shaped checked
  refine ⟨fun k hk => ?_, fun high found => ?_, fun none => ?_⟩
  · have hk' : k < computed.eigenvalues.length := by rw [← length]; exact hk
    obtain ⟨_, same⟩ := each k hk hk'
    obtain ⟨low, high⟩ := compareEnclosure_ok (K := K) same
    rw [low, high]
    exact holds.each k hk'
  · obtain ⟨other, e, value⟩ := compareOptional_ok (K := K) others high found
    rw [value, length]
    exact holds.others other e
  · rw [length]
    rw [none] at others
    exact holds.complete (compareOptional_none others)

/-- The shapes of the formula. -/
theorem formulaShapes (shaped : certificate.Shaped) : FormulaShapes certificate.model := by
  have model := shaped.model
  have weights := model.weights.trans model.offsets
  refine ⟨model.coefficients, model.coefficientRows, ?_, model.weightRows, model.positive⟩
  cases linear : certificate.basis.linear with
  | true => rw [linear, if_pos rfl] at weights; exact Or.inr weights
  | false => rw [linear, if_neg Bool.false_ne_true] at weights; exact Or.inl (List.length_eq_zero_iff.mp weights)

/-- **An accepted claim `global`: its bounds hold of the formula at every input.** As `global_of_check`. -/
theorem global_of_accepted (shaped : certificate.Shaped) {recorded : List OutputBounds}
    (h : decideClaim (shareParts (prepare certificate) witness) exports place (.global recorded) = Except.ok text) :
    GlobalHolds K certificate recorded := by
  obtain ⟨computed, checked, h⟩ := bind_ok h
  obtain ⟨_, compared, _⟩ := bind_ok h
  obtain ⟨length, each⟩ := compareLists_ok compared
  have holds := global_of_check (K := K) (formulaShapes shaped) checked
  refine ⟨length.trans holds.outputs, fun o ho => ?_⟩
  have ho' : o < computed.length := by rw [← length]; exact ho
  obtain ⟨_, same⟩ := each o ho ho'
  obtain ⟨_, low, same⟩ := bind_ok same
  obtain ⟨_, high, same⟩ := bind_ok same
  obtain ⟨_, moves, slopes⟩ := bind_ok same
  obtain ⟨count, eachSlope⟩ := compareLists_ok slopes
  have own := holds.each o ho'
  refine ⟨fun x => ?_, fun x => ?_, fun rounded near x => ?_, fun i x x' others => ?_⟩
  · rw [compareNumber_ok (K := K) low]; exact own.atLeast x
  · rw [compareNumber_ok (K := K) high]; exact own.atMost x
  · rw [compareNumber_ok (K := K) moves]; exact own.float32 rounded near x
  · have slope : (recorded[o].slopesAtMost.getD i.val Dyadic.zero).value K
        = (computed[o].slopesAtMost.getD i.val Dyadic.zero).value K := by
      by_cases hi : i.val < recorded[o].slopesAtMost.length
      · have hi' : i.val < computed[o].slopesAtMost.length := by rw [← count]; exact hi
        obtain ⟨_, e⟩ := eachSlope i.val hi hi'
        rw [getD_below _ hi, getD_below _ hi', compareNumber_ok (K := K) e]
      · rw [getD_beyond _ (by omega), getD_beyond _ (by omega)]
    rw [slope]
    exact own.slopes i x x' others

end

end Eigenstill.Checker
