module

public import Eigenstill.Broken.Error

public section

theorem right : 1 = 1 := rfl
