/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Sound.Defect
public import Eigenstill.Claims.Sound.FlooredRows
public import Eigenstill.Claims.Sound.MetricStatement

/-!
# The defect of the kernel in the metric

* `rowSum_le_of_floor`: what flooring a matrix `G` can change in the row sums of `Tᵀ G T - I`.
* `at00_congruence`: the checker's `Tᵀ S T`, entry by entry.
* `rowSum_le_kernelDefect`: **`kernelDefect` bounds the absolute row sums of `T_zᵀ (K + jitter I) T_z - I`, for the exact kernel.**
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

/-! ### What a floor can change -/

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- `|Tᵀ G T - Tᵀ F T|` entry by entry, for entries of `G` at most one unit above those of `F`. -/
private theorem inMetric_near {m : Nat} (T : Mat K m m) {G F : Mat K m m} {u : K} (near : ∀ a b, 0 ≤ G a b - F a b ∧ G a b - F a b ≤ u)
    (i j : Fin m) : absVal (inMetric T G i j - inMetric T F i j)
      ≤ u * (Eigenstill.sum m (fun a => absVal (T a i)) * Eigenstill.sum m fun b => absVal (T b j)) := by
  have difference : inMetric T G i j - inMetric T F i j
      = Eigenstill.sum m fun a => Eigenstill.sum m fun b => T a i * (G a b - F a b) * T b j := by
    unfold inMetric
    rw [← sum_sub]
    refine sum_congr fun a => ?_
    rw [← sum_sub]
    refine sum_congr fun b => ?_
    grind
  rw [difference, sum_mul_sum, ← sum_mul]
  refine IsPreorder.le_trans _ _ _ (absVal_sum _ _) (sum_le _ _ _ fun a => ?_)
  rw [← sum_mul]
  refine IsPreorder.le_trans _ _ _ (absVal_sum _ _) (sum_le _ _ _ fun b => ?_)
  obtain ⟨h1, h2⟩ := near a b
  rw [absVal_mul, absVal_mul, absVal_of_nonneg h1]
  have := OrderedRing.mul_le_mul_of_nonneg_left h2 (OrderedRing.mul_nonneg (absVal_nonneg (T a i)) (absVal_nonneg (T b j)))
  grind

/-- **Row sums of `Tᵀ G T - I` from those of `Tᵀ F T - I`**, where `F ≤ G ≤ F + u`: at most `u t_i Σ_j t_j` more, `t_j = Σ_a |T_aj|`. -/
theorem rowSum_le_of_floor {m : Nat} (T : Mat K m m) {G F : Mat K m m} {u : K}
    (near : ∀ a b, 0 ≤ G a b - F a b ∧ G a b - F a b ≤ u) (i : Fin m) :
    Eigenstill.sum m (fun j => absVal (inMetric T G i j - ident i j))
      ≤ Eigenstill.sum m (fun j => absVal (inMetric T F i j - ident i j))
        + u * (Eigenstill.sum m (fun a => absVal (T a i)) * Eigenstill.sum m fun j => Eigenstill.sum m fun b => absVal (T b j)) := by
  rw [← sum_mul, ← sum_mul, ← sum_add]
  refine sum_le _ _ _ fun j => ?_
  have h1 := absVal_add (inMetric T F i j - ident i j) (inMetric T G i j - inMetric T F i j)
  rw [show inMetric T F i j - ident i j + (inMetric T G i j - inMetric T F i j) = inMetric T G i j - ident i j by grind] at h1
  have h2 := inMetric_near T near i j
  grind

end

/-! ### The product -/

section
variable {n : Nat} {T S : List (List Int)} (rows : T.length = n) (columns : ∀ row ∈ T, row.length = n) (square : S.length = n)
  (squareRows : ∀ row ∈ S, row.length = n)
include columns

private theorem length_columns : (columnsOf n T).length = n := length_columnsOf 0 fun row h => Nat.le_of_eq (columns row h).symm

theorem length_congruence : (congruence n T S).length = n := by
  unfold congruence; dsimp only; rw [length_multiplied, length_columns columns]

omit columns in
theorem length_row_congruence {row : List Int} (h : row ∈ congruence n T S) : row.length = n := length_row_multiplied h

