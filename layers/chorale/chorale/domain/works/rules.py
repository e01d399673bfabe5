"""The rules of the works chain, each with its source and the function that holds it; printed in docs/works-rules.md.

Certainty: C for a text that was read, H for a known text that was not read again, I for a decision of this project
(infra/decisions.md).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``number`` is how code and tests cite it; ``holder`` is ``module:function`` under ``chorale``."""

    number: str
    text: str
    """In French, as who uses the platform reads it."""
    source: str
    certainty: str
    holder: str


_D = "domain.works"

RULES: tuple[Rule, ...] = (
    Rule("1", "Le titulaire accepte, accepte en partie ou refuse la demande de son sous-traitant ; ce à quoi il n'a "
         "pas répondu le quinzième jour est accepté.", "CCP R2193-10 à R2193-16", "C", f"{_D}.acts:agree"),
    Rule("2", "Le silence de la MOE ne valide rien : le délai de paiement court et la MOA peut agir.",
         "CCAG Travaux 12.2.2", "H", f"{_D}.admission:_moa_instead_of_moe"),
    Rule("3", "Nul ne refuse une pièce pour son montant : chacun écrit le sien, les sommes admises sont payées.",
         "CCP R2192-34", "C", f"{_D}.motives:paper_motive"),
    Rule("3", "Une pièce au-dessus de celle qu'elle suit en est avertie, et son payeur aussi ; un ordre de la MOA "
         "au-dessus de l'état ou du projet qu'il suit est confirmé par son déposant.",
         "CCP R2192-34 ; décision du projet", "I", f"{_D}.admission:excess_is_meant"),
    Rule("3", "L'état d'acompte validé du créancier (A6) suit un état d'acompte et ne le dépasse pas ; le payeur lit "
         "que la MOA ne l'a pas admis.", "CCP R2192-34 ; décision du projet", "I",
         f"{_D}.excess:demand_what_was_stated"),
    Rule("4", "Le délai de paiement s'interrompt une fois, par la MOA ou le service financier, avant "
         "l'ordonnancement.", "CCP R2192-27 à R2192-29", "C", f"{_D}.payment_acts:interrupt_payment"),
    Rule("5", "Le délai de paiement part de la mise à disposition de la demande, du décompte signé ou de l'accord sur "
         "la demande du sous-traitant.", "CCP R2192-12 à R2192-16, R2192-23", "C", f"{_D}.routing:with_clocks"),
    Rule("6", "La fin du marché part de la notification de la réception ; sans projet de décompte final, la MOE "
         "l'établit d'office.", "CCAG Travaux 12.3.2 à 12.3.4", "C", f"{_D}.owed:_before_any_paper"),
    Rule("7", "La procédure tacite suppose un projet de décompte final reçu par la MOE et la MOA et trente jours sans "
         "décompte général.", "CCAG Travaux 12.4.4", "C", f"{_D}.admission:_tacit_procedure_is_open"),
    Rule("8", "Des réserves ou un refus sans motif ni montant valent acceptation.", "CCAG Travaux 12.4.3", "H",
         f"{_D}.deposit:_claim"),
    Rule("9", "Dans un groupement, seul le mandataire présente les décomptes ; son silence n'est jamais un visa.",
         "CCAG Travaux 12.5", "H", f"{_D}.admission:_depositor_has_the_role"),
    Rule("10", "Un délai du CCAG qui finit un samedi, un dimanche ou un jour férié finit le premier jour ouvrable qui "
         "suit ; un délai du code ne bouge pas.", "CCAG Travaux 3.2", "H", "domain.works.deadlines:end_of_days"),
    Rule("11", "Le service financier travaille dans les factures reçues ; une MOA déléguée tient le rôle de la MOA.",
         "décision du projet", "I", f"{_D}.payment_acts:follow_payer"),
    Rule("12", "Les statuts sont ceux qui ont un code EDI.", "décision du projet", "I",
         f"{_D}.paper_acts:paper_act"),
    Rule("13", "Les montants sont ceux de la période, jamais du cumul.", "décision du projet", "I",
         f"{_D}.admission:_amounts"),
    Rule("W0 à W3", "Les pièces du mois : demande du sous-traitant, projet de décompte, état d'acompte, état d'acompte "
         "validé.", "CCAG Travaux 12.1, 12.2 ; CCP R2193-11", "C", f"{_D}.chain:step"),
    Rule("F1 à F4", "Les pièces du solde : projets de décompte final et général, décompte général, sa réponse.",
         "CCAG Travaux 12.3, 12.4", "C", f"{_D}.chain:step"),
    Rule("T1 à T3", "La procédure tacite : projet signé, réponse dans les dix jours, décompte tacite.",
         "CCAG Travaux 12.4.4", "C", f"{_D}.chain:step"),
    Rule("D1", "Une pièce mal adressée est renvoyée à qui le marché désigne désormais ; un autre destinataire a ses "
         "propres délais.", "décision du projet", "I", f"{_D}.acts:recycle"),
    Rule("D2", "Une pièce refusée est émise de nouveau par son déposant, dans le même cadre.", "décision du projet",
         "I", f"{_D}.admission:_replaced_paper"),
    Rule("D3", "Une demande de complément n'arrête aucun délai de paiement.", "CCP R2192-27", "C",
         f"{_D}.acts:ask_completion"),
    Rule("14", "Le marché dit qui est MOE, MOA, valideur et service financier ; le déposant ne les choisit pas.",
         "CCP R2193-11 à R2193-14 ; CCAG Travaux 12.5", "C", f"{_D}.admission:addressees_are_the_contracts"),
    Rule("14", "Nulle structure n'est à la fois entreprise et MOE, MOA ou service financier d'un marché.",
         "décision du projet", "I", f"{_D}.contract:check_sides"),
    Rule("15", "Seule une structure publique « avec MOA » inscrit un marché ; une délégation vaut une fois acceptée "
         "par la MOA.", "décision du projet", "I", f"{_D}.identity:check_registration"),
    Rule("15", "Un numéro de marché ne trouve que les marchés du déposant ; entre plusieurs, la MOA choisit.",
         "décision du projet", "I", "usecases.works.deposit_paper:named_contract"),
    Rule("16", "Chacun lit ce qui le concerne ; à qui ne peut pas lire, la réponse est celle de ce qui n'existe pas.",
         "CCP L2132-1", "C", f"{_D}.reading:may_read"),
    Rule("17", "Chaque paiement dit ses créanciers ; le sous-traitant est payé directement, le cotraitant aussi.",
         "CCP L2193-11 ; CCAG Travaux 12.5", "C", f"{_D}.creditors:proposed_parts"),
    Rule("17", "Le payeur paie la part de chaque créancier, à son jour ; la demande est payée quand toutes le sont.",
         "CCP L2193-11 ; CCAG Travaux 12.5", "C", f"{_D}.payment_acts:pay_part"),
    Rule("17", "Le compte d'un créancier est un IBAN SEPA que la MOA inscrit ; seul le payeur le voit en entier.",
         "règlement (UE) n° 260/2012 ; décision du projet", "I", f"{_D}.bank_accounts:right_account"),
    Rule("17", "Une part ordonnancée garde le compte du mandat ; un compte changé depuis est signalé à qui la paie.",
         "décret n° 2012-1246, art. 30 et 31 ; décision du projet", "I", f"{_D}.payment_acts:follow_payer"),
    Rule("17", "Une demande jointe à une pièce refusée, abandonnée ou remplacée redevient libre.",
         "décision du projet", "I", f"{_D}.deposit:free_request"),
    Rule("18", "Un marché a un décompte : une autre pièce est refusée tant que la première n'est ni refusée, ni "
         "remplacée, ni abandonnée.", "CCAG Travaux 12.3, 12.4", "C", f"{_D}.admission:one_account"),
    Rule("18", "Une fois le décompte définitif, aucune pièce du mois n'est plus demandée ni ordonnée ; restent la "
         "révision des prix, la demande de paiement direct faite à temps et ce que le payeur a rejeté.",
         "CCAG Travaux 12.4 ; CCP R2193-11 à R2193-16", "C", f"{_D}.admission:account_is_open"),
    Rule("19", "Un décompte signé ou tacite a le montant de celui qu'il reprend.", "CCAG Travaux 12.4.3, 12.4.4", "H",
         f"{_D}.admission:signed_account_is_the_account"),
    Rule("20", "Le délai de paiement est celui de la demande ; il s'éteint avec elle.", "CCP R2192-12, R2192-15", "C",
         f"{_D}.routing:with_ended_clocks"),
    Rule("20", "Les intérêts portent sur ce qui est admis ; rien sur zéro ni sur un montant négatif.",
         "CCP L2192-13, R2192-31, R2192-34", "C", f"{_D}.creditors:owed_on"),
    Rule("21", "Ce qui prend effet à la fin du jour N est du jour N ; le délai suivant compte N+1 comme premier jour.",
         "CCAG Travaux 3.2 ; CCP R2192-23", "C", "domain.works.deadlines:last_moment"),
    Rule("21", "Le marché peut raccourcir le délai de paiement ; avec réserves, il est de trente jours pour tous.",
         "CCP R2192-10, R2192-11 ; CCAG Travaux 12.4.3", "H", f"{_D}.routing:days_to_pay"),
    Rule("22", "La procédure tacite ne s'arrête que par un décompte général.",
         "TA Melun, 5 juin 2023, n° 2110042 ; CCAG Travaux 12.4.4", "C", f"{_D}.paper_acts:paper_act"),
    Rule("22", "Un projet de décompte final antérieur à la réception n'ouvre aucun délai.",
         "CE, 8 décembre 2020, n° 437983 ; CE, 1er juin 2023, n° 469268", "C",
         f"{_D}.admission:tacit_needs_reception"),
    Rule("23", "Aucune impasse : ce qui est admis d'un décompte refusé ou d'une réclamation est payé, ce que le payeur "
         "rejette est émis de nouveau.", "CCAG Travaux 12.4.3, 55.1", "H", f"{_D}.owed:admitted_left"),
    Rule("23", "Le décompte s'établit d'office une fois passé le délai de la mise en demeure.", "CCAG Travaux 12.3.4",
         "C", f"{_D}.admission:_ex_officio_after_notice"),
    Rule("24", "Une acceptation partielle est une seule réponse, motivée ; une réponse après quinze jours est nulle.",
         "CCP R2193-12", "C", f"{_D}.acts:agree"),
    Rule("25", "Un refus a un motif de la liste ; AUTRE a un texte ; le montant n'en est pas un.", "CCP R2192-34", "C",
         f"{_D}.motives:paper_motive"),
    Rule("26", "Le créancier fournit les pièces qui manquent au paiement ; le délai reprend à leur réception.",
         "CCP R2192-28, R2192-29", "C", f"{_D}.payment_acts:give_pieces"),
    Rule("27", "Un avenant est daté et gardé avec son auteur ; ce qui est en cours passe au nouveau titulaire du rôle.",
         "CCP R2193-1 à R2193-8 ; CCAG Travaux 12.5", "H", f"{_D}.amendments:amended"),
    Rule("27", "Le montant du marché change par avenant, motivé ; une demande qui le dépasse en est avertie.",
         "CCP L2194-1, R2194-1 à R2194-10", "H", f"{_D}.deposit:warn_over_contract"),
    Rule("28", "La date de mise à disposition de la MOE n'est jamais déclarée par le débiteur seul ; elle va du début "
         "du marché à aujourd'hui.", "CCP R2192-12", "C", f"{_D}.admission:declared_day"),
    Rule("28", "Un montant est en euros et centimes, sous mille milliards ; la pièce principale est un PDF qui "
         "s'ouvre.", "décision du projet", "I", f"{_D}.amounts:check_amount"),
    Rule("28", "Les pièces d'une entreprise et ses factures ont une seule suite de numéros ; deux demandes d'une même "
         "situation sont averties, comme une facture ordinaire qui nomme un marché de travaux.",
         "CGI annexe II, art. 242 nonies A", "H", "stores.works.dossiers:number_kinds"),
    Rule("29", "Les chiffres donnés à côté du PDF s'accordent entre eux et avec le montant de la période.",
         "CCAG Travaux 12.2.1", "H", f"{_D}.admission:figures_agree"),
    Rule("29", "Le compte d'un marché dit mois par mois, puis pour le solde, ce que chacun demande, ce qui est admis "
         "et payé.", "décision du projet", "I", f"{_D}.figures:account_of"),
    Rule("29", "Les chiffres de la chaîne vont jusqu'au payeur : parts, situation et compte du marché font son total.",
         "décision du projet", "I", f"{_D}.statement:statement_of"),
    Rule("29", "Le compte d'un marché s'imprime, pour qui peut le lire.", "décision du projet", "I",
         "usecases.works.print_account:account_pages"),
    Rule("30", "Le dossier dit ce que chacun peut faire et déposer maintenant, et pourquoi pas le reste.",
         "décision du projet", "I", f"{_D}.possibilities:papers_after"),
    Rule("30", "Un déposant retire son A15, son A17 ou son A19 tant que l'acteur suivant n'a pas agi.",
         "décision du projet", "I", f"{_D}.acts:abandon"),
    Rule("30", "Les listes de pièces et de tâches se restreignent à un marché, à une nature, à une échéance.",
         "décision du projet", "I", f"{_D}.lists:task_meets"),
    Rule("31", "Chaque cadre a sa requête d'exemple ; le marché a sa fiche d'identité, à imprimer.",
         "décision du projet", "I", "wire.travaux.acts:paper_input"),
)  # fmt: skip
"""In the order of their numbers; a rule of two functions has two rows."""
