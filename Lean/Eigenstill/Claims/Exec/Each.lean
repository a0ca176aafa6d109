/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate
public import Eigenstill.Claims.Exec.Lists

/-!
# A check of every entry
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

/-- The results in order, in front of `done` turned round; or the first that is rejected. -/
def checkedOnto {α β : Type} (check : α → Except Rejected β) : List α → List β → Except Rejected (List β)
  | [], done => Except.ok (turned done)
  | entry :: rest, done =>
    match check entry with
    | Except.error rejected => Except.error rejected
    | Except.ok result => checkedOnto check rest (result :: done)

def checkedEach {α β : Type} (check : α → Except Rejected β) (entries : List α) : Except Rejected (List β) :=
  checkedOnto check entries []

end Eigenstill.Claims.Exec
