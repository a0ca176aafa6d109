"""Strict reading of JSON: what a value must look like, one small reader a kind.

A reader takes a value and the place where it stands and returns the typed value or raises `Malformed`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Any, TypeVar

from .dyadic import Dyadic
from .errors import Malformed

T = TypeVar("T")
Reader = Callable[[Any, str], T]

MAX_JSON_BYTES = 4 << 20
MAX_DEPTH = 16
MAX_COUNT_DIGITS = 15
MAX_TEXT = 200
MAX_SHORT_DIGITS, MAX_SHORT_EXPONENT = 100, 512
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # an open string matches too: one pass, whatever the bytes

_NOT_PLAIN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


class _Unreadable:
    """Stands for a JSON number that is no count; the readers refuse it where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text if len(text) <= 24 else text[:21] + "..."


def _integer(text: str) -> int | _Unreadable:
    plain = len(text.lstrip("-")) <= MAX_COUNT_DIGITS and text != "-0" and text.isascii()
    return int(text) if plain else _Unreadable(text)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise Malformed(f"duplicate key {key[:40]!r}; write each key once")
        result[key] = value
    return result


def load_json(data: bytes, where: str, limit: int = MAX_JSON_BYTES) -> Any:
    """Parse bytes as JSON under the limits of FORMAT.md section 1."""
    if len(data) > limit:
        raise Malformed(f"{where}: {len(data)} bytes of JSON; need at most {limit}")
    depth = 0
    for byte in _STRINGS.sub(b"", data):
        depth += (byte in b"[{") - (byte in b"]}")
        if depth > MAX_DEPTH:
            raise Malformed(f"{where}: nested deeper than {MAX_DEPTH} levels")
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_int=_integer,
            parse_float=_Unreadable,
            parse_constant=_Unreadable,
        )
    except UnicodeDecodeError as error:
        raise Malformed(f"{where}: byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"{where}: not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from None
    except Malformed as error:
        raise Malformed(f"{where}: {error}") from None


def shown(value: Any) -> str:
    """A short name of a JSON value for a message."""
    if isinstance(value, _Unreadable):
        return f"number {value.text}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed(f"{where}: {shown(value)}; need an integer of at most {MAX_COUNT_DIGITS} digits")
    return value


def count(low: int, high: int) -> Reader[int]:
    def read(value: Any, where: str) -> int:
        result = integer(value, where)
        if not low <= result <= high:
            raise Malformed(f"{where}: {result}; need {low} to {high}")
        return result

    return read


def plain(value: str) -> bool:
    """No control or format character, surrogate or noncharacter: the same characters whatever the Unicode version."""
    return _NOT_PLAIN.search(value) is None and not any(ord(char) & 0xFFFE == 0xFFFE for char in value)


def text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or not plain(value):
        raise Malformed(f"{where}: {shown(value)}; need printable text of at most {MAX_TEXT} characters")
    return value


def pattern(expression: str, needed: str) -> Reader[str]:
    compiled = re.compile(expression, re.ASCII)

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or compiled.fullmatch(value) is None:
            raise Malformed(f"{where}: {shown(value)}; need {needed}")
        return value

    return read


digest = pattern("[0-9a-f]{64}", "64 lower-case hexadecimal digits")


def choice(*options: Any) -> Reader[Any]:
    def read(value: Any, where: str) -> Any:
        if not any(value == option and type(value) is type(option) for option in options):
            raise Malformed(f"{where}: {shown(value)}; need {' or '.join(json.dumps(option) for option in options)}")
        return value

    return read


def exact(value: Any, where: str) -> Dyadic:
    """An exact string ``MpX``."""
    try:
        if isinstance(value, str):
            return Dyadic.parse(value)
    except ValueError:
        pass
    raise Malformed(f'{where}: {shown(value)}; write an exact string such as "3p-1" (odd mantissa)')


def rounds_up(where: str) -> bool:
    """The direction of a number's decimal, from the name of its field."""
    field = where.rpartition(".")[2]
    return not (field.endswith("at_least") or field == "lower")


def number(value: Any, where: str) -> Dyadic:
    """An exact string with its outward-rounded decimal."""
    entries = fields({"exact": exact, "decimal": lambda inner, _: inner})(value, where)
    result: Dyadic = entries["exact"]
    needed = result.decimal(up=rounds_up(where))
    if entries["decimal"] != needed:
        raise Malformed(f"{where}.decimal: {shown(entries['decimal'])}; need {needed!r}, the outward rounding of exact")
    return result


def short_number(value: Any, where: str) -> Dyadic:
    """A number that the checker must take from the file: short, so that it cannot blow up what is computed with it."""
    result = number(value, where)
    if abs(result.mantissa) >= 10**MAX_SHORT_DIGITS or abs(result.exponent) > MAX_SHORT_EXPONENT:
        raise Malformed(
            f"{where}.exact: {shown(value['exact'])}; "
            f"need at most {MAX_SHORT_DIGITS} digits and an exponent of -{MAX_SHORT_EXPONENT} to {MAX_SHORT_EXPONENT}"
        )
    return result


def encode_number(value: Dyadic, field: str) -> dict[str, str]:
    """The JSON object that `number` reads back."""
    return {"exact": str(value), "decimal": value.decimal(up=rounds_up(field))}


def brief(number: Any, *, up: bool, digits: int = 4) -> str:
    """The decimal of a number object with few digits, rounded outward again, for a sentence."""
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    value = Context(prec=digits, rounding=rounding).create_decimal(number["decimal"])
    return f"{value:.{digits}g}" if value else "0"


def require_intervals(value: Any, where: str) -> None:
    """Refuse an interval whose lower end is above its upper one, anywhere in a claim that was read.

    Ends are fields named ``X_at_least`` and ``X_at_most`` (or ``at_least`` and ``at_most``), or ``lower`` and ``upper``.
    """
    if isinstance(value, list):
        for index, entry in enumerate(value):
            require_intervals(entry, f"{where}[{index}]")
    elif isinstance(value, dict):
        for key, low in value.items():
            high = value.get("upper" if key == "lower" else f"{key.removesuffix('at_least')}at_most")
            if (key == "lower" or key.endswith("at_least")) and low is not None and high is not None:
                _require_interval(low, high, f"{where}.{key}")
            require_intervals(low, f"{where}.{key}")


def _require_interval(low: Any, high: Any, where: str) -> None:
    ends = [Dyadic.parse(end["exact"]) if isinstance(end, dict) else Dyadic(end) for end in (low, high)]
    if ends[1] < ends[0]:
        shown_ends = [end["exact"] if isinstance(end, dict) else str(end) for end in (low, high)]
        raise Malformed(
            f"{where}: {shown(shown_ends[0])} above {shown(shown_ends[1])}, an empty interval; need the lower end first"
        )


def optional(reader: Reader[T]) -> Reader[T | None]:
    return lambda value, where: None if value is None else reader(value, where)


def listing(reader: Reader[T], low: int, high: int) -> Reader[list[T]]:
    def read(value: Any, where: str) -> list[T]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise Malformed(f"{where}: {shown(value)}; need a list of {low} to {high} entries")
        return [reader(entry, f"{where}[{index}]") for index, entry in enumerate(value)]

    return read


def fields(
    readers: dict[str, Reader[Any]], optional_keys: dict[str, Reader[Any]] | None = None
) -> Reader[dict[str, Any]]:
    """An object with exactly these keys, and any of the optional ones."""
    known = readers | (optional_keys or {})

    def read(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Malformed(f"{where or 'the file'}: {shown(value)}; need an object")
        prefix = f"{where}." if where else ""
        for key in value:
            if key not in known:
                raise Malformed(f"{prefix}{key[:40]}: unknown key; need only {', '.join(known)}")
        for key in readers:
            if key not in value:
                raise Malformed(f"{prefix}{key}: missing; need the keys {', '.join(readers)}")
        return {key: reader(value[key], prefix + key) for key, reader in known.items() if key in value}

    return read
