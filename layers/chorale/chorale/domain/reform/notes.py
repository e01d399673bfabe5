"""Notes of an invoice (BG-1) and their subject (BT-21), two of which tell platforms how to treat it.

Sources: AFNOR XP Z12-012 4.5.3 (ADN, B2G) and rules BR-FR-20 and -31 (BAR), UNTDID 4451. UBL has no element for the
subject: it is written before the text, between two ``#``.
"""

import re
from dataclasses import dataclass

PERIMETER, PROCESSING = "ADN", "BAR"
"""Subjects of the notes that name the perimeter of the reform, and the treatment that an invoice needs."""
PUBLIC = "B2G"
TREATMENTS = ("B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY")
"""What a note BAR may say (BR-FR-20)."""
_MARKED = re.compile(r"#(?P<subject>[A-Z]{3})#(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class InvoiceNote:
    """One note: its subject (BT-21, UNTDID 4451; may be empty) and its text (BT-22)."""

    subject: str
    text: str

    @property
    def is_for_platforms(self) -> bool:
        """Whether it says how to treat the invoice rather than something to its reader."""
        return self.subject in (PERIMETER, PROCESSING)


def note_of(subject: str, text: str) -> InvoiceNote:
    """A note from what is written, the subject apart (CII) or before the text (UBL: ``#PMT#text``)."""
    found = None if subject else _MARKED.fullmatch(text)
    return InvoiceNote(found["subject"], found["text"].strip()) if found else InvoiceNote(subject, text)


def is_public(notes: tuple[InvoiceNote, ...]) -> bool:
    """Whether a note says that the invoice goes to the public sector."""
    return any(note.subject == PERIMETER and note.text == PUBLIC for note in notes)
