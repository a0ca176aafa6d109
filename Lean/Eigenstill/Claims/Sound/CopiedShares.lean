/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.FirstEnergy

/-!
# What the teacher copies: one output

`copiedHolds_of_copiedOf`: **the share that is computed holds.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {n p : Nat}

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem aboutMean_lin (t y : Vec K n) (c : K) : aboutMean (fun i => t i + c * y i) = fun i => aboutMean t i + c * aboutMean y i := by
  funext i
  unfold aboutMean
  rw [sum_lin]
  generalize Eigenstill.sum n t = a
  generalize Eigenstill.sum n y = b
  rw [Field.div_eq_mul_inv, Field.div_eq_mul_inv, Field.div_eq_mul_inv]
  grind

/-- Rounding a quotient outward, whatever the signs, from a numerator within `x` and a denominator between `small` and `large`. -/
private theorem copiedShare_spec {least most small large : Dyadic} {x q : K} (positive : 0 < small.value K)
    (h1 : small.value K ≤ q) (h2 : q ≤ large.value K) (low : least.value K ≤ x) (high : x ≤ most.value K) :
    (copiedShare least (if 0 < least.mantissa then large else small) false).value K * q ≤ x ∧
      x ≤ (copiedShare most (if 0 < most.mantissa then small else large) true).value K * q := by
  have share : ∀ (y d : Dyadic), 0 < d.value K → (copiedShare y d false).value K * d.value K ≤ y.value K ∧
      y.value K ≤ (copiedShare y d true).value K * d.value K := by
    intro y d hd
    obtain ⟨down, up⟩ := onGrid_spec y hd copiedBits
    have unit : (2 : K) ^ copiedBits * 2 ^ (-Int.ofNat copiedBits) = 1 := by
      rw [← two_zpow_natCast, ← two_zpow_add, show ((copiedBits : Nat) : Int) + -Int.ofNat copiedBits = 0 by
        show ((copiedBits : Nat) : Int) + -((copiedBits : Nat) : Int) = 0; omega, Field.zpow_zero]
    have positive := two_zpow_pos (K := K) (-Int.ofNat copiedBits)
    have e : ∀ side, (copiedShare y d side).value K = ((onGrid y d copiedBits side : Int) : K) * 2 ^ (-Int.ofNat copiedBits) := fun _ => rfl
    rw [e, e]
    generalize (2 : K) ^ copiedBits = big at *
    generalize (2 : K) ^ (-Int.ofNat copiedBits) = tiny at *
    generalize ((onGrid y d copiedBits false : Int) : K) = a at *
    generalize ((onGrid y d copiedBits true : Int) : K) = b at *
    generalize y.value K = v at *
    generalize d.value K = w at *
    have e1 := OrderedRing.mul_le_mul_of_nonneg_right down (c := tiny) (by grind)
    have e2 := OrderedRing.mul_le_mul_of_nonneg_right up (c := tiny) (by grind)
    clear down up e
    have back : v * big * tiny = v := by clear e1 e2; grind
    rw [back] at e1 e2
    rw [show a * tiny * w = a * w * tiny by clear e1 e2; grind, show b * tiny * w = b * w * tiny by clear e1 e2; grind]
    exact ⟨e1, e2⟩
  have largePositive : 0 < large.value K := by clear share; grind
  have qPositive : 0 < q := by clear share; grind
  refine ⟨?_, ?_⟩
  · by_cases sign : 0 < least.mantissa
    · rw [if_pos sign]
      have h3 := (share least large largePositive).1
      have h4 := (Dyadic.value_pos_iff (K := K) least).mpr sign
      generalize (copiedShare least large false).value K = s at *
      clear share
      by_cases hs : 0 ≤ s
      · have h5 := OrderedRing.mul_le_mul_of_nonneg_left h2 hs
        grind
      · have h5 := OrderedRing.mul_nonneg (a := -s) (b := q) (by grind) (by grind)
        grind
    · rw [if_neg sign]
      have h3 := (share least small positive).1
      have h4 : least.value K ≤ 0 := by
        by_cases h : 0 < least.value K
        · exact absurd ((Dyadic.value_pos_iff (K := K) least).mp h) sign
        · clear share; grind
      generalize (copiedShare least small false).value K = s at *
      clear share
      by_cases hs : 0 < s
      · have h5 := OrderedRing.mul_pos hs positive
        grind
      · have h5 := OrderedRing.mul_le_mul_of_nonneg_left (c := -s) h1 (by grind)
        grind
  · by_cases sign : 0 < most.mantissa
    · rw [if_pos sign]
      have h3 := (share most small positive).2
      have h4 := (Dyadic.value_pos_iff (K := K) most).mpr sign
      generalize (copiedShare most small true).value K = s at *
      clear share
      by_cases hs : 0 ≤ s
      · have h5 := OrderedRing.mul_le_mul_of_nonneg_left h1 hs
        grind
      · have h5 := OrderedRing.mul_nonneg (a := -s) (b := small.value K) (by grind) (by grind)
        grind
    · rw [if_neg sign]
      have h3 := (share most large largePositive).2
      have h4 : most.value K ≤ 0 := by
        by_cases h : 0 < most.value K
        · exact absurd ((Dyadic.value_pos_iff (K := K) most).mp h) sign
        · clear share; grind
      generalize (copiedShare most large true).value K = s at *
      clear share
      by_cases hs : 0 ≤ s
      · have h5 := OrderedRing.mul_nonneg hs (show 0 ≤ q by grind)
        grind
      · have h5 := OrderedRing.mul_le_mul_of_nonneg_left (c := -s) h2 (by grind)
        grind

