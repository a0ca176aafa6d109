/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Sums

/-!
# The one pass over the rows

`scan` goes through all rows in blocks and gives column sums and Gram matrix of the floored basis on the training rows,
and the sums of each split.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

def blockRows : Nat := 512

/-- Column sums `S`, Gram matrix `G = Cᵀ C`, and the sums of each split. -/
structure RowSums where
  rows : Nat
  columnSums : List Int
  gram : List (List Int)
  train : SplitSums
  holdout : Option SplitSums

/-- What stays the same for all rows of a split. -/
structure Plan where
  basis : Basis
  model : Model
  outputs : Nat
  kernel : Kernel
  forms : List Form
  fineForms : List FineForm
  gramWidth : Nat

/-- What changes from block to block; `gram` packs upper rows. -/
structure Progress where
  columnSums : List Int
  gram : List Int
  sums : SplitSums

/-- The coefficients of each output. -/
def outputColumns (outputs : Nat) (rows : List (List Dyadic)) : List (List Dyadic) :=
  match rows with
  | [] => repeated [] outputs
  | _ => columnsOf outputs rows

/-- For each output the student on a row of `C`: `b + sum w_d (o_d + 2^(E_d - p) C_d) + sum a_j 2^-p C_j`. -/
def flooredForms (basis : Basis) (model : Model) (outputs : Nat) : List Form :=
  let unit : Dyadic := ⟨1, -Int.ofNat basis.gridBits⟩
  zipped (fun (pair : List Dyadic × List Dyadic) intercept =>
    let linear := zipped (fun weight exponent => Dyadic.mul (Dyadic.mul weight unit) ⟨1, exponent⟩) pair.2
      basis.linearExponents
    let moved := sumDyadic (zipped Dyadic.mul pair.2 model.offsets)
    formOf (Dyadic.add intercept moved) (joinedLists (mapped (fun a => Dyadic.mul a unit) pair.1) linear))
    (zipped Prod.mk (outputColumns outputs model.coefficients) (outputColumns outputs model.weights)) model.intercept

/-- For each output the student on fine basis values and coordinates. -/
def fineFormsOf (basis : Basis) (model : Model) (outputs : Nat) (shifts : List Nat) : List FineForm :=
  let unit : Dyadic := ⟨1, -Int.ofNat (2 * basis.gridBits)⟩
  zipped (fun (pair : List Dyadic × List Dyadic) intercept =>
    let kernel := mapped (fun a => Dyadic.mul a unit) pair.1
    let linear := zipped (fun weight (shift : Nat) => Dyadic.mul weight ⟨1, -Int.ofNat shift⟩) pair.2 shifts
    let floorError := sumDyadic (mapped Dyadic.abs kernel)
    let coefficients := joinedLists kernel linear
    { value := formOf intercept coefficients
      magnitude := formOf (Dyadic.add (Dyadic.abs intercept) floorError) (mapped Dyadic.abs coefficients)
      floorError := floorError })
    (zipped Prod.mk (outputColumns outputs model.coefficients) (outputColumns outputs model.weights)) model.intercept

