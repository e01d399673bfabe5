"""Codes of ``soumettre`` alone; those that a file can get too stand with the rules about documents."""

from chorale.domain.refusals.model import Entry

_SWAGGER = "AIFE Swagger « Factures », soumettreFacture"

ENTRIES = (
    Entry("CHO-SAISIE-CADRE", "Le cadre de facturation ne se soumet pas par cette opération.",
          "Indiquez A1, A2, A9 ou A12 ; les pièces de travaux ont leur propre opération.", "A4_PROJET_DECOMPTE_MENSUEL",
          _SWAGGER),
    Entry("CHO-SAISIE-COMPTE", "Le compte bancaire désigné n'est pas enregistré.",
          "Prenez un compte de recuperer/coordbanc/valides, ou n'en donnez pas.",
          "codeCoordonneesBancairesFournisseur 42.", _SWAGGER),
    Entry("CHO-SAISIE-DEJA-PAYEE", "Une facture déjà payée (A2) demande encore un paiement.",
          "Mettez montantAPayer à 0.", "A2 avec montantAPayer 120.", "XSD CPPFacturePivot V2.02, Cadre A2"),
    Entry("CHO-SAISIE-EXONERATION", "Une facture exonérée ne dit pas pourquoi.", "Donnez motifExonerationTva.",
          "typeTva EXONERATION sans motif.", "CGI annexe II art. 242 nonies A, I-12°"),
    Entry("CHO-SAISIE-LIGNE", "Une ligne est incomplète ou trop longue.",
          "Donnez la désignation, la quantité et le prix unitaire, positif.", "Une ligne sans quantité.", _SWAGGER),
    Entry("CHO-SAISIE-LIGNES", "La facture saisie n'a pas de ligne, ou en a trop.",
          "Remplissez lignePoste ; au-delà de 1 000 lignes, déposez un fichier.", "lignePoste vide.", _SWAGGER),
    Entry("CHO-SAISIE-LONGUEUR", "Un texte est trop long.", "Raccourcissez le champ que nomme le libellé.",
          "Un commentaire de 3 000 caractères.", "XSD CPPFacturePivot V2.02"),
    Entry("CHO-SAISIE-NON-SIGNE", "Le mode annonce un PDF signé et le PDF n'a pas de signature.",
          "Signez le PDF, ou soumettez en DEPOT_PDF_API.", "DEPOT_PDF_SIGNE_API avec un PDF ordinaire.", _SWAGGER),
    Entry("CHO-SAISIE-PDF", "La pièce principale manque, est de trop ou n'est pas un PDF.",
          "En dépôt PDF, donnez pieceJointePrincipaleId ; en saisie, n'en donnez pas.", "Une image PNG.", _SWAGGER),
    Entry("CHO-SAISIE-REGIME", "Ce régime de TVA n'a pas de TVA et la facture en porte.", "Mettez montantTVA à 0.",
          "SANS_TVA avec 20 euros de TVA.", _SWAGGER),
    Entry("CHO-SAISIE-SERVICE", "Le service nommé n'est pas un service du fournisseur.",
          "Prenez son idService dans structures/v1/rechercher/services.", "Le service du destinataire.", _SWAGGER),
    Entry("CHO-SAISIE-SIGNE", "Un total est négatif.", "Déposez un avoir, dont les montants s'écrivent en positif.",
          "montantTtcTotal -120.", _SWAGGER),
    Entry("CHO-SAISIE-TAUX", "Un taux de TVA manque, est inconnu ou donné deux fois.",
          "Donnez le code du taux (recuperer/tauxtva) ou le pourcentage, pas les deux.", "Taux 20 et code TVA4.",
          _SWAGGER),
    Entry("CHO-SAISIE-TOTAL-HT", "Le total hors taxes n'est pas la somme des lignes.", "Recalculez-le.",
          "Deux lignes de 100 et un total de 210.", _SWAGGER),
)  # fmt: skip