/-- What the check has of a target `t` and its sums. -/
structure MeasuredTarget {r : Nat} (A : Mat K n r) (t : Vec K n) (measured : Target × TargetSums) : Prop where
  target : TargetOf A t measured.1
  values : measured.2.values.value K = Eigenstill.sum n t
  squares : measured.2.squaredValues.value K = normSq t

/-- `n (t + c y)` as the check would have it, from `n t`, `n y` and `m = n ⟨t - t̄, y - ȳ⟩`. -/
private theorem targetOf_lin {r : Nat} {A : Mat K n r} {t y : Vec K n} {first second : Target} (ht : TargetOf A t first)
    (hy : TargetOf A y second) {m : Dyadic} (hm : m.value K = (n : K) * dot (aboutMean t) (aboutMean y)) :
    TargetOf A (fun i => t i + 1 * y i) ⟨first.products.add second.products,
      Dyadic.add (Dyadic.add first.total second.total) (Dyadic.mul ⟨2, 0⟩ m)⟩ ∧
    TargetOf A (fun i => t i + (-1) * y i) ⟨first.products.sub second.products,
      Dyadic.sub (Dyadic.add first.total second.total) (Dyadic.mul ⟨2, 0⟩ m)⟩ := by
  have same : first.products.entries.length = second.products.entries.length := by rw [ht.length, hy.length]
  have two : (⟨2, 0⟩ : Dyadic).value K = 2 := by
    rw [show (⟨2, 0⟩ : Dyadic) = Dyadic.ofInt 2 from rfl, Dyadic.value_ofInt]; exact Ring.intCast_ofNat 2
  have right : ∀ (x : Vec K n) (c : K), dot x (aboutMean fun i => t i + c * y i) = dot x (aboutMean t) + c * dot x (aboutMean y) := by
    intro x c
    rw [aboutMean_lin, dot_comm, dot_lin, dot_comm x, dot_comm x]
  refine ⟨⟨?_, fun j => ?_, ?_⟩, ⟨?_, fun j => ?_, ?_⟩⟩
  · dsimp only; rw [length_add, ← same, ht.length, Nat.min_self]
  · dsimp only; rw [at_add _ _ same, ht.products, hy.products, right]; grind
  · dsimp only
    rw [Dyadic.value_add, Dyadic.value_add, Dyadic.value_mul, two, hm, ht.total, hy.total, aboutMean_lin, normSq_lin]; grind
  · dsimp only; rw [length_sub _ _ same, ht.length]
  · dsimp only; rw [at_sub _ _ same, ht.products, hy.products, right]; grind
  · dsimp only
    rw [Dyadic.value_sub, Dyadic.value_add, Dyadic.value_mul, two, hm, ht.total, hy.total, aboutMean_lin, normSq_lin]; grind

