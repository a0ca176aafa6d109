module

public import Lean
public meta import Lean

/-!
# The driver of `eigenstill lean`

Run with `lean --run driver.lean serve FOLDER...`, the folders of compiled modules. It reads commands from its input,
one a line, words separated by tabs, and answers each with a line that begins with a mark:

* `build MODULE SOURCE OLEAN`: Lean's messages as JSON lines, then `done MODULE ok|failed MILLISECONDS`.
* `audit FILE MODULE...`: into that file for each module a line `module MODULE`, followed by a line
  `constant NAME KIND FLAGS TYPE VALUE USES PROOF AXIOMS TEXT BODY` for every constant that it declares, then `audited`; then
  the answer `audited`. Through a pipe these megabytes would end in an error wherever the reader is slower than Lean.
  USES are the constants that its meaning rests on, PROOF those that a theorem's proof names, TEXT and BODY its type and
  a definition's value for people. AXIOMS are given for public theorems, and for all constants where any of them rests on
  another axiom than Lean's three: where all together rest on those alone, so does each. All words but KIND and FLAGS are
  JSON strings, so none holds a tab or a line break.

It recurses by its own functions and joins strings with `String.append`: this build of Lean lacks the data that would
compile core's generic functions. Whatever goes along a list that grows with the library does so in tail form: each level
of another recursion takes some of a stack that ends after about two hundred, and past its end Lean overwrites its own
memory: it crashes, or allocates for ever.
-/

open Lean

public section

/-- The answer line with these words. -/
def answer : List String → String
  | [] => "@eigenstill"
  | word :: words => answerAfter (String.append "@eigenstill\t" word) words
where
  answerAfter (text : String) : List String → String
    | [] => text
    | word :: words => answerAfter (String.append (String.append text "\t") word) words

/-- Folders as paths. -/
def toPaths : List String → List System.FilePath
  | [] => []
  | path :: paths => System.FilePath.mk path :: toPaths paths

/-! ## Building

`Lean.Elab.runFrontend` reads a module's imports in a thread of its own. In this build of Lean a thread hands each call
of the file system to the main thread, which looks for it every millisecond: the 500 files of `Init` take 4 s, most of
it spent waiting. So the main thread reads here, and core's part is read once for all modules. -/

