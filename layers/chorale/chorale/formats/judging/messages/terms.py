"""French names of the business terms of EN 16931 (NF EN 16931-1), as sentences name them."""

import re

TERMS = {
    "BT-1": "numéro de la facture", "BT-2": "date de la facture", "BT-3": "type de document",
    "BT-5": "devise de la facture", "BT-6": "devise de comptabilisation de la TVA",
    "BT-7": "date d'exigibilité de la TVA", "BT-8": "code de la date d'exigibilité de la TVA",
    "BT-9": "date d'échéance", "BT-10": "référence de l'acheteur", "BT-11": "référence du projet",
    "BT-12": "numéro de contrat", "BT-13": "numéro d'engagement ou de commande", "BT-14": "numéro d'ordre de vente",
    "BT-15": "avis de réception", "BT-16": "avis d'expédition", "BT-17": "appel d'offres ou lot",
    "BT-18": "objet facturé", "BT-19": "référence comptable de l'acheteur", "BT-20": "conditions de paiement",
    "BG-1": "note", "BT-21": "sujet de la note", "BT-22": "note", "BT-23": "cadre de facturation", "BT-24": "profil",
    "BG-3": "référence à une facture antérieure", "BT-25": "numéro de la facture antérieure",
    "BT-26": "date de la facture antérieure", "BG-4": "vendeur", "BT-27": "nom du vendeur",
    "BT-28": "appellation commerciale du vendeur", "BT-29": "identifiant du vendeur",
    "BT-30": "identifiant légal du vendeur", "BT-31": "numéro de TVA du vendeur",
    "BT-32": "identifiant fiscal du vendeur", "BT-33": "informations légales du vendeur",
    "BT-34": "adresse électronique du vendeur", "BG-5": "adresse du vendeur", "BT-35": "adresse du vendeur, ligne 1",
    "BT-36": "adresse du vendeur, ligne 2", "BT-162": "adresse du vendeur, ligne 3", "BT-37": "ville du vendeur",
    "BT-38": "code postal du vendeur", "BT-39": "région du vendeur", "BT-40": "pays du vendeur",
    "BG-6": "contact du vendeur", "BT-41": "nom du contact du vendeur", "BT-42": "téléphone du vendeur",
    "BT-43": "courriel du vendeur", "BG-7": "acheteur", "BT-44": "nom de l'acheteur",
    "BT-45": "appellation commerciale de l'acheteur", "BT-46": "identifiant de l'acheteur",
    "BT-47": "identifiant légal de l'acheteur", "BT-48": "numéro de TVA de l'acheteur",
    "BT-49": "adresse électronique de l'acheteur", "BG-8": "adresse de l'acheteur",
    "BT-50": "adresse de l'acheteur, ligne 1", "BT-51": "adresse de l'acheteur, ligne 2",
    "BT-163": "adresse de l'acheteur, ligne 3", "BT-52": "ville de l'acheteur", "BT-53": "code postal de l'acheteur",
    "BT-54": "région de l'acheteur", "BT-55": "pays de l'acheteur", "BG-9": "contact de l'acheteur",
    "BT-56": "nom du contact de l'acheteur", "BT-57": "téléphone de l'acheteur", "BT-58": "courriel de l'acheteur",
    "BG-10": "bénéficiaire du paiement", "BT-59": "nom du bénéficiaire", "BT-60": "identifiant du bénéficiaire",
    "BT-61": "identifiant légal du bénéficiaire", "BG-11": "représentant fiscal du vendeur",
    "BT-62": "nom du représentant fiscal", "BT-63": "numéro de TVA du représentant fiscal",
    "BG-12": "adresse du représentant fiscal", "BT-64": "adresse du représentant fiscal, ligne 1",
    "BT-65": "adresse du représentant fiscal, ligne 2", "BT-164": "adresse du représentant fiscal, ligne 3",
    "BT-66": "ville du représentant fiscal", "BT-67": "code postal du représentant fiscal",
    "BT-68": "région du représentant fiscal", "BT-69": "pays du représentant fiscal", "BG-13": "livraison",
    "BT-70": "nom du lieu de livraison", "BT-71": "identifiant du lieu de livraison", "BT-72": "date de livraison",
    "BG-14": "période de facturation", "BT-73": "début de la période de facturation",
    "BT-74": "fin de la période de facturation", "BG-15": "adresse de livraison",
    "BT-75": "adresse de livraison, ligne 1", "BT-76": "adresse de livraison, ligne 2",
    "BT-165": "adresse de livraison, ligne 3", "BT-77": "ville de livraison", "BT-78": "code postal de livraison",
    "BT-79": "région de livraison", "BT-80": "pays de livraison", "BG-16": "instructions de paiement",
    "BT-81": "mode de paiement", "BT-82": "libellé du mode de paiement", "BT-83": "référence de paiement",
    "BG-17": "virement", "BT-84": "compte à créditer", "BT-85": "nom du compte à créditer",
    "BT-86": "banque du compte à créditer (BIC)", "BG-18": "carte de paiement", "BT-87": "numéro de carte",
    "BT-88": "titulaire de la carte", "BG-19": "prélèvement", "BT-89": "référence du mandat",
    "BT-90": "identifiant du créancier", "BT-91": "compte à débiter", "BG-20": "remise de pied",
    "BT-92": "montant d'une remise de pied", "BT-93": "base d'une remise de pied",
    "BT-94": "pourcentage d'une remise de pied", "BT-95": "catégorie de TVA d'une remise de pied",
    "BT-96": "taux de TVA d'une remise de pied", "BT-97": "motif d'une remise de pied",
    "BT-98": "code du motif d'une remise de pied", "BG-21": "charge de pied", "BT-99": "montant d'une charge de pied",
    "BT-100": "base d'une charge de pied", "BT-101": "pourcentage d'une charge de pied",
    "BT-102": "catégorie de TVA d'une charge de pied", "BT-103": "taux de TVA d'une charge de pied",
    "BT-104": "motif d'une charge de pied", "BT-105": "code du motif d'une charge de pied", "BG-22": "totaux",
    "BT-106": "somme des montants nets des lignes", "BT-107": "total des remises", "BT-108": "total des charges",
    "BT-109": "total hors taxes", "BT-110": "total de TVA", "BT-111": "total de TVA en devise de comptabilisation",
    "BT-112": "total toutes taxes comprises", "BT-113": "montant déjà payé", "BT-114": "arrondi",
    "BT-115": "net à payer", "BG-23": "récapitulatif de TVA", "BT-116": "base imposable d'un taux",
    "BT-117": "montant de TVA d'un taux", "BT-118": "catégorie de TVA", "BT-119": "taux de TVA",
    "BT-120": "motif d'exonération", "BT-121": "code du motif d'exonération", "BG-24": "pièce jointe",
    "BT-122": "référence d'une pièce jointe", "BT-123": "description d'une pièce jointe",
    "BT-124": "adresse d'une pièce jointe", "BT-125": "contenu d'une pièce jointe", "BG-25": "ligne de facture",
    "BT-126": "identifiant d'une ligne", "BT-127": "note d'une ligne", "BT-128": "objet facturé d'une ligne",
    "BT-129": "quantité", "BT-130": "unité", "BT-131": "montant net d'une ligne",
    "BT-132": "ligne de commande", "BT-133": "référence comptable d'une ligne", "BG-26": "période d'une ligne",
    "BT-134": "début de la période d'une ligne", "BT-135": "fin de la période d'une ligne", "BG-27": "remise de ligne",
    "BT-136": "montant d'une remise de ligne", "BT-137": "base d'une remise de ligne",
    "BT-138": "pourcentage d'une remise de ligne", "BT-139": "motif d'une remise de ligne",
    "BT-140": "code du motif d'une remise de ligne", "BG-28": "charge de ligne",
    "BT-141": "montant d'une charge de ligne", "BT-142": "base d'une charge de ligne",
    "BT-143": "pourcentage d'une charge de ligne", "BT-144": "motif d'une charge de ligne",
    "BT-145": "code du motif d'une charge de ligne", "BG-29": "prix", "BT-146": "prix unitaire net",
    "BT-147": "remise sur le prix", "BT-148": "prix unitaire brut", "BT-149": "quantité du prix",
    "BT-150": "unité du prix", "BG-30": "TVA d'une ligne", "BT-151": "catégorie de TVA d'une ligne",
    "BT-152": "taux de TVA d'une ligne", "BG-31": "article", "BT-153": "nom d'un article",
    "BT-154": "description d'un article", "BT-155": "référence du vendeur pour un article",
    "BT-156": "référence de l'acheteur pour un article", "BT-157": "identifiant standard d'un article",
    "BT-158": "classification d'un article", "BT-159": "pays d'origine d'un article",
    "BG-32": "caractéristique d'un article", "BT-160": "nom d'une caractéristique",
    "BT-161": "valeur d'une caractéristique",
}  # fmt: skip
_TERM = re.compile(r"\b(B[TG]-\d{1,3})(?!-\d|\d)\b")
_NAME = r"(?:cac|cbc|ext|ram|rsm|udt|qdt|ubl|cn):\w+"
_PATH = re.compile(rf"{_NAME}(?:/{_NAME})*(?:/@\w+)?|@\w+")
_LINES = re.compile(r"\(cac:InvoiceLine\s*\|\s*cac:CreditNoteLine\)")
_CONDITIONS = re.compile(r"\[[^\[\]]*\]")


def term_named(text: str) -> str:
    """The French name of the first term that a text numbers, with its number; empty when it numbers none we know."""
    for number in _TERM.findall(text):
        if number in TERMS:
            return f"{TERMS[number]} ({number})"
    return ""


def path_in(test: str) -> str:
    """The first path of elements in an XPath, without its conditions; empty when there is none."""
    bare = _LINES.sub("cac:InvoiceLine", test)
    while _CONDITIONS.search(bare):
        bare = _CONDITIONS.sub("", bare)
    found = _PATH.search(bare)
    return found.group() if found else ""
