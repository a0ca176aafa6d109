"""The model card: a README.md beside the student, with the YAML front matter that model hubs read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eigenstill_check.errors import Refusal
from eigenstill_check.layout import load_document
from eigenstill_check.verdict import ClaimVerdict, not_covered, not_covered_with_features, sentences
from eigenstill_check.version import __version__

from .. import folder as places
from .. import storage
from ..basis import FEATURES
from ..errors import StudentError
from ..student import Student, load_student

NAME = "README.md"
MARK = "# Written by eigenstill; `eigenstill card` writes it again."
SHOWN = 50  # inputs
PHI = {
    "rational-quadratic": "phi_j(x) = 1 / (1 + sum_d s_d (x_d - z_jd)^2)",
    "rational-l1": "phi_j(x) = 1 / (1 + sum_d s_d |x_d - z_jd|)",
    "gaussian": "phi_j(x) = exp(-sum_d s_d (x_d - z_jd)^2)",
    "matern-3/2": "phi_j(x) = (1 + t) exp(-t), t^2 = 3 sum_d s_d (x_d - z_jd)^2",
}
METRICS = {"rmse_at_most": ("rmse", "RMSE at most"), "r_squared_at_least": ("r_squared", "R^2 at least")}


@dataclass(frozen=True)
class _Certified:
    """A certificate as recorded: its claims with their sentences, and what it does not cover."""

    claims: Sequence[tuple[Mapping[str, Any], str]]
    uncovered: Sequence[str]
    detached: bool
    files: Mapping[str, str]


def model_card(folder: str | Path) -> Path:
    """Write README.md into a folder that `distill` wrote: what the student is, digests, claims as recorded, limits.

    Its front matter holds library, task, tags and the certified errors, as model hubs read them. The claims are not
    checked here. A README.md that is not ours is left alone.

    Raises
    ------
    UnreadableError : no student there, or the folder cannot be written
    StudentError : the certificate is about another student or malformed, or README.md is somebody else's
    """
    place = Path(folder)
    path = place / NAME
    if path.exists() and not is_card(path):
        raise StudentError(f"{path}: not written by eigenstill; move it away for a model card")
    storage.write_atomically(path, render(place).encode())
    return path


def is_card(path: Path) -> bool:
    """Whether a README.md is a card of ours."""
    return path.read_bytes()[:200].startswith(f"---\n{MARK}\n".encode())


def render(folder: Path) -> str:
    """The card's text."""
    data = (folder / places.STUDENT).read_bytes() if (folder / places.STUDENT).exists() else b""
    student = load_student(folder / places.STUDENT)
    digest = hashlib.sha256(data).hexdigest()
    certified = _certified(folder, digest, features=student.formula.kernel == FEATURES)
    body = [*_what(student), *_files(student, digest, certified), *_use(student), *_claims(certified)]
    return "\n".join([*_front(student, certified), "", *body, *_limits(certified), ""])


def _certified(folder: Path, digest: str, *, features: bool) -> _Certified | None:
    path = folder / places.CERTIFICATE
    if not path.exists():
        return None
    try:
        claims, document = sentences(path), load_document(path)
    except Refusal as refusal:
        raise StudentError(f"{path}: {refusal}") from None
    if document["subject"]["student"]["sha256"] != digest:
        raise StudentError(f"{path}: about another student; run `eigenstill certify` first, or remove it")
    held = [ClaimVerdict(claim["claim"], True, "") for claim, _ in claims]
    uncovered = (not_covered_with_features if features else not_covered)(held)
    arrays = document["arrays"]
    return _Certified(
        claims,
        uncovered,
        any("detached" in entry for entry in arrays),
        {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest(),
            **{entry["file"]: entry["sha256"] for entry in arrays},
        },
    )


def _front(student: Student, certified: _Certified | None) -> list[str]:
    """YAML 1.2; every text in it is a JSON string, which YAML reads the same."""
    lines = ["---", MARK, "library_name: eigenstill", "pipeline_tag: tabular-regression", "tags:"]
    tags = [
        "tabular-regression",
        "knowledge-distillation",
        "interpretability",
        "kernel-methods",
        student.formula.kernel,
    ]
    lines += [f"- {_text(tag)}" for tag in [*tags, *(["certificate"] if certified else [])]]
    results = _results(student, certified)
    if results:
        lines += ["metrics:", "- rmse", "- r_squared", "model-index:", f"- name: {_text(places.STUDENT)}", "  results:"]
        lines += results
    return [*lines, "---"]


def _results(student: Student, certified: _Certified | None) -> list[str]:
    """The certified errors on training and hold-out rows; several outputs each by name."""
    lines: list[str] = []
    fidelity = (
        next((claim for claim, _ in certified.claims if claim["claim"] == "fidelity"), None) if certified else None
    )
    for split in fidelity["splits"] if fidelity else []:
        lines += ["  - task:", "      type: tabular-regression", "    dataset:", f"      type: {_text('tabular')}"]
        lines += [f"      name: {_text(student.provenance.data)}", f"      split: {split['split']}", "    metrics:"]
        for target in split["targets"]:
            for name, output in zip(student.output_names, target["outputs"], strict=True):
                for key, (kind, words) in METRICS.items():
                    if output[key] is not None:
                        title = f"{words}, {name} to {target['target']}, certified"
                        lines += [f"    - type: {kind}", f"      name: {_text(title)}"]
                        lines.append(f"      value: {_decimal(output[key]['decimal'])}")
    return lines


