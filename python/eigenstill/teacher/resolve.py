"""What the user names -> a teacher: an object in Python, or a string on the command line."""

from __future__ import annotations

import hashlib
import importlib
import io
import sys
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..device import Device
from ..errors import DataError, TeacherError
from ..tables import load_table, split_spec
from ..tables.load import SUFFIXES, read_file, refuse_pickle
from .boosted import LIGHTGBM, XGBOOST, from_boosted_file, from_lightgbm, from_xgboost
from .estimator import from_estimator
from .teacher import Teacher, from_callable, from_outputs

NEEDED = (
    "model.onnx, a LightGBM model.txt, an XGBoost model.json or model.ubj, outputs.npy, outputs.csv[:column], "
    "outputs.parquet[:column], package.module:callable or model.pt2"
)
CONVERT = "convert it where you trust it: to ONNX (torch.onnx.export, skl2onnx), or save its outputs on your rows (numpy.save)"


def as_teacher(subject: Any, name: str | None = None, device: Device | None = None) -> Teacher:
    """A teacher from a Teacher, torch module, array of outputs, fitted estimator, booster, callable or path.

    Of a classifier it is the probabilities, one output a class; of any other estimator what it predicts. A torch module is
    asked on the device, where there is one; every other kind is asked as it is.

    Raises
    ------
    TeacherError : none of these
    """
    if isinstance(subject, Teacher):
        return subject
    if isinstance(subject, (str, Path)):
        return load_teacher(subject, device=device)
    torch = sys.modules.get("torch")  # a module of torch cannot exist before torch is imported
    if torch is not None and isinstance(subject, torch.nn.Module):
        from .torch_teacher import from_torch

        return from_torch(subject, name, device=device)
    if isinstance(subject, np.ndarray):
        return from_outputs(subject, name or "recorded outputs")
    if isinstance(subject, type):
        raise TeacherError(f"teacher {subject.__name__} is a class; need an object of it, as in {subject.__name__}()")
    library = type(subject).__module__.partition(".")[0]
    if type(subject).__name__ == "Booster" and library in ("lightgbm", "xgboost"):
        return (from_lightgbm if library == "lightgbm" else from_xgboost)(subject, name)
    if callable(getattr(subject, "predict", None)):
        classifier = hasattr(subject, "classes_") and callable(getattr(subject, "predict_proba", None))
        return from_estimator(subject, "predict_proba" if classifier else "predict", name)
    if callable(subject):
        owner = getattr(subject, "__self__", None)  # forest.predict, where the forest may know names of columns
        if hasattr(owner, "feature_names_in_"):
            return from_estimator(owner, subject.__name__, name)
        return from_callable(subject, name)
    raise TeacherError(
        f"teacher of type {type(subject).__name__}; need a torch module, a function of rows, "
        "an estimator with predict, or an array of outputs"
    )


def load_teacher(spec: str | Path, trust_code: bool = False, device: Device | None = None) -> Teacher:
    """Resolve a teacher named on the command line.

    Parameters
    ----------
    spec : `model.onnx`, LightGBM's `model.txt`, XGBoost's `model.json` or `model.ubj`, `outputs.npy`,
        `outputs.csv[:column]`, `outputs.parquet[:column]`, `package.module:callable`
        (imports and runs that code; the working directory is searched too), or `model.pt2`
    trust_code : allow `model.pt2`: torch.export.load may unpickle, and a pickle can run any code
    device : where a torch module is asked, as for `as_teacher`

    Raises
    ------
    TeacherError : unknown kind, a pickle (never opened), a .pt2 without trust_code, a callable that cannot be imported
    UnreadableError : the file is missing
    """
    path, part = split_spec(spec)
    suffix = path.suffix.lower()
    try:
        refuse_pickle(path)
    except DataError as error:
        raise TeacherError(f"{str(error).split(';')[0]}; need {NEEDED}; {CONVERT}") from None
    if suffix == ".onnx":
        from .onnx_teacher import from_onnx

        return from_onnx(path, part)
    if suffix in SUFFIXES:
        table = load_table(spec)
        values = table.values[:, 0] if table.shape[1] == 1 else table.values
        return from_outputs(values, path.name, table.sha256)
    if suffix in (*LIGHTGBM, *XGBOOST):
        return from_boosted_file(path)
    if suffix == ".pt2":
        return _exported(path, trust_code)
    module, colon, attribute = str(spec).partition(":")
    if colon and attribute and all(name.isidentifier() for name in (*module.split("."), *attribute.split("."))):
        return as_teacher(_imported(module, attribute), str(spec), device)
    raise TeacherError(f"teacher {spec}: unknown kind; need {NEEDED}")


def load_relu_subject(spec: str) -> Any:
    """What names a network whose weights are wanted: the path of an ONNX file, or the object of package.module:name.

    Raises
    ------
    TeacherError : neither, or it cannot be imported
    """
    if Path(spec).suffix.lower() == ".onnx":
        return Path(spec)
    module, colon, attribute = spec.partition(":")
    if colon and all(name.isidentifier() for name in (*module.split("."), *attribute.split("."))):
        return _imported(module, attribute)
    raise TeacherError(f"teacher {spec}: need model.onnx, or package.module:name of a torch module")


def _exported(path: Path, trust_code: bool) -> Teacher:
    if not trust_code:
        raise TeacherError(
            f"{path.name}: loading a .pt2 file may unpickle, which can run any code, so it was not opened; "
            "use --trust-code (trust_code=True) if you trust its origin, or export the network to ONNX"
        )
    data = read_file(path)
    try:
        import torch
    except ImportError:
        raise TeacherError(f"{path.name}: needs torch; run: pip install 'eigenstill[torch]'") from None
    from .torch_teacher import from_exported

    if not zipfile.is_zipfile(io.BytesIO(data)):  # torch would log a traceback before it raises
        raise TeacherError(f"{path.name}: no exported program (no zip archive); write it with torch.export.save")
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The given buffer is not writable")  # torch 2.11 of its own reading
            program = torch.export.load(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 (torch raises many kinds for one fault: no program)
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise TeacherError(f"{path.name}: no exported program ({reason}); write it with torch.export.save") from None
    return from_exported(program, path.name, hashlib.sha256(data).hexdigest())


def _imported(module: str, attribute: str) -> Any:
    try:
        with _working_directory():
            found: Any = importlib.import_module(module)
    except ImportError as error:
        raise TeacherError(
            f"teacher {module}:{attribute}: cannot import {module} ({error}); run where it is found"
        ) from None
    for name in attribute.split("."):
        if not hasattr(found, name):
            raise TeacherError(f"teacher {module}:{attribute}: {module} has no {name}; need a callable in that module")
        found = getattr(found, name)
    return found


@contextmanager
def _working_directory() -> Iterator[None]:
    """Search the working directory for modules, as `python -m` does; undone afterwards."""
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        yield
    finally:
        if here in sys.path:
            sys.path.remove(here)
