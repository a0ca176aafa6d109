"""eigenstill: with the basis given, as the others have it; and from files larger than memory may be, all of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .rows import data, network, timed


def fixed_basis(kernel: str, rows: int, landmarks: int) -> dict[str, Any]:
    """Landmarks, scales and kernel are given; timed are sums, spectrum, ridge and fit, then the certificate."""
    import eigenstill
    import eigenstill.certificate  # like the others, it is read before anything is timed
    from eigenstill.basis import exact_columns
    from eigenstill.distillation import IN_BLOCKS, _in_blocks, choose, finished
    from eigenstill.problem import Settings, prepare, record
    from eigenstill.selection.fit import seen_by_columns
    from eigenstill.spectrum import decompose

    x, outputs, labels = data(rows)
    settings = Settings(kernel, landmarks)

    def silent(stage: str, done: int, total: int) -> None:
        """No bar."""

    problem = prepare(outputs, x, labels, None, settings, silent)
    chosen = choose(problem, settings, problem.labels, [], silent)
    held: dict[str, Any] = {}

    def distil() -> None:
        if rows > IN_BLOCKS:
            spectrum, seen = _in_blocks(problem, chosen.basis)
        else:
            columns = exact_columns(chosen.basis, x)
            spectrum = decompose(chosen.basis, columns)
            targets = {"teacher": problem.outputs, "wanted": problem.labels}
            seen = {name: seen_by_columns(spectrum, chosen.basis, columns, part) for name, part in targets.items()}
        held["student"] = finished(problem, settings, chosen, spectrum, seen, [])

    def certify() -> None:
        student = record(held["student"], problem, None, None, None)
        with tempfile.TemporaryDirectory() as folder:
            eigenstill.certify(student, folder)

    return timed({"distil": distil, "certify": certify})


def streamed(rows: int, landmarks: int) -> dict[str, Any]:
    """Everything from a .npy file on: three passes over the rows, scales and landmarks chosen, teacher called, certificate."""
    from eigenstill.streaming import distill_stream, open_rows

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        written = np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=(rows, 14))
        rng = np.random.default_rng(0)
        for start in range(0, rows, 8192):
            count = min(8192, rows - start)
            written[start : start + count] = rng.normal(size=(count, 14))
        written.flush()
        del written

        def distil() -> None:
            found = distill_stream(
                network, open_rows(path), Path(folder) / "out", landmarks=landmarks, basis="rational-quadratic"
            )
            assert found.rows == rows

        return timed({"distil": distil})
