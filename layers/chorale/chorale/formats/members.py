"""The members of a deposited file: one for a single invoice, one per invoice for an archive. Nothing touches a disk."""

from dataclasses import dataclass

from chorale.domain.findings import Finding
from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm, Syntax
from chorale.formats.detection import ARCHIVES, ContentKind, looks_like
from chorale.formats.limits import MAX_FILE
from chorale.formats.notes import Refused, refuse

FILE_NAME_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One invoice file of a deposit; ``rank`` counts from 1 in the order of the archive."""

    rank: int
    name: str
    content: bytes


class RefusedFile(Exception):
    """The whole file is refused; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


def unpack(content: bytes, file_name: str, syntax: Syntax | None) -> list[Member]:
    """The members of a deposited file.

    A single file is its own member, a tar, tar.gz or zip gives its files in the order of the archive. One XML file
    holds one invoice: the roots of UBL 2.1 and of CII carry exactly one, so several invoices travel in an archive.
    ``syntax`` is what the deposit announced: a single file whose form is none of this syntax is refused as a whole.
    Raises RefusedFile.
    """
    try:
        return _unpack(content, file_name, syntax)
    except Refused as refused:
        raise RefusedFile(tuple(made.finding for made in refused.notes)) from refused


def _unpack(content: bytes, file_name: str, syntax: Syntax | None) -> list[Member]:
    if len(file_name) > FILE_NAME_MAX_LENGTH:
        raise refuse(
            "CHO-NOM-FICHIER",
            f"Le nom du fichier dépasse {FILE_NAME_MAX_LENGTH} caractères : raccourcissez-le.",
            f"The file name is longer than {FILE_NAME_MAX_LENGTH} characters: shorten it.",
            value=file_name, expected=f"{FILE_NAME_MAX_LENGTH} caractères au plus",
        )  # fmt: skip
    if len(content) > MAX_FILE:
        raise too_large(len(content))
    kind = looks_like(content)
    if kind in ARCHIVES:
        from chorale.formats.archives import read_archive

        return [Member(rank, name, member) for rank, (name, member) in enumerate(read_archive(content, kind), start=1)]
    check_kind(kind, syntax)
    return [Member(1, file_name, content)]


def too_large(size: int) -> Refused:
    """The refusal of a file, or of an unpacked archive, above the limit."""
    return refuse(
        "CHO-TAILLE",
        f"Le fichier dépasse {MAX_FILE // 1_000_000} Mo, une fois décompressé : répartissez les factures en plusieurs "
        "dépôts.",
        f"The file is larger than {MAX_FILE // 1_000_000} MB once unpacked: split it into several deposits.",
        value=f"{size} octets", expected=f"{MAX_FILE} octets au plus",
    )  # fmt: skip


def check_kind(kind: ContentKind, syntax: Syntax | None) -> None:
    """Refuse what can be no invoice of the announced syntax, from its first bytes alone."""
    if kind is ContentKind.EMPTY:
        raise refuse(
            "CHO-VIDE",
            "Le fichier est vide : déposez un fichier qui contient la facture.",
            "The file is empty: deposit a file that holds the invoice.",
            expected="une facture",
        )
    if kind is ContentKind.PKCS7:
        raise refuse(
            "CHO-SIGNATURE-SEULE",
            "Ce fichier est une signature (PKCS#7), pas une facture : déposez la facture elle-même, "
            "sa signature n'est pas exigée.",
            "This file is a signature (PKCS#7), not an invoice: deposit the invoice itself.",
            expected="une facture",
        )
    if kind not in (ContentKind.XML, ContentKind.PDF):
        raise refuse(
            "CHO-FORME",
            "Ce fichier n'est ni du XML, ni un PDF, ni une archive tar.gz ou zip : déposez une facture UBL, CII ou "
            "Factur-X.",
            "This file is neither XML, PDF, tar.gz nor zip: deposit a UBL, CII or Factur-X invoice.",
            expected="UBL, CII ou Factur-X",
        )
    wants_pdf = syntax is not None and DocumentForm.PDF in SYNTAX_ROWS[syntax].forms
    if syntax is not None and wants_pdf is not (kind is ContentKind.PDF):
        row = SYNTAX_ROWS[syntax]
        raise refuse(
            "CHO-SYNTAXE",
            f"Le dépôt annonce {syntax.value} ({row.label}) et le fichier est du {kind.value} : "
            "annoncez la syntaxe du fichier ou déposez un fichier de cette syntaxe.",
            f"The deposit announces {syntax.value} ({row.label}) and the file is {kind.value}: announce its syntax.",
            value=kind.value, expected=row.label,
        )  # fmt: skip
