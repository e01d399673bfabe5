"""notify: events become calls (bus -> SQS), and calls are made (SQS): a message for each webhook."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.codec import restore
from chorale.runtime.logging import about, logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.exchange.call_webhooks import ask_calls, call_webhook


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do what every message asks for."""
    refresh_clock()
    return each_message(event, context, notify_message)


def notify_message(message: SQSRecord) -> None:
    """An event of the bus has a detail; what has none is a call of one webhook."""
    body = json.loads(message.body)
    told = restore(Event, body["detail"] if "detail" in body else body["event"])
    about(told.object_id)
    if "detail" in body:
        ask_calls(told)
        return
    call_webhook(body["structure"], body["webhook"], told, body.get("postponed", 0), clock.now())
