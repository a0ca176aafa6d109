/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Each
public import Eigenstill.Claims.Sound.Energy
public import Eigenstill.Claims.Sound.Operator

/-!
# The check of `energy` is sound

* `energy_of_check`: **the recorded shares hold for every operator with the Gram matrix that the check was given.**
* `energy_of_checkOperator`: the same, about the operator `A = 2^-p (C - 1 cᵀ) T` of integers `C`.
* `target_of_products`: what the checker holds of a target `t`, from `Cᵀ t`, `Σ t` and `Σ t²`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- What the checker holds of the targets: `teacher o` and, where there are labels, `labels o` for each output `o`. -/
structure TargetsHold {n r : Nat} (targets : Targets) (A : Mat K n r) (outputs : Nat) (teacher labels : Nat → Vec K n) :
    Prop where
  teacherCount : targets.teacher.length = outputs
  teacher : ∀ (o : Nat) (h : o < targets.teacher.length), TargetOf A (teacher o) targets.teacher[o]
  labelsCount : ∀ list, targets.labels = some list → list.length = outputs
  labels : ∀ list, targets.labels = some list → ∀ (o : Nat) (h : o < list.length), TargetOf A (labels o) list[o]

/-- **If the check of `energy` gives numbers, then for every operator `A` with the Gram matrix that it was given: of each target
about its mean some choice of so many of the modes holds the lower share, and no choice holds more than the upper one.**

