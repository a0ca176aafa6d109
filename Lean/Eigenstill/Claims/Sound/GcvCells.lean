/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.GcvParts
public import Eigenstill.Format.Contents

/-!
# GCV at the ridge and in cells of ridges

* `residuals_spec`: the sum of the residuals, each over its target's total.
* `leastCell_spec`: the least number of the cells is a lower bound of the criterion on the whole bracket.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n r c : Nat}

/-- The number that a fraction stands for. -/
def Exec.Fraction.value (K : Type u) [Field K] (fraction : Fraction) : K := fraction.top.value K / fraction.bottom.value K

/-! ### Residuals, summed -/

/-- One output's part. -/
private def part (K : Type u) [Field K] (ridges : Ridges) (α : Dyadic) (up : Bool) (pair : Trial × Target) : K :=
  if 0 < pair.2.total.mantissa then (residualOf ridges.rows α up pair.1 pair.2).value K / pair.2.total.value K else 0

private def noPair : Trial × Target := ⟨⟨⟨[], 0⟩, ⟨[], 0⟩⟩, ⟨⟨[], 0⟩, Dyadic.zero⟩⟩

private theorem folded_parts (ridges : Ridges) (α : Dyadic) (up : Bool) (pairs : List (Trial × Target)) (start : Fraction)
    (positive : 0 < start.bottom.value K) :
    0 < (folded (fun (total : Fraction) (pair : Trial × Target) => if 0 < pair.2.total.mantissa
        then total.add ⟨residualOf ridges.rows α up pair.1 pair.2, pair.2.total⟩ else total) start pairs).bottom.value K ∧
      (folded (fun (total : Fraction) (pair : Trial × Target) => if 0 < pair.2.total.mantissa
        then total.add ⟨residualOf ridges.rows α up pair.1 pair.2, pair.2.total⟩ else total) start pairs).value K
      = start.value K + Eigenstill.sum pairs.length fun i => part K ridges α up (pairs.getD i.val noPair) := by
  induction pairs generalizing start with
  | nil =>
    refine ⟨positive, ?_⟩
    show start.value K = start.value K + 0
    grind
  | cons pair pairs ih =>
    have next : 0 < (if 0 < pair.2.total.mantissa then start.add ⟨residualOf ridges.rows α up pair.1 pair.2, pair.2.total⟩
        else start).bottom.value K ∧ (if 0 < pair.2.total.mantissa
        then start.add ⟨residualOf ridges.rows α up pair.1 pair.2, pair.2.total⟩ else start).value K
        = start.value K + part K ridges α up pair := by
      unfold part
      by_cases h : 0 < pair.2.total.mantissa
      · rw [if_pos h, if_pos h]
        have total := (Dyadic.value_pos_iff (K := K) _).mpr h
        unfold Fraction.add Fraction.value
        dsimp only
        rw [Dyadic.value_mul, Dyadic.value_add, Dyadic.value_mul, Dyadic.value_mul]
        generalize (residualOf ridges.rows α up pair.1 pair.2).value K = x
        generalize pair.2.total.value K = y at *
        generalize start.bottom.value K = b at *
        generalize start.top.value K = a
        have product := OrderedRing.mul_pos positive total
        exact ⟨product, by clear ih; grind⟩
      · rw [if_neg h, if_neg h]
        exact ⟨positive, by clear ih; grind⟩
    obtain ⟨h1, h2⟩ := ih _ next.1
    refine ⟨h1, ?_⟩
    show Fraction.value K (folded _ _ pairs) = start.value K + Eigenstill.sum (pairs.length + 1) _
    rw [h2, next.2, Exact.sum_head]
    show _ = start.value K + (part K ridges α up pair
      + Eigenstill.sum pairs.length fun i => part K ridges α up (pairs.getD i.val noPair))
    clear ih h1 h2 next
    grind

section
variable {ridges : Ridges} {A : Mat K n r} {l : Vec K r} {labels : Fin c → Vec K n} {g : K} (h : RidgesOf ridges A l labels g)
include h

