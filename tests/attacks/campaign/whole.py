"""Mutations of a whole certificate: claims of another one, claims taken back, a liar who computes everything anew."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attacks.same import CLAIM_TENSORS
from support.files import PROFILE, draft_from
from support.reference import two

from .arrays import changed
from .bases import Base, bases
from .mutant import Mutant, family, with_entries

_others: list[Base] = []


def others() -> list[Base]:
    """The other certificates, read once a process."""
    if not _others:
        with tempfile.TemporaryDirectory() as folder:
            _others.extend(bases(Path(folder)))
    return _others


@family
def claims_of_another(rng: random.Random, base: Base) -> Mutant:
    """A claim, or all of them, as another certificate records them."""
    document, other = base.document, rng.choice(others()).document
    given = {claim["claim"]: claim for claim in other["claims"]}
    if rng.random() < 0.3:
        document["claims"] = other["claims"]
    else:
        name = rng.choice(sorted(given))
        kept = [claim for claim in document["claims"] if claim["claim"] != name]
        document["claims"] = [*kept, given[name]]
    return Mutant(json.dumps(document).encode(), dict(base.files))


@family
def arrays_of_another(rng: random.Random, base: Base) -> Mutant:
    """The document of one certificate beside a tensor, or all tensors, of another."""
    other = rng.choice(others())
    file = next(iter(base.files))
    entries, given = base.entries(file), other.entries()
    if rng.random() < 0.3:
        return with_entries(base, file, given)
    shared = sorted(entries.keys() & given.keys())
    name = rng.choice(shared or sorted(entries))
    return with_entries(base, file, {**entries, name: given.get(name, entries[name])})


@family
def claim_taken_back(rng: random.Random, base: Base) -> Mutant:
    """A claim beyond the profile left out together with the tensors that only it needs: says less, and is accepted."""
    document = base.document
    further = [claim["claim"] for claim in document["claims"] if claim["claim"] not in (*PROFILE, "matrix")]
    if "basis" not in document or not further:
        return Mutant(json.dumps(document).encode(), dict(base.files))
    name = rng.choice(further)
    document["claims"] = [claim for claim in document["claims"] if claim["claim"] != name]
    left = {claim["claim"] for claim in document["claims"]}
    file = next(iter(base.files))
    entries = {tensor: entry for tensor, entry in base.entries(file).items() if left & CLAIM_TENSORS.get(tensor, left)}
    return with_entries(Base(base.name, json.dumps(document).encode(), base.files), file, entries)


@family
def everything_computed_anew(rng: random.Random, base: Base) -> Mutant:
    """A number of a tensor, a unit or a witness changed, then every recorded number computed by the reference."""
    document = base.document
    small = base.name in ("every_claim", "two_columns", "twelve_two_columns", "twelve", "raw_units", "l1_linear")
    if not small or len(base.files) > 1:
        base = rng.choice(
            [other for other in others() if other.name in ("every_claim", "two_columns", "twelve_two_columns")]
        )
        document = base.document
    file = next(iter(base.files))
    entries = base.entries(file)
    name = rng.choice(sorted(entries))
    entries[name] = changed(rng, entries[name], 1)
    mutant = with_entries(Base(base.name, json.dumps(document).encode(), base.files), file, entries)
    with tempfile.TemporaryDirectory() as folder:
        path = mutant.write(Path(folder))
        try:
            draft = draft_from(path)
            rng.choice(BENDS)(rng, draft)
            bundle = draft.seal()
        except (ArithmeticError, ValueError, TypeError, KeyError, IndexError, OverflowError, StopIteration):
            return mutant  # the reference finds no number at all: then it is a change of the tensor alone
    data = bundle.encoded()
    bundle.record(data)
    return Mutant(bundle.text().encode(), data)


def _unit(rng: random.Random, draft: Any) -> None:
    name = rng.choice(["metric_exponent", "vector_exponent", "excess_exponent", "factor_exponent"])
    draft.basis[name] += rng.choice([-1, 1])


def _linear(rng: random.Random, draft: Any) -> None:
    exponents = draft.basis["linear_exponents"]
    if exponents:
        exponents[rng.randrange(len(exponents))] += rng.choice([-1, 1, 3, 20])


def _level(rng: random.Random, draft: Any) -> None:
    draft.threshold = rng.choice([-draft.threshold, draft.threshold * 2, draft.threshold / 2, two(0) * 0, two(20)])


def _slack(rng: random.Random, draft: Any) -> None:
    draft.slack = rng.choice([draft.slack / 2, draft.slack * 4, -draft.slack, two(0) * 0])


def _nothing(_rng: random.Random, _draft: Any) -> None:
    pass


BENDS: list[Callable[[random.Random, Any], None]] = [_nothing, _nothing, _nothing, _unit, _linear, _level, _slack]
