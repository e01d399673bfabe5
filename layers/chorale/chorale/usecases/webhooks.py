"""Register, list and delete webhooks."""

import secrets
from collections.abc import Collection
from datetime import datetime

from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.rights import Actor
from chorale.domain.webhooks import PER_STRUCTURE, TYPES, Webhook, check_url
from chorale.runtime.settings import settings
from chorale.stores import webhooks

SECRET_BYTES = 32
ID_BYTES = 8


def register(actor: Actor, url: str, structure_id: int | None, types: Collection[str], now: datetime) -> Webhook:
    """A new webhook of one of the actor's structures, with its secret, which is never shown again.

    Without ``structure_id`` the account's only structure; without ``types`` all of them. Raises InvalidRequest, or
    Forbidden when the structure is not the actor's.
    """
    check_url(url, settings().local_webhooks)
    structure = _structure(actor, structure_id)
    unknown = sorted(set(types) - set(TYPES.values()))
    if unknown:
        raise InvalidRequest(f"types : {', '.join(unknown)} inconnu. Admis : {', '.join(TYPES.values())}.", "types")
    if len(webhooks.of_structure(structure)) >= PER_STRUCTURE:
        raise InvalidRequest(f"La structure a déjà {PER_STRUCTURE} webhooks : supprimez-en un.", "idStructure")
    made = Webhook(
        secrets.token_hex(ID_BYTES),
        structure,
        actor.login,
        url,
        secrets.token_urlsafe(SECRET_BYTES),
        frozenset(types or TYPES.values()),
        now,
    )
    webhooks.create(made)
    return made


def registered(actor: Actor) -> list[Webhook]:
    """The webhooks that this account registered."""
    return [webhook for webhook in webhooks.of_structures(sorted(actor.structures)) if webhook.login == actor.login]


def unregister(actor: Actor, webhook_id: str) -> None:
    """Delete one of the account's webhooks; raises InvalidRequest when it has no such webhook."""
    for webhook in registered(actor):
        if webhook.id == webhook_id:
            webhooks.delete(webhook.structure_id, webhook.id)
            return
    raise InvalidRequest(f"Ce compte n'a pas de webhook {webhook_id} : demandez la liste de vos webhooks.", "id")


def _structure(actor: Actor, structure_id: int | None) -> int:
    if structure_id is None:
        if len(actor.structures) != 1:
            raise InvalidRequest("Votre compte a plusieurs structures : indiquez idStructure.", "idStructure")
        return next(iter(actor.structures))
    if structure_id not in actor.structures:
        raise Forbidden(f"La structure {structure_id} n'est pas de votre compte technique.")
    return structure_id
