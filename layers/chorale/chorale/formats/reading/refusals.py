"""Refusals of a whole file that come before anything is read from it."""

from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm, Syntax
from chorale.formats.limits import MAX_FILE
from chorale.formats.notes import Refused, refuse
from chorale.formats.reading.detection import ContentKind


def too_large(size: int) -> Refused:
    """The refusal of a file, or of an unpacked archive, above the limit."""
    return refuse(
        "CHO-TAILLE",
        f"Le fichier dépasse {MAX_FILE // 1_000_000} Mo, une fois décompressé : répartissez les factures en plusieurs "
        "dépôts.",
        f"The file is larger than {MAX_FILE // 1_000_000} MB once unpacked: split it into several deposits.",
        value=f"{size} octets", expected=f"{MAX_FILE} octets au plus",
    )  # fmt: skip


def virus(name: str) -> Refused:
    """The refusal of a file in which a virus is known."""
    return refuse(
        "CHO-VIRUS",
        f"Le fichier {name} contient un virus connu : ne l'envoyez pas et faites examiner votre poste.",
        f"File {name} holds a known virus.",
        value=name, expected="un fichier sain",
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
