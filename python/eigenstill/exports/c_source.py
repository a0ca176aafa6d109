"""The formula as one C99 file without dependency (libm for exp and sqrt), floats in hexadecimal, so none is rounded."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from string import ascii_letters as letters
from string import digits

import numpy as np

from ..arrays import FloatArray
from ..errors import StudentError
from .numbers import Array, Numbers, counted, header, listed

FLAGS = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2")
SECONDS = 300
PLAIN = frozenset(letters + digits + " _-.")


def render(numbers: Numbers, name: str, note: str) -> bytes:
    """The bytes of NAME.c: NAME_predict(x, y), one row at a time."""
    real = "float" if numbers.float32 else "double"
    prefix = identifier(name)
    m, d, c = len(numbers.landmarks), len(numbers.input_names), len(numbers.output_names)
    arrays = "\n".join(
        f"static const {real} {key}{''.join(f'[{size}]' for size in array.shape)} = {_literal(array, numbers.float32)};"
        for key, array in numbers.arrays().items()
    )
    weights = (
        "\n    for (d = 0; d < INPUTS; d++)\n        for (o = 0; o < OUTPUTS; o++)\n"
        "            y[o] += weights[d][o] * x[d];"
        if numbers.weights is not None
        else ""
    )
    comment = "\n * ".join(header(numbers, note))
    text = f"""/* {comment}
 *
 * {prefix}_predict(x, y): x holds {counted(d, "input")} in the order of {prefix}_input_names, y receives {counted(c, "output")}.
 * C99: cc -std=c99 -O2 -c {prefix}.c; link with -lm. Do not compile with -ffast-math.
 */
{_include(numbers)}enum {{ LANDMARKS = {m}, INPUTS = {d}, OUTPUTS = {c} }};

const int {prefix}_inputs = INPUTS;
const int {prefix}_outputs = OUTPUTS;
const char *const {prefix}_input_names[{d}] = {{{", ".join(map(string, numbers.input_names))}}};
const char *const {prefix}_output_names[{c}] = {{{", ".join(map(string, numbers.output_names))}}};

{arrays}

void {prefix}_predict(const {real} *x, {real} *y);

void {prefix}_predict(const {real} *x, {real} *y)
{{
    int j, d, o;
    for (o = 0; o < OUTPUTS; o++)
        y[o] = intercept[o];{weights}
    for (j = 0; j < LANDMARKS; j++) {{
        {real} q = 0, phi;
        for (d = 0; d < INPUTS; d++) {{
            const {real} gap = x[d] - landmarks[j][d];
            q += {_term(numbers)};
        }}
        {_phi(numbers)}
        for (o = 0; o < OUTPUTS; o++)
            y[o] += coefficients[j][o] * phi;
    }}
}}
"""
    return text.encode("ascii")


def _include(numbers: Numbers) -> str:
    return "#include <math.h>\n\n" if numbers.kernel in ("gaussian", "matern-3/2") else ""


def _term(numbers: Numbers) -> str:
    return "scales[d] * (gap < 0 ? -gap : gap)" if numbers.kernel == "rational-l1" else "scales[d] * (gap * gap)"


def _phi(numbers: Numbers) -> str:
    suffix = "f" if numbers.float32 else ""
    if numbers.kernel == "gaussian":
        return f"phi = exp{suffix}(-q);"
    if numbers.kernel == "matern-3/2":
        return (
            f"q = sqrt{suffix}(3 * q);\n        if (q > 1048576)\n            q = 1048576;"
            f"\n        phi = (1 + q) * exp{suffix}(-q);"
        )
    return "phi = 1 / (1 + q);"


def _literal(array: Array, float32: bool) -> str:
    def number(value: float) -> str:
        return value.hex() + ("f" if float32 else "")

    return listed(array, number, "{}")


def identifier(name: str) -> str:
    """A C identifier from a file's name."""
    word = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return word if re.match(r"[A-Za-z]", word) else f"student_{word}"


def string(text: str) -> str:
    """A C string literal of the text in UTF-8; everything but letters, digits and plain signs as octal escapes."""
    return '"' + "".join(chr(byte) if chr(byte) in PLAIN else f"\\{byte:03o}" for byte in text.encode()) + '"'


def compiler() -> str | None:
    """The C compiler: CC, or cc, gcc, clang."""
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    return next((found for name in names if (found := shutil.which(name))), None)


def evaluate(path: Path, numbers: Numbers, rows: FloatArray) -> FloatArray | None:
    """What the compiled file computes, (n, c); None where there is no C compiler."""
    program = compiler()
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "student.so"
        command = [program, *FLAGS, "-shared", "-fPIC", "-o", str(library), str(path), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no message"])[0][:200]
            raise StudentError(f"export: {program} refused the C file ({reason}); this is a fault of eigenstill")
        predict = getattr(ctypes.CDLL(str(library)), f"{identifier(path.stem)}_predict")
        inputs = np.ascontiguousarray(rows, dtype=numbers.type)
        values = np.empty((len(rows), len(numbers.output_names)), dtype=numbers.type)
        for source, target in zip(inputs, values, strict=True):
            predict(ctypes.c_void_p(source.ctypes.data), ctypes.c_void_p(target.ctypes.data))
    return values.astype(np.float64)
