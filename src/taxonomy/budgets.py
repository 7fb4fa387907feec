"""Budgets: how much work each client was given lately, over all processes that share a slate.

A client is known by a hash, salted with what only the slate holds: no address is kept, and nothing goes to a disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import math
import secrets
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from taxonomy.errors import LimitError
from taxonomy.slate import Slate

_PERIOD: Final = 60.0  # seconds in which a budget is renewed
_RESERVED: Final = 1.0  # seconds of work that are put aside when work begins: many begun at once count too
_SLOT: Final = struct.Struct("16sdd")  # whose, seconds of work on the account, when that was so
_SLOTS: Final = 4096
_PROBES: Final = 16
_SALT: Final = 16  # bytes at the start of the slate, for all who share it


@dataclass(slots=True)
class _Account:
    """Seconds of work that are held against a client now."""

    level: float


class Budgets:
    """``seconds`` of work a minute for each client. What was used is forgiven steadily, not at the minute's end.

    Without a ``name`` they are shared with the processes forked later; with one, as the slate of that name is.
    """

    def __init__(self, seconds: float, *, name: str = "") -> None:
        self._most, self._rate = seconds, seconds / _PERIOD
        self._slate = Slate(_SALT + _SLOT.size * _SLOTS, name)
        self._memory = self._slate.memory
        self._lock = threading.Lock()
        with self._locked():
            if not any(self._memory[:_SALT]):
                self._memory[:_SALT] = secrets.token_bytes(_SALT)
            self._salt = self._memory[:_SALT]

    def reserve(self, client: str) -> bytes:
        """Begin some work for a client; ``settle`` ends it. Returns whose account it is on.

        Raises:
            LimitError: the client's budget is used up; says for how long.
        """
        whose = self._known_as(client)
        with self._account(whose) as account:
            wait = max((account.level - self._most) / self._rate, 1.0) if account.level >= self._most else 0.0
            account.level += 0.0 if wait else _RESERVED
        if wait:
            raise LimitError(
                "budget",
                f"Your queries have taken {self._most:g} seconds of work within a minute, the most that one address may"
                f" take. Ask again in {math.ceil(wait)} seconds, or ask it of your own copy of the release.",
                wait=wait,
            )
        return whose

    def settle(self, whose: bytes, spent: float) -> None:
        """Put the work on that account: ``spent`` seconds, instead of those reserved."""
        with self._account(whose) as account:
            most = 2 * self._most  # so that nobody is kept out for longer than a minute
            account.level = min(max(account.level + spent - _RESERVED, 0.0), most)

    @contextlib.contextmanager
    def _account(self, whose: bytes) -> Iterator[_Account]:
        """A client's account, held against all others; where many are open, the emptiest makes room."""
        now = time.monotonic()
        start = int.from_bytes(whose[:4]) % _SLOTS
        with self._locked():
            place, level = _SALT + start * _SLOT.size, math.inf
            for step in range(_PROBES):
                here = _SALT + (start + step) % _SLOTS * _SLOT.size
                owner, amount, when = _SLOT.unpack_from(self._memory, here)
                amount = max(amount - (now - when) * self._rate, 0.0)
                if owner == whose:
                    place, level = here, amount
                    break
                if amount < level:
                    place, level = here, amount
            else:
                level = 0.0
            account = _Account(level)
            yield account
            _SLOT.pack_into(self._memory, place, whose, account.level, now)

    def _known_as(self, client: str) -> bytes:
        return hashlib.blake2b(network(client).encode(), key=self._salt, digest_size=16).digest()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock, self._slate.locked():
            yield


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits of IPv6 that one customer is given.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3:4:5:6"), network("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8:1:2::', '192.0.2.7')
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:  # no address: a socket of this machine
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
