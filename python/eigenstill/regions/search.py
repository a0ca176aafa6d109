"""Branch and bound: halve the worst cell of a box until the bound is near what sampling finds, or cells run out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

import numpy as np

from eigenstill_check.claims.region import CellBounds
from eigenstill_check.regions.cells import LEAF, Cell

from ..arrays import FloatArray
from .relu import ReluNetwork

Bound = Callable[[Cell], list[CellBounds]]
NEAR = 1.02  # a bound within 2 percent of what sampling finds is near enough


@dataclass(eq=False)
class _Node:
    cell: Cell
    bounds: list[CellBounds]
    axis: int = LEAF
    parts: tuple[_Node, ...] = ()

    @property
    def worst(self) -> float:
        return max(float(entry[0]) for entry in self.bounds)

    def preorder(self) -> list[_Node]:
        return [self, *(node for part in self.parts for node in part.preorder())]


def partition(
    box: Cell, bound: Bound, network: ReluNetwork, sampled: float, cells: int
) -> tuple[list[int], list[list[CellBounds]]]:
    """The halvings of a box in preorder, and the bounds on its cells, in their order.

    Parameters
    ----------
    bound : the exact bounds over a cell, the difference first
    sampled : the largest difference that was seen in the box
    cells : at most so many
    """
    root, order = _Node(box, bound(box)), count()
    heap = [(-root.worst, next(order), root)]
    leaves = 1
    while leaves < cells and -heap[0][0] > NEAR * sampled and any(half.mantissa for half in heap[0][2].cell.half):
        _, _, node = heappop(heap)
        node.axis = _axis(network, node.cell)
        node.parts = tuple(_Node(part, bound(part)) for part in node.cell.halves(node.axis))
        for part in node.parts:
            heappush(heap, (-part.worst, next(order), part))
        leaves += 1
    nodes = root.preorder()
    return [node.axis for node in nodes], [node.bounds for node in nodes if node.axis == LEAF]


def _axis(network: ReluNetwork, cell: Cell) -> int:
    """The input whose halving leaves the network's linear form the smallest remainder; float64, for the choice only."""
    centre, half = (np.array([float(value) for value in part]) for part in (cell.centre, cell.half))
    scores = []
    for axis in range(len(half)):
        if half[axis] == 0.0:
            scores.append(np.inf)
            continue
        less = half.copy()
        less[axis] /= 2
        total = 0.0
        for side in (-1.0, 1.0):
            middle = centre.copy()
            middle[axis] += side * less[axis]
            total += remainder(network, middle, less)
        scores.append(total - 1e-9 * half[axis])
    return int(np.argmin(scores))


def remainder(network: ReluNetwork, centre: FloatArray, half: FloatArray) -> float:
    """How far the outputs of the network can be from linear over a cell, summed: the exact bound's form in float64."""
    factors: list[FloatArray] = []
    rests: list[FloatArray] = []
    for place, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        matrix, constant = weight, bias
        low, high = np.zeros(len(bias)), np.zeros(len(bias))
        for below in range(place - 1, -1, -1):
            high = high + np.maximum(matrix, 0) @ rests[below]
            low = low + np.minimum(matrix, 0) @ rests[below]
            matrix = matrix * factors[below]
            constant = constant + matrix @ network.biases[below]
            matrix = matrix @ network.weights[below]
        if place == len(network.weights) - 1:
            return float((high - low).sum())
        middle, reach = matrix @ centre + constant, np.abs(matrix) @ half
        least, most = middle - reach + low, middle + reach + high
        open_units = (least < 0) & (most > 0)
        factor = np.where(open_units, most / np.where(open_units, most - least, 1.0), (most > 0).astype(float))
        factors.append(factor)
        rests.append(np.where(open_units, np.maximum(-factor * least, (1 - factor) * most), 0.0))
    return 0.0
