"""Settings: what an operator may choose, where it comes from, and what holds when nothing is chosen.

A setting is read from the environment (``SVSSV_…``) when it is asked for, never at import. ``docs/operate.md`` lists
them all, and a test holds that list to this one.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from taxonomy.errors import InputError

_MAILBOX: Final = re.compile(r"[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may take. ``None`` means no limit (only for a person's own machine)."""

    seconds: float | None = 10.0  # wall time; the worker is killed at the deadline
    memory: int | None = 512 * 2**20  # bytes of address space above what the opened store takes
    answer: int | None = 64 * 2**20  # bytes of the serialised answer


UNLIMITED = Limits(seconds=None, memory=None, answer=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one file that is checked may hold, and what reading it may take."""

    bytes: int = 10 * 2**20
    records: int = 2_000  # organisations
    rows: int = 20_000  # of one sheet
    columns: int = 300  # of one sheet
    seconds: float | None = 60.0  # from the first byte to the report
    memory: int | None = 768 * 2**20  # bytes of address space above what a reading or checking worker starts with
    answer: int | None = 64 * 2**20  # bytes of the report

    @property
    def limits(self) -> Limits:
        """The same for a worker that reads or checks the file."""
        return Limits(seconds=self.seconds, memory=self.memory, answer=self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One reading of the environment.

    >>> Settings.read({"SVSSV_HOME": "/srv/svssv", "SVSSV_QUERY_SECONDS": "5"}).limits.seconds
    5.0
    """

    home: Path = Path("var")
    public_url: str = "http://127.0.0.1:8000"
    desk_url: str = "http://127.0.0.1:8001"
    limits: Limits = Limits()
    readers: int = 2  # query workers for strangers' SPARQL; pages have as many of their own
    processes: int = 1  # web processes; each has readers of its own
    kept: int = 16 * 2**20  # bytes of answers to named questions, and of pages, that a web process keeps of a release
    client_seconds: float = 30.0  # work that the queries of one address may take in a minute
    proxies: int = 0  # proxies before the site whose word for the caller's address is taken
    ledger: str = field(default="", repr=False)  # address of a PostgreSQL database; empty: a file in the home
    endpoint_user: str = ""  # who writes to a SPARQL server elsewhere, where it asks
    endpoint_password: str = field(default="", repr=False)
    endpoint_isolated: bool = False  # the SPARQL server that is served has no way out to any network
    restricted_key: Path | None = field(default=None, repr=False)  # file of the key to what is for the steward alone
    corrections: str = ""  # mailbox of a role to which people write who want something corrected; empty: none is set
    bounds: Bounds = Bounds()  # what a file that is sent to /validate may hold and take
    log: str = "warnings"  # or requests: a line for each as well
    metrics_token: str = field(default="", repr=False)  # who sends it may read /metrics; empty: nobody
    allow_unisolated: bool = False  # serve public SPARQL although readers cannot be cut off from the network

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from the environment.

        Raises:
            InputError: a value is not of the right kind; names the variable.
        """
        env = os.environ if environ is None else environ

        def number(name: str, default: float, *, none: bool = False, whole: bool = False) -> float:
            text = env.get(name, "")
            if not text:
                return default
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value) or value < 0 or (value == 0 and not none) or (whole and value % 1):
                raise InputError(
                    f"{text!r} is not a {'whole ' if whole else ''}number{'' if none else ' above zero'}.",
                    where=name,
                    hint=f"Leave it unset for {default:g}.",
                )
            return value

        def count(name: str, default: int, *, none: bool = False) -> int:
            return int(number(name, default, none=none, whole=True))

        defaults = Limits()
        return cls(
            home=Path(env.get("SVSSV_HOME") or "var"),
            public_url=(env.get("SVSSV_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/"),
            desk_url=(env.get("SVSSV_DESK_URL") or "http://127.0.0.1:8001").rstrip("/"),
            limits=Limits(
                seconds=number("SVSSV_QUERY_SECONDS", defaults.seconds or 10.0),
                memory=int(number("SVSSV_QUERY_MEGABYTES", 512) * 2**20),
                answer=int(number("SVSSV_ANSWER_MEGABYTES", 64) * 2**20),
            ),
            readers=count("SVSSV_READERS", 2),
            processes=count("SVSSV_WEB_PROCESSES", 1),
            kept=int(number("SVSSV_KEPT_MEGABYTES", 16, none=True) * 2**20),
            client_seconds=number("SVSSV_CLIENT_SECONDS", 30.0),
            proxies=count("SVSSV_PROXIES", 0, none=True),
            ledger=env.get("SVSSV_LEDGER", "").strip(),
            endpoint_user=env.get("SVSSV_ENDPOINT_USER", ""),
            endpoint_password=env.get("SVSSV_ENDPOINT_PASSWORD", ""),
            endpoint_isolated=env.get("SVSSV_ENDPOINT_ISOLATED", "") == "1",
            restricted_key=Path(env["SVSSV_RESTRICTED_KEY_FILE"]) if env.get("SVSSV_RESTRICTED_KEY_FILE") else None,
            corrections=_mailbox(env.get("SVSSV_CORRECTIONS", "").strip()),
            bounds=Bounds(
                bytes=int(number("SVSSV_UPLOAD_MEGABYTES", 10) * 2**20),
                records=count("SVSSV_CHECK_RECORDS", 2_000),
                seconds=number("SVSSV_CHECK_SECONDS", 60.0),
            ),
            log=_one_of(env, "SVSSV_LOG", ("warnings", "requests")),
            metrics_token=env.get("SVSSV_METRICS_TOKEN", "").strip(),
            allow_unisolated=env.get("SVSSV_ALLOW_UNISOLATED", "") == "1",
        )


def _mailbox(text: str) -> str:
    """The address of a mailbox; nothing where none is set.

    Raises:
        InputError: it does not look like one.
    """
    if text and not _MAILBOX.fullmatch(text):
        raise InputError(
            "This does not look like a mailbox.",
            where="SVSSV_CORRECTIONS",
            hint="Use that of a role, such as corrections@ and the name of your site.",
        )
    return text


def _one_of(env: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    given = env.get(name, "").strip() or words[0]
    if given not in words:
        raise InputError(f"{given!r} is not {' or '.join(words)}.", where=name, hint=f"Leave it unset for {words[0]}.")
    return given
