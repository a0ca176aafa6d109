/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.CloserStatement
public import Eigenstill.Claims.Sound.Tolerance

/-!
# The check of `closer` is sound

* `nearerCount_le`: at so many rows at least the formula is nearer to the label than the teacher's output is.
* `closer_of_check`: **the recorded numbers hold for the exact formula at the hold-out rows.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- `nearerCount` counts the pairs of errors with a property. -/
theorem nearerCount_eq (shift : Dyadic) (students networks : List Dyadic) (count : Nat) : nearerCount shift students networks count
    = count + (List.zipWith Prod.mk students networks).countP fun pair => Dyadic.lt (Dyadic.add pair.1 shift) pair.2 := by
  induction students generalizing networks count with
  | nil => cases networks <;> rfl
  | cons student students ih =>
    cases networks with
    | nil => rfl
    | cons network networks =>
      rw [show nearerCount shift (student :: students) (network :: networks) count = nearerCount shift students networks
        (if Dyadic.lt (Dyadic.add student shift) network then count + 1 else count) from rfl, ih, List.zipWith_cons_cons,
        List.countP_cons]
      dsimp only
      split <;> omega

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **At so many rows at least `|t_i - f_i| < |t_i - w_i|`**, from the errors of a student within `shift` of the formula. -/
theorem nearerCount_le {n : Nat} {t f w : Vec K n} {s : Nat → K} {students networks : List Dyadic} {shift : Dyadic}
    (studentLength : students.length = n) (networkLength : networks.length = n)
    (student : ∀ i : Fin n, numberAt K students i.val = absVal (t i - s i.val))
    (network : ∀ i : Fin n, numberAt K networks i.val = absVal (t i - w i))
    (near : ∀ i : Fin n, absVal (s i.val - f i) ≤ shift.value K) :
    nearerCount shift students networks 0 ≤ rowsWith (fun i => absVal (t i - f i) < absVal (t i - w i)) ∧
      nearerCount shift students networks 0 ≤ n := by
  have length : (List.zipWith Prod.mk students networks).length = n := by
    rw [List.length_zipWith, studentLength, networkLength, Nat.min_self]
  rw [nearerCount_eq, Nat.zero_add]
  refine ⟨countP_le_rowsWith _ (Dyadic.zero, Dyadic.zero) length _ fun i hi => ?_, Nat.le_trans List.countP_le_length (by omega)⟩
  rw [getD_zipWith Prod.mk Dyadic.zero Dyadic.zero _ (by rw [studentLength]; exact i.isLt) (by rw [networkLength]; exact i.isLt)] at hi
  have less := (Dyadic.lt_iff (K := K) _ _).mp hi
  rw [Dyadic.value_add, show (students.getD i.val Dyadic.zero).value K = numberAt K students i.val from rfl,
    show (networks.getD i.val Dyadic.zero).value K = numberAt K networks i.val from rfl, student i, network i] at less
  have h := near i
  have triangle := absVal_add (t i - s i.val) (s i.val - f i)
  rw [show t i - s i.val + (s i.val - f i) = t i - f i by clear h less student network near; grind] at triangle
  clear student network near
  grind

/-- The limit that is recorded, as a number. -/
private theorem value_limit (limit : Nat) : (⟨Int.ofNat limit, -Int.ofNat fractionBits⟩ : Dyadic).value K * ((2 ^ fractionBits : Nat) : K)
    = (limit : K) := by
  unfold Dyadic.value
  dsimp only
  rw [show ((Int.ofNat limit : Int) : K) = (limit : K) from Ring.intCast_natCast limit, Semiring.natCast_pow, natCast_two,
    ← two_zpow_natCast, Semiring.mul_assoc, ← two_zpow_add, show -Int.ofNat fractionBits + ((fractionBits : Nat) : Int) = 0 from rfl,
    Field.zpow_zero]
  exact Semiring.mul_one _

