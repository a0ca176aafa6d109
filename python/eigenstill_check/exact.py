"""What the claims are decided from, each part computed once and only when a claim asks for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from .arithmetic import STANDARD, Arithmetic
from .certificate import Certificate
from .dyadic import ONE, ZERO, Dyadic
from .errors import Rejected
from .matrix_certificate import MatrixCertificate
from .matrix_operator import form_matrix_operator
from .operator import Operator, form_operator
from .projection import Target, targets_of
from .row_errors import repeated_rows, row_errors
from .row_values import row_values
from .rows import RowSums, scan
from .spectral import Modes, Units, Witnesses, enclosures, mode_products, psd_failure
from .vectors import Vector

if TYPE_CHECKING:
    from .claims.agreement import Counts


class SpectralExact(ABC):
    """A matrix M with the witnesses of its spectrum: what `eckart_young` and `spectrum` are decided from."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self._psd: dict[tuple[str, str], tuple[str, str, str] | None] = {}
        self._enclosures: dict[str, list[tuple[Dyadic, Dyadic]]] = {}

    @property
    @abstractmethod
    def units(self) -> Units: ...

    @property
    @abstractmethod
    def witnesses(self) -> Witnesses: ...

    @property
    @abstractmethod
    def operator(self) -> Operator: ...

    @cached_property
    def modes(self) -> Modes:
        return mode_products(self.units, self.witnesses, self.operator, self.arithmetic)

    def inherit(self, other: SpectralExact) -> None:
        """Take over what the same M and witnesses have been decided to be; for a producer that decides them twice."""
        self.modes = other.modes
        self._psd = dict(other._psd)

    def keep_psd(self, threshold: Dyadic, slack: Dyadic) -> None:
        """Take over that W is proved with these from a producer that has decided the same inequality."""
        self._psd[str(threshold), str(slack)] = None

    def require_psd(self, claim: str, threshold: Dyadic, slack: Dyadic) -> None:
        """Raise `Rejected` unless W is proved positive semidefinite, with d_1 >= ... >= d_K >= 0 and delta < 1."""
        excess = self.witnesses.excess
        if excess[-1] < 0 or any(a < b for a, b in pairwise(excess)):
            raise Rejected(f"{claim}: tensor excess", "a negative or increasing entry", "d_1 >= d_2 >= ... >= d_K >= 0")
        if threshold < ZERO:
            raise Rejected(f"{claim}.threshold", str(threshold), "at least 0")
        if not slack > ZERO:
            raise Rejected(f"{claim}.slack", str(slack), "more than 0")
        key = str(threshold), str(slack)
        if key not in self._psd:
            self._psd[key] = psd_failure(self.units, self.witnesses, self.operator, threshold, slack, self.arithmetic)
        if failure := self._psd[key]:
            field, got, needed = failure
            raise Rejected(f"{claim}{field}", got, needed)
        if not self.modes.defect < ONE:
            raise Rejected(f"{claim}.orthogonality_defect", self.modes.defect.decimal(up=True), "less than 1")

    def enclosures(self, threshold: Dyadic) -> list[tuple[Dyadic, Dyadic]]:
        """(lo_k, hi_k), k = 1..K; they hold after `require_psd` with the same threshold."""
        key = str(threshold)
        if key not in self._enclosures:
            units, excess = self.units, self.witnesses.excess
            self._enclosures[key] = enclosures(self.modes, excess, units.excess_exponent, threshold)
        return self._enclosures[key]


class Exact(SpectralExact):
    """Lazily computed parts of one certificate; ``sums`` and ``operator`` may be given where they are known already."""

    def __init__(
        self,
        certificate: Certificate,
        sums: RowSums | None = None,
        operator: Operator | None = None,
        arithmetic: Arithmetic = STANDARD,
    ) -> None:
        super().__init__(arithmetic)
        self.certificate = certificate
        self._row_values: dict[str, list[Vector]] = {}
        if sums is not None:
            self.sums = sums
        if operator is not None:
            self.operator = operator

    @cached_property
    def sums(self) -> RowSums:
        return scan(self.certificate, arithmetic=self.arithmetic)

    @property
    def units(self) -> Units:
        return self.certificate.basis

    @property
    def witnesses(self) -> Witnesses:
        return self.certificate.model

    @cached_property
    def operator(self) -> Operator:
        return form_operator(self.certificate.basis, self.certificate.model, self.sums, self.arithmetic)

    @cached_property
    def targets(self) -> dict[str, list[Target]]:
        """Teacher and labels on the training rows, one entry an output."""
        return targets_of(self.certificate.basis, self.certificate.model, self.sums, self.arithmetic)

    def known_agreement(self) -> Mapping[str, Counts] | None:
        """What claim `agreement` counts, split by split, where that is known without the rows."""
        return None

    def keep_row_values(self, values: Mapping[str, list[Vector]]) -> None:
        """Take over the formula's values, split by split, from a producer that knows them already."""
        self._row_values.update(values)

    def row_values(self, split: str) -> list[Vector]:
        """The floored formula on every row of a split, a vector an output."""
        if split not in self._row_values:
            self._row_values[split] = row_values(self.certificate, split, self.arithmetic)
        return self._row_values[split]

    @cached_property
    def holdout_errors(self) -> dict[str, list[Vector]]:
        """Row by row: teacher, labels, and the network's own against the labels."""
        return row_errors(self.certificate, "holdout", self.row_values("holdout"))

    @cached_property
    def repeated_holdout_rows(self) -> int:
        """Hold-out rows with the inputs of a training row or of an earlier hold-out row."""
        return repeated_rows(self.certificate, "holdout")

    @property
    def ridge(self) -> Dyadic:
        """alpha. The reader demands the tensor where a claim speaks of it."""
        if self.certificate.model.ridge is None:
            raise ValueError("a certificate without ridge")
        return Dyadic.of_float(self.certificate.model.ridge)


class MatrixExact(SpectralExact):
    """A recorded matrix."""

    def __init__(
        self,
        certificate: MatrixCertificate,
        operator: Operator | None = None,
        arithmetic: Arithmetic = STANDARD,
    ) -> None:
        super().__init__(arithmetic)
        self.certificate = certificate
        if operator is not None:
            self.operator = operator

    @property
    def units(self) -> Units:
        return self.certificate.basis

    @property
    def witnesses(self) -> Witnesses:
        return self.certificate.model

    @cached_property
    def operator(self) -> Operator:
        return form_matrix_operator(self.certificate, self.arithmetic)
