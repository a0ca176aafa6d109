"""`eigenstill schema`: the JSON Schema of the certificate."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from eigenstill_check import schema_text


class Profile(StrEnum):
    """The profiles of documents."""

    DISTILLATION = "distillation-1"
    SVD = "svd-1"
    REGION = "region-1"
    SUMS = "sums-1"


def schema(
    profile: Annotated[Profile, typer.Option(help="Which kind of document.")] = Profile.DISTILLATION,
) -> None:
    """Print the JSON Schema of a certificate's NAME.cert.json."""
    sys.stdout.write(schema_text(profile.value))
