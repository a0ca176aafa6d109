module

public import Lean
public meta import Lean

/-!
# The driver of `eigenstill lean`

Run with `lean --run driver.lean serve FOLDER...`, the folders of compiled modules. It reads commands from its input,
one a line, words separated by tabs, and answers each with a line that begins with a mark:

* `build MODULE SOURCE OLEAN`: Lean's messages as JSON lines, then `done MODULE ok|failed MILLISECONDS`.

It recurses by its own functions and joins strings with `String.append`: this build of Lean lacks the data that would
compile core's generic functions.
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

/-- Elaborate one module, and write its compiled form unless it has an error. -/
def build (moduleName source olean : String) : IO Unit := do
  let start ← IO.monoMsNow
  let input ← IO.FS.readFile (System.FilePath.mk source)
  let env? ← Lean.Elab.runFrontend input {} source moduleName.toName 0 (some (System.FilePath.mk olean)) none true
  let stop ← IO.monoMsNow
  let verdict := match env? with
    | some _ => "ok"
    | none => "failed"
  IO.println (answer ["done", moduleName, verdict, Nat.repr (stop - start)])

/-- Obey commands until the input ends. -/
def serve (input : IO.FS.Stream) : Nat → IO Unit
  | 0 => pure ()
  | fuel + 1 => do
    let line ← input.getLine
    match (line.dropEnd 1).copy.splitOn "\t" with
    | ["build", moduleName, source, olean] =>
      build moduleName source olean
      (← IO.getStdout).flush
      serve input fuel
    | [""] => pure ()
    | _ => throw (IO.userError (String.append "unknown command " line))

def main (arguments : List String) : IO Unit := do
  try
    match arguments with
    | "serve" :: folders =>
      searchPathRef.set (toPaths folders)
      IO.println (answer ["ready"])
      (← IO.getStdout).flush
      serve (← IO.getStdin) 1000000
      IO.Process.exit 0
    | _ => throw (IO.userError "usage: serve FOLDER...")
  catch error =>
    IO.eprintln (toString error)
    IO.Process.exit 3

end
