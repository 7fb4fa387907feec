"""Crews: who checks the batches. This process, several processes beside it, or a Dask cluster."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from taxonomy import inside, sandbox
from taxonomy.errors import InputError, LimitError
from taxonomy.pool import Pool
from taxonomy.settings import Limits
from taxonomy.validation import runner
from taxonomy.validation.batches import Batch
from taxonomy.validation.engines import Result

if TYPE_CHECKING:
    from distributed import Client

LIMITS: Final = Limits(seconds=600.0, memory=2 * 2**30, answer=256 * 2**20)  # for one batch
MANY: Final = 200  # records; more than these are worth threads
VERY_MANY: Final = 1_000  # and these processes, which take as long to start as it takes to check 300 records
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
    """No worker: the process that asks does it itself, in so many threads. The fast engine runs on all cores so."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def run(self, orders: Iterable[Order]) -> Iterator[Done]:
        """Each order with what was found, in the order in which they were done."""
        if self._threads == 1:
            yield from map(self._call, orders)
            return
        with ThreadPoolExecutor(self._threads) as threads:
            yield from _spread(threads, self._threads, self._call, orders)

    def _call(self, order: Order) -> Done:
        return order, runner.read(runner.work(order.request))


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
            yield from _spread(threads, self._jobs, functools.partial(self._call, pool), orders)

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
        from distributed import as_completed as as_done

        with self._client() as client:
            given: dict[str, Order] = {}
            ahead = _AHEAD * max(1, sum(client.nthreads().values()))
            done = as_done(loop=client.loop)
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
            raise InputError("Checking on a cluster needs Dask.", hint="Install it: pip install distributed") from None
        try:
            return Client(self._address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError("No Dask scheduler answers.", where=self._address, hint="Is it running?") from error

    def _next(self, done: Iterator[Future[bytes]], given: dict[str, Order]) -> Done:
        future = next(done)
        order = given.pop(future.key)  # type: ignore[attr-defined]  # a Dask future, which has a key
        return order, runner.read(future.result())


def _spread(
    threads: ThreadPoolExecutor, count: int, call: Callable[[Order], Done], orders: Iterable[Order]
) -> Iterator[Done]:
    """Each order as it is done; only a few are made before they are needed."""
    waiting: set[Future[Done]] = set()
    for order in orders:
        waiting.add(threads.submit(call, order))
        if len(waiting) > _AHEAD * count:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
    for future in as_completed(waiting):
        yield future.result()


@contextlib.contextmanager
def beside(work: Callable[[], _Made], *, records: int) -> Iterator[Callable[[], _Made]]:
    """Work that is done while a crew checks many records; of few, when it is asked for. Yields what gives it."""
    if records <= MANY or inside.is_worker():
        yield work
        return
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work).result


def crew(jobs: int | None, scheduler: str | None, *, records: int) -> Crew:
    """The crew for so many records: as asked, else as large as they are worth."""
    if scheduler:
        return Cluster(scheduler)
    if jobs is not None:
        return Processes(jobs) if jobs > 1 else Here()
    if records <= MANY or inside.is_worker():  # a worker's memory leaves no room for threads
        return Here()
    return Processes(cores()) if records > VERY_MANY and cores() > 1 else Here(cores())


def cores() -> int:
    """The processor cores that this process may use.

    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0))
