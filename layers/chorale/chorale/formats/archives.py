"""The files inside a tar, a tar.gz or a zip, read in memory with every byte counted."""

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from chorale.formats import tar
from chorale.formats.detection import ARCHIVES, ContentKind, looks_like
from chorale.formats.limits import (
    FILE_NAME_MAX_LENGTH,
    MAX_FILE,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_ZIP_DIRECTORY,
    RATIO_FLOOR,
)
from chorale.formats.notes import Refused, refuse
from chorale.formats.refusals import too_large

CHUNK = 1 << 16
ENCRYPTED = 0x1
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ZIP_END = b"PK\x05\x06"


def read_archive(content: bytes, kind: ContentKind) -> list[tuple[str, bytes]]:
    """Names and contents of the files of an archive, in its order; folders are left out.

    Raises Refused for an archive that is broken, hostile or beyond a limit: nothing of it is taken then.
    """
    found: dict[str, bytes] = {}
    members = _zip_members(content) if kind is ContentKind.ZIP else _tar_members(content, kind)
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
        raise refuse(
            "CHO-ARCHIVE-VIDE",
            "L'archive ne contient aucun fichier : placez-y au moins une facture.",
            "The archive holds no file: put at least one invoice into it.",
            expected="au moins une facture",
        )
    return list(found.items())


class _Counter:
    """Counts unpacked bytes; raises Refused as soon as a limit is passed."""

    def __init__(self, packed: int) -> None:
        self.packed = packed
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


def _tar_members(content: bytes, kind: ContentKind) -> Iterator[tuple[str, bytes]]:
    raw: IO[bytes] = io.BytesIO(content)
    stream = gzip.GzipFile(fileobj=raw) if kind is ContentKind.GZIP else raw
    counter = _Counter(len(content))

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


def _zip_members(content: bytes) -> Iterator[tuple[str, bytes]]:
    _check_zip_directory(content)
    counter = _Counter(len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_MEMBERS:
                raise _too_many()
            for entry in entries:
                mode = entry.external_attr >> 16
                if entry.flag_bits & ENCRYPTED:
                    raise refuse(
                        "CHO-ARCHIVE-CHIFFREE",
                        f"Le fichier {entry.filename} de l'archive est protégé par un mot de passe : refaites "
                        "l'archive sans chiffrement.",
                        f"Member {entry.filename} is encrypted: make the archive again without a password.",
                        value=entry.filename, expected="archive sans mot de passe",
                    )  # fmt: skip
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR) or entry.compress_type not in ZIP_METHODS:
                    raise _not_a_file(entry.filename)
                if entry.is_dir():
                    _check_path(entry.filename)
                    continue
                yield entry.filename, _read_zip_member(archive, entry, counter)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _broken("zip", str(error)) from error


def _read_zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, counter: _Counter) -> bytes:
    parts = []
    with archive.open(entry) as member:
        while part := member.read(CHUNK):
            counter.add(len(part))
            parts.append(part)
    return b"".join(parts)


def _check_zip_directory(content: bytes) -> None:
    """Refuse a huge list of members before the library reads it whole."""
    end = content.rfind(ZIP_END)
    if end < 0 or len(content) < end + 22:
        raise _broken("zip", "no end of central directory")
    entries, size = struct.unpack_from("<HI", content, end + 10)
    if entries > MAX_MEMBERS or size > MAX_ZIP_DIRECTORY:
        raise _too_many()


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
