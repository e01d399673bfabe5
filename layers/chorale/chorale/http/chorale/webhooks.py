"""The routes of the webhooks of the structures."""

from chorale.http.edge.api import Api, Call
from chorale.usecases.exchange.webhooks import register, registered, send_again, unanswered, unregister
from chorale.wire.base.models import Answer, Ask
from chorale.wire.chorale.webhooks import (
    CreerWebhookAnswer,
    CreerWebhookAsk,
    ListerAppelsWebhookAnswer,
    ListerWebhooksAnswer,
    RenvoyerAppelsWebhookAnswer,
    RenvoyerAppelsWebhookAsk,
    calls_answer,
    created,
    shown,
)

PATH = "/chorale/v1/webhooks"
CALLS = PATH + "/{id}/appels"


def declare(api: Api) -> None:
    """Declare the routes of the webhooks on ``api``."""
    api.business("POST", PATH, "creerWebhook", CreerWebhookAsk, CreerWebhookAnswer, keyed=True)(creer_webhook)
    api.business("GET", PATH, "listerWebhooks", Ask, ListerWebhooksAnswer)(lister_webhooks)
    api.business("GET", CALLS, "listerAppelsWebhook", Ask, ListerAppelsWebhookAnswer)(lister_appels)
    api.business("POST", CALLS, "renvoyerAppelsWebhook", RenvoyerAppelsWebhookAsk, RenvoyerAppelsWebhookAnswer)(
        renvoyer_appels
    )
    api.business("DELETE", PATH + "/{id}", "supprimerWebhook", Ask, Answer)(supprimer_webhook)


def creer_webhook(call: Call[CreerWebhookAsk]) -> CreerWebhookAnswer:
    """Register a webhook."""
    made = register(call.actor, call.ask.url, call.ask.id_structure, call.ask.types, call.now, call.once)
    return created(made, call.now)


def lister_webhooks(call: Call[Ask]) -> ListerWebhooksAnswer:
    """List the webhooks of the account."""
    return ListerWebhooksAnswer(liste_webhooks=[shown(webhook, call.now) for webhook in registered(call.actor)])


def supprimer_webhook(call: Call[Ask]) -> Answer:
    """Delete a webhook."""
    unregister(call.actor, call.parameters["id"])
    return Answer()


def lister_appels(call: Call[Ask]) -> ListerAppelsWebhookAnswer:
    """List the calls of a webhook that did not succeed at once."""
    return calls_answer(unanswered(call.actor, call.parameters["id"]))


def renvoyer_appels(call: Call[RenvoyerAppelsWebhookAsk]) -> RenvoyerAppelsWebhookAnswer:
    """Have calls of a webhook made again."""
    asked = send_again(call.actor, call.parameters["id"], call.ask.evenements, call.now)
    return RenvoyerAppelsWebhookAnswer(nombre_appels=asked)
