"""The files inside a tar, a tar.gz or a zip, read in memory with every byte counted."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from chorale.formats.budget import Budget
from chorale.formats.limits import (
    FILE_NAME_MAX_LENGTH,
    MAX_FILE,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_ZIP_DIRECTORY,
    RATIO_FLOOR,
)
from chorale.formats.notes import Refused, refuse
from chorale.formats.reading import tar
from chorale.formats.reading.detection import ARCHIVES, ContentKind, looks_like
from chorale.formats.reading.member_names import zip_name
from chorale.formats.reading.refusals import too_large

CHUNK = 1 << 16
ENCRYPTED = 0x1
ZIP_END, ZIP_END_SIZE = b"PK\x05\x06", 22
"""The last record of a zip, whose last two bytes are the length of the comment behind it."""
SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
"""What a desktop leaves in folders, in small letters."""
SYSTEM_FOLDERS = frozenset({"__macosx"})
SYSTEM_START = "._"
"""How the name of what a Mac keeps beside a file begins."""
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_of_system(name: str, content: bytes) -> bool:
    """Whether a member was added by the desktop that made the archive, and can be no invoice."""
    *folders, last = name.lower().split("/")
    known = last in SYSTEM_FILES or last.startswith(SYSTEM_START) or not SYSTEM_FOLDERS.isdisjoint(folders)
    return known and looks_like(content) in (ContentKind.UNKNOWN, ContentKind.EMPTY)


def read_archive(content: bytes, kind: ContentKind, budget: Budget) -> list[tuple[str, bytes]]:
    """Names and contents of the files of an archive, in its order; folders are left out.

    Raises Refused for an archive that is broken, hostile, or beyond a limit or ``budget``: nothing of it is taken then.
    """
    found: dict[str, bytes] = {}
    members = _members(content, kind, _Counter(len(content), budget))
    for name, member in members:
        _check_name(name, found)
        if looks_like(member) in ARCHIVES:
            raise refuse(
                "CHO-ARCHIVE-IMBRIQUEE",
                f"L'archive contient une autre archive ({name}) : placez les factures directement dans l'archive.",
                f"The archive holds another archive ({name}): put the invoices directly into the archive.",
                value=name, expected="des factures UBL, CII ou Factur-X",
            )  # fmt: skip
        found[name] = member
        if len(found) > MAX_MEMBERS:
            raise _too_many()
    if not found:
        raise empty_archive()
    return list(found.items())


class _Counter:
    """Counts unpacked bytes; raises Refused as soon as a limit is passed."""

    def __init__(self, packed: int, budget: Budget) -> None:
        self.packed = packed
        self.budget = budget
        self.unpacked = 0

    def add(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > MAX_FILE:
            raise too_large(self.unpacked)
        if self.unpacked > max(RATIO_FLOOR, MAX_RATIO * self.packed):
            raise refuse(
                "CHO-BOMBE",
                f"Le contenu décompressé est plus de {MAX_RATIO} fois plus grand que l'archive : ce n'est pas un lot "
                "de factures. Refaites l'archive.",
                f"The unpacked content is more than {MAX_RATIO} times larger than the archive: pack it again.",
                value=f"{self.unpacked} octets pour {self.packed}", expected=f"rapport de {MAX_RATIO} au plus",
            )  # fmt: skip
        self.budget.inflate(size)


def _members(content: bytes, kind: ContentKind, counter: _Counter) -> Iterator[tuple[str, bytes]]:
    return _zip_members(content, counter) if kind is ContentKind.ZIP else _tar_members(content, kind, counter)


def _tar_members(content: bytes, kind: ContentKind, counter: _Counter) -> Iterator[tuple[str, bytes]]:
    raw: IO[bytes] = io.BytesIO(content)
    stream = gzip.GzipFile(fileobj=raw) if kind is ContentKind.GZIP else raw

    def read(size: int) -> bytes:
        part = stream.read(min(size, CHUNK))
        counter.add(len(part))
        return part

    try:
        for entry in tar.entries(read):
            if entry.is_folder:
                _check_path(entry.name)
                continue
            if not entry.is_file:
                raise _not_a_file(entry.name)
            yield entry.name, entry.content
    except (tar.BadTar, EOFError, OSError, zlib.error) as error:
        raise _broken("tar.gz" if kind is ContentKind.GZIP else "tar", str(error)) from error


def _zip_members(content: bytes, counter: _Counter) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(_ZipBytes(content)) as archive:
            entries = archive.infolist()
            _check_ends(content, entries)
            if len(entries) > MAX_MEMBERS:
                raise _too_many()
            for entry in entries:
                name = zip_name(entry.filename, entry.flag_bits)
                mode = entry.external_attr >> 16
                if entry.flag_bits & ENCRYPTED:
                    raise refuse(
                        "CHO-ARCHIVE-CHIFFREE",
                        f"Le fichier {name} de l'archive est protégé par un mot de passe : refaites "
                        "l'archive sans chiffrement.",
                        f"Member {name} is encrypted: make the archive again without a password.",
                        value=name, expected="archive sans mot de passe",
                    )  # fmt: skip
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR) or entry.compress_type not in ZIP_METHODS:
                    raise _not_a_file(name)
                if entry.is_dir():
                    _check_path(name)
                    continue
                yield name, _read_zip_member(archive, entry, counter)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _broken("zip", str(error)) from error


def _check_ends(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Raise BadZipFile for data before or after a zip: a second archive there would be lost without a word."""
    if entries and min(entry.header_offset for entry in entries) > 0:
        raise zipfile.BadZipFile("data before the beginning")
    end = content.rfind(ZIP_END)
    comment = int.from_bytes(content[end + ZIP_END_SIZE - 2 : end + ZIP_END_SIZE], "little")
    if content[end + ZIP_END_SIZE + comment :].strip(b"\0\r\n"):
        raise zipfile.BadZipFile("data after the end")


