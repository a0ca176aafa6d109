/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Fidelity
public import Eigenstill.Claims.Sound.FidelityStatement
public import Eigenstill.Claims.Sound.Psd
public import Eigenstill.Claims.Sound.Roots

/-!
# From sums to the bounds of `fidelity`

`fidelity_of_sums`: **whatever the checker records about an output holds for the exact formula**, given the exact sums for the
formula on the floored basis and a bound on what flooring moves.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec
open Eigenstill.Format (ratio)

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n : Nat}

/-- The sums of a target `t`, of the formula `s` on the floored basis, and of the teacher's outputs. -/
structure TargetSumsOf (sums : TargetSums) (t s teacher : Vec K n) : Prop where
  squaredErrors : sums.squaredErrors.value K = normSq fun i => t i - s i
  largestError : ∀ i, absVal (t i - s i) ≤ sums.largestError.value K
  values : sums.values.value K = sum n t
  squaredValues : sums.squaredValues.value K = normSq t
  teacherSquaredErrors : sums.teacherSquaredErrors.value K = normSq fun i => t i - teacher i

/-! ### Inequalities -/

theorem le_of_sq_le_sq {a b : K} (hb : 0 ≤ b) (h : a ^ 2 ≤ b ^ 2) : a ≤ b := by
  by_cases h1 : a ≤ b
  · exact h1
  · have h2 : b < a := by grind
    have h3 := OrderedRing.mul_pos (show 0 < a - b by grind) (show 0 < a + b by grind)
    grind

