"""Webhooks on the wire: our own resource."""

from pydantic import Field

from chorale.domain.webhooks import FAILURES_AT_MOST, SIGNATURE_HEADER, TYPES, Webhook
from chorale.wire.models import Answer, Ask, Part
from chorale.wire.values import Instant, Integer, Text

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
    suspendu: bool = Field(description=f"Vrai après {FAILURES_AT_MOST} échecs à la suite : supprimez-le et recréez-le.")


class CreerWebhookAnswer(Answer):
    """The new webhook with its secret."""

    webhook: WebhookPart
    secret: str = Field(description=f"Montré cette seule fois ; clé HMAC-SHA256 de l'en-tête {SIGNATURE_HEADER}.")


class ListerWebhooksAnswer(Answer):
    """The webhooks of the account."""

    liste_webhooks: list[WebhookPart]


def created(webhook: Webhook) -> CreerWebhookAnswer:
    """The answer to a registration."""
    return CreerWebhookAnswer(webhook=shown(webhook), secret=webhook.secret)


def shown(webhook: Webhook) -> WebhookPart:
    """A webhook as it is listed."""
    return WebhookPart(
        id=webhook.id,
        id_structure=webhook.structure_id,
        url=webhook.url,
        types=sorted(webhook.types),
        date_creation=webhook.created_at,
        echecs=webhook.failures,
        suspendu=webhook.suspended,
    )