/-- **The recorded fraction of one output.** -/
private theorem fraction_spec {n nearer risk : Nat} (few : nearer ≤ n) :
    let q := (⟨Int.ofNat (lowerLimit n nearer fractionBits risk (2 ^ (2 * probabilityBits))), -Int.ofNat fractionBits⟩ : Dyadic).value K
    (0 ≤ q ∧ q ≤ 1) ∧ (0 < q → ∃ d, nearer = d + 1 ∧ 1 - lowerTail n d q ≤ (risk : K) / ((2 ^ (2 * probabilityBits) : Nat) : K)) := by
  intro q
  have scaled : q * ((2 ^ fractionBits : Nat) : K) = _ := value_limit (K := K) _
  have power : (0 : K) < ((2 ^ fractionBits : Nat) : K) := by rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _
  have below := intCast_le (K := K) (Int.ofNat_le.mpr (lowerLimit_le n nearer fractionBits risk (2 ^ (2 * probabilityBits))))
  rw [Ring.intCast_natCast, Ring.intCast_natCast] at below
  refine ⟨⟨?_, ?_⟩, fun positive => ?_⟩
  · exact (Dyadic.value_nonneg_iff _).mpr (Int.natCast_nonneg _)
  · refine le_of_mul_le_mul power ?_
    rw [← scaled] at below
    clear scaled
    grind
  · cases nearer with
    | zero =>
      have zero : lowerLimit n 0 fractionBits risk (2 ^ (2 * probabilityBits)) = 0 := rfl
      rw [zero, Semiring.natCast_zero] at scaled
      have := OrderedRing.mul_pos positive power
      rw [scaled] at this
      exact absurd this (by clear below scaled; grind)
    | succ d =>
      refine ⟨d, rfl, upperTail_le_of_lowerLimit (Nat.two_pow_pos (2 * probabilityBits)) (by omega) scaled ?_ positive⟩
      have power : (0 : K) < ((2 ^ (2 * probabilityBits) : Nat) : K) := by
        rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _
      clear scaled below positive
      generalize ((2 ^ (2 * probabilityBits) : Nat) : K) = Q at *
      have : Q ≠ 0 := by grind
      grind

