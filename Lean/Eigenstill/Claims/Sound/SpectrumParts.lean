/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Centred
public import Eigenstill.Claims.Sound.ModeRows
public import Eigenstill.Claims.Sound.Vectors

/-!
# Quotients of rows and running minima

* `norms_of_modesOf`: `|v_k|²` and `Σ_{l≠k} |v_k · v_l|`, as the checker has them.
* `rayleighBound_spec`: the quotient of two rows, rounded down. `leastSoFar_spec`: from each entry on the least one so far.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
include shapes

/-- There is an entry for every mode. -/
theorem lengths_of_modesOf (basis : Basis) : (modesOf basis model operator).norms.length = model.excess.length ∧
    (modesOf basis model operator).normRadii.length = model.excess.length ∧
    (modesOf basis model operator).energies.length = model.excess.length ∧
    (modesOf basis model operator).energyRadii.length = model.excess.length := by
  unfold modesOf
  dsimp only
  simp only [length_diagonal, length_radii, length_multiplied, shapes.excess, and_self]

variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **What the checker records of the vectors: `|v_k|²` and the sum of `|v_k · v_l|` over the others.** -/
theorem norms_of_modesOf (basis : Basis) (k : Fin model.excess.length) :
    normSq (modeVectors K basis model operator.columns k)
        = (at0 (modesOf basis model operator).norms k.val : K) * 2 ^ (modesOf basis model operator).gramExponent ∧
      offDiagonal (fun i j => dot (modeVectors K basis model operator.columns i) (modeVectors K basis model operator.columns j)) k
        = (at0 (modesOf basis model operator).normRadii k.val : K) * 2 ^ (modesOf basis model operator).gramExponent := by
  have e3 : (modesOf basis model operator).gramExponent = 2 * basis.vectorExponent := rfl
  have e1 : (modesOf basis model operator).norms = diagonal (multiplied model.excess.length model.eigenvectors
      (columnsOf operator.columns model.eigenvectors)) := by
    unfold modesOf; dsimp only; rw [sizeOf'_eq, shapes.excess]
  have e2 : (modesOf basis model operator).normRadii = radii (multiplied model.excess.length model.eigenvectors
      (columnsOf operator.columns model.eigenvectors)) := by
    unfold modesOf; dsimp only; rw [sizeOf'_eq, shapes.excess]
  have size : (multiplied model.excess.length model.eigenvectors (columnsOf operator.columns model.eigenvectors)).length
      = model.excess.length := by rw [length_multiplied, shapes.excess]
  have entry : ∀ i j : Fin model.excess.length, dot (modeVectors K basis model operator.columns i)
      (modeVectors K basis model operator.columns j) = (at00 (multiplied model.excess.length model.eigenvectors
        (columnsOf operator.columns model.eigenvectors)) i.val j.val : K) * 2 ^ (2 * basis.vectorExponent) := by
    intro i j
    rw [at00_gram shapes i.isLt j.isLt, dot_modeVectors, Int.two_mul, two_zpow_add, CommSemiring.mul_comm]
  rw [e1, e2, e3, at0_diagonal (by rw [size]; exact k.isLt),
    at0_radii (by rw [size]; exact k.isLt) fun row h => by rw [size]; exact length_row_multiplied h]
  refine ⟨entry k k, ?_⟩
  unfold offDiagonal sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul, size]
  have positive := two_zpow_pos (K := K) (2 * basis.vectorExponent)
  refine sum_congr fun l => ?_
  dsimp only
  by_cases h : k = l
  · rw [if_pos h, if_pos (by rw [h]), Ring.intCast_zero]
    generalize (2 : K) ^ (2 * basis.vectorExponent) = c
    grind
  · rw [if_neg h, if_neg (fun h' => h (Fin.ext h')), entry k l, absVal_mul, absVal_intCast,
      absVal_of_nonneg (x := (2 : K) ^ _) (by grind), CommSemiring.mul_comm]

