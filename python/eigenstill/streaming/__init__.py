"""Streaming: data larger than memory -> student and certificate, block by block, to be taken up again where it ended."""

from .run import Streamed, distill_stream
from .sources import RowSource, open_rows

__all__ = ["RowSource", "Streamed", "distill_stream", "open_rows"]
