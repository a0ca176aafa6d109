"""The demonstration: a real data set and a network to distil. Only `eigenstill demo` and the tests use it."""
