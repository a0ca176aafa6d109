/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Checker.Print
public import Eigenstill.Checker.Read

/-!
# eigenstill-check

`lake exe eigenstill-check [--json] [--quiet] [--require CLAIM] CERT...`

Exit codes: 0 every certificate accepted; 1 a claim or a digest does not hold; 2 a file is malformed, or the call is; 3 no
verdict (unreadable file, crash). With several certificates the largest code wins.
-/

@[expose] public section

namespace Eigenstill.Checker

/-- How the program was called. -/
structure Options where
  json : Bool
  quiet : Bool
  required : List String
  /-- Last first. -/
  certificates : List String

/-- Read the arguments; `none` for a wrong call. -/
def readArguments : List String → Options → Option Options
  | [], options => some options
  | "--json" :: rest, options => readArguments rest { options with json := true }
  | "--quiet" :: rest, options => readArguments rest { options with quiet := true }
  | "--require" :: kind :: rest, options => readArguments rest { options with required := kind :: options.required }
  | argument :: rest, options =>
    if argument.startsWith "-" then none
    else readArguments rest { options with certificates := argument :: options.certificates }

/-- Check the certificates in order, print each verdict, and give the largest exit code. -/
def checkAll (options : Options) (full : Bool) : List String → Nat → IO Nat
  | [], code => pure code
  | path :: rest, code => do
    let verdict ← check path options.required
    IO.println (if options.json then jsonOfVerdict verdict else textOfVerdict full verdict)
    (← IO.getStdout).flush
    checkAll options full rest (if code ≤ verdict.code then verdict.code else code)

def usage : String :=
  "usage: eigenstill-check [--json] [--quiet] [--require CLAIM] CERT...\n"
    ++ "Exit codes: 0 accepted; 1 rejected; 2 malformed or usage; 3 no verdict."

end Eigenstill.Checker

open Eigenstill.Checker in
/-- The program. It ends by `IO.Process.exit`: one of the toolchains loses a returned code. -/
def main (arguments : List String) : IO Unit := do
  let code ← try
    match readArguments arguments ⟨false, false, [], []⟩ with
    | some options =>
      match Eigenstill.Claims.Exec.turned options.certificates with
      | [] => do
        IO.eprintln usage
        pure 2
      | [path] => checkAll options (!options.quiet) [path] 0
      | paths => checkAll options false paths 0
    | none => do
      IO.eprintln usage
      pure 2
  catch error => do
    IO.eprintln ("NO VERDICT: " ++ toString error)
    pure 3
  IO.Process.exit (UInt8.ofNat code)
