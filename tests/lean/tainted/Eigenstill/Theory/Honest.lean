module

/-! What a pinned library says. `Weakened` says it again, with one thing changed in each theorem. -/

public section

namespace Honest

@[expose] def half (n : Nat) : Nat := n / 2

@[expose] def quarter (n : Nat) : Nat := half (half n)

structure Box where
  content : Nat
  small : content ≤ 10

/-- `Weakened` asks for more. -/
theorem assumes_more (n m : Nat) : n ≤ n + m := Nat.le_add_right n m

/-- `Weakened` says less. -/
theorem says_less (n : Nat) : n < n + 1 := Nat.lt_succ_self n

/-- `Weakened` changes `half`. -/
theorem on_changed_definition (n : Nat) : half n ≤ n := Nat.div_le_self n 2

/-- `Weakened` changes `half`, on which `quarter` rests. -/
theorem on_definition_below (n : Nat) : quarter n ≤ n := Nat.le_trans (Nat.div_le_self _ 2) (Nat.div_le_self n 2)

/-- `Weakened` changes a field of `Box`. -/
theorem on_changed_structure (b c : Box) : b.content = c.content → b = c := by cases b; cases c; intro h; simp_all

/-- `Weakened` gives `≤` another meaning: the text stays the same. -/
theorem reads_the_same (n m : Nat) : n ≤ n + m := Nat.le_add_right n m

/-- `Weakened` has no such theorem. -/
theorem missing : 1 + 1 = 2 := rfl

/-- `Weakened` hides it. -/
theorem made_private : 2 + 2 = 4 := rfl

/-- The same in both, proved in another way: not a difference. -/
theorem unchanged (n : Nat) : n + 0 = n := rfl

end Honest