end

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem quotient_shifted {t : Int} (g : Int) (ht : 0 < t) {s1 s2 : Int} (h1 : 0 ≤ s1) (h2 : 0 ≤ s2) :
    (quotient53 (shifted t s1).toNat (shifted g s2).toNat false).value K * ((g : K) * 2 ^ s2) ≤ (t : K) * 2 ^ s1 := by
  have key := quotient53_le (K := K) (shifted t s1).toNat (shifted g s2).toNat
  have nonneg := quotient53_nonneg (K := K) (shifted t s1).toNat (shifted g s2).toNat false
  have e1 := cast_shifted (K := K) t h1
  have e2 := cast_shifted (K := K) g h2
  have top : 0 ≤ shifted t s1 := by
    rw [← intCast_le_iff (K := K), Ring.intCast_zero, e1]
    exact OrderedRing.mul_nonneg (intCast_nonneg (by omega)) (by have := two_zpow_pos (K := K) s1; grind)
  have c1 : (((shifted t s1).toNat : Nat) : K) = ((shifted t s1 : Int) : K) := by
    rw [← Ring.intCast_natCast, Int.toNat_of_nonneg top]
  have c2 : ((shifted g s2 : Int) : K) ≤ (((shifted g s2).toNat : Nat) : K) := by
    rw [← Ring.intCast_natCast]; exact intCast_le (Int.self_le_toNat _)
  rw [c1, e1] at key
  rw [e2] at c2
  exact IsPreorder.le_trans _ _ _ (OrderedRing.mul_le_mul_of_nonneg_left c2 nonneg) key

theorem rayleighBound_nonneg (shift : Int) (energy norm : Int × Int) : 0 ≤ (rayleighBound shift energy norm).value K := by
  unfold rayleighBound
  dsimp only
  split
  · rw [Dyadic.value_zero]; exact IsPreorder.le_refl _
  · exact quotient53_nonneg _ _ _

/-- **A quotient of rows that is not 0 is at most the quotient.** -/
theorem rayleighBound_spec {shift e er g gr : Int} (h : 0 < (rayleighBound shift (e, er) (g, gr)).value K) :
    (rayleighBound shift (e, er) (g, gr)).value K * ((g : K) + (gr : K)) ≤ ((e : K) - (er : K)) * 2 ^ shift := by
  unfold rayleighBound at h ⊢
  dsimp only at h ⊢
  rw [← Ring.intCast_add, ← Ring.intCast_sub]
  by_cases top : e - er ≤ 0
  · rw [if_pos top, Dyadic.value_zero] at h
    exact absurd h (by grind)
  · rw [if_neg top]
    clear h
    by_cases hs : 0 ≤ shift
    · rw [if_pos hs, if_pos hs]
      have key := quotient_shifted (K := K) (g + gr) (show 0 < e - er by omega) hs (Int.le_refl 0)
      rw [Field.zpow_zero] at key
      rw [show ((g + gr : Int) : K) * 1 = ((g + gr : Int) : K) by grind] at key
      exact key
    · rw [if_neg hs, if_neg hs]
      have key := quotient_shifted (K := K) (g + gr) (show 0 < e - er by omega) (Int.le_refl 0) (show 0 ≤ -shift by omega)
      have inverse := two_zpow_add (K := K) (-shift) shift
      rw [show -shift + shift = 0 by omega, Field.zpow_zero] at inverse
      have positive := two_zpow_pos (K := K) shift
      have scaled := OrderedRing.mul_le_mul_of_nonneg_right key (c := (2 : K) ^ shift) (by grind)
      rw [Field.zpow_zero] at scaled
      generalize (quotient53 (shifted (e - er) 0).toNat (shifted (g + gr) (-shift)).toNat false).value K = q at *
      generalize ((e - er : Int) : K) = t at *
      generalize ((g + gr : Int) : K) = n at *
      generalize (2 : K) ^ (-shift) = a at *
      generalize (2 : K) ^ shift = b at *
      clear key
      have e1 : q * (n * a) * b = q * n * (a * b) := by grind
      rw [e1, ← inverse] at scaled
      grind

