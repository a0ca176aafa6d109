"""Texts that try to leave the place where a page shows them, and a folder with one at every place that data can reach."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .folders import distilled, several

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</script><script>alert(3)//",
    "' onmouseover='alert(4)",
    "</title><svg onload=alert(5)>",
    "<!-- <script>",
    "{{ 7 * 7 }}{% for x in y %}",
    "$\\frac{1}{0}$ ]]> &lt;b&gt; &amp;",
    "</style><style>*{display:none}</style>",
    "line\nbreak\u2028\u202eesrever\x00",
)
PLAIN = tuple(f"name{place}" for place in range(len(HOSTILE)))


def folder_of(path: Path, texts: Sequence[str]) -> Path:
    """Every text that a user's data can bring into a page: columns, class labels, files, network, settings, notices."""
    provenance = {
        "data": texts[0],
        "teacher": texts[1],
        "teacher_sha256": texts[2],
        "data_sha256": texts[3],
        "settings": {texts[4]: texts[5], "seed": 0},
        "versions": {texts[6]: texts[7]},
        "notices": texts,
    }
    return distilled(path, function=several, names=texts[:3], outputs=texts[3:6], provenance=provenance, certify=False)
