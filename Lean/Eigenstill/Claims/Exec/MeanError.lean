/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Betting
public import Eigenstill.Claims.Exec.Each
public import Eigenstill.Claims.Exec.Future
public import Eigenstill.Claims.RowNumbers

/-!
# Claim `mean_error`, computed

Upper limits of the mean of errors cut off at a stated size, and a lower limit of what the network's are larger by
(FORMAT.md section 3).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (exactText)

def lossBits : Nat := 16

/-- `(error + shift) / clip` in units `2^-16`, rounded up or down, at most 1. -/
def lossesOf (clip shift : Dyadic) (up : Bool) (errors : List Dyadic) : List Nat :=
  match commonUnits (clip :: shift :: errors) with
  | (unit :: margin :: entries, _) =>
    let most := Nat.shiftLeft 1 lossBits
    mapped (fun entry =>
      let top := Nat.shiftLeft (entry + margin).natAbs lossBits
      let loss := if up then (top + unit.natAbs - 1) / unit.natAbs else top / unit.natAbs
      if loss ≤ most then loss else most) entries
  | _ => []

def meanLimit (losses : List Nat) (bits risk : Nat) : Dyadic :=
  ⟨Int.ofNat (upperLimit losses bits risk (2 * probabilityBits)), -Int.ofNat limitBits⟩

/-- A lower limit of the mean of `min(network, clip) - min(student, clip)`, from half of clip less that. -/
def meanGain (clip : Dyadic) (students networks : List Nat) (risk : Nat) : Dyadic :=
  let losses := zipped (fun student network => Nat.shiftLeft 1 lossBits + student - network) students networks
  Dyadic.mul clip (Dyadic.sub Dyadic.one (Dyadic.mul ⟨2, 0⟩ (meanLimit losses (lossBits + 1) risk)))

/-- The errors of one output, those of labels and of the network against them where there are labels. -/
structure OutputErrors where
  teacher : List Dyadic
  labels : Option (List Dyadic × List Dyadic)

/-- One output. -/
def outputMeanError (risk : Nat) (clip shift : Dyadic) (errors : OutputErrors) : OutputMeanError :=
  let bound (losses : List Nat) : Dyadic := Dyadic.mul clip (meanLimit losses lossBits risk)
  let teacher := bound (lossesOf clip shift true errors.teacher)
  match errors.labels with
  | none => ⟨clip, teacher, none, none⟩
  | some (labels, networks) =>
    let students := lossesOf clip shift true labels
    ⟨clip, teacher, some (bound students),
      some (meanGain clip students (lossesOf clip Dyadic.zero false networks) risk)⟩

/-- Every clip is above 0; `index` is that of the first one given. -/
def requireClips : Nat → List Dyadic → Except Rejected Unit
  | _, [] => Except.ok ()
  | index, clip :: rest =>
    if 0 < clip.mantissa then requireClips (index + 1) rest
    else Except.error ⟨"mean_error.outputs[" ++ Nat.repr index ++ "].clip", exactText clip, "more than 0"⟩

/-- The risk and the clips are taken from the file. -/
def checkMeanError (certificate : Certificate) (parts : HoldoutParts) (risk : Dyadic) (clips : List Dyadic) :
    Except Rejected MeanErrorNumbers := do
  let (rows, count) ← holdoutOf certificate "mean_error"
  requireProbability "mean_error.risk_at_most" risk
  let outputs := sizeOf' certificate.model.intercept
  if sizeOf' clips != outputs then
    Except.error ⟨"mean_error.outputs", "a list of " ++ Nat.repr (sizeOf' clips), "a list of " ++ Nat.repr outputs⟩
  else
    requireClips 0 clips
    let network := columnsOf outputs rows.teacher
    let teacher := zipped gaps network parts.students.get
    let errors := match rows.labels with
      | none => mapped (fun errors => (⟨errors, none⟩ : OutputErrors)) teacher
      | some labels =>
        let labels := columnsOf outputs labels
        zipped (fun errors others => (⟨errors, some others⟩ : OutputErrors)) teacher
          (zipped Prod.mk (zipped gaps labels parts.students.get) (zipped gaps labels network))
    let statements := match rows.labels with
      | none => outputs
      | some _ => outputs * 3
    let share := partOf risk statements
    let shifts := floorShifts certificate.basis certificate.model outputs
    return ⟨risk, count, parts.repeats.get,
      zipped (fun (pair : Dyadic × Dyadic) errors => outputMeanError share pair.1 pair.2 errors)
        (zipped Prod.mk clips shifts) errors⟩

end Eigenstill.Claims.Exec