def planOf (certificate : Certificate) (rows : Rows) : Plan :=
  let model := certificate.model
  let outputs := sizeOf' model.intercept
  let kernel := kernelAt certificate.basis model (columnsOf (sizeOf' model.scales) rows.inputs)
  { basis := certificate.basis
    model := model
    outputs := outputs
    kernel := kernel
    forms := flooredForms certificate.basis model outputs
    fineForms := fineFormsOf certificate.basis model outputs kernel.shifts
    gramWidth := slotWidth (Nat.shiftLeft (sizeOf' rows.inputs) (2 * certificate.basis.gridBits)) }

/-- Whether all entries lie in `[0, top]`. -/
def allWithin (top : Int) (rows : List (List Int)) : Bool :=
  every (fun row => every (fun entry => 0 ≤ entry && entry ≤ top) row) rows

/-- Add one block of rows. -/
def addBlock (plan : Plan) (withGram : Bool) (block : Rows) (progress : Progress) : Except Rejected Progress :=
  let basis := plan.basis
  let points := mapped (pointIn plan.kernel) block.inputs
  let below := mapped (denominators plan.kernel) points
  let fine := mapped (fineRow plan.kernel) below
  let columns := zipped (fun fine x =>
    joinedLists (mapped (fun value => shifted value (-Int.ofNat basis.gridBits)) fine)
      (linearRow basis.gridBits x plan.model.offsets basis.linearExponents [])) fine block.inputs
  if withGram && !allWithin (Dyadic.shiftLeft 1 basis.gridBits) columns then
    Except.error ⟨"basis", "a linear column outside [0, 2^p]", "offset and exponent that cover every training row"⟩
  else
    let turnedColumns := columnsOf (sizeOf' progress.gram) columns
    let gram := if withGram then
      addGram plan.gramWidth progress.gram turnedColumns (mapped (pack plan.gramWidth) columns) [] else progress.gram
    let columnSums := if withGram then
      zipped (fun total column => total + sum column) progress.columnSums turnedColumns else progress.columnSums
    let students := mapped (fun (form : Form) => (⟨mapped form.value columns, form.exponent⟩ : Students)) plan.forms
    let teacher := columnsOf plan.outputs block.teacher
    let old := progress.sums
    let features := if basis.linear then zipped joinedLists fine points else fine
    let sums : SplitSums := { old with
      rows := old.rows + sizeOf' block.inputs
      teacher := addTargets false old.teacher students teacher teacher []
      labels :=
        match old.labels, block.labels with
        | some labels, some rows => some (addTargets true labels students (columnsOf plan.outputs rows) teacher [])
        | _, _ => none
      withinRange := old.withinRange && every (every (fun denominator => denominator ≤ plan.kernel.limit)) below }
    Except.ok ⟨columnSums, gram, addAllPredictions features
      (mapped (fun row => mapped (fun entry => Int.ofNat entry.natAbs) row) features) plan.fineForms
      (columnsOf plan.outputs block.predictions) sums⟩

/-- Add all rows, block by block. -/
def addBlocks (plan : Plan) (withGram : Bool) : Nat → Rows → Progress → Except Rejected Progress
  | 0, _, progress => Except.ok progress
  | fuel + 1, rows, progress =>
    match rows.inputs with
    | [] => Except.ok progress
    | _ =>
      let inputs := split blockRows rows.inputs
      let teacher := split blockRows rows.teacher
      let predictions := split blockRows rows.predictions
      let labels := match rows.labels with
        | some labels => let parts := split blockRows labels; (some parts.1, some parts.2)
        | none => (none, none)
      match addBlock plan withGram ⟨inputs.1, teacher.1, predictions.1, labels.1⟩ progress with
      | Except.error rejected => Except.error rejected
      | Except.ok progress =>
        addBlocks plan withGram fuel ⟨inputs.2, teacher.2, predictions.2, labels.2⟩ progress

/-- The sums of one split; column sums and Gram matrix only where asked for. -/
def scanSplit (certificate : Certificate) (rows : Rows) (withGram : Bool) : Except Rejected (Progress × Nat) :=
  let plan := planOf certificate rows
  let size := sizeOf' certificate.model.landmarks + sizeOf' certificate.model.offsets
  let none' := repeated noTargetSums plan.outputs
  let start : SplitSums :=
    { rows := 0
      teacher := none'
      labels := match rows.labels with
        | some _ => some none'
        | none => none
      largestDifference := Dyadic.zero
      largestMagnitude := Dyadic.zero
      withinRange := plan.kernel.coordinatesWithin }
  match addBlocks plan withGram (sizeOf' rows.inputs + 1) rows ⟨repeated 0 size, repeated 0 size, start⟩ with
  | Except.error rejected => Except.error rejected
  | Except.ok progress => Except.ok (progress, plan.gramWidth)

/-- The pass over all rows. -/
def scan (certificate : Certificate) : Except Rejected RowSums :=
  match scanSplit certificate certificate.train true with
  | Except.error rejected => Except.error rejected
  | Except.ok (train, width) =>
    let size := sizeOf' train.gram
    let sums (holdout : Option SplitSums) : RowSums :=
      { rows := train.sums.rows
        columnSums := train.columnSums
        gram := symmetric (upperEntries width size train.gram []) [] []
        train := train.sums
        holdout := holdout }
    match certificate.holdout with
    | none => Except.ok (sums none)
    | some rows =>
      match scanSplit certificate rows false with
      | Except.error rejected => Except.error rejected
      | Except.ok (holdout, _) => Except.ok (sums (some holdout.sums))

end Eigenstill.Claims.Exec
