/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum

/-!
# Vectors and matrices

A vector is a function on `Fin n`, a matrix a function of two indices; no structure, no instances, so that nothing here
collides with another library. Modes are kept as a family of vectors `V : Fin p → Vec K n`, `V k` the `k`-th one: as a
matrix `V` is the transpose of the `n x p` matrix of the documents.

* `dot`, `normSq`, `mulVec`, `matMul`, `trace`, `gram A = Aᵀ A`, `quad M x = xᵀ M x`.
* `frobSq A` is the squared Frobenius norm, `frobDistSq A B` that of `A - B`.
* `comb x V = Σ_k x_k v_k`; `modal d V = Σ_k d_k v_k v_kᵀ`, which is `V D Vᵀ` of the documents.
* `Orthonormal V`; `NearlyOrthonormal δ V`: every absolute row sum of `VᵀV - I` is at most `δ`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

universe u

namespace Eigenstill

attribute [local instance] Semiring.natCast Ring.intCast

/-- A vector with `n` entries. -/
abbrev Vec (K : Type u) (n : Nat) := Fin n → K

/-- A matrix with `m` rows and `n` columns. -/
abbrev Mat (K : Type u) (m n : Nat) := Fin m → Fin n → K

section ring
variable {K : Type u} [CommRing K] {m n p r : Nat}

/-- The inner product `x · y`. -/
def dot (x y : Vec K n) : K := sum n fun i => x i * y i

/-- The squared Euclidean norm `|x|²`. -/
def normSq (x : Vec K n) : K := dot x x

/-- The product `A x`. -/
def mulVec (A : Mat K m n) (x : Vec K n) : Vec K m := fun i => dot (A i) x

/-- The product `X Y`. -/
def matMul (X : Mat K m r) (Y : Mat K r n) : Mat K m n := fun i j => sum r fun k => X i k * Y k j

/-- The trace of a square matrix. -/
def trace (M : Mat K n n) : K := sum n fun i => M i i

/-- The quadratic form `xᵀ M x`. -/
def quad (M : Mat K n n) (x : Vec K n) : K := dot x (mulVec M x)

/-- The Gram matrix `Aᵀ A`. -/
def gram (A : Mat K m n) : Mat K n n := fun i j => sum m fun k => A k i * A k j

/-- The squared Frobenius norm of `A`. -/
def frobSq (A : Mat K m n) : K := sum m fun i => sum n fun j => A i j ^ 2

/-- The squared Frobenius norm of `A - B`. -/
def frobDistSq (A B : Mat K m n) : K := sum m fun i => sum n fun j => (A i j - B i j) ^ 2

/-- The combination `Σ_k x_k v_k` of the vectors `V 0, V 1, ...`. -/
def comb (x : Vec K p) (V : Fin p → Vec K n) : Vec K n := fun j => sum p fun k => x k * V k j

/-- The matrix `Σ_k d_k v_k v_kᵀ` (in the documents `V D Vᵀ`). -/
def modal (d : Vec K p) (V : Fin p → Vec K n) : Mat K n n := fun i j => sum p fun k => d k * (V k i * V k j)

/-- `V 0, V 1, ...` are orthogonal and of length one. -/
def Orthonormal (V : Fin p → Vec K n) : Prop := ∀ k l, dot (V k) (V l) = ident k l

/-- `M` equals its transpose. -/
def Symmetric (M : Mat K n n) : Prop := ∀ i j, M i j = M j i

/-! ### The inner product -/

theorem dot_comm (x y : Vec K n) : dot x y = dot y x := sum_congr fun i => by grind

theorem dot_lin (c : K) (x y z : Vec K n) : dot (fun i => x i + c * y i) z = dot x z + c * dot y z := by
  simp only [dot, ← sum_lin]; refine sum_congr fun i => ?_; grind

theorem dot_lin_right (c : K) (x y z : Vec K n) : dot z (fun i => x i + c * y i) = dot z x + c * dot z y := by
  rw [dot_comm, dot_lin, dot_comm x, dot_comm y]

theorem dot_sub (x y z : Vec K n) : dot (fun i => x i - y i) z = dot x z - dot y z := by
  rw [show (fun i => x i - y i) = fun i => x i + (-1) * y i by funext i; grind, dot_lin]; grind

theorem dot_sub_right (x y z : Vec K n) : dot z (fun i => x i - y i) = dot z x - dot z y := by
  rw [dot_comm, dot_sub, dot_comm x, dot_comm y]

