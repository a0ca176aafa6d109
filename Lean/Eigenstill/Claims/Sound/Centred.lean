/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Prepare
public import Eigenstill.Claims.Sound.Products
public import Eigenstill.Claims.Sound.Statement

/-!
# The matrix of the operator, in integers

`at00_operatorOf`: from the column sums and the Gram matrix of integers `C`, the checker computes
`Σ_t (Σ_k (C_tk - c_k) T_ki) (Σ_l (C_tl - c_l) T_lj)`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims

open Exec

/-- The sums of a pass are those of `n` rows of integers `C`, `r` of them each. -/
structure SumsOf (sums : RowSums) (C : Nat → Nat → Int) (n r : Nat) : Prop where
  rows : sums.rows = n
  columns : sums.columnSums.length = r
  columnSums : ∀ k, k < r → at0 sums.columnSums k = sumTo n fun i => C i k
  gramRows : sums.gram.length = r
  gramColumns : ∀ row ∈ sums.gram, row.length = r
  gram : ∀ k l, k < r → l < r → at00 sums.gram k l = sumTo n fun i => C i k * C i l

/-- The shapes of the metric for `r` columns. -/
structure MetricShapes (model : Model) (r : Nat) : Prop where
  square : ∀ row ∈ model.metric, row.length = model.metric.length
  columns : model.metric.length + model.linearMetric.length = r

/-! ### The metric -/

theorem repeated_eq {α : Type} (x : α) (n : Nat) : repeated x n = List.replicate n x := by
  have walk : ∀ (n : Nat) (done : List α), repeated.add x n done = List.replicate n x ++ done := by
    intro n
    induction n with
    | zero => intro done; rfl
    | succ n ih =>
      intro done
      rw [show repeated.add x (n + 1) done = repeated.add x n (x :: done) from rfl, ih, List.replicate_succ',
        List.append_assoc, List.singleton_append]
  unfold repeated; rw [walk, List.append_nil]

theorem at0_replicate (n i : Nat) : at0 (List.replicate n 0) i = 0 := by
  unfold at0
  rw [List.getD_eq_getElem?_getD, List.getElem?_replicate]
  split <;> rfl

private theorem linear_length (m d : Nat) (values : List Int) : (List.zipWith (fun index value =>
    List.replicate (m + index) 0 ++ value :: List.replicate (d - index - 1) 0) (List.range d) values).length
      = min d values.length := by
  rw [List.length_zipWith, List.length_range]

theorem blockMetric_eq (metric : List (List Int)) (linear : List Int) : blockMetric metric linear
    = (metric.map fun row => row ++ List.replicate linear.length 0) ++ List.zipWith (fun index value =>
      List.replicate (metric.length + index) 0 ++ value :: List.replicate (linear.length - index - 1) 0)
      (List.range linear.length) linear := by
  unfold blockMetric
  simp only [mapped_eq, zipped_eq, joinedLists_eq, sizeOf'_eq, numbersBelow_eq, repeated_eq]

theorem length_blockMetric (metric : List (List Int)) (linear : List Int) :
    (blockMetric metric linear).length = metric.length + linear.length := by
  rw [blockMetric_eq, List.length_append, List.length_map, linear_length, Nat.min_self]

theorem getD_append {α : Type} (d : α) (xs ys : List α) (k : Nat) :
    (xs ++ ys).getD k d = if k < xs.length then xs.getD k d else ys.getD (k - xs.length) d := by
  rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_append]
  by_cases h : k < xs.length
  · rw [if_pos h, if_pos h]
  · rw [if_neg h, if_neg h]

theorem length_row_blockMetric {model : Model} {r : Nat} (shapes : MetricShapes model r) {row : List Int}
    (h : row ∈ blockMetric model.metric model.linearMetric) : row.length = r := by
  rw [blockMetric_eq] at h
  rcases List.mem_append.mp h with h | h
  · obtain ⟨other, member, rfl⟩ := List.mem_map.mp h
    rw [List.length_append, List.length_replicate, shapes.square other member, shapes.columns]
  · obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem h
    rw [linear_length, Nat.min_self] at hi
    rw [List.getElem_zipWith, List.getElem_range, List.length_append, List.length_replicate, List.length_cons,
      List.length_replicate, ← shapes.columns]
    omega

theorem at00_blockMetric {model : Model} {r : Nat} (shapes : MetricShapes model r) {k j : Nat} (hk : k < r) :
    at00 (blockMetric model.metric model.linearMetric) k j = model.metricEntry k j := by
  have hr := shapes.columns
  unfold Model.metricEntry
  dsimp only
  rw [blockMetric_eq, at00, getD_append, List.length_map]
  by_cases h : k < model.metric.length
  · rw [if_pos h, if_pos h, getD_below (xs := model.metric.map _) _ (by rw [List.length_map]; exact h), List.getElem_map]
    show at0 (model.metric[k] ++ List.replicate model.linearMetric.length 0) j = _
    rw [at0_append, shapes.square _ (List.getElem_mem h), at0_replicate]
    rw [show model.metric[k] = model.metric.getD k [] from (getD_below _ h).symm]
  · rw [if_neg h, if_neg h, getD_below (xs := List.zipWith _ _ _) _ (by rw [linear_length, Nat.min_self]; omega),
      List.getElem_zipWith, List.getElem_range]
    show at0 (List.replicate (model.metric.length + (k - model.metric.length)) 0 ++ model.linearMetric[k - model.metric.length]
      :: List.replicate (model.linearMetric.length - (k - model.metric.length) - 1) 0) j = _
    rw [at0_append, List.length_replicate, show model.metric.length + (k - model.metric.length) = k by omega, at0_replicate]
    by_cases hj : j < k
    · rw [if_pos hj, if_neg (by omega)]
    · rw [if_neg hj]
      by_cases e : k = j
      · subst e
        rw [Nat.sub_self, if_pos rfl, getD_below (xs := model.linearMetric) _ (by omega)]; rfl
      · rw [if_neg e, show j - k = (j - k - 1) + 1 by omega]
        show at0 (List.replicate (model.linearMetric.length - (k - model.metric.length) - 1) 0) (j - k - 1) = 0
        exact at0_replicate _ _

