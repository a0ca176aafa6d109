"""Disks that are full or read-only, two runs at once, other clocks and locales."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import eigenstill
from eigenstill_check import check

RNG = np.random.default_rng(2)
X = RNG.normal(size=(60, 2))
Y = np.sin(X[:, :1]) + X[:, 1:]


@pytest.fixture
def data(tmp_path) -> Path:
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "y.npy", Y)
    np.save(tmp_path / "z.npy", Y**2)
    return tmp_path


def command(data: Path, out: Path, teacher: str = "y.npy") -> list[str]:
    words = [
        "distill",
        "--teacher",
        data / teacher,
        "--data",
        data / "x.npy",
        "--out",
        out,
        "--landmarks",
        "8",
        "--quiet",
    ]
    return [sys.executable, "-m", "eigenstill", *map(str, words)]


def run(words: list[str], **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, **options)


def refused(done: subprocess.CompletedProcess[str]) -> None:
    """No verdict, in one sentence."""
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith("eigenstill: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def mount(place: Path, *options: str) -> bool:
    place.mkdir(exist_ok=True)
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]).returncode == 0


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A file system of 32 KiB."""
    if not mount(tmp_path / "disk", "size=32k"):
        pytest.skip("no file system can be mounted here (needs root)")
    yield tmp_path / "disk"
    run(["umount", str(tmp_path / "disk")])


def left(folder: Path) -> list[str]:
    """Everything there is, hidden files too."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_full_disk(data, disk):
    refused(run(command(data, disk / "out")))
    for path in disk.rglob("*.cert.json"):
        assert check(path).code == 0
    assert not [name for name in left(disk) if name.startswith(".")]
    assert run(["mount", "-o", "remount,size=4m", str(disk)]).returncode == 0
    assert run(command(data, disk / "out")).returncode == 0, "with room the next run works"
    assert check(disk / "out" / "student.cert.json").code == 0


def test_a_full_disk_keeps_what_was_there(data, disk):
    """A certificate that cannot be replaced stays as it was."""
    assert run(["mount", "-o", "remount,size=4m", str(disk)]).returncode == 0
    assert run(command(data, disk / "out")).returncode == 0
    before = {path.name: path.read_bytes() for path in (disk / "out").iterdir()}
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filler").write_bytes(bytes(free - 4096))
    refused(run([sys.executable, "-m", "eigenstill", "certify", str(disk / "out"), "--rank", "2", "--quiet"]))
    assert {path.name: path.read_bytes() for path in (disk / "out").iterdir()} == before


@pytest.mark.parametrize("size", [0, 500, 4_000])
def test_files_that_may_not_grow(data, tmp_path, size):
    """The same without mounting: the system refuses every file beyond so many bytes."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = run(command(data, tmp_path / "out"), preexec_fn=bounded, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    refused(done)
    assert not list((tmp_path / "out").glob("*.cert.json")) if (tmp_path / "out").exists() else True
    assert not (tmp_path / "out").exists() or not [name for name in left(tmp_path / "out") if name.startswith(".")]


def test_a_read_only_folder(data, tmp_path):
    place = tmp_path / "fixed"
    if mount(place, "size=1m", "ro"):
        try:
            refused(run(command(data, place / "out")))
        finally:
            run(["umount", str(place)])
    elif os.geteuid() == 0:
        pytest.skip("root writes everywhere, and nothing can be mounted here")
    else:
        place.chmod(0o555)
        refused(run(command(data, place / "out")))


def test_a_checker_writes_nothing(data, tmp_path):
    """A certificate in a read-only place is decided there."""
    assert run(command(data, tmp_path / "out")).returncode == 0
    before = sorted(path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*"))
    place = tmp_path / "fixed"
    place.mkdir()
    words = [sys.executable, "-B", "-m", "eigenstill_check", "--quiet", str(tmp_path / "out" / "student.cert.json")]
    assert run(words, cwd=place).returncode == 0
    assert left(place) == []
    assert sorted(path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")) == before


def test_two_runs_at_once_on_one_folder(data, tmp_path):
    """Of two networks in one folder the files may be mixed; then the certificate says so, and is never half a file."""
    out = tmp_path / "out"
    started = [subprocess.Popen(command(data, out, teacher)) for teacher in ("y.npy", "z.npy", "y.npy")]
    codes = [process.wait(120) for process in started]
    assert set(codes) <= {0, 3}
    assert not [name for name in left(out) if name.startswith(".")]
    verdict = check(out / "student.cert.json")
    assert verdict.code in (0, 1)
    if verdict.code == 1:
        assert "as recorded" in verdict.message, "the arrays of the one beside the JSON of the other"
    eigenstill.load_student(out / "student.safetensors")
    assert run(command(data, out)).returncode == 0
    assert check(out / "student.cert.json").code == 0, "the next run works"


ELSEWHERE = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "99"},
)
CLOCK = "import time\ntime.time = lambda: {0}\ntime.time_ns = lambda: {0} * 10**9\n"


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=["kiritimati", "turkish"])
def test_clock_and_locale_change_no_byte(data, tmp_path, elsewhere):
    """Certificates made and checked at another time, in another zone and language, are the same bytes."""
    files = {}
    for name, moment, extra in (("here", 0, {}), ("there", 4_102_444_800, elsewhere)):
        site = tmp_path / f"site-{name}"
        site.mkdir()
        (site / "sitecustomize.py").write_text(CLOCK.format(moment))
        paths = os.pathsep.join([str(site), *sys.path])
        environment = {**os.environ, **extra, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = run(command(data, tmp_path / name), env=environment)
        assert done.returncode == 0, done.stderr
        files[name] = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        words = [sys.executable, "-m", "eigenstill_check", "--quiet", str(tmp_path / name / "student.cert.json")]
        assert run(words, env=environment).returncode == 0
    assert files["here"] == files["there"]
