"""The report's tables, as plain values for the template. What is said to be certified comes from claims that hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eigenstill_check.dyadic import Dyadic
from eigenstill_check.shapes import brief

from ..arrays import FloatArray
from ..diagnosis import Diagnosis
from ..student import Student
from .modes import Influence
from .sources import Sources

STRONGEST = 3
MOST_CELLS = 20_000
MOST_WEIGHTS = 3
SPLIT_NAMES = {"train": "train", "holdout": "hold-out"}


@dataclass(frozen=True)
class Fact:
    """One number of the head: what, how much, and a remark."""

    label: str
    value: str
    remark: str


@dataclass(frozen=True)
class InputRow:
    """One input: scale (none of a feature), weights (one an output, or none), share of all effects on the formula."""

    name: str
    scale: str | None
    weights: tuple[str, ...]
    effect: float


@dataclass(frozen=True)
class ModeRow:
    """One kept mode; shares of the energy in [0, 1], `labels` None without labels."""

    number: int
    eigenvalue: str
    kept: float
    teacher: float
    labels: float | None
    inputs: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class FidelityRow:
    """Certified bounds of one output on one split; `network` is the network's own error to the labels, from below."""

    split: str
    target: str
    output: str
    rmse: str
    error: str
    r_squared: str
    network: str


@dataclass(frozen=True)
class AgreementRow:
    """Certified counts on one split: formula and network choose the same output or another; `labels` None without classes."""

    split: str
    rows: int
    agree: int
    disagree: int
    undecided: int
    margin: str
    labels: Mapping[str, int] | None


def short(value: float) -> str:
    """Four significant digits."""
    return f"{value:.4g}"


def percent(share: float) -> str:
    """Two significant digits of a share."""
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"


def facts(sources: Sources) -> list[Fact]:
    """What a reader wants first."""
    student, origin = sources.student, sources.student.provenance
    parameters = origin.teacher_parameters
    fewer = (
        f"{parameters / student.stored_numbers:.1f} times fewer than the network's {parameters:,}" if parameters else ""
    )
    found = [
        Fact("stored numbers", f"{student.stored_numbers:,}", fewer),
        Fact(
            "modes K*",
            f"{student.rank} of {len(student.spectrum.eigenvalues)}",
            f"{student.effective_parameters:.1f} effective parameters",
        ),
    ]
    for choice in agreement(sources):
        if choice.split == "hold-out":
            found.append(
                Fact("same choice as the network, hold-out", f"≥ {choice.agree} of {choice.rows} rows", "certified")
            )
    for row in fidelity(sources):
        if row.split == "hold-out" and len(student.output_names) == 1:
            if row.target == "labels":
                found.append(Fact("RMSE to labels, hold-out", f"≤ {row.rmse}", f"network ≥ {row.network}; certified"))
            else:
                found.append(Fact("R² to the network, hold-out", f"≥ {row.r_squared}", "certified"))
    return found


def fidelity(sources: Sources) -> list[FidelityRow]:
    """All bounds of the claim `fidelity`."""
    claim = sources.claims.get("fidelity", {"splits": []})
    return [
        FidelityRow(
            SPLIT_NAMES[split["split"]],
            {"teacher": "network"}.get(target["target"], target["target"]),
            name,
            brief(output["rmse_at_most"], up=True),
            brief(output["error_at_most"], up=True),
            _optional(output["r_squared_at_least"], up=False),
            _optional(output.get("teacher_rmse_at_least"), up=False),
        )
        for split in claim["splits"]
        for target in split["targets"]
        for name, output in zip(sources.student.output_names, target["outputs"], strict=True)
    ]


def measured_fidelity(sources: Sources) -> list[FidelityRow]:
    """The same numbers in float64, where nothing is certified: no bounds."""
    found = []
    for split, name in ((sources.recording.train, "train"), (sources.recording.holdout, "hold-out")):
        if split is None:
            continue
        for target, values in (("network", split.teacher), ("labels", split.labels)):
            if values is None:
                continue
            errors = values - split.predictions
            network = np.sqrt(((split.teacher - values) ** 2).mean(axis=0))
            varied = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
            for place, output in enumerate(sources.student.output_names):
                fit = 1 - float((errors[:, place] ** 2).sum()) / varied[place] if varied[place] > 0 else None
                found.append(
                    FidelityRow(
                        name,
                        target,
                        output,
                        short(float(np.sqrt((errors[:, place] ** 2).mean()))),
                        short(float(np.abs(errors[:, place]).max())),
                        "" if fit is None else short(fit),
                        short(float(network[place])) if target == "labels" else "",
                    )
                )
    return found


def agreement(sources: Sources) -> list[AgreementRow]:
    """All counts of the claim `agreement`; none of one output."""
    return [
        AgreementRow(
            SPLIT_NAMES[split["split"]],
            split["rows"],
            split["agree"],
            split["disagree"],
            split["rows"] - split["agree"] - split["disagree"],
            _optional(split["margin_at_least"], up=False),
            split["labels"],
        )
        for split in sources.claims.get("agreement", {"splits": []})["splits"]
    ]


def inputs(student: Student, influence: Influence) -> list[InputRow]:
    """Scale, weights and effect of each input; of many outputs no weights."""
    effects = formula_effects(student, influence)
    weights = student.formula.weights
    shown = weights if weights is not None and weights.shape[1] <= MOST_WEIGHTS else np.zeros((len(effects), 0))
    scales = map(short, student.formula.scales) if student.formula.scales.size else [None] * len(effects)
    return [
        InputRow(name, scale, tuple(map(short, row)), float(effect))
        for name, scale, row, effect in zip(student.input_names, scales, shown, effects, strict=True)
    ]


