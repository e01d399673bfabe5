"""Names of the family "factures", and what ``soumettre`` calls the business terms of the document that it makes."""

from chorale.wire.base.names import Names

TERMS = {
    "BT-1": "numeroFactureSaisi", "BT-2": "dateFacture", "BT-3": "typeFacture", "BT-5": "deviseFacture",
    "BT-8": "typeTva", "BT-10": "codeServiceExecutant", "BT-12": "numeroMarche", "BT-13": "numeroBonCommande",
    "BT-22": "commentaire", "BT-23": "codeCadreFacturation", "BT-25": "numeroFactureOrigine", "BG-4": "fournisseur",
    "BT-29": "idFournisseur", "BT-30": "idFournisseur", "BT-31": "idFournisseur", "BT-32": "idFournisseur",
    "BG-7": "destinataire", "BT-46": "codeDestinataire", "BT-47": "codeDestinataire",
    "BG-11": "codeStructureValideur", "BT-81": "modePaiement", "BG-22": "montantTotal", "BT-109": "montantHtTotal",
    "BT-110": "montantTVA", "BT-112": "montantTtcTotal", "BT-115": "montantAPayer", "BG-23": "ligneTva",
    "BT-116": "ligneTvaMontantBaseHtParTaux", "BT-117": "ligneTvaMontantTvaParTaux", "BT-118": "typeTva",
    "BT-119": "ligneTvaTaux", "BT-120": "motifExonerationTva", "BG-24": "pieceJointeComplementaire",
    "BT-125": "pieceJointePrincipale", "BG-25": "lignePoste", "BT-126": "lignePosteNumero",
    "BT-129": "lignePosteQuantite", "BT-130": "lignePosteUnite", "BT-131": "lignePosteMontantUnitaireHT",
    "BT-146": "lignePosteMontantUnitaireHT", "BT-151": "lignePosteTauxTva", "BT-152": "lignePosteTauxTva",
    "BT-153": "lignePosteDenomination", "BT-155": "lignePosteReference",
}  # fmt: skip
"""Field of the request (AIFE Swagger "Factures", soumettreFacture) that a business term comes from."""
NAMES = Names(terms=TERMS)
