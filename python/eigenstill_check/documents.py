"""The documents that travel with the checker, inside a wheel, a checkout or a zipapp alike."""

from __future__ import annotations


def format_text() -> str:
    """FORMAT.md: what a certificate is and what a checker computes."""
    return _read("FORMAT.md")


def schema_text() -> str:
    """The JSON Schema (2020-12) of NAME.cert.json."""
    return _read("certificate.schema.json")


def _read(name: str) -> str:
    from importlib.resources import files  # slow to import, and a check needs no document

    return files(__package__).joinpath(name).read_text(encoding="utf-8")
