"""The text of an exported Lean module: the numbers of a `Study`, of its witness, and the theorem."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from eigenstill_check.certificate import Certificate
from eigenstill_check.dyadic import Dyadic


@dataclass(frozen=True)
class Column:
    """`Eigenstill.Claims.Column`."""

    metric: int
    coefficient: int


@dataclass(frozen=True)
class Axis:
    """`Eigenstill.Claims.Axis`."""

    weight: int
    points: int
    up: int
    down: int
    column: Column


@dataclass(frozen=True)
class Study:
    """`Eigenstill.Claims.Study`."""

    slot: int
    rows: list[int]
    landmarks: list[Column]
    axes: list[Axis]
    one: int
    grid: int
    metric_bits: int
    metric_unit: int
    coefficient_bits: int
    output_unit: int
    teacher_step: int
    teacher_shift: int
    coefficient_step: int
    intercept: int

    def columns(self) -> list[Column]:
        return self.landmarks + [axis.column for axis in self.axes]


@dataclass(frozen=True)
class Witness:
    """`Eigenstill.Claims.Witness`."""

    bits: int
    mean: int
    vector_bits: int
    modes: list[tuple[int, int]]
    factor_bits: int
    factor: list[tuple[int, int]]
    matrix_shift: int
    threshold: int
    slack: int
    rest: int


@dataclass(frozen=True)
class Bounds:
    """`Eigenstill.Claims.Bounds`; ``unit`` is the exponent h of the units 2^-h of ``lower``."""

    rank: int
    lower: int
    tolerance: int
    residual: int
    unit: int


def title(name: str) -> str:
    return name[:1].lower() + name[1:]


def module_text(
    path: Path, name: str, module: str, certificate: Certificate, study: Study, witness: Witness, bounds: Bounds
) -> tuple[str, str]:
    """The module, and the bound in decimals, rounded down."""
    lower = Dyadic(bounds.lower, -bounds.unit).decimal(up=False)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = f"""module

public import Eigenstill.Claims.RawData.Check

set_option Elab.async false
set_option maxRecDepth 1000000

@[expose] public noncomputable section

namespace Certified

open Eigenstill.Claims

def {name} : Study where
  slot := {study.slot}
  rows := {_list(study.rows)}
  landmarks := {_columns(study.landmarks)}
  axes := [
    {"".join(_axis(axis) for axis in study.axes)[:-6]}]
  one := 2 ^ {study.one.bit_length() - 1}
  grid := {study.grid}
  metricBits := {study.metric_bits}
  metricUnit := {study.metric_unit}
  coefficientBits := {study.coefficient_bits}
  outputUnit := {study.output_unit}
  teacherStep := {study.teacher_step:#x}
  teacherShift := {study.teacher_shift}
  coefficientStep := {study.coefficient_step:#x}
  intercept := {study.intercept}

def {name}Witness : Witness where
  bits := {witness.bits}
  mean := {witness.mean:#x}
  vectorBits := {witness.vector_bits}
  modes := {_pairs(witness.modes)}
  factorBits := {witness.factor_bits}
  factor := {_pairs(witness.factor)}
  matrixShift := {witness.matrix_shift}
  threshold := {witness.threshold:#x}
  slack := {witness.slack:#x}
  rest := {witness.rest:#x}

def {name}Bounds : Bounds where
  rank := {bounds.rank}
  lower := {bounds.lower:#x}
  tolerance := {bounds.tolerance:#x}
  residual := {bounds.residual:#x}

set_option profiler true
theorem {name}_check : checkStudy {name} {name}Witness {name}Bounds = true := by decide +kernel

end Certified
"""
    return text, f"{lower} {digest[:0]}"


def _list(values: list[int]) -> str:
    return "[\n    " + ",\n    ".join(f"{value:#x}" for value in values) + "]"


def _columns(columns: list[Column]) -> str:
    return "[\n    " + ",\n    ".join(f"⟨{c.metric:#x}, {c.coefficient:#x}⟩" for c in columns) + "]"


def _pairs(pairs: list[tuple[int, int]]) -> str:
    return "[\n    " + ",\n    ".join(f"({a:#x}, {b:#x})" for a, b in pairs) + "]"


def _axis(axis: Axis) -> str:
    return (
        f"⟨{axis.weight:#x}, {axis.points:#x}, {axis.up}, {axis.down}, "
        f"⟨{axis.column.metric:#x}, {axis.column.coefficient:#x}⟩⟩,\n    "
    )
