/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Statement

/-!
# One row of data, evaluated

`rowImage` takes a packed row of raw inputs to one number that holds, in slots of `b` bits, everything that a claim needs
of the row: the sum of the basis values `C_k`, then `Σ_k C_k T_k` (the metric stored with its bias), then the `C_k`
themselves, then `Σ_k C_k a_k`. All squared distances to the landmarks are one packed number; each basis value is one
division, and one multiplication adds its share of all of the above.

These definitions are for Lean's kernel: recursors instead of pattern matching, `Nat.add`, `Nat.mul`, ... instead of
notation. The kernel finds numbers again by their lowest 64 bits, so the lowest slot of every sum is one that differs from
row to row. `over` collects what leaves the grid: it is zero only if every linear column lies in `[0, 2^p]`.
-/

@[expose] public noncomputable section

namespace Eigenstill.Claims

open Exact

/-- An input made ready: `weight 2^b + 1`, `2 weight Z(B) B + 1`, and the image of its linear column. -/
structure ReadyAxis where
  weight : Nat
  pull : Nat
  origin : Nat
  up : Nat
  down : Nat
  image : Nat

/-- A study made ready for evaluating rows in slots of `bits` bits. -/
structure Plan where
  bits : Nat
  mask : Nat
  slot : Nat
  slotMask : Nat
  top : Nat
  one : Nat
  numerator : Nat
  ones : Nat
  squares : Nat
  images : List Nat
  axes : List ReadyAxis

/-- What stands with column `k`, in one number: a one in slot 0, then `T_k`, then a one at slot `k` of the next `r`, then the
coefficient. -/
def columnImage (D : Study) (b r : Nat) (k : Nat) (c : Column) : Nat :=
  Nat.add 1 (Nat.shiftLeft (Nat.add (restride D.metricBits b r c.metric)
    (Nat.shiftLeft (Nat.add (Nat.pow 2 (Nat.mul b k)) (Nat.shiftLeft c.coefficient (Nat.mul b r))) (Nat.mul b r))) b)

def landmarkImages (D : Study) (b r : Nat) : List Column → Nat → List Nat
  | [], _ => []
  | c :: cs, k => force (columnImage D b r k c) fun v => v :: landmarkImages D b r cs (Nat.succ k)

def readyAxes (D : Study) (b m r : Nat) : List Axis → Nat → List ReadyAxis
  | [], _ => []
  | a :: as, k =>
    force (Nat.add 1 (Nat.shiftLeft a.weight b)) fun weight =>
      force (Nat.add 1 (Nat.shiftLeft (Nat.mul (Nat.mul 2 a.weight) (restride D.slot b m a.points)) b)) fun pull =>
        force (columnImage D b r k a.column) fun image =>
          ⟨weight, pull, a.origin, a.up, a.down, image⟩ :: readyAxes D b m r as (Nat.succ k)

/-- The lowest `i` slots of `x`, squared, in slots of `b` bits, below what `acc` holds. -/
def squaresFrom (s b x : Nat) : Nat → Nat → Nat
  | 0, acc => acc
  | i + 1, acc =>
    force (Nat.land (Nat.shiftRight x (Nat.mul s i)) (Nat.sub (Nat.pow 2 s) 1)) fun v =>
      force (Nat.add (Nat.shiftLeft acc b) (Nat.mul v v)) fun acc => squaresFrom s b x i acc

/-- `Σ_d weight_d z_jd²`, packed over the landmarks `j`. -/
def squaresSum (s b m : Nat) : List Axis → Nat → Nat
  | [], acc => acc
  | a :: as, acc => force (Nat.add acc (Nat.mul a.weight (squaresFrom s b a.points m 0))) fun acc => squaresSum s b m as acc

/-- What squared distances to all landmarks stay below: `one + Σ (weight_d + 1) 2^(2 slot)`. -/
def distanceBound (slot : Nat) : List Axis → Nat → Nat
  | [], acc => acc
  | a :: as, acc => force (Nat.add acc (Nat.mul (Nat.succ a.weight) (Nat.pow 2 (Nat.mul 2 slot)))) fun acc => distanceBound slot as acc

