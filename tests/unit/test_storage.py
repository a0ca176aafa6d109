"""One-file storage: readable with safetensors, byte for byte the same, refused when anything is off."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eigenstill import storage
from eigenstill.errors import StudentError, UnreadableError

ARRAYS = {"b": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "a": np.array([1, -2], dtype=np.int64)}
HEADER = {"format": "f", "version": 1, "text": "x"}


def save(path, data=None):
    path.write_bytes(storage.encode(ARRAYS, HEADER) if data is None else data)
    return path


def test_round_trip_in_row_major_order(tmp_path):
    """safetensors #825: Fortran-order arrays must not come back scrambled."""
    arrays, header = storage.read(save(tmp_path / "a"), "f", 1)
    assert header == HEADER
    assert arrays["b"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays["a"].tolist() == [1, -2]
    assert not arrays["b"].flags.writeable


def test_other_software_reads_it(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    loaded = safetensors.load_file(save(tmp_path / "a.safetensors"))
    assert loaded["b"].tolist() == ARRAYS["b"].tolist()


def test_same_content_same_bytes():
    assert storage.encode(ARRAYS, HEADER) == storage.encode(
        dict(reversed(ARRAYS.items())), dict(reversed(HEADER.items()))
    )


def test_writing_is_atomic(tmp_path, monkeypatch):
    path = save(tmp_path / "a", b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(UnreadableError, match="cannot be written"):
        storage.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_missing_places(tmp_path):
    with pytest.raises(UnreadableError, match="cannot be written"):
        storage.write_atomically(tmp_path / "none" / "a", b"")
    with pytest.raises(UnreadableError, match="cannot be read"):
        storage.read(tmp_path / "none", "f", 1)


def test_another_format_or_version_is_named(tmp_path):
    with pytest.raises(StudentError, match="format 'f' version 1; need 'g' version 2"):
        storage.read(save(tmp_path / "a"), "g", 2)


def test_trailing_bytes_are_refused(tmp_path):
    with pytest.raises(StudentError, match="4 bytes after the last tensor; need none"):
        storage.read(save(tmp_path / "a", storage.encode(ARRAYS, HEADER) + b"\0" * 4), "f", 1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1_000))
def test_a_cut_file_is_refused(tmp_path_factory, length):
    data = storage.encode(ARRAYS, HEADER)
    path = tmp_path_factory.mktemp("cut") / "a"
    with pytest.raises(StudentError):
        storage.read(save(path, data[: length % len(data)]), "f", 1)


def pack(table, body=b""):
    text = table if isinstance(table, bytes) else json.dumps(table).encode()
    return len(text).to_bytes(8, "little") + text + body


def entry(begin=0, end=8, shape=(1,), dtype="F64"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


META = {"__metadata__": {"eigenstill": json.dumps(HEADER)}}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1234", "need a complete safetensors file"),
        (pack(b"[]"), "header is no JSON object"),
        (pack(b"{"), "not readable as JSON"),
        (pack(b'{"a":1,"a":2}'), "a key is repeated"),
        (pack(b"[" * 100_000), "not readable as JSON"),
        (pack({}), "no eigenstill header"),
        (pack({"__metadata__": {"eigenstill": "[1]"}}), "eigenstill header is no JSON object"),
        (pack({"__metadata__": {"eigenstill": '{"a":NaN}'}}), "NaN is no number"),
        (pack({**META, "a": entry(dtype="F32")}, bytes(8)), "need dtype F64 or I64"),
        (pack({**META, "a": entry(shape=(2,))}, bytes(8)), "need 16 inside the file"),
        (pack({**META, "a": entry(shape=(-1,))}, bytes(8)), "need counts"),
        (pack({**META, "a": entry(), "b": entry()}, bytes(8)), "gap or overlap at byte 0"),
        (pack({**META, "a": entry(8, 16)}, bytes(16)), "gap or overlap at byte 0"),
        (pack({**META, "a": entry()}, np.array([np.nan]).tobytes()), "holds NaN or infinities"),
        (pack({**META, "a": 7}), "need dtype F64 or I64"),
    ],
)
def test_hostile_files_get_one_sentence(tmp_path, data, message):
    with pytest.raises(StudentError, match=message):
        storage.read(save(tmp_path / "a", data), "f", 1)
