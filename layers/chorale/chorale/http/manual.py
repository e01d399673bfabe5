"""What the documentation says of each operation, in French: its group, its name, its purpose."""

from collections.abc import Mapping
from dataclasses import dataclass

from chorale.domain.flux import UPLOAD_LIMIT

INTRODUCTION = (
    "L'API de Chorus Pro, telle que ses clients la connaissent, et ce que Chorale y ajoute sous /chorale/v1. Projet "
    "indépendant : ce n'est pas un service de l'État.\n"
    "Une opération métier répond HTTP 200 avec codeRetour (0 : fait) et libelle ; un refus métier est aussi un HTTP "
    "200, avec un autre codeRetour et un libelle qui dit ce qu'il faut changer. Les montants sont des nombres exacts, "
    "les jours ceux de Paris."
)
REFUSED: Mapping[str, str] = {
    "400": "Pas de jeton.",
    "401": "Jeton ou compte technique refusé : la raison est dans le corps et dans WWW-Authenticate.",
    "403": "Adresse inconnue.",
    "413": "Requête trop volumineuse : ouvrir un dépôt par envoi direct.",
    "429": "Trop de requêtes : réessayer après le nombre de secondes de Retry-After.",
    "500": "Erreur interne : donner x-correlationid à l'exploitant.",
}
REPLAY_REFUSED: Mapping[str, str] = {
    "409": "La première requête de cette Idempotency-Key est en cours.",
    "422": "Cette Idempotency-Key a servi avec un autre corps.",
}
"""Declared for the operations that take the header."""
REPLAY_HEADER = (
    "Clé choisie par le client, nouvelle pour chaque demande (un UUID par exemple). La même requête envoyée de nouveau "
    "dans l'heure avec la même clé reçoit la première réponse, et rien n'est fait deux fois ; un refus n'est pas gardé."
)
UNKNOWN_PATH = "Adresse inconnue ou méthode non admise : la documentation est à /docs."
TOO_LARGE = (
    "Requête trop volumineuse : ouvrez un dépôt par envoi direct avec POST /chorale/v1/depots "
    f"({UPLOAD_LIMIT // 1_000_000} Mo au plus)."
)
TOO_FAST = "Trop de requêtes : réessayez dans une seconde."
UNANSWERED = "Le service n'a pas pu répondre : réessayez."
"""What API Gateway says by itself."""

