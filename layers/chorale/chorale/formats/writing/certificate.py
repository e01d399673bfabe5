"""The certificate of a deposit, in the names of the public API."""

import base64
import hashlib
from collections.abc import Sequence

from chorale.domain.invoices.recorded import InvoiceSummary


def deposit_certificate(filed: InvoiceSummary, document_sha256: str) -> str:
    """What the platform took, in lines that anybody can write again from the invoice and its document."""
    facts: Sequence[tuple[str, object]] = (
        ("identifiantFactureCPP", filed.id),
        ("numeroFacture", filed.number),
        ("fournisseur", filed.supplier.identifier),
        ("destinataire", filed.recipient.identifier),
        ("dateFacture", filed.issue_date.isoformat()),
        ("montantTtcTotal", f"{filed.gross:.2f}"),
        ("codeDeviseFacture", filed.currency),
        ("sha256", document_sha256),
    )
    return "".join(f"{name}={value}\n" for name, value in facts)


def certificate_digest(certificate: str) -> str:
    """SHA-256 of a certificate (UTF-8), in base64."""
    return base64.b64encode(hashlib.sha256(certificate.encode()).digest()).decode()
