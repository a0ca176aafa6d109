"""What is fuzzed: each harness takes bytes and returns, or raises where a promise is broken.

The promises: a reader returns or refuses in its own words, a check ends with 0, 1, 2 or 3, an ACCEPTED is right
(`attacks.campaign.judge`), nothing takes more than 5 s or 500 MiB (the fuzzer watches those two).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from attacks.campaign.bases import Base, read
from attacks.campaign.judge import FALSE, judge
from eigenstill_check import check, layout, matrix_certificate, shapes, sums_document, tensors
from eigenstill_check.__main__ import main
from eigenstill_check.errors import Refusal

ACCEPT = Path(__file__).parents[1] / "corpus" / "accept"
NAMES = ("every_claim", "two_columns", "two_shards", "features", "l1_linear")
Harness = Callable[[bytes], None]


class Broken(AssertionError):
    """A promise that does not hold."""


@lru_cache
def bases() -> list[Base]:
    return [read(ACCEPT / f"{name}.cert.json") for name in NAMES]


def json_reader(data: bytes) -> None:
    """The JSON, then the document of every profile, and the sums of a record."""
    with contextlib.suppress(Refusal):
        value = shapes.load_json(data, "x")
        for parse in (layout.parse_document, matrix_certificate.parse_document):
            with contextlib.suppress(Refusal):
                parse(value)
        heading, document = sums_document.read_heading(value)
        sums_document.read_sums(document, heading, sums_document.Frame(columns=2, outputs=1, grid_bits=40))


def array_reader(data: bytes) -> None:
    """The header and the spans of an array file, then every tensor as numbers."""
    with contextlib.suppress(Refusal):
        for tensor in tensors.parse(memoryview(data), "x").values():
            with contextlib.suppress(Refusal):
                tensor.floats() if tensor.dtype == "F64" else tensor.integers()


def patched(data: bytes) -> tuple[Base, bytes, dict[str, bytes]]:
    """A certificate with bytes replaced: 1 byte the base, 1 which file, then 3 bytes a place and its new value."""
    base = bases()[data[0] % len(NAMES)]
    parts = [base.text, *base.files.values()]
    chosen = data[1] % len(parts)
    content = bytearray(parts[chosen])
    for start in range(2, len(data) - 2, 3):
        content[int.from_bytes(data[start : start + 2], "big") % len(content)] = data[start + 2]
    parts[chosen] = bytes(content)
    return base, parts[0], dict(zip(base.files, parts[1:], strict=True))


def certificate(data: bytes) -> None:
    """A check of a changed certificate, digests made right where the JSON is untouched."""
    if len(data) < 5:
        return
    base, text, files = patched(data)
    if text == base.text:
        document = json.loads(text)
        for entry in document["arrays"]:
            entry["sha256"] = hashlib.sha256(files[entry["file"]]).hexdigest()
        text = json.dumps(document).encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        (folder / "x.cert.json").write_bytes(text)
        found = check(folder / "x.cert.json")
        if found.code not in range(4):
            raise Broken(f"code {found.code}")
        if found.code == 0 and judge(folder / "x.cert.json", ACCEPT / f"{base.name}.cert.json") == FALSE:
            raise Broken(f"falsely accepted: {found.message}")


def command(data: bytes) -> None:
    """The command line: words separated by null characters, the last one the content of the file they may name."""
    *words, content = data.split(b"\0")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(content)
        arguments = [word.decode("utf-8", "surrogateescape").replace("FILE", str(path)) for word in words]
        arguments = [
            word for word in arguments if not word.startswith(("/", "--j", "--sums-"))
        ]  # stay in the folder, write nothing
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as errors:
            try:
                code = main(arguments)
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else -1
        if code not in range(4):
            raise Broken(f"exit code {code}")
        if "fault of the checker" in errors.getvalue():
            raise Broken(errors.getvalue())


def table(data: bytes) -> None:
    """The producer's reader of tables: the first byte says which kind."""
    from eigenstill.errors import EigenstillError
    from eigenstill.tables import load_table

    if not data:
        return
    suffix = (".csv", ".npy", ".csv")[data[0] % 3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        path.write_bytes(data[1:])
        with contextlib.suppress(EigenstillError):
            load_table(path)


def student(data: bytes) -> None:
    """The producer's reader of students."""
    from eigenstill.errors import EigenstillError
    from eigenstill.student import load_student

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.safetensors"
        path.write_bytes(data)
        with contextlib.suppress(EigenstillError):
            load_student(path)


HARNESSES: dict[str, Harness] = {
    harness.__name__: harness for harness in (json_reader, array_reader, certificate, command, table, student)
}
