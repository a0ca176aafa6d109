"""The documents that travel with the checker, inside a wheel, a checkout or a zipapp alike."""

from __future__ import annotations


def format_text() -> str:
    """FORMAT.md: what a certificate is and what a checker computes."""
    return _read("FORMAT.md")


SCHEMAS = {
    "distillation-1": "certificate.schema.json",
    "svd-1": "svd.schema.json",
    "region-1": "region.schema.json",
    "sums-1": "sums.schema.json",
}


def schema_text(profile: str = "distillation-1") -> str:
    """The JSON Schema (2020-12) of a document of a profile: NAME.cert.json, or a record of sums."""
    return _read(SCHEMAS[profile])


def _read(name: str) -> str:
    from importlib.resources import files  # slow to import, and a check needs no document

    return files(__package__).joinpath(name).read_text(encoding="utf-8")
