"""The exact largest output of a small ReLU network over a box, by mixed-integer linear programming (Tjeng et al. 2019)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


def largest_output(network, centre, radius, *, sign: float = 1.0, weights=None) -> float:
    """max over |x - centre| <= radius of sign * output_0 + weights . x; one binary variable a hidden unit."""
    sizes = [len(centre), *(len(bias) for bias in network.biases[:-1])]
    count, starts = sum(sizes), np.cumsum([0, *sizes])
    hidden = count - sizes[0]
    low = np.concatenate([centre - radius, np.zeros(hidden), np.zeros(hidden)])
    high = np.concatenate([centre + radius, np.full(hidden, np.inf), np.ones(hidden)])
    rows, least, most = [], [], []
    bounds = (centre - radius, centre + radius)
    for place, (weight, bias) in enumerate(zip(network.weights[:-1], network.biases[:-1], strict=True)):
        middle, reach = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
        below, above = weight @ middle + bias - np.abs(weight) @ reach, weight @ middle + bias + np.abs(weight) @ reach
        for unit in range(len(bias)):
            z = np.zeros(count + hidden)
            z[starts[place] : starts[place + 1]] = weight[unit]
            own, switch = starts[place + 1] + unit, count + starts[place + 1] + unit - sizes[0]
            h, s = np.eye(count + hidden)[[own, switch]]
            # h >= z,  h <= z - l (1 - s),  h <= u s
            for row, lower, upper in (
                (h - z, bias[unit], np.inf),
                (h - z - min(below[unit], 0.0) * s, -np.inf, bias[unit] - min(below[unit], 0.0)),
                (h - max(above[unit], 0.0) * s, -np.inf, 0.0),
            ):
                rows.append(row)
                least.append(lower)
                most.append(upper)
        bounds = (np.maximum(below, 0.0), np.maximum(above, 0.0))
    goal = np.zeros(count + hidden)
    goal[starts[-2] : starts[-1]] = sign * network.weights[-1][0]
    goal[: sizes[0]] += 0.0 if weights is None else weights
    integral = np.concatenate([np.zeros(count), np.ones(hidden)])
    found = milp(-goal, integrality=integral, bounds=Bounds(low, high), constraints=LinearConstraint(rows, least, most))
    assert found.success, found.message
    return float(-found.fun + sign * network.biases[-1][0])
