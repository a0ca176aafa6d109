"""Faults of other software on the command line: a mismatch that was a warning, evidence without content."""

from __future__ import annotations

import hashlib
import json

import pytest

from eigenstill.cli import main
from eigenstill_check.__main__ import main as check_alone
from support.cases import CASES
from support.small import small_certificate

MODEL = CASES / "23_model.bin"
COMMANDS = pytest.mark.parametrize("command", [lambda arguments: main(["check", *arguments]), check_alone])


def certificate_of(folder, digest: str):
    """A certificate whose subject is the case's model."""
    path = small_certificate(folder)
    document = json.loads(path.read_text())
    document["subject"]["teacher"]["sha256"] = digest
    path.write_text(json.dumps(document))
    return path


def test_mismatch_was_printed_as_a_warning_with_exit_code_0(tmp_path, capsys):
    """in-toto #454: the digests of the case, right and wrong."""
    recorded = {name: json.loads((CASES / f"23_cert_{name}.json").read_text())["sha256"] for name in ("ok", "wrong")}
    found = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert recorded["ok"] == found
    for name, code in (("ok", 0), ("wrong", 1)):
        path = certificate_of(tmp_path, recorded[name])
        assert check_alone(["--quiet", "--teacher", str(MODEL), str(path)]) == code
        line = capsys.readouterr().out.splitlines()[-1]
        assert line.startswith(("ACCEPTED", "REJECTED")[code])
        assert code == 0 or (recorded["wrong"] in line and found in line)


@COMMANDS
@pytest.mark.parametrize("name", ["23_cert_empty.json", "23_cert_zero_bytes.json"])
def test_evidence_without_content_was_accepted(command, name, capsys):
    """Nothing was checked, so nothing holds; a wrong call has the same code, a failed check another."""
    assert command(["--quiet", str(CASES / name)]) == 2
    assert capsys.readouterr().out.startswith("MALFORMED")


@COMMANDS
def test_empty_list_of_claims_was_accepted(command, tmp_path, capsys):
    path = small_certificate(tmp_path)
    document = json.loads(path.read_text())
    document["claims"] = []
    path.write_text(json.dumps(document))
    assert command(["--quiet", str(path)]) == 2
    assert "claims: a list of 0; need" in capsys.readouterr().out


@COMMANDS
@pytest.mark.parametrize("arguments", [[], ["--require"], ["--nonsense", "x.cert.json"]])
def test_wrong_calls_looked_like_failed_checks(command, arguments):
    try:
        code = command(arguments)
    except SystemExit as stop:
        code = stop.code
    assert code == 2
