"""Codes of answers to EDI partners."""

from chorale.domain.refusals.model import Entry

_EDI = "AIFE, spécifications externes EDI ; noms de fichiers de Chorale"

ENTRIES = (
    Entry("CHO-EDI-NOM", "Le nom du fichier ne commence par aucune interface connue.",
          "Nommez-le par son interface, par exemple FSO1100A_....xml.", "facture.xml déposé dans edi/in/<partenaire>/.",
          _EDI),
    Entry("CHO-EDI-CYCLE", "Le fichier de cycle de vie ne se lit pas.",
          "Faites-le suivre le schéma CPPStatut V1.19.", "Un fichier FEN1201A sans statut.", "XSD CPPStatut V1.19"),
    Entry("CHO-EDI-STATUT", "Le statut n'est pas de ceux qu'un destinataire donne.",
          "Prenez un code de la table des statuts (docs/statuses.md).", "Le code de DEPOSEE.", "XSD CPPStatut V1.19"),
    Entry("CHO-EDI-DATE", "DateFacture n'est pas le jour de la facture qui porte ce numéro.",
          "Corrigez-la : un numéro libéré par un rejet peut servir à une autre facture.",
          "Le statut d'une facture rejetée le 2, quand le numéro est celui d'une facture du 20.",
          "XSD CPPStatut V1.19"),
)  # fmt: skip
