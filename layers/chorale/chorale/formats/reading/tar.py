"""A reader of tar streams that knows just what a batch of invoices needs.

The standard library's reader of the Python versions that we support can be made to loop for ever or to spend quadratic
time by crafted headers (CVE-2025-8194, CVE-2024-6232). Plain files, folders and long names are all we accept.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chorale.formats.reading.member_names import name_of

BLOCK = 512
MAX_LONG_NAME = 65_536
REGULAR, FOLDER = b"0\x00", b"5"
GNU_LONG_NAME, PAX, PAX_GLOBAL = b"L", b"x", b"g"


class BadTar(Exception):
    """The stream is not a tar, or is cut."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a tar. ``kind`` is its type flag; ``content`` is empty for all but plain files."""

    name: str
    kind: bytes
    content: bytes

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file."""
        return self.kind in REGULAR

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind == FOLDER


def entries(read: Callable[[int], bytes]) -> Iterator[Entry]:
    """The members of a tar stream in its order; ``read(n)`` gives up to ``n`` bytes and does the counting.

    Raises BadTar.
    """
    long_name = ""
    while True:
        header = _exactly(read, BLOCK, allow_end=True)
        if not header or header.count(0) == BLOCK:
            _check_end(read)
            return
        _check(header)
        size = _number(header[124:136])
        kind = header[156:157]
        if kind in (GNU_LONG_NAME, PAX, PAX_GLOBAL):
            if size > MAX_LONG_NAME:
                raise BadTar("extended header too long")
            extended = _padded(read, size)
            if kind == GNU_LONG_NAME:
                long_name = _text(extended)
            elif kind == PAX:
                long_name = _pax_path(extended) or long_name
            continue
        name, long_name = long_name or _short_name(header), ""
        yield Entry(name, kind, _padded(read, size) if kind in REGULAR else b"")


def _check_end(read: Callable[[int], bytes]) -> None:
    """Raise BadTar for anything but zeros behind the end: a second archive there would be lost without a word."""
    while part := read(BLOCK * BLOCK):
        if part.count(0) != len(part):
            raise BadTar("data after the end")


def _exactly(read: Callable[[int], bytes], size: int, *, allow_end: bool = False) -> bytes:
    parts: list[bytes] = []
    missing = size
    while missing:
        part = read(missing)
        if not part:
            if allow_end and missing == size:
                return b""
            raise BadTar("cut")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _padded(read: Callable[[int], bytes], size: int) -> bytes:
    content = _exactly(read, size)
    _exactly(read, -size % BLOCK)
    return content


def _check(header: bytes) -> None:
    if _number(header[148:156]) != sum(header) - sum(header[148:156]) + 8 * ord(" "):
        raise BadTar("wrong checksum")


def _number(field: bytes) -> int:
    """An octal number; the binary form for sizes above 8 GB is not one that we read."""
    digits = field.strip(b" \0") or b"0"
    if not digits.isdigit() or any(digit > ord("7") for digit in digits):
        raise BadTar("not an octal number")
    return int(digits, 8)


def _text(field: bytes) -> str:
    return name_of(field.split(b"\0", 1)[0])


def _short_name(header: bytes) -> str:
    name, prefix = _text(header[:100]), ""
    if header[257:263] == b"ustar\0":
        prefix = _text(header[345:500])
    return f"{prefix}/{name}" if prefix else name


def _pax_path(records: bytes) -> str:
    """The ``path`` of an extended header, which is made of records ``<length> <key>=<value>`` and a line break."""
    at, path = 0, ""
    while at < len(records):
        space = records.find(b" ", at, at + 20)
        digits = records[at:space] if space > 0 else b""
        if not digits.isdigit() or not space - at < int(digits) <= len(records) - at:
            raise BadTar("broken extended header")
        key, _, value = records[space + 1 : at + int(digits) - 1].partition(b"=")
        if key == b"path":
            path = value.decode("utf-8", "replace")
        elif key in (b"size", b"GNU.sparse.major"):
            raise BadTar("size outside of the header")
        at += int(digits)
    return path
