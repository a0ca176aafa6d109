/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Centred
public import Eigenstill.Claims.Sound.ShrinkageFit

/-!
# The check of `shrinkage` is sound

* `formula_of_outputShrinkage`: what is recorded of the stored formula's coefficients and intercept holds.
* `shrinkage_of_check`: **the recorded numbers hold for every operator with the Gram matrix that the check was given.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-- The shapes of what `shrinkage` reads beside the spectral arrays. -/
structure ShrinkageShapes (certificate : Certificate) : Prop where
  coefficients : ∀ row ∈ certificate.model.coefficients, row.length = certificate.model.intercept.length
  weights : ∀ row ∈ certificate.model.weights, row.length = certificate.model.intercept.length
  landmarks : certificate.model.coefficients.length = certificate.model.metric.length
  inputs : certificate.model.weights.length = certificate.model.linearMetric.length
  offsets : certificate.model.offsets.length = certificate.model.weights.length
  exponents : certificate.basis.linearExponents.length = certificate.model.weights.length
  solution : ∀ row ∈ certificate.fit.solution, row.length ≤ certificate.model.excess.length

/-! ### Lists of numbers -/

private theorem outputColumns_eq {outputs : Nat} {rows : List (List Dyadic)} (h : ∀ row ∈ rows, row.length = outputs) :
    (outputColumns outputs rows).length = outputs ∧
      ∀ o, o < outputs → (outputColumns outputs rows).getD o [] = columnAt Dyadic.zero rows o := by
  have long : ∀ row ∈ rows, outputs ≤ row.length := fun row hr => Nat.le_of_eq (h row hr).symm
  cases rows with
  | nil =>
    rw [show outputColumns outputs ([] : List (List Dyadic)) = repeated [] outputs from rfl, repeated_eq]
    refine ⟨List.length_replicate, fun o ho => ?_⟩
    rw [getD_below (xs := List.replicate outputs ([] : List Dyadic)) _ (by rw [List.length_replicate]; exact ho),
      List.getElem_replicate]
    rfl
  | cons row rows =>
    rw [show outputColumns outputs (row :: rows) = columnsOf outputs (row :: rows) from rfl]
    exact ⟨length_columnsOf Dyadic.zero long, fun o ho => getD_columnsOf Dyadic.zero long ho⟩

private theorem leastExponent_le {xs : List Dyadic} {x : Dyadic} (hx : x ∈ xs) (nonzero : x.mantissa ≠ 0) (start : Int) :
    leastExponent start xs ≤ x.exponent := by
  unfold leastExponent
  have low : ∀ (ys : List Dyadic) (start : Int), folded (fun least (number : Dyadic) =>
      if number.mantissa = 0 then least else smaller least number.exponent) start ys ≤ start := by
    intro ys
    induction ys with
    | nil => intro start; exact Int.le_refl _
    | cons y ys ih =>
      intro start
      refine Int.le_trans (ih _) ?_
      dsimp only
      split
      · exact Int.le_refl _
      · exact smaller_le_left _ _
  induction xs generalizing start with
  | nil => exact absurd hx List.not_mem_nil
  | cons y ys ih =>
    rcases List.mem_cons.mp hx with rfl | hx
    · refine Int.le_trans (low ys _) ?_
      dsimp only
      rw [if_neg nonzero]
      exact smaller_le_right _ _
    · exact ih hx _

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **Numbers on their common unit keep their values.** -/
theorem at_of (xs : List Dyadic) (j : Nat) : (IntegerVector.of xs).at K j = (xs.getD j Dyadic.zero).value K := by
  show (at0 (mapped (inUnits (leastExponent 0 xs)) xs) j : K) * 2 ^ leastExponent 0 xs = _
  rw [mapped_eq, at0, getD_map (inUnits (leastExponent 0 xs)) Dyadic.zero 0 xs j (by
    unfold inUnits; rw [if_pos (show Dyadic.zero.mantissa = 0 from rfl)])]
  by_cases zero : (xs.getD j Dyadic.zero).mantissa = 0
  · unfold inUnits
    rw [if_pos zero, Ring.intCast_zero, (Dyadic.value_eq_zero_iff _).mpr zero]
    generalize (2 : K) ^ leastExponent 0 xs = c
    grind
  · refine cast_inUnits_mul _ (leastExponent_le ?_ zero 0)
    by_cases h : j < xs.length
    · rw [getD_below _ h]; exact List.getElem_mem h
    · rw [getD_beyond _ (by omega)] at zero; exact absurd rfl zero

