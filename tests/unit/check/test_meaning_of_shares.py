"""What energy, diagnosis and global say of a certificate, found again without the checker's formulas.

Energies are those of exact projections, over every choice of as many modes; eigenvalues have 50 digits; the bounds for all
inputs are held against inputs near, between and far from the landmarks.
"""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import mpmath
import numpy as np
import pytest

from support.files import draft_from
from support.reference import parse_exact, phi
from support.reference_further import nearest_float32
from support.reference_modes import Modes, dot

CORPUS = Path(__file__).parents[2] / "corpus" / "accept"
SHARDED = {"twelve_shards"}  # one draft more of the same rows
FILES = [
    path
    for path in sorted(CORPUS.glob("*.cert.json"))
    if '"claim":"diagnosis"' in path.read_text().replace(" ", "") and path.name.split(".")[0] not in SHARDED
]


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.name.split(".")[0])
def found(request):
    """The claims of a file by name, and its rows and modes."""
    claims = {claim["claim"]: claim for claim in json.loads(request.param.read_text())["claims"]}
    return claims, Modes(draft_from(request.param).reference())


def interval(entry, least: str, most: str) -> tuple[Fraction, Fraction]:
    return parse_exact(entry[least]["exact"]), parse_exact(entry[most]["exact"])


def solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """The solution of a positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k, pivot in enumerate(rows):
        for i, row in enumerate(rows):
            if i != k:
                rows[i] = [a - row[k] / pivot[k] * b for a, b in zip(row, pivot, strict=True)]
    return [row[-1] / row[k] for k, row in enumerate(rows)]


def inside(images: list[list[Fraction]], left: list[Fraction], right: list[Fraction]) -> Fraction:
    """<P left, P right>, P the projection on the span of the images."""
    gram = [[dot(a, b) for b in images] for a in images]
    return dot([dot(a, left) for a in images], solved(gram, [dot(a, right) for a in images]))


def test_every_corpus_file_of_the_claims_is_read():
    assert len(FILES) > 8


def test_energy_of_every_choice_of_modes(found):
    claims, modes = found
    if "energy" not in claims:
        pytest.skip("no such claim in this file")
    images = modes.images[: claims["energy"]["modes"]]
    for target in claims["energy"]["targets"]:
        for number, output in enumerate(target["outputs"]):
            values = modes.centred(target["target"], number)
            for entry in output["best"]:
                if entry["share_at_least"] is None:
                    assert not any(values)
                    continue
                choices = combinations(images, entry["modes"])
                shares = [inside(list(choice), values, values) / dot(values, values) for choice in choices]
                least, most = interval(entry, "share_at_least", "share_at_most")
                assert least <= max(shares) <= most


def test_diagnosis_counts_eigenvalues_and_splits_energies(found):
    claims, modes = found
    claim = claims["diagnosis"]
    with mpmath.workdps(50):
        matrix = [[mpmath.mpf(value.numerator) / value.denominator for value in row] for row in modes.base.m]
        eigenvalues = sorted(mpmath.eigsy(mpmath.matrix(matrix), eigvals_only=True), reverse=True)
        ridge = mpmath.mpf(modes.ridge.numerator) / modes.ridge.denominator
        certain = claim["modes_at_least"]
        # an eigenvalue that is the ridge itself counts, whatever its 50 digits say
        near = mpmath.mpf(10) ** -35 * ridge
        assert certain <= sum(value >= ridge - near for value in eigenvalues)
        assert sum(value >= ridge + near for value in eigenvalues) <= claim["modes_at_most"]
        effective = mpmath.fsum(value / (value + ridge) for value in eigenvalues[:certain])
        least, most = interval(claim, "effective_parameters_at_least", "effective_parameters_at_most")
        assert mpmath.mpf(least.numerator) / least.denominator <= effective + mpmath.mpf(10) ** -30
        assert effective - mpmath.mpf(10) ** -30 <= mpmath.mpf(most.numerator) / most.denominator
    images = modes.images[:certain]
    for target in claim["targets"]:
        for number, entry in enumerate(target["outputs"]):
            values = modes.centred(target["target"], number)
            if entry["first_at_least"] is None:
                assert not any(values)
                continue
            share = inside(images, values, values) / dot(values, values)
            least, most = interval(entry, "first_at_least", "first_at_most")
            assert least <= share <= most
            least, most = interval(entry, "beyond_at_least", "beyond_at_most")
            assert least <= 1 - share <= most


def test_diagnosis_copied_is_a_ratio_of_rests(found):
    """<t, y> / <y, y> of what the first modes leave over."""
    claims, modes = found
    images = modes.images[: claims["diagnosis"]["modes_at_least"]]
    for number, entry in enumerate(claims["diagnosis"]["copied"]):
        if entry is not None:
            t, y = modes.centred("teacher", number), modes.centred("labels", number)
            ratio = (dot(t, y) - inside(images, t, y)) / (dot(y, y) - inside(images, y, y))
            least, most = interval(entry, "at_least", "at_most")
            assert least <= ratio <= most


def test_global_holds_near_and_far(found):
    """Range, slopes and the move by float32 coefficients at 60 inputs from between the landmarks to 2^20 away."""
    claims, modes = found
    if "global" not in claims:
        pytest.skip("no such claim in this file")
    tensors, kernel = modes.base.tensors, modes.base.basis["kernel"]
    landmarks, scales = np.array(tensors["landmarks"]), tensors["scales"]
    rng = np.random.default_rng(0)
    starts = landmarks[rng.integers(len(landmarks), size=60)]
    gaps = rng.standard_normal(starts.shape) * 2.0 ** rng.integers(-6, 20, size=(60, 1))
    step = Fraction(1, 2**30)
    for x in (starts + gaps).tolist():
        for number, entry in enumerate(claims["global"]["outputs"]):
            coefficients = [row[number] for row in tensors["coefficients"]]

            def kernel_part(point, weights, scales=scales):
                return sum(
                    Fraction(a) * phi(kernel, point, z, scales)
                    for a, z in zip(weights, landmarks.tolist(), strict=True)
                )

            here = kernel_part(x, coefficients)
            least, most = interval(entry, "kernel_at_least", "kernel_at_most")
            assert least <= here <= most
            rounded = kernel_part(x, [nearest_float32(value) for value in coefficients])
            assert abs(here - rounded) <= parse_exact(entry["float32_moves_at_most"]["exact"])
            for index, slope in enumerate(entry["slopes_at_most"]):
                moved = [Fraction(value) + (step if place == index else 0) for place, value in enumerate(x)]
                weight = Fraction(tensors["weights"][index][number]) if modes.base.linear else 0
                secant = abs((kernel_part(moved, coefficients) - here) / step + weight)
                assert secant <= parse_exact(slope["exact"]) * (1 + Fraction(1, 10**9))
