/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.DiagnosisShares
public import Eigenstill.Claims.Sound.Filtered
public import Eigenstill.Claims.Sound.Spectrum

/-!
# The check of `diagnosis` is sound

`diagnosis_of_check`: **the counts, the effective parameters and the shares hold for every operator with the Gram matrix that the
check was given.** Of its numbers `copied` speaks `CopiedRows`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### Counting -/

theorem countFromLevel_eq (level : Dyadic) (numbers : List Dyadic) :
    countFromLevel level numbers = numbers.countP (Dyadic.le level) := by
  have walk : ∀ (numbers : List Dyadic) (start : Nat), folded (fun count number =>
      if Dyadic.le level number then count + 1 else count) start numbers = start + numbers.countP (Dyadic.le level) := by
    intro numbers
    induction numbers with
    | nil => intro start; rfl
    | cons x numbers ih =>
      intro start
      rw [show folded (fun count number => if Dyadic.le level number then count + 1 else count) start (x :: numbers)
        = folded (fun count number => if Dyadic.le level number then count + 1 else count)
          (if Dyadic.le level x then start + 1 else start) numbers from rfl, ih, List.countP_cons]
      by_cases h : Dyadic.le level x = true
      · rw [if_pos h, if_pos h]; omega
      · rw [if_neg h, if_neg h]; omega
  unfold countFromLevel
  rw [walk, Nat.zero_add]

private theorem exists_last {p : Dyadic → Bool} {numbers : List Dyadic} (h : 0 < numbers.countP p) :
    ∃ (k : Nat) (hk : k < numbers.length), numbers.countP p ≤ k + 1 ∧ p numbers[k] = true := by
  induction numbers with
  | nil => exact absurd h (by simp)
  | cons x numbers ih =>
    rw [List.countP_cons] at h ⊢
    by_cases h1 : 0 < numbers.countP p
    · obtain ⟨k, hk, bound, hp⟩ := ih h1
      refine ⟨k + 1, by rw [List.length_cons]; omega, ?_, hp⟩
      split <;> omega
    · by_cases h2 : p x = true
      · exact ⟨0, by rw [List.length_cons]; omega, by rw [if_pos h2]; omega, h2⟩
      · rw [if_neg h2] at h; omega

private theorem exists_first (p : Dyadic → Bool) (numbers : List Dyadic) :
    ∃ k, k ≤ numbers.countP p ∧ (k = numbers.length ∨ ∃ hk : k < numbers.length, p numbers[k] = false) := by
  induction numbers with
  | nil => exact ⟨0, Nat.zero_le _, Or.inl rfl⟩
  | cons x numbers ih =>
    rw [List.countP_cons]
    cases h : p x with
    | false => exact ⟨0, Nat.zero_le _, Or.inr ⟨by rw [List.length_cons]; omega, h⟩⟩
    | true =>
      obtain ⟨k, bound, hk⟩ := ih
      refine ⟨k + 1, by rw [if_pos rfl]; omega, ?_⟩
      rcases hk with hk | ⟨hk, hp⟩
      · exact Or.inl (by rw [List.length_cons, hk])
      · exact Or.inr ⟨by rw [List.length_cons]; omega, hp⟩

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r : Nat}

/-! ### Eigenvalues above and below a level -/

