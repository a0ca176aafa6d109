module

public import Lean.Compiler.IR.CompilerM
public import Lean.Compiler.InitAttr

/-!
# Running a compiled program

Run with `lean --run runner.lean CORE CODE ARGUMENT...`: the folder of core's compiled modules, the file of a module's code
(`.ir`) that has a `main`, and what `main` gets. This build of Lean loads no code of imported modules, but its interpreter
runs every declaration that an environment holds, so the file's are put into one.
-/

open Lean IR

public section

/-- What a file of code holds, as declarations. -/
unsafe def declarations (found : Array Decl) : List EnvExtensionEntry → Array Decl
  | [] => found
  | entry :: entries => declarations (found.push (unsafeCast entry)) entries

/-- The declarations among the contents of a file of code. -/
unsafe def declarationsOf (found : Array Decl) : List (Name × Array EnvExtensionEntry) → Array Decl
  | [] => found
  | (name, entries) :: rest =>
    if name == `Lean.IR.declMapExt then declarations found entries.toList else declarationsOf found rest

/-- A variable of intermediate code: the result of one step. -/
def step (index : Nat) : VarId := { idx := index }

/-- The steps that lead to `last` and give it the list of the arguments in the variable of this number, two steps an argument. -/
def listThen (index : Nat) (last : FnBody) : List String → FnBody
  | [] => .vdecl (step index) .tagged (.ctor { name := `List.nil, cidx := 0, size := 0, usize := 0, ssize := 0 } #[]) last
  | argument :: arguments =>
    let cons : CtorInfo := { name := `List.cons, cidx := 1, size := 2, usize := 0, ssize := 0 }
    listThen (index - 2) (.vdecl (step (index - 1)) .object (.lit (.str argument))
      (.vdecl (step index) .object (.ctor cons #[.var (step (index - 1)), .var (step (index - 2))]) last)) arguments

/-- How many there are, and `count` more. -/
def counted (count : Nat) : List String → Nat
  | [] => count
  | _ :: arguments => counted (count + 1) arguments

/-- The name of the action that is run. -/
def startName : Name := `eigenstill.start

/-- `main` with these arguments, as an action without any. -/
def start (arguments : List String) : Array Decl :=
  let index := 2 + 2 * counted 0 arguments
  let result := step (index + 1)
  let run : FnBody := .vdecl result .object (.fap `main #[.var (step index), .erased]) (.ret (.var result))
  let boxed : FnBody := .vdecl (step 2) .object (.fap startName #[.var (step 1)]) (.ret (.var (step 2)))
  let parameter (type : IRType) : Array Param := #[{ x := step 1, borrow := false, ty := type }]
  #[.fdecl startName (parameter .void) .object (listThen index run arguments) {},
    .fdecl (startName.str "_boxed") (parameter .tagged) .object boxed {}]

/-- The environment and these declarations. -/
def withCode (env : Environment) (code : Array Decl) : EIO Exception Environment := do
  let state ← IO.mkRef ({ env := env } : Core.State)
  addDecls code { fileName := "", fileMap := FileMap.ofString "" } state
  pure (← state.get).env

unsafe def main (arguments : List String) : IO Unit := do
  try
    match arguments with
    | folder :: file :: arguments =>
      searchPathRef.set [System.FilePath.mk folder]
      let (contents, _) ← readModuleData (System.FilePath.mk file)
      let code := declarationsOf (start arguments) contents.entries.toList
      let core ← importModules #[{ module := `Init }] {} (level := .exported)
      let env ← (withCode core code).toIO fun _ => IO.userError "the code cannot be added"
      runInit env {} startName startName
      IO.Process.exit 0
    | _ => throw (IO.userError "usage: CORE CODE ARGUMENT...")
  catch error =>
    IO.eprintln (toString error)
    IO.Process.exit 3

end
