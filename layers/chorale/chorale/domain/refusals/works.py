"""Codes about works papers that come by flux: the rules of deposit, with the field of the document."""

from chorale.domain.refusals.model import Entry

_CHAIN = "Chaîne des factures de travaux : docs/works.md"

ENTRIES = (
    Entry("CHO-MARCHE-DE-TRAVAUX", "Une facture ordinaire nomme un marché de travaux (BT-12).",
          "Avertissement : pour des travaux, déposez un projet de décompte ; sinon ôtez BT-12.",
          "Un A1 au service financier pour la situation du mois.", _CHAIN),
    Entry("CHO-TRAVAUX-CADRE", "Une autre pièce est attendue à ce point de la chaîne.",
          "Indiquez en BT-23 le cadre de la pièce attendue.", "A19 quand l'A15 manque.", _CHAIN),
    Entry("CHO-TRAVAUX-DEPASSEMENT", "Le montant dépasse celui de la pièce qui précède.",
          "Corrigez-le ; s'il est voulu, déposez la pièce par l'API, qui permet de le confirmer.",
          "108 000 EUR au lieu de 10 800.", "CCP art. R2192-34 ; docs/works-rules.md, règle 3"),
    Entry("CHO-TRAVAUX-DESTINATAIRE", "Le service financier nommé n'est pas une structure active.",
          "Indiquez en BT-47 le SIRET du payeur du marché.", "Un SIRET mal recopié.", _CHAIN),
    Entry("CHO-TRAVAUX-DOUBLON", "Le déposant a déjà une pièce, ou une facture, de ce numéro.",
          "Donnez-lui un autre numéro.", "Deux pièces SITUATION-03.",
          "CGI annexe II art. 242 nonies A : numéro unique"),
    Entry("CHO-TRAVAUX-FOURNISSEUR", "Le vendeur n'est pas une entreprise du marché.",
          "Indiquez comme vendeur l'entreprise dont la pièce porte le compte.", "La MOE comme vendeur d'un A15.",
          _CHAIN),
    Entry("CHO-TRAVAUX-HABILITATION", "Le compte n'a pas l'espace « Factures de travaux » de cette structure.",
          "Demandez-le au gestionnaire de la structure.", "Un compte habilité aux seules factures ordinaires.",
          "Espaces et habilitations de la plateforme publique"),
    Entry("CHO-TRAVAUX-MARCHE-AMBIGU", "Plusieurs marchés portent ce numéro.",
          "Nommez comme acheteur (BT-47) la MOA ou le payeur de celui dont il s'agit.", "Deux MOA ont un marché "
          "2026-01.", _CHAIN),
    Entry("CHO-TRAVAUX-MARCHE-INCONNU", "Le marché n'existe pas, ou vos structures n'y sont pas parties.",
          "Vérifiez BT-12 ; la MOA enregistre le marché.", "2026-10 au lieu de 2026-01.", _CHAIN),
    Entry("CHO-TRAVAUX-MONTANT", "Les montants ne sont pas ceux d'une telle pièce.",
          "Reprenez le montant que nomme le libellé.", "Un montant nul.", _CHAIN),
    Entry("CHO-TRAVAUX-NUMERO", "Le numéro de la pièce manque ou est trop long.", "Donnez-lui un numéro (BT-1).",
          "BT-1 vide.", _CHAIN),
    Entry("CHO-TRAVAUX-PRECEDENTE", "La pièce précédente n'est pas trouvée, ou une autre est attendue.",
          "Indiquez en BT-25 le numéro de la pièce précédente, telle qu'elle a été déposée.", "Un A15 qui cite un "
          "A7.", _CHAIN),
    Entry("CHO-TRAVAUX-PRECEDENTE-AMBIGUE", "Plusieurs pièces attendent une telle pièce.",
          "Indiquez en BT-25 laquelle précède.", "Deux A4 du même mois.", _CHAIN),
    Entry("CHO-TRAVAUX-REFUS", "Les règles de dépôt refusent cette pièce.", "Lisez le libellé : il dit pourquoi.",
          "Aucun code plus précis ne convient.", _CHAIN),
    Entry("CHO-TRAVAUX-REMPLACEE", "BT-25 ne cite pas une pièce refusée que l'on puisse remplacer.",
          "Citez votre pièce refusée.", "Une pièce déjà associée.", _CHAIN),
    Entry("CHO-TRAVAUX-ROLE", "Cette pièce n'est pas à déposer par vos structures dans ce marché.",
          "Faites-la déposer par l'acteur que nomme le libellé.", "Un titulaire qui dépose un A15.", _CHAIN),
    Entry("CHO-TRAVAUX-SERVICE", "Le payeur n'a pas de service actif de ce code.",
          "Reprenez le code service de l'annuaire (BT-10).", "Un service fermé.", _CHAIN),
    Entry("CHO-TRAVAUX-STATUT", "L'état du dossier ne permet pas cette pièce.",
          "Lisez le dossier : il dit ce qui est attendu.", "Un A20 après l'acceptation du décompte.", _CHAIN),
    Entry("CHO-TRAVAUX-VALIDEUR", "Le valideur n'est pas une structure active.",
          "Indiquez le SIRET du valideur (BG-11).", "Un SIRET mal recopié.", "Code de la commande publique R2193-11"),
)  # fmt: skip
