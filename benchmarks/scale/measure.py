"""One method at one size, alone in this process: prints a JSON object. Run by `benchmarks.scale`.

usage: python -m benchmarks.scale.measure METHOD ROWS LANDMARKS
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

from . import others, own

Method = Callable[[int, int], dict[str, Any]]

METHODS: dict[str, Method] = {
    "eigenstill rational-quadratic": lambda n, m: own.fixed_basis("rational-quadratic", n, m),
    "eigenstill rational-l1": lambda n, m: own.fixed_basis("rational-l1", n, m),
    "eigenstill streamed": own.streamed,
    "Nystroem + Ridge, rbf": lambda n, m: others.nystroem("rbf", n, m),
    "Nystroem + Ridge, laplacian": lambda n, m: others.nystroem("laplacian", n, m),
    "KernelRidge, rbf": others.kernel_ridge,
    "GPyTorch SVGP": others.sparse_gaussian_process,
    "torch 64-64 network": others.network_student,
}


def main(method: str, rows: str, landmarks: str) -> None:
    warnings.simplefilter("ignore")
    print(json.dumps(METHODS[method](int(rows), int(landmarks))))


if __name__ == "__main__":
    main(*sys.argv[1:])
