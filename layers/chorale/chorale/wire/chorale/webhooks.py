"""Webhooks on the wire: our own resource."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from chorale.domain.exchange.webhook_calls import CallState, WebhookCall
from chorale.domain.exchange.webhooks import RESTS_AFTER, SIGNATURE_HEADER, TYPES, Webhook
from chorale.wire.base.models import Answer, Ask, Part
from chorale.wire.base.values import Instant, Integer, Text

KINDS = ", ".join(TYPES.values())


class CreerWebhookAsk(Ask):
    """Whom to tell of what."""

    url: Text = Field(description="Adresse https publique qui recevra les POST.")
    id_structure: Integer | None = Field(default=None, description="Facultatif si le compte n'a qu'une structure.")
    types: list[Text] = Field(default=[], description=f"Parmi : {KINDS}. Tous par défaut.")


class WebhookPart(Part):
    """One webhook; its secret is not shown."""

    id: str
    id_structure: int
    url: str
    types: list[str]
    date_creation: Instant
    echecs: int = Field(description="Appels manqués à la suite.")
    suspendu: bool = Field(description=f"Vrai pour un temps, qui croît, après {RESTS_AFTER} échecs à la suite.")
    suspendu_jusqua: Instant | None = Field(description="Quand il sera de nouveau appelé.")


class CreerWebhookAnswer(Answer):
    """The new webhook with its secret."""

    webhook: WebhookPart
    secret: str = Field(description=f"Montré cette seule fois ; clé HMAC-SHA256 de l'en-tête {SIGNATURE_HEADER}.")


class ListerWebhooksAnswer(Answer):
    """The webhooks of the account."""

    liste_webhooks: list[WebhookPart]


class AppelPart(Part):
    """One call that did not succeed at once."""

    id_evenement: str = Field(description="Chorale-Event-Id de l'appel.")
    type: str
    date: Instant = Field(description="De l'événement.")
    etat: CallState = Field(description="EN_ATTENTE : un nouvel essai viendra. ECHEC : à vous de le redemander.")
    essais: int
    motif: str | None = Field(description="Du dernier échec.")
    prochain_essai: Instant | None


class ListerAppelsWebhookAnswer(Answer):
    """The calls that did not succeed at once."""

    liste_appels: list[AppelPart]


class RenvoyerAppelsWebhookAsk(Ask):
    """Which calls to make again."""

    evenements: list[Text] = Field(
        default=[], description="idEvenement des appels ; sans eux, tous, en attente ou en échec."
    )


class RenvoyerAppelsWebhookAnswer(Answer):
    """How many calls are made again."""

    nombre_appels: int


def created(webhook: Webhook, now: datetime) -> CreerWebhookAnswer:
    """The answer to a registration."""
    return CreerWebhookAnswer(webhook=shown(webhook, now), secret=webhook.secret)


def shown(webhook: Webhook, now: datetime) -> WebhookPart:
    """A webhook as it is listed."""
    rests = webhook.rests(now)
    return WebhookPart(
        id=webhook.id,
        id_structure=webhook.structure_id,
        url=webhook.url,
        types=sorted(webhook.types),
        date_creation=webhook.created_at,
        echecs=webhook.failures,
        suspendu=rests,
        suspendu_jusqua=webhook.rests_until if rests else None,
    )


def calls_answer(calls: Sequence[WebhookCall]) -> ListerAppelsWebhookAnswer:
    """The calls as they are listed."""
    return ListerAppelsWebhookAnswer(liste_appels=[_call(call) for call in calls])


def _call(call: WebhookCall) -> AppelPart:
    return AppelPart(
        id_evenement=call.event.id,
        type=TYPES[call.event.type],
        date=call.event.at,
        etat=call.state,
        essais=call.attempts,
        motif=call.reason or None,
        prochain_essai=call.next_at if call.state is CallState.WAITING else None,
    )
