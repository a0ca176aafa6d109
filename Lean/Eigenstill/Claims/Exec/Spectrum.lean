/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Shared

/-!
# Claim `spectrum`, computed

An interval for every mode, none of the eigenvalues missed (FORMAT.md section 3, theorem `eigenvalue_mem_of_certificate`).
-/

@[expose] public section

namespace Eigenstill.Claims.Exec

def checkSpectrum (shared : Shared) (threshold slack : Dyadic) : Except Rejected SpectrumNumbers := do
  let modes ← requireSpectrum shared "spectrum" threshold slack
  let model := shared.prepared.certificate.model
  let complete : Bool := sizeOf' model.excess = sizeOf' model.landmarks + sizeOf' model.offsets
  return ⟨threshold, slack, enclosures shared.prepared.certificate.basis model modes threshold,
    if complete then none else some threshold⟩

end Eigenstill.Claims.Exec
