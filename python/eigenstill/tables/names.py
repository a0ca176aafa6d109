"""Names of columns."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import DataError


def check_names(names: Sequence[str], where: str) -> None:
    """Refuse empty and repeated column names."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if not name.strip():
            raise DataError(f"{where}: column {place} has no name; need one; name it, or drop an index column")
        if name in seen:
            raise DataError(f"{where}: two columns are named {name}; need different names; rename or drop one")
        seen.add(name)


def made_up_names(count: int) -> tuple[str, ...]:
    """x0, x1, ... for columns without names."""
    return tuple(f"x{place}" for place in range(count))
