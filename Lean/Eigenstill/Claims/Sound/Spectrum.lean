/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Spectrum
public import Eigenstill.Claims.Sound.EckartYoung
public import Eigenstill.Claims.Sound.SpectrumParts
public import Eigenstill.Claims.Sound.SpectrumStatement

/-!
# The check of `spectrum` is sound

* `spectrum_of_check`: **the recorded intervals hold for every operator with the Gram matrix that the check was given.**
* `certified_of_requireSpectrum`, `enclosures_spec`: what `requireSpectrum` decides and what the intervals are; `gcv` and
  `diagnosis` rest on the same two.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### What `requireSpectrum` decides -/

theorem psd_of_checkEckartYoung {prepared : Prepared} {witness : EckartYoungWitness} {numbers : EckartYoungNumbers}
    {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkEckartYoung prepared witness = Except.ok numbers) :
    requirePsd prepared.certificate.basis prepared.certificate.model operator witness = Except.ok () := by
  unfold checkEckartYoung at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases hs : requireSigns prepared.certificate.model witness with
  | error e => rw [hs] at h; cases h
  | ok _ =>
    rw [hs, exact] at h
    dsimp only at h
    cases hp : requirePsd prepared.certificate.basis prepared.certificate.model operator witness with
    | error e => rw [hp] at h; cases h
    | ok _ => rfl

/-- What the spectral claims share: signs and order, `W` positive semidefinite, near orthonormality. -/
structure SpectrumDecided (certificate : Certificate) (operator : Operator) (threshold : Dyadic) : Prop where
  falls : fallsToZero certificate.model.excess = true
  nonneg : 0 ≤ threshold.mantissa
  psd : ∃ witness : EckartYoungWitness,
    requirePsd certificate.basis certificate.model operator witness = Except.ok () ∧
      Dyadic.same threshold witness.threshold = true
  defect : Dyadic.lt (modesOf certificate.basis certificate.model operator).defect Dyadic.one = true

theorem decided_of_requireSpectrum {prepared : Prepared} {witness : EckartYoungWitness} {sums : RowSums} {operator : Operator}
    (exact : prepared.exact = Except.ok (sums, operator)) {claim : String} {threshold slack : Dyadic} {modes : Modes}
    (h : requireSpectrum (shareParts prepared witness) claim threshold slack = Except.ok modes) :
    modes = modesOf prepared.certificate.basis prepared.certificate.model operator ∧
      SpectrumDecided prepared.certificate operator threshold := by
  have stored : (shareParts prepared witness).modes.get
      = Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (_, operator) => Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator)) = _
    rw [exact]
  have known : knownPsd (shareParts prepared witness) threshold slack = true →
      requirePsd prepared.certificate.basis prepared.certificate.model operator witness = Except.ok () ∧
        Dyadic.same threshold witness.threshold = true := by
    intro hk
    unfold knownPsd at hk
    split at hk
    · next same =>
      rw [Bool.and_eq_true] at same
      split at hk
      · next numbers hn => exact ⟨psd_of_checkEckartYoung exact hn, same.1⟩
      · cases hk
    · cases hk
  unfold requireSpectrum at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [show (shareParts prepared witness).prepared = prepared from rfl, exact, stored] at h
  dsimp only at h
  split at h
  · cases h
  · next falls =>
    split at h
    · cases h
    · next nonneg =>
      split at h
      · cases h
      · have finish : ∀ (w : EckartYoungWitness) (e : Rejected),
            requirePsd prepared.certificate.basis prepared.certificate.model operator w = Except.ok () →
            Dyadic.same threshold w.threshold = true →
            (if (modesOf prepared.certificate.basis prepared.certificate.model operator).defect.lt Dyadic.one = true then
              Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator) else Except.error e)
              = Except.ok modes →
            modes = modesOf prepared.certificate.basis prepared.certificate.model operator ∧
              SpectrumDecided prepared.certificate operator threshold := by
          intro w e hw same hm
          split at hm
          · next small =>
            refine ⟨(Except.ok.inj hm).symm, ?_, by omega, ⟨w, hw, same⟩, small⟩
            cases hf : fallsToZero prepared.certificate.model.excess with
            | true => rfl
            | false => rw [hf] at falls; exact absurd rfl falls
          · cases hm
        cases hk : knownPsd (shareParts prepared witness) threshold slack with
        | true =>
          rw [hk, if_neg (by decide)] at h
          exact finish witness _ (known hk).1 (known hk).2 h
        | false =>
          rw [hk, if_pos (by decide)] at h
          cases hp : requirePsd prepared.certificate.basis prepared.certificate.model operator ⟨threshold, slack, []⟩ with
          | error e => rw [hp] at h; cases h
          | ok u =>
            rw [hp] at h
            dsimp only at h
            exact finish ⟨threshold, slack, []⟩ _ hp ((Dyadic.same_iff (K := Rat) _ _).mpr rfl) h

