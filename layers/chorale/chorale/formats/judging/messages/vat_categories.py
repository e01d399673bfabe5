"""Sentences for the rules BR-<category>-01 to -10, which say the same ten things of each VAT category."""

import re
from dataclasses import dataclass

_RULE = re.compile(r"^BR-(?:F[RX]EXT-)?(?P<category>AE|AF|AG|IC|[EGOSZ])-?(?P<number>0[1-9]|10)(?:b|ini|rev)?$")


@dataclass(frozen=True, slots=True)
class _Category:
    """How a category is named, and what it asks for."""

    name: str
    rate: str
    """What the rate must be."""
    reason: bool
    """Whether a reason of exemption must be given; otherwise it must not."""
    amount: str = "doit être 0"
    """What the VAT amount must be."""


_PRODUCT = "doit être la base multipliée par le taux"
CATEGORIES = {
    "S": _Category("taux normal ou réduit (S)", "un taux supérieur à 0", reason=False, amount=_PRODUCT),
    "Z": _Category("taux zéro (Z)", "un taux de 0", reason=False),
    "E": _Category("exonération (E)", "un taux de 0", reason=True),
    "AE": _Category("autoliquidation (AE)", "un taux de 0", reason=True),
    "IC": _Category("livraison intracommunautaire (K)", "un taux de 0", reason=True),
    "G": _Category("exportation hors de l'Union européenne (G)", "un taux de 0", reason=True),
    "O": _Category("hors champ de la TVA (O)", "aucun taux", reason=True),
    "AF": _Category("IGIC, Canaries (L)", "un taux de 0 ou plus", reason=False, amount=_PRODUCT),
    "AG": _Category("IPSI, Ceuta et Melilla (M)", "un taux de 0 ou plus", reason=False, amount=_PRODUCT),
}
WHAT = {"2": "une ligne de facture", "3": "une remise de pied", "4": "une charge de pied"}
WAYS_OUT = "le numéro de TVA du vendeur (BT-31){fiscal} ou le numéro de TVA de son représentant fiscal (BT-63)"
FISCAL = ", son identifiant fiscal s'il n'en a pas (BT-32, de schéma FC en CII)"
WITHOUT_FISCAL = ("G", "IC")
"""Categories for which the seller's tax registration does not do."""
BUYERS = {
    "AE": ", et le numéro de TVA (BT-48) ou l'identifiant légal (BT-47) de l'acheteur",
    "IC": ", et le numéro de TVA de l'acheteur (BT-48)",
}
"""Categories that ask for an identifier of the buyer too."""


def vat_category_sentence(rule_id: str) -> str:
    """The sentence of a rule of this family; empty for any other rule."""
    found = _RULE.match(rule_id)
    if not found:
        return ""
    code, number = found["category"], int(found["number"])
    category = CATEGORIES[code]
    if number == 1:
        return (
            f"Des lignes, remises ou charges relèvent de la catégorie {category.name} : le récapitulatif de TVA doit en"
            " avoir une ligne, et une seule par taux. Corrigez-le."
        )
    if number in (2, 3, 4):
        return _numbers(code, category, WHAT[str(number)])
    if number in (5, 6, 7):
        return (
            f"Pour {WHAT[str(number - 3)]} de catégorie {category.name}, il faut {category.rate} : corrigez le taux ou "
            "la catégorie."
        )
    return _breakdown(number, category)


def _numbers(code: str, category: _Category, what: str) -> str:
    if code == "O":
        return (
            f"La facture contient {what} de catégorie {category.name} : retirez les numéros de TVA du vendeur, de son "
            "représentant et de l'acheteur, ou changez la catégorie."
        )
    named = WAYS_OUT.format(fiscal="" if code in WITHOUT_FISCAL else FISCAL)
    return f"La facture contient {what} de catégorie {category.name} : indiquez {named}{BUYERS.get(code, '')}."


def _breakdown(number: int, category: _Category) -> str:
    line = f"ligne du récapitulatif de TVA de catégorie {category.name}"
    if number == 8:
        return (
            f"La base (BT-116) d'une {line} n'est pas la somme des lignes de facture de cette catégorie, moins les "
            "remises, plus les charges : recalculez-la."
        )
    if number == 9:
        return f"Le montant de TVA (BT-117) d'une {line} {category.amount} : corrigez-le."
    if category.reason:
        return f"Une {line} doit porter un motif : indiquez le texte (BT-120) ou le code VATEX (BT-121)."
    return f"Une {line} ne doit pas porter de motif d'exonération (BT-120, BT-121) : retirez-le."
