module

/-! `Honest` again, one thing changed in each theorem. Every proof is right: only the statements give it away. -/

public section

namespace Weakened

@[expose] def half (_ : Nat) : Nat := 0

@[expose] def quarter (n : Nat) : Nat := half (half n)

structure Box where
  content : Nat
  small : content = 0

theorem assumes_more (n m : Nat) (_ : m = 0) : n ≤ n + m := Nat.le_add_right n m

theorem says_less (n : Nat) : n ≤ n + 1 := Nat.le_succ n

theorem on_changed_definition (n : Nat) : half n ≤ n := Nat.zero_le n

theorem on_definition_below (n : Nat) : quarter n ≤ n := Nat.zero_le n

theorem on_changed_structure (b c : Box) : b.content = c.content → b = c := by cases b; cases c; intro h; simp_all

section
local instance : LE Nat := ⟨fun _ _ => True⟩

theorem reads_the_same (n m : Nat) : n ≤ n + m := trivial
end

private theorem made_private : 2 + 2 = 4 := rfl

theorem unchanged (n : Nat) : n + 0 = n := Nat.add_zero n

/-- `Honest` has no such theorem. -/
theorem added : 3 + 3 = 6 := rfl

end Weakened
