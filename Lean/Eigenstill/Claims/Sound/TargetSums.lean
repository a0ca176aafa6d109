/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Blocks
public import Eigenstill.Claims.Sound.Fidelity
public import Eigenstill.Claims.Sound.KernelUnits

/-!
# Sums of errors, block by block

`targetSumsOf_addTarget`: adding a block to exact sums gives exact sums.
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
theorem sum_append (m n : Nat) (f : Nat → K) :
    (Eigenstill.sum (m + n) fun i => f i.val) = (Eigenstill.sum m fun i => f i.val) + Eigenstill.sum n fun i => f (m + i.val) := by
  induction n with
  | zero => show _ = _ + 0; rw [Nat.add_zero]; grind
  | succ n ih =>
    show (Eigenstill.sum (m + n) fun i => f i.val) + f (m + n) = _ + ((Eigenstill.sum n fun i => f (m + i.val)) + f (m + n))
    rw [ih]; grind

/-- Numbers in their common unit. -/
theorem cast_commonUnits (numbers : List Dyadic) (i : Nat) :
    ((at0 (commonUnits numbers).1 i : Int) : K) * 2 ^ (commonUnits numbers).2 = numberAt K numbers i := by
  obtain ⟨-, h⟩ := leastExponent_spec 0 numbers
  unfold commonUnits numberAt
  dsimp only
  rw [mapped_eq]
  by_cases hi : i < numbers.length
  · rw [at0, getD_below _ (by rw [List.length_map]; exact hi), List.getElem_map, getD_below _ hi]
    exact cast_inUnits_of _ (h _ (List.getElem_mem hi))
  · rw [at0, getD_beyond _ (by rw [List.length_map]; omega), getD_beyond _ (by omega), Ring.intCast_zero, Dyadic.value_zero]
    grind

theorem length_commonUnits (numbers : List Dyadic) : (commonUnits numbers).1.length = numbers.length := by
  unfold commonUnits; dsimp only; rw [mapped_eq, List.length_map]

theorem cast_squares (entries : List Int) (e : Int) {n : Nat} (h : entries.length = n) :
    (⟨squares entries, 2 * e⟩ : Dyadic).value K = Eigenstill.sum n fun i => ((at0 entries i.val : K) * 2 ^ e) ^ 2 := by
  unfold Dyadic.value squares
  dsimp only
  rw [combined_eq (n := n) (Or.inl (Nat.le_of_eq h)), Int.two_mul, two_zpow_add]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun i => ?_
  rw [Ring.intCast_mul]
  generalize (2 : K) ^ e = t
  grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem cast_sum (entries : List Int) (e : Int) {n : Nat} (h : entries.length = n) :
    (⟨Exec.sum entries, e⟩ : Dyadic).value K = Eigenstill.sum n fun i => (at0 entries i.val : K) * 2 ^ e := by
  unfold Dyadic.value
  dsimp only
  rw [sum_eq _ (n := n) (Nat.le_of_eq h)]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  exact sum_congr fun i => CommSemiring.mul_comm _ _