theorem length_of (xs : List Dyadic) : (IntegerVector.of xs).entries.length = xs.length := by
  show (mapped (inUnits (leastExponent 0 xs)) xs).length = _
  rw [mapped_eq, List.length_map]

/-- A sum of a list of numbers, over its places. -/
theorem value_sumDyadic_range (xs : List Dyadic) :
    (sumDyadic xs).value K = Eigenstill.sum xs.length fun i => (xs.getD i.val Dyadic.zero).value K := by
  have walk : ∀ (xs : List Dyadic) (start : Dyadic), (folded Dyadic.add start xs).value K
      = start.value K + Eigenstill.sum xs.length fun i => (xs.getD i.val Dyadic.zero).value K := by
    intro xs
    induction xs with
    | nil => intro start; show start.value K = start.value K + 0; grind
    | cons x xs ih =>
      intro start
      rw [show folded Dyadic.add start (x :: xs) = folded Dyadic.add (Dyadic.add start x) xs from rfl, ih, Dyadic.value_add]
      show _ = start.value K + Eigenstill.sum (xs.length + 1) _
      rw [Exact.sum_head]
      show _ = start.value K + (x.value K + Eigenstill.sum xs.length fun i => (xs.getD i.val Dyadic.zero).value K)
      grind
  unfold sumDyadic
  rw [walk, Dyadic.value_zero]
  grind

/-! ### The stored formula -/

section
variable {certificate : Certificate} (shapes : ShrinkageShapes certificate)
include shapes

