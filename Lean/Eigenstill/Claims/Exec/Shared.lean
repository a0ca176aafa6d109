/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Each
public import Eigenstill.Claims.Exec.EckartYoung
public import Eigenstill.Claims.Exec.Future
public import Eigenstill.Claims.Exec.Modes
public import Eigenstill.Claims.Exec.Targets

/-!
# What several claims are decided from

Each part is computed once, and only when a claim asks for it.
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

open Eigenstill.Format (exactText decimalText)

structure Shared where
  prepared : Prepared
  /-- The witness that the file gives for `eckart_young`, and what comes of it. -/
  witness : EckartYoungWitness
  eckartYoung : Thunk (Except Rejected EckartYoungNumbers)
  modes : Thunk (Except Rejected Modes)
  targets : Thunk (Except Rejected Targets)
  holdout : HoldoutParts

def shareParts (prepared : Prepared) (witness : EckartYoungWitness) : Shared :=
  let certificate := prepared.certificate
  { prepared := prepared
    witness := witness
    eckartYoung := Thunk.mk fun _ => checkEckartYoung prepared witness
    modes := Thunk.mk fun _ =>
      match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (_, operator) => Except.ok (modesOf certificate.basis certificate.model operator)
    targets := Thunk.mk fun _ =>
      match prepared.exact with
      | Except.error rejected => Except.error rejected
      | Except.ok (sums, _) => Except.ok (targetsOf certificate sums)
    holdout := holdoutParts certificate }

/-- What `requirePsd` says, said of another claim. -/
def renamed (claim : String) (rejected : Rejected) : Rejected :=
  { rejected with place := claim ++ (rejected.place.drop "eckart_young".length).copy }

/-- Whether `eckart_young` holds with the same threshold and slack: then `W` is proved positive semidefinite. -/
def knownPsd (shared : Shared) (threshold slack : Dyadic) : Bool :=
  if Dyadic.same threshold shared.witness.threshold && Dyadic.same slack shared.witness.slack then
    match shared.eckartYoung.get with
    | Except.ok _ => true
    | Except.error _ => false
  else false

/-- Refuse unless `W` is proved positive semidefinite, `d_1 ≥ ... ≥ d_K ≥ 0` and the modes are nearly orthonormal. -/
def requireSpectrum (shared : Shared) (claim : String) (threshold slack : Dyadic) : Except Rejected Modes := do
  let certificate := shared.prepared.certificate
  if !fallsToZero certificate.model.excess then
    Except.error ⟨claim ++ ": tensor excess", "a negative or increasing entry", "d_1 >= d_2 >= ... >= d_K >= 0"⟩
  else if threshold.mantissa < 0 then Except.error ⟨claim ++ ".threshold", exactText threshold, "at least 0"⟩
  else if slack.mantissa ≤ 0 then Except.error ⟨claim ++ ".slack", exactText slack, "more than 0"⟩
  else
    let (_, operator) ← shared.prepared.exact
    if !knownPsd shared threshold slack then
      match requirePsd certificate.basis certificate.model operator ⟨threshold, slack, []⟩ with
      | Except.error rejected => Except.error (renamed claim rejected)
      | Except.ok () => pure ()
    let modes ← shared.modes.get
    if Dyadic.lt modes.defect Dyadic.one then return modes
    else Except.error ⟨claim ++ ".orthogonality_defect", decimalText modes.defect true, "less than 1"⟩

end Eigenstill.Claims.Exec
