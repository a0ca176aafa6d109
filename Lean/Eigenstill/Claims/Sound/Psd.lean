/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Psd
public import Eigenstill.Exact.Value
public import Eigenstill.Claims.Sound.PsdCheck

/-!
# The positive semidefinite check is sound

`psd_of_requirePsd`: `V D Vᵀ + μ I - M`, with the numbers of the certificate, is positive semidefinite over every ordered field.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-! ### Integers on a common power of two -/

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem cast_shifted (k : Int) {n : Int} (h : 0 ≤ n) : ((shifted k n : Int) : K) = (k : K) * 2 ^ n := by
  obtain ⟨m, rfl⟩ : ∃ m : Nat, n = m := ⟨n.toNat, by omega⟩
  rw [show shifted k (m : Int) = Dyadic.shiftLeft k m from rfl, cast_shiftLeft, two_zpow_natCast]

theorem cast_shifted_mul (k : Int) {e low : Int} (h : low ≤ e) : ((shifted k (e - low) : Int) : K) * 2 ^ low = (k : K) * 2 ^ e := by
  have := two_zpow_add (K := K) (e - low) low
  rw [show e - low + low = e by omega] at this
  rw [cast_shifted k (by omega), this]; grind

theorem cast_inUnits_mul (x : Dyadic) {e : Int} (h : e ≤ x.exponent) : ((inUnits e x : Int) : K) * 2 ^ e = x.value K := by
  unfold inUnits
  by_cases h0 : x.mantissa = 0
  · rw [if_pos h0, Ring.intCast_zero, (Dyadic.value_eq_zero_iff x).mpr h0]; grind
  · rw [if_neg h0, cast_shifted_mul _ h]; rfl

/-! ### The modes of a certificate -/

/-- The stored vectors `v_k`, and the numbers `d_k`. -/
def modeVectors (K : Type u) [Field K] (basis : Basis) (model : Model) (r : Nat) : Fin model.excess.length → Vec K r :=
  fun k j => (at00 model.eigenvectors k.val j.val : K) * 2 ^ basis.vectorExponent
@[inherit_doc modeVectors]
def modeExcess (K : Type u) [Field K] (basis : Basis) (model : Model) : Vec K model.excess.length :=
  fun k => (at0 model.excess k.val : K) * 2 ^ basis.excessExponent

/-- The factor `L`. -/
def factorRows (K : Type u) [Field K] (basis : Basis) (model : Model) (r : Nat) : Mat K r r :=
  fun i l => (at00 model.factor i.val l.val : K) * 2 ^ basis.factorExponent

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem modal_modes (basis : Basis) (model : Model) (r : Nat) (i j : Fin r) :
    modal (modeExcess K basis model) (modeVectors K basis model r) i j
      = (2 ^ basis.vectorExponent * 2 ^ basis.vectorExponent * 2 ^ basis.excessExponent) * (modalEntry model i.val j.val : K) := by
  unfold modal modalEntry sumTo
  rw [intCast_sum, ← sum_mul]
  refine sum_congr fun k => ?_
  rw [Ring.intCast_mul, Ring.intCast_mul]
  unfold modeExcess modeVectors
  grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem dot_factorRows (basis : Basis) (model : Model) (r : Nat) (i j : Fin r) :
    dot (factorRows K basis model r i) (factorRows K basis model r j)
      = (2 ^ basis.factorExponent * 2 ^ basis.factorExponent) * (factorEntry model r i.val j.val : K) := by
  unfold dot factorEntry sumTo
  rw [intCast_sum, ← sum_mul]
  refine sum_congr fun l => ?_
  rw [Ring.intCast_mul]
  unfold factorRows
  grind

theorem modalEntry_comm (model : Model) (i j : Nat) : modalEntry model i j = modalEntry model j i := by
  unfold modalEntry
  exact sumTo_congr fun k _ => by rw [Int.mul_comm (at00 model.eigenvectors k i)]

theorem factorEntry_comm (model : Model) (r i j : Nat) : factorEntry model r i j = factorEntry model r j i := by
  unfold factorEntry
  exact sumTo_congr fun _ _ => Int.mul_comm _ _

