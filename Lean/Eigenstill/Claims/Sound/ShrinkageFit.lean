/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Shrinkage
public import Eigenstill.Claims.Sound.ModeEnergy
public import Eigenstill.Claims.Sound.ShrinkageStatement

/-!
# The fit of `shrinkage`

* `value_dot`, `value_absoluteSum`: inner products and sums of absolute values of vectors of integers.
* `dot_slope`: `(AᵀA w + α w - Aᵀ f) · v` is half the slope of the ridge objective.
* `fit_of_outputShrinkage`: objective and gap, as computed for one output, hold.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] {n r : Nat}

/-- `(Aᵀ f) · v = f · A v`. -/
theorem dot_transpose (A : Mat K n r) (f : Vec K n) (v : Vec K r) :
    dot (fun j => dot (fun i => A i j) f) v = dot f (mulVec A v) := by
  unfold dot mulVec dot
  have e1 : ∀ j : Fin r, Eigenstill.sum n (fun i => A i j * f i) * v j = Eigenstill.sum n fun i => f i * (A i j * v j) := by
    intro j
    rw [CommSemiring.mul_comm, ← sum_mul]
    exact sum_congr fun i => by grind
  rw [sum_congr e1, sum_comm]
  exact sum_congr fun i => sum_mul _ _ _

/-- `AᵀA w + α w - Aᵀ f`, which is half the gradient of `|f - A w|² + α |w|²`. -/
def halfGradient (A : Mat K n r) (f : Vec K n) (α : K) (w : Vec K r) : Vec K r :=
  fun j => mulVec (gram A) w j + α * w j - dot (fun i => A i j) f

theorem dot_halfGradient (A : Mat K n r) (f : Vec K n) (α : K) (w v : Vec K r) :
    ridgeSlope A f α w v = 2 * dot (halfGradient A f α w) v := by
  have e1 : dot (halfGradient A f α w) v = dot (mulVec (gram A) w) v + α * dot w v - dot f (mulVec A v) := by
    unfold halfGradient
    rw [dot_sub (fun j => mulVec (gram A) w j + α * w j) (fun j => dot (fun i => A i j) f), dot_lin, dot_transpose]
  have e2 : dot (mulVec (gram A) w) v = dot (mulVec A w) (mulVec A v) := by
    rw [dot_comm, dot_comm (mulVec A w)]
    exact (dot_mulVec_mulVec A v w).symm
  rw [e1, e2]
  unfold ridgeSlope
  rw [dot_sub]
  grind

/-- The objective, from `Aᵀ f` and `AᵀA w`. -/
theorem ridgeObjective_eq (A : Mat K n r) (f : Vec K n) (α : K) (w : Vec K r) :
    ridgeObjective A f α w = normSq f - 2 * dot w (fun j => dot (fun i => A i j) f)
      + (dot w (mulVec (gram A) w) + α * normSq w) := by
  unfold ridgeObjective
  rw [normSq_sub, ← quad_gram, show quad (gram A) w = dot w (mulVec (gram A) w) from rfl,
    dot_comm w (fun j => dot (fun i => A i j) f), dot_transpose]
  grind

variable [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

theorem value_dot (v w : IntegerVector) {k : Nat} (h : v.entries.length ≤ k) :
    (v.dot w).value K = Eigenstill.sum k fun j => v.at K j.val * w.at K j.val := by
  unfold IntegerVector.dot Dyadic.value
  dsimp only
  rw [combined_eq (Or.inl h)]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun j => ?_
  rw [Ring.intCast_mul, two_zpow_add]
  unfold IntegerVector.at
  generalize (2 : K) ^ v.exponent = a
  generalize (2 : K) ^ w.exponent = b
  grind

theorem value_absoluteSum (v : IntegerVector) {k : Nat} (h : v.entries.length ≤ k) :
    v.absoluteSum.value K = Eigenstill.sum k fun j => absVal (v.at K j.val) := by
  have positive := two_zpow_pos (K := K) v.exponent
  unfold IntegerVector.absoluteSum Dyadic.value
  dsimp only
  rw [show (Int.ofNat (sumAbsolute v.entries) : Int) = ((sumAbsolute v.entries : Nat) : Int) from rfl, sumAbsolute_eq _ h]
  unfold sumTo
  rw [intCast_sum, CommSemiring.mul_comm, ← sum_mul]
  refine sum_congr fun j => ?_
  unfold IntegerVector.at
  rw [absVal_mul, absVal_intCast, absVal_of_nonneg (x := (2 : K) ^ v.exponent) (by grind), CommSemiring.mul_comm]

/-- `M w`, for `w` with an entry a column. -/
theorem at_image {operator : Operator} (rows : operator.matrix.length = operator.columns) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) (w : IntegerVector)
    (length : w.entries.length ≤ operator.columns) (j : Fin operator.columns) :
    (w.under operator.matrix operator.exponent).at K j.val = mulVec (gram A) (fun t => w.at K t.val) j := by
  rw [at_under w operator.matrix operator.exponent (by rw [rows]; exact j.isLt) length]
  unfold mulVec dot
  exact sum_congr fun t => by rw [hA]