open Classical in
/-- **The sum of the residuals, each over its total, from above and below.** -/
theorem residuals_spec (hn : 0 < n) {α : Dyadic} (hα : 0 < α.value K) {trials : List Trial} (length : trials.length = c)
    (ht : ∀ trial ∈ trials, TrialOf A trial) {w : Fin c → Vec K r}
    (exact : ∀ o, IsRidge A (aboutMean (labels o)) (α.value K) (w o)) (up : Bool) :
    0 < (residuals ridges α up trials).bottom.value K ∧
      (if up then relativeResidual A labels w ≤ (residuals ridges α up trials).value K
        else (residuals ridges α up trials).value K ≤ relativeResidual A labels w) := by
  have countPositive := natCast_pos' (K := K) hn
  have size : (List.zipWith Prod.mk trials ridges.targets).length = c := by
    rw [List.length_zipWith, length, h.targets, Nat.min_self]
  obtain ⟨h1, h2⟩ := folded_parts (K := K) ridges α up (List.zipWith Prod.mk trials ridges.targets) ⟨Dyadic.zero, Dyadic.one⟩
    (by rw [Dyadic.value_one]; exact OrderedRing.zero_lt_one)
  unfold residuals
  rw [zipped_eq]
  refine ⟨h1, ?_⟩
  have zero : Fraction.value K ⟨Dyadic.zero, Dyadic.one⟩ = 0 := by
    unfold Fraction.value; rw [Dyadic.value_zero, Dyadic.value_one]; grind
  rw [h2, size, zero, show ∀ x : K, 0 + x = x by intro x; grind]
  unfold relativeResidual
  have pairAt : ∀ o : Fin c, (List.zipWith Prod.mk trials ridges.targets).getD o.val noPair
      = ((trials.getD o.val ⟨⟨[], 0⟩, ⟨[], 0⟩⟩), ridges.targets.getD o.val ⟨⟨[], 0⟩, Dyadic.zero⟩) := fun o =>
    getD_zipWith Prod.mk _ _ _ (by rw [length]; exact o.isLt) (by rw [h.targets]; exact o.isLt)
  have each : ∀ o : Fin c, if up then
      (if normSq (aboutMean (labels o)) = 0 then 0 else residualSq A (aboutMean (labels o)) (w o) / normSq (aboutMean (labels o)))
        ≤ part K ridges α up ((List.zipWith Prod.mk trials ridges.targets).getD o.val noPair)
      else part K ridges α up ((List.zipWith Prod.mk trials ridges.targets).getD o.val noPair)
        ≤ (if normSq (aboutMean (labels o)) = 0 then 0 else residualSq A (aboutMean (labels o)) (w o) / normSq (aboutMean (labels o))) := by
    intro o
    have target := h.target o
    have trial : TrialOf A (trials.getD o.val ⟨⟨[], 0⟩, ⟨[], 0⟩⟩) := by
      rw [getD_below _ (by rw [length]; exact o.isLt)]; exact ht _ (List.getElem_mem _)
    have spec := residualOf_spec target hn h.rows hα trial (exact o)
    rw [pairAt o]
    unfold part
    dsimp only
    generalize ridges.targets.getD o.val ⟨⟨[], 0⟩, Dyadic.zero⟩ = own at *
    generalize trials.getD o.val ⟨⟨[], 0⟩, ⟨[], 0⟩⟩ = ownTrial at *
    have total := target.total
    have squares := normSq_nonneg (aboutMean (labels o))
    by_cases varies : 0 < own.total.mantissa
    · have positive := (Dyadic.value_pos_iff (K := K) _).mpr varies
      have nonzero : normSq (aboutMean (labels o)) ≠ 0 := by
        intro zero; rw [zero] at total; clear spec h exact; grind
      rw [if_pos varies, if_neg nonzero]
      have below : 0 < normSq (aboutMean (labels o)) := by clear spec h exact; grind
      rw [total]
      generalize normSq (aboutMean (labels o)) = y at *
      generalize residualSq A (aboutMean (labels o)) (w o) = x at *
      have product := OrderedRing.mul_pos countPositive below
      cases up with
      | true =>
        rw [if_pos rfl, div_le_div_iff below product]
        have := OrderedRing.mul_le_mul_of_nonneg_right spec.2 squares
        clear h exact spec; grind
      | false =>
        rw [if_neg Bool.false_ne_true, div_le_div_iff product below]
        have := OrderedRing.mul_le_mul_of_nonneg_right spec.1 squares
        clear h exact spec; grind
    · have zero : normSq (aboutMean (labels o)) = 0 := by
        by_cases h0 : normSq (aboutMean (labels o)) = 0
        · exact h0
        · have := OrderedRing.mul_pos countPositive (show 0 < normSq (aboutMean (labels o)) by clear spec h exact; grind)
          rw [← total] at this
          exact absurd ((Dyadic.value_pos_iff _).mp this) varies
      rw [if_neg varies, if_pos zero]
      cases up with
      | true => rw [if_pos rfl]; exact IsPreorder.le_refl _
      | false => rw [if_neg Bool.false_ne_true]; exact IsPreorder.le_refl _
  cases up with
  | true =>
    rw [if_pos rfl]
    exact sum_le c _ _ fun o => by have := each o; rw [if_pos rfl] at this; exact this
  | false =>
    rw [if_neg Bool.false_ne_true]
    exact sum_le c _ _ fun o => by have := each o; rw [if_neg Bool.false_ne_true] at this; exact this

