"""Regions: bounds on formula and network over every point of a box, in exact dyadic arithmetic (FORMAT.md section 6)."""
