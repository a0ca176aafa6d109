"""What is wrong with the form of an array file, with its digest, or with the shards."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from support.drafts import Bundle, Draft, Entry, encode, entry, with_header

from .accepted import sharded
from .registry import (
    BASE,
    REJECT,
    Case,
    Written,
    document,
    header,
    raw,
    sealed,
    tensors,
)


def replaced(name: str, values: list[Any]) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, entry(name, values))


def first_float(name: str, value: float) -> Callable[[dict[str, Entry]], object]:
    def bend(entries: dict[str, Entry]) -> None:
        dtype, shape, data = entries[name]
        entries[name] = (dtype, shape, entry(name, [value])[2] + data[8:])

    return bend


def reshaped(name: str, shape: list[int]) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, (entries[name][0], shape, entries[name][2]))


def retyped(name: str, dtype: str) -> Callable[[dict[str, Entry]], object]:
    return lambda entries: entries.__setitem__(name, (dtype, *entries[name][1:]))


for name, bad in (("nan", float("nan")), ("infinity", float("inf")), ("minus_infinity", float("-inf"))):
    tensors(f"arrays/tensor_{name}", "tensor train.inputs: entry 0 is", first_float("train.inputs", bad))
tensors(
    "arrays/tensor_nan_prediction",
    "tensor holdout.predictions: entry 0",
    first_float("holdout.predictions", float("nan")),
)
tensors("arrays/scale_zero", "an entry is not positive", first_float("scales", 0.0))
tensors("arrays/scale_minus_zero", "an entry is not positive", first_float("scales", -0.0))
tensors("arrays/scale_negative", "an entry is not positive", first_float("scales", -0.5))
tensors("arrays/tensor_missing", "tensor factor: missing", lambda entries: entries.pop("factor"))
tensors("arrays/tensor_weights_missing", "tensor weights: missing", lambda entries: entries.pop("weights"))
tensors("arrays/tensor_unknown", "tensor gram: unknown", replaced("gram", [[1.0]]))
tensors("arrays/tensor_floats_as_integers", "tensor scales: type I64; need F64", retyped("scales", "I64"))
tensors("arrays/tensor_integers_as_floats", "tensor excess: type F64; need I64", retyped("excess", "F64"))
tensors("arrays/tensor_turned", "basis.linear_exponents: 2 entries; need 3", reshaped("landmarks", [2, 3]))
tensors(
    "arrays/tensor_shape_turned", "tensor train.inputs: shape [2, 8]; need [8, 2]", reshaped("train.inputs", [2, 8])
)
tensors("arrays/tensor_flat", "tensor metric: [9]; need 2 dimensions", reshaped("metric", [9]))
tensors("arrays/tensor_nested", "shape: a list of 3; need a list of 1 to 2 entries", reshaped("metric", [3, 3, 1]))
tensors("arrays/tensor_scalar", "shape: a list of 0; need a list of 1 to 2 entries", reshaped("intercept", []))
tensors("arrays/no_modes", "0 modes; need 1 to 5", lambda e: [replaced("excess", [])(e), reshaped("excess", [0])(e)])
tensors("arrays/labels_of_holdout_alone", "tensor train.labels: shape", reshaped("train.labels", [1, 8]))
tensors("arrays/holdout_half", "tensor holdout.teacher: missing", lambda entries: entries.pop("holdout.teacher"))


def more_modes_than_columns(entries: dict[str, Entry]) -> None:
    replaced("excess", [6, 5, 4, 3, 2, 1])(entries)
    replaced("eigenvectors", [[2**60 if i == j else 0 for j in range(5)] for i in range(6)])(entries)


tensors("arrays/modes_above_columns", "6 modes; need 1 to 5", more_modes_than_columns)


def above_diagonal(entries: dict[str, Entry]) -> None:
    dtype, shape, data = entries["factor"]
    entries["factor"] = (dtype, shape, data[:32] + entry("factor", [1])[2] + data[40:])


tensors("arrays/factor_above_diagonal", "tensor factor: an entry above the diagonal", above_diagonal)

header("arrays/dtype_f32", 'tensor scales.dtype: "F32"; need', lambda h: h["scales"].update(dtype="F32"))
header("arrays/dtype_bf16", 'tensor scales.dtype: "BF16"; need', lambda h: h["scales"].update(dtype="BF16"))
header("arrays/shape_larger", "tensor scales: bytes", lambda h: h["scales"].update(shape=[3]))
header("arrays/shape_negative", "shape[0]: -2; need 0 to", lambda h: h["scales"].update(shape=[-2]))
header("arrays/shape_float", "shape[0]: number 2.0; need an integer", lambda h: h["scales"].update(shape=[2.0]))
header("arrays/shape_huge", "tensor scales: bytes", lambda h: h["scales"].update(shape=[10_000_000, 10_000_000]))
header("arrays/metadata", "tensor __metadata__", lambda h: h.update(__metadata__={"note": "hello"}))
header("arrays/entry_key_unknown", "tensor scales.note: unknown key", lambda h: h["scales"].update(note=1))
header("arrays/entry_list", "tensor scales: a list of 0; need an object", lambda h: h.update(scales=[]))


def overlap(header: dict[str, Any]) -> None:
    """offsets shows the bytes of scales: both are two float64."""
    header["offsets"]["data_offsets"] = header["scales"]["data_offsets"]


header("arrays/tensors_overlap", "tensors leave a gap or overlap at byte", overlap)
header("arrays/offsets_reversed", "tensor scales: bytes", lambda h: h["scales"]["data_offsets"].reverse())
header("arrays/offsets_one", "data_offsets: a list of 1; need a list of 2", lambda h: h["scales"]["data_offsets"].pop())


def parts(bundle: Bundle) -> tuple[str, bytes]:
    data = encode(bundle.files[BASE])
    length = 8 + int.from_bytes(data[:8], "little")
    return data[8:length].decode().rstrip(), data[length:]


def gap(bundle: Bundle) -> bytes:
    """Eight bytes that no tensor owns before the last one."""
    table, body = parts(bundle)
    entries = json.loads(table)
    last = max(entries.values(), key=lambda found: found["data_offsets"])
    begin = last["data_offsets"][0]
    last["data_offsets"] = [offset + 8 for offset in last["data_offsets"]]
    return with_header(json.dumps(entries), body[:begin] + bytes(8) + body[begin:])


def twice(bundle: Bundle) -> bytes:
    table, body = parts(bundle)
    return with_header(table[:-1] + ',"scales":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}', body)


raw("arrays/tensors_gap", "tensors leave a gap or overlap at byte", gap)
raw("arrays/tensor_twice", "duplicate key 'scales'", twice)
raw("arrays/bytes_trailing", "8 bytes after the last tensor; need none", lambda b: encode(b.files[BASE]) + bytes(8))
raw("arrays/bytes_cut", "tensor factor: bytes", lambda b: encode(b.files[BASE])[:-8])
raw("format/bytes_seven", "arrays[0].bytes: 7; need 8 to", lambda b: bytes(7))
raw("arrays/bytes_eight", "header: not JSON", lambda b: bytes(8))
raw("arrays/header_list", "header is no object", lambda b: with_header("[]", b""))
raw("arrays/header_cut", "header: not JSON", lambda b: with_header(parts(b)[0][:-1], parts(b)[1]))
raw(
    "arrays/header_length_huge",
    "header of 18446744073709551615 bytes",
    lambda b: b"\xff" * 8 + encode(b.files[BASE])[8:],
)
raw(
    "arrays/header_length_beyond",
    "header of 100000 bytes",
    lambda b: (100_000).to_bytes(8, "little") + encode(b.files[BASE])[8:],
)
raw("arrays/header_deep", "nested deeper than 16 levels", lambda b: with_header("[" * 100 + "]" * 100, b""))


# digests: well-formed, but not the recorded bytes

document("digest/sha256_differs", 1, f"arrays {BASE}: got sha256", lambda d: d["arrays"][0].update(sha256="0" * 64))
document(
    "digest/bytes_differ",
    1,
    f"arrays {BASE}: got 2",
    lambda d: d["arrays"][0].update(bytes=d["arrays"][0]["bytes"] + 8),
)


def other_file(name: str, bend: Callable[[bytes], bytes]) -> None:
    def build(draft: Draft) -> Written:
        bundle = draft.seal()
        bundle.document["arrays"][0]["file"] = f"{name}.cert.safetensors"
        data = encode(bundle.files[BASE])
        bundle.record({f"{name}.cert.safetensors": data})
        return bundle.text().encode(), {f"{name}.cert.safetensors": bend(data)}

    REJECT[f"digest/{name}"] = Case(1, f"arrays {name}.cert.safetensors: got", [], build)


other_file("file_empty", lambda data: b"")
other_file("file_cut", lambda data: data[:-1])
other_file("file_longer", lambda data: data + b"\n")
other_file("bit_flipped", lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
other_file("two_bytes_exchanged", lambda data: data[:900] + data[901:902] + data[900:901] + data[902:])


# shards


def shards(path: str, reason: str, bend: Callable[[Bundle], object]) -> None:
    def build(draft: Draft) -> Written:
        bundle = sharded().seal()
        bend(bundle)
        return sealed(bundle, path.rpartition("/")[2])

    REJECT[path] = Case(2, reason, [], build)


SECOND = "base.cert.1.safetensors"
shards(
    "arrays/shard_with_model",
    "tensor scales: unknown or not allowed",
    lambda b: replaced("scales", [1.0, 1.0])(b.files[SECOND]),
)
shards(
    "arrays/shard_without_labels",
    "arrays: train.labels in some shards only",
    lambda b: b.files[SECOND].pop("train.labels"),
)
shards(
    "arrays/shard_counts_differ",
    "tensor train.inputs: shape [5, 2]; need [4, 2]",
    lambda b: b.document["arrays"][1].update(rows=4),
)
shards(
    "format/shard_of_no_rows",
    "arrays[1].rows: 0; need at least 1",
    lambda b: b.document["arrays"][1].update(rows=0),
)


def shards_exchanged(draft: Draft) -> Written:
    """The model must be in the first file."""
    bundle = sharded().seal()
    bundle.document["arrays"].reverse()
    return sealed(bundle, "shards_exchanged")


REJECT["arrays/shards_exchanged"] = Case(2, "tensor landmarks: missing", [], shards_exchanged)
