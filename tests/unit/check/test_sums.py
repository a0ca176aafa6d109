"""Exact sums shard by shard: added they are those of one pass, bit for bit; a record is believed only in plain sight."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill_check import check, cost, format_text, schema_text
from eigenstill_check.arithmetic import Arithmetic
from eigenstill_check.certificate import parse, read
from eigenstill_check.claims import CLAIMS
from eigenstill_check.dyadic import Dyadic
from eigenstill_check.layout import load_document
from eigenstill_check.limits import STANDARD
from eigenstill_check.record_shard import record_shard
from eigenstill_check.recorded_sums import _runs, frame_of
from eigenstill_check.rows import scan
from eigenstill_check.shard_sums import DECIDED_FROM_SUMS, model_digest
from eigenstill_check.sums_document import PROFILE, read_heading, read_sums
from support.files import draft_from
from support.reference import parse_exact
from support.sharded import OF_THE_ROWS, resharded, rows_of

ACCEPT = Path(__file__).parents[2] / "corpus" / "accept"
NAMES = ("every_claim", "agreement", "exported", "features", "gaussian_linear", "l1_alone_three_outputs", "no_labels")


def source(name: str) -> Path:
    return ACCEPT / f"{name}.cert.json"


def records(path: Path, **options) -> list[Path]:
    """A record of every shard with rows, written one by one."""
    files = json.loads(path.read_text())["arrays"]
    found = []
    for number, entry in enumerate(files):
        if entry["rows"]:
            out = path.with_name(f"{number}.sums.json")
            done = record_shard(path, number, out, **options)
            assert done.code == 0, done.message
            found.append(out)
    return found


def decided(verdict) -> list[tuple]:
    """Claims as decided, but for how the basis was come by."""
    return [(c.claim, c.accepted, c.statement if c.claim != "basis" else "", c.where, c.got) for c in verdict.claims]


@st.composite
def spread(draw: st.DrawFn, rows: int, held: int) -> list[tuple[int, int]]:
    """Ways to spread rows over array files: the first may have none, every other one has some."""
    cuts = sorted(draw(st.sets(st.integers(1, rows - 1), max_size=3)))
    counts = [b - a for a, b in zip([0, *cuts], [*cuts, rows], strict=True)]
    edges = sorted(draw(st.lists(st.integers(0, held), min_size=len(counts) - 1, max_size=len(counts) - 1)))
    parts = [b - a for a, b in zip([0, *edges], [*edges, held], strict=True)]
    empty = [(0, 0)] if draw(st.booleans()) else []
    return empty + list(zip(counts, parts, strict=True))


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> Path:
    """A certificate about a model's file and three shards, with its records 1, 2, 3."""
    rows, held = rows_of(source("every_claim"))
    folder = tmp_path_factory.mktemp("three")
    path = resharded(source("every_claim"), [(0, 0), (3, 1), (2, 0), (rows - 5, held - 1)], folder)
    records(path)
    return path


@pytest.fixture
def copy(three, tmp_path) -> Path:
    shutil.copytree(three.parent, tmp_path / "copy")
    return tmp_path / "copy" / three.name


# the sums are those of one pass


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_however_rows_are_spread_the_records_add_up_to_the_whole(name, data):
    layout = data.draw(spread(*rows_of(source(name))))
    with tempfile.TemporaryDirectory() as folder:
        path = resharded(source(name), layout, Path(folder))
        plain = check(path)
        assert plain.accepted, plain.message
        found = records(path)
        kept = data.draw(st.sets(st.sampled_from(found), min_size=1))
        for number, _ in enumerate(layout):
            if number and Path(folder) / f"{number}.sums.json" in kept:
                (Path(folder) / f"x.cert.{number}.safetensors").unlink()  # not looked at
        verdict = check(path, sums=sorted(kept))
        assert (verdict.code, decided(verdict)) == (0, decided(plain))
        assert len(verdict.sums) == len(kept)