/-- What every module imports of core, read once. -/
def readCore : IO ImportState := do
  let (_, core) ← ImportStateM.run (importModulesCore #[{ module := `Init }] (globalLevel := .exported))
  pure core

/-- The environment that a header asks for, as `Lean.Elab.processHeaderCore` makes it for a `module` that imports `Init`
first and what it needs then; none for another header, or where an import fails. -/
def importOnto (core : ImportState) (header : Lean.Elab.HeaderSyntax) (options : Options) : IO (Option Environment) := do
  let imports := Lean.Elab.HeaderSyntax.imports header
  let first := (imports.getD 0 { module := .anonymous }).module
  if first == `Init && Lean.Elab.HeaderSyntax.isModule header then
    try
      let (_, state) ← ImportStateM.run (importModulesCore imports (globalLevel := .exported)) core
      let env ← finalizeImport state imports options 0 (leakEnv := true) (loadExts := true) (level := .exported)
      pure (some env)
    catch _ => pure none
  else pure none

/-- The environment after the last command. -/
def finalEnvironment (snapshot : Language.Lean.CommandParsedSnapshot) : Nat → Environment
  | 0 => snapshot.elabSnap.resultSnap.task.get.cmdState.env
  | fuel + 1 =>
    match snapshot.nextCmdSnap? with
    | none => snapshot.elabSnap.resultSnap.task.get.cmdState.env
    | some next => finalEnvironment next.task.get fuel

/-- Elaborate a module in an environment made before, report its messages as JSON, and write its compiled form unless it
has an error: what `Lean.Elab.runFrontend` does after the header. -/
def elaborate (inputContext : Parser.InputContext) (parserState : Parser.ModuleParserState) (options : Options)
    (env : Environment) (olean : System.FilePath) : IO Bool := do
  let state := Lean.Elab.Command.mkState env {} options
  let first ← Language.Lean.processCommands inputContext parserState state
  let hasErrors ← (Language.toSnapshotTree first.get).runAndReport options true
  if hasErrors then pure false
  else
    writeModule (finalEnvironment first.get inputContext.inputString.length) olean
    pure true

/-- Build a module; whether it passed. A header with an error is left to `Lean.Elab.runFrontend`, which reports it. -/
def buildModule (core : ImportState) (moduleName : Name) (source : String) (olean : System.FilePath) : IO Bool := do
  let input ← IO.FS.readFile (System.FilePath.mk source)
  let inputContext : Parser.InputContext :=
    { inputString := input, fileName := source, fileMap := FileMap.ofString input }
  let (header, parserState, messages) ← Parser.parseHeader inputContext
  let options := Lean.Elab.async.setIfNotSet (Lean.internal.cmdlineSnapshots.setIfNotSet {} true) true
  let env? ← if messages.hasErrors then pure none else importOnto core header options
  match env? with
  | some env => elaborate inputContext parserState options (env.setMainModule moduleName) olean
  | none =>
    match ← Lean.Elab.runFrontend input {} source moduleName 0 (some olean) none true with
    | some _ => pure true
    | none => pure false

/-- Build a module, and say how it went. -/
def build (core : ImportState) (moduleName source olean : String) : IO Unit := do
  let start ← IO.monoMsNow
  let passed ← buildModule core moduleName.toName source (System.FilePath.mk olean)
  let stop ← IO.monoMsNow
  IO.println (answer ["done", moduleName, if passed then "ok" else "failed", Nat.repr (stop - start)])

/-! ## Names and terms as text -/

/-- A name, its parts joined by dots. -/
def nameText : Name → String
  | .anonymous => ""
  | .str .anonymous part => part
  | .str rest part => String.append (String.append (nameText rest) ".") part
  | .num rest part => String.append (String.append (nameText rest) ".") (Nat.repr part)

/-- Append a universe level. -/
def levelText (text : String) : Level → String
  | .zero => text.push '0'
  | .succ u => levelText (text.push '+') u
  | .max u v => levelText ((levelText (String.append text "(max ") u).push ' ') v |>.push ')'
  | .imax u v => levelText ((levelText (String.append text "(imax ") u).push ' ') v |>.push ')'
  | .param n => String.append text (nameText n)
  | .mvar _ => text.push '?'

/-- Append universe levels. -/
def levelsText (text : String) : List Level → String
  | [] => text
  | u :: us => levelsText (levelText (text.push ' ') u) us

/-- Append a term in full: everything that its meaning depends on, and nothing else (no names of bound variables, no
binder kinds, no metadata). Equal texts mean equal terms up to the names of bound variables. -/
def termText (text : String) : Expr → String
  | .bvar i => String.append (text.push '#') (Nat.repr i)
  | .sort u => (levelText (String.append text "(sort ") u).push ')'
  | .const n us => (levelsText (String.append (text.push '{') (nameText n)) us).push '}'
  | .app f a => (termText ((termText (text.push '(') f).push ' ') a).push ')'
  | .lam _ t b _ => (termText ((termText (String.append text "(fun ") t).push ' ') b).push ')'
  | .forallE _ t b _ => (termText ((termText (String.append text "(all ") t).push ' ') b).push ')'
  | .letE _ t v b _ =>
    (termText ((termText ((termText (String.append text "(let ") t).push ' ') v).push ' ') b).push ')'
  | .lit (.natVal n) => String.append text (Nat.repr n)
  | .lit (.strVal s) => String.append text (Json.str s).compress
  | .mdata _ e => termText text e
  | .proj n i e => (termText (String.append text
      (String.append (String.append "(proj " (nameText n)) (String.append (String.append " " (Nat.repr i)) " "))) e).push ')'
  | .fvar _ => String.append text "(fvar)"
  | .mvar _ => String.append text "(mvar)"

/-! ## The audit -/

/-- Append names, a blank before each. -/
def namesText (text : String) : List Name → String
  | [] => text
  | name :: names => namesText (String.append (text.push ' ') (nameText name)) names

/-- Whether core declares a constant. -/
def isOfCore (env : Environment) (name : Name) : Bool :=
  match env.getModuleIdxFor? name with
  | none => false
  | some index =>
    let root := (env.header.moduleNames.getD index Name.anonymous).getRoot
    root == `Init || root == `Std || root == `Lean

/-- Whether a constant that looks like an axiom is one. Core's theorems and definitions look like axioms where their bodies
are not shipped: their original kind tells them from real ones. A body of ours must never be missing. -/
def isAxiom (env : Environment) (name : Name) : Bool :=
  match getOriginalConstKind? env name with
  | some .axiom => true
  | none => true
  | _ => !isOfCore env name

/-- Of what a constant rests on, append what is an axiom. -/
def axiomsText (env : Environment) (text : String) : List Name → String
  | [] => text
  | name :: names =>
    if isAxiom env name then axiomsText env (String.append (text.push ' ') (nameText name)) names
    else axiomsText env text names

/-- Whether all that are axioms are among the three that Lean's own library rests on. -/
def areUsual (env : Environment) : List Name → Bool
  | [] => true
  | name :: names =>
    if isAxiom env name && !(name == `propext || name == `Quot.sound || name == `Classical.choice) then false
    else areUsual env names

/-- The kind of a constant. -/
def kindText : ConstantInfo → String
  | .axiomInfo _ => "axiom"
  | .defnInfo _ => "definition"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quotient"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"

/-- The constants that the declaration itself names beside its type: a definition's value, an inductive type's
constructors. A theorem's proof does not belong to what it states. -/
def valueText : ConstantInfo → String
  | .defnInfo info => termText "" info.value
  | .opaqueInfo info => termText "" info.value
  | .inductInfo info => namesText "" info.ctors
  | _ => ""

/-- The constants of `valueText`. -/
def valueUses : ConstantInfo → List Name
  | .defnInfo info => info.value.getUsedConstants.toList
  | .opaqueInfo info => info.value.getUsedConstants.toList
  | .inductInfo info => info.ctors
  | _ => []

/-- What makes a constant suspect, and what hides it from users. -/
def flagsText (env : Environment) (name : Name) (info : ConstantInfo) : String :=
  let text := if info.isUnsafe then " unsafe" else ""
  let text := if info.isPartial then String.append text " partial" else text
  let text := if isExtern env name then String.append text " extern" else text
  let text := if (Compiler.getImplementedBy? env name).isSome then String.append text " implemented_by" else text
  let text := if isPrivateName name then String.append text " private" else text
  if name.isInternalDetail then String.append text " internal" else text

/-- What a theorem's proof names. -/
def proofUses : ConstantInfo → List Name
  | .thmInfo info => info.value.getUsedConstants.toList
  | _ => []

/-- Append the names that core does not declare, a blank before each. -/
def ownText (env : Environment) (text : String) : List Name → String
  | [] => text
  | name :: names =>
    if isOfCore env name then ownText env text names
    else ownText env (String.append (text.push ' ') (nameText name)) names

/-- A term for people, wrapped. -/
def prettyText (env : Environment) (term : Expr) : IO String := do
  let text ← PrettyPrinter.ppExprLegacy env {} {} {} term
  pure (text.pretty 100)

/-- The value of a definition for people. -/
def bodyText (env : Environment) : ConstantInfo → IO String
  | .defnInfo info => prettyText env info.value
  | _ => pure ""

/-- A word as JSON. -/
def quoted (text : String) : String := (Json.str text).compress

/-- The axioms that any of these constants rests on, and what was looked at for that. -/
def collectAll (env : Environment) (state : CollectAxioms.State) : List Name → CollectAxioms.State
  | [] => state
  | name :: names => collectAll env (CollectAxioms.collect name env state).2 names

/-- Whether this is a theorem that users see. -/
def isPublicTheorem (name : Name) : ConstantInfo → Bool
  | .thmInfo _ => !(isPrivateName name || name.isInternalDetail)
  | _ => false

/-- The line about one constant. -/
def auditConstant (env : Environment) (usual : Bool) (file : IO.FS.Handle) (name : Name) (info : ConstantInfo) : IO Unit := do
  let axioms := if usual && !isPublicTheorem name info then [] else (CollectAxioms.collect name env {}).2.axioms.toList
  let hidden := isPrivateName name || name.isInternalDetail
  let text ← if hidden then pure "" else prettyText env info.type
  let body ← if hidden then pure "" else bodyText env info
  let uses := ownText env (ownText env "" info.type.getUsedConstants.toList) (valueUses info)
  file.putStrLn (answer ["constant", quoted (nameText name), kindText info, flagsText env name info,
    quoted (termText "" info.type), quoted (valueText info), quoted uses,
    quoted (ownText env "" (proofUses info)), quoted (axiomsText env "" axioms), quoted text, quoted body])

/-- The lines about the constants of one module. -/
def auditConstants (env : Environment) (usual : Bool) (file : IO.FS.Handle) : List Name → IO Unit
  | [] => pure ()
  | name :: names => do
    match env.find? name with
    | some info => auditConstant env usual file name info
    | none => file.putStrLn (answer ["constant", quoted (nameText name), "missing", "", "\"\"", "\"\"", "\"\"", "\"\"", "\"\"",
        "\"\"", "\"\""])
    auditConstants env usual file names

/-- Whether a name is among others. -/
def isAmong (name : Name) : List Name → Bool
  | [] => false
  | other :: others => name == other || isAmong name others

/-- What the constants of the modules that are asked for rest on, all together. -/
def collectModules (env : Environment) (wanted : List Name) (state : CollectAxioms.State) :
    List Name → List ModuleData → CollectAxioms.State
  | name :: names, data :: datas =>
    let state := if isAmong name wanted then collectAll env state data.constNames.toList else state
    collectModules env wanted state names datas
  | _, _ => state

/-- Go through the imported modules, and audit those that are asked for. -/
def auditModules (env : Environment) (usual : Bool) (file : IO.FS.Handle) (wanted : List Name) : List Name → List ModuleData → IO Unit
  | name :: names, data :: datas => do
    if isAmong name wanted then
      file.putStrLn (answer ["module", nameText name])
      auditConstants env usual file data.constNames.toList
    auditModules env usual file wanted names datas
  | _, _ => pure ()

/-- Append modules as imports. -/
def addImports (imports : Array Import) : List String → Array Import
  | [] => imports
  | text :: texts => addImports (imports.push { module := text.toName }) texts

/-- Texts as names, before others; the last is first. -/
def addNames (names : List Name) : List String → List Name
  | [] => names
  | text :: texts => addNames (text.toName :: names) texts

/-- Import modules with their proofs, and report in a file on all that they declare. -/
def audit (path : System.FilePath) (modules : List String) : IO Unit := do
  let env ← importModules (addImports #[] modules) {} (loadExts := true) (level := .private)
  let file ← IO.FS.Handle.mk path .write
  let (wanted, names, datas) := (addNames [] modules, env.header.moduleNames.toList, env.header.moduleData.toList)
  let usual := areUsual env (collectModules env wanted {} names datas).axioms.toList
  auditModules env usual file wanted names datas
  file.putStrLn (answer ["audited"])
  file.flush
  IO.println (answer ["audited"])

/-! ## The commands -/

/-- Obey commands until the input ends. -/
def serve (core : ImportState) (input : IO.FS.Stream) : Nat → IO Unit
  | 0 => pure ()
  | fuel + 1 => do
    let line ← input.getLine
    match (line.dropEnd 1).copy.splitOn "\t" with
    | ["build", moduleName, source, olean] =>
      build core moduleName source olean
      (← IO.getStdout).flush
      serve core input fuel
    | "audit" :: path :: modules =>
      audit (System.FilePath.mk path) modules
      (← IO.getStdout).flush
      serve core input fuel
    | [""] => pure ()
    | _ => throw (IO.userError (String.append "unknown command " line))

def main (arguments : List String) : IO Unit := do
  try
    match arguments with
    | "serve" :: folders =>
      searchPathRef.set (toPaths folders)
      let core ← readCore
      IO.println (answer ["ready"])
      (← IO.getStdout).flush
      serve core (← IO.getStdin) 1000000
      IO.Process.exit 0
    | _ => throw (IO.userError "usage: serve FOLDER...")
  catch error =>
    IO.eprintln (toString error)
    IO.Process.exit 3

end