/-- `n (M w + α w) - b`, for a target with `b = n Aᵀ f`: `n` times half the gradient. -/
theorem at_halfSlope {operator : Operator} (rows : operator.matrix.length = operator.columns) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) {t : Vec K n} {target : Target}
    (ht : TargetOf A t target) (w : IntegerVector) (length : w.entries.length = operator.columns) (ridge : Dyadic)
    (j : Fin operator.columns) :
    ((((w.under operator.matrix operator.exponent).add (w.scaled ridge)).scaled (Dyadic.ofInt (Int.ofNat n))).sub
        target.products).at K j.val
      = (n : K) * halfGradient A (aboutMean t) (ridge.value K) (fun t => w.at K t.val) j := by
  have l1 : (w.under operator.matrix operator.exponent).entries.length = operator.columns := by rw [length_under, rows]
  have l2 : (w.scaled ridge).entries.length = operator.columns := by rw [length_scaled, length]
  rw [at_sub _ _ (by rw [length_scaled, length_add, l1, l2, Nat.min_self, ht.length]), at_scaled,
    at_add _ _ (by rw [l1, l2]), at_scaled, at_image rows A hA w (by omega), ht.products j, Dyadic.value_ofInt,
    show ((Int.ofNat n : Int) : K) = (n : K) from Ring.intCast_natCast n]
  unfold halfGradient
  dsimp only
  generalize mulVec (gram A) (fun t => w.at K t.val) j = a
  generalize dot (fun i => A i j) (aboutMean t) = b
  generalize w.at K j.val = c
  grind

omit [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] in
theorem length_halfSlope {operator : Operator} (rows : operator.matrix.length = operator.columns) {A : Mat K n operator.columns}
    {t : Vec K n} {target : Target} (ht : TargetOf A t target) (w : IntegerVector)
    (length : w.entries.length = operator.columns) (ridge rowCount : Dyadic) :
    ((((w.under operator.matrix operator.exponent).add (w.scaled ridge)).scaled rowCount).sub target.products).entries.length
      = operator.columns := by
  have l1 : (w.under operator.matrix operator.exponent).entries.length = operator.columns := by rw [length_under, rows]
  have l2 : (w.scaled ridge).entries.length = operator.columns := by rw [length_scaled, length]
  rw [length_sub _ _ (by rw [length_scaled, length_add, l1, l2, Nat.min_self, ht.length]), length_scaled, length_add, l1, l2,
    Nat.min_self]

/-- The fit's weights, from its coefficients of the modes. -/
theorem at_weights {basis : Basis} {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
    (u : IntegerVector) (kept : u.entries.length ≤ model.excess.length) (j : Fin operator.columns) :
    (u.under (columnsOf operator.columns (split u.entries.length model.eigenvectors).1) basis.vectorExponent).at K j.val
      = comb (fun k : Fin u.entries.length => u.at K k.val)
        (fun k : Fin u.entries.length => modeVectors K basis model operator.columns (k.castLE kept)) j := by
  have long : ∀ row ∈ model.eigenvectors.take u.entries.length, operator.columns ≤ row.length := fun row hr =>
    Nat.le_of_eq (shapes.vectors row (List.mem_of_mem_take hr)).symm
  rw [split_eq, at_under u _ _ (by rw [length_columnsOf 0 long]; exact j.isLt) (Nat.le_refl _)]
  unfold comb
  refine sum_congr fun k => ?_
  rw [at00_columnsOf long j.isLt]
  have row : (model.eigenvectors.take u.entries.length).getD k.val [] = model.eigenvectors.getD k.val [] := by
    rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take_of_lt k.isLt]
  rw [show at00 (model.eigenvectors.take u.entries.length) k.val j.val = at00 model.eigenvectors k.val j.val by
    unfold at00; rw [row]]
  show ((at00 model.eigenvectors k.val j.val : Int) : K) * 2 ^ basis.vectorExponent * u.at K k.val
    = u.at K k.val * (((at00 model.eigenvectors k.val j.val : Int) : K) * 2 ^ basis.vectorExponent)
  exact CommSemiring.mul_comm _ _