@pytest.mark.parametrize("name", NAMES)
def test_integers_are_those_of_one_pass(name, tmp_path):
    rows, held = rows_of(source(name))
    path = resharded(source(name), [(2, min(1, held)), (1, 0), (rows - 3, held - min(1, held))], tmp_path)
    whole, certificate = scan(read(path)), read(path)
    total = None
    for record in records(path):
        heading, document = read_heading(json.loads(record.read_text()))
        part = read_sums(document, heading, frame_of(certificate)).rows
        total = part if total is None else total.merged(part)
    assert (total.column_sums, total.gram, total.splits) == (whole.column_sums, whole.gram, whole.splits)
    assert total.products.keys() == whole.products.keys()
    for target, vectors in whole.products.items():
        for mine, other in zip(total.products[target], vectors, strict=True):
            assert [Dyadic(x, mine.exponent) for x in mine.entries] == [
                Dyadic(x, other.exponent) for x in other.entries
            ]


@pytest.mark.parametrize("name", ["every_claim", "l1_alone_three_outputs", "features"])
def test_record_holds_the_numbers_of_the_definition(name, tmp_path):
    """Against fractions, from FORMAT.md alone: C from the reference, sums with a loop each."""
    rows, held = rows_of(source(name))
    path = resharded(source(name), [(2, 0), (rows - 2, held)], tmp_path)
    record = json.loads(records(path)[1].read_text())
    draft = draft_from(path)
    reference, tensors = draft.reference(), draft.tensors
    columns = [[int(v / reference.grid) for v in row] for row in reference.columns[2:]]
    r = len(columns[0])
    assert [parse_exact(x) for x in record["column_sums"]] == [sum(row[j] for row in columns) for j in range(r)]
    word = len(f"{(rows - 2) << (2 * draft.basis['grid_bits']):x}")
    for i in range(r):
        entries = [record["gram"][i][k : k + word] for k in range(0, len(record["gram"][i]), word)]
        assert [int(x, 16) for x in entries] == [sum(row[i] * row[j] for row in columns) for j in range(i, r)]
    for product in record["products"]:
        for o, vector in enumerate(product["outputs"]):
            values = [Fraction(row[o]) for row in tensors[f"train.{product['target']}"][2:]]
            wanted = [sum(row[j] * v for row, v in zip(columns, values, strict=True)) for j in range(r)]
            assert [parse_exact(x) for x in vector] == wanted
    for split in record["splits"]:
        name, start = split["split"], 2 if split["split"] == "train" else 0
        inputs = tensors[f"{name}.inputs"][start:]
        for target in split["targets"]:
            for o, sums in enumerate(target["outputs"]):
                values = [Fraction(row[o]) for row in tensors[f"{name}.{target['target']}"][start:]]
                errors = [v - reference.floored_formula(x, o) for v, x in zip(values, inputs, strict=True)]
                assert parse_exact(sums["squared_errors"]) == sum(e * e for e in errors)
                assert parse_exact(sums["largest_error"]) == max(map(abs, errors))
                assert parse_exact(sums["values"]) == sum(values)
                assert parse_exact(sums["squared_values"]) == sum(v * v for v in values)
    assert record["shard"]["sha256"] == json.loads(path.read_text())["arrays"][1]["sha256"]


def test_one_shard_is_the_same_format(tmp_path):
    path = resharded(source("every_claim"), [rows_of(source("every_claim"))], tmp_path)
    (record,) = records(path)
    verdict = check(path, sums=[record])
    assert (verdict.code, verdict.sums[0].shard) == (0, 0), verdict.message
    assert check(path, sums=[record], verify=True).code == 0


def test_a_record_is_the_same_bytes_whoever_writes_it(three, tmp_path):
    for number, options in ((1, {"jobs": 3}), (2, {"arithmetic": "numpy"}), (3, {"jobs": 2, "arithmetic": "numpy"})):
        out = tmp_path / "again.sums.json"
        assert record_shard(three, number, out, **options).code == 0
        assert out.read_bytes() == (three.parent / f"{number}.sums.json").read_bytes()


def test_a_shard_needs_the_model_and_its_own_file_only(copy):
    wanted = (copy.parent / "2.sums.json").read_bytes()
    for number in (1, 3):
        (copy.parent / f"x.cert.{number}.safetensors").unlink()
    done = record_shard(copy, 2, copy.parent / "2.sums.json")
    assert (done.code, (copy.parent / "2.sums.json").read_bytes()) == (0, wanted)
    assert record_shard(copy, 1, copy.parent / "1.sums.json").code == 3


