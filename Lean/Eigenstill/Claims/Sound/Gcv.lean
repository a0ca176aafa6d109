/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.GcvCells
public import Eigenstill.Claims.Sound.Spectrum

/-!
# The check of `gcv` is sound

`gcv_of_check`: **the recorded excess holds for every operator with the Gram matrix that the check was given.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r c : Nat}

section
variable {ridges : Ridges} {A : Mat K n r} {l : Vec K r} {labels : Fin c → Vec K n} {g : K} (h : RidgesOf ridges A l labels g)
include h

omit h in
/-- GCV in the checker's unit. -/
private theorem gcv_units {N f S R : K} (hf : 0 < f) : N * R / S ^ 2 = N * f ^ 2 * (R / (f * S) ^ 2) := by
  by_cases hS : S = 0
  · rw [hS, show f * (0 : K) = 0 by grind, show (0 : K) ^ 2 = 0 by grind]; grind
  · have h1 : S ^ 2 ≠ 0 := fun h => hS (by rw [show S = S⁻¹ * S ^ 2 by grind, h]; grind)
    have h2 : f ^ 2 ≠ 0 := by have := sq_pos hf; grind
    rw [show (f * S) ^ 2 = f ^ 2 * S ^ 2 by grind]
    generalize f ^ 2 = a at *
    generalize S ^ 2 = b at *
    have h3 : a * b ≠ 0 := fun h => h1 (by rw [show b = a⁻¹ * (a * b) by grind, h]; grind)
    grind