`AᵀA = M` and `ht` are hypotheses: the latter says that the pass over the rows has computed `n Aᵀ (t - t̄)` and
`n |t - t̄|²` for each target (`target_of_products` gives them from `Cᵀ t`). The shapes are those that the format requires.
Nothing is asked of the modes: not that they are eigenvectors, nor that `eckart_young` holds. -/
theorem energy_of_check {prepared : Prepared} {witness : EckartYoungWitness} {kept : Nat} {counts : List Nat}
    {numbers : EnergyNumbers} {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkEnergy (shareParts prepared witness) kept counts = Except.ok numbers)
    (shapes : SpectralShapes prepared.certificate.model operator) {n : Nat} (hn : 0 < n) (rows : sums.rows = n)
    (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {outputs : Nat}
    {teacher labels : Nat → Vec K n}
    (ht : TargetsHold (targetsOf prepared.certificate sums) A outputs teacher labels) :
    EnergyHolds A (modeVectors K prepared.certificate.basis prepared.certificate.model operator.columns) outputs teacher labels
      numbers := by
  have targets : (shareParts prepared witness).targets.get = Except.ok (targetsOf prepared.certificate sums) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf prepared.certificate sums) : Except Rejected Targets) = _
    rw [exact]
  have modes : (shareParts prepared witness).modes.get
      = Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (_, operator) => Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator) :
        Except Rejected Modes) = _
    rw [exact]
  have own : (shareParts prepared witness).prepared = prepared := rfl
  unfold checkEnergy at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [own, exact, targets, modes] at h
  dsimp only at h
  split at h
  · cases h
  · next conditions =>
    rw [sizeOf'_eq prepared.certificate.model.excess] at conditions
    have hk : kept ≤ prepared.certificate.model.excess.length := by
      by_cases h1 : kept ≤ prepared.certificate.model.excess.length
      · exact h1
      · exact absurd (by simp [show prepared.certificate.model.excess.length < kept by omega]) conditions
    have increase : increaseTo kept counts = true := by
      cases h1 : increaseTo kept counts with
      | true => rfl
      | false => exact absurd (by simp [h1]) conditions
    have hc := le_of_increaseTo increase
    rw [rows] at h
    -- one list of targets
    have each : ∀ {list : List Target} {bests : List (List BestModes)} {values : Nat → Vec K n},
        (∀ (o : Nat) (h : o < list.length), TargetOf A (values o) list[o]) →
        checkedEach (bestModes prepared.certificate
          (modesOf prepared.certificate.basis prepared.certificate.model operator) n kept counts) list = Except.ok bests →
        bests.length = list.length ∧ ∀ o, ∀ best ∈ bests.getD o [],
          BestModesHold (modeImages A prepared.certificate.basis prepared.certificate.model) (aboutMean (values o)) kept best := by
      intro list bests values hv hb
      obtain ⟨length, results⟩ := checkedEach_spec hb
      refine ⟨length, fun o best hbest => ?_⟩
      by_cases ho : o < list.length
      · rw [getD_below _ (by rw [length]; exact ho)] at hbest
        exact bestModes_hold shapes rfl hn A hA (hv o ho) hk hc (results o ho (by rw [length]; exact ho)) best hbest
      · rw [getD_beyond _ (by rw [length]; omega)] at hbest
        exact absurd hbest List.not_mem_nil
    cases hteacher : checkedEach (bestModes prepared.certificate
        (modesOf prepared.certificate.basis prepared.certificate.model operator) n kept counts)
        (targetsOf prepared.certificate sums).teacher with
    | error e => rw [hteacher] at h; cases h
    | ok teacherBest =>
      rw [hteacher] at h
      dsimp only at h
      have teacherHolds := each ht.teacher hteacher
      cases hl : (targetsOf prepared.certificate sums).labels with
      | none =>
        rw [hl] at h
        cases h
        refine ⟨fun target hm => ?_, fun target hm _ => ?_, fun target hm name => ?_⟩
        · rw [List.mem_singleton] at hm; subst hm
          exact teacherHolds.1.trans ht.teacherCount
        · rw [List.mem_singleton] at hm; subst hm
          exact teacherHolds.2
        · rw [List.mem_singleton] at hm; subst hm
          exact absurd name (show ¬ "teacher" = "labels" by first | decide | simp)
      | some list =>
        rw [hl] at h
        dsimp only at h
        cases hlabels : checkedEach (bestModes prepared.certificate
            (modesOf prepared.certificate.basis prepared.certificate.model operator) n kept counts) list with
        | error e => rw [hlabels] at h; cases h
        | ok labelsBest =>
          rw [hlabels] at h
          cases h
          have labelsHold := each (ht.labels list hl) hlabels
          refine ⟨fun target hm => ?_, fun target hm name => ?_, fun target hm name => ?_⟩
          · rcases List.mem_cons.mp hm with rfl | hm
            · exact teacherHolds.1.trans ht.teacherCount
            · rw [List.mem_singleton] at hm; subst hm
              exact labelsHold.1.trans (ht.labelsCount list hl)
          · rcases List.mem_cons.mp hm with rfl | hm
            · exact teacherHolds.2
            · rw [List.mem_singleton] at hm; subst hm
              exact absurd name (show ¬ "labels" = "teacher" by first | decide | simp)
          · rcases List.mem_cons.mp hm with rfl | hm
            · exact absurd name (show ¬ "teacher" = "labels" by first | decide | simp)
            · rw [List.mem_singleton] at hm; subst hm
              exact labelsHold.2

/-- **The same, about the operator `A = 2^-p (C - 1 cᵀ) T` of the integers `C`** whose column sums and Gram matrix the pass over
the rows has computed. Hypotheses as in `energy_of_check`; that `C` is the basis of the rows is not said here. -/
theorem energy_of_checkOperator {certificate : Certificate} {sums : RowSums} {C : Nat → Nat → Int} {n r : Nat}
    (pass : scan certificate = Except.ok sums) (hs : SumsOf sums C n r) (hn : 0 < n)
    (shapes : MetricShapes certificate.model r) (excess : certificate.model.excess.length = certificate.model.eigenvectors.length)
    (vectors : ∀ row ∈ certificate.model.eigenvectors, row.length = r) (factorRows : certificate.model.factor.length = r)
    (factor : ∀ row ∈ certificate.model.factor, row.length = r) {witness : EckartYoungWitness} {kept : Nat} {counts : List Nat}
    {numbers : EnergyNumbers} {outputs : Nat} {teacher labels : Nat → Vec K n}
    (ht : TargetsHold (targetsOf certificate sums) (certificate.operator K C n r) outputs teacher labels)
    (h : checkEnergy (shareParts (prepare certificate) witness) kept counts = Except.ok numbers) :
    EnergyHolds (certificate.operator K C n r) (modeVectors K certificate.basis certificate.model r) outputs teacher labels
      numbers := by
  have columns : (operatorOf certificate sums).columns = r := by
    show sizeOf' sums.columnSums = r
    rw [sizeOf'_eq, hs.columns]
  subst columns
  have square := matrixShapes hs shapes
  have exact : (prepare certificate).exact = Except.ok (sums, operatorOf certificate sums) := by unfold prepare; rw [pass]
  exact energy_of_check exact h ⟨excess, vectors, factorRows, factor, square.1, square.2⟩ hn hs.rows
    (certificate.operator K C n _) (gram_operator_eq hs shapes) ht

/-! ### Targets -/

private theorem natCast_ne_zero {n : Nat} (hn : 0 < n) : (n : K) ≠ 0 := by
  have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr hn)
  rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1
  intro h; rw [h] at h1; exact absurd h1 (by grind)

/-- `n x · (t - t̄) = n x · t - (Σ t) (Σ x)`. -/
theorem dot_aboutMean {n : Nat} (hn : 0 < n) (x t : Vec K n) :
    (n : K) * dot x (aboutMean t) = (n : K) * dot x t - Eigenstill.sum n t * Eigenstill.sum n x := by
  have h0 := natCast_ne_zero (K := K) hn
  have e : dot x (aboutMean t) = dot x t - Eigenstill.sum n t / (n : K) * Eigenstill.sum n x := by
    unfold dot aboutMean
    rw [← sum_mul, ← sum_sub]
    exact sum_congr fun i => by grind
  rw [e]
  generalize dot x t = a
  generalize Eigenstill.sum n t = b
  generalize Eigenstill.sum n x = c
  grind

theorem normSq_aboutMean {n : Nat} (hn : 0 < n) (t : Vec K n) :
    (n : K) * normSq (aboutMean t) = (n : K) * normSq t - Eigenstill.sum n t * Eigenstill.sum n t := by
  have h0 := natCast_ne_zero (K := K) hn
  have zero : Eigenstill.sum n (aboutMean t) = 0 := by
    unfold aboutMean
    rw [sum_sub, sum_const]
    generalize Eigenstill.sum n t = b
    grind
  have h1 := dot_aboutMean hn (aboutMean t) t
  rw [zero, dot_comm (aboutMean t) t, dot_aboutMean hn t t] at h1
  unfold normSq
  rw [h1]
  generalize dot t t = a
  generalize Eigenstill.sum n t = b
  grind

/-- **What the checker holds of a target `t`, from `Cᵀ t`, `Σ t` and `Σ t²`.** -/
theorem target_of_products {certificate : Certificate} {sums : RowSums} {C : Nat → Nat → Int} {n r : Nat}
    (hs : SumsOf sums C n r) (hn : 0 < n) (shapes : MetricShapes certificate.model r) {t : Vec K n} {products : IntegerVector}
    (length : products.entries.length = r)
    (hp : ∀ k, k < r → products.at K k = Eigenstill.sum n fun i => ((C i.val k : Int) : K) * t i) {target : TargetSums}
    (values : target.values.value K = Eigenstill.sum n t) (squares : target.squaredValues.value K = normSq t) :
    TargetOf (certificate.operator K C n r) t (targetOf certificate.basis
      (columnsOf (sizeOf' sums.columnSums) (blockMetric certificate.model.metric certificate.model.linearMetric)) sums products
      target) := by
  have rows : ∀ row ∈ blockMetric certificate.model.metric certificate.model.linearMetric, r ≤ row.length :=
    fun _ hr => Nat.le_of_eq (length_row_blockMetric shapes hr).symm
  have size : sizeOf' sums.columnSums = r := by rw [sizeOf'_eq, hs.columns]
  have count : (Dyadic.ofInt (Int.ofNat sums.rows)).value K = (n : K) := by
    rw [Dyadic.value_ofInt, hs.rows]; exact Ring.intCast_natCast n
  have sameLength : (products.scaled (Dyadic.ofInt (Int.ofNat sums.rows))).entries.length
      = (IntegerVector.scaled ⟨sums.columnSums, 0⟩ target.values).entries.length := by
    rw [length_scaled, length_scaled, length]; exact hs.columns.symm
  have centred : ∀ k, k < r → ((products.scaled (Dyadic.ofInt (Int.ofNat sums.rows))).sub
      (IntegerVector.scaled ⟨sums.columnSums, 0⟩ target.values)).at K k
      = (n : K) * dot (fun i => ((C i.val k : Int) : K)) (aboutMean t) := by
    intro k hk
    rw [at_sub _ _ sameLength, at_scaled, at_scaled, count, hp k hk, values, dot_aboutMean hn]
    have column : (IntegerVector.mk sums.columnSums 0).at K k = Eigenstill.sum n fun i => ((C i.val k : Int) : K) := by
      unfold IntegerVector.at
      dsimp only
      rw [hs.columnSums k hk, Field.zpow_zero]
      unfold sumTo
      rw [intCast_sum]
      generalize (Eigenstill.sum n fun i => ((C i.val k : Int) : K)) = a
      grind
    rw [column]
    rfl
  refine ⟨?_, fun j => ?_, ?_⟩
  · show (IntegerVector.under _ _ _).entries.length = r
    rw [length_under, size, length_columnsOf 0 rows]
  · show (IntegerVector.under _ _ _).at K j.val = _
    rw [size, at_under (n := r) _ _ _ (by rw [length_columnsOf 0 rows]; exact j.isLt) (by
      rw [length_sub _ _ sameLength, length_scaled, length]; exact Nat.le_refl _)]
    have entry : ∀ k : Fin r, at00 (columnsOf r (blockMetric certificate.model.metric certificate.model.linearMetric)) j.val k.val
        = certificate.model.metricEntry k.val j.val := by
      intro k
      rw [at00_columnsOf rows j.isLt, at00_blockMetric shapes k.isLt]
    have zero : Eigenstill.sum n (aboutMean t) = 0 := by
      have h0 := natCast_ne_zero (K := K) hn
      unfold aboutMean
      rw [sum_sub, sum_const]
      generalize Eigenstill.sum n t = b
      grind
    have shift : ∀ k : Fin r, dot (fun i => (((C i.val k.val - meanBelow C n k.val : Int)) : K)) (aboutMean t)
        = dot (fun i => ((C i.val k.val : Int) : K)) (aboutMean t) := by
      intro k
      have e : dot (fun _ : Fin n => ((meanBelow C n k.val : Int) : K)) (aboutMean t) = 0 := by
        show Eigenstill.sum n (fun i => ((meanBelow C n k.val : Int) : K) * aboutMean t i) = 0
        rw [sum_mul, zero]; grind
      rw [show (fun i : Fin n => (((C i.val k.val - meanBelow C n k.val : Int)) : K))
        = fun i => ((C i.val k.val : Int) : K) - ((meanBelow C n k.val : Int) : K) by
          funext i; exact Ring.intCast_sub _ _, dot_sub, e]
      generalize dot (fun i => ((C i.val k.val : Int) : K)) (aboutMean t) = a
      grind
    have right : dot (fun i => certificate.operator K C n r i j) (aboutMean t)
        = Eigenstill.sum r fun k => ((certificate.model.metricEntry k.val j.val : Int) : K)
          * 2 ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int))
          * dot (fun i => ((C i.val k.val : Int) : K)) (aboutMean t) := by
      rw [sum_congr (g := fun k => Eigenstill.sum n fun i => ((certificate.model.metricEntry k.val j.val : Int) : K)
          * 2 ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int))
          * ((((C i.val k.val - meanBelow C n k.val : Int)) : K) * aboutMean t i)) fun k => by
        rw [← shift k]; dsimp only; rw [sum_mul]; rfl, sum_comm]
      unfold dot
      refine sum_congr fun i => ?_
      unfold Certificate.operator
      dsimp only
      rw [intCast_sum, show ∀ a b c : K, a * b * c = a * c * b by intros; grind, ← sum_mul]
      refine sum_congr fun k => ?_
      rw [Ring.intCast_mul]
      generalize (2 : K) ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int)) = c
      grind
    rw [right, ← sum_mul]
    refine sum_congr fun k => ?_
    rw [entry k, centred k.val k.isLt, show (Int.ofNat certificate.basis.gridBits : Int) = (certificate.basis.gridBits : Int)
      from rfl]
    generalize (2 : K) ^ (certificate.basis.metricExponent - (certificate.basis.gridBits : Int)) = c
    generalize dot (fun i => ((C i.val k.val : Int) : K)) (aboutMean t) = d
    grind
  · show (Dyadic.sub _ _).value K = _
    rw [Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, count, values, squares, normSq_aboutMean hn]

end

end Eigenstill.Claims
