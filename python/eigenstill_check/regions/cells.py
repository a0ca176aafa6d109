"""A box cut into cells: a tree of halvings, read in preorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..dyadic import Dyadic

LEAF = -1
HALF = Dyadic(1, -1)


@dataclass(frozen=True)
class Cell:
    """All x with abs(x_d - centre_d) <= half_d, d = 1 .. inputs."""

    centre: tuple[Dyadic, ...]
    half: tuple[Dyadic, ...]

    def halves(self, axis: int) -> tuple[Cell, Cell]:
        """The lower and the upper half; together they are the cell."""
        half = self.half[axis] * HALF
        parts = []
        for middle in (self.centre[axis] - half, self.centre[axis] + half):
            parts.append(
                Cell(
                    (*self.centre[:axis], middle, *self.centre[axis + 1 :]),
                    (*self.half[:axis], half, *self.half[axis + 1 :]),
                )
            )
        return parts[0], parts[1]


def leaves(box: Cell, tree: Sequence[int]) -> Iterator[Cell]:
    """The cells of a preorder list of axes, `LEAF` for a cell; see `trees`."""
    open_cells = [box]
    for axis in tree:
        cell = open_cells.pop()
        if axis == LEAF:
            yield cell
        else:
            lower, upper = cell.halves(axis)
            open_cells += [upper, lower]


def trees(partition: Sequence[int], boxes: int) -> list[list[int]] | None:
    """One preorder list a box, or None where the numbers are not exactly so many trees."""
    found: list[list[int]] = []
    start, missing = 0, 1
    for place, axis in enumerate(partition):
        missing += -1 if axis == LEAF else 1
        if missing == 0:
            found.append(list(partition[start : place + 1]))
            start, missing = place + 1, 1
    return found if len(found) == boxes and start == len(partition) else None