theorem dot_smul (c : K) (x y : Vec K n) : dot (fun i => c * x i) y = c * dot x y := by
  unfold dot; rw [← sum_mul]; refine sum_congr fun i => ?_; grind

theorem dot_zero (y : Vec K n) : dot (fun _ => 0) y = 0 := by
  have := dot_smul (0 : K) y y
  rw [show (fun i => (0 : K) * y i) = fun _ => 0 by funext i; grind] at this; rw [this]; grind

theorem normSq_eq (x : Vec K n) : normSq x = sum n fun i => x i ^ 2 := sum_congr fun i => by grind

theorem normSq_zero : normSq (fun _ => 0 : Vec K n) = 0 := dot_zero _

theorem normSq_lin (c : K) (x y : Vec K n) :
    normSq (fun i => x i + c * y i) = normSq x + 2 * c * dot x y + c ^ 2 * normSq y := by
  unfold normSq; rw [dot_lin, dot_lin_right, dot_lin_right, dot_comm y x]; grind

theorem normSq_sub (x y : Vec K n) : normSq (fun i => x i - y i) = normSq x - 2 * dot x y + normSq y := by
  unfold normSq; rw [dot_sub, dot_sub_right, dot_sub_right, dot_comm y x]; grind

theorem dot_ident (i : Fin n) (x : Vec K n) : dot x (ident i) = x i := sum_ident n i x

/-! ### Combinations -/

theorem dot_comb (x : Vec K p) (V : Fin p → Vec K n) (y : Vec K n) :
    dot (comb x V) y = sum p fun k => x k * dot (V k) y := by
  have e : ∀ j, comb x V j * y j = sum p fun k => x k * (V k j * y j) := by
    intro j; unfold comb
    rw [CommSemiring.mul_comm, ← sum_mul]; refine sum_congr fun k => ?_; grind
  unfold dot; rw [sum_congr e, sum_comm]; refine sum_congr fun k => ?_; rw [sum_mul]

theorem dot_comb_right (x : Vec K p) (V : Fin p → Vec K n) (y : Vec K n) :
    dot y (comb x V) = sum p fun k => x k * dot y (V k) := by
  rw [dot_comm, dot_comb]; refine sum_congr fun k => ?_; rw [dot_comm]

/-- `|Σ x_k v_k|²` as a double sum over the inner products of the `v_k`. -/
theorem normSq_comb (x : Vec K p) (V : Fin p → Vec K n) :
    normSq (comb x V) = quad (fun k l => dot (V k) (V l)) x := by
  unfold normSq quad; rw [dot_comb]; unfold dot mulVec; refine sum_congr fun k => ?_
  rw [show sum n (fun i => V k i * comb x V i) = dot (V k) (comb x V) from rfl, dot_comb_right]
  congr 1; refine sum_congr fun l => ?_; unfold dot; grind

/-- `Ax` for a combination of vectors. -/
theorem mulVec_comb (A : Mat K m n) (x : Vec K p) (V : Fin p → Vec K n) :
    mulVec A (comb x V) = comb x fun k => mulVec A (V k) := by
  funext i; exact dot_comb_right x V (A i)

theorem mulVec_lin (A : Mat K m n) (c : K) (x y : Vec K n) :
    mulVec A (fun i => x i + c * y i) = fun i => mulVec A x i + c * mulVec A y i := by
  funext i; exact dot_lin_right c x y (A i)

theorem mulVec_sub (A : Mat K m n) (x y : Vec K n) :
    mulVec A (fun i => x i - y i) = fun i => mulVec A x i - mulVec A y i := by
  funext i; exact dot_sub_right x y (A i)

/-- The rows of a product are combinations of the rows of the second factor. -/
theorem matMul_eq_comb (X : Mat K m r) (Y : Mat K r n) (i : Fin m) : matMul X Y i = comb (X i) Y := rfl

/-! ### Quadratic forms -/

theorem quad_eq_sum (M : Mat K n n) (x : Vec K n) : quad M x = sum n fun i => sum n fun j => x i * M i j * x j := by
  unfold quad dot mulVec dot; refine sum_congr fun i => ?_; rw [← sum_mul]; refine sum_congr fun j => ?_; grind

theorem quad_lin (c : K) (M N : Mat K n n) (x : Vec K n) :
    quad (fun i j => M i j + c * N i j) x = quad M x + c * quad N x := by
  unfold quad; rw [← dot_lin_right]; congr 1; funext i; exact dot_lin c (M i) (N i) x

