/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Diagnosis
public import Eigenstill.Claims.Sound.DiagnosisStatement
public import Eigenstill.Claims.Sound.EnergyCheck

/-!
# What the first modes hold of a target, and what lies beyond them

`energyShares_hold`: the four shares that the check of `diagnosis` records of one output hold.
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
/-- **One output: what the span of the first modes holds and leaves.** -/
theorem energyShares_hold {certificate : Certificate} {operator : Operator}
    (shapes : SpectralShapes certificate.model operator) (hn : 0 < n) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t : Vec K n} {target : Target}
    (ht : TargetOf A t target) {count : Nat} (hk : count ≤ certificate.model.excess.length) {shares : EnergyShares}
    (h : energyShares certificate (modesOf certificate.basis certificate.model operator) n count target = Except.ok shares) :
    EnergySharesHold (modeImages A certificate.basis certificate.model) (aboutMean t) count shares := by
  have countK : (Dyadic.ofInt (Int.ofNat n)).value K = (n : K) := by rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast n
  have nPos : (0 : K) < (n : K) := by
    have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr hn)
    rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
  have nNe : (n : K) ≠ 0 := fun h => by rw [h] at nPos; exact absurd nPos (by grind)
  have nSq : (0 : K) < (n : K) ^ 2 := sq_pos nPos
  have whole : (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) target.total).value K = (n : K) ^ 2 * normSq (aboutMean t) := by
    rw [Dyadic.value_mul, countK, ht.total]; grind
  have scale : ∀ x : Vec K n, normSq (fun i => (n : K) * x i) = (n : K) ^ 2 * normSq x := by
    intro x; unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind
  have rest : ∀ b : Vec K certificate.model.excess.length,
      normSq (fun i => (n : K) * aboutMean t i - comb (fun k => (n : K) * b k) (modeImages A certificate.basis certificate.model) i)
        = (n : K) ^ 2 * normSq fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i := by
    intro b
    rw [← scale]
    congr 1
    funext i
    have e : comb (fun k => (n : K) * b k) (modeImages A certificate.basis certificate.model) i
        = (n : K) * comb b (modeImages A certificate.basis certificate.model) i := by
      unfold comb
      rw [← sum_mul]
      exact sum_congr fun k => Semiring.mul_assoc _ _ _
    rw [e]
    generalize comb b (modeImages A certificate.basis certificate.model) i = y
    clear ht hA
    grind
  unfold energyShares at h
  dsimp only at h
  generalize Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) target.total = wholeD at *
  split at h
  · next small =>
    cases h
    refine ⟨fun s hs => (by cases hs), fun s hs => (by cases hs), fun s hs => (by cases hs), fun s hs => (by cases hs), fun _ => ?_⟩
    have h1 := normSq_nonneg (aboutMean t)
    by_cases h2 : 0 < normSq (aboutMean t)
    · have h3 := OrderedRing.mul_pos nSq h2
      rw [← whole, Dyadic.value_pos_iff] at h3
      omega
    · generalize normSq (aboutMean t) = x at *
      clear ht hA whole rest
      grind
  · next large =>
    unfold firstEnergy spanEnergy at h
    cases hparts : modeEnergies (modesOf certificate.basis certificate.model operator)
        (alongModes certificate.basis (split count certificate.model.eigenvectors).1 target.products) with
    | none => rw [hparts] at h; cases h
    | some parts =>
      rw [hparts] at h
      simp only [mapped_eq] at h
      cases h
      obtain ⟨length, terms⟩ := terms_of_modeEnergies (K := K) shapes certificate.basis A hA ht hk hparts
      have wholePos : 0 < wholeD.value K := by rw [Dyadic.value_pos_iff]; omega
      -- sums over the first modes
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
      obtain ⟨b', outside, reached⟩ := error_le_of_rows (modeImages A certificate.basis certificate.model)
        (fun i => (n : K) * aboutMean t i) (fun k => k.val < count)
        (t := fun k => (Enclosure.atLeast (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K) (fun k h1 => by
          have h2 := (terms k h1).1
          have h3 := nonnegRadius k
          clear terms ht hA rest sums
          grind) fun k h1 => (terms k h1).2.1
      rw [sums Enclosure.atLeast, scale] at reached
      have low := (share_le (K := K) (sumDyadic (parts.map Enclosure.atLeast)) wholePos).1
      have high := le_share (K := K) (sumDyadic (parts.map Enclosure.atMost)) wholePos
      rw [whole] at low high
      have best : ∃ b : Vec K certificate.model.excess.length, (∀ k, count ≤ k.val → b k = 0) ∧
          normSq (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i)
            ≤ (1 - (share (sumDyadic (parts.map Enclosure.atLeast)) wholeD false).value K) * normSq (aboutMean t) := by
        refine ⟨fun k => b' k / (n : K), fun k h1 => ?_, ?_⟩
        · show b' k / (n : K) = 0
          rw [outside k (by omega)]
          clear terms ht hA rest sums reached
          grind
        · have e := rest fun k => b' k / (n : K)
          rw [show (fun k => (n : K) * (b' k / (n : K))) = b' from by
            funext k
            generalize b' k = x
            clear terms ht hA rest sums reached e
            grind] at e
          rw [e] at reached
          refine le_of_mul_le_mul nSq ?_
          generalize normSq (fun i => aboutMean t i - comb (fun k => b' k / (n : K))
            (modeImages A certificate.basis certificate.model) i) = y at *
          generalize (sumDyadic (parts.map Enclosure.atLeast)).value K = z at *
          generalize (share (sumDyadic (parts.map Enclosure.atLeast)) wholeD false).value K = s at *
          generalize normSq (aboutMean t) = f2 at *
          generalize (n : K) ^ 2 = n2 at *
          clear terms ht hA rest sums e whole high
          grind
      have least : ∀ b : Vec K certificate.model.excess.length, (∀ k, count ≤ k.val → b k = 0) →
          (1 - (share (sumDyadic (parts.map Enclosure.atMost)) wholeD true).value K) * normSq (aboutMean t)
            ≤ normSq (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i) := by
        intro b hb
        have bound := error_ge_of_rows (modeImages A certificate.basis certificate.model) (fun i => (n : K) * aboutMean t i)
          (fun k => k.val < count) (t := fun k => (Enclosure.atMost (parts.getD k.val ⟨Dyadic.zero, Dyadic.zero⟩)).value K)
          (b := fun k => (n : K) * b k) (fun k h1 => by
            show (n : K) * b k = 0
            rw [hb k (by omega)]
            clear terms ht hA rest sums reached
            grind) (fun k h1 => (terms k h1).1) fun k h1 => (terms k h1).2.2
        rw [sums Enclosure.atMost, scale, rest b] at bound
        have rest0 := normSq_nonneg fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i
        refine le_of_mul_le_mul nSq ?_
        generalize normSq (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i) = y at *
        generalize (sumDyadic (parts.map Enclosure.atMost)).value K = z at *
        generalize (share (sumDyadic (parts.map Enclosure.atMost)) wholeD true).value K = s at *
        generalize normSq (aboutMean t) = f2 at *
        have rest1 := OrderedRing.mul_nonneg (a := (n : K) ^ 2) (b := y) (by clear terms ht hA rest sums; grind) rest0
        generalize (n : K) ^ 2 = n2 at *
        clear terms ht hA rest sums whole low reached best
        rcases high with high | high
        · grind
        · subst high; grind
      refine ⟨fun s hs => ?_, fun s hs => ?_, fun s hs => ?_, fun s hs => ?_, fun h => ?_⟩
      · cases hs; exact best
      · cases hs; exact least
      · cases hs
        rw [Dyadic.value_sub, Dyadic.value_one]; exact best
      · cases hs
        rw [Dyadic.value_sub, Dyadic.value_one]; exact least
      · rcases h with h | h <;> cases h

end

end Eigenstill.Claims
