"""Register, list and delete webhooks; see the calls that failed and have them made again."""

import secrets
from collections.abc import Collection
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.exchange.webhook_calls import WebhookCall
from chorale.domain.exchange.webhooks import PER_STRUCTURE, TYPES, Webhook, check_url
from chorale.domain.fields import Field
from chorale.domain.once import Once
from chorale.runtime.settings import settings
from chorale.stores import once
from chorale.stores.exchange import webhook_calls, webhooks

SECRET_BYTES = 32
ID_BYTES = 8
TRIES = 20
"""More than registrations of one structure that can meet."""
CALLS_SHOWN = 500


def register(
    actor: Actor,
    url: str,
    structure_id: int | None,
    types: Collection[str],
    now: datetime,
    request: Once | None = None,
) -> Webhook:
    """A new webhook of one of the actor's structures, with its secret, which is never shown again.

    Without ``structure_id`` the account's only structure; without ``types`` all of them. A ``request`` that is sent
    again is given the webhook that it made. Raises InvalidRequest, Forbidden when the structure is not the actor's, or
    ReplayOfAnother.
    """
    made_before = _made(request, now)
    if made_before:
        return made_before
    check_url(url, settings().local_webhooks)
    structure = _structure(actor, structure_id)
    unknown = sorted(set(types) - set(TYPES.values()))
    if unknown:
        raise InvalidRequest(f"types : {', '.join(unknown)} inconnu. Admis : {', '.join(TYPES.values())}.", "types")
    made = Webhook(
        secrets.token_hex(ID_BYTES),
        structure,
        actor.login,
        url,
        secrets.token_urlsafe(SECRET_BYTES),
        frozenset(types or TYPES.values()),
        now,
    )
    for _ in range(TRIES):
        counted_at = webhooks.registrations(structure)
        if len(webhooks.of_structure(structure)) >= PER_STRUCTURE:
            raise InvalidRequest(f"La structure a déjà {PER_STRUCTURE} webhooks : supprimez-en un.", Field.STRUCTURE_ID)
        try:
            webhooks.create(made, counted_at, request)
        except webhooks.RegisteredMeanwhile:
            continue
        except once.MadeMeanwhile:
            return _made(request, now) or made
        return made
    raise InvalidRequest("D'autres webhooks de la structure sont créés en ce moment : réessayez.", Field.STRUCTURE_ID)


def _made(request: Once | None, now: datetime) -> Webhook | None:
    """The webhook that the request made before; raises InvalidRequest when it was deleted since."""
    made = once.made(request, webhooks.Made, now)
    if made is None:
        return None
    found = webhooks.get(made.structure_id, made.webhook_id)
    if found is None:
        raise InvalidRequest(
            f"Cette demande a créé le webhook {made.webhook_id}, supprimé depuis : faites-en une nouvelle avec une "
            "autre Idempotency-Key.",
            "Idempotency-Key",
        )
    return found


def registered(actor: Actor) -> list[Webhook]:
    """The webhooks that this account registered."""
    return [webhook for webhook in webhooks.of_structures(sorted(actor.structures)) if webhook.login == actor.login]


def unregister(actor: Actor, webhook_id: str) -> None:
    """Delete one of the account's webhooks; raises InvalidRequest when it has no such webhook."""
    webhook = _own(actor, webhook_id)
    webhooks.delete(webhook.structure_id, webhook.id)


def unanswered(actor: Actor, webhook_id: str) -> list[WebhookCall]:
    """Calls of one of the account's webhooks that did not succeed at once, ``CALLS_SHOWN`` at most, the oldest first.

    Those that wait are made again by themselves; the others are kept for a month. Raises InvalidRequest when the
    account has no such webhook.
    """
    found = webhook_calls.of_webhook(_own(actor, webhook_id).id, CALLS_SHOWN)
    return sorted(found, key=lambda call: (call.event.at, call.event.id))


def send_again(actor: Actor, webhook_id: str, event_ids: Collection[str], now: datetime) -> int:
    """Have calls of one of the account's webhooks made again, from now and for three days more; how many.

    Without ``event_ids`` all that wait or were given up. The webhook is no longer suspended. Raises InvalidRequest when
    the account has no such webhook, or the webhook no such call.
    """
    webhook = _own(actor, webhook_id)
    chosen = _chosen(webhook, event_ids)
    webhooks.wake(webhook)
    for call in chosen:
        asked = call.sent_again(now)
        webhook_calls.keep(asked, now)
        webhook_calls.ask_again(asked, now)
    return len(chosen)


def _chosen(webhook: Webhook, event_ids: Collection[str]) -> list[WebhookCall]:
    if not event_ids:
        return webhook_calls.of_webhook(webhook.id, CALLS_SHOWN)
    if len(event_ids) > CALLS_SHOWN:
        raise InvalidRequest(f"evenements : {CALLS_SHOWN} au plus par demande.", "evenements")
    found = {event_id: webhook_calls.get(webhook.id, event_id) for event_id in event_ids}
    unknown = [event_id for event_id, call in found.items() if call is None]
    if unknown:
        raise InvalidRequest(
            f"evenements : le webhook n'a pas d'appel en échec ou en attente pour {unknown[0]}.", "evenements"
        )
    return [call for call in found.values() if call is not None]


def _own(actor: Actor, webhook_id: str) -> Webhook:
    for webhook in registered(actor):
        if webhook.id == webhook_id:
            return webhook
    raise InvalidRequest(
        f"Ce compte n'a pas de webhook {webhook_id} : demandez la liste de vos webhooks.", Field.WEBHOOK_ID
    )


def _structure(actor: Actor, structure_id: int | None) -> int:
    if structure_id is None:
        if len(actor.structures) != 1:
            raise InvalidRequest(
                f"Votre compte a plusieurs structures : indiquez {Field.STRUCTURE_ID}.", Field.STRUCTURE_ID
            )
        return next(iter(actor.structures))
    if structure_id not in actor.structures:
        raise Forbidden(f"La structure {structure_id} n'est pas de votre compte technique.")
    return structure_id
