"""What a zip archive holds, looked at before any of it is read: a workbook is a zip of XML, and both can be bombs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, Literal
from xml.parsers import expat  # what has declarations of its own was refused before

from taxonomy.errors import InputError, TooLargeError, UnknownKindError
from taxonomy.intake import extents

ENTRIES: Final = 200
INFLATED: Final = 50 * 2**20  # bytes
RATIO: Final = 100  # inflated to packed

Form = Literal["xlsx", "ods", "csv"]

SAVE_AS: Final = "Save it as an Excel workbook (.xlsx) and try again."
_OLE: Final = b"\xd0\xcf\x11\xe0"  # how an encrypted workbook and an old .xls begin
_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_COMPRESSED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MACROS: Final = ("vbaProject.bin", ".xlm", "script-lc.xml")


def look_inside(data: bytes, most: extents.Extent) -> Form:
    """Which form of spreadsheet an archive holds, once it is known to be safe to open.

    Raises:
        InputError: it is none, or it is not safe; says why, and what to do.
    """
    if not data.strip():
        raise InputError("The file is empty.", hint=SAVE_AS)
    if data.startswith(_OLE):
        raise InputError(
            "The workbook has a password, or is of the old .xls kind.", hint=f"Remove the password. {SAVE_AS}"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _look_at(archive, most)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise InputError(f"The file is no Excel workbook, or only a part of one ({error}).", hint=SAVE_AS) from None


def files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an archive that was looked at, each by its name without folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            name = entry.filename.rpartition("/")[2]
            if name and not name.startswith(".") and not entry.filename.startswith("__MACOSX/"):
                yield name, archive.read(entry)


def _look_at(archive: zipfile.ZipFile, most: extents.Extent) -> Form:
    entries = archive.infolist()
    _look_at_entries(entries)
    form = _form(archive, [entry.filename for entry in entries])
    if form is None or any(entry.compress_type not in _COMPRESSED for entry in entries):
        raise UnknownKindError("The file is a zip archive, but no Excel workbook.", hint=SAVE_AS)
    packed = sum(entry.compress_size for entry in entries)
    if sum(entry.file_size for entry in entries) > min(INFLATED, RATIO * packed + 2**20):
        raise _bomb()
    inflated = 0
    for entry in entries:
        content = bytearray()
        for block in _blocks(archive, entry):
            inflated += len(block)
            if inflated > INFLATED:
                raise _bomb()
            content += block
        _look_at_part(form, entry.filename, bytes(content), most)
    return form


def _look_at_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > ENTRIES:
        raise TooLargeError(f"The workbook has {len(names):,} parts; the most is {ENTRIES}.", hint=SAVE_AS)
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputError("The file has a password.", hint=f"Remove the password. {SAVE_AS}")
    if len(set(names)) < len(names):
        raise InputError("The workbook has two parts of one name.", hint=SAVE_AS)
    if any(".." in name.split("/") or name.startswith("/") or "\\" in name for name in names):
        raise InputError("The workbook has a part with a path that leads out of it.", hint="It will not be opened.")
    if any(name.endswith(_MACROS) or name.startswith("Basic/") for name in names):
        raise InputError("The workbook holds macros.", hint=SAVE_AS)


def _form(archive: zipfile.ZipFile, names: list[str]) -> Form | None:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        with archive.open("mimetype") as part:
            return "ods" if part.read(100).strip() == _SPREADSHEET else None
    listed = [name for name in names if not name.endswith("/") and not name.startswith("__MACOSX/")]
    return "csv" if listed and all(name.lower().endswith((".csv", ".tsv")) for name in listed) else None


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while block := part.read(2**20):
            yield block


def _look_at_part(form: Form, name: str, content: bytes, most: extents.Extent) -> None:
    if form == "csv" or not name.endswith((".xml", ".rels", ".rdf")):
        return
    plain = content.replace(b"\0", b"")  # of UTF-16, what a parser would see
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise InputError("The workbook holds XML with declarations of its own.", hint=SAVE_AS)
    _parse(content)
    if b"encryption-data" in plain and name == "META-INF/manifest.xml":
        raise InputError("The workbook has a password.", hint=f"Remove the password. {SAVE_AS}")
    if form == "xlsx":
        extents.look_at_xlsx(name, plain, most)
    else:
        extents.look_at_ods(name, plain, most)


def _parse(content: bytes) -> None:
    """Refuse XML that is not whole: the library that reads workbooks may wait for its end for ever."""
    try:
        expat.ParserCreate().Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"The workbook is damaged ({error}).", hint=SAVE_AS) from None


def _bomb() -> TooLargeError:
    return TooLargeError(
        "The workbook would be larger than 50 MB when unpacked.", hint="Remove pictures and try again."
    )
