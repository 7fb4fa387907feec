"""A worker that does what the tests ask of it, good and bad."""

import os
import socket
import sys
import time

from taxonomy import inside
from taxonomy.errors import QueryError
from taxonomy.frames import Outlet


def handle(request: bytes, out: Outlet) -> None:  # noqa: C901  # one case a line
    asked, _, detail = request.partition(b" ")
    match asked:
        case b"echo":
            out.write(detail)
        case b"write":
            for _ in range(int(detail)):
                out.write(b"x" * 1000)
        case b"sleep":
            time.sleep(float(detail))
        case b"spin":
            while True:
                pass
        case b"remember":
            hoard = [bytearray(2**20) for _ in range(int(detail))]
            out.write(str(len(hoard)).encode())
        case b"recurse":
            handle(request, out)
        case b"wrong":
            raise QueryError("a word is missing", line=3, column=4)
        case b"bug":
            raise KeyError(detail)
        case b"abort":
            os.abort()
        case b"panic":
            sys.stderr.write(f"thread 'made-up' panicked at made/up.rs:1:2:\n{detail.decode()}\n")
            sys.stderr.flush()
            os.abort()
        case b"mutter":
            sys.stderr.write("m" * int(detail))
            sys.stderr.flush()
        case b"variable":
            out.write(os.environ.get(detail.decode(), "unset").encode())
        case b"priority":
            time.sleep(2.3)
            out.write(str(os.getpriority(os.PRIO_PROCESS, 0)).encode())
        case b"connect":
            with socket.socket() as caller:
                caller.connect(("127.0.0.1", int(detail)))


if __name__ == "__main__":
    inside.serve(handle)
