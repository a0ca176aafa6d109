"""Claim `exports` a second time, from FORMAT.md: fractions, one program and one row after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .reference import Reference, number
from .reference_agreement import Agreement

PROGRAMS = ("c", "numpy", "onnx", "torch")


@dataclass(frozen=True)
class Exports(Agreement):
    """Further claims, and how near to the formula other programs came."""

    def exports(self) -> dict:
        return {
            "splits": [
                {
                    "split": split,
                    "exports": [
                        {
                            "export": name,
                            "difference_at_most": number(self.difference(split, name), "difference_at_most"),
                        }
                        for name in self.programs(split)
                    ],
                }
                for split in ("train", "holdout")
                if f"{split}.inputs" in self.base.tensors
            ]
        }

    def programs(self, split: str) -> list[str]:
        return [name for name in PROGRAMS if f"{split}.predictions.{name}" in self.base.tensors]

    def difference(self, split: str, name: str) -> Fraction:
        """As for the student's own predictions, with this program's in their place."""
        return self._with(split, name).evaluation_sums(split)[0]

    def _with(self, split: str, name: str) -> Reference:
        tensors = {**self.base.tensors, f"{split}.predictions": self.base.tensors[f"{split}.predictions.{name}"]}
        return replace(self.base, tensors=tensors)

    def holds(self, name: str) -> bool:
        if name != "exports":
            return super().holds(name)
        splits = [split for split in ("train", "holdout") if f"{split}.inputs" in self.base.tensors]
        return all(
            self._with(split, program).evaluation_holds(split) for split in splits for program in self.programs(split)
        )
