"""What the documentation says of each operation of the works chain."""

from collections.abc import Mapping

from chorale.apidoc.entries import WORKS, Entry

WORKS_MANUAL: Mapping[str, Entry] = {
    "rechercherFactureTravaux": Entry(
        WORKS,
        "Rechercher des pièces de travaux",
        "Les pièces que le compte peut voir : celles des marchés dont une de ses structures est partie, et celles "
        "qui la désignent. numeroMarche, listeTypeFactureTravaux, tache et echeanceAvant restreignent la liste ; les "
        "deux derniers, à ce que le compte doit. Sans résultat, codeRetour est 20007 (GFT_MSG_01.075).",
    ),
    "rechercherFactureTravauxATraiter": Entry(
        WORKS,
        "Lister les pièces qui m'attendent",
        "Les pièces sur lesquelles le compte doit un acte, l'échéance la plus proche d'abord, avec ce que fait le "
        "silence. numeroMarche, listeTypeFactureTravaux ou cadreFacturation, tache et echeanceAvant (dernier jour) "
        "restreignent la liste ; une valeur inconnue est refusée. Chemin et corps déduits du nom de l'opération : "
        "aucune description publique n'en est connue.",
    ),
    "consulterFactureTravaux": Entry(
        WORKS,
        "Lire une pièce de travaux",
        "Une pièce entière : qui la lit, montants, parts, réclamation (réserves ou refus d'un décompte) et sa réponse, "
        "pièce précédente, historique. Chemin et corps déduits du nom de "
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
        "marché : les champs qui le nomment sont facultatifs et doivent le répéter. Plusieurs marchés de même numéro : "
        "identifiantMoa choisit. Les demandes de sous-traitants validées se joignent par listeDemandesJointes ; "
        "listeParts dit qui est payé de quoi. "
        "Ce qui dépasse la pièce précédente est averti (avertissements) ; un A19, A16, A20 ou A18 qui la dépasse est "
        "refusé sans depassementConfirme. "
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
        "Le déposant envoie la pièce à la MOE que le marché désigne ; chez une autre les délais repartent. Chemin et "
        "corps déduits du nom de l'opération : aucune description publique n'en est connue.",
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
        "Le déposant envoie la demande au valideur que le marché désigne ; un autre a quinze jours. Chemin et corps "
        "déduits du nom de l'opération : aucune description publique n'en est connue.",
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
        "La MOA, structure publique paramétrée « avec MOA », inscrit le marché : CCAG, intervenants et rôles, service "
        "financier, délais que le CCAP fixe autrement. Une MOA déléguée peut l'inscrire : il attend alors l'accord de "
        "la MOA. Qui est MOE, MOA, valideur et service financier d'une pièce vient de lui.",
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
        "écoulé. delaiJours (15) est le temps qu'elle lui laisse : le décompte s'établit d'office ensuite.",
    ),
    "agirSurMarche": Entry(
        WORKS,
        "Accepter ou contester un marché",
        "ACCEPTER_DELEGATION : la MOA accepte la MOA déléguée qui a inscrit le marché. CONTESTER : une partie dit "
        "qu'elle n'en est pas ; le marché est marqué jusqu'à la réponse de la MOA, REPONDRE_CONTESTATION.",
    ),
    "consulterCompte": Entry(
        WORKS,
        "Lire le compte d'un marché",
        "Demande par demande et par créancier, puis le solde, de son projet à son paiement : ce qui est demandé, ce "
        "qu'écrivent MOE et MOA, ce qui est payé, ce qui est réclamé à côté (conteste) ; en JSON et, dans csv, pour un "
        "tableur. situation : retenue, avance et pénalités au dernier état.",
    ),
    "imprimerCompte": Entry(
        WORKS,
        "Imprimer le compte d'un marché",
        "Le même compte en PDF, avec ses totaux et ceux de chaque créancier, pour qui peut lire le compte.",
    ),
    "telechargerFicheDePaiement": Entry(
        WORKS,
        "Imprimer la fiche de paiement d'une pièce",
        "Pour une pièce adressée au service financier, un PDF : qui est payé de quoi et sur quel compte, les chiffres "
        "de la situation, le compte du marché. Le service financier seul y voit les IBAN entiers.",
    ),
    "inscrireAvenant": Entry(
        WORKS,
        "Inscrire un avenant",
        "La MOA ajoute ou change un sous-traitant (acte spécial), met fin à son sous-traité, remplace la MOE, la MOA "
        "déléguée, le mandataire ou le service financier, change le montant du marché (MONTANT, avec son motif), le "
        "compte d'une entreprise (COMPTE_BANCAIRE) ou les pièces que d'autres déposent à sa place (CADRES_DELEGUES). "
        "Ce qui est en cours passe au nouveau titulaire du rôle.",
    ),
    "telechargerDossier": Entry(
        WORKS,
        "Télécharger un dossier de facturation",
        "Un ZIP de tout le dossier : un dossier par pièce que le compte peut lire, avec sa pièce principale et ses "
        "pièces jointes.",
    ),
    "telechargerPiece": Entry(
        WORKS,
        "Télécharger une pièce de travaux",
        "Un ZIP de la pièce principale et des pièces jointes, pour qui peut lire la pièce. Les opérations "
        "telecharger/groupe et telecharger/pieceJointe les donnent aussi, par le même numéro.",
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
        "ce qui s'est passé dans l'ordre, et ce que le compte peut faire de chaque pièce. nature dit ce que c'est : "
        "STATUT, RELANCE, ALERTE, SILENCE ou l'acte.",
    ),
    "agirSurPiece": Entry(
        WORKS,
        "Faire un acte de travaux",
        "Les actes pour lesquels aucune opération publique n'est connue : VALIDER (en entier ou en partie), "
        "TRANSMETTRE à la MOA, ABANDONNER, OBSERVER, INTERROMPRE_PAIEMENT (une fois), "
        "FOURNIR_PIECES (ce que le paiement attend), REPRENDRE_PAIEMENT (la MOA ou le payeur constate qu'elles sont "
        "là), PAYER_PART (le service financier paie la part d'un créancier, une "
        "fois le paiement ordonnancé ; la pièce est payée avec la dernière), REPONDRE_RECLAMATION (montantAccepte : ce "
        "qui est accordé), PUBLIER_INDEX (après le décompte définitif : la MOA doit alors la révision des prix).",
    ),
}
