/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Format.Fields

/-!
# The JSON of a certificate

`readDocument` checks everything that FORMAT.md section 1 says of it but the inside of the claims.
-/

@[expose] public section

namespace Eigenstill.Format

open Eigenstill.Claims (Basis)

def maxRows : Nat := 10000000
def maxInputs : Nat := 10000
def maxOutputs : Nat := 1000
def maxLandmarks : Nat := 4096
def maxColumns : Nat := 8192
def maxShards : Nat := 4096
def maxCount : Nat := 999999999999999

/-- One array file, as the certificate names it. -/
structure FileEntry where
  file : String
  sha256 : String
  bytes : Nat
  rows : Nat
  holdoutRows : Nat
  /-- Its rows do not lie beside the JSON. -/
  detached : Bool

/-- Who or what something is: recorded, not checked. -/
structure Named where
  name : String
  sha256 : Option String

/-- What the certificate says without proof. -/
structure Subject where
  student : Named
  modes : Nat
  effectiveParameters : Dyadic
  data : Named
  teacher : Named
  parameters : Option Nat

/-- A claim as it stands in the file. -/
structure RawClaim where
  kind : String
  value : Json

/-- The JSON file, its claims unread. -/
structure Document where
  files : List FileEntry
  subject : Subject
  kernel : String
  basis : Basis
  claims : List RawClaim

/-- The claims that a student's certificate must hold, and those that it may hold. -/
def requiredKinds : List String := ["basis", "metric", "eckart_young", "fidelity", "compression", "evaluation"]

def furtherKinds : List String := ["exports", "spectrum", "shrinkage", "gcv", "energy", "diagnosis", "global",
  "agreement", "tolerance", "closer", "interval", "mean_error"]

/-- Programs whose predictions may be recorded beside the student's own. -/
def evaluators : List String := ["c", "numpy", "onnx", "torch"]

/-- The kernels of version 1; the first two are rational, the last stands for no kernel. -/
def kernels : List String := ["rational-quadratic", "rational-l1", "gaussian", "matern-3/2", "features"]

def rationalKernels : List String := ["rational-quadratic", "rational-l1"]

def readFileEntry (value : Json) (place : String) : Result FileEntry := do
  let entries ← readObjectWith ["file", "sha256", "bytes", "rows", "holdout_rows"] ["detached"] value place
  let file ← readField entries place "file" readFileName
  let sha256 ← readField entries place "sha256" readDigest
  let bytes ← readField entries place "bytes" (readNat 8 8589934592)
  let rows ← readField entries place "rows" (readNat 0 maxRows)
  let holdoutRows ← readField entries place "holdout_rows" (readNat 0 maxRows)
  match lookUp "detached" entries with
  | none => return ⟨file, sha256, bytes, rows, holdoutRows, false⟩
  | some (.bool true) => return ⟨file, sha256, bytes, rows, holdoutRows, true⟩
  | some other => wanted other (under place "detached") "true"

def readNamed (entries : List (String × Json)) (place : String) : Result Named := do
  let name ← readField entries place "name" readText
  let sha256 ← readField entries place "sha256" (readOptional readDigest)
  return ⟨name, sha256⟩

def readEffective (value : Json) (place : String) : Result Dyadic := do
  let number ← readNumber true value place
  if Dyadic.le Dyadic.zero number && Dyadic.le number (Dyadic.ofInt 8192) then return number
  else malformed (place ++ ": \"" ++ exactText number ++ "\"; need 0 to 8192")

def readSubject (value : Json) (place : String) : Result Subject := do
  let entries ← readObject ["student", "data", "teacher"] value place
  let (student, modes, effective) ← readField entries place "student" fun value place => do
    let entries ← readObject ["name", "sha256", "modes", "effective_parameters"] value place
    let student ← readNamed entries place
    let modes ← readField entries place "modes" (readNat 0 maxColumns)
    let effective ← readField entries place "effective_parameters" readEffective
    return (student, modes, effective)
  let data ← readField entries place "data" fun value place => do
    let entries ← readObject ["name", "sha256"] value place
    readNamed entries place
  let (teacher, parameters) ← readField entries place "teacher" fun value place => do
    let entries ← readObject ["name", "sha256", "parameters"] value place
    let teacher ← readNamed entries place
    let parameters ← readField entries place "parameters" (readOptional (readNat 0 maxCount))
    return (teacher, parameters)
  return ⟨student, modes, effective, data, teacher, parameters⟩

def readJitter (value : Json) (place : String) : Result Dyadic := do
  let number ← readExact value place
  if Dyadic.le Dyadic.zero number && Dyadic.le number ⟨1, -10⟩ && -256 ≤ number.exponent then return number
  else malformed (place ++ ": " ++ shown value ++ "; need 0p0, or 1p-256 to 1p-10 on the grid 2^-256")