/-- The coefficients of one output before the columns. -/
theorem columnCoefficients_spec {o : Nat} (ho : o < certificate.model.intercept.length) :
    ∃ v, (columnCoefficients certificate.basis certificate.model).getD o ⟨[], 0⟩ = v ∧
      v.entries.length = certificate.model.metric.length + certificate.model.linearMetric.length ∧
      ∀ k, v.at K k = certificate.columnCoefficient K o k := by
  obtain ⟨l1, c1⟩ := outputColumns_eq shapes.coefficients
  obtain ⟨l2, c2⟩ := outputColumns_eq shapes.weights
  refine ⟨_, rfl, ?_⟩
  unfold columnCoefficients
  dsimp only
  rw [sizeOf'_eq, zipped_eq, getD_zipWith _ [] [] _ (by rw [l1]; exact ho) (by rw [l2]; exact ho), c1 o ho, c2 o ho]
  simp only [joinedLists_eq, zipped_eq]
  have s1 : (columnAt Dyadic.zero certificate.model.coefficients o).length = certificate.model.coefficients.length :=
    length_columnAt _ _ _
  have s2 : (columnAt Dyadic.zero certificate.model.weights o).length = certificate.model.weights.length := length_columnAt _ _ _
  have entry : ∀ (rows : List (List Dyadic)) (i : Nat), (columnAt Dyadic.zero rows o).getD i Dyadic.zero
      = (rows.getD i []).getD o Dyadic.zero := by
    intro rows i
    unfold columnAt
    rw [getD_map (fun row : List Dyadic => row.getD o Dyadic.zero) [] Dyadic.zero rows i List.getD_nil]
  refine ⟨?_, fun k => ?_⟩
  · rw [length_of, List.length_append, s1, List.length_zipWith, s2, shapes.exponents, Nat.min_self, shapes.landmarks,
      shapes.inputs]
  · rw [at_of, getD_append, s1]
    unfold Certificate.columnCoefficient
    dsimp only
    by_cases h : k < certificate.model.coefficients.length
    · rw [if_pos h, if_pos h, entry]
    · rw [if_neg h, if_neg h]
      by_cases h1 : k - certificate.model.coefficients.length < certificate.model.weights.length
      · rw [getD_zipWith _ Dyadic.zero 0 _ (by rw [s2]; exact h1) (by rw [shapes.exponents]; exact h1), entry, Dyadic.value_mul]
        congr 1
        unfold Dyadic.value
        dsimp only
        rw [Ring.intCast_one]
        generalize (2 : K) ^ certificate.basis.linearExponents.getD (k - certificate.model.coefficients.length) 0 = c
        grind
      · rw [getD_beyond _ (by rw [List.length_zipWith, s2]; omega), getD_beyond (xs := certificate.model.weights) _ (by omega),
          List.getD_nil, Dyadic.value_zero]
        generalize (2 : K) ^ certificate.basis.linearExponents.getD (k - certificate.model.coefficients.length) 0 = c
        grind

/-- `n |b + Σ w_d o_d + cᵀ a - t̄|`, as it is computed. -/
theorem value_interceptGap {sums : RowSums} {C : Nat → Nat → Int} {n r o : Nat} (hs : SumsOf sums C n r) (hn : 0 < n)
    {coefficients : IntegerVector} (each : ∀ k, coefficients.at K k = certificate.columnCoefficient K o k) {values : Dyadic} {total : K}
    (hv : values.value K = total) :
    (interceptGap certificate.basis certificate.model sums coefficients (certificate.model.intercept.getD o Dyadic.zero)
      (columnAt Dyadic.zero certificate.model.weights o) values).value K
      = (n : K) * absVal (certificate.atMean K C n r o - total / (n : K)) := by
  have countPositive := natCast_pos' (K := K) hn
  have entry : ∀ i, (columnAt Dyadic.zero certificate.model.weights o).getD i Dyadic.zero
      = (certificate.model.weights.getD i []).getD o Dyadic.zero := by
    intro i
    unfold columnAt
    rw [getD_map (fun row : List Dyadic => row.getD o Dyadic.zero) [] Dyadic.zero _ i List.getD_nil]
  have s2 : (columnAt Dyadic.zero certificate.model.weights o).length = certificate.model.weights.length := length_columnAt _ _ _
  have offsets : (sumDyadic (List.zipWith Dyadic.mul (columnAt Dyadic.zero certificate.model.weights o)
      certificate.model.offsets)).value K = Eigenstill.sum certificate.model.weights.length fun d =>
        ((certificate.model.weights.getD d.val []).getD o Dyadic.zero).value K
          * (certificate.model.offsets.getD d.val Dyadic.zero).value K := by
    have size : (List.zipWith Dyadic.mul (columnAt Dyadic.zero certificate.model.weights o) certificate.model.offsets).length
        = certificate.model.weights.length := by rw [List.length_zipWith, s2, shapes.offsets, Nat.min_self]
    rw [value_sumDyadic_range, size]
    refine sum_congr fun d => ?_
    rw [getD_zipWith Dyadic.mul Dyadic.zero Dyadic.zero Dyadic.zero (by rw [s2]; exact d.isLt)
      (by rw [shapes.offsets]; exact d.isLt), entry, Dyadic.value_mul]
  have means : (IntegerVector.dot ⟨sums.columnSums.map fun total => total / Int.ofNat n, -Int.ofNat certificate.basis.gridBits⟩
      coefficients).value K = Eigenstill.sum r fun k => certificate.columnCoefficient K o k.val *
        ((meanBelow C n k.val : K) * 2 ^ (-(certificate.basis.gridBits : Int))) := by
    rw [value_dot _ _ (k := r) (by
      show (sums.columnSums.map _).length ≤ r
      rw [List.length_map, hs.columns]; exact Nat.le_refl _)]
    refine sum_congr fun k => ?_
    rw [each]
    have mean : at0 (sums.columnSums.map fun total => total / Int.ofNat n) k.val = meanBelow C n k.val := by
      rw [at0, getD_map (fun total : Int => total / Int.ofNat n) 0 0 _ _ (Int.zero_ediv _)]
      show at0 sums.columnSums k.val / Int.ofNat n = _
      rw [hs.columnSums k.val k.isLt]
      rfl
    show ((at0 (sums.columnSums.map fun total => total / Int.ofNat n) k.val : Int) : K)
      * 2 ^ (-Int.ofNat certificate.basis.gridBits) * _ = _
    rw [mean, CommSemiring.mul_comm]
    rfl
  unfold interceptGap
  dsimp only
  rw [hs.rows, mapped_eq, zipped_eq, Dyadic.value_abs, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_add, Dyadic.value_add,
    Dyadic.value_ofInt, offsets, means, hv, show ((Int.ofNat n : Int) : K) = (n : K) from Ring.intCast_natCast n]
  rw [show (certificate.model.intercept.getD o Dyadic.zero).value K
    + (Eigenstill.sum certificate.model.weights.length fun d =>
        ((certificate.model.weights.getD d.val []).getD o Dyadic.zero).value K
          * (certificate.model.offsets.getD d.val Dyadic.zero).value K)
    + (Eigenstill.sum r fun k => certificate.columnCoefficient K o k.val *
        ((meanBelow C n k.val : K) * 2 ^ (-(certificate.basis.gridBits : Int)))) = certificate.atMean K C n r o from rfl]
  generalize certificate.atMean K C n r o = a
  generalize (n : K) = N at *
  clear offsets means each
  have e : absVal (N * (a - total / N)) = N * absVal (a - total / N) := by
    rw [absVal_mul, absVal_of_nonneg (x := N) (by grind)]
  rw [← e]
  congr 1
  grind

omit shapes in
/-- **One output: the recorded distances of the stored formula hold.** -/
theorem formula_of_outputShrinkage {sums : RowSums} {operator : Operator} (spectral : SpectralShapes certificate.model operator)
    (metric : MetricShapes certificate.model operator.columns) {C : Nat → Nat → Int} {n o : Nat}
    (hs : SumsOf sums C n operator.columns) (hn : 0 < n) {t : Vec K n} {target : Target} (fit : StoredFit)
    (kept : fit.solution.entries.length ≤ certificate.model.excess.length)
    (length : fit.coefficients.entries.length = operator.columns)
    (each : ∀ k, fit.coefficients.at K k = certificate.columnCoefficient K o k)
    (gap : fit.interceptGap.value K
      = (n : K) * absVal (certificate.atMean K C n operator.columns o - Eigenstill.sum n t / (n : K))) (defect : Dyadic) :
    ShrinkageFormulaHolds certificate C o
      (comb (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val) fun k : Fin fit.solution.entries.length =>
        modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) t
      (outputShrinkage certificate sums operator defect target fit) := by
  have countPositive := natCast_pos' (K := K) hn
  have weights := at_weights (K := K) (basis := certificate.basis) spectral fit.solution kept
  have weightsLength := length_weights (basis := certificate.basis) spectral fit.solution
  refine ⟨?_, ?_⟩
  · unfold outputShrinkage
    dsimp only
    rw [sizeOf'_eq]
    generalize fit.solution.under (columnsOf operator.columns
      (split fit.solution.entries.length certificate.model.eigenvectors).1) certificate.basis.vectorExponent = w at *
    have size : (blockMetric certificate.model.metric certificate.model.linearMetric).length = operator.columns := by
      rw [length_blockMetric, metric.columns]
    have imageLength : (w.under (blockMetric certificate.model.metric certificate.model.linearMetric)
        certificate.basis.metricExponent).entries.length = operator.columns := by rw [length_under, size]
    have distance : ((fit.coefficients.sub (w.under (blockMetric certificate.model.metric certificate.model.linearMetric)
        certificate.basis.metricExponent)).absoluteSum).value K = Eigenstill.sum operator.columns fun k =>
          absVal (certificate.columnCoefficient K o k.val - Eigenstill.sum operator.columns fun j =>
            (certificate.model.metricEntry k.val j.val : K) * 2 ^ certificate.basis.metricExponent
              * comb (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val)
                (fun k : Fin fit.solution.entries.length =>
                  modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) j) := by
      rw [value_absoluteSum _ (k := operator.columns) (by rw [length_sub _ _ (by rw [length, imageLength]), length]; exact Nat.le_refl _)]
      refine sum_congr fun k => ?_
      rw [at_sub _ _ (by rw [length, imageLength]), each, at_under w _ _ (by rw [size]; exact k.isLt) (Nat.le_of_eq weightsLength)]
      congr 2
      refine sum_congr fun j => ?_
      rw [weights j, at00_blockMetric metric k.isLt]
    have nonneg := sum_nonneg operator.columns _ fun k => absVal_nonneg (certificate.columnCoefficient K o k.val
      - Eigenstill.sum operator.columns fun j => (certificate.model.metricEntry k.val j.val : K)
          * 2 ^ certificate.basis.metricExponent
          * comb (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val)
            (fun k : Fin fit.solution.entries.length =>
              modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) j)
    have up := le_quotientOf (K := K) (x := (fit.coefficients.sub (w.under
        (blockMetric certificate.model.metric certificate.model.linearMetric) certificate.basis.metricExponent)).absoluteSum)
      (y := Dyadic.one) (by rw [distance]; exact nonneg) (by rw [Dyadic.value_one]; exact OrderedRing.zero_lt_one)
    rw [distance, Dyadic.value_one, Semiring.mul_one] at up
    exact up
  · show absVal (certificate.atMean K C n operator.columns o - Eigenstill.sum n t / (n : K))
      ≤ (quotientOf fit.interceptGap (Dyadic.ofInt (Int.ofNat sums.rows)) true).value K
    have count : (Dyadic.ofInt (Int.ofNat sums.rows)).value K = (n : K) := by
      rw [Dyadic.value_ofInt, hs.rows]; exact Ring.intCast_natCast n
    have nonneg := absVal_nonneg (certificate.atMean K C n operator.columns o - Eigenstill.sum n t / (n : K))
    have up := le_quotientOf (K := K) (x := fit.interceptGap) (y := Dyadic.ofInt (Int.ofNat sums.rows))
      (by rw [gap]; exact OrderedRing.mul_nonneg (by clear weights each; grind) nonneg) (by rw [count]; exact countPositive)
    rw [gap, count, CommSemiring.mul_comm (Dyadic.value K _)] at up
    exact le_of_mul_le_mul countPositive up

end

/-- **If the check of `shrinkage` gives numbers, then for every operator `A` with the Gram matrix that it was given, and every
output: the stored fit's ridge objective is at most `objectiveAtMost` and no combination of its modes is better by more than
`gapAtMost`; the stored formula is that fit, up to the other two numbers.**

Hypotheses: `AᵀA = M`; the sums are those of integers `C` (`SumsOf`); what the pass over the targets computed is
`n Aᵀ (t - t̄)`, `n |t - t̄|²` and `Σ t` of the teacher's outputs `t`; shapes, and `ridge > 0`, are what the format requires. That `C`
is the basis of the rows is not said here. -/
theorem shrinkage_of_check {prepared : Prepared} {witness : EckartYoungWitness} {exponent : Int} {numbers : ShrinkageNumbers}
    {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkShrinkage (shareParts prepared witness) exponent = Except.ok numbers)
    (spectral : SpectralShapes prepared.certificate.model operator)
    (metric : MetricShapes prepared.certificate.model operator.columns) (shapes : ShrinkageShapes prepared.certificate)
    (positive : 0 < prepared.certificate.fit.ridge.mantissa) {n : Nat} (hn : 0 < n) {C : Nat → Nat → Int}
    (hs : SumsOf sums C n operator.columns) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {teacher : Nat → Vec K n}
    (products : ∀ (o : Nat) (ho : o < (targetsOf prepared.certificate sums).teacher.length),
      TargetOf A (teacher o) (targetsOf prepared.certificate sums).teacher[o])
    (values : ∀ (o : Nat) (ho : o < sums.train.teacher.length),
      sums.train.teacher[o].values.value K = Eigenstill.sum n (teacher o)) :
    ShrinkageHolds prepared.certificate A C teacher numbers := by
  have storedModes : (shareParts prepared witness).modes.get
      = Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (_, operator) => Except.ok (modesOf prepared.certificate.basis prepared.certificate.model operator)) = _
    rw [exact]
  have storedTargets : (shareParts prepared witness).targets.get = Except.ok (targetsOf prepared.certificate sums) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf prepared.certificate sums)) = _
    rw [exact]
  unfold checkShrinkage at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [show (shareParts prepared witness).prepared = prepared from rfl, exact, storedModes, storedTargets] at h
  dsimp only at h
  split at h
  · cases h
  · next small =>
    have below : (modesOf prepared.certificate.basis prepared.certificate.model operator).defect.value K < 1 := by
      rw [← Dyadic.value_one (K := K)]
      refine (Dyadic.lt_iff _ _).mp ?_
      cases hd : Dyadic.lt (modesOf prepared.certificate.basis prepared.certificate.model operator).defect Dyadic.one with
      | true => rfl
      | false => rw [hd] at small; exact absurd rfl small
    simp only [zipped_eq, sizeOf'_eq] at h
    cases h
    intro o ho
    dsimp only at ho
    simp only [List.length_zipWith] at ho
    obtain ⟨l2, c2⟩ := outputColumns_eq shapes.weights
    have ho1 : o < prepared.certificate.model.intercept.length := by omega
    have ho2 : o < (targetsOf prepared.certificate sums).teacher.length := by omega
    have ho3 : o < sums.train.teacher.length := by omega
    have ho4 : o < prepared.certificate.fit.solution.length := by omega
    have ho5 : o < (columnCoefficients prepared.certificate.basis prepared.certificate.model).length := by omega
    have ho6 : o < (outputColumns prepared.certificate.model.intercept.length prepared.certificate.model.weights).length := by omega
    obtain ⟨v, hv, vLength, vEach⟩ := columnCoefficients_spec (K := K) shapes ho1
    rw [getD_below _ ho5] at hv
    rw [metric.columns] at vLength
    have gap := value_interceptGap (K := K) shapes hs hn vEach (values o ho3)
    have column := c2 o ho1
    rw [getD_below _ ho6] at column
    rw [getD_below _ ho1, ← column] at gap
    have solution : prepared.certificate.fit.solution.getD o [] = prepared.certificate.fit.solution[o] := getD_below _ ho4
    have kept : prepared.certificate.fit.solution[o].length ≤ prepared.certificate.model.excess.length :=
      shapes.solution _ (List.getElem_mem ho4)
    have first := fit_of_outputShrinkage spectral A hA hn hs.rows ((Dyadic.value_pos_iff _).mpr positive) below (products o ho2)
      ⟨⟨prepared.certificate.fit.solution[o], exponent⟩, v, interceptGap prepared.certificate.basis prepared.certificate.model sums v
        prepared.certificate.model.intercept[o]
        (outputColumns prepared.certificate.model.intercept.length prepared.certificate.model.weights)[o]
        sums.train.teacher[o].values⟩ kept
    have second := formula_of_outputShrinkage (target := (targetsOf prepared.certificate sums).teacher[o]) (t := teacher o)
      spectral metric hs hn
      ⟨⟨prepared.certificate.fit.solution[o], exponent⟩, v, interceptGap prepared.certificate.basis prepared.certificate.model sums v
        prepared.certificate.model.intercept[o]
        (outputColumns prepared.certificate.model.intercept.length prepared.certificate.model.weights)[o]
        sums.train.teacher[o].values⟩ kept vLength vEach gap
      (modesOf prepared.certificate.basis prepared.certificate.model operator).defect
    dsimp only
    unfold Certificate.fitCoefficients
    rw [solution]
    simp only [List.getElem_zipWith, hv]
    exact ⟨first, second⟩

end

end Eigenstill.Claims
