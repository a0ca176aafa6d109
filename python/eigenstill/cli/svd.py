"""`eigenstill svd`: a certified truncated singular value decomposition of any real matrix."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.shapes import brief

from . import console

SUFFIX = ".cert.json"
SHOWN = 8


def svd(
    matrix: Annotated[
        Path, typer.Argument(metavar="MATRIX", help="Numbers: .npy, .npz, .csv, .parquet, .arrow or .feather.")
    ],
    rank: Annotated[int, typer.Option("--rank", "-k", metavar="K", min=1, help="Highest rank to certify.")],
    out: Annotated[
        Path, typer.Option(metavar="CERT", help="Certificate to write, NAME or NAME.cert.json; it holds the matrix.")
    ],
    centre: Annotated[bool, typer.Option(help="Take the column means away first: principal components.")] = False,
    symmetric: Annotated[bool, typer.Option(help="Demand a symmetric matrix, and have that proved.")] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Certify the best rank-K approximation of a matrix: error bounds from both sides, an interval a singular value."""
    from ..certificate import certify_svd
    from ..errors import EigenstillWarning
    from ..tables import load_table

    table = load_table(matrix)
    name = out.name.removesuffix(SUFFIX)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", EigenstillWarning)
        result = certify_svd(
            table.values,
            rank,
            out.parent,
            name=name,
            centre=centre,
            symmetric=symmetric,
            source=table.source,
            sha256=table.sha256,
        )
    notices = [str(entry.message) for entry in caught if issubclass(entry.category, EigenstillWarning)]
    if json:
        console.say_json(_as_json(result, notices))
        return console.ACCEPTED
    for text in notices:
        console.notice(text)
    if not quiet:
        _say(result)
    return console.ACCEPTED


def _as_json(result: Any, notices: list[str]) -> dict[str, Any]:
    return {
        "certificate": str(result.path),
        "rank": result.rank,
        "singular_values": result.singular_values.tolist(),
        "intervals": result.intervals.tolist(),
        "error_at_least": result.error_at_least,
        "error_at_most": result.error_at_most,
        "total_at_most": result.total,
        "notices": notices,
    }


def _say(result: Any) -> None:
    screen = console.screen()
    least, most = outward(result.error_at_least, up=False), outward(result.error_at_most, up=True)
    gap = outward(result.error_at_most / result.error_at_least - 1, up=True, digits=2)
    screen.print(f"rank {result.rank}: no X Y has norm(A - X Y)^2 below {least};")
    screen.print(f"  the stored modes reach {most}, relative gap {gap}, of norm(A)^2 = {result.total:.7g}")
    for place, (low, high) in enumerate(result.intervals[:SHOWN].tolist(), 1):
        half = outward((high - low) / 2, up=True, digits=2)
        screen.print(f"singular value {place:>3}  {(low + high) / 2:.10e}  within {half}")
    if result.rank > SHOWN:
        screen.print(f"  and {result.rank - SHOWN} more, --json lists all")
    screen.print(f"certificate {escape(str(result.path))} (holds your matrix)", soft_wrap=True)
    screen.print(f"next: eigenstill check {escape(str(result.path))}", soft_wrap=True)


def outward(value: float, *, up: bool, digits: int = 7) -> str:
    """A few digits, rounded to the side that stays true."""
    return brief({"decimal": Dyadic.of_float(value).decimal(up=up)}, up=up, digits=digits)
