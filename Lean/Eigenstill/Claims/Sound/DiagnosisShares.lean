/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.DiagnosisStatement
public import Eigenstill.Claims.Sound.FirstEnergy

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
  have nSq : (0 : K) < (n : K) ^ 2 := sq_pos nPos
  have whole : (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) target.total).value K = (n : K) ^ 2 * normSq (aboutMean t) := by
    rw [Dyadic.value_mul, countK, ht.total]; grind
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
      clear ht hA whole
      grind
  · next large =>
    cases hfirst : firstEnergy certificate (modesOf certificate.basis certificate.model operator) count target.products with
    | error e => rw [hfirst] at h; cases h
    | ok energy =>
      rw [hfirst] at h
      cases h
      obtain ⟨f', rest⟩ := exists_rest (modeImages A certificate.basis certificate.model) count (aboutMean t)
      obtain ⟨below, above⟩ := firstEnergy_spec shapes A hA ht hk hfirst rest
      have wholePos : 0 < wholeD.value K := by rw [Dyadic.value_pos_iff]; omega
      have low := (share_le (K := K) energy.atLeast wholePos).1
      have high := le_share (K := K) energy.atMost wholePos
      rw [whole] at low high
      have best : ∃ b : Vec K certificate.model.excess.length, (∀ k, count ≤ k.val → b k = 0) ∧
          normSq (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i)
            ≤ (1 - (share energy.atLeast wholeD false).value K) * normSq (aboutMean t) := by
        obtain ⟨b, b0, hb⟩ := rest.differs
        refine ⟨b, b0, ?_⟩
        rw [show (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i) = f' by
          funext i; exact (hb i).symm]
        refine le_of_mul_le_mul nSq ?_
        generalize (share energy.atLeast wholeD false).value K = s at *
        generalize normSq (aboutMean t) = x at *
        generalize normSq f' = y at *
        generalize (n : K) ^ 2 = n2 at *
        clear ht hA rest whole above high hb
        grind
      have least : ∀ b : Vec K certificate.model.excess.length, (∀ k, count ≤ k.val → b k = 0) →
          (1 - (share energy.atMost wholeD true).value K) * normSq (aboutMean t)
            ≤ normSq (fun i => aboutMean t i - comb b (modeImages A certificate.basis certificate.model) i) := by
        intro b hb
        refine IsPreorder.le_trans _ _ _ (le_of_mul_le_mul nSq ?_) (normSq_rest_le rest hb)
        have nonneg := OrderedRing.mul_nonneg (Std.le_of_lt nSq) (normSq_nonneg f')
        generalize (share energy.atMost wholeD true).value K = s at *
        generalize normSq (aboutMean t) = x at *
        generalize normSq f' = y at *
        generalize (n : K) ^ 2 = n2 at *
        clear ht hA rest whole below low best hb
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
