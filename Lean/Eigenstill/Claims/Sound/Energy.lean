/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Energy
public import Eigenstill.Claims.Sound.Largest
public import Eigenstill.Claims.Sound.ModeEnergy
public import Eigenstill.Claims.Sound.Operator

/-!
# The check of `energy` is sound

* `bestModes_hold`: one output.
* `energy_of_check`: **all outputs, about every operator with the Gram matrix that the check was given.**
* `target_of_products`: what the checker holds of a target, from `Cᵀ t`, `Σ t` and `Σ t²`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem normSq_smul {n : Nat} (c : K) (x : Vec K n) : normSq (fun i => c * x i) = c ^ 2 * normSq x := by
  unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem divided_mul {c : K} (h : c ≠ 0) (x y : K) : x * y = c * (x / c * y) := by grind

/-- A family of choices as coefficients of all vectors: `b'_k = Σ_j b_j [choice j = k]`. -/
private def spreadOut {count p : Nat} (choice : Fin count → Fin p) (b : Vec K count) : Vec K p :=
  fun k => Eigenstill.sum count fun j => b j * ident (choice j) k

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
private theorem comb_spreadOut {count p n : Nat} (choice : Fin count → Fin p) (b : Vec K count) (g : Fin p → Vec K n) :
    comb (spreadOut choice b) g = comb b fun j => g (choice j) := by
  funext i
  unfold comb spreadOut
  have e : ∀ k : Fin p, Eigenstill.sum count (fun j => b j * ident (choice j) k) * g k i
      = Eigenstill.sum count fun j => b j * (g k i * ident (choice j) k) := by
    intro k
    rw [CommSemiring.mul_comm, ← sum_mul]; exact sum_congr fun j => by grind
  rw [sum_congr e, sum_comm]
  refine sum_congr fun j => ?_
  rw [sum_mul, sum_ident p (choice j) fun k => g k i]

section output
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
include shapes