omit h in
/-- A sum of squares is not negative. -/
theorem relativeResidual_nonneg (w : Fin c → Vec K r) : 0 ≤ relativeResidual A labels w := by
  unfold relativeResidual
  refine sum_nonneg _ _ fun o => ?_
  have squares := normSq_nonneg (aboutMean (labels o))
  split
  · exact IsPreorder.le_refl _
  · exact div_nonneg (normSq_nonneg _) (by grind)

omit h in
/-- **The residual of the exact fits does not fall as the ridge grows.** -/
theorem relativeResidual_le {α β : K} (hα : 0 < α) (hαβ : α ≤ β) {w : K → Fin c → Vec K r}
    (fits : ∀ α, 0 < α → ∀ o, IsRidge A (aboutMean (labels o)) α (w α o)) :
    relativeResidual A labels (w α) ≤ relativeResidual A labels (w β) := by
  by_cases same : α = β
  · rw [same]; exact IsPreorder.le_refl _
  unfold relativeResidual
  refine sum_le _ _ _ fun o => ?_
  have squares := normSq_nonneg (aboutMean (labels o))
  by_cases zero : normSq (aboutMean (labels o)) = 0
  · rw [if_pos zero, if_pos zero]; exact IsPreorder.le_refl _
  · rw [if_neg zero, if_neg zero, div_le_div_iff (by clear fits; grind) (by clear fits; grind)]
    refine OrderedRing.mul_le_mul_of_nonneg_right ?_ squares
    exact rss_le_of_minimisers (by clear fits; grind) (by clear fits; grind) (fits α hα o) (fits β (by clear fits; grind) o)

/-- `n - g dof` does not fall as the ridge grows. -/
theorem freeRows_le {α β : K} (hα : 0 < α) (hαβ : α ≤ β) : freeRows n g l α ≤ freeRows n g l β := by
  have less := dof_le_dof h.nonneg hα hαβ
  have := OrderedRing.mul_le_mul_of_nonneg_left less h.factorNonneg
  unfold freeRows
  clear h; grind

/-! ### Cells -/

/-- The criterion in the checker's unit. -/
def scaledGcv (ridges : Ridges) (A : Mat K n r) (labels : Fin c → Vec K n) (g : K) (l : Vec K r)
    (w : Fin c → Vec K r) (α : K) : K :=
  relativeResidual A labels w / (ridges.factorBottom.value K * freeRows n g l α) ^ 2

