"""Distilling and certifying beside what people would use instead, each in a process of its own: time and peak memory."""