def test_detached_shards(copy):
    document = json.loads(copy.read_text())
    for entry in document["arrays"][1:]:
        entry["detached"] = True
    copy.write_text(json.dumps(document))
    kept = copy.parent / "elsewhere.bin"
    (copy.parent / "x.cert.2.safetensors").rename(kept)
    assert record_shard(copy, 2, copy.parent / "again.json").code == 3
    assert record_shard(copy, 2, copy.parent / "again.json", data=[kept]).code == 0
    assert (copy.parent / "again.json").read_bytes() == (copy.parent / "2.sums.json").read_bytes()
    assert check(copy, sums=[copy.parent]).code == 0
    only_two = [copy.parent / f"{number}.sums.json" for number in (1, 3)]
    assert check(copy, sums=only_two).code == 3
    assert check(copy, sums=only_two, data=[kept]).code == 0


def test_a_column_that_leaves_the_grid_is_rejected_with_its_shard(tmp_path):
    rows, held = rows_of(source("every_claim"))
    path = resharded(source("every_claim"), [(0, 0), (4, 0), (rows - 4, held)], tmp_path)
    document = json.loads(path.read_text())
    document["basis"]["linear_exponents"][0] -= 8
    path.write_text(json.dumps(document))
    outcomes = [record_shard(path, number, tmp_path / "x.sums.json") for number in (1, 2)]
    assert 1 in [done.code for done in outcomes]
    for number, done in enumerate(outcomes, 1):
        assert done.code == 0 or f"shard {number} (x.cert.{number}.safetensors): basis" in done.message


# what is believed is said


def test_believed_sums_are_in_the_verdict(three):
    plain = check(three)
    verdict = check(three, sums=[three.parent / "3.sums.json", three.parent / "1.sums.json"])
    assert verdict.code == 0
    assert verdict.message.endswith(
        "claims hold, with the sums of 2 shards as recorded: their rows were not gone through"
    )
    assert [(used.shard, used.file, used.recomputed) for used in verdict.sums] == [
        (1, "x.cert.1.safetensors", False),
        (3, "x.cert.3.safetensors", False),
    ]
    assert verdict.to_json()["sums"][0]["record"].endswith("1.sums.json")
    assert verdict.not_covered[-1].startswith("that the sums taken as recorded are those of their rows")
    assert "recomputed from the rows" not in verdict.claims[0].statement
    assert (plain.sums, plain.to_json()["sums"]) == ((), [])
    assert "recomputed from the rows" in plain.claims[0].statement


def test_a_false_record_can_be_believed_and_verify_names_it(copy):
    """What trust in a record means: a false certificate with records to match is accepted, until its rows are asked."""
    sizes = {}
    for number in (1, 2, 3):
        document = json.loads((copy.parent / f"{number}.sums.json").read_text())
        sizes[number] = parse_exact(document["splits"][0]["largest_magnitude"])
    number = min(sizes, key=sizes.get)
    record = copy.parent / f"{number}.sums.json"
    document = json.loads(record.read_text())
    document["splits"][0]["largest_magnitude"] = "1p-9"
    record.write_text(json.dumps(document))
    assert check(copy, sums=[record]).code == 0
    verdict = check(copy, sums=[copy.parent], verify=True)
    assert verdict.code == 1
    where = f"{number}.sums.json of shard {number} (x.cert.{number}.safetensors): splits[0].largest_magnitude"
    assert f'{where}: got "1p-9"' in verdict.message


def test_verified_records_leave_nothing_to_believe(three):
    verdict = check(three, sums=[three.parent], verify=True, jobs=2)
    assert (verdict.code, decided(verdict)) == (0, decided(check(three)))
    assert verdict.claims == check(three).claims
    assert [used.recomputed for used in verdict.sums] == [True] * 3
    assert not any("as recorded are" in line for line in verdict.not_covered)


def leaves(value, place=()):
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*place, key))
    else:
        yield place, value


