module

public import Lean.Compiler.IR.CompilerM

/-!
# Running a compiled program

`lean --run launch.lean LIBRARY CODE ARGUMENT...` runs `main` of a program that Lean compiled before: CODE is the file of
intermediate code (`.ir`) that `lean -o` wrote beside the compiled module, LIBRARY the folder of core's compiled modules.

This build of Lean keeps no code of imported modules, so the code is not imported: its declarations are read and added to
an environment that holds `Init` alone, as if they had been compiled just now. A declaration made here calls `main` with
the arguments.

It recurses by its own functions: this build lacks the data that would compile core's generic functions.
-/

open Lean

public section

/-- The compiled declarations among the entries of a file of code. Only Lean itself writes entries of that name. -/
unsafe def codeIn : List (Name × Array EnvExtensionEntry) → Array IR.Decl
  | [] => #[]
  | (name, entries) :: rest => if name == `Lean.IR.declMapExt then unsafeCast entries else codeIn rest

/-- Put words, last first, in front of the list in variable `list`, and call `main` with it; `next` is a fresh variable. -/
def callMain : List String → Nat → Nat → IR.FnBody
  | [], list, next => .vdecl ⟨next⟩ .object (.fap `main #[.var ⟨list⟩, .erased]) (.ret (.var ⟨next⟩))
  | word :: words, list, next =>
    .vdecl ⟨next⟩ .object (.lit (.str word))
      (.vdecl ⟨next + 1⟩ .object (.ctor ⟨`List.cons, 1, 2, 0, 0⟩ #[.var ⟨next⟩, .var ⟨list⟩])
        (callMain words (next + 1) (next + 2)))

/-- The name of the declaration that calls `main`. -/
def start : Name := `eigenstill.start

/-- `main` with the words, last first. -/
def startOf (words : List String) : IR.Decl :=
  .fdecl start #[⟨⟨1⟩, false, .object⟩] .object
    (.vdecl ⟨2⟩ .tobject (.ctor ⟨`List.nil, 0, 0, 0, 0⟩ #[]) (callMain words 2 3)) {}

/-- `words` turned round, in front of `done`. -/
def lastFirst : List String → List String → List String
  | [], done => done
  | word :: words, done => lastFirst words (word :: done)

/-- Read the code, and run it. -/
unsafe def launch (library code : String) (arguments : List String) : IO Unit := do
  searchPathRef.set [System.FilePath.mk library]
  let (data, _) ← readModuleData (System.FilePath.mk code)
  let env ← importModules #[{ module := `Init }] {} (loadExts := false) (level := .exported)
  let state ← IO.mkRef ({ env := env } : Core.State)
  let context : Core.Context := { fileName := "", fileMap := ⟨"", #[]⟩ }
  (IR.addDecls ((codeIn data.entries.toList).push (startOf (lastFirst arguments []))) context state).toIO
    fun _ => IO.userError (String.append code ": its code cannot be added; remove the file")
  runInit (← state.get).env {} start start

unsafe def main (arguments : List String) : IO Unit := do
  try
    match arguments with
    | library :: code :: rest => launch library code rest
    | _ => throw (IO.userError "usage: LIBRARY CODE ARGUMENT...")
  catch error =>
    IO.eprintln (toString error)
    IO.Process.exit 3

end
