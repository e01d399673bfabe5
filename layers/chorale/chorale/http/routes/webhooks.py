"""api_directory, second part: webhooks of the structures."""

from chorale.http.api import Api, Call
from chorale.usecases.webhooks import register, registered, unregister
from chorale.wire.models import Answer, Ask
from chorale.wire.webhooks import CreerWebhookAnswer, CreerWebhookAsk, ListerWebhooksAnswer, created, shown

PATH = "/chorale/v1/webhooks"


def declare(api: Api) -> None:
    """Declare the routes of the webhooks on ``api``."""
    api.business("POST", PATH, "creerWebhook", CreerWebhookAsk, CreerWebhookAnswer)(creer_webhook)
    api.business("GET", PATH, "listerWebhooks", Ask, ListerWebhooksAnswer)(lister_webhooks)
    api.business("DELETE", PATH + "/{id}", "supprimerWebhook", Ask, Answer)(supprimer_webhook)


def creer_webhook(call: Call[CreerWebhookAsk]) -> CreerWebhookAnswer:
    """Register a webhook."""
    return created(register(call.actor, call.ask.url, call.ask.id_structure, call.ask.types, call.now))


def lister_webhooks(call: Call[Ask]) -> ListerWebhooksAnswer:
    """List the webhooks of the account."""
    return ListerWebhooksAnswer(liste_webhooks=[shown(webhook) for webhook in registered(call.actor)])


def supprimer_webhook(call: Call[Ask]) -> Answer:
    """Delete a webhook."""
    unregister(call.actor, call.parameters["id"])
    return Answer()
