"""api_process: what the parties do with an invoice."""

from chorale.domain.errors import InvoiceNotFound
from chorale.http.edge.api import Api, Call
from chorale.http.factures import choices, downloads
from chorale.usecases.invoices.amend_issued import handle_rejections, name_validator, reroute
from chorale.usecases.invoices.change_status import process_received
from chorale.usecases.invoices.complete_invoice import complete
from chorale.usecases.invoices.decide_agreement import decide
from chorale.usecases.works.treat_paper import decide_paper
from chorale.wire.base.models import Answer
from chorale.wire.factures.amend import (
    CompleterAnswer,
    CompleterAsk,
    CorrigerValideurAnswer,
    CorrigerValideurAsk,
    RecyclerAnswer,
    RecyclerAsk,
    TraiterRejetAsk,
    completed,
    rejected_of,
    route_of,
    sent_on,
    wanted_of,
)
from chorale.wire.factures.process import TraiterRecueAnswer, TraiterRecueAsk, processed, target_of
from chorale.wire.factures.validate import (
    TraiterAValiderAnswer,
    TraiterAValiderAsk,
    decided,
    decided_paper,
    decision_of,
)

api = Api("api_process", replayed=True)
choices.declare(api)
downloads.declare(api)


@api.business("POST", "/cpro/factures/v1/traiter/recue", "traiterUneFactureRecue", TraiterRecueAsk, TraiterRecueAnswer)
def traiter_facture_recue(call: Call[TraiterRecueAsk]) -> TraiterRecueAnswer:
    """Give a received invoice its next status."""
    ask = call.ask
    summary = process_received(call.actor, ask.id_facture, target_of(ask), ask.motif, ask.numero_dp_mandat, call.now)
    return processed(summary)


@api.business("POST", "/cpro/factures/v1/completer", "completerFacture", CompleterAsk, CompleterAnswer)
def completer_facture(call: Call[CompleterAsk]) -> CompleterAnswer:
    """Give a suspended invoice what it lacked."""
    ask = call.ask
    return completed(complete(call.actor, ask.identifiant_facture_cpp, ask.commentaire, call.now, wanted_of(ask)))


@api.business("POST", "/cpro/factures/v1/recycler", "recyclerFacture", RecyclerAsk, RecyclerAnswer)
def recycler_facture(call: Call[RecyclerAsk]) -> RecyclerAnswer:
    """Send an invoice on that came back for its routing."""
    ask = call.ask
    return sent_on(reroute(call.actor, ask.identifiant_facture_cpp, route_of(ask), ask.commentaire, call.now))


@api.business("POST", "/cpro/factures/v1/traiterRejet", "traiterFacturesRejetees", TraiterRejetAsk, Answer)
def traiter_factures_rejetees(call: Call[TraiterRejetAsk]) -> Answer:
    """Take note of rejections."""
    handle_rejections(call.actor, rejected_of(call.ask), call.now)
    return Answer()


@api.business(
    "POST",
    "/cpro/factures/v1/corriger/valideur/facture",
    "corrigerValideurFacture",
    CorrigerValideurAsk,
    CorrigerValideurAnswer,
)
def corriger_valideur_facture(call: Call[CorrigerValideurAsk]) -> CorrigerValideurAnswer:
    """Put an invoice to another validator."""
    ask = call.ask
    kind = ask.type_identifiant_structure.upper()
    name_validator(call.actor, ask.id_facture, kind, ask.identifiant_structure, ask.id_structure, call.now)
    return CorrigerValideurAnswer(id_facture=ask.id_facture)


@api.business(
    "POST",
    "/cpro/factures/v1/traiter/factureAValider",
    "traiterFactureAValider",
    TraiterAValiderAsk,
    TraiterAValiderAnswer,
)
def traiter_facture_a_valider(call: Call[TraiterAValiderAsk]) -> TraiterAValiderAnswer:
    """Agree to an invoice, or refuse it."""
    ask = call.ask
    decision = decision_of(ask)
    try:
        return decided(*decide(call.actor, ask.id_facture, decision, ask.motif_refus, ask.complement_info, call.now))
    except InvoiceNotFound as unknown:
        paper = decide_paper(call.actor, ask.id_facture, decision, ask.motif_refus, ask.complement_info, call.now)
        if paper is None:
            raise unknown from None
        return decided_paper(paper)