def _read_zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, counter: _Counter) -> bytes:
    parts = []
    with archive.open(entry) as member:
        while part := member.read(CHUNK):
            counter.add(len(part))
            parts.append(part)
    return b"".join(parts)


class _ZipBytes(io.BytesIO):
    """The bytes of a zip. Its members are read in small parts: one large read is that of a huge list of members.

    Whatever record says how long the list is (of zip or of zip64), it is refused before it is read.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        ahead = len(self.getbuffer()) - self.tell()
        if min(ahead, size if size is not None and size >= 0 else ahead) > MAX_ZIP_DIRECTORY:
            raise _too_many()
        return super().read(size)


def _check_name(name: str, found: dict[str, bytes]) -> None:
    _check_path(name)
    if name in found:
        raise refuse(
            "CHO-ARCHIVE-DOUBLON",
            f"L'archive contient deux fois le fichier {name} : donnez à chaque facture un nom différent.",
            f"The archive holds {name} twice: give each invoice a name of its own.",
            value=name, expected="noms tous différents",
        )  # fmt: skip


def _check_path(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    absolute = name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":")
    if absolute or ".." in parts or not name.isprintable() or len(name) > FILE_NAME_MAX_LENGTH:
        raise refuse(
            "CHO-ARCHIVE-CHEMIN",
            "Un nom de fichier de l'archive est absolu, remonte l'arborescence (..), contient un caractère de contrôle "
            f"ou dépasse {FILE_NAME_MAX_LENGTH} caractères : refaites l'archive avec des noms simples.",
            "A member's name is absolute, climbs (..), holds a control character or is too long: use plain names.",
            value=name, expected="nom simple, sans « / » initial ni « .. »",
        )  # fmt: skip


def empty_archive() -> Refused:
    """The refusal of an archive in which there is no file that could be an invoice."""
    return refuse(
        "CHO-ARCHIVE-VIDE",
        "L'archive ne contient aucun fichier : placez-y au moins une facture.",
        "The archive holds no file: put at least one invoice into it.",
        expected="au moins une facture",
    )


def _not_a_file(name: str) -> Refused:
    return refuse(
        "CHO-ARCHIVE-MEMBRE",
        f"{name} n'est pas un fichier ordinaire (lien, périphérique ou compression inconnue) : "
        "n'archivez que les fichiers des factures.",
        f"{name} is not a plain file (link, device or unknown compression): archive the invoice files only.",
        value=name, expected="fichiers ordinaires",
    )  # fmt: skip


def _too_many() -> Refused:
    return refuse(
        "CHO-ARCHIVE-MEMBRES",
        f"L'archive contient plus de {MAX_MEMBERS} fichiers : répartissez les factures en plusieurs dépôts.",
        f"The archive holds more than {MAX_MEMBERS} files: split it into several deposits.",
        expected=f"{MAX_MEMBERS} fichiers au plus",
    )


def _broken(form: str, reason: str) -> Refused:
    return refuse(
        "CHO-ARCHIVE-ILLISIBLE",
        f"L'archive {form} est endommagée ou d'une forme non prise en charge : refaites-la et déposez-la de nouveau "
        "(tar.gz ou zip de factures).",
        f"The {form} archive is damaged or of an unknown form ({reason}): make it again.",
        value=reason, expected="archive tar.gz ou zip lisible",
    )  # fmt: skip
