"""Certificates for both engines beside the corpus: cases of other software, files too odd to be committed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from support.cases import CASES
from support.drafts import encode, with_header
from support.reference import number, parse_exact
from support.small import small_certificate

ACCEPT = Path(__file__).parents[1] / "corpus" / "accept"
BASE = ACCEPT / "quadratic_linear.cert.json"
ARRAYS = "quadratic_linear.cert.safetensors"
DOCUMENT = json.loads(BASE.read_text())
TEXT = BASE.read_text()


@dataclass(frozen=True)
class Case:
    """A certificate, the exit code that both engines give (or one each), and a part of both messages."""

    path: Path
    python: int
    lean: int
    reason: str


class Desk:
    """Makes certificates, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cases = folder, {}

    def place(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(ACCEPT / ARRAYS, folder)
        return folder / "x.cert.json"

    def add(self, name: str, path: Path, code: int, reason: str, lean: int | None = None) -> None:
        self.cases[name] = Case(path, code, code if lean is None else lean, reason)

    def text(self, name: str, text: str, code: int, reason: str, lean: int | None = None) -> Path:
        path = self.place(name)
        path.write_text(text)
        self.add(name, path, code, reason, lean)
        return path

    def arrays(self, name: str, data: bytes, code: int, reason: str) -> None:
        """The base certificate over other bytes of its array file, length and digest made right."""
        document = json.loads(TEXT)
        document["arrays"][0] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        path = self.text(name, json.dumps(document), code, reason)
        (path.parent / ARRAYS).write_bytes(data)


def engine_files(folder: Path) -> dict[str, Case]:
    """All of them, by name."""
    desk = Desk(folder)
    for make in (arrays, bounds, inverted, numbers, evidence, odd_files, limits, left_open, texts):
        make(desk)
    return desk.cases


def arrays(desk: Desk) -> None:
    """Case 15: scrambled bytes have another digest; spare bytes are refused."""
    good, garbled = ((CASES / f"15_{name}.safetensors").read_bytes() for name in ("good", "garbled"))
    desk.arrays("15_good", good, 2, 'dtype: "F32"')
    desk.arrays("15_garbled", good, 1, f"sha256 {hashlib.sha256(good).hexdigest()} as recorded")
    (desk.cases["15_garbled"].path.parent / ARRAYS).write_bytes(garbled)
    trailing = (CASES / "15_trailing.safetensors").read_bytes().replace(b'"F32"', b'"F64"').replace(b"[2,3]", b"[1,3]")
    desk.arrays("15_trailing", trailing, 2, "4 bytes after the last tensor; need none")


def literal_of(path: Path) -> str:
    found = re.search(r":\s*([^:]*?)\s*}\s*$", path.read_text())
    assert found
    return found[1]


BOUNDS = {"trace": (0, "trace"), "lower": (2, "ranks", 0, "lower"), "ratio": (4, "ratio_at_least")}


def bounds(desk: Desk) -> None:
    """Case 16: a bound that is no number; null is legal for a ratio, and then not the computed one."""
    for path in sorted(CASES.glob("16_bound_*.json")):
        for inside in ("", "exact", "decimal"):
            for field, place in BOUNDS.items():
                document = json.loads(TEXT)
                node = document["claims"]
                for key in place[:-1]:
                    node = node[key]
                if inside:
                    node = node[place[-1]]
                node[inside or place[-1]] = "@"
                literal = literal_of(path)
                undefined = literal == "null" and not inside and field == "ratio"
                text = json.dumps(document).replace('"@"', literal)
                desk.text(f"{path.stem}_{inside}_{field}", text, 1 if undefined else 2, place[-1])


def inverted(desk: Desk) -> None:
    """Case 17: the lower end above the upper one, at every rank."""
    for index in range(len(DOCUMENT["claims"][2]["ranks"])):
        document = json.loads(TEXT)
        entry = document["claims"][2]["ranks"][index]
        low, high = entry["lower"]["exact"], entry["upper"]["exact"]
        for side, exact in (("lower", high), ("upper", low)):
            entry[side] = number(parse_exact(exact), side)
        desk.text(f"17_inverted_{index}", json.dumps(document), 2, f"ranks[{index}].lower: ")


def numbers(desk: Desk) -> None:
    """Case 19: JSON numbers that stop programs, wherever they stand."""
    patterns = {
        "rows": r'"rows": 8',
        "bytes": r'"bytes": \d+',
        "exact": r'"exact": "[^"]*"',
        "grid": r'"grid_bits": 40',
        "stored": r'"stored_numbers": \d+',
    }
    for path in sorted(CASES.glob("19_num_*.json")):
        desk.add(f"{path.stem}_alone", path, 2, "")
        for field, pattern in patterns.items():
            literal = literal_of(path)
            text = re.sub(
                pattern, lambda hit, literal=literal: hit[0].partition(":")[0] + ": " + literal, TEXT, count=1
            )
            assert text != TEXT
            desk.text(f"{path.stem}_{field}", text, 2, "")


def evidence(desk: Desk) -> None:
    """Case 23: nothing was checked, so nothing holds; a digest that differs is named with the one found."""
    for name in ("empty", "zero_bytes"):
        desk.add(f"23_{name}", CASES / f"23_cert_{name}.json", 2, "")
    desk.text("23_no_claims", json.dumps({**DOCUMENT, "claims": []}), 2, "claims: a list of 0; need")
    model = (CASES / "23_model.bin").read_bytes()
    recorded = json.loads((CASES / "23_cert_wrong.json").read_text())["sha256"]
    document = json.loads(TEXT)
    document["arrays"][0] |= {"bytes": len(model), "sha256": recorded}
    path = desk.text("23_wrong", json.dumps(document), 1, f"got sha256 {hashlib.sha256(model).hexdigest()}")
    (path.parent / ARRAYS).write_bytes(model)


def odd_files(desk: Desk) -> None:
    """What lies in the array file's place is a link, a folder, a pipe or nothing; the same for the JSON."""
    for name, make, reason in (
        ("link", lambda path: path.symlink_to(ACCEPT / ARRAYS), "a symbolic link"),
        ("folder", lambda path: path.mkdir(), "no regular file; need one"),
        ("pipe", os.mkfifo, "need"),
        ("nothing", lambda path: None, "need a readable file"),
    ):
        path = desk.text(f"arrays_{name}", TEXT, 3, reason)
        (path.parent / ARRAYS).unlink()
        make(path.parent / ARRAYS)
    for name, make in (("folder", lambda path: path.mkdir()), ("pipe", os.mkfifo), ("nothing", lambda path: None)):
        path = desk.place(f"json_{name}")
        make(path)
        desk.add(f"json_{name}", path, 3, "need")
    desk.add("no_such_folder", desk.folder / "nowhere" / "x.cert.json", 3, "need a readable file")
    path = desk.place("json_link")
    path.with_name("y").write_text(TEXT)
    path.symlink_to(path.with_name("y"))
    desk.add("json_link", path, 0, "6 claims hold")
    path = desk.text("später $(x) ;", TEXT, 0, "6 claims hold")


def limits(desk: Desk) -> None:
    """Sizes over the limits are refused before anything of that size is made."""
    desk.text("json_large", TEXT + " " * (4 << 20), 2, "need at most 4194304")
    desk.text("count_long", TEXT.replace('"rows": 8', '"rows": ' + "8" * 50_000, 1), 2, "integer of at most 15 digits")
    long = '"trace": {"exact": "' + "1" * 50_000
    desk.text("number_long", re.sub(r'"trace": \{\s*"exact": "\d+', long, TEXT), 2, "write an exact string")
    desk.arrays("header_large", with_header("{" + " " * (1 << 20) + "}", b""), 2, "need at most 1048576")
    desk.arrays("many_tensors", encode({f"t{k}": ("F64", [0], b"") for k in range(2_000)}), 2, "")
    document = json.loads(TEXT)
    document["arrays"][0]["bytes"] = 8 << 30
    desk.text("size_of_8_gib", json.dumps(document), 1, "8589934592 bytes as recorded")
    desk.text("deep", "[" * 100_000, 2, "nested deeper than 16 levels")
    desk.text("open_text", '"' + "x" * 200_000, 2, "not JSON at line 1")
    desk.text("wide", json.dumps({str(k): k for k in range(300)}), 2, "")


def left_open(desk: Desk) -> None:
    """What the Lean checker does not decide has no verdict of it, by name; further claims are named beside the others."""
    gaussian = TEXT.replace('"rational-quadratic"', '"gaussian"')
    desk.text("gaussian", gaussian, 1, "", lean=3)
    desk.text("boxes", TEXT.replace('"distillation-1"', '"region-1"'), 2, "", lean=3)
    detached = json.loads(TEXT)
    detached["arrays"].append({**detached["arrays"][0], "file": "other", "holdout_rows": 0, "detached": True})
    desk.text("detached", json.dumps(detached), 3, "rows are detached")
    folder = desk.folder / "more_claims"
    folder.mkdir()
    desk.add("more_claims", small_certificate(folder, seed=3, rows=20), 0, "claims hold")


def texts(desk: Desk) -> None:
    """Names of people's things: the same characters are allowed, whatever the version of Unicode."""
    for code in (0x20, 0xA0, 0xE9, 0x378, 0x3000, 0xE000, 0x1F600, 0x10FFFD):
        desk.text(f"text_{code:x}", TEXT.replace('"name": "', f'"name": "{chr(code)}', 1), 0, "claims hold")
    for code in (0xA, 0x7F, 0x85, 0xAD, 0x200B, 0x202E, 0x2066, 0xFEFF, 0xFFFF, 0x1FFFE, 0xE0041):
        escaped = json.dumps(chr(code)).strip('"')
        desk.text(f"text_{code:x}", TEXT.replace('"name": "', f'"name": "{escaped}', 1), 2, "need printable text")
    for name, escape in (("high", r"\ud800"), ("low", r"\udc00"), ("turned", r"\udc00\ud800")):
        desk.text(f"text_{name}", TEXT.replace('"name": "', f'"name": "{escape}', 1), 2, "need printable text")
    desk.text("text_pair", TEXT.replace('"name": "', r'"name": "\ud83d\ude00', 1), 0, "claims hold")


def mutations(text: bytes, choose: Callable[[int, int], int]) -> Iterator[bytes]:
    """A byte changed, removed, doubled; ``choose`` gives an integer between two bounds."""
    place = choose(0, len(text) - 1)
    yield text[:place] + bytes([choose(0, 255)]) + text[place + 1 :]
    yield text[:place] + text[place + 1 :]
    yield text[:place] + text[place : place + 1] + text[place:]
