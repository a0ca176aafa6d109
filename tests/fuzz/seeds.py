"""Write the seeds again: PYTHONPATH=tests .venv/bin/python -m fuzz.seeds

Small inputs from which the fuzzer starts, a folder a harness. What it finds that is new is added by `fuzz.long`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from eigenstill_check.record_shard import record_shard
from fuzz.harnesses import ACCEPT
from support.folders import distilled

HERE = Path(__file__).parent / "corpus"


def seeds() -> dict[str, dict[str, bytes]]:
    small = (ACCEPT / "no_labels.cert.json").read_bytes()
    arrays = (ACCEPT / "two_columns.cert.safetensors").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record_shard(ACCEPT / "two_columns.cert.json", 0, folder / "x.sums.json")
        record = (folder / "x.sums.json").read_bytes()
        np.save(folder / "x.npy", np.arange(6.0).reshape(2, 3))
        array = (folder / "x.npy").read_bytes()
        student = (distilled(folder / "s", certify=False, rows=20, landmarks=2) / "student.safetensors").read_bytes()
    return {
        "json_reader": {
            "document": small,
            "record": record,
            "numbers": b'{"a": [1, -0, 1.5, 1e400, NaN, 00, 9999999999999999]}',
            "texts": b'["\\ud800", "\\\\\\"", "\xc3\xa9", "' + b"[" * 20 + b'"]',
            "deep": b"[" * 17 + b"]" * 17,
            "twice": b'{"a": 1, "a": 2}',
        },
        "array_reader": {"arrays": arrays, "empty": bytes(8), "short": b"\x02" + bytes(7) + b"{}"},
        "certificate": {f"base_{k}_{part}": bytes([k, part, 0, 40, 49]) for k in range(5) for part in range(2)},
        "command": {
            "check": b"FILE\0" + small,
            "options": b"--json\0--quiet\0--require\0spectrum\0--limit\0rows=3\0FILE\0{}",
            "files": b"--data\0FILE\0--student\0FILE\0--teacher\0FILE\0FILE\0[]",
            "help": b"--help\0",
            "sums": b"--verify\0--sums\0FILE\0FILE\0" + record,
            "nothing": b"\0",
        },
        "table": {
            "csv": b"\0a,b,price\n1,2,3\n-1e-3,.5,7\n",
            "quoted": b'\0"a ""x""",b\r\n"1",2\r\n',
            "holes": b"\0a,b\n1,\nnan,2\n",
            "npy": b"\1" + array,
        },
        "student": {"student": student, "empty": bytes(8)},
    }


def main() -> None:
    for harness, inputs in seeds().items():
        folder = HERE / harness
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in inputs.items():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
