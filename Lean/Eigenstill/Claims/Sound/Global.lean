/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Columns
public import Eigenstill.Claims.Sound.Each
public import Eigenstill.Claims.Sound.Float32

/-!
# The check of `global` is sound

`global_of_check`: **what is recorded of the formula holds at every input.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

/-- The shapes and the signs that the format requires of the formula. -/
structure FormulaShapes (model : Model) : Prop where
  coefficientRows : model.coefficients.length = model.size
  coefficients : ∀ row ∈ model.coefficients, row.length = model.intercept.length
  weightRows : model.weights = [] ∨ model.weights.length = model.inputs
  weights : ∀ row ∈ model.weights, row.length = model.intercept.length
  scales : ∀ s ∈ model.scales, 0 < s.mantissa

/-- The numbers of one output. -/
private theorem outputColumns_getD {outputs o : Nat} {rows : List (List Dyadic)} (long : ∀ row ∈ rows, row.length = outputs)
    (ho : o < outputs) : (outputColumns outputs rows).getD o [] = rows.map fun row => row.getD o Dyadic.zero := by
  unfold outputColumns
  split
  · have e : repeated ([] : List Dyadic) outputs = List.replicate outputs [] := by
      have walk : ∀ (n : Nat) (done : List (List Dyadic)), repeated.add [] n done = List.replicate n [] ++ done := by
        intro n
        induction n with
        | zero => intro done; rfl
        | succ n ih =>
          intro done
          rw [show repeated.add ([] : List Dyadic) (n + 1) done = repeated.add [] n ([] :: done) from rfl, ih,
            List.replicate_succ', List.append_assoc, List.singleton_append]
      unfold repeated; rw [walk, List.append_nil]
    rw [e, List.getD_eq_getElem?_getD, List.getElem?_replicate, if_pos ho]
    rfl
  · rw [getD_columnsOf Dyadic.zero (fun row h => Nat.le_of_eq (long row h).symm) ho]
    rfl

private theorem length_outputColumns {outputs : Nat} {rows : List (List Dyadic)} (long : ∀ row ∈ rows, row.length = outputs) :
    (outputColumns outputs rows).length = outputs := by
  unfold outputColumns
  split
  · have walk : ∀ (n : Nat) (done : List (List Dyadic)), (repeated.add [] n done).length = n + done.length := by
      intro n
      induction n with
      | zero => intro done; exact (Nat.zero_add _).symm
      | succ n ih =>
        intro done
        rw [show repeated.add ([] : List Dyadic) (n + 1) done = repeated.add [] n ([] :: done) from rfl, ih, List.length_cons]
        omega
    unfold repeated; rw [walk]; rfl
  · exact length_columnsOf Dyadic.zero fun row h => Nat.le_of_eq (long row h).symm

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-! ### Signed sums -/

private theorem value_filtered (keep : Dyadic → Prop) [DecidablePred keep] (part : K → K)
    (hpart : ∀ a : Dyadic, (if keep a then a.value K else 0) = part (a.value K)) (list : List Dyadic) (start : Dyadic) :
    (folded (fun total a => if keep a then Dyadic.add total a else total) start list).value K
      = start.value K + listTotal (list.map fun a => part (a.value K)) := by
  induction list generalizing start with
  | nil => rw [List.map_nil, listTotal_nil]; show start.value K = _; grind
  | cons a list ih =>
    rw [show folded (fun total a => if keep a then Dyadic.add total a else total) start (a :: list)
      = folded (fun total a => if keep a then Dyadic.add total a else total) (if keep a then Dyadic.add start a else start) list
      from rfl, ih, List.map_cons, listTotal_cons, ← hpart a]
    by_cases h : keep a
    · rw [if_pos h, if_pos h, Dyadic.value_add]; grind
    · rw [if_neg h, if_neg h]; grind

private theorem posPart_value (a : Dyadic) : (if 0 < a.mantissa then a.value K else 0) = posPart (a.value K) := by
  unfold posPart
  have h1 := Dyadic.value_pos_iff (K := K) a
  have h2 := Dyadic.value_nonneg_iff (K := K) a
  by_cases h : 0 < a.mantissa
  · rw [if_pos h, if_pos (h2.mpr (by omega))]
  · rw [if_neg h]
    by_cases h3 : 0 ≤ a.value K
    · rw [if_pos h3, (Dyadic.value_eq_zero_iff (K := K) a).mpr (by have := h2.mp h3; omega)]
    · rw [if_neg h3]

private theorem negPart_value (a : Dyadic) : (if a.mantissa < 0 then a.value K else 0) = negPart (a.value K) := by
  unfold negPart
  have h2 := Dyadic.value_nonneg_iff (K := K) a
  by_cases h : a.mantissa < 0
  · rw [if_pos h, if_neg fun h3 => by have := h2.mp h3; omega]
  · rw [if_neg h, if_pos (h2.mpr (by omega))]

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- A total over a column of numbers. -/
private theorem listTotal_column {rows : List (List Dyadic)} {n o : Nat} (length : rows.length = n) (f : Dyadic → K) :
    listTotal ((rows.map fun row => row.getD o Dyadic.zero).map f)
      = Eigenstill.sum n fun j => f ((rows.getD j.val []).getD o Dyadic.zero) := by
  rw [listTotal_eq_sum _ (n := n) (by rw [List.length_map, List.length_map, length])]
  refine sum_congr fun j => ?_
  have hj : j.val < rows.length := by rw [length]; exact j.isLt
  rw [List.map_map, List.getD_eq_getElem?_getD, List.getElem?_eq_getElem (by rw [List.length_map]; exact hj),
    List.getElem_map, getD_below (xs := rows) _ hj]
  rfl

/-! ### Slopes -/

/-- The recorded slope of a basis function, squared: `64 c² ≥ 27 s`, or `c = s`. -/
private theorem kernelSlope_spec (basis : Basis) {s : Dyadic} (hs : 0 ≤ s.value K) : 0 ≤ (kernelSlope basis s).value K ∧
    (if basis.quadratic then 27 * s.value K ≤ 64 * (kernelSlope basis s).value K ^ 2
      else (kernelSlope basis s).value K = s.value K) := by
  unfold kernelSlope
  by_cases q : basis.quadratic = true
  · rw [if_pos q, if_pos q]
    dsimp only
    refine ⟨sqrt53_nonneg _ _ _, ?_⟩
    have scaled : (Dyadic.mul ⟨27, -6⟩ s).value K * 64 = 27 * s.value K := by
      rw [Dyadic.value_mul]
      have inverse := two_zpow_add (K := K) (-6) 6
      rw [show (-6 + 6 : Int) = 0 from rfl, Field.zpow_zero, show (6 : Int) = ((6 : Nat) : Int) from rfl, two_zpow_natCast,
        show (2 : K) ^ 6 = 64 by grind] at inverse
      show ((27 : Int) : K) * 2 ^ (-6 : Int) * s.value K * 64 = _
      rw [show ((27 : Int) : K) = 27 from Ring.intCast_ofNat 27]
      rw [show (-((6 : Nat) : Int)) = -6 from rfl] at inverse
      generalize (2 : K) ^ (-6 : Int) = c at *
      generalize s.value K = v at *
      rw [show 27 * c * v * 64 = 27 * v * (c * 64) by grind, ← inverse]; grind
    have nonneg : 0 ≤ (Dyadic.mul ⟨27, -6⟩ s).value K := by
      generalize (Dyadic.mul ⟨27, -6⟩ s).value K = x at *
      grind
    obtain ⟨top, bottom⟩ := ratio_spec nonneg
    have root := le_sqrt53_sq (K := K) (ratio (Dyadic.mul ⟨27, -6⟩ s)).1 (ratio (Dyadic.mul ⟨27, -6⟩ s)).2 bottom
    have positive : 0 < ((ratio (Dyadic.mul ⟨27, -6⟩ s)).2 : K) := by
      have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom)
      rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
    rw [top] at root
    rw [← scaled]
    generalize (Dyadic.mul ⟨27, -6⟩ s).value K = x at *
    generalize ((ratio (Dyadic.mul ⟨27, -6⟩ s)).2 : K) = d at *
    generalize (sqrt53 _ _ true).value K ^ 2 = y at *
    clear scaled top hs
    have h1 : x ≤ y := le_of_mul_le_mul positive (by grind)
    grind
  · rw [if_neg q, if_neg q]
    exact ⟨hs, rfl⟩

