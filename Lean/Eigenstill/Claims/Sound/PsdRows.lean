/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.CompareRows

/-!
# What `requirePsd` decides, in integers

`entries_of_requirePsd`: every entry of `W - L Lᵀ - σ I` on or above the diagonal lies in `[-h, h)`, `r h ≤ σ`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq pack_congr pack_sub pack_add pack_mul pack_sum)

/-- The exponent of the common unit of `W`'s parts. -/
def psdLow (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  smaller (smaller (smaller (2 * basis.vectorExponent + basis.excessExponent) (2 * basis.factorExponent)) operator.exponent)
    (smaller witness.threshold.reduced.exponent witness.slack.reduced.exponent)

/-- The units of `V D Vᵀ`, of `L Lᵀ` and of `M` in the common unit, and `σ` and `μ - σ` in it. -/
def psdSpectral (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  shifted 1 (2 * basis.vectorExponent + basis.excessExponent - psdLow basis operator witness)
@[inherit_doc psdSpectral]
def psdFactor (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  shifted 1 (2 * basis.factorExponent - psdLow basis operator witness)
@[inherit_doc psdSpectral]
def psdScale (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  shifted 1 (operator.exponent - psdLow basis operator witness)
@[inherit_doc psdSpectral]
def psdSigma (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  inUnits (psdLow basis operator witness) witness.slack.reduced
@[inherit_doc psdSpectral]
def psdLevel (basis : Basis) (operator : Operator) (witness : EckartYoungWitness) : Int :=
  inUnits (psdLow basis operator witness) witness.threshold.reduced - psdSigma basis operator witness

/-- Entry of `V D Vᵀ`, and of `L Lᵀ`, in integers. -/
def modalEntry (model : Model) (i j : Nat) : Int :=
  sumTo model.excess.length fun k => at0 model.excess k * (at00 model.eigenvectors k i * at00 model.eigenvectors k j)
@[inherit_doc modalEntry]
def factorEntry (model : Model) (r i j : Nat) : Int := sumTo r fun l => at00 model.factor i l * at00 model.factor j l

/-- The shapes of the spectral arrays for an operator of `r` columns. -/
structure SpectralShapes (model : Model) (operator : Operator) : Prop where
  excess : model.excess.length = model.eigenvectors.length
  vectors : ∀ row ∈ model.eigenvectors, row.length = operator.columns
  factorRows : model.factor.length = operator.columns
  factor : ∀ row ∈ model.factor, row.length = operator.columns
  matrixRows : operator.matrix.length = operator.columns
  matrix : ∀ row ∈ operator.matrix, row.length = operator.columns

/-! ### Bounds -/

theorem natAbs_sumTo_le {n : Nat} {f : Nat → Int} {b : Nat} (h : ∀ i, i < n → (f i).natAbs ≤ b) :
    (sumTo n f).natAbs ≤ n * b := by
  induction n with
  | zero => rw [show sumTo 0 f = 0 from rfl]; exact Nat.zero_le _
  | succ n ih =>
    have h1 := ih fun i hi => h i (by omega)
    have h2 := h n (by omega)
    have h3 := Int.natAbs_add_le (sumTo n f) (f n)
    rw [show sumTo (n + 1) f = sumTo n f + f n from rfl, Nat.succ_mul]; omega

theorem mul_natAbs_le {a b : Int} {x y : Nat} (h1 : a.natAbs ≤ x) (h2 : b.natAbs ≤ y) : (a * b).natAbs ≤ x * y := by
  rw [Int.natAbs_mul]; exact Nat.mul_le_mul h1 h2

theorem modalEntry_le (model : Model) (i j : Nat) :
    (modalEntry model i j).natAbs ≤ model.excess.length * (largest model.excess * largestOf model.eigenvectors ^ 2) := by
  unfold modalEntry
  rw [Nat.pow_two]
  refine natAbs_sumTo_le fun k _ => mul_natAbs_le (at0_le_largest _ _) ?_
  exact mul_natAbs_le (at00_le_largestOf _ _ _) (at00_le_largestOf _ _ _)

theorem factorEntry_le (model : Model) (r i j : Nat) :
    (factorEntry model r i j).natAbs ≤ r * largestOf model.factor ^ 2 := by
  unfold factorEntry
  rw [Nat.pow_two]
  refine natAbs_sumTo_le fun l _ => ?_
  exact mul_natAbs_le (at00_le_largestOf _ _ _) (at00_le_largestOf _ _ _)

theorem lt_two_pow_bitLength (n : Nat) : n < 2 ^ Format.bitLength n := by
  unfold Format.bitLength
  by_cases h : n = 0
  · subst h; rw [if_pos (by rfl)]; decide
  · rw [if_neg (by simpa using h)]; exact Nat.lt_log2_self

theorem two_pow_bitLength_le {n : Nat} (h : 1 ≤ Format.bitLength n) : 2 ^ (Format.bitLength n - 1) ≤ n := by
  unfold Format.bitLength at h ⊢
  by_cases h0 : n = 0
  · subst h0; rw [if_pos (by rfl)] at h; omega
  · rw [if_neg (by simpa using h0), Nat.add_sub_cancel]; exact Nat.log2_self_le h0

/-! ### The packed rows -/

theorem at0_append (xs ys : List Int) (k : Nat) :
    at0 (xs ++ ys) k = if k < xs.length then at0 xs k else at0 ys (k - xs.length) := by
  unfold at0
  rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_append]
  by_cases h : k < xs.length
  · rw [if_pos h, if_pos h]
  · rw [if_neg h, if_neg h]

/-- A sum over two lists, one behind the other. -/
theorem sumTo_append {m n : Nat} {f g h : Nat → Int} (first : ∀ k, k < m → f k = g k) (second : ∀ k, k < n → f (m + k) = h k) :
    sumTo (m + n) f = sumTo m g + sumTo n h := by
  induction n with
  | zero =>
    rw [Nat.add_zero, sumTo_congr first]; exact (Int.add_zero _).symm
  | succ n ih =>
    rw [← Nat.add_assoc, show sumTo (m + n + 1) f = sumTo (m + n) f + f (m + n) from rfl,
      ih fun k hk => second k (by omega), second n (by omega), show sumTo (n + 1) h = sumTo n h + h n from rfl, Int.add_assoc]

theorem getD_zipWith {α β γ : Type} (f : α → β → γ) (a : α) (b : β) (c : γ) {xs : List α} {ys : List β} {k : Nat}
    (hx : k < xs.length) (hy : k < ys.length) : (List.zipWith f xs ys).getD k c = f (xs.getD k a) (ys.getD k b) := by
  rw [getD_below _ (by rw [List.length_zipWith]; omega), getD_below _ hx, getD_below _ hy, List.getElem_zipWith]

theorem at0_drop (xs : List Int) (i k : Nat) : at0 (xs.drop i) k = at0 xs (i + k) := by
  unfold at0; rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_drop]

theorem pack_sumTo (B : Int) (n m : Nat) (e : Nat → Nat → Int) :
    Exact.pack B n (fun s => sumTo m fun k => e k s) = sumTo m fun k => Exact.pack B n (e k) := by
  exact pack_sum B n m fun k s => e k.val s

/-- The level in one slot. -/
theorem pack_unit (B : Int) (n t : Nat) (c : Int) (h : t < n) : Exact.pack B n (fun s => if s = t then c else 0) = c * B ^ t := by
  have zero : ∀ m, m ≤ t → Exact.pack B m (fun s => if s = t then c else 0) = 0 := by
    intro m
    induction m with
    | zero => intro _; rfl
    | succ m ih => intro hm; rw [Exact.pack_succ, ih (by omega), if_neg (by omega), Int.zero_mul]; rfl
  induction n with
  | zero => omega
  | succ n ih =>
    rw [Exact.pack_succ]
    by_cases h1 : t = n
    · rw [zero n (by omega), if_pos h1.symm, h1, Int.zero_add]
    · rw [ih (by omega), if_neg (by omega), Int.zero_mul, Int.add_zero]

end Eigenstill.Claims.Exec