theorem length_weights {basis : Basis} {model : Model} {operator : Operator} (shapes : SpectralShapes model operator)
    (u : IntegerVector) : (u.under (columnsOf operator.columns (split u.entries.length model.eigenvectors).1)
      basis.vectorExponent).entries.length = operator.columns := by
  rw [length_under, split_eq, length_columnsOf 0 fun row hr => Nat.le_of_eq (shapes.vectors row (List.mem_of_mem_take hr)).symm]

theorem natCast_pos' {k : Nat} (h : 0 < k) : (0 : K) < (k : K) := by
  have h1 := intCast_lt (K := K) (Int.ofNat_lt.mpr h)
  rw [show ((0 : Nat) : Int) = 0 from rfl, Ring.intCast_zero, Ring.intCast_natCast] at h1; exact h1

/-- **One output: the recorded objective and gap hold of the stored fit.** -/
theorem fit_of_outputShrinkage {certificate : Certificate} {sums : RowSums} {operator : Operator}
    (shapes : SpectralShapes certificate.model operator) (A : Mat K n operator.columns)
    (hA : ∀ i j, gram A i j = (at00 operator.matrix i.val j.val : K) * 2 ^ operator.exponent) (hn : 0 < n)
    (rows : sums.rows = n) (positive : 0 < certificate.fit.ridge.value K)
    (small : (modesOf certificate.basis certificate.model operator).defect.value K < 1) {t : Vec K n} {target : Target}
    (ht : TargetOf A t target) (fit : StoredFit) (kept : fit.solution.entries.length ≤ certificate.model.excess.length) :
    ShrinkageFitHolds A
      (fun k : Fin fit.solution.entries.length => modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept))
      (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val) (certificate.fit.ridge.value K) t
      (outputShrinkage certificate sums operator (modesOf certificate.basis certificate.model operator).defect target fit) := by
  have near : NearlyOrthonormal ((modesOf certificate.basis certificate.model operator).defect.value K)
      (modeVectors K certificate.basis certificate.model operator.columns) :=
    nearlyOrthonormal_modes shapes certificate.basis
  have weights := at_weights (K := K) (basis := certificate.basis) shapes fit.solution kept
  have weightsLength := length_weights (basis := certificate.basis) shapes fit.solution
  have alongLength : (split fit.solution.entries.length certificate.model.eigenvectors).1.length = fit.solution.entries.length := by
    rw [split_eq, List.length_take, ← shapes.excess]; omega
  have vectorEntry : ∀ (k : Fin fit.solution.entries.length) (j : Fin operator.columns),
      ((at00 (split fit.solution.entries.length certificate.model.eigenvectors).1 k.val j.val : Int) : K)
        * 2 ^ certificate.basis.vectorExponent
      = modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept) j := by
    intro k j
    rw [split_eq]
    have row : (certificate.model.eigenvectors.take fit.solution.entries.length).getD k.val []
        = certificate.model.eigenvectors.getD k.val [] := by
      rw [List.getD_eq_getElem?_getD, List.getD_eq_getElem?_getD, List.getElem?_take_of_lt k.isLt]
    unfold modeVectors at00
    dsimp only
    rw [row]
    rfl
  unfold outputShrinkage
  dsimp only
  rw [rows, sizeOf'_eq]
  generalize hV : (split fit.solution.entries.length certificate.model.eigenvectors).1 = vectors at *
  generalize hw : fit.solution.under (columnsOf operator.columns vectors) certificate.basis.vectorExponent = w at *
  have vector : (fun j : Fin operator.columns => w.at K j.val)
      = comb (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val)
        (fun k : Fin fit.solution.entries.length =>
          modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) := funext weights
  have image := at_image shapes.matrixRows A hA w (by omega)
  have slope := at_halfSlope shapes.matrixRows A hA ht w weightsLength certificate.fit.ridge
  have slopeLength := length_halfSlope shapes.matrixRows ht w weightsLength certificate.fit.ridge (Dyadic.ofInt (Int.ofNat n))
  have imageLength : (w.under operator.matrix operator.exponent).entries.length = operator.columns := by
    rw [length_under, shapes.matrixRows]
  have count : (Dyadic.ofInt (Int.ofNat n)).value K = (n : K) := by
    rw [Dyadic.value_ofInt]; exact Ring.intCast_natCast n
  have countPositive := natCast_pos' (K := K) hn
  -- inner products
  have p1 : (w.dot target.products).value K
      = (n : K) * dot (fun j => w.at K j.val) (fun j => dot (fun i => A i j) (aboutMean t)) := by
    rw [value_dot w target.products (k := operator.columns) (by omega)]
    show _ = (n : K) * Eigenstill.sum operator.columns fun j => w.at K j.val * dot (fun i => A i j) (aboutMean t)
    rw [← sum_mul]
    refine sum_congr fun j => ?_
    rw [ht.products j]
    generalize w.at K j.val = a
    generalize dot (fun i => A i j) (aboutMean t) = b
    clear hA near weights slope vectorEntry ht image
    grind
  have p2 : (w.dot (w.under operator.matrix operator.exponent)).value K
      = dot (fun j => w.at K j.val) (mulVec (gram A) fun j => w.at K j.val) := by
    rw [value_dot w _ (k := operator.columns) (by omega)]
    unfold dot
    exact sum_congr fun j => by rw [image j]
  have p3 : w.squaredNorm.value K = normSq fun j : Fin operator.columns => w.at K j.val := by
    unfold IntegerVector.squaredNorm
    rw [value_dot w w (k := operator.columns) (by omega)]
    rfl
  generalize hh : ((((w.under operator.matrix operator.exponent).add (w.scaled certificate.fit.ridge)).scaled
    (Dyadic.ofInt (Int.ofNat n))).sub target.products) = half at *
  have p4 : ∀ k : Fin fit.solution.entries.length, (half.under vectors certificate.basis.vectorExponent).at K k.val
      = (n : K) * dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val)
        (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) := by
    intro k
    rw [at_under half vectors _ (n := operator.columns) (by rw [alongLength]; exact k.isLt) (by omega)]
    unfold dot
    rw [← sum_mul]
    refine sum_congr fun j => ?_
    rw [vectorEntry, slope j]
    generalize halfGradient A (aboutMean t) (certificate.fit.ridge.value K) (fun j => w.at K j.val) j = a
    grind
  refine ⟨?_, fun u' => ?_⟩
  · dsimp only
    rw [← vector, ridgeObjective_eq]
    have objective : (Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩ (w.dot target.products)))
        (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) (Dyadic.add (w.dot (w.under operator.matrix operator.exponent))
          (Dyadic.mul certificate.fit.ridge w.squaredNorm)))).value K
        = (n : K) * ridgeObjective A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val := by
      rw [Dyadic.value_add, Dyadic.value_sub, Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_add, Dyadic.value_mul, p1, p2, p3,
        count, ht.total, ridgeObjective_eq, show (⟨2, 0⟩ : Dyadic) = Dyadic.ofInt 2 from rfl, Dyadic.value_ofInt, cast_two]
      clear hA near weights image slope vectorEntry p4 ht
      grind
    have nonneg : 0 ≤ ridgeObjective A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val := by
      have h1 := normSq_nonneg fun i => aboutMean t i - mulVec A (fun j => w.at K j.val) i
      have h2 := OrderedRing.mul_nonneg (a := certificate.fit.ridge.value K)
        (by clear hA near weights image slope vectorEntry p4 ht; grind) (normSq_nonneg fun j : Fin operator.columns => w.at K j.val)
      unfold ridgeObjective
      clear hA near weights image slope vectorEntry p4 ht
      grind
    have up := le_quotientOf (K := K) (x := Dyadic.add (Dyadic.sub target.total (Dyadic.mul ⟨2, 0⟩ (w.dot target.products)))
        (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) (Dyadic.add (w.dot (w.under operator.matrix operator.exponent))
          (Dyadic.mul certificate.fit.ridge w.squaredNorm)))) (y := Dyadic.ofInt (Int.ofNat n))
      (by rw [objective]; exact OrderedRing.mul_nonneg (by clear hA near weights image slope vectorEntry p4 ht; grind) nonneg)
      (by rw [count]; exact countPositive)
    rw [objective, count, CommSemiring.mul_comm (Dyadic.value K _)] at up
    rw [← ridgeObjective_eq]
    exact le_of_mul_le_mul countPositive up
  · have key := ridgeObjective_le_of_span A (aboutMean t) positive small (near.castLE kept)
      (fun k : Fin fit.solution.entries.length => fit.solution.at K k.val) u'
    refine IsPreorder.le_trans _ _ _ key ?_
    dsimp only
    rw [← vector]
    have total : (alongModes certificate.basis vectors half).squaredNorm.value K
        = (n : K) ^ 2 * normSq fun k : Fin fit.solution.entries.length =>
          dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val)
            (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) := by
      unfold alongModes IntegerVector.squaredNorm
      rw [value_dot _ _ (k := fit.solution.entries.length) (by rw [length_under, alongLength]; exact Nat.le_refl _), normSq_eq,
        ← sum_mul]
      refine sum_congr fun k => ?_
      rw [p4 k]
      generalize dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val) _ = a
      grind
    have slopes : normSq (fun k : Fin fit.solution.entries.length => ridgeSlope A (aboutMean t) (certificate.fit.ridge.value K)
        (fun j => w.at K j.val) (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)))
        = 4 * normSq fun k : Fin fit.solution.entries.length =>
          dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val)
            (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept)) := by
      rw [normSq_eq, normSq_eq, ← sum_mul]
      refine sum_congr fun k => ?_
      rw [dot_halfGradient]
      grind
    rw [slopes]
    have squares := normSq_nonneg fun k : Fin fit.solution.entries.length =>
          dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val)
            (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept))
    have bottom : (Dyadic.mul (Dyadic.mul (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) (Dyadic.ofInt (Int.ofNat n))) certificate.fit.ridge)
        (Dyadic.sub Dyadic.one (modesOf certificate.basis certificate.model operator).defect)).value K
        = (n : K) * (n : K) * certificate.fit.ridge.value K
          * (1 - (modesOf certificate.basis certificate.model operator).defect.value K) := by
      rw [Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_mul, Dyadic.value_sub, Dyadic.value_one, count]
    have bottomPositive : 0 < (n : K) * (n : K) * certificate.fit.ridge.value K
          * (1 - (modesOf certificate.basis certificate.model operator).defect.value K) :=
      OrderedRing.mul_pos (OrderedRing.mul_pos (OrderedRing.mul_pos countPositive countPositive) positive)
        (by clear hA near weights image slope vectorEntry p4 ht; grind)
    have up := le_quotientOf (K := K) (x := (alongModes certificate.basis vectors half).squaredNorm)
      (y := Dyadic.mul (Dyadic.mul (Dyadic.mul (Dyadic.ofInt (Int.ofNat n)) (Dyadic.ofInt (Int.ofNat n))) certificate.fit.ridge)
        (Dyadic.sub Dyadic.one (modesOf certificate.basis certificate.model operator).defect))
      (by rw [total]; exact OrderedRing.mul_nonneg OrderedRing.sq_nonneg squares) (by rw [bottom]; exact bottomPositive)
    rw [total, bottom] at up
    generalize normSq (fun k : Fin fit.solution.entries.length =>
          dot (halfGradient A (aboutMean t) (certificate.fit.ridge.value K) fun j => w.at K j.val)
            (modeVectors K certificate.basis certificate.model operator.columns (k.castLE kept))) = S at *
    generalize (quotientOf _ _ true).value K = q at *
    generalize ridgeObjective A (aboutMean t) (certificate.fit.ridge.value K) (comb u' _) = J at *
    generalize certificate.fit.ridge.value K = α at *
    generalize (modesOf certificate.basis certificate.model operator).defect.value K = δ at *
    generalize (n : K) = N at *
    clear hA near weights image slope vectorEntry p4 ht total slopes bottom key vector
    have positive4 : 0 < 4 * α * (1 - δ) := by
      have := OrderedRing.mul_pos positive (show 0 < 1 - δ by grind)
      grind
    have h1 : 4 * S / (4 * α * (1 - δ)) ≤ q := by
      rw [div_le_iff positive4]
      have h2 : (N * N) * S ≤ (N * N) * (q * (α * (1 - δ))) := by grind
      have h3 := le_of_mul_le_mul (OrderedRing.mul_pos countPositive countPositive) h2
      grind
    generalize 4 * S / (4 * α * (1 - δ)) = d at *
    clear up bottomPositive positive4
    grind

end

end Eigenstill.Claims
