"""Files written and read back: the same float64 numbers under the same names, in every format."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eigenstill.errors import DataError, UnreadableError
from eigenstill.tables import load_table, save_table

VALUES = np.array([[1.0, 0.1], [-3e-300, 2.0**60], [5e-324, 1e16 + 2]])
NAMED = [".csv", ".parquet", ".arrow", ".feather"]


@pytest.mark.parametrize("suffix", NAMED)
def test_names_and_numbers_come_back(tmp_path, suffix):
    pytest.importorskip("pyarrow")
    path = tmp_path / f"a{suffix}"
    for values in (VALUES, np.asfortranarray(VALUES), VALUES[::-1], VALUES.T.copy().T):
        save_table(path, ("price, net", 'the "b"'), values)
        table = load_table(path)
        assert table.names == ("price, net", 'the "b"')
        assert table.named
        assert table.values.tolist() == values.tolist()
    assert load_table(path, columns=['the "b"']).shape == (3, 1)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_numpy_files_hold_the_numbers(tmp_path):
    save_table(tmp_path / "a.npy", ("a", "b"), np.asfortranarray(VALUES))
    assert load_table(tmp_path / "a.npy").values.tolist() == VALUES.tolist()
    save_table(tmp_path / "a.npz", ("a", "b"), VALUES)
    assert load_table(f"{tmp_path / 'a.npz'}:b").values[:, 0].tolist() == VALUES[:, 1].tolist()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_csv_text_reads_back_exactly(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("x") / "a.csv"
    save_table(path, ("a",), np.array(values)[:, None])
    if max(map(abs, values)) <= 2.0**200:
        assert load_table(path).values[:, 0].tolist() == values


def test_arrow_streams_and_old_feather_files(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    feather = pytest.importorskip("pyarrow.feather")
    held = pyarrow.table({"b": [1, 2], "a": [0.5, 1.5]})
    with pyarrow.ipc.new_stream(tmp_path / "s.arrow", held.schema) as stream:
        stream.write_table(held)
    with pyarrow.ipc.new_file(tmp_path / "f.arrow", held.schema) as file:
        file.write_table(held)
    feather.write_feather(held, tmp_path / "z.feather", compression="zstd")
    for name in ("s.arrow", "f.arrow", "z.feather"):
        table = load_table(tmp_path / name)
        assert (table.names, table.values.tolist()) == (("b", "a"), [[1, 0.5], [2, 1.5]])
    for name in ("bad.arrow", "bad.feather"):
        for content in (b"", b"ARROW1\0\0 and no more", b"nothing of the kind"):
            (tmp_path / name).write_bytes(content)
            with pytest.raises(DataError, match="not a readable Arrow or Feather file"):
                load_table(tmp_path / name)


def test_faults(tmp_path):
    with pytest.raises(DataError, match=r"a.xlsx: suffix .xlsx; need .csv, .parquet, .arrow, .feather, .npy, .npz"):
        save_table(tmp_path / "a.xlsx", ("a",), np.ones((1, 1)))
    with pytest.raises(UnreadableError):
        save_table(tmp_path / "none" / "a.csv", ("a",), np.ones((1, 1)))
