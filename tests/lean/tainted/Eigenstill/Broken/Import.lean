module

public import Lean.NoSuchModule

public section

theorem right : 1 = 1 := rfl

end
