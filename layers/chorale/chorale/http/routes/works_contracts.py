"""api_works, second part: contracts, open tasks, whole files, and the acts that the public platform has no path for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chorale.domain.errors import InvalidRequest
from chorale.domain.rights import Actor
from chorale.domain.works.papers import Paper
from chorale.http.api import Api, Call
from chorale.usecases.works import treat_paper
from chorale.usecases.works.find_papers import consult_file, open_tasks
from chorale.usecases.works.reach import unknown_contract, unknown_file, unknown_paper
from chorale.usecases.works.register_contract import (
    consult_contract,
    give_formal_notice,
    list_contracts,
    record_reception,
    register_contract,
)
from chorale.wire.models import Ask
from chorale.wire.paging import page_request
from chorale.wire.travaux_acts import ActeAsk, PieceAnswer, acted
from chorale.wire.travaux_files import (
    DossierCompletAnswer,
    InscrireMarcheAsk,
    MarcheAnswer,
    MarchesAnswer,
    MiseEnDemeureAsk,
    ReceptionAsk,
    TachesAnswer,
    TachesAsk,
    contract_part,
    new_contract,
    open_tasks_answer,
    whole_file_answer,
)

MARCHES = "/chorale/v1/marches"
LARGEST_ID = 2**31 - 1

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
    "REPONDRE_RECLAMATION": lambda who, one, ask, now: treat_paper.answer_claim(who, one, ask.commentaire, now),
}
"""Acts of the chain for which no operation of the public platform is known."""


def declare(api: Api) -> None:
    """Declare these routes on ``api``."""
    api.business("POST", MARCHES, "inscrireMarche", InscrireMarcheAsk, MarcheAnswer)(inscrire_marche)
    api.business("GET", MARCHES, "listerMarches", Ask, MarchesAnswer)(lister_marches)
    api.business("GET", MARCHES + "/{id}", "consulterMarche", Ask, MarcheAnswer)(consulter_marche)
    api.business("POST", MARCHES + "/{id}/reception", "notifierReception", ReceptionAsk, MarcheAnswer)(
        notifier_reception
    )
    api.business("POST", MARCHES + "/{id}/mise-en-demeure", "mettreEnDemeure", MiseEnDemeureAsk, MarcheAnswer)(
        mettre_en_demeure
    )
    api.business("POST", "/chorale/v1/taches", "listerTaches", TachesAsk, TachesAnswer)(lister_taches)
    api.business("GET", "/chorale/v1/dossiers/{id}", "consulterDossier", Ask, DossierCompletAnswer)(consulter_dossier)
    api.business("POST", "/chorale/v1/pieces/{id}/actes", "agirSurPiece", ActeAsk, PieceAnswer)(agir_sur_piece)


def inscrire_marche(call: Call[InscrireMarcheAsk]) -> MarcheAnswer:
    """Register a works contract."""
    return MarcheAnswer(marche=contract_part(register_contract(call.actor, new_contract(call.ask))))


def lister_marches(call: Call[Ask]) -> MarchesAnswer:
    """List the works contracts of the account."""
    return MarchesAnswer(liste_marches=[contract_part(one) for one in list_contracts(call.actor)])


def consulter_marche(call: Call[Ask]) -> MarcheAnswer:
    """Read a works contract."""
    return MarcheAnswer(marche=contract_part(consult_contract(call.actor, _number(call, unknown_contract))))


def notifier_reception(call: Call[ReceptionAsk]) -> MarcheAnswer:
    """Write when the reception of the works was notified."""
    contract_id = _number(call, unknown_contract)
    day = call.ask.date_notification_reception
    return MarcheAnswer(marche=contract_part(record_reception(call.actor, contract_id, day, call.now)))


def mettre_en_demeure(call: Call[MiseEnDemeureAsk]) -> MarcheAnswer:
    """Give formal notice to present the final draft."""
    contract_id = _number(call, unknown_contract)
    return MarcheAnswer(marche=contract_part(give_formal_notice(call.actor, contract_id, call.ask.texte, call.now)))


def lister_taches(call: Call[TachesAsk]) -> TachesAnswer:
    """What the account owes, soonest first."""
    page = page_request(call.ask.pagination, {})
    return open_tasks_answer(open_tasks(call.actor, call.ask.id_structure or None, page))


def consulter_dossier(call: Call[Ask]) -> DossierCompletAnswer:
    """Read a billing file as one timeline."""
    file, _ = consult_file(call.actor, _number(call, unknown_file), call.now)
    return whole_file_answer(file, call.actor.structures, call.now)


def agir_sur_piece(call: Call[ActeAsk]) -> PieceAnswer:
    """Do an act to a paper."""
    act = ACTS.get(call.ask.acte.upper())
    if act is None:
        raise InvalidRequest(f"acte {call.ask.acte} est inconnu : {', '.join(ACTS)}.", "acte")
    return acted(act(call.actor, _number(call, unknown_paper), call.ask, call.now))


def _number(call: Call[Any], unknown: Callable[[int], Exception]) -> int:
    """The id of the path; what is no id of ours is an object that does not exist."""
    written = call.parameters["id"]
    if not (written.isascii() and written.isdigit()) or int(written) > LARGEST_ID:
        raise unknown(0)
    return int(written)