/-- **`leastSoFar`: entry `k` is at most every entry up to the `k`-th, and one of them.** `done` are the results for `seen`, last
one first. -/
theorem leastSoFar_spec (xs done seen : List Dyadic) (length : done.length = seen.length)
    (least : ∀ k i, i ≤ k → k < seen.length → (done.reverse.getD k Dyadic.zero).value K ≤ (seen.getD i Dyadic.zero).value K)
    (member : ∀ x ∈ done, x ∈ seen) :
    (leastSoFar xs done).length = (seen ++ xs).length ∧ (∀ k i, i ≤ k → k < (seen ++ xs).length →
      ((leastSoFar xs done).getD k Dyadic.zero).value K ≤ ((seen ++ xs).getD i Dyadic.zero).value K) ∧
      ∀ x ∈ leastSoFar xs done, x ∈ seen ++ xs := by
  induction xs generalizing done seen with
  | nil =>
    rw [show leastSoFar [] done = turned done by cases done <;> rfl, turned_eq, List.append_nil]
    exact ⟨by rw [List.length_reverse, length], least, fun x hx => member x (List.mem_reverse.mp hx)⟩
  | cons x xs ih =>
    cases done with
    | nil =>
      have empty : seen = [] := List.eq_nil_of_length_eq_zero (by rw [← length]; rfl)
      subst empty
      refine ih [x] [x] rfl (fun k i hi hk => ?_) (fun y hy => hy)
      rw [List.length_singleton] at hk
      rw [show k = 0 by omega, show i = 0 by omega]
      exact IsPreorder.le_refl _
    | cons last done =>
      rw [show leastSoFar (x :: xs) (last :: done)
        = leastSoFar xs ((if Dyadic.lt x last then x else last) :: last :: done) from rfl]
      have smaller : (if Dyadic.lt x last then x else last).value K ≤ last.value K ∧
          (if Dyadic.lt x last then x else last).value K ≤ x.value K := by
        by_cases h : Dyadic.lt x last = true
        · rw [if_pos h]
          have := (Dyadic.lt_iff (K := K) x last).mp h
          exact ⟨by grind, IsPreorder.le_refl _⟩
        · rw [if_neg h]
          have : ¬ x.value K < last.value K := fun h' => h ((Dyadic.lt_iff x last).mpr h')
          exact ⟨IsPreorder.le_refl _, by grind⟩
      have one : (if Dyadic.lt x last then x else last) = x ∨ (if Dyadic.lt x last then x else last) = last := by
        by_cases h : Dyadic.lt x last = true
        · rw [if_pos h]; exact Or.inl rfl
        · rw [if_neg h]; exact Or.inr rfl
      generalize (if Dyadic.lt x last then x else last) = m at *
      rw [List.length_cons] at length
      have key := ih (m :: last :: done) (seen ++ [x])
        (by rw [List.length_cons, List.length_cons, List.length_append, List.length_singleton, length])
        (fun k i hi hk => ?_) (fun y hy => ?_)
      · rw [List.append_assoc, List.singleton_append] at key; exact key
      · rw [List.length_append, List.length_singleton] at hk
        rw [List.reverse_cons, getD_append, getD_append, List.length_reverse, List.length_cons, length]
        by_cases hk1 : k < seen.length
        · rw [if_pos hk1, if_pos (by omega)]
          exact least k i hi hk1
        · rw [if_neg hk1, show k - seen.length = 0 by omega]
          show m.value K ≤ _
          by_cases hi1 : i < seen.length
          · rw [if_pos hi1]
            have before := least (seen.length - 1) i (by omega) (by omega)
            rw [List.reverse_cons, getD_append, List.length_reverse, if_neg (by omega),
              show seen.length - 1 - done.length = 0 by omega] at before
            exact IsPreorder.le_trans _ _ _ smaller.1 before
          · rw [if_neg hi1, show i - seen.length = 0 by omega]
            exact smaller.2
      · rw [List.mem_append]
        rcases List.mem_cons.mp hy with rfl | hy
        · rcases one with h | h
          · exact Or.inr (by rw [h]; exact List.mem_singleton.mpr rfl)
          · exact Or.inl (by rw [h]; exact member last List.mem_cons_self)
        · exact Or.inl (member y hy)

end

end Eigenstill.Claims
