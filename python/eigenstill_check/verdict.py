"""From a path to a verdict: read, decide every claim, compare each recorded number with the computed one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from . import certificate as reading
from . import layout, matrix_certificate, region_certificate
from .admission import Gate
from .arithmetic import Arithmetic
from .arithmetic import arithmetic as multiplying
from .binding import FEATURES_OF_THE_NETWORK, OUTPUTS_OF_THE_NETWORK, Binder, Bound, data_file
from .certificate import Certificate
from .claims import CLAIMS, MATRIX_CLAIMS, REGION_CLAIMS, Claim
from .claims.basis import FROM_THE_ROWS
from .errors import Malformed, Refusal, Rejected
from .exact import Exact, MatrixExact
from .limits import STANDARD, Limits
from .matrix_certificate import MatrixCertificate
from .parallel import Pool
from .recorded_sums import Used, with_sums
from .region_certificate import RegionCertificate
from .shapes import require_intervals, shown
from .sums_document import PROFILE as SUMS_PROFILE

ACCEPTED, REJECTED, MALFORMED, NO_VERDICT = 0, 1, 2, 3
WORDS = {ACCEPTED: "ACCEPTED", REJECTED: "REJECTED", MALFORMED: "MALFORMED", NO_VERDICT: "NO VERDICT"}

BASIS_OPERATOR_ONLY = "the network itself: the Eckart-Young bound is about the basis operator (data, landmarks, scales)"
RECORDED_ROWS_ONLY = "rows that are not in the certificate: every bound is about the recorded rows"
BEYOND_THE_RECORDED_ROWS = ("global", "tolerance", "closer", "interval", "mean_error")
NOT_COVERED = (
    RECORDED_ROWS_ONLY,
    "that the hold-out rows were kept from training and selection",
    OUTPUTS_OF_THE_NETWORK,
    BASIS_OPERATOR_ONLY,
    "that the coefficients are the best ones: only how well they do is certified",
)
FEATURES_NOT_COVERED = (
    FEATURES_OF_THE_NETWORK,
    "the numbers that are needed to compute the features: the stored numbers are those of the formula over them",
)
AS_RECORDED = "with the sums of {shards} as recorded: their rows were not gone through"
SUMS_NOT_COVERED = "that the sums taken as recorded are those of their rows: check with --verify, or without --sums"
POOL_NOT_COVERED = "that {believed} sent back what they were asked for: they were believed"
SHRINKAGE_COVERS = NOT_COVERED[-1]
MATRIX_NOT_COVERED = (
    "where the matrix comes from: it is recorded, compare its digest with a file of your own",
    "that the modes are singular vectors: inside a cluster of singular values they need not be",
)
REGION_NOT_COVERED = (
    "points outside the boxes",
    "that the recorded weights are the network's: its affine steps are folded into layers of float64; compare its digest",
    "rounding: formula and network are functions of real numbers here, not their evaluation in float32 or float64",
)


@dataclass(frozen=True)
class ClaimVerdict:
    """One claim: accepted with a statement, or rejected with what was got and what is needed."""

    claim: str
    accepted: bool
    statement: str
    where: str = ""
    got: str = ""
    needed: str = ""


@dataclass(frozen=True)
class Verdict:
    """The outcome for one file; ``code`` is its exit code (0 accepted, 1 rejected, 2 malformed, 3 no verdict)."""

    path: str
    code: int
    message: str
    claims: tuple[ClaimVerdict, ...] = ()
    bound: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    seconds: float = 0.0
    not_covered: tuple[str, ...] = field(default=NOT_COVERED)
    sums: tuple[Used, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.code == ACCEPTED

    @property
    def word(self) -> str:
        return WORDS[self.code]

    def to_json(self) -> dict[str, Any]:
        return {
            "certificate": self.path,
            "verdict": self.word.lower().replace(" ", "_"),
            "exit_code": self.code,
            "message": self.message,
            "claims": [vars(claim) for claim in self.claims],
            "checked": [claim.claim for claim in self.claims if claim.accepted],
            "bound": list(self.bound),
            "recorded_only": list(self.recorded),
            "not_covered": list(self.not_covered),
            "sums": [vars(used) for used in self.sums],
            "seconds": round(self.seconds, 3),
        }


def check(
    path: str | Path,
    *,
    require: Sequence[str] = (),
    data: Sequence[str | Path] = (),
    bind: Sequence[Binder] = (),
    progress: Callable[[str, int, int], None] | None = None,
    arithmetic: str = "stdlib",
    jobs: int = 1,
    limits: Limits = STANDARD,
    sums: Sequence[str | Path] = (),
    verify: bool = False,
    pool: Pool | None = None,
) -> Verdict:
    """Check one certificate. Never raises for what is wrong with the file: the verdict says it.

    Parameters
    ----------
    path : the NAME.cert.json; its array files lie beside it
    require : claims that must be there beyond the profile's
    data : the user's data files: detached rows, and the file whose digest is recorded; others are rejected
    bind : what else of the user's must fit the certificate, such as `binding.same_digest("teacher", path)`
    progress : called with (claim, number done, number of claims) before each claim
    arithmetic : "stdlib", or "gmpy2" or "numpy" where that package is there: the same verdict, sooner
    jobs : processes that share the work; 0 for one a processor
    pool : where the work is done instead, such as the workers of a cluster; they are believed as this process is,
        and the verdict names them under what is not covered
    limits : what the run takes on; a larger certificate gets no verdict
    sums : records of shards' sums, or folders of them: those rows are not read, and the verdict says so
    verify : read and go through all rows even so, and compare each record with the sums of its shard
    """
    start, path = perf_counter(), Path(path)
    try:
        files = [Path(file) for file in data]
        work = multiplying(arithmetic, jobs, pool)
        subject = _subject(path, files, work, limits, _Records(tuple(map(Path, sums)), verify, progress))
        recorded = _read_claims(subject.document.claims, subject.claims)
        for name in require:
            if name not in recorded:
                raise Malformed(f"claims: {name[:40]} is missing; it was required of this certificate")
        bound = [binder(subject.document) for binder in (*map(data_file, files), *bind)]
        outcomes = []
        for done, (name, claim) in enumerate(recorded.items()):
            if progress is not None:
                progress(name, done, len(recorded))
            outcomes.append(_decide(name, claim, subject))
    except Refusal as refusal:
        return Verdict(str(path), refusal.exit_code, str(refusal), seconds=perf_counter() - start)
    failed = [outcome for outcome in outcomes if not outcome.accepted]
    taken = shards_taken(subject.used)
    relied = [SUMS_NOT_COVERED] if taken else []
    if work.pool.believed:
        relied.append(POOL_NOT_COVERED.format(believed=work.pool.believed))
    if taken:
        outcomes = [_as_recorded(outcome, taken) for outcome in outcomes]
    message = (
        f"{len(outcomes)} claims hold{', ' + AS_RECORDED.format(shards=taken) if taken else ''}"
        if not failed
        else f"{failed[0].where}: got {failed[0].got}, need {failed[0].needed}"
    )
    return Verdict(
        str(path),
        REJECTED if failed else ACCEPTED,
        message,
        tuple(outcomes),
        tuple(entry.sentence for entry in bound),
        subject.recorded,
        perf_counter() - start,
        (*_less(subject.not_covered(outcomes), bound), *relied),
        subject.used,
    )


def shards_taken(used: Sequence[Used]) -> str:
    """How many shards' sums were believed, in words; empty for none: their rows were not gone through."""
    count = sum(not entry.recomputed for entry in used)
    return "" if count == 0 else "1 shard" if count == 1 else f"{count} shards"


