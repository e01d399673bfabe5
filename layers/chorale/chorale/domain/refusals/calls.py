"""Codes of refused calls: who calls, what is asked, what the state of things allows."""

from chorale.domain.refusals.model import Entry

_OWN = "Chorale"
_SWAGGER = "AIFE Swagger « Factures »"

ENTRIES = (
    Entry(
        "CHO-AUTH",
        "Le jeton ou le compte technique manque, a expiré ou n'est pas reconnu.",
        "Demandez un nouveau jeton à /api/oauth/token et envoyez l'en-tête cpro-account (login:motdepasse en base64).",
        "Un jeton d'une heure envoyé après 61 minutes.",
        "OAuth 2.0 (RFC 6750), usage de la plateforme publique",
    ),
    Entry(
        "CHO-DROIT",
        "L'objet est bien à l'une de vos structures, mais le compte n'a pas le droit d'y faire cet acte.",
        "Demandez l'habilitation au gestionnaire de la structure, ou appelez avec un compte qui l'a.",
        "Un compte habilité à consulter les factures reçues qui veut en mandater une.",
        "Espaces et habilitations de la plateforme publique",
    ),
    Entry(
        "CHO-ERREUR",
        "Un refus que rien de plus précis ne nomme.",
        "Lisez le libellé : il dit ce qu'il faut changer.",
        "Aucun code plus précis ne convient.",
        _OWN,
    ),
    Entry(
        "CHO-REQUETE",
        "Un champ de la requête manque, n'a pas la forme attendue ou contredit un autre champ.",
        "Corrigez le champ que nomme le libellé et renvoyez la requête.",
        "« periodeDateHeureDepotDu » postérieur à « periodeDateHeureDepotAu ».",
        _SWAGGER,
    ),
    Entry(
        "CHO-STATUT",
        "Le statut actuel de la facture ou de la pièce ne permet pas cet acte.",
        "Lisez le statut actuel dans le libellé ; docs/statuses.md dit ce que chacun permet.",
        "Suspendre une facture déjà mandatée.",
        _SWAGGER,
    ),
    Entry(
        "CHO-NON-SUSPENDUE",
        "On complète une facture que son destinataire n'a pas suspendue.",
        "N'appelez completer que pour une facture au statut SUSPENDUE.",
        "Compléter une facture MISE_A_DISPOSITION.",
        _SWAGGER,
    ),
    Entry(
        "CHO-FACTURE-INCONNUE",
        "La facture n'existe pas, ou n'est pas de celles que le compte peut voir : la réponse est la même.",
        "Vérifiez l'identifiant ou le numéro, et que le compte est rattaché à une des parties.",
        "Consulter l'identifiant 999999999.",
        _OWN,
    ),
    Entry(
        "CHO-PIECE-INCONNUE",
        "La pièce de travaux, le dossier ou le marché n'existe pas, ou vos structures n'y sont pas parties.",
        "Vérifiez l'identifiant et le rôle de vos structures au marché.",
        "Ouvrir le dossier d'un marché dont on n'est pas partie.",
        _OWN,
    ),
    Entry(
        "CHO-FLUX-INCONNU",
        "Le flux n'existe pas, ou a été déposé par un autre compte.",
        "Reprenez le numéro de flux donné au dépôt et appelez avec le compte qui a déposé.",
        "CPP0011100000000000099999 sur un serveur qui n'a reçu que dix dépôts.",
        _OWN,
    ),
    Entry(
        "CHO-STRUCTURE-INCONNUE",
        "La structure ou le service n'est pas dans l'annuaire.",
        "Cherchez la structure par son SIRET (structures/v1/rechercher) et reprenez son identifiant.",
        "Consulter idStructureCPP 1 quand l'annuaire commence à 10000.",
        _OWN,
    ),
    Entry(
        "CHO-PJ-INCONNUE",
        "Le fichier stocké n'existe pas, a expiré, ou n'est pas de ceux que le compte peut employer.",
        "Stockez de nouveau le fichier (ajouter/fichier) et donnez le pieceJointeId reçu.",
        "Un pieceJointeId stocké il y a plus de trente jours et jamais joint.",
        _OWN,
    ),
    Entry(
        "CHO-QUOTA",
        "L'application a fait plus d'appels dans la minute que son quota ne le permet (HTTP 429).",
        "Attendez le nombre de secondes de l'en-tête Retry-After et renvoyez la requête.",
        "Le 601e appel d'une minute quand le quota est de 600.",
        "RFC 6585 ; quotas des API de l'État",
    ),
    Entry(
        "CHO-ESSAIS",
        "Trop de secrets ou de mots de passe erronés sont venus de cette adresse (HTTP 429).",
        "Corrigez le secret ou le mot de passe, puis attendez le nombre de secondes de l'en-tête Retry-After.",
        "Un mot de passe changé que l'application n'a pas reçu, renvoyé plus de cinq fois.",
        "OWASP, Authentication Cheat Sheet",
    ),
    Entry(
        "CHO-REJEU",
        "L'en-tête Idempotency-Key ne peut pas être honoré.",
        "Lisez le libellé ; employez une clé nouvelle pour une demande nouvelle.",
        "Voir CHO-REJEU-EN-COURS et CHO-REJEU-AUTRE.",
        _OWN,
    ),
    Entry(
        "CHO-REJEU-EN-COURS",
        "La première requête de cette Idempotency-Key n'a pas encore sa réponse (HTTP 409).",
        "Attendez quelques secondes et renvoyez la même requête avec la même clé.",
        "Une requête renvoyée par un délai d'attente trop court.",
        _OWN,
    ),
    Entry(
        "CHO-REJEU-AUTRE",
        "Cette Idempotency-Key a déjà servi avec un autre contenu (HTTP 422).",
        "Donnez une clé nouvelle à chaque demande nouvelle, par exemple un UUID.",
        "La même clé pour deux factures différentes.",
        _OWN,
    ),
    Entry(
        "CHO-REPONSE-TAILLE",
        "La réponse dépasse ce qu'un appel peut rendre.",
        "Prenez le fichier à l'adresse lienTelechargement, ou demandez moins d'objets par appel.",
        "Télécharger dix factures de 1 Mo en une fois.",
        "Limite de 6 Mo par réponse d'une fonction AWS Lambda",
    ),
    Entry(
        "CHO-TAILLE",
        "Le fichier dépasse ce que cette opération prend.",
        "Allégez-le, répartissez les factures en plusieurs dépôts, ou ouvrez un dépôt par envoi direct.",
        "Une archive de 130 Mo (120 Mo au plus).",
        "AIFE, spécifications externes : 120 Mo par flux",
    ),
    Entry(
        "CHO-SAISIE",
        "La facture soumise (soumettre) est refusée : listeErreurs dit chaque point à changer.",
        "Corrigez chaque champ de listeErreurs et soumettez de nouveau.",
        "Un total TTC qui n'est pas la somme du total hors taxes et de la TVA.",
        _SWAGGER,
    ),
)
