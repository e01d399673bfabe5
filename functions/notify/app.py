"""notify: events are told to the webhooks that wait for them (bus -> SQS)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.codec import restore
from chorale.runtime.logging import logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.notify import notify


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Tell of the event of every message; one that was not told to all comes back."""
    refresh_clock()
    return each_message(event, context, notify_message)


def notify_message(message: SQSRecord) -> None:
    """Tell of the event of one message."""
    notify(restore(Event, json.loads(message.body)["detail"]), clock.now())
