"""The formula in MathML, which browsers lay out and screen readers read out."""

from __future__ import annotations

from ..basis import FEATURES
from ..student import Formula

OPEN, CLOSE = '<mo stretchy="false">(</mo>', '<mo stretchy="false">)</mo>'


def mathml(formula: Formula) -> str:
    """student(x) and phi(x) as ``math`` elements; of features student(x) alone. Nothing in them comes from data."""
    several = len(formula.intercept) > 1
    out = "o" if several else ""
    linear = f"<mo>+</mo>{_sum('d')}{_sub('w', 'd' + out)}{_sub('x', 'd')}" if formula.linear else ""
    student = f"{_sub('student', out)}{OPEN}<mi>x</mi>{CLOSE}<mo>=</mo>{_sub('b', out)}{linear}"
    if formula.kernel == FEATURES:
        return _block(student)
    phi = f"{_sub('φ', 'j')}{OPEN}<mi>x</mi>{CLOSE}"
    return "\n".join(
        [
            _block(f"{student}<mo>+</mo>{_sum('j')}{_sub('a', 'j' + out)}{phi}"),
            _block(f"{phi}<mo>=</mo>{_kernel(formula.kernel)}"),
        ]
    )


def _block(row: str) -> str:
    return f'<math display="block"><mrow>{row}</mrow></math>'


def _kernel(kernel: str) -> str:
    difference = f"<mrow>{_sub('x', 'd')}<mo>−</mo>{_sub('z', 'jd')}</mrow>"
    size = f"<mo>|</mo>{difference}<mo>|</mo>" if kernel == "rational-l1" else _square(difference)
    distance = f"<mrow>{_sum('d')}{_sub('s', 'd')}{size}</mrow>"
    if kernel == "gaussian":
        return f"<mi>exp</mi>{OPEN}<mo>−</mo>{distance}{CLOSE}"
    if kernel == "matern-3/2":
        return (
            f"{OPEN}<mn>1</mn><mo>+</mo><mi>t</mi>{CLOSE}<mi>exp</mi>{OPEN}<mo>−</mo><mi>t</mi>{CLOSE}"
            f"<mo>,</mo><mspace width='1em'/><msup><mi>t</mi><mn>2</mn></msup><mo>=</mo><mn>3</mn>{distance}"
        )
    return f"<mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo>{distance}</mrow></mfrac>"


def _sub(name: str, index: str) -> str:
    variable = f"<mi>{name}</mi>"
    letters = "".join(f"<mi>{letter}</mi>" for letter in index)
    return f"<msub>{variable}<mrow>{letters}</mrow></msub>" if index else variable


def _sum(index: str) -> str:
    return f"<munder><mo>∑</mo><mi>{index}</mi></munder>"


def _square(inner: str) -> str:
    return f"<msup><mrow>{OPEN}{inner}{CLOSE}</mrow><mn>2</mn></msup>"
