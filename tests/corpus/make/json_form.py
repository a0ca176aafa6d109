"""What is wrong with the form of the JSON document."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from support.reference import number, two

from .registry import (
    BASE,
    document,
    text,
)


def set_at(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    def with_value(value: Any) -> Callable[[dict[str, Any]], None]:
        def bend(document: dict[str, Any]) -> None:
            place: Any = document
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value

        return bend

    return with_value


TRACE = ("claims", 0, "trace")
for name, place, value, reason in (
    ("format_unknown", ("format",), "certificate", 'format: "certificate"; need "eigenstill-certificate"'),
    ("version_2", ("version",), 2, "version: 2; need 1"),
    ("version_true", ("version",), True, "version: true; need 1"),
    ("profile_unknown", ("profile",), "distillation-2", 'profile: "distillation-2"; need "distillation-1"'),
    ("unknown_key", ("note",), "hello", "note: unknown key"),
    ("arrays_empty", ("arrays",), [], "arrays: a list of 0; need a list of 1 to 4096 entries"),
    ("count_true", ("arrays", 0, "holdout_rows"), True, "arrays[0].holdout_rows: true; need an integer"),
    ("count_text", ("arrays", 0, "rows"), "8", 'arrays[0].rows: "8"; need an integer'),
    ("count_negative", ("arrays", 0, "rows"), -8, "arrays[0].rows: -8; need 0 to 10000000"),
    ("rows_too_many", ("arrays", 0, "rows"), 10_000_001, "arrays[0].rows: 10000001; need 0 to 10000000"),
    ("one_row", ("arrays", 0, "rows"), 1, "arrays: 1 row in all; need at least 2"),
    ("path_up", ("arrays", 0, "file"), f"../{BASE}", "arrays[0].file: "),
    ("path_absolute", ("arrays", 0, "file"), f"/tmp/{BASE}", "need a plain file name beside the certificate"),
    ("path_folder", ("arrays", 0, "file"), f"sub/{BASE}", "need a plain file name beside the certificate"),
    ("path_hidden", ("arrays", 0, "file"), f".{BASE}", "need a plain file name beside the certificate"),
    ("path_backslash", ("arrays", 0, "file"), f"..\\{BASE}", "need a plain file name beside the certificate"),
    ("path_newline", ("arrays", 0, "file"), f"{BASE}\n", "need a plain file name beside the certificate"),
    ("digest_upper", ("subject", "data", "sha256"), "A" * 64, "subject.data.sha256"),
    ("digest_short", ("subject", "data", "sha256"), "0" * 63, "need 64 lower-case hexadecimal digits"),
    ("text_long", ("subject", "data", "name"), "n" * 201, "need printable text of at most 200 characters"),
    ("text_control", ("subject", "data", "name"), "a\nACCEPTED", "need printable text of at most 200 characters"),
    ("kernel_unknown", ("basis", "kernel"), "cosine", 'basis.kernel: "cosine"; need "rational-quadratic" or'),
    ("linear_one", ("basis", "linear"), 1, "basis.linear: 1; need true or false"),
    ("grid_7", ("basis", "grid_bits"), 7, "basis.grid_bits: 7; need 8 to 64"),
    ("grid_65", ("basis", "grid_bits"), 65, "basis.grid_bits: 65; need 8 to 64"),
    ("exponents_one_missing", ("basis", "linear_exponents"), [2], "basis.linear_exponents: 1 entries; need 2"),
    ("exponent_large", ("basis", "linear_exponents"), [2, 1101], "linear_exponents[1]: 1101; need -1100 to 1100"),
    ("unit_large", ("basis", "factor_exponent"), 257, "basis.factor_exponent: 257; need -256 to 256"),
    ("unit_small", ("basis", "metric_exponent"), -257, "basis.metric_exponent: -257; need -256 to 256"),
    ("jitter_large", ("basis", "jitter"), "3p-11", 'basis.jitter: "3p-11"; need 0p0'),
    ("jitter_negative", ("basis", "jitter"), "-1p-27", 'basis.jitter: "-1p-27"; need 0p0'),
    ("jitter_fine", ("basis", "jitter"), "1p-257", 'basis.jitter: "1p-257"; need 0p0'),
    ("effective_negative", ("subject", "student", "effective_parameters"), number(Fraction(-1), "x"), "need 0 to 8192"),
    ("effective_large", ("subject", "student", "effective_parameters"), number(Fraction(8193), "x"), "need 0 to 8192"),
    ("number_text", TRACE, "17", 'trace: "17"; need an object'),
    ("number_null", TRACE, None, "trace: null; need an object"),
    ("number_float", TRACE, 17.25, "trace: number 17.25; need an object"),
    ("number_count", TRACE, 17, "trace: 17; need an object"),
    ("number_bare", (*TRACE, "exact"), 17, "trace.exact: 17; write an exact string"),
    ("number_even", (*TRACE, "exact"), "2p-1", 'trace.exact: "2p-1"; write an exact string'),
    ("number_zero_written_otherwise", (*TRACE, "exact"), "0p1", 'trace.exact: "0p1"; write an exact string'),
    ("number_leading_zero", (*TRACE, "exact"), "01p0", "write an exact string"),
    ("number_plus", (*TRACE, "exact"), "+1p0", "write an exact string"),
    ("number_space", (*TRACE, "exact"), "1 p0", "write an exact string"),
    ("number_other_digits", (*TRACE, "exact"), "\u0661p0", "write an exact string"),
    ("number_underscore", (*TRACE, "exact"), "1_1p0", "write an exact string"),
    ("number_exponent_large", (*TRACE, "exact"), "1p8193", "write an exact string"),
    ("number_2001_digits", (*TRACE, "exact"), "1" * 2001 + "p0", "write an exact string"),
    ("number_nan", (*TRACE, "exact"), "nan", "write an exact string"),
    ("number_infinity", (*TRACE, "exact"), "inf", "write an exact string"),
    ("decimal_missing", TRACE, {"exact": "1p0"}, "trace.decimal: missing"),
    ("decimal_float", (*TRACE, "decimal"), 17.25, "trace.decimal: number 17.25; need '"),
    ("decimal_inward", (*TRACE, "decimal"), "1.722044e+01", "the outward rounding of exact"),
    ("decimal_other", (*TRACE, "decimal"), "1.722046e+01", "the outward rounding of exact"),
    ("decimal_of_lower_up", ("claims", 2, "ranks", 1, "lower", "decimal"), "2.107996e-01", "the outward rounding"),
    ("threshold_101_digits", ("claims", 2, "threshold"), number(Fraction(10**100 + 1), "x"), "need at most 100 digits"),
    ("slack_exponent", ("claims", 2, "slack"), number(two(-513), "x"), "need at most 100 digits and an exponent"),
    ("ranks_empty", ("claims", 2, "ranks"), [], "ranks: a list of 0; need a list of 1 to 64 entries"),
    ("claims_empty", ("claims",), [], "claims: a list of 0; need a list of 1 to 64 entries"),
    ("claim_unknown", ("claims", 0, "claim"), "theorem", "claims: basis is missing; profile distillation-1"),
    ("claim_without_name", ("claims", 0), {"rows": 8}, 'need an object with the key "claim"'),
    ("claim_number", ("claims", 0, "claim"), 1, 'need an object with the key "claim"'),
):
    document(f"format/{name}", 2, reason, set_at(*place)(value))

document("format/key_missing", 2, "producer: missing", lambda d: d.pop("producer"))
document("format/claim_key_missing", 2, "claims[0].trace: missing", lambda d: d["claims"][0].pop("trace"))
document("format/claim_key_unknown", 2, "claims[0].note: unknown key", lambda d: d["claims"][0].update(note=1))
document("format/claim_twice", 2, "claims: metric stands twice", lambda d: d["claims"].append(d["claims"][1]))
document(
    "format/claim_of_another_kind",
    2,
    "unknown claim 'theorem'",
    lambda d: d["claims"].append({"claim": "theorem", "holds": True}),
)
for number_of_claim, kind in enumerate(("basis", "metric", "eckart_young", "fidelity", "compression", "evaluation")):
    document(
        f"format/without_{kind}",
        2,
        f"claims: {kind} is missing; profile distillation-1 needs it",
        lambda d, index=number_of_claim: d["claims"].pop(index),
    )
document("format/file_twice", 2, "arrays: a file is named twice", lambda d: d["arrays"].append(d["arrays"][0]))


document(
    "format/no_rows",
    2,
    "arrays: 0 row in all; need at least 2",
    lambda d: d["arrays"][0].update(rows=0, holdout_rows=0),
)
document("format/holdout_alone", 2, "arrays[0].rows: 0; need at least 1", lambda d: d["arrays"][0].update(rows=0))
document("format/detached_model", 2, "the model's file; need it beside", lambda d: d["arrays"][0].update(detached=True))
document("format/detached_false", 2, "detached: false; need true", lambda d: d["arrays"][0].update(detached=False))


def rows_written(literal: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'"rows": 8', b'"rows": ' + literal, 1)


text("format/json_empty", "not JSON at line 1", lambda data: b"")
text("format/json_cut", "not JSON at line", lambda data: data[:-30])
text("format/json_trailing", "not JSON at line", lambda data: data + b"{}")
text("format/json_list", "the file: a list of 1; need an object", lambda data: b"[" + data + b"]")
text("format/json_bom", "not JSON at line 1", lambda data: b"\xef\xbb\xbf" + data)
text("format/json_utf16", "byte 0 is not UTF-8", lambda data: data.decode().encode("utf-16"))
text("format/json_latin1", "is not UTF-8", lambda data: data.replace(b"random rows", b"random r\xf6ws"))
text("format/json_comment", "not JSON at line", lambda data: data.replace(b"{", b"{ // no\n", 1))
text("format/json_key_twice", "duplicate key 'format'", lambda data: data.replace(b"{", b'{"format": "x",', 1))
text("format/json_deep", "nested deeper than 16 levels", rows_written(b"[" * 20 + b"]" * 20))
text("format/json_very_deep", "nested deeper than 16 levels", lambda data: b"[" * 20_000)


for name, literal, reason in (
    ("nan", b"NaN", "arrays[0].rows: number NaN; need an integer"),
    ("infinity", b"Infinity", "arrays[0].rows: number Infinity; need an integer"),
    ("minus_infinity", b"-Infinity", "arrays[0].rows: number -Infinity; need an integer"),
    ("float", b"8.0", "arrays[0].rows: number 8.0; need an integer"),
    ("exponent", b"8e0", "arrays[0].rows: number 8e0; need an integer"),
    ("exponent_huge", b"3E9999999993", "arrays[0].rows: number 3E9999999993; need an integer"),
    ("exponent_above_float", b"1E400", "arrays[0].rows: number 1E400; need an integer"),
    ("exponent_below_float", b"1E-400", "arrays[0].rows: number 1E-400; need an integer"),
    ("exponent_long", b"3E" + b"9" * 29, "arrays[0].rows: number 3E9999999999"),
    ("minus_zero", b"-0", "arrays[0].rows: number -0; need an integer"),
    ("16_digits", b"1000000000000008", "arrays[0].rows: number 1000000000000008; need an integer"),
    ("leading_zero", b"08", "not JSON at line"),
    ("point_last", b"8.", "not JSON at line"),
    ("hexadecimal", b"0x8", "not JSON at line"),
    ("underscore", b"8_0", "not JSON at line"),
    ("tenth", b"0.1", "arrays[0].rows: number 0.1; need an integer"),
):
    text(f"format/json_number_{name}", reason, rows_written(literal))
