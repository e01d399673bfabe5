"""Keep a PDF that a supplier will submit, and say what can be read on it: its data if it holds some, else its text."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chorale.domain.access.rights import Actor, Deed, demand, structures_for
from chorale.domain.dates import paris_day
from chorale.domain.errors import FileTooLarge, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.invoices.attachments import StoredFile
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.once import Once
from chorale.usecases.invoices.store_file import store_file

if TYPE_CHECKING:
    from chorale.formats.reading.pdf_facts import PdfFacts

LARGEST_PDF = 10_000_000
"""Bytes."""
PDF_MAGIC = b"%PDF-"


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """A PDF as it was kept; ``invoice`` is what its data says, ``facts`` what its page says."""

    file: StoredFile
    invoice: Invoice | None
    facts: "PdfFacts"


def read_pdf(actor: Actor, content: bytes, name: str, now: datetime, request: Once | None = None) -> ReadPdf:
    """Keep a PDF among the files of the account and read it; raises Forbidden, FileTooLarge or InvalidRequest.

    A ``request`` that is sent again is given the file that it stored; raises ReplayOfAnother.
    """
    if not structures_for(actor, Deed.DEPOSIT):
        demand(actor, Deed.DEPOSIT, min(actor.structures, default=0))
    if len(content) > LARGEST_PDF:
        raise FileTooLarge("Le PDF dépasse 10 Mo.")
    if not content.startswith(PDF_MAGIC):
        raise InvalidRequest("Le fichier n'est pas un PDF.", Field.PDF)
    # The engine and pypdf are slow to load, and an ordinary deposit needs neither.
    from chorale.formats.budget import budget_at_once
    from chorale.formats.judging.validate import validate
    from chorale.formats.reading.pdf_facts import PdfFacts, facts_of

    file = store_file(actor, name, "PDF", "application/pdf", content, now, request)
    invoice = validate(content, name, None, paris_day(now), budget=budget_at_once()).invoice
    return ReadPdf(file, invoice, PdfFacts() if invoice else facts_of(content))