SIGN_IN, DEPOSITS, INVOICES, TREATMENT, WORKS, DIRECTORY, LISTS, MACHINES, SERVICE = (
    "Se connecter",
    "Déposer et suivre",
    "Factures",
    "Traiter",
    "Factures de travaux",
    "Annuaire",
    "Listes de référence",
    "Être prévenu",
    "Service",
)
GROUPS = (SIGN_IN, DEPOSITS, INVOICES, TREATMENT, WORKS, DIRECTORY, LISTS, MACHINES, SERVICE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of one operation."""

    group: str
    title: str
    purpose: str


MANUAL: Mapping[str, Entry] = {
    "obtenirJeton": Entry(
        SIGN_IN,
        "Obtenir un jeton d'accès",
        "Une application échange son identifiant et son secret contre un jeton d'une heure, à envoyer ensuite à "
        "chaque appel dans l'en-tête Authorization. Identifiant et secret viennent dans le formulaire ou en HTTP "
        "Basic.",
    ),
    "deposerFluxFacture": Entry(
        DEPOSITS,
        "Déposer un fichier de factures",
        "Dépose dans la requête un fichier d'une ou plusieurs factures : XML UBL ou CII, PDF Factur-X, archive "
        "tar.gz ou zip. La réponse donne tout de suite le numéro de flux ; les contrôles suivent, leur résultat "
        "se lit avec consulterCRDetaille. Une requête porte environ 4,4 Mo de fichier : au-delà, ouvrir un dépôt "
        "par envoi direct.",
    ),
    "ouvrirDepot": Entry(
        DEPOSITS,
        "Ouvrir un dépôt par envoi direct",
        "Annonce un fichier de 120 Mo au plus, que l'on envoie ensuite soi-même, sans jeton : un POST "
        "multipart/form-data à l'adresse url avec tous les champs reçus, et le fichier en dernier dans le champ "
        "file. L'envoi est possible pendant quinze minutes ; taille et empreinte SHA-256 sont vérifiées.",
    ),
    "ajouterFichierDansSysteme": Entry(
        DEPOSITS,
        "Stocker une pièce jointe",
        "Garde un fichier de 10 Mo au plus pendant trente jours et donne le pieceJointeId par lequel il se joint à "
        "une facture. Le nom compte 50 caractères au plus. Une requête porte environ 4,4 Mo de fichier.",
    ),
    "rechercherPieceJointeSurMonCompte": Entry(
        DEPOSITS,
        "Retrouver mes pièces stockées",
        "Les fichiers que le compte a stockés et qui peuvent encore être joints, les derniers d'abord.",
    ),
    "rechercherPieceJointeSurStructure": Entry(
        DEPOSITS,
        "Retrouver les pièces stockées pour une structure",
        "Les fichiers stockés par les comptes d'une structure du compte et qui peuvent encore être joints.",
    ),
    "listerPiecesJointesOrganisation": Entry(
        DEPOSITS,
        "Lister les pièces stockées pour une structure, par uuid",
        "Les fichiers stockés par les comptes d'une structure du compte et qui peuvent encore être joints, les "
        "derniers d'abord, 1 000 au plus.",
    ),
    "consulterPieceJointeOrganisation": Entry(
        DEPOSITS,
        "Consulter une pièce stockée, par uuid",
        "Une pièce stockée pour une structure du compte, et une adresse qui donne son contenu, valable quinze minutes.",
    ),
    "telechargerPieceJointe": Entry(
        INVOICES,
        "Télécharger les fichiers de factures",
        "Une archive ZIP, un dossier par facture : le fichier déposé et les pièces jointes ajoutées depuis. Pour les "
        "parties de la facture seulement, 10 factures au plus. Au-delà de 4,4 Mo, la réponse donne une adresse de "
        "téléchargement valable quinze minutes.",
    ),
    "suivreDepot": Entry(
        DEPOSITS,
        "Suivre un dépôt, lire le compte rendu complet",
        "L'état d'un dépôt et, une fois le verdict rendu, chaque facture et chaque constat : son code, ce qu'il "
        "faut changer, sa place dans le fichier, la valeur lue et la valeur attendue. Un compte rendu de plus de "
        "6 Mo se télécharge à l'adresse donnée dans lienTelechargement.",
    ),
    "controlerFlux": Entry(
        DEPOSITS,
        "Contrôler un fichier sans le déposer",
        "Fait tous les contrôles d'un dépôt (format, règles, annuaire, numéros déjà pris) sur la même requête et rend "
        "le même compte rendu ; rien n'est gardé et aucun numéro de flux n'est attribué. 25 factures au plus.",
    ),
    "consulterCRDetaille": Entry(
        DEPOSITS,
        "Lire le compte rendu détaillé",
        "L'état d'un dépôt, les factures refusées et ce qui ne va pas dans le fichier lui-même. Les messages sont "
        "abrégés à 200 caractères.",
    ),
    "consulterCR": Entry(
        DEPOSITS,
        "Lire le compte rendu en PDF",
        "L'état d'un dépôt et, une fois le verdict rendu, son compte rendu en PDF (fichierCR, en base64).",
    ),
    "rechercherFactureParFournisseur": Entry(
        INVOICES,
        "Rechercher les factures émises",
        "Les factures émises par les structures du compte qui répondent à tous les critères donnés, par page. "
        "Avec numeroFluxDepot : celles d'un dépôt.",
    ),
    "rechercherFactureRecipiendaire": Entry(
        INVOICES,
        "Rechercher les factures reçues",
        "Les factures reçues par les structures du compte qui répondent à tous les critères donnés, par page. "
        "Sans aucun résultat, codeRetour est 20000 (TRA_MSG_00.015).",
    ),
    "consulterStatuts": Entry(
        INVOICES,
        "Lire les statuts de plusieurs factures",
        "Le statut courant de cent factures au plus en un appel, par identifiant (émises, reçues ou à valider) ou par "
        "numéro (émises). Ce que le compte ne connaît pas est rendu à part.",
    ),
    "consulterFactureParFournisseur": Entry(
        INVOICES,
        "Consulter une facture émise",
        "Une facture entière, vue par son fournisseur : parties, références, montants, et une page de ses lignes, "
        "de sa TVA et de ses pièces jointes.",
    ),
    "consulterFactureParRecipiendaire": Entry(
        INVOICES,
        "Consulter une facture reçue",
        "Une facture entière, vue par son destinataire : parties, références, montants, et une page de ses "
        "lignes, de sa TVA et de ses pièces jointes.",
    ),
    "consulterFactureParValideur": Entry(
        INVOICES,
        "Consulter une facture à valider",
        "Une facture entière, vue par le valideur à qui elle a été soumise.",
    ),
    "rechercherFactureATraiterParFournisseur": Entry(
        INVOICES,
        "Lister ce que le fournisseur doit suivre",
        "Les factures émises qui ne sont pas encore décidées ou qui sont revenues, et les rejets "
        "tant qu'ils ne sont pas traités.",
    ),
    "rechercherFactureATraiterParRecipiendaire": Entry(
        INVOICES,
        "Lister ce que le destinataire doit traiter",
        "Les factures reçues mises à disposition ou complétées.",
    ),
    "rechercherFactureATraiterParValideur": Entry(
        INVOICES,
        "Lister ce que le valideur doit valider",
        "Les factures soumises à un valideur qui n'a pas encore répondu.",
    ),
    "rechercherFactureParValideur": Entry(
        INVOICES,
        "Rechercher les factures soumises à validation",
        "Les factures soumises aux structures du compte comme valideurs, réglées ou non, qui répondent à tous les "
        "critères donnés, par page.",
    ),
    "rechercherDemandePaiement": Entry(
        INVOICES,
        "Rechercher des demandes de paiement",
        "Les demandes de paiement de toute sorte, selon le rôle que l'on y joue, les dernières d'abord. "
        "Cette recherche n'a pas de pages : elle donne 5 000 lignes au plus et le dit.",
    ),
    "consulterHistoriqueFacture": Entry(
        INVOICES,
        "Consulter l'historique d'une facture",
        "Le statut courant d'une facture émise ou reçue et tous ceux qu'elle a eus, le dernier d'abord, avec leur "
        "date et leur motif.",
    ),
    "traiterUneFactureRecue": Entry(
        TREATMENT,
        "Traiter une facture reçue",
        "Le destinataire donne un nouveau statut à une facture qu'il a reçue : service fait, mandatée, mise en "
        "paiement, ou suspendue, rejetée (avec un motif), à recycler. Un statut impossible est refusé avec le "
        "statut courant.",
    ),
    "completerFacture": Entry(
        TREATMENT,
        "Compléter une facture suspendue",
        "Le fournisseur répond à la suspension par un commentaire ou par des fichiers stockés avec ajouter/fichier : "
        "la facture passe à COMPLETEE et revient au destinataire.",
    ),
    "recyclerFacture": Entry(
        TREATMENT,
        "Recycler une facture",
        "Le fournisseur corrige le destinataire, le service ou l'engagement d'une facture renvoyée (A_RECYCLER) ; les "
        "exigences de l'annuaire sont contrôlées comme au dépôt, le numéro de la facture reste.",
    ),
    "traiterFacturesRejetees": Entry(
        TREATMENT,
        "Traiter des rejets",
        "Le fournisseur a pris note : les factures rejetées quittent sa liste de travail (rejetTraite).",
    ),
    "traiterFactureAValider": Entry(
        TREATMENT,
        "Valider ou refuser une facture",
        "Le titulaire ou le mandataire répond à la facture d'un sous-traitant (A9) ou d'un cotraitant (A12) : "
        "VALIDATION, ou REFUS avec un motif. Le motif MAUVAIS_VALIDEUR rend la facture au fournisseur, qui corrige "
        "le valideur. Quinze jours de silence valident une facture A9 ; un refus plus tardif est sans effet.",
    ),
    "corrigerValideurFacture": Entry(
        TREATMENT,
        "Corriger le valideur",
        "Le fournisseur désigne un autre valideur, par idStructure ou par son identifiant ; le délai repart.",
    ),
    "recupererStatutsFactureVisiblesParValideur": Entry(
        TREATMENT,
        "Lister les statuts à valider",
        "Les statuts auxquels un valideur trouve une facture à traiter.",
    ),
    "recupererMotifsRefusFactureAValider": Entry(
        TREATMENT,
        "Lister les motifs de refus d'un valideur",
        "Les motifs qui accompagnent le refus d'une facture à valider, selon son cadre de facturation.",
    ),
    "recupererEtatsPossiblesPourTraitement": Entry(
        TREATMENT,
        "Lister les statuts possibles",
        "Les statuts qu'un destinataire peut donner à une facture reçue, selon son statut courant.",
    ),
    "recupererEtatParTypeDemandePaiement": Entry(
        TREATMENT,
        "Lister les statuts d'un type de demande de paiement",
        "Tous les statuts que peut avoir une demande de paiement de ce type.",
    ),
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
    "telechargerCycleDeVie": Entry(
        MACHINES,
        "Télécharger le cycle de vie d'un dépôt",
        "Le statut courant de chaque facture d'un dépôt dans un fichier CPPStatut (FEN1201A), celui du mode EDI. Un "
        "partenaire EDI en reçoit aussi un par changement de statut dans son dossier edi/<partenaire>/out/, et un "
        "compte rendu (CSOxxxxA) par dépôt.",
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
    "rechercherFactureTravaux": Entry(
        WORKS,
        "Rechercher des pièces de travaux",
        "Les pièces que le compte peut voir : celles des marchés dont une de ses structures est partie, et celles "
        "qui la désignent. Sans résultat, codeRetour est 20007 (GFT_MSG_01.075).",
    ),
    "rechercherFactureTravauxATraiter": Entry(
        WORKS,
        "Lister les pièces qui m'attendent",
        "Les pièces sur lesquelles le compte doit un acte, l'échéance la plus proche d'abord, avec ce que fait le "
        "silence. Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "consulterFactureTravaux": Entry(
        WORKS,
        "Lire une pièce de travaux",
        "Une pièce entière : qui la lit, montants, pièce précédente, historique. Chemin et corps déduits du nom de "
        "l'opération : aucune description publique n'en est connue.",
    ),
    "consulterDossierDeFacturation": Entry(
        WORKS,
        "Lire un dossier de facturation",
        "Toutes les pièces du dossier auquel appartient la pièce donnée, dans l'ordre de leur dépôt. Chemin et "
        "corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "soumettreFactureTravaux": Entry(
        WORKS,
        "Déposer une pièce de travaux",
        "Un PDF et ses données : pour ouvrir un dossier (references.numeroMarche), à la suite d'une autre pièce "
        "(idPiecePrecedente) ou à la place d'une pièce refusée (idPieceRemplacee). Qui lit la pièce vient du "
        "marché, sauf à le désigner. Les demandes de sous-traitants validées se joignent par listeDemandesJointes. "
        "Une pièce se dépose aussi par flux, en UBL, CII ou Factur-X, avec son cadre en BT-23 et son marché en BT-12. "
        "Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "prendreEnCompteFactureTravaux": Entry(
        WORKS,
        "Prendre une pièce en compte",
        "La MOE ou la MOA déclare avoir pris la pièce en compte. Chemin et corps déduits du nom de l'opération : "
        "aucune description publique n'en est connue.",
    ),
    "completerFactureTravaux": Entry(
        WORKS,
        "Compléter une pièce",
        "Le déposant répond à une demande de complément, ou complète une pièce que le service financier a "
        "suspendue. Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "completerMoe": Entry(
        WORKS,
        "Corriger la MOE",
        "Le déposant désigne la bonne MOE d'une pièce dont la MOE n'était pas la bonne ; les délais repartent. "
        "Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "demanderRecyclagePiecePrecedente": Entry(
        WORKS,
        "Demander un recyclage",
        "Qui a reçu la pièce demande à son déposant d'en corriger l'acheminement. Chemin et corps déduits du nom "
        "de l'opération : aucune description publique n'en est connue.",
    ),
    "recyclerFactureTravaux": Entry(
        WORKS,
        "Recycler une pièce",
        "Le déposant corrige l'acheminement d'une pièce au statut A_RECYCLER, ERREUR_DE_MOE ou ERREUR_DE_MOA : "
        "délais et délai de paiement repartent chez le bon destinataire. Chemin et corps déduits du nom de "
        "l'opération : aucune description publique n'en est connue.",
    ),
    "refuserFactureTravaux": Entry(
        WORKS,
        "Refuser une pièce",
        "La MOE, la MOA, le titulaire ou un valideur refuse la pièce pour un motif de la liste. Un montant n'est "
        "pas un motif : chacun écrit le sien dans sa pièce (R2192-34). Un décompte général se refuse avec sa "
        "réclamation. Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "demanderCompletionFactureTravaux": Entry(
        WORKS,
        "Demander un complément",
        "Demander au déposant ce qui manque. Le délai de paiement ne s'arrête pas pour autant (R2192-27). Chemin "
        "et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "corrigerValideurFactureTravaux": Entry(
        WORKS,
        "Corriger le valideur d'une pièce",
        "Le déposant désigne le bon valideur ; les quinze jours repartent. Chemin et corps déduits du nom de "
        "l'opération : aucune description publique n'en est connue.",
    ),
    "recupererMotifsRefusFactureTravaux": Entry(
        WORKS,
        "Lister les motifs de refus des pièces",
        "Les motifs admis pour un cadre de facturation. ERREUR_MONTANT est listé et répondu par une explication. "
        "Chemin et corps déduits du nom de l'opération : aucune description publique n'en est connue.",
    ),
    "inscrireMarche": Entry(
        WORKS,
        "Inscrire un marché de travaux",
        "La MOA inscrit le marché : CCAG, intervenants et rôles, service financier, délais que le CCAP fixe "
        "autrement. Les pièces n'en sont vues que des parties.",
    ),
    "listerMarches": Entry(
        WORKS,
        "Lister ses marchés",
        "Les marchés de travaux dont une structure du compte est partie.",
    ),
    "consulterMarche": Entry(
        WORKS,
        "Lire un marché",
        "Un marché, ses parties et les délais qui s'y appliquent, chacun avec son article et l'effet du silence.",
    ),
    "notifierReception": Entry(
        WORKS,
        "Inscrire la réception des travaux",
        "La MOA inscrit la date à laquelle la décision de réception a été notifiée : le projet de décompte final "
        "est dû à partir d'elle.",
    ),
    "mettreEnDemeure": Entry(
        WORKS,
        "Mettre en demeure",
        "La MOE ou la MOA met le titulaire en demeure de remettre son projet de décompte final, une fois son délai "
        "écoulé.",
    ),
    "listerTaches": Entry(
        WORKS,
        "Lister mes tâches",
        "Ce que le compte doit, l'échéance la plus proche d'abord : la pièce, la date, ce que fait le silence. Ce "
        "que rien n'achève vient en dernier.",
    ),
    "consulterDossier": Entry(
        WORKS,
        "Lire un dossier comme une chronologie",
        "Tout un dossier : pièces, tâches et leurs échéances, délais de paiement et intérêts s'il y a retard, tout "
        "ce qui s'est passé dans l'ordre, et ce que le compte peut faire de chaque pièce.",
    ),
    "agirSurPiece": Entry(
        WORKS,
        "Faire un acte de travaux",
        "Les actes pour lesquels aucune opération publique n'est connue : VALIDER (en entier ou en partie), "
        "TRANSMETTRE à la MOA, ABANDONNER, OBSERVER, INTERROMPRE_PAIEMENT (une fois), REPRENDRE_PAIEMENT, "
        "REPONDRE_RECLAMATION, PUBLIER_INDEX (après le décompte définitif : la MOA doit alors la révision des prix).",
    ),
    "telechargerAnnuaireDestinataire": Entry(
        DIRECTORY,
        "Télécharger l'annuaire des destinataires",
        "Toutes les structures publiques et leurs services : une archive ZIP de deux fichiers CSV (UTF-8, "
        "points-virgules) aux colonnes de l'annuaire publié. Au-delà de 4,4 Mo la réponse donne une adresse de "
        "téléchargement, valable quinze minutes.",
    ),
    "organisationsHealthcheck": Entry(
        SERVICE, "Disponibilité du référentiel des organisations", "Répond HTTP 200, sans corps."
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
    "telechargerGroupeFacture": Entry(
        INVOICES,
        "Télécharger des factures",
        "Une à dix factures dont une structure du compte est partie, avec leurs pièces si on le demande. PDF : un PDF "
        "seul vient tel quel, sinon un ZIP d'un dossier par facture ; une facture déposée en XML vient en pages, ses "
        "données jointes au PDF. ZIP : les originaux. "
        "Au-delà de 6 Mo, codeRetour est 20011 et lienTelechargement donne une adresse valable quinze minutes.",
    ),
    "deposerPdfFacture": Entry(
        DEPOSITS,
        "Déposer un PDF pour le lire",
        "Garde le PDF parmi les fichiers du compte (pieceJointeId) et rend ce qui s'y lit : les données d'un Factur-X, "
        "sinon ce que dit le texte des premières pages ; null pour ce qui n'a pas été trouvé. Rien n'est soumis.",
    ),
    "soumettreFacture": Entry(
        DEPOSITS,
        "Soumettre une facture",
        "SAISIE_API : les données suffisent, la plateforme donne le numéro et établit un Factur-X. DEPOT_PDF_API et "
        "DEPOT_PDF_SIGNE_API : les données principales accompagnent un PDF déjà stocké (deposer/pdf ou "
        "ajouter/fichier), signé pour le second. Tout ce qui est à corriger est dit en une fois, dans listeErreurs. "
        "Après une remise globale, montantTtcTotal est ce qui reste. empreinteCertificatDepot est le SHA-256, en "
        "base64, du texte fait des lignes identifiantFactureCPP, numeroFacture, fournisseur, destinataire, "
        "dateFacture, montantTtcTotal (deux décimales), codeDeviseFacture et sha256 (du PDF), dans cet ordre : "
        "« nom=valeur » et un saut de ligne pour chacune.",
    ),
    "creerWebhook": Entry(
        MACHINES,
        "Créer un webhook",
        "Chorale enverra un POST à cette adresse https à chaque changement de statut d'une facture que le compte peut "
        "lire (facture.statut), à chaque changement d'un dossier de travaux (dossier.travaux) et au verdict de chacun "
        "de ses dépôts (flux.verdict). L'en-tête Chorale-Signature porte "
        "t, l'heure Unix, et v1, le HMAC-SHA256 en hexadécimal de « t.corps » avec le secret, montré une seule fois : "
        "vérifiez-le et refusez une heure ancienne. Répondez 2xx en moins de cinq secondes ; sinon deux nouveaux "
        "essais suivent à quelques minutes. Un événement (Chorale-Event-Id) peut venir deux fois, et hors d'ordre : "
        "version départage. Après vingt échecs à la suite le webhook est suspendu.",
    ),
    "listerWebhooks": Entry(MACHINES, "Lister ses webhooks", "Les webhooks du compte, sans leur secret."),
    "supprimerWebhook": Entry(MACHINES, "Supprimer un webhook", "L'adresse n'est plus appelée."),
    "healthCheck": Entry(SERVICE, "Vérifier que le service répond", "Répond toujours la même chose, sans jeton."),
    "description": Entry(SERVICE, "Lire la description de l'API", "Cette documentation pour les outils (OpenAPI 3.0)."),
    "documentation": Entry(SERVICE, "Lire la documentation", "Cette page."),
}
"""Operation id -> its text. Ids are the official method names where there is one."""