theorem quad_add (M N : Mat K n n) (x : Vec K n) : quad (fun i j => M i j + N i j) x = quad M x + quad N x := by
  rw [show (fun i j => M i j + N i j) = fun i j => M i j + 1 * N i j by funext i j; grind, quad_lin]; grind

theorem quad_sub (M N : Mat K n n) (x : Vec K n) : quad (fun i j => M i j - N i j) x = quad M x - quad N x := by
  rw [show (fun i j => M i j - N i j) = fun i j => M i j + (-1) * N i j by funext i j; grind, quad_lin]; grind

theorem quad_ident (x : Vec K n) : quad ident x = normSq x := by
  unfold quad normSq; congr 1; funext i; show dot (ident i) x = x i; rw [dot_comm]; exact dot_ident i x

/-- `xᵀ AᵀA x = |A x|²`. -/
theorem quad_gram (A : Mat K m n) (x : Vec K n) : quad (gram A) x = normSq (mulVec A x) := by
  have e : ∀ i, mulVec (gram A) x i = comb (mulVec A x) A i := by
    intro i; unfold mulVec comb dot gram
    have h1 : ∀ j, sum m (fun k => A k i * A k j) * x j = sum m fun k => A k i * (A k j * x j) := by
      intro j; rw [CommSemiring.mul_comm, ← sum_mul]; refine sum_congr fun k => ?_; grind
    rw [sum_congr h1, sum_comm]; refine sum_congr fun k => ?_; rw [sum_mul]; grind
  unfold quad; rw [show mulVec (gram A) x = comb (mulVec A x) A from funext e, dot_comb_right]
  refine sum_congr fun k => ?_; unfold mulVec; rw [dot_comm]

/-- `xᵀ (Σ d_k v_k v_kᵀ) x = Σ d_k (v_k · x)²`. -/
theorem quad_modal (d : Vec K p) (V : Fin p → Vec K n) (x : Vec K n) :
    quad (modal d V) x = sum p fun k => d k * dot (V k) x ^ 2 := by
  have e : mulVec (modal d V) x = comb (fun k => d k * dot (V k) x) V := by
    funext i; unfold mulVec comb modal
    unfold dot
    have h1 : ∀ j, sum p (fun k => d k * (V k i * V k j)) * x j = sum p fun k => d k * V k i * (V k j * x j) := by
      intro j; rw [CommSemiring.mul_comm, ← sum_mul]; refine sum_congr fun k => ?_; grind
    rw [sum_congr h1, sum_comm]; refine sum_congr fun k => ?_; rw [sum_mul]; grind
  unfold quad; rw [e, dot_comb_right]; refine sum_congr fun k => ?_; rw [dot_comm x]; grind

/-- A quadratic form on a combination. -/
theorem quad_comb (M : Mat K n n) (x : Vec K p) (V : Fin p → Vec K n) :
    quad M (comb x V) = quad (fun k l => dot (V k) (mulVec M (V l))) x := by
  unfold quad; rw [dot_comb]; unfold dot; refine sum_congr fun k => ?_
  show x k * dot (V k) (mulVec M (comb x V)) = _
  rw [mulVec_comb, dot_comb_right]; congr 1; unfold mulVec dot; refine sum_congr fun l => ?_; grind

theorem trace_modal (d : Vec K p) (V : Fin p → Vec K n) : trace (modal d V) = sum p fun k => d k * normSq (V k) := by
  unfold trace modal; rw [sum_comm]; refine sum_congr fun k => ?_; rw [sum_mul]; rfl

/-- `tr AᵀA = |A|²`, the squared Frobenius norm. -/
theorem trace_gram (A : Mat K m n) : trace (gram A) = frobSq A := by
  unfold trace gram frobSq; rw [sum_comm]; refine sum_congr fun i => sum_congr fun j => ?_; grind

theorem gram_symmetric (A : Mat K m n) : Symmetric (gram A) := fun i j => sum_congr fun k => by grind

theorem frobSq_eq (A : Mat K m n) : frobSq A = sum m fun i => normSq (A i) :=
  sum_congr fun i => (normSq_eq (A i)).symm

theorem frobDistSq_eq (A B : Mat K m n) : frobDistSq A B = sum m fun i => normSq fun j => A i j - B i j :=
  sum_congr fun _ => (normSq_eq _).symm

/-! ### Orthonormal families -/

