"""`eigenstill distill`: a teacher and rows become a student and its certificate."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from .. import folder
from . import console
from .stream import is_large
from .stream import stream as stream_rows

if TYPE_CHECKING:
    from ..tables import Table

TEACHER_HELP = (
    "model.onnx, LightGBM's model.txt, XGBoost's model.json or .ubj, outputs.npy/.csv/.parquet/.arrow[:column], "
    "package.module:callable (runs your code), "
    "or model.pt2 with --trust-code."
)
BASIS_HELP = "rational-quadratic, rational-l1, gaussian, matern-3/2 or features; auto: the better of the first two."
FEATURES_HELP = (
    "With --basis features: package.module:callable (runs your code); by default a torch module's last layer."
)
LABELS_HELP = "Labels: a file, file:column, or the name of a column of DATA (then no input)."


def distill(
    teacher: Annotated[
        str,
        typer.Option(
            metavar="T",
            help=TEACHER_HELP,
        ),
    ],
    data: Annotated[Path, typer.Option(metavar="D", help="Rows: .csv, .parquet, .arrow, .feather, .npy or .npz.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for student, recording and certificate.")],
    labels: Annotated[str | None, typer.Option(metavar="Y", help=LABELS_HELP)] = None,
    basis: Annotated[str, typer.Option(metavar="B", help=BASIS_HELP)] = "auto",
    features: Annotated[str | None, typer.Option(metavar="F", help=FEATURES_HELP)] = None,
    landmarks: Annotated[
        int | None, typer.Option(metavar="M", min=1, help="Number of landmarks; 128 by default.")
    ] = None,
    landmarks_by: Annotated[
        str,
        typer.Option(metavar="METHOD", help="k-means, mini-batch-k-means (over all rows) or pivoted-cholesky (rows)."),
    ] = "k-means",
    numbers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Instead of --landmarks: as many as N stored numbers pay for."),
    ] = None,
    linear: Annotated[bool, typer.Option(help="Let the inputs stand beside the landmarks.")] = True,
    select: Annotated[
        str, typer.Option(help="robust-gcv, evidence or gcv; auto: robust-gcv with labels, evidence without.")
    ] = "auto",
    holdout: Annotated[
        Path | None, typer.Option(metavar="D2", help="Rows kept aside, recorded in the certificate.")
    ] = None,
    holdout_labels: Annotated[
        str | None, typer.Option(metavar="Y2", help="Their labels; by default the column that --labels names.")
    ] = None,
    holdout_teacher: Annotated[
        str | None, typer.Option(metavar="T2", help="Their outputs, where the teacher is a file of outputs.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of landmarks and samples.")] = 0,
    certify: Annotated[bool, typer.Option(help="Write the certificate too.")] = True,
    stream: Annotated[
        bool | None,
        typer.Option(help="Read the rows block by block, never all at once; by itself for data of 1 GiB and more."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a Dask scheduler whose workers share the blocks; streams.")
    ] = None,
    detached: Annotated[
        bool, typer.Option("--detached", help="With --stream: the certificate names the rows' files by digest only.")
    ] = False,
    sums: Annotated[
        bool, typer.Option("--sums", help="With --stream: also write each shard's exact sums, for check --sums.")
    ] = False,
    device: console.DeviceName = None,
    trust_code: Annotated[bool, typer.Option("--trust-code", help="Allow model.pt2, which can run code.")] = False,
    quiet: console.Quiet = False,
    json: console.Json = False,
) -> int:
    """Distil a network into an explicit formula, and certify it.

    DIR receives student.safetensors (the formula), README.md (its model card), recording.safetensors and the
    certificate; the last two hold your rows and outputs. With --stream the rows lie in the certificate's shards instead
    of a recording, and the same call goes on where an interrupted one ended.
    """
    from .. import certify as write_certificate
    from .. import distill as run
    from ..teacher import load_teacher
    from .card import write_card
    from .show import describe, summary

    placed = console.found_device(device)
    if stream or scheduler or (stream is None and is_large(data)):
        if holdout is not None or features is not None:
            message = "--stream takes no --holdout and no --features; check the student on other rows with predict"
            raise typer.BadParameter(message)
        return stream_rows(
            teacher,
            data,
            out,
            labels,
            scheduler,
            placed,
            trust_code=trust_code,
            quiet=quiet,
            json=json,
            basis=basis,
            landmarks=landmarks,
            landmarks_by=landmarks_by,
            numbers=numbers,
            linear=linear,
            select=select,
            seed=seed,
            certify=certify,
            detached=detached,
            sums=sums,
        )
    if detached:
        raise typer.BadParameter("--detached goes with --stream; eigenstill certify has it for other students")
    if sums:
        raise typer.BadParameter(
            "--sums goes with --stream; eigenstill check --shard 0 --sums-out FILE has it for others"
        )
    rows, answers = _rows_and_labels(data, labels, "--labels")
    subject = load_teacher(teacher, trust_code, placed)
    aside, aside_answers, aside_outputs = None, None, None
    if holdout is not None:
        column = labels if labels is not None and answers is not None and not _is_file(labels) else None
        aside, aside_answers = _rows_and_labels(holdout, holdout_labels or column, "--holdout-labels")
        aside_outputs = None if holdout_teacher is None else _outputs(holdout_teacher)
    with warnings.catch_warnings(), console.progress(quiet=quiet or json) as report:
        warnings.simplefilter("ignore", category=_notice_category())  # said below, from the student's provenance
        student = run(
            subject,
            rows,
            answers,
            holdout=aside,
            holdout_y=aside_answers,
            holdout_outputs=aside_outputs,
            basis=basis,
            features=None if features is None else load_teacher(features, trust_code=trust_code),
            landmarks=landmarks,
            landmarks_by=landmarks_by,
            numbers=numbers,
            linear=linear,
            select=select,
            seed=seed,
            device=placed,
            progress=report,
        )
    folder.save(student, out)
    path = None
    if certify:
        with console.progress(quiet=quiet or json) as report:
            path = write_certificate(student, out, progress=report)
    write_card(out)
    if not json:
        for text in student.provenance.notices:
            console.notice(text)
    if json:
        console.say_json({"folder": str(out), "certificate": path and str(path), **summary(student)})
    elif not quiet:
        screen = console.screen()
        describe(screen, student)
        if path is not None:
            screen.print(
                f"certificate {escape(str(path))} (holds your rows and outputs); next: eigenstill check {escape(str(path))}",
                soft_wrap=True,
            )
    return console.ACCEPTED


def _notice_category() -> type[Warning]:
    from ..errors import EigenstillWarning

    return EigenstillWarning


def _is_file(spec: str) -> bool:
    from ..tables import split_spec

    return split_spec(spec)[0].suffix != "" and split_spec(spec)[0].is_file()


def _rows_and_labels(data: Path, labels: str | None, option: str) -> tuple[Table, Any]:
    """The table of inputs, and labels (n, c) from a file or from one of its columns, which is then no input."""
    from ..errors import DataError
    from ..tables import load_labels, load_table, split_spec
    from ..tables.load import SUFFIXES

    if labels is None:
        return load_table(data), None
    if split_spec(labels)[0].suffix.lower() in SUFFIXES:
        return load_table(data), load_labels(labels).values
    table = load_table(data)
    if labels not in table.names:
        raise DataError(
            f"{option} {labels}: neither a file nor a column of {data.name}; it has {', '.join(table.names[:20])}"
        )
    return table.without([labels]), table.columns([labels]).values


def _outputs(spec: str) -> Any:
    from ..tables import load_labels

    return load_labels(spec).values
