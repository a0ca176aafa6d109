module

public section

theorem unused (n : Nat) (h : n = 0) : 1 = 1 := rfl