private theorem value_quotientOf_one {x : Dyadic} (h : 0 ≤ x.value K) : x.value K ≤ (quotientOf x Dyadic.one true).value K := by
  have h1 := le_quotientOf (K := K) h (y := Dyadic.one) (by rw [Dyadic.value_one]; exact OrderedRing.zero_lt_one)
  rw [Dyadic.value_one] at h1
  grind

/-! ### The formula -/

section
variable {basis : Basis} {model : Model} (shapes : FormulaShapes model)
include shapes

private theorem scale_nonneg (i : Fin model.inputs) : 0 ≤ model.scaleVector K i := by
  unfold Model.scaleVector
  rw [getD_below _ i.isLt, Dyadic.value_nonneg_iff]
  have := shapes.scales _ (List.getElem_mem i.isLt)
  omega

private theorem basisAt_mem (x : Vec K model.inputs) (j : Fin model.size) :
    0 ≤ basisAt basis model x j ∧ basisAt basis model x j ≤ 1 := by
  have nonneg : 0 ≤ (if basis.quadratic then quadraticDistance (model.scaleVector K) (model.landmark K j.val) x
      else l1Distance (model.scaleVector K) (model.landmark K j.val) x) := by
    split
    · exact quadraticDistance_nonneg (scale_nonneg shapes) _ _
    · exact l1Distance_nonneg (scale_nonneg shapes) _ _
  have h1 := inverseKernel_pos nonneg
  exact ⟨by unfold basisAt; clear nonneg; grind, inverseKernel_le_one nonneg⟩

