/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Diagnosis
public import Eigenstill.Claims.Sound.EnergyCheck
public import Eigenstill.Claims.Sound.Rests

/-!
# The energy of the first modes

`firstEnergy_spec`: **it is that of the projection on their span, from below and above.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n : Nat}

open Classical in
/-- **The energy of the first modes: `n² (|f|² - |f'|²)` lies between the two numbers**, for `f = t - t̄` and its rest `f'`. -/
theorem firstEnergy_spec {certificate : Certificate} {operator : Operator}
    (shapes : SpectralShapes certificate.model operator) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t : Vec K n} {target : Target}
    (ht : TargetOf A t target) {count : Nat} (hk : count ≤ certificate.model.excess.length) {energy : Enclosure}
    (h : firstEnergy certificate (modesOf certificate.basis certificate.model operator) count target.products = Except.ok energy)
    {f' : Vec K n} (hf : IsRest (modeImages A certificate.basis certificate.model) count (aboutMean t) f') :
    energy.atLeast.value K ≤ (n : K) ^ 2 * (normSq (aboutMean t) - normSq f') ∧
      (n : K) ^ 2 * (normSq (aboutMean t) - normSq f') ≤ energy.atMost.value K := by
  have scale : ∀ x : Vec K n, normSq (fun i => (n : K) * x i) = (n : K) ^ 2 * normSq x := by
    intro x; unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind
  unfold firstEnergy spanEnergy at h
  cases hparts : modeEnergies (modesOf certificate.basis certificate.model operator)
      (alongModes certificate.basis (split count certificate.model.eigenvectors).1 target.products) with
  | none => rw [hparts] at h; cases h
  | some parts =>
    rw [hparts] at h
    simp only [mapped_eq] at h
    cases h
    obtain ⟨length, terms⟩ := terms_of_modeEnergies (K := K) shapes certificate.basis A hA ht hk hparts
    have sums : ∀ part : Enclosure → Dyadic, chosen (fun k : Fin certificate.model.excess.length => k.val < count)
        (fun k => (part (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K) = (sumDyadic (parts.map part)).value K := by
      intro part
      have taken := sum_take hk fun k : Fin certificate.model.excess.length =>
        (part (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K
      rw [value_sumDyadic_eq, listTotal_eq_sum _ (n := count) (by rw [List.length_map, List.length_map, length])]
      unfold chosen
      refine Eq.trans (sum_congr fun k => ?_) (Eq.trans taken (sum_congr fun k => ?_))
      · by_cases h1 : k.val < count
        · rw [if_pos h1, if_pos h1]
        · rw [if_neg h1, if_neg h1]
      · have hkl : k.val < parts.length := by rw [length]; exact k.isLt
        show (part (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K = _
        rw [getD_below (xs := parts) _ hkl, List.map_map, getD_map_below _ _ hkl]
        rfl
    have nonnegRadius : ∀ k, 0 ≤ offDiagonal (cross (modeImages A certificate.basis certificate.model)) k := fun k => by
      unfold offDiagonal
      refine sum_nonneg _ _ fun l => ?_
      split
      · exact IsPreorder.le_refl _
      · exact absVal_nonneg _
    dsimp only
    rw [← sums Enclosure.atLeast, ← sums Enclosure.atMost]
    -- the rest in units of n
    have scaled : IsRest (modeImages A certificate.basis certificate.model) count (fun i => (n : K) * aboutMean t i)
        fun i => (n : K) * f' i := by
      have zero : IsRest (modeImages A certificate.basis certificate.model) count (fun _ : Fin n => (0 : K)) fun _ => 0 := by
        refine ⟨⟨fun _ => 0, fun _ _ => rfl, fun i => ?_⟩, fun k _ => by rw [dot_comm, dot_zero]⟩
        rw [comb_zero]; grind
      have e := isRest_lin zero hf (n : K)
      rw [show (fun i => (0 : K) + (n : K) * aboutMean t i) = fun i => (n : K) * aboutMean t i by funext i; grind,
        show (fun i => (0 : K) + (n : K) * f' i) = fun i => (n : K) * f' i by funext i; grind] at e
      exact e
    obtain ⟨b', outside, reached⟩ := error_le_of_rows (modeImages A certificate.basis certificate.model)
      (fun i => (n : K) * aboutMean t i) (fun k => k.val < count)
      (t := fun k => (Enclosure.atLeast (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K) (fun k h1 => by
        have h2 := (terms k h1).1
        have h3 := nonnegRadius k
        clear terms ht hA sums scaled hf
        grind) fun k h1 => (terms k h1).2.1
    have nearest := normSq_rest_le scaled (b := b') fun k hk => outside k (by omega)
    obtain ⟨b, b0, hb⟩ := scaled.differs
    have bound := error_ge_of_rows (modeImages A certificate.basis certificate.model) (fun i => (n : K) * aboutMean t i)
      (fun k => k.val < count) (t := fun k => (Enclosure.atMost (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K)
      (b := b) (fun k h1 => b0 k (by omega)) (fun k h1 => (terms k h1).1) fun k h1 => (terms k h1).2.2
    rw [show (fun i => (n : K) * aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i)
      = fun i => (n : K) * f' i by funext i; exact (hb i).symm, scale, scale] at bound
    have both := IsPreorder.le_trans _ _ _ nearest reached
    rw [scale, scale] at both
    generalize normSq (aboutMean t) = x at *
    generalize normSq f' = y at *
    generalize chosen (fun k : Fin certificate.model.excess.length => k.val < count)
      (fun k => (Enclosure.atLeast (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K) = low at *
    generalize chosen (fun k : Fin certificate.model.excess.length => k.val < count)
      (fun k => (Enclosure.atMost (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K) = high at *
    clear terms ht hA sums scaled hf reached nearest scale
    generalize (n : K) ^ 2 = n2 at *
    exact ⟨by grind, by grind⟩

end

end Eigenstill.Claims
