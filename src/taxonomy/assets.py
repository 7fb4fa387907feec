"""Where the knowledge and the web assets lie, in a checkout and in an installed wheel.

In a checkout (and an editable install) they are the folders at its top; a wheel carries the same folders inside the
package, put there by the build. Nothing is read when this module is imported.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from taxonomy.errors import StoreError

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The folder that holds ``ontology/``, ``shapes/``, ``data/``, ``queries/`` and ``web/``.

    >>> (root() / "ontology").is_dir()
    True

    Raises:
        StoreError: neither place holds them, which means a broken installation.
    """
    for candidate in (_PACKAGE / "knowledge", _PACKAGE.parent.parent):
        if (candidate / "ontology").is_dir():
            return candidate
    raise StoreError(
        "The knowledge folders are missing from this installation. Reinstall svssv, or run from a checkout."
    )


def folder(name: str) -> Path:
    """One of the knowledge folders, by name.

    >>> folder("queries").name
    'queries'
    """
    return root() / name


def files(name: str, pattern: str) -> tuple[Path, ...]:
    """Every file of a folder that fits a glob, in a stable order.

    >>> all(path.suffix == ".ttl" for path in files("ontology", "**/*.ttl"))
    True
    """
    return tuple(sorted(folder(name).glob(pattern)))
