"""The exports that are source: C that compiles without a warning, hexadecimal floats, exact SymPy, hostile names."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from fractions import Fraction

import numpy as np
import pytest

import eigenstill
from eigenstill.exports.c_source import FLAGS, compiler, identifier, string
from eigenstill.exports.numpy_source import load_source
from support.kernels import ROWS

needs_compiler = pytest.mark.skipif(compiler() is None, reason="no C compiler: the file was not compiled")
HOSTILE = ("*/ int x; /*", 'a"); system("true', "\\end{document}\x07\n%")


@needs_compiler
def test_c_runs_in_a_program_of_its_own(student, tmp_path):
    """Compiled with a main that reads hexadecimal floats and prints them: nothing of ours is between."""
    eigenstill.export(student, "c", tmp_path / "model.c")
    main = """#include <stdio.h>
extern const int model_inputs, model_outputs;
extern const char *const model_input_names[];
void model_predict(const double *x, double *y);
int main(void) {
    double x[64], y[64];
    int i;
    for (i = 0; i < model_inputs; i++) printf("%s\\n", model_input_names[i]);
    while (1) {
        for (i = 0; i < model_inputs; i++) if (scanf("%lf", &x[i]) != 1) return 0;
        model_predict(x, y);
        for (i = 0; i < model_outputs; i++) printf("%a\\n", y[i]);
    }
}
"""
    (tmp_path / "main.c").write_text(main)
    program = tmp_path / "program"
    command = [compiler(), *FLAGS, "-o", str(program), str(tmp_path / "main.c"), str(tmp_path / "model.c"), "-lm"]
    subprocess.run(command, check=True, capture_output=True)
    given = "\n".join(float(value).hex() for value in ROWS.ravel())
    done = subprocess.run([str(program)], input=given, capture_output=True, text=True, check=True)
    names, values = done.stdout.splitlines()[:3], done.stdout.splitlines()[3:]
    assert tuple(names) == student.input_names
    found = np.array([float.fromhex(value) for value in values]).reshape(len(ROWS), -1)
    assert found == pytest.approx(student.predict(ROWS).reshape(len(ROWS), -1), rel=1e-11)


def test_c_prints_every_number_in_hexadecimal_without_rounding(plain, tmp_path):
    text = eigenstill.export(plain, "c", tmp_path / "model.c").path.read_text(encoding="ascii")
    for name in ("landmarks", "scales", "coefficients", "intercept", "weights"):
        body = re.search(rf"static const double {name}\[.*?= (\{{.*?\}});", text, re.DOTALL)[1]
        numbers = [float.fromhex(number) for number in re.findall(r"-?0x[0-9a-f.]+p[+-]\d+", body)]
        own = getattr(plain.formula, name)
        assert np.array(numbers).tobytes() == own.ravel().tobytes()


@needs_compiler
@pytest.mark.parametrize("to", ["c", "numpy", "latex", "json"])
def test_hostile_names_stay_names(plain, to, tmp_path):
    evil = dataclasses.replace(plain, input_names=HOSTILE, output_names=("*/",))
    suffix = {"c": ".c", "numpy": ".py", "latex": ".tex", "json": ".json"}[to]
    path = eigenstill.export(evil, to, tmp_path / f"0 evil-name{suffix}").path
    text = path.read_text(encoding="utf-8")
    if to == "numpy":
        assert load_source(path).INPUT_NAMES == HOSTILE
    elif to == "c":
        assert "*/ int" not in text
        assert "student_0_evil_name_predict" in text
    elif to == "latex":
        assert r"\end{document}" not in text
        assert r"\textbackslash{}end\{document\}??\%" in text


def test_identifiers_and_strings():
    assert identifier("my-model.v2") == "my_model_v2"
    assert identifier("_x") == "student__x"
    assert string('a"\\?ü1') == r'"a\042\134\077\303\2741"'


def test_sympy_is_the_formula_exactly(plain, tmp_path):
    """At a rational point the expression is a fraction: that of the formula."""
    sympy = pytest.importorskip("sympy", reason="sympy is not installed: the expression was not made")
    symbols, (expression,) = eigenstill.sympy_formula(plain)
    assert (expression,) == load_source(eigenstill.export(plain, "sympy", tmp_path / "model.py").path).STUDENT
    point = [Fraction(1, 3), Fraction(900), Fraction(-2, 7)]
    found = expression.subs(
        {s: sympy.Rational(v.numerator, v.denominator) for s, v in zip(symbols, point, strict=True)}
    )
    formula = plain.formula
    total = Fraction(float(formula.intercept[0]))
    for weight, value in zip(formula.weights[:, 0], point, strict=True):
        total += Fraction(float(weight)) * value
    for landmark, a in zip(formula.landmarks, formula.coefficients[:, 0], strict=True):
        gaps = [value - Fraction(float(z)) for value, z in zip(point, landmark, strict=True)]
        total += Fraction(float(a)) / (
            1 + sum(Fraction(float(s)) * g * g for s, g in zip(formula.scales, gaps, strict=True))
        )
    assert Fraction(int(found.p), int(found.q)) == total


def test_without_a_compiler_it_is_said(plain, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    done = eigenstill.export(plain, "c", tmp_path / "model.c")
    assert (done.rows, done.difference) == (0, None)
    assert "Not run where it was written" in done.path.read_text()
