module

public section

theorem wrong : 1 = 2 := rfl
