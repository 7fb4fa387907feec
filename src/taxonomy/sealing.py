"""Sealing: what only the holder of a private key can read again.

A box is closed with a public key (libsodium's sealed box, through PyNaCl), so whoever takes something in cannot read
what others gave. Neither a key nor what was sealed shows in a ``repr``, in an error or in the length of a box.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from taxonomy.errors import InputError, NotAllowedError, StoreError

_SALT: Final = 32  # random bytes before what is sealed: without them its commitment could be undone by guessing
_BLOCK: Final = 512  # bytes; a box is as long as the next multiple
_MARK: Final = "svssv-restricted-key-1 "  # how the file of a private key begins
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something sealed."""

    key: str  # the name of the key that opens it
    commitment: str  # stands for what is in it, also after it was sealed anew for another key
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """The public half of a key: it closes boxes and opens none.

    >>> key = Key.new()
    >>> key.open(key.seal.close(b"made up"))
    b'made up'
    """

    public: bytes  # 32 bytes

    @classmethod
    def told(cls, text: str) -> Seal:
        """A seal from the text that ``text`` gives.

        Raises:
            InputError: it is none.
        """
        try:
            public = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            public = b""
        if len(public) != PublicKey.SIZE:
            raise InputError("This is no public key.", hint="Make one with: svssv keys make --out FILE")
        return cls(public)

    @property
    def text(self) -> str:
        """The seal as it is kept in a file."""
        return base64.b64encode(self.public).decode()

    @property
    def name(self) -> str:
        """What the key is called: the first sixteen digits of its hash."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def close(self, content: bytes) -> Box:
        """Seal some bytes."""
        return self._closed(secrets.token_bytes(_SALT) + content)

    def _closed(self, salted: bytes) -> Box:
        padded = sodium_pad(salted, _BLOCK)
        return Box(
            key=self.name,
            commitment=hashlib.sha256(salted).hexdigest(),
            content=SealedBox(PublicKey(self.public)).encrypt(padded),
        )


class Key:
    """A private key, with its public half. It is made once, kept outside the home, and never shown."""

    __slots__ = ("_box", "_private", "seal")

    def __init__(self, private: PrivateKey) -> None:
        self._private, self._box = private, SealedBox(private)
        self.seal = Seal(bytes(private.public_key))

    def __repr__(self) -> str:
        return f"<Key {self.seal.name}>"

    @classmethod
    def new(cls) -> Key:
        """A key that nobody has had before."""
        return cls(PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> Key:
        """The key in a file.

        Raises:
            InputError: there is none, or others than its owner may read it.
        """
        try:
            with path.open("rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode) or found.st_mode & _OTHERS or found.st_uid != os.geteuid():
                    raise InputError(
                        "Others may read the private key.",
                        where=str(path),
                        hint=f"Make it yours alone: chmod 600 {path}",
                    )
                text = file.read(200).decode("ascii", "replace")
        except OSError as error:
            raise InputError(f"The private key cannot be read ({error.strerror}).", where=str(path)) from None
        try:
            raw = base64.b64decode(text.removeprefix(_MARK).strip(), validate=True) if text.startswith(_MARK) else b""
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != PrivateKey.SIZE:
            raise InputError("This is no private key of svssv.", where=str(path))
        return cls(PrivateKey(raw))

    def write(self, path: Path) -> None:
        """Keep the key in a new file that its owner alone may read.

        Raises:
            InputError: the file is there already, or cannot be written.
        """
        text = f"{_MARK}{base64.b64encode(bytes(self._private)).decode()}\n"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            raise InputError("There is a file already.", where=str(path), hint="Name a new one.") from None
        except OSError as error:
            raise InputError(f"The key cannot be written ({error.strerror}).", where=str(path)) from None

    def open(self, box: Box) -> bytes:
        """What is in a box.

        Raises:
            NotAllowedError: it takes another key; names it.
            StoreError: the box was damaged, or is another one than was closed.
        """
        return self._opened(box)[_SALT:]

    def again(self, box: Box, seal: Seal) -> Box:
        """The same, sealed for another key: what stands for its content stays the same.

        Raises:
            NotAllowedError, StoreError: as for opening it.
        """
        return seal._closed(self._opened(box))  # noqa: SLF001  the other half of one thing

    def _opened(self, box: Box) -> bytes:
        if box.key != self.seal.name:
            raise NotAllowedError(f"It was sealed for the key {box.key}, and this is the key {self.seal.name}.")
        try:
            salted = sodium_unpad(self._box.decrypt(box.content), _BLOCK)
        except (CryptoError, ValueError):
            salted = b""
        if hashlib.sha256(salted).hexdigest() != box.commitment:
            raise StoreError("What was sealed is not what was kept. Compare the ledger with a backup.") from None
        return salted
