module

public import Eigenstill.Theory.Honest

public section

/-- Uses `unchanged` and, by a theorem between, `says_less`; the other theorems are not exercised. -/
theorem between : 3 + 0 < 4 := by rw [Honest.unchanged]; exact Honest.says_less 3

theorem worked : 3 + 0 ≠ 4 := Nat.ne_of_lt between
