"""Codes about the parties of an invoice: what the directory says of the supplier, the recipient and the validator."""

from chorale.domain.refusals.model import Entry

_DIRECTORY = "Annuaire de la plateforme publique : paramètres des structures"
_RIGHTS = "Habilitations de la plateforme publique"

ENTRIES = (
    Entry("CHO-DEST-INCONNU", "Le destinataire n'est pas une structure publique de l'annuaire.",
          "Indiquez le SIRET (14 chiffres) de l'entité publique destinataire.", "Le SIRET d'une entreprise privée.",
          _DIRECTORY),
    Entry("CHO-DEST-INACTIF", "Le destinataire est inactif dans l'annuaire.",
          "Adressez la facture à la structure qui l'a remplacé.", "Une commune fusionnée.", _DIRECTORY),
    Entry("CHO-SERVICE-ABSENT", "Le destinataire exige un code service et la facture n'en porte pas.",
          "Indiquez-le en BT-10 ; l'annuaire liste les services du destinataire.", "BT-10 vide.", _DIRECTORY),
    Entry("CHO-SERVICE-INCONNU", "Le destinataire n'a pas de service de ce code.",
          "Reprenez le code service de l'annuaire, à la lettre près.", "SERVICE_COMPTA au lieu de COMPTA.", _DIRECTORY),
    Entry("CHO-SERVICE-INACTIF", "Le service du destinataire est inactif.", "Choisissez un service actif.",
          "Un service fermé le mois dernier.", _DIRECTORY),
    Entry("CHO-SERVICE-RESERVE", "FACTURES_PUBLIQUES est réservé aux factures entre entités publiques.",
          "Indiquez le code d'un autre service.", "BT-10 = FACTURES_PUBLIQUES.", _DIRECTORY),
    Entry("CHO-EJ-ABSENT", "Le destinataire, ou son service, exige un numéro d'engagement juridique.",
          "Indiquez-le en BT-13 : il est sur votre bon de commande.", "BT-13 vide.", _DIRECTORY),
    Entry("CHO-EJ-OU-SERVICE-ABSENT", "Le destinataire exige un code service ou un engagement ; il n'y a ni l'un ni "
          "l'autre.", "Renseignez BT-10 ou BT-13.", "BT-10 et BT-13 vides.", _DIRECTORY),
    Entry("CHO-EJ-INCONNU", "L'engagement juridique n'existe pas pour ce destinataire de l'État.",
          "Vérifiez le numéro sur votre bon de commande.", "1300012345 au lieu de 1300012354.", _DIRECTORY),
    Entry("CHO-FOURN-INCONNU", "Le fournisseur n'est pas une structure active de l'annuaire.",
          "Vérifiez le SIRET du vendeur (BT-30), ou faites inscrire la structure.", "Un établissement fermé.",
          _DIRECTORY),
    Entry("CHO-FOURN-NON-RATTACHE", "Le compte qui dépose n'est pas habilité pour ce fournisseur.",
          "Déposez avec le compte technique du fournisseur.", "Le compte de A dépose une facture de B.", _RIGHTS),
    Entry("CHO-VALIDEUR-INCONNU", "Le valideur n'est pas une structure active de l'annuaire.",
          "Indiquez le SIRET du titulaire ou du mandataire du marché.", "Un SIRET mal recopié.",
          "Code de la commande publique R2193-11"),
    Entry("CHO-VALIDEUR-FOURNISSEUR", "Le valideur est le fournisseur lui-même.",
          "Indiquez le SIRET du titulaire ou du mandataire du marché.", "Le sous-traitant se nomme lui-même.",
          "Code de la commande publique R2193-11"),
    Entry("CHO-NUMERO-DOUBLON", "Ce numéro a déjà été accepté pour ce fournisseur.",
          "Donnez un autre numéro ; le libellé dit quelle facture porte déjà celui-ci.", "La même facture déposée "
          "deux fois.", "CGI annexe II art. 242 nonies A : numéro unique"),
)  # fmt: skip
