/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Decide
public import Eigenstill.Format.Contents
public import Eigenstill.Format.Sha256

/-!
# From a path to a verdict

Files are read once, so that what is hashed is what is checked. Sizes are compared before anything is read.
-/

@[expose] public section

namespace Eigenstill.Checker

open Eigenstill.Claims Eigenstill.Claims.Exec Eigenstill.Format

def maxJsonBytes : Nat := 4194304

/-- The part of a path before and behind its last separator. -/
def folderAndName (path : String) : String × String := walk path.toList [] []
where
  walk : List Char → List Char → List Char → String × String
    | [], folder, name => (text (turned folder), text (turned name))
    | char :: rest, folder, name =>
      if char == '/' || (char == '\\' && System.Platform.isWindows) then walk rest (char :: reverseOnto (turned name) folder) []
      else walk rest folder (char :: name)
  text (chars : List Char) : String := push chars ""
  push : List Char → String → String
    | [], text => text
    | char :: rest, text => push rest (text.push char)

def unreadable {α : Type} (path reason : String) : Result α :=
  Except.error (Refusal.noVerdict (path ++ ": cannot be read (" ++ reason ++ "); need a readable file"))

def fromException {α : Type} (path : String) (error : IO.Error) : Result α := unreadable path (toString error)

/-- The size of a regular file; a link counts as none where links are not followed. -/
def regularSize (path : String) (followLinks : Bool) : IO (Result Nat) := do
  try
    let file := System.FilePath.mk path
    let metadata ← if followLinks then file.metadata else file.symlinkMetadata
    match metadata.type with
    | .file => return Except.ok metadata.byteSize.toNat
    | .symlink => return unreadable path "a symbolic link"
    | _ => return Except.error (Refusal.noVerdict (path ++ ": no regular file; need one, not a folder, pipe or device"))
  catch error => return fromException path error

def readBytes (path : String) : IO (Result ByteArray) := do
  try
    let bytes ← IO.FS.readBinFile (System.FilePath.mk path)
    return Except.ok bytes
  catch error => return fromException path error

/-- Read an array file, compare length and digest, and split it into tensors. -/
def loadArrays (folder : String) (entry : FileEntry) : IO (Result ArrayFile) := do
  let path := folder ++ entry.file
  let place := "arrays " ++ entry.file
  match ← regularSize path false with
  | .error refusal => return Except.error refusal
  | .ok size =>
    if size != entry.bytes then
      return rejected place (Nat.repr size ++ " bytes") (Nat.repr entry.bytes ++ " bytes as recorded")
    else
      match ← readBytes path with
      | .error refusal => return Except.error refusal
      | .ok bytes =>
        if bytes.size != entry.bytes then
          return rejected place (Nat.repr bytes.size ++ " bytes") (Nat.repr entry.bytes ++ " bytes as recorded")
        else
          let digest := sha256 bytes
          if digest != entry.sha256 then
            return rejected place ("sha256 " ++ digest) ("sha256 " ++ entry.sha256 ++ " as recorded")
          else return parseArrays entry.file bytes

/-- This checker takes no files but those beside the JSON. -/
def detachedRows (entry : FileEntry) : Result ArrayFile :=
  Except.error (Refusal.noVerdict (entry.file ++ ": its rows are detached; the Lean checker takes no files from elsewhere"))

/-- What was read of the array files so far; rows last shard first. -/
structure Shards where
  model : Option (Model × Fit)
  train : List Rows
  holdout : List Rows
  /-- Predictions of exports, last shard first. -/
  trainExports : List (List ExportRows)
  holdoutExports : List (List ExportRows)

/-- Whether all lists of names are the same. -/
def allSame : List (List String) → Bool
  | first :: second :: rest => first == second && allSame (second :: rest)
  | _ => true

