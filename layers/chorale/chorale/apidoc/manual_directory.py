"""What the documentation says of each operation of the directory and of the reference lists."""

from collections.abc import Mapping

from chorale.apidoc.entries import DIRECTORY, LISTS, Entry

DIRECTORY_MANUAL: Mapping[str, Entry] = {
    "rechercherStructure": Entry(
        DIRECTORY,
        "Rechercher des structures",
        "Les structures de l'annuaire qui répondent à tous les critères donnés, par page, dans l'ordre de leur nom.",
    ),
    "consulterStructure": Entry(
        DIRECTORY,
        "Consulter une structure",
        "Une structure et ce qu'elle exige des factures qu'elle reçoit : un service, un engagement juridique, ou "
        "l'un des deux.",
    ),
    "rechercherServicesStructure": Entry(
        DIRECTORY,
        "Rechercher les services d'une structure",
        "Les services d'une structure, par page, dans l'ordre de leur code.",
    ),
    "consulterServiceStructure": Entry(
        DIRECTORY,
        "Consulter un service",
        "Un service et ce qu'il exige des factures qu'il reçoit.",
    ),
    "recupererDevises": Entry(
        LISTS,
        "Lister les devises",
        "Les devises de la norme ISO 4217.",
    ),
    "recupererPays": Entry(
        LISTS,
        "Lister les pays",
        "Les pays de la norme ISO 3166-1.",
    ),
    "recupererTauxTva": Entry(
        LISTS,
        "Lister les taux de TVA",
        "Les taux de TVA en vigueur, en pour cent.",
    ),
    "recupererMotifsExonerationTva": Entry(
        LISTS,
        "Lister les motifs d'exonération de TVA",
        "Les motifs pour lesquels une facture ne porte pas de TVA (liste VATEX).",
    ),
    "recupererTypesPieceJointe": Entry(
        LISTS,
        "Lister les types de pièces jointes",
        "Les types de pièces que peut porter une facture ou une pièce de travaux.",
    ),
    "recupererModeDepot": Entry(
        LISTS,
        "Lister les modes de dépôt",
        "Les valeurs de modeDepot.",
    ),
    "recupererModeReglements": Entry(
        LISTS,
        "Lister les modes de règlement",
        "Les valeurs de modePaiement.",
    ),
    "recupererCadreFacturation": Entry(
        LISTS,
        "Lister les cadres de facturation",
        "Les cadres de facturation d'un type de demande de paiement.",
    ),
    "recupererCoordonneesBancairesValides": Entry(
        LISTS,
        "Lister les coordonnées bancaires",
        "Toujours vide : Chorale n'enregistre pas de comptes, chaque facture porte le sien.",
    ),
    "recupererFormatFlux": Entry(
        LISTS,
        "Lister les formats de flux",
        "Les familles de syntaxes de dépôt.",
    ),
    "recupererSyntaxeFlux": Entry(
        LISTS,
        "Lister les syntaxes de dépôt",
        "Les syntaxes que Chorale prend, d'une famille ou toutes.",
    ),
    "recupererTypeDemandePaiement": Entry(
        LISTS,
        "Lister les types de demande de paiement",
        "Les valeurs de typeDemandePaiement.",
    ),
    "recupererTypeFactureTravaux": Entry(
        LISTS,
        "Lister les types de pièces de travaux",
        "Les valeurs de typeFactureTravaux.",
    ),
    "recupererTypeIdentifiantStructure": Entry(
        LISTS,
        "Lister les types d'identifiant",
        "Les registres qui identifient une structure.",
    ),
    "recupererStructuresActivesPourFournisseur": Entry(
        DIRECTORY,
        "Lister mes structures fournisseurs",
        "Les structures actives pour lesquelles le compte émet des factures.",
    ),
    "recupererStructuresActivesPourDestinataire": Entry(
        DIRECTORY,
        "Lister mes structures destinataires",
        "Les structures actives pour lesquelles le compte reçoit des factures.",
    ),
    "recupererStructuresActivesPourFactureTravaux": Entry(
        DIRECTORY,
        "Lister mes structures de travaux",
        "Les structures actives pour lesquelles le compte a l'espace Factures de travaux.",
    ),
    "consulterInformationSIRET": Entry(
        DIRECTORY,
        "Consulter un SIRET",
        "Ce que l'annuaire sait de l'établissement qui porte ce SIRET.",
    ),
    "rechercherEngagementJuridique": Entry(
        DIRECTORY,
        "Rechercher un engagement juridique",
        "L'engagement de ce numéro, s'il existe pour la structure ; sinon une liste vide.",
    ),
    "monCompteRecupererRattachements": Entry(
        DIRECTORY,
        "Lister les rattachements de mon compte",
        "Les structures auxquelles le compte est rattaché, avec leurs services.",
    ),
    "rechercherDestinataire": Entry(
        DIRECTORY,
        "Rechercher un destinataire",
        "Les structures publiques actives, par identifiant, par mots du nom ou par code postal.",
    ),
    "listerRattachementsStructureUtilisateur": Entry(
        DIRECTORY,
        "Lister mes services dans une structure",
        "Les services d'une structure du compte, auxquels il est rattaché.",
    ),
    "rechercherCategorieSollicitation": Entry(
        LISTS,
        "Lister les catégories de sollicitation",
        "Toujours vide : Chorale n'a pas de guichet d'assistance.",
    ),
    "rechercherSousCategorieSollicitation": Entry(
        LISTS,
        "Lister les sous-catégories de sollicitation",
        "Toujours vide : Chorale n'a pas de guichet d'assistance.",
    ),
    "recupererStructuresPourUtilisateur": Entry(
        DIRECTORY,
        "Lister mes structures",
        "Ancien nom : les structures actives auxquelles le compte est rattaché.",
    ),
    "recupererServicesStructure": Entry(
        DIRECTORY,
        "Lister les services d'une structure (ancien nom)",
        "Comme structures/rechercher/services.",
    ),
    "rechercherServiceExecutant": Entry(
        DIRECTORY,
        "Rechercher un service exécutant (ancien nom)",
        "Comme structures/rechercher/services.",
    ),
    "telechargerAnnuaireDestinataire": Entry(
        DIRECTORY,
        "Télécharger l'annuaire des destinataires",
        "Toutes les structures publiques et leurs services : une archive ZIP de deux fichiers CSV (UTF-8, "
        "points-virgules) aux colonnes de l'annuaire publié. Au-delà de 4,4 Mo la réponse donne une adresse de "
        "téléchargement, valable quinze minutes.",
    ),
    "consulterStructureOrganisation": Entry(
        DIRECTORY,
        "Consulter une structure par uuid",
        "Ce que l'annuaire sait d'une structure. Les refus de cette famille sont des HTTP 400 avec "
        "errors[error, message].",
    ),
    "listerServicesOrganisation": Entry(
        DIRECTORY, "Lister les services d'une structure par uuid", "Les services d'une structure, par code."
    ),
    "modifierParametresEdi": Entry(
        DIRECTORY,
        "Modifier les échanges EDI d'une structure",
        "Dit si une structure du compte émet des flux et reçoit des cycles de vie par EDI ; ce qui n'est pas donné "
        "reste. Demande l'habilitation GESTION_STRUCTURE.",
    ),
    "rechercherStructuresOrganisation": Entry(
        DIRECTORY,
        "Rechercher des structures par champ",
        "Un critère op et val par champ (=, >, <, >=, <=, IN, CONTAINS), tous doivent être vrais ; _fields choisit les "
        "champs de la réponse, _sort et _desc son ordre. Un champ que l'annuaire ne connaît pas ne trouve rien.",
    ),
    "rechercherServicesOrganisation": Entry(
        DIRECTORY,
        "Rechercher des services par champ",
        "Comme la recherche de structures ; rattachementOrganisation ou uuid est obligatoire, avec op = ou IN.",
    ),
    "consulterServiceOrganisation": Entry(
        DIRECTORY, "Consulter un service par uuid", "Ce que l'annuaire sait d'un service."
    ),
    "rechercherSirenOrganisation": Entry(
        DIRECTORY, "Lister les établissements d'un SIREN", "Les structures dont le SIRET commence par ce SIREN."
    ),
    "rechercherEspaces": Entry(
        DIRECTORY,
        "Lister les espaces d'une structure ou d'un service",
        "Les espaces que le compte a dans une de ses structures, ou dans un de ses services : factures émises, reçues, "
        "à valider, de travaux. Une habilitation vaut pour toute la structure.",
    ),
    "recupererUtilisateursService": Entry(
        DIRECTORY,
        "Lister les comptes d'un service",
        "Les comptes techniques rattachés à la structure d'un service du compte, et leurs habilitations.",
    ),
    "recupererServicesExecutantEtat": Entry(
        DIRECTORY,
        "Lister les services de l'État",
        "Les services actifs des structures de l'État, par page.",
    ),
}