theorem normSq_of_orthonormal {V : Fin p → Vec K n} (hV : Orthonormal V) (k : Fin p) : normSq (V k) = 1 := by
  unfold normSq; rw [hV, ident_self]

/-- The coordinates of a combination of orthonormal vectors are its coefficients. -/
theorem dot_comb_of_orthonormal {V : Fin p → Vec K n} (hV : Orthonormal V) (x : Vec K p) (l : Fin p) :
    dot (V l) (comb x V) = x l := by
  rw [dot_comb_right, ← sum_ident p l x]; refine sum_congr fun k => ?_; rw [hV]

theorem normSq_comb_of_orthonormal {V : Fin p → Vec K n} (hV : Orthonormal V) (x : Vec K p) :
    normSq (comb x V) = normSq x := by
  unfold normSq; rw [dot_comb]; unfold dot; refine sum_congr fun k => ?_
  show x k * dot (V k) (comb x V) = _; rw [dot_comb_of_orthonormal hV]

/-- The first of orthonormal vectors are orthonormal. -/
theorem orthonormal_castLE (h : m ≤ p) {V : Fin p → Vec K n} (hV : Orthonormal V) :
    Orthonormal fun k : Fin m => V (k.castLE h) := fun k l => by rw [hV]; rfl

end ring

section order
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K] {m n p : Nat}

theorem normSq_nonneg (x : Vec K n) : 0 ≤ normSq x := by
  rw [normSq_eq]; exact sum_nonneg _ _ fun i => OrderedRing.sq_nonneg

theorem eq_zero_of_normSq_eq_zero (x : Vec K n) (h : normSq x = 0) : x = fun _ => 0 := by
  rw [normSq_eq] at h; funext i
  have := eq_zero_of_sum_eq_zero _ _ (fun i => OrderedRing.sq_nonneg (a := x i)) h i
  grind

theorem frobDistSq_nonneg (A B : Mat K m n) : 0 ≤ frobDistSq A B := by
  rw [frobDistSq_eq]; exact sum_nonneg _ _ fun i => normSq_nonneg _

/-- **The triangle inequality without square roots: `|x| ≤ s` and `|y| ≤ t`, in squares, give `|x + y|² ≤ (s + t)²`.** -/
theorem normSq_add_le {x y : Vec K n} {s t : K} (hs : 0 ≤ s) (ht : 0 ≤ t) (hx : normSq x ≤ s ^ 2)
    (hy : normSq y ≤ t ^ 2) : normSq (fun i => x i + y i) ≤ (s + t) ^ 2 := by
  have e := normSq_lin 1 x y
  rw [show (fun i => x i + 1 * y i) = fun i => x i + y i by funext i; grind] at e
  rw [e]
  -- `t x` and `s y` differ by something of a square at least 0; divide by `2 s t`
  have h := normSq_nonneg fun i => t * x i + (-s) * y i
  rw [normSq_lin, show normSq (fun i => t * x i) = t ^ 2 * normSq x by
    unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind, dot_smul] at h
  have hx0 := normSq_nonneg x; have hy0 := normSq_nonneg y
  by_cases h0 : s * t = 0
  · have hd : dot x y = 0 := by
      rcases Field.of_mul_eq_zero h0 with h1 | h1
      · rw [eq_zero_of_normSq_eq_zero x (by subst h1; grind)]; exact dot_zero y
      · rw [eq_zero_of_normSq_eq_zero y (by subst h1; grind), dot_comm]; exact dot_zero x
    rw [hd]; clear h e; grind
  · have hst := OrderedRing.mul_nonneg hs ht
    have h1 := OrderedRing.mul_le_mul_of_nonneg_left hx (OrderedRing.sq_nonneg (a := t))
    have h2 := OrderedRing.mul_le_mul_of_nonneg_left hy (OrderedRing.sq_nonneg (a := s))
    have h3 : (s * t) * dot x y ≤ (s * t) * (s * t) := by grind
    have h4 := le_of_mul_le_mul (by grind) h3
    clear h e h1 h2 h3; grind

