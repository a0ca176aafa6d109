"""The numbered attacks: what an attacker does, how the file is made, and the exit code that each checker must give.

`ATTACKS` is the list; README.md shows it with what was seen. ``lean`` is None where the attack is none on the Lean
checker (an option that it has not), and 3 where it leaves the kind of certificate open.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from eigenstill_check.record_shard import record_shard
from support.drafts import Draft, encode, with_header
from support.files import draft_from
from support.reference import number
from support.sharded import resharded, rows_of

CORPUS = Path(__file__).parents[1] / "corpus"
BASE = CORPUS / "accept" / "quadratic_linear.cert.json"
EVERY = CORPUS / "accept" / "every_claim.cert.json"

Make = Callable[[Path], tuple[Path, list[str]]]
"""Writes into a folder; returns the certificate and further arguments of the command line."""


@dataclass(frozen=True)
class Attack:
    """``reason``: a part of what the Python checker says. ``source``: the file of the corpus, or the generator here."""

    title: str
    python: int
    lean: int | None
    reason: str
    source: str
    make: Make


ATTACKS: list[Attack] = []


def attack(title: str, python: int, reason: str, lean: int | None = -1) -> Callable[[Make], Make]:
    def register(make: Make) -> Make:
        ATTACKS.append(
            Attack(title, python, python if lean == -1 else lean, reason, f"log.{make.__name__}", make)  # type: ignore[attr-defined]
        )
        return make

    return register


def stored(title: str, path: str, lean: int | None = -1) -> None:
    """An attack that is a file of the corpus."""
    expected = json.loads((CORPUS / "expected.json").read_text())[f"{path}.cert.json"]
    found = CORPUS / f"{path}.cert.json"
    code = expected["code"]
    ATTACKS.append(
        Attack(title, code, code if lean == -1 else lean, expected["reason"], path, lambda _folder: (found, []))
    )


def copied(folder: Path, source: Path = BASE) -> tuple[Path, dict[str, Any]]:
    """A copy of an accepted certificate, and its document."""
    for file in source.parent.glob(source.name.removesuffix("json") + "*"):
        shutil.copy(file, folder)
    return folder / source.name, json.loads(source.read_text())


def rewritten(folder: Path, change: Callable[[bytes], bytes], *, honest: bool = True) -> Path:
    """The base with other bytes in its array file, length and digest recorded unless they are to be stale."""
    path, document = copied(folder)
    file = folder / document["arrays"][0]["file"]
    data = change(file.read_bytes())
    file.write_bytes(data)
    if honest:
        document["arrays"][0] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        path.write_text(json.dumps(document))
    return path


def sealed(folder: Path, bend: Callable[[Draft], object], source: Path = BASE) -> Path:
    """A liar who computes every recorded number anew after a change."""
    draft = draft_from(source).copy()
    bend(draft)
    return draft.seal("x").write(folder, "x")


def with_text(folder: Path, pattern: str, replacement: str) -> Path:
    path, _ = copied(folder)
    text, count = re.subn(pattern, lambda _: replacement, path.read_text(), count=1)
    if count != 1:
        raise ValueError(pattern)
    path.write_text(text)
    return path


# numbers at the edges


@attack("A mantissa of a million digits", 2, "write an exact string")
def long_mantissa(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, r'"trace": \{\s*"exact": "\d+', '"trace": {"exact": "' + "1" * 10**6), []


@attack("An exponent of 10^9 in an exact number", 2, "write an exact string")
def exponent_huge(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, r'"trace": \{\s*"exact": "\d+p-?\d+"', '"trace": {"exact": "1p1000000000"'), []


@attack("An exponent of -10^9 in an exact number", 2, "write an exact string")
def exponent_tiny(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, r'"trace": \{\s*"exact": "\d+p-?\d+"', '"trace": {"exact": "1p-1000000000"'), []


@attack("A count of a million digits", 2, "need an integer of at most 15 digits")
def long_count(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, r'"rows": 8', '"rows": ' + "8" * 10**6), []


stored("A JSON number that becomes infinity", "reject/format/json_number_exponent_huge")
stored("NaN as a JSON number", "reject/format/json_number_nan")
stored("The word nan as an exact number", "reject/format/number_nan")
stored("NaN in a tensor", "reject/arrays/tensor_nan")


@attack("A NaN with another payload among the predictions", 2, "need a finite float64")
def nan_payload(folder: Path) -> tuple[Path, list[str]]:
    def change(data: bytes) -> bytes:
        start = 8 + int.from_bytes(data[:8], "little")
        begin = start + json.loads(data[8:start])["train.predictions"]["data_offsets"][0]
        return data[:begin] + (0x7FF4DEADBEEF0001).to_bytes(8, "little") + data[begin + 8 :]

    return rewritten(folder, change), []


stored("Infinity in a tensor", "reject/arrays/tensor_infinity")
stored("A ridge of -0.0", "reject/arrays/ridge_minus_zero")


@attack("-0.0 for 0.0 among the labels, everything computed anew: the same number", 0, "claims hold")
def minus_zero(folder: Path) -> tuple[Path, list[str]]:
    return sealed(folder, lambda draft: draft.tensors["train.labels"][0].__setitem__(0, -0.0)), []


@attack("Denormal labels, everything computed anew: a true certificate", 0, "claims hold")
def denormal(folder: Path) -> tuple[Path, list[str]]:
    return sealed(folder, lambda draft: draft.tensors["train.labels"][0].__setitem__(0, 5e-324)), []


@attack("Labels of 5e-324 beside 1e308: thousands of bits, decided in time", 0, "claims hold")
def wide_labels(folder: Path) -> tuple[Path, list[str]]:
    def bend(draft: Draft) -> None:
        draft.tensors["train.labels"][0][0], draft.tensors["train.labels"][1][0] = 5e-324, 1e308

    return sealed(folder, bend), []


stored("Coordinates so large that a float64 evaluation overflows", "reject/evaluation/coordinate_huge")
stored("A scale so large that an underflow is magnified", "reject/evaluation/scale_huge")

# packed rows and the psd test

stored("Entries of the factor that cancel only where packed slots overflow", "reject/eckart_young/factor_packed_cheat")
stored("The largest entries that a factor can have", "reject/eckart_young/factor_huge")


@attack("Modes of +-2^63, everything computed anew", 1, "of W - L L^T - sigma I has an entry outside")
def modes_huge(folder: Path) -> tuple[Path, list[str]]:
    def bend(draft: Draft) -> None:
        draft.tensors["eigenvectors"] = [[2**63 - 1 if (i + j) % 2 else -(2**63) for j in range(5)] for i in range(2)]

    return sealed(folder, bend), []


stored(
    "Slack a little finer than the grid, so that every entry of E is over the bias",
    "reject/eckart_young/slack_below_grid",
)
stored("A slack of zero", "reject/eckart_young/slack_zero")
stored("A slack below zero", "reject/eckart_young/slack_negative")
stored("mu below zero", "reject/eckart_young/threshold_negative")
stored("mu half of what is needed", "reject/eckart_young/threshold_too_small")
stored("d with a negative entry", "reject/eckart_young/excess_negative")
stored("d out of order", "reject/eckart_young/excess_swapped")
stored("V = 0", "reject/eckart_young/vectors_zero")
stored("One mode twice", "reject/eckart_young/vectors_equal")
stored("A rank at which nothing is cut off", "reject/eckart_young/ranks_beyond")
stored("Fewer modes in one tensor than in the other (wrong K)", "reject/arrays/modes_above_columns")


@attack("A matrix declared symmetric that is not", 1, "entries (0, 1) and (1, 0) differ", lean=3)
def not_symmetric(folder: Path) -> tuple[Path, list[str]]:
    import eigenstill

    half = np.random.default_rng(0).standard_normal((5, 5))
    found = Path(eigenstill.certify_svd(half + half.T, 2, folder, symmetric=True).path)
    document = json.loads(found.read_text())
    file = folder / document["arrays"][0]["file"]
    data = bytearray(file.read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    place = start + json.loads(data[8:start])["matrix"]["data_offsets"][0] + 8
    data[place] ^= 1
    file.write_bytes(data)
    document["arrays"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    found.write_text(json.dumps(document))
    return found, []


# a metric, a basis or exponents that empty the claim

stored("T = 0: every bound on A is trivially true", "reject/metric/all_zero")
stored("A tiny metric", "reject/metric/kernel_tiny")
stored("A tiny metric of the linear columns", "reject/metric/linear_tiny")
stored(
    "An exponent that makes a step function of a linear column, with a metric to match",
    "reject/metric/linear_step_function",
)
stored("A jitter under which any metric looks right", "reject/format/jitter_large")
stored("A basis that is constant on the rows", "reject/basis/constant")

# claims

stored("A required claim left out", "reject/format/without_eckart_young")
stored("A claim twice, one of them true", "reject/format/claim_twice")
stored("A claim of one's own invention", "reject/format/claim_of_another_kind")
stored("A decimal that says something else than its number", "reject/format/decimal_other")
stored("A decimal rounded to the flattering side", "reject/format/decimal_inward")
stored("An empty interval: lower above upper", "reject/eckart_young/lower_above_upper")
stored("Arrays of outputs and labels exchanged", "reject/energy/teacher_and_labels_exchanged")
stored("Rows permuted under claims about another order", "reject/fidelity/inputs_permuted")
stored("Bad hold-out rows kept quiet about", "reject/fidelity/holdout_left_out")
stored("Predictions that are not the formula's", "reject/evaluation/prediction_off")
stored("A bound of the next better order statistic", "reject/tolerance/better_order_statistic")
stored("Hold-out rows that repeat others, not said", "reject/tolerance/repeated_rows_hidden")


@attack("A parameter count as one likes: recorded only, and the verdict says so", 0, "claims hold")
def parameters_invented(folder: Path) -> tuple[Path, list[str]]:
    def bend(draft: Draft) -> None:
        draft.subject["teacher"]["parameters"] = 10**15 - 1

    return sealed(folder, bend), []


# files

stored("The digest of a file beside other bytes of its length", "reject/digest/two_bytes_exchanged")
stored("A file cut short", "reject/digest/file_cut")
stored("A file with more at its end", "reject/digest/file_longer")
stored("A file cut short, length and digest made right", "reject/arrays/bytes_cut")
stored("Spare bytes, length and digest made right", "reject/arrays/bytes_trailing")
stored("Tensors that overlap", "reject/arrays/tensors_overlap")
stored("A gap between tensors", "reject/arrays/tensors_gap")
stored("A tensor's name twice", "reject/arrays/tensor_twice")
stored("A header length of 2^63", "reject/arrays/header_length_huge")


@attack("A header of 2 MiB", 2, "need at most 1048576")
def long_header(folder: Path) -> tuple[Path, list[str]]:
    return rewritten(folder, lambda data: with_header("{" + " " * (2 << 20) + "}", b"")), []


@attack(
    "A header that announces 8,192 columns, over 0.5 GB of holes: refused by its estimate, unread",
    3,
    "seconds",
    lean=None,
)
def announced(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    file = folder / document["arrays"][0]["file"]
    data = file.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    offset = 0
    for name, entry in header.items():
        entry["shape"] = [8192, 8192] if name == "factor" else entry["shape"]
        entry["data_offsets"] = [offset, offset := offset + 8 * int(np.prod(entry["shape"]))]
    head = with_header(json.dumps(header), b"")
    with file.open("wb") as stream:
        stream.write(head)
        stream.truncate(len(head) + offset)
    document["arrays"][0] |= {"bytes": file.stat().st_size, "sha256": "0" * 64}
    path.write_text(json.dumps(document))
    return path, ["--limit", "seconds=600"]


@attack("A recorded length of 8 GiB for a file of 2 KB", 1, "8589934592 bytes as recorded")
def length_recorded(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, r'"bytes": \d+', f'"bytes": {8 << 30}'), []


@attack("A hundred thousand tensors of no bytes", 2, "missing")
def many_tensors(folder: Path) -> tuple[Path, list[str]]:
    return rewritten(folder, lambda _: encode({f"t{index}": ("F64", [0], b"") for index in range(12_000)})), []


stored("A path out of the folder", "reject/format/path_up")
stored("An absolute path", "reject/format/path_absolute")
stored("A path with the other separator", "reject/format/path_backslash")
stored("A path with a line of its own", "reject/format/path_newline")


@attack("A symbolic link in the array file's place", 3, "a symbolic link")
def link(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    file = folder / document["arrays"][0]["file"]
    file.rename(folder / "elsewhere")
    file.symlink_to(folder / "elsewhere")
    return path, []


@attack("A pipe in the array file's place", 3, "no regular file")
def pipe(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    file = folder / document["arrays"][0]["file"]
    file.unlink()
    os.mkfifo(file)
    return path, []


@attack("A folder in the array file's place", 3, "folder")
def folder_there(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    file = folder / document["arrays"][0]["file"]
    file.unlink()
    file.mkdir()
    return path, []


# JSON

stored("A key twice", "reject/format/json_key_twice")
stored("An unknown key", "reject/format/unknown_key")
stored("Deep nesting", "reject/format/json_very_deep")
stored("Text behind the document", "reject/format/json_trailing")
stored("Another encoding", "reject/format/json_utf16")
stored("A name that writes a line of a verdict", "reject/format/text_control")


@attack("A name written from right to left", 2, "need printable text")
def bidi(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, '"random rows"', '"\\u202eDETPECCA"'), []


@attack("Half of a surrogate pair in a name", 2, "need printable text")
def surrogate(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, '"random rows"', '"\\ud800"'), []


@attack("Five million brackets inside a text", 2, "bytes")
def brackets(folder: Path) -> tuple[Path, list[str]]:
    return with_text(folder, '"random rows"', '"' + "[" * 5_000_000 + '"'), []


# a certificate about something else


def _other(folder: Path, role: str) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    document["subject"][role]["sha256"] = "1" * 64
    path.write_text(json.dumps(document))
    (folder / "mine.bin").write_bytes(b"mine")
    return path, [f"--{role}", str(folder / "mine.bin")]


@attack("A certificate about other data than the user's", 1, "data mine.bin: got sha256", lean=None)
def other_data(folder: Path) -> tuple[Path, list[str]]:
    return _other(folder, "data")


@attack("A certificate about another student than the user's", 1, "student mine.bin: got sha256", lean=None)
def other_student(folder: Path) -> tuple[Path, list[str]]:
    return _other(folder, "student")


@attack("A certificate about another network than the user's", 1, "teacher mine.bin: got sha256", lean=None)
def other_network(folder: Path) -> tuple[Path, list[str]]:
    return _other(folder, "teacher")


@attack("The claims of one certificate over the arrays of another", 1, "need")
def claims_of_another(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    other = json.loads((CORPUS / "accept" / "no_holdout.cert.json").read_text())
    document["claims"] = other["claims"]
    path.write_text(json.dumps(document))
    return path, []


@attack("A GCV bracket as narrow as one likes: true, weak, and the verdict shows both ends", 0, "claims hold")
def narrow_bracket(_folder: Path) -> tuple[Path, list[str]]:
    return CORPUS / "accept" / "twelve_mode_missing.cert.json", []


@attack("The best claims taken back, the profile's kept: says less, and no falsehood", 0, "claims hold")
def fewer_claims(_folder: Path) -> tuple[Path, list[str]]:
    return CORPUS / "accept" / "further_gcv_alone.cert.json", []


@attack("A threshold of 10^100, everything computed anew", 2, "need at most 100 digits")
def threshold_long(folder: Path) -> tuple[Path, list[str]]:
    path, document = copied(folder)
    document["claims"][2]["threshold"] = number(Fraction(10**100 + 1), "threshold")
    path.write_text(json.dumps(document))
    return path, []


# records of shards' sums, on `--sums`; the Lean checker has no such option


LAYOUT = [(3, 0), (3, 3), (2, 0)]


def _shards(folder: Path, *, verify: bool = False) -> tuple[Path, list[str]]:
    """A certificate in three shards with the records 0, 1 and 2, and the arguments that give them."""
    path = resharded(EVERY, LAYOUT, folder)
    arguments = ["--verify"] if verify else []
    for shard in range(3):
        out = folder / f"{shard}.sums.json"
        done = record_shard(path, shard, out)
        if done.code:
            raise ValueError(done.message)
        arguments += ["--sums", str(out)]
    return path, arguments


def _bent(folder: Path, shard: int, change: Callable[[dict[str, Any]], object]) -> None:
    file = folder / f"{shard}.sums.json"
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))


def _one_more(document: dict[str, Any]) -> None:
    """The last digit of the first entry of G, so that it is a little larger."""
    word = len(document["gram"][-1])
    first = document["gram"][0]
    document["gram"][0] = f"{int(first[:word], 16) + 1:0{word}x}{first[word:]}"


@attack(
    "Honest records of all shards: accepted, and the verdict says that rows were not gone through",
    0,
    "as recorded",
    None,
)
def records_honest(folder: Path) -> tuple[Path, list[str]]:
    return _shards(folder)


@attack("A record of another certificate", 1, "2.sums.json of shard 2: shard.sha256: got sha256", lean=None)
def record_of_another(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    rows = (2, rows_of(BASE)[1])
    other = resharded(BASE, [(3, 0), rows, (rows_of(BASE)[0] - 5, 0)], folder / "other")
    record_shard(other, 2, folder / "2.sums.json")
    return path, arguments


@attack("A record of the same rows under another formula", 1, "1.sums.json of shard 1: model: got sha256", lean=None)
def record_of_another_model(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    text = path.read_text()
    path.write_text(text.replace('"grid_bits": 40', '"grid_bits": 39', 1))
    record_shard(path, 1, folder / "1.sums.json")
    path.write_text(text)
    return path, arguments


@attack("The numbers of two shards exchanged in their records", 1, "shard.sha256: got sha256", lean=None)
def records_exchanged(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    for shard in (0, 2):
        _bent(folder, shard, lambda document: document["shard"].update(number=2 - document["shard"]["number"]))
    return path, arguments


@attack(
    "The same shard twice, and none of another", 2, "2.sums.json: shard 1 has a record already, 1.sums.json", lean=None
)
def record_twice(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    shutil.copy(folder / "1.sums.json", folder / "2.sums.json")
    return path, arguments


@attack("A shard with neither rows nor record", 3, "x.cert.1.safetensors: cannot be read", lean=None)
def record_missing(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    (folder / "x.cert.1.safetensors").unlink()
    return path, [*arguments[:2], *arguments[4:]]


@attack("A negative count of rows in a record", 2, "shard.rows: -3; need 1 to", lean=None)
def record_negative_count(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    _bent(folder, 1, lambda document: document["shard"].update(rows=-3))
    return path, arguments


@attack("More rows in a record than in its shard", 1, "shard.rows: got 4, need 3", lean=None)
def record_more_rows(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    _bent(folder, 1, lambda document: document["shard"].update(rows=4))
    return path, arguments


@attack("A sum of a million digits in a record", 2, "column_sums[0]", lean=None)
def record_huge_integer(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    _bent(folder, 1, lambda document: document["column_sums"].__setitem__(0, "1" * 10**6 + "p0"))
    return path, arguments


@attack("A sum that no rows of the basis can have", 2, "gram[0]: an entry above n 2^(2p)", lean=None)
def record_beyond(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    _bent(folder, 1, lambda document: document["gram"].__setitem__(0, "f" * len(document["gram"][0])))
    return path, arguments


@attack("A record of 400 MB of holes, with less memory allowed: refused unread", 3, "memory", lean=None)
def record_of_holes(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    with (folder / "1.sums.json").open("r+b") as stream:
        stream.truncate(400 << 20)
    return path, [*arguments, "--limit", "memory=2048"]


@attack("A key twice in a record", 2, "duplicate key 'model'", lean=None)
def record_key_twice(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    file = folder / "1.sums.json"
    file.write_text(file.read_text().replace('"model":', '"model": "0", "model":', 1))
    return path, arguments


@attack("A digit changed in a record, believed: the claims do not fit it", 1, "basis.trace.exact: got", lean=None)
def record_changed_digit(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder)
    _bent(folder, 1, _one_more)
    return path, arguments


@attack(
    "A digit changed in a record, recomputed: the shard and the number are named", 1, "of shard 1 (x.cert.1", lean=None
)
def record_changed_digit_verified(folder: Path) -> tuple[Path, list[str]]:
    path, arguments = _shards(folder, verify=True)
    _bent(folder, 1, _one_more)
    return path, arguments


@attack(
    "A claim about single rows, decided from sums", 3, "claim tolerance: goes through the rows themselves", lean=None
)
def record_for_a_claim_about_rows(folder: Path) -> tuple[Path, list[str]]:
    path = resharded(EVERY, LAYOUT, folder, left_out=())
    record_shard(path, 0, folder / "0.sums.json")
    return path, ["--sums", str(folder / "0.sums.json")]
