"""Every attack of the log against the Python checker: code, reason, time and memory; and the log against the attacks."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys

import pytest

from attacks.log import ATTACKS
from attacks.write import HEAD, README, line, made

SECONDS = 5
MEMORY = 500 << 20


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """The checker with 500 MiB; above, it ends without a verdict of ours."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    whole = [sys.executable, "-m", "eigenstill_check", "--json", *words]
    return subprocess.run(whole, capture_output=True, text=True, check=False, timeout=300, preexec_fn=bounded)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory) -> list[dict]:
    """One process for all attacks that are files alone, and one for each that needs an option."""
    files = made(tmp_path_factory.mktemp("attacks"))
    alone = [str(path) for path, arguments in files if not arguments]
    done = command(*alone)
    assert done.stderr == ""
    found = dict(zip(alone, json.loads(done.stdout), strict=True))
    verdicts = []
    for path, arguments in files:
        if arguments:
            done = command(*arguments, str(path))
            (verdict,) = json.loads(done.stdout)
            assert done.returncode == verdict["exit_code"]
        else:
            verdict = found[str(path)]
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize("index", range(len(ATTACKS)), ids=[str(index) for index in range(1, len(ATTACKS) + 1)])
def test_attack(verdicts, index):
    attack, verdict = ATTACKS[index], verdicts[index]
    assert verdict["exit_code"] == attack.python, verdict["message"]
    assert attack.reason in verdict["message"]
    assert len(verdict["message"]) < 1_000
    assert verdict["seconds"] < SECONDS


def test_the_log_shows_every_attack_with_the_required_verdict():
    expected = [line(i, attack, attack.python, attack.lean) for i, attack in enumerate(ATTACKS, 1)]
    assert README.read_text(encoding="utf-8") == HEAD + "\n".join(expected) + "\n"


def test_the_log_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target
