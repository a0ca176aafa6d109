"""The rejected files: what is registered here is written by `python -m corpus.make`.

Each registration names the file, the exit code, a part of the message and the claims that fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support.drafts import Bundle, Draft, Entry, encode
from support.reference import number, parse_exact, two

from .accepted import base

Written = tuple[bytes, dict[str, bytes]]
Builder = Callable[[Draft], Written]
Start = Callable[[], Draft]
BASE = "base.cert.safetensors"
EVERY_CLAIM_ON_ROWS = ("basis", "metric", "eckart_young", "fidelity", "evaluation")  # none can do without C


@dataclass(frozen=True)
class Case:
    """A rejected file: its exit code, a part of the message, the claims that fail, and how it is made from ``start``."""

    code: int
    reason: str
    failed: list[str]
    build: Builder
    start: Start = base


REJECT: dict[str, Case] = {}


def sealed(bundle: Bundle, name: str) -> Written:
    """Give the array files the name of the certificate, so that a folder can hold many."""
    files = {file.replace("base", name, 1): content for file, content in bundle.encoded().items()}
    for listed in bundle.document["arrays"]:
        listed["file"] = listed["file"].replace("base", name, 1)
    bundle.record(files)
    return bundle.text().encode(), files


def in_order(bundle: Bundle) -> Bundle:
    """No interval is empty, which would be malformed: where a dishonest witness gives one, it ends where it begins."""
    ordered(bundle.document["claims"])
    return bundle


def ordered(node: Any) -> None:
    for key, low in list(node.items() if isinstance(node, dict) else enumerate(node)):
        if isinstance(key, str) and (key == "lower" or key.endswith("at_least")) and isinstance(low, dict):
            other = "upper" if key == "lower" else f"{key.removesuffix('at_least')}at_most"
            high = node.get(other)
            if isinstance(high, dict) and parse_exact(high["exact"]) < parse_exact(low["exact"]):
                node[other] = number(parse_exact(low["exact"]), other)
        if isinstance(low, dict | list):
            ordered(low)


def fails(path: str, reason: str, *claims: str, start: Start = base) -> Callable[[Callable[[Draft], Draft]], Any]:
    """A dishonest draft: well-formed, all numbers recomputed; exactly ``claims`` fail."""

    def register(bend: Callable[[Draft], Draft]) -> Any:
        name = path.rpartition("/")[2]
        REJECT[path] = Case(1, reason, list(claims), lambda draft: sealed(in_order(bend(draft).seal()), name), start)
        return bend

    return register


def document(
    path: str,
    code: int,
    reason: str,
    bend: Callable[[dict[str, Any]], object],
    *claims: str,
    start: Start = base,
) -> None:
    """A change of the JSON document beside the untouched array file, which has its name from the start."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal(start.__name__)
        data = bundle.encoded()
        bundle.record(data)
        bend(bundle.document)
        return bundle.text().encode(), data

    REJECT[path] = Case(code, reason, list(claims), build, start)


def text(path: str, reason: str, bend: Callable[[bytes], bytes]) -> None:
    """A change of the bytes of the JSON. Always malformed."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        data = bundle.encoded()
        bundle.record(data)
        before = bundle.text().encode()
        after = bend(before)
        assert before != after, path
        return after, data

    REJECT[path] = Case(2, reason, [], build)


def tensors(path: str, reason: str, bend: Callable[[dict[str, Entry]], object], start: Start = base) -> None:
    """A change of the tensors, length and digest made right. Always malformed."""
    raw(path, reason, lambda bundle: [bend(bundle.files[BASE]), encode(bundle.files[BASE])][1], start)


def header(path: str, reason: str, bend: Callable[[dict[str, Any]], object], start: Start = base) -> None:
    """A change of the header of the array file only, length and digest made right. Always malformed."""
    raw(path, reason, lambda bundle: encode(bundle.files[BASE], bend), start)


def raw(path: str, reason: str, make: Callable[[Bundle], bytes], start: Start = base) -> None:
    def build(draft: Draft) -> Written:
        bundle, name = draft.seal(), path.rpartition("/")[2]
        data = make(bundle)
        bundle.document["arrays"][0]["file"] = f"{name}.cert.safetensors"
        files = {f"{name}.cert.safetensors": data}
        bundle.record(files)
        return bundle.text().encode(), files

    REJECT[path] = Case(2, reason, [], build, start)


def claim(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in document["claims"] if entry["claim"] == name)
    return found


def last_digit(document: dict[str, Any], *keys: str | int) -> None:
    """The last digit of a recorded exact number changed by 2 (the mantissa stays odd), its decimal made right.

    A lower end goes down: an interval that is a single number must not become empty, which is another fault.
    """
    place: Any = document["claims"]
    for key in keys:
        place = claim(document, str(key)) if place is document["claims"] else place[key]
    mantissa, exponent = place["exact"].split("p")
    lower = str(keys[-1]).endswith("at_least") or keys[-1] == "lower"
    wrong = int(mantissa) + (-2 if lower else 2)
    place |= number(wrong * two(int(exponent)), str(keys[-1]))


def off_by_a_digit(path: str, where: str, *keys: str | int, start: Start = base) -> None:
    document(path, 1, where, lambda d: last_digit(d, *keys), str(keys[0]), start=start)


def stale(
    path: str, reason: str, bend: Callable[[dict[str, list[Any]]], object], *claims: str, start: Start = base
) -> None:
    """Tensors changed after the claims were computed; digest and length are right."""

    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        bend(draft.tensors)
        bundle.files = draft.seal().files
        return sealed(bundle, path.rpartition("/")[2])

    REJECT[path] = Case(1, reason, list(claims), build, start)
