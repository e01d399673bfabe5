"""api_works, third part: contracts, what their MOA writes of them, and their account."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chorale.domain.access.rights import Actor
from chorale.domain.errors import InvalidRequest
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.reading import contract_shown
from chorale.http.edge.api import Api, Call
from chorale.http.edge.path_id import path_id
from chorale.usecases.works.amend_contract import amend_contract
from chorale.usecases.works.find_papers import consult_account
from chorale.usecases.works.print_account import account_pages
from chorale.usecases.works.reach import unknown_contract
from chorale.usecases.works.register_contract import (
    accept_delegation,
    answer_objections,
    consult_contract,
    give_formal_notice,
    list_contracts,
    object_to_contract,
    record_reception,
    register_contract,
)
from chorale.wire.base.models import Ask
from chorale.wire.chorale.contracts import (
    ActeMarcheAsk,
    AvenantAsk,
    CompteAnswer,
    ComptePdfAnswer,
    InscrireMarcheAsk,
    MarcheAnswer,
    MarchesAnswer,
    MiseEnDemeureAsk,
    ReceptionAsk,
    account_answer,
    account_pdf_answer,
    amendment_input,
    contract_part,
    new_contract,
)

MARCHES = "/chorale/v1/marches"


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
    api.business("POST", MARCHES + "/{id}/actes", "agirSurMarche", ActeMarcheAsk, MarcheAnswer)(agir_sur_marche)
    api.business("GET", MARCHES + "/{id}/compte", "consulterCompte", Ask, CompteAnswer)(consulter_compte)
    api.business("GET", MARCHES + "/{id}/compte/pdf", "imprimerCompte", Ask, ComptePdfAnswer)(imprimer_compte)
    api.business("POST", MARCHES + "/{id}/avenants", "inscrireAvenant", AvenantAsk, MarcheAnswer)(inscrire_avenant)


def inscrire_marche(call: Call[InscrireMarcheAsk]) -> MarcheAnswer:
    """Register a works contract."""
    return _answered(call, register_contract(call.actor, new_contract(call.ask), call.now, call.once))


def lister_marches(call: Call[Ask]) -> MarchesAnswer:
    """List the works contracts of the account."""
    return MarchesAnswer(liste_marches=[contract_part(one) for one in list_contracts(call.actor)])


def consulter_marche(call: Call[Ask]) -> MarcheAnswer:
    """Read a works contract."""
    return _answered(call, consult_contract(call.actor, path_id(call, unknown_contract)))


def notifier_reception(call: Call[ReceptionAsk]) -> MarcheAnswer:
    """Write when the reception of the works was notified."""
    contract_id = path_id(call, unknown_contract)
    day = call.ask.date_notification_reception
    return _answered(call, record_reception(call.actor, contract_id, day, call.now))


def mettre_en_demeure(call: Call[MiseEnDemeureAsk]) -> MarcheAnswer:
    """Give formal notice to present the final draft."""
    contract_id = path_id(call, unknown_contract)
    ask = call.ask
    noticed = give_formal_notice(call.actor, contract_id, ask.texte, ask.delai_jours, call.now)
    return _answered(call, noticed)


def consulter_compte(call: Call[Ask]) -> CompteAnswer:
    """Read the account of a contract over all its months."""
    return account_answer(consult_account(call.actor, path_id(call, unknown_contract))[1])


def imprimer_compte(call: Call[Ask]) -> ComptePdfAnswer:
    """Print the account of a contract over all its months."""
    return account_pdf_answer(account_pages(call.actor, path_id(call, unknown_contract), call.now))


def inscrire_avenant(call: Call[AvenantAsk]) -> MarcheAnswer:
    """Amend a contract."""
    contract_id = path_id(call, unknown_contract)
    done = amend_contract(call.actor, contract_id, amendment_input(call.ask), call.now)
    return _answered(call, done)


def agir_sur_marche(call: Call[ActeMarcheAsk]) -> MarcheAnswer:
    """Accept a delegation, object to a contract, or answer an objection."""
    contract_id, act = path_id(call, unknown_contract), call.ask.acte.upper()
    if act == "ACCEPTER_DELEGATION":
        return _answered(call, accept_delegation(call.actor, contract_id, call.now))
    if act not in CONTRACT_ACTS:
        known = ", ".join(("ACCEPTER_DELEGATION", *CONTRACT_ACTS))
        raise InvalidRequest(f"acte {call.ask.acte} est inconnu : {known}.", "acte")
    done = CONTRACT_ACTS[act](call.actor, contract_id, call.ask.texte, call.now)
    return _answered(call, done)


CONTRACT_ACTS: Mapping[str, Callable[[Actor, int, str, datetime], WorksContract]] = {
    "CONTESTER": object_to_contract,
    "REPONDRE_CONTESTATION": answer_objections,
}


def _answered(call: Call[Any], contract: WorksContract) -> MarcheAnswer:
    """A contract as the account may see it."""
    return MarcheAnswer(marche=contract_part(contract_shown(contract, call.actor.structures)))
