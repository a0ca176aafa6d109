"""Students with every kernel, one output and several, with and without the linear term."""

from __future__ import annotations

import pytest

import eigenstill
from eigenstill.basis import KERNELS
from support.kernels import made


@pytest.fixture(scope="session", params=[*KERNELS, "several outputs", "no linear term"])
def student(request) -> eigenstill.Student:
    if request.param in KERNELS:
        return made(request.param)
    if request.param == "several outputs":
        return made("matern-3/2", several=True)
    return made("rational-quadratic", several=True, linear=False)


@pytest.fixture(scope="session")
def plain() -> eigenstill.Student:
    return made("rational-quadratic")
