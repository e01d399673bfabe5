"""The groups of the documentation, and the form of what it says of an operation."""

from dataclasses import dataclass

SIGN_IN, DEPOSITS, INVOICES, TREATMENT, WORKS, DIRECTORY, LISTS, MACHINES, SERVICE = (
    "Se connecter",
    "Déposer et suivre",
    "Factures",
    "Traiter",
    "Factures de travaux",
    "Annuaire",
    "Listes de référence",
    "Être prévenu",
    "Service",
)
GROUPS = (SIGN_IN, DEPOSITS, INVOICES, TREATMENT, WORKS, DIRECTORY, LISTS, MACHINES, SERVICE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of one operation."""

    group: str
    title: str
    purpose: str
