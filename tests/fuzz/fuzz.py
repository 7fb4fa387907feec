"""Feed one reader with changed files until its time is up: ``python tests/fuzz/fuzz.py turtle 600``.

The process is held as a checking worker is: without a network and short of memory, and what it reads it reads on the
spot. A file that does harm is written into the folder given third, else into the corpus.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["taxonomy.intake", "taxonomy.standards", "taxonomy.scanning"]):
    from taxonomy import confinement, inside
    from taxonomy.context import Context
    from taxonomy.intake import parsing

    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS, Target

SECONDS = 10  # for one file
MEGABYTES = 1024  # for the whole process, to the end


def fuzz(target: Target, seconds: int, found: Path) -> None:
    """Never returns: the fuzzer ends the process, with 0 where nothing did harm."""
    context = Context.bundled()
    confinement.cut_off()
    inside._SERVING.append(parsing.answer)  # what is read, is read here
    read = [0]

    def feed(data: bytes) -> None:
        read[0] += target.feed(data, context)

    with tempfile.TemporaryDirectory() as grown:
        arguments = [
            f"-max_total_time={seconds}",
            f"-timeout={SECONDS}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-artifact_prefix={found}/",
            "-max_len=65536",
            "-len_control=20",
            "-reload=0",
            "-print_final_stats=1",
            grown,
            str(target.corpus),
        ]
        changed: dict[str, Any] = {"custom_mutator": _change} if target.zipped else {}
        atheris.Setup([sys.argv[0], *arguments], feed, **changed)
        atheris.Fuzz()


def _change(data: bytes, most: int, seed: int) -> bytes:
    """A zip archive with one part changed; one time in five, or where it is none, with its bytes changed."""
    chance = random.Random(seed)  # noqa: S311  # a seed of the fuzzer's
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001  # it was changed before
        parts = {}
    if not parts or chance.random() < 0.2:
        return bytes(atheris.Mutate(data, most))
    name = chance.choice(sorted(parts))
    parts[name] = bytes(atheris.Mutate(parts[name][:most], most))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return out.getvalue()[:most]


if __name__ == "__main__":
    name, seconds, *folder = sys.argv[1:]
    place = Path(folder[0]) if folder else TARGETS[name].corpus
    place.mkdir(parents=True, exist_ok=True)
    fuzz(TARGETS[name], int(seconds), place)