def _as_recorded(outcome: ClaimVerdict, shards: str) -> ClaimVerdict:
    """The claim about the rows says that not all of them were gone through."""
    said = f"summed up from rows and records (the sums of {shards} as recorded)"
    return replace(outcome, statement=outcome.statement.replace(FROM_THE_ROWS, said))


def _less(lines: Sequence[str], bound: Sequence[Bound]) -> tuple[str, ...]:
    """What is not covered, less what the binders settled."""
    settled = {line for entry in bound for line in entry.settles}
    return tuple(line for line in lines if line not in settled)


@dataclass(frozen=True)
class _Subject:
    """What is decided: a student or a matrix, with the claims that can be made of it."""

    document: Certificate | MatrixCertificate | RegionCertificate
    claims: Mapping[str, Claim]
    exact: Exact | MatrixExact | RegionCertificate
    recorded: tuple[str, ...]
    not_covered: Callable[[Sequence[ClaimVerdict]], tuple[str, ...]]
    used: tuple[Used, ...] = ()


@dataclass(frozen=True)
class _Records:
    """Records of sums that were given, and whether they are to be recomputed."""

    paths: tuple[Path, ...]
    verify: bool
    progress: Callable[[str, int, int], None] | None


def _subject(path: Path, data: Sequence[Path], arithmetic: Arithmetic, limits: Limits, given: _Records) -> _Subject:
    gate = Gate(limits)
    raw = layout.load_document(path, gate.json)
    if _profile(raw) == SUMS_PROFILE:
        raise Malformed(
            "profile: a record of a shard's sums, no certificate; give it with --sums beside NAME.cert.json"
        )
    if given.paths and (_of_matrix(raw) or _profile(raw) == region_certificate.PROFILE):
        raise Malformed(f"sums: a certificate of profile {_profile(raw)} has no shards of rows; need distillation-1")
    if _of_matrix(raw):
        matrix = matrix_certificate.parse(raw, path.parent, gate)
        gate.numbers(matrix)
        recorded = (f"matrix {_named(matrix.subject['data'])}",)
        return _Subject(
            matrix, MATRIX_CLAIMS, MatrixExact(matrix, arithmetic=arithmetic), recorded, lambda _: MATRIX_NOT_COVERED
        )
    if _profile(raw) == region_certificate.PROFILE:
        region = region_certificate.parse(raw, path.parent, gate)
        gate.boxes(region)
        names = region.subject["teacher"], region.subject["student"]
        lines = (f"teacher {_named(names[0])}", f"student {_named(names[1])}")
        return _Subject(region, REGION_CLAIMS, region, lines, lambda _: REGION_NOT_COVERED)
    used: tuple[Used, ...] = ()
    exact: Exact
    if given.paths:
        whole = with_sums(
            raw,
            path.parent,
            data,
            gate,
            given.paths,
            verify=given.verify,
            arithmetic=arithmetic,
            progress=given.progress,
        )
        student, exact, used = whole.certificate, whole.exact, whole.used
    else:
        student = reading.parse(raw, path.parent, data, gate)
        gate.numbers(student)
        exact = Exact(student, arithmetic=arithmetic)
    features = student.basis.kernel == layout.FEATURES
    uncovered = not_covered_with_features if features else not_covered
    return _Subject(student, CLAIMS, exact, recorded_only(student.subject), uncovered, used)


