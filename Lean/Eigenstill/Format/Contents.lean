/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.RowNumbers
public import Eigenstill.Format.Document
public import Eigenstill.Format.Safetensors

/-!
# The contents of array files

The model from the first file and rows from every file, with the shapes of FORMAT.md section 2.
-/

@[expose] public section

namespace Eigenstill.Format

open Eigenstill.Claims (Basis ExportRows Fit Model Rows)

def maxCells : Nat := 1024

/-- A count of a shape between two bounds. -/
def requireCount (file what : String) (got low high : Nat) : Result Unit :=
  if low ≤ got && got ≤ high then Except.ok ()
  else malformed (file ++ ": " ++ Nat.repr got ++ " " ++ what ++ "; need " ++ Nat.repr low ++ " to " ++ Nat.repr high)

def allPositive : List Dyadic → Bool
  | [] => true
  | value :: rest => 0 < value.mantissa && allPositive rest

/-- Whether everything behind the first `count` entries is zero. -/
def zeroBehind : Nat → List Int → Bool
  | _, [] => true
  | 0, entry :: rest => entry == 0 && zeroBehind 0 rest
  | count + 1, _ :: rest => zeroBehind count rest

/-- Whether rows have nothing above the diagonal; `index` is that of the first one. -/
def lowerTriangle : Nat → List (List Int) → Bool
  | _, [] => true
  | index, row :: rest => zeroBehind (index + 1) row && lowerTriangle (index + 1) rest

/-- The only size of a shape. -/
def onlySize : List Nat → Nat
  | [size] => size
  | _ => 0

/-- Both sizes of a shape. -/
def bothSizes : List Nat → Nat × Nat
  | [rows, width] => (rows, width)
  | _ => (0, 0)

/-- Whether numbers increase. -/
def increasing : List Dyadic → Bool
  | first :: second :: rest => if Dyadic.lt first second then increasing (second :: rest) else false
  | _ => true

/-- Whether `0 < first ≤ ridge ≤ last`. -/
def around (ridge : Dyadic) : List Dyadic → Bool
  | [] => false
  | first :: rest => 0 < first.mantissa && Dyadic.le first ridge && upTo first rest
where
  upTo (last : Dyadic) : List Dyadic → Bool
    | [] => Dyadic.le ridge last
    | next :: rest => upTo next rest

/-- The fit that the student keeps, an output a row. -/
def readSolution (file : ArrayFile) (outputs modes : Nat) : Result (List (List Int)) := do
  let kept := (bothSizes (← file.shape "solution" 2)).2
  if kept < 1 || modes < kept then
    malformed (file.place "solution" ++ ": " ++ Nat.repr kept ++ " modes; need 1 to " ++ Nat.repr modes)
  else file.integerRows "solution" outputs kept

/-- The edges of the cells, and the trials. -/
def readCells (file : ArrayFile) (ridge : Dyadic) (outputs columns : Nat) : Result (List Dyadic × List (List Int)) := do
  let count := onlySize (← file.shape "ridge_edges" 1)
  if count < 2 || maxCells + 1 < count then
    malformed (file.place "ridge_edges" ++ ": " ++ Nat.repr count ++ " entries; need 2 to " ++ Nat.repr (maxCells + 1))
  else
    let edges ← file.floats "ridge_edges" count
    if around ridge edges && increasing edges then do
      let trials ← file.integerRows "ridge_trials" (count * outputs) columns
      return (edges, trials)
    else malformed (file.place "ridge_edges" ++ ": not increasing, or not around the ridge; "
      ++ "need 0 < first <= ridge <= last, each above the one before")

/-- The tensors about the ridge, each present exactly when a claim needs it. -/
def readFit (file : ArrayFile) (claimed : String → Bool) (outputs columns modes : Nat) : Result Fit := do
  let ridge ←
    if claimed "shrinkage" || claimed "gcv" || claimed "diagnosis" then do
      let values ← file.floats "ridge" 1
      if allPositive values then pure (headOr values)
      else malformed (file.place "ridge" ++ ": not positive; need a ridge > 0")
    else pure Dyadic.zero
  let solution ← if claimed "shrinkage" then readSolution file outputs modes else pure []
  let (edges, trials) ← if claimed "gcv" then readCells file ridge outputs columns else pure ([], [])
  return ⟨ridge, solution, edges, trials⟩
where
  headOr : List Dyadic → Dyadic
    | [] => Dyadic.zero
    | value :: _ => value