open Classical in
/-- **One output: the recorded shares of the best modes hold.** -/
theorem bestModes_hold {certificate : Certificate} (hm : certificate.model = model) {n : Nat} (hn : 0 < n)
    (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t : Vec K n} {target : Target}
    (ht : TargetOf A t target) {kept : Nat} (hk : kept ≤ model.excess.length) {counts : List Nat}
    (hc : ∀ count ∈ counts, count ≤ kept) {bests : List BestModes}
    (h : bestModes certificate (modesOf certificate.basis model operator) n kept counts target = Except.ok bests) :
    ∀ best ∈ bests, BestModesHold (modeImages A certificate.basis model) (aboutMean t) kept best := by
  unfold bestModes at h
  rw [hm] at h
  split at h
  · cases h
  · next parts hparts =>
    cases h
    obtain ⟨length, terms⟩ := terms_of_modeEnergies (K := K) shapes certificate.basis A hA ht hk hparts
    have energiesLength : (modesOf certificate.basis model operator).energies.length = model.excess.length := by
      unfold modesOf; dsimp only; rw [length_diagonal, length_multiplied, ← shapes.excess]
    have radiiLength : (modesOf certificate.basis model operator).energyRadii.length = model.excess.length := by
      unfold modesOf; dsimp only; rw [length_radii, length_multiplied, ← shapes.excess]
    have alongLength : (alongModes certificate.basis (split kept model.eigenvectors).1 target.products).entries.length = kept := by
      unfold alongModes
      rw [length_under, split_eq, List.length_take, ← shapes.excess]; omega
    have nonneg := nonneg_of_modeEnergies (K := K) (by omega) (by omega) hparts
    have count : (Dyadic.ofInt (Int.ofNat n)).value K = (n : K) := by rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast n
    have nPos : (0 : K) < (n : K) := by
      have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr hn)
      rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
    have nNe : (n : K) ≠ 0 := fun h => by rw [h] at nPos; exact absurd nPos (by grind)
    have nSq : (0 : K) < (n : K) ^ 2 := sq_pos nPos
    have whole : (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) target.total).value K = (n : K) ^ 2 * normSq (aboutMean t) := by
      rw [Dyadic.value_mul, count, ht.total]; grind
    generalize Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) target.total = wholeD at *
    have wholeIff : 0 < wholeD.mantissa ↔ 0 < (n : K) ^ 2 * normSq (aboutMean t) := by
      rw [← whole]; exact (Dyadic.value_pos_iff wholeD).symm
    -- the terms, as numbers for every place
    generalize hlow : parts.map Enclosure.atLeast = lows at *
    generalize hhigh : parts.map Enclosure.atMost = highs at *
    have lowsLength : lows.length = kept := by rw [← hlow, List.length_map, length]
    have highsLength : highs.length = kept := by rw [← hhigh, List.length_map, length]
    have lowAt : ∀ k, k < kept → lows.getD k Dyadic.zero = (parts.getD k ⟨Dyadic.zero, Dyadic.zero⟩).atLeast := by
      intro k hk1
      rw [← hlow, getD_map Enclosure.atLeast ⟨Dyadic.zero, Dyadic.zero⟩ Dyadic.zero _ _ rfl]
    have highAt : ∀ k, k < kept → highs.getD k Dyadic.zero = (parts.getD k ⟨Dyadic.zero, Dyadic.zero⟩).atMost := by
      intro k hk1
      rw [← hhigh, getD_map Enclosure.atMost ⟨Dyadic.zero, Dyadic.zero⟩ Dyadic.zero _ _ rfl]
    have highsNonneg : ∀ x ∈ highs, 0 ≤ x.value K := by
      intro x hx
      rw [← hhigh] at hx
      obtain ⟨part, hp, rfl⟩ := List.mem_map.mp hx
      exact (nonneg part hp).2
    intro best hbest
    unfold largestSums at hbest
    simp only [mapped_eq, zipped_eq, split_eq] at hbest
    rw [hlow, hhigh] at hbest
    obtain ⟨c, hcm, hb⟩ : ∃ c ∈ counts, best = if 0 < wholeD.mantissa then
        ⟨c, some (share (sumDyadic ((sorted (fun a b => Dyadic.lt b a) lows).take c)) wholeD false),
          some (share (sumDyadic ((sorted (fun a b => Dyadic.lt b a) highs).take c)) wholeD true)⟩
        else ⟨c, none, none⟩ := by
      obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem hbest
      simp only [List.length_zipWith, List.length_map] at hi
      refine ⟨counts[i]'(by omega), List.getElem_mem _, ?_⟩
      simp only [List.getElem_zipWith, List.getElem_map]
    have hck := hc c hcm
    by_cases hw : 0 < wholeD.mantissa
    · rw [if_pos hw] at hb
      have wholePos : 0 < wholeD.value K := by rw [whole]; exact wholeIff.mp hw
      subst hb
      refine ⟨fun s hs => ?_, fun s hs choice b inside => ?_, fun h => ?_⟩
      · cases hs
        obtain ⟨zs, nodup, zsLength, below, lowTotal⟩ := exists_choice (K := K) lows (count := c) (by omega)
        have belowP : ∀ z ∈ zs, z < model.excess.length := fun z hz => by have := below z hz; omega
        obtain ⟨b, outside, bound⟩ := error_le_of_rows (modeImages A certificate.basis model)
          (fun i => (n : K) * aboutMean t i) (fun k => k.val ∈ zs)
          (t := fun k => (lows.getD k.val Dyadic.zero).value K) (fun k hkz => by
            have hk1 := below k.val hkz
            have h1 := (terms k (by omega)).1
            have h2 : 0 ≤ offDiagonal (cross (modeImages A certificate.basis model)) k := by
              unfold offDiagonal
              refine sum_nonneg _ _ fun l => ?_
              split
              · exact IsPreorder.le_refl _
              · exact absVal_nonneg _
            clear terms ht nonneg highsNonneg
            grind) (fun k hkz => by
            have hk1 := below k.val hkz
            dsimp only
            rw [lowAt k.val (by omega)]
            exact (terms k (by omega)).2.1)
        refine ⟨fun j => ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩,
          fun j => b ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩ / (n : K),
          fun j => by
            have h := below _ (List.getElem_mem (show j.val < zs.length by rw [zsLength]; exact j.isLt))
            exact Nat.lt_of_lt_of_eq h lowsLength, ?_⟩
        have sumAll : chosen (fun k : Fin model.excess.length => k.val ∈ zs)
            (fun k => (lows.getD k.val Dyadic.zero).value K) = listTotal (zs.map fun k => (lows.getD k Dyadic.zero).value K) := by
          unfold chosen
          rw [← sum_mem (p := model.excess.length) (fun k => (lows.getD k Dyadic.zero).value K) nodup belowP]
          refine sum_congr fun k => ?_
          by_cases hz : k.val ∈ zs
          · rw [if_pos hz, if_pos hz]
          · rw [if_neg hz, if_neg hz]
        rw [sumAll, ← lowTotal, normSq_smul] at bound
        have combine : ∀ i, comb b (modeImages A certificate.basis model) i = (n : K) * comb (fun j : Fin c =>
            b ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩ / (n : K))
            (fun j => modeImages A certificate.basis model
              ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩) i := by
          intro i
          let f : Nat → K := fun k => if hkp : k < model.excess.length then
            b ⟨k, hkp⟩ * modeImages A certificate.basis model ⟨k, hkp⟩ i else 0
          have e1 : comb b (modeImages A certificate.basis model) i
              = Eigenstill.sum model.excess.length fun k => if k.val ∈ zs then f k.val else 0 := by
            unfold comb
            refine sum_congr fun k => ?_
            by_cases hz : k.val ∈ zs
            · rw [if_pos hz]; show _ = dite _ _ _; rw [dif_pos k.isLt]
            · rw [if_neg hz, outside k hz]; clear terms ht nonneg highsNonneg; grind
          rw [e1, sum_mem f nodup belowP, listTotal_eq_sum _ (n := c) (by rw [List.length_map, zsLength])]
          unfold comb
          rw [← sum_mul]
          refine sum_congr fun j => ?_
          have hj : j.val < zs.length := by rw [zsLength]; exact j.isLt
          rw [getD_map_below _ _ hj]
          show dite _ _ _ = _
          rw [dif_pos (belowP _ (List.getElem_mem hj))]
          exact divided_mul nNe _ _
        have scaled : normSq (fun i => (n : K) * aboutMean t i - comb b (modeImages A certificate.basis model) i)
            = (n : K) ^ 2 * restOf (modeImages A certificate.basis model) (aboutMean t)
              (fun j : Fin c => ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩)
              (fun j => b ⟨zs[j.val]'(by rw [zsLength]; exact j.isLt), belowP _ (List.getElem_mem _)⟩ / (n : K)) := by
          unfold restOf
          rw [← normSq_smul]
          congr 1
          funext i
          rw [combine i]
          clear terms ht nonneg highsNonneg bound
          grind
        rw [scaled] at bound
        have low := (share_le (K := K) (sumDyadic ((sorted (fun a b => Dyadic.lt b a) lows).take c)) wholePos).1
        rw [whole] at low
        refine le_of_mul_le_mul nSq ?_
        dsimp only
        generalize restOf (modeImages A certificate.basis model) (aboutMean t) _ _ = rest at *
        generalize (sumDyadic ((sorted (fun a b => Dyadic.lt b a) lows).take c)).value K = sumLow at *
        generalize (share _ wholeD false).value K = s at *
        generalize normSq (aboutMean t) = f2 at *
        generalize (n : K) ^ 2 = n2 at *
        clear terms ht nonneg highsNonneg combine scaled sumAll whole wholeIff wholePos
        grind
      · cases hs
        obtain ⟨S, hS⟩ : ∃ S : Nat → Prop, ∀ k, S k ↔ ∃ j, (choice j).val = k := ⟨_, fun _ => Iff.rfl⟩
        have insideS : ∀ k, S k → k < kept := fun k hk1 => by
          obtain ⟨j, hj⟩ := (hS k).mp hk1
          rw [← hj]; exact inside j
        have bound := error_ge_of_rows (modeImages A certificate.basis model) (fun i => (n : K) * aboutMean t i)
          (fun k => S k.val) (t := fun k => (highs.getD k.val Dyadic.zero).value K)
          (b := spreadOut choice fun j => (n : K) * b j) (fun k hno => by
            unfold spreadOut
            rw [sum_congr (g := fun _ => (0 : K)) fun j => by
              unfold ident
              rw [if_neg fun e => hno ((hS k.val).mpr ⟨j, e⟩)]
              clear terms ht nonneg highsNonneg
              grind, sum_zero])
          (fun k hk1 => (terms k (insideS k.val hk1)).1)
          (fun k hk1 => by
            dsimp only
            rw [highAt k.val (insideS k.val hk1)]
            exact (terms k (insideS k.val hk1)).2.2)
        -- the chosen terms are at most the largest ones
        have first : ∀ f : Nat → K, (∀ k, kept ≤ k → f k = 0) →
            Eigenstill.sum model.excess.length (fun k => f k.val) = Eigenstill.sum highs.length fun k => f k.val := by
          intro f zero
          have taken := sum_take hk fun k : Fin model.excess.length => f k.val
          rw [highsLength]
          refine Eq.trans (sum_congr fun k => ?_) taken
          by_cases h1 : k.val < kept
          · rw [if_pos h1]
          · rw [if_neg h1, zero k.val (by omega)]
        have few : Eigenstill.sum highs.length (fun k => if S k.val then (1 : K) else 0) ≤ (c : K) := by
          rw [← first (fun k => if S k then (1 : K) else 0) fun k h1 => if_neg fun h2 => by
            have := insideS k h2; omega]
          have h1 : Eigenstill.sum model.excess.length (fun k => if S k.val then (1 : K) else 0)
              ≤ Eigenstill.sum model.excess.length fun k => Eigenstill.sum c fun j => (1 : K) * ident (choice j) k := by
            refine sum_le _ _ _ fun k => ?_
            have each : ∀ j : Fin c, (0 : K) ≤ 1 * ident (choice j) k := fun j => by
              have := OrderedRing.zero_lt_one (R := K)
              unfold ident; split
              · clear terms ht nonneg highsNonneg bound; grind
              · clear terms ht nonneg highsNonneg bound; grind
            by_cases hk1 : S k.val
            · rw [if_pos hk1]
              obtain ⟨j, hj⟩ := (hS k.val).mp hk1
              have h2 := le_sum c (fun j => (1 : K) * ident (choice j) k) each j
              have h3 : (1 : K) * ident (choice j) k = 1 := by
                unfold ident; rw [if_pos hj]; clear terms ht nonneg highsNonneg bound; grind
              exact IsPreorder.le_trans _ _ _ (by rw [h3]; exact IsPreorder.le_refl _) h2
            · rw [if_neg hk1]; exact sum_nonneg c _ each
          rw [sum_comm, sum_congr (g := fun _ : Fin c => (1 : K)) fun j => sum_ident model.excess.length (choice j) fun _ => 1,
            sum_one] at h1
          exact h1
        have most := chosen_le_largest (K := K) highs highsNonneg (count := c) (by omega) S few
        rw [← first (fun k => if S k then (highs.getD k Dyadic.zero).value K else 0) fun k h1 =>
          if_neg fun h2 => by have := insideS k h2; omega] at most
        rw [show chosen (fun k : Fin model.excess.length => S k.val) (fun k => (highs.getD k.val Dyadic.zero).value K)
          = Eigenstill.sum model.excess.length fun k => if S k.val then (highs.getD k.val Dyadic.zero).value K else 0 from rfl,
          normSq_smul, comb_spreadOut] at bound
        have scaled : normSq (fun i => (n : K) * aboutMean t i
              - comb (fun j => (n : K) * b j) (fun j => modeImages A certificate.basis model (choice j)) i)
            = (n : K) ^ 2 * restOf (modeImages A certificate.basis model) (aboutMean t) choice b := by
          unfold restOf
          rw [← normSq_smul]
          congr 1
          funext i
          have e : comb (fun j => (n : K) * b j) (fun j => modeImages A certificate.basis model (choice j)) i
              = (n : K) * comb b (fun j => modeImages A certificate.basis model (choice j)) i := by
            unfold comb
            rw [← sum_mul]
            exact sum_congr fun j => Semiring.mul_assoc _ _ _
          rw [e]
          clear terms ht nonneg highsNonneg bound most few
          grind
        rw [scaled] at bound
        have high := le_share (K := K) (sumDyadic ((sorted (fun a b => Dyadic.lt b a) highs).take c)) wholePos
        rw [whole] at high
        have rest0 : 0 ≤ restOf (modeImages A certificate.basis model) (aboutMean t) choice b := normSq_nonneg _
        refine le_of_mul_le_mul nSq ?_
        dsimp only
        generalize restOf (modeImages A certificate.basis model) (aboutMean t) choice b = rest at *
        generalize (sumDyadic ((sorted (fun a b => Dyadic.lt b a) highs).take c)).value K = sumHigh at *
        generalize (share _ wholeD true).value K = s at *
        generalize normSq (aboutMean t) = f2 at *
        generalize Eigenstill.sum (K := K) model.excess.length _ = chosenSum at *
        have rest1 := OrderedRing.mul_nonneg (a := (n : K) ^ 2) (b := rest) (by clear terms; grind) rest0
        generalize (n : K) ^ 2 = n2 at *
        clear terms ht nonneg highsNonneg scaled whole wholeIff wholePos few first insideS hS
        rcases high with high | high
        · grind
        · subst high; grind
      · rcases h with h | h <;> cases h
    · rw [if_neg hw] at hb
      subst hb
      refine ⟨fun s hs => (by cases hs), fun s hs => (by cases hs), fun _ => ?_⟩
      have zero : ¬ 0 < (n : K) ^ 2 * normSq (aboutMean t) := fun h => hw (wholeIff.mpr h)
      have h1 := normSq_nonneg (aboutMean t)
      by_cases h2 : 0 < normSq (aboutMean t)
      · exact absurd (OrderedRing.mul_pos nSq h2) zero
      · generalize normSq (aboutMean t) = x at *
        clear terms ht nonneg highsNonneg zero wholeIff whole
        grind

end output

end

end Eigenstill.Claims