/-! ### The intervals -/

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

section
variable {certificate : Certificate} {operator : Operator} (shapes : SpectralShapes certificate.model operator)
  {threshold : Dyadic} (decided : SpectrumDecided certificate operator threshold) {n : Nat} (A : Mat K n operator.columns)
  (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent)
include shapes decided hA

/-- **`W = V D Vᵀ + μ I - AᵀA` is positive semidefinite.** -/
theorem psd_of_decided : Psd fun i j => modal (modeExcess K certificate.basis certificate.model)
    (modeVectors K certificate.basis certificate.model operator.columns) i j + threshold.value K * ident i j - gram A i j := by
  obtain ⟨witness, psd, same⟩ := decided.psd
  rw [(Dyadic.same_iff (K := K) _ _).mp same]
  exact psd_of_requirePsd shapes psd A hA

/-- Every eigenvalue beyond the modes is at most the threshold. -/
theorem others_of_decided : EigenvalueAtMost A certificate.model.excess.length (threshold.value K) := by
  refine ⟨modeVectors K certificate.basis certificate.model operator.columns, fun x hx => ?_⟩
  have h := psd_of_decided shapes decided A hA x
  rw [quad_sub, quad_lin, quad_ident, quad_gram, quad_modal, sum_congr (g := fun _ => (0 : K)) fun k => by
    rw [hx k]; clear hx hA; grind, sum_zero] at h
  clear hx hA; grind

