"""Binding: the user's own files against what the certificate records of them.

The checker compares digests. Whoever can do more, such as run the network, passes binders of its own to `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .certificate import Certificate
from .errors import Malformed, Rejected
from .matrix_certificate import MatrixCertificate
from .region_certificate import RegionCertificate
from .tensors import file_digest

OUTPUTS_OF_THE_NETWORK = "that the recorded outputs came from the network: bind them with the network's own file"
FEATURES_OF_THE_NETWORK = "that the recorded features are a layer of the network: they are taken as they are"


@dataclass(frozen=True)
class Bound:
    """What was bound, in words; ``settles`` are the lines of what is not covered that this settles."""

    sentence: str
    settles: tuple[str, ...] = ()


Document = Certificate | MatrixCertificate | RegionCertificate
Binder = Callable[[Document], Bound]
"""Compares a certificate with something of the user's; raises `Rejected` where they differ."""


def require_student(certificate: Document, role: str) -> Certificate:
    """The certificate of a student. Raises `Malformed` (the call is wrong) for that of a matrix, which has data only."""
    if isinstance(certificate, MatrixCertificate):
        raise Malformed(f"{role}: a certificate about a matrix has none; bind it by its data alone")
    if isinstance(certificate, RegionCertificate):
        raise Malformed(f"{role}: a certificate about boxes has no rows; bind it by the digests of student and network")
    return certificate


def require_rows(certificate: Certificate, role: str) -> Certificate:
    """A certificate whose rows are all there. Raises `Malformed` where some are known by their recorded sums only."""
    if certificate.unread:
        raise Malformed(
            f"{role}: is compared with all rows, and those of shards {', '.join(map(str, certificate.unread[:5]))} were not "
            "read; check without --sums, or with --verify"
        )
    return certificate


def _subject(certificate: Document, role: str) -> Mapping[str, Any]:
    """What the certificate records of student, teacher or data. Raises `Malformed` where it has none of them."""
    if isinstance(certificate, MatrixCertificate if role == "data" else RegionCertificate):
        return certificate.subject
    return require_student(certificate, role).subject


def same_digest(role: str, path: Path) -> Binder:
    """The file is the one whose digest ``subject.ROLE`` records; role is student, teacher or data."""

    def bind(certificate: Document) -> Bound:
        require_digest(role, path.name, file_digest(path), _subject(certificate, role)[role]["sha256"])
        return Bound(f"{role} {path.name}: sha256 as recorded")

    return bind


def data_file(path: Path) -> Binder:
    """The file holds detached rows of the certificate, or is the one whose digest ``subject.data`` records."""

    def bind(certificate: Document) -> Bound:
        subject = _subject(certificate, "data")
        found, detached = file_digest(path), getattr(certificate, "detached", ())
        if found in detached:
            return Bound(f"data {path.name}: detached rows, sha256 as recorded")
        require_digest("data", path.name, found, subject["data"]["sha256"], *detached)
        return Bound(f"data {path.name}: sha256 as recorded")

    return bind


def require_digest(role: str, name: str, found: str, *recorded: str | None) -> None:
    """Raise `Rejected` unless ``found`` is one of the recorded digests."""
    known = [digest for digest in recorded if digest is not None]
    if found not in known:
        needed = f"sha256 {' or '.join(known)} as recorded" if known else "a recorded digest; the certificate has none"
        raise Rejected(f"{role} {name}", f"sha256 {found}", needed)