/-- Exports of a split in one file, in front of those read before; none where they are not claimed. -/
def addExports (file : ArrayFile) (split : String) (rows : Nat) (model : Model) (claimed : Bool)
    (before : List (List ExportRows)) : Result (List (List ExportRows)) :=
  if rows == 0 || !claimed then Except.ok before
  else do
    let found ← readExportRows file split rows (sizeOf' model.intercept) evaluators
    return found :: before

/-- The same exports in every split of every file, and some where the claim is made. -/
def requireExports (shards : List (List ExportRows)) (claimed : Bool) : Result Unit :=
  let exports := mapped (mapped ExportRows.name) shards
  if !allSame exports then
    malformed "arrays: predictions of an export in some splits or shards only; need them in all or none"
  else
    match claimed, exports with
    | true, [] :: _ => malformed ("arrays: no predictions of an export; need train.predictions." ++ joined " or ." evaluators)
    | _, _ => Except.ok ()

/-- Rows of a split in one file, in front of those read before. -/
def addRows (file : ArrayFile) (split : String) (rows : Nat) (model : Model) (before : List Rows) : Result (List Rows) :=
  if rows == 0 then Except.ok before
  else do
    let read ← readRows file split rows (sizeOf' model.scales) (sizeOf' model.intercept)
    return read :: before

/-- Add the contents of one file. -/
def addFile (basis : Basis) (claimed : String → Bool) (entry : FileEntry) (file : ArrayFile) (shards : Shards) : Result Shards := do
  let model ← match shards.model with
    | some model => pure model
    | none => readModel file basis claimed
  let train ← addRows file "train" entry.rows model.1 shards.train
  let holdout ← addRows file "holdout" entry.holdoutRows model.1 shards.holdout
  let trainExports ← addExports file "train" entry.rows model.1 (claimed "exports") shards.trainExports
  let holdoutExports ← addExports file "holdout" entry.holdoutRows model.1 (claimed "exports") shards.holdoutExports
  let names := joinedLists (rowNames "train" entry.rows (claimed "exports"))
    (rowNames "holdout" entry.holdoutRows (claimed "exports"))
  file.refuseOthers (match shards.model with
    | some _ => names
    | none => joinedLists (modelNames basis.linear claimed) names)
  return ⟨some model, train, holdout, trainExports, holdoutExports⟩

def loadAll (folder : String) (basis : Basis) (claimed : String → Bool) : List FileEntry → Shards → IO (Result Shards)
  | [], shards => return Except.ok shards
  | entry :: rest, shards => do
    match ← (if entry.detached then pure (detachedRows entry) else loadArrays folder entry) with
    | .error refusal => return Except.error refusal
    | .ok file =>
      match addFile basis claimed entry file shards with
      | .error refusal => return Except.error refusal
      | .ok shards => loadAll folder basis claimed rest shards

/-- The certificate from its document and shards, and the predictions of exports. -/
def assemble (document : Document) (shards : Shards) : Result (Certificate × Exports) := do
  requireExports (joinedLists shards.trainExports shards.holdoutExports) (countKind "exports" document.claims != 0)
  let train ← joinShards "train" shards.train none
  let holdout ← joinShards "holdout" shards.holdout none
  match shards.model, train with
  | some (model, fit), some train =>
    return (⟨document.basis, model, train, holdout, document.subject.parameters, fit⟩,
      ⟨joinExportShards shards.trainExports [], joinExportShards shards.holdoutExports []⟩)
  | _, _ => malformed "arrays: empty; need the model's file"

/-- Claims required beyond the profile's. -/
def requireClaims (claims : List RawClaim) : List String → Result Unit
  | [] => Except.ok ()
  | kind :: rest =>
    if countKind kind claims == 0 then
      malformed ("claims: " ++ leading 40 kind ++ " is missing; it was required of this certificate")
    else requireClaims claims rest

/-- No verdict where this checker cannot decide what the certificate is about. -/
def requireCovered (document : Document) : Result Unit :=
  if !isOption document.kernel rationalKernels then
    Except.error (Refusal.noVerdict ("basis.kernel: " ++ document.kernel ++ " is not rational; not covered by the Lean "
      ++ "checker: " ++ joined ", " (mapped RawClaim.kind document.claims)))
  else Except.ok ()

/-- A profile that is not about a student's rows, with its claims: of a matrix, or of boxes. -/
def otherProfile : Json → Option String
  | .object entries =>
    match lookUp "profile" entries with
    | some (.text profile) =>
      if profile == "svd-1" then some "profile svd-1; not covered by the Lean checker: matrix, eckart_young, spectrum"
      else if profile == "region-1" then some "profile region-1; not covered by the Lean checker: region"
      else none
    | _ => none
  | _ => none

/-- Features are decided by the Python checker alone: their certificates lack the tensors of a kernel. -/
def refuseFeatures (document : Document) : Result Unit :=
  if document.kernel != "features" then Except.ok ()
  else if !document.basis.linear then
    malformed "basis.linear: false; need true with features, which are linear columns"
  else
    Except.error (Refusal.noVerdict ("basis.kernel: features; not covered by the Lean checker: "
      ++ joined ", " (mapped RawClaim.kind document.claims)))

/-- Read the JSON file. -/
def loadDocument (path name : String) : IO (Result Document) := do
  match ← regularSize path true with
  | .error refusal => return Except.error refusal
  | .ok size =>
    if maxJsonBytes < size then
      return malformed (name ++ ": " ++ Nat.repr size ++ " bytes; need at most " ++ Nat.repr maxJsonBytes)
    else
      match ← readBytes path with
      | .error refusal => return Except.error refusal
      | .ok bytes => return do
        let value ← parseJson bytes name maxJsonBytes
        match otherProfile value with
        | some reason => Except.error (Refusal.noVerdict (name ++ ": " ++ reason))
        | none =>
          let document ← readDocument value
          refuseFeatures document
          return document

/-- Check one certificate. -/
def check (path : String) (required : List String) : IO Verdict := do
  let (folder, name) := folderAndName path
  match ← loadDocument path name with
  | .error refusal => return refused path refusal
  | .ok document =>
    let claimed (kind : String) : Bool := countKind kind document.claims != 0
    match ← loadAll folder document.basis claimed document.files ⟨none, [], [], [], []⟩ with
    | .error refusal => return refused path refusal
    | .ok shards =>
      let read : Result (List RecordedClaim × Certificate × Exports) := do
        let (certificate, exports) ← assemble document shards
        let claims ← readClaims document.claims 0
        requireClaims document.claims required
        requireCovered document
        return (claims, certificate, exports)
      match read with
      | .error refusal => return refused path refusal
      | .ok (claims, certificate, exports) => return verdictOf path document claims certificate exports

end Eigenstill.Checker
