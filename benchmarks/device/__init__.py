"""Distilling on a torch device beside numpy: the same bytes, and the time of each."""
