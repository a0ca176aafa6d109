"""Lean for eigenstill: install it, build the proofs, audit them. Everything heavy is imported when it is used."""
