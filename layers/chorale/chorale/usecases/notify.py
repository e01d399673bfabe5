"""Tell the webhooks of an event."""

import json
from collections.abc import Iterator
from datetime import datetime

from chorale.domain.events import Event, EventType
from chorale.domain.rights import Actor, Deed, can
from chorale.domain.webhooks import EVENT_HEADER, SIGNATURE_HEADER, TYPES, Webhook, check_url, message, signature
from chorale.runtime.logging import logger
from chorale.runtime.settings import settings
from chorale.stores import accounts, web, webhooks
from chorale.stores import flux as flux_store


class NotAllTold(RuntimeError):
    """Some calls failed: the message comes back, and those that succeeded are not made again."""


def notify(event: Event, now: datetime) -> int:
    """Call every webhook that waits for ``event``; return how many were called now.

    Raises NotAllTold after having tried all. A suspended webhook is passed over.
    """
    told, failed = 0, 0
    for webhook in _waiting(event):
        if webhooks.was_told(webhook, event.id):
            continue
        try:
            _call(webhook, event, now)
        except web.CallFailed as error:
            failed += 1
            webhooks.note_failure(webhook)
            logger.warning("webhook failed", extra={"webhook": webhook.id, "event": event.id, "reason": str(error)})
            continue
        told += 1
        webhooks.note_told(webhook, event.id, now)
        webhooks.note_success(webhook)
    if failed:
        raise NotAllTold(f"{failed} webhooks were not told of {event.id}")
    return told


def _waiting(event: Event) -> Iterator[Webhook]:
    depositor, sides = "", _sides(event)
    if event.type is EventType.FLUX_DECIDED:
        flux = flux_store.get(event.object_id)
        if flux is None:
            return
        depositor, sides = flux.depositor, {structure: {Deed.DEPOSIT} for structure in flux.structures}
    for webhook in webhooks.of_structures(sorted(sides)):
        if webhook.suspended or TYPES[event.type] not in webhook.types or depositor not in ("", webhook.login):
            continue
        account = accounts.technical_account(webhook.login)
        if account is None or not account.active:
            continue
        holder = Actor(webhook.login, "", account.rights)
        if any(can(holder, deed, webhook.structure_id) for deed in sides[webhook.structure_id]):
            yield webhook


def _sides(event: Event) -> dict[int, set[Deed]]:
    """Structures that may know of the event, and as what."""
    sides: dict[int, set[Deed]] = {}
    for structure, deed in (
        (event.supplier_id, Deed.READ_ISSUED),
        (event.recipient_id, Deed.READ_RECEIVED),
        (event.validator_id, Deed.READ_TO_VALIDATE),
    ):
        if structure is not None:
            sides.setdefault(structure, set()).add(deed)
    for structure in event.members:
        sides.setdefault(structure, set()).add(Deed.READ_WORKS)
    return sides


def _call(webhook: Webhook, event: Event, now: datetime) -> None:
    local = settings().local_webhooks
    body = json.dumps(message(event, webhook.structure_id), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Chorale",
        EVENT_HEADER: event.id,
        SIGNATURE_HEADER: signature(webhook.secret, now, body),
    }
    web.post(check_url(webhook.url, local), body, headers, local)
