"""`eigenstill schema`: the JSON Schema of the certificate."""

from __future__ import annotations

import sys

from eigenstill_check import schema_text


def schema() -> None:
    """Print the JSON Schema of a certificate's NAME.cert.json."""
    sys.stdout.write(schema_text())