def _profile(raw: Any) -> Any:
    return raw.get("profile") if isinstance(raw, dict) else None


def _of_matrix(raw: Any) -> bool:
    return bool(_profile(raw) == matrix_certificate.PROFILE)


def not_covered(outcomes: Sequence[ClaimVerdict]) -> tuple[str, ...]:
    """What this certificate does not say, whatever its verdict."""
    accepted = {outcome.claim for outcome in outcomes if outcome.accepted}
    beyond = ", ".join(claim for claim in BEYOND_THE_RECORDED_ROWS if claim in accepted)
    said_otherwise: dict[str, str | None] = {SHRINKAGE_COVERS: None} if "shrinkage" in accepted else {}
    if beyond:
        said_otherwise[RECORDED_ROWS_ONLY] = f"{RECORDED_ROWS_ONLY}, but for {beyond}"
    lines = (said_otherwise.get(line, line) for line in NOT_COVERED)
    return tuple(line for line in lines if line is not None)


def not_covered_with_features(outcomes: Sequence[ClaimVerdict]) -> tuple[str, ...]:
    """The operator is then the recorded representation itself; whose it is, nobody has checked."""
    return (*(line for line in not_covered(outcomes) if line != BASIS_OPERATOR_ONLY), *FEATURES_NOT_COVERED)