def formula_effects(student: Student, influence: Influence) -> FloatArray:
    """Share of each input in the effects on the formula, float64 (d,); outputs weigh alike."""
    effects = influence.effects[:, student.rank :]
    totals = effects.sum(axis=0)
    shares: FloatArray = (effects[:, totals > 0] / totals[totals > 0]).sum(axis=1) / max(1, int((totals > 0).sum()))
    return shares


def numbers(student: Student) -> Iterator[tuple[str, ...]] | None:
    """A row a landmark: its coefficients, then its coordinates; None where they are too many for a page."""
    formula = student.formula
    table = np.hstack([formula.coefficients, formula.landmarks])
    return None if table.size > MOST_CELLS else (tuple(map(short, row)) for row in table)


def modes(student: Student, influence: Influence, shares: Mapping[str, FloatArray]) -> list[ModeRow]:
    """Every kept mode with what moves it."""
    labels = shares.get("labels")
    return [
        ModeRow(
            place + 1,
            short(student.spectrum.eigenvalues[place]),
            float(student.spectrum.kept[place]),
            float(shares["network"][place]),
            None if labels is None else float(labels[place]),
            tuple((student.input_names[d], share) for d, share in influence.strongest(place, STRONGEST)),
        )
        for place in range(student.rank)
    ]


def certified_diagnosis(sources: Sources) -> list[tuple[str, str]]:
    """The claim `diagnosis` in words, one line a number."""
    claim = sources.claims.get("diagnosis")
    if claim is None:
        return []
    least, most = claim["modes_at_least"], claim["modes_at_most"]
    rows = [
        ("modes above the ridge, K*", str(least) if least == most else f"{least} to {most}"),
        ("effective parameters", _between(claim, "effective_parameters")),
    ]
    names = sources.student.output_names
    for target in claim["targets"]:
        who = {"teacher": "network's outputs"}.get(target["target"], target["target"])
        for name, output in zip(names, target["outputs"], strict=True):
            if output["first_at_least"] is not None:
                suffix = f" ({name})" if len(names) > 1 else ""
                rows.append((f"energy of the {who} in the first K* modes{suffix}", _between(output, "first")))
                rows.append((f"energy of the {who} beyond them{suffix}", _between(output, "beyond")))
    for name, copied in zip(names, claim["copied"], strict=False):
        if copied is not None:
            suffix = f" ({name})" if len(names) > 1 else ""
            low, high = brief(copied["at_least"], up=False), brief(copied["at_most"], up=True)
            rows.append((f"share of the labels' rest that the network copies{suffix}", f"{low} to {high}"))
    return rows


def widest_interval(claim: Mapping[str, Any]) -> str:
    """Width of the widest eigenvalue interval of the claim `spectrum`, rounded up."""
    widths = [
        Dyadic.parse(entry["at_most"]["exact"]) - Dyadic.parse(entry["at_least"]["exact"])
        for entry in claim["eigenvalues"]
    ]
    return brief({"decimal": max(widths).decimal(up=True)}, up=True, digits=2)


def diagnosis(found: Diagnosis) -> list[tuple[str, str]]:
    """The diagnosis of the network in words, one line a number; computed in float64."""
    rows = [
        ("signal modes", f"{found.signal_modes} of {found.columns} basis columns"),
        ("modes the network uses", f"{found.modes_used:.0f} of {found.rows - 1}"),
        ("share of the labels' rest that it copies", percent(found.copied)),
        ("noise level", short(found.noise)),
        ("training RMSE of the network", short(found.train_rmse)),
        ("its predicted test RMSE, from training rows alone", short(found.predicted_test_rmse)),
    ]
    if found.test_rmse is not None:
        rows.append(("its RMSE on the hold-out rows", short(found.test_rmse)))
    return rows


def bands(found: Diagnosis) -> list[tuple[str, str, str, str]]:
    """Modes, energy of the labels over noise, how far the network follows them, verdict; last what no mode reaches."""
    *inner, last = found.bands
    names = [f"{band.start + 1} to {band.stop}" for band in inner] + [f"the other {last.stop - last.start}"]
    return [
        (
            name,
            f"{band.signal:.3g}" if band.signal < 1000 else f"{band.signal:.0f}",
            percent(band.followed),
            band.verdict,
        )
        for name, band in zip(names, found.bands, strict=True)
    ]


def origin(sources: Sources) -> list[tuple[str, str]]:
    """Names, digests, versions and settings: recorded, not proved."""
    found = sources.student.provenance
    settings = {key: value for key, value in found.settings.items() if key not in ("evidence", "length_factor")}
    return [
        (
            "network",
            f"{found.teacher}" + (f", {found.teacher_parameters:,} parameters" if found.teacher_parameters else ""),
        ),
        ("network sha256", found.teacher_sha256 or "none recorded"),
        ("data", f"{found.data}, {found.rows:,} rows"),
        ("data sha256", found.data_sha256 or "none recorded"),
        ("basis and ridge chosen by", "labels" if found.labels else "the network's outputs"),
        ("settings", ", ".join(f"{key} {value}" for key, value in settings.items() if value is not None)),
        ("versions", ", ".join(f"{name} {version}" for name, version in found.versions.items())),
    ]


def _between(entry: Mapping[str, Any], name: str) -> str:
    return f"{brief(entry[f'{name}_at_least'], up=False)} to {brief(entry[f'{name}_at_most'], up=True)}"


def _optional(number: Any, *, up: bool) -> str:
    return "" if number is None else brief(number, up=up)