def _decimal(text: str) -> str:
    """A decimal as YAML's core schema reads it, too: with a point."""
    return text if "." in text or "e" not in text else text.replace("e", ".0e")


def _what(student: Student) -> list[str]:
    formula, spectrum, origin = student.formula, student.spectrum, student.provenance
    kernel = formula.kernel != FEATURES
    linear = " + sum_d w_d x_d" if formula.linear else ""
    weights = "" if student.total_weight is None else f", weights that sum to {student.total_weight:.6g}"
    lines = ["# A certified formula for a network", ""]
    lines += [
        f"Distilled by eigenstill {origin.versions.get('eigenstill', __version__)} from {_code(origin.teacher)}"
        + (f" ({origin.teacher_parameters} parameters)" if origin.teacher_parameters else "")
        + f", on {origin.rows} rows of {_code(origin.data)}{weights}{', with labels' if origin.labels else ''}.",
        "",
        "```text",
        f"student(x) = b{linear}{' + sum_j a_j phi_j(x)' if kernel else ', x the features'}",
        *([PHI[formula.kernel]] if kernel else []),
        "```",
        "",
        f"- basis: {formula.kernel}" + (f", {len(formula.landmarks)} landmarks" if kernel else ""),
        f"- {student.stored_numbers} stored numbers, {student.rank} of {len(spectrum.eigenvalues)} modes, "
        f"{student.effective_parameters:.1f} effective parameters",
        f"- ridge {spectrum.ridge:.4g}, by {_code(spectrum.criterion)}; seed {origin.seed}",
        f"- inputs ({len(student.input_names)}): {_list(student.input_names)}",
        f"- outputs ({len(student.output_names)}): {_list(student.output_names)}",
        *(f"- notice: {_code(notice)}" for notice in origin.notices),
        "",
    ]
    return lines


def _files(student: Student, digest: str, certified: _Certified | None) -> list[str]:
    origin = student.provenance
    rows = {places.STUDENT: digest, **(certified.files if certified else {})}
    lines = ["## Digests", "", "| what | sha256 |", "| --- | --- |"]
    lines += [f"| {_code(name)} | `{value}` |" for name, value in rows.items()]
    lines.append(f"| training data {_code(origin.data)} | {_digest(origin.data_sha256)} |")
    lines.append(f"| teacher {_code(origin.teacher)} | {_digest(origin.teacher_sha256)} |")
    return [*lines, ""]


def _digest(value: str | None) -> str:
    return f"`{value}`" if value else "not recorded"


def _use(student: Student) -> list[str]:
    columns = "columns by name" if student.named else "columns in the order above"
    lines = ["## Use", "", "```console", f"eigenstill predict . --data rows.csv      # {columns}"]
    far = "Its inputs are features, which the teacher's own layers or a function of yours compute."
    if student.formula.kernel != FEATURES:
        lines.append("eigenstill export . --to onnx --out student.onnx")
        far = f"Far from all landmarks the formula tends to its {'linear part' if student.formula.linear else 'intercept'}."
    return [*lines, "```", "", f"It stands for the teacher on rows like the training rows. {far}", ""]


def _claims(certified: _Certified | None) -> list[str]:
    if certified is None:
        return ["## Claims", "", "None: there is no certificate. `eigenstill certify` writes one.", ""]
    lines = [
        "## Claims",
        "",
        f"As recorded in {places.CERTIFICATE}; `eigenstill check {places.CERTIFICATE}` decides, from the raw rows,",
        "with nothing but Python's standard library.",
        "",
        "| claim | in words |",
        "| --- | --- |",
    ]
    return [*lines, *(f"| `{claim['claim']}` | {_cell(sentence)} |" for claim, sentence in certified.claims), ""]


def _limits(certified: _Certified | None) -> list[str]:
    lines = ["## Limits", ""]
    if certified is None:
        return [*lines, "- nothing is proved of this formula"]
    lines += [f"- not covered: {_cell(line)}" for line in certified.uncovered]
    keeps = "left out of it: whoever checks needs the file of rows" if certified.detached else "in it"
    lines.append(
        f"- the certificate's training rows and outputs are {keeps}; do not publish what you would not publish"
    )
    return lines


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_code, names[:SHOWN])) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _text(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


def _code(text: str) -> str:
    """Text from data as a code span: inert in Markdown and HTML, also in a table."""
    return f"`{_plain(text).replace('`', chr(39)).replace('|', '/')}`"


def _cell(text: str) -> str:
    """A sentence of the checker in a table; angle brackets and bars are Markdown's."""
    return _plain(text).replace("<", "&lt;").replace("|", "\\|")
