/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.Sound.Centred
public import Eigenstill.Claims.Sound.EckartYoung

/-!
# The operator of a certificate

* `gram_operator_eq`: the checker's matrix is `AᵀA` of the operator `A = 2^-p (C - 1 cᵀ) T`.
* `basis_of_sums`, `eckartYoung_of_sums`: **the claims, about that operator.**

The integers `C` are those whose column sums and Gram matrix the pass over the rows has computed.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- Entry `(t, i)` of `(C - 1 cᵀ) T`, in integers. -/
def imageEntry (model : Model) (C : Nat → Nat → Int) (n r t i : Nat) : Int :=
  sumTo r fun k => (C t k - meanBelow C n k) * model.metricEntry k i

section
variable {certificate : Certificate} {sums : RowSums} {C : Nat → Nat → Int} {n r : Nat} (hs : SumsOf sums C n r)
  (shapes : MetricShapes certificate.model r)
include hs shapes

omit hs in
private theorem metric_rows : ∀ row ∈ blockMetric certificate.model.metric certificate.model.linearMetric, r ≤ row.length :=
  fun _ hr => Nat.le_of_eq (length_row_blockMetric shapes hr).symm

/-- **The checker's matrix, entry by entry.** -/
theorem at00_operatorOf {i j : Nat} (hi : i < r) (hj : j < r) : at00 (operatorOf certificate sums).matrix i j
    = sumTo n fun t => imageEntry certificate.model C n r t i * imageEntry certificate.model C n r t j := by
  have rows := metric_rows shapes
  have columnsLength := length_columnsOf 0 rows
  unfold operatorOf
  dsimp only
  rw [sizeOf'_eq, hs.columns]
  unfold congruence
  dsimp only
  generalize hT : columnsOf r (blockMetric certificate.model.metric certificate.model.linearMetric) = T at *
  have entry : ∀ {a b : Nat}, a < r → b < r → at00 T a b = certificate.model.metricEntry b a := by
    intro a b ha hb
    rw [← hT, at00_columnsOf rows ha, at00_blockMetric shapes hb]
  generalize hB : multiplied r T (centred sums.gram sums.columnSums sums.rows) = B
  have innerRows : ∀ row ∈ B, r ≤ row.length := by
    intro row hr; rw [← hB] at hr; exact Nat.le_of_eq (length_row_multiplied hr).symm
  have innerLength : B.length = r := by rw [← hB, length_multiplied, columnsLength]
  have inner : ∀ {a b : Nat}, a < r → b < r → at00 B a b
      = sumTo r fun l => certificate.model.metricEntry l a *
        sumTo n fun t => (C t l - meanBelow C n l) * (C t b - meanBelow C n b) := by
    intro a b ha hb
    rw [← hB, at00_multiplied (fun _ h => length_row_centred hs h) (by rw [columnsLength]; exact ha) hb, length_centred hs]
    exact sumTo_congr fun l hl => by rw [entry ha hl, at00_centred hs hl hb]
  have outerRows : ∀ row ∈ columnsOf r B, row.length = r := by
    intro row hr
    rw [columnsOf_eq 0 r B innerRows] at hr
    obtain ⟨c, _, rfl⟩ := List.mem_map.mp hr
    rw [length_columnAt, innerLength]
  rw [at00_multiplied outerRows (by rw [columnsLength]; exact hi) hj, length_columnsOf 0 innerRows]
  have expand : ∀ k, k < r → at00 T i k * at00 (columnsOf r B) k j
      = sumTo n fun t => (C t k - meanBelow C n k) * certificate.model.metricEntry k i * imageEntry certificate.model C n r t j := by
    intro k hk
    rw [entry hi hk, at00_columnsOf innerRows hk, inner hj hk]
    unfold imageEntry sumTo
    have push : ∀ l : Fin r, certificate.model.metricEntry l.val j *
        Eigenstill.sum n (fun t => (C t.val l.val - meanBelow C n l.val) * (C t.val k - meanBelow C n k))
        = Eigenstill.sum n fun t => certificate.model.metricEntry l.val j *
          ((C t.val l.val - meanBelow C n l.val) * (C t.val k - meanBelow C n k)) := fun l => (sum_mul _ _ _).symm
    rw [sum_congr push, sum_comm, ← sum_mul]
    refine sum_congr fun t => ?_
    dsimp only
    rw [← sum_mul, ← sum_mul]
    refine sum_congr fun l => ?_
    generalize C t.val l.val - meanBelow C n l.val = x
    generalize C t.val k - meanBelow C n k = y
    grind
  rw [sumTo_congr expand]
  unfold sumTo
  rw [sum_comm]
  refine sum_congr fun t => ?_
  dsimp only
  generalize imageEntry certificate.model C n r t.val j = other
  unfold imageEntry sumTo
  rw [Int.mul_comm (Eigenstill.sum r _) other, ← sum_mul]
  exact sum_congr fun k => Int.mul_comm _ _

theorem matrixShapes : (operatorOf certificate sums).matrix.length = r ∧
    ∀ row ∈ (operatorOf certificate sums).matrix, row.length = r := by
  unfold operatorOf
  dsimp only
  rw [sizeOf'_eq, hs.columns]
  unfold congruence
  dsimp only
  exact ⟨by rw [length_multiplied, length_columnsOf 0 (metric_rows shapes)], fun _ h => length_row_multiplied h⟩

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **The checker's matrix is `AᵀA`, in its unit.** -/
theorem gram_operator_eq (i j : Fin r) : gram (certificate.operator K C n r) i j
    = (at00 (operatorOf certificate sums).matrix i.val j.val : K) * 2 ^ (operatorOf certificate sums).exponent := by
  rw [at00_operatorOf hs shapes i.isLt j.isLt, show (operatorOf certificate sums).exponent
    = 2 * (certificate.basis.metricExponent - Int.ofNat certificate.basis.gridBits) from rfl, Int.two_mul, two_zpow_add]
  unfold gram sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun t => ?_
  rw [Ring.intCast_mul]
  show (2 : K) ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int))
      * ((imageEntry certificate.model C n r t.val i.val : Int) : K)
    * (2 ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int))
      * ((imageEntry certificate.model C n r t.val j.val : Int) : K)) = _
  rw [show (Int.ofNat certificate.basis.gridBits : Int) = (certificate.basis.gridBits : Int) from rfl]
  generalize (2 : K) ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int)) = c
  grind