omit h in
/-- `R / S²` grows with `R` and falls with `S`. -/
theorem quotient_le {R R' S S' : K} (h0 : 0 ≤ R') (hR : R ≤ R') (hS : 0 < S') (hS' : S' ≤ S) : R / S ^ 2 ≤ R' / S' ^ 2 := by
  have key := gcv_ge (n := 1) (by have := OrderedRing.zero_lt_one (R := K); grind) h0 hR hS hS'
  unfold gcv at key
  rw [show (1 : K) * R = R by grind, show (1 : K) * R' = R' by grind] at key
  exact key

omit h in
/-- What the criterion stands for: the residual over the square of `free`. -/
theorem value_criterion (x : Fraction) (free : Dyadic) (positive : 0 < x.bottom.value K) (hf : 0 < free.value K) :
    0 < (criterion x free).bottom.value K ∧ (criterion x free).value K = x.value K / free.value K ^ 2 := by
  have product := OrderedRing.mul_pos positive (OrderedRing.mul_pos hf hf)
  unfold criterion Fraction.value
  dsimp only
  rw [Dyadic.value_mul, Dyadic.value_mul]
  refine ⟨product, ?_⟩
  generalize x.top.value K = a
  generalize x.bottom.value K = b at *
  generalize free.value K = f at *
  grind

/-- **A cell's number is a lower bound of the criterion in the cell.** -/
private theorem cell_spec (hn : 0 < n) {w : K → Fin c → Vec K r}
    (fits : ∀ α, 0 < α → ∀ o, IsRidge A (aboutMean (labels o)) α (w α o)) {low high : Dyadic} (positive : 0 < low.value K)
    (order : low.value K ≤ high.value K) (free : 0 < freeRows n g l (high.value K)) {own : List Trial} (length : own.length = c)
    (ht : ∀ trial ∈ own, TrialOf A trial) :
    0 < (criterion (residuals ridges low false own) (freeOf ridges (degrees ridges high false))).bottom.value K ∧
      ∀ α, low.value K ≤ α → α ≤ high.value K → 0 < freeRows n g l α →
        (criterion (residuals ridges low false own) (freeOf ridges (degrees ridges high false))).value K
          ≤ scaledGcv ridges A labels g l (w α) α := by
  have highPositive : 0 < high.value K := by clear h fits; grind
  obtain ⟨b1, b2⟩ := residuals_spec h hn positive length ht (fits (low.value K) positive) false
  rw [if_neg Bool.false_ne_true] at b2
  have most := (freeOf_spec h highPositive).2
  have unit := h.bottom
  have product := OrderedRing.mul_pos unit free
  obtain ⟨v1, v2⟩ := value_criterion (K := K) (residuals ridges low false own) (freeOf ridges (degrees ridges high false)) b1
    (by clear h fits; grind)
  refine ⟨v1, fun α h1 h2 hα => ?_⟩
  rw [v2]
  unfold scaledGcv
  have alphaPositive : 0 < α := by clear h fits; grind
  have less := freeRows_le h alphaPositive h2
  refine quotient_le (relativeResidual_nonneg _) (IsPreorder.le_trans _ _ _ b2 (relativeResidual_le positive h1 fits))
    (OrderedRing.mul_pos unit hα) ?_
  have := OrderedRing.mul_le_mul_of_nonneg_left less (c := ridges.factorBottom.value K) (by clear h fits; grind)
  exact IsPreorder.le_trans _ _ _ this most

omit h in
private theorem lt_iff_value {a b : Fraction} (ha : 0 < a.bottom.value K) (hb : 0 < b.bottom.value K) :
    a.lt b = true ↔ a.value K < b.value K := by
  unfold Fraction.lt Fraction.value
  rw [Dyadic.lt_iff (K := K), Dyadic.value_mul, Dyadic.value_mul, div_lt_div_iff ha hb]

/-- The lesser of a cell and the least so far. -/
def lesser (cell : Fraction) : Option Fraction → Fraction
  | none => cell
  | some least => if cell.lt least then cell else least

omit h in
private theorem lesser_spec {cell : Fraction} {least : Option Fraction} (positive : 0 < cell.bottom.value K)
    (start : ∀ x, least = some x → 0 < x.bottom.value K) : 0 < (lesser cell least).bottom.value K ∧
      (lesser cell least).value K ≤ cell.value K ∧ ∀ x, least = some x → (lesser cell least).value K ≤ x.value K := by
  cases least with
  | none => exact ⟨positive, IsPreorder.le_refl _, fun x hx => by cases hx⟩
  | some x =>
    have hx := start x rfl
    have order := lt_iff_value (K := K) positive hx
    unfold lesser; dsimp only
    by_cases hlt : cell.lt x = true
    · rw [if_pos hlt]
      refine ⟨positive, IsPreorder.le_refl _, fun y hy => ?_⟩
      rw [← Option.some.inj hy]
      exact Std.le_of_lt (order.mp hlt)
    · rw [if_neg hlt]
      refine ⟨hx, ?_, fun y hy => by rw [← Option.some.inj hy]; exact IsPreorder.le_refl _⟩
      have : ¬ cell.value K < x.value K := fun h' => hlt (order.mpr h')
      grind

