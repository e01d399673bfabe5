"""The rules BR-FR, whose official text is French: without the ids and the working values that stand around it."""

import re

_ID = re.compile(r"\[?BR-FR-[\w/-]+\]?\s*[-:]?\s*")
_WORKING_VALUES = re.compile(
    r"^(?:(?:BARvalue|IDligne|Id Line Group|ID Seller|invoiceID)\b.*?)(?=(?:Lorsque|Si|Pour)\b)"
)
_REPLACED = (
    ('« <value-of select="."/> »', "indiqué"),
    ("Valeur actuelle Value Quantity", "Quantité actuelle"),
    ("Valeur actuelle Value", "Valeur actuelle"),
    ("Num Facture", "Le numéro de facture"),
    ("Num Fact", "Numéro de facture"),
    ("num Fact", "numéro de facture"),
    ("Num fact", "Numéro de facture"),
    ("Raison exemption", "Motif d'exonération"),
    ("raison d'exemption", "raison d'exonération"),
    ("ID legal", "identifiant légal"),
    ("ID légale", "identifiant légal"),
    ("NB ligne", "Nombre de lignes"),
    ("Nbline", "Nombre de lignes"),
    ("LineREF", "Lignes avec référence"),
    ("à à la ligne", "à la ligne"),
    ("deux ligne ", "deux lignes "),
)
"""Words of those who wrote the rules, in the words of those who read them."""


def french_text(official: str) -> str:
    """What an official text says to change; a capital first, and a point at the end."""
    found = _ID.search(official)
    said = official[found.end() :] if found else official
    said = _WORKING_VALUES.sub("", said.strip())
    for theirs, ours in _REPLACED:
        said = said.replace(theirs, ours)
    said = " ".join(said.split())
    return said[:1].upper() + said[1:] if said else ""