include square squareRows

/-- **The checker's `Tᵀ S T`, entry by entry**, for a symmetric `S`; of any other it takes the transpose. -/
theorem at00_congruence {i j : Nat} (hi : i < n) (hj : j < n) : at00 (congruence n T S) i j
    = sumTo n fun a => at00 T a i * sumTo n fun b => at00 T b j * at00 S b a := by
  have long : ∀ row ∈ T, n ≤ row.length := fun row h => Nat.le_of_eq (columns row h).symm
  have count := length_columns columns
  have innerLong : ∀ row ∈ multiplied n (columnsOf n T) S, n ≤ row.length := fun row h => Nat.le_of_eq (length_row_multiplied h).symm
  have outerRows : ∀ row ∈ columnsOf n (multiplied n (columnsOf n T) S), row.length = n := by
    intro row hr
    rw [columnsOf_eq 0 n _ innerLong] at hr
    obtain ⟨c, _, rfl⟩ := List.mem_map.mp hr
    rw [length_columnAt, length_multiplied, count]
  unfold congruence
  dsimp only
  rw [at00_multiplied outerRows (by rw [count]; exact hi) hj, length_columnsOf 0 innerLong]
  refine sumTo_congr fun a ha => ?_
  rw [at00_columnsOf long hi, at00_columnsOf innerLong ha, at00_multiplied squareRows (by rw [count]; exact hj) ha, square]
  refine congrArg (at00 T a i * ·) (sumTo_congr fun b hb => ?_)
  rw [at00_columnsOf long hj]

end

/-! ### The floored kernel -/

section
variable (basis : Basis) (model : Model)

