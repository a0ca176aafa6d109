"""Settings of all tests: hypothesis draws the same examples every time, and no example fails for taking long."""

from hypothesis import settings

settings.register_profile("eigenstill", deadline=None, derandomize=True)
settings.load_profile("eigenstill")
