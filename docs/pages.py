"""The pages that the program itself writes: commands from their help, Python from the public names."""

from __future__ import annotations

import inspect
import re

STAGES = {
    "Distil": ("distill", "labels_only", "Student", "load_student", "Recording"),
    "Certify and check": ("certify", "check", "binders", "certify_svd", "CertifiedSvd"),
    "Boxes": ("certify_regions", "CertifiedRegions", "ReluNetwork"),
    "scikit-learn": ("SpectralDistiller", "SpectralDistillerClassifier"),
    "Diagnose": ("diagnose", "Diagnosis", "OverfitMonitor"),
    "Report and export": ("report", "Report", "model_card", "export", "Export", "torch_module", "sympy_formula"),
    "Tables and teachers": ("Table", "load_table", "load_labels", "Teacher", "as_teacher", "load_teacher"),
    "Features": ("kernel_features", "gram_features"),
}


def made(name: str) -> str:
    """The made part of a page; empty for a page that is written by hand."""
    return {"reference/commands": commands, "reference/python": names}.get(name, str)()


def commands() -> str:
    """One section a command, with its help as it is printed on 80 columns."""
    import click
    import typer

    from eigenstill.cli import app

    def helped(path: str, command: click.Command) -> list[str]:
        context = click.Context(command, info_name=path, terminal_width=80, max_content_width=80)
        title = f"## `{path}`" if path.count(" ") < 2 else f"### `{path}`"
        lines = [title, "", "```text", command.get_help(context).rstrip(), "```", ""]
        for name, inner in getattr(command, "commands", {}).items():
            lines += helped(f"{path} {name}", inner)
        return lines

    return "\n\n" + "\n".join(helped("eigenstill", typer.main.get_command(app)))


def names() -> str:
    """Every public name, each once; what belongs to no stage stands at the end."""
    import eigenstill

    listed = [name for group in STAGES.values() for name in group]
    others = [name for name in eigenstill.__all__ if name not in listed and not name.startswith("__")]
    errors = [
        name
        for name in others
        if inspect.isclass(getattr(eigenstill, name)) and issubclass(getattr(eigenstill, name), Exception | Warning)
    ]
    rest = [name for name in others if name not in errors]
    groups = {**STAGES, **({"More": rest} if rest else {}), "Errors and warnings": errors}
    lines = ["", ""]
    for title, group in groups.items():
        lines += [f"## {title}", "", "```{eval-rst}"]
        for name in group:
            value = getattr(eigenstill, name)
            kind = "autoclass" if inspect.isclass(value) else "autofunction"
            lines += [
                f".. {kind}:: eigenstill.{name}",
                *(["   :members:"] if inspect.isclass(value) and name not in errors else []),
                "",
            ]
        lines += ["```", ""]
    return "\n".join(lines)


SECTIONS = ("Parameters", "Attributes", "Raises", "Warns")
ENTRY = re.compile(r"^(\S[^:]*?) : (.*)$")


def docstring(lines: list[str]) -> list[str]:
    """One of our docstrings for Sphinx: entries `name : description` get their description on lines of their own."""
    result: list[str] = []
    section = ""
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if below and set(below) == {"-"}:
            section = line
        found = ENTRY.match(line) if section in SECTIONS else None
        texts = [found[1], f"    {found[2]}"] if found else [line]
        result += [as_restructured_text(text) for text in texts]
    return result


def as_restructured_text(line: str) -> str:
    """A line of one of our docstrings, which are plain text, for reStructuredText."""
    parts = re.split(r"(``[^`]*``|`[^`]*`)", line)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = part if part.startswith("``") else f"`{part}`"
        else:
            parts[place] = re.sub(r"([*|\\])", r"\\\1", re.sub(r"(\w)_(?=\W|$)", r"\1\\_", part))
    return "".join(parts)
