"""The notes of a document (BG-1), each with its subject."""

from collections.abc import Iterator
from typing import Any

from chorale.domain.reform.notes import InvoiceNote, note_of
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.reading.document import Reading, Value

SUBJECT = "{*}SubjectCode"
"""Beside the text of a note in CII; UBL writes it in the text."""


def notes_of(reading: Reading) -> tuple[InvoiceNote, ...]:
    """The notes that are not empty, in the order of the document."""
    return reading.once("notes", _notes_of)


def written_notes(reading: Reading) -> Iterator[tuple[Any, InvoiceNote]]:
    """The same notes, each after the element that holds its text."""
    values = [value for value in reading.each("BT-22") if value]
    for value, note in zip(values, notes_of(reading), strict=True):
        yield value.element, note


def _notes_of(reading: Reading) -> tuple[InvoiceNote, ...]:
    return tuple(note_of(_subject(value, reading.form), value.text) for value in reading.each("BT-22") if value)


def _subject(value: Value, form: DocumentForm) -> str:
    if form is not DocumentForm.CII:
        return ""
    return (value.element.getparent().findtext(SUBJECT) or "").strip()
