/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.Exec.Vectors
public import Eigenstill.Claims.Spectral

/-!
# Modes, computed

What `V` and `M` say together (FORMAT.md section 3): enclosures of the eigenvalues, and bounds of what each mode holds of a
vector, both from row sums of `Vᵀ V` and `Vᵀ M V`.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- One entry a mode: `|v_k|²` and the sum of `|v_k · v_j|` over the others, in units `2^gramExponent`; `v_kᵀ M v_k` and the
sum of `|v_kᵀ M v_j|` over the others, in units `2^energyExponent`. `defect` is the largest row sum of `Vᵀ V - I`. -/
structure Modes where
  norms : List Int
  normRadii : List Int
  gramExponent : Int
  energies : List Int
  energyRadii : List Int
  energyExponent : Int
  defect : Dyadic

/-- The sums of absolute values beside the diagonal. -/
def radii (matrix : List (List Int)) : List Int :=
  zipped (fun row entry => Int.ofNat (sumAbsolute row) - Int.ofNat entry.natAbs) matrix (diagonal matrix)

def modesOf (basis : Basis) (model : Model) (operator : Operator) : Modes :=
  let vectors := model.eigenvectors
  let count := sizeOf' vectors
  let gram := multiplied count vectors (columnsOf operator.columns vectors)
  let images := multiplied operator.columns vectors operator.matrix
  let energy := multiplied count vectors (columnsOf operator.columns images)
  let unit := 2 * basis.vectorExponent
  ⟨diagonal gram, radii gram, unit, diagonal energy, radii energy, unit + operator.exponent, defectOf gram unit⟩

/-! ## Eigenvalues -/

/-- `(e_ii - sum |e_ij|) / (g_ii + sum |g_ij|)`, rounded down; 0 where the numerator is negative. -/
def rayleighBound (shift : Int) (energy norm : Int × Int) : Dyadic :=
  let top := energy.1 - energy.2
  if top ≤ 0 then Dyadic.zero
  else quotient53 (shifted top (if 0 ≤ shift then shift else 0)).toNat
    (shifted (norm.1 + norm.2) (if 0 ≤ shift then 0 else -shift)).toNat false

/-- From each entry on the least one so far. -/
def leastSoFar : List Dyadic → List Dyadic → List Dyadic
  | [], done => turned done
  | entry :: rest, [] => leastSoFar rest [entry]
  | entry :: rest, least :: done =>
    leastSoFar rest ((if Dyadic.lt entry least then entry else least) :: least :: done)

/-- `(lo_k, hi_k)` for each mode: the `k`-th largest eigenvalue of `M` lies between them. -/
def enclosures (basis : Basis) (model : Model) (modes : Modes) (threshold : Dyadic) : List Enclosure :=
  let shift := modes.energyExponent - modes.gramExponent
  let lows := leastSoFar (zipped (rayleighBound shift) (zipped Prod.mk modes.energies modes.energyRadii)
    (zipped Prod.mk modes.norms modes.normRadii)) []
  let stretch := Dyadic.add Dyadic.one modes.defect
  zipped (fun low d =>
    ⟨low, quotientOf (Dyadic.add threshold (Dyadic.mul stretch ⟨d, basis.excessExponent⟩)) Dyadic.one true⟩)
    lows model.excess

/-! ## Energy -/

/-- `Vᵀ` of a vector with an entry a column, for some of the modes. -/
def alongModes (basis : Basis) (vectors : List (List Int)) (products : IntegerVector) : IntegerVector :=
  products.under vectors basis.vectorExponent

/-- The part of one mode in the squared norm of a projection, rounded outward. -/
def modeEnergy (shift : Int) (entry : Int) (energy radius : Int) : Enclosure :=
  let square := shifted (entry * entry) (if 0 ≤ shift then shift else 0)
  let part (below : Int) (up : Bool) : Dyadic :=
    quotient53 square.toNat (shifted below (if 0 ≤ shift then 0 else -shift)).toNat up
  ⟨part (energy + radius) false, part (energy - radius) true⟩

/-- For each mode that `along` has an entry of; `none` where the images of the modes are not nearly orthogonal. -/
def modeEnergies (modes : Modes) (along : IntegerVector) : Option (List Enclosure) :=
  walk (2 * along.exponent - modes.energyExponent) along.entries modes.energies modes.energyRadii []
where
  walk (shift : Int) : List Int → List Int → List Int → List Enclosure → Option (List Enclosure)
    | entry :: rest, energy :: energies, radius :: radii, done =>
      if radius < energy then walk shift rest energies radii (modeEnergy shift entry energy radius :: done) else none
    | _, _, _, done => some (turned done)

/-- Their sums: bounds of the squared norm of the projection on the span of the modes' images. -/
def spanEnergy (modes : Modes) (along : IntegerVector) : Option Enclosure :=
  match modeEnergies modes along with
  | none => none
  | some parts =>
    some ⟨sumDyadic (mapped Enclosure.atLeast parts), sumDyadic (mapped Enclosure.atMost parts)⟩

def shareBits : Nat := 30

/-- `part / whole` on the grid `2^-30`, rounded down or up, at most 1. -/
def share (part whole : Dyadic) (up : Bool) : Dyadic :=
  ⟨smaller (onGrid part whole shareBits up) (Dyadic.shiftLeft 1 shareBits), -Int.ofNat shareBits⟩

end Eigenstill.Claims.Exec
