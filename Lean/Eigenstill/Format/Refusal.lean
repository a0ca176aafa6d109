/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

/-!
# Why a certificate is not accepted

Three ways to end without acceptance, each with its exit code, as in `FORMAT.md`. A message says where, what was got and
what was needed.
-/

@[expose] public section

namespace Eigenstill.Format

/-- What stops a certificate from being accepted. -/
inductive Refusal
  /-- A well-formed file, digest or claim that does not hold: exit code 1. -/
  | rejected (place got needed : String)
  /-- The file breaks the format: exit code 2. -/
  | malformed (message : String)
  /-- The file could not be read: exit code 3. -/
  | noVerdict (message : String)

/-- A value, or why there is none. -/
abbrev Result (α : Type) : Type := Except Refusal α

/-- The file breaks the format. -/
def malformed {α : Type} (message : String) : Result α := Except.error (Refusal.malformed message)

/-- Something well-formed does not hold. -/
def rejected {α : Type} (place got needed : String) : Result α := Except.error (Refusal.rejected place got needed)

/-- The exit code of a refusal. -/
def Refusal.code : Refusal → Nat
  | .rejected _ _ _ => 1
  | .malformed _ => 2
  | .noVerdict _ => 3

/-- The refusal as one sentence. -/
def Refusal.message : Refusal → String
  | .rejected place got needed => place ++ ": got " ++ got ++ ", need " ++ needed
  | .malformed message => message
  | .noVerdict message => message

/-- The texts with a separator between them. -/
def joined (separator : String) : List String → String
  | [] => ""
  | first :: rest => after first rest
where
  after (text : String) : List String → String
    | [] => text
    | next :: rest => after (text ++ separator ++ next) rest

/-- An integer in decimal. -/
def decimalOfInt : Int → String
  | .ofNat n => Nat.repr n
  | .negSucc n => "-" ++ Nat.repr (n + 1)

end Eigenstill.Format