def other(place, value):
    """Another value of the same form, so that only the rows can tell."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1 if value == 0 else value - 1
    if "gram" in place:
        return value[:-1] + format(int(value[-1], 16) ^ 1, "x")
    return str(Dyadic.parse(value) + Dyadic(1, -3)) if value != "0p0" else "1p-3"


def test_verify_finds_every_number_of_a_record(copy):
    record = copy.parent / "3.sums.json"
    honest = json.loads(record.read_text())
    places = [
        (place, value) for place, value in leaves(honest) if place[0] in ("column_sums", "gram", "products", "splits")
    ]
    places = [
        (place, value)
        for place, value in places
        if place[-1] not in ("split", "target", "export") and value is not None
    ]
    assert len(places) > 40
    for place, value in places:
        changed = json.loads(json.dumps(honest))
        inner = changed
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = other(place, value)
        record.write_text(json.dumps(changed))
        verdict = check(copy, sums=[record], verify=True)
        where = place[0] + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place[1:])
        if "agreement" in place and "labels" not in place:
            where = where.rpartition(".")[0]  # counts that do not go together are malformed together
        assert (verdict.code in (1, 2), where in verdict.message) == (True, True), (where, verdict.message)


@pytest.mark.parametrize("shared", [0, 10**9])
@pytest.mark.parametrize("jobs", [2, 3, 5])
def test_verify_says_the_same_on_any_number_of_processes(tmp_path, monkeypatch, jobs, shared):
    """Blocks of one shard's rows, or shards too small for that, go to several processes."""
    rows, held = rows_of(source("every_claim"))
    path = resharded(source("every_claim"), [(0, 0), (2, held), (1, 0), (rows - 5, 0), (1, 0), (1, 0)], tmp_path)
    found = records(path)
    monkeypatch.setattr("eigenstill_check.rows.BLOCK_ROWS", 2)
    monkeypatch.setattr("eigenstill_check.rows.WORTH_SHARING", shared)
    alone = {**check(path, sums=found, verify=True).to_json(), "seconds": 0}
    assert alone["exit_code"] == 0
    assert {**check(path, sums=found, verify=True, jobs=jobs).to_json(), "seconds": 0} == alone
    for number in (2, 5):
        document = json.loads((tmp_path / f"{number}.sums.json").read_text())
        document["gram"][1] = other(("gram", 1), document["gram"][1])
        (tmp_path / f"{number}.sums.json").write_text(json.dumps(document))
    alone = check(path, sums=found, verify=True)
    assert alone.code == 1
    assert "2.sums.json of shard 2 (x.cert.2.safetensors): gram[1]" in alone.message
    assert check(path, sums=found, verify=True, jobs=jobs).message == alone.message


def test_small_shards_are_dealt_out_in_runs(tmp_path, monkeypatch):
    rows, held = rows_of(source("every_claim"))
    path = resharded(source("every_claim"), [(0, 0), (1, 0), (1, 0), (rows - 3, held), (1, 0)], tmp_path)
    monkeypatch.setattr("eigenstill_check.rows.BLOCK_ROWS", 1)
    certificate = read(path)
    monkeypatch.setattr("eigenstill_check.rows.WORTH_SHARING", 2 * certificate.model.columns)  # two blocks
    assert rows - 3 > 2
    assert _runs(certificate, [1, 2, 3, 4], Arithmetic(3)) == [[1, 2], [3], [4]]
    assert _runs(certificate, [1, 2, 3, 4], Arithmetic(1)) == [[1], [2], [3], [4]]


def test_verify_names_every_wrong_shard(copy):
    for number in (1, 3):
        record = copy.parent / f"{number}.sums.json"
        document = json.loads(record.read_text())
        document["gram"][1] = document["gram"][1][:-1] + format(int(document["gram"][1][-1], 16) ^ 1, "x")
        record.write_text(json.dumps(document))
    verdict = check(copy, sums=[copy.parent], verify=True)
    size = len(document["gram"]) - 2
    assert verdict.code == 1
    assert f"1.sums.json of shard 1 (x.cert.1.safetensors): gram[1][{size}]: got" in verdict.message
    assert "wrong too: the records of shards 3 (x.cert.3.safetensors)" in verdict.message


# claims that need more than sums


