"""Boosted trees as teachers: boosters of LightGBM and XGBoost, and their model files, none of which is a pickle.

Both libraries end the whole process at some damaged files. A file is therefore read, and asked once, in a process of
its own first; what does not come back from there is refused.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ..arrays import FloatArray
from ..errors import TeacherError
from ..tables.load import read_file
from .teacher import Teacher

LIGHTGBM, XGBOOST = (".txt",), (".json", ".ubj")
MADE_UP = re.compile(r"Column_\d+")
SECONDS = 120

_LOADERS = {
    "lightgbm": "import lightgbm; held = lightgbm.Booster(model_str=data.decode()); "
    "count = held.num_feature(); ask = held.predict",
    "xgboost": "import xgboost; held = xgboost.Booster(); held.load_model(bytearray(data)); "
    "count = held.num_features(); ask = held.inplace_predict",
}


def from_boosted_file(path: Path) -> Teacher:
    """A model file: LightGBM's text (.txt), XGBoost's .json or .ubj; the digest is that of the file.

    Raises
    ------
    TeacherError : another kind of file, a damaged one, or the library is missing
    UnreadableError : the file is missing
    """
    data = read_file(path)
    library = "lightgbm" if path.suffix.lower() in LIGHTGBM else "xgboost"
    if not data.startswith(b"tree\n" if library == "lightgbm" else b"{"):
        raise TeacherError(
            f"{path.name}: no {library} model; need its text or JSON; write it with save_model, a pickle is never loaded"
        )
    _require_readable(data, library, path.name)
    booster = _loaded(data, library, path.name)
    make = from_lightgbm if library == "lightgbm" else from_xgboost
    return make(booster, path.name, hashlib.sha256(data).hexdigest())


def from_lightgbm(booster: Any, name: str | None = None, sha256: str | None = None) -> Teacher:
    """A lightgbm.Booster: what its `predict` gives. Parameters are its nodes: thresholds and leaf values."""
    held = tuple(booster.feature_name())
    names = None if all(MADE_UP.fullmatch(entry) for entry in held) else held
    leaves = [int(count) for count in re.findall(r"^num_leaves=(\d+)$", booster.model_to_string(), re.MULTILINE)]
    nodes = sum(2 * count - 1 for count in leaves)
    return Teacher(name or "lightgbm.Booster", booster.predict, parameters=nodes, sha256=sha256, names=names)


def from_xgboost(booster: Any, name: str | None = None, sha256: str | None = None) -> Teacher:
    """An xgboost.Booster: what its `predict` gives. Parameters are its nodes: thresholds and leaf values."""
    names = None if booster.feature_names is None else tuple(booster.feature_names)
    nodes = sum(len(tree.split("\n")) - 1 for tree in booster.get_dump())

    def function(inputs: FloatArray) -> Any:
        return booster.inplace_predict(inputs)

    return Teacher(name or "xgboost.Booster", function, parameters=nodes or None, sha256=sha256, names=names)


def _loaded(data: bytes, library: str, label: str) -> Any:
    try:
        module = import_module(library)
    except ImportError:
        raise TeacherError(f"{label}: needs {library}; run: pip install {library}") from None
    if library == "lightgbm":
        return module.Booster(model_str=data.decode())
    booster = module.Booster()
    booster.load_model(bytearray(data))
    return booster


def _require_readable(data: bytes, library: str, label: str) -> None:
    """Read the model and ask it for one row, elsewhere."""
    code = (
        f"import sys; data = sys.stdin.buffer.read()\ntry:\n    {_LOADERS[library]}\n"
        "    import numpy; ask(numpy.zeros((1, count)))\n"
        "except ImportError: sys.exit(3)\nexcept Exception: sys.exit(4)\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise TeacherError(f"{label}: {library} does not read it within {SECONDS} seconds; write it again") from None
    if done.returncode == 3:
        raise TeacherError(f"{label}: needs {library}; run: pip install {library}")
    if done.returncode != 0:
        raise TeacherError(
            f"{label}: {library} cannot read it, it is damaged or of another kind; write it with save_model"
        )