omit [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] h in
private theorem leastCell_step (ridges : Ridges) (outputs : Nat) (low high : Dyadic) (edges : List Dyadic) (trials : List Trial)
    (least : Option Fraction) : leastCell ridges outputs (low :: high :: edges) trials least
      = leastCell ridges outputs (high :: edges) (trials.drop outputs) (some (lesser (criterion
        (residuals ridges low false (trials.take outputs)) (freeOf ridges (degrees ridges high false))) least)) := by
  rw [leastCell, split_eq]
  dsimp only
  congr 1
  cases least with
  | none => rfl
  | some x => unfold lesser; dsimp only; split <;> rfl

/-- **The least number of the cells is a lower bound of the criterion on the bracket.** -/
theorem leastCell_spec (hn : 0 < n) {w : K → Fin c → Vec K r}
    (fits : ∀ α, 0 < α → ∀ o, IsRidge A (aboutMean (labels o)) α (w α o)) (edges : List Dyadic) (trials : List Trial)
    (least : Option Fraction) (result : Fraction) (hr : leastCell ridges c edges trials least = some result)
    (start : ∀ x, least = some x → 0 < x.bottom.value K) (sorted : Format.increasing edges = true)
    (positive : ∀ e ∈ edges, 0 < e.value K ∧ 0 < freeRows n g l (e.value K)) (count : c * (edges.length - 1) ≤ trials.length)
    (ht : ∀ trial ∈ trials, TrialOf A trial) :
    0 < result.bottom.value K ∧ (∀ x, least = some x → result.value K ≤ x.value K) ∧
      ∀ low rest, edges = low :: rest → ∀ α, low.value K ≤ α → (∃ e ∈ rest, α ≤ e.value K) →
        result.value K ≤ scaledGcv ridges A labels g l (w α) α := by
  induction edges generalizing trials least with
  | nil =>
    have same : least = some result := hr
    exact ⟨start _ same, fun x hx => by rw [same] at hx; rw [Option.some.inj hx]; exact IsPreorder.le_refl _,
      fun low rest he => by cases he⟩
  | cons low rest ih =>
    cases rest with
    | nil =>
      have same : least = some result := hr
      refine ⟨start _ same, fun x hx => by rw [same] at hx; rw [Option.some.inj hx]; exact IsPreorder.le_refl _,
        fun low' rest' he α _ he2 => ?_⟩
      cases he
      obtain ⟨e, he, _⟩ := he2
      exact absurd he List.not_mem_nil
    | cons high edges =>
      have ordered : Dyadic.lt low high = true ∧ Format.increasing (high :: edges) = true := by
        unfold Format.increasing at sorted
        split at sorted
        · next first => exact ⟨first, sorted⟩
        · cases sorted
      have order := (Dyadic.lt_iff (K := K) _ _).mp ordered.1
      rw [List.length_cons, List.length_cons, Nat.add_sub_cancel, Nat.mul_add, Nat.mul_one] at count
      have ownLength : (trials.take c).length = c := by rw [List.length_take]; omega
      have lowFacts := positive low List.mem_cons_self
      have highFacts := positive high (List.mem_cons_of_mem _ List.mem_cons_self)
      obtain ⟨cellPositive, cellLeast⟩ := cell_spec h hn fits lowFacts.1 (by clear h fits; grind) highFacts.2 ownLength
        (fun trial hm => ht trial (List.mem_of_mem_take hm))
      rw [leastCell_step] at hr
      generalize criterion (residuals ridges low false (trials.take c)) (freeOf ridges (degrees ridges high false)) = cell at *
      obtain ⟨mPositive, mCell, mLeast⟩ := lesser_spec cellPositive start
      obtain ⟨r1, r2, r3⟩ := ih (trials.drop c) (some (lesser cell least)) hr (fun x hx => by rw [← Option.some.inj hx]; exact mPositive) ordered.2
        (fun e he => positive e (List.mem_cons_of_mem _ he))
        (by rw [List.length_drop, List.length_cons, Nat.add_sub_cancel]; omega)
        (fun trial hmem => ht trial (List.mem_of_mem_drop hmem))
      have below := r2 _ rfl
      refine ⟨r1, fun x hx => IsPreorder.le_trans _ _ _ below (mLeast x hx), fun low' rest' he α hlow hmem => ?_⟩
      cases he
      by_cases inside : α ≤ high.value K
      · have alphaPositive : 0 < α := by clear h fits ih; grind
        have free := freeRows_le h lowFacts.1 hlow
        exact IsPreorder.le_trans _ _ _ (IsPreorder.le_trans _ _ _ below mCell)
          (cellLeast α hlow inside (by clear h fits ih; grind))
      · obtain ⟨e, he, hle⟩ := hmem
        refine r3 high edges rfl α (by clear h fits ih; grind) ⟨e, ?_, hle⟩
        rcases List.mem_cons.mp he with rfl | he
        · exact absurd hle inside
        · exact he