/-- **The check proves `V D Vᵀ + μ I - AᵀA` positive semidefinite**, for every `A` with `AᵀA = M` in the unit of `M`. -/
theorem psd_of_requirePsd {basis : Basis} {model : Model} {operator : Operator} {witness : EckartYoungWitness}
    (shapes : SpectralShapes model operator) (h : requirePsd basis model operator witness = Except.ok ()) {n : Nat}
    (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) :
    Psd fun i j => modal (modeExcess K basis model) (modeVectors K basis model operator.columns) i j
      + witness.threshold.value K * ident i j - gram A i j := by
  obtain ⟨half, fits, entries⟩ := entries_of_requirePsd shapes h
  -- the units
  have l1 : psdLow basis operator witness ≤ 2 * basis.vectorExponent + basis.excessExponent :=
    Int.le_trans (smaller_le_left _ _) (Int.le_trans (smaller_le_left _ _) (smaller_le_left _ _))
  have l2 : psdLow basis operator witness ≤ 2 * basis.factorExponent :=
    Int.le_trans (smaller_le_left _ _) (Int.le_trans (smaller_le_left _ _) (smaller_le_right _ _))
  have l3 : psdLow basis operator witness ≤ operator.exponent :=
    Int.le_trans (smaller_le_left _ _) (smaller_le_right _ _)
  have l4 : psdLow basis operator witness ≤ witness.threshold.reduced.exponent :=
    Int.le_trans (smaller_le_right _ _) (smaller_le_left _ _)
  have l5 : psdLow basis operator witness ≤ witness.slack.reduced.exponent :=
    Int.le_trans (smaller_le_right _ _) (smaller_le_right _ _)
  have u1 := cast_shifted_mul (K := K) 1 l1
  have u2 := cast_shifted_mul (K := K) 1 l2
  have u3 := cast_shifted_mul (K := K) 1 l3
  have u4 := cast_inUnits_mul (K := K) _ l4
  rw [Dyadic.value_reduced] at u4
  rw [Ring.intCast_one, Int.two_mul, two_zpow_add, two_zpow_add,
    show shifted 1 (basis.vectorExponent + basis.vectorExponent + basis.excessExponent - psdLow basis operator witness)
      = psdSpectral basis operator witness by unfold psdSpectral; rw [Int.two_mul]] at u1
  rw [Ring.intCast_one, Int.two_mul, two_zpow_add,
    show shifted 1 (basis.factorExponent + basis.factorExponent - psdLow basis operator witness)
      = psdFactor basis operator witness by unfold psdFactor; rw [Int.two_mul]] at u2
  rw [Ring.intCast_one, show shifted 1 (operator.exponent - psdLow basis operator witness) = psdScale basis operator witness
    from rfl] at u3
  have level : psdLevel basis operator witness
      = inUnits (psdLow basis operator witness) witness.threshold.reduced - psdSigma basis operator witness := rfl
  have unit := two_zpow_pos (K := K) (psdLow basis operator witness)
  have operatorUnit := two_zpow_pos (K := K) operator.exponent
  generalize psdSpectral basis operator witness = sp at *
  generalize psdFactor basis operator witness = fa at *
  generalize psdScale basis operator witness = sc at *
  generalize psdSigma basis operator witness = sg at *
  generalize psdLevel basis operator witness = lv at *
  generalize inUnits (psdLow basis operator witness) witness.threshold.reduced = th at *
  clear l1 l2 l3 l4 l5 h
  generalize (2 : K) ^ psdLow basis operator witness = u at *
  subst level
  -- symmetry
  have matrixComm : ∀ i j : Fin operator.columns, at00 operator.matrix i.val j.val = at00 operator.matrix j.val i.val := by
    intro i j
    have h1 := gram_symmetric A i j
    rw [hA, hA] at h1
    refine intCast_inj (K := K) ?_
    have ne : (2 : K) ^ operator.exponent ≠ 0 := by clear hA entries; grind
    generalize (2 : K) ^ operator.exponent = o at *
    generalize ((at00 operator.matrix i.val j.val : Int) : K) = x at *
    generalize ((at00 operator.matrix j.val i.val : Int) : K) = y at *
    clear hA entries
    grind
  have restComm : ∀ i j : Fin operator.columns, restEntry model operator sp fa sc (th - sg) i.val j.val
      = restEntry model operator sp fa sc (th - sg) j.val i.val := by
    intro i j
    unfold restEntry
    rw [modalEntry_comm, factorEntry_comm, matrixComm i j]
    by_cases hij : i.val = j.val
    · rw [if_pos hij, if_pos hij.symm]
    · rw [if_neg hij, if_neg (Ne.symm hij)]
  have small : ∀ i j : Fin operator.columns, (restEntry model operator sp fa sc (th - sg) i.val j.val).natAbs ≤ half := by
    intro i j
    by_cases hij : i.val ≤ j.val
    · have := entries i.val j.val hij j.isLt; omega
    · have := entries j.val i.val (by omega) i.isLt
      rw [restComm i j]; omega
  -- `W = L Lᵀ + E`
  have near : ∀ i : Fin operator.columns, Eigenstill.sum operator.columns (fun j =>
      absVal (u * ((restEntry model operator sp fa sc (th - sg) i.val j.val : K) + (sg : K) * ident i j) - u * (sg : K) * ident i j))
      ≤ u * (sg : K) := by
    intro i
    have each : ∀ j : Fin operator.columns, absVal (u * ((restEntry model operator sp fa sc (th - sg) i.val j.val : K)
        + (sg : K) * ident i j) - u * (sg : K) * ident i j) ≤ u * (half : K) := by
      intro j
      have e : u * ((restEntry model operator sp fa sc (th - sg) i.val j.val : K) + (sg : K) * ident i j) - u * (sg : K) * ident i j
          = u * (restEntry model operator sp fa sc (th - sg) i.val j.val : K) := by
        generalize ((restEntry model operator sp fa sc (th - sg) i.val j.val : Int) : K) = x
        generalize (ident i j : K) = y
        clear hA entries small restComm matrixComm u1 u2 u3 u4
        grind
      have nonneg : 0 ≤ u := by clear hA entries small restComm matrixComm u1 u2 u3 u4 e; grind
      rw [e, absVal_mul, absVal_of_nonneg nonneg, absVal_intCast]
      have h1 := intCast_le (K := K) (Int.ofNat_le.mpr (small i j))
      rw [Ring.intCast_natCast half] at h1
      exact OrderedRing.mul_le_mul_of_nonneg_left h1 nonneg
    have total := sum_le _ _ _ each
    rw [sum_const] at total
    have h2 := intCast_le (K := K) fits
    rw [Ring.intCast_mul, Ring.intCast_natCast, Ring.intCast_natCast] at h2
    have h3 := OrderedRing.mul_le_mul_of_nonneg_left h2 (c := u) (by clear hA entries small restComm matrixComm u1 u2 u3 u4; grind)
    refine IsPreorder.le_trans _ _ _ total ?_
    clear hA entries small restComm matrixComm u1 u2 u3 u4 total each
    grind
  have symmetric : Symmetric fun i j : Fin operator.columns =>
      u * ((restEntry model operator sp fa sc (th - sg) i.val j.val : K) + (sg : K) * ident i j) := by
    intro i j
    show u * ((restEntry model operator sp fa sc (th - sg) i.val j.val : K) + (sg : K) * ident i j)
      = u * ((restEntry model operator sp fa sc (th - sg) j.val i.val : K) + (sg : K) * ident j i)
    rw [restComm i j, ident_comm]
  refine psd_of_factor (factorRows K basis model operator.columns) (fun i j => ?_) symmetric
    (diagonallyDominant_of_near_scalar near)
  rw [modal_modes, dot_factorRows, hA]
  unfold restEntry ident
  rw [Ring.intCast_add, Ring.intCast_sub, Ring.intCast_sub, Ring.intCast_mul, Ring.intCast_mul, Ring.intCast_mul]
  generalize ((modalEntry model i.val j.val : Int) : K) = m
  generalize ((factorEntry model operator.columns i.val j.val : Int) : K) = f
  generalize ((at00 operator.matrix i.val j.val : Int) : K) = a
  clear near symmetric small restComm matrixComm entries hA fits
  by_cases hij : i.val = j.val
  · rw [if_pos hij, if_pos hij, Ring.intCast_sub]
    generalize (2 : K) ^ basis.vectorExponent = p1 at *
    generalize (2 : K) ^ basis.excessExponent = p2 at *
    generalize (2 : K) ^ basis.factorExponent = p3 at *
    generalize (2 : K) ^ operator.exponent = p4 at *
    rw [← u4]
    grind
  · rw [if_neg hij, if_neg hij, Ring.intCast_zero]
    generalize (2 : K) ^ basis.vectorExponent = p1 at *
    generalize (2 : K) ^ basis.excessExponent = p2 at *
    generalize (2 : K) ^ basis.factorExponent = p3 at *
    generalize (2 : K) ^ operator.exponent = p4 at *
    grind

end

end Eigenstill.Claims
