"""The checker as a user runs it: exit codes, output, interruptions. Every test is a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eigenstill_check import __version__
from support.small import small_certificate

CLAIMS = [
    *("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation"),
    *("spectrum", "energy", "global", "tolerance", "closer", "interval", "mean_error"),  # those that need no ridge
]


def run(*arguments: object, python: tuple[str, ...] = (), **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *python, "-m", "eigenstill_check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """good, rejected (a wrong count) and malformed (no claims) certificates that share one array file."""
    folder = tmp_path_factory.mktemp("certificates")
    document = json.loads(small_certificate(folder, name="good").read_text())
    document["claims"][4]["stored_numbers"] += 1
    (folder / "rejected.cert.json").write_text(json.dumps(document))
    document["claims"] = []
    (folder / "malformed.cert.json").write_text(json.dumps(document))
    return folder


@pytest.fixture(scope="module")
def good(folder) -> Path:
    return folder / "good.cert.json"


def test_accepted_is_0_and_says_what_was_and_was_not_checked(good):
    done = run(good)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"ACCEPTED  {good}: 13 claims hold (")
    assert [line.split()[1] for line in lines if line.startswith("  ok  ")] == CLAIMS
    titles = [line for line in lines if line in ("checked:", "recorded only:", "not covered:")]
    assert titles == ["checked:", "recorded only:", "not covered:"]
    assert any("the network itself" in line for line in lines)
    assert max(map(len, lines[1:])) <= 79


def test_rejected_is_1_with_got_and_need(folder):
    done = run(folder / "rejected.cert.json")
    assert done.returncode == 1
    assert done.stdout.startswith("REJECTED")
    assert "claims[4] compression.stored_numbers: got 21, need 20" in done.stdout.splitlines()[0]
    assert "FAIL compression" in done.stdout
    assert done.stdout.count("  ok  ") == len(CLAIMS) - 1, "the other claims are still decided"


def test_malformed_is_2_in_one_line(folder):
    done = run(folder / "malformed.cert.json")
    assert done.returncode == 2
    assert done.stdout.splitlines() == [
        f"MALFORMED  {folder / 'malformed.cert.json'}: claims: a list of 0; need a list of 1 to 64 entries"
    ]


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "unreadable name"])
def test_unreadable_is_3(folder, tmp_path, kind):
    path = tmp_path / "x.cert.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "unreadable name":
        path = tmp_path / ("n" * 300)
    done = run(path)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("NO VERDICT")
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stdout


def test_array_file_missing_is_3(good, tmp_path):
    alone = tmp_path / good.name
    alone.write_bytes(good.read_bytes())
    done = run(alone)
    assert done.returncode == 3
    assert "good.cert.safetensors: cannot be read" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_file_without_permission_is_3(good, tmp_path):
    secret = tmp_path / good.name
    secret.write_bytes(good.read_bytes())
    secret.chmod(0)
    assert run(secret).returncode == 3


@pytest.mark.parametrize(
    "arguments", [[], ["--no-such-option", "x"], ["--require"], ["--json"]], ids=["none", "unknown", "bare", "no file"]
)
def test_wrong_call_is_2_with_one_line(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("eigenstill-check: ")
    assert done.stderr.count("\n") == 1


def test_help_and_version_are_0():
    shown = run("--help")
    assert shown.returncode == 0
    assert "Exit codes: 0 every certificate accepted" in shown.stdout
    assert run("--version").stdout.strip() == __version__


def test_quiet_is_one_line(good):
    done = run("--quiet", good)
    assert done.returncode == 0
    assert done.stdout == f"ACCEPTED  {good}: 13 claims hold\n"


def test_json_is_a_list_of_verdicts_and_nothing_else(folder, good):
    done = run("--json", good, folder / "rejected.cert.json", folder / "malformed.cert.json", folder / "none")
    assert done.returncode == 3
    verdicts = json.loads(done.stdout)
    assert [entry["verdict"] for entry in verdicts] == ["accepted", "rejected", "malformed", "no_verdict"]
    assert [entry["exit_code"] for entry in verdicts] == [0, 1, 2, 3]
    accepted, rejected, *rest = verdicts
    assert accepted["checked"] == CLAIMS
    assert [claim["claim"] for claim in rejected["claims"] if not claim["accepted"]] == ["compression"]
    assert {"got": "21", "needed": "20"}.items() <= rejected["claims"][4].items()
    assert all(entry["not_covered"] for entry in verdicts)
    beyond = [claim for claim in ("global", "tolerance", "closer", "interval", "mean_error") if claim in CLAIMS]
    assert accepted["not_covered"][0].endswith(f"about the recorded rows, but for {', '.join(beyond)}")
    assert rest[0]["not_covered"][0].endswith("about the recorded rows")
    assert [entry["checked"] for entry in rest] == [[], []]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good", "good"], 0),
        (["good", "rejected"], 1),
        (["rejected", "malformed", "good"], 2),
        (["malformed", "missing", "rejected"], 3),
    ],
)
def test_of_several_files_each_gets_a_line_and_the_largest_code_wins(folder, names, code):
    done = run(*[folder / f"{name}.cert.json" for name in names])
    assert done.returncode == code
    words = {"good": "ACCEPTED", "rejected": "REJECTED", "malformed": "MALFORMED", "missing": "NO VERDICT"}
    *lines, last = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [words[name] for name in names]
    assert last.startswith(f"{['ACCEPTED', 'REJECTED', 'MALFORMED', 'NO VERDICT'][code]}  {len(names)} certificates: ")


@pytest.mark.parametrize("flags", [(), ("--quiet",)])
@pytest.mark.parametrize(
    ("name", "word"),
    [("good", "ACCEPTED"), ("rejected", "REJECTED"), ("malformed", "MALFORMED"), ("none", "NO VERDICT")],
)
def test_the_last_line_states_the_verdict(folder, name, word, flags):
    path = folder / f"{name}.cert.json"
    assert run(*flags, path).stdout.splitlines()[-1].startswith(f"{word}  {path}")


def test_require_takes_a_claim_that_is_there(good):
    assert run("--require", "basis", "--require", "evaluation", good).returncode == 0


@pytest.mark.parametrize("claim", ["shrinkage", "", "BASIS", "b" * 1000])
def test_require_refuses_a_certificate_without_the_claim(good, claim):
    done = run("--require", claim, good)
    assert done.returncode == 2
    assert "missing; it was required of this certificate" in done.stdout
    assert len(done.stdout) < 400


@pytest.mark.parametrize("name", ["good", "rejected", "malformed", "missing"])
@pytest.mark.parametrize("flags", [("-O",), ("-OO",), ("-S", "-E"), ("-X", "utf8=0")], ids=" ".join)
def test_interpreter_flags_change_no_verdict(folder, name, flags):
    path = folder / f"{name}.cert.json"
    if "-S" in flags:  # no site-packages: the package from its folder
        code = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3] / 'python')!r}); "
            "from eigenstill_check.__main__ import main; sys.exit(main(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, *flags, "-c", code, "--quiet", path], capture_output=True, text=True, check=False
        )
    else:
        done = run("--quiet", path, python=flags)
    plain = run("--quiet", path)
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)


def test_folder_of_the_call_does_not_matter(good, tmp_path):
    assert run("--quiet", good.name, cwd=good.parent).returncode == 0
    assert run("--quiet", Path("..") / good.parent.name / good.name, cwd=good.parent).returncode == 0


def test_a_link_to_the_certificate_looks_for_arrays_beside_the_link(good, tmp_path):
    link = tmp_path / good.name
    link.symlink_to(good)
    assert run(link).returncode == 3, "the arrays are not there"
    (tmp_path / "good.cert.safetensors").write_bytes((good.parent / "good.cert.safetensors").read_bytes())
    assert run(link).returncode == 0


def patched(body: str, *arguments: object) -> list[str]:
    """The command line with `check` replaced by something that goes wrong."""
    code = f"import sys, time\nimport eigenstill_check.__main__ as m\n{body}\nm.check = check\nsys.exit(m.main())"
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_interruption_is_3(good):
    body = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # jobs in the background ignore it
        "def check(*a, **k):\n    print('ready', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen(patched(body, good), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 3
    assert errors == "NO VERDICT: interrupted; run the check again\n"


@pytest.mark.parametrize(
    "error", ["ValueError('x')", "MemoryError()", "RecursionError()", "ZeroDivisionError()", "AssertionError()"]
)
@pytest.mark.parametrize("flag", ["--quiet", "--json"])
def test_a_crash_is_3_and_no_verdict(good, error, flag):
    done = subprocess.run(
        patched(f"def check(*a, **k):\n    raise {error}", flag, good), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"NO VERDICT: {error.partition('(')[0]}")
    assert "Traceback" not in done.stderr


def test_a_crash_after_an_accepted_file_is_still_3(good):
    body = (
        "real, calls = m.check, []\n"
        "def check(*a, **k):\n    calls.append(a)\n    if len(calls) == 2: raise RuntimeError('second')\n"
        "    return real(*a, **k)"
    )
    done = subprocess.run(patched(body, good, good), capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "NO VERDICT: RuntimeError: second; this is a fault of the checker, please report it\n"


def test_the_installed_command_is_the_same_program(good):
    command = Path(sys.executable).with_name("eigenstill-check")
    done = subprocess.run([command, "--quiet", good], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"ACCEPTED  {good}: 13 claims hold\n")
