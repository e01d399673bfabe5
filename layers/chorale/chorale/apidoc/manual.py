"""What the documentation says of each operation, in French: its group, its name, its purpose."""

from collections.abc import Mapping

from chorale.apidoc.entries import DEPOSITS, INVOICES, MACHINES, SERVICE, SIGN_IN, TREATMENT, Entry
from chorale.apidoc.manual_directory import DIRECTORY_MANUAL
from chorale.apidoc.manual_works import WORKS_MANUAL
from chorale.domain.deposits.flux import UPLOAD_LIMIT

INTRODUCTION = (
    "L'API de Chorus Pro, telle que ses clients la connaissent, et ce que Chorale y ajoute sous /chorale/v1. Projet "
    "indépendant : ce n'est pas un service de l'État.\n"
    "Une opération métier répond HTTP 200 avec codeRetour (0 : fait) et libelle ; un refus métier est aussi un HTTP "
    "200, avec un autre codeRetour et un libelle qui dit ce qu'il faut changer. Les montants sont des nombres exacts, "
    "les jours ceux de Paris."
)
UNFINISHED = (
    "La passerelle n'a pas eu de réponse (29 s au plus) : l'acte est peut-être fait. Renvoyer la même requête avec la "
    "même Idempotency-Key, ou regarder avant de recommencer."
)
REFUSED: Mapping[str, str] = {
    "400": "Pas de jeton.",
    "401": "Jeton ou compte technique refusé : la raison est dans le corps et dans WWW-Authenticate.",
    "403": "Adresse inconnue.",
    "413": "Requête trop volumineuse : ouvrir un dépôt par envoi direct.",
    "429": "Trop de requêtes : réessayer après le nombre de secondes de Retry-After.",
    "500": "Erreur interne : donner x-correlationid à l'exploitant.",
    "502": UNFINISHED,
    "503": UNFINISHED,
    "504": UNFINISHED,
}
REPLAY_REFUSED: Mapping[str, str] = {
    "409": "La première requête de cette Idempotency-Key est en cours.",
    "422": "Cette Idempotency-Key a servi avec un autre corps.",
}
"""Declared for the operations that take the header."""
REPLAY_HEADER = (
    "Clé choisie par le client, nouvelle pour chaque demande (un UUID par exemple). La même requête envoyée de nouveau "
    "dans l'heure avec la même clé reçoit la première réponse, et rien n'est fait deux fois ; un refus n'est pas gardé."
    " Ce qu'une demande crée (facture soumise, dépôt, fichier, webhook) reste lié à sa clé pendant un jour."
)
TOO_LARGE = (
    "Requête trop volumineuse : ouvrez un dépôt par envoi direct avec POST /chorale/v1/depots "
    f"({UPLOAD_LIMIT // 1_000_000} Mo au plus)."
)
TOO_FAST = "Trop de requêtes : réessayez dans une seconde."
UNANSWERED = "Le service n'a pas pu répondre : réessayez."
"""What API Gateway says by itself."""

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
    "detacherPieceJointe": Entry(
        DEPOSITS,
        "Reprendre une pièce stockée",
        "Le fichier que le compte a stocké n'est plus trouvé et ne peut plus être joint. Ce à quoi il était déjà joint "
        "le garde.",
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
        "Une archive ZIP, un dossier par facture : le fichier déposé, les pièces qu'il contient et celles ajoutées "
        "depuis. Pour les parties de la facture seulement, 10 factures au plus. Avec pieceJointeId, une seule pièce, "
        "telle quelle. Au-delà de 4,4 Mo, la réponse donne une adresse de téléchargement valable quinze minutes.",
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
    "telechargerCycleDeVie": Entry(
        MACHINES,
        "Télécharger le cycle de vie d'un dépôt",
        "Le statut courant de chaque facture d'un dépôt dans un fichier CPPStatut (FEN1201A), celui du mode EDI. Un "
        "partenaire EDI en reçoit aussi un par changement de statut dans son dossier edi/out/<partenaire>/, et un "
        "compte rendu (CSOxxxxA) par dépôt.",
    ),
    "organisationsHealthcheck": Entry(
        SERVICE, "Disponibilité du référentiel des organisations", "Répond HTTP 200, sans corps."
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
        "vérifiez-le et refusez une heure ancienne. Répondez 2xx, réponse entière, en moins de cinq secondes ; sinon "
        "d'autres essais suivent pendant trois jours, puis l'appel attend trente jours que vous le redemandiez. "
        "Un événement (Chorale-Event-Id) peut venir deux fois, et hors d'ordre : version départage. Après trois échecs "
        "à la suite le webhook est suspendu d'une minute à six heures, et ses appels attendent. La même demande "
        "renvoyée avec son Idempotency-Key rend le même webhook et son secret.",
    ),
    "listerWebhooks": Entry(MACHINES, "Lister ses webhooks", "Les webhooks du compte, sans leur secret."),
    "supprimerWebhook": Entry(MACHINES, "Supprimer un webhook", "L'adresse n'est plus appelée."),
    "listerAppelsWebhook": Entry(
        MACHINES,
        "Lister les appels manqués d'un webhook",
        "Les appels qui n'ont pas abouti du premier coup, 500 au plus, du plus ancien au plus récent : EN_ATTENTE d'un "
        "nouvel essai (prochainEssai), ou en ECHEC après trois jours, gardés trente jours.",
    ),
    "renvoyerAppelsWebhook": Entry(
        MACHINES,
        "Redemander les appels manqués d'un webhook",
        "Une fois votre serveur réparé : les appels nommés par evenements, ou sans eux tous, EN_ATTENTE comme en "
        "ECHEC (500 par demande), partent aussitôt, avec trois jours d'essais, et le webhook n'est "
        "plus suspendu.",
    ),
    "healthCheck": Entry(SERVICE, "Vérifier que le service répond", "Répond toujours la même chose, sans jeton."),
    "description": Entry(SERVICE, "Lire la description de l'API", "Cette documentation pour les outils (OpenAPI 3.0)."),
    "documentation": Entry(SERVICE, "Lire la documentation", "Cette page."),
    **DIRECTORY_MANUAL,
    **WORKS_MANUAL,
}
