module

/-! Ways round the kernel. Lean builds all of it without an error or a warning. -/

public section

namespace Tainted

set_option warn.sorry false in
theorem silent_gap : 1 = 2 := sorry

set_option warn.sorry false in
private theorem hidden_gap : 1 = 2 := sorry

theorem on_hidden_gap : 1 = 2 := hidden_gap

axiom assumed : 1 = 2

theorem on_axiom : 1 = 2 := assumed

theorem native : 10 ^ 3 = 1000 := by native_decide

unsafe def without_end (n : Nat) : Nat := without_end n

def other_code (n : Nat) : Nat := n + 1

@[implemented_by other_code] def replaced (n : Nat) : Nat := n

@[extern "c_identity"] def foreign (n : Nat) : Nat := n

set_option debug.skipKernelTC true in
theorem unchecked : 1 = 1 := rfl

def sum_to (n : Nat) : Nat := n * (n + 1) / 2

@[csimp] theorem sum_to_eq : @sum_to = @sum_to := rfl

/-- Nothing is wrong with this one. -/
theorem clean (n : Nat) : n = n := rfl

end Tainted
