/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.CopiedStatement

/-!
# Vectors without their projections

`exists_rest`: **every vector has a rest, in every ordered field.** `normSq_rest_le`: none of its size is nearer.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n p : Nat}

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem comb_zero (g : Fin p → Vec K n) (i : Fin n) : comb (fun _ => 0) g i = 0 :=
  Eq.trans (sum_congr (g := fun _ => (0 : K)) fun k => by grind) (sum_zero p)

/-- **Every vector has a rest.** By orthogonalisation, one vector after another; they need not be independent. -/
theorem exists_rest (g : Fin p → Vec K n) (count : Nat) (f : Vec K n) : ∃ rest, IsRest g count f rest := by
  induction count generalizing f with
  | zero =>
    refine ⟨f, ⟨⟨fun _ => 0, fun _ _ => rfl, fun i => ?_⟩, fun k hk => absurd hk (Nat.not_lt_zero _)⟩⟩
    rw [comb_zero]; grind
  | succ count ih =>
    by_cases last : count < p
    · obtain ⟨u, ⟨a, a0, ua⟩, uo⟩ := ih (g ⟨count, last⟩)
      obtain ⟨v, ⟨b, b0, vb⟩, vo⟩ := ih f
      -- u is what is new in the last vector
      have same : dot (g ⟨count, last⟩) u = normSq u := by
        have e : g ⟨count, last⟩ = fun i => u i + 1 * comb a g i := by funext i; rw [ua i]; grind
        rw [e, dot_lin, dot_comb, sum_congr (g := fun _ => (0 : K)) fun k => by
          by_cases hk : k.val < count
          · rw [uo k hk]; grind
          · rw [a0 k (by omega)]; grind, sum_zero]
        unfold normSq; grind
      by_cases empty : normSq u = 0
      · have zero := eq_zero_of_normSq_eq_zero u empty
        refine ⟨v, ⟨⟨b, fun k hk => b0 k (by omega), vb⟩, fun k hk => ?_⟩⟩
        by_cases hk' : k.val < count
        · exact vo k hk'
        · have e : k = ⟨count, last⟩ := Fin.ext (by show k.val = count; omega)
          have combined : g ⟨count, last⟩ = comb a g := by
            funext i
            have h1 := ua i
            rw [zero] at h1
            grind
          rw [e, combined, dot_comb, sum_congr (g := fun _ => (0 : K)) fun l => by
            by_cases hl : l.val < count
            · rw [vo l hl]; grind
            · rw [a0 l (by omega)]; grind, sum_zero]
      · let c := dot (g ⟨count, last⟩) v / normSq u
        have cu : c * normSq u = dot (g ⟨count, last⟩) v := by
          show dot (g ⟨count, last⟩) v / normSq u * normSq u = _
          generalize dot (g ⟨count, last⟩) v = x
          generalize normSq u = y at *
          grind
        refine ⟨fun i => v i - c * u i, ⟨⟨fun k => b k + c * (ident ⟨count, last⟩ k - a k), fun k hk => ?_, fun i => ?_⟩, fun k hk => ?_⟩⟩
        · dsimp only
          have e : (ident (K := K) ⟨count, last⟩ k) = 0 := by
            unfold ident
            rw [if_neg (by intro h; have h : count = k.val := h; omega)]
          rw [b0 k (by omega), a0 k (by omega), e]; grind
        · have e : comb (fun k => b k + c * (ident ⟨count, last⟩ k - a k)) g i
              = comb b g i + c * (g ⟨count, last⟩ i - comb a g i) := by
            have unit : g ⟨count, last⟩ i = Eigenstill.sum p fun k => ident ⟨count, last⟩ k * g k i := by
              rw [sum_congr (g := fun k => g k i * ident ⟨count, last⟩ k) fun k => CommSemiring.mul_comm _ _]
              exact (sum_ident p ⟨count, last⟩ fun k => g k i).symm
            unfold comb
            rw [unit, ← sum_sub, ← sum_mul, ← sum_add]
            exact sum_congr fun k => by grind
          rw [e, ← ua i, vb i]; grind
        · have e : dot (g k) (fun i => v i - c * u i) = dot (g k) v - c * dot (g k) u := by
            rw [dot_sub_right, dot_comm (g k) fun i => c * u i, dot_smul, dot_comm u]
          rw [e]
          by_cases hk' : k.val < count
          · rw [vo k hk', uo k hk']; grind
          · have last' : k = ⟨count, last⟩ := Fin.ext (by show k.val = count; omega)
            rw [last', same, cu]; grind
    · obtain ⟨v, ⟨b, b0, vb⟩, vo⟩ := ih f
      refine ⟨v, ⟨⟨b, fun k hk => b0 k (by omega), vb⟩, fun k _ => vo k (by have := k.isLt; omega)⟩⟩

section
variable {g : Fin p → Vec K n} {count : Nat} {f f' y y' : Vec K n}

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- A rest is orthogonal to every combination of the first vectors. -/
theorem dot_rest (h : IsRest g count f f') {b : Vec K p} (hb : ∀ k, count ≤ k.val → b k = 0) : dot f' (comb b g) = 0 := by
  rw [dot_comb_right, sum_congr (g := fun _ => (0 : K)) fun k => ?_, sum_zero]
  by_cases hk : k.val < count
  · rw [dot_comm, h.orthogonal k hk]; grind
  · rw [hb k (by omega)]; grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
/-- Rests of sums and differences, with `c` 1 or -1. -/
theorem isRest_lin (hf : IsRest g count f f') (hy : IsRest g count y y') (c : K) :
    IsRest g count (fun i => f i + c * y i) fun i => f' i + c * y' i := by
  obtain ⟨a, a0, ha⟩ := hf.differs
  obtain ⟨b, b0, hb⟩ := hy.differs
  refine ⟨⟨fun k => a k + c * b k, fun k hk => ?_, fun i => ?_⟩, fun k hk => ?_⟩
  · dsimp only; rw [a0 k hk, b0 k hk]; grind
  · have e : comb (fun k => a k + c * b k) g i = comb a g i + c * comb b g i := by
      unfold comb
      rw [← sum_lin]
      exact sum_congr fun k => by grind
    rw [e, ha i, hb i]; grind
  · rw [dot_comm, dot_lin, dot_comm f', dot_comm y', hf.orthogonal k hk, hy.orthogonal k hk]; grind

/-- No combination of the first vectors is nearer than the projection. -/
theorem normSq_rest_le (h : IsRest g count f f') {b : Vec K p} (hb : ∀ k, count ≤ k.val → b k = 0) :
    normSq f' ≤ normSq fun i => f i - comb b g i := by
  obtain ⟨a, a0, ha⟩ := h.differs
  have e : (fun i => f i - comb b g i) = fun i => f' i + 1 * comb (fun k => a k - b k) g i := by
    funext i
    have e : comb (fun k => a k - b k) g i = comb a g i - comb b g i := by
      unfold comb
      rw [← sum_sub]
      exact sum_congr fun k => by grind
    rw [e, ha i]; grind
  have zero := dot_rest h (b := fun k => a k - b k) fun k hk => by dsimp only; rw [a0 k hk, hb k hk]; grind
  rw [e, normSq_lin, zero]
  have := normSq_nonneg (comb (fun k => a k - b k) g)
  grind

end

end

end Eigenstill.Claims
