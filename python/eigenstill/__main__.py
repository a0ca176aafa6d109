"""`python -m eigenstill`: the command line."""

from .cli import entry

entry()
