/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Theorem

/-!
# The student itself, its basis not floored

The checks are about the student on the floored basis. Its true basis values lie above the floored ones by less than
`2^-p`, so the student moves by at most `2^-p Σ |a_k|`: `exactFidelity_of_checks` takes that into account.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exact

attribute [local instance] Semiring.natCast Ring.intCast

namespace Study

variable (D : Study) (K : Type u) [Field K]

/-- Basis value `k` of the row `x`, in the unit `2^-p`: `2^p φ_k(x)`, and `2^p (raw x_d - o_d) / 2^E_d` for `k = m + d`. -/
def basisValue (row k : Nat) : K :=
  if k < D.landmarkCount then 2 ^ D.grid * (D.one : K) / (D.denominator row k : K)
  else
    let a := D.axes.getD (k - D.landmarkCount) noAxis
    (((D.input row (k - D.landmarkCount) : Int) - a.origin : Int) : K) * 2 ^ a.up / 2 ^ a.down

/-- The student at the recorded rows. -/
def exactStudent : Vec K D.size := fun i =>
  (D.intercept + (D.coefficientStep : K) * total D.columns fun k =>
    D.basisValue K (D.rows.getD i.val 0) k * (D.coefficient k : K)) / 2 ^ D.outputUnit

/-- By how much flooring the basis moves the student at most, in the unit of outputs: `Σ |a_k|`. -/
def flooringShift : Int := D.coefficientStep * total D.columns fun k => ((D.coefficient k).natAbs : Int)

end Study

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {D : Study} {w : Witness}
  {v : Bounds} {s : Sums} {last : Nat} {t : Int}

theorem intCast_pos {a : Int} (h : 0 < a) : (0 : K) < a := by
  have h1 := intCast_le (K := K) (show 1 ≤ a by omega)
  rw [Ring.intCast_one] at h1
  have h2 : (0 : K) < 1 := OrderedRing.zero_lt_one
  grind

/-- Division of integers rounds down, by less than one. -/
theorem ediv_cast {a d : Int} (hd : 0 < d) :
    ((a / d : Int) : K) ≤ (a : K) / (d : K) ∧ (a : K) / (d : K) ≤ ((a / d : Int) : K) + 1 := by
  have h1 := Int.mul_ediv_add_emod a d
  have h2 := Int.emod_nonneg a (show d ≠ 0 by omega)
  have h3 := Int.emod_lt_of_pos a hd
  have h4 := intCast_le (K := K) (show d * (a / d) ≤ a by omega)
  have h5 := intCast_le (K := K) (show a ≤ d * (a / d) + d by omega)
  rw [Ring.intCast_mul] at h4
  rw [Ring.intCast_add, Ring.intCast_mul] at h5
  have hp : (0 : K) < d := intCast_pos hd
  have hi := inv_nonneg hp
  have hne : (d : K)⁻¹ * d = 1 := by have : (d : K) ≠ 0 := by clear h4 h5; grind
                                     clear h4 h5; grind
  have h6 := OrderedRing.mul_le_mul_of_nonneg_left h4 hi
  have h7 := OrderedRing.mul_le_mul_of_nonneg_left h5 hi
  rw [Field.div_eq_mul_inv]
  generalize ((a / d : Int) : K) = q at *
  generalize (a : K) = x at *; generalize (d : K) = y at *; generalize y⁻¹ = z at *
  have e1 : z * (y * q) = z * y * q := by clear h4 h5 h6 h7; grind
  have e2 : z * (y * q + y) = z * y * q + z * y := by clear h4 h5 h6 h7; grind
  rw [e1, hne] at h6
  rw [e2, hne] at h7
  clear h4 h5; constructor <;> grind

/-- **A basis value lies above its floor by less than one unit `2^-p`.** -/
theorem basisValue_near (hone : 0 < D.one) (row k : Nat) :
    (D.basisAt row k : K) ≤ D.basisValue K row k ∧ D.basisValue K row k ≤ (D.basisAt row k : K) + 1 := by
  unfold Study.basisAt Study.basisValue
  by_cases h : k < D.landmarkCount
  · rw [if_pos h, if_pos h]
    have hd : 0 < D.denominator row k := by have := (denominator_range D row k).1; omega
    have h1 := ediv_cast (K := K) (a := 2 ^ D.grid * (D.one : Int)) hd
    rw [Ring.intCast_mul, intCast_two_pow, Ring.intCast_natCast] at h1
    exact h1
  · rw [if_neg h, if_neg h]
    dsimp only
    have h1 := ediv_cast (K := K)
      (a := ((D.input row (k - D.landmarkCount) : Int) - (D.axes.getD (k - D.landmarkCount) Study.noAxis).origin) * 2 ^ (D.axes.getD (k - D.landmarkCount) Study.noAxis).up)
      (d := 2 ^ (D.axes.getD (k - D.landmarkCount) Study.noAxis).down) (Int.pow_pos (by omega))
    rw [Ring.intCast_mul, intCast_two_pow, intCast_two_pow] at h1
    exact h1

