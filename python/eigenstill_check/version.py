"""The one place where the version of both packages is written."""

__version__ = "0.1.0"