def test_every_claim_is_decided_from_sums_or_refused():
    assert set(OF_THE_ROWS) == CLAIMS.keys() - DECIDED_FROM_SUMS
    assert set(OF_THE_ROWS) == set(cost.ROW_CLAIMS) - {"agreement"}


@pytest.mark.parametrize("claim", OF_THE_ROWS)
def test_claims_about_rows_get_no_verdict_from_records_alone(claim, tmp_path):
    rows, held = rows_of(source("every_claim"))
    others = [name for name in OF_THE_ROWS if name != claim]
    path = resharded(source("every_claim"), [(4, held), (rows - 4, 0)], tmp_path, left_out=others)
    found = records(path)
    verdict = check(path, sums=[found[1]])
    assert (verdict.code, verdict.claims) == (3, ())
    assert f"claim {claim}: " in verdict.message
    assert "shards 1 (x.cert.1.safetensors)" in verdict.message
    assert check(path, sums=found, verify=True).claims == check(path).claims


def test_counts_of_agreement_are_there_exactly_where_it_is_claimed(tmp_path):
    rows, held = rows_of(source("agreement"))
    layout = [(4, held), (rows - 4, 0)]
    claimed = resharded(source("agreement"), layout, tmp_path / "claimed")
    without = resharded(source("agreement"), layout, tmp_path / "without", left_out=["agreement"])
    assert check(claimed, sums=records(claimed)).code == check(without, sums=records(without)).code == 0
    for path, others in ((claimed, without), (without, claimed)):
        verdict = check(path, sums=[others.parent])
        assert (verdict.code, "counts of claim agreement" in verdict.message) == (3, True), verdict.message


# hostile records: code and reason


def key_twice(text):
    return text.replace('"model":', '"model": "00", "model":', 1)


def with_change(*place, value):
    def change(text):
        document = json.loads(text)
        inner = document
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value(inner[place[-1]]) if callable(value) else value
        return json.dumps(document)

    return change


