/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RawData.Statement

/-!
# One row of data, evaluated

`rowImage` takes a packed row of raw inputs to one number that holds, in slots of `b` bits, everything that a claim needs
of the row: `Σ_k C_k T_k` (the metric stored with its bias), the basis values `C_k` themselves, their sum, and
`Σ_k C_k a_k`. All squared distances to the landmarks are one packed number; each basis value is one division, and one
multiplication adds its share of all of the above.

For the kernel everything is written with `Nat.add`, `Nat.mul`, ...; `over` collects what exceeds the grid, so that it is
zero only if every linear column is at most `2^p`.
-/

@[expose] public section

namespace Eigenstill.Claims

open Exact

/-- An input made ready: `pull = 2 weight Z(B)`, and the image of its linear column. -/
structure ReadyAxis where
  weight : Nat
  pull : Nat
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

/-- What stands with column `k`, in one number: `T_k`, a one in slot `k`, a one, and the coefficient. -/
def columnImage (D : Study) (b r : Nat) (k : Nat) (c : Column) : Nat :=
  Nat.add (restride D.metricBits b r c.metric)
    (Nat.shiftLeft (Nat.add (Nat.pow 2 (Nat.mul b k))
      (Nat.shiftLeft (Nat.add 1 (Nat.shiftLeft c.coefficient b)) (Nat.mul b r))) (Nat.mul b r))

def landmarkImages (D : Study) (b r : Nat) : List Column → Nat → List Nat
  | [], _ => []
  | c :: cs, k => force (columnImage D b r k c) fun v => v :: landmarkImages D b r cs (Nat.succ k)

def readyAxes (D : Study) (b m r : Nat) : List Axis → Nat → List ReadyAxis
  | [], _ => []
  | a :: as, k =>
    force (Nat.mul (Nat.mul 2 a.weight) (restride D.slot b m a.points)) fun pull =>
      force (columnImage D b r k a.column) fun image =>
        ⟨a.weight, pull, a.up, a.down, image⟩ :: readyAxes D b m r as (Nat.succ k)

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

/-- The number of entries, for lists of any length. -/
def count {α : Type} : List α → Nat → Nat
  | [], n => n
  | _ :: as, n => force (Nat.succ n) fun n => count as n

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

/-- What the loop over the inputs of a row gathers. -/
structure AxisSums where
  square : Nat
  pull : Nat
  image : Nat
  over : Nat

def axisLoop (slot slotMask top : Nat) : List ReadyAxis → Nat → AxisSums → AxisSums
  | [], _, s => s
  | a :: as, x, s =>
    force (Nat.land x slotMask) fun v =>
      force (Nat.shiftRight (Nat.shiftLeft v a.up) a.down) fun l =>
        axisLoop slot slotMask top as (Nat.shiftRight x slot)
          ⟨Nat.add s.square (Nat.mul a.weight (Nat.mul v v)), Nat.add s.pull (Nat.mul v a.pull),
            Nat.add s.image (Nat.mul l a.image), Nat.add s.over (Nat.sub l top)⟩

def landmarkLoop (numerator mask b : Nat) : List Nat → Nat → Nat → Nat
  | [], _, acc => acc
  | t :: ts, d, acc =>
    landmarkLoop numerator mask b ts (Nat.shiftRight d b) (Nat.add acc (Nat.mul (Nat.div numerator (Nat.land d mask)) t))

/-- The image of a row, and what of it exceeds the grid. -/
structure RowImage where
  value : Nat
  over : Nat

def rowImage (P : Plan) (row : Nat) : RowImage :=
  match axisLoop P.slot P.slotMask P.top P.axes (Nat.shiftRight row P.slot) ⟨0, 0, 0, 0⟩ with
  | ⟨square, pull, image, over⟩ =>
    force (Nat.sub (Nat.add (Nat.mul P.ones (Nat.add P.one square)) P.squares) pull) fun d =>
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
