"""What a shard's rows leave once for all: exact sums, which add up to those of all rows in any order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from struct import pack

from .arithmetic import STANDARD, Arithmetic
from .certificate import Basis, Certificate, Model
from .claims.agreement import Counts, counted
from .errors import Malformed, NoVerdict, Rejected
from .exact import Exact
from .layout import SPLITS
from .row_values import row_values
from .rows import RowSums, scan
from .vectors import Vector

DECIDED_FROM_SUMS = frozenset(
    {
        *("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation", "exports"),
        *("spectrum", "shrinkage", "gcv", "energy", "diagnosis", "global", "agreement"),
    }
)
"""Claims that need of the rows no more than `ShardSums`; every other one goes through the rows themselves."""


@dataclass(frozen=True)
class ShardSums:
    """Sums over some rows; ``agreement`` has the counts of each split where the certificate claims agreement."""

    rows: RowSums
    agreement: Mapping[str, Counts] | None = None

    def merged(self, other: ShardSums, where: str) -> ShardSums:
        """Over the rows of both. Raises Malformed, naming ``where``, if they do not have the same targets and exports."""
        _require_alike(self, other, where)
        agreement = None
        if self.agreement is not None and other.agreement is not None:
            agreement = {}
            for split in SPLITS:
                held = [counts[split] for counts in (self.agreement, other.agreement) if split in counts]
                if held:
                    agreement[split] = reduce(Counts.merged, held)
        return ShardSums(self.rows.merged(other.rows), agreement)


def _require_alike(one: ShardSums, other: ShardSums, where: str) -> None:
    for split in (split for split in SPLITS if split in one.rows.splits and split in other.rows.splits):
        targets = [list(sums.rows.splits[split].targets) for sums in (one, other)]
        if targets[0] != targets[1]:
            raise Malformed(f"{where}: {split}.labels in some shards only; need them in all or none")
    names = {tuple(sorted(part.export_differences)) for sums in (one, other) for part in sums.rows.splits.values()}
    if len(names) > 1:
        raise Malformed(f"{where}: predictions of an export in some splits or shards only; need them in all or none")


def claims_agreement(certificate: Certificate) -> bool:
    """Whether its sums have counts of agreement."""
    return certificate.model.outputs > 1 and any(claim["claim"] == "agreement" for claim in certificate.claims)


def sums_of(certificate: Certificate, arithmetic: Arithmetic = STANDARD) -> ShardSums:
    """Of all rows that are in the certificate.

    Raises
    ------
    Rejected : a basis value of a training row lies outside [0, 2^p]
    """
    counts = None
    rows = scan(certificate, arithmetic=arithmetic)
    if claims_agreement(certificate):
        counts = {
            split: counted(certificate, split, row_values(certificate, split, arithmetic))
            for split in certificate.splits()
        }
    return ShardSums(rows, counts)


def sums_of_shard(certificate: Certificate, number: int, file: str, arithmetic: Arithmetic = STANDARD) -> ShardSums:
    """Of the rows of one array file alone; a `Rejected` names it."""
    try:
        return sums_of(only(certificate, {number}), arithmetic)
    except Rejected as refusal:
        raise Rejected(f"shard {number} ({file}): {refusal.where}", refusal.got, refusal.needed) from None


def only(certificate: Certificate, numbers: Collection[int]) -> Certificate:
    """The certificate with no rows but those of these array files."""
    shards = {
        split: tuple(part for part in parts if part.shard in numbers) for split, parts in certificate.shards.items()
    }
    return replace(certificate, shards=shards)


def model_digest(basis: Basis, model: Model) -> str:
    """SHA-256 of what the sums depend on beside the rows: kernel, grid and formula (FORMAT.md section 7)."""
    m, d, c = len(model.landmarks), model.inputs, model.outputs
    line = [basis.kernel, "true" if basis.linear else "false", basis.grid_bits, m, d, c, *basis.linear_exponents]
    digest = hashlib.sha256((" ".join(map(str, line)) + "\n").encode("ascii"))
    for part in (*model.landmarks, model.scales, *model.coefficients, model.intercept, *model.weights, model.offsets):
        digest.update(pack(f"<{len(part)}d", *part))
    return digest.hexdigest()


class ExactFromSums(Exact):
    """A certificate with recorded sums of the rows that are not in it, and the rows of the others."""

    def __init__(self, certificate: Certificate, recorded: ShardSums, arithmetic: Arithmetic = STANDARD) -> None:
        super().__init__(certificate, arithmetic=arithmetic)
        self._recorded = recorded

    @cached_property
    def _total(self) -> ShardSums:
        if not any(self.certificate.splits()):
            return self._recorded
        return self._recorded.merged(sums_of(self.certificate, self.arithmetic), "sums")

    @cached_property
    def sums(self) -> RowSums:
        return self._total.rows

    def known_agreement(self) -> Mapping[str, Counts] | None:
        return self._total.agreement

    def row_values(self, split: str) -> list[Vector]:
        """Never: not all rows are there."""
        raise NoVerdict(f"rows of {split}: some are known by their sums only; check without --sums")
