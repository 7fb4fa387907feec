"""One publisher at a time: of two who publish at once, the second would leave out what the first adds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from taxonomy.store import locks
from taxonomy.store.releases import Home


@contextmanager
def alone(home: Home, *, patience: float = 0.0) -> Iterator[None]:
    """Nobody else publishes, withdraws or saves the home meanwhile; ``patience`` is how many seconds to wait for them.

    Raises:
        NotAllowedError: somebody else does.
    """
    busy = "Somebody else is publishing. Try again when they have finished."
    with locks.held(home.path / "publishing.lock", busy, patience=patience):
        yield
