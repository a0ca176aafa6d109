"""The formula in LaTeX: what it is in symbols, and its numbers in tables, all digits that float64 needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..arrays import FloatArray
from .json_file import formula_of
from .numbers import Array, Numbers, header

ACROSS = 4  # columns of a table
DISTANCE = r"\sum_{d} s_d \left(x_d - z_{jd}\right)^2"
PHI = {
    "rational-quadratic": rf"\frac{{1}}{{1 + {DISTANCE}}}",
    "rational-l1": r"\frac{1}{1 + \sum_{d} s_d \left|x_d - z_{jd}\right|}",
    "gaussian": rf"\exp\left(-{DISTANCE}\right)",
    "matern-3/2": rf"\left(1 + t_j\right) e^{{-t_j}}, \quad t_j = \sqrt{{3 {DISTANCE}}}",
}
SPECIAL = {letter: rf"\{letter}" for letter in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
SYMBOLS = {"scales": "s", "landmarks": "z", "coefficients": "a", "intercept": "b", "weights": "w"}
NUMBER = re.compile(r"^\\num\{(.*)\}$")


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.tex, to be read with \\input; needs the packages longtable and siunitx."""
    linear = r" + \sum_{d} w_{do}\, x_d" if numbers.weights is not None else ""
    lines = [f"% {line}" for line in header(numbers, note)]
    lines += [
        r"% \usepackage{amsmath, longtable, siunitx}",
        r"\begin{align*}",
        rf"  \mathrm{{student}}_o(x) &= b_o{linear} + \sum_{{j=1}}^{{{len(numbers.landmarks)}}} a_{{jo}}\, \varphi_j(x) \\",
        rf"  \varphi_j(x) &= {PHI[numbers.kernel]}",
        r"\end{align*}",
        "Inputs: " + _named("x", numbers.input_names),
        "",
        "Outputs: " + _named("o", numbers.output_names),
    ]
    for key, array in numbers.arrays().items():
        lines += _tables(key, array)
    return ("\n".join(lines) + "\n").encode()


def _named(symbol: str, names: Iterable[str]) -> str:
    if symbol == "o":
        return "; ".join(f"$o = {place}$: {escape(name)}" for place, name in enumerate(names, 1)) + "."
    return "; ".join(f"$x_{{{place}}}$: {escape(name)}" for place, name in enumerate(names, 1)) + "."


def escape(text: str) -> str:
    """Text in LaTeX; a character that cannot be printed becomes a question mark."""
    return "".join(SPECIAL.get(letter, letter if letter.isprintable() else "?") for letter in text)


def _tables(key: str, array: Array) -> list[str]:
    """An array, ACROSS columns at a time; a comment before each table says which part it is."""
    grid = array.reshape(len(array), -1)
    lines = []
    for start in range(0, grid.shape[1], ACROSS):
        part = grid[:, start : start + ACROSS]
        width = part.shape[1]
        index = {"landmarks": "j,%d", "coefficients": "j,%d", "weights": "d,%d"}.get(key)
        heads = [f"${SYMBOLS[key]}_{{{index % (start + place + 1)}}}$" for place in range(width)] if index else []
        row = {"landmarks": "j", "coefficients": "j", "intercept": "o"}.get(key, "d")
        heads = heads or [f"${SYMBOLS[key]}_{row}$"]
        lines += ["", f"% table {key} {start}", rf"\begin{{longtable}}{{r{'l' * width}}}"]
        lines.append(f"${row}$ & " + " & ".join(heads) + r" \\ \hline")
        lines += [
            f"{place} & " + " & ".join(rf"\num{{{float(value)!r}}}" for value in values) + r" \\"
            for place, values in enumerate(part, 1)
        ]
        lines.append(r"\end{longtable}")
    return lines


def read(text: str) -> dict[str, FloatArray]:
    """The arrays in the tables; vectors as one column."""
    held: dict[str, list[FloatArray]] = {}
    for key, body in re.findall(r"^% table (\w+) \d+\n(.*?)^\\end\{longtable\}", text, re.MULTILINE | re.DOTALL):
        rows = [line.removesuffix(r" \\").split(" & ")[1:] for line in body.splitlines() if r"\num" in line]
        numbers = [[NUMBER.sub(r"\1", entry) for entry in row] for row in rows]
        held.setdefault(key, []).append(np.array(numbers, dtype=np.float64))
    return {key: np.hstack(parts) for key, parts in held.items()}


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray:
    """The formula of the numbers in the written tables, (n, c)."""
    held = read(path.read_text(encoding="utf-8"))
    arrays = {key: held.get(key) for key in SYMBOLS}
    for key in ("scales", "intercept"):
        arrays[key] = held[key][:, 0]
    return formula_of(numbers.kernel, arrays).evaluate(rows)
