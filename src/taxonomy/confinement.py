"""What a process can give up for good: the network, and more than its share of memory and time.

Linux only. Each function acts on the process that calls it, and nothing here can be undone.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import time
from typing import Final

_NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET: enough for root
_NEW_USER: Final = 0x10000000  # CLONE_NEWUSER: with it, enough for anybody, where the host allows it


def cut_off() -> bool:
    """Give up every network, in two ways: an empty network of its own, and a filter of system calls.

    Returns whether at least one of them held. To be called before the process has threads.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    namespace = 0 in (libc.unshare(flags) for flags in (_NEW_NETWORK, _NEW_NETWORK | _NEW_USER))
    try:
        import pyseccomp  # only here: importing it runs ldconfig, and fails without libseccomp
    except (ImportError, RuntimeError):
        return namespace
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for call in ("socket", "io_uring_setup"):  # a worker needs no socket but the one it was born with
            rules.add_rule(pyseccomp.ERRNO(errno.EACCES), call)
        rules.load()
    except OSError:
        return namespace
    return True


def confine(memory: int | None, *, said: int) -> float:
    """Allow ``memory`` bytes more than are in use now, no core file, and files (standard error) of ``said`` bytes.

    Returns the use of address space, in bytes, at which half of the memory is gone.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (said, said))
    if memory is None:
        return math.inf
    opened = address_space()
    resource.setrlimit(resource.RLIMIT_AS, (opened + memory, opened + memory))
    return opened + memory / 2


def allow_cpu(seconds: float) -> None:
    """Let the kernel end the process when it has computed for so much longer."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds) + 1, hard))


def address_space() -> int:
    """Bytes of address space in use.

    >>> address_space() > 2**20
    True
    """
    file = os.open("/proc/self/statm", os.O_RDONLY)  # the plain way, for this is asked after every request
    try:
        return int(os.read(file, 64).split()[0]) * resource.getpagesize()
    finally:
        os.close(file)
