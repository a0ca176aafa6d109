"""Tables: every supported file gives the same float64 numbers, every fault its one sentence."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill.errors import DataError, UnreadableError
from eigenstill.tables import as_table, load_labels, load_table, require_varying, split_spec
from eigenstill.tables.csv_file import parse_csv


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_reads_names_values_and_digest(tmp_path):
    path = write(tmp_path / "a.csv", "a,b\n1,2.5\n-3e-2,4\n")
    table = load_table(path)
    assert table.names == ("a", "b")
    assert table.named
    assert table.values.tolist() == [[1.0, 2.5], [-0.03, 4.0]]
    assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not table.values.flags.writeable


def test_csv_without_header_gets_made_up_names(tmp_path):
    table = load_table(write(tmp_path / "a.csv", "1,2\n3,4\n"))
    assert (table.names, table.named, table.shape) == (("x0", "x1"), False, (2, 2))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_csv_numbers_are_correctly_rounded(values):
    text = "a\n" + "\n".join(repr(value) for value in values)
    _, read, _ = parse_csv(text.encode(), "t.csv", None, ())
    assert read[:, 0].tolist() == values


def test_csv_rounds_a_long_decimal_to_the_nearest_float(tmp_path):
    digits = "0.1000000000000000055511151231257827021181583404541015625000001"
    value = load_table(write(tmp_path / "a.csv", f"a\n{digits}\n")).values[0, 0]
    below, above = np.nextafter(value, -np.inf), np.nextafter(value, np.inf)
    gap = abs(Fraction(float(value)) - Fraction(digits))
    assert gap <= abs(Fraction(float(below)) - Fraction(digits))
    assert gap <= abs(Fraction(float(above)) - Fraction(digits))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,NA\n2,\n", r"row 0, column b: missing value \(2 in this column\).*fill or drop these rows"),
        ("a,b\n1,red\n", r"row 0, column b: got the text 'red'.*encode the categories"),
        ("a,b\n1,inf\n", r"row 0, column b: got inf; need a finite float64"),
        ("a,b\n1,1e400\n", r"row 0, column b: got 1e400; need a finite float64"),
        ("a,b\n1,1_000\n", r"column b: got the text '1_000'"),
        ("a,b\n1,１\n", r"column b: got the text"),
        ("a,b\n1\n", r"row 0 has 1 cells; need 2"),
        ("a,a\n1,2\n", r"two columns are named a"),
        ("a,\n1,2\n", r"column 1 has no name"),
        ("a,b\n", r"no rows after the header"),
        ("", r"no rows; need a header line"),
        ("a;b\n1;2\n", r"one column named 'a;b'; need commas"),
        ('a,b\n"1,2\n', r"not readable as CSV"),
    ],
)
def test_csv_faults_name_the_place_and_the_remedy(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        load_table(write(tmp_path / "a.csv", text))


def test_csv_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a\n\xff\n")
    with pytest.raises(DataError, match="byte 2 is not UTF-8"):
        load_table(tmp_path / "a.csv")


def test_text_columns_do_no_harm_where_they_are_not_read(tmp_path):
    path = write(tmp_path / "a.csv", "name,a,b\nx,1,2\ny,3,4\n")
    assert load_table(path, drop=["name"]).names == ("a", "b")
    assert load_table(path, columns=["b", "a"]).values.tolist() == [[2, 1], [4, 3]]
    assert load_labels(f"{path}:b").values.tolist() == [[2], [4]]
    with pytest.raises(DataError, match="no column c; it has name, a, b"):
        load_table(path, columns=["c"])


def test_numpy_files(tmp_path):
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.save(tmp_path / "a.npy", np.asfortranarray(values))
    np.savez(tmp_path / "b.npz", values)
    np.savez(tmp_path / "c.npz", one=values, two=values[:, 0])
    assert np.array_equal(load_table(tmp_path / "a.npy").values, values)
    assert np.array_equal(load_table(tmp_path / "b.npz").values, values)
    assert load_table(f"{tmp_path / 'c.npz'}:two").values.tolist() == [[0], [3]]
    with pytest.raises(DataError, match=r"holds 2 arrays \(one, two\); name one"):
        load_table(tmp_path / "c.npz")
    with pytest.raises(DataError, match="no array three"):
        load_table(f"{tmp_path / 'c.npz'}:three")


def test_numpy_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="pickled objects, which are never loaded"):
        load_table(tmp_path / "a.npy")


def test_numpy_faults(tmp_path):
    np.save(tmp_path / "nan.npy", np.array([[1.0, np.nan]]))
    np.save(tmp_path / "cube.npy", np.zeros((2, 2, 2)))
    np.save(tmp_path / "big.npy", np.array([[2**60 + 1]]))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "nan.npy").read_bytes()[:40])
    for name, message in {
        "nan": r"nan.npy: row 0, column x1: got nan \(1 such in all\)",
        "cube": r"shape \(2, 2, 2\); need rows and columns",
        "big": r"integer of size 1152921504606846977; need at most 2\^53",
        "cut": "not a readable .npy file",
    }.items():
        with pytest.raises(DataError, match=message):
            load_table(tmp_path / f"{name}.npy")


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(
        pyarrow.table({"a": [1, 2], "b": [0.5, None], "c": ["x", "y"], "d": [True, False]}), tmp_path / "a.parquet"
    )
    assert load_table(tmp_path / "a.parquet", columns=["d", "a"]).values.tolist() == [[1, 1], [0, 2]]
    assert load_labels(f"{tmp_path / 'a.parquet'}:a").names == ("a",)
    with pytest.raises(DataError, match="column b has 1 missing values"):
        load_table(tmp_path / "a.parquet", columns=["b"])
    with pytest.raises(DataError, match="column c holds string; need numbers"):
        load_table(tmp_path / "a.parquet", columns=["c"])
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="not a readable Parquet file"):
        load_table(tmp_path / "b.parquet")


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".pickle", ".joblib"])
def test_a_pickle_is_refused_before_it_is_opened(tmp_path, suffix):
    path = tmp_path / f"missing{suffix}"  # it need not even exist
    with pytest.raises(DataError, match="a pickle can run any code"):
        load_table(path)


def test_missing_files_and_unknown_suffixes(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be read") as caught:
        load_table(tmp_path / "none.csv")
    assert caught.value.exit_code == 3
    with pytest.raises(DataError, match=r"suffix .xlsx; need .csv, .parquet, .arrow, .feather, .npy, .npz"):
        load_table(tmp_path / "a.xlsx")


def test_split_spec(tmp_path):
    assert split_spec("a.csv:price") == (split_spec("a.csv")[0], "price")
    odd = write(tmp_path / "a.csv:b", "x\n1\n")
    assert split_spec(odd) == (odd, None)


def test_arrays_become_tables():
    table = as_table([[1, 2], [3, 5]])
    assert (table.names, table.named) == (("x0", "x1"), False)
    assert as_table([[1, 2]], ["a", "b"]).named
    require_varying(table)
    with pytest.raises(DataError, match=r"column b is constant \(2 in all 2 rows\).*drop b"):
        require_varying(as_table([[1, 2], [3, 2]], ["a", "b"]))
    with pytest.raises(DataError, match="2 names for 1 columns"):
        as_table([[1]], ["a", "b"])
    with pytest.raises(DataError, match=r"shape \(3,\); need \(rows, columns\)"):
        as_table([1, 2, 3])
    with pytest.raises(DataError, match="need real numbers"):
        as_table([["a"]])
    with pytest.raises(DataError, match="need at most 2\\^200"):
        as_table([[1e100]])


def test_data_frames_bring_their_names():
    class Frame:
        columns = ("b", 7)

        def to_numpy(self):
            return np.array([[1.0, 2.0]])

    table = as_table(Frame())
    assert (table.names, table.named) == (("b", "7"), True)


def test_columns_are_chosen_by_name():
    table = as_table([[1, 2, 3]], ["a", "b", "c"])
    assert table.columns(["c", "a"]).values.tolist() == [[3, 1]]
    assert table.without(["b"]).names == ("a", "c")
    with pytest.raises(DataError, match="no column z; need z; it has a, b, c"):
        table.columns(["z"])
