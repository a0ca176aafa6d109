"""Where blocks of rows are worked on: in this process, or by the workers of a Dask scheduler.

What comes back are exact sums, which add in any order to the same integers: both engines give the same result, bit by
bit, and a block whose worker was lost is simply worked on again.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import reduce
from itertools import chain, islice
from operator import add
from typing import Any, Protocol, TypeVar

from threadpoolctl import threadpool_limits

from eigenstill_check.parallel import processors

from .errors import EigenstillError, EngineError

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Progress = Callable[[int], None]


class Engine(Protocol):
    """Applies a function to many items.

    Attributes
    ----------
    apart : whether items leave this process; where they do not, the function runs in several threads of it
    """

    @property
    def apart(self) -> bool: ...

    def answers(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer]]:
        """(k, function(items[k])), each once, in any order."""
        ...


class Local:
    """In threads of this process, each with a BLAS of one thread.

    Blocks are worked on in pieces that stay in a processor's caches, too small for the threads of BLAS.

    Parameters
    ----------
    threads : by default one a processor, at most MOST
    """

    MOST = 4
    """More wait for each other: 200,000 rows, 512 landmarks took 5.3 s on 1 thread, 3.2 s on 4, 4.2 s on 16 of as many
    processors, and 20.7 s on one with the 16 threads of BLAS."""
    apart = False

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or min(processors(), self.MOST)

    def answers(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer]]:
        numbered = enumerate(items)
        first = list(islice(numbered, 2))
        if len(first) < 2 or self.threads == 1:  # one item alone may have all threads of BLAS
            yield from ((place, function(item)) for place, item in chain(first, numbered))
            return
        waiting: deque[tuple[int, Future[Answer]]] = deque()
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(self.threads) as pool:
            try:
                for place, item in chain(first, numbered):
                    waiting.append((place, pool.submit(function, item)))
                    if len(waiting) > self.threads:  # one more than can run: none waits for the caller
                        yield _answered(waiting)
                while waiting:
                    yield _answered(waiting)
            finally:
                for _, future in waiting:
                    future.cancel()


def _answered(waiting: deque[tuple[int, Future[Answer]]]) -> tuple[int, Answer]:
    """The first of those that wait, once it is there."""
    place, future = waiting.popleft()
    return place, future.result()


class Distributed:
    """The workers of a Dask scheduler (dask.distributed), which need eigenstill installed too.

    Parameters
    ----------
    address : of the scheduler, such as tcp://10.0.0.1:8786
    ahead : items sent out per worker thread at a time: more keep workers busy, fewer keep memory low

    Raises
    ------
    EngineError : dask is not installed, or no scheduler answers there
    """

    RETRIES = 10
    apart = True

    def __init__(self, address: str, ahead: int = 2, timeout: float = 10.0) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise EngineError("--scheduler needs dask; run: pip install 'eigenstill[dask]'") from None
        try:
            self._client: Any = Client(address, timeout=timeout, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(
                f"scheduler {address}: no answer ({error}); need the address of a Dask scheduler"
            ) from None
        self.address, self._ahead = address, ahead

    def answers(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer]]:
        import cloudpickle  # comes with dask
        from distributed import as_completed

        numbered, waiting = enumerate(items), as_completed(loop=self._client.loop)
        places: dict[str, int] = {}
        packed = cloudpickle.dumps(function)

        def send() -> None:
            for place, item in numbered:
                future = self._client.submit(_unpacked, packed, item, pure=False, retries=self.RETRIES)
                places[future.key] = place
                waiting.add(future)
                return

        for _ in range(max(1, self._ahead * self.threads)):
            send()
        for future in waiting:
            place = places.pop(future.key)
            try:
                answer = future.result()
            except EigenstillError:
                raise
            except Exception as error:
                raise EngineError(
                    f"scheduler: block {place}: {type(error).__name__}: {str(error)[:200]}; "
                    "need the same packages, and the teacher's module, on every worker"
                ) from error
            future.release()
            send()
            yield place, answer

    @property
    def threads(self) -> int:
        """Of all workers that are there now."""
        return int(sum(self._client.nthreads().values()))

    def close(self) -> None:
        """Leave the scheduler; its workers stay."""
        self._client.close()


def _unpacked(packed: bytes, item: Any) -> Any:
    """What a worker does: a function that it cannot load is an error of the task, not the end of the worker."""
    return pickle.loads(packed)(item)  # noqa: S301  our own bytes, sent by the caller of the scheduler


def total(
    engine: Engine, function: Callable[[Item], Answer], items: Iterable[Item], done: Progress | None = None
) -> Answer:
    """The sum of the function over the items, at least one; ``done`` is told how many are finished."""

    def answers() -> Iterator[Answer]:
        for number, (_, answer) in enumerate(engine.answers(function, items)):
            if done is not None:
                done(number + 1)
            yield answer

    return reduce(add, answers())