omit h in
/-- The first edge is the least. -/
theorem increasing_le {low : Dyadic} {rest : List Dyadic} (sorted : Format.increasing (low :: rest) = true) :
    ∀ e ∈ low :: rest, low.value K ≤ e.value K := by
  induction rest generalizing low with
  | nil =>
    intro e he
    rw [List.mem_singleton.mp he]; exact IsPreorder.le_refl _
  | cons high rest ih =>
    unfold Format.increasing at sorted
    split at sorted
    · next first =>
      have order := (Dyadic.lt_iff (K := K) _ _).mp first
      intro e he
      rcases List.mem_cons.mp he with rfl | he
      · exact IsPreorder.le_refl _
      · have := ih sorted e he
        clear ih; grind
    · cases sorted

/-- What `requireFree` decides: `n - g dof` is more than 0, and at least what is returned, in units of `1 / factorBottom`. -/
theorem free_of_requireFree {α free : Dyadic} (hα : 0 < α.value K) (hf : requireFree ridges α = Except.ok free) :
    0 < free.value K ∧ free.value K ≤ ridges.factorBottom.value K * freeRows n g l (α.value K) ∧
      0 < freeRows n g l (α.value K) := by
  unfold requireFree at hf
  dsimp only at hf
  split at hf
  · next positive =>
    have same := Except.ok.inj hf
    have positive := (Dyadic.value_pos_iff (K := K) _).mpr positive
    have less := (freeOf_spec h hα).1
    rw [same] at positive less
    refine ⟨positive, less, ?_⟩
    have unit := h.bottom
    refine lt_of_mul_lt_mul unit ?_
    clear h; grind
  · cases hf

end

end

end Eigenstill.Claims