def sentences(path: Path) -> list[tuple[Mapping[str, Any], str]]:
    """The claims as recorded, each with its sentence; nothing is decided and no array file read. Raises Refusal."""
    raw = layout.load_document(path)
    read, known = layout.parse_document, CLAIMS
    if _of_matrix(raw):
        read, known = matrix_certificate.parse_document, MATRIX_CLAIMS
    elif _profile(raw) == region_certificate.PROFILE:
        read, known = region_certificate.parse_document, REGION_CLAIMS
    claims = read(raw)["claims"]
    _read_claims(claims, known)
    return [(claim, known[claim["claim"]].say(claim)) for claim in claims]


def read_claims(claims: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Parsed claims about a student by name, in the order of the file."""
    return _read_claims(claims, CLAIMS)


def _read_claims(claims: Sequence[Mapping[str, Any]], known: Mapping[str, Claim]) -> dict[str, dict[str, Any]]:
    result = {}
    for index, raw in enumerate(claims):
        name = raw["claim"]
        if name not in known:
            raise Malformed(f"claims[{index}]: unknown claim {name[:40]!r}; need {', '.join(known)}")
        result[name] = known[name].read(raw, f"claims[{index}]")
        require_intervals(raw, f"claims[{index}]")
    return result


def _decide(name: str, parsed: Mapping[str, Any], subject: _Subject) -> ClaimVerdict:
    claim, raw = subject.claims[name], subject.document.claims
    index = next(position for position, entry in enumerate(raw) if entry["claim"] == name)
    try:
        computed = claim.compute(subject.exact, parsed)
        _require_equal(raw[index], computed, f"claims[{index}] {name}")
    except Rejected as refusal:
        return ClaimVerdict(name, False, "", refusal.where, refusal.got, refusal.needed)
    return ClaimVerdict(name, True, claim.say(computed))


def _require_equal(recorded: Any, computed: Any, where: str) -> None:
    """Raise `Rejected` at the first place where the recorded JSON is not the computed one."""
    if isinstance(computed, dict) and isinstance(recorded, dict) and computed.keys() == recorded.keys():
        for key, value in computed.items():
            _require_equal(recorded[key], value, f"{where}.{key}")
    elif isinstance(computed, list) and isinstance(recorded, list) and len(computed) == len(recorded):
        for index, value in enumerate(computed):
            _require_equal(recorded[index], value, f"{where}[{index}]")
    elif recorded != computed or type(recorded) is not type(computed):
        raise Rejected(where, shown(recorded), shown(computed))


def recorded_only(subject: Mapping[str, Any]) -> tuple[str, ...]:
    """What the certificate says without proof."""
    student, data, teacher = subject["student"], subject["data"], subject["teacher"]
    parameters = "unknown" if teacher["parameters"] is None else str(teacher["parameters"])

    effective = f"{float(student['effective_parameters']):.1f}"

    return (
        f"teacher {_named(teacher)}, {parameters} parameters",
        f"student {_named(student)}, {student['modes']} modes kept, {effective} effective parameters",
        f"data {_named(data)}",
    )


def _named(entry: Mapping[str, Any]) -> str:
    digest = entry["sha256"]
    return f"{entry['name']} (sha256 {digest[:12]}...)" if digest else f"{entry['name']} (no digest)"