/-- **What the excess says**, for exact eigenvalues and exact fits. -/
private theorem excess_spec (hn : 0 < n) {w : K → Fin c → Vec K r}
    (fits : ∀ α, 0 < α → ∀ o, IsRidge A (aboutMean (labels o)) α (w α o)) {fit : Fit} {first : Dyadic} {rest : List Dyadic}
    (edges : fit.edges = first :: rest) (sorted : Format.increasing fit.edges = true) (positive : 0 < first.mantissa)
    (ridge : 0 < fit.ridge.value K) {trials : List Trial} (count : trials.length = c * fit.edges.length)
    (ht : ∀ trial ∈ trials, TrialOf A trial) {excess : Dyadic} (he : gcvExcess ridges fit c trials = Except.ok excess) {α : K}
    (h1 : first.value K ≤ α) (h2 : ∃ e ∈ rest, α ≤ e.value K) :
    0 < freeRows n g l α ∧ gcvAt A labels g l (w (fit.ridge.value K)) (fit.ridge.value K)
      ≤ (1 + excess.value K) * gcvAt A labels g l (w α) α := by
  have firstPositive := (Dyadic.value_pos_iff (K := K) _).mpr positive
  unfold gcvExcess at he
  rw [split_eq] at he
  simp only [bind, Except.bind, pure, Except.pure] at he
  cases hf : requireFree ridges fit.ridge with
  | error e => rw [hf] at he; cases he
  | ok free =>
    rw [hf] at he
    dsimp only at he
    rw [edges, show entryAt fit.ridge 0 (first :: rest) = first from rfl] at he
    cases hf0 : requireFree ridges first with
    | error e => rw [hf0] at he; cases he
    | ok free0 =>
      rw [hf0] at he
      dsimp only at he
      obtain ⟨freePositive, freeAtMost, _⟩ := free_of_requireFree h ridge hf
      have start := (free_of_requireFree h firstPositive hf0).2.2
      rw [edges] at sorted count
      cases hl : leastCell ridges c (first :: rest) (trials.drop c) none with
      | none => rw [hl] at he; cases he
      | some least =>
        rw [hl] at he
        dsimp only at he
        split at he
        · cases he
        · next top =>
          split at he
          · cases he
          · have alphaPositive : 0 < α := by clear h fits; grind
            have alphaFree := freeRows_le h firstPositive h1
            have positiveRows : 0 < freeRows n g l α := by clear h fits; grind
            refine ⟨positiveRows, ?_⟩
            -- the least cell
            rw [List.length_cons, Nat.mul_add, Nat.mul_one] at count
            obtain ⟨leastPositive, _, below⟩ := leastCell_spec h hn fits (first :: rest) (trials.drop c) none least hl
              (fun x hx => by cases hx) sorted (fun e he => by
                have less := increasing_le (K := K) sorted e he
                have := freeRows_le h firstPositive less
                exact ⟨by clear h fits; grind, by clear h fits; grind⟩)
              (by rw [List.length_drop, List.length_cons, Nat.add_sub_cancel]; omega)
              (fun trial hm => ht trial (List.mem_of_mem_drop hm))
            have lower := below first rest rfl α h1 h2
            -- the criterion at the ridge
            obtain ⟨c1, c2⟩ := residuals_spec h hn ridge (trials := trials.take c) (by rw [List.length_take]; omega)
              (fun trial hm => ht trial (List.mem_of_mem_take hm)) (fits _ ridge) true
            rw [if_pos rfl] at c2
            obtain ⟨chosenPositive, chosenValue⟩ := value_criterion (K := K) (residuals ridges fit.ridge true (trials.take c)) free c1
              freePositive
            have upper : scaledGcv ridges A labels g l (w (fit.ridge.value K)) (fit.ridge.value K)
                ≤ (criterion (residuals ridges fit.ridge true (trials.take c)) free).value K := by
              rw [chosenValue]
              refine quotient_le (IsPreorder.le_trans _ _ _ (relativeResidual_nonneg _) c2) c2 freePositive freeAtMost
            generalize criterion (residuals ridges fit.ridge true (trials.take c)) free = chosen at *
            have leastTop : 0 < least.top.value K := (Dyadic.value_pos_iff _).mpr (by omega)
            have bottom : (Dyadic.mul least.top chosen.bottom).value K = least.top.value K * chosen.bottom.value K := Dyadic.value_mul _ _
            have bottomPositive := OrderedRing.mul_pos leastTop chosenPositive
            have grid := (onGrid_spec (K := K) (excessOf chosen least).1 (y := (excessOf chosen least).2) (by
              show 0 < (Dyadic.mul least.top chosen.bottom).value K
              rw [bottom]; exact bottomPositive) excessBits).2
            have e1 : (excessOf chosen least).1.value K
                = chosen.top.value K * least.bottom.value K - least.top.value K * chosen.bottom.value K := by
              show (Dyadic.sub (Dyadic.mul chosen.top least.bottom) (Dyadic.mul least.top chosen.bottom)).value K = _
              rw [Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul]
            have e2 : (excessOf chosen least).2.value K = least.top.value K * chosen.bottom.value K := bottom
            have unit := two_pow_pos' (K := K) excessBits
            have inverse := two_zpow_add (K := K) (-Int.ofNat excessBits) (Int.ofNat excessBits)
            rw [Int.add_left_neg, Field.zpow_zero, show Int.ofNat excessBits = ((excessBits : Nat) : Int) from rfl,
              two_zpow_natCast] at inverse
            have rounded : ((onGrid (excessOf chosen least).1 (excessOf chosen least).2 excessBits true : Int) : K)
                ≤ excess.value K * 2 ^ excessBits ∧ 0 ≤ excess.value K := by
              have same := Except.ok.inj he
              rw [← same]
              unfold roundedExcess Dyadic.value
              dsimp only
              generalize onGrid (excessOf chosen least).1 (excessOf chosen least).2 excessBits true = G
              rw [show Int.ofNat excessBits = ((excessBits : Nat) : Int) from rfl]
              have zpow := two_zpow_pos (K := K) (-((excessBits : Nat) : Int))
              by_cases hG : G ≤ 0
              · rw [if_pos hG, Ring.intCast_zero]
                have := intCast_le (K := K) hG
                rw [Ring.intCast_zero] at this
                clear h fits; exact ⟨by grind, by grind⟩
              · rw [if_neg hG]
                have := intCast_nonneg (K := K) (show 0 ≤ G by omega)
                refine ⟨?_, OrderedRing.mul_nonneg this (by clear h fits; grind)⟩
                generalize (2 : K) ^ (-((excessBits : Nat) : Int)) = a at *
                generalize (2 : K) ^ excessBits = b at *
                rw [show (G : K) * a * b = (G : K) * (a * b) by clear h fits; grind, ← inverse]
                clear h fits; grind
            rw [e1, e2] at grid
            have compared : chosen.value K ≤ (1 + excess.value K) * least.value K := by
              unfold Fraction.value
              rw [div_le_iff chosenPositive]
              have e3 : least.bottom.value K * ((1 + excess.value K) * (least.top.value K / least.bottom.value K)
                  * chosen.bottom.value K) = (1 + excess.value K) * least.top.value K * chosen.bottom.value K := by
                generalize least.bottom.value K = x at *
                generalize least.top.value K = y at *
                generalize chosen.bottom.value K = z at *
                generalize excess.value K = t at *
                clear h fits grid e1 e2 rounded; grind
              refine le_of_mul_le_mul leastPositive ?_
              rw [e3]
              have scaled := OrderedRing.mul_le_mul_of_nonneg_right rounded.1
                (c := least.top.value K * chosen.bottom.value K) (by clear h fits; grind)
              generalize ((onGrid (excessOf chosen least).1 (excessOf chosen least).2 excessBits true : Int) : K) = G at *
              generalize least.bottom.value K = x at *
              generalize least.top.value K = y at *
              generalize chosen.bottom.value K = z at *
              generalize chosen.top.value K = a at *
              generalize excess.value K = t at *
              generalize (2 : K) ^ excessBits = b at *
              have h3 : b * (a * x - y * z) ≤ b * (t * (y * z)) := by
                clear h fits e1 e2 e3 inverse; grind
              have h4 := le_of_mul_le_mul unit h3
              clear h fits e1 e2 e3 inverse scaled grid h3
              grind
            have scale : ∀ (v : Fin c → Vec K r) (β : K), gcvAt A labels g l v β
                = (n : K) * ridges.factorBottom.value K ^ 2 * scaledGcv ridges A labels g l v β := by
              intro v β
              exact gcv_units h.bottom
            rw [scale, scale]
            have factor : 0 ≤ (n : K) * ridges.factorBottom.value K ^ 2 :=
              OrderedRing.mul_nonneg (by have := natCast_pos' (K := K) hn; clear h fits; grind) OrderedRing.sq_nonneg
            have step := OrderedRing.mul_le_mul_of_nonneg_left lower (c := 1 + excess.value K)
              (by have := rounded.2; clear h fits; grind)
            have whole : scaledGcv ridges A labels g l (w (fit.ridge.value K)) (fit.ridge.value K)
                ≤ (1 + excess.value K) * scaledGcv ridges A labels g l (w α) α :=
              IsPreorder.le_trans _ _ _ upper (IsPreorder.le_trans _ _ _ compared step)
            have final := OrderedRing.mul_le_mul_of_nonneg_left whole factor
            generalize (n : K) * ridges.factorBottom.value K ^ 2 = F at *
            clear h fits scale
            grind

end

/-! ### The claim -/

/-- The shapes of what `gcv` reads beside the spectral arrays: a trial of one entry a column for each output, at the ridge and at
the left edge of each cell, and edges that increase from above 0. -/
structure GcvShapes (certificate : Certificate) (columns outputs : Nat) : Prop where
  intercept : certificate.model.intercept.length = outputs
  modes : certificate.model.excess.length ≤ columns
  ridge : 0 < certificate.fit.ridge.mantissa
  edges : Format.around certificate.fit.ridge certificate.fit.edges = true
  increasing : Format.increasing certificate.fit.edges = true
  cells : 2 ≤ certificate.fit.edges.length
  count : certificate.fit.trials.length = outputs * certificate.fit.edges.length
  trials : ∀ row ∈ certificate.fit.trials, row.length = columns

/-- **If the check of `gcv` gives numbers, then for every operator `A` with the Gram matrix that it was given: at `ridge`
`n RSS / (n - g dof)²` is at most `1 + excessAtMost` times its value at any ridge of the bracket, where `n - g dof` is more than
0.** `GcvHolds` says which eigenvalues and fits.

Hypotheses: `AᵀA = M`; what the pass over the targets computed is `n Aᵀ (t - t̄)` and `n |t - t̄|²` of the labels `t`; shapes,
signs and the order of the edges are what the format requires. -/
theorem gcv_of_check {prepared : Prepared} {witness : EckartYoungWitness} {recorded numbers : GcvNumbers}
    {sums : RowSums} {operator : Operator} (exact : prepared.exact = Except.ok (sums, operator))
    (h : checkGcv (shareParts prepared witness) recorded = Except.ok numbers)
    (spectral : SpectralShapes prepared.certificate.model operator)
    (shapes : GcvShapes prepared.certificate operator.columns c) (hn : 0 < n) (hrows : sums.rows = n)
    (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) (labels : Fin c → Vec K n)
    (size : ((targetsOf prepared.certificate sums).labels.getD []).length = c)
    (products : ∀ o : Fin c, TargetOf A (labels o)
      (((targetsOf prepared.certificate sums).labels.getD []).getD o.val ⟨⟨[], 0⟩, Dyadic.zero⟩)) :
    GcvHolds A labels numbers := by
  have storedTargets : (shareParts prepared witness).targets.get = Except.ok (targetsOf prepared.certificate sums) := by
    show (match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf prepared.certificate sums)) = _
    rw [exact]
  unfold checkGcv at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  rw [show (shareParts prepared witness).prepared = prepared from rfl, exact, storedTargets] at h
  dsimp only at h
  split at h
  · cases h
  · cases hq : requireSpectrum (shareParts prepared witness) "gcv" recorded.threshold recorded.slack with
    | error e => rw [hq] at h; cases h
    | ok modes =>
      obtain ⟨rfl, decided⟩ := decided_of_requireSpectrum exact hq
      rw [hq] at h
      dsimp only at h
      split at h
      · cases h
      · rw [sizeOf'_eq, sizeOf'_eq, shapes.intercept] at h
        rw [zipped_eq] at h
        generalize hl : (targetsOf prepared.certificate sums).labels.getD [] = targets at *
        generalize hi : enclosures prepared.certificate.basis prepared.certificate.model
          (modesOf prepared.certificate.basis prepared.certificate.model operator) recorded.threshold = intervals at *
        generalize ht : List.zipWith (fun weights image => (⟨⟨weights, recorded.trialExponent⟩,
          ⟨image, operator.exponent + recorded.trialExponent⟩⟩ : Trial)) prepared.certificate.fit.trials
          (multiplied operator.columns prepared.certificate.fit.trials operator.matrix) = trials at *
        generalize hrd : (⟨Dyadic.ofInt (Int.ofNat sums.rows), targets, intervals,
          Dyadic.ofInt (Int.ofNat (operator.columns - intervals.length)), recorded.threshold,
          ⟨if recorded.robust then 7 else 1, 0⟩, ⟨if recorded.robust then 5 else 1, 0⟩⟩ : Ridges)
          = ridges at *
        cases he : gcvExcess ridges prepared.certificate.fit c trials with
        | error e => rw [he] at h; cases h
        | ok excess =>
          rw [he] at h
          cases h
          -- the edges
          have edges := shapes.edges
          unfold Format.around at edges
          split at edges
          · cases edges
          · next first rest list =>
            rw [Bool.and_eq_true, Bool.and_eq_true] at edges
            have firstPositive : 0 < first.mantissa := of_decide_eq_true edges.1.1
            -- the intervals
            obtain ⟨length, each⟩ := enclosures_spec spectral decided A hA
            rw [hi] at length each
            have spectrum : SpectrumHolds A ⟨recorded.threshold, recorded.slack, intervals, some recorded.threshold⟩ :=
              ⟨fun k hk => (each k hk).2, fun high hh => by
                rw [← Option.some.inj hh]; dsimp only; rw [length]; exact others_of_decided spectral decided A hA,
                fun none => by cases none⟩
            intro l U w hU hM hdecreasing fits α h1 h2
            have values := eigenvalues_of_spectrum spectrum hU hM hdecreasing
            have ridgesOf : RidgesOf ridges A l labels (GcvNumbers.factor K ⟨recorded.robust, prepared.certificate.fit.ridge,
                first, first, recorded.threshold, recorded.slack, recorded.trialExponent, excess⟩) := by
              subst hrd
              have modes : intervals.length ≤ operator.columns := by rw [length]; exact shapes.modes
              refine ⟨?_, size, products, nonneg_of_exact hU hM, modes, fun k => ⟨(each k.val k.isLt).1, ?_⟩, fun k => ?_, ?_,
                ⟨(Dyadic.value_nonneg_iff _).mpr decided.nonneg, fun k hk => ?_⟩, ?_, ?_, ?_⟩
              · dsimp only; rw [Dyadic.value_ofInt, hrows]; exact Ring.intCast_natCast n
              · exact ((values (k.castLE modes)).1 k.isLt).1
              · exact ((values (k.castLE modes)).1 k.isLt).2
              · dsimp only; rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast _
              · obtain ⟨high, same, below⟩ := (values k).2 hk
                rw [Option.some.inj same]; exact below
              · dsimp only
                rw [Dyadic.value_pos_iff]
                dsimp only
                split <;> omega
              · unfold GcvNumbers.factor
                dsimp only
                cases recorded.robust with
                | true =>
                  rw [if_pos rfl, if_pos rfl, if_pos rfl, show (⟨7, 0⟩ : Dyadic) = Dyadic.ofInt 7 from rfl,
                    show (⟨5, 0⟩ : Dyadic) = Dyadic.ofInt 5 from rfl, Dyadic.value_ofInt, Dyadic.value_ofInt,
                    show ((7 : Int) : K) = 7 from Ring.intCast_ofNat 7, show ((5 : Int) : K) = 5 from Ring.intCast_ofNat 5]
                  have five : (5 : K) ≠ 0 := by
                    have := OrderedRing.zero_lt_one (R := K); clear hA hM fits each values spectrum; grind
                  clear hA hM fits each values spectrum
                  grind
                | false =>
                  rw [if_neg Bool.false_ne_true, if_neg Bool.false_ne_true, if_neg Bool.false_ne_true]
                  clear hA hM fits each values spectrum
                  grind
              · unfold GcvNumbers.factor
                dsimp only
                have one := OrderedRing.zero_lt_one (R := K)
                split
                · exact div_nonneg (by clear hA hM fits each values spectrum; grind) (by clear hA hM fits each values spectrum; grind)
                · clear hA hM fits each values spectrum; grind
            have trialLength : trials.length = c * prepared.certificate.fit.edges.length := by
              rw [← ht, List.length_zipWith, length_multiplied, Nat.min_self, shapes.count]
            have trialsOf : ∀ trial ∈ trials, TrialOf A trial := by
              intro trial hmem
              rw [← ht] at hmem
              obtain ⟨i, hi, rfl⟩ := List.mem_iff_getElem.mp hmem
              rw [List.length_zipWith, length_multiplied, Nat.min_self] at hi
              rw [List.getElem_zipWith]
              refine ⟨shapes.trials _ (List.getElem_mem hi), length_row_multiplied (List.getElem_mem _), fun j => ?_⟩
              have inside : i < (multiplied operator.columns prepared.certificate.fit.trials operator.matrix).length := by
                rw [length_multiplied]; exact hi
              show ((at0 (multiplied operator.columns prepared.certificate.fit.trials operator.matrix)[i] j.val : Int) : K)
                * 2 ^ (operator.exponent + recorded.trialExponent) = _
              have entry := at00_multiplied (left := prepared.certificate.fit.trials) spectral.matrix hi j.isLt
              rw [at00, getD_below (xs := multiplied _ _ _) _ (by rw [length_multiplied]; exact hi), spectral.matrixRows] at entry
              rw [at0, entry]
              unfold mulVec dot sumTo
              rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
              refine sum_congr fun t => ?_
              rw [Ring.intCast_mul, gram_symmetric A j t, hA, two_zpow_add]
              show _ = ((at00 operator.matrix t.val j.val : Int) : K) * 2 ^ operator.exponent
                * (((at0 prepared.certificate.fit.trials[i] t.val : Int) : K) * 2 ^ recorded.trialExponent)
              rw [show at00 prepared.certificate.fit.trials i t.val = at0 prepared.certificate.fit.trials[i] t.val by
                rw [at00, getD_below _ hi]]
              generalize (2 : K) ^ operator.exponent = a
              generalize (2 : K) ^ recorded.trialExponent = b
              clear hA hM fits each values spectrum ridgesOf
              grind
            have inRest : ∃ e ∈ rest, α ≤ e.value K := by
              have h2 : α ≤ (entryAt prepared.certificate.fit.ridge (sizeOf' prepared.certificate.fit.edges - 1)
                prepared.certificate.fit.edges).value K := h2
              rw [list, entryAt_eq, sizeOf'_eq, List.length_cons, Nat.add_sub_cancel] at h2
              have cells := shapes.cells
              rw [list, List.length_cons] at cells
              obtain ⟨m, hm⟩ : ∃ m, rest.length = m + 1 := ⟨rest.length - 1, by omega⟩
              have inside : m < rest.length := by omega
              rw [hm, List.getD_cons_succ, getD_below _ inside] at h2
              exact ⟨rest[m], List.getElem_mem inside, h2⟩
            rw [list] at h1
            exact excess_spec ridgesOf hn fits list shapes.increasing firstPositive ((Dyadic.value_pos_iff _).mpr shapes.ridge)
              trialLength trialsOf he h1 inRest

end

end Eigenstill.Claims
