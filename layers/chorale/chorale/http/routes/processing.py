"""api_process: what the parties do with an invoice."""

from chorale.http.api import Api, Call
from chorale.usecases.change_status import process_received
from chorale.wire.factures_process import TraiterRecueAnswer, TraiterRecueAsk, processed, target_of

api = Api("api_process")


@api.business("POST", "/cpro/factures/v1/traiter/recue", "traiterUneFactureRecue", TraiterRecueAsk, TraiterRecueAnswer)
def traiter_facture_recue(call: Call[TraiterRecueAsk]) -> TraiterRecueAnswer:
    """Give a received invoice its next status."""
    ask = call.ask
    summary = process_received(call.actor, ask.id_facture, target_of(ask), ask.motif, ask.numero_dp_mandat, call.now)
    return processed(summary)
