/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Checks
public import Eigenstill.Claims.Sound.Lists
public import Eigenstill.Claims.Sound.Statement
public import Eigenstill.Exact.Value

/-!
# The check of `compression` is sound

* `compression_of_check`: the numbers that the checker computes are those of the statement.
-/

open Lean.Grind Std

@[expose] public section

universe u

namespace Eigenstill.Claims

open Exec

attribute [local instance] Semiring.natCast Ring.intCast

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

private theorem stored_of_check {prepared : Prepared} {numbers : CompressionNumbers}
    (h : checkCompression prepared = Except.ok numbers) :
    numbers = ⟨prepared.certificate.storedNumbers, match prepared.certificate.parameters with
      | none => none
      | some parameters => some ⟨Int.ofNat (Nat.shiftLeft parameters 20 / prepared.certificate.storedNumbers), -20⟩⟩ := by
  unfold checkCompression at h
  simp only [sizeOf'_eq] at h
  exact (Except.ok.inj h).symm

/-- **If the check of `compression` gives numbers, then the formula consists of that many stored numbers, and the recorded
parameter count of the network is at least the ratio times as large.** The parameter count itself is recorded, not proved. -/
theorem compression_of_check {prepared : Prepared} {numbers : CompressionNumbers}
    (h : checkCompression prepared = Except.ok numbers) : CompressionHolds K prepared.certificate numbers := by
  rw [stored_of_check h]
  refine ⟨rfl, fun parameters recorded => ?_⟩
  rw [recorded]
  refine ⟨_, rfl, ?_⟩
  generalize prepared.certificate.storedNumbers = stored
  have whole : Nat.shiftLeft parameters 20 / stored * stored ≤ parameters * 2 ^ 20 := by
    rw [show Nat.shiftLeft parameters 20 = parameters * 2 ^ 20 from Nat.shiftLeft_eq parameters 20]
    exact Nat.div_mul_le_self _ _
  have cast := intCast_le (K := K) (Int.ofNat_le.mpr whole)
  rw [Int.natCast_mul, Int.natCast_mul, Int.natCast_pow, Ring.intCast_mul, Ring.intCast_mul, Ring.intCast_pow,
    Ring.intCast_natCast stored, Ring.intCast_natCast parameters, show ((2 : Nat) : Int) = 2 from rfl, cast_two] at cast
  have unit := two_zpow_add (K := K) (-20) 20
  rw [show (-20 + 20 : Int) = 0 from rfl, Field.zpow_zero, show ((20 : Int)) = ((20 : Nat) : Int) from rfl,
    two_zpow_natCast] at unit
  have positive := two_zpow_pos (K := K) (-20)
  show (((Nat.shiftLeft parameters 20 / stored : Nat) : Int) : K) * 2 ^ (-20 : Int) * stored ≤ parameters
  have scaled := OrderedRing.mul_le_mul_of_nonneg_left cast (c := (2 : K) ^ (-20 : Int)) (by grind)
  generalize (((Nat.shiftLeft parameters 20 / stored : Nat) : Int) : K) = q at *
  rw [show (2 : K) ^ (-((20 : Nat) : Int)) = 2 ^ (-20 : Int) from rfl] at unit
  generalize (2 : K) ^ (-20 : Int) = t at *
  generalize (2 : K) ^ 20 = v at *
  generalize (stored : K) = s at *
  generalize (parameters : K) = p at *
  clear cast whole h
  have e : t * (p * v) = p := by
    rw [show t * (p * v) = p * (t * v) by grind, ← unit]; grind
  rw [e] at scaled
  grind

end

end Eigenstill.Claims
