"""Settings of all tests: hypothesis draws the same examples every time, and no example fails for taking long."""

import os

from hypothesis import settings

os.environ.setdefault("MPMATH_NOGMPY", "1")  # mpmath's numbers stay Python's where gmpy2 is installed too
settings.register_profile("eigenstill", deadline=None, derandomize=True)
settings.load_profile("eigenstill")
