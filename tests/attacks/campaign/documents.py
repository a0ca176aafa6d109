"""Mutations of the JSON: numbers, counts, keys, claims, units, names. The array files stay as they are."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from support.reference import number, parse_exact, two

from .bases import Base
from .mutant import Mutant, family

ODD: list[Any] = [None, True, False, 0, 1, -1, 7, 10**14, 10**400, 1.5, "", "1p0", "0p0", "-1p0", "nan", [], {}, [[]]]
EXTREME = (two(8192), two(-8192), -two(0), two(0), two(0) * 0, two(512), two(-512), two(0) * (10**99 + 1))


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all values that are no containers."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*path, key))
    else:
        yield path


def numbers(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict) and node.keys() == {"exact", "decimal"}:
        yield path
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from numbers(value, (*path, key))


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def put(node: Any, path: tuple[Any, ...], value: Any) -> None:
    at(node, path[:-1])[path[-1]] = value


def written(base: Base, document: Any) -> Mutant:
    return Mutant((json.dumps(document, indent=1) + "\n").encode(), dict(base.files))


@family
def number_nudged(rng: random.Random, base: Base) -> Mutant:
    """The last bits of one recorded number, its decimal made right."""
    document = base.document
    path = rng.choice(list(numbers(document)))
    value = parse_exact(at(document, path)["exact"])
    unit = int(at(document, path)["exact"].split("p")[1])
    step = rng.choice([1, -1, 2, -2, 4, -16]) * two(unit - rng.choice([0, 0, 1, 8]))
    put(document, path, number(value + step, str(path[-1])))
    return written(base, document)


@family
def number_replaced(rng: random.Random, base: Base) -> Mutant:
    document = base.document
    path = rng.choice(list(numbers(document)))
    other = parse_exact(at(document, rng.choice(list(numbers(document))))["exact"])
    value = rng.choice([*EXTREME, other, -other, 2 * other, other / 2])
    put(document, path, number(value, str(path[-1])))
    return written(base, document)


@family
def numbers_exchanged(rng: random.Random, base: Base) -> Mutant:
    document = base.document
    first, second = (rng.choice(list(numbers(document))) for _ in range(2))
    values = [parse_exact(at(document, path)["exact"]) for path in (first, second)]
    put(document, first, number(values[1], str(first[-1])))
    put(document, second, number(values[0], str(second[-1])))
    return written(base, document)


@family
def count_changed(rng: random.Random, base: Base) -> Mutant:
    document = base.document
    counts = [path for path in leaves(document) if type(at(document, path)) is int]
    path = rng.choice(counts)
    old = at(document, path)
    put(document, path, rng.choice([old + 1, old - 1, 0, -old, 2 * old, 10_000_000, 10**15, old + 64]))
    return written(base, document)


@family
def value_replaced(rng: random.Random, base: Base) -> Mutant:
    """A value or a whole branch by something of another kind."""
    document = base.document
    path = rng.choice(list(leaves(document)))
    put(document, path[: rng.randint(1, len(path))], rng.choice(ODD))
    return written(base, document)


@family
def key_removed_or_added(rng: random.Random, base: Base) -> Mutant:
    document = base.document
    path = rng.choice(list(leaves(document)))
    path = path[: rng.randint(1, len(path))]
    holder = at(document, path[:-1])
    if rng.random() < 0.5:
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder[rng.choice(["note", "upper ", "Lower", "detached", "__proto__"])] = rng.choice(ODD)
    else:
        holder.append(rng.choice([*ODD, holder[0]]))
    return written(base, document)


@family
def text_changed(rng: random.Random, base: Base) -> Mutant:
    """Words: kinds, kernels, criteria, targets, names, digests, file names."""
    document = base.document
    texts = [path for path in leaves(document) if isinstance(at(document, path), str)]
    path = rng.choice(texts)
    others = [at(document, other) for other in texts]
    old = at(document, path)
    odd = [
        "",
        "../x",
        "/etc/passwd",
        "a\nACCEPTED",
        "\u202e",
        "x" * 201,
        old.upper(),
        old + " ",
        "rational-l1",
        "labels",
    ]
    put(document, path, rng.choice([*others, *odd]))
    return written(base, document)


@family
def claims_changed(rng: random.Random, base: Base) -> Mutant:
    """Left out, doubled, in another order, without a rank, a count, an output or a target."""
    document = base.document
    claims = document["claims"]
    index = rng.randrange(len(claims))
    how = rng.randrange(4)
    if how == 0:
        del claims[index]
    elif how == 1:
        claims.append(claims[index])
    elif how == 2:
        rng.shuffle(claims)
    else:
        paths = {path[:end] for path in leaves(claims[index]) for end in range(1, len(path))}
        lists = sorted((path for path in paths if isinstance(at(claims[index], path), list)), key=str)
        if lists:
            entries = at(claims[index], rng.choice(lists))
            if entries:
                del entries[rng.randrange(len(entries))]
    return written(base, document)


@family
def subject_changed(rng: random.Random, base: Base) -> Mutant:
    """What is recorded only, and the parameter count, which is not."""
    document = base.document
    subject = document["subject"]
    role = rng.choice(sorted(subject))
    choices = {"name": rng.choice(["another", "x" * 200]), "sha256": rng.choice([None, "f" * 64])}
    if role == "teacher":
        choices["parameters"] = rng.choice([None, 10**9, 0])
    if role == "student":
        choices["modes"] = rng.randrange(9)
    key = rng.choice(sorted(choices))
    subject[role][key] = choices[key]
    return written(base, document)


@family
def written_otherwise(rng: random.Random, base: Base) -> Mutant:
    """The same document: white space, order of keys, escapes."""
    document = base.document
    text = json.dumps(document, indent=rng.choice([None, 0, 3]), sort_keys=rng.random() < 0.5)
    if rng.random() < 0.5:
        text = text.replace('"name"', '"\\u006eame"')
    return Mutant((rng.choice(["", "\n", " \t\r\n"]) + text).encode(), dict(base.files))


@family
def json_bytes(rng: random.Random, base: Base) -> Mutant:
    """One to four bytes of the JSON: changed, inserted, taken out, or a piece copied elsewhere."""
    data = bytearray(base.text)
    for _ in range(rng.choice([1, 1, 2, 4])):
        place, how = rng.randrange(len(data)), rng.randrange(5)
        if how == 0:
            data[place] = rng.randrange(256)
        elif how == 1:
            data[place] ^= 1 << rng.randrange(8)
        elif how == 2:
            data[place:place] = rng.choice([b"0", b"-", b'"', b"{", b"[", b",", b"\xff", b"\\u0000", b"NaN", b"1e9"])
        elif how == 3:
            del data[place : place + rng.choice([1, 1, 2, 40])]
        else:
            start = rng.randrange(len(data))
            data[place:place] = data[start : start + rng.randint(1, 200)]
    return Mutant(bytes(data), dict(base.files))


@family
def digits(rng: random.Random, base: Base) -> Mutant:
    """One digit for another."""
    data = bytearray(base.text)
    places = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    place = rng.choice(places)
    data[place] = 48 + (data[place] - 48 + rng.randint(1, 9)) % 10
    return Mutant(bytes(data), dict(base.files))
