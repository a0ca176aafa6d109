"""eigenstill-check.pyz: one file, reproducible, that a bare Python runs."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.small import small_certificate

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "build_checker.py"


def build(target: Path) -> bytes:
    subprocess.run([sys.executable, TOOL, target], check=True, capture_output=True, cwd=target.parent)
    return target.read_bytes()


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pyz") / "eigenstill-check.pyz"
    build(path)
    return path


def bare(archive: Path, *arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """Without site-packages, environment variables or the current folder."""
    command = [sys.executable, "-S", "-I", str(archive), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_the_same_sources_give_the_same_bytes(archive, tmp_path):
    assert build(tmp_path / "again.pyz") == archive.read_bytes()


def test_no_date_of_the_checkout_gets_in(archive):
    with zipfile.ZipFile(archive) as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.namelist() == sorted(opened.namelist())


def test_holds_the_whole_package_and_nothing_else(archive):
    package = ROOT / "python" / "eigenstill_check"
    expected = {
        f"eigenstill_check/{path.relative_to(package).as_posix()}"
        for pattern in ("*.py", "*.md", "*.json")
        for path in package.rglob(pattern)
    }
    with zipfile.ZipFile(archive) as opened:
        assert set(opened.namelist()) == expected | {"__main__.py"}


def test_accepts_and_rejects_without_site_packages(archive, tmp_path):
    certificate = small_certificate(tmp_path)
    accepted = bare(archive, "--quiet", certificate)
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert accepted.stdout.startswith("ACCEPTED")
    document = json.loads(certificate.read_text())
    document["claims"][0]["rows"] += 1
    certificate.write_text(json.dumps(document))
    rejected = bare(archive, "--quiet", certificate)
    assert rejected.returncode == 1
    assert "claims[0] basis.rows: got 31, need 30" in rejected.stdout


def test_documents_are_inside(archive):
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import eigenstill_check as e; "
        "print(len(e.format_text()) > 1000, '$schema' in e.schema_text(), e.__file__)"
    )
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"True True {archive}")


def test_executable_by_itself(archive):
    assert archive.stat().st_mode & 0o111
    assert archive.read_bytes().startswith(b"#!/usr/bin/env python3\n")


def test_usage_of_the_tool(tmp_path):
    done = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage")