/-- The model tensors of the first file and those about its fit; `claimed` tells which claims the certificate makes. -/
def readModel (file : ArrayFile) (basis : Basis) (claimed : String → Bool) : Result (Model × Fit) := do
  let (m, d) := bothSizes (← file.shape "landmarks" 2)
  let c := onlySize (← file.shape "intercept" 1)
  let columns := m + (if basis.linear then d else 0)
  let modes := onlySize (← file.shape "excess" 1)
  requireCount file.name "inputs" d 1 maxInputs
  requireCount file.name "outputs" c 1 maxOutputs
  requireCount file.name "landmarks" m 1 maxLandmarks
  requireCount file.name "columns" columns 2 maxColumns
  requireCount file.name "modes" modes 1 columns
  let exponents := entryCount basis.linearExponents
  let needed := if basis.linear then d else 0
  if exponents != needed then
    malformed ("basis.linear_exponents: " ++ Nat.repr exponents ++ " entries; need " ++ Nat.repr needed)
  else
    let landmarks ← file.floatRows "landmarks" m d
    let scales ← file.floats "scales" d
    let coefficients ← file.floatRows "coefficients" m c
    let intercept ← file.floats "intercept" c
    let weights ← if basis.linear then file.floatRows "weights" d c else pure []
    let offsets ← if basis.linear then file.floats "offsets" d else pure []
    let metric ← file.integerRows "metric" m m
    let linearMetric ← if basis.linear then file.integers "linear_metric" d else pure []
    let eigenvectors ← file.integerRows "eigenvectors" modes columns
    let excess ← file.integers "excess" modes
    let factor ← file.integerRows "factor" columns columns
    let fit ← readFit file claimed c columns modes
    if !allPositive scales then
      malformed (file.place "scales" ++ ": an entry is not positive; need every scale > 0")
    else if !lowerTriangle 0 factor then
      malformed (file.place "factor" ++ ": an entry above the diagonal; need a lower triangle")
    else return (⟨landmarks, scales, coefficients, intercept, weights, offsets, metric, linearMetric, eigenvectors,
      excess, factor⟩, fit)

/-- The names of a model's tensors. -/
def modelNames (linear : Bool) (claimed : String → Bool) : List String :=
  let always := ["landmarks", "scales", "coefficients", "intercept", "metric", "eigenvectors", "excess", "factor"]
  let names := if linear then "weights" :: "offsets" :: "linear_metric" :: always else always
  let names := if claimed "shrinkage" || claimed "gcv" || claimed "diagnosis" then "ridge" :: names else names
  let names := if claimed "shrinkage" then "solution" :: names else names
  if claimed "gcv" then "ridge_edges" :: "ridge_trials" :: names else names

/-- The rows of one split in one file. -/
def readRows (file : ArrayFile) (split : String) (rows inputs outputs : Nat) : Result Rows := do
  let points ← file.floatRows (split ++ ".inputs") rows inputs
  let teacher ← file.floatRows (split ++ ".teacher") rows outputs
  let predictions ← file.floatRows (split ++ ".predictions") rows outputs
  let labels ← match file.find (split ++ ".labels") with
    | none => pure none
    | some _ => do
      let labels ← file.floatRows (split ++ ".labels") rows outputs
      pure (some labels)
  return ⟨points, teacher, predictions, labels⟩

/-- The names of the tensors of one split; predictions of exports only where they are claimed. -/
def rowNames (split : String) (rows : Nat) (exports : Bool) : List String :=
  if rows == 0 then []
  else
    let others := if exports then named evaluators else []
    (split ++ ".inputs") :: (split ++ ".teacher") :: (split ++ ".predictions") :: (split ++ ".labels") :: others
where
  named : List String → List String
    | [] => []
    | name :: rest => (split ++ ".predictions." ++ name) :: named rest

/-- The predictions of exports that a file holds for a split. -/
def readExportRows (file : ArrayFile) (split : String) (rows outputs : Nat) : List String → Result (List ExportRows)
  | [] => Except.ok []
  | name :: rest => do
    let tensor := split ++ ".predictions." ++ name
    match file.find tensor with
    | none => readExportRows file split rows outputs rest
    | some _ => do
      let predictions ← file.floatRows tensor rows outputs
      let others ← readExportRows file split rows outputs rest
      return ⟨name, predictions⟩ :: others

/-- Two lists one after the other. -/
def append {α : Type} (first second : List α) : List α := move (backwards first) second
where
  move : List α → List α → List α
    | [], result => result
    | entry :: rest, result => move rest (entry :: result)

/-- Rows of one split and of a further shard. Labels are in all shards or in none. -/
def joinRows (split : String) (first second : Rows) : Result Rows :=
  let rest (labels : Option (List (List Dyadic))) : Rows :=
    ⟨append first.inputs second.inputs, append first.teacher second.teacher,
      append first.predictions second.predictions, labels⟩
  match first.labels, second.labels with
  | none, none => Except.ok (rest none)
  | some some₁, some some₂ => Except.ok (rest (some (append some₁ some₂)))
  | _, _ => malformed ("arrays: " ++ split ++ ".labels in some shards only; need them in all or none")

/-- Rows of all shards, the shards given last first. -/
def joinShards (split : String) : List Rows → Option Rows → Result (Option Rows)
  | [], joined => Except.ok joined
  | shard :: rest, none => joinShards split rest (some shard)
  | shard :: rest, some later => do
    let both ← joinRows split shard later
    joinShards split rest (some both)

/-- Predictions of the same exports in two shards. -/
def joinExports : List ExportRows → List ExportRows → List ExportRows
  | first :: rest, second :: others =>
    ⟨first.name, append first.predictions second.predictions⟩ :: joinExports rest others
  | _, _ => []

/-- Exports of all shards, the shards given last first. -/
def joinExportShards : List (List ExportRows) → List ExportRows → List ExportRows
  | [], joined => joined
  | shard :: rest, [] => joinExportShards rest shard
  | shard :: rest, later => joinExportShards rest (joinExports shard later)

end Eigenstill.Format
