"""The whole catalogue, by code."""

from collections.abc import Mapping

from chorale.domain.refusals import calls, containers, exchange, files, parties, submissions, works
from chorale.domain.refusals.model import Entry

CHAPTERS: Mapping[str, tuple[Entry, ...]] = {
    "Appels": calls.ENTRIES,
    "Fichiers déposés": files.ENTRIES,
    "Le PDF d'une Factur-X": containers.ENTRIES,
    "Parties de la facture": parties.ENTRIES,
    "Factures soumises": submissions.ENTRIES,
    "Pièces de travaux": works.ENTRIES,
    "Échanges EDI": exchange.ENTRIES,
}
"""Title of a chapter of ``docs/messages.md`` -> its entries."""
CATALOGUE: Mapping[str, Entry] = {entry.code: entry for entries in CHAPTERS.values() for entry in entries}