/-- Fewer eigenvalues, and a lower level. -/
private theorem atLeast_mono {A : Mat K n r} {k k' : Nat} {low level : K} (h : EigenvalueAtLeast A k low)
    (hk : k' ≤ k) (hl : level ≤ low) : EigenvalueAtLeast A k' level := by
  obtain ⟨W, independent, bound⟩ := h
  have less : k' + 1 ≤ k + 1 := by omega
  let wide : Vec K (k' + 1) → Vec K (k + 1) := fun u j => if h : j.val < k' + 1 then u ⟨j.val, h⟩ else 0
  have same : ∀ u : Vec K (k' + 1), comb (wide u) W = comb u fun j => W (j.castLE less) := by
    intro u
    funext i
    unfold comb
    have taken := sum_take less fun j : Fin (k + 1) => wide u j * W j i
    refine Eq.trans (sum_congr fun j => ?_) (Eq.trans taken (sum_congr fun j => ?_))
    · by_cases hj : j.val < k' + 1
      · rw [if_pos hj]
      · rw [if_neg hj, show wide u j = 0 from dif_neg hj]; grind
    · have hj : (j.castLE less).val < k' + 1 := j.isLt
      show wide u (j.castLE less) * W (j.castLE less) i = u j * W (j.castLE less) i
      rw [show wide u (j.castLE less) = u j from dif_pos hj]
  refine ⟨fun j => W (j.castLE less), fun u hu => ?_, fun u => ?_⟩
  · have zero := independent (wide u) (by rw [same]; exact hu)
    funext j
    have hj : (j.castLE less).val < k' + 1 := j.isLt
    have entry := congrFun zero (j.castLE less)
    rw [show wide u (j.castLE less) = u j from dif_pos hj] at entry
    exact entry
  · rw [← same]
    exact IsPreorder.le_trans _ _ _ (OrderedRing.mul_le_mul_of_nonneg_right hl (normSq_nonneg _)) (bound (wide u))

/-- A bound on all but `k` eigenvalues that is below the level, for any larger count. -/
private theorem eigenvaluesBelow_of_atMost {A : Mat K n r} {k k' : Nat} {high level : K} (h : EigenvalueAtMost A k high)
    (hk : k ≤ k') (hl : high < level) : EigenvaluesBelow A k' level := by
  obtain ⟨Z, bound⟩ := h
  refine ⟨fun j => if h : j.val < k then Z ⟨j.val, h⟩ else fun _ => 0, fun x hx nonzero => ?_⟩
  have below := bound x fun j => by
    have same : (if h : (j.castLE hk).val < k then Z ⟨(j.castLE hk).val, h⟩ else fun _ => 0) = Z j := dif_pos j.isLt
    exact Eq.trans (congrArg (fun v => dot v x) same.symm) (hx (j.castLE hk))
  have positive : 0 < normSq x := by
    have h0 := normSq_nonneg x
    by_cases h1 : normSq x = 0
    · exact absurd (eq_zero_of_normSq_eq_zero x h1) nonzero
    · generalize normSq x = y at *
      clear bound hx nonzero
      grind
  have gap := OrderedRing.mul_pos (show 0 < level - high by clear bound hx; grind) positive
  clear bound hx nonzero
  grind

omit [LE K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- No vector but 0 is orthogonal to all unit vectors. -/
private theorem eigenvaluesBelow_all (A : Mat K n r) {k : Nat} (hk : r ≤ k) (level : K) : EigenvaluesBelow A k level := by
  refine ⟨fun j => if h : j.val < r then ident ⟨j.val, h⟩ else fun _ => 0, fun x hx nonzero => absurd ?_ nonzero⟩
  funext i
  have same : (if h : (i.castLE hk).val < r then ident (K := K) ⟨(i.castLE hk).val, h⟩ else fun _ => 0) = ident i :=
    dif_pos i.isLt
  have zero := Eq.trans (congrArg (fun v => dot v x) same.symm) (hx (i.castLE hk))
  show x i = 0
  rw [← dot_ident i x, dot_comm]
  exact zero

/-! ### Effective parameters -/

/-- The filtered sum over the first numbers of a list. -/
private theorem value_effective (ridge : Dyadic) (up : Bool) (bounds : List Dyadic) {count : Nat} (h : count ≤ bounds.length) :
    (sumDyadic (mapped (filteredBy ridge up) (split count bounds).1)).value K
      = Eigenstill.sum count fun k => (filteredBy ridge up (bounds.getD k.val Dyadic.zero)).value K := by
  rw [mapped_eq, split_eq, value_sumDyadic_eq, List.map_map, listTotal_eq_sum _ (n := count) (by
    rw [List.length_map, List.length_take]; omega)]
  refine sum_congr fun k => ?_
  have hk := k.isLt
  rw [getD_map_below _ _ (show k.val < (bounds.take count).length by rw [List.length_take]; omega), List.getElem_take,
    getD_below _ (by omega)]
  rfl

/-- **If the check of `diagnosis` gives numbers, then for every operator `A` with the Gram matrix that it was given: between
`modesAtLeast` and `modesAtMost` eigenvalues of `AᵀA` are `ridge` or more; the filter `λ / (λ + ridge)`, summed over the largest
`modesAtLeast` of them, lies between the two effective parameters; and the span of the first `modesAtLeast` modes holds, and
leaves, the recorded shares of each target.**

`AᵀA = M` and `ht` are hypotheses, as in `energy_of_check`; `0 < ridge` and the shapes are what the format requires. Of the
numbers `copied` nothing is said here (`copied_of_rows`). Where `modesAtMost` is more than `modesAtLeast`, the effective parameters are not those of all
eigenvalues above the ridge. -/
theorem diagnosis_of_check {prepared : Prepared} {witness : EckartYoungWitness} {threshold slack : Dyadic}
    {numbers : DiagnosisNumbers} {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkDiagnosis (shareParts prepared witness) threshold slack = Except.ok numbers)
    (shapes : SpectralShapes prepared.certificate.model operator) (ridge : 0 < prepared.certificate.fit.ridge.mantissa)
    (hn : 0 < n) (rows : sums.rows = n) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {outputs : Nat}
    {teacher labels : Nat → Vec K n}
    (ht : TargetsHold (targetsOf prepared.certificate sums) A outputs teacher labels) :
    DiagnosisHolds A (modeVectors K prepared.certificate.basis prepared.certificate.model operator.columns) outputs teacher
      labels numbers := by
  have targets : (shareParts prepared witness).targets.get = Except.ok (targetsOf prepared.certificate sums) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf prepared.certificate sums) : Except Rejected Targets) = _
    rw [exact]
  have own : (shareParts prepared witness).prepared = prepared := rfl
  unfold checkDiagnosis at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  cases hr : requireSpectrum (shareParts prepared witness) "diagnosis" threshold slack with
  | error e => rw [hr] at h; cases h
  | ok modes =>
    obtain ⟨rfl, decided⟩ := decided_of_requireSpectrum exact hr
    rw [hr] at h
    dsimp only at h
    rw [own, exact, targets] at h
    dsimp only at h
    rw [rows] at h
    obtain ⟨size, each⟩ := enclosures_spec shapes decided A hA
    have beyond := others_of_decided shapes decided A hA
    generalize enclosures prepared.certificate.basis prepared.certificate.model
      (modesOf prepared.certificate.basis prepared.certificate.model operator) threshold = intervals at *
    have ridgeK : 0 < prepared.certificate.fit.ridge.value K := (Dyadic.value_pos_iff _).mpr ridge
    generalize prepared.certificate.fit.ridge = α at *
    simp only [countFromLevel_eq, mapped_eq Enclosure.atLeast, mapped_eq Enclosure.atMost, sizeOf'_eq] at h
    generalize hc : (intervals.map Enclosure.atLeast).countP (Dyadic.le α) = certain at *
    generalize hm : (intervals.map Enclosure.atMost).countP (Dyadic.le α) = most at *
    have certainLe : certain ≤ intervals.length := by
      rw [← hc]
      have := List.countP_le_length (p := Dyadic.le α) (l := intervals.map Enclosure.atLeast)
      rw [List.length_map] at this; exact this
    -- the eigenvalues
    have atLeast : ∀ k, k < certain → EigenvalueAtLeast A k (α.value K) := by
      intro k hk
      obtain ⟨last, hlast, bound, level⟩ := exists_last (p := Dyadic.le α) (numbers := intervals.map Enclosure.atLeast) (by omega)
      rw [List.getElem_map] at level
      rw [List.length_map] at hlast
      exact atLeast_mono (each last hlast).2.1 (by omega) ((Dyadic.le_iff _ _).mp level)
    have atMost : EigenvaluesBelow A (most + if Dyadic.le α threshold then operator.columns - intervals.length else 0)
        (α.value K) := by
      obtain ⟨first, bound, found⟩ := exists_first (Dyadic.le α) (intervals.map Enclosure.atMost)
      rw [hm] at bound
      rcases found with found | ⟨hf, level⟩
      · rw [List.length_map] at found
        by_cases above : Dyadic.le α threshold = true
        · rw [if_pos above]
          exact eigenvaluesBelow_all A (by omega) _
        · rw [if_neg above]
          refine eigenvaluesBelow_of_atMost beyond (by omega) ?_
          have h1 : ¬ α.value K ≤ threshold.value K := fun h => above ((Dyadic.le_iff _ _).mpr h)
          clear ht hA each beyond; grind
      · rw [List.getElem_map] at level
        rw [List.length_map] at hf
        refine eigenvaluesBelow_of_atMost (each first hf).2.2 (by split <;> omega) ?_
        have h1 : ¬ α.value K ≤ intervals[first].atMost.value K := fun h => by
          rw [(Dyadic.le_iff _ _).mpr h] at level; cases level
        clear ht hA each beyond; grind
    have effective : ∀ (l : Vec K operator.columns) (U : Fin operator.columns → Vec K operator.columns), Orthonormal U →
        (∀ x, quad (gram A) x = quad (modal l U) x) → (∀ i j : Fin operator.columns, i.val ≤ j.val → l j ≤ l i) →
        (sumDyadic (mapped (filteredBy α false) (split certain (intervals.map Enclosure.atLeast)).1)).value K
          ≤ Eigenstill.sum operator.columns (fun k => if k.val < certain then l k / (l k + α.value K) else 0) ∧
        Eigenstill.sum operator.columns (fun k => if k.val < certain then l k / (l k + α.value K) else 0)
          ≤ (sumDyadic (mapped (filteredBy α true) (split certain (intervals.map Enclosure.atMost)).1)).value K := by
      intro l U hU hM hl
      have spectrum : SpectrumHolds A ⟨threshold, slack, intervals, some threshold⟩ :=
        ⟨fun k hk => (each k hk).2, fun high hh => by
          rw [← Option.some.inj hh]; show EigenvalueAtMost A intervals.length _; rw [size]; exact beyond, fun h => by cases h⟩
      have inside := eigenvalues_of_spectrum spectrum hU hM hl
      -- as many eigenvalues as columns
      have fits : certain ≤ operator.columns := by
        by_cases h1 : certain ≤ operator.columns
        · exact h1
        · obtain ⟨W, independent, _⟩ := atLeast operator.columns (by omega)
          obtain ⟨u, nonzero, zero⟩ := exists_solution (k := operator.columns) fun j i => W i j
          exact absurd (independent u (by
            funext j
            rw [← zero j]
            exact sum_congr fun i => CommSemiring.mul_comm _ _)) nonzero
      rw [value_effective α false _ (by rw [List.length_map]; exact certainLe),
        value_effective α true _ (by rw [List.length_map]; exact certainLe),
        sum_take fits fun k => l k / (l k + α.value K)]
      refine ⟨sum_le _ _ _ fun k => ?_, sum_le _ _ _ fun k => ?_⟩
      · have hk : k.val < intervals.length := by have := k.isLt; omega
        have bounds := (inside (k.castLE fits)).1 hk
        have low0 := (each k.val hk).1
        rw [getD_below _ (by rw [List.length_map]; exact hk), List.getElem_map]
        exact IsPreorder.le_trans _ _ _ (filteredBy_spec ridgeK low0).1 (filter_le_filter_of_le (Std.le_of_lt ridgeK) (by clear hM hl; grind) bounds.1)
      · have hk : k.val < intervals.length := by have := k.isLt; omega
        have bounds := (inside (k.castLE fits)).1 hk
        have low0 := (each k.val hk).1
        have l0 : 0 ≤ l (k.castLE fits) := IsPreorder.le_trans _ _ _ low0 bounds.1
        have high0 := IsPreorder.le_trans _ _ _ l0 bounds.2
        rw [getD_below _ (by rw [List.length_map]; exact hk), List.getElem_map]
        exact IsPreorder.le_trans _ _ _ (filter_le_filter_of_le (Std.le_of_lt ridgeK) (by clear hM hl; grind) bounds.2) (filteredBy_spec ridgeK high0).2
    have certainModes : certain ≤ prepared.certificate.model.excess.length := by rw [← size]; exact certainLe
    have eachTarget : ∀ {list : List Target} {results : List EnergyShares} {values : Nat → Vec K n},
        (∀ (o : Nat) (h : o < list.length), TargetOf A (values o) list[o]) →
        checkedEach (energyShares prepared.certificate
          (modesOf prepared.certificate.basis prepared.certificate.model operator) n certain) list = Except.ok results →
        ∀ o (h : o < results.length), EnergySharesHold (modeImages A prepared.certificate.basis prepared.certificate.model)
          (aboutMean (values o)) certain results[o] := by
      intro list results values hv hb o ho
      obtain ⟨length, spec⟩ := checkedEach_spec hb
      exact energyShares_hold shapes hn A hA (hv o (by omega)) certainModes (spec o (by omega) ho)
    cases hteacher : checkedEach (energyShares prepared.certificate
        (modesOf prepared.certificate.basis prepared.certificate.model operator) n certain)
        (targetsOf prepared.certificate sums).teacher with
    | error e => rw [hteacher] at h; cases h
    | ok teacherShares =>
      rw [hteacher] at h
      dsimp only at h
      have teacherHolds := eachTarget ht.teacher hteacher
      split at h
      · next list labelSums hl hs =>
        cases hlabels : checkedEach (energyShares prepared.certificate
            (modesOf prepared.certificate.basis prepared.certificate.model operator) n certain) list with
        | error e => rw [hlabels] at h; cases h
        | ok labelShares =>
          rw [hlabels] at h
          dsimp only at h
          have labelsHold := eachTarget (ht.labels list hl) hlabels
          split at h
          · cases h
          · cases h
            refine ⟨atLeast, atMost, effective, fun target hmem => ?_, fun target hmem name => ?_, fun target hmem name => ?_⟩
            · rcases List.mem_cons.mp hmem with rfl | hmem
              · exact (checkedEach_spec hteacher).1.trans ht.teacherCount
              · rw [List.mem_singleton] at hmem; subst hmem
                exact (checkedEach_spec hlabels).1.trans (ht.labelsCount list hl)
            · rcases List.mem_cons.mp hmem with rfl | hmem
              · exact teacherHolds
              · rw [List.mem_singleton] at hmem; subst hmem
                exact absurd name (show ¬ "labels" = "teacher" by first | decide | simp)
            · rcases List.mem_cons.mp hmem with rfl | hmem
              · exact absurd name (show ¬ "teacher" = "labels" by first | decide | simp)
              · rw [List.mem_singleton] at hmem; subst hmem
                exact labelsHold
      · cases h
        refine ⟨atLeast, atMost, effective, fun target hmem => ?_, fun target hmem name => ?_, fun target hmem name => ?_⟩
        · rw [List.mem_singleton] at hmem; subst hmem
          exact (checkedEach_spec hteacher).1.trans ht.teacherCount
        · rw [List.mem_singleton] at hmem; subst hmem
          exact teacherHolds
        · rw [List.mem_singleton] at hmem; subst hmem
          exact absurd name (show ¬ "teacher" = "labels" by first | decide | simp)

end

end Eigenstill.Claims