/-- The kernel's name, and the basis. -/
def readBasis (value : Json) (place : String) : Result (String × Basis) := do
  let unit := readCount (-256) 256
  let entries ← readObject ["kernel", "linear", "grid_bits", "linear_exponents", "metric_exponent", "jitter",
    "vector_exponent", "excess_exponent", "factor_exponent"] value place
  let kernel ← readField entries place "kernel" (readChoice kernels)
  let linear ← readField entries place "linear" readBool
  let gridBits ← readField entries place "grid_bits" (readNat 8 64)
  let linearExponents ← readField entries place "linear_exponents" (readList (readCount (-1100) 1100) 0 maxInputs)
  let metricExponent ← readField entries place "metric_exponent" unit
  let jitter ← readField entries place "jitter" readJitter
  let vectorExponent ← readField entries place "vector_exponent" unit
  let excessExponent ← readField entries place "excess_exponent" unit
  let factorExponent ← readField entries place "factor_exponent" unit
  return (kernel, ⟨kernel != "rational-l1", linear, gridBits, linearExponents, metricExponent, jitter, vectorExponent,
    excessExponent, factorExponent⟩)

def readRawClaim (value : Json) (place : String) : Result RawClaim :=
  match value with
  | .object entries =>
    match lookUp "claim" entries with
    | some (.text kind) => Except.ok ⟨kind, value⟩
    | _ => wanted value place "an object with the key \"claim\""
  | _ => wanted value place "an object with the key \"claim\""

/-- How many claims are of a kind. -/
def countKind (kind : String) : List RawClaim → Nat
  | [] => 0
  | claim :: rest => (if claim.kind == kind then 1 else 0) + countKind kind rest

/-- Each kind at most once. -/
def refuseTwice (all : List RawClaim) : List RawClaim → Result Unit
  | [] => Except.ok ()
  | claim :: rest =>
    if 1 < countKind claim.kind all then
      malformed ("claims: " ++ leading 40 claim.kind ++ " stands twice; need each claim once")
    else refuseTwice all rest

/-- Every kind of the profile. -/
def requireKinds (all : List RawClaim) : List String → Result Unit
  | [] => Except.ok ()
  | kind :: rest =>
    if countKind kind all == 0 then
      malformed ("claims: " ++ kind ++ " is missing; profile distillation-1 needs it")
    else requireKinds all rest

/-- No file is named twice. -/
def refuseSameFile : List FileEntry → Result Unit
  | [] => Except.ok ()
  | entry :: rest =>
    if among entry.file rest then malformed "arrays: a file is named twice; need distinct names" else refuseSameFile rest
where
  among (file : String) : List FileEntry → Bool
    | [] => false
    | entry :: rest => entry.file == file || among file rest

/-- The model's file lies beside the JSON. -/
def refuseDetachedModel : List FileEntry → Result Unit
  | [] => Except.ok ()
  | first :: _ =>
    if first.detached then malformed "arrays[0].detached: the model's file; need it beside the certificate"
    else Except.ok ()

/-- Every file has training rows, but the first may have none at all; `index` is that of the first entry given. -/
def requireRows : Nat → List FileEntry → Result Unit
  | _, [] => Except.ok ()
  | index, entry :: rest =>
    if entry.rows == 0 && (0 < index || 0 < entry.holdoutRows) then
      malformed ("arrays[" ++ Nat.repr index ++ "].rows: 0; need at least 1, or no rows at all in the first file")
    else requireRows (index + 1) rest

/-- A count summed over the array files. -/
def totalOf (count : FileEntry → Nat) : List FileEntry → Nat → Nat
  | [], total => total
  | entry :: rest, total => totalOf count rest (total + count entry)

/-- The document that a JSON value is. -/
def readDocument (value : Json) : Result Document := do
  let entries ← readObject ["format", "version", "profile", "producer", "arrays", "subject", "basis", "claims"] value ""
  let _ ← readField entries "" "format" (readChoice ["eigenstill-certificate"])
  let _ ← readField entries "" "version" fun value place =>
    match value with
    | .count 1 => Except.ok ()
    | _ => wanted value place "1"
  let _ ← readField entries "" "profile" (readChoice ["distillation-1"])
  let _ ← readField entries "" "producer" fun value place => do
    let entries ← readObject ["name", "version"] value place
    let _ ← readField entries place "name" readText
    readField entries place "version" readText
  let files ← readField entries "" "arrays" (readList readFileEntry 1 maxShards)
  let subject ← readField entries "" "subject" readSubject
  let (kernel, basis) ← readField entries "" "basis" readBasis
  let claims ← readField entries "" "claims" (readList readRawClaim 1 64)
  refuseTwice claims claims
  requireKinds claims requiredKinds
  refuseSameFile files
  refuseDetachedModel files
  requireRows 0 files
  let rows := totalOf FileEntry.rows files 0
  if maxRows < rows then malformed "arrays: more than 10000000 rows in all; need at most that"
  else if maxRows < totalOf FileEntry.holdoutRows files 0 then
    malformed "arrays: more than 10000000 holdout_rows in all; need at most that"
  else if rows < 2 then malformed ("arrays: " ++ Nat.repr rows ++ " row in all; need at least 2")
  else return ⟨files, subject, kernel, basis, claims⟩

end Eigenstill.Format