/-- The student moves by at most `Σ |a_k|` units where its basis is floored. -/
theorem exactStudent_near (hone : 0 < D.one) (i : Fin D.size) :
    absVal (D.student K i - D.exactStudent K i) ≤ (D.flooringShift : K) / 2 ^ D.outputUnit := by
  have hc : (0 : K) < 2 ^ D.outputUnit := two_pow_pos _
  have hiv := inv_nonneg hc
  have e : D.student K i - D.exactStudent K i = (2 ^ D.outputUnit : K)⁻¹ * ((D.coefficientStep : K)
      * total D.columns fun k => ((D.basisAt (D.rows.getD i.val 0) k : K) - D.basisValue K (D.rows.getD i.val 0) k)
        * (D.coefficient k : K)) := by
    have h1 : (total D.columns fun k => ((D.basisAt (D.rows.getD i.val 0) k : K) - D.basisValue K (D.rows.getD i.val 0) k)
        * (D.coefficient k : K))
        = (total D.columns fun k => (D.basisAt (D.rows.getD i.val 0) k : K) * (D.coefficient k : K))
          - total D.columns fun k => D.basisValue K (D.rows.getD i.val 0) k * (D.coefficient k : K) := by
      simp only [total]; rw [← sum_sub]; exact sum_congr fun k => by grind
    unfold Study.student Study.exactStudent Study.studentAt
    rw [h1, Ring.intCast_add, Ring.intCast_mul, Ring.intCast_natCast]
    have h2 : ((total D.columns fun k => D.basisAt (D.rows.getD i.val 0) k * D.coefficient k : Int) : K)
        = total D.columns fun k => (D.basisAt (D.rows.getD i.val 0) k : K) * (D.coefficient k : K) := by
      simp only [total]; rw [intCast_sum]; exact sum_congr fun k => by rw [Ring.intCast_mul]
    rw [h2, Field.div_eq_mul_inv, Field.div_eq_mul_inv]
    grind
  have h3 : absVal (total D.columns fun k => ((D.basisAt (D.rows.getD i.val 0) k : K) - D.basisValue K (D.rows.getD i.val 0) k)
        * (D.coefficient k : K)) ≤ total D.columns fun k => (((D.coefficient k).natAbs : Int) : K) := by
    refine IsPreorder.le_trans _ _ _ (absVal_sum _ _) (sum_le _ _ _ fun k => ?_)
    rw [absVal_mul, absVal_intCast]
    obtain ⟨h4, h5⟩ := basisValue_near (K := K) hone (D.rows.getD i.val 0) k.val
    have h6 : absVal ((D.basisAt (D.rows.getD i.val 0) k.val : K) - D.basisValue K (D.rows.getD i.val 0) k.val) ≤ 1 :=
      absVal_le (by clear e; grind) (by clear e; grind)
    have h7 := OrderedRing.mul_le_mul_of_nonneg_right h6
      (intCast_nonneg (K := K) (show (0 : Int) ≤ ((D.coefficient k.val).natAbs : Int) by omega))
    rw [Semiring.one_mul] at h7
    exact h7
  have h8 : (D.flooringShift : K) = (D.coefficientStep : K) * total D.columns fun k => (((D.coefficient k).natAbs : Int) : K) := by
    unfold Study.flooringShift
    rw [Ring.intCast_mul, Ring.intCast_natCast]
    simp only [total]; rw [intCast_sum]
  rw [e, absVal_mul, absVal_mul, absVal_of_nonneg hiv, absVal_of_nonneg (natCast_nonneg D.coefficientStep), h8,
    Field.div_eq_mul_inv, CommSemiring.mul_comm _ (2 ^ D.outputUnit : K)⁻¹]
  exact OrderedRing.mul_le_mul_of_nonneg_left (OrderedRing.mul_le_mul_of_nonneg_left h3 (natCast_nonneg _)) hiv