/-- The recorded trace is that of `AᵀA`. -/
theorem trace_operator_eq : trace (gram (certificate.operator K C n r)) = (operatorOf certificate sums).trace.value K := by
  have square := (matrixShapes hs shapes).1
  rw [show (operatorOf certificate sums).trace = ⟨Exec.sum (diagonal (operatorOf certificate sums).matrix),
    (operatorOf certificate sums).exponent⟩ from rfl]
  unfold Dyadic.value
  dsimp only
  rw [sum_eq _ (n := r) (by rw [length_diagonal, square]; exact Nat.le_refl _)]
  unfold trace sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun i => ?_
  rw [gram_operator_eq hs shapes, at0_diagonal (by rw [square]; exact i.isLt), CommSemiring.mul_comm]

end

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {certificate : Certificate}
  {sums : RowSums} {C : Nat → Nat → Int} {n r : Nat}

theorem exact_of_scan (pass : scan certificate = Except.ok sums) :
    (prepare certificate).exact = Except.ok (sums, operatorOf certificate sums) := by
  unfold prepare; rw [pass]

/-- **If the check of `basis` gives numbers, then the trace is `|A|²` of the operator `A` of the integers `C`, and more than 0.**

The hypothesis `hs` says that the pass over the rows has computed the column sums and the Gram matrix of `C`; that `C` is the
basis of the rows is `sumsOf_flooredBasis`. -/
theorem basis_of_sums (pass : scan certificate = Except.ok sums) (hs : SumsOf sums C n r)
    (shapes : MetricShapes certificate.model r) {numbers : BasisNumbers}
    (h : checkBasis (prepare certificate) = Except.ok numbers) : BasisHolds (certificate.operator K C n r) numbers := by
  unfold checkBasis at h
  rw [exact_of_scan pass] at h
  dsimp only at h
  split at h
  · cases h
  · next positive =>
    cases h
    have norm := trace_operator_eq (K := K) hs shapes
    rw [trace_gram] at norm
    refine ⟨hs.rows, ?_, norm.symm, ?_⟩
    · show sizeOf' sums.columnSums = r
      rw [sizeOf'_eq, hs.columns]
    · rw [norm]
      exact (Dyadic.value_pos_iff _).mpr (by omega)

/-- **If the check of `eckart_young` gives numbers, then for the operator `A` of the integers `C`: at each recorded rank no
product `X Y` has a smaller squared error than `lower`, and one has at most `upper`.** Hypotheses as in `basis_of_sums`. -/
theorem eckartYoung_of_sums (pass : scan certificate = Except.ok sums) (hs : SumsOf sums C n r)
    (shapes : MetricShapes certificate.model r) (excess : certificate.model.excess.length = certificate.model.eigenvectors.length)
    (vectors : ∀ row ∈ certificate.model.eigenvectors, row.length = r) (factorRows : certificate.model.factor.length = r)
    (factor : ∀ row ∈ certificate.model.factor, row.length = r) {witness : EckartYoungWitness} {numbers : EckartYoungNumbers}
    (h : checkEckartYoung (prepare certificate) witness = Except.ok numbers) :
    EckartYoungHolds (certificate.operator K C n r) numbers := by
  have columns : (operatorOf certificate sums).columns = r := by
    show sizeOf' sums.columnSums = r
    rw [sizeOf'_eq, hs.columns]
  subst columns
  have square := matrixShapes hs shapes
  exact eckartYoung_of_gram (exact_of_scan pass) h
    ⟨excess, vectors, factorRows, factor, square.1, square.2⟩ (certificate.operator K C n _) (gram_operator_eq hs shapes)
    (trace_operator_eq hs shapes)

end

end Eigenstill.Claims
