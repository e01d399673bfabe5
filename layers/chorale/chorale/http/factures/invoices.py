"""api_invoices: search, consult, history, reports."""

from chorale.http.edge.api import Api, Call
from chorale.http.factures import worklists
from chorale.http.transverses import files, reports
from chorale.usecases.invoices.bulk_status import read_statuses
from chorale.usecases.invoices.consult_invoice import (
    consult_issued,
    consult_received,
    consult_to_validate,
    show_history,
)
from chorale.usecases.invoices.search_invoices import of_companies, search_issued, search_received
from chorale.wire.base.paging import page_request
from chorale.wire.chorale.batches import StatutsAnswer, StatutsAsk, statuses_answer
from chorale.wire.factures.consult import (
    ConsulterFournisseurAnswer,
    ConsulterFournisseurAsk,
    ConsulterRecipiendaireAnswer,
    ConsulterRecipiendaireAsk,
    ConsulterValideurAsk,
    issued_detail,
    received_detail,
)
from chorale.wire.factures.found import (
    RechercherFournisseurAnswer,
    RechercherRecipiendaireAnswer,
    issued_answer,
    received_answer,
)
from chorale.wire.factures.history import ConsulterHistoriqueAnswer, ConsulterHistoriqueAsk, history_answer
from chorale.wire.factures.search import (
    RECIPIENT_COLUMNS,
    SUPPLIER_COLUMNS,
    RechercherFournisseurAsk,
    RechercherRecipiendaireAsk,
    issued_criteria,
    received_criteria,
)

api = Api("api_invoices")
reports.declare(api)
files.declare(api)
worklists.declare(api)


@api.business(
    "POST",
    "/cpro/factures/v1/rechercher/fournisseur",
    "rechercherFactureParFournisseur",
    RechercherFournisseurAsk,
    RechercherFournisseurAnswer,
)
def rechercher_facture_par_fournisseur(call: Call[RechercherFournisseurAsk]) -> RechercherFournisseurAnswer:
    """Search issued invoices."""
    page = page_request(call.ask.recherche_facture_par_fournisseur, SUPPLIER_COLUMNS)
    criteria = of_companies(issued_criteria(call.ask), recipients=call.ask.recherche_siren_destinataire)
    return issued_answer(search_issued(call.actor, criteria, page))


@api.business(
    "POST",
    "/cpro/factures/v1/rechercher/recipiendaire",
    "rechercherFactureRecipiendaire",
    RechercherRecipiendaireAsk,
    RechercherRecipiendaireAnswer,
)
def rechercher_facture_recipiendaire(call: Call[RechercherRecipiendaireAsk]) -> RechercherRecipiendaireAnswer:
    """Search received invoices."""
    page = page_request(call.ask.param_recherche, RECIPIENT_COLUMNS)
    criteria = of_companies(received_criteria(call.ask), suppliers=call.ask.recherche_siren_fournisseur)
    return received_answer(search_received(call.actor, criteria, page))


@api.business(
    "POST",
    "/cpro/factures/v1/consulter/fournisseur",
    "consulterFactureParFournisseur",
    ConsulterFournisseurAsk,
    ConsulterFournisseurAnswer,
)
def consulter_facture_par_fournisseur(call: Call[ConsulterFournisseurAsk]) -> ConsulterFournisseurAnswer:
    """Read an issued invoice."""
    return issued_detail(consult_issued(call.actor, call.ask.identifiant_facture_cpp), call.ask)


@api.business(
    "POST",
    "/cpro/factures/v1/consulter/recipiendaire",
    "consulterFactureParRecipiendaire",
    ConsulterRecipiendaireAsk,
    ConsulterRecipiendaireAnswer,
)
def consulter_facture_par_recipiendaire(call: Call[ConsulterRecipiendaireAsk]) -> ConsulterRecipiendaireAnswer:
    """Read a received invoice."""
    return received_detail(consult_received(call.actor, call.ask.identifiant_facture_cpp), call.ask)


@api.business(
    "POST",
    "/cpro/factures/v1/consulter/valideur",
    "consulterFactureParValideur",
    ConsulterValideurAsk,
    ConsulterFournisseurAnswer,
)
def consulter_facture_par_valideur(call: Call[ConsulterValideurAsk]) -> ConsulterFournisseurAnswer:
    """Read an invoice that was put to a validator."""
    return issued_detail(consult_to_validate(call.actor, call.ask.identifiant_facture_cpp), call.ask)


@api.business(
    "POST",
    "/cpro/factures/v1/consulter/historique",
    "consulterHistoriqueFacture",
    ConsulterHistoriqueAsk,
    ConsulterHistoriqueAnswer,
)
def consulter_historique_facture(call: Call[ConsulterHistoriqueAsk]) -> ConsulterHistoriqueAnswer:
    """Read how an invoice came to its status."""
    return history_answer(show_history(call.actor, call.ask.id_facture), call.ask)


@api.business("POST", "/chorale/v1/statuts", "consulterStatuts", StatutsAsk, StatutsAnswer)
def consulter_statuts(call: Call[StatutsAsk]) -> StatutsAnswer:
    """Read the statuses of many invoices."""
    return statuses_answer(read_statuses(call.actor, call.ask.identifiants_facture_cpp, call.ask.numeros_facture))