/-- **Adding a block of rows.** Targets `t`, students `s` and the teacher's outputs `w` are those of rows `i, i + 1, …`; without labels
the teacher is the target. -/
theorem targetSumsOf_addTarget {sums : TargetSums} {t s w : Nat → K} {i : Nat}
    (before : TargetSumsOf sums (fun k : Fin i => t k.val) (fun k => s k.val) (fun k => w k.val)) {students : Students}
    {values teacher : List Dyadic} {labels : Bool} {b : Nat} (hs : students.values.length = b) (hv : values.length = b)
    (hw : teacher.length = b) (student : ∀ k, k < b → ((at0 students.values k : Int) : K) * 2 ^ students.exponent = s (i + k))
    (value : ∀ k, k < b → numberAt K values k = t (i + k)) (other : ∀ k, k < b → numberAt K teacher k = w (i + k))
    (same : labels = false → ∀ k, w k = t k) :
    TargetSumsOf (addTarget sums students values teacher labels) (fun k : Fin (i + b) => t k.val) (fun k => s k.val)
      (fun k => w k.val) := by
  have mantissas := length_commonUnits values
  have units := cast_commonUnits (K := K) values
  unfold addTarget
  generalize hc : commonUnits values = common at *
  obtain ⟨mantissa, exponent⟩ := common
  dsimp only at mantissas units ⊢
  rw [zipped_eq]
  have low1 : smaller exponent students.exponent ≤ exponent := smaller_le_left _ _
  have low2 : smaller exponent students.exponent ≤ students.exponent := smaller_le_right _ _
  generalize smaller exponent students.exponent = low at *
  generalize he : List.zipWith (fun value student => shifted value (exponent - low) - shifted student (students.exponent - low)) mantissa
    students.values = errors
  have errorsLength : errors.length = b := by rw [← he, List.length_zipWith, mantissas, hv, hs, Nat.min_self]
  have error : ∀ k, k < b → ((at0 errors k : Int) : K) * 2 ^ low = t (i + k) - s (i + k) := by
    intro k hk
    rw [← he, at0, getD_zipWith _ 0 0 0 (by rw [mantissas, hv]; exact hk) (by rw [hs]; exact hk), Ring.intCast_sub]
    have h1 := cast_shifted_mul (K := K) (at0 mantissa k) low1
    have h2 := cast_shifted_mul (K := K) (at0 students.values k) low2
    have h3 := units k
    rw [value k hk] at h3
    rw [student k hk] at h2
    rw [h3] at h1
    rw [show mantissa.getD k 0 = at0 mantissa k from rfl, show students.values.getD k 0 = at0 students.values k from rfl]
    generalize ((shifted (at0 mantissa k) (exponent - low) : Int) : K) = a at *
    generalize ((shifted (at0 students.values k) (students.exponent - low) : Int) : K) = c at *
    generalize (2 : K) ^ low = u at *
    clear before student value other same units
    grind
  refine ⟨?_, fun k => ?_, ?_, ?_, ?_⟩
  · rw [Dyadic.value_add, before.squaredErrors, cast_squares errors low errorsLength]
    unfold normSq dot
    rw [sum_append i b fun k => (t k - s k) * (t k - s k)]
    congr 1
    refine sum_congr fun k => ?_
    rw [error k.val k.isLt]; grind
  · by_cases hk : k.val < i
    · exact IsPreorder.le_trans _ _ _ (before.largestError ⟨k.val, hk⟩) (Dyadic.le_max_left _ _)
    · have hb : k.val - i < b := by have := k.isLt; omega
      refine IsPreorder.le_trans _ _ _ ?_ (Dyadic.le_max_right _ _)
      have h1 := error (k.val - i) hb
      rw [show i + (k.val - i) = k.val by omega] at h1
      rw [← h1, absVal_mul, absVal_intCast]
      have unit := two_zpow_pos (K := K) low
      rw [absVal_of_nonneg (x := (2 : K) ^ low) (by grind)]
      unfold Dyadic.value
      dsimp only
      refine OrderedRing.mul_le_mul_of_nonneg_right (intCast_le ?_) (by grind)
      exact Int.ofNat_le.mpr (at0_le_largest errors _)
  · rw [Dyadic.value_add, before.values, cast_sum mantissa exponent (mantissas.trans hv), sum_append i b t]
    congr 1
    refine sum_congr fun k => ?_
    rw [units, value k.val k.isLt]
  · rw [Dyadic.value_add, before.squaredValues, cast_squares mantissa exponent (mantissas.trans hv)]
    unfold normSq dot
    rw [sum_append i b fun k => t k * t k]
    congr 1
    refine sum_congr fun k => ?_
    rw [units, value k.val k.isLt]; grind
  · rw [Dyadic.value_add, before.teacherSquaredErrors]
    unfold normSq dot
    rw [sum_append i b fun k => (t k - w k) * (t k - w k)]
    congr 1
    cases labels with
    | false =>
      rw [if_neg Bool.false_ne_true, Dyadic.value_zero, ← sum_zero b]
      refine sum_congr fun k => ?_
      rw [same rfl]; grind
    | true =>
      rw [if_pos rfl]
      have gapsLength : (zipped Dyadic.sub values teacher).length = b := by rw [zipped_eq, List.length_zipWith, hv, hw, Nat.min_self]
      have gapUnits := cast_commonUnits (K := K) (zipped Dyadic.sub values teacher)
      have gapMantissas := length_commonUnits (zipped Dyadic.sub values teacher)
      generalize commonUnits (zipped Dyadic.sub values teacher) = gaps at *
      obtain ⟨gap, unit⟩ := gaps
      dsimp only at gapUnits gapMantissas ⊢
      rw [cast_squares gap unit (gapMantissas.trans gapsLength)]
      refine sum_congr fun k => ?_
      rw [gapUnits, zipped_eq]
      unfold numberAt
      rw [getD_zipWith _ Dyadic.zero Dyadic.zero Dyadic.zero (by rw [hv]; exact k.isLt) (by rw [hw]; exact k.isLt), Dyadic.value_sub]
      have h1 := value k.val k.isLt
      have h2 := other k.val k.isLt
      unfold numberAt at h1 h2
      rw [h1, h2]; grind

omit [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- No rows. -/
theorem targetSumsOf_zero (t s w : Nat → K) :
    TargetSumsOf noTargetSums (fun k : Fin 0 => t k.val) (fun k => s k.val) (fun k => w k.val) :=
  ⟨Dyadic.value_zero, fun k => absurd k.isLt (Nat.not_lt_zero _), Dyadic.value_zero, Dyadic.value_zero, Dyadic.value_zero⟩

end

/-- `addTargets`, output by output. -/
theorem addTargets_eq (labels : Bool) {n : Nat} (sums : List TargetSums) (students : List Students) (values teacher : List (List Dyadic))
    (done : List TargetSums) (h1 : sums.length = n) (h2 : students.length = n) (h3 : values.length = n) (h4 : teacher.length = n) :
    addTargets labels sums students values teacher done = done.reverse ++ (List.range n).map fun o =>
      addTarget (sums.getD o noTargetSums) (students.getD o ⟨[], 0⟩) (values.getD o []) (teacher.getD o []) labels := by
  induction n generalizing sums students values teacher done with
  | zero =>
    have e := List.length_eq_zero_iff.mp h1
    subst e
    rw [show addTargets labels [] students values teacher done = turned done from rfl, turned_eq, List.range_zero, List.map_nil,
      List.append_nil]
  | succ n ih =>
    match sums, students, values, teacher with
    | [], _, _, _ => rw [List.length_nil] at h1; omega
    | _ :: _, [], _, _ => rw [List.length_nil] at h2; omega
    | _ :: _, _ :: _, [], _ => rw [List.length_nil] at h3; omega
    | _ :: _, _ :: _, _ :: _, [] => rw [List.length_nil] at h4; omega
    | first :: sums, student :: students, column :: values, own :: teacher =>
      rw [List.length_cons] at h1 h2 h3 h4
      rw [show addTargets labels (first :: sums) (student :: students) (column :: values) (own :: teacher) done
        = addTargets labels sums students values teacher (addTarget first student column own labels :: done) from rfl,
        ih sums students values teacher _ (by omega) (by omega) (by omega) (by omega), List.range_succ_eq_map, List.map_cons,
        List.map_map, List.reverse_cons, List.append_assoc, List.singleton_append]
      rfl

end Eigenstill.Claims