/-- **One output: what is recorded holds at every input.** -/
theorem outputBounds_hold {o : Nat} {bounds : OutputBounds}
    (h : outputBounds basis model (model.coefficients.map (fun row => row.getD o Dyadic.zero),
      model.weights.map fun row => row.getD o Dyadic.zero) = Except.ok bounds) :
    OutputBoundsHold (K := K) basis model o bounds := by
  unfold outputBounds at h
  dsimp only at h
  have low := value_filtered (K := K) (fun a => a.mantissa < 0) negPart negPart_value
    (model.coefficients.map fun row => row.getD o Dyadic.zero) Dyadic.zero
  have high := value_filtered (K := K) (fun a => 0 < a.mantissa) posPart posPart_value
    (model.coefficients.map fun row => row.getD o Dyadic.zero) Dyadic.zero
  rw [Dyadic.value_zero, listTotal_column shapes.coefficientRows (fun a => negPart (a.value K))] at low
  rw [Dyadic.value_zero, listTotal_column shapes.coefficientRows (fun a => posPart (a.value K))] at high
  simp only [Bool.false_eq_true, if_false, if_true] at h
  generalize hl : folded (fun total a => if a.mantissa < 0 then Dyadic.add total a else total) Dyadic.zero
    (model.coefficients.map fun row => row.getD o Dyadic.zero) = lowD at *
  generalize hh : folded (fun total a => if 0 < a.mantissa then Dyadic.add total a else total) Dyadic.zero
    (model.coefficients.map fun row => row.getD o Dyadic.zero) = highD at *
  have low' : lowD.value K = Eigenstill.sum model.size fun j => negPart (model.coefficientsOf K o j) := by
    rw [low]
    show 0 + Eigenstill.sum model.size (fun j => negPart (model.coefficientsOf K o j)) = _
    generalize (Eigenstill.sum model.size fun j => negPart (model.coefficientsOf K o j)) = a
    grind
  have high' : highD.value K = Eigenstill.sum model.size fun j => posPart (model.coefficientsOf K o j) := by
    rw [high]
    show 0 + Eigenstill.sum model.size (fun j => posPart (model.coefficientsOf K o j)) = _
    generalize (Eigenstill.sum model.size fun j => posPart (model.coefficientsOf K o j)) = a
    grind
  -- the sum of absolute values
  have size : (Dyadic.sub highD lowD).value K = Eigenstill.sum model.size fun j => absVal (model.coefficientsOf K o j) := by
    rw [Dyadic.value_sub, low', high', ← sum_sub]
    refine sum_congr fun j => ?_
    generalize model.coefficientsOf K o j = a
    unfold posPart negPart absVal
    by_cases h0 : 0 ≤ a
    · rw [if_pos h0, if_pos h0, if_pos h0]; grind
    · rw [if_neg h0, if_neg h0, if_neg h0]; grind
  have sizeNonneg : 0 ≤ (Dyadic.sub highD lowD).value K := by rw [size]; exact sum_nonneg _ _ fun j => absVal_nonneg _
  split at h
  · cases h
  · next moves hmoves =>
    cases h
    have inside := basisAt_mem (K := K) (basis := basis) shapes
    refine ⟨fun x => ?_, fun x => ?_, fun rounded nearest x => ?_, fun i x x' same => ?_⟩
    · dsimp only
      rw [low']
      exact (kernelPart_mem _ _ (fun j => (inside x j).1) fun j => (inside x j).2).1
    · dsimp only
      rw [high']
      exact (kernelPart_mem _ _ (fun j => (inside x j).1) fun j => (inside x j).2).2
    · dsimp only
      obtain ⟨near, float, value⟩ := value_float32Moves (K := K) hmoves
      rw [Dyadic.value_zero, listTotal_column shapes.coefficientRows (fun a => absVal (a.value K - (near a).value K))] at value
      have nonneg : 0 ≤ moves.value K := by
        have := sum_nonneg (K := K) model.size (fun j => absVal (((model.coefficients.getD j.val []).getD o Dyadic.zero).value K
          - (near ((model.coefficients.getD j.val []).getD o Dyadic.zero)).value K)) fun j => absVal_nonneg _
        rw [value]; grind
      have moved := kernelPart_round (model.coefficientsOf K o) rounded (basisAt basis model x) (fun j => (inside x j).1)
        fun j => (inside x j).2
      refine IsPreorder.le_trans _ _ _ moved (IsPreorder.le_trans _ _ _ ?_ (value_quotientOf_one nonneg))
      rw [value]
      have each := sum_le (K := K) model.size (fun j => absVal (model.coefficientsOf K o j - rounded j))
        (fun j => absVal (((model.coefficients.getD j.val []).getD o Dyadic.zero).value K
          - (near ((model.coefficients.getD j.val []).getD o Dyadic.zero)).value K)) fun j => by
        have hj : j.val < model.coefficients.length := by rw [shapes.coefficientRows]; exact j.isLt
        refine (nearest j).2 _ (float _ ?_)
        rw [getD_below _ hj]
        exact List.mem_map.mpr ⟨_, List.getElem_mem hj, rfl⟩
      clear moved value inside
      grind
    · dsimp only
      have hi : i.val < model.scales.length := i.isLt
      have scale0 := scale_nonneg (K := K) shapes i
      have scaleEntry : model.scaleVector K i = model.scales[i.val].value K := by
        unfold Model.scaleVector; rw [getD_below _ hi]
      obtain ⟨slope0, slope⟩ := kernelSlope_spec (K := K) basis (s := model.scales[i.val]) (by rw [← scaleEntry]; exact scale0)
      rw [← scaleEntry] at slope
      -- the recorded slope
      obtain ⟨weight, hw, entry⟩ : ∃ weight : Dyadic, weight.value K = absVal (model.weightsOf K o i) ∧
          (zipped (fun scale weight => quotientOf (Dyadic.add (Dyadic.mul (kernelSlope basis scale) (Dyadic.sub highD lowD)) weight)
            Dyadic.one true) model.scales (match model.weights.map fun row => row.getD o Dyadic.zero with
              | [] => repeated Dyadic.zero (sizeOf' model.scales)
              | _ => mapped Dyadic.abs (model.weights.map fun row => row.getD o Dyadic.zero))).getD i.val Dyadic.zero
          = quotientOf (Dyadic.add (Dyadic.mul (kernelSlope basis model.scales[i.val]) (Dyadic.sub highD lowD)) weight)
            Dyadic.one true := by
        rw [zipped_eq]
        cases hweights : model.weights with
        | nil =>
          refine ⟨Dyadic.zero, ?_, ?_⟩
          · unfold Model.weightsOf
            rw [hweights, List.getD_nil, List.getD_nil, Dyadic.value_zero, absVal_zero]
          · have repeatedEq : ∀ (n : Nat), repeated Dyadic.zero n = List.replicate n Dyadic.zero := by
              have walk : ∀ (n : Nat) (done : List Dyadic), repeated.add Dyadic.zero n done = List.replicate n Dyadic.zero ++ done := by
                intro n
                induction n with
                | zero => intro done; rfl
                | succ n ih =>
                  intro done
                  rw [show repeated.add Dyadic.zero (n + 1) done = repeated.add Dyadic.zero n (Dyadic.zero :: done) from rfl, ih,
                    List.replicate_succ', List.append_assoc, List.singleton_append]
              intro n; unfold repeated; rw [walk, List.append_nil]
            rw [List.map_nil]
            dsimp only
            rw [repeatedEq, sizeOf'_eq, getD_zipWith _ Dyadic.zero Dyadic.zero _ hi (by rw [List.length_replicate]; exact hi),
              getD_below (xs := model.scales) _ hi, getD_below (xs := List.replicate _ _) _ (by
                rw [List.length_replicate]; exact hi), List.getElem_replicate]
        | cons row rest =>
          have count : model.weights.length = model.inputs := by
            rcases shapes.weightRows with h | h
            · rw [h] at hweights; cases hweights
            · exact h
          have hiw : i.val < (row :: rest).length := by rw [← hweights, count]; exact hi
          refine ⟨Dyadic.abs (((row :: rest).getD i.val []).getD o Dyadic.zero), ?_, ?_⟩
          · rw [Dyadic.value_abs]
            unfold Model.weightsOf
            rw [hweights]
          · rw [List.map_cons]
            dsimp only
            rw [mapped_eq, ← List.map_cons (f := fun row : List Dyadic => row.getD o Dyadic.zero), List.map_map,
              getD_zipWith _ Dyadic.zero Dyadic.zero _ hi (by rw [List.length_map]; exact hiw),
              getD_below (xs := model.scales) _ hi, getD_below (xs := (row :: rest).map _) _ (by
                rw [List.length_map]; exact hiw), List.getElem_map, getD_below (xs := row :: rest) _ hiw]
            rfl
      refine Eq.mpr (congrArg (fun q : Dyadic => absVal (formulaAt basis model o x - formulaAt basis model o x')
        ≤ q.value K * absVal (x i - x' i)) entry) ?_
      show absVal (formulaAt basis model o x - formulaAt basis model o x') ≤ (quotientOf (Dyadic.add (Dyadic.mul
        (kernelSlope basis model.scales[i.val]) (Dyadic.sub highD lowD)) weight) Dyadic.one true).value K * absVal (x i - x' i)
      have slopeValue : (Dyadic.add (Dyadic.mul (kernelSlope basis model.scales[i.val]) (Dyadic.sub highD lowD)) weight).value K
          = (kernelSlope basis model.scales[i.val]).value K * (Eigenstill.sum model.size fun j =>
            absVal (model.coefficientsOf K o j)) + absVal (model.weightsOf K o i) := by
        rw [Dyadic.value_add, Dyadic.value_mul, hw, size]
      have product0 := OrderedRing.mul_nonneg slope0 (show 0 ≤ Eigenstill.sum model.size fun j =>
        absVal (model.coefficientsOf K o j) by rw [← size]; exact sizeNonneg)
      have above := value_quotientOf_one (K := K) (x := Dyadic.add (Dyadic.mul (kernelSlope basis model.scales[i.val])
        (Dyadic.sub highD lowD)) weight) (by
          rw [slopeValue]
          have := absVal_nonneg (model.weightsOf K o i)
          clear slope inside
          grind)
      rw [slopeValue] at above
      have wide := OrderedRing.mul_le_mul_of_nonneg_right above (absVal_nonneg (x i - x' i))
      refine IsPreorder.le_trans _ _ _ ?_ wide
      unfold formulaAt
      refine formula_slope product0 (model.weightsOf K o) x x' i same ?_
      unfold basisAt
      by_cases q : basis.quadratic = true
      · rw [if_pos q] at slope
        simp only [if_pos q]
        have key := kernelPart_quadratic_slope (scale_nonneg shapes) (model.coefficientsOf K o) (fun j => model.landmark K j.val)
          x x' i same
        generalize kernelPart (model.coefficientsOf K o) _ - kernelPart (model.coefficientsOf K o) _ = Δ at *
        have total0 := OrderedRing.sq_nonneg (a := (Eigenstill.sum model.size fun j => absVal (model.coefficientsOf K o j)))
        have wide := OrderedRing.mul_le_mul_of_nonneg_right slope (c := (x i - x' i) ^ 2 *
          (Eigenstill.sum model.size fun j => absVal (model.coefficientsOf K o j)) ^ 2)
          (OrderedRing.mul_nonneg OrderedRing.sq_nonneg OrderedRing.sq_nonneg)
        generalize (Eigenstill.sum model.size fun j => absVal (model.coefficientsOf K o j)) = S at *
        generalize (kernelSlope basis model.scales[i.val]).value K = c at *
        generalize model.scaleVector K i = s at *
        generalize x i - x' i = d at *
        clear inside same size sizeNonneg low low' high high' entry slopeValue above product0
        grind
      · rw [if_neg q] at slope
        simp only [if_neg q]
        have key := kernelPart_l1_slope (scale_nonneg shapes) (model.coefficientsOf K o) (fun j => model.landmark K j.val)
          x x' i same
        generalize kernelPart (model.coefficientsOf K o) _ - kernelPart (model.coefficientsOf K o) _ = Δ at *
        rw [slope]
        have squares := sq_le_sq (absVal_nonneg Δ) key
        rw [absVal_sq] at squares
        refine IsPreorder.le_trans _ _ _ squares ?_
        generalize (Eigenstill.sum model.size fun j => absVal (model.coefficientsOf K o j)) = S at *
        generalize model.scaleVector K i = s at *
        have e := absVal_sq (x i - x' i)
        generalize absVal (x i - x' i) = d at *
        generalize x i - x' i = d' at *
        rw [show (S * (s * d)) ^ 2 = (s * S) ^ 2 * d ^ 2 by grind, e, show (s * S * d') ^ 2 = (s * S) ^ 2 * d' ^ 2 by grind]
        exact IsPreorder.le_refl _

end

/-- **If the check of `global` gives bounds, then at every input, recorded or not: the kernel part of each output lies between
two numbers, it moves by at most a third if its coefficients are rounded to float32, and along one input alone the formula
changes at most so many times as fast as the input.** For the two rational kernels; the shapes and the signs of the scales
are those that the format requires. That the bounds are near, or anything on rounding the linear part, is not said. -/
theorem global_of_check {certificate : Certificate} {bounds : List OutputBounds} (shapes : FormulaShapes certificate.model)
    (h : checkGlobal certificate = Except.ok bounds) : GlobalHolds K certificate bounds := by
  unfold checkGlobal at h
  dsimp only at h
  split at h
  · cases h
  · rw [sizeOf'_eq certificate.model.intercept, zipped_eq] at h
    obtain ⟨length, each⟩ := checkedEach_spec h
    have l1 := length_outputColumns shapes.coefficients
    have l2 := length_outputColumns shapes.weights
    rw [List.length_zipWith, l1, l2, Nat.min_self] at length
    refine ⟨length, fun o ho => outputBounds_hold (K := K) shapes ?_⟩
    have ho' : o < certificate.model.intercept.length := by rw [← length]; exact ho
    have one := each o (by rw [List.length_zipWith, l1, l2, Nat.min_self]; exact ho') ho
    rw [List.getElem_zipWith] at one
    have e1 := outputColumns_getD shapes.coefficients ho'
    have e2 := outputColumns_getD shapes.weights ho'
    rw [getD_below _ (by rw [l1]; exact ho')] at e1
    rw [getD_below _ (by rw [l2]; exact ho')] at e2
    rw [e1, e2] at one
    exact one

end

end Eigenstill.Claims
