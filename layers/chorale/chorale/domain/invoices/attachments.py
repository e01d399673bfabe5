"""Files that are stored first and attached to an invoice or a works paper afterwards."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chorale.domain.errors import ActiveFile, AttachmentNotFound, AttachmentTooLarge, InfectedFile, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.file_checks import faults_of

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
KEPT_UNATTACHED = timedelta(days=30)
"""How long a stored file can be attached; then its content is deleted."""
AT_ONCE = 30
"""Files that one act attaches: they are written in one transaction with it."""
COMPLEMENTARY = "02"
"""Code of an ordinary attachment (XSD CPPFacturePivot, TypePJ)."""

_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII)
FAULT_ERRORS: Mapping[str, type[InvalidRequest]] = {
    "CHO-PJ-VIRUS": InfectedFile,
    "CHO-PJ-ACTIF": ActiveFile,
    "CHO-PJ-MACRO": ActiveFile,
    "CHO-PJ-PDF-CONTENU": ActiveFile,
}
"""The error of a fault that has one of its own."""
FAULT_FIELDS: Mapping[str, str] = {"CHO-PJ-NOM-FORME": Field.ATTACHMENT_NAME}
"""The field that a fault is in, where it is not the content."""


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
    detached_at: datetime | None = None
    """When the account that stored it took it back; what it was attached to before keeps it."""

    @property
    def expires_at(self) -> datetime:
        """From when on it cannot be attached any more."""
        return self.stored_at + KEPT_UNATTACHED

    def available(self, now: datetime) -> bool:
        """Whether it can be found and attached at ``now``."""
        return self.detached_at is None and now < self.expires_at


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
            Field.ATTACHMENT_EXTENSION,
        )
    if len(mime_type) > MIME_MAX_LENGTH or not _MIME.fullmatch(mime_type):
        raise InvalidRequest(
            f"{Field.ATTACHMENT_MIME_TYPE} doit être un type MIME de {MIME_MAX_LENGTH} caractères au plus, par exemple "
            "application/pdf.",
            Field.ATTACHMENT_MIME_TYPE,
        )
    if not content:
        raise InvalidRequest("La pièce jointe est vide : joignez son contenu en base64.", Field.ATTACHMENT_CONTENT)
    if len(content) > SIZE_LIMIT:
        raise AttachmentTooLarge(
            f"La pièce jointe fait {len(content) / 1e6:.1f} Mo : {SIZE_LIMIT / 1e6:.0f} Mo au plus par pièce."
        )
    for fault in faults_of(name, given.upper(), content):
        raise refused_file(fault.check.code, fault.french)
    return name, given.lower()


def _check_name(name: str) -> None:
    if not name.strip(" ."):
        raise InvalidRequest(
            f"{Field.ATTACHMENT_NAME} est obligatoire : indiquez le nom du fichier.", Field.ATTACHMENT_NAME
        )
    if len(name) > NAME_MAX_LENGTH:
        raise InvalidRequest(
            f"{Field.ATTACHMENT_NAME} compte {len(name)} caractères : {NAME_MAX_LENGTH} au plus.", Field.ATTACHMENT_NAME
        )


def refused_file(code: str, french: str) -> InvalidRequest:
    """The refusal of a file that is stored, for the fault that has ``code``."""
    return FAULT_ERRORS.get(code, InvalidRequest)(french, FAULT_FIELDS.get(code, Field.ATTACHMENT_CONTENT))


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
        f"transverses/v1/ajouter/fichier, puis utilisez son {Field.ATTACHMENT_ID} dans les {KEPT_UNATTACHED.days} "
        "jours."
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
