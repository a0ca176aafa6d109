"""Mutations of the array files; length and digest are made right unless the family says otherwise."""

from __future__ import annotations

import json
import random
import struct
from math import inf, nextafter
from typing import Any

from support.drafts import Entry, encode, with_header

from .bases import Base
from .mutant import Mutant, family, with_arrays, with_entries

FLOATS = (0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, 1.0, -1.0, 2.0**500, 2.0**-600, 0.1)
INTEGERS = (0, 1, -1, 2**62, -(2**63), 2**63 - 1, 3)


def some_file(rng: random.Random, base: Base) -> str:
    return rng.choice(sorted(base.files))


def changed(rng: random.Random, entry: Entry, count: int) -> Entry:
    """A few numbers of a tensor replaced: neighbours, signs, halves and doubles, extremes, another entry."""
    kind, shape, data = entry
    code = "q" if kind == "I64" else "d"
    values: list[Any] = list(struct.unpack(f"<{len(data) // 8}{code}", data))
    for _ in range(count if values else 0):
        place = rng.randrange(len(values))
        old = values[place]
        if kind == "I64":
            new = rng.choice([old + 1, old - 1, old + 2**20, -old, old // 2, 2 * old, *INTEGERS, rng.choice(values)])
            values[place] = min(max(new, -(2**63)), 2**63 - 1)
        else:
            near = nextafter(old, rng.choice([inf, -inf]))
            values[place] = rng.choice([near, near, -old, old / 2, 2 * old, *FLOATS, rng.choice(values)])
    return kind, shape, struct.pack(f"<{len(values)}{code}", *values)


@family
def numbers_of_a_tensor(rng: random.Random, base: Base) -> Mutant:
    file = some_file(rng, base)
    entries = base.entries(file)
    name = rng.choice(sorted(entries))
    entries[name] = changed(rng, entries[name], rng.choice([1, 1, 1, 3]))
    return with_entries(base, file, entries)


@family
def not_a_number(rng: random.Random, base: Base) -> Mutant:
    """NaN of any payload, and infinities."""
    file = some_file(rng, base)
    entries = base.entries(file)
    name = rng.choice([name for name, entry in sorted(entries.items()) if entry[0] == "F64"])
    kind, shape, data = entries[name]
    payload = rng.choice([0x7FF0, 0xFFF0]) << 48 | rng.choice([0, 1, 0xDEADBEEF, 1 << 51])
    place = 8 * rng.randrange(len(data) // 8)
    entries[name] = kind, shape, data[:place] + struct.pack("<Q", payload) + data[place + 8 :]
    return with_entries(base, file, entries)


@family
def rows_of_a_tensor(rng: random.Random, base: Base) -> Mutant:
    """Rows exchanged, doubled, turned round; columns permuted."""
    file = some_file(rng, base)
    entries = base.entries(file)
    name = rng.choice(sorted(entries))
    kind, shape, data = entries[name]
    width = 8 * (shape[1] if len(shape) == 2 else 1)
    rows = [data[start : start + width] for start in range(0, len(data), width)] if width else []
    how = rng.randrange(3)
    if how == 0:
        rng.shuffle(rows)
    elif how == 1 and rows:
        rows[rng.randrange(len(rows))] = rng.choice(rows)
    else:
        order = list(range(width // 8))
        rng.shuffle(order)
        rows = [b"".join(row[8 * k : 8 * k + 8] for k in order) for row in rows]
    entries[name] = kind, shape, b"".join(rows)
    return with_entries(base, file, entries)


@family
def tensors_exchanged(rng: random.Random, base: Base) -> Mutant:
    """Two tensors of one size under each other's names: outputs for labels, hold-out for training rows."""
    file = some_file(rng, base)
    entries = base.entries(file)
    first = rng.choice(sorted(entries))
    alike = [name for name in sorted(entries) if len(entries[name][2]) == len(entries[first][2]) and name != first]
    if alike:
        second = rng.choice(alike)
        entries[first], entries[second] = entries[second], entries[first]
    return with_entries(base, file, entries)


@family
def tensor_scaled(rng: random.Random, base: Base) -> Mutant:
    """A whole tensor times a power of two, and perhaps its unit to match."""
    file = next(iter(base.files))
    entries = base.entries(file)
    units = {"metric": "metric_exponent", "eigenvectors": "vector_exponent", "excess": "excess_exponent"}
    units |= {"factor": "factor_exponent", "linear_metric": "metric_exponent"}
    name = rng.choice([name for name in sorted(entries) if name in units or rng.random() < 0.3] or ["factor"])
    kind, shape, data = entries[name]
    power = rng.choice([-1, 1, 2, -3, 10])
    code = "q" if kind == "I64" else "d"
    values = struct.unpack(f"<{len(data) // 8}{code}", data)
    if kind == "I64":
        moved: list[Any] = [value << power if power >= 0 else value >> -power for value in values]
        moved = [min(max(value, -(2**63)), 2**63 - 1) for value in moved]
    else:
        moved = [value * 2.0**power for value in values]
    entries[name] = kind, shape, struct.pack(f"<{len(moved)}{code}", *moved)
    mutant = with_entries(base, file, entries)
    if name in units and rng.random() < 0.5:
        document = json.loads(mutant.text)
        holder = document.get("basis", document.get("matrix"))
        if units[name] in holder:
            holder[units[name]] -= power
        return Mutant(json.dumps(document).encode(), mutant.files)
    return mutant


@family
def shape_changed(rng: random.Random, base: Base) -> Mutant:
    """Header only: another type, turned or wrong shapes, other offsets, another name."""
    file = some_file(rng, base)
    entries = base.entries(file)
    name = rng.choice(sorted(entries))

    def alter(header: dict[str, Any]) -> None:
        entry, how = header[name], rng.randrange(6)
        if how == 0:
            entry["dtype"] = rng.choice(["F64", "I64", "F32", "I32", "U64", "BOOL"])
        elif how == 1:
            entry["shape"] = rng.choice([entry["shape"][::-1], [*entry["shape"], 1], [len(entries[name][2]) // 8], []])
        elif how == 2:
            entry["data_offsets"] = [offset + rng.choice([8, -8, 1]) for offset in entry["data_offsets"]]
        elif how == 3:
            other = rng.choice(sorted(header))
            header[name], header[other] = header[other], header[name]
        elif how == 4:
            header[rng.choice(["", "train.input", "TRAIN.INPUTS", "__metadata__"])] = header.pop(name)
        else:
            entry["data_offsets"] = header[rng.choice(sorted(header))]["data_offsets"]

    return with_arrays(base, file, encode(entries, alter))


@family
def tensors_added_or_removed(rng: random.Random, base: Base) -> Mutant:
    file = some_file(rng, base)
    entries = base.entries(file)
    name = rng.choice(sorted(entries))
    if rng.random() < 0.5:
        del entries[name]
    else:
        entries[rng.choice(["more", "holdout.labels", "ridge", "solution", "weights"])] = entries[name]
    return with_entries(base, file, entries)


@family
def order_of_tensors(rng: random.Random, base: Base) -> Mutant:
    """The same tensors in another order: the same certificate."""
    file = some_file(rng, base)
    entries = list(base.entries(file).items())
    rng.shuffle(entries)
    return with_entries(base, file, dict(entries))


@family
def rows_dropped(rng: random.Random, base: Base) -> Mutant:
    """The last rows left out, or the first one twice, the counts made right: bounds about other rows."""
    file = next(iter(base.files))
    entries, document = base.entries(file), base.document
    split, key = rng.choice([("train", "rows"), ("holdout", "holdout_rows")])
    if "basis" not in document:
        split, key = "matrix", "rows"
    step = rng.choice([-1, 1])
    for name, (kind, shape, data) in entries.items():
        if name.split(".")[0] == split and shape[0] > 1:
            width = len(data) // shape[0]
            entries[name] = kind, [shape[0] + step, *shape[1:]], data[:-width] if step < 0 else data[:width] + data
    document["arrays"][0][key] += step
    changed_base = Base(base.name, json.dumps(document).encode(), base.files)
    return with_entries(changed_base, file, entries)


@family
def file_of_another(rng: random.Random, base: Base) -> Mutant:
    """The array files exchanged between shards, or cut, or with spare bytes; digests right or stale."""
    file = some_file(rng, base)
    data = base.files[file]
    how = rng.randrange(4)
    if how == 0:
        data = base.files[some_file(rng, base)]
    elif how == 1:
        data = data[: rng.randrange(len(data))]
    elif how == 2:
        data += bytes(rng.choice([1, 8, 4096]))
    else:
        body = data[8 + int.from_bytes(data[:8], "little") :]
        data = with_header(" " * rng.randrange(20) + json.dumps({}), body)
    if rng.random() < 0.3:
        return Mutant(base.text, {**base.files, file: data})
    return with_arrays(base, file, data)


@family
def array_bytes(rng: random.Random, base: Base) -> Mutant:
    """One to three bytes anywhere, header included."""
    file = some_file(rng, base)
    data = bytearray(base.files[file])
    for _ in range(rng.choice([1, 1, 3])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    if rng.random() < 0.2:
        return Mutant(base.text, {**base.files, file: bytes(data)})
    return with_arrays(base, file, bytes(data))


@family
def header_bytes(rng: random.Random, base: Base) -> Mutant:
    file = some_file(rng, base)
    data = bytearray(base.files[file])
    length = 8 + int.from_bytes(data[:8], "little")
    for _ in range(rng.choice([1, 1, 2])):
        place = rng.randrange(length)
        data[place] = rng.choice([rng.randrange(256), data[place] ^ 1, data[rng.randrange(length)]])
    return with_arrays(base, file, bytes(data))
