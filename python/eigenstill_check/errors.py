"""The three ways in which a check ends without acceptance, each with its exit code.

A message says where, what was got, what was needed and, where there is one, the remedy.
"""


def printable(text: str) -> str:
    """``text`` with control characters and lone surrogates escaped: a file must not write lines of a verdict."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class Refusal(Exception):
    """Base of everything that stops a certificate from being accepted."""

    exit_code = 3
    word = "NO VERDICT"

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class Rejected(Refusal):
    """A well-formed claim does not hold. Exit code 1."""

    exit_code = 1
    word = "REJECTED"

    def __init__(self, where: str, got: str, needed: str) -> None:
        super().__init__(f"{where}: got {got}, need {needed}")
        self.where, self.got, self.needed = printable(where), printable(got), printable(needed)


class Malformed(Refusal):
    """The file breaks the format, or the call is not a valid one. Exit code 2."""

    exit_code = 2
    word = "MALFORMED"


class NoVerdict(Refusal):
    """The file could not be read, or a limit or an interruption came first. Exit code 3."""