/-- **Interval `k` holds the `k`-th eigenvalue.** -/
theorem enclosures_spec :
    (enclosures certificate.basis certificate.model (modesOf certificate.basis certificate.model operator) threshold).length
      = certificate.model.excess.length ∧ ∀ (k : Nat) (h : k < (enclosures certificate.basis certificate.model
        (modesOf certificate.basis certificate.model operator) threshold).length),
      let interval := (enclosures certificate.basis certificate.model (modesOf certificate.basis certificate.model operator)
        threshold)[k]
      0 ≤ interval.atLeast.value K ∧ EigenvalueAtLeast A k (interval.atLeast.value K) ∧
        EigenvalueAtMost A k (interval.atMost.value K) := by
  obtain ⟨nonneg, decreasing⟩ := nonneg_of_fallsToZero decided.falls
  have psd := psd_of_decided shapes decided A hA
  have near : NearlyOrthonormal ((modesOf certificate.basis certificate.model operator).defect.value K)
      (modeVectors K certificate.basis certificate.model operator.columns) :=
    nearlyOrthonormal_modes shapes certificate.basis
  have small : (modesOf certificate.basis certificate.model operator).defect.value K < 1 := by
    rw [← Dyadic.value_one (K := K)]; exact (Dyadic.lt_iff _ _).mp decided.defect
  have rows := rows_of_modesOf shapes certificate.basis A hA
  have norms := norms_of_modesOf (K := K) shapes certificate.basis
  obtain ⟨l1, l2, l3, l4⟩ := lengths_of_modesOf shapes certificate.basis
  have e1 : (modesOf certificate.basis certificate.model operator).energyExponent
      = (modesOf certificate.basis certificate.model operator).gramExponent + operator.exponent := rfl
  have listed : enclosures certificate.basis certificate.model (modesOf certificate.basis certificate.model operator) threshold
      = List.zipWith (fun (low : Dyadic) (d : Int) => (⟨low, quotientOf (Dyadic.add threshold (Dyadic.mul
        (Dyadic.add Dyadic.one (modesOf certificate.basis certificate.model operator).defect)
        ⟨d, certificate.basis.excessExponent⟩)) Dyadic.one true⟩ : Enclosure))
        (leastSoFar (List.zipWith (rayleighBound ((modesOf certificate.basis certificate.model operator).energyExponent
          - (modesOf certificate.basis certificate.model operator).gramExponent))
          (List.zipWith Prod.mk (modesOf certificate.basis certificate.model operator).energies
            (modesOf certificate.basis certificate.model operator).energyRadii)
          (List.zipWith Prod.mk (modesOf certificate.basis certificate.model operator).norms
            (modesOf certificate.basis certificate.model operator).normRadii)) []) certificate.model.excess := by
    unfold enclosures; simp only [zipped_eq]
  rw [listed]
  clear listed
  generalize modesOf certificate.basis certificate.model operator = modes at *
  have shift : modes.energyExponent - modes.gramExponent = operator.exponent := by omega
  rw [shift]
  generalize hq : List.zipWith (rayleighBound operator.exponent) (List.zipWith Prod.mk modes.energies modes.energyRadii)
    (List.zipWith Prod.mk modes.norms modes.normRadii) = quotients
  have size : quotients.length = certificate.model.excess.length := by
    rw [← hq]; simp only [List.length_zipWith, l1, l2, l3, l4, Nat.min_self]
  have entry : ∀ i, i < certificate.model.excess.length → quotients.getD i Dyadic.zero
      = rayleighBound operator.exponent (at0 modes.energies i, at0 modes.energyRadii i) (at0 modes.norms i, at0 modes.normRadii i) := by
    intro i hi
    rw [← hq, getD_zipWith _ (0, 0) (0, 0) _ (by simp only [List.length_zipWith, l3, l4, Nat.min_self]; exact hi)
      (by simp only [List.length_zipWith, l1, l2, Nat.min_self]; exact hi),
      getD_zipWith _ 0 0 _ (by rw [l3]; exact hi) (by rw [l4]; exact hi),
      getD_zipWith _ 0 0 _ (by rw [l1]; exact hi) (by rw [l2]; exact hi)]
  obtain ⟨lowLength, lowLeast, lowMember⟩ := leastSoFar_spec (K := K) quotients [] [] rfl
    (fun _ _ _ h => absurd h (Nat.not_lt_zero _)) (fun _ h => h)
  rw [List.nil_append] at lowLength lowLeast lowMember
  have total : (List.zipWith (fun (low : Dyadic) (d : Int) => (⟨low, quotientOf (Dyadic.add threshold (Dyadic.mul
      (Dyadic.add Dyadic.one modes.defect) ⟨d, certificate.basis.excessExponent⟩)) Dyadic.one true⟩ : Enclosure))
      (leastSoFar quotients []) certificate.model.excess).length = certificate.model.excess.length := by
    rw [List.length_zipWith, lowLength, size, Nat.min_self]
  refine ⟨total, fun k h => ?_⟩
  rw [total] at h
  dsimp only
  rw [List.getElem_zipWith]
  dsimp only
  have lowEntry : (leastSoFar quotients [])[k]'(by rw [lowLength, size]; exact h) = (leastSoFar quotients []).getD k Dyadic.zero :=
    (getD_below _ _).symm
  have lowNonneg : 0 ≤ ((leastSoFar quotients [])[k]'(by rw [lowLength, size]; exact h)).value K := by
    have member := lowMember _ (List.getElem_mem (by rw [lowLength, size]; exact h))
    obtain ⟨i, hi, he⟩ := List.mem_iff_getElem.mp member
    rw [← he, show quotients[i] = quotients.getD i Dyadic.zero from (getD_below _ hi).symm, entry i (by omega)]
    exact rayleighBound_nonneg _ _ _
  have hδ := near.nonneg ⟨k, h⟩
  refine ⟨lowNonneg, ?_, ?_⟩
  · -- on the span of the first `k + 1` vectors
    refine ⟨fun i => modeVectors K certificate.basis certificate.model operator.columns (i.castLE h),
      fun u hu => eq_zero_of_comb_eq_zero (near.castLE h) small u hu, fun u => ?_⟩
    rw [lowEntry] at lowNonneg ⊢
    have leastK := lowLeast k
    generalize ((leastSoFar quotients []).getD k Dyadic.zero).value K = low at *
    by_cases zero : low = 0
    · have := normSq_nonneg (mulVec A (comb u fun i =>
        modeVectors K certificate.basis certificate.model operator.columns (i.castLE h)))
      rw [zero]; clear rows norms hA psd near; grind
    · have positive : 0 < low := by clear rows norms hA psd near leastK; grind
      rw [← quad_gram]
      refine quad_ge_on_first (gram_symmetric A) lowNonneg h (fun i hi => ?_) u
      have least := leastK i.val (by omega) (by rw [size]; exact h)
      rw [entry i.val i.isLt] at least
      have spec := rayleighBound_spec (K := K) (shift := operator.exponent) (e := at0 modes.energies i.val)
        (er := at0 modes.energyRadii i.val) (g := at0 modes.norms i.val) (gr := at0 modes.normRadii i.val)
        (by clear rows norms hA psd near leastK; grind)
      have image : ∀ a b : Fin certificate.model.excess.length,
          dot (modeVectors K certificate.basis certificate.model operator.columns a)
            (mulVec (gram A) (modeVectors K certificate.basis certificate.model operator.columns b))
          = cross (modeImages A certificate.basis certificate.model) a b := fun a b =>
        (dot_mulVec_mulVec A _ _).symm
      have quadratic : quad (gram A) (modeVectors K certificate.basis certificate.model operator.columns i)
          = normSq (modeImages A certificate.basis certificate.model i) := image i i
      rw [quadratic, show (fun a b => dot (modeVectors K certificate.basis certificate.model operator.columns a)
        (mulVec (gram A) (modeVectors K certificate.basis certificate.model operator.columns b)))
        = cross (modeImages A certificate.basis certificate.model) from funext fun a => funext fun b => image a b,
        (rows i).1, (rows i).2, (norms i).1, (norms i).2, e1, two_zpow_add]
      have unit := two_zpow_pos (K := K) modes.gramExponent
      have sumNonneg : 0 ≤ (at0 modes.norms i.val : K) * 2 ^ modes.gramExponent
          + (at0 modes.normRadii i.val : K) * 2 ^ modes.gramExponent := by
        rw [← (norms i).1, ← (norms i).2]
        have n1 := normSq_nonneg (modeVectors K certificate.basis certificate.model operator.columns i)
        have n2 : 0 ≤ offDiagonal (fun a b => dot (modeVectors K certificate.basis certificate.model operator.columns a)
            (modeVectors K certificate.basis certificate.model operator.columns b)) i := sum_nonneg _ _ fun l => by
          split
          · exact IsPreorder.le_refl _
          · exact absVal_nonneg _
        clear rows norms hA psd near leastK; grind
      generalize (rayleighBound operator.exponent (at0 modes.energies i.val, at0 modes.energyRadii i.val)
        (at0 modes.norms i.val, at0 modes.normRadii i.val)).value K = q at *
      generalize (at0 modes.norms i.val : K) = g at *
      generalize (at0 modes.normRadii i.val : K) = gr at *
      generalize (at0 modes.energies i.val : K) = e at *
      generalize (at0 modes.energyRadii i.val : K) = er at *
      generalize (2 : K) ^ modes.gramExponent = a at *
      generalize (2 : K) ^ operator.exponent = b at *
      have f1 := OrderedRing.mul_le_mul_of_nonneg_right least sumNonneg
      have f2 := OrderedRing.mul_le_mul_of_nonneg_right spec (c := a) (by clear rows norms hA psd near leastK; grind)
      clear rows norms hA psd near leastK least spec
      grind
  · -- on the complement of the first `k` vectors
    refine ⟨fun j : Fin k => modeVectors K certificate.basis certificate.model operator.columns (j.castLE (by omega)),
      fun x hx => ?_⟩
    have unit := two_zpow_pos (K := K) certificate.basis.excessExponent
    have excessNonneg : ∀ j : Fin certificate.model.excess.length, 0 ≤ modeExcess K certificate.basis certificate.model j :=
      fun j => OrderedRing.mul_nonneg (intCast_nonneg (nonneg j.val)) (by clear rows norms hA psd near; grind)
    have key := quad_le_of_complement (k := k) near hδ (excessNonneg ⟨k, h⟩)
      (fun j hj => OrderedRing.mul_le_mul_of_nonneg_right (intCast_le (decreasing k j.val hj))
        (by clear rows norms hA psd near; grind)) psd x
      (fun j hj => hx ⟨j.val, hj⟩)
    rw [quad_gram] at key
    refine IsPreorder.le_trans _ _ _ key (OrderedRing.mul_le_mul_of_nonneg_right ?_ (normSq_nonneg x))
    have value : (Dyadic.add threshold (Dyadic.mul (Dyadic.add Dyadic.one modes.defect)
        ⟨certificate.model.excess[k], certificate.basis.excessExponent⟩)).value K
        = threshold.value K + (1 + modes.defect.value K) * modeExcess K certificate.basis certificate.model ⟨k, h⟩ := by
      rw [Dyadic.value_add, Dyadic.value_mul, Dyadic.value_add, Dyadic.value_one]
      unfold modeExcess Dyadic.value
      rw [show at0 certificate.model.excess k = certificate.model.excess[k] from getD_below _ h]
    have product := OrderedRing.mul_nonneg (a := 1 + modes.defect.value K) (by clear rows norms hA psd near; grind)
      (excessNonneg ⟨k, h⟩)
    have thresholdNonneg := (Dyadic.value_nonneg_iff (K := K) threshold).mpr decided.nonneg
    have up := le_quotientOf (K := K) (x := Dyadic.add threshold (Dyadic.mul (Dyadic.add Dyadic.one modes.defect)
      ⟨certificate.model.excess[k], certificate.basis.excessExponent⟩)) (y := Dyadic.one)
      (by rw [value]; clear rows norms hA psd near; grind)
      (by rw [Dyadic.value_one]; exact OrderedRing.zero_lt_one)
    rw [value, Dyadic.value_one] at up
    clear rows norms hA psd near
    grind

end

/-- **If the check of `spectrum` gives numbers, then for every operator `A` with the Gram matrix that it was given: eigenvalue
`k` of `AᵀA`, in decreasing order and with multiplicity, lies in interval `k`, and every other is at most `othersAtMost`.**
`eigenvalues_of_spectrum` reads it as a statement about exact eigenvalues.

`AᵀA = M` is a hypothesis: `operator.matrix` are the integers of `M`, in the unit `2^operator.exponent`. The shapes are those
that the format requires. Nothing is said of eigenvectors. -/
theorem spectrum_of_check {prepared : Prepared} {witness : EckartYoungWitness} {threshold slack : Dyadic}
    {numbers : SpectrumNumbers} {sums : RowSums} {operator : Operator}
    (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkSpectrum (shareParts prepared witness) threshold slack = Except.ok numbers)
    (shapes : SpectralShapes prepared.certificate.model operator)
    (columns : prepared.certificate.model.landmarks.length + prepared.certificate.model.offsets.length = operator.columns)
    {n : Nat} (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) : SpectrumHolds A numbers := by
  unfold checkSpectrum at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases hr : requireSpectrum (shareParts prepared witness) "spectrum" threshold slack with
  | error e => rw [hr] at h; cases h
  | ok modes =>
    obtain ⟨rfl, decided⟩ := decided_of_requireSpectrum exact hr
    rw [hr] at h
    dsimp only at h
    rw [show (shareParts prepared witness).prepared = prepared from rfl, sizeOf'_eq, sizeOf'_eq, sizeOf'_eq, columns] at h
    cases h
    obtain ⟨size, each⟩ := enclosures_spec shapes decided A hA
    refine ⟨fun k hk => (each k hk).2, fun high hh => ?_, fun none => ?_⟩
    · dsimp only at hh ⊢
      rw [size]
      split at hh
      · cases hh
      · rw [← Option.some.inj hh]
        exact others_of_decided shapes decided A hA
    · dsimp only at none ⊢
      rw [size]
      split at none
      · next all => exact of_decide_eq_true all
      · cases none

end

end Eigenstill.Claims
