"""Files that are stored first and attached to an invoice or a works paper afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.errors import AttachmentNotFound, AttachmentTooLarge, InvalidRequest

SIZE_LIMIT = 10_000_000
"""Bytes of one attachment, decoded (public platform, code 20003)."""
NAME_MAX_LENGTH = 50
DESIGNATION_MAX_LENGTH = 100
TYPE_MAX_LENGTH = 30
MIME_MAX_LENGTH = 255
EXTENSIONS = frozenset(
    {
        "BMP", "BZ2", "CSV", "DOC", "DOCX", "FAX", "GIF", "GZ", "GZIP", "HTM", "HTML", "JPEG", "JPG", "ODP", "ODS",
        "ODT", "P7S", "PDF", "PNG", "PPS", "PPT", "PPTX", "RTF", "SVG", "TGZ", "TIF", "TIFF", "TXT", "XHTML", "XLC",
        "XLM", "XLS", "XLSX", "XML", "XSD", "XSL", "ZIP",
    }
)  # fmt: skip
"""Extensions that the public platform takes."""
EXECUTABLES = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
"""First bytes of programs and scripts."""
KEPT_UNATTACHED = timedelta(days=30)
"""How long a stored file can be attached; then its content is deleted."""
AT_ONCE = 30
"""Files that one act attaches: they are written in one transaction with it."""
COMPLEMENTARY = "02"
"""Code of an ordinary attachment (XSD CPPFacturePivot, TypePJ)."""

_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII)
_FORBIDDEN = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that an account stored. ``size`` in bytes; ``sha256`` in hexadecimal; ``extension`` in small letters."""

    id: int
    name: str
    extension: str
    mime_type: str
    size: int
    sha256: str
    login: str
    structures: tuple[int, ...]
    """For whom the account could deposit at that moment: their accounts may attach the file."""
    stored_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From when on it cannot be attached any more."""
        return self.stored_at + KEPT_UNATTACHED


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stored file to attach, as the request names it; ``line`` is the number of the invoice line it is about."""

    file_id: int
    designation: str = ""
    kind: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file attached to an invoice or a works paper."""

    id: int
    designation: str
    kind: str
    extension: str
    name: str
    mime_type: str
    size: int
    sha256: str
    by: str
    at: datetime
    line: int | None = None


def check_file(name: str, extension: str, mime_type: str, content: bytes) -> tuple[str, str]:
    """The name and the extension (small letters) under which ``content`` is kept.

    Raises InvalidRequest, which names the field, or AttachmentTooLarge (limits of the public platform).
    """
    _check_name(name)
    given = (extension or name.rpartition(".")[2] if "." in name else extension).strip().removeprefix(".")
    if given.upper() not in EXTENSIONS:
        raise InvalidRequest(
            f"L'extension {given[:20] or '(absente)'} n'est pas admise pour une pièce jointe. Extensions admises : "
            f"{', '.join(sorted(EXTENSIONS))}.",
            "pieceJointeExtension",
        )
    if len(mime_type) > MIME_MAX_LENGTH or not _MIME.fullmatch(mime_type):
        raise InvalidRequest(
            f"pieceJointeTypeMime doit être un type MIME de {MIME_MAX_LENGTH} caractères au plus, par exemple "
            "application/pdf.",
            "pieceJointeTypeMime",
        )
    if not content:
        raise InvalidRequest("La pièce jointe est vide : joignez son contenu en base64.", "pieceJointeFichier")
    if len(content) > SIZE_LIMIT:
        raise AttachmentTooLarge(
            f"La pièce jointe fait {len(content) / 1e6:.1f} Mo : {SIZE_LIMIT / 1e6:.0f} Mo au plus par pièce."
        )
    if content.startswith(EXECUTABLES):
        raise InvalidRequest("La pièce jointe est un programme : seuls les documents sont admis.", "pieceJointeFichier")
    return name, given.lower()


def _check_name(name: str) -> None:
    if not name.strip(" ."):
        raise InvalidRequest("pieceJointeNom est obligatoire : indiquez le nom du fichier.", "pieceJointeNom")
    if len(name) > NAME_MAX_LENGTH:
        raise InvalidRequest(
            f"pieceJointeNom compte {len(name)} caractères : {NAME_MAX_LENGTH} au plus.", "pieceJointeNom"
        )
    # Characters that are not printable include those that reverse the reading of a name.
    if not name.isprintable() or _FORBIDDEN & set(name):
        raise InvalidRequest(
            "pieceJointeNom ne doit contenir ni chemin, ni caractère invisible, ni l'un de " + ' / \\ : * ? " < > |.',
            "pieceJointeNom",
        )


def check_wanted(wanted: Sequence[Wanted], field: str) -> None:
    """Raise InvalidRequest when an act names too many files, one of them twice, or words that are too long."""
    if len(wanted) > AT_ONCE:
        raise InvalidRequest(f"{field} : {AT_ONCE} pièces jointes au plus par appel, {len(wanted)} reçues.", field)
    seen: set[int] = set()
    for one in wanted:
        if one.file_id in seen:
            raise InvalidRequest(f"{field} : la pièce jointe {one.file_id} est donnée deux fois.", field)
        seen.add(one.file_id)
        for words, limit, what in (
            (one.designation, DESIGNATION_MAX_LENGTH, "désignation"),
            (one.kind, TYPE_MAX_LENGTH, "type"),
        ):
            if len(words) > limit:
                raise InvalidRequest(
                    f"{field} : le champ {what} de la pièce jointe {one.file_id} compte {len(words)} caractères, "
                    f"{limit} au plus.",
                    field,
                )


def unknown_file(file_id: int) -> AttachmentNotFound:
    """The answer for a file that does not exist, has expired, or is another's."""
    return AttachmentNotFound(
        f"La pièce jointe {file_id} n'existe pas ou n'est plus disponible : stockez le fichier avec "
        f"transverses/v1/ajouter/fichier, puis utilisez son pieceJointeId dans les {KEPT_UNATTACHED.days} jours."
    )


def attached(file: StoredFile, wanted: Wanted, by: str, at: datetime) -> AttachedFile:
    """``file`` as it is attached by the account ``by``."""
    return AttachedFile(
        file.id,
        wanted.designation or file.name,
        wanted.kind or COMPLEMENTARY,
        file.extension,
        file.name,
        file.mime_type,
        file.size,
        file.sha256,
        by,
        at,
        wanted.line,
    )
