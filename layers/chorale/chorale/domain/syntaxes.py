"""Syntaxes that a deposit announces (``syntaxeFlux``), and the interface that its flux number carries."""

from dataclasses import dataclass
from enum import StrEnum


class Syntax(StrEnum):
    """A syntax of deposit. The value is the code of the public API."""

    UBL_INVOICE = "IN_DP_E1_UBL_INVOICE"
    CII_16B = "IN_DP_E1_CII_16B"
    FACTURX = "IN_DP_E2_CII_FACTURX"
    UBL_INVOICE_MIN = "IN_DP_E2_UBL_INVOICE_MIN"
    CII_MIN_16B = "IN_DP_E2_CII_MIN_16B"
    CPP_FACTURE_MIN = "IN_DP_E2_CPP_FACTURE_MIN"


class DocumentForm(StrEnum):
    """What the bytes of one invoice are."""

    UBL_INVOICE = "UBL_INVOICE"
    UBL_CREDIT_NOTE = "UBL_CREDIT_NOTE"
    CII = "CII"
    PDF = "PDF"
    CPP = "CPP"
    """The platform's own format (XSD CPPFacturePivot)."""


@dataclass(frozen=True, slots=True)
class SyntaxRow:
    """One row of the table of syntaxes."""

    interface: str
    """Four digits inside the flux number (interface FSOxxxxA of the platform)."""
    interface_code: str
    forms: frozenset[DocumentForm]
    """Forms that a file of this syntax may have."""
    label: str
    mixed: bool = False
    """Whether the file holds, beside the data, the invoice itself as a PDF (flux of the family E2)."""


SYNTAX_ROWS: dict[Syntax, SyntaxRow] = {
    Syntax.UBL_INVOICE: SyntaxRow(
        "1100", "FSO1100A", frozenset({DocumentForm.UBL_INVOICE, DocumentForm.UBL_CREDIT_NOTE}), "UBL 2.1"
    ),
    Syntax.CII_16B: SyntaxRow("1106", "FSO1106A", frozenset({DocumentForm.CII}), "UN/CEFACT CII D16B"),
    Syntax.FACTURX: SyntaxRow("1117", "FSO1117A", frozenset({DocumentForm.PDF}), "Factur-X"),
    Syntax.UBL_INVOICE_MIN: SyntaxRow(
        "1190", "FSO1190A", frozenset({DocumentForm.UBL_INVOICE, DocumentForm.UBL_CREDIT_NOTE}),
        "UBL 2.1 minimal avec PDF", mixed=True,
    ),
    Syntax.CII_MIN_16B: SyntaxRow(
        "1196", "FSO1196A", frozenset({DocumentForm.CII}), "UN/CEFACT CII D16B minimal avec PDF", mixed=True
    ),
    Syntax.CPP_FACTURE_MIN: SyntaxRow(
        "1110", "FSO1110A", frozenset({DocumentForm.CPP}), "CPP minimal avec PDF", mixed=True
    ),
}  # fmt: skip
"""The interfaces 1100, 1106, 1110 and 1117 are those of the public platform; those of the minimal UBL and CII are not
published, 1190 and 1196 are ours (infra/decisions.md)."""

KNOWN_SYNTAXES = frozenset(
    {
        "IN_DP_E1_UBL_INVOICE", "IN_DP_E1_CII", "IN_DP_E1_PES_FACTURE", "IN_DP_E1_XCBL", "IN_DP_E2_UBL_INVOICE_MIN",
        "IN_DP_E2_CII_MIN", "IN_DP_E2_PES_FACTURE_MIN", "IN_DP_E2_CPP_FACTURE_MIN", "IN_DP_PDFARCHIVE_UBL_INVOICE_MUG",
        "IN_DP_PDFARCHIVE_CII_MUG", "IN_DP_E1_CII_16B", "IN_DP_E2_CII_MIN_16B", "IN_DP_E2_CII_FACTURX",
    }
)  # fmt: skip
"""Every syntax that the AIFE Swagger names: those that are not in the table are known but not taken."""


def flux_number(syntax: Syntax, sequence: int) -> str:
    """The 25 characters that name a deposit: ``CPP001``, the interface, then 15 digits."""
    return f"CPP001{SYNTAX_ROWS[syntax].interface}{sequence:015d}"