/-! ### The centred Gram matrix -/

section
variable {sums : RowSums} {C : Nat → Nat → Int} {n r : Nat} (hs : SumsOf sums C n r)
include hs

theorem centred_eq : centred sums.gram sums.columnSums sums.rows = List.zipWith (fun (row : List Int) (own : Int × Int) =>
      List.zipWith (fun entry (other : Int × Int) => entry - own.1 * other.2 - own.2 * other.1 + (n : Int) * own.2 * other.2) row
        (List.zipWith Prod.mk sums.columnSums (sums.columnSums.map fun total => total / (n : Int)))) sums.gram
      (List.zipWith Prod.mk sums.columnSums (sums.columnSums.map fun total => total / (n : Int))) := by
  unfold centred
  simp only [mapped_eq, zipped_eq, hs.rows]
  rfl

private theorem pairs_length : (List.zipWith Prod.mk sums.columnSums (sums.columnSums.map fun total => total / (n : Int))).length
    = r := by
  rw [List.length_zipWith, List.length_map, Nat.min_self, hs.columns]

theorem length_centred : (centred sums.gram sums.columnSums sums.rows).length = r := by
  rw [centred_eq hs, List.length_zipWith, hs.gramRows, pairs_length hs, Nat.min_self]

theorem length_row_centred {row : List Int} (h : row ∈ centred sums.gram sums.columnSums sums.rows) : row.length = r := by
  rw [centred_eq hs] at h
  obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem h
  rw [List.length_zipWith, hs.gramRows, pairs_length hs, Nat.min_self] at hi
  rw [List.getElem_zipWith, List.length_zipWith, pairs_length hs, hs.gramColumns _ (List.getElem_mem _), Nat.min_self]

private theorem pair {k : Nat} (hk : k < r) :
    (List.zipWith Prod.mk sums.columnSums (sums.columnSums.map fun total => total / (n : Int))).getD k (0, 0)
      = (sumTo n fun i => C i k, meanBelow C n k) := by
  have length : k < sums.columnSums.length := by rw [hs.columns]; exact hk
  rw [getD_zipWith Prod.mk 0 0 (0, 0) length (by rw [List.length_map]; exact length),
    getD_below (xs := sums.columnSums.map _) _ (by rw [List.length_map]; exact length), List.getElem_map,
    show sums.columnSums[k] = at0 sums.columnSums k from (getD_below _ length).symm,
    show sums.columnSums.getD k 0 = at0 sums.columnSums k from rfl, hs.columnSums k hk]
  rfl

/-- **The Gram matrix of the centred integers.** -/
theorem at00_centred {k l : Nat} (hk : k < r) (hl : l < r) : at00 (centred sums.gram sums.columnSums sums.rows) k l
    = sumTo n fun i => (C i k - meanBelow C n k) * (C i l - meanBelow C n l) := by
  have hk' : k < sums.gram.length := by rw [hs.gramRows]; exact hk
  have row : (sums.gram.getD k []).length = r := by rw [getD_below _ hk']; exact hs.gramColumns _ (List.getElem_mem hk')
  rw [centred_eq hs, at00, getD_zipWith _ [] (0, 0) [] hk' (by rw [pairs_length hs]; exact hk),
    getD_zipWith _ 0 (0, 0) 0 (by rw [row]; exact hl) (by rw [pairs_length hs]; exact hl), pair hs hk, pair hs hl,
    show (sums.gram.getD k []).getD l 0 = at00 sums.gram k l from rfl, hs.gram k l hk hl]
  dsimp only
  generalize meanBelow C n k = a
  generalize meanBelow C n l = b
  clear row hk' hk hl hs
  induction n with
  | zero => rw [show ((0 : Nat) : Int) = 0 from rfl]; show (0 : Int) - 0 * b - a * 0 + 0 * a * b = 0; grind
  | succ n ih =>
    rw [show ∀ f : Nat → Int, sumTo (n + 1) f = sumTo n f + f n from fun _ => rfl,
      show ∀ f : Nat → Int, sumTo (n + 1) f = sumTo n f + f n from fun _ => rfl,
      show ∀ f : Nat → Int, sumTo (n + 1) f = sumTo n f + f n from fun _ => rfl,
      show ∀ f : Nat → Int, sumTo (n + 1) f = sumTo n f + f n from fun _ => rfl, ← ih, Int.natCast_add]
    generalize (sumTo n fun i => C i k * C i l) = g
    generalize (sumTo n fun i => C i k) = s
    generalize (sumTo n fun i => C i l) = t
    rw [show ((1 : Nat) : Int) = 1 from rfl]
    grind

end

end Eigenstill.Claims
