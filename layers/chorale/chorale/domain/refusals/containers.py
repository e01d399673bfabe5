"""Codes about the PDF that carries a Factur-X: none refuses the invoice, all say what other software may stumble on."""

from chorale.domain.findings import Severity
from chorale.domain.refusals.model import Entry

_FACTURX = "Factur-X 1.0, PDF/A-3 (ISO 19005-3)"
_WARNS, _INFORMS = Severity.WARNING, Severity.INFORMATION
_KEEP = "Rien n'est refusé ; corrigez-le dans le logiciel qui produit le PDF : "

ENTRIES = (
    Entry("CHO-PDF-NOM", "Le fichier des données ne s'appelle pas factur-x.xml.", _KEEP + "nommez-le factur-x.xml.",
          "facture.xml joint au PDF.", _FACTURX, _WARNS),
    Entry("CHO-PDF-NOM-ANCIEN", "Le fichier des données porte le nom d'une autre norme.",
          _KEEP + "nommez-le factur-x.xml.", "zugferd-invoice.xml.", _FACTURX, _INFORMS),
    Entry("CHO-PDF-AF", "Le PDF ne déclare pas les données parmi ses fichiers associés.", _KEEP + "ajoutez /AF.",
          "Un catalogue sans /AF.", _FACTURX, _WARNS),
    Entry("CHO-PDF-ARBRE", "Les données ne sont pas dans l'arbre des fichiers joints.",
          _KEEP + "ajoutez-les à /EmbeddedFiles.", "Une annotation de fichier seule.", _FACTURX, _WARNS),
    Entry("CHO-PDF-RELATION", "La relation des données au PDF manque ou n'est pas de celles de Factur-X.",
          _KEEP + "indiquez Data, Source ou Alternative.", "AFRelationship Unspecified.", _FACTURX, _WARNS),
    Entry("CHO-PDF-XML-EN-PLUS", "Le PDF contient d'autres fichiers XML.",
          _KEEP + "n'en laissez qu'un.", "factur-x.xml et commande.xml.", _FACTURX, _INFORMS),
    Entry("CHO-PDF-XMP", "Le PDF n'a pas de métadonnées XMP lisibles.", _KEEP + "écrivez les métadonnées XMP.",
          "Un PDF imprimé puis muni du XML.", _FACTURX, _WARNS),
    Entry("CHO-PDF-A3", "Les métadonnées ne disent pas que le PDF est un PDF/A-3.", _KEEP + "produisez un PDF/A-3.",
          "Un PDF/A-1.", _FACTURX, _WARNS),
    Entry("CHO-PDF-XMP-FACTURX", "Les métadonnées n'ont pas l'extension de Factur-X.",
          _KEEP + "ajoutez l'extension et le profil.", "Pas de fx:ConformanceLevel.", _FACTURX, _WARNS),
    Entry("CHO-PDF-XMP-VERSION", "La version de Factur-X des métadonnées n'est pas 1.0.",
          _KEEP + "écrivez 1.0.", "fx:Version 2.0.", _FACTURX, _INFORMS),
    Entry("CHO-PDF-XMP-TYPE", "Le type de document des métadonnées n'est pas INVOICE.",
          _KEEP + "écrivez INVOICE.", "fx:DocumentType ORDER.", _FACTURX, _INFORMS),
    Entry("CHO-PDF-XMP-NOM", "Les métadonnées nomment un autre fichier que celui des données.",
          _KEEP + "nommez-y le fichier joint.", "fx:DocumentFileName facture.xml.", _FACTURX, _INFORMS),
    Entry("CHO-PDF-XMP-PROFIL", "Le profil des métadonnées n'est pas celui des données (BT-24).",
          _KEEP + "écrivez le même aux deux endroits.", "EN 16931 dans les métadonnées, BASIC en BT-24.",
          _FACTURX, _WARNS),
    Entry("CHO-PDF-COULEURS", "Le PDF n'a pas de profil de couleurs de sortie.",
          _KEEP + "ajoutez un OutputIntent GTS_PDFA1.", "Un PDF imprimé depuis un traitement de texte.",
          _FACTURX, _WARNS),
)  # fmt: skip
