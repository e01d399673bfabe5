"""api_works, second part: open tasks, whole files, and the acts that the public platform has no path for."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.errors import InvalidRequest
from chorale.domain.works.paper_acts import PaperAct
from chorale.domain.works.papers import Paper
from chorale.http.edge.api import Api, Call
from chorale.http.edge.path_id import path_id
from chorale.usecases.works import treat_paper
from chorale.usecases.works.find_papers import consult_file, open_tasks
from chorale.usecases.works.pay_part import pay_creditor
from chorale.usecases.works.reach import RULES, unknown_file, unknown_paper
from chorale.wire.base.models import Ask
from chorale.wire.base.paging import page_request
from chorale.wire.chorale.dossiers import (
    DossierCompletAnswer,
    TachesAnswer,
    TachesAsk,
    open_tasks_answer,
    tasks_wanted,
    whole_file_answer,
)
from chorale.wire.travaux.acts import ActeAsk, PieceAnswer, acted

Act = Callable[[Actor, int, ActeAsk, datetime], Paper]
ACTS: Mapping[str, Act] = {
    "VALIDER": lambda who, one, ask, now: treat_paper.agree(who, one, ask.montant_accepte, ask.commentaire, now),
    "TRANSMETTRE": lambda who, one, ask, now: treat_paper.pass_on(who, one, now),
    "ABANDONNER": lambda who, one, ask, now: treat_paper.abandon(who, one, ask.commentaire, now),
    "OBSERVER": lambda who, one, ask, now: treat_paper.object_to(who, one, ask.commentaire, now),
    "PUBLIER_INDEX": lambda who, one, ask, now: treat_paper.announce_index(who, one, ask.date_publication_index, now),
    "INTERROMPRE_PAIEMENT": lambda who, one, ask, now: treat_paper.interrupt_payment(
        who, one, ask.commentaire, tuple(ask.pieces_manquantes), now
    ),
    "REPRENDRE_PAIEMENT": lambda who, one, ask, now: treat_paper.resume_payment(who, one, now),
    "FOURNIR_PIECES": lambda who, one, ask, now: treat_paper.give_pieces(
        who, one, ask.commentaire, tuple(ask.liste_pieces_jointes), now
    ),
    "PAYER_PART": lambda who, one, ask, now: pay_creditor(
        who, one, ask.type_identifiant.upper(), ask.identifiant_creancier, ask.id_piece or None, ask.date_paiement, now
    ),
    "REPONDRE_RECLAMATION": lambda who, one, ask, now: treat_paper.answer_claim(
        who, one, ask.commentaire, ask.montant_accepte, now
    ),
}
"""Acts of the chain for which no operation of the public platform is known."""


WORKS = "/cpro/facturesTravaux/v1"
"""Where the operations of the public platform on works papers are."""
OPERATIONS: Mapping[str, str] = {
    PaperAct.TAKE: "prendre/en/compte",
    PaperAct.ASK_COMPLETION: "suspendre/demander/completer/factureTravaux",
    PaperAct.COMPLETE: "completer",
    PaperAct.REFUSE: "refuser",
    PaperAct.REFUSE_AGREEMENT: "refuser",
    PaperAct.DISOWN: "refuser",
    PaperAct.WRONG_ADDRESSEE: "refuser",
    PaperAct.ASK_RECYCLING: "demander/recyclage",
    PaperAct.RECYCLE: "recycler",
    PaperAct.NAME_VALIDATOR: "corriger/valideur",
    PaperAct.ASSOCIATE: "soumettre",
    PaperAct.REPLACE: "soumettre",
    PaperAct.DUPLICATE: "soumettre",
}
"""Acts that have an operation of the public platform -> its path, after that of the works papers."""


def declare(api: Api) -> None:
    """Declare these routes on ``api``."""
    api.business("POST", "/chorale/v1/taches", "listerTaches", TachesAsk, TachesAnswer)(lister_taches)
    api.business("GET", "/chorale/v1/dossiers/{id}", "consulterDossier", Ask, DossierCompletAnswer)(consulter_dossier)
    api.business("POST", "/chorale/v1/pieces/{id}/actes", "agirSurPiece", ActeAsk, PieceAnswer)(agir_sur_piece)


def lister_taches(call: Call[TachesAsk]) -> TachesAnswer:
    """What the account owes, soonest first."""
    page, wanted = page_request(call.ask.pagination, {}), tasks_wanted(call.ask)
    return open_tasks_answer(open_tasks(call.actor, call.ask.id_structure or None, page, criteria=wanted))


def consulter_dossier(call: Call[Ask]) -> DossierCompletAnswer:
    """Read a billing file as one timeline."""
    file, contract, account = consult_file(call.actor, path_id(call, unknown_file), call.now)
    return whole_file_answer(file, contract, account, call.actor.structures, call.now, RULES)


def agir_sur_piece(call: Call[ActeAsk]) -> PieceAnswer:
    """Do an act to a paper."""
    name = call.ask.acte.upper()
    act = ACTS.get(name)
    if act is None and name in OPERATIONS:
        raise InvalidRequest(f"L'acte {name} a sa propre opération : POST {WORKS}/{OPERATIONS[name]}.", "acte")
    if act is None:
        raise InvalidRequest(f"acte {call.ask.acte} est inconnu : {', '.join(ACTS)}.", "acte")
    return acted(act(call.actor, path_id(call, unknown_paper), call.ask, call.now))
