"""Crews: who checks the batches. This process, several processes beside it, or a Dask cluster."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from taxonomy import sandbox
from taxonomy.errors import InputError, LimitError
from taxonomy.pool import Pool
from taxonomy.settings import Limits
from taxonomy.validation import runner
from taxonomy.validation.batches import Batch
from taxonomy.validation.engines import Result

if TYPE_CHECKING:
    from distributed import Client

LIMITS: Final = Limits(seconds=600.0, memory=2 * 2**30, answer=256 * 2**20)  # for one batch
_AHEAD: Final = 3  # batches that are ready for each worker


@dataclass(frozen=True, slots=True)
class Order:
    """A batch, and the engine that is to check it."""

    batch: Batch
    engine: str

    @property
    def request(self) -> bytes:
        """The order as a worker gets it."""
        return runner.order(self.engine, self.batch.foci, self.batch.ntriples)


Done = tuple[Order, list[Result]]
_Made = TypeVar("_Made")


class Crew(Protocol):
    """Whoever checks batches."""

    def run(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Each order with what was found, in the order in which they were done."""
        ...


class Here:
    """No worker: the process that asks does it itself."""

    def run(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Each order with what was found."""
        for order in orders:
            yield order, runner.read(runner.work(order.request))


class Processes:
    """So many worker processes, which have no network and may take so much time and memory."""

    def __init__(self, jobs: int, limits: Limits = LIMITS) -> None:
        self._jobs, self._limits = jobs, limits

    def run(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Each order with what was found, in the order in which they were done.

        Raises:
            LimitError: a batch takes more than its share.
            TaxonomyError: a worker ended unexpectedly.
        """
        start = functools.partial(sandbox.Worker, "taxonomy.validation.runner", (), self._limits)
        ended = "Checking has ended."
        pool = Pool(start, size=self._jobs, warm=self._jobs, busy=ended, closed=ended, patient=True)
        with ThreadPoolExecutor(self._jobs) as threads, contextlib.closing(pool):
            waiting: set[Future[Done]] = set()
            for order in orders:
                waiting.add(threads.submit(self._call, pool, order))
                while len(waiting) > _AHEAD * self._jobs:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (each.result() for each in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)

    def _call(self, pool: Pool, order: Order) -> Done:
        try:
            with pool.worker() as worker:
                return order, runner.read(worker.call(order.request))
        except LimitError as error:
            count = len(order.batch.cases)
            what = "One record" if count == 1 else f"One of {count} records"
            raise LimitError(
                error.limit, f"{what} is too much to check. {error.detail} With --jobs 1 there is no limit."
            ) from error


class Cluster:
    """The workers of a Dask cluster; each has this package, of the same version."""

    def __init__(self, address: str) -> None:
        self._address = address

    def run(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Each order with what was found, in the order in which they were done.

        Raises:
            InputError: the cluster cannot be reached, or has other rules.
        """
        from distributed import as_completed

        with self._client() as client:
            given: dict[str, Order] = {}
            ahead = _AHEAD * max(1, sum(client.nthreads().values()))
            done = as_completed(loop=client.loop)
            for order in orders:
                future = client.submit(runner.work, order.request, pure=False)
                given[future.key] = order
                done.add(future)
                while len(given) > ahead:
                    yield self._next(done, given)
            while given:
                yield self._next(done, given)

    def _client(self) -> Client:
        try:
            from distributed import Client
        except ImportError:
            raise InputError(
                "Checking on a cluster needs Dask.", hint='Install it: pip install "svssv[dask]"'
            ) from None
        try:
            return Client(self._address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError("No Dask scheduler answers.", where=self._address, hint="Is it running?") from error

    def _next(self, done: Iterator[Future[bytes]], given: dict[str, Order]) -> Done:
        future = next(done)
        order = given.pop(future.key)  # type: ignore[attr-defined]  # a Dask future, which has a key
        return order, runner.read(future.result())


@contextlib.contextmanager
def beside(work: Callable[[], _Made], *, many: bool) -> Iterator[Callable[[], _Made]]:
    """Work that is done while a crew checks many records; else when it is asked for. Yields what gives its outcome."""
    if not many or sandbox.inside():
        yield work
        return
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work).result


def crew(jobs: int | None, scheduler: str | None, *, many: bool) -> Crew:
    """The crew for some records: as asked, else this process for a few and a process for each core for many."""
    if scheduler:
        return Cluster(scheduler)
    if jobs is None:
        jobs = cores() if many and not sandbox.inside() else 1
    return Processes(jobs) if jobs > 1 else Here()


def cores() -> int:
    """The processor cores that this process may use.

    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0))
