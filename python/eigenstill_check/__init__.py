"""Independent checker of eigenstill certificates: standard library only, exact integers only.

`check(path)` returns a `Verdict`; `python -m eigenstill_check CERT...` prints it. Nothing here imports the producer.

The way of the data: tensors, shapes -> layout -> certificate -> basis -> rows -> operator -> claims -> verdict.
"""

from .documents import format_text, schema_text
from .verdict import ClaimVerdict, Verdict, check
from .version import __version__

__all__ = ["ClaimVerdict", "Verdict", "__version__", "check", "format_text", "schema_text"]