/-- The landmarks' kernel, floored on the fine grid `2^-2p`. -/
def fineKernel : List (List Int) :=
  let kernel := kernelAt basis model (columnsOf (sizeOf' model.scales) model.landmarks)
  mapped (fun x => fineRow kernel (denominators kernel (pointIn kernel x))) model.landmarks

/-- The exponent of the common unit of the floored kernel and the jitter. -/
def kernelExponent : Int := smaller (-Int.ofNat (2 * basis.gridBits)) basis.jitter.reduced.exponent

/-- The floored kernel with the jitter, in that unit. -/
def jitteredKernel : List (List Int) :=
  let count := sizeOf' model.landmarks
  zipped (fun index row => zipped (fun column entry =>
    shifted entry (-Int.ofNat (2 * basis.gridBits) - kernelExponent basis)
      + (if column = index then inUnits (kernelExponent basis) basis.jitter.reduced else 0)) (numbersBelow count) row)
    (numbersBelow count) (fineKernel basis model)

/-- The sums of absolute values of the metric's columns. -/
def metricSums : List Nat := mapped sumAbsolute (columnsOf (sizeOf' model.landmarks) model.metric)

private theorem kernelDefect_eq : kernelDefect basis model = Dyadic.add
    (defectOf (congruence (sizeOf' model.landmarks) model.metric (jitteredKernel basis model))
      (kernelExponent basis + 2 * basis.metricExponent))
    ⟨Int.ofNat (folded larger 0 (metricSums model) * sumAbsolute (mapped Int.ofNat (metricSums model))),
      2 * basis.metricExponent - Int.ofNat (2 * basis.gridBits)⟩ := rfl

end

section
variable {certificate : Certificate} (model : ModelShapes certificate.basis certificate.model)
include model

/-- The floored kernel is `⌊2^2p k(z_a, z_b)⌋`. -/
theorem fineKernel_spec : (fineKernel certificate.basis certificate.model).length = certificate.model.landmarks.length ∧
    (∀ row ∈ fineKernel certificate.basis certificate.model, row.length = certificate.model.landmarks.length) ∧
    ∀ {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] (a b : Nat),
      a < certificate.model.landmarks.length → b < certificate.model.landmarks.length →
      IsFloor (at00 (fineKernel certificate.basis certificate.model) a b) (2 ^ (2 * certificate.basis.gridBits) *
        kernelValue K certificate.basis.quadratic certificate.model.scales (certificate.model.landmarks.getD a [])
          (certificate.model.landmarks.getD b [])) := by
  have row : ∀ x ∈ certificate.model.landmarks, _ := fun x hx =>
    fineRow_spec.{u} (rows := ⟨certificate.model.landmarks, [], [], none⟩) model model.landmarks hx
  have e : fineKernel certificate.basis certificate.model = certificate.model.landmarks.map fun x =>
      fineRow (planOf certificate ⟨certificate.model.landmarks, [], [], none⟩).kernel (denominators
        (planOf certificate ⟨certificate.model.landmarks, [], [], none⟩).kernel
        (pointIn (planOf certificate ⟨certificate.model.landmarks, [], [], none⟩).kernel x)) := by
    unfold fineKernel; dsimp only; rw [mapped_eq]; rfl
  rw [e]
  refine ⟨List.length_map _, fun r hr => ?_, fun {K} _ _ _ _ _ _ a b ha hb => ?_⟩
  · obtain ⟨x, hx, rfl⟩ := List.mem_map.mp hr
    exact (row x hx).1
  · rw [at00, getD_below (xs := certificate.model.landmarks.map _) _ (by rw [List.length_map]; exact ha), List.getElem_map,
      getD_below (xs := certificate.model.landmarks) _ ha]
    exact (row _ (List.getElem_mem ha)).2 (K := K) b hb

private theorem length_jitteredKernel :
    (jitteredKernel certificate.basis certificate.model).length = certificate.model.landmarks.length := by
  have fine := fineKernel_spec.{0} model
  unfold jitteredKernel
  dsimp only
  rw [zipped_eq, numbersBelow_eq, sizeOf'_eq, List.length_zipWith, List.length_range, fine.1, Nat.min_self]

private theorem length_row_jitteredKernel {row : List Int} (h : row ∈ jitteredKernel certificate.basis certificate.model) :
    row.length = certificate.model.landmarks.length := by
  have fine := fineKernel_spec.{0} model
  unfold jitteredKernel at h
  dsimp only at h
  rw [zipped_eq, numbersBelow_eq, sizeOf'_eq] at h
  obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem h
  rw [List.getElem_zipWith, zipped_eq, List.length_zipWith, List.length_range, fine.2.1 _ (List.getElem_mem _), Nat.min_self]

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- The floored kernel with the jitter, as a number. -/
private theorem cast_jitteredKernel (a b : Fin certificate.model.landmarks.length) :
    (at00 (jitteredKernel certificate.basis certificate.model) a.val b.val : K) * 2 ^ kernelExponent certificate.basis
      = (at00 (fineKernel certificate.basis certificate.model) a.val b.val : K) * 2 ^ (-Int.ofNat (2 * certificate.basis.gridBits))
        + certificate.basis.jitter.value K * ident a b := by
  have fine := fineKernel_spec.{0} model
  have ha : a.val < (fineKernel certificate.basis certificate.model).length := by rw [fine.1]; exact a.isLt
  have place : ∀ {k : Nat}, k < certificate.model.landmarks.length → (List.range certificate.model.landmarks.length).getD k 0 = k :=
    fun hk => by rw [getD_below _ (by rw [List.length_range]; exact hk), List.getElem_range]
  have entry : at00 (jitteredKernel certificate.basis certificate.model) a.val b.val
      = shifted (at00 (fineKernel certificate.basis certificate.model) a.val b.val)
          (-Int.ofNat (2 * certificate.basis.gridBits) - kernelExponent certificate.basis)
        + (if b.val = a.val then inUnits (kernelExponent certificate.basis) certificate.basis.jitter.reduced else 0) := by
    unfold jitteredKernel
    dsimp only
    rw [zipped_eq, numbersBelow_eq, sizeOf'_eq, at00,
      getD_zipWith _ 0 [] [] (by rw [List.length_range]; exact a.isLt) ha, zipped_eq,
      getD_zipWith _ 0 0 0 (by rw [List.length_range]; exact b.isLt) (by
        rw [getD_below _ ha, fine.2.1 _ (List.getElem_mem ha)]; exact b.isLt),
      place a.isLt, place b.isLt]
  have low : kernelExponent certificate.basis ≤ -Int.ofNat (2 * certificate.basis.gridBits) := smaller_le_left _ _
  have lowJitter : kernelExponent certificate.basis ≤ certificate.basis.jitter.reduced.exponent := smaller_le_right _ _
  have e1 := cast_shifted_mul (K := K) (at00 (fineKernel certificate.basis certificate.model) a.val b.val) low
  have e2 := cast_inUnits_mul (K := K) certificate.basis.jitter.reduced lowJitter
  rw [Dyadic.value_reduced] at e2
  rw [entry, Ring.intCast_add, ← e1, ← e2]
  unfold ident
  by_cases h : b.val = a.val
  · rw [if_pos h, if_pos h.symm]; clear e1 e2 entry; grind
  · rw [if_neg h, if_neg (Ne.symm h), Ring.intCast_zero]; clear e1 e2 entry; grind

/-- A column sum of the metric, as a number. -/
private theorem cast_metricSum (j : Fin certificate.model.landmarks.length) :
    Eigenstill.sum certificate.model.landmarks.length (fun a => absVal (certificate.landmarkMetric K a j))
      = (((metricSums certificate.model).getD j.val 0 : Nat) : K) * 2 ^ certificate.basis.metricExponent := by
  have long : ∀ row ∈ certificate.model.metric, certificate.model.landmarks.length ≤ row.length :=
    fun row h => Nat.le_of_eq (model.metricRows row h).symm
  have unit := two_zpow_pos (K := K) certificate.basis.metricExponent
  have sums := sumAbsolute_eq (columnAt 0 certificate.model.metric j.val) (n := certificate.model.landmarks.length)
    (by rw [length_columnAt, model.metric]; exact Nat.le_refl _)
  have entry : (metricSums certificate.model).getD j.val 0 = sumAbsolute (columnAt 0 certificate.model.metric j.val) := by
    unfold metricSums
    rw [mapped_eq, sizeOf'_eq, getD_below _ (by rw [List.length_map, length_columnsOf 0 long]; exact j.isLt), List.getElem_map]
    congr 1
    exact (getD_below [] _).symm.trans (getD_columnsOf 0 long j.isLt)
  rw [entry, ← Ring.intCast_natCast, sums, intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun a => ?_
  dsimp only
  rw [at0_columnAt, ← absVal_intCast]
  unfold Certificate.landmarkMetric
  rw [absVal_mul, absVal_of_nonneg (x := (2 : K) ^ certificate.basis.metricExponent) (by clear sums; grind)]
  exact CommSemiring.mul_comm _ _

omit model in
private theorem floorPart_le {x worst : Nat} (h : x ≤ worst) (total : Nat) (e : Int) (bits : Nat) :
    (2 : K) ^ (-Int.ofNat bits) * ((x : K) * 2 ^ e * (2 ^ e * (total : K)))
      ≤ (⟨Int.ofNat (worst * total), 2 * e - Int.ofNat bits⟩ : Dyadic).value K := by
  unfold Dyadic.value
  dsimp only
  rw [show (Int.ofNat (worst * total) : Int) = ((worst * total : Nat) : Int) from rfl, Ring.intCast_natCast, Semiring.natCast_mul,
    Int.sub_eq_add_neg, two_zpow_add, Int.two_mul, two_zpow_add]
  have cast := intCast_le (K := K) (Int.ofNat_le.mpr h)
  rw [Ring.intCast_natCast, Ring.intCast_natCast] at cast
  have p1 := two_zpow_pos (K := K) e
  have p2 := two_zpow_pos (K := K) (-Int.ofNat bits)
  have p3 := natCast_nonneg (K := K) total
  generalize (x : K) = x at *
  generalize (worst : K) = y at *
  generalize (total : K) = z at *
  generalize (2 : K) ^ e = w at *
  generalize (2 : K) ^ (-Int.ofNat bits) = t at *
  have square := OrderedRing.mul_pos p1 p1
  have q := OrderedRing.mul_nonneg (show 0 ≤ w * w * t by have := OrderedRing.mul_pos square p2; grind) p3
  have := OrderedRing.mul_le_mul_of_nonneg_left cast q
  clear q square p1 p2 p3 cast
  grind

/-- **`kernelDefect` bounds the absolute row sums of `T_zᵀ (K + jitter I) T_z - I`, for the exact kernel.** -/
theorem rowSum_le_kernelDefect (i : Fin certificate.model.landmarks.length) :
    Eigenstill.sum _ (fun j => absVal (inMetric (certificate.landmarkMetric K) (certificate.landmarkKernel K) i j - ident i j))
      ≤ (kernelDefect certificate.basis certificate.model).value K := by
  have fine := fineKernel_spec.{u} model
  have count : sizeOf' certificate.model.landmarks = certificate.model.landmarks.length := sizeOf'_eq _
  -- the floored kernel with the jitter, transposed as the product takes it
  have near : ∀ a b, 0 ≤ certificate.landmarkKernel K a b - (at00 (jitteredKernel certificate.basis certificate.model) b.val a.val : K)
        * 2 ^ kernelExponent certificate.basis ∧
      certificate.landmarkKernel K a b - (at00 (jitteredKernel certificate.basis certificate.model) b.val a.val : K)
        * 2 ^ kernelExponent certificate.basis ≤ 2 ^ (-Int.ofNat (2 * certificate.basis.gridBits)) := by
    intro a b
    have floor := fine.2.2 (K := K) b.val a.val b.isLt a.isLt
    rw [kernelValue_comm] at floor
    obtain ⟨h1, h2⟩ := floor
    rw [cast_jitteredKernel model b a, ident_comm b a]
    unfold Certificate.landmarkKernel
    have unit := two_zpow_pos (K := K) (-Int.ofNat (2 * certificate.basis.gridBits))
    have inverse := two_zpow_add (K := K) (-Int.ofNat (2 * certificate.basis.gridBits)) (2 * certificate.basis.gridBits : Nat)
    rw [show -Int.ofNat (2 * certificate.basis.gridBits) + ((2 * certificate.basis.gridBits : Nat) : Int) = 0 by
      show -((2 * certificate.basis.gridBits : Nat) : Int) + _ = _
      omega, Field.zpow_zero, two_zpow_natCast] at inverse
    generalize kernelValue K certificate.basis.quadratic certificate.model.scales (certificate.model.landmarks.getD a.val [])
      (certificate.model.landmarks.getD b.val []) = k at *
    generalize certificate.basis.jitter.value K * ident a b = d
    generalize (at00 (fineKernel certificate.basis certificate.model) b.val a.val : K) = f at *
    generalize (2 : K) ^ (-Int.ofNat (2 * certificate.basis.gridBits)) = t at *
    generalize (2 : K) ^ (2 * certificate.basis.gridBits) = v at *
    have c1 := OrderedRing.mul_le_mul_of_nonneg_left h1 (c := t) (by clear h1 h2 inverse fine; grind)
    have c2 := OrderedRing.mul_le_mul_of_nonneg_left (show v * k ≤ f + 1 by clear inverse fine h1 unit c1; grind) (c := t) (by clear h1 h2 inverse fine c1; grind)
    rw [show t * (v * k) = k by rw [show t * (v * k) = (t * v) * k by clear inverse; grind, ← inverse]; grind] at c1 c2
    clear inverse h1 h2 fine
    constructor <;> grind
  refine IsPreorder.le_trans _ _ _ (rowSum_le_of_floor (certificate.landmarkMetric K) near i) ?_
  rw [kernelDefect_eq, Dyadic.value_add, count]
  -- the product that the checker takes
  have product : ∀ j : Fin certificate.model.landmarks.length, inMetric (certificate.landmarkMetric K) (fun a b =>
      (at00 (jitteredKernel certificate.basis certificate.model) b.val a.val : K) * 2 ^ kernelExponent certificate.basis) i j
      = (at00 (congruence certificate.model.landmarks.length certificate.model.metric
          (jitteredKernel certificate.basis certificate.model)) i.val j.val : K)
        * 2 ^ (kernelExponent certificate.basis + 2 * certificate.basis.metricExponent) := by
    intro j
    rw [at00_congruence model.metricRows (length_jitteredKernel model) (fun _ h => length_row_jitteredKernel model h) i.isLt j.isLt,
      Int.two_mul, two_zpow_add, two_zpow_add]
    unfold inMetric sumTo
    rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
    refine sum_congr fun a => ?_
    rw [Ring.intCast_mul, intCast_sum, ← Semiring.mul_assoc, ← sum_mul]
    refine sum_congr fun b => ?_
    rw [Ring.intCast_mul]
    unfold Certificate.landmarkMetric
    generalize (2 : K) ^ kernelExponent certificate.basis = x
    generalize (2 : K) ^ certificate.basis.metricExponent = y
    grind
  have defect := rowSum_le_defectOf (K := K) (length_congruence model.metricRows (S := jitteredKernel certificate.basis certificate.model))
    (fun _ h => length_row_congruence h) (kernelExponent certificate.basis + 2 * certificate.basis.metricExponent) i
  have same : Eigenstill.sum certificate.model.landmarks.length (fun j => absVal (inMetric (certificate.landmarkMetric K) (fun a b =>
      (at00 (jitteredKernel certificate.basis certificate.model) b.val a.val : K) * 2 ^ kernelExponent certificate.basis) i j - ident i j))
      = Eigenstill.sum certificate.model.landmarks.length fun j => absVal ((at00 (congruence certificate.model.landmarks.length
        certificate.model.metric (jitteredKernel certificate.basis certificate.model)) i.val j.val : K)
        * 2 ^ (kernelExponent certificate.basis + 2 * certificate.basis.metricExponent) - ident i j) :=
    sum_congr fun j => by rw [product j]
  rw [same]
  -- what the floor can change
  have sumsLength : (metricSums certificate.model).length = certificate.model.landmarks.length := by
    unfold metricSums
    rw [mapped_eq, List.length_map, count, length_columnsOf 0 fun row h => Nat.le_of_eq (model.metricRows row h).symm]
  have worst : (metricSums certificate.model).getD i.val 0 ≤ folded larger 0 (metricSums certificate.model) := by
    have hi : i.val < (metricSums certificate.model).length := by rw [sumsLength]; exact i.isLt
    rw [getD_below _ hi]
    exact (le_folded_larger (id : Nat → Nat) (metricSums certificate.model) 0).2 _ (List.getElem_mem hi)
  have total : ((sumAbsolute (mapped Int.ofNat (metricSums certificate.model)) : Nat) : K)
      = Eigenstill.sum certificate.model.landmarks.length fun j => (((metricSums certificate.model).getD j.val 0 : Nat) : K) := by
    rw [← Ring.intCast_natCast, sumAbsolute_eq _ (n := certificate.model.landmarks.length) (by
      rw [mapped_eq, List.length_map, sumsLength]; exact Nat.le_refl _), intCast_sum]
    refine sum_congr fun j => ?_
    have entry : at0 (mapped Int.ofNat (metricSums certificate.model)) j.val = Int.ofNat ((metricSums certificate.model).getD j.val 0) := by
      unfold at0; rw [mapped_eq, getD_map Int.ofNat 0 0 _ j.val rfl]
    dsimp only
    rw [entry]
    exact Ring.intCast_natCast _
  have floorPart : (2 : K) ^ (-Int.ofNat (2 * certificate.basis.gridBits)) *
      (Eigenstill.sum certificate.model.landmarks.length (fun a => absVal (certificate.landmarkMetric K a i)) *
        Eigenstill.sum certificate.model.landmarks.length fun j =>
          Eigenstill.sum certificate.model.landmarks.length fun b => absVal (certificate.landmarkMetric K b j))
      ≤ (⟨Int.ofNat (folded larger 0 (metricSums certificate.model) * sumAbsolute (mapped Int.ofNat (metricSums certificate.model))),
          2 * certificate.basis.metricExponent - Int.ofNat (2 * certificate.basis.gridBits)⟩ : Dyadic).value K := by
    rw [cast_metricSum model i, sum_congr fun j => cast_metricSum model j]
    rw [sum_congr (g := fun j : Fin certificate.model.landmarks.length => (2 : K) ^ certificate.basis.metricExponent
      * (((metricSums certificate.model).getD j.val 0 : Nat) : K)) fun j => CommSemiring.mul_comm _ _, sum_mul, ← total]
    exact floorPart_le worst _ _ _
  clear near product same total
  grind

end

end

end Eigenstill.Claims
