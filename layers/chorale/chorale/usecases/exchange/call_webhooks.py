"""Tell the webhooks of an event: a message for each of them, and a call for each message."""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from chorale.domain.access.rights import Actor, Deed, can
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.webhook_calls import CallState, WebhookCall
from chorale.domain.exchange.webhooks import (
    EVENT_HEADER,
    SIGNATURE_HEADER,
    TYPES,
    Webhook,
    check_url,
    signature,
)
from chorale.formats.writing.webhook_call import message
from chorale.runtime.logging import logger
from chorale.runtime.settings import settings
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.exchange import web, webhook_calls, webhooks

BUSY_FIRST, BUSY_LONGEST = timedelta(seconds=2), timedelta(minutes=2)
"""How long a call waits whose webhook has others in hand: doubled each time, with jitter."""


def ask_calls(event: Event) -> int:
    """Queue a call for every webhook that is to be told of ``event``; return how many."""
    asked = [webhook for webhook in _waiting(event) if not webhooks.was_told(webhook, event.id)]
    webhook_calls.ask(asked, event)
    return len(asked)


def call_webhook(structure_id: int, webhook_id: str, event: Event, postponed: int, now: datetime) -> bool:
    """Tell one webhook of ``event``; whether it was called and took it.

    A call that fails is kept and made again later; one whose webhook is suspended waits with it, one whose webhook has
    others in hand comes again in a moment (``postponed`` times so far). The same message again changes nothing.
    """
    webhook = webhooks.get(structure_id, webhook_id)
    if webhook is None or webhooks.was_told(webhook, event.id) or not _may_know(webhook, event):
        webhook_calls.forget(webhook_id, event.id)
        return False
    kept = webhook_calls.get(webhook_id, event.id)
    if kept and (kept.state is CallState.FAILED or kept.next_at > now):
        # An earlier message of the same call: there is another one for its time.
        return False
    planned = kept or WebhookCall(webhook_id, structure_id, event, now, now)
    if planned.is_too_old(now):
        webhook_calls.keep(planned.given_up(now), now)
        return False
    if webhook.rests(now):
        assert webhook.rests_until is not None
        _wait(planned.put_off(webhook.rests_until), now)
        return False
    turn = webhooks.take_turn(webhook, now)
    if turn is None:
        webhook_calls.ask_later(webhook, event, postponed + 1, _until_free(postponed))
        return False
    try:
        return _try(webhook, planned, now)
    finally:
        webhooks.give_back(webhook, turn)


def _until_free(postponed: int) -> timedelta:
    wait = min(BUSY_FIRST * 2.0 ** min(postponed, 10), BUSY_LONGEST)
    return wait * (0.5 + random.random())  # noqa: S311 - jitter, not a secret


def _try(webhook: Webhook, planned: WebhookCall, now: datetime) -> bool:
    event = planned.event
    try:
        _post(webhook, event, now)
    except web.CallFailed as error:
        logger.warning("webhook failed", extra={"webhook": webhook.id, "event": event.id, "reason": str(error)})
        webhooks.note_failure(webhook, now)
        _wait(planned.failed(str(error), now), now)
        return False
    webhooks.note_told(webhook, event.id, now)
    webhook_calls.forget(webhook.id, event.id)
    webhooks.wake(webhook)
    return True


def _wait(call: WebhookCall, now: datetime) -> None:
    """Keep the call, then ask for it: the watch finds what is kept and was not asked for."""
    webhook_calls.keep(call, now)
    if call.state is CallState.WAITING:
        webhook_calls.ask_again(call, now)


def settle_call(owner: str, now: datetime) -> str:
    """Ask for a call that is due, or forget one that its owner left for too long; say which in one word.

    ``owner`` is its name in the index of what is due. Empty when there is nothing to do any more.
    """
    call = webhook_calls.of_owner(owner)
    if call is None or call.next_at > now:
        return ""
    if call.state is CallState.FAILED:
        webhook_calls.forget(call.webhook_id, call.event.id)
        return "webhook_calls_forgotten"
    webhook_calls.ask_again(call, now)
    return "webhook_calls_due"


def _waiting(event: Event) -> Iterator[Webhook]:
    sides, depositor = _told_of(event)
    for webhook in webhooks.of_structures(sorted(sides)):
        if _is_told(webhook, event, sides, depositor):
            yield webhook


def _may_know(webhook: Webhook, event: Event) -> bool:
    """Whether it still is to be told: rights change between two attempts."""
    return _is_told(webhook, event, *_told_of(event))


def _told_of(event: Event) -> tuple[Mapping[int, set[Deed]], str]:
    """Structures that may know of the event, and as what; and the account that alone may, if it is of one account."""
    if event.type is not EventType.FLUX_DECIDED:
        return _sides(event), ""
    flux = flux_store.get(event.object_id)
    if flux is None:
        return {}, ""
    return {structure: {Deed.DEPOSIT} for structure in flux.structures}, flux.depositor


def _is_told(webhook: Webhook, event: Event, sides: Mapping[int, set[Deed]], depositor: str) -> bool:
    if TYPES[event.type] not in webhook.types or depositor not in ("", webhook.login):
        return False
    account = accounts.technical_account(webhook.login)
    if account is None or not account.active:
        return False
    holder = Actor(webhook.login, "", account.rights)
    return any(can(holder, deed, webhook.structure_id) for deed in sides.get(webhook.structure_id, ()))


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


def _post(webhook: Webhook, event: Event, now: datetime) -> None:
    local = settings().local_webhooks
    body = json.dumps(message(event, webhook.structure_id), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Chorale",
        EVENT_HEADER: event.id,
        SIGNATURE_HEADER: signature(webhook.secret, now, body),
    }
    web.post(check_url(webhook.url, local), body, headers, local)