/-- **The checks prove the fidelity of the student itself: no error exceeds `(tolerance + shift) / 2^outputUnit`, and the sum
of squared errors is at most `((root + shiftRoot) / 2^outputUnit)²`**, `shift` being `Σ |a_k|` in the unit of outputs, `root²` at
least the sum of squared errors on the floored basis, `shiftRoot²` at least `n shift²`. It speaks of the recorded rows and
the recorded teacher. -/
theorem exactFidelity_of_checks (hscan : scan (frameOf D w.bits w.mean v.tolerance) D.rows .zero = s)
    (hcheck : checkSums D w v s last t = true) (hone : 0 < D.one) {shift root shiftRoot : Nat} (hshift : D.flooringShift = shift)
    (hroot : v.residual ≤ root ^ 2) (hshiftRoot : D.size * shift ^ 2 ≤ shiftRoot ^ 2) :
    (∀ i, absVal (D.teacher K i - D.exactStudent K i) ≤ ((v.tolerance + shift : Nat) : K) / 2 ^ D.outputUnit) ∧
    normSq (fun i => D.teacher K i - D.exactStudent K i) ≤ (((root + shiftRoot : Nat) : K) / 2 ^ D.outputUnit) ^ 2 := by
  obtain ⟨hworst, hresidual⟩ := fidelity_of_checks (K := K) hscan hcheck
  have hc : (0 : K) < 2 ^ D.outputUnit := two_pow_pos _
  have hiv := inv_nonneg hc
  have hnear : ∀ i, absVal (D.student K i - D.exactStudent K i) ≤ ((shift : Nat) : K) / 2 ^ D.outputUnit := fun i => by
    have := exactStudent_near (K := K) hone i
    rwa [hshift, Ring.intCast_natCast] at this
  have e : ∀ i, D.teacher K i - D.exactStudent K i = (D.teacher K i - D.student K i) + (D.student K i - D.exactStudent K i) := by
    intro i; grind
  have hquot : ∀ a b : Nat, ((a + b : Nat) : K) / 2 ^ D.outputUnit = (a : K) / 2 ^ D.outputUnit + (b : K) / 2 ^ D.outputUnit := by
    intro a b; rw [Semiring.natCast_add, Field.div_eq_mul_inv, Field.div_eq_mul_inv, Field.div_eq_mul_inv]; grind
  have hnn : ∀ a : Nat, (0 : K) ≤ (a : K) / 2 ^ D.outputUnit := fun a => by
    rw [Field.div_eq_mul_inv]; exact OrderedRing.mul_nonneg (natCast_nonneg a) hiv
  have hsq : ∀ a b : Nat, a ≤ b ^ 2 → (a : K) / (2 ^ D.outputUnit) ^ 2 ≤ ((b : K) / 2 ^ D.outputUnit) ^ 2 := by
    intro a b h
    have h1 := intCast_le (K := K) (Int.ofNat_le.mpr h)
    rw [Ring.intCast_natCast, Ring.intCast_natCast, Semiring.natCast_pow] at h1
    have h2 : (0 : K) ≤ ((2 ^ D.outputUnit : K) ^ 2)⁻¹ := inv_nonneg (sq_pos hc)
    have h3 := OrderedRing.mul_le_mul_of_nonneg_right h1 h2
    rw [Field.div_eq_mul_inv, Field.div_eq_mul_inv]
    generalize (2 ^ D.outputUnit : K) = c at *
    have h4 : (c ^ 2)⁻¹ = c⁻¹ * c⁻¹ := by have : c ≠ 0 := by clear h3 h1 hnear hworst hresidual e hquot hnn; grind
                                          clear h3 h1 hnear hworst hresidual e hquot hnn; grind
    rw [h4] at h3 ⊢
    rw [show ((b : K) * c⁻¹) ^ 2 = (b : K) ^ 2 * (c⁻¹ * c⁻¹) by clear h3 h1 hnear hworst hresidual e hquot hnn; grind]
    exact h3
  constructor
  · intro i
    rw [e, hquot]
    exact IsPreorder.le_trans _ _ _ (absVal_add _ _) (by have := hworst i; have := hnear i; clear e hquot hnn hsq hresidual; grind)
  · have h1 : normSq (fun i => D.student K i - D.exactStudent K i) ≤ ((shiftRoot : K) / 2 ^ D.outputUnit) ^ 2 := by
      refine IsPreorder.le_trans _ _ _ ?_ (hsq _ _ hshiftRoot)
      rw [normSq_eq]
      have h2 : ((D.size * shift ^ 2 : Nat) : K) / (2 ^ D.outputUnit) ^ 2
          = sum D.size fun _ => ((shift : K) / 2 ^ D.outputUnit) ^ 2 := by
        rw [sum_const, Semiring.natCast_mul, Semiring.natCast_pow, Field.div_eq_mul_inv, Field.div_eq_mul_inv]
        generalize (2 ^ D.outputUnit : K) = c at *
        have h4 : (c ^ 2)⁻¹ = c⁻¹ * c⁻¹ := by have : c ≠ 0 := by clear hnear hworst hresidual e hquot hnn hsq; grind
                                              clear hnear hworst hresidual e hquot hnn hsq; grind
        rw [h4]; grind
      rw [h2]
      refine sum_le _ _ _ fun i => ?_
      rw [← absVal_sq]
      have h3 := hnear i
      have h4 := absVal_nonneg (D.student K i - D.exactStudent K i)
      have h5 := hnn shift
      generalize absVal (D.student K i - D.exactStudent K i) = x at *
      generalize (shift : K) / 2 ^ D.outputUnit = y at *
      have h6 := OrderedRing.mul_nonneg (show 0 ≤ y - x by clear hnear hworst hresidual e hquot hnn hsq; grind)
        (show 0 ≤ y + x by clear hnear hworst hresidual e hquot hnn hsq; grind)
      clear hnear hworst hresidual e hquot hnn hsq; grind
    have h2 : normSq (fun i => D.teacher K i - D.student K i) ≤ ((root : K) / 2 ^ D.outputUnit) ^ 2 := by
      rw [hresidual]; exact hsq _ _ hroot
    have h3 := normSq_add_le (hnn root) (hnn shiftRoot) h2 h1
    rw [hquot]
    rwa [show (fun i => D.teacher K i - D.exactStudent K i) = fun i =>
      (D.teacher K i - D.student K i) + (D.student K i - D.exactStudent K i) from funext e]

end

end Eigenstill.Claims