/-- **Its other half: `|x| ≥ s` and `|y| ≤ t ≤ s`, in squares, give `|x + y|² ≥ (s - t)²`.** -/
theorem sq_le_normSq_add {x y : Vec K n} {s t : K} (ht : 0 ≤ t) (hts : t ≤ s) (hx : s ^ 2 ≤ normSq x)
    (hy : normSq y ≤ t ^ 2) : (s - t) ^ 2 ≤ normSq fun i => x i + y i := by
  let z : Vec K n := fun i => x i + y i
  have e : normSq x = normSq z + 2 * (-1) * dot z y + (-1) ^ 2 * normSq y := by
    rw [← normSq_lin]; congr 1; funext i; show x i = x i + y i + -1 * y i; grind
  have hz := normSq_nonneg z; have hy0 := normSq_nonneg y
  show _ ≤ normSq z
  have h := normSq_nonneg fun i => t * z i + (s - t) * y i
  rw [normSq_lin, show normSq (fun i => t * z i) = t ^ 2 * normSq z by
    unfold normSq; rw [dot_smul, dot_comm, dot_smul]; grind, dot_smul] at h
  generalize hzy : dot z y = d at *
  by_cases h0 : t = 0
  · have : d = 0 := by
      rw [← hzy, eq_zero_of_normSq_eq_zero y (by subst h0; grind), dot_comm]; exact dot_zero z
    subst h0; subst this; clear h hzy; grind
  by_cases h1 : s = t
  · subst h1; clear h e hzy; grind
  generalize normSq z = Z at *; generalize normSq y = Y at *; generalize normSq x = X at *
  clear hzy; subst e
  have h2 := OrderedRing.mul_le_mul_of_nonneg_left hy (OrderedRing.sq_nonneg (a := s - t))
  have hm := OrderedRing.mul_nonneg (a := t) (b := s - t) ht (by grind)
  have h3 := OrderedRing.mul_le_mul_of_nonneg_left hx hm
  have h4 := OrderedRing.mul_le_mul_of_nonneg_left hy hm
  have h5 : (t * s) * (s - t) ^ 2 ≤ (t * s) * Z := by grind
  exact le_of_mul_le_mul (OrderedRing.mul_pos (by grind) (by grind)) h5

/-- Every absolute row sum of `VᵀV - I` is at most `δ`. -/
def NearlyOrthonormal (δ : K) (V : Fin p → Vec K n) : Prop :=
  ∀ k, sum p (fun l => absVal (dot (V k) (V l) - ident k l)) ≤ δ

omit [LT K] [LawfulOrderLT K] [OrderedRing K] in
theorem nearlyOrthonormal_of_orthonormal {V : Fin p → Vec K n} (hV : Orthonormal V) : NearlyOrthonormal (0 : K) V := by
  intro k
  rw [show (fun l => absVal (dot (V k) (V l) - ident k l)) = fun _ => (0 : K) by
    funext l; rw [hV, show (ident k l - ident k l : K) = 0 by grind]
    exact absVal_of_nonneg (IsPreorder.le_refl _), sum_zero]
  exact IsPreorder.le_refl _

/-- A family that is not empty has a nonnegative defect. -/
theorem NearlyOrthonormal.nonneg {δ : K} {V : Fin p → Vec K n} (hV : NearlyOrthonormal δ V) (k : Fin p) : 0 ≤ δ := by
  have := sum_nonneg p _ fun l => absVal_nonneg (dot (V k) (V l) - ident k l)
  have := hV k; clear hV; grind

/-- The first of nearly orthonormal vectors are as nearly orthonormal. -/
theorem NearlyOrthonormal.castLE {δ : K} {V : Fin p → Vec K n} (hV : NearlyOrthonormal δ V) (h : m ≤ p) :
    NearlyOrthonormal δ fun k : Fin m => V (k.castLE h) := by
  intro k
  have h1 := hV (k.castLE h)
  rw [show sum m (fun l => absVal (dot (V (k.castLE h)) (V (l.castLE h)) - ident k l))
    = sum p fun l => if l.val < m then absVal (dot (V (k.castLE h)) (V l) - ident (k.castLE h) l) else 0 from
    (sum_take h fun l => absVal (dot (V (k.castLE h)) (V l) - ident (k.castLE h) l)).symm]
  have h2 : sum p (fun l => if l.val < m then absVal (dot (V (k.castLE h)) (V l) - ident (k.castLE h) l) else 0)
      ≤ sum p fun l => absVal (dot (V (k.castLE h)) (V l) - ident (k.castLE h) l) := by
    refine sum_le _ _ _ fun l => ?_
    have := absVal_nonneg (dot (V (k.castLE h)) (V l) - ident (k.castLE h) l)
    split
    · exact IsPreorder.le_refl _
    · exact this
  clear hV; grind

end order

end Eigenstill
