"""Claim `exports`: what other programs than the student's own computed from the formula, as near to it as float64 must be.

Recorded predictions of an ONNX runtime, a compiled C file, a torch module: compared with the formula exactly, and held
to the a-priori bound of the claim `evaluation`, which knows nothing of the order in which they sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import shapes
from ..dyadic import Dyadic
from ..errors import Rejected
from ..exact import Exact
from ..layout import EVALUATORS, SPLITS
from .evaluation import a_priori

_export = shapes.fields({"export": shapes.choice(*EVALUATORS), "difference_at_most": shapes.number})
_split = shapes.fields(
    {"split": shapes.choice(*SPLITS), "exports": shapes.listing(_export, 1, len(EVALUATORS))},
)
FIELDS = shapes.fields({"claim": shapes.choice("exports"), "splits": shapes.listing(_split, 1, len(SPLITS))})


def compute(exact: Exact, _witness: Mapping[str, Any]) -> dict[str, Any]:
    splits = []
    for split, sums in exact.sums.splits.items():
        bound = a_priori(exact, split, "exports")
        exports = []
        for name, difference in sorted(sums.export_differences.items()):
            if difference > bound:
                raise Rejected(
                    f"exports {split}",
                    f"a recorded prediction of {name} {difference.decimal(up=True)} off the formula",
                    f"at most the a-priori bound {bound.decimal(up=True)}",
                )
            number = shapes.encode_number(difference, "difference_at_most")
            exports.append({"export": name, "difference_at_most": number})
        splits.append({"split": split, "exports": exports})
    return {"claim": "exports", "splits": splits}


def say(claim: Mapping[str, Any]) -> str:
    worst: dict[str, Dyadic] = {}
    for split in claim["splits"]:
        for entry in split["exports"]:
            found = Dyadic.parse(entry["difference_at_most"]["exact"])
            worst[entry["export"]] = max(found, worst.get(entry["export"], found))
    parts = [
        f"{name} within {shapes.brief(shapes.encode_number(difference, 'difference_at_most'), up=True, digits=2)}"
        for name, difference in worst.items()
    ]
    return f"recorded predictions of {', '.join(parts)} of the formula"