/-- `n` and the length of a list, step by step. -/
def countRows : List Nat → Nat → Nat
  | [], n => n
  | _ :: as, n => force (Nat.succ n) fun n => countRows as n

@[inherit_doc countRows] def countColumns : List Column → Nat → Nat
  | [], n => n
  | _ :: as, n => force (Nat.succ n) fun n => countColumns as n

@[inherit_doc countRows] def countAxes : List Axis → Nat → Nat
  | [], n => n
  | _ :: as, n => force (Nat.succ n) fun n => countAxes as n

def plan (D : Study) (b m r : Nat) : Plan where
  bits := b
  mask := Nat.sub (Nat.pow 2 b) 1
  slot := D.slot
  slotMask := Nat.sub (Nat.pow 2 D.slot) 1
  top := Nat.pow 2 D.grid
  one := D.one
  numerator := Nat.mul (Nat.pow 2 D.grid) D.one
  ones := ones b m
  squares := squaresSum D.slot b m D.axes 0
  images := landmarkImages D b r D.landmarks 0
  axes := readyAxes D b m r D.axes m

/-- Over the inputs of a row: what it adds up to `square`, `pull`, `image` and `over` is given to `k`. -/
def axisLoop {α : Type} (slot slotMask top : Nat) :
    List ReadyAxis → Nat → Nat → Nat → Nat → Nat → (Nat → Nat → Nat → Nat → α) → α :=
  List.rec (motive := fun _ => Nat → Nat → Nat → Nat → Nat → (Nat → Nat → Nat → Nat → α) → α)
    (fun _ square pull image over k => k square pull image over)
    fun a _ next x square pull image over k =>
      (fun v => (fun l =>
        next (Nat.shiftRight x slot) (Nat.add square (Nat.mul a.weight (Nat.mul v v))) (Nat.add pull (Nat.mul v a.pull))
          (Nat.add image (Nat.mul l a.image)) (Nat.add over (Nat.add (Nat.sub l top) (Nat.sub a.origin v))) k)
        (Nat.shiftRight (Nat.shiftLeft (Nat.sub v a.origin) a.up) a.down)) (Nat.land x slotMask)

def landmarkLoop (numerator mask b : Nat) : List Nat → Nat → Nat → Nat :=
  List.rec (motive := fun _ => Nat → Nat → Nat) (fun _ acc => acc) fun t _ next d acc =>
    next (Nat.shiftRight d b) (Nat.add acc (Nat.mul (Nat.div numerator (Nat.land d mask)) t))

/-- The image of a row, and what of it leaves the grid. -/
structure RowImage where
  value : Nat
  over : Nat

def rowImage (P : Plan) (row : Nat) : RowImage :=
  axisLoop P.slot P.slotMask P.top P.axes (Nat.shiftRight row P.slot) 0 0 0 0 fun square pull image over =>
    force (Nat.sub (Nat.add (Nat.mul P.ones (Nat.add P.one (Nat.shiftRight square P.bits))) P.squares)
      (Nat.shiftRight pull P.bits)) fun d =>
      ⟨landmarkLoop P.numerator P.mask P.bits P.images d image, over⟩

/-- `Σ_k c_k image_k` for stored numbers `c_k`, over the landmarks, then over the inputs. -/
def combineImages (slot slotMask : Nat) : List Nat → Nat → Nat → Nat
  | [], _, acc => acc
  | t :: ts, c, acc =>
    force (Nat.add acc (Nat.mul (Nat.land c slotMask) t)) fun acc =>
      combineImages slot slotMask ts (Nat.shiftRight c slot) acc

def axisImages : List ReadyAxis → List Nat
  | [] => []
  | a :: as => a.image :: axisImages as

def appendImages : List Nat → List Nat → List Nat
  | [], us => us
  | t :: ts, us => t :: appendImages ts us

end Eigenstill.Claims
