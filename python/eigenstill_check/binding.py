"""Binding: the user's own files against what the certificate records of them.

The checker compares digests. Whoever can do more, such as run the network, passes binders of its own to `check`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .certificate import Certificate
from .errors import Malformed, Rejected
from .matrix_certificate import MatrixCertificate
from .tensors import file_digest

OUTPUTS_OF_THE_NETWORK = "that the recorded outputs came from the network: bind them with the network's own file"
FEATURES_OF_THE_NETWORK = "that the recorded features are a layer of the network: they are taken as they are"


@dataclass(frozen=True)
class Bound:
    """What was bound, in words; ``settles`` are the lines of what is not covered that this settles."""

    sentence: str
    settles: tuple[str, ...] = ()


Binder = Callable[[Certificate | MatrixCertificate], Bound]
"""Compares a certificate with something of the user's; raises `Rejected` where they differ."""


def require_student(certificate: Certificate | MatrixCertificate, role: str) -> Certificate:
    """The certificate of a student. Raises `Malformed` (the call is wrong) for that of a matrix, which has data only."""
    if isinstance(certificate, MatrixCertificate):
        raise Malformed(f"{role}: a certificate about a matrix has none; bind it by its data alone")
    return certificate


def same_digest(role: str, path: Path) -> Binder:
    """The file is the one whose digest ``subject.ROLE`` records; role is student, teacher or data."""

    def bind(certificate: Certificate | MatrixCertificate) -> Bound:
        subject = certificate.subject if role == "data" else require_student(certificate, role).subject
        require_digest(role, path.name, file_digest(path), subject[role]["sha256"])
        return Bound(f"{role} {path.name}: sha256 as recorded")

    return bind


def data_file(path: Path) -> Binder:
    """The file holds detached rows of the certificate, or is the one whose digest ``subject.data`` records."""

    def bind(certificate: Certificate | MatrixCertificate) -> Bound:
        found, detached = file_digest(path), () if isinstance(certificate, MatrixCertificate) else certificate.detached
        if found in detached:
            return Bound(f"data {path.name}: detached rows, sha256 as recorded")
        require_digest("data", path.name, found, certificate.subject["data"]["sha256"], *detached)
        return Bound(f"data {path.name}: sha256 as recorded")

    return bind


def require_digest(role: str, name: str, found: str, *recorded: str | None) -> None:
    """Raise `Rejected` unless ``found`` is one of the recorded digests."""
    known = [digest for digest in recorded if digest is not None]
    if found not in known:
        needed = f"sha256 {' or '.join(known)} as recorded" if known else "a recorded digest; the certificate has none"
        raise Rejected(f"{role} {name}", f"sha256 {found}", needed)