/-- Cauchy's inequality with ones: `(Σ x)² ≤ n Σ x²`. -/
theorem sum_sq_le (x : Vec K n) : sum n x ^ 2 ≤ (n : K) * normSq x := by
  by_cases h0 : n = 0
  · subst h0
    simp only [sum, normSq, dot]
    rw [Semiring.natCast_zero]; grind
  · have positive : 0 < (n : K) := by
      have h1 := intCast_lt (K := K) (show (0 : Int) < (n : Int) by omega)
      rw [Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
    have square := normSq_nonneg fun i => (n : K) * x i + (-sum n x) * 1
    rw [normSq_lin (-sum n x) (fun i => (n : K) * x i) (fun _ => 1)] at square
    have e1 : normSq (fun i => (n : K) * x i) = (n : K) ^ 2 * normSq x := by
      unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind
    have e2 : dot (fun i => (n : K) * x i) (fun _ => 1) = (n : K) * sum n x := by
      rw [dot_smul]; unfold dot
      rw [sum_congr (g := x) fun i => by grind]
    have e3 : normSq (fun _ : Fin n => (1 : K)) = (n : K) := by
      unfold normSq dot
      rw [sum_congr (g := fun _ => (1 : K)) fun i => by grind, sum_one]
    rw [e1, e2, e3] at square
    generalize sum n x = S at *
    generalize normSq x = Q at *
    generalize (n : K) = N at *
    clear e1 e2 e3
    refine le_of_mul_le_mul positive ?_
    grind

theorem totalSquares_nonneg (t : Vec K n) : 0 ≤ totalSquares t := by
  have := sum_sq_le t
  unfold totalSquares; grind

/-- Numerator and denominator of a number that is not negative. -/
theorem ratio_spec {x : Dyadic} (h : 0 ≤ x.value K) : ((ratio x).1 : K) = x.value K * ((ratio x).2 : K) ∧ 0 < (ratio x).2 := by
  have nonneg := (Dyadic.value_nonneg_iff x).mp h
  have mantissa : ((x.mantissa.natAbs : Nat) : K) = (x.mantissa : K) := by
    rw [← Ring.intCast_natCast, show ((x.mantissa.natAbs : Nat) : Int) = x.mantissa by omega]
  unfold ratio Dyadic.value
  cases x.exponent with
  | ofNat up =>
    dsimp only
    refine ⟨?_, by omega⟩
    rw [natCast_shiftLeft, mantissa, Semiring.natCast_one, show (Int.ofNat up : Int) = (up : Int) from rfl, two_zpow_natCast]
    grind
  | negSucc down =>
    dsimp only
    have shift : Nat.shiftLeft 1 (down + 1) = 2 ^ (down + 1) := by
      rw [show Nat.shiftLeft 1 (down + 1) = 1 <<< (down + 1) from rfl, Nat.shiftLeft_eq, Nat.one_mul]
    refine ⟨?_, by rw [shift]; exact Nat.two_pow_pos _⟩
    rw [mantissa, shift, Semiring.natCast_pow, natCast_two, ← two_zpow_natCast]
    have inverse := two_zpow_add (K := K) (Int.negSucc down) ((down + 1 : Nat) : Int)
    rw [show Int.negSucc down + ((down + 1 : Nat) : Int) = 0 by omega, Field.zpow_zero] at inverse
    generalize (2 : K) ^ (Int.negSucc down) = a at *
    generalize (2 : K) ^ ((down + 1 : Nat) : Int) = b at *
    generalize (x.mantissa : K) = m at *
    clear mantissa
    grind

/-- The squared error of the exact formula: `Σ (e + δ)² ≤ Σ e² + 2 f c + n f²` for `|δ| ≤ f`, `n Σ e² ≤ c²`. -/
theorem normSq_add_le_of_shift (e δ : Vec K n) {f c : K} (hf : 0 ≤ f) (hδ : ∀ i, absVal (δ i) ≤ f) (hc : 0 ≤ c)
    (h : (n : K) * normSq e ≤ c ^ 2) : normSq (fun i => e i + δ i) ≤ normSq e + 2 * f * c + (n : K) * f * f := by
  have split := normSq_lin 1 e δ
  rw [show (fun i => e i + 1 * δ i) = fun i => e i + δ i by funext i; grind] at split
  have absolute : sum n (fun i => absVal (e i)) ≤ c := by
    refine le_of_sq_le_sq hc ?_
    have h1 := sum_sq_le fun i => absVal (e i)
    have h2 : normSq (fun i => absVal (e i)) = normSq e := by
      rw [normSq_eq, normSq_eq]; exact sum_congr fun i => absVal_sq _
    rw [h2] at h1
    exact IsPreorder.le_trans _ _ _ h1 h
  have cross : dot e δ ≤ f * sum n fun i => absVal (e i) := by
    unfold dot
    rw [← sum_mul]
    refine sum_le _ _ _ fun i => ?_
    have h1 := le_absVal (e i * δ i)
    rw [absVal_mul] at h1
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left (hδ i) (absVal_nonneg (e i))
    rw [CommSemiring.mul_comm f]
    exact IsPreorder.le_trans _ _ _ h1 h2
  have own : normSq δ ≤ (n : K) * (f * f) := by
    rw [normSq_eq, ← sum_const]
    refine sum_le _ _ _ fun i => ?_
    have h1 := sq_le_sq (absVal_nonneg (δ i)) (hδ i)
    rw [absVal_sq] at h1
    rw [show f * f = f ^ 2 by grind]; exact h1
  have scaled := OrderedRing.mul_le_mul_of_nonneg_left absolute hf
  rw [split]
  generalize dot e δ = d at *
  generalize normSq e = E at *
  generalize normSq δ = D at *
  generalize sum n (fun i => absVal (e i)) = S at *
  generalize (n : K) = N at *
  clear split hδ
  grind

/-- **Whatever the checker records about an output holds for the exact formula `f`**: given the exact sums for a target `t` and
the formula `s` on the floored basis, and that flooring moves the formula by at most `shift`. That the sums are those of the
rows, and the shift bounds what flooring moves, are hypotheses. -/
theorem fidelity_of_sums {sums : TargetSums} {t s f teacher : Vec K n} (hs : TargetSumsOf sums t s teacher) {shift : Dyadic}
    (nonneg : 0 ≤ shift.value K) (moved : ∀ i, absVal (s i - f i) ≤ shift.value K) (hn : 0 < n) (labels : Bool) :
    FidelityHolds t f teacher (outputFidelity n labels sums shift) := by
  have count : (Dyadic.ofInt (Int.ofNat n)).value K = (n : K) := by
    rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast n
  have errors : 0 ≤ sums.squaredErrors.value K := by rw [hs.squaredErrors]; exact normSq_nonneg _
  have teacherErrors : 0 ≤ sums.teacherSquaredErrors.value K := by rw [hs.teacherSquaredErrors]; exact normSq_nonneg _
  have countNonneg := natCast_nonneg (K := K) n
  have product : 0 ≤ (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors).value K := by
    rw [Dyadic.value_mul, count]; exact OrderedRing.mul_nonneg countNonneg errors
  -- the root above `√(n Σ e²)`
  obtain ⟨top, bottom⟩ := ratio_spec product
  have root := le_sqrt53_sq (K := K) (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).1
    (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 bottom
  have rootNonneg := sqrt53_nonneg (K := K) (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).1
    (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 true
  have bottomPos : 0 < ((ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 : K) := by
    have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom)
    rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
  have cross : (n : K) * normSq (fun i => t i - s i)
      ≤ (sqrt53 (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).1
        (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 true).value K ^ 2 := by
    rw [top, Dyadic.value_mul, count, hs.squaredErrors] at root
    refine le_of_mul_le_mul bottomPos ?_
    generalize (n : K) * normSq (fun i => t i - s i) = a at *
    generalize (sqrt53 _ _ true).value K = b at *
    generalize ((ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 : K) = c at *
    clear top product count hs errors teacherErrors moved
    grind
  have rest := normSq_add_le_of_shift (fun i => t i - s i) (fun i => s i - f i) nonneg moved rootNonneg cross
  rw [show (fun i => t i - s i + (s i - f i)) = fun i => t i - f i by funext i; grind] at rest
  unfold outputFidelity
  dsimp only
  generalize sqrt53 (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).1
    (ratio (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredErrors)).2 true = c at *
  generalize hb : Dyadic.add (Dyadic.add sums.squaredErrors (Dyadic.mul (Dyadic.mul ⟨2, 0⟩ shift) c))
    (Dyadic.mul (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) shift) shift) = bound
  have value : bound.value K = normSq (fun i => t i - s i) + 2 * shift.value K * c.value K
      + (n : K) * shift.value K * shift.value K := by
    rw [← hb, Dyadic.value_add, Dyadic.value_add, Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_mul, count,
      hs.squaredErrors, show (⟨2, 0⟩ : Dyadic) = Dyadic.ofInt 2 from rfl, Dyadic.value_ofInt, cast_two]
  rw [← value] at rest
  have boundNonneg : 0 ≤ bound.value K := IsPreorder.le_trans _ _ _ (normSq_nonneg _) rest
  refine ⟨fun i => ?_, ?_, fun q hq => ?_, fun q hq => ?_⟩
  · dsimp only
    rw [Dyadic.value_add]
    have h1 := absVal_add (t i - s i) (s i - f i)
    rw [show t i - s i + (s i - f i) = t i - f i by grind] at h1
    have h2 := hs.largestError i
    have h3 := moved i
    clear hs moved rest value
    grind
  · dsimp only
    obtain ⟨top', bottom'⟩ := ratio_spec boundNonneg
    have root' := le_sqrt53_sq (K := K) (ratio bound).1 ((ratio bound).2 * n) (Nat.mul_pos bottom' hn)
    have positive : 0 < ((ratio bound).2 : K) := by
      have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom')
      rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
    rw [top', Semiring.natCast_mul] at root'
    refine IsPreorder.le_trans _ _ _ rest (le_of_mul_le_mul positive ?_)
    generalize ((ratio bound).2 : K) = d at *
    generalize (sqrt53 (ratio bound).1 ((ratio bound).2 * n) true).value K = b at *
    generalize bound.value K = v at *
    generalize (n : K) = N at *
    clear hs moved top' top value rest
    grind
  · dsimp only at hq
    unfold rSquared at hq
    dsimp only at hq
    generalize htotal : Dyadic.sub (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) sums.squaredValues)
      (Dyadic.mul sums.values sums.values) = total at hq
    have totalValue : total.value K = totalSquares t := by
      rw [← htotal, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, count, hs.squaredValues, hs.values]
      unfold totalSquares; grind
    have totalNonneg := totalSquares_nonneg t
    split at hq
    · cases hq
    · next nonzero =>
      generalize hrest : Dyadic.sub total (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) bound) = left at hq
      have leftValue : left.value K = totalSquares t - (n : K) * bound.value K := by
        rw [← hrest, Dyadic.value_sub, Dyadic.value_mul, count, totalValue]
      have low1 : smaller left.exponent total.exponent ≤ left.exponent := smaller_le_left _ _
      have low2 : smaller left.exponent total.exponent ≤ total.exponent := smaller_le_right _ _
      generalize smaller left.exponent total.exponent = low at *
      have u1 := cast_inUnits_mul (K := K) left low1
      have u2 := cast_inUnits_mul (K := K) total low2
      have unit := two_zpow_pos (K := K) low
      generalize inUnits low left = a at *
      generalize inUnits low total = b at *
      have positive : 0 < b := by
        have h1 : 0 ≤ ((b : Int) : K) := by
          by_cases h2 : 0 ≤ ((b : Int) : K)
          · exact h2
          · have h3 := OrderedRing.mul_pos (a := -((b : Int) : K)) (b := (2 : K) ^ low) (by grind) unit
            rw [totalValue] at u2
            generalize ((b : Int) : K) = x at *
            generalize (2 : K) ^ low = y at *
            clear hs moved rest value leftValue u1
            grind
        have h2 : b ≠ 0 := by
          intro h0
          subst h0
          rw [Ring.intCast_zero] at u2
          have h4 : total.value K = 0 := by
            rw [← u2]; generalize (2 : K) ^ low = y; grind
          exact nonzero ((Dyadic.value_eq_zero_iff total).mp h4)
        have h3 := (intCast_le_iff (K := K) (a := 0) (b := b)).mp (by rw [Ring.intCast_zero]; exact h1)
        omega
      cases hq
      have floor : shifted a 30 / b * b ≤ shifted a 30 := by
        have := Int.ediv_mul_le (shifted a 30) (show b ≠ 0 by omega); exact this
      have cast := intCast_le (K := K) floor
      rw [Ring.intCast_mul, cast_shifted a (show (0 : Int) ≤ 30 by omega)] at cast
      have inverse := two_zpow_add (K := K) (-30) 30
      rw [show (-30 + 30 : Int) = 0 from rfl, Field.zpow_zero] at inverse
      have p1 := two_zpow_pos (K := K) (-30)
      unfold Dyadic.value
      dsimp only
      have scaled := OrderedRing.mul_le_mul_of_nonneg_left rest countNonneg
      rw [leftValue] at u1
      rw [totalValue] at u2
      generalize ((shifted a 30 / b : Int) : K) = z at *
      have step := OrderedRing.mul_le_mul_of_nonneg_left cast (c := (2 : K) ^ (-30 : Int) * (2 : K) ^ low) (by
        have := OrderedRing.mul_pos p1 unit; clear hs moved rest value u1 u2 cast scaled; grind)
      generalize totalSquares t = V at *
      generalize (n : K) * bound.value K = nb at *
      generalize (n : K) * normSq (fun i => t i - f i) = ne at *
      generalize (2 : K) ^ (-30 : Int) = y at *
      generalize (2 : K) ^ (30 : Int) = w at *
      generalize (2 : K) ^ low = x at *
      generalize ((a : Int) : K) = a' at *
      generalize ((b : Int) : K) = b' at *
      clear hs moved rest value cast floor totalNonneg
      have e1 : y * x * (z * b') = z * y * V := by
        rw [← u2]; grind
      have e2 : y * x * (a' * w) = V - nb := by
        rw [← u1, show y * x * (a' * w) = a' * x * (y * w) by grind, ← inverse]; grind
      rw [e1, e2] at step
      grind
  · dsimp only at hq
    cases labels with
    | false => rw [if_neg Bool.false_ne_true] at hq; cases hq
    | true =>
      rw [if_pos rfl] at hq
      cases hq
      obtain ⟨top', bottom'⟩ := ratio_spec teacherErrors
      have root' := sqrt53_sq_le (K := K) (ratio sums.teacherSquaredErrors).1 ((ratio sums.teacherSquaredErrors).2 * n)
      have positive : 0 < ((ratio sums.teacherSquaredErrors).2 : K) := by
        have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr bottom')
        rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
      rw [top', Semiring.natCast_mul, hs.teacherSquaredErrors] at root'
      refine le_of_mul_le_mul positive ?_
      generalize ((ratio sums.teacherSquaredErrors).2 : K) = d at *
      generalize (sqrt53 (ratio sums.teacherSquaredErrors).1 ((ratio sums.teacherSquaredErrors).2 * n) false).value K = b at *
      generalize normSq (fun i => t i - teacher i) = v at *
      generalize (n : K) = N at *
      clear hs moved top' top value rest
      grind

end

end Eigenstill.Claims
