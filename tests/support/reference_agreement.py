"""Claim `agreement` a second time, from FORMAT.md: fractions, every pair of outputs of every row."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .reference import number
from .reference_future import Future


@dataclass(frozen=True)
class Agreement(Future):
    """Further claims, and on how many rows formula and network choose alike."""

    def agreement(self) -> dict:
        tensors = self.base.tensors
        return {"splits": [self._split(name) for name in ("train", "holdout") if f"{name}.inputs" in tensors]}

    def beats(self, row, winner: int, loser: int) -> bool:
        """Output ``winner`` of the exact formula exceeds ``loser``, whatever the floor hid: the intervals are apart."""
        return self._value(row, winner) - self.base.shift(winner) > self._value(row, loser) + self.base.shift(loser)

    def _value(self, row, output: int) -> Fraction:
        return self.base.floored_formula(row, output)

    def _split(self, split: str) -> dict:
        inputs, teacher = (self.base.tensors[f"{split}.{name}"] for name in ("inputs", "teacher"))
        best = [[o for o in self.outputs if row[o] == max(row)] for row in teacher]
        agreeing, disagreeing = [], 0
        for row, top in zip(inputs, best, strict=True):
            if len(top) > 1:
                continue
            others = [o for o in self.outputs if o != top[0]]
            if all(self.beats(row, top[0], o) for o in others):
                leads = [
                    self._value(row, top[0]) - self._value(row, o) - sum(map(self.base.shift, (top[0], o)))
                    for o in others
                ]
                agreeing.append(min(leads, default=Fraction(0)))
            disagreeing += any(self.beats(row, o, top[0]) for o in others)
        return {
            "split": split,
            "rows": len(inputs),
            "agree": len(agreeing),
            "disagree": disagreeing,
            "teacher_ties": sum(len(top) > 1 for top in best),
            "margin_at_least": number(min(agreeing), "margin_at_least") if agreeing else None,
            "labels": self._labels(split, best),
        }

    def _labels(self, split: str, best: list[list[int]]) -> dict | None:
        labels = self.base.tensors.get(f"{split}.labels")
        if labels is None or any(sorted(row) != [0.0] * (len(row) - 1) + [1.0] for row in labels):
            return None
        rows = list(zip(self.base.tensors[f"{split}.inputs"], [row.index(1.0) for row in labels], strict=True))
        return {
            "right": sum(all(self.beats(x, c, o) for o in self.outputs if o != c) for x, c in rows),
            "wrong": sum(any(self.beats(x, o, c) for o in self.outputs if o != c) for x, c in rows),
            "teacher_right": sum(top == [c] for top, (_, c) in zip(best, rows, strict=True)),
        }

    def holds(self, name: str) -> bool:
        return len(self.outputs) > 1 if name == "agreement" else super().holds(name)