/-- **One output: the share of the labels' rest that the teacher copies.** -/
theorem copiedHolds_of_copiedOf {certificate : Certificate} {operator : Operator}
    (shapes : SpectralShapes certificate.model operator) (hn : 0 < n) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t y : Vec K n}
    {teacher labels : Target × TargetSums} (ht : MeasuredTarget A t teacher) (hy : MeasuredTarget A y labels)
    (gaps : labels.2.teacherSquaredErrors.value K = normSq fun i => y i - t i) {count : Nat}
    (hk : count ≤ certificate.model.excess.length) {copied : Enclosure}
    (h : copiedOf certificate (modesOf certificate.basis certificate.model operator) n count teacher labels
      = Except.ok (some copied)) :
    CopiedHolds (modeImages A certificate.basis certificate.model) count (aboutMean t) (aboutMean y) copied := by
  have countK : (Dyadic.ofInt (Int.ofNat n)).value K = (n : K) := by rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast n
  have nPos : (0 : K) < (n : K) := by
    have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr hn)
    rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1
  have nSq : (0 : K) < (n : K) ^ 2 := sq_pos nPos
  unfold copiedOf at h
  simp only [bind, Except.bind, pure, Except.pure] at h
  generalize hm : Dyadic.sub (Dyadic.mul (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) (Dyadic.sub (Dyadic.add teacher.2.squaredValues
    labels.2.squaredValues) labels.2.teacherSquaredErrors)) ⟨1, -1⟩) (Dyadic.mul teacher.2.values labels.2.values) = product at h
  have half : (⟨1, -1⟩ : Dyadic).value K * 2 = 1 := by
    have e : (2 : K) ^ (-1 : Int) * 2 ^ ((1 : Nat) : Int) = 1 := by
      rw [← two_zpow_add, show (-1 : Int) + ((1 : Nat) : Int) = 0 from rfl, Field.zpow_zero]
    rw [two_zpow_natCast] at e
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one]
    generalize (2 : K) ^ (-1 : Int) = a at *
    grind
  have quarter : (⟨1, -2⟩ : Dyadic).value K * 4 = 1 := by
    have e : (2 : K) ^ (-2 : Int) * 2 ^ ((2 : Nat) : Int) = 1 := by
      rw [← two_zpow_add, show (-2 : Int) + ((2 : Nat) : Int) = 0 from rfl, Field.zpow_zero]
    rw [two_zpow_natCast] at e
    unfold Dyadic.value
    dsimp only
    rw [Ring.intCast_one]
    generalize (2 : K) ^ (-2 : Int) = a at *
    grind
  have productValue : product.value K = (n : K) * dot (aboutMean t) (aboutMean y) := by
    have nNe : (n : K) ≠ 0 := fun h => by rw [h] at nPos; exact absurd nPos (by grind)
    have zero : Eigenstill.sum n (aboutMean t) = 0 := by
      unfold aboutMean
      rw [sum_sub, sum_const]
      generalize Eigenstill.sum n t = b
      clear ht hy gaps hA half quarter
      grind
    have e1 := dot_aboutMean hn (aboutMean t) y
    rw [zero, dot_comm _ y, dot_aboutMean hn y t] at e1
    rw [e1, ← hm, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_sub, Dyadic.value_add, Dyadic.value_mul, countK,
      ht.squares, hy.squares, gaps, ht.values, hy.values, normSq_sub]
    generalize (⟨1, -1⟩ : Dyadic).value K = one at *
    generalize Eigenstill.sum n t = b
    generalize Eigenstill.sum n y = b'
    generalize normSq t = x
    generalize normSq y = x'
    generalize dot y t = z
    clear ht hy gaps hA e1 zero hm quarter
    grind
  obtain ⟨plusTarget, minusTarget⟩ := targetOf_lin ht.target hy.target productValue
  cases hp : firstEnergy certificate (modesOf certificate.basis certificate.model operator) count
      (teacher.1.products.add labels.1.products) with
  | error e => rw [hp] at h; cases h
  | ok plus =>
    rw [hp] at h
    dsimp only at h
    cases hq : firstEnergy certificate (modesOf certificate.basis certificate.model operator) count
        (teacher.1.products.sub labels.1.products) with
    | error e => rw [hq] at h; cases h
    | ok minus =>
      rw [hq] at h
      dsimp only at h
      cases ho : firstEnergy certificate (modesOf certificate.basis certificate.model operator) count labels.1.products with
      | error e => rw [ho] at h; cases h
      | ok own =>
        rw [ho] at h
        dsimp only at h
        split at h
        · cases h
        · next large =>
          cases h
          intro f' y' restF restY
          obtain ⟨p1, p2⟩ := firstEnergy_spec shapes A hA plusTarget hk hp (f' := fun i => f' i + 1 * y' i) (by
            rw [aboutMean_lin]; exact isRest_lin restF restY 1)
          obtain ⟨m1, m2⟩ := firstEnergy_spec shapes A hA minusTarget hk hq (f' := fun i => f' i + (-1) * y' i) (by
            rw [aboutMean_lin]; exact isRest_lin restF restY (-1))
          obtain ⟨o1, o2⟩ := firstEnergy_spec shapes A hA hy.target hk ho restY
          rw [aboutMean_lin, normSq_lin, normSq_lin] at p1 p2 m1 m2
          have wholeValue : (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) labels.1.total).value K = (n : K) ^ 2 * normSq (aboutMean y) := by
            rw [Dyadic.value_mul, countK, hy.target.total]; clear p1 p2 m1 m2 o1 o2 hA; grind
          have totalValue : (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) product).value K
              = (n : K) ^ 2 * dot (aboutMean t) (aboutMean y) := by
            rw [Dyadic.value_mul, countK, productValue]; clear p1 p2 m1 m2 o1 o2 hA; grind
          generalize Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) labels.1.total = whole at *
          generalize Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) product = total at *
          have quarterPositive : 0 < (⟨1, -2⟩ : Dyadic).value K := (Dyadic.value_pos_iff _).mpr (by show (0 : Int) < 1; omega)
          have back : ∀ x : K, (⟨1, -2⟩ : Dyadic).value K * (x * 4) = x := by
            intro x
            generalize (⟨1, -2⟩ : Dyadic).value K = one at *
            clear p1 p2 m1 m2 o1 o2 hA
            grind
          have above : (n : K) ^ 2 * (dot (aboutMean t) (aboutMean y) - dot f' y') * 4 ≤ plus.atMost.value K - minus.atLeast.value K := by
            clear o1 o2 hA back
            grind
          have below : plus.atLeast.value K - minus.atMost.value K ≤ (n : K) ^ 2 * (dot (aboutMean t) (aboutMean y) - dot f' y') * 4 := by
            clear o1 o2 hA back above
            grind
          clear p1 p2 m1 m2
          have positive : 0 < (Dyadic.sub whole own.atMost).value K := (Dyadic.value_pos_iff _).mpr (by omega)
          have sound := copiedShare_spec (K := K) (x := (n : K) ^ 2 * dot f' y') (q := (n : K) ^ 2 * normSq y')
            (least := Dyadic.sub total (Dyadic.mul ⟨1, -2⟩ (Dyadic.sub plus.atMost minus.atLeast)))
            (most := Dyadic.sub total (Dyadic.mul ⟨1, -2⟩ (Dyadic.sub plus.atLeast minus.atMost)))
            (small := Dyadic.sub whole own.atMost) (large := Dyadic.sub whole own.atLeast) positive
            (by rw [Dyadic.value_sub, wholeValue]; clear above below hA; grind)
            (by rw [Dyadic.value_sub, wholeValue]; clear above below hA; grind)
            (by
              rw [Dyadic.value_sub, totalValue, Dyadic.value_mul, Dyadic.value_sub]
              have bound := OrderedRing.mul_le_mul_of_nonneg_left above (Std.le_of_lt quarterPositive)
              rw [back] at bound
              generalize (⟨1, -2⟩ : Dyadic).value K * (plus.atMost.value K - minus.atLeast.value K) = z at *
              clear above below hA back
              grind)
            (by
              rw [Dyadic.value_sub, totalValue, Dyadic.value_mul, Dyadic.value_sub]
              have bound := OrderedRing.mul_le_mul_of_nonneg_left below (Std.le_of_lt quarterPositive)
              rw [back] at bound
              generalize (⟨1, -2⟩ : Dyadic).value K * (plus.atLeast.value K - minus.atMost.value K) = z at *
              clear above below hA back
              grind)
          obtain ⟨low, high⟩ := sound
          have swap : ∀ a b c : K, a * (b * c) = b * (a * c) := by intros; grind
          refine ⟨?_, le_of_mul_le_mul nSq ?_, le_of_mul_le_mul nSq ?_⟩
          · rw [Dyadic.value_sub, wholeValue] at positive
            have nonneg := normSq_nonneg y'
            by_cases h1 : 0 < normSq y'
            · exact h1
            · have h2 : normSq y' = 0 := by clear hA positive o1 o2 low high; grind
              rw [h2] at o2
              clear hA low high above below
              grind
          · rw [swap]; exact low
          · rw [swap]; exact high

end

end Eigenstill.Claims