NO_COUNTS = {"agree": 0, "disagree": 0, "teacher_ties": 0, "margin": None, "labels": None}
HOSTILE = {
    "key twice": (key_twice, 2, "duplicate key 'model'"),
    "another profile": (with_change("profile", value="sums-2"), 2, 'profile: "sums-2"; need "sums-1"'),
    "an unknown key": (lambda text: text.replace("{", '{"note": 1,', 1), 2, "note: unknown key"),
    "a key missing": (lambda text: text.replace('"gram"', '"Gram"', 1), 2, "Gram: unknown key"),
    "text behind": (lambda text: text + "{}", 2, "not JSON"),
    "deep nesting": (lambda text: "[" * 40 + text, 2, "nested deeper"),
    "other model": (with_change("model", value="0" * 64), 1, "model: got sha256 0000"),
    "other file": (with_change("shard", "sha256", value="0" * 64), 1, "shard.sha256: got sha256 0000"),
    "another number": (with_change("shard", "number", value=1), 1, "2.sums.json of shard 1: shard.sha256"),
    "a number beyond": (with_change("shard", "number", value=9), 1, "shard.number: got 9, need 0 to 3"),
    "a negative number": (with_change("shard", "number", value=-1), 2, "shard.number: -1; need 0"),
    "other rows": (with_change("shard", "rows", value=3), 1, "shard.rows: got 3, need 2"),
    "negative rows": (with_change("shard", "rows", value=-2), 2, "shard.rows: -2; need 1"),
    "hold-out rows invented": (with_change("shard", "holdout_rows", value=1), 1, "shard.holdout_rows: got 1, need 0"),
    "huge count": (lambda text: text.replace('"rows": 2', '"rows": ' + "9" * 10**6), 2, "need an integer"),
    "huge integer": (with_change("column_sums", 0, value="1" * 10**6 + "p0"), 2, "column_sums[0]"),
    "huge exponent": (with_change("column_sums", 0, value="1p1000000000"), 2, "column_sums[0]"),
    "column sum above n 2^p": (with_change("column_sums", 1, value="1p200"), 2, "column_sums[1]: \"1p200\"; need an integer"),
    "column sum no integer": (with_change("column_sums", 1, value="1p-1"), 2, "column_sums[1]"),
    "negative column sum": (with_change("column_sums", 1, value="-1p0"), 2, "column_sums[1]"),
    "even mantissa": (with_change("column_sums", 1, value="2p0"), 2, "odd mantissa"),
    "column sum left out": (with_change("column_sums", value=lambda v: v[1:]), 2, "column_sums: a list of"),
    "gram above n 2^2p": (with_change("gram", 0, value=lambda v: "f" * len(v)), 2, "gram[0]: an entry above n 2^(2p)"),
    "gram cut": (with_change("gram", 0, value=lambda v: v[1:]), 2, "gram[0]"),
    "gram of other digits": (with_change("gram", 0, value=lambda v: "_" + v[1:]), 2, "gram[0]"),
    "gram negative": (with_change("gram", 0, value=lambda v: "-" + v[1:]), 2, "gram[0]"),
    "gram in capitals": (with_change("gram", 0, value=lambda v: "A" + v[1:]), 2, "gram[0]"),
    "gram a number": (with_change("gram", 0, value=0), 2, "gram[0]"),
    "row of gram left out": (with_change("gram", value=lambda v: v[1:]), 2, "gram: a list of"),
    "product left out": (with_change("products", 0, "outputs", 0, value=lambda v: v[1:]), 2, "products[0].outputs[0]"),
    "labels left out": (with_change("products", value=lambda v: v[:1]), 2, "products: of teacher; need those"),
    "targets exchanged": (with_change("products", value=lambda v: v[::-1]), 2, "products[0].target"),
    "negative square": (
        with_change("splits", 0, "targets", 0, "outputs", 0, "squared_errors", value="-1p0"),
        2,
        "splits[0].targets[0].outputs[0].squared_errors: \"-1p0\"; need at least 0",
    ),
    "a split invented": (with_change("splits", value=lambda v: v * 2), 2, "splits: a list of 2"),
    "a split renamed": (with_change("splits", 0, "split", value="holdout"), 2, "splits[0].split"),
    "an export invented": (
        with_change("splits", 0, "exports", value=[{"export": "c", "largest_difference": "0p0"}]),
        2,
        "predictions of an export in some splits or shards only",
    ),
    "agreement denied": (with_change("splits", 0, "agreement", value=NO_COUNTS), 1, "claims[12] agreement.splits[0].agree"),
    "agreement left out": (
        with_change("splits", 0, "agreement", value=None),
        3,
        "without the counts of claim agreement",
    ),
    "more agreement than rows": (
        with_change("splits", 0, "agreement", value=NO_COUNTS | {"teacher_ties": 2, "disagree": 1}),
        2,
        "splits[0].agreement: 0 + 1 + 2 rows; need at most 2 in all",
    ),
    "agreement without margin": (
        with_change("splits", 0, "agreement", value=NO_COUNTS | {"agree": 1}),
        2,
        "splits[0].agreement.margin: null; need more than 0",
    ),
    "range no truth value": (with_change("splits", 0, "within_range", value=1), 2, "splits[0].within_range"),
    "changed digit of the trace": (
        with_change("gram", 0, value=lambda v: v[:14] + format(int(v[14], 16) ^ 8, "x") + v[15:]),
        1,
        "claims[0] basis.trace.exact: got",
    ),
    "not JSON": (lambda _: "eigenstill", 2, "not JSON"),
    "a list": (lambda text: f"[{text}]", 2, "need an object"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_records(name, copy):
    change, code, reason = HOSTILE[name]
    record = copy.parent / "2.sums.json"
    record.write_text(change(record.read_text()))
    verdict = check(copy, sums=[record, copy.parent / "1.sums.json"])
    assert (verdict.code, reason in verdict.message) == (code, True), verdict.message
    assert len(verdict.message) < 1_000
    if code != 1 or "claims" not in reason:
        assert "2.sums.json" in verdict.message
        assert check(copy, sums=[record], verify=True).code in (code, 1)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_bytes_a_record_has_it_is_judged_and_verify_is_not_fooled(three, data):
    honest = (three.parent / "2.sums.json").read_bytes()
    changed = bytearray(honest)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(honest) - 1))
        changed[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "2.sums.json"
        record.write_bytes(changed)
        assert check(three, sums=[record]).code in (0, 1, 2, 3)
        code = check(three, sums=[record], verify=True).code
    assert code in (0, 1, 2, 3)
    if code == 0:
        assert json.loads(changed) == json.loads(honest)


def test_a_shard_with_two_records_or_none(copy):
    again = copy.parent / "again.json"
    shutil.copy(copy.parent / "1.sums.json", again)
    verdict = check(copy, sums=[copy.parent / "1.sums.json", again])
    assert verdict.code == 2
    assert "again.json: shard 1 has a record already, 1.sums.json" in verdict.message
    (copy.parent / "x.cert.2.safetensors").unlink()
    verdict = check(copy, sums=[copy.parent / "1.sums.json", copy.parent / "3.sums.json"])
    assert (verdict.code, "x.cert.2.safetensors" in verdict.message) == (3, True), "neither rows nor record"
    assert check(copy, sums=[copy.parent], verify=True).code == 3


def test_labels_in_some_shards_only(copy):
    for place in (("1", 0), ("2", 0)):
        record = copy.parent / f"{place[0]}.sums.json"
        document = json.loads(record.read_text())
        document["products"] = document["products"][:1]
        for split in document["splits"]:
            split["targets"] = split["targets"][:1]
        record.write_text(json.dumps(document))
        verdict = check(copy, sums=[copy.parent / "3.sums.json", record])
        assert verdict.code == 2
        assert "of shard 3: train.labels in some shards only" in verdict.message
    (copy.parent / "3.sums.json").unlink()
    verdict = check(copy, sums=[copy.parent])
    assert verdict.code == 2, "shard 3 has labels, read from its rows"


def test_records_of_other_models(copy, tmp_path):
    rows, held = rows_of(source("no_labels"))
    other_one = resharded(source("no_labels"), [(0, 0), (rows, held)], tmp_path / "other")
    (record,) = records(other_one)
    verdict = check(copy, sums=[record])
    assert (verdict.code, "shard.sha256: got sha256" in verdict.message) == (1, True)
    document = json.loads(copy.read_text())
    document["basis"]["grid_bits"] += 1
    copy.write_text(json.dumps(document))
    verdict = check(copy, sums=[copy.parent / "1.sums.json"])
    assert (verdict.code, "1.sums.json of shard 1: model: got sha256" in verdict.message) == (1, True), verdict.message


def test_model_digest_covers_what_sums_depend_on_and_nothing_else(three):
    certificate = read(three)
    basis, model = certificate.basis, certificate.model
    whole = model_digest(basis, model)
    moved = {
        "landmarks": [[v + 1 for v in row] for row in model.landmarks],
        "scales": [v * 2 for v in model.scales],
        "coefficients": [[v + 1 for v in row] for row in model.coefficients],
        "intercept": [v + 1 for v in model.intercept],
        "weights": [[v + 1 for v in row] for row in model.weights],
        "offsets": [v + 1 for v in model.offsets],
    }
    digests = {model_digest(basis, replace(model, **{name: values})) for name, values in moved.items()}
    digests |= {
        model_digest(replace(basis, kernel="rational-l1"), model),
        model_digest(replace(basis, grid_bits=basis.grid_bits + 1), model),
        model_digest(replace(basis, linear_exponents=[e + 1 for e in basis.linear_exponents]), model),
    }
    assert len(digests | {whole}) == 10
    same = replace(model, excess=[], factor=[], eigenvectors=[], metric=[], linear_metric=[], ridge=None)
    assert model_digest(replace(basis, jitter=Dyadic(0), metric_exponent=0, excess_exponent=0), same) == whole


# sizes, files, other profiles


def test_sizes_come_first(copy):
    record = copy.parent / "2.sums.json"
    with record.open("r+b") as stream:
        stream.truncate(1 << 29)
    verdict = check(copy, sums=[record], limits=replace(STANDARD, memory=2_000))
    assert (verdict.code, "memory" in verdict.message) == (3, True)
    with record.open("r+b") as stream:
        stream.truncate((1 << 30) + 1)
    verdict = check(copy, sums=[record])
    assert (verdict.code, "1073741825 bytes; need at most 1073741824" in verdict.message) == (2, True)


def test_sizes_of_all_records_count(copy):
    places = [copy.parent / f"{number}.sums.json" for number in (1, 2)]
    for place in places:
        with place.open("r+b") as stream:
            stream.truncate(32 << 20)
    limits = replace(STANDARD, memory=300)
    assert check(copy, sums=places[:1], limits=limits).code == 2, "read, and no JSON"
    verdict = check(copy, sums=places, limits=limits)
    assert (verdict.code, "2.sums.json: 320 memory" in verdict.message) == (3, True), verdict.message


def test_estimates_leave_out_rows_that_are_not_gone_through(three):
    needed = int(check(three, limits=replace(STANDARD, memory=1)).message.split(" memory")[0].split()[-1])
    assert needed > 1
    raw = load_document(three)

    class Seen:
        def document(self, document):
            self.rows = [entry["rows"] for entry in document["arrays"]]

        def header(self, name, length, shapes):
            pass

    seen = Seen()
    certificate = parse(raw, three.parent, (), seen, without={1, 3})
    assert seen.rows == [0, 2]
    assert certificate.unread == (1, 3)


@pytest.mark.parametrize("kind", ["missing", "folder", "link"])
def test_unreadable_records(copy, kind):
    place = copy.parent / "none.sums.json"
    if kind == "folder":
        place = copy.parent / "empty"
        place.mkdir()
    elif kind == "link":
        place.symlink_to(copy.parent / "nowhere")
    assert check(copy, sums=[place]).code == 3


def test_no_place_for_the_record(three, tmp_path):
    done = record_shard(three, 1, tmp_path / "missing" / "x.json")
    assert (done.code, "cannot be written" in done.message) == (3, True)
    assert record_shard(three, 1, tmp_path).code == 3
    assert list(tmp_path.iterdir()) == [], "nothing half-written is left"


@pytest.mark.parametrize("number", [-1, 0, 4, 10**9])
def test_there_is_no_such_shard(three, tmp_path, number):
    done = record_shard(three, number, tmp_path / "x.json")
    assert (done.code, "need 1 to 3" in done.message) == (2, True)


def test_damaged_shard_is_rejected_before_its_sums(copy):
    file = copy.parent / "x.cert.2.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    done = record_shard(copy, 2, copy.parent / "new.json")
    assert (done.code, "x.cert.2.safetensors" in done.message) == (1, True)
    assert not (copy.parent / "new.json").exists()
    assert check(copy, sums=[copy.parent / "2.sums.json"]).code == 0, "believed: its file is not read"
    assert check(copy, sums=[copy.parent / "2.sums.json"], verify=True).code == 1


def test_a_record_is_no_certificate_and_others_have_none(three):
    verdict = check(three.parent / "1.sums.json")
    assert (verdict.code, "no certificate; give it with --sums" in verdict.message) == (2, True)
    import eigenstill

    svd = eigenstill.certify_svd([[2.0, 1.0], [1.0, 3.0], [0.5, 0.0]], 1, three.parent / "svd").path
    verdict = check(svd, sums=[three.parent / "1.sums.json"])
    assert (verdict.code, "svd-1 has no shards of rows" in verdict.message) == (2, True), verdict.message


def test_schema(three):
    schema = json.loads(schema_text(PROFILE))
    jsonschema.Draft202012Validator.check_schema(schema)
    for record in sorted(three.parent.glob("*.sums.json")):
        jsonschema.validate(json.loads(record.read_text()), schema)
    honest = json.loads(record.read_text())
    for changed in (
        {"profile": "svd-1"},
        {"column_sums": ["-1p0", "1p0"]},
        {"splits": honest["splits"] * 2},
        {"more": 1},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(honest | changed, schema)


def test_the_format_says_it():
    assert "## 7. Sums of shards (profile `sums-1`)" in format_text()


def test_jobs_of_processes_and_arithmetic_change_no_verdict(three):
    wanted = decided(check(three))
    for options in ({"jobs": 3}, {"arithmetic": "numpy"}):
        assert decided(check(three, sums=[three.parent / "2.sums.json"], **options)) == wanted
        assert decided(check(three, sums=[three.parent], verify=True, **options)) == wanted
    assert Arithmetic(2).jobs == 2