/-- **If the check of `closer` gives numbers, then they hold for the exact formula at the hold-out rows**: for each output, at `nearer` rows
at least it is nearer to the label than the teacher's recorded output is, and the tail of `fraction_at_least` is within the part of one
output in the risk. What that says of rows that nobody has seen is `closer_future`, under its assumptions; the number of repeated rows
is not spoken of. -/
theorem closer_of_check {certificate : Certificate} (shaped : certificate.Shaped) {risk : Dyadic} {numbers : CloserNumbers}
    (h : checkCloser certificate (holdoutParts certificate) risk = Except.ok numbers) : CloserClaim K certificate numbers := by
  unfold checkCloser at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases found : holdoutOf certificate "closer" with
  | error e => rw [found] at h; cases h
  | ok pair =>
    obtain ⟨rows, count⟩ := pair
    rw [found] at h
    dsimp only at h
    obtain ⟨holdout, rfl, -⟩ := holdoutOf_ok found
    cases hr : requireProbability "closer.risk_at_most" risk with
    | error e => rw [hr] at h; cases h
    | ok _ =>
      rw [hr] at h
      dsimp only at h
      cases hl : rows.labels with
      | none => rw [hl] at h; cases h
      | some labels =>
        have model := shaped.model
        have shapes := shaped.holdout rows holdout
        have parts : (holdoutParts certificate).students.get = studentColumns certificate rows := by
          unfold holdoutParts; rw [holdout]; rfl
        rw [hl, parts, sizeOf'_eq] at h
        cases h
        have students := studentColumns_spec (K := K) (rows := rows) model
        have shifts := length_floorShifts model
        have labelRows := shapes.labelRows labels hl
        have long : ∀ {values : List (List Dyadic)}, (∀ row ∈ values, row.length = certificate.model.intercept.length) →
            ∀ row ∈ values, certificate.model.intercept.length ≤ row.length := fun each row h => Nat.le_of_eq (each row h).symm
        have labelColumns := length_columnsOf Dyadic.zero (long labelRows)
        have teacherColumns := length_columnsOf Dyadic.zero (long shapes.teacherRows)
        have riskNonneg : (0 : K) ≤ risk.value K := by
          have := (probability_of_require (K := K) hr).1
          grind
        refine ⟨rows, labels, holdout, hl, rfl, ?_, (partOf risk certificate.model.intercept.length : K)
          / ((2 ^ (2 * probabilityBits) : Nat) : K), div_nonneg (natCast_nonneg _) (by
            rw [Semiring.natCast_pow, natCast_two]; exact two_pow_pos' _), partOf_spec risk _ riskNonneg, fun o ho => ?_⟩
        · dsimp only
          rw [zipped_eq, zipped_eq, zipped_eq, zipped_eq, List.length_zipWith, List.length_zipWith, List.length_zipWith,
            List.length_zipWith, shifts, labelColumns, teacherColumns, students.1, Nat.min_self, Nat.min_self, Nat.min_self]
        · dsimp only at ho ⊢
          simp only [zipped_eq, List.length_zipWith, shifts, labelColumns, teacherColumns, students.1, Nat.min_self] at ho
          simp only [zipped_eq, List.getElem_zipWith]
          obtain ⟨studentLength, student⟩ := students.2 o ho
          have label : (columnAt Dyadic.zero labels o).length = rows.inputs.length := by
            rw [length_columnAt, shapes.labels labels hl]
          have teacher : (columnAt Dyadic.zero rows.teacher o).length = rows.inputs.length := by
            rw [length_columnAt, shapes.teacher]
          obtain ⟨gapLength, gap⟩ := gaps_spec (K := K) label studentLength
          obtain ⟨otherLength, other⟩ := gaps_spec (K := K) label teacher
          rw [show (columnsOf certificate.model.intercept.length labels)[o]'(by rw [labelColumns]; exact ho)
              = columnAt Dyadic.zero labels o from (getD_below [] _).symm.trans (getD_columnsOf Dyadic.zero (long labelRows) ho),
            show (columnsOf certificate.model.intercept.length rows.teacher)[o]'(by rw [teacherColumns]; exact ho)
              = columnAt Dyadic.zero rows.teacher o from
                (getD_below [] _).symm.trans (getD_columnsOf Dyadic.zero (long shapes.teacherRows) ho),
            show (studentColumns certificate rows)[o]'(by rw [students.1]; exact ho) = (studentColumns certificate rows).getD o [] from
              (getD_below _ _).symm]
          obtain ⟨nearer, few⟩ := nearerCount_le (K := K) (t := outputColumn K labels o rows.inputs.length)
            (f := certificate.formulaAt K rows o) (w := outputColumn K rows.teacher o rows.inputs.length)
            (s := studentAt K certificate rows o)
            (shift := (floorShifts certificate.basis certificate.model certificate.model.intercept.length)[o]'(by rw [shifts]; exact ho))
            gapLength otherLength (fun i => by rw [gap i.val i.isLt, student i.val i.isLt, numberAt_columnAt]; rfl)
            (fun i => by rw [other i.val i.isLt, numberAt_columnAt, numberAt_columnAt]; rfl) (fun i => by
              have near := studentAt_near (K := K) model shapes.inputs ho i
              rw [getD_below (xs := floorShifts certificate.basis certificate.model certificate.model.intercept.length) _ (by
                rw [shifts]; exact ho)] at near
              exact near)
          obtain ⟨range, tail⟩ := fraction_spec (K := K) (risk := partOf risk certificate.model.intercept.length) few
          exact ⟨nearer, range, tail⟩

end

end Eigenstill.Claims
